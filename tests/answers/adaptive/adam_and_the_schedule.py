"""Answers to the exercises of adam_and_the_schedule, as learners write them."""

import itertools
import math
from collections.abc import Callable
from typing import Any

WORDS = {
    "resnet": "plateau",
    "dcgan": "constant",
    "transformer": "inverse_sqrt",
    "bert": "linear",
    "gpt3": "cosine",
}
TITLES = {
    "resnet": "ResNet",
    "dcgan": "DCGAN",
    "transformer": "the Transformer",
    "bert": "BERT",
    "gpt3": "GPT-3",
}
LOOKS = {
    "plateau": "waits for the error to stop improving and then drops",
    "constant": "never moves",
    "inverse_sqrt": "falls ever more slowly and never ends",
    "linear": "falls in a straight line",
    "cosine": "falls slowly, then fast, then slowly again",
}


def by_match(recipe: str) -> str:
    match recipe:
        case "resnet":
            return "plateau"
        case "dcgan":
            return "constant"
        case "transformer":
            return "inverse_sqrt"
        case "bert":
            return "linear"
    return "cosine"


def by_lists(recipe: str) -> str:
    return list(WORDS.values())[list(WORDS).index(recipe)]


def changed(**words: str) -> Callable[[str], str]:
    table = {**WORDS, **words}
    return lambda recipe: table[recipe]


def settled(C: float, beta2: float) -> float:
    """The hint's loop."""
    v, total = 0.0, 0.0
    for _ in range(3000):
        total = 0.0
        for g in (C, -1.0, -1.0):
            v = beta2 * v + (1 - beta2) * g**2
            total -= g / math.sqrt(v)
    return total


def by_sums(C: float, beta2: float) -> float:
    """Each average is a sum over the past, long enough to be all of it."""
    gradients = [C, -1.0, -1.0]
    total = 0.0
    for k in range(3):
        v = sum(
            (1 - beta2) * beta2**age * gradients[(k - age) % 3] ** 2
            for age in range(3000)
        )
        total -= gradients[k] / v**0.5
    return total


def settled_but(
    C: float,
    beta2: float,
    *,
    cycles: int = 3000,
    late: bool = False,
    root: bool = True,
    corrected: bool = False,
) -> float:
    v, total, t = 0.0, 0.0, 0
    for _ in range(cycles):
        total = 0.0
        for g in (C, -1.0, -1.0):
            t += 1
            before = v
            v = beta2 * v + (1 - beta2) * g**2
            used = before if late else v
            if corrected:
                used = used / (1 - beta2**t)
            if used:
                total -= g / (math.sqrt(used) if root else used)
    return total


def without_share(C: float, beta2: float) -> float:
    total = 0.0
    squares = [C * C, 1, 1]
    for k, g in enumerate((C, -1, -1)):
        v = sum(beta2**age * squares[(k - age) % 3] for age in range(3))
        total -= g / math.sqrt(v)
    return total


def one_cycle_of_past(C: float, beta2: float) -> float:
    total = 0.0
    squares = [C * C, 1, 1]
    for k, g in enumerate((C, -1, -1)):
        v = sum((1 - beta2) * beta2**age * squares[(k - age) % 3] for age in range(3))
        total -= g / math.sqrt(v)
    return total


def twice_the_first_of_two(C: float, beta2: float) -> float:
    b, share = beta2, (1 - beta2) / (1 - beta2**3)
    return -C / math.sqrt(share * (C * C + b + b * b)) + 2 / math.sqrt(
        share * (1 + b * C * C + b * b)
    )


def largest_so_far(C: float, beta2: float) -> float:
    """AMSGrad's loop."""
    v, largest, total = 0.0, 0.0, 0.0
    for _ in range(3000):
        total = 0.0
        for g in (C, -1.0, -1.0):
            v = beta2 * v + (1 - beta2) * g**2
            largest = max(largest, v)
            total -= g / math.sqrt(largest)
    return total


def gradient_in_average(C: float, beta2: float) -> float:
    v, total = 0.0, 0.0
    for _ in range(3000):
        total = 0.0
        for g in (C, -1.0, -1.0):
            v = beta2 * v + (1 - beta2) * abs(g)
            total -= g / math.sqrt(v)
    return total


def factors_of_the_first(C: float, beta2: float) -> float:
    """Divides by 0 at beta2 = 0."""
    share = (1 - beta2) / (1 - beta2**3)
    v1 = share * (C**2 + beta2 + beta2**2)
    v2 = share * (beta2 * C**2 + beta2 + beta2**2)
    v3 = share * (beta2**2 * C**2 + beta2 + beta2**2)
    return -C / math.sqrt(v1) + 1 / math.sqrt(v2) + 1 / math.sqrt(v3)


