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
            "With `eps = 1e-8` your gradient for the inside makes a step of 0.00003 of "
            "the rate. Which quantity did you solve for?",
        ),
        Mistake(
            lambda eps, place: eps**0.5 / 3 if place == "inside" else eps,
            "At your gradient for the inside the step is 0.32 of the rate. Look again "
            "at the line in which you took the root.",
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
        Mistake(
            lambda eps, place: (eps / 3) ** 0.5 if place == "inside" else eps**0.5,
            "The inside is right. Outside the root epsilon stands beside the gradient "
            "itself, not beside its square.",
        ),
        Mistake(
            lambda eps, place: 1e-3 * half_step_gradient(eps, place),
            "You have multiplied by a learning rate of 0.001. Half the rate is asked "
            "for, whatever the rate is: it stands on both sides.",
        ),
        Mistake(
            lambda eps, place: -((eps / 3) ** 0.5) if place == "inside" else eps,
            "For the inside you give the negative of the two roots. A size is above 0.",
        ),
        Mistake(
            lambda eps, place: -half_step_gradient(eps, place),
            "Your gradients are below 0. Their size is asked for.",
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
    betas: tuple[float, float] = (0.9, 0.999),
    fresh: tuple[float, float] = (0.1, 0.001),
    corrections: tuple[Any, Any] | None = None,
    eps: float = 1e-8,
    inside: bool = False,
    extra: Any = 0.0,
) -> Any:
    """Adam's direction, with what can go wrong; ``extra`` joins the numerator.

    ``corrections`` are what the averages of ``g`` and of its square are divided by.
    """
    m = betas[0] * m + fresh[0] * g
    v = betas[1] * v + fresh[1] * g**2
    by_m, by_v = corrections or (1 - 0.9**t, 1 - 0.999**t)
    m, v = m / by_m + extra, v / by_v
    return m / ((v + eps) ** 0.5 if inside else v**0.5 + eps)


def _decayed(theta: Any, direction: Any, lr: float, weight_decay: float) -> Any:
    return theta - lr * (direction + weight_decay * theta)


def _wrongly_adapted(message: str, direction: Any) -> Mistake:
    """AdamW with another ``direction(g, m, v, t)`` than Adam's."""
    return Mistake(
        lambda theta, g, m, v, t, lr, weight_decay: _decayed(
            theta, direction(g, m, v, t), lr, weight_decay
        ),
        message,
    )


def _no_root(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return (m / (1 - 0.9**t)) / (v / (1 - 0.999**t) + 1e-8)


def _not_squared(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * np.abs(g)
    return (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)


def _corrected_late(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return (m / (1 - 0.9**t)) / (v**0.5 / (1 - 0.999**t) + 1e-8)


def _correction_beside_epsilon(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    return (m / (1 - 0.9**t)) / ((v**0.5 + 1e-8) / (1 - 0.999**t) ** 0.5)


def _only_gradient(g: Any, m: Any, v: Any, t: int) -> Any:
    v = 0.999 * v + 0.001 * g**2
    return g / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)


ADAMW_STEP = Exercise(
    name="adaptive/adamw_step",
    text="""\
### Exercise: one step of AdamW

Write `adamw_step(theta, g, m, v, t, lr, weight_decay)`: the parameter after update
number `t` of AdamW, with PyTorch's betas 0.9 and 0.999 and epsilon 1e-8. As in Adam,
`m` becomes `0.9 * m + 0.1 * g` and is then divided by `1 - 0.9**t`; `v` goes the same
way with 0.999 and the square of `g`.

- **Arguments:** `theta`, the parameter before the update, `g`, its gradient, `m` and
  `v`, Adam's two averages *before* this update, without bias correction: four numbers
  or four NumPy arrays of one shape; `t`, a whole number; `lr` and `weight_decay`,
  numbers of at least 0.
- **Returns:** the new `theta` alone, a number or an array of its shape. What came in
  stays as it was.
- **Boundaries:** with a gradient of 0 at `t = 1` only the decay acts;
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
                (theta - lr * _adapted(g, m, v, t)) / (1 + lr * weight_decay)
            ),
            "You take the decay from the new parameter. It looks at the one before the "
            "update.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: (
                theta * np.exp(-lr * weight_decay) - lr * _adapted(g, m, v, t)
            ),
            "`exp(-lr * weight_decay)` is the limit of many tiny updates. This is one.",
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
            lambda theta, g, m, v, t, lr, weight_decay: (
                theta - lr * (_adapted(g, m, v, t) + weight_decay * np.abs(theta))
            ),
            "A negative parameter moves away from 0 with you. The decay has the sign "
            "of the parameter.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: _decayed(
                theta, _adapted(g, m, v, t), 1, weight_decay
            ),
            "`lr` takes no part: your step is that of the rate 1.",
        ),
        Mistake(
            lambda theta, g, m, v, t, lr, weight_decay: (
                theta - _adapted(g, m, v, t) - lr * weight_decay * theta
            ),
            "Only your decay is multiplied by the rate. Adam's quotient has to be, "
            "too.",
        ),
        _wrongly_adapted(
            "The bias correction is missing: `m` and `v` start at 0 and have to be "
            "divided by what they have collected.",
            lambda g, m, v, t: _adapted(g, m, v, t, corrections=(1, 1)),
        ),
        _wrongly_adapted(
            "You correct `m`, but not `v`.",
            lambda g, m, v, t: _adapted(g, m, v, t, corrections=(1 - 0.9**t, 1)),
        ),
        _wrongly_adapted(
            "You correct `v`, but not `m`.",
            lambda g, m, v, t: _adapted(g, m, v, t, corrections=(1, 1 - 0.999**t)),
        ),
        _wrongly_adapted(
            "Your bias correction is the same at every update. What the averages have "
            "collected grows with `t`.",
            lambda g, m, v, t: _adapted(g, m, v, t, corrections=(1 - 0.9, 1 - 0.999)),
        ),
        _wrongly_adapted(
            "You multiply by the bias correction. An average that has collected too "
            "little has to be enlarged.",
            lambda g, m, v, t: _adapted(
                g, m, v, t, corrections=(1 / (1 - 0.9**t), 1 / (1 - 0.999**t))
            ),
        ),
        _wrongly_adapted(
            "You have exchanged the two bias corrections: each average needs that of "
            "its own beta.",
            lambda g, m, v, t: _adapted(
                g, m, v, t, corrections=(1 - 0.999**t, 1 - 0.9**t)
            ),
        ),
        _wrongly_adapted(
            "You have exchanged the two betas: `m` forgets faster than `v`.",
            lambda g, m, v, t: _adapted(
                g,
                m,
                v,
                t,
                betas=(0.999, 0.9),
                fresh=(0.001, 0.1),
                corrections=(1 - 0.999**t, 1 - 0.9**t),
            ),
        ),
        _wrongly_adapted(
            "Your second beta is 0.99. Here it is 0.999.",
            lambda g, m, v, t: _adapted(
                g,
                m,
                v,
                t,
                betas=(0.9, 0.99),
                fresh=(0.1, 0.01),
                corrections=(1 - 0.9**t, 1 - 0.99**t),
            ),
        ),
        _wrongly_adapted(
            "In your `v` the squared gradient has the share of `m`'s gradient, 0.1. "
            "The two shares of an average add up to 1.",
            lambda g, m, v, t: _adapted(g, m, v, t, fresh=(0.1, 0.1)),
        ),
        _wrongly_adapted(
            "Your `m` takes the whole gradient in, as momentum does. In an average the "
            "two shares add up to 1.",
            lambda g, m, v, t: _adapted(g, m, v, t, fresh=(1.0, 0.001)),
        ),
        _wrongly_adapted(
            "Your bias correction is one update ahead: here `t` is 1 at the first "
            "update already.",
            lambda g, m, v, t: _adapted(
                g, m, v, t, corrections=(1 - 0.9 ** (t + 1), 1 - 0.999 ** (t + 1))
            ),
        ),
        _wrongly_adapted(
            "Your bias correction counts updates from 0, and then divides by 0 at the "
            "first one. Here `t` starts at 1.",
            lambda g, m, v, t: _adapted(
                g, m, v, t, corrections=(1 - 0.9 ** (t - 1), 1 - 0.999 ** (t - 1))
            ),
        ),
        _wrongly_adapted(
            "Your `v` averages the sizes of the gradients. It has to average their "
            "squares.",
            _not_squared,
        ),
        _wrongly_adapted(
            "You correct the root of `v`. The correction belongs to `v`, under the "
            "root.",
            _corrected_late,
        ),
        _wrongly_adapted(
            "Your epsilon is inside the root. For small gradients that makes the step "
            "shorter than AdamW's.",
            lambda g, m, v, t: _adapted(g, m, v, t, inside=True),
        ),
        _wrongly_adapted(
            "Your epsilon joins the root before the bias correction, as in Keras. In "
            "PyTorch it joins the corrected root.",
            _correction_beside_epsilon,
        ),
        _wrongly_adapted(
            "Your epsilon is 1e-7, the default of Keras. Here it is 1e-8.",
            lambda g, m, v, t: _adapted(g, m, v, t, eps=1e-7),
        ),
        _wrongly_adapted(
            "A gradient of 0 at the first update makes 0/0: is epsilon there?",
            lambda g, m, v, t: _adapted(g, m, v, t, eps=0.0),
        ),
        _wrongly_adapted(
            "You divide by the average of the squares. Its root is missing.", _no_root
        ),
        _wrongly_adapted(
            "You divide the gradient itself, as RMSprop does. AdamW divides the "
            "average `m`.",
            _only_gradient,
        ),
        _wrongly_adapted(
            "Your step has the sign of `m` and always the same size. Nothing is "
            "divided by the root.",
            lambda g, m, v, t: np.sign(0.9 * m + 0.1 * g),
        ),
        _wrongly_adapted(
            "You use `m` and `v` as they came in: this update's gradient never joins "
            "them.",
            lambda g, m, v, t: _adapted(
                0 * g, m, v, t, betas=(1.0, 1.0), fresh=(0.0, 0.0)
            ),
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


def _by_logarithms(rates: Any, weight_decay: float) -> float:
    with np.errstate(invalid="ignore"):
        return float(np.exp(np.log1p(-weight_decay * rates).sum()))


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
  weight stays 1. Where rate times decay is above 1, the weight changes its sign, as
  in PyTorch.
- **Units and time:** updates count from 0 (unlike above), and each of the rates is
  used once.

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
        (np.array([0.5, 3.0, 0.2]), 0.6),
    ),
    mistakes=(
        Mistake(
            lambda rates, weight_decay: 1 - weight_decay * rates.sum(),
            "You take every share from the weight at the start. Each update takes its "
            "share of what is there.",
        ),
        Mistake(
            lambda rates, weight_decay: float(np.exp(-weight_decay * rates.sum())),
            "That is the limit of very small rates. Here the updates are countable: "
            "multiply them out.",
        ),
        Mistake(
            lambda rates, weight_decay: (1 - weight_decay * rates.mean()) ** len(rates),
            "You use the mean rate for every update. The product of different factors "
            "is not a power of their mean.",
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
        Mistake(
            lambda rates, weight_decay: float(
                np.prod(np.maximum(1 - weight_decay * rates, 0))
            ),
            "You let no factor fall below 0. AdamW does: where rate times decay is "
            "above 1, the weight changes its sign.",
        ),
        Mistake(
            _by_logarithms,
            "Where rate times decay is above 1, the logarithm doesn't exist. Multiply "
            "the factors themselves.",
        ),
        Mistake(
            lambda rates, weight_decay: float(np.prod(1 / (1 + weight_decay * rates))),
            "You take each share from the weight after its update. AdamW takes it "
            "from the weight before.",
        ),
        Mistake(
            lambda rates, weight_decay: float(
                np.prod(1 - weight_decay * np.append(rates, rates[-1]))
            ),
            "You make one update too many: the last rate is used twice.",
        ),
        Mistake(
            lambda rates, weight_decay: (1 - weight_decay * rates.max()) ** len(rates),
            "You use the largest rate for all updates. The decay follows the schedule.",
        ),
        Mistake(
            lambda rates, weight_decay: 100 * float(np.prod(1 - weight_decay * rates)),
            "You give percent. The weight started at 1, not at 100.",
        ),
        Mistake(
            lambda rates, weight_decay: float(np.mean(1 - weight_decay * rates)),
            "That is the mean of what the updates keep. Each of them acts on what the "
            "one before it has left.",
        ),
        Mistake(
            lambda rates, weight_decay: float(np.sum(1 - weight_decay * rates)),
            "You add up what the updates keep, and end above 1. Each of them acts on "
            "what the one before it has left.",
        ),
        Mistake(
            lambda rates, weight_decay: float(
                np.prod(1 - weight_decay * rates / rates.max())
            ),
            "You divide the rates by the largest, as if only the form of the schedule "
            "counted. PyTorch multiplies by the rate itself.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (HALF_STEP_GRADIENT, ADAMW_STEP, WEIGHT_LEFT)
