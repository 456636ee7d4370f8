"""Figures of the course, each with its description in words.

Every function takes data and returns a :class:`Figure`. Its alt text names the numbers
that the picture shows, so that nobody needs to see it; ``alt=`` replaces that text.

The look: a white card, because no one ink is legible on white and on black; one width,
chosen with the type size so that the smallest letter is still 9 pt on a phone; and a
colour never alone, since each comes with a marker of its own.
"""

import base64
import io
import sys
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import LogLocator, NullLocator
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from lrlib.explorer.hosts import FIGURE_MIME, host

if TYPE_CHECKING:
    from lrlib.finder import RangeTest
    from lrlib.sweep import Runs


#: The palette of Okabe and Ito (2008), which stays apart for colour-blind readers.
COLORS = {
    "blue": "#0072B2",
    "vermilion": "#D55E00",
    "green": "#009E73",
    "purple": "#CC79A7",
    "black": "#000000",
    "orange": "#E69F00",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
}
INK, FAINT = "#222222", "#BBBBBB"
WIDTH, TYPE = 5.0, 13.0  # inches and points: 480 px; on a 340 px screen 13 pt are 9.2
TITLE: dict[str, Any] = {"fontsize": TYPE, "color": INK}  # else matplotlib shrinks it
DPI = 192  # two pixels of the picture for one of the page, which counts 96 to an inch
#: Colour and marker of the first line, the second, …
STYLES = [
    ("blue", "o"),
    ("vermilion", "s"),
    ("green", "^"),
    ("purple", "D"),
    ("black", "v"),
    ("orange", "P"),
]
#: Colour and marker of each regime that ``lrlib.basics.regimes`` names.
REGIMES = {
    "slow": ("blue", "o"),
    "converging": ("green", "s"),
    "oscillating": ("purple", "D"),
    "diverging": ("vermilion", "X"),
    "plateau": ("black", "v"),
}


class Figure:
    """A matplotlib figure and its description in words.

    Args:
        figure: a ``matplotlib.figure.Figure``. One made by ``pyplot`` is taken out of
            pyplot's list, so that the notebook doesn't show it a second time.
        alt: what the figure shows, with its numbers; must not be empty.

    Raises:
        TypeError: ``figure`` is no matplotlib figure, or ``alt`` no string.
        ValueError: ``alt`` is empty.
    """

    def __init__(self, figure: Canvas, alt: str) -> None:
        if not isinstance(figure, Canvas):
            raise TypeError(f"figure must be a matplotlib Figure, got {figure!r}")
        if not isinstance(alt, str):
            raise TypeError(f"alt must be a string, got {alt!r}")
        if not alt.strip():
            raise ValueError(
                f"alt is {alt!r}: say in words what the figure shows, with its numbers"
            )
        _forget(figure)
        self.figure = figure
        self.alt = " ".join(alt.split())

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"

    @cached_property
    def png(self) -> bytes:
        """The picture at two pixels for each of the page, in at most 64 colours."""
        self.figure.set_dpi(DPI)
        canvas = FigureCanvasAgg(self.figure)
        canvas.draw()
        picture = Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])
        buffer = io.BytesIO()
        # A third of the bytes of full colour, with no difference that the eye finds.
        picture.quantize(64, dither=Image.Dither.NONE).save(
            buffer, format="png", optimize=True
        )
        return buffer.getvalue()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        width, height = (round(96 * inches) for inches in self.figure.get_size_inches())
        size = {"width": width, "height": height}
        png = base64.b64encode(self.png).decode("ascii")
        if host() == "site":
            figure = {"png": png, "alt": self.alt, **size}
            return {"text/plain": repr(self), FIGURE_MIME: figure}, {}
        return {"text/plain": repr(self), "image/png": png}, {"image/png": size}


