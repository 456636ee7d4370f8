"""Exercises of chapter 1: what a rate multiplies, and where the borders lie."""

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

The rate is 0.1 and the gradient is (3, 4). One update of gradient descent
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

# The verdict on a parabola ----------------------------------------------------------


def verdict(lr, h):
    if lr * h <= 1:
        return "monotone"
    if lr * h < 2:
        return "oscillates"
    if lr * h == 2:
        return "never settles"
    return "diverges"


def _words(below_1: str, at_1: str, to_2: str, at_2: str, above_2: str) -> Any:
    """A verdict by the size of the product ``lr * h``, with these words."""

    def answer(lr: float, h: float) -> str:
        product = lr * h
        if product < 1:
            return below_1
        if product == 1:
            return at_1
        if product < 2:
            return to_2
        return at_2 if product == 2 else above_2

    return answer


_M, _O, _N, _D = "monotone", "oscillates", "never settles", "diverges"

VERDICT = Exercise(
    name="basics/verdict",
    text="""\
### Exercise: the verdict

A ball rolls on the parabola `h/2 * x**2` by gradient descent, from any start
except 0. Write `verdict(lr, h)`, which says in one word what will happen:

- `'monotone'`: it comes home without ever changing sides;
- `'oscillates'`: it changes sides at every step, and still comes home;
- `'never settles'`: it jumps between two places for ever;
- `'diverges'`: it gets farther away at every step.

The contract:

- **Arguments:** `lr`, the rate, and `h`, the curvature: two numbers above 0, no
  arrays.
- **Returns:** one of these four strings, spelt like this.
- **Boundaries:** there are two borders, and both are tested exactly. A ball that
  lands at 0 in one step and stays there has not changed sides: `'monotone'`. The
  other border has a word of its own.
- **Units and time:** plain numbers; it is about the whole run, so no `t`.""",
    starter="def verdict(lr, h):\n    return ...",
    hints=(
        "One update takes `x` to `x - lr * h * x`. By which number is `x` multiplied?",
        "When is that number negative? When is it larger than 1 in size? The two "
        "questions give the two borders.",
        "For `h = 10`, try the rates 0.05, 0.1, 0.15, 0.2 and 0.25 in the explorer "
        "above: each gives another picture.",
    ),
    solution=verdict,
    cases=(
        # Powers of two make both borders exact, however the comparison is written.
        (0.5, 1.0),
        (0.5, 2.0),
        (0.125, 8.0),
        (0.75, 2.0),
        (1.5, 1.0),
        (0.5, 4.0),
        (2.0, 1.0),
        (0.125, 16.0),
        (0.5, 4.5),
        (3.0, 1.0),
        (0.01, 10.0),
        (0.15, 10.0),
        (0.199, 10.0),
        (0.201, 10.0),
        (0.001, 1500.0),
        (5.0, 0.05),
        (25.0, 0.1),
        (1.5, 4.0),
        (3.0, 0.25),
    ),
    mistakes=(
        Mistake(
            _words(_M, _M, _D, _D, _D),
            "You let the ball explode as soon as it overshoots. Between the two "
            "borders it lands on the other side, but nearer to home: follow "
            "`lr = 0.15`, `h = 10` for three steps.",
        ),
        Mistake(
            _words(_M, _O, _D, _D, _D),
            "You call it an explosion as soon as the ball overshoots. Take "
            "`lr = 0.15`, `h = 10` for three steps and watch the distance.",
        ),
        Mistake(
            _words(_M, _M, _O, _O, _D),
            "Exactly at the upper border the ball doesn't come home: it jumps as far "
            "to the other side as it was, for ever. Your code says `'oscillates'` "
            "there.",
        ),
        Mistake(
            _words(_M, _M, _O, _D, _D),
            "Exactly at the upper border the ball doesn't get farther away: every "
            "jump is as long as the last. Your code says `'diverges'` there.",
        ),
        Mistake(
            _words(_M, _O, _O, _N, _D),
            "Exactly at the lower border the ball lands at 0 in one step and stays: "
            "it never changes sides. Your code says `'oscillates'` there.",
        ),
        Mistake(
            _words(_M, _N, _O, _D, _D),
            "At the lower border the ball is home after one step, so it does settle. "
            "The jumping for ever belongs to the other border.",
        ),
        Mistake(
            _words(_M, _M, _N, _N, _D),
            "A ball that changes sides can come home. Between the borders every jump "
            "is shorter than the last.",
        ),
        Mistake(
            _words(_O, _O, _M, _N, _D),
            "`'monotone'` and `'oscillates'` are the wrong way round. A ball changes "
            "sides when the factor per step is negative; check its sign.",
        ),
        Mistake(
            _words(_D, _D, _O, _N, _M),
            "Your verdicts are upside down: the smallest rates explode. Check which "
            "side of the border is which.",
        ),
        Mistake(
            _words(_M, _M, _M, _N, _D),
            "Above the lower border the ball overshoots. It comes home, but from "
            "alternating sides: there is a word for it.",
        ),
        Mistake(
            lambda lr, h: _words(_M, _M, _O, _N, _D)(1.0, h),
            "Your verdict depends on the curvature `h` alone. On one parabola, every "
            "rate would do the same.",
        ),
        Mistake(
            lambda lr, h: _words(_M, _M, _O, _N, _D)(lr, 1.0),
            "Your verdict depends on `lr` alone. The same rate comes home on a flat "
            "parabola and explodes on a steep one.",
        ),
        Mistake(
            lambda lr, h: _words(_M, _M, _O, _N, _D)(lr, 1 / h),
            "The steeper your parabola, the larger the rates that it bears: your "
            "borders for `lr` grow with `h`. It is the other way round.",
        ),
        Mistake(
            lambda lr, h: _words(_M, _M, _O, _N, _D)(lr, h / 2),
            "Your borders lie at twice the right rates. The slope of `h/2 * x**2` is "
            "`h * x`; the half is gone.",
        ),
    ),
)

# The limit of a bowl ------------------------------------------------------------------


def max_stable_rate(eigenvalues):
    return 2 / max(eigenvalues)


def _bowls() -> tuple[tuple[Any, ...], ...]:
    random = np.random.default_rng(13)
    return (
        ([1.0, 10.0, 3.0],),
        ([10.0, 1.0],),
        ([0.5, 2.0],),
        ([4.0],),
        ([3.0, 3.0],),
        (np.array([5.0, 200.0, 0.01, 7.0]),),
        (random.uniform(0.1, 50.0, size=9),),
    )


