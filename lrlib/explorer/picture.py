"""The start position as a still picture, for viewers without widgets or scripts."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrlib.explorer.codec import decode, decode_strings
from lrlib.explorer.reports import walk

# Okabe and Ito's colours, in the order of the browser's.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#B5548C", "#A87400", "#3A93CC"]
DASHES: list[Any] = ["-", "--", ":", "-.", (0, (8, 3)), (0, (3, 1))]
BALL = "#D55E00"


def draw(state: dict[str, Any]) -> str:
    """The panels of an Explorer's state at its start position: a PNG in base64."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    position = [control["start"] for control in state["controls"]]
    columns = min(2, len(state["panels"]))
    rows = -(-len(state["panels"]) // columns)
    figure = Figure(figsize=(3.6 * columns, 2.7 * rows + 0.7), layout="constrained")
    FigureCanvasAgg(figure)
    verdict = pick(decode_strings(state["verdicts"]), position)
    figure.suptitle(
        f"{state['title']}: {_chosen(state)}\n{verdict}", fontsize=9, wrap=True
    )
    for index, panel in enumerate(state["panels"]):
        axes = figure.add_subplot(rows, columns, index + 1)
        axes.set_title(panel["title"], fontsize=9)
        axes.tick_params(labelsize=7)
        PAINTERS[panel["kind"]](axes, panel, position)
    return _png(figure)


def draw_reports(state: dict[str, Any]) -> str:
    """The first curve of a Reports' state and the machine's answer: a PNG in base64."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    levels = state["curves"][0]["levels"]
    position = [*(control["start"] for control in state["controls"]), *levels]
    states, done = walk(state, position)
    number = np.arange(1, len(levels) + 1)
    figure = Figure(figsize=(7.2, 5.2), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(f"{state['title']}: {_chosen(state)}", fontsize=9, wrap=True)
    upper, lower = figure.subplots(2, sharex=True)
    drawn, rate = state["panels"][0], state["panels"][-1]
    _axis(upper, "y", {**drawn["y"], "label": drawn["title"]})
    _axis(lower, "y", {**rate["y"], "label": rate["title"]})
    _axis(lower, "x", rate["x"])
    lower.xaxis.get_major_locator().set_params(integer=True)
    values = np.array(state["levels"]["values"])[levels]
    better = np.array([event[1] for event in done])
    upper.plot(number, values, color=COLOURS[0], label=drawn["title"])
    for chosen, fill in [(better, COLOURS[0]), (~better, "white")]:
        upper.plot(
            number[chosen],
            values[chosen],
            "o",
            color=COLOURS[0],
            markerfacecolor=fill,
            label=state["words"]["better" if fill != "white" else "not_better"],
        )
    best, rates = (decode(state[key])[states] for key in ("best", "rate"))
    edges = np.arange(len(levels) + 2)
    _stairs(upper, edges[1:], best[1:], **drawn["series"][1])
    for series in rate["series"]:
        fixed = series.get("values")
        values = decode(fixed) if fixed else rates
        named = {"name": series["name"], "style": series["style"]}
        _stairs(lower, edges[: len(values) + 1], values, **named)
    for axes in (upper, lower):
        axes.tick_params(labelsize=7)
        cuts = number[[event[2] for event in done]]
        for at in cuts:
            label = state["words"]["cut"] if at == cuts[0] else None
            axes.axvline(at, color=BALL, linestyle=":", label=label)
        axes.legend(fontsize=7)
    return _png(figure)


def _stairs(
    axes: Any, edges: NDArray[Any], values: NDArray[Any], name: str, style: int
) -> None:
    look = {"color": COLOURS[style], "linestyle": DASHES[style], "label": name}
    axes.step(edges, [*values, values[-1]], where="post", **look)


def _chosen(state: dict[str, Any]) -> str:
    return ", ".join(
        f"{control['label']} {control['texts'][control['start']]}"
        for control in state["controls"]
    )


def _png(figure: Any) -> str:
    file = BytesIO()
    # No software name: the same figure gives the same bytes with the next version.
    figure.savefig(file, format="png", dpi=100, metadata={"Software": None})
    return b64encode(file.getvalue()).decode()


def pick(array: NDArray[Any], position: Sequence[int]) -> Any:
    """The part of ``array`` at a position; an axis of size 1 serves every position."""
    return array[
        tuple(
            0 if size == 1 else at
            for at, size in zip(position, array.shape, strict=False)
        )
    ]


def _at(encoded: dict[str, Any], position: Sequence[int]) -> Any:
    return pick(decode(encoded), position)


def _lines(axes: Any, panel: dict[str, Any], position: Sequence[int]) -> None:
    _axis(axes, "x", panel["x"])
    _axis(axes, "y", panel["y"])
    x = decode(panel["positions"])
    for index, series in enumerate(panel["series"]):
        axes.plot(
            x,
            _at(series["values"], position),
            color=COLOURS[index % 6],
            linestyle=DASHES[index % 6],
            label=series["name"],
        )
    if len(panel["series"]) > 1:
        axes.legend(fontsize=7)
    for zone in panel["zones"]:
        start, end = (_at(zone[key], position) for key in ("start", "end"))
        span = np.clip([start, end], *panel["x"]["range"])
        axes.axvspan(*span, alpha=0.08, color="gray")
        if span[0] < span[1]:
            place = (span.mean(), panel["y"]["range"][1])
            axes.annotate(zone["label"], place, fontsize=7, ha="center", va="top")
    _references(axes, panel, position)
    if panel["cursor"]:
        point = [_at(coordinate, position) for coordinate in panel["cursor"]]
        axes.axvline(point[0], color=BALL)
        if len(point) == 2:
            axes.plot(*point, "o", color=BALL)


def _plane(axes: Any, panel: dict[str, Any], position: Sequence[int]) -> None:
    _axis(axes, "x", panel["x"])
    _axis(axes, "y", panel["y"])
    if panel["equal"]:
        axes.set_aspect("equal", adjustable="box")
    for curve in panel["background"]:
        axes.plot(*_pair(curve, position), color="gray", linewidth=1)
    x, y = _pair(panel["path"], position)
    axes.plot(x, y, ".-", color=COLOURS[0], linewidth=1)
    axes.plot(x[-1:], y[-1:], "o", color=BALL)


def _bars(axes: Any, panel: dict[str, Any], position: Sequence[int]) -> None:
    _axis(axes, "y", panel["y"])
    low, _ = panel["y"]["range"]
    values = _at(panel["values"], position)
    foot = low if panel["y"]["scale"] == "log" else 0.0
    axes.bar(
        panel["labels"],
        np.where(np.isfinite(values), values - foot, 0),
        bottom=foot,
        color=COLOURS[: len(values)],
    )
    _references(axes, panel, position)


def _table(axes: Any, panel: dict[str, Any], position: Sequence[int]) -> None:
    axes.axis("off")
    texts = pick(decode_strings(panel["texts"]), position)
    axes.table(texts.tolist(), colLabels=panel["columns"], loc="upper center")


def _references(axes: Any, panel: dict[str, Any], position: Sequence[int]) -> None:
    for reference in panel["references"]:
        value = _at(reference["value"], position)
        line = axes.axhline if reference["axis"] == "y" else axes.axvline
        line(value, color="black", linestyle="--", linewidth=1)


def _pair(encoded: Sequence[dict[str, Any]], position: Sequence[int]) -> Iterator[Any]:
    return (_at(coordinate, position) for coordinate in encoded)


def _axis(axes: Any, name: str, axis: dict[str, Any]) -> None:
    axes.set(**{f"{name}label": axis["label"], f"{name}lim": axis["range"]})
    if axis["scale"] == "log":
        # Positions are stored as logarithms: ticks at whole decades say the values.
        low, high = axis["range"]
        step = max(1, int(np.ceil((high - low) / 6)))
        decades = np.arange(np.ceil(low), np.floor(high) + 1, step, dtype=int)
        axes.set(
            **{
                f"{name}ticks": decades,
                f"{name}ticklabels": [f"{10.0**decade:.0e}" for decade in decades],
            }
        )


PAINTERS = {"lines": _lines, "plane": _plane, "bars": _bars, "table": _table}
