"""Answers to the exercises of chapter 1, as learners write them.

In another style than the solutions and mistakes of ``lrlib.exercises.basics``.
"""

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


def verdict_by_factor(lr: float, h: float) -> str:
    factor = 1 - lr * h
    if abs(factor) > 1:
        return "diverges"
    if factor == -1:
        return "never settles"
    return "oscillates" if factor < 0 else "monotone"


def verdict_by_border(lr: float, h: float) -> str:
    names = {
        lr <= 1 / h: "monotone",
        lr > 2 / h: "diverges",
        lr == 2 / h: "never settles",
    }
    return names.get(True, "oscillates")


def largest_by_loop(eigenvalues: Any) -> float:
    largest = 0.0
    for value in eigenvalues:
        if value > largest:
            largest = value
    return 1 / largest + 1 / largest


def velocity_settles(lr: float, momentum: float) -> float:
    velocity = 0.0
    for _ in range(4000):
        velocity = momentum * velocity + 1
    return lr * velocity


def floor_in_closed_form(rate: float, h: float, sigma: float, size: int) -> float:
    return rate * sigma * sigma / size / h / (2 - rate * h)


def floor_by_waiting(rate: float, h: float, sigma: float, size: int) -> float:
    squared, noise = 0.0, rate**2 * sigma**2 / size
    for _ in range(50_000):
        squared = squared - rate * h * (2 - rate * h) * squared + noise
    return squared


def floor_after(updates: int) -> Callable[[float, float, float, int], float]:
    def answer(rate: float, h: float, sigma: float, size: int) -> float:
        batch_noise, squared = sigma / math.sqrt(size), 0.0
        for _ in range(updates):
            squared = squared * (1 - rate * h) ** 2 + (rate * batch_noise) ** 2
        return squared

    return answer


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


def probes_by_ratio(curve: Any, tenth: float, same: float, triple: float) -> str:
    helped = {"cut the rate": tenth / same, "raise the rate": triple / same}
    word = sorted(helped, key=lambda name: helped[name])[0]
    if helped[word] < 0.9:
        return word
    return ["not the rate", "train on"][int(same / curve[-1] < 0.9)]


def probes_by_cases(curve: Any, tenth: float, same: float, triple: float) -> str:
    bar = 9 * same / 10
    if triple < bar and (tenth >= bar or triple < tenth):
        return "raise the rate"
    elif tenth < bar:
        return "cut the rate"
    elif same >= 9 * curve[-1] / 10:
        return "not the rate"
    return "train on"


def escaped_by_walker(rates: Any, kicks: Any) -> float:
    out = 0
    for walker in range(kicks.shape[1]):
        place = 0.9
        for t in range(len(rates)):
            place -= rates[t] * (place**3 - place + 0.15 + kicks[t, walker])
        out += place < 0
    return out / kicks.shape[1]


def escaped(
    start: float = 0.9,
    move: Callable[..., Any] = lambda x, lr, kick: x - lr * (x**3 - x + 0.15 + kick),
    count: Callable[..., Any] = lambda x: np.count_nonzero(x < 0) / len(x),
    rate: Callable[..., Any] = lambda rates, t: rates[t],
) -> Callable[[Any, Any], Any]:
    """Walkers of someone who writes the loop over ``t`` in one way or another."""

    def answer(rates: Any, kicks: Any) -> Any:
        x = np.ones(kicks.shape[1]) * start
        with np.errstate(all="ignore"):
            for t in range(kicks.shape[0]):
                x = move(x, rate(rates, t), kicks[t])
        return count(x)

    return answer


def ever_escaped(rates: Any, kicks: Any) -> Any:
    x, ever = np.full(kicks.shape[1], 0.9), np.zeros(kicks.shape[1], dtype=bool)
    for lr, kick in zip(rates, kicks, strict=True):
        x = x - lr * (x**3 - x + 0.15 + kick)
        ever |= x < 0
    return np.mean(ever)


