"""How the tests come by a browser: what is tried, in which order, and what is said."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests import browser


@pytest.fixture
def machine(monkeypatch):
    """A machine without a browser; ``install`` may add one by a given command."""

    def make(user, programs, helps=None):
        tried = []

        def run(command, check):
            assert check is False
            tried.append(" ".join(command).replace(sys.executable, "python"))

        def path():
            if helps and any(helps in command for command in tried):
                return "/somewhere/chromium"
            raise RuntimeError("Install one: …")

        monkeypatch.setattr(subprocess, "run", run)
        monkeypatch.setattr(browser, "chromium_path", path)
        monkeypatch.setattr(browser.os, "geteuid", lambda: user)
        monkeypatch.setattr(browser.shutil, "which", lambda name: name in programs)
        return tried

    return make


def test_playwright_is_asked_before_the_system(machine):
    tried = machine(user=0, programs={"apt-get"}, helps="apt-get install")
    assert browser.install() == "/somewhere/chromium"
    assert tried == [
        "python -m playwright install chromium --with-deps",
        "apt-get update",
        "apt-get install -y chromium-headless-shell",
    ]


def test_whole_browser_is_installed_where_there_is_no_shell(machine):
    tried = machine(user=0, programs={"apt-get"})
    with pytest.raises(RuntimeError, match="Install one"):
        browser.install()
    assert tried[-2:] == [
        "apt-get install -y chromium-headless-shell",
        "apt-get install -y chromium",
    ]


def test_nothing_more_is_tried_once_there_is_a_browser(machine):
    tried = machine(user=0, programs={"apt-get"}, helps="playwright")
    browser.install()
    assert tried == ["python -m playwright install chromium --with-deps"]


def test_only_root_touches_the_system(machine):
    tried = machine(user=1000, programs={"apt-get"})
    with pytest.raises(RuntimeError, match="Install one"):
        browser.install()
    assert tried == ["python -m playwright install chromium"]


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A folder for the programs of a machine that has no others."""
    monkeypatch.setattr(browser, "APPLICATIONS", ())
    monkeypatch.setenv("PATH", str(tmp_path))

    def add(name, text):
        path = tmp_path / name
        path.write_text(text)
        path.chmod(0o755)
        return str(path)

    return add


def test_shell_without_a_frame_goes_before_a_whole_browser(programs):
    starts = '#!/bin/sh\ntest "$1" = --version\n'
    programs("chromium", starts)
    shell = programs("chromium-headless-shell", starts)
    assert browser.chromium_path() == shell


def test_program_that_does_not_start_is_passed_over(programs):
    programs("chromium", "no program at all")
    programs("chromium-browser", "#!/bin/sh\necho install the snap >&2\nexit 1\n")
    good = programs("google-chrome", '#!/bin/sh\ntest "$1" = --version\n')
    assert browser.chromium_path() == good


def test_missing_browser_is_named(programs):
    own = SimpleNamespace(chromium=SimpleNamespace(executable_path="/nowhere/chromium"))
    with pytest.raises(RuntimeError, match="playwright install"):
        browser.chromium_path(own)
