"""Exercise of the review of chapter 3: one update of Lion."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake


def lion_update(g, m, p, beta1, beta2, weight_decay):
    import numpy as np

    mix = beta1 * m + (1 - beta1) * g
    direction = np.sign(mix) + weight_decay * p
    m = beta2 * m + (1 - beta2) * g
    return np.stack([direction, m])


class _Given(NamedTuple):
    """What an update is given."""

    g: Any
    m: Any
    p: Any
    beta1: float
    beta2: float
    weight_decay: float


def _average(m: Any, g: Any, beta: float) -> Any:
    return beta * m + (1 - beta) * g


def _mix(now: _Given) -> Any:
    return _average(now.m, now.g, now.beta1)


def _momentum(now: _Given) -> Any:
    return _average(now.m, now.g, now.beta2)


def _divided(mix: Any, size: Any) -> Any:
    with np.errstate(invalid="ignore"):
        return mix / size


def _wrongly(
    message: str,
    *,
    mix: Callable[[_Given], Any] = _mix,
    momentum: Callable[[_Given], Any] = _momentum,
    sign: Callable[[Any], Any] = np.sign,
    decay: Callable[[_Given], Any] = lambda now: now.weight_decay * now.p,
) -> Mistake:
    """The mistake of an update with one wrong part."""

    def answer(*given: Any) -> Any:
        now = _Given(*given)
        return np.stack([sign(mix(now)) + decay(now), momentum(now)])

    return Mistake(answer, message)


def _penalised(*given: Any) -> Any:
    now = _Given(*given)
    g = now.g + now.weight_decay * now.p
    return np.stack([np.sign(_mix(now._replace(g=g))), _momentum(now._replace(g=g))])


def _of_directions(*given: Any) -> Any:
    now = _Given(*given)
    direction = np.sign(_mix(now)) + now.weight_decay * now.p
    return np.stack([direction, _average(now.m, direction, now.beta2)])


def _of_signs(now: _Given) -> Any:
    return _average(now.m, np.sign(_mix(now)), now.beta2)


_FALLING = np.array([-0.3, 0.2, -0.1])
_MIXED = np.array([1.0, -1.0, 0.5, 0.5, -2.0, 0.0, 0.0])

LION_UPDATE = Exercise(
    name="adaptive/lion_update",
    text="""\
### Exercise: one update of Lion

Write `lion_update(g, m, p, beta1, beta2, weight_decay)`: the direction of one update of
Lion, by the two formulas above, and its momentum after that update.

- **Arguments:** `g`, the gradient, `m`, the momentum before this update, and `p`, the
  parameters before it (θ in the formula): three NumPy arrays of floats, of one shape
  with at least one axis; `beta1` and `beta2`, from 0 to below 1; `weight_decay`, λ, at
  least 0.
- **Returns:** one array with one axis more in front, as `np.stack` makes it from two:
  entry 0 is the direction, entry 1 the new momentum. The arrays that came in stay as
  they were.
- **Boundaries:** the sign of 0 is 0. With `weight_decay = 0` each number of the
  direction is −1, 0 or 1. There is no bias correction and no ε.
- **Units and time:** the direction is in learning rates; whoever calls subtracts
  `lr * direction`. Before the first update the momentum is 0. This update's gradient
  counts in its direction already.

