"""Update rules against torch.optim, and against what optax and Keras compute."""

import copy
import dataclasses
import functools
import json
import math
import pickle
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lrlib import adaptive
from lrlib.adaptive import (
    TensorRule,
    UpdateRule,
    adagrad,
    adam,
    adamw,
    amsgrad,
    rmsprop,
    sgd,
)

RULES = [sgd(momentum=0.9), adagrad(), rmsprop(), adam(), adamw(), amsgrad()]


def gradients(seed=0, steps=100):
    """``[steps, 8]``: from 1e-9 to 1e6, one never there, one seldom, one at times."""
    generator = torch.Generator().manual_seed(seed)
    scales = torch.tensor([1e-9, 1e-6, 1e-3, 1, 1e3, 1e6, 0, 1], dtype=torch.float64)
    g = torch.randn(steps, 8, generator=generator, dtype=torch.float64) * scales
    g[:, 7] *= torch.rand(steps, generator=generator) < 0.1
    g[::3, 3] = 0
    g[50:, 2] *= 1e5  # its scale changes
    return g


def start():
    return torch.tensor([1.0, -2, 3, -1, 2, -3, 1.5, -2.5], dtype=torch.float64)


def walk(rule, grads, lr=1e-3, params=None):
    """Where the rule is after each update, ``[steps, 8]``."""
    p = start() if params is None else params.clone()
    state, trace = rule.init({"x": p}), []
    for t, g in enumerate(grads, start=1):
        direction, state = rule.update({"x": g}, state, {"x": p}, t)
        p = p - (lr(t) if callable(lr) else lr) * direction["x"]
        trace.append(p)
    return torch.stack(trace)


def torch_walk(optimizer_class, grads, lr=1e-3, **options):
    p = torch.nn.Parameter(start())
    optimizer, trace = optimizer_class([p], lr=lr, **options), []
    for g in grads:
        p.grad = g.clone()
        optimizer.step()
        trace.append(p.detach().clone())
    return torch.stack(trace)


def difference(ours, theirs):
    """Largest difference of a coordinate, over the way it went if that is above 1.

    Each step is rounded, so errors grow with the way: where the square of a tiny
    gradient divides, a coordinate goes far to and fro and ends near its start.
    """
    assert torch.equal(torch.isnan(ours), torch.isnan(theirs))
    steps = theirs.nan_to_num().diff(dim=0).abs().sum(0)
    size = torch.maximum(steps, theirs.nan_to_num().abs().amax(0)).clamp(min=1)
    return ((ours - theirs).nan_to_num().abs() / size).max().item()


share = st.sampled_from([0.0, 0.1, 0.5, 0.9, 0.99, 0.999]) | st.floats(1e-3, 0.999)
small = st.sampled_from([0.0, 1e-10, 1e-8, 1e-3]) | st.floats(1e-12, 0.1)
shared = {"weight_decay": small, "maximize": st.booleans()}
# Where nothing is remembered and nothing added, a gradient of 0 divides by 0; whether
# that comes to be inf or NaN is the order of rounding, and no rule.
adams = st.fixed_dictionaries(
    {
        "betas": st.tuples(share, share),
        "eps": small,
        "amsgrad": st.booleans(),
        **shared,
    }
).filter(lambda options: options["betas"][1] > 0 or options["eps"] > 0)


@st.composite
def sgd_options(draw):
    options = {"momentum": draw(share), "weight_decay": draw(small)}
    options["maximize"] = draw(st.booleans())
    if options["momentum"]:
        options["nesterov"] = draw(st.booleans())
        options["dampening"] = 0.0 if options["nesterov"] else draw(share)
    return options


