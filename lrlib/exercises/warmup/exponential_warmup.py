"""Exercises of lesson 4.3, exponential warmup, repaired"""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# The warmup itself ----------------------------------------------------------------


def exponential_warmup(t, lr, gamma):
    return lr * (1 - gamma ** (t + 1))


EXPONENTIAL_WARMUP = Exercise(
    name="warmup/exponential_warmup",
    text="""\
### Exercise: close the gap

Write `exponential_warmup(t, lr, gamma)`: the rate of update `t` in a warmup that
climbs towards `lr`. Before the first update the rate would be 0, so the gap to
`lr` is all of it. Each update, the first one too, has `gamma` times the gap of
the one before.

- **Arguments:** `t`, an int from 0 on or a NumPy array of such ints, of any
  shape; `lr`, a number above 0; `gamma`, a number above 0 and below 1.
- **Returns:** the rate, a number for an int; for an array, an array of the same
  shape.
- **Boundaries:** at `t = 0` the gap is `gamma * lr`, so the rate is above 0
  already. It rises with every update and comes as near to `lr` as you like,
  never above it.
- **Units and time:** in the unit of `lr`; `t` counts updates from 0.

The number counts as right within a relative 1e-6.""",
    starter="def exponential_warmup(t, lr, gamma):\n    return ...",
    hints=(
        "Take lr = 1 and gamma = 0.5 and write down the gaps: 0.5 at update 0, then "
        "0.25. Which power of gamma is the gap at update t?",
        "The rate is what the gap leaves of lr. Where do the brackets go, so that the "
        "power acts on gamma alone?",
        "Python writes a power as `**`, which comes before `*` and `-`. By hand: lr = "
        "10 and gamma = 0.9 give 2.71 at t = 2.",
    ),
    solution=exponential_warmup,
    cases=(
        (0, 0.1, 0.9),
        (1, 1.0, 0.5),
        (9, 0.5, 0.9),
        (99, 0.2, 0.99),
        (900, 0.5, 0.99),
        (np.arange(12), 0.3, 0.8),
        (np.array([[0, 3], [30, 300]]), 2.0, 0.95),
    ),
    mistakes=(
        Mistake(
            lambda t, lr, gamma: lr * (1.0 - gamma) ** t,
            "That is the printed formula: all of `lr` at update 0, then a fall to "
            "nothing. The power has to act on `gamma`, before anything is subtracted.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * (1 - gamma) ** (t + 1),
            "The right exponent on the wrong base: your rate falls with every update. "
            "The power has to act on `gamma`, before anything is subtracted.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * (1 - (1 - gamma) ** (t + 1)),
            "It rises, but the gap shrinks by the factor `1 - gamma`: at 0.99 you are "
            "there after two updates.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * (1 - (1.0 - gamma) ** t),
            "It starts at 0, and the gap shrinks by the factor `1 - gamma` where it "
            "should by `gamma`.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * (1 - gamma**t),
            "Your first rate is 0, and the first update wasted. `t` counts from 0, and "
            "the gap is `gamma * lr` at the first update already.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * (1 - gamma ** (t + 2)),
            "You are one update ahead: at `t = 0` the gap has shrunk once, not twice.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * gamma**t,
            "That falls: an exponential decay with the factor `gamma`. It describes "
            "the gap, not the rate, and is one update late for that.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * gamma ** (t + 1),
            "That is the gap. The rate is what it leaves of `lr`.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * (1 - gamma * t),
            "`gamma` is multiplied by the update's number in your answer, and the rate "
            "soon is negative. A share that is taken again and again is a power.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * (1 - gamma * (t + 1)),
            "`gamma` is multiplied by `t + 1`, and the rate soon is negative. A share "
            "that is taken again and again is a power.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * (1 - gamma) * (t + 1),
            "A straight line with no end: every update adds the first step again. The "
            "steps have to shrink as the gap does.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * np.minimum((1 - gamma) * (t + 1), 1),
            "A straight line up to `lr`, a linear warmup. Here the steps shrink as the "
            "gap does, and the rate never quite arrives.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * (1 - gamma) + 0 * t,
            "You have the first rate for every `t`.",
        ),
        Mistake(
            lambda t, lr, gamma: 1 - gamma ** (t + 1),
            "That is the factor, which climbs to 1. `lr` hasn't multiplied it yet.",
        ),
        Mistake(
            lambda t, lr, gamma: lr - gamma ** (t + 1),
            "The gap at the start is all of `lr`, whatever its size: yours is `gamma` "
            "even if `lr` is smaller. `lr` belongs to the whole bracket.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * (1 - np.exp(-(1 - gamma) * (t + 1))),
            "Close where `gamma` is near 1: that is the form of Ma and Yarats, whose "
            "gap shrinks by `exp(-(1 - gamma))`. The text asks for `gamma` itself.",
        ),
        Mistake(
            lambda t, lr, gamma: np.trunc(lr * (1 - gamma ** (t + 1))),
            "Whole numbers came back: an array of ints, as `np.zeros_like(t)` makes "
            "one, cuts off decimals. Ask for `dtype=float`.",
        ),
        Mistake(
            lambda t, lr, gamma: (np.trunc if np.ndim(t) else float)(
                lr * (1 - gamma ** (t + 1))
            ),
            "Right for a single number, but for an array whole numbers came back: "
            "`np.zeros_like` of ints holds ints. Ask for `dtype=float`.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * (1 - np.exp(-(1 - gamma) * t)),
            "Two differences: your first rate is 0, as `t` counts from 0; and your gap "
            "shrinks by `exp(-(1 - gamma))`, where the text asks for `gamma` itself.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * (1 - np.exp(-gamma * (t + 1))),
            "Your gap shrinks by `exp(-gamma)` at each update, so that a gamma near 1 "
            "would be fast. The factor is `gamma` itself.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * 1 - gamma**t + 1,
            "Brackets are lost: you take `gamma**t` from `lr` and then add 1. What is "
            "in the exponent, and what `lr` multiplies, each needs a pair.",
        ),
        Mistake(
            lambda t, lr, gamma: lr / (1 - gamma ** (t + 1)),
            "You divide, as Adam's bias correction does: your rate starts above `lr` "
            "and falls to it.",
        ),
        Mistake(
            lambda t, lr, gamma: np.minimum(lr * (1 - gamma) / gamma**t, lr),
            "Your rate grows by the same factor at every update and stops at `lr`: a "
            "geometric warmup. Here it is the gap that has a constant factor.",
        ),
        Mistake(
            lambda t, lr, gamma: (
                lr * (1 - gamma) ** (1 - np.minimum(t * (1 - gamma) / 3, 1))
            ),
            "That is the lesson's geometric warmup, which arrives after "
            "`3 / (1 - gamma)` updates. Here the gap has a constant factor.",
        ),
        Mistake(
            lambda t, lr, gamma: lr * (1 - gamma**t + 1),
            "`**` comes before `+`: you take `gamma**t` and then add 1. What is in the "
            "exponent needs a pair of brackets of its own.",
        ),
        Mistake(
            lambda t, lr, gamma: lr + 0 * t,
            "That is `lr` for every `t`, no warmup.",
        ),
    ),
)


