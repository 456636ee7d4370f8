"""Exercises of lesson 4.6, when the model decides"""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# Runs with and without -----------------------------------------------------------


def needs_warmup(without, warmed, letters):
    stalled = without > letters - 0.1
    still = warmed > letters - 0.1
    if not stalled.any():
        return "no"
    if stalled.all() and not still.any():
        return "yes"
    if stalled.all() and still.all():
        return "not enough"
    return "seeds disagree"


def _judging(
    *,
    gather: Callable[[np.ndarray], np.ndarray] = lambda stalls: stalls,
    pick: Callable[[np.ndarray], np.ndarray] = lambda losses: losses,
    border: Callable[[float], float] = lambda letters: letters - 0.1,
    equal: bool = False,
    swapped: bool = False,
    words: dict[str, str] | None = None,
) -> Callable[..., Any]:
    """``needs_warmup`` with one thing of it done in another way."""

    def answer(without, warmed, letters):
        if swapped:
            without, warmed = warmed, without
        top = border(letters)
        stalls = [
            gather(pick(runs) >= top if equal else pick(runs) > top)
            for runs in (without, warmed)
        ]
        word = _word(*stalls)
        return (words or {}).get(word, word)

    return answer


def _word(stalled: np.ndarray, still: np.ndarray) -> str:
    if not stalled.any():
        return "no"
    if not stalled.all() or still.any() != still.all():
        return "seeds disagree"
    return "not enough" if still.all() else "yes"


def _lower_is_a_need(without, warmed, letters):
    return "yes" if warmed.mean() < without.mean() else "no"


def _only_without(without, warmed, letters):
    stalled = without > letters - 0.1
    if stalled.all():
        return "yes"
    return "seeds disagree" if stalled.any() else "no"


def _only_warmed(without, warmed, letters):
    still = warmed > letters - 0.1
    if still.all():
        return "not enough"
    return "seeds disagree" if still.any() else "yes"


def _no_only_if_both(without, warmed, letters):
    stalled, still = without > letters - 0.1, warmed > letters - 0.1
    if not stalled.any() and still.any():
        return "seeds disagree"
    return _word(stalled, still)


def _any_without(without, warmed, letters):
    return "yes" if (without > letters - 0.1).any() else "no"


def _any_stall_left(without, warmed, letters):
    stalled, still = without > letters - 0.1, warmed > letters - 0.1
    if stalled.all() and still.any():
        return "not enough"
    return _word(stalled, still)


def _some_warmed(without, warmed, letters):
    stalled, still = without > letters - 0.1, warmed > letters - 0.1
    if stalled.all() and not still.all():
        return "yes"
    return _word(stalled, still)


def _one_warmed(without, warmed, letters):
    return _word(without > letters - 0.1, warmed[:1] > letters - 0.1)


def _any_need(without, warmed, letters):
    stalled, still = without > letters - 0.1, warmed > letters - 0.1
    if stalled.any() and not still.any():
        return "yes"
    return _word(stalled, still)


def _not_enough_first(without, warmed, letters):
    stalled, still = without > letters - 0.1, warmed > letters - 0.1
    return "not enough" if still.all() else _word(stalled, still)


def _count_of_three(without, warmed, letters):
    stalled, still = ((losses > letters - 0.1).sum() for losses in (without, warmed))
    if not stalled:
        return "no"
    if stalled != 3 or still not in (0, 3):
        return "seeds disagree"
    return "not enough" if still else "yes"


def _gain_of_means(without, warmed, letters):
    return "yes" if without.mean() - warmed.mean() > 0.1 else "no"


def _same_border_gain(without, warmed, letters):
    gain = without - warmed > 0.1
    if gain.all():
        return "yes"
    return "seeds disagree" if gain.any() else "no"


