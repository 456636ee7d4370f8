"""Learners' answers to the project of chapter 1, the largest stable rate."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch


def failed(losses: Any) -> bool:
    return not all(math.isfinite(loss) for loss in losses) or losses[-1] > losses[0]


def by_logarithms(train: Any, low: float, high: float, runs: int) -> float:
    left, right = math.log10(low), math.log10(high)
    while runs > 0:
        runs -= 1
        middle = left + (right - left) / 2
        if failed(train(10**middle)):
            right = middle
        else:
            left = middle
    return 10**left


def by_recursion(train: Any, low: float, high: float, runs: int) -> Any:
    if runs == 0:
        return low
    middle = low * np.sqrt(high / low)
    bounds = (low, middle) if failed(train(middle)) else (middle, high)
    return by_recursion(train, *bounds, runs - 1)


def by_torch(train: Any, low: float, high: float, runs: int) -> Any:
    bounds = torch.tensor([low, high], dtype=torch.float64)
    for _ in range(runs):
        middle = bounds.log().mean().exp()
        losses = torch.as_tensor(train(middle.item()))
        works = bool(losses.isfinite().all()) and bool(losses[-1] <= losses[0])
        bounds[0 if works else 1] = middle
    return bounds[0]


def search(
    fails: Callable[[Any], bool] = failed,
    middle: Callable[[float, float], float] = lambda a, b: math.exp(
        (math.log(a) + math.log(b)) / 2
    ),
    returns: Callable[[list[float], float, float], float] = lambda tried, a, b: a,
) -> Any:
    """A bisection in another style, with one thing about it changed."""

    def find(train: Any, low: float, high: float, runs: int) -> float:
        tried: list[float] = []
        while len(tried) < runs:
            tried.append(middle(low, high))
            if fails(train(tried[-1])):
                high = tried[-1]
            else:
                low = tried[-1]
        return returns(tried, low, high)

    return find


def wrong_half(train: Any, low: float, high: float, runs: int) -> float:
    for _ in range(runs):
        m = math.sqrt(low * high)
        if failed(train(m)):
            low = m
        else:
            high = m
    return low


def twice_for_each_rate(train: Any, low: float, high: float, runs: int) -> float:
    for _ in range(runs):
        m = (low * high) ** 0.5
        if np.isfinite(train(m)).all() and train(m)[-1] <= train(m)[0]:
            low = m
        else:
            high = m
    return low


def until_exact(train: Any, low: float, high: float, runs: int) -> float:
    while high / low > 1.001:
        m = (low * high) ** 0.5
        low, high = (low, m) if failed(train(m)) else (m, high)
    return low


def one_more(train: Any, low: float, high: float, runs: int) -> Any:
    return by_recursion(train, low, high, runs + 1)


def one_fewer(train: Any, low: float, high: float, runs: int) -> Any:
    return by_recursion(train, low, high, runs - 1)


def makes_sure(train: Any, low: float, high: float, runs: int) -> Any:
    assert not failed(train(low))
    assert failed(train(high))
    for _ in range(runs - 2):
        m = (low * high) ** 0.5
        low, high = (low, m) if failed(train(m)) else (m, high)
    return low


def evenly(train: Any, low: float, high: float, runs: int) -> float:
    best = low
    for k in range(1, runs + 1):
        rate = low * (high / low) ** (k / (runs + 1))
        if not failed(train(rate)):
            best = rate
    return best


def until_failure(train: Any, low: float, high: float, runs: int) -> float:
    for _ in range(runs):
        m = (low * high) ** 0.5
        if failed(train(m)):
            return low
        low = m
    return low


def until_success(train: Any, low: float, high: float, runs: int) -> float:
    for _ in range(runs):
        m = (low * high) ** 0.5
        if not failed(train(m)):
            return m
        high = m
    return low


def doubles(train: Any, low: float, high: float, runs: int) -> float:
    for _ in range(runs):
        if failed(train(2 * low)):
            break
        low *= 2
    return low


NAME = "basics/largest_stable_rate"
RIGHT: dict[str, list[Any]] = {NAME: [by_logarithms, by_recursion, by_torch]}
WRONG: list[tuple[str, Any, str]] = [
    (NAME, search(middle=lambda a, b: a + (b - a) / 2), "You halve the sum"),
    (
        NAME,
        search(middle=lambda a, b: 10 ** (np.log(a * b) / 2)),
        "come with the natural logarithm",
    ),
    (NAME, search(lambda x: not np.all(np.isfinite(x))), "NaN and infinity alone"),
    (NAME, search(lambda x: x[-1] > x[0]), "every comparison is false"),
    (NAME, search(lambda x: not x[-1] <= x[0]), "and they came back"),
    (
        NAME,
        search(lambda x: not math.isfinite(x[-1]) or x[-1] > x[0]),
        "and they came back",
    ),
    (
        NAME,
        search(lambda x: any(loss != loss for loss in x) or x[-1] > x[0]),
        "let infinity by",
    ),
    (
        NAME,
        search(lambda x: not np.isfinite(x).all() or x[-1] >= x[0]),
        "exactly as high as it started",
    ),
    (
        NAME,
        search(lambda x: not np.isfinite(x).all() or min(x[1:]) > x[0]),
        "compare the lowest loss",
    ),
    (
        NAME,
        search(lambda x: not np.isfinite(x).all() or min(x) == x[0]),
        "compare the lowest loss",
    ),
    (
        NAME,
        search(lambda x: not np.isfinite(x).all() or max(x) > x[0]),
        "no loss be above the first",
    ),
    (
        NAME,
        search(lambda x: not all(b <= a for a, b in itertools.pairwise(x))),
        "no loss be above the one before",
    ),
    (NAME, search(returns=lambda tried, a, b: b), "the smallest rate that failed"),
    (NAME, search(returns=lambda tried, a, b: tried[-1]), "that was tried last"),
    (NAME, search(returns=lambda tried, a, b: (a * b) ** 0.5), "nothing was trained"),
    (NAME, search(returns=lambda tried, a, b: a + (b - a) / 2), "No run was made"),
    (NAME, search(returns=lambda tried, a, b: np.log10(a)), "return a power of ten"),
    (NAME, search(returns=lambda tried, a, b: np.log(a)), "the natural logarithm of"),
    (NAME, wrong_half, "keep the wrong half"),
    (NAME, twice_for_each_rate, "second time with the same rate"),
    (NAME, until_exact, "more often than `runs` allows"),
    (NAME, one_more, "more often than `runs` allows"),
    (NAME, one_fewer, "One run is left over"),
    (NAME, makes_sure, "spend two runs on"),
    (NAME, evenly, "spread the runs evenly"),
    (NAME, until_failure, "stop at the first failure"),
    (NAME, until_success, "stop at the first rate that works"),
    (NAME, doubles, "another value"),
    (NAME, lambda train, low, high, runs: None, "gave nothing (`None`)"),
    (NAME, lambda train, low, high: low, "can't be called with 4 arguments"),
    (NAME, 3.7, "isn't a function"),
]
