"""Arrays and strings as compact text, for a page that holds all positions at once.

The browser decodes what is written here: the other half is ``decode`` and ``pick``
in ``explorer.mjs``.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

# 65533 levels for finite values; the three codes above them say what has no level.
LEVELS = 65533
NAN, PLUS_INFINITY, MINUS_INFINITY = 65533, 65534, 65535


def encode(
    values: ArrayLike, limits: tuple[float, float] | None = None
) -> dict[str, Any]:
    """An array of any shape in two bytes a value, as a JSON-able dict.

    Finite values are rounded to one of 65533 evenly spaced levels between the
    smallest and the largest, so that a decoded value is off by at most
    ``(high - low) / 65532 / 2``; the two ends, NaN and both infinities come back
    exactly. ``limits`` first clips finite values to that interval: what lies far
    outside a chart needs no resolution. For a log axis encode the logarithm: the
    bound is then a relative one.

    Neighbours along the last axis are alike, so each level is stored as its
    difference from the one before, with the low bytes first and the high bytes
    (nearly all zero) after them; that halves the size after gzip.
    """
    array = np.asarray(values, dtype=np.float64)
    finite = np.isfinite(array)
    if limits is not None:
        array = np.where(finite, np.clip(array, *limits), array)
    low = float(array[finite].min()) if finite.any() else 0.0
    high = float(array[finite].max()) if finite.any() else 0.0
    # Halved before subtracting: the width itself may exceed the largest float.
    half_width = high / 2 - low / 2
    fraction = np.where(finite, array, low) / 2 - low / 2
    if half_width > 0:
        fraction = fraction / half_width
    levels = np.rint(fraction * (LEVELS - 1)).astype(np.int64)
    levels[np.isnan(array)] = NAN
    levels[array == np.inf] = PLUS_INFINITY
    levels[array == -np.inf] = MINUS_INFINITY
    return {
        "shape": list(array.shape),
        "low": low,
        "high": high,
        "data": _pack(levels.ravel()),
    }


def decode(encoded: dict[str, Any]) -> NDArray[np.float64]:
    """The array that ``encode`` stored, up to its rounding; float64."""
    levels = _unpack(encoded["data"])
    low, high = encoded["low"], encoded["high"]
    fraction = np.minimum(levels, LEVELS - 1) / (LEVELS - 1)
    # Two products instead of low + (high - low) * fraction: exact at both ends.
    values = low * (1 - fraction) + high * fraction
    values[levels == NAN] = np.nan
    values[levels == PLUS_INFINITY] = np.inf
    values[levels == MINUS_INFINITY] = -np.inf
    return values.reshape(encoded["shape"])


def encode_strings(strings: NDArray[Any]) -> dict[str, Any]:
    """An array of strings as the list of its different ones and an index into it."""
    flat = [str(string) for string in strings.ravel()]
    distinct = list(dict.fromkeys(flat))
    if len(distinct) > LEVELS:
        raise ValueError(
            f"an explorer holds at most {LEVELS} different texts in one array, got "
            f"{len(distinct)}; use fewer positions or a coarser format"
        )
    number = {string: index for index, string in enumerate(distinct)}
    index = np.array([number[string] for string in flat], np.int64)
    return {
        "strings": distinct,
        "index": encode_indices(index.reshape(strings.shape)),
    }


def decode_strings(encoded: dict[str, Any]) -> NDArray[Any]:
    """The array of strings that ``encode_strings`` stored."""
    return np.array(encoded["strings"], dtype=object)[decode_indices(encoded["index"])]


def encode_indices(indices: NDArray[np.int64]) -> dict[str, Any]:
    """An array of whole numbers from 0 to 65532, which come back exactly."""
    return {"shape": list(indices.shape), "whole": _pack(indices.ravel())}


def decode_indices(encoded: dict[str, Any]) -> NDArray[np.int64]:
    """The array of whole numbers that ``encode_indices`` stored."""
    return _unpack(encoded["whole"]).reshape(encoded["shape"])


def over_grid(
    name: str, values: ArrayLike, grid: Sequence[int], trailing: int
) -> NDArray[np.float64]:
    """``values`` as float64, checked to have the grid's axes and ``trailing`` more.

    Each leading axis has the number of that control's values, or 1 where the array
    does not depend on it. A plain number (with ``trailing=0``) is the same at every
    position.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0 and trailing == 0:
        array = array.reshape([1] * len(grid))
    check_grid(name, array.shape, grid, trailing)
    return array


def check_grid(
    name: str, shape: tuple[int, ...], grid: Sequence[int], trailing: int
) -> None:
    """Raise ValueError unless ``shape`` is the grid's axes (or 1) and ``trailing``."""
    leading = shape[: len(grid)]
    if len(shape) != len(grid) + trailing or any(
        have not in (1, want) for have, want in zip(leading, grid, strict=False)
    ):
        wanted = ", ".join([*map(str, grid), *["any"] * trailing])
        raise ValueError(
            f"{name} has shape {shape}, expected ({wanted}): one axis per control, of "
            "its number of values or of 1 where the control changes nothing"
        )
    if 0 in shape:
        raise ValueError(f"{name} is empty (shape {shape}); give at least one value")


def _pack(levels: NDArray[np.int64]) -> str:
    step = np.diff(levels, prepend=0)
    signed = (step + 32768) % 65536 - 32768
    zigzag = np.where(signed >= 0, 2 * signed, -2 * signed - 1).astype(np.uint16)
    low, high = zigzag & 255, zigzag >> 8
    return b64encode(np.concatenate([low, high]).astype(np.uint8).tobytes()).decode()


def _unpack(data: str) -> NDArray[np.int64]:
    low, high = np.frombuffer(b64decode(data), np.uint8).reshape(2, -1).astype(np.int64)
    zigzag = low + 256 * high
    return np.cumsum((zigzag >> 1) ^ -(zigzag & 1)) % 65536
