"""Terms of the glossary: each links there at its first use on a page, and the index.

The page that introduces a term, to which its entry leads, explains it itself. The index
is Sphinx's own. It leads to the first use of each term on each page (to a title of the
page that introduces it, if need be), and to the first cell that calls each function of
``lrlib`` and of ``torch.optim``.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

GLOSSARY = "reference/glossary"
HOME = re.compile(r"\]\(\.\./([\w/-]+)\.(?:ipynb|md)\)")
# The glossary explains its terms itself, the bibliography quotes the titles of others,
# the index has links of its own, and those of the first page lead to lessons.
UNLINKED = (GLOSSARY, "reference/bibliography", "genindex", "index")
FENCE = re.compile(r"^```\{glossary\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Text in these is no prose, has a link already, or is a title.
CLOSED = (
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.reference,
    nodes.title,
    addnodes.pending_xref,
)
# What lessons are made with is no subject of theirs.
TOOLS = ("explorer", "exercises", "lesson", "plots")
# A term that more pages use than this is listed with the one that introduces it.
MOST_PAGES = 14


def terms(book: Path) -> dict[str, str]:
    """The terms of a book's glossary, and the page to which each entry leads, if any.

    Empty for a book without a glossary.
    """
    path = book / f"{GLOSSARY}.md"
    if not path.exists():
        return {}
    found = {}
    for fence in FENCE.findall(path.read_text(encoding="utf-8")):
        for entry in re.split(r"\n\n+", fence.strip()):
            home = HOME.search(entry)
            for line in entry.splitlines():
                if line[0] not in " :":
                    # After " : " stands the letter under which a term is listed.
                    found[line.partition(" : ")[0]] = home[1] if home else ""
    return found


def letters(book: Path) -> dict[str, str]:
    """The letters of terms that the index lists under another than their first."""
    path = book / f"{GLOSSARY}.md"
    if not path.exists():
        return {}
    lines = "".join(FENCE.findall(path.read_text(encoding="utf-8"))).splitlines()
    named = (line.split(" : ") for line in lines if line and line[0] not in " :")
    return {name: rest[0] for name, *rest in named if rest}


def pattern(names: list[str]) -> re.Pattern[str]:
    """Finds terms in prose, in their plural too; of two in one place, the longer.

    The number of the group that matched is the term's place in ``names``, from 1.
    """
    # Groups count in the order of `names`, alternatives are tried the longest first.
    order = sorted(range(len(names)), key=lambda i: -len(names[i]))
    groups = [f"(?P<t{i}>{_forms(names[i])})" for i in order]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(groups)})(?![\w-])")


def _forms(name: str) -> str:
    """A regular expression for a term: its plural, and its case if that is plain."""
    words = [re.escape(word) for word in name.split()]
    plural = "(?:y|ies)" if re.search("[^aeiou]y$", name) else "(?:s|es)?"
    if plural.startswith("(?:y"):
        words[-1] = words[-1][:-1]
    form = r"\s+".join(words) + plural
    # SGD and AdaGrad are written in one way; "stability limit" may begin a sentence.
    return f"(?i:{form})" if name[1:] == name[1:].lower() else form


def prose(document: nodes.document) -> list[nodes.Text]:
    """The pieces of text in which a term may become a link.

    Before, a text is in one piece for each of its lines.
    """
    for element in document.findall(nodes.TextElement):
        for place in range(len(element) - 1, 0, -1):
            before, after = element[place - 1], element[place]
            if isinstance(before, nodes.Text) and isinstance(after, nodes.Text):
                element[place - 1 : place + 1] = [nodes.Text(before + after)]
    return [
        text
        for text in document.findall(nodes.Text)
        if not any(_is_closed(node) for node in _ancestors(text))
    ]


def _ancestors(node: nodes.Node) -> Iterator[nodes.Node]:
    while node := node.parent:
        yield node


def _is_closed(node: nodes.Node) -> bool:
    return isinstance(node, CLOSED) or (
        isinstance(node, nodes.container) and "cell" in node["classes"]
    )


class LinkTerms(SphinxTransform):
    """Turns the first use of each term on a page into a link to the glossary."""

    # Before the index is collected (850).
    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        """Change the page's document."""
        homes = terms(Path(self.app.srcdir))
        if not homes or self.env.docname in UNLINKED:
            return
        names, listed = list(homes), letters(Path(self.app.srcdir))
        find, used = pattern(names), set[str]()
        for text in prose(self.document):
            pieces, end = list[nodes.Node](), 0
            for match in find.finditer(text.astext()):
                name = names[int(str(match.lastgroup)[1:])]
                if name in used:
                    continue
                used.add(name)
                pieces.append(nodes.Text(match.string[end : match.start()]))
                letter = listed.get(name)
                pieces += self._marked(name, match[0], homes[name], letter)
                end = match.end()
            if pieces:
                pieces.append(nodes.Text(text.astext()[end:]))
                text.parent.replace(text, pieces)
        for name in names:
            if homes[name] == self.env.docname and name not in used:
                self._list_home(name, listed.get(name))

    def _list_home(self, name: str, letter: str | None) -> None:
        """List the page that introduces a term, though its prose has another form."""
        find = pattern([name])
        sections = list(self.document.findall(nodes.section))
        named = (s for s in sections if find.search(s.next_node(nodes.title).astext()))
        place = next(named, sections[0])
        page = page_name(self.app, self.document)
        place.insert(1, index_entry(name, page, place["ids"][0], letter))

    def _marked(
        self, name: str, words: str, home: str, letter: str | None
    ) -> list[nodes.Node]:
        """The words as a link to the term's entry, and an entry of the index."""
        place = f"use-{nodes.make_id(name)}"
        page = page_name(self.app, self.document)
        entry = index_entry(name, page, place, letter)
        if home == self.env.docname:
            return [entry, nodes.inline("", words, ids=[place])]
        shown = nodes.inline("", words, classes=["term"], ids=[place])
        link = addnodes.pending_xref(
            "",
            shown,
            refdomain="std",
            reftype="term",
            reftarget=name,
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )
        return [entry, link]


