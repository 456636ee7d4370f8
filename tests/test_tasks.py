"""The tiny problems: their losses, data, seeds and refusals."""

import math

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from torch import nn

from lrlib import tasks
from lrlib.sweep import losses_and_gradients

F64 = torch.float64


def random_state():
    return torch.get_rng_state().clone()


def test_quadratic_loss_and_closed_form_gradient_agree_with_autograd():
    task = tasks.quadratic([1.0, 10.0], [2.0, -1.0], angle=30)
    params = {"x": torch.randn(4, 2, dtype=F64, requires_grad=True)}
    losses = task.losses(params, (), None)
    (expected,) = torch.autograd.grad(losses.sum(), [params["x"]])
    _, grads = losses_and_gradients(task, {"x": params["x"].detach()}, ())
    torch.testing.assert_close(grads["x"], expected)
    assert torch.linalg.eigvalsh(task.hessian).tolist() == pytest.approx([1.0, 10.0])


@pytest.mark.parametrize("shared", [True, False], ids=["one batch", "a batch each"])
def test_digits_backpropagation_by_hand_agrees_with_autograd(shared):
    task = tasks.digits(32, hidden=7, dtype=F64)
    inits = [task.init(seed) for seed in range(3)]
    params = {name: torch.stack([p[name] for p in inits]) for name in inits[0]}
    batches = [task.batch(0 if shared else step, 0) for step in range(3)]
    batch = tuple(torch.stack(part) for part in zip(*batches, strict=True))
    if shared:
        batch = batches[0]
    leaves = {name: p.clone().requires_grad_() for name, p in params.items()}
    expected = task.losses(leaves, batch, None if shared else 0)
    expected_grads = torch.autograd.grad(expected.sum(), list(leaves.values()))
    losses, grads = losses_and_gradients(task, params, batch, None if shared else 0)
    torch.testing.assert_close(losses, expected.detach())
    for gradient, wanted in zip(grads.values(), expected_grads, strict=True):
        torch.testing.assert_close(gradient, wanted, rtol=1e-13, atol=1e-15)


def test_quadratic_of_a_number_is_a_parabola():
    task = tasks.quadratic(10.0, 2.0)
    assert task.init(0)["x"].tolist() == [2.0]
    assert task.loss(task.init(0), ()).item() == 20.0
    assert task.name == "quadratic(10)"


def test_angle_turns_counter_clockwise():
    task = tasks.quadratic([1.0, 10.0], angle=90)
    np.testing.assert_allclose(task.hessian, np.diag([10.0, 1.0]), atol=1e-12)


def test_noise_of_the_gradient_has_the_stated_size():
    task = tasks.noisy_quadratic([2.0, 5.0], noise=3.0, batch_size=4, start=[1.0, 1.0])
    params = {"x": torch.zeros(1, 2, dtype=F64)}
    grads = torch.cat(
        [
            losses_and_gradients(task, params, task.batch(t, 0))[1]["x"]
            for t in range(4000)
        ]
    )
    np.testing.assert_allclose(grads.std(0), 1.5, rtol=0.05)
    np.testing.assert_allclose(grads.mean(0), 0.0, atol=0.1)
    assert task.validation_loss({"x": torch.ones(2, dtype=F64)}).item() == 3.5


def test_batches_depend_on_step_and_seed_alone():
    for task in (tasks.noisy_quadratic(1.0), tasks.digits(32)):
        before = random_state()
        first = task.batch(5, 1)[0]
        task.batch(3000, 0)
        assert torch.equal(task.batch(5, 1)[0], first)
        assert not torch.equal(task.batch(5, 2)[0], first)
        assert not torch.equal(task.batch(6, 1)[0], first)
        assert torch.equal(random_state(), before)


def test_digits_start_as_pytorch_starts_them():
    torch.manual_seed(3)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    before = random_state()
    params = tasks.digits().init(3)
    assert torch.equal(random_state(), before)
    for name, p in model.state_dict().items():
        assert torch.equal(params[name], p)


