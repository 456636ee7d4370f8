"""The exercise of the review of chapter 4, warmup."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from lrlib.exercises.engine import Exercise, Mistake

# A training whose runs are on record ------------------------------------------------


class NeedlessError(RuntimeError):
    """A run that can't change the result."""


class MadeBeforeError(NeedlessError):
    """The same length and seed again."""


class TooShortError(NeedlessError):
    """A longer one fails, which nobody has tried yet."""


class AlreadyFailedError(NeedlessError):
    """A run has shown that the length, or a longer one, fails."""


class Training:
    """Is called as a training is, knows how its runs end, and refuses to waste one.

    All runs end at half of ``good``, but those ``bad`` ones that come as ``(length,
    seed, loss)``; without a seed it is all of that length. Prints as what fails.
    """

    def __init__(
        self,
        lengths: Sequence[int],
        seeds: Sequence[int],
        good: float,
        bad: Sequence[tuple[int, int | None, float]],
    ) -> None:
        self.good = good
        self.losses = {(w, seed): good / 2 for w in lengths for seed in seeds}
        for length, which, loss in bad:
            for seed in seeds if which is None else [which]:
                self.losses[length, seed] = loss
        failing = [w for (w, _), loss in self.losses.items() if not loss < good]
        self.longest_failing = max(failing, default=-1)
        self.done: dict[tuple[int, int], float] = {}
        self.words = ", ".join(
            f"{w}" if seed is None else f"{w} in seed {seed}" for w, seed, _ in bad
        )

    def __call__(self, warmup_steps: int, seed: int) -> float:
        if (warmup_steps, seed) not in self.losses:
            raise LookupError(
                f"no run with {warmup_steps} updates and seed {seed} was asked for"
            )
        called = f"train({warmup_steps}, {seed})"
        if (warmup_steps, seed) in self.done:
            raise MadeBeforeError(f"{called} was called before")
        for (length, other), loss in self.done.items():
            if length >= warmup_steps and not loss < self.good:
                raise AlreadyFailedError(
                    f"{called} is needless: {length} updates failed with seed {other}"
                )
        if warmup_steps < self.longest_failing:
            raise TooShortError(
                f"{called} is needless: {self.longest_failing} updates will fail"
            )
        self.done[warmup_steps, seed] = self.losses[warmup_steps, seed]
        return self.done[warmup_steps, seed]

    def __repr__(self) -> str:
        return f"<fails: {self.words}>" if self.words else "<all end well>"


# The smallest length from which on all runs end well ----------------------------------


def safe_warmup(train, lengths, seeds, good):
    reached = -1
    for length in sorted(lengths, reverse=True):
        if any(not train(length, seed) < good for seed in seeds):
            break
        reached = length
    return reached


Passes = Callable[[Callable[[int, int], float], int, Sequence[int], float], bool]


def _passes(
    train: Callable[[int, int], float], length: int, seeds: Sequence[int], good: float
) -> bool:
    return all(train(length, seed) < good for seed in seeds)


def _judging(passes: Passes) -> Callable[..., int]:
    """The solution with another test of one length."""

    def answer(
        train: Any, lengths: Sequence[int], seeds: Sequence[int], good: float
    ) -> int:
        reached = -1
        for length in sorted(lengths, reverse=True):
            if not passes(train, length, seeds, good):
                break
            reached = length
        return reached

    return answer


def _ending(
    end: Callable[[int, Sequence[int]], int],
) -> Callable[..., int]:
    """The solution, with something else made of its result and the lengths."""

    def answer(
        train: Any, lengths: Sequence[int], seeds: Sequence[int], good: float
    ) -> int:
        return end(int(safe_warmup(train, lengths, seeds, good)), sorted(lengths))

    return answer


