"""What a lesson says: sentences with the numbers that the cell has measured."""

import inspect
import math
import re
from collections.abc import Callable
from itertools import takewhile
from numbers import Real
from string import Formatter
from textwrap import dedent
from typing import Any

from IPython.display import display

MATHS = re.compile(r"(\$\$.+?\$\$|(?<!\\)\$[^$]+\$)", re.DOTALL)
SIGN = re.compile("^-")
EXPONENT = re.compile(r"(?<=e)([+-])0?(?=\d)")
TEX_FIELD = re.compile(r"\{([A-Za-z_]\w*)(:[^{}]*)?\}")


class Prose(Formatter):
    """``str.format``, with numbers as prose has them: −1 and 1e-7, not -1 and 1e-07."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text: str = super().format_field(value, format_spec)
        if not isinstance(value, Real):
            return text
        text = EXPONENT.sub(lambda found: found[1].strip("+"), text)
        return SIGN.sub("\N{MINUS SIGN}", text)


class Sentence:
    """Markdown whose plain form is the same text, so that a test can compare it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, str]:
        return {"text/plain": self.text, "text/markdown": self.text}


def say(template: str, **numbers: Real | str) -> None:
    r"""Display one Markdown sentence, with the measured numbers written into it.

    ``say("It changed sides {n} times, at a cost of {cost:.1e}.", n=50, cost=9e-16)``

    Fields are those of ``str.format``, by name: ``{best:.2f}``; a brace that is meant
    is doubled, and a negative number gets a true minus sign. Inside ``$…$`` and
    ``$$…$$`` braces belong to TeX and are written once: there ``{name}`` or
    ``{name:.2f}`` is filled only if ``name`` is one of the numbers, and keeps its
    braces, so that ``$x_{t}$`` with ``t=10`` is ``$x_{10}$`` and ``$\frac{a}{b}$``
    stays as it is. A dollar that is no maths is written ``\$``.

    Args:
        template: the sentence, a raw string where it has TeX in it.
        **numbers: one value for each field: a number, or a word such as a regime.

    Raises:
        TypeError: a value that is neither a number nor a string.
        ValueError: a field without a value, a value without a field, a value that is
            NaN, or a field that str.format doesn't understand.
    """
    if not isinstance(template, str):
        raise TypeError(f"template must be a string, got {template!r}")
    for name, value in numbers.items():
        if not isinstance(value, Real | str):
            raise TypeError(
                f"{name} must be a number or a string, got {type(value).__name__}: "
                "take one element of an array, or tensor.item()"
            )
        if isinstance(value, Real) and math.isnan(value):
            raise ValueError(f"{name} is NaN: a sentence must not state it")
    used: set[str] = set()
    # Splitting at a pattern with one group leaves the maths at the odd places.
    parts = [
        _fill_tex(part, numbers, used) if i % 2 else _fill_text(part, numbers, used)
        for i, part in enumerate(MATHS.split(template))
    ]
    if unused := sorted(numbers.keys() - used):
        raise ValueError(
            f"{', '.join(unused)} given, but the sentence has no such field: "
            f"{template!r}"
        )
    display(Sentence("".join(parts)))


def _fill_text(text: str, numbers: dict[str, Real | str], used: set[str]) -> str:
    """Text outside maths: the fields of str.format, by name."""
    try:
        fields = [field for _, field, _, _ in Formatter().parse(text)]
    except ValueError as error:
        raise ValueError(f"{error} in {text!r}: double a brace that is meant") from None
    for field in fields:
        if field is not None and field not in numbers:
            raise _missing(field, numbers)
        if field is not None:
            used.add(field)
    return Prose().vformat(text, (), numbers)


def _fill_tex(tex: str, numbers: dict[str, Real | str], used: set[str]) -> str:
    """Maths: only fields that name a number, each within its braces."""

    def fill(match: re.Match[str]) -> str:
        name, spec = match.groups()
        if name in numbers:
            used.add(name)
            return "{" + format(numbers[name], (spec or ":")[1:]) + "}"
        if spec is not None:
            raise _missing(name, numbers)
        return match.group()

    return TEX_FIELD.sub(fill, tex)


def _missing(field: str, numbers: dict[str, Real | str]) -> ValueError:
    have = ", ".join(numbers) or "none"
    return ValueError(f"the field {{{field}}} has no value; values given: {have}")


def show_source(function: Callable[..., Any], start: str) -> None:
    """Display the part of a function's own source that begins with ``start``.

    That is the first line of the code that begins so, together with the block which
    is indented under it: the very line that runs stands beside its formula.

    Args:
        function: a function or class written in Python.
        start: how the line begins, without its indentation, such as ``"for t"``.

    Raises:
        ValueError: no line of the source begins so.
    """
    lines = inspect.getsource(function).splitlines()
    at = next(
        (i for i, line in enumerate(lines) if line.lstrip().startswith(start)), -1
    )
    if at < 0:
        raise ValueError(
            f"start is {start!r}, but no line of {function.__qualname__} begins so: "
            "take the first words of a line of its source"
        )
    indent = len(lines[at]) - len(lines[at].lstrip())
    block = takewhile(
        lambda line: not line.strip() or len(line) - len(line.lstrip()) > indent,
        lines[at + 1 :],
    )
    code = dedent("\n".join([lines[at], *block])).strip()
    display(Sentence(f"```python\n{code}\n```"))
