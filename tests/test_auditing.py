"""The audit of schedules: set-ups from the wild that are broken, and sound ones.

``python -m tests.test_auditing`` prints both tables with what is found.
"""

import copy
import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch.optim.lr_scheduler import (
    ChainedScheduler,
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    OneCycleLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)
from torch.optim.swa_utils import SWALR

from lrlib import decay
from lrlib.auditing import KINDS
from lrlib.basics import stability_limit
from lrlib.schedules import Finding, as_scheduler, audit, scale, sequence


@dataclass(frozen=True)
class Case:
    """A set-up, by how it is made, and the kinds that are to be found in it."""

    name: str
    make: Callable[[], Any]
    steps: int
    kinds: tuple[str, ...] = ()
    limit: float | None = None

    def audit(self):
        return audit(self.make(), self.steps, self.limit)


def optimizer(lr=0.1):
    parameter = torch.nn.Parameter(torch.ones(1))
    return torch.optim.SGD([parameter], lr=lr, momentum=0.9)


def on(kind, *arguments, lr=0.1, **named):
    """A function that makes a scheduler of torch on a new optimizer."""
    return lambda: kind(optimizer(lr), *arguments, **named)


def joined(*parts, milestones=None, lr=0.1):
    """A function that makes a SequentialLR, or without milestones a ChainedScheduler.

    Each part is a function that makes a scheduler on the optimizer it is given.
    """

    def make():
        one = optimizer(lr)
        schedulers = [part(one) for part in parts]
        if milestones is None:
            return ChainedScheduler(schedulers)
        return SequentialLR(one, schedulers, milestones)

    return make


def stepped(make, times):
    """A scheduler that was plotted by stepping it, as many tutorials do."""

    def make_and_step():
        scheduler = make()
        for _ in range(times):
            scheduler.optimizer.step()
            scheduler.step()
        return scheduler

    return make_and_step


def recorded(make, steps, *, calls=1):
    """The rates of a loop that calls step() so many times after each update."""

    def record():
        scheduler, rates = make(), []
        for _ in range(steps):
            rates.append(scheduler.optimizer.param_groups[0]["lr"])
            scheduler.optimizer.step()
            for _ in range(calls):
                scheduler.step()
        return rates

    return record


def formula(function):
    """One of document 3's formulas, over T = 100 updates, as a schedule of its own."""
    return lambda: decay.custom(1.0, function)


def ramp(n, lr=0.1):
    """A warmup of n updates that begins at lr / n."""
    return decay.linear(lr, n, start_factor=1 / n, end_factor=1.0)


def gradual_warmup():
    """What a GradualWarmupScheduler(multiplier=10) was seen to train with (s02)."""
    cosine = decay.cosine(0.01, T_max=10, eta_min=1e-6)
    return [0.01 + 0.018 * t for t in range(6)] + [cosine(t) for t in range(11)]


def d2l_warmup():
    """Dive into Deep Learning: the rate is set after the epoch, so 0.3 comes first."""
    warm = decay.custom(0.3, lambda t: min(t / 5, 1.0))
    cosine = decay.cosine(0.3, T_max=15, eta_min=0.01)
    late = sequence([warm, cosine], milestones=[5])
    return [0.3, *late(np.arange(29))]


def warm_cosine(t):
    """A factor: a warmup of 10 updates, and a cosine down to 0 at 100."""
    return min((t + 1) / 10, 0.5 + 0.5 * math.cos(math.pi * max(0, t - 10) / 90))


def falling(t):
    return 1 - t / 100


def grouped(*functions, rates):
    """A function that makes a LambdaLR, one function and rate a parameter group."""

    def make():
        groups = [
            {"params": [torch.nn.Parameter(torch.ones(1))], "lr": rate}
            for rate in rates
        ]
        return LambdaLR(torch.optim.SGD(groups, lr=0.1), list(functions))

    return make


def at_hand(make, lr):
    """A scheduler whose optimizer was given a rate by hand."""

    def make_and_set():
        scheduler = make()
        scheduler.optimizer.param_groups[0]["lr"] = lr
        return scheduler

    return make_and_set


def halfway():
    """CosineAnnealingLR resumed by its number alone: at 0.1, and not at 0.05."""
    one = optimizer()
    one.param_groups[0]["initial_lr"] = 0.1
    return CosineAnnealingLR(one, 100, last_epoch=49)


def bridged(schedule):
    return as_scheduler(optimizer(), schedule)


