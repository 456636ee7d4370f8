"""What every page of the site must hold; each gate returns the problems it found.

A ``Visit`` is a page that was opened as a reader would, read to its end, with what it
asked for and what it logged on record.
"""

import gzip
import os
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Page, Response, Route

from publish import terms
from publish.serve import server
from tests.browser import TWO_FRAMES

Scheme = Literal["light", "dark"]

# Of npm's axe-core, as published: what PyPI has is older and takes twice as long.
AXE = Path(__file__).with_name("axe_core") / "axe.min.js"

# Bytes with gzip, everything included. The lesson in the middle may have as many,
# the heaviest 700,000; every page keeps to the smaller number.
WEIGHT_BUDGET = 450_000
SHIFT_BUDGET = 0.02

# From the first paint on; shifts that follow a click or a key do not count.
RECORD_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput) continue;
    const moved = entry.sources.map((source) => {
      const node = source.node;
      const near = node?.className || node?.parentNode?.className;
      return node ? `${node.nodeName} ${near}` : "?";
    });
    window.shifts.push([entry.value, moved.join(" ")]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""

# A figure is alive when its control is there, not only its place.
ALL_MOUNTED = """() => [...document.querySelectorAll(".lrlib-interactive")]
  .every((element) => element.querySelector("input, select"))"""

# What sticks out of the page, unless a box around it scrolls, and what a box cuts off.
# Left out is what only screen readers are meant to meet: it stands in a box of 1 px.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const within = (element, excuses) => {
    for (let box = element; box && box !== document.body; box = box.parentElement)
      if (excuses(box, getComputedStyle(box).overflowX)) return true;
    return false;
  };
  const scrolls = (box, overflow) => ["auto", "scroll"].includes(overflow);
  const cuts = (overflow) => ["hidden", "clip"].includes(overflow);
  const unseen = (box, overflow) => cuts(overflow) && box.clientWidth <= 1;
  const found = [];
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (!box.width || !box.height || style.position === "fixed"
        || within(element, unseen)) continue;
    // KaTeX draws the line of a root far too long and hides its tail.
    if (element.parentElement.closest(".katex .hide-tail")) continue;
    const name = `${element.nodeName}.${element.className}`;
    const excess = box.right + window.scrollX - width;
    if (excess > 0.5 && !within(element.parentElement, scrolls))
      found.push(`${name}: ${excess.toFixed(1)} px`);
    const cut = element.scrollWidth - element.clientWidth;
    if (cuts(style.overflowX) && cut > 1) found.push(`${name}: cuts off ${cut} px`);
  }
  const sideways = document.documentElement.scrollWidth - width;
  if (sideways > 0) found.push(`the page scrolls sideways by ${sideways} px`);
  return found;
}"""

# Whoever moves by keyboard sees where they are: a ring around what has the focus, or
# around the form that it stands in. Where the page scrolls, one side may be cut off.
NO_RING = """() => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    if (element.tabIndex < 0 || !element.checkVisibility({ visibilityProperty: true }))
      continue;
    element.focus();
    if (document.activeElement !== element) continue;
    const name = `${element.nodeName}.${element.className}`;
    // How far the ring reaches out of a box; less than 0 is inside.
    const reach = (box) => {
      if (!box) return null;
      const style = getComputedStyle(box);
      if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
        return parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth);
      const shadow = / 0px 0px 0px ([1-9]\\d*)px/.exec(style.boxShadow);
      return shadow && Number(shadow[1]);
    };
    const ringed = [element, element.closest("form")].find(
      (box) => reach(box) !== null,
    );
    if (!ringed) {
      found.push(`${name}: no ring`);
      continue;
    }
    const own = ringed.getBoundingClientRect();
    const out = reach(ringed) - 0.5;
    // What stands in the text is painted before the ring, what is positioned after it.
    for (const part of out < 0 ? ringed.querySelectorAll("*") : []) {
      const box = part.getBoundingClientRect();
      const reaches =
        box.left < own.left + 1 || box.right > own.right - 1 ||
        box.top < own.top + 1 || box.bottom > own.bottom - 1;
      const later = getComputedStyle(part).position !== "static";
      if (later && reaches && part.checkVisibility())
        found.push(`${name}: the ring lies under ${part.nodeName}`);
    }
    const cut = new Set();
    for (let box = ringed.parentElement; box; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (box === document.body || style.position === "fixed") break;
      if (style.overflowX === "visible") continue;
      const border = box.getBoundingClientRect();
      const left = border.left + box.clientLeft;
      const top = border.top + box.clientTop;
      if (own.left - out < left) cut.add("left");
      if (own.top - out < top) cut.add("top");
      if (own.right + out > left + box.clientWidth) cut.add("right");
      if (own.bottom + out > top + box.clientHeight) cut.add("bottom");
    }
    const sides = [...cut].join(", ");
    if (cut.size > 1) found.push(`${name}: the ring is cut off: ${sides}`);
  }
  document.activeElement.blur();
  window.scrollTo({ top: 0, behavior: "instant" });
  return found;
}"""


@dataclass
class Visit:
    """A page in the browser, and what came to light while it was read."""

    page: Page
    origin: str
    requests: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@contextmanager
def serving(html: Path) -> Iterator[str]:
    """The address at which a folder is served."""
    site = server(html)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{site.server_port}"
    finally:
        site.shutdown()
        site.server_close()
        thread.join()


@contextmanager
def visiting(
    browser: Browser, url: str, width: int = 1280, scheme: Scheme = "light"
) -> Iterator[Visit]:
    """Open a page, read it to its end, come back to its top.

    Nothing leaves this computer: what the page asks of others is recorded and refused.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    context.add_init_script(RECORD_SHIFTS)
    page = context.new_page()
    parts = urlsplit(url)
    visit = Visit(page, f"{parts.scheme}://{parts.netloc}")

    def others_are_refused(route: Route) -> None:
        own = route.request.url.startswith(visit.origin)
        route.continue_() if own else route.abort()

    page.route("**/*", others_are_refused)
    page.on("request", lambda request: visit.requests.append(request.url))
    page.on("response", lambda response: visit.responses.append(response))
    page.on(
        "console",
        lambda message: (
            visit.messages.append(f"{message.type}: {message.text}")
            if message.type in {"error", "warning"}
            else None
        ),
    )
    page.on("pageerror", lambda error: visit.messages.append(f"exception: {error}"))
    try:
        page.goto(url, wait_until="load")
        for _ in range(200):
            page.mouse.wheel(0, 700)
            page.wait_for_timeout(40)
            if page.evaluate(
                "scrollY + innerHeight >= document.documentElement.scrollHeight - 1"
            ):
                break
        page.wait_for_load_state("networkidle")
        page.wait_for_function(ALL_MOUNTED)
        page.evaluate("window.scrollTo({top: 0, behavior: 'instant'})")
        page.wait_for_timeout(100)
        yield visit
    finally:
        context.close()


