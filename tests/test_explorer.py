"""The interactive elements: data, hosts, and what a browser shows."""

import functools
import http.server
import itertools
import json
import re
import sys
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from docutils import nodes
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from jupyter_client.manager import start_new_kernel
from myst_nb.core.render import MimeData
from playwright.sync_api import Browser, Page

from lrlib.decay import Plateau
from lrlib.explorer import (
    Bars,
    Choice,
    Control,
    Explorer,
    Lines,
    Option,
    Plane,
    Reference,
    Reports,
    Table,
    Zone,
)
from lrlib.explorer.codec import decode, decode_strings, encode, encode_strings
from lrlib.explorer.hosts import (
    FIGURE_MIME,
    INTERACTIVE_MIME,
    LAB_MIME,
    MODULE,
    WORDS,
    Interactive,
    host,
)
from lrlib.explorer.reports import walk
from lrlib.explorer.site import MOST_BUTTONS, InteractiveRenderer
from tests.browser import TWO_FRAMES
from tests.explorer_example import RATES, a_drawing, bowl, decision, drawing, question
from tests.page_gates import found_by_axe
from tests.site_gates import (
    check_drawing_answers,
    check_drawing_moves,
    check_explorer_moves,
    dead_explorers,
)

WIDGET = "application/vnd.jupyter.widget-view+json"

# ---- the codec ---------------------------------------------------------------------

anything = arrays.arrays(
    np.float64,
    arrays.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=9),
    elements=st.floats(allow_nan=True, allow_infinity=True),
)


@given(anything)
def test_decoded_values_are_within_half_a_level(values: np.ndarray) -> None:
    encoded = encode(values)
    back = decode(encoded)
    assert back.shape == values.shape
    finite = np.isfinite(values)
    np.testing.assert_array_equal(back[~finite], values[~finite])
    low, high = encoded["low"], encoded["high"]
    half_level = (high / 65532 - low / 65532) / 2
    rounding = 4 * np.finfo(float).eps * max(abs(low), abs(high)) + 1e-300
    assert (
        np.abs(back[finite] - values[finite]) <= half_level * (1 + 1e-9) + rounding
    ).all()


def test_ends_constants_and_special_values_are_exact() -> None:
    values = np.array([0.1, np.nan, 0.7, np.inf, -np.inf, 0.3])
    back = decode(encode(values))
    assert back[0] == 0.1
    assert back[2] == 0.7
    np.testing.assert_array_equal(np.isfinite(back), np.isfinite(values))
    assert decode(encode(np.full(3, 1 / 3))).tolist() == [1 / 3] * 3


def test_a_logarithm_keeps_a_relative_bound() -> None:
    values = np.geomspace(1e-16, 1e16, 1001)
    back = 10 ** decode(encode(np.log10(values)))
    assert np.max(np.abs(back / values - 1)) <= 10 ** (32 / 65532 / 2) - 1 + 1e-12


def test_limits_clip_finite_values_only() -> None:
    back = decode(encode(np.array([-1e300, 0.0, 1.0, np.inf]), (-3.0, 4.0)))
    assert back.tolist() == [-3.0, pytest.approx(0, abs=1e-4), 1.0, np.inf]


def test_curves_take_two_bytes_a_value() -> None:
    curves = np.exp(-RATES[:, None] * np.arange(300))
    assert len(encode(curves)["data"]) == 61 * 300 * 2 * 4 / 3


@given(st.lists(st.text(max_size=5), min_size=1, max_size=40))
def test_strings_come_back(strings: list[str]) -> None:
    array = np.array(strings, dtype=object)[:, None]
    encoded = encode_strings(array)
    assert decode_strings(encoded).tolist() == array.tolist()
    assert len(encoded["strings"]) == len(set(strings))


def test_too_many_different_strings() -> None:
    with pytest.raises(ValueError, match="fewer positions"):
        encode_strings(np.array([str(i) for i in range(70_000)], dtype=object))


# ---- construction ------------------------------------------------------------------


def small(**changes: Any) -> Explorer:
    arguments: dict[str, Any] = {
        "controls": [Control("lr", [0.1, 0.2, 0.3])],
        "panels": [Lines("Loss", "step", "loss", {"loss": np.ones((3, 5))})],
        "verdicts": ["slow", "right", "fast"],
        "title": "Three rates",
        "alt": "Three loss curves.",
    }
    return Explorer(**{**arguments, **changes})


def panel(make: Callable[[], Any]) -> Callable[[], Explorer]:
    return lambda: small(panels=[make()])


def lines(**changes: Any) -> Lines:
    return Lines(
        "Loss", "step", "loss", **{"series": {"a": np.ones((3, 5))}, **changes}
    )


