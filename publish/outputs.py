"""Store a lesson's text outputs, and nothing else that a run leaves behind.

``python -m publish.outputs FILES`` runs notebooks as a reader's kernel would and
rewrites them in canonical form; ``--check`` runs nothing and lists what isn't in
that form. Text is what the tests compare, so it is kept: printed lines, plain text
and Markdown. Pictures, widget views and states, timings and editor settings go.
"""

from __future__ import annotations

import argparse
import copy
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from publish.execute import joined

KEPT_TYPES = ("text/markdown", "text/plain")
KEPT_METADATA = ("description", "lesson")
# "jupyter" hides a cell's code in JupyterLab, as its tag does on the website.
KEPT_CELL_METADATA = ("jupyter", "mystnb", "tags")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def normalise(notebook: Any) -> Any:
    """A copy of ``notebook`` in canonical form: its text, and nothing of the run.

    Execution counts become 1, 2, 3, …: without one, nbval takes a cell for never
    run and compares nothing. Cells that never ran keep None, for the tests to see.
    """
    result = nbformat.from_dict(copy.deepcopy(dict(notebook)))
    result.nbformat, result.nbformat_minor = 4, 5
    result.metadata = nbformat.from_dict(
        {key: result.metadata[key] for key in KEPT_METADATA if key in result.metadata}
        | {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    )
    seen: set[str] = set()
    number = 0
    for position, cell in enumerate(result.cells, start=1):
        if cell.get("id", "") in seen | {""}:
            cell.id = f"cell-{position}"
        seen.add(cell.id)
        cell.metadata = nbformat.from_dict(
            {
                key: cell.metadata[key]
                for key in KEPT_CELL_METADATA
                if cell.metadata.get(key)
            }
        )
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            number += 1
            if cell.execution_count is not None:
                cell.execution_count = number
            cell.outputs = [
                kept
                for output in joined(cell.outputs)
                if (kept := _text_only(output, cell.execution_count)) is not None
            ]
    return result


def _text_only(output: Any, count: int | None) -> Any | None:
    """The output without what a test can't compare; None if nothing is left."""
    if output.output_type == "stream":
        return output if output.name == "stdout" else None
    if output.output_type not in ("display_data", "execute_result"):
        return None
    data = {kind: output.data[kind] for kind in KEPT_TYPES if kind in output.data}
    if not data:
        return None
    kept = {"output_type": output.output_type, "metadata": {}, "data": data}
    if output.output_type == "execute_result":
        kept["execution_count"] = count
    return nbformat.from_dict(kept)


def kernel_environment() -> dict[str, str]:
    """The environment of a reader's kernel, without progress bars.

    A bar appears only when the machine is slow; its text would differ every time.
    """
    environment = dict(os.environ, TQDM_DISABLE="1")
    environment.pop("LRLIB_HOST", None)
    return environment


def execute(path: Path) -> Any:
    """Run the notebook at ``path`` in a fresh kernel, in its own folder.

    Raises nbclient's CellExecutionError if a cell raises, and ValueError if one
    writes to stderr: a warning is the author's to read, not the reader's.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name=KERNEL["name"],
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        store_widget_state=False,
        # Else it warns about its sockets, which are this machine's own.
        extra_arguments=["--log-level=ERROR"],
    )
    client.execute(env=kernel_environment())
    for position, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise ValueError(
                    f"{path}, cell {position} writes to stderr:\n{output.text}"
                )
    return notebook


def differences(notebook: Any) -> list[str]:
    """Where ``notebook`` isn't in canonical form, one line each."""
    return list(_differences(notebook, normalise(notebook), ""))


def _differences(found: Any, canonical: Any, place: str) -> Iterator[str]:
    if isinstance(found, dict) and isinstance(canonical, dict):
        for key in sorted(found.keys() | canonical.keys()):
            here = f"{place}.{key}" if place else key
            if key not in canonical:
                yield f"{here} must go"
            elif key not in found:
                yield f"{here} is missing"
            else:
                yield from _differences(found[key], canonical[key], here)
    elif isinstance(found, list) and isinstance(canonical, list):
        if len(found) != len(canonical):
            kinds = ", ".join(map(_kind, found))
            yield f"{place} has {len(found)} ({kinds}) where {len(canonical)} may stay"
            return
        for position, (one, other) in enumerate(
            zip(found, canonical, strict=True), start=1
        ):
            yield from _differences(one, other, f"{place} {position}")
    elif found != canonical:
        yield f"{place} is {found!r}, canonical is {canonical!r}"


def _kind(item: Any) -> str:
    """What an output is, in words: its stream or its types."""
    if not isinstance(item, dict):
        return repr(item)
    return str(item.get("name") or "+".join(item.get("data", {})) or "error")


def write(notebook: Any, path: Path) -> None:
    text = nbformat.writes(notebook, indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; 1 if ``--check`` found something."""
    parser = argparse.ArgumentParser(prog="python -m publish.outputs")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILES")
    parser.add_argument(
        "--check", action="store_true", help="run nothing, list what isn't canonical"
    )
    options = parser.parse_args(arguments)
    bad = 0
    for path in options.files:
        if options.check:
            found = differences(nbformat.read(path, as_version=4))
            bad += bool(found)
            print(*(f"{path}: {line}" for line in found or ["ok"]), sep="\n")
        else:
            write(normalise(execute(path)), path)
            print(f"{path}: outputs stored")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
