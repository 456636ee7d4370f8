"""Every schedule against torch's, at every step; its differences; and its promises."""

import inspect
import math
import pickle
import warnings
from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.optim import lr_scheduler
from torch.optim.lr_scheduler import (
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiStepLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
)

from lrlib import decay
from lrlib.schedules import scale, sequence

STEPS = 120

# Draws: what a user may well write, and a bit more.
rates = st.floats(1e-6, 10)
factors = st.floats(0.05, 1.2)
lengths = st.integers(1, 150)
powers = st.floats(0.1, 4)


def by_torch(make, lr, steps=STEPS):
    """The rate of each update when torch's scheduler is stepped after each."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    # SequentialLR steps its parts while it is made.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Detected call of `lr_scheduler.step")
        scheduler = make(optimizer)
    trained = []
    for _ in range(steps):
        trained.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return np.array(trained)


def equal(schedule, torch_rates, scale_of=None):
    mine = schedule(np.arange(len(torch_rates)))
    # Relative to the largest rate: torch multiplies its way along, which near 0 leaves
    # rounding of the size of the first rates.
    size = max(np.abs(torch_rates).max(), scale_of or 0)
    np.testing.assert_allclose(mine, torch_rates, rtol=1e-12, atol=1e-12 * size)


# Equal to torch -------------------------------------------------------------------


@given(rates)
def test_constant_is_an_optimizer_left_alone(lr):
    equal(decay.constant(lr), by_torch(lambda o: LambdaLR(o, lambda t: 1), lr))


@given(rates, lengths, factors)
def test_step_is_steplr(lr, size, gamma):
    equal(decay.step(lr, size, gamma), by_torch(lambda o: StepLR(o, size, gamma), lr))


@given(rates, st.lists(st.integers(0, 130), max_size=8), factors)
def test_multistep_is_multisteplr_unsorted_and_repeated(lr, milestones, gamma):
    equal(
        decay.multistep(lr, milestones, gamma),
        by_torch(lambda o: MultiStepLR(o, milestones, gamma), lr),
    )


@given(rates, factors)
def test_exponential_is_exponentiallr_both_ways(lr, gamma):
    equal(decay.exponential(lr, gamma), by_torch(lambda o: ExponentialLR(o, gamma), lr))


@given(rates, lengths, st.floats(0.01, 1), st.floats(0, 1))
def test_linear_is_linearlr(lr, total, start, end):
    equal(
        decay.linear(lr, total, start, end),
        by_torch(lambda o: LinearLR(o, start, end, total), lr),
        scale_of=lr,
    )


@given(rates, lengths, powers)
def test_polynomial_is_polynomiallr(lr, total, power):
    equal(
        decay.polynomial(lr, total, power),
        by_torch(lambda o: PolynomialLR(o, total, power), lr),
    )


@given(rates, st.floats(1e-3, 10), powers)
def test_inverse_time_is_a_lambdalr(lr, gamma, power):
    equal(
        decay.inverse_time(lr, gamma, power),
        by_torch(lambda o: LambdaLR(o, lambda t: (1 + gamma * t) ** -power), lr),
    )


@given(rates, lengths, st.floats(0, 1))
def test_cosine_is_cosineannealinglr_up_to_t_max(lr, period, part):
    until = min(period, STEPS - 1) + 1
    equal(
        decay.cosine(lr, period, part * lr),
        by_torch(lambda o: CosineAnnealingLR(o, period, part * lr), lr)[:until],
    )


@given(rates, lengths, st.integers(1, 4), st.floats(0, 1))
def test_cosine_restarts_is_cosineannealingwarmrestarts(lr, first, mult, part):
    equal(
        decay.cosine_restarts(lr, first, mult, part * lr),
        by_torch(lambda o: CosineAnnealingWarmRestarts(o, first, mult, part * lr), lr),
    )


@given(
    rates,
    st.floats(0, 1),
    st.integers(1, 60),
    st.none() | st.integers(1, 60),
    st.sampled_from(["triangular", "triangular2", "exp_range"]),
    st.floats(0.5, 1),
)
def test_cyclic_is_cycliclr_in_all_modes(top, part, up, down, mode, gamma):
    equal(
        decay.cyclic(part * top, top, up, down, mode, gamma),
        by_torch(
            lambda o: CyclicLR(
                o, part * top, top, up, down, mode, gamma, cycle_momentum=False
            ),
            top,
        ),
        scale_of=top,
    )


@given(rates, st.lists(st.floats(0, 3), min_size=STEPS, max_size=STEPS))
def test_custom_is_lambdalr(lr, table):
    equal(
        decay.custom(lr, table.__getitem__),
        by_torch(lambda o: LambdaLR(o, [*table, 0.0].__getitem__), lr),
        scale_of=lr,
    )


@given(rates, lengths, lengths, lengths, factors)
def test_sequence_is_sequentiallr(lr, ramp, at, size, gamma):
    equal(
        sequence([decay.linear(lr, ramp, 0.1, 1.0), decay.step(lr, size, gamma)], [at]),
        by_torch(
            lambda o: SequentialLR(
                o, [LinearLR(o, 0.1, 1.0, ramp), StepLR(o, size, gamma)], [at]
            ),
            lr,
        ),
    )


@given(rates, st.floats(0.1, 10), lengths)
def test_scale_is_the_same_scheduler_at_another_rate(lr, factor, size):
    equal(
        scale(decay.step(lr, size), factor),
        by_torch(lambda o: StepLR(o, size), lr * factor),
    )


reports = st.lists(
    st.floats(0, 10) | st.just(math.nan) | st.sampled_from([1.0, 2.0, 2.0001]),
    max_size=60,
)


@given(
    rates,
    st.sampled_from(["min", "max"]),
    st.floats(0.05, 0.95),
    st.integers(0, 6),
    st.floats(0, 0.2),
    st.sampled_from(["rel", "abs"]),
    st.integers(0, 4),
    st.floats(0, 1),
    st.sampled_from([0.0, 1e-8, 1e-2]),
    reports,
)
def test_plateau_is_reducelronplateau_with_every_option(
    lr, mode, factor, patience, threshold, kind, cooldown, part, eps, metrics
):
    options = (mode, factor, patience, threshold, kind, cooldown, part * lr, eps)
    plateau = decay.Plateau(lr, *options)
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    other = ReduceLROnPlateau(optimizer, *options)
    for metric in metrics:
        other.step(metric)
        assert plateau.step(metric) == optimizer.param_groups[0]["lr"]
        assert plateau.best == other.best
        assert plateau.num_bad_epochs == other.num_bad_epochs
        assert plateau.cooldown_counter == other.cooldown_counter


def test_no_scheduler_of_torch_is_forgotten():
    """What torch has and this chapter has not is named here, with its place."""
    elsewhere = {
        "LRScheduler": "the base class",
        "ConstantLR": "warmup.hold",
        "OneCycleLR": "practice.one_cycle",
        "MultiplicativeLR": "lesson 2.7: a product of factors, no closed form",
        "ChainedScheduler": "schedules.scale and decay.custom",
        "Counter": "no scheduler",
        "Optimizer": "no scheduler",
        "Tensor": "no scheduler",
        "Number": "no scheduler",
    }
    here = {
        "StepLR", "MultiStepLR", "ExponentialLR", "LinearLR", "PolynomialLR",
        "CosineAnnealingLR", "CosineAnnealingWarmRestarts", "CyclicLR", "LambdaLR",
        "ReduceLROnPlateau", "SequentialLR",
    }  # fmt: skip
    classes = {
        name
        for name, value in inspect.getmembers(lr_scheduler, inspect.isclass)
        if value.__module__ == lr_scheduler.__name__ and not name.startswith("_")
    }
    assert here <= classes
    assert classes <= here | set(elsewhere)


# Different from torch, each for a reason ----------------------------------------------


def test_cosine_holds_its_floor_where_torch_climbs_back():
    """A schedule never rises after its end: a longer run must not undo its decay."""
    there = by_torch(lambda o: CosineAnnealingLR(o, 30, 0.01), 0.1, 61)
    here = decay.cosine(0.1, 30, 0.01)(np.arange(61))
    assert there[60] == pytest.approx(0.1)
    assert (here[30:] == 0.01).all()


def test_restart_at_121_is_the_peak_where_torch_gives_0():
    """Given an epoch, torch takes a logarithm in floats; 121 starts the fifth cycle."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 1.0)
    scheduler = CosineAnnealingWarmRestarts(optimizer, T_0=1, T_mult=3)
    optimizer.step()
    scheduler.step(121)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0, abs=1e-12)
    assert decay.cosine_restarts(1.0, T_0=1, T_mult=3)(121) == 1.0