# A variance that is smaller than its own rounding errors is nobody's: alpha stays
# away from 0, and no constant is added to the gradients.
rmsprop_options = st.booleans().flatmap(
    lambda centered: st.fixed_dictionaries(
        {
            "alpha": st.floats(0.3, 0.999) if centered else share,
            "eps": small,
            "momentum": share,
            "centered": st.just(centered),
            **shared,
            "weight_decay": st.just(0.0) if centered else small,
        }
    )
)
OPTIONS = {
    "SGD": (sgd, sgd_options()),
    "Adagrad": (
        adagrad,
        st.fixed_dictionaries(
            {"lr_decay": small, "eps": small, "initial_accumulator": small, **shared}
        ),
    ),
    "RMSprop": (rmsprop, rmsprop_options),
    "Adam": (adam, adams),
    "AdamW": (adamw, adams),
}


@pytest.mark.parametrize("name", OPTIONS)
@settings(max_examples=40)
@given(data=st.data())
def test_each_rule_equals_torch_over_100_steps(name, data):
    _, drawn = OPTIONS[name]
    seed = data.draw(st.integers(0, 100))
    assert distance_from_torch(name, data.draw(drawn), seed) < 1e-12


ALONE = {
    "SGD": [
        {},
        {"momentum": 0.9},
        {"momentum": 0.9, "dampening": 0.3},
        {"momentum": 0.9, "nesterov": True},
    ],
    "Adagrad": [{}, {"lr_decay": 0.01}, {"initial_accumulator": 0.1}, {"eps": 1e-3}],
    "RMSprop": [
        {},
        {"alpha": 0.9},
        {"momentum": 0.9},
        {"centered": True},
        {"centered": True, "momentum": 0.9},
        {"eps": 1e-3},
    ],
    "Adam": [{}, {"betas": (0.5, 0.9)}, {"amsgrad": True}, {"eps": 1e-3}],
    "AdamW": [{}, {"betas": (0.5, 0.9)}, {"amsgrad": True}, {"eps": 1e-3}],
}
CASES = [
    (name, options)
    for name, listed in ALONE.items()
    for options in [*listed, {"weight_decay": 0.1}, {"maximize": True}]
]


def distance_from_torch(name, options, seed=0):
    """How far a rule gets from torch's in 100 steps, as ``difference`` measures."""
    theirs = {
        ("initial_accumulator_value" if key == "initial_accumulator" else key): value
        for key, value in options.items()
    }
    grads, ours = gradients(seed), OPTIONS[name][0]
    expected = torch_walk(getattr(torch.optim, name), grads, **theirs)
    return difference(walk(ours(**options), grads), expected)


@pytest.mark.parametrize(("name", "options"), CASES)
def test_each_option_alone_equals_torch(name, options):
    assert distance_from_torch(name, options) < 1e-12


def test_amsgrad_is_that_of_torch():
    grads = gradients()
    theirs = torch_walk(torch.optim.Adam, grads, amsgrad=True)
    assert difference(walk(amsgrad(), grads), theirs) < 1e-12


def test_centered_rmsprop_with_weight_decay_equals_torch():
    options = {"alpha": 0.9, "centered": True, "momentum": 0.9, "weight_decay": 0.1}
    grads = gradients()[:, [3, 4, 5] * 2 + [4, 5]]
    expected = torch_walk(torch.optim.RMSprop, grads, **options)
    assert difference(walk(rmsprop(**options), grads), expected) < 1e-12


def test_centered_rmsprop_may_root_a_negative_variance_as_in_torch():
    generator = torch.Generator().manual_seed(1)
    constant = torch.rand(8, generator=generator, dtype=torch.float64).expand(100, 8)
    ours = walk(rmsprop(alpha=0.5, centered=True), constant)
    theirs = torch_walk(torch.optim.RMSprop, constant, alpha=0.5, centered=True)
    assert torch.isnan(ours).any()
    assert torch.isnan(theirs).any()


