"""Exercises of the lesson epsilon_and_weight_decay."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# Epsilon --------------------------------------------------------------------------


def half_step_gradient(eps, place):
    return (eps / 3) ** 0.5 if place == "inside" else eps


HALF_STEP_GRADIENT = Exercise(
    name="adaptive/half_step_gradient",
    text="""\
### Exercise: where epsilon takes half

Adam's first step is `lr * g / (sqrt(g * g) + eps)`, or, with epsilon inside the root,
`lr * g / sqrt(g * g + eps)`. Write `half_step_gradient(eps, place)`: the size of the
gradient `g` whose first step is half the learning rate.

- **Arguments:** `eps`, a number above 0 or a NumPy array of such numbers; `place`,
  the word `"inside"` or `"outside"`: where epsilon stands.
- **Returns:** the size of the gradient, a number above 0; for an array, an array of
  its shape.
- **Boundaries:** none are special: both formulas hold for every `eps` above 0.
- **Units and time:** the gradient in its own unit. The step is number 1, with the bias
  correction done, so time plays no part.

Numbers count as right within a relative 1e-6.""",
    starter="def half_step_gradient(eps, place):\n    return ...",
    hints=(
        "Put each formula equal to half of `lr`. The rate cancels, and an equation "
        "for `g` is left. It takes three lines on paper.",
        "With epsilon outside, half the rate means that the divisor is twice the "
        "gradient: epsilon adds as much as the gradient brings.",
        "With epsilon inside it is the same with squares: the root is twice `g`, so "
        "what is under the root is four times `g * g`. One of the four is the "
        "gradient's own.",
    ),
    solution=half_step_gradient,
    cases=(
        (1e-8, "outside"),
        (1e-8, "inside"),
        (1e-7, "inside"),
        (1e-7, "outside"),
        (1e-4, "inside"),
        (0.03, "inside"),
        (0.03, "outside"),
        (3.0, "inside"),
        (np.array([1e-8, 1e-6, 0.5]), "inside"),
        (np.array([[1e-8, 1e-6], [2.0, 7.0]]), "outside"),
    ),
    mistakes=(
        Mistake(
            lambda eps, place: eps**0.5 if place == "inside" else eps,
            "The root of epsilon is the floor of the divisor. At a gradient of that "
            "size the step is still 0.71 of the rate: squares add up under the root.",
        ),
        Mistake(
            lambda eps, place: 1.0 * eps,
            "You get the same for both places. Inside the root epsilon adds to a "
            "square, so the gradient's square is what it compares with.",
        ),
        Mistake(
            lambda eps, place: (eps / 3) ** 0.5,
            "You treat epsilon as if it were inside the root in both cases.",
        ),
        Mistake(
            lambda eps, place: eps**0.5,
            "You take the root in both cases, and inside the root the squares still "
            "have to be added.",
        ),
        Mistake(
            lambda eps, place: eps if place == "inside" else (eps / 3) ** 0.5,
            "You have exchanged the two places.",
        ),
        Mistake(
            lambda eps, place: eps if place == "inside" else eps**0.5,
            "You have exchanged the two places, and forgotten that squares add up "
            "under the root.",
        ),
        Mistake(
            lambda eps, place: eps / 3 if place == "inside" else eps,
            "For the inside that is the square of the gradient. One more operation.",
        ),
        Mistake(
            lambda eps, place: eps**0.5 / 3 if place == "inside" else eps,
            "The 3 belongs under the root as well.",
        ),
        Mistake(
            lambda eps, place: (3 * eps) ** 0.5 if place == "inside" else eps,
            "At your gradient for the inside the step is 0.87 of the rate. Solve for "
            "`g` once more: on which side does the 3 end?",
        ),
        Mistake(
            lambda eps, place: eps**0.5 / 2 if place == "inside" else eps,
            "You take half of the floor, the root of epsilon. At that gradient the "
            "step is 0.45 of the rate.",
        ),
        Mistake(
            lambda eps, place: (eps / 4) ** 0.5 if place == "inside" else eps / 2,
            "You halve the floor in both places. With epsilon outside, that gradient "
            "makes a step of a third of the rate.",
        ),
        Mistake(
            lambda eps, place: (eps / 3) ** 0.5 if place == "inside" else 2 * eps,
            "With epsilon outside, twice epsilon gives two thirds of the rate.",
        ),
        Mistake(
            lambda eps, place: (eps / 3) ** 0.5 if place == "inside" else eps / 2,
            "With epsilon outside, half of epsilon gives a third of the rate.",
        ),
        Mistake(
            lambda eps, place: eps**2 if place == "inside" else eps,
            "You square where a root is to be taken.",
        ),
    ),
)

# Weight decay ---------------------------------------------------------------------


def adamw_step(theta, g, m, v, t, lr, weight_decay):
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return theta - lr * (m_hat / (v_hat**0.5 + 1e-8) + weight_decay * theta)


def _adapted(
    g: Any,
    m: Any,
    v: Any,
    t: int,
    *,
    delay: int = 0,
    corrected: bool = True,
    inside: bool = False,
    extra: Any = 0.0,
) -> Any:
    """Adam's direction; ``extra`` joins the numerator, ``delay`` shifts the clock."""
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    if corrected:
        m, v = m / (1 - 0.9 ** (t + delay)), v / (1 - 0.999 ** (t + delay))
    return (m + extra) / ((v + 1e-8) ** 0.5 if inside else v**0.5 + 1e-8)


