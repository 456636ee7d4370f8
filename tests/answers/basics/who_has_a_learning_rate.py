"""Learners' answers to lesson 1.2, Who has a learning rate."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

WITH_A_RATE = ("gradient descent", "Pegasos", "boosting", "Adam")


def by_words(*words: str) -> Callable[[str], str]:
    """The answer of someone who looks for these words in the algorithm's name."""

    def has_a_rate(algorithm: str) -> str:
        for word in words:
            if word in algorithm:
                return "rate"
        return "none"

    return has_a_rate


def rate_by_shrinking(t: Any, lam: float) -> Any:
    factor = (t - 1) / t
    return (1 - factor) / lam


RIGHT: dict[str, list[Any]] = {
    "basics/has_a_rate": [
        by_words(*WITH_A_RATE),
        {
            "least squares, normal equations": "none",
            "logistic regression, gradient descent": "rate",
            "support vector machine, SMO": "none",
            "support vector machine, Pegasos": "rate",
            "random forest": "none",
            "gradient boosting": "rate",
            "neural network, Adam": "rate",
            "k nearest neighbours": "none",
        }.__getitem__,
    ],
    "basics/pegasos_rate": [
        rate_by_shrinking,
        lambda t, lam: 1 / lam / t,
        lambda t, lam: (lam * np.asarray(t, dtype=float)) ** -1,
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    (
        "basics/has_a_rate",
        by_words("descent", "boosting", "Adam"),
        "no support vector machine has a rate",
    ),
    (
        "basics/has_a_rate",
        by_words("descent", "Pegasos", "Adam"),
        "no method made of trees has a rate",
    ),
    ("basics/has_a_rate", by_words("descent", "Adam"), "what the articles say"),
    (
        "basics/has_a_rate",
        by_words("machine", "descent", "boosting", "Adam"),
        "give SMO a rate because it goes step by step",
    ),
    (
        "basics/has_a_rate",
        by_words("forest", *WITH_A_RATE),
        "trees don't see one another",
    ),
    (
        "basics/has_a_rate",
        by_words("forest", "SMO", *WITH_A_RATE),
        "built step by step has a rate",
    ),
    (
        "basics/has_a_rate",
        by_words("descent", "Pegasos", "boosting"),
        "Adam has none because it adapts",
    ),
    (
        "basics/has_a_rate",
        by_words("gradient"),
        "adapts its own steps has no rate",
    ),
    (
        "basics/has_a_rate",
        by_words("Pegasos", "boosting", "network"),
        "belongs to statistics",
    ),
    (
        "basics/has_a_rate",
        by_words("squares", *WITH_A_RATE),
        "give the normal equations a rate",
    ),
    (
        "basics/has_a_rate",
        by_words("squares", "SMO", *WITH_A_RATE),
        "minimises a loss has a rate",
    ),
    (
        "basics/has_a_rate",
        by_words("neighbours", *WITH_A_RATE),
        "k is a number that you choose",
    ),
    ("basics/has_a_rate", by_words("neural"), "keep the rate for neural networks"),
    (
        "basics/has_a_rate",
        by_words("Pegasos", "logistic"),
        "models with weights that move",
    ),
    (
        "basics/has_a_rate",
        lambda name: "none" if by_words(*WITH_A_RATE)(name) == "rate" else "rate",
        "the wrong way round",
    ),
    ("basics/has_a_rate", lambda name: "rate", "everything that learns has a rate"),
    ("basics/has_a_rate", lambda name: "none", "nothing has a rate. Start"),
    (
        "basics/has_a_rate",
        by_words("forest", "neighbours", *WITH_A_RATE),
        "of the right kind but with another value",
    ),
    ("basics/has_a_rate", lambda name: "Rate", "the words are `'none'`, `'rate'`"),
    ("basics/has_a_rate", lambda name: "Adam" in name, "a `bool` instead of a word"),
    ("basics/has_a_rate", {"random forest": "none"}, "isn't a function"),
    ("basics/pegasos_rate", lambda t, lam: 1 / t, "the same for every penalty"),
    ("basics/pegasos_rate", lambda t, lam: lam**-1, "Your rate never falls"),
    ("basics/pegasos_rate", lambda t, lam: lam / t, "grows with the penalty"),
    ("basics/pegasos_rate", lambda t, lam: 1 / lam * t, "only the first factor"),
    ("basics/pegasos_rate", lambda t, lam: t * lam, "It is upside down"),
    ("basics/pegasos_rate", lambda t, lam: 1 / (t + 1) / lam, "You count from 0"),
    ("basics/pegasos_rate", lambda t, lam: 1 / (t - 1) / lam, "count is one behind"),
    ("basics/pegasos_rate", lambda t, lam: 1 / (t + lam), "add `lam` and `t`"),
    (
        "basics/pegasos_rate",
        lambda t, lam: 1 / (t * lam + 1),
        "the 1 in the denominator",
    ),
    (
        "basics/pegasos_rate",
        lambda t, lam: 1 / lam / t**0.5,
        "take the root of `t`",
    ),
    (
        "basics/pegasos_rate",
        lambda t, lam: 1 / lam / t / t,
        "falls with the square of `t`",
    ),
    ("basics/pegasos_rate", lambda t, lam: 1 - 1 / t, "is the factor itself"),
    (
        "basics/pegasos_rate",
        lambda t, lam: (1 - 1 / t) / lam,
        "equal to the factor",
    ),
    ("basics/pegasos_rate", lambda t, lam: 0.5 / lam / t, "Half of the right rate"),
    ("basics/pegasos_rate", lambda t, lam: 2 / t / lam, "Twice the right rate"),
    (
        "basics/pegasos_rate",
        lambda t, lam: 2 / lam / (1 + t),
        "an average in which later updates count more",
    ),
    (
        "basics/pegasos_rate",
        lambda t, lam: math.e ** (-lam * t),
        "falls exponentially",
    ),
    ("basics/pegasos_rate", lambda t, lam: 100 / t, "`lam` takes no part there"),
    (
        "basics/pegasos_rate",
        lambda t, lam: np.min(1 / (lam * np.asarray(t))),
        "the shape () instead of (5,)",
    ),
    ("basics/pegasos_rate", lambda t: 1 / t, "can't be called with 2 arguments"),
]
