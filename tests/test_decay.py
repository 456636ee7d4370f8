"""Schedules that fall; to begin with, the one that stays."""

import dataclasses
import math

import numpy as np
import pytest

from lrlib import decay


def test_constant_is_the_same_at_every_update():
    schedule = decay.constant(0.1)
    assert schedule(0) == schedule(10**12) == 0.1
    np.testing.assert_array_equal(schedule(np.arange(5)), np.full(5, 0.1))


def test_constant_is_a_value():
    schedule = decay.constant(1)
    assert repr(schedule) == "constant(lr=1.0)"
    assert schedule == decay.constant(1.0)
    assert hash(schedule) == hash(decay.constant(1.0))
    assert schedule != decay.constant(2.0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        schedule.lr = 3.0


@pytest.mark.parametrize("lr", [0.0, -1.0, math.nan, math.inf])
def test_constant_refuses_rates_out_of_range(lr):
    with pytest.raises(ValueError, match=f"lr must be positive and finite, got {lr}"):
        decay.constant(lr)


def test_constant_refuses_text():
    with pytest.raises(TypeError, match="lr must be a number"):
        decay.constant("0.1")