def switch(visit: Visit, scheme: Scheme) -> None:
    """Change the reader's colour scheme while the page is open, and wait for it."""
    visit.page.emulate_media(color_scheme=scheme)
    # A page without the theme's scripts, as 404, follows the browser by itself.
    visit.page.wait_for_function(
        "wanted => (document.documentElement.dataset.theme ?? wanted) === wanted",
        arg=scheme,
    )
    visit.page.evaluate(TWO_FRAMES)
    visit.page.wait_for_function(  # the theme fades from one to the other
        "document.getAnimations().every(one => one.playState !== 'running')"
    )


def third_parties(visit: Visit) -> list[str]:
    """Requests to anyone but the site itself."""
    own = (visit.origin, "data:", "blob:")
    return [url for url in visit.requests if not url.startswith(own)]


def complaints(visit: Visit) -> list[str]:
    """Errors, warnings and exceptions in the browser's console."""
    return list(visit.messages)


def barriers(visit: Visit) -> list[str]:
    """What shuts a reader out of the page."""
    return found_by_axe(visit.page)


def found_by_axe(page: Page, within: str | None = None) -> list[str]:
    """What axe finds in the page, or in the element that a selector names."""
    # The sizes of everything but overlapping targets are measured from the page's top.
    # Without preload: for the sake of one experimental rule, which it doesn't run here,
    # axe would fetch styles, some of them from wrong addresses.
    # Of what is in order it lists one example a rule: all of them are megabytes.
    options = {"preload": False, "resultTypes": ["violations"]}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate(
        """async ([within, options]) =>
          (await axe.run(within ?? document, options)).violations""",
        [within, options],
    )
    return [
        f"{violation['id']} ({violation['impact']}): {node['html'][:160]} "
        f"{' '.join(node['failureSummary'].split())[:200]}"
        for violation in violations
        for node in violation["nodes"]
    ]


