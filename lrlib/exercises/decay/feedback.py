"""Exercises of lesson 2.6, Feedback."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

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
- **Units and time:** entry 0 is the rate right after the first report, so a report
  that causes a cut shows the lower rate already. Rates are in the unit of `lr`.

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


EXERCISES: tuple[Exercise, ...] = (
    PLATEAU_RATES,
    NEEDS_METRIC,
)