def test_digits_loss_is_the_cross_entropy_of_the_network():
    task = tasks.digits(64, dtype=F64)
    params, (inputs, targets) = task.init(0), task.batch(0, 0)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)).double()
    model.load_state_dict(params)
    expected = nn.functional.cross_entropy(model(inputs), targets)
    torch.testing.assert_close(task.loss(params, (inputs, targets)), expected)


def test_digits_data():
    inputs, targets = tasks.digits().training_set()
    assert inputs.shape == (1437, 64)
    assert inputs.dtype == torch.float32
    assert len(targets) == 1437
    assert sorted(set(targets.tolist())) == list(range(10))
    assert inputs.mean(0).abs().max() < 1e-6
    assert tasks.digits(None).batch(7, 0)[0].shape == (1437, 64)


def test_an_epoch_sees_no_example_twice():
    task = tasks.supervised(
        nn.Linear(1, 1), nn.functional.mse_loss, torch.arange(10.0)[:, None],
        torch.zeros(10, 1), batch_size=3,
    )  # fmt: skip
    epoch = torch.cat([task.batch(step, 0)[0] for step in range(3)]).flatten()
    assert len(set(epoch.tolist())) == 9


def make(model=None, **changes):
    arguments = {
        "loss": nn.functional.mse_loss,
        "inputs": torch.zeros(10, 4),
        "targets": torch.zeros(10, 2),
    }
    return tasks.supervised(model or nn.Linear(4, 2), **(arguments | changes))


def test_supervised_copies_the_module():
    model = nn.Linear(4, 2)
    task = make(model)
    expected = model.weight.detach().clone()
    with torch.no_grad():
        model.weight.fill_(7.0)
    assert torch.equal(task.init(0)["weight"], expected)


def test_a_factory_is_called_under_the_seed():
    task = make(lambda: nn.Linear(4, 2))
    assert torch.equal(task.init(1)["weight"], task.init(1)["weight"])
    assert not torch.equal(task.init(1)["weight"], task.init(2)["weight"])


def test_frozen_parameters_are_not_trained():
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))
    model[0].requires_grad_(False)
    assert list(make(model).init(0)) == ["1.weight", "1.bias"]


def test_frozen_parts_that_depend_on_the_seed_are_refused():
    def build(draw):
        network = nn.Sequential(nn.Linear(4, 2))
        network.register_buffer("features", draw(3))
        return network

    assert set(make(lambda: build(torch.ones)).init(1)) == {"0.weight", "0.bias"}
    task = make(lambda: build(torch.rand))
    task.init(0)
    with pytest.raises(ValueError, match=r"'features' under every seed.*under seed 1"):
        task.init(1)


def test_held_out_loss_leaves_each_part_in_its_mode():
    modes = []

    class Spy(nn.Linear):
        def forward(self, x):
            modes.append(self.training)
            return super().forward(x)

    network = nn.Sequential(Spy(4, 4), Spy(4, 2))
    network[0].eval()
    data = (torch.zeros(10, 4), torch.zeros(10, 2))
    task = make(network, validation=data)
    params = task.init(0)
    task.loss(params, data)
    task.validation_loss(params)
    task.loss(params, data)
    assert modes == [False, True, False, False, False, True]


