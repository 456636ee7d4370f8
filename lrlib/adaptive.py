"""Update rules: optimizers as values, each with two pure functions.

``rule.init(params)`` makes the state, ``rule.update(grads, state, params, t)`` turns a
gradient into a direction, and the step is ``params -= lr * direction``. All are dicts
of tensors. The rules here are written for one tensor, in ``init_one`` and
``update_one``; the loop over the dict is in ``TensorRule``, once. Their operations are
elementwise, so the same rule trains one model or, with tensors that have a leading
model axis, K of them; any other rule is run for each of K models by ``stacked``.

Arguments carry PyTorch's names and defaults, and each rule equals its counterpart in
``torch.optim``. Switches that torch lacks show what textbooks and other libraries do:
``bias_correction``, ``eps_inside_root`` and ``initial_accumulator``.
"""

from __future__ import annotations

import copy
import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from lrlib.arguments import fraction, not_negative, true_or_false

Tensors = dict[str, Tensor]
State = dict[str, Tensors]

MEMORY = "0 forgets at once, 0.9 averages about 10 gradients, 0.999 about 1000"


class UpdateRule(ABC):
    """An optimizer as a value: a state, and a direction for each gradient.

    To write one, subclass :class:`TensorRule` or, if it must see all tensors together,
    this, as a frozen dataclass.

    Attributes:
        elementwise: that no number of a tensor has an influence on the direction of
            another. A sweep then runs the rule once for all its models, which is
            faster, in place of once for each.
    """

    elementwise: ClassVar[bool] = False

    @abstractmethod
    def init(self, params: Tensors) -> State:
        """The state before the first update, such as velocities of 0.

        Args:
            params: the parameters by name; of one model, in the shapes of its
                tensors, or of K, stacked: ``[K, ...]``.

        Returns:
            Dicts of tensors by name, such as ``{"velocity": {"weight": ...}}``; each
            tensor has the shape of its parameter.
        """

    @abstractmethod
    def update(
        self, grads: Tensors, state: State, params: Tensors, t: int
    ) -> tuple[Tensors, State]:
        """The direction of update ``t`` and the state after it.

        Args:
            grads: gradient of each parameter, in its shape.
            state: what ``init`` or the previous update returned.
            params: the parameters before the update.
            t: number of the update, counted from 1 as in the literature on Adam.

        Returns:
            ``(direction, state)``; the step is ``params -= lr * direction``.
        """

    def __repr__(self) -> str:
        """The call that makes this rule, without what is left at its default."""
        if not dataclasses.is_dataclass(self):
            return super().__repr__()
        given = {field.name: getattr(self, field.name) for field in _fields(self)}
        defaults = {field.name: field.default for field in _fields(self)}
        changed = [f"{k}={v!r}" for k, v in given.items() if v != defaults[k]]
        return f"{type(self).__name__}({', '.join(changed)})"


class TensorRule(UpdateRule):
    """An update rule that is written for one tensor, and treats each alike.

    To write one, subclass this as a frozen dataclass and give ``update_one``, and
    ``init_one`` if it has a state.
    """

    def init(self, params: Tensors) -> State:
        state: State = {}
        for name, p in params.items():
            for slot, value in self.init_one(p).items():
                state.setdefault(slot, {})[name] = value
        return state

    def update(
        self, grads: Tensors, state: State, params: Tensors, t: int
    ) -> tuple[Tensors, State]:
        direction: Tensors = {}
        after: State = {}
        for name, g in grads.items():
            one = {slot: tensors[name] for slot, tensors in state.items()}
            direction[name], one = self.update_one(g, one, params[name], t)
            for slot, value in one.items():
                after.setdefault(slot, {})[name] = value
        return direction, after

    def init_one(self, p: Tensor) -> Tensors:
        """The state of one parameter, such as ``{"velocity": zeros}``; {} if none."""
        return {}

    @abstractmethod
    def update_one(
        self, g: Tensor, state: Tensors, p: Tensor, t: int
    ) -> tuple[Tensor, Tensors]:
        """The direction for one parameter, and its state after update ``t``.

        Args:
            g: its gradient.
            state: what ``init_one`` or the previous update returned.
            p: the parameter before the update.
            t: number of the update, counted from 1.
        """


