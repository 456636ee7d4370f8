"""Exercises of chapter 2: at which update a rate falls, how far, and in whose clock."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import takewhile
from typing import Any, Literal

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# Stairs of one width --------------------------------------------------------------


def step_lr(t, eta0, gamma, s):
    return eta0 * gamma ** (t // s)


STEP_LR = Exercise(
    name="decay/step_lr",
    text="""\
### Exercise: stairs of one width

Write `step_lr(t, eta0, gamma, s)`: the learning rate of update `t` on stairs that
are `s` updates wide.

- **Arguments:** `t`, a whole number or a NumPy array of whole numbers of any shape,
  0 or larger; `eta0`, the first rate, and `gamma`, the factor from stair to stair,
  two numbers above 0; `s`, a whole number of at least 1.
- **Returns:** the rate, a number; for an array, an array of its shape.
- **Boundaries:** `eta0` at `t = 0`, and at all of the first `s` updates. The next
  one is the first with the lower rate.
- **Units and time:** `t` counts updates from 0, `s` counts updates, and the rate is
  in the unit of `eta0`.

Numbers count as right within a relative 1e-6.""",
    starter="def step_lr(t, eta0, gamma, s):\n    return ...",
    hints=(
        "On which stair is update `t`, if the first stair is number 0? Write the "
        "stairs of `s = 5` down for `t` from 0 to 11.",
        "The number of the stair is how often `s` fits into `t` as a whole. Python has "
        "an operator for it, which works for arrays too.",
        "Each stair is `gamma` times as high as the one before. After two of them that "
        "is `gamma * gamma`.",
    ),
    solution=step_lr,
    cases=(
        *((t, 0.1, 0.1, 5) for t in (0, 4, 5, 9, 10, 11)),
        *((t, 1.0, 0.5, 4) for t in (1, 3, 6, 8, 13)),
        (3, 0.2, 0.7, 1),
        (17, 3e-4, 0.3, 5),
        (29, 0.3, 0.1, 30),
        (30, 0.3, 0.1, 30),
        (np.array([0, 4, 5, 9, 10, 11]), 0.1, 0.1, 5),
        (np.arange(12).reshape(3, 4), 1.0, 0.5, 3),
        (np.array([9999, 10000, 10001]), 0.01, 0.2, 10000),
    ),
    mistakes=(
        Mistake(
            lambda t, eta0, gamma, s: eta0 * gamma ** ((t - 1) // s),
            "Your `t` counts from 1: update 0 gets a rate above `eta0`, and each stair "
            "falls one update late.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: eta0 * gamma ** (np.maximum(t - 1, 0) // s),
            "Your stairs fall one update late, at `s + 1`: the first one holds for "
            "`s + 1` updates. That is document 4's example.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: eta0 * gamma ** ((t + 1) // s),
            "Your stairs fall one update early: the first one holds for only `s - 1` "
            "updates.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: eta0 * gamma ** np.round(t / s),
            "You round to the nearest stair, so the rate falls in the middle of each. "
            "It has to wait until the stair is full.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: eta0 * gamma ** np.ceil(t / s),
            "You round up: the rate falls at `t = 1` already, and only update 0 gets "
            "`eta0`.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: eta0 * gamma ** (t / s),
            "Yours is a slope, which falls a little at every update. On stairs the "
            "exponent is a whole number.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: eta0 * gamma ** (t % s),
            "You take what is left over when `t` is divided by `s`. That falls inside "
            "of each stair and jumps back up at its end.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: eta0 * gamma**t,
            "Your rate falls at every update: `s` takes no part.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: eta0 * gamma * (t // s),
            "You multiply by the number of the stair: the rate is 0 on the first and "
            "then rises.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: np.where(t < s, eta0, eta0 * gamma),
            "Your rate falls once, at `t = s`, and never again.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: np.where(t <= s, eta0, eta0 * gamma),
            "Your rate falls once, and one update late: update `s` is the first of the "
            "second stair.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: np.where(t % s == 0, eta0 * gamma, eta0),
            "Your rate is low at single updates only, and update 0 is one of them. "
            "After a fall it has to stay down.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: np.where(
                (t % s == 0) & (t > 0), eta0 * gamma, eta0
            ),
            "Your rate is low at single updates and back up at the next. After a fall "
            "it has to stay down.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: gamma ** (t // s),
            "That is the share of the first rate that is left. `eta0` hasn't "
            "multiplied it yet.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: (eta0 * gamma) ** (t // s),
            "The power took `eta0` with it: look at the brackets.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: eta0 * gamma ** (t // s + 1),
            "Your first stair is lowered already: the rate at `t = 0` is not `eta0`.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: eta0 * (1 - gamma) ** (t // s),
            "You take `gamma` for the share that is lost. It is the share that is "
            "kept: 0.1 leaves a tenth.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: eta0 / gamma ** (t // s),
            "Your stairs go up: the rate is divided by `gamma`.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: eta0 * np.exp(-gamma * (t // s)),
            "Your stairs fall by the factor exp(−`gamma`). The factor is `gamma`.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: eta0 - gamma * (t // s),
            "You subtract `gamma` at each stair, so the rate becomes negative. Each "
            "stair is a share of the one before.",
        ),
        Mistake(
            lambda t, eta0, gamma, s: gamma * eta0 ** (t // s),
            "`eta0` and `gamma` have changed places: the first rate is `eta0`, and the "
            "factor is what is taken to a power.",
        ),
        *(
            Mistake(
                lambda t, eta0, gamma, s, digits=digits: np.round(
                    step_lr(t, eta0, gamma, s), digits
                ),
                f"You round to {digits} decimals. On a low stair the rate is smaller "
                "than that.",
            )
            for digits in (4, 5)
        ),
    ),
)

# Stairs at chosen updates ---------------------------------------------------------


def multistep_lr(t, eta0, gamma, milestones):
    return eta0 * gamma ** sum(t >= m for m in milestones)


def _in_order(t: int, milestones: list[int]) -> int:
    """Milestones passed, if one stops at the first that is still to come."""
    return len(list(takewhile(lambda m: m <= t, milestones)))


MULTISTEP_LR = Exercise(
    name="decay/multistep_lr",
    text="""\
### Exercise: stairs at chosen updates

Write `multistep_lr(t, eta0, gamma, milestones)`: the learning rate of update `t` if
it is multiplied by `gamma` at each of the `milestones`.

- **Arguments:** `t`, one whole number, 0 or larger, no array; `eta0`, the first rate,
  and `gamma`, the factor, two numbers above 0; `milestones`, a list of whole numbers
  of at least 1, in any order, some of them perhaps more than once, perhaps none.
- **Returns:** the rate, one number. The list that came in stays as it was.
- **Boundaries:** a milestone acts at `t` equal to it, and from then on. One that is
  listed twice acts twice. With an empty list the rate stays `eta0`.
- **Units and time:** `t` and the milestones count updates from 0; the rate is in the
  unit of `eta0`.

The number counts as right within a relative 1e-6.""",
    starter="def multistep_lr(t, eta0, gamma, milestones):\n    return ...",
    hints=(
        "The order of the milestones doesn't matter, so don't use it. What does each "
        "single one have to tell you?",
        "With `milestones = [8, 24, 28]` the factor acts 0 times at `t = 7`, once at "
        "8, twice at 24 and three times at 100.",
        "Count the milestones that have been reached. A loop over all of them with an "
        "`if` inside does it, and so does a `sum`.",
    ),
    solution=multistep_lr,
    cases=(
        *((t, 1.0, 0.5, [8, 24, 28]) for t in (0, 7, 8, 23, 24, 27, 28, 100)),
        *((t, 0.1, 0.3, [28, 8, 24]) for t in (8, 10, 26)),
        *((t, 0.1, 0.3, [24, 28, 8]) for t in (10, 25, 40)),
        *((t, 2.0, 0.1, [5, 5]) for t in (4, 5, 6)),
        *((t, 0.4, 0.2, [9, 3, 9]) for t in (2, 3, 8, 9, 10)),
        (40, 3e-4, 0.3, [8, 24, 28]),
        (50, 0.3, 0.1, []),
        (1, 0.3, 0.1, [1]),
    ),
    mistakes=(
        Mistake(
            lambda t, eta0, gamma, milestones: eta0 * gamma ** len(milestones),
            "You count all milestones, also those that are still to come: your rate is "
            "the last one from the start.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma ** sum(m < t for m in milestones)
            ),
            "Your rate falls one update after each milestone. At the milestone itself "
            "it has to be lower already.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma ** sum(m <= t + 1 for m in milestones)
            ),
            "Your rate falls one update before each milestone.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma ** sum(m <= t for m in set(milestones))
            ),
            "A milestone that is listed twice acts once for you. A set drops what is "
            "repeated, and so does a dictionary.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma ** bisect_right(milestones, t)
            ),
            "Bisection needs a sorted list, and these milestones come in any order.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: eta0 * gamma ** _in_order(t, milestones),
            "You stop at the first milestone that is still to come. In a list of any "
            "order, one that has been reached may stand behind it.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0
                * gamma
                ** max(
                    (k for k, m in enumerate(milestones, start=1) if t >= m), default=0
                )
            ),
            "You use the place in the list of the last milestone that was reached. "
            "In a list of any order a place is no count.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma if any(t >= m for m in milestones) else eta0
            ),
            "Your rate falls once and never again. The first case that fits is not the "
            "only one: look at the last.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma if t in milestones else eta0
            ),
            "Your rate is low at the milestones only, and back up at the next update.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: eta0 * gamma ** milestones.count(t),
            "You count a milestone at its own update alone. After that it has to go on "
            "acting.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma ** sum(t < m for m in milestones)
            ),
            "You count the milestones that are still to come, so your rate rises.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma ** sum(m for m in milestones if t >= m)
            ),
            "You add up the milestones themselves. What matters is how many they are.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma ** sum(t // m for m in milestones)
            ),
            "Each of your milestones acts again and again, at its multiples too. That "
            "is StepLR; here each listing acts once.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma * sum(t >= m for m in milestones)
            ),
            "You multiply by the count: the rate is 0 before the first milestone and "
            "then rises.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma ** max(sum(t >= m for m in milestones) - 1, 0)
            ),
            "The first milestone does nothing for you: the factors are numbered from 0 "
            "somewhere.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: gamma ** sum(t >= m for m in milestones),
            "That is the share of the first rate that is left. `eta0` takes no part.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * (1 - gamma) ** sum(t >= m for m in milestones)
            ),
            "You take `gamma` for the share that is lost. It is the share that is "
            "kept.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 / gamma ** sum(t >= m for m in milestones)
            ),
            "Your stairs go up: the rate is divided by `gamma`.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0
                * gamma ** next((k for k, m in enumerate(milestones, 1) if t >= m), 0)
            ),
            "You take the first case that fits and look no further: `return` stands in "
            "the loop. The other milestones have a say too.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma if milestones and t >= milestones[0] else eta0
            ),
            "Only the first milestone of the list acts. Does `return` stand inside of "
            "the loop?",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma ** sum(t >= m for m in np.cumsum(milestones))
            ),
            "You take the milestones for the widths of stairs, one after the other. "
            "Each of them is an update, counted from 0.",
        ),
        Mistake(
            lambda t, eta0, gamma, milestones: (
                eta0 * gamma ** sum(t <= m for m in milestones)
            ),
            "The comparison is turned round: you count the milestones at `t` and after "
            "it, so your rate rises.",
        ),
        *(
            Mistake(
                lambda t, eta0, gamma, milestones, digits=digits: round(
                    multistep_lr(t, eta0, gamma, milestones), digits
                ),
                f"You round to {digits} decimals. After some falls the rate is smaller "
                "than that.",
            )
            for digits in (4, 5)
        ),
    ),
)

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

# The gamma for a length ---------------------------------------------------------


def gamma_for(ratio, T):
    return ratio ** (1 / T)


GAMMA_FOR = Exercise(
    name="decay/gamma_for",
    text="""\
### Exercise: the gamma for a length

An exponential schedule shall end where you want it: after `T` calls of
`scheduler.step()` the rate is `ratio` times the first rate. Write
`gamma_for(ratio, T)`, the `gamma` that `ExponentialLR` needs for it.

- **Arguments:** `ratio`, a number above 0, above 1 too if the rate shall grow;
  `T`, a whole number from 1 on. Single numbers, no arrays.
- **Returns:** gamma, one number.
- **Boundaries:** with `ratio = 1` the rate stays, so gamma is 1; with `T = 1`
  one call does it all.
- **Units and time:** `ratio` is a pure number, 0.01 for 1 %; `T` counts calls,
  whether that is epochs or batches. The first rate is that of `t = 0`, the one
  that is `ratio` times as large that of `t = T`.

