"""Ramps, warmup joined to decay, and LARS, against other libraries that were run."""

import functools
import json
import math
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim.lr_scheduler import (
    ConstantLR,
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    SequentialLR,
)

from lrlib import decay, tasks
from lrlib.adaptive import sgd
from lrlib.schedules import sequence
from lrlib.sweep import sweep
from lrlib.warmup import (
    cosine_with_warmup,
    exponential,
    geometric,
    hold,
    inverse_sqrt,
    lars,
    linear,
)
from tests.test_adaptive import difference, gradients, start, torch_walk, walk
from tests.test_decay import by_torch, equal

ROOT = Path(__file__).parents[1]
LR = 0.1  # of the recordings

rates = st.floats(1e-6, 10)
lengths = st.integers(1, 100)
shares = st.floats(1e-4, 1)


@functools.cache
def recorded():
    """What other libraries gave; see record.py there."""
    path = ROOT / "tests/warmup_fixtures/libraries.json"
    return json.loads(path.read_text("utf-8"))


# Equal to torch -----------------------------------------------------------------------


@given(rates, lengths, shares)
def test_linear_is_linearlr(lr, total, first):
    expected = by_torch(lambda o: LinearLR(o, first, total_iters=total), lr)
    equal(linear(lr, total, first), expected)


@given(rates, lengths, shares)
def test_hold_is_constantlr(lr, total, factor):
    expected = by_torch(lambda o: ConstantLR(o, factor, total), lr)
    equal(hold(lr, factor, total), expected)


@given(rates, lengths, shares)
def test_geometric_is_exponentiallr_until_it_arrives(lr, total, first):
    expected = by_torch(
        lambda o: ExponentialLR(o, first ** (-1 / total)), lr * first, total + 1
    )
    np.testing.assert_allclose(
        geometric(lr, total, first)(np.arange(total + 1)), expected, rtol=1e-12
    )
    assert (geometric(lr, total, first)(np.arange(total, total + 50)) == lr).all()


@given(rates, st.floats(0.01, 0.999))
def test_exponential_is_a_lambdalr(lr, gamma):
    expected = by_torch(lambda o: LambdaLR(o, lambda t: 1 - gamma ** (t + 1)), lr)
    equal(exponential(lr, gamma), expected)


@given(st.integers(1, 4096), st.integers(1, 90), st.floats(0.1, 10))
def test_inverse_sqrt_is_the_papers_formula_from_step_1(d_model, warmup_steps, scale):
    def noam(step):
        return d_model**-0.5 * min(step**-0.5, step * warmup_steps**-1.5)

    expected = by_torch(lambda o: LambdaLR(o, lambda t: noam(t + 1)), scale)
    equal(inverse_sqrt(d_model, warmup_steps, scale), expected)


@given(rates, st.integers(0, 60), st.integers(1, 60), st.floats(0, 1))
def test_cosine_with_warmup_is_sequentiallr(lr, warm, rest, part):
    floor = part * lr
    ours = cosine_with_warmup(lr, warm, warm + rest, floor)
    # torch's cosine climbs again after its end, at update warm + rest
    until = warm + rest + 1

    def joined(optimizer):
        down = CosineAnnealingLR(optimizer, rest, floor)
        if not warm:
            return down
        up = LinearLR(optimizer, 1 / (warm + 1), total_iters=warm)
        return SequentialLR(optimizer, [up, down], [warm])

    equal(ours, by_torch(joined, lr, until), scale_of=lr)
    if warm:
        parts = [linear(lr, warm, 1 / (warm + 1)), decay.cosine(lr, rest, floor)]
        equal(sequence(parts, [warm]), ours(np.arange(until)), scale_of=lr)


# Equal to other libraries, or different for a reason ----------------------------------


EQUAL = {  # the library's name in the recording: the schedule that it is
    "optax cosine, 10 of 50": cosine_with_warmup(LR, 10, 50, LR / 100),
    "optax geometric, 10": geometric(LR, 10, 1 / 1000),
    "pytorch_warmup linear, 10": linear(LR, 9, 1 / 10),
    "pytorch_warmup exponential, 10": exponential(LR, math.exp(-1 / 10)),
}
LATER = {  # the same, but for an update with a rate of 0 that comes first there
    "transformers cosine, 10 of 50": cosine_with_warmup(LR, 9, 49),
    "transformers cosine, 1 of 20": cosine_with_warmup(LR, 0, 19),
    "transformers linear, 10 of 50": sequence(
        [linear(LR, 9, 1 / 10), decay.linear(LR, 40)], [9]
    ),
    "optax cosine from 0, 10 of 50": cosine_with_warmup(LR, 9, 49),
}


