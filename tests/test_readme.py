"""README, CONTRIBUTING and CHANGELOG: what they say of the course is so.

Each gate returns one line for each fault, so that a bad text can show that it is found.
"""

import re
import tomllib
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from PIL import Image
from playwright.sync_api import Browser
from torch.utils.data import DataLoader, TensorDataset

from pictures import explorer
from tests.page_gates import serving

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
CHAPTERS = [
    [
        entry
        for entry in part["chapters"]
        if re.match(r"\d\.\d ", entry.get("title", ""))
    ]
    for part in yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    if re.match(r"\d · ", part["caption"])
]
PICTURE_BUDGET = 400_000  # bytes


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


README = read("README.md")
CHANGELOG = read("CHANGELOG.md")


def shown(text: str) -> BeautifulSoup:
    """A page as a reader sees it; raw HTML in it is kept, as GitHub does."""
    return BeautifulSoup(
        MarkdownIt("commonmark").enable("table").render(text), "html.parser"
    )


# The gates


def dead_links(text: str) -> list[str]:
    """Links and pictures that lead to no file of the repository."""
    targets = [
        str(tag.get("href") or tag["src"])
        for tag in shown(text).select("a[href], img[src]")
    ]
    return [
        f"{target} leads to no file"
        for target in targets
        if not re.match(r"https://|#", target)
        and not (ROOT / target.partition("#")[0]).is_file()
    ]


def miscounted(text: str) -> list[str]:
    """Numbers of lessons and chapters that are not those of the table of contents."""
    true = {"lessons": sum(map(len, CHAPTERS)), "chapters": len(CHAPTERS)}
    said = re.findall(r"(\d+) (lessons|chapters)\b", text)
    problems = [f"says {n} {what}" for n, what in said if int(n) != true[what]]
    silent = true.keys() - {what for _, what in said}
    return problems + [f"doesn't say how many {what}" for what in sorted(silent)]


def mislisted(text: str) -> list[str]:
    """Lessons that the README lists otherwise than the table of contents, or not."""
    rows = {
        f"{tag['href']}": tag.text
        for tag in shown(text).select("table a[href]")
        if re.match(r"\d\.\d ", tag.text)
    }
    lessons = {
        f"book/{entry['file']}.ipynb": entry["title"]
        for chapter in CHAPTERS
        for entry in chapter
    }
    return [
        f"{file} is listed as {rows.get(file)!r}; its title: {lessons.get(file)!r}"
        for file in lessons | rows
        if rows.get(file) != lessons.get(file)
    ]


def wrong_python(text: str) -> list[str]:
    """Versions of Python that are not the one which pyproject.toml asks for."""
    said = re.findall(r"Python (\d+\.\d+) or newer", text) or ["none"]
    return [
        f"asks for Python {version}; pyproject.toml for {PROJECT['requires-python']}"
        for version in said
        if f">={version}" != PROJECT["requires-python"]
    ]


def wrong_version(text: str) -> list[str]:
    """Whether the top entry of the changelog is not pyproject.toml's version."""
    entry = re.search(
        r"^## (\S+) - (?:unreleased|\d{4}-\d\d-\d\d)$", text, re.MULTILINE
    )
    top = re.search(r"^## .*", text, re.MULTILINE)
    if entry is None or top is None or entry[0] != top[0]:
        return ["the top entry isn't of the form '## version - date or unreleased'"]
    if entry[1] != PROJECT["version"]:
        return [f"is at {entry[1]}; pyproject.toml at {PROJECT['version']}"]
    return []


def undescribed(text: str) -> list[str]:
    """Pictures without a description for those who can't see them."""
    pictures = shown(text).find_all("img")
    problems = [
        f"{tag['src']} has no description"
        for tag in pictures
        if len(f"{tag.get('alt', '')}".split()) < 10
    ]
    return problems if pictures else ["there is no picture"]


def unfit(picture: Path) -> list[str]:
    """What keeps a picture from being the README's: heavy, still, without an end."""
    if not picture.is_file():
        return [f"{picture} does not exist"]
    problems = []
    if picture.stat().st_size > PICTURE_BUDGET:
        problems.append(f"{picture.stat().st_size:,} bytes, not {PICTURE_BUDGET:,}")
    with Image.open(picture) as image:
        if not 10 <= getattr(image, "n_frames", 1) <= 14:
            problems.append(f"{getattr(image, 'n_frames', 1)} frames, not 10 to 14")
        if image.info.get("loop", 0) == 0:  # as the formats say "for ever"
            problems.append("it moves for ever")
    return problems


def printed(text: str) -> list[str]:
    """What the page's blocks of Python print, one after the other.

    What they leave to the reader is here: a model, an optimizer, a loss, a loader.
    """
    torch.manual_seed(0)
    inputs = torch.randn(512, 8)
    data = TensorDataset(inputs, inputs[:, :3].argmax(dim=1))
    model = torch.nn.Linear(8, 3)
    names: dict[str, Any] = {
        "model": model,
        "optimizer": torch.optim.SGD(model.parameters(), lr=0.1),
        "loss": torch.nn.CrossEntropyLoss(),
        "loader": DataLoader(data, batch_size=32),
    }
    outputs = []
    for block in shown(text).select("code.language-python"):
        output = StringIO()
        with redirect_stdout(output):
            exec(compile(block.text, "README.md", "exec"), names)
        outputs.append(output.getvalue())
    return outputs


# The pages hold


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_files(name: str) -> None:
    assert dead_links(read(name)) == []


def test_lessons_and_chapters_are_counted() -> None:
    assert miscounted(README) == []


