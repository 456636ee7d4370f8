"""Exercises of the lesson adam."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# Adam, from the gradients to the path -----------------------------------------------


def adam_path(grads, lr, beta1, beta2, eps):
    import numpy as np

    x = m = v = np.zeros(grads.shape[1])
    path = []
    for t, g in enumerate(grads, start=1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        m_hat = m / (1 - beta1**t)
        v_hat = v / (1 - beta2**t)
        x = x - lr * m_hat / (np.sqrt(v_hat) + eps)
        path.append(x)
    return np.array(path)


class _Now(NamedTuple):
    """What an update knows, after its gradient went into m and v."""

    g: Any
    m: Any
    v: Any
    t: int
    beta1: float
    beta2: float
    eps: float

    @property
    def m_hat(self) -> Any:
        return self.m / (1 - self.beta1**self.t)

    @property
    def v_hat(self) -> Any:
        return self.v / (1 - self.beta2**self.t)

    @property
    def root(self) -> Any:
        return np.sqrt(self.v_hat) + self.eps


def _average(old: Any, g: Any, beta: float) -> Any:
    return beta * old + (1 - beta) * g


def _average_of_squares(old: Any, g: Any, beta: float) -> Any:
    return beta * old + (1 - beta) * g * g


def _walk(
    step: Callable[[_Now], Any] = lambda now: now.m_hat / now.root,
    first: Callable[[Any, Any, float], Any] = _average,
    second: Callable[[Any, Any, float], Any] = _average_of_squares,
    start: int = 1,
) -> Callable[..., Any]:
    """An answer that differs from the solution in one of these places."""

    def answer(grads, lr, beta1, beta2, eps):
        x = m = v = np.zeros(grads.shape[1])
        path = []
        with np.errstate(all="ignore"):  # some mistakes divide by 0
            for t, g in enumerate(grads, start):
                m, v = first(m, g, beta1), second(v, g, beta2)
                x = x - lr * step(_Now(g, m, v, t, beta1, beta2, eps))
                path.append(x)
        return np.array(path)

    return answer


def _corrected_state_is_kept(grads, lr, beta1, beta2, eps):
    x = m = v = np.zeros(grads.shape[1])
    path = []
    for t, g in enumerate(grads, start=1):
        m = _average(m, g, beta1) / (1 - beta1**t)
        v = _average_of_squares(v, g, beta2) / (1 - beta2**t)
        x = x - lr * m / (np.sqrt(v) + eps)
        path.append(x)
    return np.array(path)


_DRAWN = np.random.default_rng(0).standard_normal((6, 3))

ADAM_PATH = Exercise(
    name="adaptive/adam_path",
    text="""\
### Exercise: Adam, from the gradients to the path

Write `adam_path(grads, lr, beta1, beta2, eps)`: where Adam stands after each update,
if it starts from 0 and sees these gradients.

- **Arguments:** `grads`, a NumPy array `[T, n]`, the gradient of `n` numbers at each
  of `T` updates, both at least 1; `lr` and `eps`, above 0; `beta1` and `beta2`, from
  0 to below 1.
- **Returns:** an array `[T, n]`: row 0 is where the numbers stand after the first
  update, the last row where they end. The start isn't in it.
- **Boundaries:** both averages start from 0. A number whose gradients were all 0
  stays at 0.
- **Units and time:** updates are counted from 1, as in the formulas; `lr` is the
  same at all of them. `eps` stands where PyTorch has it, outside the root.

