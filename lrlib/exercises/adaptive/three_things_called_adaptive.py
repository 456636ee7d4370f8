"""Exercises of the lesson three_things_called_adaptive."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# Which kind -----------------------------------------------------------------------


def adaptivity(name):
    if name == "ReduceLROnPlateau":
        return "feedback"
    if name in ("Adagrad", "RMSprop", "Adam", "AdamW"):
        return "per parameter"
    return "open loop"


NAMES = (
    "StepLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "LinearLR",
    "LambdaLR",
    "OneCycleLR",
    "ReduceLROnPlateau",
    "SGD",
    "Adagrad",
    "RMSprop",
    "Adam",
    "AdamW",
)


def _says(word: str, *names: str) -> Callable[[str], str]:
    """The right answers, but this word for the names given."""
    return lambda name: word if name in names else adaptivity(name)


_SCHEDULERS = tuple(name for name in NAMES if name.endswith(("LR", "Restarts")))
_RULES = ("Adagrad", "RMSprop", "Adam", "AdamW")

ADAPTIVITY = Exercise(
    name="adaptive/adaptivity",
    text="""\
### Exercise: sort twelve names

Write `adaptivity(name)`: which of the three kinds this class of torch is. In a step,
the gradient of a weight (or an average of its gradients) is multiplied by

- `"open loop"`: the same number for all weights, known before the training;
- `"feedback"`: the same number for all weights, changed after what was measured;
- `"per parameter"`: one number for each weight, from that weight's own gradients.

Conventions:

- **Arguments:** `name`, a word, no array, spelled as in torch: one of `"StepLR"`,
  `"CosineAnnealingLR"`, `"CosineAnnealingWarmRestarts"`, `"LinearLR"`, `"LambdaLR"`,
  `"OneCycleLR"`, `"ReduceLROnPlateau"`, `"SGD"`, `"Adagrad"`, `"RMSprop"`, `"Adam"`,
  `"AdamW"`.
- **Returns:** one of the three words, spelled as above.
- **Boundaries:** each class by itself: an optimizer without momentum and without a
  scheduler, a scheduler over `SGD` with one group of parameters, and in `LambdaLR` a
  function that reads nothing but its argument.
