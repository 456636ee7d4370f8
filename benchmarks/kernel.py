"""The memory that one learner's kernel takes: each lesson, run in a fresh one.

``python -m benchmarks.kernel decay/stairs …`` measures the pages that are named, and
without names all notebooks of the book. Two numbers, as Linux counts them:

- *peak* (VmHWM): the most that the kernel's process held at one moment. The files of
  the libraries count in full.
- *own* (RssAnon), at the end: what is no file. Kernels on one machine share the pages
  of the same files, so a further kernel takes about this much.
"""

from __future__ import annotations

import difflib
import math
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from benchmarks import Row
from publish.build import listed_notebooks
from publish.outputs import KERNEL, kernel_environment

REPOSITORY = Path(__file__).resolve().parents[1]
MOST = 1000  # MiB
WORST = "kernel: the heaviest page"
ASKED = "print(open('/proc/self/status').read())"


@dataclass(frozen=True)
class Memory:
    """What the kernel of one page held, in MiB."""

    page: str
    peak: float
    own: float

    def row(self, name: str, budget: float | None = None) -> Row:
        detail = f"{self.page}; own at the end {self.own:.0f}"
        return Row(name, self.peak, budget, "MiB", detail=detail)


def rows() -> Iterator[Row]:
    """The imports alone, the heaviest page of each chapter, and of the book."""
    if not sys.platform.startswith("linux"):
        yield Row(WORST, math.nan, MOST, "MiB", detail="not measured: only on Linux")
        return
    yield imports().row("kernel: torch imported")
    pages = listed_notebooks(REPOSITORY)
    found = [measured(page, path) for page, path in pages.items()]
    chapters = {one.page.partition("/")[0]: one for one in sorted(found, key=peak)}
    for chapter, heaviest in sorted(chapters.items()):
        yield heaviest.row(f"kernel: {chapter}")
    yield max(found, key=peak).row(WORST, MOST)


def peak(one: Memory) -> float:
    return one.peak


def imports() -> Memory:
    """A kernel that has imported torch, and done nothing else."""
    cell = nbformat.v4.new_code_cell("import torch")
    return after("import torch", nbformat.v4.new_notebook(cells=[cell]), REPOSITORY)


def measured(page: str, path: Path) -> Memory:
    return after(page, nbformat.read(path, as_version=4), path.parent)


def after(page: str, notebook: NotebookNode, folder: Path) -> Memory:
    """What a fresh kernel held when it has run all cells, as a learner's would."""
    notebook.cells.append(nbformat.v4.new_code_cell(ASKED))
    client = NotebookClient(
        notebook,
        kernel_name=KERNEL["name"],
        resources={"metadata": {"path": str(folder)}},
        # Else it warns about its sockets, which are this machine's own.
        extra_arguments=["--log-level=ERROR"],
    )
    client.execute(env=kernel_environment())
    status = notebook.cells[-1].outputs[0].text
    return Memory(page, in_mebibytes(status, "VmHWM"), in_mebibytes(status, "RssAnon"))


def in_mebibytes(status: str, field: str) -> float:
    """A field of /proc/…/status, which counts in kibibytes and calls them kB."""
    found = re.search(rf"^{field}:\s+(\d+) kB$", status, re.MULTILINE)
    if found is None:
        raise ValueError(f"field is {field!r}, and this Linux doesn't state it")
    return int(found[1]) / 1024


def main() -> int:
    known = listed_notebooks(REPOSITORY)
    wanted = sys.argv[1:] or list(known)
    if unknown := [page for page in wanted if page not in known]:
        near = difflib.get_close_matches(unknown[0], known, n=1, cutoff=0.0)[0]
        print(f"{unknown[0]!r} is no notebook of _toc.yml; did you mean {near!r}?")
        return 1
    print(f"{'page':<44}{'peak':>8}{'own':>8}  MiB")
    for one in map(measured, wanted, map(known.__getitem__, wanted)):
        print(f"{one.page:<44}{one.peak:>8.0f}{one.own:>8.0f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
