"""Learners' answers to lesson 1.1, One multiplication."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch


def step_by_element(theta: Any, grad: Any, lr: float) -> Any:
    if np.ndim(theta) == 0:
        return theta + (-lr) * grad
    new = np.empty_like(theta)
    for place in np.ndindex(theta.shape):
        new[place] = theta[place] - lr * grad[place]
    return new


def step_on_a_copy(theta: Any, grad: Any, lr: float) -> Any:
    theta = np.array(theta, copy=True)
    theta -= lr * np.asarray(grad)
    return theta


def step_in_torch(theta: Any, grad: Any, lr: float) -> Any:
    moved = torch.as_tensor(theta, dtype=torch.float64)
    return moved - lr * torch.as_tensor(grad, dtype=torch.float64)


def velocity_settles(lr: float, momentum: float) -> float:
    velocity = 0.0
    for _ in range(4000):
        velocity = momentum * velocity + 1
    return lr * velocity


def uphill(theta: Any, grad: Any, lr: float) -> Any:
    return theta - lr * -grad


def unit_gradient(theta: Any, grad: Any, lr: float) -> Any:
    size = np.sqrt(np.sum(np.square(grad)))
    return theta - lr * np.asarray(grad) / max(size, 1e-300)


def unguarded_unit_gradient(theta: Any, grad: Any, lr: float) -> Any:
    return theta - lr * grad / np.linalg.norm(grad)


def in_place(theta: Any, grad: Any, lr: float) -> Any:
    theta -= lr * grad
    return theta


def gradient_in_place(theta: Any, grad: Any, lr: float) -> Any:
    grad *= lr
    return theta - grad


def printed(theta: Any, grad: Any, lr: float) -> None:
    print(theta - lr * grad)


def forgotten(theta: Any, grad: Any, lr: float) -> None:
    theta = theta - lr * grad


def simulation(steps: int) -> Callable[[float, float], float]:
    def effective_rate(lr: float, momentum: float) -> float:
        velocity = 0.0
        for _ in range(steps):
            velocity = momentum * velocity + 1.0
        return lr * velocity

    return effective_rate


RIGHT: dict[str, list[Any]] = {
    "basics/sgd_step": [step_by_element, step_on_a_copy, step_in_torch],
    "basics/step_length": [
        0.5,
        1 / 2,
        np.float32(0.5),
        np.array(0.5),
        torch.tensor(0.5, requires_grad=True),
        0.1 * np.linalg.norm([3, 4]),
    ],
    "basics/effective_rate": [velocity_settles, lambda lr, m: (1 - m) ** -1 * lr],
}

WRONG: list[tuple[str, Any, str]] = [
    ("basics/sgd_step", uphill, "goes uphill"),
    ("basics/sgd_step", lambda w, g, a: w - g, "same length for every `lr`"),
    ("basics/sgd_step", lambda w, g, a: w - a * w, "shrinks `theta` by the same share"),
    ("basics/sgd_step", lambda w, g, a: -a + w, "`lr` long on every slope"),
    ("basics/sgd_step", unit_gradient, "divided by its own length"),
    (
        "basics/sgd_step",
        lambda w, g, a: np.where(np.equal(g, 0), w, w - np.copysign(a, g)),
        "only the sign of the slope",
    ),
    ("basics/sgd_step", lambda w, g, a: g * a, "how far to go, not where you are"),
    ("basics/sgd_step", lambda w, g, a: -(g * a), "is the step, not where you are"),
    ("basics/sgd_step", lambda w, g, a: a * w - a * g, "`lr` multiplies `theta` too"),
    ("basics/sgd_step", lambda w, g, a: w * (1 - a * g), "also multiplied by `theta`"),
    ("basics/sgd_step", in_place, "changed its argument `theta` in place"),
    ("basics/sgd_step", gradient_in_place, "changed its argument `grad` in place"),
    ("basics/sgd_step", printed, "`print` shows a value"),
    ("basics/sgd_step", forgotten, "handed back with `return`"),
    ("basics/sgd_step", unguarded_unit_gradient, "divided by its own length"),
    (
        "basics/sgd_step",
        lambda w, g, a: w - a * (g / abs(g)),
        "only the sign of the slope",
    ),
    ("basics/sgd_step", lambda w, g, a: w - g / a, "slope divided by the rate"),
    ("basics/sgd_step", lambda w, g, a: w - np.divide(g, a), "a rate of 0 has no"),
    ("basics/sgd_step", lambda w, g, a: w - 0.1 * g, "`lr` takes no part there"),
    ("basics/sgd_step", lambda w, g, a: w - a * g * 1.01, "close, but not exact"),
    ("basics/sgd_step", lambda w, g, a: w - a * a * g, "came back `1.97`"),
    ("basics/sgd_step", lambda w, g, a: f"{w}", "a `str` instead of a number"),
    ("basics/sgd_step", lambda w, g, a: (w, g), "a `tuple` instead of a number"),
    ("basics/sgd_step", lambda w, g, a: True, "a `bool` instead of a number"),
    ("basics/sgd_step", lambda w, g, a: 1j, "a `complex` instead of a number"),
    ("basics/sgd_step", lambda w, g, a: math.nan, "NaN"),
    ("basics/sgd_step", lambda w, g, a: math.inf, "came back `inf`"),
    ("basics/sgd_step", lambda w, g, a: {}, "a `dict` instead of a number"),
    ("basics/sgd_step", lambda w, g, a: (yield), "a `generator` instead of a number"),
    (
        "basics/sgd_step",
        lambda w, g, a: np.atleast_1d(w - a * g),
        "the shape (1,) instead of one number",
    ),
    (
        "basics/sgd_step",
        lambda w, g, a: np.sum(w - a * g),
        "the shape () instead of (3,)",
    ),
    (
        "basics/sgd_step",
        lambda w, g, a: np.asarray(w - a * g).tolist(),
        "a `list` instead of an array",
    ),
    (
        "basics/sgd_step",
        lambda w, g, a: ... if np.ndim(w) else w - a * g,
        "the starter's `...` instead of an array",
    ),
    ("basics/sgd_step", 1.7, "isn't a function"),
    ("basics/sgd_step", None, "isn't a function"),
    ("basics/sgd_step", lambda w, g: w - g, "can't be called with 3 arguments"),
    ("basics/step_length", 0.1, "That is the rate"),
    ("basics/step_length", 5, "the length of the gradient"),
    ("basics/step_length", 0.1 * (3 + 4), "adds the two components"),
    ("basics/step_length", 0.35, "average of the two components"),
    ("basics/step_length", 0.1 * 25, "a square root is missing"),
    ("basics/step_length", 50, "divided by the rate"),
    ("basics/step_length", -0.5, "A length has no sign"),
    ("basics/step_length", 0.3, "how far the first parameter moves"),
    ("basics/step_length", 0.4, "how far the second parameter moves"),
    ("basics/step_length", 0.1 * np.array([3, 4]), "the step itself (up to its sign)"),
    ("basics/step_length", [-0.3, -0.4], "its direction is right"),
    ("basics/step_length", "0.5", "a `str` instead of a number"),
    ("basics/step_length", True, "a `bool` instead of a number"),
    ("basics/step_length", None, "nothing (`None`)"),
    ("basics/step_length", math.nan, "NaN"),
    ("basics/step_length", [0.5], "a `list` instead of a number"),
    ("basics/step_length", 0.499, "`0.499`: close, but not exact"),
    ("basics/step_length", 0.51, "another number than the right one"),
    ("basics/step_length", lambda: 0.5, "is a function here"),
    ("basics/effective_rate", lambda lr, m: lr, "the same for every momentum"),
    ("basics/effective_rate", lambda lr, m: lr - lr * m, "holds for an average"),
    ("basics/effective_rate", lambda lr, m: lr + lr * m, "stopped after two gradients"),
    ("basics/effective_rate", lambda lr, m: lr / (m + 1), "sign in the denominator"),
    ("basics/effective_rate", lambda lr, m: lr / m, "With a small momentum"),
    (
        "basics/effective_rate",
        lambda lr, m: m * lr / (1 - m),
        "newest gradient is missing",
    ),
    ("basics/effective_rate", lambda lr, m: 1 / (1 - m), "how much longer the step"),
    (
        "basics/effective_rate",
        lambda lr, m: lr / (1 - m * m),
        "factor got squared",
    ),
    ("basics/effective_rate", lambda lr, m: lr * m, "Momentum makes your rate smaller"),
    ("basics/effective_rate", lambda lr, m: lr * 10, "belongs to one momentum"),
    ("basics/effective_rate", lambda lr, m: lr * 2, "`momentum` takes no part there"),
    ("basics/effective_rate", lambda lr, m: m + lr, "add the momentum to the rate"),
    *(
        ("basics/effective_rate", simulation(steps), f"ends after {steps} gradients")
        for steps in (10, 20, 50, 100, 200, 500, 1000)
    ),
    ("basics/effective_rate", simulation(101), "before the value has settled"),
    ("basics/effective_rate", lambda lr, m: lr / (1 - m**3), "came back"),
]
