"""The range test: what it leaves behind, which is nothing, and what it says."""

import math
import random
import re
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR, StepLR
from torch.utils.data import DataLoader, Dataset, Sampler, TensorDataset
from tqdm.auto import tqdm

from lrlib import finder, restoring, tasks
from lrlib.finder import RangeTest, range_test, suggest
from lrlib.restoring import left_as_found

torch.set_num_threads(1)
LOSS = nn.functional.cross_entropy


class Net(nn.Module):
    """Tied weights, running statistics, dropout, a frozen layer, and a memory."""

    def __init__(self):
        super().__init__()
        self.body = nn.Linear(8, 8)
        self.again = nn.Linear(8, 8)
        self.again.weight = self.body.weight
        self.norm = nn.BatchNorm1d(8)
        self.frozen = nn.BatchNorm1d(8)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(8, 3)
        self.frozen.weight.requires_grad_(False)
        self.register_buffer("same", torch.ones(1).expand(4))
        self.calls = 0
        self.seen = [torch.zeros(2)]
        self.last = None

    def forward(self, x):
        self.calls += 1
        self.seen.append(x.detach())
        self.seen[0] += 1
        self.last = x
        x = self.frozen(self.norm(self.body(x))).relu()
        return self.head(self.drop(self.again(x)))


class Data(Dataset):
    """Examples that each come with noise of the data set's own."""

    def __init__(self):
        generator = torch.Generator().manual_seed(3)
        self.inputs = torch.randn(60, 8, generator=generator)
        self.targets = self.inputs[:, :3].argmax(1)
        self.rng = np.random.default_rng(0)

    def __len__(self):
        return 60

    def __getitem__(self, i):
        noise = 0.1 * self.rng.standard_normal() + 0.01 * random.random()
        return self.inputs[i] + noise + 0.01 * np.random.rand(), self.targets[i]


class Bench:
    """Half a training: a model, an optimizer, a scheduler and a loader in mid-run."""

    def __init__(self, kind="adam", trained=7):
        torch.manual_seed(0)
        np.random.seed(0)
        random.seed(0)
        self.model = Net()
        self.model.frozen.eval()
        head = [*self.model.head.parameters()]
        body = [p for p in self.model.parameters() if all(p is not q for q in head)]
        groups = [{"params": body, "lr": 0.001}, {"params": head, "lr": 0.01}]
        self.optimizer = {
            "adam": lambda: torch.optim.Adam(groups, amsgrad=True),
            "sgd": lambda: torch.optim.SGD(groups, momentum=0.9, weight_decay=1e-3),
        }[kind]()
        self.scheduler = CosineAnnealingLR(self.optimizer, 50)
        generator = torch.Generator().manual_seed(1)
        self.loader = DataLoader(Data(), 12, shuffle=True, generator=generator)
        self.train(trained)

    def train(self, updates):
        """Some updates; returns their losses."""
        losses = []
        while len(losses) < updates:
            for inputs, targets in self.loader:
                self.optimizer.zero_grad()
                loss = LOSS(self.model(inputs.float()), targets)
                loss.backward()
                self.optimizer.step()
                self.scheduler.step()
                losses.append(loss.item())
        return losses

    def snapshot(self):
        """Everything that a test of rates might change, as plain values by name."""
        model, optimizer = self.model, self.optimizer
        found = {}
        for name, tensor in model.state_dict(keep_vars=True).items():
            found[f"weights {name}"] = (id(tensor), tensor.data_ptr(), bits(tensor))
            found[f"gradient {name}"] = (id(tensor.grad), bits(tensor.grad))
            found[f"requires_grad {name}"] = tensor.requires_grad
        for i, group in enumerate(optimizer.param_groups):
            found |= {
                f"option {i} {k}": repr(v) for k, v in group.items() if k != "params"
            }
            found[f"members {i}"] = [id(p) for p in group["params"]]
            for j, p in enumerate(group["params"]):
                state = optimizer.state.get(p, {})
                found[f"state {i} {j}"] = {
                    k: (id(v), bits(v)) if torch.is_tensor(v) else v
                    for k, v in state.items()
                }
        found["states"] = len(optimizer.state)
        found["stepped"] = getattr(optimizer, "_opt_called", None)
        found["step"] = id(vars(optimizer).get("step"))
        schedule = self.scheduler
        found["scheduler"] = (schedule._step_count, schedule.state_dict()["last_epoch"])
        found["modes"] = [m.training for m in model.modules()]
        hooks = "_forward_hooks", "_forward_pre_hooks", "_backward_hooks"
        found["hooks"] = [len(getattr(m, h)) for m in model.modules() for h in hooks]
        hooks = "_optimizer_step_pre_hooks", "_optimizer_step_post_hooks"
        found["hooks of the optimizer"] = [len(getattr(optimizer, h)) for h in hooks]
        found["attributes"] = (model.calls, len(model.seen), bits(model.seen[0]))
        found["attribute tensor"] = (id(model.last), bits(model.last))
        found["torch"] = bits(torch.get_rng_state())
        found["numpy"] = repr(np.random.get_state())
        found["python"] = random.getstate()
        found["loader"] = bits(self.loader.generator.get_state())
        found["data set"] = repr(self.loader.dataset.rng.bit_generator.state)
        return found


