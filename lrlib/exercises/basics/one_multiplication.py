"""Exercises of lesson 1.1, One multiplication."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# One step ---------------------------------------------------------------------


def sgd_step(theta, grad, lr):
    return theta - lr * grad


def _step_cases() -> tuple[tuple[Any, ...], ...]:
    random = np.random.default_rng(11)
    vector, matrix = random.normal(size=(2, 3)), random.normal(size=(2, 2, 4))
    return (
        (2.0, 3.0, 0.1),
        (-1.5, 4.0, 0.25),
        (1.0, -2.0, 1.5),
        (2.0, 3.0, 0.0),  # no rate, no step
        (2.0, 0.0, 0.1),  # flat ground, no step
        (vector[0], vector[1], 0.3),
        (matrix[0], matrix[1], 0.05),
        (np.array([3.0]), np.array([0.0]), 0.1),
    )


def _normalised_step(theta: Any, grad: Any, lr: float) -> Any:
    length = np.linalg.norm(grad)
    return theta - lr * (grad / length if length > 0 else grad)


SGD_STEP = Exercise(
    name="basics/sgd_step",
    text="""\
### Exercise: one step

Write `sgd_step(theta, grad, lr)`, one update of gradient descent.

- **Arguments:** `theta`, the parameters, and `grad`, the slope of the loss at
  `theta`: two numbers, or two NumPy arrays of the same shape, any shape.
  `lr`, the learning rate: one number, 0 or larger.
- **Returns:** the new parameters, a number or an array like `theta`. The
  `theta` and `grad` that came in stay as they were.
- **Boundaries:** with `lr = 0` or a slope of 0, what comes back equals `theta`.
- **Units and time:** plain numbers; no step counter `t` takes part.

Numbers count as right within a relative 1e-6.""",
    starter="def sgd_step(theta, grad, lr):\n    return ...",
    hints=(
        "Which way does the slope point, uphill or downhill? You want the other way.",
        "How far you go is a product of two of the three arguments. Start at the "
        "third one.",
        "On paper: with `theta = 2`, `grad = 3` and `lr = 0.1` you land at 1.7. One "
        "line of arithmetic does it, and the same line serves for arrays.",
    ),
    solution=sgd_step,
    cases=_step_cases(),
    mistakes=(
        Mistake(
            lambda theta, grad, lr: theta + lr * grad,
            "Your step goes uphill. The gradient points to where the loss grows; "
            "look at the sign.",
        ),
        Mistake(
            lambda theta, grad, lr: theta - grad,
            "Your step has the same length for every `lr`: the rate takes no part.",
        ),
        Mistake(
            lambda theta, grad, lr: theta * (1 - lr),
            "Your step shrinks `theta` by the same share whatever the slope is: "
            "`grad` takes no part.",
        ),
        Mistake(
            lambda theta, grad, lr: theta - lr,
            "Your step is `lr` long on every slope. That would be the rate as a "
            "step length; `grad` takes no part.",
        ),
        Mistake(
            lambda theta, grad, lr: theta - lr * np.sign(grad),
            "Your step uses only the sign of the slope: steep and gentle slopes get "
            "the same step. Plain gradient descent keeps the slope's size.",
        ),
        Mistake(
            _normalised_step,
            "Your step has length `lr` everywhere, because the gradient was divided "
            "by its own length. Plain gradient descent takes it as it is.",
        ),
        Mistake(
            lambda theta, grad, lr: lr * grad,
            "What comes back is how far to go, not where you are afterwards.",
        ),
        Mistake(
            lambda theta, grad, lr: -lr * grad,
            "What comes back is the step, not where you are after it.",
        ),
        Mistake(
            lambda theta, grad, lr: lr * (theta - grad),
            "Here `lr` multiplies `theta` too, so that `lr = 0` sends every "
            "parameter to 0. Look at the brackets.",
        ),
        Mistake(
            lambda theta, grad, lr: theta - theta * lr * grad,
            "Your step is also multiplied by `theta`: from `theta = 0` it would "
            "never move, however steep the slope.",
        ),
        Mistake(
            lambda theta, grad, lr: theta - grad / lr,
            "Your step is the slope divided by the rate: a smaller rate would take a "
            "longer step, and a rate of 0 has no answer.",
        ),
    ),
)


# The length of a step -----------------------------------------------------------


def step_length():
    lr, grad = 0.1, (3, 4)
    return lr * (grad[0] ** 2 + grad[1] ** 2) ** 0.5


STEP_LENGTH = Exercise(
    name="basics/step_length",
    text="""\
### Exercise: how long is the step?

The rate is 0.1 and the gradient is (3,\u00a04). One update of gradient descent
moves the parameters; how far, in a straight line? Put the number into
`step_length`.

- **Arguments:** none, this is one value and not a function.
- **Returns:** one number, not an array: the length of the step, 0 or larger.
- **Boundaries:** a step of length 0 would mean that nothing moved.
- **Units and time:** in the unit of the parameters; it is the same at every `t`.