def by_shares(summary: Callable[[list[float]], Any]) -> Callable[[Any, Any], Any]:
    """The answer of someone who writes down the share before and after each update."""

    def answer(rates: Any, kicks: Any) -> Any:
        x, shares = np.full(kicks.shape[1], 0.9), [0.0]
        for lr, kick in zip(rates, kicks, strict=True):
            x = x - lr * (x**3 - x + 0.15 + kick)
            shares.append(float(np.mean(x < 0)))
        return summary(shares)

    return answer


def kicks_in_place(rates: Any, kicks: Any) -> Any:
    kicks *= np.asarray(rates)[:, None]
    x = np.full(kicks.shape[1], 0.9)
    for lr, kick in zip(rates, kicks, strict=True):
        x = x - lr * (x**3 - x + 0.15) - kick
    return np.mean(x < 0)


def return_inside_the_loop(rates: Any, kicks: Any) -> Any:
    x = np.full(kicks.shape[1], 0.9)
    for lr, kick in zip(rates, kicks, strict=True):
        x = x - lr * (x**3 - x + 0.15 + kick)
        return np.mean(x < 0)


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
    "basics/verdict": [verdict_by_factor, verdict_by_border],
    "basics/max_stable_rate": [
        largest_by_loop,
        lambda e: np.min(2 / np.asarray(e)),
        lambda e: 2 / sorted(e)[-1],
        lambda e: 2 / torch.linalg.eigvalsh(torch.diag(torch.as_tensor(e))).max(),
    ],
    "basics/noise_floor": [floor_in_closed_form, floor_by_waiting],
    "basics/which_probe": [4, 4.0, np.int64(4), np.array(4), torch.tensor(4)],
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
    "basics/read_probes": [probes_by_ratio, probes_by_cases],
    "basics/flat_at_guess": [6, 6.0, np.int64(6), np.array(6), torch.tensor(6)],
    "basics/share_escaped": [escaped_by_walker, escaped()],
    "basics/fair_comparison": [3, 3.0, np.int64(3), np.array(3), torch.tensor(3)],
}


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


def sorts_its_argument(eigenvalues: Any) -> float:
    eigenvalues.sort()
    return 2 / eigenvalues[-1]


def simulation(steps: int) -> Callable[[float, float], float]:
    def effective_rate(lr: float, momentum: float) -> float:
        velocity = 0.0
        for _ in range(steps):
            velocity = momentum * velocity + 1.0
        return lr * velocity

    return effective_rate


def no_branch_at_the_border(lr: float, h: float) -> Any:
    if lr * h <= 1:
        return "monotone"
    elif lr * h < 2:
        return "oscillates"
    elif lr * h > 2:
        return "diverges"


def borders(lr: float, h: float, first: str, second: str, third: str) -> str:
    return first if lr < 1 / h else second if lr < 2 / h else third


def reader(
    margin: float = 0.9,
    against: Callable[[Any, float], float] = lambda curve, same: same,
    before: Callable[[Any], float] = lambda curve: curve[-1],
    neither: tuple[str, str] = ("train on", "not the rate"),
    words: tuple[str, str] = ("cut the rate", "raise the rate"),
) -> Any:
    """Reads the probes with one thing about it changed."""

    def read(curve: Any, tenth: float, same: float, triple: float) -> str:
        bar = margin * against(curve, same)
        if tenth < bar or triple < bar:
            return words[int(triple < tenth)]
        return neither[int(not same < 0.9 * before(curve))]

    return read


def if_flat(word: str) -> Any:
    def read(curve: Any, tenth: float, same: float, triple: float) -> str:
        if 0.8 * curve[0] < curve[-1] < 1.2 * curve[0]:
            return word
        return str(probes_by_ratio(curve, tenth, same, triple))

    return read


def if_level(curve: Any, tenth: float, same: float, triple: float) -> str:
    if curve[-1] < 0.8 * curve[0] and 0.95 < curve[-1] / curve[-2] < 1.05:
        return "cut the rate"
    return probes_by_ratio(curve, tenth, same, triple)


def four_colours(curve: Any, *probes: float) -> str:
    change = curve[-1] / curve[0]
    if 0.8 < change < 1.2:
        return "raise the rate"
    if change > 1 or 0.95 < curve[-1] / curve[-2] < 1.05:
        return "cut the rate"
    return "train on"