MAX_STABLE_RATE = Exercise(
    name="basics/max_stable_rate",
    text="""\
### Exercise: the largest rate that a bowl bears

A bowl in many dimensions has one curvature along each of its axes: the
eigenvalues of its Hessian. Write `max_stable_rate(eigenvalues)`: the border
below which gradient descent comes home from every start.

- **Arguments:** `eigenvalues`, a list or a one-dimensional NumPy array of at
  least one number, all above 0, in no particular order.
- **Returns:** one number: every rate below it converges, every rate above it
  diverges from some start. What came in stays as it was.
- **Boundaries:** with one eigenvalue it is the border of that parabola. The
  border itself is asked for, no safety margin.
- **Units and time:** one over the unit of the eigenvalues; no `t` takes part.

The number counts as right within a relative 1e-6.""",
    starter="def max_stable_rate(eigenvalues):\n    return ...",
    hints=(
        "Along each axis the bowl is a parabola with its own border. All of them use "
        "the same rate.",
        "Which axis is the first to explode when you raise the rate?",
        "With the eigenvalues 1, 10 and 3 the border is 0.2.",
    ),
    solution=max_stable_rate,
    cases=_bowls(),
    mistakes=(
        Mistake(
            lambda eigenvalues: 2 / min(eigenvalues),
            "At your rate the flattest axis is at its border, and the steeper ones "
            "have exploded long ago.",
        ),
        Mistake(
            lambda eigenvalues: 1 / max(eigenvalues),
            "At your rate the steepest axis lands in one step. It may overshoot and "
            "still come home: the border is farther out.",
        ),
        Mistake(
            lambda eigenvalues: 2 / np.mean(eigenvalues),
            "The average curvature hides the steepest axis, which explodes first and "
            "takes the run with it.",
        ),
        Mistake(
            lambda eigenvalues: 2 / np.median(eigenvalues),
            "The middle curvature hides the steepest axis, which explodes first and "
            "takes the run with it.",
        ),
        Mistake(
            lambda eigenvalues: 2 / np.sum(eigenvalues),
            "You add up all curvatures. That rate is safe, but each axis moves on its "
            "own: the border is farther out.",
        ),
        Mistake(
            lambda eigenvalues: 2 / eigenvalues[-1],
            "You take the last eigenvalue. They come in no particular order.",
        ),
        Mistake(
            lambda eigenvalues: 2 / eigenvalues[0],
            "You take the first eigenvalue. They come in no particular order.",
        ),
        Mistake(
            lambda eigenvalues: 2 / (max(eigenvalues) + min(eigenvalues)),
            "That rate makes the slowest and the fastest axis shrink equally: the "
            "best rate, not the largest that is stable.",
        ),
        Mistake(
            lambda eigenvalues: 2 * max(eigenvalues),
            "Your border rises with the curvature. A steeper bowl bears a smaller "
            "rate.",
        ),
        Mistake(
            lambda eigenvalues: max(eigenvalues) / 2,
            "That is one over the border: a steeper bowl would bear a larger rate.",
        ),
        Mistake(
            lambda eigenvalues: 2 / np.linalg.norm(eigenvalues),
            "You combine all curvatures into one length. Each axis moves on its own; "
            "one of them decides.",
        ),
        Mistake(
            lambda eigenvalues: max(eigenvalues),
            "That is the curvature that decides. The rate that it bears is another "
            "number.",
        ),
        Mistake(
            lambda eigenvalues: 2 / max(eigenvalues) ** 2,
            "Your border falls with the square of the curvature: twice as steep would "
            "bear a quarter of the rate. It bears half of it.",
        ),
        Mistake(
            lambda eigenvalues: max(eigenvalues) / min(eigenvalues),
            "That is the condition number, which says how stretched the bowl is. A "
            "bowl twice as steep along every axis has the same one, but bears only "
            "half the rate.",
        ),
        *(
            Mistake(
                # As a default, or every one would have the last margin.
                lambda eigenvalues, margin=margin: (
                    (1 - margin / 100) * 2 / max(eigenvalues)
                ),
                f"You stay {margin} % below the border, which is prudent in practice. "
                "Here the border itself is asked for.",
            )
            for margin in (1, 5, 10)
        ),
    ),
)

# Who has a learning rate ---------------------------------------------------------

_LEAST_SQUARES = "least squares, normal equations"
_LOGISTIC = "logistic regression, gradient descent"
_SMO = "support vector machine, SMO"
_PEGASOS = "support vector machine, Pegasos"
_FOREST = "random forest"
_BOOSTING = "gradient boosting"
_NETWORK = "neural network, Adam"
_NEIGHBOURS = "k nearest neighbours"


def has_a_rate(algorithm):
    corrects_by_a_share = (
        "logistic regression, gradient descent",
        "support vector machine, Pegasos",
        "gradient boosting",
        "neural network, Adam",
    )
    return "rate" if algorithm in corrects_by_a_share else "none"


def _sorted(*with_a_rate: str) -> Any:
    """An answer that gives a rate to these algorithms and to no other."""
    return lambda algorithm: "rate" if algorithm in with_a_rate else "none"


