"""Exercises of lesson 4.4, warmup joined to decay"""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# Warmup and cosine ------------------------------------------------------------


def warmup_cosine(t, lr, warmup_steps, total_steps, eta_min):
    import numpy as np

    up = lr * (t + 1) / (warmup_steps + 1)
    way = (t - warmup_steps) / (total_steps - warmup_steps)
    wave = (1 + np.cos(np.pi * np.clip(way, 0, 1))) / 2
    return np.where(t < warmup_steps, up, eta_min + (lr - eta_min) * wave)[()]


def _half_wave(way: Any) -> Any:
    return (1 + np.cos(np.pi * np.clip(way, 0, 1))) / 2


def _cosine(t: Any, lr: float, w: int, total: int, low: float) -> Any:
    return low + (lr - low) * _half_wave((t - w) / (total - w))


def _warmup_with(
    ramp: Callable[..., Any] | None = None, tail: Callable[..., Any] = _cosine
) -> Callable[..., Any]:
    """``warmup_cosine`` with another ramp or tail, each given all its arguments."""

    def answer(t: Any, lr: float, w: int, total: int, low: float) -> Any:
        up = lr * (t + 1) / (w + 1) if ramp is None else ramp(t, lr, w, total, low)
        return np.where(np.less(t, w), up, tail(t, lr, w, total, low))[()]

    return answer


def _from_floor(t: Any, lr: float, w: int, total: int, low: float) -> Any:
    return low + (lr - low) * (t + 1) / (w + 1)


def _hold_peak_twice(t: Any, lr: float, w: int, total: int, low: float) -> Any:
    # The ramp lasts one update longer, and the cosine starts one later.
    up = lr * np.minimum((t + 1) / (w + 1), 1)
    return np.where(np.less(t, w + 1), up, _cosine(t - 1, lr, w, total, low))[()]


def _one_early(t: Any, lr: float, w: int, total: int, low: float) -> Any:
    up = lr * (t + 1) / (w + 1)
    early = max(w - 1, 0)
    return np.where(np.less(t, early), up, _cosine(t, lr, early, total, low))[()]


