"""The fact check: every statement, findable, and linked to the cell that covers it."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Locator, Page, expect

from publish import build, facts, outputs
from publish.problems import PublishError
from tests import page_gates
from tests.page_gates import serving

REPOSITORY = Path(__file__).resolve().parents[1]

BOOK = REPOSITORY / "book"
# The statements of the book, shared out to two lessons that cover all of them.
ITEMS = [
    item | {"lesson": "1.1" if item["document"] < 2 else "5.1"}
    for item in facts.inventory(BOOK)
]
COMPUTED, WORDS = (
    [item["id"] for item in ITEMS if item["lesson"] == "1.1" and item["proof"] == proof]
    for proof in ("assert", "text")
)
PAGE = "reference/fact-check.html"


def lesson(number: str, title: str) -> nbformat.NotebookNode:
    """A lesson that covers its statements: in a closed, an open and a prose cell."""
    make = nbformat.v4
    tags = {
        proof: [
            f"claim-{item['id']}"
            for item in ITEMS
            if (item["lesson"], item["proof"]) == (number, proof)
        ]
        for proof in ("assert", "text")
    }
    hidden = make.new_code_cell("print(1)")
    hidden.metadata["tags"] = [tags["assert"][0], "hide-cell"]
    shown = make.new_code_cell("print(2)")
    shown.metadata["tags"] = tags["assert"][1:]
    said = make.new_markdown_cell("## What the documents say\n\nThis and that.")
    said.metadata["tags"] = tags["text"]
    cells = [make.new_markdown_cell(f"# {title}"), hidden, shown, said]
    return outputs.normalise(
        make.new_notebook(cells=cells, metadata={"lesson": number})
    )


def lessons(book: Path) -> dict[Path, nbformat.NotebookNode]:
    return {
        book / "basics" / "one.ipynb": lesson("1.1", "One product"),
        book / "practice" / "five.ipynb": lesson("5.1", "The range test"),
    }


def written(book: Path, items: list[facts.Item] = ITEMS) -> Path:
    """The folder, with what the fact check is made from beside the lessons."""
    (book / "reference").mkdir(parents=True)
    shutil.copy(BOOK / facts.PAGE, book / facts.PAGE)
    shutil.copy(BOOK / "contradictions.yml", book)
    (book / "claims.yml").write_text(yaml.safe_dump(items), encoding="utf-8")
    return book


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of two lessons and the fact check."""
    folder = tmp_path_factory.mktemp("site")
    book = written(folder / "book")
    shutil.copytree(BOOK / "_static", book / "_static")
    shutil.copy(REPOSITORY / "_config.yml", folder)
    for path, notebook in lessons(book).items():
        path.parent.mkdir()
        nbformat.write(notebook, path)
    (book / "index.md").write_text("# A book\n\nA sentence.\n")
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n"
        "  - file: basics/one\n  - file: practice/five\n"
        "  - file: reference/fact-check\n"
    )
    return build.build(folder).parent


@pytest.fixture(scope="module")
def address(html: Path) -> Iterator[str]:
    with serving(html) as url:
        yield f"{url}/{PAGE}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


def shown(page: Page) -> set[str]:
    """The statements that a reader sees."""
    names = page.locator(".fact:visible").evaluate_all("all => all.map(one => one.id)")
    return {name.replace("-", ".") for name in names}


def control(page: Page, label: str) -> Locator:
    return page.locator(".facts-form").get_by_label(label)


def wanted(**fields: object) -> set[str]:
    return {
        item["id"]
        for item in ITEMS
        if all(item[field] == value for field, value in fields.items())
    }


# --- What is on the page -----------------------------------------------------------


def test_every_statement_stands_on_the_page_in_full(html):
    listed = BeautifulSoup((html / PAGE).read_text(encoding="utf-8"), "html.parser")
    found = [tag["id"] for tag in listed.find_all(class_="fact")]
    assert found == [facts.anchor(item["id"]) for item in ITEMS]
    for item in ITEMS:
        fact = listed.find(id=facts.anchor(item["id"]))
        assert fact.find(lang="zh").text == item["zh"].replace("`", "")
        text = fact.get_text()
        for field in ("verdict", "en", "correction", "source", "lesson"):
            assert item[field].replace("`", "") in text
        assert fact.find_parent("section").h3["id"] == f"document-{item['document']}"
        page = "basics/one" if item["lesson"] == "1.1" else "practice/five"
        link = fact.find(class_="fact-link")["href"]
        assert link == f"../{page}.html#claim-{facts.anchor(item['id'])}"


