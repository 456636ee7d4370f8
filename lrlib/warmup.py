"""Schedules that start low, warmup joined to decay, and LARS, which is neither.

Update ``t`` counts from 0, and two rules hold throughout. The first update has a rate
above 0: with 0 it would be wasted. And W updates of warmup, numbers 0 to W - 1, are W
updates below the peak; update W is at the peak, once, and is also the first update of
what follows. So a warmup is joined to any decay without a jump::

    sequence([linear(lr, W, start_factor=0.1), cosine(lr, T - W)], milestones=[W])

Two have no such W. The schedule of the first transformer, ``inverse_sqrt``, counts as
its paper does: there ``warmup_steps`` includes the peak. And ``exponential`` comes ever
nearer to its peak, and never gets there.
"""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass

import numpy as np
import torch
from torch import Tensor

from lrlib import decay
from lrlib.adaptive import TensorRule, Tensors, penalised, used
from lrlib.arguments import (
    fraction,
    not_negative,
    one_of,
    positive,
    share,
    true_or_false,
    whole,
)
from lrlib.schedules import Schedule, keep

BELOW = "a warmup starts below its peak, and with a rate of 0 an update is wasted"


def linear(lr: float, total_iters: int, start_factor: float) -> decay.linear:
    """A straight line up to ``lr``, which is then held.

    With ``x = min(t / total_iters, 1)``::

        rate(t) = lr * (start_factor + (1 - start_factor) * x)

    Args:
        lr: the rate at the end of the warmup.
        total_iters: update that is the first at ``lr``.
        start_factor: factor of the first update; above 0, at most 1.

    Returns:
        The schedule, which prints as the ``decay.linear`` that it is.

    Raises:
        TypeError: an argument is no number, or ``total_iters`` not whole.
        ValueError: an argument out of range; 0 as the first factor among them.

    Equal to ``LinearLR(start_factor, total_iters=total_iters)`` of torch. The even ramp
    ``(t + 1) / (W + 1)``, whose first rate is as large as each later increase, is
    ``linear(lr, W, start_factor=1 / (W + 1))``.

    Source: ``torch.optim.lr_scheduler.LinearLR``.
    """
    start_factor = share("start_factor", start_factor, BELOW)
    return decay.linear(lr, total_iters, start_factor, end_factor=1.0)


@dataclass(frozen=True)
class hold(Schedule):
    """A lower rate at first, ``factor * lr``, and from ``total_iters`` on ``lr``.

    Args:
        lr: the rate from ``total_iters`` on.
        factor: factor of the rates before; above 0, at most 1.
        total_iters: update that is the first at ``lr``.

    Raises:
        TypeError: an argument is no number, or ``total_iters`` not whole.
        ValueError: an argument out of range.

    Equal to ``ConstantLR`` of torch, whose defaults are 1/3 and 5.

    Source: ``torch.optim.lr_scheduler.ConstantLR``.
    """

    lr: float
    factor: float
    total_iters: int

    def __post_init__(self) -> None:
        keep(
            self,
            lr=positive("lr", self.lr),
            factor=share("factor", self.factor, BELOW),
            total_iters=whole("total_iters", self.total_iters, at_least=1),
        )

    def rates(self, t: np.ndarray) -> np.ndarray:
        return np.where(t < self.total_iters, self.lr * self.factor, self.lr)


@dataclass(frozen=True)
class geometric(Schedule):
    """The same factor at every update, up to ``lr``: a straight line on a log axis.

    With ``x = min(t / total_iters, 1)``::

        rate(t) = lr * start_factor ** (1 - x)

    Args:
        lr: the rate at the end of the warmup.
        total_iters: update that is the first at ``lr``.
        start_factor: factor of the first update; above 0, at most 1.

    Raises:
        TypeError: an argument is no number, or ``total_iters`` not whole.
        ValueError: an argument out of range.

    Equal to ``ExponentialLR`` of torch with ``gamma = start_factor ** (-1 /
    total_iters)``, from ``lr * start_factor`` on, as long as it lasts.

    Source: ``optax.exponential_decay`` with a ``decay_rate`` above 1 and ``end_value``.
    """

    lr: float
    total_iters: int
    start_factor: float

    def __post_init__(self) -> None:
        keep(
            self,
            lr=positive("lr", self.lr),
            total_iters=whole("total_iters", self.total_iters, at_least=1),
            start_factor=share("start_factor", self.start_factor, BELOW),
        )

    def rates(self, t: np.ndarray) -> np.ndarray:
        left = 1 - np.minimum(t / self.total_iters, 1)
        return self.lr * self.start_factor**left


