"""Train K copies of a model at K learning rates at once."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from tqdm.auto import tqdm

from lrlib.adaptive import UpdateRule, stacked
from lrlib.arguments import LARGEST_SEED, positive, shown, whole
from lrlib.practice import clip_factor
from lrlib.schedules import Schedule
from lrlib.tasks import Batch, Task, Tensors, row_products

SEEN = ("losses", "gradient_norms", "gradient_cosines")  # recorded at every update


@dataclass(frozen=True, eq=False)
class Runs:
    """What K training runs of T updates recorded. Arrays are float64, by numpy.

    Rows are ordered by rate, and by seed within a rate.

    Attributes:
        task: name of the task.
        rates: ``[K, T]``, the learning rate of each update.
        losses: ``[K, T]``, loss of each update's batch, before the update.
        validation: ``[K, T]``, held-out loss after the update; NaN where it was not
            measured, which is everywhere but the last update unless asked for.
        gradient_norms: ``[K, T]``, length of the gradient, before clipping.
        gradient_cosines: ``[K, T]``, cosine of the angle between this gradient and the
            one before: −1 if it turned round. NaN at the first update.
        seeds: ``[K]``, ints.
        params: the parameters after the last update, stacked: tensors ``[K, ...]``.
    """

    task: str
    rates: np.ndarray
    losses: np.ndarray
    validation: np.ndarray
    gradient_norms: np.ndarray
    gradient_cosines: np.ndarray
    seeds: np.ndarray
    params: Tensors

    def __len__(self) -> int:
        return len(self.rates)

    def final_losses(self, window: int = 10) -> np.ndarray:
        """Mean of each run's last ``window`` losses, ``[K]``; inf if a run broke.

        A run broke if any of its losses is infinite or NaN.
        """
        last = self.losses[:, -whole("window", window, at_least=1) :]
        broke = ~np.isfinite(self.losses).all(axis=1)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.where(broke, np.inf, last.mean(axis=1))

    def __repr__(self) -> str:
        rows = [
            f"Runs on {self.task}: {len(self)} models, {self.rates.shape[1]} updates",
            f"{'lr':>19}  {'seed':>4}  {'loss':>9}  {'held out':>9}",
        ]
        final = self.final_losses()
        for k in range(len(self)):
            if 6 <= k < len(self) - 6:
                if k == 6:
                    rows.append(f"{'…':>19}")
                continue
            first, last = self.rates[k, 0], self.rates[k, -1]
            label = f"{first:.3g}" if first == last else f"{first:.3g} → {last:.3g}"
            rows.append(
                f"{label:>19}  {self.seeds[k]:>4}  {final[k]:>9.4g}  "
                f"{self.validation[k, -1]:>9.4g}"
            )
        return "\n".join(rows)


def sweep(
    task: Task,
    rule: UpdateRule | Sequence[UpdateRule],
    rates: Sequence[float | Schedule] | np.ndarray,
    steps: int,
    *,
    seeds: Sequence[int] = (0,),
    clip: float | None = None,
    validate_every: int | None = None,
    callback: Callable[[int, np.ndarray], bool | None] | None = None,
    chunk: int | None = None,
) -> Runs:
    """Train one model for every rate and seed, all at once.

    The result is, to rounding, that of a loop over ``torch.optim``: models never meet,
    and one that diverges leaves the others alone.

    Args:
        task: what to train.
        rule: how to step, such as ``adaptive.sgd()``; or a list of rules of one kind,
            one for each rate, such as ``[sgd(momentum=m) for m in (0.5, 0.9)]``, whose
            numbers may differ and whose switches agree.
        rates: numbers and Schedules, in any mix; one row of the result each.
        steps: number of updates T.
        seeds: each rate is trained once for each seed, which picks the initial values
            and the order of the batches.
        clip: longest gradient allowed; longer ones are shortened to it, for each model
            as by ``torch.nn.utils.clip_grad_norm_``.
        validate_every: measure the held-out loss after every so many updates.
        callback: called as ``callback(step, losses)`` after each update, with the
            losses ``[K]``; returning True stops the training there.
        chunk: models trained together; the task's own choice if not given. Changes
            speed and memory, not results, but for a model with dropout, whose masks
            are drawn for a chunk at a time. With a callback, all are one chunk.

    Returns:
        Runs, with one row for each rate and seed.

    Raises:
        TypeError, ValueError: an argument of another kind or out of range, or a model
            that can't be stacked.

    Source: ``torch.optim`` for what each model does; model ensembling with
    ``torch.func`` (PyTorch's tutorial) for training them stacked.
    """
    _check_kinds(task, rule, callback)
    schedules = [
        rate if isinstance(rate, Schedule) else positive("rates", rate)
        for rate in _rows("rates", rates)
    ]
    each_seed = [
        whole("seeds", seed, at_least=0, at_most=LARGEST_SEED)
        for seed in _rows("seeds", seeds)
    ]
    steps = whole("steps", steps, at_least=1)
    rule = _for_rates(rule, len(schedules))
    if clip is not None:
        clip = positive("clip", clip)
    if validate_every is not None:
        validate_every = whole("validate_every", validate_every, at_least=1)
    size = whole("chunk", task.chunk if chunk is None else chunk, at_least=1)
    _check_stacks(task, each_seed)

    lr = _rates_of_updates(schedules, steps, len(each_seed))
    seed_of = np.tile(each_seed, len(schedules))
    if callback is not None:
        size = len(seed_of)  # a callback sees all models, so they train in step
    # Rows of one seed share their batches, so they are trained side by side. With a
    # single seed they are in order, and copying everything twice would cost as much
    # as training small tasks does.
    order: Any = np.argsort(seed_of, kind="stable")
    back: Any = np.argsort(order)
    if len(each_seed) == 1:
        order = back = slice(None)
    lr_in_order, seed_in_order = lr[:, order], seed_of[order]
    rate_in_order = np.repeat(np.arange(len(schedules)), len(each_seed))[order]
    chunks = [slice(i, i + size) for i in range(0, len(seed_of), size)]
    with (
        _one_thread(),
        torch.random.fork_rng(devices=[]),
        # Who has a callback shows the progress.
        _progress_bar(steps * len(chunks), hidden=callback is not None) as bar,
    ):

        def after_update(step: int, losses: Tensor) -> bool | None:
            bar.update()
            return callback(step, losses.double().numpy()[back]) if callback else None

        records, finals = [], []
        for rows in chunks:
            torch.default_generator.manual_seed(rows.start)  # drawn on by dropout
            own = rule.rows(rate_in_order[rows]) if isinstance(rule, stacked) else rule
            record, final = _train(
                task,
                own,
                lr_in_order[:, rows],
                seed_in_order[rows],
                clip,
                validate_every,
                after_update,
            )
            records.append(record)
            finals.append(final)

    seen = {
        name: _joined([record[name] for record in records])[:, back].T
        for name in records[0]
    }
    params = {
        name: torch.cat([final[name] for final in finals])[back] for name in finals[0]
    }
    done = seen["losses"].shape[1]  # fewer than asked for if the callback stopped it
    return Runs(task.name, lr[:done].T, **seen, seeds=seed_of, params=params)


def _joined(chunks: list[np.ndarray]) -> np.ndarray:
    """``[T, K]`` of all chunks; one alone as it is: copying takes a sixth of a bowl."""
    return chunks[0] if len(chunks) == 1 else np.concatenate(chunks, axis=1)


def _for_rates(rule: UpdateRule | Sequence[UpdateRule], count: int) -> UpdateRule:
    """One rule for all models; stacked, one for each rate, where they differ."""
    if not isinstance(rule, UpdateRule):
        rule = stacked(rule)
    elif not rule.elementwise:  # given K models at once it would mix them
        rule = stacked([rule] * count)
    if isinstance(rule, stacked) and len(rule) != count:
        raise ValueError(
            f"rule must be one rule, or one for each rate, got {len(rule)} rules for "
            f"{count} rates: repeat what stays the same, as in "
            "rates=[0.1] * len(rules)"
        )
    return rule


def _rates_of_updates(
    rates: Sequence[float | Schedule], steps: int, seeds: int
) -> np.ndarray:
    """The rate of each update of each model, ``[T, K]``: an update reads one row."""
    first = [rate(0) if callable(rate) else rate for rate in rates]
    lr = np.tile(first, (steps, 1))
    for column, rate in enumerate(rates):
        if callable(rate):
            lr[:, column] = rate(np.arange(steps))
    return np.repeat(lr, seeds, axis=1) if seeds > 1 else lr


def _progress_bar(total: int, *, hidden: bool) -> Any:
    # TQDM_DISABLE is tqdm's own switch, which its bar for notebooks overlooks.
    hidden = hidden or bool(os.environ.get("TQDM_DISABLE"))
    return tqdm(total=total, delay=1, leave=False, unit="step", disable=hidden)


def _train(
    task: Task,
    rule: UpdateRule,
    rates: np.ndarray,  # [T, K]
    seeds: np.ndarray,  # [K]
    clip: float | None,
    validate_every: int | None,
    after_update: Callable[[int, Tensor], bool | None],
) -> tuple[dict[str, np.ndarray], Tensors]:
    """Train one chunk: K models, stacked on the first axis of every tensor."""
    distinct, which = np.unique(seeds, return_inverse=True)
    row = torch.tensor(which)
    inits = [task.init(int(seed)) for seed in distinct]
    params = {name: torch.stack([p[name] for p in inits])[row] for name in inits[0]}
    state = rule.init(params)
    lr = {name: _column(torch.from_numpy(rates), p) for name, p in params.items()}
    batch_axis = None if len(distinct) == 1 else 0
    seen: dict[str, list[Tensor]] = {name: [] for name in SEEN}
    held_out = torch.full(rates.shape, math.nan, dtype=torch.float64)
    before: Tensor | None = None

    for step in range(len(rates)):
        batches = [task.batch(step, int(seed)) for seed in distinct]
        batch = batches[0] if batch_axis is None else _stacked(batches, row)

        losses, grads = losses_and_gradients(task, params, batch, batch_axis)
        gradient = _flat(grads)
        norms = torch.linalg.vector_norm(gradient, dim=1)
        # The first gradient has none before it.
        turn = norms * math.nan if before is None else row_products(gradient, before)
        before = gradient
        if clip is not None:
            factor = clip_factor(norms, clip)
            grads = {name: _column(factor, g) * g for name, g in grads.items()}
        direction, state = rule.update(grads, state, params, step + 1)
        for name, p in params.items():
            p -= lr[name][step] * direction[name]

        stop = after_update(step, losses) or step + 1 == len(rates)
        due = validate_every is not None and (step + 1) % validate_every == 0
        if stop or due:
            with torch.no_grad():
                held_out[step] = task.validation_losses(params)
        for name, value in zip(SEEN, (losses, norms, turn), strict=True):
            seen[name].append(value)
        if stop:
            break

    record = {name: torch.stack(seen[name]).double().numpy() for name in SEEN}
    record["validation"] = held_out[: step + 1].numpy()
    lengths = record["gradient_norms"]
    with np.errstate(all="ignore"):  # no direction: 0/0 and inf/inf are NaN
        record["gradient_cosines"][1:] /= lengths[1:] * lengths[:-1]
    return record, params


def losses_and_gradients(
    task: Task, params: Tensors, batch: Batch, batch_axis: int | None = None
) -> tuple[Tensor, Tensors]:
    """The losses ``[K]`` of K stacked models, and the gradient of each.

    Args:
        task: whose loss.
        params: tensors ``[K, ...]``.
        batch: the tensors of one batch for all models, or ``[K, ...]``.
        batch_axis: None if the models share the batch, 0 if each has its own.
    """
    closed_form = task.losses_and_gradients(params, batch)
    if closed_form is not None:
        return closed_form
    leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
    with torch.enable_grad():  # also where the caller is inside torch.no_grad()
        losses = task.losses(leaves, batch, batch_axis)
        # Models never meet, so the gradient of the sum is each model's own gradient.
        grads = torch.autograd.grad(
            losses.sum(), list(leaves.values()), materialize_grads=True
        )
    # A copy: a loss that is a view of a parameter would change with its next update.
    return losses.detach().clone(), dict(zip(leaves, grads, strict=True))


def _stacked(batches: list[Batch], row: Tensor) -> Batch:
    return tuple(torch.stack(part)[row] for part in zip(*batches, strict=True))


def _flat(tensors: Tensors) -> Tensor:
    """All numbers of each model in one row: ``[K, parameters]``."""
    rows = [tensor.flatten(1) for tensor in tensors.values()]
    return rows[0] if len(rows) == 1 else torch.cat(rows, 1)


def _column(values: Tensor, like: Tensor) -> Tensor:
    """Values ``[..., K]`` of K models, shaped to be multiplied with ``like``."""
    return values.to(like.dtype).view(*values.shape, *[1] * (like.dim() - 1))


def _rows(name: str, values: Any) -> list[Any]:
    listed = isinstance(values, Sequence) and not isinstance(values, str)
    if not listed and not (isinstance(values, np.ndarray) and values.ndim):
        raise TypeError(
            f"{name} must be a list, got {shown(values)}: put a single one in brackets"
        )
    if len(values) == 0:
        raise ValueError(
            f"{name} must not be empty, got {shown(values)}: give at least one"
        )
    return list(values)


def _check_kinds(task: Any, rule: Any, callback: Any) -> None:
    """Raise TypeError if an argument of ``sweep`` is not the kind of thing it takes."""
    if not isinstance(task, Task):
        remedy = "make one with a function of lrlib.tasks, such as tasks.digits()"
        if isinstance(task, torch.nn.Module):
            remedy = "make one with tasks.supervised(model, loss, inputs, targets)"
        raise TypeError(f"task must be a Task, got {shown(task)}: {remedy}")
    named = {"rule": rule}
    if isinstance(rule, list | tuple) and rule:
        named = {f"rule[{i}]": one for i, one in enumerate(rule)}
    for name, one in named.items():
        if not isinstance(one, UpdateRule):
            raise TypeError(
                f"{name} must be an update rule, got {shown(one)}: write sgd(), or "
                "call another rule of lrlib.adaptive"
            )
    if callback is not None and not callable(callback):
        raise TypeError(
            f"callback must be a function of (step, losses), got {shown(callback)}: "
            "pass the function itself, without calling it"
        )


def _check_stacks(task: Task, seeds: list[int]) -> None:
    """Raise ValueError if the task's loss can't be computed for stacked models."""
    if task.broadcasts:
        return
    # All seeds, so that one whose model can't join the others is refused before the
    # training of those others, not after it.
    inits = [task.init(seed) for seed in seeds]
    params, batch = inits[0], task.batch(0, seeds[0])
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        # An error in the model itself comes out of this line, as it is.
        loss = task.checked_loss(params, batch)
        if loss.dim():
            raise ValueError(
                f"loss must give one number for a batch, got shape {tuple(loss.shape)}:"
                " average over the examples, as reduction='mean' does"
            )
        try:
            task.losses({name: p[None] for name, p in params.items()}, batch, None)
        except RuntimeError as error:
            raise ValueError(
                f"task {task.name!r} can't train several models at once: {error}\n"
                "Its model must do the same tensor operations for all values: replace "
                "`if` on a tensor by torch.where, .item() by tensor arithmetic, "
                "and an operation that torch.vmap lacks, such as nn.LSTM, by one that "
                "it has; or train it alone with torch.optim."
            ) from error


@contextmanager
def _one_thread() -> Iterator[None]:
    # Small matrices gain nothing from a second thread, and a busy neighbour on the
    # second core would make each step wait for it.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
