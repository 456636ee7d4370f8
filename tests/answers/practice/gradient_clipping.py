"""Learners' answers to lesson 5.3, gradient clipping"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def by_loops(
    measure: Callable[[list[float]], float] = math.hypot,
    *,
    together: bool = True,
    target: Callable[[float], float] = lambda c: c,
    short_too: bool = False,
    guard: float = 0.0,
) -> Callable[..., Any]:
    """Someone who goes through the rows; the keywords are what may go wrong."""

    def length(values: list[float]) -> float:
        return math.hypot(*values) if measure is math.hypot else measure(values)

    def answer(gradients: Any, max_norm: float) -> Any:
        rows = [[float(value) for value in row] for row in gradients]
        whole = length([value for row in rows for value in row])
        out = []
        for row in rows:
            size = whole if together else length(row)
            if size > max_norm or short_too:
                row = [value * target(max_norm) / (size + guard) for value in row]
            out.append(row)
        return np.array(out)

    return answer


def as_torch_does(gradients: Any, max_norm: float) -> Any:
    return gradients * min(1.0, max_norm / (np.linalg.norm(gradients) + 1e-6))


def cut(gradients: Any, max_norm: float) -> Any:
    return np.array([[max(-max_norm, min(max_norm, g)) for g in r] for r in gradients])


def cut_above(gradients: Any, max_norm: float) -> Any:
    return np.where(gradients > max_norm, max_norm, gradients)


def divided(gradients: Any, max_norm: float) -> Any:
    with np.errstate(invalid="ignore"):
        return gradients / np.sqrt((gradients * gradients).sum()) * max_norm


def squares_compared(gradients: Any, max_norm: float) -> Any:
    squares = sum(g * g for row in gradients for g in row)
    return (
        gradients * (max_norm / math.sqrt(squares)) if squares > max_norm else gradients
    )


def by_longest_row(gradients: Any, max_norm: float) -> Any:
    longest = max(math.hypot(*row) for row in gradients)
    return gradients * (max_norm / longest if longest > max_norm else 1.0)


def left_out(gradients: Any, max_norm: float) -> Any:
    if np.linalg.norm(gradients) > max_norm:
        return np.zeros_like(gradients)
    return np.array(gradients)


def walk(
    move: Callable[[float, float], float] = lambda lr, c: lr * c,
    *,
    late: bool = False,
) -> Callable[..., Any]:
    """Someone who adds up step by step."""

    def answer(rates: Any, max_norm: float) -> Any:
        far, seen = 0.0, []
        for lr in rates:
            before = far
            far += move(float(lr), max_norm)
            seen.append(before if late else far)
        return np.array(seen)

    return answer


def largest_rate(rates: Any, max_norm: float) -> Any:
    return walk()(np.array([max(rates)] * len(rates)), max_norm)


RIGHT: dict[str, list[Any]] = {
    "practice/clip_norm": [by_loops(), as_torch_does],
    "practice/farthest": [
        walk(),
        lambda rates, c: np.tril(np.ones((len(rates), len(rates)))) @ (c * rates),
    ],
    "practice/clip_order": [156324.0, np.int64(156324)],
}

WRONG: list[tuple[str, Any, str]] = [
    *[
        ("practice/clip_norm", answer, words)
        for answer, words in [
            (cut, "You cut every number on its own"),
            (cut_above, "from above only"),
            (by_loops(together=False), "by the norm of its own"),
            (by_loops(short_too=True, guard=1e-30), "scale every gradient to"),
            (divided, "a gradient of zeros became NaN"),
            (by_loops(target=lambda c: 1.0), "comes back with norm 1"),
            (
                by_loops(lambda values: max(abs(value) for value in values)),
                "by its largest number",
            ),
            (
                by_loops(lambda values: sum(abs(value) for value in values)),
                "the sum of the absolute values",
            ),
            (
                by_loops(lambda values: sum(value * value for value in values)),
                "the sum of its squares",
            ),
            (squares_compared, "you compare the sum of squares"),
            (by_longest_row, "by its longest row"),
            (left_out, "comes back as zeros"),
        ]
    ],
    *[
        ("practice/farthest", answer, words)
        for answer, words in [
            (
                lambda rates, c: np.array([lr * c for lr in rates]),
                "how long each single step can be",
            ),
            (walk(lambda lr, c: lr), "as if each gradient had norm 1"),
            (
                lambda rates, c: np.array([c for _ in rates]),
                "That bounds the gradient",
            ),
            (walk(late=True), "one update late"),
            (largest_rate, "every step with the largest rate"),
            (
                lambda rates, c: np.array(
                    [c * rates[0] * (t + 1) for t in range(len(rates))]
                ),
                "every step with the first rate",
            ),
            (
                lambda rates, c: np.array(
                    [(t + 1) * lr * c for t, lr in enumerate(rates)]
                ),
                "the rate of the moment",
            ),
            (
                lambda rates, c: np.array(
                    [c * math.hypot(*rates[: t + 1]) for t in range(len(rates))]
                ),
                "You sum squares and take the root",
            ),
            (
                lambda rates, c: np.array([walk()(rates, c)[-1]] * len(rates)),
                "the bound after the last update",
            ),
            (
                lambda rates, c: walk(lambda lr, _: lr)(rates, c).clip(max=c),
                "cut the sum of the rates",
            ),
        ]
    ],
    *[
        ("practice/clip_order", answer, words)
        for answer, words in [
            (153624, "still carry the large factor"),
            (135624, "You clip before `backward`"),
            (156234, "You clip after the step"),
            (156243, "at the very end"),
            (156342, "The scheduler moves before"),
            (156432, "between `unscale_` and clipping"),
            (156423, "You clip last, and the scheduler"),
            (165324, "You unscale before `backward`"),
            (153264, "You unscale after the step"),
            (516324, "You set the gradients to nothing"),
            (563241, "With `zero_grad` at the end"),
            (123456, "the order as printed"),
        ]
    ],
]
