"""Exercises of lesson 4.1, why start small?"""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# The smallest warmup that saves a peak ---------------------------------------------


def smallest_warmup(peak, runs, good):
    mine = [(warmup, last) for lr, warmup, _, last in runs if lr == peak]
    failing = {warmup for warmup, last in mine if not last < good}
    return min({warmup for warmup, _ in mine} - failing, default=-1)


def _lasts(peak: float, runs: Any) -> dict[int, list[float]]:
    """The last losses of each length at this peak, in the order of the table."""
    found: dict[int, list[float]] = {}
    for lr, warmup, _, last in runs:
        if lr == peak:
            found.setdefault(warmup, []).append(last)
    return found


def _saving(peak: float, runs: Any, saves: Callable[[list[float]], bool]) -> list[int]:
    """The lengths whose losses are said to save this peak, in the table's order."""
    return [warmup for warmup, losses in _lasts(peak, runs).items() if saves(losses)]


def _smallest(peak: float, runs: Any, saves: Callable[[list[float]], bool]) -> int:
    return min(_saving(peak, runs, saves), default=-1)


def _good(losses: list[float], good: float) -> bool:
    return all(loss < good for loss in losses)


def _after_the_last_failure(peak: float, runs: Any, good: float) -> int:
    """The smallest length from which on no longer one fails."""
    answer = -1
    for warmup, losses in sorted(_lasts(peak, runs).items(), reverse=True):
        if not _good(losses, good):
            break
        answer = warmup
    return answer


def _lowest_mean(peak: float, runs: Any, good: float) -> int:
    """The saving length that ends lowest."""
    saving = {w: x for w, x in _lasts(peak, runs).items() if _good(x, good)}
    return min(saving, key=lambda w: sum(saving[w]) / len(saving[w]), default=-1)


def _of_the_finite(peak: float, runs: Any, good: float) -> int:
    """The solution without the runs that diverged, and the lengths of which all did."""
    return int(smallest_warmup(peak, [r for r in runs if math.isfinite(r[3])], good))


def _last_of_each(peak: float, runs: Any, good: float) -> int:
    """The solution with one run of each length, the last in the table."""
    return _smallest(peak, runs, lambda x: x[-1] < good)


def _place(peak: float, runs: Any, good: float) -> int:
    """The place of the right length among those tried."""
    length = smallest_warmup(peak, runs, good)
    return sorted(_lasts(peak, runs)).index(length) if length >= 0 else -1


INF, NAN = math.inf, math.nan
# Few enough to be shown whole when an answer is wrong.
FEW = [
    *((1.6, 20, 0, 0.12), (1.6, 5, 0, 0.11), (1.6, 5, 1, 0.34)),
    *((1.6, 0, 0, NAN), (0.8, 0, 0, 0.21), (0.8, 0, 1, 0.18)),
]
# At 0.8, 20 updates fail where 5 save; at 1.6 every length but 0 saves some seed; at
# 3.2 none saves; 0.1 is stable without; at 0.4 a loss is at the limit itself; at 0.6
# two lengths have fewer seeds than the others, and one of them saves.
RECORDED = [
    *((1.6, 20, 0, 0.12), (1.6, 20, 1, 0.13), (1.6, 20, 2, 0.10)),
    *((1.6, 0, 0, NAN), (1.6, 0, 1, NAN), (1.6, 0, 2, INF)),
    *((1.6, 5, 0, 0.18), (1.6, 5, 1, 0.45), (1.6, 5, 2, 0.09)),
    *((1.6, 10, 0, 0.11), (1.6, 10, 1, 0.16), (1.6, 10, 2, 0.25)),
    *((1.6, 2, 0, 0.12), (1.6, 2, 1, 0.11), (1.6, 2, 2, NAN)),
    *((0.8, 40, 0, 0.06), (0.8, 40, 1, 0.07), (0.8, 40, 2, 0.05)),
    *((0.8, 20, 0, 0.07), (0.8, 20, 1, NAN), (0.8, 20, 2, 0.06)),
    *((0.8, 5, 0, 0.08), (0.8, 5, 1, 0.05), (0.8, 5, 2, 0.09)),
    *((0.8, 0, 0, 0.45), (0.8, 0, 1, 0.39), (0.8, 0, 2, 0.38)),
    *((0.6, 5, 0, 0.08), (0.6, 5, 1, 0.05), (0.6, 5, 2, 0.09)),
    *((0.6, 2, 0, 0.09), (0.6, 2, 2, 0.11), (0.6, 0, 1, 0.47)),
    *((0.4, 0, 0, 0.17), (0.4, 0, 1, 0.30), (0.4, 0, 2, 0.19)),
    *((0.4, 2, 0, 0.10), (0.4, 2, 1, 0.11), (0.4, 2, 2, 0.08)),
    *((0.1, 0, 0, 0.22), (0.1, 0, 1, 0.25), (0.1, 0, 2, 0.21)),
    *((0.1, 10, 0, 0.23), (0.1, 10, 1, 0.25), (0.1, 10, 2, 0.21)),
    *((3.2, 0, 0, NAN), (3.2, 0, 1, NAN), (3.2, 0, 2, NAN)),
    *((3.2, 40, 0, INF), (3.2, 40, 1, NAN), (3.2, 40, 2, 0.2)),
]

