"""Learners' answers to the exercise of chapter 2's last page, Review and project."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def lengths(T_0: int, cycles: int, T_mult: int) -> list[int]:
    """The cycles, one by one, as a loop makes them."""
    found = [T_0]
    while len(found) < cycles:
        found.append(found[-1] * T_mult)
    return found


def by_trying(steps: int, cycles: int, T_mult: int) -> int:
    T_0 = 1
    while sum(lengths(T_0, cycles, T_mult)) < steps:
        T_0 += 1
    return T_0


def by_numpy(steps: int, cycles: int, T_mult: int) -> Any:
    return np.ceil(steps / np.power(T_mult, np.arange(cycles)).sum())


def by_negative_quotient(steps: int, cycles: int, T_mult: int) -> int:
    return -(-steps // sum(lengths(1, cycles, T_mult)))


def by_short_formula(steps: int, cycles: int, T_mult: int) -> int:
    if T_mult == 1:
        return math.ceil(steps / cycles)
    return math.ceil(steps * (T_mult - 1) / (T_mult**cycles - 1))


def last_that_fits(steps: int, cycles: int, T_mult: int) -> int:
    T_0 = 1
    while sum(lengths(T_0 + 1, cycles, T_mult)) <= steps:
        T_0 += 1
    return T_0


def filled(unit: Callable[[int, int], float]) -> Callable[[int, int, int], int]:
    """The whole number of ``unit`` that reaches to the end, by divmod."""

    def answer(steps: int, cycles: int, T_mult: int) -> int:
        whole, rest = divmod(steps, unit(cycles, T_mult))
        return int(whole) + (rest > 0)

    return answer


RIGHT: dict[str, list[Any]] = {
    "decay/restarts_that_end_low": [
        by_trying,
        by_numpy,
        by_negative_quotient,
        by_short_formula,
        filled(lambda cycles, T_mult: sum(lengths(1, cycles, T_mult))),
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    ("decay/restarts_that_end_low", answer, words)
    for answer, words in [
        (last_that_fits, "Rounded down: where"),
        (
            lambda steps, cycles, T_mult: int(
                steps / sum(lengths(1, cycles, T_mult)) + 0.5
            ),
            "Rounded to the nearest",
        ),
        (
            lambda steps, cycles, T_mult: steps / np.sum(lengths(1, cycles, T_mult)),
            "takes whole numbers",
        ),
        (
            lambda *given: last_that_fits(*given) + 1,
            "you go one too far",
        ),
        (
            lambda steps, cycles, T_mult: by_trying(steps - 1, cycles, T_mult),
            "one update too short",
        ),
        (lambda *given: by_trying(*given) - 1, "One too small"),
        (filled(lambda cycles, T_mult: cycles), "cycles that are equally long."),
        (
            lambda steps, cycles, T_mult: int(steps / cycles),
            "into equal parts and round down",
        ),
        (
            filled(lambda cycles, T_mult: lengths(1, cycles, T_mult)[-1]),
            "the last cycle alone is as long as the run",
        ),
        (
            filled(lambda cycles, T_mult: lengths(1, cycles + 1, T_mult)[-1]),
            "belongs to the cycle after the last",
        ),
        (
            lambda steps, cycles, T_mult: math.ceil(steps / (T_mult**cycles - 1)),
            "one less than 8",
        ),
        (
            lambda steps, cycles, T_mult: math.ceil(
                steps / sum(lengths(1, cycles, T_mult)[:-1])
            ),
            "one is missing in the sum",
        ),
        (
            lambda steps, cycles, T_mult: by_trying(steps, cycles + 1, T_mult),
            "one cycle more than is asked for",
        ),
        (
            filled(lambda cycles, T_mult: sum(lengths(1, cycles + 1, T_mult)[1:])),
            "has grown already",
        ),
        (
            filled(lambda cycles, T_mult: T_mult * cycles),
            "Each of your cycles is",
        ),
        (
            filled(lambda cycles, T_mult: cycles + T_mult * cycles * (cycles - 1) // 2),
            "by the same number of updates",
        ),
        (
            lambda steps, cycles, T_mult: lengths(
                by_trying(steps, cycles, T_mult), cycles, T_mult
            )[-1],
            "the length of the last cycle",
        ),
        (
            lambda steps, cycles, T_mult: sum(
                lengths(by_trying(steps, cycles, T_mult), cycles, T_mult)
            ),
            "of all cycles together.",
        ),
        (
            lambda steps, cycles, T_mult: math.ceil(
                steps / ((T_mult**cycles - 1) / (T_mult - 1))
            ),
            "divides by 0",
        ),
        # Beyond the known mistakes:
        (
            lambda steps, cycles, T_mult: np.array([by_trying(steps, cycles, T_mult)]),
            "instead of one number",
        ),
        (
            lambda steps, cycles, T_mult: lengths(
                by_trying(steps, cycles, T_mult), cycles, T_mult
            ),
            "a `list` instead of a number",
        ),
        (
            lambda steps, cycles, T_mult: 2 * by_trying(steps, cycles, T_mult),
            "with another value",
        ),
    ]
]
