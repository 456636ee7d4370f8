"""Exercises of lesson 2.2, Stairs."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from bisect import bisect_right
from itertools import takewhile

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


EXERCISES: tuple[Exercise, ...] = (
    STEP_LR,
    MULTISTEP_LR,
)
