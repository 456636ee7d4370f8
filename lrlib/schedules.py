"""The idea of a schedule: a value that is called with the number of an update.

``schedule(t)`` is the learning rate used by update number ``t``, counted from 0.
It is a pure function of ``t``: plotting a schedule cannot spend it, and resuming
one needs a single integer.
"""

from __future__ import annotations

import functools
import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from lrlib.arguments import (
    entries,
    positive,
    shown,
    whole,
    whole_numbers,
)
from lrlib.auditing import Finding as Finding
from lrlib.auditing import Findings as Findings
from lrlib.auditing import audit as audit
from lrlib.auditing import rates_of

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler

LATEST = 2**62  # update that int64 can still count on from
BLOCK = 2**14  # updates computed at a time, which stay in the processor's cache


@dataclass(frozen=True)
class Schedule(ABC):
    """A learning rate as a function of the update number; an immutable value.

    A schedule prints as the call that made it, compares by value, and can be
    hashed and pickled. To write one, subclass this as a frozen dataclass whose
    fields are the constructor's arguments, validate them in ``__post_init__``,
    and give ``rates``: everything else is here. After its end a schedule holds
    its last value.
    """

    @abstractmethod
    def rates(self, t: np.ndarray) -> np.ndarray:
        """The rates of updates ``t``; int64 array >= 0 in, float64 of its shape out."""

    @overload
    def __call__(self, t: int) -> float: ...
    @overload
    def __call__(self, t: np.ndarray) -> np.ndarray: ...
    def __call__(self, t: int | np.ndarray) -> float | np.ndarray:
        """The learning rate of update ``t``, counted from 0.

        Args:
            t: an int from 0 to 2**62, or an array of such ints of any shape.

        Returns:
            A float for an int; for an array, a float64 array of its shape.

        Raises:
            TypeError: ``t`` is not made of integers.
            ValueError: an entry of ``t`` is negative, or no run is as long; or a rate
                is negative, infinite or NaN, as a growing schedule's becomes and a
                function's may be.
        """
        steps = _updates(t)
        flat = steps.ravel().astype(np.int64)  # a copy, which rates() may change
        rates = np.empty(flat.shape)
        with np.errstate(over="ignore"):  # the check below has a better message
            for i in range(0, flat.size, BLOCK):
                rates[i : i + BLOCK] = rates_of(self, flat[i : i + BLOCK])
        if rates.size and not (rates.min() >= 0 and rates.max() < np.inf):
            wrong = np.flatnonzero(~((rates >= 0) & (rates < np.inf)))[0]
            raise ValueError(
                f"{shown(self)} gives the rate {rates[wrong]} at update "
                f"{steps.ravel()[wrong]}: a rate must be finite and not negative; "
                "change its arguments or stop before"
            )
        if steps.ndim or isinstance(t, np.ndarray):
            return rates.reshape(steps.shape)
        return float(rates[0])


def _no_updates(t: Any) -> TypeError:
    return TypeError(
        f"t must be an int or an array of ints, got {shown(t)}: a schedule counts "
        "whole updates, from 0"
    )


def _updates(t: Any) -> np.ndarray:
    """The numbers of the updates that a schedule is asked for, as an array of ints."""
    try:
        steps = np.asarray(t)
    except Exception as error:  # of whatever kind, such as rows of different lengths
        raise _no_updates(t) from error
    if isinstance(t, int) and t > LATEST:
        steps = np.asarray(LATEST + 1)  # numpy would take it for an object
    if steps.dtype.kind not in "iu":
        raise _no_updates(t)
    if steps.size and steps.min() < 0:
        raise ValueError(
            f"t must be 0 or more, got {steps.min()}: the first update is number 0"
        )
    if steps.size and steps.max() > LATEST:
        largest = shown(t) if isinstance(t, int) else steps.max()
        raise ValueError(
            f"t must be at most {LATEST}, got {largest}: no run has as many updates"
        )
    return steps


def keep(value: Schedule, **arguments: Any) -> None:
    """Store checked arguments in a schedule that is being made, which is frozen."""
    for name, argument in arguments.items():
        object.__setattr__(value, name, argument)


def a_schedule(name: str, value: Any) -> Schedule:
    """Return ``value``, if it is a Schedule; else raise TypeError."""
    if not isinstance(value, Schedule):
        raise TypeError(
            f"{name} must be a Schedule, got {shown(value)}: "
            "use decay.constant(lr) for a fixed rate"
        )
    return value


