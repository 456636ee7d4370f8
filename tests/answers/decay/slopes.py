"""Learners' answers to lesson 2.3, Slopes."""

import math
from typing import Any

import numpy as np
import torch


def gamma_by_logarithm(ratio: float, T: int) -> float:
    return math.exp(math.log(ratio) / T)


def gamma_by_halving(ratio: float, T: int) -> float:
    low, high = 0.0, max(1.0, ratio)
    for _ in range(200):
        middle = (low + high) / 2
        if middle**T < ratio:
            low = middle
        else:
            high = middle
    return middle


def poly_by_branch(t: Any, eta0: float, T: int, power: float) -> Any:
    if np.ndim(t):
        rates = [poly_by_branch(one, eta0, T, power) for one in np.ravel(t)]
        return np.reshape(rates, np.shape(t))
    return 0.0 if t >= T else eta0 * ((T - t) / T) ** power


def poly_by_clip(t: Any, eta0: float, T: int, power: float) -> Any:
    return eta0 * np.power(np.clip((T - t) / T, 0, None), power)


def poly_in_torch(t: Any, eta0: float, T: int, power: float) -> Any:
    left = 1 - torch.as_tensor(t, dtype=torch.float64) / T
    return eta0 * left.clamp(min=0) ** power


def poly_in_ints(t: Any, eta0: float, T: int, power: float) -> Any:
    t = np.asarray(t)
    rates = np.zeros_like(t)
    rates[t < T] = eta0 * (1 - t[t < T] / T) ** power
    return rates


def poly_of(left: Any, power: float) -> Any:
    with np.errstate(invalid="ignore"):
        return np.float64(left) ** power


def tail_by_sums(p: float) -> str:
    """Compares the sums with those of 1/n, which is the last without a bound."""
    rates_bounded, squares_bounded = -p < -1, 2 * p > 1
    words = {(False, True): "both hold", (False, False): "noise stays"}
    return words.get((rates_bounded, squares_bounded), "stops early")


def tail_by_range(p: float) -> str:
    return "both hold" if 0.5 < p <= 1 else ["noise stays", "stops early"][p > 1]


def tail_by_growth(p: float) -> str:
    """The lesson's table: does a sum still grow from 1,000 to 100,000 updates?"""
    rates = 1 / np.arange(1, 100_001) ** p
    plain, square = (s[-1] > 1.5 * s[999] for s in np.cumsum([rates, rates**2], 1))
    return "noise stays" if square else "both hold" if plain else "stops early"


def tail_at(low: Any, high: Any) -> Any:
    """'noise stays' where ``low(p)``, else 'stops early' where ``high(p)``."""

    def answer(p: float) -> str:
        return "noise stays" if low(p) else "stops early" if high(p) else "both hold"

    return answer


RIGHT: dict[str, list[Any]] = {
    "decay/gamma_for": [gamma_by_logarithm, gamma_by_halving],
    "decay/poly_lr": [poly_by_branch, poly_by_clip, poly_in_torch],
    "decay/robbins_monro": [tail_by_sums, tail_by_range],
}

