"""What is kept of a run: a checkpoint that it can go on from, and a card to read.

A checkpoint holds the model, the optimizer, the scheduler and the random state, because
a run that goes on without one of them is another run: an optimizer built anew has
forgotten its momentum, and a scheduler built anew starts over at the peak.
"""

from __future__ import annotations

import copy
import inspect
import io
import math
import os
import pickle
import platform
import random
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.optim import Optimizer

import lrlib
from lrlib import auditing
from lrlib.arguments import LARGEST_SEED, positive, shown, whole, whole_numbers
from lrlib.diagnosis import diagnose

PARTS = ("model", "optimizer", "scheduler")


def save(
    path: str | os.PathLike[str], model: nn.Module, optimizer: Optimizer, scheduler: Any
) -> None:
    """Write a run's checkpoint: model, optimizer, scheduler and random state together.

    The file is complete or not there: it is written beside its place, and moved into
    it at the end, so that a run that is killed while saving has its last one still.

    Args:
        path: the file; an older one there is replaced.
        model: whose parameters and buffers.
        optimizer: whose state, rates and other options.
        scheduler: one of torch, of ``as_scheduler``, or a ``decay.Plateau``.

    Raises:
        TypeError: an argument of another kind, or an option of the optimizer or the
            scheduler that ``resume`` could not read, such as a NumPy number.

    The random state is that of torch (CPU and CUDA), numpy's old global one, and
    Python's. Generators of your own, such as a DataLoader's, keep theirs: save it with
    ``generator.get_state()``.

    Source: "Saving and loading models", PyTorch tutorials.
    """
    parts = _parts(model, optimizer, scheduler)
    checkpoint = {
        "kinds": {name: type(part).__name__ for name, part in parts.items()},
        "random": _random_state(),
        **{name: part.state_dict() for name, part in parts.items()},
    }
    _check_readable(checkpoint)
    path = Path(path)
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        torch.save(checkpoint, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def resume(
    path: str | os.PathLike[str], model: nn.Module, optimizer: Optimizer, scheduler: Any
) -> None:
    """Go on from a checkpoint of ``save``: everything is loaded, or nothing.

    Make the model, the optimizer and the scheduler as for a new run, then call this;
    ``scheduler.last_epoch`` says how many updates are done. What was on a GPU goes to
    where its parameter is now.

    Args:
        path: a file that ``save`` wrote.
        model: as given to ``save``, with the same parameters.
        optimizer: of the same class, with the same parameter groups.
        scheduler: of the same class. One of ``as_scheduler`` may have another
            schedule, such as one that cools down from here; its rate is set at once.

    Raises:
        TypeError: an argument of another kind.
        FileNotFoundError: there is no such file.
        ValueError: the file is no checkpoint of ``save``, or of other kinds.
        RuntimeError: a parameter has another shape or name.

    After an error all three are as they were before.

    Source: "Saving and loading models", PyTorch tutorials.
    """
    parts = _parts(model, optimizer, scheduler)
    # Nothing but tensors and plain values is read: a file can't run code.
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    if not isinstance(checkpoint, dict) or not {"kinds", "random", *PARTS} <= set(
        checkpoint
    ):
        raise ValueError(
            f"path must be a checkpoint of save(), got {os.fspath(path)!r}, which has "
            "other contents: load it with what wrote it"
        )
    for name in ("optimizer", "scheduler"):
        saved, here = checkpoint["kinds"][name], type(parts[name]).__name__
        if saved != here:
            raise ValueError(
                f"{name} must be a {saved}, as in the checkpoint, got a {here}: its "
                "state means nothing to another kind"
            )
    with ExitStack() as undo:  # what is in it when an error comes is done then
        undo.callback(_set_random_state, _random_state())
        for name, part in parts.items():
            undo.callback(part.load_state_dict, copy.deepcopy(part.state_dict()))
            part.load_state_dict(checkpoint[name])
        _set_random_state(checkpoint["random"])
        undo.pop_all()


def _check_readable(checkpoint: dict[str, Any]) -> None:
    """Raise TypeError now, and not after the crash, if it can't be read back."""
    options = checkpoint["optimizer"].get("param_groups")
    for name, value in (("optimizer", options), ("scheduler", checkpoint["scheduler"])):
        file = io.BytesIO()
        torch.save(value, file)
        file.seek(0)
        try:
            torch.load(file, weights_only=True)
        except pickle.UnpicklingError as error:
            raise TypeError(
                f"{name} must have a state of plain numbers, strings and tensors, got "
                f"{shown(value)}: let its options and functions give Python's float, "
                "not NumPy's"
            ) from error


def _parts(model: Any, optimizer: Any, scheduler: Any) -> dict[str, Any]:
    for name, value, kind in (
        ("model", model, nn.Module),
        ("optimizer", optimizer, Optimizer),
    ):
        if not isinstance(value, kind):
            raise TypeError(
                f"{name} must be a {kind.__name__} of torch, got {shown(value)}: pass "
                "model, optimizer and scheduler in this order"
            )
    if isinstance(scheduler, nn.Module | Optimizer) or not all(
        hasattr(scheduler, method) for method in ("state_dict", "load_state_dict")
    ):
        raise TypeError(
            f"scheduler must have a state_dict(), got {shown(scheduler)}: make one "
            "with as_scheduler(optimizer, schedule)"
        )
    return {"model": model, "optimizer": optimizer, "scheduler": scheduler}


def _random_state() -> dict[str, Any]:
    numpy: Any = np.random.get_state(legacy=False)
    words = torch.from_numpy(numpy["state"]["key"].astype(np.int64))
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "numpy": {**numpy, "state": {**numpy["state"], "key": words}},
        "python": random.getstate(),
    }


