"""Answers to the exercises of epsilon_and_weight_decay, as learners write them."""

import math
from typing import Any

import numpy as np
import torch


def half_by_search(eps: Any, place: str) -> Any:
    """Bisection for the gradient, in logarithms."""
    low, high = np.log(eps) - 10, np.log(eps) + 50
    for _ in range(200):
        g = np.exp((low + high) / 2)
        step = g / np.sqrt(g * g + eps) if place == "inside" else g / (g + eps)
        low, high = (
            np.where(step < 0.5, np.log(g), low),
            np.where(step < 0.5, high, np.log(g)),
        )
    return np.exp(low)[()]


def half_by_cases(eps: Any, place: str) -> Any:
    if place == "outside":
        return eps * 1
    return np.sqrt(np.asarray(eps)) / math.sqrt(3)


def half(inner: Any, outer: Any) -> Any:
    """An answer with one formula for each place of epsilon."""
    return lambda eps, place: inner(eps) if place == "inside" else outer(eps)


def adamw_from_torch(
    theta: Any, g: Any, m: Any, v: Any, t: int, lr: float, weight_decay: float
) -> Any:
    p = torch.nn.Parameter(torch.tensor(theta, dtype=torch.float64))
    optimizer = torch.optim.AdamW([p], lr=lr, weight_decay=weight_decay)
    optimizer.state[p] = {
        "step": torch.tensor(float(t - 1)),
        "exp_avg": torch.tensor(m, dtype=torch.float64),
        "exp_avg_sq": torch.tensor(v, dtype=torch.float64),
    }
    p.grad = torch.tensor(g, dtype=torch.float64)
    optimizer.step()
    return p.detach().numpy()[()]


def adamw_decay_first(
    theta: Any, g: Any, m: Any, v: Any, t: int, lr: float, weight_decay: float
) -> Any:
    shrunk = theta * (1 - lr * weight_decay)
    return shrunk - lr * quotient(g, m, v, t)


def averages(g: Any, m: Any, v: Any) -> tuple[Any, Any]:
    return m + (g - m) * 0.1, v + (g * g - v) * 1e-3


def quotient(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = averages(g, m, v)
    return m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)


def adamw_penalised(
    theta: Any, g: Any, m: Any, v: Any, t: int, lr: float, weight_decay: float
) -> Any:
    g = g + theta * weight_decay
    return theta - lr * quotient(g, m, v, t)


def adamw_penalised_and_decayed(
    theta: Any, g: Any, m: Any, v: Any, t: int, lr: float, weight_decay: float
) -> Any:
    penalised = adamw_penalised(theta, g, m, v, t, lr, weight_decay)
    return penalised - lr * weight_decay * theta


def adamw_bare_decay(
    theta: Any, g: Any, m: Any, v: Any, t: int, lr: float, weight_decay: float
) -> Any:
    return theta * (1 - weight_decay) - lr * quotient(g, m, v, t)


def adamw_decay_last(
    theta: Any, g: Any, m: Any, v: Any, t: int, lr: float, weight_decay: float
) -> Any:
    new = theta - lr * quotient(g, m, v, t)
    return new - lr * weight_decay * new


def adamw_decay_solved(
    theta: Any, g: Any, m: Any, v: Any, t: int, lr: float, weight_decay: float
) -> Any:
    new = theta - lr * quotient(g, m, v, t)
    return new * (1 - lr * weight_decay / (1 + lr * weight_decay))


def adamw_exponential(
    theta: Any, g: Any, m: Any, v: Any, t: int, lr: float, weight_decay: float
) -> Any:
    return math.e ** (-weight_decay * lr) * theta - lr * quotient(g, m, v, t)


def adamw_divided(
    theta: Any, g: Any, m: Any, v: Any, t: int, lr: float, weight_decay: float
) -> Any:
    m, v = averages(g, m, v)
    top = m / (1 - 0.9**t) + weight_decay * theta
    return theta - lr * top / (1e-8 + np.sqrt(v / (1 - 0.999**t)))


def adamw_with(direction: Any) -> Any:
    """AdamW with another quotient."""

    def answer(
        theta: Any, g: Any, m: Any, v: Any, t: int, lr: float, weight_decay: float
    ) -> Any:
        return theta - lr * weight_decay * theta - lr * direction(g, m, v, t)

    return answer