@given(st.integers(1, 1000), st.integers(1, 9), st.floats(0.1, 1))
def test_every_restart_is_exactly_the_peak(first, mult, shrink):
    schedule = decay.cosine_restarts(1.0, first, mult, shrink=shrink)
    start, length = 0, first
    for cycle in range(12):
        assert schedule(start) == pytest.approx(shrink**cycle, rel=1e-15)
        if length > 1:
            assert schedule(start + length - 1) < schedule(start)
        start, length = start + length, length * mult
        if start > 2**40:
            break


def test_a_peak_never_falls_below_the_floor():
    schedule = decay.cosine_restarts(1.0, 4, eta_min=0.3, shrink=0.5)
    assert schedule(np.arange(400)).min() >= 0.3
    assert schedule(8) == 0.3


def test_nested_sequences_keep_their_clocks_where_torch_does_not():
    """A SequentialLR within another runs one step early there, or can't take over."""
    ramp, stairs = decay.linear(1.0, 4, 0.1, 1.0), decay.step(1.0, 2, 0.5)
    late = decay.constant(1.0)
    t = np.arange(40)
    flat = sequence([ramp, stairs, late], [4, 10])
    for nested in (
        sequence([sequence([ramp, stairs], [4]), late], [10]),
        sequence([ramp, sequence([stairs, late], [6])], [4]),
    ):
        np.testing.assert_array_equal(nested(t), flat(t))

    def parts(o):
        return LinearLR(o, 0.1, 1.0, 4), StepLR(o, 2, 0.5), LambdaLR(o, lambda t: 1)

    def nested_first(o):
        one, two, three = parts(o)
        return SequentialLR(o, [SequentialLR(o, [one, two], [4]), three], [10])

    def nested_last(o):
        one, two, three = parts(o)
        return SequentialLR(o, [one, SequentialLR(o, [two, three], [6])], [4])

    there = by_torch(nested_first, 1.0, 10)
    np.testing.assert_allclose(there[3:9], flat(t)[4:10])
    assert there[3] != flat(3)
    with pytest.raises(NotImplementedError):
        by_torch(nested_last, 1.0, 10)