The number counts as right within a relative 1e-6.""",
    starter="def gamma_for(ratio, T):\n    return ...",
    hints=(
        "Write the rate after one call, after two, after three. What stands in front "
        "of the first rate after T calls?",
        "You know that product and look for one of its equal factors. Which operation "
        "undoes a power?",
        "By hand: a ratio of 0.25 in 2 calls needs gamma 0.5.",
    ),
    solution=gamma_for,
    cases=(
        (0.01, 100),
        (0.25, 2),
        (0.5, 1),
        (1e-3, 5000),
        (1.0, 20),
        (0.01, 9200),
        (10.0, 1),
        (0.9, 3),
    ),
    mistakes=(
        Mistake(
            lambda ratio, T: ratio / T,
            "You share the ratio among the calls, or brackets are missing: `**` comes "
            "before `/`. Each call multiplies, and your gamma for 1 % in 100 calls, "
            "0.0001, gets there in less than one.",
        ),
        Mistake(
            lambda ratio, T: 1 - ratio / T,
            "Your gamma comes nearer to 1 the deeper the rate shall fall: look at what "
            "it gives for a tiny ratio.",
        ),
        Mistake(
            lambda ratio, T: 1 - (1 - ratio) / T,
            "Equal parts of the whole fall: that is the first step of a straight line. "
            "The exponential loses a share of what is left, so it would end too high.",
        ),
        Mistake(
            lambda ratio, T: ratio**T,
            "Upside down: that is where the rate ends if each call multiplies it by "
            "`ratio`. You know the end and look for the factor.",
        ),
        Mistake(
            lambda ratio, T: ratio ** (1 / (T - 1)),
            "You count T rates. From `t = 0` to `t = T` there are T calls between "
            "them, one for each factor; with `T = 1` yours divides by 0.",
        ),
        Mistake(
            lambda ratio, T: ratio ** (1 / (T - 1)) if T > 1 else ratio,
            "One call is right in your answer; with more, you count T rates. From "
            "`t = 0` to `t = T` there are T calls between them, one for each factor.",
        ),
        Mistake(
            lambda ratio, T: ratio ** (1 / (T + 1)),
            "One factor too many: from `t = 0` to `t = T` the scheduler is called T "
            "times.",
        ),
        Mistake(
            lambda ratio, T: (1 / ratio) ** (1 / T),
            "Your rate grows where it should fall: the ratio is upside down.",
        ),
        Mistake(
            lambda ratio, T: T ** (1 / ratio),
            "The two arguments have changed places: `ratio` is what the calls multiply "
            "to, `T` is how many there are.",
        ),
        Mistake(
            lambda ratio, T: (ratio / 100) ** (1 / T),
            "You divide by 100, as if `ratio` were in percent. It is a pure number: "
            "1 % is 0.01 already.",
        ),
        Mistake(
            lambda ratio, T: (1 - ratio) ** (1 / T),
            "You start from the part that is lost. `ratio` is the part that is left "
            "at the end.",
        ),
        Mistake(
            lambda ratio, T: min(1.0, ratio ** (1 / T)),
            "You don't let gamma exceed 1. With a ratio above 1 the rate shall grow.",
        ),
        Mistake(
            lambda ratio, T: round(ratio ** (1 / T), 5),
            "You round to five digits, and the error is multiplied T times. More "
            "digits are asked for: don't round.",
        ),
        Mistake(
            lambda ratio, T: 1 + np.log(ratio) / T,
            "Close for long runs: you replaced the exponential function by its first "
            "two terms. For `T = 1` it is far off.",
        ),
        Mistake(
            lambda ratio, T: np.log(ratio) / T,
            "That is the logarithm of gamma, the slope on a log axis. One operation is "
            "missing.",
        ),
        Mistake(
            lambda ratio, T: -np.log(ratio) / T,
            "That is the decay constant k of exp(-k t). `ExponentialLR` wants the "
            "factor itself.",
        ),
        Mistake(
            lambda ratio, T: 1 - ratio ** (1 / T),
            "That is the share that each call takes away. gamma is the share that it "
            "leaves.",
        ),
    ),
)

# A polynomial that stays at its end ----------------------------------------------


def poly_lr(t, eta0, T, power):
    import numpy as np

    left = 1 - np.minimum(t, T) / T
    return eta0 * left**power


def _poly_lr_without_end(t: Any, eta0: float, T: int, power: float) -> Any:
    with np.errstate(invalid="ignore"):
        return eta0 * (1 - t / T) ** power


def _poly_lr_that(change: Callable[[Any, int], Any]) -> Any:
    """A polynomial of what ``change(t, T)`` makes of the part that is left."""

    def answer(t: Any, eta0: float, T: int, power: float) -> Any:
        return eta0 * change(t, T) ** power

    return answer


POLY_LR = Exercise(
    name="decay/poly_lr",
    text="""\
### Exercise: the polynomial, and after it

Write `poly_lr(t, eta0, T, power)`: the rate of update `t` when it falls from
`eta0` to 0 in `T` updates as a power of the part of the run that is left. When
the run goes on longer than planned, the rate stays at 0.

- **Arguments:** `t`, an int from 0 on or a NumPy array of such ints, of any
  shape; `eta0`, a number above 0; `T`, a whole number from 2 on; `power`, a
  number above 0.
- **Returns:** the rate, a number for an int; for an array, an array of the same
  shape.
- **Boundaries:** `eta0` at `t = 0`; exactly 0 at `t = T` and at every later `t`,
  for every `power`.
- **Units and time:** in the unit of `eta0`; `t` counts updates from 0, and so
  does `T`.

The number counts as right within a relative 1e-6.""",
    starter="def poly_lr(t, eta0, T, power):\n    return ...",
    hints=(
        "Which part of the run is left at update 0, at T/2, at T? And at 2 T?",
        "A negative number to the power 2 is positive, and to the power 1/2 it is no "
        "real number. So see to it that what you raise is never negative.",
        "`np.maximum` and `np.minimum` take numbers and arrays alike; `max` and `if` "
        "don't take arrays.",
    ),
    solution=poly_lr,
    cases=(
        (0, 0.1, 8, 2.0),
        (3, 0.1, 8, 1.0),
        (3, 0.1, 8, 0.5),
        (7, 1.0, 8, 2.0),
        (8, 1.0, 8, 0.5),
        (12, 1.0, 8, 1.0),
        (20, 0.5, 8, 2.0),
        (np.arange(13), 1.0, 10, 2.0),
        (np.arange(13), 0.3, 10, 0.5),
        (np.array([[0, 40], [99, 250]]), 0.1, 100, 0.9),
    ),
    mistakes=(
        Mistake(
            _poly_lr_without_end,
            "Past `T` the part that is left is negative in your answer: with power 1 "
            "the rate is below 0, with power 2 it rises again, and with power 0.5 it "
            "is no real number. Training goes on after the end; the rate has to be 0.",
        ),
        Mistake(
            lambda t, eta0, T, power: np.maximum(
                _poly_lr_without_end(t, eta0, T, power), 0
            ),
            "You cut off what is negative after the power was taken. By then power 2 "
            "has made it positive, and power 0.5 no real number.",
        ),
        Mistake(
            lambda t, eta0, T, power: (
                _poly_lr_without_end(t, eta0, T, power) * np.less(t, T)
            ),
            "You set the end to 0 by multiplying, after the power was taken. By then "
            "powers 0.5 and 0.9 have made NaN of what is negative, and 0 times NaN is "
            "NaN. See to the end before the power.",
        ),
        Mistake(
            lambda t, eta0, T, power: np.trunc(poly_lr(t, eta0, T, power)),
            "Whole numbers came back: an array of ints, as `np.zeros_like(t)` makes "
            "one, cuts off decimals. Ask for `dtype=float`.",
        ),
        Mistake(
            lambda t, eta0, T, power: poly_lr(t, eta0, T, 1 / power),
            "Your power is upside down: with power 2 yours falls fast last, as power "
            "0.5 should.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: np.abs(1 - t / T)),
            "After its end your rate comes back to life: no sign is lost, but the rate "
            "has to stay at 0.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: 1 - t % T / T),
            "At `T` your rate jumps back to the top, as in a restart. It has to stay "
            "at 0.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: np.where(t < T, 1 - np.minimum(t, T) / T, 1.0)),
            "After its end your rate is `eta0` again, at full height. It has to stay "
            "at 0.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: 1 - np.minimum(t, T - 1) / T),
            "Your rate never gets to 0: it holds its value of `t = T - 1`.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: np.maximum(1 - (t + 1) / T, 0)),
            "You are one update ahead: `t` counts from 0, and update 0 has the full "
            "rate.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: np.maximum(1 - t / (T - 1), 0)),
            "Your rate is 0 one update too early, at `t = T - 1`.",
        ),
        Mistake(
            lambda t, eta0, T, power: eta0 * (1 - (np.minimum(t, T) / T) ** power),
            "You raise the part that is over, not the part that is left: with power 2 "
            "yours falls slowly at first.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: np.minimum(t, T) / T),
            "Your rate starts at 0 and rises: that is the part of the run that is "
            "over.",
        ),
        Mistake(
            lambda t, eta0, T, power: eta0 * (1 - np.minimum(t, T) / T),
            "Your line is straight whatever `power` is: it takes no part.",
        ),
        Mistake(
            lambda t, eta0, T, power: eta0 * (1 - np.minimum(t, T) / T) * power,
            "`power` multiplies in your answer. At `t = 0` the rate should be `eta0` "
            "for every power.",
        ),
        Mistake(
            lambda t, eta0, T, power: (1 - np.minimum(t, T) / T) ** power,
            "That is the factor, 1 at the start. `eta0` hasn't multiplied it yet.",
        ),
        Mistake(
            lambda t, eta0, T, power: (eta0 * (1 - np.minimum(t, T) / T)) ** power,
            "`eta0` gets raised to the power too. Look at the brackets, and at "
            "`t = 0`.",
        ),
    ),
)

# The conditions of Robbins and Monro ----------------------------------------------


def robbins_monro(p):
    if p > 1:
        return "stops early"
    if p <= 0.5:
        return "noise stays"
    return "both hold"


def _sums(
    infinite_rates: Callable[[float], bool], finite_squares: Callable[[float], bool]
) -> Any:
    """The word for ``p`` with these conditions on the two sums."""

    def answer(p: float) -> str:
        if not infinite_rates(p):
            return "stops early"
        return "both hold" if finite_squares(p) else "noise stays"

    return answer


ROBBINS_MONRO = Exercise(
    name="decay/robbins_monro",
    text="""\
### Exercise: which tails meet the conditions?

The rates are `1 / (1 + t)**p`. Robbins and Monro ask that their sum over all
updates is infinite, and that the sum of their squares is finite. Write
`robbins_monro(p)`, which says what holds, and try it on 0.4, 0.5, 0.75, 1, 1.5:

- `'stops early'`: the sum of the rates is finite;
- `'noise stays'`: the sum of their squares is infinite;
- `'both hold'`: both conditions are met.

The words name the condition that fails, and not how a run of 1,000 updates ends. The
sum of `1 / t**q` over all `t` is finite exactly for `q > 1`. The contract:

- **Arguments:** `p`, one number above 0, no array.
- **Returns:** one of these three strings, spelt like this.
- **Boundaries:** there are two borders, and both are tested exactly. No `p` fails
  both conditions.
