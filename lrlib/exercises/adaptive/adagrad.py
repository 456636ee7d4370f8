"""Exercises of the lesson adagrad: the rule, and a step late in a run."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# The rule -------------------------------------------------------------------------


def adagrad_steps(grads, lr, eps):
    r = (grads**2).cumsum(axis=0)
    return lr * grads / (r**0.5 + eps)


def _over(grads: np.ndarray, divisor: np.ndarray) -> np.ndarray:
    """The quotient as NumPy gives it, NaN and infinity included."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return grads / divisor


def _sums(grads: np.ndarray) -> np.ndarray:
    return np.cumsum(grads**2, axis=0)


def _count(grads: np.ndarray) -> np.ndarray:
    return np.arange(1, len(grads) + 1)[:, None]


def _fading(grads: np.ndarray, kept: float, added: float) -> np.ndarray:
    """An r that forgets: RMSprop's, if ``kept`` and ``added`` make 1."""
    r, fading = np.zeros(grads.shape[1]), []
    for g in grads:
        r = kept * r + added * g**2
        fading.append(r)
    return np.array(fading)


_RNG = np.random.default_rng(0)
_MIXED = _RNG.standard_normal((6, 3)) * [1.0, 100.0, 1e-3]
_SPARSE = np.array([[1.0, 0.0], [-0.5, 0.0], [2.0, 3.0], [1.0, 0.0], [-1.0, -4.0]])

