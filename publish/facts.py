"""The fact check: the statements of ``book/claims.yml``, and where each is checked.

The page is made from four things: the list, ``book/contradictions.yml``, the lessons
whose cells are tagged ``claim-…``, and the prose of ``book/reference/fact-check.md``.
It is whole without scripts; ``facts.mjs`` adds the search and the filters.
"""

import re
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import nbformat
import yaml
from docutils import nodes
from nbformat import NotebookNode
from sphinx.application import Sphinx

from publish.problems import PublishError

Item = dict[str, Any]

PAGE = Path("reference/fact-check.md")
VERDICTS = (
    "correct",
    "correct with a condition",
    "imprecise",
    "wrong",
    "obsolete",
    "unsupported",
)
DOCUMENTS = {
    0: "decay methods and their reasons",
    1: "the learning rate",
    2: "the learning rate and its schedulers",
    3: "adjustment strategies",
    4: "decay and warmup",
}
GROUPS = ("document", "verdict", "lesson")
ARXIV = re.compile(r"arXiv:(\d{4}\.\d{4,5})")
DOI = re.compile(r"doi:(10\.\d{4,}/[^\s();]+)")
TAG = "claim-"


def inventory(book: Path) -> list[Item]:
    """All statements, in the order of the documents."""
    return _read(book / "claims.yml")


def contradictions(book: Path) -> list[Item]:
    """Where the documents contradict each other, and what holds."""
    return _read(book / "contradictions.yml")


def _read(path: Path) -> list[Item]:
    # The C loader: the other one takes a second for the whole list.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def statements(cell: NotebookNode) -> list[str]:
    """The ids of the statements that a cell covers."""
    tags = cell.metadata.get("tags", [])
    return [tag.removeprefix(TAG) for tag in tags if tag.startswith(TAG)]


def anchor(name: str) -> str:
    """The statement's id as an id of HTML: a dot would have to be escaped in CSS."""
    return name.replace(".", "-")


def with_anchors(notebook: NotebookNode) -> NotebookNode:
    """The notebook with a place to link to in each cell of prose that has a claim.

    The page has no element for such a cell, so the place stands in its text.
    """
    result = nbformat.from_dict(notebook)
    for cell in result.cells:
        if cell.cell_type == "markdown" and (ids := statements(cell)):
            spans = "".join(f'<span id="{TAG}{anchor(name)}"></span>' for name in ids)
            cell.source = f"<div>{spans}</div>\n\n{cell.source}"
    return result


def mark_cells(app: Sphinx, doctree: nodes.document) -> None:
    """Give each code cell on a page the ids that links to its claims lead to.

    The cell itself has them, never its code: that may be hidden.
    """
    for cell in doctree.findall(nodes.container):
        cell["ids"] += [
            f"{TAG}{anchor(name.removeprefix(f'tag_{TAG}'))}"
            for name in cell["classes"]
            if name.startswith(f"tag_{TAG}")
        ]


def pages(book: Path, notebooks: dict[Path, NotebookNode]) -> dict[Path, str]:
    """The text of the fact-check page by its path.

    Raises:
        PublishError: a statement has no lesson or no cell, or a contradiction is not
            settled in the cell of one of its own statements.
    """
    source = book / PAGE
    items = inventory(book)
    lessons = _lessons(items, notebooks)
    links = _links(items, book, notebooks)
    parts = {
        "documents": _documents(),
        "counts": _counts(items),
        "contradictions": _contradictions(contradictions(book), items, links),
        "list": _form(items, lessons) + _list(items, links),
    }
    page = source.read_text(encoding="utf-8")
    for name, html in parts.items():
        page = page.replace(f"<!-- facts: {name} -->", html.rstrip())
    return {source: page}


