"""Learners' answers to lesson 4.1, why start small?"""

import math
import statistics
from collections import defaultdict
from typing import Any

import numpy as np


def smallest_by_loop(peak: float, runs: Any, good: float) -> int:
    lengths = sorted({warmup for lr, warmup, _, _ in runs if lr == peak})
    for length in lengths:
        mine = [run for run in runs if run[0] == peak and run[1] == length]
        if sum(run[3] < good for run in mine) == len(mine):
            return int(length)
    return -1


def smallest_by_sets(peak: float, runs: Any, good: float) -> int:
    tried = {w for lr, w, _, _ in runs if lr == peak}
    bad = {w for lr, w, _, last in runs if lr == peak and not last < good}
    return min(tried - bad) if tried - bad else -1


def smallest_by_numpy(peak: float, runs: Any, good: float) -> int:
    table = np.array(runs, dtype=float)
    table = table[table[:, 0] == peak]
    saving = [
        w
        for w in np.unique(table[:, 1])
        if (table[table[:, 1] == w][:, 3] < good).all()
    ]
    return int(saving[0]) if saving else -1


def one_seed(peak: float, runs: Any, good: float) -> int:
    found = [w for lr, w, _, last in runs if lr == peak and last < good]
    return min(found) if found else -1


def bad_ones(peak: float, runs: Any, good: float) -> int:
    """NaN is not among the bad."""
    tried = {w for lr, w, _, _ in runs if lr == peak}
    bad = {w for lr, w, _, last in runs if lr == peak and last >= good}
    return min(tried - bad, default=-1)


def at_the_limit(peak: float, runs: Any, good: float) -> int:
    for length in sorted({w for lr, w, _, _ in runs if lr == peak}):
        if all(x <= good for lr, w, _, x in runs if (lr, w) == (peak, length)):
            return int(length)
    return -1


def finite_ones(peak: float, runs: Any, good: float) -> int:
    for length in sorted({w for lr, w, _, _ in runs if lr == peak}):
        if all(np.isfinite(x) for lr, w, _, x in runs if (lr, w) == (peak, length)):
            return int(length)
    return -1


def by_mean(peak: float, runs: Any, good: float) -> int:
    for length in sorted({w for lr, w, _, _ in runs if lr == peak}):
        losses = [x for lr, w, _, x in runs if (lr, w) == (peak, length)]
        if np.mean(losses) < good:
            return int(length)
    return -1


def without_the_diverged(peak: float, runs: Any, good: float) -> int:
    ended = [r for r in runs if r[3] == r[3] and r[3] != math.inf]
    return smallest_by_loop(peak, ended, good)


def passing_over(peak: float, runs: Any, good: float) -> int:
    for length in sorted({w for lr, w, _, _ in runs if lr == peak}):
        mine = [x for lr, w, _, x in runs if (lr, w) == (peak, length)]
        if not any(good <= x < math.inf for x in mine):
            return int(length)
    return -1


def overwritten(peak: float, runs: Any, good: float) -> int:
    table = {w: last for lr, w, _, last in runs if lr == peak}
    return min([w for w, last in table.items() if last < good], default=-1)


def always_some(peak: float, runs: Any, good: float) -> int:
    return smallest_by_loop(peak, [run for run in runs if run[1] > 0], good)


def none_is_zero(peak: float, runs: Any, good: float) -> int:
    answer = smallest_by_loop(peak, runs, good)
    return 0 if answer == -1 else answer


def none_is_longest(peak: float, runs: Any, good: float) -> int:
    length = -1
    for length in sorted({w for lr, w, _, _ in runs if lr == peak}):
        if all(x < good for lr, w, _, x in runs if (lr, w) == (peak, length)):
            break
    return int(length)


def from_the_top(peak: float, runs: Any, good: float) -> int:
    found = -1
    for length in sorted({w for lr, w, _, _ in runs if lr == peak}, reverse=True):
        if any(not x < good for lr, w, _, x in runs if (lr, w) == (peak, length)):
            return found
        found = length
    return found


