"""The sweep against a loop over torch.optim and against JAX, side by side.

Rivals take turns in one process on one core, and the fastest turn of each counts:
whatever else the machine does only adds to a turn, and adds most to the rival that
moves most memory. Times are CPU seconds of the process. Every contender starts from
the same parameters, sees the same batches, and must arrive at the same losses, to
float32's drift.
"""

from __future__ import annotations

import functools
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import jax
import jax.numpy as jnp
import numpy as np
import torch
from torch import Tensor, nn

from benchmarks import Row
from lrlib import tasks
from lrlib.adaptive import UpdateRule, adam, sgd
from lrlib.sweep import sweep

STEPS = 200
RATES = np.geomspace(1e-4, 1.0, 64)
ADAM_RATES = np.geomspace(1e-5, 1e-2, 64)
REPEATS = 9


def rows() -> Iterator[Row]:
    with one_core():
        yield from rows_on_one_core()


@contextmanager
def one_core() -> Iterator[None]:
    """One core for every contender: threads that a rival starts share it."""
    torch.set_num_threads(1)
    if not hasattr(os, "sched_setaffinity"):  # only Linux has it
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def rows_on_one_core() -> Iterator[Row]:
    for batch_size, against_loop, against_jax in ((128, 6.0, 1.6), (32, 10.0, 2.0)):
        yield from digits_rows(batch_size, against_loop, against_jax)
    yield from adam_rows()
    yield from module_rows()
    yield from quadratic_rows()
    yield from process_rows()


def digits_rows(
    batch_size: int, against_loop: float, against_jax: float
) -> Iterator[Row]:
    task = tasks.digits(batch_size)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    ours, loop, xla = compare(
        functools.partial(our_sweep, task, RATES),
        functools.partial(torch_loop, task, model, nn.functional.cross_entropy),
        jax_sweep(task),
    )
    name = f"digits, batch {batch_size}, 64 rates × 200 steps:"
    detail = f"{text(ours)} against {text(loop)}"
    ratio = ratio_of_fastest(loop, ours)
    yield Row(f"{name} × torch.optim", ratio, against_loop, "×", True, detail)
    detail = f"{text(ours)} against {text(xla)}"
    ratio = ratio_of_fastest(ours, xla)
    yield Row(f"{name} time of JAX", ratio, against_jax, "×", False, detail)


def adam_rows() -> Iterator[Row]:
    task = tasks.digits(128)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    loss = nn.functional.cross_entropy
    ours, loop = compare(
        functools.partial(our_sweep, task, ADAM_RATES, adam()),
        functools.partial(torch_loop, task, model, loss, ADAM_RATES, torch.optim.Adam),
    )
    name = "digits, batch 128, Adam at 64 rates × 200 steps: × torch.optim"
    detail = f"{text(ours)} against {text(loop)}"
    yield Row(name, ratio_of_fastest(loop, ours), 6.0, "×", True, detail)


def module_rows() -> Iterator[Row]:
    data = tasks.digits(32)
    inputs, targets = data.training_set()
    networks = {
        "tanh MLP 64-32-10": nn.Sequential(
            nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 10)
        ),
        "relu MLP with LayerNorm": nn.Sequential(
            nn.Linear(64, 32), nn.LayerNorm(32), nn.ReLU(), nn.Linear(32, 10)
        ),
    }
    loss = nn.functional.cross_entropy
    for name, model in networks.items():
        task = tasks.supervised(model, loss, inputs, targets, batch_size=32)
        ours, loop = compare(
            functools.partial(our_sweep, task, RATES),
            functools.partial(torch_loop, task, model, loss),
        )
        detail = f"{text(ours)} against {text(loop)}"
        ratio = ratio_of_fastest(loop, ours)
        yield Row(f"{name}, batch 32: × torch.optim", ratio, 2.5, "×", True, detail)


def quadratic_rows() -> Iterator[Row]:
    rates = np.linspace(0.001, 0.25, 1024)
    for task in (tasks.quadratic(1.0), tasks.quadratic([1.0, 10.0])):
        (ours,) = compare(functools.partial(our_sweep, task, rates))
        milliseconds = min(ours) * 1e3
        yield Row(f"1024 × {task.name}, 200 steps", milliseconds, 15, "ms")


COLD = """
import re
import numpy as np
from lrlib import tasks
from lrlib.adaptive import sgd
from lrlib.sweep import sweep
sweep(tasks.digits(), sgd(), np.geomspace(1e-4, 1, {models}), {steps})
# Not ru_maxrss, which starts from the peak of the process that launched this one.
peak = re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())
print(int(peak[1]) / 1024, flush=True)
"""


