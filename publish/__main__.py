"""``python -m publish [FOLDER]``: build the book into ``_build/html``."""

import argparse
import sys
from pathlib import Path

from publish.build import build
from publish.problems import PublishError


def main() -> int:
    """Build, say where the result is, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m publish", description=__doc__)
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path(),
        help="holds _config.yml, _toc.yml and book/ (default: here)",
    )
    folder = parser.parse_args().folder.resolve()
    try:
        index = build(folder)
    except PublishError as error:
        print(f"\nThe site was not built.\n{error}", file=sys.stderr)
        return 1
    print(f"\nThe course is ready: {index}\nTo read it: make serve")
    return 0


if __name__ == "__main__":
    sys.exit(main())
