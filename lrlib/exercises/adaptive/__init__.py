"""Exercises of chapter 3: a module for each lesson, and one for the review."""

from lrlib.exercises.adaptive import (
    adagrad,
    adam,
    adam_and_the_schedule,
    epsilon_and_weight_decay,
    review,
    rmsprop,
    three_things_called_adaptive,
)
from lrlib.exercises.engine import Exercise

LESSONS = (
    three_things_called_adaptive,
    adagrad,
    rmsprop,
    adam,
    epsilon_and_weight_decay,
    adam_and_the_schedule,
    review,
)
EXERCISES: tuple[Exercise, ...] = tuple(
    exercise for lesson in LESSONS for exercise in lesson.EXERCISES
)
