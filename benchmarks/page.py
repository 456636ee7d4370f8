"""What a page costs its reader, and what building the site costs its maker.

Bytes are those of a host that sends gzip. The phone is a throttled Chromium:
1.6 Mbit/s, 150 ms of latency, a processor four times slower than this one.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Browser

from benchmarks import Row
from publish.build import listed_notebooks, listed_pages
from publish.serve import server
from tests import page_gates
from tests.browser import chromium_path, launched

REPOSITORY = Path(__file__).resolve().parents[1]
LIGHTHOUSE = "lighthouse@12.8.2"
LESSON = "basics/too-small-oscillating-exploding"
KEYS = 60

# The moment at which the first interactive element has something to operate.
WATCH_FIRST_CONTROL = """
new MutationObserver((_, observer) => {
  if (!document.querySelector(".lrlib-interactive input")) return;
  window.usable = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
"""

# From the key press to the end of the frame that shows its effect.
WATCH_KEYS = """
window.latencies = [];
addEventListener("keydown", (event) => requestAnimationFrame(() => {
  const painted = new MessageChannel();
  painted.port1.onmessage = () =>
    window.latencies.push(performance.now() - event.timeStamp);
  painted.port2.postMessage(null);
}), true);
"""


def rows() -> Iterator[Row]:
    """Everything about the site, measured on a copy that is built here and now."""
    with tempfile.TemporaryDirectory() as temporary:
        book = Path(temporary) / "a book"
        for name in ("_config.yml", "_toc.yml"):
            book.mkdir(exist_ok=True)
            shutil.copy(REPOSITORY / name, book)
        shutil.copytree(REPOSITORY / "book", book / "book")
        yield from _build_times(book)
        with _serving(book / "_build" / "html") as url, launched() as browser:
            yield from _weights(url, browser, book)
            yield from _speed(url, browser)
            yield from _lighthouse(url)


def _build_times(book: Path) -> Iterator[Row]:
    count = len(listed_notebooks(book))
    cold = _build(book)
    detail = f"{cold:.1f} s for {count} notebooks"
    yield Row("site: cold build, per notebook", cold / count, 5, "s", detail=detail)
    yield Row("site: nothing changed", _build(book), 5, "s")
    path = book / "book" / f"{LESSON}.ipynb"
    lesson = nbformat.read(path, as_version=4)
    code = next(cell for cell in lesson.cells if cell.cell_type == "code")
    code.source += "\n# changed"
    nbformat.write(lesson, path)
    yield Row("site: one lesson changed", _build(book), 15, "s", detail=LESSON)


def _build(book: Path) -> float:
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "publish", str(book)],
        cwd=REPOSITORY,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


@contextmanager
def _serving(html: Path) -> Iterator[str]:
    site = server(html)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{site.server_port}"
    finally:
        site.shutdown()
        site.server_close()


def _weights(url: str, browser: Browser, book: Path) -> Iterator[Row]:
    totals = []
    for page, path in listed_pages(book).items():
        with page_gates.visiting(browser, f"{url}/{page}.html") as visit:
            kinds = page_gates.bytes_by_kind(visit)
        detail = ", ".join(f"{k} {v / 1000:.0f}" for k, v in kinds.most_common())
        yield Row(f"page: {page}", kinds.total() / 1000, 700, "kB", detail=detail)
        if path.suffix == ".ipynb":
            totals.append(kinds.total() / 1000)
    yield Row("page: median of the notebooks", statistics.median(totals), 450, "kB")


def _speed(url: str, browser: Browser) -> Iterator[Row]:
    for page in ("index", LESSON):
        times = [_usable(f"{url}/{page}.html", browser) for _ in range(3)]
        detail = "first control there; slow 4G, CPU / 4; median of 3"
        yield Row(f"usable: {page}", statistics.median(times), 2.5, "s", detail=detail)
    for page in ("index", LESSON):
        latencies = _latencies(f"{url}/{page}.html", browser)
        median, p95 = statistics.median(latencies), sorted(latencies)[int(KEYS * 0.95)]
        yield Row(f"key to paint: {page}", median, 16, "ms", detail="median")
        yield Row(f"key to paint: {page}", p95, 50, "ms", detail="95th percentile")


def _usable(url: str, browser: Browser) -> float:
    context = browser.new_context(viewport={"width": 375, "height": 800})
    context.add_init_script(WATCH_FIRST_CONTROL)
    page = context.new_page()
    phone = context.new_cdp_session(page)
    phone.send("Network.enable")
    phone.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 150,
            "downloadThroughput": 1.6e6 / 8,
            "uploadThroughput": 750e3 / 8,
        },
    )
    phone.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(url, wait_until="commit")
    page.wait_for_function("window.usable")
    seconds: float = page.evaluate("window.usable / 1000")
    context.close()
    return seconds


def _latencies(url: str, browser: Browser) -> list[float]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(url)
    page.locator(".lrlib-interactive").first.scroll_into_view_if_needed()
    slider = page.locator(".lrlib-interactive input[type=range]").first
    slider.focus()
    page.evaluate(WATCH_KEYS)
    for press in range(KEYS):
        page.keyboard.press("ArrowRight" if press < KEYS // 2 else "ArrowLeft")
        page.wait_for_timeout(37 + press % 17)  # not in step with the frames
    found: list[float] = page.evaluate("window.latencies")
    page.close()
    return found


def _lighthouse(url: str) -> Iterator[Row]:
    """Scores of Lighthouse for phones, fetched by npx; a missed one without it."""
    if shutil.which("npx") is None:
        yield _unmeasured("npx (Node.js) is not installed")
        return
    for page in ("index", LESSON):
        run = subprocess.run(
            [
                *("npx", "--yes", LIGHTHOUSE, f"{url}/{page}.html"),
                *("--quiet", "--output=json"),
                "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
            ],
            env=os.environ | {"CHROME_PATH": chromium_path()},
            capture_output=True,
            text=True,
        )
        if run.returncode:
            yield _unmeasured(run.stderr.strip()[-200:])
            return
        categories = json.loads(run.stdout)["categories"]
        for name, least in {
            "performance": 90,
            "accessibility": 100,
            "best-practices": 100,
            "seo": 100,
        }.items():
            score = round(100 * categories[name]["score"])
            yield Row(f"Lighthouse, phone: {page}", score, least, "", True, name)


def _unmeasured(reason: str) -> Row:
    """What can't be measured has not kept its budget: no number is a miss."""
    detail = f"not measured: {reason}"
    return Row("Lighthouse, phone", math.nan, 90, "", True, detail)
