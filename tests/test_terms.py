"""The glossary's terms: what is found in prose, and what the index says of code."""

from types import SimpleNamespace

import pytest
from sphinx.environment.adapters.indexentries import IndexEntries

from publish import terms

NAMES = ["Noise", "Noise floor", "Penalty", "SGD", "Robbins–Monro conditions", "Pass"]
FIND = terms.pattern(NAMES)


@pytest.mark.parametrize(
    ("prose", "found"),
    [
        ("Noise, and more noise.", ["Noise", "Noise"]),
        ("A noise floor is no noise.", ["Noise floor", "Noise"]),
        ("The noise\nfloor of a line that ends.", ["Noise floor"]),
        (
            "Noise floors, two penalties, two passes.",
            ["Noise floor", "Penalty", "Pass"],
        ),
        ("A noise-free run, a noisemaker, no anti-noise.", []),
        ("SGD and no sgd; the Robbins–Monro conditions.", ["SGD", NAMES[4]]),
        ("robbins–monro conditions", []),  # names of people keep their case
    ],
)
def test_terms_are_found_in_every_form(prose, found):
    matches = FIND.finditer(prose)
    assert [NAMES[int(match.lastgroup[1:])] for match in matches] == found


def test_terms_are_the_lines_that_begin_at_the_margin(tmp_path):
    path = tmp_path / f"{terms.GLOSSARY}.md"
    path.parent.mkdir()
    path.write_text(
        "# Glossary\n\nSome prose.\n\n```{glossary}\n:sorted:\n\nLearning rate\nlr\n"
        "  The number\n  that multiplies. [Lesson 1.1](../basics/one.ipynb)\n\n"
        "µP : M\n  Width.\n```\n\nMore prose.\n"
    )
    home = "basics/one"
    assert terms.terms(tmp_path) == {"Learning rate": home, "lr": home, "µP": ""}
    assert terms.terms(tmp_path / "elsewhere") == {}
    assert terms.letters(tmp_path) == {"µP": "M"}
    assert terms.letters(tmp_path / "elsewhere") == {}


def headings(letter):
    """The letters of an index; a lesson uses µP before the glossary explains it."""
    (used,) = terms.index_entry("µP", "5.5 Width", "use-µP", letter)["entries"]
    pages = {
        "lesson": [used],
        "reference/glossary": [
            ("single", name, f"term-{name}", "main", key)
            for name, key in [("Minimum", None), ("Width", None), ("µP", "M")]
        ],
    }
    index = SimpleNamespace(entries=pages)
    builder = SimpleNamespace(get_relative_uri=lambda here, there: there)
    entries = IndexEntries(SimpleNamespace(domains={"index": index}))
    return [heading for heading, _ in entries.create_index(builder)]


def test_term_is_listed_under_the_letter_that_its_entry_names():
    assert headings("M") == ["M", "W"]
    assert headings(None) == ["M", "W", "\N{GREEK CAPITAL LETTER MU}"]


def test_calls_are_named_by_where_they_come_from():
    names: dict[str, str] = {}
    first = (
        "import torch\nfrom lrlib import decay, plots\nfrom lrlib.sweep import sweep"
    )
    assert terms.calls(first, names) == []  # an import is no use
    second = (
        "plan = decay.cosine(0.1, T_max=90)\n"
        "sweep(task, rule, [plan], steps=90)\n"
        "torch.optim.lr_scheduler.StepLR(torch.optim.SGD(p), 3).step()\n"
        "plots.subplots(2); torch.tensor(1.0); decay_of_ours.cosine()\n"
    )
    assert set(terms.calls(second, names)) == {
        "lrlib.decay.cosine",
        "lrlib.sweep.sweep",
        "torch.optim.SGD",
        "torch.optim.lr_scheduler.StepLR",
    }


def test_term_that_stands_almost_everywhere_is_listed_where_it_is_introduced():
    few = [(f"page {i}", [("", f"{i}.html#use")]) for i in range(terms.MOST_PAGES)]
    many = [*few, ("one more", [("", "more.html#use")])]
    entry = [("main", "glossary.html#term-loss")]
    index = [
        ("L", [("Loss", (entry, many.copy(), None)), ("lr", ([], many.copy(), None))]),
        ("N", [("Noise", (entry, few.copy(), None))]),
    ]
    terms.shorten(index, {"Loss": "3", "Noise": "more"})
    kept = {word: pages for _, words in index for word, (_, pages, _) in words}
    # A function has no entry of its own, and would lead nowhere.
    assert kept == {"Loss": [few[3]], "lr": many, "Noise": few}
