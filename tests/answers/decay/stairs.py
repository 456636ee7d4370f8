"""Learners' answers to lesson 2.2, Stairs."""

import bisect
import math
from typing import Any

import numpy as np


def stairs_by_divmod(t: Any, eta0: float, gamma: float, s: int) -> Any:
    stair, _ = np.divmod(t, s)
    return eta0 * np.power(gamma, stair, dtype=float)


def stairs_by_floor(t: Any, eta0: float, gamma: float, s: int) -> Any:
    return np.exp(np.log(gamma) * np.floor(np.asarray(t) / s)) * eta0


def stairs_by_loop(t: Any, eta0: float, gamma: float, s: int) -> Any:
    rates = np.full(np.shape(t), eta0, dtype=float)
    fall = s
    while (np.asarray(t) >= fall).any():
        rates = np.where(np.asarray(t) >= fall, rates * gamma, rates)
        fall += s
    return rates if np.ndim(t) else float(rates)


def stairs_that_stop_late(t: Any, eta0: float, gamma: float, s: int) -> Any:
    if np.ndim(t):
        return np.array(
            [stairs_that_stop_late(n, eta0, gamma, s) for n in t.ravel()]
        ).reshape(t.shape)
    rate = eta0
    for step in range(1, t + 1):
        if step > s and step % s == 1 % s:
            rate *= gamma
    return rate


def milestones_by_loop(t: int, eta0: float, gamma: float, milestones: Any) -> float:
    rate = eta0
    for milestone in milestones:
        if milestone <= t:
            rate = rate * gamma
    return rate


def milestones_sorted(t: int, eta0: float, gamma: float, milestones: Any) -> float:
    return eta0 * gamma ** int(np.searchsorted(sorted(milestones), t, side="right"))


def milestones_updated(t: int, eta0: float, gamma: float, milestones: Any) -> float:
    rate = eta0
    for step in range(t + 1):
        rate *= gamma ** milestones.count(step)
    return rate


def milestones_broken_off(t: int, eta0: float, gamma: float, milestones: Any) -> float:
    rate = eta0
    for milestone in milestones:
        if t < milestone:
            break
        rate *= gamma
    return rate


def milestones_in_place(t: int, eta0: float, gamma: float, milestones: Any) -> float:
    milestones.sort()
    return milestones_sorted(t, eta0, gamma, milestones)


def milestones_by_cases(t: int, eta0: float, gamma: float, milestones: Any) -> float:
    for k, milestone in enumerate(sorted(milestones), start=1):
        if t >= milestone:
            return eta0 * gamma**k
    return eta0


def milestones_returned(t: int, eta0: float, gamma: float, milestones: Any) -> float:
    factor = gamma
    for milestone in milestones:
        if milestone <= t:
            return eta0 * factor
        factor *= gamma
    return eta0


def milestones_left(t: int, eta0: float, gamma: float, milestones: Any) -> float:
    rate = eta0
    for milestone in milestones:
        if milestone <= t:
            rate *= gamma
        return rate
    return rate


def milestones_as_widths(t: int, eta0: float, gamma: float, milestones: Any) -> float:
    rate, end = eta0, 0
    for width in milestones:
        end += width
        if t >= end:
            rate *= gamma
    return rate


def milestones_by_place(t: int, eta0: float, gamma: float, milestones: Any) -> float:
    rate = eta0
    for place, milestone in enumerate(milestones):
        if t >= milestone:
            rate = eta0 * gamma ** (place + 1)
    return rate


