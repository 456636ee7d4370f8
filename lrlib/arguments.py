"""What arguments may be: one error message for each kind of wrong value.

Each function returns the value as its plain Python type, or raises an error that names
the argument, the value and the remedy.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable
from typing import Any

import numpy as np

MOST = 2**53  # whole numbers up to here are floats too, and no run is as long
NO_NUMBERS = bool | np.bool_ | np.timedelta64  # though Python counts them as such
LARGEST_SEED = 2**63 - 1  # that every generator takes


def shown(value: Any) -> str:
    """``value`` as an error quotes it: its repr, shortened if long, and no error."""
    try:
        text = repr(value)
    except Exception:  # of a class of the user's own, or an int of 5000 digits
        return f"a {type(value).__name__} that can't be printed"
    return text if len(text) <= 400 else f"{text[:300]} … {text[-50:]}"


def number(name: str, value: Any) -> float:
    """Return ``value`` as a float, if it is a real number.

    Raises:
        TypeError: ``value`` is no real number.
        ValueError: ``value`` is an int or a fraction beyond the largest float.
    """
    if type(value) is float:  # as nearly always, where a million are checked
        return value
    if isinstance(value, NO_NUMBERS) or not isinstance(value, numbers.Real):
        raise TypeError(
            f"{name} must be a number, got {shown(value)} ({type(value).__name__}): "
            f"write it as a float, such as {name}=0.1"
        )
    try:
        return float(value)
    except OverflowError as error:
        raise ValueError(
            f"{name} must be at most 1.8e308, the largest float, got {shown(value)}: "
            f"choose a smaller {name}"
        ) from error


def positive(name: str, value: Any) -> float:
    """Return ``value`` as a float, if it is a positive finite number.

    Raises:
        TypeError: ``value`` is no real number.
        ValueError: ``value`` is zero, negative, infinite or NaN.
    """
    if not 0 < number(name, value) < math.inf:
        raise ValueError(
            f"{name} must be positive and finite, got {shown(value)}: choose {name} > 0"
        )
    return float(value)


def fraction(
    name: str,
    value: Any,
    remedy: str = "0 is plain gradient descent, 0.9 is common",
) -> float:
    """Return ``value`` as a float, if it is a number in [0, 1), such as a momentum.

    Raises:
        TypeError: ``value`` is no real number.
        ValueError: ``value`` is negative, 1 or more, or NaN.
    """
    if not 0 <= number(name, value) < 1:
        raise ValueError(f"{name} must be in [0, 1), got {shown(value)}: {remedy}")
    return float(value)


def share(name: str, value: Any, remedy: str) -> float:
    """Return ``value`` as a float, if it is a number above 0 and at most 1.

    Raises:
        TypeError: ``value`` is no real number.
        ValueError: ``value`` is 0 or negative, above 1, or NaN.
    """
    if not 0 < number(name, value) <= 1:
        raise ValueError(
            f"{name} must be above 0 and at most 1, got {shown(value)}: {remedy}"
        )
    return float(value)


def true_or_false(name: str, value: Any) -> bool:
    """Return ``value``, if it is a bool.

    Raises:
        TypeError: ``value`` is something else, 0 and 1 included.
    """
    if not isinstance(value, bool):
        raise TypeError(
            f"{name} must be True or False, got {shown(value)}: write {name}=True"
        )
    return value


def real_array(name: str, value: Any) -> np.ndarray:
    """Return ``value`` as a float64 array, if it is made of real numbers.

    Raises:
        TypeError: an entry is no number.
        ValueError: rows of different lengths, or complex numbers.
    """
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"{name} must have rows of one length, got {shown(value)}: "
            "complete the rows"
        ) from error
    except Exception as error:  # of whatever kind, by the class of the value
        raise TypeError(
            f"{name} must be made of real numbers, got {shown(value)}, which gives "
            f"{type(error).__name__} {error}: write floats, such as loss.item()"
        ) from error
    if array.dtype.kind == "c":
        raise ValueError(
            f"{name} must be real, got {shown(value)}: pass its real part, .real"
        )
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} must be made of real numbers, got {shown(value)} "
            f"({type(value).__name__}): write floats, such as 0.1"
        )
    with np.errstate(over="ignore"):  # a longdouble beyond the floats is infinite
        return array.astype(np.float64, copy=False)


def whole(name: str, value: Any, *, at_least: int, at_most: int = MOST) -> int:
    """Return ``value`` as an int, if it is a whole number within these bounds.

    Raises:
        TypeError: ``value`` is no integer; floats such as ``10.0`` included.
        ValueError: ``value`` is below ``at_least``, or above ``at_most``.
    """
    if isinstance(value, NO_NUMBERS) or not isinstance(value, numbers.Integral):
        raise TypeError(
            f"{name} must be a whole number, got {shown(value)} "
            f"({type(value).__name__}): use an int, {at_least} or more"
        )
    if value < at_least:
        raise ValueError(
            f"{name} must be at least {at_least}, got {shown(value)}: "
            f"choose a larger {name}"
        )
    if int(value) > at_most:
        raise ValueError(
            f"{name} must be at most {at_most}, got {shown(value)}: "
            f"choose a smaller {name}"
        )
    return int(value)


def not_negative(name: str, value: Any) -> float:
    """Return ``value`` as a float, if it is a finite number of 0 or more.

    Raises:
        TypeError: ``value`` is no real number.
        ValueError: ``value`` is negative, infinite or NaN.
    """
    if not 0 <= number(name, value) < math.inf:
        raise ValueError(
            f"{name} must be 0 or more and finite, got {shown(value)}: "
            f"choose {name} >= 0"
        )
    return float(value)


def one_of(name: str, value: Any, names: tuple[str, ...]) -> str:
    """Return ``value``, if it is one of these names.

    Raises:
        TypeError, ValueError: ``value`` is no string, or another one.
    """
    wanted = " or ".join(repr(choice) for choice in names)
    if not isinstance(value, str):
        raise TypeError(
            f"{name} must be a string, got {shown(value)} ({type(value).__name__}): "
            f"write {wanted}"
        )
    if value not in names:
        raise ValueError(
            f"{name} must be {wanted}, got {shown(value)}: choose one of them"
        )
    return value


def whole_numbers(
    name: str, values: Any, *, at_least: int, at_most: int = MOST
) -> tuple[int, ...]:
    """Return ``values`` as a tuple of ints, if each is whole and within the bounds.

    Raises:
        TypeError: ``values`` is no list, or an entry is no integer.
        ValueError: an entry is below ``at_least``, or above ``at_most``.
    """
    return tuple(
        whole(f"{name}[{i}]", value, at_least=at_least, at_most=at_most)
        for i, value in enumerate(entries(name, values, "whole numbers", "[30, 60]"))
    )


def entries(name: str, values: Any, kind: str, example: str) -> list[Any]:
    """What is in ``values``, if it is a list or something else that has entries.

    Raises:
        TypeError: it has none; a string, which has letters, included.
    """
    try:
        if isinstance(values, Iterable) and not isinstance(values, str | bytes):
            return list(values)
    except TypeError:  # an array without axes is Iterable, and yet has no entries
        pass
    raise TypeError(
        f"{name} must be a list of {kind}, got {shown(values)} "
        f"({type(values).__name__}): write {name}={example}"
    )