def test_every_lesson_is_listed_with_its_title() -> None:
    assert mislisted(README) == []


def test_python_is_the_one_of_the_package() -> None:
    assert wrong_python(README) == []


def test_changelog_begins_with_the_version() -> None:
    assert wrong_version(CHANGELOG) == []


def test_the_picture_is_described_and_moves() -> None:
    assert undescribed(README) == []
    (picture,) = shown(README).select("img")
    assert picture["src"] == explorer.PICTURE.relative_to(ROOT).as_posix()
    assert unfit(explorer.PICTURE) == []


def test_examples_do_what_is_said_beside_them() -> None:
    networks, rate, schedule = printed(README)
    assert "64 models, 200 updates" in networks
    assert re.search(r"^suggestion +\d+\.\d+: ", rate, re.MULTILINE)
    assert "T_max counts epochs" in schedule


# The gates refuse


@pytest.mark.parametrize(
    ("gate", "text", "said"),
    [
        (dead_links, "[x](book/none.ipynb)", "book/none.ipynb leads to no file"),
        (dead_links, '<img src="pictures/none.webp">', "pictures/none.webp"),
        (dead_links, "[x](/README.md)", "/README.md leads to no file"),
        (miscounted, "31 lessons in 5 chapters", "says 31 lessons"),
        (miscounted, "32 lessons in 6 chapters", "says 6 chapters"),
        (miscounted, "32 lessons", "doesn't say how many chapters"),
        (mislisted, README.replace("| [2.4 Cosine]", "| [2.4 Sine]"), "2.4 Sine"),
        (mislisted, re.sub(r"\n\| \[5\.1.*", "", README), "as None"),
        (mislisted, README.replace("| [1.1 ", "| [9.9 Old](old.ipynb) [1.1 "), "old"),
        (wrong_python, "Python 3.9 or newer", "Python 3.9"),
        (wrong_python, "Any Python", "asks for Python none"),
        (wrong_version, "## 0.0.9 - unreleased", "is at 0.0.9"),
        (wrong_version, f"## Unreleased\n\n{CHANGELOG}", "isn't of the form"),
        (wrong_version, "## 0.1.0 - soon", "isn't of the form"),
        (undescribed, "No picture.", "there is no picture"),
        (undescribed, "![An explorer](x.webp)", "x.webp has no description"),
    ],
)
def test_a_gate_refuses(gate: Callable[[str], list[str]], text: str, said: str) -> None:
    assert any(said in problem for problem in gate(text))


@pytest.mark.parametrize(
    ("count", "rounds", "said"),
    [(1, 3, "1 frames"), (30, 3, "30 frames"), (12, 0, "it moves for ever")],
)
def test_an_unfit_picture_is_refused(
    count: int, rounds: int, said: str, tmp_path: Path
) -> None:
    first, *others = [Image.new("RGB", (9, 9), (8 * i, 0, 0)) for i in range(count)]
    path = tmp_path / "x.webp"
    first.save(path, save_all=True, append_images=others, lossless=True, loop=rounds)
    assert any(said in problem for problem in unfit(path))


def test_a_heavy_or_missing_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.webp"
    assert unfit(path) == [f"{path} does not exist"]
    path.write_bytes(explorer.PICTURE.read_bytes().ljust(PICTURE_BUDGET + 1, b"\0"))
    assert unfit(path) == ["400,001 bytes, not 400,000"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (("range_test(model, ", "range_test("), TypeError),
        (("tasks.digits()", "tasks.numbers()"), AttributeError),
        (("loss, loader)", "loss, my_loader)"), NameError),
    ],
)
def test_an_example_that_fails_is_found(
    change: tuple[str, str], error: type[Exception]
) -> None:
    changed = README.replace(*change)
    assert changed != README
    with pytest.raises(error):
        printed(changed)


# The picture is taken


def page(heading: str, script: str) -> str:
    """A page with an explorer of 64 positions, whose slider runs the script."""
    return f"""<!doctype html><meta charset="utf-8"><title>x</title>
        <div class="lrlib-interactive"><p>{heading}</p>
        <p class="lrlib-verdict">lr</p><input type="range" max="63" value="63"></div>
        <script>
          const verdict = document.querySelector(".lrlib-verdict");
          document.querySelector("input").oninput = (event) => {{ {script} }};
        </script>"""


WORKS = "verdict.textContent = `lr at ${event.target.value}`;"


def test_each_position_becomes_a_frame(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(page(explorer.TITLE, WORKS), "utf-8")
    with serving(tmp_path) as address:
        taken = explorer.frames(browser, address)
    explorer.save(taken, tmp_path / "x.webp")
    assert unfit(tmp_path / "x.webp") == []
    with Image.open(tmp_path / "x.webp") as image:
        for number, frame in enumerate(taken):
            image.seek(number)
            assert image.convert("RGB").tobytes() == frame.tobytes()


@pytest.mark.parametrize(
    ("heading", "script", "said"),
    [
        ("Another figure", WORKS, "has 0 explorers that are called"),
        (explorer.TITLE, "", "says what it said before"),
        (explorer.TITLE, WORKS.replace("value", "value > 50"), "slider at 6 says"),
    ],
)
def test_no_picture_of_a_dead_figure(
    browser: Browser, tmp_path: Path, heading: str, script: str, said: str
) -> None:
    (tmp_path / "index.html").write_text(page(heading, script), "utf-8")
    with serving(tmp_path) as address, pytest.raises(RuntimeError, match=said):
        explorer.frames(browser, address)
