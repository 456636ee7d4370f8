"""Gates of the built site: each looks at one element of a page and lists what is wrong.

An empty list means the element passed.
"""

import json

from playwright.sync_api import Locator, Page

from lrlib.explorer.hosts import WORDS
from tests.browser import TWO_FRAMES

# Tenths of a second, far more than the pause after which a screen reader is told.
PATIENCE = 50


def explorers(page: Page) -> dict[str, Locator]:
    """The explorers of a page by title; questions and drawings are left out."""
    return _elements(page, "explorer")


def drawings(page: Page) -> dict[str, Locator]:
    """The curves to draw of a page by title."""
    return _elements(page, "reports")


def _elements(page: Page, kind: str) -> dict[str, Locator]:
    found = {}
    for element in page.locator(".lrlib-interactive").all():
        state = json.loads(element.locator("script").text_content() or "")
        if state["kind"] == kind:
            found[state["title"]] = element
    return found


def dead_explorers(page: Page) -> list[str]:
    """Problems of all explorers and drawings of a page, each with its title."""
    checks = [
        *((found, check_explorer_moves) for found in explorers(page).items()),
        *((found, check_drawing_moves) for found in drawings(page).items()),
        *((found, check_drawing_answers) for found in drawings(page).items()),
    ]
    return [
        f"{title}: {problem}"
        for (title, element), check in checks
        for problem in check(page, element)
    ]


def check_explorer_moves(page: Page, element: Locator) -> list[str]:
    """Problems of one explorer: a control that the keyboard can't move, or that
    changes nothing of what is seen; a verdict that never changes or is not read out.

    ``element`` is a ``.lrlib-interactive`` (or whatever holds the figure). The figure
    is put back to its start.
    """
    element.scroll_into_view_if_needed()
    element.locator(".lrlib-verdict").wait_for()
    address = page.url
    problems: list[str] = []
    verdicts: set[str] = set()
    panels: set[str] = set()
    for index in range(element.locator(".lrlib-control").count()):
        control = element.locator(".lrlib-control").nth(index)
        name = control.locator("label, legend").first.inner_text()
        seen = _seen_by_keyboard(page, element, control)
        if len({value for value, _, _ in seen}) < 2:
            problems.append(f"the keyboard can't move the control {name!r}")
        elif len({(verdict, drawn) for _, verdict, drawn in seen}) < 2:
            problems.append(f"the control {name!r} changes nothing")
        verdicts |= {verdict for _, verdict, _ in seen}
        panels |= {drawn for _, _, drawn in seen}
    if not problems and len(verdicts) < 2:
        problems.append("the verdict is the same at every position")
    if not problems and len(panels) < 2:
        problems.append("the panels are the same at every position")
    problems += _silence(page, element)
    if page.url != address:
        problems.append(f"a key on a control led to another page: {page.url}")
    element.get_by_role("button", name=WORDS["reset"]).click()
    return problems


def check_drawing_moves(page: Page, element: Locator) -> list[str]:
    """The problems of ``check_explorer_moves`` that a drawing has from every curve.

    On a flat curve, no threshold changes what is counted; on another one it has to.
    """
    page.locator(".lrlib-verdict").first.wait_for()
    starts = element.locator(".lrlib-control").last.locator("input[type=radio]")
    problems = check_explorer_moves(page, element)
    for index in range(1, starts.count()):
        if not problems:
            break
        starts.nth(index).check()
        here = check_explorer_moves(page, element)
        problems = [problem for problem in problems if problem in here]
    return problems


def check_drawing_answers(page: Page, element: Locator) -> list[str]:
    """Problems of one curve to draw: a point that keys can't reach or move, a curve
    that the pointer can't draw or that nothing follows, a silent live region.

    ``element`` is as in ``check_explorer_moves``; it is put back to its start.
    """
    element.scroll_into_view_if_needed()
    element.locator(".lrlib-verdict").wait_for()
    points = element.locator(".lrlib-drawing input")
    in_order = points.evaluate_all("all => all.map(one => one.tabIndex)")
    if sorted(in_order) != [-1] * (len(in_order) - 1) + [0]:
        return ["the Tab key passes the points by, or stops at many of them"]
    problems: list[str] = []
    answers: set[bool] = set()
    points.first.focus()
    for index in range(points.count()):
        point = points.nth(index)
        name = point.get_attribute("aria-label")
        if not point.evaluate("node => node === document.activeElement"):
            problems.append(f"the right arrow does not lead to the point {name!r}")
            break
        seen = []
        for key in ("Home", "End"):
            page.keyboard.press(key)
            seen.append((point.input_value(), _answer(page, element)))
        if seen[0][0] == seen[1][0]:
            problems.append(f"the keyboard can't move the point {name!r}")
            break
        answers.add(seen[0][1] != seen[1][1])
        page.keyboard.press("ArrowRight")
    if not problems and answers == {False}:
        problems.append("nothing follows the curve: no point changes what is below it")
    before = _levels(element)
    canvas = element.locator(".lrlib-drawing canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.7)
    page.mouse.up()
    _answer(page, element)
    if _levels(element) == before:
        problems.append("the pointer can't draw")
    problems += _silence(page, element)
    element.get_by_role("button", name=WORDS["reset"]).click()
    return problems


def _silence(page: Page, element: Locator) -> list[str]:
    for _ in range(PATIENCE):
        told = element.locator("[role=status]").text_content()
        if told == element.locator(".lrlib-verdict").inner_text():
            return []
        page.wait_for_timeout(100)
    return [f"the live region says {told!r}, which is not the verdict"]


def _levels(element: Locator) -> list[str]:
    return element.locator(".lrlib-drawing input").evaluate_all(
        "all => all.map(one => one.value)"
    )


def _answer(page: Page, element: Locator) -> str:
    """What the machine made of the curve: all that is shown but the curve itself."""
    page.evaluate(TWO_FRAMES)
    below = element.locator(".lrlib-drawing ~ canvas")
    drawn = below.evaluate_all("all => all.map(one => one.toDataURL()).join()")
    return element.locator(".lrlib-verdict").inner_text() + drawn


def _seen_by_keyboard(
    page: Page, element: Locator, control: Locator
) -> list[tuple[str, str, str]]:
    """(value, verdict, panels) of the control's positions, reached by keys alone."""
    slider = control.locator("input[type=range], select")
    if slider.count():
        target, keys = slider, ["Home", "ArrowRight", "PageUp", "End", "ArrowLeft"]
    else:
        target = control.locator("input:checked")
        keys = ["ArrowRight"] * control.locator("input").count()
    seen = [_seen(page, element, control)]
    if target.evaluate("(node) => node.tabIndex") < 0:
        return seen  # the Tab key passes it by
    target.focus()
    for key in keys:
        page.keyboard.press(key)
        seen.append(_seen(page, element, control))
    return seen


# The control's value, the verdict, and all that the panels show.
SEEN = """([element, control]) => [
  [...control.querySelectorAll("input, select")].map(
    (input) => input.type === "radio" ? input.checked : input.value).join(),
  element.querySelector(".lrlib-verdict").innerText,
  [...element.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()).concat(
    [...element.querySelectorAll("tbody")].map((table) => table.innerText)).join(),
]"""


def _seen(page: Page, element: Locator, control: Locator) -> tuple[str, str, str]:
    page.evaluate(TWO_FRAMES)
    parts = [element.element_handle(), control.element_handle()]
    value, verdict, panels = page.evaluate(SEEN, parts)
    return value, verdict, panels
