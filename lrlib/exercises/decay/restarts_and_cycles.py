"""Exercises of lesson 2.5, Restarts and cycles."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# Restarts and cycles ----------------------------------------------------------


def restart_lr(t, T0, shrink):
    import numpy as np

    cycle, s = t // T0, t % T0
    return shrink**cycle * (1 + np.cos(np.pi * s / T0)) / 2


RESTART_LR = Exercise(
    name="decay/restart_lr",
    text="""\
### Exercise: restarts that shrink

Write `restart_lr(t, T0, shrink)`: the rate of update `t`, as a share of the first one.
Every cycle falls from its peak towards 0 along half a wave of the cosine, and each peak
is `shrink` times the one before.

- **Arguments:** `t`, a whole number or a NumPy array of whole numbers of any shape, 0
  or larger; `T0`, the updates in each cycle, a whole number of at least 1; `shrink`, a
  number above 0 and at most 1.
- **Returns:** the share, a number; for an array, an array of its shape.
- **Boundaries:** 1 at `t = 0`. With `T0 = 20` the last update of the first cycle is
  number 19, and number 20 has the rate `shrink`. 0 itself is never reached.
- **Units and time:** `t` counts updates from 0, `T0` counts updates.

Numbers count as right within a relative 1e-6.""",
    starter="def restart_lr(t, T0, shrink):\n    return ...",
    hints=(
        "Which cycle is update `t` in, if the first is number 0, and which place does "
        "it have in that cycle? Python has an operator for each of the two.",
        "With `T0 = 20`, update 43 is in cycle 2 at place 3.",
        "The peak depends on the cycle alone, the cosine on the place alone. At place "
        "0 the cosine is 1; after it, it goes towards −1.",
    ),
    solution=restart_lr,
    cases=(
        *((t, 20, 0.8) for t in (0, 10, 1, 19, 20, 21, 39, 40, 41)),
        *((t, 8, 1.0) for t in (7, 8, 15, 16)),
        (5, 4, 0.3),
        (3, 1, 0.5),
        (np.array([0, 19, 20, 39, 40]), 20, 0.8),
        (np.arange(12).reshape(3, 4), 5, 0.6),
    ),
    mistakes=(
        Mistake(
            lambda t, T0, shrink: restart_lr(np.maximum(t - 1, 0), T0, shrink),
            "You restart one update late, at `T0 + 1`. Epoch 21, counted from 1, is "
            "number 20, counted from 0.",
        ),
        Mistake(
            lambda t, T0, shrink: restart_lr(t - 1, T0, shrink),
            "Your `t` counts from 1: update 0 belongs to a cycle before the first.",
        ),
        Mistake(
            lambda t, T0, shrink: restart_lr(t + 1, T0, shrink),
            "You restart one update early: update 0 has left the peak already.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t / T0) * (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "`shrink` acts inside the cycle, at every update. It has to act at a "
            "restart only.",
        ),
        Mistake(
            lambda t, T0, shrink: shrink**t * (1 + np.cos(np.pi * (t % T0) / T0)) / 2,
            "Your peaks shrink with the number of the update. Count the restarts.",
        ),
        Mistake(
            lambda t, T0, shrink: shrink ** (t // T0),
            "Those are stairs: between two restarts nothing falls.",
        ),
        Mistake(
            lambda t, T0, shrink: np.full(np.shape(t), float(shrink))[()],
            "That is one rate for ever, as in document 3's formula α_reset · γ. A "
            "reset needs a *when*, and something that falls in between.",
        ),
        Mistake(
            lambda t, T0, shrink: np.ones(np.shape(t))[()],
            "That is the first rate, kept for ever, as in document 3's formula "
            "α_reset.",
        ),
        Mistake(
            lambda t, T0, shrink: restart_lr(t, T0, 1.0),
            "All of your peaks are 1: `shrink` takes no part.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                np.where(t < T0, 1, shrink) * (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "Your second peak is right, and no later one shrinks any more.",
        ),
        Mistake(
            lambda t, T0, shrink: restart_lr(t, T0, shrink) * shrink,
            "Your first peak is lowered already.",
        ),
        Mistake(
            lambda t, T0, shrink: restart_lr(t, T0, shrink) * 2,
            "You are twice too high: the cosine, with 1 added, goes from 2 to 0.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                (1 - shrink) ** (t // T0) * (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "You take `shrink` for the share that a peak loses. It is what it keeps.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                (1 - (1 - shrink) * (t // T0)) * (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "Your peaks fall by the same amount each time. They have to fall to the "
            "same share of the one before.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink * (t // T0) * (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "You multiply by the number of the cycle, so the whole first cycle is 0.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0) * (1 + np.cos(np.pi * t / T0)) / 2
            ),
            "Your cosine doesn't start again: in the second cycle it climbs. It has to "
            "know the place in the cycle, and not `t`.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0) * (1 + np.cos(2 * np.pi * (t % T0) / T0)) / 2
            ),
            "You run through a whole wave in each cycle, down and up again. It is half "
            "a wave, and then a jump.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0) * np.cos(np.pi * (t % T0) / T0 / 2)
            ),
            "Yours is a quarter of a wave, which falls fastest at its end. Half a wave "
            "falls fastest in the middle.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0) * (1 - np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "Your cycles start at 0 and climb.",
        ),
        Mistake(
            lambda t, T0, shrink: shrink ** (t // T0) * (1 - (t % T0) / T0),
            "Your cycles fall along straight lines.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0) * (1 + np.cos(180 * (t % T0) / T0)) / 2
            ),
            "Your angle is in degrees; `np.cos` takes radians.",
        ),
        Mistake(
            lambda t, T0, shrink: (1 + np.cos(np.pi * np.minimum(t / T0, 1))) / 2,
            "Yours falls once and stays at 0: there is no restart.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0)
                * (1 + np.cos(np.pi * (t % T0) / np.maximum(T0 - 1, 1)))
                / 2
            ),
            "Your cycles reach 0 at their last update. Where 0 would be, there is the "
            "restart.",
        ),
        Mistake(
            lambda t, T0, shrink: shrink ** (t // T0) * (1 + np.cos((t % T0) / T0)) / 2,
            "Your cosine hardly falls: in a cycle its angle goes from 0 to 1, and that "
            "isn't half a wave.",
        ),
        Mistake(
            lambda t, T0, shrink: shrink ** (t // T0) * np.cos(np.pi * (t % T0) / T0),
            "Your rates go below 0, like the cosine, from 1 to −1.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // T0) * (1 + np.sin(np.pi * (t % T0) / T0)) / 2
            ),
            "Yours is a sine: it begins halfway up, and climbs first.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink + (1 - shrink) * (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "You take `shrink` for the floor to which the cycles fall. It lowers the "
            "peaks, and the floor is 0.",
        ),
        Mistake(
            lambda t, T0, shrink: np.maximum(
                shrink, (1 + np.cos(np.pi * (t % T0) / T0)) / 2
            ),
            "You hold the rate at `shrink` once it is there. `shrink` lowers the "
            "peaks, and the rate falls on towards 0.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // (T0 + 1))
                * (1 + np.cos(np.pi * (t % (T0 + 1)) / (T0 + 1)))
                / 2
            ),
            "Your cycles have `T0 + 1` updates, and so the first restart is number 21 "
            "for `T0 = 20`.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (t // (T0 + 1))
                * (1 + np.cos(np.pi * (t % (T0 + 1)) / T0))
                / 2
            ),
            "Your cycles have one update too many, at which the rate is 0. In its "
            "place the next cycle begins.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                shrink ** (np.maximum(t - 1, 0) // T0)
                * (1 + np.cos(np.pi * (t % T0) / T0))
                / 2
            ),
            "Your cosine starts again in time, but the peak shrinks one update later.",
        ),
        Mistake(
            lambda t, T0, shrink: (
                np.where(t < T0, 1, shrink * (t // T0))
                * (1 + np.cos(np.pi * (t % T0) / T0))
                / 2
            ),
            "Your peaks grow again: from the second restart on you multiply `shrink` "
            "by the number of the cycle.",
        ),
        Mistake(
            lambda t, T0, shrink: restart_lr(t, T0, shrink) / 10,
            "Yours begins at 0.1, a rate. Asked for is the share of the first rate.",
        ),
    ),
)


def restart_epochs(T0, T_mult, n):
    import numpy as np

    return np.cumsum(T0 * T_mult ** np.arange(n))


RESTART_EPOCHS = Exercise(
    name="decay/restart_epochs",
    text="""\
