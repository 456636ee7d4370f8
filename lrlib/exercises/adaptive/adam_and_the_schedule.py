"""Exercises of the lesson adam_and_the_schedule."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import itertools

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# Four statements ------------------------------------------------------------------


def supported():
    return 3


SUPPORTED = Exercise(
    name="adaptive/supported",
    text="""\
### Exercise: which statement holds?

Set `supported` to the number of the one statement that this lesson's experiments
support.

1. Adam adapts to the loss, so it ends in the deepest valley.
2. Adam sizes its steps by itself, so the learning rate needs no tuning.
3. With noisy gradients a cosine can lower Adam's final loss at the same highest rate.
4. Generative models train best with a conservative rate set by hand.

- **Arguments:** none, and no array.
- **Returns:** a value, one of the whole numbers 1, 2, 3 and 4.
- **Boundaries:** one statement, not several.
- **Units and time:** none; the statements are numbered from 1.""",
    starter="supported = ...",
    hints=(
        "For each statement look for a cell that could have refuted it.",
        "Two of them are refuted by figures or sentences of this lesson, and for one "
        "there is no experiment.",
    ),
    solution=supported,
    asks_for="value",
    mistakes=(
        Mistake(
            lambda: 1,
            "In the double well, at a modest rate, Adam ended in the shallow valley "
            "from all four starts. At ten times that rate it left this valley from two "
            "of them, and the deeper one from another start.",
        ),
        Mistake(
            lambda: 2,
            "Look at Adam's curve at constant rates: the final loss at the worst rate "
            "is more than 10 times that at the best.",
        ),
        Mistake(
            lambda: 4,
            "No experiment here trains a generative model. A recipe in the table, such "
            "as DCGAN's, doesn't say what would have been best.",
        ),
        Mistake(
            lambda: 0,
            "0 is none of the numbers: they begin at 1, and one of the statements "
            "does hold.",
        ),
        Mistake(
            lambda: 5,
            "There are four statements, and one of them holds.",
        ),
        Mistake(
            lambda: -1,
            "-1 is none of the numbers: a statement has a number, and it is positive.",
        ),
        Mistake(
            lambda: 2.5,
            "Between two statements there is none: one of them holds, and as a whole.",
        ),
    ),
)

# Recipes --------------------------------------------------------------------------

RECIPES = ("resnet", "dcgan", "transformer", "bert", "gpt3")
SHAPES = ("plateau", "constant", "inverse_sqrt", "linear", "cosine")
NAMES = dict(
    zip(RECIPES, ("ResNet", "DCGAN", "the Transformer", "BERT", "GPT-3"), strict=True)
)
LOOKS = {
    "plateau": "waits for the error to stop improving and then drops",
    "constant": "never moves",
    "inverse_sqrt": "falls ever more slowly and never ends",
    "linear": "falls in a straight line",
    "cosine": "falls slowly, then fast, then slowly again",
}


def usual_schedule(recipe):
    schedules = {
        "resnet": "plateau",
        "dcgan": "constant",
        "transformer": "inverse_sqrt",
        "bert": "linear",
        "gpt3": "cosine",
    }
    return schedules[recipe]


USUAL_SCHEDULE = Exercise(
    name="adaptive/usual_schedule",
    text="""\
### Exercise: who decays how?

Write `usual_schedule(recipe)`: the word for how the rate of a published recipe goes,
after its warmup (its rise at the start) if it has one.

- **Arguments:** `recipe`, one of the words `"resnet"`, `"dcgan"`, `"transformer"` (that
  of 2017), `"bert"` and `"gpt3"`; no arrays.
