"""Exercises of lesson 5.2, comparing schedules fairly."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# Tuned on one set, judged on the other ------------------------------------------


def judged(tuning, judging):
    best = tuning.mean(axis=2).argmin(axis=1)
    return judging[range(len(best)), best]


def _at(judging: Any, best: Any) -> Any:
    return judging[np.arange(len(judging)), best]


def _each_seed(tuning: Any, judging: Any) -> Any:
    best = tuning.argmin(axis=1)
    return np.take_along_axis(judging, best[:, None], axis=1)[:, 0]


_random = np.random.default_rng(3)
_TUNING = _random.uniform(4, 9, (5, 4, 6)).round(1)
_JUDGING = _random.uniform(4, 9, (5, 4, 6)).round(1)

JUDGED = Exercise(
    name="practice/judged",
    text="""\
### Exercise: tuned here, judged there

Write `judged(tuning, judging)`: each schedule's mistakes on the judging set, at the
peak that is best for it on the tuning set.

- **Arguments:** `tuning` and `judging`, two arrays `[schedules, peaks, seeds]` of
  mistakes in 100 digits, of the same runs on two sets; fewer is better.
- **Returns:** an array `[schedules, seeds]`.
- **Boundaries:** a schedule's peak is the one with the lowest mean over all seeds. It
  is the same for all its seeds. In a tie, the first of the tied peaks.
- **Units and time:** mistakes in 100 digits, after the last update of each run.