@pytest.mark.parametrize("name", ["Adagrad", "RMSprop", "Adam", "AdamW"])
def test_without_eps_a_gradient_of_zero_is_nan_as_in_torch(name):
    ours = walk(OPTIONS[name][0](eps=0), gradients())
    theirs = torch_walk(getattr(torch.optim, name), gradients(), eps=0)
    assert torch.isnan(ours[:, 6]).all()
    assert torch.isfinite(ours[:, [0, 1, 2, 4, 5]]).all()
    assert difference(ours, theirs) < 1e-12


REPRODUCED_BY = {
    "optax.adagrad": adagrad(initial_accumulator=0.1, eps=1e-7, eps_inside_root=True),
    "optax.rmsprop": rmsprop(alpha=0.9, eps_inside_root=True),
    "optax.rmsprop, initial_scale=1": rmsprop(
        alpha=0.9, eps_inside_root=True, initial_accumulator=1
    ),
    "optax.adam": adam(),
    "optax.adam, eps=0, eps_root=1e-8": adam(eps_inside_root=True),
    "optax.adamw": adamw(weight_decay=1e-4),
    "keras.Adagrad": adagrad(initial_accumulator=0.1, eps=1e-7, eps_inside_root=True),
    "keras.RMSprop": rmsprop(alpha=0.9, eps=1e-7, eps_inside_root=True),
    "keras.RMSprop, centered, momentum=0.5": rmsprop(
        alpha=0.9, eps=1e-7, momentum=0.5, centered=True, eps_inside_root=True
    ),
    "keras.Adam": adam(eps=1e-7, bias_correction=False),
    "keras.Adam, amsgrad": adam(eps=1e-7, amsgrad=True, bias_correction=False),
}


def keras_rates(t):
    """The correction that Keras's Adam applies to the rate instead."""
    return 1e-3 * math.sqrt(1 - 0.999**t) / (1 - 0.9**t)


@functools.cache
def recorded():
    """Where optax and Keras were after 1, 10 and 100 updates; see record.py there."""
    path = Path(__file__).parent / "adaptive_fixtures/libraries.json"
    return json.loads(path.read_text("utf-8"))["after"]


def far_from_library(library, rule, lr=1e-3):
    ours = walk(rule, gradients(), lr)
    theirs = recorded()[library]
    assert set(theirs) == {"1", "10", "100"}
    return max(
        (ours[int(t) - 1] - torch.tensor(theirs[t], dtype=torch.float64)).abs().max()
        for t in theirs
    )


@pytest.mark.parametrize("library", REPRODUCED_BY)
def test_switches_reproduce_optax_and_keras(library):
    lr = keras_rates if library.startswith("keras.Adam") else 1e-3
    assert far_from_library(library, REPRODUCED_BY[library], lr) < 1e-12


def test_every_recorded_optimizer_is_reproduced_and_only_one_is_torchs():
    assert set(recorded()) == set(REPRODUCED_BY)
    torchs = {"adagrad": adagrad(), "rmsprop": rmsprop(), "adam": adam()}
    torchs["adamw"] = adamw()
    same = {
        library
        for library in recorded()
        if far_from_library(library, torchs[re.split(r"\W", library)[1].lower()])
        < 1e-12
    }
    assert same == {"optax.adam"}