WARMUP_COSINE = Exercise(
    name="warmup/warmup_cosine",
    text="""\
### Exercise: warmup and cosine

Write `warmup_cosine(t, lr, warmup_steps, total_steps, eta_min)`: a straight line up to
`lr`, then half a cosine down to `eta_min`, where the rate stays.

- **Arguments:** `t`, the update, 0 or larger: an int, or a NumPy array of ints of any
  shape. `lr`, the peak. `warmup_steps`, the updates below the peak before it, a whole
  number from 0 on. `total_steps`, the updates of the run, warmup included, more than
  `warmup_steps`. `eta_min`, the floor, with `0 <= eta_min <= lr`.
- **Returns:** a float for an int, an array of floats for an array.
- **Boundaries:** the first update has one of `warmup_steps + 1` equal stairs from 0 to
  `lr`. Update `warmup_steps` is the first at `lr`, and the only one unless
  `eta_min` is `lr`. Update `total_steps`, and any later one, has `eta_min`. With
  `warmup_steps = 0` the cosine starts at once.
- **Units and time:** `t` counts updates from 0.

Numbers count as right within a relative 1e-6.""",
    starter=(
        "def warmup_cosine(t, lr, warmup_steps, total_steps, eta_min):\n    return ..."
    ),
    hints=(
        "The cosine has a clock of its own. What does that clock say at update "
        "`warmup_steps`, and what at update `total_steps`?",
        "Compute both parts for every `t`, then choose between them: NumPy has a "
        "function with a condition and two values. Which part has update "
        "`warmup_steps`?",
        "Try it on paper with 3 updates of warmup: the rates of updates 0 to 3 are 1, "
        "2, 3 and 4 quarters of the peak.",
    ),
    solution=warmup_cosine,
    cases=(
        (0, 0.1, 5, 20, 0.01),
        (4, 0.1, 5, 20, 0.01),
        (5, 0.1, 5, 20, 0.01),
        (6, 0.1, 5, 20, 0.01),
        (19, 0.1, 5, 20, 0.01),
        (20, 0.1, 5, 20, 0.01),
        (33, 0.1, 5, 20, 0.01),
        (0, 0.3, 0, 10, 0.0),
        (4, 0.3, 0, 10, 0.0),
        (2, 0.2, 3, 4, 0.2),
        (np.arange(25), 0.1, 5, 20, 0.01),
        (np.arange(14), 1.0, 1, 9, 0.0),
        (np.array([[0, 30, 60], [99, 100, 150]]), 0.4, 40, 100, 0.1),
    ),
    mistakes=(
        Mistake(
            _warmup_with(
                tail=lambda t, lr, w, total, low: (
                    low + (lr - low) * _half_wave((t - w) / total)
                )
            ),
            "Your cosine is planned for the whole run, warmup included, and starts "
            "only after the warmup. At the end of the run it is still on its way.",
        ),
        Mistake(
            _warmup_with(
                tail=lambda t, lr, w, total, low: (
                    low + (lr - low) * _half_wave(t / total)
                )
            ),
            "There is a jump at the hand-over, and the peak is never reached: your "
            "cosine has been running since update 0, behind the warmup.",
        ),
        Mistake(
            _warmup_with(
                tail=lambda t, lr, w, total, low: (
                    low + (lr - low) * _half_wave(t / (total - w))
                )
            ),
            "Your cosine has the right length, but its clock starts at update 0, so it "
            "is at the floor before the run ends, and the peak is never reached.",
        ),
        Mistake(
            _warmup_with(
                tail=lambda t, lr, w, total, low: (
                    low
                    + (lr - low)
                    * np.cos(np.pi / 2 * np.clip((t - w) / (total - w), 0, 1))
                )
            ),
            "Your tail is a quarter of a cosine: it arrives at the floor at its "
            "steepest. Half a wave is asked for, level at both ends.",
        ),
        Mistake(
            _warmup_with(ramp=lambda t, lr, w, *_: lr * t / max(w, 1)),
            "Your first rate is 0: that update is computed and changes nothing.",
        ),
        Mistake(
            _warmup_with(ramp=lambda t, lr, w, *_: lr * t / (w + 1)),
            "Your ramp is one stair too low: it starts at 0, and the step up to the "
            "peak is twice as high as the others.",
        ),
        Mistake(
            _warmup_with(ramp=lambda t, lr, w, *_: lr * (t + 1) / max(w, 1)),
            "The peak comes twice: your ramp is there one update before the cosine "
            "starts.",
        ),
        Mistake(
            _hold_peak_twice,
            "The peak comes twice, at update `warmup_steps` and at the next: the "
            "hand-over is one update late, and so is the floor.",
        ),
        Mistake(
            _one_early,
            "One update of warmup is missing: your cosine takes over one too early, "
            "with a double step up.",
        ),
        Mistake(
            _warmup_with(ramp=_from_floor),
            "Your ramp starts from `eta_min`. Here its equal stairs are counted from "
            "0, whatever the floor of the cosine is.",
        ),
        Mistake(
            _warmup_with(
                tail=lambda t, lr, w, total, low: (
                    low + (lr - low) * (1 + np.cos(np.pi * (t - w) / (total - w))) / 2
                )
            ),
            "Right up to the end of the run. After it your rate climbs again; it has "
            "to stay at `eta_min`.",
        ),
        Mistake(
            _warmup_with(
                tail=lambda t, lr, w, total, low: np.where(
                    np.greater(t, total), 0.0, _cosine(t, lr, w, total, low)
                )
            ),
            "Right up to update `total_steps`; after it your rate is 0 and not the "
            "floor.",
        ),
        Mistake(
            _warmup_with(
                tail=lambda t, lr, w, total, low: _cosine(t, lr, w, total, 0.0)
            ),
            "Your cosine falls to 0 whatever `eta_min` is.",
        ),
        Mistake(
            _warmup_with(
                tail=lambda t, lr, w, total, low: np.maximum(
                    low, _cosine(t, lr, w, total, 0.0)
                )
            ),
            "Your cosine falls towards 0 and is cut off at `eta_min`. Stretch it "
            "between the two rates instead.",
        ),
        Mistake(
            _warmup_with(
                tail=lambda t, lr, w, total, low: (
                    low + lr * _half_wave((t - w) / (total - w))
                )
            ),
            "Your rate exceeds the peak by `eta_min`: the floor was added to a wave "
            "that has the full height already.",
        ),
        Mistake(
            _warmup_with(
                tail=lambda t, lr, w, total, low: (
                    low + (lr - low) * _half_wave((t - w) / max(total - w - 1, 1))
                )
            ),
            "Your rate is at the floor one update early, at `total_steps - 1`. The "
            "cosine has `total_steps - warmup_steps` updates.",
        ),
        Mistake(
            _warmup_with(
                tail=lambda t, lr, w, total, low: (
                    low + (lr - low) * _half_wave((t - w) / (total - w + 1))
                )
            ),
            "Your cosine has one update too many: it isn't at the floor at "
            "`total_steps`.",
        ),
        Mistake(
            _warmup_with(
                tail=lambda t, lr, w, total, low: (
                    lr + (low - lr) * np.clip((t - w) / (total - w), 0, 1)
                )
            ),
            "Your tail is a straight line. Its ends are right; between them the cosine "
            "runs elsewhere.",
        ),
        Mistake(
            lambda t, lr, w, total, low: lr * (t + 1) / (w + 1),
            "Your rate rises past the peak: nothing ends the ramp.",
        ),
        Mistake(
            lambda t, lr, w, total, low: lr * np.minimum((t + 1) / (w + 1), 1),
            "The warmup is right, but your rate then stays at the peak: nothing takes "
            "over.",
        ),
        Mistake(
            lambda t, lr, w, total, low: (
                np.minimum((t + 1) / (w + 1), 1)
                * (low + (lr - low) * _half_wave(t / total))
            ),
            "You multiplied the ramp and a cosine over the whole run. Then the peak is "
            "never reached; the two have to follow each other.",
        ),
        Mistake(
            lambda t, lr, w, total, low: warmup_cosine(
                np.maximum(np.subtract(t, 1), 0), lr, w, total, low
            ),
            "Your rates come one update late: `t` counts from 0.",
        ),
        Mistake(
            lambda t, lr, w, total, low: warmup_cosine(np.add(t, 1), lr, w, total, low),
            "Your rates come one update early: the first update has number 0.",
        ),
    ),
)


