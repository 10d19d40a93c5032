"""Characters: UTF-8 read and written, small letters, and the composed form of Unicode (NFC), for the kernel.

Everything here is compiled into :mod:`tantam.listen.clean.kernel`.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from tantam.listen.clean.tables import (
    DECOMPOSES,
    DROP,
    FOLDS,
    KIND,
    LATIN,
    LETTER,
    MARK,
    OTHER,
    ROUGH,
    SECOND,
    SPACE,
)

MOST_MARKS = 16
"""Marks on one letter; what is piled higher is dropped."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@numba.njit
def decode(data: Any, p: int, end: int) -> tuple[int, int]:
    """The code point at p and where the next begins; -1 for a byte that is not UTF-8."""
    lead = np.int64(data[p])
    if lead < 0x80:
        return lead, p + 1
    more = 1 if lead < 0xE0 else (2 if lead < 0xF0 else 3)
    if lead < 0xC2 or lead > 0xF4 or p + more >= end:
        return -1, p + 1
    point = lead & (0x3F >> more)
    for i in range(1, more + 1):
        byte = np.int64(data[p + i])
        if byte & 0xC0 != 0x80:
            return -1, p + 1
        point = point << 6 | (byte & 0x3F)
    least = 0x80 if more == 1 else (0x800 if more == 2 else 0x10000)
    if point < least or point > 0x10FFFF or 0xD800 <= point < 0xE000:
        return -1, p + 1
    return point, p + more + 1


@numba.njit
def encode(point: int, out: Any, p: int) -> int:
    """Write one code point at p; where the next goes."""
    if point < 0x80:
        out[p] = point
        return p + 1
    if point < 0x800:
        out[p], out[p + 1] = 0xC0 | point >> 6, 0x80 | point & 0x3F
        return p + 2
    if point < 0x10000:
        out[p], out[p + 1], out[p + 2] = 0xE0 | point >> 12, 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F
        return p + 3
    out[p], out[p + 1] = 0xF0 | point >> 18, 0x80 | point >> 12 & 0x3F
    out[p + 2], out[p + 3] = 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F
    return p + 4


@numba.njit
def info(tables: Any, point: int) -> int:
    """The bits of one code point: see ``tables``."""
    return np.int64(tables.info[tables.page[point >> 7], point & 127])


@numba.njit
def find(table: Any, key: Any) -> int:
    """The value of a key in a table of [slots, 2], or 0."""
    slots = table.shape[0]
    at = np.int64((key * _GOLDEN) >> np.uint64(64 - _bits(slots)))
    while table[at, 0] != 0:
        if table[at, 0] == key:
            return np.int64(table[at, 1])
        at = (at + 1) & (slots - 1)
    return 0


@numba.njit
def _bits(slots: int) -> int:
    bits = 0
    while (1 << bits) < slots:
        bits += 1
    return bits


@numba.njit
def _pair(tables: Any, first: int, second: int) -> int:
    """What two code points compose to, or 0; Hangul by its arithmetic (Unicode 3.12)."""
    if 0x1100 <= first < 0x1113 and 0x1161 <= second < 0x1176:
        return 0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28
    if 0xAC00 <= first < 0xD7A4 and (first - 0xAC00) % 28 == 0 and 0x11A7 < second < 0x11C3:
        return first + second - 0x11A7
    return find(tables.pairs, np.uint64(first << 21 | second))


@numba.njit
def _close(tables: Any, out: Any, start: int, n: int) -> int:
    """Put the marks behind the letter at start in their order and compose them with it; the new end."""
    for i in range(start + 2, n):
        mark, rank, j = out[i], info(tables, out[i]) >> 8 & 255, i
        while j > start + 1 and info(tables, out[j - 1]) >> 8 & 255 > rank:
            out[j] = out[j - 1]
            j -= 1
        out[j] = mark
    kept, last = start + 1, 0
    for i in range(start + 1, n):
        mark, rank = out[i], info(tables, out[i]) >> 8 & 255
        made = _pair(tables, out[start], mark) if last < rank else 0
        if made:
            out[start] = made
        else:
            out[kept] = mark
            kept, last = kept + 1, rank
    return kept


@numba.njit
def _apart(tables: Any, out: Any, at: int) -> int:
    """Take the last letter, at ``at``, apart from marks that it carries; the new end."""
    point = out[at]
    run = np.int64(tables.apart[tables.page[point >> 7], point & 127])
    if run == 0:
        return at + 1
    start, length = (run ^ DECOMPOSES) >> 4, run & 15
    if info(tables, tables.sequences[start + length - 1]) >> 8 & 255 == 0:
        return at + 1
    for i in range(length):
        out[at + i] = tables.sequences[start + i]
    return at + length


@numba.njit
def fold(tables: Any, data: Any, p: int, end: int, rewrite: bool, out: Any) -> int:
    """The bytes p to end as small composed letters: how many code points are now in ``out``.

    With ``rewrite`` unseen characters, marks on nothing and marks piled too high are dropped and what is no UTF-8
    becomes a space; without, any of these gives -1, as does what becomes ASCII: the text must be rewritten whole.
    """
    n = 0
    start = -1
    marks = 0
    before = OTHER
    while p < end:
        point, p = decode(data, p, end)
        if point < 0:
            point = 0x20 if rewrite else 0
        row, column = tables.page[point >> 7], point & 127
        bits = np.int64(tables.info[row, column])
        if bits & ROUGH and not rewrite:
            return -1
        if bits & KIND == DROP:
            continue
        step = np.int64(tables.fold[row, column])
        first, length = point + step, 1
        if step >= FOLDS:
            first, length = (step ^ FOLDS) >> 4, step & 15
        for i in range(length):
            small = np.int64(tables.sequences[first + i]) if step >= FOLDS else first
            bits = info(tables, small)
            if bits & KIND == MARK:
                marks += 1
                if (before != LATIN and before != LETTER) or marks > MOST_MARKS:
                    if rewrite:
                        continue
                    return -1
            else:
                marks, before = 0, bits & KIND
            if bits >> 8 & 255:
                if n - start == 1:
                    n = _apart(tables, out, start)
                out[n] = small
                n += 1
                continue
            if n - start > 1 and start >= 0:
                n = _close(tables, out, start, n)
            if bits & SECOND and start >= 0 and n - start == 1:
                made = _pair(tables, out[start], small)
                if made:
                    out[start] = made
                    continue
            start = n
            out[n] = small
            n += 1
    if n - start > 1 and start >= 0:
        n = _close(tables, out, start, n)
    return n


@numba.njit
def rewrite(tables: Any, data: Any, p: int, end: int, points: Any, out: Any) -> int:
    """A text folded whole, in UTF-8 at the start of ``out``: its length in bytes."""
    n = fold(tables, data, p, end, True, points)
    at = 0
    for i in range(n):
        point = points[i]
        at = encode(0x20 if info(tables, point) & KIND == SPACE else point, out, at)
    return at