def _forget(figure: Canvas) -> None:
    """Take a figure out of pyplot's list, if pyplot was ever loaded."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close(figure)


def subplots(
    columns: int = 1, height: float = 3.2, rows: int = 1
) -> tuple[Canvas, list[Axes]]:
    """An empty figure in the course's style, with ``columns`` axes side by side.

    With ``rows``, that many such rows; the axes are returned row by row.

    Unlike pyplot's, it is known to nobody else: it appears once, where it is shown,
    as ``Figure(figure, alt)``. Height in inches; the width is always the same. Texts
    added later need ``fontsize=plots.TYPE`` to stay legible on a phone.
    """
    figure = Canvas(figsize=(WIDTH, height), layout="constrained", facecolor="white")
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes in grid:
        axes.tick_params(labelsize=TYPE, colors=INK)
        axes.spines[["top", "right"]].set_visible(False)
        axes.xaxis.label.set(fontsize=TYPE, color=INK)
        axes.yaxis.label.set(fontsize=TYPE, color=INK)
    return figure, list(grid)


def descent(
    paths: Iterable[ArrayLike],
    curvature: float,
    labels: Sequence[str],
    *,
    alt: str | None = None,
) -> Figure:
    """One bowl, curvature·x²/2, and several balls with their trails, side by side.

    Args:
        paths: one to three sequences x_0, x_1, … of positions.
        curvature: second derivative of the bowl, above 0.
        labels: what differs, one text a path, such as ``"lr = 0.15"``.
        alt: the description; by default start, end and sides of each ball.

    Raises:
        ValueError: other than one to three paths, a label too many or too few, a
            start that isn't finite, a curvature that isn't above 0.
    """
    balls = [_array("paths", path, 1) for path in paths]
    _check_labels(labels, len(balls), most=3)
    if not (np.isfinite(curvature) and curvature > 0):
        raise ValueError(f"curvature must be a finite number above 0, got {curvature}")
    edge = 1.35 * _reach(np.array([path[0] for path in balls]))
    figure, row = subplots(len(balls), height=2.9)
    slope = np.linspace(-edge, edge, 101)
    top = curvature * edge**2 / 2
    for axes, path, label, style in zip(row, balls, labels, STYLES, strict=False):
        axes.plot(slope, curvature * slope**2 / 2, color=FAINT, linewidth=2)
        inside = path[: _first(np.abs(path) > edge)]
        height = curvature * inside**2 / 2
        color = COLORS[style[0]]
        axes.plot(inside, height, "o-", color=color, markersize=5, linewidth=1)
        axes.plot(inside[0], height[0], "o", color=INK, mfc="white", markersize=9)
        if len(inside) == len(path):
            axes.plot(inside[-1], height[-1], "o", color=color, markersize=12)
        else:
            beyond = np.nan_to_num(path[len(inside)], posinf=1e9, neginf=-1e9)
            exit_point = _exit(inside[-1], beyond, edge, top, curvature)
            arrow = {"arrowstyle": "-|>", "color": color, "linewidth": 2}
            axes.annotate("", exit_point, (inside[-1], height[-1]), arrowprops=arrow)
        axes.set_title(label, **TITLE)
        axes.set(xlim=(-edge, edge), ylim=(-0.07 * top, 1.02 * top), xlabel="x")
        axes.yaxis.set_major_locator(NullLocator())
        axes.spines["left"].set_visible(False)
    return Figure(figure, alt or _descent_alt(balls, curvature, labels))


def _descent_alt(
    balls: list[NDArray[Any]], curvature: float, labels: Sequence[str]
) -> str:
    return f"A ball on a bowl of curvature {curvature:.4g}. " + " ".join(
        f"{label}: from x = {path[0]:.3g}, {_crossings(path)}, "
        f"{_place(path[-1])} after {len(path) - 1} steps."
        for path, label in zip(balls, labels, strict=True)
    )


def distances(
    paths: Iterable[ArrayLike],
    labels: Sequence[str],
    *,
    floor: float = 1e-8,
    ceiling: float = 1e2,
    alt: str | None = None,
) -> Figure:
    """Distance from the minimum at 0 against step, on a log axis: straight lines.

    Args:
        paths: one to six paths, each ``[steps + 1]`` or ``[steps + 1, dimensions]``.
        labels: one text a path, written at the end of its line.
        floor: the axis reaches down to floor × start at most; lines leave it there.
        ceiling: the axis reaches up to ceiling × start at most.
        alt: the description; by default the distance that each path ends at.

    Raises:
        ValueError: other than one to six paths, a label too many or too few, a path
            that starts at 0 or isn't finite there, a floor that isn't below 1 or a
            ceiling that isn't above 1.
    """
    if not 0 < floor < 1 < ceiling:
        raise ValueError(
            f"floor must be in (0, 1) and ceiling above 1, got {floor}, {ceiling}"
        )
    lines = [_norms(path) for path in paths]
    _check_labels(labels, len(lines), most=len(STYLES))
    start = _reach(np.array([line[0] for line in lines]))
    figure, (axes,) = subplots()
    axes.set_title("distance from the minimum", loc="left", **TITLE)
    _lines(axes, lines, labels, (start * floor, start * ceiling))
    ends = "; ".join(
        f"{label}: {_number(line[-1])} after {len(line) - 1} steps"
        for line, label in zip(lines, labels, strict=True)
    )
    text = f"Distance from the minimum on a log axis, from {_number(start)}. {ends}."
    return Figure(figure, alt or text)


def losses(
    runs: "Runs",
    rows: Sequence[int] | None = None,
    labels: Sequence[str] | None = None,
    *,
    ceiling: float = 10.0,
    alt: str | None = None,
) -> Figure:
    """Training loss against step of some runs, on a log axis.

    Args:
        runs: what ``sweep`` returned.
        rows: which of the runs, at most six; by default all.
        labels: one text a row; by default its learning rate.
        ceiling: the axis ends at ceiling × the first loss; what diverges leaves there.
        alt: the description; by default first and last loss of each run.

    Raises:
        IndexError: a row that the runs don't have.
        ValueError: more than six rows, a label too many or too few.
    """
    count = len(runs.losses)
    rows = list(range(count)) if rows is None else list(rows)
    if wrong := [row for row in rows if not -count <= row < count]:
        raise IndexError(f"rows {wrong} asked for, but there are {count} runs")
    if labels is None:
        labels = [_rate_label(runs.rates[row]) for row in rows]
    _check_labels(labels, len(rows), most=len(STYLES))
    lines = [np.asarray(runs.losses[row], dtype=float) for row in rows]
    start = _reach(np.array([line[0] for line in lines]))
    figure, (axes,) = subplots()
    axes.set_title("training loss", loc="left", **TITLE)
    _lines(axes, lines, labels, (start * 1e-8, start * ceiling))
    ends = "; ".join(
        f"{label}: from {_number(line[0])} to {_number(line[-1])}"
        for line, label in zip(lines, labels, strict=True)
    )
    text = f"Training loss on a log axis over {len(lines[0])} steps. {ends}."
    return Figure(figure, alt or text)


def rate_curve(
    rates: ArrayLike,
    final_losses: ArrayLike,
    regimes: Sequence[str] | None = None,
    limits: Sequence[tuple[float, str]] = (),
    *,
    ceiling: float = 10.0,
    alt: str | None = None,
) -> Figure:
    """Final loss against learning rate, both on log axes: the curve shaped like a U.

    Args:
        rates: ``[R]`` learning rates, rising.
        final_losses: ``[R]``, or ``[R, S]`` for S seeds; or ``[R·S]`` in the order of
            ``Runs.final_losses()``. What isn't finite is drawn at the top.
        regimes: one name for each final loss, drawn as colour and marker.
        limits: vertical lines, each a rate and the text beside it.
        ceiling: the axis ends at ceiling × the median of the finite losses.
        alt: the description; by default best rate, ranges of the regimes, limits.

    Raises:
        ValueError: shapes that don't fit, rates that aren't above 0 and rising, a
            regime that nobody knows, no finite loss.
    """
    x = _array("rates", rates, 1)
    if not (np.isfinite(x).all() and (x > 0).all() and (np.diff(x) > 0).all()):
        raise ValueError(f"rates must be finite, above 0 and rising, got {x}")
    y = np.asarray(final_losses, dtype=float)
    if y.size == 0 or y.size % x.size or (y.ndim == 2 and len(y) != x.size):
        raise ValueError(
            f"final_losses of shape {y.shape} don't fit {x.size} rates: give one row "
            "a rate and one column a seed"
        )
    y = y.reshape(x.size, -1)
    names = np.asarray(["converging"] * y.size if regimes is None else regimes)
    if names.size != y.size or (unknown := set(names.flat) - set(REGIMES)):
        what = names.size if names.size != y.size else ", ".join(sorted(unknown))
        raise ValueError(
            f"regimes must be one of {', '.join(REGIMES)} for each of the {y.size} "
            f"final losses, got {what}"
        )
    finite = y[np.isfinite(y)]
    if not finite.size:
        raise ValueError("final_losses has no finite value: there is no curve to draw")
    names = names.reshape(y.shape)
    low, high = finite.min() / 1.6, ceiling * np.median(finite)
    figure, (axes,) = subplots(height=3.4 + 0.5 * (regimes is not None))
    axes.set(xscale="log", yscale="log", xlabel="learning rate", ylim=(low, high))
    axes.set_ylabel("final loss")
    _few_ticks(axes)
    shown = np.where(np.isfinite(y), np.minimum(y, high), high)
    axes.plot(x, shown, color=FAINT, linewidth=1)
    for name in (name for name in REGIMES if name in names):
        color, marker = REGIMES[name]
        at_rate, seed = np.nonzero(names == name)
        # Marks at the top edge are drawn whole: they are the runs that left.
        axes.plot(
            x[at_rate],
            shown[at_rate, seed],
            marker,
            color=COLORS[color],
            markersize=5,
            clip_on=False,
            label=name,
        )
    _flags(axes, limits)
    if regimes is not None:
        _legend(figure)
    return Figure(figure, alt or _rate_curve_alt(x, y, names, regimes, limits))


def _rate_curve_alt(
    x: NDArray[Any],
    y: NDArray[Any],
    names: NDArray[Any],
    regimes: Sequence[str] | None,
    limits: Sequence[tuple[float, str]],
) -> str:
    middle = np.median(y, axis=1)
    best = int(np.argmin(np.where(np.isfinite(middle), middle, np.inf)))
    text = (
        f"Final loss against learning rate, both on log axes, {x.size} rates from "
        f"{x[0]:.3g} to {x[-1]:.3g}, seeds: {y.shape[1]}. Lowest median loss "
        f"{_number(middle[best])} at rate {x[best]:.3g}."
    )
    for name in (name for name in REGIMES if regimes is not None and name in names):
        at = x[(names == name).any(axis=1)]
        text += f" {name.capitalize()}: rates {at[0]:.3g} to {at[-1]:.3g}."
    if broken := int((~np.isfinite(y)).sum()):
        text += f" Runs that ended without a finite loss: {broken} of {y.size}."
    return text + "".join(f" {label}: {value:.3g}." for value, label in limits)


def range_test(test: "RangeTest", *, alt: str | None = None) -> Figure:
    """Loss against learning rate of a range test, with the rate it suggests.

    The smoothed line is the one that the suggestion is read from, without lag. The axis
    of losses ends above the highest of the first ten; an explosion leaves there.

    Args:
        test: what ``lrlib.practice.range_test`` returned.
        alt: the description; by default start, lowest point and end of the smoothed
            losses, the suggestion and where the sweep stopped.

    Raises:
        ValueError: fewer than two losses, which are no curve.
    """
    if len(test.losses) < 2:
        raise ValueError(
            f"test must have two losses or more, got {len(test.losses)}: {test.stopped}"
        )
    rates, losses, smooth = test.rates, test.losses, test.centred
    low, high = losses.min(), losses[:10].max()
    room = 0.08 * (high - low) or 0.08 * abs(high) or 1.0
    figure, (axes,) = subplots(height=3.9)
    axes.set(xscale="log", xlabel="learning rate", ylim=(low - room, high + room))
    axes.set_xlim(rates[0], rates[-1])
    axes.set_ylabel("loss")
    _few_ticks(axes)
    axes.plot(rates, losses, color=FAINT, linewidth=1.2, label="each update")
    color, marker = COLORS[STYLES[0][0]], STYLES[0][1]
    every = max(len(rates) // 8, 1)
    style: dict[str, Any] = {"marker": marker, "markevery": every, "linewidth": 1.8}
    axes.plot(rates, smooth, color=color, label="smoothed", **style)
    marks = [(float(rates[-1]), f"stopped at {rates[-1]:.2g}")]
    suggested = test.suggestion.rate
    if suggested is not None:
        marks.append((suggested, f"suggested {suggested:.2g}"))
    _flags(axes, marks)
    _legend(figure)
    lowest = int(smooth.argmin())
    text = (
        f"Loss against learning rate on a log axis, {len(rates)} updates, rates "
        f"{rates[0]:.3g} to {rates[-1]:.3g}. The smoothed loss starts at "
        f"{smooth[0]:.3g}, is lowest, {smooth[lowest]:.3g}, at rate "
        f"{rates[lowest]:.3g}, and the last loss is {losses[-1]:.3g}. "
        f"{test.stopped} Suggestion: {test.suggestion!r}"
    )
    return Figure(figure, alt or text)


def bowl(
    paths: Iterable[ArrayLike],
    eigenvalues: tuple[float, float],
    labels: Sequence[str],
    *,
    angle: float = 0.0,
    alt: str | None = None,
) -> Figure:
    """Contours of the bowl (λ₁x² + λ₂y²)/2 and the paths of balls in it.

    Args:
        paths: one to four paths, each ``[steps + 1, 2]``.
        eigenvalues: λ₁ and λ₂, both above 0.
        labels: one text a path.
        angle: by how much the bowl is turned, counter-clockwise, in degrees.
        alt: the description; by default start and end of each path.

    Raises:
        ValueError: other than one to four paths, a path that isn't two columns wide, a
            label too many or too few, eigenvalues that aren't two numbers above 0.
    """
    balls = [_array("paths", path, 2) for path in paths]
    _check_labels(labels, len(balls), most=4)
    first, second = _eigenvalues(eigenvalues)
    if wrong := [path.shape for path in balls if path.shape[1] != 2]:
        raise ValueError(f"paths must be [steps + 1, 2], got shape {wrong[0]}")
    edge = 1.3 * _reach(np.array([path[0] for path in balls]))
    wide = 1.6 * edge  # so that equal scales fill the figure's width
    figure, (axes,) = subplots(height=3.7)
    x, y = np.meshgrid(np.linspace(-wide, wide, 161), np.linspace(-edge, edge, 161))
    turn = np.radians(angle)
    along = np.cos(turn) * x + np.sin(turn) * y
    across = -np.sin(turn) * x + np.cos(turn) * y
    height = (first * along**2 + second * across**2) / 2
    # Equal steps of the square root: equally spaced ellipses.
    levels = height.max() * np.linspace(0.06, 1, 9) ** 2
    axes.contour(x, y, height, levels=levels, colors=FAINT, linewidths=1)
    for path, label, style in zip(balls, labels, STYLES, strict=False):
        axes.plot(
            *path[: _first(~np.isfinite(path).all(axis=1))].T,
            color=COLORS[style[0]],
            marker=style[1],
            markersize=4,
            linewidth=1,
            label=label,
        )
        axes.plot(*path[0], "o", color=INK, mfc="white", markersize=9)
    axes.set(xlim=(-wide, wide), ylim=(-edge, edge))
    axes.set(xlabel="x", ylabel="y", aspect="equal")
    _legend(figure)
    text = f"Contours of a bowl with curvatures {first:.4g} and {second:.4g}. "
    text += " ".join(
        f"{label}: from ({path[0][0]:.3g}, {path[0][1]:.3g}), distance from the "
        f"minimum {_number(np.hypot(*path[-1]))} after {len(path) - 1} steps."
        for path, label in zip(balls, labels, strict=True)
    )
    return Figure(figure, alt or text)


def _lines(
    axes: Axes,
    lines: list[NDArray[Any]],
    labels: Sequence[str],
    limits: tuple[float, float],
) -> None:
    """Lines against step on a log axis, labelled at their ends.

    The axis fits what is inside ``limits``. A value of 0 falls through the bottom, one
    that isn't finite or too large leaves through the top, and the line ends there.
    """
    inside = np.concatenate(
        [line[(line >= limits[0]) & (line <= limits[1])] for line in lines]
    )
    low, high = inside.min() / 1.5, inside.max() * 1.5
    axes.set(yscale="log", ylim=(low, high), xlabel="step")
    span, ends = max(len(line) for line in lines), []
    for i, (line, (name, marker)) in enumerate(zip(lines, STYLES, strict=False)):
        bounded = np.where(np.isnan(line), np.inf, line).clip(low / 1e3, high * 1e3)
        bounded = bounded[: _first(bounded > high) + 1]
        # A few marks tie the line to its label; shifted, so that none hides another.
        every = ((i + 1) * span // 30, max(span // 5, 1))
        color = COLORS[name]
        axes.plot(bounded, color=color, linewidth=1.8, marker=marker, markevery=every)
        ends.append((float(bounded[-1]), color, marker))
    axes.set_xlim(0, span - 1)
    _few_ticks(axes)
    _label_ends(axes, ends, labels)


def _label_ends(
    axes: Axes, ends: list[tuple[float, str, str]], labels: Sequence[str]
) -> None:
    """Texts at the right edge, as high as the lines end, none over another."""
    low, high = np.log10(axes.get_ylim())
    targets = [float((np.log10(value) - low) / (high - low)) for value, _, _ in ends]
    heights = spread(np.clip(targets, 0, 1), gap=0.095)
    for target, at, (_, color, marker), label in zip(
        targets, heights, ends, labels, strict=True
    ):
        leaves = " ↑" if target > 1 else " ↓" if target < 0 else ""
        axes.plot(
            1.04,
            at,
            marker,
            color=color,
            markersize=7,
            transform=axes.transAxes,
            clip_on=False,
        )
        axes.text(
            1.075,
            at,
            label + leaves,
            transform=axes.transAxes,
            va="center",
            fontsize=TYPE,
            color=INK,
        )


def spread(targets: ArrayLike, gap: float) -> NDArray[Any]:
    """Heights as near to ``targets`` as a sweep up and one down find, ``gap`` apart."""
    targets = np.asarray(targets, dtype=float)
    order = np.argsort(targets, kind="stable")
    heights = targets[order]
    for i in range(1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + gap)
    heights[-1] = min(heights[-1], 1.0)
    for i in range(len(heights) - 2, -1, -1):
        heights[i] = min(heights[i], heights[i + 1] - gap)
    result = np.empty_like(heights)
    result[order] = heights
    return result


def _exit(
    last: float, beyond: float, edge: float, top: float, curvature: float
) -> tuple[float, float]:
    """Where the chord between two points of the bowl leaves the frame."""
    start, end = (np.array([x, curvature * x**2 / 2]) for x in (last, beyond))
    share = min((edge - last * np.sign(beyond)) / abs(beyond - last), 1.0)
    if end[1] > start[1]:
        share = min(share, (top - start[1]) / (end[1] - start[1]))
    x, y = start + share * (end - start)
    return float(x), float(y)


def _flags(axes: Axes, limits: Sequence[tuple[float, str]]) -> None:
    """Vertical lines that rise above the axes, each with its text at its top.

    Above the axes a text covers no data. All texts are on the side where there is more
    room, and the line at the other end is the highest: no line crosses a text.
    """
    if not limits:
        return
    values = np.array([value for value, _ in limits], dtype=float)
    left = np.log10(values).mean() > np.log10(axes.get_xlim()).mean()
    rank = np.argsort(np.argsort(values if left else -values))
    for (value, label), row in zip(limits, rank, strict=True):
        top = 1.12 + 0.1 * row
        across = axes.get_xaxis_transform()
        line: dict[str, Any] = {"color": INK, "linewidth": 1.5, "clip_on": False}
        axes.plot([value, value], [0, top], "--", transform=across, **line)
        axes.text(
            value,
            top,
            f"{label}  " if left else f"  {label}",
            transform=across,
            va="top",
            ha="right" if left else "left",
            fontsize=TYPE,
            color=INK,
        )


def _few_ticks(axes: Axes) -> None:
    """At most six powers of ten on each log axis, and no minor ticks."""
    for axis in (axes.xaxis, axes.yaxis):
        if axis.get_scale() == "log":
            axis.set_major_locator(LogLocator(numticks=6))
            axis.set_minor_locator(NullLocator())


def _legend(figure: Canvas) -> None:
    """Names above the axes: in one row if they fit, else in two columns."""
    names = [
        name for axes in figure.axes for name in axes.get_legend_handles_labels()[1]
    ]
    one_row = sum(len(name) + 6 for name in names) <= 46
    figure.legend(
        loc="outside upper left",
        ncols=len(names) if one_row else 2,
        fontsize=TYPE,
        labelcolor=INK,
        frameon=False,
        borderaxespad=0,
        handletextpad=0.4,
    )


def _array(name: str, values: ArrayLike, dimensions: int) -> NDArray[Any]:
    array = np.asarray(values, dtype=float)
    if array.ndim != dimensions or not array.size:
        raise ValueError(
            f"{name} must have {dimensions} dimensions and not be empty, got shape "
            f"{array.shape}"
        )
    return array


def _check_labels(labels: Sequence[str], count: int, most: int) -> None:
    if not 1 <= count <= most:
        raise ValueError(f"{count} paths or rows given: one to {most} can be drawn")
    if len(labels) != count:
        raise ValueError(f"labels has {len(labels)} texts for {count} lines")


def _eigenvalues(values: tuple[float, float]) -> tuple[float, float]:
    array = np.asarray(values, dtype=float)
    if array.shape != (2,) or not (np.isfinite(array) & (array > 0)).all():
        raise ValueError(
            f"eigenvalues must be two finite numbers above 0, got {values}"
        )
    return float(array[0]), float(array[1])


def _norms(path: ArrayLike) -> NDArray[Any]:
    array = np.asarray(path, dtype=float)
    if array.ndim not in (1, 2) or not array.size:
        raise ValueError(
            f"paths must be [steps + 1] or [steps + 1, n], got {array.shape}"
        )
    return np.abs(array) if array.ndim == 1 else np.linalg.norm(array, axis=1)


def _reach(starts: NDArray[Any]) -> float:
    """The largest of the starting values, which sets the scale of the picture."""
    if not np.isfinite(starts).all() or not np.abs(starts).max():
        raise ValueError(f"the start must be finite and not 0, got {starts}")
    return float(np.abs(starts).max())


def _first(mask: NDArray[Any]) -> int:
    """Index of the first true element, or the length when there is none."""
    return int(mask.argmax()) if mask.any() else len(mask)


def _number(value: float) -> str:
    return f"{value:.3g}" if np.isfinite(value) else "not finite"


def _place(value: float) -> str:
    return f"at x = {value:.3g}" if np.isfinite(value) else "no longer finite"


def _crossings(path: NDArray[Any]) -> str:
    times = int((path[1:] * path[:-1] < 0).sum())
    return "never on the other side" if not times else f"changing sides {times} times"


def _rate_label(rates: NDArray[Any]) -> str:
    first, last = float(rates[0]), float(rates[-1])
    return f"lr = {first:.3g}" if first == last else f"lr {first:.3g} to {last:.3g}"
