"""The exercise of chapter 1's review: the largest rate of a model in a box."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# A training in a box ------------------------------------------------------------------


class NoRunsLeftError(RuntimeError):
    """More short runs than the budget has."""


#: The losses of one short run, by what happens in it.
CURVES = {
    "falls": (2.3, 1.9, 1.4, 1.1, 0.9),
    "jitters, and falls": (2.3, 1.9, 2.1, 1.5, 1.2),
    "a bump, then falls": (2.3, 6.0, 3.1, 1.5, 1.2),
    "stays level": (2.3, 2.31, 2.29, 2.31, 2.3),
    "dips, then rises": (2.3, 1.2, 0.9, 3.0, 9.0),
    "rises": (2.3, 3.0, 5.0, 7.0, 9.0),
    "NaN": (2.3, 40.0, math.nan, math.nan, math.nan),
    "inf": (2.3, 40.0, 1e30, math.inf, math.inf),
    "inf, then falls": (2.3, math.inf, 2.2, 2.1, 1.9),
    "NaN, then falls": (2.3, math.nan, 2.2, 2.1, 1.9),
}


class Training:
    """What the exercise hands over as ``train``: call it with a rate, get losses.

    Each answer is tried on a copy, which has the whole budget of runs.
    """

    def __init__(
        self, border: float, below: str, near: str, far: str, runs: int
    ) -> None:
        self.border, self.runs, self.left = border, runs, runs
        self.below, self.near, self.far = CURVES[below], CURVES[near], CURVES[far]

    def __repr__(self) -> str:
        return f"<works up to {self.border:g}>"

    def __call__(self, rate: float) -> np.ndarray:
        if self.left < 1:
            raise NoRunsLeftError(f"train was called more than {self.runs} times")
        self.left -= 1
        if rate <= self.border:
            return np.array(self.below)
        return np.array(self.near if rate < 5 * self.border else self.far)


# The search ---------------------------------------------------------------------------


def largest_stable_rate(train, low, high, runs):
    import numpy as np

    good, bad = low, high
    for _ in range(runs):
        middle = (good * bad) ** 0.5
        losses = train(middle)
        if np.isfinite(losses).all() and losses[-1] <= losses[0]:
            good = middle
        else:
            bad = middle
    return good


def _worked(losses: Any) -> bool:
    return bool(np.isfinite(losses).all() and losses[-1] <= losses[0])


def _geometric(low: float, high: float) -> float:
    return math.sqrt(low * high)


def _search(
    worked: Callable[[Any], Any] = _worked,
    middle: Callable[[float, float], float] = _geometric,
    answer: Callable[[float, float, float], float] = lambda good, bad, last: good,
    count: Callable[[int], int] = lambda runs: runs,
    ends: int = 0,
) -> Any:
    """The bisection with one thing about it changed; ``ends`` runs go to both ends."""

    def search(train: Any, low: float, high: float, runs: int) -> float:
        last = good = low
        bad = high
        for rate in (low, high)[:ends]:
            train(rate)
        for _ in range(count(runs)):
            last = middle(good, bad)
            good, bad = (last, bad) if worked(train(last)) else (good, last)
        return float(answer(good, bad, last))

    return search


def _swapped(train: Any, low: float, high: float, runs: int) -> float:
    for _ in range(runs):
        middle = _geometric(low, high)
        low, high = (low, middle) if _worked(train(middle)) else (middle, high)
    return low


def _grid(rates: Callable[[float, float, int], Any]) -> Any:
    def search(train: Any, low: float, high: float, runs: int) -> float:
        worked = [r for r in rates(low, high, runs) if _worked(train(r))]
        return float(max(worked, default=low))

    return search


def _stops(when: bool) -> Any:
    """A bisection that ends with the first run that works, or that fails."""

    def search(train: Any, low: float, high: float, runs: int) -> float:
        good, bad = low, high
        for _ in range(runs):
            middle = _geometric(good, bad)
            worked = _worked(train(middle))
            good, bad = (middle, bad) if worked else (good, middle)
            if worked == when:
                break
        return good

    return search


def _twice(train: Any, low: float, high: float, runs: int) -> float:
    good, bad = low, high
    for _ in range(runs):
        rate = _geometric(good, bad)
        worked = np.isfinite(train(rate)).all() and _worked(train(rate))
        good, bad = (rate, bad) if worked else (good, rate)
    return good


def _mixed_logarithms(good: float, bad: float) -> float:
    return float(10 ** ((math.log(good) + math.log(bad)) / 2))


LARGEST_STABLE_RATE = Exercise(
    name="basics/largest_stable_rate",
    text="""\
