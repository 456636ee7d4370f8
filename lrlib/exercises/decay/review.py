"""Exercise of chapter 2's last page, Review and project."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math
from collections.abc import Callable

from lrlib.exercises.engine import Exercise, Mistake

# Restarts that end low ----------------------------------------------------------


def restarts_that_end_low(steps, cycles, T_mult):
    import math

    together = sum(T_mult**k for k in range(cycles))  # all of them, for T_0 = 1
    return math.ceil(steps / together)


def _over(together: Callable[[int, int], float]) -> Callable[[int, int, int], float]:
    """``restarts_that_end_low`` with another length of all cycles for T_0 = 1."""

    def answer(steps: int, cycles: int, T_mult: int) -> float:
        return math.ceil(steps / together(cycles, T_mult))

    return answer


def _together(cycles: int, T_mult: int) -> int:
    return sum(T_mult**k for k in range(cycles))


RESTARTS_THAT_END_LOW = Exercise(
    name="decay/restarts_that_end_low",
    text="""\
### Exercise: restarts that end low

Write `restarts_that_end_low(steps, cycles, T_mult)`: the smallest `T_0` with which
`cycles` cycles of warm restarts reach the end of a run of `steps` updates.

- **Arguments:** `steps`, the updates of the run; `cycles`, the number of cycles;
  `T_mult`, how many times as long each is as the one before. Three whole numbers of
  at least 1, no arrays.
- **Returns:** `T_0`, the updates of the first cycle, a whole number. Where one fits,
  the last cycle ends with the run. Where none does, it would end after the run, and
  its last few updates are never made.
- **Boundaries:** no update is left over for one cycle more, since that one would begin
  at the top. In a very short run much of the last cycle may be missing, or all of it;
  the rule is the same. With `T_mult = 1` all cycles are equally long, and a single
  cycle is one cosine.
- **Units and time:** `scheduler.step()` follows each update, so `T_0` counts updates,
  as `steps` does.""",
    starter="def restarts_that_end_low(steps, cycles, T_mult):\n    return ...",
    hints=(
        "Take `T_0 = 1` first. How long are three cycles with `T_mult = 2`, one by one "
        "and together? And with `T_0 = 10`?",
        "All cycles together are `T_0` times as long as they would be with `T_0 = 1`. "
        "That has to reach to the end of the run.",
        "Where a division leaves a remainder, there are two whole numbers to choose "
        "from. With which of them does the run reach the beginning of one cycle more?",
    ),
    solution=restarts_that_end_low,
    cases=(
        (430, 3, 2),
        (420, 3, 2),  # a whole number does it
        (421, 3, 2),  # one update more
        (1000, 4, 1),
        (1001, 4, 1),
        (90, 1, 2),
        (2000, 5, 3),
        (728, 6, 3),
        (500, 2, 4),
        (10, 6, 1),  # the sixth cycle never begins
    ),
    mistakes=(
        Mistake(
            lambda steps, cycles, T_mult: steps // _together(cycles, T_mult),
            "Rounded down: where the division leaves a remainder, the last cycle is "
            "over before the run, and the updates that are left begin one more, at "
            "the top.",
        ),
        Mistake(
            lambda steps, cycles, T_mult: round(steps / _together(cycles, T_mult)),
            "Rounded to the nearest: for some budgets that is down, and then the last "
            "updates begin one more cycle.",
        ),
        Mistake(
            lambda steps, cycles, T_mult: steps / _together(cycles, T_mult),
            "The length of all cycles is right, but the scheduler takes whole numbers "
            "only.",
        ),
        Mistake(
            lambda steps, cycles, T_mult: steps // _together(cycles, T_mult) + 1,
            "Look at three cycles in 420 updates, each twice as long as the one "
            "before: you go one too far there, and the run ends higher than it need.",
        ),
        Mistake(
            lambda steps, cycles, T_mult: math.ceil(
                (steps - 1) / _together(cycles, T_mult)
            ),
            "You count the run one update too short: the last has the number "
            "`steps - 1`, but the first has the number 0.",
        ),
        Mistake(
            lambda steps, cycles, T_mult: (
                math.ceil(steps / _together(cycles, T_mult)) - 1
            ),
            "One too small: your last cycle always ends before the run does.",
        ),
        Mistake(
            _over(lambda cycles, T_mult: cycles),
            "That is right for cycles that are equally long. `T_mult` takes no part.",
        ),
        Mistake(
            lambda steps, cycles, T_mult: steps // cycles,
            "You cut the run into equal parts and round down: `T_mult` takes no part, "
            "and what is left over begins one more cycle.",
        ),
        Mistake(
            _over(lambda cycles, T_mult: T_mult ** (cycles - 1)),
            "With this `T_0` the last cycle alone is as long as the run. Those before "
            "it take their updates too.",
        ),
        Mistake(
            _over(lambda cycles, T_mult: T_mult**cycles),
            "You divide by a power of `T_mult` that belongs to the cycle after the "
            "last. What is asked for is the length of all of them together.",
        ),
        Mistake(
            _over(lambda cycles, T_mult: T_mult**cycles - 1),
            "Right for `T_mult = 2`, where 1 + 2 + 4 is one less than 8. For other "
            "growths the sum is another.",
        ),
        Mistake(
            _over(lambda cycles, T_mult: sum(T_mult**k for k in range(cycles - 1))),
            "Your cycles fill the run without the last of them: one is missing in the "
            "sum.",
        ),
        Mistake(
            _over(lambda cycles, T_mult: _together(cycles + 1, T_mult)),
            "You plan for one cycle more than is asked for.",
        ),
        Mistake(
            _over(lambda cycles, T_mult: T_mult * _together(cycles, T_mult)),
            "Your first cycle has grown already: it is to have `T_0` updates, and only "
            "the second `T_0` · `T_mult`.",
        ),
        Mistake(
            _over(lambda cycles, T_mult: cycles * T_mult),
            "Each of your cycles is `T_mult` times `T_0`. The first isn't, and later "
            "ones grow again.",
        ),
        Mistake(
            _over(lambda cycles, T_mult: sum(1 + k * T_mult for k in range(cycles))),
            "Your cycles grow by the same number of updates each time. They are to "
            "grow by a factor.",
        ),
        Mistake(
            lambda steps, cycles, T_mult: (
                restarts_that_end_low(steps, cycles, T_mult) * T_mult ** (cycles - 1)
            ),
            "That is the length of the last cycle. `T_0` is that of the first.",
        ),
        Mistake(
            lambda steps, cycles, T_mult: (
                restarts_that_end_low(steps, cycles, T_mult) * _together(cycles, T_mult)
            ),
            "That is the length of all cycles together. `T_0` is that of the first.",
        ),
        Mistake(
            lambda steps, cycles, T_mult: math.ceil(
                steps * (T_mult - 1) / (T_mult**cycles - 1)
            ),
            "The short formula for a sum of powers divides by 0 where the cycles are "
            "equally long. Add the powers up, or treat `T_mult = 1` apart.",
        ),
    ),
)

EXERCISES = (RESTARTS_THAT_END_LOW,)
