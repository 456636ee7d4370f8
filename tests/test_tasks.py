"""The tiny problems: their losses, data, seeds and refusals."""

import math
import shutil
import subprocess
import sys
import zipfile
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from torch import nn

from lrlib import tasks
from lrlib.adaptive import sgd
from lrlib.sweep import losses_and_gradients, sweep

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
    for task in (
        tasks.noisy_quadratic(1.0),
        tasks.digits(32),
        tasks.transformer(),
        tasks.sparse_regression(),
    ):
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
        (
            lambda: tasks.transformer("middle"),
            ValueError,
            "norm must be 'post' or 'pre', got 'middle'",
        ),
        (lambda: tasks.transformer(None), TypeError, "norm must be a string, got None"),
        (lambda: tasks.transformer(layers=0), ValueError, "layers must be at least 1"),
        (lambda: tasks.transformer(width=8.0), TypeError, "width must be a whole"),
        (
            lambda: tasks.transformer(width=30, heads=4),
            ValueError,
            "width must be a multiple of heads, got width=30 and heads=4: .*width=32",
        ),
        (lambda: tasks.transformer(heads=0), ValueError, "heads must be at least 1"),
        (lambda: tasks.transformer(context=0), ValueError, "context must be at least"),
        (
            lambda: tasks.transformer(context=1025),
            ValueError,
            "context must be at most 1024, got 1025",
        ),
        (lambda: tasks.transformer(batch_size=0), ValueError, "batch_size must be at"),
        (
            lambda: tasks.transformer(batch_size=10**5),
            ValueError,
            "batch_size must be at most the 621 examples",
        ),
        (
            lambda: tasks.transformer(dtype=torch.bfloat16),
            ValueError,
            r"dtype must be .* got torch\.bfloat16",
        ),
        (
            lambda: tasks.transfer("inverted"),
            ValueError,
            "pixels must be 'same' or 'shuffled', got 'inverted'",
        ),
        (lambda: tasks.transfer(None), TypeError, "pixels must be a string, got None"),
        (lambda: tasks.transfer(images=0), ValueError, "images must be at least 1"),
        (lambda: tasks.transfer(images=2.0), TypeError, "images must be a whole"),
        (
            lambda: tasks.transfer(images=100),
            ValueError,
            "images must be at most 39, got 100: there are no more of some class",
        ),
        (
            lambda: tasks.transfer(pretrained=None),
            TypeError,
            "pretrained must be True or False, got None",
        ),
        (lambda: tasks.transfer().model(-1), ValueError, "seed must be at least 0"),
        (
            lambda: tasks.sparse_regression(0.01),
            ValueError,
            "frequencies must be a list of numbers, got 0.01",
        ),
        (lambda: tasks.sparse_regression([]), ValueError, "frequencies must be a list"),
        (lambda: tasks.sparse_regression("1"), TypeError, "frequencies must be made"),
        (
            lambda: tasks.sparse_regression([1.0, 0.0]),
            ValueError,
            r"frequencies must be above 0 and at most 1, got \[1.0, 0.0\]",
        ),
        (lambda: tasks.sparse_regression([1.5]), ValueError, "at most 1, got"),
        (lambda: tasks.sparse_regression([math.nan]), ValueError, "at most 1, got"),
        (
            lambda: tasks.sparse_regression([1.0, 0.001], examples=100),
            ValueError,
            "frequencies must leave each feature an example, .* of 100 examples",
        ),
        (
            lambda: tasks.sparse_regression(noise=-1.0),
            ValueError,
            "noise must be 0 or more",
        ),
        (
            lambda: tasks.sparse_regression(examples=4),
            ValueError,
            "examples must be at least 5, got 4",
        ),
        (
            lambda: tasks.sparse_regression(batch_size=2001),
            ValueError,
            "batch_size must be at most the 2000 examples, got 2001",
        ),
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


