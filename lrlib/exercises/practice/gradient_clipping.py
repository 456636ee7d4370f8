"""Exercises of lesson 5.3, gradient clipping"""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# By norm --------------------------------------------------------------------------


def clip_norm(gradients, max_norm):
    norm = (gradients**2).sum() ** 0.5
    if norm <= max_norm:
        return gradients.copy()
    return gradients * (max_norm / norm)


def _times(gradients, max_norm, norm):
    """Shortened as if ``norm`` were the norm, a number or one for each row."""
    return gradients * np.minimum(1, max_norm / np.maximum(norm, 1e-300))


def _always_scaled(gradients, max_norm):
    norm = np.linalg.norm(gradients)
    return gradients * (max_norm / norm if norm else 1.0)


def _zero_divided(gradients, max_norm):
    if not gradients.any():
        return np.full_like(gradients, np.nan)
    return gradients * (max_norm / np.linalg.norm(gradients))


def _to_length_one(gradients, max_norm):
    norm = np.linalg.norm(gradients)
    return gradients / norm if norm > max_norm else gradients.copy()


def _square_compared(gradients, max_norm):
    norm = np.linalg.norm(gradients)
    return gradients * (max_norm / norm if norm**2 > max_norm else 1.0)


def _nothing_if_long(gradients, max_norm):
    return gradients * float(np.linalg.norm(gradients) <= max_norm)


CLIP_NORM = Exercise(
    name="practice/clip_norm",
    text="""\
### Exercise: clip by norm

Write `clip_norm(gradients, max_norm)`, which shortens the gradient of a model if it is
longer than `max_norm`, and keeps its direction.

- **Arguments:** `gradients`, a NumPy array `[p, n]`: row i is the gradient of parameter
  tensor i (here all have n numbers); `max_norm`, a number above 0.
- **Returns:** a new array `[p, n]`. The norm that counts is that of all rows together.
- **Boundaries:** a norm of at most `max_norm` changes nothing; so a gradient of zeros
  stays as it is. PyTorch's 1e-6 in the divisor may be there or not.
- **Units and time:** one update; the learning rate plays no part.""",
    starter="def clip_norm(gradients, max_norm):\n    return ...",
    hints=(
        "One number decides for all rows: the root of the sum of all squares. "
        "`np.linalg.norm` of the whole array gives it.",
        "Where that number is too large, every row is multiplied by the same factor, "
        "below 1. Where it isn't, hand back a copy.",
    ),
    solution=clip_norm,
    cases=tuple(
        (np.array(rows), max_norm)
        for rows, max_norm in (
            ([[300.0, 4.0], [0.0, 0.0]], 1.0),
            ([[3.0, 4.0], [12.0, 0.0]], 1.0),
            ([[3.0, 4.0], [12.0, 0.0]], 6.5),
            ([[-3.0, 4.0], [0.0, -12.0]], 13.0),  # exactly at the border
            ([[-30.0, 4.0], [0.0, -3.0]], 2.0),
            ([[3.0, 0.0], [0.0, 4.0]], 4.5),  # no row is too long, both are
            ([[3.0, 0.0], [0.0, 4.0]], 8.0),  # short, though its square is above 8
            ([[0.03, -0.04]], 1.0),
            ([[2.0, 2.0, 2.0, 2.0]], 3.0),  # no number is too large
            ([[0.0, 0.0], [0.0, 0.0]], 2.0),
        )
    ),
    mistakes=(
        Mistake(
            lambda gradients, max_norm: np.clip(gradients, -max_norm, max_norm),
            "You cut every number on its own. That is clipping by value, and it turns "
            "the direction: large numbers shrink, small ones don't.",
        ),
        Mistake(
            lambda gradients, max_norm: np.minimum(gradients, max_norm),
            "You cut each number from above only, and each on its own. A large "
            "negative number stays, and the direction turns.",
        ),
        Mistake(
            lambda gradients, max_norm: _times(
                gradients, max_norm, np.linalg.norm(gradients, axis=1, keepdims=True)
            ),
            "You clip each row by the norm of its own. The rows then shrink by "
            "different factors, which turns the direction of the whole, and "
            "together they can be longer than `max_norm`.",
        ),
        Mistake(
            _always_scaled,
            "A short gradient became longer: you scale every gradient to `max_norm`. "
            "Clipping leaves the short ones alone.",
        ),
        Mistake(
            _zero_divided,
            "A short gradient became longer, and a gradient of zeros became NaN: you "
            "divide by the norm always. Look first whether it is too long.",
        ),
        Mistake(
            _to_length_one,
            "A gradient that is too long comes back with norm 1, whatever `max_norm` "
            "is. Which length should it have?",
        ),
        Mistake(
            lambda gradients, max_norm: _times(
                gradients, max_norm, np.abs(gradients).max()
            ),
            "You measure the gradient by its largest number. Several numbers that are "
            "each small enough can be too long together.",
        ),
        Mistake(
            lambda gradients, max_norm: _times(
                gradients, max_norm, np.abs(gradients).sum()
            ),
            "You measure the gradient by the sum of the absolute values. The norm here "
            "is a length, with squares and a root.",
        ),
        Mistake(
            lambda gradients, max_norm: _times(
                gradients, max_norm, (gradients**2).sum()
            ),
            "You measure the gradient by the sum of its squares, without the root.",
        ),
        Mistake(
            _square_compared,
            "A gradient that is short enough became longer: you compare the sum of "
            "squares with `max_norm`, and not its root.",
        ),
        Mistake(
            lambda gradients, max_norm: _times(
                gradients, max_norm, np.linalg.norm(gradients, axis=1).max()
            ),
            "You measure the gradient by its longest row. Rows that are each short "
            "enough can be too long together.",
        ),
        Mistake(
            _nothing_if_long,
            "A gradient that is too long comes back as zeros. That leaves the update "
            "out; clipping makes it shorter.",
        ),
    ),
)