@dataclass(frozen=True, repr=False)
class sgd(TensorRule):
    """Gradient descent, with heavy-ball or Nesterov momentum.

    With velocity ``v`` and gradient ``g``::

        g = g + weight_decay * p
        v = momentum * v + (1 - dampening) * g      v = g at the first update
        direction = v                  or, with nesterov, g + momentum * v

    Args:
        momentum: between 0 (plain gradient descent) and 1, exclusive.
        dampening: how much of a new gradient the velocity leaves out; needs
            ``momentum`` > 0.
        weight_decay: factor of the parameters that are added to their gradient, as an
            L2 penalty does.
        nesterov: look ahead along the velocity; needs ``momentum`` > 0, and no
            dampening.
        maximize: walk uphill: the gradient counts with the opposite sign.

    Raises:
        TypeError: a number or bool is something else.
        ValueError: ``momentum`` or ``dampening`` outside [0, 1), ``weight_decay``
            negative, or a combination excluded above.

    Equal to ``SGD`` of torch. There, dampening without momentum does nothing.

    Source: Polyak 1964; Sutskever et al., ICML 2013; ``torch.optim.SGD``.
    """

    elementwise = True

    momentum: float = 0.0
    dampening: float = 0.0
    weight_decay: float = 0.0
    nesterov: bool = False
    _: KW_ONLY
    maximize: bool = False

    def __post_init__(self) -> None:
        vars(self).update(
            momentum=fraction("momentum", self.momentum),
            dampening=fraction(
                "dampening",
                self.dampening,
                "0 adds the whole gradient, dampening=momentum averages gradients",
            ),
            weight_decay=not_negative("weight_decay", self.weight_decay),
            nesterov=true_or_false("nesterov", self.nesterov),
            maximize=true_or_false("maximize", self.maximize),
        )
        if self.nesterov and not self.momentum:
            raise ValueError(
                "nesterov=True needs momentum, got momentum=0: write momentum=0.9"
            )
        if self.dampening and not self.momentum:
            raise ValueError(
                f"dampening={self.dampening} needs momentum, got momentum=0: "
                "write momentum=0.9, or leave dampening out"
            )
        if self.nesterov and self.dampening:
            raise ValueError(
                f"nesterov=True needs dampening=0, got {self.dampening}: "
                "leave dampening out"
            )

    def init_one(self, p: Tensor) -> Tensors:
        return {"velocity": torch.zeros_like(p)} if used(self.momentum) else {}

    def update_one(
        self, g: Tensor, state: Tensors, p: Tensor, t: int
    ) -> tuple[Tensor, Tensors]:
        g = penalised(self, g, p)
        if not used(self.momentum):
            return g, state
        fresh = (1 - self.dampening) * g if t > 1 and used(self.dampening) else g
        v = self.momentum * state["velocity"] + fresh
        return g + self.momentum * v if self.nesterov else v, {"velocity": v}


