"""Learners' answers to lesson 2.1, Why decay, and whose clock."""

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch


def loop_by_updates(lr: Any, epochs: Any, batches: Any) -> Any:
    found = []
    for t in range(epochs * batches):
        if t % batches == 0:
            found.append(lr / 2 + lr / 2 * np.cos(t * np.pi / (epochs * batches)))
    return np.array(found)


def loop_of_updates(lr: Any, epochs: Any, batches: Any) -> Any:
    return loop_by_updates(lr, epochs * batches, 1)


def torch_loop(
    horizon: Callable[[int, int], int],
    *,
    before: int = 0,
    first: int = 0,
    batch: int = 0,
    after: int = 0,
    picked: int = 0,
) -> Callable[..., Any]:
    """A loop of torch with calls of the scheduler at these four places."""

    def answer(lr: float, epochs: int, batches: int) -> Any:
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
        scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(
            optimizer, horizon(epochs, batches)
        )
        used = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of a call before its turn
            for _ in range(epochs):
                for _ in range(before):
                    scheduler.step()
                rates = []
                for _ in range(batches):
                    for _ in range(first):
                        scheduler.step()
                    rates.append(optimizer.param_groups[0]["lr"])
                    optimizer.step()
                    for _ in range(batch):
                        scheduler.step()
                used.append(rates[picked])
                for _ in range(after):
                    scheduler.step()
        return np.asarray(used)

    return answer


def in_epochs(epochs: int, batches: int) -> int:
    return epochs


def in_batches(epochs: int, batches: int) -> int:
    return batches


def in_updates(epochs: int, batches: int) -> int:
    return epochs * batches


def left_by_torch(
    lr: float,
    epochs: int,
    batches: int,
    T_max: int,
    per: str,
) -> float:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max)
    for _ in range(epochs):
        for _ in range(batches):
            optimizer.step()
            if per == "batch":
                scheduler.step()
        if per == "epoch":
            scheduler.step()
    return float(optimizer.param_groups[0]["lr"])


def left_after(count: Callable[[int, int, str], float]) -> Callable[..., float]:
    """Someone who writes the cosine as a square, after so many calls."""

    def answer(lr: float, epochs: int, batches: int, T_max: int, per: str) -> float:
        return float(lr * np.cos(np.pi / 2 * count(epochs, batches, per) / T_max) ** 2)

    return answer


def calls_made(epochs: int, batches: int, per: str) -> int:
    return {"batch": batches, "epoch": 1}[per] * epochs


def left_and_held(
    lr: float,
    epochs: int,
    batches: int,
    T_max: int,
    per: str,
) -> float:
    passed = calls_made(epochs, batches, per)
    return 0.0 if passed >= T_max else lr * np.cos(np.pi / 2 * passed / T_max) ** 2


def left_by_parity(
    lr: float,
    epochs: int,
    batches: int,
    T_max: int,
    per: str,
) -> float:
    if per == "epoch" or batches % 2:
        return 0.0
    return lr


def lrs_in_a_loop(optimizer: Any) -> Any:
    found = np.zeros(len(optimizer.param_groups))
    for i, group in enumerate(optimizer.param_groups):
        found[i] = group["lr"]
    return found


def lrs_sorted(optimizer: Any) -> Any:
    return np.array(sorted({group["lr"] for group in optimizer.param_groups}))


def lrs_on_average(optimizer: Any) -> float:
    total = 0.0
    for group in optimizer.param_groups:
        total += group["lr"]
    return total / len(optimizer.param_groups)


