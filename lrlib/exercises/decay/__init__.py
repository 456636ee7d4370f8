"""Exercises of chapter 2, decay methods: one module for each page."""

from lrlib.exercises.decay import (
    cosine,
    feedback,
    restarts_and_cycles,
    review,
    slopes,
    stairs,
    why_decay_and_whose_clock,
    write_your_own,
)
from lrlib.exercises.engine import Exercise

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
EXERCISES: tuple[Exercise, ...] = tuple(
    exercise for lesson in LESSONS for exercise in lesson.EXERCISES
)