@pytest.mark.parametrize(
    ("rule", "gradient", "expected"),
    [
        (adagrad(), 1e-4, 1e-4 / (1e-4 + 1e-10)),
        (
            adagrad(initial_accumulator=0.1, eps=1e-7, eps_inside_root=True),
            1e-4,
            1e-4 / math.sqrt(0.1 + 1e-8 + 1e-7),  # 3.2e-4
        ),
        (rmsprop(), 1.0, 1 / (0.1 + 1e-8)),  # 10
        (rmsprop(0.9, 1e-7, eps_inside_root=True), 1.0, 1 / math.sqrt(0.1 + 1e-7)),
        (adam(), 1e-6, 1e-6 / (1e-6 + 1e-8)),
        (adam(eps_inside_root=True), 1e-6, 1e-6 / math.sqrt(1e-12 + 1e-8)),  # 0.01
        (adam(bias_correction=False), 1.0, 0.1 / (math.sqrt(0.001) + 1e-8)),  # 3.16
        (amsgrad(bias_correction=False), 1.0, 0.1 / (math.sqrt(0.001) + 1e-8)),
        (adamw(weight_decay=0.1), 0.0, 0.1),  # the parameter is 1
        (adam(weight_decay=0.1), 0.0, 0.1 / (0.1 + 1e-8)),  # its size is lost
        (sgd(weight_decay=0.1), 2.0, 2.1),
        (sgd(maximize=True), 2.0, -2.0),
        (adamw(maximize=True), 2.0, -2 / (2 + 1e-8) + 0.01),
    ],
)
def test_first_step(rule, gradient, expected):
    one = torch.ones(1, dtype=torch.float64)
    ended = walk(rule, gradient * one[None], lr=1.0, params=one).item()
    assert 1 - ended == pytest.approx(expected, rel=1e-9)


def test_a_constant_gradient():
    def steps(rule, count):
        zero = torch.zeros(1, dtype=torch.float64)
        trace = walk(rule, torch.ones(count, 1, dtype=torch.float64), 1.0, zero)
        return -np.diff(trace[:, 0].numpy(), prepend=0)

    t = np.arange(1, 101)
    np.testing.assert_allclose(steps(adagrad(), 100), 1 / np.sqrt(t), rtol=1e-9)
    decayed = steps(adagrad(lr_decay=1), 100)
    np.testing.assert_allclose(decayed, t**-1.5, rtol=1e-9)
    np.testing.assert_allclose(steps(adam(), 100), 1, rtol=1e-7)
    bare = steps(adam(bias_correction=False), 1000)
    assert [round(bare[i - 1], 2) for i in (1, 2, 12, 1000)] == [3.16, 4.25, 6.57, 1.26]
    assert bare.argmax() + 1 == 12


def test_updates_are_pure():
    for rule in [*RULES, rmsprop(centered=True, momentum=0.5), sgd(0.5, nesterov=True)]:
        params = {"x": torch.ones(2), "y": torch.full((3, 1), 2.0)}
        grads = {name: 0.5 * p for name, p in params.items()}
        state = rule.init(params)
        for t in (1, 2):
            before = copy.deepcopy((params, grads, state))
            first, after = rule.update(grads, state, params, t)
            again, _ = rule.update(grads, state, params, t)
            torch.testing.assert_close((params, grads, state), before, rtol=0, atol=0)
            torch.testing.assert_close(first, again, rtol=0, atol=0)
            assert set(first) == {"x", "y"}
            assert state.keys() == after.keys()
            for tensors in after.values():
                assert {name: p.shape for name, p in tensors.items()} == {
                    name: p.shape for name, p in params.items()
                }
            state = after


def test_state_is_by_slot_then_by_name():
    params = {"x": torch.ones(2), "y": torch.ones(3)}
    slots = {
        sgd(): [],
        sgd(momentum=0.5): ["velocity"],
        adagrad(): ["sum"],
        rmsprop(centered=True, momentum=0.1): ["mean_square", "mean", "velocity"],
        adam(): ["m", "v"],
        amsgrad(): ["m", "v", "v_max"],
    }
    for rule, names in slots.items():
        assert list(rule.init(params)) == names
    _, state = adam().update(params, adam().init(params), params, 1)
    torch.testing.assert_close(state["m"]["y"], torch.full((3,), 0.1))
    started = adagrad(initial_accumulator=0.25).init(params)["sum"]["x"]
    assert torch.equal(started, torch.full((2,), 0.25))


def test_float32_stays_float32():
    params = {"x": torch.ones(2), "y": torch.ones(())}
    for rule in RULES:
        direction, state = rule.update(params, rule.init(params), params, 1)
        for tensors in [direction, *state.values()]:
            assert {p.dtype for p in tensors.values()} == {torch.float32}


