"""Gradient descent, the stability limit and the regimes."""

import dataclasses
import math

import numpy as np
import pytest
import torch
from torch import nn

from lrlib import basics, decay, tasks
from lrlib.adaptive import sgd
from lrlib.sweep import sweep


def test_path_on_a_parabola():
    path = basics.gradient_descent(lambda x: 10 * x, 2.0, 0.15, 4)
    np.testing.assert_allclose(path, 2 * (-0.5) ** np.arange(5))


def test_paths_of_several_rates_and_dimensions():
    matrix = np.diag([1.0, 10.0])
    rates = [0.1, decay.constant(0.05)]
    paths = basics.gradient_descent(lambda x: matrix @ x, [1.0, 1.0], rates, 3)
    assert paths.shape == (2, 4, 2)
    np.testing.assert_allclose(paths[0, 1], [0.9, 0.0], atol=1e-15)
    np.testing.assert_allclose(paths[1, 3], [0.95**3, 0.5**3])


def test_a_diverging_path_ends_in_nan_without_a_warning():
    path = basics.gradient_descent(lambda x: x, 1.0, 1e200, 10)
    assert np.isinf(path[2])
    assert np.isnan(path[-1])


def test_path_equals_the_sweep():
    runs = sweep(tasks.quadratic([1.0, 10.0]), sgd(), [0.15], 20)
    path = basics.gradient_descent(
        lambda x: np.array([1.0, 10.0]) * x, [1.0, 1.0], 0.15, 20
    )
    np.testing.assert_allclose(runs.params["x"][0], path[-1], rtol=1e-12)


@pytest.mark.parametrize(
    ("lr", "steps", "error", "message"),
    [
        (0.0, 3, ValueError, "lr must be positive"),
        (math.nan, 3, ValueError, "lr must be positive"),
        ("0.1", 3, TypeError, "lr must be a number"),
        ([], 3, ValueError, r"lr must not be empty, got \[\]: give at least one"),
        (0.1, 0, ValueError, "steps must be at least 1"),
        (0.1, 2.0, TypeError, "steps must be a whole number"),
    ],
)
def test_path_refusals(lr, steps, error, message):
    with pytest.raises(error, match=message):
        basics.gradient_descent(lambda x: x, 1.0, lr, steps)


@pytest.mark.parametrize(
    ("start", "error", "message"),
    [
        (math.nan, ValueError, "start must be finite, got nan"),
        ([1.0, math.inf], ValueError, r"start must be finite, got \[1.0, inf\]"),
        ("1", TypeError, "start must be made of real numbers, got '1'"),
        (1j, ValueError, "start must be real, got 1j"),
        ([[1.0], [1.0, 2.0]], ValueError, "start must have rows of one length"),
    ],
)
def test_starts_that_are_refused(start, error, message):
    with pytest.raises(error, match=message):
        basics.gradient_descent(lambda x: x, start, 0.1, 3)


@pytest.mark.parametrize(
    ("slope", "error", "message"),
    [
        (None, TypeError, "gradient must give the slope, got None: .*`return`"),
        ("1", TypeError, "gradient must be made of real numbers, got '1'"),
        (1j, ValueError, "gradient must be real, got 1j"),
    ],
)
def test_a_gradient_that_is_no_number_is_refused(slope, error, message):
    with pytest.raises(error, match=message):
        basics.gradient_descent(lambda x: slope, 1.0, 0.1, 3)


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="gradient must have the shape of start"):
        basics.gradient_descent(lambda x: [x, x], 1.0, 0.1, 3)