def _from_below(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    """The first length from below that passes, as in lesson 4.1."""
    return next((w for w in sorted(lengths) if _passes(train, w, seeds, good)), -1)


def _all_seeds(
    train: Callable[[int, int], float], length: int, seeds: Sequence[int], good: float
) -> bool:
    """Trains with all seeds before the first is judged."""
    losses = [train(length, seed) for seed in seeds]
    return all(loss < good for loss in losses)


def _table_first(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    """Right, but all runs are made before one is judged."""
    table = {(w, s): train(w, s) for w in lengths for s in seeds}
    return int(safe_warmup(lambda w, s: table[w, s], lengths, seeds, good))


def _goes_on(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    """From above, but past a length that fails."""
    passing = [
        w for w in sorted(lengths, reverse=True) if _passes(train, w, seeds, good)
    ]
    return min(passing, default=-1)


def _halving(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    """A search by halves."""
    tried = sorted(lengths)
    low, high = 0, len(tried)
    while low < high:
        middle = (low + high) // 2
        if _passes(train, tried[middle], seeds, good):
            high = middle
        else:
            low = middle + 1
    return tried[low] if low < len(tried) else -1


def _as_they_come(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    """From the end of the list, taken for sorted."""
    reached = -1
    for w in list(lengths)[::-1]:
        if not _passes(train, w, seeds, good):
            break
        reached = w
    return reached


def _twice(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    """Trains to judge, and once more to look at the mean."""
    reached, lowest = -1, math.inf
    for w in sorted(lengths, reverse=True):
        if not _passes(train, w, seeds, good):
            break
        mean = sum(train(w, seed) for seed in seeds)
        reached, lowest = (w, mean) if mean <= lowest else (reached, lowest)
    return reached


def _one_too_far(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    """The last length that was tried."""
    w = -1
    for w in sorted(lengths, reverse=True):
        if not _passes(train, w, seeds, good):
            return w
    return w


def _every_number(train: Any, lengths: Any, seeds: Any, good: float) -> int:
    """Goes down by one update."""
    reached = -1
    for w in range(max(lengths), min(lengths) - 1, -1):
        if not _passes(train, w, seeds, good):
            break
        reached = w
    return reached


def _case(
    lengths: list[int],
    seeds: list[int],
    good: float,
    *bad: tuple[int, int | None, float],
) -> tuple[Any, ...]:
    return Training(lengths, seeds, good, bad), lengths, seeds, good


INF, NAN = math.inf, math.nan
FIVE = [0, 2, 5, 10, 20]

SAFE_WARMUP = Exercise(
    name="warmup/safe_warmup",
    text="""\
### Exercise: the smallest safe warmup

Write `safe_warmup(train, lengths, seeds, good)`: the smallest of the lengths from which
on all runs end well: those of this length and those of every longer one in the list,
each with every seed.

- **Arguments:** `train`, a function: `train(warmup_steps, seed)` makes one run and
  returns its last loss, a number, or `inf` or `nan` if the run diverged; `lengths` and
  `seeds`, lists (not arrays) of whole numbers, not empty, in any order, none twice;
  `good`, a number.
- **Returns:** one whole number: a length of the list, or -1 if the longest one fails.
- **Boundaries:** a run ends well if its loss is below `good`; a loss equal to `good` is
  not below it. A length fails if one of its runs doesn't end well. 0 is no warmup; it
  may be in the list, and may be the result.
- **Calls:** a run takes an hour, so `train` refuses one that can't change the result,
  with an error: a run that you have made before, a run of a length below one that
  fails (even if you haven't tried that one yet), and a further seed of a length after
  one of its seeds has failed.
- **Units and time:** lengths count updates, losses are those of the last update.""",
    starter="def safe_warmup(train, lengths, seeds, good):\n    return ...",
    hints=(
        "Which length do you have to know about in any case, whatever the others do? "
        "Begin there.",
        "After which event is the result known, though lengths are left? Keep the "
        "last length that held until then.",
        "`all(... for seed in seeds)` stops at the first seed that isn't true; "
        "`all([... for seed in seeds])` makes the whole list first. And `nan` is "
        "neither below `good` nor above it.",
    ),
    solution=safe_warmup,
    cases=(
        _case([0, 5, 10], [0, 1, 2], 0.3, (0, None, NAN), (5, 2, 0.45)),
        _case(FIVE, [0, 1, 2], 0.3),
        _case(FIVE, [0, 1, 2], 0.3, (0, None, INF), (2, 0, 0.45)),
        # A longer one fails again.
        _case(
            [0, 2, 4, 8, 16],
            [0, 1, 2],
            0.3,
            (0, None, NAN),
            (2, None, 0.4),
            (8, 1, 0.36),
        ),
        _case([0, 4, 8, 16], [0, 1, 2], 0.3, (8, 1, 0.36)),
        # The longest fails.
        _case([0, 10, 40], [0, 1, 2], 0.3, (40, 0, NAN)),
        _case([20], [0, 1], 0.3, (20, None, 0.45)),
        _case([20], [0, 1], 0.3),
        # In another order, with other seeds.
        _case([10, 0, 40, 20, 5], [7, 3], 0.3, (5, 3, INF)),
        _case([5, 40, 0, 10], [7, 3, 11], 0.3, (10, 11, 0.8), (0, None, NAN)),
        # At the border.
        _case([0, 5, 10], [0, 1, 2], 0.3, (5, 1, 0.3)),
        _case([0, 5, 10], [0, 1, 2], 0.3, (10, 2, 0.3)),
        # What diverged, and what a mean hides.
        _case(FIVE, [0, 1, 2], 0.3, (10, 1, NAN)),
        _case(FIVE, [0, 1, 2], 0.3, (5, 2, NAN)),
        _case(FIVE, [0, 1, 2], 0.3, (5, 2, 0.31)),
        _case(FIVE, [0, 1, 2, 3, 4], 0.3, (10, 4, 0.31)),
        _case(FIVE, [0, 1, 2, 3, 4], 0.3, (2, 0, 0.31)),
        # Other losses, and no 0 in the list.
        _case([3, 6, 12], [0, 1], 1.2),
        _case([3, 6, 12, 24], [0, 1], 1.2, (6, 0, 1.3)),
        _case([3, 6, 12, 24], [0, 1], 0.04, (6, 0, 0.05)),
        _case([3, 6, 12, 24], [0, 1], 0.04, (3, 1, 0.05)),
    ),
    mistakes=(
        Mistake(
            _from_below,
            "You begin with the short lengths. Whether one of them counts is decided "
            "by all longer ones: where one of these fails, the hour was in vain.",
        ),
        Mistake(
            _table_first,
            "You make all runs before you judge one. Judge each, and you'll see when "
            "the others can't matter any more.",
        ),
        Mistake(
            _judging(_all_seeds),
            "You train with all seeds of a length before you judge it. The first that "
            "fails has decided; a list in `all` is complete before `all` looks.",
        ),
        Mistake(
            _goes_on,
            "You go on below a length that has failed. No shorter one can count then, "
            "whether it saves the run or not.",
        ),
        Mistake(
            _halving,
            "You halve the list. That takes for granted that no longer length fails "
            "where a shorter one saves the run; nobody has promised it.",
        ),
        Mistake(
            _judging(
                lambda train, w, seeds, good: (
                    not any(train(w, s) >= good for s in seeds)
                )
            ),
            "A run that ended with NaN passes your test: every comparison with NaN is "
            "false. Ask for what is good, not for what is bad.",
        ),
        Mistake(
            _judging(
                lambda train, w, seeds, good: all(train(w, s) <= good for s in seeds)
            ),
            "You count a loss equal to `good` as below it.",
        ),
        Mistake(
            _judging(
                lambda train, w, seeds, good: all(
                    math.isfinite(train(w, s)) for s in seeds
                )
            ),
            "You ask only whether the loss is finite. A run can stay finite and learn "
            "nothing: `good` takes no part.",
        ),
        Mistake(
            _judging(
                lambda train, w, seeds, good: all(train(w, s) < 0.3 for s in seeds)
            ),
            "You compare with 0.3. Other trainings have other losses: `good` is an "
            "argument.",
        ),
        Mistake(
            _judging(lambda train, w, seeds, good: train(w, seeds[0]) < good),
            "You run the first seed only. One that ends well says little about the "
            "others.",
        ),
        Mistake(
            _judging(lambda train, w, seeds, good: train(w, seeds[-1]) < good),
            "You run the last seed only. One that ends well says little about the "
            "others.",
        ),
        Mistake(
            _judging(
                lambda train, w, seeds, good: any(train(w, s) < good for s in seeds)
            ),
            "One seed that ends well is enough for you. A length fails if one of them "
            "doesn't.",
        ),
        Mistake(
            _judging(
                lambda train, w, seeds, good: (
                    sum(train(w, s) for s in seeds) / len(seeds) < good
                )
            ),
            "You compare the mean over seeds. It hides a seed that failed, and it "
            "costs all seeds of a length whose first has decided.",
        ),
        Mistake(
            _judging(
                lambda train, w, seeds, good: max(train(w, s) for s in seeds) < good
            ),
            "You ask `max` for the worst seed. It needs all of them where one decides, "
            "and NaN gets by it: it only compares.",
        ),
        Mistake(
            _judging(
                lambda train, w, seeds, good: all(
                    train(w, s) < good for s in range(len(seeds))
                )
            ),
            "You count seeds from 0. They are the numbers in `seeds`.",
        ),
        Mistake(
            _judging(
                lambda train, w, seeds, good: all(train(s, w) < good for s in seeds)
            ),
            "You hand seed and length over in the wrong order: `train` takes the "
            "length first.",
        ),
        Mistake(
            _ending(lambda w, lengths: lengths[-1] if w < 0 else w),
            "Where the longest length fails you return it. Even a long warmup doesn't "
            "save every run.",
        ),
        Mistake(
            _ending(lambda w, lengths: max(w, 0)),
            "Where the longest length fails you return 0, which says that the run "
            "needs no warmup.",
        ),
        Mistake(
            _ending(lambda w, lengths: lengths[-1] if w >= 0 else -1),
            "You return the longest length wherever it holds. At a constant peak a "
            "warmup costs half of its updates: the smallest that holds is asked for.",
        ),
        Mistake(
            _ending(lambda w, lengths: lengths.index(w) if w >= 0 else -1),
            "You return the place of the length in the sorted list, not the length.",
        ),
        Mistake(
            _ending(
                lambda w, lengths: sum(one >= w for one in lengths) if w >= 0 else 0
            ),
            "You return how many lengths hold, not the smallest of them.",
        ),
        Mistake(
            _one_too_far,
            "You return the length that failed, one too far down.",
        ),
        Mistake(
            lambda train, lengths, seeds, good: safe_warmup(
                train, [w for w in lengths if w], seeds, good
            ),
            "You leave 0 out. Where the runs end well without a warmup, too, it is the "
            "result.",
        ),
        Mistake(
            _as_they_come,
            "You take the lengths as they come. The list has no order.",
        ),
        Mistake(
            _twice,
            "You call `train` again for a run that you have made. Keep its loss.",
        ),
        Mistake(
            _every_number,
            "You go down by one update. Only the lengths of the list are candidates.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (SAFE_WARMUP,)
