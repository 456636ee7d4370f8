"""A curve that the learner draws, and what a machine makes of it, report by report.

The learner can draw more curves than there are atoms, but the machine has few states:
the reported values are discrete, so it is a finite automaton. Python runs the real
object through every state it can reach and ships the table of transitions; the browser
walks the table and knows no rule.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lrlib.explorer.codec import (
    decode_indices,
    encode,
    encode_indices,
    encode_strings,
)
from lrlib.explorer.figure import Control
from lrlib.explorer.hosts import WORDS, Interactive, check_entries
from lrlib.explorer.panels import format_number

# What a finger can draw, what a row of buttons holds, and what a table may weigh.
MOST_REPORTS, MOST_LEVELS, MOST_CURVES, MOST_STATES = 24, 16, 5, 12_000
MOST_FIXED, MOST_QUANTITIES = 3, 6

# Layout, in px: what stands left of the charts, and their heights.
GUTTER, DRAWN_HEIGHT, COUNTER_HEIGHT, RATE_HEIGHT = 54, 250, 40, 240

Observation = Mapping[str, float]


@dataclass
class _Table:
    """The states met so far, over all positions of the controls.

    ``events`` numbers what a report did: its sentence, whether it was better than the
    best so far, whether the rate was cut.
    """

    observed: list[Observation] = field(default_factory=list)
    next: list[list[int]] = field(default_factory=list)
    event: list[list[int]] = field(default_factory=list)
    events: dict[tuple[str, bool, bool], int] = field(default_factory=dict)


class Reports(Interactive):
    """A metric drawn by the learner, and what a machine with feedback makes of it.

    The learner drags the reported values, or moves them by keyboard, and sees after
    each report what the machine holds: the best value so far, its counters, its rate.
    ``machine`` is the real object; it is stepped once from every state that it can
    reach within the curve's length, and the browser looks up what it did.

    Args:
        title: heading of the figure.
        alt: what the figure shows, in words, for who can't see it or runs no scripts.
        controls: one to three ``Control``s, such as patience and cooldown.
        machine: called with the controls' values by name (whole numbers as ``int``),
            gives a fresh object with ``.step(metric)``. Two objects are in the same
            state if everything in ``vars(machine)`` has the same ``repr`` and
            ``observe`` gives the same; one that counts its reports is never in the
            same state twice, and soon has too many.
        observe: what is shown after each report, from the machine: name to number.
        explain: one sentence about one report, without its number, called with the
            machine before it, the metric and the machine after it: "not better; 4 bad
            reports > patience 3: cut to 0.01".
        levels: the values that the metric can have, ascending, at most 16.
        curves: name to reported values, all of the same length (2 to 24), each value
            one of ``levels``. The learner starts from the first.
        metric: what is reported, such as "validation loss".
        rate: the observed quantity of the lower chart; positive, its axis is a log.
        best: the observed quantity beside the drawn curve. A report is marked as
            better where it changes, and as a cut where the rate falls.
        fixed: name to rates that don't react to the curve, for comparison: value ``k``
            is the rate in force when report ``k + 1`` comes in.
        format: format specification of the numbers.

    Raises:
        TypeError: an argument is of another type, or the machine can't be used.
        ValueError: an argument is missing or does not match the others, or the machine
            has too many states.

    ``position`` is what the learner set and drew, on the live widget.

    """

    def __init__(
        self,
        *,
        title: str,
        alt: str,
        controls: Sequence[Control],
        machine: Callable[..., Any],
        observe: Callable[[Any], Observation],
        explain: Callable[[Any, float, Any], str],
        levels: ArrayLike,
        curves: Mapping[str, ArrayLike],
        metric: str,
        rate: str = "learning rate",
        best: str = "best",
        fixed: Mapping[str, ArrayLike] | None = None,
        format: str = ".3g",
    ) -> None:
        _check_kinds(
            {"title": title, "alt": alt, "metric": metric},
            controls,
            {"machine": machine, "observe": observe, "explain": explain},
        )
        self._levels = _levels(levels)
        level_texts = _level_texts(self._levels, format)
        drawn = _curves(curves, self._levels)
        count = len(next(iter(drawn.values())))
        fixed_rates = _fixed(fixed or {}, count)
        self.controls = tuple(controls)
        self.title, self.alt = title, alt
        table, first = _Table(), np.empty([len(c.values) for c in controls], np.int64)
        for position in np.ndindex(first.shape):
            values = {
                control.name: _plain(control.values[at])
                for control, at in zip(controls, position, strict=True)
            }
            first[position] = len(table.observed)
            _explore(
                table,
                partial(_made, machine, values),
                observe=observe,
                explain=explain,
                levels=self._levels,
                reports=count,
                rate=rate,
                best=best,
            )
        seen = {
            name: np.array([state[name] for state in table.observed], np.float64)
            for name in table.observed[0]
        }
        rates = np.log10(seen[rate])
        fixed_logs = {name: np.log10(values) for name, values in fixed_rates.items()}
        self._start = [
            *(control.start_index or 0 for control in controls),
            *next(iter(drawn.values())),
        ]
        self._summary = (
            f"Reports: {title} | "
            + ", ".join(f"{c.label} ({len(c.values)} values)" for c in controls)
            + f" | {count} reports of {metric} | {len(table.observed)} states"
        )
        self._state = {
            "kind": "reports",
            "title": title,
            "alt": alt,
            "controls": [control.encoded() for control in controls],
            "curves": [
                {"name": name, "levels": indices} for name, indices in drawn.items()
            ],
            "levels": {"name": metric, "values": self._levels, "texts": level_texts},
            "panels": _panels(
                count,
                metric=(metric, np.array(self._levels)),
                best=best,
                names=list(seen),
                rate=(rate, rates),
                fixed=fixed_logs,
            ),
            # Each quantity of each state as a text; two of them also on an axis, where
            # what is infinite has no place.
            "quantities": [
                {"name": name, "texts": encode_strings(_texts(values, format))}
                for name, values in seen.items()
            ],
            "rate": encode(rates),
            "best": encode(np.where(np.isfinite(seen[best]), seen[best], np.nan)),
            "rate_at": list(seen).index(rate),
            "first": encode_indices(first),
            "next": encode_indices(np.array(table.next)),
            "event": encode_indices(np.array(table.event)),
            "events": [list(event) for event in table.events],
            "hint": f"{WORDS['draw']} ● {WORDS['better']}, ○ {WORDS['not_better']}, "
            f"▼ {WORDS['cut']}.",
            **_longest(table, count, rate, format),
            "words": WORDS,
        }
        self._picture = cache(self._draw)

    @property
    def position(self) -> dict[str, Any]:
        """The value of each control by name, and under "curve" the reported values.

        They are the learner's, once the element is displayed.
        """
        live = self.__dict__.get("widget")  # present only after it was made
        indices = self._start if live is None else live.position
        set_to: dict[str, Any] = {
            control.name: control.values[index]
            for control, index in zip(self.controls, indices, strict=False)
        }
        drawn = indices[len(self.controls) :]
        return {**set_to, "curve": [self._levels[index] for index in drawn]}

    def picture(self) -> str:
        """The start position drawn by matplotlib: a PNG in base64."""
        return self._picture()

    def _draw(self) -> str:
        # Imported late: matplotlib costs 0.3 s, and only a display needs it.
        from lrlib.explorer.picture import draw_reports

        return draw_reports(self._state)


def walk(
    state: dict[str, Any], position: Sequence[int]
) -> tuple[list[int], list[tuple[str, bool, bool]]]:
    """The states of the machine, the one before the first report included, and what
    each report did: (sentence, better, cut).

    The other half of ``walked`` in ``explorer.mjs``: ``position`` is the index of each
    control's value, then the index of each report's level.
    """
    controls = len(state["controls"])
    following, event = decode_indices(state["next"]), decode_indices(state["event"])
    states = [int(decode_indices(state["first"])[tuple(position[:controls])])]
    done = []
    for level in position[controls:]:
        sentence, better, cut = state["events"][event[states[-1], level]]
        done.append((sentence, better, cut))
        states.append(int(following[states[-1], level]))
    return states, done


def _explore(
    table: _Table,
    fresh: Callable[[], Any],
    *,
    observe: Callable[[Any], Observation],
    explain: Callable[[Any, float, Any], str],
    levels: Sequence[float],
    reports: int,
    rate: str,
    best: str,
) -> None:
    """Step a fresh machine through all that it can reach; add it to the table."""
    machines: list[Any] = []
    number: dict[Any, int] = {}
    offset = len(table.observed)

    def numbered(machine: Any) -> int:
        seen = _observed(observe, machine, rate, best)
        if table.observed and list(seen) != list(table.observed[0]):
            raise ValueError(
                f"observe gives {list(seen)} and gave {list(table.observed[0])}; give "
                "the same names in the same order for every machine"
            )
        try:
            identity = tuple((name, repr(value)) for name, value in _parts(machine))
        except TypeError as error:
            raise TypeError(
                f"machine gives {machine!r}, which has no vars() that say its state; "
                "give an object of a class without __slots__"
            ) from error
        identity += tuple((name, repr(value)) for name, value in seen.items())
        if identity not in number:
            if len(table.observed) == MOST_STATES:
                raise ValueError(_too_many(number))
            number[identity] = len(table.observed)
            table.observed.append(seen)
            machines.append(machine)
        return number[identity]

    numbered(fresh())
    layer = range(1)
    for _ in range(reports):
        for at in layer:
            followers, done = [], []
            for level in levels:
                after = deepcopy(machines[at])
                after.step(level)
                follower = numbered(after)
                now, then = table.observed[offset + at], table.observed[follower]
                sentence = explain(machines[at], level, after)
                if not isinstance(sentence, str) or not sentence.strip():
                    raise ValueError(
                        f"explain gives {sentence!r} for the report of {level}; give "
                        "a sentence in words"
                    )
                cut = then[rate] < now[rate]
                event = (sentence, repr(then[best]) != repr(now[best]), cut)
                followers.append(follower)
                done.append(table.events.setdefault(event, len(table.events)))
            table.next.append(followers)
            table.event.append(done)
        layer = range(layer.stop, len(machines))
    # From the states of the last layer no step is taken.
    for at in layer:
        table.next.append([offset + at] * len(levels))
        table.event.append([0] * len(levels))


def _parts(machine: Any) -> list[tuple[str, Any]]:
    return sorted(vars(machine).items())


def _too_many(identities: Mapping[Any, int]) -> str:
    different: dict[str, set[str]] = {}
    for identity in identities:
        for name, text in identity:
            different.setdefault(name, set()).add(text)
    name = max(different, key=lambda key: len(different[key]))
    return (
        f"the machine has more than {MOST_STATES} states within the curves' length; at "
        f"this position of the controls {name!r} alone has {len(different[name])} "
        "values. Use fewer levels, shorter curves or fewer values of the controls, and "
        "a machine that does not count or store its reports"
    )


def _observed(
    observe: Callable[[Any], Observation], machine: Any, rate: str, best: str
) -> Observation:
    seen = observe(machine)
    if not isinstance(seen, Mapping):
        raise TypeError(f"observe gives {seen!r}; give a dict of name to number")
    if len(seen) > MOST_QUANTITIES:
        raise ValueError(
            f"observe gives {len(seen)} quantities; give at most {MOST_QUANTITIES}"
        )
    for argument, name in [("rate", rate), ("best", best)]:
        if name not in seen:
            raise ValueError(
                f"observe gives {list(seen)} without {name!r}; add it, or name another "
                f"with {argument}="
            )
    for name, value in seen.items():
        if isinstance(value, str) or not np.isscalar(value):
            raise TypeError(f"observe gives {name!r} as {value!r}; give a number")
    if not (np.isfinite(seen[rate]) and seen[rate] > 0):
        raise ValueError(
            f"observe gives {rate!r} as {seen[rate]!r}; its axis is a log, give a "
            "positive and finite rate (min_lr keeps one from reaching 0)"
        )
    return dict(seen)


def _made(machine: Callable[..., Any], values: dict[str, Any]) -> Any:
    try:
        inspect.signature(machine).bind(**values)
    except TypeError as error:
        raise TypeError(
            f"machine can't be called with the controls' names {list(values)}: {error}"
        ) from error
    made = machine(**values)
    if not callable(getattr(made, "step", None)):
        raise TypeError(f"machine gives {made!r}; give an object with .step(metric)")
    return made


def _plain(value: Any) -> Any:
    # Controls keep floats; a count of reports is a whole number to a machine.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _check_kinds(
    texts: Mapping[str, str],
    controls: Sequence[Control],
    functions: Mapping[str, Callable[..., Any]],
) -> None:
    """Raise TypeError or ValueError if an argument is not the kind of thing it is."""
    for name, text in texts.items():
        if not text.strip():
            raise ValueError(f"{name} is empty; say what it is in words")
    check_entries("controls", controls, Control)
    if not 1 <= len(controls) <= 3:
        raise ValueError(f"controls has {len(controls)} entries; give 1, 2 or 3")
    names = [control.name for control in controls]
    if len({*names, "curve"}) <= len(names):
        raise ValueError(
            f"controls repeat a name or take 'curve', which is the drawing: {names}"
        )
    for name, function in functions.items():
        if not callable(function):
            raise TypeError(f"{name} is {function!r}; give a function")


def _level_texts(levels: Sequence[float], format: str) -> list[str]:
    try:
        return [format_number(level, format) for level in levels]
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"format is {format!r}, which does not format numbers ({error}); use "
            "one such as '.3g'"
        ) from error


def _levels(levels: ArrayLike) -> list[float]:
    array = np.asarray(levels, dtype=np.float64)
    if array.ndim != 1 or not 2 <= array.size <= MOST_LEVELS:
        raise ValueError(
            f"levels has shape {array.shape}; give a list of 2 to {MOST_LEVELS} values"
        )
    if not (np.isfinite(array).all() and (np.diff(array) > 0).all()):
        raise ValueError(f"levels is {array.tolist()}; give finite values, ascending")
    return [float(level) for level in array]


def _curves(
    curves: Mapping[str, ArrayLike], levels: Sequence[float]
) -> dict[str, list[int]]:
    if not isinstance(curves, Mapping):
        raise TypeError(f"curves is {curves!r}; give a dict of name to reported values")
    if not 1 <= len(curves) <= MOST_CURVES:
        raise ValueError(f"curves has {len(curves)} entries; give 1 to {MOST_CURVES}")
    found: dict[str, list[int]] = {}
    for name, values in curves.items():
        array = np.asarray(values, dtype=np.float64)
        if array.ndim != 1 or not 2 <= array.size <= MOST_REPORTS:
            raise ValueError(
                f"curve {name!r} has shape {array.shape}; give a list of 2 to "
                f"{MOST_REPORTS} reported values"
            )
        indices = [int(np.argmin(np.abs(np.array(levels) - value))) for value in array]
        for at, (index, value) in enumerate(zip(indices, array, strict=True)):
            if not np.isclose(levels[index], value, rtol=1e-9, atol=1e-12):
                raise ValueError(
                    f"curve {name!r} has {value:g} at index {at}, which is not among "
                    f"levels; the nearest is {levels[index]:g}"
                )
        if found and len(indices) != len(next(iter(found.values()))):
            raise ValueError(
                f"curve {name!r} has {len(indices)} reports and the first has "
                f"{len(next(iter(found.values())))}; give all the same number"
            )
        found[name] = indices
    return found


def _fixed(fixed: Mapping[str, ArrayLike], count: int) -> dict[str, NDArray[Any]]:
    if not isinstance(fixed, Mapping):
        raise TypeError(f"fixed is {fixed!r}; give a dict of name to rates")
    if len(fixed) > MOST_FIXED:
        raise ValueError(f"fixed has {len(fixed)} entries; give at most {MOST_FIXED}")
    found = {name: np.asarray(rates, np.float64) for name, rates in fixed.items()}
    for name, rates in found.items():
        if rates.shape != (count,):
            raise ValueError(
                f"fixed {name!r} has shape {rates.shape}; give a rate for each of the "
                f"{count} reports"
            )
        if not (np.isfinite(rates).all() and (rates > 0).all()):
            raise ValueError(
                f"fixed {name!r} has a rate that is not positive and finite, which a "
                "log axis can't show"
            )
    return found


def _texts(values: NDArray[np.float64], format: str) -> NDArray[Any]:
    return np.array([format_number(value, format) for value in values], dtype=object)


def _panels(
    count: int,
    *,
    metric: tuple[str, NDArray[np.float64]],
    best: str,
    names: Sequence[str],
    rate: tuple[str, NDArray[np.float64]],
    fixed: Mapping[str, NDArray[np.float64]],
) -> list[dict[str, Any]]:
    """Charts above each other, over the same x axis; each is named by its legend."""
    common = {
        "x": {
            "label": WORDS["report_axis"],
            "scale": "linear",
            "integer": True,
            "range": [0.4, count + 0.6],
        },
        "gutter": GUTTER,
    }
    shown = np.concatenate([rate[1], *fixed.values()])
    rows = [at for at, name in enumerate(names) if name not in (rate[0], best)]
    panels: list[dict[str, Any]] = [
        {
            **common,
            "kind": "drawn",
            "title": metric[0],
            "height": DRAWN_HEIGHT,
            "y": {"label": "", "scale": "linear", "range": _range(metric[1])},
            # Vermilion, the second colour, is that of the cuts.
            "series": [{"name": metric[0], "style": 0}, {"name": best, "style": 2}],
        },
        {
            **common,
            "kind": "counters",
            "title": ", ".join(names[row] for row in rows),
            "height": COUNTER_HEIGHT * len(rows),
            "rows": rows,
        },
        {
            **common,
            "kind": "rate",
            "title": rate[0],
            "height": RATE_HEIGHT,
            "y": {
                "label": "" if fixed else rate[0],
                "scale": "log",
                "range": _range(shown),
            },
            "series": [
                {"name": rate[0], "style": 0},
                *(
                    {"name": name, "style": style, "values": encode(values)}
                    for style, (name, values) in enumerate(fixed.items(), start=3)
                ),
            ],
        },
    ]
    return [panel for panel in panels if panel["height"]]


def _range(values: NDArray[np.float64]) -> list[float]:
    """A fixed range with room for a point at either end."""
    low, high = float(values.min()), float(values.max())
    pad = 0.07 * (high - low) if high > low else 0.5
    return [low - pad, high + pad]


def _longest(table: _Table, count: int, rate: str, format: str) -> dict[str, str]:
    """The longest texts that can stand below the charts: the page keeps their room."""
    rates = {state[rate] for state in table.observed}
    # As many cuts as there are lower rates, unless a rate can rise again.
    cuts = min(count, len(rates) - 1) if _falls(table, rate) else count
    last = max((format_number(value, format) for value in rates), key=len)
    listed = ", ".join(["20"] * cuts) + " and"
    sentence = max((sentence for sentence, _, _ in table.events), key=len)
    return {
        "longest_verdict": max(
            (
                WORDS[key].format(reports=listed, rate=last)
                for key in ("cuts", "no_cut")
            ),
            key=len,
        ),
        "longest_sentence": f"{WORDS['report'].format(number=count)}: {sentence}",
    }


def _falls(table: _Table, rate: str) -> bool:
    """Whether no report ever raises the rate."""
    rates = [seen[rate] for seen in table.observed]
    return all(
        rates[follower] <= rates[at]
        for at, followers in enumerate(table.next)
        for follower in followers
    )