- **Units and time:** `p` is a pure number; the sums go over all `t` from 0 on, so
  no `t` is handed in.""",
    starter="def robbins_monro(p):\n    return ...",
    hints=(
        "1 + 1/2 + 1/3 + 1/4 + … has no bound: it grows like a logarithm. With any "
        "exponent larger than that of 1/n, the sum has one.",
        "The square of a rate is the same expression with another exponent. Which one, "
        "and where is its border?",
        "In the table of the lesson, look which sums hardly grow from 1,000 to "
        "100,000 updates. Slow growth is growth: mind the borders themselves.",
    ),
    solution=robbins_monro,
    cases=(
        (0.4,),
        (0.5,),
        (0.75,),
        (1.0,),
        (1.5,),
        (0.1,),
        (0.500001,),
        (1.000001,),
        (2.0,),
        (1,),
    ),
    mistakes=(
        Mistake(
            _sums(lambda p: p <= 1, lambda p: p >= 0.5),
            "One border is wrong, the lower one. There the squares are those of 1/n: "
            "what is the sum of 1 + 1/2 + 1/3 + …?",
        ),
        Mistake(
            _sums(lambda p: p < 1, lambda p: p > 0.5),
            "One border is wrong, the upper one. 1 + 1/2 + 1/3 + … grows slowly, but "
            "does it end?",
        ),
        Mistake(
            _sums(lambda p: p < 1, lambda p: p >= 0.5),
            "Both borders are on the wrong side. On each of them a sum is that of "
            "1/n: does it have a bound?",
        ),
        Mistake(
            _sums(lambda p: True, lambda p: True),
            "Every p makes the rates fall, and for some that is not enough: they fall "
            "too fast or too slowly.",
        ),
        Mistake(
            _sums(lambda p: p <= 1, lambda p: True),
            "You checked one condition, that any distance can be covered. Do the "
            "squares add up to something finite for small p?",
        ),
        Mistake(
            _sums(lambda p: True, lambda p: p > 0.5),
            "You checked one condition, that the noise dies out. Is every distance "
            "covered when p is large?",
        ),
        Mistake(
            _sums(lambda p: p <= 1, lambda p: p >= 1),
            "You let one exponent pass alone. Squaring a rate doubles its exponent, "
            "so the squares have a lower border than the rates.",
        ),
        Mistake(
            _sums(lambda p: p <= 1, lambda p: p > 1),
            "For you no p meets both: you gave the squares the border of the rates "
            "themselves. Squaring changes the exponent.",
        ),
        Mistake(
            _sums(lambda p: p <= 0.5, lambda p: False),
            "Your border for the rates is that of their squares. The sum of the rates "
            "themselves has another.",
        ),
        Mistake(
            lambda p: (
                "noise stays" if p > 1 else "stops early" if p <= 0.5 else "both hold"
            ),
            "The two words are exchanged. Rates that fall fast end the way early; "
            "rates that fall slowly let the noise in.",
        ),
        Mistake(
            _sums(lambda p: p <= 2, lambda p: p > 1),
            "Your borders are twice too high: squaring doubles the exponent, it "
            "doesn't halve it.",
        ),
        Mistake(
            _sums(lambda p: p < 1.01, lambda p: p >= 0.51),
            "Right but for a `p` barely above a border. No finite sum tells a series "
            "that ends from one that grows slowly; compare the exponents.",
        ),
    ),
)

# The loop, repaired ----------------------------------------------------------------


def repaired_loop(lr, epochs, batches):
    import numpy as np
    import torch
    from torch.optim.lr_scheduler import CosineAnnealingLR

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    scheduler = CosineAnnealingLR(optimizer, T_max=epochs)
    used = []  # the optimizer notes the rate of each update
    optimizer.register_step_pre_hook(
        lambda one, *_: used.append(one.param_groups[0]["lr"])
    )
    for _ in range(epochs):
        for _ in range(batches):
            optimizer.step()
        scheduler.step()
    return np.array(used[::batches])


def _wave(lr: Any, calls: Any, T_max: Any) -> Any:
    """The rate of torch's cosine after so many calls, also beyond T_max."""
    return lr * (1 + np.cos(np.pi * calls / T_max)) / 2


def _first_rates(calls: Callable[[Any, int, int], Any], horizon: Any) -> Any:
    """What the loop returns with these calls before each epoch, and this T_max."""

    def answer(lr: float, epochs: int, batches: int) -> Any:
        before = calls(np.arange(epochs), epochs, batches)
        return _wave(lr, before, horizon(epochs, batches))

    return answer


REPAIRED_LOOP = Exercise(
    name="decay/repaired_loop",
    text="""\
### Exercise: repair the loop

`repaired_loop(lr, epochs, batches)` below is document 3's loop without its
model. Its cosine is meant to fall once, from `lr` to 0, over the whole training.
Repair it, and hand back the rate at the start of each epoch.

- **Arguments:** `lr`, a rate above 0; `epochs`, a whole number from 2 on; `batches`,
  the updates of an epoch, a whole number from 1 on. No arrays.
- **Returns:** a one-dimensional NumPy array with `epochs` numbers: the rate that the
  first update of each epoch really used.
- **Boundaries:** the first number is `lr`. None is 0: the cosine reaches 0 when the
  last epoch is over. With one batch in an epoch, nothing was wrong.
- **Units and time:** epochs and updates are counted from 0. Whether the scheduler
  counts the one or the other is yours to choose.

Numbers count as right within a relative 1e-6.""",
    starter="""\
def repaired_loop(lr, epochs, batches):
    import numpy as np
    import torch
    from torch.optim.lr_scheduler import CosineAnnealingLR

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    scheduler = CosineAnnealingLR(optimizer, T_max=epochs)
    used = []  # the optimizer notes the rate of each update
    optimizer.register_step_pre_hook(
        lambda one, *_: used.append(one.param_groups[0]["lr"])
    )
    for _ in range(epochs):
        for _ in range(batches):
            optimizer.step()
            scheduler.step()
    return ...  # of all rates in `used`, the first of each epoch""",
    hints=(
        "How often does this loop call `scheduler.step()` in all? And after how many "
        "calls is the cosine at 0?",
        "The two numbers have to be the same. You can change the one or the other; "
        "if you change both, they differ again.",
        "`used` holds a rate for every update, `batches` of them for each epoch. A "
        "slice with a step picks one out of so many.",
        "On paper, with `lr = 0.1` and 4 epochs of 3 batches, a right loop gives "
        "0.1, 0.0854, 0.05, 0.0146.",
    ),
    solution=repaired_loop,
    cases=((0.1, 4, 3), (1.0, 5, 4), (0.5, 6, 1), (0.01, 3, 8), (2.0, 10, 5)),
    mistakes=(
        Mistake(
            _first_rates(lambda e, epochs, b: e * b, lambda epochs, b: epochs),
            "The loop is as it was: the scheduler is called once a batch and was told "
            "a number of epochs, so the rate falls and climbs again and again.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e * b, lambda epochs, b: b),
            "`T_max` is now the number of batches in one epoch, so there is one half "
            "wave in each epoch: down in the first, up in the second. It should last "
            "for the whole training.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e, lambda epochs, b: b),
            "The scheduler is called once an epoch now, and `T_max` is a number of "
            "batches. One of the two still counts in the other's unit.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e, lambda epochs, b: epochs * b),
            "Both repairs at once: `T_max` counts updates, and the scheduler is called "
            "once an epoch. The rate hardly falls. One repair is enough.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e + 1, lambda epochs, b: epochs),
            "The scheduler is called at the start of an epoch, before the optimizer: "
            "the rate `lr` is never used, and the last epoch trains at 0.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e * b + 1, lambda epochs, b: epochs * b),
            "The scheduler is called before the optimizer in each batch: the first "
            "update should use `lr` itself, and the last one now uses 0.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e * b + 1, lambda epochs, b: epochs),
            "The two lines have changed places, and the order was right. What is wrong "
            "is the number of calls.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e * (b + 1), lambda epochs, b: epochs),
            "The scheduler is called after each batch and again after each epoch, and "
            "`T_max` is a number of epochs. Decide on one place.",
        ),
        Mistake(
            _first_rates(
                lambda e, epochs, b: e * (b + 1), lambda epochs, b: epochs * b
            ),
            "`T_max` is a number of updates now, and one call too many is made in each "
            "epoch: after its last batch the scheduler is called twice.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: 0 * e, lambda epochs, b: 1),
            "The rate never changes: no call of the scheduler comes between the "
            "updates.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e, lambda epochs, b: epochs - 1),
            "Your cosine is at 0 while the last epoch still trains. It should arrive "
            "when that epoch is over.",
        ),
        Mistake(
            _first_rates(
                lambda e, epochs, b: e * b + b - 1, lambda epochs, b: epochs * b
            ),
            "The loop is repaired. What comes back are the rates of the last update of "
            "each epoch; the first is asked for.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: 2 * e, lambda epochs, b: epochs),
            "The scheduler is called twice an epoch: the rate is at 0 halfway and "
            "climbs back.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e * b, lambda epochs, b: epochs * b - 1),
            "`T_max` is one too small: the last update trains at 0. It should count "
            "all calls, that after the last update too.",
        ),
        *(
            Mistake(
                lambda lr, epochs, batches, calls=calls: _wave(
                    lr, calls(epochs, batches), epochs * batches
                ),
                f"One number came back, the rate {which}. Asked for is an array "
                "with a rate for each epoch.",
            )
            for which, calls in (
                ("of the first update", lambda epochs, b: 0),
                ("of the last update", lambda epochs, b: epochs * b - 1),
                ("of the last epoch", lambda epochs, b: epochs * b - b),
                ("that is left after the loop", lambda epochs, b: epochs * b),
            )
        ),
    ),
)

# The rate that is left -------------------------------------------------------------


def rate_after_loop(lr, epochs, batches, T_max, per):
    import math

    calls = epochs * batches if per == "batch" else epochs
    return lr * (1 + math.cos(math.pi * calls / T_max)) / 2


def _calls(epochs: int, batches: int, per: str) -> int:
    return epochs * batches if per == "batch" else epochs


def _left(wave: Callable[..., float]) -> Callable[..., float]:
    """An answer that counts the calls rightly and then does as ``wave`` does."""

    def answer(lr: float, epochs: int, batches: int, T_max: int, per: str) -> float:
        return wave(lr, _calls(epochs, batches, per), T_max)

    return answer


RATE_AFTER_LOOP = Exercise(
    name="decay/rate_after_loop",
    text="""\
### Exercise: the rate that is left

A loop over `epochs` epochs of `batches` batches calls the scheduler
`CosineAnnealingLR(optimizer, T_max)` after each batch or after each epoch. Write
`rate_after_loop(lr, epochs, batches, T_max, per)`: the rate that stands in the
optimizer when the loop is over.

- **Arguments:** `lr`, the rate the optimizer was built with, above 0; `epochs`,
  `batches` and `T_max`, whole numbers from 1 on; `per`, the word `"batch"` or
  `"epoch"`. No arrays.
- **Returns:** one number: the rate after the last call of `scheduler.step()`, which
  the next update would use.
- **Boundaries:** `eta_min` is 0. After `T_max` calls the rate is 0, after twice as
  many it is `lr` again: torch does not stop at `T_max`.
- **Units and time:** `T_max` counts calls of `scheduler.step()`, from 0 calls on,
  where the rate is `lr`.

The number counts as right within a relative 1e-6.""",
    starter='def rate_after_loop(lr, epochs, batches, T_max, per="batch"):\n'
    "    return ...",
    hints=(
        "First the number of calls, then the cosine. The optimizer plays no part.",
        "How many half waves have passed after that many calls? After an even number "
        "the rate is at the top, after an odd number at 0; between them the cosine "
        "itself says.",
        "On paper: `lr = 1`, 3 epochs of 2 batches, `T_max = 4`. Once a batch leaves "
        "0.5, once an epoch leaves 0.146.",
    ),
    solution=rate_after_loop,
    cases=(
        (0.1, 100, 20, 100, "batch"),
        (0.1, 100, 21, 100, "batch"),
        (0.1, 100, 20, 100, "epoch"),
        (0.1, 100, 20, 2000, "batch"),
        (0.5, 10, 3, 40, "batch"),
        (0.5, 10, 4, 40, "epoch"),
        (1.0, 6, 5, 4, "epoch"),
        (1.0, 7, 1, 4, "batch"),
        (2.0, 3, 1, 1, "batch"),
        (2.0, 3, 2, 7, "epoch"),
    ),
    mistakes=(
        Mistake(
            lambda lr, epochs, batches, T_max, per: 0.0,
            "You say 0 for every loop. The cosine is at 0 after `T_max` calls, and "
            "this loop may make more calls, or fewer.",
        ),
        Mistake(
            lambda lr, epochs, batches, T_max, per: lr,
            "You say `lr` for every loop, as if the scheduler were never called.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: _wave(lr, min(calls, T_max), T_max)),
            "Your cosine stops at `T_max` and stays there. The one of torch climbs "
            "back.",
        ),
        Mistake(
            lambda lr, epochs, batches, T_max, per: _wave(lr, epochs * batches, T_max),
            "You count a call for each batch even where the scheduler is called once "
            "an epoch: `per` takes no part.",
        ),
        Mistake(
            lambda lr, epochs, batches, T_max, per: _wave(lr, epochs, T_max),
            "You count a call for each epoch even where the scheduler is called once a "
            "batch: `per` takes no part.",
        ),
        Mistake(
            lambda lr, epochs, batches, T_max, per: _wave(
                lr, epochs if per == "batch" else epochs * batches, T_max
            ),
            "The two words are swapped: once a batch makes more calls than once an "
            "epoch.",
        ),
        Mistake(
            lambda lr, epochs, batches, T_max, per: _wave(
                lr, batches if per == "batch" else epochs, T_max
            ),
            "Once a batch: you count the calls of a single epoch.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: _wave(lr, calls - 1, T_max)),
            "That is the rate which the last update used. The scheduler is called once "
            "more after it.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: _wave(lr, calls + 1, T_max)),
            "You count one call too many. After 0 calls the rate is `lr`.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: _wave(lr, 2 * calls, T_max)),
            "You take `T_max` for the whole period of the cosine, down and up again. "
            "It is half of it: after `T_max` calls the rate is 0.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: 2 * _wave(lr, calls, T_max)),
            "You are twice too high: after 0 calls this would give 2 · `lr`.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: 2 * _wave(lr, calls, T_max) - lr),
            "Your rate becomes negative. The cosine runs from 1 to −1; the rate from "
            "`lr` to 0.",
        ),
        Mistake(
            lambda lr, epochs, batches, T_max, per: (
                lr if per == "batch" and batches % 2 == 0 else 0.0
            ),
            "Even or odd decides only where `T_max` is the number of epochs. Here "
            "`T_max` takes no part.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: _wave(lr, calls % T_max, T_max)),
            "Yours starts again at the top after `T_max` calls. The cosine of torch "
            "climbs back.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: lr * (1 + np.cos(180 * calls / T_max)) / 2),
            "Your angle is in degrees. `cos` takes radians: half a wave is π.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: lr * max(1 - calls / T_max, 0)),
            "Your rate falls along a straight line and stops at 0. This scheduler is a "
            "cosine.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: lr * (1 - calls / T_max)),
            "Your rate falls along a straight line, and below 0. This scheduler is a "
            "cosine.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: _wave(lr - 0.001, calls, T_max) + 0.001),
            "Your rate has a floor of 0.001. Here `eta_min` is 0.",
        ),
    ),
)

