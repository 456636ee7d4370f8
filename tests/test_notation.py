r"""The notation: each letter of a formula is in the tables, and these list no other.

A letter of ``book/reference/notation.md`` either keeps one meaning in the whole course,
or it belongs to the lessons that its row names. Collected are the letters of the
formulas in the prose, and Greek letters anywhere in the prose; not those of words
(``\text{…}``) and of code.
"""

import re
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = Path(__file__).parent / "notation_fixtures"
TABLE = ROOT / "book" / "reference" / "notation.md"

GENERAL = "## Letters with one meaning"
LOCAL = "## Letters of one lesson"
FORMULA = re.compile(
    r"\$\$(.+?)\$\$|(?<![\\$])\$([^$\s](?:[^$]*?[^$\s])?)\$", re.DOTALL
)
CODE = re.compile(r"^(`{3,})[^\n]*\n.*?^\1|`+[^`]+`+", re.DOTALL | re.MULTILINE)
WORDS = re.compile(r"\\(?:text|mathrm|operatorname|begin|end)\s*\{[^{}]*\}")
NAMED = re.compile(r"_\{?[a-z]{3,}\}?|_\\text\{[^{}]*\}")  # η_base: the letter is η
COMMAND = re.compile(r"\\([A-Za-z]+)")
GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ϵ",  # the other shape, which isn't the course's
    "varepsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "varphi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
    "Delta": "Δ",
    "nabla": "∇",
    "pi": "π",
}
LETTER = re.compile(r"[A-Za-zα-ωΔ∇ϵ]")
IN_PROSE = re.compile(r"[α-ωΔ∇ϵ]")
MAXIMAL_UPDATE = re.compile(r"[µμ]P\b")  # a name, not a product of two letters


class Row(NamedTuple):
    """A row: its letters, the lessons it links to, and whether it is of these only."""

    letters: set[str]
    lessons: set[str]
    local: bool


class Use(NamedTuple):
    """The letters of a page, and the lessons that it is, or speaks of."""

    page: str
    lessons: list[str]
    is_lesson: bool
    letters: set[str]


def in_formula(formula: str) -> set[str]:
    """The letters of a formula, Greek ones as characters."""
    formula = COMMAND.sub(
        lambda match: f" {GREEK.get(match[1], '')} ",
        NAMED.sub("", WORDS.sub("", formula)),
    )
    return set(LETTER.findall(formula))


def letters(prose: str) -> set[str]:
    """The letters of a text's formulas, and the Greek ones of its sentences."""
    prose = MAXIMAL_UPDATE.sub("", CODE.sub("", prose))
    found = set(IN_PROSE.findall(FORMULA.sub("", prose)))
    for match in FORMULA.finditer(prose):
        found |= in_formula(match[1] or match[2])
    return found


def prose(path: Path) -> str:
    """What a page says in words, and not in code."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    book = nbformat.read(path, as_version=4)
    return "\n\n".join(c.source for c in book.cells if c.cell_type == "markdown")


def uses(folder: Path) -> list[Use]:
    """The pages of the chapters, in reading order.

    One that is no lesson, a chapter's opening or its review, speaks of all its lessons.
    """
    found = []
    toc = yaml.safe_load((folder / "_toc.yml").read_text(encoding="utf-8"))
    for part in toc["parts"]:
        if not re.match(r"\d · ", part["caption"]):
            continue
        numbers = [
            re.match(r"\d\.\d", page.get("title", "")) for page in part["chapters"]
        ]
        chapter = [number[0] for number in numbers if number]
        for page, number in zip(part["chapters"], numbers, strict=True):
            stem = folder / "book" / page["file"]
            (path,) = stem.parent.glob(f"{stem.name}.*")
            lessons = [number[0]] if number else chapter
            found.append(Use(page["file"], lessons, bool(number), letters(prose(path))))
    return found


def table(text: str) -> list[Row]:
    """The rows of the page's two tables of letters."""
    rows = []
    heading = ""
    for line in text.splitlines():
        heading = line if line.startswith("## ") else heading
        if heading not in (GENERAL, LOCAL) or not line.startswith("| $"):
            continue
        first, rest = line.removeprefix("| ").split(" | ", 1)
        lessons = re.findall(r"\[(\d\.\d)\]", rest)
        rows.append(Row(letters(first), set(lessons), heading == LOCAL))
    return rows


