"""The gates on lessons: they store the text that they print, and nothing else.

``problems`` functions return one line for each fault, so that a fixture can show that
the fault is found. What a lesson prints is compared by nbval in a live kernel.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from nbclient.exceptions import CellExecutionError

from lrlib.exercises import EXERCISES
from publish import outputs
from publish.kernels import MAY_FORK

ROOT = Path(__file__).parent.parent
FIXTURES = Path(__file__).parent / "notebook_fixtures"
NOTEBOOKS = sorted(
    path
    for path in (ROOT / "book").rglob("*.ipynb")
    if not {".ipynb_checkpoints", "_build"} & set(path.parts)
)
# An index opens the book or a chapter, a review ends a chapter, a reference page is
# looked up; every other notebook is a lesson.
REVIEWS = [path for path in NOTEBOOKS if path.stem == "review"]
LESSONS = [
    path
    for path in NOTEBOOKS
    if path.stem not in ("index", "review") and path.parent.name != "reference"
]

MYST = {
    "a MyST directive": re.compile(r"^\s*(`{3,}|:{3,}|~{3,})\s*\{", re.MULTILINE),
    "a MyST role": re.compile(r"(?<!`)\{[A-Za-z][\w:+-]*\}`[^`]"),
    "a MyST target": re.compile(r"^\([\w -]+\)=\s*$", re.MULTILINE),
    "a MyST comment or break": re.compile(r"^(%|\+\+\+)", re.MULTILINE),
    "a MyST equation label": re.compile(r"\$\$[ \t]*\([\w:-]+\)"),
    "a MyST substitution": re.compile(r"\{\{.*?\}\}"),
}
IMAGE_WITHOUT_ALT = re.compile(r"!\[\s*\]\(|<img(?![^>]*\balt=[\"'][^\"'])[^>]*>")
FIGURE_WITHOUT_ALT = re.compile(
    r"<Figure size|<IPython\.core\.display\.(Image|SVG)|Figure:\s*$"
)
NETWORK = re.compile(
    r"^\s*[%!]\s*(pip|conda|mamba|uv|wget|curl|apt)\b|pip install|https?://"
    r"|\burllib\b|\brequests\.|torch\.hub|\bfetch_\w+\(|download=True",
    re.MULTILINE,
)
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
COUNT = re.compile(r"\b\d{2,}\b")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SWITCHED_OFF = re.compile(r"nbval|raises.exception|PYTEST_VALIDATE", re.IGNORECASE)


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def hygiene_problems(notebook: Any) -> list[str]:
    """What a committed notebook must not have, one line a fault."""
    problems = outputs.differences(notebook)
    for position, cell in enumerate(notebook.cells, start=1):
        found = (
            _code_problems(cell)
            if cell.cell_type == "code"
            else _text_problems(cell.source)
        )
        problems += [f"cell {position} has {fault}" for fault in found]
    return problems + _repeated_headings(notebook.cells) + _unfounded(notebook)


def _unfounded(notebook: Any) -> list[str]:
    """Counts in the page's description that neither its code nor an output names."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    named = {
        number
        for cell in code
        for number in COUNT.findall(f"{cell.source}{cell.outputs}")
    }
    return [
        f"the description says {count}, which no cell says"
        for count in COUNT.findall(notebook.metadata.get("description", ""))
        if count not in named
    ]


def _repeated_headings(cells: list[Any]) -> list[str]:
    """A heading that stands twice makes two places of one name in the contents."""
    problems, seen = [], set()
    for position, cell in enumerate(cells, start=1):
        if cell.cell_type != "markdown":
            continue
        for heading in HEADING.findall(FENCED.sub("", cell.source)):
            if heading in seen:
                problems.append(f"cell {position} has the heading {heading!r} again")
            seen.add(heading)
    return problems


def _text_problems(text: str) -> list[str]:
    faults = [name for name, pattern in MYST.items() if pattern.search(text)]
    if IMAGE_WITHOUT_ALT.search(text):
        faults.append("an image without alt text")
    return faults


