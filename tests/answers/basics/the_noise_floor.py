"""Learners' answers to lesson 1.4, The noise floor."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch


def floor_in_closed_form(rate: float, h: float, sigma: float, size: int) -> float:
    return rate * sigma * sigma / size / h / (2 - rate * h)


def floor_by_waiting(rate: float, h: float, sigma: float, size: int) -> float:
    squared, noise = 0.0, rate**2 * sigma**2 / size
    for _ in range(50_000):
        squared = squared - rate * h * (2 - rate * h) * squared + noise
    return squared


def floor_after(updates: int) -> Callable[[float, float, float, int], float]:
    def answer(rate: float, h: float, sigma: float, size: int) -> float:
        batch_noise, squared = sigma / math.sqrt(size), 0.0
        for _ in range(updates):
            squared = squared * (1 - rate * h) ** 2 + (rate * batch_noise) ** 2
        return squared

    return answer


RIGHT: dict[str, list[Any]] = {
    "basics/noise_floor": [floor_in_closed_form, floor_by_waiting],
    "basics/which_probe": [4, 4.0, np.int64(4), np.array(4), torch.tensor(4)],
}

WRONG: list[tuple[str, Any, str]] = [
    *(
        ("basics/noise_floor", answer, message)
        for answer, message in [
            (lambda a, h, s, n: floor_in_closed_form(a, h, s, 1), "every batch size"),
            (
                lambda a, h, s, n: floor_in_closed_form(a, h, s, 1) / math.sqrt(n),
                "root of the batch size",
            ),
            (
                lambda a, h, s, n: floor_in_closed_form(a, h, s / n, 1),
                "square of the batch size",
            ),
            (
                lambda a, h, s, n: n * floor_in_closed_form(a, h, s, 1),
                "rises with the batch size",
            ),
            (
                lambda a, h, s, n: floor_in_closed_form(a, h, s, n) / s,
                "`sigma` enters as a square",
            ),
            (
                lambda a, h, s, n: a * floor_in_closed_form(a, h, s, n),
                "falls too fast with the rate",
            ),
            (lambda a, h, s, n: a * s * a * s / n, "what one update adds. The noise"),
            (lambda a, h, s, n: a * s * a * s, "adds with a single example"),
            (lambda a, h, s, n: a / n * s**2 / 2, "A steeper parabola pulls harder to"),
            (
                lambda a, h, s, n: floor_in_closed_form(a, 1, s, n),
                "right where `h = 1`",
            ),
            (
                lambda a, h, s, n: h * floor_in_closed_form(a, h, s, n),
                "one factor got lost",
            ),
            (
                lambda a, h, s, n: h * h * floor_in_closed_form(a, h, s, n),
                "as if the walls pushed outwards",
            ),
            (lambda a, h, s, n: a * s**2 / (2 * n * h), "the floor for very small"),
            (
                lambda a, h, s, n: (a * s) ** 2 / n / (1 - (1 - a * h)),
                "by the factor that shrinks `x`",
            ),
            (
                lambda a, h, s, n: (a * s) ** 2 / n / ((1 + a * h) ** 2 - 1),
                "Look at a sign",
            ),
            (
                lambda a, h, s, n: a * s * s / h / n / (2 - a),
                "without end as `lr` comes near 2",
            ),
            (
                lambda a, h, s, n: h / 2 * floor_in_closed_form(a, h, s, n),
                "the floor of the loss",
            ),
            (
                lambda a, h, s, n: math.sqrt(floor_in_closed_form(a, h, s, n)),
                "the width of the cloud",
            ),
            (lambda a, h, s, n: (s / h) ** 2 / n, "the same for every rate"),
            (lambda a, h, s, n: 0, "Without noise it would get there"),
            (floor_after(10), "After 10 updates"),
            (floor_after(100), "After 100 updates"),
            (floor_after(1000), "After 1000 updates"),
            (floor_after(5000), "close, but not exact"),
            (lambda a, h, s, n: 0.05, "`lr` takes no part there"),
            (lambda a, h, s: a * s, "can't be called with 4 arguments"),
            (lambda a, h, s, n: [a], "a `list` instead of a number"),
        ]
    ),
    ("basics/which_probe", 1, "paid tenfold and still not know"),
    ("basics/which_probe", 2, "out of the picture, not out of the run"),
    ("basics/which_probe", 3.0, "even where the parameters stand still"),
    ("basics/which_probe", np.int64(5), "the same rate meets the same fate"),
    ("basics/which_probe", 6, "tells about over-fitting"),
    ("basics/which_probe", 0, "The list begins at 1"),
    ("basics/which_probe", 7, "another number than the right one"),
    ("basics/which_probe", "4", "a `str` instead of a number"),
    ("basics/which_probe", [4], "a `list` instead of a number"),
    ("basics/which_probe", lambda: 4, "is a function here"),
]