def grouped(peak: float, runs: Any) -> dict[int, list[float]]:
    table = defaultdict(list)
    for lr, warmup, _, last in runs:
        if lr == peak:
            table[warmup].append(last)
    return table


def largest(peak: float, runs: Any, good: float) -> int:
    best = -1
    for w, losses in grouped(peak, runs).items():
        if all(loss < good for loss in losses):
            best = max(best, w)
    return best


def first_in_table(peak: float, runs: Any, good: float) -> int:
    for w, losses in grouped(peak, runs).items():
        if all(loss < good for loss in losses):
            return w
    return -1


def lowest_loss(peak: float, runs: Any, good: float) -> int:
    answer, lowest = -1, math.inf
    for w, losses in grouped(peak, runs).items():
        if all(x < good for x in losses) and statistics.mean(losses) < lowest:
            answer, lowest = w, statistics.mean(losses)
    return answer


def higher_peaks(peak: float, runs: Any, good: float) -> int:
    found = [run[1] for run in runs if run[0] >= peak and run[3] < good]
    return min(found, default=-1)


def all_peaks(peak: float, runs: Any, good: float) -> int:
    for length in sorted({run[1] for run in runs}):
        if all(run[3] < good for run in runs if run[1] == length):
            return int(length)
    return -1


def never_run(peak: float, runs: Any, good: float) -> int:
    for length in sorted({run[1] for run in runs}):
        if all(x < good for lr, w, _, x in runs if (lr, w) == (peak, length)):
            return int(length)
    return -1


def at_once(peak: float, runs: Any, good: float) -> int:
    for lr, warmup, _, last in runs:
        if lr == peak and last < good:
            return int(warmup)
    return -1


def worst(peak: float, runs: Any, good: float) -> int:
    table = grouped(peak, runs)
    saving = [w for w in table if max(table[w]) < good]
    return min(saving) if saving else -1


def of_three(peak: float, runs: Any, good: float) -> int:
    table = grouped(peak, runs)
    saving = [w for w in table if sum(x < good for x in table[w]) == 3]
    return min(saving) if saving else -1


def of_every_seed(peak: float, runs: Any, good: float) -> int:
    everyone = {seed for lr, _, seed, _ in runs if lr == peak}
    for w in sorted({w for lr, w, _, _ in runs if lr == peak}):
        here = {s for lr, v, s, x in runs if (lr, v) == (peak, w) and x < good}
        if here == everyone:
            return int(w)
    return -1


def spoilt(peak: float, runs: Any, good: float) -> int:
    bad = {w for _, w, _, last in runs if not last < good}
    tried = {w for lr, w, _, _ in runs if lr == peak}
    return min(tried - bad, default=-1)


def of_the_lesson(peak: float, runs: Any, good: float) -> int:
    table = grouped(peak, runs)
    for w in (0, 2, 5, 20, 40):
        if w in table and all(loss < good for loss in table[w]):
            return w
    return -1


def which_one(peak: float, runs: Any, good: float) -> int:
    table = grouped(peak, runs)
    for i, w in enumerate(sorted(table)):
        if all(loss < good for loss in table[w]):
            return i
    return -1


def pay_by_statistics(plain: Any, warmed: Any) -> str:
    if any(not math.isfinite(x) for x in warmed):
        return "fails"
    if any(not math.isfinite(x) for x in plain):
        return "saves"
    gains = [a - b for a, b in zip(plain, warmed, strict=True)]
    mean = statistics.mean(gains)
    border = 2 * statistics.stdev(gains) / len(gains) ** 0.5
    if abs(mean) <= border:
        return "unclear"
    return "pays" if mean > 0 else "costs"


def pay_by_sums(plain: Any, warmed: Any) -> str:
    if np.isnan(warmed).any() or np.isinf(warmed).any():
        return "fails"
    if not np.all(np.isfinite(plain)):
        return "saves"
    n = len(plain)
    gain = plain - warmed
    variance = ((gain - gain.mean()) ** 2).sum() / (n - 1)
    sure = gain.mean() ** 2 > 4 * variance / n
    return ("pays" if gain.mean() > 0 else "costs") if sure else "unclear"


