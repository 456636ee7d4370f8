"""Learners' answers to the project of chapter 5's review."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

from lrlib import decay, warmup
from lrlib.schedules import sequence


def of_parts(suggested: float, budget: int, spent: int) -> Any:
    if not suggested:
        return np.empty(0)
    T = budget - spent
    W = T // 10 or 1
    up = warmup.linear(suggested, W, start_factor=1 / (W + 1))
    down = decay.cosine(suggested, T - W - 1, suggested / 100)
    return sequence([up, down], [W])(np.arange(T))


def by_loop(suggested: float, budget: int, spent: int) -> Any:
    if suggested <= 0:
        return np.array([])
    run = budget - spent
    climb = max(run // 10, 1)
    rates = []
    for t in range(run):
        if t < climb:
            rates.append(suggested * (t + 1) / (climb + 1))
        else:
            angle = math.pi * (t - climb) / (run - climb - 1)
            share = 0.01 + 0.99 * 0.5 * (1 + math.cos(angle))
            rates.append(suggested * share)
    return np.array(rates)


def by_linspace(suggested: float, budget: int, spent: int) -> Any:
    if suggested == 0.0:
        return np.zeros(0)
    n = budget - spent
    w = int(max(1, n / 10))
    up = np.linspace(0, suggested, w + 2)[1:-1]
    x = np.linspace(0, 1, n - w)
    low = suggested / 100
    return np.concatenate([up, low + (suggested - low) * np.cos(np.pi * x / 2) ** 2])


def by_torch(suggested: float, budget: int, spent: int) -> Any:
    if suggested == 0:
        return torch.empty(0)
    n = budget - spent
    w = max(1, n // 10)
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=suggested)
    parts = [
        LinearLR(optimizer, 1 / (w + 1), 1.0, total_iters=w),
        CosineAnnealingLR(optimizer, n - 1 - w, eta_min=suggested / 100),
    ]
    scheduler = SequentialLR(optimizer, parts, milestones=[w])
    rates = []
    for _ in range(n):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return torch.tensor(rates, dtype=torch.float64)


def drawn(
    run: Callable[[int, int], int] = lambda budget, spent: budget - spent,
    climb: Callable[[int, int], int] = lambda n, budget: max(1, n // 10),
    up: Callable[[float, int], Any] = lambda peak, w: (
        peak * np.arange(1, w + 1) / (w + 1)
    ),
    down: Callable[[float, int], Any] = lambda peak, n: decay.cosine(
        peak, n - 1, peak / 100
    )(np.arange(n)),
    nothing: Callable[[int], Any] = lambda n: np.array([]),
) -> Callable[[float, int, int], Any]:
    def plan(suggested: float, budget: int, spent: int) -> Any:
        n = run(budget, spent)
        if suggested == 0:
            return nothing(n)
        w = climb(n, budget)
        return np.r_[up(suggested, w), down(suggested, n - w)]

    return plan


def with_lrlib(suggested: float, budget: int, spent: int) -> Any:
    if suggested == 0:
        return np.array([])
    n = budget - spent
    planned = warmup.cosine_with_warmup(suggested, max(1, n // 10), n, suggested / 100)
    return planned(np.arange(n))


def cosine_from_0(suggested: float, budget: int, spent: int) -> Any:
    if suggested == 0:
        return np.array([])
    n = budget - spent
    w = max(1, n // 10)
    whole = decay.cosine(suggested, n - 1, suggested / 100)(np.arange(n))
    return np.r_[suggested * np.arange(1, w + 1) / (w + 1), whole[w:]]


def default_instead(suggested: float, budget: int, spent: int) -> Any:
    return by_loop(suggested if suggested > 0 else 0.001, budget, spent)


def factors(suggested: float, budget: int, spent: int) -> Any:
    rates = by_loop(suggested, budget, spent)
    return rates / suggested if suggested > 0 else rates


def no_question(suggested: float, budget: int, spent: int) -> Any:
    n = budget - spent
    w = max(1, n // 10)
    t = np.arange(n)
    x = (t - w) / (n - 1 - w)
    share = np.where(t < w, (t + 1) / (w + 1), 0.505 + 0.495 * np.cos(np.pi * x))
    return suggested * share


RIGHT: dict[str, list[Any]] = {
    "practice/plan": [of_parts, by_loop, by_linspace, by_torch],
}


def half_wave(n: int) -> Any:
    return 0.5 + 0.5 * np.cos(np.pi * np.arange(n) / (n - 1))


WRONG: list[tuple[str, Any, str]] = [
    ("practice/plan", answer, message)
    for answer, message in (
        (drawn(run=lambda budget, spent: budget), "with them you overdraw"),
        (
            drawn(up=lambda peak, w: np.linspace(0, peak, w, endpoint=False)),
            "an update that trains nothing",
        ),
        (
            drawn(up=lambda peak, w: np.linspace(0, peak, w + 1)[1:]),
            "it has its last stair there",
        ),
        (
            drawn(up=lambda peak, w: np.linspace(peak / 100, peak, w + 1)[:-1]),
            "at the low end of the run",
        ),
        (with_lrlib, "would come with the first update after the run"),
        (drawn(down=lambda peak, n: peak * half_wave(n)), "was paid for"),
        (
            drawn(down=lambda peak, n: peak * np.maximum(half_wave(n), 0.01)),
            "is cut off at the low end",
        ),
        (
            drawn(down=lambda peak, n: peak * (0.1 + 0.9 * half_wave(n))),
            "at a tenth of the peak",
        ),
        (
            drawn(down=lambda peak, n: 0.01 + (peak - 0.01) * half_wave(n)),
            "at one fixed rate",
        ),
        (cosine_from_0, "beneath the climb"),
        (
            drawn(down=lambda peak, n: np.linspace(peak, peak / 100, n)),
            "you draw a straight line",
        ),
        (
            drawn(
                down=lambda peak, n: (
                    peak * (0.505 + 0.495 * np.cos(np.linspace(0, 1, n)))
                )
            ),
            "when the angle is π",
        ),
        (drawn(climb=lambda n, budget: 0), "Your plan starts at the peak"),
        (
            drawn(climb=lambda n, budget: max(1, budget // 10)),
            "The test has had its share",
        ),
        (drawn(climb=lambda n, budget: n // 10), "Right for long runs"),
        (drawn(climb=lambda n, budget: -(-n // 10)), "Elsewhere you round it up"),
        (
            drawn(climb=lambda n, budget: max(1, int(n / 10 + 0.5))),
            "the nearest, which can be up",
        ),
        (factors, "these are factors"),
        (default_instead, "Nothing has shown that it fits"),
        (no_question, "spends the budget and trains nothing"),
        (drawn(nothing=lambda n: np.full(n, 0.0)), "spends the budget"),
    )
]
