"""Exercises of chapter 1, basics: a module for each lesson and the review."""

from lrlib.exercises.basics import (
    one_multiplication,
    reading_loss_curves,
    review,
    the_noise_floor,
    too_small_oscillating_exploding,
    what_a_schedule_cannot_promise,
    who_has_a_learning_rate,
)
from lrlib.exercises.engine import Exercise

LESSONS = (
    one_multiplication,
    who_has_a_learning_rate,
    too_small_oscillating_exploding,
    the_noise_floor,
    reading_loss_curves,
    what_a_schedule_cannot_promise,
    review,
)
EXERCISES: tuple[Exercise, ...] = tuple(
    exercise for lesson in LESSONS for exercise in lesson.EXERCISES
)
