"""The live panel, driven without a browser and in a real kernel."""

import re
import threading
from xml.etree import ElementTree

import ipywidgets
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

import lrlib.lab
import lrlib.sweep
from lrlib import adaptive, decay, tasks
from lrlib.lab import LAB_MIME, Lab, Line, draw
from lrlib.sweep import sweep

DEFAULTS = ("constant", "step", "exponential", "linear", "cosine", "restarts")
PATIENCE = 120  # seconds that a wait may take before the test gives up


@pytest.fixture
def panel():
    return Lab(tasks.quadratic(10.0, start=1.0), rates=(1e-3, 1, 0.05), steps=40).panel


def train(panel):
    panel.train_button.click()
    assert panel.wait(PATIENCE)


def test_trains_what_sweep_trains():
    task = tasks.digits()
    panel = Lab(task, steps=25, seed=3).panel
    panel.rate.value = 0.25
    panel.rule.value = "SGD, momentum 0.9"
    train(panel)
    expected = sweep(
        task, adaptive.sgd(momentum=0.9), [panel.rate.value], 25, seeds=(3,)
    )
    (runs,) = panel.runs
    np.testing.assert_array_equal(runs.losses, expected.losses)
    np.testing.assert_array_equal(runs.validation, expected.validation)
    assert runs.losses[0, -1] < runs.losses[0, 0]
    assert panel.error is None
    assert panel.progress.value == panel.progress.max == 25
    verdict = panel.verdict.value
    assert 'role="alert"' in verdict
    assert "lr = 0.25, constant, SGD, momentum 0.9, seed 3: " in verdict
    assert f"{expected.final_losses()[0]:.3g}" in verdict
    assert f"{expected.validation[0, -1]:.3g}" in verdict


@pytest.mark.parametrize("name", DEFAULTS)
@pytest.mark.parametrize("steps", [1, 2, 3, 4, 7, 40])
def test_each_schedule_trains_and_is_drawn(panel, name, steps):
    panel.schedule.value, panel.steps.value = name, steps
    train(panel)
    assert panel.error is None
    (runs,) = panel.runs
    assert runs.rates.shape == (1, steps)
    # What the slider says is the first and the highest rate.
    assert runs.rates[0, 0] == runs.rates.max() == panel.rate.value
    assert f"lr = 0.05, {name}, SGD, seed 0: " in panel.verdict.value
    _, drawn = curves(panel.chart.value)
    low, high = lrlib.lab.RATE_BOTTOM, lrlib.lab.RATE_TOP
    ends = (low - drawn[[0, -1], 1]) / (low - high) * 1.05 * panel.rate.value
    np.testing.assert_allclose(ends, runs.rates[0, [0, -1]], atol=1e-3)


def test_default_schedules_do_what_their_names_say(panel):
    steps = 200
    rates = {
        name: make(1.0, steps)(np.arange(steps))
        for name, make in panel.lab.schedules.items()
    }
    assert set(rates["constant"]) == {1.0}
    stairs, counts = np.unique(rates["step"], return_counts=True)
    np.testing.assert_allclose(stairs, [0.01, 0.1, 1])
    assert list(counts) == [66, 67, 67]
    assert rates["exponential"][-1] == pytest.approx(0.01, rel=0.05)
    assert 0 < rates["linear"][-1] < 0.01
    assert rates["linear"][100] == 0.5
    assert 0 < rates["cosine"][-1] < 0.001
    assert rates["cosine"][100] == pytest.approx(0.5)
    (tops,) = np.nonzero(rates["restarts"] == 1)
    assert list(tops) == [0, 29, 87]
    assert rates["restarts"][-1] < 0.01
    # Never a last stair or cycle of a few updates.
    for length in range(1, 200):
        assert panel.lab.schedules["step"](1.0, length)(length - 1) > 0.009
    for length in range(100, 200):
        assert panel.lab.schedules["restarts"](1.0, length)(length - 1) < 0.05


