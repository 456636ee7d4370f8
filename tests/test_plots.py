"""Figures: what each host gets, the words beside each picture, and what is refused."""

import base64
import io
import sys
from types import SimpleNamespace

import matplotlib.figure
import numpy as np
import pytest
from PIL import Image

from lrlib import plots
from lrlib.finder import RangeTest, Suggestion

STEPS = np.arange(21)


def ball(lr, curvature=10.0, start=1.0):
    return start * (1 - lr * curvature) ** STEPS


def runs(*multipliers):
    losses = np.array([2.0 * m ** np.arange(50) for m in multipliers])
    rates = np.array([[0.1 * (k + 1)] * 50 for k in range(len(multipliers))])
    return SimpleNamespace(losses=losses, rates=rates)


def spiral(*eigenvalues):
    return np.stack([ball(0.09, value) for value in eigenvalues], axis=-1)


def range_test(suggested=0.01):
    """A loss that falls from 3 to 1 around the rate 0.01, and explodes near 1."""
    rates = np.geomspace(1e-6, 1, 60)
    losses = 3 - 2 / (1 + (0.01 / rates) ** 2) + 0.1 * np.cos(np.arange(60))
    losses[-3:] = [4, 40, 400]
    suggestion = Suggestion(suggested, "half of 0.02.")
    return RangeTest(rates, losses, losses, 0.9, "It exploded at 1.", True, suggestion)


def make(name):
    rates = np.geomspace(1e-3, 1, 12)
    return {
        "descent": lambda **k: plots.descent(
            [ball(0.02), ball(0.25)], 10, ["lr = 0.02", "lr = 0.25"], **k
        ),
        "distances": lambda **k: plots.distances(
            [ball(0.02), ball(0.1), ball(0.25)], ["slow", "at once", "too fast"], **k
        ),
        "losses": lambda **k: plots.losses(runs(0.9, 1.5), **k),
        "rate_curve": lambda **k: plots.rate_curve(
            rates,
            np.where(rates[:, None] > 0.5, np.inf, np.ones(3) / (1 + rates[:, None])),
            np.where(np.repeat(rates, 3) > 0.5, "diverging", "slow").tolist(),
            [(0.2, "limit"), (0.4, "second limit")],
            **k,
        ),
        "range_test": lambda **k: plots.range_test(range_test(), **k),
        "bowl": lambda **k: plots.bowl(
            [spiral(1, 10)], (1, 10), ["lr = 0.09"], angle=30, **k
        ),
    }[name]


NAMES = ["descent", "distances", "losses", "rate_curve", "range_test", "bowl"]
ALT_HAS = {
    "descent": ["curvature 10", "0.0115 after 20", "changing sides 20 times"],
    "distances": ["slow: 0.0115", "at once: 0 after", "too fast: 3.33e+03"],
    "losses": ["lr = 0.1: from 2 to 0.0115", "lr = 0.2: from 2 to 8.5e+08"],
    "rate_curve": [
        "12 rates from 0.001 to 1, seeds: 3",
        "Lowest median loss 0.778 at rate 0.285",
        "Diverging: rates 0.534 to 1",
        "limit: 0.2",
        "without a finite loss: 6 of 36",
    ],
    "range_test": [
        "60 updates, rates 1e-06 to 1",
        "starts at 3.04, is lowest, 1.07, at rate 0.0761",
        "last loss is 400. It exploded at 1. Suggestion: 0.01: half of 0.02.",
    ],
    "bowl": ["curvatures 1 and 10", "from (1, 1)", "0.152 after 20 steps"],
}


@pytest.mark.parametrize("name", NAMES)
def test_alt_text_names_the_numbers(name):
    figure = make(name)()
    for words in ALT_HAS[name]:
        assert words in figure.alt
    assert "nan" not in figure.alt
    assert make(name)(alt="my own words").alt == "my own words"


@pytest.mark.parametrize("name", NAMES)
def test_kernel_gets_a_picture(name, monkeypatch):
    monkeypatch.delenv("LRLIB_HOST", raising=False)
    figure = make(name)()
    data, metadata = figure._repr_mimebundle_()
    assert data.keys() == {"text/plain", "image/png"}
    assert data["text/plain"] == repr(figure) == f"Figure: {figure.alt}"
    png = base64.b64decode(data["image/png"])
    picture = Image.open(io.BytesIO(png))
    size = metadata["image/png"]
    assert picture.size == (2 * size["width"], 2 * size["height"])
    assert size["width"] == 480
    assert len(png) < 50_000
    colors = {color for _, color in picture.convert("RGB").getcolors()}
    assert (255, 255, 255) in colors
    assert len(colors) > 10
    assert figure.png == png


@pytest.mark.parametrize("name", NAMES)
def test_site_gets_the_words_with_the_picture(name, monkeypatch):
    monkeypatch.setenv("LRLIB_HOST", "site")
    figure = make(name)()
    data, _ = figure._repr_mimebundle_()
    assert data.keys() == {"text/plain", plots.FIGURE_MIME}
    content = data[plots.FIGURE_MIME]
    assert content["alt"] == figure.alt
    assert base64.b64decode(content["png"]) == figure.png
    assert content["width"] == 480
    assert content["height"] > 200


def drawn(name):
    figure = make(name)()
    assert figure.png
    return figure.figure


