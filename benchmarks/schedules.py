"""A million rates in one call, against stepping torch's scheduler as often.

Torch takes a fiftieth of the steps, and its time is multiplied: each of its schedulers
costs the same at every step while it is active, and here all of them are active to the
end. The rates of those steps must agree. Turns, cores and times as in the sweep's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch.optim import Optimizer
from torch.optim import lr_scheduler as rivals

from benchmarks import Row
from benchmarks.sweep import compare, one_core, ratio_of_fastest, text
from lrlib import decay
from lrlib.schedules import Schedule, sequence

STEPS = 10**6
PART = 50  # torch takes STEPS / PART steps
LR = 0.1

#: A schedule over STEPS updates, and torch's scheduler for an optimizer of rate LR.
PAIRS: list[tuple[Schedule, Callable[[Optimizer], rivals.LRScheduler]]] = [
    (decay.constant(LR), lambda o: rivals.LambdaLR(o, lambda t: 1.0)),
    (decay.step(LR, 5000, 0.9), lambda o: rivals.StepLR(o, 5000, 0.9)),
    (
        decay.multistep(LR, [3000, 9000, 600_000]),
        lambda o: rivals.MultiStepLR(o, [3000, 9000, 600_000]),
    ),
    (decay.exponential(LR, 0.99999), lambda o: rivals.ExponentialLR(o, 0.99999)),
    (
        decay.linear(LR, STEPS),
        lambda o: rivals.LinearLR(o, start_factor=1, end_factor=0, total_iters=STEPS),
    ),
    (
        decay.polynomial(LR, STEPS, power=2.0),
        lambda o: rivals.PolynomialLR(o, STEPS, power=2.0),
    ),
    (
        decay.inverse_time(LR, 0.001, power=0.5),
        lambda o: rivals.LambdaLR(o, lambda t: (1 + 0.001 * t) ** -0.5),
    ),
    (
        decay.cosine(LR, STEPS, eta_min=0.001),
        lambda o: rivals.CosineAnnealingLR(o, STEPS, eta_min=0.001),
    ),
    (
        decay.cosine_restarts(LR, 1000, 2),
        lambda o: rivals.CosineAnnealingWarmRestarts(o, 1000, 2),
    ),
    (
        decay.cyclic(0.001, LR, 2000, mode="triangular2"),
        lambda o: rivals.CyclicLR(
            o, 0.001, LR, 2000, mode="triangular2", cycle_momentum=False
        ),
    ),
    (
        sequence(
            (decay.linear(LR, 5000, 0.01, 1.0), decay.cosine(LR, STEPS - 5000)), (5000,)
        ),
        lambda o: rivals.SequentialLR(
            o,
            [
                rivals.LinearLR(o, start_factor=0.01, total_iters=5000),
                rivals.CosineAnnealingLR(o, STEPS - 5000),
            ],
            [5000],
        ),
    ),
    # It asks the function for each update, as torch does.
    (
        decay.custom(LR, lambda t: 0.99999**t),
        lambda o: rivals.LambdaLR(o, lambda t: 0.99999**t),
    ),
]


def rows() -> Iterator[Row]:
    ratios = {}
    with one_core():
        for schedule, scheduler in PAIRS:
            row = one_row(schedule, scheduler)
            yield row
            if not isinstance(schedule, decay.custom):
                ratios[type(schedule).__name__] = row.measured
    slowest = min(ratios, key=lambda name: ratios[name])
    name = "schedule over 10⁶ steps: × torch's scheduler"
    detail = f"the lowest, {slowest}; without custom"
    yield Row(name, ratios[slowest], 100, "×", True, detail)


def one_row(
    schedule: Schedule, scheduler: Callable[[Optimizer], rivals.LRScheduler]
) -> Row:
    def stepped() -> Iterator[float]:
        optimizer = torch.optim.SGD([torch.zeros(())], lr=LR)
        rival = scheduler(optimizer)
        optimizer.step()  # torch warns if none was made before the scheduler's
        for _ in range(STEPS // PART):
            yield optimizer.param_groups[0]["lr"]
            rival.step()

    expected = list(stepped())
    given = schedule(np.arange(len(expected)))
    np.testing.assert_allclose(given, expected, rtol=1e-9)

    def stepping() -> None:
        for _ in stepped():
            pass

    ours, part = compare(lambda: schedule(np.arange(STEPS)), stepping)
    torchs = [PART * seconds for seconds in part]
    name = f"{type(schedule).__name__} over 10⁶ steps: × torch's scheduler"
    detail = f"{text(ours)} against {text(torchs)}"
    return Row(name, ratio_of_fastest(torchs, ours), None, "×", detail=detail)