def test_what_stands_in_backticks_is_code_and_sources_are_linked(html):
    listed = BeautifulSoup((html / PAGE).read_text(encoding="utf-8"), "html.parser")
    fact = listed.find(id="D0-3")
    assert [code.text for code in fact.find_all("code")] == ["step_size", "gamma"]
    addresses = [link["href"] for link in listed.find(id="D1-21").find_all("a")]
    assert "https://doi.org/10.1214/aoms/1177729586" in addresses
    addresses = [link["href"] for link in listed.find(id="D0-13").find_all("a")]
    assert "https://arxiv.org/abs/1608.03983" in addresses


def test_numbers_of_the_documents_are_explained_before_they_are_used(html):
    listed = BeautifulSoup((html / PAGE).read_text(encoding="utf-8"), "html.parser")
    names = [item.text for item in listed.select(".facts-documents li")]
    assert names == [
        f"Document {number}: {title}" for number, title in facts.DOCUMENTS.items()
    ]
    assert listed.select_one(".facts-documents").find_next(class_="facts-counts")
    assert "Line 137 of the original" in listed.find(id="D3-26").text


def test_contradictions_lead_to_their_statements_and_cells(html):
    listed = BeautifulSoup((html / PAGE).read_text(encoding="utf-8"), "html.parser")
    sections = listed.select(".facts-contradictions > section")
    topics = facts.contradictions(BOOK)
    assert len(sections) == len(topics) > 9
    for section, topic in zip(sections, topics, strict=True):
        links = [link["href"] for link in section.find_all("a")]
        said, settled = list(topic["said"]), topic["settled"]
        assert links[: len(said)] == [f"#{facts.anchor(name)}" for name in said]
        cells = [listed.find(id=facts.anchor(name)) for name in settled]
        assert links[len(said) :] == [
            cell.find(class_="fact-link")["href"] for cell in cells
        ]
        text = " ".join(section.get_text().split())
        for words in (topic["topic"], topic["holds"], *topic["said"].values()):
            assert words.replace("`", "").strip() in text


def test_counts_of_the_table_are_those_of_the_list(html, page, address):
    page.goto(address)
    rows = page.locator(".facts-counts tbody tr")
    table = [row.split("\t") for row in rows.all_inner_texts()]
    for verdict, *numbers, total in table:
        of_verdict = [
            item["document"] for item in ITEMS if verdict in ("all", item["verdict"])
        ]
        counts = Counter(of_verdict)
        assert [int(number) for number in numbers] == [
            counts[document] for document in facts.DOCUMENTS
        ]
        assert int(total) == len(of_verdict)
    assert len(table) == len(facts.VERDICTS) + 1


def test_page_is_light(address, browser):
    with page_gates.visiting(browser, address) as visit:
        assert page_gates.overweight(visit, 300_000) == []


def test_without_scripts_all_is_listed_and_no_filter_pretends(address, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}?verdict=wrong#document-3")
    assert page.locator(".fact").count() == 209
    assert page.locator(".fact:visible").count() == 209
    assert not page.locator(".facts-form").is_visible()
    context.close()


# --- Search, filters, groups ---------------------------------------------------------


def test_search_finds_english_and_chinese_as_one_types(page, address):
    page.goto(address)
    search = control(page, "Search")
    search.press_sequentially("warmup LARS")
    english = shown(page)
    assert english
    search.fill("余弦")
    chinese = shown(page)
    assert chinese >= {item["id"] for item in ITEMS if "余弦" in item["zh"]}
    assert 0 < len(chinese) < 209
    expect(page.get_by_role("status")).to_have_text(f"{len(chinese)} of 209 statements")
    search.fill("ＬＡＲＳ")  # full width, as Chinese keyboards write
    assert shown(page) >= english
    search.fill("no such words")
    expect(page.get_by_role("status")).to_have_text("None of 209 statements")
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_role("status")).to_have_text("209 statements")
    assert page.url == address