Numbers count as right within a relative 1e-6.""",
    starter="def lion_update(g, m, p, beta1, beta2, weight_decay):\n    return ...",
    hints=(
        "The old `m` and `g` are mixed twice, with different shares: once to find the "
        "direction, and once for what is kept.",
        "The decay is AdamW's: outside of what the sign is taken of, in proportion to "
        "the parameters, with the sign with which it shrinks them once the direction "
        "is subtracted.",
        "Four lines: the mix by `beta1`; its `np.sign` with the decay; the new "
        "momentum by `beta2`, from the old one; and `np.stack` of direction and "
        "momentum.",
    ),
    solution=lion_update,
    cases=(
        (np.array([0.5]), np.array([0.0]), np.array([2.0]), 0.9, 0.99, 0.0),
        (
            np.array([-5.0, 20.0, -20.0, 0.0, 3.0, 0.0, -0.1]),
            _MIXED,
            np.array([1.0, -2.0, 0.5, -0.3, 0.0, 4.0, -1.0]),
            0.9,
            0.99,
            0.1,
        ),
        (
            np.array([-4.0, 9.5, 0.0, -0.2, 3.0, 0.0, 30.0]),
            _MIXED,
            np.array([1.0, -2.0, 0.5, -0.3, 0.0, 4.0, -1.0]),
            0.9,
            0.99,
            0.0,
        ),
        (np.zeros(3), np.zeros(3), np.array([1.0, -3.0, 0.0]), 0.9, 0.99, 0.5),
        (
            np.array([[0.2, -1.0], [0.0, 3.0], [-0.6, 0.4]]),
            np.array([[-1.0, 0.1], [0.2, -0.5], [0.2, -0.1]]),
            np.array([[0.1, 0.2], [-0.4, 1.5], [0.0, -6.0]]),
            0.5,
            0.8,
            1.0,
        ),
        (np.array([0.3, -0.2, 0.4]), _FALLING, np.ones(3), 0.0, 0.0, 0.01),
        (np.array([0.5, -0.1, 0.3]), _FALLING, -np.ones(3), 0.8, 0.3, 2.0),
    ),
    mistakes=(
        _wrongly(
            "Your direction is the sign of the momentum that is kept. Lion mixes a "
            "second time for the direction, with `beta1`.",
            mix=_momentum,
        ),
        _wrongly(
            "You keep the mix whose sign you took. The momentum that stays is mixed "
            "with `beta2`.",
            momentum=_mix,
        ),
        _wrongly(
            "You have exchanged the two betas: `beta1` belongs to the direction.",
            mix=_momentum,
            momentum=_mix,
        ),
        _wrongly(
            "You mix twice, one after the other: the direction sees a momentum that "
            "has taken this gradient in already. Both mixes start from the old `m`.",
            mix=lambda now: _average(_momentum(now), now.g, now.beta1),
        ),
        _wrongly(
            "The momentum that you keep is made from the mix of the direction. Both "
            "mixes start from the old `m`.",
            momentum=lambda now: _average(_mix(now), now.g, now.beta2),
        ),
        _wrongly(
            "Your direction is the sign of this gradient alone; the momentum takes no "
            "part in it.",
            mix=lambda now: now.g,
        ),
        _wrongly(
            "Your direction is the sign of the old momentum; this update's gradient "
            "takes no part in it.",
            mix=lambda now: now.m,
        ),
        _wrongly(
            "Your direction is the mix itself. Lion keeps only its sign.",
            sign=lambda mix: mix,
        ),
        _wrongly(
            "Where the mix is exactly 0, your direction moves the parameter. The sign "
            "of 0 is 0.",
            sign=lambda mix: np.where(mix >= 0, 1.0, -1.0),
        ),
        _wrongly(
            "Where the mix is exactly 0, your direction moves the parameter, upwards. "
            "The sign of 0 is 0.",
            sign=lambda mix: np.where(mix > 0, 1.0, -1.0),
        ),
        _wrongly(
            "You divide the mix by its own size. That is its sign, but for a mix of 0, "
            "where it is 0/0.",
            sign=lambda mix: _divided(mix, np.abs(mix)),
        ),
        _wrongly(
            "You divide the mix by the length of the whole array. Lion takes the sign "
            "of each number by itself.",
            sign=lambda mix: _divided(mix, np.sqrt((mix * mix).sum())),
        ),
        _wrongly(
            "The weight decay is missing.",
            decay=lambda now: 0 * now.p,
        ),
        Mistake(
            _penalised,
            "You add the decay to the gradient, as an L2 penalty does. The sign "
            "swallows its size: the decay has to stay outside, as in AdamW.",
        ),
        _wrongly(
            "The decay stands inside the sign, which swallows its size. It has to stay "
            "outside, as in AdamW.",
            mix=lambda now: _mix(now) + now.weight_decay * now.p,
            decay=lambda now: 0 * now.p,
        ),
        _wrongly(
            "The caller subtracts the direction, and with yours the decay makes "
            "parameters larger.",
            decay=lambda now: -now.weight_decay * now.p,
        ),
        _wrongly(
            "You take the same amount from every parameter. Decay takes a share: it "
            "has to know how large the parameter is.",
            decay=lambda now: now.weight_decay,
        ),
        _wrongly(
            "Your decay moves negative parameters away from 0. It has to have the sign "
            "of the parameter.",
            decay=lambda now: now.weight_decay * np.abs(now.p),
        ),
        _wrongly(
            "Your decay ignores `weight_decay`: it takes the whole parameter.",
            decay=lambda now: now.p,
        ),
        _wrongly(
            "Your direction points downhill, but the caller subtracts it: like a "
            "gradient, it has to point uphill.",
            sign=lambda mix: -np.sign(mix),
        ),
        _wrongly(
            "Both parts of your direction have the wrong sign: it is what is to be "
            "added. The caller subtracts.",
            sign=lambda mix: -np.sign(mix),
            decay=lambda now: -now.weight_decay * now.p,
        ),
        _wrongly(
            "Your momentum takes the whole gradient in, as SGD's does. In Lion's the "
            "two shares add up to 1.",
            momentum=lambda now: now.beta2 * now.m + now.g,
        ),
        _wrongly(
            "The mix that you take the sign of has the whole gradient in it. Its two "
            "shares add up to 1.",
            mix=lambda now: now.beta1 * now.m + now.g,
        ),
        _wrongly(
            "In both mixes the whole gradient goes in. The two shares of a mix add up "
            "to 1.",
            mix=lambda now: now.beta1 * now.m + now.g,
            momentum=lambda now: now.beta2 * now.m + now.g,
        ),
        _wrongly(
            "In the direction you have exchanged the two shares: `beta1` is that of "
            "the old momentum.",
            mix=lambda now: _average(now.g, now.m, now.beta1),
        ),
        _wrongly(
            "In the momentum you have exchanged the two shares: `beta2` is that of the "
            "old one.",
            momentum=lambda now: _average(now.g, now.m, now.beta2),
        ),
        _wrongly(
            "In both mixes you have exchanged the two shares: each beta is that of the "
            "old momentum.",
            mix=lambda now: _average(now.g, now.m, now.beta1),
            momentum=lambda now: _average(now.g, now.m, now.beta2),
        ),
        _wrongly(
            "Your momentum averages the signs of the steps. It averages gradients.",
            momentum=_of_signs,
        ),
        Mistake(
            _of_directions,
            "Your momentum averages the directions. It averages gradients.",
        ),
        _wrongly(
            "You hand the momentum back as it came in: this update's gradient never "
            "joins it.",
            momentum=lambda now: now.m,
        ),
        Mistake(
            lambda *given: lion_update(*given)[::-1],
            "You have exchanged the two entries: the direction comes first.",
        ),
        Mistake(
            lambda *given: lion_update(*given)[0],
            "That is the direction alone. The new momentum is asked for too.",
        ),
        Mistake(
            lambda *given: lion_update(*given)[1],
            "That is the new momentum alone. The direction is asked for too.",
        ),
        Mistake(
            lambda *given: np.stack(
                [given[2] - lion_update(*given)[0], lion_update(*given)[1]]
            ),
            "You make the step, at a rate of 1. Entry 0 is the direction; the caller "
            "multiplies it by the rate and makes the step.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (LION_UPDATE,)
