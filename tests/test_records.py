"""A run that is resumed is the run that never stopped; a card says what it was."""

import copy
import random

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import (
    CosineAnnealingLR,
    LambdaLR,
    LinearLR,
    MultiStepLR,
    OneCycleLR,
    SequentialLR,
)

from lrlib import decay
from lrlib.practice import parameter_groups, resume, run_card, save, wsd
from lrlib.schedules import as_scheduler
from lrlib.warmup import cosine_with_warmup

STEPS, STOP = 30, 11


def network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.3), nn.Linear(8, 2)
    )


def made(make_optimizer, make_scheduler):
    model = network()
    optimizer = make_optimizer(parameter_groups(model, {"3": 0.1, "": 0.01}))
    return model, optimizer, make_scheduler(optimizer)


def train(model, optimizer, scheduler, steps):
    """The losses, rates and random numbers of a run that uses every random state."""
    seen = []
    for _ in range(steps):
        noise = random.random() + np.random.random()
        x = torch.randn(8, 4) + noise
        loss = nn.functional.cross_entropy(model(x), (x[:, 0] > 0).long())
        seen.append([loss.item(), optimizer.param_groups[0]["lr"], noise])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
    return np.array(seen)


OPTIMIZERS = {
    "SGD": lambda groups: torch.optim.SGD(groups, momentum=0.9),
    "Adam": torch.optim.Adam,
}
SCHEDULERS = {
    "ours": lambda o: as_scheduler(o, cosine_with_warmup(0.1, 5, STEPS)),
    "cosine": lambda o: CosineAnnealingLR(o, STEPS),
    "stairs": lambda o: MultiStepLR(o, [5, 15]),
    "one cycle": lambda o: OneCycleLR(o, 0.1, STEPS + 1),
    "joined": lambda o: SequentialLR(
        o, [LinearLR(o, 0.2, total_iters=5), CosineAnnealingLR(o, 25)], [5]
    ),
}


@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_resumed_is_as_if_never_stopped_bit_for_bit(optimizer, scheduler, tmp_path):
    kinds = OPTIMIZERS[optimizer], SCHEDULERS[scheduler]

    def begin():
        run = made(*kinds)
        for seed in (torch.manual_seed, np.random.seed, random.seed):
            seed(1)
        return run

    whole = train(*begin(), STEPS)
    run = begin()
    first = train(*run, STOP)
    save(tmp_path / "run.pt", *run)
    train(*run, 3)  # what is lost when the machine stops
    again = made(*kinds)
    resume(tmp_path / "run.pt", *again)
    second = train(*again, STEPS - STOP)
    np.testing.assert_array_equal(np.concatenate([first, second]), whole)


@pytest.mark.parametrize("forgotten", ["model", "optimizer", "scheduler", "random"])
def test_a_checkpoint_without_one_of_its_parts_is_another_run(forgotten, tmp_path):
    """The comparison above can fail: each part matters."""
    kinds = OPTIMIZERS["SGD"], SCHEDULERS["ours"]
    run = made(*kinds)
    train(*run, STOP)
    save(tmp_path / "run.pt", *run)
    whole = train(*run, 5)
    again = made(*kinds)
    resume(tmp_path / "run.pt", *again)
    if forgotten == "random":
        torch.manual_seed(5)
    else:
        place = ["model", "optimizer", "scheduler"].index(forgotten)
        blank = made(*kinds)[place]
        again[place].load_state_dict(blank.state_dict())
        if forgotten == "scheduler":
            again[1].param_groups[0]["lr"] = 0.5
    resumed = train(*again, 5)
    assert not np.array_equal(resumed, whole)


def test_another_end_can_be_chosen_from_the_stable_phase(tmp_path):
    model, optimizer, scheduler = made(
        OPTIMIZERS["SGD"], lambda o: as_scheduler(o, wsd(0.1, 5, 1000, 100))
    )
    train(model, optimizer, scheduler, 20)
    save(tmp_path / "stable.pt", model, optimizer, scheduler)
    branch = made(OPTIMIZERS["SGD"], lambda o: as_scheduler(o, wsd(0.1, 5, 25, 10)))
    resume(tmp_path / "stable.pt", *branch)
    assert branch[2].last_epoch == 20
    assert branch[2].get_last_lr()[1] == wsd(0.1, 5, 25, 10)(20)


def state_of(parts):
    return copy.deepcopy([part.state_dict() for part in parts])


def assert_same_state(left, right):
    assert repr(left) == repr(right)


