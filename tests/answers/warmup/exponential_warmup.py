"""Answers to the exercises of lesson 4.3, exponential warmup, repaired"""

import math
from typing import Any

import numpy as np
import torch


def warmup_by_gap(t: Any, lr: float, gamma: float) -> Any:
    """Update by update, each with ``gamma`` times the gap before it."""
    if np.ndim(t):
        rates = [warmup_by_gap(one, lr, gamma) for one in np.ravel(t)]
        return np.reshape(rates, np.shape(t))
    rate = 0.0
    for _ in range(t + 1):
        rate = lr - gamma * (lr - rate)
    return rate


def warmup_by_expm1(t: Any, lr: float, gamma: float) -> Any:
    return -lr * np.expm1((np.asarray(t) + 1) * np.log(gamma))


def warmup_in_torch(t: Any, lr: float, gamma: float) -> Any:
    return lr - lr * gamma ** (torch.as_tensor(t, dtype=torch.float64) + 1)


def warmup_by_sum(t: Any, lr: float, gamma: float) -> Any:
    """The steps, each ``gamma`` times as long as the one before, added up."""
    n = np.arange(np.max(t) + 1)
    return np.cumsum(lr * (1 - gamma) * gamma**n)[t]


def warmup_by_recursion(t: Any, lr: float, gamma: float) -> Any:
    if np.ndim(t):
        each = [warmup_by_recursion(int(one), lr, gamma) for one in np.ravel(t)]
        return np.reshape(each, np.shape(t))
    before = warmup_by_recursion(t - 1, lr, gamma) if t else 0.0
    return before + (1 - gamma) * (lr - before)


def warmup_in_ints(t: Any, lr: float, gamma: float) -> Any:
    rates = np.zeros_like(t)
    rates[...] = lr * (1 - np.power(gamma, np.add(t, 1)))
    return rates


def warmup_in_int_arrays(t: Any, lr: float, gamma: float) -> Any:
    if np.ndim(t):
        return warmup_in_ints(t, lr, gamma)
    return warmup_by_gap(t, lr, gamma)


def warmup_by_factor(t: Any, lr: float, gamma: float) -> Any:
    return np.clip(lr * (1 - gamma) * np.power(gamma, -1.0 * t), 0, lr)


def warmup_on_a_log_axis(t: Any, lr: float, gamma: float) -> Any:
    way = np.clip(t / (3 / (1 - gamma)), 0, 1)
    return np.exp(np.log(lr * (1 - gamma)) * (1 - way) + np.log(lr) * way)


def warmup_by_cap(t: Any, lr: float, gamma: float) -> Any:
    return np.clip(np.add(t, 1) * lr * (1 - gamma), 0, lr)


def gamma_by_logarithm(share: float, t: int) -> float:
    return math.exp(math.log1p(-share) / (t + 1))


def gamma_by_halving(share: float, t: int) -> float:
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        if warmup_by_gap(t, 1.0, middle) > share:
            low = middle
        else:
            high = middle
    return middle


RIGHT: dict[str, list[Any]] = {
    "warmup/exponential_warmup": [
        warmup_by_gap,
        warmup_by_expm1,
        warmup_in_torch,
        warmup_by_sum,
        warmup_by_recursion,
    ],
    "warmup/gamma_for": [gamma_by_logarithm, gamma_by_halving],
}