SMALLEST_WARMUP = Exercise(
    name="warmup/smallest_warmup",
    text="""\
### Exercise: the smallest warmup that saves a peak

Write `smallest_warmup(peak, runs, good)`: the fewest updates of warmup with which
every recorded run at this peak ended below `good`.

- **Arguments:** `peak`, a rate; `runs`, a list of tuples `(lr, warmup, seed, last)` in
  any order: the peak that was trained with, the updates of warmup before it (0 is
  none), the seed, and the loss after the last update, which is `inf` or `nan` if the
  run diverged; `good`, a number.
- **Returns:** one whole number: a length from `runs`, or -1 if none of them saves
  this peak.
- **Boundaries:** a loss equal to `good` is not below it. A length saves the peak if all
  of its recorded runs end below `good`; some lengths were run with fewer seeds than
  others. 0 can be the answer. If a longer warmup fails again,
  the smallest that saves is still the answer. Peaks are compared with `==`.
- **Units and time:** `warmup` counts the updates below the peak, from 0 to
  `warmup - 1`. All are plain numbers, not arrays.""",
    starter="def smallest_warmup(peak, runs, good):\n    return ...",
    hints=(
        "Leave the runs at other peaks out first. Which lengths were tried at all?",
        "What does `nan < 0.3` give, and what does `nan > 0.3`? Ask so that a run that "
        "diverged never counts as good.",
        "One failed seed spoils a length. Of the lengths that are left `min` takes the "
        "smallest; it has a `default` for when there are none.",
    ),
    solution=smallest_warmup,
    cases=(
        *((1.6, FEW, good) for good in (0.3, 0.5, 0.1)),
        (0.8, FEW, 0.3),
        *((peak, RECORDED, 0.3) for peak in (0.1, 0.4, 0.6, 0.8, 1.6, 3.2, 0.2)),
        (1.6, RECORDED, 0.5),
        (1.6, RECORDED, 0.15),
        (0.8, RECORDED, 0.5),
        (0.8, RECORDED[::-1], 0.3),
        (0.4, RECORDED, 0.31),
        (1.6, RECORDED, 0.05),
    ),
    mistakes=(
        Mistake(
            lambda peak, runs, good: _smallest(
                peak, runs, lambda x: any(loss < good for loss in x)
            ),
            "One seed that ended well is enough for you. A length saves the peak if "
            "all of its seeds do.",
        ),
        Mistake(
            lambda peak, runs, good: _smallest(
                peak, runs, lambda x: not any(loss >= good for loss in x)
            ),
            "A run that ended with NaN passes your test: every comparison with NaN is "
            "false. Ask for what is good, not for what is bad.",
        ),
        Mistake(
            lambda peak, runs, good: _smallest(
                peak, runs, lambda x: all(loss <= good for loss in x)
            ),
            "You count a loss equal to `good` as below it.",
        ),
        Mistake(
            lambda peak, runs, good: _smallest(
                peak, runs, lambda x: all(map(math.isfinite, x))
            ),
            "You ask only whether the loss is finite. A run can stay finite and learn "
            "nothing: `good` takes no part.",
        ),
        Mistake(
            _of_the_finite,
            "You drop the runs that diverged and judge the others. One that diverged "
            "spoils its length.",
        ),
        Mistake(
            lambda peak, runs, good: _smallest(
                peak, runs, lambda x: _good([*filter(math.isfinite, x)], good)
            ),
            "You pass over the runs that diverged, and a length of which all did "
            "saves the peak for you. One that diverged spoils its length.",
        ),
        Mistake(
            _last_of_each,
            "You keep one run of each length, the last in the list. All of them have "
            "to end below `good`.",
        ),
        Mistake(
            lambda peak, runs, good: _smallest(
                peak, runs, lambda x: sum(x) / len(x) < good
            ),
            "You compare the mean over seeds with `good`. A mean hides a seed that "
            "failed.",
        ),
        Mistake(
            lambda peak, runs, good: min(
                (w for w, x in _lasts(peak, runs).items() if w and _good(x, good)),
                default=-1,
            ),
            "You leave out the runs without warmup. Warmup doesn't always help: where "
            "they end well, the answer is 0.",
        ),
        Mistake(
            lambda peak, runs, good: max(
                _smallest(peak, runs, lambda x: _good(x, good)), 0
            ),
            "Where no length saves the peak you return 0, which says that it needs no "
            "warmup. No warmup saves every rate: the answer there is -1.",
        ),
        Mistake(
            lambda peak, runs, good: min(
                _saving(peak, runs, lambda x: _good(x, good)),
                default=max(_lasts(peak, runs), default=-1),
            ),
            "Where no length saves the peak you return the longest one. Longer is not "
            "enough: no warmup saves every rate.",
        ),
        Mistake(
            _after_the_last_failure,
            "You look for the length after which none fails any more. If a longer one "
            "fails again, the smallest that saves is still asked for.",
        ),
        Mistake(
            lambda peak, runs, good: max(
                _saving(peak, runs, lambda x: _good(x, good)), default=-1
            ),
            "You return the largest length that saves the peak.",
        ),
        Mistake(
            lambda peak, runs, good: [
                *_saving(peak, runs, lambda x: _good(x, good)),
                -1,
            ][0],
            "You return the first length in the list that saves the peak. The list "
            "has no order.",
        ),
        Mistake(
            lambda peak, runs, good: next(
                (w for lr, w, _, last in runs if lr == peak and last < good), -1
            ),
            "You return at the first run that ended well. The list has no order, and "
            "one seed is not all of them.",
        ),
        Mistake(
            lambda peak, runs, good: _smallest(peak, runs, lambda x: max(x) < good),
            "You ask `max` for the worst loss. It compares, and every comparison with "
            "NaN is false: unless NaN comes first, `max` passes it over.",
        ),
        Mistake(
            lambda peak, runs, good: _smallest(
                peak, runs, lambda x: len(x) == 3 and _good(x, good)
            ),
            "You ask for three seeds. Some lengths were run with fewer; what counts is "
            "every run that was recorded.",
        ),
        Mistake(
            lambda peak, runs, good: _smallest(
                peak,
                runs,
                lambda x: (
                    _good(x, good)
                    and len(x) == max(map(len, _lasts(peak, runs).values()))
                ),
            ),
            "You ask that a length was run with every seed in the list. Some were run "
            "with fewer; what counts is every run that was recorded.",
        ),
        Mistake(
            lambda peak, runs, good: min(
                set(_lasts(peak, runs)) - {w for _, w, _, x in runs if not x < good},
                default=-1,
            ),
            "A run that failed at another peak spoils its length for you.",
        ),
        Mistake(
            lambda peak, runs, good: min(
                (
                    w
                    for w in _saving(peak, runs, lambda x: _good(x, good))
                    if w in (0, 2, 5, 20, 40)
                ),
                default=-1,
            ),
            "You try the lengths of the lesson. The list has lengths of its own.",
        ),
        Mistake(
            _place,
            "You return the place of the length among those tried, not the length.",
        ),
        Mistake(
            _lowest_mean,
            "You return the length that ended lowest. Asked is the smallest that saves "
            "the peak.",
        ),
        Mistake(
            lambda peak, runs, good: min(
                (w for lr, w, _, last in runs if lr >= peak and last < good),
                default=-1,
            ),
            "Runs at larger peaks, and lengths of which one seed ended well, count for "
            "you.",
        ),
        Mistake(
            lambda peak, runs, good: min(
                (
                    w
                    for w in {run[1] for run in runs}
                    if all(run[3] < good for run in runs if run[1] == w)
                ),
                default=-1,
            ),
            "You look at the runs of all peaks together: `peak` takes no part.",
        ),
        Mistake(
            lambda peak, runs, good: min(
                (
                    w
                    for w in {run[1] for run in runs}
                    if all(
                        run[3] < good for run in runs if run[1] == w and run[0] == peak
                    )
                ),
                default=-1,
            ),
            "A length that was never run at this peak passes your test: `all` of an "
            "empty list is true.",
        ),
    ),
)


