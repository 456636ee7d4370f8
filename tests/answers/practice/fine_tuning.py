"""Answers to the exercises of lesson 5.4, Fine-tuning, as learners write them."""

import math
from typing import Any

import numpy as np


def groups_by_loop(names: str, lr_body: float, lr_head: float) -> Any:
    rates = np.zeros(len(names.split()))
    for i, name in enumerate(names.split()):
        top, _, _ = name.partition(".")
        if top == "head":
            rates[i] = lr_head
        else:
            rates[i] = lr_body
    return rates


def groups_by_table(names: str, lr_body: float, lr_head: float) -> Any:
    tops = np.array([name.split(".")[0] for name in names.split()])
    return np.where(tops == "head", lr_head, lr_body)


def groups_by_prefix_only(names: str, lr_body: float, lr_head: float) -> Any:
    return np.array([lr_head if n[:4] == "head" else lr_body for n in names.split()])


def groups_by_substring(names: str, lr_body: float, lr_head: float) -> Any:
    return np.where([n.find("head") >= 0 for n in names.split()], lr_head, lr_body)


def groups_by_substring_dot(names: str, lr_body: float, lr_head: float) -> Any:
    return np.where([n.count("head.") > 0 for n in names.split()], lr_head, lr_body)


def groups_at_any_depth(names: str, lr_body: float, lr_head: float) -> Any:
    rates = []
    for name in names.split():
        rates.append(lr_body)
        for part in name.split("."):
            if part == "head":
                rates[-1] = lr_head
    return np.array(rates)


def groups_body_named(names: str, lr_body: float, lr_head: float) -> Any:
    return np.where(
        [n.split(".")[0] == "body" for n in names.split()], lr_body, lr_head
    )


def groups_forgotten(names: str, lr_body: float, lr_head: float) -> Any:
    table = {"body": lr_body, "head": lr_head}
    return np.array([table.get(n.split(".")[0], 0.0) for n in names.split()])


def groups_twice(names: str, lr_body: float, lr_head: float) -> Any:
    rates = [lr_body] * len(names.split())
    for name in names.split():
        if name.startswith("head."):
            rates.append(lr_head)
    return np.array(rates)


def groups_summed(names: str, lr_body: float, lr_head: float) -> Any:
    rates = np.full(len(names.split()), lr_body)
    rates[[n.startswith("head.") for n in names.split()]] += lr_head
    return rates


def groups_in_order_of_groups(names: str, lr_body: float, lr_head: float) -> Any:
    heads = sum(n.startswith("head.") for n in names.split())
    return np.repeat([lr_body, lr_head], [len(names.split()) - heads, heads])


def groups_without_body(names: str, lr_body: float, lr_head: float) -> Any:
    return np.full(sum(n.startswith("head.") for n in names.split()), lr_head)


def groups_weights_only(names: str, lr_body: float, lr_head: float) -> Any:
    parts = [(n.split(".")[0], n.split(".")[-1]) for n in names.split()]
    return np.array([lr_head if p == ("head", "weight") else lr_body for p in parts])


def groups_last_two(names: str, lr_body: float, lr_head: float) -> Any:
    rates = np.full(len(names.split()), lr_body)
    rates[-2:] = lr_head
    return rates


def cosine_by_cases(t: int, lrs: Any, T: int, share: float) -> Any:
    if t >= T:
        return share * lrs
    factor = share + (1 - share) * math.cos(math.pi * t / (2 * T)) ** 2
    return np.array([factor * lr for lr in lrs])


def cosine_between(t: int, lrs: Any, T: int, share: float) -> Any:
    low = lrs * share
    return low + (lrs - low) / 2 * (1 + np.cos(np.pi * np.clip(t / T, 0, 1)))


def half_wave(t: int, T: int) -> float:
    return 0.5 + 0.5 * math.cos(math.pi * (t if t < T else T) / T)


def one_floor(t: int, lrs: Any, T: int, floor: float) -> Any:
    return np.array([floor + (lr - floor) * half_wave(t, T) for lr in lrs])


def first_only(t: int, lrs: Any, T: int, share: float) -> Any:
    rates = lrs.copy()
    rates[0] *= share + (1 - share) * half_wave(t, T)
    return rates