WRONG: list[tuple[str, Any, str]] = [
    (
        "warmup/exponential_warmup",
        lambda t, a, g: a * np.power(1 - g, t),
        "That is the printed formula",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: a * np.power(1 - g, np.add(t, 1)),
        "The right exponent on the wrong base",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: warmup_by_expm1(t, a, 1 - g),
        "It rises, but the gap shrinks by",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: a - a * np.power(1 - g, t),
        "It starts at 0, and the gap shrinks",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: (1 - g**t) * a,
        "Your first rate is 0",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: warmup_by_expm1(np.add(t, 1), a, g),
        "You are one update ahead",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: a * np.exp(np.log(g) * t),
        "an exponential decay with the factor",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: a * np.exp(np.log(g) * (t + 1)),
        "That is the gap. The rate is what",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: a - a * g * t,
        "multiplied by the update's number",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: a - (t + 1) * a * g,
        "is multiplied by `t + 1`",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: (t + 1) * (a - a * g),
        "A straight line with no end",
    ),
    ("warmup/exponential_warmup", warmup_by_cap, "a linear warmup"),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: np.full(np.shape(t), a - a * g)[()],
        "the first rate for every",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: warmup_by_expm1(t, 1.0, g),
        "hasn't multiplied it yet",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: a - np.power(g, t + 1),
        "belongs to the whole bracket",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: a - a * np.exp((g - 1) * np.add(t, 1)),
        "the form of Ma and Yarats",
    ),
    ("warmup/exponential_warmup", warmup_in_ints, "cuts off decimals"),
    ("warmup/exponential_warmup", warmup_in_int_arrays, "Right for a single number"),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: -a * np.expm1((g - 1) * t),
        "Two differences: your first rate",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: -a * np.expm1(-g * np.add(t, 1)),
        "so that a gamma near 1",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: a + 1 - np.power(g, t),
        "Brackets are lost",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: a * a / warmup_by_expm1(t, a, g),
        "as Adam's bias correction does",
    ),
    ("warmup/exponential_warmup", warmup_by_factor, "Your rate grows by the same"),
    ("warmup/exponential_warmup", warmup_on_a_log_axis, "the lesson's geometric"),
    ("warmup/gamma_for", lambda s, t: (1 - s) ** (1 / t), "You count t factors."),
    (
        "warmup/gamma_for",
        lambda s, t: 1 - s if t == 0 else (1 - s) ** (1 / t),
        "after it you count t factors",
    ),
    (
        "warmup/gamma_for",
        lambda s, t: gamma_by_logarithm(s, t + 1),
        "One factor too many",
    ),
    (
        "warmup/gamma_for",
        lambda s, t: gamma_by_logarithm(1 - s, t),
        "the root of the share that is reached",
    ),
    ("warmup/gamma_for", lambda s, t: np.exp(math.log(s) / t), "Two slips"),
    (
        "warmup/gamma_for",
        lambda s, t: 1 - math.exp(math.log(s) / t),
        "You solved the printed formula",
    ),
    (
        "warmup/gamma_for",
        lambda s, t: 1 - gamma_by_logarithm(1 - s, t),
        "the printed formula's base",
    ),
    (
        "warmup/gamma_for",
        lambda s, t: 1 - gamma_by_halving(s, t),
        "that each update takes away",
    ),
    ("warmup/gamma_for", lambda s, t: math.pow(1 - s, t + 1), "Upside down"),
    ("warmup/gamma_for", lambda s, t: (1 - s) ** 1 / (t + 1), "brackets are missing"),
    ("warmup/gamma_for", lambda s, t: (t + 1 - s) / (t + 1), "a straight line"),
    ("warmup/gamma_for", lambda s, t: t / (t + 1), "and no other share"),
    (
        "warmup/gamma_for",
        lambda s, t: gamma_by_logarithm(1 - math.exp(-1), t),
        "whatever is asked for",
    ),
    (
        "warmup/gamma_for",
        lambda s, t: 1 + math.log1p(-s) / (t + 1),
        "Close for long warmups",
    ),
    (
        "warmup/gamma_for",
        lambda s, t: (t - 2) / (t + 1),
        "fits that one alone",
    ),
    ("warmup/gamma_for", lambda s, t: (t - 3) / t, "one update short"),
    (
        "warmup/gamma_for",
        lambda s, t: 1 + math.log1p(-s) / t,
        "but a factor is missing",
    ),
    (
        "warmup/gamma_for",
        lambda s, t: warmup_by_gap(t, 1.0, s),
        "You put `share` where gamma belongs",
    ),
    ("warmup/gamma_for", lambda s, t: np.log(1 - s) / (t + 1), "the logarithm of"),
    (
        "warmup/gamma_for",
        lambda s, t: math.log(1 / (1 - s)) / (t + 1),
        "one over a time constant",
    ),
    (
        "warmup/gamma_for",
        lambda s, t: gamma_by_logarithm(s / 100, t),
        "as if `share` were in percent",
    ),
    (
        "warmup/gamma_for",
        lambda s, t: float(f"{gamma_by_logarithm(s, t):.3f}"),
        "You round to three digits",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: a * (2 - np.power(g, t)),
        "comes before `+`: you take",
    ),
    (
        "warmup/exponential_warmup",
        lambda t, a, g: np.full(np.shape(t), a) if np.ndim(t) else a,
        "for every `t`, no warmup",
    ),
    (
        "warmup/gamma_for",
        lambda share, t: (1 - share) * (1 - share) ** (1 / t),
        "Brackets are missing: `1 / t + 1`",
    ),
    (
        "warmup/gamma_for",
        lambda share, t: (1 - share) ** (-1 / (t + 1)),
        "Your gamma is above 1",
    ),
    (
        "warmup/gamma_for",
        lambda share, t: math.e ** (-3 / (t + 1)),
        "Three time constants are about",
    ),
    (
        "warmup/gamma_for",
        lambda share, t: np.exp(np.log10(1 - share) / (t + 1)),
        "undoes the natural logarithm",
    ),
]