def test_plateau_cuts_a_worsening_metric_below_0_where_torch_never_does():
    """The threshold is taken from the size of the best, not from its sign."""
    plateau = decay.Plateau(1.0, patience=2, threshold=0.1)
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 1.0)
    other = ReduceLROnPlateau(optimizer, patience=2, threshold=0.1)
    for report in range(20):
        plateau.step(-1 + 0.01 * report)
        other.step(-1 + 0.01 * report)
    assert plateau.lr < 1e-5
    assert optimizer.param_groups[0]["lr"] == 1.0


# What decays -------------------------------------------------------------------------

FALLING = [
    (decay.step, {"step_size": lengths, "gamma": st.floats(0.05, 1)}),
    (
        decay.multistep,
        {"milestones": st.lists(st.integers(1, 99)), "gamma": st.floats(0.05, 1)},
    ),
    (decay.exponential, {"gamma": st.floats(0.05, 1)}),
    (decay.linear, {"total_iters": lengths, "end_factor": st.floats(0, 1)}),
    (decay.polynomial, {"total_iters": lengths, "power": powers}),
    (decay.inverse_time, {"gamma": st.floats(1e-3, 10), "power": powers}),
    (decay.cosine, {"T_max": lengths}),
]


@pytest.mark.parametrize(("kind", "arguments"), FALLING, ids=lambda v: str(v)[:40])
@settings(max_examples=40)
@given(data=st.data())
def test_what_decays_starts_at_lr_and_never_rises(kind, arguments, data):
    lr = data.draw(rates)
    schedule = kind(lr, **{name: data.draw(draw) for name, draw in arguments.items()})
    found = schedule(np.r_[np.arange(300), 10**6, 10**12, 2**62])
    assert found[0] == pytest.approx(lr, rel=1e-15)
    assert (found >= 0).all()
    assert (np.diff(found) <= 1e-15 * lr).all()


