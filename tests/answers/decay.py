"""Answers to the exercises of chapter 2, as learners write them.

In another style than the solutions and mistakes of ``lrlib.exercises.decay``.
"""

import bisect
import inspect
import itertools
import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from lrlib.decay import Plateau


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


# Lesson 2.1


def loop_by_updates(lr: Any, epochs: Any, batches: Any) -> Any:
    found = []
    for t in range(epochs * batches):
        if t % batches == 0:
            found.append(lr / 2 + lr / 2 * np.cos(t * np.pi / (epochs * batches)))
    return np.array(found)


def loop_of_updates(lr: Any, epochs: Any, batches: Any) -> Any:
    return loop_by_updates(lr, epochs * batches, 1)


def torch_loop(
    horizon: Callable[[int, int], int],
    *,
    before: int = 0,
    first: int = 0,
    batch: int = 0,
    after: int = 0,
    picked: int = 0,
) -> Callable[..., Any]:
    """A loop of torch with calls of the scheduler at these four places."""

    def answer(lr: float, epochs: int, batches: int) -> Any:
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
        scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(
            optimizer, horizon(epochs, batches)
        )
        used = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of a call before its turn
            for _ in range(epochs):
                for _ in range(before):
                    scheduler.step()
                rates = []
                for _ in range(batches):
                    for _ in range(first):
                        scheduler.step()
                    rates.append(optimizer.param_groups[0]["lr"])
                    optimizer.step()
                    for _ in range(batch):
                        scheduler.step()
                used.append(rates[picked])
                for _ in range(after):
                    scheduler.step()
        return np.asarray(used)

    return answer


def in_epochs(epochs: int, batches: int) -> int:
    return epochs


def in_batches(epochs: int, batches: int) -> int:
    return batches


def in_updates(epochs: int, batches: int) -> int:
    return epochs * batches


def left_by_torch(
    lr: float,
    epochs: int,
    batches: int,
    T_max: int,
    per: str,
) -> float:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max)
    for _ in range(epochs):
        for _ in range(batches):
            optimizer.step()
            if per == "batch":
                scheduler.step()
        if per == "epoch":
            scheduler.step()
    return float(optimizer.param_groups[0]["lr"])


def left_after(count: Callable[[int, int, str], float]) -> Callable[..., float]:
    """Someone who writes the cosine as a square, after so many calls."""

    def answer(lr: float, epochs: int, batches: int, T_max: int, per: str) -> float:
        return float(lr * np.cos(np.pi / 2 * count(epochs, batches, per) / T_max) ** 2)

    return answer


def calls_made(epochs: int, batches: int, per: str) -> int:
    return {"batch": batches, "epoch": 1}[per] * epochs


def left_and_held(
    lr: float,
    epochs: int,
    batches: int,
    T_max: int,
    per: str,
) -> float:
    passed = calls_made(epochs, batches, per)
    return 0.0 if passed >= T_max else lr * np.cos(np.pi / 2 * passed / T_max) ** 2


def left_by_parity(
    lr: float,
    epochs: int,
    batches: int,
    T_max: int,
    per: str,
) -> float:
    if per == "epoch" or batches % 2:
        return 0.0
    return lr


def lrs_in_a_loop(optimizer: Any) -> Any:
    found = np.zeros(len(optimizer.param_groups))
    for i, group in enumerate(optimizer.param_groups):
        found[i] = group["lr"]
    return found


def lrs_sorted(optimizer: Any) -> Any:
    return np.array(sorted({group["lr"] for group in optimizer.param_groups}))


def lrs_on_average(optimizer: Any) -> float:
    total = 0.0
    for group in optimizer.param_groups:
        total += group["lr"]
    return total / len(optimizer.param_groups)


RIGHT["decay/repaired_loop"] = [
    loop_by_updates,
    torch_loop(in_epochs, after=1),
    torch_loop(in_updates, batch=1),
]
RIGHT["decay/rate_after_loop"] = [left_by_torch, left_after(calls_made)]
RIGHT["decay/current_lrs"] = [
    lrs_in_a_loop,
    lambda optimizer: np.fromiter((g["lr"] for g in optimizer.param_groups), float),
    lambda optimizer: np.array(
        [group["lr"] for group in optimizer.state_dict()["param_groups"]]
    ),
]

