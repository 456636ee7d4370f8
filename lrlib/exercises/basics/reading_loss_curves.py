"""Exercises of lesson 1.5, Reading loss curves."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

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


EXERCISES: tuple[Exercise, ...] = (
    READ_PROBES,
    FLAT_AT_GUESS,
)
