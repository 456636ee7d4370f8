"""How an answer is judged: exercises, the mistakes they know, and the outcomes.

An exercise is data. Its answer is a function (or a value, treated as a function
of no arguments) that is run on every case and compared with the solution. A wrong
answer is then compared with the exercise's known mistakes, run on the same cases:
the one that gives the same results says what happened. Where the answer raised an
error or divided by 0 on a few cases, the others tell which mistake it is.
"""

from __future__ import annotations

import contextlib
import copy
import ctypes
import functools
import inspect
import io
import itertools
import linecache
import re
import reprlib
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from textwrap import dedent
from types import FunctionType
from typing import Any, ClassVar, Literal

import numpy as np

from lrlib.arguments import positive
from lrlib.exercises.session import names_as_found, session_as_found

RELATIVE_TOLERANCE = 1e-6
ABSOLUTE_TOLERANCE = 1e-12  # only matters where the right value is 0
CLOSE = 0.01  # a relative difference that is worth a word of its own
PRINTED_CHARACTERS = 2000  # of the learner's own prints, so that a loop can't flood
ERROR_CHARACTERS = 500  # of what the learner's exception says
MOST_NUMBERS = 10**7  # in an array that is looked at
DEEPEST = 8  # lists in lists that are looked at
INTERRUPT_TRIES = 200


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people give, and what to tell them about it.

    ``answer`` is a function with the solution's arguments that makes the mistake;
    ``message`` says what happened, in Markdown, without giving the answer away.
    """

    answer: Callable[..., Any]
    message: str


@dataclass(frozen=True, eq=False)  # an exercise is itself: _known remembers it
class Exercise:
    """One exercise: what the learner reads, and everything needed to judge it.

    The last part of ``name`` ("basics/sgd_step") is what the learner's function or
    variable is called. ``text`` is the Markdown cell of the lesson, ``starter`` the
    code below it; ``solution`` is the function whose source is shown and against
    which answers are compared, on ``cases``: one tuple of arguments each. It returns
    a number, a NumPy array or a word. An exercise that ``asks_for`` a value has a
    solution without arguments.
    """

    name: str
    text: str
    starter: str
    hints: tuple[str, ...]
    solution: Callable[..., Any]
    mistakes: tuple[Mistake, ...]
    cases: tuple[tuple[Any, ...], ...] = ((),)
    asks_for: Literal["function", "value"] = "function"

    @property
    def answer_name(self) -> str:
        return self.name.rpartition("/")[2]

    @property
    def cell(self) -> str:
        """The code cell of the lesson: the starter, and the line that checks it."""
        gap = "\n\n\n" if self.asks_for == "function" else "\n\n"
        return f'{self.starter}{gap}check("{self.name}", {self.answer_name})'

    @property
    def source(self) -> str:
        """The solution as a learner pastes it: a value is an assignment."""
        code = inspect.getsource(self.solution).rstrip()
        if self.asks_for == "function":
            return code
        body = dedent(code.partition("\n")[2])
        return re.sub(r"^return ", f"{self.answer_name} = ", body, flags=re.MULTILINE)


@dataclass(frozen=True)
class Note:
    """Text that shows itself: Markdown in a notebook, the same words in a terminal."""

    message: str
    title: ClassVar[str] = ""

    @property
    def markdown(self) -> str:
        return f"**{self.title}** {self.message}" if self.title else self.message

    def __repr__(self) -> str:
        return f"{self.title} {self.message}" if self.title else self.message

    def _repr_markdown_(self) -> str:
        return self.markdown


class Outcome(Note):
    """What came of checking an answer. The sign and the word say it, no colour."""


class NotAttempted(Outcome):
    """The starter's ``...`` is still there."""

    title = "… Not attempted."


class Passed(Outcome):
    """Right on every case."""

    title = "✓ Passed."


class Failed(Outcome):
    """Wrong, with what happened."""

    title = "✗ Not yet."


class LearnerError(Outcome):
    """The answer's own exception, with its line."""

    title = "! Your code raised an error."


