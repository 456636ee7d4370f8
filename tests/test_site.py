"""The website: that it is built honestly, and that every page keeps its promises."""

import os
import random
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from socketserver import BaseRequestHandler

import nbformat
import pytest
from bs4 import BeautifulSoup
from filelock import FileLock
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from benchmarks import page as benchmark
from publish import address as places
from publish import build, execute, extension, facts, maths, terms
from publish.problems import PublishError
from publish.serve import SiteServer
from tests import page_gates, site_gates
from tests.page_gates import serving

REPOSITORY = Path(__file__).resolve().parents[1]
FIXTURES = Path(__file__).with_name("site_fixtures")
PAGES = [*build.listed_pages(REPOSITORY), "search", "404"]
LESSONS = build.listed_notebooks(REPOSITORY)
GATES = (
    page_gates.third_parties,
    page_gates.complaints,
    page_gates.overweight,
    page_gates.overflowing,
    page_gates.shifts,
    page_gates.unintroduced,
    page_gates.unloaded_icons,
    page_gates.broken_formulas,
    page_gates.undrawn_formulas,
    page_gates.unset_formulas,
    page_gates.barriers,
    page_gates.led_away,
    page_gates.lost_focus,
)
# What another colour scheme can change on a page that has been read.
GATES_OF_A_SCHEME = (
    page_gates.third_parties,
    page_gates.complaints,
    page_gates.overflowing,
    page_gates.unloaded_icons,
    page_gates.barriers,
)


