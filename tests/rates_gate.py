"""The rates that a lesson plots beside a loss are the rates that it trained with.

A lesson is run once more, in a process of its own, while records are kept of

- the rates of each training: of ``sweep`` and ``gradient_descent``, of the steps of
  each optimizer of torch, read when it steps, and of loops written by hand, where an
  update reads ``x = x - lr * …`` or ``x -= lr * …``: the rate is what stands before
  the first ×, as ``lr / t`` in ``lr / t * gradient``;
- the curves of each figure: of matplotlib's axes, and of the ``Lines`` of Explorers.

A rate curve stands beside a loss if its figure has both, over updates or epochs, or if
a loss curve elsewhere in the lesson carries its label. No label, or one that only names
the quantity ("loss"), is a label too: a rate curve without a name belongs to every loss
curve without one. A curve that draws a schedule nobody trains with has a name of its
own. Each curve beside a loss must equal the rates of one training, at every x shown:

- updates are counted from 0, as ``schedule(t)`` does; in a loop by hand as the loop
  counts them; a rate shown where no update was made fails;
- over epochs, counted from 0, x is the first update of that epoch, and the training is
  as long as the axis: 30 epochs on 300 updates are 10 updates each.

Where the loss curve is that of a known training, as it is or as the mean over seeds,
the rates must be those of that very training. What is compared is what is shown: on
every tenth update, the nine between are not.

The tag ``shows-rates-trained`` declares the cell whose figure shows the rates, so that
a curve that is no longer recognised is a fault, too.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import os
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import nbformat
import numpy as np

from publish.kernels import FORKS

TAG = "shows-rates-trained"  # on a cell: its figure shows rates beside a loss
RTOL = 1e-9
LARGEST = 4096  # a factor with more numbers than that is no rate
LONGEST = 200_000  # a loop by hand is recorded up to here, and then is no training

RATE = re.compile(r"\blearning[ -]rates?\b|^(the )?rates?\b|^lr\b|^η", re.IGNORECASE)
# "lr · sharpness" and "rate / limit" are other quantities.
NO_RATE = re.compile(r"[·×*/÷]|\btimes\b|\bloss", re.IGNORECASE)
LOSS = re.compile(
    r"\bloss(es)?\b|objective|\berrors?\b|accuracy|perplexity|distance|of x²|f\(x\)",
    re.IGNORECASE,
)
EPOCH = re.compile(r"\bepochs?\b", re.IGNORECASE)
UPDATE = re.compile(r"\b(updates?|steps?|iterations?|batch(es)?|t)\b", re.IGNORECASE)


@dataclass
class Training:
    """What one training used: a rate for each of the updates ``at``."""

    how: str
    cell: int
    rates: np.ndarray  # [T]
    at: np.ndarray  # [T], rising whole numbers
    # [T] each: curves that are known to be of this training.
    losses: list[np.ndarray] = field(default_factory=list)


@dataclass
class Curve:
    """One curve of a figure, over updates or epochs; of an Explorer, all its slices."""

    cell: int
    figure: int
    panel: str
    kind: Literal["rate", "loss"]
    unit: Literal["update", "epoch"]
    label: str
    x: np.ndarray  # [T]
    y: np.ndarray  # [*grid, T]

    @property
    def name(self) -> str:
        """The label, or nothing where it only says what the axis says."""
        label = " ".join(self.label.casefold().split())
        return "" if kind_of(label) or label == self.panel.casefold() else label


@dataclass
class Report:
    """``figures``: the cell of each figure with rates beside a loss."""

    figures: list[int]
    problems: list[str]
    declared: list[int]
    trainings: int


# --- what is compared ---------------------------------------------------------------


def judge(
    trainings: list[Training], curves: list[Curve], declared: Sequence[int]
) -> Report:
    """Every fault, one line each; ``declared`` are the cells with the tag."""
    checked = [
        curve for curve in curves if curve.kind == "rate" and _beside(curve, curves)
    ]
    distinct = _distinct(trainings)
    problems = [line for curve in checked for line in _untrained(curve, distinct)]
    if not problems:
        problems = [
            line for curve in checked for line in _mixed_up(curve, curves, trainings)
        ]
    figures = {curve.figure: curve.cell for curve in checked}
    for cell in sorted(set(figures.values()) - set(declared)):
        problems.append(
            f"cell {cell} shows rates beside a loss, and isn't declared: give the cell "
            f"the tag {TAG}"
        )
    for cell in sorted(set(declared) - set(figures.values())):
        problems.append(
            f"cell {cell} has the tag {TAG}, and shows no rates beside a loss"
        )
    return Report(sorted(figures.values()), problems, list(declared), len(trainings))


def kind_of(label: str) -> Literal["rate", "loss"] | None:
    """Whether an axis with this label shows a learning rate, a loss, or neither."""
    if RATE.search(label) and not NO_RATE.search(label):
        return "rate"
    return "loss" if LOSS.search(label) else None


def unit_of(label: str, x: np.ndarray) -> Literal["update", "epoch"] | None:
    """What an x axis counts. Without a label, rising whole numbers are updates."""
    if EPOCH.search(label) and not re.search(r"updates?", label):
        return "epoch"
    if UPDATE.search(label):
        return "update"
    counts = len(x) > 1 and np.array_equal(x, np.round(x)) and (np.diff(x) > 0).all()
    return "update" if not label.strip() and counts and x[0] >= 0 else None


def _beside(rate: Curve, curves: list[Curve]) -> bool:
    return any(
        curve.kind == "loss"
        and (curve.figure == rate.figure or curve.name == rate.name)
        for curve in curves
    )


def _distinct(trainings: list[Training]) -> list[Training]:
    found = {(one.rates.tobytes(), one.at.tobytes()): one for one in trainings}
    return list(found.values())


def _sampled(training: Training, curve: Curve) -> np.ndarray:
    """The rates, [*…, T], at the curve's x, [*…, K]; NaN where no update was made."""
    x = curve.x
    if curve.unit == "epoch":
        # The axis ends with the last epoch, or where it is over.
        count = len(training.at)
        per_epoch = [
            count / epochs for epochs in {np.floor(x[-1]) + 1, np.ceil(x[-1])} if epochs
        ]
        whole = [n for n in per_epoch if n == int(n) and _are_whole(x * n)]
        if not whole:
            return np.full(len(x), np.nan)
        # Of two ways to read the axis, the one in which more of it was trained.
        samples = [_at(training, np.round(x * n) + training.at[0]) for n in whole]
        return min(samples, key=lambda rates: int(np.isnan(rates).sum()))
    return _at(training, np.round(x)) if _are_whole(x) else np.full(len(x), np.nan)


