"""Learners' answers to lesson 4.6, when the model decides"""

from collections.abc import Callable
from typing import Any

import numpy as np


def in_a_loop(
    *,
    border: Callable[[float], float] = lambda letters: letters - 0.1,
    reaches: bool = False,
    look: Callable[[list[float]], list[float]] = lambda losses: losses,
    most: bool = False,
    turned: bool = False,
    say: Callable[[str], str] = lambda word: word,
) -> Callable[..., Any]:
    """Someone who counts the runs that stall, one by one.

    The keywords are what may go wrong; without them it is right.
    """

    def count(losses: Any, letters: float) -> tuple[int, int]:
        seen = look([float(loss) for loss in losses])
        stuck = 0
        for loss in seen:
            if loss > border(letters) or (reaches and loss == border(letters)):
                stuck += 1
        if most:
            return len(seen) * (2 * stuck > len(seen)), len(seen)
        return stuck, len(seen)

    def answer(without: Any, warmed: Any, letters: Any) -> Any:
        first, second = (warmed, without) if turned else (without, warmed)
        stuck, n = count(first, letters)
        left, m = count(second, letters)
        if stuck == 0:
            return say("no")
        if stuck < n:
            return say("seeds disagree")
        return say({0: "yes", m: "not enough"}.get(left, "seeds disagree"))

    return answer


def another_word(old: str, new: str) -> Callable[..., Any]:
    return in_a_loop(say=lambda word: new if word == old else word)


def mean_is_lower(without: Any, warmed: Any, letters: Any) -> Any:
    return ["no", "yes"][int(sum(warmed) / len(warmed) < sum(without) / len(without))]


def gains_a_tenth(without: Any, warmed: Any, letters: Any) -> Any:
    gains = [a - b > 0.1 for a, b in zip(without, warmed, strict=True)]
    if sum(gains) == len(gains):
        return "yes"
    return "seeds disagree" if sum(gains) else "no"


def means_gain_a_tenth(without: Any, warmed: Any, letters: Any) -> Any:
    gain = sum(without) / len(without) - sum(warmed) / len(warmed)
    return ["no", "yes"][int(gain > 0.1)]


def one_is_enough(without: Any, warmed: Any, letters: Any) -> Any:
    return ["no", "yes"][int(max(without) > letters - 0.1)]


def one_left(without: Any, warmed: Any, letters: Any) -> Any:
    if min(without) > letters - 0.1 and max(warmed) > letters - 0.1:
        return "not enough"
    return in_a_loop()(without, warmed, letters)


def three_runs(without: Any, warmed: Any, letters: Any) -> Any:
    cold = len([loss for loss in without if loss > letters - 0.1])
    warm = len([loss for loss in warmed if loss > letters - 0.1])
    if cold == 0:
        return "no"
    return {(3, 0): "yes", (3, 3): "not enough"}.get((cold, warm), "seeds disagree")


def cold_runs_only(without: Any, warmed: Any, letters: Any) -> Any:
    stuck = sum(loss > letters - 0.1 for loss in without)
    return {0: "no", len(without): "yes"}.get(stuck, "seeds disagree")


def warm_runs_only(without: Any, warmed: Any, letters: Any) -> Any:
    stuck = sum(loss > letters - 0.1 for loss in warmed)
    return {0: "yes", len(warmed): "not enough"}.get(stuck, "seeds disagree")


def wants_both(without: Any, warmed: Any, letters: Any) -> Any:
    right = in_a_loop()(without, warmed, letters)
    if right == "no" and max(warmed) > letters - 0.1:
        return "seeds disagree"
    return right


def some_warmed_learn(without: Any, warmed: Any, letters: Any) -> Any:
    border = letters - 0.1
    if min(without) > border and min(warmed) <= border:
        return "yes"
    return in_a_loop()(without, warmed, letters)


def any_cold_run(without: Any, warmed: Any, letters: Any) -> Any:
    border = letters - 0.1
    if max(without) > border and max(warmed) <= border:
        return "yes"
    return in_a_loop()(without, warmed, letters)


def all_warm_runs_first(without: Any, warmed: Any, letters: Any) -> Any:
    if min(warmed) > letters - 0.1:
        return "not enough"
    return in_a_loop()(without, warmed, letters)


def by_pattern(without: Any, warmed: Any, letters: Any) -> Any:
    """A right answer of another style: the ends of both arrays are enough."""
    border = letters - 0.1
    if np.max(without) <= border:
        return "no"
    if np.min(without) > border and np.max(warmed) <= border:
        return "yes"
    if min(np.min(without), np.min(warmed)) > border:
        return "not enough"
    return "seeds disagree"


def helped_by(*parts: str) -> Callable[[str], str]:
    """Learns where the change contains one of these words."""

    def answer(change: str) -> str:
        return "learns" if any(part in change for part in parts) else "stalls"

    return answer