def test_a_schedule_of_ones_own(panel, monkeypatch):
    plan = {"late cut": lambda lr, steps: decay.step(lr, steps - 2)}
    monkeypatch.setattr(lrlib.lab, "REDRAW", 0.0)
    own = Lab(panel.lab.task, schedules=plan, rates=(1e-3, 1, 0.05), steps=10).panel
    assert own.schedule.options == ("late cut",)
    charts = []
    own.chart.observe(lambda change: charts.append(change.new), "value")
    train(own)
    np.testing.assert_allclose(own.runs[0].rates[0], [0.05] * 8 + [0.005] * 2)
    assert ">1: late cut<" in own.chart.value
    # The rate grows with the loss: never a part that has not been trained with.
    ends = [[curve[-1, 0] for curve in curves(chart)] for chart in charts]
    assert len(ends) == 10
    assert all(loss == rate for loss, rate in ends)
    # A schedule that can't be made for so short a run says why.
    own.steps.value = 2
    train(own)
    assert "The training failed. ValueError: step_size" in own.verdict.value
    assert isinstance(own.error, ValueError)
    assert not own.train_button.disabled
    own.lab.schedules["late cut"] = lambda lr, steps: lr
    train(own)
    assert "TypeError: schedule must be a Schedule, got 0.05" in own.verdict.value
    assert len(own.runs) == 1


def test_the_inputs_choose_the_run(panel):
    panel.rate.value, panel.steps.value, panel.seed.value = 0.15, 7, 4
    train(panel)
    (runs,) = panel.runs
    assert runs.losses.shape == (1, 7)
    assert runs.rates[0, 0] == panel.rate.value
    assert list(runs.seeds) == [4]
    # On this parabola a step multiplies the loss by (1 − 10·lr)².
    factor = (1 - 10 * panel.rate.value) ** 2
    np.testing.assert_allclose(runs.losses[0, 1:] / runs.losses[0, :-1], factor)


def test_earlier_runs_stay_until_cleared(panel):
    for rate in (0.01, 0.15, 0.3):
        panel.rate.value = rate
        train(panel)
    labels = re.findall(r">(\d: lr = [^<]+)<", panel.chart.value)
    assert labels == ["1: lr = 0.01", "2: lr = 0.15", "3: lr = 0.3"]
    schedules = re.findall(r">(\d: constant)<", panel.chart.value)
    assert schedules == ["1: constant", "2: constant", "3: constant"]
    # The rate, the loss, and the key of each.
    assert panel.chart.value.count('stroke-width="3"') == 4
    assert "diverging" in panel.verdict.value
    panel.clear_button.click()
    assert panel.runs == []
    assert "polyline" not in panel.chart.value
    assert panel.progress.value == 0
    train(panel)
    assert "1: lr = 0.3" in panel.chart.value


def test_curve_grows_while_it_trains(panel, monkeypatch):
    monkeypatch.setattr(lrlib.lab, "REDRAW", 0.0)
    steps, charts = [], []
    panel.progress.observe(lambda change: steps.append(change.new), "value")
    panel.chart.observe(lambda change: charts.append(change.new), "value")
    train(panel)
    assert steps == list(range(1, 41))
    points = [len(chart.split('points="')[1].split()) for chart in charts]
    assert points == sorted(points)
    assert len(set(points)) > 30


def test_stop_ends_early_and_keeps_what_was_done(panel):
    panel.steps.value = 1_000_000
    panel.train_button.click()
    panel.stop_button.click()
    assert panel.wait(PATIENCE)
    (runs,) = panel.runs
    done = runs.losses.shape[1]
    assert 1 <= done < 1_000_000
    assert f"Stopped after {done} of 1000000 steps." in panel.verdict.value
    panel.steps.value = 5
    train(panel)
    assert panel.runs[1].losses.shape == (1, 5)
    assert "too short to name its regime" in panel.verdict.value