def faults(rows: list[Row], used: list[Use]) -> list[str]:
    """Letters that no row lists, and rows that say what the pages don't hold.

    Args:
        rows: the tables.
        used: the pages, in reading order.
    """
    there = {use.lessons[0]: use.letters for use in used if use.is_lesson}
    borrowed = {
        (x, n) for row in rows if row.local for x in row.letters for n in row.lessons
    }
    general = [row for row in rows if not row.local]
    kept = {letter for row in general for letter in row.letters}
    problems = [
        f"{use.page}: {letter} is not in the tables"
        for use in used
        for letter in sorted(use.letters - kept)
        if not any((letter, lesson) in borrowed for lesson in use.lessons)
    ]
    for row in rows:
        name = ", ".join(sorted(row.letters))
        if not row.lessons:
            problems.append(f"{name}: the row names no lesson")
        problems += [
            f"{name}: not used in lesson {lesson}"
            for lesson in sorted(row.lessons)
            if not row.letters & there.get(lesson, set())
        ]
    for row in general:
        named = min(
            (
                n
                for other in general
                if other.letters == row.letters
                for n in other.lessons
            ),
            default=None,
        )
        first = min(
            (
                n
                for n, found in there.items()
                for x in row.letters & found
                if (x, n) not in borrowed
            ),
            default=None,
        )
        if first != named:
            name = ", ".join(sorted(row.letters))
            problems.append(f"{name}: first used in lesson {first}, not {named}")
    return problems


def test_every_letter_is_in_the_tables() -> None:
    used = uses(ROOT)
    assert sum(use.is_lesson for use in used) == 32
    assert faults(table(TABLE.read_text(encoding="utf-8")), used) == []


GOOD = (FIXTURES / "notation.md").read_text(encoding="utf-8")


def test_letters_are_collected_from_prose_and_not_from_code() -> None:
    found = {use.page: use.letters for use in uses(FIXTURES)}
    assert found == {
        "one/index": {"η", "t", "s"},
        "one/first": {"η", "θ", "g"},
        "one/second": {"s", "g", "t"},
        "one/review": {"s"},
    }
    assert letters(r"$\epsilon$ and $$\varepsilon$$ and β₁") == {"ϵ", "ε", "β"}


def test_good_tables_pass() -> None:
    assert faults(table(GOOD), uses(FIXTURES)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("| $g$ |", "| g |", "one/second: g is not in the tables"),
        ("| $g$ |", "| g |", "one/first: g is not in the tables"),
        ("| $s$ |", "| s |", "one/index: s is not in the tables"),
        ("[1.2](one/second.md): the", "[1.1](one/first.md): the", "s: not used in"),
        ("[1.2](one/second.md): the", "[1.1](one/first.md): the", "second: s is not"),
        ("[1.2](one/second.md): the", "the", "s: the row names no lesson"),
        ("| $t$ | the update | [1.2]", "| $t$ | the update | [1.1]", "t: not used in"),
        ("| $t$ | the update | [1.2]", "| $t$ | the update | [1.1]", "lesson 1.2, not"),
        ("[1.1](one/first.md) |\n| $t$", "none |\n| $t$", "g: the row names no lesson"),
        (
            "| $g$ | the gradient | [1.1]",
            "| $g$ | it | [1.2]",
            "first used in lesson 1.1",
        ),
        (
            "## Letters of one",
            "| $z$ | any | [1.2](x) |\n## Letters of one",
            "z: not used",
        ),
    ],
)
def test_bad_tables_are_refused(old: str, new: str, said: str) -> None:
    assert GOOD.count(old) == 1
    problems = faults(table(GOOD.replace(old, new)), uses(FIXTURES))
    assert any(said in problem for problem in problems), problems
