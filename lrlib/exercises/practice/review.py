"""The project of chapter 5's review: a whole run, planned from nothing."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake


def plan(suggested, budget, spent):
    import numpy as np

    if suggested == 0:
        return np.array([])
    steps = budget - spent
    warmup = max(1, steps // 10)
    t = np.arange(steps)
    up = suggested * (t + 1) / (warmup + 1)
    low = suggested / 100
    way = (t - warmup) / (steps - 1 - warmup)
    down = low + (suggested - low) * (1 + np.cos(np.pi * way)) / 2
    return np.where(t < warmup, up, down)


def _tenth(steps: int) -> int:
    return max(1, steps // 10)


def _half_wave(x: Any) -> Any:
    return (1 + np.cos(np.pi * x)) / 2


def _planned(
    steps: Callable[[int, int], int] = lambda budget, spent: budget - spent,
    warmup: Callable[[int, int], int] = lambda steps, budget: _tenth(steps),
    stair: Callable[[np.ndarray, int], Any] = lambda t, W: (t + 1) / (W + 1),
    way: Callable[[np.ndarray, int, int], Any] = lambda t, W, T: (t - W) / (T - 1 - W),
    fall: Callable[[Any], Any] = _half_wave,
    low: Callable[[float], float] = lambda peak: peak / 100,
    no_rate: Callable[[int], Any] = lambda steps: np.array([]),
) -> Callable[[float, int, int], Any]:
    """``plan`` with some of its parts changed."""

    def answer(suggested: float, budget: int, spent: int) -> Any:
        T = steps(budget, spent)
        if suggested == 0:
            return no_rate(T)
        W, t = warmup(T, budget), np.arange(T)
        floor = low(suggested)
        with np.errstate(all="ignore"):
            down = floor + (suggested - floor) * fall(way(t, W, T))
            return np.where(t < W, suggested * stair(t, W), down)

    return answer


PLAN = Exercise(
    name="practice/plan",
    text="""\
### Exercise: from a suggestion and a budget to a schedule

Write `plan(suggested, budget, spent)`: the rate of every update that is left. It climbs
to the suggested rate, then falls along half a cosine to a hundredth of it.

- **Arguments:** `suggested`, the rate that a range test suggests, above 0, or 0.0 if it
  found none; `budget`, all updates that you may make; `spent`, those that the test has
  made. The two are whole numbers, `spent` 0 or more, `budget - spent` 3 or more. No
  arrays come in.
- **Returns:** an array `[budget - spent]`, the rate of each update of the run. Where
  the test found no rate there is no plan: an array of length 0.
- **Boundaries:** the first W updates lie below the peak, W being a tenth of the run,
  rounded down, but at least 1. The climb is a straight line in W + 1 equal stairs
  from 0: update 0 is on the first, update W on the last, at the suggested rate; from W
  on it falls. The last update of the run has exactly a hundredth of the suggested rate.
- **Units and time:** updates of the run, counted from 0 after the test; learning rates.