# All groups ------------------------------------------------------------------------


def current_lrs(optimizer):
    import numpy as np

    return np.array([group["lr"] for group in optimizer.param_groups])


class _Optimizer:
    """What an answer needs of an optimizer.

    As an array it is its rates, so that an answer which changes them is found out.
    """

    def __init__(self, *rates: float) -> None:
        self.defaults = {"lr": 0.001}
        self.param_groups = [
            {"params": [], "lr": lr, "initial_lr": 2 * lr + 0.1} for lr in rates
        ]

    def state_dict(self) -> dict[str, Any]:
        groups = [dict(group) for group in self.param_groups]
        return {"state": {}, "param_groups": groups}

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.array([g.get("lr", np.nan) for g in self.param_groups], dtype)

    def __repr__(self) -> str:
        return f"SGD{tuple(group['lr'] for group in self.param_groups)}"


CURRENT_LRS = Exercise(
    name="decay/current_lrs",
    text="""\
### Exercise: which rates act now?

Write `current_lrs(optimizer)`: the rate of each parameter group.

- **Arguments:** `optimizer`, any optimizer of torch. It has `param_groups`, a list of
  dictionaries; the check uses a stand-in with one to three groups.
- **Returns:** a one-dimensional NumPy array (not a list) with one number for each
  group, in their order. The optimizer stays as it was.
- **Boundaries:** one group gives an array of length 1. Equal rates are not merged, and
  a group at rate 0 counts.
- **Units and time:** the rates that the next update would use; no `t` takes part.

Numbers count as right within a relative 1e-6.""",
    starter="def current_lrs(optimizer):\n    return ...",
    hints=(
        "Document 4 reads `optimizer.param_groups[0]`. What stands in `[1]`?",
        "Each group is a dictionary of its own. Go through all of them, and make an "
        "array of what you collect.",
    ),
    solution=current_lrs,
    cases=(
        (_Optimizer(0.01, 0.1),),
        (_Optimizer(0.1),),
        (_Optimizer(0.1, 0.01, 0.05),),
        (_Optimizer(5e-5, 5e-4, 5e-4),),
        (_Optimizer(0.0, 0.1),),
    ),
    mistakes=(
        Mistake(
            lambda optimizer: optimizer.param_groups[0]["lr"],
            "That is the rate of the first group alone. The others may have their own.",
        ),
        Mistake(
            lambda optimizer: np.array([optimizer.param_groups[0]["lr"]]),
            "An array, and only the first group is in it.",
        ),
        Mistake(
            lambda optimizer: optimizer.param_groups[-1]["lr"],
            "That is the rate of the last group alone.",
        ),
        Mistake(
            lambda optimizer: np.full(
                len(optimizer.param_groups), optimizer.param_groups[0]["lr"]
            ),
            "The first group's rate, once for each group. Each group has its own.",
        ),
        Mistake(
            lambda optimizer: optimizer.defaults["lr"],
            "`defaults` is what a new group would get. It does not act on those that "
            "are there.",
        ),
        Mistake(
            lambda optimizer: np.array(
                [g["initial_lr"] for g in optimizer.param_groups]
            ),
            "`initial_lr` is where the scheduler began. It doesn't change when the "
            "rate does.",
        ),
        Mistake(
            lambda optimizer: np.unique([g["lr"] for g in optimizer.param_groups]),
            "Equal rates are merged or sorted here. One number for each group, in "
            "their order.",
        ),
        Mistake(
            lambda optimizer: np.mean([g["lr"] for g in optimizer.param_groups]),
            "That is the mean over the groups, a rate that perhaps none of them has.",
        ),
        Mistake(
            lambda optimizer: np.max([g["lr"] for g in optimizer.param_groups]),
            "That is the highest rate. The others act as well.",
        ),
        Mistake(
            lambda optimizer: np.array(
                list({group["lr"] for group in optimizer.param_groups})
            ),
            "A set merges equal rates and has no order. Two groups at the same rate "
            "are two groups.",
        ),
        Mistake(
            lambda optimizer: np.array(
                sorted(group["lr"] for group in optimizer.param_groups)
            ),
            "You sorted the rates. Then nobody knows which group each belongs to.",
        ),
        Mistake(
            lambda optimizer: np.array(
                [group["lr"] for group in optimizer.param_groups[::-1]]
            ),
            "The rates are in the reverse order of the groups.",
        ),
        Mistake(
            lambda optimizer: np.array(
                [max(group["lr"] for group in optimizer.param_groups)]
            ),
            "An array, and only the highest rate is in it.",
        ),
        Mistake(
            lambda optimizer: np.array([optimizer.defaults["lr"]]),
            "An array with `defaults` in it, which is what a new group would get.",
        ),
        Mistake(
            lambda optimizer: np.full(
                len(optimizer.param_groups), optimizer.defaults["lr"]
            ),
            "`defaults` once for each group: that is what a new group would get.",
        ),
    ),
)

# Restarts and cycles ----------------------------------------------------------


def restart_lr(t, T0, shrink):
    import numpy as np

    cycle, s = t // T0, t % T0
    return shrink**cycle * (1 + np.cos(np.pi * s / T0)) / 2


RESTART_LR = Exercise(
    name="decay/restart_lr",
    text="""\
### Exercise: restarts that shrink

Write `restart_lr(t, T0, shrink)`: the rate of update `t`, as a share of the first one.
Every cycle falls from its peak towards 0 along half a wave of the cosine, and each peak
is `shrink` times the one before.

- **Arguments:** `t`, a whole number or a NumPy array of whole numbers of any shape, 0
  or larger; `T0`, the updates in each cycle, a whole number of at least 1; `shrink`, a
  number above 0 and at most 1.
- **Returns:** the share, a number; for an array, an array of its shape.
- **Boundaries:** 1 at `t = 0`. With `T0 = 20` the last update of the first cycle is
  number 19, and number 20 has the rate `shrink`. 0 itself is never reached.
- **Units and time:** `t` counts updates from 0, `T0` counts updates.

Numbers count as right within a relative 1e-6.""",
    starter="def restart_lr(t, T0, shrink):\n    return ...",
    hints=(
        "Which cycle is update `t` in, if the first is number 0, and which place does "
        "it have in that cycle? Python has an operator for each of the two.",
        "With `T0 = 20`, update 43 is in cycle 2 at place 3.",
        "The peak depends on the cycle alone, the cosine on the place alone. At place "
        "0 the cosine is 1; after it, it goes towards −1.",
    ),
    solution=restart_lr,
    cases=(
        *((t, 20, 0.8) for t in (0, 10, 1, 19, 20, 21, 39, 40, 41)),
        *((t, 8, 1.0) for t in (7, 8, 15, 16)),
        (5, 4, 0.3),
        (3, 1, 0.5),
        (np.array([0, 19, 20, 39, 40]), 20, 0.8),
        (np.arange(12).reshape(3, 4), 5, 0.6),
    ),
    mistakes=(
        Mistake(
            lambda t, T0, shrink: restart_lr(np.maximum(t - 1, 0), T0, shrink),
            "You restart one update late, at `T0 + 1`. Epoch 21, counted from 1, is "
            "number 20, counted from 0.",
        ),
        Mistake(
            lambda t, T0, shrink: restart_lr(t - 1, T0, shrink),
            "Your `t` counts from 1: update 0 belongs to a cycle before the first.",
        ),
        Mistake(
            lambda t, T0, shrink: restart_lr(t + 1, T0, shrink),
            "You restart one update early: update 0 has left the peak already.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t / T0) * (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "`shrink` acts inside the cycle, at every update. It has to act at a "
            "restart only.",
        ),
        Mistake(
            lambda t, T0, shrink: shrink**t * (1 + np.cos(np.pi * (t % T0) / T0)) / 2,
            "Your peaks shrink with the number of the update. Count the restarts.",
        ),
        Mistake(
            lambda t, T0, shrink: shrink ** (t // T0),
            "Those are stairs: between two restarts nothing falls.",
        ),
        Mistake(
            lambda t, T0, shrink: np.full(np.shape(t), float(shrink))[()],
            "That is one rate for ever, as in document 3's formula α_reset · γ. A "
            "reset needs a *when*, and something that falls in between.",
        ),
        Mistake(
            lambda t, T0, shrink: np.ones(np.shape(t))[()],
            "That is the first rate, kept for ever, as in document 3's formula "
            "α_reset.",
        ),
        Mistake(
            lambda t, T0, shrink: restart_lr(t, T0, 1.0),
            "All of your peaks are 1: `shrink` takes no part.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                np.where(t < T0, 1, shrink) * (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "Your second peak is right, and no later one shrinks any more.",
        ),
        Mistake(
            lambda t, T0, shrink: restart_lr(t, T0, shrink) * shrink,
            "Your first peak is lowered already.",
        ),
        Mistake(
            lambda t, T0, shrink: restart_lr(t, T0, shrink) * 2,
            "You are twice too high: the cosine, with 1 added, goes from 2 to 0.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                (1 - shrink) ** (t // T0) * (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "You take `shrink` for the share that a peak loses. It is what it keeps.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                (1 - (1 - shrink) * (t // T0)) * (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "Your peaks fall by the same amount each time. They have to fall to the "
            "same share of the one before.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink * (t // T0) * (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "You multiply by the number of the cycle, so the whole first cycle is 0.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0) * (1 + np.cos(np.pi * t / T0)) / 2
            ),
            "Your cosine doesn't start again: in the second cycle it climbs. It has to "
            "know the place in the cycle, and not `t`.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0) * (1 + np.cos(2 * np.pi * (t % T0) / T0)) / 2
            ),
            "You run through a whole wave in each cycle, down and up again. It is half "
            "a wave, and then a jump.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0) * np.cos(np.pi * (t % T0) / T0 / 2)
            ),
            "Yours is a quarter of a wave, which falls fastest at its end. Half a wave "
            "falls fastest in the middle.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0) * (1 - np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "Your cycles start at 0 and climb.",
        ),
        Mistake(
            lambda t, T0, shrink: shrink ** (t // T0) * (1 - (t % T0) / T0),
            "Your cycles fall along straight lines.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0) * (1 + np.cos(180 * (t % T0) / T0)) / 2
            ),
            "Your angle is in degrees; `np.cos` takes radians.",
        ),
        Mistake(
            lambda t, T0, shrink: (1 + np.cos(np.pi * np.minimum(t / T0, 1))) / 2,
            "Yours falls once and stays at 0: there is no restart.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0)
                * (1 + np.cos(np.pi * (t % T0) / np.maximum(T0 - 1, 1)))
                / 2
            ),
            "Your cycles reach 0 at their last update. Where 0 would be, there is the "
            "restart.",
        ),
        Mistake(
            lambda t, T0, shrink: shrink ** (t // T0) * (1 + np.cos((t % T0) / T0)) / 2,
            "Your cosine hardly falls: in a cycle its angle goes from 0 to 1, and that "
            "isn't half a wave.",
        ),
        Mistake(
            lambda t, T0, shrink: shrink ** (t // T0) * np.cos(np.pi * (t % T0) / T0),
            "Your rates go below 0, like the cosine, from 1 to −1.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0) * (1 + np.sin(np.pi * (t % T0) / T0)) / 2
            ),
            "Yours is a sine: it begins halfway up, and climbs first.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink + (1 - shrink) * (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "You take `shrink` for the floor to which the cycles fall. It lowers the "
            "peaks, and the floor is 0.",
        ),
        Mistake(
            lambda t, T0, shrink: np.maximum(
                shrink, (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "You hold the rate at `shrink` once it is there. `shrink` lowers the "
            "peaks, and the rate falls on towards 0.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // (T0 + 1))
                * (1 + np.cos(np.pi * (t % (T0 + 1)) / (T0 + 1)))
                / 2
            ),
            "Your cycles have `T0 + 1` updates, and so the first restart is number 21 "
            "for `T0 = 20`.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // (T0 + 1))
                * (1 + np.cos(np.pi * (t % (T0 + 1)) / T0))
                / 2
            ),
            "Your cycles have one update too many, at which the rate is 0. In its "
            "place the next cycle begins.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (np.maximum(t - 1, 0) // T0)
                * (1 + np.cos(np.pi * (t % T0) / T0))
                / 2
            ),
            "Your cosine starts again in time, but the peak shrinks one update later.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                np.where(t < T0, 1, shrink * (t // T0))
                * (1 + np.cos(np.pi * (t % T0) / T0))
                / 2
            ),
            "Your peaks grow again: from the second restart on you multiply `shrink` "
            "by the number of the cycle.",
        ),
        Mistake(
            lambda t, T0, shrink: restart_lr(t, T0, shrink) / 10,
            "Yours begins at 0.1, a rate. Asked for is the share of the first rate.",
        ),
    ),
)


