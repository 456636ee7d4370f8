"""Answers to the exercises of chapter 4: one module for each lesson."""

from typing import Any

from tests.answers.warmup import (
    exponential_warmup,
    layers_not_time,
    ramps_and_holds,
    review,
    warmup_joined_to_decay,
    when_the_model_decides,
    why_start_small,
)

LESSONS = (
    why_start_small,
    ramps_and_holds,
    exponential_warmup,
    warmup_joined_to_decay,
    layers_not_time,
    when_the_model_decides,
    review,
)
RIGHT: dict[str, list[Any]] = {
    name: answers for lesson in LESSONS for name, answers in lesson.RIGHT.items()
}
WRONG: list[tuple[str, Any, str]] = [
    wrong for lesson in LESSONS for wrong in lesson.WRONG
]
