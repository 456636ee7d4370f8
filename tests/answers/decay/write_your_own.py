"""Learners' answers to lesson 2.7, Write your own, and test it first."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch


def lamps_by_loop(rates: Any, announced: str) -> str:
    first, last = float(rates[0]), float(rates[-1])
    words = ""
    if announced == "falls":
        if not math.isclose(first, 1.0, rel_tol=0, abs_tol=0.03):
            words += " start"
        if not math.isclose(last, 0.0, rel_tol=0, abs_tol=0.03):
            words += " end"
    else:
        if first >= 0.97:
            words += " start"
        if not math.isclose(last, 1.0, rel_tol=0, abs_tol=0.03):
            words += " end"
    if not went(rates, up=announced != "falls"):
        words += " direction"
    return words.strip() if words else "fine"


def went(rates: Any, up: bool) -> bool:
    moved = False
    for before, after in itertools.pairwise(rates):
        if (after < before) if up else (after > before):
            return False
        moved = moved or bool(after != before)
    return moved


def lamps_by_sorting(rates: Any, announced: str) -> str:
    level = list(rates)
    falls = announced == "falls"
    lamps = {
        "start": 0.97 <= level[0] <= 1.03 if falls else level[0] < 0.97,
        "end": -0.03 <= level[-1] - (0 if falls else 1) <= 0.03,
        "direction": level == sorted(level, reverse=falls) and len(set(level)) > 1,
    }
    return " ".join(name for name in lamps if not lamps[name]) or "fine"


def lamps_with(
    start: Any = None, end: Any = None, direction: Any = None, join: Any = None
) -> Callable[..., str]:
    """``lamps_by_loop`` with some lamps judged in another way."""

    def answer(rates: Any, announced: str) -> str:
        right = lamps_by_loop(rates, announced).split()
        falls = announced == "falls"
        lamps = []
        for name, other in [("start", start), ("end", end), ("direction", direction)]:
            on = name not in right if other is None else other(rates, falls)
            if not on:
                lamps.append(name)
        return join(lamps) if join else " ".join(lamps) if lamps else "fine"

    return answer


def factor_by_branch(t: int, T: int) -> float:
    if t >= T:
        return 0.1
    return 0.1 + 0.9 * (T - t) / T


def factor_from_numpy(t: int, T: int) -> float:
    return float(np.interp(t, [0, T], [1.0, 0.1]))


def rates_from_torch(lr: float, factors: Any) -> Any:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    scheduler = torch.optim.lr_scheduler.MultiplicativeLR(
        optimizer, lambda t: factors[t]
    )
    rates = [scheduler.get_last_lr()[0]]
    while len(rates) < len(factors):
        optimizer.step()
        scheduler.step()
        rates.append(scheduler.get_last_lr()[0])
    return np.array(rates)


def rates_by_product(lr: float, factors: Any) -> Any:
    products = [math.prod(factors[1 : t + 1]) for t in range(len(factors))]
    return lr * np.array(products)


def rates_by_hand(lr: float, factors: Any, begin: int = 1, last: int = 0) -> Any:
    """Multiplied one by one, with the factors from ``begin`` to the last but some."""
    rate, rates = lr, [lr]
    for factor in list(factors)[begin : len(factors) - last]:
        rate *= factor
        rates.append(rate)
    return np.array(rates)


RIGHT: dict[str, list[Any]] = {
    "decay/check_schedule": [lamps_by_loop, lamps_by_sorting],
    "decay/linear_factor": [factor_by_branch, factor_from_numpy],
    "decay/multiplicative_rates": [rates_from_torch, rates_by_product],
}

WRONG: list[tuple[str, Any, str]] = [
    *[
        ("decay/check_schedule", answer, words)
        for answer, words in [
            (lamps_with(direction=lambda r, falls: True), "never goes off"),
            (
                lamps_with(
                    direction=lambda r, falls: (
                        (r[0] > r[-1]) if falls else (r[0] < r[-1])
                    )
                ),
                "You compare the last rate with the first",
            ),
            (
                lamps_with(
                    direction=lambda r, falls: list(r) == sorted(r, reverse=falls)
                ),
                "A rate that never changes passes",
            ),
            (
                lamps_with(
                    direction=lambda r, falls: (
                        len(set(r)) == len(r) and list(r) == sorted(r, reverse=falls)
                    )
                ),
                "You refuse stairs",
            ),
            (
                lamps_with(
                    direction=lambda r, falls: any(
                        (b < a) if falls else (b > a) for a, b in itertools.pairwise(r)
                    )
                ),
                "is enough for you",
            ),
            (
                lamps_with(
                    direction=lambda r, falls: (
                        r[0] > r[(len(r) - 1) // 2] > r[-1]
                        if falls
                        else r[0] < r[(len(r) - 1) // 2] < r[-1]
                    )
                ),
                "You look at three places",
            ),
            (
                lambda r, announced: lamps_by_loop(r, "falls"),
                "`announced` takes no part",
            ),
            (
                lambda r, announced: lamps_by_loop(
                    r, {"falls": "rises", "rises": "falls"}[announced]
                ),
                "the wrong way round",
            ),
            (
                lamps_with(
                    start=lambda r, falls: 0.97 <= r[0] <= 1.03,
                    end=lambda r, falls: abs(r[-1]) <= 0.03,
                ),
                "are those of a fall",
            ),
            (
                lamps_with(direction=lambda r, falls: went(r, True) or went(r, False)),
                "goes one way, whichever",
            ),
            *(
                (
                    lamps_with(
                        direction=lambda r, falls, slack=slack: (
                            len(set(r)) > 1
                            and all(
                                (b - a if falls else a - b) < slack
                                for a, b in itertools.pairwise(r)
                            )
                        )
                    ),
                    words,
                )
                for slack, words in [
                    (0.01, "A move of 0.005"),
                    (1e-3, "A move of 0.0005"),
                ]
            ),
            (
                lamps_with(direction=lambda r, falls: went(r[1:], up=not falls)),
                "from the first update to the second",
            ),
            (
                lamps_with(direction=lambda r, falls: went(r[:-1], up=not falls)),
                "to the last update",
            ),
            (
                lamps_with(start=lambda r, falls: (r[0] < 0.97) != falls),
                "has no upper side",
            ),
            (
                lamps_with(
                    start=lambda r, falls: abs(r[0] - (1 if falls else 0)) < 0.031
                ),
                "begin at 0, give or take",
            ),
            (
                lamps_with(
                    start=lambda r, falls: 0.97 <= r[0] <= 1.03 if falls else not r[0]
                ),
                "begin at 0 exactly",
            ),
            (
                lamps_with(
                    start=lambda r, falls: (
                        abs(r[0] - 1) < 0.031 if falls else r[0] < 0.5
                    )
                ),
                "in the lower half",
            ),
            (
                lamps_with(
                    start=lambda r, falls: abs(r[0] - 1) < 0.031 if falls else r[0] < 1
                ),
                "begins at 0.985 passes",
            ),
            (
                lamps_with(start=lambda r, falls: (0.97 <= r[0] <= 1.03) == falls),
                "begins above the peak passes",
            ),
            (
                lamps_with(start=lambda r, falls: 0.97 <= r[0] <= 1.03 or not falls),
                "nothing of the start of a rise",
            ),
            (
                lamps_with(
                    start=lambda r, falls: (
                        0.97 <= max(r) <= 1.03 if falls else min(r) < 0.97
                    )
                ),
                "`start` asks for the first rate",
            ),
            (
                lamps_with(
                    end=lambda r, falls: (
                        -0.03 <= min(r) <= 0.03 if falls else 0.97 <= max(r) <= 1.03
                    )
                ),
                "`end` asks for the last rate",
            ),
            (
                lamps_with(
                    end=lambda r, falls: abs(r[len(r) - 2] - (not falls)) <= 0.03
                ),
                "one update early",
            ),
            (
                lamps_with(
                    start=lambda r, falls: r[0] == 1.0 if falls else r[0] < 1.0,
                    end=lambda r, falls: r[-1] == 1 - float(falls),
                ),
                "the peak and the floor exactly",
            ),
            *(
                (
                    lamps_with(
                        start=lambda r, falls, slack=slack: (
                            1 - slack < r[0] < 1 + slack if falls else r[0] < 0.97
                        ),
                        end=lambda r, falls, slack=slack: (
                            abs(r[-1]) < slack
                            if falls
                            else 1 - slack < r[-1] < 1 + slack
                        ),
                    ),
                    words,
                )
                for slack, words in [
                    (0.01, "starts at 0.975 doesn't pass"),
                    (0.02, "ends at 0.025 doesn't pass"),
                    (0.05, "a fall that starts at 0.965 passes"),
                    (0.11, "a fall that starts at 0.9 passes"),
                    (0.03, "*At most* 0.03"),
                ]
            ),
            (
                lamps_with(
                    end=lambda r, falls: (
                        r[-1] < 0.031 if falls else 0.97 <= r[-1] <= 1.03
                    )
                ),
                "ends far below 0 passes your `end`",
            ),
            (
                lamps_with(
                    end=lambda r, falls: abs(r[-1]) < 0.031 if falls else r[-1] >= 0.97
                ),
                "lets a rise end far above its peak",
            ),
            (
                lamps_with(
                    end=lambda r, falls: r[-1] < 0.031 if falls else r[-1] > 0.97
                ),
                "has one side",
            ),
            (lamps_with(join=lambda off: off[0] if off else "fine"), "and leave out"),
            (
                lamps_with(
                    join=lambda off: " ".join(
                        name
                        for name in ["start", "end", "direction"]
                        if off.count(name) == 0
                    )
                ),
                "the lamps that are on",
            ),
            (lamps_with(join=" ".join), "an empty string"),
            (
                lamps_with(join=lambda off: ", ".join(off) if off else "fine"),
                "a space and no comma",
            ),
            *(
                (
                    lamps_with(
                        join=lambda off, order=order: (
                            " ".join(name for name in order if name in off) or "fine"
                        )
                    ),
                    f"you name {', '.join(order)}",
                )
                for order in [
                    ("end", "start", "direction"),
                    ("direction", "start", "end"),
                    ("direction", "end", "start"),
                    ("start", "direction", "end"),
                ]
            ),
            # Beyond the known mistakes:
            (lambda r, announced: announced == "falls", "instead of a word"),
            (
                lambda r, announced: lamps_by_loop(r, announced).split(),
                "instead of a word",
            ),
            (lambda r, announced: "all right", "the words are"),
            (
                lambda r, announced: lamps_by_loop(2 * r, announced),
                "with another value",
            ),
        ]
    ],
    *[
        ("decay/linear_factor", answer, words)
        for answer, words in [
            (
                lambda t, T: 0.01 * factor_by_branch(t, T),
                "the training starts at 0.0001",
            ),
            (lambda t, T: 0.01 - 0.009 * t / T, "and it doesn't stay"),
            (lambda t, T: 0.01 * max(T - t, 0) / T, "and a rate that ends at 0"),
            (lambda t, T: 0.01 - 0.01 * t / T, "it is 0 at `T` and negative after"),
            (lambda t, T: (10 * T - 9 * t) / (10 * T), "the rate is negative"),
            (lambda t, T: max((T - 0.9 * t) / T, 0), "down to 0"),
            (lambda t, T: max(T - t, 0) / T, "Your line ends at 0. It is"),
            (lambda t, T: (T - t) / T, "Your line ends at 0 and is negative"),
            (lambda t, T: (T - t) / T if t < 0.9 * T else 0.1, "too early, at"),
            (lambda t, T: 0.9 + 0.1 * max(T - t, 0) / T, "to 90%"),
            (lambda t, T: 0.01 + 0.99 * max(T - t, 0) / T, "You fall to 1%"),
            (lambda t, T: 0.001 + 0.999 * max(T - t, 0) / T, "falls to 0.001"),
            (lambda t, T: factor_by_branch(t, T + 1), "ends one update late"),
            (
                lambda t, T: 0.001 if t >= T else factor_by_branch(t, T),
                "At `T` and after it you return the rate",
            ),
            (
                lambda t, T: 0.001 if t > T else factor_by_branch(t, T),
                "After `T` you return the rate",
            ),
            (lambda t, T: 1.0 if t >= T else 0.1 + 0.9 * t / T, "Your line rises"),
            (lambda t, T: math.exp(math.log(0.1) * min(t, T) / T), "an exponential"),
            (lambda t, T: factor_by_branch(t + 1, T), "You are one update early"),
            (
                lambda t, T: 0.1 if t >= T - 1 and t else 1 - 0.9 * t / max(T - 1, 1),
                "ends one update early",
            ),
            (
                lambda t, T: factor_by_branch(t - 1 if t else 0, T),
                "You are one update late",
            ),
            (lambda t, T: 1.0 if t < T else 0.1, "drops at `T`"),
            (
                lambda t, T: 1.0 if t > T else factor_by_branch(t, T),
                "back at its first value",
            ),
            (
                lambda t, T: 0.0 if t > T else factor_by_branch(t, T),
                "so that nothing is learned",
            ),
            (
                lambda t, T: 1 if t == 0 else 0.01 * factor_by_branch(t, T),
                "the rate from then on",
            ),
            (
                lambda t, T: (
                    factor_by_branch(t, T) / factor_by_branch(max(t - 1, 0), T)
                ),
                "right for `MultiplicativeLR`",
            ),
            (lambda t, T: factor_by_branch(t, T) ** -1, "yours grows to 10"),
            # Beyond the known mistakes:
            (lambda t, T: np.linspace(1, 0.1, T + 1), "instead of one number"),
            (lambda t, T: None, "nothing (`None`)"),
            (lambda t, T: factor_by_branch(t, 2 * T), "with another value"),
        ]
    ],
    *[
        ("decay/multiplicative_rates", answer, words)
        for answer, words in [
            (lambda lr, f: np.array([lr * one for one in f]), "the list of `LambdaLR`"),
            (
                lambda lr, f: np.array([lr] + [lr * one for one in f[1:]]),
                "as in `LambdaLR`",
            ),
            (lambda lr, f: rates_by_hand(lr, f, begin=0)[1:], "Your `factors[0]` acts"),
            (lambda lr, f: rates_by_hand(lr, f, begin=0, last=1), "one update late"),
            (lambda lr, f: rates_by_hand(1.0, f), "the product of the factors"),
            (lambda lr, f: rates_by_hand(1.0, f, begin=0)[1:], "the other way round"),
            (lambda lr, f: rates_by_hand(lr, f, begin=0), "one rate too many"),
            (lambda lr, f: rates_by_hand(lr, f)[1:], "one rate too few"),
            (lambda lr, f: rates_by_hand(lr, lr * f), "`lr` at every update"),
            (
                lambda lr, f: np.array([lr * one**t for t, one in enumerate(f)]),
                "to the power `t`",
            ),
            (
                lambda lr, f: np.array(
                    [lr] + [lr * f[t - 1] * f[t] for t in range(1, len(f))]
                ),
                "You multiply two neighbours",
            ),
            (
                lambda lr, f: np.concatenate(([lr], rates_by_hand(lr, f)[:0:-1])),
                "from the end",
            ),
            (
                lambda lr, f: np.array([lr * sum(f[: t + 1]) for t in range(len(f))]),
                "You add the factors up",
            ),
            (lambda lr, f: rates_by_hand(lr, f)[-1], "the last rate alone"),
            (
                lambda lr, f: np.array(
                    [lr / p if p else math.inf for p in rates_by_hand(1.0, f)]
                ),
                "You divide by the factors",
            ),
            # Beyond the known mistakes:
            (lambda lr, f: list(rates_by_hand(lr, f)), "a `list` instead of an array"),
            (lambda lr, f: rates_by_hand(2 * lr, f), "with another value"),
        ]
    ],
]
