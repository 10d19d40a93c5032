"""Words found in bytes, eight at a time.

A raw word is a run of ASCII letters and digits and of all bytes beyond ASCII. Everything here is compiled into
:mod:`tantam.listen.clean.kernel`.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from tantam.listen.clean.bits import first_bit, load, small
from tantam.listen.clean.syllable import is_digit

WORD, SPACE, MARK, CONTROL = range(4)
BYTES = np.array(
    [
        WORD
        if b >= 0x80 or chr(b).isalnum()
        else (SPACE if b in b" _\t\n\v\f\r\x1c\x1d\x1e\x1f" else (MARK if 32 < b < 127 else CONTROL))
        for b in range(256)
    ],
    np.uint8,
)
KEY_BYTES = 16

_U = np.uint64
_ZERO, _ONE, _THREE = _U(0), _U(1), _U(3)
_ONES = _U(0x0101010101010101)
_TOP = _U(0x8080808080808080)


@small
def _others(x: Any) -> Any:
    """The top bit of each of eight bytes that is in no word: below 0x80, and no letter or digit."""
    low = x | _TOP
    lower = low | _ONES * _U(0x20)
    digit = (low - _ONES * _U(48)) & ~(low - _ONES * _U(58))
    letter = (lower - _ONES * _U(97)) & ~(lower - _ONES * _U(123))
    return ~(digit | letter | x) & _TOP


@small
def _cut(x: Any, length: int) -> Any:
    """The first bytes of eight, 0 to 8 of them."""
    if length >= 8:
        return x
    return x & ((_ONE << _U(8 * length)) - _ONE)


@small
def key(data: Any, p: int, end: int) -> tuple[int, Any, Any]:
    """Where the word that begins at p ends, and its bytes in two numbers if they are sixteen or fewer, else zeros."""
    low, high = _ZERO, _ZERO
    if p + KEY_BYTES <= data.size:
        low = load(data, p)
        others = _others(low)
        if others != _ZERO:
            q = min(p + int(np.int64(first_bit(others) >> _THREE)), end)
            return q, _cut(low, q - p), _ZERO
        high = load(data, p + 8)
        others = _others(high)
        if others != _ZERO:
            q = min(p + 8 + int(np.int64(first_bit(others) >> _THREE)), end)
            if q < p + 8:
                return q, _cut(low, q - p), _ZERO
            return q, low, _cut(high, q - p - 8)
    q = p
    while q < end and BYTES[data[q]] == WORD:
        q += 1
    low, high = _ZERO, _ZERO
    if q - p <= KEY_BYTES:
        for i in range(q - 1, p - 1, -1):
            high = high << _U(8) | low >> _U(56)
            low = low << _U(8) | _U(data[i])
    return q, low, high


@numba.njit
def after_number(data: Any, start: int, p: int) -> bool:
    """Does a number and a space stand before p? A ``k`` is then a thousand, and not ``không``."""
    at = p
    while at > start and BYTES[data[at - 1]] == SPACE:
        at -= 1
    digits = at
    while digits > start and is_digit(data[digits - 1]):
        digits -= 1
    return digits < at < p and (digits == start or BYTES[data[digits - 1]] != WORD)