@dataclass(frozen=True, repr=False)
class adagrad(TensorRule):
    """AdaGrad: each number's gradients are divided by the length of all it has seen.

    With ``r`` the sum of squared gradients::

        g = g + weight_decay * p
        r = r + g * g                     r = initial_accumulator at first
        direction = g / (sqrt(r) + eps) / (1 + (t - 1) * lr_decay)

    Args:
        lr_decay: lets the rate fall as 1/t on top.
        weight_decay: factor of the parameters that are added to their gradient.
        initial_accumulator: what ``r`` starts from; ``initial_accumulator_value`` of
            torch.
        eps: keeps the division from 0/0.
        maximize: walk uphill: the gradient counts with the opposite sign.
        eps_inside_root: divide by ``sqrt(r + eps)`` instead, as Keras and optax do.

    Raises:
        TypeError: a number or bool is something else.
        ValueError: a number is negative, infinite or NaN.

    Equal to ``Adagrad`` of torch. ``adagrad(initial_accumulator=0.1, eps=1e-7,
    eps_inside_root=True)`` is the default of Keras and optax: a first gradient of 1e-4
    moves its number by 1.0 lr in torch and by 3e-4 lr there.

    Source: Duchi, Hazan and Singer, JMLR 2011; ``torch.optim.Adagrad``;
    ``optax.adagrad``; ``keras.optimizers.Adagrad``.
    """

    elementwise = True

    lr_decay: float = 0.0
    weight_decay: float = 0.0
    initial_accumulator: float = 0.0
    eps: float = 1e-10
    _: KW_ONLY
    maximize: bool = False
    eps_inside_root: bool = False

    def __post_init__(self) -> None:
        start = self.initial_accumulator
        vars(self).update(
            lr_decay=not_negative("lr_decay", self.lr_decay),
            weight_decay=not_negative("weight_decay", self.weight_decay),
            initial_accumulator=not_negative("initial_accumulator", start),
            eps=not_negative("eps", self.eps),
            maximize=true_or_false("maximize", self.maximize),
            eps_inside_root=true_or_false("eps_inside_root", self.eps_inside_root),
        )

    def init_one(self, p: Tensor) -> Tensors:
        return {"sum": torch.zeros_like(p) + self.initial_accumulator}

    def update_one(
        self, g: Tensor, state: Tensors, p: Tensor, t: int
    ) -> tuple[Tensor, Tensors]:
        g = penalised(self, g, p)
        r = state["sum"] + g * g
        direction = g / divisor(self, r)
        return direction / (1 + (t - 1) * self.lr_decay), {"sum": r}


@dataclass(frozen=True, repr=False)
class rmsprop(TensorRule):
    """RMSprop: AdaGrad that forgets, with a moving average in place of the sum.

    With ``r`` the average of squared gradients::

        g = g + weight_decay * p
        r = alpha * r + (1 - alpha) * g * g       r = initial_accumulator at first
        direction = g / (sqrt(r) + eps)

    With ``centered``, ``a = alpha * a + (1 - alpha) * g`` is the average gradient, and
    the variance ``r - a * a`` takes the place of ``r`` in the root. With ``momentum``,
    a velocity ``v = momentum * v + direction`` is the direction.

    Args:
        alpha: weight of the past in the averages, from 0 to 1, exclusive.
        eps: keeps the division from 0/0.
        weight_decay: factor of the parameters that are added to their gradient.
        momentum: of the velocity, from 0 (none) to 1, exclusive.
        centered: subtract the squared mean. A gradient that stays the same has no
            variance; rounding may make it negative and the direction NaN, here as in
            torch.
        maximize: walk uphill: the gradient counts with the opposite sign.
        eps_inside_root: divide by ``sqrt(r + eps)`` instead, as Keras and optax do.
        initial_accumulator: what ``r`` starts from: 0 in torch and Keras; optax calls
            it ``initial_scale``.

    Raises:
        TypeError: a number or bool is something else.
        ValueError: ``alpha`` or ``momentum`` outside [0, 1), another number negative,
            infinite or NaN.

    Equal to ``RMSprop`` of torch. ``rmsprop(alpha=0.9, eps_inside_root=True)`` is
    optax's default, with ``eps=1e-7`` it is Keras's. A first gradient moves its number
    by 10 lr with torch's ``alpha`` and by 3.16 lr with theirs. They multiply by the
    rate before the momentum, torch and this one after it, which makes a difference
    when the rate changes.

    Source: Tieleman and Hinton, Coursera lecture 6.5, 2012; Graves 2013 for
    ``centered``; ``torch.optim.RMSprop``; ``optax.rmsprop``;
    ``keras.optimizers.RMSprop``.
    """

    elementwise = True

    alpha: float = 0.99
    eps: float = 1e-8
    weight_decay: float = 0.0
    momentum: float = 0.0
    centered: bool = False
    _: KW_ONLY
    maximize: bool = False
    eps_inside_root: bool = False
    initial_accumulator: float = 0.0

    def __post_init__(self) -> None:
        start = self.initial_accumulator
        vars(self).update(
            alpha=fraction("alpha", self.alpha, MEMORY),
            eps=not_negative("eps", self.eps),
            weight_decay=not_negative("weight_decay", self.weight_decay),
            momentum=fraction("momentum", self.momentum, "0 is none, 0.9 is common"),
            centered=true_or_false("centered", self.centered),
            maximize=true_or_false("maximize", self.maximize),
            eps_inside_root=true_or_false("eps_inside_root", self.eps_inside_root),
            initial_accumulator=not_negative("initial_accumulator", start),
        )

    def init_one(self, p: Tensor) -> Tensors:
        zeros = torch.zeros_like(p)
        state = {"mean_square": zeros + self.initial_accumulator}
        if self.centered:
            state["mean"] = zeros
        if used(self.momentum):
            state["velocity"] = zeros
        return state

    def update_one(
        self, g: Tensor, state: Tensors, p: Tensor, t: int
    ) -> tuple[Tensor, Tensors]:
        g = penalised(self, g, p)
        r = self.alpha * state["mean_square"] + (1 - self.alpha) * g * g
        after = {"mean_square": r}
        if self.centered:
            mean = self.alpha * state["mean"] + (1 - self.alpha) * g
            after["mean"] = mean
            r = r - mean * mean
        direction = g / divisor(self, r)
        if used(self.momentum):
            direction = self.momentum * state["velocity"] + direction
            after["velocity"] = direction
        return direction, after


