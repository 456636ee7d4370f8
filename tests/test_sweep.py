"""Many models at once against one after the other."""

import dataclasses
import math

import numpy as np
import pytest
import torch
from torch import nn

from lrlib import decay, tasks
from lrlib.adaptive import (
    TensorRule,
    UpdateRule,
    adagrad,
    adam,
    adamw,
    amsgrad,
    rmsprop,
    sgd,
    stacked,
)
from lrlib.sweep import Runs, sweep
from lrlib.warmup import lars

RATES = [0.01, 0.1, 0.5, 1.0]


def model(dtype=torch.float64):
    return nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)).to(dtype)


def tanh_task(**arguments):
    data = tasks.digits(dtype=torch.float64)
    network = nn.Sequential(nn.Linear(64, 8), nn.Tanh(), nn.Linear(8, 10)).double()
    return network, tasks.supervised(
        network,
        nn.functional.cross_entropy,
        *data.training_set(),
        batch_size=16,
        validation=data.training_set(),
        **arguments,
    )


def loop(
    task, network, rates, steps, *, clip=None, seed=0, kind=torch.optim.SGD, **options
):
    """The same training with torch.optim, one model after the other."""
    losses, norms, finals = [], [], []
    for rate in rates:
        network.load_state_dict(task.init(seed))
        optimizer = kind(network.parameters(), lr=1.0, **options)
        losses.append([])
        norms.append([])
        for step in range(steps):
            inputs, targets = task.batch(step, seed)
            optimizer.param_groups[0]["lr"] = rate if np.isscalar(rate) else rate(step)
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(network(inputs), targets)
            loss.backward()
            norm = nn.utils.clip_grad_norm_(network.parameters(), clip or math.inf)
            optimizer.step()
            losses[-1].append(loss.item())
            norms[-1].append(norm.item())
        finals.append(torch.cat([p.detach().flatten() for p in network.parameters()]))
    return np.array(losses), np.array(norms), torch.stack(finals)


def flat(runs):
    return torch.cat([p.flatten(1) for p in runs.params.values()], 1)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("clip", [None, 0.2])
def test_digits_equal_the_loop_in_float64(momentum, clip):
    task = tasks.digits(32, dtype=torch.float64)
    rates = [0.01, 0.1, decay.constant(0.3)]
    runs = sweep(task, sgd(momentum=momentum), rates, 50, clip=clip)
    losses, norms, final = loop(task, model(), rates, 50, momentum=momentum, clip=clip)
    np.testing.assert_allclose(runs.losses, losses, rtol=1e-12)
    np.testing.assert_allclose(runs.gradient_norms, norms, rtol=1e-11)
    torch.testing.assert_close(flat(runs), final, rtol=1e-11, atol=1e-13)


def test_digits_equal_the_loop_in_float32():
    task = tasks.digits(128)
    rates = np.geomspace(1e-3, 0.5, 6)
    losses, _, _ = loop(task, model(torch.float32), rates, 60)
    np.testing.assert_allclose(sweep(task, sgd(), rates, 60).losses, losses, rtol=2e-6)


@pytest.mark.parametrize(
    ("rule", "options"),
    [
        (sgd(0.9, 0.5, 0.1), {"momentum": 0.9, "dampening": 0.5, "weight_decay": 0.1}),
        (adagrad(), {"kind": torch.optim.Adagrad}),
        (rmsprop(), {"kind": torch.optim.RMSprop}),
        (adam(), {"kind": torch.optim.Adam}),
        (adamw(), {"kind": torch.optim.AdamW}),
        (amsgrad(), {"kind": torch.optim.Adam, "amsgrad": True}),
    ],
)
def test_every_rule_equals_the_loop(rule, options):
    task = tasks.digits(32, dtype=torch.float64)
    rates = [0.001, decay.cosine(0.01, 30)]
    runs = sweep(task, rule, rates, 30)
    losses, _, _ = loop(task, model(), rates, 30, **options)
    np.testing.assert_allclose(runs.losses, losses, rtol=1e-10)