# Does the warmup pay? --------------------------------------------------------------


def does_it_pay(plain, warmed):
    import numpy as np

    if not np.isfinite(warmed).all():
        return "fails"
    if not np.isfinite(plain).all():
        return "saves"
    gain = plain - warmed
    border = 2 * gain.std(ddof=1) / np.sqrt(len(gain))
    if abs(gain.mean()) <= border:
        return "unclear"
    return "pays" if gain.mean() > 0 else "costs"


def _judged(
    plain: np.ndarray,
    warmed: np.ndarray,
    error: Callable[[np.ndarray, np.ndarray], float],
    errors: float = 2,
    center: Callable[[np.ndarray], Any] = np.mean,
) -> str:
    """The solution with another standard error, number of them, or mean."""
    if not np.isfinite(warmed).all():
        return "fails"
    if not np.isfinite(plain).all():
        return "saves"
    gain = float(center(plain - warmed))
    border = errors * error(np.asarray(plain), np.asarray(warmed))
    return "pays" if gain > border else "costs" if gain < -border else "unclear"


def _paired(plain: np.ndarray, warmed: np.ndarray) -> float:
    return float(np.std(plain - warmed, ddof=1) / math.sqrt(len(plain)))


def _without_the_lost(plain: np.ndarray, warmed: np.ndarray) -> str:
    """Judge on the seeds of which both runs ended finite."""
    both = np.isfinite(plain) & np.isfinite(warmed)
    if both.sum() < 2:
        return "unclear"
    return _judged(plain[both], warmed[both], _paired)