@dataclass(frozen=True)
class sequence(Schedule):
    """Schedules one after the other, each on its own clock.

    With ``m`` the last milestone that is not after ``t``, and 0 before the first::

        rate(t) = part(t - m)

    Args:
        parts: the schedules, at least one.
        milestones: the updates at which the second, third, … part takes over with its
            own update 0; whole numbers that increase, one less than parts.

    Raises:
        TypeError: a part is no Schedule, or a milestone no integer.
        ValueError: milestones that don't increase from 1 on, or not one less than
            parts.

    Equal to ``SequentialLR`` of torch over schedulers of one base rate. Parts may be
    sequences again; in torch a nested ``SequentialLR`` runs one step early if it comes
    first, and raises NotImplementedError when it takes over later.

    Source: ``torch.optim.lr_scheduler.SequentialLR``; ``optax.join_schedules``.
    """

    parts: Sequence[Schedule]
    milestones: Sequence[int]

    def __post_init__(self) -> None:
        given = entries("parts", self.parts, "schedules", "[first, second]")
        parts = tuple(a_schedule(f"parts[{i}]", part) for i, part in enumerate(given))
        milestones = whole_numbers("milestones", self.milestones, at_least=1)
        if len(parts) != len(milestones) + 1:
            raise ValueError(
                f"milestones must be one less than parts, got {len(milestones)} "
                f"milestones for {len(parts)} parts: say when each part but the first "
                "takes over"
            )
        if sorted(set(milestones)) != list(milestones):
            raise ValueError(
                f"milestones must increase, got {shown(list(milestones))}: each part "
                "needs at least one update"
            )
        keep(self, parts=parts, milestones=milestones)

    def rates(self, t: np.ndarray) -> np.ndarray:
        turn = np.searchsorted(np.array(self.milestones, int), t, side="right")
        rates = np.empty(t.shape)
        for i, (part, start) in enumerate(
            zip(self.parts, (0, *self.milestones), strict=True)
        ):
            mine = turn == i
            rates[mine] = rates_of(part, t[mine] - start)
        return rates


@dataclass(frozen=True)
class scale(Schedule):
    """Another schedule times a constant: ``rate(t) = factor * schedule(t)``.

    Args:
        schedule: what is scaled.
        factor: positive and finite.

    Raises:
        TypeError: ``schedule`` is no Schedule, or ``factor`` no number.
        ValueError: ``factor`` is not positive and finite; on a call, a rate that has
            grown beyond the largest float.

    Equal to a torch scheduler on an optimizer whose rate was built ``factor`` times as
    large (for cosines, with the floor ``factor`` times as large too).

    Source: the scaling of schedules in ParameterSchedulers.jl.
    """

    schedule: Schedule
    factor: float

    def __post_init__(self) -> None:
        keep(
            self,
            schedule=a_schedule("schedule", self.schedule),
            factor=positive("factor", self.factor),
        )

    def rates(self, t: np.ndarray) -> np.ndarray:
        return self.factor * rates_of(self.schedule, t)


def as_scheduler(optimizer: Optimizer, schedule: Schedule) -> LRScheduler:
    """Drive a ``torch.optim`` optimizer by a schedule.

    Use the result like any scheduler of torch: ``optimizer.step()``, then
    ``scheduler.step()``. Update ``t`` is made with the rate ``schedule(t)``; the rate
    the optimizer was built with is not used.

    With several parameter groups, the group with the largest initial rate follows the
    schedule, and the others keep their ratio to it: a body built at a tenth of the
    head's rate stays at a tenth. (torch's own schedulers multiply each group's rate.)

    Its state dict is one integer, ``{"last_epoch": t}``. Loading it also sets the
    rate of the optimizer, which torch's schedulers leave at its old value until the
    next step.

    Args:
        optimizer: any ``torch.optim.Optimizer``.
        schedule: the rate by update number.

    Returns:
        A ``torch.optim.lr_scheduler.LRScheduler``.

    Raises:
        TypeError: ``schedule`` is no Schedule, or ``optimizer`` no optimizer.
        ValueError: a group was built with a rate that is negative or not finite, or
            every group with the rate 0, so that they have no ratio; or, on loading, a
            state dict without ``last_epoch``.

    Source: ``torch.optim.lr_scheduler.LRScheduler``; that groups keep their ratio is a
    choice made here.
    """
    a_schedule("schedule", schedule)
    _has_ratios(optimizer)
    scheduler: LRScheduler = _scheduler_class()(optimizer, schedule)
    return scheduler


def _has_ratios(optimizer: Any) -> None:
    """Ask this before torch notes the rates in the optimizer, where they would stay."""
    groups = getattr(optimizer, "param_groups", None)
    if groups is None:
        raise TypeError(
            f"optimizer must be a torch.optim.Optimizer, got {shown(optimizer)}"
        )
    base = [float(group.get("initial_lr", group["lr"])) for group in groups]
    if not all(0 <= lr < math.inf for lr in base):
        raise ValueError(
            f"optimizer must have finite rates of 0 or more, got {base}: give its "
            "parameter groups positive rates, whose ratios are kept"
        )
    if not any(base):
        raise ValueError(
            "optimizer has the rate 0 in every parameter group, got "
            f"{base}: give it positive rates, whose ratios are kept"
        )


@functools.cache
def _scheduler_class() -> type:
    # Inside a function, because importing torch.optim takes about a second.
    from torch.optim.lr_scheduler import LRScheduler

    class Scheduler(LRScheduler):
        def __init__(self, optimizer: Optimizer, schedule: Schedule) -> None:
            self.schedule = schedule
            super().__init__(optimizer)

        def get_lr(self) -> list[float | Tensor]:
            base = [float(lr) for lr in self.base_lrs]
            rate = self.schedule(self.last_epoch)
            return [rate * (lr / max(base)) for lr in base]

        def state_dict(self) -> dict[str, Any]:
            return {"last_epoch": self.last_epoch}

        def load_state_dict(self, state_dict: dict[str, Any]) -> None:
            if "last_epoch" not in state_dict:
                raise ValueError(
                    "state_dict must have the entry 'last_epoch', got "
                    f"{list(state_dict)}: load what state_dict() of a scheduler gave"
                )
            epoch = whole("last_epoch", state_dict["last_epoch"], at_least=0)
            self.last_epoch = epoch - 1
            self._initial_step()
            self._step_count = self.last_epoch + 1

    return Scheduler
