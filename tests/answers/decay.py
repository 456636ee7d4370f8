"""Answers to the exercises of chapter 2, as learners write them.

In another style than the solutions and mistakes of ``lrlib.exercises.decay``.
"""

from typing import Any

RIGHT: dict[str, list[Any]] = {}

WRONG: list[tuple[str, Any, str]] = []