def _are_whole(x: np.ndarray) -> bool:
    return bool(np.allclose(x, np.round(x), rtol=0, atol=1e-6))


def _at(training: Training, x: np.ndarray) -> np.ndarray:
    place = np.searchsorted(training.at, x).clip(0, len(training.at) - 1)
    return np.where(training.at[place] == x, training.rates[..., place], np.nan)


def _differs(shown: np.ndarray, used: np.ndarray) -> np.ndarray:
    """Where ``shown`` has a value that isn't the one that was used."""
    finite = np.isfinite(shown)
    # A cosine ends at 0 or at 1e-17, depending on how it is computed.
    top = np.abs(shown[finite]).max(initial=0)
    return finite & ~np.isclose(shown, used, rtol=RTOL, atol=RTOL / 1000 * top)


def _untrained(curve: Curve, trainings: list[Training]) -> Iterator[str]:
    """One line for a curve with rates that no training used."""
    rows = curve.y.reshape(-1, curve.y.shape[-1])
    open_rows = np.isfinite(rows).any(axis=1)  # a gap all along shows nothing
    for training in trainings:
        open_rows &= _differs(rows, _sampled(training, curve)).any(axis=1)
    if not open_rows.any():
        return
    row = int(open_rows.argmax())
    where = f"cell {curve.cell}, {curve.panel!r}, rate curve {curve.label!r}"
    if curve.y.ndim > 1:
        where += _position(row, curve.y.shape[:-1])
        where += f" ({int(open_rows.sum())} of {len(rows)} positions)"
    if not trainings:
        yield (
            f"{where}: no training was recorded. Train with sweep, gradient_descent or "
            "torch.optim, or write the update as x = x - lr * gradient"
        )
        return

    def agreement(training: Training) -> tuple[int, float]:
        used = _sampled(training, curve)
        first = int(_differs(rows[row], used).argmax())
        gap = abs(rows[row, first] - used[first])
        return first, -np.nan_to_num(gap, nan=np.inf)

    nearest = max(trainings, key=agreement)
    k, _ = agreement(nearest)
    used = _sampled(nearest, curve)[k]
    what = "made no such update" if np.isnan(used) else f"used {used:.9g}"
    yield (
        f"{where} shows the rate {rows[row, k]:.9g} at {curve.unit} {curve.x[k]:g}, "
        f"but no training used these rates: the nearest ({nearest.how}, cell "
        f"{nearest.cell}) {what}. Plot what was trained with; a schedule that is only "
        "drawn has a name that no loss curve has"
    )


