"""One word of Latin letters and digits, as what it means.

A word is a run of folded code points ``w[a:a + n]``. Everything here is compiled into
:mod:`tantam.listen.clean.kernel`.
"""

from __future__ import annotations

from typing import Any

import numba

from tantam.listen.clean.bits import small
from tantam.listen.clean.keystrokes import keys
from tantam.listen.clean.syllable import bare_hashed, find, hashed, is_digit, letter, settle, single, squeeze
from tantam.listen.clean.tables import ENGLISH, MEANING_ENDS, MEANINGS, PLAIN, SYLLABLE, TEEN

SPARE = 64
"""Code points of room that :func:`latin` needs."""

_LONGEST = 12
_OONG = tuple(ord(c) for c in "oong")


@numba.njit
def latin(t: Any, words: Any, w: Any, a: int, n: int, repair: int, s: int) -> tuple[int, int, int]:
    """What the raw word ``w[a:a + n]`` means: where in ``w`` that now is, its length, and the evidence of keystrokes
    that it gives, unless ``repair`` has the bit of that kind. What teen-code means may be several words, a space
    between. ``w`` has room for it at s.
    """
    n = squeeze(t, w, a, n)
    if n > _LONGEST or not _ours(t, w, a, n):
        return a, n, 0
    settle(t, words, w, a, n)
    value = find(words, hashed(w, a, n))
    known = value & SYLLABLE or find(words, bare_hashed(t, w, a, n)) & PLAIN
    if not known:
        if value >= TEEN:
            return s, _meaning(t, w, s, value // TEEN - 1), 0
        m = single(t, words, w, a, n, s)
        if m < n:
            return a, m, 0
    if value & ENGLISH or (known and not _oong(w, a, n)):
        return a, n, 0
    m, evidence = keys(t, words, w, a, n, s)
    return (s, m, 0) if repair >> evidence & 1 else (a, n, evidence)


@small
def _meaning(t: Any, w: Any, s: int, number: int) -> int:
    """Write what a teen-code means at s: its length."""
    start, end = t[t[MEANING_ENDS] + number], t[t[MEANING_ENDS] + number + 1]
    for i in range(start, end):
        w[s + i - start] = t[t[MEANINGS] + i]
    return int(end - start)


@small
def _ours(t: Any, w: Any, a: int, n: int) -> bool:
    """Is the word of Vietnamese letters (with a to z) and digits alone?"""
    ours = True
    for i in range(a, a + n):
        ours &= letter(t, w[i]) != 0 or is_digit(w[i])
    return ours


@small
def _oong(w: Any, a: int, n: int) -> bool:
    """Does it end in oong? Such are syllables too (``khoong``), but hardly ever meant."""
    same = n >= 4
    for i in range(4):
        same = same and w[a + n - 4 + i] == _OONG[i]
    return same