HAS_A_RATE = Exercise(
    name="basics/has_a_rate",
    text="""\
### Exercise: sort eight algorithms

An algorithm has a learning rate if it corrects something again and again, and
multiplies each correction by a number that the data do not settle: you choose it,
or a formula of the update's number does. Write `has_a_rate(algorithm)`.

- **Arguments:** `algorithm`, one of these eight strings, spelt like this, no
  array: `"least squares, normal equations"`,
  `"logistic regression, gradient descent"`, `"support vector machine, SMO"`,
  `"support vector machine, Pegasos"`, `"random forest"`, `"gradient boosting"`,
  `"neural network, Adam"`, `"k nearest neighbours"`.
- **Returns:** `"rate"` if the algorithm has one, `"none"` if it has none.
- **Boundaries:** a rate counts even if a library chooses it when you don't.
- **Units and time:** none; it is about the algorithm, not about one run, so no
  `t`.""",
    starter="def has_a_rate(algorithm):\n    return ...",
    hints=(
        "Ask two questions of each. Does it correct an earlier answer? If so, what "
        "decides how far it goes?",
        "The family doesn't decide. Among the eight are two ways to train the same "
        "machine, and two ways to use many trees.",
        "Four of the eight have a rate. A list of these four and the word `in` are "
        "enough.",
    ),
    solution=has_a_rate,
    cases=tuple(
        (name,)
        for name in (
            _LEAST_SQUARES,
            _LOGISTIC,
            _SMO,
            _PEGASOS,
            _FOREST,
            _BOOSTING,
            _NETWORK,
            _NEIGHBOURS,
        )
    ),
    mistakes=(
        Mistake(
            _sorted(_LOGISTIC, _BOOSTING, _NETWORK),
            "You say that no support vector machine has a rate. The machine is a "
            "problem, not an algorithm: one of its two algorithms here takes gradient "
            "steps, and a rate that comes from a formula is still a rate.",
        ),
        Mistake(
            _sorted(_LOGISTIC, _PEGASOS, _NETWORK),
            "You say that no method made of trees has a rate. One of the two adds each "
            "tree as a correction of the trees before it. By how much?",
        ),
        Mistake(
            _sorted(_LOGISTIC, _NETWORK),
            "That is what the articles say: no machine with support vectors, nothing "
            "made of trees. Each of the two families has a member that corrects step "
            "by step.",
        ),
        Mistake(
            _sorted(_LOGISTIC, _SMO, _PEGASOS, _BOOSTING, _NETWORK),
            "You give SMO a rate because it goes step by step. But each of its steps "
            "goes to the best place on its way, and the data say where that is.",
        ),
        Mistake(
            _sorted(_LOGISTIC, _PEGASOS, _FOREST, _BOOSTING, _NETWORK),
            "You give the random forest a rate. Its trees don't see one another: none "
            "corrects what another one left.",
        ),
        Mistake(
            _sorted(_LOGISTIC, _SMO, _PEGASOS, _FOREST, _BOOSTING, _NETWORK),
            "Everything that is built step by step has a rate in your answer. Ask of "
            "each step whether anything is left to choose about its length.",
        ),
        Mistake(
            _sorted(_LOGISTIC, _PEGASOS, _BOOSTING),
            "You say that Adam has none because it adapts. It divides the gradient by "
            "its size, and then multiplies by a number that you gave it.",
        ),
        Mistake(
            _sorted(_LOGISTIC, _BOOSTING),
            "What sets or adapts its own steps has no rate in your answer. A formula "
            "of the update's number is a rate, and an adaptive optimizer has a number "
            "in front.",
        ),
        Mistake(
            _sorted(_PEGASOS, _BOOSTING, _NETWORK),
            "You say that logistic regression has none because it belongs to "
            "statistics. Here it is trained by gradient descent.",
        ),
        Mistake(
            _sorted(_LEAST_SQUARES, _LOGISTIC, _PEGASOS, _BOOSTING, _NETWORK),
            "You give the normal equations a rate. They are solved once; there is no "
            "earlier answer to correct.",
        ),
        Mistake(
            _sorted(_LEAST_SQUARES, _LOGISTIC, _SMO, _PEGASOS, _BOOSTING, _NETWORK),
            "Everything that minimises a loss has a rate in your answer. Some losses "
            "have a minimum that can be computed, the whole of it or along one line.",
        ),
        Mistake(
            _sorted(_LOGISTIC, _PEGASOS, _BOOSTING, _NETWORK, _NEIGHBOURS),
            "k is a number that you choose, but it multiplies no correction. Nearest "
            "neighbours keep the data and correct nothing.",
        ),
        Mistake(
            _sorted(_NETWORK),
            "You keep the rate for neural networks. Whatever takes gradient steps has "
            "one, with any model, and even with no weights at all.",
        ),
        Mistake(
            _sorted(_PEGASOS, _LOGISTIC),
            "You keep the rate for models with weights that move along a gradient. "
            "A network's weights do so too, and trees can be steps.",
        ),
        Mistake(
            _sorted(_LEAST_SQUARES, _SMO, _FOREST, _NEIGHBOURS),
            "All eight are the wrong way round. Check which word means which.",
        ),
        Mistake(
            lambda algorithm: "rate",
            "In your answer everything that learns has a rate. Some of the eight "
            "correct nothing, and one computes how far to go.",
        ),
        Mistake(
            lambda algorithm: "none",
            "In your answer nothing has a rate. Start with gradient descent.",
        ),
    ),
)

# The rate of Pegasos -------------------------------------------------------------


def pegasos_rate(t, lam):
    return 1 / (lam * t)


PEGASOS_RATE = Exercise(
    name="basics/pegasos_rate",
    text="""\
### Exercise: the rate of Pegasos

At each update, SGD on the objective above multiplies the weights by
`1 - lr * lam`, before it adds anything. Pegasos chooses `lr` so that this factor
is `(t - 1) / t`. Then everything that was ever added has the same share in the
weights. Write `pegasos_rate(t, lam)`, the rate that does it.

- **Arguments:** `t`, the number of the update, a whole number from 1, or a NumPy
  array of them; `lam`, the factor of the penalty, one number above 0.
- **Returns:** the rate of update `t`, a number, or an array like `t`.
- **Boundaries:** at `t = 1` the factor is 0, and the weights forget where they
  started. The rate is a finite number there.
- **Units and time:** `t` counts updates from 1, not passes over the data; the
  rate is in the unit of one over `lam`.

Numbers count as right within a relative 1e-6.""",
    starter="def pegasos_rate(t, lam):\n    return ...",
    hints=(
        "Write the sentence as an equation: what the penalty does on one side, what "
        "Pegasos wants on the other.",
        "`(t - 1) / t` is one minus something. Compare with `1 - lr * lam`.",
        "With `lam = 0.01` the first rate is 100, the second 50, the fourth 25.",
    ),
    solution=pegasos_rate,
    cases=(
        (2, 0.5),
        (1, 0.01),
        (2, 0.01),
        (3, 2.0),
        (1, 1.0),
        (7, 0.5),
        (10, 0.1),
        (1000, 1e-4),
        (np.arange(2, 7), 0.2),
        (np.array([4.0, 25.0]), 0.05),
    ),
    mistakes=(
        Mistake(
            lambda t, lam: 1 / t,
            "Your rate is the same for every penalty: `lam` takes no part. A weaker "
            "penalty needs a longer step to shrink the weights as much.",
        ),
        Mistake(
            lambda t, lam: 1 / lam,
            "Your rate never falls: `t` takes no part. It makes the factor 0 at every "
            "update, so that the weights forget everything each time.",
        ),
        Mistake(
            lambda t, lam: lam / t,
            "Your rate grows with the penalty. Look at the product `lr * lam`: which "
            "of the two has to make up for the other?",
        ),
        Mistake(
            lambda t, lam: 1 / lam * t,
            "Your rate grows from update to update. If you wrote a division followed "
            "by a product, only the first factor is divided by: brackets.",
        ),
        Mistake(
            lambda t, lam: lam * t,
            "Your rate grows from update to update, and with the penalty. It is upside "
            "down.",
        ),
        Mistake(
            lambda t, lam: 1 / (lam * (t + 1)),
            "You count from 0: your first rate is what the second should be. Here the "
            "first update is `t = 1`.",
        ),
        Mistake(
            lambda t, lam: 1 / (lam * (t - 1)),
            "Your count is one behind: the second update gets the first one's rate, "
            "and the first divides by 0.",
        ),
        Mistake(
            lambda t, lam: 1 / (lam + t),
            "You add `lam` and `t`. At `t = 1` your factor is not 0: try `lam = 1`.",
        ),
        Mistake(
            lambda t, lam: 1 / (1 + lam * t),
            "With the 1 in the denominator your rate starts below 1 and the first "
            "factor is not 0. Other schedules have this 1; Pegasos hasn't.",
        ),
        Mistake(
            lambda t, lam: 1 / (lam * np.sqrt(t)),
            "You take the root of `t`. That is the schedule for objectives without a "
            "penalty; here the rate falls faster.",
        ),
        Mistake(
            lambda t, lam: 1 / (lam * t**2),
            "Your rate falls with the square of `t`: after a while the steps add up to "
            "almost nothing.",
        ),
        Mistake(
            lambda t, lam: (t - 1) / t,
            "That is the factor itself. The rate is what makes it so.",
        ),
        Mistake(
            lambda t, lam: (t - 1) / (t * lam),
            "You set `lr * lam` equal to the factor. The factor is one minus that "
            "product.",
        ),
        Mistake(
            lambda t, lam: 1 / (2 * lam * t),
            "Half of the right rate. The penalty is `lam / 2 * |w|**2`, and its "
            "gradient is `lam * w`: the half is gone.",
        ),
        Mistake(
            lambda t, lam: 2 / (lam * t),
            "Twice the right rate: your first factor is -1, and the start comes back "
            "with the other sign.",
        ),
        Mistake(
            lambda t, lam: 2 / (lam * (t + 1)),
            "That is a known rate, for an average in which later updates count more. "
            "Its factor is not `(t - 1) / t` from the second update on.",
        ),
        Mistake(
            lambda t, lam: np.exp(-lam * t),
            "Your rate falls exponentially. The factor `(t - 1) / t` asks for "
            "something slower.",
        ),
    ),
)

