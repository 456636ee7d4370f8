"""The four kinds of panel, as data that the browser draws.

Positions along an axis are stored in the axis's own space (the logarithm to base 10
on a log axis), so that the browser only scales them to pixels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lrlib.explorer.codec import check_grid, encode, encode_strings, over_grid

Scale = Literal["linear", "log"]
Grid = tuple[int, ...]

# How far beyond its borders a chart keeps positions apart, in widths of the chart:
# enough for a line to leave it in the right direction.
BEYOND = 3.0

# As many curves as colours and dashes tell apart.
MOST_SERIES = 6

# How many decades an automatic log axis reaches on either side of the median.
DECADES = 9.0


class Panel(Protocol):
    """What Explorer asks of a panel."""

    @property
    def title(self) -> str:
        """Heading of the panel."""

    def encoded(self, grid: Grid) -> dict[str, Any]:
        """The panel as JSON-able data, after its shapes were checked."""


@dataclass(frozen=True)
class Reference:
    """A labelled straight line at ``value`` of one axis.

    ``value`` is a number, or an array over the grid when a control moves the line.
    """

    value: ArrayLike
    label: str
    axis: Literal["x", "y"] = "y"


@dataclass(frozen=True)
class Zone:
    """A labelled stretch of the x axis, from ``start`` to ``end``.

    Each is a number, or an array over the grid when a control moves the border.
    Infinite borders reach to the end of the chart.
    """

    start: ArrayLike
    end: ArrayLike
    label: str


@dataclass(frozen=True)
class Lines:
    """Curves over a common x: losses over steps, or a final loss over rates.

    Args:
        title: heading of the panel.
        x_label, y_label: what the axes show, with the unit.
        series: name to array ``[*grid, T]``; NaN is a gap, infinite is off the chart.
        x: the ``T`` positions; 0 … T-1 when not given.
        x_scale, y_scale: "linear" or "log". A log axis shows positive values; zero
            lies below every chart; take the absolute value of what changes sign.
        y_range: lowest and highest value shown; from the data when not given.
        references: labelled straight lines.
        zones: labelled stretches of x.
        cursor: where the position stands: an x ``[*grid]`` marked on every series, or
            a point ``[*grid, 2]``. Dragging on the panel moves the first control that
            moves it.

    """

    title: str
    x_label: str
    y_label: str
    series: Mapping[str, ArrayLike]
    x: ArrayLike | None = None
    x_scale: Scale = "linear"
    y_scale: Scale = "linear"
    y_range: tuple[float, float] | None = None
    references: Sequence[Reference] = ()
    zones: Sequence[Zone] = ()
    cursor: ArrayLike | None = None

    def encoded(self, grid: Grid) -> dict[str, Any]:
        """The panel as JSON-able data, after its shapes were checked."""
        where = f"panel {self.title!r}"
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(
                f"{where}: series has {len(self.series)} curves; give 1 to "
                f"{MOST_SERIES}, which colours and dashes tell apart"
            )
        curves = {
            name: over_grid(f"{where}: series {name!r}", values, grid, 1)
            for name, values in self.series.items()
        }
        length = next(iter(curves.values())).shape[-1]
        x = np.arange(length, dtype=np.float64)
        if self.x is not None:
            x = np.asarray(self.x, dtype=np.float64)
        for name, values in [("x", x), *curves.items()]:
            if values.shape[-1:] != (length,) or x.ndim != 1:
                raise ValueError(
                    f"{where}: {name!r} has shape {values.shape}; all series and x "
                    f"need the same last axis, here {length}"
                )
        if not np.isfinite(x).all():
            raise ValueError(f"{where}: x has a value that is not finite")
        x = _to_axis(f"{where}: x", x, self.x_scale)
        y = {
            name: _to_axis(f"{where}: series {name!r}", values, self.y_scale)
            for name, values in curves.items()
        }
        x_axis = _axis(self.x_label, self.x_scale, [x], None, margin=0.0)
        y_axis = _axis(self.y_label, self.y_scale, list(y.values()), self.y_range)
        scales = {"x": self.x_scale, "y": self.y_scale}
        cursor = None
        if self.cursor is not None:
            point = np.asarray(self.cursor, dtype=np.float64).ndim == len(grid) + 1
            cursor = over_grid(f"{where}: cursor", self.cursor, grid, int(point))
            if point and cursor.shape[-1] != 2:
                raise ValueError(
                    f"{where}: cursor has shape {cursor.shape}; a point has 2 "
                    "coordinates on its last axis"
                )
            positions = cursor if point else cursor[..., None]
            cursor = np.stack(
                [
                    _to_axis(f"{where}: cursor", positions[..., axis], scales[name])
                    for axis, name in enumerate(["x", "y"][: positions.shape[-1]])
                ],
                axis=-1,
            )
        return {
            "kind": "lines",
            "title": self.title,
            "x": x_axis,
            "y": y_axis,
            "positions": encode(x),
            "series": [
                {"name": name, "values": encode(values, _box(y_axis))}
                for name, values in y.items()
            ],
            "references": _references(where, self.references, grid, scales),
            "zones": [
                {
                    "label": zone.label,
                    "start": _border(where, zone.start, grid, self.x_scale),
                    "end": _border(where, zone.end, grid, self.x_scale),
                }
                for zone in self.zones
            ],
            # One array per coordinate: each keeps its own resolution.
            "cursor": None
            if cursor is None
            else [
                encode(cursor[..., axis], _box([x_axis, y_axis][axis]))
                for axis in range(cursor.shape[-1])
            ],
        }


@dataclass(frozen=True)
class Plane:
    """A path in the plane: a ball on a bowl, or on its level lines.

    Args:
        title: heading of the panel.
        x_label, y_label: what the axes show.
        path: ``[*grid, T, 2]``, drawn as dots joined by lines, the last one largest;
            the rest of a path that leaves the frame is off the chart.
        background: curves ``[*grid, m, 2]``, such as the bowl itself.
        x_range, y_range: what is shown; from background and start when not given.
        equal: the same number of pixels per unit on both axes.

    """

    title: str
    x_label: str
    y_label: str
    path: ArrayLike
    background: Sequence[ArrayLike] = ()
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    equal: bool = False

    def encoded(self, grid: Grid) -> dict[str, Any]:
        """The panel as JSON-able data, after its shapes were checked."""
        where = f"panel {self.title!r}"
        path = over_grid(f"{where}: path", self.path, grid, 2)
        curves = [
            over_grid(f"{where}: background[{index}]", curve, grid, 2)
            for index, curve in enumerate(self.background)
        ]
        for name, points in [("path", path), *(("background", c) for c in curves)]:
            if points.shape[-1] != 2:
                raise ValueError(
                    f"{where}: {name} has shape {points.shape}; the last axis holds "
                    "the 2 coordinates x, y"
                )
        # A diverging path would shrink the bowl to a dot: only its start counts.
        shown = [*curves, path[..., :1, :]]
        axes = [
            _axis(label, "linear", [points[..., axis] for points in shown], given)
            for axis, (label, given) in enumerate(
                [(self.x_label, self.x_range), (self.y_label, self.y_range)]
            )
        ]

        def both(points: NDArray[np.float64]) -> list[dict[str, Any]]:
            return [encode(points[..., axis], _box(axes[axis])) for axis in (0, 1)]

        return {
            "kind": "plane",
            "title": self.title,
            "x": axes[0],
            "y": axes[1],
            "equal": self.equal,
            "path": both(path),
            "background": [both(curve) for curve in curves],
        }


@dataclass(frozen=True)
class Bars:
    """A bar for each label, with its value written at the end.

    Args:
        title: heading of the panel.
        labels: the ``m`` names under the bars.
        values: ``[*grid, m]``; NaN is a gap, infinite is off the chart.
        y_label: what the bars measure, with the unit.
        y_scale: "linear" (bars stand on zero) or "log" (on the bottom of the chart).
        y_range: lowest and highest value shown; from the data when not given.
        references: labelled straight lines across the bars.
        format: format specification of the values.

    """

    title: str
    labels: Sequence[str]
    values: ArrayLike
    y_label: str
    y_scale: Scale = "linear"
    y_range: tuple[float, float] | None = None
    references: Sequence[Reference] = ()
    format: str = ".3g"

    def encoded(self, grid: Grid) -> dict[str, Any]:
        """The panel as JSON-able data, after its shapes were checked."""
        where = f"panel {self.title!r}"
        values = over_grid(f"{where}: values", self.values, grid, 1)
        if values.shape[-1] != len(self.labels):
            raise ValueError(
                f"{where}: values has {values.shape[-1]} bars and labels names "
                f"{len(self.labels)}; give one label per bar"
            )
        if any(reference.axis != "y" for reference in self.references):
            raise ValueError(f"{where}: references of bars stand on the y axis only")
        positions = _to_axis(f"{where}: values", values, self.y_scale)
        foot = [positions] if self.y_scale == "log" else [positions, np.zeros(1)]
        axis = _axis(self.y_label, self.y_scale, foot, self.y_range)
        return {
            "kind": "bars",
            "title": self.title,
            "labels": list(self.labels),
            "y": axis,
            "values": encode(positions, _box(axis)),
            "texts": encode_strings(_texts(values, [self.format])),
            "references": _references(
                where, self.references, grid, {"y": self.y_scale}
            ),
        }


@dataclass(frozen=True)
class Table:
    """Rows of numbers or words.

    Args:
        title: heading of the panel.
        columns: names of the columns.
        values: ``[*grid, rows, len(columns)]``, numbers or strings.
        formats: format specification per column; ".3g" for all when not given.

    """

    title: str
    columns: Sequence[str]
    values: ArrayLike
    formats: Sequence[str] = field(default=())

    def encoded(self, grid: Grid) -> dict[str, Any]:
        """The panel as JSON-able data, after its shapes were checked."""
        where = f"panel {self.title!r}"
        values = np.asarray(self.values, dtype=object)
        check_grid(f"{where}: values", values.shape, grid, 2)
        formats = list(self.formats) or [".3g"] * len(self.columns)
        if not values.shape[-1] == len(self.columns) == len(formats):
            raise ValueError(
                f"{where}: values has {values.shape[-1]} columns, columns names "
                f"{len(self.columns)} and formats has {len(formats)}; give the same"
            )
        try:
            texts = _texts(values, formats)
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"{where}: formats is {formats}, which does not format its values "
                f"({error}); use one such as '.3g' for each column"
            ) from error
        return {
            "kind": "table",
            "title": self.title,
            "columns": list(self.columns),
            "texts": encode_strings(texts),
        }


def format_number(value: Any, specification: str) -> str:
    """``value`` as a learner reads it: "0.1", "1e6", "−2", "∞", "–" for no value."""
    if isinstance(value, str):
        return value
    if np.isnan(value):
        return "–"
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    mantissa, letter, exponent = format(value, specification).partition("e")
    mantissa = mantissa.replace("-", "−")
    return f"{mantissa}e{int(exponent)}" if letter else mantissa


def _texts(values: NDArray[Any], formats: Sequence[str]) -> NDArray[Any]:
    specifications = np.broadcast_to(np.array(formats, dtype=object), values.shape)
    texts = np.empty(values.shape, dtype=object)
    for position, value in np.ndenumerate(values):
        texts[position] = format_number(value, str(specifications[position]))
    return texts


def _to_axis(
    name: str, values: NDArray[np.float64], scale: Scale
) -> NDArray[np.float64]:
    if scale == "linear":
        return values
    if scale != "log":
        raise ValueError(f"{name}: scale is {scale!r}; use 'linear' or 'log'")
    if (values < 0).any():
        raise ValueError(
            f"{name} has negative values on a log axis, such as {values.min():.3g}; "
            "plot the absolute value or use a linear axis"
        )
    with np.errstate(divide="ignore"):  # zero becomes minus infinity: off the chart
        return np.log10(values)


def _axis(
    label: str,
    scale: Scale,
    positions: Sequence[NDArray[np.float64]],
    given: tuple[float, float] | None,
    margin: float = 0.04,
) -> dict[str, Any]:
    """An axis of fixed range, so that curves move and the axis does not."""
    if given is not None:
        low, high = _to_axis(f"range of {label!r}", np.array(given, float), scale)
        if not (np.isfinite([low, high]).all() and low < high):
            raise ValueError(
                f"range of {label!r} is {given}; give a lower and a higher finite "
                "value, both positive on a log axis"
            )
    else:
        flat = np.concatenate([array.ravel() for array in positions])
        flat = flat[np.isfinite(flat)]
        if flat.size == 0:
            raise ValueError(
                f"nothing finite to choose the range of {label!r} from; give a range"
            )
        low, high = flat.min(), flat.max()
        if scale == "log":  # one run at 1e300 must not flatten all the others
            centre = np.median(flat)
            low, high = max(low, centre - DECADES), min(high, centre + DECADES)
        pad = (high - low) * margin if high > low else 0.5
        low, high = low - pad, high + pad
    return {"label": label, "scale": scale, "range": [float(low), float(high)]}


def _box(axis: dict[str, Any]) -> tuple[float, float]:
    low, high = axis["range"]
    beyond = BEYOND * (high - low)
    return low - beyond, high + beyond


def _border(where: str, value: ArrayLike, grid: Grid, scale: Scale) -> dict[str, Any]:
    array = over_grid(f"{where}: border of a zone", value, grid, 0)
    # An open zone is often written from -inf, also on a log axis.
    if scale == "log":
        array = np.maximum(array, 0)
    return encode(_to_axis(f"{where}: border of a zone", array, scale))


def _references(
    where: str, references: Sequence[Reference], grid: Grid, scales: dict[str, Scale]
) -> list[dict[str, Any]]:
    encoded = []
    for reference in references:
        if reference.axis not in scales:
            raise ValueError(
                f"{where}: reference {reference.label!r} has axis {reference.axis!r}; "
                f"use one of {sorted(scales)}"
            )
        name = f"{where}: reference {reference.label!r}"
        value = over_grid(name, reference.value, grid, 0)
        encoded.append(
            {
                "axis": reference.axis,
                "label": reference.label,
                "value": encode(_to_axis(name, value, scales[reference.axis])),
            }
        )
    return encoded