def test_stability_limit_of_numbers_and_matrices():
    assert basics.stability_limit(10) == 0.2
    assert basics.stability_limit(10.0, momentum=0.9) == pytest.approx(0.38)
    assert basics.stability_limit([[2.0, 1.0], [1.0, 2.0]]) == pytest.approx(2 / 3)
    assert basics.stability_limit(np.diag([-50.0, 4.0])) == 0.5


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_runs_settle_below_the_limit_and_explode_above(momentum):
    limit = basics.stability_limit(10.0, momentum=momentum)
    rates = limit * np.array([0.99, 1.01])
    losses = sweep(tasks.quadratic(10.0), sgd(momentum=momentum), rates, 3000).losses
    assert losses[0, -1] < 1e-6
    assert not losses[1, -1] < 1e6


@pytest.mark.parametrize(
    ("curvature", "error", "message"),
    [
        (0.0, ValueError, "curvature must be positive"),
        (-1.0, ValueError, "curvature must be positive"),
        ("10", TypeError, "number, a symmetric matrix or a task"),
        ([1.0, 10.0], ValueError, "np.diag"),
        ([[1.0, 2.0], [0.0, 1.0]], ValueError, "symmetric"),
        ([[math.nan]], ValueError, "finite"),
        ([], ValueError, r"curvature must not be empty, got \[\]"),
        (np.empty((0, 0)), ValueError, "curvature must not be empty"),
        ([[1.0], [1.0, 2.0]], ValueError, "curvature must have rows of one length"),
        ([[1.0, 1j], [-1j, 1.0]], ValueError, "curvature must be real"),
        ([["1"]], TypeError, "curvature must be made of real numbers"),
        ([[-1.0]], ValueError, "largest eigenvalue .* positive"),
    ],
)
def test_stability_limit_refusals(curvature, error, message):
    with pytest.raises(error, match=message):
        basics.stability_limit(curvature)


def test_momentum_out_of_range():
    with pytest.raises(ValueError, match=r"momentum must be in \[0, 1\), got 1"):
        basics.stability_limit(1.0, momentum=1.0)
    with pytest.raises(TypeError, match=r"momentum must be a number, got '0\.9'"):
        basics.stability_limit(1.0, momentum="0.9")


@pytest.mark.parametrize(
    ("eigenvalues", "largest"),
    [(3.0, 3.0), ([1.0, 1.0], 1.0), ([-9.0, 1.0, 2.0], 2.0), (-3.0, -3.0)],
)
def test_sharpness_of_bowls_saddles_and_hills(eigenvalues, largest):
    assert basics.sharpness(tasks.quadratic(eigenvalues)) == pytest.approx(largest)


def test_sharpness_where_the_start_nearly_misses_the_steepest_direction():
    # The iteration starts from the random direction of seed 0; its smallest part gets
    # the largest curvature, so that the second is found first.
    generator = torch.Generator().manual_seed(0)
    start = torch.randn(240, generator=generator, dtype=torch.float64).abs()
    curvatures = np.linspace(0.0, 0.5, 240)
    curvatures[start.argmin()] = 1.1
    curvatures[start.argmax()] = 1.0
    assert basics.sharpness(tasks.quadratic(curvatures)) == pytest.approx(1.1, rel=1e-3)


def small_task():
    def network():
        return nn.Sequential(nn.Linear(64, 3), nn.Tanh(), nn.Linear(3, 10)).double()

    data = tasks.digits(dtype=torch.float64).training_set()
    inputs, targets = (part[:200] for part in data)
    return tasks.supervised(network, nn.functional.cross_entropy, inputs, targets)


def test_sharpness_of_a_network_is_the_largest_eigenvalue_of_its_hessian():
    task = small_task()
    params = sweep(task, sgd(), [0.5], 30).params
    shapes = {name: p.shape[1:] for name, p in params.items()}
    sizes = [shape.numel() for shape in shapes.values()]

    def loss(vector):
        parts = zip(shapes.items(), vector.split(sizes), strict=True)
        return task.loss({n: v.view(s) for (n, s), v in parts}, task.training_set())

    vector = torch.cat([p.flatten() for p in params.values()])
    hessian = torch.autograd.functional.hessian(loss, vector)
    expected = torch.linalg.eigvalsh(hessian)[-1].item()
    assert basics.sharpness(task, params)[0] == pytest.approx(expected, rel=1e-3)
    one = {name: p[0] for name, p in params.items()}
    assert basics.sharpness(task, one) == pytest.approx(expected, rel=1e-3)
    limit = basics.stability_limit(task, params=one)
    assert limit == pytest.approx(2 / expected, rel=1e-3)


