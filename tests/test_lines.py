"""What belongs together stays on one line."""

import pytest
from docutils import nodes

from publish import lines, maths
from publish.lines import joined


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("at lr = 0.1, twice", "at lr~=~0.1, twice"),
        ("half of (1 − β) is", "half of (1~−~β) is"),
        ("lr ·\nsharpness", "lr~·~sharpness"),
        ("see lesson 3.6 and Chapter\n2", "see lesson~3.6 and Chapter~2"),
        ("from 2e-5 to 1e-10", "from 2e-|5 to 1e-|10"),
        ("the p-value", "the p-|value"),
        ("a well-kept rate – a rate", "a well-kept rate – a rate"),
        ("in one lesson and 3 more", "in one lesson and 3 more"),
        # Longer ones need a place to break on a phone.
        ("rate = final_rate + 0.5 · (peak", "rate = final_rate + 0.5 · (peak"),
    ],
)
def test_no_line_ends_within(text: str, kept: str) -> None:
    assert joined(text) == kept.replace("~", lines.SPACE).replace("|", lines.JOINER)


def written(before: str, tex: str, after: str) -> tuple[str, list[str]]:
    """The HTML of a formula in a sentence, and the text that stays around it."""
    formula = nodes.math(tex, tex)
    sentence = nodes.paragraph("", "", nodes.Text(before), formula, nodes.Text(after))
    lines.take_signs(formula)

    class Translator:
        def __init__(self) -> None:
            self.body: list[str] = []

    translator = Translator()
    with pytest.raises(nodes.SkipNode):
        maths.visit_inline(translator, formula)
    texts = [part.astext() for part in sentence if isinstance(part, nodes.Text)]
    return "".join(translator.body), texts


def test_a_short_formula_keeps_its_signs() -> None:
    html, texts = written("so (", r"\frac{1}{x}", "), and")
    assert html.startswith('<span class="course-together">(<span class="katex">')
    assert html.endswith("),</span>")
    assert texts == ["so ", " and"]


def test_a_long_formula_may_break() -> None:
    html, texts = written("so (", "a + b + c + d + e + f + g + h + i + j + k", "), and")
    assert html.startswith('<span class="katex">')
    assert texts == ["so (", "), and"]


def test_a_formula_that_is_none_is_named_where_it_is_written() -> None:
    assert written("so ", r"\frac{1", ".")[0] == ""
