"""Exercises of lesson 2.3, Slopes."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# The gamma for a length ---------------------------------------------------------


def gamma_for(ratio, T):
    return ratio ** (1 / T)


GAMMA_FOR = Exercise(
    name="decay/gamma_for",
    text="""\
### Exercise: the gamma for a length

An exponential schedule shall end where you want it: after `T` calls of
`scheduler.step()` the rate is `ratio` times the first rate. Write
`gamma_for(ratio, T)`, the `gamma` that `ExponentialLR` needs for it.

- **Arguments:** `ratio`, a number above 0, above 1 too if the rate shall grow;
  `T`, a whole number from 1 on. Single numbers, no arrays.
- **Returns:** gamma, one number.
- **Boundaries:** with `ratio = 1` the rate stays, so gamma is 1; with `T = 1`
  one call does it all.
- **Units and time:** `ratio` is a pure number, 0.01 for 1%; `T` counts calls,
  whether that is epochs or batches. The first rate is that of `t = 0`, the one
  that is `ratio` times as large that of `t = T`.

The number counts as right within a relative 1e-6.""",
    starter="def gamma_for(ratio, T):\n    return ...",
    hints=(
        "Write the rate after one call, after two, after three. What stands in front "
        "of the first rate after T calls?",
        "You know that product and look for one of its equal factors. Which operation "
        "undoes a power?",
        "By hand: a ratio of 0.25 in 2 calls needs gamma 0.5.",
    ),
    solution=gamma_for,
    cases=(
        (0.01, 100),
        (0.25, 2),
        (0.5, 1),
        (1e-3, 5000),
        (1.0, 20),
        (0.01, 9200),
        (10.0, 1),
        (0.9, 3),
    ),
    mistakes=(
        Mistake(
            lambda ratio, T: ratio / T,
            "You share the ratio among the calls, or brackets are missing: `**` comes "
            "before `/`. Each call multiplies, and your gamma for 1% in 100 calls, "
            "0.0001, gets there in less than one.",
        ),
        Mistake(
            lambda ratio, T: 1 - ratio / T,
            "Your gamma comes nearer to 1 the deeper the rate shall fall: look at what "
            "it gives for a tiny ratio.",
        ),
        Mistake(
            lambda ratio, T: 1 - (1 - ratio) / T,
            "Equal parts of the whole fall: that is the first step of a straight line. "
            "The exponential loses a share of what is left, so it would end too high.",
        ),
        Mistake(
            lambda ratio, T: ratio**T,
            "Upside down: that is where the rate ends if each call multiplies it by "
            "`ratio`. You know the end and look for the factor.",
        ),
        Mistake(
            lambda ratio, T: ratio ** (1 / (T - 1)),
            "You count T rates. From `t = 0` to `t = T` there are T calls between "
            "them, one for each factor; with `T = 1` yours divides by 0.",
        ),
        Mistake(
            lambda ratio, T: ratio ** (1 / (T - 1)) if T > 1 else ratio,
            "One call is right in your answer; with more, you count T rates. From "
            "`t = 0` to `t = T` there are T calls between them, one for each factor.",
        ),
        Mistake(
            lambda ratio, T: ratio ** (1 / (T + 1)),
            "One factor too many: from `t = 0` to `t = T` the scheduler is called T "
            "times.",
        ),
        Mistake(
            lambda ratio, T: (1 / ratio) ** (1 / T),
            "Your rate grows where it should fall: the ratio is upside down.",
        ),
        Mistake(
            lambda ratio, T: T ** (1 / ratio),
            "The two arguments have changed places: `ratio` is what the calls multiply "
            "to, `T` is how many there are.",
        ),
        Mistake(
            lambda ratio, T: (ratio / 100) ** (1 / T),
            "You divide by 100, as if `ratio` were in percent. It is a pure number: "
            "1% is 0.01 already.",
        ),
        Mistake(
            lambda ratio, T: (1 - ratio) ** (1 / T),
            "You start from the part that is lost. `ratio` is the part that is left "
            "at the end.",
        ),
        Mistake(
            lambda ratio, T: min(1.0, ratio ** (1 / T)),
            "You don't let gamma exceed 1. With a ratio above 1 the rate shall grow.",
        ),
        Mistake(
            lambda ratio, T: round(ratio ** (1 / T), 5),
            "You round to five digits, and the error is multiplied T times. More "
            "digits are asked for: don't round.",
        ),
        Mistake(
            lambda ratio, T: 1 + np.log(ratio) / T,
            "Close for long runs: you replaced the exponential function by its first "
            "two terms. For `T = 1` it is far off.",
        ),
        Mistake(
            lambda ratio, T: np.log(ratio) / T,
            "That is the logarithm of gamma, the slope on a log axis. One operation is "
            "missing.",
        ),
        Mistake(
            lambda ratio, T: -np.log(ratio) / T,
            "That is the decay constant k of exp(-k t). `ExponentialLR` wants the "
            "factor itself.",
        ),
        Mistake(
            lambda ratio, T: 1 - ratio ** (1 / T),
            "That is the share that each call takes away. gamma is the share that it "
            "leaves.",
        ),
    ),
)


# A polynomial that stays at its end ----------------------------------------------


def poly_lr(t, eta0, T, power):
    import numpy as np

    left = 1 - np.minimum(t, T) / T
    return eta0 * left**power


def _poly_lr_without_end(t: Any, eta0: float, T: int, power: float) -> Any:
    with np.errstate(invalid="ignore"):
        return eta0 * (1 - t / T) ** power


def _poly_lr_that(change: Callable[[Any, int], Any]) -> Any:
    """A polynomial of what ``change(t, T)`` makes of the part that is left."""

    def answer(t: Any, eta0: float, T: int, power: float) -> Any:
        return eta0 * change(t, T) ** power

    return answer


POLY_LR = Exercise(
    name="decay/poly_lr",
    text="""\
