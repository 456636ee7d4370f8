"""The gate on exercises: right answers pass, and every wrong one gets its own message.

``exercise_problems`` is the contract that every registered exercise has to keep, and
the answers below are written as learners write them, in another style than the
solutions and mistakes of ``lrlib.exercises``.
"""

import copy
import dataclasses
import inspect
import itertools
import re
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from lrlib import exercises
from lrlib.exercises import (
    EXERCISES,
    Exercise,
    Failed,
    LearnerError,
    Mistake,
    NotAttempted,
    Passed,
    Stopped,
    check,
    hint,
    progress,
    solution,
)
from lrlib.exercises.engine import judge
from tests.answers import adaptive, basics, decay, practice, warmup
from tests.answers.basics import one_multiplication

ANSWERS = (basics, decay, adaptive, warmup, practice)
STATED = ("**Arguments:**", "**Returns:**", "**Boundaries:**", "**Units and time:**")


@pytest.fixture(autouse=True)
def _new_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exercises, "_passed", set())
    monkeypatch.setattr(exercises, "_hints_given", type(exercises._hints_given)())


# By chapter: answers that must pass, and answers that must fail with these words.
RIGHT = {name: answers for part in ANSWERS for name, answers in part.RIGHT.items()}
WRONG = [wrong for part in ANSWERS for wrong in part.WRONG]


# The contract --------------------------------------------------------------------


def exercise_problems(exercise: Exercise) -> list[str]:
    """What an exercise breaks of the contract, one line each."""

    def outcome(answer: Callable[..., Any]) -> Any:
        is_function = exercise.asks_for == "function"
        return judge(exercise, answer if is_function else answer())

    problems = []
    namespace: dict[str, Any] = {}
    exec(exercise.starter, namespace)
    if not isinstance(judge(exercise, namespace[exercise.answer_name]), NotAttempted):
        problems.append("the starter is not 'not attempted'")
    if not isinstance(outcome(exercise.solution), Passed):
        problems.append("the solution does not pass")

    if len(exercise.mistakes) < 5:
        problems.append(f"only {len(exercise.mistakes)} mistakes are known")
    for mistake in exercise.mistakes:
        got = outcome(mistake.answer)
        if isinstance(got, Passed):
            problems.append(f"accepts the wrong answer: {mistake.message}")
        elif not (isinstance(got, Failed) and got.message == mistake.message):
            problems.append(f"{got.message!r} comes instead of {mistake.message!r}")
    messages = [mistake.message for mistake in exercise.mistakes]
    if len(set(messages)) < len(messages):
        problems.append("two mistakes have one message")

    if not exercise.hints or not all(text.strip() for text in exercise.hints):
        problems.append("a hint is missing")
    for secret in secrets(exercise):
        for place, text in enumerate([*exercise.hints, *messages], start=1):
            if re.search(rf"(?<![\d.]){re.escape(secret)}", squeezed(text)):
                problems.append(f"hint or message {place} contains {secret!r}")

    signature = ", ".join(inspect.signature(exercise.solution).parameters)
    called = f"{exercise.answer_name}({signature})"
    shown = called if exercise.asks_for == "function" else exercise.answer_name
    problems += [
        f"the text does not state {part!r}"
        for part in (f"`{shown}`", *STATED, "array")
        if part not in exercise.text
    ]
    cases = copy.deepcopy(exercise.cases)  # a training that is called keeps count
    floats = any(isinstance(exercise.solution(*case), float) for case in cases)
    if floats and "relative 1e-6" not in exercise.text:
        problems.append("the text does not state the tolerance")
    return problems


def squeezed(code: str) -> str:
    return re.sub(r"[\s`]", "", code)


def secrets(exercise: Exercise) -> set[str]:
    """What the solution returns, in the learner's words, without spaces."""
    lines = re.findall(r"return (.+)", exercise.source)
    # One word of a verdict gives nothing away; an expression or a border does.
    conditions = re.findall(r"if (.+):", exercise.source)
    if exercise.asks_for == "value":
        lines.append(f"{exercise.solution():.12g}")
    return {squeezed(line) for line in lines + conditions if not line.startswith('"')}


