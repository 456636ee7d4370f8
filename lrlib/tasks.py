"""The tiny problems on which the course trains: each a model, a loss and its data.

A task is deterministic: its initial parameters depend on a seed, and batch number
``step`` depends on ``(step, seed)`` alone. Nothing is downloaded.
"""

from __future__ import annotations

import copy
import functools
import importlib.util
import math
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lrlib.arguments import (
    LARGEST_SEED,
    not_negative,
    number,
    one_of,
    real_array,
    true_or_false,
    whole,
)

Tensors = dict[str, Tensor]
Batch = tuple[Tensor, ...]


class Task(ABC):
    """A model, a loss, seeded batches and a held-out set.

    Attributes:
        name: what the task is called in tables.
        broadcasts: whether ``loss`` also takes parameters with a leading model axis,
            giving one loss for each model. Where it doesn't, ``losses`` uses vmap.
        chunk: how many models a sweep trains together; few enough that they fit in
            the processor's cache.
    """

    name: str
    broadcasts: bool = False
    chunk: int = 64

    @abstractmethod
    def init(self, seed: int) -> Tensors:
        """The parameters that training starts from, by name; of one model.

        Their shapes are those of the model, without a leading axis, and the same for
        every seed.
        """

    @abstractmethod
    def batch(self, step: int, seed: int) -> Batch:
        """The tensors of batch number ``step``, counted from 0.

        Of data, ``(inputs [batch_size, ...], targets [batch_size, ...])``; their shapes
        are the same at every step.
        """

    @abstractmethod
    def training_set(self) -> Batch:
        """All training data as one batch."""

    @abstractmethod
    def loss(self, params: Tensors, batch: Batch) -> Tensor:
        """The loss of one model on a batch: a scalar tensor, shape ``[]``.

        With ``broadcasts``, parameters ``[K, ...]`` give losses ``[K]``, on a batch
        that all share or on tensors ``[K, ...]``, a batch for each.
        """

    @abstractmethod
    def validation_loss(self, params: Tensors) -> Tensor:
        """The loss of one model on held-out data: a scalar tensor, shape ``[]``.

        With ``broadcasts``, parameters ``[K, ...]`` give ``[K]``.
        """

    def checked_loss(self, params: Tensors, batch: Batch) -> Tensor:
        """``loss``, after which the task must be as it was before.

        Raises:
            ValueError: computing the loss changed the task, so that the models of a
                sweep, which share it, would not be independent.
        """
        return self.loss(params, batch)

    def losses(self, params: Tensors, batch: Batch, batch_axis: int | None) -> Tensor:
        """The losses ``[K]`` of K models, whose parameters are stacked.

        Args:
            params: tensors ``[K, ...]``.
            batch: the tensors of one batch for all models, or ``[K, ...]``.
            batch_axis: None if the models share the batch, 0 if each has its own.
        """
        if self.broadcasts:
            return self.loss(params, batch)
        stacked = torch.vmap(self.loss, in_dims=(0, batch_axis), randomness="different")
        return stacked(params, batch)

    def losses_and_gradients(
        self, params: Tensors, batch: Batch
    ) -> tuple[Tensor, Tensors] | None:
        """Both in closed form, for stacked models; None leaves them to autograd."""
        return None

    def validation_losses(self, params: Tensors) -> Tensor:
        """The held-out losses ``[K]`` of K models, whose parameters are stacked."""
        if self.broadcasts:
            return self.validation_loss(params)
        return torch.vmap(self.validation_loss, randomness="different")(params)


def row_products(left: Tensor, right: Tensor) -> Tensor:
    """The scalar product along the last axis: ``[..., n]`` twice -> ``[...]``."""
    # As a product with ones: on rows of a few numbers, and on rows of thousands, it
    # is faster than torch's own reductions over the last axis.
    return (left * right) @ left.new_ones(left.shape[-1])