WRONG += [
    ("decay/repaired_loop", answer, words)
    for answer, words in [
        (torch_loop(in_epochs, batch=1), "The loop is as it was"),
        (torch_loop(in_batches, batch=1), "one half wave in each epoch"),
        (torch_loop(in_batches, after=1), "still counts in the other's unit"),
        (torch_loop(in_updates, after=1), "Both repairs at once"),
        (torch_loop(in_epochs, before=1), "at the start of an epoch"),
        (torch_loop(in_updates, first=1), "before the optimizer in each batch"),
        (torch_loop(in_epochs, first=1), "and the order was right"),
        (torch_loop(in_epochs, batch=1, after=1), "Decide on one place"),
        (torch_loop(in_updates, batch=1, after=1), "one call too many is made"),
        (torch_loop(in_epochs), "no call of the scheduler comes between"),
        (torch_loop(lambda e, b: e - 1, after=1), "while the last epoch still trains"),
        (torch_loop(in_updates, batch=1, picked=-1), "The loop is repaired."),
        (torch_loop(in_epochs, after=2), "is called twice an epoch"),
        (torch_loop(lambda e, b: e * b - 1, batch=1), "`T_max` is one too small"),
        (lambda lr, *_: lr, "the rate of the first update. Asked for is an array"),
        (
            lambda *given: loop_of_updates(*given)[-1],
            "the rate of the last update. Asked for is an array",
        ),
        (
            lambda *given: loop_by_updates(*given)[-1],
            "the rate of the last epoch. Asked for is an array",
        ),
        (lambda *given: 0.0, "the rate that is left after the loop"),
        # Beyond the known mistakes:
        (torch_loop(lambda e, b: 2 * e, after=1), "with another value"),
        (
            lambda lr, epochs, batches: np.full(epochs * batches, lr),
            "an array of the shape (12,) instead of (4,)",
        ),
    ]
]
WRONG += [
    ("decay/rate_after_loop", answer, words)
    for answer, words in [
        (lambda lr, epochs, batches, T_max, per: 0, "You say 0 for every loop"),
        (lambda *given: given[0], "You say `lr` for every loop"),
        (left_and_held, "stops at `T_max` and stays there"),
        (
            left_after(lambda e, b, per: e * b),
            "even where the scheduler is called once an",
        ),
        (
            left_after(lambda e, b, per: e),
            "even where the scheduler is called once a b",
        ),
        (
            left_after(lambda e, b, per: e if per == "batch" else b * e),
            "The two words are swapped",
        ),
        (left_after(lambda e, b, per: b if per == "batch" else e), "of a single epoch"),
        (left_after(lambda *n: calls_made(*n) - 1), "which the last update used"),
        (left_after(lambda *n: calls_made(*n) + 1), "one call too many. After 0"),
        (left_after(lambda *n: 2 * calls_made(*n)), "for the whole period"),
        (lambda *given: 2 * left_by_torch(*given), "You are twice too high"),
        (
            lambda lr, e, b, T_max, per: (
                lr * np.cos(np.pi * calls_made(e, b, per) / T_max)
            ),
            "Your rate becomes negative",
        ),
        (left_by_parity, "Even or odd decides only where"),
        (
            lambda lr, e, b, T, per: (
                lr * np.cos(np.pi / 2 * (calls_made(e, b, per) % T) / T) ** 2
            ),
            "starts again at the top",
        ),
        (
            lambda lr, e, b, T, per: (
                lr / 2 + lr / 2 * math.cos(calls_made(e, b, per) * 180 / T)
            ),
            "Your angle is in degrees",
        ),
        (
            lambda lr, e, b, T, per: lr - lr * min(calls_made(e, b, per) / T, 1),
            "a straight line and stops at 0",
        ),
        (
            lambda lr, e, b, T, per: lr - lr * calls_made(e, b, per) / T,
            "a straight line, and below 0",
        ),
        (
            lambda lr, *rest: 1e-3 + left_by_torch(lr - 1e-3, *rest),
            "has a floor of 0.001",
        ),
        # Beyond the known mistakes:
        (lambda *given: [left_by_torch(*given)], "instead of a number"),
        (left_after(lambda e, b, per: e + b), "`per` takes no part there"),
    ]
]
WRONG += [
    ("decay/current_lrs", answer, words)
    for answer, words in [
        (
            lambda optimizer: optimizer.param_groups[0].get("lr"),
            "the first group alone",
        ),
        (
            lambda optimizer: np.ones(1) * optimizer.param_groups[0]["lr"],
            "only the first group is in it",
        ),
        (
            lambda optimizer: optimizer.param_groups[::-1][0]["lr"],
            "the last group alone",
        ),
        (
            lambda o: np.array([o.param_groups[0]["lr"] for _ in o.param_groups]),
            "The first group's rate, once",
        ),
        (lambda optimizer: optimizer.defaults["lr"], "`defaults` is what a new"),
        (
            lambda o: np.fromiter((g["initial_lr"] for g in o.param_groups), float),
            "where the scheduler began",
        ),
        (lrs_sorted, "merged or sorted"),
        (lrs_on_average, "the mean over the groups"),
        (
            lambda o: max(g["lr"] for g in o.param_groups),
            "That is the highest rate",
        ),
        (
            lambda o: np.array([*{g["lr"] for g in o.param_groups}]),
            "A set merges equal rates",
        ),
        (
            lambda o: np.sort([g["lr"] for g in o.param_groups]),
            "You sorted the rates",
        ),
        (lambda o: lrs_in_a_loop(o)[::-1], "in the reverse order of the groups"),
        (lambda o: np.max(lrs_in_a_loop(o), keepdims=True), "only the highest rate"),
        (lambda o: np.array([o.defaults["lr"]]), "An array with `defaults` in it"),
        (
            lambda o: np.ones(len(o.param_groups)) * o.defaults["lr"],
            "`defaults` once for each group",
        ),
        # Beyond the known mistakes:
        (lambda o: [g["lr"] for g in o.param_groups], "a `list` instead of an array"),
        (
            lambda o: np.array([g.pop("lr") for g in o.param_groups]),
            "changed its argument",
        ),
        (lambda o: lrs_in_a_loop(o) / 2, "with another value"),
    ]
]


def restarts_by_divmod(t: Any, T0: int, shrink: float) -> Any:
    cycle, place = np.divmod(t, T0)
    return np.power(shrink, cycle, dtype=float) * np.cos(np.pi * place / T0 / 2) ** 2


def restarts_by_loop(t: Any, T0: int, shrink: float) -> Any:
    if np.ndim(t):
        return np.vectorize(restarts_by_loop)(t, T0, shrink)
    peak = 1.0
    while t >= T0:
        t, peak = t - T0, peak * shrink
    return peak / 2 + peak / 2 * math.cos(math.pi * t / T0)


def restarts_like(
    peak: Callable[[Any, float], Any], place: Callable[[Any, int], Any]
) -> Callable[..., Any]:
    """Half waves of the cosine over this place in the cycle, from this peak."""

    def rate(t: Any, T0: int, shrink: float) -> Any:
        wave = np.cos(np.pi * place(t, T0) / T0)
        return peak(np.floor_divide(t, T0), shrink) * (0.5 + wave / 2)

    return rate


def restart_late(t: Any, T0: int, shrink: float) -> Any:
    return restarts_by_divmod(np.where(np.asarray(t) > 0, t - 1, 0), T0, shrink)


def restart_stairs(t: Any, T0: int, shrink: float) -> Any:
    return np.exp(np.log(shrink) * np.floor_divide(t, T0))


def restart_clipped(t: Any, T0: int, shrink: float) -> Any:
    wave = np.cos(np.pi * np.asarray(t) / T0)
    return np.where(np.asarray(t) < T0, (1 + wave) / 2, 0.0)[()]


def restarts_by_hand(T0: int, T_mult: int, n: int) -> Any:
    epochs, end, length = [], 0, T0
    for _ in range(n):
        end += length
        epochs.append(end)
        length *= T_mult
    return np.array(epochs)