def restart_epochs(T0, T_mult, n):
    import numpy as np

    return np.cumsum(T0 * T_mult ** np.arange(n))


RESTART_EPOCHS = Exercise(
    name="decay/restart_epochs",
    text="""\
### Exercise: when does it restart?

Torch's `CosineAnnealingWarmRestarts` is stepped once an epoch. Write
`restart_epochs(T0, T_mult, n)`, which says at which epochs the rate is back at the top.

- **Arguments:** `T0` and `T_mult`, as torch takes them, and `n`, how many restarts are
  asked for: three whole numbers of at least 1, no arrays.
- **Returns:** a NumPy array of `n` whole numbers: the epochs with which a new cycle
  begins, in their order.
- **Boundaries:** the beginning of the training, epoch 0, is no restart. With
  `T_mult = 1` all cycles are equally long.
- **Units and time:** epochs, counted from 0.""",
    starter="def restart_epochs(T0, T_mult, n):\n    return ...",
    hints=(
        "How long is each cycle? Write the lengths for `T0 = 5`, `T_mult = 3` down "
        "first: 5, 15, 45.",
        "A restart comes when *all* cycles before it are over. For these lengths the "
        "first is at 5, the second at 20.",
    ),
    solution=restart_epochs,
    cases=(
        (8, 2, 3),
        (8, 1, 4),
        (5, 3, 4),
        (1, 3, 5),
        (10, 2, 1),
        (7, 4, 2),
    ),
    mistakes=(
        Mistake(
            lambda T0, T_mult, n: T0 * T_mult ** np.arange(n),
            "Those are the lengths of the cycles. The third begins when the first two "
            "are over.",
        ),
        Mistake(
            lambda T0, T_mult, n: T0 * np.arange(1, n + 1),
            "All of your cycles have the length `T0`: `T_mult` takes no part.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, T_mult, n) - T0,
            "Your first restart is epoch 0, or every one comes `T0` too early: the "
            "beginning of the training is no restart.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.append(0, restart_epochs(T0, T_mult, n - 1)),
            "Your list begins with epoch 0, where the training begins, and so the last "
            "restart is missing.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.append(0, restart_epochs(T0, T_mult, n)),
            "You count the beginning of the training as well: `n` restarts, and epoch "
            "0 isn't one.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, T_mult, n + 1),
            "That is one restart too many.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, T_mult, n) + 1,
            "Your epochs count from 1, or each restart is one too late: after epochs 0 "
            "to 7, eight of them, comes number 8.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, T_mult, n) - 1,
            "Those are the last epochs of the cycles, where the rate is lowest.",
        ),
        Mistake(
            lambda T0, T_mult, n: T_mult * restart_epochs(T0, T_mult, n),
            "Your first cycle is longer by `T_mult` already. It has `T0` epochs.",
        ),
        Mistake(
            lambda T0, T_mult, n: T0 * T_mult ** np.arange(1, n + 1),
            "You multiply the epoch of a restart. It is the *length* of a cycle that "
            "grows, and yours starts too long.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.cumsum(T0 + T_mult * np.arange(n)),
            "Your cycles grow by `T_mult` epochs. Each has to be `T_mult` *times* as "
            "long as the one before.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.cumsum(T0 * T_mult * np.arange(1, n + 1)),
            "Your lengths grow by the same amount each time, from a first cycle that "
            "is too long already.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.cumsum(T0 * (1 + (T_mult - 1) * np.arange(n))),
            "Your third cycle is as much longer than the second as that is longer than "
            "the first. They are to grow by a factor.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, 2, n),
            "You double the cycles, whatever `T_mult` says.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.cumsum(T0**T_mult ** np.arange(n)),
            "You raise the length to a power. It is multiplied by `T_mult`.",
        ),
        Mistake(
            lambda T0, T_mult, n: T0 + T0 * T_mult * np.arange(n),
            "Your second cycle has grown, and all later ones are as long as it. Each "
            "has to be `T_mult` times as long as the one before.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, T_mult, n)[-1],
            "That is the last restart alone. Asked for are all `n` of them, in an "
            "array.",
        ),
        Mistake(
            lambda T0, T_mult, n: T0,
            "That is the first restart alone. Asked for are `n` of them, in an array.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.array(
                [T0 * (T_mult**k - 1) // (T_mult - 1) for k in range(1, n + 1)]
            ),
            "Your closed formula divides by `T_mult - 1`, which is 0 where all cycles "
            "are equally long. Adding up the lengths needs no division.",
        ),
        Mistake(
            lambda T0, T_mult, n: (
                restart_epochs(T0, T_mult, n) * (np.nan if T_mult == 1 else 1)
            ),
            "For `T_mult = 1` your formula divides 0 by 0, hence the NaN. Adding up "
            "the lengths needs no division.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, T_mult, n) * (T_mult > 1),
            "For `T_mult = 1`, where all cycles are equally long, your epochs are 0: a "
            "formula that divides by `T_mult - 1`, perhaps.",
        ),
    ),
)


def step_size_up(epochs, batches):
    return epochs * batches // 2


STEP_SIZE_UP = Exercise(
    name="decay/step_size_up",
    text="""\
### Exercise: half a cycle, in the right unit

Document 1 lets the rate cycle "between 0.001 and 0.1, with a period of 10 epochs". The
loop calls `scheduler.step()` after each batch, and an epoch has 50 batches. Write
`step_size_up(epochs, batches)`, which says what to pass to torch's `CyclicLR`.

- **Arguments:** `epochs`, the period of the cycle, and `batches`, the batches in an
  epoch: two whole numbers of at least 1, at least one of them even; no arrays.
- **Returns:** a whole number: the rate is back at `base_lr` for the first time after
  exactly `epochs` epochs. `step_size_down` is left as it is, at `None`.
- **Boundaries:** two epochs of one batch are the shortest cycle that is asked for.
- **Units and time:** `step_size_up` counts calls of `scheduler.step()`.""",
    starter="def step_size_up(epochs, batches):\n    return ...",
    hints=(
        "How often is `scheduler.step()` called in a whole cycle?",
        "`step_size_up` is the way from `base_lr` to `max_lr`. The way back down is as "
        "long if you don't say otherwise.",
    ),
    solution=step_size_up,
    cases=((10, 50), (2, 1), (4, 25), (5, 20), (6, 391), (3, 2), (1, 8)),
    mistakes=(
        Mistake(
            lambda epochs, batches: epochs * batches,
            "That is the whole cycle: your rate is at the top when it should be back "
            "at the bottom.",
        ),
        Mistake(
            lambda epochs, batches: epochs,
            "Those are the epochs of a whole cycle. The scheduler is called after each "
            "batch, and knows no epochs.",
        ),
        Mistake(
            lambda epochs, batches: epochs / 2,
            "Half a cycle, yes, but in epochs: called after each batch, your rate "
            "rushes up and down in every epoch.",
        ),
        Mistake(
            lambda epochs, batches: epochs // 2,
            "Half a cycle in epochs, rounded down. The scheduler is called after each "
            "batch.",
        ),
        Mistake(
            lambda epochs, batches: batches,
            "You go up in one epoch, whatever the period is.",
        ),
        Mistake(
            lambda epochs, batches: batches / 2,
            "Your cycle is one epoch long.",
        ),
        Mistake(
            lambda epochs, batches: 2 * epochs * batches,
            "Your cycle is four times too long: halve where you have doubled.",
        ),
        Mistake(
            lambda epochs, batches: epochs * batches / 4,
            "Your cycle is half as long as asked for.",
        ),
        Mistake(
            lambda epochs, batches: epochs * batches / 2 - 1,
            "One call too few: the cycle ends two calls early.",
        ),
        Mistake(
            lambda epochs, batches: epochs * batches / 2 + 1,
            "One call too many: the cycle ends two calls late.",
        ),
        Mistake(
            lambda epochs, batches: 2000,
            "2000 is what torch takes if you say nothing. It can't know your period.",
        ),
        Mistake(
            lambda epochs, batches: epochs // 2 * batches,
            "You round the epochs down before you multiply: with an odd number of them "
            "half an epoch is lost.",
        ),
        Mistake(
            lambda epochs, batches: batches // 2 * epochs,
            "You round the batches down before you multiply: with an odd number of "
            "them the cycle comes out too short.",
        ),
        Mistake(
            lambda epochs, batches: epochs + batches,
            "You add epochs and batches. Every epoch has that many batches.",
        ),
        Mistake(
            lambda epochs, batches: batches // 2,
            "You go up in half an epoch, rounded down. The period is `epochs` long.",
        ),
        Mistake(
            lambda epochs, batches: epochs * batches // 4,
            "Your cycle is half as long as asked for: halve once.",
        ),
        Mistake(
            lambda epochs, batches: 250,
            "250 is right for 10 epochs of 50 batches. Other loops are asked for, too.",
        ),
        Mistake(
            lambda epochs, batches: epochs * 50 // 2,
            "You count 50 batches in every epoch, as in the example.",
        ),
        Mistake(
            lambda epochs, batches: batches * 10 // 2,
            "Your period is always 10 epochs, as in the example.",
        ),
        Mistake(
            lambda epochs, batches: batches * 50 // 2,
            "You multiply the batches by 50, which are batches as well. How many "
            "epochs does a period have?",
        ),
    ),
)

# Feedback -------------------------------------------------------------------------


def plateau_rates(metrics, lr, factor, patience, threshold, mode):
    import numpy as np

    best = np.inf if mode == "min" else -np.inf
    bad, rates = 0, []
    for metric in metrics:
        if mode == "min":
            is_better = metric < best * (1 - threshold)
        else:
            is_better = metric > best * (1 + threshold)
        if is_better:
            best, bad = metric, 0
        else:
            bad += 1
        if bad > patience:
            lr, bad = lr * factor, 0
        rates.append(lr)
    return np.array(rates)


def _counting(
    *,
    late: int = 0,
    gate: Callable[[float, str], float] = lambda threshold, mode: threshold,
    absolute: bool = False,
    sides: str = "min max",
    compare: str = "best",
    equal: bool = False,
    exact: bool = False,
    part_of_new: bool = False,
    either_way: bool = False,
    start: Literal["", "zero", "first", "infinite"] = "",
    after_cut: str = "bad",
    once: bool = False,
    only_when_bad: bool = False,
    pause: int = 0,
    reset: bool = True,
    cut: Callable[[float, float], float] = lambda lr, factor: lr * factor,
    keeps: bool = True,
    most: float = np.inf,
    shown: str = "after",
) -> Callable[..., Any]:
    """``plateau_rates`` with one thing of it done in another way."""

    def answer(metrics, lr, factor, patience, threshold, mode):
        sign = 1 if mode in sides else -1
        sign *= 1 if mode == "min" else -1
        starts = {
            "": sign * np.inf,
            "zero": 0.0,
            "first": metrics[0],
            "infinite": np.inf,
        }
        best = starts[start]
        bad, cuts, rates, first, paused = 0, 0, [], lr, 0
        for metric in metrics:
            margin = gate(threshold, mode)
            if not absolute and np.isfinite(best):
                margin *= abs(metric if part_of_new else best)
            before = lr
            gain = sign * best - sign * metric
            if either_way:
                gain = abs(gain)
            level = gain == margin and (equal or (exact and gain > 0))
            better = gain > margin or level
            if better:
                best, bad = metric, bad if not reset else 0
            else:
                bad += 1
                if compare == "last":
                    best = metric
                elif compare == "lowest":
                    best = sign * min(sign * best, sign * metric)
            if paused:
                bad, paused = 0, paused - 1
            lr = lr if keeps else first
            late_enough = bad == patience + 1 if once else bad > patience + late
            if late_enough and cuts < most and not (only_when_bad and better):
                lr, cuts, paused = cut(lr, factor), cuts + 1, pause
                bad = 0 if "bad" in after_cut else bad
                best = metric if "best" in after_cut else best
            rates.append(lr if shown == "after" else before)
        return np.array(rates)

    return answer


def _series(seed: int, count: int = 25, up: bool = False) -> np.ndarray:
    """A loss that falls, or an accuracy that rises, with noise; two digits."""
    noise = np.random.default_rng(seed).normal(0, 0.05, count)
    fall = 0.4 + 0.6 * 0.8 ** np.arange(count) + noise
    return np.round(1.2 - fall if up else fall, 2)


