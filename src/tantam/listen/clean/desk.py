"""Where the kernel works and writes: the cleaned bytes, the hashes, and the memo of words that were seen before.

Everything here is compiled into :mod:`tantam.listen.clean.kernel`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean.bits import load, small
from tantam.listen.clean.fold import encode
from tantam.listen.clean.keystrokes import TELEX_LIKELY, VNI_STRONG
from tantam.listen.clean.syllable import bare_hashed, hashed
from tantam.listen.clean.word import SPARE

POS, COUNT, FLAG = range(3)
"""Places in the state: the next byte of ``out``, the next word, and the evidence of keystrokes in the last word."""

TALLY = FLAG + 1
"""In the state from here on: how many words gave each kind of evidence, nothing the first; the first that gave weak or
likely evidence of Telex (its hash), and whether another did."""

FIRST = TALLY + VNI_STRONG + 1
STATE = FIRST + 2

SLACK = SPARE
"""Free bytes, words and code points beyond what a text can grow to."""

_SETS, _SEEN = 13, 8
MEMO = 2 * _SEEN << _SETS
"""Length of the memo: 2 to the power of _SETS places for two words each, _SEEN numbers a word: its raw bytes (2), its
cleaned bytes (2), both hashes, the length and the evidence. The second of a place gives way to what is new."""


class Desk(NamedTuple):
    """Where the kernel works and writes."""

    out: NDArray[np.uint8]
    """Cleaned bytes."""
    exact: NDArray[np.uint64]
    plain: NDArray[np.uint64]
    spans: NDArray[np.int64]
    """Where each word lies in ``out``, its start and its end; empty if nobody wants to know."""
    points: NDArray[np.int32]
    """Room for the code points of a text: twice its bytes, and SLACK."""
    rewritten: NDArray[np.uint8]
    """Room for a text rewritten: three times its bytes, and SLACK."""
    memo: NDArray[np.uint64]
    state: NDArray[np.int64]


_U = np.uint64
_MIX, _STIR = _U(0x9E3779B97F4A7C15), _U(0xC2B2AE3D27D4EB4F)
_SHIFT = _U(64 - _SETS)


@small
def emit(t: Any, w: Any, a: int, n: int, out: Any, exact: Any, plain: Any, spans: Any, state: Any) -> None:
    """Write finished words, a space between, and their hashes."""
    pos, count, start = state[POS], state[COUNT], a
    for i in range(a, a + n + 1):
        if i < a + n and w[i] != 32:
            continue
        begin = pos
        for j in range(start, i):
            pos = encode(w[j], out, pos)
        exact[count], plain[count] = (hashed(w, start, i - start), bare_hashed(t, w, start, i - start))
        if spans.size:
            spans[2 * count], spans[2 * count + 1] = begin, pos
        if i < a + n:
            out[pos] = 32
            pos += 1
        count, start = count + 1, i + 1
    state[POS], state[COUNT] = pos, count


@small
def tally(state: Any, evidence: int, exact: Any) -> None:
    """Count the evidence of one word."""
    if evidence:
        state[TALLY + evidence] += 1
        if evidence <= TELEX_LIKELY:
            key = int(np.int64(exact))
            state[FIRST] = key if state[FIRST] == 0 else state[FIRST]
            state[FIRST + 1] |= state[FIRST] != key


@small
def seen(memo: Any, low: Any, high: Any) -> int:
    """Where a raw word lies in the memo, -1 if it does not; what is found behind comes to the front."""
    at = int(np.int64((low * _MIX ^ high * _STIR) >> _SHIFT)) * 2 * _SEEN
    if memo[at] == low and memo[at + 1] == high:
        return at
    behind = at + _SEEN
    if memo[behind] != low or memo[behind + 1] != high:
        return -1
    for i in range(_SEEN):
        memo[at + i], memo[behind + i] = memo[behind + i], memo[at + i]
    return at


@small
def remember(
    memo: Any, low: Any, high: Any, out: Any, pos: int, length: int, exact: Any, plain: Any, told: int
) -> None:
    """Keep what a raw word became."""
    at = int(np.int64((low * _MIX ^ high * _STIR) >> _SHIFT)) * 2 * _SEEN + _SEEN
    memo[at], memo[at + 1] = low, high
    memo[at + 2], memo[at + 3] = load(out, pos), load(out, pos + 8)
    memo[at + 4], memo[at + 5], memo[at + 6] = exact, plain, length | told << 8