def far_from_library(library, schedule):
    theirs = np.array(recorded()[library])
    if library in LATER:
        assert theirs[0] == 0
        theirs = theirs[1:]
    return np.abs(schedule(np.arange(len(theirs))) - theirs).max()


@pytest.mark.parametrize(("library", "schedule"), (EQUAL | LATER).items())
def test_rates_of_other_libraries(library, schedule):
    assert far_from_library(library, schedule) < 1e-12 * LR
    assert far_from_library(library, linear(LR, 10, 0.5)) > 1e-3


def test_noams_published_peak():
    schedule = inverse_sqrt(d_model=512, warmup_steps=4000)
    t = np.arange(100_000)
    assert schedule(t).argmax() == 3999  # step 4,000 of the paper
    assert schedule(3999) == pytest.approx(6.988e-4, rel=1e-4)
    assert schedule(3999) == pytest.approx((512 * 4000) ** -0.5, rel=1e-15)
    assert schedule(15_999) == pytest.approx(schedule(3999) / 2, rel=1e-12)


# The convention -----------------------------------------------------------------------


@given(rates, st.integers(1, 99), st.integers(1, 99), st.floats(0, 0.99))
def test_a_joined_warmup_has_one_peak_and_no_jump(lr, warm, rest, part):
    whole = cosine_with_warmup(lr, warm, warm + rest, part * lr)
    found = whole(np.arange(warm + rest))
    assert found[0] == pytest.approx(lr / (warm + 1))
    assert found[warm] == pytest.approx(lr, rel=1e-15)
    assert found.argmax() == warm
    assert (np.diff(found[: warm + 1]) > 0).all()
    assert (np.diff(found[warm:]) < 0).all()
    # nowhere a larger step than the ramp's own or the steepest of the cosine
    steepest = math.pi / 2 * (1 - part) * lr / rest
    assert np.abs(np.diff(found)).max() <= max(lr / (warm + 1), steepest) * (1 + 1e-9)
    assert (whole(np.array([warm + rest, 10**6])) == part * lr).all()


@pytest.mark.parametrize(
    "ramp",
    [linear(LR, 8, 1 / 9), geometric(LR, 8, 0.01), hold(LR, 0.1, 8)],
    ids=["linear", "geometric", "hold"],
)
@pytest.mark.parametrize(
    "then", [decay.cosine(LR, 20), decay.linear(LR, 20), decay.inverse_time(LR, 0.1)]
)
def test_any_ramp_hands_over_to_any_decay(ramp, then):
    found = sequence([ramp, then], [8])(np.arange(28))
    assert found[0] > 0
    assert (found[:8] < LR).all()
    assert found[8] == ramp(8) == LR
    assert (np.diff(found[8:]) < 0).all()


@given(rates, st.integers(2, 1000))
def test_an_exponential_warmup_is_63_percent_of_the_way_after_its_time(lr, updates):
    gamma = 1 - 1 / updates
    ramp = exponential(lr, gamma)
    assert 1 - ramp(updates - 1) / lr == pytest.approx(gamma**updates, rel=1e-6)
    assert 0.25 <= gamma**updates < math.exp(-1)
    assert (np.diff(ramp(np.arange(100))) >= 0).all()
    assert 0 < ramp(0) == pytest.approx(lr * (1 - gamma), rel=1e-9)


def test_an_exponential_warmup_is_exact_where_gamma_is_next_to_1():
    schedule = exponential(1.0, 1 - 2**-50)
    expected = (np.arange(5) + 1.0) * 2.0**-50
    np.testing.assert_allclose(schedule(np.arange(5)), expected, rtol=1e-12)


# GradualWarmupScheduler, which lesson 4.4 rebuilds -----------------------------------


@functools.cache
def rebuilt():
    """The function of the lesson's own cell, executed."""
    path = ROOT / "book/warmup/warmup-joined-to-decay.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    (cell,) = [c for c in cells if "gradual-warmup" in c.metadata.get("tags", [])]
    names: dict = {}
    exec("import torch\n" + cell.source, names)
    return names["gradual_warmup_rates"]