# The noise floor --------------------------------------------------------------------


def noise_floor(lr, h, sigma, batch_size):
    shrink = (1 - lr * h) ** 2
    fresh = (lr * sigma) ** 2 / batch_size
    return fresh / (1 - shrink)


def _balanced_after(updates: int) -> Any:
    """The floor by going through so many updates from the lowest point."""

    def answer(lr: float, h: float, sigma: float, batch_size: int) -> float:
        squared = 0.0
        for _ in range(updates):
            squared = (1 - lr * h) ** 2 * squared + (lr * sigma) ** 2 / batch_size
        return squared

    return answer


NOISE_FLOOR = Exercise(
    name="basics/noise_floor",
    text="""\
### Exercise: how low does it get?

SGD with a constant rate walks on the parabola `h/2 * x**2`. The gradient of a
single example is `h * x` plus noise; an update uses the mean gradient of
`batch_size` examples. Write `noise_floor(lr, h, sigma, batch_size)`: the mean of
`x**2` after very many updates.

- **Arguments:** `lr`, the rate, above 0 and below `2 / h`; `h`, the curvature,
  and `sigma`, the standard deviation of the noise of *one* example, above 0;
  `batch_size`, a whole number from 1. Single numbers, no arrays.
- **Returns:** the mean of `x**2`, one number above 0. Neither its root nor the
  loss.
- **Boundaries:** it goes to 0 as `lr` does, and grows beyond every limit as `lr`
  comes near `2 / h`. Larger rates are not tried.
- **Units and time:** in the unit of `x`, squared; after many updates, so no `t`.

The number counts as right within a relative 1e-6.""",
    starter="def noise_floor(lr, h, sigma, batch_size):\n    return ...",
    hints=(
        "One update multiplies `x` by a number and adds fresh noise. What does it do "
        "to the mean of `x**2`? The two parts don't know each other, so their "
        "squares add up.",
        "How large is the fresh part? The variance of the mean of several noisy "
        "numbers is that of one number, divided by how many there are. Then the rate "
        "multiplies the noise before it is squared.",
        "At the floor, one more update leaves the mean of `x**2` as it is. Write that "
        "as an equation and solve it.",
        "With `lr = 0.5`, `h = 1`, `sigma = 1` and one example the floor is a third.",
    ),
    solution=noise_floor,
    cases=(
        (0.5, 1.0, 1.0, 1),
        (0.5, 1.0, 1.0, 10),
        (0.05, 1.0, 1.0, 1),
        (0.5, 2.0, 1.0, 1),  # lr * h = 1: all that was there is forgotten
        (0.1, 3.0, 2.0, 4),
        (0.02, 0.5, 0.3, 32),
        (0.19, 10.0, 1.5, 2),  # near the limit
        (1.999, 1.0, 1.0, 1),
        (1e-4, 4.0, 5.0, 1),
    ),
    mistakes=(
        Mistake(
            lambda lr, h, sigma, batch_size: lr * sigma**2 / (h * (2 - lr * h)),
            "Your floor is the same for every batch size. Averaging more examples "
            "makes the noise smaller.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 / (h * batch_size**0.5 * (2 - lr * h))
            ),
            "The noise of a batch has the standard deviation `sigma` divided by the "
            "root of the batch size. Here its square is needed.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 / (h * batch_size**2 * (2 - lr * h))
            ),
            "Your floor falls with the square of the batch size. Four examples halve "
            "the noise, so they quarter its square.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 * batch_size / (h * (2 - lr * h))
            ),
            "Your floor rises with the batch size. The gradients are averaged, not "
            "added up.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma / (h * batch_size * (2 - lr * h))
            ),
            "Twice the noise should give four times the mean square: `sigma` enters "
            "as a square.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                (lr * sigma) ** 2 / (h * batch_size * (2 - lr * h))
            ),
            "Your floor falls too fast with the rate. Fresh noise enters with the "
            "square of `lr`, but a small rate also takes longer to forget the old "
            "noise.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (lr * sigma) ** 2 / batch_size,
            "That is what one update adds. The noise of the updates before it has "
            "not been forgotten yet.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (lr * sigma) ** 2,
            "That is what one update adds with a single example. The earlier "
            "updates and the batch size are missing.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: lr * sigma**2 / (2 * batch_size),
            "Your floor is the same for every curvature. A steeper parabola pulls "
            "harder towards its lowest point.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: lr * sigma**2 / (batch_size * (2 - lr)),
            "Your floor is the same for every curvature: it is right where `h = 1`. "
            "A steeper parabola pulls harder.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 / (batch_size * (2 - lr * h))
            ),
            "Your floor doesn't fall as the curvature grows. Divide your equation by "
            "everything that multiplies the unknown; one factor got lost.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 * h / (batch_size * (2 - lr * h))
            ),
            "Your floor rises with the curvature, as if the walls pushed outwards. "
            "They pull the walker back.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: lr * sigma**2 / (2 * h * batch_size),
            "That is the floor for very small rates. Near the stability limit the "
            "walker swings ever wider, and your number stays calm: a term with `lr` "
            "and `h` is missing.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: lr * sigma**2 / (h * batch_size),
            "You let an update shrink `x**2` by the factor that shrinks `x`. A square "
            "shrinks by that factor's square.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 / (h * batch_size * (2 + lr * h))
            ),
            "Near the limit `2 / h` your floor stays low, but there the swings grow "
            "without end. Look at a sign.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 / (h * batch_size * (2 - lr))
            ),
            "Your floor grows without end as `lr` comes near 2, whatever the "
            "curvature. The limit is `2 / h`.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                lr * sigma**2 / (2 * batch_size * (2 - lr * h))
            ),
            "That is the floor of the loss, `h/2` times what is asked for.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: (
                (lr * sigma**2 / (h * batch_size * (2 - lr * h))) ** 0.5
            ),
            "That is the width of the cloud, in the unit of `x`. The mean of its "
            "square is asked for.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: sigma**2 / (h**2 * batch_size),
            "Your floor is the same for every rate. That is how far the lowest point "
            "of a batch lies from the true one; the walker follows it only in part.",
        ),
        Mistake(
            lambda lr, h, sigma, batch_size: 0.0,
            "Without noise it would get there. Each update adds fresh noise, so the "
            "mean of `x**2` stays above 0.",
        ),
        *(
            Mistake(
                _balanced_after(updates),
                f"After {updates} updates the mean of `x**2` is still growing for some "
                "of the rates: the smaller the rate, the longer it takes. Look for "
                "the value where it stays.",
            )
            for updates in (10, 100, 1000)
        ),
    ),
)