def _where_finite(
    judge: Callable[[np.ndarray, np.ndarray], str],
) -> Callable[[np.ndarray, np.ndarray], str]:
    """The solution with another judge of the losses that are all finite."""

    def answer(plain: np.ndarray, warmed: np.ndarray) -> str:
        word = does_it_pay(plain, warmed)
        return str(word) if word in ("fails", "saves") else judge(plain, warmed)

    return answer


def _seeds_agree(plain: np.ndarray, warmed: np.ndarray) -> str:
    if (plain > warmed).all():
        return "pays"
    return "costs" if (plain < warmed).all() else "unclear"


def _sign(plain: np.ndarray, warmed: np.ndarray) -> str:
    return "pays" if np.mean(plain - warmed) > 0 else "costs"


def _at_the_border(plain: np.ndarray, warmed: np.ndarray) -> str:
    """The border itself pays or costs."""
    gain, border = np.mean(plain - warmed), 2 * _paired(plain, warmed)
    return "pays" if gain >= border else "costs" if gain <= -border else "unclear"


def _only_inside(plain: np.ndarray, warmed: np.ndarray) -> str:
    """Unclear is only what lies below the border."""
    gain, border = np.mean(plain - warmed), 2 * _paired(plain, warmed)
    return "unclear" if abs(gain) < border else _sign(plain, warmed)