def publish(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m publish`` on a folder, as ``make book`` does."""
    return subprocess.run(
        [sys.executable, "-m", "publish", str(folder)],
        cwd=REPOSITORY,
        env=os.environ | variables,
        capture_output=True,
        text=True,
    )


def tiny_book(name: str, tmp_path: Path) -> Path:
    """A copy of a fixture with the settings of the book, in a path with a space."""
    folder = tmp_path / "a book"
    shutil.copytree(FIXTURES / name, folder)
    shutil.copy(REPOSITORY / "_config.yml", folder)
    shutil.copytree(REPOSITORY / "book" / "_static", folder / "book" / "_static")
    return folder


@pytest.fixture(scope="session")
def html() -> Path:
    """The site, built from the lessons as they are (fast when nothing changed)."""
    (REPOSITORY / "_build").mkdir(exist_ok=True)
    # One worker builds it; the others wait, and find it built.
    with FileLock(REPOSITORY / "_build" / "tests.lock"):
        # Of nobody's repository: the tests serve it from an address of their own.
        result = publish(REPOSITORY, GITHUB_REPOSITORY="", SITE_URL="")
    assert result.returncode == 0, result.stdout + result.stderr
    return REPOSITORY / "_build" / "html"


@pytest.fixture(scope="session")
def address(html: Path) -> Iterator[str]:
    with serving(html) as url:
        yield url


@pytest.fixture(scope="session")
def fixture_pages() -> Iterator[str]:
    with serving(FIXTURES / "pages") as url:
        yield url


# --- Every page, in every setting -------------------------------------------------


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
@pytest.mark.parametrize("page", PAGES)
def test_page_keeps_its_promises(page, width, scheme, html, address, browser):
    """At both widths in both schemes: loaded in one, and switched to the other."""
    file = html / f"{page}.html"
    with page_gates.visiting(browser, f"{address}/{page}.html", width, scheme) as visit:
        problems = found(visit, GATES) | moving(visit, file.read_text("utf-8"))
        other = "dark" if scheme == "light" else "light"
        page_gates.switch(visit, other)
        switched = found(visit, GATES_OF_A_SCHEME)
    problems |= {f"{name}, {other}": said for name, said in switched.items()}
    assert {name: said for name, said in problems.items() if said} == {}


def found(visit, gates):
    return {gate.__name__: gate(visit) for gate in gates}


def moving(visit, written):
    """The explorers and drawings of a page are all there, and alive."""
    problems = {"dead explorers": site_gates.dead_explorers(visit.page)}
    for kind, elements in (
        ("explorer", site_gates.explorers(visit.page)),
        ("reports", site_gates.drawings(visit.page)),
    ):
        if len(elements) != written.count(f'"kind":"{kind}"'):
            problems[kind] = [f"{len(elements)} are to be seen"]
    # Moving them threw nothing either.
    return problems | {"complaints": page_gates.complaints(visit)}


def test_page_shows_what_was_printed_piece_by_piece(html):
    """What comes before and after a figure isn't put together."""
    notebooks = execute.executed(LESSONS.values(), REPOSITORY / "_build" / "executed")
    for page, path in LESSONS.items():
        text = (html / f"{page}.html").read_text("utf-8")
        shown = BeautifulSoup(text, "html.parser").select(".output.stream pre")
        printed = [
            output.text.strip()
            for cell in notebooks[path].cells
            for output in cell.get("outputs", [])
            if output.output_type == "stream"
        ]
        assert [pre.get_text().strip() for pre in shown] == printed, page


def test_every_link_leads_somewhere(html):
    assert page_gates.broken_links(html) == []


def test_code_is_marked_only_where_it_shows(html, tmp_path):
    assert page_gates.idle_marks(html) == []
    # A mark of the same page by Pygments itself fails.
    (tmp_path / "_static").mkdir()
    shutil.copy(html / "_static" / "pygments.css", tmp_path / "_static")
    page = highlight("rate = 0.1", PythonLexer(), HtmlFormatter())
    (tmp_path / "page.html").write_text(page)
    assert page_gates.idle_marks(tmp_path) == ["page.html: 1 of 'n'"]


@pytest.mark.parametrize("page", build.listed_pages(REPOSITORY))
def test_first_use_of_a_term_leads_to_the_glossary(page, html):
    if page not in terms.UNLINKED:
        homes = terms.terms(REPOSITORY / "book")
        assert page_gates.unlinked_terms(html, page, homes) == []


def test_index_names_every_term_and_leads_to_its_entry_and_its_uses(html):
    page = BeautifulSoup((html / "genindex.html").read_text("utf-8"), "html.parser")
    headings = [link.text for link in page.select("nav[aria-label=Letters] a")]
    assert headings == sorted(set(headings))  # µP stands under M
    entries = page.select(".course-index > li")
    own = {item.a.text: item.a["href"] for item in entries if item.contents[0].name}
    assert set(own) == set(terms.terms(REPOSITORY / "book"))
    assert all(
        href.startswith("reference/glossary.html#term-") for href in own.values()
    )
    for item in entries:
        if item.contents[0].name:
            uses = [link["href"] for link in item.select(":scope ul a")]
            home = terms.terms(REPOSITORY / "book")[item.a.text]
            assert home in {href.partition(".html#")[0] for href in uses}, item.a.text
    called = {str(item.contents[0]).strip(): item for item in entries}
    uses = [link["href"] for link in called["cosine (lrlib.decay)"].find_all("a")]
    assert "decay/cosine.html#code-lrlib-decay-cosine" in uses


def test_every_fact_leads_to_its_cell(html):
    items = facts.inventory(REPOSITORY / "book")
    assert page_gates.unreachable_facts(html, items) == []


def test_wrong_address_shows_the_way_back(address, browser):
    page = browser.new_page()
    response = page.goto(f"{address}/no/such/page.html")
    assert response.status == 404
    page.get_by_role("link", name="the first page").click()
    assert page.url == f"{address}/index.html"
    page.close()


@pytest.mark.parametrize(
    ("error", "told"),
    [(BrokenPipeError(), False), (ConnectionResetError(), False), (KeyError(), True)],
)
def test_reader_who_leaves_is_no_error_of_the_server(error, told, capfd):
    class Failing(BaseRequestHandler):
        def handle(self):
            raise error

    with (
        SiteServer(("127.0.0.1", 0), Failing) as site,
        socket.create_connection(site.server_address) as reader,
    ):
        site.handle_request()
        assert reader.recv(1) == b""  # the server has dealt with it
    assert ("Traceback" in capfd.readouterr().err) == told


@pytest.mark.parametrize("page", ["index", "basics/too-small-oscillating-exploding"])
def test_site_works_in_a_folder_of_a_host(page, html, tmp_path, browser):
    (tmp_path / "course").symlink_to(html)
    with serving(tmp_path) as url:
        place = f"{url}/course/{page}.html"
        with page_gates.visiting(browser, place) as visit:
            problems = found(visit, GATES)
            problems |= moving(visit, (html / f"{page}.html").read_text("utf-8"))
    assert {name: said for name, said in problems.items() if said} == {}


@pytest.mark.parametrize("width", [1280, 375])
def test_page_that_is_opened_as_a_file_says_what_is_missing(width, html, browser):
    page = browser.new_page(viewport={"width": width, "height": 800})
    file = html / "basics" / "too-small-oscillating-exploding.html"
    page.goto(file.as_uri())
    page.get_by_role("note").filter(has_text="opened this page as a file").wait_for()
    places = page.locator(".lrlib-place")
    assert places.count() > 1
    pictures = places.locator("img")
    assert pictures.count() > 0
    for picture in pictures.all():
        picture.scroll_into_view_if_needed()
        picture.evaluate("picture => picture.decode()")  # throws if it isn't there
    assert page.evaluate(page_gates.TOO_WIDE) == []
    page.locator("article a[href='the-noise-floor.html']").first.click()
    assert page.url == (file.parent / "the-noise-floor.html").as_uri()
    page.close()


def test_page_from_a_host_says_nothing_of_files(address, browser):
    page = browser.new_page()
    page.goto(f"{address}/index.html")
    assert page.locator(".course-as-file").count() == 0
    page.close()


def test_search_finds_a_lesson(address, browser):
    page = browser.new_page()
    page.goto(f"{address}/search.html?q=curvature")
    found = page.locator("#search-results a[href*='too-small-oscillating-exploding']")
    found.first.wait_for()
    page.close()


def test_notebook_for_download_is_the_one_in_the_repository(html):
    for page, path in LESSONS.items():
        offered = html / "_sources" / f"{page}.ipynb"
        assert offered.read_bytes() == path.read_bytes()


def test_long_formula_scrolls_in_its_box_and_takes_the_keyboard(address, browser):
    page = browser.new_page(viewport={"width": 375, "height": 800})
    page.goto(f"{address}/basics/one-multiplication.html")
    formula = page.locator(".course-formula").first
    formula.evaluate("box => box.style.width = '60px'")
    page.wait_for_function(
        "document.querySelector('.course-formula').getAttribute('tabindex') === '0'"
    )
    assert formula.evaluate("box => box.scrollWidth > box.clientWidth")
    page.close()


def test_formula_reads_as_mathml():
    html = maths.html_of(r"\frac{2}{\lambda}", display=False)
    assert "<math" in html
    assert "<mfrac>" in html
    assert 'aria-hidden="true"' in html  # the picture of it is for the eye alone


def test_unreadable_formula_is_an_error():
    with pytest.raises(ValueError, match="KaTeX parse error"):
        maths.html_of(r"\frac{1", display=True)


# --- Each gate fails on the page that it must fail on --------------------------------


@pytest.mark.parametrize(
    ("gate", "page", "said"),
    [
        (page_gates.third_parties, "third-party", "https://example.org/picture.png"),
        (page_gates.complaints, "console", "something broke"),
        (page_gates.complaints, "exception", "undefinedFunction"),
        (page_gates.barriers, "unlabelled", "label (critical)"),
        (page_gates.barriers, "misnamed", "label-content-name-mismatch (serious)"),
        (page_gates.lost_focus, "ringless", "A.plain: no ring"),
        (page_gates.lost_focus, "ringless", "A.boxed: the ring is cut off: left, top"),
        (page_gates.lost_focus, "ringless", "DIV.covered: the ring lies under TABLE"),
        (page_gates.overflowing, "overflow", "sideways"),
        (page_gates.overflowing, "cut", "DIV.wide: "),
        (page_gates.overflowing, "cut", "A.narrow: cuts off"),
        (page_gates.shifts, "shift", "layout shift"),
        (page_gates.unintroduced, "nameless", "no description"),
        (page_gates.unintroduced, "two-titles", "2 headings"),
        (page_gates.led_away, "arrow", "ArrowRight on a slider leads to"),
        (page_gates.unloaded_icons, "icon", "fa-solid fa-sun"),
        (page_gates.broken_formulas, "broken", "cut off: a wide formula"),
        (page_gates.broken_formulas, "broken", "on two lines: x = 1"),
        (page_gates.undrawn_formulas, "formula", "x italic 400 40px KaTeX_Math"),
        (page_gates.unset_formulas, "dollars", "$1 - e^{-x}$"),
    ],
)
def test_gate_fails_on_its_fixture(gate, page, said, fixture_pages, browser):
    with page_gates.visiting(browser, f"{fixture_pages}/{page}.html", 375) as visit:
        assert any(said in problem for problem in gate(visit))
    with page_gates.visiting(browser, f"{fixture_pages}/good.html", 375) as visit:
        assert gate(visit) == []


def test_switched_page_is_judged_by_its_other_colours(fixture_pages, browser):
    with page_gates.visiting(browser, f"{fixture_pages}/dim-in-the-dark.html") as visit:
        assert page_gates.barriers(visit) == []
        page_gates.switch(visit, "dark")
        assert any("color-contrast" in text for text in page_gates.barriers(visit))


def test_weight_gate_fails_on_a_heavy_page(tmp_path, browser):
    # Noise can't be packed.
    noise = random.Random(0).randbytes(page_gates.WEIGHT_BUDGET + 1)
    (tmp_path / "noise.png").write_bytes(noise)
    page = '<!DOCTYPE html><title>Heavy</title><img src="noise.png" alt="Noise">'
    (tmp_path / "index.html").write_text(page)
    with (
        serving(tmp_path) as url,
        page_gates.visiting(browser, f"{url}/index.html") as visit,
    ):
        (problem,) = page_gates.overweight(visit)
    assert "450,000 are allowed" in problem
    assert "image 450,001" in problem


@pytest.mark.parametrize("npx", [None, "npx"])
def test_lighthouse_that_does_not_run_is_a_missed_budget(npx, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, stderr="no such package")
    monkeypatch.setattr(benchmark.shutil, "which", lambda name: npx)
    monkeypatch.setattr(benchmark, "chromium_path", lambda: "/somewhere/chromium")
    monkeypatch.setattr(benchmark.subprocess, "run", lambda *_, **__: failed)
    (row,) = benchmark._lighthouse("http://site")
    assert not row.met
    said = "no such package" if npx else "npx (Node.js) is not installed"
    assert row.detail == f"not measured: {said}"


def test_link_gate_fails_on_broken_links():
    problems = page_gates.broken_links(FIXTURES / "pages")
    assert "broken-link.html: nowhere.html does not exist" in problems
    assert "broken-link.html: good.html#nowhere has no such anchor" in problems
    assert not any(problem.startswith("good.html") for problem in problems)


# --- The build is honest -------------------------------------------------------------


def test_broken_link_fails_the_build_again_and_again(tmp_path):
    folder = tiny_book("broken-link", tmp_path)
    for _ in range(2):  # Sphinx alone keeps silent the second time
        result = publish(folder)
        assert result.returncode == 1
        assert "nowhere.md" in result.stderr
        assert "index.md:3" in result.stderr


def test_failing_cell_fails_the_build_and_is_named(tmp_path):
    result = publish(tiny_book("failing-cell", tmp_path))
    assert result.returncode == 1
    assert "index.ipynb, code cell 2 (rate / 0)" in result.stderr
    assert "ZeroDivisionError" in result.stderr


def test_site_address_is_written_only_when_known(tmp_path):
    folder = tiny_book("broken-link", tmp_path)
    (folder / "book" / "index.md").write_text("# A book\n\nIts first sentence. More.\n")
    built = folder / "_build" / "html"

    assert publish(folder, SITE_URL="").returncode == 0
    assert not (built / "sitemap.xml").exists()
    assert "Sitemap" not in (built / "robots.txt").read_text()
    page = (built / "index.html").read_text()
    assert '<meta name="description" content="Its first sentence.">' in page
    assert "og:url" not in page
    assert 'href="/index.html"' in (built / "404.html").read_text()

    site = "https://lessons.example/course"
    assert publish(folder, SITE_URL=site).returncode == 0
    assert f"<loc>{site}/index.html</loc>" in (built / "sitemap.xml").read_text()
    assert f"Sitemap: {site}/sitemap.xml" in (built / "robots.txt").read_text()
    assert f'"og:url" content="{site}/index.html"' in (built / "index.html").read_text()
    assert 'href="/course/index.html"' in (built / "404.html").read_text()


def test_edit_link_only_when_the_repository_is_known(tmp_path):
    folder = tiny_book("broken-link", tmp_path)
    (folder / "book" / "index.md").write_text("# A book\n\nA sentence.\n")
    index = folder / "_build" / "html" / "index.html"
    assert publish(folder, GITHUB_REPOSITORY="").returncode == 0
    assert "github.com" not in index.read_text()
    assert publish(folder, GITHUB_REPOSITORY="someone/course").returncode == 0
    edit = "https://github.com/someone/course/edit/main/book/index.md"
    assert edit in index.read_text()


def test_colab_button_leads_to_the_notebook_of_this_fork(tmp_path, browser):
    folder = tiny_book("lesson", tmp_path)
    lesson = folder / "_build" / "html" / "index.html"
    assert publish(folder, GITHUB_REPOSITORY="", SITE_URL="").returncode == 0
    assert "colab" not in lesson.read_text().lower()
    assert publish(folder, GITHUB_REPOSITORY="someone/course").returncode == 0
    link = f"{places.COLAB}/someone/course/blob/{places.BRANCH}/index.ipynb"
    # The button in the header, and the sentence in the place of the Lab.
    assert lesson.read_text().count(f'href="{link}"') == 2
    note = folder / "_build" / "html" / "note.html"
    assert "colab.research" not in note.read_text()  # it is no notebook
    with page_gates.serving(lesson.parent) as url:
        for width in (1280, 375):
            with page_gates.visiting(browser, f"{url}/index.html", width) as visit:
                problems = found(visit, GATES)
            assert {name: said for name, said in problems.items() if said} == {}


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("GITHUB_REPOSITORY", "https://github.com/a/b", "give owner/name"),
        ("GITHUB_REPOSITORY", "course", "give owner/name"),
        ("SITE_URL", "someone.github.io", "begin it with https://"),
    ],
)
def test_wrong_address_is_told_before_anything_runs(setting, value, said, tmp_path):
    folder = tiny_book("lesson", tmp_path)
    result = publish(folder, **{setting: value})
    assert result.returncode == 1
    assert f"{setting} is {value!r}" in result.stderr
    assert said in result.stderr
    assert "running" not in result.stdout


