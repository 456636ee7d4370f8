"""Exercises of lesson 5.1, the range test."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# The rates of the sweep -----------------------------------------------------------


def lr_at(k, n, lo, hi):
    return lo * (hi / lo) ** (k / (n - 1))


LR_AT = Exercise(
    name="practice/lr_at",
    text="""\
### Exercise: the rates of a range test

Write `lr_at(k, n, lo, hi)`: the learning rate of update `k` in a range test.

- **Arguments:** `k`, the update, from 0 to `n - 1`: an int, or a NumPy array of ints
  of any shape; `n`, the updates of the sweep, an int, 2 or larger; `lo` and `hi`, the
  first and the last rate, `0 < lo < hi`.
- **Returns:** a float for an int, an array of floats for an array.
- **Boundaries:** `lo` at `k = 0` and `hi` at `k = n - 1`, the last update.
- **Units and time:** `k` counts updates from 0. Each rate is the same factor above the
  one before.

Numbers count as right within a relative 1e-6.""",
    starter="def lr_at(k, n, lo, hi):\n    return ...",
    hints=(
        "From `lo` to `hi` the rate grows by the factor `hi / lo`. Which share of the "
        "way has been gone at update `k`, on a log axis?",
        "How many steps are there between `n` rates? Count them for `n = 2`.",
        "The same factor each time: the share of the way stands in an exponent.",
    ),
    solution=lr_at,
    cases=(
        (0, 100, 1e-5, 10.0),
        (99, 100, 1e-5, 10.0),
        (50, 101, 1e-4, 1.0),
        (1, 2, 0.01, 3.0),
        (7, 30, 2e-7, 0.5),
        (np.arange(9), 9, 1e-8, 1.0),
        (np.array([[0, 1, 2], [3, 4, 5]]), 6, 0.03, 4.0),
    ),
    mistakes=(
        Mistake(
            lambda k, n, lo, hi: lo + (hi - lo) * k / (n - 1),
            "Your rates are equally far apart: nearly all of them lie in the last "
            "decade. A range test multiplies, it doesn't add.",
        ),
        Mistake(
            lambda k, n, lo, hi: lo + (hi - lo) * k / n,
            "Two things: your rates are equally far apart, where each should be the "
            "same factor above the one before; and `hi` isn't reached.",
        ),
        Mistake(
            lambda k, n, lo, hi: lo * (hi / lo) ** (k / n),
            "Your last update stays below `hi`: between `n` rates there are fewer than "
            "`n` steps.",
        ),
        Mistake(
            lambda k, n, lo, hi: lo * (hi / lo) ** ((k + 1) / n),
            "Your first update is already above `lo`: `k` counts from 0.",
        ),
        Mistake(
            lambda k, n, lo, hi: lo * (hi / lo) ** ((k - 1) / (n - 1)),
            "Your first update is below `lo`. `k` counts from 0, so nothing is to be "
            "taken from it.",
        ),
        Mistake(
            lambda k, n, lo, hi: lo * (hi / lo) ** ((k + 1) / (n - 1)),
            "Your sweep is one update ahead all the way, and ends above `hi`.",
        ),
        Mistake(
            lambda k, n, lo, hi: lo * (hi / lo) ** (k / (n + 1)),
            "Your sweep ends two steps short of `hi`. How many steps lie between two "
            "rates, and how many between three?",
        ),
        Mistake(
            lambda k, n, lo, hi: lo * hi ** (k / (n - 1)),
            "Over the sweep your rate grows by the factor `hi`, so that it ends at "
            "`lo * hi`. By which factor is `hi` above `lo`?",
        ),
        Mistake(
            lambda k, n, lo, hi: 10 ** (np.log(lo) + np.log(hi / lo) * k / (n - 1)),
            "You came with the natural logarithm and went back with powers of 10.",
        ),
        Mistake(
            lambda k, n, lo, hi: lo * (hi / lo) ** (k + 0.0),
            "Your rate grows by the whole range at every update. That factor belongs "
            "to the whole sweep.",
        ),
        Mistake(
            lambda k, n, lo, hi: hi * (lo / hi) ** (k / (n - 1)),
            "Your sweep runs backwards, from `hi` down to `lo`.",
        ),
        Mistake(
            lambda k, n, lo, hi: (hi / lo) ** (k / (n - 1)),
            "Your first rate is 1: that is the growth since the start, not the rate.",
        ),
        Mistake(
            lambda k, n, lo, hi: np.log10(lo) + np.log10(hi / lo) * k / (n - 1),
            "That is the logarithm of the rate, negative below 1.",
        ),
        Mistake(
            lambda k, n, lo, hi: np.exp(np.log10(lo) + np.log10(hi / lo) * k / (n - 1)),
            "The logarithm has base 10 and the power base e: go back with the base "
            "that you came with.",
        ),
    ),
)

# A rate from the curve ------------------------------------------------------------


def suggest(rates, losses):
    import numpy as np

    with np.errstate(all="ignore"):
        lowest = int(np.nanargmin(losses))
    middle = (losses[0] + losses[lowest]) / 2
    if lowest == 0:
        return 0.0
    return rates[np.argmax(losses <= middle)]


def _at(choose: Callable[[Any, Any], int]) -> Callable[..., Any]:
    """The rate at an index that is chosen in the finite part of the curve."""

    def answer(rates: Any, losses: Any) -> float:
        known = np.isfinite(losses)
        if np.nanargmin(losses) == 0:
            return 0.0
        return float(rates[known][choose(rates[known], losses[known])])

    return answer


def _middle(losses: Any) -> Any:
    return (losses[0] + losses.min()) / 2


def _nan_is_lowest(rates: Any, losses: Any) -> float:
    return float(rates[np.argmin(losses)])


def _no_guard(rates: Any, losses: Any) -> float:
    with np.errstate(all="ignore"):
        return float(rates[np.argmax(losses <= (losses[0] + np.nanmin(losses)) / 2)])


def _reached(losses: Any, double_height: Any) -> int:
    """The first place at or below a height, of which the double is given."""
    return int(np.argmax(losses <= double_height / 2))


def _nan_hides_fall(rates: Any, losses: Any) -> float:
    if not losses.min() < losses[0]:
        return 0.0
    return float(rates[_reached(losses, losses[0] + losses.min())])


def _nan_gives_first(rates: Any, losses: Any) -> float:
    if losses.min() >= losses[0]:
        return 0.0
    return float(rates[_reached(losses, losses[0] + losses.min())])


def _steepest(rates: Any, losses: Any) -> float:
    with np.errstate(all="ignore"):
        slope = np.gradient(losses, np.log(rates))
    return float(rates[np.nanargmin(slope)]) if suggest(rates, losses) else 0.0


def _between(rates: Any, losses: Any) -> float:
    after = _index(rates, losses)
    if not after:
        return 0.0
    ends = [after, after - 1]
    height = (losses[0] + np.nanmin(losses)) / 2
    return float(np.exp(np.interp(height, losses[ends], np.log(rates[ends]))))


def _before(rates: Any, losses: Any) -> float:
    after = _index(rates, losses)
    return float(rates[after - 1]) if after else 0.0


def _at_lowest(divisor: float) -> Callable[..., Any]:
    def answer(rates: Any, losses: Any) -> float:
        fall = np.nanmin(losses) < losses[0]
        return float(rates[np.nanargmin(losses)]) / divisor if fall else 0.0

    return answer


def _index(rates: Any, losses: Any) -> int:
    rate = suggest(rates, losses)
    return int(np.flatnonzero(rates == rate)[0]) if rate else 0


SUGGEST = Exercise(
    name="practice/suggest",
    text="""\