def test_sharpness_of_stacked_models_is_that_of_each():
    # They settle after 15 products, 25, 45, and leave one after the other.
    task = tasks.digits(None, dtype=torch.float64)
    runs = sweep(task, sgd(), [0.5, 4.0, 1e300, 6.0, 8.0, 16.0], 10)
    assert not all(torch.isfinite(p[2]).all() for p in runs.params.values())
    several = basics.sharpness(task, runs.params)
    for k in (0, 1, 3, 4, 5):
        alone = basics.sharpness(task, {n: p[k] for n, p in runs.params.items()})
        assert several[k] == pytest.approx(alone, rel=1e-3)
    assert np.isnan(several[2])
    with pytest.raises(ValueError, match="params must be finite"):
        basics.sharpness(task, {n: p[2] for n, p in runs.params.items()})


def test_sharpness_inside_no_grad_is_the_same():
    task = small_task()
    expected = basics.sharpness(task)
    with torch.no_grad():
        assert basics.sharpness(task) == expected


def test_sharpness_refuses_parameters_of_another_model():
    task = tasks.quadratic([1.0, 2.0])
    with pytest.raises(ValueError, match="params must be named"):
        basics.sharpness(task, {"y": torch.ones(2)})
    with pytest.raises(ValueError, match="params must have the task's shapes"):
        basics.sharpness(task, {"x": torch.ones(3)})


def names(task, rates, steps=200, **arguments):
    return basics.regimes(sweep(task, sgd(), rates, steps, **arguments))


@pytest.mark.parametrize("curvature", [0.37, 1.0, 10.0])
@pytest.mark.parametrize("steps", [10, 50, 300])
def test_borders_on_a_parabola_are_exact(curvature, steps):
    products = [0.5, 0.999, 1.001, 1.5, 1.999, 2.001, 2.5]
    rates = np.array(products) / curvature
    assert names(tasks.quadratic(curvature), rates, steps) == [
        "converging",
        "converging",
        "oscillating",
        "oscillating",
        "oscillating",
        "diverging",
        "diverging",
    ]


def test_on_the_borders_themselves():
    assert names(tasks.quadratic(10.0), [0.1, 0.2]) == ["converging", "oscillating"]


def test_slow_is_where_a_tenth_of_the_loss_is_left():
    # The loss falls as (1 - lr)**(2 t); the last tenth of 200 is around t = 189.5.
    border = 1 - 0.1 ** (1 / (2 * 189.5))
    rates = border * np.array([0.01, 0.98, 1.02])
    expected = ["slow", "slow", "converging"]
    assert names(tasks.quadratic(1.0), rates) == expected


def test_names_do_not_depend_on_the_other_runs():
    rates = list(np.geomspace(1e-3, 100, 12))
    together = names(tasks.digits(32), rates, 60)
    assert together == [names(tasks.digits(32), [rate], 60)[0] for rate in rates]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_digits_pass_through_the_regimes_in_order(seed):
    rates = [1e-4, 1e-2, 1.0, 3.0, 16.0, 100.0]
    assert names(tasks.digits(), rates, seeds=[seed]) == [
        "slow",
        "slow",
        "converging",
        "converging",
        "plateau",
        "diverging",
    ]


def test_gradient_noise_does_not_move_the_border_of_oscillation():
    task = tasks.noisy_quadratic(1.0, noise=0.3, start=3.0)
    rates = [0.5, 0.8, 1.2, 1.5]
    found = names(task, rates, 2000)
    assert found == ["converging", "converging", "oscillating", "oscillating"]