ADAGRAD_STEPS = Exercise(
    name="adaptive/adagrad_steps",
    text="""\
### Exercise: AdaGrad in two lines or ten

Write `adagrad_steps(grads, lr, eps)`: what PyTorch's AdaGrad subtracts from the
parameters at each update.

- **Arguments:** `grads`, a NumPy array `[T, d]` of floats: row `i` has the gradients of
  `d` parameters at one update; `lr`, a number above 0; `eps`, a number above 0.
- **Returns:** an array `[T, d]`: row `i` is subtracted at that update, so that a
  positive gradient gives a positive number.
- **Boundaries:** nothing is remembered before the first update: `r = 0`. A parameter
  whose gradients were all 0 so far moves by 0. `T` and `d` may be 1.
- **Units and time:** rows are updates in their order; the gradient of an update counts
  in its own step already. `eps` is in the unit of a gradient.

Numbers count as right within a relative 1e-6.""",
    starter="def adagrad_steps(grads, lr, eps):\n    return ...",
    hints=(
        "Each parameter has a memory of its own: one column, one `r`. Which numbers go "
        "into it, and do any ever leave?",
        "First remember, then step. At the first update that makes every step about as "
        "long as `lr`, whatever the gradient was.",
        "`np.cumsum(…, axis=0)` adds up along the updates and keeps the columns apart. "
        "A loop over the rows does it too.",
    ),
    solution=adagrad_steps,
    cases=(
        (np.ones((5, 1)), 1.0, 1e-10),
        (_MIXED, 0.1, 1e-10),
        (_MIXED, 0.1, 0.5),
        (1e-6 * _MIXED, 0.1, 1e-8),
        (_SPARSE, 0.2, 1e-10),
        (_SPARSE, 0.2, 1e-3),
        (np.array([[3.0]]), 0.5, 0.25),
    ),
    mistakes=(
        Mistake(
            lambda grads, lr, eps: lr * grads / np.sqrt(_sums(grads) + eps),
            "Your `eps` stands under the root. That is Keras's and document 1's place; "
            "small gradients then take much shorter steps than in PyTorch.",
        ),
        Mistake(
            lambda grads, lr, eps: lr * grads / (np.sqrt(_sums(grads) + eps) + eps),
            "`eps` is in yours twice, under the root and beside it. Add it to the root "
            "only.",
        ),
        Mistake(
            lambda grads, lr, eps: lr * grads / np.sqrt(_sums(grads) + eps**2),
            "You square `eps` and add it to `r`. Add it to the root of `r`, as it is.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * grads / (np.sqrt(_sums(grads) / _count(grads)) + eps)
            ),
            "You divide by the root of the *mean* of the squares. It doesn't grow with "
            "time, so your steps don't shrink. AdaGrad keeps the sum.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * grads / (np.sqrt(_sums(grads).sum(1, keepdims=True)) + eps)
            ),
            "Your parameters share one `r`. Each has to remember its own gradients "
            "only: look at `axis`.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * grads / (np.sqrt(np.cumsum(grads**2).reshape(grads.shape)) + eps)
            ),
            "Without `axis`, `cumsum` runs through all parameters of an update before "
            "it comes to the next update. Their squares are mixed.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * grads / (np.sqrt(np.cumsum(grads**2, axis=1)) + eps)
            ),
            "You add up along the parameters of one update. Add up along the updates.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * grads / (np.sqrt(_sums(grads) - grads**2) + eps)
            ),
            "You step before you remember: the first step is divided by `eps` alone "
            "and is enormous. The gradient of an update counts in its own step.",
        ),
        Mistake(
            lambda grads, lr, eps: lr * grads / (np.sqrt((grads**2).sum(axis=0)) + eps),
            "Your `r` is the sum over the whole run, from the first update on. Update "
            "1 can't know the gradients that are still to come.",
        ),
        Mistake(
            lambda grads, lr, eps: lr * grads / (_sums(grads) + eps),
            "The root is missing: you divide by `r` itself.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * grads / (np.sqrt(np.abs(np.cumsum(grads, axis=0))) + eps)
            ),
            "You add up the gradients, not their squares: a positive and a negative "
            "one cancel.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * grads / (np.abs(np.cumsum(grads, axis=0)) + eps)
            ),
            "You divide by the size of the gradients' sum, which is small when their "
            "signs differ. Add up squares, then take the root.",
        ),
        Mistake(
            lambda grads, lr, eps: lr * grads / (np.cumsum(grads, axis=0) + eps),
            "You divide by the sum of the gradients, sign and all: a negative sum "
            "turns the step round. Add up squares, then take the root.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * grads / (np.cumsum(np.abs(grads), axis=0) + eps)
            ),
            "You add up the gradients' sizes. With a constant gradient your steps "
            "shrink as 1/t; the root of a sum of squares gives 1/√t.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * grads / (np.sqrt(np.cumsum(np.abs(grads), axis=0)) + eps)
            ),
            "The square is missing: you take the root of the sum of the sizes.",
        ),
        Mistake(
            lambda grads, lr, eps: lr * grads / (np.abs(grads) + eps),
            "You divide by the present gradient only: nothing is remembered, and every "
            "step is as long as `lr`.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * grads / (np.sqrt(_fading(grads, 0.9, 0.1)) + eps)
            ),
            "Your `r` forgets: that is RMSprop, of the next lesson. AdaGrad adds each "
            "square in full and keeps it.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * grads / (np.sqrt(_fading(grads, 0.99, 1 - 0.99)) + eps)
            ),
            "Your `r` forgets one part in a hundred at every update, as RMSprop's does "
            "in PyTorch. AdaGrad keeps everything.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * grads / (np.sqrt(_fading(grads, 0.9, 1.0)) + eps)
            ),
            "You shrink the old `r` before you add the new square, so that the past "
            "fades. AdaGrad keeps all of it.",
        ),
        Mistake(
            lambda grads, lr, eps: lr * grads / (np.sqrt(0.1 + _sums(grads)) + eps),
            "Your `r` starts at 0.1, as in Keras and optax. It has to start at 0.",
        ),
        Mistake(
            lambda grads, lr, eps: lr * _over(grads, np.sqrt(_sums(grads))),
            "`eps` takes no part. Where all gradients were 0 so far that is 0/0, NaN, "
            "and a large `eps` has to shorten the steps.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * np.nan_to_num(_over(grads, np.sqrt(_sums(grads))))
            ),
            "You leave `eps` out and replace NaN by 0. Adding it to the root prevents "
            "0/0 by itself, and if it is large it shortens all steps.",
        ),
        Mistake(
            lambda grads, lr, eps: lr * _over(grads, np.sqrt(_sums(grads)) * eps),
            "You multiply the root by `eps`. It has to be added.",
        ),
        Mistake(
            lambda grads, lr, eps: _over(lr * grads, np.sqrt(_sums(grads))) + eps,
            "`eps` is added to the step, not to the root: look at the brackets.",
        ),
        Mistake(
            lambda grads, lr, eps: grads / (np.sqrt(_sums(grads)) + eps),
            "`lr` takes no part: that is the step divided by the learning rate.",
        ),
        Mistake(
            lambda grads, lr, eps: lr / (np.sqrt(_sums(grads)) + eps),
            "That is the effective rate. The gradient hasn't been multiplied by it "
            "yet.",
        ),
        Mistake(
            lambda grads, lr, eps: adagrad_steps(grads, lr, eps)[[-1] * len(grads)],
            "Every row is your last step. One array filled in place and appended each "
            "time is the same array in all rows: append a new one or a copy.",
        ),
        Mistake(
            lambda grads, lr, eps: -adagrad_steps(grads, lr, eps),
            "Your signs are turned round. What is asked for is subtracted, so it has "
            "the sign of the gradient.",
        ),
        Mistake(
            lambda grads, lr, eps: abs(adagrad_steps(grads, lr, eps)),
            "Those are the lengths of the steps. What is subtracted has the sign of "
            "the gradient, so it can be negative.",
        ),
        Mistake(
            lambda grads, lr, eps: np.cumsum(adagrad_steps(grads, lr, eps), axis=0),
            "You add up the steps, which is how far the parameters have come. Each row "
            "is to be one step.",
        ),
        Mistake(
            lambda grads, lr, eps: -np.cumsum(adagrad_steps(grads, lr, eps), axis=0),
            "Those are the parameters after each update, if they start at 0. Each row "
            "is to be what one update subtracts.",
        ),
        Mistake(
            lambda grads, lr, eps: (
                lr * grads / (np.sqrt(_sums(grads)) + eps) / np.sqrt(_count(grads))
            ),
            "You divide by √t besides. The root of the sum grows as fast already.",
        ),
        Mistake(
            lambda grads, lr, eps: lr * grads / (np.sqrt(_count(grads)) + eps),
            "You divide by the root of the number of updates: a schedule, the same for "
            "all parameters. AdaGrad asks each one's gradients.",
        ),
    ),
)

