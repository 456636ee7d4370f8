"""Exercises of lesson 4.2, ramps and holds"""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# A straight line up ---------------------------------------------------------------


def linear_warmup(t, lr, total_iters, start_factor):
    import numpy as np

    x = np.minimum(t / total_iters, 1)
    return lr * (start_factor + (1 - start_factor) * x)


LINEAR_WARMUP = Exercise(
    name="warmup/linear_warmup",
    text="""\
### Exercise: a straight line up

Write `linear_warmup(t, lr, total_iters, start_factor)`: the learning rate of update
`t` on a straight line from `start_factor` times `lr` up to `lr`, which is then held.

- **Arguments:** `t`, a whole number or an array of them, 0 or larger; `lr`, the rate
  after the warmup, a number above 0; `total_iters`, a whole number of at least 1;
  `start_factor`, a number above 0 and at most 1.
- **Returns:** the rate, a number; for an array, an array of its shape.
- **Boundaries:** `start_factor` times `lr` at `t = 0`; at `t = total_iters` the rate is
  `lr` for the first time (if `start_factor` is below 1), and it stays there.
- **Units and time:** `t` counts updates from 0, `total_iters` counts updates, the rate
  is in the unit of `lr`, and `start_factor` is a pure number.

Numbers count as right within a relative 1e-6.""",
    starter="def linear_warmup(t, lr, total_iters, start_factor):\n    return ...",
    hints=(
        "Which share of the way from the first rate to the last has update `t` gone? "
        "Write it down for `total_iters = 4` and `t` from 0 to 6.",
        "The share is never above 1. NumPy has a minimum that takes arrays as well.",
        "The way itself is `lr` minus the first rate. By hand: with `lr = 1`, "
        "`total_iters = 4` and `start_factor = 0.2` the rates are 0.2, 0.4, 0.6, 0.8, "
        "1, 1, 1.",
    ),
    solution=linear_warmup,
    cases=(
        *((t, 0.1, 8, 0.5) for t in (0, 1, 7, 8, 9, 30)),
        *((t, 1.0, 4, 0.2) for t in (0, 1, 2, 3, 4, 6)),
        *((t, 3e-4, 10, 1 / 11) for t in (0, 3, 10, 11)),
        (0, 2.0, 1, 0.25),
        (1, 2.0, 1, 0.25),
        (3, 0.4, 5, 1.0),
        (np.arange(7), 1.0, 4, 0.2),
        (np.arange(12).reshape(3, 4), 0.05, 6, 0.3),
        (np.array([0, 999, 1000, 1001]), 0.02, 1000, 0.001),
    ),
    mistakes=(
        Mistake(
            lambda t, lr, total_iters, start_factor: (
                lr
                * (
                    start_factor
                    + (1 - start_factor)
                    * np.minimum((np.asarray(t) + 1) / (total_iters + 1), 1)
                )
            ),
            "You count `(t + 1) / (total_iters + 1)` and add a start as well: your "
            "update 0 is above `start_factor * lr` already.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * (s + (1 - s) * t / W),
            "Your line never stops: after `total_iters` the rate goes on rising above "
            "`lr`.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * np.minimum(t / W, 1),
            "Your line starts at 0: update 0 would change nothing. `start_factor` "
            "takes no part.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * t / W,
            "Your line starts at 0 and never stops. `start_factor` takes no part, and "
            "nothing holds the rate at `lr`.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * np.minimum((t + 1) / W, 1),
            "You count `(t + 1) / total_iters`, which is at `lr` one update early. And "
            "`start_factor` takes no part.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * np.minimum((t + 1) / (W + 1), 1),
            "That is the even ramp of this lesson, which starts at "
            "`1 / (total_iters + 1)`. Here the start is an argument.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * (s + (1 - s) * np.minimum((t + 1) / W, 1)),
            "You are one update ahead: update 0 has already left `start_factor`, and "
            "update `total_iters - 1` is at `lr`.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * (s + (1 - s) * np.minimum(t / (W + 1), 1)),
            "You reach `lr` one update late, at `total_iters + 1`.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * (s + (1 - s) * np.minimum(t / (W - 1), 1)),
            "You reach `lr` one update early, at `total_iters - 1`: from update 0 to "
            "update `total_iters` there are `total_iters` steps of the line.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * (s + (1 - s) * np.minimum(t / max(W - 1, 1), 1)),
            "From two updates of warmup on you are at `lr` one update early. Count the "
            "steps of the line from update 0 to update `total_iters`.",
        ),
        Mistake(
            lambda t, lr, W, s: np.linspace(lr * s, lr, W)[np.minimum(t, W - 1)],
            "You have `total_iters` rates with both ends among them, so `lr` comes one "
            "update early. The line has one point more.",
        ),
        Mistake(
            lambda t, lr, W, s: (
                lr * (s + (1 - s) * np.minimum(np.maximum(t - 1, 0) / W, 1))
            ),
            "Your line begins one update late: updates 0 and 1 have the same rate.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * (s + np.minimum(t / W, 1)),
            "Your line ends above `lr`: the start is added, but the way that is left "
            "is shorter by as much.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * np.minimum(s + t / W, 1),
            "Your line is too steep and reaches `lr` before `total_iters`: it goes "
            "from the start with the slope of a line from 0.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * np.maximum(s, np.minimum(t / W, 1)),
            "Yours waits at the start until a line from 0 overtakes it. The line has "
            "to leave the start at once.",
        ),
        Mistake(
            lambda t, lr, W, s: s + (lr - s) * np.minimum(t / W, 1),
            "You take `start_factor` for a rate. It is a share of `lr`.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * s ** (1 - np.minimum(t / W, 1)),
            "Yours multiplies by the same factor at each update: that is the geometric "
            "warmup. A line adds the same amount.",
        ),
        Mistake(
            lambda t, lr, W, s: np.where(t < W, lr * s, lr),
            "Yours holds the start and then jumps: that is `ConstantLR`. A share "
            "computed with `//` does it, too.",
        ),
        Mistake(
            lambda t, lr, W, s: np.where(t == 0, lr * s, lr * np.minimum(t / W, 1)),
            "Only update 0 gets the start in your answer; after it comes a line from "
            "0. `start_factor` has to set the whole line.",
        ),
        Mistake(
            lambda t, lr, W, s: s + (1 - s) * np.minimum(t / W, 1),
            "That is the factor. `lr` hasn't multiplied it yet.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * (1 - (1 - s) * np.minimum(t / W, 1)),
            "Your line falls, from `lr` to the start: the two ends have changed "
            "places.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * s * np.minimum(t / W, 1),
            "Yours starts at 0 and ends at the first rate. It has to start there and "
            "end at `lr`.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * (s + (1 - s) * (t % W) / W),
            "Your line jumps back to the start at each multiple of `total_iters`. "
            "After the warmup the rate is held.",
        ),
        Mistake(
            lambda t, lr, W, s: lr * (s + (1 - s) * np.maximum(t / W, 1)),
            "You took the larger of the share and 1: the rate is `lr` from the start "
            "and rises after the warmup. The share has to be cut off at 1.",
        ),
        Mistake(
            lambda t, lr, W, s: np.where(
                t < W, lr * (s + (1 - s) * t / W), lr * (s + (1 - s) * (W - 1) / W)
            ),
            "You hold the last rate of the warmup, that of update `total_iters - 1`. "
            "What is held is `lr`.",
        ),
        *(
            Mistake(
                lambda t, lr, W, s, digits=digits: np.round(
                    linear_warmup(t, lr, W, s), digits
                ),
                f"You round to {digits} decimals. The first rates are often smaller "
                "than that.",
            )
            for digits in (4, 5, 6)
        ),
        *(
            Mistake(
                lambda t, lr, W, s, last=last, share=share: np.where(
                    t < W + last, linear_warmup(t, lr, W, s), lr * s * share
                ),
                f"{when} `total_iters` your rate falls back to {place}. What is held "
                "is `lr`.",
            )
            for last, when in ((0, "At"), (1, "After"))
            for share, place in ((1, "the start"), (0, "0"))
        ),
        *(
            Mistake(
                lambda t, lr, W, s, fixed=fixed: linear_warmup(t, lr, W, fixed),
                f"Your line starts at {name} of `lr` for every `start_factor`.",
            )
            for fixed, name in ((1 / 3, "a third"), (0.1, "a tenth"))
        ),
        Mistake(
            lambda t, lr, W, s: lr * (s + (1 - s) * np.minimum(t / W, 1) ** 2),
            "Your line is bent: you took the square of the share. A straight line "
            "rises by the same amount at each update.",
        ),
    ),
)