def _mixed_up(
    rate: Curve, curves: list[Curve], trainings: list[Training]
) -> Iterator[str]:
    """One line for a loss curve that is known to be of a training with other rates."""
    for loss in curves:
        if loss.kind != "loss" or loss.unit != rate.unit:
            continue
        together = loss.figure == rate.figure
        if not (loss.name == rate.name or (together and _alone(rate, loss, curves))):
            continue
        if not together and _alike(rate, curves) + _alike(loss, curves) > 2:
            continue  # nameless curves of several figures
        try:
            grid = np.broadcast_shapes(rate.y.shape[:-1], loss.y.shape[:-1])
        except ValueError:
            continue
        rates = np.broadcast_to(rate.y, (*grid, len(rate.x)))
        rates = rates.reshape(-1, len(rate.x))
        losses = np.broadcast_to(loss.y, (*grid, len(loss.x)))
        losses = losses.reshape(-1, len(loss.x))
        known = np.zeros(len(rates), bool)
        right = ~np.isfinite(rates).any(axis=1)
        told = (np.isfinite(losses) & (losses != 0)).sum(axis=1) > 1
        for training in trainings:
            if not training.losses:
                continue
            own = np.zeros(len(rates), bool)
            seen = replace(training, rates=np.array(training.losses))
            sampled = _sampled(seen, loss)
            starts = ~_differs(losses[:, :1], sampled[:, 0])
            for values in sampled[starts.any(axis=0)]:
                own |= told & ~_differs(losses, values).any(axis=1)
            if own.any():
                known |= own
                right |= own & ~_differs(rates, _sampled(training, rate)).any(axis=1)
        if (known & ~right).any():
            row = int(np.nonzero(known & ~right)[0][0])
            place = _position(row, grid)
            yield (
                f"cell {rate.cell}, {rate.panel!r}, rate curve {rate.label!r}{place}: "
                f"beside it, in cell {loss.cell}, {loss.panel!r}, {loss.label!r} is "
                "the loss of a training with other rates"
            )


def _position(row: int, grid: tuple[int, ...]) -> str:
    """Where the controls of an Explorer stand, as indices."""
    indices = [int(index) for index in np.unravel_index(row, grid)] if grid else []
    return f" at position {indices}" if indices else ""


def _alike(like: Curve, curves: list[Curve]) -> int:
    return sum(curve.kind == like.kind and curve.name == like.name for curve in curves)


def _alone(rate: Curve, loss: Curve, curves: list[Curve]) -> bool:
    """Whether the figure has no other rate curve and no other loss curve."""
    return not any(
        curve.figure == rate.figure and curve is not rate and curve is not loss
        for curve in curves
    )


# --- what is recorded ---------------------------------------------------------------