RIGHT: dict[str, list[Any]] = {
    "warmup/needs_warmup": [in_a_loop(), by_pattern],
    "warmup/remedy": [
        helped_by("warmup", "pre-norm", "0.01", "layer"),
        lambda change: (
            "stalls" if change.split()[0] in {"half", "PyTorch's", "loss"} else "learns"
        ),
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    *[
        ("warmup/needs_warmup", answer, words)
        for answer, words in [
            (mean_is_lower, "which mean is lower"),
            (means_gain_a_tenth, "the two means with each other"),
            (gains_a_tenth, "whether warmup gains 0.1"),
            (
                in_a_loop(look=lambda losses: [sum(losses) / len(losses)]),
                "You average the seeds first",
            ),
            (in_a_loop(look=lambda losses: losses[:1]), "the first seed only"),
            (in_a_loop(look=lambda losses: losses[:3]), "the first three seeds only"),
            (in_a_loop(look=lambda losses: losses[-1:]), "the last seed only"),
            (
                lambda without, warmed, letters: in_a_loop()(
                    without, [warmed[0]], letters
                ),
                "one seed of the warmed",
            ),
            (
                in_a_loop(look=lambda losses: list(np.round(losses, 1))),
                "You round the losses",
            ),
            (some_warmed_learn, "if only some warmed runs learn"),
            (any_cold_run, "only some runs without warmup stall"),
            (all_warm_runs_first, "wherever all warmed runs stall"),
            (three_runs, "You count to three"),
            (in_a_loop(look=lambda losses: [min(losses)]), "the best seed only"),
            (in_a_loop(look=lambda losses: [max(losses)]), "the worst seed only"),
            (in_a_loop(most=True), "A majority is not all"),
            (in_a_loop(border=lambda letters: letters), "You leave out the margin"),
            (
                in_a_loop(border=lambda letters: letters + 0.1),
                "on the wrong side",
            ),
            (
                in_a_loop(border=lambda letters: np.log(38) - 0.1),
                "with blind guessing",
            ),
            (in_a_loop(border=lambda letters: 2.97 - 0.1), "this lesson's 2.97"),
            (
                in_a_loop(border=lambda letters: letters * (1 - 0.1)),
                "a distance, not a share",
            ),
            (in_a_loop(reaches=True), "yours stalls there"),
            (in_a_loop(turned=True), "swapped the two arrays"),
            (cold_runs_only, "the runs without warmup only"),
            (one_is_enough, "if any run without warmup stalls"),
            (one_left, "if any warmed run stalls"),
            (warm_runs_only, "That they learn doesn't say"),
            (wants_both, "nothing is needed, whatever"),
            (another_word("not enough", "no"), "you say that no warmup is needed"),
            (another_word("not enough", "yes"), "Where both stall you say yes"),
            (another_word("seeds disagree", "yes"), "You say yes where seeds"),
            (another_word("seeds disagree", "no"), "You say no where seeds"),
            (
                in_a_loop(say=lambda word: {"yes": "no", "no": "yes"}.get(word, word)),
                "yes and no are swapped",
            ),
            (lambda without, warmed, letters: "yes", "always say yes"),
            (lambda without, warmed, letters: "no", "always say no"),
            # Beyond the known mistakes:
            (
                lambda without, warmed, letters: bool((without > letters - 0.1).all()),
                "instead of a word",
            ),
            (
                in_a_loop(say=lambda word: word.replace("seeds ", "")),
                "the words are",
            ),
        ]
    ],
    *[
        ("warmup/remedy", answer, words)
        for answer, words in [
            (helped_by("warmup"), "not the only remedy"),
            (helped_by("norm", "0.01", "one"), "You leave out the warmup"),
            (helped_by("warmup", "0.01", "one"), "You leave out pre-norm"),
            (helped_by("warmup", "norm", "one"), "You leave out the smaller peak"),
            (helped_by("warmup", "norm", "0.01"), "You leave out the depth"),
            (helped_by("warmup", "0.01"), "only what lowers the first rates"),
            (helped_by("norm", "layer"), "look at its own rows"),
            (
                helped_by("warmup", "norm", "0.01", "one", "half"),
                "learned in one seed only",
            ),
            (helped_by("warmup", "norm", "0.01", "width"), "the other one"),
            (helped_by("one", "half"), "what has fewer parameters"),
            (
                helped_by("warmup", "norm", "0.01", "one", "start"),
                "own initial values help some",
            ),
            (
                helped_by("warmup", "norm", "0.01", "one", "half", "start"),
                "a change that helps some",
            ),
            (helped_by("warmup", "norm", "0.01", "one", "ten"), "Longer gradients"),
            (helped_by("half", "start", "ten"), "two words are swapped"),
            (lambda change: "learns", "any change helps"),
            (lambda change: "stalls", "nothing helps"),
            # Beyond the known mistakes:
            (lambda change: "warmup" in change, "instead of a word"),
            (
                lambda change: "yes" if change in ("pre-norm",) else "no",
                "the words are",
            ),
        ]
    ],
]
