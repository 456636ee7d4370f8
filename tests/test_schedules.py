"""The idea of a schedule, what each promises, and the bridge to torch.optim."""

import copy
import dataclasses
import math
import pickle
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest
import torch

from lrlib import decay, practice, schedules, warmup
from lrlib.arguments import fraction, positive, real_array, share, whole
from lrlib.schedules import Schedule, as_scheduler, scale, sequence


@dataclass(frozen=True)
class Halving(Schedule):
    """1, 1/2, 1/4, … times lr: a schedule that moves, to test the bridge with."""

    lr: float

    def rates(self, t):
        return self.lr * 0.5**t


def parameter():
    return torch.nn.Parameter(torch.ones(1))


def test_int_gives_float_and_array_gives_float64_of_its_shape():
    schedule = Halving(0.8)
    assert schedule(2) == 0.2
    assert type(schedule(np.int64(2))) is float
    rates = schedule(np.arange(6, dtype=np.int32).reshape(2, 3))
    assert rates.dtype == np.float64
    assert rates.shape == (2, 3)
    assert rates[1, 0] == schedule(3)


@pytest.mark.parametrize("t", [1.0, "1", np.array([0.5]), True])
def test_a_step_that_is_not_whole_is_refused(t):
    with pytest.raises(TypeError, match="t must be an int"):
        Halving(1.0)(t)


def test_a_negative_step_is_refused():
    with pytest.raises(ValueError, match="got -3"):
        Halving(1.0)(np.array([0, -3]))


@pytest.mark.parametrize("bad", [0, -0.1, math.nan, math.inf])
def test_positive_names_argument_value_and_remedy(bad):
    with pytest.raises(ValueError, match=rf"lr .* got {bad}: choose"):
        positive("lr", bad)


@pytest.mark.parametrize("bad", ["0.1", None, True, 1j])
def test_positive_refuses_what_is_no_number(bad):
    with pytest.raises(TypeError, match="lr must be a number"):
        positive("lr", bad)


@pytest.mark.parametrize("bad", [-0.1, 1, math.nan, math.inf])
def test_fraction_names_argument_value_and_remedy(bad):
    with pytest.raises(ValueError, match=rf"momentum .* \[0, 1\), got {bad}: 0 is"):
        fraction("momentum", bad)


def test_fraction_takes_numbers_from_0_to_below_1():
    assert [fraction("momentum", m) for m in (0, 0.9)] == [0.0, 0.9]
    with pytest.raises(TypeError, match="momentum must be a number, got True"):
        fraction("momentum", True)


@pytest.mark.parametrize("bad", [0, -0.1, 1.1, math.nan, math.inf])
def test_share_names_argument_value_and_remedy(bad):
    message = f"start must be above 0 and at most 1, got {bad}: half is 0.5"
    with pytest.raises(ValueError, match=message):
        share("start", bad, "half is 0.5")
    assert share("start", 1, "half is 0.5") == 1.0


def test_real_array_takes_whatever_is_made_of_real_numbers():
    for value in (1, [1, 2.0], np.float32(1.5), torch.ones(2, 2)):
        array = real_array("start", value)
        assert array.dtype == np.float64
        np.testing.assert_array_equal(array, np.asarray(value))


def test_whole_refuses_floats_and_small_numbers():
    with pytest.raises(TypeError, match=r"steps .* got 10.0"):
        whole("steps", 10.0, at_least=1)
    with pytest.raises(ValueError, match="at least 1, got 0"):
        whole("steps", 0, at_least=1)


def test_scheduler_trains_with_the_rates_of_the_schedule():
    optimizer = torch.optim.SGD([parameter()], lr=123.0)
    scheduler = as_scheduler(optimizer, Halving(0.8))
    assert isinstance(scheduler, torch.optim.lr_scheduler.LRScheduler)
    used = []
    for _ in range(4):
        used.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    assert used == [Halving(0.8)(t) for t in range(4)]
    assert scheduler.get_last_lr() == [Halving(0.8)(4)]


