"""The bibliography: what is cited is in it, and an entry names who cites it.

A page cites a source by its identifier, as in arXiv:1412.6980, by authors and year, or,
where there is no identifier, by its title. A module of ``lrlib`` names an author.
"""

import itertools
import re
import shutil
import unicodedata
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = Path(__file__).parent / "bibliography_fixtures"
PAGE = Path("reference/bibliography.md")
CLAIMS = Path("claims.yml")
FACT_CHECK = "reference/fact-check"  # which is made from the claims

ARXIV = re.compile(r"(?<![\d.])\d\d(?:0[1-9]|1[0-2])\.\d{4,5}(?![\d.]*\d)")
PREFIXED = re.compile(r"\barXiv: ?([\w.]+)", re.IGNORECASE)
LINK = re.compile(r"\[([^\]]+)\]\(([^()\s]+)\)")
ENTRY = re.compile(
    r"^\*\*(.+?)\s\((\d{4})\)\.\*\*(.*?)(?=^\*\*|\Z)", re.DOTALL | re.MULTILINE
)
NAME = r"[A-ZÀ-Þ][\w’'-]+"
CITATION = re.compile(
    rf"({NAME})((?:, {NAME})*,?(?: and {NAME}| & {NAME})| and others| et al\.)?"
    rf"(?:,? [A-Z]{{2,}}|,? NeurIPS)?,? \(?((?:18|19|20)\d\d)\b(?![.\d]\d)"
)
NO_AUTHORS = {"December", "AAAI", "Learning"}  # what else stands before a year
MODULE = re.compile(r"`lrlib\.(\w+)`")


Names = set[tuple[str, int, str]]  # the first author, how many there are, the year


class Entry(NamedTuple):
    """A source: what a text calls it, and who is said to cite it."""

    author: str
    number: int  # of authors; 3 stands for more
    year: str
    title: str
    identifier: str
    pages: set[str]
    modules: set[str]
    links: list[tuple[str, str]]

    @property
    def name(self) -> str:
        return f"{self.author} {self.year}"

    @property
    def key(self) -> tuple[str, int, str]:
        return self.author, self.number, self.year


def entries(text: str) -> list[Entry]:
    """The entries of the page."""
    found = []
    for authors, year, rest in ENTRY.findall(text):
        links = LINK.findall(rest)
        said = [name for name, _ in links if re.match("arXiv:|doi:", name)]
        title = re.search(r"\*([^*]+)\*", rest)
        found.append(
            Entry(
                author=authors.split(",")[0],
                number=3 if "others" in authors else min(authors.count("., ") + 1, 3),
                year=year,
                title=" ".join(title[1].rstrip(".").split()).lower() if title else "",
                identifier=said[0].removeprefix("arXiv:") if said else "",
                pages={
                    f"reference/{link}".replace("reference/../", "").rpartition(".")[0]
                    for _, link in links
                    if not link.startswith("https://")
                },
                modules=set(MODULE.findall(rest)),
                links=links,
            )
        )
    return found


def words(path: Path) -> str:
    """All that a page says, in prose and in code, on one line."""
    if path.suffix == ".ipynb":
        book = nbformat.read(path, as_version=4)
        text = "\n".join(cell.source for cell in book.cells)
    else:
        text = path.read_text(encoding="utf-8")
    return re.sub(r'(?:"\s*\n\s*f?")|\s+', lambda m: "" if '"' in m[0] else " ", text)


def named(text: str) -> Names:
    """Who is cited by name and year."""
    names = set()
    for author, others, year in CITATION.findall(text):
        two = others.startswith((" and ", " & ")) and others != " and others"
        if author not in NO_AUTHORS:
            names.add((author, (2 if two else 3) if others else 1, year))
    return names


def by_words(entry: Entry, text: str) -> bool:
    """Whether a text cites an entry that has no identifier."""
    near = rf"\b{entry.author}\b[^;)]{{0,100}}\b{entry.year}\b"
    return not entry.identifier and (
        bool(re.search(near, text)) or entry.title in text.lower()
    )


