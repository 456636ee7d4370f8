"""Whatever a user hands to the library: a sound answer, or an error that helps.

For each door of the library a property, tried on arguments that nobody would plan for,
and beside it something that breaks the promise, which the property has to find.
"""

from __future__ import annotations

import builtins
import contextlib
import copy
import dataclasses
import decimal
import fractions
import functools
import inspect
import math
import os
import pickle
import random
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lrlib import decay, practice, warmup
from lrlib.adaptive import sgd
from lrlib.arguments import shown
from lrlib.auditing import KINDS, Finding, Findings
from lrlib.basics import Cause, Diagnosis, diagnose
from lrlib.exercises import EXERCISES, Failed, LearnerError, Passed, Stopped, check
from lrlib.explorer import Choice, Control, Explorer, Lines, Option
from lrlib.schedules import Schedule, as_scheduler, audit, scale, sequence
from lrlib.sweep import sweep
from lrlib.tasks import quadratic

# The same examples on every machine; a longer hunt raises the number and drops this.
FEW = settings(max_examples=100, derandomize=True)
LAST = 2**53  # the largest count that a schedule is made of


def complains(error: Exception, *names: str) -> None:
    """Assert that an error is one of the two kinds, names an argument and is short."""
    assert isinstance(error, ValueError | TypeError), repr(error)
    assert type(error) in (ValueError, TypeError), repr(error)
    message = str(error)
    assert any(name in message for name in names), message
    assert "got" in message, message
    assert ":" in message, message  # what follows it is the remedy
    assert len(message) < 2000, message[:3000]


# What people put where a number belongs -----------------------------------------------


class LoudFloat(float):
    """A float whose repr takes a while to write, as that of any subclass may."""

    def __repr__(self) -> str:
        raise RuntimeError("not to be printed")


TINY, HUGE = 5e-324, math.nextafter(math.inf, 0)
STRANGE = [
    None,
    "0.1",
    "",
    b"1",
    True,
    np.True_,
    1j,
    math.nan,
    math.inf,
    -math.inf,
    0,
    -0.0,
    -1,
    TINY,
    -TINY,
    2.2e-308,
    HUGE,
    -HUGE,
    10**400,
    -(10**5000),
    2**63,
    2**64,
    LAST,
    10**9,
    np.float32(0.1),
    np.float64(HUGE),
    np.float16(1e-7),
    np.longdouble("1e4000"),
    np.int8(3),
    np.uint64(2**64 - 1),
    np.datetime64("2026-01-01"),
    np.timedelta64(3, "s"),
    fractions.Fraction(1, 3),
    LoudFloat(0.5),
    LoudFloat(-0.5),
    np.array(0.1),
    np.array([0.1, 0.2]),
    torch.tensor(0.1),
    torch.tensor([1.0, 2.0], requires_grad=True),
    [],
    [0.1],
    {},
    {"lr": 1},
    object,
    len,
    ...,
]
# By their places, since not all of them can be printed.
ODD = st.one_of(
    st.integers(0, len(STRANGE) - 1).map(lambda place: STRANGE[place]),
    st.floats(),
    st.integers(-(10**9), 10**9),
)
RATES = st.floats(TINY, 1e300) | st.floats(1e-8, 10)
COUNTS = st.integers(1, 100) | st.integers(1, 10**9) | st.just(LAST)
FRACTIONS = st.floats(0, 1)
FACTORS = st.floats(TINY, 1) | st.floats(1e-3, 1e3)
MILESTONES = st.one_of(
    st.lists(st.integers(0, 10**9), max_size=6),
    st.sets(st.integers(1, 50)).map(sorted),
    st.just(list(range(1, 3000))),
    st.lists(st.integers(0, 9), max_size=3).map(np.array),
    st.sampled_from(
        ["30", b"30", 30, [1.5], [True], [[1]], np.array(3), torch.tensor(3)]
    ),
    st.sampled_from([{3: "x"}, {5, 7}, range(3, 9), (10**30,), [LAST], [2**63]]),
)
BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "lr": RATES,
    "max_lr": RATES,
    "base_lr": RATES | st.just(0),
    "eta_min": FRACTIONS | RATES,
    "factor": FACTORS,
    "gamma": FACTORS,
    "start_factor": FACTORS,
    "end_factor": FACTORS | st.just(0),
    "power": FACTORS,
    "shrink": FACTORS,
    "scale": RATES,
    "pct_start": FRACTIONS,
    "div_factor": st.floats(1, HUGE),
    "final_div_factor": st.floats(1, HUGE),
    "milestones": MILESTONES,
    "mode": st.sampled_from(["triangular", "triangular2", "exp_range", "other"]),
    "shape": st.sampled_from([*practice.SHAPES, "other"]),
    "anneal_strategy": st.sampled_from(["cos", "linear", "other"]),
    "three_phase": st.booleans(),
    "function": st.sampled_from([math.sqrt, math.cos, lambda t: 1 / (t + 1), "t"]),
}
MAKERS = [
    decay.constant,
    decay.step,
    decay.multistep,
    decay.exponential,
    decay.linear,
    decay.polynomial,
    decay.inverse_time,
    decay.cosine,
    decay.cosine_restarts,
    decay.cyclic,
    decay.custom,
    warmup.linear,
    warmup.hold,
    warmup.geometric,
    warmup.exponential,
    warmup.inverse_sqrt,
    warmup.cosine_with_warmup,
    practice.one_cycle,
    practice.wsd,
]