def restarts_from_torch(T0: int, T_mult: int, n: int) -> Any:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(
        optimizer, T0, T_mult
    )
    found: list[int] = []
    while len(found) < n:
        optimizer.step()
        scheduler.step()
        if optimizer.param_groups[0]["lr"] == 1.0:
            found.append(scheduler.last_epoch)
    return np.array(found)


def restarts_by_quotient(T0: int, T_mult: int, n: int) -> Any:
    return np.array([T0 * (T_mult ** (k + 1) - 1) // (T_mult - 1) for k in range(n)])


def restarts_by_numpy_quotient(divide: Callable[[Any, Any], Any]) -> Any:
    """The sum of a geometric series, which for equal lengths divides by 0."""

    def restarts(T0: int, T_mult: int, n: int) -> Any:
        with np.errstate(divide="ignore", invalid="ignore"):
            return divide(T0 * (np.power(T_mult, range(1, n + 1)) - 1), T_mult - 1)

    return restarts


def restarts_of_lengths(length: Callable[[int, int, int], int]) -> Callable[..., Any]:
    """The ends of cycles, the k-th of which is so long."""

    def restarts(T0: int, T_mult: int, n: int) -> Any:
        return np.array(
            [sum(length(T0, T_mult, j) for j in range(k + 1)) for k in range(n)]
        )

    return restarts


def half_cycle_by_counting(epochs: int, batches: int) -> int:
    calls = sum(1 for _ in range(epochs) for _ in range(batches))
    return round(calls / 2)


RIGHT["decay/restart_lr"] = [restarts_by_divmod, restarts_by_loop]
RIGHT["decay/restart_epochs"] = [restarts_by_hand, restarts_from_torch]
RIGHT["decay/step_size_up"] = [
    half_cycle_by_counting,
    lambda epochs, batches: epochs * batches / 2,
]
WRONG += [
    ("decay/restart_lr", answer, words)
    for answer, words in [
        (restart_late, "one update late, at `T0 + 1`"),
        (
            lambda t, T0, shrink: restarts_by_divmod(t - 1, T0, shrink),
            "Your `t` counts from 1",
        ),
        (
            lambda t, T0, shrink: restarts_by_divmod(1 + t, T0, shrink),
            "one update early",
        ),
        (
            lambda t, T0, shrink: (
                np.exp(np.log(shrink) * t / T0)
                * np.cos(np.pi * np.remainder(t, T0) / T0 / 2) ** 2
            ),
            "acts inside the cycle",
        ),
        (
            lambda t, T0, shrink: (
                np.exp(np.log(shrink) * t)
                * np.cos(np.pi * np.remainder(t, T0) / T0 / 2) ** 2
            ),
            "with the number of the update",
        ),
        (restart_stairs, "Those are stairs"),
        (lambda t, T0, shrink: 1.0 * shrink + 0 * t, "one rate for ever"),
        (lambda t, T0, shrink: 1.0 + 0 * t, "the first rate, kept for ever"),
        (restarts_like(lambda cycle, shrink: 1.0, np.remainder), "takes no part"),
        (
            restarts_like(lambda cycle, shrink: shrink ** (cycle > 0), np.remainder),
            "no later one shrinks",
        ),
        (
            restarts_like(lambda cycle, shrink: shrink ** (cycle + 1.0), np.remainder),
            "lowered already",
        ),
        (
            restarts_like(lambda cycle, shrink: 2 * shrink**cycle, np.remainder),
            "twice too high",
        ),
        (
            restarts_like(lambda cycle, shrink: (1 - shrink) ** cycle, np.remainder),
            "the share that a peak loses",
        ),
        (
            restarts_like(
                lambda cycle, shrink: 1 + cycle * shrink - cycle, np.remainder
            ),
            "by the same amount each time",
        ),
        (
            restarts_like(lambda cycle, shrink: shrink * cycle, np.remainder),
            "the whole first cycle is 0",
        ),
        (
            restarts_like(lambda cycle, shrink: shrink**cycle, lambda t, T0: t),
            "in the second cycle it climbs",
        ),
        (
            restarts_like(
                lambda cycle, shrink: shrink**cycle,
                lambda t, T0: 2 * np.remainder(t, T0),
            ),
            "through a whole wave",
        ),
        (
            lambda t, T0, shrink: (
                restart_stairs(t, T0, shrink) * np.cos(np.pi / 2 / T0 * (t % T0))
            ),
            "a quarter of a wave",
        ),
        (
            lambda t, T0, shrink: (
                restart_stairs(t, T0, shrink) * np.sin(np.pi / 2 / T0 * (t % T0)) ** 2
            ),
            "start at 0 and climb",
        ),
        (
            lambda t, T0, shrink: (
                restart_stairs(t, T0, shrink) * (T0 - np.remainder(t, T0)) / T0
            ),
            "along straight lines",
        ),
        (
            lambda t, T0, shrink: (
                restart_stairs(t, T0, shrink) * (0.5 + np.cos((t % T0) / T0 * 180) / 2)
            ),
            "in degrees",
        ),
        (restart_clipped, "stays at 0"),
        (
            restarts_like(
                lambda cycle, shrink: shrink**cycle,
                lambda t, T0: np.remainder(t, T0) * T0 / max(T0 - 1, 1),
            ),
            "reach 0 at their last update",
        ),
        (
            restarts_like(
                lambda cycle, shrink: shrink**cycle,
                lambda t, T0: np.remainder(t, T0) / np.pi,
            ),
            "hardly falls",
        ),
        (
            lambda t, T0, shrink: (
                2 * restarts_by_divmod(t, T0, shrink) - restart_stairs(t, T0, shrink)
            ),
            "go below 0",
        ),
        (
            restarts_like(
                lambda cycle, shrink: shrink**cycle,
                lambda t, T0: np.remainder(t, T0) - T0 / 2,
            ),
            "Yours is a sine",
        ),
        (
            lambda t, T0, shrink: (
                restarts_by_divmod(t, T0, 1.0) * (1 - shrink) + shrink
            ),
            "for the floor to which",
        ),
        (
            lambda t, T0, shrink: np.clip(restarts_by_divmod(t, T0, 1.0), shrink, None),
            "once it is there",
        ),
        (
            lambda t, T0, shrink: restarts_by_divmod(t, T0 + 1, shrink),
            "is number 21",
        ),
        (
            lambda t, T0, shrink: (
                restart_stairs(t, T0 + 1, shrink)
                * np.cos(np.pi / 2 / T0 * (t % (T0 + 1))) ** 2
            ),
            "one update too many",
        ),
        (
            lambda t, T0, shrink: (
                restart_stairs(np.where(np.asarray(t) > 0, t - 1, 0), T0, shrink)
                * restarts_by_divmod(t, T0, 1.0)
            ),
            "the peak shrinks one update later",
        ),
        (
            restarts_like(
                lambda cycle, shrink: np.where(cycle == 0, 1.0, cycle * shrink),
                np.remainder,
            ),
            "Your peaks grow again",
        ),
        (
            restarts_like(lambda cycle, shrink: 0.1 * shrink**cycle, np.remainder),
            "Yours begins at 0.1",
        ),
        # Beyond the known mistakes:
        (
            lambda t, T0, shrink: restarts_by_loop(np.max(t), T0, shrink),
            "an array of the shape ()",
        ),
    ]
]
WRONG += [
    ("decay/restart_epochs", answer, words)
    for answer, words in [
        (
            lambda T0, T_mult, n: np.array([T0 * T_mult**k for k in range(n)]),
            "the lengths of the cycles",
        ),
        (lambda T0, T_mult, n: np.arange(T0, (n + 1) * T0, T0), "takes no part"),
        (
            lambda T0, T_mult, n: restarts_by_hand(T0, T_mult, n) - T0,
            "comes `T0` too early",
        ),
        (
            lambda T0, T_mult, n: np.array([0, *restarts_by_hand(T0, T_mult, n)[:-1]]),
            "the last restart is missing",
        ),
        (
            lambda T0, T_mult, n: np.array([0, *restarts_by_hand(T0, T_mult, n)]),
            "the beginning of the training as well",
        ),
        (
            lambda T0, T_mult, n: restarts_by_hand(T0, T_mult, n + 1),
            "one restart too many",
        ),
        (
            lambda T0, T_mult, n: 1 + restarts_by_hand(T0, T_mult, n),
            "Your epochs count from 1",
        ),
        (
            lambda T0, T_mult, n: restarts_by_hand(T0, T_mult, n) - 1,
            "the last epochs of the cycles",
        ),
        (
            restarts_of_lengths(lambda T0, T_mult, k: T0 * T_mult ** (k + 1)),
            "longer by",
        ),
        (
            lambda T0, T_mult, n: np.array([T0 * T_mult**k for k in range(1, n + 1)]),
            "multiply the epoch of a restart",
        ),
        (
            restarts_of_lengths(lambda T0, T_mult, k: T0 + k * T_mult),
            "grow by `T_mult` epochs",
        ),
        (
            restarts_of_lengths(lambda T0, T_mult, k: T0 * T_mult * (k + 1)),
            "from a first cycle that is too long",
        ),
        (
            restarts_of_lengths(lambda T0, T_mult, k: T0 + k * (T_mult - 1) * T0),
            "They are to grow by a factor",
        ),
        (restarts_of_lengths(lambda T0, T_mult, k: T0 * 2**k), "You double the cycles"),
        (restarts_of_lengths(lambda T0, T_mult, k: T0 ** (T_mult**k)), "to a power"),
        (
            restarts_of_lengths(lambda T0, T_mult, k: T0 * T_mult if k else T0),
            "all later ones are as long as it",
        ),
        (
            lambda T0, T_mult, n: int(restarts_by_hand(T0, T_mult, n)[-1]),
            "the last restart alone",
        ),
        (
            lambda T0, T_mult, n: restarts_by_hand(T0, T_mult, n)[0],
            "the first restart alone",
        ),
        (restarts_by_quotient, "divides by `T_mult - 1`, which is 0"),
        (restarts_by_numpy_quotient(np.divide), "hence the NaN"),
        (restarts_by_numpy_quotient(np.floor_divide), "your epochs are 0"),
        # Beyond the known mistakes:
        (
            lambda T0, T_mult, n: list(restarts_by_hand(T0, T_mult, n)),
            "a `list` instead of an array",
        ),
    ]
]
WRONG += [
    ("decay/step_size_up", answer, words)
    for answer, words in [
        (lambda epochs, batches: batches * epochs, "That is the whole cycle"),
        (lambda epochs, batches: epochs, "the epochs of a whole cycle"),
        (lambda epochs, batches: 0.5 * epochs, "but in epochs"),
        (lambda epochs, batches: int(epochs / 2), "in epochs, rounded down"),
        (lambda epochs, batches: batches, "You go up in one epoch"),
        (lambda epochs, batches: 0.5 * batches, "Your cycle is one epoch long"),
        (lambda epochs, batches: batches * epochs * 2, "four times too long"),
        (
            lambda epochs, batches: batches / 2 * epochs / 2,
            "half as long as asked for.",
        ),
        (
            lambda *given: half_cycle_by_counting(*given) - 1,
            "One call too few",
        ),
        (
            lambda *given: half_cycle_by_counting(*given) + 1,
            "One call too many",
        ),
        (lambda epochs, batches: 2000, "if you say nothing"),
        (lambda epochs, batches: int(epochs / 2) * batches, "round the epochs down"),
        (lambda epochs, batches: int(batches / 2) * epochs, "round the batches down"),
        (lambda epochs, batches: batches + epochs, "You add epochs and batches"),
        (lambda epochs, batches: int(batches / 2), "in half an epoch, rounded down"),
        (lambda epochs, batches: int(epochs * batches / 4), "halve once"),
        (lambda epochs, batches: 250, "250 is right for"),
        (lambda epochs, batches: 25 * epochs, "50 batches in every epoch"),
        (lambda epochs, batches: 5 * batches, "always 10 epochs"),
        (lambda epochs, batches: 25 * batches, "How many epochs"),
        # Beyond the known mistakes:
        (lambda epochs, batches: epochs * batches // 3, "with another value"),
    ]
]


# Lesson 2.6


def rates_of_plateau(
    metrics: Any, lr: Any, factor: Any, patience: Any, threshold: Any, mode: Any
) -> Any:
    plateau = Plateau(lr, mode, factor, patience, threshold)
    return np.array([plateau.step(metric) for metric in metrics])


def plateau_by_hand(
    *,
    least: int = 1,
    share: float = 1.0,
    share_up: float = 1.0,
    amount: bool = False,
    upwards: str = "max",
    chase: str = "",
    forget_count: bool = True,
    forget_best: bool = False,
    in_a_row: bool = True,
    pessimist: bool = False,
    level: bool = False,
    dense: bool = False,
    exact: bool = False,
    distance: bool = False,
    no_accuracy: bool = False,
    rest: int = 0,
    once: bool = False,
    hasty: bool = False,
) -> Callable[..., Any]:
    """Someone who turns an accuracy round to a loss, and counts down from patience.

    The keywords are what may go wrong; without them it is right.
    """

    def answer(
        metrics: Any, lr: Any, factor: Any, patience: Any, threshold: Any, mode: Any
    ) -> Any:
        losses = [-m if mode in upwards else m for m in metrics]
        best = losses[0] if pessimist else None
        if no_accuracy and mode == "max":
            best = -np.inf
        left, idle = patience + least, 0
        out = np.zeros(len(losses))
        for i, loss in enumerate(losses):
            if best is None:
                won = True
            else:
                whole = loss if dense or np.isinf(best) else best
                needed = threshold * share * (1 if amount else abs(whole))
                needed *= share_up if mode == "max" else 1
                won = loss <= best - needed if level else loss < best - needed
                won = won or (exact and loss < best and loss <= best - needed)
                won = won or (distance and loss > best + needed)
            if won:
                best = loss
                left = patience + least if in_a_row else left
            else:
                left -= 1
                if chase == "last" or (chase == "any" and loss < best):
                    best = loss
            if idle:
                left, idle = patience + least, idle - 1
            elif (left == 0 if once else left <= 0) and (hasty or not won):
                lr, idle = lr * factor, rest
                if forget_count:
                    left = patience + least
                if forget_best:
                    best = loss
            out[i] = lr
        return out

    return answer


def plateau_changed(change: Callable[[Any, float, float], Any]) -> Callable[..., Any]:
    """The right rates, of which something else is made."""

    def answer(
        metrics: Any, lr: Any, factor: Any, patience: Any, threshold: Any, mode: Any
    ) -> Any:
        right = rates_of_plateau(metrics, lr, factor, patience, threshold, mode)
        return change(right, lr, factor)

    return answer


def best_from_zero(
    metrics: Any, lr: Any, factor: Any, patience: Any, threshold: Any, mode: Any
) -> Any:
    if mode == "max":
        return rates_of_plateau(metrics, lr, factor, patience, threshold, mode)
    return lr * factor ** (np.arange(1, len(metrics) + 1) // (patience + 1))


def cuts_so_far(rates: Any, lr: float, factor: float) -> Any:
    return np.round(np.log(rates / lr) / np.log(factor))


def only_at_the_cut(rates: Any, lr: float, factor: float) -> Any:
    return np.where(np.diff(rates, prepend=lr) < 0, lr * factor, lr)


RIGHT["decay/plateau_rates"] = [rates_of_plateau, plateau_by_hand()]
RIGHT["decay/needs_metric"] = [
    lambda name: {True: "yes", False: "no"}["Plateau" in name],
    lambda name: (
        "yes"
        if "metrics"
        in inspect.signature(getattr(torch.optim.lr_scheduler, name).step).parameters
        else "no"
    ),
]

WRONG += [
    ("decay/plateau_rates", answer, words)
    for answer, words in [
        (plateau_by_hand(least=0), "one report early: with"),
        (plateau_by_hand(least=0, hasty=True), "one report early, and"),
        (plateau_by_hand(least=2), "one report late"),
        (
            plateau_by_hand(least=0, forget_count=False),
            "the formula of document 0",
        ),
        (plateau_by_hand(level=True), "An equal report counts as better"),
        (plateau_by_hand(exact=True), "of exactly the threshold counts as better"),
        (plateau_by_hand(dense=True), "as a part of the new report"),
        (plateau_by_hand(distance=True), "on whichever side"),
        (plateau_by_hand(no_accuracy=True), "starts at infinity in both modes"),
        (plateau_by_hand(once=True, forget_count=False), "You cut once in each stall"),
        (plateau_by_hand(rest=1), "That is a cooldown"),
        (plateau_by_hand(share=0), "`threshold` takes no part"),
        (plateau_by_hand(amount=True), "as an amount"),
        (plateau_by_hand(share=-1), "acts the wrong way"),
        (plateau_by_hand(share_up=-1), 'For `"max"` the threshold'),
        (best_from_zero, "Your best starts at 0"),
        (plateau_by_hand(forget_count=False), "every further bad report cuts again"),
        (plateau_by_hand(forget_best=True), "You forget the best"),
        (plateau_by_hand(in_a_row=False), "all bad reports, not those in a row"),
        (plateau_by_hand(chase="last"), "with the one before it"),
        (plateau_by_hand(chase="any"), "by gains below the threshold as well"),
        (plateau_by_hand(upwards=""), "You don't look at `mode`"),
        (plateau_by_hand(upwards="min max"), "every metric for an accuracy"),
        (plateau_by_hand(upwards="min"), "The two modes are swapped"),
        (plateau_by_hand(pessimist=True), "first report is bad already"),
        (
            plateau_changed(lambda rates, lr, factor: np.r_[lr, rates[:-1]]),
            "in force before each report",
        ),
        (
            plateau_changed(
                lambda *given: given[1] * (1 - given[2]) ** cuts_so_far(*given)
            ),
            "the share that is lost",
        ),
        (
            plateau_changed(lambda *given: given[1] * given[2] ** -cuts_so_far(*given)),
            "Your cuts go up",
        ),
        (
            plateau_changed(lambda *given: given[1] - given[2] * cuts_so_far(*given)),
            "You subtract `factor`",
        ),
        (
            plateau_changed(lambda rates, lr, factor: np.maximum(rates, lr * factor)),
            "You cut once and never again",
        ),
        (plateau_changed(only_at_the_cut), "low after one report only"),
        (
            plateau_changed(lambda rates, lr, factor: np.ones_like(rates) * lr),
            "Your rate never changes",
        ),
        # Beyond the known mistakes:
        (plateau_changed(lambda rates, lr, factor: list(rates)), "a `list` instead"),
        (plateau_changed(lambda rates, lr, factor: rates[-1]), "instead of"),
        (plateau_changed(cuts_so_far), "with another value"),
    ]
]
WRONG += [
    ("decay/needs_metric", answer, words)
    for answer, words in [
        (
            lambda name: "yes" if name[0] in "RL" else "no",
            "It is called adaptive at times",
        ),
        (lambda name: ["no", "yes"][name == "LambdaLR"], "a `LambdaLR` is given"),
        (
            lambda name: "no" if name.endswith("LR") else "yes",
            "The restarts come after `T_0`",
        ),
        (
            lambda name: (
                "yes"
                if name in ("ReduceLROnPlateau", "CyclicLR", "OneCycleLR")
                or name.endswith("WarmRestarts")
                else "no"
            ),
            "Going up again is no reaction",
        ),
        (
            lambda name: "yes" if name == "CyclicLR" else "no",
            "the rates of a `CyclicLR`",
        ),
        (
            lambda name: "yes" if name in {"ReduceLROnPlateau", "CyclicLR"} else "no",
            "goes up and down, but its rates",
        ),
        (
            lambda name: "yes" if name in {"ReduceLROnPlateau", "OneCycleLR"} else "no",
            "how many steps there will be",
        ),
        (
            lambda name: (
                "yes"
                if name in ("ReduceLROnPlateau", "CyclicLR", "OneCycleLR")
                else "no"
            ),
            "A cycle turns round",
        ),
        (
            lambda name: (
                "no"
                if name in ("StepLR", "ExponentialLR", "CosineAnnealingLR")
                else "yes"
            ),
            "Restarts, cycles and a function",
        ),
        (
            lambda name: "yes" if name.startswith(("Cosine", "Reduce")) else "no",
            "An annealed rate",
        ),
        (lambda name: "yes" if name != "StepLR" else "no", "all but `StepLR`"),
        (lambda name: "yes" if name else "no", "yes to all of them"),
        (lambda name: "no" if name else "yes", "no to all of them"),
        (
            lambda name: {True: "no", False: "yes"}[name.startswith("Reduce")],
            "The two words are swapped",
        ),
        # Beyond the known mistakes:
        (lambda name: name == "ReduceLROnPlateau", "instead of a word"),
        (lambda name: "Yes" if "Plateau" in name else "No", "the words are"),
    ]
]


def lamps_by_loop(rates: Any, announced: str) -> str:
    first, last = float(rates[0]), float(rates[-1])
    words = ""
    if announced == "falls":
        if not math.isclose(first, 1.0, rel_tol=0, abs_tol=0.03):
            words += " start"
        if not math.isclose(last, 0.0, rel_tol=0, abs_tol=0.03):
            words += " end"
    else:
        if first >= 0.97:
            words += " start"
        if not math.isclose(last, 1.0, rel_tol=0, abs_tol=0.03):
            words += " end"
    if not went(rates, up=announced != "falls"):
        words += " direction"
    return words.strip() if words else "fine"


def went(rates: Any, up: bool) -> bool:
    moved = False
    for before, after in itertools.pairwise(rates):
        if (after < before) if up else (after > before):
            return False
        moved = moved or bool(after != before)
    return moved


def lamps_by_sorting(rates: Any, announced: str) -> str:
    level = list(rates)
    falls = announced == "falls"
    lamps = {
        "start": 0.97 <= level[0] <= 1.03 if falls else level[0] < 0.97,
        "end": -0.03 <= level[-1] - (0 if falls else 1) <= 0.03,
        "direction": level == sorted(level, reverse=falls) and len(set(level)) > 1,
    }
    return " ".join(name for name in lamps if not lamps[name]) or "fine"


def lamps_with(
    start: Any = None, end: Any = None, direction: Any = None, join: Any = None
) -> Callable[..., str]:
    """``lamps_by_loop`` with some lamps judged in another way."""

    def answer(rates: Any, announced: str) -> str:
        right = lamps_by_loop(rates, announced).split()
        falls = announced == "falls"
        lamps = []
        for name, other in [("start", start), ("end", end), ("direction", direction)]:
            on = name not in right if other is None else other(rates, falls)
            if not on:
                lamps.append(name)
        return join(lamps) if join else " ".join(lamps) if lamps else "fine"

    return answer


def factor_by_branch(t: int, T: int) -> float:
    if t >= T:
        return 0.1
    return 0.1 + 0.9 * (T - t) / T


def factor_from_numpy(t: int, T: int) -> float:
    return float(np.interp(t, [0, T], [1.0, 0.1]))


def rates_from_torch(lr: float, factors: Any) -> Any:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr)
    scheduler = torch.optim.lr_scheduler.MultiplicativeLR(
        optimizer, lambda t: factors[t]
    )
    rates = [scheduler.get_last_lr()[0]]
    while len(rates) < len(factors):
        optimizer.step()
        scheduler.step()
        rates.append(scheduler.get_last_lr()[0])
    return np.array(rates)


def rates_by_product(lr: float, factors: Any) -> Any:
    products = [math.prod(factors[1 : t + 1]) for t in range(len(factors))]
    return lr * np.array(products)


def rates_by_hand(lr: float, factors: Any, begin: int = 1, last: int = 0) -> Any:
    """Multiplied one by one, with the factors from ``begin`` to the last but some."""
    rate, rates = lr, [lr]
    for factor in list(factors)[begin : len(factors) - last]:
        rate *= factor
        rates.append(rate)
    return np.array(rates)


RIGHT["decay/check_schedule"] = [lamps_by_loop, lamps_by_sorting]
RIGHT["decay/linear_factor"] = [factor_by_branch, factor_from_numpy]
RIGHT["decay/multiplicative_rates"] = [rates_from_torch, rates_by_product]
WRONG += [
    ("decay/check_schedule", answer, words)
    for answer, words in [
        (lamps_with(direction=lambda r, falls: True), "never goes off"),
        (
            lamps_with(
                direction=lambda r, falls: (r[0] > r[-1]) if falls else (r[0] < r[-1])
            ),
            "You compare the last rate with the first",
        ),
        (
            lamps_with(direction=lambda r, falls: list(r) == sorted(r, reverse=falls)),
            "A rate that never changes passes",
        ),
        (
            lamps_with(
                direction=lambda r, falls: (
                    len(set(r)) == len(r) and list(r) == sorted(r, reverse=falls)
                )
            ),
            "You refuse stairs",
        ),
        (
            lamps_with(
                direction=lambda r, falls: any(
                    (b < a) if falls else (b > a) for a, b in itertools.pairwise(r)
                )
            ),
            "is enough for you",
        ),
        (
            lamps_with(
                direction=lambda r, falls: (
                    r[0] > r[(len(r) - 1) // 2] > r[-1]
                    if falls
                    else r[0] < r[(len(r) - 1) // 2] < r[-1]
                )
            ),
            "You look at three places",
        ),
        (lambda r, announced: lamps_by_loop(r, "falls"), "`announced` takes no part"),
        (
            lambda r, announced: lamps_by_loop(
                r, {"falls": "rises", "rises": "falls"}[announced]
            ),
            "the wrong way round",
        ),
        (
            lamps_with(
                start=lambda r, falls: 0.97 <= r[0] <= 1.03,
                end=lambda r, falls: abs(r[-1]) <= 0.03,
            ),
            "are those of a fall",
        ),
        (
            lamps_with(direction=lambda r, falls: went(r, True) or went(r, False)),
            "goes one way, whichever",
        ),
        *(
            (
                lamps_with(
                    direction=lambda r, falls, slack=slack: (
                        len(set(r)) > 1
                        and all(
                            (b - a if falls else a - b) < slack
                            for a, b in itertools.pairwise(r)
                        )
                    )
                ),
                words,
            )
            for slack, words in [(0.01, "A move of 0.005"), (1e-3, "A move of 0.0005")]
        ),
        (
            lamps_with(direction=lambda r, falls: went(r[1:], up=not falls)),
            "from the first update to the second",
        ),
        (
            lamps_with(direction=lambda r, falls: went(r[:-1], up=not falls)),
            "to the last update",
        ),
        (
            lamps_with(start=lambda r, falls: (r[0] < 0.97) != falls),
            "has no upper side",
        ),
        (
            lamps_with(start=lambda r, falls: abs(r[0] - (1 if falls else 0)) < 0.031),
            "begin at 0, give or take",
        ),
        (
            lamps_with(
                start=lambda r, falls: 0.97 <= r[0] <= 1.03 if falls else not r[0]
            ),
            "begin at 0 exactly",
        ),
        (
            lamps_with(
                start=lambda r, falls: abs(r[0] - 1) < 0.031 if falls else r[0] < 0.5
            ),
            "in the lower half",
        ),
        (
            lamps_with(
                start=lambda r, falls: abs(r[0] - 1) < 0.031 if falls else r[0] < 1
            ),
            "begins at 0.985 passes",
        ),
        (
            lamps_with(start=lambda r, falls: (0.97 <= r[0] <= 1.03) == falls),
            "begins above the peak passes",
        ),
        (
            lamps_with(start=lambda r, falls: 0.97 <= r[0] <= 1.03 or not falls),
            "nothing of the start of a rise",
        ),
        (
            lamps_with(
                start=lambda r, falls: (
                    0.97 <= max(r) <= 1.03 if falls else min(r) < 0.97
                )
            ),
            "`start` asks for the first rate",
        ),
        (
            lamps_with(
                end=lambda r, falls: (
                    -0.03 <= min(r) <= 0.03 if falls else 0.97 <= max(r) <= 1.03
                )
            ),
            "`end` asks for the last rate",
        ),
        (
            lamps_with(end=lambda r, falls: abs(r[len(r) - 2] - (not falls)) <= 0.03),
            "one update early",
        ),
        (
            lamps_with(
                start=lambda r, falls: r[0] == 1.0 if falls else r[0] < 1.0,
                end=lambda r, falls: r[-1] == 1 - float(falls),
            ),
            "the peak and the floor exactly",
        ),
        *(
            (
                lamps_with(
                    start=lambda r, falls, slack=slack: (
                        1 - slack < r[0] < 1 + slack if falls else r[0] < 0.97
                    ),
                    end=lambda r, falls, slack=slack: (
                        abs(r[-1]) < slack if falls else 1 - slack < r[-1] < 1 + slack
                    ),
                ),
                words,
            )
            for slack, words in [
                (0.01, "starts at 0.975 doesn't pass"),
                (0.02, "ends at 0.025 doesn't pass"),
                (0.05, "a fall that starts at 0.965 passes"),
                (0.11, "a fall that starts at 0.9 passes"),
                (0.03, "*At most* 0.03"),
            ]
        ),
        (
            lamps_with(
                end=lambda r, falls: r[-1] < 0.031 if falls else 0.97 <= r[-1] <= 1.03
            ),
            "ends far below 0 passes your `end`",
        ),
        (
            lamps_with(
                end=lambda r, falls: abs(r[-1]) < 0.031 if falls else r[-1] >= 0.97
            ),
            "lets a rise end far above its peak",
        ),
        (
            lamps_with(end=lambda r, falls: r[-1] < 0.031 if falls else r[-1] > 0.97),
            "has one side",
        ),
        (lamps_with(join=lambda off: off[0] if off else "fine"), "and leave out"),
        (
            lamps_with(
                join=lambda off: " ".join(
                    name
                    for name in ["start", "end", "direction"]
                    if off.count(name) == 0
                )
            ),
            "the lamps that are on",
        ),
        (lamps_with(join=" ".join), "an empty string"),
        (
            lamps_with(join=lambda off: ", ".join(off) if off else "fine"),
            "a space and no comma",
        ),
        *(
            (
                lamps_with(
                    join=lambda off, order=order: (
                        " ".join(name for name in order if name in off) or "fine"
                    )
                ),
                f"you name {', '.join(order)}",
            )
            for order in [
                ("end", "start", "direction"),
                ("direction", "start", "end"),
                ("direction", "end", "start"),
                ("start", "direction", "end"),
            ]
        ),
        # Beyond the known mistakes:
        (lambda r, announced: announced == "falls", "instead of a word"),
        (lambda r, announced: lamps_by_loop(r, announced).split(), "instead of a word"),
        (lambda r, announced: "all right", "the words are"),
        (lambda r, announced: lamps_by_loop(2 * r, announced), "with another value"),
    ]
]
WRONG += [
    ("decay/linear_factor", answer, words)
    for answer, words in [
        (lambda t, T: 0.01 * factor_by_branch(t, T), "the training starts at 0.0001"),
        (lambda t, T: 0.01 - 0.009 * t / T, "and it doesn't stay"),
        (lambda t, T: 0.01 * max(T - t, 0) / T, "and a rate that ends at 0"),
        (lambda t, T: 0.01 - 0.01 * t / T, "it is 0 at `T` and negative after"),
        (lambda t, T: (10 * T - 9 * t) / (10 * T), "the rate is negative"),
        (lambda t, T: max((T - 0.9 * t) / T, 0), "down to 0"),
        (lambda t, T: max(T - t, 0) / T, "Your line ends at 0. It is"),
        (lambda t, T: (T - t) / T, "Your line ends at 0 and is negative"),
        (lambda t, T: (T - t) / T if t < 0.9 * T else 0.1, "too early, at"),
        (lambda t, T: 0.9 + 0.1 * max(T - t, 0) / T, "to 90 %"),
        (lambda t, T: 0.01 + 0.99 * max(T - t, 0) / T, "You fall to 1 %"),
        (lambda t, T: 0.001 + 0.999 * max(T - t, 0) / T, "falls to 0.001"),
        (lambda t, T: factor_by_branch(t, T + 1), "ends one update late"),
        (
            lambda t, T: 0.001 if t >= T else factor_by_branch(t, T),
            "At `T` and after it you return the rate",
        ),
        (
            lambda t, T: 0.001 if t > T else factor_by_branch(t, T),
            "After `T` you return the rate",
        ),
        (lambda t, T: 1.0 if t >= T else 0.1 + 0.9 * t / T, "Your line rises"),
        (lambda t, T: math.exp(math.log(0.1) * min(t, T) / T), "an exponential"),
        (lambda t, T: factor_by_branch(t + 1, T), "You are one update early"),
        (
            lambda t, T: 0.1 if t >= T - 1 and t else 1 - 0.9 * t / max(T - 1, 1),
            "ends one update early",
        ),
        (
            lambda t, T: factor_by_branch(t - 1 if t else 0, T),
            "You are one update late",
        ),
        (lambda t, T: 1.0 if t < T else 0.1, "drops at `T`"),
        (
            lambda t, T: 1.0 if t > T else factor_by_branch(t, T),
            "back at its first value",
        ),
        (
            lambda t, T: 0.0 if t > T else factor_by_branch(t, T),
            "so that nothing is learned",
        ),
        (
            lambda t, T: 1 if t == 0 else 0.01 * factor_by_branch(t, T),
            "the rate from then on",
        ),
        (
            lambda t, T: factor_by_branch(t, T) / factor_by_branch(max(t - 1, 0), T),
            "right for `MultiplicativeLR`",
        ),
        (lambda t, T: factor_by_branch(t, T) ** -1, "yours grows to 10"),
        # Beyond the known mistakes:
        (lambda t, T: np.linspace(1, 0.1, T + 1), "instead of one number"),
        (lambda t, T: None, "nothing (`None`)"),
        (lambda t, T: factor_by_branch(t, 2 * T), "with another value"),
    ]
]
WRONG += [
    ("decay/multiplicative_rates", answer, words)
    for answer, words in [
        (lambda lr, f: np.array([lr * one for one in f]), "the list of `LambdaLR`"),
        (
            lambda lr, f: np.array([lr] + [lr * one for one in f[1:]]),
            "as in `LambdaLR`",
        ),
        (lambda lr, f: rates_by_hand(lr, f, begin=0)[1:], "Your `factors[0]` acts"),
        (lambda lr, f: rates_by_hand(lr, f, begin=0, last=1), "one update late"),
        (lambda lr, f: rates_by_hand(1.0, f), "the product of the factors"),
        (lambda lr, f: rates_by_hand(1.0, f, begin=0)[1:], "the other way round"),
        (lambda lr, f: rates_by_hand(lr, f, begin=0), "one rate too many"),
        (lambda lr, f: rates_by_hand(lr, f)[1:], "one rate too few"),
        (lambda lr, f: rates_by_hand(lr, lr * f), "`lr` at every update"),
        (
            lambda lr, f: np.array([lr * one**t for t, one in enumerate(f)]),
            "to the power `t`",
        ),
        (
            lambda lr, f: np.array(
                [lr] + [lr * f[t - 1] * f[t] for t in range(1, len(f))]
            ),
            "You multiply two neighbours",
        ),
        (
            lambda lr, f: np.concatenate(([lr], rates_by_hand(lr, f)[:0:-1])),
            "from the end",
        ),
        (
            lambda lr, f: np.array([lr * sum(f[: t + 1]) for t in range(len(f))]),
            "You add the factors up",
        ),
        (lambda lr, f: rates_by_hand(lr, f)[-1], "the last rate alone"),
        (
            lambda lr, f: np.array(
                [lr / p if p else math.inf for p in rates_by_hand(1.0, f)]
            ),
            "You divide by the factors",
        ),
        # Beyond the known mistakes:
        (lambda lr, f: list(rates_by_hand(lr, f)), "a `list` instead of an array"),
        (lambda lr, f: rates_by_hand(2 * lr, f), "with another value"),
    ]
]