def test_what_stands_is_left_alone_and_what_is_gone_comes_back(tmp_path):
    folder = tiny_book("broken-link", tmp_path)
    source = folder / "book" / "index.md"
    source.write_text("# A book\n\nA sentence.\n")
    page = folder / "_build" / "html" / "index.html"
    assert publish(folder).returncode == 0
    page.write_text(page.read_text() + "<!-- not built again -->")
    assert publish(folder).returncode == 0
    assert "not built again" in page.read_text()
    page.unlink()
    assert publish(folder).returncode == 0
    assert "A sentence." in page.read_text()
    source.write_text("# A book\n\nAnother sentence.\n")
    assert publish(folder).returncode == 0
    assert "Another sentence." in page.read_text()


def test_page_is_written_again_for_its_own_text_and_for_any_title(tmp_path):
    folder = tiny_book("lesson", tmp_path)
    note = folder / "book" / "note.md"
    html = folder / "_build" / "html"

    def written_for(text: str) -> set[str]:
        """The pages that a build with this text of the note writes."""
        pages = {name: html / f"{name}.html" for name in ("more/second", "note")}
        for page in filter(Path.exists, pages.values()):
            page.write_text(page.read_text() + "<!-- old -->")
        note.write_text(text)
        assert publish(folder).returncode == 0
        return {
            name
            for name, page in pages.items()
            if "<!-- old -->" not in page.read_text()
        }

    assert written_for("# A note\n\nWith a sentence.\n") == {"more/second", "note"}
    assert written_for("# A note\n\nWith another sentence.\n") == {"note"}
    # The sidebar of every page shows the titles.
    assert written_for("# Another note\n\nA sentence.\n") == {"more/second", "note"}
    assert "Another note" in (html / "more" / "second.html").read_text()