@pytest.mark.parametrize("number", range(12))
def test_the_lesson_rebuilds_the_package(number):
    run = recorded()["gradual"][number]
    lr, multiplier, total_epoch, period, floor, steps = run["setting"]
    ours = rebuilt()(
        lr,
        multiplier,
        total_epoch,
        lambda optimizer: CosineAnnealingLR(optimizer, period, floor),
        steps,
        steps_each=2 if run["also_inner"] else 1,
        asks="get_lr" if run["version"] == "0.3" else "get_last_lr",
    )
    np.testing.assert_allclose(ours, run["rates"], rtol=1e-9, atol=1e-12)


def test_the_recorded_package_falls_to_a_tenth_where_it_hands_over():
    first = recorded()["gradual"][6]
    assert first["version"] == "09bd3ef"
    assert not first["also_inner"]
    assert first["rates"][5] == pytest.approx(0.1)
    assert first["rates"][6] == pytest.approx(0.01)
    on_index = recorded()["gradual"][0]
    assert on_index["version"] == "0.3"
    assert max(on_index["rates"]) == on_index["rates"][6] > 0.1


# LARS ---------------------------------------------------------------------------------


def two_layers():
    w = torch.tensor([3.0, -4.0], dtype=torch.float64)
    return {"w": w, "b": torch.zeros(1, dtype=torch.float64)}


def recorded_walk(rule):
    """Where the rule goes with the gradients of the recording."""
    params, places = two_layers(), []
    state = rule.init(params)
    for t in range(3):
        grads = {
            "w": torch.tensor([1.0 + t, 2.0], dtype=torch.float64),
            "b": torch.tensor([0.5 - t], dtype=torch.float64),
        }
        direction, state = rule.update(grads, state, params, t + 1)
        params = {name: p - LR * direction[name] for name, p in params.items()}
        places.append({name: p.tolist() for name, p in params.items()})
    return places


def far(rule, library):
    return max(
        abs(a - b)
        for ours, theirs in zip(recorded_walk(rule), recorded()[library], strict=True)
        for name in ("w", "b")
        for a, b in zip(ours[name], theirs[name], strict=True)
    )


@pytest.mark.parametrize("form", ["apart", "together"])
def test_without_decay_both_forms_are_optaxs(form):
    assert far(lars(decay_in_norm=form), "lars") < 1e-12


def test_with_decay_only_together_is_optaxs():
    options = {"trust": 0.01, "weight_decay": 0.1}
    library = "lars, weight_decay=0.1"
    assert far(lars(**options, decay_in_norm="together"), library) < 1e-12
    assert far(lars(**options), library) > 1e-5


def test_the_papers_local_rate_by_hand():
    g = torch.tensor([1.0, 2.0, 2.0], dtype=torch.float64)  # of length 3
    w = torch.tensor([-4.0, 3.0, 0.0], dtype=torch.float64)  # of length 5
    decay_, trust = 0.2, 0.1
    apart = lars(trust, weight_decay=decay_).local_rate(g, w)
    assert apart.item() == pytest.approx(trust * 5 / (3 + decay_ * 5), rel=1e-15)
    rule = lars(trust, weight_decay=decay_, decay_in_norm="together")
    length = math.sqrt(0.2**2 + 2.6**2 + 2**2)
    assert rule.local_rate(g, w).item() == pytest.approx(trust * 5 / length, rel=1e-15)
    # uphill the gradient turns, its length stays; with the decay it is another length
    uphill = lars(trust, weight_decay=decay_, maximize=True)
    assert uphill.local_rate(g, w) == apart