def test_without_held_out_data_the_validation_loss_is_nan():
    assert math.isnan(make().validation_loss(make().init(0)))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: make(nn.ReLU()), ValueError, "no trainable parameters, got ReLU"),
        (lambda: make(nn.BatchNorm1d(4)), ValueError, "running statistics .*GroupNorm"),
        (lambda: make(inputs=torch.zeros(9, 4)), ValueError, "got 9 and 10"),
        (
            lambda: make(inputs=torch.zeros(0, 4), targets=torch.zeros(0, 2)),
            ValueError,
            "must not be empty",
        ),
        (lambda: make(batch_size=0), ValueError, "batch_size must be at least 1"),
        (lambda: make(batch_size=11), ValueError, "at most the 10 examples, got 11"),
        (lambda: tasks.digits(2.5), TypeError, "batch_size must be a whole number"),
        (lambda: tasks.digits(hidden=0), ValueError, "hidden must be at least 1"),
        (lambda: tasks.quadratic(math.nan), ValueError, "curvature must be finite"),
        (lambda: tasks.quadratic([[1.0]]), ValueError, "list of eigenvalues"),
        (lambda: tasks.quadratic([]), ValueError, "list of eigenvalues"),
        (lambda: tasks.quadratic(1.0, [1.0, 2.0]), ValueError, "start must have 1"),
        (lambda: tasks.quadratic(1.0, math.inf), ValueError, "start must be finite"),
        (
            lambda: tasks.quadratic(1.0, angle=9),
            ValueError,
            "angle turns a bowl with 2",
        ),
        (lambda: tasks.noisy_quadratic(-1.0), ValueError, "curvature must be positive"),
        (lambda: tasks.noisy_quadratic(1.0, 0.0), ValueError, "noise must be positive"),
        (lambda: tasks.noisy_quadratic(1.0, 1.0, 0), ValueError, "batch_size"),
        (lambda: tasks.quadratic("1"), TypeError, "curvature must be .* got '1'"),
        (lambda: tasks.quadratic(None), TypeError, "curvature must be .* got None"),
        (lambda: tasks.quadratic(1j), ValueError, "curvature must be real, got 1j"),
        (lambda: tasks.quadratic([[1.0], [1.0, 2.0]]), ValueError, "rows of one"),
        (lambda: tasks.quadratic(1.0, "2"), TypeError, "start must be .* got '2'"),
        (
            lambda: tasks.quadratic([1.0, 2.0], angle="30"),
            TypeError,
            "angle must be a number, got '30'.*write it as a float",
        ),
        (
            lambda: tasks.quadratic([1.0, 2.0], angle=math.nan),
            ValueError,
            "angle must be finite, got nan: give it in degrees",
        ),
        (lambda: tasks.noisy_quadratic("1"), TypeError, "curvature must be .* got '1'"),
        (
            lambda: tasks.noisy_quadratic(1.0, "1"),
            TypeError,
            "noise must be a number, got '1'",
        ),
        (lambda: tasks.noisy_quadratic(1.0, math.nan), ValueError, "noise .* got nan"),
        (
            lambda: make(loss="mse"),
            TypeError,
            "loss must be a function .* got 'mse': .*cross_entropy",
        ),
        (
            lambda: make(inputs=np.zeros((10, 4))),
            TypeError,
            r"(?s)inputs must be a tensor.*ndarray.*torch\.as_tensor",
        ),
        (lambda: make(targets=[0] * 10), TypeError, "targets must be a tensor"),
        (
            lambda: make(inputs=torch.tensor(1.0)),
            ValueError,
            "inputs must have an axis of examples",
        ),
        (
            lambda: make(validation=torch.zeros(2, 4)),
            TypeError,
            r"(?s)validation must be a pair.*validation=\(inputs, targets\)",
        ),
        (
            lambda: make(validation=(torch.zeros(2, 4), [0, 1])),
            TypeError,
            r"validation\[1\] must be a tensor",
        ),
        (
            lambda: make(validation=(torch.zeros(2, 4), torch.zeros(3, 2))),
            ValueError,
            r"validation\[0\] and validation\[1\] .* got 2 and 3",
        ),
        (lambda: make("mlp"), TypeError, "model must be an nn.Module .* got 'mlp'"),
        (lambda: make(lambda: 3), TypeError, "model must build an nn.Module, got 3"),
        (
            lambda: tasks.digits(dtype=torch.float16),
            ValueError,
            r"dtype must be torch\.float32 or torch\.float64, got torch\.float16",
        ),
        (lambda: tasks.digits(dtype="float32"), ValueError, "dtype .* got 'float32'"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_the_digits_are_those_of_scikit_learn():
    data = load_digits()
    inputs, targets = tasks.digits(dtype=torch.float64).training_set()
    order = np.random.default_rng(0).permutation(len(data.target))[: len(targets)]
    np.testing.assert_array_equal(targets, data.target[order])
    # Scaling and centring aside, the pictures are the same.
    pictures = data.data[order]
    expected = (pictures - pictures.mean(axis=0)) / 16
    np.testing.assert_allclose(inputs, expected, atol=1e-12)