# Which probe decides ----------------------------------------------------------------


def which_probe():
    return 4


WHICH_PROBE = Exercise(
    name="basics/which_probe",
    text="""\
### Exercise: which probe decides?

The training loss has been flat for 500 updates, and it jitters. Two explanations
are left. Either the rate is too large: the run sits on its noise floor. Or it is
too small: the run creeps, and the jitter hides it. You kept a checkpoint. Which
single probe tells the two apart within a few hundred updates?

1. Go on at this rate, for ten times as many epochs.
2. Smooth the curve that you have, over a longer window.
3. Measure how strongly the loss jitters.
4. Go on from the checkpoint with a tenth of the rate.
5. Start again with another seed, at this rate.
6. Compare the training loss with the loss on held-out data.

Put its number into `which_probe`.

- **Arguments:** none, this is one value and not a function.
- **Returns:** one whole number, not an array.
- **Boundaries:** 1 to 6; exactly one of them decides.
- **Units and time:** the number in the list; no `t` takes part.""",
    starter="which_probe = ...",
    hints=(
        "A probe decides if the two explanations predict different things for it. For "
        "each item, write down both predictions.",
        "What does the noise floor depend on, apart from the noise and the curvature? "
        "Which of the probes changes that?",
        "On the floor one thing makes the loss fall almost at once. The same thing "
        "makes a creeping run creep even more slowly.",
    ),
    solution=which_probe,
    asks_for="value",
    mistakes=(
        Mistake(
            lambda: 1,
            "More epochs at the same rate change nothing about a floor, and a run "
            "that creeps slowly enough looks flat after them too. You would have "
            "paid tenfold and still not know.",
        ),
        Mistake(
            lambda: 2,
            "Smoothing takes the jitter out of the picture, not out of the run. Both "
            "explanations predict a smooth line that is flat over 500 updates.",
        ),
        Mistake(
            lambda: 3,
            "The loss of a batch jitters because each batch holds other examples, "
            "even where the parameters stand still. Both explanations predict "
            "jitter.",
        ),
        Mistake(
            lambda: 5,
            "Another seed draws other noise, and the same rate meets the same fate: "
            "flat again, under both explanations.",
        ),
        Mistake(
            lambda: 6,
            "That comparison tells about over-fitting. A run on its floor and a run "
            "that creeps can have the same gap.",
        ),
        Mistake(
            lambda: 0,
            "The list begins at 1: the numbers are those of the text, not Python's.",
        ),
    ),
)

# Reading two probes -------------------------------------------------------------------


def read_probes(curve, tenth, same, triple):
    if min(tenth, triple) < 0.9 * same:
        return "cut the rate" if tenth < triple else "raise the rate"
    return "train on" if same < 0.9 * curve[-1] else "not the rate"


def _recorded(
    lr: float,
    curvatures: tuple[float, ...],
    noise: float = 0.0,
    floor: float = 0.0,
    half_life: float = np.inf,
) -> tuple[Any, ...]:
    """A run on a bowl, 80 steps, and where three rates take it in 40 more."""
    h, ends = np.array(curvatures), []
    for factor in (0.1, 1.0, 3.0):
        random, losses = np.random.default_rng(7), []
        x = np.full((500, len(h)), 3.0)
        for t in range(120):
            losses.append(floor + (h * x**2).sum(axis=1).mean() / 2)
            rate = lr * 0.5 ** (min(t, 80) / half_life) * (factor if t >= 80 else 1)
            x = x - rate * (h * x + noise * random.standard_normal(x.shape))
        ends.append(float(np.mean(losses[-10:])))
    return (np.reshape(losses[:80], (8, 10)).mean(axis=1), *ends)


def _probed_runs() -> tuple[tuple[Any, ...], ...]:
    return (
        _recorded(0.001, (1.0,)),  # flat: the rate is too small
        _recorded(2.0, (1.0,)),  # flat: at the limit, too large
        _recorded(0.1, (1e-4,), floor=2.3),  # flat: the gradient hardly arrives
        _recorded(0.0012, (1.0,), floor=0.05),
        _recorded(1.0, (1.0,), noise=1.0),  # level: a noise floor
        _recorded(1.5, (1.0, 0.1), noise=0.5, floor=0.1),
        _recorded(0.3, (1.0,), floor=1.5),  # level: nothing left to gain
        _recorded(0.05, (1.0,), half_life=5.0),  # level: decayed too early
        _recorded(2.01, (1.0, 0.1)),  # rising: too large
        _recorded(0.18, (10.0, 0.1)),  # falling, and as fast as it can
        _recorded(0.02, (1.0, 0.5)),  # falling, too slowly
        (np.array([2.3, 2.3, 2.3]), 0.4, 2.3, np.inf),
        (np.array([2.3, 2.3, 2.3]), 2.3, 2.3, 1.1),
        (np.array([2.3, 1.0, 1.0]), 0.5, 1.0, 0.7),  # both lower
        (np.array([2.3, 1.0, 1.0]), 0.7, 1.0, 0.5),
        (np.array([2.3, 1.0, 1.0]), 0.9, 1.0, 1.5),  # the borders
        (np.array([2.3, 1.0, 1.0]), 1.5, 1.0, 0.9),
        (np.array([30.0, 20.0, 10.0]), 9.5, 9.0, 9.2),
        (np.array([3.0, 1.0, 0.05]), 0.01, 0.05, 0.2),  # small losses
        (np.array([3.0, 1.0, 0.05]), 0.048, 0.049, np.inf),
        (np.array([2.3, 0.9, 0.6]), 0.55, 0.4, 0.5),
        (np.array([3.0, 1.0, 1.0]), 0.95, np.inf, np.inf),  # only the tenth survives
        (np.array([3.0, 2.0, 1.0]), 0.95, 1.2, 1.3),  # left alone, it gets worse
        (np.array([2.0, 0.5, 1.0]), 0.82, 0.8, 0.81),  # was lower on the way
        (np.array([4.0, 2.0, 2.0]), 1.79, 2.0, 3.0),  # just helped
        (np.array([5.0, 4.5, 4.0]), 3.72, 4.0, 9.0),  # just not
    )


