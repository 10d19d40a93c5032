"""Characters: UTF-8 read and written, small letters, and the composed form of Unicode (NFC), for the kernel.

Everything here is compiled into :mod:`tantam.listen.clean.kernel`; ``t`` is ``Tables.ints``.
"""

from __future__ import annotations

from typing import Any

import numba

from tantam.listen.clean.bits import small
from tantam.listen.clean.tables import (
    APART,
    DECOMPOSES,
    DROP,
    FOLD,
    FOLDS,
    INFO,
    KIND,
    LATIN,
    LETTER,
    MARK,
    OTHER,
    PAGE_BITS,
    PAGES,
    PAIR_SLOTS,
    PAIRS,
    ROUGH,
    SECOND,
    SEQUENCES,
    SPACE,
)

MOST_MARKS = 16
"""Marks on one letter; what is piled higher is dropped."""

_LETTERS = 1 << LATIN | 1 << LETTER
_COLUMN = (1 << PAGE_BITS) - 1


@small
def decode(data: Any, p: int, end: int) -> tuple[int, int]:
    """The code point at p and where the next begins; -1 for a byte that is not UTF-8."""
    lead = int(data[p])
    if lead < 0x80:
        return lead, p + 1
    more = 1 if lead < 0xE0 else (2 if lead < 0xF0 else 3)
    if lead < 0xC2 or lead > 0xF4 or p + more >= end:
        return -1, p + 1
    point = lead & (0x3F >> more)
    for i in range(1, more + 1):
        byte = int(data[p + i])
        if byte & 0xC0 != 0x80:
            return -1, p + 1
        point = point << 6 | (byte & 0x3F)
    least = 0x80 if more == 1 else (0x800 if more == 2 else 0x10000)
    if point < least or point > 0x10FFFF or 0xD800 <= point < 0xE000:
        return -1, p + 1
    return point, p + more + 1


@small
def encode(point: int, out: Any, p: int) -> int:
    """Write one code point at p; where the next goes."""
    if point < 0x80:
        out[p] = point
        return p + 1
    if point < 0x800:
        out[p], out[p + 1] = 0xC0 | point >> 6, 0x80 | point & 0x3F
        return p + 2
    if point < 0x10000:
        out[p], out[p + 1], out[p + 2] = (0xE0 | point >> 12, 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F)
        return p + 3
    out[p], out[p + 1] = 0xF0 | point >> 18, 0x80 | point >> 12 & 0x3F
    out[p + 2], out[p + 3] = 0x80 | point >> 6 & 0x3F, 0x80 | point & 0x3F
    return p + 4


@small
def about(t: Any, part: int, point: int) -> int:
    """What INFO, FOLD or APART says of one code point."""
    return int(t[t[part] + t[t[PAGES] + (point >> PAGE_BITS)] + (point & _COLUMN)])


@small
def _rank(t: Any, point: int) -> int:
    """The canonical combining class."""
    return about(t, INFO, point) >> 8 & 255


@numba.njit
def _pair(t: Any, first: int, second: int) -> int:
    """What two code points compose to, or 0; Hangul by its arithmetic (Unicode 3.12)."""
    if 0x1100 <= first < 0x1113 and 0x1161 <= second < 0x1176:
        return 0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28
    if 0xAC00 <= first < 0xD7A4 and (first - 0xAC00) % 28 == 0 and 0x11A7 < second < 0x11C3:
        return first + second - 0x11A7
    slot = (first * 31 + second) & (PAIR_SLOTS - 1)
    while True:
        at = t[PAIRS] + 3 * slot
        if (t[at] == first and t[at + 1] == second) or t[at] == 0:
            return int(t[at + 2])
        slot = (slot + 1) & (PAIR_SLOTS - 1)


@numba.njit
def _close(t: Any, w: Any, start: int, n: int) -> int:
    """Put the marks behind the letter at start in their order and compose them with it; the new end."""
    for i in range(start + 2, n):
        mark, rank, j = w[i], _rank(t, w[i]), i
        while j > start + 1 and _rank(t, w[j - 1]) > rank:
            w[j] = w[j - 1]
            j -= 1
        w[j] = mark
    kept, last = start + 1, 0
    for i in range(start + 1, n):
        mark, rank = w[i], _rank(t, w[i])
        made = _pair(t, w[start], mark) if last < rank else 0
        if made:
            w[start] = made
        else:
            w[kept] = mark
            kept, last = kept + 1, rank
    return kept


@numba.njit
def _apart(t: Any, w: Any, at: int) -> int:
    """Take the last letter, at ``at``, apart from the marks it carries; the new end."""
    run = about(t, APART, w[at])
    if run == 0:
        return at + 1
    start, length = t[SEQUENCES] + ((run ^ DECOMPOSES) >> 4), run & 15
    if _rank(t, t[start + length - 1]) == 0:
        return at + 1
    for i in range(length):
        w[at + i] = t[start + i]
    return at + length


@numba.njit
def fold(t: Any, data: Any, p: int, end: int, rewriting: bool, w: Any) -> int:
    """The bytes p to end as small composed letters: how many code points are now in ``w``.

    When ``rewriting``, unseen characters, marks on nothing and marks piled too high are dropped and what is no UTF-8
    becomes a space; else any of these gives -1, as does what becomes ASCII: the text must be rewritten whole, because
    words and links are found in it by their bytes.
    """
    n, start, marks, before = 0, -1, 0, OTHER
    while p < end:
        point, p = decode(data, p, end)
        if point < 0:
            point = 0x20 if rewriting else 0
        bits, step = about(t, INFO, point), about(t, FOLD, point)
        if bits & ROUGH and not rewriting:
            return -1
        if bits & KIND == DROP:
            continue
        first, length = (t[SEQUENCES] + ((step ^ FOLDS) >> 4), (step & 15 if step >= FOLDS else 1))
        for i in range(length):
            made = int(t[first + i]) if step >= FOLDS else point + step
            if made != point:
                bits = about(t, INFO, made)
            if bits & KIND == MARK:
                marks += 1
                if not 1 << before & _LETTERS or marks > MOST_MARKS:
                    if rewriting:
                        continue
                    return -1
            else:
                marks, before = 0, bits & KIND
            alone = start >= 0 and n - start == 1
            if bits >> 8 & 255:
                n = _apart(t, w, start) if alone else n
                w[n] = made
                n += 1
                continue
            if start >= 0 and n - start > 1:
                n = _close(t, w, start, n)
                alone = n - start == 1
            both = _pair(t, w[start], made) if bits & SECOND and alone else 0
            if both:
                w[start] = both
                continue
            start = n
            w[n] = made
            n += 1
    return _close(t, w, start, n) if start >= 0 and n - start > 1 else n


@numba.njit
def rewrite(t: Any, data: Any, p: int, end: int, w: Any, out: Any) -> int:
    """A text folded whole, in UTF-8 at the start of ``out``: its length in bytes."""
    n = fold(t, data, p, end, True, w)
    at = 0
    for i in range(n):
        at = encode(0x20 if about(t, INFO, w[i]) & KIND == SPACE else w[i], out, at)
    return at