@dataclass(frozen=True, repr=False)
class adam(TensorRule):
    """Adam: an average of gradients over the root of an average of their squares.

    With averages ``m`` and ``v`` that start from 0, and ``beta1, beta2 = betas``::

        g = g + weight_decay * p
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        direction = (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + eps)

    Args:
        betas: weights of the past in the two averages, from 0 to 1, exclusive.
        eps: keeps the division from 0/0.
        weight_decay: factor of the parameters that are added to their gradient, as an
            L2 penalty does; ``adamw`` decays the parameters themselves.
        amsgrad: divide by the root of the largest ``v`` so far.
        maximize: walk uphill: the gradient counts with the opposite sign.
        bias_correction: False leaves out the two ``1 - beta**t``.
        eps_inside_root: divide by ``sqrt(v + eps)`` instead, with the corrected ``v``.

    Raises:
        TypeError: a number or bool is something else, ``betas`` is no pair.
        ValueError: a beta outside [0, 1), another number negative, infinite or NaN.

    Equal to ``Adam`` of torch, and to ``optax.adam``, whose ``eps_root=1e-8, eps=0``
    is ``eps_inside_root=True`` here. Keras adds its eps of 1e-7 to the root of the
    uncorrected ``v``: it is ``adam(eps=1e-7, bias_correction=False)`` at the rates
    ``lr * sqrt(1 - beta2**t) / (1 - beta1**t)``.

    Source: Kingma and Ba, ICLR 2015; Reddi, Kale and Kumar, ICLR 2018 for ``amsgrad``;
    ``torch.optim.Adam``; ``optax.adam``; ``keras.optimizers.Adam``.
    """

    elementwise = True

    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0
    amsgrad: bool = False
    _: KW_ONLY
    maximize: bool = False
    bias_correction: bool = True
    eps_inside_root: bool = False

    def __post_init__(self) -> None:
        betas: Any = self.betas
        if not isinstance(betas, tuple | list) or len(betas) != 2:
            raise TypeError(
                f"betas must be a pair of numbers, got {betas!r}: "
                "write betas=(0.9, 0.999)"
            )
        vars(self).update(
            betas=tuple(
                fraction(f"betas[{i}]", b, MEMORY) for i, b in enumerate(betas)
            ),
            eps=not_negative("eps", self.eps),
            weight_decay=not_negative("weight_decay", self.weight_decay),
            amsgrad=true_or_false("amsgrad", self.amsgrad),
            maximize=true_or_false("maximize", self.maximize),
            bias_correction=true_or_false("bias_correction", self.bias_correction),
            eps_inside_root=true_or_false("eps_inside_root", self.eps_inside_root),
        )

    def init_one(self, p: Tensor) -> Tensors:
        slots = ("m", "v", "v_max") if self.amsgrad else ("m", "v")
        return {slot: torch.zeros_like(p) for slot in slots}

    def update_one(
        self, g: Tensor, state: Tensors, p: Tensor, t: int
    ) -> tuple[Tensor, Tensors]:
        return self.adapted(penalised(self, g, p), state, t)

    def adapted(self, g: Tensor, state: Tensors, t: int) -> tuple[Tensor, Tensors]:
        """The direction for a gradient that is all there is to it, and the state."""
        beta1, beta2 = self.betas
        m = beta1 * state["m"] + (1 - beta1) * g
        v = beta2 * state["v"] + (1 - beta2) * g * g
        after = {"m": m, "v": v}
        if self.amsgrad:
            v = after["v_max"] = torch.maximum(state["v_max"], v)
        if self.bias_correction:
            m, v = m / (1 - beta1**t), v / (1 - beta2**t)
        return m / divisor(self, v), after


