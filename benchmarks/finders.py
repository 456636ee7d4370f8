"""Which learning-rate finder suggests a rate that trains well?

    .venv/bin/python -m pip install -c constraints.txt -e '.[bench]'
    .venv/bin/python -m benchmarks.finders

prints one table, a task in each row, and below it how each finder did. Everything is
computed in that one run, in two to three minutes of one core, and comes out the same
each time. torch-lr-finder is the real package. Of Lightning and fastai, the sweeps and
rules are written anew below; ``tests/test_finder_comparison.py`` holds them to what the
real packages answered.

**The finders.** Each makes its own default sweep, with its own smoothing and its own
way to stop:

- *ours*: ``lrlib.finder.range_test`` as it comes.
- *torch-lr-finder*: 1e-7 to 100, as in its README, the steepest fall of the smoothed
  loss by update, which is by the logarithm of the rate.
- *Lightning*: 1e-8 to 1, the steepest fall of the smoothed loss by rate.
- *fastai*: 1e-7 to 10, *valley*, its default; beside it, from the same sweep, its other
  rules *minimum* (a tenth of the rate of the lowest loss), *steep* and *slide*.

**The truth.** Each task is trained at constant rates, half an octave apart, with three
seeds (bowls: 24) for its whole length. Where a run ends is the mean of its losses over
the last tenth of the updates (on bowls, of the loss without noise), then the mean over
the seeds; nothing counts as lower than a ten-thousandth of the first loss, which is
solved.

- *best*: the rate that ends lowest; of equals, the one in the middle.
- *good*: the rates around it that end at most a tenth higher. Its borders lie between
  two rates of the grid; they are put halfway.
- *limit*: the lowest rate above the best that diverges: with some seed a loss is
  infinite or NaN, or the run ends above its start, in training and on what is held
  out. On bowls without noise and without Adam, it is the known one,
  2 (1 + momentum) / curvature, which the measured one must equal to a step of the grid.

**The score.** Each finder sweeps each task three times, with the seeds of the truth;
the table shows the first answer, the summary counts all. Each answer is trained with,
at a constant rate and all three seeds; one that is meant as the peak of a schedule is
judged like the others. The tasks marked *d* are for development, on which the rules of
``range_test`` may be tuned; those marked *t* are for the test.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import io
import itertools
import math
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from sklearn import datasets
from torch import Tensor, nn

from lrlib import tasks
from lrlib.adaptive import UpdateRule, adam, adamw, sgd
from lrlib.basics import stability_limit
from lrlib.finder import range_test
from lrlib.sweep import sweep

SEEDS = (0, 1, 2)
SOLVED = 1e-4  # of the first loss: what ends lower counts as this
GOOD = 1.1  # times the lowest end
BOWL_SEEDS = 24  # of the truth: they cost little, and their noise is large
UPDATES = 100  # of every finder's sweep

LEGEND = """
median, worst: decades between suggestion and best rate; signed: the median, below 0 if
too low. good: share of all, where no answer is not good. excess: how far above the end
of the best rate, the median; nine in ten are below the last column. All but good are of
the answers that were given.
"""

Curve = tuple[list[float], list[float]]  # the rates of a sweep, and the losses


@dataclass(frozen=True)
class Optimizer:
    """The same optimizer twice: for many models at once, and as torch has it."""

    name: str
    rule: UpdateRule
    torch: Callable[..., torch.optim.Optimizer]
    octaves: tuple[int, int]  # of the rates that are tried


SGD = Optimizer("sgd", sgd(), torch.optim.SGD, (-11, 7))
MOMENTUM = Optimizer(
    "momentum",
    sgd(momentum=0.9),
    functools.partial(torch.optim.SGD, momentum=0.9),
    (-14, 4),
)
ADAM = Optimizer("adam", adam(), torch.optim.Adam, (-14, 3))
ADAMW = Optimizer("adamw", adamw(), torch.optim.AdamW, (-14, 3))


@dataclass(frozen=True)
class Problem:
    """A task, how to train it, and for how long."""

    half: str  # "d" for development, "t" for test
    name: str
    task: tasks.Task
    optimizer: Optimizer
    steps: int
    octaves: tuple[int, int] | None = None  # where the optimizer's don't fit
    known_limit: float | None = None

    @property
    def rates(self) -> np.ndarray:
        """The grid: half an octave from one to the next."""
        first, last = self.octaves or self.optimizer.octaves
        return 2.0 ** np.arange(first, last + 0.25, 0.5)

    def __str__(self) -> str:
        return f"{self.name}, {self.optimizer.name}"


# The tasks ----------------------------------------------------------------------------


def problems() -> Iterator[Problem]:
    for family in (bowls, noisy_bowls, digits, regressions, tables, texts, networks):
        yield from family()


def bowls() -> Iterator[Problem]:
    for half, curvature, optimizer, steps in (
        ("d", [1.0], SGD, 100),
        ("t", [40.0], SGD, 100),
        ("d", [10.0, 1.0], SGD, 200),
        ("t", [0.5, 0.2, 0.1], SGD, 60),
        ("t", [100.0, 10.0, 1.0, 0.1], SGD, 300),
        ("d", [30.0, 1.0, 0.03], SGD, 300),
        ("d", [10.0, 1.0], MOMENTUM, 200),
        ("t", [50.0, 5.0, 0.5], MOMENTUM, 300),
        ("t", [3.0, 0.3], ADAM, 200),
    ):
        momentum = {"sgd": 0.0, "momentum": 0.9}.get(optimizer.name)
        yield Problem(
            half,
            "bowl " + " ".join(f"{c:g}" for c in curvature),
            tasks.quadratic(curvature),
            optimizer,
            steps,
            known_limit=None
            if momentum is None
            else stability_limit(max(curvature), momentum=momentum),
        )


def noisy_bowls() -> Iterator[Problem]:
    for half, curvature, noise, start, optimizer, steps in (
        ("d", [1.0], 0.5, 3.0, SGD, 200),
        ("t", [5.0, 1.0, 0.2], 1.0, 2.0, SGD, 300),
        ("d", [2.0, 0.2], 2.0, 5.0, SGD, 300),
        ("t", [20.0, 2.0], 3.0, 2.0, SGD, 60),
        ("t", [2.0, 0.5], 0.5, 2.0, MOMENTUM, 200),
        ("d", [4.0, 1.0], 1.0, 3.0, ADAM, 200),
    ):
        begin = [start] * len(curvature)
        task = tasks.noisy_quadratic(curvature, noise, start=begin)
        name = "noisy bowl " + " ".join(f"{c:g}" for c in curvature)
        yield Problem(half, name, task, optimizer, steps)


def digits() -> Iterator[Problem]:
    for half, batch_size, optimizer, steps in (
        ("d", 32, SGD, 300),
        ("t", 128, SGD, 300),
        ("t", None, SGD, 200),
        ("t", 32, MOMENTUM, 300),
        ("d", 128, MOMENTUM, 300),
        ("d", 128, ADAM, 300),
        ("t", 32, ADAM, 300),
        ("d", None, ADAM, 100),
        ("t", 128, ADAMW, 300),
        ("d", 32, ADAMW, 150),
        ("d", 4, SGD, 300),
        ("t", 128, SGD, 30),
    ):
        name = f"digits, batch {batch_size or 'all'}"
        if steps < 100:
            name += f", {steps} updates"
        yield Problem(half, name, tasks.digits(batch_size), optimizer, steps)


def regressions() -> Iterator[Problem]:
    dense = tasks.sparse_regression()
    rare = tasks.sparse_regression((1.0, 0.5, 0.1, 0.05, 0.02), noise=0.5, batch_size=8)
    yield Problem("d", "sparse regression", dense, SGD, 300)
    yield Problem("t", "sparse regression", dense, ADAM, 300)
    yield Problem("t", "sparse regression, batch 8", rare, SGD, 300)
    for half, batch_size, unit, optimizer, octaves, steps in (
        ("d", 32, 77.0, SGD, None, 200),
        ("t", 64, 77.0, ADAM, None, 200),
        ("t", 32, 1.0, SGD, (-26, -2), 200),  # targets as they come, 25 to 346
    ):
        table = datasets.load_diabetes()
        inputs = torch.tensor(table.data / table.data.std(axis=0)).float()
        targets = torch.tensor((table.target - 152) / unit).float()[:, None]
        model = layers(10, 32, 1)
        loss = nn.functional.mse_loss
        task = whole(model, loss, inputs, targets, batch_size)
        name = "diabetes" + (", raw targets" if unit == 1 else "")
        yield Problem(half, name, task, optimizer, steps, octaves)


def tables() -> Iterator[Problem]:
    for half, name, load, scaled, sizes, batch_size, optimizer, octaves, steps in (
        ("d", "iris", "iris", True, (4, 16, 3), 10, SGD, None, 100),
        ("t", "wine", "wine", True, (13, 16, 3), 16, SGD, None, 60),
        ("d", "wine, not scaled", "wine", False, (13, 3), 16, SGD, (-26, -4), 200),
        ("t", "cancer, linear", "breast_cancer", True, (30, 2), 4, SGD, None, 200),
        ("d", "cancer", "breast_cancer", True, (30, 16, 2), 64, ADAM, None, 40),
        ("t", "iris, 8 examples", "iris", True, (4, 16, 3), None, MOMENTUM, None, 60),
    ):
        table = getattr(datasets, f"load_{load}")()
        rows = np.random.default_rng(0).permutation(len(table.target))
        rows = rows[:8] if "8 examples" in name else rows
        data = table.data[rows]
        if scaled:
            data = (data - data.mean(axis=0)) / data.std(axis=0)
        inputs, targets = torch.tensor(data).float(), torch.tensor(table.target[rows])
        loss = nn.functional.cross_entropy
        task = whole(layers(*sizes), loss, inputs, targets, batch_size)
        yield Problem(half, name, task, optimizer, steps, octaves)


def texts() -> Iterator[Problem]:
    for half, norm, optimizer, octaves in (
        ("d", "post", ADAM, (-12, -2)),
        ("t", "pre", ADAM, (-12, -2)),
        ("d", "pre", SGD, (-7, 4)),
        ("t", "post", SGD, (-7, 4)),
    ):
        task = tasks.transformer(norm, layers=2, width=16, heads=2, context=16)
        yield Problem(half, f"transformer, {norm}", task, optimizer, 100, octaves)


def networks() -> Iterator[Problem]:
    """Networks of many kinds that read the digits."""
    inputs, targets = tasks.digits().training_set()
    shuffled = targets.clone()
    pick = torch.tensor(np.random.default_rng(0).permutation(len(targets))[:700])
    shuffled[pick] = targets[pick.roll(1)]
    entropy, squares = nn.functional.cross_entropy, nn.functional.mse_loss
    norm = functools.partial(nn.BatchNorm1d, 32, track_running_stats=False)

    def normed() -> nn.Module:
        return nn.Sequential(nn.Linear(64, 32), norm(), nn.ReLU(), nn.Linear(32, 10))

    for half, name, model, loss, aims, batch_size, optimizer, steps in (
        ("d", "convolution, BatchNorm", convolution, entropy, targets, 32, SGD, 100),
        ("t", "convolution, BatchNorm", convolution, entropy, targets, 32, ADAM, 100),
        ("t", "BatchNorm", normed, entropy, targets, 64, SGD, 200),
        ("d", "BatchNorm", normed, entropy, targets, 64, ADAM, 200),
        ("d", "recurrent", Recurrent, entropy, targets, 32, MOMENTUM, 150),
        ("t", "recurrent", Recurrent, entropy, targets, 32, ADAM, 150),
        ("t", "large start", times(5.0), entropy, targets, 64, SGD, 200),
        ("d", "large start", times(3.0), entropy, targets, 64, ADAM, 200),
        ("d", "small start", times(0.1), entropy, targets, 64, SGD, 200),
        ("t", "deep, tanh", deep, entropy, targets, 64, MOMENTUM, 200),
        ("t", "labels half wrong", times(1.0), entropy, shuffled, 64, SGD, 200),
        ("d", "autoencoder", layers(64, 16, 64), squares, inputs, 64, ADAM, 200),
        ("t", "autoencoder", layers(64, 16, 64), squares, inputs, 64, SGD, 200),
    ):
        task = whole(model, loss, inputs, aims, batch_size)
        yield Problem(half, name, task, optimizer, steps)


def whole(
    model: Callable[[], nn.Module],
    loss: Callable[[Tensor, Tensor], Tensor],
    inputs: Tensor,
    targets: Tensor,
    batch_size: int | None,
) -> tasks.Task:
    """A task whose held-out set is the whole training set."""
    data = (inputs, targets)
    return tasks.supervised(model, loss, *data, batch_size=batch_size, validation=data)


def layers(*sizes: int) -> Callable[[], nn.Module]:
    """A function that builds linear layers with ReLU between them."""

    def build() -> nn.Module:
        parts: list[nn.Module] = []
        for inside, outside in itertools.pairwise(sizes):
            parts += [nn.Linear(inside, outside), nn.ReLU()]
        return nn.Sequential(*parts[:-1])

    return build


def times(factor: float) -> Callable[[], nn.Module]:
    """A function that builds the digits' network with a larger or smaller start."""

    def build() -> nn.Module:
        model = layers(64, 32, 10)()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.mul_(factor)
        return model

    return build


