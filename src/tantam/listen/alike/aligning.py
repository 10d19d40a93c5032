"""Passages against passages, compiled: which share runs of words, and how many words stand in both in one order."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

from tantam.keys import splitmix64
from tantam.listen.alike.signature import readonly

SHINGLE = 5
"""Words of a run that two passages must share to be compared at all."""

HOLDERS = 32
"""Passages that are compared with each other for one run; a phrase that thousands share is no sign of a copy."""

_WORDS = readonly(types.uint64, 1)
_OFFSETS = readonly(types.int64, 1)


@numba.njit(
    types.int64(_OFFSETS, _WORDS, types.uint64[::1], types.int32[::1], types.int32[::1]),
    cache=True,
    nogil=True,
)
def _shingles(offsets: Any, words: Any, run: Any, passage: Any, at: Any) -> Any:
    """Every run of SHINGLE words, with its passage and its place in it."""
    found = 0
    for p in range(offsets.size - 1):
        for start in range(offsets[p], offsets[p + 1] - SHINGLE + 1):
            state = np.uint64(0)
            for t in range(start, start + SHINGLE):
                state = splitmix64(state ^ words[t])
            run[found], passage[found], at[found] = state, p, start - offsets[p]
            found += 1
    return found


@numba.njit(
    types.int64(
        _OFFSETS, types.uint64[::1], types.int32[::1], types.int32[::1], types.int32[:, ::1], types.boolean
    ),
    cache=True,
    nogil=True,
)
def _shared(offsets: Any, run: Any, passage: Any, at: Any, out: Any, write: Any) -> Any:
    """Rows (shorter, longer passage, places in them) of runs that two passages share; sorted by run and passage."""
    found, first = 0, 0
    while first < run.size:
        end = first
        while end < run.size and run[end] == run[first]:
            end += 1
        for i in range(first, min(end, first + HOLDERS)):
            for j in range(i + 1, min(end, first + HOLDERS)):
                p, q = passage[i], passage[j]
                if p != q:
                    if write:
                        turned = offsets[p + 1] - offsets[p] < offsets[q + 1] - offsets[q]
                        one, other = (i, j) if turned else (j, i)
                        out[found, 0], out[found, 1] = passage[one], passage[other]
                        out[found, 2], out[found, 3] = at[one], at[other]
                    found += 1
        first = end
    return found


def shared_runs(offsets: NDArray[np.int64], words: NDArray[np.uint64]) -> NDArray[np.int32]:
    """Runs that two passages share: int32 [m, 4] of the shorter, the longer, and the places of the run in them.

    Of two equally long the later counts as the shorter. Sorted by all four. ``offsets`` and ``words`` are those of
    ``Tokens``. At most HOLDERS places, the earliest, are paired for one run, so the work is linear in the words.
    """
    most = max(words.size, 1)
    run, passage, at = np.empty(most, np.uint64), np.empty(most, np.int32), np.empty(most, np.int32)
    count = _shingles(offsets, words, run, passage, at)
    order = np.lexsort((at[:count], passage[:count], run[:count]))
    run, passage, at = run[order], passage[order], at[order]
    out = np.empty((_shared(offsets, run, passage, at, np.empty((0, 4), np.int32), False), 4), np.int32)
    _shared(offsets, run, passage, at, out, True)
    return out[np.lexsort(out.T[::-1])]


@numba.njit(types.int64(types.int32[:, ::1], types.int32[:, ::1]), cache=True, nogil=True)
def _coverage(rows: Any, out: Any) -> Any:
    pairs = 0
    reached = np.int32(0)
    for r in range(rows.shape[0]):
        part, whole, at, there = rows[r]
        if r == 0 or part != rows[r - 1, 0] or whole != rows[r - 1, 1]:
            out[pairs, 0], out[pairs, 1], out[pairs, 2], out[pairs, 3] = part, whole, 0, there
            pairs, reached = pairs + 1, np.int32(0)
        own = out[pairs - 1]
        own[2] += at + SHINGLE - max(at, reached)
        reached = np.int32(at + SHINGLE)
        own[3] = min(own[3], there)
        own[4] = max(own[4], there + SHINGLE - 1)
    return pairs


def coverage(rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """Of each pair in the rows of :func:`shared_runs`: int32 [pairs, 5], the fields of :class:`Covered`."""
    out = np.zeros((len(rows), 5), np.int32)
    return out[: _coverage(rows, out)]


class Covered(NamedTuple):
    """How many ``words`` of passage ``part`` stand in runs that passage ``whole`` has too, and the ``first`` and the
    ``last`` word of the whole that do.
    """

    part: int
    whole: int
    words: int
    first: int
    last: int


@numba.njit(types.int64(_WORDS, _WORDS), cache=True, nogil=True)
def common_words(ones: Any, others: Any) -> Any:
    """The most words that stand in both in one order (longest common subsequence)."""
    longest = np.zeros(others.size + 1, np.int64)
    for i in range(ones.size):
        before = np.int64(0)
        for j in range(others.size):
            above = longest[j + 1]
            longest[j + 1] = before + 1 if ones[i] == others[j] else max(above, longest[j])
            before = above
    return longest[others.size]
