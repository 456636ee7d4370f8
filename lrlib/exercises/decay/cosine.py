"""Exercises of lesson 2.4, Cosine."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# The cosine -------------------------------------------------------------------


def cosine_lr(t, T, lo, hi):
    import numpy as np

    share = np.minimum(t / T, 1)
    return lo + (hi - lo) * (1 + np.cos(np.pi * share)) / 2


def _cosine_with(
    height: Callable[[Any], Any], *, held: bool = True, floor: bool = True
) -> Callable[..., Any]:
    """``cosine_lr`` with another wave: ``height`` of the share of T, 1 at the top."""

    def answer(t: Any, T: int, lo: float, hi: float) -> Any:
        share = t / T
        wave = height(np.minimum(share, 1) if held else share)
        return lo + (hi - lo) * wave if floor else hi * wave

    return answer


def _cosine_height(share: Any) -> Any:
    return (1 + np.cos(np.pi * share)) / 2


COSINE_LR = Exercise(
    name="decay/cosine_lr",
    text="""\
### Exercise: the cosine, held

Write `cosine_lr(t, T, lo, hi)`: half a wave of the cosine that falls from `hi` to
`lo` in `T` updates and then stays there.

- **Arguments:** `t`, the update, 0 or larger: an int, or a NumPy array of ints of any
  shape. `T`, the updates of the fall, an int, 1 or larger. `lo` and `hi`, the lowest
  and highest rate, with `0 <= lo <= hi`.
- **Returns:** a float for an int, an array of floats for an array.
- **Boundaries:** `hi` at `t = 0`, half way between `hi` and `lo` at `t = T/2`, `lo` at
  `t = T` and at every later `t`.
- **Units and time:** `t` counts updates from 0; angles are your own affair.