def faults(book: Path, library: Path) -> list[str]:
    """What the bibliography lacks, what nobody cites, and identifiers that are none."""
    listed = entries((book / PAGE).read_text(encoding="utf-8"))
    names_listed = [entry.key for entry in listed]
    texts = {
        path.relative_to(book): words(path)
        for path in sorted(book.rglob("*"))
        if path.suffix in (".ipynb", ".md")
    }
    del texts[PAGE]
    problems = []
    citing: dict[str, tuple[str, set[str], Names]] = {}
    claims = (book / CLAIMS).read_text(encoding="utf-8")
    for place, text in [*texts.items(), (Path(f"{FACT_CHECK}.yml"), claims)]:
        page = str(place.with_suffix(""))
        is_claims = place.suffix == ".yml"
        identifiers = set(ARXIV.findall(text))
        names = set() if is_claims else named(text)
        _, before, _ = citing.get(page, ("", set(), set()))
        citing[page] = "" if is_claims else text, identifiers | before, names
        problems += [
            f"{page}: arXiv:{said} is no identifier"
            for said in PREFIXED.findall(text)
            if not ARXIV.fullmatch(said.rstrip("."))
        ]
        listed_identifiers = {entry.identifier for entry in listed}
        problems += [
            f"{page}: arXiv:{identifier} is not listed"
            for identifier in sorted(identifiers - listed_identifiers)
        ]
        problems += [
            f"{page}: {author} {year} is not listed"
            for author, number, year in sorted(names - set(names_listed))
        ]
    for entry in listed:
        unique = names_listed.count(entry.key) == 1
        by = {
            page
            for page, (text, identifiers, names) in citing.items()
            if entry.identifier in identifiers
            or (unique and entry.key in names)
            or by_words(entry, text)
        }
        problems += [
            f"{entry.name}: {page} doesn't cite it" for page in sorted(entry.pages - by)
        ]
        problems += [
            f"{entry.name}: doesn't say that {page} cites it"
            for page in sorted(by - entry.pages)
        ]
        problems += [
            f"{entry.name}: lrlib.{module} doesn't cite it"
            for module in sorted(entry.modules)
            if entry.author not in module_text(library / f"{module}.py")
        ]
        if not (entry.pages or entry.modules):
            problems.append(f"{entry.name}: nobody is said to cite it")
        problems += [
            f"{entry.name}: {said} leads to {link}"
            for said, link in entry.links
            if unquote(link) != address(said, link)
        ]
    order = [(plain(entry.author), entry.year) for entry in listed]
    problems += [
        f"{here[0]} {here[1]} stands before {after[0]} {after[1]}"
        for here, after in itertools.pairwise(order)
        if here > after
    ]
    return problems


def module_text(path: Path) -> str:
    """What a module says; nothing if there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def plain(name: str) -> str:
    """A name as it is sorted: ä as a."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(c for c in letters if not unicodedata.combining(c)).casefold()


def address(said: str, link: str) -> str:
    """Where a link with this text has to lead."""
    if said.startswith("arXiv:"):
        identifier = said.removeprefix("arXiv:")
        known = ARXIV.fullmatch(identifier)
        return f"https://arxiv.org/abs/{identifier}" if known else "nowhere"
    if said.startswith("doi:"):
        known = re.fullmatch(r"doi:10\.\d{4,}/\S+", said)
        return f"https://doi.org/{said.removeprefix('doi:')}" if known else "nowhere"
    return unquote(link)


def test_sources_and_pages_agree() -> None:
    assert len(entries((ROOT / "book" / PAGE).read_text(encoding="utf-8"))) > 70
    assert faults(ROOT / "book", ROOT / "lrlib") == []


def test_good_pages_pass() -> None:
    assert faults(FIXTURES / "book", FIXTURES / "lrlib") == []


LISTED = "reference/bibliography.md"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        # Cited, and not listed.
        ("one/first.md", "Bengio (2012)", "Bengio (2013)", "first: Bengio 2013 is not"),
        ("one/first.md", "1908.03265", "1908.03266", "arXiv:1908.03266 is not listed"),
        ("claims.yml", "2405.18392", "2405.18393", "arXiv:2405.18393 is not listed"),
        ("one/first.md", "Bengio (", "Bengio and Ba (", "first: Bengio 2012 is not"),
        # Listed, and not cited, or not there.
        ("one/first.md", "Bengio (2012)", "Somebody", "Bengio 2012: one/first doesn't"),
        ("one/first.md", "Hinton", "Somebody", "Hinton 2012: one/first doesn't cite"),
        ("reference/recipe.md", "(1992)", "", "Polyak 1992: reference/recipe doesn't"),
        ("reference/recipe.md", "On", "Bengio 2012; on", "say that reference/recipe"),
        (LISTED, "Cited in [1.1](../one/first.md).\n\n**Goh", "\n\n**Goh", "nobody is"),
        (LISTED, " and [fact check](fact-check.md)", "", "that reference/fact-check"),
        (LISTED, "lrlib.tasks", "lrlib.none", "Goh 2017: lrlib.none doesn't cite it"),
        # No identifier, or that of another.
        ("one/first.md", "1908.03265", "1908.326", "arXiv:1908.326 is no identifier"),
        ("one/first.md", "1908.03265", "1913.03265", "1913.03265 is no identifier"),
        (LISTED, "abs/1206.5533", "abs/1206.5534", "arXiv:1206.5533 leads to"),
        (
            LISTED,
            "[arXiv:1206.5533](https://arxiv.org/abs/1206.5533)",
            "[arXiv:12](x)",
            "x",
        ),
        (LISTED, "org/10.1137/0330046", "org/10.1137/0330047", "0330046 leads to"),
        # Out of order.
        (
            LISTED,
            "**Hinton, G. (2012)",
            "**Adam, G. (2012)",
            "hagele 2024 stands before",
        ),
    ],
)
def test_bad_pages_are_refused(
    file: str, old: str, new: str, said: str, tmp_path: Path
) -> None:
    shutil.copytree(FIXTURES, tmp_path, dirs_exist_ok=True)
    page = tmp_path / "book" / file
    text = page.read_text(encoding="utf-8")
    assert old in text
    page.write_text(text.replace(old, new), encoding="utf-8")
    problems = faults(tmp_path / "book", tmp_path / "lrlib")
    assert any(said in problem for problem in problems), problems