class Stopped(Outcome):
    """Not finished in time."""

    title = "◷ Stopped."


class _OutOfTime(BaseException):
    """Ends the learner's code. Not an Exception, so ``except Exception`` lets it by."""


@dataclass(frozen=True)
class _Result:
    """What one call gave: a value or an error, and the argument that it changed.

    The value is a plain one, and what the error says is known: nothing of the learner's
    is called any more when they are looked at.
    """

    value: Any = None
    error: BaseException | None = None
    said: str = ""
    changed: int | None = None
    printed: bool = False


@dataclass(frozen=True)
class _Other:
    """In the place of a value that can be no answer; all that counts is its kind."""

    kind: str


def judge(exercise: Exercise, answer: Any, *, seconds: float = 5.0) -> Outcome:
    """Run ``answer`` on every case of ``exercise`` and say what came of it.

    ``seconds`` bounds the whole run; an answer that takes longer is interrupted.
    Whatever the answer does, an outcome comes back, and ``session_as_found`` says what
    is as it was before. Two things can't be had: a single call into compiled code
    can't be interrupted, nor can a loop around an ``except:`` around a loop, and a call
    that doesn't let other threads run, such as ``sum(range(10**12))``, isn't even
    timed; and a thread that goes on after its time, or that the answer started, may
    change things later.
    """
    seconds = positive("seconds", seconds)
    if answer is ...:
        return _not_attempted(exercise)
    if (refusal := _refuse(exercise, answer)) is not None:
        return Failed(refusal)
    function = answer if exercise.asks_for == "function" else lambda: answer
    _complete_torch()

    printed, complained = _Printed(), _Printed()
    # Here and not in the thread: output must come back even if the thread never ends.
    with (
        session_as_found(),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(complained),
    ):
        results, stopped = _run_within(
            seconds, lambda: _run(function, exercise.cases, printed)
        )
    print(printed.kept, end="")
    print(complained.kept, end="", file=sys.stderr)
    if results is None:
        return Stopped(f"`{exercise.answer_name}` {stopped}")
    with np.errstate(all="ignore"):  # a learner may have set it to raise errors
        return _compare(exercise, answer, results)


def _complete_torch() -> None:
    """Load what torch leaves until the first optimizer, if it is loaded at all.

    On a busy machine that takes as long as an answer may, and an import that is
    interrupted stays half done until the kernel is restarted.
    """
    if torch := sys.modules.get("torch"):
        torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)


def _not_attempted(exercise: Exercise) -> NotAttempted:
    return NotAttempted(
        f"Put your own {exercise.asks_for} in the place of `...`, then run the cell "
        f'again. `hint("{exercise.name}")` helps.'
    )


def _refuse(exercise: Exercise, answer: Any) -> str | None:
    """Why ``answer`` can't even be run, or None."""
    name = exercise.answer_name
    if exercise.asks_for == "value":
        if callable(answer):
            return f"`{name}` is a function here; the exercise asks for a value."
        return None
    if not callable(answer):
        return (
            f"{_show(answer)} isn't a function. Hand over the function itself, "
            f'without brackets: `check("{exercise.name}", {name})`.'
        )
    names = list(inspect.signature(exercise.solution).parameters)
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return None  # some built-in functions don't tell their arguments: try it
    except Exception as error:  # of a class of the learner's own
        return (
            f"`{name}` raises {type(error).__name__} when it is asked for its "
            f"arguments. Hand over a plain function of {', '.join(names)}."
        )
    try:
        signature.bind(*exercise.cases[0])
    except TypeError:
        return (
            f"`{name}` can't be called with {len(names)} arguments. The exercise calls "
            f"it as `{name}({', '.join(names)})`."
        )
    return None


