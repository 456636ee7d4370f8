"""Exercises of the lesson rmsprop: the rule, its first step, and a jump."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# The rule -------------------------------------------------------------------------


def rmsprop_steps(grads, lr, alpha, eps):
    import numpy as np

    r, steps = 0.0, []
    for g in grads:
        r = alpha * r + (1 - alpha) * g**2
        steps.append(lr * g / (np.sqrt(r) + eps))
    return np.array(steps)


def _steps_of(
    average: Callable[..., float],
    divide: Callable[..., float] = lambda g, r, eps: g / (np.sqrt(r) + eps),
) -> Callable[..., np.ndarray]:
    """The steps with another average, ``average(r, g, alpha)``, or another division."""

    def steps(grads: Any, lr: float, alpha: float, eps: float) -> np.ndarray:
        r, taken = 0.0, []
        for g in grads:
            r = average(r, g, alpha)
            taken.append(lr * divide(g, r, eps))
        return np.array(taken)

    return steps


def _mean_square(r: float, g: float, alpha: float) -> float:
    return alpha * r + (1 - alpha) * g * g


def _divides_before(grads: Any, lr: float, alpha: float, eps: float) -> np.ndarray:
    r, steps = 0.0, []
    for g in grads:
        steps.append(lr * g / (math.sqrt(r) + eps))
        r = _mean_square(r, g, alpha)
    return np.array(steps)


def _corrected(grads: Any, lr: float, alpha: float, eps: float) -> np.ndarray:
    r, steps = 0.0, []
    for t, g in enumerate(grads, start=1):
        r = _mean_square(r, g, alpha)
        steps.append(lr * g / (math.sqrt(r / (1 - alpha**t)) + eps))
    return np.array(steps)


def _starts_full(grads: Any, lr: float, alpha: float, eps: float) -> np.ndarray:
    r, steps = grads[0] ** 2, []
    for g in grads:
        r = _mean_square(r, g, alpha)
        steps.append(lr * g / (math.sqrt(r) + eps))
    return np.array(steps)


def _starts_at_one(grads: Any, lr: float, alpha: float, eps: float) -> np.ndarray:
    r, steps = 1.0, []
    for g in grads:
        r = _mean_square(r, g, alpha)
        steps.append(lr * g / (math.sqrt(r) + eps))
    return np.array(steps)


def _averages_both(grads: Any, lr: float, alpha: float, eps: float) -> np.ndarray:
    r, m, steps = 0.0, 0.0, []
    for g in grads:
        m = alpha * m + (1 - alpha) * g
        r = _mean_square(r, g, alpha)
        steps.append(lr * m / (math.sqrt(r) + eps))
    return np.array(steps)


def _forgets_never(grads: Any, lr: float, alpha: float, eps: float) -> np.ndarray:
    mean = np.cumsum(grads**2) / np.arange(1, len(grads) + 1)
    return lr * grads / (np.sqrt(mean) + eps)


def _one_average(grads: Any, lr: float, alpha: float, eps: float) -> np.ndarray:
    r = 0.0
    for g in grads:
        r = _mean_square(r, g, alpha)
    return lr * grads / (math.sqrt(r) + eps)


RMSPROP_STEPS = Exercise(
    name="adaptive/rmsprop_steps",
    text="""\
### Exercise: the rule

Write `rmsprop_steps(grads, lr, alpha, eps)`: what RMSprop subtracts from one number at
each update, with PyTorch's convention for `eps`, outside of the root.

- **Arguments:** `grads`, a NumPy array of at least one gradient, shape `[T]`; `lr`, a
  number above 0; `alpha`, the share of the past, from 0 to below 1; `eps`, above 0.
- **Returns:** an array of shape `[T]`: the steps, each with the sign of its gradient.
  The array that came in stays as it was.
- **Boundaries:** the average is 0 before the first update. With `alpha = 0` nothing of
  the past is kept. A gradient of 0 gives a step of 0.
