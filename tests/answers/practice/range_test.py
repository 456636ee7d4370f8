"""Learners' answers to the exercises of lesson 5.1, the range test."""

import math
from typing import Any

import numpy as np
import torch

from lrlib import decay


def rates_by_geomspace(k: Any, n: int, lo: float, hi: float) -> Any:
    return np.geomspace(lo, hi, n)[k]


def rates_by_schedule(k: Any, n: int, lo: float, hi: float) -> Any:
    return decay.exponential(lo, (hi / lo) ** (1 / (n - 1)))(k)


def rates_by_logs(k: Any, n: int, lo: float, hi: float) -> Any:
    share = np.asarray(k) / (n - 1)
    return 10 ** ((1 - share) * math.log10(lo) + share * math.log10(hi))


def suggest_by_loop(rates: Any, losses: Any) -> float:
    lowest = min(loss for loss in losses.tolist() if math.isfinite(loss))
    if lowest >= losses[0]:
        return 0.0
    for rate, loss in zip(rates.tolist(), losses.tolist(), strict=True):
        if losses[0] - loss >= (losses[0] - lowest) / 2:
            return float(rate)
    raise AssertionError


def suggest_by_share(rates: Any, losses: Any) -> Any:
    fall = losses[0] - np.nanmin(losses)
    if not fall:
        return 0.0
    done = (losses[0] - losses) / fall
    return rates[np.flatnonzero(done >= 0.5)[0]]


def falling(losses: Any) -> bool:
    return bool(np.nanmin(losses) < losses[0])


def first(rates: Any, losses: Any, height: float, *, strict: bool = False) -> float:
    """The first rate at or below a height, in a loop; 0 where the loss never falls."""
    if not falling(losses):
        return 0.0
    for rate, loss in zip(rates, losses, strict=True):
        if loss < height or (loss == height and not strict):
            return float(rate)
    return float(rates[0])


def half_way(losses: Any) -> float:
    return float(losses[0] + np.nanmin(losses)) / 2


def last_below(rates: Any, losses: Any) -> float:
    below = [
        rate
        for rate, loss in zip(rates, losses, strict=True)
        if loss <= half_way(losses)
    ]
    return float(below[-1]) if falling(losses) else 0.0


def largest_drop(rates: Any, losses: Any) -> float:
    drops = {losses[k - 1] - losses[k]: k for k in range(len(rates) - 1, 0, -1)}
    finite = [drop for drop in drops if math.isfinite(drop)]
    return float(rates[drops[max(finite)]]) if falling(losses) else 0.0


def unguarded(rates: Any, losses: Any) -> float:
    return float(rates[next(k for k, x in enumerate(losses) if x <= half_way(losses))])


def place(rates: Any, losses: Any) -> int:
    return int(np.argmax(losses <= half_way(losses))) if falling(losses) else 0


def lowest_by_nan(rates: Any, losses: Any) -> float:
    return float(rates[int(torch.tensor(losses).argmin())])


def height_with_nan(rates: Any, losses: Any) -> Any:
    height = (losses[0] + np.min(losses)) / 2
    return rates[np.argmax(losses <= height)]


def steepest(rates: Any, losses: Any) -> float:
    slopes = np.gradient(losses, np.log10(rates)).tolist()
    finite = [slope for slope in slopes if math.isfinite(slope)]
    return float(rates[slopes.index(min(finite))]) if falling(losses) else 0.0


def interpolated(rates: Any, losses: Any) -> float:
    if not falling(losses):
        return 0.0
    height, k = half_way(losses), place(rates, losses)
    share = (losses[k - 1] - height) / (losses[k - 1] - losses[k])
    return float(rates[k - 1] * (rates[k] / rates[k - 1]) ** share)


def lowest_over(divisor: float) -> Any:
    def answer(rates: Any, losses: Any) -> Any:
        return rates[np.nanargmin(losses)] / divisor if falling(losses) else 0.0

    return answer


RIGHT: dict[str, list[Any]] = {
    "practice/lr_at": [rates_by_geomspace, rates_by_schedule, rates_by_logs],
    "practice/suggest": [suggest_by_loop, suggest_by_share],
    "practice/min_lr": [2e-7, 0.0000002, np.float64(2e-7), np.array(2e-7)],
}

