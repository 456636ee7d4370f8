"""Exercises of lesson 2.1, Why decay, and whose clock."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from lrlib.exercises.engine import Exercise, Mistake

# The loop, repaired ----------------------------------------------------------------


def repaired_loop(lr, epochs, batches):
    import numpy as np
    import torch
    from torch.optim.lr_scheduler import CosineAnnealingLR

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    scheduler = CosineAnnealingLR(optimizer, T_max=epochs)
    used = []  # the optimizer notes the rate of each update
    optimizer.register_step_pre_hook(
        lambda one, *_: used.append(one.param_groups[0]["lr"])
    )
    for _ in range(epochs):
        for _ in range(batches):
            optimizer.step()
        scheduler.step()
    return np.array(used[::batches])


def _wave(lr: Any, calls: Any, T_max: Any) -> Any:
    """The rate of torch's cosine after so many calls, also beyond T_max."""
    return lr * (1 + np.cos(np.pi * calls / T_max)) / 2


def _first_rates(calls: Callable[[Any, int, int], Any], horizon: Any) -> Any:
    """What the loop returns with these calls before each epoch, and this T_max."""

    def answer(lr: float, epochs: int, batches: int) -> Any:
        before = calls(np.arange(epochs), epochs, batches)
        return _wave(lr, before, horizon(epochs, batches))

    return answer


REPAIRED_LOOP = Exercise(
    name="decay/repaired_loop",
    text="""\
### Exercise: repair the loop

`repaired_loop(lr, epochs, batches)` below is document 3's loop without its
model. Its cosine is meant to fall once, from `lr` to 0, over the whole training.
Repair it, and hand back the rate at the start of each epoch.

- **Arguments:** `lr`, a rate above 0; `epochs`, a whole number from 2 on; `batches`,
  the updates of an epoch, a whole number from 1 on. No arrays.
- **Returns:** a one-dimensional NumPy array with `epochs` numbers: the rate that the
  first update of each epoch really used.
- **Boundaries:** the first number is `lr`. None is 0: the cosine reaches 0 when the
  last epoch is over. With one batch in an epoch, nothing was wrong.
- **Units and time:** epochs and updates are counted from 0. Whether the scheduler
  counts the one or the other is yours to choose.

Numbers count as right within a relative 1e-6.""",
    starter="""\
def repaired_loop(lr, epochs, batches):
    import numpy as np
    import torch
    from torch.optim.lr_scheduler import CosineAnnealingLR

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    scheduler = CosineAnnealingLR(optimizer, T_max=epochs)
    used = []  # the optimizer notes the rate of each update
    optimizer.register_step_pre_hook(
        lambda one, *_: used.append(one.param_groups[0]["lr"])
    )
    for _ in range(epochs):
        for _ in range(batches):
            optimizer.step()
            scheduler.step()
    return ...  # of all rates in `used`, the first of each epoch""",
    hints=(
        "How often does this loop call `scheduler.step()` in all? And after how many "
        "calls is the cosine at 0?",
        "The two numbers have to be the same. You can change the one or the other; "
        "if you change both, they differ again.",
        "`used` holds a rate for every update, `batches` of them for each epoch. A "
        "slice with a step picks one out of so many.",
        "On paper, with `lr = 0.1` and 4 epochs of 3 batches, a right loop gives "
        "0.1, 0.0854, 0.05, 0.0146.",
    ),
    solution=repaired_loop,
    cases=((0.1, 4, 3), (1.0, 5, 4), (0.5, 6, 1), (0.01, 3, 8), (2.0, 10, 5)),
    mistakes=(
        Mistake(
            _first_rates(lambda e, epochs, b: e * b, lambda epochs, b: epochs),
            "The loop is as it was: the scheduler is called once a batch and was told "
            "a number of epochs, so the rate falls and climbs again and again.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e * b, lambda epochs, b: b),
            "`T_max` is now the number of batches in one epoch, so there is one half "
            "wave in each epoch: down in the first, up in the second. It should last "
            "for the whole training.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e, lambda epochs, b: b),
            "The scheduler is called once an epoch now, and `T_max` is a number of "
            "batches. One of the two still counts in the other's unit.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e, lambda epochs, b: epochs * b),
            "Both repairs at once: `T_max` counts updates, and the scheduler is called "
            "once an epoch. The rate hardly falls. One repair is enough.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e + 1, lambda epochs, b: epochs),
            "The scheduler is called at the start of an epoch, before the optimizer: "
            "the rate `lr` is never used, and the last epoch trains at 0.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e * b + 1, lambda epochs, b: epochs * b),
            "The scheduler is called before the optimizer in each batch: the first "
            "update should use `lr` itself, and the last one now uses 0.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e * b + 1, lambda epochs, b: epochs),
            "The two lines have changed places, and the order was right. What is wrong "
            "is the number of calls.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e * (b + 1), lambda epochs, b: epochs),
            "The scheduler is called after each batch and again after each epoch, and "
            "`T_max` is a number of epochs. Decide on one place.",
        ),
        Mistake(
            _first_rates(
                lambda e, epochs, b: e * (b + 1), lambda epochs, b: epochs * b
            ),
            "`T_max` is a number of updates now, and one call too many is made in each "
            "epoch: after its last batch the scheduler is called twice.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: 0 * e, lambda epochs, b: 1),
            "The rate never changes: no call of the scheduler comes between the "
            "updates.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e, lambda epochs, b: epochs - 1),
            "Your cosine is at 0 while the last epoch still trains. It should arrive "
            "when that epoch is over.",
        ),
        Mistake(
            _first_rates(
                lambda e, epochs, b: e * b + b - 1, lambda epochs, b: epochs * b
            ),
            "The loop is repaired. What comes back are the rates of the last update of "
            "each epoch; the first is asked for.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: 2 * e, lambda epochs, b: epochs),
            "The scheduler is called twice an epoch: the rate is at 0 halfway and "
            "climbs back.",
        ),
        Mistake(
            _first_rates(lambda e, epochs, b: e * b, lambda epochs, b: epochs * b - 1),
            "`T_max` is one too small: the last update trains at 0. It should count "
            "all calls, that after the last update too.",
        ),
        *(
            Mistake(
                lambda lr, epochs, batches, calls=calls: _wave(
                    lr, calls(epochs, batches), epochs * batches
                ),
                f"One number came back, the rate {which}. Asked for is an array "
                "with a rate for each epoch.",
            )
            for which, calls in (
                ("of the first update", lambda epochs, b: 0),
                ("of the last update", lambda epochs, b: epochs * b - 1),
                ("of the last epoch", lambda epochs, b: epochs * b - b),
                ("that is left after the loop", lambda epochs, b: epochs * b),
            )
        ),
    ),
)


