"""What a lesson plots as its learning rates is what it trained with."""

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
import torch

from lrlib import decay, plots, tasks
from lrlib.adaptive import sgd
from lrlib.basics import gradient_descent
from lrlib.sweep import sweep
from tests import rates_gate
from tests.rates_gate import ByHand, Curve, Recorder, Training

ROOT = Path(__file__).parent.parent
FIXTURES = Path(__file__).parent / "rates_fixtures"
PAGES = [
    path
    for name in re.findall(
        r"(?:root|file): (\S+)", (ROOT / "_toc.yml").read_text(encoding="utf-8")
    )
    if (path := ROOT / "book" / f"{name}.ipynb").exists()
]

# Lessons on schedules, which show rates beside a loss at least once.
MUST_SHOW = {"2.1", "2.2", "2.3", "2.4", "2.5", "2.6"}


def lesson_problems(path: Path) -> list[str]:
    number = nbformat.read(path, as_version=4).metadata.get("lesson", "")
    found = rates_gate.report(path)
    problems = found.problems
    if number in MUST_SHOW and not found.figures:
        problems.append(f"lesson {number} must show rates beside a loss")
    print(f"{path.stem}: {len(found.figures)} figures show rates beside a loss")
    return problems


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def test_there_are_lessons() -> None:
    assert PAGES


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_lesson_plots_the_rates_that_it_trained_with(path: Path) -> None:
    assert lesson_problems(path) == []


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("sound_scheduler", 1),
        ("sound_formula", 1),
        ("sound_explorer", 1),
        ("sound_by_hand", 1),
        ("only_drawn", 0),
    ],
)
def test_the_gate_passes(name: str, figures: int) -> None:
    found = rates_gate.report(FIXTURES / f"{name}.ipynb")
    assert found.problems == []
    assert len(found.figures) == figures


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        # As in Dive into Deep Learning: stepped to be plotted, and then trained with.
        (
            "spent_scheduler",
            ["cell 3.*'' shows the rate 0.5 at epoch 0,.*torch's SGD.* used 0.125"],
        ),
        ("one_epoch_early", ["cell 3.*shows the rate 0.5 at epoch 14,.*used 0.25"]),
        (
            "one_step_late",
            ["cell 2.*'exponential' shows the rate 0.475 at update 1,.*used 0.5"],
        ),
        (
            "explorer_other_rates",
            ["'The rate', .* at position [2] .* rate 0.05 at update 29,.*used 0.5"],
        ),
        (
            "explorer_mixed_up",
            ["'The rate', .* at position [0]: beside it, .* training with other rates"],
        ),
        (
            "by_hand_late",
            [
                "'fast' shows the rate 1 at update 1,.*the loop by hand.*used 0.5",
                "'slow' shows the rate 0.1 at update 1,.*the loop by hand.*used",
            ],
        ),
        ("labelled_as_trained", ["'large' shows the rate 0.499.*sweep, cell 3"]),
        ("undeclared", ["cell 2 shows rates beside a loss, and isn't declared"]),
        ("declared_shows_none", ["cell 2 has the tag shows-rates-trained, and shows"]),
    ],
)
def test_the_gate_fails_on(name: str, problems: list[str]) -> None:
    found = rates_gate.report(FIXTURES / f"{name}.ipynb")
    assert len(found.problems) == len(problems), found.problems
    for line, problem in zip(found.problems, problems, strict=True):
        assert re.search(problem.replace("[", r"\["), line), line


def test_a_lesson_that_cannot_be_run_is_no_pass(tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell("1 / 0")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "bad.ipynb")
    with pytest.raises(ZeroDivisionError):
        rates_gate.report(tmp_path / "bad.ipynb")


def test_pyplot_and_magics_are_seen_as_in_a_notebook(tmp_path: Path) -> None:
    cells = [
        "%matplotlib inline\nimport matplotlib.pyplot as plt",
        "x, lr, losses = 3.0, 0.5, []\n"
        "for t in range(9):\n    losses.append(x**2)\n    x = x - lr * x",
        "fig, (one, two) = plt.subplots(1, 2)\n"
        "one.set(xlabel='step', ylabel='lr')\n"
        "one.plot([{rate}] * 9)\n"
        "two.set(xlabel='step', ylabel='loss')\n"
        "two.plot(losses)\nplt.show()",
    ]
    found = []
    for rate in ("0.5", "0.4"):
        made = [cell.replace("{rate}", rate) for cell in cells]
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in made]
        )
        notebook.cells[-1].metadata["tags"] = [rates_gate.TAG]
        nbformat.write(notebook, tmp_path / "page.ipynb")
        found.append(rates_gate.report(tmp_path / "page.ipynb"))
    assert [len(one.figures) for one in found] == [1, 1]
    assert found[0].problems == []
    assert "shows the rate 0.4 at update 0" in found[1].problems[0]


