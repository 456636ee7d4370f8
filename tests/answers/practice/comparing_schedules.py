"""Learners' answers to lesson 5.2, Comparing schedules fairly."""

import itertools
import math
from typing import Any

import numpy as np


def judged_by_loop(tuning: Any, judging: Any) -> Any:
    rows = []
    for chosen_by, judged_by in zip(tuning, judging, strict=True):
        peak = min(range(len(chosen_by)), key=lambda k: chosen_by[k].mean())
        rows.append(judged_by[peak])
    return np.array(rows)


def judged_by_taking(tuning: Any, judging: Any) -> Any:
    best = np.argmin(tuning.sum(-1), axis=1)
    return np.take_along_axis(judging, best[:, None, None], axis=1).squeeze(1)


def judged_by_itself(tuning: Any, judging: Any) -> Any:
    return judged_by_loop(judging, judging)


def tuned_by_itself(tuning: Any, judging: Any) -> Any:
    return judged_by_loop(tuning, tuning)


def judged_at_one_peak(tuning: Any, judging: Any) -> Any:
    means = [tuning[:, k].mean() for k in range(tuning.shape[1])]
    return judging[:, means.index(min(means))]


def judged_seed_by_seed(tuning: Any, judging: Any) -> Any:
    found = np.empty((tuning.shape[0], tuning.shape[2]))
    for i, j in np.ndindex(found.shape):
        found[i, j] = judging[i, tuning[i, :, j].argmin(), j]
    return found


def judged_at_the_worst(tuning: Any, judging: Any) -> Any:
    return judged_by_loop(-tuning, judging)


def judged_on_one_seed(tuning: Any, judging: Any) -> Any:
    return judged_by_loop(tuning[:, :, :1], judging)


def judged_on_luck(tuning: Any, judging: Any) -> Any:
    return judged_by_loop(np.sort(tuning, axis=2)[:, :, :1], judging)


def p_of(d: Any) -> float:
    rows = np.array(list(itertools.product((-1, 1), repeat=len(d))))
    far = np.abs((rows * d).sum(axis=1))
    return float(np.mean(far > np.abs(np.sum(d)) - 1e-9))


def better_in_arrays(a: Any, b: Any) -> str:
    if p_of(a - b) > 0.05:
        return "no evidence"
    return "a" if a.mean() < b.mean() else "b"


def better_by_bits(a: Any, b: Any) -> str:
    d = np.asarray(b) - np.asarray(a)
    n = len(d)
    total = d.sum()
    count = 0
    for bits in range(2**n):
        turned = sum(d[i] for i in range(n) if bits >> i & 1)
        count += abs(total - 2 * turned) >= abs(total) - 1e-9
    if count / 2**n <= 0.05:
        return "a" if total > 0 else "b"
    return "no evidence"


def named(a: Any, b: Any, p: float) -> str:
    return "no evidence" if p > 0.05 else ["b", "a"][int(sum(a) < sum(b))]


def better_one_sided(a: Any, b: Any) -> str:
    d = a - b if a.sum() > b.sum() else b - a
    rows = np.array(list(itertools.product((-1, 1), repeat=len(d))))
    return named(a, b, np.mean(rows @ d >= d.sum() - 1e-9))


def better_without_itself(a: Any, b: Any) -> str:
    d = a - b
    rows = np.array(list(itertools.product((-1, 1), repeat=len(d))))
    return named(a, b, np.mean(np.abs(rows @ d) > abs(d.sum()) + 1e-9))


def better_turned(a: Any, b: Any) -> str:
    return better_in_arrays(-a, -b)


def better_by_wins(a: Any, b: Any) -> str:
    signs = np.sign(a - b)
    return named(a, b, p_of(signs[signs != 0]))


def better_in_one_pot(a: Any, b: Any) -> str:
    runs = [*a, *b]
    found, farther, tried = abs(sum(a) - sum(b)), 0, 0
    for rows in itertools.combinations(range(len(runs)), len(a)):
        mine = sum(runs[i] for i in rows)
        farther += abs(mine - (sum(runs) - mine)) >= found - 1e-9
        tried += 1
    return named(a, b, farther / tried)


def better_everywhere(a: Any, b: Any) -> str:
    if all(x < y for x, y in zip(a, b, strict=True)):
        return "a"
    if all(x > y for x, y in zip(a, b, strict=True)):
        return "b"
    return "no evidence"


def better_from_the_other_side(a: Any, b: Any) -> str:
    if p_of(a - b) < 0.95:
        return "no evidence"
    return "a" if sum(a) < sum(b) else "b"


def signed_sums(d: Any) -> Any:
    return np.array(
        [np.dot(row, d) for row in itertools.product((1, -1), repeat=len(d))]
    )


def better_where_larger(a: Any, b: Any) -> str:
    return named(a, b, np.mean(signed_sums(a - b) >= sum(a - b) - 1e-9))


def better_where_larger_turned(a: Any, b: Any) -> str:
    return named(a, b, np.mean(signed_sums(b - a) >= sum(b - a) - 1e-9))


def better_to_the_last_digit(a: Any, b: Any) -> str:
    d = [x - y for x, y in zip(a, b, strict=True)]
    rows = list(itertools.product((1, -1), repeat=len(d)))
    far = [abs(sum(s * x for s, x in zip(row, d, strict=True))) for row in rows]
    return named(a, b, sum(x >= abs(sum(d)) for x in far) / len(rows))


def better_by_student(a: Any, b: Any) -> str:
    d = np.asarray(a) - b
    border = [4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262][len(d) - 3]
    far = len(d) ** 0.5 * abs(d.mean()) > border * d.std(ddof=1)
    return named(a, b, 0.04 if far else 0.06)


