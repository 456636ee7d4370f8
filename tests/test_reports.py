"""The curve to draw: the table of the machine's states, and what is refused."""

import gzip
import json
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrlib.decay import Plateau
from lrlib.explorer import Control, Reports
from lrlib.explorer.codec import decode, decode_indices, decode_strings, encode_indices
from lrlib.explorer.reports import MOST_STATES, walk
from tests.explorer_example import a_drawing, drawing


@dataclass
class Halving:
    """Halves its rate when the metric is not below the best: as small as can be."""

    patience: int = 0
    lr: float = 1.0
    best: float = math.inf
    bad: int = 0

    def step(self, metric: float) -> None:
        if metric < self.best:
            self.best, self.bad = metric, 0
            return
        self.bad += 1
        if self.bad > self.patience:
            self.lr, self.bad = self.lr / 2, 0


def seen(machine: Any) -> dict[str, float]:
    return {"learning rate": machine.lr, "best": machine.best, "bad": machine.bad}


def small(**changes: Any) -> Reports:
    arguments: dict[str, Any] = {
        "title": "Draw",
        "alt": "A curve and a rate.",
        "controls": [Control("patience", [0, 1])],
        "machine": Halving,
        "observe": seen,
        "explain": lambda before, metric, after: f"{metric:g} after {before.best:g}",
        "levels": [1, 2, 3],
        "curves": {"flat": [2, 2, 2, 2], "falling": [3, 2, 1, 1]},
        "metric": "loss",
    }
    return Reports(**{**arguments, **changes})


# ---- the table ---------------------------------------------------------------------


@settings(max_examples=200)
@given(
    st.tuples(st.integers(0, 5), st.integers(0, 1), st.integers(0, 1)),
    st.lists(st.integers(0, 11), min_size=20, max_size=20),
)
def test_walking_the_table_is_stepping_the_machine(
    at: tuple[int, int, int], drawn: list[int]
) -> None:
    example = a_drawing()
    state = example.state
    values = {
        control.name: control.values[index]
        for control, index in zip(example.controls, at, strict=True)
    }
    machine = Plateau(
        0.1,
        patience=int(values["patience"]),
        threshold=float(values["threshold"]),
        cooldown=int(values["cooldown"]),
        min_lr=1e-5,
    )
    states, done = walk(state, [*at, *drawn])
    texts = {q["name"]: decode_strings(q["texts"]) for q in state["quantities"]}
    rates, bests = decode(state["rate"]), decode(state["best"])
    assert len(states) == 21
    for level, now, (_, better, cut) in zip(drawn, states[1:], done, strict=True):
        rate, best = machine.lr, machine.best
        machine.step(state["levels"]["values"][level])
        assert 10 ** rates[now] == pytest.approx(machine.lr, rel=1e-3)
        assert bests[now] == pytest.approx(machine.best, abs=1e-4)
        assert texts["learning rate"][now] == f"{machine.lr:.3g}".replace("e-0", "e-")
        assert texts["bad reports"][now] == str(machine.num_bad_epochs)
        assert texts["cooldown left"][now] == str(machine.cooldown_counter)
        assert (better, cut) == (machine.best != best, machine.lr < rate)


def test_each_report_has_its_sentence() -> None:
    state = small().state
    _, done = walk(state, [0, *state["curves"][1]["levels"]])
    assert done == [
        ("3 after inf", True, False),
        ("2 after 3", True, False),
        ("1 after 2", True, False),
        ("1 after 1", False, True),
    ]


def test_a_realistic_table_is_small() -> None:
    text = json.dumps(a_drawing().state, ensure_ascii=False, separators=(",", ":"))
    assert len(gzip.compress(text.encode(), mtime=0)) < 10_000


def test_two_constructions_give_the_same_bytes() -> None:
    first, second = drawing(), drawing()
    assert json.dumps(first.state, allow_nan=False) == json.dumps(second.state)
    assert first.picture() == second.picture()
    assert "\n" not in repr(first)


def test_what_never_moves_still_has_axes() -> None:
    state = small(explain=lambda *_: "it is", machine=lambda patience: Still()).state
    low, high = state["panels"][-1]["y"]["range"]
    assert low < 0 < high
    assert small(machine=lambda patience: Still()).picture()


class Still:
    lr, best, bad = 1.0, 2.0, 0

    def step(self, metric: float) -> None:
        """Hears nothing."""


def test_a_rate_that_rises_again_is_no_error() -> None:
    class Bold(Halving):
        def step(self, metric: float) -> None:
            self.lr *= 2 if metric < self.best else 0.5
            self.best = metric

    state = small(machine=Bold).state
    assert "20, 20, 20, 20" in state["longest_verdict"]  # four reports, four cuts
    _, done = walk(state, [0, 1, 1, 0, 1])
    assert [cut for _, _, cut in done] == [False, True, False, True]


def test_whole_numbers_come_back() -> None:
    whole = np.array([[0, 65532], [7, 49]])
    assert decode_indices(encode_indices(whole)).tolist() == whole.tolist()


