"""A question with options, each with its own explanation; or a tree of decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lrlib.explorer.hosts import WORDS, Interactive, check_entries, check_text


@dataclass(frozen=True)
class Option:
    """One answer: its text, and what the learner reads after choosing it.

    Attributes:
        text: what can be chosen.
        explanation: in a question, why it is right or what it misses; in a decision,
            what follows from it.
        correct: whether it is the right answer of a question.
        then: the decision that it leads to, in a decision.
    """

    text: str
    explanation: str
    correct: bool = False
    then: Choice | None = None


class Choice(Interactive):
    """A question with options, answered in the browser.

    The learner picks an option and presses Check, so that moving through the options
    with the arrow keys gives nothing away; each option answers with its own
    explanation, and another try is always open.

    A decision has no right answer: each option says at once what follows from it, and
    may lead to the next decision, which appears below.

    Args:
        question: what is asked, in plain text.
        options: at least two ``Option``s, each with an explanation. Of a question
            exactly one is correct; of a decision none is.
        decision: whether it is a decision.

    Raises:
        TypeError: ``options`` is not a sequence of ``Option``s.
        ValueError: the options don't make an answerable question, or a decision has a
            right answer, or a question leads on.

    """

    def __init__(
        self, question: str, options: Sequence[Option], *, decision: bool = False
    ) -> None:
        check_text("question", question, "say what is asked")
        check_entries("options", options, Option)
        if len(options) < 2:
            raise ValueError(
                f"options has {len(options)} entries; a choice needs at least 2"
            )
        texts = [option.text for option in options]
        if len(set(texts)) != len(texts):
            raise ValueError(f"options repeat a text: {texts}; make each one different")
        for option in options:
            if not option.text.strip():
                raise ValueError("options has an entry without text; say what it is")
            if not option.explanation.strip():
                raise ValueError(
                    f"option {option.text!r} has no explanation; say why it is right "
                    "or what it misses"
                )
        (_check_decision if decision else _check_question)(options)
        self._start = []
        self._summary = f"Choice: {question} | " + " | ".join(texts)
        self._tree: dict[str, Any] = {
            "question": question,
            "decision": decision,
            "options": [_entry(option) for option in options],
        }
        self._state = {"kind": "choice", **self._tree, "words": WORDS}

    @property
    def tree(self) -> dict[str, Any]:
        """The question and its options, with the decisions that they lead to."""
        return self._tree


def _check_question(options: Sequence[Option]) -> None:
    correct = [option.text for option in options if option.correct]
    if len(correct) != 1:
        raise ValueError(
            f"options has {len(correct)} correct entries {correct}; mark exactly "
            "one with correct=True, or pass decision=True"
        )
    for option in options:
        if option.then is not None:
            raise ValueError(
                f"option {option.text!r} leads on, in a question with a right answer; "
                "pass decision=True, or leave out `then`"
            )


def _check_decision(options: Sequence[Option]) -> None:
    for option in options:
        if option.correct:
            raise ValueError(
                f"option {option.text!r} is correct, in a decision; a decision has no "
                "right answer"
            )
        if option.then is None:
            continue
        if not isinstance(option.then, Choice) or not option.then.tree["decision"]:
            raise ValueError(
                f"option {option.text!r} leads to {option.then!r}; give a Choice with "
                "decision=True"
            )


def _entry(option: Option) -> dict[str, Any]:
    entry: dict[str, Any] = {"text": option.text, "explanation": option.explanation}
    if option.then is not None:
        return {**entry, "then": option.then.tree}
    return {**entry, "correct": option.correct}
