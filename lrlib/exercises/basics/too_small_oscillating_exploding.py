"""Exercises of lesson 1.3, Too small, oscillating, exploding."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

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
eigenvalues of its *Hessian*, the matrix of its second derivatives. Write
`max_stable_rate(eigenvalues)`: the border below which gradient descent comes
home from every start.

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


EXERCISES: tuple[Exercise, ...] = (
    VERDICT,
    MAX_STABLE_RATE,
)