class _Printed(io.StringIO):
    """Keeps the first characters of what is printed."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, PRINTED_CHARACTERS - self.tell())])
        return len(text)

    def close(self) -> None:
        """Stay open, whoever closes stdout."""

    @property
    def kept(self) -> str:
        """What was written, with a sign for what no text can hold."""
        return self.getvalue().encode("utf-8", "replace").decode("utf-8")


def _run(
    function: Callable[..., Any],
    cases: Sequence[tuple[Any, ...]],
    printed: _Printed | None = None,
) -> list[_Result]:
    """Call ``function`` on a fresh copy of every case."""
    results = []
    put_back = names_as_found()  # what is below must mean what it says
    for case in cases:
        arguments = copy.deepcopy(case)
        silent = printed.tell() if printed else 0
        try:
            try:
                given = function(*arguments)
            finally:
                put_back()
            value = _plain(given)
        except _OutOfTime:
            raise
        except BaseException as error:  # SystemExit too must not end the session
            results.append(_Result(error=error, said=_said(error)))
            continue
        # A function that is handed over may keep count; it is no data to leave alone.
        pairs = enumerate(zip(case, map(_plain, arguments), strict=True))
        changed = [
            i
            for i, (before, after) in pairs
            if not (callable(before) or _equal(before, after))
        ]
        results.append(
            _Result(
                value=value,
                changed=changed[0] if changed else None,
                printed=printed is not None and printed.tell() > silent,
            )
        )
        if value is ...:
            break
    return results


def _plain(value: Any, depth: int = 0) -> Any:
    """``value`` as numbers, text or arrays of our own, or ``_Other``.

    Done where the learner's code runs, and at once: the methods of a class of theirs
    may raise, loop or lie, and an array may be changed by the next call.
    """
    try:
        if depth > DEEPEST:
            return _Other(_kind(value))
        if value is None or value is ... or isinstance(value, bool | np.bool_):
            return value
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, float):
            return float.__float__(value)
        if isinstance(value, int):
            number = int.__int__(value)
            return number if abs(number) < 2**63 else float(number)
        if isinstance(value, list):
            return [_plain(entry, depth + 1) for entry in list.__iter__(value)]
        if isinstance(value, tuple):
            return tuple(_plain(entry, depth + 1) for entry in tuple.__iter__(value))
        return _plain_array(value)
    except _OutOfTime:
        raise
    except BaseException:  # whatever a class of the learner's raises
        return _Other(_kind(value))


def _plain_array(value: Any) -> Any:
    if inspect.iscoroutine(value):
        value.close()  # nobody will wait for it, which Python would complain of
    detached = value.detach() if hasattr(value, "detach") else value
    array = np.asarray(detached)  # a tensor may carry a gradient
    if array.dtype.kind not in "biuf":
        return _Other(_kind(value))
    if array.size > MOST_NUMBERS:
        return _Other(f"an array of the shape {array.shape}")
    return array.copy()[()]  # which makes a number of an array without axes


def _said(error: BaseException) -> str:
    """An exception as Python shows it, on one line that isn't endless."""
    try:
        text = str(error)
    except _OutOfTime:
        raise
    except BaseException as other:  # of the learner's own class
        text = f"(which raises {type(other).__name__} when it is printed)"
    text = " ".join(text.splitlines())
    if len(text) > ERROR_CHARACTERS:
        text = f"{text[:ERROR_CHARACTERS]}…"
    return f"{type(error).__name__}: {text}"


def _run_within(
    seconds: float, work: Callable[[], list[_Result]]
) -> tuple[list[_Result] | None, str]:
    """Run ``work`` in a thread: its results, or None and how it was stopped.

    A thread, because an exception can be raised in one from outside on every
    system, which ends a loop of Python code and leaves the kernel alive. A single
    call into compiled code can't be interrupted like this: then we say so.
    """
    outcome: Future[list[_Result]] = Future()

    def target() -> None:
        with contextlib.suppress(_OutOfTime):
            try:
                outcome.set_result(work())
            except Exception as error:  # ours, since _run keeps the learner's
                outcome.set_exception(error)

    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    try:
        return outcome.result(timeout=seconds), ""
    except TimeoutError:
        alive = _interrupt(thread, outcome)
    except KeyboardInterrupt:
        _interrupt(thread, outcome)
        raise
    if alive:
        return None, (
            f"did not finish within {seconds:g} s and can't be interrupted: restart "
            "the kernel, then look for a call that waits, or for an `except:` that "
            "catches everything."
        )
    return None, (
        f"did not finish within {seconds:g} s, so it was interrupted. Look for a loop "
        "whose condition never becomes false."
    )


