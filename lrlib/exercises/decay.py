"""Exercises of chapter 2: at which update a rate falls, how far, and in whose clock."""

# Solutions are shown to learners, who write no types and paste them as they are.
# mypy: disallow-untyped-defs=False

from __future__ import annotations

from lrlib.exercises.engine import Exercise

EXERCISES: tuple[Exercise, ...] = ()
