"""How the website shows what a notebook displayed: a renderer for myst-nb.

It is found by its entry point (``myst_nb.mime_renderers``) and needs no scripts of
its own: pages with an interactive element load ``host.mjs``, which mounts it.
"""

import hashlib
import json
from base64 import b64decode
from collections.abc import Sequence
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer

from lrlib.explorer.hosts import FIGURE_MIME, INTERACTIVE_MIME, LAB_MIME

# Width of the element, in px, from which explorer.mjs puts panels side by side: 560,
# and 38 for border and padding.
WIDE = 598
MOST_BUTTONS = 6  # as there: a list stands for a toggle with more values


class InteractiveRenderer(MimeRenderPlugin):
    """Renders interactive elements, figures with alt text, and the place of a Lab."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = [
        ("*", mime_type, 1) for mime_type in (INTERACTIVE_MIME, FIGURE_MIME, LAB_MIME)
    ]

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """Document nodes for the MIME types of the course, None for all others."""
        content: Any = data.content
        if inline:
            return None
        if data.mime_type == INTERACTIVE_MIME:
            return _interactive(renderer, content["state"], content["picture"])
        if data.mime_type == FIGURE_MIME:
            return _figure(renderer, content)
        if data.mime_type == LAB_MIME:
            return _lab(content)
        return None


def _interactive(
    renderer: NbElementRenderer, state: dict[str, Any], picture: str | None
) -> list[nodes.Element]:
    # "</" could end the script element early; as \u003c/ it is the same JSON.
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c")
    wide, narrow = reserved_heights(state)
    # The height is reserved for both layouts: the calculation is huge below the width
    # at which the layout changes and negative above it, and clamp picks an end.
    place = (
        '<div class="lrlib-interactive" style="container-type:inline-size">'
        f'<script type="application/json">{text}</script>'
        f'<div class="lrlib-place" style="display:flow-root;min-height:'
        f'clamp({wide}px,({WIDE}px - 100cqi)*9999,{narrow}px)">'
    )
    if state["kind"] == "choice":
        return [_raw(f"{place}{_still_choice(state)}</div></div>")]
    opening = f"{place}<p>{escape(state['alt'])}</p>"
    if picture is None:
        return [_raw(f"{opening}</div></div>")]
    # Inside noscript the picture costs no bytes where the figure is alive.
    return [
        _raw(f"{opening}<noscript>"),
        _image(renderer, picture, state["alt"]),
        _raw("</noscript></div></div>"),
    ]


def reserved_heights(state: dict[str, Any]) -> tuple[int, int]:
    """Height of an element in px, with panels side by side and with panels stacked.

    An estimate from the layout of ``explorer.mjs``, a little too high rather than too
    low: what follows on the page then never moves.
    """
    if state["kind"] == "choice":
        heights = [
            100
            + 26 * _rows(state["question"], per_row)
            + sum(17 + 24 * _rows(o["text"], per_row) for o in state["options"])
            for per_row in (70, 30)
        ]
        return heights[0], heights[1]
    if state["kind"] == "reports":
        return _reports_height(state, 70, 2, 5), _reports_height(state, 30, 1, 2)
    controls, panels = state["controls"], state["panels"]
    longest = max(state["verdicts"]["strings"], key=len)
    wide = (
        90
        + _controls_height(controls, 2)
        + 26 * _rows(longest, 70)
        + sum(
            max(_panel_height(panel, 36) for panel in pair) for pair in _pairs(panels)
        )
    )
    narrow = (
        60
        + 26 * _rows(state["title"], 24)
        + 30
        + _controls_height(controls, 1)
        + 26 * _rows(longest, 30)
        + sum(_panel_height(panel, 32) for panel in panels)
    )
    return wide, narrow


def _panel_height(panel: dict[str, Any], per_row: int) -> int:
    title = 25 * _rows(panel["title"], per_row) + 20
    if panel["kind"] == "table":
        return title + 35 * (1 + panel["texts"]["index"]["shape"][-2])
    return title + 250


def _controls_height(controls: list[dict[str, Any]], columns: int) -> int:
    """Height of all controls, in px, in one column or in two, the last one of an odd
    number across both.
    """
    if columns == 1:
        return sum(_control_height(control, 300) for control in controls)
    return sum(
        max(_control_height(control, 268 if pair[1:] else 560) for control in pair)
        for pair in _pairs(controls)
    )


def _control_height(control: dict[str, Any], room: int) -> int:
    """Height of a control that is ``room`` px wide; buttons may need several lines."""
    buttons = [24 + 9 * len(text) for text in control["texts"]]
    if not control["toggle"] or len(buttons) > MOST_BUTTONS:
        return 64
    if 9 * len(control["label"]) + sum(18 + button for button in buttons) <= room:
        return 64
    lines, left = 0, 0
    for button in buttons:
        if button > left:
            lines, left = lines + 1, room
        left -= button + 18
    return max(64, 34 + 30 * lines)


def _pairs(parts: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [parts[i : i + 2] for i in range(0, len(parts), 2)]


def _reports_height(
    state: dict[str, Any], per_row: int, columns: int, values: int
) -> int:
    names = [curve["name"] for curve in state["curves"]]
    start = {"label": state["words"]["start_from"], "toggle": True, "texts": names}
    controls = [*state["controls"], start]
    return (
        120
        + 26 * _rows(state["title"], per_row - 6)
        + _controls_height(controls, columns)
        + 26 * _rows(state["longest_verdict"], per_row)
        + 22 * _rows(state["hint"], per_row * 4 // 3)
        + sum(panel["height"] + 10 for panel in state["panels"])
        + 26 * _rows(state["longest_sentence"], per_row)
        + 54 * -(-(len(state["quantities"]) + 1) // values)
    )


def _rows(text: str, per_row: int) -> int:
    return -(-len(text) // per_row)


def _still_choice(state: dict[str, Any]) -> str:
    # Without scripts each option opens to its explanation, and to what it leads to.
    options = "".join(
        f"<details><summary>{escape(option['text'])}</summary>"
        f"<p>{escape(option['explanation'])}</p>"
        f"{_still_choice(option['then']) if 'then' in option else ''}</details>"
        for option in state["options"]
    )
    return f"<p><strong>{escape(state['question'])}</strong></p>{options}"


def _figure(
    renderer: NbElementRenderer, content: dict[str, Any]
) -> list[nodes.Element]:
    width, height = int(content["width"]), int(content["height"])
    # The box has the picture's proportions before the picture is there.
    return [
        _raw(
            f'<div class="lrlib-figure" style="max-width:{width}px;'
            f'aspect-ratio:{width}/{height}">'
        ),
        _image(renderer, content["png"], content["alt"]),
        _raw("</div>"),
    ]


def _lab(content: dict[str, Any]) -> list[nodes.Element]:
    return [
        _raw(
            f'<div class="lrlib-lab" data-task="{escape(content["task"])}">'
            f"<p>{escape(content['alt'])}</p></div>"
        )
    ]


def _raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def _image(renderer: NbElementRenderer, picture: str, alt: str) -> nodes.image:
    data = b64decode(picture)
    name = f"{hashlib.sha256(data).hexdigest()}.png"
    uri = renderer.write_file([name], data, overwrite=False, exists_ok=True)
    # The class keeps Sphinx from wrapping a link to the file around the picture.
    return nodes.image(
        uri=uri, alt=alt, loading="lazy", width="100%", classes=["no-scaled-link"]
    )