def better_by_two_errors(a: Any, b: Any) -> str:
    d = [x - y for x, y in zip(a, b, strict=True)]
    mean = sum(d) / len(d)
    variance = sum((x - mean) ** 2 for x in d) / (len(d) - 1)
    return named(a, b, 0.0 if abs(mean) > 2 * (variance / len(d)) ** 0.5 else 1.0)


def seeds_by_counting(level: float) -> int:
    seeds, p = 1, 1.0
    while p > level:
        seeds, p = seeds + 1, p / 2
    return seeds


def seeds_one_sided(level: float) -> int:
    seeds = 1
    while 0.5**seeds > level:
        seeds += 1
    return seeds


def seeds_below(level: float) -> int:
    seeds = 1
    while 2 / 2**seeds >= level:
        seeds += 1
    return seeds


RIGHT: dict[str, list[Any]] = {
    "practice/judged": [judged_by_loop, judged_by_taking],
    "practice/better": [better_in_arrays, better_by_bits],
    "practice/fewest_seeds": [
        seeds_by_counting,
        lambda level: next(n for n in range(1, 99) if 2 ** (1 - n) <= level),
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    ("practice/judged", judged_by_itself, "What has chosen can't judge"),
    ("practice/judged", tuned_by_itself, "the other set has to judge"),
    ("practice/judged", judged_at_one_peak, "one peak for all schedules"),
    ("practice/judged", judged_seed_by_seed, "a peak for every seed anew"),
    ("practice/judged", lambda t, j: judged_by_loop(j, t), "have changed places"),
    (
        "practice/judged",
        lambda t, j: judged_by_loop(np.sort(t, axis=2)[:, :, -1:], j),
        "whose unluckiest seed is best",
    ),
    ("practice/judged", judged_at_the_worst, "the peak with the most mistakes"),
    ("practice/judged", lambda t, j: np.min(j, axis=1), "don't tune at all"),
    ("practice/judged", judged_on_one_seed, "on the first seed alone"),
    ("practice/judged", judged_on_luck, "whose luckiest seed is best"),
    ("practice/judged", lambda t, j: j[:, 0, :], "nothing was tuned"),
    (
        "practice/judged",
        lambda t, j: judged_by_loop(t, j).mean(-1),
        "average over the seeds at the end",
    ),
    ("practice/judged", lambda t, j: None, "nothing (`None`)"),
    ("practice/judged", lambda t, j: [[1.0]], "instead of an array"),
    ("practice/judged", lambda t: t, "can't be called with 2 arguments"),
    (
        "practice/better",
        lambda a, b: "a" if sum(a) < sum(b) else "b",
        "compare the means and never doubt",
    ),
    (
        "practice/better",
        lambda a, b: "a" if a[0] < b[0] else "b",
        "one run with one run",
    ),
    (
        "practice/better",
        lambda a, b: "a" if min(a) < min(b) else "b",
        "compare the best run of each",
    ),
    ("practice/better", better_one_sided, "You count one side only"),
    ("practice/better", better_where_larger, "Where `a` has fewer mistakes"),
    ("practice/better", better_where_larger_turned, "Where `b` has fewer mistakes"),
    ("practice/better", better_to_the_last_digit, "allow for 1e-9"),
    ("practice/better", better_by_student, "as a t test does"),
    ("practice/better", better_by_two_errors, "with its standard error"),
    ("practice/better", better_without_itself, "yours itself is one of them"),
    ("practice/better", better_turned, "The words are swapped"),
    ("practice/better", better_by_wins, "how many seeds each one wins"),
    ("practice/better", better_in_one_pot, "mix all runs in one pot"),
    ("practice/better", lambda a, b: "no evidence", "always says the same"),
    ("practice/better", better_everywhere, "wins under every seed"),
    ("practice/better", better_from_the_other_side, "which side of 0.05"),
    ("practice/better", lambda a, b: 0.03, "instead of a word"),
    ("practice/better", lambda a, b: "tie", "the words are"),
    ("practice/fewest_seeds", seeds_one_sided, "With all signs turned"),
    (
        "practice/fewest_seeds",
        lambda level: int(np.ceil(np.log2(1 / level))),
        "at level 1 you need no seed",
    ),
    ("practice/fewest_seeds", lambda level: np.log2(2 / level), "Seeds come whole"),
    (
        "practice/fewest_seeds",
        lambda level: 2 ** seeds_by_counting(level),
        "number of rows of signs. How many",
    ),
    (
        "practice/fewest_seeds",
        lambda level: 1 + int(np.ceil(np.log2(2 / level))),
        "one seed too many",
    ),
    (
        "practice/fewest_seeds",
        lambda level: int(1 - math.log2(level)),
        "You round down",
    ),
    ("practice/fewest_seeds", seeds_below, "for a $p$ below the level"),
    (
        "practice/fewest_seeds",
        lambda level: -int(-1 // level),
        "doesn't need twenty seeds",
    ),
    (
        "practice/fewest_seeds",
        lambda level: -int(-2 // level),
        "how many rows of signs there must be",
    ),
    (
        "practice/fewest_seeds",
        lambda level: int(np.ceil(1 - np.log(level))),
        "The natural logarithm",
    ),
    ("practice/fewest_seeds", lambda level: 2 * 3, "ignores other levels"),
    (
        "practice/fewest_seeds",
        lambda level: int(np.rint(1 - np.log2(level))),
        "You round to the nearest whole",
    ),
    ("practice/fewest_seeds", lambda level: print(level), "`print` shows a value"),
]