def bytes_by_kind(visit: Visit) -> Counter[str]:
    """Bytes that the page costs with gzip, by kind; the figures' data stand apart."""
    kinds: Counter[str] = Counter()
    for response in visit.responses:
        if not response.url.startswith(visit.origin) or response.status >= 300:
            continue
        body = response.body()
        # Fonts and pictures are compressed already; a host sends them as they are.
        size = min(len(body), len(gzip.compress(body, mtime=0)))
        kind = response.request.resource_type
        if kind == "document":
            data = re.findall(
                rb'<script type="application/json">.*?</script>', body, re.S
            )
            rest = re.sub(
                rb'(<script type="application/json">).*?(?=</script>)',
                rb"\1",
                body,
                flags=re.S,
            )
            kinds["text"] += len(gzip.compress(rest, mtime=0))
            if data:
                kinds["figure data"] += size - len(gzip.compress(rest, mtime=0))
        else:
            kinds[kind] += size
    return kinds


def overweight(visit: Visit, budget: int = WEIGHT_BUDGET) -> list[str]:
    """Whether the page costs more than the budget, with the bytes by kind."""
    kinds = bytes_by_kind(visit)
    total = kinds.total()
    if total <= budget:
        return []
    listed = ", ".join(f"{kind} {size:,}" for kind, size in kinds.most_common())
    return [f"{total:,} bytes with gzip, {budget:,} are allowed: {listed}"]


def overflowing(visit: Visit) -> list[str]:
    """Elements that stick out of the page on the right, or are cut off there."""
    return visit.page.evaluate(TOO_WIDE)


def lost_focus(visit: Visit) -> list[str]:
    """What has the keyboard's focus without showing it."""
    visit.page.keyboard.press("Tab")  # rings are for those who use the keyboard
    return visit.page.evaluate(NO_RING)


def shifts(visit: Visit) -> list[str]:
    """Whether the page moved under the reader's eyes."""
    found = visit.page.evaluate("window.shifts")
    total = sum(value for value, _ in found)
    if total < SHIFT_BUDGET:
        return []
    worst = sorted(found, reverse=True)[:3]
    return [f"layout shift {total:.3f}: " + "; ".join(f"{v:.3f} {s}" for v, s in worst)]


def unintroduced(visit: Visit) -> list[str]:
    """What search engines and screen readers need and the page does not have."""
    facts = visit.page.evaluate(
        """() => ({
          title: document.title.trim(),
          description: document.querySelector("meta[name=description]")?.content.trim(),
          language: document.documentElement.lang,
          icon: document.querySelector("link[rel~=icon]")?.href,
          headings: document.querySelectorAll("h1").length,
        })"""
    )
    problems = [f"no {name}" for name, value in facts.items() if not value]
    if facts["headings"] > 1:
        problems.append(f"{facts['headings']} headings of the first level")
    return problems


def led_away(visit: Visit) -> list[str]:
    """Whether an arrow key on a slider opens another page."""
    slider = visit.page.query_selector("input[type=range]")
    if slider is None:
        return []
    before = visit.page.url
    for key in ("ArrowRight", "ArrowLeft"):
        slider.focus()
        visit.page.keyboard.press(key)
        visit.page.wait_for_timeout(100)
        if visit.page.url != before:
            return [f"{key} on a slider leads to {visit.page.url}"]
    return []


def unloaded_icons(visit: Visit) -> list[str]:
    """Icons whose glyph is missing from the fonts that the page loads."""
    return visit.page.evaluate(
        """async () => {
          await document.fonts.ready;
          const draw = (text, font) => {
            const canvas = document.createElement("canvas");
            const context = canvas.getContext("2d", { willReadFrequently: true });
            context.font = font;
            context.fillText(text, 10, 60);
            return context.getImageData(0, 0, 120, 90).data.join();
          };
          const missing = [];
          for (const icon of document.querySelectorAll("[class*='fa-']")) {
            if (icon.getClientRects().length === 0) continue;
            const style = getComputedStyle(icon, "::before");
            const glyph = style.content.slice(1, -1);
            const font = `${style.fontWeight} 40px ${style.fontFamily}`;
            if (!/^.$/u.test(glyph) || draw(glyph, font) === draw("\\uefff", font))
              missing.push(icon.className);
          }
          return missing;
        }"""
    )


