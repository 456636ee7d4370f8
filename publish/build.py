"""From the sources to the site: run the lessons, lay out pages, check the result."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import yaml

from publish import facts
from publish.address import site_url
from publish.execute import REPOSITORY, executed
from publish.problems import PublishError
from publish.terms import GLOSSARY


def build(folder: Path) -> Path:
    """Build the book of ``folder`` into its ``_build/html``; the path of the index.

    Raises:
        PublishError: a cell failed, a page gave a warning, pages are missing, or
            GITHUB_REPOSITORY or SITE_URL is something else than their names say.
    """
    for name in ("_config.yml", "_toc.yml", "book"):
        if not (folder / name).exists():
            raise PublishError(f"{folder / name} is missing; is this a book's folder?")
    site_url()  # wrong settings are told before the lessons run for minutes
    output = folder / "_build"
    pages = listed_pages(folder)
    settings = _settings_key(folder)  # of the code that Sphinx's process loads next
    with _sphinx(folder, output) as sphinx:
        notebooks = executed(listed_notebooks(folder).values(), output / "executed")
        texts = {
            path: nbformat.writes(facts.with_anchors(notebook))
            for path, notebook in notebooks.items()
        }
        if facts.PAGE.with_suffix("").as_posix() in pages:
            texts |= facts.pages(folder / "book", notebooks)
        changed = _lay_out(folder / "book", output / "source", texts)
        if changed or not _is_current(output, settings, pages):
            _typeset(output, settings, sphinx)
            check_complete(output / "html", pages)
    _offer_originals(output / "html", listed_notebooks(folder))
    return output / "html" / "index.html"


def listed_pages(folder: Path) -> dict[str, Path]:
    """The pages that the table of contents lists: name, and source under ``book/``."""
    toc = yaml.safe_load((folder / "_toc.yml").read_text(encoding="utf-8"))
    names = [toc["root"]]

    def collect(part: dict) -> None:
        for entry in part.get("chapters", []) + part.get("sections", []):
            if "file" in entry:
                names.append(entry["file"])
            collect(entry)
        for subtree in part.get("parts", []):
            collect(subtree)

    collect(toc)
    pages = {}
    for name in names:
        found = [
            path
            for suffix in (".ipynb", ".md")
            if (path := folder / "book" / f"{name}{suffix}").exists()
        ]
        if not found:
            raise PublishError(f"_toc.yml lists {name!r}; book/{name}.* does not exist")
        pages[name] = found[0]
    return pages


def listed_notebooks(folder: Path) -> dict[str, Path]:
    """Those of the listed pages that are notebooks."""
    pages = listed_pages(folder)
    return {name: path for name, path in pages.items() if path.suffix == ".ipynb"}


def _lay_out(book: Path, source: Path, texts: dict[Path, str]) -> bool:
    """Copy the book, some of it with other text; whether anything changed.

    Sphinx reads a page again when its file is newer, so an equal file stays as it is.
    """
    changed = False
    wanted = {
        path
        for path in book.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(book).parts)
    }
    for path in wanted:
        text = texts[path].encode() if path in texts else path.read_bytes()
        target = source / path.relative_to(book)
        if not target.exists() or target.read_bytes() != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text)
            changed = True
    for old in source.rglob("*"):
        if old.is_file() and book / old.relative_to(source) not in wanted:
            old.unlink()
            changed = True
    return changed


def _is_current(output: Path, settings: str, pages: dict[str, Path]) -> bool:
    """Whether the last typesetting succeeded with these settings, and all is there."""
    stamp = output / "succeeded"
    if not stamp.exists() or stamp.read_text() != settings:
        return False
    return not missing_pages(output / "html", pages)


@contextmanager
def _sphinx(folder: Path, output: Path) -> Iterator[subprocess.Popen[str]]:
    """Sphinx's process, which loads while the lessons run, and waits for a line.

    Every warning is an error to it.
    """
    command = [sys.executable, "-m", "publish.typeset", "build"]
    command += [str(output / "source"), "--config", str(folder / "_config.yml")]
    command += ["--toc", str(folder / "_toc.yml"), "--path-output", str(folder)]
    command += ["-W", "-n", "--keep-going", "-q"]
    # Found by Python from anywhere: the builder's own Sphinx extension.
    where = os.pathsep.join(filter(None, [str(REPOSITORY), os.getenv("PYTHONPATH")]))
    with subprocess.Popen(
        command,
        env=os.environ | {"PYTHONPATH": where},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()  # of no use where a lesson failed or nothing changed


def _typeset(output: Path, settings: str, sphinx: subprocess.Popen[str]) -> None:
    """Let Sphinx lay out the pages.

    What Sphinx keeps from the last time is used only if that build succeeded with the
    same settings, theme and styles: a page that is not read again would keep silent
    about its warnings.
    """
    stamp = output / "succeeded"
    if not stamp.exists() or stamp.read_text() != settings:
        for old in ("html", ".doctrees", ".jupyter_cache"):
            shutil.rmtree(output / old, ignore_errors=True)
    stamp.unlink(missing_ok=True)
    said, _ = sphinx.communicate("start\n")
    if sphinx.returncode:
        raise PublishError(f"Sphinx reports:\n{said.strip()}")
    stamp.write_text(settings)


def _settings_key(folder: Path) -> str:
    """Hash of all that shapes every page, and of nothing that belongs to one page.

    The glossary does: each page links to its terms.
    """
    key = hashlib.sha256()
    builder = [REPOSITORY / "publish", REPOSITORY / "lrlib" / "explorer"]
    roots = [*builder, folder / "book" / "_static"]
    files = [path for root in roots for path in root.rglob("*") if path.is_file()]
    files += [folder / "_config.yml", folder / "_toc.yml"]
    files += (folder / "book").glob(f"{GLOSSARY}.md")
    files.append(REPOSITORY / "constraints.txt")
    for path in sorted(path for path in files if "__pycache__" not in path.parts):
        key.update(path.name.encode() + path.read_bytes())
    for name in ("SITE_URL", "GITHUB_REPOSITORY"):
        key.update(f"{name}={os.getenv(name)}".encode())
    return key.hexdigest()


def check_complete(html: Path, pages: dict[str, Path]) -> None:
    """Refuse a site without a page that it should have.

    Raises:
        PublishError: it names the pages that are missing.
    """
    missing, count = missing_pages(html, pages), len(expected_pages(pages))
    if missing:
        raise PublishError(
            f"the site has {count - len(missing)} of {count} pages; "
            f"missing: {', '.join(missing)}"
        )


def expected_pages(pages: dict[str, Path]) -> list[str]:
    """The files of the site: the pages of the book, and the two that Sphinx adds."""
    return [f"{name}.html" for name in pages] + ["404.html", "search.html"]


def missing_pages(html: Path, pages: dict[str, Path]) -> list[str]:
    """The pages that the site should have and has not."""
    return [name for name in expected_pages(pages) if not (html / name).is_file()]


def _offer_originals(html: Path, notebooks: dict[str, Path]) -> None:
    """The notebook to download is the repository's, without the page's data."""
    for name, path in notebooks.items():
        target = html / "_sources" / f"{name}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