Numbers count as right within a relative 1e-6.""",
    starter="def cosine_lr(t, T, lo, hi):\n    return ...",
    hints=(
        "Which angle does the cosine have to reach to be at its lowest value? It has "
        "to be there at `t = T`.",
        "The cosine lies between −1 and 1. Turn that into a height between 0 and 1 "
        "first, then stretch and lift it until it lies between `lo` and `hi`.",
        "For the part after `T`, let the share `t / T` not grow any further. A "
        "NumPy function takes the smaller of two values, for numbers and arrays.",
    ),
    solution=cosine_lr,
    cases=(
        (0, 100, 0.01, 0.2),
        (25, 100, 0.01, 0.2),
        (50, 100, 0.01, 0.2),
        (75, 100, 0.01, 0.2),
        (100, 100, 0.01, 0.2),
        (130, 100, 0.01, 0.2),
        (200, 100, 0.01, 0.2),
        (1, 1, 0.0, 1.0),
        (7, 10, 0.3, 0.3),
        (np.arange(13), 4, 0.001, 1.0),
        (np.arange(9), 7, 0.002, 0.5),  # no half of 7 is whole
        (np.array([[0, 30, 60], [90, 120, 500]]), 90, 0.0, 0.1),
    ),
    mistakes=(
        Mistake(
            _cosine_with(lambda share: 1 + np.cos(np.pi * share)),
            "Your rate starts at twice the height above `lo` that it should have: the "
            "cosine plus 1 reaches up to 2.",
        ),
        Mistake(
            _cosine_with(lambda share: 1 + np.cos(np.pi * share), held=False),
            "Two things: the cosine plus 1 reaches up to 2, so the rate starts too "
            "high; and after `T` it climbs again.",
        ),
        Mistake(
            _cosine_with(lambda share: 1 + np.cos(np.pi * share / 2), floor=False),
            "This is document 3's formula: it starts at twice `hi` and ends at `hi`.",
        ),
        Mistake(
            _cosine_with(
                lambda share: 1 + np.cos(np.pi * share / 2), held=False, floor=False
            ),
            "This is document 3's formula, with no end: it starts at twice "
            "`hi`, is at `hi` for `t = T`, and goes on from there.",
        ),
        Mistake(
            lambda t, T, lo, hi: cosine_lr(t, np.maximum(T - 1, 1), lo, hi),
            "Your wave is one update too short: `lo` belongs at `t = T`, and you are "
            "there at `T - 1`.",
        ),
        Mistake(
            lambda t, T, lo, hi: cosine_lr(t, T + 1, lo, hi),
            "Your wave is one update too long: `lo` belongs at `t = T`.",
        ),
        Mistake(
            lambda t, T, lo, hi: np.where(
                np.greater(t, T), 0.0, cosine_lr(t, T, lo, hi)
            ),
            "Right up to `T`, and 0 after it: the floor is `lo`.",
        ),
        Mistake(
            _cosine_with(lambda share: np.cos(np.pi * share)),
            "Your rate falls far below `lo`, even below 0: the cosine itself goes "
            "down to −1.",
        ),
        Mistake(
            _cosine_with(lambda share: _cosine_height(share / 2)),
            "At `t = T` your rate is only half way down: the wave is twice as long as "
            "it should be.",
        ),
        Mistake(
            _cosine_with(lambda share: _cosine_height(share / 2), held=False),
            "Your rate reaches `lo` at `2T`, and then turns round: the wave is twice "
            "as long as it should be, and nothing holds its end.",
        ),
        Mistake(
            _cosine_with(lambda share: _cosine_height(2 * share)),
            "At `t = T` your rate is back at `hi`: a whole wave, down and up, where "
            "half of it is asked for.",
        ),
        Mistake(
            _cosine_with(lambda share: _cosine_height(2 * share), held=False),
            "At `t = T` your rate is back at `hi`, and at every later `T` again: "
            "whole waves, one after the other.",
        ),
        Mistake(
            _cosine_with(lambda share: (1 + np.cos(180 * share)) / 2),
            "The rate jumps up and down without a pattern: the angle is in degrees, "
            "and NumPy's cosine takes radians.",
        ),
        Mistake(
            _cosine_with(lambda share: _cosine_height(np.radians(share))),
            "Your rate hardly leaves `hi`: the angle was turned from degrees into "
            "radians, and was in radians already.",
        ),
        Mistake(
            _cosine_with(_cosine_height, floor=False),
            "Your rate falls to 0 whatever `lo` is: the floor takes no part.",
        ),
        Mistake(
            _cosine_with(_cosine_height, held=False, floor=False),
            "Two things: the rate falls to 0 whatever `lo` is, and after `T` it climbs "
            "again.",
        ),
        Mistake(
            lambda t, T, lo, hi: lo + hi * _cosine_height(np.minimum(t / T, 1)),
            "Your rate starts above `hi`, by as much as `lo`: the floor was added, but "
            "the wave still has the height of `hi` alone.",
        ),
        Mistake(
            lambda t, T, lo, hi: np.maximum(
                lo, hi * _cosine_height(np.minimum(t / T, 1))
            ),
            "Your wave runs down to 0 and is cut off at `lo`. Half way through it "
            "isn't half way between the two rates; stretch it, don't cut it.",
        ),
        Mistake(
            _cosine_with(_cosine_height, held=False),
            "Right up to `T`; after it your rate climbs back to `hi`, as torch's does. "
            "Here it has to stay at `lo`.",
        ),
        Mistake(
            lambda t, T, lo, hi: lo + (hi - lo) * _cosine_height((t % T) / T),
            "At `t = T` your rate jumps back to `hi`: a restart, and `lo` is never "
            "reached.",
        ),
        Mistake(
            lambda t, T, lo, hi: np.where(
                np.less(t, T), lo + (hi - lo) * _cosine_height(t / T), hi
            ),
            "From `T` on your rate is `hi` again: the wrong one of the two is held.",
        ),
        Mistake(
            _cosine_with(lambda share: 1 - _cosine_height(share)),
            "Your rate rises from `lo` to `hi`: the wave is upside down.",
        ),
        Mistake(
            _cosine_with(lambda share: 1 - share),
            "That is a straight line. Its middle and its ends are right, the way "
            "between them isn't.",
        ),
        Mistake(
            _cosine_with(lambda share: np.cos(np.pi * share / 2)),
            "That is a quarter of a wave: it arrives at `lo` at full speed and isn't "
            "half way down at `T/2`.",
        ),
        Mistake(
            lambda t, T, lo, hi: _cosine_with(_cosine_height)(t + 1, T, lo, hi),
            "Your rate is one update ahead: `t` counts from 0, and at 0 the rate is "
            "still `hi`.",
        ),
    ),
)


# How long is T_max? -------------------------------------------------------------


def t_max(epochs, batches, per):
    return epochs if per == "epoch" else epochs * batches


T_MAX = Exercise(
    name="decay/t_max",
    text="""\
### Exercise: how long is T_max?

You train for some number of epochs, and torch's `CosineAnnealingLR` shall take the
rate from its maximum to its floor, once, over the whole training. Write
`t_max(epochs, batches, per)`, which says what to pass as `T_max`.

- **Arguments:** `epochs`, and `batches`, the batches in an epoch: whole numbers from 1
  on, no arrays. `per`, a string: `'epoch'` if your loop calls `scheduler.step()` at
  the end of each epoch, `'batch'` if it calls it after each batch.
- **Returns:** a whole number: the last call of `scheduler.step()` of the training, and
  none before it, brings the rate to `eta_min`.