def _flat(curve: Any) -> bool:
    return bool(abs(curve[-1] - curve[0]) < 0.2 * curve[0])


def _level(curve: Any) -> bool:
    return not _flat(curve) and bool(abs(curve[-1] - curve[-2]) < 0.05 * curve[-2])


def _by_shape(curve: Any, tenth: float, same: float, triple: float) -> str:
    if _flat(curve):
        return "raise the rate"
    if _level(curve) or curve[-1] > curve[0]:
        return "cut the rate"
    return "train on"


def _flat_means_raise(curve: Any, tenth: float, same: float, triple: float) -> str:
    if _flat(curve):
        return "raise the rate"
    return read_probes(curve, tenth, same, triple)


def _level_means_cut(curve: Any, tenth: float, same: float, triple: float) -> str:
    if _level(curve):
        return "cut the rate"
    return read_probes(curve, tenth, same, triple)


def _lowest(curve: Any, tenth: float, same: float, triple: float) -> str:
    if min(tenth, triple) < same:
        return "cut the rate" if tenth < triple else "raise the rate"
    return "train on" if same < 0.9 * curve[-1] else "not the rate"


def _against_the_curve(curve: Any, tenth: float, same: float, triple: float) -> str:
    if min(tenth, triple) < 0.9 * curve[-1]:
        return "cut the rate" if tenth < triple else "raise the rate"
    return "train on" if same < 0.9 * curve[-1] else "not the rate"


def _against_the_first(curve: Any, tenth: float, same: float, triple: float) -> str:
    if min(tenth, triple) < 0.9 * same:
        return "cut the rate" if tenth < triple else "raise the rate"
    return "train on" if same < 0.9 * curve[0] else "not the rate"


def _by_difference(curve: Any, tenth: float, same: float, triple: float) -> str:
    if min(tenth, triple) < same - 0.1:
        return "cut the rate" if tenth < triple else "raise the rate"
    return "train on" if same < curve[-1] - 0.1 else "not the rate"


def _counting_borders(curve: Any, tenth: float, same: float, triple: float) -> str:
    if min(tenth, triple) <= 0.9 * same:
        return "cut the rate" if tenth < triple else "raise the rate"
    return "train on" if same <= 0.9 * curve[-1] else "not the rate"


def _tenth_first(curve: Any, tenth: float, same: float, triple: float) -> str:
    if tenth < 0.9 * same:
        return "cut the rate"
    return read_probes(curve, tenth, same, triple)


def _triple_first(curve: Any, tenth: float, same: float, triple: float) -> str:
    if triple < 0.9 * same:
        return "raise the rate"
    return read_probes(curve, tenth, same, triple)


def _renamed(**words: str) -> Any:
    """Right, but for saying one word where another belongs."""

    def answer(curve: Any, tenth: float, same: float, triple: float) -> str:
        word = read_probes(curve, tenth, same, triple)
        return words.get(word.replace(" ", "_"), word)

    return answer


READ_PROBES = Exercise(
    name="basics/read_probes",
    text="""\
### Exercise: read the probes

A run was trained, and then continued three times from its end: with a tenth of its
rate, with the same rate, and with three times its rate. Write
`read_probes(curve, tenth, same, triple)`, which says what to do next:

- `'cut the rate'` or `'raise the rate'`: that probe *helped*, its loss ended below
  0.9 times that of `same`. If both helped, the one with the lower loss decides;
- `'train on'`: neither probe helped, and with the same rate the loss got below 0.9
  times the last of `curve`;
- `'not the rate'`: neither helped, and the same rate got nowhere either.

The contract:

- **Arguments:** `curve`, the losses of the run, a NumPy array of at least three
  numbers above 0; `tenth`, `same` and `triple`, the losses at which the three
  continuations ended: numbers above 0, `inf` for one that diverged.
- **Returns:** one of these four strings, spelt like this.
- **Boundaries:** exactly 0.9 times is not below it. `tenth` and `triple` are never
  equal where both helped.
- **Units and time:** losses, all in the same unit. `curve` goes forward in time; its
  last loss is where the continuations began.""",
    starter="def read_probes(curve, tenth, same, triple):\n    return ...",
    hints=(
        "Two curves that look alike can need opposite things. Which arguments does the "
        "text compare with each other? The shape of `curve` is not among them.",
        "Settle first whether any probe helped. Only where none did, the last loss of "
        "`curve` comes in.",
        "Compare the lower one of the two probes with `same`. If it helped, which one "
        "was it?",
    ),
    solution=read_probes,
    cases=_probed_runs(),
    mistakes=(
        Mistake(
            _by_shape,
            "You decide by the shape of the curve. Some flat runs here had a rate that "
            "was too large, and some level ones a rate that was not to blame: the "
            "probes know.",
        ),
        Mistake(
            _flat_means_raise,
            "You raise the rate wherever the curve is flat from the start. Some of "
            "these runs are flat because their rate is too large, or for a reason that "
            "is no rate.",
        ),
        Mistake(
            _level_means_cut,
            "You cut the rate wherever the curve has levelled off. Some of these runs "
            "had decayed too early or had nothing left to gain: there the tenth "
            "changed nothing.",
        ),
        Mistake(
            _renamed(cut_the_rate="raise the rate", raise_the_rate="cut the rate"),
            "Cutting and raising are the wrong way round: do what the better probe "
            "did.",
        ),
        Mistake(
            _lowest,
            "You take any gain, however small. Three continuations never end exactly "
            "alike; a probe has helped when it is clearly lower, as the text says.",
        ),
        Mistake(
            _against_the_curve,
            "You compare the probes with the end of `curve`. A healthy run falls at "
            "its own rate as well: what counts is whether a probe did better than "
            "that.",
        ),
        Mistake(
            _against_the_first,
            "You compare `same` with the first loss of the curve. A run that fell "
            "long ago and stands still now is not getting anywhere.",
        ),
        Mistake(
            _by_difference,
            "You ask for a fixed difference of 0.1. Losses of 0.05 and of 20 need the "
            "same rule, so the text compares by a factor.",
        ),
        Mistake(
            _counting_borders,
            "Exactly 0.9 times as much is not below it. Look at your comparisons.",
        ),
        Mistake(
            _tenth_first,
            "Where both probes helped, you always cut. The lower loss decides.",
        ),
        Mistake(
            _triple_first,
            "Where both probes helped, you always raise. The lower loss decides.",
        ),
        Mistake(
            _renamed(not_the_rate="train on"),
            "You train on wherever no probe helped. Some of these runs went nowhere "
            "with any of the three rates.",
        ),
        Mistake(
            _renamed(train_on="not the rate"),
            "You blame something else wherever no probe helped. Some of these runs "
            "were falling well, as they were.",
        ),
        Mistake(
            _renamed(not_the_rate="cut the rate"),
            "You cut the rate where no probe helped, although the tenth was among "
            "them and had changed nothing.",
        ),
        Mistake(
            _renamed(not_the_rate="raise the rate"),
            "You raise the rate where no probe helped, although the triple was among "
            "them and had not lowered the loss.",
        ),
    ),
)