def _lessons(items: list[Item], notebooks: dict[Path, NotebookNode]) -> dict[str, str]:
    """What each lesson is called, in order."""
    titles = {
        notebook.metadata["lesson"]: notebook.cells[0].source.splitlines()[0]
        for notebook in notebooks.values()
        if "lesson" in notebook.metadata
    }
    for item in items:
        if item["lesson"] not in titles:
            raise PublishError(
                f"{item['id']} belongs to lesson {item['lesson']}, and no notebook "
                "of the book has that lesson in its metadata"
            )
    return {
        number: f"{number} {titles[number].removeprefix('# ')}"
        for number in sorted({item["lesson"] for item in items})
    }


def _links(
    items: list[Item], book: Path, notebooks: dict[Path, NotebookNode]
) -> dict[str, str]:
    """Where each statement is covered, as seen from the page."""
    links = {
        name: f"../{path.relative_to(book).with_suffix('.html').as_posix()}"
        f"#{TAG}{anchor(name)}"
        for path, notebook in notebooks.items()
        for cell in notebook.cells
        for name in statements(cell)
    }
    for item in items:
        if item["id"] not in links:
            raise PublishError(
                f"no cell of lesson {item['lesson']} is tagged {TAG}{item['id']}; "
                "tag the one that covers the statement"
            )
    return links


def _documents() -> str:
    """What the numbers of the documents stand for."""
    names = "".join(f"<li>{_document(number)}</li>\n" for number in DOCUMENTS)
    return f'<ul class="facts-documents">\n{names}</ul>\n'


def _counts(items: list[Item]) -> str:
    """The table of verdicts and documents; each number leads to its statements."""
    counts = Counter((item["verdict"], item["document"]) for item in items)

    def cell(verdict: str | None, document: int | None) -> str:
        number = sum(
            count
            for (one, other), count in counts.items()
            if verdict in (None, one) and document in (None, other)
        )
        if not number:
            return "<td>0</td>"
        query = {"verdict": verdict, "document": document}
        chosen = urlencode({k: v for k, v in query.items() if v is not None})
        place = "the-statements" if document is None else f"document-{document}"
        name = f"{number} {verdict or 'in all'}" + (
            "" if document is None else f", document {document}"
        )
        link = escape(f"?{chosen}#{place}" if chosen else f"#{place}")
        return f'<td><a href="{link}" aria-label="{name}">{number}</a></td>'

    def row(verdict: str | None) -> str:
        cells = "".join(cell(verdict, document) for document in (*DOCUMENTS, None))
        return f'<tr><th scope="row">{verdict or "all"}</th>{cells}</tr>\n'

    heads = "".join(f'<th scope="col">{number}</th>' for number in DOCUMENTS)
    return (
        '<table class="facts-counts">\n'
        "<caption>Statements by verdict (rows) and document (columns)</caption>\n"
        f'<thead><tr><th scope="col">verdict</th>{heads}<th scope="col">all</th></tr>'
        "</thead>\n<tbody>\n"
        f"{''.join(map(row, (*VERDICTS, None)))}</tbody>\n</table>\n"
    )


def _contradictions(
    topics: list[Item], items: list[Item], links: dict[str, str]
) -> str:
    """What the documents say on each topic, what holds, and where it is settled."""
    lessons = {item["id"]: item["lesson"] for item in items}
    parts = []
    for topic in topics:
        title, said, settled = topic["topic"], topic["said"], topic["settled"]
        for name in said:
            if name not in lessons:
                raise PublishError(
                    f"the contradiction {title!r} names {name}, which is no statement"
                )
        if not settled or not said.keys() >= set(settled):
            raise PublishError(
                f"the contradiction {title!r} is settled in the cell of "
                f"{', '.join(settled) or 'no statement'}; it has to be that of one of "
                f"its own: {', '.join(said)}"
            )
        quotes = "".join(
            f'<li>Document {name[1]} (<a href="#{anchor(name)}">{name}</a>): '
            f"{_prose(words)}</li>\n"
            for name, words in said.items()
        )
        cells = "<br>".join(
            f'<a href="{links[name]}">The cell that settles it, '
            f"lesson {lessons[name]}</a>"
            for name in settled
        )
        parts.append(
            f"<section><h3>{_prose(title)}</h3>\n<ul>\n{quotes}</ul>\n"
            f"<p><strong>What holds.</strong> {_prose(topic['holds'])}</p>\n"
            f'<p class="fact-foot">{cells}</p></section>\n'
        )
    return f'<div class="facts-contradictions">\n{"".join(parts)}</div>\n'


