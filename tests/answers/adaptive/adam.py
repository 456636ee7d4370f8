"""Answers to the exercises of the lesson adam, as learners write them.

In another style than the solutions and mistakes of ``lrlib.exercises.adaptive.adam``:
without a loop over the updates where that is possible.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

# Adam, from the gradients to the path -----------------------------------------------


def adam_of_torch(grads: Any, lr: float, beta1: float, beta2: float, eps: float) -> Any:
    p = torch.zeros(grads.shape[1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([p], lr=lr, betas=(beta1, beta2), eps=eps)
    path = np.zeros(grads.shape)
    for row, g in zip(path, grads, strict=True):
        p.grad = torch.tensor(g)
        optimizer.step()
        row[:] = p.detach().numpy()
    return path


def adam_as_a_ramp(
    grads: Any, lr: float, beta1: float, beta2: float, eps: float
) -> Any:
    """The form at the end of section 2 of the paper, with eps kept where it was."""
    x, m, v = np.zeros((3, grads.shape[1]))
    path = np.empty(grads.shape)
    for i in range(len(grads)):
        m += (1 - beta1) * (grads[i] - m)
        v += (1 - beta2) * (grads[i] ** 2 - v)
        root = math.sqrt(1 - beta2 ** (i + 1))
        x -= lr * root / (1 - beta1 ** (i + 1)) * m / (np.sqrt(v) + eps * root)
        path[i] = x
    return path


def average(values: Any, beta: float) -> Any:
    """Row t is the average after t + 1 values, which started from 0."""
    t = np.arange(len(values))
    ages = t[:, None] - t
    weights = np.where(ages >= 0, (1 - beta) * beta ** np.maximum(ages, 0), 0.0)
    return weights @ values


def share(count: int, beta: float, ahead: int = 0) -> Any:
    """What the weights of the averages add up to, one row an update."""
    t = np.arange(1, count + 1)[:, None] + ahead
    return 1 - beta**t


def path_of(direction: Callable[..., Any]) -> Callable[..., Any]:
    def answer(grads: Any, lr: float, beta1: float, beta2: float, eps: float) -> Any:
        with np.errstate(all="ignore"):
            steps = direction(grads, beta1, beta2, eps)
        return np.cumsum(-lr * steps, axis=0)

    return answer


def mean(grads: Any, beta: float) -> Any:
    return average(grads, beta) / share(len(grads), beta)


def root_mean_square(grads: Any, beta: float) -> Any:
    return np.sqrt(mean(grads**2, beta))


@path_of
def adam_without_a_loop(g: Any, beta1: float, beta2: float, eps: float) -> Any:
    return mean(g, beta1) / (root_mean_square(g, beta2) + eps)


def printed_first_line(g: Any, beta1: float) -> Any:
    """beta1 · m − 1 + (1 − beta1) · g"""
    rows, m = [], np.zeros(g.shape[1])
    for row in g:
        m = beta1 * m - 1 + (1 - beta1) * row
        rows.append(m)
    return np.array(rows)


def corrected_in_place(
    grads: Any, lr: float, beta1: float, beta2: float, eps: float
) -> Any:
    m, v, x = 0.0, 0.0, 0.0
    path = []
    for t, g in enumerate(grads, start=1):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2
        m /= 1 - beta1**t
        v /= 1 - beta2**t
        x = x - lr * m / (v**0.5 + eps)
        path.append(x)
    return np.stack(path)


def forgetful(grads: Any, lr: float, beta1: float, beta2: float, eps: float) -> Any:
    x = np.zeros(grads.shape[1])
    path = []
    for t in range(1, len(grads) + 1):
        m = np.zeros(grads.shape[1])
        v = np.zeros(grads.shape[1])
        m = beta1 * m + (1 - beta1) * grads[t - 1]
        v = beta2 * v + (1 - beta2) * grads[t - 1] ** 2
        x = x - lr * (m / (1 - beta1)) / (np.sqrt(v / (1 - beta2)) + eps)
        path.append(x)
    return np.array(path)


def one_array(grads: Any, lr: float, beta1: float, beta2: float, eps: float) -> Any:
    places = adam_without_a_loop(grads, lr, beta1, beta2, eps)
    x, path = np.zeros(grads.shape[1]), []
    for step in np.diff(places, axis=0, prepend=0):
        x += step
        path.append(x)
    return np.array(path)


def with_the_start(
    grads: Any, lr: float, beta1: float, beta2: float, eps: float
) -> Any:
    path = [np.zeros(grads.shape[1])]
    for step in np.diff(
        adam_without_a_loop(grads, lr, beta1, beta2, eps), axis=0, prepend=0
    ):
        path.append(path[-1] + step)
    return np.array(path)


def kept_before_the_step(
    grads: Any, lr: float, beta1: float, beta2: float, eps: float
) -> Any:
    x, path = np.zeros(grads.shape[1]), []
    for step in np.diff(
        adam_without_a_loop(grads, lr, beta1, beta2, eps), axis=0, prepend=0
    ):
        path.append(x)
        x = x + step
    return np.array(path)


def the_end(grads: Any, lr: float, beta1: float, beta2: float, eps: float) -> Any:
    x = np.zeros(grads.shape[1])
    for step in np.diff(
        adam_without_a_loop(grads, lr, beta1, beta2, eps), axis=0, prepend=0
    ):
        x = x + step
    return x


def discounted(values: Any, beta: float) -> Any:
    return average(values, beta) / (1 - beta)


PATHS: list[tuple[Callable[..., Any], str]] = [
    (
        path_of(
            lambda g, b1, b2, eps: average(g, b1) / (np.sqrt(average(g**2, b2)) + eps)
        ),
        "The correction is missing",
    ),
    (
        path_of(
            lambda g, b1, b2, eps: average(g, b1) / np.sqrt(average(g**2, b2) + eps)
        ),
        "document 1's formula with its subscripts repaired",
    ),
    (
        path_of(
            lambda g, b1, b2, eps: mean(g, b1) / (np.sqrt(average(g**2, b2)) + eps)
        ),
        "You correct the average gradient and leave",
    ),
    (
        path_of(
            lambda g, b1, b2, eps: average(g, b1) / (root_mean_square(g, b2) + eps)
        ),
        "You correct the average of the squares and leave",
    ),
    *(
        (
            path_of(
                lambda g, b1, b2, eps, ahead=ahead: (
                    average(g, b1)
                    / share(len(g), b1, ahead)
                    / (np.sqrt(average(g * g, b2) / share(len(g), b2, ahead)) + eps)
                )
            ),
            message,
        )
        for ahead, message in [
            (-1, "You count from 0."),
            (1, "Your count is one ahead"),
        ]
    ),
    (
        path_of(
            lambda g, b1, b2, eps: (
                discounted(g, b1) / (np.sqrt(discounted(g * g, b2)) + eps)
            )
        ),
        "You divide by 1 − beta at every update",
    ),
    (
        path_of(
            lambda g, b1, b2, eps: (
                average(g, b1)
                / (1 - b1 * np.arange(1, len(g) + 1)[:, None])
                / (
                    np.sqrt(
                        average(g**2, b2) / (1 - b2 * np.arange(1, len(g) + 1)[:, None])
                    )
                    + eps
                )
            )
        ),
        "1 minus a multiple of beta",
    ),
    (
        path_of(
            lambda g, b1, b2, eps: (
                average(g, b1)
                * share(len(g), b1)
                / (np.sqrt(average(g * g, b2) * share(len(g), b2)) + eps)
            )
        ),
        "You multiply by the share",
    ),
    (
        path_of(lambda g, b1, b2, eps: mean(g, b1) / (mean(g * g, b2) + eps) ** 0.5),
        "eps is under the root in yours.",
    ),
    (
        path_of(
            lambda g, b1, b2, eps: (
                average(g, b1)
                / (np.sqrt(average(g * g, b2)) + eps)
                * np.sqrt(share(len(g), b2))
                / share(len(g), b1)
            )
        ),
        "You add eps to the root of the uncorrected average",
    ),
    (
        path_of(lambda g, b1, b2, eps: mean(g, b1) / root_mean_square(g, b2) + eps),
        "eps is added to the whole step",
    ),
    (
        path_of(lambda g, b1, b2, eps: mean(g, b1) / root_mean_square(g, b2)),
        "eps takes no part",
    ),
    (
        path_of(
            lambda g, b1, b2, eps: (
                printed_first_line(g, b1) / np.sqrt(average(g * g, b2) + eps)
            )
        ),
        "You subtract 1 from the average, as document 1 prints it.",
    ),
    (
        path_of(
            lambda g, b1, b2, eps: (
                printed_first_line(g, b1)
                / share(len(g), b1)
                / (root_mean_square(g, b2) + eps)
            )
        ),
        "You subtract 1 from the average at every update.",
    ),
    (
        path_of(lambda g, b1, b2, eps: average(g, b1) / np.sqrt(0 * g + eps)),
        "Document 1's r stays 0 in yours",
    ),
    (
        path_of(lambda g, b1, b2, eps: mean(g, b1) / (np.sqrt(0 * g) + eps)),
        "You divide by eps alone",
    ),
    (
        path_of(lambda g, b1, b2, eps: mean(g, b1) / (np.sqrt(mean(g, b2)) + eps)),
        "without a square",
    ),
    (
        path_of(
            lambda g, b1, b2, eps: mean(g, b1) / (np.sqrt(mean(np.abs(g), b2)) + eps)
        ),
        "an average of absolute values",
    ),
    (
        path_of(lambda g, b1, b2, eps: mean(g, b1) / (mean(g**2, b2) + eps)),
        "The root is missing",
    ),
    (
        path_of(
            lambda g, b1, b2, eps: (
                mean(g, b1)
                / (np.sqrt(np.cumsum(g**2, axis=0) / share(len(g), b2)) + eps)
            )
        ),
        "You add the squares up",
    ),
    (
        path_of(
            lambda g, b1, b2, eps: (
                mean(g, b1) / (np.sqrt(discounted(g**2, b2) / share(len(g), b2)) + eps)
            )
        ),
        "A new square counts in full",
    ),
    (
        path_of(
            lambda g, b1, b2, eps: (
                discounted(g, b1) / share(len(g), b1) / (root_mean_square(g, b2) + eps)
            )
        ),
        "A new gradient counts in full",
    ),
    (
        path_of(
            lambda g, b1, b2, eps: (
                average(g, 1 - b1)
                / share(len(g), b1)
                / (np.sqrt(average(g**2, 1 - b2) / share(len(g), b2)) + eps)
            )
        ),
        "A beta is the weight of the old average",
    ),
    (
        path_of(lambda g, b1, b2, eps: g / (root_mean_square(g, b2) + eps)),
        "You step along the newest gradient.",
    ),
    (
        path_of(lambda g, b1, b2, eps: mean(g, b2) / (root_mean_square(g, b1) + eps)),
        "The two betas have changed places",
    ),
    (corrected_in_place, "You keep the corrected averages"),
    (forgetful, "Your averages begin at 0 again"),
    (
        lambda grads, lr, beta1, beta2, eps: (
            -lr * mean(grads, beta1) / (root_mean_square(grads, beta2) + eps)
        ),
        "Your rows are single steps.",
    ),
    (
        lambda grads, lr, beta1, beta2, eps: (
            lr * mean(grads, beta1) / (root_mean_square(grads, beta2) + eps)
        ),
        "Your rows are what is to be subtracted",
    ),
    (
        path_of(lambda g, b1, b2, eps: -mean(g, b1) / (root_mean_square(g, b2) + eps)),
        "Yours goes uphill",
    ),
    (
        lambda grads, lr, beta1, beta2, eps: adam_of_torch(
            grads, 1.0, beta1, beta2, eps
        ),
        "`lr` takes no part",
    ),
    (
        lambda g, lr, b1, b2, eps: adam_of_torch(g, lr, 0.9, b2, eps),
        "`beta1` is 0.9 in yours",
    ),
    (
        lambda g, lr, b1, b2, eps: adam_of_torch(g, lr, b1, 0.999, eps),
        "`beta2` is 0.999 in yours",
    ),
    (
        lambda g, lr, b1, b2, eps: adam_of_torch(g, lr, 0.9, 0.999, eps),
        "Both betas are PyTorch's defaults",
    ),
    (
        lambda g, lr, b1, b2, eps: adam_of_torch(g, lr, b1, b2, 1e-8),
        "`eps` is 1e-8 in yours",
    ),
    (
        lambda g, lr, b1, b2, eps: adam_of_torch(g, lr, 0.9, 0.999, 1e-8),
        "Only `grads` and `lr` take part",
    ),
    (the_end, "That is where the run ends."),
    (with_the_start, "Your first row is the start"),
    (kept_before_the_step, "Your rows are one update late"),
    (one_array, "All of your rows are the last place."),
    (
        path_of(
            lambda g, b1, b2, eps: (
                mean(g, b1)
                / (np.sqrt(mean((g**2).mean(axis=1, keepdims=True), b2)) + eps)
            )
        ),
        "All numbers share one average",
    ),
]

# The first step without correction --------------------------------------------------


def step_of_the_loop(beta1: float, beta2: float, g: float = -3.0) -> float:
    m = beta1 * 0 + (1 - beta1) * g
    v = beta2 * 0 + (1 - beta2) * g**2
    return abs(m / math.sqrt(v))


def step_in_logarithms(beta1: float, beta2: float) -> float:
    return math.exp(math.log1p(-beta1) - math.log1p(-beta2) / 2)


STEPS: list[tuple[Callable[[float, float], float], str]] = [
    (lambda b1, b2: -b1 + 1, "the share of a first gradient in the average gradient"),
    (lambda b1, b2: 1, "the first step with the correction"),
    (lambda b1, b2: (b1 - 1) / (b2 - 1), "The root is missing"),
    (lambda b1, b2: math.sqrt((b1 - 1) / (b2 - 1)), "The root acts on both averages"),
    (lambda b1, b2: (1 - b1) / (1 - math.sqrt(b2)), "Your root is of beta2 alone"),
    (lambda b1, b2: 2 * (1 - b1) / math.sqrt(2 * (1 - b2)), "√2 times too long"),
    (
        lambda b1, b2: (b1 * (1 - b1) + 1 - b1) / math.sqrt(b2 * (1 - b2) + 1 - b2),
        "That is the second step",
    ),
    (
        lambda b1, b2: 0.001 * step_of_the_loop(b1, b2),
        "Yours is a thousandth of it",
    ),
    (lambda b1, b2: math.sqrt(1 - b2) * (1 - b1), "You multiply by the root"),
    (lambda b1, b2: math.sqrt(1 - b2) / (1 - b1), "That is upside down"),
    (lambda b1, b2: math.sqrt(1 / (1 - b2)), "That is RMSprop's first step"),
    (lambda b1, b2: (1 - b1) ** -1, "by how much the average gradient is too small"),
    (lambda b1, b2: (1 - b1) / math.sqrt(1e-8), "That is document 1's r at 0"),
    (lambda b1, b2: b1 / math.sqrt(1 - b2), "beta1 is the weight of the past"),
    (
        lambda b1, b2: (1 - b1) / math.sqrt(b2),
        "beta2 is the weight of the past",
    ),
    (lambda b1, b2: b1 / math.sqrt(b2), "Both betas are weights of the past"),
    (lambda b1, b2: (1 - b2) / math.sqrt(1 - b1), "The two betas have changed places"),
    (
        lambda b1, b2: (b1 * 0 - 1 + (1 - b1)) / math.sqrt(1 - b2),
        "That takes the −1 of document 1's first line",
    ),
    (lambda b1, b2: -step_of_the_loop(b1, b2), "A length has no sign"),
    (
        lambda b1, b2: float(f"{step_of_the_loop(b1, b2):.2f}"),
        "You round to two decimals",
    ),
]

RIGHT: dict[str, list[Any]] = {
    "adaptive/adam_path": [adam_of_torch, adam_as_a_ramp, adam_without_a_loop],
    "adaptive/first_step": [step_of_the_loop, step_in_logarithms],
}
WRONG: list[tuple[str, Any, str]] = [
    *(("adaptive/adam_path", answer, message) for answer, message in PATHS),
    *(("adaptive/first_step", answer, message) for answer, message in STEPS),
]
