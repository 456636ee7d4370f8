"""Answers to the exercises of three_things_called_adaptive, as learners write them."""

import math
from typing import Any

import numpy as np
import torch

KINDS = {
    "StepLR": "open loop",
    "CosineAnnealingLR": "open loop",
    "CosineAnnealingWarmRestarts": "open loop",
    "LinearLR": "open loop",
    "LambdaLR": "open loop",
    "OneCycleLR": "open loop",
    "ReduceLROnPlateau": "feedback",
    "SGD": "open loop",
    "Adagrad": "per parameter",
    "RMSprop": "per parameter",
    "Adam": "per parameter",
    "AdamW": "per parameter",
}
ADAPTED = dict.fromkeys(["Adagrad", "RMSprop", "Adam", "AdamW"])


def card_box(**changed: str) -> Any:
    """Answers from a table, some of them changed."""
    return (KINDS | changed).__getitem__


def relabelled(word: str, names: Any) -> Any:
    return card_box(**dict.fromkeys(names, word))


def by_what_the_classes_say(name: str) -> str:
    """Has a metric to be told? Does a step leave squares of gradients behind?"""
    scheduler = getattr(torch.optim.lr_scheduler, name, None)
    if scheduler is not None:
        told = "metrics" in scheduler.step.__code__.co_varnames
        return "feedback" if told else "open loop"
    weight = torch.ones(1, requires_grad=True)
    optimizer = getattr(torch.optim, name)([weight], lr=0.1)
    weight.sum().backward()
    optimizer.step()
    kept = {slot for slot in optimizer.state[weight] if slot != "momentum_buffer"}
    return "per parameter" if kept else "open loop"


def by_sorting(
    rates: Any,
    losses: Any,
    ratio: float,
    *,
    allowed: Any = lambda best, ratio: best * ratio,
    good: Any = lambda loss, border: loss <= border,
    length: Any = lambda low, high: math.log10(high) - math.log10(low),
    center: Any = min,
    ends: Any = lambda kept: (min(kept), max(kept)),
) -> float:
    border = allowed(center(losses), ratio)
    pairs = zip(rates, losses, strict=True)
    kept = [rate for rate, loss in pairs if good(loss, border)]
    return float(length(*ends(kept)))


def sorting(**changed: Any) -> Any:
    return lambda rates, losses, ratio: by_sorting(rates, losses, ratio, **changed)


def how_many(rates: Any, losses: Any, ratio: float) -> Any:
    return np.count_nonzero(np.divide(losses, min(losses)) <= ratio)


def neighbours_of_the_best(rates: Any, losses: Any, ratio: float) -> float:
    """Walk away from the best rate on both sides until a loss is too high."""
    pairs = sorted(zip(rates.tolist(), losses.tolist(), strict=True))
    best = min(range(len(pairs)), key=lambda k: pairs[k][1])
    ends = []
    for way in (-1, 1):
        at = best
        while (
            0 <= at + way < len(pairs) and pairs[at + way][1] <= ratio * pairs[best][1]
        ):
            at += way
        ends.append(math.log10(pairs[at][0]))
    return ends[1] - ends[0]


def crossing(rates: Any, losses: Any, ratio: float) -> float:
    """As on the opening page: the rates at which a line crosses the border."""
    order = np.argsort(rates)
    rates, losses = rates[order], losses[order]
    best = losses.argmin()
    bound = ratio * losses[best]
    ends = []
    for side, outermost in ((-1, 0), (1, len(rates) - 1)):
        k = best
        while k != outermost and losses[k + side] <= bound:
            k += side
        if k == outermost:
            ends.append(rates[k])
            continue
        part = (bound - losses[k]) / (losses[k + side] - losses[k])
        ends.append(rates[k] * (rates[k + side] / rates[k]) ** part)
    return math.log10(ends[1] / ends[0])


def sorted_without_losses(rates: Any, losses: Any, ratio: float) -> float:
    kept = np.array(sorted(rates))[losses / min(losses) <= ratio]
    return math.log10(kept[-1]) - math.log10(kept[0])


def guarded(rates: Any, losses: Any, ratio: float) -> float:
    best = min(losses)
    pairs = zip(rates, losses, strict=True)
    kept = [rate for rate, loss in pairs if loss < ratio * best]
    return math.log10(max(kept) / min(kept)) if kept else 0


def in_parts_of_the_list(rates: Any, losses: Any, ratio: float) -> float:
    return by_sorting(rates, losses, ratio) / math.log10(max(rates) / min(rates))


def one_side(*, upwards: bool) -> Any:
    def answer(rates: Any, losses: Any, ratio: float) -> float:
        best = rates[np.argmin(losses)]
        kept = rates[losses / losses.min() <= ratio]
        return float(np.log10(max(kept) / best if upwards else best / min(kept)))

    return answer