class Recorder:
    """Keeps trainings and curves while a lesson runs in this process, for good.

    It replaces functions of ``lrlib`` and torch and takes nothing back: it is for a
    process that ends after the lesson.
    """

    def __init__(self) -> None:
        self.cell = 0
        self.trainings: list[Training] = []
        self.curves: list[Curve] = []
        self.figures = 0
        self._steps: dict[tuple[int, int], list[tuple[int, float, float]]] = {}
        self._optimizers: dict[int, Any] = {}  # kept, so that no id is used twice
        self._loss = float("nan")
        self._pictures: dict[int, tuple[int, Any]] = {}
        self._loops: dict[int, Loop] = {}
        self._all_loops: list[Loop] = []

    def watch(self) -> None:
        """From here on, trainings and figures are recorded."""
        import torch

        import lrlib.basics
        import lrlib.sweep
        from lrlib import plots
        from lrlib.explorer import Explorer

        torch.set_num_threads(1)
        lrlib.sweep.sweep = self.sweeping(lrlib.sweep.sweep)
        lrlib.basics.gradient_descent = self.descending(lrlib.basics.gradient_descent)
        self._torch(torch)

        of_explorer: Any = Explorer
        of_figure: Any = plots.Figure
        made, drawn = of_explorer.__init__, of_figure.__init__

        @functools.wraps(made)
        def explorer(this: Any, **arguments: Any) -> None:
            made(this, **arguments)
            self._explorer(this)

        @functools.wraps(drawn)
        def picture(this: Any, figure: Any, alt: str) -> None:
            drawn(this, figure, alt)
            self.picture(figure)

        of_explorer.__init__ = explorer
        of_figure.__init__ = picture

    def sweeping(self, sweep: Any) -> Any:
        """``sweep``, whose runs are recorded."""

        @functools.wraps(sweep)
        def recorded(*args: Any, **kwargs: Any) -> Any:
            runs = sweep(*args, **kwargs)
            at = np.arange(runs.rates.shape[1])
            groups: dict[bytes, list[int]] = {}
            for row, rates in enumerate(runs.rates):
                groups.setdefault(rates.tobytes(), []).append(row)
            for rows in groups.values():
                seen = [array[rows] for array in (runs.losses, runs.validation)]
                curves = [
                    curve
                    for array in seen
                    for curve in (*array.copy(), array.mean(axis=0))
                ]
                rates = runs.rates[rows[0]].copy()
                self.trainings.append(Training("sweep", self.cell, rates, at, curves))
            return runs

        return recorded

    def descending(self, descent: Any) -> Any:
        """``gradient_descent``, whose rates are recorded."""
        from lrlib.decay import constant
        from lrlib.schedules import Schedule

        @functools.wraps(descent)
        def recorded(gradient: Any, start: Any, lr: Any, steps: int) -> Any:
            path = descent(gradient, start, lr, steps)
            at = np.arange(steps)
            for one in lr if isinstance(lr, list | tuple | np.ndarray) else [lr]:
                schedule = one if isinstance(one, Schedule) else constant(float(one))
                self.trainings.append(
                    Training("gradient_descent", self.cell, schedule(at), at)
                )
            return path

        return recorded

    def _torch(self, torch: Any) -> None:
        from torch.optim.optimizer import register_optimizer_step_pre_hook

        backward = torch.Tensor.backward

        @functools.wraps(backward)
        def recorded(this: Any, *args: Any, **kwargs: Any) -> Any:
            if this.numel() == 1:
                self._loss = float(this.detach())
            return backward(this, *args, **kwargs)

        def before_step(optimizer: Any, args: Any, kwargs: Any) -> None:
            self._optimizers[id(optimizer)] = optimizer
            # Who steps to see the rates, without a gradient, trains nothing. With a
            # closure the gradient comes later.
            closure = len(args) > 1 or kwargs.get("closure") is not None
            for number, group in enumerate(optimizer.param_groups):
                if closure or any(p.grad is not None for p in group["params"]):
                    self._steps.setdefault((id(optimizer), number), []).append(
                        (self.cell, float(group["lr"]), self._loss)
                    )

        torch.Tensor.backward = recorded
        register_optimizer_step_pre_hook(before_step)

    def picture(self, figure: Any) -> None:
        """Keep a figure of matplotlib; it is read when its cell has ended."""
        self._pictures[id(figure)] = (self.cell, figure)

    def end_of_cell(self) -> None:
        """Read the figures of the cell that has just run."""
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            for number in pyplot.get_fignums():
                self.picture(pyplot.figure(number))
            pyplot.close("all")
        for cell, figure in self._pictures.values():
            self.figures += 1
            for axes in figure.axes:
                self.curves += curves_of_axes(axes, cell, self.figures)
        self._pictures.clear()

    def _explorer(self, explorer: Any) -> None:
        from lrlib.explorer import Lines
        from lrlib.explorer.codec import over_grid

        grid = tuple(len(control.values) for control in explorer.controls)
        self.figures += 1
        for panel in explorer.panels:
            if not isinstance(panel, Lines) or (kind := kind_of(panel.y_label)) is None:
                continue
            for label, values in panel.series.items():
                y = np.array(over_grid(f"series {label!r}", values, grid, 1), float)
                x = np.arange(y.shape[-1]) if panel.x is None else np.array(panel.x)
                if unit := unit_of(panel.x_label, x):
                    self.curves.append(
                        Curve(
                            self.cell,
                            self.figures,
                            panel.title,
                            kind,
                            unit,
                            label,
                            x.astype(float),
                            y,
                        )
                    )

    # Called by the lines that ``ByHand`` writes into a cell.

    def start(self, number: int, line: str) -> None:
        """A loop around an update by hand begins."""
        self._loops[number] = loop = Loop(self.cell, line)
        self._all_loops.append(loop)

    def turn(self, inner: int, outer: list[int], count: Any = None) -> None:
        """An update begins; ``count`` is what its loop counts, if anything."""
        self._loops[inner].turn(count)
        for number in outer:
            self._loops[number].turn(None)

    def rate(self, numbers: list[int], value: Any) -> Any:
        """The rate of an update, which is handed on as it is."""
        for number in numbers:
            self._loops[number].rate(value)
        return value

    def all_trainings(self) -> list[Training]:
        """What was recorded: of each optimizer's parameter group, one training."""
        found = list(self.trainings)
        for (identity, group), steps in self._steps.items():
            cells, rates, losses = map(np.array, zip(*steps, strict=True))
            name = type(self._optimizers[identity]).__name__
            how = f"torch's {name}, parameter group {group}"
            at = np.arange(len(rates))
            found.append(Training(how, int(cells[0]), rates, at, [losses]))
        for loop in self._all_loops:
            found += loop.trainings()
        return found


