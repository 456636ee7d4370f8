"""The browser of the tests: an installed Chrome or Chromium, else Playwright's own.

Chromium's headless shell goes before a whole Chromium: it draws the same pages without
the frame of a browser around them, in four fifths of the time.

``python -m tests.browser`` makes sure that there is one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)

# Evaluated in a page: the first draws what a key asked for, the second follows it.
TWO_FRAMES = """() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(done)))"""


def chromium_path(playwright: Playwright | None = None) -> str:
    """The executable of an installed Chrome or Chromium, else of Playwright's own.

    Raises RuntimeError, with what to install, when there is none.
    """
    for path in (*map(shutil.which, NAMES), *APPLICATIONS):
        if path and Path(path).exists() and _starts(path):
            return path
    if playwright is None:
        with sync_playwright() as started:
            own = started.chromium.executable_path
    else:
        own = playwright.chromium.executable_path
    if Path(own).exists():
        return own
    raise RuntimeError(
        "the browser tests found no Chrome or Chromium. Install one: "
        "`python -m playwright install --with-deps chromium`, or on Debian "
        "`apt-get install chromium-headless-shell`, or Google Chrome from "
        "google.com/chrome"
    )


def _starts(path: str) -> bool:
    # Ubuntu's chromium-browser without its snap only names what to install.
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(playwright),
            # Containers forbid the sandbox and have a small /dev/shm; pages are ours.
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        try:
            yield browser
        finally:
            browser.close()


def install() -> str:
    """The path of a browser, which is installed if none is there yet.

    Raises RuntimeError, with what to install by hand, when it can't be had.
    """
    root = os.name == "posix" and os.geteuid() == 0
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    attempts = [playwright + (["--with-deps"] if root else [])]
    if root and shutil.which("apt-get"):
        attempts += [["apt-get", "update"]]
        for package in NAMES[:2]:  # not every relative of Debian has the shell
            attempts += [["apt-get", "install", "-y", package]]
    for command in attempts:
        try:
            return chromium_path()
        except RuntimeError:
            print("No browser yet; trying:", " ".join(command), flush=True)
        # Whether it worked is seen by looking for the browser again.
        subprocess.run(command, check=False)
    return chromium_path()


if __name__ == "__main__":
    try:
        print("The tests use", install())
    except RuntimeError as error:
        sys.exit(str(error))
