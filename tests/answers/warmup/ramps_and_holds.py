"""Answers to the exercises of lesson 4.2, ramps and holds"""

from typing import Any

import numpy as np
import torch
from torch.optim.lr_scheduler import ConstantLR


def line_by_interpolation(t: Any, lr: float, total_iters: int, start: float) -> Any:
    return np.interp(t, [0, total_iters], [start * lr, lr])


def line_by_clip(t: Any, lr: float, total_iters: int, start: float) -> Any:
    slope = (lr - start * lr) / total_iters
    return start * lr + slope * np.clip(t, 0, total_iters)


def line_by_cases(t: Any, lr: float, total_iters: int, start: float) -> Any:
    if np.ndim(t):
        flat = [line_by_cases(n, lr, total_iters, start) for n in t.ravel()]
        return np.array(flat).reshape(t.shape)
    if t >= total_iters:
        return lr
    rate = lr * start
    for _ in range(t):
        rate += lr * (1 - start) / total_iters
    return rate


def line_by_weights(t: Any, lr: float, total_iters: int, start: float) -> Any:
    left = np.maximum(total_iters - t, 0) / total_iters
    return lr * (left * start + (1 - left))


def line_by_torch(t: Any, lr: float, total_iters: int, start: float) -> Any:
    way = torch.clamp(torch.as_tensor(t, dtype=torch.float64) / total_iters, max=1)
    return lr * (start + (1 - start) * way)


def line_without_hold(t: Any, lr: float, total_iters: int, start: float) -> Any:
    return lr if np.ndim(t) == 0 and t >= total_iters else None


def hold_by_torch(t: int, lr: float, factor: float, total_iters: int) -> float:
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=lr)
    scheduler = ConstantLR(optimizer, factor, total_iters)
    for _ in range(t):
        optimizer.step()
        scheduler.step()
    return float(scheduler.get_last_lr()[0])


def hold_by_steps(t: int, lr: float, factor: float, total_iters: int) -> float:
    rate = lr * factor
    for step in range(1, t + 1):
        if step == total_iters:
            rate = rate / factor
    return rate


def hold_that_falls(t: int, lr: float, factor: float, total_iters: int) -> float:
    rate = lr
    for step in range(t + 1):
        rate = lr if step >= total_iters else rate * factor
    return rate


RIGHT: dict[str, list[Any]] = {
    "warmup/linear_warmup": [
        line_by_interpolation,
        line_by_clip,
        line_by_cases,
        line_by_weights,
        line_by_torch,
    ],
    "warmup/constant_lr": [
        hold_by_torch,
        hold_by_steps,
        lambda t, r, f, W: r * (f + (t >= W) * (1 - f)),
        lambda t, r, f, W: np.where(t > W - 1, 1, f) * r,
    ],
}