@pytest.mark.parametrize("form", ["apart", "together"])
@pytest.mark.parametrize(("g", "w"), [(0.0, 1.0), (1.0, 0.0), (0.0, 0.0)])
def test_a_length_of_0_leaves_the_rate_alone(form, g, w):
    rule = lars(0.1, decay_in_norm=form)
    one = torch.ones(3, dtype=torch.float64)
    assert rule.local_rate(g * one, w * one) == 1


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_tensor_moves_by_the_same_share_from_the_first_update_on(seed):
    """No ramp: the share is that of update 0 later on, too."""
    task = tasks.digits(16, dtype=torch.float64)
    rule, lr = lars(0.02, momentum=0.0), 0.5
    before = {name: p[None] for name, p in task.init(seed).items()}
    for steps in (1, 2, 30):
        after = sweep(task, rule, [lr], steps, seeds=[seed]).params
        if steps > 2:
            before = sweep(task, rule, [lr], steps - 1, seeds=[seed]).params
        for name, p in after.items():
            moved = (p - before[name]).norm() / before[name].norm()
            assert moved.item() == pytest.approx(lr * 0.02, rel=1e-9), (name, steps)
        before = after


def test_with_momentum_it_is_sgd_with_a_rate_for_each_tensor():
    """Torch has no LARS: its SGD, given the local rates by gradients scaled so."""
    grads, first = gradients(), start()
    rule = lars(0.05, momentum=0.9)
    ours = walk(rule, grads, lr=0.1)
    places = torch.cat([first[None], ours[:-1]])
    local = torch.stack(
        [rule.local_rate(g, p) for g, p in zip(grads, places, strict=True)]
    )
    theirs = torch_walk(torch.optim.SGD, local[:, None] * grads, 0.1, momentum=0.9)
    assert difference(ours, theirs) < 1e-12


def test_each_model_of_a_sweep_has_lengths_of_its_own():
    """One that diverges, or is far larger, leaves the others' local rates alone."""
    task, rates = tasks.digits(16, dtype=torch.float64), [0.1, 1.0, 1e6, 30.0]
    rule = lars(0.01, weight_decay=0.01)
    together = sweep(task, rule, rates, 15, seeds=[0, 1])
    alone = np.concatenate(
        [sweep(task, rule, [lr], 15, seeds=[s]).losses for lr in rates for s in (0, 1)]
    )
    np.testing.assert_allclose(together.losses, alone, rtol=1e-12)
    forms = [lars(0.01 * k, weight_decay=0.01 * k) for k in range(1, 5)]
    each = sweep(task, forms, rates, 15)
    for k, (rule_k, lr) in enumerate(zip(forms, rates, strict=True)):
        one = sweep(task, rule_k, [lr], 15).losses[0]
        np.testing.assert_allclose(each.losses[k], one, rtol=1e-12)


def test_lars_is_a_value_and_pure():
    assert repr(lars()) == "lars()"
    assert repr(lars(0.01, decay_in_norm="together")) == (
        "lars(trust=0.01, decay_in_norm='together')"
    )
    rule, params = lars(0.01, momentum=0.5, weight_decay=0.1), two_layers()
    grads = {name: p + 1 for name, p in params.items()}
    state = rule.init(params)
    first, after = rule.update(grads, state, params, 1)
    again, _ = rule.update(grads, state, params, 1)
    torch.testing.assert_close(first, again, rtol=0, atol=0)
    assert not any(v.any() for v in state["velocity"].values())
    assert after["velocity"]["w"].any()
    assert lars(momentum=0).init(params) == {}


# Wrong input --------------------------------------------------------------------------