WRONG: list[tuple[str, Any, str]] = [
    ("decay/gamma_for", lambda r, n: r / n, "You share the ratio"),
    ("decay/gamma_for", lambda r, n: r**1 / n, "or brackets are missing"),
    (
        "decay/gamma_for",
        lambda r, n: r if n == 1 else math.exp(math.log(r) / (n - 1)),
        "One call is right in your answer",
    ),
    ("decay/gamma_for", lambda r, n: pow(n, 1 / r), "have changed places"),
    ("decay/gamma_for", lambda r, n: (r * 0.01) ** (1 / n), "as if `ratio` were in"),
    ("decay/gamma_for", lambda r, n: pow(1 - r, 1 / n), "the part that is lost"),
    (
        "decay/gamma_for",
        lambda r, n: np.minimum(gamma_by_logarithm(r, n), 1),
        "You don't let gamma exceed 1",
    ),
    (
        "decay/gamma_for",
        lambda r, n: float(f"{gamma_by_logarithm(r, n):.5f}"),
        "You round to five digits",
    ),
    ("decay/gamma_for", lambda r, n: (n - r) / n, "look at what it gives for a tiny"),
    ("decay/gamma_for", lambda r, n: (n - 1 + r) / n, "Equal parts of the whole fall"),
    ("decay/gamma_for", lambda r, n: math.prod([r] * n), "Upside down: that is where"),
    ("decay/gamma_for", lambda r, n: r ** (1 / (n - 1)), "You count T rates"),
    (
        "decay/gamma_for",
        lambda r, n: math.exp(math.log(r) / (1 + n)),
        "One factor too many",
    ),
    ("decay/gamma_for", lambda r, n: r ** -(1 / n), "the ratio is upside down"),
    ("decay/gamma_for", lambda r, n: 1 - math.log(1 / r) / n, "Close for long runs"),
    ("decay/gamma_for", lambda r, n: math.log(r) / n, "the logarithm of gamma"),
    ("decay/gamma_for", lambda r, n: math.log(1 / r) / n, "the decay constant k"),
    (
        "decay/gamma_for",
        lambda r, n: 1 - gamma_by_logarithm(r, n),
        "the share that each call takes away",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: a * poly_of((n - t) / n, k),
        "Past `T` the part that is left is negative",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: (a * poly_of(1 - t / n, k)).clip(0),
        "cut off what is negative after",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: (t < n) * a * poly_of(1 - t / n, k),
        "0 times NaN is NaN",
    ),
    ("decay/poly_lr", poly_in_ints, "cuts off decimals"),
    (
        "decay/poly_lr",
        lambda t, a, n, k: poly_by_clip(t, a, n, 1 / k),
        "Your power is upside down",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: a * poly_of(abs(n - t) / n, k),
        "your rate comes back to life",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: poly_by_branch(np.mod(t, n), a, n, k),
        "jumps back to the top",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: poly_by_clip(np.where(np.less(t, n), t, 0), a, n, k),
        "at full height",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: poly_by_clip(np.clip(t, 0, n - 1), a, n, k),
        "never gets to 0",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: poly_by_branch(np.add(t, 1), a, n, k),
        "one update ahead",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: poly_by_branch(t, a, n - 1, k),
        "0 one update too early",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: a - a * np.power(np.clip(t / n, 0, 1), k),
        "You raise the part that is over",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: a * np.clip(t / n, 0, 1) ** k,
        "Your rate starts at 0 and rises",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: poly_by_branch(t, a, n, 1),
        "Your line is straight",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: k * poly_by_clip(t, a, n, 1),
        "`power` multiplies in your answer",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: poly_by_branch(t, 1.0, n, k),
        "hasn't multiplied it yet",
    ),
    (
        "decay/poly_lr",
        lambda t, a, n, k: poly_by_clip(t, a**k, n, k),
        "`eta0` gets raised to the power too",
    ),
    (
        "decay/robbins_monro",
        tail_at(lambda p: p < 0.5, lambda p: p > 1),
        "One border is wrong, the lower one",
    ),
    (
        "decay/robbins_monro",
        tail_at(lambda p: p <= 0.5, lambda p: p >= 1),
        "One border is wrong, the upper one",
    ),
    (
        "decay/robbins_monro",
        tail_at(lambda p: p < 0.5, lambda p: p >= 1),
        "Both borders are on the wrong side",
    ),
    ("decay/robbins_monro", lambda p: "both hold", "Every p makes the rates fall"),
    (
        "decay/robbins_monro",
        lambda p: ["stops early", "both hold"][p <= 1],
        "that any distance can be covered",
    ),
    (
        "decay/robbins_monro",
        lambda p: ["noise stays", "both hold"][p > 0.5],
        "that the noise dies out",
    ),
    (
        "decay/robbins_monro",
        tail_at(lambda p: p < 1, lambda p: p > 1),
        "You let one exponent pass alone",
    ),
    (
        "decay/robbins_monro",
        lambda p: "noise stays" if p <= 1 else "stops early",
        "For you no p meets both",
    ),
    (
        "decay/robbins_monro",
        lambda p: "stops early" if p > 0.5 else "noise stays",
        "Your border for the rates is that of their squares",
    ),
    (
        "decay/robbins_monro",
        tail_at(lambda p: p > 1, lambda p: p <= 0.5),
        "The two words are exchanged",
    ),
    (
        "decay/robbins_monro",
        tail_at(lambda p: p <= 1, lambda p: p > 2),
        "Your borders are twice too high",
    ),
    ("decay/robbins_monro", tail_by_growth, "No finite sum tells"),
]