The numbers count as right within a relative 1e-6.""",
    starter="def judged(tuning, judging):\n    return ...",
    hints=(
        "Two decisions: which array may choose, and over which axis is a mean taken "
        "before the choice?",
        "`argmin` with an `axis` gives the place of the lowest entry along that axis. "
        "You need one place for each schedule.",
        "To take another place from each row of an array, index it with two lists: "
        "the rows, and the place in each. A loop over the schedules does it, too.",
    ),
    solution=judged,
    cases=(
        (  # small enough to be read in a message
            np.array([[[7.0, 6.0], [5.0, 6.5]], [[4.5, 5.5], [7.5, 4.0]]]),
            np.array([[[6.0, 4.0], [7.0, 8.0]], [[9.0, 9.5], [5.0, 3.0]]]),
        ),
        (_TUNING, _JUDGING),
        (_JUDGING[:2, :, :5], _TUNING[:2, :, :5]),
        (_TUNING[:, :1], _JUDGING[:, :1]),
        (
            np.array([[[5.0, 6.0], [6.0, 5.0], [9.0, 9.0]]]),
            np.array([[[1.0, 2.0], [3.0, 4.0], [0.0, 0.0]]]),
        ),
    ),
    mistakes=(
        Mistake(
            lambda tuning, judging: _at(judging, judging.mean(axis=2).argmin(axis=1)),
            "You choose the peak on the judging set. What has chosen can't judge any "
            "more: the number comes out too good.",
        ),
        Mistake(
            lambda tuning, judging: _at(tuning, tuning.mean(axis=2).argmin(axis=1)),
            "You return the mistakes on the tuning set. They were chosen for being "
            "low; the other set has to judge.",
        ),
        Mistake(
            lambda tuning, judging: judged(judging, tuning),
            "The two sets have changed places: the first argument tunes.",
        ),
        Mistake(
            lambda tuning, judging: _at(judging, tuning.max(axis=2).argmin(axis=1)),
            "You choose the peak whose unluckiest seed is best. Take the mean over "
            "all seeds.",
        ),
        Mistake(
            lambda tuning, judging: judging[:, tuning.mean(axis=(0, 2)).argmin()],
            "You choose one peak for all schedules. Each has its own best peak, and "
            "with a common one whoever chooses it chooses the winner.",
        ),
        Mistake(
            _each_seed,
            "You choose a peak for every seed anew. That is best of many runs under "
            "another name: a schedule has one peak.",
        ),
        Mistake(
            lambda tuning, judging: _at(judging, tuning.mean(axis=2).argmax(axis=1)),
            "You take the peak with the most mistakes. Fewer is better.",
        ),
        Mistake(
            lambda tuning, judging: judging.min(axis=1),
            "You take the fewest mistakes of each seed on the judging set, and don't "
            "tune at all.",
        ),
        Mistake(
            lambda tuning, judging: _at(judging, tuning[..., 0].argmin(axis=1)),
            "You tune on the first seed alone. Take the mean over all of them.",
        ),
        Mistake(
            lambda tuning, judging: _at(judging, tuning.min(axis=2).argmin(axis=1)),
            "You choose the peak whose luckiest seed is best. Take the mean over the "
            "seeds.",
        ),
        Mistake(
            lambda tuning, judging: judging[:, 0],
            "You take the first peak for all: nothing was tuned.",
        ),
        Mistake(
            lambda tuning, judging: judged(tuning, judging).mean(axis=1),
            "You average over the seeds at the end. To compare in pairs, the mistakes "
            "of each seed are needed.",
        ),
    ),
)


# Better? ---------------------------------------------------------------------------


def better(a, b):
    from itertools import product

    d = [x - y for x, y in zip(a, b, strict=True)]
    sums = [
        sum(s * x for s, x in zip(signs, d, strict=True))
        for signs in product([1, -1], repeat=len(d))
    ]
    p = sum(abs(total) >= abs(sum(d)) - 1e-9 for total in sums) / len(sums)
    if p > 0.05:
        return "no evidence"
    return "a" if sum(d) < 0 else "b"


def _share(d: Any, strict: bool = False, sided: bool = False) -> float:
    sums = np.array(list(product([1, -1], repeat=len(d)))) @ d
    if sided:
        return float(np.mean(sums * np.sign(d.sum()) >= abs(d.sum()) - 1e-9))
    if strict:
        return float(np.mean(abs(sums) > abs(d.sum()) + 1e-9))
    return float(np.mean(abs(sums) >= abs(d.sum()) - 1e-9))


def _larger(d: Any) -> float:
    sums = np.array(list(product([1, -1], repeat=len(d)))) @ d
    return float(np.mean(sums >= d.sum() - 1e-9))


def _to_the_digit(d: Any) -> float:
    sums = np.array(list(product([1, -1], repeat=len(d)))) @ d
    return float(np.mean(abs(sums) >= abs(d.sum())))


def _by_t(a: Any, b: Any) -> str:
    d = a - b
    # Student's t at 0.05, both sides, for 2 to 9 degrees of freedom.
    borders = (4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
    spread = np.std(d, ddof=1) / math.sqrt(len(d))
    return _word(a, b, 0.0 if abs(d.mean()) > borders[len(d) - 3] * spread else 1.0)


def _word(a: Any, b: Any, p: float) -> str:
    if p > 0.05:
        return "no evidence"
    return "a" if np.sum(a) < np.sum(b) else "b"


def _by_sign(a: Any, b: Any) -> str:
    wins, n = int(np.sum(a < b)), int(np.sum(a != b))
    extreme = max(wins, n - wins)
    tail = sum(math.comb(n, k) for k in range(extreme, n + 1)) / 2**n
    return _word(a, b, min(1.0, 2 * tail))


def _unpaired(a: Any, b: Any) -> str:
    from itertools import combinations

    everything = np.concatenate([a, b])
    found = abs(np.sum(a) - np.sum(b))
    total = everything.sum()
    groups = [
        abs(2 * everything[list(rows)].sum() - total)
        for rows in combinations(range(len(everything)), len(a))
    ]
    return _word(a, b, float(np.mean(np.array(groups) >= found - 1e-9)))


def _simply(measure: Callable[[Any], Any]) -> Callable[..., str]:
    def answer(a: Any, b: Any) -> str:
        return "a" if measure(a) < measure(b) else "b"

    return answer


_PAIRS = tuple(
    (np.array(a), np.array(b))
    for a, b in (
        # Six of six, close to each other and far below their spread over seeds.
        ([4.0, 7.0, 5.0, 9.0, 6.0, 8.0], [4.5, 7.3, 5.6, 9.4, 6.2, 8.7]),
        ([4.5, 7.3, 5.6, 9.4, 6.2, 8.7], [4.0, 7.0, 5.0, 9.0, 6.0, 8.0]),
        # Five of five.
        ([4.0, 4.1, 4.2, 4.0, 4.1], [6.0, 6.5, 6.1, 6.2, 6.6]),
        ([6.0, 6.5, 6.1, 6.2, 6.6], [4.0, 4.1, 4.2, 4.0, 4.1]),
        # Three of three, of which one is large.
        ([5.0, 5.0, 5.0], [6.0, 5.1, 5.1]),
        # Seven of eight, and the one is small; then the one is large.
        (
            [5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0],
            [6.0, 6.2, 5.9, 6.1, 6.3, 5.8, 6.4, 4.9],
        ),
        (
            [5.5, 4.5, 5.5, 4.5, 5.5, 4.5, 5.5, 4.5],
            [5.6, 4.7, 5.6, 4.8, 5.7, 4.6, 5.7, 2.5],
        ),
        # The first run and the best run say the opposite of the mean.
        (
            [7.0, 5.1, 5.2, 5.0, 5.3, 5.1, 5.2, 5.0],
            [6.0, 6.4, 6.5, 4.9, 6.6, 6.5, 6.3, 6.4],
        ),
        (
            [6.0, 5.6, 6.5, 3.9, 6.6, 6.5, 6.3, 6.4, 6.2],
            [6.5, 5.1, 5.2, 5.0, 5.3, 5.1, 5.2, 5.0, 5.1],
        ),
        # One-sided 0.031 to 0.05, two-sided above.
        (
            [5.0, 5.0, 5.0, 5.0, 5.0, 5.0],
            [5.9, 5.8, 5.7, 5.6, 5.5, 4.9],
        ),
        # Ten of ten.
        (
            [5.2, 6.1, 4.8, 5.5, 6.0, 5.7, 4.9, 5.8, 6.3, 5.1],
            [5.9, 6.6, 5.1, 6.3, 6.4, 6.6, 5.5, 6.0, 7.2, 5.5],
        ),
        # Sums that are equal but for rounding: 0.055 with them, 0.039 without.
        (
            [4.0, 6.6, 6.9, 7.3, 5.1, 4.9, 6.6, 7.2],
            [4.9, 6.8, 7.9, 7.2, 6.1, 5.4, 6.4, 7.5],
        ),
        # The same runs.
        ([5.0, 6.0, 7.0, 5.5, 6.5, 7.5], [5.0, 6.0, 7.0, 5.5, 6.5, 7.5]),
        ([5.0, 6.0, 7.0], [1.0, 2.0, 3.0]),
    )
)

BETTER = Exercise(
    name="practice/better",
    text="""\