class Loop:
    """The rates of a loop by hand: one number, or an array of them, each turn."""

    def __init__(self, cell: int, line: str) -> None:
        self.cell, self.line = cell, line
        self.counts: list[int] = []
        self.values: list[np.ndarray] = []
        self.now = 0  # what this turn counts
        self.seen = False  # whether the rate of this turn is known

    def turn(self, count: Any) -> None:
        whole = isinstance(count, int | np.integer) and not isinstance(count, bool)
        self.now = int(count) if whole else len(self.counts)
        self.seen = False

    def rate(self, value: Any) -> None:
        if self.seen:
            return  # the next parameter of the same update
        try:
            array = np.array(
                value.detach() if hasattr(value, "detach") else value, float
            )
        except (TypeError, ValueError):
            return  # no number, so no rate
        if array.size <= LARGEST and len(self.counts) <= LONGEST:
            self.seen = True
            self.counts.append(self.now)
            self.values.append(array.ravel())

    def trainings(self) -> Iterator[Training]:
        at = np.array(self.counts)
        if (
            not 0 < len(at) <= LONGEST
            or len({array.size for array in self.values}) != 1
        ):
            return
        if (np.diff(at) <= 0).any():
            at = np.arange(len(at))
        for rates in np.stack(self.values, axis=-1):
            yield Training(f"the loop by hand with {self.line!r}", self.cell, rates, at)