@dataclasses.dataclass(frozen=True)
class Length(UpdateRule):
    """One's own rule, written for one model: it sees all tensors of it together."""

    power: float
    name: str = "length"

    def init(self, params):
        return {"updates": {name: torch.zeros_like(p) for name, p in params.items()}}

    def update(self, grads, state, params, t):
        length = sum(g.square().sum() for g in grads.values()).sqrt()
        updates = {name: n + 1 for name, n in state["updates"].items()}
        direction = {name: g / length**self.power for name, g in grads.items()}
        return direction, {"updates": updates}


class Plain(TensorRule):
    """One's own rule, whose numbers nobody can find."""

    def update_one(self, g, state, p, t):
        return g, state


BETAS = [(0.0, 0.9), (0.5, 0.99), (0.9, 0.999), (0.95, 0.9)]
LISTS = {
    "sgd": [sgd(m, weight_decay=w) for m, w in ((0, 0), (0.5, 0), (0.9, 0.1), (0, 1))],
    "dampened": [sgd(m, d) for m, d in ((0, 0), (0.5, 0.5), (0.9, 0), (0.9, 0.9))],
    "nesterov": [sgd(m, nesterov=True) for m in (0.1, 0.5, 0.9, 0.99)],
    "adagrad": [adagrad(a, a, a, 10.0**-k) for k, a in enumerate((0, 0.1, 0.2, 1))],
    "rmsprop": [
        rmsprop(a, momentum=m, initial_accumulator=i, centered=True)
        for a, m, i in ((0.5, 0, 0), (0.9, 0.5, 0), (0.99, 0.9, 1), (0.9, 0, 0.1))
    ],
    "adam": [adam(betas, eps=1e-8 + betas[0] / 1e6) for betas in BETAS],
    "adamw": [adamw(b, weight_decay=b[0], eps_inside_root=True) for b in BETAS],
    "amsgrad": [amsgrad(b, weight_decay=b[0], maximize=True) for b in BETAS],
    "lars": [
        lars(0.01 * 2**k, momentum=0.3 * k, weight_decay=0.1 * k) for k in range(4)
    ],
    "own": [Length(power) for power in (0.0, 0.5, 1.0, 2.0)],
    "own, all alike": [Length(1.0)] * 4,
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("seeds", [(0,), (3, 1)])
def test_a_rule_for_each_rate_equals_training_each_alone(name, seeds):
    rules, rates = LISTS[name], [0.01, decay.cosine(0.02, 20), 0.003, 0.005]
    for task in (tasks.digits(16, dtype=torch.float64), tanh_task()[1]):
        together = sweep(task, rules, rates, 20, seeds=seeds)
        alone = [
            sweep(task, rule, [rate], 20, seeds=[seed])
            for rule, rate in zip(rules, rates, strict=True)
            for seed in seeds
        ]
        losses = np.concatenate([runs.losses for runs in alone])
        np.testing.assert_allclose(together.losses, losses, rtol=1e-12)
        final = torch.cat([flat(runs) for runs in alone])
        torch.testing.assert_close(flat(together), final, rtol=1e-12, atol=1e-12)
        for chunk in (1, 3):
            parts = sweep(task, rules, rates, 20, seeds=seeds, chunk=chunk)
            np.testing.assert_array_equal(parts.losses, together.losses)
            np.testing.assert_array_equal(flat(parts), flat(together))


@pytest.mark.parametrize("name", ["sgd", "lars"])
def test_rules_that_are_stacked_already_stay_as_they_are(name):
    task, rates = tasks.digits(16, dtype=torch.float64), [0.01] * 4
    given = sweep(task, stacked(LISTS[name]), rates, 5)
    listed = sweep(task, LISTS[name], rates, 5)
    np.testing.assert_array_equal(given.losses, listed.losses)


def test_a_rule_for_each_rate_in_float32():
    task = tasks.digits(16)
    runs = sweep(task, LISTS["adam"], [0.01] * 4, 20)
    alone = [sweep(task, rule, [0.01], 20).losses[0] for rule in LISTS["adam"]]
    np.testing.assert_allclose(runs.losses, alone, rtol=1e-6)
    assert {p.dtype for p in runs.params.values()} == {torch.float32}


@pytest.mark.parametrize(
    ("rules", "error", "message"),
    [
        ([sgd()] * 3, ValueError, r"got 3 rules for 4 rates: repeat .*\[0.1\] \* len"),
        ([sgd()] * 5, ValueError, "got 5 rules for 4 rates"),
        ([], TypeError, r"rule must be an update rule, got \[\]: write sgd\(\)"),
        ([sgd(), sgd, sgd(), sgd()], TypeError, r"rule\[1\] must be .*got <class"),
        (
            [sgd(), sgd(), adam(), sgd()],
            TypeError,
            r"rule\[2\] must be of the kind of rule\[0\], sgd\(\), got adam\(\)",
        ),
        (
            [*[sgd(0.9)] * 3, sgd(0.9, nesterov=True)],
            ValueError,
            r"rule\[3\] has nesterov=True, but rule\[0\] has False: only numbers may",
        ),
        (
            [Length(1.0), Length(2.0), Length(1.0, "other"), Length(1.0)],
            ValueError,
            r"rule\[2\] has name='other', but rule\[0\] has 'length': only numbers",
        ),
        (
            [Plain(), Plain(), Plain(), Plain()],
            TypeError,
            r"rule\[1\] must be a dataclass, got .*write @dataclass\(frozen=True\)",
        ),
    ],
)
def test_rules_that_cannot_be_stacked(rules, error, message):
    for chunk in (1, 4):
        with pytest.raises(error, match=message):
            sweep(tasks.quadratic(1.0), rules, RATES, 3, chunk=chunk)


@dataclasses.dataclass(frozen=True)
class Halting(TensorRule):
    """One's own rule, with an `if` on a number."""

    scale: float

    def update_one(self, g, state, p, t):
        return (g * self.scale if self.scale > 1 else g), state


def test_a_rule_with_a_branch_is_refused_with_a_remedy():
    task = tasks.quadratic(1.0)
    assert len(sweep(task, Halting(2.0), RATES, 3)) == 4
    assert len(sweep(task, [Halting(2.0)] * 4, RATES, 3)) == 4
    rules = [Halting(scale) for scale in (1.0, 2.0, 3.0, 4.0)]
    with pytest.raises(ValueError, match=r"(?s)such as Halting\(.*if.*torch\.where"):
        sweep(task, rules, RATES, 3)


def test_another_module_equals_the_loop():
    network, task = tanh_task()
    losses, norms, final = loop(task, network, RATES, 30)
    runs = sweep(task, sgd(), RATES, 30)
    np.testing.assert_allclose(runs.losses, losses, rtol=1e-12)
    np.testing.assert_allclose(runs.gradient_norms, norms, rtol=1e-11)
    torch.testing.assert_close(flat(runs), final, rtol=1e-11, atol=1e-13)


def test_infinite_and_nan_losses_are_where_the_loop_has_them():
    task = tasks.digits(32)
    rates = [0.1, 1e12, 1e20, 1e38]
    runs = sweep(task, sgd(), rates, 30)
    losses, _, _ = loop(task, model(torch.float32), rates, 30)
    assert not np.isfinite(losses).all()
    np.testing.assert_array_equal(np.isnan(runs.losses), np.isnan(losses))
    np.testing.assert_array_equal(np.isinf(runs.losses), np.isinf(losses))
    assert runs.final_losses()[-1] == math.inf
    assert np.isfinite(runs.final_losses()[0])


def test_a_diverged_model_leaves_its_neighbours_alone():
    for task in (tasks.digits(32), tanh_task()[1], tasks.quadratic([1.0, 3.0])):
        sane = sweep(task, sgd(), [0.1, 0.2, 0.3], 40)
        mixed = sweep(task, sgd(), [0.1, 1e300, 0.3], 40)
        assert not (mixed.losses[1] < 1e200).all()
        for row in (0, 2):
            np.testing.assert_array_equal(mixed.losses[row], sane.losses[row])
            assert torch.equal(flat(mixed)[row], flat(sane)[row])


@pytest.mark.parametrize("seeds", [(0,), (0, 1, 2)])
def test_results_do_not_depend_on_the_chunk_size(seeds):
    for task in (
        tasks.digits(16),
        tasks.digits(16, dtype=torch.float64),
        tanh_task()[1],
        tasks.noisy_quadratic([1.0, 3.0]),
    ):
        together = sweep(task, sgd(momentum=0.5), RATES, 20, seeds=seeds)
        for chunk in (1, 3, 5):
            parts = sweep(task, sgd(momentum=0.5), RATES, 20, seeds=seeds, chunk=chunk)
            np.testing.assert_array_equal(parts.losses, together.losses)
            np.testing.assert_array_equal(flat(parts), flat(together))


def test_rows_are_ordered_by_rate_then_seed():
    task = tasks.noisy_quadratic(1.0)
    runs = sweep(task, sgd(), [0.1, decay.constant(0.2)], 15, seeds=[4, 2])
    np.testing.assert_array_equal(runs.seeds, [4, 2, 4, 2])
    np.testing.assert_array_equal(runs.rates[:, 0], [0.1, 0.1, 0.2, 0.2])
    for row, (rate, seed) in enumerate([(0.1, 4), (0.1, 2), (0.2, 4), (0.2, 2)]):
        alone = sweep(task, sgd(), [rate], 15, seeds=[seed])
        np.testing.assert_allclose(runs.losses[row], alone.losses[0], rtol=1e-13)


def test_on_a_parabola_everything_recorded_is_known():
    runs = sweep(tasks.quadratic(10.0, 2.0), sgd(), [0.05, 0.15], 4, validate_every=2)
    x = 2.0 * np.array([[0.5], [-0.5]]) ** np.arange(5)
    np.testing.assert_allclose(runs.losses, 5 * x[:, :4] ** 2)
    np.testing.assert_allclose(runs.gradient_norms, 10 * abs(x[:, :4]))
    np.testing.assert_array_equal(np.isnan(runs.gradient_cosines[:, 0]), True)
    np.testing.assert_allclose(runs.gradient_cosines[:, 1:], [[1] * 3, [-1] * 3])
    np.testing.assert_array_equal(np.isnan(runs.validation), [[1, 0, 1, 0]] * 2)
    np.testing.assert_allclose(runs.validation[:, [1, 3]], 5 * x[:, [2, 4]] ** 2)
    np.testing.assert_allclose(runs.params["x"], x[:, 4:])
    assert runs.final_losses(2)[0] == pytest.approx(5 * (x[0, 2:4] ** 2).mean())


class Height(tasks.Task):
    """The loss is the parameter itself: a view of what the update changes."""

    name = "height"

    def init(self, seed):
        return {"x": torch.ones(1, dtype=torch.float64)}

    def batch(self, step, seed):
        return ()

    def training_set(self):
        return ()

    def loss(self, params, batch):
        return params["x"][..., 0]

    def validation_loss(self, params):
        return self.loss(params, ())


def test_a_loss_that_is_a_view_of_a_parameter_is_recorded_as_it_was():
    runs = sweep(Height(), sgd(), [0.25], 4)
    np.testing.assert_array_equal(runs.losses, [[1, 0.75, 0.5, 0.25]])


def test_validation_is_measured_after_the_last_update():
    task = tasks.digits(32, dtype=torch.float64)
    runs = sweep(task, sgd(), [0.1], 5)
    assert np.isfinite(runs.validation).tolist() == [[False] * 4 + [True]]
    params = {name: p[0] for name, p in runs.params.items()}
    assert runs.validation[0, -1] == pytest.approx(task.validation_loss(params).item())


def test_callback_sees_each_update_and_can_stop():
    seen = []

    def callback(step, losses):
        seen.append((step, losses.copy()))
        return step == 6

    task = tasks.noisy_quadratic(1.0)
    runs = sweep(task, sgd(), RATES, 20, seeds=[1, 0], callback=callback, chunk=2)
    assert [step for step, _ in seen] == list(range(7))
    assert runs.losses.shape == runs.rates.shape == (8, 7)
    np.testing.assert_array_equal(
        np.stack([losses for _, losses in seen], 1), runs.losses
    )
    assert np.isfinite(runs.validation[:, -1]).all()


def test_dropout_has_a_mask_for_each_model_and_is_repeatable():
    data = tasks.digits()
    network = nn.Sequential(nn.Dropout(0.5), nn.Linear(64, 10))
    task = tasks.supervised(
        network, nn.functional.cross_entropy, *data.training_set(), batch_size=16
    )
    runs = sweep(task, sgd(), [0.1, 0.1], 5)
    assert (runs.losses[0] != runs.losses[1]).all()
    np.testing.assert_array_equal(runs.losses, sweep(task, sgd(), [0.1, 0.1], 5).losses)


@pytest.mark.parametrize("stop", [None, RuntimeError, KeyboardInterrupt])
def test_nothing_outside_is_changed_however_it_ends(stop):
    network, task = tanh_task()
    network.eval()
    weights = {name: p.clone() for name, p in network.state_dict().items()}
    threads = torch.get_num_threads()
    random = torch.get_rng_state().clone()

    def callback(step, losses):
        if stop is not None and step == 2:
            raise stop

    if stop is None:
        sweep(task, sgd(), RATES, 4, callback=callback)
    else:
        with pytest.raises(stop):
            sweep(task, sgd(), RATES, 4, callback=callback)
    assert torch.equal(torch.get_rng_state(), random)
    assert torch.get_num_threads() == threads
    assert not network.training
    for name, p in network.state_dict().items():
        assert torch.equal(p, weights[name])


class Branch(nn.Linear):
    def forward(self, x):
        y = super().forward(x)
        return y if y.sum() > 0 else 2 * y


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell, self.head = nn.LSTM(8, 4, batch_first=True), nn.Linear(4, 10)

    def forward(self, x):
        return self.head(self.cell(x.view(-1, 8, 8))[0][:, -1])


@pytest.mark.parametrize("network", [Branch(64, 10), Recurrent()])
def test_a_model_that_cannot_be_stacked_is_refused_with_a_remedy(network):
    data = tasks.digits().training_set()
    task = tasks.supervised(network, nn.functional.cross_entropy, *data, batch_size=8)
    with pytest.raises(
        ValueError,
        match=r"(?s)can't train several models at once.*torch.where.*nn.LSTM",
    ):
        sweep(task, sgd(), RATES, 3)


class Counter(nn.Linear):
    """Keeps a number beside its parameters, and changes it in one of three ways."""

    def __init__(self, way):
        super().__init__(64, 10)
        self.inner = nn.Module()
        self.inner.register_buffer("n", torch.zeros(()))
        self.way = way

    def forward(self, x):
        y = super().forward(x)
        if self.way == "in place":
            self.inner.n += 1
        elif self.way == "another tensor":
            self.inner.n = self.inner.n + 1
        elif self.way == "another shape":
            self.inner.n = y.detach().mean(0)
        return y + self.inner.n.sum()


@pytest.mark.parametrize("way", ["in place", "another tensor", "another shape"])
def test_a_forward_that_changes_a_buffer_is_refused_and_the_buffer_restored(way):
    data = tasks.digits().training_set()
    task = tasks.supervised(
        Counter(way), nn.functional.cross_entropy, *data, batch_size=8
    )
    params, batch = task.init(0), task.batch(0, 0)
    for _ in range(2):
        with pytest.raises(
            ValueError, match=r"changes 'inner\.n': .* return the value"
        ):
            sweep(task, sgd(), RATES, 3)
    task.init(0)  # would refuse a shared buffer other than the model's own
    with torch.no_grad():
        weight, bias = params.values()
        expected = nn.functional.linear(batch[0], weight, bias)
        if way == "in place":
            expected += 1
        loss = nn.functional.cross_entropy(expected, batch[1])
        torch.testing.assert_close(task.loss(params, batch), loss)


def test_a_buffer_that_stays_is_welcome():
    data = tasks.digits().training_set()
    network = Counter("never")
    network.inner.n.fill_(math.nan)
    task = tasks.supervised(network, nn.functional.cross_entropy, *data, batch_size=8)
    assert np.isnan(sweep(task, sgd(), RATES, 3).losses).all()


def test_random_features_of_each_seed_are_refused_before_training(monkeypatch):
    def build():
        network = nn.Sequential(nn.Linear(64, 8), nn.Tanh(), nn.Linear(8, 10))
        network[0].requires_grad_(False)
        return network

    data = tasks.digits().training_set()
    task = tasks.supervised(build, nn.functional.cross_entropy, *data, batch_size=8)
    assert np.isfinite(sweep(task, sgd(), RATES, 3).losses).all()
    asked, batch = [], task.batch
    monkeypatch.setattr(
        task, "batch", lambda step, seed: asked.append(step) or batch(step, seed)
    )
    # A chunk holds a single seed, so that the first could train before the second.
    with pytest.raises(ValueError, match=r"'0\.weight' under every seed.* seed 1"):
        sweep(task, sgd(), RATES, 3, seeds=[0, 1], chunk=1)
    assert max(asked, default=0) == 0


def test_a_sweep_inside_no_grad_trains_all_the_same():
    for task in (tasks.digits(32), tanh_task()[1]):
        expected = sweep(task, sgd(), RATES, 5).losses
        with torch.no_grad():
            inside = sweep(task, sgd(), RATES, 5).losses
        np.testing.assert_array_equal(inside, expected)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"rule": sgd}, r"rule must be .*got <class .*sgd.*: write sgd\(\)"),
        ({"rule": "sgd"}, r"rule must be .*got 'sgd': write sgd\(\)"),
        ({"rule": None}, r"rule must be .*got None: write sgd\(\)"),
        ({"task": nn.Linear(2, 1)}, r"task must be .*got Linear.*tasks\.supervised"),
        ({"task": "digits"}, r"task must be .*got 'digits': .*tasks\.digits\(\)"),
        ({"task": tasks.digits}, r"task must be .*got <function.*tasks\.digits\(\)"),
        ({"callback": 3}, "callback must be a function .*got 3: pass the function"),
    ],
)
def test_arguments_of_another_kind(arguments, message):
    full = {"task": tasks.quadratic(1.0), "rule": sgd(), "rates": RATES, "steps": 3}
    with pytest.raises(TypeError, match=message):
        sweep(**(full | arguments))


