"""Gates of the built site: each looks at one element of a page and lists what is wrong.

An empty list means the element passed.
"""

import json

from playwright.sync_api import Locator, Page

from lrlib.explorer.hosts import WORDS

# Longer than the pause after which a screen reader is told the verdict.
ANNOUNCED_AFTER = 700


def explorers(page: Page) -> dict[str, Locator]:
    """The explorers of a page by title; questions are left out."""
    found = {}
    for element in page.locator(".lrlib-interactive").all():
        state = json.loads(element.locator("script").text_content() or "")
        if state["kind"] == "explorer":
            found[state["title"]] = element
    return found


def dead_explorers(page: Page) -> list[str]:
    """Problems of all explorers of a page, each with the title of its explorer."""
    return [
        f"{title}: {problem}"
        for title, element in explorers(page).items()
        for problem in check_explorer_moves(page, element)
    ]


def check_explorer_moves(page: Page, element: Locator) -> list[str]:
    """Problems of one explorer: a control that the keyboard can't move, or that
    changes nothing of what is seen; a verdict that never changes or is not read out.

    ``element`` is a ``.lrlib-interactive`` (or whatever holds the figure). The figure
    is put back to its start.
    """
    element.scroll_into_view_if_needed()
    element.locator(".lrlib-verdict").wait_for(timeout=10_000)
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
    page.wait_for_timeout(ANNOUNCED_AFTER)
    told = element.locator("[role=status]").text_content()
    if told != element.locator(".lrlib-verdict").inner_text():
        problems.append(f"the live region says {told!r}, which is not the verdict")
    if page.url != address:
        problems.append(f"a key on a control led to another page: {page.url}")
    element.get_by_role("button", name=WORDS["reset"]).click()
    return problems


def _seen_by_keyboard(
    page: Page, element: Locator, control: Locator
) -> list[tuple[str, str, str]]:
    """(value, verdict, panels) of the control's positions, reached by keys alone."""
    slider = control.locator("input[type=range]")
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


def _seen(page: Page, element: Locator, control: Locator) -> tuple[str, str, str]:
    # Two frames: the first draws what the key asked for, the second follows it.
    page.evaluate(
        "() => new Promise((done) => "
        "requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    value = control.evaluate(
        "(node) => [...node.querySelectorAll('input')].map("
        "(input) => input.type === 'range' ? input.value : input.checked).join()"
    )
    drawn = element.evaluate(
        "(node) => [...node.querySelectorAll('canvas')].map((c) => c.toDataURL())"
        ".concat([...node.querySelectorAll('tbody')].map((t) => t.innerText)).join()"
    )
    return value, element.locator(".lrlib-verdict").inner_text(), drawn