def by_subtraction(curve: Any, tenth: float, same: float, triple: float) -> str:
    if same - tenth > 0.1 or same - triple > 0.1:
        return "cut the rate" if tenth < triple else "raise the rate"
    return "train on" if curve[-1] - same > 0.1 else "not the rate"


def borders_count(curve: Any, tenth: float, same: float, triple: float) -> str:
    if tenth <= 0.9 * same or triple <= 0.9 * same:
        return "cut the rate" if tenth < triple else "raise the rate"
    return "train on" if same <= 0.9 * curve[-1] else "not the rate"


def in_this_order(*order: str) -> Any:
    def read(curve: Any, tenth: float, same: float, triple: float) -> str:
        losses = {"cut the rate": tenth, "raise the rate": triple}
        for word in order:
            if losses[word] < 0.9 * same:
                return word
        return "train on" if same < 0.9 * curve[-1] else "not the rate"

    return read


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
    (
        "basics/verdict",
        lambda lr, h: "diverges" if lr > 1 / h else "monotone",
        "as soon as it overshoots",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "monotone" if lr * h < 1 else "oscillates" if lr * h == 1 else "diverges"
        ),
        "call it an explosion",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "monotone" if lr * h <= 1 else "oscillates" if lr * h <= 2 else "diverges"
        ),
        "it jumps as far to the other side",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "monotone" if lr * h <= 1 else "diverges" if lr * h >= 2 else "oscillates"
        ),
        "Your code says `'diverges'` there",
    ),
    (
        "basics/verdict",
        lambda lr, h: borders(lr, h, "monotone", "oscillates", "diverges"),
        "came back `'oscillates'`, of the right kind but with another value. Work this "
        "one out by hand and compare. No input at all gave `'never settles'`.",
    ),
    (
        "basics/verdict",
        lambda lr, h: "monotone" if lr * h < 2 else "diverges",
        "No input at all gave `'oscillates'`, `'never settles'`.",
    ),
    (
        "basics/verdict",
        lambda lr, h: borders(lr, 10, "monotone", "oscillates", "diverges"),
        "and `verdict(lr=0.5, h=4)` gave the same, `'diverges'`: `h` takes no part",
    ),
    ("basics/verdict", no_branch_at_the_border, "for this input no branch returned"),
    (
        "basics/verdict",
        lambda lr, h: (
            "monotone" if lr <= h else "diverges" if lr > 2 * h else "oscillates"
        ),
        "came back",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "never settles"
            if lr * h == 2
            else borders(lr, h, "monotone", "oscillates", "diverges")
        ),
        "lands at 0 in one step and stays",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "never settles"
            if lr * h == 1
            else borders(lr, h, "monotone", "oscillates", "diverges")
        ),
        "belongs to the other border",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "monotone"
            if lr * h <= 1
            else "never settles"
            if lr * h <= 2
            else "diverges"
        ),
        "can come home",
    ),
    (
        "basics/verdict",
        lambda lr, h: {"monotone": "oscillates", "oscillates": "monotone"}.get(
            verdict_by_factor(lr, h), verdict_by_factor(lr, h)
        ),
        "the wrong way round",
    ),
    ("basics/verdict", lambda lr, h: verdict_by_factor(1, h), "`h` alone"),
    ("basics/verdict", lambda lr, h: verdict_by_factor(lr, 1), "`lr` alone"),
    (
        "basics/verdict",
        lambda lr, h: (
            "never settles"
            if lr == 2 * h
            else "monotone"
            if lr <= h
            else "oscillates"
            if lr < 2 * h
            else "diverges"
        ),
        "grow with `h`",
    ),
    (
        "basics/verdict",
        lambda lr, h: verdict_by_factor(lr / 2, h),
        "at twice the right",
    ),
    (
        "basics/verdict",
        lambda lr, h: (
            "never settles" if lr * h == 2 else "monotone" if lr * h < 2 else "diverges"
        ),
        "there is a word for it",
    ),
    (
        "basics/verdict",
        lambda lr, h: {"monotone": "diverges", "diverges": "monotone"}.get(
            verdict_by_factor(lr, h), verdict_by_factor(lr, h)
        ),
        "upside down",
    ),
    ("basics/verdict", lambda lr, h: "Monotone", "the words are `'monotone'`"),
    ("basics/verdict", lambda lr, h: lr * h < 2, "a `bool` instead of a word"),
    ("basics/verdict", lambda lr, h: "oscillates", "`lr` takes no part there"),
    ("basics/max_stable_rate", lambda e: 2 / np.min(e), "the flattest axis"),
    ("basics/max_stable_rate", lambda e: 1 / np.max(e), "lands in one step"),
    ("basics/max_stable_rate", lambda e: 2 * len(e) / sum(e), "average curvature"),
    ("basics/max_stable_rate", lambda e: 2 / np.median(e), "middle curvature"),
    ("basics/max_stable_rate", lambda e: 2 / sum(e), "add up all curvatures"),
    ("basics/max_stable_rate", lambda e: 2 / list(e)[-1], "take the last eigenvalue"),
    ("basics/max_stable_rate", lambda e: 2 / e[0], "take the first eigenvalue"),
    ("basics/max_stable_rate", lambda e: 2 / (min(e) + max(e)), "best rate, not"),
    ("basics/max_stable_rate", lambda e: 2 * max(e), "rises with the curvature"),
    ("basics/max_stable_rate", lambda e: max(e) / 2, "one over the border"),
    ("basics/max_stable_rate", lambda e: 2 / math.hypot(*e), "into one length"),
    ("basics/max_stable_rate", lambda e: max(e), "the curvature that decides"),
    ("basics/max_stable_rate", lambda e: 2 / max(e) / max(e), "a quarter of the rate"),
    ("basics/max_stable_rate", lambda e: max(e) / min(e), "the condition number"),
    ("basics/max_stable_rate", lambda e: 0.99 * 2 / max(e), "stay 1 % below"),
    ("basics/max_stable_rate", lambda e: 1.9 / max(e), "stay 5 % below"),
    ("basics/max_stable_rate", lambda e: 2 / max(e) * 0.9, "stay 10 % below"),
    ("basics/max_stable_rate", lambda e: 1.999 / max(e), "close, but not exact"),
    ("basics/max_stable_rate", lambda e: 0.2, "`eigenvalues` takes no part there"),
    (
        "basics/max_stable_rate",
        sorts_its_argument,
        "argument `eigenvalues` in place",
    ),
    ("basics/max_stable_rate", lambda e: 2 / np.array(e), "instead of one number"),
    *(
        ("basics/noise_floor", answer, message)
        for answer, message in [
            (lambda a, h, s, n: floor_in_closed_form(a, h, s, 1), "every batch size"),
            (
                lambda a, h, s, n: floor_in_closed_form(a, h, s, 1) / math.sqrt(n),
                "root of the batch size",
            ),
            (
                lambda a, h, s, n: floor_in_closed_form(a, h, s / n, 1),
                "square of the batch size",
            ),
            (
                lambda a, h, s, n: n * floor_in_closed_form(a, h, s, 1),
                "rises with the batch size",
            ),
            (
                lambda a, h, s, n: floor_in_closed_form(a, h, s, n) / s,
                "`sigma` enters as a square",
            ),
            (
                lambda a, h, s, n: a * floor_in_closed_form(a, h, s, n),
                "falls too fast with the rate",
            ),
            (lambda a, h, s, n: a * s * a * s / n, "what one update adds. The noise"),
            (lambda a, h, s, n: a * s * a * s, "adds with a single example"),
            (lambda a, h, s, n: a / n * s**2 / 2, "A steeper parabola pulls harder to"),
            (
                lambda a, h, s, n: floor_in_closed_form(a, 1, s, n),
                "right where `h = 1`",
            ),
            (
                lambda a, h, s, n: h * floor_in_closed_form(a, h, s, n),
                "one factor got lost",
            ),
            (
                lambda a, h, s, n: h * h * floor_in_closed_form(a, h, s, n),
                "as if the walls pushed outwards",
            ),
            (lambda a, h, s, n: a * s**2 / (2 * n * h), "the floor for very small"),
            (
                lambda a, h, s, n: (a * s) ** 2 / n / (1 - (1 - a * h)),
                "by the factor that shrinks `x`",
            ),
            (
                lambda a, h, s, n: (a * s) ** 2 / n / ((1 + a * h) ** 2 - 1),
                "Look at a sign",
            ),
            (
                lambda a, h, s, n: a * s * s / h / n / (2 - a),
                "without end as `lr` comes near 2",
            ),
            (
                lambda a, h, s, n: h / 2 * floor_in_closed_form(a, h, s, n),
                "the floor of the loss",
            ),
            (
                lambda a, h, s, n: math.sqrt(floor_in_closed_form(a, h, s, n)),
                "the width of the cloud",
            ),
            (lambda a, h, s, n: (s / h) ** 2 / n, "the same for every rate"),
            (lambda a, h, s, n: 0, "Without noise it would get there"),
            (floor_after(10), "After 10 updates"),
            (floor_after(100), "After 100 updates"),
            (floor_after(1000), "After 1000 updates"),
            (floor_after(5000), "close, but not exact"),
            (lambda a, h, s, n: 0.05, "`lr` takes no part there"),
            (lambda a, h, s: a * s, "can't be called with 4 arguments"),
            (lambda a, h, s, n: [a], "a `list` instead of a number"),
        ]
    ),
    ("basics/which_probe", 1, "paid tenfold and still not know"),
    ("basics/which_probe", 2, "out of the picture, not out of the run"),
    ("basics/which_probe", 3.0, "even where the parameters stand still"),
    ("basics/which_probe", np.int64(5), "the same rate meets the same fate"),
    ("basics/which_probe", 6, "tells about over-fitting"),
    ("basics/which_probe", 0, "The list begins at 1"),
    ("basics/which_probe", 7, "another number than the right one"),
    ("basics/which_probe", "4", "a `str` instead of a number"),
    ("basics/which_probe", [4], "a `list` instead of a number"),
    ("basics/which_probe", lambda: 4, "is a function here"),
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
    ("basics/read_probes", four_colours, "decide by the shape of the curve"),
    ("basics/read_probes", if_flat("raise the rate"), "raise the rate wherever the"),
    ("basics/read_probes", if_flat("cut the rate"), "of the right kind but with"),
    ("basics/read_probes", if_level, "cut the rate wherever the curve has levelled"),
    (
        "basics/read_probes",
        reader(words=("raise the rate", "cut the rate")),
        "the wrong way round",
    ),
    ("basics/read_probes", reader(margin=1.0), "You take any gain"),
    (
        "basics/read_probes",
        reader(against=lambda curve, same: curve[-1]),
        "compare the probes with the end of `curve`",
    ),
    (
        "basics/read_probes",
        reader(before=lambda curve: curve[0]),
        "compare `same` with the first loss",
    ),
    ("basics/read_probes", by_subtraction, "a fixed difference of 0.1"),
    ("basics/read_probes", borders_count, "Exactly 0.9 times as much"),
    (
        "basics/read_probes",
        in_this_order("cut the rate", "raise the rate"),
        "you always cut",
    ),
    (
        "basics/read_probes",
        in_this_order("raise the rate", "cut the rate"),
        "you always raise",
    ),
    (
        "basics/read_probes",
        reader(neither=("train on", "train on")),
        "You train on wherever",
    ),
    (
        "basics/read_probes",
        reader(neither=("not the rate", "not the rate")),
        "You blame something else",
    ),
    (
        "basics/read_probes",
        reader(neither=("train on", "cut the rate")),
        "the tenth was among them",
    ),
    (
        "basics/read_probes",
        reader(neither=("train on", "raise the rate")),
        "the triple was among them",
    ),
    ("basics/read_probes", lambda c, t, s, r: "raise", "the words are"),
    ("basics/read_probes", lambda c, t, s, r: min(t, s, r), "instead of a word"),
    ("basics/read_probes", lambda c, t, s, r: "cut the rate", "No input at all gave"),
    ("basics/read_probes", lambda c: "train on", "can't be called with 4 arguments"),
    ("basics/flat_at_guess", 1, "a larger one made it worse"),
    ("basics/flat_at_guess", 2.0, "would wait even longer"),
    ("basics/flat_at_guess", np.int64(3), "thirty won't either"),
    ("basics/flat_at_guess", 4, "had one hidden unit and left 2.30"),
    ("basics/flat_at_guess", 5, "not found by drawing again"),
    ("basics/flat_at_guess", 7, "as in run G"),
    ("basics/flat_at_guess", 8, "another number than the right one"),
    ("basics/flat_at_guess", "6", "a `str` instead of a number"),
    ("basics/flat_at_guess", [1, 2], "a `list` instead of a number"),
    ("basics/share_escaped", escaped(start=-1.07), "start in the deep well"),
    ("basics/share_escaped", escaped(start=-0.9), "a sign got lost"),
    ("basics/share_escaped", escaped(start=1.0), "start at 1. The bottom"),
    ("basics/share_escaped", escaped(start=0.92), "start at 0.92. The bottom"),
    ("basics/share_escaped", escaped(start=0), "start at 0, on the hill"),
    ("basics/share_escaped", ever_escaped, "were ever on the other side"),
    ("basics/share_escaped", by_shares(max), "the largest share on the way"),
    ("basics/share_escaped", by_shares(lambda s: np.mean(s[1:])), "over all updates"),
    ("basics/share_escaped", by_shares(lambda s: s[-2]), "One update is missing"),
    (
        "basics/share_escaped",
        escaped(count=lambda x: np.mean(x < -1.07)),
        "below -1.07",
    ),
    ("basics/share_escaped", escaped(count=lambda x: np.mean(x < -0.5)), "below -0.5"),
    ("basics/share_escaped", kicks_in_place, "argument `kicks` in place"),
    ("basics/share_escaped", return_inside_the_loop, "inside the loop?"),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x - lr * (x**3 - x + 0.15) - k),
        "but not the kick",
    ),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x - lr * (x**3 - x + 0.15)),
        "`kicks` takes no part",
    ),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x - lr * (x**3 - x + 0.15 - k)),
        "subtract the kick",
    ),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x + lr * ((x**2 - 1) * x + 0.15 + k)),
        "go uphill",
    ),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x - lr * (x**3 - x + k)),
        "equally deep",
    ),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x - lr * (x**3 - x + 0.15 + k[0])),
        "the kicks of the first one",
    ),
    (
        "basics/share_escaped",
        escaped(move=lambda x, lr, k: x - lr * (x**3 - x + 0.15 + np.mean(k))),
        "average the kicks",
    ),
    ("basics/share_escaped", escaped(count=lambda x: np.sum(x < 0)), "how many"),
    ("basics/share_escaped", escaped(count=lambda x: np.mean(x >= 0)), "that stayed"),
    (
        "basics/share_escaped",
        escaped(count=lambda x: 100 * np.mean(x < 0)),
        "a percentage",
    ),
    ("basics/share_escaped", escaped(count=np.average), "the mean place"),
    ("basics/share_escaped", escaped(count=lambda x: x < 0), "instead of a number"),
    ("basics/share_escaped", escaped(count=lambda x: np.mean(x < -1)), "below -1. It"),
    ("basics/share_escaped", escaped(rate=lambda r, t: r[0]), "use the first rate"),
    ("basics/share_escaped", escaped(rate=lambda r, t: r[-1]), "use the last rate"),
    (
        "basics/share_escaped",
        escaped(rate=lambda r, t: sum(r) / len(r)),
        "use the mean rate",
    ),
    ("basics/share_escaped", lambda rates: 0.5, "can't be called with 2 arguments"),
    ("basics/share_escaped", 0.99, "isn't a function"),
    ("basics/fair_comparison", 1, "smaller gap, hence a regulariser"),
    ("basics/fair_comparison", 2.0, "one seed each"),
    ("basics/fair_comparison", np.int64(4), "the best of five is set against"),
    ("basics/fair_comparison", 0, "numbered from 1"),
    ("basics/fair_comparison", 5, "There are four designs"),
    ("basics/fair_comparison", 6, "another number than the right one"),
    ("basics/fair_comparison", "3", "a `str` instead of a number"),
    ("basics/fair_comparison", [3], "a `list` instead of a number"),
    ("basics/fair_comparison", lambda: 3, "is a function here"),
]