PLATEAU_RATES = Exercise(
    name="decay/plateau_rates",
    text="""\
### Exercise: be the plateau rule

Write `plateau_rates(metrics, lr, factor, patience, threshold, mode)`: the learning
rate after each report, by the rule of this lesson, without cooldown, `min_lr` and
`eps`.

- **Arguments:** `metrics`, a NumPy array of positive numbers, one for each report, at
  least one; `lr`, the first rate, above 0; `factor`, between 0 and 1; `patience`, a
  whole number, 0 or larger; `threshold`, a number from 0 up to below 1, a part of the
  best (torch's `"rel"`); `mode`, `"min"` for a loss or `"max"` for an accuracy.
- **Returns:** a NumPy array with one rate for each report.
- **Boundaries:** the first report sets the best and is never bad. An improvement of
  exactly the threshold, or an equal report, is bad. After a cut the best stays.
- **Units and time:** entry 0 is the rate right after report 0, so a report that
  causes a cut shows the lower rate already. Rates are in the unit of `lr`.

The numbers count as right within a relative 1e-6.""",
    starter="def plateau_rates(metrics, lr, factor, patience, threshold, mode):\n"
    "    return ...",
    hints=(
        "Go through the reports in a loop and carry three things along: the best so "
        "far, the number of bad reports in a row, and the rate.",
        "Before the first report nothing was seen, so any number has to be better. "
        "Which starting best makes it so for a loss, and which for an accuracy?",
        "The order in one turn: compare, set the best or count, perhaps cut and start "
        "the count again, and only then note the rate.",
    ),
    solution=plateau_rates,
    cases=(
        (np.full(14, 0.8), 1.0, 0.1, 3, 1e-4, "min"),
        (np.full(9, 0.8), 1.0, 0.5, 0, 0.0, "min"),
        (np.full(8, 0.8), 0.2, 0.5, 1, 0.0, "max"),
        (np.array([0.7]), 0.1, 0.1, 0, 0.1, "min"),
        (np.linspace(0.5, 0.97, 12), 1.0, 0.1, 2, 1e-4, "max"),
        (np.linspace(0.97, 0.5, 12), 1.0, 0.1, 2, 1e-4, "min"),
        (1 - 0.03 * np.arange(16), 1.0, 0.5, 1, 0.1, "min"),
        (1 + 0.04 * np.arange(16), 1.0, 0.5, 2, 0.1, "max"),
        (5 - 0.3 * np.arange(14), 1.0, 0.5, 1, 0.1, "min"),
        # Exactly the threshold, in numbers that are exact in binary.
        (np.array([1, 0.5, 0.5, 0.5]), 1.0, 0.5, 1, 0.5, "min"),
        (np.array([1, 1.5, 1.5, 1.5]), 1.0, 0.5, 1, 0.5, "max"),
        *((_series(s), 0.1, 0.5, s % 4, 0.021, "min") for s in range(6)),
        *((_series(s, up=True), 0.1, 0.5, s % 4, 0.021, "max") for s in range(6, 12)),
    ),
    mistakes=(
        Mistake(
            _counting(late=-1, only_when_bad=True),
            "Your cut comes one report early: with a patience of 3 the third bad "
            "report is still let pass.",
        ),
        Mistake(
            _counting(late=-1),
            "Your cut comes one report early, and with a patience of 0 even a better "
            "report is cut: `patience` bad reports are let pass, the next one cuts.",
        ),
        Mistake(
            _counting(late=1),
            "Your cut comes one report late: one bad report too many is let pass.",
        ),
        Mistake(
            _counting(late=-1, after_cut="nothing", only_when_bad=True),
            "That is the formula of document 0: it cuts at every report for which "
            "the last `patience` ones were bad. Count anew after a cut, and one more.",
        ),
        Mistake(
            _counting(equal=True),
            "An equal report counts as better for you, so a flat curve is never cut "
            "where the threshold is 0.",
        ),
        Mistake(
            _counting(exact=True),
            "A gain of exactly the threshold counts as better for you. It is bad: "
            "look at the boundaries.",
        ),
        Mistake(
            _counting(part_of_new=True),
            "You take `threshold` as a part of the new report. It is a part of the "
            "best.",
        ),
        Mistake(
            _counting(either_way=True),
            "A report that is far enough from the best counts as better for you, on "
            "whichever side. A change for the worse is no improvement.",
        ),
        Mistake(
            _counting(gate=lambda threshold, mode: 0.0),
            "`threshold` takes no part: for you every gain counts, however small.",
        ),
        Mistake(
            _counting(absolute=True),
            "You take `threshold` as an amount. It is a part of the best.",
        ),
        Mistake(
            _counting(start="zero"),
            "Your best starts at 0, and no loss gets below that: every report of a "
            "loss is bad for you.",
        ),
        Mistake(
            _counting(start="infinite"),
            "Your best starts at infinity in both modes, and no accuracy gets above "
            "that: every report of an accuracy is bad for you.",
        ),
        Mistake(
            _counting(
                gate=lambda threshold, mode: threshold if mode == "min" else -threshold
            ),
            'For `"max"` the threshold has the wrong sign: an accuracy a little below '
            "the best counts as better for you.",
        ),
        Mistake(
            _counting(gate=lambda threshold, mode: -threshold),
            "The threshold acts the wrong way: a report that is a little worse than "
            "the best counts as better for you.",
        ),
        Mistake(
            _counting(after_cut="nothing"),
            "You don't start the count again after a cut, so that every further bad "
            "report cuts again.",
        ),
        Mistake(
            _counting(once=True, after_cut="nothing"),
            "You cut once in each stall: your count runs on past the mark and meets "
            "it again only after a better report. After a cut it starts again.",
        ),
        Mistake(
            _counting(pause=1),
            "You leave out the report after a cut. That is a cooldown, and here there "
            "is none.",
        ),
        Mistake(
            _counting(after_cut="bad best"),
            "You forget the best at a cut and start from the report that caused it. "
            "The best stays.",
        ),
        Mistake(
            _counting(reset=False),
            "A better report doesn't end your count: you count all bad reports, not "
            "those in a row.",
        ),
        Mistake(
            _counting(compare="last"),
            "You compare each report with the one before it, so that each way down of "
            "a curve that swings counts as better. Compare with the best.",
        ),
        Mistake(
            _counting(compare="lowest"),
            "You move the best by gains below the threshold as well. Then small gains "
            "never add up to one that counts.",
        ),
        Mistake(
            _counting(sides="min"),
            'You don\'t look at `mode`: with `"max"` a rising accuracy is cut.',
        ),
        Mistake(
            _counting(sides="max"),
            'You take every metric for an accuracy: with `"min"` a falling loss is '
            "cut.",
        ),
        Mistake(
            _counting(sides=""),
            "The two modes are swapped: a loss is better when it falls.",
        ),
        Mistake(
            _counting(start="first"),
            "Your first report is bad already, as it isn't better than itself. Before "
            "it there was no best.",
        ),
        Mistake(
            _counting(shown="before"),
            "You note the rate that was in force before each report. Asked is the one "
            "after it.",
        ),
        Mistake(
            _counting(cut=lambda lr, factor: lr * (1 - factor)),
            "You take `factor` for the share that is lost. It is the share that is "
            "kept.",
        ),
        Mistake(
            _counting(cut=lambda lr, factor: lr / factor),
            "Your cuts go up: the rate is divided by `factor`.",
        ),
        Mistake(
            _counting(cut=lambda lr, factor: lr - factor),
            "You subtract `factor`. A cut keeps a share of the rate.",
        ),
        Mistake(
            _counting(most=1),
            "You cut once and never again. The count starts anew and may run out a "
            "second time.",
        ),
        Mistake(
            _counting(keeps=False),
            "Your rate is low after one report only and then back up. It has to stay "
            "down.",
        ),
        Mistake(
            lambda metrics, lr, factor, patience, threshold, mode: np.full(
                len(metrics), lr
            ),
            "Your rate never changes: that is a constant.",
        ),
    ),
)


def needs_metric(name):
    return "yes" if name == "ReduceLROnPlateau" else "no"


def _yes(*words: str) -> Callable[[str], str]:
    """Says yes where the name contains one of these words."""
    return lambda name: "yes" if any(word in name for word in words) else "no"


NEEDS_METRIC = Exercise(
    name="decay/needs_metric",
    text="""\
### Exercise: which of them look?

Write `needs_metric(name)`: whether this scheduler of torch has feedback, which means
that its `step` has to be told what was measured.

- **Arguments:** `name`, a word, no array: one of `"StepLR"`, `"ExponentialLR"`,
  `"LambdaLR"`, `"CosineAnnealingLR"`, `"CosineAnnealingWarmRestarts"`, `"CyclicLR"`,
  `"OneCycleLR"`, `"ReduceLROnPlateau"`.
- **Returns:** a word: `"yes"` or `"no"`.
- **Boundaries:** only what the class itself does counts, not what you could build
  around it.
- **Units and time:** neither; what matters is whether two runs with different losses
  can get different rates.""",
    starter="def needs_metric(name):\n    return ...",
    hints=(
        "Imagine two runs, one that learns and one that doesn't. Whose rates could "
        "you write down before either starts?",
        "Python can tell you what a method takes: `inspect.signature(…)` of a class's "
        "`step`, from `torch.optim.lr_scheduler`. Each takes an `epoch`, which is no "
        "measurement; look for another.",
    ),
    solution=needs_metric,
    cases=tuple(
        (name,)
        for name in (
            "StepLR",
            "ExponentialLR",
            "LambdaLR",
            "CosineAnnealingLR",
            "CosineAnnealingWarmRestarts",
            "CyclicLR",
            "OneCycleLR",
            "ReduceLROnPlateau",
        )
    ),
    mistakes=(
        Mistake(
            _yes("Plateau", "Lambda"),
            "`LambdaLR` calls your function with the number of steps and nothing "
            "else. It is called adaptive at times, and sees no loss.",
        ),
        Mistake(
            _yes("Lambda"),
            "One has feedback, but not that one: a `LambdaLR` is given the number of "
            "steps only.",
        ),
        Mistake(
            _yes("Plateau", "Restarts"),
            "The restarts come after `T_0` steps, whether or not the loss stalls.",
        ),
        Mistake(
            _yes("Plateau", "Restarts", "Cyc"),
            "Going up again is no reaction: restarts and cycles come at steps that "
            "are known before.",
        ),
        Mistake(
            _yes("Cyclic"),
            "One has feedback, but not that one: the rates of a `CyclicLR` could be "
            "listed before the first update.",
        ),
        Mistake(
            _yes("Plateau", "Cyclic"),
            "`CyclicLR` goes up and down, but its rates could be listed before the "
            "first update.",
        ),
        Mistake(
            _yes("Plateau", "OneCycle"),
            "`OneCycleLR` is told how many steps there will be, not how they go.",
        ),
        Mistake(
            _yes("Plateau", "Cyc"),
            "A cycle turns round at steps that are known before the training.",
        ),
        Mistake(
            _yes("Plateau", "Lambda", "Restarts", "Cyc"),
            "Restarts, cycles and a function of your own: the rates of all of them "
            "can be written down before the training.",
        ),
        Mistake(
            _yes("Plateau", "Anneal"),
            "An annealed rate follows a cosine of the number of steps.",
        ),
        Mistake(
            lambda name: "no" if name == "StepLR" else "yes",
            "You say yes to all but `StepLR`. A rate that changes smoothly is no more "
            "informed than one that jumps.",
        ),
        Mistake(
            lambda name: "yes",
            "You say yes to all of them. Most are told nothing but that a step was "
            "made.",
        ),
        Mistake(
            lambda name: "no",
            "You say no to all of them. One can't be stepped without a number.",
        ),
        Mistake(
            lambda name: "no" if "Plateau" in name else "yes",
            "The two words are swapped.",
        ),
    ),
)

# Three lamps ----------------------------------------------------------------------


def check_schedule(rates, announced):
    moves = rates[1:] - rates[:-1]
    if announced == "falls":
        start, end = abs(rates[0] - 1) <= 0.03, abs(rates[-1]) <= 0.03
        moves = -moves
    else:
        start, end = rates[0] < 0.97, abs(rates[-1] - 1) <= 0.03
    off = []
    if not start:
        off.append("start")
    if not end:
        off.append("end")
    if moves.min() < 0 or moves.max() == 0:
        off.append("direction")
    return " ".join(off) or "fine"