RIGHT: dict[str, list[Any]] = {
    "adaptive/adaptivity": [card_box(), by_what_the_classes_say],
    "adaptive/good_range": [
        by_sorting,
        lambda rates, losses, ratio: np.ptp(
            np.log10(rates)[losses / np.min(losses) <= ratio]
        ),
    ],
}
WRONG: list[tuple[str, Any, str]] = [
    ("adaptive/adaptivity", answer, words)
    for answer, words in [
        (
            lambda name: "feedback" if name not in {"SGD", *ADAPTED} else KINDS[name],
            "every scheduler feedback",
        ),
        (card_box(LinearLR="feedback"), "used as a warmup"),
        (card_box(LambdaLR="feedback"), "hands your function the number"),
        (card_box(LambdaLR="per parameter"), "for each *group*"),
        (card_box(CosineAnnealingWarmRestarts="feedback"), "The restarts come after"),
        (
            relabelled("feedback", [name for name in KINDS if "Cosine" in name]),
            "A cosine falls along",
        ),
        (card_box(OneCycleLR="feedback"), "how many steps there will be"),
        (
            card_box(OneCycleLR="feedback", CosineAnnealingWarmRestarts="feedback"),
            "Going up again is no reaction",
        ),
        (relabelled("feedback", ADAPTED), "Adam and its kin feedback"),
        (card_box(Adam="feedback", AdamW="feedback"), "sorted apart from"),
        (relabelled("open loop", ADAPTED), "You go by the `lr`"),
        (card_box(Adagrad="open loop", RMSprop="open loop"), "Adam has it from"),
        (
            lambda name: (
                "per parameter"
                if name in {"AdaGrad", "RMSprop", "Adam", "AdamW"}
                else "feedback"
                if "Plateau" in name
                else "open loop"
            ),
            "spelled as here, one capital",
        ),
        (card_box(RMSprop="feedback"), "Nobody tells it a loss"),
        (
            lambda name: (
                "feedback"
                if "Plateau" in name
                else "open loop"
                if name.endswith("LR") or name == "SGD"
                else "per parameter"
            ),
            "doesn't end in `LR`",
        ),
        (card_box(AdamW="open loop"), "differs from `Adam` in its weight decay"),
        (card_box(ReduceLROnPlateau="open loop"), "You call nothing feedback"),
        (card_box(ReduceLROnPlateau="per parameter"), "which all weights share"),
        (card_box(SGD="per parameter"), "In `SGD` each weight"),
        (card_box(SGD="feedback"), "`SGD` follows the gradient"),
        (relabelled("per parameter", KINDS), "You call all twelve per parameter"),
        (
            lambda name: "feedback" if name.startswith("Reduce") else "per parameter",
            "You say so of nearly everything",
        ),
        (
            lambda name: {"feedback": "per parameter", "per parameter": "feedback"}.get(
                KINDS[name], KINDS[name]
            ),
            "Two of the words are swapped",
        ),
        (
            lambda name: "open loop" if name in {"SGD", "LambdaLR"} else "feedback",
            "whatever changes during the training",
        ),
        (relabelled("open loop", KINDS), "You call all twelve open loop"),
        (relabelled("feedback", KINDS), "You call all twelve feedback"),
        # Beyond the known mistakes:
        (lambda name: KINDS[name].capitalize(), "the words are"),
        (
            lambda name: "adaptive" if name in ADAPTED else "not adaptive",
            "the words are",
        ),
        (lambda name: name in ADAPTED, "a `bool` instead of a word"),
        (card_box(OneCycleLR="per parameter"), "with another value"),
    ]
]
WRONG += [
    ("adaptive/good_range", answer, words)
    for answer, words in [
        (
            sorting(length=lambda low, high: math.log(high / low)),
            "the natural logarithm",
        ),
        (sorting(length=lambda low, high: math.log2(high / low)), "counts doublings"),
        (sorting(length=lambda low, high: high / low), "how many times as high"),
        (sorting(length=lambda low, high: high - low), "You subtract the rates"),
        (
            sorting(length=lambda low, high: np.log10(high - low)),
            "The logarithm is taken of a difference",
        ),
        (
            sorting(length=lambda low, high: np.log10(low) - np.log10(high)),
            "Your width is negative",
        ),
        (how_many, "You count good rates"),
        (
            lambda rates, losses, ratio: how_many(rates, losses, ratio) - 1,
            "You count the steps",
        ),
        (
            sorting(ends=lambda kept: (kept[0], kept[-1])),
            "The list may come in any order",
        ),
        (
            sorting(
                ends=lambda kept: (kept[0], kept[-1]),
                length=lambda low, high: abs(math.log10(high) - math.log10(low)),
            ),
            "`abs` doesn't put them in order",
        ),
        (
            sorting(
                good=lambda loss, border: loss < border,
                ends=lambda kept: (np.min(kept), np.max(kept)),
            ),
            "you leave it out",
        ),
        (sorting(allowed=lambda best, ratio: ratio), "with `ratio` itself"),
        (
            sorting(allowed=lambda best, ratio: best + ratio),
            "You add `ratio` to the lowest loss",
        ),
        (
            sorting(allowed=lambda best, ratio: best + best * ratio),
            "at `1 + ratio` times",
        ),
        (sorting(center=np.mean), "You compare with the mean loss"),
        (
            sorting(good=lambda loss, border: loss < math.inf),
            "every rate good that didn't diverge",
        ),
        (
            lambda rates, losses, ratio: np.ptp(np.log10(rates)),
            "the width of the whole list",
        ),
        (sorting(center=max), "which of them do you multiply"),
        (sorting(center=lambda losses: losses[0]), "the first loss of the list"),
        (sorting(center=lambda losses: losses[-1]), "the last loss of the list"),
        (guarded, "no good rate is found you give 0"),
        (sorted_without_losses, "leave the losses where they are"),
        (
            lambda rates, losses, ratio: np.ptp(
                np.log10(losses[losses <= ratio * losses.min()])
            ),
            "the good *losses* span",
        ),
        (in_parts_of_the_list, "a share of the whole list's width"),
        (crossing, "where a line between two rates"),
        (
            sorting(
                good=lambda loss, border: loss >= border,
                ends=lambda kept: (np.min(kept), np.max(kept)),
            ),
            "whose loss is high",
        ),
        (one_side(upwards=True), "from the best rate upwards"),
        (one_side(upwards=False), "to the best one"),
        (neighbours_of_the_best, "where a bad rate comes in between"),
        (lambda rates, losses, ratio: 0, "You always answer 0"),
        # Beyond the known mistakes:
        (
            lambda rates, losses, ratio: rates[losses <= ratio * losses.min()],
            "instead of one number",
        ),
    ]
]
