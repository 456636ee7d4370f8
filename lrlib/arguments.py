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


def number(name: str, value: Any) -> float:
    """Return ``value`` as a float, if it is a real number.

    Raises:
        TypeError: ``value`` is no real number.
    """
    if type(value) is float:  # as nearly always, where a million are checked
        return value
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise TypeError(
            f"{name} must be a number, got {value!r} ({type(value).__name__}): "
            f"write it as a float, such as {name}=0.1"
        )
    return float(value)


def positive(name: str, value: Any) -> float:
    """Return ``value`` as a float, if it is a positive finite number.

    Raises:
        TypeError: ``value`` is no real number.
        ValueError: ``value`` is zero, negative, infinite or NaN.
    """
    if not 0 < number(name, value) < math.inf:
        raise ValueError(
            f"{name} must be positive and finite, got {value!r}: choose {name} > 0"
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
        raise ValueError(f"{name} must be in [0, 1), got {value!r}: {remedy}")
    return float(value)


def share(name: str, value: Any, remedy: str) -> float:
    """Return ``value`` as a float, if it is a number above 0 and at most 1.

    Raises:
        TypeError: ``value`` is no real number.
        ValueError: ``value`` is 0 or negative, above 1, or NaN.
    """
    if not 0 < number(name, value) <= 1:
        raise ValueError(
            f"{name} must be above 0 and at most 1, got {value!r}: {remedy}"
        )
    return float(value)


def true_or_false(name: str, value: Any) -> bool:
    """Return ``value``, if it is a bool.

    Raises:
        TypeError: ``value`` is something else, 0 and 1 included.
    """
    if not isinstance(value, bool):
        raise TypeError(
            f"{name} must be True or False, got {value!r}: write {name}=True"
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
            f"{name} must have rows of one length, got {value!r}: complete the rows"
        ) from error
    if array.dtype.kind == "c":
        raise ValueError(
            f"{name} must be real, got {value!r}: pass its real part, .real"
        )
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} must be made of real numbers, got {value!r} "
            f"({type(value).__name__}): write floats, such as 0.1"
        )
    return array.astype(np.float64, copy=False)


def whole(name: str, value: Any, *, at_least: int) -> int:
    """Return ``value`` as an int, if it is a whole number from ``at_least`` on.

    Raises:
        TypeError: ``value`` is no integer; floats such as ``10.0`` included.
        ValueError: ``value`` is below ``at_least``.
    """
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Integral):
        raise TypeError(
            f"{name} must be a whole number, got {value!r} "
            f"({type(value).__name__}): use an int, {at_least} or more"
        )
    if value < at_least:
        raise ValueError(
            f"{name} must be at least {at_least}, got {value}: choose a larger {name}"
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
            f"{name} must be 0 or more and finite, got {value!r}: choose {name} >= 0"
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
            f"{name} must be a string, got {value!r} ({type(value).__name__}): "
            f"write {wanted}"
        )
    if value not in names:
        raise ValueError(f"{name} must be {wanted}, got {value!r}: choose one of them")
    return value


def whole_numbers(name: str, values: Any, *, at_least: int) -> tuple[int, ...]:
    """Return ``values`` as a tuple of ints, if each is whole and ``at_least`` or more.

    Raises:
        TypeError: ``values`` is no list, or an entry is no integer.
        ValueError: an entry is below ``at_least``.
    """
    if isinstance(values, str | numbers.Number) or not isinstance(values, Iterable):
        raise TypeError(
            f"{name} must be a list of whole numbers, got {values!r} "
            f"({type(values).__name__}): write {name}=[30, 60]"
        )
    return tuple(
        whole(f"{name}[{i}]", value, at_least=at_least)
        for i, value in enumerate(values)
    )