def pay(plain: Any, warmed: Any, border: Any) -> str:
    """A learner's answer with a border of its own."""
    if not np.isfinite(warmed).all():
        return "fails"
    if not np.isfinite(plain).all():
        return "saves"
    mean = np.mean(plain) - np.mean(warmed)
    if mean > border(plain, warmed):
        return "pays"
    return "costs" if mean < -border(plain, warmed) else "unclear"


def errors(number: float) -> Any:
    return lambda a, b: pay(a, b, lambda a, b: number / 2 * two_errors(a, b))


def student(a: Any, b: Any) -> float:
    critical = {3: 4.3027, 4: 3.1824, 6: 2.5706, 8: 2.3646}
    return critical[len(a)] / 2 * two_errors(a, b)


def agreeing(plain: Any, warmed: Any) -> str:
    word = pay(plain, warmed, two_errors)
    if word in ("fails", "saves"):
        return word
    agree = np.sign(plain - warmed).sum() / len(plain)
    return {1.0: "pays", -1.0: "costs"}.get(float(agree), "unclear")


def at_least(plain: Any, warmed: Any) -> str:
    word = pay(plain, warmed, two_errors)
    if word != "unclear":
        return word
    if np.mean(plain - warmed) >= two_errors(plain, warmed):
        return "pays"
    return "costs" if np.mean(plain - warmed) <= -two_errors(plain, warmed) else word


def strictly_inside(plain: Any, warmed: Any) -> str:
    word = pay(plain, warmed, two_errors)
    if word in ("fails", "saves"):
        return word
    gain = np.mean(plain - warmed)
    if -two_errors(plain, warmed) < gain < two_errors(plain, warmed):
        return "unclear"
    return "pays" if gain > 0 else "costs"


def median_gain(plain: Any, warmed: Any) -> str:
    word = pay(plain, warmed, two_errors)
    if word in ("fails", "saves"):
        return word
    gain, border = statistics.median(plain - warmed), two_errors(plain, warmed)
    return "pays" if gain > border else "costs" if gain < -border else "unclear"


def in_order(plain: Any, warmed: Any) -> str:
    return pay_by_statistics(sorted(plain), sorted(warmed))


def shares(plain: Any, warmed: Any) -> str:
    word = pay(plain, warmed, two_errors)
    if word in ("fails", "saves"):
        return word
    return pay((plain - warmed) / plain, np.zeros(len(plain)), two_errors)


def ratios(plain: Any, warmed: Any) -> str:
    word = pay(plain, warmed, two_errors)
    if word in ("fails", "saves"):
        return word
    return pay(plain / warmed, np.ones(len(plain)), two_errors)


def logarithms(plain: Any, warmed: Any) -> str:
    word = pay(plain, warmed, two_errors)
    if word in ("fails", "saves"):
        return word
    return pay_by_statistics(np.log10(plain), np.log10(warmed))


def mean_deviation(plain: Any, warmed: Any) -> str:
    def border(a: Any, b: Any) -> float:
        gains = list(a - b)
        center = sum(gains) / len(gains)
        spread = sum(abs(gain - center) for gain in gains) / len(gains)
        return float(2 * spread / len(gains) ** 0.5)

    return pay(plain, warmed, border)


def undecided(plain: Any, warmed: Any) -> str:
    if any_lost(warmed):
        return "fails"
    return "saves" if any_lost(plain) else "unclear"


def guarded(failed: Any, lost: Any, ends_with: str) -> Any:
    """A learner's answer with other tests for what diverged."""

    def answer(plain: Any, warmed: Any) -> str:
        if failed(warmed):
            return "fails"
        if lost(plain):
            return "saves"
        with np.errstate(invalid="ignore"):
            gain = (plain - warmed).mean()
            border = 2 * (plain - warmed).std(ddof=1) / np.sqrt(len(plain))
        if ends_with == "unclear":
            return "pays" if gain > border else "costs" if gain < -border else "unclear"
        if -border <= gain <= border:
            return "unclear"
        return "pays" if gain > border else "costs"

    return answer


