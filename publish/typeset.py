"""Lays out pages with Sphinx: loaded while the lessons run, set going when they have.

``python -m publish.typeset ARGUMENTS`` is the command ``jupyter-book ARGUMENTS``, which
starts at a line on its standard input. Without one, it ends and has done nothing.
"""

import importlib
import sys

from sphinx.application import builtin_extensions

# What Sphinx and the extensions that _config.yml names would load once they run.
for name in (
    *builtin_extensions,
    "jupyter_book.cli.main",
    "jupyter_book.sphinx",
    "lrlib.explorer",
    "myst_nb.sphinx_ext",
    "sphinx.jinja2glue",
    "sphinx_book_theme",
    "sphinx_external_toc",
    "publish.extension",
):
    importlib.import_module(name)

if __name__ == "__main__" and sys.stdin.readline():
    sys.modules["jupyter_book.cli.main"].main()
