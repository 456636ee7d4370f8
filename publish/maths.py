"""Formulas typeset while the site is built: KaTeX run once here, not in every browser.

The page receives finished HTML for the eye and MathML for screen readers. No script is
loaded; of the fonts, a browser fetches those that the page's formulas use.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from py_mini_racer import JSEvalException, MiniRacer
from sphinx.application import Sphinx
from sphinx.util import logging

KATEX = Path(__file__).with_name("katex")
TAG = re.compile(r"<[^>]*>")

logger = logging.getLogger(__name__)


@cache
def _engine() -> MiniRacer:
    engine = MiniRacer()
    engine.eval((KATEX / "katex.min.js").read_text(encoding="utf-8") + ";0")
    return engine


@cache
def html_of(tex: str, display: bool) -> str:
    """HTML and MathML of one formula.

    Raises:
        ValueError: KaTeX can't read the formula; the message shows where.
    """
    options = {"displayMode": display, "throwOnError": True, "strict": "error"}
    try:
        html: str = _engine().call("katex.renderToString", tex, options)
    except JSEvalException as error:
        raise ValueError(str(error).splitlines()[0]) from error
    if display:
        return f'<div class="course-formula">{html}</div>'
    return html


def length(tex: str) -> int:
    """How many characters a formula within a sentence has on the page.

    Raises:
        ValueError: as html_of.
    """
    seen = html_of(tex, False).partition('<span class="katex-html"')[2]
    return len(TAG.sub("", "<" + seen))


def _visit(translator: Any, node: nodes.Element, display: bool) -> None:
    try:
        html = html_of(node.astext(), display)
    except ValueError as error:
        logger.warning("formula: %s", error, location=node)
        raise nodes.SkipNode from error
    if node["classes"]:
        html = node.get("before", "") + html + node.get("after", "")
        html = f'<span class="{" ".join(node["classes"])}">{html}</span>'
    translator.body.append(html)
    raise nodes.SkipNode


def visit_inline(translator: Any, node: nodes.math) -> None:
    """Write a formula within a sentence."""
    _visit(translator, node, display=False)


def visit_display(translator: Any, node: nodes.math_block) -> None:
    """Write a formula on its own line."""
    _visit(translator, node, display=True)


def setup(app: Sphinx) -> None:
    """Register KaTeX as the way to typeset formulas."""
    app.add_html_math_renderer(
        "katex",
        inline_renderers=(visit_inline, None),
        block_renderers=(visit_display, None),
    )
