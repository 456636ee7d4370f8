"""The house of the library, as CONTRIBUTING.md draws it: who may import whom."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
ROW = re.compile(r"^\| ((?:`\w+` ?)+)\| ", re.MULTILINE)


def drawn() -> dict[str, int]:
    """The row of each module in the table of CONTRIBUTING.md, from its ground up."""
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text[text.index("| in `lrlib/` |") :].split("\n\n")[0]
    rows = [re.findall(r"`(\w+)`", row) for row in ROW.findall(table)]
    return {name: place for place, names in enumerate(rows) for name in names}


def imported(code: str) -> Iterator[str]:
    """Modules of ``lrlib`` that code imports when it is loaded, not when it is used."""
    waiting: list[ast.AST] = [ast.parse(code)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef) or _is_for_types(node):
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            root, _, rest = node.module.partition(".")
            if root == "lrlib":
                names = [rest] if rest else [alias.name for alias in node.names]
                yield from (name.partition(".")[0] for name in names)
        waiting += ast.iter_child_nodes(node)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def upward(name: str, code: str, rows: dict[str, int]) -> list[str]:
    """The modules that one module imports though they do not stand below it."""
    others = set(imported(code)) - {name}
    return sorted(other for other in others if rows[other] >= rows[name])


def modules() -> dict[str, list[Path]]:
    """The files of each module and package of the library."""
    package = REPOSITORY / "lrlib"
    found = {path.stem: [path] for path in package.glob("*.py")}
    del found["__init__"]
    for folder in package.iterdir():
        if files := sorted(folder.rglob("*.py")):
            found[folder.name] = files
    return found


def test_every_module_has_its_place():
    assert set(drawn()) == set(modules())


@pytest.mark.parametrize("name", modules())
def test_module_imports_only_from_below(name):
    for path in modules()[name]:
        assert upward(name, path.read_text(encoding="utf-8"), drawn()) == [], path


def test_import_from_above_is_seen():
    rows = {"decay": 0, "plots": 1, "adaptive": 0}
    assert upward("decay", "from lrlib import plots", rows) == ["plots"]
    assert upward("decay", "from lrlib.plots import curves", rows) == ["plots"]
    assert upward("decay", "from lrlib.adaptive import adam", rows) == ["adaptive"]
    late = "def draw():\n    from lrlib import plots"
    assert upward("decay", late, rows) == []
    assert upward("plots", "from lrlib import decay", rows) == []