LINE = "warmup/linear_warmup"
HOLD = "warmup/constant_lr"
WRONG: list[tuple[str, Any, str]] = [
    (
        "warmup/linear_warmup",
        lambda t, lr, n, s: lr * (s + np.clip((t + 1) / (n + 1), 0, 1) * (1 - s)),
        "and add a start as well",
    ),
    (LINE, lambda t, r, W, s: r * s + r * (1 - s) / W * t, "Your line never stops"),
    (LINE, lambda t, r, W, s: np.clip(r * t / W, 0, r), "update 0 would change"),
    (LINE, lambda t, r, W, s: t / W * r, "starts at 0 and never stops"),
    (
        LINE,
        lambda t, r, W, s: np.interp(t + 1, [0, W], [0, r]),
        "one update early. And",
    ),
    (LINE, lambda t, r, W, s: np.interp(t, [-1, W], [0, r]), "the even ramp"),
    (
        LINE,
        lambda t, r, W, s: np.interp(t + 1, [0, W], [s * r, r]),
        "one update ahead",
    ),
    (
        LINE,
        lambda t, r, W, s: np.interp(t, [0, W + 1], [s * r, r]),
        "one update late, at `total_iters + 1`",
    ),
    (
        LINE,
        lambda t, r, W, s: r * (s + np.clip(t / (W - 1), 0, 1) * (1 - s)),
        "one update early, at `total_iters - 1`",
    ),
    (
        LINE,
        lambda t, r, W, s: r * (s + np.clip(t / (W - 1 or 1), 0, 1) * (1 - s)),
        "From two updates of warmup on",
    ),
    (
        LINE,
        lambda t, r, W, s: np.linspace(s * r, r, W).take(t, mode="clip"),
        "with both ends among them",
    ),
    (
        LINE,
        lambda t, r, W, s: np.interp(t, [1, W + 1], [s * r, r]),
        "begins one update late",
    ),
    (
        LINE,
        lambda t, r, W, s: s * r + np.interp(t, [0, W], [0, r]),
        "ends above `lr`",
    ),
    (LINE, lambda t, r, W, s: np.minimum(r * s + r * t / W, r), "too steep"),
    (
        LINE,
        lambda t, r, W, s: np.clip(r * t / W, s * r, r),
        "a line from 0 overtakes it",
    ),
    (LINE, lambda t, r, W, s: np.interp(t, [0, W], [s, r]), "for a rate"),
    (
        LINE,
        lambda t, r, W, s: r * s * (1 / s) ** (np.minimum(t, W) / W),
        "the geometric warmup",
    ),
    (LINE, lambda t, r, W, s: r * np.where(t >= W, 1, s), "that is `ConstantLR`"),
    (
        LINE,
        lambda t, r, W, s: r * np.where(t > 0, np.minimum(t / W, 1), s),
        "Only update 0 gets the start",
    ),
    (LINE, lambda t, r, W, s: np.interp(t, [0, W], [s, 1]), "hasn't multiplied"),
    (LINE, lambda t, r, W, s: np.interp(t, [0, W], [r, s * r]), "Your line falls"),
    (
        LINE,
        lambda t, r, W, s: np.interp(t, [0, W], [0, s * r]),
        "ends at the first rate",
    ),
    (
        LINE,
        lambda t, r, W, s: r * s + np.mod(t, W) * (r - r * s) / W,
        "jumps back to the start",
    ),
    (
        LINE,
        lambda t, r, W, s: r * s + (r - r * s) * np.maximum(t, W) / W,
        "the larger of the share and 1",
    ),
    (
        LINE,
        lambda t, r, W, s: r * s + (r - r * s) * np.minimum(t // W, 1),
        "computed with `//`",
    ),
    (
        LINE,
        lambda t, r, W, s: r * (s + np.minimum(t, W - 1) * (1 - s) / W),
        "that of update `total_iters - 1`",
    ),
    (
        LINE,
        lambda t, r, W, s: np.around(line_by_clip(t, r, W, s), 4),
        "You round to 4 decimals",
    ),
    (
        LINE,
        lambda t, r, W, s: np.around(line_by_clip(t, r, W, s), decimals=5),
        "You round to 5 decimals",
    ),
    (
        LINE,
        lambda t, r, W, s: line_by_interpolation(t, r, W, s).round(6),
        "You round to 6 decimals",
    ),
    (
        LINE,
        lambda t, r, W, s: np.interp(t, [0, W - 1e-9, W], [s * r, r, s * r]),
        "At `total_iters` your rate falls back to the start",
    ),
    (
        LINE,
        lambda t, r, W, s: line_by_weights(t, r, W, s) * (t < W),
        "At `total_iters` your rate falls back to 0",
    ),
    (
        LINE,
        lambda t, r, W, s: np.interp(t, [0, W], [s * r, r], right=s * r),
        "After `total_iters` your rate falls back to the start",
    ),
    (
        LINE,
        lambda t, r, W, s: np.interp(t, [0, W], [s * r, r], right=0),
        "After `total_iters` your rate falls back to 0",
    ),
    (LINE, lambda t, r, W, s: np.interp(t, [0, W], [r / 3, r]), "at a third"),
    (LINE, lambda t, r, W, s: np.interp(t, [0, W], [0.1 * r, r]), "at a tenth"),
    (
        LINE,
        lambda t, r, W, s: r * s + (r - r * s) * np.square(np.clip(t / W, 0, 1)),
        "Your line is bent",
    ),
    (LINE, lambda t, r, W, s: [r], "instead of a number"),
    (LINE, line_without_hold, "for this input no branch returned"),
    (LINE, lambda t, r, W: r, "can't be called with 4 arguments"),
    (LINE, 0.1, "isn't a function"),
    (HOLD, lambda t, r, f, W: r * f ** (t >= W), "a stair down: the full rate"),
    (HOLD, lambda t, r, f, W: r * f ** (t > W), "falls one update late, too"),
    (HOLD, lambda t, r, f, W: r if t > W else f * r, "one update too long"),
    (HOLD, lambda t, r, f, W: r if t + 1 >= W else f * r, "one update too early"),
    (
        HOLD,
        lambda t, r, f, W: r * (1 / f) ** (t >= W),
        "`lr` for the rate that is held",
    ),
    (HOLD, lambda t, r, f, W: f * r if t < W else 1 / f * r, "and not beyond it"),
    (HOLD, lambda t, r, f, W: r * (1 / f) ** (t < W), "your hold is above `lr`"),
    (HOLD, lambda t, r, f, W: 1 if t >= W else f, "These are the factors"),
    (HOLD, lambda t, r, f, W: r if t >= W else f, "You hold `factor` itself"),
    (
        HOLD,
        lambda t, r, f, W: line_by_interpolation(t, r, W, f),
        "the straight line of `LinearLR`",
    ),
    (HOLD, lambda t, r, f, W: r * np.exp(t * np.log(f)), "as `ExponentialLR` does"),
    (HOLD, hold_that_falls, "falls during the hold"),
    (HOLD, lambda t, r, f, W: r * f ** (1 + (t >= W)), "a second time"),
    (HOLD, lambda t, r, f, W: r + 0 * t, "Your factor never acts"),
    (HOLD, lambda t, r, f, W: f * r + 0 * t, "Your hold never ends"),
    (HOLD, lambda t, r, f, W: f * r if t in range(1, W) else r, "in the hold, too"),
    (
        HOLD,
        lambda t, r, f, W: f * r if t in range(1, W + 1) else r,
        "the held updates from 1",
    ),
    (HOLD, lambda t, r, f, W: r if t else r * f, "Only update 0 is held"),
    (HOLD, lambda t, r, f, W: r * f ** (t != W), "The release is for good"),
    (HOLD, lambda t, r, f, W: r - (t < W) * f * r, "for the share that is lost"),
    (HOLD, lambda t, r, f, W: r * (t >= W), "Your hold is at 0"),
    (
        HOLD,
        lambda t, r, f, W: float(f"{r if t >= W else f * r:.4f}"),
        "You round to 4 decimals",
    ),
    (
        HOLD,
        lambda t, r, f, W: np.round(hold_by_steps(t, r, f, W), 5),
        "You round to 5 decimals",
    ),
    (
        HOLD,
        lambda t, r, f, W: float(f"{hold_by_steps(t, r, f, W):.6f}"),
        "You round to 6 decimals",
    ),
    (HOLD, lambda t, r, f, W: r * (1 + f * (t < W)), "add the held rate to `lr`"),
    (HOLD, lambda t, r, f, W: r * f + r * (t >= W), "you add to it there"),
    (HOLD, lambda t, r, f, W: r - f * (t < W), "You subtract the factor"),
    (HOLD, lambda t, r, f, W: r * f * (1 + (t >= W)), "You double the held rate"),
    (HOLD, lambda t, r, f, W: (f, 1)[t // W % 2] * r, "Your hold comes back"),
    (HOLD, lambda t, r, f, W: [r, r * f], "instead of a number"),
    (HOLD, lambda t, r, f, W: print(r), "`print` shows a value"),
    (HOLD, lambda t, r: r, "can't be called with 4 arguments"),
    (HOLD, 0.05, "isn't a function"),
]