NEEDS_WARMUP = Exercise(
    name="warmup/needs_warmup",
    text="""\
### Exercise: does this network need the warmup?

Write `needs_warmup(without, warmed, letters)`: what the finished runs of a network at
one peak say, such as two neighbouring rows of the table above.

- **Arguments:** `without` and `warmed`, NumPy arrays `[n]`: held-out losses of `n`
  seeds, at least 1, without and with warmup; `letters`, a number: the loss of guessing
  by letter frequencies, on whatever text it is.
- **Returns:** a word: `"no"` if all runs without warmup learn; `"yes"` if all of them
  stall and all warmed runs learn; `"not enough"` if all runs of both stall;
  `"seeds disagree"` in all other cases.
- **Boundaries:** a run stalls if its loss is above `letters - 0.1`. At exactly that
  loss it learns. If all runs without warmup learn, the others don't matter.
- **Units and time:** losses in nats, measured after the last update.""",
    starter="def needs_warmup(without, warmed, letters):\n    return ...",
    hints=(
        "First make two arrays of true and false: which runs stall, without warmup and "
        "with it. Judge each run alone, before you put seeds together.",
        "An array of true and false has the methods `all` and `any`. The four words "
        "exclude each other, so that one `if` for each of three is enough.",
    ),
    solution=needs_warmup,
    cases=tuple(
        (np.array(without), np.array(warmed), letters)
        for without, warmed, letters in (
            # The lesson's table: post-norm, then pre-norm, at 0.01 and 0.03.
            ([2.64, 2.69, 2.60], [2.66, 2.75, 2.63], 2.97),
            ([3.00, 3.00, 2.98], [2.75, 2.75, 2.63], 2.97),
            ([2.57, 2.61, 2.54], [2.62, 2.67, 2.59], 2.97),
            ([2.55, 2.60, 2.53], [2.59, 2.62, 2.54], 2.97),
            # The warmed runs stall as well.
            ([2.99, 3.00, 2.99], [2.97, 2.98, 2.97], 2.97),
            # Seeds that disagree.
            ([2.80, 2.98, 2.97], [2.61, 2.63, 2.60], 2.97),
            ([2.60, 2.62, 2.97], [2.61, 2.63, 2.60], 2.97),
            ([2.98, 2.99, 3.00], [2.65, 2.99, 2.61], 2.97),
            ([2.98, 2.99, 3.00], [2.97, 2.65, 2.99], 2.97),
            ([2.98, 2.50, 2.60], [2.97, 2.98, 2.99], 2.97),
            # Five seeds, of which only the last ones differ.
            ([2.60, 2.61, 2.62, 2.60, 2.98], [2.61, 2.60, 2.62, 2.60, 2.61], 2.97),
            ([2.98, 2.99, 2.98, 2.60, 2.97], [2.61, 2.60, 2.62, 2.60, 2.61], 2.97),
            ([2.98, 2.99, 2.98, 2.97, 2.99], [2.61, 2.60, 2.62, 2.98, 2.61], 2.97),
            ([2.98, 2.99, 2.98, 2.97, 2.99], [2.61, 2.60, 2.62, 2.65, 2.61], 2.97),
            # Learns without, and no longer with it.
            ([2.60, 2.61, 2.62], [2.98, 2.97, 2.99], 2.97),
            ([2.60, 2.61, 2.62], [2.60, 2.97, 2.61], 2.97),
            # Better, and still stalled.
            ([3.30, 3.35], [2.95, 2.96], 2.97),
            # Near the border, where rounding would decide otherwise.
            ([2.86, 2.60], [2.60, 2.61], 2.97),
            ([2.98, 2.99], [2.86, 2.61], 2.97),
            ([2.88, 2.99], [2.60, 2.61], 2.97),
            # Another text, and losses at the border.
            ([1.90], [1.60], 2.00),
            ([1.95, 1.97], [1.90, 1.85], 2.00),
            ([1.88, 1.89], [1.70, 1.80], 2.00),
            ([2.05, 2.08], [1.70, 1.80], 2.00),
            # More characters, so that even their frequencies cost much.
            ([3.70, 3.75], [3.20, 3.30], 3.90),
            ([3.95, 3.98], [3.60, 3.70], 3.90),
        )
    ),
    mistakes=(
        Mistake(
            _lower_is_a_need,
            "You ask which mean is lower. A run that learns without warmup doesn't "
            "need it, even if it would end lower with it.",
        ),
        Mistake(
            _same_border_gain,
            "You ask whether warmup gains 0.1. Whether a run stalls depends on "
            "`letters`, not on the other run.",
        ),
        Mistake(
            _gain_of_means,
            "You compare the two means with each other. Whether a run stalls depends "
            "on `letters`, and each run counts.",
        ),
        Mistake(
            _judging(pick=lambda losses: losses.mean(keepdims=True)),
            "You average the seeds first. One run that stalls far above the border "
            "outweighs others that learn: judge each run.",
        ),
        Mistake(
            _judging(pick=lambda losses: losses[:1]),
            "You look at the first seed only.",
        ),
        Mistake(
            _judging(pick=lambda losses: losses[-1:]),
            "You look at the last seed only.",
        ),
        Mistake(
            _one_warmed,
            "You look at one seed of the warmed runs only.",
        ),
        Mistake(
            _judging(pick=lambda losses: losses[:3]),
            "You look at the first three seeds only. There may be more, or fewer.",
        ),
        Mistake(
            _count_of_three,
            "You count to three. All of them is `n` runs, which may be more or fewer.",
        ),
        Mistake(
            _judging(pick=lambda losses: losses.min(keepdims=True)),
            "You look at the best seed only. It hides the runs that stall.",
        ),
        Mistake(
            _judging(pick=lambda losses: losses.max(keepdims=True)),
            "You look at the worst seed only: one that stalls is not all of them.",
        ),
        Mistake(
            _judging(pick=lambda losses: np.median(losses, keepdims=True)),
            "A majority is not all: where one seed differs from the others, the answer "
            "is another word.",
        ),
        Mistake(
            _judging(border=lambda letters: letters),
            "You leave out the margin. A loss a little below the letter frequencies is "
            "still a stall.",
        ),
        Mistake(
            _judging(border=lambda letters: letters + 0.1),
            "Your margin is on the wrong side: a run has to get *below* the letter "
            "frequencies by 0.1 to count as learning.",
        ),
        Mistake(
            _judging(border=lambda letters: np.log(38) - 0.1),
            "You compare with blind guessing, log(38). A network that knows only how "
            "frequent each letter is already beats that.",
        ),
        Mistake(
            _judging(border=lambda letters: 2.97 - 0.1),
            "You use this lesson's 2.97. Another text has other frequencies: `letters` "
            "is an argument.",
        ),
        Mistake(
            _judging(border=lambda letters: 0.9 * letters),
            "You take a tenth of `letters` off. The 0.1 is a distance, not a share.",
        ),
        Mistake(
            _judging(equal=True),
            "At exactly `letters - 0.1` a run learns; yours stalls there.",
        ),
        Mistake(
            _judging(swapped=True),
            "You have swapped the two arrays: the need shows in the runs *without*.",
        ),
        Mistake(
            _only_without,
            "You look at the runs without warmup only. If the warmed ones stall too, "
            "this warmup is no remedy.",
        ),
        Mistake(
            _any_without,
            "You say yes if any run without warmup stalls. One seed is not all, and "
            "the warmed runs have to learn.",
        ),
        Mistake(
            _any_stall_left,
            "You say that it is not enough if any warmed run stalls. Where some of "
            "them learn, seeds disagree.",
        ),
        Mistake(
            _some_warmed,
            "You say yes if only some warmed runs learn. Where others stall, seeds "
            "disagree.",
        ),
        Mistake(
            _any_need,
            "You say yes where only some runs without warmup stall. Others learn "
            "without it, so seeds disagree.",
        ),
        Mistake(
            _not_enough_first,
            "You say that it is not enough wherever all warmed runs stall. First look "
            "at the runs without: some of them may learn.",
        ),
        Mistake(
            _judging(pick=lambda losses: losses.round(1)),
            "You round the losses. That moves some of them across the border.",
        ),
        Mistake(
            _only_warmed,
            "You look at the warmed runs only. That they learn doesn't say that the "
            "others don't.",
        ),
        Mistake(
            _no_only_if_both,
            "Where all runs without warmup learn, nothing is needed, whatever the "
            "warmed ones do.",
        ),
        Mistake(
            _judging(words={"not enough": "no"}),
            "Where both stall you say that no warmup is needed. The network needs "
            "something; this much warmup wasn't it.",
        ),
        Mistake(
            _judging(words={"not enough": "yes"}),
            "Where both stall you say yes. This warmup changed nothing there.",
        ),
        Mistake(
            _judging(words={"seeds disagree": "yes"}),
            "You say yes where seeds disagree. One seed is no proof.",
        ),
        Mistake(
            _judging(words={"seeds disagree": "no"}),
            "You say no where seeds disagree, though some of them stall.",
        ),
        Mistake(
            _judging(words={"yes": "no", "no": "yes"}),
            "Your yes and no are swapped.",
        ),
        Mistake(
            lambda without, warmed, letters: "yes",
            "You always say yes. Not every transformer needs a warmup: look at "
            "pre-norm's rows.",
        ),
        Mistake(
            lambda without, warmed, letters: "no",
            "You always say no. Look at post-norm's rows at 0.03.",
        ),
    ),
)