WRONG: list[tuple[str, Any, str]] = [
    (
        "practice/lr_at",
        lambda k, n, lo, hi: np.linspace(lo, hi, n)[k],
        "nearly all of them lie in the last decade",
    ),
    (
        "practice/lr_at",
        lambda k, n, lo, hi: (1 - k / n) * lo + k / n * hi,
        "and `hi` isn't reached",
    ),
    (
        "practice/lr_at",
        lambda k, n, lo, hi: np.geomspace(lo, hi, n + 1)[k],
        "Your last update stays below `hi`",
    ),
    (
        "practice/lr_at",
        lambda k, n, lo, hi: np.geomspace(lo, hi, n + 1)[1:][k],
        "already above `lo`",
    ),
    (
        "practice/lr_at",
        lambda k, n, lo, hi: lo * np.power(hi / lo, np.asarray(k, float)),
        "by the whole range at every update",
    ),
    (
        "practice/lr_at",
        lambda k, n, lo, hi: np.geomspace(hi, lo, n)[k],
        "runs backwards",
    ),
    (
        "practice/lr_at",
        lambda k, n, lo, hi: np.geomspace(1, hi / lo, n)[k],
        "Your first rate is 1",
    ),
    (
        "practice/lr_at",
        lambda k, n, lo, hi: np.linspace(math.log10(lo), math.log10(hi), n)[k],
        "That is the logarithm of the rate",
    ),
    (
        "practice/lr_at",
        lambda k, n, lo, hi: np.exp(np.linspace(np.log10(lo), np.log10(hi), n))[k],
        "go back with the base that you came with",
    ),
    (
        "practice/suggest",
        lambda rates, losses: rates[np.nanargmin(losses)] if falling(losses) else 0.0,
        "the rate of the lowest loss: the upper limit",
    ),
    ("practice/suggest", lowest_by_nan, "NaN has won"),
    (
        "practice/suggest",
        lambda rates, losses: (
            rates[np.isfinite(losses)][-1] if falling(losses) else 0.0
        ),
        "the last rate with a finite loss",
    ),
    (
        "practice/suggest",
        lambda rates, losses: first(rates, losses, losses[0], strict=True),
        "where the fall starts",
    ),
    (
        "practice/suggest",
        lambda rates, losses: first(rates, losses, losses[0] / 2),
        "You wait for half of the first loss",
    ),
    ("practice/suggest", last_below, "the last place below half way"),
    (
        "practice/suggest",
        lambda rates, losses: first(rates, losses, half_way(losses), strict=True),
        "exactly half counts, too",
    ),
    ("practice/suggest", largest_drop, "the largest fall, another rule"),
    ("practice/suggest", unguarded, "Where it never does you give the first rate"),
    ("practice/suggest", place, "Those are places in the array"),
    (
        "practice/lr_at",
        lambda k, n, lo, hi: lo * (hi / lo) ** ((np.asarray(k) - 1) / (n - 1)),
        "nothing is to be taken from it",
    ),
    (
        "practice/lr_at",
        lambda k, n, lo, hi: rates_by_logs(np.asarray(k) + 1, n, lo, hi),
        "one update ahead all the way",
    ),
    (
        "practice/lr_at",
        lambda k, n, lo, hi: rates_by_logs(k, n + 2, lo, hi),
        "ends two steps short of `hi`",
    ),
    (
        "practice/lr_at",
        lambda k, n, lo, hi: lo * np.geomspace(1, hi, n)[k],
        "so that it ends at `lo * hi`",
    ),
    (
        "practice/lr_at",
        lambda k, n, lo, hi: 10 ** np.linspace(math.log(lo), math.log(hi), n)[k],
        "went back with powers of 10",
    ),
    (
        "practice/suggest",
        lambda rates, losses: (
            height_with_nan(rates, losses) if losses.min() < losses[0] else 0.0
        ),
        "Your answer finds no fall",
    ),
    (
        "practice/suggest",
        lambda rates, losses: (
            0.0 if losses.min() >= losses[0] else height_with_nan(rates, losses)
        ),
        "The first rate is what is left",
    ),
    (
        "practice/suggest",
        lambda rates, losses: first(
            rates, losses, (losses[0] + losses[np.isfinite(losses)][-1]) / 2
        ),
        "You take the last loss for the lowest",
    ),
    (
        "practice/suggest",
        lambda rates, losses: first(
            rates,
            losses,
            (losses[np.isfinite(losses)].max() + np.nanmin(losses)) / 2,
        ),
        "You count the fall from the highest loss",
    ),
    ("practice/suggest", steepest, "where the curve is steepest"),
    ("practice/suggest", interpolated, "You read between the rates"),
    (
        "practice/suggest",
        lambda rates, losses: (
            rates[place(rates, losses) - 1] if falling(losses) else 0.0
        ),
        "One too early",
    ),
    ("practice/suggest", lowest_over(2), "That is half of a rate"),
    ("practice/suggest", lowest_over(3), "A third of the rate"),
    ("practice/suggest", lowest_over(10), "A tenth of the rate of the lowest loss"),
    (
        "practice/suggest",
        lambda rates, losses: 0.1 * suggest_by_share(rates, losses),
        "A tenth of the right rate",
    ),
    ("practice/min_lr", 0.0001, "document 1's start, above every rate"),
    ("practice/min_lr", 2 / 100_000, "learned from the first update on"),
    ("practice/min_lr", 5e-5 / 100, "the largest of them"),
    ("practice/min_lr", 2e-5 / 10, "Ten times below"),
    ("practice/min_lr", 2e-5 / 1000, "A thousand times below"),
    ("practice/min_lr", 0.00005, "the largest rate that these people used"),
    ("practice/min_lr", 2e-5 * 100, "a hundred times above"),
    ("practice/min_lr", (2e-5 + 5e-5) / 2 / 100, "the middle of them"),
    ("practice/min_lr", 1e-4 / 100, "Its number plays no part here"),
]