def test_what_does_not_fit_changes_nothing(tmp_path):
    kinds = OPTIMIZERS["SGD"], SCHEDULERS["ours"]
    run = made(*kinds)
    train(*run, 3)
    save(tmp_path / "run.pt", *run)

    wider = network()
    wider[3] = nn.Linear(8, 5)
    optimizer = torch.optim.SGD(parameter_groups(wider, {"3": 0.1, "": 0.01}))
    other = wider, optimizer, as_scheduler(optimizer, decay.constant(0.1))
    before = state_of(other)
    with pytest.raises(RuntimeError, match="size mismatch"):
        resume(tmp_path / "run.pt", *other)
    assert_same_state(state_of(other), before)

    one_group = made(kinds[0], kinds[1])[0]
    optimizer = torch.optim.SGD(one_group.parameters(), lr=0.1)
    other = one_group, optimizer, as_scheduler(optimizer, decay.constant(0.1))
    before = state_of(other)
    random_state = torch.get_rng_state()
    with pytest.raises(ValueError, match="different number of parameter groups"):
        resume(tmp_path / "run.pt", *other)
    assert_same_state(state_of(other), before)
    assert torch.equal(torch.get_rng_state(), random_state)


@pytest.mark.parametrize(
    ("optimizer", "scheduler", "message"),
    [
        ("Adam", "ours", "optimizer must be a SGD, as in the checkpoint, got a Adam"),
        ("SGD", "cosine", "scheduler must be a Scheduler, .* got a CosineAnnealingLR"),
    ],
)
def test_the_state_of_another_kind_is_refused(optimizer, scheduler, message, tmp_path):
    run = made(OPTIMIZERS["SGD"], SCHEDULERS["ours"])
    save(tmp_path / "run.pt", *run)
    other = made(OPTIMIZERS[optimizer], SCHEDULERS[scheduler])
    with pytest.raises(ValueError, match=message):
        resume(tmp_path / "run.pt", *other)


def test_arguments_in_another_order_and_other_files_are_refused(tmp_path):
    model, optimizer, scheduler = made(OPTIMIZERS["SGD"], SCHEDULERS["ours"])
    path = tmp_path / "run.pt"
    with pytest.raises(TypeError, match="model must be a Module of torch"):
        save(path, optimizer, model, scheduler)
    with pytest.raises(TypeError, match="scheduler must have a state_dict"):
        save(path, model, optimizer, decay.constant(0.1))
    with pytest.raises(TypeError, match="scheduler must have a state_dict"):
        save(path, model, optimizer, optimizer)
    assert not path.exists()
    with pytest.raises(FileNotFoundError):
        resume(path, model, optimizer, scheduler)
    torch.save(model.state_dict(), path)
    with pytest.raises(ValueError, match="path must be a checkpoint of save"):
        resume(path, model, optimizer, scheduler)


def test_a_state_that_could_not_be_read_back_is_refused_while_saving(tmp_path):
    model, optimizer, _ = made(OPTIMIZERS["SGD"], SCHEDULERS["ours"])
    scheduler = LambdaLR(optimizer, lambda t: np.exp(-t))
    with pytest.raises(TypeError, match="optimizer must have a state of plain numbers"):
        save(tmp_path / "run.pt", model, optimizer, scheduler)
    assert not any(tmp_path.iterdir())
    plain = LambdaLR(optimizer, lambda t: float(np.exp(-t)))
    save(tmp_path / "run.pt", model, optimizer, plain)
    optimizer.param_groups[0]["momentum"] = np.float64(0.9)
    with pytest.raises(TypeError, match="optimizer must have a state of plain numbers"):
        save(tmp_path / "run.pt", model, optimizer, plain)


class Broken(nn.Linear):
    """A model whose state can't be written."""

    def get_extra_state(self):
        return (number for number in range(3))


def test_a_save_that_fails_leaves_the_checkpoint_before(tmp_path):
    run = made(OPTIMIZERS["SGD"], SCHEDULERS["ours"])
    path = tmp_path / "run.pt"
    save(path, *run)
    before = path.read_bytes()
    broken = Broken(2, 2)
    optimizer = torch.optim.SGD(broken.parameters())
    with pytest.raises(TypeError, match="generator"):
        save(path, broken, optimizer, as_scheduler(optimizer, decay.constant(0.1)))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


# The card -----------------------------------------------------------------------------