def convolution() -> nn.Module:
    return nn.Sequential(
        nn.Unflatten(1, (1, 8, 8)),
        nn.Conv2d(1, 8, 3),
        nn.BatchNorm2d(8, track_running_stats=False),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(72, 10),
    )


def deep() -> nn.Module:
    parts: list[nn.Module] = []
    for inside in (64, 24, 24, 24, 24):
        parts += [nn.Linear(inside, 24), nn.Tanh()]
    return nn.Sequential(*parts, nn.Linear(24, 10))


class Recurrent(nn.Module):
    """Reads a picture row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = nn.Linear(8, 24)
        self.kept = nn.Linear(24, 24)
        self.head = nn.Linear(24, 10)

    def forward(self, pictures: Tensor) -> Tensor:
        state = pictures.new_zeros(len(pictures), 24)
        for row in pictures.unflatten(1, (8, 8)).unbind(1):
            state = torch.tanh(self.seen(row) + self.kept(state))
        out: Tensor = self.head(state)
        return out


# The truth ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Ends:
    """Where runs end, for each of K rates."""

    level: np.ndarray  # [K], inf where a seed broke
    diverged: np.ndarray  # [K]
    start: float


def ends(problem: Problem, rates: Sequence[float] | np.ndarray) -> Ends:
    task, bowl = problem.task, isinstance(problem.task, tasks.Quadratic)
    seeds = range(BOWL_SEEDS) if bowl else SEEDS
    runs = sweep(
        task,
        problem.optimizer.rule,
        rates,
        problem.steps,
        seeds=seeds,
        validate_every=1 if bowl else None,
    )
    everything, shape = task.training_set(), (len(rates), len(seeds))
    with torch.no_grad():
        models = [task.init(seed) for seed in seeds]
        first = np.array([float(task.loss(model, everything)) for model in models])
        held_out = np.array([float(task.validation_loss(model)) for model in models])
    losses = runs.validation if bowl else runs.losses
    with np.errstate(all="ignore"):
        last = losses[:, -max(5, problem.steps // 10) :].mean(axis=1)
    sound = np.isfinite(runs.losses).all(axis=1) & np.isfinite(last)
    last = np.where(sound, last, np.inf).reshape(shape)
    # Both: single batches may be above the start where nothing is learned, and the
    # loss on what is held out may where it is learned by heart.
    above = (last > first) & ~(runs.validation[:, -1].reshape(shape) <= held_out)
    level = np.maximum(last, first * SOLVED).mean(axis=1)
    return Ends(level, np.asarray(above.any(axis=1)), float(first.mean()))


@dataclass(frozen=True)
class Truth:
    """What is known of a problem."""

    best: float
    lowest: float  # the loss there
    good: tuple[float, float]
    limit: float  # inf if none of the rates diverged
    grid: np.ndarray
    ends: Ends


def truth(problem: Problem) -> Truth:
    rates = problem.rates
    found = ends(problem, rates)
    lowest = found.level.min()
    (equal,) = np.nonzero(found.level <= lowest * (1 + 1e-9))
    best = equal[len(equal) // 2]
    good = found.level <= GOOD * lowest
    low = high = best
    while low > 0 and good[low - 1]:
        low -= 1
    while high + 1 < len(rates) and good[high + 1]:
        high += 1
    if low == 0 or best == len(rates) - 1:
        raise AssertionError(f"{problem}: the best rate lies outside of those tried")
    (diverging,) = np.nonzero(found.diverged & (rates > rates[best]))
    limit = rates[diverging[0]] if len(diverging) else math.inf
    known = problem.known_limit
    if known is not None and not known < limit <= known * 2**0.5 * (1 + 1e-9):
        raise AssertionError(f"{problem}: measured limit {limit}, known {known}")
    limit = limit if known is None else known
    good_rates = (rates[low] * 2**-0.25, min(rates[high] * 2**0.25, known or math.inf))
    return Truth(float(rates[best]), lowest, good_rates, float(limit), rates, found)


# The finders --------------------------------------------------------------------------


class Model(nn.Module):
    """A task's model with its loss inside: what a finder trains, whoever wrote it.

    It takes a batch and gives the loss. Of its two arguments for inputs and targets,
    which finders expect, the second is not used.
    """

    def __init__(self, task: tasks.Task, seed: int) -> None:
        super().__init__()
        params = task.init(seed)
        self._task, self._names = task, list(params)
        self._values = nn.ParameterList(params.values())

    def forward(self, batch: Sequence[Tensor]) -> Tensor:
        params: tasks.Tensors = dict(zip(self._names, self._values, strict=True))
        return self._task.loss(params, tuple(batch))


def same(outputs: Tensor, targets: object) -> Tensor:
    """The criterion of a model that gives its loss."""
    return outputs


def updates(problem: Problem, seed: int, rates: Sequence[float]) -> Iterator[float]:
    """Train at these rates, one update each; gives the loss of each batch."""
    model = Model(problem.task, seed)
    optimizer = problem.optimizer.torch(model.parameters(), lr=rates[0])
    for step, rate in enumerate(rates):
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
        loss = model(problem.task.batch(step, seed))
        loss.backward()
        optimizer.step()
        yield loss.item()


def ours(problem: Problem, seed: int) -> float | None:
    loader = [((problem.task.batch(k, seed),), None) for k in range(UPDATES)]
    model = Model(problem.task, seed)
    optimizer = problem.optimizer.torch(model.parameters(), lr=1e-3)
    return range_test(model, optimizer, same, loader).suggestion.rate


def fastai_curve(problem: Problem, seed: int) -> Curve:
    """The sweep of ``Learner.lr_find``, fastai 2.8.12 (callback/schedule.py).

    Average with weight 0.98, start corrected; stops above 4 times the lowest average.
    """
    rates = [1e-7 * (10 / 1e-7) ** (k / UPDATES) for k in range(UPDATES)]
    average, lowest, losses = 0.0, math.inf, []
    for count, loss in enumerate(updates(problem, seed, rates), 1):
        average = 0.98 * average + 0.02 * loss
        losses.append(average / (1 - 0.98**count))
        if losses[-1] < lowest:
            lowest = losses[-1]
        if losses[-1] > 4 * lowest:
            break
    return rates[: len(losses)], losses


def lightning_curve(problem: Problem, seed: int) -> Curve:
    """The sweep of ``Tuner.lr_find``, Lightning 2.6.6 (pytorch/tuner/lr_finder.py).

    Average with weight 0.98, whose start is corrected as if one more loss had been
    seen; stops above 4 times the lowest average. The second rate is skipped.
    """
    exponents = [0, *range(2, UPDATES + 1)]
    rates = [1e-8 * (1 / 1e-8) ** (k / UPDATES) for k in exponents]
    average, lowest, losses = 0.0, 0.0, []
    for step, loss in enumerate(updates(problem, seed, rates), 1):
        average = 0.98 * average + 0.02 * loss
        losses.append(average / (1 - 0.98 ** (step + 1)))
        if step > 1 and losses[-1] > 4 * lowest:
            break
        if step == 1 or losses[-1] < lowest:
            lowest = losses[-1]
    return rates[: len(losses)], losses


def lightning_rule(rates: Sequence[float], losses: Sequence[float]) -> float | None:
    """The steepest fall by rate, without the first 10 updates and the last.

    As ``_LRFinder.suggestion``, Lightning 2.6.6. None with fewer than 2 finite losses.
    """
    y, x = torch.tensor(losses[10:-1]), torch.tensor(rates[10:-1])
    (kept,) = torch.nonzero(torch.isfinite(y), as_tuple=True)
    if len(kept) < 2:
        return None
    slope = torch.gradient(y[kept], spacing=(x[kept],))[0]
    return rates[10 + int(kept[slope.argmin()])]


def fastai_rules(
    rates: Sequence[float], losses: Sequence[float]
) -> dict[str, float | None]:
    """What fastai's four rules answer; None where they raise an error.

    As ``valley``, ``minimum``, ``steep``, ``slide`` and the cut in ``lr_find``, fastai
    2.8.12: without the first 10 updates, the last 5, and all from the first NaN on.
    """
    x = np.array(rates[10:-5], dtype=np.float32)
    y = np.array(losses[10:-5], dtype=np.float32)
    broken = np.isnan(y)
    if broken.any():
        x, y = x[: broken.argmax()], y[: broken.argmax()]
    found = {
        "valley": valley(x, y),
        "minimum": float(x[y.argmin()]) / 10 if len(y) else None,
        "steep": None,
        "slide": slide(x, y),
    }
    if len(y) > 1:
        with np.errstate(invalid="ignore"):
            slope = np.diff(y) / np.diff(np.log(x))
        found["steep"] = float(x[slope.argmin()])
    return found


def valley(rates: np.ndarray, losses: np.ndarray) -> float | None:
    """Halfway or so down the longest row of ever lower losses, others left out."""
    if not len(losses):
        return None
    length: list[int] = []  # of the longest such row that ends here
    for i, loss in enumerate(losses):
        before = (length[j] for j in range(i) if loss < losses[j])
        length.append(1 + max(before, default=0))
    longest = max(length)
    if longest == 1:
        return float(rates[0])
    start = length.index(longest) - longest
    return float(rates[start + int(longest / 3) + int(longest / 6)])


def slide(rates: np.ndarray, losses: np.ndarray) -> float | None:
    """From the end, the first rate after which slopes 15 updates apart are alike."""
    if len(losses) < 16:
        return None
    with np.errstate(invalid="ignore"):
        slope = np.gradient(losses)
    left = len(losses) - 16
    found = left
    while left >= 0 and abs(slope[left + 15] - slope[left]) > 0.005:
        found = left
        left -= 1
    return float(rates[found])


def torch_lr_finder(problem: Problem, seed: int) -> float | None:
    """The real package, called as its README does; None where it raises an error."""
    package: Any = importlib.import_module("torch_lr_finder")
    figure: Any = importlib.import_module("matplotlib.figure")

    class Batches(package.TrainDataLoaderIter):
        def __init__(self) -> None:
            self._step = -1

        def __next__(self) -> tuple[list[Tensor], list[Tensor]]:
            self._step += 1
            return list(problem.task.batch(self._step, seed)), []

    model = Model(problem.task, seed)
    optimizer = problem.optimizer.torch(model.parameters(), lr=1e-7)
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        finder = package.LRFinder(model, optimizer, same)
        finder.range_test(Batches(), end_lr=100, num_iter=UPDATES)
        try:
            _, rate = finder.plot(ax=figure.Figure().subplots())
        except RuntimeError:  # "Need at least 17 iterations to suggest …"
            return None
    return float(rate)


def answers(problem: Problem, seed: int) -> dict[str, float | None]:
    """What each finder suggests."""
    others = fastai_rules(*fastai_curve(problem, seed))
    return {
        "ours": ours(problem, seed),
        "torch-lr-finder": torch_lr_finder(problem, seed),
        "Lightning": lightning_rule(*lightning_curve(problem, seed)),
        **{f"fastai {name}": rate for name, rate in others.items()},
    }


# The score ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """A finder's answer on a problem, and what came of training with it."""

    problem: Problem
    truth: Truth
    rate: float | None
    excess: float = math.nan  # how much higher than at the best rate it ends, as a part
    diverged: bool = False

    @property
    def decades(self) -> float:
        """How far from the best rate, in factors of ten; negative if below it."""
        assert self.rate is not None
        return math.log10(self.rate / self.truth.best)

    @property
    def good(self) -> bool:
        low, high = self.truth.good
        return self.rate is not None and low <= self.rate <= high


