"""Exercises of lesson 1.6, What a schedule cannot promise."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

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


EXERCISES: tuple[Exercise, ...] = (
    SHARE_ESCAPED,
    FAIR_COMPARISON,
)