def test_a_lesson_that_must_show_both_and_shows_none_fails(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    notebook.metadata = {"lesson": "2.2"}
    nbformat.write(notebook, tmp_path / "lesson.ipynb")
    found = lesson_problems(tmp_path / "lesson.ipynb")
    assert found == ["lesson 2.2 must show rates beside a loss"]


# --- the records are what happened: the slope is 1 everywhere, so a move is a rate ---


class Slide(tasks.Task):
    """The loss is the one parameter, so its slope is 1."""

    name = "slide"
    broadcasts = True

    def init(self, seed: int) -> tasks.Tensors:
        return {"x": torch.tensor([float(seed)], dtype=torch.float64)}

    def batch(self, step: int, seed: int) -> tasks.Batch:
        return ()

    def training_set(self) -> tasks.Batch:
        return ()

    def loss(self, params: tasks.Tensors, batch: tasks.Batch) -> torch.Tensor:
        return params["x"].sum(-1)

    def validation_loss(self, params: tasks.Tensors) -> torch.Tensor:
        return params["x"].sum(-1)


RATES = [
    0.3,
    decay.step(0.5, step_size=7),
    decay.cosine_restarts(0.2, T_0=5, T_mult=2),
    decay.exponential(0.1, gamma=1.1),
]


@pytest.mark.parametrize("stop", [None, 12])
@pytest.mark.parametrize("chunk", [None, 3])
def test_the_rates_of_a_sweep_are_the_ones_that_moved_its_models(
    stop: int | None, chunk: int | None
) -> None:
    recorder = Recorder()
    runs = recorder.sweeping(sweep)(
        Slide(),
        sgd(),
        RATES,
        40,
        seeds=(2, 5),
        chunk=chunk,
        callback=None if stop is None else lambda step, _: step + 1 == stop,
    )
    end = runs.params["x"].numpy()
    moves = -np.diff(np.hstack([runs.losses, end]), axis=1)
    assert moves.shape == (8, stop or 40)
    np.testing.assert_allclose(runs.rates, moves, rtol=1e-9, atol=1e-14)
    recorded = [one.rates for one in recorder.trainings]
    np.testing.assert_array_equal(recorded, runs.rates[::2])


def test_the_rates_of_gradient_descent_are_the_ones_that_moved_it() -> None:
    recorder = Recorder()
    descent = recorder.descending(gradient_descent)
    paths = descent(lambda x: np.ones_like(x), start=2.0, lr=RATES, steps=40)
    recorded = [one.rates for one in recorder.trainings]
    np.testing.assert_allclose(recorded, -np.diff(paths), rtol=1e-9, atol=1e-14)


# --- loops by hand -------------------------------------------------------------------


def by_hand(source: str) -> list[Training]:
    recorder = Recorder()
    code = ByHand().visit(ast.parse(source))
    exec(compile(code, "cell", "exec"), {ByHand.RECORDER: recorder, "np": np})
    return recorder.all_trainings()


def longest(source: str) -> list[float]:
    return max((one.rates.tolist() for one in by_hand(source)), key=len)


@pytest.mark.parametrize(
    ("source", "rates"),
    [
        ("x = 1\nfor t in range(3):\n  x = x - 0.5**t * x", [1, 0.5, 0.25]),
        ("x = [1]\nfor t in (0, 1):\n  x[0] -= (t + 1) * 2", [1, 2]),
        ("x = 1\nfor t in (1, 2, 4):\n  x = x - 1 / t * x", [1, 0.5, 0.25]),
        ("x, m, s = 1, 2, 3\nfor t in (1, 2):\n  x -= t * m / s", [1, 2]),
        ("x, t = 1, 0\nwhile t < 3:\n  t += 1\n  x -= t * x", [1, 2, 3]),
        (
            "def f():\n  w = np.ones(2)\n  for e in (1, 2):\n    for b in (0, 1):\n"
            "      w -= (0.1 / e) * w\nf()",
            [0.1, 0.1, 0.05, 0.05],
        ),
        (
            "ps = [np.ones(1), np.ones(2)]\nfor t in (1, 2):\n  for p in ps:\n"
            "    p -= 0.5**t * p",
            [0.5, 0.25],
        ),
    ],
)
def test_a_loop_by_hand_reports_its_rates(source: str, rates: list[float]) -> None:
    assert longest(source) == rates


def test_a_loop_counts_as_it_does_and_keeps_rates_in_parallel() -> None:
    source = (
        "x = np.ones(2)\nlr = np.array([1, 2])\n"
        "for t in range(1, 4):\n  x = x - lr / t * x"
    )
    slow, fast = by_hand(source)
    assert slow.at.tolist() == [1, 2, 3]
    np.testing.assert_allclose(
        [slow.rates, fast.rates], [[1, 1 / 2, 1 / 3], [2, 1, 2 / 3]]
    )


def test_two_loops_are_two_trainings() -> None:
    source = "for lr in (1, 2):\n  x = 1\n  for t in range(2):\n    x -= lr * x"
    found = sorted(one.rates.tolist() for one in by_hand(source))
    assert found == [[1, 1], [1, 1, 2, 2], [2, 2]]


# --- what is recognised in a figure --------------------------------------------------


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("learning rate", "rate"),
        ("Learning rate (log)", "rate"),
        ("rate", "rate"),
        ("lr", "rate"),
        ("lr · sharpness", None),
        ("learning rate × sharpness", None),
        ("success rate", None),
        ("training loss", "loss"),
        ("loss (length)", "loss"),
        ("objective", "loss"),
        ("distance from the minimum", "loss"),
        ("mean of x²", "loss"),
        ("x", None),
        ("", None),
    ],
)
def test_axes_are_known_by_their_label(label: str, kind: str | None) -> None:
    assert rates_gate.kind_of(label) == kind


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("update", "update"),
        ("step", "update"),
        ("epoch", "epoch"),
        ("updates (10 an epoch)", "update"),
        ("", "update"),
        ("learning rate", None),
        ("parameter", None),
    ],
)
def test_an_axis_over_updates_is_known_by_its_label(label: str, unit: str) -> None:
    assert rates_gate.unit_of(label, np.arange(5.0)) == unit