# What helps ----------------------------------------------------------------------


def remedy(change):
    cures = ("50 updates of warmup", "pre-norm", "peak of 0.01", "one layer")
    return "learns" if change in cures else "stalls"


CHANGES = (
    "50 updates of warmup",
    "pre-norm",
    "peak of 0.01",
    "one layer",
    "half the width",
    "PyTorch's start",
    "loss times ten",
)
CURES = frozenset(CHANGES[:4])


def _curing(*changes: str) -> Callable[[str], str]:
    """Says that a run learns after one of these changes."""
    return lambda change: "learns" if change in changes else "stalls"


REMEDY = Exercise(
    name="warmup/remedy",
    text="""\
### Exercise: what ends the stall?

The post-norm network of this lesson stalls: three layers, width 16, Adam at 0.03 from
the first update on. You make one change and leave all else. Write `remedy(change)`.

- **Arguments:** `change`, a word, no array: one of `"50 updates of warmup"`,
  `"pre-norm"`, `"peak of 0.01"`, `"one layer"`, `"half the width"`,
  `"PyTorch's start"` (its own initial values), `"loss times ten"` (and so each
  gradient).
- **Returns:** a word: `"learns"` if with this change alone the run learns in all its
  seeds, `"stalls"` if it stalls in at least one.
- **Boundaries:** only the loss after the last of the 100 updates counts: a run learns
  if it is at most `letters - 0.1`, however slowly it got there.
- **Units and time:** 100 updates; peaks are learning rates.""",
    starter="def remedy(change):\n    return ...",
    hints=(
        "Six of the seven are measured in this lesson: look for the row of the table, "
        "or the sentence below it, that has this one change.",
        "For the seventh: which length does a step of Adam have if all gradients are "
        "ten times as long? Look at what it divides by.",
    ),
    solution=remedy,
    cases=tuple((change,) for change in CHANGES),
    mistakes=(
        Mistake(
            _curing("50 updates of warmup"),
            "Warmup is not the only remedy. Look for others among the rows at 0.01, "
            "those of pre-norm, and the smaller networks.",
        ),
        Mistake(
            _curing(*CURES - {"50 updates of warmup"}),
            "You leave out the warmup. Look at post-norm's two rows at 0.03.",
        ),
        Mistake(
            _curing(*CURES - {"pre-norm"}),
            "You leave out pre-norm. Look at its row at 0.03 without warmup.",
        ),
        Mistake(
            _curing(*CURES - {"peak of 0.01"}),
            "You leave out the smaller peak. Look at post-norm's rows at 0.01.",
        ),
        Mistake(
            _curing(*CURES - {"one layer"}),
            "You leave out the depth. How did one layer of post-norm do, below the "
            "documents' sentences?",
        ),
        Mistake(
            _curing("50 updates of warmup", "peak of 0.01"),
            "You name only what lowers the first rates. Two changes of the network "
            "help at 0.03 as well.",
        ),
        Mistake(
            _curing("pre-norm", "one layer"),
            "You name only changes of the network. Post-norm with three layers can be "
            "trained, too: look at its own rows.",
        ),
        Mistake(
            _curing(*CURES, "half the width"),
            "Half the width learned in one seed only. It has fewer parameters than the "
            "one layer, and stalls in the others.",
        ),
        Mistake(
            _curing(*CURES - {"one layer"}, "half the width"),
            "Of the two smaller networks you took the other one: look at which of "
            "them learns in 3 of 3 seeds.",
        ),
        Mistake(
            _curing("one layer", "half the width"),
            "You name what has fewer parameters. Pre-norm has just as many as before, "
            "and learns.",
        ),
        Mistake(
            _curing(*CURES, "PyTorch's start"),
            "PyTorch's own initial values help some seeds only.",
        ),
        Mistake(
            _curing(*CURES, "half the width", "PyTorch's start"),
            "You count a change that helps some seeds. It has to help all of them.",
        ),
        Mistake(
            _curing(*CURES, "loss times ten"),
            "Longer gradients don't lengthen the steps of Adam: their length is "
            "divided away.",
        ),
        Mistake(
            lambda change: {"learns": "stalls", "stalls": "learns"}[remedy(change)],
            "Your two words are swapped.",
        ),
        Mistake(_curing(*CHANGES), "You say that any change helps."),
        Mistake(_curing(), "You say that nothing helps."),
    ),
)

EXERCISES: tuple[Exercise, ...] = (NEEDS_WARMUP, REMEDY)