- **Units and time:** entry 0 belongs to the first update, and its gradient is in the
  average already when that update divides. Steps include the learning rate.

Numbers count as right within a relative 1e-6.""",
    starter="def rmsprop_steps(grads, lr, alpha, eps):\n    return ...",
    hints=(
        "Keep one number between updates: the average of squares, `r`. Which two "
        "things does an update do with it, and in which order?",
        "The new `r` has two parts: a share of the old one, and the rest from the "
        "square of the gradient. The two shares add up to 1.",
        "Then divide the gradient by something that has `r` and `eps` in it. Try "
        "`alpha = 0` by hand: the step should be almost `lr`, up or down.",
    ),
    solution=rmsprop_steps,
    cases=(
        (np.array([1.0, 1.0, 1.0, 1.0]), 0.1, 0.9, 1e-8),
        (np.array([3.0, -2.0, 0.5, 4.0, -1.0]), 0.01, 0.99, 1e-8),
        (np.array([-2.0, 1.0, 7.0]), 0.5, 0.0, 1e-8),
        (np.array([2e-6, -1e-6, 3e-6]), 0.01, 0.9, 1e-8),
        (np.array([0.05, 1.5, 100.0, -0.5, 0.25]), 0.02, 0.6, 0.1),
        (np.array([0.0, 2.0, 0.0, -3.0]), 0.3, 0.8, 1e-3),
        (np.array([-4.0]), 1.0, 0.96, 1e-6),
    ),
    mistakes=(
        Mistake(
            _steps_of(_mean_square, lambda g, r, eps: g / math.sqrt(r + eps)),
            "Your `eps` is in the root, as document 1 prints it and Keras has it. With "
            "tiny gradients the steps become much shorter than PyTorch's.",
        ),
        Mistake(
            _steps_of(lambda r, g, alpha: r + g * g),
            "You add all squares up, and `alpha` takes no part. That is AdaGrad: it "
            "never forgets.",
        ),
        Mistake(
            _forgets_never,
            "You take the mean of all squares so far, each with the same weight. A "
            "moving average gives the recent ones more.",
        ),
        Mistake(
            _steps_of(lambda r, g, alpha: alpha * r + g * g),
            "The new square comes in whole, so the average of equal squares grows "
            "beyond them. The two shares have to add up to 1.",
        ),
        Mistake(
            _steps_of(lambda r, g, alpha: (1 - alpha) * r + alpha * g * g),
            "The shares are swapped: `alpha` is what is kept of the past.",
        ),
        Mistake(
            _steps_of(lambda r, g, alpha: (1 - alpha) * (r + g * g)),
            "Both parts get the small share, so almost nothing of the past is kept.",
        ),
        Mistake(
            _steps_of(lambda r, g, alpha: alpha * (r + g * g)),
            "Both parts get the share `alpha`. The new square gets what is left of 1.",
        ),
        Mistake(
            _steps_of(lambda r, g, alpha: (1 - alpha) * g * g),
            "Nothing of the past is left in your average: is the old one carried from "
            "update to update?",
        ),
        Mistake(
            _steps_of(_mean_square, lambda g, r, eps: g / (r + eps)),
            "The root is missing: you divide by the average of the squares itself.",
        ),
        Mistake(
            _steps_of(
                lambda r, g, alpha: alpha * r + (1 - alpha) * abs(g),
                lambda g, r, eps: g / (r + eps),
            ),
            "You average the sizes of the gradients. It is their squares that are "
            "averaged, and the root comes afterwards.",
        ),
        Mistake(
            _steps_of(lambda r, g, alpha: alpha * r + (1 - alpha) * abs(g)),
            "You take the root of an average of sizes; the squares are missing.",
        ),
        Mistake(
            _steps_of(_mean_square, lambda g, r, eps: g / max(math.sqrt(r), eps)),
            "You take the larger of the root and `eps`. PyTorch adds the two.",
        ),
        Mistake(
            _steps_of(
                _mean_square, lambda g, r, eps: g / math.sqrt(r) if r else math.nan
            ),
            "`eps` takes no part. A gradient of 0 at the start shows what it is for.",
        ),
        Mistake(
            _steps_of(_mean_square, lambda g, r, eps: g / math.sqrt(r) if r else 0.0),
            "You leave `eps` out and catch 0/0 by hand. `eps` belongs into every "
            "division.",
        ),
        Mistake(
            _steps_of(
                _mean_square, lambda g, r, eps: float(np.sign(g)) / (math.sqrt(r) + eps)
            ),
            "You divide the sign of the gradient. It is the gradient that is divided.",
        ),
        Mistake(
            _steps_of(_mean_square, lambda g, r, eps: 1 / (math.sqrt(r) + eps)),
            "That is the rate that each gradient meets. The gradient itself hasn't "
            "multiplied it yet.",
        ),
        Mistake(
            _steps_of(_mean_square, lambda g, r, eps: -g / (math.sqrt(r) + eps)),
            "Your steps have the opposite sign. Asked for is what is subtracted.",
        ),
        Mistake(
            _steps_of(_mean_square, lambda g, r, eps: abs(g) / (math.sqrt(r) + eps)),
            "Your steps have lost their sign.",
        ),
        Mistake(
            _divides_before,
            "You divide by the average before this update's gradient is in it, so the "
            "first step divides by `eps` alone.",
        ),
        Mistake(
            _corrected,
            "You correct the start of the average, as Adam does. RMSprop doesn't: its "
            "first step is long.",
        ),
        Mistake(
            _starts_full,
            "Your average starts from the first square. Here it starts from 0.",
        ),
        Mistake(
            _starts_at_one,
            "Your average starts from 1. Here it starts from 0.",
        ),
        Mistake(
            _averages_both,
            "You average the gradients, too. That is a part of Adam; here the gradient "
            "of this update alone is divided.",
        ),
        Mistake(
            _one_average,
            "You divide all gradients by the average at the end. An update can't know "
            "the gradients that come after it.",
        ),
        Mistake(
            lambda grads, lr, alpha, eps: np.cumsum(
                rmsprop_steps(grads, lr, alpha, eps)
            ),
            "You add the steps up: that is the whole way so far. Asked for is each "
            "step by itself.",
        ),
        Mistake(
            lambda grads, lr, alpha, eps: (
                -np.cumsum(rmsprop_steps(grads, lr, alpha, eps))
            ),
            "These are the places of a number that starts at 0. Asked for are the "
            "steps.",
        ),
        Mistake(
            lambda grads, lr, alpha, eps: rmsprop_steps(grads, 1, alpha, eps),
            "These are the directions. `lr` hasn't multiplied them yet.",
        ),
        Mistake(
            lambda grads, lr, alpha, eps: rmsprop_steps(grads, lr, alpha, eps)[-1],
            "That is the last step alone. Asked for is an array with all of them.",
        ),
    ),
)

# The first step -------------------------------------------------------------------


def first_move():
    lr, alpha = 0.003, 0.96
    return lr / (1 - alpha) ** 0.5


FIRST_MOVE = Exercise(
    name="adaptive/first_move",
    text="""\