### Exercise: is one better?

Write `better(a, b)`, by the test of this lesson.

- **Arguments:** `a` and `b`, two arrays of the same length, 3 to 10: the mistakes of
  two schedules. `a[i]` and `b[i]` are under the same seed. Fewer is better.
- **Returns:** a word: `"a"` or `"b"`, which is better on average, if $p \\le 0.05$;
  else `"no evidence"`.
- **Boundaries:** $p$ is the share of all $2^n$ rows of signs that put the sum of the
  differences at least as far from 0, on either side, as it is. Sums that differ by less
  than 1e-9 count as equal. For equal arrays, $p$ is 1.
- **Units and time:** mistakes in 100 digits, after the same number of updates.""",
    starter="def better(a, b):\n    return ...",
    hints=(
        "Seeds are paired: the first thing to compute is one difference for each seed.",
        "`itertools.product([1, -1], repeat=n)` runs through all rows of signs. Which "
        "of the sums count: only those farther away than yours, or equal ones, too?",
        "With three to five seeds your function can only ever say one thing. Try "
        "whether it does.",
    ),
    solution=better,
    cases=_PAIRS,
    mistakes=(
        Mistake(
            _simply(np.mean),
            "You compare the means and never doubt. Two schedules that don't differ "
            "have different means as well.",
        ),
        Mistake(
            _simply(lambda x: x[0]),
            "You compare one run with one run, those of the first seed.",
        ),
        Mistake(
            _simply(np.min),
            "You compare the best run of each. The more seeds, the better the best: it "
            "measures luck.",
        ),
        Mistake(
            lambda a, b: _word(a, b, _share(a - b, sided=True)),
            "You count one side only. Before the runs you didn't know which would be "
            "ahead, so sums as far off on the other side count as well. (Rows of 0 and "
            "1 in the place of signs, or a border at 0.1, come to the same.)",
        ),
        Mistake(
            lambda a, b: _word(a, b, _larger(a - b)),
            "You count the sums that are larger than yours. Where `a` has fewer "
            "mistakes yours is negative: take distances from 0.",
        ),
        Mistake(
            lambda a, b: _word(a, b, _larger(b - a)),
            "You count the sums that are larger than yours. Where `b` has fewer "
            "mistakes yours is negative: take distances from 0.",
        ),
        Mistake(
            lambda a, b: _word(a, b, _to_the_digit(a - b)),
            "Sums that are equal count. In floating-point numbers they differ in the "
            "last digit, so allow for 1e-9.",
        ),
        Mistake(
            _by_t,
            "You compare the mean with its standard error, as a t test does. It takes "
            "the differences to be normally distributed. Asked for is the share of all "
            "rows of signs.",
        ),
        Mistake(
            lambda a, b: _word(a, b, _share(a - b, strict=True)),
            "You count only sums that are farther off than yours. Those equal to it "
            "count, and yours itself is one of them.",
        ),
        Mistake(
            lambda a, b: _word(b, a, _share(a - b)),
            "The words are swapped: fewer mistakes are better.",
        ),
        Mistake(
            _by_sign,
            "You count how many seeds each one wins. That forgets how large the "
            "differences are: the sums of the differences are asked for.",
        ),
        Mistake(
            _unpaired,
            "You mix all runs in one pot. The seeds are paired: only the two runs of "
            "one seed may change places.",
        ),
        Mistake(
            lambda a, b: "no evidence",
            "Your function always says the same. Six of six, for example, is evidence.",
        ),
        Mistake(
            lambda a, b: _word(a, b, 0.0 if (a < b).all() or (a > b).all() else 1.0),
            "You ask whether one wins under every seed. Five of five is no evidence "
            "yet, and seven of eight may be.",
        ),
        Mistake(
            lambda a, b: _word(a, b, 1 - _share(a - b)),
            "You find evidence where chance explains everything, and none where it "
            "can't: look at which side of 0.05 your $p$ lies.",
        ),
    ),
)


# How many seeds ----------------------------------------------------------------------


def fewest_seeds(level):
    import math

    return max(1, math.ceil(1 - math.log2(level)))


FEWEST_SEEDS = Exercise(
    name="practice/fewest_seeds",
    text="""\