def test_one_training_at_a_time(panel, monkeypatch):
    go_on, started = threading.Event(), threading.Event()

    def held(*args, **kwargs):
        started.set()
        assert go_on.wait(PATIENCE)
        return sweep(*args, **kwargs)

    monkeypatch.setattr(lrlib.lab, "sweep", held)
    panel.train_button.click()
    assert started.wait(PATIENCE)
    assert panel.training
    assert panel.train_button.disabled
    assert panel.clear_button.disabled
    assert not panel.stop_button.disabled
    assert not panel.wait(0)
    with pytest.raises(RuntimeError, match="already training: press Stop"):
        panel.train()
    with pytest.raises(RuntimeError, match="still training: press Stop"):
        panel.clear()
    panel.rate.value = 1.0  # moves nothing that has begun
    go_on.set()
    assert panel.wait(PATIENCE)
    assert panel.runs[0].rates[0, 0] == pytest.approx(0.05)
    assert not panel.training
    assert not panel.train_button.disabled
    assert not panel.clear_button.disabled
    assert panel.stop_button.disabled


class Breaks(tasks.Quadratic):
    """A task whose third batch can't be had."""

    def batch(self, step, seed):
        if step == 2:
            raise ValueError("no batch <2>")
        return super().batch(step, seed)


def test_a_failing_training_says_so_and_the_panel_goes_on(panel, capfd):
    train(panel)
    panel.lab.task.__class__ = Breaks
    train(panel)
    assert "The training failed. ValueError: no batch &lt;2&gt;" in panel.verdict.value
    assert isinstance(panel.error, ValueError)
    assert len(panel.runs) == 1
    assert panel.chart.value.count("polyline") == 4  # rate, loss, and their keys
    assert not panel.train_button.disabled
    assert panel.stop_button.disabled
    panel.lab.task.__class__ = tasks.Quadratic
    train(panel)
    assert panel.error is None
    assert len(panel.runs) == 2
    assert capfd.readouterr() == ("", "")


def test_no_other_bar_beside_the_panels_own(panel, monkeypatch, capfd):
    bar = lrlib.sweep.tqdm
    at_once = {"delay": 0, "mininterval": 0}
    monkeypatch.setattr(
        lrlib.sweep, "tqdm", lambda *a, **k: bar(*a, **{**k, **at_once})
    )
    train(panel)
    assert len(panel.runs) == 1
    assert capfd.readouterr() == ("", "")


def test_a_diverged_run_leaves_through_the_top(panel):
    panel.rate.value, panel.steps.value = 1.0, 400
    train(panel)
    assert "The loss was no longer finite at step" in panel.verdict.value
    assert "nan" not in panel.chart.value.replace("nan at step 399", "")
    points = panel.chart.value.split('points="')[1].split('"')[0].split()
    heights = [float(point.split(",")[1]) for point in points]
    assert min(heights) == heights[-1] == lrlib.lab.TOP


@pytest.mark.parametrize(
    "losses",
    [[1.0, 0.5], [1.0], [0.0, 0.0], [np.nan], [np.inf, 1.0], [1.0, 1.0], [1e-30, 1e30]],
)
def test_chart_of_any_losses_is_a_picture_with_words(losses):
    svg = draw([line("1: lr = 1, <rule>", losses, [0.1] * len(losses))], steps=10)
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert "<rule>" in root.get("aria-label")
    for polyline in root.findall("polyline"):
        points = polyline.get("points").replace(",", " ").split()
        assert np.isfinite([float(point) for point in points]).all()
    ticks = [text for text in root.findall("text") if text.get("text-anchor") == "end"]
    assert len(ticks) >= 3


def line(label, losses, rates, style=0, schedule="constant"):
    return Line(label, schedule, np.array(losses), np.array(rates), style)


def test_chart_is_small_and_shows_the_newest_runs():
    losses, rates = np.geomspace(1, 0.1, 10_000), np.linspace(1, 0, 10_000)
    lines = [line(f"{k}: lr", losses, rates, k) for k in range(9)]
    svg = draw(lines, steps=10_000)
    assert re.findall(r">(\d): lr<", svg) == ["3", "4", "5", "6", "7", "8"]
    assert len(svg) < 60_000
    # A constant rate costs two points.
    assert len(draw([line("1: lr", losses, rates * 0 + 1)], 10_000)) < 8_000


