"""``python -m publish.colab [FOLDER]``: the lessons as notebooks for Google Colab.

Each notebook needs nothing beside it: its first cell installs ``lrlib`` from the wheel
that the course's own site serves. They are written to ``_build/colab``, with the wheel,
executed, with pictures, and the same bytes each time.
"""

import os
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbformat import NotebookNode

from lrlib import __version__
from lrlib.explorer.hosts import FIGURE_MIME, INTERACTIVE_MIME, LAB_MIME
from publish.address import colab_url, repository, site_url
from publish.build import listed_notebooks, listed_pages
from publish.command import on_a_folder
from publish.execute import REPOSITORY, executed
from publish.outputs import KERNEL
from publish.problems import PublishError

WHEEL = f"lrlib-{__version__}-py3-none-any.whl"
#: Folder of the wheel, below the site's own.
FOLDER = "colab"
SOURCES = ("lrlib", "pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT")
# Links to pages of the course; "](t)" in code is a call, so the ending tells.
LINK = re.compile(r"\]\((?!\w+:)([^)\s#]+\.(?:ipynb|md))(#[^)\s]*)?\)")
# What Colab shows in the place of a cell whose code is hidden on the website.
FOLDED = {
    "hide-input": "# @title The code (a double click shows it)",
    "remove-input": "# @title Run this cell",
}
SET_UP = """\
# @title Run this cell first: it installs lrlib, the library of this course
import importlib
import subprocess
import sys

wheel = "{wheel}"
pip = [sys.executable, "-m", "pip", "install", "--quiet", wheel]
installed = subprocess.run(pip, capture_output=True, text=True)
if installed.returncode:
    raise RuntimeError(f"lrlib could not be installed:\\n{{installed.stderr}}")
importlib.invalidate_caches()

import lrlib

print(f"lrlib {{lrlib.__version__}} is installed.")
"""
ABOUT = (
    "\n\nA lesson of [{title}]({site}); also [as a page to read]({page}). Text under "
    "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/), code under the MIT "
    "licence."
)


def build(folder: Path) -> Path:
    """Write the notebooks and the wheel of ``folder``'s book; where they are.

    Raises:
        PublishError: it isn't known where the site will be; a cell failed; a link
            leads to no page of the book.
    """
    if not repository():
        raise PublishError(
            "it isn't known whose notebooks these are: they install lrlib from the "
            "site of a repository. Say which: make colab GITHUB_REPOSITORY=owner/name"
        )
    pages = listed_pages(folder)
    lessons = listed_notebooks(folder)
    notebooks = executed(lessons.values(), folder / "_build" / "executed")
    output = folder / "_build" / "colab"
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    build_wheel(output)
    for name, path in lessons.items():
        target = output / f"{name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        text = nbformat.writes(for_colab(name, notebooks[path], pages), indent=1)
        target.write_text(f"{text}\n", encoding="utf-8")
    return output


def build_wheel(target: Path) -> Path:
    """Build the wheel of ``lrlib`` into a folder, the same bytes each time.

    Raises:
        PublishError: pip could not build it.
    """
    with TemporaryDirectory() as copy:
        # A build leaves its own folders beside the sources; not beside ours.
        for name in SOURCES:
            source, place = REPOSITORY / name, Path(copy) / name
            if source.is_dir():
                left_out = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, place, ignore=left_out)
            else:
                shutil.copyfile(source, place)
        run = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet"),
                *("--no-build-isolation", "--disable-pip-version-check"),
                *("--wheel-dir", str(target), copy),
            ],
            # The first moment that a zip file can name.
            env=os.environ | {"SOURCE_DATE_EPOCH": "315532800"},
            capture_output=True,
            text=True,
        )
    wheel = target / WHEEL
    if run.returncode or not wheel.exists():
        raise PublishError(f"{WHEEL} was not built:\n{run.stderr}")
    return wheel


def for_colab(
    name: str, notebook: NotebookNode, pages: dict[str, Path]
) -> NotebookNode:
    """The notebook that Colab opens for one page, made from the executed one."""
    result = nbformat.v4.new_notebook(
        metadata={
            "colab": {"name": f"{Path(name).name}.ipynb", "toc_visible": True},
            "kernelspec": KERNEL,
            "language_info": {"name": "python"},
        }
    )
    wheel = f"{site_url()}{FOLDER}/{WHEEL}"
    result.cells.append(
        nbformat.v4.new_code_cell(
            SET_UP.format(wheel=wheel), id="set-up", metadata={"cellView": "form"}
        )
    )
    for number, cell in enumerate(notebook.cells):
        result.cells.append(_cell(cell, name, pages))
        if number == 0:  # the title
            result.cells[-1].source += ABOUT.format(
                title="Learning rates", site=site_url(), page=f"{site_url()}{name}.html"
            )
    count = 0
    for cell in result.cells[1:]:
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count
    nbformat.validate(result)
    return result


def _cell(cell: NotebookNode, page: str, pages: dict[str, Path]) -> NotebookNode:
    source = with_full_links(cell.source, page, pages)
    if cell.cell_type != "code":
        return nbformat.v4.new_markdown_cell(source, id=cell.id)
    metadata = {}
    for tag in cell.metadata.get("tags", []):
        if tag in FOLDED:
            source = f"{FOLDED[tag]}\n{source}"
            metadata = {"cellView": "form"}
    outputs = [_output(output, page, pages) for output in cell.outputs]
    return nbformat.v4.new_code_cell(
        source, id=cell.id, metadata=metadata, outputs=outputs
    )


def _output(output: NotebookNode, page: str, pages: dict[str, Path]) -> NotebookNode:
    """The output as any notebook shows it: a picture and words, no type of ours."""
    output = nbformat.from_dict(output)
    if "data" not in output:
        return output
    data: dict[str, Any] = {
        kind: with_full_links(value, page, pages) if kind.startswith("text/") else value
        for kind, value in output.data.items()
        if kind not in (INTERACTIVE_MIME, FIGURE_MIME, LAB_MIME)
    }
    content = output.data.get(INTERACTIVE_MIME, output.data.get(FIGURE_MIME, {}))
    picture = content.get("picture", content.get("png"))
    if picture is not None:
        data["image/png"] = picture
    output.data = nbformat.from_dict(data)
    output.metadata = nbformat.from_dict({})
    return output


def with_full_links(text: str, page: str, pages: dict[str, Path]) -> str:
    """``text`` with its links to lessons leading to Colab, and to others to the site.

    Raises:
        PublishError: a link leads to no page of the book.
    """

    def full(link: re.Match[str]) -> str:
        place = posixpath.normpath(posixpath.join(posixpath.dirname(page), link[1]))
        name, ending = posixpath.splitext(place)
        if name not in pages or pages[name].suffix != ending:
            raise PublishError(f"{page} links to {link[1]}, which is no page")
        if ending == ".ipynb":
            return f"]({colab_url(name)})"
        return f"]({site_url()}{name}.html{link[2] or ''})"

    return LINK.sub(full, text)


def work(folder: Path) -> str:
    """Build, and say what is where."""
    output = build(folder)
    count = sum(1 for _ in output.rglob("*.ipynb"))
    return f"{count} notebooks for Colab, and {WHEEL}, are in {output}"


if __name__ == "__main__":
    refused = "The notebooks were not built."
    sys.exit(on_a_folder("python -m publish.colab", __doc__, refused, work))