def _unguarded(
    plain: np.ndarray,
    warmed: np.ndarray,
    failed: Callable[[np.ndarray], bool],
    lost: Callable[[np.ndarray], bool],
    last: str,
) -> str:
    """The solution with other tests for what diverged.

    ``last`` is the word that has no test of its own: where no comparison with NaN is
    true, an answer ends there.
    """
    if failed(warmed):
        return "fails"
    if lost(plain):
        return "saves"
    with np.errstate(invalid="ignore"):
        gain = float(np.mean(plain - warmed))
        border = 2 * _paired(plain, warmed)
    tests = {
        "unclear": abs(gain) <= border,
        "pays": gain > border,
        "costs": gain < -border,
    }
    return next((w for w, true in tests.items() if true and w != last), last)


def _never(losses: np.ndarray) -> bool:
    return False


def _some_lost(losses: np.ndarray) -> bool:
    return not np.isfinite(losses).all()


def _all_lost(losses: np.ndarray) -> bool:
    return not np.isfinite(losses).any()


def _some_nan(losses: np.ndarray) -> bool:
    return bool(np.isnan(losses).any())


def _some_infinite(losses: np.ndarray) -> bool:
    return bool(np.isinf(losses).any())


def _some_large(losses: np.ndarray) -> bool:
    return not (losses <= 1000).all()


def _apart(ratio: float, spread: list[float]) -> tuple[list[float], list[float]]:
    """Losses of which the mean gain is ``ratio`` standard errors, nearly."""
    around = np.array(spread) - np.mean(spread)
    error = float(np.std(around, ddof=1)) / math.sqrt(len(around))
    plain = np.round(0.5 + ratio * error + around, 4)
    return plain.tolist(), [0.5] * len(around)


THREE = [0.0, 0.1, 0.12]
ONE_OUT = [0.1, *[0.0] * 7]
EIGHT = [0.0, 0.02, 0.05, 0.06, 0.1, 0.11, 0.11, 0.15]
# The critical values of Student's t, 95% on two sides, by the number of seeds.
STUDENT = {3: 4.303, 4: 3.182, 6: 2.571, 8: 2.365}
SWAPPED = {"pays": "costs", "costs": "pays"}