The number counts as right within a relative 1e-6.""",
    starter="step_length = ...",
    hints=(
        "The step is the gradient made shorter. How long is the gradient (3, 4)?",
        "Pythagoras: a triangle with the sides 3 and 4. Then let the rate do the "
        "one thing that it does.",
    ),
    solution=step_length,
    asks_for="value",
    mistakes=(
        Mistake(
            lambda: 0.1,
            "That is the rate. It would be the step's length on a slope of exactly 1; "
            "this slope is steeper.",
        ),
        Mistake(
            lambda: 5.0,
            "That is the length of the gradient. The rate hasn't multiplied it yet.",
        ),
        Mistake(
            lambda: 0.7,
            "That adds the two components: the way around the corner. The straight "
            "line is shorter.",
        ),
        Mistake(
            lambda: 0.35,
            "That is the average of the two components, times the rate. The step "
            "goes in both directions at once.",
        ),
        Mistake(
            lambda: 2.5,
            "You are nearly there: a square root is missing in the gradient's length.",
        ),
        Mistake(
            lambda: 50.0,
            "You divided by the rate. A smaller rate would then take a longer step.",
        ),
        Mistake(
            lambda: -0.5,
            "The minus gives the direction, downhill. A length has no sign.",
        ),
        Mistake(
            lambda: 0.4,
            "That is how far the second parameter moves. The first one moves too.",
        ),
        Mistake(
            lambda: 0.3,
            "That is how far the first parameter moves. The second one moves too.",
        ),
        Mistake(
            lambda: (0.3, 0.4),
            "That is the step itself (up to its sign), a vector. Its length is one "
            "number.",
        ),
        Mistake(
            lambda: (-0.3, -0.4),
            "That is the step itself, a vector, and its direction is right. Its "
            "length is one number.",
        ),
    ),
)


# Momentum's effective rate --------------------------------------------------------


def _simulated(steps: int) -> Any:
    """The effective rate when only so many gradients are added up."""

    def answer(lr: float, momentum: float) -> float:
        return lr * sum(momentum**age for age in range(steps))

    return answer


def effective_rate(lr, momentum):
    return lr / (1 - momentum)


EFFECTIVE_RATE = Exercise(
    name="basics/effective_rate",
    text="""\
### Exercise: the rate that momentum makes of it

SGD with momentum, as PyTorch has it, adds each gradient to a fading sum of the
earlier ones, `velocity = momentum * velocity + grad`, and moves the parameters
by `lr * velocity`. On a slope that stays the same for a long time, the step
settles at a fixed length. Write `effective_rate(lr, momentum)`: the rate with
which plain gradient descent would take that same step.

- **Arguments:** `lr`, a number above 0; `momentum`, a number from 0 up to, but
  not including, 1. Single numbers, no arrays.
- **Returns:** the effective rate, one number.
- **Boundaries:** with `momentum = 0` it equals `lr`.
- **Units and time:** in the unit of `lr`; after many steps, so no `t` takes part.

The number counts as right within a relative 1e-6.""",
    starter="def effective_rate(lr, momentum):\n    return ...",
    hints=(
        "With a slope of 1 and momentum 0.5 the velocity is 1, then 1.5, then 1.75. "
        "Where does that go?",
        "When the velocity has settled, one more update leaves it as it is. Write "
        "that as an equation for the velocity and solve it.",
        "With momentum 0.5 the sum doubles the step; with 0.9 it makes it ten times "
        "as long.",
    ),
    solution=effective_rate,
    cases=(
        (0.1, 0.0),
        (0.1, 0.5),
        (0.01, 0.9),
        (0.3, 0.99),
        (1.0, 0.25),
        (2e-4, 0.8),
    ),
    mistakes=(
        Mistake(
            lambda lr, momentum: lr,
            "Your effective rate is the same for every momentum. Add up a few "
            "velocities by hand: they grow.",
        ),
        Mistake(
            lambda lr, momentum: lr * (1 - momentum),
            "Your rate falls when momentum rises. That holds for an average of "
            "gradients; PyTorch's velocity is a sum.",
        ),
        Mistake(
            lambda lr, momentum: lr * (1 + momentum),
            "You stopped after two gradients: the sum goes on, each older one "
            "fading by the same factor.",
        ),
        Mistake(
            lambda lr, momentum: lr / (1 + momentum),
            "Your rate falls when momentum rises. The gradients add up; look at the "
            "sign in the denominator.",
        ),
        Mistake(
            lambda lr, momentum: lr / momentum,
            "With a small momentum your rate becomes huge, and with none it doesn't "
            "exist. Without momentum it should be `lr`.",
        ),
        Mistake(
            lambda lr, momentum: lr * momentum / (1 - momentum),
            "The newest gradient is missing from your sum: without momentum nothing "
            "would move at all.",
        ),
        Mistake(
            lambda lr, momentum: 1 / (1 - momentum),
            "That is how much longer the step becomes. `lr` hasn't multiplied it yet.",
        ),
        Mistake(
            lambda lr, momentum: lr / (1 - momentum**2),
            "The fading factor got squared. In the sum, each gradient enters once, "
            "not as its square.",
        ),
        Mistake(
            lambda lr, momentum: lr * momentum,
            "Momentum makes your rate smaller, and without momentum nothing would "
            "move. Add up a few velocities by hand: they grow.",
        ),
        Mistake(
            lambda lr, momentum: 10 * lr,
            "Ten times the rate belongs to one momentum, 0.9. Your answer has to "
            "follow `momentum`.",
        ),
        Mistake(
            lambda lr, momentum: lr + momentum,
            "You add the momentum to the rate. But twice the rate takes steps twice "
            "as long, whatever the momentum is: momentum can only scale the rate.",
        ),
        *(
            Mistake(
                _simulated(steps),
                f"Your sum ends after {steps} gradients, and for some momentum it has "
                "not settled yet: the nearer to 1, the longer it grows. Look for the "
                "value where it stays.",
            )
            for steps in (10, 20, 50, 100, 200, 500, 1000)
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (
    SGD_STEP,
    STEP_LENGTH,
    EFFECTIVE_RATE,
)
