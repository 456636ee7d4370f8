"""Fonts and their styles, cut down to the icons and formulas that the pages show."""

import re
from pathlib import Path

from fontTools import subset
from lxml.html import document_fromstring

THEME = Path("_static/styles/pydata-sphinx-theme.css")
ICON_FONTS = Path("_static/vendor/fontawesome/webfonts")
FORMULA_FONTS = Path("_static/katex/fonts")
FORMULA = '//*[@class="katex-html"]//text()'  # its visible part
ICON = re.compile(r"\bfa-[a-z0-9-]+")
# .fa-search:before,.fa-magnifying-glass:before{content:"\f002"}
RULE = re.compile(r'((?:\.fa-[a-z0-9-]+:before,?)+)\{content:"\\([0-9a-f]+)"\}')


def shrink(html: Path) -> None:
    """Keep, in the fonts of the built site, the glyphs that occur on its pages."""
    pages = [path.read_text(encoding="utf-8") for path in html.rglob("*.html")]
    _shrink_icons(html, pages)
    _shrink_formulas(html, pages)


def _shrink_icons(html: Path, pages: list[str]) -> None:
    """An icon occurs when its name stands in a page or in a script of the theme."""
    scripts = [
        path.read_text(encoding="utf-8")
        for path in (html / "_static/scripts").glob("*.js")
    ]
    used = {name for text in [*pages, *scripts] for name in ICON.findall(text)}
    css = (html / THEME).read_text(encoding="utf-8")
    points = {
        int(point, 16)
        for names, point in RULE.findall(css)
        if used & set(ICON.findall(names))
    }
    # Two thousand rules for icons that no page shows would be a fifth of the styles.
    kept = RULE.sub(
        lambda rule: rule[0] if used & set(ICON.findall(rule[1])) else "", css
    )
    (html / THEME).write_text(kept, encoding="utf-8")
    for font in (html / ICON_FONTS).glob("*.woff2"):
        _keep(font, points)


def _shrink_formulas(html: Path, pages: list[str]) -> None:
    """A character occurs when it stands in the visible part of some formula."""
    points = {
        ord(character)
        for page in pages
        if "katex-html" in page
        for text in document_fromstring(page).xpath(FORMULA)
        for character in text
    }
    for font in (html / FORMULA_FONTS).glob("*.woff2"):
        _keep(font, points)


def _keep(path: Path, points: set[int]) -> None:
    options = subset.Options(flavor="woff2")
    font = subset.load_font(str(path), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    subset.save_font(font, str(path), options)