- **Boundaries:** with one batch in an epoch, both loops call as often.
- **Units and time:** `T_max` counts calls of `scheduler.step()`, the first call is
  number 1.""",
    starter="def t_max(epochs, batches, per):\n    return ...",
    hints=(
        "How often is `scheduler.step()` called in the whole training? Count for "
        "2 epochs of 3 batches, for both kinds of loop.",
        "The scheduler knows neither epochs nor batches. It counts its own calls, and "
        "`T_max` is the number of the call that reaches the floor.",
    ),
    solution=t_max,
    cases=(
        (90, 391, "epoch"),
        (90, 391, "batch"),
        (10, 8, "epoch"),
        (10, 8, "batch"),
        (4, 1, "epoch"),
        (4, 1, "batch"),
        (2, 3, "epoch"),
        (2, 3, "batch"),
    ),
    mistakes=(
        Mistake(
            lambda epochs, batches, per: t_max(epochs, batches, per) / 2,
            "Half of the training: torch would be at the floor in the middle, and back "
            "at the maximum at the end. `T_max` is half a *period*, not half of the "
            "training.",
        ),
        Mistake(
            lambda epochs, batches, per: 2 * t_max(epochs, batches, per),
            "Twice the training: the rate would end half way down. `T_max` isn't the "
            "whole period of the wave, down and up.",
        ),
        Mistake(
            lambda epochs, batches, per: epochs,
            "Right for a loop that calls once an epoch. Called after each batch, your "
            "scheduler is through with its wave long before the training is.",
        ),
        Mistake(
            lambda epochs, batches, per: epochs * batches,
            "Right for a loop that calls after each batch. Called once an epoch, your "
            "scheduler would hardly have begun when the training ends.",
        ),
        Mistake(
            lambda epochs, batches, per: t_max(
                epochs, batches, "epoch" if per == "batch" else "batch"
            ),
            "The two loops are swapped: which of them calls more often?",
        ),
        Mistake(
            lambda epochs, batches, per: epochs if per == "epoch" else batches,
            "For the loop over batches this counts one epoch only. It calls in every "
            "epoch.",
        ),
        Mistake(
            lambda epochs, batches, per: t_max(epochs, batches, per) - 1,
            "One too few: the last call but one would reach the floor, and torch would "
            "climb at the last.",
        ),
        Mistake(
            lambda epochs, batches, per: t_max(epochs, batches, per) + 1,
            "One too many: the training ends one call above the floor.",
        ),
        Mistake(
            lambda epochs, batches, per: epochs if per == "epoch" else epochs + batches,
            "For the loop over batches you added. There are so many batches in each of "
            "the epochs.",
        ),
    ),
)


# After T_max ----------------------------------------------------------------------


def rate_past_the_end():
    import math

    lr, T_max, eta_min = 0.05, 30, 0.001
    wave = math.cos(math.pi * 60 / T_max)
    return eta_min + (lr - eta_min) * (1 + wave) / 2


RATE_PAST_THE_END = Exercise(
    name="decay/rate_past_the_end",
    text="""\
### Exercise: thirty planned, sixty trained

An optimizer is built with `lr=0.05`, its scheduler is
`CosineAnnealingLR(optimizer, T_max=30, eta_min=0.001)`, called once an epoch. Someone
trains for 60 epochs instead of 30. Which rate does the optimizer hold after the 60th
call of `scheduler.step()`? Put the number into `rate_past_the_end`.

- **Arguments:** none, this is one value and not a function.
- **Returns:** one number, no array: `optimizer.param_groups[0]["lr"]`.
- **Boundaries:** it lies between the lowest and the highest rate, both included.
- **Units and time:** a learning rate. Epoch 1 is trained at the optimizer's own `lr`;
  calls are counted from 1.

The number counts as right within a relative 1e-6.""",
    starter="rate_past_the_end = ...",
    hints=(
        "In this lesson's first explorer, set `T_max` to 30 and the training to 60 "
        "epochs. Which curve is torch's?",
        "From the maximum to the floor it takes 30 calls. How long is a whole wave "
        "of the cosine, then?",
    ),
    solution=rate_past_the_end,
    asks_for="value",
    mistakes=(
        Mistake(
            lambda: 0.001,
            "That is `eta_min`, where the rate was after 30 calls. torch doesn't hold "
            "it there.",
        ),
        Mistake(
            lambda: 0.0,
            "No rate of this scheduler is below `eta_min`, and at `eta_min` it was 30 "
            "calls earlier.",
        ),
        Mistake(
            lambda: 0.0255,
            "That is half way between the two rates, where the wave passes after 15 "
            "and after 45 calls.",
        ),
        Mistake(
            lambda: 0.025,
            "Half of the rate: that would be a wave of another length, and without a "
            "floor.",
        ),
        Mistake(
            lambda: 0.001 + 0.049 * _cosine_height(59 / 30),
            "That is the rate after 59 calls, which epoch 60 was trained at (and after "
            "61). Count the calls again.",
        ),
        Mistake(
            lambda: 0.1,
            "Twice the maximum is where document 3's formula starts. torch "
            "does not rise above the optimizer's own rate here.",
        ),
        Mistake(
            lambda: 0.049,
            "That is the height of the wave. It stands on the floor, not on 0.",
        ),
        Mistake(
            lambda: 0.051,
            "That is above the rate that the optimizer was built with. The floor was "
            "added to a wave that already starts there.",
        ),
        Mistake(
            lambda: 0.00005,
            "`eta_min` isn't a factor of the rate: it is a rate itself. And it isn't "
            "held.",
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (
    COSINE_LR,
    T_MAX,
    RATE_PAST_THE_END,
)