### Exercise: the first step

`torch.optim.RMSprop([weight], lr=0.003, alpha=0.96)` is new, and the first gradient of
the only weight is −7. By how much does the first update change the weight? Put the
number into `first_move`.

- **Arguments:** none, this is one value and not a function.
- **Returns:** one number, no array: the weight after the update, minus the weight
  before.
- **Boundaries:** leave `eps` out: beside a gradient of 7 it changes nothing that
  counts.
- **Units and time:** in the unit of the weight; the first update after the optimizer
  was made.

The number counts as right within a relative 1e-6.""",
    starter="first_move = ...",
    hints=(
        "The average of squares was 0 before this gradient. What is it when the "
        "update divides by its root?",
        "The gradient is in the numerator, and in the root below. What is left of its "
        "size, and what of its sign?",
    ),
    solution=first_move,
    asks_for="value",
    mistakes=(
        Mistake(
            lambda: 0.003,
            "That is `lr`, where the step settles when the gradient stays the same. "
            "The first one is longer.",
        ),
        Mistake(
            lambda: -0.003,
            "That is a step of `lr`, and up the slope. The average starts from 0, and "
            "an update goes against the gradient.",
        ),
        Mistake(
            lambda: -first_move(),
            "The right length, in the wrong direction: the gradient is negative, and "
            "it is subtracted.",
        ),
        Mistake(
            lambda: 0.075,
            "You divide by 1 − `alpha`. The rule divides by a root.",
        ),
        Mistake(
            lambda: -0.075,
            "You divide by 1 − `alpha` without a root, and go up the slope.",
        ),
        Mistake(
            lambda: 0.003 * 7 / (0.04 * 49),
            "You divide by the average of the squares itself. Where is its root?",
        ),
        Mistake(
            lambda: -0.003 * 7 / (0.04 * 49),
            "You divide by the average of the squares and not by its root, and go up "
            "the slope.",
        ),
        Mistake(
            lambda: 0.003 * 0.04**0.5,
            "You multiply by the root. A small average makes a step longer.",
        ),
        Mistake(
            lambda: 0.003 / 0.96**0.5,
            "You divide by the root of `alpha`, the share of the past. What share does "
            "the new square get?",
        ),
        Mistake(
            lambda: 0.021,
            "That is gradient descent, `lr` times 7. RMSprop divides the size of the "
            "gradient away.",
        ),
        Mistake(
            lambda: -0.021,
            "That is `lr` times the gradient, neither divided nor subtracted.",
        ),
        Mistake(
            lambda: 0.105,
            "The size of the gradient is still in it. It stands above the line and "
            "below.",
        ),
        Mistake(
            lambda: -0.105,
            "The size of the gradient is still in it, and the step goes up the slope.",
        ),
        Mistake(
            lambda: 5.0,
            "That is the step in learning rates. `lr` hasn't multiplied it yet.",
        ),
        Mistake(
            lambda: 0.03,
            "That is right for an `alpha` of 0.99, PyTorch's default. Here it is "
            "another one.",
        ),
        Mistake(
            lambda: 0.003 / 7 / 0.2,
            "You divide by the size of the gradient, and there is no gradient left to "
            "be divided.",
        ),
    ),
)

# The recovery ---------------------------------------------------------------------


def updates_to_recover(alpha, factor):
    r, step, passed = 1.0, 0.0, 0
    while not 0.9 <= step <= 1.1:
        r = alpha * r + (1 - alpha) * factor**2
        step = factor / r**0.5
        passed += 1
    return passed


def _first(found: Callable[[float, float], bool]) -> Callable[[float, float], int]:
    """The first update at which ``found(r, factor)``; at most number 20,000."""

    def count(alpha: float, factor: float) -> int:
        r = 1.0
        for k in range(1, 20_000):
            r = alpha * r + (1 - alpha) * factor**2
            if found(r, factor):
                return k
        return 20_000

    return count


def _from_zero(alpha: float, factor: float) -> int:
    r = 0.0
    for k in range(1, 20_000):
        r = alpha * r + (1 - alpha) * factor**2
        if factor / math.sqrt(r) <= 1.1:
            return k
    return 20_000


def _without_square(alpha: float, factor: float) -> int:
    r = 1.0
    for k in range(1, 20_000):
        r = alpha * r + (1 - alpha) * factor
        if 0.9 <= factor / math.sqrt(r) <= 1.1:
            return k
    return 20_000


def _divides_first(alpha: float, factor: float) -> int:
    r = 1.0
    for k in range(1, 20_000):
        if 0.9 <= factor / math.sqrt(r) <= 1.1:
            return k
        r = alpha * r + (1 - alpha) * factor**2
    return 20_000


def _of_sizes(alpha: float, factor: float) -> int:
    r = 1.0
    for k in range(1, 20_000):
        r = alpha * r + (1 - alpha) * factor
        if 0.9 <= factor / r <= 1.1:
            return k
    return 20_000


def _swapped_shares(alpha: float, factor: float) -> int:
    r = 1.0
    for k in range(1, 20_000):
        r = (1 - alpha) * r + alpha * factor**2
        if 0.9 <= factor / math.sqrt(r) <= 1.1:
            return k
    return 20_000


def _formula(whole: Callable[[float], float]) -> Callable[[float, float], float]:
    """The formula of the recovery, solved for the number of updates."""

    def count(alpha: float, factor: float) -> float:
        if alpha == 0 or 0.9 <= factor <= 1.1:
            return 1
        border = 0.9 if factor < 1 else 1.1
        left = (border**-2 - 1) / (factor**-2 - 1)
        return max(1, whole(math.log(left) / math.log(alpha)))

    return count


def _backwards(inside: Callable[[float], bool]) -> Callable[[float, float], int]:
    """The formula, used between the borders, too, unless ``inside(factor)``."""

    def count(alpha: float, factor: float) -> int:
        if alpha == 0 or inside(factor):
            return 1
        border = 1.1 if factor > 1 else 0.9
        left = (border**-2 - 1) / (factor**-2 - 1)
        return math.ceil(math.log(left) / math.log(alpha))

    return count


def _one_gradient(alpha: float, factor: float) -> int:
    """Counts after a single gradient that differs."""
    r, k = alpha + (1 - alpha) * factor**2, 1
    while not 0.9 <= 1 / math.sqrt(r) <= 1.1:
        r = alpha * r + 1 - alpha
        k += 1
    return k


UPDATES_TO_RECOVER = Exercise(
    name="adaptive/updates_to_recover",
    text="""\
