"""Answers to the exercises of chapter 2: one module for each page."""

from typing import Any

from tests.answers.decay import (
    cosine,
    feedback,
    restarts_and_cycles,
    review,
    slopes,
    stairs,
    why_decay_and_whose_clock,
    write_your_own,
)

LESSONS = (
    why_decay_and_whose_clock,
    stairs,
    slopes,
    cosine,
    restarts_and_cycles,
    feedback,
    write_your_own,
    review,
)
RIGHT: dict[str, list[Any]] = {
    name: answers for lesson in LESSONS for name, answers in lesson.RIGHT.items()
}
WRONG: list[tuple[str, Any, str]] = [
    wrong for lesson in LESSONS for wrong in lesson.WRONG
]