@st.composite
def calls(draw: st.DrawFn, odd: bool = True) -> tuple[Any, dict[str, Any]]:
    """A constructor and arguments for it, of which at most one is odd."""
    maker = draw(st.sampled_from(MAKERS))
    names = list(inspect.signature(maker).parameters)
    wrong = draw(st.none() | st.sampled_from(names)) if odd else None
    arguments = {
        name: draw(ODD if name == wrong else BY_NAME.get(name, COUNTS))
        for name in names
    }
    return maker, arguments


def made(maker: Any, arguments: dict[str, Any]) -> Schedule | None:
    """The schedule, or None after an error that keeps the rules."""
    try:
        schedule = maker(**arguments)
    except Exception as error:
        complains(error, *arguments)
        return None
    assert isinstance(schedule, Schedule)
    return schedule


@st.composite
def joined(draw: st.DrawFn, depth: int = 2) -> Schedule:
    """Schedules, and sequences and multiples of them."""
    kind = draw(st.sampled_from(["plain", "sequence", "scale"]))
    if kind == "plain" or not depth:
        schedule = made(*draw(calls(odd=False)))
        assume(schedule is not None)
        assert schedule is not None
        return schedule
    if kind == "scale":
        return scale(draw(joined(depth - 1)), draw(RATES))
    starts = draw(st.sets(COUNTS, max_size=3).map(sorted))
    parts = [draw(joined(depth - 1)) for _ in range(len(starts) + 1)]
    return sequence(parts, starts)


# Schedules keep what they promise -----------------------------------------------------

MAY_GROW = (decay.step, decay.multistep, decay.exponential, decay.custom)
PLACES = [0, 1, 2, 3, 7, 50, 99, 100, 101, 1000, 10**6, 10**9, 2**40, LAST, 2**62]


def may_overflow(schedule: Schedule) -> bool:
    """Whether a rate may get beyond the largest float, as the docstring says."""
    if isinstance(schedule, sequence):
        return any(map(may_overflow, schedule.parts))
    grows = getattr(schedule, "gamma", 2.0) > 1
    return isinstance(schedule, scale) or (isinstance(schedule, MAY_GROW) and grows)


def end_of(schedule: Schedule) -> int | None:
    """The update from which on a schedule holds its last rate, if there is one."""
    if isinstance(schedule, decay.multistep):
        return max(schedule.milestones, default=0)
    if isinstance(schedule, sequence):
        last = end_of(schedule.parts[-1])
        return None if last is None else last + max(schedule.milestones, default=0)
    if isinstance(schedule, scale):
        return end_of(schedule.schedule)
    if isinstance(schedule, decay.constant):
        return 0
    ends = (getattr(schedule, name, None) for name in ("T_max", "total_iters"))
    return next((end for end in ends if end), getattr(schedule, "total_steps", None))