BROKEN = [
    # Spent, forgotten, or trained beyond the end.
    Case(
        "D2L: what a run with a MultiStepLR spent by plotting it recorded",
        lambda: [0.125] * 30,
        30,
        ("never changes",),
    ),
    Case(
        "D2L: cosine spent by plotting it",
        stepped(on(CosineAnnealingLR, 50), 50),
        50,
        ("rises",),
    ),
    Case(
        "CosineAnnealingLR(T_max=100) trained on for 200 updates",
        on(CosineAnnealingLR, 100),
        200,
        ("rises",),
    ),
    Case(
        "CosineAnnealingLR(T_max=100) trained on for 130 updates",
        on(CosineAnnealingLR, 100),
        130,
        ("rises",),
    ),
    Case(
        "scheduler.step() twice per update, as recorded",
        recorded(on(CosineAnnealingLR, 100), 100, calls=2),
        100,
        ("rises",),
    ),
    Case(
        "OneCycleLR(total_steps=100) trained on for 120 updates",
        on(OneCycleLR, 0.1, total_steps=100),
        120,
        ("no rate",),
    ),
    Case(
        "OneCycleLR(total_steps=90 epochs) stepped per batch",
        on(OneCycleLR, 0.1, total_steps=90),
        9000,
        ("no rate",),
    ),
    Case(
        "SequentialLR in SequentialLR (pytorch #196243)",
        joined(
            lambda o: LinearLR(o, 0.1, 1.0, 4),
            lambda o: SequentialLR(
                o, [ConstantLR(o, 0.5, 9), ExponentialLR(o, 0.9)], [9]
            ),
            milestones=[4],
        ),
        50,
        ("no rate",),
    ),
    Case(
        "Caffe's poly policy, (1 - t/T) ** 0.9, trained on: complex rates",
        on(LambdaLR, lambda t: (1 - t / 100) ** 0.9),
        120,
        ("no rate",),
    ),
    Case(
        "linear decay without an end, 1 - t/T, trained on: negative rates",
        on(LambdaLR, lambda t: 1 - t / 100),
        120,
        ("no rate",),
    ),
    Case(
        "OneCycleLR(total_steps=100) resumed at 40 for 100 more",
        stepped(on(OneCycleLR, 0.1, total_steps=100), 40),
        100,
        ("no rate",),
    ),
    Case(
        "NaN in the slower of two parameter groups",
        grouped(falling, lambda t: math.nan if t >= 50 else 1.0, rates=[0.1, 0.01]),
        100,
        ("no rate",),
    ),
    Case(
        "negative rates in the slower of two parameter groups",
        grouped(falling, lambda t: 0.5 - t / 100, rates=[0.1, 0.01]),
        100,
        ("no rate",),
    ),
    # Epochs and updates confused.
    Case(
        "document 3: T_max=100 epochs, stepped per batch, 20 batches (D3.19)",
        on(CosineAnnealingLR, 100, lr=0.001),
        2000,
        ("horizon too short",),
    ),
    Case(
        "document 3: what that run recorded",
        recorded(on(CosineAnnealingLR, 100, lr=0.001), 2001),
        2001,
        ("rises",),
    ),
    Case(
        "the same with a schedule that holds its floor",
        lambda: decay.cosine(0.001, T_max=100),
        2000,
        ("horizon too short",),
    ),
    Case(
        "StepLR(30) stepped per batch, 90 epochs of 100",
        on(StepLR, 30),
        9000,
        ("horizon too short",),
    ),
    Case(
        "MultiStepLR([30, 60, 80]) stepped per batch, 90 epochs of 50",
        on(MultiStepLR, [30, 60, 80]),
        4500,
        ("horizon too short",),
    ),
    Case(
        "PolynomialLR with its default total_iters=5",
        on(PolynomialLR),
        100,
        ("horizon too short",),
    ),
    Case(
        "after a warmup: cosine in epochs, stepped per batch",
        lambda: sequence([ramp(100), decay.cosine(0.1, 90)], milestones=[100]),
        9000,
        ("horizon too short",),
    ),
    Case(
        "ExponentialLR(0.5) per batch: 1e-172, the network frozen (s15b)",
        on(ExponentialLR, 0.5),
        570,
        ("frozen",),
    ),
    Case(
        "linear decay over the first half",
        lambda: decay.linear(0.1, 50),
        100,
        ("frozen",),
    ),
    Case(
        "MultiplicativeLR given LambdaLR's exponential",
        on(MultiplicativeLR, lambda t: 0.95**t),
        100,
        ("frozen",),
    ),
    Case(
        "MultiplicativeLR given LambdaLR's linear fall",
        on(MultiplicativeLR, falling),
        100,
        ("frozen",),
    ),
    Case(
        "a rate of 0 throughout",
        on(LambdaLR, lambda t: 0.0),
        10,
        ("frozen",),
    ),
    # Boundaries that are not reached.
    Case(
        "milestones [30, 60, 80] of 90 epochs in a run of 50",
        on(MultiStepLR, [30, 60, 80]),
        50,
        ("boundary beyond the run",),
    ),
    Case(
        "StepLR(30) in a run of 20 epochs: never changes",
        on(StepLR, 30),
        20,
        ("boundary beyond the run",),
    ),
    Case(
        "T_max in batches, stepped per epoch",
        on(CosineAnnealingLR, 90 * 100),
        90,
        ("boundary beyond the run",),
    ),
    Case(
        "cosine stopped at half",
        lambda: decay.cosine(0.1, T_max=200),
        100,
        ("boundary beyond the run",),
    ),
    Case(
        "CyclicLR with its default step_size_up=2000 in 500 updates",
        on(CyclicLR, 0.001, 0.1),
        500,
        ("boundary beyond the run",),
    ),
    Case(
        "OneCycleLR stopped early",
        on(OneCycleLR, 0.1, total_steps=1000),
        500,
        ("boundary beyond the run",),
    ),
    Case(
        "a chain with stairs that never come",
        joined(lambda o: StepLR(o, 200), lambda o: ExponentialLR(o, 0.95)),
        100,
        ("boundary beyond the run",),
    ),
    Case(
        "a warmup longer than the run",
        on(LinearLR, 0.1, 1.0, 1000),
        100,
        ("boundary beyond the run",),
    ),
    Case(
        "a warmup longer than its turn",
        lambda: sequence([ramp(1000), decay.cosine(0.1, 900)], milestones=[100]),
        1000,
        ("boundary beyond the run",),
    ),
    Case(
        "the decay of warmup-stable-decay is never reached",
        lambda: sequence(
            [ramp(10), decay.constant(0.1), decay.linear(0.1, 20)], milestones=[10, 180]
        ),
        100,
        ("boundary beyond the run",),
    ),
    # Cut in the middle of a cycle.
    Case(
        "WarmRestarts(10, T_mult=2) stopped mid-cycle, at 100 of 70 or 150",
        on(CosineAnnealingWarmRestarts, 10, 2),
        100,
        ("ends far above its floor",),
    ),
    Case(
        "restarts that end with a restart",
        lambda: decay.cosine_restarts(0.1, T_0=25),
        101,
        ("ends far above its floor",),
    ),
    Case(
        "CyclicLR stopped at its peak",
        on(CyclicLR, 0.001, 0.1, step_size_up=50),
        151,
        ("ends far above its floor",),
    ),
    Case(
        "restarts as recorded, stopped mid-cycle",
        lambda: decay.cosine_restarts(0.1, T_0=20)(np.arange(85)),
        85,
        ("ends far above its floor",),
    ),
    # What the first updates get.
    Case(
        "warmup from 0, by a lambda",
        on(LambdaLR, lambda t: min(t / 10, (100 - t) / 90)),
        100,
        ("first rate is 0",),
    ),
    Case(
        "LinearLR(start_factor=1e-8) to get around its ban of 0",
        joined(
            lambda o: LinearLR(o, 1e-8, 1.0, 10),
            lambda o: CosineAnnealingLR(o, 90),
            milestones=[10],
        ),
        100,
        ("first rate is 0",),
    ),
    Case(
        "D2L: warmup applied after the first epoch, .3, 0, .06",
        d2l_warmup,
        30,
        ("hand-over",),
    ),
    Case(
        "GradualWarmupScheduler: falls 10-fold after its peak",
        gradual_warmup,
        17,
        ("hand-over",),
    ),
    Case(
        "a warmup to 0.01 and a cosine from 0.1",
        lambda: sequence([ramp(10, 0.01), decay.cosine(0.1, 90)], milestones=[10]),
        100,
        ("hand-over",),
    ),
    # Parts that undo each other.
    Case(
        "ChainedScheduler([LinearLR, LambdaLR]) drops the warmup",
        joined(lambda o: LinearLR(o, 0.1), lambda o: LambdaLR(o, falling)),
        100,
        ("no effect",),
    ),
    Case(
        "ChainedScheduler([LambdaLR, LinearLR]) reaches 2.8 times its rate",
        joined(lambda o: LambdaLR(o, falling), lambda o: LinearLR(o, 0.1)),
        100,
        ("no effect",),
    ),
    Case(
        "ChainedScheduler([WarmRestarts, LinearLR]) reaches 1.9 times its rate",
        joined(
            lambda o: CosineAnnealingWarmRestarts(o, 10), lambda o: LinearLR(o, 0.1)
        ),
        100,
        ("no effect",),
    ),
    Case(
        "ChainedScheduler([LambdaLR, StepLR]) falls for one update",
        joined(lambda o: LambdaLR(o, falling), lambda o: StepLR(o, 30)),
        100,
        ("no effect",),
    ),
    Case(
        "ChainedScheduler([CyclicLR, ExponentialLR]) shrinks nothing",
        joined(
            lambda o: CyclicLR(o, 0.001, 0.1, step_size_up=10),
            lambda o: ExponentialLR(o, 0.95),
        ),
        100,
        ("no effect",),
    ),
    Case(
        "ChainedScheduler([as_scheduler, ExponentialLR]) doesn't either",
        joined(
            lambda o: as_scheduler(o, decay.cosine(0.1, 100)),
            lambda o: ExponentialLR(o, 0.95),
        ),
        100,
        ("no effect",),
    ),
    Case(
        "ChainedScheduler([LinearLR, OneCycleLR]) overwrites the base rate",
        joined(
            lambda o: LinearLR(o, 0.1), lambda o: OneCycleLR(o, 0.1, total_steps=101)
        ),
        100,
        ("base rate overwritten",),
    ),
    Case(
        "ChainedScheduler([LinearLR, WarmRestarts]) drops it too",
        joined(
            lambda o: LinearLR(o, 0.1), lambda o: CosineAnnealingWarmRestarts(o, 10)
        ),
        100,
        ("no effect",),
    ),
    Case(
        "SequentialLR([LinearLR, OneCycleLR]) overwrites the base rate",
        joined(
            lambda o: LinearLR(o, 0.1, 1.0, 10),
            lambda o: OneCycleLR(o, 0.1, total_steps=91),
            milestones=[10],
        ),
        100,
        ("base rate overwritten",),
    ),
    # Functions of one's own.
    Case(
        "a lambda that returns a rate, lr = 0.001",
        on(LambdaLR, lambda t: 0.001 * (1 - t / 100), lr=0.001),
        100,
        ("not its lr",),
    ),
    Case(
        "a lambda that returns a rate, lr = 0.1",
        on(LambdaLR, lambda t: 0.1 * 0.95**t, lr=0.1),
        100,
        ("not its lr",),
    ),
    Case(
        "a floor at the peak",
        lambda: decay.cosine(0.1, T_max=5, eta_min=0.1),
        100,
        ("never changes",),
    ),
    Case(
        "a chain of two that do nothing",
        joined(lambda o: LambdaLR(o, lambda t: 1), lambda o: ExponentialLR(o, 1.0)),
        100,
        ("never changes",),
    ),
    Case(
        "LambdaLR given what MultiplicativeLR needs",
        on(LambdaLR, lambda t: 0.95),
        100,
        ("never changes",),
    ),
    Case(
        "eta_min above the rate",
        on(CosineAnnealingLR, 100, 0.5),
        100,
        ("rises",),
    ),
    Case(
        "growth by more than 1e6",
        lambda: decay.exponential(0.4, 1.2),
        200,
        ("rises",),
    ),
    # Document 3's formulas (the fourth, a linear fall, and the first are sound).
    Case(
        "document 3, no. 2: inverse exponential (D3.8)",
        formula(lambda t: 0.9**-t),
        100,
        ("rises",),
    ),
    Case(
        "document 3, no. 3: 'step decay' (D3.10)",
        formula(lambda t: 0.1 + 0.9 * t / 100),
        100,
        ("rises",),
    ),
    Case(
        "document 3, no. 5: 'cosine' (D3.13)",
        formula(lambda t: 1 + math.cos(math.pi * t / 200)),
        100,
        ("not its lr",),
    ),
    Case(
        "document 3, no. 6: 'inverse cosine' (D3.14)",
        formula(lambda t: 1 - math.cos(math.pi * t / 200)),
        100,
        ("first rate is 0", "rises"),
    ),
    Case(
        "document 3, no. 7: 'reset' (D3.15)",
        formula(lambda t: 1.0),
        100,
        ("never changes",),
    ),
    Case(
        "document 3, no. 8: 'inverse reset' (D3.16)",
        formula(lambda t: 0.5),
        100,
        ("never changes",),
    ),
    # Too large.
    Case(
        "cosine that starts above the limit of a parabola",
        lambda: decay.cosine(0.5, T_max=100),
        100,
        ("above the stability limit",),
        limit=stability_limit(5.0),
    ),
    Case(
        "a fixed rate above the limit",
        lambda: decay.constant(0.5),
        100,
        ("above the stability limit",),
        limit=0.4,
    ),
    Case(
        "exponential growth until the rates overflow",
        lambda: decay.exponential(0.1, gamma=10.0),
        1000,
        ("no rate",),
    ),
]


