"""Exercises of lesson 5.4, Fine-tuning with parameter groups."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# Two groups -----------------------------------------------------------------------


def make_groups(names, lr_body, lr_head):
    import numpy as np

    return np.array(
        [lr_head if name.startswith("head.") else lr_body for name in names.split()]
    )


def _where(names, is_head, lr_body, lr_head):
    return np.array([lr_head if is_head(name) else lr_body for name in names.split()])


SMALL = "body.0.weight body.0.bias head.weight head.bias"
TRANSFORMER = (
    "head.0.weight head.0.bias head.2.weight embedding.weight body.0.heads.weight "
    "body.0.head.weight body.0.norm.bias header.weight "
    "body.lm_head.weight"
)

MAKE_GROUPS = Exercise(
    name="practice/make_groups",
    text="""\
### Exercise: every parameter once

Write `make_groups(names, lr_body, lr_head)`: the learning rate of each parameter of a
model whose top level has a part called `head`. That part is the head; all that isn't
in it belongs to the body's group, whatever its name.

- **Arguments:** `names`, a string: the names that `model.named_parameters()` gives,
  in any order, with a space between two, such as
  `"embedding.weight body.2.bias head.0.weight"`; `lr_body` and `lr_head`, two numbers
  above 0.
- **Returns:** a NumPy array with one rate for each name, in the order of `names`.
- **Boundaries:** a part called `header`, or a `head` inside of another part, is no
  head. There is at least one name; there may be no head among them.
- **Units and time:** the rates are in the unit of the two that come in; there is no
  time in it.