def trained(problem: Problem, known: Truth) -> dict[str, list[Answer]]:
    """Each finder's answers, one for each seed, trained with."""
    given = [answers(problem, seed) for seed in SEEDS]
    rates = sorted({r for found in given for r in found.values() if r is not None})
    found = ends(problem, rates) if rates else known.ends
    row = {rate: k for k, rate in enumerate(rates)}

    def answer(rate: float | None) -> Answer:
        if rate is None:
            return Answer(problem, known, None)
        level, diverged = found.level[row[rate]], bool(found.diverged[row[rate]])
        return Answer(problem, known, rate, level / known.lowest - 1, diverged)

    return {name: [answer(one[name]) for one in given] for name in given[0]}


def summary(some: Sequence[Answer]) -> str:
    """How the answers of one finder did, as cells of the table."""
    given = [one for one in some if one.rate is not None]
    cells = [f"{len(some) - len(given):>9}"]
    if given:
        far = [abs(one.decades) for one in given]
        excess = sorted(one.excess for one in given)
        cells += [
            f"{statistics.median(far):>8.2f}",
            f"{max(far):>7.2f}",
            f"{statistics.median(one.decades for one in given):>+8.2f}",
            f"{sum(one.good for one in some) / len(some):>6.0%}",
            f"{sum(one.diverged for one in some):>9}",
            f"{share(statistics.median(excess)):>9}",
            f"{share(excess[int(0.9 * len(excess))]):>12}",
        ]
    return "".join(cells)