### Exercise: the polynomial, and after it

Write `poly_lr(t, eta0, T, power)`: the rate of update `t` when it falls from
`eta0` to 0 in `T` updates as a power of the part of the run that is left. When
the run goes on longer than planned, the rate stays at 0.

- **Arguments:** `t`, an int from 0 on or a NumPy array of such ints, of any
  shape; `eta0`, a number above 0; `T`, a whole number from 2 on; `power`, a
  number above 0.
- **Returns:** the rate, a number for an int; for an array, an array of the same
  shape.
- **Boundaries:** `eta0` at `t = 0`; exactly 0 at `t = T` and at every later `t`,
  for every `power`.
- **Units and time:** in the unit of `eta0`; `t` counts updates from 0, and so
  does `T`.

The number counts as right within a relative 1e-6.""",
    starter="def poly_lr(t, eta0, T, power):\n    return ...",
    hints=(
        "Which part of the run is left at update 0, at T/2, at T? And at 2 T?",
        "A negative number to the power 2 is positive, and to the power 1/2 it is no "
        "real number. So see to it that what you raise is never negative.",
        "`np.maximum` and `np.minimum` take numbers and arrays alike; `max` and `if` "
        "don't take arrays.",
    ),
    solution=poly_lr,
    cases=(
        (0, 0.1, 8, 2.0),
        (3, 0.1, 8, 1.0),
        (3, 0.1, 8, 0.5),
        (7, 1.0, 8, 2.0),
        (8, 1.0, 8, 0.5),
        (12, 1.0, 8, 1.0),
        (20, 0.5, 8, 2.0),
        (np.arange(13), 1.0, 10, 2.0),
        (np.arange(13), 0.3, 10, 0.5),
        (np.array([[0, 40], [99, 250]]), 0.1, 100, 0.9),
    ),
    mistakes=(
        Mistake(
            _poly_lr_without_end,
            "Past `T` the part that is left is negative in your answer: with power 1 "
            "the rate is below 0, with power 2 it rises again, and with power 0.5 it "
            "is no real number. Training goes on after the end; the rate has to be 0.",
        ),
        Mistake(
            lambda t, eta0, T, power: np.maximum(
                _poly_lr_without_end(t, eta0, T, power), 0
            ),
            "You cut off what is negative after the power was taken. By then power 2 "
            "has made it positive, and power 0.5 no real number.",
        ),
        Mistake(
            lambda t, eta0, T, power: (
                _poly_lr_without_end(t, eta0, T, power) * np.less(t, T)
            ),
            "You set the end to 0 by multiplying, after the power was taken. By then "
            "powers 0.5 and 0.9 have made NaN of what is negative, and 0 times NaN is "
            "NaN. See to the end before the power.",
        ),
        Mistake(
            lambda t, eta0, T, power: np.trunc(poly_lr(t, eta0, T, power)),
            "Whole numbers came back: an array of ints, as `np.zeros_like(t)` makes "
            "one, cuts off decimals. Ask for `dtype=float`.",
        ),
        Mistake(
            lambda t, eta0, T, power: poly_lr(t, eta0, T, 1 / power),
            "Your power is upside down: with power 2 yours falls fast last, as power "
            "0.5 should.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: np.abs(1 - t / T)),
            "After its end your rate comes back to life: no sign is lost, but the rate "
            "has to stay at 0.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: 1 - t % T / T),
            "At `T` your rate jumps back to the top, as in a restart. It has to stay "
            "at 0.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: np.where(t < T, 1 - np.minimum(t, T) / T, 1.0)),
            "After its end your rate is `eta0` again, at full height. It has to stay "
            "at 0.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: 1 - np.minimum(t, T - 1) / T),
            "Your rate never gets to 0: it holds its value of `t = T - 1`.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: np.maximum(1 - (t + 1) / T, 0)),
            "You are one update ahead: `t` counts from 0, and update 0 has the full "
            "rate.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: np.maximum(1 - t / (T - 1), 0)),
            "Your rate is 0 one update too early, at `t = T - 1`.",
        ),
        Mistake(
            lambda t, eta0, T, power: eta0 * (1 - (np.minimum(t, T) / T) ** power),
            "You raise the part that is over, not the part that is left: with power 2 "
            "yours falls slowly at first.",
        ),
        Mistake(
            _poly_lr_that(lambda t, T: np.minimum(t, T) / T),
            "Your rate starts at 0 and rises: that is the part of the run that is "
            "over.",
        ),
        Mistake(
            lambda t, eta0, T, power: eta0 * (1 - np.minimum(t, T) / T),
            "Your line is straight whatever `power` is: it takes no part.",
        ),
        Mistake(
            lambda t, eta0, T, power: eta0 * (1 - np.minimum(t, T) / T) * power,
            "`power` multiplies in your answer. At `t = 0` the rate should be `eta0` "
            "for every power.",
        ),
        Mistake(
            lambda t, eta0, T, power: (1 - np.minimum(t, T) / T) ** power,
            "That is the factor, 1 at the start. `eta0` hasn't multiplied it yet.",
        ),
        Mistake(
            lambda t, eta0, T, power: (eta0 * (1 - np.minimum(t, T) / T)) ** power,
            "`eta0` gets raised to the power too. Look at the brackets, and at "
            "`t = 0`.",
        ),
    ),
)


# The conditions of Robbins and Monro ----------------------------------------------


def robbins_monro(p):
    if p > 1:
        return "stops early"
    if p <= 0.5:
        return "noise stays"
    return "both hold"


def _sums(
    infinite_rates: Callable[[float], bool], finite_squares: Callable[[float], bool]
) -> Any:
    """The word for ``p`` with these conditions on the two sums."""

    def answer(p: float) -> str:
        if not infinite_rates(p):
            return "stops early"
        return "both hold" if finite_squares(p) else "noise stays"

    return answer


ROBBINS_MONRO = Exercise(
    name="decay/robbins_monro",
    text="""\