Numbers count as right within a relative 1e-6.""",
    starter="def adam_path(grads, lr, beta1, beta2, eps):\n    return ...",
    hints=(
        "Three arrays of `n` zeros to begin with: the place, the average gradient, and "
        "the average of its squares. Each row of `grads` changes all three.",
        "`enumerate(grads, start=1)` gives the number of the update together with its "
        "gradient.",
        "Keep the averages as they are for the next update, and give what you divide "
        "by 1 minus a power of beta new names.",
    ),
    solution=adam_path,
    cases=(
        (np.array([[1.0]]), 0.001, 0.9, 0.999, 1e-8),
        (np.ones((4, 2)), 0.001, 0.9, 0.999, 1e-8),
        (np.array([[3.0, 0.5], [1.0, 2.0], [0.2, 4.0]]), 0.1, 0.9, 0.999, 1e-8),
        (_DRAWN, 0.01, 0.9, 0.999, 1e-8),
        (_DRAWN, 0.3, 0.5, 0.9, 1e-8),
        (_DRAWN, 1.0, 0.8, 0.95, 0.1),
        (_DRAWN * 1e-6, 0.01, 0.9, 0.999, 1e-8),
        (_DRAWN * 100.0, 0.02, 0.9, 0.99, 1e-8),
        (_DRAWN, 0.01, 0.0, 0.99, 1e-6),
        (_DRAWN, 0.01, 0.9, 0.0, 1e-6),
        (np.array([[0.0, 0.0], [1.0, 0.0], [-2.0, 0.0]]), 0.1, 0.9, 0.99, 1e-3),
    ),
    mistakes=(
        Mistake(
            _walk(lambda now: now.m / (np.sqrt(now.v) + now.eps)),
            "The correction is missing: at beta1 = 0.9 and beta2 = 0.999 your first "
            "step is 3.16 times too long. Document 1 leaves it out, too.",
        ),
        Mistake(
            _walk(lambda now: now.m / np.sqrt(now.v + now.eps)),
            "That is document 1's formula with its subscripts repaired: nothing is "
            "corrected for the start from 0, and eps is under the root.",
        ),
        Mistake(
            _walk(lambda now: now.m_hat / (np.sqrt(now.v) + now.eps)),
            "You correct the average gradient and leave the average of the squares as "
            "it is.",
        ),
        Mistake(
            _walk(lambda now: now.m / now.root),
            "You correct the average of the squares and leave the average gradient as "
            "it is.",
        ),
        Mistake(
            _walk(start=0),
            "You count from 0. The first update then divides 0 by 0, since a beta to "
            "the power 0 is 1, and everything after it is NaN.",
        ),
        Mistake(
            _walk(start=2),
            "Your count is one ahead: the first update is corrected as if it were the "
            "second.",
        ),
        Mistake(
            _walk(
                lambda now: (
                    now.m
                    / (1 - now.beta1)
                    / (np.sqrt(now.v / (1 - now.beta2)) + now.eps)
                )
            ),
            "You divide by 1 − beta at every update. That is right for the first; the "
            "longer a run, the closer to 1 the divisor has to be.",
        ),
        Mistake(
            _walk(
                lambda now: (
                    now.m
                    / (1 - now.beta1 * now.t)
                    / (np.sqrt(now.v / (1 - now.beta2 * now.t)) + now.eps)
                )
            ),
            "You divide by 1 minus a multiple of beta. It is a power: a multiple soon "
            "makes the number under the root negative.",
        ),
        Mistake(
            _walk(
                lambda now: (
                    now.m
                    * (1 - now.beta1**now.t)
                    / (np.sqrt(now.v * (1 - now.beta2**now.t)) + now.eps)
                )
            ),
            "You multiply by the share that the averages have gathered, which makes "
            "them smaller still.",
        ),
        Mistake(
            _walk(lambda now: now.m_hat / np.sqrt(now.v_hat + now.eps)),
            "eps is under the root in yours. For gradients of 1e-6 that makes a step "
            "about a hundred times too short.",
        ),
        Mistake(
            _walk(
                lambda now: (
                    now.m_hat
                    * np.sqrt(1 - now.beta2**now.t)
                    / (np.sqrt(now.v) + now.eps)
                )
            ),
            "You add eps to the root of the uncorrected average and correct "
            "afterwards. Early on, that makes eps larger than it is.",
        ),
        Mistake(
            _walk(lambda now: now.m_hat / np.sqrt(now.v_hat) + now.eps),
            "eps is added to the whole step in yours. It belongs to what you divide "
            "by: look at the brackets.",
        ),
        Mistake(
            _walk(lambda now: now.m_hat / np.sqrt(now.v_hat)),
            "eps takes no part, so a gradient that is always 0 gives 0/0.",
        ),
        Mistake(
            _walk(
                lambda now: now.m / np.sqrt(now.v + now.eps),
                first=lambda old, g, beta: beta * old - 1 + (1 - beta) * g,
            ),
            "You subtract 1 from the average, as document 1 prints it. The 1 belongs "
            "to the subscript: it means the average before this update.",
        ),
        Mistake(
            _walk(first=lambda old, g, beta: beta * old - 1 + (1 - beta) * g),
            "You subtract 1 from the average at every update. In the formula the 1 is "
            "part of a subscript, and the rest of yours is right.",
        ),
        Mistake(
            _walk(lambda now: now.m / np.sqrt(now.eps)),
            "Document 1's r stays 0 in yours: what you divide by never sees a "
            "gradient, and the first step is a thousand times too long.",
        ),
        Mistake(
            _walk(lambda now: now.m_hat / now.eps),
            "You divide by eps alone: the average of the squares takes no part.",
        ),
        Mistake(
            _walk(second=_average),
            "Under your root is an average of the gradients, without a square. It is "
            "NaN as soon as that average is negative.",
        ),
        Mistake(
            _walk(second=lambda old, g, beta: _average(old, abs(g), beta)),
            "Under your root is an average of absolute values. With the root of it, "
            "larger gradients take longer steps: they have to be squared.",
        ),
        Mistake(
            _walk(lambda now: now.m_hat / (now.v_hat + now.eps)),
            "The root is missing: a gradient twice as large takes a step half as long.",
        ),
        Mistake(
            _walk(second=lambda old, g, beta: old + g * g),
            "You add the squares up, as AdaGrad does. Adam takes an average.",
        ),
        Mistake(
            _walk(second=lambda old, g, beta: beta * old + g * g),
            "A new square counts in full in yours, so that the weights don't add up "
            "to 1. Its share is what beta2 leaves.",
        ),
        Mistake(
            _walk(first=lambda old, g, beta: beta * old + g),
            "A new gradient counts in full in yours, as in SGD's momentum: your steps "
            "are 1/(1 − beta1) times as long.",
        ),
        Mistake(
            _walk(
                first=lambda old, g, beta: _average(old, g, 1 - beta),
                second=lambda old, g, beta: _average_of_squares(old, g, 1 - beta),
            ),
            "A beta is the weight of the old average. In yours it is that of the new "
            "gradient and of its square.",
        ),
        Mistake(
            _walk(lambda now: now.g / now.root),
            "You step along the newest gradient. The average gradient takes no part, "
            "which makes it RMSprop with a correction.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: adam_path(
                grads, lr, beta2, beta1, eps
            ),
            "The two betas have changed places.",
        ),
        Mistake(
            _corrected_state_is_kept,
            "You keep the corrected averages for the next update, so each correction "
            "acts on top of all that came before it.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: np.concatenate(
                [adam_path(row[None], lr, beta1, beta2, eps) for row in grads]
            ).cumsum(axis=0),
            "Your averages begin at 0 again at each update: make them before the loop.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: np.diff(
                adam_path(grads, lr, beta1, beta2, eps), axis=0, prepend=0
            ),
            "Your rows are single steps. A place is the sum of all steps up to it.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: (
                -np.diff(adam_path(grads, lr, beta1, beta2, eps), axis=0, prepend=0)
            ),
            "Your rows are what is to be subtracted at each update. A place is what "
            "is left after all of them.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: (
                -adam_path(grads, lr, beta1, beta2, eps)
            ),
            "Yours goes uphill: the step has to be subtracted.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: adam_path(
                grads, 1.0, beta1, beta2, eps
            ),
            "`lr` takes no part in your steps.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: adam_path(grads, lr, 0.9, beta2, eps),
            "`beta1` is 0.9 in yours, whatever comes in.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: adam_path(
                grads, lr, beta1, 0.999, eps
            ),
            "`beta2` is 0.999 in yours, whatever comes in.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: adam_path(grads, lr, 0.9, 0.999, eps),
            "Both betas are PyTorch's defaults in yours, whatever comes in.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: adam_path(
                grads, lr, beta1, beta2, 1e-8
            ),
            "`eps` is 1e-8 in yours, whatever comes in.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: adam_path(grads, lr, 0.9, 0.999, 1e-8),
            "Only `grads` and `lr` take part: the betas and `eps` are PyTorch's "
            "defaults in yours.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: adam_path(
                grads, lr, beta1, beta2, eps
            )[-1],
            "That is where the run ends. Asked for is the place after each update, "
            "one row for each.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: np.vstack(
                [np.zeros(grads.shape[1]), adam_path(grads, lr, beta1, beta2, eps)]
            ),
            "Your first row is the start, which doesn't belong in it.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: np.vstack(
                [np.zeros(grads.shape[1]), adam_path(grads, lr, beta1, beta2, eps)[:-1]]
            ),
            "Your rows are one update late: the first is the start, and the place "
            "after the last update is missing. Keep a place after its step.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: np.repeat(
                adam_path(grads, lr, beta1, beta2, eps)[-1:], len(grads), axis=0
            ),
            "All of your rows are the last place. `x -= …` changes the array that is "
            "in your list already; make a new one.",
        ),
        Mistake(
            lambda grads, lr, beta1, beta2, eps: _walk(
                second=lambda old, g, beta: _average(old, np.mean(g * g), beta)
            )(grads, lr, beta1, beta2, eps),
            "All numbers share one average of squares in yours. Each has its own.",
        ),
    ),
)

# The first step without correction --------------------------------------------------


def first_step(beta1, beta2):
    return (1 - beta1) / (1 - beta2) ** 0.5


FIRST_STEP = Exercise(
    name="adaptive/first_step",
    text="""\