- **Units and time:** neither.""",
    starter="def adaptivity(name):\n    return ...",
    hints=(
        "Add 10 to the loss. Whose numbers change? The gradients don't.",
        "Multiply the loss by 10. Of what is left: who divides by the size of the "
        "gradients?",
        "A constant can be written down before the training, and so can a function of "
        "the step that you bring yourself.",
    ),
    solution=adaptivity,
    cases=tuple((name,) for name in NAMES),
    mistakes=(
        Mistake(
            _says("feedback", *_SCHEDULERS),
            "You call every scheduler feedback. Only one of the seven has a `step` "
            "that must be told a number.",
        ),
        Mistake(
            _says("feedback", "LinearLR"),
            "`LinearLR`, which is used as a warmup, rises by the count of steps alone, "
            "on any loss.",
        ),
        Mistake(
            _says("feedback", "LambdaLR"),
            "`LambdaLR` hands your function the number of steps and nothing else. One "
            "of the documents calls it adaptive; it never sees a loss.",
        ),
        Mistake(
            _says("per parameter", "LambdaLR"),
            "`LambdaLR` takes one function for each *group* of parameters. What it "
            "gives is still known before the training, and here there is one group.",
        ),
        Mistake(
            _says("feedback", "CosineAnnealingWarmRestarts"),
            "The restarts come after `T_0` steps, whether or not the loss stalls.",
        ),
        Mistake(
            _says("per parameter", "CosineAnnealingWarmRestarts"),
            "`CosineAnnealingWarmRestarts` is a scheduler too, though its name doesn't "
            "end in `LR`: it gives all weights one number.",
        ),
        Mistake(
            _says("feedback", "CosineAnnealingLR", "CosineAnnealingWarmRestarts"),
            "A cosine falls along the count of steps. It would look the same over a "
            "run that learns nothing.",
        ),
        Mistake(
            _says("feedback", "OneCycleLR"),
            "`OneCycleLR` is told how many steps there will be, not how they go.",
        ),
        Mistake(
            _says("feedback", "CosineAnnealingWarmRestarts", "OneCycleLR"),
            "Going up again is no reaction: both turn round at steps that are known "
            "before.",
        ),
        Mistake(
            _says("feedback", *_RULES),
            "You call Adam and its kin feedback. Adding 10 to the loss changes no "
            "number in them: they see gradients, each weight its own.",
        ),
        Mistake(
            _says("feedback", "Adam", "AdamW"),
            "`Adam` is sorted apart from `Adagrad` and `RMSprop`. It has an average of "
            "gradients on top; what it divides by is of the same kind.",
        ),
        Mistake(
            _says("feedback", "RMSprop"),
            "`RMSprop` keeps an average of squares for each weight, of its own "
            "gradients. Nobody tells it a loss.",
        ),
        Mistake(
            _says("open loop", *_RULES),
            "You go by the `lr` in `param_groups`, which does stay the same under "
            "Adam and its kin. What multiplies the gradient of a weight is something "
            "else: look into `optimizer.state`.",
        ),
        Mistake(
            _says("open loop", "Adagrad", "RMSprop"),
            "Adam has it from `Adagrad` and `RMSprop`: these divide by the size of "
            "each weight's gradients too. Are both spelled as in the list (`Adagrad`, "
            "`RMSprop`)?",
        ),
        Mistake(
            _says("open loop", "Adagrad"),
            "`Adagrad` comes out as open loop. Is it spelled as here, one capital? "
            "Its numbers only ever shrink, but how far is not known before: it depends "
            "on each weight's gradients.",
        ),
        Mistake(
            _says("open loop", "AdamW"),
            "`AdamW` differs from `Adam` in its weight decay. What it divides by is "
            "the same.",
        ),
        Mistake(
            _says("open loop", "ReduceLROnPlateau"),
            "You call nothing feedback. `ReduceLROnPlateau` can't be stepped without "
            "the number that was measured.",
        ),
        Mistake(
            _says("per parameter", "ReduceLROnPlateau"),
            "`ReduceLROnPlateau` changes one number, which all weights share.",
        ),
        Mistake(
            _says("per parameter", "SGD"),
            "In `SGD` each weight has its own gradient, but all gradients are "
            "multiplied by the same number.",
        ),
        Mistake(
            _says("feedback", "SGD"),
            "`SGD` follows the gradient; what it is multiplied by stays as you set it.",
        ),
        Mistake(
            _says("per parameter", "SGD", *_SCHEDULERS),
            "You say so of nearly everything: see which of them would give two weights "
            "two numbers.",
        ),
        Mistake(
            lambda name: (
                "feedback"
                if name in _RULES
                else "per parameter"
                if name == "ReduceLROnPlateau"
                else "open loop"
            ),
            "Two of the words are swapped: the loss is measured and told to one class; "
            "the gradients of each weight are seen by four.",
        ),
        Mistake(
            lambda name: "open loop" if name in ("SGD", "LambdaLR") else "feedback",
            "You take whatever changes during the training for feedback. A clock "
            "changes too, and looks at nothing.",
        ),
        Mistake(
            lambda name: "open loop",
            "You call all twelve open loop. Five of them need something from the "
            "training.",
        ),
        Mistake(
            lambda name: "feedback",
            "You call all twelve feedback. For most the list of rates can be written "
            "down today.",
        ),
        Mistake(
            lambda name: "per parameter",
            "You call all twelve per parameter. Eight of them have one number for all "
            "weights.",
        ),
    ),
)

# How wide is the good range -------------------------------------------------------


def good_range(rates, losses, ratio):
    import numpy as np

    good = rates[losses <= ratio * losses.min()]
    return np.log10(good.max() / good.min())


def _width(
    good: Callable[..., Any] = lambda losses, ratio: losses <= ratio * losses.min(),
    width: Callable[[Any], Any] = lambda good: np.log10(good.max() / good.min()),
) -> Callable[..., Any]:
    """The width, with another idea of what is good or of how wide that is."""
    return lambda rates, losses, ratio: width(rates[good(losses, ratio)])


def _from_the_best(rates: Any, losses: Any, ratio: Any) -> Any:
    good = rates[losses <= ratio * losses.min()]
    return np.log10(good.max() / rates[losses.argmin()])


def _up_to_the_best(rates: Any, losses: Any, ratio: Any) -> Any:
    good = rates[losses <= ratio * losses.min()]
    return np.log10(rates[losses.argmin()] / good.min())


def _sorted_alone(rates: Any, losses: Any, ratio: Any) -> Any:
    good = np.sort(rates)[losses <= ratio * losses.min()]
    return np.log10(good.max() / good.min())


def _of_losses(rates: Any, losses: Any, ratio: Any) -> Any:
    good = losses[losses <= ratio * losses.min()]
    return np.log10(good.max() / good.min())


def _none_is_0(rates: Any, losses: Any, ratio: Any) -> Any:
    good = rates[losses < ratio * losses.min()]
    return np.log10(good.max() / good.min()) if len(good) else 0.0


@np.errstate(invalid="ignore")  # one rate alone: 0 of 0
def _share(rates: Any, losses: Any, ratio: Any) -> Any:
    whole = np.log10(rates.max() / rates.min())
    return np.float64(good_range(rates, losses, ratio)) / whole


@np.errstate(divide="ignore")  # one good rate: the logarithm of 0
def _of_the_difference(rates: Any, losses: Any, ratio: Any) -> Any:
    good = rates[losses <= ratio * losses.min()]
    return np.log10(good.max() - good.min())


def _between_the_rates(rates: Any, losses: Any, ratio: Any) -> Any:
    """Out from the best rate, to where a straight line would cross the border."""
    order = np.argsort(rates)
    places, losses = np.log10(rates[order]), losses[order]
    best = int(losses.argmin())
    limit = ratio * losses[best]
    ends = []
    for side in (-1, 1):
        k = best
        while 0 <= k + side < len(losses) and losses[k + side] <= limit:
            k += side
        end = places[k]
        if 0 <= k + side < len(losses):
            part = (limit - losses[k]) / (losses[k + side] - losses[k])
            end += part * (places[k + side] - places[k])
        ends.append(end)
    return ends[1] - ends[0]


def _unbroken(rates: Any, losses: Any, ratio: Any) -> Any:
    order = np.argsort(rates)
    rates, losses = rates[order], losses[order]
    low = high = int(losses.argmin())
    limit = ratio * losses[low]
    while low > 0 and losses[low - 1] <= limit:
        low -= 1
    while high < len(losses) - 1 and losses[high + 1] <= limit:
        high += 1
    return np.log10(rates[high] / rates[low])


GOOD_RANGE = Exercise(
    name="adaptive/good_range",
    text="""\
