"""``python -m publish [FOLDER]``: build the book into ``_build/html``."""

import sys
from pathlib import Path

from publish.build import build
from publish.command import on_a_folder


def work(folder: Path) -> str:
    """Build, and say where the result is."""
    return f"The course is ready: {build(folder)}\nTo read it: make serve"


if __name__ == "__main__":
    sys.exit(on_a_folder("python -m publish", __doc__, "The site was not built.", work))