def curves(svg):
    """The points of each curve, losses first, without the keys beside them."""
    found = []
    for polyline in ElementTree.fromstring(svg).findall("polyline"):
        pairs = [p.split(",") for p in polyline.get("points").split()]
        points = np.array(pairs, dtype=float)
        if points[0, 0] < lrlib.lab.RIGHT:
            found.append(points)
    return found


def test_chart_shows_the_rates_on_an_axis_from_0():
    rates = [0.2, 0.2, 0.2, 0.1, 0.05, 0.0]
    svg = draw([line("1: lr = 0.2", [1.0] * 6, rates, schedule="a <fall>")], steps=6)
    _, points = curves(svg)
    # The inner point of the flat stretch is left out.
    share = (points[:, 0] - lrlib.lab.LEFT) / (lrlib.lab.RIGHT - lrlib.lab.LEFT)
    np.testing.assert_allclose(share, np.array([0, 2, 3, 4, 5]) / 5, atol=1e-3)
    low, high = lrlib.lab.RATE_BOTTOM, lrlib.lab.RATE_TOP
    heights = (low - points[:, 1]) / (low - high) * 1.05
    np.testing.assert_allclose(heights, [1, 1, 0.5, 0.25, 0], atol=0.01)
    alt = ElementTree.fromstring(svg).get("aria-label")
    assert "Learning rate against step, on an axis from 0. 1, a <fall>: " in alt
    assert alt.endswith("from 0.2 to 0.")
    assert ">1: a &lt;fall&gt;<" in svg


def test_rates_far_apart_get_a_log_axis():
    pair = [line("1: lr", [1.0, 1.0], [1e-3, 0.0]), line("2: lr", [1.0, 1.0], [3, 3])]
    svg = draw(pair, steps=2)
    assert "Learning rate against step, on a log axis." in svg
    *_, first, second = curves(svg)
    assert first[0, 1] < first[1, 1] == lrlib.lab.RATE_BOTTOM  # 0 leaves downwards
    assert second[0, 1] == second[1, 1] < first[0, 1] - 50


def test_rates_that_are_all_0_are_drawn():
    _, rates = curves(draw([line("1: lr", [1.0], [0.0])], steps=1))
    assert rates[0, 1] == lrlib.lab.RATE_BOTTOM


def test_every_input_has_a_name(panel):
    inputs = [panel.rate, panel.rule, panel.schedule, panel.steps, panel.seed]
    names = [widget.description for widget in inputs]
    assert names == ["Highest rate", "Update rule", "Schedule", "Steps", "Seed"]
    assert panel.schedule.options == DEFAULTS
    for button in (panel.train_button, panel.stop_button, panel.clear_button):
        assert button.description
    # The core widgets are all that a front end needs to know.
    widgets = [panel.box, *panel.box.children, *panel.box.children[5].children]
    assert {widget._model_module for widget in widgets} == {"@jupyter-widgets/controls"}
    assert all(isinstance(widget, ipywidgets.Widget) for widget in widgets)


def test_the_website_gets_words_and_no_widgets(monkeypatch):
    monkeypatch.setenv("LRLIB_HOST", "site")
    lab = Lab(tasks.digits(), rates=(1e-5, 3, 0.1))
    monkeypatch.setattr(lrlib.lab, "Panel", None)  # making one would fail
    data = lab._repr_mimebundle_()
    assert data.keys() == {"text/plain", LAB_MIME}
    assert data["text/plain"] == repr(lab)
    assert data[LAB_MIME]["task"] == lab.task.name
    assert "from 1e-5 to 3, " in data[LAB_MIME]["alt"]
    assert "highest learning rate" in data[LAB_MIME]["alt"]
    assert "SGD, momentum 0.9" in data[LAB_MIME]["alt"]
    assert f"the schedule ({' / '.join(DEFAULTS)})" in data[LAB_MIME]["alt"]
    own = Lab(tasks.digits(), schedules={"cut": decay.cosine})
    assert "the schedule (cut)" in own._repr_mimebundle_()[LAB_MIME]["alt"]


