"""What a practitioner does on Monday: find a rate, clip, fine-tune, scale, record.

Two schedules of today, ``one_cycle`` and ``wsd``, count as ``lrlib.warmup`` does: the
first rate is above 0, and W updates of warmup are W updates below the peak.

Parameters are named by prefixes, as in ``model.named_parameters()``: ``"head"`` means
``head.weight`` and ``head.0.bias``, but not ``header.weight``; ``""`` means every one.
The longest prefix that fits decides.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import torch
from torch import Tensor, nn

from lrlib import decay
from lrlib.adaptive import State, Tensors, UpdateRule
from lrlib.arguments import (
    not_negative,
    number,
    one_of,
    positive,
    share,
    shown,
    true_or_false,
    whole,
)
from lrlib.finder import RangeTest as RangeTest
from lrlib.finder import Suggestion as Suggestion
from lrlib.finder import range_test as range_test
from lrlib.records import resume as resume
from lrlib.records import run_card as run_card
from lrlib.records import save as save
from lrlib.schedules import Schedule, keep

# Schedules ----------------------------------------------------------------------------


@dataclass(frozen=True)
class one_cycle(Schedule):
    """Up from a small rate to a large one, and down to almost none, in one run.

    With T for ``total_steps`` and u = pct_start * T - 1, where the climb ends::

        rate goes from max_lr / div_factor   at t = 0
                    to max_lr                at t = u
                    to max_lr / div_factor / final_div_factor   at t = T - 1

    along half waves of the cosine, or straight lines. With ``three_phase`` it comes
    down as slowly as it went up, to where it began at t = 2 * u, before it goes on.

    Args:
        max_lr: the peak; between two updates if u isn't whole.
        total_steps: updates in the run.
        pct_start: share of the run that goes up, above 0 and at most 1.
        div_factor: how many times smaller than the peak the first rate is; from 1 on.
        final_div_factor: how many times smaller than the first the last is; from 1 on.
        anneal_strategy: "cos" or "linear".
        three_phase: see above.

    Raises:
        TypeError: a number, bool or string is something else, or a count not whole.
        ValueError: an argument out of range; or three phases, for which
            ``pct_start * total_steps`` isn't from 1 to ``(total_steps + 1) / 2``.

    Equal to ``OneCycleLR`` of torch over all T updates, but that torch divides by 0 if
    ``pct_start * total_steps`` is 1, where here the first update is at the peak; and
    that this leaves the momentum alone, as torch does with ``cycle_momentum=False``.

    Source: Smith and Topin 2017, arXiv:1708.07120; ``OneCycleLR``.
    """

    max_lr: float
    total_steps: int
    pct_start: float = 0.3
    div_factor: float = 25.0
    final_div_factor: float = 1e4
    anneal_strategy: str = "cos"
    three_phase: bool = False

    def __post_init__(self) -> None:
        keep(
            self,
            max_lr=positive("max_lr", self.max_lr),
            total_steps=whole("total_steps", self.total_steps, at_least=1),
            pct_start=share("pct_start", self.pct_start, "0.3 is common"),
            div_factor=_from_1("div_factor", self.div_factor),
            final_div_factor=_from_1("final_div_factor", self.final_div_factor),
            anneal_strategy=one_of(
                "anneal_strategy", self.anneal_strategy, ("cos", "linear")
            ),
            three_phase=true_or_false("three_phase", self.three_phase),
        )
        climb = self.pct_start * self.total_steps
        if self.three_phase and not 1 <= climb <= (self.total_steps + 1) / 2:
            raise ValueError(
                f"pct_start must leave room for three phases in {self.total_steps} "
                f"updates, got {self.pct_start!r}, a climb of {climb:g}: choose one "
                "below 0.5, or three_phase=False"
            )

    def rates(self, t: np.ndarray) -> np.ndarray:
        end = self.total_steps - 1
        turn = self.pct_start * self.total_steps - 1
        first = self.max_lr / self.div_factor
        ways = [(turn, self.max_lr), (2 * turn, first)][: 1 + self.three_phase]
        stops = np.array([0, *(stop for stop, _ in ways), end])
        heights = np.array(
            [first, *(height for _, height in ways), first / self.final_div_factor]
        )
        t = np.minimum(t, end)
        piece = np.searchsorted(stops[1:-1], t, side="left")  # a stop ends its piece
        length = np.diff(stops)[piece]
        x = np.where(length > 0, (t - stops[piece]) / np.where(length, length, 1), 1)
        start, goal = heights[piece], heights[piece + 1]
        if self.anneal_strategy == "linear":
            return start + (goal - start) * x
        return decay.half_wave(x, start, goal)


SHAPES = ("linear", "sqrt", "cosine")


@dataclass(frozen=True)
class wsd(Schedule):
    """Warmup, a stable rate, and a decay that is decided on late.

    With W, T and D for ``warmup_steps``, ``total_steps`` and ``decay_steps``::

        rate(t) = lr * (t + 1) / (W + 1)                  for t < W
        rate(t) = lr                                      for W <= t <= T - D
        rate(t) = eta_min + (lr - eta_min) * fall(x)      after that
                  with x = min((t - (T - D)) / D, 1)

    and ``fall`` is 1 - x ("linear"), 1 - sqrt(x) ("sqrt") or (1 + cos(π * x)) / 2
    ("cosine"). Up to update T - D no rate depends on T: whoever has a checkpoint of
    the stable phase may go on from it to any end.

    Args:
        lr: the peak, and the stable rate.
        warmup_steps: updates below the peak before it; 0 is no warmup.
        total_steps: updates in the run, warmup and decay among them.
        decay_steps: updates of the decay; its first one is still at ``lr``.
        eta_min: where the decay would arrive with update T, the first after the run.
        shape: of the decay.

    Raises:
        TypeError: a rate is no number, a count not whole, ``shape`` no string.
        ValueError: an argument out of range, a floor above the peak, or warmup and
            decay that together are longer than the run.

    Equal to ``SequentialLR`` of torch over ``LinearLR(1 / (W + 1), total_iters=W)``,
    ``ConstantLR(1.0)`` and ``LinearLR(1.0, 0.0, total_iters=D)``, for "linear" and a
    floor of 0. ``get_wsd_schedule`` of transformers starts with a rate of 0.

    Source: Hu et al. 2024, arXiv:2404.06395; Hägele et al., NeurIPS 2024,
    arXiv:2405.18392, for the linear and the square root's decay.
    """

    lr: float
    warmup_steps: int
    total_steps: int
    decay_steps: int
    eta_min: float = 0.0
    shape: str = "linear"

    def __post_init__(self) -> None:
        lr = positive("lr", self.lr)
        keep(
            self,
            lr=lr,
            warmup_steps=whole("warmup_steps", self.warmup_steps, at_least=0),
            total_steps=whole("total_steps", self.total_steps, at_least=1),
            decay_steps=whole("decay_steps", self.decay_steps, at_least=1),
            eta_min=decay.floor("eta_min", self.eta_min, lr),
            shape=one_of("shape", self.shape, SHAPES),
        )
        if self.warmup_steps + self.decay_steps > self.total_steps:
            raise ValueError(
                f"decay_steps must be at most {self.total_steps - self.warmup_steps}, "
                f"what the warmup leaves of total_steps={self.total_steps}, got "
                f"{self.decay_steps}: the decay is part of the run, often its last "
                "10 to 20 %"
            )

    def rates(self, t: np.ndarray) -> np.ndarray:
        up = self.lr * ((t + 1) / (self.warmup_steps + 1))
        begin = self.total_steps - self.decay_steps
        x = np.clip((t - begin) / self.decay_steps, 0, 1)
        if self.shape == "cosine":
            down = decay.half_wave(x, self.lr, self.eta_min)
        else:
            fall = 1 - (x if self.shape == "linear" else np.sqrt(x))
            down = self.eta_min + (self.lr - self.eta_min) * fall
        return np.where(t < self.warmup_steps, up, down)


# Clipping -----------------------------------------------------------------------------


def clip_factor(norm: Any, max_norm: float) -> Any:
    """What gradients of this norm are multiplied by: ``min(1, c / (norm + 1e-6))``.

    Args:
        norm: length of all gradients together; a float, or a tensor of any shape.
        max_norm: the longest allowed, c.

    Returns:
        A factor of at most 1: a float for a float, a tensor of its shape for a tensor.

    Source: ``torch.nn.utils.clip_grad_norm_``, whose 1e-6 guards against a norm of 0
    and leaves the clipped norm a little below c.
    """
    factor = max_norm / (norm + 1e-6)
    return factor.clamp(max=1) if isinstance(factor, Tensor) else min(factor, 1.0)


@overload
def clip_by_norm(gradients: Tensors, max_norm: float) -> tuple[Tensors, float]: ...
@overload
def clip_by_norm(
    gradients: Sequence[Tensor], max_norm: float
) -> tuple[list[Tensor], float]: ...
def clip_by_norm(
    gradients: Tensors | Sequence[Tensor], max_norm: float
) -> tuple[Tensors | list[Tensor], float]:
    """Gradients shortened to a norm, if they are longer; their direction is kept.

    With ``norm`` the root of the sum of all squares, over all tensors together::

        clipped = gradients * min(1, max_norm / (norm + 1e-6))

    so that a step of plain SGD is never longer than ``lr * max_norm``.

    Args:
        gradients: tensors by name, or a list of them; any shapes.
        max_norm: the longest norm allowed; positive and finite.

    Returns:
        ``(clipped, norm)``: new tensors, by name or in a list as they came, and the
        norm before clipping, a float, which is worth logging.

    Raises:
        TypeError: ``gradients`` isn't made of tensors, or ``max_norm`` no number.
        ValueError: no gradients; a ``max_norm`` out of range; or a norm that is
            infinite or NaN, which no factor mends. torch's function goes on then, and
            writes NaN into gradients, unless ``error_if_nonfinite=True``.

    Equal to ``torch.nn.utils.clip_grad_norm_``, which works in place on ``.grad``.

    Source: Pascanu, Mikolov and Bengio, ICML 2013, arXiv:1211.5063.
    """
    max_norm = positive("max_norm", max_norm)
    tensors = _tensors(gradients)
    lengths = [torch.linalg.vector_norm(g).to(tensors[0].device) for g in tensors]
    norm = float(torch.linalg.vector_norm(torch.stack(lengths)))
    if not math.isfinite(norm):
        raise ValueError(
            f"gradients have the norm {norm}, which no clipping mends: leave this "
            "update out, and look for the first loss that isn't finite"
        )
    factor = clip_factor(norm, max_norm)
    return _like(gradients, [factor * g for g in tensors]), norm


@overload
def clip_by_value(gradients: Tensors, clip_value: float) -> Tensors: ...
@overload
def clip_by_value(gradients: Sequence[Tensor], clip_value: float) -> list[Tensor]: ...
def clip_by_value(
    gradients: Tensors | Sequence[Tensor], clip_value: float
) -> Tensors | list[Tensor]:
    """Gradients whose every number is brought into ``[-clip_value, clip_value]``.

    Large components are cut and small ones are not, which turns the direction.

    Args:
        gradients: tensors by name, or a list of them; any shapes.
        clip_value: the largest size allowed; positive and finite.

    Returns:
        New tensors, by name or in a list as they came.

    Raises:
        TypeError: ``gradients`` isn't made of tensors, or ``clip_value`` no number.
        ValueError: no gradients, a ``clip_value`` out of range, or a gradient that is
            NaN, which no bound mends.

    Equal to ``torch.nn.utils.clip_grad_value_``, which works in place on ``.grad``.

    Source: Mikolov, PhD thesis, Brno 2012; ``torch.nn.utils.clip_grad_value_``.
    """
    clip_value = positive("clip_value", clip_value)
    tensors = _tensors(gradients)
    if any(g.isnan().any() for g in tensors):
        raise ValueError(
            "gradients hold a NaN, which no clipping mends: leave this update out, and "
            "look for the first loss that isn't finite"
        )
    return _like(gradients, [g.clamp(-clip_value, clip_value) for g in tensors])


def _tensors(gradients: Any) -> list[Tensor]:
    if isinstance(gradients, Tensor) or not isinstance(gradients, Mapping | Sequence):
        raise TypeError(
            f"gradients must be a dict or a list of tensors, got {shown(gradients)} "
            f"({type(gradients).__name__}): write [p.grad for p in model.parameters()]"
        )
    if isinstance(gradients, Mapping):
        tensors = dict(gradients)
    else:
        tensors = dict(enumerate(gradients))
    for name, g in tensors.items():
        if not isinstance(g, Tensor):
            raise TypeError(
                f"gradients[{name!r}] must be a tensor, got {shown(g)}: call this "
                "after loss.backward(), and leave out parameters without a gradient"
            )
    if not tensors:
        raise ValueError(
            f"gradients must not be empty, got {shown(gradients)}: give at least one"
        )
    return list(tensors.values())


def _like(gradients: Any, tensors: list[Tensor]) -> Any:
    if isinstance(gradients, Mapping):
        return dict(zip(gradients, tensors, strict=True))
    return tensors


# Rates that differ within a model -----------------------------------------------------


def parameter_groups(
    model: nn.Module,
    lr: float | Mapping[str, float],
    *,
    layer_decay: float = 1.0,
    layers: Sequence[str] | None = None,
    weight_decay: float | None = None,
) -> list[dict[str, Any]]:
    """Parameter groups for an optimizer of torch, each parameter in exactly one.

    ``torch.optim.AdamW(parameter_groups(model, {"head": 1e-2, "body": 1e-4}))``. With
    ``layer_decay``, the rate shrinks from the output towards the input: in layer i of
    L, counted from 0 at the input::

        rate = lr * layer_decay ** (L - 1 - i)

    Args:
        model: whose parameters. Those that don't require gradients are left out.
        lr: a rate for all, or rates by prefix of the parameters' names.
        layer_decay: factor from one layer to the one below, above 0 and at most 1.
        layers: prefixes of the layers, from the input to the output; if not given, the
            parts of the model that have parameters, in the order in which they were
            made (of a model that is one part, that part's parts).
        weight_decay: of matrices and other tensors with two or more dimensions; biases
            and the scales of norms get 0. Without it the optimizer's own is used.

    Returns:
        Dicts with "name", "params", "lr" and, if given, "weight_decay"; one for each
        pair of prefixes and weight decay, in the order of the parameters.

    Raises:
        TypeError: ``model`` is no module, or a rate no number.
        ValueError: a number out of range; a model without trainable parameters; a
            prefix that fits no trainable parameter; a trainable parameter that none
            fits; or one that is shared by two parts with different rates.

    Source: Howard and Ruder, ACL 2018, arXiv:1801.06146, for rates by layer;
    ``torch.optim``, "Per-parameter options".
    """
    if not isinstance(model, nn.Module):
        raise TypeError(
            f"model must be an nn.Module, got {shown(model)}: pass the model itself"
        )
    rates = _rates(lr)
    factor = share("layer_decay", layer_decay, "1 gives every layer one rate")
    depths = {"": 0} if layers is None and factor == 1 else _depths(model, layers)
    if weight_decay is not None:
        weight_decay = not_negative("weight_decay", weight_decay)
    names = _trainable(model)
    every = [name for shared in names.values() for name in shared]
    prefix_of = _by_prefix("lr", rates, every)
    layer_of = _by_prefix("layers", depths, every)
    groups: dict[tuple[str, str, bool], dict[str, Any]] = {}
    for p, shared in names.items():
        places = {(prefix_of[name], layer_of[name]) for name in shared}
        if len(places) > 1:
            raise ValueError(
                f"parameter {shared[0]!r} is the same as {shared[1]!r}, but the two "
                "have different rates: a shared parameter needs one"
            )
        prefix, layer = places.pop()
        bare = weight_decay is not None and p.dim() < 2
        if (prefix, layer, bare) not in groups:
            rest = "rest" if len(rates) > 1 else ""
            parts = dict.fromkeys((prefix or rest, layer, "no decay" if bare else ""))
            group: dict[str, Any] = {
                "name": " ".join(filter(None, parts)) or "all",
                "params": [],
                "lr": rates[prefix] * factor ** depths[layer],
            }
            if weight_decay is not None:
                group["weight_decay"] = 0.0 if bare else weight_decay
            groups[prefix, layer, bare] = group
        groups[prefix, layer, bare]["params"].append(p)
    return list(groups.values())


@dataclass(frozen=True, init=False, repr=False)
class grouped(UpdateRule):
    """An update rule whose parameters have rates in proportion, by prefix of the name.

    ``grouped(adam(), {"body": 0.1})`` steps the parameters of the body by a tenth of
    the rate, and all others by the rate: what parameter groups of torch with rates in
    that proportion do, and what a sweep can train. A list of such rules, with factors
    that differ, is one sweep over the rates of body and head.

    Args:
        rule: any update rule; all parameters share its other numbers.
        factors: multiples of the rate by prefix, 0 (frozen) or more; 1 for parameters
            that no prefix fits.

    Raises:
        TypeError: ``rule`` is no update rule, or a factor no number.
        ValueError: a factor is negative, infinite or NaN; or, when training starts, a
            prefix fits no parameter.

    A frozen parameter doesn't move, while its gradient still counts in the norm that
    ``sweep(clip=…)`` measures.

    Source: ``torch.optim``, "Per-parameter options".
    """

    rule: UpdateRule
    prefixes: tuple[str, ...]
    multiples: tuple[float, ...]

    def __init__(self, rule: UpdateRule, factors: Mapping[str, float]) -> None:
        if not isinstance(rule, UpdateRule):
            raise TypeError(
                f"rule must be an update rule, got {shown(rule)}: write adam(), or "
                "call another rule of lrlib.adaptive"
            )
        table = _table("factors", factors, not_negative)
        vars(self).update(
            rule=rule,
            prefixes=tuple(table),
            multiples=tuple(table.values()),
            elementwise=rule.elementwise,
        )

    def __repr__(self) -> str:
        factors = dict(zip(self.prefixes, self.multiples, strict=True))
        return f"grouped({self.rule!r}, {factors!r})"

    def init(self, params: Tensors) -> State:
        self._places(params)  # a prefix that fits nothing is found before the training
        return self.rule.init(params)

    def update(
        self, grads: Tensors, state: State, params: Tensors, t: int
    ) -> tuple[Tensors, State]:
        direction, state = self.rule.update(grads, state, params, t)
        for name, place in self._places(params).items():
            direction[name] = self.multiples[place] * direction[name]
        return direction, state

    def _places(self, params: Tensors) -> dict[str, int]:
        """Which factor each parameter has, of those that have one."""
        table = {prefix: i for i, prefix in enumerate(self.prefixes)}
        found = _by_prefix("factors", table, list(params), complete=False)
        return {name: table[prefix] for name, prefix in found.items()}


def _fits(prefix: str, name: str) -> bool:
    return not prefix or name == prefix or name.startswith(prefix + ".")


def _by_prefix(
    argument: str, table: Iterable[str], names: list[str], *, complete: bool = True
) -> dict[str, str]:
    """The longest prefix that fits each name, for those that one fits.

    Raises:
        ValueError: a prefix fits no name, or, if it must be complete, a name has none.
    """
    longest = sorted(table, key=len)
    for prefix in longest:
        if not any(_fits(prefix, name) for name in names):
            parts = list(dict.fromkeys(_prefixes(names)))
            near = difflib.get_close_matches(prefix, parts, n=1, cutoff=0.0)
            raise ValueError(
                f"{argument} has the prefix {prefix!r}, which no trainable parameter "
                f"has: did you mean {near[0]!r}? (Their names: {', '.join(names[:6])}"
                f"{', …' if len(names) > 6 else ''})"
            )
    found = {
        name: prefix for prefix in longest for name in names if _fits(prefix, name)
    }
    missing = [name for name in names if name not in found]
    if missing and complete:
        raise ValueError(
            f"{argument} says nothing of {missing[0]!r}, got the prefixes "
            f"{list(table)}: add its prefix, or '' for all the rest"
        )
    return found


def _prefixes(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        parts = name.split(".")
        yield from (".".join(parts[:n]) for n in range(1, len(parts) + 1))


def _table(argument: str, values: Any, check: Any) -> dict[str, float]:
    """Numbers by prefix, checked."""
    if not isinstance(values, Mapping):
        raise TypeError(
            f"{argument} must be a dict of numbers by prefix, got {shown(values)}: "
            f'write {argument}={{"body": 0.1}}'
        )
    for prefix in values:
        if not isinstance(prefix, str):
            raise TypeError(
                f"{argument} must have names as keys, got {shown(prefix)}: write the "
                'beginning of a parameter\'s name, such as "body"'
            )
    return {
        prefix.rstrip("."): check(f"{argument}[{prefix!r}]", value)
        for prefix, value in values.items()
    }


def _rates(lr: Any) -> dict[str, float]:
    if isinstance(lr, Mapping):
        return _table("lr", lr, positive)
    return {"": positive("lr", lr)}


def _trainable(model: nn.Module) -> dict[nn.Parameter, list[str]]:
    """Each trainable parameter once, with all of its names."""
    names: dict[nn.Parameter, list[str]] = {}
    for name, p in model.named_parameters(remove_duplicate=False):
        if p.requires_grad:
            names.setdefault(p, []).append(name)
    if not names:
        raise ValueError(
            f"model has no trainable parameters, got {type(model).__name__}: call "
            "requires_grad_(True) on what is to be trained"
        )
    return names


def _depths(model: nn.Module, layers: Sequence[str] | None) -> dict[str, int]:
    """How far each layer lies below the last, by prefix."""
    if isinstance(layers, str):
        raise TypeError(
            f"layers must be a list of prefixes, got {shown(layers)}: write "
            'layers=["body", "head"]'
        )
    names = list((_children(model) or [""]) if layers is None else layers)
    return {name: len(names) - 1 - i for i, name in enumerate(names)}


def _children(model: nn.Module, prefix: str = "") -> list[str]:
    """Prefixes of the parts that have trainable parameters."""
    parts = {
        f"{prefix}{name}": part
        for name, part in model.named_children()
        if any(p.requires_grad for p in part.parameters())
    }
    only = next(iter(parts.items())) if len(parts) == 1 else None
    own = any(p.requires_grad for p in model.parameters(recurse=False))
    if only and not own and any(True for _ in only[1].children()):
        return _children(only[1], only[0] + ".")
    return list(parts)


# The rate and the batch ---------------------------------------------------------------


def scaled_rate(lr: float, batch_size: int, new_batch_size: int, rule: str) -> float:
    """The rate for another batch size, by one of the two rules of thumb::

        linear:  lr * new_batch_size / batch_size           for SGD
        sqrt:    lr * sqrt(new_batch_size / batch_size)     for Adam and its kin

    Both keep the noise of training alike, as long as that is what limits the rate.
    A rate that the curvature limits, at 2 / λ, doesn't grow with the batch.

    Args:
        lr: the rate that was good.
        batch_size: examples in an update at that rate, over all devices.
        new_batch_size: examples in an update from now on.
        rule: "linear" or "sqrt".

    Raises:
        TypeError: a number or string is something else, a size not whole.
        ValueError: an argument out of range, or another rule.

    Source: Goyal et al. 2017, arXiv:1706.02677, for SGD; Malladi et al., NeurIPS 2022,
    arXiv:2205.10287, for Adam.
    """
    ratio = whole("new_batch_size", new_batch_size, at_least=1) / whole(
        "batch_size", batch_size, at_least=1
    )
    if one_of("rule", rule, ("linear", "sqrt")) == "sqrt":
        ratio = math.sqrt(ratio)
    return positive("lr", lr) * ratio


def _from_1(name: str, value: Any) -> float:
    if not 1 <= number(name, value) < math.inf:
        raise ValueError(
            f"{name} must be 1 or more and finite, got {shown(value)}: it says how "
            "many times smaller a rate is"
        )
    return float(value)
