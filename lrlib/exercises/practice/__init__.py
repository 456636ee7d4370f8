"""Exercises of chapter 5, best practices: one module for each lesson."""

from lrlib.exercises.engine import Exercise
from lrlib.exercises.practice import (
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
EXERCISES: tuple[Exercise, ...] = tuple(
    exercise for lesson in LESSONS for exercise in lesson.EXERCISES
)