SOUND = [
    Case("constant", lambda: decay.constant(0.1), 100),
    Case("constant, one update", lambda: decay.constant(0.1), 1),
    Case("constant on a scheduler", lambda: bridged(decay.constant(0.1)), 100),
    Case("step, ending on its last stair", lambda: decay.step(0.1, 30), 90),
    Case("multistep, ResNet's", lambda: decay.multistep(0.1, [30, 60, 80]), 90),
    Case("exponential", lambda: decay.exponential(0.1, 0.95), 100),
    Case("linear", lambda: decay.linear(0.1, 100), 100),
    Case("polynomial", lambda: decay.polynomial(0.1, 100, power=2.0), 100),
    Case("polynomial of power 2, long", lambda: decay.polynomial(0.1, 9000, 2.0), 9000),
    Case("inverse time", lambda: decay.inverse_time(0.1, 0.1), 100),
    Case("cosine", lambda: decay.cosine(0.1, 100), 100),
    Case("cosine, T_max = steps - 1", on(CosineAnnealingLR, 99), 100),
    Case("cosine, long", lambda: decay.cosine(0.1, 10**5), 10**5),
    Case("cosine to a floor, then held", lambda: decay.cosine(0.1, 80, 0.01), 100),
    Case("restarts", lambda: decay.cosine_restarts(0.1, T_0=25), 100),
    Case("restarts that grow", lambda: decay.cosine_restarts(0.1, 10, T_mult=2), 150),
    Case(
        "restarts that shrink", lambda: decay.cosine_restarts(0.1, 5, shrink=0.8), 100
    ),
    Case("restarts of 3 updates", lambda: decay.cosine_restarts(0.1, 3), 99),
    Case("torch: WarmRestarts", on(CosineAnnealingWarmRestarts, 10, 2), 70),
    Case("cyclic, to its base", lambda: decay.cyclic(0.001, 0.1, 25), 101),
    Case("cyclic, one short of its base", lambda: decay.cyclic(0.001, 0.1, 5), 100),
    Case("triangular2", lambda: decay.cyclic(0.001, 0.1, 25, mode="triangular2"), 100),
    Case("torch: CyclicLR", on(CyclicLR, 0.001, 0.1, step_size_up=25), 100),
    Case("custom, a factor", lambda: decay.custom(0.1, lambda t: 0.95**t), 100),
    Case(
        "warmup and cosine",
        lambda: sequence([ramp(10), decay.cosine(0.1, 90)], milestones=[10]),
        100,
    ),
    Case(
        "warmup and constant",
        lambda: sequence([ramp(10), decay.constant(0.1)], milestones=[10]),
        100,
    ),
    Case(
        "warmup, stable, decay",
        lambda: sequence(
            [ramp(10), decay.constant(0.1), decay.linear(0.1, 20)], milestones=[10, 80]
        ),
        100,
    ),
    Case(
        "restarts, as a sequence of cosines",
        lambda: sequence([decay.cosine(0.1, 50), decay.cosine(0.08, 50)], [50]),
        100,
    ),
    Case(
        "warmup and cosine, scaled",
        lambda: scale(sequence([ramp(10), decay.cosine(0.1, 90)], [10]), 3.0),
        100,
    ),
    Case(
        "torch: warmup and cosine",
        joined(
            lambda o: LinearLR(o, 0.1, 1.0, 10),
            lambda o: CosineAnnealingLR(o, 90),
            milestones=[10],
        ),
        100,
    ),
    Case("torch: LinearLR, the default warmup", on(LinearLR), 100),
    Case("torch: ConstantLR, He et al.'s warmup", on(ConstantLR, 0.1, 10), 100),
    Case(
        "torch: a chain of warmup and exponential",
        joined(lambda o: LinearLR(o), lambda o: ExponentialLR(o, 0.95)),
        100,
    ),
    Case(
        "restarts, stopped shortly before a cycle ends",
        lambda: decay.cosine_restarts(0.1, T_0=20),
        77,
    ),
    Case("cyclic, a sawtooth", lambda: decay.cyclic(0.001, 0.1, 10, 1), 110),
    Case(
        "cosine, cut short by a cooldown",
        lambda: sequence([decay.cosine(0.1, 100), decay.linear(0.0345, 20)], [60]),
        80,
    ),
    Case(
        "custom, scaled",
        lambda: scale(decay.custom(0.1, lambda t: 0.95**t), 3.0),
        100,
    ),
    Case(
        "torch: the rest of a chain, its warmup done",
        stepped(joined(lambda o: LinearLR(o), lambda o: ExponentialLR(o, 0.95)), 20),
        80,
    ),
    Case(
        "torch: the rest of a sequence, its first part done",
        stepped(
            joined(
                lambda o: LinearLR(o, 0.9, 1.0, 50),
                lambda o: CosineAnnealingLR(o, 90),
                milestones=[10],
            ),
            20,
        ),
        80,
    ),
    Case(
        "torch: the rest of cycles of two updates",
        stepped(on(CyclicLR, 0.001, 0.1, step_size_up=1), 1),
        99,
    ),
    Case("torch: StepLR", on(StepLR, 30), 90),
    Case("torch: MultiStepLR", on(MultiStepLR, [100, 150]), 200),
    Case("torch: PolynomialLR", on(PolynomialLR, 100), 100),
    Case("torch: ExponentialLR", on(ExponentialLR, 0.95), 100),
    Case("torch: MultiplicativeLR", on(MultiplicativeLR, lambda t: 0.95), 100),
    Case("torch: OneCycleLR", on(OneCycleLR, 0.1, total_steps=100), 100),
    Case(
        "torch: OneCycleLR in three phases",
        on(OneCycleLR, 0.1, total_steps=100, three_phase=True),
        100,
    ),
    Case("torch: the rest of a cosine", stepped(on(CosineAnnealingLR, 100), 40), 60),
    Case("torch: the rest of stairs", stepped(on(MultiStepLR, [30, 60]), 40), 50),
    Case(
        "torch: the last updates of a function",
        stepped(on(LambdaLR, warm_cosine), 95),
        5,
    ),
    Case(
        "torch: the rest of a function that is at its lr times its lr",
        stepped(on(LambdaLR, falling), 90),
        10,
    ),
    Case("torch: the last stair of StepLR", stepped(on(StepLR, 30), 65), 25),
    Case(
        "torch: the last stair of MultiStepLR",
        stepped(on(MultiStepLR, [30, 60, 80]), 85),
        5,
    ),
    Case("torch: what follows a warmup", stepped(on(LinearLR), 20), 80),
    Case("torch: the last update, at 0", stepped(on(CosineAnnealingLR, 99), 99), 1),
    Case(
        "warmup, a hold by ConstantLR(factor=1), linear fall",
        joined(
            lambda o: LinearLR(o, 0.1, 1.0, 10),
            lambda o: ConstantLR(o, 1.0, 1),
            lambda o: LinearLR(o, 1.0, 0.01, 50),
            milestones=[10, 50],
        ),
        100,
    ),
    Case(
        "a rate by LambdaLR, with lr=2 as its scale",
        on(LambdaLR, lambda t: 0.04 * min((t + 1) ** -0.5, (t + 1) / 3e4), lr=2.0),
        4000,
    ),
    Case(
        "a group that is thawed at 50, and one that trains",
        grouped(lambda t: falling(t) * (t >= 50), falling, rates=[0.1, 0.01]),
        100,
    ),
    Case(
        "a group that is frozen at 50, and one that trains",
        grouped(lambda t: falling(t) * (t < 50), falling, rates=[0.1, 0.01]),
        100,
    ),
    Case(
        "a group that is held, and one that falls",
        grouped(lambda t: 1.0, falling, rates=[0.1, 0.01]),
        100,
    ),
    Case(
        "torch: MultiplicativeLR, a ramp and a fall",
        on(MultiplicativeLR, lambda t: 1.2 if t < 10 else 0.95, lr=0.02),
        100,
    ),
    Case("as_scheduler", lambda: bridged(decay.cosine(0.1, 100)), 100),
    Case(
        "transformers: linear warmup and decay, from 1 / n",
        on(LambdaLR, lambda t: min((t + 1) / 10, (100 - t) / 90)),
        100,
    ),
    Case(
        "the annotated transformer: a rate by LambdaLR, with lr=1",
        on(LambdaLR, lambda t: 0.04 * min((t + 1) ** -0.5, (t + 1) / 1000), lr=1.0),
        4000,
    ),
    Case(
        "stochastic weight averaging: cosine, then held at half",
        joined(
            lambda o: CosineAnnealingLR(o, 80),
            lambda o: SWALR(o, swa_lr=0.05),
            milestones=[80],
        ),
        100,
    ),
    Case(
        "a chain of warmup and cosine",
        joined(lambda o: LinearLR(o, 0.1), lambda o: CosineAnnealingLR(o, 100)),
        100,
    ),
    Case("a recorded cosine", lambda: decay.cosine(0.1, 100)(np.arange(100)), 100),
    Case("recorded restarts", recorded(on(CosineAnnealingWarmRestarts, 25), 100), 100),
    Case("document 3, no. 1: exponential (D3.7)", formula(lambda t: 0.95**t), 100),
    Case(
        "document 3, no. 4: a linear fall (D3.12)",
        formula(lambda t: 0.1 + 0.9 * (100 - t) / 100),
        100,
    ),
    Case("a rate at its limit", lambda: decay.cosine(0.4, 100), 100, limit=0.4),
]


