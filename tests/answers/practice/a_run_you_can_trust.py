"""Learners' answers to lesson 5.7, A run you can trust."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.optim import SGD
from torch.optim.lr_scheduler import LinearLR

# Going on -------------------------------------------------------------------------


def build(lr: float, start: float) -> tuple[SGD, LinearLR]:
    optimizer = SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    return optimizer, LinearLR(optimizer, start, 1.0, 8)


def go(optimizer: SGD, scheduler: LinearLR, count: int) -> np.ndarray:
    rates = np.empty(count)
    for k in range(count):
        (rates[k],) = scheduler.get_last_lr()
        # What trains is the optimizer's rate, whatever the scheduler remembers.
        rates[k] = optimizer.param_groups[0]["lr"]
        optimizer.step()
        scheduler.step()
    return rates


def stopped(lr: float, start: float, stop: int) -> tuple[Any, Any]:
    optimizer, scheduler = build(lr, start)
    go(optimizer, scheduler, stop)
    return optimizer.state_dict(), scheduler.state_dict()


def scheduler_first(lr: float, start: float, stop: int, updates: int) -> Any:
    of_optimizer, of_scheduler = stopped(lr, start, stop)
    optimizer, scheduler = build(lr, start)
    scheduler.load_state_dict(of_scheduler)
    optimizer.load_state_dict(of_optimizer)
    return go(optimizer, scheduler, updates)


def rate_by_hand(lr: float, start: float, stop: int, updates: int) -> Any:
    _, of_scheduler = stopped(lr, start, stop)
    optimizer, scheduler = build(lr, start)
    scheduler.load_state_dict(of_scheduler)
    for group, rate in zip(
        optimizer.param_groups, scheduler.get_last_lr(), strict=True
    ):
        group["lr"] = rate
    return go(optimizer, scheduler, updates)


def optimizer_loaded_again(lr: float, start: float, stop: int, updates: int) -> Any:
    of_optimizer, of_scheduler = stopped(lr, start, stop)
    optimizer, _ = build(lr, start)
    optimizer.load_state_dict(of_optimizer)
    scheduler = LinearLR(optimizer, start, 1.0, 8)
    scheduler.load_state_dict(of_scheduler)
    optimizer.load_state_dict(of_optimizer)
    return go(optimizer, scheduler, updates)


def by_formula(lr: float, start: float, stop: int, updates: int) -> Any:
    t = np.minimum(np.arange(stop, stop + updates), 8)
    return lr * (start + (1 - start) * t / 8)


def forgot_everything(lr: float, start: float, stop: int, updates: int) -> Any:
    return go(*build(lr, start), updates)


def built_again_after_loading(lr: float, start: float, stop: int, updates: int) -> Any:
    states = stopped(lr, start, stop)
    optimizer, scheduler = build(lr, start)
    optimizer.load_state_dict(states[0])
    scheduler.load_state_dict(states[1])
    return go(*build(lr, start), updates)


def only_the_scheduler(lr: float, start: float, stop: int, updates: int) -> Any:
    optimizer, scheduler = build(lr, start)
    scheduler.load_state_dict(stopped(lr, start, stop)[1])
    return go(optimizer, scheduler, updates)


def only_the_optimizer(lr: float, start: float, stop: int, updates: int) -> Any:
    optimizer, scheduler = build(lr, start)
    optimizer.load_state_dict(stopped(lr, start, stop)[0])
    return go(optimizer, scheduler, updates)


def scheduler_made_late(lr: float, start: float, stop: int, updates: int) -> Any:
    of_optimizer, of_scheduler = stopped(lr, start, stop)
    optimizer = SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    optimizer.load_state_dict(of_optimizer)
    scheduler = LinearLR(optimizer, start, 1.0, 8)
    scheduler.load_state_dict(of_scheduler)
    return go(optimizer, scheduler, updates)


def late_and_new(lr: float, start: float, stop: int, updates: int) -> Any:
    optimizer = SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    optimizer.load_state_dict(stopped(lr, start, stop)[0])
    return go(optimizer, LinearLR(optimizer, start, 1.0, 8), updates)


def one_step_more(lr: float, start: float, stop: int, updates: int) -> Any:
    states = stopped(lr, start, stop)
    optimizer, scheduler = build(lr, start)
    optimizer.load_state_dict(states[0])
    scheduler.load_state_dict(states[1])
    optimizer.step()
    scheduler.step()
    return go(optimizer, scheduler, updates)


def wound_on_twice(lr: float, start: float, stop: int, updates: int) -> Any:
    states = stopped(lr, start, stop)
    optimizer, scheduler = build(lr, start)
    optimizer.load_state_dict(states[0])
    scheduler.load_state_dict(states[1])
    return go(optimizer, scheduler, stop + updates)[stop:]


def last_epoch_given(lr: float, start: float, stop: int, updates: int) -> Any:
    optimizer = SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    optimizer.load_state_dict(stopped(lr, start, stop)[0])
    scheduler = LinearLR(optimizer, start, 1.0, 8, last_epoch=stop)
    return go(optimizer, scheduler, updates)


def minus_one(lr: float, start: float, stop: int, updates: int) -> Any:
    optimizer = SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    optimizer.load_state_dict(stopped(lr, start, stop)[0])
    scheduler = LinearLR(optimizer, start, 1.0, 8, last_epoch=stop - 1)
    return go(optimizer, scheduler, updates)


def new_one_wound_on(lr: float, start: float, stop: int, updates: int) -> Any:
    optimizer, scheduler = build(lr, start)
    optimizer.load_state_dict(stopped(lr, start, stop)[0])
    for _ in range(stop):
        optimizer.step()
        scheduler.step()
    return go(optimizer, scheduler, updates)


def one_step_less(lr: float, start: float, stop: int, updates: int) -> Any:
    states = stopped(lr, start, stop - 1 if stop else 0)
    optimizer, scheduler = build(lr, start)
    optimizer.load_state_dict(states[0])
    scheduler.load_state_dict(states[1])
    return go(optimizer, scheduler, updates)


# Five faults ----------------------------------------------------------------------


def by_match(fault: str) -> int:
    match fault:
        case "unit":
            return 9
        case "order":
            return 15
        case "double step":
            return 18
        case "mode":
            return 19
    return 5


def by_place(fault: str) -> Any:
    words = ["group", "unit", "order", "double step", "mode"]
    return np.array([5, 9, 15, 18, 19])[words.index(fault)]


def guess(
    unit: int = 9, order: int = 15, double: int = 18, mode: int = 19, group: int = 5
) -> Callable[[str], int]:
    def faulty_line(fault: str) -> int:
        if fault == "unit":
            return unit
        if fault == "order":
            return order
        if fault == "double step":
            return double
        return mode if fault == "mode" else group

    return faulty_line


RIGHT: dict[str, list[Any]] = {
    "practice/resumed_rates": [
        scheduler_first,
        rate_by_hand,
        optimizer_loaded_again,
        by_formula,
    ],
    "practice/faulty_line": [by_match, by_place],
}

WRONG: list[tuple[str, Any, str]] = [
    ("practice/resumed_rates", answer, message)
    for answer, message in (
        (forgot_everything, "knows neither state"),
        (built_again_after_loading, "objects that were built again afterwards"),
        (only_the_scheduler, "The clock is right, the rate is not"),
        (only_the_optimizer, "climbs above `lr`"),
        (scheduler_made_late, "All your rates are too small by the factor"),
        (late_and_new, "never loaded itself"),
        (one_step_more, "You begin one update late"),
        (wound_on_twice, "a second time"),
        (last_epoch_given, "its count is one too far"),
        (minus_one, "Right for every `stop` but 0"),
        (new_one_wound_on, "You wind a new scheduler on"),
        (one_step_less, "You begin one update early"),
    )
] + [
    ("practice/faulty_line", answer, message)
    for answer, message in (
        (guess(unit=17), "Which number does not fit to that"),
        (guess(unit=10), "a loop over epochs runs"),
        (guess(unit=18), "A line that steps counts nothing wrong"),
        (guess(double=17), "The other is too many"),
        (guess(unit=17, double=17), "You want the schedule to count epochs"),
        (guess(order=14), "Then something happens to them"),
        (guess(order=16), "what is in the gradients by then"),
        (guess(order=17), "Look at the gradients"),
        (guess(mode=11), "dropout belongs to it"),
        (guess(mode=20), "It does not switch dropout off"),
        (guess(mode=21), "that line judges"),
        (guess(group=2), "the list that begins there"),
        (guess(group=4), "the body is there as a whole"),
        (guess(group=1), "hands them to the optimizer"),
        (guess(8, 14, 17, 18, 4), "You count lines from 0"),
    )
]