def test_terms_follow_the_glossary_and_none_is_explained_twice(tmp_path):
    folder = tiny_book("lesson", tmp_path)
    glossary = folder / "book" / f"{terms.GLOSSARY}.md"
    glossary.parent.mkdir()
    with (folder / "_toc.yml").open("a") as toc:
        toc.write(f"- file: {terms.GLOSSARY}\n")
    entry = "Sentence\n  What a note has.\n"
    head = "# Glossary\n\n```{glossary}\n"
    note = folder / "_build" / "html" / "note.html"

    glossary.write_text(f"{head}{entry}```\n")
    assert publish(folder).returncode == 0
    link = '<a class="reference internal" href="reference/glossary.html#term-Sentence">'
    assert link in note.read_text()
    assert page_gates.unlinked_terms(note.parent, "note", {"Sentence": ""}) == []

    glossary.write_text(f"{head}Word\n  Another thing.\n```\n")
    assert publish(folder).returncode == 0
    assert link not in note.read_text()
    (problem,) = page_gates.unlinked_terms(note.parent, "note", {"Sentence": ""})
    assert "'Sentence' is no link in 'Its one sentence.'" in problem

    glossary.write_text(f"{head}{entry}  [There](../note.md)\n```\n")
    assert publish(folder).returncode == 0
    assert link not in note.read_text()  # it explains the term itself
    assert 'id="use-sentence"' in note.read_text()

    glossary.write_text(f"{head}{entry}\n{entry}```\n")
    result = publish(folder)
    assert result.returncode == 1
    assert "duplicate term description of Sentence" in result.stderr