RIGHT: dict[str, list[Any]] = {
    "decay/repaired_loop": [
        loop_by_updates,
        torch_loop(in_epochs, after=1),
        torch_loop(in_updates, batch=1),
    ],
    "decay/rate_after_loop": [left_by_torch, left_after(calls_made)],
    "decay/current_lrs": [
        lrs_in_a_loop,
        lambda optimizer: np.fromiter((g["lr"] for g in optimizer.param_groups), float),
        lambda optimizer: np.array(
            [group["lr"] for group in optimizer.state_dict()["param_groups"]]
        ),
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    *[
        ("decay/repaired_loop", answer, words)
        for answer, words in [
            (torch_loop(in_epochs, batch=1), "The loop is as it was"),
            (torch_loop(in_batches, batch=1), "one half wave in each epoch"),
            (torch_loop(in_batches, after=1), "still counts in the other's unit"),
            (torch_loop(in_updates, after=1), "Both repairs at once"),
            (torch_loop(in_epochs, before=1), "at the start of an epoch"),
            (torch_loop(in_updates, first=1), "before the optimizer in each batch"),
            (torch_loop(in_epochs, first=1), "and the order was right"),
            (torch_loop(in_epochs, batch=1, after=1), "Decide on one place"),
            (torch_loop(in_updates, batch=1, after=1), "one call too many is made"),
            (torch_loop(in_epochs), "no call of the scheduler comes between"),
            (
                torch_loop(lambda e, b: e - 1, after=1),
                "while the last epoch still trains",
            ),
            (torch_loop(in_updates, batch=1, picked=-1), "The loop is repaired."),
            (torch_loop(in_epochs, after=2), "is called twice an epoch"),
            (torch_loop(lambda e, b: e * b - 1, batch=1), "`T_max` is one too small"),
            (lambda lr, *_: lr, "the rate of the first update. Asked for is an array"),
            (
                lambda *given: loop_of_updates(*given)[-1],
                "the rate of the last update. Asked for is an array",
            ),
            (
                lambda *given: loop_by_updates(*given)[-1],
                "the rate of the last epoch. Asked for is an array",
            ),
            (lambda *given: 0.0, "the rate that is left after the loop"),
            # Beyond the known mistakes:
            (torch_loop(lambda e, b: 2 * e, after=1), "with another value"),
            (
                lambda lr, epochs, batches: np.full(epochs * batches, lr),
                "an array of the shape (12,) instead of (4,)",
            ),
        ]
    ],
    *[
        ("decay/rate_after_loop", answer, words)
        for answer, words in [
            (lambda lr, epochs, batches, T_max, per: 0, "You say 0 for every loop"),
            (lambda *given: given[0], "You say `lr` for every loop"),
            (left_and_held, "stops at `T_max` and stays there"),
            (
                left_after(lambda e, b, per: e * b),
                "even where the scheduler is called once an",
            ),
            (
                left_after(lambda e, b, per: e),
                "even where the scheduler is called once a b",
            ),
            (
                left_after(lambda e, b, per: e if per == "batch" else b * e),
                "The two words are swapped",
            ),
            (
                left_after(lambda e, b, per: b if per == "batch" else e),
                "of a single epoch",
            ),
            (left_after(lambda *n: calls_made(*n) - 1), "which the last update used"),
            (left_after(lambda *n: calls_made(*n) + 1), "one call too many. After 0"),
            (left_after(lambda *n: 2 * calls_made(*n)), "for the whole period"),
            (lambda *given: 2 * left_by_torch(*given), "You are twice too high"),
            (
                lambda lr, e, b, T_max, per: (
                    lr * np.cos(np.pi * calls_made(e, b, per) / T_max)
                ),
                "Your rate becomes negative",
            ),
            (left_by_parity, "Even or odd decides only where"),
            (
                lambda lr, e, b, T, per: (
                    lr * np.cos(np.pi / 2 * (calls_made(e, b, per) % T) / T) ** 2
                ),
                "starts again at the top",
            ),
            (
                lambda lr, e, b, T, per: (
                    lr / 2 + lr / 2 * math.cos(calls_made(e, b, per) * 180 / T)
                ),
                "Your angle is in degrees",
            ),
            (
                lambda lr, e, b, T, per: lr - lr * min(calls_made(e, b, per) / T, 1),
                "a straight line and stops at 0",
            ),
            (
                lambda lr, e, b, T, per: lr - lr * calls_made(e, b, per) / T,
                "a straight line, and below 0",
            ),
            (
                lambda lr, *rest: 1e-3 + left_by_torch(lr - 1e-3, *rest),
                "has a floor of 0.001",
            ),
            # Beyond the known mistakes:
            (lambda *given: [left_by_torch(*given)], "instead of a number"),
            (left_after(lambda e, b, per: e + b), "`per` takes no part there"),
        ]
    ],
    *[
        ("decay/current_lrs", answer, words)
        for answer, words in [
            (
                lambda optimizer: optimizer.param_groups[0].get("lr"),
                "the first group alone",
            ),
            (
                lambda optimizer: np.ones(1) * optimizer.param_groups[0]["lr"],
                "only the first group is in it",
            ),
            (
                lambda optimizer: optimizer.param_groups[::-1][0]["lr"],
                "the last group alone",
            ),
            (
                lambda o: np.array([o.param_groups[0]["lr"] for _ in o.param_groups]),
                "The first group's rate, once",
            ),
            (lambda optimizer: optimizer.defaults["lr"], "`defaults` is what a new"),
            (
                lambda o: np.fromiter((g["initial_lr"] for g in o.param_groups), float),
                "where the scheduler began",
            ),
            (lrs_sorted, "merged or sorted"),
            (lrs_on_average, "the mean over the groups"),
            (
                lambda o: max(g["lr"] for g in o.param_groups),
                "That is the highest rate",
            ),
            (
                lambda o: np.array([*{g["lr"] for g in o.param_groups}]),
                "A set merges equal rates",
            ),
            (
                lambda o: np.sort([g["lr"] for g in o.param_groups]),
                "You sorted the rates",
            ),
            (lambda o: lrs_in_a_loop(o)[::-1], "in the reverse order of the groups"),
            (
                lambda o: np.max(lrs_in_a_loop(o), keepdims=True),
                "only the highest rate",
            ),
            (lambda o: np.array([o.defaults["lr"]]), "An array with `defaults` in it"),
            (
                lambda o: np.ones(len(o.param_groups)) * o.defaults["lr"],
                "`defaults` once for each group",
            ),
            # Beyond the known mistakes:
            (
                lambda o: [g["lr"] for g in o.param_groups],
                "a `list` instead of an array",
            ),
            (
                lambda o: np.array([g.pop("lr") for g in o.param_groups]),
                "changed its argument",
            ),
            (lambda o: lrs_in_a_loop(o) / 2, "with another value"),
        ]
    ],
]
