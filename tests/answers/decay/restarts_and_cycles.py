"""Learners' answers to lesson 2.5, Restarts and cycles."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch


def restarts_by_divmod(t: Any, T0: int, shrink: float) -> Any:
    cycle, place = np.divmod(t, T0)
    return np.power(shrink, cycle, dtype=float) * np.cos(np.pi * place / T0 / 2) ** 2


def restarts_by_loop(t: Any, T0: int, shrink: float) -> Any:
    if np.ndim(t):
        return np.vectorize(restarts_by_loop)(t, T0, shrink)
    peak = 1.0
    while t >= T0:
        t, peak = t - T0, peak * shrink
    return peak / 2 + peak / 2 * math.cos(math.pi * t / T0)


def restarts_like(
    peak: Callable[[Any, float], Any], place: Callable[[Any, int], Any]
) -> Callable[..., Any]:
    """Half waves of the cosine over this place in the cycle, from this peak."""

    def rate(t: Any, T0: int, shrink: float) -> Any:
        wave = np.cos(np.pi * place(t, T0) / T0)
        return peak(np.floor_divide(t, T0), shrink) * (0.5 + wave / 2)

    return rate


def restart_late(t: Any, T0: int, shrink: float) -> Any:
    return restarts_by_divmod(np.where(np.asarray(t) > 0, t - 1, 0), T0, shrink)


def restart_stairs(t: Any, T0: int, shrink: float) -> Any:
    return np.exp(np.log(shrink) * np.floor_divide(t, T0))


def restart_clipped(t: Any, T0: int, shrink: float) -> Any:
    wave = np.cos(np.pi * np.asarray(t) / T0)
    return np.where(np.asarray(t) < T0, (1 + wave) / 2, 0.0)[()]


def restarts_by_hand(T0: int, T_mult: int, n: int) -> Any:
    epochs, end, length = [], 0, T0
    for _ in range(n):
        end += length
        epochs.append(end)
        length *= T_mult
    return np.array(epochs)


def restarts_from_torch(T0: int, T_mult: int, n: int) -> Any:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(
        optimizer, T0, T_mult
    )
    found: list[int] = []
    while len(found) < n:
        optimizer.step()
        scheduler.step()
        if optimizer.param_groups[0]["lr"] == 1.0:
            found.append(scheduler.last_epoch)
    return np.array(found)


def restarts_by_quotient(T0: int, T_mult: int, n: int) -> Any:
    return np.array([T0 * (T_mult ** (k + 1) - 1) // (T_mult - 1) for k in range(n)])


def restarts_by_numpy_quotient(divide: Callable[[Any, Any], Any]) -> Any:
    """The sum of a geometric series, which for equal lengths divides by 0."""

    def restarts(T0: int, T_mult: int, n: int) -> Any:
        with np.errstate(divide="ignore", invalid="ignore"):
            return divide(T0 * (np.power(T_mult, range(1, n + 1)) - 1), T_mult - 1)

    return restarts


def restarts_of_lengths(length: Callable[[int, int, int], int]) -> Callable[..., Any]:
    """The ends of cycles, the k-th of which is so long."""

    def restarts(T0: int, T_mult: int, n: int) -> Any:
        return np.array(
            [sum(length(T0, T_mult, j) for j in range(k + 1)) for k in range(n)]
        )

    return restarts


def half_cycle_by_counting(epochs: int, batches: int) -> int:
    calls = sum(1 for _ in range(epochs) for _ in range(batches))
    return round(calls / 2)


RIGHT: dict[str, list[Any]] = {
    "decay/restart_lr": [restarts_by_divmod, restarts_by_loop],
    "decay/restart_epochs": [restarts_by_hand, restarts_from_torch],
    "decay/step_size_up": [
        half_cycle_by_counting,
        lambda epochs, batches: epochs * batches / 2,
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    *[
        ("decay/restart_lr", answer, words)
        for answer, words in [
            (restart_late, "one update late, at `T0 + 1`"),
            (
                lambda t, T0, shrink: restarts_by_divmod(t - 1, T0, shrink),
                "Your `t` counts from 1",
            ),
            (
                lambda t, T0, shrink: restarts_by_divmod(1 + t, T0, shrink),
                "one update early",
            ),
            (
                lambda t, T0, shrink: (
                    np.exp(np.log(shrink) * t / T0)
                    * np.cos(np.pi * np.remainder(t, T0) / T0 / 2) ** 2
                ),
                "acts inside the cycle",
            ),
            (
                lambda t, T0, shrink: (
                    np.exp(np.log(shrink) * t)
                    * np.cos(np.pi * np.remainder(t, T0) / T0 / 2) ** 2
                ),
                "with the number of the update",
            ),
            (restart_stairs, "Those are stairs"),
            (lambda t, T0, shrink: 1.0 * shrink + 0 * t, "one rate for ever"),
            (lambda t, T0, shrink: 1.0 + 0 * t, "the first rate, kept for ever"),
            (restarts_like(lambda cycle, shrink: 1.0, np.remainder), "takes no part"),
            (
                restarts_like(
                    lambda cycle, shrink: shrink ** (cycle > 0), np.remainder
                ),
                "no later one shrinks",
            ),
            (
                restarts_like(
                    lambda cycle, shrink: shrink ** (cycle + 1.0), np.remainder
                ),
                "lowered already",
            ),
            (
                restarts_like(lambda cycle, shrink: 2 * shrink**cycle, np.remainder),
                "twice too high",
            ),
            (
                restarts_like(
                    lambda cycle, shrink: (1 - shrink) ** cycle, np.remainder
                ),
                "the share that a peak loses",
            ),
            (
                restarts_like(
                    lambda cycle, shrink: 1 + cycle * shrink - cycle, np.remainder
                ),
                "by the same amount each time",
            ),
            (
                restarts_like(lambda cycle, shrink: shrink * cycle, np.remainder),
                "the whole first cycle is 0",
            ),
            (
                restarts_like(lambda cycle, shrink: shrink**cycle, lambda t, T0: t),
                "in the second cycle it climbs",
            ),
            (
                restarts_like(
                    lambda cycle, shrink: shrink**cycle,
                    lambda t, T0: 2 * np.remainder(t, T0),
                ),
                "through a whole wave",
            ),
            (
                lambda t, T0, shrink: (
                    restart_stairs(t, T0, shrink) * np.cos(np.pi / 2 / T0 * (t % T0))
                ),
                "a quarter of a wave",
            ),
            (
                lambda t, T0, shrink: (
                    restart_stairs(t, T0, shrink)
                    * np.sin(np.pi / 2 / T0 * (t % T0)) ** 2
                ),
                "start at 0 and climb",
            ),
            (
                lambda t, T0, shrink: (
                    restart_stairs(t, T0, shrink) * (T0 - np.remainder(t, T0)) / T0
                ),
                "along straight lines",
            ),
            (
                lambda t, T0, shrink: (
                    restart_stairs(t, T0, shrink)
                    * (0.5 + np.cos((t % T0) / T0 * 180) / 2)
                ),
                "in degrees",
            ),
            (restart_clipped, "stays at 0"),
            (
                restarts_like(
                    lambda cycle, shrink: shrink**cycle,
                    lambda t, T0: np.remainder(t, T0) * T0 / max(T0 - 1, 1),
                ),
                "reach 0 at their last update",
            ),
            (
                restarts_like(
                    lambda cycle, shrink: shrink**cycle,
                    lambda t, T0: np.remainder(t, T0) / np.pi,
                ),
                "hardly falls",
            ),
            (
                lambda t, T0, shrink: (
                    2 * restarts_by_divmod(t, T0, shrink)
                    - restart_stairs(t, T0, shrink)
                ),
                "go below 0",
            ),
            (
                restarts_like(
                    lambda cycle, shrink: shrink**cycle,
                    lambda t, T0: np.remainder(t, T0) - T0 / 2,
                ),
                "Yours is a sine",
            ),
            (
                lambda t, T0, shrink: (
                    restarts_by_divmod(t, T0, 1.0) * (1 - shrink) + shrink
                ),
                "for the floor to which",
            ),
            (
                lambda t, T0, shrink: np.clip(
                    restarts_by_divmod(t, T0, 1.0), shrink, None
                ),
                "once it is there",
            ),
            (
                lambda t, T0, shrink: restarts_by_divmod(t, T0 + 1, shrink),
                "is number 21",
            ),
            (
                lambda t, T0, shrink: (
                    restart_stairs(t, T0 + 1, shrink)
                    * np.cos(np.pi / 2 / T0 * (t % (T0 + 1))) ** 2
                ),
                "one update too many",
            ),
            (
                lambda t, T0, shrink: (
                    restart_stairs(np.where(np.asarray(t) > 0, t - 1, 0), T0, shrink)
                    * restarts_by_divmod(t, T0, 1.0)
                ),
                "the peak shrinks one update later",
            ),
            (
                restarts_like(
                    lambda cycle, shrink: np.where(cycle == 0, 1.0, cycle * shrink),
                    np.remainder,
                ),
                "Your peaks grow again",
            ),
            (
                restarts_like(lambda cycle, shrink: 0.1 * shrink**cycle, np.remainder),
                "Yours begins at 0.1",
            ),
            # Beyond the known mistakes:
            (
                lambda t, T0, shrink: restarts_by_loop(np.max(t), T0, shrink),
                "an array of the shape ()",
            ),
        ]
    ],
    *[
        ("decay/restart_epochs", answer, words)
        for answer, words in [
            (
                lambda T0, T_mult, n: np.array([T0 * T_mult**k for k in range(n)]),
                "the lengths of the cycles",
            ),
            (lambda T0, T_mult, n: np.arange(T0, (n + 1) * T0, T0), "takes no part"),
            (
                lambda T0, T_mult, n: restarts_by_hand(T0, T_mult, n) - T0,
                "comes `T0` too early",
            ),
            (
                lambda T0, T_mult, n: np.array(
                    [0, *restarts_by_hand(T0, T_mult, n)[:-1]]
                ),
                "the last restart is missing",
            ),
            (
                lambda T0, T_mult, n: np.array([0, *restarts_by_hand(T0, T_mult, n)]),
                "the beginning of the training as well",
            ),
            (
                lambda T0, T_mult, n: restarts_by_hand(T0, T_mult, n + 1),
                "one restart too many",
            ),
            (
                lambda T0, T_mult, n: 1 + restarts_by_hand(T0, T_mult, n),
                "Your epochs count from 1",
            ),
            (
                lambda T0, T_mult, n: restarts_by_hand(T0, T_mult, n) - 1,
                "the last epochs of the cycles",
            ),
            (
                restarts_of_lengths(lambda T0, T_mult, k: T0 * T_mult ** (k + 1)),
                "longer by",
            ),
            (
                lambda T0, T_mult, n: np.array(
                    [T0 * T_mult**k for k in range(1, n + 1)]
                ),
                "multiply the epoch of a restart",
            ),
            (
                restarts_of_lengths(lambda T0, T_mult, k: T0 + k * T_mult),
                "grow by `T_mult` epochs",
            ),
            (
                restarts_of_lengths(lambda T0, T_mult, k: T0 * T_mult * (k + 1)),
                "from a first cycle that is too long",
            ),
            (
                restarts_of_lengths(lambda T0, T_mult, k: T0 + k * (T_mult - 1) * T0),
                "They are to grow by a factor",
            ),
            (
                restarts_of_lengths(lambda T0, T_mult, k: T0 * 2**k),
                "You double the cycles",
            ),
            (
                restarts_of_lengths(lambda T0, T_mult, k: T0 ** (T_mult**k)),
                "to a power",
            ),
            (
                restarts_of_lengths(lambda T0, T_mult, k: T0 * T_mult if k else T0),
                "all later ones are as long as it",
            ),
            (
                lambda T0, T_mult, n: int(restarts_by_hand(T0, T_mult, n)[-1]),
                "the last restart alone",
            ),
            (
                lambda T0, T_mult, n: restarts_by_hand(T0, T_mult, n)[0],
                "the first restart alone",
            ),
            (restarts_by_quotient, "divides by `T_mult - 1`, which is 0"),
            (restarts_by_numpy_quotient(np.divide), "hence the NaN"),
            (restarts_by_numpy_quotient(np.floor_divide), "your epochs are 0"),
            # Beyond the known mistakes:
            (
                lambda T0, T_mult, n: list(restarts_by_hand(T0, T_mult, n)),
                "a `list` instead of an array",
            ),
        ]
    ],
    *[
        ("decay/step_size_up", answer, words)
        for answer, words in [
            (lambda epochs, batches: batches * epochs, "That is the whole cycle"),
            (lambda epochs, batches: epochs, "the epochs of a whole cycle"),
            (lambda epochs, batches: 0.5 * epochs, "but in epochs"),
            (lambda epochs, batches: int(epochs / 2), "in epochs, rounded down"),
            (lambda epochs, batches: batches, "You go up in one epoch"),
            (lambda epochs, batches: 0.5 * batches, "Your cycle is one epoch long"),
            (lambda epochs, batches: batches * epochs * 2, "four times too long"),
            (
                lambda epochs, batches: batches / 2 * epochs / 2,
                "half as long as asked for.",
            ),
            (
                lambda *given: half_cycle_by_counting(*given) - 1,
                "One call too few",
            ),
            (
                lambda *given: half_cycle_by_counting(*given) + 1,
                "One call too many",
            ),
            (lambda epochs, batches: 2000, "if you say nothing"),
            (
                lambda epochs, batches: int(epochs / 2) * batches,
                "round the epochs down",
            ),
            (
                lambda epochs, batches: int(batches / 2) * epochs,
                "round the batches down",
            ),
            (lambda epochs, batches: batches + epochs, "You add epochs and batches"),
            (
                lambda epochs, batches: int(batches / 2),
                "in half an epoch, rounded down",
            ),
            (lambda epochs, batches: int(epochs * batches / 4), "halve once"),
            (lambda epochs, batches: 250, "250 is right for"),
            (lambda epochs, batches: 25 * epochs, "50 batches in every epoch"),
            (lambda epochs, batches: 5 * batches, "always 10 epochs"),
            (lambda epochs, batches: 25 * batches, "How many epochs"),
            # Beyond the known mistakes:
            (lambda epochs, batches: epochs * batches // 3, "with another value"),
        ]
    ],
]