def _interrupt(thread: threading.Thread, outcome: Future[list[_Result]]) -> bool:
    """End ``thread`` by an exception; True if it is still alive."""
    # Again and again, because `except:` inside the loop may swallow the first.
    for _ in range(INTERRUPT_TRIES):
        if outcome.done() or not thread.is_alive():
            break
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_OutOfTime)
        )
        thread.join(0.005)
    return thread.is_alive() and not outcome.done()


def _compare(exercise: Exercise, answer: Any, results: list[_Result]) -> Outcome:
    if results[0].value is ...:
        return _not_attempted(exercise)

    for case, result in zip(exercise.cases, results, strict=False):
        if result.changed is not None:
            argument = list(inspect.signature(exercise.solution).parameters)[
                result.changed
            ]
            return Failed(
                f"Your function changed its argument `{argument}` in place: after "
                f"{_call(exercise, case)}, the caller's own `{argument}` was "
                "different. Make a new value and leave what came in alone."
            )

    expected = _known(exercise, exercise.solution)
    if all(map(_right, results, expected)) and len(results) == len(expected):
        return Passed(
            f"`{exercise.answer_name}` is right"
            + (
                f" on all {len(expected)} inputs."
                if exercise.asks_for == "function"
                else "."
            )
        )

    mistake = _mistake(exercise, results, expected)
    if mistake is not None:
        return Failed(mistake)

    for case, got, want in zip(exercise.cases, results, expected, strict=False):
        if got.error is not None:
            return _learner_error(exercise, answer, case, got)
        if not _right(got, want):
            return Failed(_describe(exercise, case, got, want, results, expected))
    raise AssertionError("a wrong answer has a wrong result")


@functools.cache
def _known(exercise: Exercise, function: Callable[..., Any]) -> list[_Result]:
    """What the solution or a mistake gives on every case: the same at each check."""
    results = _run(function, exercise.cases)
    for result in results:
        if isinstance(result.error, KeyboardInterrupt):  # the learner's, not its own
            raise result.error
    return results


def _mistake(
    exercise: Exercise, results: list[_Result], expected: list[_Result]
) -> str | None:
    """What the exercise says of this mistake, or None when it doesn't know it."""
    message = _matching(exercise, results, range(len(expected)))
    if message is not None:
        return message

    finite = [place for place, result in enumerate(results) if _finite(result)]
    wrong = [place for place in finite if not _right(results[place], expected[place])]
    if not wrong or len(finite) < len(expected) / 2:
        return None
    message = _matching(exercise, results, finite)
    if message is None:
        return None
    place = min(set(range(len(results))) - set(finite))
    error = results[place].error
    return f"{message} Besides, {_call(exercise, exercise.cases[place])} " + (
        f"gave {_show(results[place].value)}."
        if error is None
        else f"raised `{results[place].said}`."
    )


def _matching(
    exercise: Exercise, results: list[_Result], places: Sequence[int]
) -> str | None:
    """The message of the mistake with the same results at these cases, or None."""
    for mistake in exercise.mistakes:
        with warnings.catch_warnings(action="ignore"):  # not of the learner's making
            made = _known(exercise, mistake.answer)
        if all(_alike(results[place], made[place]) for place in places):
            return mistake.message
    return None


def _finite(result: _Result) -> bool:
    numbers = _numbers(result.value)
    return result.error is None and (
        numbers is None or bool(np.isfinite(numbers).all())
    )


def _right(got: _Result, want: _Result) -> bool:
    return got.error is None and (
        _kind_problem(got.value, want.value) is None and _equal(got.value, want.value)
    )