# What the docstring says can't be seen: faults of what was meant.
UNSEEN = [
    Case(
        "D2L: MultiStepLR([15, 30]) spent by plotting it",
        stepped(on(MultiStepLR, [15, 30], gamma=0.5, lr=0.5), 30),
        30,
    ),
    Case("ExponentialLR spent by plotting", stepped(on(ExponentialLR, 0.95), 100), 100),
    Case(
        "half a cosine, by a function",
        on(LambdaLR, lambda t: 0.5 + 0.5 * math.cos(math.pi * t / 200)),
        100,
    ),
    Case("a floor near the peak", lambda: decay.cosine(0.1, 100, 0.08), 100),
    Case("a rate set by hand", at_hand(on(CosineAnnealingLR, 100), 0.5), 100),
    Case("last_epoch alone", halfway, 50),
    Case(
        "MultiplicativeLR given LambdaLR's warmup",
        on(MultiplicativeLR, lambda t: min((t + 1) / 10, 1)),
        100,
    ),
    Case(
        "a rate for a factor, in the slower group",
        grouped(falling, lambda t: 0.01 * falling(t), rates=[0.1, 0.01]),
        100,
    ),
]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_a_broken_set_up_has_exactly_its_faults(case):
    findings = case.audit()
    assert tuple(finding.kind for finding in findings) == case.kinds, findings
    for finding in findings:
        assert str(finding.step) in finding.sentence
        assert finding.sentence.endswith(".")