- **Returns:** one of the words `"constant"`, `"plateau"` (a fall when the error stops
  improving), `"linear"`, `"cosine"` and `"inverse_sqrt"` (as one over the root of
  the update's number).
- **Boundaries:** each word belongs to one recipe. No other word comes in. Lower case.
- **Units and time:** none; a rise at the start of the training is left out.""",
    starter="def usual_schedule(recipe):\n    return ...",
    hints=(
        "The table of recipes describes each of them in words.",
        "A dictionary from recipe to schedule is enough. Half a wave is a shape that "
        "has a lesson of its own in chapter 2.",
    ),
    solution=usual_schedule,
    cases=tuple((recipe,) for recipe in RECIPES),
    mistakes=(
        Mistake(
            lambda recipe: "plateau" if recipe == "resnet" else "constant",
            "You leave Adam without a schedule everywhere. Three of the four recipes "
            "with Adam lower its rate.",
        ),
        Mistake(
            lambda recipe: "constant" if recipe == "dcgan" else "cosine",
            "The cosine is popular, but you give it to four recipes of five.",
        ),
        *(
            Mistake(
                lambda recipe, shape=shape: shape,
                f"You give all five recipes a rate that {LOOKS[shape]}. Each of the "
                "five words belongs to one of them.",
            )
            for shape in SHAPES
        ),
        *(
            Mistake(
                lambda recipe, changed=changed, shape=shape: (
                    shape if recipe == changed else usual_schedule(recipe)
                ),
                f"A rate that {LOOKS[shape]} is not what the table says of "
                f"{NAMES[changed]}.",
            )
            for changed, shape in itertools.product(RECIPES, SHAPES)
            if usual_schedule(changed) != shape
        ),
        *(
            Mistake(
                lambda recipe, one=one, other=other: usual_schedule(
                    {one: other, other: one}.get(recipe, recipe)
                ),
                "Two words have changed places. With one the rate "
                f"{LOOKS[usual_schedule(one)]}, with the other it "
                f"{LOOKS[usual_schedule(other)]}. Whose are they in the table?",
            )
            for one, other in itertools.combinations(RECIPES, 2)
        ),
    ),
)

# One cycle of Adam ----------------------------------------------------------------


def cycle_step(C, beta2):
    share = (1 - beta2) / (1 - beta2**3)
    v1 = share * (C**2 + beta2 + beta2**2)
    v2 = share * (1 + beta2 * C**2 + beta2**2)
    v3 = share * (1 + beta2 + beta2**2 * C**2)
    return -C / v1**0.5 + 1 / v2**0.5 + 1 / v3**0.5


def _sum(C, v1, v2, v3):
    return -C / np.sqrt(v1) + 1 / np.sqrt(v2) + 1 / np.sqrt(v3)


def _averages(C, beta2):
    share = (1 - beta2) / (1 - beta2**3)
    return (
        share * (C**2 + beta2 + beta2**2),
        share * (1 + beta2 * C**2 + beta2**2),
        share * (1 + beta2 + beta2**2 * C**2),
    )


def _first_cycle(C, beta2):
    """With bias correction."""
    v, total = 0.0, 0.0
    for t, g in enumerate((C, -1, -1), start=1):
        v = beta2 * v + (1 - beta2) * g * g
        total -= g / np.sqrt(v / (1 - beta2**t))
    return total


def _from_zero(C, beta2, cycles):
    """The last of some cycles from an average of 0, without bias correction."""
    v = 0.0
    for _ in range(cycles):
        total = 0.0
        for g in (C, -1, -1):
            v = beta2 * v + (1 - beta2) * g * g
            total -= g / np.sqrt(v)
    return total


def _factors_of_the_first(C, beta2):
    share = (1 - beta2) / (1 - beta2**3)
    ages = np.arange(3)
    with np.errstate(divide="ignore"):
        return _sum(C, *(share * (beta2**ages * C**2 + beta2 + beta2**2)))


CYCLE_STEP = Exercise(
    name="adaptive/cycle_step",
    text="""\
### Exercise: which way does Adam drift?

Write `cycle_step(C, beta2)`: how far Adam moves in one cycle of the gradients C, −1, −1
when so many cycles have passed that its average of squares repeats itself.

- **Arguments:** `C`, a number above 0; `beta2`, a number from 0 to below 1; no arrays.
- **Returns:** the sum of the cycle's three moves of x, a number; positive means that
  x grows.
- **Boundaries:** `beta1` and `eps` are 0, and nothing stops x. At `beta2 = 0` the
  answer is 1.
- **Units and time:** moves are counted in learning rates, as for a rate of 1. A
  gradient is in the average before its own step is made.

The number counts as right within a relative 1e-6. A simulation in PyTorch needs
`dtype=torch.float64` for that.""",
    starter="def cycle_step(C, beta2):\n    return ...",
    hints=(
        "A move is minus the gradient, divided by the root of the average at that "
        "moment. Two of the three gradients are negative.",
        "The formula of the lesson gives v₁. In v₂ the newest square is 1, and C² is "
        "one update old; in v₃ it is two updates old.",
        "No algebra needed: a loop `v = beta2 * v + (1 - beta2) * g * g` over some ten "
        "thousand cycles ends at the same three averages.",
    ),
    solution=cycle_step,
    cases=(
        (3.0, 0.0),
        (3.0, 0.1),
        (3.0, 0.5),
        (2.5, 0.5),
        (10.0, 0.1),
        (10.0, 0.05),
        (1.0, 0.9),
        (4.0, 0.99),
        (0.5, 0.3),
    ),
    mistakes=(
        Mistake(
            lambda C, beta2: 2 - C,
            "That is SGD's cycle: no gradient is divided by anything.",
        ),
        Mistake(
            lambda C, beta2: -cycle_step(C, beta2),
            "The sign is the other way round: x moves against the gradient.",
        ),
        Mistake(
            lambda C, beta2: _sum(C, *[(C**2 + 2) / 3] * 3),
            "You divide all three by the same average. For a `beta2` below 1 it "
            "changes with each gradient.",
        ),
        Mistake(
            lambda C, beta2: _sum(C, *np.roll(_averages(C, beta2), 1)),
            "You divide by the average before the gradient has entered it: each "
            "gradient must be part of its own average.",
        ),
        Mistake(
            lambda C, beta2: -C / (v := _averages(C, beta2))[0] + 1 / v[1] + 1 / v[2],
            "You divide by the average of squares itself. Adam takes its root.",
        ),
        Mistake(
            _first_cycle,
            "That is the very first cycle, with bias correction. Let more cycles pass.",
        ),
        Mistake(
            lambda C, beta2: _from_zero(C, beta2, 1),
            "That is the very first cycle, from an average of 0. Let more cycles pass.",
        ),
        *(
            Mistake(
                lambda C, beta2, cycles=cycles: _from_zero(C, beta2, cycles),
                f"After {cycles} cycles from 0 a slow average has not settled. Compare "
                "two cycles at `beta2 = 0.99`, and go on until they agree.",
            )
            for cycles in (10, 20, 30, 50, 100)
        ),
        Mistake(
            lambda C, beta2: _sum(C, *[max(_averages(C, beta2))] * 3),
            "You divide by the largest average so far: that is AMSGrad.",
        ),
        Mistake(
            lambda C, beta2: _sum(C, *_averages(np.sqrt(C), beta2)),
            "C is in your averages as it is. They are averages of squares.",
        ),
        Mistake(
            lambda C, beta2: 0.05 * cycle_step(C, beta2),
            "You count in units of x, at the rate 0.05 of the lesson's runs. Learning "
            "rates are asked for, so the rate is 1.",
        ),
        Mistake(
            _factors_of_the_first,
            "When a −1 has come, its own square is the newest, and no `beta2` lessens "
            "it. You give all three averages the factors of the first one's two 1s.",
        ),
        Mistake(
            lambda C, beta2: _sum(
                C, *(np.array(_averages(C, beta2)) * (1 - beta2**3) / (1 - beta2))
            ),
            "The weights of the past have to add up to 1. Yours, 1, beta2 and beta2², "
            "add up to more.",
        ),
        Mistake(
            lambda C, beta2: _sum(C, *(np.array(_averages(C, beta2)) * (1 - beta2**3))),
            "You count one cycle of the past only. All earlier ones have left "
            "something in the average, too.",
        ),
        Mistake(
            lambda C, beta2: (
                -C / _averages(C, beta2)[0] ** 0.5 + 2 / _averages(C, beta2)[1] ** 0.5
            ),
            "Your two −1 make the same move. When the second one comes, C² is one "
            "update older.",
        ),
        Mistake(
            lambda C, beta2: abs(cycle_step(C, beta2)),
            "The size is right. The sign tells which way x goes: keep it.",
        ),
        Mistake(
            lambda C, beta2: cycle_step(C, beta2) / 3,
            "That is the mean of the three moves; their sum is asked for.",
        ),
        Mistake(
            lambda C, beta2: np.sign(cycle_step(C, beta2)),
            "The direction is right. How far does the cycle go?",
        ),
    ),
)

EXERCISES: tuple[Exercise, ...] = (SUPPORTED, USUAL_SCHEDULE, CYCLE_STEP)
