"""Answers to the exercises of the lesson adagrad, as learners write them."""

import math
from typing import Any

import numpy as np
import torch


def by_loop(grads: Any, lr: float, eps: float) -> Any:
    r = 0
    steps = []
    for g in grads:
        r = r + g * g
        steps.append(lr / (r**0.5 + eps) * g)
    return np.array(steps)


def by_number(grads: Any, lr: float, eps: float) -> Any:
    steps = np.empty_like(grads)
    for j in range(grads.shape[1]):
        seen = 0.0
        for i in range(grads.shape[0]):
            seen = math.hypot(seen, grads[i, j])
            steps[i, j] = lr * grads[i, j] / (seen + eps)
    return steps


def by_torch(grads: Any, lr: float, eps: float) -> Any:
    steps = []
    p = torch.nn.Parameter(torch.zeros(grads.shape[1], dtype=torch.float64))
    optimizer = torch.optim.Adagrad([p], lr=lr, eps=eps)
    for g in grads:
        with torch.no_grad():
            p.zero_()
        p.grad = torch.tensor(g)
        optimizer.step()
        steps.append(-p.detach().numpy().copy())
    return np.array(steps)


def rooted(divisor: Any) -> Any:
    """A loop whose divisor is made from r, the present gradient, eps and t."""

    def answer(grads: Any, lr: float, eps: float) -> Any:
        r = np.zeros(grads.shape[1])
        steps = []
        for t, g in enumerate(grads, start=1):
            r = r + g**2
            steps.append(lr * g / divisor(r, g, eps, t))
        return np.stack(steps)

    return answer


def stepped_first(grads: Any, lr: float, eps: float) -> Any:
    r, steps = np.zeros(grads.shape[1]), []
    for g in grads:
        steps.append(lr * g / (r**0.5 + eps))
        r = r + g**2
    return np.array(steps)


def shared(grads: Any, lr: float, eps: float) -> Any:
    r, steps = 0.0, []
    for g in grads:
        r += float(g @ g)
        steps.append(lr * g / (math.sqrt(r) + eps))
    return np.array(steps)


def mixed(grads: Any, lr: float, eps: float) -> Any:
    r = np.cumsum(grads**2).reshape(*grads.shape)
    return lr * grads / (r**0.5 + eps)


def across(grads: Any, lr: float, eps: float) -> Any:
    return np.array([lr * g / (np.sqrt((g * g).cumsum()) + eps) for g in grads])


def with_foresight(grads: Any, lr: float, eps: float) -> Any:
    return lr * grads / (np.linalg.norm(grads, axis=0) + eps)


def unsquared(grads: Any, lr: float, eps: float) -> Any:
    r, steps = 0 * grads[0], []
    for g in grads:
        r = r + g
        steps.append(lr * g / (np.sqrt(abs(r)) + eps))
    return np.array(steps)


def size_of_sum(grads: Any, lr: float, eps: float) -> Any:
    return lr * grads / (np.cumsum(grads, axis=0).__pow__(2) ** 0.5 + eps)


def signed_sum(grads: Any, lr: float, eps: float) -> Any:
    r, steps = 0, []
    for g in grads:
        r = r + g
        steps.append(lr / (r + eps) * g)
    return np.array(steps)


def sizes(grads: Any, lr: float, eps: float) -> Any:
    return lr * grads / (abs(grads).cumsum(axis=0) + eps)


def root_of_sizes(grads: Any, lr: float, eps: float) -> Any:
    return lr * grads / (abs(grads).cumsum(axis=0) ** 0.5 + eps)


def forgetful(alpha: float, share: float) -> Any:
    """A loop whose r loses a part of itself at every update."""

    def answer(grads: Any, lr: float, eps: float) -> Any:
        r, steps = 0.0, []
        for g in grads:
            r = alpha * r
            r = r + share * g * g
            steps.append(lr * g / (np.sqrt(r) + eps))
        return np.array(steps)

    return answer


def without_eps(grads: Any, lr: float, eps: float) -> Any:
    with np.errstate(invalid="ignore"):
        return lr * grads / grads.__pow__(2).cumsum(axis=0) ** 0.5


def without_nan(grads: Any, lr: float, eps: float) -> Any:
    steps = without_eps(grads, lr, eps)
    return np.where(np.isnan(steps), 0, steps)


def times_eps(grads: Any, lr: float, eps: float) -> Any:
    with np.errstate(invalid="ignore"):
        return without_eps(grads, lr, eps) / eps


def after_all(grads: Any, lr: float, eps: float) -> Any:
    return without_eps(grads, lr, eps) + eps


def filled_in_place(grads: Any, lr: float, eps: float) -> Any:
    r, step, steps = 0 * grads[0], 0 * grads[0], []
    for g in grads:
        r += g * g
        step[:] = lr * g / (np.sqrt(r) + eps)
        steps.append(step)
    return np.array(steps)


