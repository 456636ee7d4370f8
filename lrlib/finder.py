"""A learning-rate range test that leaves everything as it found it.

The rate of each update is larger than that of the one before, by the same factor, from
far too small to far too large. While it is too small, the loss stays; then it falls;
then it rises, because the rate is too large. A rate below that rise is a good one to
train with. The weights of such a run are worth nothing, so model, optimizer and random
state are put back whichever way the test ends; and where the curve doesn't say which
rate is good, neither does the suggestion.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import LBFGS, Optimizer
from tqdm.auto import tqdm

from lrlib.arguments import fraction, positive, shown, true_or_false, whole
from lrlib.restoring import left_as_found

if TYPE_CHECKING:
    from lrlib.plots import Figure

Loss = Callable[[Any, Any], Tensor]
FEWEST = 10  # losses that the noise of the batches is judged from
WIDTH = 0.2  # decades within which the curve is smoothed for reading
MOST, FACTOR = 0.98, 2.0  # of the fall, and how far below that rate to stay


@dataclass(frozen=True)
class Suggestion:
    """A learning rate with the reason for it, or no rate with the reason for that.

    Attributes:
        rate: of the parameter group with the largest rate; None if the curve doesn't
            say.
        reason: a sentence with the measured numbers, and where there is no rate, what
            to change.
    """

    rate: float | None
    reason: str

    def __repr__(self) -> str:
        rate = "no rate" if self.rate is None else f"{self.rate:.3g}"
        return f"{rate}: {self.reason}"

    def _repr_markdown_(self) -> str:
        return repr(self)  # as prose, whose lines a page can break


@dataclass(frozen=True, eq=False, repr=False)
class RangeTest:
    """What a range test recorded of T updates; prints as a short text.

    Attributes:
        rates: ``[T]``, float64: the rate of each update, for the group with the
            largest. With the last no update was made if it was too much.
        losses: ``[T]``, float64: the loss of each update's batches, before the update.
            All are finite.
        smoothed: ``[T]``, the losses smoothed with bias correction, as the sweep saw
            them: ``s[t] = Σ βʲ loss[t-j] / Σ βʲ`` over j = 0 … t. It lags behind.
        smoothing: β.
        stopped: why and at which rate the sweep ended, as a sentence.
        exploded: whether it was stopped by the loss, not by the end of its range.
        suggestion: the rate to train with, and the reason.
    """

    rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray
    smoothing: float
    stopped: str
    exploded: bool
    suggestion: Suggestion

    @property
    def lag(self) -> float:
        """By how many updates ``smoothed`` is behind on a steady slope: β / (1 - β).

        That is the mean age of what is averaged. Early on there are fewer losses to
        average and the lag is less: ``β / (1 - β) - n βⁿ / (1 - βⁿ)`` after n of them.
        """
        return self.smoothing / (1 - self.smoothing)

    @property
    def lag_decades(self) -> float:
        """The lag as a distance on the axis of rates, in factors of ten."""
        return self.lag * float(np.diff(np.log10(self.rates[:2])).sum())

    @property
    def centred(self) -> np.ndarray:
        """The finished curve smoothed to both sides, ``[T]``: it lags by nothing.

        The suggestion is read from it. What is above the highest of the first ten
        losses counts as that, so that an explosion doesn't reach back.
        """
        if len(self.rates) < 2:
            return self.losses
        return _Curve(self.rates, self.losses).smooth

    def __repr__(self) -> str:
        return "\n".join(f"{name:<10}  {text}" for name, text in self._rows())

    def _repr_markdown_(self) -> str:
        return "\n".join(f"- **{name}**: {text}" for name, text in self._rows())

    def _rows(self) -> Iterator[tuple[str, str]]:
        seen = f"{len(self.rates)} updates"
        if len(self.rates):
            seen += f", rates {self.rates[0]:.3g} to {self.rates[-1]:.3g}"
        yield "range test", seen
        yield "stopped", self.stopped
        yield "suggestion", f"{self.suggestion!r}"
        yield (
            "smoothing",
            f"{self.smoothing:g}, which lags by {self.lag:.3g} updates, "
            f"{self.lag_decades:.2g} decades of rate; the suggestion does without",
        )

    def plot(self) -> Figure:
        """Losses against rate, with the suggestion; see ``plots.range_test``."""
        from lrlib import plots  # here, because matplotlib takes a while to load

        return plots.range_test(self)


def range_test(
    model: nn.Module,
    optimizer: Optimizer,
    loss: Loss,
    loader: Iterable[Any],
    *,
    min_lr: float = 1e-7,
    max_lr: float = 10.0,
    steps: int = 100,
    smoothing: float = 0.9,
    threshold: float = 4.0,
    accumulation: int = 1,
    device: torch.device | str | None = None,
    progress: bool = True,
) -> RangeTest:
    """Train at rates from far too small to far too large, and put everything back.

    Update ``k`` of ``steps`` is made with the rate ::

        min_lr * (max_lr / min_lr) ** (k / (steps - 1))

    Where the optimizer has several parameter groups, the one with the largest rate
    follows that, and the others keep their ratio to it, as with
    :func:`lrlib.schedules.as_scheduler`. Everything else is the optimizer's own.

    The sweep ends early at a loss that is not finite, before an update is made from it,
    and when the loss explodes: when its smoothed curve has risen above its lowest point
    so far by more than ``threshold`` times the larger of its fall to that point and the
    noise of the batches, as estimated, plus two standard errors. Such a rule works near
    0 and below it too, and is the same for a loss in other units or with a constant
    added.

    A model in training mode is used as it is, so that layers you have frozen with
    ``eval()`` stay frozen; a model in evaluation mode is trained with ``train()``.
    :func:`lrlib.restoring.left_as_found` says what is put back, and what that costs.

    Args:
        model: any ``nn.Module``, on its own device or devices.
        optimizer: any of ``torch.optim``, over parameters of the model. Its state is
            where the sweep starts; one that has trained already may go on afterwards.
        loss: function ``(outputs, targets) -> tensor`` of one number, the mean over the
            batch. An ``nn.Module`` such as ``nn.CrossEntropyLoss()`` is one.
        loader: a DataLoader or a list, whose batches are pairs ``(inputs, targets)``.
            Inputs that are a tuple or list are passed as ``model(*inputs)``, a dict as
            ``model(**inputs)``, anything else as ``model(inputs)``. Targets go to the
            loss as they are. A model that computes its own loss needs the batches
            ``(inputs, None)`` and ``loss=lambda outputs, targets: outputs``. When it
            comes to its end the loader starts again.
        min_lr: the first rate, positive.
        max_lr: the last rate, above min_lr.
        steps: the updates of the whole range; 10 or more.
        smoothing: β in [0, 1), the weight of the past in the smoothed curve.
        threshold: how great a rise is an explosion; positive.
        accumulation: batches averaged in each update.
        device: where the batches are moved to; by default where the model's first
            parameter is. The model is moved nowhere.
        progress: whether to show a bar when it takes longer than a second. The
            environment variable ``TQDM_DISABLE`` hides it too.

    Returns:
        A RangeTest, whose ``suggestion`` is a rate or None, with its reason.

    Raises:
        TypeError, ValueError: an argument of another kind or out of range, a loader
            that can't start again or is empty, batches that aren't pairs, a loss that
            isn't one number.

    Source: Smith 2017 (arXiv:1506.01186), for the range test. How the end of the sweep
    and the suggestion are chosen was decided here, by experiment.
    """
    sweep = _Sweep(
        _checked_model(model, optimizer, loss),
        optimizer,
        loss,
        _checked_rates(min_lr, max_lr, steps),
        fraction("smoothing", smoothing, "0 smooths nothing, 0.9 is common"),
        positive("threshold", threshold),
        whole("accumulation", accumulation, at_least=1),
        _device(model, device),
    )
    _check_loader(loader)
    # The bar for notebooks overlooks tqdm's own switch.
    hidden = not true_or_false("progress", progress) or os.environ.get("TQDM_DISABLE")
    with (
        left_as_found(model, optimizer, loss, loader=loader),
        tqdm(
            total=steps, delay=1, leave=False, unit="step", disable=bool(hidden)
        ) as bar,
    ):
        sweep.run(loader, bar.update)
    return sweep.result()


@dataclass
class _Sweep:
    """A range test on its way: the losses so far, and what comes of the next update."""

    model: nn.Module
    optimizer: Optimizer
    loss: Loss
    rates: np.ndarray
    smoothing: float
    threshold: float
    accumulation: int
    device: torch.device
    losses: list[float] = field(default_factory=list)
    smoothed: list[float] = field(default_factory=list)
    stopped: str = ""
    exploded: bool = False

    def run(self, loader: Iterable[Any], after_update: Callable[[], object]) -> None:
        """Train until the end of the range or of sense; changes model and optimizer."""
        if not self.model.training:
            self.model.train()
        share = _shares(self.optimizer)
        with (
            closing(_endless(loader)) as batches,
            torch.inference_mode(False),
            torch.enable_grad(),
        ):
            for rate in self.rates:
                for group, part in zip(self.optimizer.param_groups, share, strict=True):
                    _set_rate(group, float(rate) * part)
                if not self.update(batches, float(rate)):
                    return
                after_update()
        self.stopped = f"It went through the whole range, to {self.rates[-1]:.3g}."

    def update(self, batches: Iterator[Any], rate: float) -> bool:
        """Make one update, and return whether there should be another."""
        now = [
            _moved(_pair(next(batches)), self.device) for _ in range(self.accumulation)
        ]
        value = self.gradients(now)
        if not math.isfinite(value):
            self.stopped = f"The loss was {value} at the rate {rate:.3g}."
            self.exploded = True
            return False
        self.losses.append(value)
        self.smoothed.append(_last_average(self.losses, self.smoothing))
        if rise := self.explosion():
            self.stopped = f"The loss exploded at the rate {rate:.3g}: {rise}."
            self.exploded = True
            return False
        if isinstance(self.optimizer, LBFGS):  # it asks for the loss several times
            self.optimizer.step(lambda: self.gradients(now))
        else:
            self.optimizer.step()
        return True

    def gradients(self, batches: list[tuple[Any, Any]]) -> float:
        """Compute the mean loss of some batches, and its gradient."""
        self.optimizer.zero_grad()
        total = 0.0
        for inputs, targets in batches:
            part = _one_number(self.loss(_outputs(self.model, inputs), targets))
            part = part / len(batches)
            part.backward()
            total += float(part.detach())
        return total

    def explosion(self) -> str:
        """How far the loss has risen, in words, if that is an explosion."""
        best = min(self.smoothed)
        rise, fall = self.smoothed[-1] - best, self.smoothed[0] - best
        if len(self.losses) < FEWEST or not rise > self.threshold * fall:
            return ""
        usual = self.losses[: max(int(np.argmin(self.smoothed)), FEWEST)]
        # What few losses say of it may be too low: two standard errors are added.
        noise = _noise(np.array(usual)) * (1 + 2 / math.sqrt(len(usual) - 2))
        if not rise > self.threshold * max(fall, noise):
            return ""
        return (
            f"its smoothed curve rose from {best:.3g} to {self.smoothed[-1]:.3g}, by "
            f"more than {self.threshold:g} times its fall of {fall:.3g} and its noise "
            f"of {noise:.3g}"
        )

    def result(self) -> RangeTest:
        losses = np.array(self.losses)
        rates = self.rates[: len(losses)]
        return RangeTest(
            rates,
            losses,
            np.array(self.smoothed),
            self.smoothing,
            self.stopped,
            self.exploded,
            suggest(rates, losses, self.exploded),
        )


def _endless(loader: Iterable[Any]) -> Generator[Any, None, None]:
    """The batches of a loader, again and again."""
    while True:
        empty = True
        for batch in loader:
            empty = False
            yield batch
        if empty:
            raise ValueError(
                "loader must have a batch whenever it starts, got none from "
                f"{shown(loader)}: check that it isn't empty, and that drop_last "
                "doesn't drop it all"
            )


def _pair(batch: Any) -> tuple[Any, Any]:
    if not isinstance(batch, tuple | list) or len(batch) != 2:
        raise ValueError(
            f"loader must give pairs (inputs, targets), got a {type(batch).__name__}"
            f"{f' of {len(batch)}' if hasattr(batch, '__len__') else ''}: put several "
            "inputs into a tuple or dict, and write (inputs, None) if there are no "
            "targets"
        )
    return batch[0], batch[1]


def _moved(value: Any, device: torch.device) -> Any:
    """A batch on a device, with the tuples, lists and dicts that it is made of."""
    if hasattr(value, "to"):  # a tensor, or a batch class of some other library
        return value.to(device)
    if isinstance(value, dict):
        return {key: _moved(part, device) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_moved(part, device) for part in value]
    return value


def _outputs(model: nn.Module, inputs: Any) -> Any:
    if isinstance(inputs, dict):
        return model(**inputs)
    if isinstance(inputs, list):  # as _moved gives it
        return model(*inputs)
    return model(inputs)


def _one_number(value: Any) -> Tensor:
    if not isinstance(value, Tensor) or value.numel() != 1:
        got = getattr(value, "shape", value)
        raise ValueError(
            f"loss must give a tensor of one number, got {shown(got)}: average over "
            "the examples, as reduction='mean' does"
        )
    if not value.requires_grad:
        raise ValueError(
            f"loss must depend on the parameters, got {shown(value)} without a gradient"
            ": leave out detach(), item() and no_grad()"
        )
    return value.reshape(())


def _shares(optimizer: Optimizer) -> list[float]:
    """The rate of each parameter group, relative to the largest."""
    rates = [float(group["lr"]) for group in optimizer.param_groups]
    return [rate / max(rates) for rate in rates]


def _set_rate(group: dict[str, Any], rate: float) -> None:
    if isinstance(group["lr"], Tensor):
        group["lr"].fill_(rate)
    else:
        group["lr"] = rate


def _checked_model(model: Any, optimizer: Any, loss: Any) -> nn.Module:
    """Return the model, if it and its optimizer and loss can be trained together."""
    if not isinstance(model, nn.Module):
        raise TypeError(
            f"model must be an nn.Module, got {shown(model)}: pass the module"
        )
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"optimizer must be one of torch.optim, got {shown(optimizer)}: write "
            "torch.optim.SGD(model.parameters(), lr=0.1)"
        )
    if not callable(loss):
        raise TypeError(
            f"loss must be a function of (outputs, targets), got {shown(loss)}: "
            "pass one such as torch.nn.functional.cross_entropy"
        )
    parts = [model, loss] if isinstance(loss, nn.Module) else [model]
    tensors = [*(p for part in parts for p in part.parameters()), *model.buffers()]
    if any(nn.parameter.is_lazy(tensor) for tensor in tensors):
        raise ValueError(
            f"model must have its shapes, got {type(model).__name__} with lazy "
            "parameters: pass one batch through it, then build the optimizer"
        )
    trained = {id(tensor) for tensor in tensors if tensor.requires_grad}
    if not trained:
        raise ValueError(
            f"model must have a trainable parameter, got {type(model).__name__} with "
            "none: set requires_grad of those to be trained"
        )
    groups = optimizer.param_groups
    if not any(id(p) in trained for group in groups for p in group["params"]):
        raise ValueError(
            "optimizer must train parameters of the model, got one with none of them: "
            "build it from model.parameters(), after anything that replaces them"
        )
    rates = [float(group["lr"]) for group in groups]
    if not 0 < max(rates) < math.inf or min(rates) < 0:
        raise ValueError(
            f"optimizer must have a positive rate in some group, got {rates}: give it "
            "rates, whose ratios are kept"
        )
    return model


def _checked_rates(min_lr: Any, max_lr: Any, steps: Any) -> np.ndarray:
    low, high = positive("min_lr", min_lr), positive("max_lr", max_lr)
    if low >= high:
        raise ValueError(
            f"min_lr must be below max_lr, got {min_lr!r} and {max_lr!r}: swap them, "
            "or widen the range"
        )
    number = whole("steps", steps, at_least=FEWEST)
    return low * (high / low) ** (np.arange(number) / (number - 1))


def _check_loader(loader: Any) -> None:
    if not isinstance(loader, Iterable) or isinstance(loader, str | Tensor | dict):
        raise TypeError(
            f"loader must give batches, got {shown(loader)}: pass a DataLoader, or a "
            "list of pairs (inputs, targets)"
        )
    if isinstance(loader, Iterator):
        raise TypeError(
            f"loader must be able to start again, got {shown(loader)}: what an "
            "iterator has given can't be put back; pass the DataLoader itself, or a "
            "list"
        )
    if isinstance(loader, list | tuple) and not loader:
        raise ValueError(
            f"loader must have a batch, got {shown(loader)}: give at least one"
        )


def _device(model: nn.Module, device: Any) -> torch.device:
    if device is None:
        return next(model.parameters()).device
    return torch.device(device)


def _last_average(losses: list[float], smoothing: float) -> float:
    """The weighted mean of the losses, in which an older one weighs less."""
    weights = smoothing ** np.arange(len(losses))[::-1]
    return float(np.average(losses, weights=weights))


def _noise(losses: np.ndarray) -> float:
    """Standard deviation of the losses from batch to batch, about their curve.

    Of three losses in a row, the middle one minus the mean of the others: a steady
    slope cancels.
    """
    middle = losses[1:-1] - (losses[:-2] + losses[2:]) / 2
    return float(math.sqrt((middle**2).mean() / 1.5))


def suggest(rates: np.ndarray, losses: np.ndarray, exploded: bool) -> Suggestion:
    """Read a suggestion off the curve of a range test; the rule of ``range_test``.

    The finished curve is smoothed to both sides alike, which has no lag, with weights
    that fall by a factor of e in about a fifth of a decade. From what it was over the
    first ten updates, it falls to its lowest point. The suggestion is half of the
    rate at which 98 % of that fall was done, or as much as the noise lets one tell: all
    but 1.5 times the uncertainty of the smoothed curve.

    That alone may be too large: where most of the loss of a bowl lies in its flat
    directions, the steepest has begun to diverge unseen by then. The explosion shows by
    how much: in a bowl of curvature λ, gradient descent at a rate η beyond the limit
    2/λ multiplies the loss by ``g = (η λ - 1)²`` each update, so that the limit is
    ``2 η / (1 + √g)``. The suggestion is at most two thirds of that.

    There is none where the rates are more than a factor of 2 apart, the loss falls by
    less than five times the uncertainty of the smoothed curve, is still falling at the
    end of the range, or where the suggestion would be below the first rate.

    Args:
        rates: ``[T]``, each larger than the one before by the same factor.
        losses: ``[T]``, finite.
        exploded: whether the sweep was ended by the loss.

    Source: chosen here, on half of the problems it was tried on, and checked on the
    others.
    """
    n = len(losses)
    if n < FEWEST:
        return Suggestion(
            None,
            f"It stopped after {n} updates, too few for a curve. Lower min_lr, or look "
            "for what makes the loss infinite at any rate.",
        )
    apart = float(rates[1] / rates[0])
    if apart > 2:
        return Suggestion(
            None,
            f"The rates are a factor of {apart:.2g} apart, too far to tell the good "
            "from the bad. Raise steps, or narrow the range.",
        )
    curve = _Curve(rates, losses)
    if reason := curve.says_nothing(exploded):
        return Suggestion(None, reason)
    rate, reason = curve.half()
    limit, growth = curve.limit()
    if limit / 1.5 < rate:
        rate = limit / 1.5
        reason = (
            f"two thirds of {limit:.2g}, the stability limit of a bowl whose loss "
            f"grows {growth:.2g}-fold in an update, as it did when it exploded at "
            f"{rates[-2]:.2g}."
        )
    if rate < rates[0]:
        return Suggestion(
            None,
            f"It would be {rate:.2g}, below the first rate, {rates[0]:.2g}: {reason} "
            "Lower min_lr, so that the curve begins where the loss is level.",
        )
    return Suggestion(rate, reason)


class _Curve:
    """The losses of a sweep, smoothed without lag, and their fall."""

    def __init__(self, rates: np.ndarray, losses: np.ndarray) -> None:
        self.rates, self.losses = rates, losses
        width = WIDTH / math.log10(rates[1] / rates[0])
        beside = np.abs(np.subtract.outer(np.arange(len(losses)), range(len(losses))))
        weights = np.exp(-beside / width)
        weights /= weights.sum(axis=1, keepdims=True)
        # An explosion is cut off: it would reach back into the fall.
        self.smooth = weights @ np.minimum(losses, losses[:FEWEST].max())
        self.top = float(np.median(self.smooth[:FEWEST]))
        self.lowest = int(self.smooth.argmin())
        self.bottom = float(self.smooth[self.lowest])
        self.fall = self.top - self.bottom
        self.noise = _noise(losses[: max(self.lowest, FEWEST)])
        middle = weights[len(losses) // 2]
        self.uncertainty = self.noise * math.sqrt(float(middle @ middle))
        # Where batches differ, what is hardly lower counts as the lowest too.
        self.margin = max((1 - MOST) * self.fall, 1.5 * self.uncertainty)
        self.done = int(np.argmax(self.smooth <= self.bottom + self.margin))

    def says_nothing(self, exploded: bool) -> str:
        """Why the curve doesn't say which rate is good, if it doesn't."""
        last = self.rates[-1]
        tiny = 1e-9 * abs(self.top)  # of rounding, where there is no noise
        if self.fall <= max(5 * self.uncertainty, tiny):
            if self.falls_at_once():
                return (
                    f"The loss falls from the first rates on, {self.rates[0]:.2g} and "
                    "the next, so that the curve has no level to begin with. Lower "
                    "min_lr."
                )
            if exploded and self.lowest < FEWEST:
                return (
                    f"The loss rises from the first rates on, {self.rates[0]:.2g} and "
                    "the next: none of them was small enough. Lower min_lr."
                )
            return (
                f"The smoothed loss falls from {self.top:.3g} to {self.bottom:.3g}, and"
                f" batches differ by {self.noise:.2g} (one standard deviation): too "
                "little to tell from chance. Use larger batches, accumulation or more "
                "steps, or raise max_lr if the loss never moves."
            )
        rises = self.smooth[-1] - self.bottom > 2 * self.margin
        if not exploded and not rises and self.rates[self.done] > last / FACTOR:
            return (
                f"The loss is still falling at the last rate, {last:.2g}: from "
                f"{self.top:.3g} to {self.smooth[-1]:.3g} there. Raise max_lr."
            )
        return ""

    def falls_at_once(self) -> bool:
        """Whether most of the fall was over after five updates."""
        soon, start = self.losses[5 : max(self.lowest, 2 * FEWEST)], self.losses[0]
        fall = start - float(np.median(soon[:5]))
        whole = start - self.losses.min()
        return bool(len(soon) > 2 and fall > max(5 * _noise(soon), whole / 2))

    def half(self) -> tuple[float, str]:
        """Half of the rate at which most of the fall was done."""
        at = float(self.rates[self.done])
        share = (self.top - float(self.smooth[self.done])) / self.fall
        percent = math.floor(100 * share)  # 99.7 % isn't all of it
        return at / FACTOR, (
            f"half of {at:.2g}, where the smoothed loss had made {percent}% of its "
            f"fall from {self.top:.3g} to {self.bottom:.3g}."
        )

    def limit(self) -> tuple[float, float]:
        """The stability limit that an explosion tells of, and its growth by update."""
        before, after = self.losses[-2:] - self.bottom
        if after <= max(2 * self.fall, before):
            return math.inf, 1.0
        growth = after / max(before, 0.1 * self.fall)
        return float(2 * self.rates[-2] / (1 + math.sqrt(growth))), float(growth)
