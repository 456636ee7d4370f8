"""Exercises of lesson 5.6, today's schedules"""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# Warmup, stable, decay ----------------------------------------------------------


def wsd_lr(t, lr, warmup_steps, total_steps, decay_steps):
    import numpy as np

    up = lr * (t + 1) / (warmup_steps + 1)
    left = (total_steps - t) / decay_steps
    down = lr * np.clip(left, 0, 1)
    return np.where(t < warmup_steps, up, down)[()]


def _three_parts(
    ramp: Callable[..., Any] | None = None, tail: Callable[..., Any] | None = None
) -> Callable[..., Any]:
    """``wsd_lr`` with another ramp, or another tail (all that follows the ramp)."""

    def answer(t: Any, lr: float, w: int, total: int, d: int) -> Any:
        up = lr * (t + 1) / (w + 1) if ramp is None else ramp(t, lr, w)
        down = (
            lr * np.clip((total - t) / d, 0, 1)
            if tail is None
            else tail(t, lr, w, total, d)
        )
        return np.where(np.less(t, w), up, down)[()]

    return answer


def _way(t: Any, total: int, d: int) -> Any:
    """How much of the decay is over, from 0 to 1."""
    return np.clip((t - (total - d)) / d, 0, 1)


WSD_LR = Exercise(
    name="practice/wsd_lr",
    text="""\
### Exercise: warmup, stable, decay

Write `wsd_lr(t, lr, warmup_steps, total_steps, decay_steps)`: a straight line up to
`lr`, then `lr` for as long as there is time, then a straight line to 0.

- **Arguments:** `t`, the update, 0 or larger: an int, or a NumPy array of ints of any
  shape. `lr`, the peak. `warmup_steps`, the updates below the peak before it, a whole
  number from 0 on. `total_steps`, all updates of the run. `decay_steps`, a whole number
  from 1 on; `warmup_steps + decay_steps <= total_steps`.
- **Returns:** a float for an int, an array of floats for an array.
- **Boundaries:** the first update has one of `warmup_steps + 1` equal stairs from 0 to
  `lr`; update `warmup_steps` is at `lr`. The decay begins at update
  `total_steps - decay_steps`, which still has `lr`. Update `total_steps`, and any later
  one, has 0.
- **Units and time:** `t` counts updates from 0; `total_steps` includes all three parts.

Numbers count as right within a relative 1e-6.""",
    starter=(
        "def wsd_lr(t, lr, warmup_steps, total_steps, decay_steps):\n    return ..."
    ),
    hints=(
        "Measure the decay from its end: how many updates are left at `t`, and what "
        "share of `decay_steps` is that?",
        "Before the decay that share is above 1, after the run below 0. One function "
        "of NumPy keeps it between the two.",
        "On paper, with 10 updates, 4 of them decay and no warmup: updates 0 to 6 have "
        "the peak, then come 3, 2 and 1 quarters of it.",
    ),
    solution=wsd_lr,
    cases=(
        (0, 0.1, 4, 20, 5),
        (3, 0.1, 4, 20, 5),
        (4, 0.1, 4, 20, 5),
        (10, 0.1, 4, 20, 5),
        (15, 0.1, 4, 20, 5),
        (16, 0.1, 4, 20, 5),
        (19, 0.1, 4, 20, 5),
        (20, 0.1, 4, 20, 5),
        (31, 0.1, 4, 20, 5),
        (0, 0.3, 0, 10, 1),
        (9, 0.3, 0, 10, 1),
        (2, 1.0, 3, 8, 5),
        (np.arange(25), 0.1, 4, 20, 5),
        (np.arange(14), 0.5, 0, 10, 4),
        (np.array([[0, 30, 60], [79, 80, 150]]), 0.4, 40, 100, 20),
    ),
    mistakes=(
        Mistake(
            _three_parts(
                tail=lambda t, lr, w, total, d: (
                    lr * np.clip((total - t) / (total - w), 0, 1)
                )
            ),
            "Your rate falls from the end of the warmup on: the stable phase is "
            "missing, and with it what this schedule is for.",
        ),
        Mistake(
            _three_parts(
                tail=lambda t, lr, w, total, d: lr * np.clip((total - t) / total, 0, 1)
            ),
            "Your rate falls over the whole run, as if the decay began at update 0.",
        ),
        Mistake(
            _three_parts(
                tail=lambda t, lr, w, total, d: lr * (1 - np.clip((t - w) / d, 0, 1))
            ),
            "Your decay begins right after the warmup and is over long before the run "
            "is. Count it from the end.",
        ),
        Mistake(
            _three_parts(
                tail=lambda t, lr, w, total, d: lr * np.clip((w + total - t) / d, 0, 1)
            ),
            "Your decay comes `warmup_steps` too late: the warmup is part of "
            "`total_steps`.",
        ),
        Mistake(
            _three_parts(tail=lambda t, lr, w, total, d: lr * np.ones(np.shape(t))),
            "Your rate never comes down: the decay is missing.",
        ),
        Mistake(
            _three_parts(
                tail=lambda t, lr, w, total, d: lr * np.less(t, total - d).astype(float)
            ),
            "Your rate drops to 0 where the decay should begin. It has `decay_steps` "
            "updates to come down.",
        ),
        Mistake(
            _three_parts(
                tail=lambda t, lr, w, total, d: lr * np.minimum((total - t) / d, 1)
            ),
            "Right up to the end of the run. After it your rate is negative: you would "
            "climb the loss.",
        ),
        Mistake(
            _three_parts(
                tail=lambda t, lr, w, total, d: lr * np.maximum((total - t) / d, 0)
            ),
            "Your rate is far above the peak before the decay: nothing holds the line "
            "at `lr`.",
        ),
        Mistake(
            _three_parts(
                tail=lambda t, lr, w, total, d: (
                    lr * np.clip((total - 1 - t) / max(d - 1, 1), 0, 1)
                )
            ),
            "Your last update has the rate 0 and trains nothing. Update `total_steps`, "
            "the first after the run, is where the line would be at 0.",
        ),
        Mistake(
            _three_parts(
                tail=lambda t, lr, w, total, d: lr * np.clip((total - t - 1) / d, 0, 1)
            ),
            "Your decay is one update early: update `total_steps - decay_steps` still "
            "has the peak.",
        ),
        Mistake(
            _three_parts(
                tail=lambda t, lr, w, total, d: (
                    lr * np.clip((total - t) / (d + 1), 0, 1)
                )
            ),
            "Your decay has one stair too many, and starts below the peak.",
        ),
        Mistake(
            _three_parts(
                tail=lambda t, lr, w, total, d: (
                    lr * (1 + np.cos(np.pi * _way(t, total, d))) / 2
                )
            ),
            "Your decay is half a cosine. Its ends are right; a straight line is asked "
            "for.",
        ),
        Mistake(
            _three_parts(
                tail=lambda t, lr, w, total, d: lr * (1 - np.sqrt(_way(t, total, d)))
            ),
            "Your decay is `1 - sqrt`, a shape that people use. Here a straight line "
            "is asked for.",
        ),
        Mistake(
            _three_parts(ramp=lambda t, lr, w: lr * t / max(w, 1)),
            "Your first rate is 0: that update is computed and changes nothing.",
        ),
        Mistake(
            _three_parts(ramp=lambda t, lr, w: lr * t / (w + 1)),
            "Your ramp is one stair too low: it starts at 0, and the step up to the "
            "peak is twice as high as the others.",
        ),
        Mistake(
            _three_parts(ramp=lambda t, lr, w: lr * (t + 1) / max(w, 1)),
            "Your ramp is at the peak one update early: `warmup_steps` updates are "
            "below it.",
        ),
        Mistake(
            _three_parts(ramp=lambda t, lr, w: lr * np.ones(np.shape(t))),
            "Your rate starts at the peak: the warmup is missing.",
        ),
        Mistake(
            lambda t, lr, w, total, d: wsd_lr(np.add(t, 1), lr, w, total, d),
            "Your rates come one update early: the first update has number 0.",
        ),
        Mistake(
            lambda t, lr, w, total, d: wsd_lr(
                np.maximum(np.subtract(t, 1), 0), lr, w, total, d
            ),
            "Your rates come one update late: `t` counts from 0.",
        ),
        Mistake(
            lambda t, lr, w, total, d: wsd_lr(t, lr, w, total, max(total // 5, 1)),
            "Your decay is a fifth of the run. Its length is an argument.",
        ),
        Mistake(
            lambda t, lr, w, total, d: wsd_lr(t, 1.0, w, total, d),
            "Your peak is 1 whatever `lr` is: those are shares of the peak.",
        ),
        Mistake(
            _three_parts(
                tail=lambda t, lr, w, total, d: lr * np.clip((total - t) / d, 1 / d, 1)
            ),
            "After the run your rate stays where its last update left it.",
        ),
    ),
)


# Going on after the end ---------------------------------------------------------


def updates_to_keep(name, total_steps, decay_steps):
    repeated = {"constant": 0, "schedule-free": 0, "wsd": decay_steps}
    return total_steps - repeated.get(name, total_steps)


def _keep(
    wsd: Callable[[int, int], int] = lambda total, d: total - d,
    free: Callable[[int, int], int] = lambda total, d: total,
    planned: Callable[[int, int], int] = lambda total, d: 0,
    **exceptions: Callable[[int, int], int],
) -> Callable[..., Any]:
    """``updates_to_keep`` with another answer for one kind of schedule."""

    def answer(name: str, total: int, d: int) -> int:
        key = name.replace("-", "_")
        if key in exceptions:
            return exceptions[key](total, d)
        if name in ("constant", "schedule-free"):
            return free(total, d)
        return wsd(total, d) if name == "wsd" else planned(total, d)

    return answer


def _all(total: int, d: int) -> int:
    return total


def _none(total: int, d: int) -> int:
    return 0


UPDATES_TO_KEEP = Exercise(
    name="practice/updates_to_keep",
    text="""\
### Exercise: the run is over, and you get more time

A run has ended after `total_steps` updates. Now it may be longer, and the result should
be the one that a run planned for the new length would have had. Every checkpoint was
kept. Write `updates_to_keep(name, total_steps, decay_steps)`: after how many updates of
the old run do you go on?

- **Arguments:** `name`, one of `"constant"`, `"cosine"`, `"linear"`, `"one-cycle"`,
  `"wsd"`, `"schedule-free"`; without warmup, and planned for `total_steps` where it
  needs a plan. `total_steps` and `decay_steps`, whole numbers, the second below the
  first. `decay_steps` is the length of the decay of `"wsd"`; the others have none.
- **Returns:** a whole number: 0 is from the very start, `total_steps` is from the end.
- **Boundaries:** the new run is longer by at least `decay_steps`. The decay of `"wsd"`
  begins with update `total_steps - decay_steps`; go on from the checkpoint just before
  that update. That a planned schedule may have the same rate at update 0 is no reason
  to keep that update.
- **Units and time:** updates, counted from 0. One call, one number: no arrays.""",
    starter="def updates_to_keep(name, total_steps, decay_steps):\n    return ...",
    hints=(
        "Choose “the end you stop at” in this lesson's explorer and move the end. "
        "Which rates stay where they were, on the left of the chart?",
        "Three of the six have the end in their formula from the first update on.",
        "One of them has a part that doesn't know the end, and a part that does. Where "
        "does the second one begin?",
    ),
    solution=updates_to_keep,
    cases=(
        ("constant", 1000, 200),
        ("schedule-free", 1000, 200),
        ("wsd", 1000, 200),
        ("wsd", 500, 50),
        ("cosine", 1000, 200),
        ("linear", 1000, 200),
        ("one-cycle", 1000, 200),
        ("cosine", 70, 1),
        ("constant", 70, 1),
        ("schedule-free", 64, 32),
        ("wsd", 64, 32),
    ),
    mistakes=(
        Mistake(
            _keep(planned=_all, wsd=_all),
            "You go on from the end everywhere. There a cosine, a line and a one-cycle "
            "have a rate of almost 0, and WSD has cooled down: the longer run would "
            "have been elsewhere.",
        ),
        Mistake(
            _keep(wsd=_none, free=_none),
            "You start all six again from 0. Some of them have trained so far as the "
            "longer run would have.",
        ),
        Mistake(
            _keep(planned=_all, wsd=_all, cosine=_none),
            "Only your cosine is planned. Which others have the end in their formula, "
            "all the way or in their last part?",
        ),
        Mistake(
            _keep(planned=_all),
            "A cosine, a line and a one-cycle that were planned for the old end have "
            "been too low nearly all the way. The longer run shares none of it.",
        ),
        Mistake(
            _keep(wsd=_all),
            "At its end WSD has cooled down. The longer run is still in its stable "
            "phase there: go back further.",
        ),
        Mistake(
            _keep(wsd=_none),
            "You start WSD again from 0. Its stable phase is the longer run's, too.",
        ),
        Mistake(
            _keep(wsd=lambda total, d: d),
            "For WSD you gave the length of the decay, not the place where it begins.",
        ),
        Mistake(
            _keep(wsd=lambda total, d: total - d - 1),
            "WSD: one too few. Updates 0 to `total_steps - decay_steps - 1` come "
            "before the decay; how many are these?",
        ),
        Mistake(
            _keep(wsd=lambda total, d: total - d + 1),
            "WSD: one too many. You kept the first update of the decay, too.",
        ),
        Mistake(
            _keep(wsd=lambda total, d: total * 4 // 5),
            "For WSD you took 80% of the run. The decay's length is an argument.",
        ),
        Mistake(
            _keep(free=_none),
            "You start the constant rate and schedule-free again from 0. Neither has "
            "an end in its formula.",
        ),
        Mistake(
            _keep(schedule_free=_none),
            "Schedule-free: its average weighs by the updates so far, not by those to "
            "come. Nothing has to be repeated.",
        ),
        Mistake(
            _keep(constant=_none),
            "The constant rate has no plan: nothing of it has to be repeated.",
        ),
        Mistake(
            _keep(linear=_all),
            "The line to 0 has its end in its slope: with a later end it is less steep "
            "from the first update on.",
        ),
        Mistake(
            _keep(cosine=_all),
            "The cosine has its length in every rate. At the old end it was at 0, and "
            "one of the new length is still on its way.",
        ),
        Mistake(
            _keep(one_cycle=_all),
            "One-cycle's climb is a share of its length: a longer one climbs more "
            "slowly from the start.",
        ),
        Mistake(
            _keep(one_cycle=lambda total, d: int(0.3 * total)),
            "One-cycle's climb isn't shared: it is a share of the length, so a longer "
            "cycle climbs more slowly.",
        ),
        Mistake(
            _keep(planned=lambda total, d: total - d),
            "Only WSD has a decay of `decay_steps`. The planned ones fall, or climb, "
            "with their whole length in the formula.",
        ),
        Mistake(
            _keep(planned=lambda total, d: 1),
            "You kept update 0 of the planned ones. That its rate may be the same is "
            "chance: see the boundaries.",
        ),
        Mistake(
            _keep(cosine=lambda total, d: 1, linear=lambda total, d: 1),
            "You kept update 0 of the cosine and of the line. That its rate is the "
            "same is no reason: see the boundaries.",
        ),
        Mistake(
            _keep(free=lambda total, d: total - 1),
            "Constant and schedule-free: their last update has number "
            "`total_steps - 1`. How many updates is that?",
        ),
        Mistake(
            _keep(free=lambda total, d: total - d, planned=lambda total, d: 0),
            "You took the constant rate and schedule-free back by `decay_steps`. "
            "Neither has a decay.",
        ),
        Mistake(
            _keep(schedule_free=lambda total, d: total - d),
            "You took schedule-free back by `decay_steps`. Its rate has no decay.",
        ),
        Mistake(
            _keep(cosine=_all, linear=_all),
            "The cosine and the line have the end in their formula, as one-cycle has.",
        ),
        Mistake(
            _keep(one_cycle=_all, linear=_all),
            "One-cycle and the line have the end in their formula, as the cosine has.",
        ),
        Mistake(
            _keep(planned=lambda total, d: total // 2),
            "Half of a planned schedule isn't shared either: look at the rates on the "
            "left of the chart.",
        ),
        Mistake(
            lambda name, total, d: updates_to_keep(name, total, d) / total,
            "Those are shares of the run. Asked is a number of updates.",
        ),
        Mistake(
            lambda name, total, d: total - updates_to_keep(name, total, d),
            "That is what has to be repeated. Asked is what can be kept.",
        ),
    ),
)


# The ends of one-cycle ----------------------------------------------------------


def one_cycle_ends(max_lr, div_factor, final_div_factor):
    import numpy as np

    first = max_lr / div_factor
    return np.array([first, max_lr, first / final_div_factor])


def _ends(
    first: Callable[..., float] = lambda m, d, f: m / d,
    last: Callable[..., float] = lambda m, d, f: m / d / f,
    top: Callable[..., float] = lambda m, d, f: m,
) -> Callable[..., Any]:
    """``one_cycle_ends`` with another first, highest or last rate."""
    return lambda m, d, f: np.array([first(m, d, f), top(m, d, f), last(m, d, f)])


ONE_CYCLE_ENDS = Exercise(
    name="practice/one_cycle_ends",
    text="""\
### Exercise: three rates of one-cycle

Write `one_cycle_ends(max_lr, div_factor, final_div_factor)`: the rate of the first
update of a `OneCycleLR`, its highest rate, and the rate of its last update.

- **Arguments:** three numbers, named as in PyTorch: a rate, and two factors from 1 on.
- **Returns:** a NumPy array of three floats, in this order.
- **Boundaries:** the last update, number `total_steps - 1`, has the smallest rate.
  PyTorch's defaults are 25 and 1e4, but the arguments decide.
- **Units and time:** learning rates. One cycle at a time: no arrays come in.

Numbers count as right within a relative 1e-6.""",
    starter=(
        "def one_cycle_ends(max_lr, div_factor, final_div_factor):\n    return ..."
    ),
    hints=(
        "`div_factor` says how far below the peak the run starts.",
        "PyTorch's documentation defines `min_lr` from another rate than `max_lr`. "
        "From which?",
        "This lesson's cell on PyTorch prints the three rates of a cycle with the "
        "defaults and the peak 1.",
    ),
    solution=one_cycle_ends,
    cases=(
        (1.0, 25.0, 1e4),
        (0.1, 25.0, 1e4),
        (0.5, 10.0, 100.0),
        (3.0, 1.0, 1000.0),
        (0.02, 5.0, 1.0),
    ),
    mistakes=(
        Mistake(
            _ends(last=lambda m, d, f: m / f),
            "Your last rate is counted from the peak. `final_div_factor` divides "
            "another rate.",
        ),
        Mistake(
            _ends(last=lambda m, d, f: m / d),
            "Your cycle ends where it began. PyTorch goes on, further down.",
        ),
        Mistake(
            _ends(last=lambda m, d, f: 0.0),
            "Your last rate is exactly 0. The last update of a one-cycle is small, but "
            "it still moves.",
        ),
        Mistake(
            _ends(first=lambda m, d, f: m / d / f, last=lambda m, d, f: m / d),
            "First and last are swapped: the climb starts above where the cycle ends.",
        ),
        Mistake(
            _ends(first=lambda m, d, f: m / f, last=lambda m, d, f: m / d / f),
            "Your first rate uses the factor of the end.",
        ),
        Mistake(
            _ends(first=lambda m, d, f: m / f, last=lambda m, d, f: m / d),
            "The two factors are swapped.",
        ),
        Mistake(
            _ends(first=lambda m, d, f: 0.0),
            "Your first rate is 0, and that update would be wasted. `div_factor` says "
            "where the climb starts.",
        ),
        Mistake(
            _ends(first=lambda m, d, f: m),
            "Your cycle starts at its peak: there is no climb.",
        ),
        Mistake(
            _ends(first=lambda m, d, f: m / 25, last=lambda m, d, f: m / 25e4),
            "Those are PyTorch's defaults, whatever the arguments are.",
        ),
        Mistake(
            _ends(first=lambda m, d, f: m / 25),
            "Your first rate uses PyTorch's default, whatever `div_factor` is.",
        ),
        Mistake(
            _ends(last=lambda m, d, f: m / d / 1e4),
            "Your last rate uses PyTorch's default, whatever `final_div_factor` is.",
        ),
        Mistake(
            _ends(last=lambda m, d, f: m / (d + f)),
            "Two divisions, one after the other, aren't one by the sum.",
        ),
        Mistake(
            _ends(top=lambda m, d, f: m * d, first=lambda m, d, f: m),
            "You took `max_lr` for the first rate. It is the highest one.",
        ),
        Mistake(
            _ends(
                top=lambda m, d, f: m * d,
                first=lambda m, d, f: m,
                last=lambda m, d, f: m / f,
            ),
            "You took `max_lr` for the first rate, and counted both others from there.",
        ),
        Mistake(
            _ends(first=lambda m, d, f: m * d, last=lambda m, d, f: m * d * f),
            "You multiplied where the factors divide: the cycle starts above its peak.",
        ),
        Mistake(
            lambda m, d, f: np.array([m, m / d, m / d / f]),
            "The rates are right, their order isn't: first, highest, last.",
        ),
        Mistake(
            lambda m, d, f: np.array([m / d, m / d / f, m]),
            "The rates are right; the highest belongs in the middle.",
        ),
        Mistake(
            lambda m, d, f: np.array([m / d / f, m / d, m]),
            "You sorted the rates. Asked are the first, the highest and the last.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (WSD_LR, UPDATES_TO_KEEP, ONE_CYCLE_ENDS)