def test_labels_are_found_where_our_figures_write_them() -> None:
    runs = sweep(tasks.quadratic(1.0), sgd(), [0.1, 0.5], 20)
    figure = plots.losses(runs, labels=["small", "large"]).figure
    found = rates_gate.curves_of_axes(figure.axes[0], 1, 1)
    assert [curve.label for curve in found] == ["small", "large"]
    assert {(curve.kind, curve.unit) for curve in found} == {("loss", "update")}

    figure, (axes,) = plots.subplots()
    for name, colour in (("one", "#0072b2"), ("two", "#d55e00")):
        axes.plot([3.0, 2.0], color=colour)
        axes.annotate(name, (0, 3), color=colour)
    axes.axhline(1.0)
    axes.set(xlabel="update", ylabel="learning rate")
    found = rates_gate.curves_of_axes(axes, 1, 1)
    assert [curve.label for curve in found] == ["one", "two"]

    figure, (axes,) = plots.subplots()
    axes.stairs([3.0, 2.0], [0, 1, 2], label="steps")
    axes.set(xlabel="update", ylabel="learning rate")
    (stairs,) = rates_gate.curves_of_axes(axes, 1, 1)
    assert (stairs.x.tolist(), stairs.y.tolist()) == ([0, 1], [3, 2])


def rate_curve(x: Any, y: Any, unit: Any = "update", label: str = "") -> list[Curve]:
    x, y = np.asarray(x, float), np.asarray(y, float)
    return [
        Curve(2, 1, "rate", "rate", unit, label, x, y),
        Curve(2, 1, "loss", "loss", unit, label, x, np.ones(len(x))),
    ]


@pytest.mark.parametrize(
    ("x", "y", "unit", "sound"),
    [
        ([0, 1, 2, 3], [4, 4, 2, 2], "update", True),
        ([0, 2], [4, 2], "update", True),
        ([0, 1, 2], [4, np.nan, 2], "update", True),
        ([0, 1, 2, 3], [4, 2, 2, 1], "update", False),
        ([2, 3, 4], [2, 2, 2], "update", False),  # there was no update 4
        ([0.5, 1.5], [4, 4], "update", False),
        ([0, 1], [4, 2], "epoch", True),
        ([0, 0.5, 1, 1.5], [4, 4, 2, 2], "epoch", True),
        ([0, 0.5, 1, 1.5, 2], [4, 4, 2, 2, np.nan], "epoch", True),
        ([0, 1], [4, 4], "epoch", False),
        ([0, 1, 2], [4, 2, 2], "epoch", False),
        ([1, 2], [4, 2], "epoch", False),  # epochs are counted from 0
        ([0, 1, 2, 3], [4, 4, 2, 2 * (1 + 1e-8)], "update", False),
    ],
)
def test_rates_are_compared_at_every_x_shown(
    x: Any, y: Any, unit: str, sound: bool
) -> None:
    trained = Training("sweep", 1, np.array([4.0, 4, 2, 2]), np.arange(4))
    found = rates_gate.judge([trained], rate_curve(x, y, unit), [2])
    assert (found.problems == []) == sound, found.problems


def test_rates_without_a_training_say_how_to_train() -> None:
    found = rates_gate.judge([], rate_curve([0, 1], [1, 1]), [2])
    assert "no training was recorded" in found.problems[0]
