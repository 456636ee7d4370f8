"""The interactive figure over a grid of precomputed results."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lrlib.arguments import entries, number, shown
from lrlib.explorer.codec import check_grid, encode_strings
from lrlib.explorer.hosts import WORDS, Interactive, check_entries, check_text
from lrlib.explorer.panels import Bars, Lines, Panel, Plane, Table, format_number

NEGATIVE = re.compile(r"(?<![\w.])-(?=\d)")


@dataclass(frozen=True)
class Control:
    """One thing that the learner sets: a slider over numbers, a toggle over strings.

    Args:
        name: the key in ``Explorer.position``.
        values: all numbers (a slider) or all strings (a group of radio
            buttons, or a list where they are more than six), at least two.
        label: what the learner reads beside it; the name when not given.
        format: format specification of a number, as in ``format(0.1, ".3g")``.
        unit: written after the number, such as "steps".
        start: the value shown first, one of ``values``; the first when not given.

    """

    name: str
    values: Sequence[float] | Sequence[str] | NDArray[Any]
    label: str = ""
    format: str = ".3g"
    unit: str = ""
    start: float | str | None = None

    def __post_init__(self) -> None:
        # An array or a range is welcome; a tuple is kept, which compares and is fixed.
        kept = tuple(entries("values", self.values, "numbers or strings", "[1, 2]"))
        if len(kept) < 2:
            raise ValueError(
                f"control {self.name!r} has {len(kept)} values; it needs at least 2, "
                "or it is no control"
            )
        if not all(isinstance(value, str) for value in kept):
            if any(isinstance(value, str) for value in kept):
                raise TypeError(
                    f"control {self.name!r} mixes numbers and strings: {kept}; give "
                    "all numbers for a slider, all strings for a toggle"
                )
            kept = tuple(number(f"values[{i}]", value) for i, value in enumerate(kept))
            if not np.isfinite(kept).all():
                raise ValueError(
                    f"control {self.name!r} has a value that is not finite"
                )
        for index, value in enumerate(kept):
            if value in kept[:index]:
                raise ValueError(
                    f"control {self.name!r} repeats the value {value!r}; give each "
                    "position a value of its own"
                )
        object.__setattr__(self, "values", kept)
        object.__setattr__(self, "label", self.label or self.name)
        if self.start is None:
            object.__setattr__(self, "start", kept[0])
        if self.start_index is None:
            raise ValueError(
                f"control {self.name!r} starts at {self.start!r}, which is not among "
                f"its values; choose one of {kept[0]!r} … {kept[-1]!r}"
            )
        if not isinstance(self.format, str):
            raise TypeError(
                f"format is {shown(self.format)}; give a string such as '.3g'"
            )
        try:
            _ = self.texts
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"control {self.name!r} has the format {self.format!r}, which does not "
                f"format its values ({error}); use one such as '.3g'"
            ) from error

    @property
    def is_toggle(self) -> bool:
        """Whether all values are strings."""
        return all(isinstance(value, str) for value in self.values)

    @property
    def start_index(self) -> int | None:
        """Where ``start`` stands among ``values``, up to float rounding; else None."""
        start: Any = self.start
        for index, value in enumerate(self.values):
            number = not isinstance(value, str) and not isinstance(start, str)
            if value == start or (number and np.isclose(value, start, 1e-9, 0)):
                return index
        return None

    def encoded(self) -> dict[str, Any]:
        """The control as JSON-able data, standing at its start."""
        return {
            "name": self.name,
            "label": self.label,
            "toggle": self.is_toggle,
            "texts": self.texts,
            "start": self.start_index or 0,
        }

    @property
    def texts(self) -> list[str]:
        """Each value as the learner reads it."""
        if self.is_toggle:
            return [str(value) for value in self.values]
        unit = f" {self.unit}" if self.unit else ""
        return [format_number(value, self.format) + unit for value in self.values]


class Explorer(Interactive):
    """An interactive figure: controls pick one of the precomputed positions.

    With ``grid = tuple(len(control.values) for control in controls)``, every array of
    a panel has the grid's axes in front, of size 1 where a control changes nothing,
    and ``verdicts[i, j, …]`` says in words what happens at that position. The verdict
    stands above the panels and is read out by screen readers.

    Args:
        controls: one to three ``Control``s.
        panels: one or more of ``Lines``, ``Plane``, ``Bars``, ``Table``.
        verdicts: strings of the shape of the grid. Negative numbers in them are shown
            as the panels show theirs, with a true minus sign.
        title: heading of the figure.
        alt: what the figure shows, in words, for who can't see it or runs no scripts.

    Raises:
        TypeError: ``controls`` or ``panels`` holds something else.
        ValueError: an argument is missing or its shape does not match the grid.

    ``position`` is where the learner's controls stand.

    """

    def __init__(
        self,
        *,
        controls: Sequence[Control],
        panels: Sequence[Panel],
        verdicts: ArrayLike,
        title: str,
        alt: str,
    ) -> None:
        check_entries("controls", controls, Control)
        check_entries("panels", panels, Lines, Plane, Bars, Table)
        if not 1 <= len(controls) <= 3:
            raise ValueError(f"controls has {len(controls)} entries; give 1, 2 or 3")
        names = [control.name for control in controls]
        if len(set(names)) != len(names):
            raise ValueError(f"controls repeat a name: {names}; make each different")
        if not panels:
            raise ValueError("panels is empty; give at least one panel to look at")
        check_text("title", title, "say what the figure is about")
        check_text("alt", alt, "say in words what the figure shows and what changes")
        grid = tuple(len(control.values) for control in controls)
        texts = np.array(verdicts, dtype=object)
        check_grid("verdicts", texts.shape, grid, trailing=0)
        if texts.shape != grid:
            raise ValueError(
                f"verdicts has shape {texts.shape}, expected {grid}: a sentence for "
                "every position of the controls"
            )
        for position, text in np.ndenumerate(texts):
            if not isinstance(text, str) or not text.strip():
                raise ValueError(
                    f"verdicts{list(position)} is {text!r}; give a sentence in words"
                )
            texts[position] = NEGATIVE.sub("−", text)
        self.controls = tuple(controls)
        self.panels = tuple(panels)
        self.title, self.alt = title, alt
        self._start = [control.start_index or 0 for control in controls]
        described = ", ".join(
            f"{control.label} ({len(control.values)} values)" for control in controls
        )
        self._summary = (
            f"Explorer: {title} | {described} | {int(np.prod(grid))} positions"
        )
        self._state = {
            "kind": "explorer",
            "title": title,
            "alt": alt,
            "controls": [control.encoded() for control in controls],
            "panels": [panel.encoded(grid) for panel in panels],
            "verdicts": encode_strings(texts),
            "words": WORDS,
        }
        self._picture = cache(self._draw)

    @property
    def position(self) -> dict[str, float | str]:
        """The value of each control by name: the learner's, once it is displayed."""
        live = self.__dict__.get("widget")  # present only after it was made
        indices = self._start if live is None else live.position
        return {
            control.name: control.values[index]
            for control, index in zip(self.controls, indices, strict=True)
        }

    def picture(self) -> str:
        """The start position drawn by matplotlib: a PNG in base64."""
        return self._picture()

    def _draw(self) -> str:
        # Imported late: matplotlib costs 0.3 s, and only a display needs it.
        from lrlib.explorer.picture import draw

        return draw(self._state)