def any_lost(losses: Any) -> bool:
    return any(not math.isfinite(loss) for loss in losses)


def every_lost(losses: Any) -> bool:
    return not any(math.isfinite(loss) for loss in losses)


def any_nan(losses: Any) -> bool:
    return any(loss != loss for loss in losses)


def any_infinite(losses: Any) -> bool:
    return math.inf in losses


def any_large(losses: Any) -> bool:
    return bool((losses > 1e3).any() or np.isnan(losses).any())


def nothing(losses: Any) -> bool:
    return False


def two_errors(a: Any, b: Any) -> float:
    return 2 * float(np.std(a - b, ddof=1)) / math.sqrt(len(a))


def plain_first(plain: Any, warmed: Any) -> str:
    if not np.isfinite(plain).all():
        return "saves"
    return pay(plain, warmed, two_errors)


def fewer_lost(plain: Any, warmed: Any) -> str:
    if np.isfinite(plain).sum() < np.isfinite(warmed).sum():
        return "saves"
    return pay_by_statistics(plain, warmed)


def lost_are_dropped(plain: Any, warmed: Any) -> str:
    if not np.isfinite(warmed).any():
        return "fails"
    if not np.isfinite(plain).any():
        return "saves"
    return never_said(plain, warmed)


def never_said(plain: Any, warmed: Any) -> str:
    gain = plain - warmed
    gain = gain[np.isfinite(gain)]
    if len(gain) < 2:
        return "unclear"
    return pay(gain, 0 * gain, two_errors)


def sign_alone(plain: Any, warmed: Any) -> str:
    word = pay(plain, warmed, two_errors)
    if word in ("fails", "saves"):
        return word
    return "pays" if sum(plain) > sum(warmed) else "costs"


def two_means(plain: Any, warmed: Any) -> str:
    return "pays" if np.nanmean(plain) > np.nanmean(warmed) else "costs"


def renamed(old: str, new: str) -> Any:
    def answer(plain: Any, warmed: Any) -> str:
        word = pay_by_statistics(plain, warmed)
        return new if word == old else word

    return answer


def wrong_sign(plain: Any, warmed: Any) -> str:
    if not np.isfinite(warmed).all():
        return "fails"
    if not np.isfinite(plain).all():
        return "saves"
    return pay(warmed, plain, two_errors)


RIGHT: dict[str, list[Any]] = {
    "warmup/smallest_warmup": [smallest_by_loop, smallest_by_sets, smallest_by_numpy],
    "warmup/does_it_pay": [pay_by_statistics, pay_by_sums],
}

