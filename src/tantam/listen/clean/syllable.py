"""Letters, hashes and tones of one word, for the kernel.

A word is a run of folded code points ``w[a:a + n]``; ``t`` is ``Tables.ints`` and ``words`` is ``Tables.words``.
Everything here is compiled into :mod:`tantam.listen.clean.kernel`.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from tantam.listen.clean.bits import small
from tantam.listen.clean.fold import about
from tantam.listen.clean.hashing import OFFSET, PRIME, hash_word
from tantam.listen.clean.tables import APART, DECOMPOSES, LETTERS, OF_LETTER, PLAIN, SEQUENCES, SYLLABLE
from tantam.listen.clean.vietnamese import LAST, QUALITIES, TONES

NUMBER = np.uint64(hash_word("0")[1])
"""The plain hash of every word of digits alone."""

_LONGEST = 8
_U = np.uint64
_OFFSET, _PRIME, _LOW, _TAIL = _U(OFFSET), _U(PRIME), _U(0x3F), _U(0x80)
_ROMAN = tuple(ord(c) for c in "ivx")
_DOUBLED = tuple(ord(c) for c in "aiuy")
_VOWELS = sum(1 << (ord(c) - 97) for c in "aeiouy")


@small
def letter(t: Any, point: int) -> int:
    """Base, quality << 8 and tone << 12 of a Vietnamese letter (and of a to z); 0 for any other."""
    return int(t[t[LETTERS] + point]) if point < LAST else 0


@small
def of_letter(t: Any, base: int, quality: int, tone: int) -> int:
    """The letter of a base (a to z), a quality and a tone, or 0."""
    return int(t[t[OF_LETTER] + ((base - 97) * len(QUALITIES) + quality) * len(TONES) + tone])


@small
def base(t: Any, point: int) -> int:
    """A Vietnamese letter without its accents; any other code point as it is."""
    held = letter(t, point) & 255
    return held if held else int(point)


@small
def is_digit(point: int) -> bool:
    """Is it one of 0 to 9?"""
    return 48 <= point <= 57


@small
def is_vowel(point: int) -> bool:
    """Is it one of a, e, i, o, u, y?"""
    return 97 <= point <= 121 and _VOWELS >> (point - 97) & 1 == 1


@numba.njit
def find(words: Any, key: Any) -> int:
    """What ``words`` says of a hash, or 0."""
    last = words.size - 2
    at = 2 * int(np.int64(key & _U(last >> 1)))
    while words[at] != 0:
        if words[at] == key:
            return int(np.int64(words[at + 1]))
        at = (at + 2) & last
    return 0


@small
def _fed(state: Any, point: int) -> Any:
    """FNV-1a of one more code point, in UTF-8."""
    x = _U(point)
    if point < 0x80:
        return (state ^ x) * _PRIME
    if point < 0x800:
        state = (state ^ (_U(0xC0) | x >> _U(6))) * _PRIME
    else:
        if point < 0x10000:
            state = (state ^ (_U(0xE0) | x >> _U(12))) * _PRIME
        else:
            state = (state ^ (_U(0xF0) | x >> _U(18))) * _PRIME
            state = (state ^ (_TAIL | x >> _U(12) & _LOW)) * _PRIME
        state = (state ^ (_TAIL | x >> _U(6) & _LOW)) * _PRIME
    return (state ^ (_TAIL | x & _LOW)) * _PRIME


@small
def _mixed(x: Any) -> Any:
    """One step of splitmix64."""
    x = x + _U(0x9E3779B97F4A7C15)
    x = (x ^ (x >> _U(30))) * _U(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> _U(27))) * _U(0x94D049BB133111EB)
    return x ^ (x >> _U(31))


@numba.njit
def hashed(w: Any, a: int, n: int) -> Any:
    """The exact hash: ``hash_word(word)[0]``."""
    state = _OFFSET
    for i in range(a, a + n):
        state = _fed(state, w[i])
    return _mixed(state)


@numba.njit
def bare_hashed(t: Any, w: Any, a: int, n: int) -> Any:
    """The plain hash: ``hash_word(word)[1]``."""
    state, number = _OFFSET, True
    for i in range(a, a + n):
        point = int(w[i])
        number &= is_digit(point)
        held = letter(t, point) & 255
        if held or 0x300 <= point < 0x370:
            state = _fed(state, held) if held else state
            continue
        run = about(t, APART, point)
        first, last = t[SEQUENCES] + ((run ^ DECOMPOSES) >> 4), run & 15
        marked = False
        for j in range(first, first + last):
            marked |= 0x300 <= t[j] < 0x370
        if not marked:
            state = _fed(state, point)
            continue
        for j in range(first, first + last):
            state = state if 0x300 <= t[j] < 0x370 else _fed(state, t[j])
    return NUMBER if number else _mixed(state)


@numba.njit
def squeeze(t: Any, w: Any, a: int, n: int) -> int:
    """Three letters alike or more become one, that with an accent if any has it; the new length.

    In a word without a vowel (``cccd``, ``kkkkk``) and in a Roman number (``viii``) more than three become three; a
    word with a digit (``0905xxxx81``) stays.
    """
    i, m = 0, 0
    vowels, roman = False, True
    for k in range(a, a + n):
        if is_digit(w[k]):
            return n
        vowels |= is_vowel(base(t, w[k]))
        roman &= w[k] in _ROMAN
    most = 1 if vowels and not roman else 3
    while i < n:
        same = base(t, w[a + i])
        best, j = w[a + i], i + 1
        while j < n and base(t, w[a + j]) == same:
            best = w[a + j] if best == same else best
            j += 1
        if j - i < 3:
            for k in range(i, j):
                w[a + m + k - i] = w[a + k]
            m += j - i
        else:
            for k in range(most):
                w[a + m + k] = best
            m += most
        i = j
    return m


@numba.njit
def single(t: Any, words: Any, w: Any, a: int, n: int, s: int) -> int:
    """A word that is a syllable once its doubled letters are single becomes it: with accents anywhere, without them
    only a, i, u or y at the end of four letters or more. The new length, n if it stays; ``w`` has room for it at s."""
    m, accents = 0, False
    for i in range(a, a + n):
        plain = base(t, w[i])
        accents |= w[i] >= 128
        if m == 0 or base(t, w[s + m - 1]) != plain:
            w[s + m] = w[i]
            m += 1
        elif w[s + m - 1] == plain:
            w[s + m - 1] = w[i]
    if m == n:
        return n
    last = w[a + n - 1]
    if accents:
        settle(t, words, w, s, m)
        held = find(words, hashed(w, s, m)) & SYLLABLE
    else:
        ends = m == n - 1 and m >= 3 and w[a + n - 2] == last
        ends = ends and last in _DOUBLED
        held = find(words, hashed(w, s, m)) & PLAIN if ends else 0
    if not held:
        return n
    for i in range(m):
        w[a + i] = w[s + i]
    return m


@numba.njit
def settle(t: Any, words: Any, w: Any, a: int, n: int) -> None:
    """Put the tone where we put it (``hòa``, ``quá``), if that makes a syllable; see ``vietnamese.tone_place``."""
    at = -1
    if n > _LONGEST:
        return
    for i in range(a, a + n):
        held = letter(t, w[i])
        if held == 0 or (held >> 12 and at >= 0):
            return
        at = i if held >> 12 else at
    if at < 0:
        return
    toned, held = w[at], letter(t, w[at])
    w[at] = of_letter(t, held & 255, held >> 8 & 15, 0)
    place = a + tone_place(t, w, a, n)
    if place >= a and place != at:
        plain, other = w[place], letter(t, w[place])
        w[place] = of_letter(t, other & 255, other >> 8 & 15, held >> 12)
        if find(words, hashed(w, a, n)) & SYLLABLE:
            return
        w[place] = plain
    w[at] = toned


@numba.njit
def tone_place(t: Any, w: Any, a: int, n: int) -> int:
    """Where from a on the tone stands in a word without one, or -1: ``vietnamese.tone_place``."""
    first = 0
    while first < n and not is_vowel(base(t, w[a + first])):
        first += 1
    if first == n:
        return -1
    if 0 < first < n - 1 and is_vowel(base(t, w[a + first + 1])):
        before = w[a + first - 1]
        first += (before == 113 and w[a + first] == 117) or (before == 103 and w[a + first] == 105)
    end, marked = first, -1
    while end < n and is_vowel(base(t, w[a + end])):
        marked = end if w[a + end] >= 128 else marked
        end += 1
    for i in range(end, n):
        if is_vowel(base(t, w[a + i])):
            return -1
    if end - first > 3:
        return -1
    return marked if marked >= 0 else first + (end - first == 3 or (end - first == 2 and end < n))