def test_search_waits_for_the_character(page, address):
    page.goto(address)
    control(page, "Search").evaluate(
        """(search) => {
          search.value = "yuxian";
          const how = { isComposing: true, bubbles: true };
          search.dispatchEvent(new InputEvent("input", how));
        }"""
    )
    assert len(shown(page)) == 209
    control(page, "Search").evaluate(
        """(search) => {
          search.value = "余弦";
          search.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true}));
        }"""
    )
    assert 0 < len(shown(page)) < 209


def test_filters_combine_and_the_address_brings_the_view_back(page, address):
    page.goto(address)
    control(page, "Verdict").select_option("wrong")
    control(page, "Document").select_option("1")
    assert shown(page) == wanted(verdict="wrong", document=1)
    assert page.locator(".facts h3:visible").all_inner_texts() == [
        "Document 1: the learning rate"
    ]
    control(page, "Lesson").select_option("1.1")
    control(page, "Group by").select_option("lesson")
    few = shown(page)
    assert few == wanted(verdict="wrong", document=1, lesson="1.1")
    assert page.locator(".facts h3:visible").all_inner_texts() == ["1.1 One product"]
    page.reload()
    assert shown(page) == few
    assert control(page, "Lesson").input_value() == "1.1"


@pytest.mark.parametrize("name", ["verdict", "lesson", "document"])
def test_groups_hold_what_their_heading_says(name, page, address):
    page.goto(f"{address}?group={name}")
    sections = page.locator(".facts > section").evaluate_all(
        "(all, name) => all.map((one) => [one.querySelector('h3').id, "
        "[...one.querySelectorAll('.fact')].map((fact) => fact.dataset[name])])",
        name,
    )
    for title, values in sections:
        assert {f"{name}-{value.replace(' ', '-')}" for value in values} == {title}
    assert sum(len(values) for _, values in sections) == 209


def test_keyboard_alone_filters(page, address):
    page.goto(address)
    control(page, "Search").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    assert shown(page) == wanted(verdict="wrong")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Adam")
    page.keyboard.press("Enter")  # sends nothing, loses nothing
    assert 0 < len(shown(page)) < len(wanted(verdict="wrong"))
    assert page.url.endswith("?q=Adam&verdict=wrong")


def test_number_of_the_table_leads_to_its_statements(page, address):
    page.goto(address)
    page.get_by_role("link", name="8 wrong, document 3").click()
    expect(page.get_by_role("status")).to_have_text("8 of 209 statements")
    assert shown(page) == wanted(verdict="wrong", document=3)
    assert page.locator("#document-3").is_visible()
    expect(page.locator("#document-3")).to_be_in_viewport()


def test_link_to_a_statement_shows_it_whatever_is_chosen(page, address):
    page.goto(f"{address}?verdict=wrong&group=lesson")
    place = page.locator("#D0-11")
    expect(place).not_to_be_visible()
    page.locator(".facts-contradictions").get_by_role("link", name="D0.11").click()
    expect(place).to_be_in_viewport()
    expect(page.get_by_role("status")).to_have_text("209 statements")
    assert control(page, "Verdict").input_value() == ""


def test_unknown_choice_in_the_address_is_left_out(page, address):
    page.goto(f"{address}?verdict=nonsense&group=colour&other=1")
    assert len(shown(page)) == 209
    assert control(page, "Verdict").input_value() == ""


# --- The way to the cell -------------------------------------------------------------


@pytest.mark.parametrize("name", [COMPUTED[0], COMPUTED[-1], WORDS[-1]])
def test_link_lands_where_something_is_seen(name, page, address):
    page.goto(f"{address}#{facts.anchor(name)}")
    page.locator(f"#{facts.anchor(name)} .fact-link").click()
    place = page.locator(f"#claim-{facts.anchor(name)}")
    near = {
        COMPUTED[0]: page.locator("details summary"),  # the block stays closed
        COMPUTED[-1]: page.locator("div.cell_output", has_text="2").last,
        WORDS[-1]: page.get_by_role("heading", name="What the documents say"),
    }[name]
    expect(place).to_have_count(1)
    expect(near).to_be_in_viewport()


