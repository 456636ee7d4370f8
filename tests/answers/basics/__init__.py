"""Answers to the exercises of chapter 1: a module for each lesson and the review."""

from typing import Any

from tests.answers.basics import (
    one_multiplication,
    reading_loss_curves,
    review,
    the_noise_floor,
    too_small_oscillating_exploding,
    what_a_schedule_cannot_promise,
    who_has_a_learning_rate,
)

LESSONS = (
    one_multiplication,
    who_has_a_learning_rate,
    too_small_oscillating_exploding,
    the_noise_floor,
    reading_loss_curves,
    what_a_schedule_cannot_promise,
    review,
)
RIGHT: dict[str, list[Any]] = {
    name: answers for lesson in LESSONS for name, answers in lesson.RIGHT.items()
}
WRONG: list[tuple[str, Any, str]] = [
    wrong for lesson in LESSONS for wrong in lesson.WRONG
]