class IndexCode(SphinxTransform):
    """Lists in the index what the code cells of a page call."""

    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        """Change the page's document."""
        names, seen = dict[str, str](), set[str]()
        page = page_name(self.app, self.document)
        for code in list(self.document.findall(nodes.literal_block)):
            if "cell_input" not in code.parent["classes"]:
                continue
            cell = code.parent.parent
            for called in calls(code.astext(), names):
                if called not in seen:
                    seen.add(called)
                    # The cell has the place, never its code: that may be hidden.
                    cell["ids"].append(f"code-{nodes.make_id(called)}")
                    module, _, name = called.rpartition(".")
                    entry = index_entry(f"{name} ({module})", page, cell["ids"][-1])
                    cell.parent.insert(cell.parent.index(cell), entry)


def calls(code: str, names: dict[str, str]) -> list[str]:
    """Full names of what a cell uses of ``lrlib`` and ``torch.optim``, in order.

    ``names`` says what the page's imports mean so far; those of the cell are added.
    """
    tree, found = ast.parse(code), []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {a.asname or a.name: a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            name, _, rest = ast.unparse(node).partition(".")
            full = f"{names[name]}.{rest}".rstrip(".") if name in names else ""
            if _is_listed(full):
                found.append(full)
    return found


def _is_listed(name: str) -> bool:
    """Whether it is a function or class of the library or of ``torch.optim``."""
    parts = name.split(".")
    if parts[0] == "lrlib":
        return len(parts) == 3 and parts[1] not in TOOLS
    return name.startswith("torch.optim.") and parts[-1][0].isupper()


def index_entry(
    name: str, page: str, place: str, letter: str | None = None
) -> nodes.Node:
    """A line of the index, below ``name``.

    ``letter`` is for a name that is listed under another than its first. Of all
    entries of a name Sphinx heeds the letter of the first alone: each has to say it.
    """
    return addnodes.index(entries=[("single", f"{name}; {page}", place, "", letter)])


def page_name(app: Sphinx, document: nodes.document) -> str:
    """The page's title, with its number where the table of contents gives one."""
    listed = app.config.external_site_map.get(app.env.docname)
    if listed and listed.title and listed.title[0].isdigit():
        return str(listed.title)
    return next(document.findall(nodes.title)).astext()


def shorten(index: list[Any], homes: dict[str, str]) -> None:
    """Leave in the index, of a frequent term's pages, the one that introduces it."""
    for _, entries in index:
        for name, (own, pages, _) in entries:
            if own and len(pages) > MOST_PAGES:
                pages[:] = [
                    (page, places)
                    for page, places in pages
                    if places[0][1].partition(".html#")[0] == homes[name]
                ]


def setup(app: Sphinx) -> None:
    """Add both to what Sphinx does with each page."""
    app.add_transform(LinkTerms)
    app.add_transform(IndexCode)