The numbers count as right within a relative 1e-6.""",
    starter="def plan(suggested, budget, spent):\n    return ...",
    hints=(
        "Four numbers first, by hand, for 0.02, 300 and 100: how many updates has the "
        "run, how many of them climb, which one is at the peak, and which one is last?",
        "Three updates below a peak make four equal stairs from 0 to it. How high is "
        "the first?",
        "The fall is half a wave. Let x go from 0 at the update of the peak to 1 at "
        "the last update of the run, and draw `(1 + np.cos(np.pi * x)) / 2`.",
        "`np.where` puts two pieces together. What if `suggested` is 0.0?",
    ),
    solution=plan,
    cases=(
        (0.02, 300, 100),
        (0.012, 47, 12),
        (1.0, 12, 0),
        (0.5, 9, 2),
        (0.3, 7, 4),
        (0.1, 1000, 50),
        (0.0, 300, 100),
        (0.0, 20, 0),
    ),
    mistakes=(
        Mistake(
            _planned(steps=lambda budget, spent: budget),
            "Your plan is as long as the whole budget. But the range test has made "
            "some of those updates: with them you overdraw.",
        ),
        Mistake(
            _planned(stair=lambda t, W: t / W),
            "Your first rate is 0: an update that trains nothing. A climb of that many "
            "stairs begins on the first stair.",
        ),
        Mistake(
            _planned(stair=lambda t, W: (t + 1) / W),
            "Your climb is at the peak one update early: it has its last stair there, "
            "and the cosine begins with the same rate once more.",
        ),
        Mistake(
            _planned(stair=lambda t, W: 0.01 + 0.99 * t / W),
            "Your climb begins at the low end of the run, a hundredth of the peak. "
            "Its stairs are asked to rise from 0, all of one height.",
        ),
        Mistake(
            _planned(way=lambda t, W, T: (t - W) / (T - W)),
            "Nearly: your last update is a little above the low end, which would come "
            "with the first update after the run. Count the steps between the peak and "
            "the last update.",
        ),
        Mistake(
            _planned(low=lambda peak: 0.0),
            "Your last update has the rate 0, so it does nothing, and was paid for. "
            "The low end is asked to be a share of the peak.",
        ),
        Mistake(
            _planned(fall=lambda x: (np.maximum(_half_wave(x), 0.01) - 0.01) / 0.99),
            "Your half wave goes to 0 and is cut off at the low end, so the last "
            "updates stand still there, and those before are a little too low. Let "
            "the wave itself end at the low end.",
        ),
        Mistake(
            _planned(low=lambda peak: peak / 10),
            "Your run ends at a tenth of the peak. The text asks for another share.",
        ),
        Mistake(
            _planned(low=lambda peak: 0.01),
            "Your run ends at one fixed rate, whatever the peak is: with a small peak "
            "that is no low end at all. It should be a share of the peak.",
        ),
        Mistake(
            _planned(way=lambda t, W, T: t / (T - 1)),
            "Your cosine has run since update 0, beneath the climb, so no update is at "
            "the suggested rate: where the climb hands over, the fall has begun.",
        ),
        Mistake(
            _planned(fall=lambda x: 1 - x),
            "Climb, peak and end are right. Between the last two you draw a straight "
            "line, and half a cosine is asked for.",
        ),
        Mistake(
            _planned(fall=lambda x: (1 + np.cos(x)) / 2),
            "Your fall stops far above its end: a half wave is over when the angle is "
            "π, and yours has come to 1.",
        ),
        Mistake(
            _planned(warmup=lambda steps, budget: 0),
            "Your plan starts at the peak. A tenth of the run should lie below it.",
        ),
        Mistake(
            _planned(warmup=lambda steps, budget: _tenth(budget)),
            "Your climb is a tenth of the budget. The test has had its share of that: "
            "take a tenth of what is left.",
        ),
        Mistake(
            _planned(warmup=lambda steps, budget: steps // 10),
            "Right for long runs. With fewer than ten updates your climb has none, and "
            "the run begins at the peak.",
        ),
        Mistake(
            _planned(warmup=lambda steps, budget: max(1, math.ceil(steps / 10))),
            "Right where the tenth is whole. Elsewhere you round it up.",
        ),
        Mistake(
            _planned(warmup=lambda steps, budget: max(1, round(steps / 10))),
            "Right where the tenth is whole, or near below it. Elsewhere you round it "
            "to the nearest, which can be up.",
        ),
        Mistake(
            lambda suggested, budget, spent: plan(float(suggested > 0), budget, spent),
            "The shape is right, but its peak is 1: these are factors, shares of the "
            "suggested rate. The plan is asked for in learning rates.",
        ),
        Mistake(
            lambda suggested, budget, spent: plan(suggested or 1e-3, budget, spent),
            "Where the test found no rate, you train at the optimizer's default. "
            "Nothing has shown that it fits: have the caller look at the test instead.",
        ),
        Mistake(
            _planned(no_rate=lambda steps: np.zeros(steps)),
            "Where the test found no rate, your plan has one: 0, at every update. "
            "Whoever follows it spends the budget and trains nothing.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (PLAN,)
