"""Answers to the exercises of the lesson rmsprop, as learners write them."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from lrlib.adaptive import adagrad, rmsprop


def steps_by_torch(grads: Any, lr: float, alpha: float, eps: float) -> Any:
    steps = []
    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.RMSprop([weight], lr=lr, alpha=alpha, eps=eps)
    for g in grads:
        with torch.no_grad():
            weight.zero_()
        weight.grad = torch.full((1,), g, dtype=torch.float64)
        optimizer.step()
        steps.append(-weight.item())
    return np.array(steps)


def steps_by_weights(grads: Any, lr: float, alpha: float, eps: float) -> Any:
    """The average as a sum over the past, each square with its own weight."""
    age = np.arange(len(grads))[:, None] - np.arange(len(grads))
    share = np.where(age < 0, 0.0, (1 - alpha) * float(alpha) ** np.maximum(age, 0))
    return lr * grads / (eps + np.sqrt(share @ np.square(grads)))


def steps_by_accumulate(grads: Any, lr: float, alpha: float, eps: float) -> Any:
    averages = itertools.accumulate(
        np.square(grads), lambda r, s: r + (1 - alpha) * (s - r), initial=0.0
    )
    root = np.sqrt(list(averages)[1:])
    return np.divide(lr * grads, root + eps)


def steps_of(rule: Callable[[float, float], Any]) -> Callable[..., Any]:
    """The steps of a rule of lrlib."""

    def steps(grads: Any, lr: float, alpha: float, eps: float) -> Any:
        made = rule(alpha, eps)
        p = {"x": torch.zeros(1, dtype=torch.float64)}
        state, taken = made.init(p), []
        for t, g in enumerate(grads, start=1):
            gradient = {"x": torch.full((1,), g, dtype=torch.float64)}
            direction, state = made.update(gradient, state, p, t)
            taken.append(lr * direction["x"].item())
        return np.array(taken)

    return steps


def steps_while(
    r: float,
    update: Callable[..., float],
    divide: Callable[..., float] = lambda g, r, eps: g / (r**0.5 + eps),
) -> Callable[..., Any]:
    """A loop with its average started, renewed and divided by as given."""

    def steps(grads: Any, lr: float, alpha: float, eps: float) -> Any:
        average, taken = r, np.zeros(len(grads))
        for t in range(len(grads)):
            average = update(average, grads[t], alpha)
            taken[t] = divide(grads[t], average, eps) * lr
        return taken

    return steps


def renewed(r: float, g: float, alpha: float) -> float:
    return r - (1 - alpha) * r + g * g * (1 - alpha)


def steps_late(grads: Any, lr: float, alpha: float, eps: float) -> Any:
    r, taken = 0.0, []
    for g in grads:
        taken += [lr * g / (eps + r**0.5)]
        r = renewed(r, g, alpha)
    return np.array(taken)


def steps_corrected(grads: Any, lr: float, alpha: float, eps: float) -> Any:
    r, weight, taken = 0.0, 0.0, []
    for g in grads:
        r = renewed(r, g, alpha)
        weight = alpha * weight + 1 - alpha
        taken.append(lr * g / (eps + (r / weight) ** 0.5))
    return np.array(taken)


def steps_from_first(grads: Any, lr: float, alpha: float, eps: float) -> Any:
    r = [grads[0] ** 2]
    for g in grads[1:]:
        r.append(renewed(r[-1], g, alpha))
    return lr * grads / (np.sqrt(r) + eps)


def steps_of_both(grads: Any, lr: float, alpha: float, eps: float) -> Any:
    m, r, taken = 0.0, 0.0, []
    for g in grads:
        m += (1 - alpha) * (g - m)
        r += (1 - alpha) * (g * g - r)
        taken.append(lr * m / (r**0.5 + eps))
    return np.array(taken)


def steps_of_means(grads: Any, lr: float, alpha: float, eps: float) -> Any:
    rms = [np.sqrt(np.mean(np.square(grads[: t + 1]))) for t in range(len(grads))]
    return lr * grads / (np.array(rms) + eps)


def steps_by_last(grads: Any, lr: float, alpha: float, eps: float) -> Any:
    r = 0.0
    for square in grads * grads:
        r = r * alpha + square - alpha * square
    return grads * lr / (r**0.5 + eps)


def recovery_by_logarithm(alpha: float, factor: float) -> int:
    if alpha == 0 or 0.9 <= factor <= 1 / 0.9:
        return 1
    border = 1.1 if factor > 1 else 0.9
    left = (border**-2 - 1) / (factor**-2 - 1)
    return max(1, math.ceil(math.log(left) / math.log(alpha)))


def recovery_by_array(alpha: float, factor: float) -> Any:
    k = np.arange(1, 10_000)
    step = factor / np.sqrt(factor**2 + float(alpha) ** k * (1 - factor**2))
    return k[np.abs(step - 1) <= 0.1][0]


def recovery_by_rule(alpha: float, factor: float) -> int:
    rule = rmsprop(alpha=alpha, eps=0.0, initial_accumulator=1.0)
    p = {"x": torch.ones((), dtype=torch.float64)}
    g, state, step, t = {"x": factor * p["x"]}, rule.init(p), 0.0, 0
    while step < 0.9 or step > 1.1:
        t += 1
        direction, state = rule.update(g, state, p, t)
        step = direction["x"].item()
    return t


def recovery_outside(alpha: float, factor: float) -> int:
    """The moment of crossing the border, between the borders in the past."""
    if alpha == 0 or factor == 1:
        return 1
    border = 1.1 if factor > 1 else 0.9
    share = factor**2 * (1 - border**2) / border**2 / (1 - factor**2)
    return int(np.ceil(np.log(share) / np.log(alpha)))


def recovery_until(
    met: Callable[[float, float, float], bool],
    level: Callable[[float], float] = lambda factor: factor * factor,
    start: float = 1.0,
    counted: int = 1,
) -> Callable[[float, float], int]:
    """Wait until ``met(r, factor, step)``, with an average on its way to ``level``."""

    def wait(alpha: float, factor: float) -> int:
        goal = level(factor)
        for t in range(20_000):
            r = goal + (start - goal) * alpha ** (t + 1)
            if met(r, factor, factor / r**0.5):
                return t + counted
        return 20_000

    return wait


def settled(r: float, factor: float, step: float) -> bool:
    return not (step < 0.9 or step > 1.1)


def recovery_from_one_gradient(alpha: float, factor: float) -> int:
    r = alpha + (1 - alpha) * factor * factor
    return next(
        t
        for t in itertools.count(1)
        if 0.9 <= (1 + (r - 1) * alpha ** (t - 1)) ** -0.5 <= 1.1
    )


def recovery_late(alpha: float, factor: float) -> int:
    """Looks at the step, then lets the gradient into the average."""
    r, t = 1.0, 1
    while not settled(r, factor, factor / r**0.5):
        r += (1 - alpha) * (factor**2 - r)
        t += 1
    return t


def recovery_of_sizes(alpha: float, factor: float) -> int:
    mean, t = 1.0, 0
    while t == 0 or abs(factor / mean - 1) > 0.1:
        mean += (1 - alpha) * (factor - mean)
        t += 1
    return t


def recovery_with_shares_swapped(alpha: float, factor: float) -> Any:
    return recovery_by_array(1 - alpha, factor)  # alpha = 0 finds no update at all


def recovery_by_time(alpha: float, factor: float) -> float:
    """The moment at which the curve crosses a border, if it begins outside."""
    if abs(factor - 1) <= 0.1:
        return 1
    border = 1.1 if factor > 1 else 0.9
    left = (border**-2 - 1) / (factor**-2 - 1)
    return float(np.maximum(1.0, np.log(left) / np.log(alpha))) if alpha else 1


RIGHT: dict[str, list[Any]] = {
    "adaptive/rmsprop_steps": [
        steps_by_torch,
        steps_by_weights,
        steps_by_accumulate,
        steps_of(lambda alpha, eps: rmsprop(alpha=alpha, eps=eps)),
    ],
    "adaptive/first_move": [
        0.015,
        3 / 200,
        0.003 * 5,
        np.float32(0.015),
        torch.tensor(0.015, dtype=torch.float64),
    ],
    "adaptive/updates_to_recover": [
        recovery_by_logarithm,
        recovery_by_array,
        recovery_by_rule,
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    ("adaptive/rmsprop_steps", answer, words)
    for answer, words in [
        (
            steps_of(lambda a, eps: rmsprop(alpha=a, eps=eps, eps_inside_root=True)),
            "Your `eps` is in the root",
        ),
        (steps_of(lambda a, eps: adagrad(eps=eps)), "That is AdaGrad"),
        (steps_of_means, "the mean of all squares so far"),
        (
            steps_while(0.0, lambda r, g, a: a * r + g**2),
            "The new square comes in whole",
        ),
        (
            steps_while(0.0, lambda r, g, a: a * g**2 + r - a * r),
            "The shares are swapped",
        ),
        (
            steps_while(0.0, lambda r, g, a: (r + g**2) - a * (r + g**2)),
            "Both parts get the small share",
        ),
        (
            steps_while(0.0, lambda r, g, a: a * r + a * g**2),
            "Both parts get the share `alpha`",
        ),
        (
            steps_while(0.0, lambda r, g, a: g**2 - a * g**2),
            "Nothing of the past is left",
        ),
        (
            steps_while(0.0, renewed, lambda g, r, eps: g / (eps + r)),
            "The root is missing",
        ),
        (
            steps_while(
                0.0,
                lambda r, g, a: r + (1 - a) * (math.fabs(g) - r),
                lambda g, r, eps: g / (eps + r),
            ),
            "You average the sizes",
        ),
        (
            steps_while(0.0, lambda r, g, a: r + (1 - a) * (math.fabs(g) - r)),
            "the root of an average of sizes",
        ),
        (
            steps_while(0.0, renewed, lambda g, r, eps: g / np.maximum(r**0.5, eps)),
            "the larger of the root and `eps`",
        ),
        (
            steps_while(0.0, renewed, lambda g, r, eps: g / np.float64(r) ** 0.5),
            "`eps` takes no part",
        ),
        (
            steps_while(0.0, renewed, lambda g, r, eps: g and g / r**0.5),
            "catch 0/0 by hand",
        ),
        (
            steps_while(0.0, renewed, lambda g, r, eps: np.sign(g) / (r**0.5 + eps)),
            "You divide the sign",
        ),
        (
            steps_while(0.0, renewed, lambda g, r, eps: 1 / (r**0.5 + eps)),
            "the rate that each gradient meets",
        ),
        (
            lambda grads, lr, alpha, eps: -steps_by_torch(grads, lr, alpha, eps),
            "the opposite sign",
        ),
        (
            lambda grads, lr, alpha, eps: abs(steps_by_torch(grads, lr, alpha, eps)),
            "have lost their sign",
        ),
        (steps_late, "before this update's gradient is in it"),
        (steps_corrected, "You correct the start"),
        (steps_from_first, "starts from the first square"),
        (
            steps_of(lambda a, eps: rmsprop(alpha=a, eps=eps, initial_accumulator=1.0)),
            "Your average starts from 1",
        ),
        (steps_of_both, "You average the gradients, too"),
        (steps_by_last, "the average at the end"),
        (
            lambda *given: np.add.accumulate(steps_by_weights(*given)),
            "You add the steps up",
        ),
        (
            lambda *given: 0 - np.add.accumulate(steps_by_weights(*given)),
            "the places of a number that starts at 0",
        ),
        (
            lambda grads, lr, *rest: steps_by_weights(grads, lr, *rest) / lr,
            "These are the directions",
        ),
        (
            lambda *given: float(steps_by_torch(*given)[-1]),
            "That is the last step alone",
        ),
        # Beyond the known mistakes:
        (
            lambda *given: list(steps_by_torch(*given)),
            "a `list` instead of an array",
        ),
        (
            lambda *given: 2 * steps_by_torch(*given),
            "with another value",
        ),
    ]
]
WRONG += [
    ("adaptive/first_move", answer, words)
    for answer, words in [
        (3e-3, "That is `lr`, where the step settles"),
        (-3e-3, "That is a step of `lr`, and up the slope"),
        (-3 / 200, "in the wrong direction"),
        (0.003 / (1 - 0.96), "The rule divides by a root"),
        (-0.003 / (1 - 0.96), "without a root, and go up"),
        (0.003 * 7 / ((1 - 0.96) * 7**2), "Where is its root?"),
        (-0.003 * 7 / ((1 - 0.96) * 7**2), "the squares and not by its root"),
        (0.003 * math.sqrt(1 - 0.96), "You multiply by the root"),
        (0.003 / math.sqrt(0.96), "the share of the past. What"),
        (0.003 * 7, "That is gradient descent"),
        (-7 * 0.003, "neither divided nor subtracted"),
        (7 * 0.003 / math.sqrt(1 - 0.96), "It stands above the line"),
        (-7 * 0.003 / math.sqrt(1 - 0.96), "still in it, and the step goes up"),
        (1 / math.sqrt(1 - 0.96), "the step in learning rates"),
        (10 * 0.003, "right for an `alpha` of 0.99"),
        (0.003 / math.sqrt(0.04 * 49), "no gradient left"),
        # Beyond the known mistakes:
        (0.01499, "close, but not exact"),
        (0.5, "another number than the right one"),
    ]
]
WRONG += [
    ("adaptive/updates_to_recover", answer, words)
    for answer, words in [
        (lambda alpha, factor: int(0.5 + 1 / (1 - alpha)), "That is one memory, and"),
        (
            lambda alpha, factor: max(
                recovery_by_logarithm(alpha, factor),
                recovery_by_logarithm(alpha, 1 / factor),
            ),
            "You treat a jump up as if it went down",
        ),
        (
            lambda alpha, factor: min(
                recovery_by_array(alpha, factor), recovery_by_array(alpha, 1 / factor)
            ),
            "You treat a jump down as if it went up",
        ),
        (
            lambda alpha, factor: recovery_by_rule(alpha, 1 / factor),
            "Up and down are swapped",
        ),
        (recovery_until(settled, counted=0), "One too few"),
        (recovery_until(settled, counted=2), "One too many"),
        (
            recovery_until(lambda r, factor, step: step <= 1.1),
            "The lower border is missing",
        ),
        (
            recovery_until(lambda r, factor, step: step >= 0.9),
            "The upper border is missing",
        ),
        (
            recovery_until(lambda r, factor, step: abs(r / factor**2 - 1) <= 0.1),
            "until the average of squares is within",
        ),
        (
            recovery_until(lambda r, factor, step: abs(factor / r - 1) <= 0.1),
            "The root is missing in your step",
        ),
        (
            recovery_until(lambda r, factor, step: abs(r**-0.5 - 1) <= 0.1),
            "You divide the old gradient",
        ),
        (
            recovery_until(
                lambda r, factor, step: (
                    abs(r - factor**2) <= math.exp(-1) * abs(1 - factor**2)
                )
            ),
            "until 63% of the way is done",
        ),
        (recovery_until(settled, start=0.0), "Your average starts from 0"),
        (recovery_until(settled, level=lambda f: f), "the gradient and not its square"),
        (recovery_from_one_gradient, "one single gradient be `factor`"),
        (recovery_of_sizes, "without a square and a root"),
        (recovery_with_shares_swapped, "The shares are swapped"),
        (recovery_late, "The average comes first, then the division"),
        (recovery_by_time, "updates are counted in whole numbers"),
        (
            lambda alpha, factor: int(recovery_by_time(alpha, factor)),
            "You round down",
        ),
        (
            lambda alpha, factor: int(recovery_by_time(alpha, factor) + 0.5),
            "to the nearest whole number",
        ),
        (
            lambda alpha, factor: (
                1 if 1 < factor < 1.1 else recovery_outside(alpha, factor)
            ),
            "After a small jump down, to 0.95",
        ),
        (recovery_outside, "After a small jump, up or down"),
        (
            lambda alpha, factor: recovery_by_rule(alpha, factor) * (1 - alpha),
            "You count in memories",
        ),
        (
            recovery_until(lambda r, factor, step: abs(step - 1) <= 0.05),
            "5% to either side",
        ),
        # Beyond the known mistakes:
        (lambda alpha, factor: 10 * recovery_by_rule(alpha, factor), "another value"),
        (lambda alpha, factor: np.ones(2), "an array of the shape (2,)"),
    ]
]