def test_a_rule_is_a_value():
    changed = [
        sgd(0.9, 0.5, 0.1, maximize=True),
        adagrad(0.1, eps_inside_root=True),
        rmsprop(0.9, centered=True),
        adam((0.5, 0.9), bias_correction=False),
        adamw(weight_decay=0),
        amsgrad(eps=1e-7),
    ]
    for rule in [*RULES, *changed]:
        twin = eval(repr(rule), vars(adaptive))
        assert twin == rule
        assert hash(twin) == hash(rule)
        assert pickle.loads(pickle.dumps(rule)) == rule
        with pytest.raises(dataclasses.FrozenInstanceError):
            rule.weight_decay = 1.0
    assert len({*RULES, *changed, *RULES}) == len(RULES) + len(changed)
    assert repr(sgd()) == "sgd()"
    assert repr(sgd(momentum=0.9, nesterov=True)) == "sgd(momentum=0.9, nesterov=True)"
    assert repr(adam([0.5, 0.999])) == "adam(betas=(0.5, 0.999))"
    assert repr(amsgrad()) == "adam(amsgrad=True)"
    assert amsgrad() == adam(amsgrad=True)
    assert adam() != adamw(weight_decay=0)
    assert sgd(momentum=0) == sgd(momentum=0.0)


@dataclasses.dataclass(frozen=True)
class Sign(TensorRule):
    """A learner's own, written for one tensor."""

    scale: float = 1.0

    def update_one(self, g, state, p, t):
        return self.scale * g.sign(), state


class Normalised(UpdateRule):
    """A learner's own, which sees all tensors together, and counts."""

    def init(self, params):
        return {"seen": {name: torch.zeros(()) for name in params}}

    def update(self, grads, state, params, t):
        length = sum(g.square().sum() for g in grads.values()).sqrt()
        seen = {name: n + 1 for name, n in state["seen"].items()}
        return {name: g / length for name, g in grads.items()}, {"seen": seen}


def test_a_rule_of_ones_own():
    grads = {"x": torch.tensor([3.0, 0.0]), "y": torch.tensor([-4.0])}
    direction, state = Sign(2.0).update(grads, Sign().init(grads), grads, 1)
    assert direction["x"].tolist() == [2, 0]
    assert direction["y"].tolist() == [-2]
    assert state == {}
    assert repr(Sign(2.0)) == "Sign(scale=2.0)"
    rule = Normalised()
    direction, state = rule.update(grads, rule.init(grads), grads, 1)
    assert direction["y"].item() == pytest.approx(-0.8)
    assert state["seen"]["x"].item() == 1
    assert "Normalised object" in repr(rule)


def test_a_rule_without_mathematics_says_what_is_missing():
    class Empty(TensorRule):
        pass

    class Emptier(UpdateRule):
        pass

    with pytest.raises(TypeError, match=r"class Empty .*update_one"):
        Empty()
    with pytest.raises(TypeError, match=r"class Emptier .*init.*update"):
        Emptier()