@dataclass(frozen=True)
class exponential(Schedule):
    """Up to ``lr`` as a capacitor is charged: fast first, and never quite there.

    ::

        rate(t) = lr * (1 - gamma ** (t + 1))

    Args:
        lr: the rate that it approaches; 63 % of it after about 1 / (1 - gamma) updates.
        gamma: share of the way that an update leaves; above 0, below 1.

    Raises:
        TypeError: an argument is no number.
        ValueError: ``lr`` not positive and finite, ``gamma`` outside (0, 1).

    Equal to ``LambdaLR`` of torch with the function ``1 - gamma ** (t + 1)``. With
    ``gamma = exp(beta2 - 1)``, nearly ``beta2`` itself, it is the "untuned" exponential
    warmup of Ma and Yarats for Adam.

    Source: Ma and Yarats, AAAI 2021, arXiv:1910.04209.
    """

    lr: float
    gamma: float

    def __post_init__(self) -> None:
        remedy = "0.99 comes 63 % of the way in 100 updates, 0.999 in 1000"
        gamma = fraction("gamma", self.gamma, remedy)
        if not gamma:
            raise ValueError(f"gamma must be above 0, got {self.gamma}: {remedy}")
        keep(self, lr=positive("lr", self.lr), gamma=gamma)

    def rates(self, t: np.ndarray) -> np.ndarray:
        # -expm1 keeps its digits where gamma is so near to 1 that the power is too.
        return -self.lr * np.expm1((t + 1.0) * math.log(self.gamma))


@dataclass(frozen=True)
class inverse_sqrt(Schedule):
    """The schedule of the first transformer: a line up, then one over a square root.

    With ``n = t + 1``, the number of the update counted from 1, as in the paper::

        rate(t) = scale * d_model ** -0.5 * min(n ** -0.5, n * warmup_steps ** -1.5)

    The peak is ``scale * (d_model * warmup_steps) ** -0.5``, at update
    ``warmup_steps - 1``. There is no rate to choose but through ``scale``.

    Args:
        d_model: width of the model.
        warmup_steps: updates up to the peak, and with it.
        scale: factor of all rates.

    Raises:
        TypeError: a count is not whole, or ``scale`` no number.
        ValueError: a count below 1, or ``scale`` not positive and finite.

    Equal to ``LambdaLR`` of torch with that function, and called from 1.

    Source: Vaswani et al., NeurIPS 2017, section 5.3, arXiv:1706.03762.
    """

    d_model: int
    warmup_steps: int
    scale: float = 1.0

    def __post_init__(self) -> None:
        keep(
            self,
            d_model=whole("d_model", self.d_model, at_least=1),
            warmup_steps=whole("warmup_steps", self.warmup_steps, at_least=1),
            scale=positive("scale", self.scale),
        )

    def rates(self, t: np.ndarray) -> np.ndarray:
        n = t + 1.0
        height = np.minimum(n**-0.5, n * self.warmup_steps**-1.5)
        return self.scale * self.d_model**-0.5 * height


@dataclass(frozen=True)
class cosine_with_warmup(Schedule):
    """A straight line up to ``lr``, then half a cosine down to ``eta_min``.

    With W for ``warmup_steps`` and T for ``total_steps``::

        rate(t) = lr * (t + 1) / (W + 1)                            for t < W
        rate(t) = eta_min + (lr - eta_min) * (1 + cos(π * x)) / 2   from W on
                  with x = min((t - W) / (T - W), 1)

    Update T, the first that is no longer part of the run, would have ``eta_min``.

    Args:
        lr: the peak.
        warmup_steps: updates below the peak before it; 0 is no warmup.
        total_steps: updates in the run, those of the warmup among them.
        eta_min: where the cosine ends; at most ``lr``.

    Raises:
        TypeError: a rate is no number, or a count not whole.
        ValueError: an argument out of range, a warmup that leaves no update for the
            peak, or a floor above it.

    Equal to ``SequentialLR`` of torch over ``LinearLR(1 / (W + 1), total_iters=W)`` and
    ``CosineAnnealingLR(T - W, eta_min)`` with the milestone W.
    ``get_cosine_schedule_with_warmup`` of transformers starts with a rate of 0: with
    W + 1 and T + 1 steps it is this schedule, one update later.

    Source: Goyal et al. 2017, arXiv:1706.02677, for the line; Loshchilov and Hutter,
    ICLR 2017, arXiv:1608.03983, for the cosine.
    """

    lr: float
    warmup_steps: int
    total_steps: int
    eta_min: float = 0.0

    def __post_init__(self) -> None:
        lr = positive("lr", self.lr)
        keep(
            self,
            lr=lr,
            warmup_steps=whole("warmup_steps", self.warmup_steps, at_least=0),
            total_steps=whole("total_steps", self.total_steps, at_least=1),
            eta_min=decay.floor("eta_min", self.eta_min, lr),
        )
        if self.warmup_steps >= self.total_steps:
            raise ValueError(
                f"warmup_steps must be below total_steps={self.total_steps}, got "
                f"{self.warmup_steps}: the warmup is part of the run, and the peak "
                "comes after it"
            )

    def rates(self, t: np.ndarray) -> np.ndarray:
        up = self.lr * ((t + 1) / (self.warmup_steps + 1))
        way = (t - self.warmup_steps) / (self.total_steps - self.warmup_steps)
        down = decay.half_wave(np.clip(way, 0, 1), self.lr, self.eta_min)
        return np.where(t < self.warmup_steps, up, down)