def test_groups_keep_their_ratio_to_the_fastest():
    groups = [{"params": [parameter()], "lr": 0.01}, {"params": [parameter()]}]
    optimizer = torch.optim.SGD(groups, lr=0.1)
    as_scheduler(optimizer, Halving(0.8))
    assert [g["lr"] for g in optimizer.param_groups] == pytest.approx([0.08, 0.8])


def test_resuming_needs_one_integer_and_sets_the_rate():
    optimizer = torch.optim.SGD([parameter()], lr=1.0)
    scheduler = as_scheduler(optimizer, Halving(0.8))
    for _ in range(3):
        optimizer.step()
        scheduler.step()
    state = copy.deepcopy(scheduler.state_dict())
    assert state == {"last_epoch": 3}

    other = torch.optim.SGD([parameter()], lr=1.0)
    resumed = as_scheduler(other, Halving(0.8))
    resumed.load_state_dict(state)
    assert other.param_groups[0]["lr"] == 0.1
    other.step()
    resumed.step()
    assert other.param_groups[0]["lr"] == 0.05


@pytest.mark.parametrize(
    ("state", "error", "message"),
    [
        (
            {},
            ValueError,
            r"state_dict must have the entry 'last_epoch', got \[\]: load",
        ),
        ({"epoch": 3}, ValueError, r"'last_epoch', got \['epoch'\]: load"),
        ({"last_epoch": "3"}, TypeError, "last_epoch must be a whole number, got '3'"),
        ({"last_epoch": -1}, ValueError, "last_epoch must be at least 0, got -1"),
    ],
)
def test_a_state_of_something_else_is_refused_and_changes_nothing(
    state, error, message
):
    optimizer = torch.optim.SGD([parameter()], lr=1.0)
    scheduler = as_scheduler(optimizer, Halving(0.8))
    optimizer.step()
    scheduler.step()
    with pytest.raises(error, match=message):
        scheduler.load_state_dict(state)
    assert scheduler.state_dict() == {"last_epoch": 1}
    assert optimizer.param_groups[0]["lr"] == 0.4


def test_bridge_refuses_other_things():
    optimizer = torch.optim.SGD([parameter()], lr=1.0)
    with pytest.raises(TypeError, match=r"decay\.constant"):
        as_scheduler(optimizer, 0.1)
    with pytest.raises(TypeError, match=r"torch\.optim\.Optimizer, got 'SGD'"):
        as_scheduler("SGD", decay.constant(0.1))


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        ([0.0, 0.0], "rate 0 in every parameter group"),
        ([0.1, -0.05], "finite rates of 0 or more"),
        ([0.1, math.inf], "finite rates of 0 or more"),
        ([math.nan, 0.1], "finite rates of 0 or more"),
    ],
)
def test_bridge_refuses_rates_without_a_ratio_and_leaves_them_to_be_mended(
    rates, message
):
    optimizer = torch.optim.SGD([{"params": [parameter()]} for _ in rates], lr=0.1)
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate
    with pytest.raises(ValueError, match=message):
        as_scheduler(optimizer, decay.constant(0.1))
    for group, rate in zip(optimizer.param_groups, (0.1, 0.05), strict=True):
        group["lr"] = rate
    as_scheduler(optimizer, decay.constant(0.3))
    assert [group["lr"] for group in optimizer.param_groups] == [0.3, 0.15]


