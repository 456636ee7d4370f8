"""What a learning rate does: gradient descent, its stability limit, its regimes."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lrlib.arguments import fraction, positive, real_array, shown, whole
from lrlib.decay import constant
from lrlib.diagnosis import Cause as Cause
from lrlib.diagnosis import Diagnosis as Diagnosis
from lrlib.diagnosis import diagnose as diagnose
from lrlib.schedules import Schedule

if TYPE_CHECKING:
    from torch import Tensor

    from lrlib.sweep import Runs
    from lrlib.tasks import Task


def gradient_descent(
    gradient: Callable[[Any], Any],
    start: Any,
    lr: float | Schedule | Sequence[float | Schedule] | np.ndarray,
    steps: int,
) -> np.ndarray:
    """The path of gradient descent: ``x[t + 1] = x[t] - lr(t) * gradient(x[t])``.

    A path that diverges goes to infinity and then to NaN, without a warning.

    Args:
        gradient: function of a position, gives the slope there, in its shape.
        start: the position ``x[0]``: a number or an array.
        lr: a positive number, a Schedule, or a list of K of either.
        steps: number of updates T.

    Returns:
        The positions, float64 ``[T + 1, *start.shape]``; ``[K, T + 1, ...]`` for a
        list of rates.

    Raises:
        TypeError, ValueError: a rate that isn't positive and finite, an empty list of
            rates, a start that isn't finite, steps that aren't a whole number from 1,
            a gradient that isn't numbers or has another shape than the position.

    Source: Cauchy 1847; Bottou, Curtis and Nocedal 2018 (arXiv:1606.04838), ch. 4.
    """
    if isinstance(lr, list | tuple | np.ndarray):
        if len(lr) == 0:
            raise ValueError(
                f"lr must not be empty, got {shown(lr)}: give at least one"
            )
        return np.stack([gradient_descent(gradient, start, one, steps) for one in lr])
    schedule = lr if isinstance(lr, Schedule) else constant(positive("lr", lr))
    rates = schedule(np.arange(whole("steps", steps, at_least=1)))
    x = real_array("start", start)
    if not np.isfinite(x).all():
        raise ValueError(
            f"start must be finite, got {shown(start)}: begin where the loss has a "
            "slope"
        )
    path = np.empty((len(rates) + 1, *x.shape))
    path[0] = x
    with np.errstate(over="ignore", invalid="ignore"):
        for t, rate in enumerate(rates):
            value = gradient(path[t])
            if value is None:
                raise TypeError(
                    "gradient must give the slope, got None: end it with `return`"
                )
            slope = real_array("gradient", value)
            if slope.shape != x.shape:
                raise ValueError(
                    f"gradient must have the shape of start, {x.shape}, "
                    f"got {slope.shape}: return one number for each coordinate"
                )
            path[t + 1] = path[t] - rate * slope
    return path


def stability_limit(
    curvature: Any,
    *,
    momentum: float = 0.0,
    params: dict[str, Tensor] | None = None,
    seed: int = 0,
) -> Any:
    """The largest stable learning rate: ``2 * (1 + momentum) / largest curvature``.

    On a parabola or bowl, gradient descent below the limit comes home, above it
    explodes. On a network the limit is that of the bowl which fits the loss where the
    parameters are now; it changes while they move.

    Args:
        curvature: a positive number (the second derivative in 1-D), a symmetric matrix
            (the Hessian), or a task, whose largest curvature is measured by
            :func:`sharpness`.
        momentum: of heavy-ball momentum, in [0, 1).
        params: for a task, where to measure; its initial parameters if not given.
        seed: of those initial parameters.

    Returns:
        A float; for a task and K stacked parameter sets, an array ``[K]``. It is inf
        where nothing curves upward and NaN where parameters aren't finite.

    Raises:
        TypeError: ``curvature`` is none of the three, or ``momentum`` no number.
        ValueError: no upward curvature in the number or matrix, a matrix that is empty
            or isn't square, real, symmetric and finite, momentum outside [0, 1).

    Source: Polyak 1964; Bottou, Curtis and Nocedal 2018 (arXiv:1606.04838), ch. 4.
    """
    fraction("momentum", momentum)
    if isinstance(curvature, numbers.Real):
        return 2 * (1 + momentum) / positive("curvature", curvature)
    if isinstance(curvature, np.ndarray | list | tuple):
        eigenvalues = np.linalg.eigvalsh(_symmetric(curvature))
        largest = positive("largest eigenvalue of curvature", float(eigenvalues[-1]))
        return 2 * (1 + momentum) / largest
    if not hasattr(curvature, "training_set"):
        raise TypeError(
            f"curvature must be a number, a symmetric matrix or a task, got "
            f"{shown(curvature)} ({type(curvature).__name__}): for a model of your "
            "own, make a task with tasks.supervised"
        )
    with np.errstate(divide="ignore"):
        upward = np.maximum(sharpness(curvature, params, seed=seed), 0.0)
        limit = 2 * (1 + momentum) / np.asarray(upward)
    return limit if limit.ndim else float(limit)


def _symmetric(curvature: np.ndarray | Sequence[Sequence[float]]) -> np.ndarray:
    matrix = real_array("curvature", curvature)
    if not matrix.size:
        raise ValueError(
            f"curvature must not be empty, got {shown(curvature)}: a Hessian has a row "
            "for each parameter"
        )
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(
            f"curvature must be a square matrix, got shape {matrix.shape}: "
            "np.diag makes one from a list of eigenvalues"
        )
    if not np.isfinite(matrix).all() or not np.allclose(matrix, matrix.T):
        raise ValueError(
            f"curvature must be a finite symmetric matrix, got {shown(curvature)}: "
            "a Hessian equals its transpose"
        )
    return matrix


def noise_floor(lr: Any, curvature: Any, noise: Any, batch_size: Any = 1) -> Any:
    """The mean squared distance at which a constant rate stops getting closer.

    On a parabola whose gradients carry noise, each update shrinks the distance that is
    there and adds fresh noise. Where the two balance, the mean of ``x**2`` stays at::

        lr * noise**2 / (curvature * batch_size * (2 - lr * curvature))

    The loss stays above its lowest value by ``curvature / 2`` times that.

    Args:
        lr: the constant rate, below ``2 / curvature``.
        curvature: of the parabola, its second derivative.
        noise: standard deviation of the gradient of a single example.
        batch_size: examples whose gradients are averaged in one update.
            Each of the four is a positive number, or an array of them.

    Returns:
        The mean of ``x**2``, in the unit of ``x`` squared: a float, or an array of the
        shape to which the arguments broadcast.

    Raises:
        TypeError: an argument that isn't made of numbers.
        ValueError: one that isn't positive and finite, a batch size that isn't whole, a
            rate of ``2 / curvature`` or more, shapes that don't broadcast.

    Source: Bottou, Curtis and Nocedal 2018 (arXiv:1606.04838), ch. 4, for the bound;
    Mandt, Hoffman and Blei 2017 (arXiv:1704.04289) for the balance at small rates.
    """
    given = {
        "lr": lr,
        "curvature": curvature,
        "noise": noise,
        "batch_size": batch_size,
    }
    arrays = {name: real_array(name, value) for name, value in given.items()}
    for name, array in arrays.items():
        if not ((array > 0) & (array < math.inf)).all():
            raise ValueError(
                f"{name} must be positive and finite, got {shown(given[name])}: "
                f"choose {name} > 0"
            )
    if (arrays["batch_size"] % 1).any():
        raise ValueError(
            f"batch_size must be whole, got {shown(batch_size)}: it counts examples"
        )
    try:
        rate, h, sigma, size = np.broadcast_arrays(*arrays.values())
    except ValueError as error:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(
            f"shapes must broadcast, got {shapes}: give each array its own axis"
        ) from error
    if (rate * h >= 2).any():
        raise ValueError(
            f"lr must be below 2 / curvature, got lr={shown(lr)} with curvature="
            f"{shown(curvature)}: from there on the distance grows without a floor"
        )
    floor = rate * sigma**2 / (h * size * (2 - rate * h))
    return floor if floor.ndim else float(floor)


def sharpness(
    task: Task, params: dict[str, Tensor] | None = None, *, seed: int = 0
) -> Any:
    """The largest curvature of a task's training loss, over the whole training set.

    It is the largest eigenvalue of the Hessian, which is never formed: products with it
    come from differentiating twice. They feed a Lanczos iteration, which is a power
    iteration that remembers all its directions. It needs far fewer products and finds
    the largest eigenvalue also where a negative one is larger in size, for which a
    power iteration would have to be shifted. The relative error is below 1e-3, unless
    the random start holds almost nothing of the largest direction.

    Args:
        task: whose training loss.
        params: where to measure: the parameters of one model, or of K, stacked as in
            ``Runs.params``; the task's initial parameters if not given.
        seed: of those initial parameters.

    Returns:
        A float, or an array ``[K]`` for stacked parameters, NaN where a model's
        parameters, or its curvature, aren't finite.

    Raises:
        ValueError: names or shapes of ``params`` that aren't the task's, or parameters
            of a single model that aren't finite.
        RuntimeError: no convergence within 200 products.

    Source: Pearlmutter, Neural Computation 1994; Golub and Van Loan, Matrix
    Computations, ch. 10; Cohen et al., ICLR 2021 (arXiv:2103.00065).
    """
    import torch

    initial = task.init(seed)
    params = initial if params is None else params
    if params.keys() != initial.keys():
        raise ValueError(
            f"params must be named {list(initial)}, got {list(params)}: "
            "pass Runs.params or task.init(seed)"
        )
    shapes = {name: tuple(params[name].shape) for name in initial}
    if shapes == {name: tuple(p.shape) for name, p in initial.items()}:
        (value,) = sharpness(task, {name: p[None] for name, p in params.items()})
        if math.isnan(value):
            raise ValueError(
                "params must be finite, got NaN or infinity in them or their "
                "curvature: measure before the run diverges"
            )
        return float(value)
    if any(shapes[n][1:] != tuple(p.shape) for n, p in initial.items()):
        raise ValueError(
            f"params must have the task's shapes, alone or with one leading axis for "
            f"the models, got {shapes}: pass Runs.params or task.init(seed)"
        )
    flat = torch.cat([p.flatten(1) for p in params.values()], 1)
    finite = torch.isfinite(flat).all(1)
    largest = np.full(len(flat), np.nan)
    rows = torch.nonzero(finite).flatten()
    for first in range(0, len(rows), task.chunk):
        some = rows[first : first + task.chunk]
        largest[some.numpy()] = _largest_eigenvalues(
            task, {name: p[some] for name, p in params.items()}
        )
    return largest


def _hessian_product(
    task: Task, params: dict[str, Tensor]
) -> Callable[[Tensor], Tensor]:
    """The function v -> H v for K models; v and H v have shape [K, parameters]."""
    import torch

    leaves = [p.detach().requires_grad_() for p in params.values()]
    with torch.enable_grad():  # also where the caller is inside torch.no_grad()
        losses = task.losses(
            dict(zip(params, leaves, strict=True)), task.training_set(), None
        )
        grads = torch.autograd.grad(
            losses.sum(), leaves, create_graph=True, materialize_grads=True
        )
    sizes = [p[0].numel() for p in leaves]

    def product(v: Tensor) -> Tensor:
        parts = [
            part.view(p.shape)
            for part, p in zip(v.split(sizes, 1), leaves, strict=True)
        ]
        twice = torch.autograd.grad(
            grads, leaves, parts, retain_graph=True, materialize_grads=True
        )
        return torch.cat([h.flatten(1) for h in twice], 1)

    return product


def _largest_eigenvalues(task: Task, params: dict[str, Tensor]) -> np.ndarray:
    """Lanczos iteration for the Hessians of K models at once."""
    import torch

    flat = torch.cat([p.flatten(1) for p in params.values()], 1)
    count_of_models, n = flat.shape
    v = torch.randn(n, generator=torch.Generator().manual_seed(0), dtype=flat.dtype)
    v = (v / v.norm()).expand_as(flat)
    product = _hessian_product(task, params)
    models = torch.arange(count_of_models)
    found = np.full(count_of_models, math.nan)
    basis: list[Tensor] = []
    diagonal: list[Tensor] = []
    beside: list[Tensor] = []
    values: list[Tensor] = []
    for count in range(1, min(n, 200) + 1):
        basis.append(v)
        w = product(v)
        # Where the directions ran out, v is 0; repeating the first entry then leaves
        # the largest eigenvalue as it is.
        exhausted = (v == 0).all(1)
        entry = torch.linalg.vecdot(w, v)
        diagonal.append(torch.where(exhausted, (diagonal or [entry])[0], entry))
        v, length = _next_direction(w, basis, diagonal)
        beside.append(length)
        if count % 5 and count < n:
            continue
        value, error = _top_of_tridiagonal(diagonal, beside)
        values.append(value)
        # A start with little of the first direction settles on the second before it
        # leaves for the first, so it has to stay where it settled.
        moved = (value - values[-3]).abs() if count > 10 else math.inf
        still = (error <= 0.01 * value.abs()) & (moved <= 1e-3 * value.abs())
        still |= ~torch.isfinite(value)
        if count == n:
            still[:] = True
        # A new product costs one or two with the old one, so half must have settled.
        if 2 * still.sum() >= len(still):
            found[models[still]] = value[still]
            if still.all():
                return found
            left = ~still
            models, v = models[left], v[left]
            params = {name: p[left] for name, p in params.items()}
            product = _hessian_product(task, params)
            for kept in (basis, diagonal, beside, values):
                kept[:] = [part[left] for part in kept]
    raise RuntimeError(
        "sharpness did not converge in 200 Hessian products: the curvature may be "
        "dominated by rounding; use a task with dtype=torch.float64"
    )


def _next_direction(
    w: Tensor, basis: list[Tensor], diagonal: list[Tensor]
) -> tuple[Tensor, Tensor]:
    """What ``w`` adds to the basis, of length 1, and its length; 0 if only rounding."""
    import torch

    q = torch.stack(basis, 1)
    for _ in range(2):  # once leaves a remainder of rounding
        w = w - ((q @ w[..., None]).mT @ q)[:, 0]
    length = w.norm(dim=1)
    scale = torch.stack(diagonal, 1).abs().amax(1)
    length = torch.where(length > 1e-6 * scale, length, 0.0)
    return torch.where(length[:, None] > 0, w / length[:, None], 0.0), length


def _top_of_tridiagonal(
    diagonal: list[Tensor], beside: list[Tensor]
) -> tuple[Tensor, Tensor]:
    """The largest eigenvalue of each tridiagonal matrix, and its residual.

    The last of ``beside`` leads out of the matrix.
    """
    import torch

    *inside, out = beside
    matrix = torch.diag_embed(torch.stack(diagonal, 1).double())
    if inside:
        off = torch.stack(inside, 1).double()
        matrix += torch.diag_embed(off, 1) + torch.diag_embed(off, -1)
    finite = torch.isfinite(matrix).all(2).all(1)
    matrix[~finite] = 0
    values, vectors = torch.linalg.eigh(matrix)
    value = torch.where(finite, values[:, -1], math.nan)
    return value, out * vectors[:, -1, -1].abs()


def regimes(runs: Runs) -> list[str]:
    """Name what each run does: one of "slow", "converging", "oscillating",
    "diverging", "plateau".

    The start is the first loss, the end is the mean of the last tenth of the losses
    (at least 5), both as logarithms, and the spread is the standard deviation within
    that tenth. The agreement is the mean cosine between successive gradients, over
    the second half of the run. The first rule that holds names the run:

    - *diverging*: a loss is infinite or NaN, or the end is above the start by more
      than 2 spreads.
    - *plateau*: it ends above a tenth of the start, and on the way the loss rose
      above 1.5 times the start by more than a spread: it blew up and did not recover.
    - *oscillating*: the agreement is below −1/3: most steps turn back.
    - *slow*: it ends above a tenth of the start while gradients still agree (above
      0.1): more steps, or longer ones, would get further.
    - *plateau* again: it ends above half of the start though gradients don't agree.
    - *converging*: everything else.

    Ground truth: on ``curvature / 2 * x**2`` these are slow or converging up to
    ``lr = 1/curvature``, oscillating above it, diverging above ``2/curvature``. In
    gradient noise alone, two of three steps turn back at ``lr = 1/curvature``, and a
    mean cosine of −1/3 is that border too. The rules look at each run by itself.

    Args:
        runs: from ``sweep``, with at least 10 updates.

    Returns:
        One name for each row of ``runs``.

    Raises:
        ValueError: fewer than 10 updates, or negative losses, whose logarithms and
            fractions mean nothing.

    Source: the borders on the parabola are those of gradient descent with a fixed rate
    (see :func:`stability_limit`); the thresholds, and the names, were chosen here.
    """
    updates = runs.losses.shape[1]
    if updates < 10:
        raise ValueError(
            f"runs must have at least 10 updates, got {updates}: train for longer"
        )
    if (runs.losses < 0).any():
        raise ValueError(
            f"runs must have losses of 0 or more, got {np.nanmin(runs.losses):g}: "
            "subtract the lowest value that the loss can take"
        )
    return [
        _regime(losses, cosines)
        for losses, cosines in zip(runs.losses, runs.gradient_cosines, strict=True)
    ]


def _regime(losses: np.ndarray, cosines: np.ndarray) -> str:
    if not np.isfinite(losses).all():
        return "diverging"
    log = np.log(np.maximum(losses, 1e-300))
    last = log[-max(5, len(log) // 10) :]
    end, spread, rounding = last.mean() - log[0], last.std(), 1e-6
    defined = cosines[np.isfinite(cosines)]
    second_half = defined[len(defined) // 2 :]
    agreement = second_half.mean() if len(second_half) else 0.0
    if end > 2 * spread + rounding:
        return "diverging"
    if end > math.log(1 / 10) and log.max() - log[0] > spread + math.log(1.5):
        return "plateau"
    if agreement < -1 / 3:
        return "oscillating"
    if end > math.log(1 / 10) and agreement > 0.1:
        return "slow"
    return "plateau" if end > math.log(1 / 2) else "converging"
