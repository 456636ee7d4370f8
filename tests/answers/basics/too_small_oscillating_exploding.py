"""Learners' answers to lesson 1.3, Too small, oscillating, exploding."""

import math
from typing import Any

import numpy as np
import torch


def verdict_by_factor(lr: float, h: float) -> str:
    factor = 1 - lr * h
    if abs(factor) > 1:
        return "diverges"
    if factor == -1:
        return "never settles"
    return "oscillates" if factor < 0 else "monotone"


def verdict_by_border(lr: float, h: float) -> str:
    names = {
        lr <= 1 / h: "monotone",
        lr > 2 / h: "diverges",
        lr == 2 / h: "never settles",
    }
    return names.get(True, "oscillates")


def largest_by_loop(eigenvalues: Any) -> float:
    largest = 0.0
    for value in eigenvalues:
        if value > largest:
            largest = value
    return 1 / largest + 1 / largest


def sorts_its_argument(eigenvalues: Any) -> float:
    eigenvalues.sort()
    return 2 / eigenvalues[-1]


def no_branch_at_the_border(lr: float, h: float) -> Any:
    if lr * h <= 1:
        return "monotone"
    elif lr * h < 2:
        return "oscillates"
    elif lr * h > 2:
        return "diverges"


def borders(lr: float, h: float, first: str, second: str, third: str) -> str:
    return first if lr < 1 / h else second if lr < 2 / h else third


RIGHT: dict[str, list[Any]] = {
    "basics/verdict": [verdict_by_factor, verdict_by_border],
    "basics/max_stable_rate": [
        largest_by_loop,
        lambda e: np.min(2 / np.asarray(e)),
        lambda e: 2 / sorted(e)[-1],
        lambda e: 2 / torch.linalg.eigvalsh(torch.diag(torch.as_tensor(e))).max(),
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    (
        "basics/verdict",
        lambda lr, h: "diverges" if lr > 1 / h else "monotone",
        "as soon as it overshoots",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "monotone" if lr * h < 1 else "oscillates" if lr * h == 1 else "diverges"
        ),
        "call it an explosion",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "monotone" if lr * h <= 1 else "oscillates" if lr * h <= 2 else "diverges"
        ),
        "it jumps as far to the other side",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "monotone" if lr * h <= 1 else "diverges" if lr * h >= 2 else "oscillates"
        ),
        "Your code says `'diverges'` there",
    ),
    (
        "basics/verdict",
        lambda lr, h: borders(lr, h, "monotone", "oscillates", "diverges"),
        "came back `'oscillates'`, of the right kind but with another value. Work this "
        "one out by hand and compare. No input at all gave `'never settles'`.",
    ),
    (
        "basics/verdict",
        lambda lr, h: "monotone" if lr * h < 2 else "diverges",
        "No input at all gave `'oscillates'`, `'never settles'`.",
    ),
    (
        "basics/verdict",
        lambda lr, h: borders(lr, 10, "monotone", "oscillates", "diverges"),
        "and `verdict(lr=0.5, h=4)` gave the same, `'diverges'`: `h` takes no part",
    ),
    ("basics/verdict", no_branch_at_the_border, "for this input no branch returned"),
    (
        "basics/verdict",
        lambda lr, h: (
            "monotone" if lr <= h else "diverges" if lr > 2 * h else "oscillates"
        ),
        "came back",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "never settles"
            if lr * h == 2
            else borders(lr, h, "monotone", "oscillates", "diverges")
        ),
        "lands at 0 in one step and stays",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "never settles"
            if lr * h == 1
            else borders(lr, h, "monotone", "oscillates", "diverges")
        ),
        "belongs to the other border",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "monotone"
            if lr * h <= 1
            else "never settles"
            if lr * h <= 2
            else "diverges"
        ),
        "can come home",
    ),
    (
        "basics/verdict",
        lambda lr, h: {"monotone": "oscillates", "oscillates": "monotone"}.get(
            verdict_by_factor(lr, h), verdict_by_factor(lr, h)
        ),
        "the wrong way round",
    ),
    ("basics/verdict", lambda lr, h: verdict_by_factor(1, h), "`h` alone"),
    ("basics/verdict", lambda lr, h: verdict_by_factor(lr, 1), "`lr` alone"),
    (
        "basics/verdict",
        lambda lr, h: (
            "never settles"
            if lr == 2 * h
            else "monotone"
            if lr <= h
            else "oscillates"
            if lr < 2 * h
            else "diverges"
        ),
        "grow with `h`",
    ),
    (
        "basics/verdict",
        lambda lr, h: verdict_by_factor(lr / 2, h),
        "at twice the right",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "never settles" if lr * h == 2 else "monotone" if lr * h < 2 else "diverges"
        ),
        "there is a word for it",
    ),
    (
        "basics/verdict",
        lambda lr, h: {"monotone": "diverges", "diverges": "monotone"}.get(
            verdict_by_factor(lr, h), verdict_by_factor(lr, h)
        ),
        "upside down",
    ),
    ("basics/verdict", lambda lr, h: "Monotone", "the words are `'monotone'`"),
    ("basics/verdict", lambda lr, h: lr * h < 2, "a `bool` instead of a word"),
    ("basics/verdict", lambda lr, h: "oscillates", "`lr` takes no part there"),
    ("basics/max_stable_rate", lambda e: 2 / np.min(e), "the flattest axis"),
    ("basics/max_stable_rate", lambda e: 1 / np.max(e), "lands in one step"),
    ("basics/max_stable_rate", lambda e: 2 * len(e) / sum(e), "average curvature"),
    ("basics/max_stable_rate", lambda e: 2 / np.median(e), "middle curvature"),
    ("basics/max_stable_rate", lambda e: 2 / sum(e), "add up all curvatures"),
    ("basics/max_stable_rate", lambda e: 2 / list(e)[-1], "take the last eigenvalue"),
    ("basics/max_stable_rate", lambda e: 2 / e[0], "take the first eigenvalue"),
    ("basics/max_stable_rate", lambda e: 2 / (min(e) + max(e)), "best rate, not"),
    ("basics/max_stable_rate", lambda e: 2 * max(e), "rises with the curvature"),
    ("basics/max_stable_rate", lambda e: max(e) / 2, "one over the border"),
    ("basics/max_stable_rate", lambda e: 2 / math.hypot(*e), "into one length"),
    ("basics/max_stable_rate", lambda e: max(e), "the curvature that decides"),
    ("basics/max_stable_rate", lambda e: 2 / max(e) / max(e), "a quarter of the rate"),
    ("basics/max_stable_rate", lambda e: max(e) / min(e), "the condition number"),
    ("basics/max_stable_rate", lambda e: 0.99 * 2 / max(e), "stay 1 % below"),
    ("basics/max_stable_rate", lambda e: 1.9 / max(e), "stay 5 % below"),
    ("basics/max_stable_rate", lambda e: 2 / max(e) * 0.9, "stay 10 % below"),
    ("basics/max_stable_rate", lambda e: 1.999 / max(e), "close, but not exact"),
    ("basics/max_stable_rate", lambda e: 0.2, "`eigenvalues` takes no part there"),
    (
        "basics/max_stable_rate",
        sorts_its_argument,
        "argument `eigenvalues` in place",
    ),
    ("basics/max_stable_rate", lambda e: 2 / np.array(e), "instead of one number"),
]