class ByHand(ast.NodeTransformer):
    """Makes the updates that a cell does by hand report their rates.

    In ``for t in …: x = x - lr * gradient`` the rate is what stands before the first ×
    of what is taken away. An update is a turn of the innermost loop that doesn't pick
    the parameter: ``for p in parameters: p -= lr * p.grad`` is one update, in the loop
    around it. Each loop around that one is a training too: epochs of batches are one,
    and ``for lr in rates`` around a training does no harm.
    """

    RECORDER = "__rates_recorder__"

    def __init__(self) -> None:
        self.around: list[ast.For | ast.While] = []
        self.numbers: dict[tuple[ast.AST, str], int] = {}
        self.starts: dict[ast.AST, dict[int, str]] = {}
        self.turns: dict[ast.AST, dict[int, list[int]]] = {}

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        outside, self.around = self.around, []
        self.generic_visit(node)
        self.around = outside
        return node

    def visit_For(self, node: ast.For | ast.While) -> Any:
        self.around.append(node)
        self.generic_visit(node)
        self.around.pop()
        turns = [
            ast.Expr(self._call("turn", inner, outer, *_count(node)))
            for inner, outer in self.turns.get(node, {}).items()
        ]
        node.body[:0] = turns
        starts = [
            ast.copy_location(ast.Expr(self._call("start", number, line)), node)
            for number, line in self.starts.get(node, {}).items()
        ]
        return [*starts, node]

    def visit_While(self, node: ast.While) -> Any:
        return self.visit_For(node)

    def visit_Assign(self, node: ast.Assign) -> Any:
        value = node.value
        name = _root(node.targets[0])
        if (
            name is not None
            and isinstance(value, ast.BinOp)
            and isinstance(value.op, ast.Sub)
            and _root(value.left) == name
        ):
            self._report(value.right, node, name)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        name = _root(node.target)
        if isinstance(node.op, ast.Sub) and name is not None:
            self._report(node.value, node, name)
        return node

    def _report(self, taken: Any, statement: ast.stmt, name: str) -> None:
        """Have the rate in ``taken`` recorded, if it is a product, in a loop."""
        loops = [loop for loop in self.around if name not in _picks(loop)]
        product = _first_product(taken)
        if not loops or product is None:
            return
        line = ast.unparse(statement)
        numbers = []
        for loop in loops:
            number = self.numbers.setdefault((loop, name), len(self.numbers))
            self.starts.setdefault(loop, {})[number] = line
            numbers.append(number)
        *outer, inner = numbers
        self.turns.setdefault(loops[-1], {})[inner] = outer
        product.left = self._call("rate", numbers, product.left)

    def _call(self, method: str, *arguments: Any) -> ast.Call:
        recorder = ast.Name(self.RECORDER, ast.Load())
        given: list[Any] = [
            one if isinstance(one, ast.AST) else ast.parse(repr(one), mode="eval").body
            for one in arguments
        ]
        return ast.Call(ast.Attribute(recorder, method, ast.Load()), given, [])

    def visit_Module(self, node: ast.Module) -> Any:
        self.generic_visit(node)
        # Lines stay those of the source, which show_source prints.
        return ast.fix_missing_locations(node)


def _count(loop: ast.For | ast.While) -> list[ast.expr]:
    """What the loop counts: ``t`` of ``for t in`` and ``for t, batch in enumerate``."""
    if isinstance(loop, ast.While):
        return []
    target = loop.target
    if isinstance(target, ast.Tuple) and ast.unparse(loop.iter).startswith(
        "enumerate("
    ):
        target = target.elts[0]
    return [ast.Name(target.id, ast.Load())] if isinstance(target, ast.Name) else []


def _first_product(node: Any) -> ast.BinOp | None:
    """Of ``lr / t * m / s`` the product ``(lr / t) * m``."""
    found = None
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        if isinstance(node.op, ast.Mult):
            found = node
        node = node.left
    return found


def _root(node: ast.AST) -> str | None:
    """The variable at the root of ``w``, ``w[t]``, ``model.w``."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _picks(loop: ast.For | ast.While) -> set[str]:
    if isinstance(loop, ast.While):
        return set()
    return {node.id for node in ast.walk(loop.target) if isinstance(node, ast.Name)}


def curves_of_axes(axes: Any, cell: int, figure: int) -> list[Curve]:
    """The curves of matplotlib's axes, if they show rates or losses over updates."""
    titles = [axes.get_title(loc=loc) for loc in ("left", "center", "right")]
    # Our figures name the quantity above the axes, where it is read first.
    title = axes.get_ylabel() or " ".join(text for text in titles if text)
    lines = [
        line
        for line in axes.lines
        # Straight lines across the axes and marks beside them are no data.
        if all(line.get_transform().contains_branch_seperately(axes.transData))
    ]
    data = [
        (label, line.get_xdata(orig=True), line.get_ydata(orig=True))
        for label, line in zip(_labels(axes, lines), lines, strict=True)
    ]
    for patch in axes.patches:
        if type(patch).__name__ == "StepPatch":  # of axes.stairs(values, edges)
            values, edges, _ = patch.get_data()
            data.append((_own_label(patch), edges[:-1], values))
    kind = kind_of(title)
    if kind is None and data and all(kind_of(label) == "rate" for label, _, _ in data):
        kind = "rate"
    if kind is None:
        return []
    together = axes.get_shared_x_axes().get_siblings(axes)
    below = next(
        (one.get_xlabel() for one in (axes, *together) if one.get_xlabel()), ""
    )
    found = []
    for label, *positions in data:
        x, y = (np.asarray(values, dtype=float) for values in positions)
        if len(x) and (unit := unit_of(below, x)):
            found.append(Curve(cell, figure, title, kind, unit, label, x, y))
    return found