def _decayed(theta: Any, direction: Any, lr: float, weight_decay: float) -> Any:
    return theta - lr * (direction + weight_decay * theta)


def _no_root(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return (m / (1 - 0.9**t)) / (v / (1 - 0.999**t) + 1e-8)


def _not_squared(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * np.abs(g)
    return (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)


def _corrected_late(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return (m / (1 - 0.9**t)) / (v**0.5 / (1 - 0.999**t) + 1e-8)


def _only_gradient(g: Any, v: Any, t: int) -> Any:
    v = 0.999 * v + 0.001 * g**2
    return g / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)


def _stale(m: Any, v: Any, t: int) -> Any:
    return (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)


ADAMW_STEP = Exercise(
    name="adaptive/adamw_step",
    text="""\
### Exercise: one step of AdamW

Write `adamw_step(theta, g, m, v, t, lr, weight_decay)`: the parameter after update
number `t` of AdamW, with PyTorch's betas 0.9 and 0.999 and epsilon 1e-8.

- **Arguments:** `theta`, the parameter before the update, `g`, its gradient, `m` and
  `v`, Adam's two averages *before* this update, without bias correction: four numbers
  or four NumPy arrays of one shape; `t`, a whole number; `lr` and `weight_decay`,
  numbers of at least 0.
- **Returns:** the new `theta` alone, a number or an array of its shape. What came in
  stays as it was.
- **Boundaries:** a gradient of 0 at `t = 1` leaves the decay alone to act;
  `weight_decay = 0` is Adam.
- **Units and time:** `t` counts updates from 1; at `t = 1`, `m` and `v` are 0.

Numbers count as right within a relative 1e-6.""",
    starter=(
        "def adamw_step(theta, g, m, v, t, lr, weight_decay):\n"
        "    m = 0.9 * m + 0.1 * g\n"
        "    return ..."
    ),
    hints=(
        "Write Adam first: both averages, both corrections, the quotient. Check it "
        "with `weight_decay = 0`.",
        "The decay never meets the averages. Which `theta` does it look at, and what "
        "is it multiplied by before it is taken away?",
        "With a gradient of 0, `theta = 1`, `lr = 0.1` and `weight_decay = 0.3`, "
        "0.97 is what stays.",
    ),
    solution=adamw_step,
    cases=(
        (1.0, 0.0, 0.0, 0.0, 1, 0.1, 0.3),
        (1.0, 2.0, 0.0, 0.0, 1, 0.1, 0.3),
        (-2.0, 1e-6, 0.0, 0.0, 1, 0.1, 0.1),
        (3.0, -0.5, 0.2, 0.04, 7, 0.05, 0.4),
        (-1.5, 0.3, -0.1, 0.5, 20, 0.2, 0.1),
        (0.7, 4.0, 0.3, 0.2, 3, 0.01, 0.0),
        (5.0, 2e-5, 1e-5, 3e-10, 12, 0.1, 0.02),
        (
            np.array([1.0, -2.0, 0.5]),
            np.array([0.01, 10.0, 0.3]),
            np.array([0.002, -1.0, 0.1]),
            np.array([1e-5, 30.0, 0.05]),
            50,
            0.1,
            0.3,
        ),
    ),
    mistakes=(
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: (
                theta - lr * _adapted(g + weight_decay * theta, m, v, t)
            ),
            "You add the decay to the gradient. That is Adam with an L2 penalty: the "
            "quotient then rescales the decay together with the gradient.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: _decayed(
                theta, _adapted(g + weight_decay * theta, m, v, t), lr, weight_decay
            ),
            "You decay twice: once through the gradient and once beside it.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: (
                theta - lr * _adapted(g, m, v, t) - weight_decay * theta
            ),
            "Your decay is not multiplied by the rate: it is as large as at `lr = 1`.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: (
                (theta - lr * _adapted(g, m, v, t)) * (1 - lr * weight_decay)
            ),
            "You decay after the step, so the step itself is shrunk too. The decay "
            "looks at the parameter before the update.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: (
                theta - lr * _adapted(g, m, v, t)
            ),
            "This is Adam: `weight_decay` takes no part.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: (
                theta - lr * (_adapted(g, m, v, t) - weight_decay * theta)
            ),
            "Your parameter grows where it should shrink: look at the sign of the "
            "decay.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: (
                theta - lr * _adapted(g, m, v, t, extra=weight_decay * theta)
            ),
            "The decay stands in the numerator and is divided by the root with the "
            "rest. It has to stay outside the fraction.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: (
                theta - lr * (_adapted(g, m, v, t) + weight_decay)
            ),
            "You take the same amount from every parameter. Decay takes a share: it "
            "has to know how large the parameter is.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: (
                theta - lr * (_adapted(g, m, v, t) + lr * weight_decay * theta)
            ),
            "Your decay is multiplied by the rate twice.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: (
                theta + lr * (_adapted(g, m, v, t) - weight_decay * theta)
            ),
            "The decay is right, but the step goes uphill.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: _decayed(
                theta, _adapted(g, m, v, t, corrected=False), lr, weight_decay
            ),
            "The bias correction is missing: `m` and `v` start at 0 and have to be "
            "divided by what they have collected.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: _decayed(
                theta, _adapted(g, m, v, t, delay=1), lr, weight_decay
            ),
            "Your bias correction is one update ahead: here `t` is 1 at the first "
            "update already.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: _decayed(
                theta, _adapted(g, m, v, t, delay=-1), lr, weight_decay
            ),
            "Your bias correction counts updates from 0, and then divides by 0 at the "
            "first one. Here `t` starts at 1.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: _decayed(
                theta, _not_squared(g, m, v, t), lr, weight_decay
            ),
            "Your `v` averages the sizes of the gradients. It has to average their "
            "squares.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: _decayed(
                theta, _corrected_late(g, m, v, t), lr, weight_decay
            ),
            "You correct the root of `v`. The correction belongs to `v`, under the "
            "root.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: _decayed(
                theta, _adapted(g, m, v, t, inside=True), lr, weight_decay
            ),
            "Your epsilon is inside the root. For small gradients that makes the step "
            "shorter than AdamW's.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: _decayed(
                theta, _no_root(g, m, v, t), lr, weight_decay
            ),
            "You divide by the average of the squares. Its root is missing.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: _decayed(
                theta, _only_gradient(g, v, t), lr, weight_decay
            ),
            "You divide the gradient itself, as RMSprop does. AdamW divides the "
            "average `m`.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: _decayed(
                theta, _stale(m, v, t), lr, weight_decay
            ),
            "You use `m` and `v` as they came in: this update's gradient never joins "
            "them.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: (
                lr * (_adapted(g, m, v, t) + weight_decay * theta)
            ),
            "That is what is to be taken from `theta`. Now take it.",
        ),
    ),
)

