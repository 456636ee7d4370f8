"""``python -m publish.complete [FOLDER]``: whether all is there that shall be public.

Run it just before the site is handed to its host: an incomplete one must not replace
a complete one.
"""

import argparse
import sys
from pathlib import Path

from publish.build import check_complete, listed_pages
from publish.colab import FOLDER, WHEEL
from publish.problems import PublishError


def check(folder: Path) -> int:
    """The number of pages of the site in ``folder``, with a notebook for each lesson.

    Raises:
        PublishError: it names what is missing.
    """
    pages = listed_pages(folder)
    html = folder / "_build" / "html"
    check_complete(html, pages)
    wanted = [f"{name}.ipynb" for name, path in pages.items() if path.suffix != ".md"]
    missing = [
        name for name in [*wanted, WHEEL] if not (html / FOLDER / name).is_file()
    ]
    if missing:
        raise PublishError(
            f"{html / FOLDER} has {len(wanted) + 1 - len(missing)} of "
            f"{len(wanted) + 1} files; missing: {', '.join(missing)}"
        )
    return len(pages)


def main() -> int:
    """Say what is there or what is missing, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m publish.complete", description=__doc__
    )
    parser.add_argument("folder", nargs="?", type=Path, default=Path())
    try:
        count = check(parser.parse_args().folder.resolve())
    except PublishError as error:
        print(f"Not to be published: {error}", file=sys.stderr)
        return 1
    print(f"{count} pages, with their notebooks and {WHEEL}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