SMALLEST, PAY = "warmup/smallest_warmup", "warmup/does_it_pay"
WRONG: list[tuple[str, Any, str]] = [
    (SMALLEST, one_seed, "One seed that ended well"),
    (SMALLEST, bad_ones, "with NaN passes your test"),
    (SMALLEST, at_the_limit, "equal to `good` as below"),
    (SMALLEST, finite_ones, "only whether the loss is finite"),
    (SMALLEST, without_the_diverged, "You drop the runs that diverged"),
    (SMALLEST, passing_over, "You pass over the runs that diverged"),
    (SMALLEST, overwritten, "You keep one run of each length"),
    (SMALLEST, by_mean, "A mean hides a seed"),
    (SMALLEST, always_some, "leave out the runs without warmup"),
    (SMALLEST, none_is_zero, "you return 0, which says"),
    (SMALLEST, none_is_longest, "you return the longest one"),
    (SMALLEST, from_the_top, "after which none fails any more"),
    (SMALLEST, largest, "the largest length that saves"),
    (SMALLEST, first_in_table, "the first length in the list"),
    (SMALLEST, lowest_loss, "the length that ended lowest"),
    (SMALLEST, higher_peaks, "Runs at larger peaks"),
    (SMALLEST, all_peaks, "the runs of all peaks together"),
    (SMALLEST, never_run, "never run at this peak"),
    (SMALLEST, at_once, "at the first run that ended well"),
    (SMALLEST, worst, "You ask `max` for the worst"),
    (SMALLEST, of_three, "You ask for three seeds"),
    (SMALLEST, of_every_seed, "with every seed in the list"),
    (SMALLEST, spoilt, "failed at another peak"),
    (SMALLEST, of_the_lesson, "the lengths of the lesson"),
    (SMALLEST, which_one, "the place of the length"),
    (PAY, errors(1.96), "1.96 of a normal distribution"),
    (PAY, errors(2.5), "a little above 2 standard errors"),
    (PAY, errors(3), "3 standard errors"),
    (PAY, errors(4), "at 4 standard errors or more"),
    (PAY, errors(4.303), "lies at 4 standard errors or more"),
    (PAY, lambda a, b: pay(a, b, student), "from Student's t"),
    (
        PAY,
        lambda a, b: pay(
            a, b, lambda a, b: 2 * np.std(a - b, ddof=1) / (len(a) - 1) ** 0.5
        ),
        "You divide by √(n − 1)",
    ),
    (
        PAY,
        lambda a, b: pay(a, b, lambda a, b: 2 * np.std(a - b, ddof=1) / 3**0.5),
        "√3 for every number",
    ),
    (
        PAY,
        lambda a, b: pay(a, b, lambda a, b: 2 * np.std(a - b, ddof=1) / len(a)),
        "the standard deviation by n.",
    ),
    (PAY, median_gain, "the median gain"),
    (PAY, in_order, "You sort the losses"),
    (PAY, shares, "a share of the loss"),
    (PAY, ratios, "by those with warmup"),
    (PAY, logarithms, "the logarithm of the losses"),
    (PAY, guarded(any_large, any_large, "unclear"), "hasn't diverged here"),
    (PAY, mean_deviation, "the mean deviation of the gains"),
    (PAY, agreeing, "whether all seeds agree"),
    (PAY, sign_alone, "the sign of the mean gain alone"),
    (PAY, at_least, "is beyond the border for you"),
    (PAY, strictly_inside, "Only what lies below the border"),
    (PAY, renamed("costs", "pays"), "`abs` has taken the sign"),
    *(
        (
            PAY,
            guarded(*tests, last),
            f"{words} What got through gives NaN, every "
            f'comparison with NaN is false, and so you come to `"{last}"`',
        )
        for last in ("unclear", "costs")
        for tests, words in (
            ((every_lost, any_lost), "with warmup diverged. One is enough."),
            ((any_lost, every_lost), "without warmup diverged. One is enough."),
            ((every_lost, every_lost), "of a side diverged. One is enough."),
            ((any_nan, any_nan), "can end at `inf`, too."),
            ((any_infinite, any_infinite), "can end at NaN, too."),
            ((nothing, nothing), "You don't ask which runs diverged."),
        )
    ),
    (PAY, lambda a, b: pay(a, b, lambda a, b: 0), "You compare the means alone"),
    (
        PAY,
        lambda a, b: pay(a, b, lambda a, b: two_errors(a, b) / 2),
        "1 standard error for the border",
    ),
    (
        PAY,
        lambda a, b: pay(a, b, lambda a, b: 2 * np.std(a - b) / len(a) ** 0.5),
        "deviation divides by n",
    ),
    (
        PAY,
        lambda a, b: pay(a, b, lambda a, b: 2 * np.std(a - b, ddof=1)),
        "√n is missing",
    ),
    (
        PAY,
        lambda a, b: pay(
            a,
            b,
            lambda a, b: 2 * np.sqrt((np.var(a, ddof=1) + np.var(b, ddof=1)) / len(a)),
        ),
        "the two arrays as unrelated",
    ),
    (PAY, wrong_sign, "has the wrong sign"),
    (PAY, renamed("unclear", "pays"), "you call a gain"),
    (PAY, renamed("costs", "unclear"), "never costs anything"),
    (PAY, plain_first, "without warmup first"),
    (PAY, fewer_lost, "which side lost fewer seeds"),
    (PAY, lost_are_dropped, "drop the seeds that diverged"),
    (PAY, undecided, "never find a gain or a cost"),
    (PAY, never_said, "and never say so"),
    (PAY, two_means, "two means and nothing else"),
]