@pytest.mark.parametrize("name", NAMES)
def test_smallest_letter_is_nine_points_on_a_phone(name):
    figure = drawn(name)
    texts = figure.findobj(matplotlib.text.Text)
    sizes = [text.get_fontsize() for text in texts if text.get_text()]
    assert len(sizes) > 3
    assert min(sizes) * 340 / (96 * figure.get_figwidth()) >= 9


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_cut_off(name):
    figure = drawn(name)
    for axes in figure.axes:
        for text in [axes.title, axes.xaxis.label, axes.yaxis.label, *axes.texts]:
            if not text.get_text():
                continue
            box = text.get_window_extent()
            assert box.x0 >= -1
            assert box.x1 <= figure.bbox.width + 1


def test_a_pyplot_figure_appears_once():
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    axes.plot([1, 2])
    wrapped = plots.Figure(figure, "a line from 1 to 2")
    assert pyplot.get_fignums() == []
    assert wrapped.png.startswith(b"\x89PNG")


def test_own_drawing_in_the_style_of_the_course():
    figure, axes = plots.subplots(columns=2)
    assert len(axes) == 2
    assert repr(plots.Figure(figure, " two \n empty axes ")) == "Figure: two empty axes"


def test_the_library_does_not_load_pyplot():
    import subprocess

    code = "import sys, lrlib.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_labels_at_line_ends_keep_their_distance_and_order():
    heights = plots.spread([1.0, 1.0, 0.0, 0.99], gap=0.1)
    assert heights.max() <= 1
    assert np.diff(np.sort(heights)).min() >= 0.1 - 1e-12
    assert heights[2] == 0
    assert heights[3] < heights[0] < heights[1]


def test_what_leaves_is_marked():
    (axes,) = make("distances")().figure.axes
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["slow", "at once ↓", "too fast ↑"]


def test_regimes_differ_in_marker_and_colour():
    colors, markers = zip(*plots.REGIMES.values(), strict=True)
    assert len(set(colors)) == len(set(markers)) == len(plots.REGIMES)
    colors, markers = zip(*plots.STYLES, strict=True)
    assert len(set(colors)) == len(set(markers)) == 6


@pytest.mark.parametrize("suggested", [None, 1e-6, 1e-4, 0.3, 0.9, 1.0])
def test_marks_of_a_range_test_stand_apart(suggested):
    figure = plots.range_test(range_test(suggested))
    assert figure.png
    (axes,), (legend,) = figure.figure.axes, figure.figure.legends
    boxes = [text.get_window_extent() for text in axes.texts]
    boxes += [legend.get_window_extent(), axes.get_window_extent()]
    assert len(boxes) == 3 + (suggested is not None)
    for i, one in enumerate(boxes):
        assert one.x0 >= -1
        assert one.x1 <= figure.figure.bbox.width + 1
        assert not any(one.overlaps(other) for other in boxes[:i])
    texts = [text.get_text().strip() for text in axes.texts]
    assert texts[0] == "stopped at 1"
    assert texts[1:] == ([] if suggested is None else [f"suggested {suggested:.2g}"])


def test_a_range_test_with_a_level_loss_can_be_drawn():
    rates, level = np.geomspace(1e-3, 1, 20), np.zeros(20)
    flat = RangeTest(rates, level, level, 0.9, "End.", False, Suggestion(None, "Flat."))
    figure = plots.range_test(flat)
    assert figure.png
    assert "Suggestion: no rate: Flat." in figure.alt


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: plots.Figure("x.png", "a"),
            TypeError,
            "matplotlib Figure, got 'x.png'",
        ),
        (lambda: plots.Figure(plots.subplots()[0], " "), ValueError, "say in words"),
        (
            lambda: plots.Figure(plots.subplots()[0], None),
            TypeError,
            "alt must be a str",
        ),
        (lambda: plots.descent([ball(0.1)], 10, []), ValueError, "0 texts for 1"),
        (lambda: plots.descent([], 10, []), ValueError, "one to 3 can be drawn"),
        (lambda: plots.descent([ball(0.1)], -1, ["a"]), ValueError, "curvature.*-1"),
        (lambda: plots.descent([0 * STEPS], 1, ["a"]), ValueError, "start must be"),
        (lambda: plots.descent([[[1.0]]], 1, ["a"]), ValueError, r"shape \(1, 1\)"),
        (lambda: plots.distances([ball(0.1)] * 7, "abcdefg"), ValueError, "one to 6"),
        (
            lambda: plots.distances([ball(0.1)], ["a"], floor=2),
            ValueError,
            "floor must be in",
        ),
        (lambda: plots.losses(runs(0.9), rows=[1]), IndexError, r"rows \[1\].* 1 runs"),
        (lambda: plots.losses(runs(*[0.9] * 7)), ValueError, "one to 6"),
        (lambda: plots.rate_curve([1, 2], [1, 2, 3]), ValueError, "don't fit 2 rates"),
        (lambda: plots.rate_curve([2, 1], [1, 2]), ValueError, "above 0 and rising"),
        (lambda: plots.rate_curve([1], [np.inf]), ValueError, "no finite value"),
        (
            lambda: plots.rate_curve([1, 2], [1, 2], ["slow", "fast"]),
            ValueError,
            "regimes must be one of slow, .*got fast",
        ),
        (
            lambda: plots.rate_curve([1, 2], [1, 2], ["slow"]),
            ValueError,
            "each of the 2 final losses, got 1",
        ),
        (
            lambda: plots.bowl([spiral(1, 2)], (1, 0), ["a"]),
            ValueError,
            "eigenvalues must be two finite numbers above 0",
        ),
        (
            lambda: plots.bowl([spiral(1, 2, 3)], (1, 2), ["a"]),
            ValueError,
            r"got shape \(21, 3\)",
        ),
    ],
)
def test_refuses(call, error, words):
    with pytest.raises(error, match=words):
        call()