def test_an_error_of_the_model_itself_comes_out_as_it_is():
    data = tasks.digits().training_set()
    task = tasks.supervised(nn.Linear(3, 10), nn.functional.cross_entropy, *data)
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        sweep(task, sgd(), RATES, 3)


def test_a_loss_for_each_example_is_refused():
    data = tasks.digits(8).training_set()
    loss = nn.CrossEntropyLoss(reduction="none")
    task = tasks.supervised(nn.Linear(64, 10), loss, *data, batch_size=8)
    with pytest.raises(ValueError, match="one number for a batch, got shape"):
        sweep(task, sgd(), RATES, 3)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"rates": [0.1, -0.1]}, ValueError, "rates must be positive .* got -0.1"),
        ({"rates": [0.0]}, ValueError, "rates must be positive"),
        ({"rates": [math.nan]}, ValueError, "got nan"),
        ({"rates": [math.inf]}, ValueError, "got inf"),
        ({"rates": ["0.1"]}, TypeError, "rates must be a number"),
        ({"rates": 0.1}, TypeError, "rates must be a list, got 0.1"),
        ({"rates": []}, ValueError, "rates must not be empty"),
        ({"seeds": []}, ValueError, "seeds must not be empty"),
        ({"seeds": [-1]}, ValueError, "seeds must be at least 0"),
        ({"seeds": [0.5]}, TypeError, "seeds must be a whole number"),
        ({"steps": 0}, ValueError, "steps must be at least 1"),
        ({"steps": 10.0}, TypeError, "steps must be a whole number, got 10.0"),
        ({"clip": 0.0}, ValueError, "clip must be positive"),
        ({"validate_every": 0}, ValueError, "validate_every must be at least 1"),
        ({"chunk": 0}, ValueError, "chunk must be at least 1"),
    ],
)
def test_refusals(arguments, error, message):
    full = {"rates": RATES, "steps": 3} | arguments
    with pytest.raises(error, match=message):
        sweep(tasks.quadratic(1.0), sgd(), **full)


def test_runs_print_as_a_small_table():
    runs = sweep(tasks.quadratic(10.0), sgd(), np.linspace(0.01, 0.19, 30), 20)
    assert isinstance(runs, Runs)
    lines = repr(runs).splitlines()
    assert lines[0] == "Runs on quadratic(10): 30 models, 20 updates"
    assert len(lines) == 2 + 6 + 1 + 6
    assert lines[2].split()[:2] == ["0.01", "0"]