# The top of document 4's ramp ---------------------------------------------------


def gradual_peak():
    return 0.002 * 50


GRADUAL_PEAK = Exercise(
    name="warmup/gradual_peak",
    text="""\
### Exercise: where does this ramp end?

You find this in an old script:

    optimizer = SGD(model.parameters(), lr=0.002)
    after = StepLR(optimizer, step_size=30)
    scheduler = GradualWarmupScheduler(
        optimizer, multiplier=50, total_epoch=8, after_scheduler=after)

The loop calls `scheduler.step()`, once an epoch. Which rate is at the top of the ramp?
Put the number into `gradual_peak`.

- **Arguments:** none, this is one value and not a function.
- **Returns:** one number, no array: the rate of epoch 8.
- **Boundaries:** epoch 0 is trained at 0.002, and epoch 8 is the last of the ramp. What
  happens at the hand-over, after it, is not asked.
- **Units and time:** a learning rate; epochs are counted from 0.

The number counts as right within a relative 1e-6.""",
    starter="gradual_peak = ...",
    hints=(
        "The ramp starts at the rate of the optimizer. Is that the rate that it ends "
        "at, too?",
        "What does `multiplier` multiply? Slide it in this lesson's explorer of "
        "document 4's loop, and watch the end of the ramp.",
    ),
    solution=gradual_peak,
    asks_for="value",
    mistakes=(
        Mistake(
            lambda: 0.002,
            "That is where the ramp starts. With a multiplier above 1, the optimizer's "
            "rate isn't the peak here, as it is with most schedulers.",
        ),
        Mistake(
            lambda: 50.0,
            "A rate of 50? The multiplier is a factor of the optimizer's rate, not a "
            "rate.",
        ),
        Mistake(
            lambda: 0.002 / 50,
            "That is below where the ramp starts. The multiplier raises the rate.",
        ),
        Mistake(
            lambda: 0.102,
            "Close: you added the multiplied rate to the first one. The multiplier "
            "says where the ramp ends, not how far it climbs.",
        ),
        Mistake(
            lambda: 0.002 * 49,
            "That is how far the ramp climbs, counted from where it starts.",
        ),
        Mistake(
            lambda: 0.002 * (1 + 49 * 7 / 8),
            "That is epoch 7. The ramp has `total_epoch` steps up, and epoch 8 comes "
            "after the eighth.",
        ),
        Mistake(
            lambda: 0.002 * 50**8,
            "The rate isn't multiplied by 50 in every epoch: the ramp is a straight "
            "line.",
        ),
        Mistake(
            lambda: 0.002 * 50 * 8,
            "The length of the ramp doesn't raise its top: it is climbed in 8 steps, "
            "however high it is.",
        ),
        Mistake(
            lambda: 0.002 * 8,
            "You multiplied by the length of the ramp, `total_epoch`.",
        ),
        Mistake(
            lambda: 0.1 / 8,
            "That is the top divided by the number of steps up.",
        ),
    ),
)