@dataclass(frozen=True, repr=False)
class lars(TensorRule):
    """Layer-wise adaptive rate scaling: each tensor's step in proportion to its length.

    With ``|w|`` the length of a parameter tensor and ``|g|`` that of its gradient::

        local = trust * |w| / (|g| + weight_decay * |w|)    1 if either is 0
        v = momentum * v + local * (g + weight_decay * w)
        direction = v

    so that without momentum and decay every tensor moves by the share ``lr * trust`` of
    its length, from the first update on. Nothing in it depends on ``t``: it adapts to
    layers, not to time, and is no warmup.

    Args:
        trust: share of its length that a tensor moves by at ``lr = 1``; the paper's η,
            optax's ``trust_coefficient``.
        momentum: of the velocity, from 0 (none) to 1, exclusive.
        weight_decay: factor of the parameters that are added to their gradient.
        maximize: walk uphill: the gradient counts with the opposite sign.
        decay_in_norm: how the decay enters the length that divides: "apart",
            ``|g| + weight_decay * |w|``, as in the paper, or "together",
            ``|g + weight_decay * w|``, as in optax. "apart" is the smaller step of the
            two, unless gradient and parameters point the same way.

    Raises:
        TypeError: a number, bool or string is something else.
        ValueError: ``trust`` not positive and finite, ``momentum`` outside [0, 1),
            ``weight_decay`` negative, infinite or NaN, ``decay_in_norm`` another word.

    Every tensor counts as a layer, biases and LayerNorms too, whose short lengths make
    their steps short; implementations of the paper often leave these out. In a sweep
    each model's tensors have lengths of their own. As with torch's SGD the rate
    multiplies after the momentum. In the paper and in optax it does so before, which
    makes a difference when the rate changes.

    Source: You, Gitman and Ginsburg 2017, arXiv:1708.03888; ``optax.lars``, which is
    ``lars(decay_in_norm="together")`` at a constant rate.
    """

    elementwise = False

    trust: float = 0.001
    momentum: float = 0.9
    weight_decay: float = 0.0
    _: KW_ONLY
    maximize: bool = False
    decay_in_norm: str = "apart"

    def __post_init__(self) -> None:
        forms = ("apart", "together")
        vars(self).update(
            trust=positive("trust", self.trust),
            momentum=fraction("momentum", self.momentum),
            weight_decay=not_negative("weight_decay", self.weight_decay),
            maximize=true_or_false("maximize", self.maximize),
            decay_in_norm=one_of("decay_in_norm", self.decay_in_norm, forms),
        )

    def init_one(self, p: Tensor) -> Tensors:
        return {"velocity": torch.zeros_like(p)} if used(self.momentum) else {}

    def update_one(
        self, g: Tensor, state: Tensors, p: Tensor, t: int
    ) -> tuple[Tensor, Tensors]:
        decayed = penalised(self, g, p)
        scaled = self.local_rate(g, p) * decayed
        if not used(self.momentum):
            return scaled, state
        v = self.momentum * state["velocity"] + scaled
        return v, {"velocity": v}

    def local_rate(self, g: Tensor, p: Tensor) -> Tensor:
        """The factor of one tensor's gradient, a scalar tensor.

        Args:
            g: the gradient of the tensor.
            p: the tensor, in the gradient's shape.
        """
        length = torch.linalg.vector_norm(p)
        if self.decay_in_norm == "together":
            divisor = torch.linalg.vector_norm(penalised(self, g, p))
        else:
            divisor = torch.linalg.vector_norm(g) + self.weight_decay * length
        known = (length > 0) & (divisor > 0)
        # where() twice: 0/0 would be NaN on the branch that isn't taken, too.
        ratio = length / torch.where(known, divisor, 1.0)
        return torch.where(known, self.trust * ratio, 1.0)
