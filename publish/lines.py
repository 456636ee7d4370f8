"""Where a line of a page may not end: in a short formula, or before its full stop."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from publish import maths

LONGEST = 20  # characters that still fit beside others on a phone's line
TOGETHER = "course-together"  # the style sheet knows it

SPACE, JOINER = "\N{NO-BREAK SPACE}", "\N{WORD JOINER}"
BREAK = re.compile(r"\s")
RELATION = re.compile(r"\S+(?:\s[=≠≤≥<>≈·×/+−]\s\S+)+")
COUNTED = re.compile(
    r"\b(lessons?|chapters?|documents?|updates?|seeds?|epochs?|batch|steps?)"
    r"\s(?=\d)",
    re.IGNORECASE,
)
HYPHEN = re.compile(r"((?<=\de)|\b(?<!-)[A-Za-z])-(?=\w)")  # of 1e-5 and of p-value
CLOSING = re.compile(r"[.,;:!?)\]]+")


def joined(text: str) -> str:
    """The text with spaces and hyphens at which no line ends.

    ``lr = 0.1`` stays on one line, as do ``lesson 3.6`` and ``1e-5``.
    """
    text = RELATION.sub(
        lambda found: (
            BREAK.sub(SPACE, found[0]) if len(found[0]) <= LONGEST else found[0]
        ),
        text,
    )
    text = COUNTED.sub(rf"\1{SPACE}", text)
    return HYPHEN.sub(rf"\1-{JOINER}", text)


class KeepTogether(SphinxPostTransform):
    """Joins what belongs together in the text of a page, not in its code."""

    default_priority = 900  # after the outputs of cells have become text

    def run(self, **kwargs: Any) -> None:
        """Change the page's document."""
        for formula in list(self.document.findall(nodes.math)):
            take_signs(formula)
        for code in self.document.findall(nodes.literal):
            if len(code.astext()) <= LONGEST and not _within(code, nodes.table):
                code["classes"].append(TOGETHER)
        closed = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block)
        for text in list(self.document.findall(nodes.Text)):
            if not _within(text, *closed, nodes.raw, nodes.comment):
                text.parent.replace(text, nodes.Text(joined(text.astext())))


def take_signs(formula: nodes.math) -> None:
    """Give a short formula the bracket before it and the signs after it."""
    try:
        if maths.length(formula.astext()) > LONGEST:
            return
    except ValueError:  # named with its place when the formula is written
        return
    formula["classes"].append(TOGETHER)
    place = formula.parent.index(formula)
    before, after = formula.parent[:place][-1:], formula.parent[place + 1 :][:1]
    if before and isinstance(before[0], nodes.Text) and before[0].endswith("("):
        formula["before"] = "("
        formula.parent.replace(before[0], nodes.Text(before[0][:-1]))
    if after and isinstance(after[0], nodes.Text):
        signs = CLOSING.match(after[0].astext())
        if signs:
            formula["after"] = signs[0]
            formula.parent.replace(after[0], nodes.Text(after[0][signs.end() :]))


def _within(node: nodes.Node, *kinds: type[nodes.Node]) -> bool:
    parent = node.parent
    while parent is not None and not isinstance(parent, kinds):
        parent = parent.parent
    return parent is not None


def setup(app: Sphinx) -> None:
    """Add it to what Sphinx does with each page."""
    app.add_post_transform(KeepTogether)
