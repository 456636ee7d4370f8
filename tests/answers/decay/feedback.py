"""Learners' answers to lesson 2.6, Feedback."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from lrlib.decay import Plateau


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


RIGHT: dict[str, list[Any]] = {
    "decay/plateau_rates": [rates_of_plateau, plateau_by_hand()],
    "decay/needs_metric": [
        lambda name: {True: "yes", False: "no"}["Plateau" in name],
        lambda name: (
            "yes"
            if "metrics"
            in inspect.signature(
                getattr(torch.optim.lr_scheduler, name).step
            ).parameters
            else "no"
        ),
    ],
}

WRONG: list[tuple[str, Any, str]] = [
    *[
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
            (
                plateau_by_hand(once=True, forget_count=False),
                "You cut once in each stall",
            ),
            (plateau_by_hand(rest=1), "That is a cooldown"),
            (plateau_by_hand(share=0), "`threshold` takes no part"),
            (plateau_by_hand(amount=True), "as an amount"),
            (plateau_by_hand(share=-1), "acts the wrong way"),
            (plateau_by_hand(share_up=-1), 'For `"max"` the threshold'),
            (best_from_zero, "Your best starts at 0"),
            (
                plateau_by_hand(forget_count=False),
                "every further bad report cuts again",
            ),
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
                plateau_changed(
                    lambda *given: given[1] * given[2] ** -cuts_so_far(*given)
                ),
                "Your cuts go up",
            ),
            (
                plateau_changed(
                    lambda *given: given[1] - given[2] * cuts_so_far(*given)
                ),
                "You subtract `factor`",
            ),
            (
                plateau_changed(
                    lambda rates, lr, factor: np.maximum(rates, lr * factor)
                ),
                "You cut once and never again",
            ),
            (plateau_changed(only_at_the_cut), "low after one report only"),
            (
                plateau_changed(lambda rates, lr, factor: np.ones_like(rates) * lr),
                "Your rate never changes",
            ),
            # Beyond the known mistakes:
            (
                plateau_changed(lambda rates, lr, factor: list(rates)),
                "a `list` instead",
            ),
            (plateau_changed(lambda rates, lr, factor: rates[-1]), "instead of"),
            (plateau_changed(cuts_so_far), "with another value"),
        ]
    ],
    *[
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
                lambda name: (
                    "yes" if name in {"ReduceLROnPlateau", "CyclicLR"} else "no"
                ),
                "goes up and down, but its rates",
            ),
            (
                lambda name: (
                    "yes" if name in {"ReduceLROnPlateau", "OneCycleLR"} else "no"
                ),
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
    ],
]
