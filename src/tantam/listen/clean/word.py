"""One word of Latin letters and digits, written as what it means.

A word is a run of folded code points ``w[a:a + n]``. Everything here is compiled into
:mod:`tantam.listen.clean.kernel`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean.fold import encode, find
from tantam.listen.clean.keystrokes import keys
from tantam.listen.clean.syllable import bare_hashed, hashed, is_digit, letter, settle, single, squeeze
from tantam.listen.clean.tables import ENGLISH, PLAIN, SYLLABLE, TEEN

POS, COUNT, FLAG = range(3)
"""Places in the state: the next byte of ``out``, the next word, and the evidence of keystrokes in the last word."""

_LONGEST = 12
_OONG = (111, 111, 110, 103)


class Desk(NamedTuple):
    """Where the kernel works and writes; it grows nothing and writes nowhere else."""

    out: NDArray[np.uint8]
    """Cleaned bytes."""
    exact: NDArray[np.uint64]
    plain: NDArray[np.uint64]
    spans: NDArray[np.int64]
    """[words, 2] where each word lies in ``out``; not written if it has no rows."""
    points: NDArray[np.int32]
    """Room for the code points of a text: twice its bytes."""
    spare: NDArray[np.int32]
    """Room for the letters of a word."""
    rewritten: NDArray[np.uint8]
    """Room for a text rewritten: three times its bytes."""
    memo: NDArray[np.uint64]
    state: NDArray[np.int64]


@numba.njit
def emit(t: Any, desk: Any, w: Any, a: int, n: int) -> None:
    """Write one finished word and its hashes."""
    pos, count = desk.state[POS], desk.state[COUNT]
    end = pos
    for i in range(a, a + n):
        end = encode(w[i], desk.out, end)
    desk.exact[count] = hashed(w, a, n)
    desk.plain[count] = bare_hashed(t, w, a, n)
    if desk.spans.shape[0]:
        desk.spans[count, 0], desk.spans[count, 1] = pos, end
    desk.state[POS], desk.state[COUNT] = end, count + 1


@numba.njit
def latin(t: Any, desk: Any, a: int, n: int, repair: int) -> None:
    """Write the raw word ``desk.points[a:a + n]`` as what it means; ``repair`` holds the kinds of keystrokes that are read
    as such."""
    w = desk.points
    n = squeeze(t, w, a, n)
    if n <= _LONGEST and _ours(t, w, a, n):
        settle(t, w, a, n)
        value = find(t.words, hashed(w, a, n))
        known = value & SYLLABLE or find(t.words, bare_hashed(t, w, a, n)) & PLAIN
        if not known:
            m = single(t, w, a, n, desk.spare)
            known, n = m < n, m
        if not known and value >= TEEN:
            _meaning(t, desk, value // TEEN - 1)
            return
        if not value & ENGLISH and (not known or _oong(w, a, n)):
            m, evidence = keys(t, w, a, n, desk.spare)
            if evidence & repair:
                emit(t, desk, desk.spare, 0, m)
                return
            desk.state[FLAG] = evidence
    emit(t, desk, w, a, n)


@numba.njit
def _meaning(t: Any, desk: Any, number: int) -> None:
    """Write what a teen-code means, a word or several."""
    a, end = t.meaning_ends[number], t.meaning_ends[number + 1]
    for i in range(a, end + 1):
        if i == end or t.meanings[i] == 32:
            emit(t, desk, t.meanings, a, i - a)
            if i < end:
                desk.out[desk.state[POS]] = 32
                desk.state[POS] += 1
            a = i + 1


@numba.njit
def _ours(t: Any, w: Any, a: int, n: int) -> bool:
    """Is the word of Vietnamese letters (with a to z) and digits alone?"""
    for i in range(a, a + n):
        if letter(t, w[i]) == 0 and not is_digit(w[i]):
            return False
    return True


@numba.njit
def _oong(w: Any, a: int, n: int) -> bool:
    """Does it end in oong? Such are syllables too (``khoong``), but hardly ever meant."""
    if n < 4:
        return False
    for i in range(4):
        if w[a + n - 4 + i] != _OONG[i]:
            return False
    return True
