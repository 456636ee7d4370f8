"""``python -m publish.complete [FOLDER]``: whether all is there that shall be public.

Run it just before the site is handed to its host: an incomplete one must not replace
a complete one.
"""

import sys
from pathlib import Path

from publish.build import check_complete, listed_notebooks, listed_pages
from publish.colab import FOLDER, WHEEL
from publish.command import on_a_folder
from publish.problems import PublishError


def check(folder: Path) -> int:
    """The number of pages of the site in ``folder``, with a notebook for each lesson.

    Raises:
        PublishError: it names what is missing.
    """
    pages = listed_pages(folder)
    html = folder / "_build" / "html"
    check_complete(html, pages)
    wanted = [*(f"{name}.ipynb" for name in listed_notebooks(folder)), WHEEL]
    missing = [name for name in wanted if not (html / FOLDER / name).is_file()]
    if missing:
        raise PublishError(
            f"{html / FOLDER} has {len(wanted) - len(missing)} of {len(wanted)} files; "
            f"missing: {', '.join(missing)}"
        )
    return len(pages)


def work(folder: Path) -> str:
    """Say how many pages are there."""
    return f"{check(folder)} pages, with their notebooks and {WHEEL}"


if __name__ == "__main__":
    sys.exit(
        on_a_folder("python -m publish.complete", __doc__, "Not to be published.", work)
    )