### Exercise: read a rate off the curve

Many rules are in use. Write this one, `suggest(rates, losses)`: the first rate at which
at least half of the fall is done, from the first loss to the lowest.

- **Arguments:** `rates` and `losses`, NumPy arrays of floats of the same length, 2 or
  more, in the order of the updates; `rates` rise. The losses are smoothed already and
  begin level. The first is finite; at the end some may be infinite or NaN.
- **Returns:** one of the rates, as a float.
- **Boundaries:** exactly half counts. Where no loss is below the first there is nothing
  to read: return 0.0, which stands for "no rate". Losses may be negative.
- **Units and time:** learning rates; `rates[k]` is that of update `k`, from 0.

Numbers count as right within a relative 1e-6.""",
    starter="def suggest(rates, losses):\n    return ...",
    hints=(
        "What is the lowest loss of a curve that ends with NaN? NumPy has a function "
        "for the minimum that passes NaN over.",
        "Half of the fall is a height half way between two losses, neither of which "
        "is 0.",
        "Of all losses at or below that height the first one counts. A comparison with "
        "NaN is False.",
    ),
    solution=suggest,
    cases=(
        (
            np.geomspace(1e-4, 10, 11),
            np.array([2.3, 2.3, 2.2, 1.6, 1.5, 1.2, 0.9, 0.8, 1.5, 4.0, np.nan]),
        ),
        (
            np.geomspace(1e-6, 1, 7),
            np.array([1.0, 1.0, 0.875, 0.75, 0.5, 0.75, 3.0]),  # exactly half
        ),
        (np.array([0.01, 0.1, 1.0, 2.0]), np.array([5.0, 2.0, 4.0, np.inf])),
        (np.array([0.1, 0.2, 0.4, 0.8]), np.array([1.0, 1.5, 9.0, np.nan])),  # no fall
        (np.array([0.1, 1.0]), np.array([3.0, 3.0])),
        (
            np.geomspace(1e-5, 1, 6),
            np.array([-1.0, -1.0, -1.5, -2.5, -4.0, 2.0]),
        ),
        (
            np.geomspace(1e-3, 8, 8),
            np.array([4.0, 4.0, 3.9, 3.5, 3.2, 2.6, 2.5, 6.0]),
        ),
        (
            np.geomspace(2e-4, 0.1, 7),
            np.array([2.0, 2.0, 1.9, 1.5, 0.6, 5.0, 1.7]),
        ),
    ),
    mistakes=(
        Mistake(
            _at(lambda rates, losses: int(losses.argmin())),
            "That is the rate of the lowest loss: the upper limit, where half of the "
            "fall is long done.",
        ),
        Mistake(
            _nan_is_lowest,
            "NaN has won: `np.argmin` takes it for the lowest, so that your rate is "
            "one at which training had broken down.",
        ),
        Mistake(
            _at(lambda rates, losses: len(losses) - 1),
            "That is the last rate with a finite loss, after the explosion.",
        ),
        Mistake(
            _at(lambda rates, losses: int(np.argmax(losses < losses[0]))),
            "That is where the fall starts, not where half of it is done.",
        ),
        Mistake(
            _at(lambda rates, losses: int(np.argmax(losses <= losses[0] / 2))),
            "You wait for half of the first loss. The fall ends at the lowest loss, "
            "which is not 0.",
        ),
        Mistake(
            _at(
                lambda rates, losses: int(np.flatnonzero(losses <= _middle(losses))[-1])
            ),
            "You take the last place below half way, when the curve is on its way up.",
        ),
        Mistake(
            _at(lambda rates, losses: int(np.argmax(losses < _middle(losses)))),
            "Nearly: exactly half counts, too.",
        ),
        Mistake(
            _at(lambda rates, losses: int(np.diff(losses).argmin()) + 1),
            "That is where one update brings the largest fall, another rule.",
        ),
        Mistake(
            _no_guard,
            "Right where the loss falls. Where it never does you give the first rate; "
            "the curve says nothing there.",
        ),
        Mistake(
            _nan_hides_fall,
            "Where the curve ends with NaN, so does your lowest loss: `min` takes NaN "
            "along, and no comparison with it is true. Your answer finds no fall.",
        ),
        Mistake(
            _nan_gives_first,
            "Where the curve ends with NaN, nothing is at or below your height, which "
            "is NaN as well: `min` took it along. The first rate is what is left.",
        ),
        Mistake(
            _at(lambda rates, losses: _reached(losses, losses[0] + losses[-1])),
            "You take the last loss for the lowest. By then the curve has risen.",
        ),
        Mistake(
            _at(lambda rates, losses: _reached(losses, losses.max() + losses.min())),
            "You count the fall from the highest loss. That may be the explosion: the "
            "fall begins at the first.",
        ),
        Mistake(
            _steepest,
            "That is where the curve is steepest, as some finders choose.",
        ),
        Mistake(
            _between,
            "You read between the rates. What is asked for is one of them.",
        ),
        Mistake(
            _before,
            "One too early: at your rate less than half of the fall is done.",
        ),
        Mistake(
            _at_lowest(2),
            "That is half of a rate. The rule takes half of the fall, a height.",
        ),
        Mistake(
            _at_lowest(3),
            "A third of the rate of the lowest loss is another rule, and none of "
            "`rates`.",
        ),
        Mistake(
            _at_lowest(10),
            "A tenth of the rate of the lowest loss is another rule; here the height "
            "of the curve decides.",
        ),
        Mistake(
            _index,
            "Those are places in the array. Give the rates that stand there.",
        ),
        Mistake(
            lambda rates, losses: suggest(rates, losses) / 10,
            "A tenth of the right rate. Some finders divide the rate of the lowest "
            "loss by ten; this rule does not divide.",
        ),
    ),
)

# Where to start -------------------------------------------------------------------


def min_lr():
    return 2e-5 / 100


MIN_LR = Exercise(
    name="practice/min_lr",
    text="""\