# The rate that is left -------------------------------------------------------------


def rate_after_loop(lr, epochs, batches, T_max, per):
    import math

    calls = epochs * batches if per == "batch" else epochs
    return lr * (1 + math.cos(math.pi * calls / T_max)) / 2


def _calls(epochs: int, batches: int, per: str) -> int:
    return epochs * batches if per == "batch" else epochs


def _left(wave: Callable[..., float]) -> Callable[..., float]:
    """An answer that counts the calls rightly and then does as ``wave`` does."""

    def answer(lr: float, epochs: int, batches: int, T_max: int, per: str) -> float:
        return wave(lr, _calls(epochs, batches, per), T_max)

    return answer


RATE_AFTER_LOOP = Exercise(
    name="decay/rate_after_loop",
    text="""\
### Exercise: the rate that is left

A loop over `epochs` epochs of `batches` batches calls the scheduler
`CosineAnnealingLR(optimizer, T_max)` after each batch or after each epoch. Write
`rate_after_loop(lr, epochs, batches, T_max, per)`: the rate that stands in the
optimizer when the loop is over.

- **Arguments:** `lr`, the rate the optimizer was built with, above 0; `epochs`,
  `batches` and `T_max`, whole numbers from 1 on; `per`, the word `"batch"` or
  `"epoch"`. No arrays.
- **Returns:** one number: the rate after the last call of `scheduler.step()`, which
  the next update would use.
- **Boundaries:** `eta_min` is 0. After `T_max` calls the rate is 0, after twice as
  many it is `lr` again: torch does not stop at `T_max`.
- **Units and time:** `T_max` counts calls of `scheduler.step()`, from 0 calls on,
  where the rate is `lr`.

The number counts as right within a relative 1e-6.""",
    starter='def rate_after_loop(lr, epochs, batches, T_max, per="batch"):\n'
    "    return ...",
    hints=(
        "First the number of calls, then the cosine. The optimizer plays no part.",
        "How many half waves have passed after that many calls? After an even number "
        "the rate is at the top, after an odd number at 0; between them the cosine "
        "itself says.",
        "On paper: `lr = 1`, 3 epochs of 2 batches, `T_max = 4`. Once a batch leaves "
        "0.5, once an epoch leaves 0.146.",
    ),
    solution=rate_after_loop,
    cases=(
        (0.1, 100, 20, 100, "batch"),
        (0.1, 100, 21, 100, "batch"),
        (0.1, 100, 20, 100, "epoch"),
        (0.1, 100, 20, 2000, "batch"),
        (0.5, 10, 3, 40, "batch"),
        (0.5, 10, 4, 40, "epoch"),
        (1.0, 6, 5, 4, "epoch"),
        (1.0, 7, 1, 4, "batch"),
        (2.0, 3, 1, 1, "batch"),
        (2.0, 3, 2, 7, "epoch"),
    ),
    mistakes=(
        Mistake(
            lambda lr, epochs, batches, T_max, per: 0.0,
            "You say 0 for every loop. The cosine is at 0 after `T_max` calls, and "
            "this loop may make more calls, or fewer.",
        ),
        Mistake(
            lambda lr, epochs, batches, T_max, per: lr,
            "You say `lr` for every loop, as if the scheduler were never called.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: _wave(lr, min(calls, T_max), T_max)),
            "Your cosine stops at `T_max` and stays there. The one of torch climbs "
            "back.",
        ),
        Mistake(
            lambda lr, epochs, batches, T_max, per: _wave(lr, epochs * batches, T_max),
            "You count a call for each batch even where the scheduler is called once "
            "an epoch: `per` takes no part.",
        ),
        Mistake(
            lambda lr, epochs, batches, T_max, per: _wave(lr, epochs, T_max),
            "You count a call for each epoch even where the scheduler is called once a "
            "batch: `per` takes no part.",
        ),
        Mistake(
            lambda lr, epochs, batches, T_max, per: _wave(
                lr, epochs if per == "batch" else epochs * batches, T_max
            ),
            "The two words are swapped: once a batch makes more calls than once an "
            "epoch.",
        ),
        Mistake(
            lambda lr, epochs, batches, T_max, per: _wave(
                lr, batches if per == "batch" else epochs, T_max
            ),
            "Once a batch: you count the calls of a single epoch.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: _wave(lr, calls - 1, T_max)),
            "That is the rate which the last update used. The scheduler is called once "
            "more after it.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: _wave(lr, calls + 1, T_max)),
            "You count one call too many. After 0 calls the rate is `lr`.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: _wave(lr, 2 * calls, T_max)),
            "You take `T_max` for the whole period of the cosine, down and up again. "
            "It is half of it: after `T_max` calls the rate is 0.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: 2 * _wave(lr, calls, T_max)),
            "You are twice too high: after 0 calls this would give 2 · `lr`.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: 2 * _wave(lr, calls, T_max) - lr),
            "Your rate becomes negative. The cosine runs from 1 to −1; the rate from "
            "`lr` to 0.",
        ),
        Mistake(
            lambda lr, epochs, batches, T_max, per: (
                lr if per == "batch" and batches % 2 == 0 else 0.0
            ),
            "Even or odd decides only where `T_max` is the number of epochs. Here "
            "`T_max` takes no part.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: _wave(lr, calls % T_max, T_max)),
            "Yours starts again at the top after `T_max` calls. The cosine of torch "
            "climbs back.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: lr * (1 + np.cos(180 * calls / T_max)) / 2),
            "Your angle is in degrees. `cos` takes radians: half a wave is π.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: lr * max(1 - calls / T_max, 0)),
            "Your rate falls along a straight line and stops at 0. This scheduler is a "
            "cosine.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: lr * (1 - calls / T_max)),
            "Your rate falls along a straight line, and below 0. This scheduler is a "
            "cosine.",
        ),
        Mistake(
            _left(lambda lr, calls, T_max: _wave(lr - 0.001, calls, T_max) + 0.001),
            "Your rate has a floor of 0.001. Here `eta_min` is 0.",
        ),
    ),
)


