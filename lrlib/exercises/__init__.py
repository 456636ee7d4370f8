"""Exercises that answer: ``check``, ``hint``, ``solution``, ``progress``.

    check("basics/sgd_step", sgd_step)

Everything stays in this Python session: nothing is stored, nothing is sent.
"""

from __future__ import annotations

import difflib
from collections import Counter
from typing import Any

from lrlib.exercises import adaptive, basics, decay, practice, warmup
from lrlib.exercises.engine import (
    Exercise,
    Failed,
    LearnerError,
    Mistake,
    NotAttempted,
    Note,
    Outcome,
    Passed,
    Stopped,
    judge,
)

__all__ = [
    "EXERCISES",
    "Exercise",
    "Failed",
    "LearnerError",
    "Mistake",
    "NotAttempted",
    "Note",
    "Outcome",
    "Passed",
    "Stopped",
    "check",
    "find",
    "hint",
    "progress",
    "solution",
]

EXERCISES: dict[str, Exercise] = {
    exercise.name: exercise
    for chapter in (basics, decay, adaptive, warmup, practice)
    for exercise in chapter.EXERCISES
}

_passed: set[str] = set()
_hints_given: Counter[str] = Counter()


def find(name: str) -> Exercise:
    """The exercise called ``name``; ValueError with the nearest name otherwise."""
    if not isinstance(name, str):
        raise TypeError(
            f"name is {name!r}; give the exercise's name as text first, "
            'for example check("basics/sgd_step", sgd_step)'
        )
    if name not in EXERCISES:
        nearest = difflib.get_close_matches(name, EXERCISES, n=1, cutoff=0.0)[0]
        raise ValueError(f"there is no exercise {name!r}; did you mean {nearest!r}?")
    return EXERCISES[name]


def check(name: str, answer: Any, *, seconds: float = 5.0) -> Outcome:
    """Judge ``answer`` (a function or a value) to the exercise called ``name``.

    Returns an outcome that shows itself as the last line of a cell: not attempted,
    passed, failed with a message, the answer's own error, or stopped because it
    took longer than ``seconds``. Numbers are right within a relative 1e-6.
    """
    outcome = judge(find(name), answer, seconds=seconds)
    if isinstance(outcome, Passed):
        _passed.add(name)
    return outcome


def hint(name: str) -> Note:
    """The next hint for the exercise called ``name``; after the last, the last."""
    hints = find(name).hints
    number = min(_hints_given[name] + 1, len(hints))
    _hints_given[name] = number
    end = (
        f' That was the last one: `solution("{name}")`.' if number == len(hints) else ""
    )
    return Note(f"Hint {number} of {len(hints)}: {hints[number - 1]}{end}")


def solution(name: str) -> Note:
    """The source of the function that answers to ``name`` are compared with."""
    return Note(f"```python\n{find(name).source}\n```")


def progress() -> Note:
    """Which exercises were passed since Python was started."""
    lines = [
        f"- {'✓ passed' if name in _passed else '· open'}: `{name}`"
        for name in EXERCISES
    ]
    return Note(
        f"{len(_passed)} of {len(EXERCISES)} exercises passed in this session.\n\n"
        + "\n".join(lines)
    )
