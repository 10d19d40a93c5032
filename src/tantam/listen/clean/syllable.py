"""Letters, hashes and tones of one word, for the kernel: a word is a run of folded code points ``w[a:a + n]``."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from tantam.listen.clean.fold import find
from tantam.listen.clean.hashing import OFFSET, PRIME, hash_word
from tantam.listen.clean.tables import DECOMPOSES, PLAIN, SYLLABLE
from tantam.listen.clean.vietnamese import LAST

NUMBER = np.uint64(hash_word("0")[1])
"""The plain hash of every word of digits alone."""

_LONGEST = 8
_OFFSET, _PRIME = np.uint64(OFFSET), np.uint64(PRIME)


@numba.njit
def letter(tables: Any, point: int) -> int:
    """Base, quality << 8 and tone << 12 of a Vietnamese letter (and of a to z); 0 for any other."""
    return np.int64(tables.letters[point]) if point < LAST else 0


@numba.njit
def base(tables: Any, point: int) -> int:
    """A Vietnamese letter without its accents; any other code point as it is."""
    held = letter(tables, point) & 255
    return held if held else np.int64(point)


@numba.njit
def is_digit(point: int) -> bool:
    return 48 <= point <= 57


@numba.njit
def is_vowel(point: int) -> bool:
    """Is it one of a, e, i, o, u, y?"""
    return 97 <= point <= 121 and (0x1104111 >> (point - 97)) & 1 == 1


@numba.njit
def _fed(state: Any, point: int) -> Any:
    """FNV-1a of one more code point, in UTF-8."""
    point = np.uint64(point)
    if point < 0x80:
        return (state ^ point) * _PRIME
    low = np.uint64(0x80) | point & np.uint64(0x3F)
    if point < 0x800:
        state = (state ^ (np.uint64(0xC0) | point >> np.uint64(6))) * _PRIME
        return (state ^ low) * _PRIME
    middle = np.uint64(0x80) | point >> np.uint64(6) & np.uint64(0x3F)
    if point < 0x10000:
        state = (state ^ (np.uint64(0xE0) | point >> np.uint64(12))) * _PRIME
    else:
        state = (state ^ (np.uint64(0xF0) | point >> np.uint64(18))) * _PRIME
        state = (state ^ (np.uint64(0x80) | point >> np.uint64(12) & np.uint64(0x3F))) * _PRIME
    return (((state ^ middle) * _PRIME) ^ low) * _PRIME


@numba.njit
def _mixed(x: Any) -> Any:
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@numba.njit
def hashed(w: Any, a: int, n: int) -> Any:
    """The exact hash: ``hash_word(word)[0]``."""
    state = _OFFSET
    for i in range(a, a + n):
        state = _fed(state, w[i])
    return _mixed(state)


@numba.njit
def bare_hashed(tables: Any, w: Any, a: int, n: int) -> Any:
    """The plain hash: ``hash_word(word)[1]``."""
    state = _OFFSET
    number = True
    for i in range(a, a + n):
        point = np.int64(w[i])
        number &= is_digit(point)
        held = letter(tables, point) & 255
        if held:
            state = _fed(state, held)
            continue
        run = np.int64(tables.apart[tables.page[point >> 7], point & 127])
        first, length = (run ^ DECOMPOSES) >> 4, run & 15
        marked = False
        for j in range(first, first + length if run else first):
            marked |= 0x300 <= tables.sequences[j] < 0x370
        if marked:
            for j in range(first, first + length):
                part = np.int64(tables.sequences[j])
                if not 0x300 <= part < 0x370:
                    state = _fed(state, part)
        elif not 0x300 <= point < 0x370:
            state = _fed(state, point)
    return NUMBER if number else _mixed(state)


@numba.njit
def squeeze(tables: Any, w: Any, a: int, n: int) -> int:
    """Three letters alike or more become one, that with an accent if any has it; a word that is all one consonant
    (``kkkkk``, ``zzz``) becomes three. The new length."""
    i, m = 0, 0
    while i < n:
        same = base(tables, w[a + i])
        best, j = w[a + i], i + 1
        while j < n and base(tables, w[a + j]) == same:
            if best == same:
                best = w[a + j]
            j += 1
        if j - i < 3 or is_digit(same):
            for k in range(i, j):
                w[a + m + k - i] = w[a + k]
            m += j - i
        elif j - i == n and 97 <= same <= 122 and not is_vowel(same):
            w[a], w[a + 1], w[a + 2] = same, same, same
            m = 3
        else:
            w[a + m] = best
            m += 1
        i = j
    return m


@numba.njit
def single(tables: Any, w: Any, a: int, n: int, spare: Any) -> int:
    """A word that is a syllable once its doubled letters are single becomes it: with accents anywhere, without them only a,
    i, u or y at the end. The new length, n if it stays."""
    m, accents = 0, False
    for i in range(a, a + n):
        plain = base(tables, w[i])
        accents |= w[i] >= 128
        if m == 0 or base(tables, spare[m - 1]) != plain:
            spare[m] = w[i]
            m += 1
        elif spare[m - 1] == plain:
            spare[m - 1] = w[i]
    last = w[a + n - 1]
    if accents:
        settle(tables, spare, 0, m)
        held = find(tables.words, hashed(spare, 0, m)) & SYLLABLE
    else:
        ends = (
            m == n - 1 and w[a + n - 2] == last and (last == 97 or last == 105 or last == 117 or last == 121)
        )
        held = ends and find(tables.words, hashed(spare, 0, m)) & PLAIN
    if m == n or not held:
        return n
    for i in range(m):
        w[a + i] = spare[i]
    return m


@numba.njit
def settle(tables: Any, w: Any, a: int, n: int) -> None:
    """Put the tone where we put it (``hòa``, ``quá``), if that makes a syllable; see ``vietnamese.tone_place``."""
    at = -1
    for i in range(a, a + n):
        held = letter(tables, w[i])
        if held == 0 or n > _LONGEST or (held >> 12 and at >= 0):
            return
        if held >> 12:
            at = i
    if at < 0:
        return
    toned = w[at]
    held = letter(tables, toned)
    w[at] = tables.of_letter[(held & 255) - 97, held >> 8 & 15, 0]
    place = a + tone_place(tables, w, a, n)
    if place >= a and place != at:
        plain = w[place]
        other = letter(tables, plain)
        w[place] = tables.of_letter[(other & 255) - 97, other >> 8 & 15, held >> 12]
        if find(tables.words, hashed(w, a, n)) & SYLLABLE:
            return
        w[place] = plain
    w[at] = toned


@numba.njit
def tone_place(tables: Any, w: Any, a: int, n: int) -> int:
    """Where from a on the tone stands in a word without one, or -1: ``vietnamese.tone_place``."""
    first = 0
    while first < n and not is_vowel(base(tables, w[a + first])):
        first += 1
    if first == n:
        return -1
    if 0 < first < n - 1 and is_vowel(base(tables, w[a + first + 1])):
        before = w[a + first - 1]
        if (before == 113 and w[a + first] == 117) or (before == 103 and w[a + first] == 105):
            first += 1
    end, marked = first, -1
    while end < n and is_vowel(base(tables, w[a + end])):
        if w[a + end] >= 128:
            marked = end
        end += 1
    for i in range(end, n):
        if is_vowel(base(tables, w[a + i])):
            return -1
    if end - first > 3:
        return -1
    if marked >= 0:
        return marked
    return first + (1 if end - first == 3 or (end - first == 2 and end < n) else 0)