def _code_problems(cell: Any) -> list[str]:
    faults = [
        f"a line of {len(line)} characters: {line[:40]}…"
        for line in cell.source.splitlines()
        if len(line) >= 80
    ]
    if NETWORK.search(cell.source):
        faults.append("something that needs the network")
    tags = " ".join(cell.metadata.get("tags", []))
    if SWITCHED_OFF.search(cell.source) or SWITCHED_OFF.search(tags):
        faults.append("its comparison switched off")
    if cell.execution_count is None:
        faults.append("never run, so nothing would be compared")
    for output in cell.get("outputs", []):
        # The site reads what a cell says as MyST, other hosts as plain Markdown.
        said = output.get("data", {}).get("text/markdown", "")
        faults += [
            f"said {name}" for name, pattern in MYST.items() if pattern.search(said)
        ]
    if any(FIGURE_WITHOUT_ALT.match(text) for text in plain_texts(cell)):
        faults.append("a figure without alt text")
    return faults


def plain_texts(cell: Any) -> list[str]:
    """What the cell displayed, as plain text, without what it printed."""
    return [
        output.data["text/plain"]
        for output in cell.get("outputs", [])
        if "text/plain" in output.get("data", {})
    ]


def lesson_problems(notebook: Any) -> list[str]:
    """Where a lesson leaves the template: its parts, their order, its exercises."""
    cells = notebook.cells
    problems = []
    title = cells[0].source if cells[0].cell_type == "markdown" else ""
    if not re.fullmatch(r"# .+\n\n\*.+\?\*", title, re.DOTALL):
        problems.append("the first cell is not a title and its question")
    if (
        sum(
            cell.source.count("\n# ") + cell.source.startswith("# ")
            for cell in cells
            if cell.cell_type == "markdown"
        )
        != 1
    ):
        problems.append("there is not one title")

    parts = {
        "a picture": _displays("Figure: ", "Explorer: "),
        "a Choice": _displays("Choice: "),
        "an Explorer": _displays("Explorer: ", "Reports: "),
        "the formula": _says("$$"),
        "'… in PyTorch'": _says("## ", "in PyTorch"),
        "'What the documents say'": _says("## What the documents say"),
        "'Exercises'": _says("## Exercises"),
        "a check": lambda cell: cell.cell_type == "code" and "\ncheck(" in cell.source,
        "'What to remember'": _says("## What to remember"),
        "'Next'": lambda cell: (
            cell.cell_type == "markdown" and cell.source.startswith("Next")
        ),
    }
    at = 0
    for name, is_part in parts.items():
        places = [place for place, cell in enumerate(cells) if is_part(cell)]
        later = [place for place in places if place >= at]
        if not places:
            problems.append(f"{name} is missing")
        elif not later:
            problems.append(f"{name} comes too early")
        else:
            at = later[0]

    for cell in cells:
        if cell.source.startswith("## What to remember"):
            lines = len(re.findall(r"^- ", cell.source, re.MULTILINE))
            if lines != 3:
                problems.append(f"'What to remember' has {lines} lines, not 3")
    if not any(
        re.search(r"^\s*say\(", cell.source, re.MULTILINE)
        for cell in cells
        if cell.cell_type == "code"
    ):
        problems.append("no measured number is said with say(…)")
    return problems + _exercise_problems(cells)


def review_problems(notebook: Any) -> list[str]:
    """What a chapter's last page lacks: questions, and a project that is checked."""
    cells = notebook.cells
    problems = _exercise_problems(cells)
    asked = [cell.source for cell in cells if _displays("Choice: ")(cell)]
    if len(asked) < 6:
        problems.append(f"there are {len(asked)} questions, not at least 6")
    if not any("assert " in source for source in asked):
        problems.append("no answer is computed beside its question")
    for part in ("## Review", "## Project: "):
        if not any(cell.source.startswith(part) for cell in cells):
            problems.append(f"{part!r} is missing")
    if not cells[-1].source.startswith("Next"):
        problems.append("'Next' is missing at the end")
    return problems


def _displays(*starts: str) -> Any:
    return lambda cell: any(text.startswith(starts) for text in plain_texts(cell))


def _says(*words: str) -> Any:
    return lambda cell: (
        cell.cell_type == "markdown" and all(word in cell.source for word in words)
    )