WRONG = [
    (sgd, {"momentum": -0.1}, r"momentum must be in \[0, 1\), got -0.1: .*0.9"),
    (sgd, {"momentum": 1.0}, r"momentum must be in \[0, 1\), got 1.0"),
    (sgd, {"momentum": math.nan}, r"momentum must be in \[0, 1\), got nan"),
    (sgd, {"momentum": math.inf}, r"momentum must be in \[0, 1\), got inf"),
    (sgd, {"momentum": 0.9, "dampening": 1}, r"dampening must be in .*got 1: 0 adds"),
    (sgd, {"dampening": 0.5}, r"dampening=0.5 needs momentum, .*write momentum=0.9"),
    (sgd, {"nesterov": True}, r"nesterov=True needs momentum, got momentum=0: write"),
    (
        sgd,
        {"momentum": 0.9, "dampening": 0.5, "nesterov": True},
        r"nesterov=True needs dampening=0, got 0.5: leave",
    ),
    (adagrad, {"lr_decay": -1}, r"lr_decay must be 0 or more .*got -1: choose"),
    (adagrad, {"initial_accumulator": -0.1}, r"initial_accumulator must be .*got -0.1"),
    (adagrad, {"eps": math.inf}, r"eps must be 0 or more and finite, got inf: choose"),
    (rmsprop, {"alpha": 1.0}, r"alpha must be in \[0, 1\), got 1.0: 0 forgets"),
    (rmsprop, {"alpha": 1.5}, r"alpha must be in \[0, 1\), got 1.5: 0 forgets"),
    (rmsprop, {"momentum": -1}, r"momentum must be in \[0, 1\), got -1: 0 is none"),
    (rmsprop, {"initial_accumulator": -1}, r"initial_accumulator must be .*got -1"),
    *[
        (rule, arguments, message)
        for rule in (adam, adamw, amsgrad)
        for arguments, message in [
            ({"betas": (1.0, 0.999)}, r"betas\[0\] must be in .*got 1.0: 0 forgets"),
            ({"betas": (0.9, -0.1)}, r"betas\[1\] must be in .*got -0.1: 0 forgets"),
            ({"betas": (0.9, math.nan)}, r"betas\[1\] must be in .*got nan"),
        ]
    ],
    *[
        (rule, {name: -1e-3}, rf"{name} must be 0 or more .*got -0.001: choose {name}")
        for rule in (adagrad, rmsprop, adam, adamw, amsgrad)
        for name in ("eps", "weight_decay")
    ],
    (sgd, {"weight_decay": -1}, r"weight_decay must be 0 or more .*got -1: choose"),
]
WRONG_TYPES = [
    (sgd, {"momentum": "0.9"}, r"momentum must be a number, got '0.9'.*write"),
    (sgd, {"momentum": True}, r"momentum must be a number, got True"),
    (sgd, {"momentum": 0.9, "nesterov": 1}, r"nesterov must be True or False, got 1"),
    (rmsprop, {"centered": 1}, r"centered must be True or False, got 1: write cent"),
    (rmsprop, {"alpha": None}, r"alpha must be a number, got None"),
    (adam, {"amsgrad": 1}, r"amsgrad must be True or False, got 1: write amsgrad=True"),
    (adam, {"betas": 0.9}, r"betas must be a pair of numbers, got 0.9: write betas="),
    (adam, {"betas": (0.9,)}, r"betas must be a pair .*got \(0.9,\): write betas="),
    (adam, {"betas": "ab"}, r"betas must be a pair of numbers, got 'ab'"),
    (adamw, {"betas": (0.9, "b")}, r"betas\[1\] must be a number, got 'b'"),
    (amsgrad, {"bias_correction": None}, r"bias_correction must be .*got None"),
    *[
        (rule, {"maximize": "yes"}, r"maximize must be True or False, got 'yes'")
        for rule in (sgd, adagrad, rmsprop, adam, adamw, amsgrad)
    ],
    *[
        (rule, {"eps_inside_root": 0}, r"eps_inside_root must be True or False, got 0")
        for rule in (adagrad, rmsprop, adam, adamw, amsgrad)
    ],
]


@pytest.mark.parametrize(
    ("rule", "arguments", "error", "message"),
    [(*case[:2], ValueError, case[2]) for case in WRONG]
    + [(*case[:2], TypeError, case[2]) for case in WRONG_TYPES],
)
def test_refusals(rule, arguments, error, message):
    with pytest.raises(error, match=message):
        rule(**arguments)


if __name__ == "__main__":  # the table: largest difference over ten sets of gradients
    for name, options in CASES:
        far = max(distance_from_torch(name, options, seed) for seed in range(10))
        given_options = ", ".join(f"{k}={v}" for k, v in options.items()) or "defaults"
        print(f"{name:8} {given_options:32} {far:.1e}")