Numbers count as right within a relative 1e-6.""",
    starter="def make_groups(names, lr_body, lr_head):\n    return ...",
    hints=(
        "`names.split()` is the list of the names. Go through it once, and decide for "
        "each. Then none is forgotten and none comes twice.",
        "A name is a path: its parts stand between the dots. Which part says that a "
        "parameter belongs to the head?",
        "`name.split('.')` gives the parts, the first of them is the top level.",
    ),
    solution=make_groups,
    cases=(
        (SMALL, 1e-4, 1e-3),
        ("head.bias head.weight body.0.bias body.0.weight", 2e-5, 3e-3),
        (TRANSFORMER, 1e-4, 1e-2),
        ("head.weight", 1e-4, 1e-3),
        ("body.0.weight stem.bias body.1.weight", 1e-5, 0.1),
        ("stem.weight head.bias header.bias", 1e-3, 1e-3),
    ),
    mistakes=(
        Mistake(
            lambda names, lr_body, lr_head: _where(
                names, lambda name: "head" in name, lr_body, lr_head
            ),
            "You look for `head` anywhere in the name. `body.0.heads.weight`, the "
            "attention heads of a Transformer, is part of the body.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: _where(
                names, lambda name: "head." in name, lr_body, lr_head
            ),
            "You look for `head.` anywhere in the name. `body.0.head.weight` belongs "
            "to the body.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: _where(
                names, lambda name: "head" in name.split("."), lr_body, lr_head
            ),
            "A part called `head` at any depth counts for you. Only the top level "
            "does.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: _where(
                names, lambda name: name.startswith("head"), lr_body, lr_head
            ),
            "`header.weight` begins with the same four letters and is no head. A "
            "prefix ends at a dot.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: _where(
                names, lambda name: not name.startswith("body."), lr_body, lr_head
            ),
            "What isn't called `body` goes to the head for you: `embedding.weight` "
            "gets the large rate.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: np.array(
                [
                    lr_head * name.startswith("head.")
                    + lr_body * name.startswith("body.")
                    for name in names.split()
                ]
            ),
            "Some parameters are in neither group: `embedding.weight` got 0. Without "
            "an error, a forgotten parameter is never trained.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: np.array(
                [lr_body for name in names.split()]
                + [lr_head for name in names.split() if name.startswith("head.")]
            ),
            "The head is in both groups: all parameters are in the first, and the head "
            "comes again. PyTorch raises a `ValueError`.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: np.array(
                [lr_body + lr_head * name.startswith("head.") for name in names.split()]
            ),
            "The head gets the sum of both rates, as if it were in both groups.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: np.full(len(names), lr_body),
            "You go through the letters of the string. `names.split()` gives the "
            "names.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: np.array(
                [lr_head if names.startswith("head.") else lr_body]
            ),
            "You decide once, for the whole string. Each name needs a rate.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: make_groups(names, lr_head, lr_body),
            "The two rates have changed places: the body gets that of the head.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: np.array(
                [lr_body for name in names.split() if not name.startswith("head.")]
                + [lr_head for name in names.split() if name.startswith("head.")]
            ),
            "The rates are right, but in the order of the groups. They have to come in "
            "the order of `names`.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: np.array(
                [lr_head for name in names.split() if name.startswith("head.")]
            ),
            "Only the head is in your optimizer: the body is forgotten.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: _where(
                names,
                lambda name: name.startswith("head.") and name.endswith("weight"),
                lr_body,
                lr_head,
            ),
            "The head's biases went to the body's group. They are as new as its "
            "weights.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: np.array(
                [lr_body] * (len(names.split()) - 2)
                + [lr_head] * min(2, len(names.split()))
            ),
            "You take the last two parameters for the head. Go by the names: a head "
            "can have more than two, and stand anywhere.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: _where(
                names, lambda name: name == "head.weight", lr_body, lr_head
            ),
            "Only `head.weight` gets the head's rate. A head has a bias, and may have "
            "several layers.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: _where(
                names,
                lambda name: name in ("head.weight", "head.bias"),
                lr_body,
                lr_head,
            ),
            "`head.2.weight` isn't in your head. A head may have several layers.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: _where(
                names,
                lambda name: name.startswith("head.") or name.endswith("bias"),
                lr_body,
                lr_head,
            ),
            "The body's biases got the head's rate. They are as old as its weights.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: make_groups(
                " ".join(sorted(names.split())), lr_body, lr_head
            ),
            "Your rates are in the order of the sorted names. They have to come in the "
            "order of `names`.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: np.array(
                [lr_head for name in names.split() if name.startswith("head.")]
                + [lr_body for name in names.split() if not name.startswith("head.")]
            ),
            "The head's rates stand first. They have to come in the order of `names`.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: np.full(len(names.split()), lr_body),
            "Every name has the body's rate: for you nothing is a head.",
        ),
        Mistake(
            lambda names, lr_body, lr_head: np.full(len(names.split()), lr_head),
            "Every name has the head's rate: for you all of it is a head.",
        ),
    ),
)


# A schedule on two groups ---------------------------------------------------------


def rates_at(t, lrs, T, share):
    import numpy as np

    wave = (1 + np.cos(np.pi * min(t, T) / T)) / 2
    return lrs * (share + (1 - share) * wave)


def _wave(t, T):
    return (1 + np.cos(np.pi * min(t, T) / T)) / 2


def _with_floor(t, lrs, T, floor):
    return floor + (lrs - floor) * _wave(t, T)


RATES_AT = Exercise(
    name="practice/rates_at",
    text="""\
### Exercise: one schedule, two groups

Write `rates_at(t, lrs, T, share)`: the rates of all groups at update `t`, on half a
wave of the cosine. Each group falls from its own rate to `share` times its own rate,
so that their ratio stays.

- **Arguments:** `t`, one whole number, 0 or larger; `lrs`, a NumPy array of the
  groups' rates, each above 0; `T`, a whole number of at least 1; `share`, a number
  from 0 to 1.
- **Returns:** a NumPy array of the shape of `lrs`.
- **Boundaries:** `lrs` at `t = 0`; `share * lrs` at `t = T` and at all later updates;
  the mean of the two at `t = T / 2`. The array that came in stays as it was.
- **Units and time:** `t` and `T` count updates from 0; the rates are in the unit of
  `lrs`, and `share` has none.