@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_keeps_the_contract(name: str) -> None:
    assert exercise_problems(EXERCISES[name]) == []


@pytest.mark.parametrize("name", EXERCISES)
def test_other_right_answers_pass(name: str) -> None:
    assert RIGHT[name]
    for answer in RIGHT[name]:
        assert isinstance(check(name, answer), Passed), answer


@pytest.mark.parametrize(
    ("name", "answer", "message"), WRONG, ids=[message for _, _, message in WRONG]
)
def test_a_wrong_answer_fails_with_its_own_message(
    name: str, answer: Any, message: str
) -> None:
    outcome = check(name, answer)
    assert isinstance(outcome, Failed)
    assert message in outcome.message
    # Its own: no other mistake of this exercise says the same.
    others = [known.message for known in EXERCISES[name].mistakes]
    assert sum(message in other for other in others) <= 1


@pytest.mark.parametrize("name", EXERCISES)
def test_every_known_mistake_is_also_made_in_a_learners_style(name: str) -> None:
    said = [message for other, _, message in WRONG if other == name]
    for mistake in EXERCISES[name].mistakes:
        assert any(message in mistake.message for message in said), mistake.message


# The gate must fail on these ---------------------------------------------------------

STEP = EXERCISES["basics/sgd_step"]
BROKEN = {
    "accepts the wrong answer: Your step goes uphill": dataclasses.replace(
        STEP, cases=((2.0, 3.0, 0.0),)
    ),
    "the starter is not 'not attempted'": dataclasses.replace(
        STEP, starter="def sgd_step(theta, grad, lr):\n    pass"
    ),
    "the solution does not pass": dataclasses.replace(
        STEP, solution=lambda theta, grad, lr: itertools.count().__next__
    ),
    "only 1 mistakes are known": dataclasses.replace(STEP, mistakes=STEP.mistakes[:1]),
    "two mistakes have one message": dataclasses.replace(
        STEP, mistakes=(*STEP.mistakes, STEP.mistakes[0])
    ),
    "'Your step goes uphill": dataclasses.replace(
        STEP,
        mistakes=(
            *STEP.mistakes,
            Mistake(one_multiplication.uphill, "Said of the same mistake."),
        ),
    ),
    "a hint is missing": dataclasses.replace(STEP, hints=()),
    "hint or message 1 contains 'theta-lr*grad'": dataclasses.replace(
        STEP, hints=("Return `theta  -  lr * grad`.",)
    ),
    "hint or message 2 contains '0.5'": dataclasses.replace(
        EXERCISES["basics/step_length"], hints=("Draw it.", "It is 0.5 long.")
    ),
    "the text does not state '**Boundaries:**'": dataclasses.replace(
        STEP, text=STEP.text.replace("**Boundaries:**", "")
    ),
    "the text does not state '`sgd_step(theta, grad, lr)`'": dataclasses.replace(
        STEP, text=STEP.text.replace("(theta, grad, lr)", "")
    ),
    "the text does not state the tolerance": dataclasses.replace(
        STEP, text=STEP.text.replace("1e-6", "bit")
    ),
}


@pytest.mark.parametrize("problem", BROKEN)
def test_the_gate_finds_a_broken_exercise(problem: str) -> None:
    found = exercise_problems(BROKEN[problem])
    assert any(problem in line for line in found), found


# Outcomes ------------------------------------------------------------------------


def test_the_learners_own_error_comes_with_its_line() -> None:
    def sgd_step(theta: Any, grad: Any, lr: float) -> Any:
        np.multiply(lr, grad)
        return theta - lr * [grad][1]

    outcome = check("basics/sgd_step", sgd_step)
    assert isinstance(outcome, LearnerError)
    assert "`IndexError: list index out of range`" in outcome.message
    assert "`sgd_step(theta=2, grad=3, lr=0.1)`" in outcome.message
    assert "`return theta - lr * [grad][1]`" in outcome.message
    line = sgd_step.__code__.co_firstlineno + 2
    assert f"Line {line}:" in outcome.message