def _set_random_state(state: dict[str, Any]) -> None:
    torch.set_rng_state(state["torch"])
    if len(state["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(state["cuda"])
    numpy = state["numpy"]
    words = numpy["state"]["key"].numpy().astype(np.uint32)
    np.random.set_state({**numpy, "state": {**numpy["state"], "key": words}})
    random.setstate(state["python"])


# The card -----------------------------------------------------------------------------


def run_card(
    optimizer: Optimizer,
    schedule: Any,
    steps: int,
    *,
    batch_size: int,
    seeds: Sequence[int],
    examples: int | None = None,
    model: nn.Module | None = None,
    losses: Any = None,
    limit: float | None = None,
    notes: str = "",
) -> str:
    """What to write down about a run, as text: a line for each thing.

    Everything is read off the objects that train, not off what one remembers of them.
    What can't be known without an argument that is missing says so.

    Args:
        optimizer: the one of the run, before or after it.
        schedule: a Schedule of lrlib, or a scheduler of torch that has not been
            stepped; one schedule step per update.
        steps: updates in the run.
        batch_size: examples in an update, over all devices and accumulated batches.
        seeds: of the runs that are reported.
        examples: in the training set, which turns updates into epochs.
        model: for the number of parameters.
        losses: the training loss of each update, of one run.
        limit: the largest stable rate, if measured.
        notes: anything else, such as the version of the data.

    Returns:
        Lines of "name: value".

    Raises:
        TypeError, ValueError: an argument of another kind or out of range.

    Source: Godbole et al. 2023, "Deep Learning Tuning Playbook", and Dodge et al.,
    EMNLP 2019, arXiv:1909.03004, on what makes results comparable.
    """
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"optimizer must be an Optimizer of torch, got {shown(optimizer)}: pass "
            "the one that trains"
        )
    steps = whole("steps", steps, at_least=1)
    batch_size = whole("batch_size", batch_size, at_least=1)
    chosen = whole_numbers("seeds", seeds, at_least=0, at_most=LARGEST_SEED)
    if limit is not None:
        limit = positive("limit", limit)
    lines = {
        "schedule": _schedule_text(schedule),
        **_rate_lines(schedule, steps, limit),
        "optimizer": _optimizer_text(optimizer),
        **_group_lines(optimizer),
        "parameters": _parameters_text(model),
        "batch": _batch_text(batch_size, steps, examples),
        "seeds": ", ".join(map(str, chosen)) or "none given",
        "loss": _loss_text(losses, steps),
        "versions": f"Python {platform.python_version()}, torch {torch.__version__}, "
        f"lrlib {lrlib.__version__}",
    }
    if notes:
        lines["notes"] = notes
    return "\n".join(f"{name}: {value}" for name, value in lines.items())


def _schedule_text(schedule: Any) -> str:
    if not hasattr(schedule, "optimizer"):
        return repr(schedule)
    if hasattr(schedule, "schedule"):  # a scheduler of as_scheduler knows it
        return repr(schedule.schedule)
    made_with = {
        name: repr(getattr(schedule, name)) if hasattr(schedule, name) else "unknown"
        for name, parameter in inspect.signature(type(schedule)).parameters.items()
        if hasattr(schedule, name) or parameter.default is parameter.empty
    }
    text = ", ".join(
        f"{name}={value}"
        for name, value in made_with.items()
        if name not in ("optimizer", "last_epoch")
    )
    return f"{type(schedule).__name__}({text})"


def _rate_lines(schedule: Any, steps: int, limit: float | None) -> dict[str, str]:
    findings = auditing.audit(schedule, steps, limit)
    run = auditing.read(schedule, steps, math.inf if limit is None else limit)
    known = {
        "largest stable rate": "not given" if limit is None else f"{limit:g}",
        "audit": "; ".join(map(str, findings)) or "nothing found",
    }
    if any(finding.kind == "no rate" for finding in findings):
        return known
    top = int(run.rates.argmax())
    climbs = run.rates[0] < run.peak
    warmup = f"{top} updates below the peak ({top / steps:.1%}), from {run.rates[0]:g}"
    return {
        "peak": f"{run.peak:g}, first at update {top}",
        "unit": "updates, counted from 0; one step of the schedule each",
        "warmup": warmup if climbs else "none",
        "end": f"{run.end:g} at update {len(run.rates) - 1}, of {steps} updates",
        "sum of rates": f"{run.rates.sum():g}",
        **known,
    }


def _optimizer_text(optimizer: Optimizer) -> str:
    options = {
        name: value
        for name, value in optimizer.defaults.items()
        if name != "lr" and value is not None and value is not False
    }
    text = ", ".join(f"{name}={value}" for name, value in options.items())
    return f"{type(optimizer).__name__}({text})"


def _group_lines(optimizer: Optimizer) -> dict[str, str]:
    """A line for each parameter group, if there are several."""
    groups = optimizer.param_groups
    rates = [float(group.get("initial_lr", group["lr"])) for group in groups]
    lines = {}
    for i, (group, rate) in enumerate(zip(groups, rates, strict=True)):
        own = [f"{rate / max(rates):g} of the rate" if max(rates) else "rate 0"]
        own += [
            f"{name}={group[name]}"
            for name, value in optimizer.defaults.items()
            if name != "lr" and group[name] != value
        ]
        count = sum(p.numel() for p in group["params"])
        lines[f"group {group.get('name', i)}"] = f"{count:,} parameters, " + ", ".join(
            own
        )
    return lines if len(groups) > 1 else {}


def _parameters_text(model: nn.Module | None) -> str:
    if model is None:
        return "not given"
    total = sum(p.numel() for p in model.parameters())
    trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return f"{trained:,} trained, of {total:,}"


def _batch_text(batch_size: int, steps: int, examples: int | None) -> str:
    seen = f"{batch_size} examples an update, {batch_size * steps:,} in all"
    if examples is None:
        return f"{seen}; size of the training set not given"
    epochs = batch_size * steps / whole("examples", examples, at_least=1)
    return f"{seen}: {epochs:.3g} epochs of {examples:,}"


def _loss_text(losses: Any, steps: int) -> str:
    if losses is None:
        return "not given"
    values = np.asarray(losses, dtype=np.float64).ravel()
    verdict = diagnose(values).verdict
    last = max(1, min(10, len(values) // 10))
    return (
        f"{values[0]:.4g} at first, {values[-last:].mean():.4g} over the last {last}; "
        f"{len(values)} of {steps} recorded; read as: {verdict}"
    )