DOES_IT_PAY = Exercise(
    name="warmup/does_it_pay",
    text="""\
### Exercise: does this warmup pay?

Write `does_it_pay(plain, warmed)`: one word on a warmup, from the last losses of runs
without and with it.

- **Arguments:** two NumPy arrays of one length n, at least 3: the last losses without
  warmup and with it. Place i is the same seed in both. A run that diverged has `inf` or
  `nan`.
- **Returns:** `"fails"` if a run with warmup diverged. If none of these did: `"saves"`
  if one without diverged. If none at all did, take the gain of each seed, without
  minus with: `"pays"` if the mean gain is above 2 standard errors, `"costs"` if it is
  below −2 of them, else `"unclear"`.
- **Boundaries:** the standard error is that of the mean gain: the standard deviation
  of the n gains, with n − 1 below the line, divided by √n. A mean gain of exactly 2
  standard errors is `"unclear"`.
- **Units and time:** the losses are taken after the same update; no time comes in.""",
    starter="def does_it_pay(plain, warmed):\n    return ...",
    hints=(
        "Settle what diverged first, with `np.isfinite`. The order of the first two "
        "questions is in the text.",
        "The seeds are pairs: subtract first, then take the mean and the standard "
        "deviation of the n differences.",
        "`np.std` divides by n unless you give it `ddof`.",
    ),
    solution=does_it_pay,
    cases=tuple(
        (np.array(plain), np.array(warmed))
        for plain, warmed in (
            # A stable rate: the warmup only delays, by little, in every seed.
            ([0.274, 0.259, 0.214], [0.295, 0.279, 0.235]),
            ([0.129, 0.141, 0.118], [0.134, 0.146, 0.123]),
            # A large gain in every seed.
            ([0.153, 0.189, 0.192], [0.077, 0.049, 0.044]),
            ([0.30, 0.20, 0.10, 0.40], [0.29, 0.19, 0.08, 0.39]),
            # The mean is lower with warmup, but one seed decides.
            ([0.054, 0.046, 0.146], [0.053, 0.059, 0.051]),
            ([0.40, 0.10, 0.12], [0.11, 0.11, 0.12]),
            ([0.05, 0.06, 0.04], [0.06, 0.25, 0.03]),
            # Between 1 and 2 standard errors, on both sides.
            ([0.14, 0.13, 0.10], [0.10, 0.12, 0.10]),
            ([0.10, 0.12, 0.10], [0.14, 0.13, 0.10]),
            # Between the borders with n and with n - 1 below the line.
            ([0.145, 0.108, 0.112], [0.10, 0.10, 0.10]),
            ([0.10, 0.10, 0.10], [0.145, 0.108, 0.112]),
            # Above 2 standard errors, below 2 standard deviations.
            ([0.13, 0.145, 0.108], [0.10, 0.10, 0.10]),
            (
                [0.14, 0.12, 0.13, 0.11, 0.15, 0.16],
                [0.12, 0.12, 0.12, 0.10, 0.11, 0.12],
            ),
            # Exactly 2, without rounding, on both sides.
            ([0.203125, 0.140625, 0.140625, 0.140625], [0.125] * 4),
            ([0.125] * 4, [0.203125, 0.140625, 0.140625, 0.140625]),
            # So many standard errors, of three seeds and of eight.
            *(_apart(ratio, THREE) for ratio in (1.07, 1.98, 2.2, 2.7, 3.2, 3.8, 5)),
            *(_apart(ratio, EIGHT) for ratio in (0.85, 2.25, 2.7)),
            # The mean clears the border, and the median doesn't.
            ([0.118, 0.12, 0.15], [0.10, 0.10, 0.10]),
            # Sorted, the gains are equal.
            ([0.13, 0.11, 0.12], [0.10, 0.12, 0.11]),
            # Clear as a difference, not as a share.
            ([0.9, 0.12, 0.5], [0.84, 0.118, 0.45]),
            # Between the borders with the mean deviation and the standard deviation.
            _apart(1.5, ONE_OUT),
            # Large, and finite.
            ([0.3, 0.2, 0.4], [2000.0, 3000.0, 2500.0]),
            # Diverged.
            ([math.nan, 0.1, 0.1], [0.2, 0.12, 0.11]),
            ([0.2, math.inf, 0.2], [0.1, 0.1, 0.1]),
            ([math.nan, math.nan, math.inf], [0.1, 0.2, 0.1]),
            ([0.2, 0.21, 0.2], [0.1, math.nan, 0.11]),
            ([math.nan, 0.2, 0.2], [math.inf, 0.1, 0.1]),
            ([math.nan, math.inf, 0.3, 0.31], [0.1, 0.1, 0.1, math.nan]),
            # No gain at all.
            ([0.1, 0.2, 0.3], [0.1, 0.2, 0.3]),
        )
    ),
    mistakes=(
        Mistake(
            lambda plain, warmed: _judged(plain, warmed, lambda a, b: 0.0),
            "You compare the means alone. With few seeds they always differ: hold "
            "the gain against its standard error.",
        ),
        Mistake(
            lambda plain, warmed: _judged(plain, warmed, _paired, errors=1),
            "You take 1 standard error for the border. It is 2.",
        ),
        Mistake(
            lambda plain, warmed: _judged(plain, warmed, _paired, errors=1.96),
            "You take the 1.96 of a normal distribution for the border. Here it is 2.",
        ),
        Mistake(
            lambda plain, warmed: _judged(plain, warmed, _paired, errors=2.5),
            "Your border lies a little above 2 standard errors. It is 2.",
        ),
        Mistake(
            lambda plain, warmed: _judged(plain, warmed, _paired, errors=3),
            "You take 3 standard errors for the border. It is 2.",
        ),
        Mistake(
            lambda plain, warmed: _judged(plain, warmed, _paired, errors=4),
            "Your border lies at 4 standard errors or more. It is 2.",
        ),
        Mistake(
            lambda plain, warmed: _judged(
                plain, warmed, _paired, errors=STUDENT[len(plain)]
            ),
            "You take the border from Student's t, which asks for more when seeds are "
            "few. There are reasons for it; asked for are 2 standard errors.",
        ),
        Mistake(
            lambda plain, warmed: _judged(
                plain,
                warmed,
                lambda a, b: float(np.std(a - b, ddof=1)) / math.sqrt(len(a) - 1),
            ),
            "You divide by √(n − 1). The n − 1 belongs into the standard deviation; "
            "what divides it is √n.",
        ),
        Mistake(
            lambda plain, warmed: _judged(
                plain, warmed, lambda a, b: float(np.std(a - b, ddof=1)) / math.sqrt(3)
            ),
            "You divide by √3 for every number of seeds. Not all of these arrays have "
            "three.",
        ),
        Mistake(
            lambda plain, warmed: _judged(
                plain, warmed, lambda a, b: float(np.std(a - b, ddof=1)) / len(a)
            ),
            "You divide the standard deviation by n. A standard error has √n there.",
        ),
        Mistake(
            lambda plain, warmed: _judged(np.sort(plain), np.sort(warmed), _paired),
            "You sort the losses. That breaks the pairs: place i is one seed in both.",
        ),
        Mistake(
            lambda plain, warmed: _judged(plain, warmed, _paired, center=np.median),
            "You take the median gain. Asked for is the mean.",
        ),
        Mistake(
            _where_finite(
                lambda plain, warmed: does_it_pay(1 - warmed / plain, 0 * plain)
            ),
            "You take each gain as a share of the loss. Asked for is the difference.",
        ),
        Mistake(
            _where_finite(
                lambda plain, warmed: does_it_pay(plain / warmed, 1 + 0 * plain)
            ),
            "You divide the losses by those with warmup. Asked for is the difference.",
        ),
        Mistake(
            _where_finite(
                lambda plain, warmed: does_it_pay(np.log(plain), np.log(warmed))
            ),
            "You take the logarithm of the losses. Asked for is the gain in the loss "
            "itself.",
        ),
        Mistake(
            _where_finite(_seeds_agree),
            "You ask whether all seeds agree, as the explorer does. Here the mean gain "
            "is held against its standard error.",
        ),
        Mistake(
            _where_finite(_sign),
            "You look at the sign of the mean gain alone. With few seeds the means "
            "always differ: some of these can't be told apart.",
        ),
        Mistake(
            _where_finite(_at_the_border),
            "A mean gain of exactly 2 standard errors is beyond the border for you. It "
            "is unclear, and so is no gain at all.",
        ),
        Mistake(
            _where_finite(_only_inside),
            "Only what lies below the border is unclear for you. The border itself is, "
            "too, and no gain at all.",
        ),
        Mistake(
            lambda plain, warmed: (
                word := does_it_pay(plain, warmed),
                "pays" if word == "costs" else word,
            )[1],
            "A loss that is higher with warmup counts as a gain for you: `abs` has "
            "taken the sign away.",
        ),
        *(
            Mistake(
                lambda plain, warmed, failed=failed, lost=lost, last=last: _unguarded(
                    plain, warmed, failed, lost, last
                ),
                f"{message} What got through gives NaN, every comparison with NaN is "
                f'false, and so you come to `"{last}"`.',
            )
            for last in ("unclear", "costs")
            for failed, lost, message in (
                (
                    _all_lost,
                    _some_lost,
                    "You wait until all runs with warmup diverged. One is enough.",
                ),
                (
                    _some_lost,
                    _all_lost,
                    "You wait until all runs without warmup diverged. One is enough.",
                ),
                (
                    _all_lost,
                    _all_lost,
                    "You wait until all runs of a side diverged. One is enough.",
                ),
                (
                    _some_nan,
                    _some_nan,
                    "You look for NaN alone. A lost run can end at `inf`, too.",
                ),
                (
                    _some_infinite,
                    _some_infinite,
                    "You look for `inf` alone. A lost run can end at NaN, too.",
                ),
                (_never, _never, "You don't ask which runs diverged."),
            )
        ),
        Mistake(
            lambda plain, warmed: _unguarded(
                plain, warmed, _some_large, _some_large, "unclear"
            ),
            "A large loss that is finite hasn't diverged here. Only `inf` and `nan` "
            "have.",
        ),
        Mistake(
            lambda plain, warmed: _judged(
                plain,
                warmed,
                lambda a, b: (
                    float(np.abs(a - b - (a - b).mean()).mean()) / math.sqrt(len(a))
                ),
            ),
            "You take the mean deviation of the gains. A standard deviation is the "
            "root of a mean of squares.",
        ),
        Mistake(
            lambda plain, warmed: _judged(
                plain, warmed, lambda a, b: float(np.std(a - b) / math.sqrt(len(a)))
            ),
            "Your standard deviation divides by n. With few seeds that is too small: "
            "here n − 1 stands below the line.",
        ),
        Mistake(
            lambda plain, warmed: _judged(
                plain, warmed, lambda a, b: float(np.std(a - b, ddof=1))
            ),
            "You hold the mean against the standard deviation of one gain. A mean of "
            "n gains is surer than one of them: √n is missing.",
        ),
        Mistake(
            lambda plain, warmed: _judged(
                plain,
                warmed,
                lambda a, b: (
                    math.hypot(float(np.std(a, ddof=1)), float(np.std(b, ddof=1)))
                    / math.sqrt(len(a))
                ),
            ),
            "You treat the two arrays as unrelated. Place i is the same seed in both: "
            "take the standard deviation of the differences.",
        ),
        Mistake(
            lambda plain, warmed: (
                word := does_it_pay(plain, warmed),
                SWAPPED.get(word, word),
            )[1],
            "Your gain has the wrong sign: a loss that is lower with warmup is a gain.",
        ),
        Mistake(
            lambda plain, warmed: (
                word := does_it_pay(plain, warmed),
                "pays" if word == "unclear" else word,
            )[1],
            "What can't be told from chance you call a gain.",
        ),
        Mistake(
            lambda plain, warmed: (
                word := does_it_pay(plain, warmed),
                "unclear" if word == "costs" else word,
            )[1],
            "Your warmup never costs anything. At a stable rate it does: it delays.",
        ),
        Mistake(
            lambda plain, warmed: (
                "saves" if not np.isfinite(plain).all() else does_it_pay(plain, warmed)
            ),
            "You ask about the runs without warmup first. If one with warmup diverged, "
            "too, it saved nothing.",
        ),
        Mistake(
            lambda plain, warmed: (
                "saves"
                if np.isfinite(warmed).sum() > np.isfinite(plain).sum()
                else does_it_pay(plain, warmed)
            ),
            "You count which side lost fewer seeds. One that diverges with warmup is "
            "enough for it to fail.",
        ),
        Mistake(
            lambda plain, warmed: (
                "fails"
                if not np.isfinite(warmed).any()
                else "saves"
                if not np.isfinite(plain).any()
                else _without_the_lost(plain, warmed)
            ),
            "You drop the seeds that diverged and compare the others. Those that were "
            "lost are the first thing to tell.",
        ),
        Mistake(
            lambda plain, warmed: _judged(plain, warmed, lambda a, b: math.inf),
            "You never find a gain or a cost. In some of these arrays it is the same "
            "in every seed.",
        ),
        Mistake(
            _without_the_lost,
            "You leave out the seeds that diverged, and never say so. Settle them "
            "first.",
        ),
        Mistake(
            lambda plain, warmed: (
                "pays" if np.nanmean(warmed) < np.nanmean(plain) else "costs"
            ),
            "You compare two means and nothing else: what diverged is left out, and "
            "chance, too.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (SMALLEST_WARMUP, DOES_IT_PAY)
