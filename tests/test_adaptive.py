"""Update rules against torch.optim."""

import math

import pytest
import torch

from lrlib.adaptive import sgd


@pytest.mark.parametrize(
    ("momentum", "nesterov"), [(0.0, False), (0.5, False), (0.9, False), (0.9, True)]
)
def test_sgd_equals_torch_over_100_steps(momentum, nesterov):
    generator = torch.Generator().manual_seed(0)
    gradients = torch.randn(100, 5, generator=generator, dtype=torch.float64)
    start = torch.randn(5, generator=generator, dtype=torch.float64)

    theirs = torch.nn.Parameter(start.clone())
    optimizer = torch.optim.SGD([theirs], 0.1, momentum=momentum, nesterov=nesterov)
    rule = sgd(momentum=momentum, nesterov=nesterov)
    params = {"x": start.clone()}
    state = rule.init(params)
    for t, gradient in enumerate(gradients, start=1):
        theirs.grad = gradient.clone()
        optimizer.step()
        direction, state = rule.update({"x": gradient}, state, params, t)
        params["x"] -= 0.1 * direction["x"]
        torch.testing.assert_close(params["x"], theirs.data, rtol=1e-12, atol=1e-14)


def test_update_is_pure():
    rule = sgd(momentum=0.9, nesterov=True)
    params, grads = {"x": torch.ones(2)}, {"x": torch.ones(2)}
    state = rule.init(params)
    first, after = rule.update(grads, state, params, 1)
    again, _ = rule.update(grads, state, params, 1)
    assert torch.equal(first["x"], again["x"])
    assert torch.equal(state["velocity"]["x"], torch.zeros(2))
    assert torch.equal(after["velocity"]["x"], torch.ones(2))
    assert torch.equal(params["x"], torch.ones(2))
    assert torch.equal(grads["x"], torch.ones(2))


def test_rule_is_a_value():
    assert repr(sgd(momentum=0.9)) == "sgd(momentum=0.9, nesterov=False)"
    assert sgd() == sgd(momentum=0.0)
    assert len({sgd(), sgd(), sgd(momentum=0.5)}) == 2


@pytest.mark.parametrize("momentum", [-0.1, 1.0, math.nan, math.inf])
def test_momentum_out_of_range(momentum):
    with pytest.raises(
        ValueError, match=rf"momentum must be in \[0, 1\), got {momentum}"
    ):
        sgd(momentum=momentum)


def test_wrong_types_and_nesterov_without_momentum():
    with pytest.raises(TypeError, match="momentum must be a number"):
        sgd(momentum="0.9")
    with pytest.raises(TypeError, match="nesterov must be True or False"):
        sgd(momentum=0.9, nesterov=1)
    with pytest.raises(ValueError, match="nesterov=True needs momentum"):
        sgd(nesterov=True)