def test_schedules_and_parabolas_do_not_load_torch():
    code = (
        "import sys, lrlib, lrlib.decay, lrlib.basics as b\n"
        "b.gradient_descent(lambda x: x, 1.0, 0.1, 3); b.stability_limit(2.0)\n"
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_schedule_can_be_pickled():
    schedule = decay.constant(0.1)
    assert pickle.loads(pickle.dumps(schedule)) == schedule


# What every schedule promises ---------------------------------------------------------

EXAMPLES = [
    decay.constant(0.1),
    decay.step(0.1, 7, 0.5),
    decay.multistep(0.1, [20, 5, 5], 0.5),
    decay.exponential(0.1, 0.9),
    decay.exponential(1e-6, 1.05),
    decay.linear(0.1, 30),
    decay.linear(0.1, 30, 0.2, 1.0),
    decay.polynomial(0.1, 30, 0.5),
    decay.inverse_time(0.1, 0.3, 0.75),
    decay.cosine(0.1, 30, 0.01),
    decay.cosine_restarts(0.1, 7, 2, 0.01, 0.8),
    decay.cyclic(0.01, 0.1, 5, 9, "exp_range", 0.99),
    decay.custom(0.1, math.cosh),
    warmup.linear(0.1, 10, 0.01),
    warmup.hold(0.1, 0.3, 10),
    warmup.geometric(0.1, 10, 1e-3),
    warmup.exponential(0.1, 0.9),
    warmup.inverse_sqrt(64, 10, 0.5),
    warmup.cosine_with_warmup(0.1, 10, 40, 0.01),
    practice.one_cycle(0.1, 40),
    practice.wsd(0.1, 10, 40, 12, 0.01, "sqrt"),
    sequence([decay.linear(0.1, 5, 0.2, 1.0), decay.cosine(0.1, 25)], [5]),
    scale(decay.step(0.1, 7), 3.0),
]


def test_every_schedule_has_an_example():
    made = {type(example) for example in EXAMPLES}
    found = {
        value
        for module in (decay, warmup, practice, schedules)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Schedule)
    }
    assert found - {Schedule} <= made


@pytest.mark.parametrize("schedule", EXAMPLES, ids=repr)
def test_a_schedule_is_a_value(schedule):
    module = vars(sys.modules[type(schedule).__module__])  # two are "exponential"
    again = eval(repr(schedule), {**vars(decay), **module, "cosh": math.cosh})
    assert again == schedule
    assert hash(again) == hash(schedule)
    assert pickle.loads(pickle.dumps(schedule)) == schedule
    field = dataclasses.fields(schedule)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(schedule, field, 1.0)


@pytest.mark.parametrize("schedule", EXAMPLES, ids=repr)
def test_one_call_on_an_array_is_many_on_ints(schedule):
    t = np.arange(60).reshape(3, 20)
    found = schedule(t)
    assert found.shape == t.shape
    assert found.dtype == np.float64
    one_by_one = np.array([schedule(int(n)) for n in t.ravel()])
    # numpy's loops over arrays may round the last bit in another way
    np.testing.assert_allclose(found.ravel(), one_by_one, rtol=4e-16)
    backwards = schedule(t.ravel()[::-1])
    np.testing.assert_allclose(backwards[::-1], one_by_one, rtol=4e-16)
    assert schedule(np.arange(0)).shape == (0,)
    assert type(schedule(3)) is float


@pytest.mark.parametrize("schedule", EXAMPLES, ids=repr)
def test_in_a_loop_of_torch_every_schedule_resumes_with_its_groups(schedule):
    def fresh():
        body, head = (torch.nn.Parameter(torch.ones(1)) for _ in range(2))
        groups = [{"params": [body], "lr": 0.01}, {"params": [head], "lr": 0.1}]
        optimizer = torch.optim.SGD(groups, lr=0.1)
        return optimizer, as_scheduler(optimizer, schedule)

    def train(optimizer, scheduler, updates):
        seen = []
        for _ in range(updates):
            seen.append([group["lr"] for group in optimizer.param_groups])
            optimizer.step()
            scheduler.step()
        return seen

    optimizer, scheduler = fresh()
    seen = train(optimizer, scheduler, 23)
    saved = pickle.loads(pickle.dumps(scheduler.state_dict()))
    optimizer, scheduler = fresh()
    scheduler.load_state_dict(saved)
    seen += train(optimizer, scheduler, 20)
    body, head = np.array(seen).T
    np.testing.assert_allclose(head, schedule(np.arange(43)), rtol=1e-15)
    np.testing.assert_allclose(body, 0.1 * schedule(np.arange(43)), rtol=1e-12)