# Flat at the height of guessing -------------------------------------------------------


def flat_at_guess():
    return 6


FLAT_AT_GUESS = Exercise(
    name="basics/flat_at_guess",
    text="""\
### Exercise: flat at 2.30

A colleague trains a network with ten classes at the rate `lr`. The loss is 2.30 after
the first epoch and 2.30 after the tenth. What do you do next? Put the number of the
action into `flat_at_guess`.

1. Raise the rate tenfold and train on.
2. Cut the rate to a tenth and start again.
3. Train for three times as many epochs.
4. Make the network twice as wide.
5. Start again with another seed.
6. Train 50 steps at `lr / 10` and 50 steps at `lr * 10`, both from the start, and
   compare the two.
7. Divide the inputs by their standard deviation and start again.

The contract:

- **Arguments:** none, this is one value and not a function.
- **Returns:** one whole number from 1 to 7, not an array.
- **Boundaries:** no two actions; the first thing to do.
- **Units and time:** a number of the list; nothing was tried before.""",
    starter="flat_at_guess = ...",
    hints=(
        "2.30 is the natural logarithm of ten. What does the network know?",
        "Runs B, E and G above look like this one. Is there an action that helps all "
        "three, or one that tells them apart?",
    ),
    solution=flat_at_guess,
    asks_for="value",
    mistakes=(
        Mistake(
            lambda: 1,
            "That helps if the rate is too small. Run E stood at the same height "
            "because its rate was too large, and a larger one made it worse.",
        ),
        Mistake(
            lambda: 2,
            "That helps if the rate is too large. Run B stood at the same height "
            "because its rate was too small, and would wait even longer.",
        ),
        Mistake(
            lambda: 3,
            "Ten epochs moved nothing. If the rate is too large, or the inputs don't "
            "reach the network, thirty won't either, and you pay for all of them.",
        ),
        Mistake(
            lambda: 4,
            "A network that is too small still learns something: run F had one hidden "
            "unit and left 2.30 at once. This one guesses.",
        ),
        Mistake(
            lambda: 5,
            "Another seed is another start. Runs B, E and G did the same from three "
            "seeds; a cause is not found by drawing again.",
        ),
        Mistake(
            lambda: 7,
            "That helps if the inputs are the cause, as in run G. Nothing says so yet: "
            "settle first whether the rate moves it.",
        ),
    ),
)

# Leaving the shallow well -----------------------------------------------------


def share_escaped(rates, kicks):
    x = 0.9 + 0 * kicks[0]
    for lr, kick in zip(rates, kicks, strict=True):
        x = x - lr * ((x**2 - 1) * x + 0.15 + kick)
    return (x < 0).mean()


def _walkers(
    start: float = 0.9,
    tilt: float = 0.15,
    uphill: int = 1,
    weight: Any = lambda lr: lr,
    plan: Any = lambda rates: rates,
    seen: Any = lambda kicks: kicks,
    at_end: Any = lambda path: (path[-1] < 0).mean(),
) -> Any:
    """``share_escaped`` with one thing done in another way."""

    def answer(rates: Any, kicks: Any) -> Any:
        path = [np.full(kicks.shape[1], start)]
        with np.errstate(over="ignore", invalid="ignore"):  # some walk away for good
            for lr, kick in zip(plan(rates), seen(kicks), strict=True):
                slope = (path[-1] ** 2 - 1) * path[-1] + tilt
                path.append(path[-1] - uphill * lr * slope - weight(lr) * kick)
        return at_end(np.stack(path))

    return answer


def _well_cases() -> tuple[tuple[Any, ...], ...]:
    kicks = np.random.default_rng(16).standard_normal((600, 100))
    t = np.arange(600)
    one = np.linspace(0.835, 0.995, 9)[None]
    return (
        (np.array([0.3]), np.array([[5.0]])),
        (np.array([1.0]), one),
        (np.array([0.5, 0.25]), np.concatenate([2 * one, 2 - one])),
        (np.full(600, 0.1), kicks),
        (np.full(600, 0.01), kicks),
        (np.full(600, 0.3), kicks),
        (np.full(600, 0.3), 0 * kicks),  # without noise nobody leaves
        (0.3 * 0.5 ** (t / 60), kicks),
        (0.1 + 0.2 * (t >= 300), kicks),
    )


