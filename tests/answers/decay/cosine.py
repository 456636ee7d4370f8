"""Learners' answers to lesson 2.4, Cosine."""

import math
from typing import Any

import numpy as np
import torch


def cosine_by_branch(t: Any, T: int, lo: float, hi: float) -> Any:
    wave = hi / 2 + lo / 2 + (hi - lo) / 2 * np.cos(t * np.pi / T)
    return np.where(np.asarray(t) > T, lo, wave)[()]


def cosine_by_element(t: Any, T: int, lo: float, hi: float) -> Any:
    if np.ndim(t):
        return np.array([cosine_by_element(one, T, lo, hi) for one in t])
    return lo if t >= T else lo + (hi - lo) * math.cos(math.pi * t / T / 2) ** 2


def cosine_from_torch(t: Any, T: int, lo: float, hi: float) -> Any:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], hi)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T, lo)
    rates = [hi]
    for _ in range(T):
        optimizer.step()
        scheduler.step()
        rates.append(optimizer.param_groups[0]["lr"])
    return np.array(rates)[np.clip(t, 0, T)]


def cosine_scaled(
    t: Any, T: int, lo: float, hi: float, angle: float, top: float
) -> Any:
    """Half the height times ``top``, with the cosine at ``angle`` at the end."""
    wave = np.cos(angle * np.clip(t, None, T) / T)
    return lo + top * (hi - lo) * (wave + 1) / 2


def cosine_calls(epochs: int, batches: int, per: str) -> int:
    calls = 0
    for _ in range(epochs):
        calls += batches if per == "batch" else 1
    return calls


RIGHT: dict[str, list[Any]] = {
    "decay/cosine_lr": [cosine_by_branch, cosine_by_element, cosine_from_torch],
    "decay/t_max": [cosine_calls, lambda e, b, p: e * {"epoch": 1, "batch": b}[p]],
    "decay/rate_past_the_end": [
        0.05,
        1 / 20,
        np.float32(0.05),
        np.array(0.05),
        torch.tensor(0.05, dtype=torch.float64),
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    (
        "decay/cosine_lr",
        lambda t, n, a, b: b * (1 + np.cos(t * np.pi / (2 * n))),
        "with no end",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: cosine_by_branch(t, n - 1 if n > 1 else 1, a, b),
        "one update too short",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: cosine_by_branch(t, n + 1, a, b),
        "one update too long",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: cosine_by_branch(t, n, a, b) * (np.asarray(t) <= n),
        "and 0 after it",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: (
            a
            + (b - a) * (1 + np.cos(np.minimum(t / (n // 2 or 0.5), 2) * np.pi / 2)) / 2
        ),
        "another value",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: cosine_scaled(t, n, a, b, np.pi, 2),
        "twice the height above `lo`",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: a + (b - a) * (np.cos(np.pi * t / n) + 1),
        "starts too high; and after `T` it climbs",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: b + b * np.cos(np.pi * np.minimum(t, n) / (2 * n)),
        "starts at twice `hi` and ends",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: a + (b - a) * np.cos(np.minimum(t, n) / n * np.pi),
        "even below 0",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: cosine_scaled(t, n, a, b, np.pi / 2, 1),
        "only half way down",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: a + (b - a) / 2 * (1 + np.cos(np.pi * t / (2 * n))),
        "reaches `lo` at `2T`, and then turns round",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: cosine_scaled(t, n, a, b, 2 * np.pi, 1),
        "where half of it is asked for",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: a + (b - a) / 2 * (1 + np.cos(2 * np.pi * t / n)),
        "whole waves, one after the other",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: cosine_scaled(t, n, a, b, 180, 1),
        "the angle is in degrees",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: cosine_scaled(t, n, a, b, np.deg2rad(np.pi), 1),
        "was in radians already",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: cosine_scaled(t, n, 0, b, np.pi, 1),
        "the floor takes no part",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: 0.5 * b * (1 + np.cos(t / n * np.pi)),
        "falls to 0 whatever `lo` is, and after `T`",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: a + cosine_scaled(t, n, 0, b, np.pi, 1),
        "starts above `hi`",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: np.clip(cosine_scaled(t, n, 0, b, np.pi, 1), a, b),
        "stretch it, don't cut it",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: a + (b - a) * np.cos(np.pi * t / n / 2) ** 2,
        "climbs back to `hi`, as torch's does",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: cosine_scaled(np.mod(t, n), n, a, b, np.pi, 1),
        "a restart, and `lo` is never",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: (
            cosine_scaled(t, n, a, b, np.pi, 1) + (b - a) * (np.asarray(t) >= n)
        ),
        "the wrong one of the two is held",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: cosine_scaled(t, n, b, a, np.pi, 1),
        "the wave is upside down",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: np.interp(t, [0, n], [b, a]),
        "a straight line",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: a + (b - a) * np.sin(np.pi / 2 * (1 - np.minimum(t, n) / n)),
        "a quarter of a wave",
    ),
    (
        "decay/cosine_lr",
        lambda t, n, a, b: cosine_by_branch(np.add(t, 1), n, a, b),
        "one update ahead",
    ),
    (
        "decay/t_max",
        lambda e, b, p: cosine_calls(e, b, p) // 2,
        "Half of the training",
    ),
    ("decay/t_max", lambda e, b, p: cosine_calls(e + e, b, p), "Twice the training"),
    ("decay/t_max", lambda e, b, p: e, "through with its wave long before"),
    ("decay/t_max", lambda e, b, p: b * e, "would hardly have begun"),
    ("decay/t_max", lambda e, b, p: e * b if p == "epoch" else e, "are swapped"),
    ("decay/t_max", lambda e, b, p: {"epoch": e, "batch": b}[p], "one epoch only"),
    ("decay/t_max", lambda e, b, p: cosine_calls(e, b, p) - 1, "One too few"),
    ("decay/t_max", lambda e, b, p: 1 + cosine_calls(e, b, p), "One too many"),
    ("decay/t_max", lambda e, b, p: e + b * (p == "batch"), "you added"),
    ("decay/rate_past_the_end", 1e-3, "where the rate was after 30 calls"),
    ("decay/rate_past_the_end", 0, "No rate of this scheduler is below `eta_min`"),
    ("decay/rate_past_the_end", (0.05 + 0.001) / 2, "half way between the two rates"),
    ("decay/rate_past_the_end", 0.05 / 2, "a wave of another length"),
    (
        "decay/rate_past_the_end",
        0.0255 + 0.0245 * math.cos(59 * math.pi / 30),
        "which epoch 60 was trained at",
    ),
    ("decay/rate_past_the_end", 2 * 0.05, "document 3's formula starts"),
    ("decay/rate_past_the_end", 0.05 - 0.001, "the height of the wave"),
    (
        "decay/rate_past_the_end",
        0.05 + 0.001,
        "above the rate that the optimizer was built",
    ),
    ("decay/rate_past_the_end", 0.05 * 0.001, "isn't a factor of the rate"),
]
