"""The gate on claims: every statement of the documents is covered, once, and proved."""

import ast
import re
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import pytest

from publish.facts import VERDICTS, inventory

ROOT = Path(__file__).parent.parent
FIXTURES = Path(__file__).parent / "claims_fixtures"
STATEMENTS = {0: 38, 1: 62, 2: 28, 3: 29, 4: 52}  # by document, 209 in all
FIELDS = {
    "id",
    "document",
    "lines",
    "kind",
    "zh",
    "en",
    "verdict",
    "correction",
    "source",
    "lesson",
    "proof",
}


def inventory_problems(
    items: list[dict[str, Any]], statements: dict[int, int]
) -> list[str]:
    """What is wrong with the list itself: an id twice or missing, a field unfilled."""
    ids = Counter(str(item.get("id")) for item in items)
    wanted = {
        f"D{document}.{number}"
        for document, count in statements.items()
        for number in range(1, count + 1)
    }
    problems = [
        f"{name} is listed {count} times" for name, count in ids.items() if count > 1
    ]
    problems += [f"{name} is missing" for name in sorted(wanted - ids.keys())]
    problems += [f"{name} is no statement" for name in sorted(ids.keys() - wanted)]
    for item in items:
        name = item.get("id")
        if item.keys() != FIELDS:
            problems.append(f"{name} has the fields {sorted(item)}")
            continue
        problems += [
            f"{name} has an empty {field}"
            for field in sorted(FIELDS - {"document"})
            if not (isinstance(item[field], str) and item[field].strip())
        ]
        if item["verdict"] not in VERDICTS:
            problems.append(f"{name} has the verdict {item['verdict']!r}")
        if item["proof"] not in ("assert", "text"):
            problems.append(f"{name} has the proof {item['proof']!r}")
        if not re.fullmatch(r"[1-5]\.\d", item["lesson"]):
            problems.append(f"{name} has the lesson {item['lesson']!r}")
    return problems


def coverage_problems(
    items: list[dict[str, Any]], notebooks: dict[str, Any]
) -> list[str]:
    """What is wrong with the cells tagged ``claim-…``; ``notebooks`` by their path."""
    by_id = {item["id"]: item for item in items}
    lessons = {path: book.metadata.get("lesson") for path, book in notebooks.items()}
    problems = [
        f"{path} has no lesson in its metadata, as in {{'lesson': '1.1'}}"
        for path, lesson in lessons.items()
        if not lesson
    ]
    problems += [
        f"lesson {lesson} has {count} notebooks"
        for lesson, count in Counter(lessons.values()).items()
        if count > 1
    ]
    covered: Counter[str] = Counter()
    for path, book in notebooks.items():
        for cell in book.cells:
            for tag in cell.metadata.get("tags", []):
                if not tag.startswith("claim-"):
                    continue
                name = tag.removeprefix("claim-")
                covered[name] += 1
                if name not in by_id:
                    problems.append(f"{path} covers {name}, which is no statement")
                    continue
                item = by_id[name]
                if item["lesson"] != lessons[path]:
                    problems.append(
                        f"{path} covers {name}, which belongs to {item['lesson']}"
                    )
                if item["proof"] == "assert" and not asserts(cell):
                    problems.append(
                        f"{path} covers {name} ({item['verdict']}) without asserting it"
                    )
    for name, item in by_id.items():
        if covered[name] > 1:
            problems.append(f"{name} is covered {covered[name]} times")
        if covered[name] == 0:
            problems.append(f"{name} is not covered in lesson {item['lesson']}")
    return problems


def asserts(cell: Any) -> bool:
    """Whether the code asserts something that it computed: not ``assert True``."""
    return cell.cell_type == "code" and any(
        isinstance(node, ast.Assert)
        and any(isinstance(part, ast.Name) for part in ast.walk(node.test))
        for node in ast.walk(ast.parse(cell.source))
    )


def lessons() -> dict[str, Any]:
    return {
        str(path.relative_to(ROOT)): nbformat.read(path, as_version=4)
        for path in sorted((ROOT / "book").rglob("*.ipynb"))
        if ".ipynb_checkpoints" not in path.parts
        and path.stem not in ("index", "review")
        and path.parent.name != "reference"
    }