WRONG = [
    (lambda: linear(0.1, 10, 0.0), "start_factor must be above 0 .*got 0.0: .*wasted"),
    (lambda: linear(0.1, 10, 1.5), "start_factor must be above 0 and at most 1, got"),
    (lambda: linear(0.1, 0, 0.5), "total_iters must be at least 1, got 0"),
    (lambda: linear(0.1, 2.5, 0.5), "total_iters must be a whole number, got 2.5"),
    (lambda: linear(-1, 10, 0.5), "lr must be positive and finite, got -1"),
    (lambda: hold(0.1, 0, 10), "factor must be above 0 and at most 1, got 0"),
    (lambda: hold(0.1, 2, 10), "factor must be above 0 and at most 1, got 2"),
    (lambda: hold(0.1, 0.5, 0), "total_iters must be at least 1"),
    (lambda: hold(0.1, "low", 5), "factor must be a number, got 'low'"),
    (lambda: geometric(0.1, 10, 0), "start_factor must be above 0"),
    (lambda: geometric(0.1, 10, math.nan), "start_factor must be above 0 .*got nan"),
    (lambda: geometric(0.1, 0, 0.5), "total_iters must be at least 1"),
    (lambda: geometric(math.inf, 9, 0.5), "lr must be positive and finite, got inf"),
    (lambda: exponential(0.1, 1.0), r"gamma must be in \[0, 1\), got 1.0: 0.99 comes"),
    (lambda: exponential(0.1, 0), "gamma must be above 0, got 0: 0.99 comes 63 %"),
    (lambda: exponential(0.1, -0.5), r"gamma must be in \[0, 1\), got -0.5"),
    (lambda: exponential(0, 0.9), "lr must be positive"),
    (lambda: inverse_sqrt(0, 4000), "d_model must be at least 1, got 0"),
    (lambda: inverse_sqrt(512, 0), "warmup_steps must be at least 1, got 0"),
    (lambda: inverse_sqrt(512, 4e3), "warmup_steps must be a whole number, got 4000.0"),
    (lambda: inverse_sqrt(512, 40, 0), "scale must be positive"),
    (lambda: cosine_with_warmup(0.1, -1, 9), "warmup_steps must be at least 0, got -1"),
    (lambda: cosine_with_warmup(0.1, 9, 9), "warmup_steps must be below total_steps=9"),
    (lambda: cosine_with_warmup(0.1, 2, 0), "total_steps must be at least 1, got 0"),
    (lambda: cosine_with_warmup(0.1, 0.1, 9), "warmup_steps must be a whole number"),
    (lambda: cosine_with_warmup(0.1, 2, 9, 0.2), "eta_min must be at most lr, got"),
    (lambda: cosine_with_warmup(0.1, 2, 9, -1), "eta_min must be 0 or more"),
    (lambda: lars(0), "trust must be positive and finite, got 0"),
    (lambda: lars(True), "trust must be a number, got True"),
    (lambda: lars(momentum=1), r"momentum must be in \[0, 1\), got 1"),
    (lambda: lars(weight_decay=-1), "weight_decay must be 0 or more"),
    (lambda: lars(maximize=1), "maximize must be True or False, got 1"),
    (lambda: lars(decay_in_norm="in"), "decay_in_norm must be 'apart' or 'together'"),
    (lambda: lars(decay_in_norm=True), "decay_in_norm must be a string, got True"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "message"), WRONG, ids=[m for _, m in WRONG])
def test_wrong_input_is_named_when_the_thing_is_made(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()


def test_a_list_of_lars_agrees_on_its_form():
    rules = [lars(decay_in_norm="apart"), lars(decay_in_norm="together")]
    with pytest.raises(ValueError, match=r"rule\[1\] has decay_in_norm='together'"):
        sweep(tasks.quadratic(1.0), rules, [0.1, 0.1], 3)
    with pytest.raises(TypeError, match=r"rule\[1\] must be of the kind"):
        sweep(tasks.quadratic(1.0), [lars(), sgd()], [0.1, 0.1], 3)


if __name__ == "__main__":  # the parity table: largest difference
    TORCH = {
        "LinearLR": (linear(LR, 20, 0.1), lambda o: LinearLR(o, 0.1, 1, 20)),
        "ConstantLR": (hold(LR, 0.3, 20), lambda o: ConstantLR(o, 0.3, 20)),
        "LambdaLR": (
            exponential(LR, 0.95),
            lambda o: LambdaLR(o, lambda t: 1 - 0.95 ** (t + 1)),
        ),
        "SequentialLR": (
            cosine_with_warmup(LR, 20, 120, 0.001),
            lambda o: SequentialLR(
                o,
                [LinearLR(o, 1 / 21, 1, 20), CosineAnnealingLR(o, 100, 0.001)],
                [20],
            ),
        ),
    }
    for name, (schedule, make) in TORCH.items():
        rate = by_torch(make, LR)
        print(f"{name:34} {np.abs(schedule(np.arange(len(rate))) - rate).max():.1e}")
    for library, schedule in (EQUAL | LATER).items():
        print(f"{library:34} {far_from_library(library, schedule):.1e}")
    peak = inverse_sqrt(512, 4000)(3999)
    print(f"{'Noam, d=512, step 4,000':34} {peak:.4e}")
    for form in ("together", "apart"):
        rule = lars(0.01, weight_decay=0.1, decay_in_norm=form)
        distance = far(rule, "lars, weight_decay=0.1")
        print(f"{'optax.lars, ' + form:34} {distance:.1e}")