### Exercise: how wide is the good range?

Does Adam make the base rate irrelevant? Make it a number. Write
`good_range(rates, losses, ratio)`: over how many decades the good rates reach. A rate
is good if its final loss is at most `ratio` times the lowest final loss. The width
goes from the lowest good rate to the highest. If every rate were good, it would be the
width of the whole list. (The valleys of the chapter's opening page have another
border.)

- **Arguments:** `rates`, learning rates above 0 in any order, and `losses`, the
  final loss of each, above 0: two NumPy arrays of the same length, at least 1;
  `ratio`, a number of at least 1.
- **Returns:** one number: 1 if the highest good rate is 10 times the lowest, 2 if it
  is 100 times as high.
- **Boundaries:** a loss of exactly `ratio` times the lowest is good; a run that
  diverged has the loss `inf`, and at least one loss is finite; a bad rate between two
  good ones doesn't shorten the range; one good rate alone gives 0.
- **Units and time:** decades; losses are those at the end of the training.

Then try it on Adam, with `tried` and `final` of the cell about Adam above, a list that
is five decades wide: `good_range(tried, final, 3)`. What should come out stands below
the check.

Numbers count as right within a relative 1e-6.""",
    starter="def good_range(rates, losses, ratio):\n    return ...",
    hints=(
        "Compare the losses with the highest that is still good: an array of true "
        "and false comes back. `rates[…]` with it in the brackets keeps the good "
        "rates.",
        "A decade is a factor of 10. Which function of NumPy says how many factors of "
        "10 there are between two numbers?",
    ),
    solution=good_range,
    cases=(
        # rates in order, the best in the middle, and one exactly at the border
        (np.logspace(-5, 0, 6), np.array([4.0, 2.0, 0.5, 0.25, 0.375, np.inf]), 2.0),
        (np.logspace(-5, 0, 6), np.array([4.0, 2.0, 0.5, 0.25, 0.375, np.inf]), 1.25),
        (np.logspace(-5, 0, 6), np.array([4.0, 2.0, 0.5, 0.25, 0.375, np.inf]), 8.0),
        # three to a decade, in no order
        (
            np.array([0.1, 0.001, 0.02, 1.0, 0.05, 0.2]),
            np.array([1.5, 9.0, 3.0, np.inf, 1.0, 8.0]),
            3.0,
        ),
        # a bad rate between good ones
        (np.array([0.01, 0.03, 0.1, 0.3]), np.array([1.25, 5.0, 1.0, 1.5]), 1.5),
        # all good, one good, one alone
        (np.array([0.001, 0.01, 0.5]), np.array([2.0, 2.0, 2.0]), 1.0),
        (np.array([0.001, 0.01, 0.5]), np.array([6.0, 3.0, 30.0]), 1.5),
        (np.array([0.1]), np.array([3.0]), 2.0),
        # losses above and below 1, the best at the first and the last place
        (np.array([1e-4, 3e-3, 0.2]), np.array([1e-3, 1.5e-3, 0.8]), 2.0),
        (np.array([1e-4, 3e-3, 0.2]), np.array([40.0, 11.0, 10.0]), 4.0),
    ),
    mistakes=(
        Mistake(
            _width(width=lambda good: np.log(good.max() / good.min())),
            "That is the natural logarithm: it counts factors of e. A decade is a "
            "factor of 10.",
        ),
        Mistake(
            _width(width=lambda good: np.log2(good.max() / good.min())),
            "That counts doublings. A decade is a factor of 10.",
        ),
        Mistake(
            _width(width=lambda good: good.max() / good.min()),
            "That is how many times as high the highest good rate is. Asked is how "
            "many factors of 10 that makes.",
        ),
        Mistake(
            _width(width=lambda good: good.max() - good.min()),
            "You subtract the rates. From 1e-4 to 1e-3 and from 0.1 to 1 are both one "
            "decade, and their differences are far apart.",
        ),
        Mistake(
            _of_the_difference,
            "The logarithm is taken of a difference. How many factors of 10 lie "
            "between two numbers is in their quotient.",
        ),
        Mistake(
            _width(width=lambda good: np.log10(good.min() / good.max())),
            "Your width is negative: the quotient is upside down.",
        ),
        Mistake(
            _width(width=len),
            "You count good rates. A finer list would have more of them, and the "
            "range would be as wide as before.",
        ),
        Mistake(
            _width(width=lambda good: len(good) - 1),
            "You count the steps between good rates. That is right only for a list "
            "with one rate in each decade.",
        ),
        Mistake(
            _width(width=lambda good: np.log10(good[-1] / good[0])),
            "You take the first and the last good rate of the list. The list may come "
            "in any order.",
        ),
        Mistake(
            _width(width=lambda good: abs(np.log10(good[-1] / good[0]))),
            "You take the first and the last good rate of the list; `abs` doesn't put "
            "them in order. Take the lowest and the highest.",
        ),
        Mistake(
            _width(good=lambda losses, ratio: losses < ratio * losses.min()),
            "A loss of exactly `ratio` times the lowest is good; you leave it out. "
            "With `ratio=1` not even the best is left.",
        ),
        Mistake(
            _none_is_0,
            "Where no good rate is found you give 0. With `ratio=1` the best is one: "
            "what is exactly at the border counts.",
        ),
        Mistake(
            _sorted_alone,
            "You sort the rates and leave the losses where they are: each rate then "
            "has the loss of another.",
        ),
        Mistake(
            _of_losses,
            "You measure how many decades the good *losses* span. Asked is how many "
            "their rates do.",
        ),
        Mistake(
            _share,
            "You give a share of the whole list's width. Asked is the width itself, in "
            "decades.",
        ),
        Mistake(
            _between_the_rates,
            "You reach beyond the good rates, to where a line between two rates would "
            "cross the border. The range ends at rates that were tried.",
        ),
        Mistake(
            _width(good=lambda losses, ratio: losses <= ratio),
            "You compare the losses with `ratio` itself. Its place is relative to the "
            "lowest of them.",
        ),
        Mistake(
            _width(good=lambda losses, ratio: losses <= losses.min() + ratio),
            "You add `ratio` to the lowest loss. It is a factor.",
        ),
        Mistake(
            _width(good=lambda losses, ratio: losses <= (1 + ratio) * losses.min()),
            "Your border is at `1 + ratio` times the lowest loss. A ratio of 2 means "
            "twice.",
        ),
        Mistake(
            _width(good=lambda losses, ratio: losses <= ratio * losses[0]),
            "You multiply the first loss of the list by `ratio`. The border is "
            "relative to another one, wherever that stands.",
        ),
        Mistake(
            _width(good=lambda losses, ratio: losses <= ratio * losses[-1]),
            "You multiply the last loss of the list by `ratio`. The border is "
            "relative to another one, wherever that stands.",
        ),
        Mistake(
            _width(good=lambda losses, ratio: losses <= losses.mean() * ratio),
            "You compare with the mean loss. One run that diverged makes it infinite, "
            "and everything good.",
        ),
        Mistake(
            _width(good=lambda losses, ratio: np.isfinite(losses)),
            "You call every rate good that didn't diverge. A run that barely moved is "
            "finite too.",
        ),
        Mistake(
            _width(good=lambda losses, ratio: losses > 0),
            "That is the width of the whole list: every rate is good to you. Do the "
            "losses enter, and which of them do you multiply by `ratio`?",
        ),
        Mistake(
            _width(good=lambda losses, ratio: losses >= ratio * losses.min()),
            "You keep the rates whose loss is high: the comparison is turned round.",
        ),
        Mistake(
            _from_the_best,
            "You measure from the best rate upwards. Good rates lie below it as well.",
        ),
        Mistake(
            _up_to_the_best,
            "You measure from the lowest good rate to the best one. Good rates lie "
            "above it as well.",
        ),
        Mistake(
            _unbroken,
            "Your range ends where a bad rate comes in between. It goes from the "
            "lowest good rate to the highest, whatever lies between.",
        ),
        Mistake(
            lambda rates, losses, ratio: 0.0,
            "You always answer 0, as if one rate alone were good.",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (ADAPTIVITY, GOOD_RANGE)
