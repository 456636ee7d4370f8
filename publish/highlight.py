"""Code in colour, without marks around what has the colour of plain text.

Pygments marks each name, bracket and space. In the course's two styles they look like
the text around them, and they would be two of five elements of a page.
"""

from collections.abc import Iterable
from functools import cache
from typing import IO, Any

from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Token
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.highlighting import PygmentsBridge


def leave_plain(app: Sphinx, config: Config) -> None:
    """Have Sphinx mark only what one of the theme's two styles shows."""
    options = config.html_theme_options
    styles = [
        get_style_by_name(options[f"pygments_{scheme}_style"])
        for scheme in ("light", "dark")
    ]

    @cache
    def is_plain(kind: Any) -> bool:
        return kind in STANDARD_TYPES and all(
            style.style_for_token(kind) == style.style_for_token(Token.Text)
            for style in styles
        )

    class Formatter(HtmlFormatter):
        def format_unencoded(
            self, tokensource: Iterable[tuple[Any, str]], outfile: IO[str]
        ) -> None:
            marked = (
                (Token.Text if is_plain(kind) else kind, text)
                for kind, text in tokensource
            )
            super().format_unencoded(marked, outfile)

    PygmentsBridge.html_formatter = Formatter


def setup(app: Sphinx) -> None:
    """Connect it; called by the extension of the course."""
    app.connect("config-inited", leave_plain)