### Exercise: the first step without correction

Write `first_step(beta1, beta2)`: how long the very first step of Adam is if the
correction is left out and eps is 0. Before you run it, guess: is it too long or too
short at betas (0.9, 0.999)? And at (0.9, 0.95), a choice that large language models
are trained with?

- **Arguments:** `beta1` and `beta2`, two numbers from 0 to below 1, no arrays.
- **Returns:** the length, one number above 0.
- **Boundaries:** at (0, 0) it is 1. The gradient may have any size except 0; the
  length doesn't depend on it.
- **Units and time:** in learning rates: 1 is a step as long as the rate. It is update
  number 1, and both averages are 0 before it.

The number counts as right within a relative 1e-6.""",
    starter="def first_step(beta1, beta2):\n    return ...",
    hints=(
        "Write down what both averages are after one gradient g, if they were 0.",
        "The step divides the first by the root of the second. What becomes of g?",
        "The root acts on the whole of the second average, on its beta as well as on "
        "its gradient.",
    ),
    solution=first_step,
    cases=(
        (0.9, 0.999),
        (0.9, 0.95),
        (0.9, 0.99),
        (0.99, 0.9),
        (0.5, 0.5),
        (0.0, 0.99),
        (0.8, 0.0),
        (0.0, 0.0),
    ),
    mistakes=(
        Mistake(
            lambda beta1, beta2: 1 - beta1,
            "That is the share of a first gradient in the average gradient. What you "
            "divide by is too small as well.",
        ),
        Mistake(
            lambda beta1, beta2: 1.0,
            "That is the first step with the correction.",
        ),
        Mistake(
            lambda beta1, beta2: (1 - beta1) / (1 - beta2),
            "The root is missing: Adam divides by the root of the second average.",
        ),
        Mistake(
            lambda beta1, beta2: ((1 - beta1) / (1 - beta2)) ** 0.5,
            "The root acts on both averages in yours. It belongs to the second alone.",
        ),
        Mistake(
            lambda beta1, beta2: (1 - beta1) / (1 - beta2**0.5),
            "Your root is of beta2 alone. It belongs to the whole second average.",
        ),
        Mistake(
            lambda beta1, beta2: (1 - beta1) * 2 / ((1 - beta2) * 2) ** 0.5,
            "Yours is √2 times too long. Did a gradient of 2 go into the second "
            "average without a square?",
        ),
        Mistake(
            lambda beta1, beta2: (1 - beta1**2) / (1 - beta2**2) ** 0.5,
            "That is the second step at a constant gradient; the first is asked for.",
        ),
        Mistake(
            lambda beta1, beta2: first_step(beta1, beta2) * 0.001,
            "Yours is a thousandth of it. A rate of 0.001 takes no part: the length is "
            "asked for in learning rates.",
        ),
        Mistake(
            lambda beta1, beta2: (1 - beta1) * (1 - beta2) ** 0.5,
            "You multiply by the root of the second average. Adam divides by it.",
        ),
        Mistake(
            lambda beta1, beta2: (1 - beta2) ** 0.5 / (1 - beta1),
            "That is upside down: it is what the correction multiplies this step by.",
        ),
        Mistake(
            lambda beta1, beta2: 1 / (1 - beta2) ** 0.5,
            "That is RMSprop's first step, which goes along the gradient itself. In "
            "Adam the average gradient is too small, too.",
        ),
        Mistake(
            lambda beta1, beta2: 1 / (1 - beta1),
            "That is by how much the average gradient is too small. The other average "
            "takes no part.",
        ),
        Mistake(
            lambda beta1, beta2: (1 - beta1) * 1e4,
            "That is document 1's r at 0, with an eps of 1e-8 under the root. Here "
            "both averages see the gradient.",
        ),
        Mistake(
            lambda beta1, beta2: beta1 / (1 - beta2) ** 0.5,
            "beta1 is the weight of the past, which is 0 here. The new gradient has "
            "the rest.",
        ),
        Mistake(
            lambda beta1, beta2: (1 - beta1) / max(beta2, 1e-12) ** 0.5,
            "beta2 is the weight of the past, which is 0 here. The new square has the "
            "rest.",
        ),
        Mistake(
            lambda beta1, beta2: beta1 / max(beta2, 1e-12) ** 0.5,
            "Both betas are weights of the past, and the past is 0. The new gradient "
            "has what is left.",
        ),
        Mistake(
            lambda beta1, beta2: (1 - beta2) / (1 - beta1) ** 0.5,
            "The two betas have changed places.",
        ),
        Mistake(
            lambda beta1, beta2: -beta1 / (1 - beta2) ** 0.5,
            "That takes the −1 of document 1's first line at its word: a negative "
            "length, uphill.",
        ),
        Mistake(
            lambda beta1, beta2: -first_step(beta1, beta2),
            "A length has no sign: leave the direction out.",
        ),
        Mistake(
            lambda beta1, beta2: round(first_step(beta1, beta2), 2),
            "You round to two decimals; the exact value is asked for.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (ADAM_PATH, FIRST_STEP)