@dataclass(frozen=True, repr=False)
class adamw(adam):
    """Adam with decoupled weight decay: the gradient never sees it.

    With ``adam``'s direction for the bare gradient::

        direction = adam's + weight_decay * p

    so that a step shrinks each parameter by the factor ``1 - lr * weight_decay``,
    however large its gradients are.

    Args:
        betas, eps, amsgrad, maximize, bias_correction, eps_inside_root: as in ``adam``.
        weight_decay: share of a parameter that a step at rate 1 would take away.

    Raises:
        TypeError, ValueError: as ``adam``.

    Equal to ``AdamW`` of torch, whose default decay of 0.01 it has; optax's is 1e-4,
    Keras's 0.004.

    Source: Loshchilov and Hutter, ICLR 2019; ``torch.optim.AdamW``.
    """

    weight_decay: float = 0.01

    def update_one(
        self, g: Tensor, state: Tensors, p: Tensor, t: int
    ) -> tuple[Tensor, Tensors]:
        direction, state = self.adapted(-g if self.maximize else g, state, t)
        if used(self.weight_decay):
            direction = direction + self.weight_decay * p
        return direction, state


def amsgrad(
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
    bias_correction: bool = True,
    eps_inside_root: bool = False,
) -> adam:
    """AMSGrad: Adam that divides by the largest average so far, ``adam(amsgrad=True)``.

    With ``m`` and ``v`` as in ``adam``::

        v_max = max(v_max, v)
        direction = (m / (1 - beta1**t)) / (sqrt(v_max / (1 - beta2**t)) + eps)

    Args:
        betas: weights of the past in the two averages.
        eps: keeps the division from 0/0.
        weight_decay: factor of the parameters that are added to their gradient.
        maximize: walk uphill.
        bias_correction: False leaves out the two ``1 - beta**t``.
        eps_inside_root: divide by ``sqrt(v_max + eps)`` instead.

    Returns:
        The rule, which prints as the ``adam`` that it is.

    Raises:
        TypeError, ValueError: as ``adam``.

    Equal to ``Adam(amsgrad=True)`` of torch. The paper has no bias correction;
    ``optax.amsgrad`` takes the maximum after it, torch and Keras before.

    Source: Reddi, Kale and Kumar, ICLR 2018; ``torch.optim.Adam``.
    """
    return adam(
        betas,
        eps,
        weight_decay,
        amsgrad=True,
        maximize=maximize,
        bias_correction=bias_correction,
        eps_inside_root=eps_inside_root,
    )


