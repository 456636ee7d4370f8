"""The fonts of the site hold what its pages show, whatever the last build needed."""

import shutil
from pathlib import Path

from fontTools.ttLib import TTFont

from publish import fonts

FONTS = Path(fonts.__file__).with_name("katex") / "fonts"
FONT = "KaTeX_Math-Italic.woff2"


def shrunk(tmp_path: Path, formula: str) -> set[str]:
    """The characters of FONT on a site whose one page shows a formula."""
    html = tmp_path / "html"
    shutil.rmtree(html, ignore_errors=True)
    (html / fonts.FORMULA_FONTS).mkdir(parents=True)
    shutil.copy(FONTS / FONT, html / fonts.FORMULA_FONTS)
    (html / fonts.THEME).parent.mkdir(parents=True)
    (html / fonts.THEME).write_text("")
    page = f'<span class="katex"><span class="katex-html">{formula}</span></span>'
    (html / "index.html").write_text(f"<p>A sentence with x.</p>{page}")
    fonts.shrink(html, tmp_path / "store")
    with TTFont(html / fonts.FORMULA_FONTS / FONT) as font:
        return set(map(chr, font.getBestCmap()))


def test_font_holds_the_characters_of_formulas_alone(tmp_path: Path) -> None:
    assert shrunk(tmp_path, "abc") == set("abc")


def test_font_follows_the_formulas_and_the_last_one_is_kept(tmp_path: Path) -> None:
    assert shrunk(tmp_path, "abc") == set("abc")
    (first,) = (tmp_path / "store").iterdir()
    written = first.stat().st_mtime_ns
    assert shrunk(tmp_path, "cba") == set("abc")
    assert first.stat().st_mtime_ns == written  # it was not made again
    assert shrunk(tmp_path, "abcd") == set("abcd")
    (second,) = (tmp_path / "store").iterdir()  # nothing piles up
    assert second.name != first.name