def _own_label(artist: Any) -> str:
    label = str(artist.get_label())
    return "" if label.startswith("_") else label


def _labels(axes: Any, lines: list[Any]) -> list[str]:
    """What names each line: its label, the legend, or a text of its colour or place."""
    from matplotlib.colors import to_hex

    labels = [_own_label(line) for line in lines]
    legend = axes.get_legend()
    texts = [text for text in axes.texts if text.get_text().strip()]
    if legend is not None and len(legend.get_texts()) == len(lines):
        labels = [text.get_text() for text in legend.get_texts()]
    elif not any(labels) and texts:
        by_colour: dict[str, list[str]] = {}
        for text in texts:
            by_colour.setdefault(to_hex(text.get_color()), []).append(text.get_text())
        own = [by_colour.get(to_hex(line.get_color()), []) for line in lines]
        if all(len(found) == 1 for found in own):
            labels = [found[0] for found in own]
        elif len(texts) == len(lines):  # as plots writes them, at the ends of the lines
            labels = [text.get_text().rstrip(" ↑↓") for text in texts]
    return labels


# --- how a lesson is run ------------------------------------------------------------


def run(notebook: Any) -> Report:
    """Run the code cells in an IPython shell of this process, and judge."""
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from matplotlib.figure import Figure

    class Quiet(DisplayPublisher):
        def publish(self, *args: Any, **kwargs: Any) -> None:
            pass

    class Shell(InteractiveShell):
        def enable_gui(self, gui: Any = None) -> None:
            pass

    recorder, by_hand = Recorder(), ByHand()
    recorder.watch()

    def shown(
        obj: Any, *args: Any, **kwargs: Any
    ) -> tuple[dict[str, str], dict[str, Any]]:
        if isinstance(obj, Figure):
            recorder.picture(obj)
        return {"text/plain": repr(obj)}, {}

    shell: Any = Shell.instance(
        display_pub_class=Quiet, history_manager=None, colors="NoColor"
    )
    shell.display_formatter.format = shown
    shell.ast_transformers.append(by_hand)
    shell.user_ns[ByHand.RECORDER] = recorder
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        recorder.cell = number
        result = shell.run_cell(cell.source)
        if not result.success:
            result.raise_error()
        recorder.end_of_cell()
    assert by_hand in shell.ast_transformers  # IPython drops one that fails
    return judge(recorder.all_trainings(), recorder.curves, declared(notebook))


def declared(notebook: Any) -> list[int]:
    """The cells with the tag, counted from 1."""
    return [
        number
        for number, cell in enumerate(notebook.cells, start=1)
        if TAG in cell.metadata.get("tags", [])
    ]


def report(path: Path) -> Report:
    """Run the notebook in a process of its own, forked from one that has loaded torch.

    Raises what its cell raises.
    """
    with ProcessPoolExecutor(1, FORKS) as pool:
        return pool.submit(_read_and_run, path.absolute()).result()


def _read_and_run(path: Path) -> Report:
    import matplotlib

    # As a reader's kernel runs it: without progress bars, and not on the website.
    os.environ["TQDM_DISABLE"] = "1"
    os.environ.pop("LRLIB_HOST", None)
    matplotlib.use("agg")
    os.chdir(path.parent)
    with contextlib.redirect_stdout(io.StringIO()):
        return run(nbformat.read(path, as_version=4))