ANSWERS = [Option("a", "because", correct=True), Option("b", "it is not")]
PLAIN = [Option("a", "do this"), Option("b", "do that")]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: small(controls=[]), "controls has 0 entries"),
        (lambda: small(controls=[Control("lr", [1, 2])] * 4), "give 1, 2 or 3"),
        (lambda: small(controls=[Control("lr", [1, 2])] * 2), "repeat a name"),
        (lambda: small(panels=[]), "panels is empty"),
        (lambda: small(title=" "), "title is empty"),
        (lambda: small(alt=""), "alt is empty"),
        (lambda: small(verdicts=["a", "b"]), r"verdicts has shape \(2,\)"),
        (lambda: small(verdicts=["a"]), "a sentence for every position"),
        (lambda: small(verdicts=["a", "", "c"]), r"verdicts\[1\] is ''"),
        (lambda: small(verdicts=["a", 2, "c"]), r"verdicts\[1\] is 2"),
        (lambda: Control("lr", [0.1]), "needs at least 2"),
        (lambda: Control("lr", [0.1, np.nan]), "not finite"),
        (lambda: Control("lr", [1, 2, 1.0]), r"'lr' repeats the value 1\.0"),
        (lambda: Control("on", ["yes", "yes"]), "'on' repeats the value 'yes'"),
        (lambda: Control("lr", [1, 2], format="d"), "format 'd', which"),
        (lambda: Control("lr", [1, 2], format=".3g steps"), "'.3g steps', which"),
        (lambda: Control("lr", [1, 2], format="e>9"), "use one such as '.3g'"),
        (lambda: Control("lr", [0.1, 0.2], start=0.3), "not among its values"),
        (lambda: Control("on", ["yes", "no"], start="maybe"), "not among its values"),
        (panel(lambda: lines(series={})), "series has 0 curves"),
        (
            panel(lambda: lines(series={str(i): np.ones((3, 5)) for i in range(7)})),
            "series has 7 curves",
        ),
        (panel(lambda: lines(series={"a": np.ones((2, 5))})), "one axis per control"),
        (panel(lambda: lines(series={"a": np.ones((3, 0))})), "is empty"),
        (
            panel(lambda: lines(series={"a": np.ones((3, 5)), "b": np.ones((3, 4))})),
            "'b' has shape",
        ),
        (panel(lambda: lines(x=[1, 2])), "'x' has shape"),
        (panel(lambda: lines(x=[1, 2, 3, 4, np.inf])), "x has a value that is not"),
        (panel(lambda: lines(y_scale="logarithmic")), "use 'linear' or 'log'"),
        (
            panel(lambda: lines(series={"a": -np.ones((3, 5))}, y_scale="log")),
            "negative values on a log axis",
        ),
        (panel(lambda: lines(y_range=(2, 1))), r"is \(2, 1\); give a lower"),
        (panel(lambda: lines(y_range=(0, 1), y_scale="log")), "both positive"),
        (panel(lambda: lines(series={"a": np.full((3, 5), np.nan)})), "nothing finite"),
        (panel(lambda: lines(cursor=np.ones(2))), "cursor has shape"),
        (panel(lambda: lines(cursor=np.ones((3, 3)))), "2 coordinates"),
        (
            panel(lambda: lines(references=[Reference(1, "r", "z")])),
            "axis 'z'",
        ),
        (panel(lambda: lines(references=[Reference([1, 2], "r")])), "reference 'r'"),
        (panel(lambda: lines(zones=[Zone([1, 2], 3, "z")])), "border of a zone"),
        (panel(lambda: Plane("P", "x", "y", np.ones((3, 5)))), "path has shape"),
        (panel(lambda: Plane("P", "x", "y", np.ones((3, 5, 3)))), "coordinates x, y"),
        (
            panel(lambda: Plane("P", "x", "y", np.ones((3, 5, 2)), [np.ones((9, 2))])),
            r"background\[0\]",
        ),
        (panel(lambda: Bars("B", ["a"], np.ones((3, 2)), "y")), "one label per bar"),
        (
            panel(
                lambda: Bars(
                    "B",
                    ["a"],
                    np.ones((3, 1)),
                    "y",
                    references=[Reference(1, "r", axis="x")],
                )
            ),
            "y axis only",
        ),
        (panel(lambda: Table("T", ["a"], np.ones((3, 2, 2)))), "2 columns"),
        (panel(lambda: Table("T", ["a"], np.ones((4, 2, 1)))), "one axis per control"),
        (panel(lambda: Table("T", ["a"], np.ones((3, 2, 1)), ["?"])), "such as '.3g'"),
        (lambda: Choice("", ANSWERS), "question is empty"),
        (lambda: Choice("q", ANSWERS[:1]), "at least 2"),
        (lambda: Choice("q", [ANSWERS[1], Option("c", "no")]), "0 correct"),
        (lambda: Choice("q", [*ANSWERS, Option("c", "x", correct=True)]), "2 correct"),
        (lambda: Choice("q", [*ANSWERS, Option("c", " ")]), "'c' has no explanation"),
        (lambda: Choice("q", [*ANSWERS, Option("", "x")]), "without text"),
        (lambda: Choice("q", [*ANSWERS, Option("a", "x")]), "repeat a text"),
        (lambda: Choice("q", ANSWERS, decision=True), "is correct, in a decision"),
        (
            lambda: Choice("q", [*ANSWERS, Option("c", "x", then=decision())]),
            "'c' leads on, in a question",
        ),
        (
            lambda: Choice(
                "q",
                [*PLAIN, Option("c", "x", then=Choice("q", ANSWERS))],
                decision=True,
            ),
            "'c' leads to Choice: q",
        ),
    ],
)
def test_wrong_arguments_are_named(make: Callable[[], Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: small(controls="lr"), "controls is 'lr'; give a list of Control"),
        (
            lambda: small(controls=["lr"]),
            r"controls\[0\] is 'lr'; give objects of Control",
        ),
        (lambda: small(panels=lines()), "panels is Lines.*; give a list of Lines"),
        (
            lambda: small(panels=["Loss"]),
            r"panels\[0\] is 'Loss'; give objects of Lines",
        ),
        (lambda: Choice("q", "ab"), "options is 'ab'; give a list of Option"),
        (
            lambda: Choice("q", [*ANSWERS, "c"]),
            r"options\[2\] is 'c'; give objects of Option",
        ),
    ],
)
def test_wrong_types_are_named(make: Callable[[], Any], says: str) -> None:
    with pytest.raises(TypeError, match=f"(?s){says}"):
        make()


def test_a_control_of_numbers_and_strings_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="mixes numbers and strings"):
        Control("lr", [0.1, "big"])


def test_values_read_like_a_learner_writes_them() -> None:
    control = Control("lr", [-1e-7, 0.1, 1e6], format=".3g", unit="per step")
    assert control.texts == ["−1e-7 per step", "0.1 per step", "1e6 per step"]
    table = Table(
        "T", ["a", "b"], np.array([[["x", np.nan], ["y", np.inf]]] * 3, object)
    )
    encoded = small(panels=[table]).state["panels"][0]["texts"]
    assert decode_strings(encoded)[0].tolist() == [["x", "–"], ["y", "∞"]]


def test_start_may_be_off_by_rounding() -> None:
    assert Control("lr", [0.1, 0.2, 0.3], start=0.1 + 0.2).start_index == 2


def test_two_constructions_give_the_same_bytes() -> None:
    first, second = bowl(), bowl()
    assert json.dumps(first.state) == json.dumps(second.state)
    assert first.picture() == second.picture()
    assert repr(first) == repr(second)
    assert json.dumps(question().state) == json.dumps(question().state)


def test_a_panel_that_ignores_a_control_is_stored_once() -> None:
    state = bowl().state
    shapes = [s["values"]["shape"] for s in state["panels"][2]["series"]]
    assert shapes == [[1, 3, 2, 61]] * 2


# ---- hosts -------------------------------------------------------------------------