# A module of PyTorch's own with the names that the transformer's parameters carry.
class Reference(nn.Module):
    def __init__(self, norm, layers, width, heads, context, characters):
        super().__init__()
        self.characters = nn.Embedding(characters, width)
        self.positions = nn.Embedding(context, width)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width, heads, 4 * width, 0.0, batch_first=True, norm_first=norm == "pre"
            )
            for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, characters)

    def forward(self, inputs):
        length = inputs.shape[1]
        future = nn.Transformer.generate_square_subsequent_mask(length, dtype=F64)
        x = self.characters(inputs) + self.positions.weight[:length]
        for layer in self.layers:
            x = layer(x, src_mask=future)
        return self.head(self.norm(x))


NORMS = pytest.mark.parametrize("norm", ["post", "pre"])


def small_transformer(norm):
    return tasks.transformer(
        norm, width=8, heads=2, context=12, batch_size=4, dtype=F64
    )


def reference(task, seed, *sizes):
    model = Reference(task.norm, *sizes, len(task.alphabet)).double()
    model.load_state_dict(task.init(seed))
    return model


def cross_entropy(model, batch):
    return nn.functional.cross_entropy(model(batch[0]).mT, batch[1])


@NORMS
def test_transformer_is_that_of_pytorch(norm):
    task = small_transformer(norm)
    model = reference(task, 3, 2, 8, 2, 12)
    batch = task.batch(0, 0)
    expected = cross_entropy(model, batch)
    params = {name: p.detach() for name, p in model.named_parameters()}
    assert list(params) == list(task.init(3))
    torch.testing.assert_close(task.loss(params, batch), expected.detach())
    _, grads = losses_and_gradients(
        task, {n: p[None] for n, p in params.items()}, batch
    )
    wanted = torch.autograd.grad(expected, list(model.parameters()))
    for gradient, want in zip(grads.values(), wanted, strict=True):
        torch.testing.assert_close(gradient[0], want, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("seeds", [[0], [0, 1]], ids=["one batch", "a batch each"])
@NORMS
def test_a_sweep_of_transformers_equals_torch_optim(norm, seeds):
    task, rates, steps = small_transformer(norm), [0.02, 0.2], 4
    runs = sweep(task, sgd(momentum=0.9), rates, steps, seeds=seeds)
    expected = []
    for lr in rates:
        for seed in seeds:
            model = reference(task, seed, 2, 8, 2, 12)
            optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
            expected.append([])
            for step in range(steps):
                optimizer.zero_grad()
                loss = cross_entropy(model, task.batch(step, seed))
                loss.backward()
                optimizer.step()
                expected[-1].append(loss.item())
    np.testing.assert_allclose(runs.losses, expected, rtol=0, atol=1e-12)


@NORMS
def test_a_transformer_sees_nothing_of_what_comes_later(norm):
    task = small_transformer(norm)
    params, inputs = task.init(0), task.batch(0, 0)[0]
    changed = inputs.clone()
    changed[:, 7] = (changed[:, 7] + 1) % len(task.alphabet)
    before, after = (
        task.log_odds(params, codes).unflatten(-1, inputs.shape)
        for codes in (inputs, changed)
    )
    assert torch.equal(after[..., :7], before[..., :7])
    for position in range(7, 12):  # and what came earlier reaches every place
        assert not torch.equal(after[..., position], before[..., position])
    shorter = task.log_odds(params, inputs[:, :7]).unflatten(-1, (4, 7))
    torch.testing.assert_close(shorter, before[..., :7])
    torch.testing.assert_close(before.exp().sum(0), torch.ones(4, 12, dtype=F64))


def test_post_and_pre_norm_start_from_the_same_values():
    post, pre = (tasks.transformer(norm) for norm in ("post", "pre"))
    start = post.init(2)
    assert start.keys() == pre.init(2).keys()
    assert all(torch.equal(p, pre.init(2)[name]) for name, p in start.items())
    assert not torch.equal(post.init(1)["head.weight"], start["head.weight"])
    assert post.loss(start, post.batch(0, 0)) != pre.loss(start, post.batch(0, 0))
    # No two layers are copies of one another.
    assert not torch.equal(
        start["layers.0.linear1.weight"], start["layers.1.linear1.weight"]
    )
    limit = math.sqrt(6 / (32 + 128))  # Xavier's
    assert 0.95 * limit < start["layers.0.linear1.weight"].abs().max() < limit
    assert start["layers.0.linear1.weight"].dtype == torch.float32


def test_the_text_ships_with_the_package_and_is_cut_without_overlap():
    text = (resources.files("lrlib") / "data" / "alice.txt").read_text("ascii")
    text = " ".join(text.lower().split())
    assert text.startswith("chapter i. down the rabbit-hole alice was beginning to")
    assert 20_000 < len(text) < 25_000

    task = tasks.transformer()
    assert task.alphabet == "".join(sorted(set(text)))
    inputs, targets = task.training_set()
    assert inputs.shape == targets.shape == (621, 32)
    assert torch.equal(inputs[:, 1:], targets[:, :-1])

    def read(codes):
        return "".join(task.alphabet[code] for code in codes.flatten())

    trained = read(inputs) + read(targets[-1, -1])
    held_out, held_out_targets = task._validation
    tested = read(held_out) + read(held_out_targets[-1, -1])
    assert text.startswith(trained)
    # What is held out comes after all that is trained on, not a character shared.
    assert text.index(tested) >= len(trained)
    assert len(trained) + len(tested) > len(text) - 64


def test_the_text_is_in_the_wheel(tmp_path):
    # Built from a copy, so that the repository stays as it is.
    repository = Path(__file__).parents[1]
    source = tmp_path / "source"
    shutil.copytree(
        repository / "lrlib",
        source / "lrlib",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT"):
        shutil.copy(repository / name, source)
    build = "from setuptools import build_meta; build_meta.build_wheel('..')"
    subprocess.run(
        [sys.executable, "-c", build], cwd=source, check=True, capture_output=True
    )
    (wheel,) = tmp_path.glob("lrlib-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        shipped = archive.read("lrlib/data/alice.txt")
    assert shipped == (repository / "lrlib" / "data" / "alice.txt").read_bytes()


@NORMS
def test_a_transformer_learns(norm):
    task = tasks.transformer(norm)
    runs = sweep(task, sgd(momentum=0.9), [0.1], 100)
    blind = math.log(len(task.alphabet))
    assert blind - 0.2 < runs.losses[0, 0] < blind + 1.5
    assert runs.final_losses()[0] < blind - 0.8
    assert runs.validation[0, -1] < blind - 0.8


def test_the_transformer_takes_second_derivatives():
    # As the stability limit needs them.
    task = small_transformer("post")
    params = {n: p.requires_grad_() for n, p in task.init(0).items()}
    loss = task.loss(params, task.batch(0, 0))
    first = torch.autograd.grad(loss, list(params.values()), create_graph=True)
    square = sum((gradient**2).sum() for gradient in first)
    second = torch.autograd.grad(square, list(params.values()))
    assert all(gradient.isfinite().all() for gradient in second)


def test_rare_features_are_as_rare_as_promised():
    task = tasks.sparse_regression([1.0, 0.02, 0.0101], examples=1000)
    np.testing.assert_allclose(task.frequencies, [1.0, 0.02, 0.01])
    for inputs, targets in (task.training_set(), task._validation):
        assert inputs.shape == (1000, 3)
        assert targets.shape == (1000,)
        assert inputs.dtype == targets.dtype == F64
        assert set(inputs.unique().tolist()) == {-1.0, 0.0, 1.0}
        np.testing.assert_allclose((inputs != 0).double().mean(0), task.frequencies)
    assert not torch.equal(task.training_set()[0], task._validation[0])
    assert task.name == "sparse_regression([1, 0.02, 0.0101])"


def test_best_weights_of_the_sparse_features_are_the_best():
    task = tasks.sparse_regression([1.0, 0.5, 0.01], noise=0.3, batch_size=None)
    best = {"w": task.best["w"][None]}
    losses, grads = losses_and_gradients(task, best, task.training_set())
    np.testing.assert_allclose(losses, 0.3**2 / 2)
    np.testing.assert_allclose(grads["w"], 0.0, atol=1e-15)
    np.testing.assert_allclose(task.validation_loss(task.best), 0.3**2 / 2)
    assert task.init(5)["w"].tolist() == [0.0, 0.0, 0.0]
    exact = tasks.sparse_regression(noise=0)
    np.testing.assert_allclose(exact.loss(exact.best, exact.training_set()), 0.0)


@pytest.mark.parametrize("seeds", [[0], [0, 1]], ids=["one batch", "a batch each"])
def test_a_sweep_of_sparse_regressions_equals_torch_optim(seeds):
    task, rates, steps = tasks.sparse_regression(), [0.1, 1.0], 20
    runs = sweep(task, sgd(momentum=0.5), rates, steps, seeds=seeds)
    expected = []
    for lr in rates:
        for seed in seeds:
            w = nn.Parameter(task.init(seed)["w"])
            optimizer = torch.optim.SGD([w], lr=lr, momentum=0.5)
            expected.append([])
            for step in range(steps):
                inputs, targets = task.batch(step, seed)
                loss = ((inputs @ w - targets) ** 2).mean() / 2
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                expected[-1].append(loss.item())
    np.testing.assert_allclose(runs.losses, expected, rtol=0, atol=1e-12)
    assert (runs.validation[:, -1] < 0.6).all()


def test_a_rare_feature_keeps_a_larger_rate_under_adagrad():
    task = tasks.sparse_regression()
    w = nn.Parameter(task.init(0)["w"])
    optimizer = torch.optim.Adagrad([w], lr=0.1)
    for step in range(500):
        optimizer.zero_grad()
        task.loss({"w": w}, task.batch(step, 0)).backward()
        optimizer.step()
    rate = 0.1 / optimizer.state[w]["sum"].sqrt()
    assert rate[2:].min() > 3 * rate[:2].max()


PIXELS = pytest.mark.parametrize("pixels", ["same", "shuffled"])


@PIXELS
def test_transfer_is_a_module_of_pytorch(pixels):
    task = tasks.transfer(pixels)
    model, batch = task.model(3), task.batch(0, 3)
    params = task.init(3)
    assert {name: tuple(p.shape) for name, p in params.items()} == {
        "body.0.weight": (32, 64),
        "body.0.bias": (32,),
        "body.2.weight": (32, 32),
        "body.2.bias": (32,),
        "head.weight": (10, 32),
        "head.bias": (10,),
    }
    assert model.state_dict().keys() == params.keys()
    assert all(torch.equal(p, params[name]) for name, p in model.state_dict().items())
    assert all(p.dtype == F64 and p.grad is None for p in model.parameters())
    expected = nn.functional.cross_entropy(model(batch[0]), batch[1])
    torch.testing.assert_close(task.loss(params, batch), expected.detach())
    _, grads = losses_and_gradients(
        task, {n: p[None] for n, p in params.items()}, batch
    )
    wanted = torch.autograd.grad(expected, list(model.parameters()))
    for gradient, want in zip(grads.values(), wanted, strict=True):
        torch.testing.assert_close(gradient[0], want, rtol=1e-10, atol=1e-15)
    inputs, targets = task._validation
    named = model(inputs).argmax(1)
    assert task.accuracy(params) == (named == targets).double().mean()


@pytest.mark.parametrize("seeds", [[0], [0, 1]], ids=["one seed", "a batch each"])
def test_a_sweep_of_transfers_equals_torch_optim(seeds):
    task, rates, steps = tasks.transfer(), [0.01, 0.1], 5
    runs = sweep(task, sgd(momentum=0.9), rates, steps, seeds=seeds)
    expected, accuracies = [], []
    for lr in rates:
        for seed in seeds:
            model = task.model(seed)
            optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
            inputs, targets = task.batch(0, seed)
            expected.append([])
            for _ in range(steps):
                loss = nn.functional.cross_entropy(model(inputs), targets)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                expected[-1].append(loss.item())
            accuracies.append(task.accuracy(dict(model.named_parameters())).item())
    np.testing.assert_allclose(runs.losses, expected, rtol=0, atol=1e-12)
    assert task.accuracy(runs.params).tolist() == accuracies


def test_a_seed_has_its_own_body_head_and_pictures():
    task = tasks.transfer(images=3)
    before = random_state()
    first = task.init(0)
    assert torch.equal(random_state(), before)
    for name, p in first.items():
        assert torch.equal(task.init(0)[name], p)
        assert not torch.equal(task.init(1)[name], p)
    task.model(0).head.weight.data.zero_()  # a copy, so it changes nothing
    assert torch.equal(task.init(0)["head.weight"], first["head.weight"])
    inputs, targets = task.batch(0, 0)
    assert inputs.shape == (30, 64)
    assert torch.bincount(targets).tolist() == [3] * 10
    assert torch.equal(task.batch(8, 0)[0], inputs)
    assert not torch.equal(task.batch(0, 1)[0], inputs)
    # Another head on the same body: what was learned is not handed over in the head.
    blind = task.accuracy({n: torch.stack([task.init(s)[n] for s in range(9)])
                           for n in first})  # fmt: skip
    assert blind.mean() < 0.2


def test_from_scratch_only_the_body_is_another():
    task, scratch = tasks.transfer(), tasks.transfer(pretrained=False)
    for name, p in task.init(3).items():
        assert torch.equal(scratch.init(3)[name], p) == name.startswith("head")
    torch.manual_seed(3)
    assert torch.equal(scratch.init(3)["body.0.weight"], nn.Linear(64, 32).weight)
    assert torch.equal(scratch.batch(0, 3)[0], task.batch(0, 3)[0])
    assert repr(scratch) == "transfer('same', images=2, pretrained=False)"


def test_transfer_has_pictures_that_its_body_has_not_seen():
    digits, task = tasks.digits(dtype=F64), tasks.transfer()
    inputs, targets = task.training_set()
    everything, labels = digits.training_set()
    assert torch.equal(inputs, everything[1000:])
    assert torch.equal(targets, 9 - labels[1000:])
    held_out, held_out_targets = task._validation
    assert torch.equal(held_out, digits._validation[0])
    assert torch.equal(held_out_targets, 9 - digits._validation[1])
    pool = {tuple(row) for row in inputs.tolist()}
    assert pool.issuperset(map(tuple, task.batch(0, 5)[0].tolist()))

    shuffled, names = tasks.transfer("shuffled").training_set()
    assert torch.equal(names, targets)
    assert not torch.equal(shuffled, inputs)
    assert torch.equal(shuffled.sort(1)[0], inputs.sort(1)[0])
    assert repr(task) == "transfer('same', images=2)"


@PIXELS
def test_a_head_on_the_body_learns_only_where_the_features_fit(pixels):
    task, seeds = tasks.transfer(pixels), range(3)
    params = {
        name: torch.stack([task.init(seed)[name] for seed in seeds])
        for name in task.init(0)
    }
    batch = tuple(
        torch.stack(part)
        for part in zip(*(task.batch(0, s) for s in seeds), strict=True)
    )
    head = {n: p.requires_grad_() for n, p in params.items() if n.startswith("head")}
    optimizer = torch.optim.Adam(head.values(), lr=0.01)
    for _ in range(100):
        optimizer.zero_grad()
        task.loss(params, batch).sum().backward()
        optimizer.step()
    accuracy = task.accuracy(params)
    assert (accuracy > 0.8).all() if pixels == "same" else (accuracy < 0.65).all()
