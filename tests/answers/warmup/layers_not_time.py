"""Answers to the exercises of the lesson layers-not-time, as learners write them."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from lrlib.warmup import lars

# The factor of one tensor -----------------------------------------------------------


def rate_of_lrlib(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    rule = lars(trust=trust, weight_decay=weight_decay)
    return rule.local_rate(torch.tensor(g), torch.tensor(w)).item()


def rate_by_means(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    """The root mean squares have the ratio of the lengths."""
    if np.all(w == 0):
        return 1
    w2, g2 = np.mean(w**2), np.mean(g**2)
    if g2 == 0 and weight_decay == 0:
        return 1
    return trust / (weight_decay + math.sqrt(g2 / w2))


def rate_with_eps(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    w2, g2 = (math.hypot(*x.ravel()) for x in (w, g))
    return trust * w2 / (g2 + weight_decay * w2 + 1e-8)


def rate_with_tiny_eps(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    if norm(w) == 0:
        return 1
    return trust / (weight_decay + (norm(g) + 1e-12) / norm(w))


def norm(x: Any, order: float = 2) -> float:
    return float(np.linalg.norm(x.ravel(), order))


def no_formula(w: Any, g: Any, weight_decay: float) -> bool:
    return bool(not np.any(w) or (not np.any(g) and weight_decay == 0))


def guarded(
    factor: Callable[..., Any], at_zero: Callable[[float], float] = lambda trust: 1
) -> Callable[..., Any]:
    def answer(w: Any, g: Any, trust: float, weight_decay: float) -> Any:
        if no_formula(w, g, weight_decay):
            return at_zero(trust)
        return factor(w, g, trust, weight_decay)

    return answer


def right(w: Any, g: Any, t: float, d: float) -> float:
    return t / (norm(g) / norm(w) + d)


def each_entry(w: Any, g: Any, trust: float, weight_decay: float) -> Any:
    rates = np.ones_like(w)
    for place, entry in np.ndenumerate(w):
        divisor = abs(g[place]) + weight_decay * abs(entry)
        if entry and divisor:
            rates[place] = trust * abs(entry) / divisor
    return rates


def forgotten_one(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    return trust * norm(w) / (norm(g) + norm(weight_decay * w))


def of_optax(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    rule = lars(trust=trust, weight_decay=weight_decay, decay_in_norm="together")
    return rule.local_rate(torch.tensor(g), torch.tensor(w)).item()


def any_norm_zero(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    if norm(w) == 0 or norm(g) == 0:
        return 1
    return right(w, g, trust, weight_decay)


def only_w(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    if norm(w) == 0:
        return 1
    with np.errstate(divide="ignore"):
        return float(np.divide(trust, weight_decay + norm(g) / norm(w)))


def only_divisor(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    if norm(g) + weight_decay * norm(w) > 0:
        return forgotten_one(w, g, trust, weight_decay)
    return 1


def zero_somewhere(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    return 1 if (w == 0).any() else rate_of_lrlib(w, g, trust, weight_decay)


def zero_in_sum(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    return 1 if w.sum() == 0 else rate_of_lrlib(w, g, trust, weight_decay)


def weights_only(w: Any, g: Any, trust: float, weight_decay: float) -> float:
    return 1 if len(w.shape) == 1 else rate_of_lrlib(w, g, trust, weight_decay)


def singular(x: Any) -> float:
    return float(np.linalg.svd(np.atleast_2d(x))[1].max())


RATES: list[tuple[Callable[..., Any], str]] = [
    (guarded(lambda w, g, t, d: t * (norm(g) / norm(w) + d)), "upside down"),
    (
        guarded(
            lambda w, g, t, d: t * (w**2).sum() / ((g**2).sum() + d * (w**2).sum())
        ),
        "those are squared lengths",
    ),
    (each_entry, "You divide number by number"),
    (forgotten_one, "You forgot the 1"),
    (guarded(right, lambda trust: 0), "your factor is 0"),
    (guarded(right, lambda trust: trust), "you return `trust`"),
    (only_w, "a divisor of 0 still divides"),
    (only_divisor, "You look after a divisor of 0"),
    (any_norm_zero, "With a gradient of 0 you always return 1"),
    (rate_with_eps, "A small number in the divisor avoids 0/0"),
    (rate_with_tiny_eps, "makes the factor huge"),
    (lambda w, g, t, d: np.clip(rate_of_lrlib(w, g, t, d), 0, 1), "at 1. A long"),
    (
        guarded(lambda w, g, t, d: t / (norm(w) / norm(g)) if norm(g) else 0),
        "with no decay.",
    ),
    (
        guarded(lambda w, g, t, d: t / (norm(w) / norm(g) + d) if norm(g) else 1 / 0),
        "swapped the two arrays",
    ),
    (of_optax, "the form *together*"),
    (
        guarded(
            lambda w, g, t, d: (
                t * norm(w) / math.sqrt(norm(g) ** 2 + (d * norm(w)) ** 2)
            )
        ),
        "the sides of a right angle",
    ),
    (
        lambda w, g, trust, weight_decay: rate_of_lrlib(w, g, trust, 0.0),
        "`weight_decay` takes no part",
    ),
    (
        guarded(lambda w, g, t, d: t * norm(w) / (norm(g) + d)),
        "You add `weight_decay` itself",
    ),
    (
        guarded(lambda w, g, t, d: t / (norm(g) / norm(w) + d * norm(w))),
        "You square the length of `w`",
    ),
    (
        guarded(
            lambda w, g, t, d: (
                np.float64(t) * norm(w) / np.float64(norm(g)) / (1 + d)
                if norm(g)
                else math.inf
            )
        ),
        "It shrinks weights",
    ),
    (
        guarded(lambda w, g, t, d: t / (norm(g) / norm(w) - d)),
        "You subtract the decay's length",
    ),
    (
        guarded(
            lambda w, g, t, d: t * norm(w) / norm(g) + d * norm(w) if norm(g) else 1
        ),
        "brackets are missing",
    ),
    (guarded(lambda w, g, t, d: right(w, g, 1, d)), "`trust` takes no part"),
    (guarded(lambda w, g, t, d: right(w, g, 1 / t, d)), "You divide by `trust`."),
    (
        guarded(lambda w, g, t, d: t / (norm(g) + d * norm(w))),
        "The length of `w` is missing above",
    ),
    (
        guarded(lambda w, g, t, d: t / (norm(g, 1) / norm(w, 1) + d)),
        "You add up absolute values",
    ),
    (
        guarded(lambda w, g, t, d: t / (norm(g, np.inf) / norm(w, np.inf) + d)),
        "You take the largest entry",
    ),
    (
        guarded(lambda w, g, t, d: t / (singular(g) / singular(w) + d)),
        "its largest singular value",
    ),
    (
        guarded(
            lambda w, g, t, d: t * abs(w.mean()) / (abs(g.mean()) + d * abs(w.mean()))
        ),
        "You compare means",
    ),
    (zero_somewhere, "One entry of 0, or entries that cancel"),
    (zero_in_sum, "One entry of 0, or entries that cancel"),
    (weights_only, "You leave 1-D tensors to plain SGD"),
    (lambda w, g, t, d: np.maximum(rate_of_lrlib(w, g, t, d), 1), "never below 1"),
    (
        lambda w, g, trust, weight_decay: g * rate_of_lrlib(w, g, trust, weight_decay),
        "You return the scaled gradient",
    ),
]

# Whose log is it? -------------------------------------------------------------------


def log_by_loops(lengths: Any, moves: Any) -> str:
    first, highest = None, 0.0
    for before, by in zip(lengths.tolist(), moves.tolist(), strict=True):
        share = [b / a for a, b in zip(before, by, strict=True)]
        if not all(math.isclose(s, share[0], rel_tol=0.02) for s in share):
            return "neither"
        highest = max(highest, share[0])
        if first is None:
            first = share[0]
    assert first is not None
    return "LARS" if highest / first < 1.03 else "LARS with warmup"


def log_by_logarithms(lengths: Any, moves: Any) -> str:
    share = np.log(moves) - np.log(lengths)
    if np.ptp(share, axis=1).max() > 0.02:
        return "neither"
    return ["LARS", "LARS with warmup"][int((share - share[0]).max() > 0.02)]


def spread(values: Any) -> float:
    return float(np.log(values.max() / values.min()))


def log_of(
    uneven: Callable[[Any, Any], bool], rises: Callable[[Any, Any], bool]
) -> Callable[..., str]:
    def answer(lengths: Any, moves: Any) -> str:
        if uneven(lengths, moves):
            return "neither"
        return "LARS with warmup" if rises(lengths, moves) else "LARS"

    return answer


def rows_differ(lengths: Any, moves: Any) -> bool:
    return any(spread(row) > 0.02 for row in moves / lengths)


def share_rises(lengths: Any, moves: Any) -> bool:
    share = moves / lengths
    return bool((share / share[0]).max() > 1.02)


def single_rise(before: Any, after: Any) -> bool:
    return bool(np.max(after / before) > 1.02)


def with_tolerance(along: float, rise: float) -> Callable[..., str]:
    return log_of(
        lambda a, b: any(spread(row) > np.log1p(along) for row in b / a),
        lambda a, b: (
            spread((b / a).max(axis=1)[[0, (b / a).max(axis=1).argmax()]])
            > np.log1p(rise)
        ),
    )


def all_constant(lengths: Any, moves: Any) -> bool:
    return spread(moves / lengths) < 0.02


def log_by_steps(lengths: Any, moves: Any) -> str:
    if rows_differ(lengths, moves):
        return "neither"
    if all_constant(lengths, moves):
        return "LARS"
    return "LARS with warmup" if share_rises(lengths, moves) else "neither"


def log_by_atol(lengths: Any, moves: Any) -> str:
    share = moves / lengths
    for row in share:
        if not np.allclose(row, row[0], rtol=0, atol=0.01):
            return "neither"
    return "LARS with warmup" if share.max() > share[0, 0] + 0.01 else "LARS"


LOGS: list[tuple[Callable[..., Any], str]] = [
    (lambda lengths, moves: log_by_loops(1 + 0 * lengths, moves), "You compare moves."),
    (
        log_of(rows_differ, lambda a, b: share_rises(1 + 0 * a, b)),
        "Your warmup is a rise of the moves",
    ),
    (log_of(lambda a, b: False, share_rises), "You follow the shares through time"),
    (
        log_of(lambda a, b: spread((b / a)[:, 0]) > 0.02, lambda a, b: False),
        "You ask whether a layer's share stays the same over time",
    ),
    (
        log_of(lambda a, b: spread(b[0] / a[0]) > 0.02, share_rises),
        "You compare the layers at update 0 only",
    ),
    (
        log_of(lambda a, b: spread(b[-1] / a[-1]) > 0.02, share_rises),
        "You compare the layers at the last update only",
    ),
    (log_of(rows_differ, lambda a, b: False), "You never find a warmup"),
    (
        log_of(
            rows_differ,
            lambda a, b: share_rises(a, b) and (np.diff(b / a, axis=0) >= 0).all(),
        ),
        "rounding errors go both ways",
    ),
    (
        log_of(
            rows_differ,
            lambda a, b: (
                share_rises(a, b)
                and (np.diff(np.log(b / a).mean(axis=1)) > -0.02).all()
            ),
        ),
        "rise or hold up to the end",
    ),
    (
        log_of(rows_differ, lambda a, b: not all_constant(a, b)),
        "Any change is a warmup in yours",
    ),
    (
        log_of(
            rows_differ,
            lambda a, b: any(single_rise(s, t) for s, t in itertools.pairwise(b / a)),
        ),
        "You compare each update with the one before",
    ),
    (with_tolerance(0.1, 0.1), "You let differences of 5%"),
    (with_tolerance(0.2, 0.02), "Along a row, you let"),
    (with_tolerance(0.02, 0.5), "A rise of 5% or more is no warmup"),
    (with_tolerance(0.02, 0.003), "a rise of less than 1% a warmup"),
    (log_by_steps, "You call equal shares that fall"),
    (
        log_of(rows_differ, lambda a, b: single_rise((b / a)[0], (b / a)[1])),
        "You compare update 1 with update 0 only",
    ),
    (
        log_of(rows_differ, lambda a, b: single_rise((b / a)[0], (b / a).mean(axis=0))),
        "You compare the average share",
    ),
    (
        log_of(lambda a, b: rows_differ(a[:, :2], b[:, :2]), share_rises),
        "You compare the first two matrices only",
    ),
    (
        log_of(lambda a, b: rows_differ(a[:, [0, -1]], b[:, [0, -1]]), share_rises),
        "the first matrix with the last only",
    ),
    (
        log_of(lambda a, b: rows_differ(a[[0, -1]], b[[0, -1]]), share_rises),
        "in the first and the last row only",
    ),
    (
        log_of(lambda a, b: min(spread(row) for row in b / a) > 0.02, share_rises),
        "only if the layers differ in every row",
    ),
    (log_by_atol, "You allow a difference of 0.01"),
    (lambda a, b: log_by_loops(b, a), "upside down: `lengths"),
    (
        log_of(lambda a, b: rows_differ(a.T, b.T), share_rises),
        "You compare the updates of each matrix",
    ),
    (lambda a, b: log_by_logarithms(a.T, b.T), "You have swapped the axes"),
    (
        log_of(rows_differ, lambda a, b: share_rises(a[[0, -1]], b[[0, -1]])),
        "You compare the last update with the first",
    ),
    (
        log_of(
            lambda a, b: any(len(set(row)) > 1 for row in (b / a).tolist()), share_rises
        ),
        "Along a row, you ask for exactly equal shares",
    ),
    (
        log_of(
            lambda a, b: any(len(set(row)) > 1 for row in (b / a).tolist()),
            lambda a, b: bool((b / a > (b / a)[0]).any()),
        ),
        "You ask for shares that are exactly equal",
    ),
    (
        log_of(rows_differ, lambda a, b: bool((b / a > (b / a)[0].max()).any())),
        "Any rise is a warmup in yours",
    ),
    (
        log_of(lambda a, b: spread((b / a).mean(axis=0)) > 0.02, share_rises),
        "You average over the updates",
    ),
    (
        log_of(lambda a, b: spread(b / a) > 0.02, lambda a, b: False),
        "You ask for one share in the whole table",
    ),
    (
        lambda lengths, moves: log_by_logarithms(lengths[:1], moves),
        "You divide by the lengths at update 0",
    ),
    (log_of(lambda a, b: False, lambda a, b: False), 'You always say "LARS".'),
    (log_of(lambda a, b: True, share_rises), 'You always say "neither".'),
]

RIGHT: dict[str, list[Any]] = {
    "warmup/lars_rate": [rate_of_lrlib, rate_by_means],
    "warmup/which_log": [log_by_loops, log_by_logarithms],
}
WRONG: list[tuple[str, Any, str]] = [
    *(("warmup/lars_rate", answer, message) for answer, message in RATES),
    *(("warmup/which_log", answer, message) for answer, message in LOGS),
]
