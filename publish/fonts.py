"""Fonts and their styles, cut down to the icons and formulas that the pages show."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset, version
from lxml.html import document_fromstring

THEME = Path("_static/styles/pydata-sphinx-theme.css")
ICON_FONTS = Path("_static/vendor/fontawesome/webfonts")
FORMULA_FONTS = Path("_static/katex/fonts")
FORMULA = '//*[@class="katex-html"]//text()'  # its visible part
ICON = re.compile(r"\bfa-[a-z0-9-]+")
# .fa-search:before,.fa-magnifying-glass:before{content:"\f002"}
RULE = re.compile(r'((?:\.fa-[a-z0-9-]+:before,?)+)\{content:"\\([0-9a-f]+)"\}')


def shrink(html: Path, store: Path) -> None:
    """Keep, in the fonts of the built site, the glyphs that occur on its pages.

    The fonts of this build are kept in ``store`` for the next one, which seldom shows
    other characters.
    """
    pages = [path.read_text(encoding="utf-8") for path in html.rglob("*.html")]
    store.mkdir(exist_ok=True)
    wanted = [*_icons(html, pages), *_formulas(html, pages)]
    kept = {_cut(font, points, store) for font, points in wanted}
    for stale in set(store.iterdir()) - kept:
        stale.unlink()


def _icons(html: Path, pages: list[str]) -> Iterator[tuple[Path, set[int]]]:
    """The fonts of icons, with what occurs; the styles lose the rules of the rest.

    An icon occurs when its name stands in a page or in a script of the theme.
    """
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
        yield font, points


def _formulas(html: Path, pages: list[str]) -> Iterator[tuple[Path, set[int]]]:
    """The fonts of formulas, with what occurs in the visible part of some formula."""
    points = {
        ord(character)
        for page in pages
        if "katex-html" in page
        for text in document_fromstring(page).xpath(FORMULA)
        for character in text
    }
    for font in (html / FORMULA_FONTS).glob("*.woff2"):
        yield font, points


def _cut(path: Path, points: set[int], store: Path) -> Path:
    """Leave a font only these characters; where that font is kept in the store."""
    key = hashlib.sha256(path.read_bytes())
    key.update(f"{version} {sorted(points)}".encode())
    kept = store / f"{path.stem}-{key.hexdigest()[:32]}.woff2"
    if not kept.exists():
        options = subset.Options(flavor="woff2")
        half = kept.with_suffix(".half")
        with subset.load_font(str(path), options) as font:
            subsetter = subset.Subsetter(options)
            subsetter.populate(unicodes=points)
            subsetter.subset(font)
            subset.save_font(font, str(half), options)
        half.replace(kept)
    shutil.copyfile(kept, path)
    return kept