def position(grads: Any, lr: float, eps: float) -> Any:
    x, r, path = 0 * grads[0], 0 * grads[0], []
    for g in grads:
        r = r + g * g
        x = x - lr * g / (np.sqrt(r) + eps)
        path.append(x)
    return np.array(path)


def by_count(grads: Any, lr: float, eps: float) -> Any:
    return np.array([lr * g / (t**0.5 + eps) for t, g in enumerate(grads, start=1)])


RIGHT: dict[str, list[Any]] = {
    "adaptive/adagrad_steps": [
        by_loop,
        by_number,
        by_torch,
        rooted(lambda r, g, eps, t: np.sqrt(r) + eps),
    ],
    "adaptive/late_step": [0.01, 0.2 / math.sqrt(400), np.float32(0.01)],
}

_STEPS, _LATE = "adaptive/adagrad_steps", "adaptive/late_step"
WRONG: list[tuple[str, Any, str]] = [
    (_STEPS, rooted(lambda r, g, eps, t: (r + eps) ** 0.5), "stands under the root"),
    (_STEPS, rooted(lambda r, g, eps, t: (r + eps) ** 0.5 + eps), "in yours twice"),
    (_STEPS, rooted(lambda r, g, eps, t: np.hypot(r**0.5, eps)), "You square `eps`"),
    (_STEPS, rooted(lambda r, g, eps, t: (r / t) ** 0.5 + eps), "of the *mean*"),
    (_STEPS, shared, "share one `r`"),
    (_STEPS, mixed, "Without `axis`"),
    (_STEPS, across, "along the parameters of one update"),
    (_STEPS, stepped_first, "step before you remember"),
    (_STEPS, with_foresight, "still to come"),
    (_STEPS, rooted(lambda r, g, eps, t: r + eps), "divide by `r` itself"),
    (_STEPS, unsquared, "cancel"),
    (_STEPS, size_of_sum, "signs differ"),
    (_STEPS, signed_sum, "sign and all"),
    (_STEPS, sizes, "shrink as 1/t; the root"),
    (_STEPS, root_of_sizes, "The square is missing"),
    (_STEPS, rooted(lambda r, g, eps, t: abs(g) + eps), "present gradient only"),
    (_STEPS, forgetful(0.9, 0.1), "Your `r` forgets: that"),
    (_STEPS, forgetful(0.99, 0.01), "forgets one part in a hundred"),
    (_STEPS, forgetful(0.9, 1), "shrink the old `r`"),
    (_STEPS, rooted(lambda r, g, eps, t: (r + 0.1) ** 0.5 + eps), "starts at 0.1"),
    (_STEPS, without_eps, "that is 0/0"),
    (_STEPS, without_nan, "replace NaN by 0"),
    (_STEPS, times_eps, "multiply the root"),
    (_STEPS, after_all, "added to the step"),
    (_STEPS, lambda grads, lr, eps: by_loop(grads, 1, eps), "`lr` takes no part"),
    (
        _STEPS,
        lambda grads, lr, eps: lr / ((grads**2).cumsum(axis=0) ** 0.5 + eps),
        "The gradient hasn't been multiplied",
    ),
    (_STEPS, filled_in_place, "appended each time"),
    (_STEPS, lambda grads, lr, eps: by_loop(grads, -lr, eps), "signs are turned"),
    (_STEPS, lambda grads, lr, eps: abs(by_loop(grads, lr, eps)), "are the lengths"),
    (
        _STEPS,
        lambda grads, lr, eps: by_loop(grads, lr, eps).cumsum(axis=0),
        "You add up the steps",
    ),
    (_STEPS, position, "if they start at 0"),
    (
        _STEPS,
        rooted(lambda r, g, eps, t: t**0.5 * (r**0.5 + eps)),
        "by √t besides",
    ),
    (_STEPS, by_count, "a schedule"),
    (_LATE, 0.6, "plain gradient descent"),
    (_LATE, 0.2, "the first step"),
    (_LATE, 0.03, "root of the number of updates. What"),
    (_LATE, 1 / 300, "That is the effective rate. The step"),
    (_LATE, 0.0005, "shrink as 1/t: you"),
    (_LATE, 0.0015, "by the number of updates"),
    (_LATE, 1 / 6000, "by `r` itself"),
    (_LATE, 0.6 / math.sqrt(1200), "Square each"),
    (_LATE, 0.6 / (0.1 + 400 * 9) ** 0.5, "Here it is 0 at first"),
    (_LATE, 0.05, "lr is 0.2"),
    (_LATE, 0.2 / math.sqrt(401), "401 squares"),
    (_LATE, 0.2 / math.sqrt(399), "399 squares: a step"),
    (_LATE, sum(0.2 / math.sqrt(t) for t in range(1, 401)), "come together"),
    (_LATE, 8.0, "is about the way"),
    (_LATE, -0.01, "the sign isn't"),
]
