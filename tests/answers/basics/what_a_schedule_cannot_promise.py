"""Learners' answers to lesson 1.6, What a schedule cannot promise."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch


def escaped_by_walker(rates: Any, kicks: Any) -> float:
    out = 0
    for walker in range(kicks.shape[1]):
        place = 0.9
        for t in range(len(rates)):
            place -= rates[t] * (place**3 - place + 0.15 + kicks[t, walker])
        out += place < 0
    return out / kicks.shape[1]


def escaped(
    start: float = 0.9,
    move: Callable[..., Any] = lambda x, lr, kick: x - lr * (x**3 - x + 0.15 + kick),
    count: Callable[..., Any] = lambda x: np.count_nonzero(x < 0) / len(x),
    rate: Callable[..., Any] = lambda rates, t: rates[t],
) -> Callable[[Any, Any], Any]:
    """Walkers of someone who writes the loop over ``t`` in one way or another."""

    def answer(rates: Any, kicks: Any) -> Any:
        x = np.ones(kicks.shape[1]) * start
        with np.errstate(all="ignore"):
            for t in range(kicks.shape[0]):
                x = move(x, rate(rates, t), kicks[t])
        return count(x)

    return answer


def ever_escaped(rates: Any, kicks: Any) -> Any:
    x, ever = np.full(kicks.shape[1], 0.9), np.zeros(kicks.shape[1], dtype=bool)
    for lr, kick in zip(rates, kicks, strict=True):
        x = x - lr * (x**3 - x + 0.15 + kick)
        ever |= x < 0
    return np.mean(ever)


def by_shares(summary: Callable[[list[float]], Any]) -> Callable[[Any, Any], Any]:
    """The answer of someone who writes down the share before and after each update."""

    def answer(rates: Any, kicks: Any) -> Any:
        x, shares = np.full(kicks.shape[1], 0.9), [0.0]
        for lr, kick in zip(rates, kicks, strict=True):
            x = x - lr * (x**3 - x + 0.15 + kick)
            shares.append(float(np.mean(x < 0)))
        return summary(shares)

    return answer


def kicks_in_place(rates: Any, kicks: Any) -> Any:
    kicks *= np.asarray(rates)[:, None]
    x = np.full(kicks.shape[1], 0.9)
    for lr, kick in zip(rates, kicks, strict=True):
        x = x - lr * (x**3 - x + 0.15) - kick
    return np.mean(x < 0)


def return_inside_the_loop(rates: Any, kicks: Any) -> Any:
    x = np.full(kicks.shape[1], 0.9)
    for lr, kick in zip(rates, kicks, strict=True):
        x = x - lr * (x**3 - x + 0.15 + kick)
        return np.mean(x < 0)


RIGHT: dict[str, list[Any]] = {
    "basics/share_escaped": [escaped_by_walker, escaped()],
    "basics/fair_comparison": [3, 3.0, np.int64(3), np.array(3), torch.tensor(3)],
}

WRONG: list[tuple[str, Any, str]] = [
    ("basics/share_escaped", escaped(start=-1.07), "start in the deep well"),
    ("basics/share_escaped", escaped(start=-0.9), "a sign got lost"),
    ("basics/share_escaped", escaped(start=1.0), "start at 1. The bottom"),
    ("basics/share_escaped", escaped(start=0.92), "start at 0.92. The bottom"),
    ("basics/share_escaped", escaped(start=0), "start at 0, on the hill"),
    ("basics/share_escaped", ever_escaped, "were ever on the other side"),
    ("basics/share_escaped", by_shares(max), "the largest share on the way"),
    ("basics/share_escaped", by_shares(lambda s: np.mean(s[1:])), "over all updates"),
    ("basics/share_escaped", by_shares(lambda s: s[-2]), "One update is missing"),
    (
        "basics/share_escaped",
        escaped(count=lambda x: np.mean(x < -1.07)),
        "below -1.07",
    ),
    ("basics/share_escaped", escaped(count=lambda x: np.mean(x < -0.5)), "below -0.5"),
    ("basics/share_escaped", kicks_in_place, "argument `kicks` in place"),
    ("basics/share_escaped", return_inside_the_loop, "inside the loop?"),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x - lr * (x**3 - x + 0.15) - k),
        "but not the kick",
    ),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x - lr * (x**3 - x + 0.15)),
        "`kicks` takes no part",
    ),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x - lr * (x**3 - x + 0.15 - k)),
        "subtract the kick",
    ),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x + lr * ((x**2 - 1) * x + 0.15 + k)),
        "go uphill",
    ),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x - lr * (x**3 - x + k)),
        "equally deep",
    ),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x - lr * (x**3 - x + 0.15 + k[0])),
        "the kicks of the first one",
    ),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x - lr * (x**3 - x + 0.15 + np.mean(k))),
        "average the kicks",
    ),
    ("basics/share_escaped", escaped(count=lambda x: np.sum(x < 0)), "how many"),
    ("basics/share_escaped", escaped(count=lambda x: np.mean(x >= 0)), "that stayed"),
    (
        "basics/share_escaped",
        escaped(count=lambda x: 100 * np.mean(x < 0)),
        "a percentage",
    ),
    ("basics/share_escaped", escaped(count=np.average), "the mean place"),
    ("basics/share_escaped", escaped(count=lambda x: x < 0), "instead of a number"),
    ("basics/share_escaped", escaped(count=lambda x: np.mean(x < -1)), "below -1. It"),
    ("basics/share_escaped", escaped(rate=lambda r, t: r[0]), "use the first rate"),
    ("basics/share_escaped", escaped(rate=lambda r, t: r[-1]), "use the last rate"),
    (
        "basics/share_escaped",
        escaped(rate=lambda r, t: sum(r) / len(r)),
        "use the mean rate",
    ),
    ("basics/share_escaped", lambda rates: 0.5, "can't be called with 2 arguments"),
    ("basics/share_escaped", 0.99, "isn't a function"),
    ("basics/fair_comparison", 1, "smaller gap, hence a regulariser"),
    ("basics/fair_comparison", 2.0, "one seed each"),
    ("basics/fair_comparison", np.int64(4), "the best of five is set against"),
    ("basics/fair_comparison", 0, "numbered from 1"),
    ("basics/fair_comparison", 5, "There are four designs"),
    ("basics/fair_comparison", 6, "another number than the right one"),
    ("basics/fair_comparison", "3", "a `str` instead of a number"),
    ("basics/fair_comparison", [3], "a `list` instead of a number"),
    ("basics/fair_comparison", lambda: 3, "is a function here"),
]
