"""Each notebook for Colab runs in Colab's image: alone, on the wheel, moving nothing.

Not part of the other tests, because it needs an environment of its own, with the
versions of Colab (``colab_image/requirements.txt``): ``make prove`` makes it.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from publish.colab import SET_UP, WHEEL
from tests.page_gates import serving

REPOSITORY = Path(__file__).resolve().parents[1]
IMAGE = REPOSITORY / ".venv" / "colab-image"
COLAB = REPOSITORY / "_build" / "colab"
STAND_IN = Path(__file__).with_name("colab_image")
SMOKE = Path(__file__).with_name("smoke.py")
NOTEBOOKS = sorted(COLAB.rglob("*.ipynb"))
WIDGET_MIME = "application/vnd.jupyter.widget-view+json"
# As the kernel of Colab does, it has google.colab before the first cell runs.
START = (
    "import google.colab.output; from ipykernel import kernelapp; "
    "kernelapp.launch_new_instance()"
)


@pytest.fixture(scope="session")
def wheels() -> Iterator[str]:
    """Where the wheel is served from, as by the course's own site."""
    with serving(COLAB) as address:
        yield address


def problems(path: Path, folder: Path, wheels: str) -> list[str]:
    """What goes wrong with a notebook that is alone in a fresh machine of Colab."""
    image = a_fresh_image(folder)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source, count = re.subn(
        r'(?<=wheel = ")[^"]+/', f"{wheels}/", notebook.cells[0].source
    )
    if count != 1:
        return ["its first cell doesn't install the wheel"]
    promised = [_is_interactive(cell) for cell in notebook.cells]
    before = versions(image)
    alone = folder / "content"
    alone.mkdir()
    nbformat.write(notebook, alone / path.name)
    try:
        executed = run(notebook, image, alone)
    except CellExecutionError as error:
        return [str(error)]
    after = versions(image)
    found = [
        f"{name} {version} became {after.get(name, 'nothing')}"
        for name, version in before.items()
        if after.get(name) != version
    ]
    for number, (cell, wanted) in enumerate(zip(executed.cells, promised, strict=True)):
        if wanted and not _shows_a_widget(cell):
            found.append(f"cell {number} shows no widget of anywidget")
    return found


def a_fresh_image(folder: Path) -> Path:
    """A copy of Colab's image, in which pip may install."""
    image = folder / "image"
    # By links, as it holds a gigabyte: pip replaces files, it doesn't write in them.
    shutil.copytree(IMAGE, image, symlinks=True, copy_function=os.link)
    return image


def environment() -> dict[str, str]:
    """The environment without what this test run has put into it."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LRLIB_", "PYTEST_", "VIRTUAL_ENV", "PYTHONPATH"))
    }


def versions(image: Path) -> dict[str, str]:
    """Name and version of each package in an image."""
    frozen = subprocess.run(
        [image / "bin" / "python", "-m", "pip", "list", "--format=freeze"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    # A build's own mark, as in 2.13.0+cpu, is no other version.
    return dict(line.partition("+")[0].split("==") for line in frozen.splitlines())


def run(notebook: NotebookNode, image: Path, folder: Path) -> NotebookNode:
    """Run a notebook in ``folder`` with the Python of ``image``.

    Raises:
        CellExecutionError: a cell raised.
    """
    kernels = folder.parent / "kernels"
    (kernels / "colab").mkdir(parents=True)
    command = [str(image / "bin" / "python"), "-c", START, "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": "Colab", "language": "python"}
    (kernels / "colab" / "kernel.json").write_text(json.dumps(spec))
    manager = AsyncKernelManager(
        kernel_name="colab",
        kernel_spec_manager=KernelSpecManager(
            kernel_dirs=[str(kernels)], ensure_native_kernel=False
        ),
    )
    client = NotebookClient(
        notebook, km=manager, timeout=300, resources={"metadata": {"path": str(folder)}}
    )
    there = {"PYTHONPATH": str(STAND_IN), "IPYTHONDIR": str(folder.parent / "ipython")}
    # The manager is ours, so the client would leave its kernel running.
    return asyncio.run(client.async_execute(env=environment() | there, cleanup_kc=True))


def _is_interactive(cell: NotebookNode) -> bool:
    """Whether the notebook, as it is published, shows an element of ours here."""
    return any(
        str(output.get("data", {}).get("text/plain", "")).startswith(
            ("Explorer:", "Choice:", "Reports:")
        )
        for output in cell.get("outputs", [])
    )


def _shows_a_widget(cell: NotebookNode) -> bool:
    """Whether an output is anywidget's own bundle for Colab, and nothing beside it."""
    return any(
        set(output.data) == {"text/plain", WIDGET_MIME}
        and "custom_widget_manager" in str(output.metadata)
        for output in cell.outputs
        if "data" in output
    )


def test_there_is_an_image_with_the_versions_of_colab() -> None:
    found = versions(IMAGE)
    wanted = (STAND_IN / "requirements.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==(\S+)$", wanted, re.MULTILINE)
    assert {name: found[name] for name, _ in pins} == dict(pins)
    assert not found.keys() & {"lrlib", "anywidget", "myst-nb"}


def test_there_are_notebooks_and_their_wheel() -> None:
    assert len(NOTEBOOKS) > 30
    assert (COLAB / WHEEL).is_file()


def test_the_wheel_alone_passes_its_smoke_test(tmp_path: Path, wheels: str) -> None:
    python = a_fresh_image(tmp_path) / "bin" / "python"
    alone = tmp_path / "alone"
    alone.mkdir()
    script = shutil.copy(SMOKE, alone)

    def smoke() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [python, script],
            cwd=alone,
            env=environment(),
            capture_output=True,
            text=True,
        )

    assert "No module named 'lrlib'" in smoke().stderr
    pip = [python, "-m", "pip", "install", "--quiet", f"{wheels}/{WHEEL}"]
    subprocess.run(pip, env=environment(), check=True)
    run = smoke()
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("lrlib ")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_in_the_image_of_colab(
    path: Path, tmp_path: Path, wheels: str
) -> None:
    assert problems(path, tmp_path, wheels) == []


@pytest.mark.parametrize(
    ("code", "outputs", "said"),
    [
        (
            "import subprocess, sys\n"
            "pip = [sys.executable, '-m', 'pip', 'install', '-q']\n"
            "subprocess.run([*pip, 'tqdm==4.66.0'], check=True)",
            [],
            "tqdm 4.67.1 became 4.66.0",
        ),
        ("import myst_nb", [], "No module named 'myst_nb'"),
        ("open('beside.csv')", [], "No such file or directory: 'beside.csv'"),
        ("print('Explorer: dead')", ["Explorer: dead"], "cell 1 shows no widget"),
    ],
)
def test_the_proof_fails_on(
    code: str, outputs: list[str], said: str, tmp_path: Path, wheels: str
) -> None:
    shown: list[Any] = [
        nbformat.v4.new_output("display_data", {"text/plain": text}) for text in outputs
    ]
    cells = [
        nbformat.v4.new_code_cell(SET_UP.format(wheel=f"nowhere/{WHEEL}")),
        nbformat.v4.new_code_cell(code, outputs=shown),
    ]
    path = tmp_path / "bad.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    assert any(said in problem for problem in problems(path, tmp_path, wheels))


def test_the_proof_fails_without_the_wheel(tmp_path: Path) -> None:
    with serving(tmp_path) as nothing_here:
        (problem,) = problems(NOTEBOOKS[0], tmp_path, nothing_here)
    assert "lrlib could not be installed" in problem