def _exercise_problems(cells: list[Any]) -> list[str]:
    """Exercises must read and start as their entry in ``lrlib.exercises`` does."""
    problems = []
    names = checked(cells)
    if not 1 <= len(names) <= 3:
        problems.append(f"there are {len(names)} exercises, not 1 to 3")
    for place, name in names.items():
        if name not in EXERCISES:
            problems.append(f"{name} is not registered")
            continue
        exercise = EXERCISES[name]
        if cells[place - 1].source != exercise.text:
            problems.append(f"{name}: the cell above is not the exercise's text")
        # The first exercise of a lesson imports check, above the starter.
        if re.sub(r"\A(from .+\n+)*", "", cells[place].source) != exercise.cell:
            problems.append(f"{name}: the cell is not the exercise's starter")
    return problems


def checked(cells: list[Any]) -> dict[int, str]:
    """The names of the exercises that are checked, by the place of their cell."""
    return {
        place: match[1]
        for place, cell in enumerate(cells)
        if cell.cell_type == "code"
        and (match := re.search(r'^check\("([^"]+)"', cell.source, re.MULTILINE))
    }


def nbval(*paths: Path) -> subprocess.CompletedProcess[str]:
    """Run each notebook in a kernel of its own, compare its text with what is stored.

    What the kernels share is loaded once for all ``paths``.
    """
    environment = {
        key: value
        for key, value in outputs.kernel_environment().items()
        if not key.startswith("PYTEST_")
    }
    # Loading the plugins of this project's own tests takes longer than many a cell.
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "nbval.plugin", "--nbval"),
            *("-p", "tests.forked_kernels"),
            *("--nbval-current-env", "--nbval-cell-timeout=120", "-q"),
            *("-p", "no:cacheprovider", "--color=no"),
            # This project's own settings are for its own tests, not for notebooks.
            *("-c", os.devnull, "--rootdir", str(paths[0].parent), *map(str, paths)),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=False,
    )


def name_of(path: Path) -> str:
    return path.stem


def test_there_are_lessons() -> None:
    assert LESSONS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
def test_a_notebook_stores_its_text_and_nothing_else(path: Path) -> None:
    assert hygiene_problems(read(path)) == []


@pytest.mark.parametrize("path", LESSONS, ids=name_of)
def test_a_lesson_follows_the_template(path: Path) -> None:
    assert lesson_problems(read(path)) == []


@pytest.mark.parametrize("path", REVIEWS, ids=lambda path: path.parent.name)
def test_a_review_asks_and_has_a_project(path: Path) -> None:
    assert review_problems(read(path)) == []


def test_each_chapter_ends_with_its_review() -> None:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [
        [page["file"] for page in part["chapters"]]
        for part in toc["parts"]
        if part["chapters"][0]["file"].endswith("/index")
    ]
    assert len(chapters) == len(REVIEWS) == 5
    for pages in chapters:
        assert pages[-1] == pages[0].replace("/index", "/review")


def test_poor_review_is_refused() -> None:
    review = read(REVIEWS[0])
    review.cells = [cell for cell in review.cells if "## Project" not in cell.source]
    questions = [cell for cell in review.cells if _displays("Choice: ")(cell)]
    for cell in questions[5:]:
        review.cells.remove(cell)
    for cell in questions[:5]:
        cell.source = cell.source.replace("assert ", "print ")
    del review.cells[-1]
    assert review_problems(review) == [
        "there are 5 questions, not at least 6",
        "no answer is computed beside its question",
        "'## Project: ' is missing",
        "'Next' is missing at the end",
    ]


@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in NOTEBOOKS}), ids=name_of
)
def test_notebooks_print_what_they_store(folder: Path) -> None:
    run = nbval(*(path for path in NOTEBOOKS if path.parent == folder))
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_book_lists_every_notebook() -> None:
    table = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"(?:root|file): (\S+)", table))
    unlisted = [
        path
        for path in NOTEBOOKS
        if str(path.relative_to(ROOT / "book").with_suffix("")) not in listed
    ]
    assert unlisted == []


def test_every_exercise_is_asked_in_one_lesson() -> None:
    pages = [*LESSONS, *REVIEWS]
    asked = [name for path in pages for name in checked(read(path).cells).values()]
    assert sorted(asked) == sorted(EXERCISES)


