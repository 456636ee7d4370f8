"""The image for Binder and JupyterHub installs the book's pins, or none at all.

``postBuild`` runs here for real, with a Python that installs nothing and writes down
what it was asked. ``problems`` says what is wrong with a checkout, one line a fault, so
that a changed copy can show that the fault is found.
"""

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parent.parent
NEEDED = ("constraints.txt", "pyproject.toml")

# Writes each call on one line: where it runs, then its arguments. A line that begins
# with #! can't name a Python whose path has a space.
RECORDER = """#!/bin/sh
exec {python} -c '
import os, sys
with open(sys.argv[1], "a") as log:
    print(os.getcwd(), *sys.argv[2:], sep="\\t", file=log)
sys.exit({status})
' {log} "$@"
"""


def checkout(folder: Path) -> Path:
    """A copy of what the image is made from."""
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / ".binder", folder / ".binder")
    for name in NEEDED:
        shutil.copy(ROOT / name, folder)
    return folder


def asked(folder: Path, beside: Path, status: int = 0) -> tuple[int, list[list[str]]]:
    """What postBuild asks of Python: its exit status, and each call with its folder.

    ``status`` is what every call answers.
    """
    commands = beside / "bin"
    commands.mkdir(parents=True, exist_ok=True)
    log, python = beside / "log", commands / "python"
    log.write_text("")
    python.write_text(
        RECORDER.format(
            python=shlex.quote(sys.executable), log=shlex.quote(str(log)), status=status
        )
    )
    python.chmod(0o755)
    run = subprocess.run(
        ["bash", str(folder / ".binder" / "postBuild")],
        cwd=beside,  # so that a path that only holds in the checkout is seen
        env=os.environ | {"PATH": f"{commands}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    calls = [line.split("\t") for line in log.read_text().splitlines()]
    return run.returncode, calls


def problems(folder: Path, beside: Path) -> list[str]:
    """What is wrong with the image that repo2docker would make of ``folder``."""
    return [
        *script_problems(folder, beside),
        *install_problems(folder, asked(folder, beside)[1], str(beside)),
        *python_problems(folder),
        *pin_problems(folder),
    ]


def script_problems(folder: Path, beside: Path) -> list[str]:
    script = folder / ".binder" / "postBuild"
    faults = []
    if not script.stat().st_mode & stat.S_IXUSR:
        faults.append("postBuild is not executable")
    if "\nset -euo pipefail\n" not in script.read_text(encoding="utf-8"):
        faults.append("postBuild goes on after an error: set -euo pipefail is missing")
    status, calls = asked(folder, beside, status=1)
    if status == 0 or len(calls) != 1:
        faults.append(f"postBuild ends with {status} when its first call fails")
    return faults


def install_problems(folder: Path, calls: list[list[str]], beside: str) -> list[str]:
    """Whether each call installs at pins, and the last one lrlib without CUDA."""
    faults = []
    for where, *words in calls:
        call = " ".join(words)
        if re.search(r"https?://|--(extra-)?index|--find-links", call):
            faults.append(f"an index is named: {call}")
        if Path(where) != folder:
            faults.append(f"run in another folder than the checkout: {call}")
        constrained = "--constraint constraints.txt" in call
        loose = [word for word in packages(words) if "==" not in word]
        if loose and not constrained:
            faults.append(f"{', '.join(loose)} without a pin: {call}")
    last = " ".join(calls[-1][1:]) if calls else ""
    if not last.endswith(" ."):
        faults.append(f"lrlib is not installed from the checkout last: {last}")
    if "-m uv pip install" not in last or "--torch-backend cpu" not in last:
        faults.append(f"not PyTorch for the CPU: {last}")
    if f"--python {beside}/bin/python" not in last:
        faults.append(f"not into the Python that is active: {last}")
    return faults


def packages(words: list[str]) -> list[str]:
    """What a call of pip or uv is to install."""
    after = words[words.index("install") + 1 :] if "install" in words else []
    options = {"--python", "--torch-backend", "--constraint"}
    return [
        word
        for before, word in zip(["", *after], after, strict=False)
        if not word.startswith("-") and before not in options
    ]


def python_problems(folder: Path) -> list[str]:
    named = (folder / ".binder" / "runtime.txt").read_text(encoding="utf-8").strip()
    allowed = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    bounds = allowed["project"]["requires-python"]
    found = re.fullmatch(r"python-(\d+\.\d+)", named)
    if found is None:
        return [f"runtime.txt says {named!r}; repo2docker reads python-X.Y"]
    if found[1] not in SpecifierSet(bounds):
        return [f"Python {found[1]} is not in {bounds} of pyproject.toml"]
    first = (folder / "constraints.txt").read_text(encoding="utf-8").splitlines()[0]
    if not re.search(rf"\bPython {re.escape(found[1])}\b", first):
        return [f"the pins are not for Python {found[1]}: {first}"]
    return []


def pin_problems(folder: Path) -> list[str]:
    """Whether the pins hold each package that lrlib needs, within its bounds."""
    text = (folder / "constraints.txt").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)$", text, re.MULTILINE))
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    needed = map(Requirement, project["project"]["dependencies"])
    return [
        f"{one} has the pin {pins.get(one.name)}"
        for one in needed
        if one.name not in pins or pins[one.name] not in one.specifier
    ]


def test_the_image_installs_the_pins(tmp_path: Path) -> None:
    assert problems(checkout(tmp_path / "course"), tmp_path / "beside") == []


def test_the_script_calls_pip_then_uv(tmp_path: Path) -> None:
    status, calls = asked(checkout(tmp_path / "course"), tmp_path / "beside")
    assert status == 0
    assert [call[1:5] for call in calls] == [
        ["-m", "pip", "install", "--no-cache-dir"],
        ["-m", "uv", "pip", "install"],
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        ("postBuild", "set -euo pipefail\n", "", "postBuild goes on after an error"),
        (
            "postBuild",
            "set -euo pipefail\n",
            "set -euo pipefail\nset +e\n",
            "postBuild ends with 1 when its first call fails",
        ),
        ("postBuild", "uv==0.13.9", "uv", "uv without a pin"),
        ("postBuild", "--constraint constraints.txt", "", ". without a pin"),
        ("postBuild", "--torch-backend cpu", "", "not PyTorch for the CPU"),
        ("postBuild", "-m uv pip", "-m pip", "not PyTorch for the CPU"),
        ("postBuild", '--python "$python" ', "", "not into the Python that is active"),
        ("postBuild", 'cd "$(dirname "$0")/.."', "", "run in another folder"),
        ("postBuild", "constraints.txt .", "constraints.txt x", "lrlib is not install"),
        ("postBuild", "--no-cache ", "--index-url x ", "an index is named"),
        ("runtime.txt", "3.11", "3.10", "Python 3.10 is not in >=3.11"),
        ("runtime.txt", "3.11", "3.13", "the pins are not for Python 3.13"),
        ("runtime.txt", "python-3.11", "3.11", "runtime.txt says '3.11'"),
        ("../constraints.txt", "torch==2", "torch==1", "torch>=2.10 has the pin 1.13"),
        ("../constraints.txt", "numpy==", "# ", "numpy>=2.0 has the pin None"),
    ],
)
def test_a_fault_of_the_image_is_found(
    tmp_path: Path, name: str, old: str, new: str, problem: str
) -> None:
    folder = checkout(tmp_path / "course")
    path = folder / ".binder" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    found = problems(folder, tmp_path / "beside")
    assert any(line.startswith(problem) for line in found), found


def test_a_script_that_nobody_may_run_is_found(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "course")
    (folder / ".binder" / "postBuild").chmod(0o644)
    assert problems(folder, tmp_path / "beside") == ["postBuild is not executable"]