@pytest.mark.parametrize("make", [bowl, drawing, question])
def test_bundle_of_a_kernel(
    make: Callable[[], Interactive], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LRLIB_HOST", raising=False)
    element = make()
    data, _ = element._repr_mimebundle_()
    assert host() == "kernel"
    assert data["text/plain"] == repr(make())
    assert "\n" not in data["text/plain"]
    assert data[WIDGET]["model_id"] == element.widget.model_id
    assert element.widget._esm == MODULE.read_text(encoding="utf-8")
    assert element.widget.state == element.state
    assert ("image/png" in data) == (make is not question)


@pytest.mark.parametrize("make", [bowl, drawing, question])
def test_bundle_of_the_site(
    make: Callable[[], Interactive], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LRLIB_HOST", "site")
    element = make()
    data, _ = element._repr_mimebundle_()
    assert set(data) == {"text/plain", INTERACTIVE_MIME}
    json.dumps(data, allow_nan=False)
    assert "widget" not in element.__dict__


def test_bundle_of_colab_is_the_widget_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    output = types.ModuleType("google.colab.output")
    manager = types.SimpleNamespace(url="manager")
    output.enable_custom_widget_manager = lambda: None
    output._widgets = types.SimpleNamespace(_installed_url="manager", _Widgets=manager)
    colab = types.ModuleType("google.colab")
    colab.output = output
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    monkeypatch.setitem(sys.modules, "google.colab.output", output)
    monkeypatch.delenv("LRLIB_HOST", raising=False)
    explorer = bowl()
    assert host() == "colab"
    data, metadata = explorer._repr_mimebundle_()
    assert (data, metadata) == explorer.widget._repr_mimebundle_()
    assert "image/png" not in data
    assert INTERACTIVE_MIME not in data


def test_position_is_the_learners() -> None:
    explorer = bowl()
    assert explorer.position == {"lr": RATES[40], "curvature": "10", "start": "left"}
    explorer.widget.position = [3, 0, 1]
    assert explorer.position == {"lr": RATES[3], "curvature": "5", "start": "right"}


def test_a_live_kernel_shows_the_widget_and_hears_the_learner() -> None:
    manager, client = start_new_kernel()
    try:
        messages = _run(
            client,
            f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
            "from tests.explorer_example import bowl, question\n"
            "explorer, choice = bowl(), question()\n"
            "display(explorer, choice)",
        )
        opened = {
            message["content"]["comm_id"]: message["content"]["data"]["state"]
            for message in messages
            if message["msg_type"] == "comm_open"
        }
        shown = [
            message["content"]["data"]
            for message in messages
            if message["msg_type"] == "display_data"
        ]
        assert [data["text/plain"] for data in shown] == [
            repr(bowl()),
            repr(question()),
        ]
        models = [opened[data[WIDGET]["model_id"]] for data in shown]
        module = MODULE.read_text(encoding="utf-8")
        assert [model["_esm"] for model in models] == [module] * 2
        assert models[0]["state"] == bowl().state
        assert models[1]["state"] == question().state
        moved = client.session.msg(
            "comm_msg",
            {
                "comm_id": shown[0][WIDGET]["model_id"],
                "data": {
                    "method": "update",
                    "state": {"position": [0, 2, 1]},
                    "buffer_paths": [],
                },
            },
        )
        client.shell_channel.send(moved)
        printed = _run(client, "print(explorer.position)")
        texts = [m["content"]["text"] for m in printed if m["msg_type"] == "stream"]
        assert texts == ["{'lr': 0.005, 'curvature': '20', 'start': 'right'}\n"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _run(client: Any, code: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    reply = client.execute_interactive(code, timeout=60, output_hook=messages.append)
    assert reply["content"]["status"] == "ok", reply["content"]
    return messages


# ---- the site's renderer -----------------------------------------------------------


class Renderer:
    """The part of myst-nb's renderer that ours asks for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def write_file(self, path: list[str], content: bytes, **_: bool) -> str:
        self.files[path[0]] = content
        return path[0]


def rendered(mime_type: str, content: Any) -> list[nodes.Element]:
    result = InteractiveRenderer.handle_mime(
        Renderer(),
        MimeData(mime_type, content),
        False,
    )
    assert result is not None
    return result


def markup(element: Interactive) -> str:
    """What the site's pages hold for an element; its picture is left out."""
    content = {"state": element.state, "picture": None}
    return "".join(node.astext() for node in rendered(INTERACTIVE_MIME, content))


def test_the_renderer_leaves_other_outputs_alone() -> None:
    data = MimeData("text/plain", "hello")
    assert InteractiveRenderer.handle_mime(Renderer(), data, False) is None


def test_a_picture_costs_nothing_where_scripts_run() -> None:
    explorer = bowl()
    opening, image, closing = rendered(
        INTERACTIVE_MIME, {"state": explorer.state, "picture": explorer.picture()}
    )
    assert opening.astext().endswith("<noscript>")
    assert closing.astext().startswith("</noscript>")
    assert image["alt"] == explorer.alt
    assert f"<p>{explorer.alt}</p>" in opening.astext()


def test_a_verdict_has_the_panels_minus_sign() -> None:
    said = np.array(["from -2 to -0.5", "a-1, 1-2 and 3e-4", "(-1)"], dtype=object)
    explorer = small(verdicts=said)
    assert said[0] == "from -2 to -0.5"  # the caller's own array
    assert list(decode_strings(explorer.state["verdicts"])) == [
        "from −2 to −0.5",
        "a-1, 1-2 and 3e-4",
        "(−1)",
    ]


def test_a_state_cannot_end_its_script_element() -> None:
    text = "</script><script>alert(1)</script>"
    html = markup(small(title=text))
    assert html.count("</script>") == 1
    assert text not in html


def test_a_figure_keeps_its_words_and_its_place() -> None:
    content = {"png": bowl().picture(), "alt": "a curve", "width": 600, "height": 400}
    before, image, _ = rendered(FIGURE_MIME, content)
    assert "aspect-ratio:600/400" in before.astext()
    assert (image["alt"], image["loading"]) == ("a curve", "lazy")


def test_a_lab_leaves_its_place() -> None:
    (node,) = rendered(LAB_MIME, {"task": "digits", "alt": "Train <here>."})
    assert 'data-task="digits"' in node.astext()
    assert "Train &lt;here&gt;." in node.astext()


# ---- the browser -------------------------------------------------------------------

PAGE = """<!doctype html><html lang="en" data-theme="{theme}"><head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>Explorer</title>
<script type="module" async src="host.mjs?v=7"></script></head>
<body style="margin:16px;font-family:sans-serif">{body}<p id="after">After.</p>
{more}</body></html>"""


class Site:
    """Pages with elements, served as the site serves them, and opened."""

    def __init__(self, browser: Browser, folder: Path, address: str) -> None:
        self.browser, self.folder, self.address = browser, folder, address
        self.problems: list[str] = []
        self.requests: list[str] = []

    def open(
        self,
        *elements: Interactive,
        theme: str = "light",
        width: int = 1280,
        more: str = "",
        body: str | None = None,
        **options: Any,
    ) -> Page:
        html = body or "".join(markup(element) for element in elements)
        text = PAGE.format(theme=theme, body=html, more=more)
        (self.folder / "page.html").write_text(text, encoding="utf-8")
        page = self.blank(viewport={"width": width, "height": 900}, **options)
        page.goto(f"{self.address}/page.html")
        return page

    def blank(self, **options: Any) -> Page:
        """An empty page, of which all that goes wrong is kept."""
        page = self.browser.new_page(**options)
        page.on("console", lambda message: self.problems.append(message.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        return page


class Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map: ClassVar[dict[str, str]] = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
    }

    def log_message(self, *_: Any) -> None:
        """Quiet: the test says what failed."""


@contextmanager
def served(folder: Path, handler: type[Handler] = Handler) -> Iterator[str]:
    """The address at which the folder is served."""
    in_folder = functools.partial(handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), in_folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def site(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    for name in ("explorer.mjs", "host.mjs"):
        (tmp_path / name).write_bytes(MODULE.with_name(name).read_bytes())
    with served(tmp_path) as address:
        yield Site(browser, tmp_path, address)
    for context in browser.contexts:
        context.close()


@pytest.fixture
def no_problems(site: Site) -> Iterator[None]:
    """Nothing on the console, at the end of a test that uses this."""
    yield
    assert site.problems == []


def verdict(page: Page) -> str:
    return page.locator(".lrlib-verdict").inner_text()


def pixels(page: Page) -> list[str]:
    settle(page)
    return page.eval_on_selector_all("canvas", "all => all.map(c => c.toDataURL())")


def settle(page: Page) -> None:
    page.evaluate(TWO_FRAMES)


def ready(page: Page) -> None:
    page.locator(".lrlib").first.wait_for()
    settle(page)


@pytest.mark.usefixtures("no_problems")
@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_keyboard_moves_the_figure(site: Site, theme: str, width: int) -> None:
    page = site.open(bowl(), theme=theme, width=width)
    ready(page)
    assert check_explorer_moves(page, page.locator(".lrlib-interactive")) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(
        "[...document.querySelectorAll('canvas')].every("
        "c => c.width === Math.round(c.clientWidth * devicePixelRatio))"
    )


@pytest.mark.usefixtures("no_problems")
def test_keys_go_where_they_should(site: Site) -> None:
    page = site.open(
        bowl(),
        more="<script>window.heard = [];"
        "document.addEventListener('keydown', e => heard.push(e.key))</script>",
    )
    ready(page)
    slider = page.get_by_label("learning rate", exact=True)
    first = verdict(page), pixels(page)
    for _ in (WORDS["play"], WORDS["reset"], "the slider"):
        page.keyboard.press("Tab")
    assert slider.evaluate("node => node === document.activeElement")
    page.evaluate("heard.length = 0")
    page.keyboard.press("Home")
    settle(page)
    assert slider.get_attribute("aria-valuetext") == "0.005"
    assert page.locator("output").first.inner_text() == "0.005"
    page.keyboard.press("PageUp")
    assert slider.input_value() == "6"
    page.keyboard.press("End")
    settle(page)
    assert slider.get_attribute("aria-valuetext") == "0.5"
    assert verdict(page).startswith("lr = 0.5: diverges")
    assert all(now != then for now, then in zip(pixels(page), first[1], strict=True))
    page.get_by_label("left", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_label("right", exact=True).is_checked()
    assert page.evaluate("heard") == []
    page.get_by_role("button", name=WORDS["reset"]).press("Enter")
    settle(page)
    assert (verdict(page), pixels(page)) == first


@pytest.mark.usefixtures("no_problems")
def test_a_toggle_of_many_values_is_a_list(site: Site) -> None:
    names = ["constant", "step", "linear", "cosine", "cyclic", "custom", "sequence"]
    page = site.open(
        Explorer(
            title="Schedules",
            controls=[Control("first", names, start="linear")],
            panels=[Lines("Rate", "update", "rate", {"rate": np.eye(7)})],
            verdicts=[f"This is {name}." for name in names],
            alt="Seven schedules.",
        ),
        more="<script>window.heard = [];"
        "document.addEventListener('keydown', e => heard.push(e.key))</script>",
    )
    ready(page)
    chosen = page.get_by_label("first", exact=True)
    assert chosen.evaluate("node => node.nodeName") == "SELECT"
    assert page.locator("input[type=radio]").count() == 0
    assert verdict(page) == "This is linear."
    before = pixels(page)
    chosen.focus()
    page.keyboard.press("ArrowDown")
    settle(page)
    assert verdict(page) == "This is cosine."
    assert pixels(page) != before
    assert page.evaluate("heard") == []
    chosen.select_option("sequence")
    settle(page)
    assert verdict(page) == "This is sequence."
    page.get_by_role("button", name=WORDS["reset"]).click()
    settle(page)
    assert verdict(page) == "This is linear."
    assert chosen.input_value() == "linear"
    assert dead_explorers(page) == []


@pytest.mark.usefixtures("no_problems")
def test_the_verdict_is_told_once_after_a_drag(site: Site) -> None:
    page = site.open(bowl())
    ready(page)
    page.evaluate(
        "() => { window.told = [];"
        " const status = document.querySelector('[role=status]');"
        " new MutationObserver(() => told.push(status.textContent))"
        ".observe(status, { childList: true, subtree: true }); }"
    )
    page.locator("input[type=range]").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("told.length > 0")
    assert page.evaluate("told") == [verdict(page)]
    label = page.locator("canvas").first.get_attribute("aria-label")
    assert label == f"The ball on the bowl. {verdict(page)}"


@pytest.mark.usefixtures("no_problems")
def test_dragging_on_the_curve_moves_the_rate(site: Site) -> None:
    page = site.open(bowl())
    ready(page)
    curve = page.locator("canvas").nth(2)
    curve.scroll_into_view_if_needed()
    box = curve.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 11, box["y"] + 100, steps=3)
    page.mouse.up()
    settle(page)
    assert page.locator("output").first.inner_text() == "0.5"


@pytest.mark.usefixtures("no_problems")
def test_playing_shows_the_path_step_by_step(site: Site) -> None:
    page = site.open(bowl())
    ready(page)
    whole = pixels(page)
    page.evaluate("whole => { window.whole = whole; }", whole[0])
    page.get_by_role("button", name=WORDS["play"]).click()
    now = "document.querySelector('canvas').toDataURL()"
    page.wait_for_function(f"{now} !== whole")
    page.wait_for_function(f"{now} === whole")
    page.get_by_role("button", name=WORDS["play"]).click()
    page.wait_for_function(f"{now} !== whole")
    page.locator("input[type=range]").press("ArrowLeft")  # ends it
    page.locator("input[type=range]").press("ArrowRight")
    assert pixels(page) == whole


@pytest.mark.usefixtures("no_problems")
def test_reduced_motion_offers_no_play(site: Site) -> None:
    page = site.open(bowl(), reduced_motion="reduce")
    ready(page)
    names = page.get_by_role("button").all_inner_texts()
    assert names == [WORDS["reset"]]


@pytest.mark.usefixtures("no_problems")
def test_dark_mode_is_followed_while_the_page_is_open(site: Site) -> None:
    page = site.open(bowl(), theme="light", color_scheme="light")
    ready(page)
    ground = "getComputedStyle(document.querySelector('.lrlib')).backgroundColor"
    light = pixels(page)[0], page.evaluate(ground)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    dark = pixels(page)[0], page.evaluate(ground)
    assert light[0] != dark[0]
    assert light[1] != dark[1]
    page.evaluate(
        "() => { delete document.documentElement.dataset.theme;"
        " document.body.dataset.jpThemeLight = 'true'; }"
    )
    assert (pixels(page)[0], page.evaluate(ground)) == light
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    assert (pixels(page)[0], page.evaluate(ground)) == dark
    page.evaluate("delete document.body.dataset.jpThemeLight")
    assert (pixels(page)[0], page.evaluate(ground)) == light
    page.emulate_media(color_scheme="dark")
    assert (pixels(page)[0], page.evaluate(ground)) == dark


@pytest.mark.usefixtures("no_problems")
def test_forced_colours_are_taken(site: Site) -> None:
    page = site.open(bowl(), forced_colors="none")
    ready(page)
    before = pixels(page)[0]
    page.emulate_media(forced_colors="active")
    assert pixels(page)[0] != before


@pytest.mark.usefixtures("no_problems")
@pytest.mark.parametrize("width", [1280, 900, 375])
def test_nothing_moves_when_the_figure_arrives(site: Site, width: int) -> None:
    elements = bowl(), a_drawing(), decision(), question()
    page = site.open(*elements, width=width, java_script_enabled=False)
    still = page.evaluate("document.querySelector('#after').offsetTop")
    live = site.open(*elements, width=width)
    ready(live)
    for element in live.locator(".lrlib-interactive").all():
        element.scroll_into_view_if_needed()
        element.locator("input").first.wait_for()
    live.locator(".lrlib-interactive").last.scroll_into_view_if_needed()
    live.locator(".lrlib-choice").last.wait_for()
    assert live.evaluate("document.querySelector('#after').offsetTop") == still


@pytest.mark.usefixtures("no_problems")
def test_without_scripts_the_words_stay(site: Site) -> None:
    explorer = bowl()
    page = site.open(explorer, question(), java_script_enabled=False)
    assert page.get_by_text(explorer.alt).is_visible()
    assert page.get_by_text("exactly 0.2").is_visible()
    page.get_by_text("exactly 0.2").click()
    assert page.get_by_text("Each step multiplies by −1 there.").is_visible()


@pytest.mark.usefixtures("no_problems")
def test_the_module_is_asked_for_with_the_hosts_version(site: Site) -> None:
    ready(site.open(bowl()))
    names = [url.removeprefix(site.address) for url in site.requests]
    assert names == ["/page.html", "/host.mjs?v=7", "/explorer.mjs?v=7"]


@pytest.mark.usefixtures("no_problems")
@pytest.mark.parametrize("missing", ['"verdicts":', "</p>"], ids=["data", "words"])
def test_the_first_can_be_used_before_the_last_has_come(
    site: Site, missing: str
) -> None:
    explorers = markup(question()), markup(bowl())
    text = PAGE.format(theme="light", body="".join(explorers), more="")
    start, last = (text.index(explorer) for explorer in explorers)
    cuts = [start, text.index(missing, last), len(text)]
    goes_on = threading.Semaphore(0)

    class InPieces(Handler):
        def do_GET(self) -> None:
            if self.path != "/":
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            for begin, end in itertools.pairwise([0, *cuts]):
                self.wfile.write(text[begin:end].encode())
                goes_on.acquire(timeout=60)

    with served(site.folder, InPieces) as address:
        page = site.blank()
        with page.expect_request_finished(lambda it: "host.mjs" in it.url):
            page.goto(address, wait_until="commit")
        settle(page)  # by now the module is looking for elements
        goes_on.release()
        first, second = (page.locator(".lrlib-interactive").nth(i) for i in (0, 1))
        first.get_by_label("near 0.1", exact=True).check()
        settle(page)
        assert second.locator("input").count() == 0
        goes_on.release(2)
        second.locator("input").first.wait_for()
        page.wait_for_load_state()
    assert first.get_by_label("near 0.1", exact=True).is_checked()
    at_once = site.open(question(), bowl())
    ready(at_once)
    whole = at_once.locator(".lrlib-interactive").nth(1)
    whole.locator("input").first.wait_for()
    assert second.text_content() == whole.text_content()


@pytest.mark.usefixtures("no_problems")
def test_a_question_answers_each_option_in_its_own_words(site: Site) -> None:
    page = site.open(question())
    ready(page)
    assert page.get_by_role("group", name="The bowl has curvature 10").is_visible()
    status = page.get_by_role("status")
    check = page.get_by_role("button", name=WORDS["check"])
    check.click()
    assert status.inner_text() == WORDS["choose_first"]
    page.get_by_label("near 0.1", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert status.inner_text() == ""  # moving through the options tells nothing
    for option in question().state["options"]:
        page.get_by_label(option["text"], exact=True).check()
        check.press("Enter")
        outcome = WORDS["right" if option["correct"] else "wrong"]
        assert status.inner_text() == f"{outcome} {option['explanation']}"
        marks = page.locator("[data-mark]").evaluate_all(
            "l => l.map(n => n.dataset.mark)"
        )
        assert marks == ["✓" if option["correct"] else "✗"]


@pytest.mark.usefixtures("no_problems")
def test_a_decision_leads_to_the_next_by_keyboard(site: Site) -> None:
    page = site.open(decision())
    ready(page)
    assert page.get_by_role("button", name=WORDS["check"]).count() == 0
    assert page.get_by_role("group", name="Is it a transformer?").count() == 0
    page.get_by_label("yes", exact=True).focus()
    page.keyboard.press("Space")
    assert page.get_by_role("status").inner_text().startswith("Fall all the way")
    page.keyboard.press("ArrowDown")
    assert page.get_by_role("status").first.inner_text().startswith("Stay at the peak")
    second = page.get_by_role("group", name="Is it a transformer?")
    assert second.is_visible()
    second.get_by_label("something else").check()
    assert page.get_by_role("status").last.inner_text() == "Begin at the peak."
    page.get_by_label("yes", exact=True).check()  # what hung on the other is gone
    assert second.count() == 0
    assert page.get_by_role("status").count() == 1


@pytest.mark.usefixtures("no_problems")
def test_without_scripts_a_decision_opens_step_by_step(site: Site) -> None:
    page = site.open(decision(), java_script_enabled=False)
    assert not page.get_by_text("Is it a transformer?").is_visible()
    page.get_by_text("no", exact=True).click()
    assert page.get_by_text("Stay at the peak").is_visible()
    page.get_by_text("a transformer", exact=True).click()
    assert page.get_by_text("Begin with a ramp.").is_visible()


@pytest.mark.usefixtures("no_problems")
def test_a_notebooks_model_draws_the_same_figure(site: Site) -> None:
    ours = site.open(bowl())
    ready(ours)
    # The contract of anywidget: the module comes as a blob, render gets an element
    # that is not in the page yet, and what it returns cleans up.
    state = json.dumps(bowl().state)
    page = site.open(
        body="<div id='cell'></div>",
        more="""<script type="module">
          const text = await (await fetch("explorer.mjs")).text();
          const blob = new Blob([text], { type: "text/javascript" });
          const { default: widget } = await import(URL.createObjectURL(blob));
          const values = { state: STATE, position: [40, 1, 0] };
          const callbacks = {};
          window.saved = [];
          window.model = {
            get: (key) => values[key],
            set: (key, value) => { values[key] = value; },
            on: (event, callback) => { callbacks[event] = callback; },
            off: (event) => { delete callbacks[event]; },
            save_changes: () => saved.push(values.position),
          };
          window.fromPython = (position) => {
            values.position = position;
            callbacks["change:position"]();
          };
          const el = document.createElement("div");
          window.cleanup = await widget.render({ model, el });
          window.callbacks = callbacks;
          document.querySelector("#cell").append(el);
        </script>""".replace("STATE", state.replace("<", "\\u003c")),
    )
    ready(page)
    assert pixels(page) == pixels(ours)
    page.locator("input[type=range]").focus()
    page.keyboard.press("End")
    page.wait_for_function("saved.length === 1")
    assert page.evaluate("saved") == [[60, 1, 0]]
    page.evaluate("fromPython([0, 2, 1])")
    settle(page)
    assert page.locator("output").first.inner_text() == "0.005"
    assert page.get_by_label("20", exact=True).is_checked()
    page.evaluate("cleanup()")
    assert page.evaluate("Object.keys(callbacks)") == []


def test_the_browser_decodes_what_python_encodes(site: Site) -> None:
    generator = np.random.default_rng(0)
    values = generator.normal(size=(7, 1, 50)) * 10.0 ** generator.integers(-5, 5, 50)
    values[0, 0, :4] = np.nan, np.inf, -np.inf, 0
    encoded = encode(values)
    page = site.open(question())
    got = page.evaluate(
        "async (encoded) => { const { decode } = await import('./explorer.mjs');"
        " return [...decode(encoded).values].map(String); }",
        encoded,
    )
    words = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}
    back = np.array([float(words.get(text, text)) for text in got])
    np.testing.assert_allclose(back, decode(encoded).ravel(), rtol=1e-12, atol=1e-12)


# ---- the curve to draw -------------------------------------------------------------


def answers(page: Page) -> tuple[str, list[str], list[str]]:
    """Verdict, what is read out below, and the levels of the points."""
    settle(page)
    below = page.locator(".lrlib-seen > span, .lrlib-values dd").all_inner_texts()
    values = page.locator(".lrlib-drawing input").evaluate_all(
        "all => all.map(one => one.value)"
    )
    return verdict(page), below, values


def on_the_curve(page: Page, report: int, level: int) -> tuple[float, float]:
    """Where the level of a report (from 0) stands on the screen."""
    point = page.locator(".lrlib-drawing input").nth(report).bounding_box()
    chart = page.locator(".lrlib-drawing canvas").bounding_box()
    assert point is not None
    assert chart is not None
    state = a_drawing().state
    low, high = state["panels"][0]["y"]["range"]
    value = state["levels"]["values"][level]
    top, bottom = chart["y"] + 26, chart["y"] + chart["height"] - 40
    return (
        point["x"] + point["width"] / 2,
        bottom - (value - low) / (high - low) * (bottom - top),
    )


@pytest.mark.usefixtures("no_problems")
@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_drawing_passes_its_gates(site: Site, theme: str, width: int) -> None:
    page = site.open(a_drawing(), theme=theme, width=width)
    ready(page)
    before = answers(page)
    assert dead_explorers(page) == []
    assert answers(page)[::2] == before[::2]  # the gates put it back
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found_by_axe(page, ".lrlib-interactive") == []


@pytest.mark.usefixtures("no_problems")
def test_keys_draw_the_curve(site: Site) -> None:
    page = site.open(
        a_drawing(),
        more="<script>window.heard = [];"
        "document.addEventListener('keydown', e => heard.push(e.key))</script>",
    )
    ready(page)
    first = answers(page)
    assert first[0] == "Cut after reports 14 and 18; the rate ends at 0.001."
    page.get_by_label("slow", exact=True).focus()
    page.keyboard.press("Tab")
    assert focused(page) == "Report 1"
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "Report 10"
    text, below, values = answers(page)
    assert text == "Cut after reports 15 and 19; the rate ends at 0.001."
    assert values[9] == str(int(first[2][9]) + 1)
    # A second column: metric, rate, best, bad reports, cooldown.
    assert below == [
        "Report 10: not better: 3 bad ≤ patience 3",
        *["0.6", "0.1", "0.6", "3", "0"],
    ]
    told = page.locator("[aria-label='Report 10']").get_attribute("aria-valuetext")
    assert told == "0.6: not better: 3 bad ≤ patience 3"
    page.wait_for_function(
        "text => document.querySelector('[role=status]').textContent === text",
        arg=text,
    )
    assert page.get_by_label("slow", exact=True).is_checked() is False
    assert page.evaluate("heard") == []
    page.keyboard.press("Tab")
    assert focused(page) is None  # the next stop is below the curve
    page.get_by_role("button", name=WORDS["reset"]).click()
    assert answers(page)[::2] == first[::2]


def focused(page: Page) -> str | None:
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


@pytest.mark.usefixtures("no_problems")
def test_the_mouse_draws_the_curve(site: Site) -> None:
    page = site.open(a_drawing())
    ready(page)
    page.locator(".lrlib-drawing").scroll_into_view_if_needed()
    before = answers(page)
    page.mouse.move(*on_the_curve(page, 4, 11))
    # Hovering reads a report out and changes none.
    assert answers(page)[1][0].startswith("Report 5: ")
    assert answers(page)[2] == before[2]
    page.mouse.down()
    page.mouse.move(*on_the_curve(page, 8, 3))
    page.mouse.up()
    drawn = answers(page)
    # What the jump skipped lies on a straight line.
    assert drawn[2][4:9] == ["11", "9", "7", "5", "3"]
    assert drawn[2][:4] + drawn[2][9:] == before[2][:4] + before[2][9:]
    assert drawn[0] != before[0]
    assert drawn[1][0].startswith("Report 9: ")
    assert focused(page) == "Report 9"
    page.mouse.move(0, 0)
    page.keyboard.press("ArrowUp")
    assert answers(page)[2][8] == "4"


@pytest.mark.usefixtures("no_problems")
def test_a_finger_draws_near_the_curve_and_scrolls_elsewhere(site: Site) -> None:
    page = site.open(a_drawing(), width=375, has_touch=True, is_mobile=True)
    ready(page)
    page.evaluate("document.body.style.paddingBottom = '900px'")
    page.locator(".lrlib-drawing").scroll_into_view_if_needed()
    session = page.context.new_cdp_session(page)

    def swipe(start: tuple[float, float], end: tuple[float, float]) -> None:
        for step in range(12):
            x, y = (
                a + (b - a) * min(step, 10) / 10
                for a, b in zip(start, end, strict=True)
            )
            kind = ["touchStart", *["touchMove"] * 10, "touchEnd"][step]
            points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
            session.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
            )

    first = answers(page)[2]
    at = on_the_curve(page, 14, int(first[14]))
    start = page.evaluate("scrollY")
    swipe(at, on_the_curve(page, 14, 11))
    page.wait_for_timeout(300)  # in which a page would scroll
    assert page.evaluate("scrollY") == start
    assert answers(page)[2][14] == "11"
    before = answers(page)[2]
    top = on_the_curve(page, 17, 11)
    swipe(top, (top[0], top[1] - 120))
    page.wait_for_function("start => scrollY > start + 50", arg=start)
    assert answers(page)[2] == before
    page.touchscreen.tap(*on_the_curve(page, 17, 11))
    assert answers(page)[2][17] == "11"


@pytest.mark.usefixtures("no_problems")
def test_a_named_curve_replaces_the_drawing(site: Site) -> None:
    page = site.open(a_drawing())
    ready(page)
    state = a_drawing().state
    for curve in reversed(state["curves"]):
        page.get_by_label(curve["name"], exact=True).check()
        assert answers(page)[2] == [str(level) for level in curve["levels"]]


@pytest.mark.usefixtures("no_problems")
def test_the_browser_walks_as_python_does(site: Site) -> None:
    generator = np.random.default_rng(0)
    state = a_drawing().state
    sizes = [len(control["texts"]) for control in state["controls"]]
    page = site.open(
        body="<div id='cell'></div>",
        more="""<script type="module">
          import widget from "./explorer.mjs";
          const values = { state: STATE, position: [] };
          const heard = {};
          const model = {
            get: (key) => values[key], set() {}, off() {}, save_changes() {},
            on: (event, callback) => { heard[event] = callback; },
          };
          window.place = (position) => {
            values.position = position;
            heard["change:position"]();
          };
          widget.render({ model, el: document.querySelector("#cell") });
        </script>""".replace("STATE", json.dumps(state).replace("<", "\\u003c")),
    )
    ready(page)
    for _ in range(8):
        position = [
            *(int(generator.integers(size)) for size in sizes),
            *generator.integers(12, size=20).tolist(),
        ]
        states, done = walk(state, position)
        page.evaluate("position => place(position)", position)
        text, below, values = answers(page)
        assert values == [str(level) for level in position[3:]]
        told = page.locator(".lrlib-drawing input").evaluate_all(
            "all => all.map(one => one.ariaValueText)"
        )
        assert [one.split(": ", 1)[1] for one in told] == [one[0] for one in done]
        last = [decode_strings(q["texts"])[states[-1]] for q in state["quantities"]]
        assert below[2:] == last
        cuts = [str(at) for at, (_, _, cut) in enumerate(done, 1) if cut]
        said = text.split(";")[0].replace(",", "").split()
        assert [part for part in said if part.isdigit()] == cuts


@pytest.mark.usefixtures("no_problems")
def test_a_verdict_never_moves_what_is_below(site: Site) -> None:
    page = site.open(a_drawing(), width=375)
    ready(page)
    page.get_by_label("patience").fill("0")
    top = "document.querySelector('.lrlib-values').getBoundingClientRect().top"
    places = set()
    for curve in a_drawing().state["curves"]:
        page.get_by_label(curve["name"], exact=True).check()
        for report in (0, 9, 19):
            page.locator(".lrlib-drawing input").nth(report).focus()
            settle(page)
            places.add(page.evaluate(f"{top} + scrollY"))
    assert len(places) == 1


@pytest.mark.usefixtures("no_problems")
def test_a_drawing_takes_forced_colours(site: Site) -> None:
    page = site.open(a_drawing(), forced_colors="none")
    ready(page)
    before = pixels(page)[0]
    page.emulate_media(forced_colors="active")
    assert pixels(page)[0] != before


# ---- the gate must fail on figures that are dead -----------------------------------


def dead() -> Explorer:
    """The slider changes nothing: every position holds the same."""
    return small(
        verdicts=["always the same"] * 3,
        panels=[Lines("Loss", "step", "loss", {"loss": np.ones((1, 5))})],
    )


def test_the_gate_sees_a_slider_that_changes_nothing(site: Site) -> None:
    page = site.open(dead())
    problems = check_explorer_moves(page, page.locator(".lrlib-interactive"))
    assert problems == ["the control 'lr' changes nothing"]


def test_the_gate_sees_a_verdict_that_never_changes(site: Site) -> None:
    loss = np.arange(3.0)[:, None] * np.ones(5)
    panels = [Lines("Loss", "step", "loss", {"loss": loss})]
    page = site.open(small(verdicts=["always the same"] * 3, panels=panels))
    problems = check_explorer_moves(page, page.locator(".lrlib-interactive"))
    assert problems == ["the verdict is the same at every position"]


def test_the_gate_sees_panels_that_never_change(site: Site) -> None:
    panels = [Lines("Loss", "step", "loss", {"loss": np.ones((1, 5))})]
    page = site.open(small(panels=panels))
    problems = check_explorer_moves(page, page.locator(".lrlib-interactive"))
    assert problems == ["the panels are the same at every position"]


def test_the_gate_sees_a_slider_deaf_to_keys(site: Site) -> None:
    page = site.open(
        bowl(),
        more="<script>addEventListener('keydown', "
        "e => e.preventDefault(), { capture: true })</script>",
    )
    problems = check_explorer_moves(page, page.locator(".lrlib-interactive"))
    assert problems[0] == "the keyboard can't move the control 'learning rate'"


def test_the_gate_sees_a_slider_that_tab_passes_by(site: Site) -> None:
    page = site.open(bowl())
    ready(page)
    page.locator("input[type=range]").evaluate("node => { node.tabIndex = -1; }")
    problems = check_explorer_moves(page, page.locator(".lrlib-interactive"))
    assert problems == ["the keyboard can't move the control 'learning rate'"]


def test_the_gate_sees_a_silent_live_region(site: Site) -> None:
    page = site.open(bowl())
    ready(page)
    page.locator("[role=status]").evaluate(
        "node => { const silent = node.cloneNode(true); node.replaceWith(silent); }"
    )
    problems = check_explorer_moves(page, page.locator(".lrlib-interactive"))
    assert len(problems) == 1
    assert problems[0].startswith("the live region says")


def test_a_single_curve_is_no_choice(site: Site) -> None:
    page = site.open(deaf(curves={"a": [2] * 4}))
    ready(page)
    assert page.locator("input[type=radio]").count() == 0


class Deaf:
    """A machine whose rate does not care what is reported."""

    best = 1.0

    def __init__(self, patience: float) -> None:
        self.lr = 0.1 * patience

    def step(self, metric: float) -> None:
        """Hears nothing."""


def deaf(**changes: Any) -> Reports:
    arguments: dict[str, Any] = {
        "title": "Deaf",
        "alt": "A rate that nothing changes.",
        "controls": [Control("patience", [1, 2])],
        "machine": Deaf,
        "observe": lambda machine: {"learning rate": machine.lr, "best": machine.best},
        "explain": lambda before, metric, after: "nothing",
        "levels": [1, 2, 3],
        "curves": {"a": [2] * 4, "b": [1] * 4},
        "metric": "loss",
    }
    return Reports(**{**arguments, **changes})


def test_the_gate_sees_a_curve_that_nothing_follows(site: Site) -> None:
    page = site.open(deaf())
    problems = check_drawing_answers(page, page.locator(".lrlib-interactive"))
    assert problems == ["nothing follows the curve: no point changes what is below it"]


def test_the_gate_tries_a_control_on_every_curve(site: Site) -> None:
    """On the flat curve no threshold matters, on the slow one it does."""
    levels = [1.0, 1.1, 1.2, 1.3, 1.4]
    arguments: dict[str, Any] = {
        "controls": [Control("threshold", [0.0001, 0.5])],
        "levels": levels,
        "curves": {"flat": [1.2] * 5, "slow": levels[::-1]},
    }
    heard = deaf(
        **arguments,
        machine=lambda threshold: Plateau(0.1, patience=1, threshold=threshold),
    )
    page = site.open(heard)
    element = page.locator(".lrlib-interactive")
    dead_from_flat = ["the control 'threshold' changes nothing"]
    assert check_explorer_moves(page, element) == dead_from_flat
    assert check_drawing_moves(page, element) == []
    page = site.open(
        deaf(**arguments, machine=lambda threshold: Plateau(0.1, patience=1))
    )
    element = page.locator(".lrlib-interactive")
    assert check_drawing_moves(page, element) == dead_from_flat


def test_the_gate_sees_points_deaf_to_keys(site: Site) -> None:
    page = site.open(
        a_drawing(),
        more="<script>addEventListener('keydown', "
        "e => e.preventDefault(), { capture: true })</script>",
    )
    problems = check_drawing_answers(page, page.locator(".lrlib-interactive"))
    assert problems == ["the keyboard can't move the point 'Report 1'"]


def test_the_gate_sees_points_that_the_arrow_does_not_reach(site: Site) -> None:
    page = site.open(
        a_drawing(),
        more="<script>addEventListener('keydown', e => e.key === 'ArrowRight' && "
        "e.stopPropagation(), { capture: true })</script>",
    )
    problems = check_drawing_answers(page, page.locator(".lrlib-interactive"))
    assert problems == ["the right arrow does not lead to the point 'Report 2'"]


def test_the_gate_sees_points_that_tab_passes_by(site: Site) -> None:
    page = site.open(a_drawing())
    ready(page)
    page.locator(".lrlib-drawing input").first.evaluate("n => { n.tabIndex = -1; }")
    problems = check_drawing_answers(page, page.locator(".lrlib-interactive"))
    assert problems == ["the Tab key passes the points by, or stops at many of them"]


def test_the_gate_sees_a_chart_deaf_to_the_pointer(site: Site) -> None:
    page = site.open(
        a_drawing(),
        more="<script>addEventListener('pointerdown', "
        "e => e.stopPropagation(), { capture: true })</script>",
    )
    problems = check_drawing_answers(page, page.locator(".lrlib-interactive"))
    assert problems == ["the pointer can't draw"]


def test_the_gate_sees_a_drawing_without_a_voice(site: Site) -> None:
    page = site.open(a_drawing())
    ready(page)
    page.locator("[role=status]").evaluate(
        "node => { const silent = node.cloneNode(true); node.replaceWith(silent); }"
    )
    problems = check_drawing_answers(page, page.locator(".lrlib-interactive"))
    assert len(problems) == 1
    assert problems[0].startswith("the live region says")


def test_page_reserves_height_for_as_many_buttons_as_are_drawn() -> None:
    """Height is reserved by Python for what the module draws."""
    (drawn,) = re.findall(r"const MOST_BUTTONS = (\d+);", MODULE.read_text("utf-8"))
    assert int(drawn) == MOST_BUTTONS


def test_the_gate_of_a_page_names_the_dead_explorer(site: Site) -> None:
    page = site.open(question(), bowl(), dead(), deaf())
    assert dead_explorers(page) == [
        "Three rates: the control 'lr' changes nothing",
        "Deaf: nothing follows the curve: no point changes what is below it",
    ]