def _lamp_cases() -> tuple[tuple[np.ndarray, str], ...]:
    """Eight printed formulas, their repairs, and what hides between 0, T/2 and T."""
    T = 60
    t = np.arange(T)
    x = t / T
    line = t / (T - 1)  # up to 1
    half = (1 + np.cos(np.pi * x)) / 2
    quarter = np.cos(np.pi * x / 2)
    dent, bump = np.zeros(T), np.zeros(T)
    dent[[10, 11, 12]], bump[[38, 39]] = 0.4, 0.2
    fall, rise = np.array([1, 0.6, 0.5, 0.2, 0]), np.array([0.3, 0.5, 0.6, 0.9, 1])
    return (
        # Printed, no. 1 to 8.
        (0.9**t, "falls"),
        (0.9**-t, "rises"),
        (x, "falls"),
        (1 - x, "rises"),
        (1 + quarter, "falls"),
        (1 - quarter, "rises"),
        (np.ones(T), "falls"),
        (np.full(T, 0.9), "falls"),
        # Repaired.
        (0.001**x, "falls"),
        (0.001 ** (1 - line), "rises"),
        (1 - t // 10 / 5, "falls"),
        (1 - x, "falls"),
        (half, "falls"),
        (1 - half, "rises"),
        (t // 10 / 5, "rises"),
        # The slack of start and end, to both sides.
        (fall, "falls"),
        *(
            (np.append(first, fall[1:]), "falls")
            for first in (0.9, 0.965, 0.975, 1.025)
        ),
        (np.append(fall[:-1], 0.03), "falls"),
        *((np.append(fall[:-1], last), "falls") for last in (0.1, 0.035, 0.025, -0.2)),
        (rise, "rises"),
        (np.append(0.6, rise[2:]), "rises"),
        (np.array([0.965, 0.98, 1.0]), "rises"),
        (np.array([0.985, 0.99, 1.0]), "rises"),
        (np.array([1.1, 1.2, 1.3]), "rises"),
        *(
            (np.append(rise[:-1], last), "rises")
            for last in (0.965, 0.975, 1.025, 1.035)
        ),
        # One fault each, or one that hides.
        (1 - 0.9 * x, "falls"),
        (0.9 - 0.9 * x, "falls"),
        (1 - np.minimum(2 * x, 1), "falls"),
        (1 - np.sin(np.pi * line), "falls"),
        (1 - x - dent * (1 - x), "falls"),
        (1 - x + bump, "falls"),
        (x - bump, "rises"),
        (np.zeros(T), "rises"),
        (np.array([1.0, 0.3, 0.4, 0.0]), "falls"),
        (np.array([0.5, 0.2, 0.9]), "falls"),
        # A small move the other way: in the middle, at first, at last.
        (np.array([1.0, 0.6, 0.605, 0.2, 0.0]), "falls"),
        (np.array([1.0, 0.6, 0.6005, 0.2, 0.0]), "falls"),
        (np.array([1.0, 0.6, 0.600001, 0.2, 0.0]), "falls"),
        (np.array([0.995, 1.0, 0.6, 0.2, 0.0]), "falls"),
        (np.array([1.0, 0.6, 0.2, 0.0, 0.005]), "falls"),
        (np.array([0.3, 0.6, 0.595, 0.9, 1.0]), "rises"),
    )


def _start(rates: np.ndarray, falls: bool, slack: float = 0.03) -> Any:
    return abs(rates[0] - 1) <= slack if falls else rates[0] < 0.97


def _end(rates: np.ndarray, falls: bool, slack: float = 0.03) -> Any:
    return abs(rates[-1] - (not falls)) <= slack


def _lamps(
    start: Callable[..., Any] = _start,
    end: Callable[..., Any] = _end,
    way: Callable[..., Any] = lambda m: m.min() >= 0 and m.max() > 0,
    tell: Callable[[list[str]], str] = lambda off: " ".join(off) or "fine",
) -> Callable[..., str]:
    """A checker with other lamps; ``way`` sees moves that are meant to be above 0."""

    def answer(rates: np.ndarray, announced: str) -> str:
        falls = announced == "falls"
        lit = {
            "start": start(rates, falls),
            "end": end(rates, falls),
            "direction": way(-np.diff(rates) if falls else np.diff(rates)),
        }
        return tell([lamp for lamp, on in lit.items() if not on])

    return answer


def _slack(slack: float) -> Callable[..., str]:
    return _lamps(
        start=lambda r, falls: _start(r, falls, slack),
        end=lambda r, falls: _end(r, falls, slack),
    )


def _at(moves: np.ndarray, *places: float) -> np.ndarray:
    """The moves between a few places of the run, such as 0, 1/2 and 1."""
    curve = np.append(0, np.cumsum(moves))
    return np.diff([curve[int(place * len(moves))] for place in places])


LAMPS = ("start", "end", "direction")


def _ordered(*order: str) -> Mistake:
    """Lamps that are right, named in another order."""
    return Mistake(
        _lamps(tell=lambda off: " ".join(sorted(off, key=order.index)) or "fine"),
        f"The lamps are right, and you name {', '.join(order)}. They are asked for in "
        "the order `start`, `end`, `direction`.",
    )


CHECK_SCHEDULE = Exercise(
    name="decay/check_schedule",
    text="""\
### Exercise: three lamps

Write `check_schedule(rates, announced)`, which says which of this lesson's three lamps
are off. The peak is 1, the floor 0, the slack 0.03.

- **Arguments:** `rates`, a NumPy array with the rates of the updates
  `t = 0, 1, …, T - 1`, at least three; `announced`, the word `"falls"` or `"rises"`.
- **Returns:** the names of the lamps that are off, in one string, in the order
  `start`, `end`, `direction`, with a space between two: `"start"`,
  `"end direction"`, … If none is off, `"fine"`.
- **Boundaries:** `start` is on if the first rate is at most 0.03 away from 1, for
  `"falls"`; if it is less than 0.97, for `"rises"`. `end` is on if the last rate is at
  most 0.03 away from 0 for `"falls"`, from 1 for `"rises"`. `direction` is on, for
  `"falls"`, if no rate is above the one before it, not even a little, and at least one
  is below; for `"rises"` the reverse. Level stretches are allowed.
- **Units and time:** rates in units of the peak; `t` counts updates from 0.

It is tried on the eight printed formulas and on their repairs, among others.""",
    starter="def check_schedule(rates, announced):\n    return ...",
    hints=(
        'Write `start` and `end` down for `"falls"` first. What is another for '
        '`"rises"`? Away from 1 has two sides, `abs` sees both.',
        "`np.diff(rates)` gives the change from each update to the next. Which signs "
        "may it have if the rate falls? And what if they are all 0?",
        "Collect the names in a list, then join them: `' '.join(names)` is an empty "
        "string if there are none.",
    ),
    solution=check_schedule,
    cases=_lamp_cases(),
    mistakes=(
        Mistake(
            _lamps(way=lambda m: True),
            "Your `direction` never goes off. A rate may start and end right and rise "
            "in the middle.",
        ),
        Mistake(
            _lamps(way=lambda m: m.sum() > 0),
            "You compare the last rate with the first. What happens between them "
            "escapes you: look at every update.",
        ),
        Mistake(
            _lamps(way=lambda m: m.min() >= 0),
            "A rate that never changes passes your `direction`: the printed “reset” "
            "falls for you. At least one update has to go the announced way.",
        ),
        Mistake(
            _lamps(way=lambda m: m.min() > 0),
            "You refuse stairs. A level stretch is allowed, as long as no update goes "
            "the other way.",
        ),
        Mistake(
            _lamps(way=lambda m: m.max() > 0),
            "One update in the announced direction is enough for you. No other may go "
            "against it.",
        ),
        Mistake(
            _lamps(way=lambda m: _at(m, 0, 0.5, 1).min() > 0),
            "You look at three places, the first update, the middle one and the last. "
            "A bump between them escapes you.",
        ),
        Mistake(
            _lamps(way=lambda m: m.min() >= -0.01 and m.max() > 0),
            "A move of 0.005 the other way passes your `direction`. It has no slack: a "
            "rate that falls never goes up.",
        ),
        Mistake(
            _lamps(way=lambda m: m.min() >= -0.001 and m.max() > 0),
            "A move of 0.0005 the other way passes your `direction`. It has no slack: "
            "a rate that falls never goes up.",
        ),
        Mistake(
            _lamps(way=lambda m: m[1:].min() >= 0 and m.max() > 0),
            "Your `direction` leaves out the move from the first update to the second.",
        ),
        Mistake(
            _lamps(way=lambda m: m[:-1].min() >= 0 and m.max() > 0),
            "Your `direction` leaves out the move to the last update.",
        ),
        Mistake(
            lambda rates, announced: check_schedule(rates, "falls"),
            "You take every schedule for one that should fall: `announced` takes no "
            "part, and “inverse step” passes or fails for the wrong reason.",
        ),
        Mistake(
            lambda rates, announced: check_schedule(
                rates, "rises" if announced == "falls" else "falls"
            ),
            "You have `falls` and `rises` the wrong way round: a schedule that falls "
            "starts at the peak, 1.",
        ),
        Mistake(
            _lamps(
                start=lambda r, falls: _start(r, True),
                end=lambda r, falls: _end(r, True),
            ),
            "Your `start` and `end` are those of a fall, also where a rise is "
            "announced. That begins below the peak and ends at it.",
        ),
        Mistake(
            _lamps(
                way=lambda m: (
                    (m.min() >= 0 and m.max() > 0) or (m.max() <= 0 and m.min() < 0)
                )
            ),
            "Your `direction` asks that the rate goes one way, whichever. It has to be "
            "the announced one: the printed “step” rises.",
        ),
        Mistake(
            _lamps(
                start=lambda r, falls: r[0] >= 0.97 if falls else r[0] < 0.97,
            ),
            "Your `start` has no upper side: the printed “cosine” begins at twice the "
            "peak and passes.",
        ),
        Mistake(
            _lamps(start=lambda r, falls: abs(r[0] - falls) <= 0.03),
            "You ask a rise to begin at 0, give or take the slack. To begin below the "
            "peak is enough; at 0 the first update would do nothing.",
        ),
        Mistake(
            _lamps(start=lambda r, falls: _start(r, True) if falls else r[0] == 0),
            "You ask a rise to begin at 0 exactly. To begin below the peak is enough; "
            "at 0 the first update would do nothing.",
        ),
        Mistake(
            _lamps(start=lambda r, falls: _start(r, True) if falls else r[0] <= 0.5),
            "You ask a rise to begin in the lower half. Anything less than 0.97 is "
            "below the peak.",
        ),
        Mistake(
            _lamps(start=lambda r, falls: _start(r, True) if falls else r[0] < 1),
            "A rise that begins at 0.985 passes your `start`. That is the peak, within "
            "the slack: a rise has to begin below 0.97.",
        ),
        Mistake(
            _lamps(
                start=lambda r, falls: (
                    _start(r, True) if falls else abs(r[0] - 1) > 0.03
                )
            ),
            "A rise that begins above the peak passes your `start`. It has to begin "
            "below it.",
        ),
        Mistake(
            _lamps(start=lambda r, falls: not falls or _start(r, True)),
            "You ask nothing of the start of a rise. It has to be below the peak, less "
            "than 0.97.",
        ),
        Mistake(
            _lamps(
                start=lambda r, falls: (
                    abs(r.max() - 1) <= 0.03 if falls else r.min() < 0.97
                )
            ),
            "You look for the peak or the floor anywhere in the run. `start` asks for "
            "the first rate: the printed “step” reaches its peak too, at the end.",
        ),
        Mistake(
            _lamps(
                end=lambda r, falls: (
                    abs(r.min()) <= 0.03 if falls else abs(r.max() - 1) <= 0.03
                )
            ),
            "You look for the floor or the peak anywhere in the run. `end` asks for "
            "the last rate.",
        ),
        Mistake(
            _lamps(end=lambda r, falls: abs(r[-2] - (not falls)) <= 0.03),
            "Your `end` is one update early. Take the last entry of the array.",
        ),
        Mistake(
            _lamps(
                start=lambda r, falls: r[0] == 1 if falls else r[0] < 1,
                end=lambda r, falls: r[-1] == (not falls),
            ),
            "You ask for the peak and the floor exactly. An exponential never reaches "
            "0: 0.03 of slack is allowed.",
        ),
        Mistake(
            _slack(0.01),
            "Your slack is too small: a fall that starts at 0.975 doesn't pass. It is "
            "0.03.",
        ),
        Mistake(
            _slack(0.02),
            "Your slack is too small: a fall that ends at 0.025 doesn't pass. It is "
            "0.03.",
        ),
        Mistake(
            _slack(0.05),
            "Your slack is too large: a fall that starts at 0.965 passes. It is 0.03.",
        ),
        Mistake(
            _slack(0.1),
            "Your slack is too large: a fall that starts at 0.9 passes. It is 0.03.",
        ),
        Mistake(
            _lamps(
                start=lambda r, falls: abs(r[0] - 1) < 0.03 if falls else r[0] < 0.97,
                end=lambda r, falls: abs(r[-1] - (not falls)) < 0.03,
            ),
            "A fall that ends at 0.03 doesn't pass your `end`. *At most* 0.03 away: "
            "take `<=`.",
        ),
        Mistake(
            _lamps(
                end=lambda r, falls: r[-1] <= 0.03 if falls else abs(r[-1] - 1) <= 0.03
            ),
            "A fall that ends far below 0 passes your `end`.",
        ),
        Mistake(
            _lamps(end=lambda r, falls: abs(r[-1]) <= 0.03 if falls else r[-1] >= 0.97),
            "Your `end` lets a rise end far above its peak, as the printed “inverse "
            "exponential” does.",
        ),
        Mistake(
            _lamps(end=lambda r, falls: r[-1] <= 0.03 if falls else r[-1] >= 0.97),
            "Your `end` has one side. A fall that ends far below 0 passes, and a rise "
            "that ends far above its peak, as the printed “inverse exponential” does.",
        ),
        Mistake(
            _lamps(tell=lambda off: off[0] if off else "fine"),
            "You name the first lamp that is off, and leave out the others.",
        ),
        Mistake(
            _lamps(tell=lambda off: " ".join(n for n in LAMPS if n not in off)),
            "You name the lamps that are on. The ones that are off are asked for.",
        ),
        Mistake(
            _lamps(tell=lambda off: " ".join(off)),
            "If no lamp is off you return an empty string; the word for it is `fine`.",
        ),
        Mistake(
            _lamps(tell=lambda off: ", ".join(off) or "fine"),
            "The lamps are right. Between two names there is to be a space and no "
            "comma.",
        ),
        _ordered("direction", "end", "start"),
        _ordered("direction", "start", "end"),
        _ordered("start", "direction", "end"),
        _ordered("end", "start", "direction"),
    ),
)

# A factor for LambdaLR ------------------------------------------------------------


def linear_factor(t, T):
    return 1 - 0.9 * min(t / T, 1)


LINEAR_FACTOR = Exercise(
    name="decay/linear_factor",
    text="""\
### Exercise: a function for LambdaLR

The optimizer was built with `lr=0.01`. Its rate is to fall along a straight line to
10 % of that, in `T` updates, and to stay there. Write `linear_factor(t, T)` for
`LambdaLR(optimizer, lambda t: linear_factor(t, T))`.

- **Arguments:** `t`, one whole number, 0 or larger, no array; `T`, a whole number of at
  least 1.
- **Returns:** what `LambdaLR` needs, one number.
- **Boundaries:** the rate is 0.01 at `t = 0`, 0.001 at `t = T`, and 0.001 at every
  later `t`.
- **Units and time:** `t` counts calls of `scheduler.step()` from 0, as `T` does.

The number counts as right within a relative 1e-6.""",
    starter="def linear_factor(t, T):\n    return ...",
    hints=(
        "`LambdaLR` multiplies what you return by 0.01. What has to come back at "
        "`t = 0`, so that the rate is 0.01 there?",
        "A straight line: how far has it come down at `t = T/2`, halfway? And how far "
        "in all?",
        "For the part of the way, `t / T` is right up to `T`. After that it must not "
        "grow any more; `min` can see to it.",
    ),
    solution=linear_factor,
    cases=(
        # First where wrong lines are far apart.
        *((t, 100) for t in (100, 0, 50, 1, 25, 75, 90, 95, 99, 101, 111, 112, 1000)),
        *((t, 7) for t in (0, 1, 3, 6, 7, 8, 20)),
        (0, 1),
        (1, 1),
        (2, 1),
    ),
    mistakes=(
        Mistake(
            lambda t, T: 0.01 * (1 - 0.9 * min(t / T, 1)),
            "You return the rate. `LambdaLR` multiplies it by 0.01 once more, and the "
            "training starts at 0.0001.",
        ),
        Mistake(
            lambda t, T: 0.01 * (1 - 0.9 * t / T),
            "You return the rate, and it doesn't stay: after `T` it goes on falling. "
            "`LambdaLR` wants what multiplies the first rate.",
        ),
        Mistake(
            lambda t, T: 0.01 * (1 - min(t / T, 1)),
            "You return a rate, and a rate that ends at 0. `LambdaLR` wants what "
            "multiplies the first rate, and the line ends at 10 % of that.",
        ),
        Mistake(
            lambda t, T: 0.01 * (1 - t / T),
            "You return a rate, it is 0 at `T` and negative after it. `LambdaLR` wants "
            "what multiplies the first rate; the line ends at 10 %, and stays.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * t / T,
            "After `T` your line goes on falling, and soon the rate is negative. It "
            "has to stay.",
        ),
        Mistake(
            lambda t, T: max(1 - 0.9 * t / T, 0),
            "After `T` your line goes on falling, down to 0. It has to stay at 10 %.",
        ),
        Mistake(
            lambda t, T: 1 - min(t / T, 1),
            "Your line ends at 0. It is to end at 10 % of the first rate.",
        ),
        Mistake(
            lambda t, T: 1 - t / T,
            "Your line ends at 0 and is negative after `T`. It is to end at 10 % and "
            "to stay there.",
        ),
        Mistake(
            lambda t, T: max(1 - t / T, 0.1),
            "Your line aims at 0 and is stopped at 10 %: it gets there too early, at "
            "0.9 `T`.",
        ),
        Mistake(
            lambda t, T: 1 - 0.1 * min(t / T, 1),
            "You fall *by* 10 %, to 90 %. It is to fall *to* 10 %.",
        ),
        Mistake(
            lambda t, T: 1 - 0.99 * min(t / T, 1),
            "You fall to 1 %. It is to fall to 10 %.",
        ),
        Mistake(
            lambda t, T: 1 - 0.999 * min(t / T, 1),
            "Your factor falls to 0.001. That is the rate at `T`, not what multiplies "
            "0.01.",
        ),
        Mistake(
            lambda t, T: 0.1 + 0.9 * min(t / T, 1),
            "Your line rises, from 10 % to 1.",
        ),
        Mistake(
            lambda t, T: 0.1 ** min(t / T, 1),
            "Start and end are right, but between them yours is an exponential. A "
            "straight line is at 0.55 halfway.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * min((t + 1) / T, 1),
            "You are one update early: at `t = 0` the rate has to be 0.01 still.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * min(t / max(T - 1, 1), 1),
            "Your line ends one update early, at `T - 1`.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * min(t / (T + 1), 1),
            "Your line ends one update late, at `T + 1`. The rate is 0.001 at `t = T`.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * min(max(t - 1, 0) / T, 1),
            "You are one update late: `t` counts from 0, and the rate falls at "
            "`t = 1` already.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * min(t // T, 1),
            "`//` leaves only whole numbers: your rate stays at its first value and "
            "drops at `T`.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * t / T if t <= T else 1.0,
            "After `T` your rate is back at its first value. It has to stay at 10 %.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * t / T if t <= T else 0.0,
            "After `T` your rate is 0, so that nothing is learned. It has to stay at "
            "10 %.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * t / T if t <= T else 0.001,
            "After `T` you return the rate, 0.001. Return what multiplies 0.01, there "
            "too.",
        ),
        Mistake(
            lambda t, T: 1 - 0.9 * t / T if t < T else 0.001,
            "At `T` and after it you return the rate, 0.001. Return what multiplies "
            "0.01, there too.",
        ),
        Mistake(
            lambda t, T: 0.01 - 0.009 * min(t / T, 1) if t else 1.0,
            "You return 1 at first and the rate from then on. Return what multiplies "
            "0.01, at every `t`.",
        ),
        Mistake(
            lambda t, T: linear_factor(t, T) / linear_factor(t - 1, T) if t else 1.0,
            "That is what multiplies the rate *before*: right for `MultiplicativeLR`. "
            "`LambdaLR` multiplies the first rate each time.",
        ),
        Mistake(
            lambda t, T: 1 / (1 - 0.9 * min(t / T, 1)),
            "You divide where you should multiply: yours grows to 10.",
        ),
    ),
)

# The current rate, multiplied -----------------------------------------------------


def multiplicative_rates(lr, factors):
    acting = factors.copy()
    acting[0] = 1
    return lr * acting.cumprod()


@np.errstate(divide="ignore")  # a factor of 0 is among the cases
def _divided(lr: float, factors: np.ndarray) -> np.ndarray:
    rates: np.ndarray = lr / np.cumprod(np.append(1, factors[1:]))
    return rates


MULTIPLICATIVE_RATES = Exercise(
    name="decay/multiplicative_rates",
    text="""\
### Exercise: the list of MultiplicativeLR

Which rates does torch train with? The optimizer was built with `lr`, the scheduler is
`MultiplicativeLR(optimizer, lambda t: factors[t])`, and `scheduler.step()` follows
each update. Write `multiplicative_rates(lr, factors)`.

- **Arguments:** `lr`, the rate that the optimizer is built with, a number above 0;
  `factors`, a NumPy array of at least one number, each 0 or larger: what the function
  returns at `t = 0, 1, 2, …`
- **Returns:** a NumPy array with the rates of the updates `t = 0, 1, 2, …`, as many as
  `factors` has entries.
- **Boundaries:** torch does not call the function at `t = 0`: the first update is made
  with `lr`, whatever `factors[0]` is. `factors[1]` acts at `t = 1`.
- **Units and time:** `t` counts calls of `scheduler.step()` from 0; the rates are in
  the unit of `lr`.

Numbers count as right within a relative 1e-6.""",
    starter="def multiplicative_rates(lr, factors):\n    return ...",
    hints=(
        "What does each factor multiply here: the first rate, or the rate of the "
        "update before?",
        "Take `lr = 0.1` and the factors 1, 0.5, 0.5, 0.25, and write the four rates "
        "down by hand, each from the one before.",
        "A loop does it, from `t = 1` on. So does `np.cumprod`, if you see to it that "
        "`factors[0]` takes no part.",
    ),
    solution=multiplicative_rates,
    cases=(
        (0.1, np.array([1, 0.5, 0.5, 0.25])),
        (0.2, np.array([0.5, 0.5, 0.5])),
        (1.0, np.array([0.9, 0.8, 0.7, 0.6, 0.5])),
        (0.01, np.array([3.0, 2.0, 1.0, 0.1])),
        (0.3, np.array([0.7])),
        (0.5, np.array([0.0, 0.5, 0.25])),
        (0.1, np.array([1.0, 0.5, 0.0, 2.0])),
        (2.0, np.full(30, 0.95)),
    ),
    mistakes=(
        Mistake(
            lambda lr, factors: lr * factors,
            "That is the list of `LambdaLR`, whose factors multiply the first rate "
            "each time. Here each one multiplies the rate before.",
        ),
        Mistake(
            lambda lr, factors: lr * np.append(1, factors[1:]),
            "`factors[0]` is left out, as it should be. But the others multiply the "
            "first rate each time, as in `LambdaLR`.",
        ),
        Mistake(
            lambda lr, factors: lr * np.cumprod(factors),
            "Your `factors[0]` acts. Torch doesn't call the function at `t = 0`: the "
            "first update is made with `lr`.",
        ),
        Mistake(
            lambda lr, factors: lr * np.cumprod(np.append(1, factors[:-1])),
            "Your factors act one update late: at `t = 1` it is `factors[1]` that "
            "multiplies, and `factors[0]` never does.",
        ),
        Mistake(
            lambda lr, factors: np.cumprod(np.append(1, factors[1:])),
            "That is the product of the factors. `lr` hasn't multiplied it yet.",
        ),
        Mistake(
            lambda lr, factors: np.cumprod(factors),
            "`lr` takes no part, and `factors[0]` does. It should be the other way "
            "round.",
        ),
        Mistake(
            lambda lr, factors: lr * np.cumprod(np.append(1, factors)),
            "You have one rate too many: `lr` and then all factors. `factors[0]` takes "
            "no part.",
        ),
        Mistake(
            lambda lr, factors: lr * np.cumprod(factors[1:]),
            "You have one rate too few: the first update, made with `lr` itself, is "
            "missing.",
        ),
        Mistake(
            lambda lr, factors: np.cumprod(lr * np.append(1, factors[1:])),
            "You multiply by `lr` at every update. It is the first rate, and comes in "
            "once.",
        ),
        Mistake(
            lambda lr, factors: lr * factors ** np.arange(len(factors)),
            "You take each factor to the power `t`. That is right only if all of them "
            "are the same.",
        ),
        Mistake(
            lambda lr, factors: lr * np.append(1, factors[1:] * factors[:-1]),
            "You multiply two neighbours. All the factors up to `t` are still in the "
            "rate.",
        ),
        Mistake(
            lambda lr, factors: lr * np.append(1, np.cumprod(factors[1:])[::-1]),
            "You go through the factors from the end.",
        ),
        Mistake(
            lambda lr, factors: lr * np.cumsum(factors),
            "You add the factors up. They multiply.",
        ),
        Mistake(
            lambda lr, factors: lr * np.prod(factors[1:]),
            "That is the last rate alone. The rates of all updates are asked for.",
        ),
        Mistake(
            _divided,
            "You divide by the factors.",
        ),
    ),
)
EXERCISES: tuple[Exercise, ...] = (
    REPAIRED_LOOP,
    RATE_AFTER_LOOP,
    CURRENT_LRS,
    STEP_LR,
    MULTISTEP_LR,
    COSINE_LR,
    T_MAX,
    RATE_PAST_THE_END,
    GAMMA_FOR,
    POLY_LR,
    ROBBINS_MONRO,
    RESTART_LR,
    RESTART_EPOCHS,
    STEP_SIZE_UP,
    PLATEAU_RATES,
    NEEDS_METRIC,
    CHECK_SCHEDULE,
    LINEAR_FACTOR,
    MULTIPLICATIVE_RATES,
)
