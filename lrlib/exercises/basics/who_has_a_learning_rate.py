"""Exercises of lesson 1.2, Who has a learning rate."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

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


EXERCISES: tuple[Exercise, ...] = (
    HAS_A_RATE,
    PEGASOS_RATE,
)