### Exercise: which tails meet the conditions?

The rates are `1 / (1 + t)**p`. Robbins and Monro ask that their sum over all
updates is infinite, and that the sum of their squares is finite. Write
`robbins_monro(p)`, which says what holds, and try it on 0.4, 0.5, 0.75, 1, 1.5:

- `'stops early'`: the sum of the rates is finite;
- `'noise stays'`: the sum of their squares is infinite;
- `'both hold'`: both conditions are met.

The words name the condition that fails, and not how a run of 1,000 updates ends. The
sum of `1 / t**q` over all `t` is finite exactly for `q > 1`. The contract:

- **Arguments:** `p`, one number above 0, no array.
- **Returns:** one of these three strings, spelt like this.
- **Boundaries:** there are two borders, and both are tested exactly. No `p` fails
  both conditions.
- **Units and time:** `p` is a pure number; the sums go over all `t` from 0 on, so
  no `t` is handed in.""",
    starter="def robbins_monro(p):\n    return ...",
    hints=(
        "1 + 1/2 + 1/3 + 1/4 + … has no bound: it grows like a logarithm. With any "
        "exponent larger than that of 1/n, the sum has one.",
        "The square of a rate is the same expression with another exponent. Which one, "
        "and where is its border?",
        "In the table of the lesson, look which sums hardly grow from 1,000 to "
        "100,000 updates. Slow growth is growth: mind the borders themselves.",
    ),
    solution=robbins_monro,
    cases=(
        (0.4,),
        (0.5,),
        (0.75,),
        (1.0,),
        (1.5,),
        (0.1,),
        (0.500001,),
        (1.000001,),
        (2.0,),
        (1,),
    ),
    mistakes=(
        Mistake(
            _sums(lambda p: p <= 1, lambda p: p >= 0.5),
            "One border is wrong, the lower one. There the squares are those of 1/n: "
            "what is the sum of 1 + 1/2 + 1/3 + …?",
        ),
        Mistake(
            _sums(lambda p: p < 1, lambda p: p > 0.5),
            "One border is wrong, the upper one. 1 + 1/2 + 1/3 + … grows slowly, but "
            "does it end?",
        ),
        Mistake(
            _sums(lambda p: p < 1, lambda p: p >= 0.5),
            "Both borders are on the wrong side. On each of them a sum is that of "
            "1/n: does it have a bound?",
        ),
        Mistake(
            _sums(lambda p: True, lambda p: True),
            "Every p makes the rates fall, and for some that is not enough: they fall "
            "too fast or too slowly.",
        ),
        Mistake(
            _sums(lambda p: p <= 1, lambda p: True),
            "You checked one condition, that any distance can be covered. Do the "
            "squares add up to something finite for small p?",
        ),
        Mistake(
            _sums(lambda p: True, lambda p: p > 0.5),
            "You checked one condition, that the noise dies out. Is every distance "
            "covered when p is large?",
        ),
        Mistake(
            _sums(lambda p: p <= 1, lambda p: p >= 1),
            "You let one exponent pass alone. Squaring a rate doubles its exponent, "
            "so the squares have a lower border than the rates.",
        ),
        Mistake(
            _sums(lambda p: p <= 1, lambda p: p > 1),
            "For you no p meets both: you gave the squares the border of the rates "
            "themselves. Squaring changes the exponent.",
        ),
        Mistake(
            _sums(lambda p: p <= 0.5, lambda p: False),
            "Your border for the rates is that of their squares. The sum of the rates "
            "themselves has another.",
        ),
        Mistake(
            lambda p: (
                "noise stays" if p > 1 else "stops early" if p <= 0.5 else "both hold"
            ),
            "The two words are exchanged. Rates that fall fast end the way early; "
            "rates that fall slowly let the noise in.",
        ),
        Mistake(
            _sums(lambda p: p <= 2, lambda p: p > 1),
            "Your borders are twice too high: squaring doubles the exponent, it "
            "doesn't halve it.",
        ),
        Mistake(
            _sums(lambda p: p < 1.01, lambda p: p >= 0.51),
            "Right but for a `p` barely above a border. No finite sum tells a series "
            "that ends from one that grows slowly; compare the exponents.",
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (
    GAMMA_FOR,
    POLY_LR,
    ROBBINS_MONRO,
)
