"""Learners' answers to the lesson data-batch-and-width."""

import math
from typing import Any

import numpy as np

# A new batch size -------------------------------------------------------------------


def scaled_by_powers(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    power = {"sgd": 1.0, "adam": 0.5}[optimizer]
    new = lr * (new_batch / batch) ** power
    if new >= limit:
        return -1.0
    return new


def scaled_by_doublings(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> Any:
    doublings = np.log2(new_batch) - np.log2(batch)
    rate = lr * 2 ** (doublings if optimizer == "sgd" else doublings / 2)
    return np.where(rate < limit * (1 - 1e-9), rate, -1.0)


def linear_for_both(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    new = new_batch * lr / batch
    return new if new < limit else -1


def root_for_both(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    new = lr * math.sqrt(new_batch / batch)
    return new if new < limit else -1


def rules_swapped(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    ratio = new_batch / batch
    new = lr * ratio if optimizer == "adam" else lr * math.sqrt(ratio)
    return new if new < limit else -1


def upside_down(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    ratio = batch / new_batch
    new = lr * ratio if optimizer == "sgd" else lr * math.sqrt(ratio)
    return -1 if new >= limit else new


def squared_for_adam(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    ratio = new_batch / batch
    new = lr * ratio if optimizer == "sgd" else lr * ratio * ratio
    return -1 if new >= limit else new


def unchanged(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    return lr


def adam_unchanged(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    new = lr * new_batch / batch if optimizer == "sgd" else lr
    return -1 if new >= limit else new


def only_upwards(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    if new_batch < batch:
        return lr
    return scaled_by_powers(lr, batch, new_batch, optimizer, limit)


def from_one_example(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    new = lr * new_batch if optimizer == "sgd" else lr * math.sqrt(new_batch)
    return new if new < limit else -1


def whole_ratio(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    ratio = new_batch // batch
    new = lr * ratio if optimizer == "sgd" else lr * math.sqrt(ratio)
    return new if new < limit else -1


def root_of_everything(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    new = lr * new_batch / batch
    if optimizer == "adam":
        new = math.sqrt(new)
    return new if new < limit else -1


def without_limit(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    return scaled_by_powers(lr, batch, new_batch, optimizer, math.inf)


def limit_included(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    new = without_limit(lr, batch, new_batch, optimizer, limit)
    return -1 if new > limit else new


def clipped(lr: float, batch: int, new_batch: int, optimizer: str, limit: float) -> Any:
    return np.clip(without_limit(lr, batch, new_batch, optimizer, limit), 0, limit)


def back_to_the_old(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    new = without_limit(lr, batch, new_batch, optimizer, limit)
    return new if new < limit else lr


def old_below_the_limit(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    if lr < limit:
        return without_limit(lr, batch, new_batch, optimizer, limit)
    return -1


def zero_beyond(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    new = without_limit(lr, batch, new_batch, optimizer, limit)
    return new * (new < limit)


def root_beyond(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    for rule in (optimizer, "adam"):
        new = without_limit(lr, batch, new_batch, rule, limit)
        if new < limit:
            return new
    return -1


def limit_for_sgd(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    if optimizer == "adam":
        return lr * math.sqrt(new_batch / batch)
    return linear_for_both(lr, batch, new_batch, optimizer, limit)


def factor_alone(
    lr: float, batch: int, new_batch: int, optimizer: str, limit: float
) -> float:
    new = without_limit(lr, batch, new_batch, optimizer, limit)
    return new / lr if new < limit else -1


# A wider network --------------------------------------------------------------------

Shape = tuple[int, ...]


def mup_by_last_axis(lr: float, base_shape: Shape, shape: Shape) -> float:
    inputs = [s[1] if len(s) > 1 else 1 for s in (base_shape, shape)]
    return lr * inputs[0] / inputs[1]


def mup_by_unpacking(lr: float, base_shape: Shape, shape: Shape) -> float:
    try:
        _, before = base_shape
        _, now = shape
    except ValueError:
        return lr
    return lr / (now / before)


def standard(lr: float, base_shape: Shape, shape: Shape) -> float:
    return lr


def by_outputs(lr: float, base_shape: Shape, shape: Shape) -> float:
    return lr / shape[0] * base_shape[0]


def weights_by_outputs(lr: float, base_shape: Shape, shape: Shape) -> float:
    if len(shape) == 2:
        return lr * base_shape[0] / shape[0]
    return lr


def biases_too(lr: float, base_shape: Shape, shape: Shape) -> float:
    return lr * base_shape[-1] / shape[-1]


def all_by_width(lr: float, base_shape: Shape, shape: Shape) -> float:
    return lr / (max(shape) / max(base_shape))


def weights_by_larger(lr: float, base_shape: Shape, shape: Shape) -> float:
    if len(shape) == 1:
        return lr
    return lr * sorted(base_shape)[-1] / sorted(shape)[-1]


def from_64(lr: float, base_shape: Shape, shape: Shape) -> float:
    return lr / (shape[1] / 64) if len(shape) == 2 else lr


def raised(lr: float, base_shape: Shape, shape: Shape) -> float:
    return lr * shape[1] / base_shape[1] if len(shape) == 2 else lr


def root_of_width(lr: float, base_shape: Shape, shape: Shape) -> float:
    return lr * math.sqrt(base_shape[1] / shape[1]) if len(shape) == 2 else lr


def squared(lr: float, base_shape: Shape, shape: Shape) -> float:
    if len(shape) == 1:
        return lr
    ratio = base_shape[1] / shape[1]
    return lr * ratio * ratio


def by_size(lr: float, base_shape: Shape, shape: Shape) -> float:
    if len(shape) == 1:
        return lr
    return lr * math.prod(base_shape) / math.prod(shape)


def square_ones(lr: float, base_shape: Shape, shape: Shape) -> float:
    if len(shape) == 2 and shape[0] == shape[1]:
        return lr * base_shape[1] / shape[1]
    return lr


def output_left_out(lr: float, base_shape: Shape, shape: Shape) -> float:
    if len(shape) == 1 or shape[0] == base_shape[0]:
        return lr
    return lr * base_shape[1] / shape[1]


def without_base(lr: float, base_shape: Shape, shape: Shape) -> float:
    return lr / shape[1] if len(shape) == 2 else lr


def never_raised(lr: float, base_shape: Shape, shape: Shape) -> float:
    return min(lr, mup_by_last_axis(lr, base_shape, shape))


def whole_width(lr: float, base_shape: Shape, shape: Shape) -> float:
    return lr * (base_shape[1] // shape[1]) if len(shape) == 2 else lr


def mup_factor(lr: float, base_shape: Shape, shape: Shape) -> float:
    return base_shape[1] / shape[1] if len(shape) == 2 else 1.0


def biases_frozen(lr: float, base_shape: Shape, shape: Shape) -> float:
    return lr * base_shape[1] / shape[1] if len(shape) == 2 else 0


RIGHT: dict[str, list[Any]] = {
    "practice/scaled_lr": [scaled_by_powers, scaled_by_doublings],
    "practice/rare_class": [4, 4.0, np.int64(4)],
    "practice/mup_lr": [mup_by_last_axis, mup_by_unpacking],
}
WRONG: list[tuple[str, Any, str]] = [
    ("practice/scaled_lr", linear_for_both, "You scale linearly for Adam, too"),
    ("practice/scaled_lr", root_for_both, "You take the root for SGD, too"),
    ("practice/scaled_lr", rules_swapped, "The two rules have changed places"),
    ("practice/scaled_lr", upside_down, "lowers the rate for a larger batch"),
    ("practice/scaled_lr", squared_for_adam, "the square in place of the root"),
    ("practice/scaled_lr", unchanged, "the old one at every batch size"),
    ("practice/scaled_lr", adam_unchanged, "For Adam you keep the rate as it is"),
    ("practice/scaled_lr", only_upwards, "Yours never lowers a rate"),
    ("practice/scaled_lr", from_one_example, "`batch` takes no part"),
    ("practice/scaled_lr", whole_ratio, "You divide the batch sizes with `//`"),
    ("practice/scaled_lr", root_of_everything, "the root of the scaled rate"),
    ("practice/scaled_lr", without_limit, "You scale beyond `limit`"),
    ("practice/scaled_lr", limit_included, "a rate that equals `limit`"),
    ("practice/scaled_lr", clipped, "you hand back the limit, at which"),
    ("practice/scaled_lr", back_to_the_old, "you hand back the old rate"),
    ("practice/scaled_lr", old_below_the_limit, "You scale beyond `limit`"),
    ("practice/scaled_lr", zero_beyond, "a rate at which nothing learns"),
    ("practice/scaled_lr", root_beyond, "Where SGD's rule ends you change to"),
    ("practice/scaled_lr", limit_for_sgd, "For Adam you don't look at `limit`"),
    ("practice/scaled_lr", factor_alone, "That is the factor"),
    ("practice/rare_class", 1, "A lower rate gets to the rare class later"),
    ("practice/rare_class", 2, "comes to the same place, as the experiment"),
    ("practice/rare_class", 3.0, "A larger rate gets to the same place sooner"),
    ("practice/rare_class", 5, "A model that never says fraud"),
    ("practice/rare_class", np.int64(6), "in the same proportion"),
    ("practice/rare_class", 0.02, "That is a probability"),
    ("practice/rare_class", 0, "The list begins at 1"),
    ("practice/mup_lr", standard, "That is standard parametrisation"),
    ("practice/mup_lr", by_outputs, "You go by the outputs, the first number"),
    ("practice/mup_lr", weights_by_outputs, "PyTorch writes the inputs last"),
    ("practice/mup_lr", biases_too, "You lower the rate of the biases, too"),
    ("practice/mup_lr", all_by_width, "the rate of all tensors by the width"),
    ("practice/mup_lr", weights_by_larger, "the larger number of each shape"),
    ("practice/mup_lr", from_64, "You wrote 64 for the small network"),
    ("practice/mup_lr", raised, "Yours raises the rate of a wider network"),
    ("practice/mup_lr", root_of_width, "You take the root of the ratio"),
    ("practice/mup_lr", squared, "You square the ratio"),
    ("practice/mup_lr", by_size, "You go by the number of weights"),
    ("practice/mup_lr", square_ones, "You scale square matrices only"),
    ("practice/mup_lr", output_left_out, "leave out tensors whose outputs stay"),
    ("practice/mup_lr", without_base, "the inputs of the wide network alone"),
    ("practice/mup_lr", never_raised, "Yours never raises a rate"),
    ("practice/mup_lr", whole_width, "at any larger width the rate becomes 0"),
    ("practice/mup_lr", mup_factor, "That is the factor"),
    ("practice/mup_lr", biases_frozen, "Your biases have the rate 0"),
]
