"""Answers to the exercises of chapter 5: one module for each lesson."""

from typing import Any

from tests.answers.practice import (
    a_run_you_can_trust,
    comparing_schedules,
    data_batch_and_width,
    fine_tuning,
    gradient_clipping,
    range_test,
    review,
    todays_schedules,
)

LESSONS = (
    range_test,
    comparing_schedules,
    gradient_clipping,
    fine_tuning,
    data_batch_and_width,
    todays_schedules,
    a_run_you_can_trust,
    review,
)
RIGHT: dict[str, list[Any]] = {
    name: answers for lesson in LESSONS for name, answers in lesson.RIGHT.items()
}
WRONG: list[tuple[str, Any, str]] = [
    wrong for lesson in LESSONS for wrong in lesson.WRONG
]
