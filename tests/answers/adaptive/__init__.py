"""Answers to the exercises of chapter 3: a module a lesson, and the review's."""

from typing import Any

from tests.answers.adaptive import (
    adagrad,
    adam,
    adam_and_the_schedule,
    epsilon_and_weight_decay,
    review,
    rmsprop,
    three_things_called_adaptive,
)

LESSONS = (
    three_things_called_adaptive,
    adagrad,
    rmsprop,
    adam,
    epsilon_and_weight_decay,
    adam_and_the_schedule,
    review,
)
RIGHT: dict[str, list[Any]] = {
    name: answers for lesson in LESSONS for name, answers in lesson.RIGHT.items()
}
WRONG: list[tuple[str, Any, str]] = [
    wrong for lesson in LESSONS for wrong in lesson.WRONG
]
