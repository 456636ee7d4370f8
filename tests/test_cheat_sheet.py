"""The cheat sheet: every schedule is on it, and its calls of other libraries agree.

The calls of PyTorch run in the page itself. Those of Keras, optax and transformers were
run once; see cheat_sheet_fixtures/record.py.
"""

import dataclasses
import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import lrlib
from lrlib import decay, practice, schedules, warmup
from lrlib.schedules import Schedule
from tests.cheat_sheet_fixtures import on_the_page, recorded

PAGE = on_the_page()
SHEET = {entry.name: entry for entry in PAGE["sheet"]}
LR = PAGE["lr"]
LIBRARIES = ["keras", "optax", "transformers"]
CLAIMS = [
    (name, library)
    for name, entry in SHEET.items()
    for library in LIBRARIES
    if getattr(entry, library)
]
NAMES = {
    "decay": decay,
    "warmup": warmup,
    "practice": practice,
    "schedules": schedules,
    "lr": LR,
}


WITH_FEEDBACK = {"decay.Plateau"}  # so it is no function of t, and no Schedule
NONE = {"schedules.Schedule", "schedules.a_schedule"}  # the idea, and an argument check


# Every schedule is on the sheet -------------------------------------------------------


def public(module):
    """What a module defines itself, under names without an underscore."""
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_")
        and getattr(value, "__module__", None) == module.__name__
    }


def returned(function):
    """The name of the class that a function says it returns."""
    annotation = function.__annotations__.get("return", "")
    return getattr(annotation, "__name__", str(annotation).split(".")[-1])


def public_schedules():
    """The names of lrlib's schedules: of classes, and of functions that return one."""
    modules = [
        importlib.import_module(f"lrlib.{info.name}")
        for info in pkgutil.iter_modules(lrlib.__path__)
    ]
    classes = {
        f"{module.__name__.removeprefix('lrlib.')}.{name}"
        for module in modules
        for name, value in public(module).items()
        if inspect.isclass(value) and issubclass(value, Schedule)
    }
    kinds = {name.split(".")[1] for name in classes}
    functions = {
        f"{module.__name__.removeprefix('lrlib.')}.{name}"
        for module in modules
        for name, value in public(module).items()
        if inspect.isfunction(value) and returned(value) in kinds
    }
    return (classes | functions | WITH_FEEDBACK) - NONE


def missing():
    return sorted(public_schedules() - SHEET.keys())


def test_every_schedule_is_on_the_sheet():
    assert missing() == []
    assert sorted(SHEET.keys() - public_schedules()) == []
    assert len(SHEET) == len(PAGE["sheet"])


def test_a_schedule_that_is_not_on_the_sheet_is_found(monkeypatch):
    @dataclasses.dataclass(frozen=True)
    class Forgotten(Schedule):
        lr: float

        def rates(self, t):
            return np.full(t.shape, self.lr)

    Forgotten.__module__ = "lrlib.decay"
    monkeypatch.setattr(decay, "Forgotten", Forgotten, raising=False)
    assert missing() == ["decay.Forgotten"]


def test_a_function_that_makes_one_is_found(monkeypatch):
    def ramp(lr: float) -> Schedule:
        return decay.linear(lr, 10)

    ramp.__module__ = "lrlib.warmup"
    monkeypatch.setattr(warmup, "ramp", ramp, raising=False)
    assert missing() == ["warmup.ramp"]


# Its calls of other libraries agree ---------------------------------------------------


def our_rates(entry):
    schedule = eval(entry.ours, dict(NAMES))
    if isinstance(schedule, decay.Plateau):
        return np.array([schedule.step(metric) for metric in PAGE["reports"]])
    return schedule(np.arange(PAGE["updates"]))


def far_from_library(entry, library):
    """The largest difference of the rates, or infinity if the first should be 0."""
    call = getattr(entry, library)
    rates = recorded()["rates"][library]
    assert call in rates, "the call has changed: run record.py again"
    ours, theirs = our_rates(entry), np.array(rates[call])
    if entry.later == library:
        if theirs[0]:
            return np.inf
        theirs = theirs[1:]
    return np.abs(ours - theirs[: len(ours)]).max()


@pytest.mark.parametrize(("name", "library"), CLAIMS)
def test_rates_of_other_libraries(name, library):
    assert far_from_library(SHEET[name], library) < 1e-12 * LR


def test_other_rates_are_found_to_be_others():
    sheet = SHEET["decay.step"]
    wrong = dataclasses.replace(sheet, ours="decay.step(lr, 31, gamma=0.5)")
    assert far_from_library(wrong, "keras") > 0.1 * LR
    # The library's first update is at 0, and the sheet says so; or it isn't.
    cosine = SHEET["warmup.cosine_with_warmup"]
    at_once = dataclasses.replace(cosine, later="")
    assert far_from_library(at_once, "transformers") > 0.05 * LR
    delayed = dataclasses.replace(cosine, later="keras")
    assert far_from_library(delayed, "keras") == np.inf


def test_the_recording_is_of_this_page():
    assert recorded()["versions"] == PAGE["versions"]
    for library in LIBRARIES:
        calls = {getattr(entry, library) for entry in SHEET.values()} - {""}
        assert recorded()["rates"][library].keys() == calls


def test_defaults_that_the_sheet_calls_traps():
    assert recorded()["defaults"] == {
        "CosineDecayRestarts(t_mul)": 2.0,
        "PolynomialDecay(end_learning_rate)": 1e-4,
        "get_polynomial_decay_schedule_with_warmup(lr_end)": 1e-7,
        "get_wsd_schedule(decay_type)": "cosine",
    }
    assert "double by default" in SHEET["decay.cosine_restarts"].trap
    assert "`1e-4`, transformers at `1e-7`" in SHEET["decay.polynomial"].trap
    assert "cosine by default" in SHEET["practice.wsd"].trap
