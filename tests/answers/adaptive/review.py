"""Answers to the exercise of the review, as learners write them."""

from typing import Any

import numpy as np
import torch


def lion_by_numbers(
    g: Any, m: Any, p: Any, beta1: float, beta2: float, weight_decay: float
) -> Any:
    """One number after another."""
    result = np.zeros((2, *g.shape))
    for place in np.ndindex(g.shape):
        mixed = g[place] + beta1 * (m[place] - g[place])
        way = 1.0 if mixed > 0 else -1.0 if mixed < 0 else 0.0
        result[(0, *place)] = way + weight_decay * p[place]
        result[(1, *place)] = g[place] + beta2 * (m[place] - g[place])
    return result


def lion_from_torch(
    g: Any, m: Any, p: Any, beta1: float, beta2: float, weight_decay: float
) -> Any:
    gradient, momentum, place = (torch.from_numpy(x) for x in (g, m, p))
    direction = torch.lerp(gradient, momentum, beta1).sign_()
    direction.add_(place, alpha=weight_decay)
    return torch.stack([direction, torch.lerp(gradient, momentum, beta2)])


def lion_in_one_line(
    g: Any, m: Any, p: Any, beta1: float, beta2: float, weight_decay: float
) -> Any:
    kept = m * beta2 + g * (1 - beta2)
    mixed = m * beta1 + g * (1 - beta1)
    return np.array([(mixed > 0) * 1.0 - (mixed < 0) + p * weight_decay, kept])


def lion(
    mixed: Any = lambda g, m, b1, b2: b1 * m + (1 - b1) * g,
    kept: Any = lambda g, m, b1, b2: b2 * m + (1 - b2) * g,
    shrink: Any = lambda p, wd: p * wd,
    sign: Any = np.sign,
) -> Any:
    """Lion with other parts."""

    def answer(
        g: Any, m: Any, p: Any, beta1: float, beta2: float, weight_decay: float
    ) -> Any:
        way = sign(mixed(g, m, beta1, beta2))
        return np.array([way + shrink(p, weight_decay), kept(g, m, beta1, beta2)])

    return answer


def penalised(
    g: Any, m: Any, p: Any, beta1: float, beta2: float, weight_decay: float
) -> Any:
    g = weight_decay * p + g
    mixed = m * beta1 + g * (1 - beta1)
    return np.array([np.sign(mixed), m * beta2 + g * (1 - beta2)])


def decay_in_the_sign(
    g: Any, m: Any, p: Any, beta1: float, beta2: float, weight_decay: float
) -> Any:
    mixed = m * beta1 + g * (1 - beta1) + p * weight_decay
    return np.array([np.sign(mixed), m * beta2 + g * (1 - beta2)])


def over_its_size(mixed: Any) -> Any:
    with np.errstate(invalid="ignore"):
        return mixed / abs(mixed)


def over_the_length(mixed: Any) -> Any:
    with np.errstate(invalid="ignore"):
        return mixed / np.sqrt(np.sum(mixed**2))


def of_signs(g: Any, m: Any, b1: float, b2: float) -> Any:
    return m * b2 + (1 - b2) * np.sign(m * b1 + g * (1 - b1))


def of_directions(
    g: Any, m: Any, p: Any, beta1: float, beta2: float, weight_decay: float
) -> Any:
    way = np.sign(m * beta1 + g * (1 - beta1)) + p * weight_decay
    return np.array([way, m * beta2 + way * (1 - beta2)])


def stepped(
    g: Any, m: Any, p: Any, beta1: float, beta2: float, weight_decay: float
) -> Any:
    way, kept = lion_in_one_line(g, m, p, beta1, beta2, weight_decay)
    return np.array([p - way, kept])