def uncorrected(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = averages(g, m, v)
    return m / (np.sqrt(v) + 1e-8)


def ahead(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = averages(g, m, v)
    return m / (1 - 0.9 ** (t + 1)) / (np.sqrt(v / (1 - 0.999 ** (t + 1))) + 1e-8)


def inside_root(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = averages(g, m, v)
    return m / (1 - 0.9**t) / np.sqrt(v / (1 - 0.999**t) + 1e-8)


def rootless(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = averages(g, m, v)
    return m / (1 - 0.9**t) / (v / (1 - 0.999**t) + 1e-8)


def as_rmsprop(g: Any, m: Any, v: Any, t: int) -> Any:
    _, v = averages(g, m, v)
    return g / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)


def behind(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = averages(g, m, v)
    return m / (1 - 0.9 ** (t - 1)) / (np.sqrt(v / (1 - 0.999 ** (t - 1))) + 1e-8)


def of_sizes(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = m + (g - m) * 0.1, v + (abs(g) - v) * 1e-3
    return m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)


def corrected_late(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = averages(g, m, v)
    return m / (1 - 0.9**t) / (np.sqrt(v) / (1 - 0.999**t) + 1e-8)


def corrected_by(m_by: Any, v_by: Any) -> Any:
    """A quotient whose averages are divided by functions of t."""

    def answer(g: Any, m: Any, v: Any, t: int) -> Any:
        m, v = averages(g, m, v)
        return (m / m_by(t)) / (np.sqrt(v / v_by(t)) + 1e-8)

    return answer


def averaged_by(b1: float, b2: float) -> Any:
    """Adam with other betas."""

    def answer(g: Any, m: Any, v: Any, t: int) -> Any:
        m, v = m * b1 + g * (1 - b1), v * b2 + g * g * (1 - b2)
        return m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + 1e-8)

    return answer


def collecting(new_g: float, new_square: float) -> Any:
    """Adam whose averages take in other shares of what is new."""

    def answer(g: Any, m: Any, v: Any, t: int) -> Any:
        m, v = m * 0.9 + new_g * g, v * 0.999 + new_square * g * g
        return m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)

    return answer


def with_epsilon(eps: float) -> Any:
    def answer(g: Any, m: Any, v: Any, t: int) -> Any:
        m, v = averages(g, m, v)
        with np.errstate(invalid="ignore"):
            root = np.sqrt(v / (1 - 0.999**t))
            return np.divide(m / (1 - 0.9**t), root + eps)

    return answer


def as_keras(g: Any, m: Any, v: Any, t: int) -> Any:
    m, v = averages(g, m, v)
    rate = np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return rate * m / (np.sqrt(v) + 1e-8)


def by_sign(g: Any, m: Any, v: Any, t: int) -> Any:
    return np.sign(averages(g, m, v)[0])


def stale(g: Any, m: Any, v: Any, t: int) -> Any:
    return m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)


def left_by_loop(rates: Any, weight_decay: float) -> float:
    weight = 1.0
    for lr in rates:
        weight -= lr * weight_decay * weight
    return weight


def left_by_logarithms(rates: Any, weight_decay: float) -> float:
    with np.errstate(invalid="ignore"):
        return math.exp(np.log(1 - rates * weight_decay).sum())


def left_from_torch(rates: Any, weight_decay: float) -> float:
    p = torch.nn.Parameter(torch.ones((), dtype=torch.float64))
    optimizer = torch.optim.AdamW([p], lr=1.0, weight_decay=weight_decay)
    for lr in rates:
        optimizer.param_groups[0]["lr"] = float(lr)
        p.grad = torch.zeros_like(p)
        optimizer.step()
    return p.item()


RIGHT: dict[str, list[Any]] = {
    "adaptive/half_step_gradient": [
        half_by_search,
        half_by_cases,
        half(lambda eps: np.sqrt(eps / 3.0), lambda eps: 0.0 + eps),
    ],
    "adaptive/adamw_step": [adamw_from_torch, adamw_decay_first, adamw_with(quotient)],
    "adaptive/weight_left": [
        left_by_loop,
        left_from_torch,
        lambda rates, wd: math.prod(1 - wd * lr for lr in rates),
        lambda rates, wd: np.cumprod(1 - wd * rates)[-1],
    ],
}
WRONG: list[tuple[str, Any, str]] = [
    ("adaptive/half_step_gradient", answer, message)
    for answer, message in [
        (half(np.sqrt, lambda eps: eps), "is the floor of the divisor"),
        (lambda eps, place: np.array(eps)[()], "the same for both places"),
        (
            lambda eps, place: np.sqrt(np.divide(eps, 3)),
            "as if it were inside the root in both",
        ),
        (lambda eps, place: np.sqrt(eps), "You take the root in both cases"),
        (
            lambda eps, place: half_by_cases(
                eps, {"inside": "outside", "outside": "inside"}[place]
            ),
            "You have exchanged the two places.",
        ),
        (half(lambda eps: eps, np.sqrt), "exchanged the two places, and forgotten"),
        (half(lambda eps: eps / 3, lambda eps: eps), "Which quantity did you solve"),
        (
            half(lambda eps: np.sqrt(eps) / 3, lambda eps: eps),
            "in which you took the root",
        ),
        (half(lambda eps: np.sqrt(eps * 3), lambda eps: eps), "0.87 of the rate"),
        (
            half(lambda eps: np.sqrt(eps) / 2, lambda eps: eps),
            "You take half of the floor",
        ),
        (
            half(lambda eps: np.sqrt(eps) / 2, lambda eps: eps / 2),
            "You halve the floor in both",
        ),
        (
            half(lambda eps: np.sqrt(eps / 3), lambda eps: eps + eps),
            "twice epsilon gives two thirds",
        ),
        (
            half(lambda eps: np.sqrt(eps / 3), lambda eps: eps / 2),
            "half of epsilon gives a third",
        ),
        (half(np.square, lambda eps: eps), "You square where"),
        (half(lambda eps: np.sqrt(eps / 3), np.sqrt), "The inside is right"),
        (
            lambda eps, place: 0.001 * half_by_cases(eps, place),
            "by a learning rate of 0.001",
        ),
        (
            half(lambda eps: -np.sqrt(eps / 3), lambda eps: eps),
            "the negative of the two roots",
        ),
        (lambda eps, place: -half_by_cases(eps, place), "Your gradients are below 0"),
        # Beyond the known mistakes:
        (lambda eps, place: 1.1 * half_by_cases(eps, place), "with another value"),
        (lambda eps, place: print(eps), "gave nothing"),
    ]
]
WRONG += [
    ("adaptive/adamw_step", answer, message)
    for answer, message in [
        (adamw_penalised, "That is Adam with an L2 penalty"),
        (adamw_penalised_and_decayed, "You decay twice"),
        (adamw_bare_decay, "is not multiplied by the rate"),
        (adamw_decay_last, "You decay after the step"),
        (adamw_decay_solved, "You take the decay from the new parameter"),
        (adamw_exponential, "is the limit of many tiny updates"),
        (
            lambda w, g, m, v, t, lr, wd: w - lr * quotient(g, m, v, t),
            "This is Adam:",
        ),
        (
            lambda w, g, m, v, t, lr, wd: w * (1 + lr * wd) - lr * quotient(g, m, v, t),
            "Your parameter grows",
        ),
        (adamw_divided, "The decay stands in the numerator"),
        (
            lambda w, g, m, v, t, lr, wd: w - lr * quotient(g, m, v, t) - lr * wd,
            "the same amount from every parameter",
        ),
        (
            lambda w, g, m, v, t, lr, wd: (
                w - lr * quotient(g, m, v, t) - lr * (lr * wd) * w
            ),
            "multiplied by the rate twice",
        ),
        (
            lambda w, g, m, v, t, lr, wd: w * (1 - lr * wd) + lr * quotient(g, m, v, t),
            "but the step goes uphill",
        ),
        (adamw_with(uncorrected), "The bias correction is missing"),
        (adamw_with(ahead), "one update ahead"),
        (adamw_with(behind), "counts updates from 0"),
        (adamw_with(of_sizes), "averages the sizes of the gradients"),
        (adamw_with(corrected_late), "You correct the root of"),
        (adamw_with(inside_root), "Your epsilon is inside the root"),
        (adamw_with(rootless), "Its root is missing"),
        (adamw_with(as_rmsprop), "as RMSprop does"),
        (adamw_with(stale), "as they came in"),
        (
            lambda w, g, m, v, t, lr, wd: (
                w - lr * quotient(g, m, v, t) - lr * wd * abs(w)
            ),
            "A negative parameter moves away",
        ),
        (
            lambda w, g, m, v, t, lr, wd: w - quotient(g, m, v, t) - wd * w,
            "`lr` takes no part",
        ),
        (
            lambda w, g, m, v, t, lr, wd: w * (1 - lr * wd) - quotient(g, m, v, t),
            "Only your decay is multiplied",
        ),
        (
            adamw_with(corrected_by(lambda t: 1 - 0.9**t, lambda t: 1)),
            "You correct `m`, but not",
        ),
        (
            adamw_with(corrected_by(lambda t: 1, lambda t: 1 - 0.999**t)),
            "You correct `v`, but not",
        ),
        (
            adamw_with(corrected_by(lambda t: 0.1, lambda t: 0.001)),
            "the same at every update",
        ),
        (
            adamw_with(
                corrected_by(
                    lambda t: (1 - 0.9**t) ** -1, lambda t: (1 - 0.999**t) ** -1
                )
            ),
            "You multiply by the bias correction",
        ),
        (
            adamw_with(corrected_by(lambda t: 1 - 0.999**t, lambda t: 1 - 0.9**t)),
            "exchanged the two bias corrections",
        ),
        (adamw_with(averaged_by(0.999, 0.9)), "exchanged the two betas"),
        (adamw_with(averaged_by(0.9, 0.99)), "Your second beta is 0.99"),
        (adamw_with(collecting(0.1, 0.1)), "In your `v` the squared gradient"),
        (adamw_with(collecting(1, 0.001)), "takes the whole gradient in"),
        (adamw_with(as_keras), "before the bias correction, as in Keras"),
        (adamw_with(with_epsilon(1e-7)), "Your epsilon is 1e-7"),
        (adamw_with(with_epsilon(0)), "is epsilon there?"),
        (adamw_with(by_sign), "always the same size"),
        (
            lambda w, g, m, v, t, lr, wd: lr * wd * w + lr * quotient(g, m, v, t),
            "Now take it",
        ),
        # Beyond the known mistakes:
        (
            lambda w, g, m, v, t, lr, wd: (w, *averages(g, m, v)),
            "a `tuple` instead of",
        ),
    ]
]
WRONG += [
    ("adaptive/weight_left", answer, message)
    for answer, message in [
        (
            lambda rates, wd: 1 - sum(wd * lr for lr in rates),
            "every share from the weight at the start",
        ),
        (
            lambda rates, wd: math.prod(math.exp(-lr * wd) for lr in rates),
            "the limit of very small rates",
        ),
        (
            lambda rates, wd: (1 - wd * sum(rates) / len(rates)) ** len(rates),
            "You use the mean rate",
        ),
        (
            lambda rates, wd: math.prod(1 - wd * rates[0] for _ in rates),
            "You use the first rate",
        ),
        (
            lambda rates, wd: math.prod(1 - wd * rates[-1] for _ in rates),
            "You use the last rate",
        ),
        (
            lambda rates, wd: math.prod(1 - wd for _ in rates),
            "doesn't know the learning rate",
        ),
        (
            lambda rates, wd: math.prod((1 - wd) ** lr for lr in rates),
            "You take a power of what",
        ),
        (
            lambda rates, wd: math.prod(1 - lr for lr in rates),
            "shrink by the rate alone",
        ),
        (lambda rates, wd: 1 - left_by_loop(rates, wd), "the share which is gone"),
        (
            lambda rates, wd: np.array(
                [left_by_loop(rates[: t + 1], wd) for t in range(len(rates))]
            ),
            "the weight after every update",
        ),
        (lambda rates, wd: left_by_loop(rates[1:], wd), "The first update is missing"),
        (lambda rates, wd: left_by_loop(rates[:-1], wd), "The last update is missing"),
        (lambda rates, wd: left_by_loop(rates, -wd), "Your weight grows"),
        (
            lambda rates, wd: math.prod(wd * lr for lr in rates),
            "You multiply what each update takes away",
        ),
        (lambda rates, wd: left_by_loop(rates**2, wd), "You square the rates"),
        (lambda rates, wd: np.float64(1), "the decay needs none"),
        (
            lambda rates, wd: math.prod(max(1 - wd * lr, 0) for lr in rates),
            "You let no factor fall below 0",
        ),
        (left_by_logarithms, "the logarithm doesn't exist"),
        (
            lambda rates, wd: math.prod(1 / (1 + wd * lr) for lr in rates),
            "from the weight after its update",
        ),
        (
            lambda rates, wd: left_by_loop(rates, wd) * (1 - rates[-1] * wd),
            "one update too many",
        ),
        (
            lambda rates, wd: math.prod(1 - wd * max(rates) for _ in rates),
            "You use the largest rate",
        ),
        (lambda rates, wd: 100 * left_by_loop(rates, wd), "You give percent"),
        (
            lambda rates, wd: sum(1 - wd * lr for lr in rates) / len(rates),
            "That is the mean of what",
        ),
        (
            lambda rates, wd: sum(1 - wd * lr for lr in rates),
            "You add up what the updates keep",
        ),
        (
            lambda rates, wd: left_by_loop(rates / max(rates), wd),
            "You divide the rates by the largest",
        ),
        # Beyond the known mistakes:
        (lambda rates, wd: left_by_loop(rates / 2, wd), "another value"),
        (lambda rates, wd: [1.0], "a `list` instead of"),
    ]
]