@pytest.mark.parametrize("case", SOUND + UNSEEN, ids=lambda case: case.name)
def test_nothing_is_found_in_a_sound_set_up_or_in_what_cannot_be_seen(case):
    assert case.audit() == ()


@pytest.mark.parametrize(
    "case",
    [c for c in SOUND if c.steps <= 200 and hasattr(c.make(), "get_last_lr")],
    ids=lambda case: case.name,
)
def test_nothing_is_found_in_the_rest_of_a_sound_scheduler(case):
    scheduler = case.make()
    for steps in range(case.steps - 1, 0, -1):
        scheduler.optimizer.step()
        scheduler.step()
        assert audit(scheduler, steps) == (), steps


def test_every_kind_is_hit_and_every_name_is_used_once():
    assert {kind for case in BROKEN for kind in case.kinds} == set(KINDS)
    names = [case.name for case in BROKEN + SOUND + UNSEEN]
    assert len(set(names)) == len(names)
    for kind in KINDS:
        assert f'- "{kind}":' in audit.__doc__


def test_findings_print_one_sentence_per_line_and_are_values():
    findings = audit(BROKEN_TWICE, 100, limit=0.5)
    assert [finding.kind for finding in findings] == [
        "first rate is 0",
        "above the stability limit",
        "rises",
    ]
    assert str(findings) == repr(findings)
    assert str(findings).splitlines() == [finding.sentence for finding in findings]
    assert str(findings[0]) == (
        "Update 0 has the rate 0: it moves no parameter. Begin a ramp of n updates at "
        "1 / (n + 1) of its top."
    )
    assert [finding.step for finding in findings] == [0, 51, 99]
    assert repr(audit(decay.constant(0.1), 10)) == "nothing found"
    with pytest.raises(FrozenInstanceError):
        findings[0].step = 3


