"""One of each kind of interactive element, for tests and the eye.

The explorer has every kind of panel.
"""

from functools import cache, partial

import numpy as np

from lrlib.decay import Plateau
from lrlib.explorer import (
    Bars,
    Choice,
    Control,
    Explorer,
    Lines,
    Option,
    Plane,
    Reference,
    Reports,
    Table,
    Zone,
)

RATES = np.round(np.geomspace(0.005, 0.5, 61), 4)
CURVATURES = np.array([5.0, 10.0, 20.0])
STARTS = ["left", "right"]
STEPS = 50


def bowl() -> Explorer:
    """Gradient descent on a parabola: rate, curvature and side of the start."""
    factor = (1 - CURVATURES * RATES[:, None])[:, :, None, None]
    sign = np.array([-1.0, 1.0])[:, None]
    with np.errstate(over="ignore"):
        x = sign * 1.5 * factor ** np.arange(STEPS + 1)
        path = np.stack([x, CURVATURES[:, None, None] * x**2 / 2], axis=-1)
    across = np.linspace(-2, 2, 81)
    valley = np.stack(
        [
            np.broadcast_to(across, (3, 81)),
            CURVATURES[:, None] * across**2 / 2,
        ],
        axis=-1,
    )[None, :, None]
    distance = np.abs(x)
    final = distance[..., -1]
    limits = 2 / CURVATURES
    verdicts = np.empty(final.shape, dtype=object)
    for i, j, k in np.ndindex(final.shape):
        rate, limit = RATES[i], limits[j]
        if rate >= limit:
            growth = abs(factor[i, j, 0, 0])
            said = f"diverges: each step multiplies the distance by {growth:.2f}"
        elif rate > limit / 2:
            said = "swings from side to side and still comes home"
        else:
            said = "comes home from one side"
        verdicts[i, j, k] = f"lr = {rate:.3g}: {said}; the limit is {limit:.2g}."
    u_curve = np.broadcast_to(final.transpose(1, 2, 0)[None], (1, 3, 2, 61))
    return Explorer(
        controls=[
            Control("lr", RATES, label="learning rate", start=RATES[40]),
            Control(
                "curvature",
                [f"{c:g}" for c in CURVATURES],
                label="curvature",
                start="10",
            ),
            Control("start", STARTS, label="the ball starts on the", start="left"),
        ],
        panels=[
            Plane(
                "The ball on the bowl",
                "distance x",
                "height",
                path,
                background=[valley],
                x_range=(-2, 2),
                y_range=(-1, 20),
            ),
            Lines(
                "Distance from the bottom",
                "step",
                "|x|",
                {"|x|": distance},
                y_scale="log",
                y_range=(1e-8, 1e4),
                references=[Reference(1.5, "start")],
                zones=[Zone(0, 10, "first ten"), Zone(10, 50, "the rest")],
            ),
            Lines(
                "Distance after 50 steps, for every rate",
                "learning rate",
                "|x| after 50 steps",
                {
                    "50 steps": u_curve,
                    "10 steps": np.broadcast_to(
                        distance[..., 10].transpose(1, 2, 0)[None], (1, 3, 2, 61)
                    ),
                },
                x=RATES,
                x_scale="log",
                y_scale="log",
                y_range=(1e-12, 1e4),
                references=[
                    Reference((2 / CURVATURES)[None, :, None], "2/λ", axis="x")
                ],
                zones=[
                    Zone(0, (1 / CURVATURES)[None, :, None], "converging"),
                    Zone(
                        (1 / CURVATURES)[None, :, None],
                        (2 / CURVATURES)[None, :, None],
                        "oscillating",
                    ),
                    Zone((2 / CURVATURES)[None, :, None], np.inf, "diverging"),
                ],
                cursor=RATES[:, None, None],
            ),
            Bars(
                "Distance left",
                ["10", "25", "50"],
                distance[..., [10, 25, 50]],
                "|x|",
                y_scale="log",
                y_range=(1e-8, 1e4),
                references=[Reference(1.5, "start")],
            ),
            Table(
                "The first steps",
                ["step", "x", "slope"],
                np.stack(
                    [
                        np.broadcast_to(np.arange(4.0), (61, 3, 2, 4)),
                        x[..., :4],
                        CURVATURES[:, None, None] * x[..., :4],
                    ],
                    axis=-1,
                ),
                formats=["g", ".3f", ".3g"],
            ),
        ],
        verdicts=verdicts,
        title="One ball, one bowl, one number",
        alt="A ball on a parabola: below half the limit it comes home from one side, "
        "up to the limit it swings, above it leaves the bowl.",
    )


def question() -> Choice:
    """A question with one right and two wrong answers."""
    return Choice(
        "The bowl has curvature 10. From which rate on does the ball stay away?",
        [
            Option("near 0.1", "At 0.1 it lands in one step: that is the best rate."),
            Option("exactly 0.2", "Each step multiplies by −1 there.", correct=True),
            Option(
                "it depends on where the ball starts",
                "The factor 1 − 10·lr does not know the start.",
            ),
        ],
    )


def decision() -> Choice:
    """A decision that leads to another."""
    return Choice(
        "Do you know when the run ends?",
        [
            Option("yes", "Fall all the way down to that end: a cosine."),
            Option(
                "no",
                "Stay at the peak, and decide on the fall later.",
                then=Choice(
                    "Is it a transformer?",
                    [
                        Option("a transformer", "Begin with a ramp."),
                        Option("something else", "Begin at the peak."),
                    ],
                    decision=True,
                ),
            ),
        ],
        decision=True,
    )


def drawing() -> Reports:
    """A validation curve to draw, and what ReduceLROnPlateau makes of it."""
    levels = np.round(np.linspace(0.2, 1.3, 12), 1)
    drift = np.array([1.2, 1.0, 0.9, 0.8, 0.7, 0.7, 0.6, 0.6, 0.6, 0.5])
    swing = np.array([0.0, 0.1, -0.1, 0.0, 0.1])
    falling = np.r_[drift, np.full(10, 0.5)]

    def explain(before: Plateau, metric: float, after: Plateau) -> str:
        if after.best != before.best:
            return "better, and the best so far"
        if after.lr < before.lr:
            bad = before.num_bad_epochs + 1
            return f"not better: {bad} bad > patience {after.patience}, cut"
        if before.cooldown_counter:
            return "not better, not counted during cooldown"
        return f"not better: {after.num_bad_epochs} bad ≤ patience {after.patience}"

    return Reports(
        title="Draw a validation curve",
        alt="A validation loss over 20 reports and the learning rate that "
        "ReduceLROnPlateau makes of it: it falls to a tenth after more bad reports in "
        "a row than its patience.",
        controls=[
            Control("patience", range(6), start=3),
            Control("threshold", [0.0001, 0.2]),
            Control("cooldown", [0, 3]),
        ],
        machine=partial(Plateau, 0.1, min_lr=1e-5),
        observe=lambda machine: {
            "learning rate": machine.lr,
            "best": machine.best,
            "bad reports": machine.num_bad_epochs,
            "cooldown left": machine.cooldown_counter,
        },
        explain=explain,
        levels=levels,
        curves={
            "slow": falling,
            "noisy": np.round(falling + np.tile(swing, 4), 1),
            "flat": np.full(20, 0.8),
        },
        metric="validation loss",
        fixed={"cosine": 0.05 * (1 + np.cos(np.pi * np.arange(20) / 20))},
    )


a_drawing = cache(drawing)  # a second, once