### Exercise: how many seeds, at least?

Someone asks for evidence at another level than 0.05. Write `fewest_seeds(level)`: the
smallest number of paired seeds with which the test of this lesson can reach it at all.

- **Arguments:** `level`, one number above 0 and at most 1, no array.
- **Returns:** a whole number, 1 or more.
- **Boundaries:** evidence is $p \\le$ `level`, so a $p$ equal to it is enough. At best,
  all differences have the same sign.
- **Units and time:** seeds; each is a pair of finished runs.""",
    starter="def fewest_seeds(level):\n    return ...",
    hints=(
        "If all the differences have the same sign, how many rows of signs put the "
        "sum as far from 0 as it is? It is more than one.",
        "At `level = 0.05` the answer is 6. Five seeds are too few: the smallest $p$ "
        "is then 0.0625.",
        "Start at one seed, and add one as long as the smallest possible $p$ is too "
        "large. A logarithm to base 2 does it too, but mind how you round.",
    ),
    solution=fewest_seeds,
    cases=tuple(
        (level,) for level in (0.05, 0.01, 0.001, 0.25, 0.125, 0.3, 0.1, 1.0, 0.5, 1e-6)
    ),
    mistakes=(
        Mistake(
            lambda level: max(1, math.ceil(-math.log2(level))),
            "You count one row of signs. With all signs turned, the sum is as far "
            "from 0 on the other side.",
        ),
        Mistake(
            lambda level: math.ceil(-math.log2(level)),
            "You count one row of signs, so that at level 1 you need no seed at all. "
            "Its mirror image is as far from 0.",
        ),
        Mistake(
            lambda level: 1 - math.log2(level),
            "That many seeds reach the level exactly. Seeds come whole.",
        ),
        Mistake(
            lambda level: 2 ** math.ceil(1 - math.log2(level)),
            "That is the number of rows of signs. How many seeds make so many?",
        ),
        Mistake(
            lambda level: math.ceil(2 - math.log2(level)),
            "You ask for one seed too many.",
        ),
        Mistake(
            lambda level: math.floor(1 - math.log2(level)),
            "You round down, so that the smallest $p$ is often still above the level.",
        ),
        Mistake(
            lambda level: math.floor(2 - math.log2(level)),
            "You ask for a $p$ below the level. Equal to it is enough.",
        ),
        Mistake(
            lambda level: math.ceil(1 / level),
            "One in twenty doesn't need twenty seeds: each further seed doubles the "
            "number of rows of signs.",
        ),
        Mistake(
            lambda level: math.ceil(2 / level),
            "That is how many rows of signs there must be. Each seed doubles their "
            "number.",
        ),
        Mistake(
            lambda level: max(1, math.ceil(1 - math.log(level))),
            "The natural logarithm counts factors of 2.718; each seed brings a factor "
            "of 2.",
        ),
        Mistake(
            lambda level: 6,
            "That is right at 0.05 and ignores other levels.",
        ),
        Mistake(
            lambda level: max(1, round(1 - math.log2(level))),
            "You round to the nearest whole number, which is sometimes too few.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (JUDGED, BETTER, FEWEST_SEEDS)