# The gamma for a length -----------------------------------------------------------


def gamma_for(share, t):
    return (1 - share) ** (1 / (t + 1))


GAMMA_FOR = Exercise(
    name="warmup/gamma_for",
    text="""\
### Exercise: 95% in time

Somebody wants 95% of the peak after 300 updates and needs a gamma. Write
`gamma_for(share, t)`: the gamma with which the repaired exponential warmup has
the rate `share * lr` at update `t`.

- **Arguments:** `share`, a number above 0 and below 1; `t`, a whole number from 0
  on. Single numbers, no arrays.
- **Returns:** gamma, one number.
- **Boundaries:** update 0 is the first, and its gap to the peak has shrunk once;
  so with `t = 0` and `share = 0.2` gamma is 0.8.
- **Units and time:** `share` is a pure number, 0.95 for 95%. `t` counts updates
  from 0: the last of 300 updates is `t = 299`.

The number counts as right within a relative 1e-6.""",
    starter="def gamma_for(share, t):\n    return ...",
    hints=(
        "Which share of the gap is left at update t? It is a power of gamma.",
        "How many equal factors gamma make up what is left at update 0, at update 1, "
        "at update t? Which operation undoes a power?",
        "By hand: 75% at update 1 needs gamma 0.5.",
    ),
    solution=gamma_for,
    cases=(
        (0.75, 1),
        (0.2, 0),
        (0.95, 299),
        (0.632, 99),
        (0.9, 4),
        (0.01, 2),
        (0.5, 9),
    ),
    mistakes=(
        Mistake(
            lambda share, t: (1 - share) ** (1 / t),
            "You count t factors. Update 0 has one already, so update t has one more; "
            "with `t = 0` yours divides by 0.",
        ),
        Mistake(
            lambda share, t: (1 - share) ** (1 / max(t, 1)),
            "Update 0 is right in your answer; after it you count t factors. Update 0 "
            "has one already, so update t has one more.",
        ),
        Mistake(
            lambda share, t: (1 - share) ** (1 / (t + 2)),
            "One factor too many: at update 0 the gap has shrunk once.",
        ),
        Mistake(
            lambda share, t: share ** (1 / (t + 1)),
            "You take the root of the share that is reached. The power of gamma is the "
            "share that is left.",
        ),
        Mistake(
            lambda share, t: share ** (1 / t),
            "Two slips: the power of gamma is the share that is left, not the one that "
            "is reached; and update 0 has one factor already.",
        ),
        Mistake(
            lambda share, t: 1 - share ** (1 / t),
            "You solved the printed formula, which falls to `share` at update t. The "
            "repaired one rises to it.",
        ),
        Mistake(
            lambda share, t: 1 - share ** (1 / (t + 1)),
            "You solved for the printed formula's base, with the exponent of the "
            "repaired one. Here the gap is a power of gamma.",
        ),
        Mistake(
            lambda share, t: 1 - (1 - share) ** (1 / (t + 1)),
            "That is the share of the gap that each update takes away. gamma is the "
            "share that it leaves.",
        ),
        Mistake(
            lambda share, t: (1 - share) ** (t + 1),
            "Upside down: that is the gap at update t if each update leaves the share "
            "`1 - share`. You know the gap at the end and look for the factor.",
        ),
        Mistake(
            lambda share, t: 1 - share ** (t + 1),
            "You put `share` where gamma belongs: that is the rate's share if `share` "
            "were gamma. You know that share and look for gamma.",
        ),
        Mistake(
            lambda share, t: (1 - share) / (t + 1),
            "You divide by the number of factors, or brackets are missing: `**` comes "
            "before `/`. What is left is a product of equal factors.",
        ),
        Mistake(
            lambda share, t: 1 - share / (t + 1),
            "Equal parts of the whole way: that is the first step of a straight line. "
            "Here each update takes a share of the gap that is left.",
        ),
        Mistake(
            lambda share, t: 1 - 1 / (t + 1),
            "Your gamma has `t + 1` as its time constant, which is right for about "
            "63% and no other share: `share` takes no part.",
        ),
        Mistake(
            lambda share, t: 1 - 3 / (t + 1),
            "`3 / (1 - gamma)` updates are the estimate for about 95%: your gamma "
            "fits that one alone, and only nearly. `share` takes no part.",
        ),
        Mistake(
            lambda share, t: 1 - 3 / t,
            "You take the estimate for about 95%, one update short: update t is the "
            "one after t others. And `share` takes no part.",
        ),
        Mistake(
            lambda share, t: math.exp(-1 / (t + 1)),
            "Your gamma reaches 63.2% at update t, whatever is asked for: `share` "
            "takes no part.",
        ),
        Mistake(
            lambda share, t: 1 + math.log(1 - share) / (t + 1),
            "Close for long warmups: you replaced the exponential function by its "
            "first two terms. At `t = 0` it is far off.",
        ),
        Mistake(
            lambda share, t: 1 + math.log(1 - share) / t,
            "The first two terms of the exponential function are close for long "
            "warmups, but a factor is missing: `t = 0` divides by 0.",
        ),
        Mistake(
            lambda share, t: math.log(1 - share) / (t + 1),
            "That is the logarithm of gamma. One operation is missing.",
        ),
        Mistake(
            lambda share, t: -math.log(1 - share) / (t + 1),
            "That is one over a time constant, the k of exp(-k t), not the factor.",
        ),
        Mistake(
            lambda share, t: (1 - share / 100) ** (1 / (t + 1)),
            "You divide by 100, as if `share` were in percent. It is a pure number: "
            "95% is 0.95 already.",
        ),
        Mistake(
            lambda share, t: round((1 - share) ** (1 / (t + 1)), 3),
            "You round to three digits. More are asked for: don't round.",
        ),
        Mistake(
            lambda share, t: (1 - share) ** (1 / t + 1),
            "Brackets are missing: `1 / t + 1` is 1/t, plus 1, and `t = 0` divides by "
            "0.",
        ),
        Mistake(
            lambda share, t: (1 / (1 - share)) ** (1 / (t + 1)),
            "Your gamma is above 1, and the gap would grow: one over the right one.",
        ),
        Mistake(
            lambda share, t: math.exp(-3 / (t + 1)),
            "Three time constants are about 95%; your gamma fits that share alone: "
            "`share` takes no part.",
        ),
        Mistake(
            lambda share, t: math.exp(math.log10(1 - share) / (t + 1)),
            "`math.exp` undoes the natural logarithm, `math.log`; yours has base 10.",
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (EXPONENTIAL_WARMUP, GAMMA_FOR)
