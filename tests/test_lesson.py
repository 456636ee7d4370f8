"""The sentences of a lesson: what is displayed, and what is refused."""

from functools import partial

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from lrlib.lesson import say, show_source


@pytest.fixture
def displayed():
    """Call a function as a cell would, and return the two forms of its output."""
    InteractiveShell.instance()

    def call(function, *arguments, **numbers):
        with capture_output() as captured:
            assert function(*arguments, **numbers) is None
        (output,) = captured.outputs
        assert captured.stdout == ""
        return output.data

    yield call
    InteractiveShell.clear_instance()


@pytest.fixture
def said(displayed):
    return partial(displayed, say)


def test_both_forms_are_the_sentence(said):
    data = said(
        "It ended at {x:.1e} after {n} steps: {name}.", x=9e-16, n=50, name="ok"
    )
    sentence = "It ended at 9.0e-16 after 50 steps: ok."
    assert data == {"text/plain": sentence, "text/markdown": sentence}


def test_prints_the_sentence_without_a_notebook(capsys):
    say("{n} steps", n=np.int64(3))
    assert capsys.readouterr().out == "3 steps\n"


@pytest.mark.parametrize(
    ("template", "numbers", "text"),
    [
        (r"$\frac{a}{b}$ is {x:.2f}", {"x": 0.5}, r"$\frac{a}{b}$ is 0.50"),
        (r"$x_{t} = {x:.1f}$", {"t": 10, "x": 0.25}, r"$x_{10} = {0.2}$"),
        (r"$$\mathrm{lr} < {limit:.2g}$$", {"limit": 0.2}, r"$$\mathrm{lr} < {0.2}$$"),
        (r"$\sqrt{\frac{1}{n}}$", {"n": 4}, r"$\sqrt{\frac{1}{4}}$"),
        (r"\$5 and {x} and \$6", {"x": 1}, r"\$5 and 1 and \$6"),
        ("the set {{1, {x}}}", {"x": 2}, "the set {1, 2}"),
        ("from {x:.1f} to {y:g}", {"x": -0.25, "y": -1e-5}, "from −0.2 to −1e-5"),
        ("{x:.0e}, {y:.1g}", {"x": 1e-10, "y": 116}, "1e-10, 1e2"),
        ("{name} at ${x:g}$", {"name": "-a", "x": -1}, "-a at ${-1}$"),
        (
            "inf is a number to state: {x}",
            {"x": float("inf")},
            "inf is a number to state: inf",
        ),
    ],
)
def test_maths_and_braces(said, template, numbers, text):
    assert said(template, **numbers)["text/plain"] == text


@pytest.mark.parametrize(
    ("template", "numbers", "error", "words"),
    [
        ("{best}", {}, ValueError, r"\{best\} has no value; values given: none"),
        ("{best}", {"beast": 1}, ValueError, "values given: beast"),
        ("$x = {best:.2f}$", {}, ValueError, r"\{best\} has no value"),
        ("nothing here", {"best": 1}, ValueError, "best given, but the sentence"),
        (r"$\mathrm{b}$", {"best": 1}, ValueError, "best given, but the sentence"),
        ("{}", {"best": 1}, ValueError, "has no value"),
        ("{x", {"x": 1}, ValueError, "double a brace that is meant"),
        ("{x}", {"x": float("nan")}, ValueError, "x is NaN"),
        ("{x}", {"x": np.float32("nan")}, ValueError, "x is NaN"),
        (
            "{x}",
            {"x": np.ones(2)},
            TypeError,
            "x must be a number or a string, got nda",
        ),
        ("{x}", {"x": None}, TypeError, "got NoneType"),
        (3, {}, TypeError, "template must be a string, got 3"),
    ],
)
def test_refuses(template, numbers, error, words):
    with pytest.raises(error, match=words):
        say(template, **numbers)


def doubled(numbers):
    """Each number twice."""
    result = []
    for number in numbers:
        # the loop
        result.append(number)

        result.append(number)
    return result


def test_the_source_shown_is_the_block_that_begins_so(displayed):
    data = displayed(show_source, doubled, "for number")
    block = (
        "```python\nfor number in numbers:\n    # the loop\n"
        "    result.append(number)\n\n    result.append(number)\n```"
    )
    assert data == {"text/plain": block, "text/markdown": block}


def test_a_line_without_a_block_stands_alone(displayed):
    data = displayed(show_source, doubled, "return")
    assert data["text/plain"] == "```python\nreturn result\n```"


def test_a_start_that_no_line_has_is_refused():
    with pytest.raises(ValueError, match=r"start is 'while'.*no line of doubled"):
        show_source(doubled, "while")
