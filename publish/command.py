"""What the commands of this package share: a folder to work on, and an exit status."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from publish.problems import PublishError


def on_a_folder(
    program: str, about: str | None, refused: str, work: Callable[[Path], str]
) -> int:
    """Run ``work`` on the folder that the command line names; the exit status.

    Args:
        program: how the command is called.
        about: its description.
        refused: the words before the reason, where ``work`` raised a PublishError.
        work: takes the folder and returns what there is to say of the result.
    """
    parser = argparse.ArgumentParser(prog=program, description=about)
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path(),
        help="holds _config.yml, _toc.yml and book/ (default: here)",
    )
    folder = parser.parse_args().folder.resolve()
    try:
        said = work(folder)
    except PublishError as error:
        print(f"\n{refused}\n{error}", file=sys.stderr)
        return 1
    print(f"\n{said}")
    return 0