# A step late in a run -------------------------------------------------------------


def late_step():
    lr, gradient, t = 0.2, 3.0, 400
    r = t * gradient**2
    return lr * gradient / r**0.5


LATE_STEP = Exercise(
    name="adaptive/late_step",
    text="""\
### Exercise: step number 400

A parameter's gradient is 3 at every update, and AdaGrad runs with lr = 0.2, `r` = 0 at
first and an `eps` too small to matter. How far does update number 400 move the
parameter?

- **Arguments:** none. Set `late_step` to one number, no array.
- **Returns:** the length of that one step, above 0.
- **Boundaries:** `eps` counts as 0.
- **Units and time:** updates are counted from 1, so that number 400 is the four
  hundredth; the length is in the unit of the parameter.

The number counts as right within a relative 1e-6.""",
    starter="late_step = ...",
    hints=(
        "What has `r` become when update 400 divides by its root? Each update has "
        "added the same number to it.",
        "How long is step number 1, and what has become of the 3? Then look at number "
        "4, whose `r` is four times as large.",
    ),
    solution=late_step,
    asks_for="value",
    mistakes=(
        Mistake(
            lambda: 0.2 * 3,
            "That is the step of plain gradient descent, lr · gradient. AdaGrad "
            "divides it.",
        ),
        Mistake(
            lambda: 0.2,
            "That is the first step. 399 squares have been added to `r` since then.",
        ),
        Mistake(
            lambda: 0.2 * 3 / 20,
            "You divide by the root of the number of updates. What is added up is not "
            "1 each time but the square of the gradient.",
        ),
        Mistake(
            lambda: 0.2 / 60,
            "That is the effective rate. The step is the effective rate times the "
            "gradient.",
        ),
        Mistake(
            lambda: 0.2 / 400,
            "You let the steps shrink as 1/t: you divide by a sum of sizes. The "
            "divisor is the root of a sum of squares.",
        ),
        Mistake(
            lambda: 0.2 * 3 / 400,
            "You divide by the number of updates. What divides is the root of `r`, "
            "and `r` adds up the squares of the gradients.",
        ),
        Mistake(
            lambda: 0.2 * 3 / 3600,
            "The root is missing: you divide by `r` itself.",
        ),
        Mistake(
            lambda: 0.2 * 3 / 1200**0.5,
            "You added up the gradients. Square each before you add it.",
        ),
        Mistake(
            lambda: 0.2 * 3 / 3600.1**0.5,
            "Your `r` starts at 0.1, as in Keras and optax. Here it is 0 at first.",
        ),
        Mistake(
            lambda: 1 / 20,
            "That is the step divided by the learning rate: lr is 0.2, not 1.",
        ),
        Mistake(
            lambda: 0.2 / 401**0.5,
            "You counted 401 squares. Update number 400, counted from 1, has seen 400, "
            "its own included.",
        ),
        Mistake(
            lambda: 0.2 / 399**0.5,
            "You counted 399 squares: a step divides by its own gradient, too.",
        ),
        Mistake(
            lambda: 0.2 * float(np.sum(np.arange(1, 401) ** -0.5)),
            "That is how far all 400 updates have come together. The last one is asked "
            "for.",
        ),
        Mistake(
            lambda: 0.2 * 2 * 20.0,
            "2 · lr · √400 is about the way of all 400 updates. The last one is asked "
            "for.",
        ),
        Mistake(
            lambda: -late_step(),
            "The number is right, the sign isn't: a length is asked for.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (ADAGRAD_STEPS, LATE_STEP)