def test_every_statement_is_listed_once() -> None:
    items = inventory(ROOT / "book")
    assert inventory_problems(items, STATEMENTS) == []
    assert len(items) == 209


def test_every_statement_is_covered_once_and_proved() -> None:
    assert coverage_problems(inventory(ROOT / "book"), lessons()) == []


def test_what_is_wrong_is_proved_by_an_assertion() -> None:
    # The few that have nothing to compute, each looked at: a misprint in D1.7.
    words = [
        item["id"]
        for item in inventory(ROOT / "book")
        if item["verdict"] == "wrong" and item["proof"] == "text"
    ]
    assert words == ["D1.7"]


def fixture(name: str) -> list[str]:
    """The problems of a lesson 1.1, beside which there is a good lesson 9.9."""
    return coverage_problems(
        inventory(FIXTURES),
        {
            one: nbformat.read(FIXTURES / f"{one}.ipynb", as_version=4)
            for one in (name, "later")
        },
    )


def test_the_good_fixture_has_no_problem() -> None:
    assert fixture("good") == []


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        ("covered_twice", ["D9.3 is covered 2 times"]),
        ("not_covered", ["D9.3 is not covered in lesson 1.1"]),
        (
            "wrong_without_assert",
            ["wrong_without_assert covers D9.1 (wrong) without asserting it"],
        ),
        (
            "wrong_in_words_only",
            ["wrong_in_words_only covers D9.1 (wrong) without asserting it"],
        ),
        (
            "asserts_nothing",
            ["asserts_nothing covers D9.1 (wrong) without asserting it"],
        ),
        ("unknown_id", ["unknown_id covers D9.7, which is no statement"]),
        (
            "wrong_lesson",
            [
                "wrong_lesson covers D9.4, which belongs to 9.9",
                "D9.4 is covered 2 times",
            ],
        ),
    ],
)
def test_each_fault_is_found(name: str, problems: list[str]) -> None:
    assert fixture(name) == problems


def test_a_lesson_that_is_missing_is_found() -> None:
    book = nbformat.read(FIXTURES / "good.ipynb", as_version=4)
    problems = coverage_problems(inventory(FIXTURES), {"good": book})
    assert problems == ["D9.4 is not covered in lesson 9.9"]


def test_the_same_item_in_two_lessons_is_found() -> None:
    book = nbformat.read(FIXTURES / "good.ipynb", as_version=4)
    items = inventory(FIXTURES)
    problems = coverage_problems(items, {"a": book, "b": book})
    assert "D9.1 is covered 2 times" in problems
    assert "lesson 1.1 has 2 notebooks" in problems


def test_a_notebook_without_a_lesson_is_found() -> None:
    book = nbformat.read(FIXTURES / "good.ipynb", as_version=4)
    del book.metadata["lesson"]
    problems = coverage_problems(inventory(FIXTURES), {"a": book})
    assert problems[0].startswith("a has no lesson in its metadata")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda items: items.pop(), "D4.52 is missing"),
        (lambda items: items.append(dict(items[0])), "D0.1 is listed 2 times"),
        (lambda items: items[3].update(id="D0.99"), "D0.99 is no statement"),
        (
            lambda items: items[3].update(verdict="false"),
            "D0.4 has the verdict 'false'",
        ),
        (lambda items: items[3].update(source=" "), "D0.4 has an empty source"),
        (lambda items: items[3].update(proof="yes"), "D0.4 has the proof 'yes'"),
        (lambda items: items[3].update(lesson="7.1"), "D0.4 has the lesson '7.1'"),
        (lambda items: items[3].pop("zh"), "D0.4 has the fields"),
    ],
)
def test_a_fault_in_the_list_is_found(change: Any, problem: str) -> None:
    items = inventory(ROOT / "book")
    change(items)
    assert any(
        line.startswith(problem) for line in inventory_problems(items, STATEMENTS)
    )