### Exercise: over a jump

A gradient has been 1 for so long that RMSprop's average of squares is 1. From update 1
on it is `factor`. Write `updates_to_recover(alpha, factor)`: the number of the first
update whose step is between 0.9 and 1.1 learning rates.

- **Arguments:** `alpha`, the share of the past, from 0 to 0.99; `factor`, from 0.001 to
  1000. Two numbers, no arrays.
- **Returns:** one whole number, at least 1.
- **Boundaries:** 1 if the first update is within the borders already, as for
  `factor = 1`, and always for `alpha = 0`. Leave `eps` out.
- **Units and time:** counted in updates. The first gradient of the new size belongs to
  update 1, and is in the average when that update divides.""",
    starter="def updates_to_recover(alpha, factor):\n    return ...",
    hints=(
        "A loop does it: let the updates happen, count them, and look at each step.",
        "The average moves from 1 to the square of `factor`. The step, in learning "
        "rates, is `factor` divided by the root of the average.",
        "After a jump up the steps come from above, after a jump down from below. Both "
        "borders are needed.",
    ),
    solution=updates_to_recover,
    cases=(
        *((alpha, factor) for alpha in (0.5, 0.9, 0.99) for factor in (100, 0.01)),
        (0.9, 1.0),
        (0.9, 1.05),
        (0.9, 0.95),
        (0.0, 30.0),
        (0.0, 0.03),
        (0.95, 2.0),
        (0.95, 0.4),
        (0.98, 1000.0),
        (0.98, 0.001),
        (0.8, 10.0),
        (0.8, 0.1),
    ),
    mistakes=(
        Mistake(
            lambda alpha, factor: round(1 / (1 - alpha)),
            "That is one memory, and `factor` takes no part. It is the unit, but up "
            "and down take different numbers of them.",
        ),
        Mistake(
            lambda alpha, factor: updates_to_recover(alpha, max(factor, 1 / factor)),
            "You treat a jump down as if it went up. After it, large old squares have "
            "to fade.",
        ),
        Mistake(
            lambda alpha, factor: updates_to_recover(alpha, min(factor, 1 / factor)),
            "You treat a jump up as if it went down. After it, the new squares are the "
            "large ones and outweigh the past soon.",
        ),
        Mistake(
            lambda alpha, factor: updates_to_recover(alpha, 1 / factor),
            "Up and down are swapped: is the ratio in your step upside down?",
        ),
        Mistake(
            lambda alpha, factor: updates_to_recover(alpha, factor) - 1,
            "One too few: the first gradient of the new size belongs to update 1.",
        ),
        Mistake(
            lambda alpha, factor: updates_to_recover(alpha, factor) + 1,
            "One too many. With `alpha = 0` update 1 is within the borders already.",
        ),
        Mistake(
            _first(lambda r, factor: factor / math.sqrt(r) <= 1.1),
            "After a jump down you stop at once: a step that is too short is also "
            "below 1.1. The lower border is missing.",
        ),
        Mistake(
            _first(lambda r, factor: factor / math.sqrt(r) >= 0.9),
            "After a jump up you stop at once: a step that is too long is also above "
            "0.9. The upper border is missing.",
        ),
        Mistake(
            _first(lambda r, factor: 0.9 <= r / factor**2 <= 1.1),
            "You wait until the average of squares is within 10% of its new value. "
            "Asked is about the step, which has a root.",
        ),
        Mistake(
            _first(lambda r, factor: 0.9 <= factor / r <= 1.1),
            "The root is missing in your step.",
        ),
        Mistake(
            _first(lambda r, factor: 0.9 <= 1 / math.sqrt(r) <= 1.1),
            "You divide the old gradient, 1, by the root. The gradient is `factor` "
            "now.",
        ),
        Mistake(
            _first(lambda r, factor: abs(r - factor**2) <= abs(1 - factor**2) / math.e),
            "You wait until 63% of the way is done: that is one memory. Look at the "
            "step then.",
        ),
        Mistake(
            _from_zero,
            "Your average starts from 0, like that of a new optimizer, so the old "
            "gradients were never there. Here it starts from 1.",
        ),
        Mistake(
            _without_square,
            "You average the gradient and not its square.",
        ),
        Mistake(
            _of_sizes,
            "You average the sizes of the gradients, without a square and a root.",
        ),
        Mistake(
            _swapped_shares,
            "The shares are swapped: `alpha` is what is kept of the past.",
        ),
        Mistake(
            _divides_first,
            "You look at the step before this update's gradient is in the average. The "
            "average comes first, then the division.",
        ),
        Mistake(
            _formula(float),
            "The time is right, but updates are counted in whole numbers. At which one "
            "is the step within the borders for the first time?",
        ),
        Mistake(
            _formula(math.floor),
            "You round down, to an update whose step is still outside of the borders.",
        ),
        Mistake(
            _formula(round),
            "You round to the nearest whole number. Where that is below the time, the "
            "step is still outside of the borders.",
        ),
        Mistake(
            _backwards(lambda factor: 1 <= factor <= 1.1),
            "After a small jump down, to 0.95, you count a negative number of updates. "
            "The step is between the borders already: 1.",
        ),
        Mistake(
            _backwards(lambda factor: factor == 1),
            "After a small jump, up or down, you count a negative number of updates. "
            "The step is between the borders already: 1.",
        ),
        Mistake(
            lambda alpha, factor: updates_to_recover(alpha, factor) * (1 - alpha),
            "You count in memories. Asked for are updates.",
        ),
        Mistake(
            _first(lambda r, factor: 0.95 <= factor / math.sqrt(r) <= 1.05),
            "Your borders are 5% to either side. They are 0.9 and 1.1 learning rates.",
        ),
        Mistake(
            _one_gradient,
            "You let one single gradient be `factor` and go on with 1. Here all of "
            "them are `factor` from update 1 on.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (RMSPROP_STEPS, FIRST_MOVE, UPDATES_TO_RECOVER)
