"""The idea of a schedule: a value that is called with the number of an update.

``schedule(t)`` is the learning rate used by update number ``t``, counted from 0.
It is a pure function of ``t``: plotting a schedule cannot spend it, and resuming
one needs a single integer.
"""

from __future__ import annotations

import functools
import math
import numbers
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler


def number(name: str, value: Any) -> float:
    """Return ``value`` as a float, if it is a real number.

    Raises:
        TypeError: ``value`` is no real number.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise TypeError(
            f"{name} must be a number, got {value!r} ({type(value).__name__}): "
            f"write it as a float, such as {name}=0.1"
        )
    return float(value)


def positive(name: str, value: Any) -> float:
    """Return ``value`` as a float, if it is a positive finite number.

    Raises:
        TypeError: ``value`` is no real number.
        ValueError: ``value`` is zero, negative, infinite or NaN.
    """
    if not 0 < number(name, value) < math.inf:
        raise ValueError(
            f"{name} must be positive and finite, got {value!r}: choose {name} > 0"
        )
    return float(value)


def fraction(name: str, value: Any) -> float:
    """Return ``value`` as a float, if it is a number in [0, 1), such as a momentum.

    Raises:
        TypeError: ``value`` is no real number.
        ValueError: ``value`` is negative, 1 or more, or NaN.
    """
    if not 0 <= number(name, value) < 1:
        raise ValueError(
            f"{name} must be in [0, 1), got {value!r}: 0 is plain gradient descent, "
            "0.9 is common"
        )
    return float(value)


def real_array(name: str, value: Any) -> np.ndarray:
    """Return ``value`` as a float64 array, if it is made of real numbers.

    Raises:
        TypeError: an entry is no number.
        ValueError: rows of different lengths, or complex numbers.
    """
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"{name} must have rows of one length, got {value!r}: complete the rows"
        ) from error
    if array.dtype.kind == "c":
        raise ValueError(
            f"{name} must be real, got {value!r}: pass its real part, .real"
        )
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} must be made of real numbers, got {value!r} "
            f"({type(value).__name__}): write floats, such as 0.1"
        )
    return array.astype(np.float64, copy=False)


def whole(name: str, value: Any, *, at_least: int) -> int:
    """Return ``value`` as an int, if it is a whole number from ``at_least`` on.

    Raises:
        TypeError: ``value`` is no integer; floats such as ``10.0`` included.
        ValueError: ``value`` is below ``at_least``.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Integral):
        raise TypeError(
            f"{name} must be a whole number, got {value!r} "
            f"({type(value).__name__}): use an int, {at_least} or more"
        )
    if value < at_least:
        raise ValueError(
            f"{name} must be at least {at_least}, got {value}: choose a larger {name}"
        )
    return int(value)


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
            t: an int, or an array of ints of any shape.

        Returns:
            A float for an int; for an array, a float64 array of its shape.

        Raises:
            TypeError: ``t`` is not made of integers.
            ValueError: an entry of ``t`` is negative.
        """
        steps = np.asarray(t)
        if not np.issubdtype(steps.dtype, np.integer):
            raise TypeError(
                f"t must be an int or an array of ints, got {t!r}: a schedule counts "
                "whole updates, from 0"
            )
        if steps.size and steps.min() < 0:
            raise ValueError(
                f"t must be 0 or more, got {steps.min()}: the first update is number 0"
            )
        rates = self.rates(steps.astype(np.int64, copy=False))
        return rates if isinstance(t, np.ndarray) else float(rates)


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
        ValueError: every group was built with the rate 0, so they have no ratio; or,
            on loading, a state dict without ``last_epoch``.

    Source: ``torch.optim.lr_scheduler.LRScheduler``; that groups keep their ratio is a
    choice made here.
    """
    if not isinstance(schedule, Schedule):
        raise TypeError(
            f"schedule must be a Schedule, got {schedule!r}: "
            "use decay.constant(lr) for a fixed rate"
        )
    scheduler: LRScheduler = _scheduler_class()(optimizer, schedule)
    return scheduler


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
            if not any(base):
                raise ValueError(
                    "optimizer has the rate 0 in every parameter group, got "
                    f"{base}: give it positive rates, whose ratios are kept"
                )
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