### Exercise: where to start

You are about to fine-tune a language model with Adam. People who did so before used
rates from 2e-5 to 5e-5. You want a range test that begins a hundred times below the
smallest of them. Put its first rate into `min_lr`.

- **Arguments:** none: `min_lr` is a number, no function and no array.
- **Returns:** one positive float.
- **Boundaries:** the smallest rate counts, not the middle, and not document 1's start.
- **Units and time:** a learning rate of Adam, at the first update.

The number counts as right within a relative 1e-6.""",
    starter="min_lr = ...",
    hints=(
        "The curve should begin level. Which of the numbers in the text is the "
        "smallest rate at which something is known to be learned?",
        "A hundred times below is two decades further down.",
    ),
    solution=min_lr,
    asks_for="value",
    mistakes=(
        Mistake(
            lambda: 1e-4,
            "That is document 1's start, above every rate that these people used: the "
            "sweep would begin where it should end.",
        ),
        Mistake(
            lambda: 2e-5,
            "There something is learned from the first update on, and the curve has no "
            "level to begin with.",
        ),
        Mistake(
            lambda: 5e-7,
            "A hundred times below the largest of them. Start from the smallest.",
        ),
        Mistake(lambda: 2e-6, "Ten times below. Go one decade further."),
        Mistake(lambda: 2e-8, "A thousand times below: one decade too far."),
        Mistake(lambda: 5e-5, "That is the largest rate that these people used."),
        Mistake(
            lambda: 2e-3,
            "That is a hundred times above.",
        ),
        Mistake(
            lambda: 3.5e-7,
            "A hundred times below the middle of them. Start from the smallest.",
        ),
        Mistake(
            lambda: 1e-6,
            "A hundred times below document 1's start. Its number plays no part here.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (LR_AT, SUGGEST, MIN_LR)