# A hold ---------------------------------------------------------------------------


def constant_lr(t, lr, factor, total_iters):
    return lr * factor if t < total_iters else lr


CONSTANT_LR = Exercise(
    name="warmup/constant_lr",
    text="""\
### Exercise: a hold

An optimizer is built with the rate `lr`, then `ConstantLR(optimizer, factor,
total_iters)`, and `scheduler.step()` is called after each update. Write
`constant_lr(t, lr, factor, total_iters)`, the rate that update `t` is made with. Work
out the updates 0, 7 and 8 for `lr = 0.1`, `factor = 0.5`, `total_iters = 8` first.

- **Arguments:** `t`, one whole number, 0 or larger, no array; `lr`, a number above 0;
  `factor`, a number above 0 and at most 1; `total_iters`, a whole number of at least 1.
- **Returns:** the rate, one number.
- **Boundaries:** `total_iters` updates are held, and update 0 is one of them. From then
  on the factor is undone.
- **Units and time:** `t` counts updates from 0, `total_iters` counts updates, and the
  rate is in the unit of `lr`.

The number counts as right within a relative 1e-6.""",
    starter="def constant_lr(t, lr, factor, total_iters):\n    return ...",
    hints=(
        "Is the `lr` of the optimizer the rate during the hold, or after it?",
        "Which numbers have the first and the last of eight updates, if you count from "
        "0?",
        "By hand: with `lr = 0.1`, `factor = 0.5` and `total_iters = 8` updates 0 and "
        "7 have the rate 0.05, and update 8 has 0.1.",
    ),
    solution=constant_lr,
    cases=(
        *((t, 0.1, 0.5, 8) for t in (0, 1, 7, 8, 9, 30)),
        *((t, 2.0, 0.3, 5) for t in (0, 2, 3, 4, 5, 11)),
        (0, 3e-4, 0.1, 1),
        (1, 3e-4, 0.1, 1),
        (1, 3e-4, 1 / 7, 5),
        (3, 0.4, 1.0, 5),
        (999, 0.02, 0.001, 1000),
        (1000, 0.02, 0.001, 1000),
    ),
    mistakes=(
        Mistake(
            lambda t, lr, f, W: lr if t < W else lr * f,
            "Yours is a stair down: the full rate first, the lower one after "
            "`total_iters` updates. A warmup holds the low rate first.",
        ),
        Mistake(
            lambda t, lr, f, W: lr if t <= W else lr * f,
            "Yours is a stair down, and it falls one update late, too. A warmup holds "
            "the low rate first.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * f if t <= W else lr,
            "You hold one update too long: counted from 0, the last of `total_iters` "
            "updates is not number `total_iters`.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * f if t < W - 1 else lr,
            "You release one update too early: count the updates that you have held.",
        ),
        Mistake(
            lambda t, lr, f, W: lr if t < W else lr / f,
            "You take `lr` for the rate that is held. The factor lowers it at once, "
            "and the release undoes that.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * f if t < W else lr / f,
            "The release leads back to the rate that the optimizer was built with, and "
            "not beyond it.",
        ),
        Mistake(
            lambda t, lr, f, W: lr / f if t < W else lr,
            "You divide by the factor, so your hold is above `lr`.",
        ),
        Mistake(
            lambda t, lr, f, W: f if t < W else 1.0,
            "These are the factors. They multiply `lr`.",
        ),
        Mistake(
            lambda t, lr, f, W: f if t < W else lr,
            "You hold `factor` itself. It is no rate: it multiplies `lr`.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * (f + (1 - f) * min(t / W, 1)),
            "That is the straight line of `LinearLR`. `ConstantLR` knows two rates.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * f**t,
            "You multiply by the factor at every update, as `ExponentialLR` does. Here "
            "it acts once, and is undone once.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * f ** (t + 1) if t < W else lr,
            "Your rate falls during the hold: the factor acts again at every update. "
            "It acts once.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * f if t < W else lr * f * f,
            "You apply the factor a second time where the hold ends. There it is "
            "undone.",
        ),
        Mistake(
            lambda t, lr, f, W: lr,
            "Your factor never acts. Update 0 has it already: the scheduler sets the "
            "rate when it is made.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * f,
            "Your hold never ends: `total_iters` takes no part.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * f if 0 < t < W else lr,
            "Update 0 is in the hold, too: the scheduler lowers the rate when it is "
            "made, before the first update.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * f if 0 < t <= W else lr,
            "You count the held updates from 1: update 0 is one of them, and update "
            "`total_iters` is not.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * f if t == 0 else lr,
            "Only update 0 is held in your answer.",
        ),
        Mistake(
            lambda t, lr, f, W: lr if t == W else lr * f,
            "Only update `total_iters` gets the full rate, and the next falls back. "
            "The release is for good.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * (1 - f) if t < W else lr,
            "You take `factor` for the share that is lost. It is the share of `lr` "
            "that is held.",
        ),
        Mistake(
            lambda t, lr, f, W: 0.0 if t < W else lr,
            "Your hold is at 0, where nothing is learned. It is at a share of `lr`.",
        ),
        Mistake(
            lambda t, lr, f, W: lr + lr * f if t < W else lr,
            "You add the held rate to `lr`. The factor multiplies, and the hold is "
            "below `lr`.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * f if t < W else lr + lr * f,
            "After your hold the rate is above `lr`: you add to it there. The release "
            "leads to `lr` itself.",
        ),
        Mistake(
            lambda t, lr, f, W: lr - f if t < W else lr,
            "You subtract the factor. It multiplies `lr`.",
        ),
        Mistake(
            lambda t, lr, f, W: lr * f if t < W else 2 * lr * f,
            "You double the held rate, which leads back to `lr` only from a factor of "
            "one half.",
        ),
        Mistake(
            lambda t, lr, f, W: lr if t // W % 2 else lr * f,
            "Your hold comes back every `2 * total_iters` updates. The release is not "
            "undone.",
        ),
        *(
            Mistake(
                lambda t, lr, f, W, digits=digits: round(
                    constant_lr(t, lr, f, W), digits
                ),
                f"You round to {digits} decimals. A held rate is often smaller than "
                "that.",
            )
            for digits in (4, 5, 6)
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (LINEAR_WARMUP, CONSTANT_LR)