def test_findings_are_a_list_in_a_notebook():
    shown = audit(decay.multistep(0.1, [30, 60]), 50, limit=0.05)._repr_markdown_()
    first, second = shown.splitlines()
    assert first.startswith("- The rate is above")
    assert second.startswith(r"- multistep has milestones that never come, \[60\]")
    assert audit(decay.constant(0.1), 10)._repr_markdown_() == "nothing found"


BROKEN_TWICE = decay.custom(1.0, lambda t: t / 100)


def test_the_sentence_says_what_to_do_with_the_numbers():
    (finding,) = audit(on(CosineAnnealingLR, 100)(), 200)
    assert finding == Finding(
        100,
        "rises",
        "CosineAnnealingLR has its end at update 100 (T_max=100), with the rate 0, and "
        "climbs from there to 0.1: set T_max to 200, or stop at its end.",
    )
    (finding,) = audit(stepped(on(CosineAnnealingLR, 50), 50)(), 50)
    assert "taken 50 steps before" in finding.sentence
    late = sequence([ramp(1000), decay.cosine(0.1, 900)], milestones=[100])
    (finding,) = audit(late, 1000)
    assert "Lower total_iters, or let it last longer." in finding.sentence
    (finding,) = audit(on(CosineAnnealingLR, 9000)(), 90)
    assert "If T_max counts batches, call step() after each" in finding.sentence
    (finding,) = audit(on(CosineAnnealingWarmRestarts, 10, 2)(), 100)
    assert "after 70 updates or 150" in finding.sentence


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("document 3, no. 5: 'cosine' (D3.13)", "1 at the peak: check the formula."),
        ("a lambda that returns a rate, lr = 0.1", "or set lr=1."),
        ("StepLR(30) stepped per batch, 90 epochs of 100", "a millionth of its lr by"),
        ("eta_min above the rate", "lower eta_min, which is above the lr=0.1."),
        (
            "OneCycleLR(total_steps=100) resumed at 40 for 100 more",
            "has taken 40 steps before, make it and the optimizer anew if the run is "
            "new; if not, train for fewer updates, or raise total_steps, which is 100.",
        ),
        (
            "OneCycleLR(total_steps=100) trained on for 120 updates",
            ": train for fewer updates, or raise total_steps, which is 100.",
        ),
        ("NaN in the slower of two parameter groups", "nan in parameter group 1, and"),
        ("MultiplicativeLR given LambdaLR's exponential", "or use LambdaLR if its f"),
        (
            "ChainedScheduler([LambdaLR, LinearLR]) reaches 2.8 times its rate",
            "LinearLR can have no lasting effect in this chain: from update 0 on Lam",
        ),
        ("LambdaLR given what MultiplicativeLR needs", "leave the scheduler out, or"),
    ],
)
def test_the_sentence_names_the_cause(name, says):
    (finding,) = next(case for case in BROKEN if case.name == name).audit()
    assert says in finding.sentence