def last_only(t: int, lrs: Any, T: int, share: float) -> Any:
    rates = lrs.copy()
    rates[-1] *= share + (1 - share) * half_wave(t, T)
    return rates


def by_gain(gain: float) -> str:
    if abs(gain) <= 2:
        return "can't tell"
    return "hurts" if gain > 0 else "helps"


def small_rate_by_gain(frozen: Any, small: Any, same: Any, scratch: Any) -> str:
    return by_gain(same - small)


def small_rate_if_both(frozen: Any, small: Any, same: Any, scratch: Any) -> str:
    if same > small + 2 and scratch > small + 2:
        return "hurts"
    return "helps" if same + 2 < small else "can't tell"


RIGHT: dict[str, list[Any]] = {
    "practice/make_groups": [groups_by_loop, groups_by_table],
    "practice/rates_at": [cosine_by_cases, cosine_between],
    "practice/small_rate": [
        small_rate_by_gain,
        lambda f, a, b, s: ["helps", "can't tell", "hurts"][
            int(b - a > 2) - int(a - b > 2) + 1
        ],
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    ("practice/make_groups", groups_by_substring, "`head` anywhere"),
    ("practice/make_groups", groups_by_substring_dot, "`head.` anywhere"),
    ("practice/make_groups", groups_at_any_depth, "at any depth"),
    ("practice/make_groups", groups_by_prefix_only, "same four letters"),
    ("practice/make_groups", groups_body_named, "isn't called `body`"),
    ("practice/make_groups", groups_forgotten, "in neither group"),
    ("practice/make_groups", groups_twice, "The head is in both groups"),
    ("practice/make_groups", groups_summed, "the sum of both rates"),
    (
        "practice/make_groups",
        lambda names, body, head: groups_by_table(names, head, body),
        "changed places",
    ),
    ("practice/make_groups", groups_in_order_of_groups, "order of the groups"),
    ("practice/make_groups", groups_without_body, "the body is forgotten"),
    ("practice/make_groups", groups_weights_only, "The head's biases"),
    ("practice/make_groups", groups_last_two, "the last two parameters"),
    (
        "practice/make_groups",
        lambda names, body, head: np.where(
            np.array(names.split()) == "head.weight", head, body
        ),
        "Only `head.weight`",
    ),
    (
        "practice/make_groups",
        lambda names, body, head: np.array(
            [head if name.startswith("head.") else body for name in names]
        ),
        "the letters of the string",
    ),
    (
        "practice/make_groups",
        lambda names, body, head: np.array([head if names[:5] == "head." else body]),
        "for the whole string",
    ),
    (
        "practice/make_groups",
        lambda names, body, head: np.array(
            [head if n.rpartition(".")[0] == "head" else body for n in names.split()]
        ),
        "isn't in your head",
    ),
    (
        "practice/make_groups",
        lambda names, body, head: np.array(
            [
                head if n.split(".")[0] == "head" or "bias" in n else body
                for n in names.split()
            ]
        ),
        "The body's biases",
    ),
    (
        "practice/make_groups",
        lambda names, body, head: np.array(
            [head if n[:5] == "head." else body for n in sorted(names.split())]
        ),
        "the sorted names",
    ),
    (
        "practice/make_groups",
        lambda names, body, head: np.sort(groups_by_loop(names, body, head))[::-1],
        "The head's rates stand first",
    ),
    (
        "practice/make_groups",
        lambda names, body, head: np.array([body for _ in names.split()]),
        "nothing is a head",
    ),
    (
        "practice/make_groups",
        lambda names, body, head: np.array([head for _ in names.split()]),
        "all of it is a head",
    ),
    ("practice/rates_at", one_floor, "`share` for a rate"),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: one_floor(t, lrs, T, s * max(lrs)),
        "a share of the largest rate",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: one_floor(t, lrs, T, s * min(lrs)),
        "a share of the smallest rate",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: 0 * lrs + cosine_by_cases(t, lrs, T, s)[0],
        "the first group's rate",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: 0 * lrs + cosine_by_cases(t, lrs, T, s).max(),
        "the largest group's rate",
    ),
    ("practice/rates_at", first_only, "Only your first group"),
    ("practice/rates_at", last_only, "Only your last group"),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: s * lrs + (1 - s) * lrs * np.cos(np.pi * t / T / 2) ** 2,
        "rise again",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: half_wave(t, T) * lrs,
        "`share` takes no part",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: lrs * max(half_wave(t, T), s),
        "You cut the wave off",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: lrs * s + lrs * half_wave(t, T),
        "on top of the floor",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: lrs + (s - 1) * lrs * np.clip(t / T, 0, 1),
        "a straight line",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: cosine_between(t + 1, lrs, T, s),
        "one update early",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: cosine_between(t - 1, lrs, T, s),
        "one update late",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: lrs * (s + (1 - s) * np.cos(np.pi * min(t / T, 1)) ** 2),
        "a whole wave",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: lrs * (s + (1 - s) * (1 - half_wave(t, T))),
        "rise from the floor",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: (
            lrs * s + lrs * (1 - s) * math.cos(math.pi / 2 * min(t / T, 1))
        ),
        "A quarter of the wave",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: np.array([s + (1 - s) * half_wave(t, T)] * len(lrs)),
        "That is the factor",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: (
            lrs * s + lrs * (1 - s) * (1 + np.cos(np.pi * min(t / T, 1)))
        ),
        "Halve it",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: lrs - lrs * s * (1 - half_wave(t, T)),
        "`share` is what is left",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: (
            np.zeros(len(lrs)) if t > T else cosine_between(t, lrs, T, s)
        ),
        "your rates are 0",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: lrs.copy() if t > T else cosine_between(t, lrs, T, s),
        "jump back",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: cosine_between(t, lrs, T - 1 if T > 1 else 1, s),
        "one update before `T`",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: (
            lrs * (s + (1 - s) * (0.5 + 0.5 * np.cos(180 * min(t / T, 1))))
        ),
        "takes radians",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: lrs * np.power(s, min(t / T, 1)),
        "an exponential decay",
    ),
    (
        "practice/rates_at",
        lambda t, lrs, T, s: one_floor(t, lrs, T, s * sum(lrs) / len(lrs)),
        "a share of the mean rate",
    ),
    ("practice/small_rate", lambda f, a, b, s: by_gain(s - a), "whether the pretr"),
    ("practice/small_rate", lambda f, a, b, s: by_gain(f - a), "compare with a frozen"),
    (
        "practice/small_rate",
        lambda f, a, b, s: by_gain(np.max([f, b, s]) - a),
        "the best of all",
    ),
    (
        "practice/small_rate",
        lambda f, a, b, s: by_gain((b if b > s else s) - a),
        "the better of *same*",
    ),
    ("practice/small_rate", small_rate_if_both, "only if scratch"),
    ("practice/small_rate", lambda f, a, b, s: by_gain(a - b), "Turned round"),
    (
        "practice/small_rate",
        lambda f, a, b, s: by_gain((b - a) * 1.001),
        "exactly 2 points",
    ),
    (
        "practice/small_rate",
        lambda f, a, b, s: by_gain(1e9 * (b - a)),
        "every difference",
    ),
    (
        "practice/small_rate",
        lambda f, a, b, s: by_gain(100 * (max(a, b) / min(a, b) - 1) * np.sign(b - a)),
        "2 percent of a number",
    ),
    (
        "practice/small_rate",
        lambda f, a, b, s: "hurts" if a + 2 < b else "helps",
        "a third answer",
    ),
    ("practice/small_rate", lambda f, a, b, s: by_gain((b - a) / 100), "never tell"),
    (
        "practice/small_rate",
        lambda f, a, b, s: by_gain((f if f > b else b) - a),
        "the better of *frozen*",
    ),
    (
        "practice/small_rate",
        lambda f, a, b, s: (
            "helps"
            if a > f + 2 and a > b + 2
            else "hurts"
            if b > a + 2
            else "can't tell"
        ),
        "beats a frozen body too",
    ),
    (
        "practice/small_rate",
        lambda f, a, b, s: (
            "helps"
            if a > s + 2 and a > b + 2
            else "hurts"
            if b > a + 2
            else "can't tell"
        ),
        "beats a body from scratch too",
    ),
]
