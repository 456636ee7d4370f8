"""Schedules that fall, restart or cycle, and one that reacts to what it is shown.

Arguments carry PyTorch's names. Update ``t`` counts from 0, so ``rate(0)`` is the rate
of the first update, and each schedule equals its counterpart in
``torch.optim.lr_scheduler`` after ``t`` calls of ``scheduler.step()``, but for the
differences that its docstring names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, SupportsFloat

import numpy as np

from lrlib.arguments import (
    fraction,
    not_negative,
    number,
    one_of,
    positive,
    share,
    shown,
    whole,
    whole_numbers,
)
from lrlib.schedules import Schedule, keep


@dataclass(frozen=True)
class constant(Schedule):
    """The same rate at every update: ``rate(t) = lr``.

    Args:
        lr: the rate; positive and finite.

    Raises:
        TypeError: ``lr`` is no number.
        ValueError: ``lr`` is not positive and finite.

    Equal to an optimizer of torch without a scheduler. (``ConstantLR`` of torch is
    another thing: it holds a lower rate at first.)

    Source: ``torch.optim``, whose optimizers keep their ``lr`` if nothing changes it.
    """

    lr: float

    def __post_init__(self) -> None:
        keep(self, lr=positive("lr", self.lr))

    def rates(self, t: np.ndarray) -> np.ndarray:
        return np.full(t.shape, self.lr)


@dataclass(frozen=True)
class step(Schedule):
    """Stairs of one width: ``rate(t) = lr * gamma ** (t // step_size)``.

    Args:
        lr: the rate of the first stair.
        step_size: updates on a stair; the rate first falls at ``t = step_size``.
        gamma: factor from stair to stair; positive.

    Raises:
        TypeError: an argument is no number, or ``step_size`` not whole.
        ValueError: ``lr`` or ``gamma`` not positive and finite, ``step_size`` < 1.

    Equal to ``StepLR`` of torch.

    Source: ``torch.optim.lr_scheduler.StepLR``.
    """

    lr: float
    step_size: int
    gamma: float = 0.1

    def __post_init__(self) -> None:
        keep(
            self,
            lr=positive("lr", self.lr),
            step_size=whole("step_size", self.step_size, at_least=1),
            gamma=positive("gamma", self.gamma),
        )

    def rates(self, t: np.ndarray) -> np.ndarray:
        return self.lr * self.gamma ** (t // self.step_size)


@dataclass(frozen=True)
class multistep(Schedule):
    """Stairs at chosen updates: ``rate(t) = lr * gamma ** n``.

    ``n`` is the number of milestones that are not after ``t``; one that is listed
    twice counts twice.

    Args:
        lr: the rate before the first milestone.
        milestones: whole numbers, 0 or more, in any order; kept sorted.
        gamma: factor at each milestone; positive.

    Raises:
        TypeError: an argument is no number, or a milestone not whole.
        ValueError: ``lr`` or ``gamma`` not positive and finite, a milestone < 0.

    Equal to ``MultiStepLR`` of torch.

    Source: ``torch.optim.lr_scheduler.MultiStepLR``.
    """

    lr: float
    milestones: Sequence[int]
    gamma: float = 0.1

    def __post_init__(self) -> None:
        milestones = whole_numbers("milestones", self.milestones, at_least=0)
        keep(
            self,
            lr=positive("lr", self.lr),
            milestones=tuple(sorted(milestones)),
            gamma=positive("gamma", self.gamma),
        )

    def rates(self, t: np.ndarray) -> np.ndarray:
        passed = np.searchsorted(np.array(self.milestones, int), t, side="right")
        return self.lr * self.gamma**passed


@dataclass(frozen=True)
class exponential(Schedule):
    """The same factor at every update: ``rate(t) = lr * gamma ** t``.

    A straight line on a log axis. With ``gamma`` > 1 it grows, as in a range test.

    Args:
        lr: the rate of the first update.
        gamma: factor from update to update; positive.

    Raises:
        TypeError: an argument is no number.
        ValueError: ``lr`` or ``gamma`` not positive and finite; on a call, an update
            so late that the rate has grown beyond the largest float.

    Equal to ``ExponentialLR`` of torch.

    Source: ``torch.optim.lr_scheduler.ExponentialLR``.
    """

    lr: float
    gamma: float

    def __post_init__(self) -> None:
        keep(self, lr=positive("lr", self.lr), gamma=positive("gamma", self.gamma))

    def rates(self, t: np.ndarray) -> np.ndarray:
        return self.lr * self.gamma**t


@dataclass(frozen=True)
class linear(Schedule):
    """A straight line from one factor of ``lr`` to another, which is then held.

    With ``x = min(t / total_iters, 1)``::

        rate(t) = lr * (start_factor + (end_factor - start_factor) * x)

    Args:
        lr: the rate that the factors multiply.
        total_iters: update at which the line ends.
        start_factor: factor of the first update; positive.
        end_factor: factor from ``total_iters`` on; 0 or more.

    Raises:
        TypeError: an argument is no number, or ``total_iters`` not whole.
        ValueError: an argument out of range.

    Equal to ``LinearLR`` of torch with the same factors. Its defaults are a warmup,
    from 1/3 to 1 in 5 steps; these are a decay, from 1 to 0, and there is no default
    length.

    Source: ``torch.optim.lr_scheduler.LinearLR``.
    """

    lr: float
    total_iters: int
    start_factor: float = 1.0
    end_factor: float = 0.0

    def __post_init__(self) -> None:
        keep(
            self,
            lr=positive("lr", self.lr),
            total_iters=whole("total_iters", self.total_iters, at_least=1),
            start_factor=positive("start_factor", self.start_factor),
            end_factor=not_negative("end_factor", self.end_factor),
        )
        if math.isinf(self.lr * max(self.start_factor, self.end_factor)):
            raise ValueError(
                "lr must be finite times its factors, got "
                f"lr={self.lr} with {self.start_factor} and {self.end_factor}: choose "
                "a smaller lr"
            )

    def rates(self, t: np.ndarray) -> np.ndarray:
        ends = [self.lr * self.start_factor, self.lr * self.end_factor]
        return np.interp(t, [0, self.total_iters], ends)


@dataclass(frozen=True)
class polynomial(Schedule):
    """A power of the part of the run that is left: 0 at its end, and after.

    ::

        rate(t) = lr * (1 - min(t / total_iters, 1)) ** power

    Args:
        lr: the rate of the first update.
        total_iters: update from which on the rate is 0.
        power: 1 is a straight line, more falls fast first, less falls fast last.

    Raises:
        TypeError: an argument is no number, or ``total_iters`` not whole.
        ValueError: ``lr`` or ``power`` not positive and finite, ``total_iters`` < 1.

    Equal to ``PolynomialLR`` of torch. (Its default length, 5, is none here.)

    Source: ``torch.optim.lr_scheduler.PolynomialLR``.
    """

    lr: float
    total_iters: int
    power: float = 1.0

    def __post_init__(self) -> None:
        keep(
            self,
            lr=positive("lr", self.lr),
            total_iters=whole("total_iters", self.total_iters, at_least=1),
            power=positive("power", self.power),
        )

    def rates(self, t: np.ndarray) -> np.ndarray:
        left = 1 - np.minimum(t / self.total_iters, 1)
        return self.lr * left**self.power


@dataclass(frozen=True)
class inverse_time(Schedule):
    """A long tail: ``rate(t) = lr / (1 + gamma * t) ** power``.

    With ``power`` in (1/2, 1] the rates meet the conditions of Robbins and Monro: their
    sum is infinite, so that every distance can be covered; the sum of their squares is
    finite, so that the noise dies out.

    Args:
        lr: the rate of the first update.
        gamma: how soon it falls; at ``t = 1 / gamma`` it is ``lr / 2 ** power``.
        power: any positive number.

    Raises:
        TypeError: an argument is no number.
        ValueError: an argument is not positive and finite.

    Equal to ``LambdaLR`` of torch with ``lambda t: (1 + gamma * t) ** -power``.

    Source: Robbins & Monro 1951; Keras as ``InverseTimeDecay``.
    """

    lr: float
    gamma: float
    power: float = 1.0

    def __post_init__(self) -> None:
        keep(
            self,
            lr=positive("lr", self.lr),
            gamma=positive("gamma", self.gamma),
            power=positive("power", self.power),
        )

    def rates(self, t: np.ndarray) -> np.ndarray:
        return self.lr * (1 + self.gamma * t) ** -self.power


@dataclass(frozen=True)
class cosine(Schedule):
    """Half a wave of the cosine, from ``lr`` down to ``eta_min``, which is then held.

    ::

        rate(t) = eta_min + (lr - eta_min) * (1 + cos(π * min(t / T_max, 1))) / 2

    Args:
        lr: the rate of the first update.
        T_max: update at which the floor is reached: half the period of the cosine.
        eta_min: the floor; 0 or more, at most ``lr``.

    Raises:
        TypeError: an argument is no number, or ``T_max`` not whole.
        ValueError: an argument out of range, or a floor above ``lr``.

    Equal to ``CosineAnnealingLR`` of torch up to ``T_max``. After it torch climbs back
    to ``lr``, which it reaches at ``2 * T_max``; here the floor is held.

    Source: Loshchilov & Hutter, ICLR 2017 (arXiv:1608.03983), without restarts;
    ``torch.optim.lr_scheduler.CosineAnnealingLR``.
    """

    lr: float
    T_max: int
    eta_min: float = 0.0

    def __post_init__(self) -> None:
        lr = positive("lr", self.lr)
        keep(
            self,
            lr=lr,
            T_max=whole("T_max", self.T_max, at_least=1),
            eta_min=floor("eta_min", self.eta_min, lr),
        )

    def rates(self, t: np.ndarray) -> np.ndarray:
        return half_wave(np.minimum(t / self.T_max, 1), self.lr, self.eta_min)


@dataclass(frozen=True)
class cosine_restarts(Schedule):
    """Half waves of the cosine, one after the other, each from the top.

    Cycle ``n`` has ``T_n = T_0 * T_mult ** n`` updates; at its ``s``-th update, counted
    from 0::

        rate = eta_min + (peak_n - eta_min) * (1 + cos(π * s / T_n)) / 2
        peak_n = max(lr * shrink ** n, eta_min)

    A restart is at ``s = 0``, so the floor itself is approached and never reached.
    Cycle and position are computed in whole numbers.

    Args:
        lr: the rate of the first update.
        T_0: updates of the first cycle.
        T_mult: how many times longer each cycle is than the one before; whole.
        eta_min: the floor; 0 or more, at most ``lr``.
        shrink: factor from peak to peak, in (0, 1].

    Raises:
        TypeError: an argument is no number, or ``T_0`` or ``T_mult`` not whole.
        ValueError: an argument out of range, or a floor above ``lr``.

    Equal to ``CosineAnnealingWarmRestarts`` of torch, whose peaks don't shrink, stepped
    without an argument. (Given an epoch, torch finds the cycle by a logarithm in
    floats: with ``T_0=1, T_mult=3`` it gives 0 at 121, which is a restart.)

    Source: Loshchilov & Hutter, ICLR 2017 (arXiv:1608.03983).
    """

    lr: float
    T_0: int
    T_mult: int = 1
    eta_min: float = 0.0
    shrink: float = 1.0

    def __post_init__(self) -> None:
        lr = positive("lr", self.lr)
        remedy = "1 keeps every peak at lr, 0.8 lowers each to 0.8 of the one before"
        keep(
            self,
            lr=lr,
            T_0=whole("T_0", self.T_0, at_least=1),
            T_mult=whole("T_mult", self.T_mult, at_least=1),
            eta_min=floor("eta_min", self.eta_min, lr),
            shrink=share("shrink", self.shrink, remedy),
        )

    def rates(self, t: np.ndarray) -> np.ndarray:
        cycle, position, length = self._cycles(t)
        peak: float | np.ndarray = self.lr
        if self.shrink < 1:
            peak = np.maximum(self.lr * self.shrink**cycle, self.eta_min)
        return half_wave(position / length, peak, self.eta_min)

    def _cycles(self, t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For each update its cycle, its place in it, and the cycle's length."""
        if self.T_mult == 1:
            return t // self.T_0, t % self.T_0, np.full(t.shape, self.T_0)
        starts, lengths = [0], [self.T_0]  # Python's whole numbers have no end
        while starts[-1] + lengths[-1] <= t.max(initial=0):
            starts.append(starts[-1] + lengths[-1])
            lengths.append(lengths[-1] * self.T_mult)
        cycle = np.searchsorted(starts, t, side="right") - 1
        return cycle, t - np.array(starts)[cycle], np.array(lengths, float)[cycle]


@dataclass(frozen=True)
class cyclic(Schedule):
    """Up and down between two rates along straight lines, again and again.

    With ``height`` rising from 0 to 1 in ``step_size_up`` updates and falling back to 0
    in ``step_size_down``, and ``n`` the number of cycles finished before ``t``::

        rate(t) = base_lr + (max_lr - base_lr) * height * factor

        factor = 1             mode "triangular"
                 1 / 2 ** n    mode "triangular2": half the height each time
                 gamma ** t    mode "exp_range"

    Args:
        base_lr: the lower rate, of the first update; 0 or more.
        max_lr: the upper rate.
        step_size_up: updates from the lower rate to the upper.
        step_size_down: updates back; as many as up when not given.
        mode: "triangular", "triangular2" or "exp_range".
        gamma: for "exp_range", in (0, 1].

    Raises:
        TypeError: an argument is of another kind.
        ValueError: an argument out of range, or ``base_lr`` above ``max_lr``.

    Equal to ``CyclicLR`` of torch with ``cycle_momentum=False``. (By default torch also
    moves the momentum, and sets it to 0.9 in an SGD that had none.)

    Source: Smith, WACV 2017 (arXiv:1506.01186).
    """

    base_lr: float
    max_lr: float
    step_size_up: int = 2000
    step_size_down: int | None = None
    mode: str = "triangular"
    gamma: float = 1.0

    def __post_init__(self) -> None:
        max_lr = positive("max_lr", self.max_lr)
        gamma = share("gamma", self.gamma, "1 keeps the peaks, 0.999 lowers them")
        down = self.step_size_down
        if down is not None:
            down = whole("step_size_down", down, at_least=1)
        modes = ("triangular", "triangular2", "exp_range")
        keep(
            self,
            base_lr=floor("base_lr", self.base_lr, max_lr, "max_lr"),
            max_lr=max_lr,
            step_size_up=whole("step_size_up", self.step_size_up, at_least=1),
            step_size_down=down,
            mode=one_of("mode", self.mode, modes),
            gamma=gamma,
        )

    def rates(self, t: np.ndarray) -> np.ndarray:
        up = self.step_size_up
        down = self.step_size_down or up
        position = t % (up + down)
        height = np.minimum(position / up, (up + down - position) / down)
        if self.mode == "triangular2":
            height = height * 0.5 ** (t // (up + down))
        elif self.mode == "exp_range":
            height = height * self.gamma**t
        return self.base_lr + (self.max_lr - self.base_lr) * height


@dataclass(frozen=True, repr=False)
class custom(Schedule):
    """A function of your own: ``rate(t) = lr * function(t)``.

    Args:
        lr: the rate that the function's factor multiplies.
        function: called with ``t``, an int from 0 on; returns a factor, and not a rate.

    Raises:
        TypeError: ``lr`` is no number, or ``function`` can't be called.
        ValueError: ``lr`` is not positive and finite; on a call, a factor that makes
            the rate negative, infinite or NaN.

    Equal to ``LambdaLR`` of torch. It is asked update by update, so it is as fast as
    its function; and it can be pickled, and prints as the call that made it, if its
    function has a name of its own.

    Source: ``torch.optim.lr_scheduler.LambdaLR``.
    """

    lr: float
    function: Callable[[int], float]

    def __post_init__(self) -> None:
        keep(self, lr=positive("lr", self.lr))
        if not callable(self.function):
            raise TypeError(
                f"function must be callable, got {shown(self.function)}: "
                "write lambda t: 0.5 ** t"
            )

    def __repr__(self) -> str:
        name = getattr(self.function, "__qualname__", repr(self.function))
        return f"custom(lr={self.lr!r}, function={name})"

    def rates(self, t: np.ndarray) -> np.ndarray:
        factors = [number("function(t)", self.function(n)) for n in t.ravel().tolist()]
        return self.lr * np.array(factors, dtype=np.float64).reshape(t.shape)


class Plateau:
    """Cuts the rate when a metric has stopped improving: the one that reacts.

    No function of ``t``, so no Schedule: it has to be shown what was measured. Each
    report either improves on the best one by more than a threshold, or counts as bad::

        improved = metric < best * (1 - threshold)      mode "min", "rel"
                   metric < best - threshold            mode "min", "abs"
                   metric > best * (1 + threshold)      mode "max", "rel"
                   metric > best + threshold            mode "max", "abs"

    An improvement sets the count of bad reports to 0. When the count exceeds
    ``patience``, the rate is multiplied by ``factor``, the count starts again, and for
    ``cooldown`` reports no bad one is counted.

    Args:
        lr: the rate at first.
        mode: "min" for a loss, "max" for an accuracy.
        factor: what a cut multiplies the rate by; in (0, 1).
        patience: bad reports that are let pass; the next one cuts.
        threshold: improvements smaller than this don't count; 0 or more.
        threshold_mode: "rel" (a part of the best) or "abs".
        cooldown: reports after a cut during which none is counted as bad.
        min_lr: the rate is never cut below this.
        eps: a cut that would change the rate by no more than this is not made.

    Attributes:
        lr: the rate now.
        best: the best metric so far: infinite before the first report.
        num_bad_epochs: bad reports in a row.
        cooldown_counter: reports of the cooldown that are left.

    Raises:
        TypeError: an argument is of another kind.
        ValueError: an argument out of range, or ``min_lr`` above ``lr``.

    Equal to ``ReduceLROnPlateau`` of torch for one parameter group, but for metrics
    below 0 with "rel": there the threshold is taken from the size of the best, so that
    an improvement is one. In torch -1.00005 is then worse than -1 and -0.99995 better,
    and a metric that slowly worsens is never cut.

    Source: ``torch.optim.lr_scheduler.ReduceLROnPlateau``.
    """

    def __init__(
        self,
        lr: float,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float = 0.0,
        eps: float = 1e-8,
    ) -> None:
        self.lr = positive("lr", lr)
        self.mode = one_of("mode", mode, ("min", "max"))
        self.factor = fraction("factor", positive("factor", factor))
        self.patience = whole("patience", patience, at_least=0)
        self.threshold = not_negative("threshold", threshold)
        self.threshold_mode = one_of("threshold_mode", threshold_mode, ("rel", "abs"))
        self.cooldown = whole("cooldown", cooldown, at_least=0)
        self.min_lr = floor("min_lr", min_lr, self.lr)
        self.eps = not_negative("eps", eps)
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs = 0
        self.cooldown_counter = 0

    def __repr__(self) -> str:
        return (
            f"Plateau(lr={self.lr!r}, mode={self.mode!r}, best={self.best!r}, "
            f"num_bad_epochs={self.num_bad_epochs} of patience={self.patience})"
        )

    def step(self, metric: SupportsFloat) -> float:
        """Report a metric, and get the rate for the updates until the next report.

        Args:
            metric: a number, or a tensor of one element. NaN is never an improvement.

        Returns:
            The rate.

        Raises:
            TypeError: ``metric`` is no number.
        """
        current = number("metric", metric.item() if hasattr(metric, "item") else metric)
        if self._improves(current):
            self.best, self.num_bad_epochs = current, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            lr = max(self.lr * self.factor, self.min_lr)
            if self.lr - lr > self.eps:
                self.lr = lr
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0
        return self.lr

    def _improves(self, metric: float) -> bool:
        if math.isinf(self.best):  # the first report; a threshold of it has no meaning
            return metric < self.best if self.mode == "min" else metric > self.best
        margin = self.threshold
        if self.threshold_mode == "rel":
            margin *= abs(self.best)
        if self.mode == "min":
            return metric < self.best - margin
        return metric > self.best + margin

    def state_dict(self) -> dict[str, Any]:
        """What has happened so far, to go on from: everything but the options."""
        return {name: getattr(self, name) for name in _REMEMBERED}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from what ``state_dict()`` gave.

        Raises:
            ValueError: an entry is missing or unknown; nothing is changed then.
        """
        if set(state_dict) != set(_REMEMBERED):
            raise ValueError(
                f"state_dict must have the entries {list(_REMEMBERED)}, got "
                f"{list(state_dict)}: load what state_dict() of a Plateau gave"
            )
        for name in _REMEMBERED:
            setattr(self, name, state_dict[name])


_REMEMBERED = ("lr", "best", "num_bad_epochs", "cooldown_counter")


def half_wave(
    x: np.ndarray, top: float | np.ndarray, bottom: float | np.ndarray
) -> np.ndarray:
    """From ``top`` at x = 0 to ``bottom`` at x = 1 along half a wave of the cosine."""
    return bottom + (top - bottom) * ((1 + np.cos(np.pi * x)) / 2)


def floor(name: str, value: Any, top: float, top_name: str = "lr") -> float:
    """Return ``value`` as a float, if it is 0 or more and not above ``top``."""
    low = not_negative(name, value)
    if low > top:
        raise ValueError(
            f"{name} must be at most {top_name}, got {name}={low} and {top_name}={top}"
            ": the floor lies below the peak"
        )
    return low