def test_the_position_is_what_the_learner_drew() -> None:
    reports = small()
    assert reports.position == {"patience": 0.0, "curve": [2.0, 2.0, 2.0, 2.0]}
    reports.widget.position = [1, 0, 1, 2, 0]
    assert reports.position == {"patience": 1.0, "curve": [1.0, 2.0, 3.0, 1.0]}


# ---- what is refused ---------------------------------------------------------------


@dataclass
class Diary(Halving):
    """Remembers all it heard: never twice in the same state."""

    heard: list[float] = field(default_factory=list)

    def step(self, metric: float) -> None:
        super().step(metric)
        self.heard.append(metric)


@dataclass(slots=True)
class Slots:
    patience: int
    lr: float = 1.0
    best: float = 1.0
    bad: int = 0

    def step(self, metric: float) -> None:
        """Hears nothing."""


LONG = {"levels": range(1, 13), "curves": {"flat": [2] * 12}}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": " "}, "title is empty"),
        ({"alt": ""}, "alt is empty"),
        ({"metric": ""}, "metric is empty"),
        ({"controls": []}, "controls has 0 entries; give 1, 2 or 3"),
        ({"controls": [Control("patience", [0, 1])] * 2}, "repeat a name"),
        ({"controls": [Control("curve", [0, 1])]}, "'curve', which is the drawing"),
        ({"levels": [1]}, r"levels has shape \(1,\); give a list of 2 to 16"),
        ({"levels": range(17)}, "give a list of 2 to 16"),
        ({"levels": [1, 3, 2]}, "give finite values, ascending"),
        ({"levels": [1, 2, np.inf]}, "give finite values, ascending"),
        ({"curves": {}}, "curves has 0 entries; give 1 to 5"),
        ({"curves": {"a": [2]}}, r"'a' has shape \(1,\); give a list of 2 to 24"),
        ({"curves": {"a": [1] * 25}}, "give a list of 2 to 24"),
        ({"curves": {"a": [1, 2.2]}}, "'a' has 2.2 at index 1.*the nearest is 2"),
        ({"curves": {"a": [1, 1], "b": [1] * 3}}, "'b' has 3 reports.*has 2"),
        ({"fixed": {"f": [0.1] * 3}}, r"'f' has shape \(3,\).*each of the 4"),
        ({"fixed": {"f": [0.1, 0.1, 0, 0.1]}}, "not positive and finite"),
        ({"fixed": {c: [0.1] * 4 for c in "abcd"}}, "fixed has 4 entries"),
        ({"format": "?"}, r"format is '\?'.*such as '.3g'"),
        ({"rate": "rate"}, "without 'rate'; add it, or name another with rate="),
        ({"best": "record"}, "without 'record'.*with best="),
        (
            {"observe": lambda m: {**seen(m), "learning rate": m.lr - 1}},
            "as 0.0; its axis is a log",
        ),
        (
            {"observe": lambda m: {**seen(m), **({"odd": 1} if m.bad else {})}},
            "give the same names",
        ),
        (
            {"observe": lambda m: {**seen(m), **dict.fromkeys("abcd", 1)}},
            "7 quantities; give at most 6",
        ),
        ({"explain": lambda *_: ""}, "explain gives '' for the report of 1.0"),
        ({"explain": lambda *_: None}, "explain gives None"),
        (
            {"machine": Diary, **LONG},
            f"more than {MOST_STATES} states.*'heard' alone has .*fewer levels",
        ),
    ],
)
def test_wrong_arguments_are_named(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=f"(?s){says}"):
        small(**changes)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"controls": "patience"}, "controls is 'patience'; give a list of Control"),
        ({"machine": Halving()}, "machine is Halving.*give a function"),
        ({"observe": {"lr": 1}}, "observe is .*give a function"),
        ({"explain": "better"}, "explain is 'better'; give a function"),
        ({"curves": [[1, 1]]}, "curves is .*give a dict"),
        ({"fixed": [0.1] * 4}, "fixed is .*give a dict"),
        ({"machine": lambda lr: Halving()}, r"controls' names \['patience'\]"),
        ({"machine": lambda patience: 3}, "give an object with .step"),
        ({"machine": Slots}, "without __slots__"),
        ({"observe": lambda m: m.lr}, "observe gives 1.0; give a dict"),
        ({"observe": lambda m: {**seen(m), "best": None}}, "'best' as None"),
        ({"observe": lambda m: {**seen(m), "best": "0.1"}}, "'best' as '0.1'"),
    ],
)
def test_wrong_types_are_named(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(TypeError, match=f"(?s){says}"):
        small(**changes)


def test_an_error_of_the_machine_is_its_own() -> None:
    class Failing(Halving):
        def step(self, metric: float) -> None:
            raise ZeroDivisionError("its own")

    def make() -> Reports:
        return small(machine=Failing)

    with pytest.raises(ZeroDivisionError, match="its own"):
        make()