@given(rates, lengths, st.floats(0, 1))
def test_an_end_is_held(lr, total, part):
    late = np.array([total, total + 1, 2 * total, 10**9, 2**62])
    assert (decay.cosine(lr, total, part * lr)(late) == part * lr).all()
    assert (decay.linear(lr, total, 1.0, part)(late) == lr * part).all()
    assert (decay.polynomial(lr, total)(late) == 0).all()


@given(
    rates, st.floats(0, 1), st.integers(1, 99), st.none() | st.integers(1, 99),
    st.sampled_from(["triangular", "triangular2", "exp_range"]), st.floats(0.5, 1),
)  # fmt: skip
def test_a_cycle_stays_between_its_bounds(top, part, up, down, mode, gamma):
    schedule = decay.cyclic(part * top, top, up, down, mode, gamma)
    found = schedule(np.r_[np.arange(500), 10**15])
    assert (found >= part * top).all()
    assert (found <= top * (1 + 1e-15)).all()
    assert schedule(up + (down or up)) == part * top


def test_neighbouring_peaks_of_triangular2_halve():
    schedule = decay.cyclic(0.1, 0.9, 10, mode="triangular2")
    peaks = schedule(np.array([10, 30, 50])) - 0.1
    np.testing.assert_allclose(peaks, [0.8, 0.4, 0.2], rtol=1e-12)
    for early, late in pairwise(peaks):
        assert late < early


def test_plateau_goes_on_from_its_state():
    metrics = np.random.default_rng(0).random(60)
    whole_run = decay.Plateau(1.0, patience=1, cooldown=2)
    expected = [whole_run.step(metric) for metric in metrics]
    first = decay.Plateau(1.0, patience=1, cooldown=2)
    for metric in metrics[:25]:
        first.step(metric)
    second = decay.Plateau(1.0, patience=1, cooldown=2)
    second.load_state_dict(pickle.loads(pickle.dumps(first.state_dict())))
    assert [second.step(metric) for metric in metrics[25:]] == expected[25:]
    with pytest.raises(ValueError, match="state_dict must have the entries"):
        second.load_state_dict({"lr": 3.0})
    assert second.lr == expected[-1]


def test_plateau_takes_a_tensor_of_one_element():
    assert decay.Plateau(0.5).step(torch.tensor(1.0)) == 0.5


def test_plateau_says_where_it_stands():
    plateau = decay.Plateau(0.5, patience=3)
    plateau.step(2.0)
    plateau.step(2.0)
    assert repr(plateau) == (
        "Plateau(lr=0.5, mode='min', best=2.0, num_bad_epochs=1 of patience=3)"
    )


# Wrong input ------------------------------------------------------------------------

