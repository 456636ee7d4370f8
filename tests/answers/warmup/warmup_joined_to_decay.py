"""Answers to the exercises of lesson 4.4, warmup joined to decay"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

from lrlib import decay, warmup
from lrlib.schedules import sequence


def by_element(t: Any, lr: float, w: int, n: int, low: float) -> Any:
    if np.ndim(t):
        return np.array([by_element(one, lr, w, n, low) for one in t])
    if t <= w:
        return lr / (w + 1) * (t + 1)
    if t >= n:
        return low
    return low + (lr - low) * math.cos(math.pi / 2 * (t - w) / (n - w)) ** 2


def by_pieces(t: Any, lr: float, w: int, n: int, low: float) -> Any:
    t = np.asarray(t)
    own = np.minimum(t, n) - w
    fall = (lr + low) / 2 + (lr - low) / 2 * np.cos(own * np.pi / (n - w))
    return np.select([t < w], [lr - lr * (w - t) / (w + 1)], fall)[()]


def by_torch(t: Any, lr: float, w: int, n: int, low: float) -> Any:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    up = LinearLR(optimizer, 1 / (w + 1), total_iters=w) if w else None
    down = CosineAnnealingLR(optimizer, n - w, low)
    # In torch 2.11 a milestone at 0 leaves the first step to the ramp.
    scheduler = SequentialLR(optimizer, [up, down], [w]) if up else down
    rates = []
    for _ in range(n + 1):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return np.array(rates)[np.minimum(t, n)]


def by_lrlib(t: Any, lr: float, w: int, n: int, low: float) -> Any:
    return warmup.cosine_with_warmup(lr, w, n, low)(t)


def branches(
    up: Callable[..., Any], down: Callable[..., Any]
) -> Callable[[Any, float, int, int, float], Any]:
    """An answer by ``if``, element by element: the way up, and the way down."""

    def answer(t: Any, lr: float, w: int, n: int, low: float) -> Any:
        if np.ndim(t):
            return np.array([answer(one, lr, w, n, low) for one in t])
        return up(t, lr, w, low) if t < w else down(t, lr, w, n, low)

    return answer


def right_up(t: int, lr: float, w: int, low: float) -> float:
    return (t + 1) * lr / (1 + w)


def right_down(t: int, lr: float, w: int, n: int, low: float) -> float:
    return decay.cosine(lr, n - w, low)(int(t) - w)


def wave(t: float, length: float, lr: float, low: float) -> float:
    """Half a cosine from ``lr`` to ``low``, held after ``length``."""
    return low + (lr - low) * math.cos(math.pi / 2 * min(t / length, 1)) ** 2


def joined_at(t: Any, lr: float, w: int, n: int, low: float, at: int) -> Any:
    """The two parts with the milestone ``at``, which may be off."""
    fall = decay.cosine(lr, n - at, low) if at < w else decay.cosine(lr, n - w, low)
    if at == 0:
        return fall(t)
    ramp = warmup.linear(lr, max(w, 1), start_factor=1 / (w + 1))
    return sequence([ramp, fall], [at])(t)


def noam_by_element(t: Any, d: int, w: int) -> Any:
    if np.ndim(t):
        return np.array([noam_by_element(one, d, w) for one in t])
    n = int(t) + 1
    return min(1 / math.sqrt(n), n / math.sqrt(w) ** 3) / math.sqrt(d)


def noam_from_peak(t: Any, d: int, w: int) -> Any:
    n = np.asarray(t) + 1
    return (np.where(n < w, n / w, np.sqrt(w / n)) / np.sqrt(d * w))[()]


def noam_lrlib(t: Any, d: int, w: int) -> Any:
    return warmup.inverse_sqrt(d, w)(t)


def terms(t: Any, w: int, first: float = 1.0) -> tuple[Any, Any]:
    n = np.asarray(t) + first
    return 1 / np.sqrt(n), n / w / np.sqrt(w)


RIGHT: dict[str, list[Any]] = {
    "warmup/warmup_cosine": [
        by_element,
        by_pieces,
        by_torch,
        by_lrlib,
        branches(right_up, right_down),
    ],
    "warmup/gradual_peak": [
        0.1,
        1 / 10,
        np.float32(0.1),
        torch.tensor(0.1, dtype=torch.float64),
    ],
    "warmup/noam": [noam_by_element, noam_from_peak, noam_lrlib],
}

WRONG: list[tuple[str, Any, str]] = [
    (
        "warmup/warmup_cosine",
        branches(right_up, lambda t, lr, w, n, low: wave(t - w, n, lr, low)),
        "planned for the whole run",
    ),
    (
        "warmup/warmup_cosine",
        branches(right_up, lambda t, lr, w, n, low: wave(t, n, lr, low)),
        "has been running since update 0",
    ),
    (
        "warmup/warmup_cosine",
        branches(right_up, lambda t, lr, w, n, low: wave(t, n - w, lr, low)),
        "has the right length, but its clock",
    ),
    (
        "warmup/warmup_cosine",
        branches(lambda t, lr, w, low: t / w * lr, right_down),
        "Your first rate is 0",
    ),
    (
        "warmup/warmup_cosine",
        branches(lambda t, lr, w, low: lr * (t / (1 + w)), right_down),
        "one stair too low",
    ),
    (
        "warmup/warmup_cosine",
        branches(lambda t, lr, w, low: (1 + t) / w * lr, right_down),
        "your ramp is there one update before",
    ),
    (
        "warmup/warmup_cosine",
        lambda t, lr, w, n, low: joined_at(t, lr, w, n, low, w + 1),
        "the hand-over is one update late",
    ),
    (
        "warmup/warmup_cosine",
        lambda t, lr, w, n, low: joined_at(t, lr, w, n, low, max(w - 1, 0)),
        "One update of warmup is missing",
    ),
    (
        "warmup/warmup_cosine",
        branches(
            lambda t, lr, w, low: low + (t + 1) / (w + 1) * (lr - low), right_down
        ),
        "starts from `eta_min`",
    ),
    (
        "warmup/warmup_cosine",
        branches(
            right_up,
            lambda t, lr, w, n, low: (
                low + (lr - low) * math.cos(math.pi / 2 * (t - w) / (n - w)) ** 2
            ),
        ),
        "After it your rate climbs again",
    ),
    (
        "warmup/warmup_cosine",
        lambda t, lr, w, n, low: by_pieces(t, lr, w, n, low) * (np.asarray(t) <= n),
        "after it your rate is 0",
    ),
    (
        "warmup/warmup_cosine",
        lambda t, lr, w, n, low: by_pieces(t, lr, w, n, 0),
        "falls to 0 whatever",
    ),
    (
        "warmup/warmup_cosine",
        branches(
            right_up, lambda t, lr, w, n, low: max(wave(t - w, n - w, lr, 0), low)
        ),
        "is cut off at `eta_min`",
    ),
    (
        "warmup/warmup_cosine",
        branches(right_up, lambda t, lr, w, n, low: low + wave(t - w, n - w, lr, 0)),
        "exceeds the peak by `eta_min`",
    ),
    (
        "warmup/warmup_cosine",
        branches(
            right_up,
            lambda t, lr, w, n, low: wave(t - w, max(n - w - 1, 1), lr, low),
        ),
        "at the floor one update early",
    ),
    (
        "warmup/warmup_cosine",
        branches(right_up, lambda t, lr, w, n, low: wave(t - w, n - w + 1, lr, low)),
        "one update too many",
    ),
    (
        "warmup/warmup_cosine",
        branches(
            right_up,
            lambda t, lr, w, n, low: lr - (lr - low) * min((t - w) / (n - w), 1),
        ),
        "is a straight line. Its ends",
    ),
    (
        "warmup/warmup_cosine",
        lambda t, lr, w, n, low: lr / (w + 1) * np.add(t, 1),
        "rises past the peak",
    ),
    (
        "warmup/warmup_cosine",
        lambda t, lr, w, n, low: lr / (w + 1) * np.minimum(np.add(t, 1), w + 1),
        "then stays at the peak",
    ),
    (
        "warmup/warmup_cosine",
        lambda t, lr, w, n, low: (
            np.minimum(np.add(t, 1) / (w + 1), 1) * decay.cosine(lr, n, low)(t)
        ),
        "You multiplied the ramp",
    ),
    (
        "warmup/warmup_cosine",
        lambda t, lr, w, n, low: by_pieces(np.maximum(t, 1) - 1, lr, w, n, low),
        "come one update late: `t` counts",
    ),
    (
        "warmup/warmup_cosine",
        lambda t, lr, w, n, low: by_pieces(np.asarray(t) + 1, lr, w, n, low),
        "come one update early: the first update",
    ),
    (
        "warmup/warmup_cosine",
        lambda t, lr, w, n, low: by_pieces(t, lr, w, n + w, low),
        "planned for the whole run",
    ),
    ("warmup/gradual_peak", 0.002, "where the ramp starts. With"),
    ("warmup/gradual_peak", 50, "A rate of 50?"),
    ("warmup/gradual_peak", 4e-5, "below where the ramp starts"),
    ("warmup/gradual_peak", 0.1 + 0.002, "added the multiplied rate"),
    ("warmup/gradual_peak", 0.098, "how far the ramp climbs, counted"),
    ("warmup/gradual_peak", 0.002 + 0.098 / 8 * 7, "That is epoch 7"),
    ("warmup/gradual_peak", 50**8 / 500, "isn't multiplied by 50 in every"),
    ("warmup/gradual_peak", 0.8, "doesn't raise its top"),
    ("warmup/gradual_peak", 0.016, "You multiplied by the length"),
    ("warmup/gradual_peak", 0.0125, "divided by the number of steps up"),
    ("warmup/gradual_peak", 0.3, "another number"),
    (
        "warmup/noam",
        lambda t, d, w: d**-0.5 * np.minimum(t**-0.5, t / w**1.5),
        "and its rate isn't 0",
    ),
    (
        "warmup/noam",
        lambda t, d, w: (
            np.minimum(*terms(np.maximum(t, 1), w, 0)) / d**0.5 * np.sign(t)
        ),
        "and its rate isn't 0",
    ),
    (
        "warmup/noam",
        lambda t, d, w: np.minimum(*terms(t, w, 2)) / d**0.5,
        "the 1 was added twice",
    ),
    (
        "warmup/noam",
        lambda t, d, w: np.minimum(*terms(np.maximum(t, 1), w, 0)) / d**0.5,
        "Only update 0 has its own rate",
    ),
    (
        "warmup/noam",
        lambda t, d, w: (
            np.minimum((t + 1) ** -0.5, (t + 1) * (w - 1) ** -1.5) / math.sqrt(d)
        ),
        "no 1 is taken off",
    ),
    (
        "warmup/noam",
        lambda t, d, w: np.maximum(*terms(t, w)) / d**0.5,
        "you take the larger one",
    ),
    (
        "warmup/noam",
        lambda t, d, w: terms(t, w)[0] / d**0.5,
        "line of the warmup takes no part",
    ),
    ("warmup/noam", lambda t, d, w: terms(t, w)[1] / d**0.5, "only rises"),
    (
        "warmup/noam",
        lambda t, d, w: np.prod(terms(t, w), axis=0) / d**0.5,
        "You multiplied the two terms",
    ),
    (
        "warmup/noam",
        lambda t, d, w: sum(terms(t, w)) / d**0.5,
        "You added the two terms",
    ),
    (
        "warmup/noam",
        lambda t, d, w: np.minimum(*terms(t, w)) * math.sqrt(d),
        "A wider model gets a larger rate",
    ),
    (
        "warmup/noam",
        lambda t, d, w: np.minimum(*terms(t, w)),
        "takes no part in your rate",
    ),
    (
        "warmup/noam",
        lambda t, d, w: np.minimum(*terms(t, w)) / d,
        "the paper by its square root",
    ),
    (
        "warmup/noam",
        lambda t, d, w: (
            np.minimum((t + 1) ** -0.5, (t + 1) / math.sqrt(w)) / math.sqrt(d)
        ),
        "times too steep",
    ),
    (
        "warmup/noam",
        lambda t, d, w: np.minimum((t + 1) ** -0.5, (t + 1) / w) / math.sqrt(d),
        "and yours meet before",
    ),
    (
        "warmup/noam",
        lambda t, d, w: np.minimum((t + 1) ** -0.5, (t + 1) * w**1.5) / math.sqrt(d),
        "sign of its power is lost",
    ),
    (
        "warmup/noam",
        lambda t, d, w: noam_lrlib(t, d, w + 1),
        "no 1 is added to it",
    ),
    (
        "warmup/noam",
        lambda t, d, w: sequence(
            [
                warmup.linear((d * w) ** -0.5, w, start_factor=1 / (w + 1)),
                decay.inverse_time((d * w) ** -0.5, 1 / w, 0.5),
            ],
            [w],
        )(t),
        "That is this chapter's ramp",
    ),
    (
        "warmup/warmup_cosine",
        lambda t, lr, w, total, low: np.where(
            np.less(t, w),
            lr * (np.asarray(t) + 1) / (w + 1),
            low
            + (lr - low)
            * np.sin(np.pi / 2 * np.clip((total - np.asarray(t)) / (total - w), 0, 1)),
        ),
        "Your tail is a quarter of a cosine",
    ),
    (
        "warmup/noam",
        lambda t, d, w: (
            np.minimum((t + 1) * w**-1.5, np.clip(t, 1, None) ** -0.5) / d**0.5
        ),
        "but your falling term from 0",
    ),
]