def test_links_of_the_site_hold(html):
    assert page_gates.unreachable_facts(html, ITEMS) == []
    assert page_gates.broken_links(html) == []


def moved(text: str, name: str, to: str) -> str:
    """The page with an id taken from its place and set elsewhere."""
    return text.replace(f' id="claim-{facts.anchor(name)}"', "") + to


FIRST, SECOND = (facts.anchor(name) for name in COMPUTED[:2])
FAULTS: dict[str, tuple[str, Callable[[str], str], str]] = {
    "anchor gone": (
        "basics/one.html",
        lambda text: moved(text, COMPUTED[0], ""),
        f"{COMPUTED[0]} leads to: ../basics/one.html#claim-{FIRST}; "
        "is covered at: nowhere",
    ),
    "anchor in a closed block": (
        "basics/one.html",
        lambda text: moved(
            text, COMPUTED[0], f'<details><p id="claim-{FIRST}"></p></details>'
        ),
        f"{COMPUTED[0]} leads into a block that is closed",
    ),
    "anchor at another cell": (
        "basics/one.html",
        lambda text: moved(text, COMPUTED[0], f'<p id="claim-{FIRST}"></p>'),
        f"{COMPUTED[0]} leads to another cell than its own",
    ),
    "anchor twice": (
        "index.html",
        lambda text: text + f'<p id="claim-{SECOND}"></p>',
        f"{COMPUTED[1]} leads to: ../basics/one.html#claim-{SECOND}; "
        f"is covered at: ../basics/one.html#claim-{SECOND} and "
        f"../index.html#claim-{SECOND}",
    ),
    "not listed": (
        PAGE,
        lambda text: text.replace(f'id="{FIRST}"', ""),
        f"{COMPUTED[0]} is not listed",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_gate_fails_on_its_fixture(fault, html, tmp_path):
    broken, change, problem = FAULTS[fault]
    for name in ("index.html", "basics/one.html", "practice/five.html", PAGE):
        text = (html / name).read_text(encoding="utf-8")
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(change(text) if name == broken else text)
    assert page_gates.unreachable_facts(tmp_path, ITEMS) == [problem]


# --- What the page can't be made from ------------------------------------------------


def test_statement_without_a_cell_is_refused(tmp_path):
    book = written(tmp_path / "book")
    notebooks = lessons(book)
    del notebooks[book / "basics" / "one.ipynb"].cells[2].metadata["tags"][0]
    with pytest.raises(
        PublishError, match=f"no cell of lesson 1.1 is tagged claim-{COMPUTED[1]};"
    ):
        facts.pages(book, notebooks)


def test_statement_without_a_lesson_is_refused(tmp_path):
    book = written(tmp_path / "book")
    notebooks = lessons(book)
    del notebooks[book / "practice" / "five.ipynb"]
    with pytest.raises(PublishError, match=r"^D2\.1 belongs to lesson 5\.1, and no"):
        facts.pages(book, notebooks)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"said": {"D0.14": "a period", "D4.99": "half of one"}},
            "the contradiction 'What T_max counts' names D4.99, which is no statement",
        ),
        (
            {"settled": ["D1.1"]},
            "'What T_max counts' is settled in the cell of D1.1; it has to be that "
            "of one of its own: D0.14, D4.36",
        ),
        ({"settled": []}, "is settled in the cell of no statement; it has to be"),
    ],
)
def test_contradiction_that_nothing_settles_is_refused(change, problem, tmp_path):
    book = written(tmp_path / "book")
    good = {
        "topic": "What T_max counts",
        "said": {"D0.14": "a period", "D4.36": "the time to a restart"},
        "holds": "Half a period.",
        "settled": ["D4.36"],
    }
    (book / "contradictions.yml").write_text(yaml.safe_dump([good | change]))
    with pytest.raises(PublishError, match=re.escape(problem)):
        facts.pages(book, lessons(book))


def test_anchors_leave_the_notebook_as_it_was():
    notebook = lesson("1.1", "One product")
    marked = facts.with_anchors(notebook)
    assert notebook.cells[3].source.startswith("## What")
    assert marked.cells[3].source.startswith("<div><span id=")
    assert len(marked.cells) == len(notebook.cells)  # so that warnings name the cell