### Exercise: the largest stable rate, with few runs

Write `largest_stable_rate(train, low, high, runs)`, a bisection: try the middle of
what is left, keep the half in which the border must lie, and go on. On rates the
middle is taken on a logarithmic scale: as many times above `low` as below `high`.

- **Arguments:** `train`, a function: `train(rate)` makes one short run from the
  first weights and returns its losses, a NumPy array of at least two numbers;
  `low` and `high`, two rates, `0 < low < high`: at `low` a run works, at `high` it
  fails, both known and not to be tried again; `runs`, a whole number from 1: how
  often `train` is called, not once more.
- **Returns:** the largest rate that was seen to work, one number; `low` if none of
  the tried ones did. No array.
- **Boundaries:** a run has failed if any of its losses is NaN or infinite, or if its
  last loss is above its first. A last loss exactly as high as the first is no
  failure, and neither is a bump on the way.
- **Units and time:** the rates are in one unit. Losses come in the order of the
  updates.

The number counts as right within a relative 1e-6.""",
    starter="def largest_stable_rate(train, low, high, runs):\n    return ...",
    hints=(
        "Two numbers are enough to remember: the largest rate that worked so far, and "
        "the smallest that failed. Each run replaces one of them.",
        "The middle of 0.01 and 100 on a logarithmic scale is 1. Which operation on "
        "the two gives that: their sum halved, or a root of something?",
        "`np.isfinite` tells NaN and infinity from numbers, one by one; `.all()` asks "
        "all of them. Train once for each rate and keep the losses in a variable.",
    ),
    solution=largest_stable_rate,
    cases=(
        (Training(3.7, "falls", "rises", "rises", 8), 0.01, 100.0, 8),
        (Training(3.7, "falls", "rises", "rises", 3), 0.01, 100.0, 3),
        (Training(0.02, "a bump, then falls", "rises", "NaN", 6), 0.001, 10.0, 6),
        (Training(11.0, "stays level", "inf", "NaN", 7), 0.001, 1000.0, 7),
        (Training(5.0, "falls", "dips, then rises", "inf", 5), 0.1, 40.0, 5),
        (Training(0.3, "falls", "inf, then falls", "NaN", 6), 1e-4, 3.0, 6),
        (Training(0.3, "falls", "NaN, then falls", "NaN", 7), 1e-4, 3.0, 7),
        (Training(0.2, "jitters, and falls", "rises", "inf", 5), 0.02, 4.0, 5),
        (Training(0.5, "falls", "NaN", "NaN", 1), 0.01, 1.0, 1),
        (Training(0.011, "stays level", "rises", "inf", 2), 0.01, 90.0, 2),
        (Training(70.0, "a bump, then falls", "NaN", "inf", 4), 0.5, 80.0, 4),
    ),
    mistakes=(
        Mistake(
            _search(middle=lambda good, bad: (good + bad) / 2),
            "You halve the sum. Between 0.01 and 100 that is about 50, and most runs "
            "are spent in the uppermost decade. How many times is 50 above `low`, and "
            "how many times below `high`?",
        ),
        Mistake(
            _search(middle=_mixed_logarithms),
            "You come with the natural logarithm and go back with powers of 10: the "
            "middle of 1 and 100 comes out as more than 100.",
        ),
        Mistake(
            _search(worked=lambda losses: np.isfinite(losses).all()),
            "You look for NaN and infinity alone. A network can end far above its "
            "start with losses that are all finite: it failed, too.",
        ),
        Mistake(
            _search(worked=lambda losses: not losses[-1] > losses[0]),
            "You ask whether the last loss is above the first. With NaN every "
            "comparison is false, so that your broken runs count as working.",
        ),
        Mistake(
            _search(worked=lambda losses: losses[-1] <= losses[0]),
            "You look at the last loss and the first. In between, one run was infinite "
            "and another NaN, and they came back: that counts as failed as well.",
        ),
        Mistake(
            _search(
                worked=lambda losses: (
                    not np.isnan(losses).any() and losses[-1] <= losses[0]
                )
            ),
            "You look for NaN and let infinity by. One run was infinite in between: "
            "`np.isfinite` catches both.",
        ),
        Mistake(
            _search(
                worked=lambda losses: (
                    np.isfinite(losses).all() and losses[-1] < losses[0]
                )
            ),
            "A run that ends exactly as high as it started counts as failed in your "
            "search. At a rate that is much too small that happens, and the text lets "
            "it pass.",
        ),
        Mistake(
            _search(
                worked=lambda losses: (
                    np.isfinite(losses).all() and losses.min() < losses[0]
                )
            ),
            "You compare the lowest loss with the first. A run that dips and then "
            "climbs to four times its start has failed: its last loss counts.",
        ),
        Mistake(
            _search(
                worked=lambda losses: (
                    np.isfinite(losses).all() and losses.max() <= losses[0]
                )
            ),
            "You let no loss be above the first. A bump on the way is no failure: "
            "only the end is compared.",
        ),
        Mistake(
            _search(
                worked=lambda losses: (
                    np.isfinite(losses).all() and (np.diff(losses) <= 0).all()
                )
            ),
            "You let no loss be above the one before. Losses of batches jitter, and a "
            "bump on the way is no failure: only the end is compared.",
        ),
        Mistake(
            _search(answer=lambda good, bad, last: bad),
            "You hand back the smallest rate that failed. The real run would fail "
            "with it.",
        ),
        Mistake(
            _search(answer=lambda good, bad, last: last),
            "You hand back the rate that was tried last, whether it worked or not.",
        ),
        Mistake(
            _search(answer=lambda good, bad, last: _geometric(good, bad)),
            "You hand back the middle of what is left, at which nothing was trained: "
            "it may fail. Asked for is a rate that was seen to work.",
        ),
        Mistake(
            _search(answer=lambda good, bad, last: (good + bad) / 2),
            "No run was made at the rate that you return: it lies between the largest "
            "that worked and the smallest that failed.",
        ),
        Mistake(
            _search(answer=lambda good, bad, last: math.log10(good)),
            "You return a power of ten, the logarithm of the rate. Go back from it to "
            "the rate.",
        ),
        Mistake(
            _search(answer=lambda good, bad, last: math.log(good)),
            "You return the natural logarithm of the rate. Asked for is the rate "
            "itself.",
        ),
        Mistake(
            _swapped,
            "You keep the wrong half: after a run that worked, the border lies above "
            "its rate.",
        ),
        Mistake(
            _search(count=lambda runs: runs + 1),
            "You train more often than `runs` allows. Count the calls of `train`: "
            "each of them is a run.",
        ),
        Mistake(
            _twice,
            "You call `train` a second time with the same rate, and so need more than "
            "`runs` of them. Keep the losses of the first call in a variable.",
        ),
        Mistake(
            _search(count=lambda runs: runs - 1),
            "One run is left over: you make one fewer than `runs`, and know the border "
            "only half as well.",
        ),
        Mistake(
            _search(count=lambda runs: max(runs - 2, 0), ends=2),
            "You spend two runs on `low` and `high`. What happens there is known; "
            "with both runs you would know the border four times as well.",
        ),
        Mistake(
            _grid(lambda low, high, runs: np.geomspace(low, high, runs + 2)[1:-1]),
            "You spread the runs evenly, whatever they show. Let each run decide where "
            "the next one goes: then every run halves what is left.",
        ),
        Mistake(
            _stops(when=False),
            "You stop at the first failure. A failure is half of what you are looking "
            "for: it says where the border isn't, and the search goes on below it.",
        ),
        Mistake(
            _stops(when=True),
            "You stop at the first rate that works. A larger one may work, too: the "
            "search goes on above it.",
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (LARGEST_STABLE_RATE,)
