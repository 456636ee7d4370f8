"""A question with options, where each wrong option has its own explanation."""

from collections.abc import Sequence
from dataclasses import dataclass

from lrlib.explorer.hosts import WORDS, Interactive, check_entries


@dataclass(frozen=True)
class Option:
    """One answer: its text, and what the learner reads after choosing it."""

    text: str
    explanation: str
    correct: bool = False


class Choice(Interactive):
    """A question with options, answered in the browser.

    The learner picks an option and presses Check, so that moving through the options
    with the arrow keys gives nothing away; each option answers with its own
    explanation, and another try is always open.

    Args:
        question: what is asked, in plain text.
        options: at least two ``Option``s, exactly one of them correct, each with an
            explanation.

    Raises:
        TypeError: ``options`` is not a sequence of ``Option``s.
        ValueError: the options don't make an answerable question.

    """

    def __init__(self, question: str, options: Sequence[Option]) -> None:
        if not question.strip():
            raise ValueError("question is empty; say what is asked")
        check_entries("options", options, Option)
        if len(options) < 2:
            raise ValueError(
                f"options has {len(options)} entries; a choice needs at least 2"
            )
        texts = [option.text for option in options]
        if len(set(texts)) != len(texts):
            raise ValueError(f"options repeat a text: {texts}; make each one different")
        correct = [option.text for option in options if option.correct]
        if len(correct) != 1:
            raise ValueError(
                f"options has {len(correct)} correct entries {correct}; mark exactly "
                "one with correct=True"
            )
        for option in options:
            if not option.text.strip():
                raise ValueError("options has an entry without text; say what it is")
            if not option.explanation.strip():
                raise ValueError(
                    f"option {option.text!r} has no explanation; say why it is right "
                    "or what it misses"
                )
        self._start = []
        self._summary = f"Choice: {question} | " + " | ".join(texts)
        self._state = {
            "kind": "choice",
            "question": question,
            "options": [
                {
                    "text": option.text,
                    "explanation": option.explanation,
                    "correct": option.correct,
                }
                for option in options
            ],
            "words": WORDS,
        }