def test_a_run_that_starts_at_its_noise_floor_is_flat():
    assert names(tasks.noisy_quadratic(1.0, start=0.1), [0.1], 2000) == ["plateau"]


def test_regimes_refuses_what_it_cannot_judge():
    runs = sweep(tasks.quadratic(1.0), sgd(), [0.1], 9)
    with pytest.raises(ValueError, match="at least 10 updates, got 9"):
        basics.regimes(runs)
    runs = sweep(tasks.quadratic(-1.0), sgd(), [0.1], 20)
    with pytest.raises(ValueError, match="losses of 0 or more"):
        basics.regimes(runs)


def test_a_run_with_a_nan_is_diverging():
    runs = sweep(tasks.quadratic(1.0), sgd(), [0.1], 20)
    broken = runs.losses.copy()
    broken[0, 5] = np.nan
    assert basics.regimes(dataclasses.replace(runs, losses=broken)) == ["diverging"]


# The noise floor -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lr", "curvature", "noise", "batch_size"),
    [(0.5, 1.0, 1.0, 1), (0.1, 2.0, 3.0, 4), (0.3, 4.0, 0.5, 2), (1.9, 1.0, 1.0, 8)],
)
def test_noise_floor_is_what_walkers_reach(lr, curvature, noise, batch_size):
    task = tasks.noisy_quadratic(curvature, noise, batch_size, start=1.0)
    runs = sweep(task, sgd(), [lr], 600, seeds=range(100), validate_every=5)
    measured = 2 / curvature * np.nanmean(runs.validation[:, 200:])
    floor = basics.noise_floor(lr, curvature, noise, batch_size)
    assert isinstance(floor, float)
    assert measured == pytest.approx(floor, rel=0.1)


def test_noise_floor_stays_where_one_more_update_leaves_it():
    rates, curvatures = np.geomspace(1e-6, 0.6, 7)[:, None], np.array([0.5, 1.0, 3.0])
    floor = basics.noise_floor(rates, curvatures, 2.0, 5)
    assert floor.shape == (7, 3)
    after = (1 - rates * curvatures) ** 2 * floor + rates**2 * 2.0**2 / 5
    np.testing.assert_allclose(after, floor, rtol=1e-12)


def test_noise_floor_takes_arrays_of_every_argument():
    floor = basics.noise_floor(0.1, [1.0, 2.0], 1.0, np.array([1, 10]))
    np.testing.assert_allclose(floor, [0.1 / 1.9, 0.1 / (2 * 10 * 1.8)])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0.0, 1.0, 1.0), ValueError, r"lr must be positive and finite, got 0\.0"),
        ((0.1, -1.0, 1.0), ValueError, "curvature must be positive and finite, got -1"),
        ((0.1, 1.0, 0.0), ValueError, "noise must be positive and finite, got 0"),
        ((0.1, 1.0, math.nan), ValueError, "noise must be positive and finite, got na"),
        ((0.1, 1.0, 1.0, 0), ValueError, "batch_size must be positive and finite"),
        ((0.1, 1.0, 1.0, math.inf), ValueError, "batch_size must be positive and fini"),
        ((0.1, 1.0, 1.0, 1.5), ValueError, r"batch_size must be whole, got 1\.5"),
        (
            (2.0, 1.0, 1.0),
            ValueError,
            r"lr must be below 2 / curvature, got lr=2\.0 wi",
        ),
        (([0.1, 0.3], 10.0, 1.0), ValueError, "the distance grows without a floor"),
        (([0.1, 0.2], [1, 2, 3], 1), ValueError, r"got lr \(2,\), curvature \(3,\)"),
        (("0.1", 1.0, 1.0), TypeError, "lr must be made of real numbers, got '0.1'"),
        ((0.1, 1.0, None), TypeError, "noise must be made of real numbers, got None"),
    ],
)
def test_noise_floor_refusals(arguments, error, message):
    with pytest.raises(error, match=message):
        basics.noise_floor(*arguments)