def test_the_good_fixture_passes_every_gate() -> None:
    path = FIXTURES / "good.ipynb"
    assert hygiene_problems(read(path)) == []
    assert nbval(path).returncode == 0


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("changed_number", r"'7\n' == '6\n'"),
        ("output_missing", "Unexpected output fields"),
    ],
)
def test_nbval_fails_on_a_stored_text_that_is_not_printed(
    name: str, shown: str
) -> None:
    run = nbval(FIXTURES / f"{name}.ipynb")
    assert run.returncode == 1
    assert "Cell outputs differ" in run.stdout
    assert shown in run.stdout


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("picture", "cells 2.outputs 1.data.image/png must go"),
        ("widget_state", "metadata.widgets must go"),
        ("directive", "cell 2 has a MyST directive"),
        ("heading_twice", "cell 2 has the heading 'What stays?' again"),
        ("role", "cell 2 has a MyST role"),
        ("said_role", "cell 2 has said a MyST role"),
        ("long_line", "cell 2 has a line of 89 characters"),
        ("figure_without_alt", "cell 2 has a figure without alt text"),
        ("image_without_alt", "cell 2 has an image without alt text"),
        ("install", "cell 2 has something that needs the network"),
        ("never_run", "cell 2 has never run"),
        ("switched_off", "cell 2 has its comparison switched off"),
        ("switched_off_by_tag", "cell 2 has its comparison switched off"),
    ],
)
def test_hygiene_fails_on(name: str, problem: str) -> None:
    found = hygiene_problems(read(FIXTURES / f"{name}.ipynb"))
    assert any(line.startswith(problem) for line in found), found


def test_a_count_in_the_description_that_no_cell_says_is_found() -> None:
    notebook = read(FIXTURES / "good.ipynb")
    code = next(cell for cell in notebook.cells if cell.cell_type == "code")
    code.source += "\n# 28 rates"
    notebook.metadata.description = "The loss of 28 rates."
    assert hygiene_problems(notebook) == []
    notebook.metadata.description = "The loss of 64 rates."
    (problem,) = hygiene_problems(notebook)
    assert problem == "the description says 64, which no cell says"


def test_nbval_forks_its_kernels(tmp_path: Path) -> None:
    printed = nbformat.v4.new_output("stream", name="stdout", text=f"{MAY_FORK}\n")
    cell = nbformat.v4.new_code_cell("import sys; print('torch' in sys.modules)")
    cell.update(outputs=[printed], execution_count=1)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "page.ipynb")
    run = nbval(tmp_path / "page.ipynb")
    assert run.returncode == 0, run.stdout


def test_nbval_passes_a_cell_that_was_never_run_so_hygiene_must_not() -> None:
    assert nbval(FIXTURES / "never_run.ipynb").returncode == 0


@pytest.mark.parametrize(
    "text",
    [
        'Plain *text* with $x_{t}$, `f"{x}"` and **bold**.',
        "$$\\frac{a}{b}$$",
        "- a (b)",
    ],
)
def test_hygiene_lets_common_markdown_by(text: str) -> None:
    assert _text_problems(text) == []


@pytest.mark.parametrize(
    "text",
    ["(label)=", ":::{tip}", "% a comment", "$$x$$ (eq-1)", "{{ name }}", "+++"],
)
def test_hygiene_knows_other_myst(text: str) -> None:
    assert len(_text_problems(f"One line.\n\n{text}\n")) == 1


FAULTS = {
    "the first cell is not a title and its question": lambda cells: cells[0].update(
        source="# A title"
    ),
    "there is not one title": lambda cells: cells[-1].update(source="# Next"),
    "a Choice is missing": lambda cells: cells[2].update(outputs=[]),
    "an Explorer comes too early": lambda cells: cells.insert(1, cells.pop(3)),
    "'What the documents say' is missing": lambda cells: cells[6].update(source="So"),
    "'What to remember' has 2 lines, not 3": lambda cells: cells[10].update(
        source="## What to remember\n\n- a\n- b"
    ),
    "no measured number is said with say(…)": lambda cells: cells[3].update(source="1"),
    "basics/step_length: the cell above is not the exercise's text": (
        lambda cells: cells[8].update(source="### Exercise")
    ),
    "basics/step_length: the cell is not the exercise's starter": (
        lambda cells: cells[9].update(source=cells[9].source.replace("= ...", "= 0.5"))
    ),
    "there are 0 exercises, not 1 to 3": lambda cells: cells[9].update(
        source="\ncheck("
    ),
    "basics/steps is not registered": lambda cells: cells[9].update(
        source=cells[9].source.replace("basics/step_length", "basics/steps")
    ),
}


