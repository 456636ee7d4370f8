"""The kernels of the site are forks, and a lesson doesn't notice it."""

import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager

from publish import execute
from publish.problems import PublishError

LOADED = "import sys\nprint({'torch._dynamo', 'matplotlib.pyplot'} <= set(sys.modules))"


def printed(tmp_path: Path, *cells: str) -> str:
    """What a notebook of these cells prints and displays on the site, as text."""
    path = tmp_path / "lesson.ipynb"
    made = [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    (notebook,) = execute.executed([path], tmp_path / "store").values()
    return "".join(
        output.get("text") or output.data["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    )


def test_a_kernel_has_loaded_torch_before_its_first_cell(tmp_path: Path) -> None:
    assert printed(tmp_path, LOADED) == f"{sys.platform == 'linux'}\n"


def test_what_a_lesson_does_not_import_it_does_not_have(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="name 'torch' is not defined"):
        printed(tmp_path, "torch.manual_seed(0)")


# What a lesson can see of its kernel, but for the numbers of processes and ports.
SEEN = """
import gc, logging, os, signal, sys, threading, torch, matplotlib
left_out = {"JPY_PARENT_PID", "IPYTHONDIR"}
for one in (
    sorted(item for item in os.environ.items() if item[0] not in left_out),
    os.getcwd(), sys.path, sys.argv[3:], __name__, sorted(dir()), sys.stdin.closed,
    os.getpgid(0) == os.getsid(0) == os.getpid(), sys.getrecursionlimit(),
    signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM),
    logging.getLogger().level, matplotlib.get_backend(),
    gc.isenabled(), gc.get_threshold(),
    sorted((key, str(value)) for key, value in matplotlib.rcParams.items()),
    torch.get_num_threads(), torch.get_num_interop_threads(),
    torch.get_default_dtype(), sorted(one.name for one in threading.enumerate()),
):
    print(one)
"""

PLOT = "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])"


def test_a_kernel_is_as_if_it_had_been_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forked = printed(tmp_path, LOADED, SEEN, PLOT)
    monkeypatch.setattr(execute, "KERNEL_MANAGER", AsyncKernelManager)
    for result in (tmp_path / "store").glob("*.json"):
        result.unlink()
    started = printed(tmp_path, LOADED, SEEN, PLOT)
    assert started.splitlines()[1:] == forked.splitlines()[1:]
    assert started.startswith("False")  # it is another kind of kernel
    assert started.endswith("<Figure size 640x480 with 1 Axes>")


def test_one_lesson_leaves_the_next_nothing(tmp_path: Path) -> None:
    leave = "import torch, sys; torch.manual_seed(1); sys.left = 1; print('left')"
    assert printed(tmp_path, leave) == "left\n"
    find = "import torch, sys; print(hasattr(sys, 'left'), torch.initial_seed() == 1)"
    assert printed(tmp_path, find) == "False False\n"


def test_a_kernel_that_dies_fails_the_build(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match=r"code cell 1 (?s:.*)Kernel died"):
        printed(tmp_path, "import os; os._exit(3)")


def test_a_cell_that_never_ends_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execute, "SECONDS_PER_CELL", 1)
    with pytest.raises(PublishError, match=r"code cell 2 (?s:.*)after 1 seconds"):
        printed(tmp_path, "1", "while True: pass")
