"""Where an interactive element is shown, and what it hands to that place."""

import os
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from lrlib.arguments import shown

# What the website shows in its own way; its renderer is in site.py.
INTERACTIVE_MIME = "application/vnd.lrlib.interactive+json"
FIGURE_MIME = "application/vnd.lrlib.figure+json"
LAB_MIME = "application/vnd.lrlib.lab+json"
MODULE = Path(__file__).with_name("explorer.mjs")

# Every word that the browser shows and that no lesson wrote. Data, so that a
# translation replaces them here.
WORDS = {
    "off_chart": "off the chart",
    "no_value": "no value",
    "play": "Play",
    "reset": "Reset",
    "check": "Check",
    "choose_first": "Choose an answer first.",
    "right": "Right.",
    "wrong": "Not quite.",
    "draw": "Drag the points. With the keyboard: ← → choose a report, ↑ ↓ move it.",
    "start_from": "start from",
    "report": "Report {number}",
    "report_axis": "report",
    "better": "better",
    "not_better": "not better",
    "cut": "cut",
    "no_cut": "No cut; the rate ends at {rate}.",
    "one_cut": "Cut after report {reports}; the rate ends at {rate}.",
    "cuts": "Cut after reports {reports}; the rate ends at {rate}.",
    "language": "en",  # whose way it is to write a list
}


def host() -> Literal["site", "colab", "kernel"]:
    """The place that will show the output.

    "site" while the website is built (environment variable LRLIB_HOST=site), "colab"
    in Google Colab, else "kernel": any other Jupyter front end.
    """
    if os.environ.get("LRLIB_HOST") == "site":
        return "site"
    return "colab" if "google.colab" in sys.modules else "kernel"


def check_entries(argument: str, entries: Any, *kinds: type) -> None:
    """Raise TypeError unless ``entries`` is a sequence of objects of these kinds."""
    wanted = ", ".join(kind.__name__ for kind in kinds)
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise TypeError(f"{argument} is {shown(entries)}; give a list of {wanted}")
    for index, entry in enumerate(entries):
        if not isinstance(entry, kinds):
            raise TypeError(
                f"{argument}[{index}] is {shown(entry)}; give objects of {wanted}"
            )


def check_text(argument: str, text: Any, remedy: str) -> None:
    """Raise TypeError or ValueError unless ``text`` is a string that says something."""
    if not isinstance(text, str):
        raise TypeError(f"{argument} is {shown(text)}; {remedy}, as a string")
    if not text.strip():
        raise ValueError(f"{argument} is empty; {remedy}")


class Interactive:
    """What all interactive elements have in common: a state that the browser draws.

    Displayed in a notebook it is a live widget (with a picture for viewers without
    widgets), on the website a static element; the same module draws both.
    """

    _summary: str
    _state: dict[str, Any]
    _start: list[int]

    @property
    def state(self) -> dict[str, Any]:
        """All that the browser needs, JSON-able; the same bytes at each construction"""
        return self._state

    @cached_property
    def widget(self) -> Any:
        """The live widget, an ``anywidget.AnyWidget``, made when first asked for."""
        # Imported late: anywidget brings ipywidgets, which the site's build needs not.
        import anywidget
        import traitlets

        class InteractiveWidget(anywidget.AnyWidget):
            _esm = MODULE.read_text(encoding="utf-8")
            state = traitlets.Dict().tag(sync=True)
            position = traitlets.List(traitlets.Int()).tag(sync=True)

        return InteractiveWidget(state=self._state, position=self._start)

    def picture(self) -> str | None:
        """A PNG of the start position in base64, or None where words are enough."""
        return None

    def __repr__(self) -> str:
        return self._summary

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        place = host()
        if place == "colab":
            # Colab's own view needs anywidget's metadata; anything beside it is
            # unproven there.
            own: tuple[dict[str, Any], dict[str, Any]] = self.widget._repr_mimebundle_()
            return own
        picture = self.picture()
        if place == "site":
            content = {"state": self._state, "picture": picture}
            return {"text/plain": self._summary, INTERACTIVE_MIME: content}, {}
        data, metadata = self.widget._repr_mimebundle_()
        pictures = {} if picture is None else {"image/png": picture}
        return {**data, **pictures, "text/plain": self._summary}, metadata
