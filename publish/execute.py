"""Runs the lessons, two at a time, and keeps their outputs as long as they hold."""

import asyncio
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbformat import NotebookNode

from publish.kernels import ENVIRONMENT, KERNEL_MANAGER
from publish.problems import PublishError

REPOSITORY = Path(__file__).resolve().parents[1]
RUN_BY = ("execute.py", "kernels.py", "loaded.py")
WORKERS = 2
SECONDS_PER_CELL = 120


def executed(notebooks: Iterable[Path], store: Path) -> dict[Path, NotebookNode]:
    """Each notebook with the outputs of its code cells, run only where needed.

    Outputs are kept in ``store`` under a key made of everything that they depend on:
    the code cells, the package, the pins and the code that runs them. What no lesson
    uses any more is removed.

    Raises:
        PublishError: cells failed; each is named with its lesson.
    """
    store.mkdir(parents=True, exist_ok=True)
    sources = {path: nbformat.read(path, as_version=4) for path in notebooks}
    common = common_key()
    kept = {path: store / f"{_key(nb, common)}.json" for path, nb in sources.items()}
    missing = [path for path in sources if not kept[path].exists()]
    # The longest first, as far as length tells, so that both workers end together.
    missing.sort(key=lambda path: path.stat().st_size, reverse=True)
    with ThreadPoolExecutor(WORKERS) as pool:  # the work itself is in the kernels
        problems = list(
            pool.map(lambda path: _run(path, sources[path], kept[path]), missing)
        )
    found = [problem for problem in problems if problem]
    if found:
        raise PublishError("\n\n".join(found))
    for stale in set(store.glob("*.json")) - set(kept.values()):
        stale.unlink()
    return {path: _with_outputs(nb, kept[path]) for path, nb in sources.items()}


def common_key() -> bytes:
    """Hash of what the outputs of every lesson depend on."""
    key = hashlib.sha256()
    # A notebook can reach nothing else of ours: the package and the pins.
    package = REPOSITORY / "lrlib"
    kinds = {".py", ".mjs", ".txt"}
    files = [path for path in package.rglob("*") if path.suffix in kinds]
    ours = [REPOSITORY / "publish" / name for name in RUN_BY]
    for path in [*sorted(files), REPOSITORY / "constraints.txt", *ours]:
        key.update(str(path.relative_to(REPOSITORY)).encode())
        key.update(path.read_bytes())
    return key.digest()


def _key(notebook: NotebookNode, common: bytes) -> str:
    code = [
        [cell.source, sorted(cell.metadata.get("tags", []))] for cell in _code(notebook)
    ]
    return hashlib.sha256(common + json.dumps(code).encode()).hexdigest()[:32]


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _run(path: Path, source: NotebookNode, kept: Path) -> str | None:
    """Execute one notebook and keep its outputs; what went wrong, or None."""
    print(f"running {path.name}", flush=True)
    notebook = nbformat.from_dict(source)
    for cell in _code(notebook):
        cell.outputs, cell.execution_count = [], None
    reached = 0

    def starts(cell: NotebookNode, cell_index: int) -> None:
        nonlocal reached
        reached = cell_index

    client = NotebookClient(
        notebook,
        kernel_name="python3",
        kernel_manager_class=KERNEL_MANAGER,
        # It warns that it speaks over TCP; it does so with this computer alone.
        extra_arguments=["--log-level=ERROR"],
        timeout=SECONDS_PER_CELL,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_execute=starts,
    )
    try:
        asyncio.run(client.async_execute(env=_environment(kept.parent)))
    except (CellControlSignal, DeadKernelError) as error:
        return _where(path, notebook, reached, _tail(str(error)))
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                return _where(path, notebook, index, f"wrote to stderr:\n{output.text}")
    text = json.dumps([list(joined(cell.outputs)) for cell in _code(notebook)])
    # Written beside and renamed: an interrupted build leaves no half file behind.
    half = kept.with_suffix(".half")
    half.write_text(text, encoding="utf-8")
    half.replace(kept)
    return None


def joined(outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
    """The outputs, with neighbouring pieces of one stream made one.

    A kernel sends what is printed every so often, so the pieces depend on the clock.
    """
    last = None
    for output in outputs:
        is_stream = output.output_type == "stream"
        if is_stream and last is not None and last.name == output.name:
            last.text += output.text
            continue
        last = output if is_stream else None
        yield output


def _environment(store: Path) -> dict[str, str]:
    # The profile of whoever builds the site changes nothing on it.
    own = {"LRLIB_HOST": "site", "IPYTHONDIR": str(store / "ipython")}
    return os.environ | ENVIRONMENT | own


def _where(path: Path, notebook: NotebookNode, index: int, what: str) -> str:
    number = sum(cell.cell_type == "code" for cell in notebook.cells[: index + 1])
    source = notebook.cells[index].source
    first = source.splitlines()[0] if source else "(empty)"
    return f"{path}, code cell {number} ({first}):\n{what}"


def _tail(message: str, lines: int = 25) -> str:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", message)
    return "\n".join(plain.strip().splitlines()[-lines:])


def _with_outputs(source: NotebookNode, kept: Path) -> NotebookNode:
    notebook = nbformat.from_dict(source)
    outputs = json.loads(kept.read_text(encoding="utf-8"))
    for cell, shown in zip(_code(notebook), outputs, strict=True):
        cell.outputs = nbformat.from_dict(shown)
    return notebook