class Quadratic(Task):
    """A bowl ``loss(x) = x·H·x / 2``; see :func:`quadratic`."""

    broadcasts = True
    chunk = 4096  # a model is a handful of numbers

    def __init__(
        self,
        name: str,
        hessian: np.ndarray,
        start: np.ndarray,
        noise: float,
    ) -> None:
        self.name = name
        self.hessian = torch.tensor(hessian)
        self.start = torch.tensor(start)
        self.noise = noise
        self._centre_of = torch.linalg.pinv(self.hessian) * -noise
        self._block = functools.lru_cache(maxsize=256)(self._centres)

    def __repr__(self) -> str:
        return self.name

    def init(self, seed: int) -> Tensors:
        return {"x": self.start.clone()}

    def _centres(self, block: int, seed: int) -> Tensor:
        normal = np.random.default_rng((seed, block)).standard_normal(
            (BLOCK, len(self.start))
        )
        return torch.tensor(normal) @ self._centre_of

    def batch(self, step: int, seed: int) -> Batch:
        if not self.noise:
            return ()
        return (self._block(step // BLOCK, seed)[step % BLOCK],)

    def training_set(self) -> Batch:
        return ()

    def losses_and_gradients(
        self, params: Tensors, batch: Batch
    ) -> tuple[Tensor, Tensors]:
        offset = params["x"] - batch[0] if batch else params["x"]
        gradient = offset @ self.hessian
        return row_products(offset, gradient) / 2, {"x": gradient}

    def loss(self, params: Tensors, batch: Batch) -> Tensor:
        return self.losses_and_gradients(params, batch)[0]

    def validation_loss(self, params: Tensors) -> Tensor:
        return self.loss(params, ())


BLOCK = 1024  # batches of noise that are drawn at once


def quadratic(
    curvature: float | Sequence[float],
    start: float | Sequence[float] | None = None,
    *,
    angle: float = 0.0,
) -> Quadratic:
    """A parabola or a bowl with chosen curvature: ``loss(x) = x·H·x / 2``.

    The gradient is ``H·x``; the lowest point is 0. Its parameters are
    ``{"x": tensor [d]}`` in float64.

    Args:
        curvature: a number (d = 1), or the d eigenvalues of H.
        start: where training starts, d numbers; ones if not given.
        angle: turns a bowl with d = 2 counter-clockwise, in degrees.

    Raises:
        TypeError, ValueError: a curvature, start or angle that isn't a finite number,
            lengths that differ, an angle for d ≠ 2.

    Source: Goh, "Why Momentum Really Works", Distill 2017, which reads off such bowls
    what a rate does.
    """
    eigenvalues, x = _bowl(curvature, start)
    hessian = np.diag(eigenvalues)
    if not math.isfinite(number("angle", angle)):
        raise ValueError(f"angle must be finite, got {angle!r}: give it in degrees")
    if angle:
        if len(eigenvalues) != 2:
            raise ValueError(
                f"angle turns a bowl with 2 curvatures, got {len(eigenvalues)}: "
                "leave it at 0"
            )
        c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        turn = np.array([[c, -s], [s, c]])
        hessian = turn @ hessian @ turn.T
    turned = f", angle={angle:g}" if angle else ""
    return Quadratic(f"quadratic({_text(curvature)}{turned})", hessian, x, 0.0)


def noisy_quadratic(
    curvature: float | Sequence[float],
    noise: float = 1.0,
    batch_size: int = 1,
    start: float | Sequence[float] | None = None,
) -> Quadratic:
    """A parabola or bowl whose gradient is seen through noise.

    The gradient of a batch is ``H·x + e``, where ``e`` is normal with the standard
    deviation ``noise / sqrt(batch_size)`` in each coordinate: every batch sees the
    bowl moved sideways, ``loss(x) = (x - c)·H·(x - c) / 2`` with ``c = -e / H``.
    ``validation_loss`` is that of the bowl at rest, ``x·H·x / 2``.

    Args:
        curvature: a number (d = 1), or the d eigenvalues of H; all positive.
        noise: standard deviation of the gradient of a single example.
        batch_size: examples whose gradients are averaged in one batch.
        start: where training starts, d numbers; ones if not given.

    Raises:
        TypeError, ValueError: arguments that aren't positive numbers or don't fit
            together.

    Source: Schaul, Zhang and LeCun, ICML 2013 (arXiv:1206.1106); Zhang et al., NeurIPS
    2019 (arXiv:1907.04164).
    """
    eigenvalues, x = _bowl(curvature, start)
    size = whole("batch_size", batch_size, at_least=1)
    if not (eigenvalues > 0).all():
        raise ValueError(f"curvature must be positive, got {curvature!r}")
    if not 0 < number("noise", noise) < math.inf:
        raise ValueError(
            f"noise must be positive and finite, got {noise!r}: "
            "use tasks.quadratic for a bowl without noise"
        )
    name = f"noisy_quadratic({_text(curvature)}, noise={noise:g}, batch_size={size})"
    return Quadratic(name, np.diag(eigenvalues), x, noise / math.sqrt(size))


def _text(curvature: float | Sequence[float] | np.ndarray) -> str:
    values = np.atleast_1d(curvature)
    text = ", ".join(f"{value:g}" for value in values)
    return text if np.ndim(curvature) == 0 else f"[{text}]"


def _bowl(
    curvature: float | Sequence[float], start: float | Sequence[float] | None
) -> tuple[np.ndarray, np.ndarray]:
    eigenvalues = np.atleast_1d(real_array("curvature", curvature))
    if eigenvalues.ndim > 1 or not eigenvalues.size:
        raise ValueError(
            f"curvature must be a number or a list of eigenvalues, got {curvature!r}"
        )
    if not np.isfinite(eigenvalues).all():
        raise ValueError(f"curvature must be finite, got {curvature!r}")
    x = np.ones_like(eigenvalues)
    if start is not None:
        x = np.atleast_1d(real_array("start", start))
    if x.shape != eigenvalues.shape:
        raise ValueError(
            f"start must have {len(eigenvalues)} numbers, one for each curvature, "
            f"got {start!r}"
        )
    if not np.isfinite(x).all():
        raise ValueError(f"start must be finite, got {start!r}")
    return eigenvalues, x


class Supervised(Task):
    """A module trained on inputs and targets; see :func:`supervised`."""

    def __init__(
        self,
        model: nn.Module | Callable[[], nn.Module],
        loss: Callable[[Tensor, Tensor], Tensor],
        inputs: Tensor,
        targets: Tensor,
        *,
        batch_size: int | None,
        validation: tuple[Tensor, Tensor] | None,
        name: str,
    ) -> None:
        if not callable(model):  # a Module is callable too
            raise TypeError(
                f"model must be an nn.Module or a function that builds one, got "
                f"{model!r}: pass the module itself"
            )
        if not callable(loss):
            raise TypeError(
                f"loss must be a function of (outputs, targets), got {loss!r}: pass "
                "one such as nn.functional.cross_entropy"
            )
        _check_pair("inputs", inputs, "targets", targets)
        if validation is not None:
            if not isinstance(validation, tuple | list) or len(validation) != 2:
                raise TypeError(
                    f"validation must be a pair of tensors, got {validation!r}: write "
                    "validation=(inputs, targets)"
                )
            _check_pair("validation[0]", validation[0], "validation[1]", validation[1])
        if batch_size is not None:
            whole("batch_size", batch_size, at_least=1)
            if batch_size > len(inputs):
                raise ValueError(
                    f"batch_size must be at most the {len(inputs)} examples, got "
                    f"{batch_size}: use batch_size=None for all of them"
                )
        self.name = name
        self.batch_size = batch_size or len(inputs)
        # A copy, so that training the caller's module later leaves the task alone.
        self._build = copy.deepcopy(model) if isinstance(model, nn.Module) else model
        self._criterion = loss
        self._data = (inputs, targets)
        self._validation = validation
        self._order = functools.lru_cache(maxsize=256)(self._shuffled)
        self._module = self._make(0)
        if not any(p.requires_grad for p in self._module.parameters()):
            raise ValueError(
                f"model has no trainable parameters, got {type(self._module).__name__}:"
                " pass a module with parameters that require gradients"
            )
        for path, module in self._module.named_modules():
            if getattr(module, "running_mean", None) is not None:
                raise ValueError(
                    f"model has running statistics in {path!r} "
                    f"({type(module).__name__}), which K models trained together "
                    "can't update: use track_running_stats=False, GroupNorm or "
                    "LayerNorm"
                )

    def __repr__(self) -> str:
        return self.name

    def _make(self, seed: int) -> nn.Module:
        if isinstance(self._build, nn.Module):
            return copy.deepcopy(self._build)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            module = self._build()
        if not isinstance(module, nn.Module):
            raise TypeError(
                f"model must build an nn.Module, got {module!r}: return the module"
            )
        return module

    def init(self, seed: int) -> Tensors:
        module = self._make(seed)
        shared = _fixed(self._module)
        for name, value in _fixed(module).items():
            if name not in shared or not _same(value, shared[name]):
                raise ValueError(
                    f"model must have the same {name!r} under every seed, got another "
                    f"one under seed {seed}: what isn't trained is shared by all runs; "
                    "draw it before, outside the function that builds the model, or "
                    "make it a parameter that requires gradients"
                )
        return {
            name: p.detach().clone()
            for name, p in module.named_parameters()
            if p.requires_grad
        }

    def _shuffled(self, epoch: int, seed: int) -> Tensor:
        examples = len(self._data[0])
        return torch.tensor(np.random.default_rng((seed, epoch)).permutation(examples))

    def batch(self, step: int, seed: int) -> Batch:
        if self.batch_size == len(self._data[0]):
            return self._data
        epoch, number = divmod(step, len(self._data[0]) // self.batch_size)
        first = number * self.batch_size
        rows = self._order(epoch, seed)[first : first + self.batch_size]
        return tuple(data.index_select(0, rows) for data in self._data)

    def training_set(self) -> Batch:
        return self._data

    def loss(self, params: Tensors, batch: Batch) -> Tensor:
        inputs, targets = batch
        outputs = torch.func.functional_call(self._module, params, (inputs,))
        return self._criterion(outputs, targets)

    def checked_loss(self, params: Tensors, batch: Batch) -> Tensor:
        buffers = dict(self._module.named_buffers())
        before = {name: buffer.clone() for name, buffer in buffers.items()}
        try:
            loss = self.loss(params, batch)
            after = dict(self._module.named_buffers())
            changed = [
                name
                for name, value in before.items()
                if name not in after or not _same(value, after[name])
            ]
        finally:
            for name, buffer in buffers.items():
                path, _, leaf = name.rpartition(".")
                # forward may have written into the tensor, or put another in its place
                buffer.copy_(before[name])
                setattr(self._module.get_submodule(path), leaf, buffer)
        if changed:
            raise ValueError(
                f"model must leave its buffers as they are, got a forward that changes "
                f"{changed[0]!r}: K models trained together share them; return the "
                "value instead of storing it, or train the model alone with torch.optim"
            )
        return loss

    def validation_loss(self, params: Tensors) -> Tensor:
        if self._validation is None:
            return torch.full((), math.nan)
        training = [(module, module.training) for module in self._module.modules()]
        self._module.eval()
        try:
            return self.loss(params, self._validation)
        finally:
            for module, flag in training:  # parts may have been frozen in eval mode
                module.training = flag


def _check_pair(
    inputs_name: str, inputs: Tensor, targets_name: str, targets: Tensor
) -> None:
    for name, value in ((inputs_name, inputs), (targets_name, targets)):
        if not isinstance(value, Tensor):
            raise TypeError(
                f"{name} must be a tensor, got {value!r} ({type(value).__name__}): "
                "convert it with torch.as_tensor"
            )
        if not value.dim():
            raise ValueError(
                f"{name} must have an axis of examples, got {value!r}: "
                "put a single one in brackets"
            )
    if len(inputs) != len(targets):
        raise ValueError(
            f"{inputs_name} and {targets_name} must have the same length, got "
            f"{len(inputs)} and {len(targets)}: pair each input with its target"
        )
    if not len(inputs):
        raise ValueError(
            f"{inputs_name} must not be empty, got 0 examples: pass some data"
        )


def _fixed(module: nn.Module) -> Tensors:
    """What training leaves alone: buffers, and parameters that are frozen."""
    frozen = {n: p for n, p in module.named_parameters() if not p.requires_grad}
    return frozen | dict(module.named_buffers())


def _same(one: Tensor, other: Tensor) -> bool:
    # Unlike in torch.equal, NaN is the same as NaN.
    alike = one.shape == other.shape and one.dtype == other.dtype
    return alike and bool(
        torch.isclose(one, other, rtol=0, atol=0, equal_nan=True).all()
    )


def supervised(
    model: nn.Module | Callable[[], nn.Module],
    loss: Callable[[Tensor, Tensor], Tensor],
    inputs: Tensor,
    targets: Tensor,
    *,
    batch_size: int | None = None,
    validation: tuple[Tensor, Tensor] | None = None,
    name: str = "supervised",
) -> Supervised:
    """Your own model as a task.

    Args:
        model: a module, whose parameters are where every run starts, or a function
            without arguments that builds one, called under the seed of each run. The
            module is copied; yours is never changed.
        loss: ``loss(outputs, targets)`` -> scalar tensor, such as
            ``nn.functional.cross_entropy``.
        inputs: tensor ``[N, ...]``.
        targets: tensor ``[N, ...]``.
        batch_size: examples in a batch; all N if not given. Every epoch is shuffled
            anew, and the examples that don't fill a last batch sit that epoch out.
        validation: held-out ``(inputs, targets)``.
        name: what the task is called in tables.

    Raises:
        TypeError: a model, loss or data of another kind.
        ValueError: lengths that differ, no data, a model without trainable parameters
            or with running statistics; later, from ``init``, a model whose buffers or
            frozen parameters depend on the seed, and from ``sweep``, one whose forward
            changes buffers.
    """
    return Supervised(
        model,
        loss,
        inputs,
        targets,
        batch_size=batch_size,
        validation=validation,
        name=name,
    )


class Digits(Supervised):
    """The digits MLP with a loss written for many models; see :func:`digits`."""

    broadcasts = True

    def _forward(self, params: Tensors, inputs: Tensor) -> tuple[Tensor, Tensor]:
        # Examples are columns: with the 10 classes on the last axis instead, the
        # logarithms of the softmax alone would take longer than everything here.
        w1, b1, w2, b2 = params.values()
        hidden = (w1 @ inputs.mT).add_(b1[..., None]).relu_()
        return hidden, (w2 @ hidden).add_(b2[..., None]).log_softmax(-2)

    def loss(self, params: Tensors, batch: Batch) -> Tensor:
        inputs, targets = batch
        _, log_odds = self._forward(params, inputs)
        right = _as_row(targets, log_odds)
        return -log_odds.gather(-2, right).squeeze(-2).mean(-1)

    def losses_and_gradients(
        self, params: Tensors, batch: Batch
    ) -> tuple[Tensor, Tensors]:
        # Backpropagation by hand, a third faster than autograd's: it may overwrite
        # what it no longer needs.
        inputs, targets = batch
        hidden, log_odds = self._forward(params, inputs)
        right = _as_row(targets, log_odds)
        at_right = log_odds.gather(-2, right)
        # Softmax and cross-entropy together have the gradient (odds - one-hot) / B.
        out = log_odds.exp_().scatter_(-2, right, at_right.exp() - 1)
        out /= targets.shape[-1]
        back = params["2.weight"].mT @ out
        # What autograd calls for relu: far faster than a mask, and the same for NaN; in
        # place, without a copy.
        mask = torch.ops.aten.threshold_backward.grad_input
        back = mask(back, hidden, 0, grad_input=back)
        grads = (back @ inputs, back.sum(-1), out @ hidden.mT, out.sum(-1))
        return -at_right.squeeze(-2).mean(-1), dict(zip(params, grads, strict=True))


def _as_row(targets: Tensor, log_odds: Tensor) -> Tensor:
    """The class of each example, shaped to pick one row of each column."""
    return targets.expand(*log_odds.shape[:-2], -1)[..., None, :]


def digits(
    batch_size: int | None = 128,
    hidden: int = 32,
    dtype: torch.dtype = torch.float32,
) -> Digits:
    """Handwritten digits: 1797 pictures of 8 × 8 pixels, read by a small network.

    The network is ``Linear(64, hidden)``, ReLU, ``Linear(hidden, 10)``, trained by
    cross-entropy, with the initial values that PyTorch gives
    ``nn.Sequential(nn.Linear(64, hidden), nn.ReLU(), nn.Linear(hidden, 10))`` after
    ``torch.manual_seed(seed)``. Pixels are scaled to [0, 1], minus the mean picture of
    the training set. 1437 pictures train, 360 are held out; the split is fixed.

    Args:
        batch_size: pictures in a batch; None trains on all 1437 at every update.
        hidden: width of the hidden layer.
        dtype: ``torch.float32`` or ``torch.float64``.

    Raises:
        TypeError, ValueError: sizes that aren't whole numbers in range, another dtype.

    Source: scikit-learn's ``load_digits`` (UCI, Alpaydin and Kaynak 1998).
    """
    whole("hidden", hidden, at_least=1)
    _check_dtype(dtype)
    inputs, targets = _digits_data()
    inputs = inputs.to(dtype)
    return Digits(
        lambda: nn.Sequential(
            nn.Linear(64, hidden), nn.ReLU(), nn.Linear(hidden, 10)
        ).to(dtype),
        nn.functional.cross_entropy,
        inputs[:1437],
        targets[:1437],
        batch_size=batch_size,
        validation=(inputs[1437:], targets[1437:]),
        name="digits",
    )


def _check_dtype(dtype: torch.dtype) -> None:
    if dtype not in (torch.float32, torch.float64):
        raise ValueError(
            f"dtype must be torch.float32 or torch.float64, got {dtype!r}: use "
            "torch.float32 for speed"
        )


@functools.cache
def _digits_data() -> tuple[Tensor, Tensor]:
    # The file that sklearn.datasets.load_digits reads, found without importing
    # scikit-learn: that alone would double the time from start to result.
    package = importlib.util.find_spec("sklearn")
    assert package is not None, "scikit-learn is a dependency of lrlib"
    assert package.submodule_search_locations is not None
    (root,) = package.submodule_search_locations
    table = np.loadtxt(
        Path(root, "datasets", "data", "digits.csv.gz"), delimiter=",", dtype=np.int64
    )
    table = table[np.random.default_rng(0).permutation(len(table))]
    inputs = table[:, :-1] / 16
    inputs -= inputs[:1437].mean(axis=0)
    return torch.tensor(inputs), torch.tensor(table[:, -1])


class Transfer(Supervised):
    """A pretrained network with a new head; see :func:`transfer`.

    Attributes:
        pixels: "same" or "shuffled".
        images: pictures of each class that a seed trains on.
        pretrained: whether the body has learned to read digits.
    """

    broadcasts = True

    def __init__(self, pixels: str, images: int, pretrained: bool) -> None:
        self.pixels = pixels
        self.images = images
        self.pretrained = pretrained
        inputs, targets = _digits_data()
        if pixels == "shuffled":
            inputs = inputs[:, np.random.default_rng(0).permutation(64)]
        targets = 9 - targets
        scratch = "" if pretrained else ", pretrained=False"
        super().__init__(
            lambda: _reader(0, pretrained),
            nn.functional.cross_entropy,
            inputs[PRETRAINED:1437],
            targets[PRETRAINED:1437],
            batch_size=10 * images,
            validation=(inputs[1437:], targets[1437:]),
            name=f"transfer({pixels!r}, images={images}{scratch})",
        )
        self._pictures = functools.lru_cache(maxsize=256)(self._drawn)

    def _make(self, seed: int) -> nn.Module:
        return copy.deepcopy(_reader(seed, self.pretrained))

    def model(self, seed: int) -> nn.Module:
        """The network that training starts from, for a loop of your own.

        An ``nn.Sequential`` of ``body`` and ``head``; a new copy at every call.
        """
        return self._make(whole("seed", seed, at_least=0, at_most=LARGEST_SEED))

    def _drawn(self, seed: int) -> Batch:
        inputs, targets = self._data
        order = np.random.default_rng(seed).permutation(len(targets))
        rows = np.concatenate(
            [order[targets[order] == c][: self.images] for c in range(10)]
        )
        return inputs[rows], targets[rows]

    def batch(self, step: int, seed: int) -> Batch:
        return self._pictures(seed)

    def _scores(self, params: Tensors, inputs: Tensor) -> Tensor:
        # Examples are columns, for the same reason as in the digits.
        x = inputs.mT
        for name in ("body.0", "body.2"):
            weight, bias = _part(params, "", name)
            x = (weight @ x).add_(bias[..., None]).relu_()
        weight, bias = _part(params, "", "head")
        return (weight @ x).add_(bias[..., None])

    def loss(self, params: Tensors, batch: Batch) -> Tensor:
        inputs, targets = batch
        log_odds = self._scores(params, inputs).log_softmax(-2)
        right = _as_row(targets, log_odds)
        return -log_odds.gather(-2, right).squeeze(-2).mean(-1)

    def accuracy(self, params: Tensors) -> Tensor:
        """The share of the held-out pictures that a model names rightly.

        Parameters of one model give a scalar, those of K models, ``[K, ...]``, give
        ``[K]``, such as ``task.accuracy(runs.params)`` after a sweep.
        """
        assert self._validation is not None
        inputs, targets = self._validation
        named = self._scores(params, inputs).argmax(-2)
        return (named == targets).double().mean(-1)


PRETRAINED = 1000  # the first so many digits teach the body
EPOCHS = 10


@functools.cache
def _reader(seed: int, pretrained: bool) -> nn.Module:
    """A body that has learned to read digits, if it is to, below a head that hasn't."""
    inputs, targets = (data[:PRETRAINED] for data in _digits_data())
    rng = np.random.default_rng(seed)
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        body = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU())
        parts = {"body": body, "head": nn.Linear(32, 10)}
        model = nn.Sequential(OrderedDict(parts)).double()
        optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
        for _ in range(EPOCHS if pretrained else 0):
            for rows in torch.tensor(rng.permutation(PRETRAINED)).split(50):
                loss = nn.functional.cross_entropy(model(inputs[rows]), targets[rows])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        model.head = nn.Linear(32, 10).double()
    optimizer.zero_grad()
    return model


def transfer(
    pixels: str = "same", *, images: int = 2, pretrained: bool = True
) -> Transfer:
    """Fine-tuning: a network that reads digits learns a new task from few pictures.

    The network is a ``body``, ``Linear(64, 32)``, ReLU, ``Linear(32, 32)``, ReLU, that
    has learned to read digits, and a ``head``, ``Linear(32, 10)``, with PyTorch's
    initial values. Its parameters are ``"body.0.weight"``, ``"body.0.bias"``,
    ``"body.2.weight"``, ``"body.2.bias"``, ``"head.weight"`` and ``"head.bias"``, in
    float64; ``task.model(seed)`` is the same network as a module.

    The new task has other pictures, and its classes count backwards: the digit d is
    class 9 − d. With the pixels "same", what the body has learned fits. "shuffled"
    puts the 64 pixels of all pictures in one other order, which the body has never
    seen: its features don't fit.

    Each seed has its own body (trained once, on 1000 digits by 200 updates of Adam, in
    well under a second), its own head, and its own pictures, ``images`` of each class,
    all of which are in every batch. They come from the 437 of ``training_set()``; the
    360 held-out pictures are those of :func:`digits`.

    Args:
        pixels: "same" or "shuffled".
        images: pictures of each class.
        pretrained: False for a body that starts, as the head, with PyTorch's initial
            values: training from scratch, with the same head and pictures.

    Raises:
        TypeError, ValueError: other pixels, images that aren't a whole number or more
            than there are of some class, ``pretrained`` that isn't True or False.

    Source: Yosinski et al., NeurIPS 2014 (arXiv:1411.1792), who measure how features
    fit a task that is less and less like their own. The digits are those of
    :func:`digits`.
    """
    one_of("pixels", pixels, ("same", "shuffled"))
    whole("images", images, at_least=1)
    most = int(torch.bincount(_digits_data()[1][PRETRAINED:1437]).min())
    if images > most:
        raise ValueError(
            f"images must be at most {most}, got {images}: there are no more of some "
            "class"
        )
    return Transfer(pixels, images, true_or_false("pretrained", pretrained))


class Transformer(Supervised):
    """A tiny transformer that reads characters; see :func:`transformer`.

    Attributes:
        norm: where the LayerNorms stand, "post" or "pre".
        alphabet: the characters that the network knows, in the order of their codes.
    """

    broadcasts = True
    chunk = 8  # what a model computes for a batch fills a good part of a cache

    def __init__(
        self,
        norm: str,
        layers: int,
        width: int,
        heads: int,
        context: int,
        batch_size: int | None,
        dtype: torch.dtype,
    ) -> None:
        self.norm = norm
        self.alphabet, codes = _alice()
        self._layers = layers
        self._heads = heads
        self._dtype = dtype
        # Scores of the characters to come, which no position may look at.
        self._future = torch.full((context, context), -math.inf, dtype=dtype).triu(1)
        last = len(codes) // 10
        parts = [_windows(part, context) for part in (codes[:-last], codes[-last:])]
        super().__init__(
            lambda: _transformer_parts(
                len(self.alphabet), layers, width, heads, context
            ).to(dtype),
            nn.functional.cross_entropy,
            *parts[0],
            batch_size=batch_size,
            validation=parts[1],
            name=f"transformer({norm!r})",
        )

    def log_odds(self, params: Tensors, inputs: Tensor) -> Tensor:
        """What the network expects after each character, as logarithms.

        Args:
            params: of one model, or of K, stacked: ``[K, ...]``.
            inputs: codes of characters ``[B, T]``, or ``[K, B, T]``; T is at most
                ``context``.

        Returns:
            Tensor ``[(K,) len(alphabet), B * T]``: a column for each position.
        """
        shape = inputs.shape[-2:]
        codes = nn.functional.one_hot(inputs.flatten(-2), len(self.alphabet))
        # As a product: the gradient of looking rows up is far slower.
        x = codes.to(self._dtype) @ params["characters.weight"]
        places = params["positions.weight"][..., None, : shape[1], :]
        x = (x.unflatten(-2, shape) + places).flatten(-3, -2)
        for layer in range(self._layers):
            p = functools.partial(_part, params, f"layers.{layer}.")
            if self.norm == "post":
                x = _layer_norm(x + self._attend(p, x, shape), *p("norm1"))
                x = _layer_norm(x + _feed_forward(p, x), *p("norm2"))
            else:
                x = x + self._attend(p, _layer_norm(x, *p("norm1")), shape)
                x = x + _feed_forward(p, _layer_norm(x, *p("norm2")))
        x = _layer_norm(x, *_part(params, "", "norm"))
        weight, bias = _part(params, "", "head")
        # Positions are columns, for the same reason as in the digits.
        return (weight @ x.mT).add_(bias[..., None]).log_softmax(-2)

    def _attend(
        self, p: Callable[[str], tuple[Tensor, Tensor]], x: Tensor, shape: torch.Size
    ) -> Tensor:
        weight, bias = p("self_attn.in_proj_")
        # [..., B * T, 3 * width] -> three of [..., B, heads, T, width / heads]
        parts = _linear(x, weight, bias).unflatten(-2, shape).chunk(3, -1)
        query, key, value = (
            part.unflatten(-1, (self._heads, -1)).transpose(-3, -2) for part in parts
        )
        scores = query @ key.mT / math.sqrt(query.shape[-1])
        scores = scores + self._future[: shape[1], : shape[1]]
        mixed = (scores.softmax(-1) @ value).transpose(-3, -2)
        return _linear(mixed.flatten(-2).flatten(-3, -2), *p("self_attn.out_proj"))

    def loss(self, params: Tensors, batch: Batch) -> Tensor:
        inputs, targets = batch
        log_odds = self.log_odds(params, inputs)
        right = _as_row(targets.flatten(-2), log_odds)
        return -log_odds.gather(-2, right).squeeze(-2).mean(-1)


def _part(params: Tensors, prefix: str, name: str) -> tuple[Tensor, Tensor]:
    """Weight and bias of one part of the network."""
    name = prefix + (name if name.endswith("_") else f"{name}.")
    return params[f"{name}weight"], params[f"{name}bias"]


def _linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return (x @ weight.mT).add_(bias[..., None, :])


def _layer_norm(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    normal = nn.functional.layer_norm(x, x.shape[-1:])
    return torch.addcmul(bias[..., None, :], normal, weight[..., None, :])


def _feed_forward(p: Callable[[str], tuple[Tensor, Tensor]], x: Tensor) -> Tensor:
    return _linear(_linear(x, *p("linear1")).relu_(), *p("linear2"))


def _transformer_parts(
    characters: int, layers: int, width: int, heads: int, context: int
) -> nn.Module:
    """The parameters under PyTorch's names, with their initial values."""
    module = nn.ModuleDict(
        {
            "characters": nn.Embedding(characters, width),
            "positions": nn.Embedding(context, width),
            "layers": nn.ModuleList(
                nn.TransformerEncoderLayer(width, heads, 4 * width)
                for _ in range(layers)
            ),
            "norm": nn.LayerNorm(width),
            "head": nn.Linear(width, characters),
        }
    )
    for part in (module["layers"], module["head"]):
        for parameter in part.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)
    return module


def _windows(codes: Tensor, context: int) -> tuple[Tensor, Tensor]:
    """Pieces of a text ``[N, context]``, and the same moved on by one character."""
    pieces = codes.unfold(0, context + 1, context)
    return pieces[:, :-1].contiguous(), pieces[:, 1:].contiguous()


@functools.cache
def _alice() -> tuple[str, Tensor]:
    """The alphabet of the text, and the code of each of its characters."""
    text = Path(__file__).with_name("data").joinpath("alice.txt").read_text("ascii")
    text = " ".join(text.lower().split())
    alphabet = "".join(sorted(set(text)))
    return alphabet, torch.tensor([alphabet.index(character) for character in text])


LONGEST_CONTEXT = 1024  # the held-out text makes two pieces of this length


def transformer(
    norm: str = "post",
    *,
    layers: int = 2,
    width: int = 32,
    heads: int = 4,
    context: int = 32,
    batch_size: int | None = 8,
    dtype: torch.dtype = torch.float32,
) -> Transformer:
    """A tiny transformer that learns to guess the next character of a book.

    Each position attends to itself and to what stands before it. A layer is
    self-attention and a network ``Linear(width, 4 * width)``, ReLU,
    ``Linear(4 * width, width)``, each added to its own input; a LayerNorm comes after
    each sum ("post", as in the first transformer) or before attention and network, off
    the direct path ("pre"). As in ``nn.Transformer``, one more LayerNorm follows the
    last layer in both, so that both have the same parameters and the same initial
    values. There is no dropout. The loss is the cross-entropy in nats, averaged over
    all positions; guessing blindly costs ``log(len(task.alphabet))``.

    Weight matrices start Xavier-uniform; embeddings of characters and of positions,
    LayerNorms and biases as PyTorch starts them. The parameters carry the names of
    ``nn.TransformerEncoderLayer``, such as ``"layers.0.linear1.weight"``.

    The text is in lower case, with each line end a space. It is cut into pieces of
    ``context`` characters; the last tenth is held out.

    Args:
        norm: "post" or "pre", where the LayerNorms stand.
        layers: how many layers.
        width: numbers that describe a character, a multiple of ``heads``.
        heads: attention heads in a layer.
        context: characters in a piece, and the farthest that the network looks back.
        batch_size: pieces in a batch; None trains on all of them at every update.
        dtype: ``torch.float32`` or ``torch.float64``.

    Raises:
        TypeError, ValueError: another norm or dtype, sizes that aren't whole numbers in
            range or don't fit together.

    Source: Vaswani et al., NeurIPS 2017 (arXiv:1706.03762), for the network and "post";
    Xiong et al., ICML 2020 (arXiv:2002.04745), for "pre" and the comparison. The text
    is chapters I and II of Lewis Carroll, "Alice's Adventures in Wonderland", 1865, in
    the public domain (Project Gutenberg's text 11, without its header).
    """
    one_of("norm", norm, ("post", "pre"))
    for name, value in (
        ("layers", layers),
        ("width", width),
        ("heads", heads),
        ("context", context),
    ):
        whole(name, value, at_least=1)
    if width % heads:
        raise ValueError(
            f"width must be a multiple of heads, got width={width} and heads={heads}: "
            f"choose width={heads * math.ceil(width / heads)}"
        )
    if context > LONGEST_CONTEXT:
        raise ValueError(
            f"context must be at most {LONGEST_CONTEXT}, got {context}: the held-out "
            "text is not much longer"
        )
    _check_dtype(dtype)
    return Transformer(norm, layers, width, heads, context, batch_size, dtype)


class SparseRegression(Supervised):
    """Linear regression with rare features; see :func:`sparse_regression`.

    Attributes:
        frequencies: ``[d]``, the share of the examples in which each feature isn't 0.
        best: the parameters with the least loss, ``{"w": ones}``.
    """

    broadcasts = True
    chunk = 1024

    def __init__(
        self, frequencies: np.ndarray, noise: float, examples: int, **settings: Any
    ) -> None:
        counts = np.round(frequencies * examples).astype(int)
        self.frequencies = counts / examples
        self.best: Tensors = {"w": torch.ones(len(counts), dtype=torch.float64)}
        training, held_out = (
            _sparse_data(counts, noise, examples, np.random.default_rng(part))
            for part in range(2)
        )
        super().__init__(
            _Weights(len(counts)),
            nn.functional.mse_loss,
            *training,
            validation=held_out,
            **settings,
        )

    def losses_and_gradients(
        self, params: Tensors, batch: Batch
    ) -> tuple[Tensor, Tensors]:
        w, (inputs, targets) = params["w"], batch
        if inputs.dim() == 2:  # shared by all models: one product of two matrices
            error = w @ inputs.mT - targets
            gradient = error @ inputs
        else:
            error = (inputs @ w[..., None]).squeeze(-1) - targets
            gradient = (error[..., None, :] @ inputs).squeeze(-2)
        size = targets.shape[-1]
        return row_products(error, error) / (2 * size), {"w": gradient / size}

    def loss(self, params: Tensors, batch: Batch) -> Tensor:
        return self.losses_and_gradients(params, batch)[0]


class _Weights(nn.Module):
    def __init__(self, features: int) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.zeros(features, dtype=torch.float64))


def _sparse_data(
    counts: np.ndarray, noise: float, examples: int, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    inputs = np.zeros((examples, len(counts)))
    for feature, count in enumerate(counts):
        rows = rng.permutation(examples)[:count]
        inputs[rows, feature] = rng.choice([-1.0, 1.0], count)
    error = rng.standard_normal(examples)
    # Without what the features could explain, the best weights are exactly the true.
    error -= inputs @ np.linalg.lstsq(inputs, error)[0]
    error *= noise / np.sqrt((error**2).mean())
    return torch.tensor(inputs), torch.tensor(inputs.sum(axis=1) + error)


def sparse_regression(
    frequencies: Sequence[float] = (1.0, 1.0, 0.02, 0.01),
    noise: float = 0.1,
    batch_size: int | None = 32,
    examples: int = 2000,
) -> SparseRegression:
    """Linear regression in which some features are rare, such as words in texts.

    Feature j is −1 or 1 in a share ``frequencies[j]`` of the examples, drawn at
    random, and 0 in all others. The target is the sum of the features, plus noise: the
    right weights are ones. Training starts at zeros. The loss is
    ``mean((w·x - y)²) / 2``; its curvature along a weight is the frequency of its
    feature, so that a rare one is learned slowly. Its parameters are
    ``{"w": tensor [d]}`` in float64.

    The noise is made orthogonal to the features, among the training examples and among
    those held out. So both have their least loss, ``noise² / 2``, exactly at
    ``task.best``.

    Args:
        frequencies: d numbers, each above 0 and at most 1, which is a dense feature;
            rounded to whole examples, they are ``task.frequencies``.
        noise: root mean square of the noise in the targets; 0 for none.
        batch_size: examples in a batch; None trains on all of them at every update.
        examples: how many train; as many more are held out.

    Raises:
        TypeError, ValueError: frequencies that aren't numbers in that range or so low
            that no example has the feature, sizes that aren't whole numbers in range.

    Source: Duchi, Hazan and Singer, JMLR 2011, whose AdaGrad is made for such features.
    """
    shares = real_array("frequencies", frequencies)
    if shares.ndim != 1 or not shares.size:
        raise ValueError(
            f"frequencies must be a list of numbers, got {frequencies!r}: write one "
            "for each feature, such as [1.0, 0.01]"
        )
    if not ((shares > 0) & (shares <= 1)).all():
        raise ValueError(
            f"frequencies must be above 0 and at most 1, got {frequencies!r}: 1 is a "
            "feature that every example has"
        )
    not_negative("noise", noise)
    whole("examples", examples, at_least=len(shares) + 1)
    if (np.round(shares * examples) < 1).any():
        raise ValueError(
            f"frequencies must leave each feature an example, got {frequencies!r} of "
            f"{examples} examples: choose more examples"
        )
    return SparseRegression(
        shares,
        noise,
        examples,
        batch_size=batch_size,
        name=f"sparse_regression({_text(shares)})",
    )