Numbers count as right within a relative 1e-6.""",
    starter="def rates_at(t, lrs, T, share):\n    return ...",
    hints=(
        "What LambdaLR does: compute one factor for update `t`, the same for all "
        "groups. Then multiply.",
        "The factor goes from 1 to `share`. Start with a wave that goes from 1 to 0.",
        "(1 + cos(πt/T)) / 2 goes from 1 to 0. Stretch it to the range from `share` to "
        "1, and think of `t` beyond `T`.",
    ),
    solution=rates_at,
    cases=(
        *((t, np.array([1e-4, 1e-3]), 100, 0.0) for t in (0, 25, 50, 75, 99, 100, 150)),
        *((t, np.array([1e-4, 1e-2]), 40, 0.1) for t in (0, 10, 20, 30, 40, 41, 80)),
        (3, np.array([2e-5, 3e-4, 5e-3]), 8, 0.5),
        (7, np.array([0.3]), 9, 0.2),
        (5, np.array([0.1, 0.01]), 10, 1.0),
        (1, np.array([0.1, 0.01]), 1, 0.05),
    ),
    mistakes=(
        Mistake(
            lambda t, lrs, T, share: _with_floor(t, lrs, T, share),
            "You take `share` for a rate. It is a share of each group's own rate.",
        ),
        Mistake(
            lambda t, lrs, T, share: _with_floor(t, lrs, T, share * lrs.max()),
            "All groups end at one floor, a share of the largest rate: the ratio is "
            "lost, as with CosineAnnealingLR and its `eta_min`.",
        ),
        Mistake(
            lambda t, lrs, T, share: _with_floor(t, lrs, T, share * lrs.min()),
            "All groups end at one floor, a share of the smallest rate: the ratio is "
            "lost, as with CosineAnnealingLR and its `eta_min`.",
        ),
        Mistake(
            lambda t, lrs, T, share: np.full(lrs.shape, rates_at(t, lrs, T, share)[0]),
            "All groups have the first group's rate.",
        ),
        Mistake(
            lambda t, lrs, T, share: np.full(
                lrs.shape, rates_at(t, lrs, T, share).max()
            ),
            "All groups have the largest group's rate.",
        ),
        Mistake(
            lambda t, lrs, T, share: np.concatenate(
                [rates_at(t, lrs[:1], T, share), lrs[1:]]
            ),
            "Only your first group falls; the others keep their rates.",
        ),
        Mistake(
            lambda t, lrs, T, share: np.concatenate(
                [lrs[:-1], rates_at(t, lrs[-1:], T, share)]
            ),
            "Only your last group falls; the others keep their rates.",
        ),
        Mistake(
            lambda t, lrs, T, share: (
                lrs * (share + (1 - share) * (1 + np.cos(np.pi * t / T)) / 2)
            ),
            "After `T` your rates rise again: the cosine goes on. They have to stay "
            "where they are.",
        ),
        Mistake(
            lambda t, lrs, T, share: lrs * _wave(t, T),
            "Your rates end at 0: `share` takes no part.",
        ),
        Mistake(
            lambda t, lrs, T, share: lrs * np.maximum(share, _wave(t, T)),
            "You cut the wave off at `share`, so the floor is reached before `T`. The "
            "wave has to end there.",
        ),
        Mistake(
            lambda t, lrs, T, share: lrs * (share + _wave(t, T)),
            "You put the whole wave on top of the floor: update 0 is above `lrs`.",
        ),
        Mistake(
            lambda t, lrs, T, share: lrs * (1 - (1 - share) * min(t, T) / T),
            "Yours is a straight line. It meets the wave at the start, the middle and "
            "the end only.",
        ),
        Mistake(
            lambda t, lrs, T, share: rates_at(t + 1, lrs, T, share),
            "You are one update early: update 0 is below `lrs`.",
        ),
        Mistake(
            lambda t, lrs, T, share: rates_at(max(t - 1, 0), lrs, T, share),
            "You are one update late: update 1 is still at `lrs`.",
        ),
        Mistake(
            lambda t, lrs, T, share: (
                lrs
                * (share + (1 - share) * (1 + np.cos(2 * np.pi * min(t, T) / T)) / 2)
            ),
            "That is a whole wave, which comes back up to `lrs` at `T`. Half of it is "
            "asked for.",
        ),
        Mistake(
            lambda t, lrs, T, share: (
                lrs * (share + (1 - share) * (1 - np.cos(np.pi * min(t, T) / T)) / 2)
            ),
            "Your rates rise from the floor to `lrs`: the sign of the cosine.",
        ),
        Mistake(
            lambda t, lrs, T, share: (
                lrs * (share + (1 - share) * np.cos(np.pi * min(t, T) / T / 2))
            ),
            "A quarter of the wave, from 1 to 0, is too high in the middle: at `T / 2` "
            "the rates have to be halfway.",
        ),
        Mistake(
            lambda t, lrs, T, share: (
                share + (1 - share) * _wave(t, T) * np.ones(lrs.shape)
            ),
            "That is the factor. It hasn't multiplied `lrs` yet.",
        ),
        Mistake(
            lambda t, lrs, T, share: lrs * (share + (1 - share) * 2 * _wave(t, T)),
            "1 + cos goes from 2 to 0. Halve it.",
        ),
        Mistake(
            lambda t, lrs, T, share: lrs * (1 - share + share * _wave(t, T)),
            "You fall by `share`, to 1 - share of `lrs`. `share` is what is left.",
        ),
        Mistake(
            lambda t, lrs, T, share: rates_at(t, lrs, T, share) * (t <= T),
            "After `T` your rates are 0. They have to stay at `share * lrs`.",
        ),
        Mistake(
            lambda t, lrs, T, share: rates_at(t, lrs, T, share) if t <= T else 1 * lrs,
            "After `T` your rates jump back to `lrs`. They have to stay at the floor.",
        ),
        Mistake(
            lambda t, lrs, T, share: rates_at(t, lrs, max(T - 1, 1), share),
            "Your wave ends one update before `T`: `t = T` is the update at which it "
            "arrives.",
        ),
        Mistake(
            lambda t, lrs, T, share: (
                lrs * (share + (1 - share) * (1 + np.cos(180 * min(t, T) / T)) / 2)
            ),
            "`np.cos` takes radians. Half a wave is π, and not 180.",
        ),
        Mistake(
            lambda t, lrs, T, share: lrs * share ** (min(t, T) / T),
            "That is an exponential decay from 1 to `share`. A cosine is asked for.",
        ),
        Mistake(
            lambda t, lrs, T, share: _with_floor(t, lrs, T, share * lrs.mean()),
            "All groups end at one floor, a share of the mean rate: the ratio is lost.",
        ),
    ),
)


# A table --------------------------------------------------------------------------


def small_rate(frozen, small, same, scratch):
    if same - small > 2:
        return "hurts"
    if small - same > 2:
        return "helps"
    return "can't tell"


def _against(other, small):
    """The word for the small rate, if it is compared with something else."""
    return small_rate(0, small, other, 0)


SMALL_RATE = Exercise(
    name="practice/small_rate",
    text="""\
