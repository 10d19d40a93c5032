"""The words of a text → features → themes: numba kernels, without the lock, cached on disk.

A feature is a word or two neighbouring words without accents. Words that carry no subject are passed over; two of them
in a row make no feature.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

_EMPTY = np.uint64(0)
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_ADD = np.uint64(0x517CC1B727220A95)
_HALF = np.uint64(32)


def slots_of(keys: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """An open table of ``keys`` [n] (none twice): the key in each slot (0 if empty) and its place in ``keys``; the
    size is a power of two, at most an eighth full, so that most misses are seen at once."""
    size = 1 << max(4, int(8 * len(keys)).bit_length())
    return _filled(keys, np.zeros(size, np.uint64), np.zeros(size, np.uint32))


@numba.njit(cache=True)
def _filled(keys: Any, slots: Any, places: Any) -> Any:
    mask = np.uint64(slots.size - 1)
    for i in range(keys.size):
        at = keys[i] & mask
        while slots[at] != _EMPTY:
            at = (at + np.uint64(1)) & mask
        slots[at] = keys[i]
        places[at] = np.uint32(i)
    return slots, places


@numba.njit(cache=True, inline="always")
def _find(slots: Any, key: Any) -> Any:
    """The slot that holds a key, or an empty one."""
    mask = np.uint64(slots.size - 1)
    at = key & mask
    while slots[at] != _EMPTY and slots[at] != key:
        at = (at + np.uint64(1)) & mask
    return at


@numba.njit(cache=True, inline="always")
def pair(first: Any, second: Any) -> Any:
    """The feature of two neighbouring words, on uint64; order matters."""
    mixed = (np.uint64(first * _ODD) ^ np.uint64(second + _ADD)) * _MIX
    return np.uint64(mixed ^ (mixed >> _HALF))


@numba.njit(cache=True, nogil=True)
def codes(exact: Any, plain: Any, passed: Any, made: Any) -> None:
    """Write the code of every word into ``made``: 31 bits of its accent-free hash, and in the lowest bit whether it is
    passed over."""
    for i in range(made.size):
        is_passed = passed[_find(passed, exact[i])] != _EMPTY
        made[i] = np.uint32(plain[i] >> _HALF) & ~np.uint32(1) | np.uint32(is_passed)


@numba.njit(cache=True, inline="always")
def word(code: Any) -> Any:
    """The feature of one word."""
    return np.uint64(code) >> np.uint64(1)


@numba.njit(cache=True, nogil=True)
def features(offsets: Any, codes: Any, keys: Any, texts: Any) -> Any:
    """Write every feature of every text into ``keys`` and its text into ``texts`` (room for two a word); gives how
    many there are. A feature that stands twice in a text is written twice."""
    made = 0
    for i in range(offsets.size - 1):
        before_passed = True
        for j in range(offsets[i], offsets[i + 1]):
            is_passed = codes[j] & 1 != 0
            if not is_passed:
                keys[made], texts[made] = word(codes[j]), i
                made += 1
            if j > offsets[i] and not (is_passed and before_passed):
                keys[made], texts[made] = pair(word(codes[j - 1]), word(codes[j])), i
                made += 1
            before_passed = is_passed
    return made


@numba.njit(cache=True, nogil=True)
def assigned(
    offsets: Any,
    codes: Any,
    slots: Any,
    places: Any,
    squares: Any,
    starts: Any,
    themes: Any,
    weights: Any,
    unknown: Any,
    scores: Any,
    theme: Any,
    product: Any,
    square: Any,
) -> None:
    """The theme nearest to each text into ``theme`` (-1: no feature of any), the product of the two into ``product``,
    and the square of the text's length into ``square``; whole numbers, so that no order of words matters.

    ``squares`` is idf² of each feature; ``starts`` [features + 1] are the stretches of ``themes`` and ``weights`` (idf
    times the theme's vector). Each feature counts once a text. A word that no feature knows lengthens the text by
    ``unknown`` (idf²), so that a text about something else is near to nothing. ``scores`` is room, one a theme.
    """
    seen = np.full(squares.size, -1, np.int32)
    hits = np.empty(squares.size, np.uint32)
    for i in range(offsets.size - 1):
        made, strange = 0, 0
        before_passed = True
        for j in range(offsets[i], offsets[i + 1]):
            is_passed = codes[j] & 1 != 0
            if not is_passed:
                at = _find(slots, word(codes[j]))
                if slots[at] == _EMPTY:
                    strange += 1
                elif seen[places[at]] != i:
                    hits[made] = places[at]
                    seen[hits[made]] = i
                    made += 1
            if not (is_passed and before_passed) and j > offsets[i]:
                at = _find(slots, pair(word(codes[j - 1]), word(codes[j])))
                if slots[at] != _EMPTY and seen[places[at]] != i:
                    hits[made] = places[at]
                    seen[hits[made]] = i
                    made += 1
            before_passed = is_passed
        length = unknown * strange
        scores[:] = 0
        for h in range(made):
            feature = hits[h]
            length += squares[feature]
            for k in range(starts[feature], starts[feature + 1]):
                scores[themes[k]] += weights[k]
        best = np.int32(0)
        for k in range(scores.size):
            best = max(best, scores[k])
        theme[i] = -1
        if best > 0:
            k = 0
            while scores[k] != best:
                k += 1
            theme[i] = k
        product[i], square[i] = best, length
