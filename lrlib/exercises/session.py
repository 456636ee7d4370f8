"""The session as it was: what a learner's code sets, put back when it was judged.

A learner's answer may seed a generator, change the directory, print into a file, or
give ``np.mean`` another meaning. Within the answer that is its own business; the next
cell, and the judging itself, must not find it.
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import numpy as np

# Modules whose names are put back; torch only if it is loaded.
NAMED = ("builtins", "math", "random", "numpy", "numpy.linalg", "numpy.random", "torch")


@contextmanager
def session_as_found() -> Iterator[None]:
    """Put back, when the block ends, what code in it may have set for everybody.

    The random state of Python, numpy and torch; torch's default type; how numpy and
    torch print; the filters of warnings; the current directory and the environment
    variables; the depth of recursion; stdin, stdout and stderr; and the names of
    ``builtins``, ``math``, ``random``, ``numpy`` and ``torch``.

    numpy's error state belongs to a thread, and so does whether torch keeps gradients:
    what an answer sets of those, in the thread where it runs, isn't seen outside. Files
    that were written, threads that were started and objects that were changed stay.
    """
    with ExitStack() as undo:
        undo.enter_context(warnings.catch_warnings())
        # Among the last to be put back, since what puts back has need of these.
        undo.callback(_set_environment, dict(os.environ))
        with contextlib.suppress(OSError):  # a directory that is gone
            undo.callback(_go_to, os.getcwd())
        undo.callback(np.random.set_state, np.random.get_state())
        undo.callback(random.setstate, random.getstate())
        undo.callback(partial(np.set_printoptions, **np.get_printoptions()))
        if torch := sys.modules.get("torch"):
            _note_torch(undo, torch)
        undo.callback(sys.setrecursionlimit, sys.getrecursionlimit())
        for name in ("stdin", "stdout", "stderr"):
            undo.callback(setattr, sys, name, getattr(sys, name))
        undo.callback(names_as_found())
        yield


def names_as_found() -> Callable[[], None]:
    """What puts back the meaning of the names in ``NAMED``, as it is now.

    What a module has loaded since then may stay.
    """
    modules = [sys.modules[name] for name in NAMED if name in sys.modules]
    found = [(vars(module), dict(vars(module))) for module in modules]

    def put_back() -> None:
        for names, before in found:
            names.update(before)

    return put_back


def _note_torch(undo: ExitStack, torch: Any) -> None:
    undo.callback(torch.set_rng_state, torch.get_rng_state())
    undo.callback(torch.set_default_dtype, torch.get_default_dtype())
    printing = torch._tensor_str.PRINT_OPTS
    undo.callback(vars(printing).update, dict(vars(printing)))


def _go_to(directory: str) -> None:
    with contextlib.suppress(OSError):  # the answer has removed it
        os.chdir(directory)


def _set_environment(before: dict[str, str]) -> None:
    if dict(os.environ) != before:
        os.environ.clear()
        os.environ.update(before)
