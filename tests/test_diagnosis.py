"""The diagnosis of a loss curve: its refusals, its promises, and how often it is right.

The runs of ``benchmarks/diagnosis.py`` know their cause from a counterfactual; a small
part of its held-out set is diagnosed here.
"""

import dataclasses
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import diagnosis as ground_truth
from lrlib import basics
from lrlib.basics import Cause, Diagnosis, diagnose
from lrlib.diagnosis import ADVICE, PROBES, RAISES_THE_RATE

T = np.arange(100)
GUESS = math.log(10)


def parabola(rate, steps=100, start=0.5):
    """Losses of gradient descent at ``rate`` times one over the curvature."""
    return start * (1 - rate) ** (2 * np.arange(steps))


def probed(rate, steps=25, start=0.5):
    return dict(
        zip(
            PROBES, (parabola(rate * f, steps, start) for f in (0.1, 1, 3)), strict=True
        )
    )


def test_the_same_curve_from_opposite_causes_is_told_apart_by_the_probes_alone():
    short, long = parabola(0.01), parabola(1.99)
    np.testing.assert_allclose(short, long, rtol=1e-9)
    for curve in (short, long):
        names = [cause.name for cause in diagnose(curve).causes]
        assert names[0] == "can't tell"
        assert {"rate too small", "rate too large"} <= set(names)
    end = short[-1] * 0.9
    assert diagnose(short, probes=probed(0.01, start=end)).verdict == "rate too small"
    verdict = diagnose(long, probes=probed(1.99, start=end)).verdict
    assert verdict not in RAISES_THE_RATE


def test_a_rising_curve_is_told_apart_by_the_probes_alone():
    rising = parabola(2.1)
    assert diagnose(rising).verdict == "can't tell"
    assert diagnose(rising, probes=probed(2.1)).verdict == "rate too large"
    uphill = parabola(-0.1)
    assert diagnose(uphill).verdict == "can't tell"
    assert diagnose(uphill, probes=probed(-0.1)).verdict == "wrong sign"


def test_flat_at_the_guess_cannot_be_told():
    flat = GUESS + 0.02 * np.random.default_rng(0).standard_normal(400)
    found = diagnose(flat, guess=GUESS)
    assert found.verdict == "can't tell"
    names = [cause.name for cause in found.causes]
    assert {"rate too large", "rate too small"} <= set(names)
    assert "lr / 10" in found.causes[0].probe


def test_a_vanished_gradient_decides():
    flat = GUESS + 0.02 * np.random.default_rng(0).standard_normal(400)
    norms = np.where(np.arange(400) < 3, 50.0, 1e-9)
    found = diagnose(flat, guess=GUESS, gradient_norms=norms)
    assert found.verdict == "rate too large"
    assert "50" in found.causes[0].evidence


def test_validation_separates_label_noise_from_too_small_a_model():
    fall = 1.5 + 0.8 * np.exp(-T / 10)
    end = np.full(30, 1.5)
    probes = dict(zip(PROBES, (end, end, end), strict=True))
    apart = np.where(T % 10 == 9, 1.7, np.nan)
    beside = np.where(T % 10 == 9, 1.5, np.nan)
    for validation, verdict in ((apart, "label noise"), (beside, "model too small")):
        found = diagnose(fall, guess=GUESS, validation=validation, probes=probes)
        assert found.verdict == verdict


def test_what_is_printed():
    found = diagnose(parabola(0.01), probes=probed(0.01, start=0.067))
    text = repr(found)
    assert text.startswith("rate too small\n  evidence: The loss starts at 0.5 and")
    assert "with lr * 3" in text
    assert "Triple the rate" in text
    assert "**rate too small.**" in found._repr_markdown_()
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.causes = ()


def test_lists_tensors_and_arrays_read_alike():
    curve = [2.0, math.nan, 3.0]
    texts = {
        repr(diagnose(as_type(curve))) for as_type in (list, np.array, torch.tensor)
    }
    assert len(texts) == 1
    assert diagnose(torch.ones(3, requires_grad=True)).verdict == "can't tell"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"losses": []}, ValueError, r"losses must be one curve .* shape \(0,\)"),
        ({"losses": 1.0}, ValueError, r"losses must be one curve .* shape \(\)"),
        ({"losses": [[1.0]]}, ValueError, r"losses must be one .* shape \(1, 1\)"),
        ({"losses": ["1"]}, TypeError, "losses must be made of real numbers"),
        ({"guess": 0.0}, ValueError, "guess must be positive and finite, got 0.0"),
        ({"guess": "2"}, TypeError, "guess must be a number"),
        ({"validation": [1.0]}, ValueError, "validation must be as long .* 12, got 1"),
        ({"gradient_norms": [1.0]}, ValueError, "gradient_norms must be as long"),
        ({"probes": [1.0]}, TypeError, r"probes must be a dict, got \[1.0\]: train on"),
        ({"probes": {"lr": T}}, ValueError, r"probes must have three .*, got \['lr'\]"),
        (
            {"probes": {"lr / 10": T, "lr": T, "lr * 3": T[:50]}},
            ValueError,
            r"probes must have one length.*got \[100, 100, 50\]",
        ),
        (
            {"probes": dict(zip(PROBES, [[1.0]] * 3, strict=True))},
            ValueError,
            r"probes must have one length, of 10 or more, got \[1, 1, 1\]",
        ),
    ],
)
def test_refusals(arguments, error, message):
    with pytest.raises(error, match=message):
        diagnose(**{"losses": np.ones(12)} | arguments)


