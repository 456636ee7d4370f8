"""Learners' answers to lesson 1.5, Reading loss curves."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch


def probes_by_ratio(curve: Any, tenth: float, same: float, triple: float) -> str:
    helped = {"cut the rate": tenth / same, "raise the rate": triple / same}
    word = sorted(helped, key=lambda name: helped[name])[0]
    if helped[word] < 0.9:
        return word
    return ["not the rate", "train on"][int(same / curve[-1] < 0.9)]


def probes_by_cases(curve: Any, tenth: float, same: float, triple: float) -> str:
    bar = 9 * same / 10
    if triple < bar and (tenth >= bar or triple < tenth):
        return "raise the rate"
    elif tenth < bar:
        return "cut the rate"
    elif same >= 9 * curve[-1] / 10:
        return "not the rate"
    return "train on"


def reader(
    margin: float = 0.9,
    against: Callable[[Any, float], float] = lambda curve, same: same,
    before: Callable[[Any], float] = lambda curve: curve[-1],
    neither: tuple[str, str] = ("train on", "not the rate"),
    words: tuple[str, str] = ("cut the rate", "raise the rate"),
) -> Any:
    """Reads the probes with one thing about it changed."""

    def read(curve: Any, tenth: float, same: float, triple: float) -> str:
        bar = margin * against(curve, same)
        if tenth < bar or triple < bar:
            return words[int(triple < tenth)]
        return neither[int(not same < 0.9 * before(curve))]

    return read


def if_flat(word: str) -> Any:
    def read(curve: Any, tenth: float, same: float, triple: float) -> str:
        if 0.8 * curve[0] < curve[-1] < 1.2 * curve[0]:
            return word
        return str(probes_by_ratio(curve, tenth, same, triple))

    return read


def if_level(curve: Any, tenth: float, same: float, triple: float) -> str:
    if curve[-1] < 0.8 * curve[0] and 0.95 < curve[-1] / curve[-2] < 1.05:
        return "cut the rate"
    return probes_by_ratio(curve, tenth, same, triple)


def four_colours(curve: Any, *probes: float) -> str:
    change = curve[-1] / curve[0]
    if 0.8 < change < 1.2:
        return "raise the rate"
    if change > 1 or 0.95 < curve[-1] / curve[-2] < 1.05:
        return "cut the rate"
    return "train on"


def by_subtraction(curve: Any, tenth: float, same: float, triple: float) -> str:
    if same - tenth > 0.1 or same - triple > 0.1:
        return "cut the rate" if tenth < triple else "raise the rate"
    return "train on" if curve[-1] - same > 0.1 else "not the rate"


def borders_count(curve: Any, tenth: float, same: float, triple: float) -> str:
    if tenth <= 0.9 * same or triple <= 0.9 * same:
        return "cut the rate" if tenth < triple else "raise the rate"
    return "train on" if same <= 0.9 * curve[-1] else "not the rate"


def in_this_order(*order: str) -> Any:
    def read(curve: Any, tenth: float, same: float, triple: float) -> str:
        losses = {"cut the rate": tenth, "raise the rate": triple}
        for word in order:
            if losses[word] < 0.9 * same:
                return word
        return "train on" if same < 0.9 * curve[-1] else "not the rate"

    return read


RIGHT: dict[str, list[Any]] = {
    "basics/read_probes": [probes_by_ratio, probes_by_cases],
    "basics/flat_at_guess": [6, 6.0, np.int64(6), np.array(6), torch.tensor(6)],
}

WRONG: list[tuple[str, Any, str]] = [
    ("basics/read_probes", four_colours, "decide by the shape of the curve"),
    ("basics/read_probes", if_flat("raise the rate"), "raise the rate wherever the"),
    ("basics/read_probes", if_flat("cut the rate"), "of the right kind but with"),
    ("basics/read_probes", if_level, "cut the rate wherever the curve has levelled"),
    (
        "basics/read_probes",
        reader(words=("raise the rate", "cut the rate")),
        "the wrong way round",
    ),
    ("basics/read_probes", reader(margin=1.0), "You take any gain"),
    (
        "basics/read_probes",
        reader(against=lambda curve, same: curve[-1]),
        "compare the probes with the end of `curve`",
    ),
    (
        "basics/read_probes",
        reader(before=lambda curve: curve[0]),
        "compare `same` with the first loss",
    ),
    ("basics/read_probes", by_subtraction, "a fixed difference of 0.1"),
    ("basics/read_probes", borders_count, "Exactly 0.9 times as much"),
    (
        "basics/read_probes",
        in_this_order("cut the rate", "raise the rate"),
        "you always cut",
    ),
    (
        "basics/read_probes",
        in_this_order("raise the rate", "cut the rate"),
        "you always raise",
    ),
    (
        "basics/read_probes",
        reader(neither=("train on", "train on")),
        "You train on wherever",
    ),
    (
        "basics/read_probes",
        reader(neither=("not the rate", "not the rate")),
        "You blame something else",
    ),
    (
        "basics/read_probes",
        reader(neither=("train on", "cut the rate")),
        "the tenth was among them",
    ),
    (
        "basics/read_probes",
        reader(neither=("train on", "raise the rate")),
        "the triple was among them",
    ),
    ("basics/read_probes", lambda c, t, s, r: "raise", "the words are"),
    ("basics/read_probes", lambda c, t, s, r: min(t, s, r), "instead of a word"),
    ("basics/read_probes", lambda c, t, s, r: "cut the rate", "No input at all gave"),
    ("basics/read_probes", lambda c: "train on", "can't be called with 4 arguments"),
    ("basics/flat_at_guess", 1, "a larger one made it worse"),
    ("basics/flat_at_guess", 2.0, "would wait even longer"),
    ("basics/flat_at_guess", np.int64(3), "thirty won't either"),
    ("basics/flat_at_guess", 4, "had one hidden unit and left 2.30"),
    ("basics/flat_at_guess", 5, "not found by drawing again"),
    ("basics/flat_at_guess", 7, "as in run G"),
    ("basics/flat_at_guess", 8, "another number than the right one"),
    ("basics/flat_at_guess", "6", "a `str` instead of a number"),
    ("basics/flat_at_guess", [1, 2], "a `list` instead of a number"),
]