RIGHT: dict[str, list[Any]] = {
    "adaptive/lion_update": [lion_by_numbers, lion_from_torch, lion_in_one_line],
}
WRONG: list[tuple[str, Any, str]] = [
    ("adaptive/lion_update", answer, message)
    for answer, message in [
        (
            lion(mixed=lambda g, m, b1, b2: m * b2 + g * (1 - b2)),
            "the sign of the momentum that is kept",
        ),
        (
            lion(kept=lambda g, m, b1, b2: m * b1 + g * (1 - b1)),
            "You keep the mix whose sign you took",
        ),
        (
            lambda g, m, p, b1, b2, wd: lion_in_one_line(g, m, p, b2, b1, wd),
            "exchanged the two betas",
        ),
        (
            lion(mixed=lambda g, m, b1, b2: b1 * (b2 * m + g - b2 * g) + g - b1 * g),
            "You mix twice, one after the other",
        ),
        (
            lion(kept=lambda g, m, b1, b2: b2 * (b1 * m + g - b1 * g) + g - b2 * g),
            "is made from the mix of the direction",
        ),
        (lion(mixed=lambda g, m, b1, b2: g * 1), "of this gradient alone"),
        (lion(mixed=lambda g, m, b1, b2: m * 1), "the sign of the old momentum"),
        (lion(sign=lambda mixed: mixed), "is the mix itself"),
        (
            lion(sign=lambda mixed: 1 - 2.0 * (mixed < 0)),
            "moves the parameter. The sign",
        ),
        (
            lion(sign=lambda mixed: 2.0 * (mixed > 0) - 1),
            "moves the parameter, upwards",
        ),
        (lion(sign=over_its_size), "You divide the mix by its own size"),
        (lion(sign=over_the_length), "the length of the whole array"),
        (lion(shrink=lambda p, wd: 0), "The weight decay is missing"),
        (penalised, "as an L2 penalty does"),
        (decay_in_the_sign, "The decay stands inside the sign"),
        (lion(shrink=lambda p, wd: -p * wd), "makes parameters larger"),
        (lion(shrink=lambda p, wd: wd), "the same amount from every parameter"),
        (lion(shrink=lambda p, wd: wd * abs(p)), "Your decay moves negative"),
        (lion(shrink=lambda p, wd: p * 1.0), "Your decay ignores"),
        (lion(sign=lambda mixed: np.sign(0 - mixed)), "Your direction points downhill"),
        (
            lion(
                sign=lambda mixed: np.sign(0 - mixed), shrink=lambda p, wd: wd * (0 - p)
            ),
            "Both parts of your direction",
        ),
        (
            lion(kept=lambda g, m, b1, b2: g + m * b2),
            "Your momentum takes the whole gradient in",
        ),
        (
            lion(mixed=lambda g, m, b1, b2: g + m * b1),
            "The mix that you take the sign of has the whole",
        ),
        (
            lion(
                mixed=lambda g, m, b1, b2: g + m * b1,
                kept=lambda g, m, b1, b2: g + m * b2,
            ),
            "In both mixes the whole gradient",
        ),
        (
            lion(mixed=lambda g, m, b1, b2: g * b1 + m * (1 - b1)),
            "In the direction you have exchanged the two shares",
        ),
        (
            lion(kept=lambda g, m, b1, b2: g * b2 + m * (1 - b2)),
            "In the momentum you have exchanged the two shares",
        ),
        (
            lion(
                mixed=lambda g, m, b1, b2: g * b1 + m * (1 - b1),
                kept=lambda g, m, b1, b2: g * b2 + m * (1 - b2),
            ),
            "In both mixes you have exchanged the two shares",
        ),
        (lion(kept=of_signs), "averages the signs of the steps"),
        (of_directions, "Your momentum averages the directions"),
        (lion(kept=lambda g, m, b1, b2: 1 * m), "back as it came in"),
        (
            lambda *given: np.flip(lion_in_one_line(*given), axis=0),
            "exchanged the two entries",
        ),
        (lambda *given: lion_in_one_line(*given)[0], "That is the direction alone"),
        (lambda *given: lion_in_one_line(*given)[1], "the new momentum alone"),
        (stepped, "You make the step, at a rate of 1"),
        # Beyond the known mistakes:
        (lambda *given: tuple(lion_in_one_line(*given)), "a `tuple` instead of"),
        (
            lambda *given: np.concatenate(list(lion_in_one_line(*given))),
            "instead of (2, 1)",
        ),
        (lambda *given: 1.1 * lion_in_one_line(*given), "with another value"),
    ]
]
