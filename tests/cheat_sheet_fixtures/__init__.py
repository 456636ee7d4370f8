"""The cheat sheet as data, and what other libraries gave for the calls on it."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NOTEBOOK = HERE.parents[1] / "book/reference/cheat-sheet.ipynb"


def on_the_page() -> dict[str, Any]:
    """What the cell tagged ``sheet`` defines: entries, reports, versions, …"""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    (cell,) = [c for c in cells if "sheet" in c["metadata"].get("tags", [])]
    names: dict[str, Any] = {"__name__": "cheat_sheet"}
    exec("".join(cell["source"]), names)
    return names


def recorded() -> dict[str, Any]:
    """What record.py wrote."""
    result: dict[str, Any] = json.loads(
        (HERE / "libraries.json").read_text(encoding="utf-8")
    )
    return result