def test_a_part_is_told_from_one_that_sets_the_rate_anew_by_what_it_does():
    class Clipped(ExponentialLR):
        def get_lr(self):
            return [min(0.1, max(1e-4, float(rate))) for rate in super().get_lr()]

    class Anew(ExponentialLR):
        def get_lr(self):
            return [rate * 0.95**self.last_epoch for rate in self.base_lrs]

    def chain(kind):
        return joined(lambda o: LinearLR(o, 0.1), lambda o: kind(o, 0.95))()

    assert audit(chain(Clipped), 100) == ()
    assert [finding.kind for finding in audit(chain(Anew), 100)] == ["no effect"]


class Uncopied(torch.nn.Parameter):
    def __deepcopy__(self, memo):
        raise AssertionError("a parameter was copied")


def state(scheduler):
    """All that a scheduler and its optimizer know, without the parameters."""
    groups = [
        {key: value for key, value in group.items() if key != "params"}
        for group in scheduler.optimizer.param_groups
    ]
    return copy.deepcopy((scheduler.state_dict(), groups, list(vars(scheduler))))


@pytest.mark.parametrize(
    "make",
    [
        lambda o: CosineAnnealingLR(o, 10),
        lambda o: OneCycleLR(o, 0.1, total_steps=100),
        lambda o: CyclicLR(o, 0.001, 0.1),
        lambda o: CosineAnnealingWarmRestarts(o, 7),
        lambda o: SequentialLR(o, [LinearLR(o), ExponentialLR(o, 0.9)], [5]),
        lambda o: ChainedScheduler([LinearLR(o), ExponentialLR(o, 0.9)]),
        lambda o: as_scheduler(o, decay.cosine(0.1, 10)),
    ],
)
@pytest.mark.parametrize("before", [0, 3])
def test_a_scheduler_is_left_as_it_was_and_its_parameters_are_not_copied(make, before):
    parameter = Uncopied(torch.ones(1))
    one = torch.optim.SGD([parameter], lr=torch.tensor(0.1), momentum=0.9)
    parameter.grad = torch.ones(1)
    scheduler = make(one)
    for _ in range(before):
        one.step()
        scheduler.step()
    twin = make(
        torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1, momentum=0.9)
    )
    for _ in range(before):
        twin.optimizer.step()
        twin.step()
    was = state(scheduler)
    audit(scheduler, 50)
    assert state(scheduler) == was
    assert one.param_groups[0]["params"][0] is parameter
    for _ in range(20):  # and goes on as one that was never audited
        for each in (scheduler, twin):
            each.optimizer.step()
            each.step()
        rates = [each.optimizer.param_groups[0]["lr"] for each in (scheduler, twin)]
        assert float(rates[0]) == pytest.approx(float(rates[1]), rel=1e-5)


def test_a_function_that_remembers_is_not_spent_and_its_model_not_copied():
    class Counting:
        def __init__(self, model):
            self.model, self.calls = model, 0

        def __call__(self, t):
            self.calls += 1
            return 0.9**self.calls

    parameter = Uncopied(torch.ones(1))
    counting = Counting({"weight": parameter})
    scheduler = LambdaLR(torch.optim.SGD([parameter], lr=0.1), counting)
    assert audit(scheduler, 50) == ()
    assert counting.calls == 1


def test_of_several_groups_the_fastest_is_audited():
    groups = [
        {"params": [torch.nn.Parameter(torch.ones(1))], "lr": 0.01},
        {"params": [torch.nn.Parameter(torch.ones(1))], "lr": 1.0},
    ]
    scheduler = CosineAnnealingLR(torch.optim.SGD(groups, lr=0.1), 100)
    assert audit(scheduler, 100, limit=1.0) == ()
    (finding,) = audit(scheduler, 100, limit=0.5)
    assert finding.kind == "above the stability limit"


def test_a_scheduler_that_cannot_be_copied_is_refused():
    scheduler = LambdaLR(optimizer(), lambda t: 0.9**t)
    scheduler.stream = (n for n in range(3))
    with pytest.raises(TypeError, match=r"can be copied, .* pass a list of its rates"):
        audit(scheduler, 10)


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        (lambda: decay.Plateau(0.1), "got Plateau: it has feedback and no curve"),
        (lambda: ReduceLROnPlateau(optimizer()), "got ReduceLROnPlateau: it has feedb"),
        (optimizer, "must be a Schedule, a scheduler of torch or a list"),
        (lambda: 0.1, r"got 0\.1: use decay\.constant"),
        (lambda: "cosine", "got 'cosine'"),
        (lambda: decay.cosine, "must be a Schedule"),
        (lambda: math.cos, r"decay\.custom\(lr, function\)"),
        (lambda: ["0.1"] * 10, "schedule must be made of real numbers"),
    ],
)
def test_other_things_are_refused_with_a_remedy(schedule, message):
    with pytest.raises(TypeError, match=message):
        audit(schedule(), 10)