# Noam ----------------------------------------------------------------------------


def noam(t, d_model, warmup_steps):
    import numpy as np

    n = t + 1.0
    return d_model**-0.5 * np.minimum(n**-0.5, n * warmup_steps**-1.5)


def _noam_with(
    choose: Callable[[Any, Any], Any] = np.minimum,
    width: Callable[[int], float] = lambda d: d**-0.5,
    power: float = -1.5,
    first: float = 1.0,
) -> Callable[..., Any]:
    """``noam`` with another choice, factor, power of the line, or first number."""

    def answer(t: Any, d: int, w: int) -> Any:
        n = t + first
        return width(d) * choose(n**-0.5, n * float(w) ** power)

    return answer


NOAM = Exercise(
    name="warmup/noam",
    text="""\
### Exercise: the first transformer's schedule

In Vaswani et al. (2017) the learning rate of step number $n$ is

$$d^{-0.5} \\cdot \\min\\left(n^{-0.5},\\; n \\cdot W^{-1.5}\\right),$$

and their $n$ counts from 1. Write `noam(t, d_model, warmup_steps)`, with $d$ for
`d_model` and $W$ for `warmup_steps`, and with `t` counted as in this course.

- **Arguments:** `t`, the update, 0 or larger: an int, or a NumPy array of ints of any
  shape. `d_model` and `warmup_steps`, whole numbers from 1 on, plain ints.
- **Returns:** a float for an int, an array of floats for an array.
- **Boundaries:** update `t = 0` is the paper's step 1, and its rate is above 0. The
  peak is at the paper's step `warmup_steps`: $W$ includes it, unlike elsewhere in this
  chapter.
- **Units and time:** `t` counts updates from 0.

Numbers count as right within a relative 1e-6.""",
    starter="def noam(t, d_model, warmup_steps):\n    return ...",
    hints=(
        "Which number does the paper give to your update 0, and which to update `t`?",
        "Of the two terms one rises and one falls. They meet where $n$ is $W$; before "
        "that, which one is smaller?",
        "`t` may be an array. `min` of Python compares two numbers; NumPy has a "
        "function that compares arrays element by element.",
    ),
    solution=noam,
    cases=(
        (0, 512, 4000),
        (1, 512, 4000),
        (3998, 512, 4000),
        (3999, 512, 4000),
        (4000, 512, 4000),
        (99_999, 512, 4000),
        (3999, 128, 4000),
        (0, 64, 1),
        (7, 16, 4),
        (np.arange(12), 32, 5),
        (np.array([[0, 10, 99], [100, 101, 5000]]), 256, 100),
    ),
    mistakes=(
        Mistake(
            lambda t, d, w: (
                d**-0.5 * np.minimum(np.maximum(t, 1) ** -0.5, (t + 1) * w**-1.5)
            ),
            "Your line counts from 1, but your falling term from 0. Both terms have "
            "the paper's number, `t + 1`.",
        ),
        Mistake(
            lambda t, d, w: np.where(
                np.equal(t, 0), 0.0, _noam_with()(np.maximum(t, 1) - 1, d, w)
            )[()],
            "Your rates come one update late: update 0 is the paper's step 1, and its "
            "rate isn't 0.",
        ),
        Mistake(
            _noam_with(first=2.0),
            "Your rates come one update early: the 1 was added twice.",
        ),
        Mistake(
            lambda t, d, w: noam(np.maximum(t, 1) - 1, d, w),
            "Only update 0 has its own rate; from update 1 on your rates come one "
            "update late. The paper's number of every update is one more than `t`.",
        ),
        Mistake(
            _noam_with(choose=np.maximum),
            "Your rate starts high and grows again after the warmup: of the two terms, "
            "you take the larger one.",
        ),
        Mistake(
            _noam_with(choose=lambda fall, line: fall),
            "Your rate only falls. Either the line of the warmup takes no part, or the "
            "sign of its power is lost and it is never the smaller term.",
        ),
        Mistake(
            _noam_with(choose=lambda fall, line: line),
            "Your rate only rises: after the warmup it should fall.",
        ),
        Mistake(
            _noam_with(choose=np.multiply),
            "You multiplied the two terms; the smaller one of them is asked for.",
        ),
        Mistake(
            _noam_with(choose=np.add),
            "You added the two terms; the smaller one of them is asked for.",
        ),
        Mistake(
            _noam_with(width=lambda d: d**0.5),
            "A wider model gets a larger rate from you. In the paper it gets a smaller "
            "one.",
        ),
        Mistake(
            _noam_with(width=lambda d: 1.0),
            "The width of the model takes no part in your rate.",
        ),
        Mistake(
            _noam_with(width=lambda d: 1 / d),
            "You divide by the width of the model; the paper by its square root.",
        ),
        Mistake(
            _noam_with(power=-0.5),
            "Your line is `warmup_steps` times too steep: it meets the falling term "
            "long before the paper's step `warmup_steps`.",
        ),
        Mistake(
            _noam_with(power=-1.0),
            "Your line is too steep: the two terms have to meet at the paper's step "
            "`warmup_steps`, and yours meet before.",
        ),
        Mistake(
            lambda t, d, w: noam(t, d, w + 1),
            "Your peak is one update late. In the paper, $W$ includes the peak: no 1 "
            "is added to it.",
        ),
        Mistake(
            lambda t, d, w: noam(t, d, w - 1),
            "Your peak is one update early: no 1 is taken off $W$. The paper's step "
            "`warmup_steps` is at the peak.",
        ),
        Mistake(
            lambda t, d, w: np.where(
                np.less(t, w),
                (t + 1) / (w + 1) * (d * w) ** -0.5,
                (d * w) ** -0.5 * (w / np.maximum(t, 1)) ** 0.5,
            )[()],
            "That is this chapter's ramp, with `warmup_steps` updates below the peak. "
            "The paper's $W$ includes the peak.",
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (
    WARMUP_COSINE,
    GRADUAL_PEAK,
    NOAM,
)
