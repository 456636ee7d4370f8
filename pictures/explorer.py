"""``python -m pictures.explorer [SITE]``: the README's picture, of an explorer at work.

A browser opens lesson 1.3 of the built site and slides its 64 networks from too slow to
divergence. It lies beside its picture and not in ``publish``, which needs no browser
and must not lean on the tests; this folder is neither on the site nor in the wheel.
"""

import argparse
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser import launched
from tests.page_gates import serving

PICTURE = Path(__file__).with_suffix(".webp")
PAGE = "basics/too-small-oscillating-exploding.html"
TITLE = "64 networks on the handwritten digits"
#: Positions of the slider: steadily to the best rate, then slowly over the cliff.
POSITIONS = (*range(0, 48, 6), 48, 50, 52, 55, 59, 63)
PAUSE, LAST_PAUSE = 700, 2500  # milliseconds
#: It ends after some rounds: what moves for ever keeps a reader from reading.
ROUNDS = 3

# The page draws with the next frame of the browser; the one after it is complete.
MOVE = """(slider, at) => {
  slider.value = at;
  slider.dispatchEvent(new Event("input"));
  return new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(done)));
}"""


def frames(browser: Browser, address: str) -> list[Image.Image]:
    """The explorer on the page at ``address``, at each of the positions.

    Raises:
        RuntimeError: the page holds no such explorer, or its slider changes nothing.
    """
    page = browser.new_page(
        # As wide as the text of a README, and sharp on a screen of fine pixels.
        viewport={"width": 800, "height": 900},
        device_scale_factor=2,
        color_scheme="light",
    )
    page.goto(address)
    # The figure comes to life when it is seen; its data hold the title from the start.
    explorer = page.locator(
        f'xpath=//*[contains(@class, "lrlib-interactive")][contains(., "{TITLE}")]'
    )
    if explorer.count() != 1:
        raise RuntimeError(
            f"{PAGE} has {explorer.count()} explorers that are called {TITLE!r}; "
            "write into TITLE what the lesson calls it"
        )
    explorer.scroll_into_view_if_needed()
    slider = explorer.get_by_role("slider")
    taken, said = [], ""
    for position in POSITIONS:
        slider.evaluate(MOVE, position)
        before, said = said, explorer.locator(".lrlib-verdict").inner_text()
        if said == before:
            raise RuntimeError(
                f"the slider at {position} says what it said before: {said!r}; "
                "choose POSITIONS that it has, and that differ"
            )
        taken.append(Image.open(BytesIO(explorer.screenshot())).convert("RGB"))
    page.close()
    return taken


def save(taken: list[Image.Image], path: Path) -> None:
    """Write the frames as one moving picture, without loss."""
    first, *others = taken
    first.save(
        path,
        save_all=True,
        append_images=others,
        duration=[PAUSE] * len(others) + [LAST_PAUSE],
        loop=ROUNDS,
        lossless=True,
        quality=100,  # of the packing, not of what is seen
        method=6,
    )


def main() -> int:
    """Take the picture, say where it is, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m pictures.explorer", description=__doc__
    )
    parser.add_argument(
        "site", nargs="?", type=Path, default=Path("_build/html"), help="a built site"
    )
    site = parser.parse_args().site
    if not (site / PAGE).is_file():
        parser.error(f"{site} has no {PAGE}; build the site first: make book")
    try:
        with serving(site) as address, launched() as browser:
            save(frames(browser, f"{address}/{PAGE}"), PICTURE)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{PICTURE}: {PICTURE.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