def card(**options):
    model, optimizer, _ = made(OPTIMIZERS["SGD"], SCHEDULERS["ours"])
    given = {"batch_size": 16, "seeds": [0, 1], "model": model, **options}
    text = run_card(optimizer, cosine_with_warmup(0.1, 5, 100, 0.001), 100, **given)
    return dict(line.split(": ", 1) for line in text.splitlines())


def test_a_card_reads_its_lines_off_what_trains():
    lines = card(examples=64, losses=np.linspace(2, 1, 100), limit=0.5, notes="v2")
    schedule = cosine_with_warmup(0.1, 5, 100, 0.001)
    assert lines["schedule"] == repr(schedule)
    assert lines["peak"] == "0.1, first at update 5"
    assert lines["warmup"].startswith("5 updates below the peak (5.0%), from 0.016")
    assert lines["end"] == f"{schedule(99):g} at update 99, of 100 updates"
    assert float(lines["sum of rates"]) == pytest.approx(
        schedule(np.arange(100)).sum(), rel=1e-5
    )
    assert lines["audit"] == "nothing found"
    assert lines["optimizer"] == "SGD(momentum=0.9, dampening=0, weight_decay=0)"
    assert lines["group 3"] == "18 parameters, 1 of the rate"
    assert lines["group rest"] == "56 parameters, 0.1 of the rate"
    assert lines["parameters"] == "74 trained, of 74"
    assert lines["batch"] == "16 examples an update, 1,600 in all: 25 epochs of 64"
    assert lines["seeds"] == "0, 1"
    assert lines["loss"].startswith("2 at first, 1.045 over the last 10; 100 of 100")
    assert lines["largest stable rate"] == "0.5"
    assert f"torch {torch.__version__}" in lines["versions"]
    assert lines["notes"] == "v2"


def test_a_card_says_what_it_was_not_told():
    lines = card(model=None, seeds=[])
    assert lines["seeds"] == "none given"
    assert lines["loss"] == lines["parameters"] == "not given"
    assert lines["largest stable rate"] == "not given"
    assert lines["batch"].endswith("size of the training set not given")
    assert "notes" not in lines


def test_a_card_shows_the_faults_of_its_schedule():
    lines = card(limit=0.05)
    assert "0.05" in lines["audit"]
    assert lines["audit"] != "nothing found"


def test_a_card_of_torchs_scheduler_says_how_it_was_made():
    _, optimizer, scheduler = made(OPTIMIZERS["Adam"], SCHEDULERS["cosine"])
    text = run_card(optimizer, scheduler, STEPS, batch_size=4, seeds=[0])
    assert text.startswith(f"schedule: CosineAnnealingLR(T_max={STEPS}, eta_min=0.0)")
    assert "\nwarmup: none\n" in text
    assert "optimizer: Adam(betas=(0.9, 0.999), eps=1e-08, weight_decay=0)" in text
    again = run_card(
        optimizer,
        as_scheduler(optimizer, decay.cosine(0.1, STEPS)),
        STEPS,
        batch_size=4,
        seeds=[0],
    )
    assert again.startswith(f"schedule: cosine(lr=0.1, T_max={STEPS}, eta_min=0.0)")


def test_a_card_says_that_a_function_is_not_known():
    _, optimizer, _ = made(OPTIMIZERS["SGD"], SCHEDULERS["ours"])
    scheduler = LambdaLR(optimizer, lambda t: 0.9**t)
    text = run_card(optimizer, scheduler, STEPS, batch_size=4, seeds=[0])
    assert text.startswith("schedule: LambdaLR(lr_lambda=unknown)")


def test_a_card_of_a_schedule_that_breaks_off_at_once_says_so():
    _, optimizer, _ = made(OPTIMIZERS["SGD"], SCHEDULERS["ours"])
    broken = decay.custom(0.1, lambda t: -1.0)
    text = run_card(optimizer, broken, 10, batch_size=4, seeds=[0])
    assert "peak" not in text
    assert "audit: " in text
    assert "-0.1" in text


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1"),
        ({"seeds": 3}, TypeError, "seeds must be a list"),
        ({"limit": -1}, ValueError, "limit must be positive"),
        ({"examples": 1.5}, TypeError, "examples must be a whole number"),
    ],
)
def test_a_card_of_wrong_arguments_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        card(**options)


def test_a_card_asks_for_the_optimizer():
    with pytest.raises(TypeError, match="optimizer must be an Optimizer"):
        run_card("SGD", decay.constant(0.1), 10, batch_size=1, seeds=[0])