RIGHT: dict[str, list[Any]] = {
    "decay/step_lr": [
        stairs_by_divmod,
        stairs_by_floor,
        stairs_by_loop,
        lambda t, eta0, gamma, s: gamma ** ((t - t % s) / s) * eta0,
    ],
    "decay/multistep_lr": [
        milestones_by_loop,
        milestones_sorted,
        milestones_updated,
        lambda t, eta0, gamma, m: eta0 * np.prod([gamma for x in m if not x > t]),
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    ("decay/step_lr", lambda t, e, g, s: e * g ** ((t - 1) // s), "counts from 1"),
    ("decay/step_lr", stairs_that_stop_late, "fall one update late, at `s + 1`"),
    ("decay/step_lr", lambda t, e, g, s: g ** ((t + 1) // s) * e, "one update early"),
    ("decay/step_lr", lambda t, e, g, s: e * g ** round(t / s), "nearest stair"),
    ("decay/step_lr", lambda t, e, g, s: e * g ** -(-t // s), "You round up"),
    ("decay/step_lr", lambda t, e, g, s: g ** (t / s) * e, "Yours is a slope"),
    ("decay/step_lr", lambda t, e, g, s: e * g ** np.mod(t, s), "what is left over"),
    ("decay/step_lr", lambda t, e, g, s: e * np.power(g, t), "falls at every update"),
    ("decay/step_lr", lambda t, e, g, s: t // s * g * e, "the number of the stair"),
    (
        "decay/step_lr",
        lambda t, e, g, s: e * np.where(np.asarray(t) >= s, g, 1),
        "falls once, at `t = s`",
    ),
    (
        "decay/step_lr",
        lambda t, e, g, s: e * np.where(np.asarray(t) > s, g, 1),
        "and one update late",
    ),
    (
        "decay/step_lr",
        lambda t, e, g, s: e * g ** (t % s == 0),
        "low at single updates only",
    ),
    (
        "decay/step_lr",
        lambda t, e, g, s: e * g ** ((t != 0) * (t % s == 0)),
        "back up at the next",
    ),
    ("decay/step_lr", lambda t, e, g, s: np.power(g, t // s), "`eta0` hasn't"),
    ("decay/step_lr", lambda t, e, g, s: (g * e) ** (t // s), "look at the brackets"),
    ("decay/step_lr", lambda t, e, g, s: e * g * g ** (t // s), "lowered already"),
    ("decay/step_lr", lambda t, e, g, s: e * (1 - g) ** (t // s), "share that is lost"),
    ("decay/step_lr", lambda t, e, g, s: e / g ** (t // s), "Your stairs go up"),
    (
        "decay/step_lr",
        lambda t, e, g, s: e * math.e ** (-g * (t // s)),
        "by the factor exp",
    ),
    ("decay/step_lr", lambda t, e, g, s: e - t // s * g, "subtract `gamma`"),
    ("decay/step_lr", lambda t, e, g, s: e ** (t // s) * g, "have changed places"),
    (
        "decay/step_lr",
        lambda t, e, g, s: np.around(e * np.power(g, t // s), decimals=4),
        "You round to 4 decimals",
    ),
    (
        "decay/step_lr",
        lambda t, e, g, s: np.around(e * np.power(g, t // s), decimals=5),
        "You round to 5 decimals",
    ),
    ("decay/step_lr", lambda t, e, g, s: e * 0.1 ** (t // s), "with another value"),
    ("decay/step_lr", lambda t, e, g, s: list(np.ravel(e)), "instead of a number"),
    ("decay/step_lr", lambda t, e, g, s: None, "nothing (`None`)"),
    ("decay/step_lr", lambda t, e, g: e * g**t, "can't be called with 4 arguments"),
    ("decay/step_lr", 0.01, "isn't a function"),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * np.prod([g] * len(m)),
        "You count all milestones",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * g ** len([x for x in m if t > x]),
        "one update after each milestone",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * g ** len([x for x in m if t >= x - 1]),
        "one update before each milestone",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * g ** len({x for x in m if t >= x}),
        "listed twice acts once",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * g ** bisect.bisect(m, t),
        "Bisection needs a sorted list",
    ),
    ("decay/multistep_lr", milestones_broken_off, "stop at the first milestone"),
    ("decay/multistep_lr", milestones_by_place, "a place is no count"),
    ("decay/multistep_lr", milestones_by_cases, "The first case that fits"),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * (g if m.count(t) else 1),
        "low at the milestones only",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * np.prod([g for x in m if x == t]),
        "at its own update alone",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * g ** len([x for x in m if x > t]),
        "still to come, so your rate rises",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * np.prod([g**x for x in m if x <= t]),
        "add up the milestones",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * np.prod([g ** (t // x) for x in m]),
        "at its multiples too",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * sum(g for x in m if x <= t),
        "You multiply by the count",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * np.prod([g for x in m if x <= t][1:]),
        "first milestone does nothing",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: np.prod([g for x in m if x <= t]),
        "`eta0` takes no part",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * np.prod([1 - g for x in m if x <= t]),
        "share that is lost",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * (1 / g) ** len([x for x in m if x <= t]),
        "Your stairs go up",
    ),
    ("decay/multistep_lr", milestones_returned, "look no further"),
    ("decay/multistep_lr", milestones_left, "Only the first milestone of the list"),
    ("decay/multistep_lr", milestones_as_widths, "for the widths of stairs"),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e * g ** len([x for x in m if x >= t]),
        "The comparison is turned round",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: round(e * g ** len([x for x in m if x <= t]), 4),
        "You round to 4 decimals",
    ),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: float(f"{milestones_sorted(t, e, g, m):.5f}"),
        "You round to 5 decimals",
    ),
    ("decay/multistep_lr", milestones_in_place, "argument `milestones` in place"),
    (
        "decay/multistep_lr",
        lambda t, e, g, m: e if t < m[0] else None,
        "for this input no branch returned",
    ),
    ("decay/multistep_lr", lambda t, e, g, m: (e, g), "instead of a number"),
    ("decay/multistep_lr", lambda t, m: t, "can't be called with 4 arguments"),
]
