"""Learners' answers to the review of chapter 4, warmup."""

import math
import statistics
from bisect import bisect_left
from collections.abc import Callable
from itertools import takewhile
from typing import Any

import numpy as np

Test = Callable[[Any, int, list[int], float], bool]


def by_loops(train: Any, lengths: list[int], seeds: list[int], good: float) -> int:
    best = -1
    for steps in sorted(lengths)[::-1]:
        for seed in seeds:
            last = train(warmup_steps=steps, seed=seed)
            if math.isnan(last) or last >= good:
                return best
        best = steps
    return best


def by_takewhile(train: Any, lengths: list[int], seeds: list[int], good: float) -> int:
    def holds(steps: int) -> bool:
        return all(train(steps, seed) < good for seed in seeds)

    return min(takewhile(holds, sorted(lengths, reverse=True)), default=-1)


def by_numpy(train: Any, lengths: list[int], seeds: list[int], good: float) -> Any:
    steps, best = np.sort(lengths), -1
    while len(steps):
        for seed in np.array(seeds):
            if not np.less(train(steps[-1], seed), good):
                return best
        best, steps = steps[-1], steps[:-1]
    return best


def down(test: Test) -> Callable[..., int]:
    """Someone who goes down the lengths, with a test of their own."""

    def answer(train: Any, lengths: list[int], seeds: list[int], good: float) -> int:
        left = sorted(lengths)
        while left and test(train, left[-1], seeds, good):
            left.pop()
        longer = [steps for steps in lengths if not left or steps > left[-1]]
        return min(longer) if longer else -1

    return answer


def holds(train: Any, steps: int, seeds: list[int], good: float) -> bool:
    return not any(not train(steps, seed) < good for seed in seeds)


def first_that_saves(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    for steps in sorted(lengths):
        if holds(train, steps, seeds, good):
            return int(steps)
    return -1


def upwards(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    best = -1
    for steps in sorted(lengths):
        if not holds(train, steps, seeds, good):
            best = -1
        elif best == -1:
            best = steps
    return best


def everything(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    ends = {steps: [train(steps, seed) for seed in seeds] for steps in lengths}
    for steps in sorted(lengths):
        if all(loss < good for one in ends if one >= steps for loss in ends[one]):
            return int(steps)
    return -1


def smallest_from_above(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    best = -1
    for steps in sorted(lengths, reverse=True):
        if holds(train, steps, seeds, good):
            best = steps
    return best


def bisection(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    tried = sorted(lengths)
    place = bisect_left(tried, True, key=lambda w: holds(train, w, seeds, good))
    return int([*tried, -1][place])


def unsorted(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    best = -1
    for steps in reversed(lengths):
        if not holds(train, steps, seeds, good):
            return best
        best = steps
    return best


def the_failing(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    for steps in sorted(lengths, reverse=True):
        if not holds(train, steps, seeds, good):
            return int(steps)
    return int(min(lengths))


def by_one(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    steps = max(lengths)
    while steps >= min(lengths) and holds(train, steps, seeds, good):
        steps -= 1
    return steps + 1 if steps < max(lengths) else -1


def looks_again(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    best = -1
    for steps in sorted(lengths, reverse=True):
        if not holds(train, steps, seeds, good):
            break
        if max(train(steps, seed) for seed in seeds) < good:
            best = steps
    return best


def sorts_in_place(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    lengths.sort()
    return by_loops(train, lengths, seeds, good)


def then(change: Callable[[int, list[int]], int]) -> Callable[..., int]:
    """Someone who does something else with the right length."""
    return lambda train, lengths, seeds, good: change(
        by_loops(train, lengths, seeds, good), sorted(lengths)
    )


def without_none(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    return by_loops(train, [w for w in lengths if w > 0], seeds, good)


def worst_of(train: Any, steps: int, seeds: list[int], good: float) -> bool:
    worst = train(steps, seeds[0])
    for seed in seeds[1:]:
        worst = max(worst, train(steps, seed))
    return bool(worst < good)


def every_seed(train: Any, steps: int, seeds: list[int], good: float) -> bool:
    well = 0
    for seed in seeds:
        well += train(steps, seed) < good
    return well == len(seeds)


RIGHT: dict[str, list[Any]] = {
    "warmup/safe_warmup": [by_loops, by_takewhile, by_numpy, down(holds)],
}

SAFE = "warmup/safe_warmup"
WRONG: list[tuple[str, Any, str]] = [
    (SAFE, first_that_saves, "You begin with the short lengths"),
    (SAFE, upwards, "where one of these fails, the hour was in vain"),
    (SAFE, everything, "You make all runs before you judge one"),
    (
        SAFE,
        down(every_seed),
        "with all seeds of a length before you judge it",
    ),
    (SAFE, smallest_from_above, "You go on below a length that has failed"),
    (SAFE, bisection, "You halve the list"),
    (
        SAFE,
        down(lambda train, w, seeds, good: not any(train(w, s) >= good for s in seeds)),
        "with NaN passes your test",
    ),
    (
        SAFE,
        down(lambda train, w, seeds, good: all(train(w, s) <= good for s in seeds)),
        "equal to `good` as below",
    ),
    (
        SAFE,
        down(lambda train, w, seeds, good: all(abs(train(w, s)) < 1e9 for s in seeds)),
        "only whether the loss is finite",
    ),
    (
        SAFE,
        down(lambda train, w, seeds, good: holds(train, w, seeds, 0.3)),
        "You compare with 0.3",
    ),
    (
        SAFE,
        down(lambda train, w, seeds, good: holds(train, w, seeds[:1], good)),
        "You run the first seed only",
    ),
    (
        SAFE,
        down(lambda train, w, seeds, good: holds(train, w, seeds[-1:], good)),
        "You run the last seed only",
    ),
    (
        SAFE,
        down(lambda train, w, seeds, good: any(train(w, s) < good for s in seeds)),
        "One seed that ends well is enough",
    ),
    (
        SAFE,
        down(
            lambda train, w, seeds, good: (
                statistics.mean(train(w, s) for s in seeds) < good
            )
        ),
        "You compare the mean over seeds",
    ),
    (SAFE, down(worst_of), "You ask `max` for the worst seed"),
    (
        SAFE,
        down(lambda train, w, seeds, good: holds(train, w, [*range(len(seeds))], good)),
        "You count seeds from 0",
    ),
    (
        SAFE,
        down(
            lambda train, w, seeds, good: holds(
                lambda a, b: train(b, a), w, seeds, good
            )
        ),
        "seed and length over in the wrong order",
    ),
    (SAFE, then(lambda w, all_: all_[-1] if w < 0 else w), "fails you return it"),
    (SAFE, then(lambda w, all_: 0 if w < 0 else w), "fails you return 0"),
    (
        SAFE,
        then(lambda w, all_: w if w < 0 else max(all_)),
        "You return the longest length wherever it holds",
    ),
    (
        SAFE,
        then(lambda w, all_: -1 if w < 0 else len([x for x in all_ if x < w])),
        "You return the place of the length",
    ),
    (
        SAFE,
        then(lambda w, all_: 0 if w < 0 else len([x for x in all_ if x >= w])),
        "You return how many lengths hold",
    ),
    (SAFE, the_failing, "You return the length that failed"),
    (SAFE, without_none, "You leave 0 out"),
    (SAFE, unsorted, "You take the lengths as they come"),
    (SAFE, looks_again, "You call `train` again"),
    (SAFE, by_one, "You go down by one update"),
    (SAFE, sorts_in_place, "changed its argument `lengths` in place"),
]