RIGHT: dict[str, list[Any]] = {
    "adaptive/supported": [3, 3.0],
    "adaptive/usual_schedule": [by_match, by_lists],
    "adaptive/cycle_step": [settled, by_sums],
}
WRONG: list[tuple[str, Any, str]] = [
    ("adaptive/supported", 1, "ended in the shallow valley"),
    ("adaptive/supported", 2, "more than 10 times that at the best"),
    ("adaptive/supported", 4, "trains a generative model"),
    ("adaptive/supported", 0, "they begin at 1"),
    ("adaptive/supported", -1.0, "it is positive"),
    ("adaptive/supported", (2 + 3) / 2, "Between two statements"),
    ("adaptive/supported", 2 + 3, "There are four statements"),
    (
        "adaptive/usual_schedule",
        changed(transformer="constant", bert="constant", gpt3="constant"),
        "Adam without a schedule everywhere",
    ),
    (
        "adaptive/usual_schedule",
        changed(resnet="cosine", transformer="cosine", bert="cosine"),
        "The cosine is popular",
    ),
    *(
        (
            "adaptive/usual_schedule",
            changed(**dict.fromkeys(WORDS, word)),
            f"all five recipes a rate that {look}",
        )
        for word, look in LOOKS.items()
    ),
    *(
        (
            "adaptive/usual_schedule",
            changed(**{recipe: word}),
            f"{LOOKS[word]} is not what the table says of {TITLES[recipe]}.",
        )
        for recipe in WORDS
        for word in LOOKS
        if WORDS[recipe] != word
    ),
    *(
        (
            "adaptive/usual_schedule",
            changed(**{one: WORDS[other], other: WORDS[one]}),
            f"the rate {LOOKS[WORDS[one]]}, with the other it {LOOKS[WORDS[other]]}.",
        )
        for one, other in itertools.combinations(WORDS, 2)
    ),
    ("adaptive/cycle_step", lambda C, beta2: -C + 1 + 1, "That is SGD's cycle"),
    ("adaptive/cycle_step", lambda C, beta2: -settled(C, beta2), "other way round"),
    (
        "adaptive/cycle_step",
        lambda C, beta2: (2 - C) / math.sqrt((C * C + 1 + 1) / 3),
        "all three by the same average",
    ),
    (
        "adaptive/cycle_step",
        lambda C, beta2: settled_but(C, beta2, late=True),
        "before the gradient has entered",
    ),
    (
        "adaptive/cycle_step",
        lambda C, beta2: settled_but(C, beta2, root=False),
        "Adam takes its root",
    ),
    (
        "adaptive/cycle_step",
        lambda C, beta2: settled_but(C, beta2, cycles=1, corrected=True),
        "with bias correction",
    ),
    (
        "adaptive/cycle_step",
        lambda C, beta2: settled_but(C, beta2, cycles=1),
        "from an average of 0",
    ),
    *(
        (
            "adaptive/cycle_step",
            lambda C, beta2, cycles=cycles: settled_but(C, beta2, cycles=cycles),
            f"After {cycles} cycles from 0",
        )
        for cycles in (10, 20, 30, 50, 100)
    ),
    ("adaptive/cycle_step", largest_so_far, "that is AMSGrad"),
    ("adaptive/cycle_step", gradient_in_average, "They are averages of squares"),
    (
        "adaptive/cycle_step",
        lambda C, beta2: 0.05 * settled(C, beta2),
        "the rate 0.05 of the lesson's runs",
    ),
    ("adaptive/cycle_step", factors_of_the_first, "its own square is the newest"),
    ("adaptive/cycle_step", without_share, "have to add up to 1"),
    ("adaptive/cycle_step", one_cycle_of_past, "one cycle of the past only"),
    ("adaptive/cycle_step", twice_the_first_of_two, "make the same move"),
    (
        "adaptive/cycle_step",
        lambda C, beta2: math.fabs(settled(C, beta2)),
        "tells which way x goes",
    ),
    (
        "adaptive/cycle_step",
        lambda C, beta2: settled(C, beta2) / 3,
        "mean of the three moves",
    ),
    (
        "adaptive/cycle_step",
        lambda C, beta2: 1 if settled(C, beta2) > 0 else -1,
        "How far does the cycle go",
    ),
]
