"""Exercises of chapter 4, warmup: a module for each lesson and the review."""

from lrlib.exercises.engine import Exercise
from lrlib.exercises.warmup import (
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
EXERCISES: tuple[Exercise, ...] = tuple(
    exercise for lesson in LESSONS for exercise in lesson.EXERCISES
)