@pytest.mark.parametrize(("line", "said"), [("", ""), ("start\n", "'nowhere'")])
def test_sphinx_waits_until_it_is_asked(line, said, tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "publish.typeset", "build", "nowhere"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        input=line,
        capture_output=True,
        text=True,
    )
    assert (run.returncode != 0) == bool(line)
    assert said in run.stderr
    assert bool(run.stderr) == bool(said)


def test_missing_page_is_refused(tmp_path):
    for name in ("index.html", "404.html", "search.html"):
        (tmp_path / name).touch()
    pages = {"index": Path("index.md"), "basics/lesson": Path("basics/lesson.ipynb")}
    with pytest.raises(
        PublishError, match=r"3 of 4 pages; missing: basics/lesson.html"
    ):
        build.check_complete(tmp_path, pages)


def test_listed_page_without_a_source_is_refused(tmp_path):
    folder = tiny_book("broken-link", tmp_path)
    (folder / "book" / "index.md").unlink()
    with pytest.raises(PublishError, match=r"_toc\.yml lists 'index'"):
        build.listed_pages(folder)


# --- Results are reused only where nothing that they depend on changed --------------


def notebook(code: str, text: str = "# A lesson") -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_markdown_cell(text), nbformat.v4.new_code_cell(code)]
    return nbformat.v4.new_notebook(cells=cells)


