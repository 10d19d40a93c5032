"""The commonest spellings of a value, read by kernels straight from Arrow's memory; all else is left to :mod:`cells`.

Each kernel fills ``out`` with what it read, marks in ``left`` (bool [n], false before) what it could not, and gives
how many those are. Whatever it reads, it reads as the SQL of :mod:`tantam.base.cells` does: a test compares them.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.base.cells import MOST_DIGITS

_MOST = 10**MOST_DIGITS - 1
_NO_LONG, _NO_SHORT = np.iinfo(np.int64).min, np.iinfo(np.int32).min


def phones(array: pa.Array, out: NDArray[np.int64], left: NDArray[np.bool_]) -> int:
    """Nine digits of a mobile number from text: 0912345678, 84912345678, +84912345678; 0 for null."""
    return int(_phones(*_text(array), out, left))


def wholes(array: pa.Array, out: NDArray[np.int64], left: NDArray[np.bool_]) -> int:
    """Whole numbers of at most 15 digits, from text or any whole numbers."""
    if pa.types.is_string(array.type):
        return int(_digits(*_text(array), out, left))
    return int(
        _within(
            _held(array).astype(np.int64, copy=False),
            _bits(array),
            array.offset,
            0,
            _MOST,
            _NO_LONG,
            out,
            left,
        )
    )


def days(array: pa.Array, first: int, last: int, out: NDArray[np.int32], left: NDArray[np.bool_]) -> int:
    """Days since 1970 between ``first`` and ``last``, from text (2026-11-21) or date32."""
    if pa.types.is_string(array.type):
        return int(_iso(*_text(array), first, last, out, left))
    return int(
        _within(_held(array.view(pa.int32())), _bits(array), array.offset, first, last, _NO_SHORT, out, left)
    )


def _bits(array: pa.Array) -> NDArray[np.uint8]:
    """Which values are there, a bit each; empty where all are."""
    bits = array.buffers()[0]
    return np.empty(0, np.uint8) if bits is None or not array.null_count else np.frombuffer(bits, np.uint8)


def _held(array: pa.Array) -> NDArray[Any]:
    """The values of whole numbers, and anything where there is none."""
    values = np.frombuffer(array.buffers()[1] or b"", array.type.to_pandas_dtype())
    return values[array.offset : array.offset + len(array)]


def _text(array: pa.Array) -> tuple[NDArray[np.uint8], int, NDArray[np.int32], NDArray[np.uint8]]:
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, np.int32)[array.offset : array.offset + len(array) + 1]
    return _bits(array), array.offset, ends, np.frombuffer(data or b"", np.uint8)


@numba.njit(inline="always")
def _there(bits: Any, at: Any) -> Any:
    return bits.size == 0 or (bits[at >> 3] >> (at & 7)) & 1


@numba.njit(inline="always")
def _number(data: Any, begin: Any, end: Any) -> Any:
    """Digits as a number, or -1."""
    value = np.int64(0)
    for at in range(begin, end):
        digit = np.int64(data[at]) - 48
        if digit < 0 or digit > 9:
            return -1
        value = 10 * value + digit
    return value


@numba.njit(cache=True, nogil=True)
def _within(values: Any, bits: Any, at: Any, low: Any, high: Any, null: Any, out: Any, left: Any) -> int:
    count = 0
    for i in range(values.size):
        out[i] = null
        if _there(bits, at + i):
            if low <= values[i] <= high:
                out[i] = values[i]
            else:
                left[i] = True
                count += 1
    return count


@numba.njit(cache=True, nogil=True)
def _digits(bits: Any, at: Any, ends: Any, data: Any, out: Any, left: Any) -> int:
    count = 0
    for i in range(ends.size - 1):
        out[i] = _NO_LONG
        if _there(bits, at + i):
            size = ends[i + 1] - ends[i]
            value = _number(data, ends[i], ends[i + 1]) if 0 < size <= MOST_DIGITS else -1
            if value >= 0:
                out[i] = value
            else:
                left[i] = True
                count += 1
    return count


@numba.njit(cache=True, nogil=True)
def _phones(bits: Any, at: Any, ends: Any, data: Any, out: Any, left: Any) -> int:
    count = 0
    for i in range(ends.size - 1):
        out[i] = 0
        if _there(bits, at + i):
            begin, size = ends[i], ends[i + 1] - ends[i]
            if size == 12 and data[begin] == 43:  # +
                begin, size = begin + 1, 11
            known = (size == 10 and data[begin] == 48 and begin == ends[i]) or (
                size == 11 and data[begin] == 56 and data[begin + 1] == 52
            )
            value = _number(data, ends[i + 1] - 9, ends[i + 1]) if known else -1
            first = value // 100_000_000
            if first in (3, 5, 7, 8, 9):
                out[i] = value
            else:
                left[i] = True
                count += 1
    return count


@numba.njit(cache=True, nogil=True)
def _iso(bits: Any, at: Any, ends: Any, data: Any, low: Any, high: Any, out: Any, left: Any) -> int:
    count = 0
    for i in range(ends.size - 1):
        out[i] = _NO_SHORT
        if _there(bits, at + i):
            day, a = low - 1, ends[i]
            if ends[i + 1] - a == 10 and data[a + 4] == 45 and data[a + 7] == 45:  # -
                day = _day(
                    _number(data, a, a + 4),
                    _number(data, a + 5, a + 7),
                    _number(data, a + 8, a + 10),
                    low - 1,
                )
            if low <= day <= high:
                out[i] = day
            else:
                left[i] = True
                count += 1
    return count


@numba.njit(inline="always")
def _day(year: Any, month: Any, day: Any, otherwise: Any) -> Any:
    """Days since 1970 of a day between 1900 and 2099 (every fourth year but 1900 is a leap year there)."""
    if year < 1900 or year > 2099 or month < 1 or month > 12 or day < 1 or day > 31:
        return otherwise
    leap = year % 4 == 0 and year != 1900
    short = month == 4 or month == 6 or month == 9 or month == 11  # noqa: PLR1714 (numba compares numbers quicker)
    if day > (28 + leap if month == 2 else 31 - short):
        return otherwise
    # The year begins in March, so that its last day is the one that may be missing (H. Hinnant, civil calendars).
    march, since = (month + 9) % 12, year - (month <= 2)
    return 365 * since + since // 4 - since // 100 + since // 400 + (153 * march + 2) // 5 + day - 719469