def process_rows() -> Iterator[Row]:
    def child(models: int, steps: int) -> tuple[float, float]:
        start = time.perf_counter()
        code = COLD.format(models=models, steps=steps)
        with subprocess.Popen(
            [sys.executable, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            peak = process.stdout.readline()
            # Before the process ends, for which torch takes a while again.
            seconds = time.perf_counter() - start
            _, said = process.communicate()
        if process.returncode:
            raise RuntimeError(f"the cold process failed:\n{said}")
        return seconds, float(peak)

    cold = [child(64, STEPS)[0] for _ in range(REPEATS)]
    name = "cold process to the digits' result (wall)"
    detail = f"median {statistics.median(cold):.2f} s"
    yield Row(name, min(cold), 2, "s", False, detail)
    (_, few), (_, many) = child(64, 50), child(1024, 50)
    detail = f"{few:.0f} MB at K = 64"
    yield Row("peak memory at K = 1024", many, 1000, "MB", False, detail)


def compare(*contenders: Callable[[], object]) -> list[list[float]]:
    """CPU seconds of each contender in each turn, after one turn to warm up."""
    results = [contender() for contender in contenders]
    losses = [r for r in results if isinstance(r, np.ndarray) and r.ndim == 2]
    for other in losses[1:]:
        # Only a check that it is the same training, so all but one loss in a hundred
        # have to agree: in float32, a run at a large rate may drift away by rounding.
        # The tests compare exactly.
        apart = ~np.isclose(other, losses[0], rtol=1e-4, atol=0, equal_nan=True)
        if apart.mean() > 0.01:
            raise AssertionError(
                f"{apart.mean():.1%} of the losses differ by more than 1e-4: the "
                "rivals don't train the same"
            )
    seconds: list[list[float]] = [[] for _ in contenders]
    for _ in range(REPEATS):
        for contender, times in zip(contenders, seconds, strict=True):
            start = time.process_time()
            contender()
            times.append(time.process_time() - start)
    return seconds


def ratio_of_fastest(above: list[float], below: list[float]) -> float:
    return min(above) / min(below)


def text(seconds: list[float]) -> str:
    fastest = min(seconds)
    return f"{fastest:.2f} s" if fastest >= 1 else f"{fastest * 1e3:.3g} ms"


def our_sweep(
    task: tasks.Task, rates: np.ndarray, rule: UpdateRule | None = None
) -> np.ndarray:
    return sweep(task, rule or sgd(), rates, STEPS).losses


def torch_loop(
    task: tasks.Task,
    model: nn.Module,
    loss: Callable[[Tensor, Tensor], Tensor],
    rates: np.ndarray = RATES,
    optimizer_class: Callable[..., torch.optim.Optimizer] = torch.optim.SGD,
) -> np.ndarray:
    """What one writes without lrlib: train with each rate, one after the other."""
    losses = np.empty((len(rates), STEPS))
    for k, rate in enumerate(rates):
        model.load_state_dict(task.init(0))
        optimizer = optimizer_class(model.parameters(), lr=rate)
        for step in range(STEPS):
            inputs, targets = task.batch(step, 0)
            optimizer.zero_grad()
            value = loss(model(inputs), targets)
            value.backward()
            optimizer.step()
            losses[k, step] = value.item()
    return losses


def jax_sweep(task: tasks.Task) -> Callable[[], np.ndarray]:
    """The same in JAX, compiled: ``jit(vmap(scan))``."""
    params = {name: jnp.asarray(p.numpy()) for name, p in task.init(0).items()}
    batches = [task.batch(step, 0) for step in range(STEPS)]
    inputs = jnp.asarray(np.stack([x.numpy() for x, _ in batches]))
    targets = jnp.asarray(np.stack([y.numpy() for _, y in batches]))

    def loss(params: dict[str, jax.Array], x: jax.Array, y: jax.Array) -> jax.Array:
        hidden = jax.nn.relu(params["0.weight"] @ x.T + params["0.bias"][:, None])
        logits = params["2.weight"] @ hidden + params["2.bias"][:, None]
        log_odds = jax.nn.log_softmax(logits, axis=0)
        return -jnp.take_along_axis(log_odds, y[None], axis=0).mean()

    def train(rate: jax.Array) -> jax.Array:
        def step(
            params: dict[str, jax.Array], batch: tuple[jax.Array, jax.Array]
        ) -> tuple[dict[str, jax.Array], jax.Array]:
            value, grads = jax.value_and_grad(loss)(params, *batch)
            return {n: p - rate * grads[n] for n, p in params.items()}, value

        return jax.lax.scan(step, params, (inputs, targets))[1]

    compiled = jax.jit(jax.vmap(train))
    rates = jnp.asarray(RATES, dtype=jnp.float32)
    return lambda: np.asarray(compiled(rates).block_until_ready())