anything = st.floats(width=64)
curves = st.one_of(
    st.lists(anything, min_size=1, max_size=60),
    st.lists(st.floats(0, 5), min_size=1, max_size=60),
    st.builds(lambda x, n: [x] * n, anything, st.integers(1, 60)),
)


@st.composite
def measured(draw):
    losses = draw(curves)
    beside = st.none() | st.lists(anything, min_size=len(losses), max_size=len(losses))
    length = draw(st.integers(10, 30))
    probe = st.lists(anything | st.floats(0, 5), min_size=length, max_size=length)
    return losses, {
        "guess": draw(st.none() | st.floats(1e-300, 1e300)),
        "validation": draw(beside),
        "gradient_norms": draw(beside),
        "probes": draw(st.none() | st.fixed_dictionaries(dict.fromkeys(PROBES, probe))),
    }


def broken_or_jumped(losses, guess):
    """Written anew: a value that is no loss, or a long stay far above the start."""
    y = np.array(losses)
    if not (np.abs(y) < 1e100).all():
        return True
    parts = [part.mean() for part in np.array_split(y, min(20, len(y)))]
    return max(parts) > 2 * max(y[0], guess or 0) > 0


@settings(max_examples=600)
@given(measured())
def test_any_numbers_get_a_diagnosis_that_keeps_its_promise(arguments):
    losses, more = arguments
    found = diagnose(losses, **more)
    assert isinstance(found, Diagnosis)
    names = [cause.name for cause in found.causes]
    assert len(set(names)) == len(names)
    assert set(names) <= set(ADVICE)
    assert all(isinstance(cause, Cause) for cause in found.causes)
    if found.verdict == "can't tell":
        assert len(names) > 1
        assert found.causes[0].action == "Leave the rate until the probe decides."
    for cause in found.causes[1:]:
        if cause.name in RAISES_THE_RATE:
            assert cause.action == "Nothing before the probe has shown it."
    if found.verdict in RAISES_THE_RATE:
        assert not broken_or_jumped(losses, more["guess"])
        low, same, high = (
            np.mean(more["probes"][name][-(len(more["probes"][name]) // 5) :])
            for name in PROBES
        )
        assert high < same < low or not np.isfinite(low)


@settings(max_examples=300)
@given(curves, st.none() | st.floats(1e-3, 1e3))
def test_the_curve_alone_never_raises_the_rate(losses, guess):
    assert diagnose(losses, guess=guess).verdict not in RAISES_THE_RATE


@pytest.fixture(scope="module")
def held_out():
    small = dataclasses.replace(
        ground_truth.HELD_OUT,
        bowls=ground_truth.HELD_OUT.bowls[:2],
        digits_steps=120,
        batch_sizes=(132,),
        digits_rates=ground_truth.HELD_OUT.digits_rates[::2],
        decays=ground_truth.HELD_OUT.decays[:1],
        pixels=(255.0,),
        widths=(1,),
        shares=(0.8,),
    )
    return ground_truth.examples(small)


def is_good(score):
    return not score.violations and score.right >= 0.7 * score.runs


def test_held_out_runs(held_out):
    assert len(held_out) > 100
    assert {one.truth for one in held_out} == set(ADVICE) - {"can't tell"}
    probed = ground_truth.score(held_out)
    alone = ground_truth.score(held_out, alone=True)
    assert is_good(probed), f"{probed}\n{probed.violations}"
    assert not alone.violations
    assert alone.named >= 0.7 * alone.runs, alone


def test_bad_diagnoses_would_be_found_out(held_out):
    def raises_what_is_flat(losses, **more):
        return Diagnosis((Cause("rate too small", "", "", ""),))

    def never_commits(losses, **more):
        return Diagnosis((Cause("can't tell", "", "", ""),))

    raising = ground_truth.score(held_out, raises_what_is_flat)
    assert raising.violations
    assert not is_good(raising)
    assert not is_good(ground_truth.score(held_out, never_commits))


def test_tuning_and_held_out_share_nothing():
    tuning, held_out = ground_truth.TUNING, ground_truth.HELD_OUT
    for field in dataclasses.fields(tuning):
        one, other = getattr(tuning, field.name), getattr(held_out, field.name)
        if isinstance(one, int):
            assert one != other
        elif field.name != "widths":  # there are few widths that are too small
            assert not set(one) & set(other), field.name


def test_it_is_found_where_the_course_looks_for_it():
    assert basics.diagnose is diagnose