### Exercise: when the small rate hurts

A table of fine-tuning runs, made up, held-out accuracy in percent, the mean of many
seeds:

| task | frozen | small | same | scratch |
|---|---|---|---|---|
| A | 91 | 92 | 86 | 69 |
| B | 45 | 48 | 67 | 70 |
| C | 88 | 88 | 87 | 71 |
| D | 79 | 83 | 92 | 80 |
| E | 30 | 31 | 22 | 75 |

*Frozen* is a pretrained body that doesn't move, *small* one whose rate is a hundredth
of the head's, *same* one that has the head's rate, *scratch* a body that wasn't
pretrained. Write `small_rate(frozen, small, same, scratch)`: what a small rate for the
pretrained body does, compared with the head's rate for it.

- **Arguments:** the four numbers of a row, from 0 to 100, no arrays.
- **Returns:** `"hurts"`, `"helps"` or `"can't tell"`.
- **Boundaries:** up to a difference of 2 points, 2 included, seeds can't tell.
- **Units and time:** percent, so differences are in points; no time.""",
    starter="def small_rate(frozen, small, same, scratch):\n    return ...",
    hints=(
        "Which two of the four columns differ in the body's rate, and in nothing else "
        "that is asked about?",
        "Row D: the small rate beats a frozen body and a body from scratch. Is there "
        "something better still?",
        "In row E scratch is far ahead. That says something about the pretraining, and "
        "nothing about which rate the pretrained body should have.",
    ),
    solution=small_rate,
    cases=(
        (91, 92, 86, 69),
        (45, 48, 67, 70),
        (88, 88, 87, 71),
        (79, 83, 92, 80),
        (30, 31, 22, 75),
        (60, 70, 72, 50),
        (60, 70, 72.5, 50),
        (60, 70, 68, 72.5),
        (60, 70, 67.5, 80),
        (95, 40, 40, 40),
        (10, 10, 15, 5),
        (90, 97, 99.5, 40),
        (20, 20, 21, 20),
        (60, 70, 71, 50),
    ),
    mistakes=(
        Mistake(
            lambda frozen, small, same, scratch: _against(scratch, small),
            "You compare with a body from scratch. That says whether the pretraining "
            "pays, and not which rate the pretrained body should have.",
        ),
        Mistake(
            lambda frozen, small, same, scratch: _against(frozen, small),
            "You compare with a frozen body. That says whether it pays to move the "
            "body at all.",
        ),
        Mistake(
            lambda frozen, small, same, scratch: _against(
                max(frozen, same, scratch), small
            ),
            "You compare with the best of all the others. Only one of them is another "
            "rate for the same body.",
        ),
        Mistake(
            lambda frozen, small, same, scratch: _against(max(same, scratch), small),
            "You compare with the better of *same* and *scratch*. A body from scratch "
            "is no rate for a pretrained one.",
        ),
        Mistake(
            lambda frozen, small, same, scratch: (
                "hurts"
                if min(same, scratch) - small > 2
                else "helps"
                if small - same > 2
                else "can't tell"
            ),
            "It hurts for you only if scratch is better too. In row D the features "
            "fit, and the small rate still loses.",
        ),
        Mistake(
            lambda frozen, small, same, scratch: _against(small, same),
            "Turned round: that is what the large rate does.",
        ),
        Mistake(
            lambda frozen, small, same, scratch: (
                "hurts"
                if same - small >= 2
                else "helps"
                if small - same >= 2
                else "can't tell"
            ),
            "A difference of exactly 2 points can't be told.",
        ),
        Mistake(
            lambda frozen, small, same, scratch: (
                "hurts" if same > small else "helps" if small > same else "can't tell"
            ),
            "You trust every difference. Up to 2 points the seeds can't tell.",
        ),
        Mistake(
            lambda frozen, small, same, scratch: (
                "hurts"
                if same > small * 1.02
                else "helps"
                if small > same * 1.02
                else "can't tell"
            ),
            "Points are differences. You take 2 percent of a number, which are less "
            "than 2 points.",
        ),
        Mistake(
            lambda frozen, small, same, scratch: (
                "hurts" if same - small > 2 else "helps"
            ),
            "What doesn't hurt helps, for you. There is a third answer.",
        ),
        Mistake(
            lambda frozen, small, same, scratch: (
                "hurts"
                if (same - small) / 100 > 2
                else "helps"
                if (small - same) / 100 > 2
                else "can't tell"
            ),
            "You can never tell: the numbers are in percent already.",
        ),
        Mistake(
            lambda frozen, small, same, scratch: _against(max(frozen, same), small),
            "You compare with the better of *frozen* and *same*. Whether a frozen body "
            "does as well is another question.",
        ),
        Mistake(
            lambda frozen, small, same, scratch: (
                "hurts"
                if same - small > 2
                else "helps"
                if small - max(frozen, same) > 2
                else "can't tell"
            ),
            "It helps for you only if it beats a frozen body too. That is another "
            "question.",
        ),
        Mistake(
            lambda frozen, small, same, scratch: (
                "hurts"
                if same - small > 2
                else "helps"
                if small - max(same, scratch) > 2
                else "can't tell"
            ),
            "It helps for you only if it beats a body from scratch too. In row E the "
            "small rate is better than the large one.",
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (MAKE_GROUPS, RATES_AT, SMALL_RATE)