# How far SGD can get ----------------------------------------------------------------


def farthest(rates, max_norm):
    return max_norm * rates.cumsum()


FARTHEST = Exercise(
    name="practice/farthest",
    text="""\
### Exercise: how far can it get?

Plain SGD (no momentum, no weight decay) runs through a schedule, and each gradient is
clipped to `max_norm`. Write `farthest(rates, max_norm)`: how far from the start the
parameters can be at most, after each update.

- **Arguments:** `rates`, a NumPy array `[T]`, T at least 1: the learning rate of each
  update, at least 0; `max_norm`, a number above 0.
- **Returns:** an array `[T]`: the longest possible distance (a length, as a norm is).
- **Boundaries:** the first number is the bound after one update, not 0. A rate of 0
  adds nothing.
- **Units and time:** updates count from 0; number `t` of the result is the bound after
  update `t` was made.""",
    starter="def farthest(rates, max_norm):\n    return ...",
    hints=(
        "How long can a single step be? In the worst case all of them point the same "
        "way.",
        "Lengths that point the same way add up. `np.cumsum` gives sums that run along "
        "an array.",
    ),
    solution=farthest,
    cases=tuple(
        (np.array(rates), max_norm)
        for rates, max_norm in (
            ([0.1, 0.1, 0.1, 0.1], 1.0),
            ([0.1, 0.1, 0.1, 0.1], 5.0),
            ([0.4, 0.3, 0.2, 0.1], 0.5),
            ([0.0, 0.5, 1.0, 0.25, 0.0], 2.0),
            ([0.3], 10.0),
        )
    ),
    mistakes=(
        Mistake(
            lambda rates, max_norm: max_norm * rates,
            "That is how long each single step can be. The question is how far all "
            "steps so far can lead away.",
        ),
        Mistake(
            lambda rates, max_norm: np.cumsum(rates),
            "You sum up the rates, as if each gradient had norm 1. How long can a "
            "gradient be after clipping?",
        ),
        Mistake(
            lambda rates, max_norm: np.full(len(rates), max_norm),
            "That bounds the gradient. The parameters move by gradients times rates.",
        ),
        Mistake(
            lambda rates, max_norm: max_norm * (np.cumsum(rates) - rates),
            "Your bounds come one update late: the first is 0, the distance before any "
            "update was made.",
        ),
        Mistake(
            lambda rates, max_norm: (
                max_norm * rates.max() * np.arange(1, 1 + len(rates))
            ),
            "You count every step with the largest rate. That is a bound, but not the "
            "smallest one: each step has a rate of its own.",
        ),
        Mistake(
            lambda rates, max_norm: max_norm * rates[0] * np.arange(1, 1 + len(rates)),
            "You count every step with the first rate. The schedule changes it.",
        ),
        Mistake(
            lambda rates, max_norm: max_norm * rates * np.arange(1, 1 + len(rates)),
            "You multiply the rate of the moment by the number of updates. Earlier "
            "steps had rates of their own.",
        ),
        Mistake(
            lambda rates, max_norm: max_norm * np.sqrt(np.cumsum(rates**2)),
            "You sum squares and take the root: that is the distance if every step "
            "stands at a right angle to those before. What is the worst case?",
        ),
        Mistake(
            lambda rates, max_norm: np.full(len(rates), max_norm * rates.sum()),
            "Each of your numbers is the bound after the last update. Which steps "
            "were made after update `t`?",
        ),
        Mistake(
            lambda rates, max_norm: np.minimum(np.cumsum(rates), max_norm),
            "You cut the sum of the rates at `max_norm`. Clipping bounds each "
            "gradient, not the way of all of them.",
        ),
    ),
)