def small_lesson() -> Any:
    """The least that follows the template."""

    def text(source: str) -> Any:
        return nbformat.v4.new_markdown_cell(source)

    def code(source: str, shown: str = "") -> Any:
        data = nbformat.v4.new_output("display_data", {"text/plain": shown})
        return nbformat.v4.new_code_cell(source, outputs=[data] if shown else [])

    exercise = EXERCISES["basics/step_length"]
    return nbformat.v4.new_notebook(
        cells=[
            text("# A title\n\n*What is asked?*"),
            code("picture", "Figure: a ball"),
            code("choice", "Choice: where? | here | there"),
            code("say(\n'It is.')\nexplorer", "Explorer: slide | rate (2 values)"),
            text("## The formula\n\n$$x$$"),
            text("## The same in PyTorch, with its trap"),
            text("## What the documents say"),
            text("## Exercises"),
            text(exercise.text),
            code(f"from lrlib.exercises import check\n\n{exercise.cell}"),
            text("## What to remember\n\n- a\n- b\n- c"),
            text("Next: more."),
        ]
    )


def test_a_small_lesson_follows_the_template() -> None:
    assert lesson_problems(small_lesson()) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_lesson_that_leaves_the_template_is_found(fault: str) -> None:
    lesson = small_lesson()
    FAULTS[fault](lesson.cells)
    assert fault in lesson_problems(lesson)


def test_outputs_are_stored_as_text_and_stay_the_same(tmp_path: Path) -> None:
    path = tmp_path / "lesson.ipynb"
    cells = [
        "import matplotlib.pyplot as plt\nimport ipywidgets, os, sys",
        "print('one')\nprint('two', flush=True)\n_ = plt.plot([1, 2])",
        "ipywidgets.IntSlider()",
        "print(os.environ.get('LRLIB_HOST'), os.environ['TQDM_DISABLE'])",
    ]
    made = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
    made.metadata = {"lesson": "9.9", "widgets": {}, "title": "x"}
    nbformat.write(made, path)
    os.environ["LRLIB_HOST"] = "site"
    try:
        assert outputs.main([str(path)]) == 0
        stored = path.read_text(encoding="utf-8")
        assert outputs.main([str(path)]) == 0
    finally:
        del os.environ["LRLIB_HOST"]

    assert path.read_text(encoding="utf-8") == stored
    notebook = read(path)
    assert outputs.differences(notebook) == []
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3, 4]
    assert notebook.cells[1].outputs[0].text == "one\ntwo\n"
    assert notebook.cells[3].outputs[0].text == "None 1\n"
    assert set(notebook.metadata) == {"kernelspec", "language_info", "lesson"}
    assert "image/png" not in stored
    assert "widget" not in re.sub(r"ipywidgets", "", stored)
    assert nbval(path).returncode == 0


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        ("1 / 0", CellExecutionError, "ZeroDivisionError"),
        (
            "import sys\nsys.stderr.write('careful')",
            ValueError,
            "cell 1 writes to stderr",
        ),
    ],
)
def test_outputs_of_a_failing_notebook_are_not_stored(
    tmp_path: Path, source: str, error: type[Exception], message: str
) -> None:
    path = tmp_path / "lesson.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbformat.write(notebook, path)
    before = path.read_text(encoding="utf-8")
    with pytest.raises(error, match=message):
        outputs.main([str(path)])
    assert path.read_text(encoding="utf-8") == before


def test_check_lists_what_is_not_canonical(capsys: pytest.CaptureFixture[str]) -> None:
    assert outputs.main(["--check", str(FIXTURES / "good.ipynb")]) == 0
    assert outputs.main(["--check", str(FIXTURES / "picture.ipynb")]) == 1
    shown = capsys.readouterr().out
    assert "good.ipynb: ok" in shown
    assert "picture.ipynb: cells 2.outputs 1.data.image/png must go" in shown