### Exercise: when does it restart?

Torch's `CosineAnnealingWarmRestarts` is stepped once an epoch. Write
`restart_epochs(T0, T_mult, n)`, which says at which epochs the rate is back at the top.

- **Arguments:** `T0` (torch's `T_0`), `T_mult`, and `n`, how many restarts are
  asked for: three whole numbers of at least 1, no arrays.
- **Returns:** a NumPy array of `n` whole numbers: the epochs with which a new cycle
  begins, in their order.
- **Boundaries:** the beginning of the training, epoch 0, is no restart. With
  `T_mult = 1` all cycles are equally long.
- **Units and time:** epochs, counted from 0.""",
    starter="def restart_epochs(T0, T_mult, n):\n    return ...",
    hints=(
        "How long is each cycle? Write the lengths for `T0 = 5`, `T_mult = 3` down "
        "first: 5, 15, 45.",
        "A restart comes when *all* cycles before it are over. For these lengths the "
        "first is at 5, the second at 20.",
    ),
    solution=restart_epochs,
    cases=(
        (8, 2, 3),
        (8, 1, 4),
        (5, 3, 4),
        (1, 3, 5),
        (10, 2, 1),
        (7, 4, 2),
    ),
    mistakes=(
        Mistake(
            lambda T0, T_mult, n: T0 * T_mult ** np.arange(n),
            "Those are the lengths of the cycles. The third begins when the first two "
            "are over.",
        ),
        Mistake(
            lambda T0, T_mult, n: T0 * np.arange(1, n + 1),
            "All of your cycles have the length `T0`: `T_mult` takes no part.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, T_mult, n) - T0,
            "Your first restart is epoch 0, or every one comes `T0` too early: the "
            "beginning of the training is no restart.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.append(0, restart_epochs(T0, T_mult, n - 1)),
            "Your list begins with epoch 0, where the training begins, and so the last "
            "restart is missing.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.append(0, restart_epochs(T0, T_mult, n)),
            "You count the beginning of the training as well: `n` restarts, and epoch "
            "0 isn't one.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, T_mult, n + 1),
            "That is one restart too many.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, T_mult, n) + 1,
            "Your epochs count from 1, or each restart is one too late: after epochs 0 "
            "to 7, eight of them, comes number 8.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, T_mult, n) - 1,
            "Those are the last epochs of the cycles, where the rate is lowest.",
        ),
        Mistake(
            lambda T0, T_mult, n: T_mult * restart_epochs(T0, T_mult, n),
            "Your first cycle is longer by `T_mult` already. It has `T0` epochs.",
        ),
        Mistake(
            lambda T0, T_mult, n: T0 * T_mult ** np.arange(1, n + 1),
            "You multiply the epoch of a restart. It is the *length* of a cycle that "
            "grows, and yours starts too long.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.cumsum(T0 + T_mult * np.arange(n)),
            "Your cycles grow by `T_mult` epochs. Each has to be `T_mult` *times* as "
            "long as the one before.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.cumsum(T0 * T_mult * np.arange(1, n + 1)),
            "Your lengths grow by the same amount each time, from a first cycle that "
            "is too long already.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.cumsum(T0 * (1 + (T_mult - 1) * np.arange(n))),
            "Your third cycle is as much longer than the second as that is longer than "
            "the first. They are to grow by a factor.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, 2, n),
            "You double the cycles, whatever `T_mult` says.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.cumsum(T0**T_mult ** np.arange(n)),
            "You raise the length to a power. It is multiplied by `T_mult`.",
        ),
        Mistake(
            lambda T0, T_mult, n: T0 + T0 * T_mult * np.arange(n),
            "Your second cycle has grown, and all later ones are as long as it. Each "
            "has to be `T_mult` times as long as the one before.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, T_mult, n)[-1],
            "That is the last restart alone. Asked for are all `n` of them, in an "
            "array.",
        ),
        Mistake(
            lambda T0, T_mult, n: T0,
            "That is the first restart alone. Asked for are `n` of them, in an array.",
        ),
        Mistake(
            lambda T0, T_mult, n: np.array(
                [T0 * (T_mult**k - 1) // (T_mult - 1) for k in range(1, n + 1)]
            ),
            "Your closed formula divides by `T_mult - 1`, which is 0 where all cycles "
            "are equally long. Adding up the lengths needs no division.",
        ),
        Mistake(
            lambda T0, T_mult, n: (
                restart_epochs(T0, T_mult, n) * (np.nan if T_mult == 1 else 1)
            ),
            "For `T_mult = 1` your formula divides 0 by 0, hence the NaN. Adding up "
            "the lengths needs no division.",
        ),
        Mistake(
            lambda T0, T_mult, n: restart_epochs(T0, T_mult, n) * (T_mult > 1),
            "For `T_mult = 1`, where all cycles are equally long, your epochs are 0: a "
            "formula that divides by `T_mult - 1`, perhaps.",
        ),
    ),
)


def step_size_up(epochs, batches):
    return epochs * batches // 2


STEP_SIZE_UP = Exercise(
    name="decay/step_size_up",
    text="""\
### Exercise: half a cycle, in the right unit

Document 1 lets the rate cycle "between 0.001 and 0.1, with a period of 10 epochs". The
loop calls `scheduler.step()` after each batch, and an epoch has 50 batches. Write
`step_size_up(epochs, batches)`, which says what to pass to torch's `CyclicLR`.

- **Arguments:** `epochs`, the period of the cycle, and `batches`, the batches in an
  epoch: two whole numbers of at least 1, at least one of them even; no arrays.
- **Returns:** a whole number: the rate is back at `base_lr` for the first time after
  exactly `epochs` epochs. `step_size_down` is left as it is, at `None`.
- **Boundaries:** two epochs of one batch are the shortest cycle that is asked for.
- **Units and time:** `step_size_up` counts calls of `scheduler.step()`.""",
    starter="def step_size_up(epochs, batches):\n    return ...",
    hints=(
        "How often is `scheduler.step()` called in a whole cycle?",
        "`step_size_up` is the way from `base_lr` to `max_lr`. The way back down is as "
        "long if you don't say otherwise.",
    ),
    solution=step_size_up,
    cases=((10, 50), (2, 1), (4, 25), (5, 20), (6, 391), (3, 2), (1, 8)),
    mistakes=(
        Mistake(
            lambda epochs, batches: epochs * batches,
            "That is the whole cycle: your rate is at the top when it should be back "
            "at the bottom.",
        ),
        Mistake(
            lambda epochs, batches: epochs,
            "Those are the epochs of a whole cycle. The scheduler is called after each "
            "batch, and knows no epochs.",
        ),
        Mistake(
            lambda epochs, batches: epochs / 2,
            "Half a cycle, yes, but in epochs: called after each batch, your rate "
            "rushes up and down in every epoch.",
        ),
        Mistake(
            lambda epochs, batches: epochs // 2,
            "Half a cycle in epochs, rounded down. The scheduler is called after each "
            "batch.",
        ),
        Mistake(
            lambda epochs, batches: batches,
            "You go up in one epoch, whatever the period is.",
        ),
        Mistake(
            lambda epochs, batches: batches / 2,
            "Your cycle is one epoch long.",
        ),
        Mistake(
            lambda epochs, batches: 2 * epochs * batches,
            "Your cycle is four times too long: halve where you have doubled.",
        ),
        Mistake(
            lambda epochs, batches: epochs * batches / 4,
            "Your cycle is half as long as asked for.",
        ),
        Mistake(
            lambda epochs, batches: epochs * batches / 2 - 1,
            "One call too few: the cycle ends two calls early.",
        ),
        Mistake(
            lambda epochs, batches: epochs * batches / 2 + 1,
            "One call too many: the cycle ends two calls late.",
        ),
        Mistake(
            lambda epochs, batches: 2000,
            "2000 is what torch takes if you say nothing. It can't know your period.",
        ),
        Mistake(
            lambda epochs, batches: epochs // 2 * batches,
            "You round the epochs down before you multiply: with an odd number of them "
            "half an epoch is lost.",
        ),
        Mistake(
            lambda epochs, batches: batches // 2 * epochs,
            "You round the batches down before you multiply: with an odd number of "
            "them the cycle comes out too short.",
        ),
        Mistake(
            lambda epochs, batches: epochs + batches,
            "You add epochs and batches. Every epoch has that many batches.",
        ),
        Mistake(
            lambda epochs, batches: batches // 2,
            "You go up in half an epoch, rounded down. The period is `epochs` long.",
        ),
        Mistake(
            lambda epochs, batches: epochs * batches // 4,
            "Your cycle is half as long as asked for: halve once.",
        ),
        Mistake(
            lambda epochs, batches: 250,
            "250 is right for 10 epochs of 50 batches. Other loops are asked for, too.",
        ),
        Mistake(
            lambda epochs, batches: epochs * 50 // 2,
            "You count 50 batches in every epoch, as in the example.",
        ),
        Mistake(
            lambda epochs, batches: batches * 10 // 2,
            "Your period is always 10 epochs, as in the example.",
        ),
        Mistake(
            lambda epochs, batches: batches * 50 // 2,
            "You multiply the batches by 50, which are batches as well. How many "
            "epochs does a period have?",
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (
    RESTART_LR,
    RESTART_EPOCHS,
    STEP_SIZE_UP,
)