def keeps_its_promises(schedule: Schedule) -> None:
    """Assert what every schedule promises of its rates."""
    t = np.array([*PLACES, min(LAST, end_of(schedule) or 0) // 2], np.int64)
    before = t.copy()
    if may_overflow(schedule):
        try:
            schedule(t)
        except ValueError as error:
            if "a rate must be finite and not negative" in str(error):
                return
            raise
    rates = schedule(t)
    np.testing.assert_array_equal(t, before)
    assert type(rates) is np.ndarray
    assert rates.dtype == np.float64
    assert rates.shape == t.shape
    assert np.isfinite(rates).all()
    assert (rates >= 0).all()
    np.testing.assert_array_equal(schedule(t), rates)
    one_by_one = [schedule(int(n)) for n in t]
    assert {type(rate) for rate in one_by_one} == {float}
    close = {"rtol": 1e-12, "atol": 1e-15 * rates.max()}
    np.testing.assert_allclose(one_by_one, rates, **close)
    grid = t[: 2 * (len(t) // 2)].reshape(2, -1).T  # not contiguous
    np.testing.assert_allclose(schedule(grid), rates[: grid.size].reshape(2, -1).T)
    end = end_of(schedule)
    if end is not None and end < LAST:
        after = schedule(np.array([end, (end + LAST) // 2, LAST, 2**62]))
        assert after.max() == after.min(), "it moves after its end"


def is_a_value(schedule: Schedule) -> None:
    """Assert that a schedule is as good as the call that it prints as."""
    names = {
        **vars(warmup),
        **vars(practice),
        **vars(decay),
        **vars(sys.modules[type(schedule).__module__]),
    }
    text = repr(schedule)  # in a joined one, "exponential" may be either of the two
    if "custom" not in text and not (text[:8] == "sequence" and "exponent" in text):
        assert eval(text, names) == schedule
    again = copy.deepcopy(schedule)
    assert again == schedule
    assert hash(again) == hash(schedule)
    if "lambda" not in text:
        assert pickle.loads(pickle.dumps(schedule)) == schedule
    fields = {f.name: getattr(schedule, f.name) for f in dataclasses.fields(schedule)}
    plain = (float, int, str, tuple, bool, Schedule, type(None))
    assert callable(fields.pop("function", len))
    assert all(isinstance(value, plain) for value in fields.values()), fields


@FEW
@given(calls())
def test_a_schedule_is_refused_or_keeps_its_promises(call: Any) -> None:
    schedule = made(*call)
    if schedule is not None:
        keeps_its_promises(schedule)
        is_a_value(schedule)


@FEW
@given(joined())
def test_joined_schedules_keep_their_promises(schedule: Schedule) -> None:
    keeps_its_promises(schedule)


@FEW
@given(
    st.lists(calls(odd=False).map(lambda call: made(*call)), max_size=3) | ODD,
    MILESTONES | ODD,
)
def test_parts_and_milestones_are_refused_or_a_sequence(
    parts: Any, milestones: Any
) -> None:
    schedule = made(sequence, {"parts": parts, "milestones": milestones})
    if schedule is not None:
        keeps_its_promises(schedule)
        is_a_value(schedule)


class Rising(decay.cosine):
    """A liar: it climbs back after its end, as torch's does."""

    def rates(self, t: np.ndarray) -> np.ndarray:
        return decay.half_wave(t / self.T_max, self.lr, self.eta_min)


class Impure(decay.constant):
    """A liar: each call gives half of the one before."""

    def rates(self, t: np.ndarray) -> np.ndarray:
        object.__setattr__(self, "lr", self.lr / 2)
        return np.full(t.shape, self.lr)


class Negative(decay.constant):
    def rates(self, t: np.ndarray) -> np.ndarray:
        return self.lr * (1 - t / 100)


@pytest.mark.parametrize("liar", [Rising(0.1, 50), Impure(0.1), Negative(0.1)])
def test_a_schedule_that_lies_is_found(liar: Schedule) -> None:
    with pytest.raises((AssertionError, ValueError)):
        keeps_its_promises(liar)


class Changing(decay.constant):
    """It works in place, on what it was handed."""

    def rates(self, t: np.ndarray) -> np.ndarray:
        t *= 0
        return self.lr + t


def test_a_schedule_that_works_in_place_leaves_the_callers_array_alone() -> None:
    keeps_its_promises(Changing(0.1))


@dataclasses.dataclass(frozen=True)
class Given(Schedule):
    """A class of a user's own, which gives whatever it was made with."""

    what: Any

    def rates(self, t: np.ndarray) -> Any:
        return self.what


TIMES = st.one_of(
    ODD,
    st.integers(-(10**20), 10**20),
    st.lists(st.integers(0, 100) | st.floats(0, 9), max_size=4),
    st.sampled_from(
        [
            [[1], [2, 3]],
            np.zeros((2, 0, 3), int),
            np.zeros(0),
            np.arange(5)[::-2],
            np.arange(6, dtype=np.uint8).reshape(2, 3).T,
            np.array(3),
            np.array([3, -1]),
            np.array([2**63], np.uint64),
            np.array([1, 2], object),
            np.array(["1"]),
            np.ma.masked_array([1, 2], [True, False]),
            np.arange(3).astype("m8[s]"),
            torch.arange(3),
            torch.arange(3.0),
            range(4),
            np.broadcast_to(np.int16(7), (300, 400)),
        ]
    ),
)


@FEW
@given(TIMES, st.just(decay.cosine(0.1, 50)) | ODD.map(Given))
def test_an_update_is_refused_or_has_a_rate(t: Any, schedule: Schedule) -> None:
    try:
        rates = schedule(t)
    except Exception as error:
        if "a rate must be finite and not negative" not in str(error):
            complains(error, "t must", "rates(t)")
        return
    assert type(rates) in (float, np.ndarray)
    assert np.shape(rates) == np.shape(t)
    assert np.isfinite(rates).all()


# Diagnosis ----------------------------------------------------------------------------


class Series:
    """An array under another name, such as a column of pandas."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.array(self.values, dtype)


class Broken:
    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        raise RuntimeError("the file is closed")


NUMBERS = st.one_of(
    st.floats(),
    st.floats(0, 10),
    st.sampled_from([0.0, 1.0, 2.3, math.nan, math.inf, 1e99, 1e101, 1e308, TINY]),
)
CURVES = st.one_of(
    st.lists(NUMBERS, max_size=60),
    st.builds(
        lambda start, factors: list(start * np.cumprod(factors)),
        st.floats(1e-6, 1e6),
        st.lists(st.floats(0.7, 1.1), min_size=1, max_size=100),
    ),
    st.builds(lambda value, n: [value] * n, NUMBERS, st.integers(0, 50)),
    st.lists(st.integers(-9, 9), max_size=20),
)
AS = [
    lambda curve: curve,
    tuple,
    np.array,
    torch.tensor,
    Series,
    lambda curve: torch.tensor(curve, dtype=torch.float64, requires_grad=True) * 1,
    lambda curve: [torch.tensor(float(x), requires_grad=True) for x in curve],
    lambda curve: np.array(curve, object),
    lambda curve: np.array(curve, bool),
    lambda curve: np.array(curve, np.longdouble) * np.longdouble("1e4000"),
    lambda curve: np.array(curve)[None],
    lambda curve: (x for x in curve),
    lambda curve: [str(x) for x in curve],
    lambda curve: [*curve, None],
    lambda curve: [*curve, [1.0]],
    lambda curve: [*curve, 1j],
    lambda curve: torch.tensor([*curve, 1j]),
    lambda curve: torch.tensor([*curve, 1.0]).to_sparse(),
    lambda curve: torch.empty(len(curve), device="meta"),
    lambda curve: Broken(),
]
AS_GIVEN = st.just(AS[0])


def form(draw: st.DrawFn, wild: bool) -> Any:
    curve = draw(CURVES)
    convert = draw(st.sampled_from(AS)) if wild else AS[0]
    try:
        with np.errstate(all="ignore"):
            return convert(curve)
    except (TypeError, ValueError, OverflowError):  # such as torch.tensor([1, 1j])
        return curve


@st.composite
def readings(draw: st.DrawFn) -> dict[str, Any]:
    """Arguments of ``diagnose``, of which at most one is odd."""
    names = ["losses", "guess", "validation", "gradient_norms", "probes"]
    wrong = draw(st.none() | st.sampled_from(names))
    losses = form(draw, wrong == "losses")
    length = len(losses) if isinstance(losses, list) else 5
    beside = st.lists(NUMBERS, min_size=length, max_size=length)
    size = draw(st.integers(10, 40))
    three = st.fixed_dictionaries(
        dict.fromkeys(
            ["lr / 10", "lr", "lr * 3"],
            st.lists(st.floats(0, 5) | NUMBERS, min_size=size, max_size=size),
        )
    )
    usual = {
        "guess": st.floats(TINY, 1e308) | st.just(2.3),
        "validation": beside,
        "gradient_norms": beside,
        "probes": three,
    }
    given: dict[str, Any] = {"losses": losses}
    for name, values in usual.items():
        if name == wrong:
            odd = ODD if draw(st.booleans()) else st.just(form(draw, True))
            given[name] = draw(odd)
        elif draw(st.booleans()):
            given[name] = draw(values)
    return given


def well_formed(diagnosis: Any) -> None:
    """Assert that a diagnosis is one, and that all that it prints can be read."""
    assert type(diagnosis) is Diagnosis
    assert diagnosis.causes
    assert all(type(cause) is Cause for cause in diagnosis.causes)
    names = [cause.name for cause in diagnosis.causes]
    assert len(set(names)) == len(names)
    assert diagnosis.verdict == names[0]
    for text in (repr(diagnosis), diagnosis._repr_markdown_()):
        words = text.replace(",", " ").replace(".", " ").lower().split()
        assert not {"nan", "inf", "-inf", "none"} & set(words), text


@FEW
@given(readings())
def test_any_curve_is_refused_or_diagnosed(given: dict[str, Any]) -> None:
    before = [shown(value) for value in given.values()]
    names = (*given, "losses[")
    try:
        diagnosis = diagnose(**given)
    except Exception as error:
        complains(error, *names)
        return
    well_formed(diagnosis)
    assert diagnose(**given) == diagnosis
    assert [shown(value) for value in given.values()] == before


@pytest.mark.parametrize(
    "liar",
    [
        Diagnosis(()),
        Diagnosis((Cause("healthy", f"The loss ends at {math.nan:.3g}.", "", ""),)),
        Diagnosis((Cause("a", "", "", ""), Cause("a", "", "", ""))),
        "healthy",
    ],
)
def test_a_diagnosis_that_says_nothing_is_found(liar: Any) -> None:
    with pytest.raises(AssertionError):
        well_formed(liar)


# Audit --------------------------------------------------------------------------------


class Raises:
    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self, t: int) -> float:
        if t >= self.at:
            raise RuntimeError(f"no rate for {t}")
        return 1.0


class Duck:
    """Something with rates, as another library may have it."""

    def __init__(self, what: Any, **arguments: Any) -> None:
        self.what = what
        vars(self).update(arguments)

    def rates(self, t: np.ndarray) -> Any:
        t += 1  # its own, one hopes
        return self.what(t) if callable(self.what) else self.what


OWN = st.one_of(
    ODD.map(lambda value: decay.custom(0.1, lambda t: value)),
    st.integers(0, 30).map(lambda at: decay.custom(0.1, Raises(at))),
    ODD.map(Given),
    ODD.map(Duck),
    st.sampled_from(
        [
            Given(np.ones((3, 4))),
            Given(["x"] * 5),
            Duck(lambda t: t * 1j),
            Duck(lambda t: np.where(t > 5, np.nan, 0.1)),
            Duck(lambda t: np.ones(len(t) + 1)),
            Duck(0.1, T_0=-3, T_mult=2),
            Duck(0.1, T_0=0.5, T_mult=1.0001),
            Duck(0.1, step_size_up=-1, step_size_down=1),
            Duck(0.1, milestones=[-5, 3, 10**30], gamma=-1.0),
            Duck(0.1, step_size=-3, gamma=0.5),
            Duck(0.1, gamma=0.5, step_size=10**400),
            Duck(0.1, T_max=10**400),
            Duck(0.1, lr="x"),
            Duck(0.1, lr=[0.1], function=len),
            Duck(0.1, total_iters=math.nan, start_factor=math.inf, end_factor=-1),
            Duck(0.1, parts=[1, 2], milestones=[3]),
            Duck(0.1, schedule=decay.cosine(0.1, 5), factor=None),
        ]
    ),
)
PLANS = joined() | OWN | st.lists(NUMBERS, max_size=30) | ODD
STEPS = st.integers(1, 60) | ODD.filter(  # no examples that only take their time
    lambda n: type(n) is not int or n < 60 or n > 10**7
)
LIMITS = st.none() | st.floats(1e-6, 10) | ODD


def sound(findings: Any, steps: int) -> None:
    """Assert that findings are what ``audit`` says that it gives."""
    assert type(findings) is Findings
    for finding in findings:
        assert type(finding) is Finding
        assert type(finding.step) is int
        assert 0 <= finding.step < steps
        assert finding.kind in KINDS
        assert str(finding) == finding.sentence
        assert finding.sentence.endswith(".")
    assert [f.step for f in findings] == sorted(f.step for f in findings)
    assert repr(findings)
    assert findings._repr_markdown_()


@FEW
@given(PLANS, STEPS, LIMITS)
def test_any_plan_is_refused_or_audited(plan: Any, steps: Any, limit: Any) -> None:
    try:
        findings = audit(plan, steps, limit)
    except Exception as error:
        complains(error, "schedule", "steps", "limit")
        return
    sound(findings, steps)
    assert audit(plan, steps, limit) == findings


def a_function(t: int) -> float:
    return 0.9**t


TORCH = torch.optim.lr_scheduler
SCHEDULERS: dict[Any, dict[str, st.SearchStrategy[Any]]] = {
    TORCH.StepLR: {"step_size": COUNTS, "gamma": FACTORS},
    TORCH.MultiStepLR: {"milestones": MILESTONES, "gamma": FACTORS},
    TORCH.ExponentialLR: {"gamma": FACTORS},
    TORCH.ConstantLR: {"factor": FRACTIONS, "total_iters": COUNTS},
    TORCH.LinearLR: {"start_factor": FRACTIONS, "total_iters": COUNTS},
    TORCH.PolynomialLR: {"total_iters": COUNTS, "power": FACTORS},
    TORCH.CosineAnnealingLR: {"T_max": COUNTS, "eta_min": RATES},
    TORCH.CosineAnnealingWarmRestarts: {"T_0": COUNTS, "T_mult": COUNTS},
    TORCH.CyclicLR: {
        "base_lr": RATES,
        "max_lr": RATES,
        "step_size_up": COUNTS,
        "step_size_down": COUNTS,
        "cycle_momentum": st.just(False),
    },
    TORCH.OneCycleLR: {
        "max_lr": RATES,
        "total_steps": COUNTS,
        "pct_start": FRACTIONS,
        "cycle_momentum": st.booleans(),
    },
    TORCH.LambdaLR: {
        "lr_lambda": st.sampled_from([a_function, math.exp, Raises(7), str])
    },
    TORCH.MultiplicativeLR: {"lr_lambda": st.sampled_from([a_function, Raises(9)])},
}


# What torch's schedulers raise of arguments that they don't check, and a function of
# the user's that is asked for a rate. The warning is numpy's, an error in tests.
TORCHS_OWN = (
    TypeError,
    ValueError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    RuntimeWarning,
)


@st.composite
def schedulers(draw: st.DrawFn) -> Any:
    """A scheduler of torch, of which at most one argument is odd, some steps on."""
    rate = draw(st.floats(1e-6, 10) | st.just(torch.tensor(0.1)))
    groups = [{"params": [torch.zeros(1, requires_grad=True)], "lr": rate}]
    if draw(st.booleans()):
        groups.append({"params": [torch.zeros(2, requires_grad=True)], "lr": 0.01})
    optimizer = torch.optim.SGD(groups, lr=0.1, momentum=0.9)
    kinds = draw(st.lists(st.sampled_from(list(SCHEDULERS)), min_size=1, max_size=2))
    chosen = []
    for kind in kinds:
        wrong = draw(st.none() | st.sampled_from(list(SCHEDULERS[kind])))
        chosen.append(
            {
                name: draw(ODD if name == wrong else values)
                for name, values in SCHEDULERS[kind].items()
            }
        )
    milestones = [draw(COUNTS)]
    try:
        made = [kind(optimizer, **its) for kind, its in zip(kinds, chosen, strict=True)]
        scheduler = made[0]
        if len(made) > 1:
            scheduler = TORCH.SequentialLR(optimizer, made, milestones)
    except TORCHS_OWN:  # torch refuses it in its own way
        assume(False)
    if draw(st.booleans()):
        try:
            scheduler = as_scheduler(optimizer, draw(joined()))
        except (ValueError, RuntimeError):  # all rates 0, or too large for a tensor
            assume(False)
    for _ in range(draw(st.integers(0, 3))):
        optimizer.step()
        try:
            scheduler.step()
        except TORCHS_OWN:  # it is audited as it stands, at the update that it reached
            break
    return scheduler


def state_of(scheduler: Any) -> str:
    inner = getattr(scheduler, "_schedulers", [])
    own = {k: v for k, v in vars(scheduler).items() if k != "_schedulers"}
    mine = [own, *(vars(one) for one in inner), *scheduler.optimizer.param_groups]
    return " ".join(shown(value) for part in mine for value in part.values())


@FEW
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
@given(schedulers(), STEPS, LIMITS)
def test_any_scheduler_is_refused_or_audited_and_stays_as_it_was(
    scheduler: Any, steps: Any, limit: Any
) -> None:
    before = state_of(scheduler)
    try:
        findings = audit(scheduler, steps, limit)
    except Exception as error:
        complains(error, "schedule", "steps", "limit")
    else:
        sound(findings, steps)
        assert audit(scheduler, steps, limit) == findings
    assert state_of(scheduler) == before


@pytest.mark.parametrize(
    "liar",
    [
        Findings([Finding(9, "rises", "It rises.")]),
        Findings([Finding(-1, "rises", "It rises.")]),
        Findings([Finding(0, "bad", "It is bad.")]),
        Findings([Finding(3, "rises", "It rises."), Finding(2, "rises", "Again.")]),
        [],
    ],
)
def test_findings_that_lie_are_found(liar: Any) -> None:
    with pytest.raises(AssertionError):
        sound(liar, 9)


# Exercises ----------------------------------------------------------------------------

STEP = EXERCISES["basics/sgd_step"]


class Agreeable(mock.MagicMock):
    """It equals everything, and is as large and as small as anything."""

    def __eq__(self, other: object) -> bool:
        return True

    __lt__ = __le__ = __gt__ = __ge__ = __ne__ = __eq__
    __hash__ = mock.MagicMock.__hash__


class Word(str):
    """A word that equals every other."""

    __eq__ = Agreeable.__eq__
    __hash__ = str.__hash__


class Number(float):
    """A number that equals every other."""

    __eq__ = Agreeable.__eq__
    __hash__ = float.__hash__

    def __float__(self) -> float:
        raise RuntimeError("no float")


class Loops:
    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        while True:
            pass


class UnprintableError(Exception):
    def __str__(self) -> str:
        raise ValueError("not to be printed")


class OwnKind(BaseException):
    pass


def itself() -> list[Any]:
    one: list[Any] = []
    one.append(one)
    return one


def nested() -> list[Any]:
    one: list[Any] = []
    for _ in range(3000):
        one = [one]
    return one


async def later() -> float:
    return 1.7


# None of them is a step of gradient descent.
GIVEN_BACK: dict[str, Callable[[], Any]] = {
    "a mock": Agreeable,
    "a word that lies": lambda: Word("anything"),
    "a number that lies": lambda: Number(3.0),
    "a class that pretends": lambda: mock.Mock(spec=float),
    "an array that raises": Broken,
    "nothing": lambda: None,
    "itself": itself,
    "a deep list": nested,
    "a generator": lambda: (x for x in range(3)),
    "a coroutine": later,
    "a function": lambda: len,
    "a class": lambda: float,
    "nan": lambda: math.nan,
    "inf": lambda: math.inf,
    "complex": lambda: 1 + 2j,
    "Decimal": lambda: decimal.Decimal("1.7"),
    "Fraction": lambda: fractions.Fraction(17, 10),
    "a huge int": lambda: 10**400,
    "an int of 5000 digits": lambda: 10**5000,
    "a large int": lambda: 2**70,
    "objects": lambda: np.array([1, None], object),
    "no kind of array": lambda: np.array(["a"]),
    "an array too large": lambda: np.broadcast_to(1.7, (10**6, 10**6)),
    "a structured array": lambda: np.zeros(2, "i4,f8"),
    "a tensor": lambda: torch.ones(2, requires_grad=True) * 2,
    "a tensor of nothing": lambda: torch.empty(3, device="meta"),
    "a nameless class": lambda: type("", (), {})(),
    "bytes": lambda: b"1.7",
    "a dict": lambda: {"a": 1},
    "a number too long": lambda: LoudFloat(3.3),
}
RAISED: list[Callable[[], BaseException]] = [
    lambda: SystemExit(0),
    KeyboardInterrupt,
    GeneratorExit,
    StopIteration,
    RecursionError,
    MemoryError,
    UnprintableError,
    OwnKind,
    lambda: ValueError("x" * 10**6),
    lambda: ValueError("two\nlines"),
    lambda: ExceptionGroup("both", [ValueError("a"), TypeError("b")]),
    lambda: UnicodeDecodeError("utf-8", b"a", 0, 1, "no"),
    lambda: OSError(2, "no such file"),
    lambda: KeyError(Agreeable()),
    lambda: ValueError(10**5000),
]


def recurses(theta: Any, grad: Any, lr: float) -> Any:
    return recurses(theta, grad, lr)


def chatters(theta: Any, grad: Any, lr: float) -> Any:
    print("x" * 10**7, "\ud800")
    print("y" * 10**7, file=sys.stderr)
    sys.stdout.close()
    return theta + grad


def seeds(theta: Any, grad: Any, lr: float) -> Any:
    np.random.seed(0)
    torch.manual_seed(0)
    random.seed(0)
    return theta


def sets_everything(theta: Any, grad: Any, lr: float) -> Any:
    torch.set_default_dtype(torch.float16)
    torch.set_printoptions(precision=1)
    torch.set_grad_enabled(False)
    np.seterr(all="raise")
    np.set_printoptions(precision=1)
    warnings.simplefilter("ignore")
    os.chdir("/")
    os.environ["LRLIB_HOST"] = "site"
    sys.stdout = sys.stderr = None
    sys.setrecursionlimit(5000)
    return theta


def patches(theta: Any, grad: Any, lr: float) -> Any:
    for name in ("allclose", "isclose", "isfinite", "array_equal", "shape"):
        setattr(np, name, lambda *a, **k: True)
    vars(builtins).update(all=lambda values: True, isinstance=lambda one, kind: True)
    math.isclose = lambda *a, **k: True
    del np.mean
    return 3.0


def changes_its_arguments(theta: Any, grad: Any, lr: float) -> Any:
    if isinstance(theta, np.ndarray):
        theta[:] = np.nan
        grad.resize(0, refcheck=False)
    return theta


def starts_threads(theta: Any, grad: Any, lr: float) -> Any:
    for _ in range(5):
        threading.Thread(target=time.sleep, args=[0.01], daemon=True).start()
    return theta


class Stepper:
    def __call__(self, theta: Any, grad: Any, lr: float) -> Any:
        raise ValueError("called")


class Secretive:
    """Its signature can't be had, and nothing else."""

    __code__ = property(Broken.__array__)

    @property
    def __signature__(self) -> Any:
        raise RuntimeError("none")

    def __call__(self, *arguments: Any) -> Any:
        return self


HANDED_OVER: dict[str, Any] = {
    "recurses": recurses,
    "chatters": chatters,
    "seeds": seeds,
    "sets everything": sets_everything,
    "patches": patches,
    "changes its arguments": changes_its_arguments,
    "starts threads": starts_threads,
    "a mock": mock.Mock(),
    "an agreeable mock": Agreeable(),
    "an instance": Stepper(),
    "a secretive instance": Secretive(),
    "a class": Stepper,
    "a type": dict,
    "too few arguments": lambda theta: theta,
    "too many arguments": lambda a, b, c, d: a,
    "any arguments": lambda *a, **k: a,
    "a partial": functools.partial(max, 5.0),
    "a cached function": functools.cache(lambda w, g, a: hash(w)),
    "a wrapped function": functools.wraps(later)(lambda *a: a),
    "async": later,
    "takes three, async": lambda a, b, c: later(),
    "a built-in": max,
    "print": print,
    "a ufunc": np.add,
    "a method": np.ones(3).sum,
    "a module": math,
    "a number": 1.7,
    "an unhashable": [1],
    "nothing": None,
    "exit": sys.exit,
} | {
    f"gives {name}": lambda theta, grad, lr, make=make: make()
    for name, make in GIVEN_BACK.items()
}


@pytest.fixture(scope="module", autouse=True)
def _torch_is_complete() -> None:
    check("basics/sgd_step", STEP.solution)  # loads what it needs, once for all


def session() -> dict[str, Any]:
    """What is the same before and after, as far as ``check`` promises it."""
    return {
        "numpy": np.random.get_state(legacy=False)["state"]["key"].tolist(),
        "torch": torch.get_rng_state().tolist(),
        "python": random.getstate(),
        "dtype": torch.get_default_dtype(),
        "grad": torch.is_grad_enabled(),
        "printing": [np.get_printoptions(), str(torch._tensor_str.PRINT_OPTS)],
        "errors": np.geterr(),
        "warnings": list(warnings.filters),
        "directory": os.getcwd(),
        "environment": dict(os.environ),
        "streams": [sys.stdin, sys.stdout, sys.stderr],
        "recursion": sys.getrecursionlimit(),
        "names": [dict(vars(module)) for module in (builtins, math, np)],
    }


def fails_as_it_should(name: str, answer: Any, seconds: float = 5.0) -> Any:
    """The outcome of a wrong answer, which must be one, and leave no trace."""
    before = session()
    outcome = check(name, answer, seconds=seconds)
    assert session() == before
    assert isinstance(outcome, Failed | LearnerError | Stopped), outcome
    assert 20 < len(outcome.message) < 3000
    assert outcome.message[-1] in ".`"
    assert repr(outcome)
    # A thread that goes on would slow all tests after this one.
    assert "can't be interrupted" not in outcome.message
    return outcome


@pytest.mark.parametrize("answer", HANDED_OVER.values(), ids=HANDED_OVER)
def test_no_wrong_answer_passes_or_leaves_a_trace(answer: Any) -> None:
    fails_as_it_should("basics/sgd_step", answer)


@pytest.mark.parametrize("make", GIVEN_BACK.values(), ids=GIVEN_BACK)
def test_no_odd_value_passes_for_a_number_or_a_word(make: Any) -> None:
    fails_as_it_should("basics/step_length", make())
    names = list(inspect.signature(EXERCISES["basics/verdict"].solution).parameters)
    answer = eval(f"lambda {', '.join(names)}: make()", {"make": make})
    fails_as_it_should("basics/verdict", answer)


@pytest.mark.parametrize("make", RAISED)
def test_every_kind_of_error_is_the_learners_own(make: Any) -> None:
    def sgd_step(theta: Any, grad: Any, lr: float) -> Any:
        raise make()

    for answer in (sgd_step, functools.partial(sgd_step)):
        outcome = fails_as_it_should("basics/sgd_step", answer)
        assert isinstance(outcome, LearnerError)
        line = sgd_step.__code__.co_firstlineno + 1
        assert f"Line {line}: `raise make()`." in outcome.message


def test_an_error_is_found_below_decorators_of_another_file() -> None:
    @contextlib.contextmanager
    def quietly() -> Iterator[None]:
        yield

    @quietly()
    @quietly()
    def sgd_step(theta: Any, grad: Any, lr: float) -> Any:
        return theta[0]

    outcome = fails_as_it_should("basics/sgd_step", sgd_step)
    assert "`return theta[0]`." in outcome.message


def test_a_function_that_says_it_wraps_itself_is_judged() -> None:
    def sgd_step(theta: Any, grad: Any, lr: float) -> Any:
        return theta[0]

    vars(sgd_step)["__wrapped__"] = sgd_step
    outcome = fails_as_it_should("basics/sgd_step", sgd_step)
    assert "`return theta[0]`." in outcome.message


def test_what_never_ends_is_stopped() -> None:
    outcome = fails_as_it_should(
        "basics/sgd_step", lambda w, g, a: Loops(), seconds=0.2
    )
    assert isinstance(outcome, Stopped)


def test_what_swallows_its_end_is_stopped_all_the_same() -> None:
    swallowed: list[BaseException] = []

    def sgd_step(theta: Any, grad: Any, lr: float) -> Any:
        try:
            while True:
                theta = abs(theta)
        except BaseException as error:
            swallowed.append(error)
        while True:
            theta = abs(theta)

    outcome = fails_as_it_should("basics/sgd_step", sgd_step, seconds=0.2)
    assert isinstance(outcome, Stopped)
    assert "so it was interrupted" in outcome.message
    assert swallowed  # it was not the first attempt that ended it


def test_what_waits_is_reported_and_leaves_no_trace() -> None:
    go_on = threading.Event()
    before, threads = session(), set(threading.enumerate())

    def sgd_step(theta: Any, grad: Any, lr: float) -> Any:
        random.random()
        go_on.wait()  # one call into compiled code, which nothing can interrupt

    with mock.patch("lrlib.exercises.engine.INTERRUPT_TRIES", 3):
        outcome = check("basics/sgd_step", sgd_step, seconds=0.1)
    assert session() == before
    go_on.set()
    for thread in set(threading.enumerate()) - threads:
        thread.join()
    assert isinstance(outcome, Stopped)
    assert "can't be interrupted: restart the kernel" in outcome.message


def test_an_array_that_is_used_again_is_compared_as_it_was() -> None:
    kept = np.zeros(3)

    def sgd_step(theta: Any, grad: Any, lr: float) -> Any:
        if np.ndim(theta) == 0:
            return theta - lr * grad
        kept.resize(np.shape(theta), refcheck=False)
        np.subtract(theta, lr * np.asarray(grad), out=kept)
        return kept

    assert isinstance(check("basics/sgd_step", sgd_step), Passed)


def test_a_check_that_is_too_kind_is_found() -> None:
    kind = dataclasses.replace(
        STEP, solution=lambda theta, grad, lr: theta, mistakes=()
    )
    with (
        mock.patch.dict(EXERCISES, {STEP.name: kind}),
        pytest.raises(AssertionError),
    ):
        fails_as_it_should(STEP.name, seeds)


def test_a_session_that_is_left_changed_is_found() -> None:
    untidy = mock.patch(
        "lrlib.exercises.engine.session_as_found", contextlib.nullcontext
    )
    state = random.getstate()
    with untidy, pytest.raises(AssertionError):
        fails_as_it_should("basics/sgd_step", lambda w, g, a: random.random() * 100)
    random.setstate(state)


@pytest.mark.parametrize("seconds", [0, -1.0, math.nan, math.inf, "5", None])
def test_the_time_of_a_check_is_a_number(seconds: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="seconds must be"):
        check("basics/sgd_step", STEP.solution, seconds=seconds)


# What is made of objects of torch, and what is drawn ----------------------------------


def a_run() -> tuple[torch.nn.Module, torch.optim.Optimizer, Any]:
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return model, optimizer, as_scheduler(optimizer, decay.constant(0.1))


def door(name: str, **wrong: Any) -> Any:
    """One of the library's doors, with sound arguments but for those that are wrong."""
    model, optimizer, scheduler = a_run()
    lines = Lines("Loss", "update", "loss", {"loss": [[1.0, 0.5]]})
    control = Control("lr", [0.1, 0.2])
    functions: dict[str, tuple[Any, dict[str, Any]]] = {
        "range_test": (
            practice.range_test,
            {
                "model": model,
                "optimizer": optimizer,
                "loss": torch.nn.functional.mse_loss,
                "loader": [(torch.ones(4, 2), torch.ones(4, 1))],
                "min_lr": 1e-4,
                "max_lr": 1.0,
                "steps": 10,
                "smoothing": 0.9,
                "threshold": 4.0,
                "accumulation": 1,
                "progress": False,
            },
        ),
        "save": (
            practice.save,
            {"model": model, "optimizer": optimizer, "scheduler": scheduler},
        ),
        "parameter_groups": (
            practice.parameter_groups,
            {"model": model, "lr": 0.1, "layer_decay": 0.9, "weight_decay": 0.1},
        ),
        "clip_by_norm": (
            practice.clip_by_norm,
            {"gradients": [torch.ones(2)], "max_norm": 1.0},
        ),
        "sweep": (
            sweep,
            {
                "task": quadratic(1.0),
                "rule": sgd(),
                "rates": [0.1],
                "steps": 2,
                "seeds": [0],
                "clip": 1.0,
                "validate_every": 1,
                "callback": lambda step, losses: None,
                "chunk": 1,
            },
        ),
        "Control": (Control, {"name": "lr", "values": [0.1, 0.2], "format": ".3g"}),
        "Choice": (
            Choice,
            {"question": "?", "options": [Option("a", "b", True), Option("c", "d")]},
        ),
        "Explorer": (
            Explorer,
            {
                "controls": [control],
                "panels": [lines],
                "verdicts": ["a", "b"],
                "title": "t",
                "alt": "a",
            },
        ),
    }
    function, arguments = functions[name]
    return function(**{**arguments, **wrong})


DOORS = {
    "range_test": "model optimizer min_lr max_lr smoothing threshold progress",
    "parameter_groups": "model lr layer_decay weight_decay",
    "clip_by_norm": "gradients max_norm",
    "sweep": "task rule rates seeds clip",
    "Control": "values format",
    "Choice": "question options",
    "Explorer": "controls panels title alt",
}
PLACES_OF_ARGUMENTS = [(name, a) for name, text in DOORS.items() for a in text.split()]


@pytest.mark.parametrize(("name", "argument"), PLACES_OF_ARGUMENTS)
def test_a_strange_argument_is_named_when_it_is_handed_over(
    name: str, argument: str
) -> None:
    door(name)  # sound as it is
    refused = 0
    for value in STRANGE:
        try:
            door(name, **{argument: value})
        except (TypeError, ValueError) as error:
            refused += 1
            if argument not in str(error) or len(str(error)) > 2000:
                raise
    assert refused