def test_the_line_is_the_learners_when_a_library_raises() -> None:
    def sgd_step(theta: Any, grad: Any, lr: float) -> Any:
        return np.linalg.inv(np.zeros((2, 2)))

    outcome = check("basics/sgd_step", sgd_step)
    assert isinstance(outcome, LearnerError)
    assert "LinAlgError: Singular matrix" in outcome.message
    assert "`return np.linalg.inv(np.zeros((2, 2)))`" in outcome.message


def test_an_error_on_arrays_alone_names_the_array() -> None:
    outcome = check("basics/sgd_step", lambda w, g, lr: float(w) - lr * float(g))
    assert isinstance(outcome, LearnerError)
    assert "theta=array(" in outcome.message


@pytest.mark.filterwarnings("ignore:invalid value")
def test_a_division_by_0_at_some_inputs_does_not_hide_the_mistake() -> None:
    outcome = check("basics/sgd_step", one_multiplication.unguarded_unit_gradient)
    assert isinstance(outcome, Failed)
    assert "divided by its own length" in outcome.message
    assert outcome.message.endswith(
        "Besides, `sgd_step(theta=2, grad=0, lr=0.1)` gave `nan`."
    )
    outcome = check("basics/sgd_step", lambda w, g, a: w - a * g / abs(g))
    assert isinstance(outcome, Failed)
    assert "only the sign of the slope" in outcome.message
    assert "raised `ZeroDivisionError: " in outcome.message


def test_an_answer_wrong_only_where_it_raises_keeps_its_error() -> None:
    # On the other inputs it is right, so no known mistake may speak for it.
    outcome = check("basics/sgd_step", lambda w, g, a: w - a * g * (g / g))
    assert isinstance(outcome, LearnerError)
    assert "ZeroDivisionError" in outcome.message


def test_warnings_of_a_known_mistake_stay_inside() -> None:
    def warns(theta: Any, grad: Any, lr: float) -> Any:
        warnings.warn("invalid value", RuntimeWarning, stacklevel=1)
        return theta

    exercise = dataclasses.replace(STEP, mistakes=(Mistake(warns, "Stays."),))
    with warnings.catch_warnings(record=True, action="always") as heard:
        assert isinstance(judge(exercise, lambda w, g, a: w + g), Failed)
        assert not heard
        judge(exercise, warns)  # the learner's own are heard
        assert {str(one.message) for one in heard} == {"invalid value"}


def test_a_check_that_is_interrupted_remembers_nothing_of_it() -> None:
    interrupts = [KeyboardInterrupt()]

    def uphill(theta: Any, grad: Any, lr: float) -> Any:
        if interrupts:
            raise interrupts.pop()
        return theta + lr * grad

    exercise = dataclasses.replace(STEP, mistakes=(Mistake(uphill, "Uphill."),))
    with pytest.raises(KeyboardInterrupt):
        judge(exercise, one_multiplication.uphill)
    assert judge(exercise, one_multiplication.uphill) == Failed("Uphill.")


def test_an_argument_may_be_true_or_false() -> None:
    def move(x: float, uphill: bool) -> float:
        return x + 0.5 if uphill else x - 0.5

    exercise = dataclasses.replace(
        STEP, solution=move, cases=((1.0, True), (1.0, False)), mistakes=()
    )
    assert isinstance(judge(exercise, move), Passed)
    outcome = judge(exercise, lambda x, uphill: x + 0.5)
    assert isinstance(outcome, Failed)
    assert "in place" not in outcome.message


def test_an_argument_may_be_a_list_of_words_and_is_watched() -> None:
    def count(names: list[str], extra: int) -> float:
        return float(len(names) + extra)

    exercise = dataclasses.replace(
        STEP, solution=count, cases=((["w", "b"], 1), (["w"], 2)), mistakes=()
    )
    assert isinstance(judge(exercise, count), Passed)
    outcome = judge(exercise, lambda names, n: names.append("x") or len(names) - 1 + n)
    assert isinstance(outcome, Failed)
    assert "in place" in outcome.message


def test_an_answer_of_a_number_and_an_array_is_refused_and_no_error() -> None:
    for answer in (lambda w, g, a: (w, np.ones(3)), lambda w, g, a: [1, np.ones(3)]):
        outcome = check("basics/sgd_step", answer)
        assert isinstance(outcome, Failed)
        assert "instead of" in outcome.message