def _alike(got: _Result, made: _Result) -> bool:
    if got.error is not None or made.error is not None:
        return type(got.error) is type(made.error)
    return _equal(got.value, made.value)


def _numbers(value: Any) -> np.ndarray | None:
    """``value`` as a float64 array, or None when it isn't made of real numbers."""
    if isinstance(value, (str, bytes, bool, np.bool_)) or value is None:
        return None
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, RuntimeError):
        return None
    return array.astype(np.float64) if array.dtype.kind in "iuf" else None


def _equal(left: Any, right: Any, relative: float = RELATIVE_TOLERANCE) -> bool:
    a, b = _numbers(left), _numbers(right)
    if a is None or b is None:
        if isinstance(left, (list, tuple)) and type(left) is type(right):
            return len(left) == len(right) and all(map(_equal, left, right))
        comparable = any(
            isinstance(left, kind) and isinstance(right, kind) for kind in (str, bool)
        )
        return comparable and left == right  # other things may refuse to be compared
    return a.shape == b.shape and np.allclose(
        a, b, rtol=relative, atol=ABSOLUTE_TOLERANCE, equal_nan=True
    )


def _kind_problem(got: Any, want: Any) -> str | None:
    """What is wrong with the kind of ``got`` (never with its size), or None."""
    if got is None:
        return "nothing (`None`); the result has to be handed back with `return`"
    if isinstance(want, str):
        return None if isinstance(got, str) else f"{_kind(got)} instead of a word"
    numbers = _numbers(got)
    asked = "an array" if isinstance(want, np.ndarray) else "a number"
    if numbers is None or isinstance(got, (list, tuple)):
        return f"{_kind(got)} instead of {asked}"
    if numbers.shape != np.shape(want):
        if np.shape(want) == ():
            return f"an array of the shape {numbers.shape} instead of one number"
        return f"an array of the shape {numbers.shape} instead of {np.shape(want)}"
    if np.isnan(numbers).any():
        return "NaN, which is not a number"
    return None


def _kind(value: Any) -> str:
    if value is ...:
        return "the starter's `...`"
    if isinstance(value, _Other):
        return value.kind
    name = type(value).__name__ or "?"
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} `{name}`"


def _describe(
    exercise: Exercise,
    case: tuple[Any, ...],
    got: _Result,
    want: _Result,
    results: list[_Result],
    expected: list[_Result],
) -> str:
    """One input that goes wrong, what came back, and what kind of thing should."""
    is_value = exercise.asks_for == "value"
    where = f"`{exercise.answer_name}`" if is_value else _call(exercise, case)
    came = f"{where} is" if is_value else f"For {where} came back"
    came = f"{came} {_show(got.value)}"
    problem = _kind_problem(got.value, want.value)
    if problem is not None and is_value:
        # A value is not handed back; it is there or not.
        if got.value is None:
            problem = "nothing (`None`); put the answer in its place"
        return f"{where} is {problem}."
    if got.value is None and got.printed:
        said = "`print` shows a value, but the caller doesn't get it."
        return f"{where} gave {problem}. {said}"
    if got.value is None and any(result.value is not None for result in results):
        return f"{where} gave nothing (`None`): for this input no branch returned."
    if problem is not None:
        return f"{where} gave {problem}."
    words = _words(expected)
    if words and got.value not in words:
        return f"{came}; the words are {_listed(words)}."
    unused = _unused_argument(exercise, results, expected)
    if unused is not None:
        return unused
    if _equal(got.value, want.value, CLOSE):
        return (
            f"{came}: close, but not exact, and the exact value is asked for. A "
            "rounded number, or a loop that ends before the value has settled, gives "
            "this."
        )
    if is_value:
        return (
            f"{came}, which is another number than the right one. Read the question "
            f'once more, or ask `hint("{exercise.name}")`.'
        )
    missing = [word for word in words if word not in _words(results)]
    return (
        f"{came}, of the right kind but with another value. Work this one out by hand "
        "and compare."
        + (f" No input at all gave {_listed(missing)}." if missing else "")
    )