def _prose(text: str) -> str:
    """Text as HTML, with what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _form(items: list[Item], lessons: dict[str, str]) -> str:
    """Search and filters, which ``facts.mjs`` brings to life."""
    filters: dict[str, dict[Any, str]] = {
        "verdict": dict(zip(VERDICTS, VERDICTS, strict=True)),
        "document": {number: _document(number) for number in DOCUMENTS},
        "lesson": lessons,
    }
    selects = "".join(
        _select(name.title(), name, {"": "all"} | options)
        for name, options in filters.items()
    )
    groups = _select("Group by", "group", {name: name for name in GROUPS})
    return (
        '<form class="facts-form" aria-label="Statements" autocomplete="off">\n'
        '<div><label for="facts-q">Search, in English or Chinese</label>'
        '<input type="search" id="facts-q" name="q"></div>\n'
        f'{selects}{groups}<button type="reset">Show all</button>\n</form>\n'
        f'<p class="facts-status" role="status">{len(items)} statements</p>\n'
    )


def _select(label: str, name: str, options: dict[Any, str]) -> str:
    listed = "".join(
        f'<option value="{value}">{escape(text)}</option>'
        for value, text in options.items()
    )
    return (
        f'<div><label for="facts-{name}">{label}</label>'
        f'<select id="facts-{name}" name="{name}">{listed}</select></div>\n'
    )


def _document(number: int) -> str:
    return f"Document {number}: {DOCUMENTS[number]}"


def _list(items: list[Item], links: dict[str, str]) -> str:
    """All statements, by document."""
    groups = "".join(
        f'<section><h3 id="document-{number}">{_document(number)}</h3>\n<ul>\n'
        + "".join(
            _fact(item, links[item["id"]])
            for item in items
            if item["document"] == number
        )
        + "</ul></section>\n"
        for number in DOCUMENTS
    )
    return f'<div class="facts">\n{groups}</div>\n'


def _fact(item: Item, link: str) -> str:
    """One statement; ``link`` leads to the cell that covers it."""
    name, lesson = item["id"], item["lesson"]
    what = (
        "The cell that checks it"
        if item["proof"] == "assert"
        else "Where it is discussed"
    )
    source = _prose(item["source"])
    source = ARXIV.sub(r'<a href="https://arxiv.org/abs/\1">\g<0></a>', source)
    source = DOI.sub(r'<a href="https://doi.org/\1">\g<0></a>', source)
    lines = item["lines"].replace("-", "–")
    plural = "s" if re.search("[–,]", lines) else ""
    return (
        f'<li class="fact" id="{anchor(name)}" data-document="{item["document"]}" '
        f'data-verdict="{item["verdict"]}" data-lesson="{lesson}">\n'
        f'<p class="fact-head"><a href="#{anchor(name)}">{name}</a> '
        f"<strong>{item['verdict']}</strong></p>\n"
        f'<p class="fact-said" lang="zh">{_prose(item["zh"])}</p>\n'
        f'<p class="fact-said">{escape(item["en"])}</p>\n'
        f"<p>{_prose(item['correction'])}</p>\n"
        f'<p class="fact-foot">Line{plural} {lines} of the original · Source: '
        f"{source}<br>"
        f'<a class="fact-link" href="{link}">{what}, lesson {lesson}</a></p>\n'
        "</li>\n"
    )
