"""Answers to the exercises of the lesson todays-schedules, as learners write them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.optim.lr_scheduler import ConstantLR, LinearLR, OneCycleLR, SequentialLR

from lrlib import decay, warmup
from lrlib.practice import wsd
from lrlib.schedules import sequence


def optimizer_at(lr: float) -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)


# Warmup, stable, decay ----------------------------------------------------------


def by_element(t: Any, lr: float, w: int, n: int, d: int) -> Any:
    if np.ndim(t):
        return np.array([by_element(one, lr, w, n, d) for one in t])
    if t < w:
        return lr * (1 + t) / (1 + w)
    if t < n - d:
        return lr
    return max(0.0, lr - lr * (t - (n - d)) / d)


def by_select(t: Any, lr: float, w: int, n: int, d: int) -> Any:
    t = np.asarray(t)
    begin = n - d
    parts = [(t + 1) / (w + 1), np.ones(t.shape), 1 - (t - begin) / d]
    return lr * np.select([t < w, t <= begin, t < n], parts, 0.0)[()]


def by_torch(t: Any, lr: float, w: int, n: int, d: int) -> Any:
    optimizer = optimizer_at(lr)
    up = LinearLR(optimizer, 1 / (w + 1), total_iters=w)
    flat = ConstantLR(optimizer, 1.0)
    down = LinearLR(optimizer, 1.0, 0.0, total_iters=d)
    scheduler = SequentialLR(optimizer, [up, flat, down], [w, n - d])
    rates = []
    for _ in range(n + 1):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return np.array(rates)[np.minimum(t, n)]


def by_lrlib(t: Any, lr: float, w: int, n: int, d: int) -> Any:
    return wsd(lr, w, n, d)(t)


Piece = Callable[[Any, float, int, int, int], Any]


def stairs_up(t: Any, lr: float, w: int, n: int, d: int) -> Any:
    return lr / (w + 1) * (t + 1)


def line_down(t: Any, lr: float, w: int, n: int, d: int) -> Any:
    return lr if t <= n - d else max(0.0, lr * (n - t) / d)


def branches(up: Piece = stairs_up, down: Piece = line_down) -> Piece:
    """An answer by ``if``, element by element: the ramp, and what follows it."""

    def answer(t: Any, lr: float, w: int, n: int, d: int) -> Any:
        if np.ndim(t):
            return np.array([answer(one, lr, w, n, d) for one in t])
        return float(up(t, lr, w, n, d) if t < w else down(t, lr, w, n, d))

    return answer


def from_warmup_on(t: Any, lr: float, w: int, n: int, d: int) -> Any:
    ramp = warmup.linear(lr, w, start_factor=1 / (w + 1))
    return sequence([ramp, decay.linear(lr, n - w, 1.0, 0.0)], [w])(t)


# Going on after the end ---------------------------------------------------------


def by_table(name: str, n: int, d: int) -> int:
    kept = {"constant": n, "schedule-free": n, "wsd": n - d}
    return kept.get(name, 0)


def by_match(name: str, n: int, d: int) -> float:
    match name:
        case "wsd":
            return float(n - d)
        case "cosine" | "linear" | "one-cycle":
            return 0.0
        case _:
            return float(n)


def table(**changed: Callable[[int, int], Any]) -> Callable[[str, int, int], Any]:
    def answer(name: str, n: int, d: int) -> Any:
        key = name.replace("-", "_")
        return changed[key](n, d) if key in changed else by_table(name, n, d)

    return answer


def end(n: int, d: int) -> int:
    return n


def start(n: int, d: int) -> int:
    return 0


PLANNED = ("cosine", "linear", "one_cycle")


# The ends of one-cycle ----------------------------------------------------------


def ends_by_torch(peak: float, div: float, final: float) -> Any:
    optimizer = optimizer_at(peak)
    scheduler = OneCycleLR(
        optimizer, peak, 10, div_factor=div, final_div_factor=final, pct_start=0.4
    )
    rates = []
    for _ in range(10):
        rates.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return np.array([rates[0], max(rates), rates[-1]])


def ends(first: float, top: float, last: float) -> Any:
    return np.asarray((first, top, last))


RIGHT: dict[str, list[Any]] = {
    "practice/wsd_lr": [by_element, by_select, by_torch, by_lrlib],
    "practice/updates_to_keep": [by_table, by_match],
    "practice/one_cycle_ends": [
        ends_by_torch,
        lambda m, d, f: m * np.array([1 / d, 1, 1 / (d * f)]),
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    ("practice/wsd_lr", from_warmup_on, "the stable phase is missing"),
    (
        "practice/wsd_lr",
        branches(down=lambda t, lr, w, n, d: max(0, lr * (1 - t / n))),
        "as if the decay began at update 0",
    ),
    (
        "practice/wsd_lr",
        branches(down=lambda t, lr, w, n, d: max(0, lr * (1 - (t - w) / d))),
        "right after the warmup",
    ),
    (
        "practice/wsd_lr",
        branches(down=lambda t, lr, w, n, d: line_down(t, lr, w, n + w, d)),
        "the warmup is part of",
    ),
    (
        "practice/wsd_lr",
        lambda t, lr, w, n, d: lr * np.minimum(1, np.add(t, 1) / (w + 1)),
        "never comes down",
    ),
    (
        "practice/wsd_lr",
        branches(down=lambda t, lr, w, n, d: lr if t < n - d else 0),
        "drops to 0 where",
    ),
    (
        "practice/wsd_lr",
        branches(down=lambda t, lr, w, n, d: min(lr, lr * (n - t) / d)),
        "is negative: you would",
    ),
    (
        "practice/wsd_lr",
        branches(down=lambda t, lr, w, n, d: max(0, lr * (n - t) / d)),
        "far above the peak",
    ),
    (
        "practice/wsd_lr",
        branches(
            down=lambda t, lr, w, n, d: (
                float(lr * np.interp(t, [n - d, n - 1], [1, 0]))
                if d > 1
                else lr * (t < n - 1)
            )
        ),
        "has the rate 0 and trains nothing",
    ),
    (
        "practice/wsd_lr",
        branches(
            down=lambda t, lr, w, n, d: (
                lr if t < n - d else max(0, lr * (n - 1 - t) / d)
            )
        ),
        "one update early: update `total_steps - decay_steps` still",
    ),
    (
        "practice/wsd_lr",
        branches(
            down=lambda t, lr, w, n, d: (
                lr if t < n - d else max(0, lr * (n - t) / (d + 1))
            )
        ),
        "one stair too many",
    ),
    (
        "practice/wsd_lr",
        lambda t, lr, w, n, d: wsd(lr, w, n, d, shape="cosine")(t),
        "is half a cosine",
    ),
    (
        "practice/wsd_lr",
        lambda t, lr, w, n, d: wsd(lr, w, n, d, shape="sqrt")(t),
        "a shape that people use",
    ),
    (
        "practice/wsd_lr",
        branches(up=lambda t, lr, w, n, d: lr / w * t),
        "Your first rate is 0",
    ),
    (
        "practice/wsd_lr",
        branches(up=lambda t, lr, w, n, d: lr / (w + 1) * t),
        "one stair too low",
    ),
    (
        "practice/wsd_lr",
        branches(up=lambda t, lr, w, n, d: lr / w * (t + 1)),
        "at the peak one update early",
    ),
    ("practice/wsd_lr", branches(up=line_down), "the warmup is missing"),
    (
        "practice/wsd_lr",
        lambda t, lr, w, n, d: by_element(np.asarray(t) + 1, lr, w, n, d),
        "come one update early: the first",
    ),
    (
        "practice/wsd_lr",
        lambda t, lr, w, n, d: by_element(np.maximum(t, 1) - 1, lr, w, n, d),
        "come one update late",
    ),
    (
        "practice/wsd_lr",
        lambda t, lr, w, n, d: by_lrlib(t, lr, w, n, max(1, int(0.2 * n))),
        "Your decay is a fifth",
    ),
    (
        "practice/wsd_lr",
        lambda t, lr, w, n, d: by_lrlib(t, lr, w, n, d) / lr,
        "those are shares of the peak",
    ),
    (
        "practice/wsd_lr",
        lambda t, lr, w, n, d: by_lrlib(np.minimum(t, n - 1), lr, w, n, d),
        "stays where its last update",
    ),
    ("practice/updates_to_keep", lambda name, n, d: n, "go on from the end everywhere"),
    (
        "practice/updates_to_keep",
        table(**dict.fromkeys(PLANNED, lambda n, d: 1)),
        "kept update 0 of the planned ones",
    ),
    (
        "practice/updates_to_keep",
        table(cosine=lambda n, d: 1, linear=lambda n, d: 1),
        "kept update 0 of the cosine and",
    ),
    (
        "practice/updates_to_keep",
        table(constant=lambda n, d: n - 1, schedule_free=lambda n, d: n - 1),
        "their last update has number",
    ),
    (
        "practice/updates_to_keep",
        table(constant=lambda n, d: n - d, schedule_free=lambda n, d: n - d),
        "Neither has a decay",
    ),
    (
        "practice/updates_to_keep",
        table(schedule_free=lambda n, d: n - d),
        "Its rate has no decay",
    ),
    ("practice/updates_to_keep", table(cosine=end, linear=end), "as one-cycle has"),
    (
        "practice/updates_to_keep",
        table(linear=end, one_cycle=end),
        "as the cosine has",
    ),
    (
        "practice/updates_to_keep",
        table(**dict.fromkeys(PLANNED, lambda n, d: n // 2)),
        "Half of a planned schedule",
    ),
    (
        "practice/updates_to_keep",
        lambda name, n, d: by_table(name, n, d) / n,
        "shares of the run. Asked",
    ),
    ("practice/updates_to_keep", lambda name, n, d: 0, "You start all six again"),
    (
        "practice/updates_to_keep",
        lambda name, n, d: n * (name != "cosine"),
        "Only your cosine is planned",
    ),
    (
        "practice/updates_to_keep",
        table(**dict.fromkeys(PLANNED, end)),
        "too low nearly all the way",
    ),
    ("practice/updates_to_keep", table(wsd=end), "At its end WSD has cooled"),
    ("practice/updates_to_keep", table(wsd=start), "start WSD again from 0"),
    ("practice/updates_to_keep", table(wsd=lambda n, d: d), "the length of the decay"),
    (
        "practice/updates_to_keep",
        table(wsd=lambda n, d: n - (d + 1)),
        "WSD: one too few",
    ),
    (
        "practice/updates_to_keep",
        table(wsd=lambda n, d: n - (d - 1)),
        "WSD: one too many",
    ),
    (
        "practice/updates_to_keep",
        table(wsd=lambda n, d: int(n * 0.8)),
        "took 80% of the run",
    ),
    (
        "practice/updates_to_keep",
        table(constant=start, schedule_free=start),
        "the constant rate and schedule-free again",
    ),
    (
        "practice/updates_to_keep",
        table(schedule_free=start),
        "its average weighs by",
    ),
    (
        "practice/updates_to_keep",
        table(constant=start),
        "The constant rate has no plan",
    ),
    ("practice/updates_to_keep", table(linear=end), "its end in its slope"),
    ("practice/updates_to_keep", table(cosine=end), "its length in every rate"),
    ("practice/updates_to_keep", table(one_cycle=end), "more slowly from the start"),
    (
        "practice/updates_to_keep",
        table(one_cycle=lambda n, d: 3 * n // 10),
        "One-cycle's climb isn't shared",
    ),
    (
        "practice/updates_to_keep",
        table(**dict.fromkeys(PLANNED, lambda n, d: n - d)),
        "Only WSD has a decay",
    ),
    (
        "practice/updates_to_keep",
        lambda name, n, d: n - by_table(name, n, d),
        "what has to be repeated",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends(m / d, m, m / f),
        "counted from the peak",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends(m / d, m, m / d),
        "ends where it began",
    ),
    ("practice/one_cycle_ends", lambda m, d, f: ends(m / d, m, 0), "is exactly 0"),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends_by_torch(m, d, f)[::-1],
        "First and last are swapped",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends(m / f, m, m / (d * f)),
        "uses the factor of the end",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends(m / f, m, m / d),
        "The two factors are swapped",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends(0, m, m / (d * f)),
        "Your first rate is 0",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends(m, m, m / (d * f)),
        "there is no climb",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends_by_torch(m, 25.0, 1e4),
        "PyTorch's defaults, whatever",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends(m / 25, m, m / (d * f)),
        "Your first rate uses PyTorch's default",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends(m / d, m, m / (d * 1e4)),
        "Your last rate uses PyTorch's default",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends(m / d, m, m / (d + f)),
        "aren't one by the sum",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends(m, m * d, m / d / f),
        "It is the highest one",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends(m, m * d, m / f),
        "counted both others from there",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends(m, m / d, m / (d * f)),
        "their order isn't",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: m * np.array([d, 1, d * f]),
        "You multiplied where",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: ends(m / d, m / (d * f), m),
        "belongs in the middle",
    ),
    (
        "practice/one_cycle_ends",
        lambda m, d, f: np.sort(ends_by_torch(m, d, f)),
        "You sorted the rates",
    ),
]