def _words(results: list[_Result]) -> list[str]:
    """The different words among the results, in the order in which they came."""
    values = [result.value for result in results if isinstance(result.value, str)]
    return list(dict.fromkeys(values))


def _listed(words: list[str]) -> str:
    return ", ".join(f"`{word!r}`" for word in words)


def _unused_argument(
    exercise: Exercise, results: list[_Result], expected: list[_Result]
) -> str | None:
    """Two inputs whose one difference changed nothing, though it should, or None.

    Only where no such difference changed anything: the argument takes no part.
    """
    for place, name in enumerate(inspect.signature(exercise.solution).parameters):
        pairs = [
            (i, j)
            for i, j in itertools.combinations(range(len(results)), 2)
            if not _equal(expected[i].value, expected[j].value)
            and all(
                _equal(left, right)
                for at, (left, right) in enumerate(
                    zip(exercise.cases[i], exercise.cases[j], strict=True)
                )
                if at != place
            )
        ]
        if pairs and all(
            _finite(results[i]) and _alike(results[i], results[j]) for i, j in pairs
        ):
            first, second = (_call(exercise, exercise.cases[i]) for i in pairs[0])
            return (
                f"{first} and {second} gave the same, "
                f"{_show(results[pairs[0][0]].value)}: `{name}` takes no part there."
            )
    return None


def _learner_error(
    exercise: Exercise, answer: Any, case: tuple[Any, ...], result: _Result
) -> LearnerError:
    """The learner's exception, with the last line of the learner's own file in it."""
    own_file = _file_of(answer)
    lines = []
    trace = result.error.__traceback__ if result.error else None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == own_file:
            lines.append((trace.tb_lineno, trace.tb_frame.f_globals))
        trace = trace.tb_next
    where = ""
    if lines and own_file:
        number, namespace = lines[-1]
        code = linecache.getline(own_file, number, namespace).strip()
        where = f" Line {number}" + (f": `{code}`" if code else "") + "."
    return LearnerError(f"`{result.said}`, from {_call(exercise, case)}.{where}")


def _file_of(answer: Any) -> str | None:
    """The file or cell where an answer was written, as far as it can be known.

    Only what Python itself keeps is looked at: what a class of the learner's says of
    itself may raise.
    """
    if isinstance(answer, functools.partial):
        return _file_of(answer.func)
    if isinstance(answer, type):
        return _file_of(vars(answer).get("__init__"))
    if inspect.ismethod(answer):
        return _file_of(answer.__func__)
    if isinstance(answer, functools._lru_cache_wrapper):
        return _file_of(answer.__wrapped__)
    if inspect.isfunction(answer):
        return _innermost(answer).__code__.co_filename
    called = type(answer).__call__
    return _file_of(called) if inspect.isfunction(called) else None


def _innermost(function: FunctionType) -> FunctionType:
    """What all decorators wrap: they may be somebody else's, it is the learner's."""
    seen = [function]
    while (
        inspect.isfunction(inner := vars(seen[-1]).get("__wrapped__"))
        and inner not in seen  # a function may be told that it wraps itself
    ):
        seen.append(inner)
    return seen[-1]


def _call(exercise: Exercise, case: tuple[Any, ...]) -> str:
    names = inspect.signature(exercise.solution).parameters
    arguments = ", ".join(
        f"{name}={_text(value)}" for name, value in zip(names, case, strict=True)
    )
    return f"`{exercise.answer_name}({arguments})`"


def _show(value: Any) -> str:
    return f"`{_text(value)}`"


def _text(value: Any) -> str:
    """``value`` in a few characters, the same on every machine."""
    if isinstance(value, np.ndarray):
        numbers = np.array2string(value, precision=4, separator=", ", threshold=12)
        return f"array({' '.join(numbers.split())})"
    if isinstance(value, (float, np.floating)):
        return f"{float(value):.6g}"
    if isinstance(value, (int, np.integer)):
        return str(value)
    return reprlib.repr(value)