WRONG = [
    (lambda: decay.constant(0.0), "lr must be positive and finite, got 0.0"),
    (lambda: decay.constant(-1), "lr must be positive and finite, got -1"),
    (lambda: decay.constant(math.nan), "lr must be positive and finite, got nan"),
    (lambda: decay.constant("0.1"), "lr must be a number, got '0.1'"),
    (lambda: decay.step(0.1, 0), "step_size must be at least 1, got 0"),
    (lambda: decay.step(0.1, 2.5), "step_size must be a whole number, got 2.5"),
    (lambda: decay.step(0.1, 5, 0), "gamma must be positive and finite, got 0"),
    (lambda: decay.multistep(0.1, 5), "milestones must be a list of whole numbers"),
    (lambda: decay.multistep(0.1, [1.5]), r"milestones\[0\] must be a whole number"),
    (lambda: decay.multistep(0.1, "12"), "milestones must be a list"),
    (lambda: decay.exponential(0.1, -0.9), "gamma must be positive"),
    (lambda: decay.linear(0.1, 10, 0.0), "start_factor must be positive"),
    (lambda: decay.linear(0.1, 10, 1, -1), "end_factor must be 0 or more"),
    (lambda: decay.polynomial(0.1, 10, 0), "power must be positive"),
    (lambda: decay.inverse_time(0.1, math.inf), "gamma must be positive and finite"),
    (lambda: decay.inverse_time(0.1, 0.1, -1), "power must be positive"),
    (lambda: decay.cosine(0.1, 0), "T_max must be at least 1, got 0"),
    (lambda: decay.cosine(0.1, 9, 0.2), "eta_min must be at most lr, got eta_min=0.2"),
    (lambda: decay.cosine(0.1, 9, -0.1), "eta_min must be 0 or more"),
    (lambda: decay.cosine_restarts(0.1, 0), "T_0 must be at least 1, got 0"),
    (lambda: decay.cosine_restarts(0.1, 5, 0), "T_mult must be at least 1"),
    (lambda: decay.cosine_restarts(0.1, 5, 1.5), "T_mult must be a whole number"),
    (lambda: decay.cosine_restarts(0.1, 5, shrink=2), "shrink must .*at most 1, got 2"),
    (lambda: decay.cyclic(0.2, 0.1), "base_lr must be at most max_lr"),
    (lambda: decay.cyclic(0.1, 0.2, 0), "step_size_up must be at least 1"),
    (lambda: decay.cyclic(0.1, 0.2, 5, 0), "step_size_down must be at least 1"),
    (lambda: decay.cyclic(0.1, 0.2, mode="square"), "mode must be 'triangular' or"),
    (lambda: decay.cyclic(0.1, 0.2, mode=2), "mode must be a string, got 2"),
    (lambda: decay.cyclic(0.1, 0.2, gamma=1.1), "gamma must .*at most 1, got 1.1"),
    (lambda: decay.custom(0.1, 0.5), "function must be callable, got 0.5"),
    (lambda: decay.Plateau(0.1, "down"), "mode must be 'min' or 'max', got 'down'"),
    (lambda: decay.Plateau(0.1, factor=1.0), r"factor must be in \[0, 1\), got 1.0"),
    (lambda: decay.Plateau(0.1, factor=0.0), "factor must be positive"),
    (lambda: decay.Plateau(0.1, patience=-1), "patience must be at least 0"),
    (lambda: decay.Plateau(0.1, threshold=-1), "threshold must be 0 or more"),
    (lambda: decay.Plateau(0.1, min_lr=1), "min_lr must be at most lr"),
    (lambda: decay.Plateau(0.1).step("low"), "metric must be a number, got 'low'"),
    (lambda: decay.Plateau(0.1).step(None), "metric must be a number, got None"),
    (lambda: sequence([], []), "milestones must be one less than parts, got 0"),
    (lambda: sequence(decay.constant(1), []), "parts must be a list of schedules"),
    (lambda: sequence([0.1], []), r"parts\[0\] must be a Schedule, got 0.1"),
    (lambda: sequence([decay.constant(1)] * 3, [5, 5]), "milestones must increase"),
    (lambda: sequence([decay.constant(1)] * 2, [0]), "must be at least 1, got 0"),
    (lambda: scale(0.1, 2.0), "schedule must be a Schedule, got 0.1"),
    (lambda: scale(decay.constant(1), 0), "factor must be positive"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "message"), WRONG, ids=[m for _, m in WRONG])
def test_wrong_input_is_named_when_the_thing_is_made(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()


@pytest.mark.parametrize(
    ("schedule", "t", "message"),
    [
        (decay.exponential(1.0, 2.0), 1024, "gives the rate inf at update 1024"),
        (decay.custom(1.0, lambda t: 1 - t), 2, "gives the rate -1.0 at update 2"),
        (decay.custom(1.0, lambda t: math.nan), 0, "gives the rate nan at update 0"),
    ],
)
def test_a_rate_that_can_not_be_trained_with_is_refused(schedule, t, message):
    with pytest.raises(ValueError, match=message):
        schedule(t)
    with pytest.raises(ValueError, match=message):
        schedule(np.arange(t + 5))


def test_a_function_that_returns_no_number_is_named():
    with pytest.raises(TypeError, match=r"function\(t\) must be a number, got None"):
        decay.custom(1.0, lambda t: None)(0)