def broken_formulas(visit: Visit) -> list[str]:
    """Formulas wider than the page, and short ones that stand on two lines."""
    return visit.page.evaluate(
        """() => {
          const said = (element) => element.textContent.trim().slice(0, 40);
          const all = (selector) => [...document.querySelectorAll(selector)];
          const cut = all(".course-formula").filter(
            (box) => box.scrollWidth > box.clientWidth + 1);
          const torn = all(".course-together").filter(
            (text) => text.getClientRects().length > 1);
          return [...cut.map((box) => `cut off: ${said(box)}`),
                  ...torn.map((text) => `on two lines: ${said(text)}`)];
        }"""
    )


def undrawn_formulas(visit: Visit) -> list[str]:
    """Characters of formulas that are missing from the font they are set in."""
    return visit.page.evaluate(
        """async () => {
          await document.fonts.ready;
          const canvas = document.createElement("canvas");
          const context = canvas.getContext("2d", { willReadFrequently: true });
          const draw = (text, font) => {
            context.clearRect(0, 0, canvas.width, canvas.height);
            context.font = font;
            context.fillText(text, 60, 60);
            return context.getImageData(0, 0, 240, 120).data.join();
          };
          const used = new Set();
          for (const formula of document.querySelectorAll(".katex-html")) {
            const texts = document.createTreeWalker(formula, NodeFilter.SHOW_TEXT);
            while (texts.nextNode()) {
              const style = getComputedStyle(texts.currentNode.parentElement);
              const family = style.fontFamily.split(",")[0];
              const font = `${style.fontStyle} ${style.fontWeight} 40px ${family}`;
              for (const character of texts.currentNode.data)
                // Spaces and the filling of struts leave no mark in any font.
                if (!/[\\s\\u200b]/.test(character)) used.add(`${character} ${font}`);
            }
          }
          return [...used].filter((entry) => {
            const [character, ...font] = entry.split(" ");
            const asked = font.join(" ");
            const fallback = asked.replace(/40px .*/, '40px "no such font"');
            return draw(character, asked) === draw(character, fallback);
          });
        }"""
    )


def unset_formulas(visit: Visit) -> list[str]:
    """Formulas that a reader sees as their source, dollars and all."""
    return visit.page.evaluate(
        """() => {
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const seen = [];
          while (texts.nextNode()) {
            const inside = texts.currentNode.parentElement;
            if (inside.closest("pre, code, script, style, .katex")) continue;
            const source = /\\$[^$]*[\\\\^_{}][^$]*\\$/.exec(texts.currentNode.data);
            if (source) seen.push(source[0]);
          }
          return seen;
        }"""
    )


# Elements whose text is no prose: code, titles, formulas, what scripts draw.
NO_PROSE = ["code", "pre", "script", "style", "h1", "h2", "h3", "h4", "math", "form"]
MADE_OF_FACTS = ["facts", "facts-counts", "facts-contradictions", "facts-documents"]
NO_PROSE_CLASSES = ["cell", "katex", "facts-status", *MADE_OF_FACTS]


def broken_links(html: Path) -> list[str]:
    """Links and files of a built site that lead nowhere, over all of its pages."""
    pages = {path: _parsed(path) for path in sorted(html.rglob("*.html"))}
    anchors = {
        path: {tag["id"] for tag in soup.find_all(id=True)}
        for path, soup in pages.items()
    }
    problems = []
    for path, soup in pages.items():
        address = "http://site/" + path.relative_to(html).as_posix()
        for tag in soup.find_all(["a", "link", "script", "img", "source"]):
            target = tag.get("href") or tag.get("src")
            if not isinstance(target, str):
                continue
            full, fragment = urldefrag(urljoin(address, target))
            if not full.startswith("http://site/") or tag.get("rel") == ["canonical"]:
                continue
            file = html / unquote(urlsplit(full).path).lstrip("/")
            if file.is_dir():
                file /= "index.html"
            said = f"{path.relative_to(html)}: {target}"
            if not file.is_file():
                problems.append(f"{said} does not exist")
            elif (
                fragment and file in anchors and unquote(fragment) not in anchors[file]
            ):
                problems.append(f"{said} has no such anchor")
    return problems