# All groups ------------------------------------------------------------------------


def current_lrs(optimizer):
    import numpy as np

    return np.array([group["lr"] for group in optimizer.param_groups])


class _Optimizer:
    """What an answer needs of an optimizer.

    As an array it is its rates, so that an answer which changes them is found out.
    """

    def __init__(self, *rates: float) -> None:
        self.defaults = {"lr": 0.001}
        self.param_groups = [
            {"params": [], "lr": lr, "initial_lr": 2 * lr + 0.1} for lr in rates
        ]

    def state_dict(self) -> dict[str, Any]:
        groups = [dict(group) for group in self.param_groups]
        return {"state": {}, "param_groups": groups}

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.array([g.get("lr", np.nan) for g in self.param_groups], dtype)

    def __repr__(self) -> str:
        return f"SGD{tuple(group['lr'] for group in self.param_groups)}"


CURRENT_LRS = Exercise(
    name="decay/current_lrs",
    text="""\
### Exercise: which rates act now?

Write `current_lrs(optimizer)`: the rate of each parameter group.

- **Arguments:** `optimizer`, any optimizer of torch. It has `param_groups`, a list of
  dictionaries; the check uses a stand-in with one to three groups.
- **Returns:** a one-dimensional NumPy array (not a list) with one number for each
  group, in their order. The optimizer stays as it was.
- **Boundaries:** one group gives an array of length 1. Equal rates are not merged, and
  a group at rate 0 counts.
- **Units and time:** the rates that the next update would use; no `t` takes part.

Numbers count as right within a relative 1e-6.""",
    starter="def current_lrs(optimizer):\n    return ...",
    hints=(
        "Document 4 reads `optimizer.param_groups[0]`. What stands in `[1]`?",
        "Each group is a dictionary of its own. Go through all of them, and make an "
        "array of what you collect.",
    ),
    solution=current_lrs,
    cases=(
        (_Optimizer(0.01, 0.1),),
        (_Optimizer(0.1),),
        (_Optimizer(0.1, 0.01, 0.05),),
        (_Optimizer(5e-5, 5e-4, 5e-4),),
        (_Optimizer(0.0, 0.1),),
    ),
    mistakes=(
        Mistake(
            lambda optimizer: optimizer.param_groups[0]["lr"],
            "That is the rate of the first group alone. The others may have their own.",
        ),
        Mistake(
            lambda optimizer: np.array([optimizer.param_groups[0]["lr"]]),
            "An array, and only the first group is in it.",
        ),
        Mistake(
            lambda optimizer: optimizer.param_groups[-1]["lr"],
            "That is the rate of the last group alone.",
        ),
        Mistake(
            lambda optimizer: np.full(
                len(optimizer.param_groups), optimizer.param_groups[0]["lr"]
            ),
            "The first group's rate, once for each group. Each group has its own.",
        ),
        Mistake(
            lambda optimizer: optimizer.defaults["lr"],
            "`defaults` is what a new group would get. It does not act on those that "
            "are there.",
        ),
        Mistake(
            lambda optimizer: np.array(
                [g["initial_lr"] for g in optimizer.param_groups]
            ),
            "`initial_lr` is where the scheduler began. It doesn't change when the "
            "rate does.",
        ),
        Mistake(
            lambda optimizer: np.unique([g["lr"] for g in optimizer.param_groups]),
            "Equal rates are merged or sorted here. One number for each group, in "
            "their order.",
        ),
        Mistake(
            lambda optimizer: np.mean([g["lr"] for g in optimizer.param_groups]),
            "That is the mean over the groups, a rate that perhaps none of them has.",
        ),
        Mistake(
            lambda optimizer: np.max([g["lr"] for g in optimizer.param_groups]),
            "That is the highest rate. The others act as well.",
        ),
        Mistake(
            lambda optimizer: np.array(
                list({group["lr"] for group in optimizer.param_groups})
            ),
            "A set merges equal rates and has no order. Two groups at the same rate "
            "are two groups.",
        ),
        Mistake(
            lambda optimizer: np.array(
                sorted(group["lr"] for group in optimizer.param_groups)
            ),
            "You sorted the rates. Then nobody knows which group each belongs to.",
        ),
        Mistake(
            lambda optimizer: np.array(
                [group["lr"] for group in optimizer.param_groups[::-1]]
            ),
            "The rates are in the reverse order of the groups.",
        ),
        Mistake(
            lambda optimizer: np.array(
                [max(group["lr"] for group in optimizer.param_groups)]
            ),
            "An array, and only the highest rate is in it.",
        ),
        Mistake(
            lambda optimizer: np.array([optimizer.defaults["lr"]]),
            "An array with `defaults` in it, which is what a new group would get.",
        ),
        Mistake(
            lambda optimizer: np.full(
                len(optimizer.param_groups), optimizer.defaults["lr"]
            ),
            "`defaults` once for each group: that is what a new group would get.",
        ),
    ),
)


EXERCISES: tuple[Exercise, ...] = (
    REPAIRED_LOOP,
    RATE_AFTER_LOOP,
    CURRENT_LRS,
)