@pytest.mark.parametrize("rates", [[0.1] * 9, [[0.1] * 10], []])
def test_recorded_rates_are_one_per_update(rates):
    with pytest.raises(ValueError, match=r"one rate per update, 10, .* steps=len"):
        audit(rates, 10)


@pytest.mark.parametrize(
    ("steps", "limit", "error", "message"),
    [
        (0, None, ValueError, "steps must be at least 1, got 0"),
        (10.0, None, TypeError, "steps must be a whole number"),
        (10, 0.0, ValueError, "limit must be positive"),
        (10, math.nan, ValueError, "limit must be positive"),
        (10, "0.1", TypeError, "limit must be a number"),
    ],
)
def test_steps_and_limit_are_checked(steps, limit, error, message):
    with pytest.raises(error, match=message):
        audit(decay.constant(0.1), steps, limit)


def test_a_ramp_that_begins_at_0_twice_is_no_hand_over():
    findings = audit([0.0, 0.0, 0.5, 1.0, 0.8, 0.6, 0.4, 0.2], 8)
    assert [finding.kind for finding in findings] == ["first rate is 0"]


def test_a_limit_of_infinity_is_none():
    assert audit(decay.constant(1e9), 10, limit=math.inf) == ()


rate = st.floats(1e-6, 10.0)
length = st.integers(1, 300) | st.just(10**15)
SCHEDULES = st.one_of(
    st.builds(decay.constant, rate),
    st.builds(decay.step, rate, length, st.floats(1e-9, 3.0)),
    st.builds(decay.multistep, rate, st.lists(st.integers(1, 300), max_size=4)),
    st.builds(decay.exponential, rate, st.floats(1e-9, 3.0)),
    st.builds(decay.linear, rate, length, st.floats(0.01, 2), st.floats(0, 2)),
    st.builds(decay.polynomial, rate, length, st.floats(0.1, 5)),
    st.builds(decay.inverse_time, rate, rate, rate),
    st.builds(decay.cosine, rate, length, st.just(1e-7)),
    st.builds(decay.cosine_restarts, rate, length, st.integers(1, 3)),
    st.builds(decay.cyclic, st.just(0.0), rate, length, st.none() | length),
    st.builds(decay.custom, rate, st.just(lambda t: 1 / (t - 7))),
)
JOINED = st.recursive(
    SCHEDULES,
    lambda inner: st.one_of(
        st.builds(scale, inner, rate),
        st.builds(
            lambda first, second, m: sequence([first, second], [m]),
            inner,
            inner,
            st.integers(1, 300),
        ),
    ),
    max_leaves=4,
)


def consistent(schedule, steps, limit):
    findings = audit(schedule, steps, limit)
    assert findings == audit(schedule, steps, limit)
    assert all(0 <= finding.step < steps for finding in findings)
    assert list(findings) == sorted(findings, key=lambda finding: finding.step)
    assert {finding.kind for finding in findings} <= set(KINDS)


@settings(max_examples=300)
@given(JOINED, st.integers(1, 400), st.none() | rate)
def test_any_schedule_can_be_audited(schedule, steps, limit):
    consistent(schedule, steps, limit)


@settings(max_examples=300)
@example([0.0, 0.0, 1e308, 0.0], 1e-6)
@example([1.7e308] * 4, None)
@given(st.lists(st.floats(), min_size=1, max_size=30), st.none() | rate)
def test_any_list_of_rates_can_be_audited(rates, limit):
    consistent(rates, len(rates), limit)


@settings(max_examples=200)
@given(st.integers(2, 30), st.integers(2, 2000), st.integers(1, 9), rate)
def test_nothing_is_found_in_sound_set_ups_of_any_length(warm, n, cycles, lr):
    for schedule, steps in [
        (decay.cosine(lr, n), n),
        (decay.linear(lr, n), n),
        (decay.polynomial(lr, n, 2.0), n),
        (decay.multistep(lr, [n // 2 + 1, n * 3 // 4 + 1]), n + 2),
        (decay.cosine_restarts(lr, n), n * cycles),
        (decay.cyclic(lr / 100, lr, n), 2 * n * cycles),
        (decay.cyclic(lr / 100, lr, n, mode="triangular2"), 2 * n * cycles + 1),
        (sequence([ramp(warm, lr), decay.cosine(lr, n)], [warm]), warm + n),
        (sequence([ramp(warm, lr), decay.constant(lr)], [warm]), warm + n),
    ]:
        assert audit(schedule, steps) == (), schedule


def test_the_audit_loads_no_torch():
    code = (
        "import sys\nfrom lrlib import decay, schedules\n"
        "schedules.audit(decay.cosine(0.1, 10), 20)\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


if __name__ == "__main__":
    for title, cases in {"BROKEN": BROKEN, "SOUND": SOUND, "UNSEEN": UNSEEN}.items():
        print(f"{title}: {len(cases)} set-ups")
        for case in cases:
            print(f"  {case.name} ({case.steps} updates)")
            for finding in case.audit():
                mark = "" if finding.kind in case.kinds else "UNEXPECTED "
                print(f"    {mark}{finding.kind}, {finding.step}: {finding.sentence}")