class stacked(UpdateRule):
    """K rules of one kind as one: of K stacked models, each obeys its own.

    ``torch.vmap`` runs the rule as if for one model, with that model's numbers, so
    that it sees no model axis and need not be elementwise. A number that differs
    between the rules is a tensor in there: see ``used``.

    Args:
        rules: frozen dataclasses of one class. Their numbers and tuples of numbers
            may differ; switches and everything else must agree.

    Raises:
        TypeError: rules of different classes, or that are no dataclasses.
        ValueError: a switch differs.
    """

    elementwise = True  # as far as a sweep must know: it keeps its models apart

    def __init__(self, rules: Sequence[UpdateRule]) -> None:
        self.first = first = rules[0]
        self.count = len(rules)
        for k, rule in enumerate(rules):
            if type(rule) is not type(first):
                raise TypeError(
                    f"rule[{k}] must be of the kind of rule[0], {first!r}, got "
                    f"{rule!r}: train each kind in a sweep of its own"
                )
            if not dataclasses.is_dataclass(rule) and rule is not first:
                raise TypeError(
                    f"rule[{k}] must be a dataclass, got {rule!r}: only the fields of "
                    "a dataclass can be told apart; write @dataclass(frozen=True) "
                    "above the class, or pass a single rule"
                )
        self.numbers: Tensors = {}
        for field in _fields(first):
            values = [getattr(rule, field.name) for rule in rules]
            odd = [k for k, value in enumerate(values) if value != values[0]]
            if not odd:
                continue
            sizes = {len(value) if isinstance(value, tuple) else 0 for value in values}
            if len(sizes) > 1 or not all(map(_made_of_numbers, values)):
                raise ValueError(
                    f"rule[{odd[0]}] has {field.name}={values[odd[0]]!r}, but rule[0] "
                    f"has {values[0]!r}: only numbers may differ within a sweep; train "
                    "each in a sweep of its own"
                )
            self.numbers[field.name] = torch.tensor(values, dtype=torch.float64)

    def __len__(self) -> int:
        return self.count

    def rows(self, indices: np.ndarray) -> stacked:
        """The rules at these places, in this order, as one."""
        chosen = copy.copy(self)
        chosen.count = len(indices)
        chosen.numbers = {name: x[indices] for name, x in self.numbers.items()}
        return chosen

    def init(self, params: Tensors) -> State:
        return self._by_model(lambda rule, p: rule.init(p), params)

    def update(
        self, grads: Tensors, state: State, params: Tensors, t: int
    ) -> tuple[Tensors, State]:
        return self._by_model(
            lambda rule, *tensors: rule.update(*tensors, t), grads, state, params
        )

    def _by_model(self, function: Any, *tensors: Any) -> Any:
        def one(numbers: Tensors, *tensors: Any) -> Any:
            rule = copy.copy(self.first)
            vars(rule).update(numbers)
            return function(rule, *tensors)

        try:
            return torch.vmap(one, randomness="different")(self.numbers, *tensors)
        except RuntimeError as error:
            raise ValueError(
                f"a rule such as {self.first!r} can't train several models at once: "
                f"{error}\nIts tensors, and a number that differs between rules, are "
                "one for each model: replace `if` on them by torch.where, float() and "
                ".item() by tensor arithmetic; or train each model in a sweep of its "
                "own"
            ) from error


def used(number: float | Tensor) -> bool:
    """Whether an option is in use: not 0, or a tensor, one for each of K models."""
    return isinstance(number, Tensor) or number != 0


def penalised(rule: Any, g: Tensor, p: Tensor) -> Tensor:
    """The gradient of what is descended, ``g`` or ``-g``, with that of its penalty."""
    g = -g if rule.maximize else g
    return g + rule.weight_decay * p if used(rule.weight_decay) else g


def divisor(rule: Any, r: Tensor) -> Tensor:
    """What a gradient is divided by: the root of ``r``, with the rule's ``eps``."""
    return (r + rule.eps).sqrt() if rule.eps_inside_root else r.sqrt() + rule.eps


def _fields(rule: Any) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(rule) if dataclasses.is_dataclass(rule) else ()


def _made_of_numbers(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(_made_of_numbers(part) for part in value)
    return isinstance(value, int | float) and not isinstance(value, bool)
