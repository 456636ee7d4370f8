"""How often ``basics.diagnose`` is right, on runs whose cause is known.

Each run is made with a cause (a rate from a wide grid, a schedule that drops too soon,
a step up the slope, pixels that aren't scaled, two hidden units, shuffled labels), and
then **checked by counterfactual**: the same run with that one thing changed. The truth
never comes from the look of the curve:

- *rate too large*: with lr / 3 or lr / 10 the same steps end below half as high.
- *noise floor*: the same, or with lr / 10 continued from the end; but with a hundredth
  of the noise (on the digits, with all pictures in every batch) this very rate ends
  below half as high, and below half of the first loss.
- *rate too small*: with lr * 3 the same steps end below half as high, and continued
  from the end it gets a tenth lower than lr does.
- *healthy*: it halved its loss at least, and no other rate, from the start or from the
  end, gets below 0.7 of it.
- *decayed too early*: without the decay it ends below half as high.
- *wrong sign*: with the sign put right it falls, as made it doesn't.
- *inputs not scaled*: with scaled inputs, at this rate, it ends below half as high, and
  with lr / 3 or lr / 10 alone it doesn't come as low.
- *model too small*, *label noise*: with 32 hidden units, or with the right labels, it
  ends below half as high, and no other rate gets it more than 15 % lower.

A run that its counterfactual contradicts is left out. Levels are means over the last
tenth of a run and over seeds, never below a ten-thousandth of the first loss: what is
lower counts as solved.

The rules of ``diagnose`` were chosen on the split TUNING. HELD_OUT has other seeds and
other settings (curvatures, noise, batch sizes, widths, scales, shares, numbers of
steps, rates), and was used for nothing but the numbers printed here: it was drawn
after the last change of a rule, in place of sets that had been looked at before.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from benchmarks import Row
from lrlib import tasks
from lrlib.adaptive import UpdateRule, sgd
from lrlib.basics import Diagnosis, diagnose
from lrlib.diagnosis import ADVICE, RAISES_THE_RATE
from lrlib.schedules import Schedule
from lrlib.sweep import Runs, sweep

FACTORS = (1.0, 1 / 10, 1 / 3, 3.0)
SOLVED = 1e-4  # of the first loss: what ends lower has no fault


@dataclass(frozen=True)
class Example:
    """A run, and what is the matter with it."""

    truth: str
    made: str
    losses: np.ndarray
    validation: np.ndarray
    gradient_norms: np.ndarray
    guess: float | None
    probes: dict[str, np.ndarray]


@dataclass(frozen=True)
class Split:
    """Seeds and settings from which runs are made."""

    seeds: tuple[int, ...]
    steps: int  # of a run; a probe takes a quarter of it
    bowls: tuple[tuple[float, ...], ...]
    noises: tuple[float, ...]
    bowl_rates: tuple[float, ...]  # times the largest curvature
    digits_steps: int
    batch_sizes: tuple[int, ...]
    digits_rates: tuple[float, ...]
    decays: tuple[tuple[float, float], ...]  # (part of the run, factor)
    pixels: tuple[float, ...]  # how much too large
    widths: tuple[int, ...]
    shares: tuple[float, ...]  # of labels that are shuffled


TUNING = Split(
    seeds=(1, 2, 3, 4, 5, 6),
    steps=320,
    bowls=((1.0,), (2.0, 0.5), (5.0, 1.0, 0.2, 0.1)),
    noises=(0.1, 0.6, 1.5),
    bowl_rates=tuple(np.geomspace(3e-4, 4.0, 14)),
    digits_steps=200,
    batch_sizes=(24, 100),
    digits_rates=tuple(np.geomspace(1e-4, 80.0, 14)),
    decays=((0.1, 0.01), (0.2, 0.001)),
    pixels=(16.0, 200.0),
    widths=(1,),
    shares=(0.5,),
)
HELD_OUT = Split(
    seeds=(51, 52, 53, 54, 55, 56),
    steps=380,
    bowls=((0.9,), (2.4, 0.7), (6.5, 1.6, 0.8), (11.0, 2.1, 0.6)),
    noises=(0.4, 0.9),
    bowl_rates=tuple(np.geomspace(8e-4, 3.5, 13)),
    digits_steps=210,
    batch_sizes=(44, 132),
    digits_rates=tuple(np.geomspace(6e-4, 72.0, 15)),
    decays=((0.15, 0.006), (0.22, 0.003)),
    pixels=(22.0, 255.0),
    widths=(1, 2),
    shares=(0.6, 0.8),
)


@dataclass(frozen=True)
class Pieces(Schedule):
    """``rates[i]`` from update ``starts[i]`` on."""

    values: tuple[float, ...]
    starts: tuple[int, ...]

    def rates(self, t: np.ndarray) -> np.ndarray:
        return np.array(self.values)[np.searchsorted(self.starts, t, side="right") - 1]


class Trained:
    """Runs at rates and their multiples, from the start and from the end.

    Attributes:
        levels: by factor, ``[rates * seeds]``: where the runs end.
        after: by factor, the same for continuations from the end.
        start: ``[rates * seeds]``, the first loss; of a parabola, without the noise.
    """

    def __init__(
        self,
        task: tasks.Task,
        rates: np.ndarray,
        steps: int,
        seeds: Sequence[int],
        *,
        rule: UpdateRule | None = None,
        decay: tuple[float, float] = (0.0, 1.0),
    ) -> None:
        self.steps, self.length = steps, steps // 4
        begin = max(1, int(decay[0] * steps))
        arms = [
            Pieces((lr * factor, lr * factor * decay[1]), (0, begin))
            for factor in FACTORS
            for lr in rates
        ] + [
            Pieces((lr, lr * decay[1], lr * decay[1] * factor), (0, begin, steps))
            for factor in FACTORS[1:]
            for lr in rates
        ]
        total = steps + self.length
        self.runs = sweep(
            task,
            rule or sgd(),
            arms,
            total,
            seeds=seeds,
            validate_every=2 if isinstance(task, tasks.Quadratic) else 10,
        )
        count = len(rates) * len(seeds)
        self.labels = [f"{task}, lr={lr:.3g}, seed {s}" for lr in rates for s in seeds]
        self.rows = {f: np.arange(count) + i * count for i, f in enumerate(FACTORS)}
        self.on = {1.0: self.rows[1.0]} | {
            f: np.arange(count) + i * count
            for i, f in enumerate(FACTORS[1:], len(FACTORS))
        }
        window = steps // 10
        true = isinstance(task, tasks.Quadratic)
        self.start = self.runs.losses[:count, 0]
        if true:
            self.start = np.full(count, float(task.validation_loss(task.init(0))))
        self.levels = {
            f: level(self.runs, rows, steps, window, true, len(seeds))
            for f, rows in self.rows.items()
        }
        self.after = {
            f: level(self.runs, rows, total, window, true, len(seeds))
            for f, rows in self.on.items()
        }

    def example(self, k: int, truth: str, guess: float | None) -> Example:
        """Run k. Probes go on from its end, or from its start if that was lower."""
        runs, steps, row = self.runs, self.steps, self.rows[1.0][k]
        losses = runs.losses[row, :steps]
        with np.errstate(all="ignore"):
            sound = losses[-steps // 10 :].mean() < losses[0]
        where = slice(steps, None) if sound else slice(0, self.length)
        rows = self.on if sound else self.rows
        factors = {"lr / 10": 1 / 10, "lr": 1.0, "lr * 3": 3.0}
        return Example(
            truth,
            self.labels[k],
            losses,
            runs.validation[row, :steps],
            runs.gradient_norms[row, :steps],
            guess,
            {name: runs.losses[rows[f][k], where] for name, f in factors.items()},
        )


def level(
    runs: Runs, rows: np.ndarray, end: int, window: int, true: bool, seeds: int
) -> np.ndarray:
    """The mean over a window and all seeds, at least SOLVED; inf if one broke.

    Args:
        runs: what was trained.
        rows: of which runs.
        end: the update before which the window ends.
        window: its length.
        true: take the loss without noise, which a parabola has as its held-out loss.
        seeds: how many runs that follow each other differ by their seed alone.
    """
    values = (runs.validation if true else runs.losses)[rows, end - window : end]
    solved = runs.losses[rows, 0] * SOLVED
    measured = np.isfinite(values).any(axis=1)
    broke = ~np.isfinite(runs.losses[rows, :end]).all(axis=1) | ~measured
    with np.errstate(all="ignore"):
        mean = np.nanmean(np.where(broke[:, None], np.inf, values), axis=1)
    levels = np.maximum(mean, solved).reshape(-1, seeds)
    return levels.mean(axis=1).repeat(seeds)


def ends(
    task: tasks.Task, rates: np.ndarray, steps: int, seeds: Sequence[int]
) -> np.ndarray:
    """Where plain runs end, ``[rates * seeds]``: what others are compared with."""
    runs = sweep(task, sgd(), rates, steps, seeds=seeds, validate_every=2)
    true = isinstance(task, tasks.Quadratic)
    return level(runs, np.arange(len(runs)), steps, steps // 10, true, len(seeds))


def rate_truths(trained: Trained, quiet: np.ndarray | None = None) -> list[str]:
    """What the counterfactuals say about each rate; "" where they say nothing clear.

    Args:
        trained: runs whose only fault can be the rate, or the noise.
        quiet: where the same runs end with far less noise.
    """
    levels, after = trained.levels, trained.after
    truths = []
    for k, end in enumerate(levels[1.0]):
        slower = min(levels[1 / 10][k], levels[1 / 3][k])
        faster, now = levels[3.0][k], after[1.0][k]
        settled = after[1 / 10][k]
        trains = quiet is not None and quiet[k] < min(end, trained.start[k]) / 2
        if trains and min(slower, settled) < end / 2:
            truths.append("noise floor")
        elif slower < end / 2:
            truths.append("rate too large")
        elif faster < end / 2 and after[3.0][k] < 0.9 * now:
            truths.append("rate too small")
        elif (
            end < trained.start[k] / 2
            and min(slower, faster) > 0.7 * end
            and min(settled, after[3.0][k]) > 0.7 * now
        ):
            truths.append("healthy")
        else:
            truths.append("")
    return truths


def bowls(split: Split) -> Iterator[Example]:
    for curvature in split.bowls:
        task = tasks.quadratic(curvature)
        rates = np.array(split.bowl_rates) / max(curvature)
        plain = Trained(task, rates, split.steps, [0])
        for k, truth in enumerate(rate_truths(plain)):
            yield plain.example(k, truth, None)
        some = rates[:-3:2]
        right = ends(task, some, split.steps, [0])
        yield from climbing(
            Trained(task, some, split.steps, [0], rule=sgd(maximize=True)), right
        )


def climbing(
    trained: Trained, right: np.ndarray, guess: float | None = None
) -> Iterator[Example]:
    """Runs with the wrong sign; ``right`` is where they end with the right one."""
    for k, end in enumerate(trained.levels[1.0]):
        holds = right[k] < trained.start[k] <= end
        yield trained.example(k, "wrong sign" if holds else "", guess)


def noisy_bowls(split: Split) -> Iterator[Example]:
    for curvature in split.bowls:
        rates = np.array(split.bowl_rates) / max(curvature)
        for noise in split.noises:
            task = tasks.noisy_quadratic(curvature, noise, 4)
            still = tasks.noisy_quadratic(curvature, noise / 100, 4)
            trained = Trained(task, rates, split.steps, split.seeds)
            quiet = ends(still, rates, split.steps, split.seeds)
            for k, truth in enumerate(rate_truths(trained, quiet)):
                if k % len(split.seeds) < 2:  # the others served the means
                    yield trained.example(k, truth, None)


def decayed(
    split: Split, task: tasks.Task, rates: np.ndarray, steps: int, guess: float | None
) -> Iterator[Example]:
    seeds = split.seeds[:2]
    kept = ends(task, rates, steps, seeds)
    for decay in split.decays:
        trained = Trained(task, rates, steps, seeds, decay=decay)
        for k, end in enumerate(trained.levels[1.0]):
            holds = kept[k] < end / 2 and end < trained.start[k]
            yield trained.example(k, "decayed too early" if holds else "", guess)


def decayed_bowls(split: Split) -> Iterator[Example]:
    for curvature in split.bowls:
        rates = np.array([0.01, 0.03, 0.1]) / max(curvature)
        for task in (
            tasks.quadratic(curvature),
            tasks.noisy_quadratic(curvature, split.noises[0], 4),
        ):
            yield from decayed(split, task, rates, split.steps, None)


def digits(split: Split) -> Iterator[Example]:
    guess = math.log(10)
    steps, seeds = split.digits_steps, split.seeds[:2]
    rates = np.array(split.digits_rates)
    usual = rates[(rates > 0.1) & (rates < 2)]
    quiet = ends(tasks.digits(None), rates, steps, seeds)
    for batch_size in split.batch_sizes:
        task = tasks.digits(batch_size)
        plain = Trained(task, rates, steps, seeds)
        for k, truth in enumerate(rate_truths(plain, quiet)):
            yield plain.example(k, truth, guess)
        yield from decayed(split, task, usual, steps, guess)
    right = ends(task, usual, steps, seeds)
    wrong = Trained(task, usual, steps, seeds, rule=sgd(maximize=True))
    yield from climbing(wrong, right, guess)
    for scale in split.pixels:
        trained = Trained(changed(task, scale=scale), usual, steps, seeds)
        best = np.minimum(trained.levels[1 / 10], trained.levels[1 / 3])
        for k, end in enumerate(trained.levels[1.0]):
            holds = right[k] < end / 2 and right[k] < best[k]
            yield trained.example(k, "inputs not scaled" if holds else "", guess)
    stuck = [("label noise", changed(task, share=share)) for share in split.shares]
    for width in split.widths:
        stuck.append(("model too small", tasks.digits(task.batch_size, hidden=width)))
    right = ends(task, usual, 3 * steps, seeds)
    for cause, other in stuck:
        trained = Trained(other, usual, 3 * steps, seeds)
        best = np.min([trained.levels[factor] for factor in FACTORS], axis=0)
        for k, end in enumerate(trained.levels[1.0]):
            holds = right[k] < end / 2 and best[k] > 0.85 * end
            yield trained.example(k, cause if holds else "", guess)


def changed(
    task: tasks.Supervised, scale: float = 1.0, share: float = 0.0
) -> tasks.Task:
    """The digits with pixels ``scale`` times as large, or labels in part shuffled."""
    inputs, targets = tasks._digits_data()
    random = np.random.default_rng(round(100 * share))
    pick = torch.tensor(random.permutation(len(targets))[: int(share * len(targets))])
    targets = targets.clone()
    targets[pick] = targets[pick.roll(1)]
    inputs = (inputs * scale).float()
    return tasks.supervised(
        lambda: nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)),
        nn.functional.cross_entropy,
        inputs[:1437],
        targets[:1437],
        batch_size=task.batch_size,
        validation=(inputs[1437:], targets[1437:]),
        name=f"digits(pixels x {scale:g}, shuffled {share:g})",
    )


def examples(split: Split) -> list[Example]:
    """All runs of a split whose truth is clear."""
    made = [bowls, noisy_bowls, decayed_bowls, digits]
    return [one for family in made for one in family(split) if one.truth]


@dataclass(frozen=True)
class Score:
    """How a diagnosis did on runs whose cause is known."""

    matrix: dict[str, Counter[str]]  # verdicts, by truth
    named: int  # runs whose true cause was among those given
    violations: list[str]  # runs whose rate it would raise though it was too large

    @property
    def runs(self) -> int:
        return sum(row.total() for row in self.matrix.values())

    @property
    def right(self) -> int:
        return sum(row[truth] for truth, row in self.matrix.items())

    def __repr__(self) -> str:
        width = 11
        lines = [" " * 18 + "".join(name[: width - 1].rjust(width) for name in ADVICE)]
        for truth, row in self.matrix.items():
            cells = (str(row[name] or "·").rjust(width) for name in ADVICE)
            lines.append(truth.ljust(18) + "".join(cells))
        return "\n".join(lines)


def score(
    some: Sequence[Example],
    judge: Callable[..., Diagnosis] = diagnose,
    *,
    alone: bool = False,
) -> Score:
    """What ``judge`` says of runs, from the curve alone or with all that was measured.

    A violation is a first verdict that raises the rate of a run whose rate was too
    large, or of one on its noise floor.
    """
    matrix: dict[str, Counter[str]] = {name: Counter() for name in ADVICE}
    del matrix["can't tell"]
    named, violations = 0, []
    for one in some:
        more = {
            "validation": one.validation,
            "gradient_norms": one.gradient_norms,
            "probes": one.probes,
        }
        found = judge(one.losses, guess=one.guess, **({} if alone else more))
        matrix[one.truth][found.verdict] += 1
        named += one.truth in [cause.name for cause in found.causes]
        high = one.truth in ("rate too large", "noise floor")
        if high and found.verdict in RAISES_THE_RATE:
            violations.append(f"{one.made}: {found.verdict}, but {one.truth}")
    return Score(matrix, named, violations)


def rows() -> Iterator[Row]:
    begin = time.process_time()
    some = examples(HELD_OUT)
    curve, probed = score(some, alone=True), score(some)
    seconds = time.process_time() - begin
    for text, result in (("from the curve alone", curve), ("with probes", probed)):
        print(f"diagnosis {text}: rows are causes, columns are verdicts\n{result!r}")
        for violation in result.violations:
            print(f"  violation: {violation}")
    count = f"{len(some)} held-out runs"
    yield Row("diagnosis: runs in the held-out set", len(some), 300, "", True)
    for name, measured, budget, detail in (
        ("with probes, right", probed.right, 0.8, count),
        ("with probes, cause among those named", probed.named, 0.85, count),
        ("alone, cause among those named", curve.named, 0.7, count),
    ):
        share = measured / len(some)
        yield Row(f"diagnosis {name}", share, budget, "", True, detail)
    decided = curve.runs - sum(row["can't tell"] for row in curve.matrix.values())
    yield Row(
        "diagnosis alone, right where it decides",
        curve.right / max(1, decided),
        0.8,
        "",
        True,
        f"{curve.right} of {decided}; it can't tell the other {len(some) - decided}",
    )
    violations = len(curve.violations) + len(probed.violations)
    yield Row("diagnosis: rates raised that were too large", violations, 0, "")
    yield Row("diagnosis: all runs, made and diagnosed twice", seconds, 90, "s")