# Weight decay under a schedule ----------------------------------------------------


def weight_left(rates, weight_decay):
    return (1 - weight_decay * rates).prod()


WEIGHT_LEFT = Exercise(
    name="adaptive/weight_left",
    text="""\
### Exercise: what a schedule leaves of a weight

A weight starts at 1 and its gradients are always 0. Write
`weight_left(rates, weight_decay)`: what AdamW leaves of it, if update number `t` has
the learning rate `rates[t]`.

- **Arguments:** `rates`, a NumPy array with one axis and at least one learning rate,
  each 0 or larger; `weight_decay`, a number of at least 0.
- **Returns:** the weight after the last update, one number.
- **Boundaries:** an update at rate 0 changes nothing; with `weight_decay = 0` the
  weight stays 1.
- **Units and time:** updates count from 0, and each of the rates is used once.

The number counts as right within a relative 1e-6.""",
    starter="def weight_left(rates, weight_decay):\n    return ...",
    hints=(
        "What does one update leave of the weight? Adam's own part of the step is 0 "
        "here.",
        "Two updates: the second takes its share of what the first has left, not of "
        "the 1 at the start.",
        "Each update multiplies. A loop over `rates` does it, and NumPy has a function "
        "that multiplies all the elements of an array.",
    ),
    solution=weight_left,
    cases=(
        (np.array([0.1]), 0.5),
        (np.array([0.1, 0.05]), 0.5),
        (np.array([0.0, 0.2, 0.4, 0.1]), 0.3),
        (np.full(100, 0.01), 0.1),
        (np.linspace(0.01, 0.0, 50), 0.3),
        (np.array([0.3, 0.2, 0.1]), 0.0),
        (np.array([0.5, 0.4, 0.3, 0.2]), 1.0),
    ),
    mistakes=(
        Mistake(
            lambda rates, weight_decay: 1 - weight_decay * rates.sum(),
            "You take every share from the weight at the start. Each update takes its "
            "share of what is there.",
        ),
        Mistake(
            lambda rates, weight_decay: float(np.exp(-weight_decay * rates.sum())),
            "That is the limit of very small rates, which is near. The updates are "
            "countable: multiply them out.",
        ),
        Mistake(
            lambda rates, weight_decay: (1 - weight_decay * rates.mean()) ** len(rates),
            "You use the mean rate for every update. That is near, but a product is "
            "not the power of its mean.",
        ),
        Mistake(
            lambda rates, weight_decay: (1 - weight_decay * rates[0]) ** len(rates),
            "You use the first rate for all updates. The decay follows the schedule.",
        ),
        Mistake(
            lambda rates, weight_decay: (1 - weight_decay * rates[-1]) ** len(rates),
            "You use the last rate for all updates. The decay follows the schedule.",
        ),
        Mistake(
            lambda rates, weight_decay: (1 - weight_decay) ** len(rates),
            "Your decay doesn't know the learning rate. In AdamW of PyTorch the two "
            "are multiplied.",
        ),
        Mistake(
            lambda rates, weight_decay: (1 - weight_decay) ** rates.sum(),
            "You take a power of what the decay leaves. The rate multiplies the decay, "
            "before anything is subtracted.",
        ),
        Mistake(
            lambda rates, weight_decay: float(np.prod(1 - rates)),
            "`weight_decay` takes no part: you shrink by the rate alone.",
        ),
        Mistake(
            lambda rates, weight_decay: 1 - float(np.prod(1 - weight_decay * rates)),
            "That is the share which is gone. Asked for is the one that stays.",
        ),
        Mistake(
            lambda rates, weight_decay: np.cumprod(1 - weight_decay * rates),
            "That is the weight after every update. Only the one after the last is "
            "asked for.",
        ),
        Mistake(
            lambda rates, weight_decay: float(np.prod(1 - weight_decay * rates[1:])),
            "The first update is missing: the weight decays there too.",
        ),
        Mistake(
            lambda rates, weight_decay: float(np.prod(1 - weight_decay * rates[:-1])),
            "The last update is missing: all the rates are used.",
        ),
        Mistake(
            lambda rates, weight_decay: float(np.prod(1 + weight_decay * rates)),
            "Your weight grows. Decay takes away.",
        ),
        Mistake(
            lambda rates, weight_decay: float(np.prod(weight_decay * rates)),
            "You multiply what each update takes away. Multiply what it keeps.",
        ),
        Mistake(
            lambda rates, weight_decay: float(np.prod(1 - weight_decay * rates**2)),
            "You square the rates. One factor of the rate is all that the decay has.",
        ),
        Mistake(
            lambda rates, weight_decay: 1.0,
            "Without gradients Adam would stand still, but the decay needs none.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (HALF_STEP_GRADIENT, ADAMW_STEP, WEIGHT_LEFT)