def idle_marks(html: Path) -> list[str]:
    """Marks around code, on any page, that look like the code around them."""
    styles = (html / "_static" / "pygments.css").read_text(encoding="utf-8")
    rule = r'data-theme="(light|dark)"\] \.highlight(?: \.(\w+))? \{(.*?) \}'
    looks: dict[str, dict[str, str]] = {}
    for scheme, name, look in re.findall(rule, styles):
        looks.setdefault(name, {})[scheme] = re.sub(r" background: [^;]*;", "", look)
    plain = [name for name in looks if name and looks[name] == looks[""]]
    return [
        f"{path.relative_to(html)}: {found} of {name!r}"
        for path in sorted(html.rglob("*.html"))
        for name in plain
        if (found := path.read_text(encoding="utf-8").count(f'<span class="{name}">'))
    ]


def unlinked_terms(html: Path, page: str, homes: dict[str, str]) -> list[str]:
    """Terms of the glossary whose first use in the page's prose is no link to it.

    ``homes`` names the page that introduces each term: there it needs no link.
    """
    names = list(homes)
    find, seen, problems = terms.pattern(names), set[str](), []
    for text in _parsed(html / f"{page}.html").find_all(string=True):
        if (
            not text.find_parent("article")
            or text.find_parent(NO_PROSE)
            or text.find_parent(class_=NO_PROSE_CLASSES)
        ):
            continue
        link = text.find_parent("a")
        for match in find.finditer(text):
            name = names[int(str(match.lastgroup)[1:])]
            if link and not text.find_parent(class_="term"):
                continue  # a link of the author's
            if name not in seen and not link and homes[name] != page:
                problems.append(f"{page}: {name!r} is no link in {text.strip()!r}")
            seen.add(name)
    return problems


def unreachable_facts(html: Path, items: Iterable[dict[str, Any]]) -> list[str]:
    """Statements of the fact check that no link leads to where they are covered.

    What a link leads to belongs to the statement's own cell, and can be seen.
    """
    listing = html / "reference" / "fact-check.html"
    facts = {
        tag["id"]: tag for tag in _parsed(listing).find_all(class_="fact", id=True)
    }
    places: dict[str, list[tuple[str, Tag]]] = {}
    for path in sorted(html.rglob("*.html")):
        address = os.path.relpath(path, listing.parent)
        for tag in _parsed(path).find_all(id=re.compile("^claim-")):
            places.setdefault(f"{tag['id']}", []).append(
                (f"{address}#{tag['id']}", tag)
            )
    problems = []
    for item in items:
        name, place = item["id"], item["id"].replace(".", "-")
        if place not in facts:
            problems.append(f"{name} is not listed")
            continue
        link = facts[place].find(class_="fact-link", href=True)
        wanted = [str(link["href"])] if link else []
        found = places.get(f"claim-{place}", [])
        if not found or wanted != [address for address, _ in found]:
            led = " and ".join(wanted) or "nowhere"
            covered = " and ".join(address for address, _ in found) or "nowhere"
            problems.append(f"{name} leads to: {led}; is covered at: {covered}")
        else:
            problems += _misplaced(name, found[0][1])
    return problems


def _misplaced(name: str, place: Tag) -> list[str]:
    """Whether the place stands where nobody sees it, or at the wrong cell."""
    if place.find_parent("details"):
        return [f"{name} leads into a block that is closed"]
    cell = place if "cell" in _classes(place) else place.parent
    own = f"tag_claim-{name}"  # which the page gives to cells of code alone
    page = list(place.parents)[-1]
    if page.find(class_=own) and (cell is None or own not in _classes(cell)):
        return [f"{name} leads to another cell than its own"]
    return []


def _classes(element: Tag) -> list[str]:
    return element.get_attribute_list("class")


def _parsed(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