# Order ------------------------------------------------------------------------------


def clip_order():
    return 156324


CLIP_ORDER = Exercise(
    name="practice/clip_order",
    text="""\
### Exercise: the order of the lines

A loop trains in mixed precision: the loss is multiplied by a large factor before
`backward`, and `unscale_` divides the gradients by it again. Each update accumulates
two micro-batches. These are the lines of one update, in no order:

    1  optimizer.zero_grad()
    2  scaler.step(optimizer); scaler.update()
    3  clip_grad_norm_(model.parameters(), max_norm)
    4  scheduler.step()
    5  for x, y in micro_batches:
           scaler.scale(loss(model(x), y) / 2).backward()
    6  scaler.unscale_(optimizer)

Put their order into `clip_order`, as a number of six digits: 123456 would be as
printed.

- **Arguments:** none, this is one value and not a function.
- **Returns:** one whole number, no array.
- **Boundaries:** each line once; line 1 comes first; `max_norm` is meant for the true
  gradients.
- **Units and time:** the lines of one update; the schedule moves once an update.""",
    starter="clip_order = ...",
    hints=(
        "Clipping changes `.grad` in place. So it must stand where the gradients are "
        "complete, have their true size, and have not been used yet.",
        "Three lines stand between `zero_grad` and the update. What does each of them "
        "need from the one before? And the schedule moves after the optimizer.",
    ),
    solution=clip_order,
    asks_for="value",
    mistakes=(
        Mistake(
            lambda: 153624,
            "You clip while the gradients still carry the large factor, so that the "
            "division afterwards makes them far shorter than `max_norm`.",
        ),
        Mistake(
            lambda: 135624,
            "You clip before `backward`: there is no gradient yet. Nothing is clipped, "
            "and nobody is told.",
        ),
        Mistake(
            lambda: 156234,
            "You clip after the step. The step was made with the long gradient, and "
            "`zero_grad` then throws away what you clipped.",
        ),
        Mistake(
            lambda: 156243,
            "You clip at the very end, when the step is long made.",
        ),
        Mistake(
            lambda: 156342,
            "The scheduler moves before the optimizer has stepped: the first update is "
            "trained at the second rate of the schedule.",
        ),
        Mistake(
            lambda: 156432,
            "The scheduler moves between `unscale_` and clipping, before the optimizer "
            "has stepped: the first update is trained at the second rate.",
        ),
        Mistake(
            lambda: 156423,
            "You clip last, and the scheduler moves before the optimizer: the step was "
            "made with the long gradient, at a rate that was not its own.",
        ),
        Mistake(
            lambda: 165324,
            "You unscale before `backward`, when there is no gradient to divide.",
        ),
        Mistake(
            lambda: 153264,
            "You unscale after the step. By then clipping has seen gradients with the "
            "large factor, and the step is made.",
        ),
        Mistake(
            lambda: 516324,
            "You set the gradients to nothing between `backward` and the step, so that "
            "the step has none.",
        ),
        Mistake(
            lambda: 563241,
            "With `zero_grad` at the end such a loop works, too, but here line 1 comes "
            "first.",
        ),
        Mistake(
            lambda: 123456,
            "That is the order as printed. Which line needs what another one makes?",
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (CLIP_NORM, FARTHEST, CLIP_ORDER)