def test_outputs_follow_the_code_and_survive_the_prose(tmp_path):
    path, store = tmp_path / "lesson.ipynb", tmp_path / "store"

    def outputs(code: str, text: str = "# A lesson") -> str:
        nbformat.write(notebook(code, text), path)
        cells = execute.executed([path], store)[path].cells
        assert cells[0].source == text
        return cells[1].outputs[0].text

    # The number of the process tells whether the cell ran again.
    first = outputs("import os; print(os.getpid())")
    assert outputs("import os; print(os.getpid())") == first
    assert outputs("import os; print(os.getpid())", "# Another title") == first
    assert outputs("import os; print(os.getpid())  # changed") != first
    assert len(list(store.glob("*.json"))) == 1


def test_outputs_follow_the_package_and_the_pins(tmp_path, monkeypatch):
    followed = [
        tmp_path / "lrlib" / "basics.py",
        tmp_path / "lrlib" / "data" / "text.txt",
        tmp_path / "constraints.txt",
        *(tmp_path / "publish" / name for name in execute.RUN_BY),
    ]
    for path in followed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("before")
    monkeypatch.setattr(execute, "REPOSITORY", tmp_path)
    keys = {execute.common_key()}
    for path in followed:
        path.write_text("after")
        keys.add(execute.common_key())
    assert len(keys) == 1 + len(followed)


def test_stderr_of_a_lesson_fails_the_build(tmp_path):
    path = tmp_path / "lesson.ipynb"
    nbformat.write(notebook("import warnings; warnings.warn('beware')"), path)
    with pytest.raises(PublishError, match=r"code cell 1 (?s:.*)beware"):
        execute.executed([path], tmp_path / "store")


def test_what_is_printed_does_not_depend_on_when_it_is_sent(tmp_path):
    path = tmp_path / "lesson.ipynb"
    code = "print('a', end='', flush=True)\nprint('b', flush=True)\n"
    code += "from IPython.display import display\ndisplay(1)\nprint('c')"
    nbformat.write(notebook(code), path)
    cells = execute.executed([path], tmp_path / "store")[path].cells
    texts = [output.get("text") for output in cells[1].outputs]
    assert texts == ["ab\n", None, "c\n"]


def test_page_says_site_to_the_figures(tmp_path):
    path = tmp_path / "lesson.ipynb"
    nbformat.write(notebook("import lrlib.explorer.hosts as h; print(h.host())"), path)
    cells = execute.executed([path], tmp_path / "store")[path].cells
    assert cells[1].outputs[0].text == "site\n"


def test_description_falls_back_to_the_first_sentence():
    from docutils.core import publish_doctree

    doctree = publish_doctree("A title\n=======\n\nOne sentence\nhere. And more.\n")
    assert extension.first_sentence(doctree) == "One sentence here."
