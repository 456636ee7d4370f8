"""The notebooks for Colab: what is in them. That they run: ``colab_proof.py``."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest

from publish import address, colab, complete
from publish.problems import PublishError

FIXTURE = Path(__file__).parent / "site_fixtures" / "lesson"
SITE = "https://someone.github.io/course/"
COLAB = "https://colab.research.google.com/github/someone/course/blob/colab/"


@pytest.fixture(autouse=True)
def _address(monkeypatch):
    monkeypatch.setenv("GITHUB_REPOSITORY", "someone/course")
    monkeypatch.delenv("SITE_URL", raising=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A tiny book, and its notebooks for Colab."""
    copy = tmp_path_factory.mktemp("book") / "a book"
    shutil.copytree(FIXTURE, copy)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_REPOSITORY", "someone/course")
        patch.delenv("SITE_URL", raising=False)
        colab.build(copy)
    return copy


@pytest.fixture(scope="module")
def notebook(folder) -> Any:
    return nbformat.read(folder / "_build" / "colab" / "index.ipynb", as_version=4)


def test_first_cell_installs_the_wheel_of_the_site(notebook):
    first = notebook.cells[0]
    assert f'wheel = "{SITE}colab/{colab.WHEEL}"' in first.source
    assert first.outputs == []
    assert first.metadata.cellView == "form"
    compile(first.source, "first cell", "exec")


def test_title_says_where_it_is_from_and_under_which_licence(notebook):
    title = notebook.cells[1].source
    assert title.startswith("# A lesson")
    assert f"({SITE}index.html)" in title
    assert "CC BY 4.0" in title
    assert "MIT" in title


def test_links_lead_to_colab_and_to_the_site(notebook, folder):
    title, said = notebook.cells[1].source, notebook.cells[2]
    assert f"[the second]({COLAB}more/second.ipynb)" in title
    assert f"[a note]({SITE}note.html)" in title
    assert f"[the second]({COLAB}more/second.ipynb)" in said.source
    assert f"({COLAB}more/second.ipynb)" in str(said.outputs[0].data["text/markdown"])
    assert "rates[0](-0.5)" in notebook.cells[3].source  # a call is no link
    second = folder / "_build" / "colab" / "more" / "second.ipynb"
    assert f"[back]({COLAB}index.ipynb)" in second.read_text("utf-8")


def test_link_keeps_its_anchor_where_there_is_one():
    pages = {"facts": Path("facts.md"), "a/b": Path("b.ipynb")}
    full = colab.with_full_links("[x](../facts.md#claim-1)", "a/b", pages)
    assert full == f"[x]({SITE}facts.html#claim-1)"


def test_link_to_no_page_is_an_error():
    with pytest.raises(PublishError, match="more/a links to b"):
        colab.with_full_links("[b](b.ipynb)", "more/a", {"more/a": Path("a.ipynb")})


def test_outputs_are_pictures_and_words(notebook):
    kinds = [
        set(output.data)
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    assert kinds == [
        {"text/plain", "text/markdown"},
        {"text/plain"},
        {"text/plain"},
        {"text/plain", "image/png"},
        {"text/plain"},
    ]
    assert "widgets" not in notebook.metadata


def test_code_that_the_site_hides_is_folded(notebook):
    views = [cell.metadata.get("cellView") for cell in notebook.cells]
    assert views == ["form", None, "form", "form", None, None]
    assert notebook.cells[2].source.startswith("# @title Run this cell\n")


def test_twice_gives_the_same_bytes(folder):
    output = folder / "_build" / "colab"

    def hashes() -> dict[str, str]:
        return {
            str(path.relative_to(output)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in output.rglob("*")
            if path.is_file()
        }

    before = hashes()
    assert sorted(before) == ["index.ipynb", colab.WHEEL, "more/second.ipynb"]
    (output / "old.ipynb").write_text("left over")
    colab.build(folder)
    assert hashes() == before


def test_wheel_holds_what_the_lessons_need(folder):
    with zipfile.ZipFile(folder / "_build" / "colab" / colab.WHEEL) as wheel:
        names = set(wheel.namelist())
        (metadata,) = (name for name in names if name.endswith("METADATA"))
        about = wheel.read(metadata).decode()
    assert "lrlib/py.typed" in names
    for pattern in ("explorer/*.mjs", "data/*.txt", "exercises/**/*.py", "*.py"):
        ours = {
            f"lrlib/{path.relative_to(colab.REPOSITORY / 'lrlib').as_posix()}"
            for path in (colab.REPOSITORY / "lrlib").glob(pattern)
        }
        assert ours, pattern
        assert ours <= names
    assert not any("__pycache__" in name or "tests" in name for name in names)
    assert f"Version: {colab.__version__}\n" in about
    assert "License-Expression: MIT\n" in about


@pytest.mark.parametrize(
    ("repository", "setting", "url"),
    [
        ("", "", ""),
        ("Someone/Course", "", "https://someone.github.io/Course/"),
        ("someone/Someone.github.io", "", "https://someone.github.io/"),
        ("someone/course", "https://rates.example", "https://rates.example/"),
    ],
)
def test_address_of_the_site(repository, setting, url, monkeypatch):
    monkeypatch.setenv("GITHUB_REPOSITORY", repository)
    monkeypatch.setenv("SITE_URL", setting)
    assert address.site_url() == url


def test_nothing_is_built_for_nobody(monkeypatch, folder):
    monkeypatch.delenv("GITHUB_REPOSITORY")
    with pytest.raises(PublishError, match="make colab GITHUB_REPOSITORY=owner/name"):
        colab.build(folder)


def test_what_is_published_is_complete(tmp_path):
    folder = tmp_path / "book"
    shutil.copytree(FIXTURE, folder)
    html = folder / "_build" / "html"
    files = ["index.html", "more/second.html", "note.html", "404.html", "search.html"]
    files += [f"colab/{name}" for name in ("index.ipynb", "more/second.ipynb")]
    for name in [*files, f"colab/{colab.WHEEL}"]:
        (html / name).parent.mkdir(parents=True, exist_ok=True)
        (html / name).write_text(json.dumps(name))
    assert complete.check(folder) == 3
    for name in ("more/second.html", "colab/more/second.ipynb", f"colab/{colab.WHEEL}"):
        kept = (html / name).read_text()
        (html / name).unlink()
        with pytest.raises(PublishError, match=Path(name).name):
            complete.check(folder)
        (html / name).write_text(kept)