def bits(tensor):
    return None if tensor is None else tensor.detach().numpy().tobytes()


def changed(before, after):
    return sorted(
        key for key in before | after if before.get(key, ...) != after.get(key, ...)
    )


class StopError(Exception):
    pass


def failing(at, error, function):
    """The function, which raises at its call number ``at``."""
    calls = iter(range(10**6))

    def call(*arguments, **more):
        if next(calls) == at:
            raise error("on purpose")
        return function(*arguments, **more)

    return call


class Loader:
    """A loader whose batches are changed by a function on their way."""

    def __init__(self, loader, change):
        self.loader, self.change = loader, change

    def __iter__(self):
        return (self.change(batch) for batch in self.loader)


def to_float(batch):
    return batch[0].float(), batch[1]


def inputs_alone(batch):
    return batch[0]


@pytest.fixture(autouse=True)
def interrupts():
    """Ctrl-C works, which a shell switches off for what it starts in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press(*arguments):
    signal.raise_signal(signal.SIGINT)


def nan_from(at):
    calls = iter(range(10**6))

    def loss(outputs, targets):
        return LOSS(outputs, targets) * (math.nan if next(calls) >= at else 1)

    return loss


def leave(bench, how):
    """Run a range test that ends in a given way."""
    model, loss, change, more = bench.model, LOSS, to_float, {"max_lr": 0.1}
    error = KeyboardInterrupt if "Ctrl-C" in how else StopError
    hook = None
    if how.endswith("in the model"):
        hook = model.head.register_forward_hook(failing(13, error, lambda *a: None))
    elif how.endswith("in the loss"):
        loss = failing(17, error, LOSS)
    elif how.endswith("in the loader"):
        change = failing(8, error, to_float)
    elif how.endswith("in backward"):
        slope = failing(9, error, lambda gradient: gradient)
        hook = model.head.weight.register_hook(slope)
    elif how.endswith("in the optimizer"):
        step = failing(5, error, lambda *a: None)
        hook = bench.optimizer.register_step_post_hook(step)
    elif how == "Ctrl-C by its signal":
        hook = bench.optimizer.register_step_pre_hook(press)
    elif how == "NaN":
        loss = nan_from(21)
    elif how == "a batch that is no pair":
        change = inputs_alone
    elif how == "explosion":
        more = {"max_lr": 1e8}
    elif how == "accumulation":
        more["accumulation"] = 3
    try:
        return range_test(
            model, bench.optimizer, loss, Loader(bench.loader, change), steps=40, **more
        )
    finally:
        if hook is not None:
            hook.remove()


EXITS = {
    "the whole range": None,
    "accumulation": None,
    "explosion": None,
    "NaN": None,
    "an error in the model": StopError,
    "an error in the loss": StopError,
    "an error in the loader": StopError,
    "an error in backward": StopError,
    "an error in the optimizer": StopError,
    "a batch that is no pair": ValueError,
    "Ctrl-C in the model": KeyboardInterrupt,
    "Ctrl-C in the loss": KeyboardInterrupt,
    "Ctrl-C in the loader": KeyboardInterrupt,
    "Ctrl-C in backward": KeyboardInterrupt,
    "Ctrl-C in the optimizer": KeyboardInterrupt,
    "Ctrl-C by its signal": KeyboardInterrupt,
}


@pytest.mark.parametrize("kind", ["adam", "sgd"])
@pytest.mark.parametrize("how", EXITS)
def test_everything_is_as_it_was_found(how, kind):
    bench = Bench(kind)
    before = bench.snapshot()
    if EXITS[how] is None:
        test = leave(bench, how)
        assert test.exploded == (how in ("explosion", "NaN"))
        assert len(test.rates) == {"NaN": 21}.get(how, len(test.rates)) > 10
    else:
        with pytest.raises(EXITS[how]):
            leave(bench, how)
    assert changed(before, bench.snapshot()) == []


@pytest.mark.parametrize("how", ["the whole range", "Ctrl-C in the model"])
def test_what_was_never_trained_has_no_state_and_no_gradients_afterwards(how):
    bench = Bench(trained=0)
    bench.model.eval()
    before = bench.snapshot()
    if EXITS[how]:
        with pytest.raises(KeyboardInterrupt):
            leave(bench, how)
    else:
        leave(bench, how)
    assert changed(before, bench.snapshot()) == []
    assert not bench.optimizer.state
    assert all(p.grad is None for p in bench.model.parameters())
    with pytest.warns(UserWarning, match="before `optimizer.step"):  # as without a test
        bench.scheduler.step()


@pytest.mark.parametrize("how", ["the whole range", "explosion", "Ctrl-C in the loss"])
def test_training_goes_on_as_if_nothing_had_been(how):
    plain, tested = Bench(), Bench()
    expected = plain.train(13)
    tested = Bench()
    if EXITS[how]:
        with pytest.raises(KeyboardInterrupt):
            leave(tested, how)
    else:
        leave(tested, how)
    assert tested.train(13) == expected
    states = plain.model.state_dict(), tested.model.state_dict()
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


# What a finder would leave behind that forgot one thing; the check must see each.
FORGETFUL = {
    "note_tensor": "weights head.weight",
    "note_container": "states",
    "note_random_state": "torch",
    "note_generator": "loader",
    "note_loader": "data set",
    "note": "weights head.weight",
}


@pytest.mark.parametrize("part", FORGETFUL)
def test_a_finder_that_forgets_is_found_out(part, monkeypatch):
    monkeypatch.setattr(restoring._Found, part, lambda *arguments: None)
    bench = Bench(trained=0)
    before = bench.snapshot()
    leave(bench, "the whole range")
    assert FORGETFUL[part] in changed(before, bench.snapshot())


def spoil(bench, what):
    """Change one thing, of each kind."""
    model, optimizer = bench.model, bench.optimizer
    group = optimizer.param_groups[0]
    state = optimizer.state[model.head.weight]
    with torch.no_grad():
        {
            "weights head.weight": lambda: model.head.weight.add_(1),
            "weights norm.running_mean": lambda: model.norm.running_mean.add_(1),
            "gradient head.weight": lambda: model.head.weight.grad.add_(1),
            "requires_grad body.bias": lambda: model.body.bias.requires_grad_(False),
            "option 0 lr": lambda: group.update(lr=5.0),
            "option 0 initial_lr": lambda: group.update(initial_lr=5.0),
            "members 0": lambda: group["params"].pop(),
            "state 1 0": lambda: state["exp_avg"].add_(1),
            "states": lambda: optimizer.state.clear(),
            "stepped": lambda: vars(optimizer).pop("_opt_called"),
            "step": lambda: vars(optimizer).pop("step"),
            "modes": lambda: model.eval(),
            "hooks": lambda: model.register_forward_hook(to_float),
            "hooks of the optimizer": lambda: optimizer.register_step_pre_hook(press),
            "attributes": lambda: model.seen.pop(),
            "attribute tensor": lambda: model.last.add_(1),
            "torch": lambda: torch.rand(1),
            "numpy": lambda: np.random.rand(),
            "python": lambda: random.random(),
            "loader": lambda: torch.rand(1, generator=bench.loader.generator),
            "data set": lambda: bench.loader.dataset.rng.random(),
            "a parameter anew": lambda: setattr(model.head, "bias", nn.Parameter(T)),
            "its memory": lambda: setattr(model.head.bias, "data", T.clone()),
            "a new buffer": lambda: model.register_buffer("new", T),
            "a resized buffer": lambda: model.norm.running_var.resize_(3),
            "no gradient": lambda: optimizer.zero_grad(),
        }[what]()


T = torch.zeros(3)
KINDS = {
    "a parameter anew": "weights head.bias",
    "its memory": "weights head.bias",
    "a new buffer": "weights new",
    "a resized buffer": "weights norm.running_var",
    "no gradient": "gradient head.bias",
}
SPOILED = [
    "weights head.weight",
    "weights norm.running_mean",
    "gradient head.weight",
    "requires_grad body.bias",
    "option 0 lr",
    "option 0 initial_lr",
    "members 0",
    "state 1 0",
    "states",
    "stepped",
    "step",
    "modes",
    "hooks",
    "hooks of the optimizer",
    "attributes",
    "attribute tensor",
    "torch",
    "numpy",
    "python",
    "loader",
    "data set",
    *KINDS,
]


@pytest.mark.parametrize("what", SPOILED)
def test_the_check_sees_each_thing_and_each_is_put_back(what):
    bench = Bench()
    before = bench.snapshot()
    spoil(bench, what)
    assert KINDS.get(what, what) in changed(before, bench.snapshot())
    bench = Bench()
    before = bench.snapshot()
    with left_as_found(bench.model, bench.optimizer, loader=bench.loader):
        if what != "gradient head.weight":  # there is none in the block
            spoil(bench, what)
    assert changed(before, bench.snapshot()) == []


def test_a_second_interrupt_waits_until_all_is_put_back(monkeypatch):
    bench = Bench()
    before = bench.snapshot()
    whole = restoring._Found.put_back

    def put_back(found):
        middle = len(found.undo) // 2
        found.undo.insert(middle, press)
        whole(found)
        found.undo.pop(middle)

    monkeypatch.setattr(restoring._Found, "put_back", put_back)
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt) as caught:
        leave(bench, "an error in the loss")
    assert isinstance(caught.value.__context__, StopError)
    assert changed(before, bench.snapshot()) == []
    assert signal.getsignal(signal.SIGINT) is handler


def test_what_cannot_be_put_back_is_said_and_the_rest_is_put_back(monkeypatch):
    bench = Bench()
    before = bench.snapshot()
    note = restoring._Found.note_random_state

    def refuse():
        raise StopError("no")

    def with_a_fault(found):
        note(found)
        found.undo.append(refuse)

    monkeypatch.setattr(restoring._Found, "note_random_state", with_a_fault)
    with pytest.raises(ExceptionGroup, match="not everything could be put back") as got:
        leave(bench, "the whole range")
    assert isinstance(got.value.exceptions[0], StopError)
    assert changed(before, bench.snapshot()) == []


def test_it_works_in_a_thread():
    bench = Bench()
    before = bench.snapshot()
    results = []
    thread = threading.Thread(
        target=lambda: results.append(leave(bench, "the whole range"))
    )
    thread.start()
    thread.join()
    assert len(results[0].rates) == 40
    assert changed(before, bench.snapshot()) == []


def test_it_works_where_gradients_are_switched_off():
    bench = Bench()
    with torch.no_grad():
        assert len(leave(bench, "the whole range").rates) == 40


def test_sparse_and_complex_tensors_are_put_back():
    model = nn.Linear(2, 2)
    model.register_buffer("graph", torch.eye(2).to_sparse())
    model.register_buffer("wave", torch.ones(2, dtype=torch.complex64))
    with left_as_found(model):
        model.graph.mul_(3)
        model.wave.mul_(3j)
    assert torch.equal(model.graph.to_dense(), torch.eye(2))
    assert torch.equal(model.wave, torch.ones(2))


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_a_compiled_model_is_put_back():
    parts = nn.Linear(8, 8), nn.BatchNorm1d(8), nn.Linear(8, 3)
    model = torch.jit.script(nn.Sequential(*parts)).eval()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    batches = [(torch.randn(9, 8), torch.arange(9) % 3)]
    test = range_test(model, optimizer, LOSS, batches)
    assert test.losses.min() < test.losses[0] - 0.5
    after = model.state_dict()
    assert all(torch.equal(after[name], before[name]) for name in before)
    assert not any(module.training for module in model.modules())


def test_the_order_of_a_loader_of_ones_own_is_put_back():
    class Own:
        def __init__(self):
            self.rows = np.arange(40)
            self.more = list(range(40))
            self.sampler = OwnSampler(range(4))
            self.rounds = 0

        def __iter__(self):
            self.rounds += 1
            np.random.shuffle(self.rows)
            random.shuffle(self.more)
            self.sampler.epoch += 1
            return iter([(torch.zeros(4, 8), torch.zeros(4, dtype=torch.long))])

    class OwnSampler(Sampler):
        def __init__(self, data):
            self.epoch = 0

    loader, bench = Own(), Bench()
    range_test(bench.model, bench.optimizer, LOSS, loader, steps=12)
    assert loader.rows.tolist() == loader.more == list(range(40))
    assert (loader.rounds, loader.sampler.epoch) == (0, 0)


class Bowl(nn.Module):
    """``Σ c x² / 2``, which is its own loss; with a batch, the bowl moved aside."""

    def __init__(self, curvature, start=None, seed=0):
        super().__init__()
        self.curvature = torch.tensor(curvature, dtype=torch.float64)
        self.x = nn.Parameter(torch.ones_like(self.curvature))
        if start is not None:
            self.x.data = torch.tensor(start, dtype=torch.float64)

    def forward(self, aside=0.0):
        return (self.curvature * (self.x - aside) ** 2).sum() / 2


def as_it_is(outputs, targets):
    return outputs


def bowl_test(model, momentum=0.0, batches=((0.0, None),), **more):
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0, momentum=momentum)
    return range_test(model, optimizer, as_it_is, list(batches), **more)


def seen_rates(model, optimizer, **more):
    """The rates of each group at each step."""
    seen = []
    optimizer.register_step_pre_hook(
        lambda *a: seen.append([float(g["lr"]) for g in optimizer.param_groups])
    )
    range_test(model, optimizer, as_it_is, [(0.0, None)], **more)
    return np.array(seen)


def test_rates_rise_by_one_factor_and_groups_keep_their_proportion():
    model = nn.ModuleList([Bowl([1e-9]), Bowl([1e-9]), Bowl([1e-9])])
    model.forward = lambda x: sum(part(x) for part in list(model))
    groups = [
        {"params": model[0].parameters(), "lr": 0.02},
        {"params": model[1].parameters(), "lr": torch.tensor(0.2, dtype=torch.float64)},
        {"params": model[2].parameters(), "lr": 0.0},
    ]
    optimizer = torch.optim.SGD(groups, foreach=False)
    tensor = optimizer.param_groups[1]["lr"]
    rates = seen_rates(model, optimizer, min_lr=1e-4, max_lr=1.0, steps=13)
    expected = 1e-4 * 1e4 ** (np.arange(13) / 12)
    np.testing.assert_allclose(rates[:, 1], expected, rtol=1e-14)
    np.testing.assert_allclose(rates[:, 0], expected / 10, rtol=1e-14)
    assert not rates[:, 2].any()
    assert optimizer.param_groups[1]["lr"] is tensor
    assert tensor.item() == 0.2
    assert [group["lr"] for group in optimizer.param_groups[::2]] == [0.02, 0.0]


def test_the_updates_are_those_of_the_optimizer():
    start, rates = 1.0, np.geomspace(1e-3, 0.1, 30)
    expected, x, velocity = [], start, 0.0
    for rate in rates:
        expected.append(10 * x * x / 2)
        velocity = 0.9 * velocity + 10 * x
        x -= rate * velocity
    test = bowl_test(Bowl([10.0]), momentum=0.9, min_lr=1e-3, max_lr=0.1, steps=30)
    np.testing.assert_allclose(test.rates, rates)
    np.testing.assert_allclose(test.losses, expected, rtol=1e-10)


def test_accumulated_batches_equal_a_larger_one():
    data = TensorDataset(torch.randn(48, 8), torch.randint(0, 3, (48,)))

    def losses(batch_size, accumulation):
        torch.manual_seed(1)
        model = nn.Linear(8, 3).double()
        optimizer = torch.optim.Adam(model.parameters(), lr=1.0)
        batches = [(x.double(), y) for x, y in DataLoader(data, batch_size)]
        return range_test(
            model, optimizer, LOSS, batches, accumulation=accumulation, steps=50
        ).losses

    np.testing.assert_allclose(losses(8, 3), losses(24, 1), rtol=1e-9)


def test_the_smoothed_curve_lags_by_what_is_said():
    slope = np.arange(200.0)
    smoothed = [finder._last_average(list(slope[: n + 1]), 0.9) for n in range(200)]
    n = np.arange(1, 201)
    early = 0.9 / 0.1 - n * 0.9**n / (1 - 0.9**n)
    np.testing.assert_allclose(slope - smoothed, early, atol=1e-9)
    test = bowl_test(Bowl([1e-9]), steps=101, min_lr=1e-6, max_lr=1e4)
    assert test.lag == pytest.approx(9)
    assert abs(slope[-1] - smoothed[-1] - test.lag) < 1e-5
    assert test.lag_decades == pytest.approx(0.9)
    expected = [
        finder._last_average(list(test.losses[: n + 1]), 0.9) for n in range(101)
    ]
    np.testing.assert_allclose(test.smoothed, expected)
    assert bowl_test(Bowl([1.0]), smoothing=0.0).lag == 0


def test_the_curve_that_is_read_does_not_lag():
    rates = np.geomspace(1e-6, 1, 100)
    losses = 5 + ((np.arange(100) - 49.5) / 10) ** 2
    centred = RangeTest(rates, losses, losses, 0.9, "", False, None).centred
    np.testing.assert_allclose(centred, centred[::-1])
    assert abs(centred.argmin() - 49.5) == 0.5


def rate_is_good(model, rate, momentum, updates=150):
    """Whether training at a rate gets the loss to less than half."""
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum)
    first = model().item()
    for _ in range(updates):
        optimizer.zero_grad()
        model().backward()
        optimizer.step()
    return model().item() < first / 2


BOWLS = [
    ([10.0], None),
    ([0.3], None),
    ([100.0, 1.0], None),
    ([100.0, 1.0], [0.01, 1.0]),
    ([100.0, 1.0], [1e-4, 1.0]),
    ([1000.0, 1.0], [0.001, 1.0]),
    (np.geomspace(1, 1000, 30).tolist(), None),
]


@pytest.mark.parametrize("steps", [50, 150])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize(("curvature", "start"), BOWLS)
def test_the_suggestion_is_below_the_stability_limit_of_bowls(
    curvature, start, momentum, steps
):
    test = bowl_test(Bowl(curvature, start), momentum, steps=steps)
    rate, limit = test.suggestion.rate, 2 * (1 + momentum) / max(curvature)
    assert rate is not None
    assert rate < 0.7 * limit
    if start is None:
        assert rate_is_good(Bowl(curvature, start), rate, momentum)


def test_an_explosion_tells_the_limit_of_a_bowl():
    test = bowl_test(Bowl([100.0, 1.0], [1e-4, 1.0]))
    assert test.suggestion.rate == pytest.approx(0.02 / 1.5, rel=0.1)
    assert "two thirds of 0.02, the stability limit" in test.suggestion.reason
    assert test.exploded
    assert "its smoothed curve rose from" in test.stopped


def test_the_same_in_other_units():
    class Other(Bowl):
        def forward(self, aside=0.0):
            return 5 * super().forward(aside) - 700

    one, other = (
        bowl_test(Bowl([5.0])),
        bowl_test(Other([5.0]), min_lr=2e-8, max_lr=2.0),
    )
    assert len(one.losses) == len(other.losses)
    assert one.exploded
    assert other.exploded
    assert other.suggestion.rate == pytest.approx(one.suggestion.rate / 5)


def test_digits_by_three_optimizers():
    inputs, targets = tasks._digits_data()
    loader = DataLoader(TensorDataset(inputs.float(), targets), 128)
    good = {"SGD": (0.3, 6), "Adam": (0.003, 0.2), "AdamW": (0.003, 0.2)}
    for name, (low, high) in good.items():
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
        optimizer = getattr(torch.optim, name)(model.parameters(), lr=1.0)
        test = range_test(model, optimizer, nn.CrossEntropyLoss(), loader)
        assert low < test.suggestion.rate < high
        assert "half of" in test.suggestion.reason


def noise(seed, size):
    return [(float(x), None) for x in np.random.default_rng(seed).normal(0, 1, size)]


class Flat(nn.Module):
    def __init__(self):
        super().__init__()
        self.x = nn.Parameter(torch.zeros(1))

    def forward(self, value):
        return value + 0 * self.x.sum()


NO_RATE = {
    "still falling": (Bowl([0.01]), {}, "still falling at the last rate, 10"),
    "never moves": (
        Flat(),
        {"batches": [(2.0, None)]},
        "too little to tell from chance",
    ),
    "noise alone": (
        Flat(),
        {"batches": noise(0, 100)},
        "Use larger batches, accumulat",
    ),
    "rises at once": (
        Bowl([10.0]),
        {"min_lr": 0.3, "steps": 60, "threshold": 50.0},
        "The loss rises from the first rates on, 0.3",
    ),
    "falls at once": (
        Bowl([10.0]),
        {"min_lr": 0.1, "max_lr": 3.0},
        "The loss falls from the first rates on, 0.1 .* Lower min_lr",
    ),
    "too far apart": (
        Bowl([10.0]),
        {"steps": 20},
        "a factor of 2.6 apart.*Raise steps",
    ),
    "too few": (Bowl([1e300]), {}, "stopped after 1 updates, too few"),
}


@pytest.mark.parametrize("name", NO_RATE)
def test_no_rate_with_its_reason(name):
    model, more, reason = NO_RATE[name]
    suggestion = bowl_test(model, **more).suggestion
    assert suggestion.rate is None
    assert re.search(reason, suggestion.reason), suggestion.reason
    assert repr(suggestion).startswith("no rate: ")


def test_no_rate_where_good_ones_are_below_the_range():
    rates = np.geomspace(0.1, 1, 40)
    level, bottom = np.full(15, 3.0), np.full(4, 1.0)
    losses = np.concatenate([level, np.linspace(3, 1, 20), bottom, [1e6]])
    suggestion = suggest(rates, losses, True)
    assert suggestion.rate is None
    assert "below the first rate, 0.1: two thirds of" in suggestion.reason
    assert "Lower min_lr" in suggestion.reason


def test_noise_alone_seldom_gets_a_rate():
    rng, rates = np.random.default_rng(0), np.geomspace(1e-7, 10, 100)
    curves = rng.standard_normal((200, 100))
    found = [suggest(rates, curve, False).rate is not None for curve in curves]
    assert np.mean(found) < 0.05
    falling = 3 - 8 / (1 + (1e-3 / rates) ** 2)
    found = [suggest(rates, c + falling, False).rate is not None for c in curves]
    assert np.mean(found) > 0.95


def test_nan_at_once():
    bench = Bench()
    test = range_test(
        bench.model, bench.optimizer, nan_from(0), Loader(bench.loader, to_float)
    )
    assert len(test.rates) == len(test.losses) == len(test.smoothed) == 0
    assert test.stopped == "The loss was nan at the rate 1e-07."
    assert "0 updates" in repr(test)
    assert test.lag_decades == 0
    with pytest.raises(ValueError, match="two losses or more, got 0: The loss was nan"):
        test.plot()


def test_what_is_printed():
    test = bowl_test(Bowl([10.0]))
    text = repr(test)
    assert text.startswith("range test  ")
    assert f"suggestion  {test.suggestion.rate:.3g}: half of" in text
    assert "lags by 9 updates, 0.73 decades of rate" in text
    assert "- **suggestion**: " in test._repr_markdown_()
    assert test.plot().alt.endswith(test.suggestion.reason)


def test_inputs_of_each_kind():
    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(2, 1)

        def forward(self, a, b=None):
            return self.layer(a) + (0 if b is None else b)

    a, b, y = torch.ones(4, 2), torch.zeros(4, 1), torch.ones(4, 1)
    model = Two()
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    curves = [
        range_test(model, optimizer, nn.MSELoss(), [(inputs, y)], steps=20).losses
        for inputs in (a, (a, b), [a, b], {"a": a, "b": b})
    ]
    assert all(np.array_equal(curve, curves[0]) for curve in curves)


def test_an_optimizer_that_asks_for_the_loss():
    model = Bowl([10.0, 1.0])
    optimizer = torch.optim.LBFGS(model.parameters(), lr=1.0)
    test = range_test(model, optimizer, as_it_is, [(0.0, None)], steps=50)
    assert test.losses[-1] < 1e-3 * test.losses[0]
    assert not optimizer.state
    assert torch.equal(model.x, torch.ones(2, dtype=torch.float64))


def test_a_loss_with_parameters_is_put_back_too():
    class Weighted(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(3))

        def forward(self, outputs, targets):
            return LOSS(outputs * self.weight, targets)

    loss, model = Weighted(), nn.Linear(8, 3)
    optimizer = torch.optim.SGD([*loss.parameters(), *model.parameters()], lr=1.0)
    range_test(model, optimizer, loss, [(torch.randn(9, 8), torch.arange(9) % 3)])
    assert torch.equal(loss.weight, torch.ones(3))


def test_modes():
    modes = []

    class Spy(nn.Linear):
        def forward(self, x):
            modes.append(self.training)
            return super().forward(x)

    model = nn.Sequential(Spy(8, 8), Spy(8, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    batches = [(torch.randn(9, 8), torch.arange(9) % 3)]
    model[0].eval()
    range_test(model, optimizer, LOSS, batches, steps=10)
    assert modes[:2] == [False, True]
    model.eval()
    modes.clear()
    range_test(model, optimizer, LOSS, batches, steps=10)
    assert modes[:2] == [True, True]
    assert not any(module.training for module in model.modules())


def test_a_scheduler_neither_counts_nor_warns():
    model = Bowl([10.0])
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    scheduler = StepLR(optimizer, 2)
    range_test(model, optimizer, as_it_is, [(0.0, None)])
    rates = []
    for _ in range(4):
        rates.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    assert rates == [1.0, 1.0, 0.1, 0.1]


OTHER = torch.optim.SGD(nn.Linear(2, 2).parameters(), lr=1.0)


def call(**changes):
    """A range test with good arguments but for some."""
    model = changes.pop("model", None) or nn.Linear(2, 2)
    good = {
        "optimizer": torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=1.0),
        "loss": LOSS,
        "loader": [(torch.randn(4, 2), torch.zeros(4, dtype=torch.long))],
    }
    if isinstance(model, nn.Linear | nn.LazyLinear):
        good["optimizer"] = torch.optim.SGD(model.parameters(), lr=1.0)
    range_test(model, **good | changes)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"model": LOSS}, TypeError, "model must be an nn.Module, got <function"),
        ({"optimizer": "adam"}, TypeError, "optimizer must be one of .*, got 'adam'"),
        ({"loss": "mse"}, TypeError, r"loss must be a function of .*, got 'mse'"),
        (
            {"loader": 3},
            TypeError,
            "loader must give batches, got 3: pass a DataLoader",
        ),
        ({"loader": iter([])}, TypeError, "loader must be able to start again, got <l"),
        ({"loader": []}, ValueError, r"loader must have a batch, got \[\]"),
        ({"min_lr": 0}, ValueError, "min_lr must be positive and finite, got 0"),
        ({"max_lr": "1"}, TypeError, "max_lr must be a number, got '1'"),
        ({"min_lr": 20.0}, ValueError, "below max_lr, got 20.0 and 10.0: swap them"),
        ({"steps": 9}, ValueError, "steps must be at least 10, got 9"),
        ({"steps": 10.0}, TypeError, "steps must be a whole number, got 10.0"),
        ({"smoothing": 1}, ValueError, r"smoothing must be in \[0, 1\), got 1: 0 smo"),
        ({"threshold": 0}, ValueError, "threshold must be positive and finite, got 0"),
        ({"accumulation": 0}, ValueError, "accumulation must be at least 1, got 0"),
        ({"progress": 1}, TypeError, "progress must be True or False, got 1"),
        ({"model": nn.ReLU()}, ValueError, "must have a trainable parameter, got ReLU"),
        (
            {"model": nn.LazyLinear(2)},
            ValueError,
            "got LazyLinear with lazy parameters",
        ),
        (
            {"optimizer": OTHER},
            ValueError,
            "must train parameters of the model, got one",
        ),
        (
            {"loss": lambda a, b: a},
            ValueError,
            "one number, got torch.Size.*average ov",
        ),
        ({"loss": lambda a, b: 2.0}, ValueError, "one number, got 2.0: average over"),
        (
            {"loss": lambda a, b: a.detach().sum()},
            ValueError,
            "without a gradient: lea",
        ),
        (
            {"loader": [torch.ones(3)]},
            ValueError,
            "must give pairs .*, got a Tensor of",
        ),
        (
            {"loader": DataLoader([1], 2, drop_last=True)},
            ValueError,
            "must have a batch",
        ),
    ],
)
def test_refusals(arguments, error, message):
    with pytest.raises(error, match=message):
        call(**arguments)


def test_an_optimizer_without_a_rate():
    model = nn.Linear(2, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.0)
    with pytest.raises(ValueError, match=r"a positive rate in some group, got \[0.0\]"):
        call(model=model, optimizer=optimizer)


def test_refused_before_anything_is_touched():
    bench = Bench()
    bench.model.seen.append("here")
    before = bench.snapshot()
    batches = iter([1, 2, 3])
    with pytest.raises(TypeError, match="able to start again"):
        range_test(bench.model, bench.optimizer, LOSS, batches)
    assert next(batches) == 1
    assert changed(before, bench.snapshot()) == []


def test_progress_is_shown_and_can_be_hidden(monkeypatch, capsys):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    shown = []
    monkeypatch.setattr(
        finder, "tqdm", lambda **more: shown.append(more) or tqdm(**more, mininterval=9)
    )
    bowl_test(Bowl([1.0]))
    bowl_test(Bowl([1.0]), progress=False)
    monkeypatch.setenv("TQDM_DISABLE", "1")
    bowl_test(Bowl([1.0]))
    assert [more["disable"] for more in shown] == [False, True, True]
    assert shown[0]["delay"] == 1
    assert capsys.readouterr().err == ""


def test_importing_it_loads_no_matplotlib():
    code = "import sys, lrlib.finder; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_noise_alone_is_no_explosion():
    """What ten losses say of the noise may be too low: taken as it is, 7 of the first
    300 such sweeps were stopped, one of them among these.
    """
    generator = torch.Generator().manual_seed(0)
    layer = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(layer.parameters(), lr=1.0)
    for _ in range(120):
        draws = iter(1 + 0.02 * torch.randn(100, generator=generator))

        def noise(outputs, targets, draws=draws):
            return next(draws) + 0 * outputs.sum()

        batches = [(torch.ones(1), None)]
        test = range_test(layer, optimizer, noise, batches, progress=False)
        assert not test.exploded


DEVICES = ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]


@pytest.mark.parametrize("device", DEVICES)
def test_batches_go_where_the_model_is_and_its_generator_is_put_back(device):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(8, 16), nn.Dropout(0.1), nn.Linear(16, 3))
    optimizer = torch.optim.Adam(model.to(device).parameters(), lr=1.0)
    targets = Watched(torch.arange(9) % 3)
    batches = [(torch.randn(9, 8), targets)]
    before = [p.detach().clone() for p in model.parameters()]
    source = torch.cuda if device == "cuda" else torch
    state = source.get_rng_state()
    test = range_test(model, optimizer, LOSS, batches)
    assert len(test.losses) > 50
    assert {place.type for place in targets.went_to} == {device}
    assert all(map(torch.equal, before, model.parameters()))
    assert torch.equal(state, source.get_rng_state())
    assert not optimizer.state


class Watched:
    """Something that can be moved, as a tensor can, and remembers to where."""

    def __init__(self, tensor):
        self.tensor = tensor
        self.went_to = []

    def to(self, device):
        self.went_to.append(device)
        return self.tensor.to(device)