def test_text_is_the_same_each_time():
    texts = {repr(Lab(tasks.digits())) for _ in range(2)}
    assert len(texts) == 1
    assert "0x" not in texts.pop()


def test_displays_and_trains_in_a_kernel(monkeypatch):
    monkeypatch.delenv("LRLIB_HOST", raising=False)
    cells = [
        "from lrlib import tasks\nfrom lrlib.lab import Lab\n"
        "lab = Lab(tasks.digits(), steps=30)\nlab",
        "lab.panel.train_button.click()\n"
        f"print(lab.panel.wait({PATIENCE}), lab.panel.runs[0].losses.shape)",
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells]
    )
    client = NotebookClient(notebook, timeout=PATIENCE, kernel_name="python3")
    client.execute()
    first, second = (cell.outputs for cell in notebook.cells)
    (shown,) = first
    assert shown.data["text/plain"].startswith("Lab(")
    view = shown.data["application/vnd.jupyter.widget-view+json"]
    states = client.widget_state
    assert view["model_id"] in states
    (printed,) = second
    assert printed.text == "True (1, 30)\n"
    html = [s["value"] for s in states.values() if s.get("_model_name") == "HTMLModel"]
    assert any("<polyline" in value for value in html)
    assert any("Held-out loss: " in value for value in html)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"task": "digits"}, TypeError, "task must be a Task.*got 'digits'"),
        ({"rules": {}}, ValueError, "at least one name to an update rule, got {}"),
        ({"rules": [adaptive.sgd()]}, ValueError, "at least one name"),
        ({"rules": {"SGD": "sgd"}}, TypeError, "got 'SGD': 'sgd'"),
        ({"rules": {1: adaptive.sgd()}}, TypeError, "got 1: sgd"),
        ({"schedules": {}}, ValueError, "schedules must map at least one name.*got {}"),
        ({"schedules": [decay.cosine]}, ValueError, "schedules must map at least one"),
        ({"schedules": {"c": decay.constant(1)}}, ValueError, r"'c'.* failed for lr"),
        (
            {"schedules": {"c": 0.1}},
            TypeError,
            "functions of .lr, steps., got 'c': 0.1",
        ),
        ({"schedules": {1: decay.cosine}}, TypeError, "got 1: "),
        (
            {"schedules": {"c": decay.constant}},
            ValueError,
            r"schedules\['c'\] failed for lr=0.1 and steps=200 with TypeError: ",
        ),
        (
            {"schedules": {"c": lambda lr, steps: lr}},
            TypeError,
            r"schedules\['c'\] must return a Schedule, got 0.1; write",
        ),
        (
            {"rates": (0.1, 1)},
            ValueError,
            r"\(lowest, highest, start\), got \(0.1, 1\)",
        ),
        ({"rates": (1, 0.1, 0.5)}, ValueError, "start between the other two"),
        ({"rates": (0.1, 1, 2)}, ValueError, "start between the other two"),
        (
            {"rates": (0, 1, 0.5)},
            ValueError,
            "rates must be positive and finite, got 0",
        ),
        ({"rates": (0.1, float("inf"), 1)}, ValueError, "positive and finite, got inf"),
        ({"rates": ("a", 1, 1)}, TypeError, "rates must be a number, got 'a'"),
        ({"steps": 0}, ValueError, "steps must be at least 1, got 0"),
        ({"steps": 10.0}, TypeError, "steps must be a whole number, got 10.0"),
        (
            {"steps": 1_000_001},
            ValueError,
            "steps must be at most 1000000, got 1000001",
        ),
        ({"seed": -1}, ValueError, "seed must be at least 0, got -1"),
    ],
)
def test_refuses(arguments, error, words):
    with pytest.raises(error, match=words):
        Lab(**{"task": tasks.quadratic(1.0), **arguments})