SHARE_ESCAPED = Exercise(
    name="basics/share_escaped",
    text="""\
### Exercise: how many get out?

Write `share_escaped(rates, kicks)`. Walkers start in the shallow well, all at
`x = 0.9`. Update number `t` moves each of them by its own kick:
`x` becomes `x - rates[t] * (slope + kicks[t])` with the slope
`(x**2 - 1) * x + 0.15` at the place where the walker is.

- **Arguments:** `rates`, an array of `T` rates, one for each update, at least
  one; `kicks`, an array of shape `[T, W]`: the noise of each update for each of
  `W` walkers, at least one.
- **Returns:** one number from 0 to 1: the share of walkers that are in the deep
  well, at `x < 0`, after the last update. What came in stays as it was.
- **Boundaries:** nobody ends exactly at 0. Without noise, and with rates up to 1,
  the answer is 0.
- **Units and time:** `x` has no unit; `t` counts updates from 0 to `T - 1`.

Numbers count as right within a relative 1e-6.""",
    starter="def share_escaped(rates, kicks):\n    return ...",
    hints=(
        "Let one array hold the places of all walkers: `W` numbers, each 0.9 at the "
        "start.",
        "A loop over the updates, and one line of arithmetic in it, which moves all "
        "walkers at once. `zip` hands out one rate and one row of kicks at a time.",
        "After the loop, compare the array with 0. The mean of what is true and false "
        "is a share.",
    ),
    solution=share_escaped,
    cases=_well_cases(),
    mistakes=(
        Mistake(
            _walkers(start=-1.0),
            "Your walkers start in the deep well and have nothing to escape from. The "
            "shallow one is on the right.",
        ),
        Mistake(
            _walkers(start=-0.9),
            "Your walkers start at -0.9, in the deep well: a sign got lost.",
        ),
        *(
            Mistake(
                _walkers(start=start),
                f"Your walkers start at {start:g}. The bottom of the well is near, but "
                "the exercise starts them all at another place.",
            )
            for start in (1.0, 0.92)
        ),
        Mistake(
            _walkers(start=0.0),
            "Your walkers start at 0, on the hill, where half the way is done. They "
            "start in the shallow well.",
        ),
        Mistake(
            _walkers(at_end=lambda path: (path < 0).any(axis=0).mean()),
            "You count walkers that were ever on the other side. Some of them came "
            "back; only the place after the last update counts.",
        ),
        Mistake(
            _walkers(at_end=lambda path: (path < 0).mean(axis=1).max()),
            "You take the largest share on the way. Some walkers came back; the share "
            "after the last update is asked for.",
        ),
        Mistake(
            _walkers(at_end=lambda path: (path[1:] < 0).mean()),
            "You average over all updates. The share after the last one is asked for.",
        ),
        Mistake(
            _walkers(at_end=lambda path: (path[-2] < 0).mean()),
            "One update is missing: your share is that before the last one.",
        ),
        Mistake(
            _walkers(at_end=lambda path: (path[-1] > 0).mean()),
            "That is the share that stayed. Without noise nobody leaves, and yours "
            "would be 1.",
        ),
        Mistake(
            _walkers(at_end=lambda path: (path[-1] < 0).sum()),
            "That is how many walkers left. A share lies between 0 and 1.",
        ),
        Mistake(
            _walkers(at_end=lambda path: 100 * (path[-1] < 0).mean()),
            "That is a percentage. A share lies between 0 and 1.",
        ),
        Mistake(
            _walkers(at_end=lambda path: path[-1].mean()),
            "That is the mean place of the walkers, not a share of them.",
        ),
        *(
            Mistake(
                _walkers(at_end=lambda path, border=border: (path[-1] < border).mean()),
                f"You count a walker as out only below {border:g}. It is out as soon "
                "as it is beyond the hill, at `x < 0`.",
            )
            for border in (-1.07, -1.0, -0.5)
        ),
        Mistake(
            _walkers(weight=lambda lr: 1.0),
            "The rate multiplies the slope but not the kick. The noise is a part of "
            "the gradient; look at the brackets.",
        ),
        Mistake(
            _walkers(weight=lambda lr: 0.0),
            "`kicks` takes no part: without noise no walker ever leaves.",
        ),
        Mistake(
            _walkers(weight=lambda lr: -lr),
            "You subtract the kick from the slope. The exercise adds it, and with "
            "given kicks that makes another walk.",
        ),
        Mistake(
            _walkers(uphill=-1, weight=lambda lr: -lr),
            "Your walkers go uphill. Look at the sign of the step.",
        ),
        Mistake(
            _walkers(tilt=0.0),
            "Both your wells are equally deep: the 0.15 is missing from the slope.",
        ),
        Mistake(
            _walkers(plan=lambda rates: np.full(len(rates), rates[0])),
            "You use the first rate for all updates. A schedule has one rate for each.",
        ),
        Mistake(
            _walkers(plan=lambda rates: np.full(len(rates), rates[-1])),
            "You use the last rate for all updates. A schedule has one rate for each.",
        ),
        Mistake(
            _walkers(plan=lambda rates: np.full(len(rates), np.mean(rates))),
            "You use the mean rate for all updates. When the rate is large matters, "
            "not only how large it is on average.",
        ),
        Mistake(
            _walkers(seen=lambda kicks: np.broadcast_to(kicks[:, :1], kicks.shape)),
            "All your walkers get the kicks of the first one, so they walk as one.",
        ),
        Mistake(
            _walkers(
                seen=lambda kicks: np.broadcast_to(
                    kicks.mean(axis=1, keepdims=True), kicks.shape
                )
            ),
            "You average the kicks over the walkers, and so they almost cancel. Each "
            "walker has its own.",
        ),
        Mistake(
            lambda rates, kicks: _walkers()(rates[:1], kicks[:1]),
            "Your walkers take a single step: is the `return` inside the loop?",
        ),
    ),
)

# The fair comparison ----------------------------------------------------------


def fair_comparison():
    return 3


FAIR_COMPARISON = Exercise(
    name="basics/fair_comparison",
    text="""\
### Exercise: which comparison is fair?

Someone claims: *a small learning rate over-fits less, even when the training set is
fitted equally well.* You have a small and a large rate to test it with. Put the
number of the design that can test it into `fair_comparison`.

1. Train with both rates for the same number of epochs, five seeds each. Compare the
   mean gap between held-out and training loss: the smaller gap is the better
   regulariser.
2. Train with both rates until the training loss falls below 0.8, one seed each.
   Compare the two held-out losses.
3. Train with both rates until the training loss falls below 0.8, five seeds each.
   Compare the held-out losses, and look at how much the seeds differ.
4. Train with both rates until the training loss falls below 0.8, five seeds each.
   Compare the lowest held-out loss that any seed of the one rate reached with the mean
   over the seeds of the other.

- **Arguments:** none, this is one value and not a function.
- **Returns:** one whole number, not an array.
- **Boundaries:** from 1 to 4; one of them is right.
- **Units and time:** no unit; it is about whole runs, so no `t`.""",
    starter="fair_comparison = ...",
    hints=(
        "What else differs between the two rates at the moment when you compare them? "
        "Only the rate should.",
        "How far would the result move if you ran all of it again with other seeds? A "
        "design must let you see that.",
        "Both rates must be summed up in the same way.",
    ),
    solution=fair_comparison,
    asks_for="value",
    mistakes=(
        Mistake(
            lambda: 1,
            "Same epochs, another rate, a smaller gap, hence a regulariser? The small "
            "rate has also fitted the training set less. Two things differ, and the "
            "gap may come from the second.",
        ),
        Mistake(
            lambda: 2,
            "The runs are compared at the same fit, which is right. But one seed each "
            "can't tell a difference between the rates from one between two draws.",
        ),
        Mistake(
            lambda: 4,
            "The same fit and several seeds, but the best of five is set against a "
            "mean. With two equal rates, the one with its best seed would win.",
        ),
        Mistake(
            lambda: 0,
            "One of the four can test the claim. They are numbered from 1.",
        ),
        Mistake(
            lambda: 5,
            "There are four designs, and one of them can test the claim.",
        ),
    ),
)

EXERCISES = (
    SGD_STEP,
    STEP_LENGTH,
    EFFECTIVE_RATE,
    VERDICT,
    MAX_STABLE_RATE,
    HAS_A_RATE,
    PEGASOS_RATE,
    NOISE_FLOOR,
    WHICH_PROBE,
    READ_PROBES,
    FLAT_AT_GUESS,
    SHARE_ESCAPED,
    FAIR_COMPARISON,
)
