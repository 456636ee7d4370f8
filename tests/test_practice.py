"""Today's schedules, clipping, parameter groups and the batch: against torch."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.optim.lr_scheduler import (
    ConstantLR,
    LinearLR,
    OneCycleLR,
    SequentialLR,
)

from lrlib import decay, practice, tasks
from lrlib.adaptive import adam, adamw, sgd
from lrlib.practice import (
    clip_by_norm,
    clip_by_value,
    clip_factor,
    grouped,
    one_cycle,
    parameter_groups,
    scaled_rate,
    wsd,
)
from lrlib.schedules import audit
from lrlib.sweep import sweep
from lrlib.warmup import cosine_with_warmup, lars


def rates_of_torch(make, lr, steps):
    optimizer = torch.optim.SGD([nn.Parameter(torch.ones(1))], lr=lr)
    scheduler = make(optimizer)
    rates = []
    for t in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if t + 1 < steps:
            scheduler.step()
    return np.array(rates)


# Schedules ----------------------------------------------------------------------------


@settings(max_examples=60)
@given(
    st.integers(1, 60),
    st.floats(0.01, 1),
    st.sampled_from(["cos", "linear"]),
    st.booleans(),
    st.floats(1, 100),
)
def test_one_cycle_is_torchs(steps, share, strategy, three, factor):
    climb = share * steps
    if three and not 1 <= climb <= (steps + 1) / 2:
        with pytest.raises(ValueError, match="room for three phases"):
            one_cycle(0.1, steps, share, three_phase=True)
        return
    schedule = one_cycle(0.1, steps, share, factor, 50.0, strategy, three)
    if climb == 1:  # torch divides by 0
        assert schedule(0) == 0.1
        return
    expected = rates_of_torch(
        lambda optimizer: OneCycleLR(
            optimizer,
            0.1,
            steps,
            pct_start=share,
            anneal_strategy=strategy,
            cycle_momentum=False,
            div_factor=factor,
            final_div_factor=50.0,
            three_phase=three,
        ),
        1.0,
        steps,
    )
    np.testing.assert_allclose(
        schedule(np.arange(steps)), expected, rtol=1e-12, atol=1e-15
    )


def test_one_cycle_with_a_climb_of_one_update_divides_by_0_in_torch_only():
    parameter = nn.Parameter(torch.ones(1))
    with pytest.raises(ZeroDivisionError):
        OneCycleLR(torch.optim.SGD([parameter], momentum=0.9), 0.1, 10, pct_start=0.1)
    assert one_cycle(0.1, 10, pct_start=0.1)(0) == 0.1


def test_one_cycle_begins_peaks_ends_and_stays_there():
    schedule = one_cycle(0.5, 100)
    assert schedule(0) == pytest.approx(0.5 / 25)
    assert schedule(29) == 0.5
    assert schedule(99) == pytest.approx(0.5 / 25e4)
    assert schedule(500) == schedule(99)
    assert one_cycle(0.5, 100, three_phase=True)(58) == pytest.approx(0.5 / 25)


@settings(max_examples=60)
@given(st.integers(0, 30), st.integers(1, 30), st.integers(1, 30))
def test_wsd_is_three_schedulers_of_torch(up, stable, down):
    schedule = wsd(0.1, up, up + stable + down, down)

    def make(optimizer):
        parts = [
            ConstantLR(optimizer, 1.0),
            LinearLR(optimizer, 1.0, 0.0, total_iters=down),
        ]
        milestones = [up + stable]
        if up:
            warm = LinearLR(optimizer, 1 / (up + 1), total_iters=up)
            parts, milestones = [warm, *parts], [up, *milestones]
        return SequentialLR(optimizer, parts, milestones)

    steps = up + stable + down
    np.testing.assert_allclose(
        schedule(np.arange(steps)),
        rates_of_torch(make, 0.1, steps),
        rtol=1e-12,
        atol=1e-15,
    )


@pytest.mark.parametrize("shape", practice.SHAPES)
def test_the_decay_of_wsd_starts_at_the_peak_and_arrives_after_the_run(shape):
    schedule = wsd(0.1, 10, 100, 20, 0.01, shape)
    assert schedule(80) == 0.1
    assert 0.01 < schedule(99) < schedule(81) < 0.1
    assert schedule(100) == pytest.approx(0.01)
    assert schedule(1000) == schedule(100)
    half = {"linear": 0.5, "sqrt": 1 - math.sqrt(0.5), "cosine": 0.5}[shape]
    assert schedule(90) == pytest.approx(0.01 + 0.09 * half)


def test_up_to_its_decay_wsd_does_not_know_its_end():
    short, long = wsd(0.1, 10, 100, 20), wsd(0.1, 10, 1000, 20)
    t = np.arange(81)
    np.testing.assert_array_equal(short(t), long(t))
    cosines = cosine_with_warmup(0.1, 10, 100), cosine_with_warmup(0.1, 10, 1000)
    assert cosines[0](80) < 0.2 * cosines[1](80)


def test_wsd_that_decays_all_along_is_a_straight_line():
    t = np.arange(60)
    np.testing.assert_allclose(wsd(0.1, 0, 50, 50)(t), decay.linear(0.1, 50)(t))


def test_todays_schedules_have_a_clean_audit_and_a_wrong_length_has_not():
    for schedule in (one_cycle(0.1, 100), wsd(0.1, 5, 100, 20)):
        assert not audit(schedule, 100)
        assert [f.kind for f in audit(schedule, 90)] == ["boundary beyond the run"]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: one_cycle(0, 10), ValueError, "max_lr must be positive"),
        (lambda: one_cycle(0.1, 1.5), TypeError, "total_steps must be a whole"),
        (lambda: one_cycle(0.1, 9, 0), ValueError, "pct_start must be above 0"),
        (lambda: one_cycle(0.1, 9, div_factor=0.5), ValueError, "div_factor must be 1"),
        (
            lambda: one_cycle(0.1, 9, final_div_factor=math.inf),
            ValueError,
            "final_div_factor must be 1 or more and finite",
        ),
        (
            lambda: one_cycle(0.1, 9, anneal_strategy="cosine"),
            ValueError,
            "anneal_strategy must be 'cos' or 'linear'",
        ),
        (lambda: one_cycle(0.1, 9, three_phase=1), TypeError, "three_phase must be"),
        (
            lambda: one_cycle(0.1, 9, 0.7, three_phase=True),
            ValueError,
            "pct_start must leave room for three phases in 9 updates, got 0.7",
        ),
        (lambda: wsd(0.1, 5, 10, 6), ValueError, "decay_steps must be at most 5"),
        (lambda: wsd(0.1, 5, 10, 0), ValueError, "decay_steps must be at least 1"),
        (lambda: wsd(0.1, -1, 10, 2), ValueError, "warmup_steps must be at least 0"),
        (lambda: wsd(0.1, 1, 10, 2, 0.2), ValueError, "eta_min must be at most lr"),
        (lambda: wsd(0.1, 1, 10, 2, shape="exp"), ValueError, "shape must be 'linear'"),
    ],
)
def test_a_wrong_schedule_is_refused_when_it_is_made(make, error, message):
    with pytest.raises(error, match=message):
        make()


# Clipping -----------------------------------------------------------------------------


def gradients(seed=0, size=3.0):
    generator = torch.Generator().manual_seed(seed)
    return {
        name: size * torch.randn(shape, generator=generator, dtype=torch.float64)
        for name, shape in {"w": (4, 3), "b": (4,), "s": ()}.items()
    }


def parameters_with(grads):
    parameters = []
    for g in grads.values():
        p = nn.Parameter(torch.zeros_like(g))
        p.grad = g.clone()
        parameters.append(p)
    return parameters


@pytest.mark.parametrize("max_norm", [1e-3, 1.0, 11.0, 1e6])
def test_clip_by_norm_is_torchs_and_leaves_its_argument_alone(max_norm):
    grads = gradients()
    kept = {name: g.clone() for name, g in grads.items()}
    clipped, norm = clip_by_norm(grads, max_norm)
    parameters = parameters_with(grads)
    total = nn.utils.clip_grad_norm_(parameters, max_norm)
    assert norm == pytest.approx(float(total), rel=1e-12)
    for p, (name, g) in zip(parameters, clipped.items(), strict=True):
        torch.testing.assert_close(g, p.grad, rtol=1e-12, atol=0)
        torch.testing.assert_close(grads[name], kept[name], rtol=0, atol=0)
    after = math.sqrt(sum(float((g**2).sum()) for g in clipped.values()))
    assert after <= max_norm
    listed, _ = clip_by_norm(list(grads.values()), max_norm)
    assert all(map(torch.equal, listed, clipped.values()))


def test_clip_by_value_is_torchs_and_turns_the_direction():
    grads = gradients()
    clipped = clip_by_value(grads, 1.0)
    parameters = parameters_with(grads)
    nn.utils.clip_grad_value_(parameters, 1.0)
    for p, g in zip(parameters, clipped.values(), strict=True):
        torch.testing.assert_close(g, p.grad, rtol=0, atol=0)
    (steep,) = clip_by_value([torch.tensor([10.0, 1.0])], 1.0)
    assert steep.tolist() == [1.0, 1.0]
    (shorter,), _ = clip_by_norm([torch.tensor([10.0, 1.0])], 1.0)
    assert shorter[0] / shorter[1] == pytest.approx(10)


def test_a_gradient_of_0_stays_0():
    (zero,), norm = clip_by_norm([torch.zeros(3)], 1.0)
    assert (zero.tolist(), norm) == ([0, 0, 0], 0)


def test_a_factor_for_each_of_many_norms():
    norms = torch.tensor([0.0, 1.0, 4.0], dtype=torch.float64)
    factors = clip_factor(norms, 2.0)
    assert factors.tolist() == [clip_factor(float(norm), 2.0) for norm in norms]
    assert factors[2] == pytest.approx(0.5, rel=1e-6)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_norm_that_is_not_finite_is_refused_where_torch_writes_nan(bad):
    grads = [torch.tensor([1.0, bad])]
    with pytest.raises(ValueError, match=f"gradients have the norm {bad}"):
        clip_by_norm(grads, 1.0)
    p = nn.Parameter(torch.zeros(2))
    p.grad = grads[0].clone()
    nn.utils.clip_grad_norm_([p], 1.0)
    assert p.grad.isnan().any()


def test_values_of_nan_are_refused_and_infinite_ones_clipped():
    with pytest.raises(ValueError, match="gradients hold a NaN"):
        clip_by_value([torch.tensor([math.nan])], 1.0)
    assert clip_by_value([torch.tensor([-math.inf])], 1.0)[0].tolist() == [-1]


@pytest.mark.parametrize("clip", [clip_by_norm, clip_by_value])
@pytest.mark.parametrize(
    ("grads", "bound", "error", "message"),
    [
        ([], 1.0, ValueError, "gradients must not be empty"),
        (torch.ones(2), 1.0, TypeError, "gradients must be a dict or a list"),
        ([torch.ones(2), None], 1.0, TypeError, r"gradients\[1\] must be a tensor"),
        ({"w": 1.0}, 1.0, TypeError, r"gradients\['w'\] must be a tensor"),
        ([torch.ones(2)], 0.0, ValueError, "clip_value|max_norm"),
        ([torch.ones(2)], "1", TypeError, "must be a number"),
    ],
)
def test_clipping_refuses_what_it_cannot_clip(clip, grads, bound, error, message):
    with pytest.raises(error, match=message):
        clip(grads, bound)


# Parameter groups ---------------------------------------------------------------------


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.Linear(8, 8))
        self.head = nn.Linear(8, 3)

    def forward(self, x):
        return self.head(torch.relu(self.body(x)))


def net():
    torch.manual_seed(0)
    return Net()


def each_exactly_once(model, groups):
    found = [id(p) for group in groups for p in group["params"]]
    trainable = [id(p) for p in model.parameters() if p.requires_grad]
    return sorted(found) == sorted(trainable)


@pytest.mark.parametrize(
    "options",
    [
        {"lr": 0.1},
        {"lr": {"head": 0.1, "body": 0.01}},
        {"lr": {"head": 0.1, "": 0.01, "body.0": 0.001}},
        {"lr": 0.1, "layer_decay": 0.5},
        {"lr": 0.1, "layer_decay": 0.5, "weight_decay": 0.01},
        {"lr": {"head": 0.1, "": 0.01}, "layer_decay": 0.5, "weight_decay": 0.0},
    ],
)
def test_each_parameter_is_in_exactly_one_group(options):
    model = net()
    groups = parameter_groups(model, **options)
    assert each_exactly_once(model, groups)
    names = [group["name"] for group in groups]
    assert len(set(names)) == len(names)
    torch.optim.AdamW(groups)  # which refuses a parameter that comes twice


def test_a_group_that_is_forgotten_or_doubled_is_not_exactly_once():
    model = net()
    groups = parameter_groups(model, {"head": 0.1, "body": 0.01})
    assert not each_exactly_once(model, groups[:1])
    assert not each_exactly_once(model, [*groups, groups[0]])


def rates_by_name(model, groups):
    names = {id(p): name for name, p in model.named_parameters()}
    return {names[id(p)]: group["lr"] for group in groups for p in group["params"]}


def test_the_longest_prefix_decides_and_a_prefix_is_whole_names():
    model = net()
    model.header = nn.Linear(2, 2)
    lr = {"head": 0.1, "": 0.01, "body.0": 0.001}
    rates = rates_by_name(model, parameter_groups(model, lr))
    assert rates["head.weight"] == 0.1
    assert rates["header.weight"] == 0.01
    assert rates["body.0.bias"] == 0.001
    assert rates["body.2.bias"] == 0.01


def test_the_rate_shrinks_from_the_output_to_the_input():
    model = net()
    rates = rates_by_name(model, parameter_groups(model, 0.8, layer_decay=0.5))
    assert (rates["head.bias"], rates["body.0.bias"]) == (0.8, 0.4)
    layers = ["body.0", "body.1", "body.2", "head"]
    groups = parameter_groups(model, 0.8, layer_decay=0.5, layers=layers)
    rates = rates_by_name(model, groups)
    assert [rates[f"{layer}.bias"] for layer in layers] == [0.1, 0.2, 0.4, 0.8]
    inner = parameter_groups(model.body, 0.8, layer_decay=0.5)
    assert rates_by_name(model.body, inner)["0.bias"] == 0.2
    wrapped = nn.Sequential(nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1)))
    groups = parameter_groups(wrapped, 0.8, layer_decay=0.5)
    assert [group["lr"] for group in groups] == [0.4, 0.8]


def test_biases_and_norms_do_not_decay():
    model = net()
    groups = parameter_groups(model, 0.1, weight_decay=0.3)
    assert [group["weight_decay"] for group in groups] == [0.3, 0.0]
    assert all(p.dim() >= 2 for p in groups[0]["params"])
    assert all("weight_decay" not in group for group in parameter_groups(model, 0.1))


def test_frozen_parameters_are_left_out():
    model = net()
    model.body.requires_grad_(False)
    groups = parameter_groups(model, {"head": 0.1})
    assert each_exactly_once(model, groups)
    with pytest.raises(ValueError, match="prefix 'body', which no trainable"):
        parameter_groups(model, {"head": 0.1, "body": 0.01})


def test_a_shared_parameter_is_there_once_and_has_one_rate():
    model = nn.ModuleDict({"first": nn.Linear(3, 3), "last": nn.Linear(3, 3)})
    model["last"].weight = model["first"].weight
    assert each_exactly_once(model, parameter_groups(model, 0.1))
    with pytest.raises(ValueError, match=r"'first.weight' is the same as 'last.weight"):
        parameter_groups(model, {"first": 0.1, "last": 0.01})


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"lr": 0.0}, ValueError, "lr must be positive"),
        ({"lr": {"head": -1, "": 1}}, ValueError, r"lr\['head'\] must be positive"),
        ({"lr": {1: 0.1}}, TypeError, "lr must have names as keys, got 1"),
        ({"lr": {"haed": 0.1, "": 1}}, ValueError, "did you mean 'head'"),
        ({"lr": {"head": 0.1}}, ValueError, "lr says nothing of 'body.0.weight'"),
        ({"lr": {}}, ValueError, "lr says nothing of 'body.0.weight'"),
        ({"lr": 1.0, "layer_decay": 1.5}, ValueError, "layer_decay must be above 0"),
        ({"lr": 1.0, "weight_decay": -1}, ValueError, "weight_decay must be 0 or more"),
        ({"lr": 1.0, "layers": "body"}, TypeError, "layers must be a list"),
        ({"lr": 1.0, "layers": ["body"]}, ValueError, "layers says nothing of 'head"),
    ],
)
def test_groups_of_wrong_arguments_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        parameter_groups(net(), **options)


def test_a_model_is_asked_for_that_has_something_to_train():
    with pytest.raises(TypeError, match=r"model must be an nn\.Module"):
        parameter_groups(net().parameters(), 0.1)
    with pytest.raises(ValueError, match="no trainable parameters, got Flatten"):
        parameter_groups(nn.Flatten(), 0.1)


# Rules with groups ------------------------------------------------------------------


def problem():
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(64, 4, generator=generator)
    y = (x.sum(1) > 0).long() + (x[:, 0] > 1).long()
    return x, y


@pytest.mark.parametrize(
    ("rule", "make"),
    [
        (sgd(momentum=0.9), lambda g: torch.optim.SGD(g, momentum=0.9)),
        (adam(), torch.optim.Adam),
        (adamw(weight_decay=0.1), lambda g: torch.optim.AdamW(g, weight_decay=0.1)),
    ],
)
def test_a_grouped_rule_trains_as_torchs_groups_do(rule, make):
    x, y = problem()
    model = net().double()
    task = tasks.supervised(
        model, nn.functional.cross_entropy, x.double(), y, batch_size=16
    )
    rules = [grouped(rule, {"body": factor}) for factor in (0.01, 0.1, 0.0)]
    runs = sweep(task, rules, [0.02, 0.01, 0.01], 40)
    for k, (lr, factor) in enumerate([(0.02, 0.01), (0.01, 0.1)]):
        optimizer = make(
            parameter_groups(
                net_ := net().double(),
                {
                    "head": lr,
                    "body": lr * factor,
                },
            )
        )
        for step in range(40):
            inputs, targets = task.batch(step, 0)
            loss = nn.functional.cross_entropy(net_(inputs), targets)
            assert float(loss.detach()) == pytest.approx(
                runs.losses[k, step], rel=1e-10
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    frozen = runs.params["body.0.weight"][2]
    torch.testing.assert_close(frozen, model.body[0].weight.detach(), rtol=0, atol=0)


def test_rules_with_factors_of_their_own_are_one_sweep():
    x, y = problem()
    task = tasks.supervised(net(), nn.functional.cross_entropy, x, y, batch_size=16)
    rules = [grouped(adam(), {"body": f, "head": 1}) for f in (0.1, 1.0)]
    together = sweep(task, rules, [0.01, 0.01], 20)
    for k, rule in enumerate(rules):
        alone = sweep(task, rule, [0.01], 20)
        np.testing.assert_allclose(together.losses[k], alone.losses[0], rtol=1e-5)
    plain = sweep(task, adam(), [0.01], 20)
    np.testing.assert_allclose(together.losses[1], plain.losses[0], rtol=1e-5)


def test_a_grouped_rule_is_a_value():
    rule = grouped(adam(), {"body": 0.1})
    assert rule == grouped(adam(), {"body": 0.1})
    assert rule != grouped(adam(), {"body": 0.2})
    assert repr(rule) == "grouped(adam(), {'body': 0.1})"
    assert len({rule, grouped(adam(), {"body": 0.1})}) == 1
    assert rule.elementwise
    assert not grouped(lars(), {"body": 0.1}).elementwise


def test_a_grouped_rule_refuses_what_it_cannot_group():
    with pytest.raises(TypeError, match="rule must be an update rule"):
        grouped("adam", {"body": 0.1})
    with pytest.raises(TypeError, match="factors must be a dict of numbers by prefix"):
        grouped(adam(), [0.1])
    with pytest.raises(ValueError, match=r"factors\['body'\] must be 0 or more"):
        grouped(adam(), {"body": -0.1})
    x, y = problem()
    task = tasks.supervised(net(), nn.functional.cross_entropy, x, y)
    with pytest.raises(ValueError, match=r"prefix .bdy., .* did you mean .body."):
        sweep(task, grouped(adam(), {"bdy": 0.1}), [0.01], 2)


# The batch ----------------------------------------------------------------------------


def test_the_rate_follows_the_batch_by_one_of_two_rules():
    assert scaled_rate(0.1, 256, 1024, "linear") == pytest.approx(0.4)
    assert scaled_rate(0.1, 256, 1024, "sqrt") == pytest.approx(0.2)
    assert scaled_rate(0.1, 256, 64, "sqrt") == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0, 1, 2, "sqrt"), ValueError, "lr must be positive"),
        ((0.1, 0, 2, "sqrt"), ValueError, "batch_size must be at least 1"),
        ((0.1, 1, 2.0, "sqrt"), TypeError, "new_batch_size must be a whole number"),
        ((0.1, 1, 2, "square root"), ValueError, "rule must be 'linear' or 'sqrt'"),
    ],
)
def test_a_rate_of_wrong_arguments_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        scaled_rate(*arguments)
