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


def slots_of(keys: NDArray[np.uint64]) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """An open table of ``keys`` [n] (none twice): the key in each slot (0 if empty) and its place in ``keys``; the
    size is a power of two, at most half full."""
    size = 1 << max(4, int(2 * len(keys)).bit_length())
    return _filled(keys, np.zeros(size, np.uint64), np.zeros(size, np.int32))


@numba.njit(cache=True)
def _filled(keys: Any, slots: Any, places: Any) -> Any:
    mask = np.uint64(slots.size - 1)
    for i in range(keys.size):
        at = keys[i] & mask
        while slots[at] != _EMPTY:
            at = (at + np.uint64(1)) & mask
        slots[at] = keys[i]
        places[at] = np.int32(i)
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
def features(offsets: Any, exact: Any, plain: Any, passed: Any, keys: Any, texts: Any) -> Any:
    """Write every feature of every text into ``keys`` and its text into ``texts`` (room for two a word); gives how
    many there are. A feature that stands twice in a text is written twice."""
    made = 0
    for i in range(offsets.size - 1):
        before_passed = True
        for j in range(offsets[i], offsets[i + 1]):
            is_passed = passed[_find(passed, exact[j])] != _EMPTY
            if not is_passed:
                keys[made], texts[made] = plain[j], i
                made += 1
            if j > offsets[i] and not (is_passed and before_passed):
                keys[made], texts[made] = pair(plain[j - 1], plain[j]), i
                made += 1
            before_passed = is_passed
    return made


@numba.njit(cache=True, nogil=True)
def assigned(
    offsets: Any,
    exact: Any,
    plain: Any,
    passed: Any,
    slots: Any,
    places: Any,
    squares: Any,
    starts: Any,
    themes: Any,
    weights: Any,
    count: Any,
    unknown: Any,
    theme: Any,
    strength: Any,
) -> None:
    """The theme nearest to each text and the cosine between them, into ``theme`` and ``strength``; -1 and 0 for a text
    without a feature of any theme.

    ``squares`` is idf² of each feature; ``starts`` [features + 1] are the stretches of ``themes`` and ``weights`` (idf
    times the theme's vector). Each feature counts once a text. A word that no feature knows lengthens the text by
    ``unknown`` (idf²), so that a text about something else is near to nothing.
    """
    seen = np.full(squares.size, -1, np.int32)
    scores = np.zeros(count, np.float32)
    for i in range(offsets.size - 1):
        length = np.float32(0)
        scores[:] = 0
        before_passed = True
        for j in range(offsets[i], offsets[i + 1]):
            is_passed = passed[_find(passed, exact[j])] != _EMPTY
            for two in range(2):
                if two == 0:
                    if is_passed:
                        continue
                    key = plain[j]
                else:
                    if j == offsets[i] or (is_passed and before_passed):
                        continue
                    key = pair(plain[j - 1], plain[j])
                at = _find(slots, key)
                if slots[at] == _EMPTY:
                    if two == 0:
                        length += unknown
                    continue
                feature = places[at]
                if seen[feature] == i:
                    continue
                seen[feature] = i
                length += squares[feature]
                for k in range(starts[feature], starts[feature + 1]):
                    scores[themes[k]] += weights[k]
            before_passed = is_passed
        best = 0
        for k in range(1, count):
            if scores[k] > scores[best]:
                best = k
        if count and scores[best] > 0:
            theme[i] = best
            strength[i] = scores[best] / np.sqrt(length)
        else:
            theme[i] = -1
            strength[i] = 0