def test_too_few_values_tell_no_mistake() -> None:
    def only_the_first(theta: Any, grad: Any, lr: float) -> Any:
        return {2.0 - 3.0 * 0.1: theta + lr * grad}[theta - lr * grad]

    outcome = check("basics/sgd_step", only_the_first)
    assert isinstance(outcome, Failed)
    assert "uphill" not in outcome.message
    assert "came back `2.3`" in outcome.message


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()])
def test_no_exception_of_the_learner_ends_the_session(error: BaseException) -> None:
    def sgd_step(theta: Any, grad: Any, lr: float) -> Any:
        raise error

    outcome = check("basics/sgd_step", sgd_step)
    assert isinstance(outcome, LearnerError)
    assert type(error).__name__ in outcome.message


def endless(theta: Any, grad: Any, lr: float) -> Any:
    while True:
        theta = theta - lr * grad


def endless_and_hiding(theta: Any, grad: Any, lr: float) -> Any:
    while True:
        try:
            theta = theta - lr * grad
        except BaseException:  # what a learner's bare except catches
            theta = 0.0


def endless_printing(theta: Any, grad: Any, lr: float) -> Any:
    while True:
        print("still here")


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("answer", [endless, endless_and_hiding, endless_printing])
def test_an_endless_loop_is_interrupted(
    answer: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    before = threading.active_count()
    outcome = check("basics/sgd_step", answer, seconds=0.2)
    assert isinstance(outcome, Stopped)
    assert "within 0.2 s, so it was interrupted" in outcome.message
    assert threading.active_count() == before
    assert len(capsys.readouterr().out) <= 2000


def test_ctrl_c_ends_the_learners_loop_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: Any, timeout: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("concurrent.futures.Future.result", interrupted)
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        check("basics/sgd_step", lambda w, g, lr: endless(0.0, 0.0, lr))
    assert threading.active_count() == before


def test_a_fault_of_the_exercise_itself_is_not_hidden() -> None:
    class Uncopied:
        def __deepcopy__(self, memo: Any) -> Any:
            raise RuntimeError("can't be copied")

    broken = dataclasses.replace(STEP, cases=((Uncopied(), 1.0, 1.0),))
    with pytest.raises(RuntimeError, match="can't be copied"):
        judge(broken, STEP.solution)


def test_prints_of_the_learner_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    def sgd_step(theta: Any, grad: Any, lr: float) -> Any:
        print("step of", lr)
        return theta - lr * grad

    assert isinstance(check("basics/sgd_step", sgd_step), Passed)
    assert capsys.readouterr().out.startswith("step of 0.1\n")


def test_an_outcome_shows_itself_by_sign_and_word() -> None:
    shown = {
        "✓ Passed.": check("basics/step_length", 0.5),
        "✗ Not yet.": check("basics/step_length", 0.1),
        "… Not attempted.": check("basics/step_length", ...),
        "! Your code raised an error.": check("basics/sgd_step", lambda w, g, a: w[0]),
        "◷ Stopped.": check("basics/sgd_step", endless, seconds=0.1),
    }
    for title, outcome in shown.items():
        assert repr(outcome) == f"{title} {outcome.message}"
        assert outcome._repr_markdown_() == f"**{title}** {outcome.message}"
    assert len({type(outcome) for outcome in shown.values()}) == 5


def test_the_same_answer_gets_the_same_words() -> None:
    first, second = (
        check("basics/sgd_step", lambda w, g, a: w - 2 * a * g) for _ in "ab"
    )
    assert repr(first) == repr(second)
    assert " at 0x" not in repr(check("basics/sgd_step", lambda w, g, a: {1, 2}))


def test_checking_leaves_random_numbers_alone() -> None:
    before = np.random.get_state(legacy=False)["state"]["key"].tolist()
    check("basics/sgd_step", STEP.solution)
    assert np.random.get_state(legacy=False)["state"]["key"].tolist() == before


# hint, solution, progress, names ------------------------------------------------------


def test_each_call_gives_the_next_hint_and_the_last_stays() -> None:
    name, hints = STEP.name, STEP.hints
    shown = [repr(hint(name)) for _ in range(len(hints) + 1)]
    for number, text in enumerate(hints, start=1):
        assert shown[number - 1].startswith(f"Hint {number} of {len(hints)}: {text}")
    assert shown[-1] == shown[-2]
    assert f'solution("{name}")' in shown[-1]
    assert repr(hint("basics/verdict")).startswith("Hint 1 of")


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_shown_is_the_function_tested(name: str) -> None:
    shown = repr(solution(name))
    code = shown.removeprefix("```python\n").removesuffix("\n```")
    namespace: dict[str, Any] = {}  # a learner pastes it without any import
    exec(code, namespace)
    answer = namespace[EXERCISES[name].answer_name]
    assert isinstance(check(name, answer), Passed)
    if EXERCISES[name].asks_for == "function":
        assert code == inspect.getsource(EXERCISES[name].solution).rstrip()


def test_progress_counts_what_was_passed_in_this_session() -> None:
    total = len(EXERCISES)
    assert repr(progress()).startswith(f"0 of {total} exercises passed")
    check("basics/step_length", 0.1)
    assert repr(progress()).startswith(f"0 of {total} exercises passed")
    check("basics/step_length", 0.5)
    check("basics/step_length", 0.1)
    assert repr(progress()).startswith(f"1 of {total} exercises passed")
    assert "- ✓ passed: `basics/step_length`" in repr(progress())
    assert "- · open: `basics/verdict`" in repr(progress())


@pytest.mark.parametrize("ask", [hint, solution, lambda name: check(name, 1)])
def test_an_unknown_exercise_comes_with_the_nearest_name(ask: Any) -> None:
    with pytest.raises(ValueError, match=r"'sgdstep'; did you mean 'basics/sgd_step'"):
        ask("sgdstep")
    with pytest.raises(ValueError, match=r"''; did you mean '"):
        ask("")
    with pytest.raises(TypeError, match="give the exercise's name as text first"):
        ask(STEP.solution)


def test_names_say_the_chapter_and_the_answer() -> None:
    for name, exercise in EXERCISES.items():
        assert name == exercise.name
        assert re.fullmatch(r"(basics|decay|adaptive|warmup|practice)/[a-z_]+", name)
        assert exercise.cell.endswith(f'check("{name}", {exercise.answer_name})')
        assert exercise.starter.startswith(
            f"def {exercise.answer_name}("
            if exercise.asks_for == "function"
            else f"{exercise.answer_name} = ..."
        )
        assert max(map(len, exercise.cell.splitlines())) < 80


def test_exercises_need_no_torch() -> None:
    code = "import sys, lrlib.exercises; print('torch' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False\n"


def test_a_learners_loop_leaves_a_live_kernel_running() -> None:
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    notebook = new_notebook(
        cells=[
            new_code_cell(
                "from lrlib.exercises import check\n"
                "def sgd_step(theta, grad, lr):\n"
                "    while True:\n"
                "        print('round')\n\n"
                'check("basics/sgd_step", sgd_step, seconds=0.3)'
            ),
            new_code_cell(
                "def sgd_step(theta, grad, lr):\n"
                "    return theta - lr * grda\n\n"
                'check("basics/sgd_step", sgd_step)'
            ),
            new_code_cell("print('alive')"),
        ]
    )
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    stopped = notebook.cells[0].outputs[-1].data
    assert stopped["text/plain"].startswith("◷ Stopped. `sgd_step` did not finish")
    assert stopped["text/markdown"].startswith("**◷ Stopped.**")
    assert len(notebook.cells[0].outputs[0].text) <= 2000
    error = notebook.cells[1].outputs[-1].data["text/plain"]
    assert error.endswith("Line 2: `return theta - lr * grda`.")
    assert notebook.cells[2].outputs[0].text == "alive\n"


def test_what_torch_still_has_to_load_is_not_on_the_answers_clock() -> None:
    """The first optimizer of a process imports for longer than an answer may take."""
    code = """
import sys
import torch
from lrlib.exercises import check

def sgd_step(theta, grad, lr):
    before = set(sys.modules)
    torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    assert set(sys.modules) == before
    return theta - lr * grad

print(type(check("basics/sgd_step", sgd_step)).__name__)
torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert run.stdout == "Passed\n", run.stderr
    assert run.returncode == 0