def share(excess: float) -> str:
    return f"{excess:+.0%}" if excess < 10 else f"× {excess + 1:.2g}"


def cell(answer: Answer) -> str:
    """A suggestion: with ``*`` it is good, with ``!`` training diverges."""
    if answer.rate is None:
        return "none "
    mark = "!" if answer.diverged else "*" if answer.good else " "
    return f"{answer.rate:.2g}{mark}"


def line(first: Sequence[str], by_finder: dict[str, str]) -> str:
    """A line of the table: a name, limit, best and good, and a cell for each finder."""
    cells = [
        text.rjust(max(9, len(name.removeprefix("fastai ")) + 1))
        for name, text in by_finder.items()
    ]
    name, limit, best, good = first
    return f"{name:<45}{limit:>8}{best:>9}{good:>18} {''.join(cells)}"


def row(problem: Problem, known: Truth, by_finder: dict[str, list[Answer]]) -> str:
    low, high = known.good
    limit = f"{known.limit:.2g}" if known.limit < math.inf else "none"
    first = (
        f"{problem.half} {problem}",
        limit,
        f"{known.best:.2g}",
        f"{low:.2g} – {high:.2g}",
    )
    return line(first, {name: cell(some[0]) for name, some in by_finder.items()})


def summaries(results: dict[str, list[Answer]]) -> Iterator[str]:
    for halves, title in (("d", "development"), ("t", "test"), ("dt", "all")):
        chosen = {
            name: [one for one in some if one.problem.half in halves]
            for name, some in results.items()
        }
        count = len(chosen["ours"])
        yield f"\n{title}: {count // len(SEEDS)} tasks, {count} answers"
        columns = "no answer  median  worst  signed  good diverges   excess  9 of 10 <"
        yield f"{'':<18}{columns}"
        for name, some in chosen.items():
            yield f"{name:<18}{summary(some)}"
    yield LEGEND


def main() -> int:
    try:
        importlib.import_module("torch_lr_finder")
    except ImportError:
        print("torch-lr-finder is missing: install the extra bench")
        return 1
    torch.set_num_threads(1)
    begin = time.process_time()
    results: dict[str, list[Answer]] = {}
    for problem in problems():
        known = truth(problem)
        by_finder = trained(problem, known)
        if not results:
            print(
                "d: development, t: test; *: good, !: diverges; from valley on: fastai"
            )
            titles = {name: f"{name.removeprefix('fastai ')} " for name in by_finder}
            print(line(("", "limit", "best", "good"), titles))
        print(row(problem, known, by_finder), flush=True)
        for name, some in by_finder.items():
            results.setdefault(name, []).extend(some)
    print(*summaries(results), sep="\n")
    print(f"{time.process_time() - begin:.0f} s of one core")
    return 0


if __name__ == "__main__":
    sys.exit(main())
