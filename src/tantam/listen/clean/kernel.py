"""The one pass over a column of texts: words found, cleaned, written and hashed.

A raw word is nearly always one that was seen before, so what became of it lies in a memo of one cache line a word: its
bytes, the cleaned bytes, the two hashes. The memo holds a pure function of the bytes, so answers never depend on it.
Only words that are not there are read letter by letter.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any, NamedTuple

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

from tantam.listen.clean.bits import first_bit, load, small, store
from tantam.listen.clean.fold import about, encode, fold, rewrite
from tantam.listen.clean.keystrokes import (
    TELEX_STRONG,
    TELEX_WEAK,
    VNI_STRONG,
    VNI_WEAK,
)
from tantam.listen.clean.link import link_end, link_start
from tantam.listen.clean.syllable import NUMBER, bare_hashed, find, hashed, is_digit
from tantam.listen.clean.tables import (
    DIGIT,
    EMOJI,
    GROWTH,
    HAN,
    INFO,
    KIND,
    LATIN,
    LETTER,
    MARK,
    PLAIN,
    Tables,
)
from tantam.listen.clean.word import SPARE, latin

POS, COUNT, FLAG = range(3)
"""Places in the state: the next byte of ``out``, the next word, and the evidence of keystrokes in the last word."""

TALLY = FLAG + 1
"""In the state from here on: how many words gave evidence of each kind, the first that gave weak evidence of Telex (its hash),
and whether another did."""

_FIRST, STATE = TALLY + 4, TALLY + 6

SLACK = SPARE
"""Free bytes, words and code points beyond what a text can grow to."""

_SETS, _SEEN = 12, 8
MEMO = 2 * _SEEN << _SETS
"""Length of the memo: 2 to the power of _SETS places for two words each, _SEEN numbers a word: its raw bytes (2), its cleaned
bytes (2), both hashes, the length and the evidence. The second of a place gives way to what is new."""


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


_WORD, _SPACE, _MARK, _CONTROL = range(4)
_BYTES = np.array(
    [
        _WORD
        if b >= 0x80 or chr(b).isalnum()
        else (_SPACE if b in b" _\t\n\v\f\r\x1c\x1d\x1e\x1f" else (_MARK if 32 < b < 127 else _CONTROL))
        for b in range(256)
    ],
    np.uint8,
)
_KEY_BYTES = 16
_K, _STOP, _COLON = 107, 46, 58
_ROUGH, _SEVERAL, _ALONE = -1, 0, 1

_U = np.uint64
_ZERO, _ONE, _THREE = _U(0), _U(1), _U(3)
_ONES = _U(0x0101010101010101)
_TOP = _U(0x8080808080808080)
_MIX, _STIR = _U(0x9E3779B97F4A7C15), _U(0xC2B2AE3D27D4EB4F)
_SHIFT = _U(64 - _SETS)


@small
def _others(x: Any) -> Any:
    """The top bit of each of eight bytes that is in no word: below 0x80, and no letter or digit."""
    low = x | _TOP
    lower = low | _ONES * _U(0x20)
    digit = (low - _ONES * _U(48)) & ~(low - _ONES * _U(58))
    letter = (lower - _ONES * _U(97)) & ~(lower - _ONES * _U(123))
    return ~(digit | letter | x) & _TOP


@small
def _cut(x: Any, length: int) -> Any:
    """The first bytes of eight, 0 to 8 of them."""
    if length >= 8:
        return x
    return x & ((_ONE << _U(8 * length)) - _ONE)


@small
def _key(data: Any, p: int, end: int) -> tuple[int, Any, Any]:
    """Where the word that begins at p ends, and its bytes in two numbers if they are sixteen or fewer, else zeros."""
    low, high = _ZERO, _ZERO
    if p + _KEY_BYTES <= data.size:
        low = load(data, p)
        others = _others(low)
        if others != _ZERO:
            q = min(p + np.int64(first_bit(others) >> _THREE), end)
            return q, _cut(low, q - p), _ZERO
        high = load(data, p + 8)
        others = _others(high)
        if others != _ZERO:
            q = min(p + 8 + np.int64(first_bit(others) >> _THREE), end)
            if q < p + 8:
                return q, _cut(low, q - p), _ZERO
            return q, low, _cut(high, q - p - 8)
    q = p
    while q < end and _BYTES[data[q]] == _WORD:
        q += 1
    low, high = _ZERO, _ZERO
    if q - p <= _KEY_BYTES:
        for i in range(q - 1, p - 1, -1):
            high = high << _U(8) | low >> _U(56)
            low = low << _U(8) | _U(data[i])
    return q, low, high


@numba.njit
def _after_number(data: Any, start: int, p: int) -> bool:
    """Does a number and a space stand before p? A ``k`` is then a thousand, and not ``không``."""
    at = p
    while at > start and _BYTES[data[at - 1]] == _SPACE:
        at -= 1
    digits = at
    while digits > start and is_digit(data[digits - 1]):
        digits -= 1
    return digits < at < p and (digits == start or _BYTES[data[digits - 1]] != _WORD)


@small
def _emit(
    t: Any,
    w: Any,
    a: int,
    n: int,
    out: Any,
    exact: Any,
    plain: Any,
    spans: Any,
    state: Any,
) -> None:
    """Write finished words, a space between, and their hashes."""
    pos, count, start = state[POS], state[COUNT], a
    for i in range(a, a + n + 1):
        if i < a + n and w[i] != 32:
            continue
        begin = pos
        for j in range(start, i):
            pos = encode(w[j], out, pos)
        exact[count], plain[count] = (
            hashed(w, start, i - start),
            bare_hashed(t, w, start, i - start),
        )
        if spans.size:
            spans[2 * count], spans[2 * count + 1] = begin, pos
        if i < a + n:
            out[pos] = 32
            pos += 1
        count, start = count + 1, i + 1
    state[POS], state[COUNT] = pos, count


@small
def _tally(state: Any, evidence: int, exact: Any) -> None:
    """Count the evidence of one word: a kind, which is one bit, or none."""
    if evidence:
        state[TALLY + (evidence >> 1) - (evidence >> 3)] += 1
        if evidence == TELEX_WEAK:
            key = np.int64(exact)
            state[_FIRST] = key if state[_FIRST] == 0 else state[_FIRST]
            state[_FIRST + 1] |= state[_FIRST] != key


@numba.njit
def _raw(
    t: Any, words: Any, w: Any, data: Any, p: int, q: int, repair: int, thousand: bool,
    out: Any, exact: Any, plain: Any, spans: Any, state: Any,
) -> int:  # fmt: skip
    """Read the raw word p to q letter by letter and write what it is: _ALONE if it is one word and nothing else, _ROUGH if
    the text must be rewritten first."""
    n = fold(t, data, p, q, False, w)
    if n < 0:
        return _ROUGH
    i, count, bare = 0, state[COUNT], True
    while i < n:
        bits = about(t, INFO, w[i])
        kind, script = bits & KIND, bits >> 16
        j, a, m, evidence = i + 1, i, 1, 0
        if kind == LATIN or kind == DIGIT:
            while j < n and (1 << (about(t, INFO, w[j]) & KIND)) & (1 << LATIN | 1 << DIGIT | 1 << MARK):
                j += 1
            m = j - i
            if not (thousand and i == 0 and j == 1 and w[0] == _K):
                a, m, evidence = latin(t, words, w, i, j - i, repair, w.size - SPARE)
        elif kind == LETTER:
            while j < n:
                bits = about(t, INFO, w[j])
                if bits & KIND != MARK and (bits >> 16 != script or script == HAN):
                    break
                j += 1
            m = j - i
        if kind == LATIN or kind == DIGIT or kind == LETTER or kind == EMOJI:
            _emit(t, w, a, m, out, exact, plain, spans, state)
            _tally(state, evidence, exact[state[COUNT] - 1])
            state[FLAG] = evidence
        else:
            bare = False
            state[POS] = encode(w[i], out, state[POS])
        i = j
    return _ALONE if bare and state[COUNT] == count + 1 else _SEVERAL


@numba.njit
def _link(
    t: Any, w: Any, data: Any, p: int, q: int, out: Any, exact: Any, plain: Any, spans: Any, state: Any
) -> bool:
    """Write a link, as one word; False if the text must be rewritten first."""
    n = fold(t, data, p, q, False, w)
    if n < 0:
        return False
    _emit(t, w, 0, n, out, exact, plain, spans, state)
    return True


@small
def _seen(memo: Any, low: Any, high: Any) -> int:
    """Where a raw word lies in the memo, -1 if it does not; what is found behind comes to the front."""
    at = np.int64((low * _MIX ^ high * _STIR) >> _SHIFT) * 2 * _SEEN
    if memo[at] == low and memo[at + 1] == high:
        return at
    behind = at + _SEEN
    if memo[behind] != low or memo[behind + 1] != high:
        return -1
    for i in range(_SEEN):
        memo[at + i], memo[behind + i] = memo[behind + i], memo[at + i]
    return at


@small
def _remember(
    memo: Any, low: Any, high: Any, out: Any, pos: int, length: int, exact: Any, plain: Any, told: int
) -> None:
    """Keep what a raw word became."""
    at = np.int64((low * _MIX ^ high * _STIR) >> _SHIFT) * 2 * _SEEN + _SEEN
    memo[at], memo[at + 1] = low, high
    memo[at + 2], memo[at + 3] = load(out, pos), load(out, pos + 8)
    memo[at + 4], memo[at + 5], memo[at + 6] = exact, plain, length | told << 8


@numba.njit
def _words(
    t: Any, words: Any, w: Any, data: Any, start: int, end: int, repair: int,
    out: Any, exact: Any, plain: Any, spans: Any, memo: Any, state: Any,
) -> bool:  # fmt: skip
    """Clean the text from start to end; False if it must be rewritten first."""
    pos, count = state[POS], state[COUNT]
    begin, space, p = pos, False, start
    while p < end:
        kind = _BYTES[data[p]]
        if kind == _SPACE:
            space = True
            p += 1
            continue
        out[pos] = 32
        pos += space and pos > begin
        space = False
        if kind != _WORD:
            if kind == _CONTROL:
                return False
            out[pos] = data[p]
            pos, p = pos + 1, p + 1
            continue
        q, low, high = _key(data, p, end)
        if q < end and (data[q] == _STOP or data[q] == _COLON):
            at = link_start(t, data, p, q, end)
            if at == p:
                q = link_end(t, data, q, end)
                state[POS], state[COUNT] = pos, count
                if not _link(t, w, data, p, q, out, exact, plain, spans, state):
                    return False
                pos, count, p = state[POS], state[COUNT], q
                continue
            q, low = (at, _ZERO) if at > p else (q, low)
        thousand = (
            data[p] | 32 == _K and (q == p + 1 or data[p + 1] >= 0x80) and _after_number(data, start, p)
        )
        at = -1 if thousand or low == _ZERO else _seen(memo, low, high)
        if at >= 0:
            told = np.int64(memo[at + 6])
            if told >> 8 & repair == 0:
                store(out, pos, memo[at + 2])
                store(out, pos + 8, memo[at + 3])
                exact[count], plain[count] = memo[at + 4], memo[at + 5]
                if spans.size:
                    spans[2 * count], spans[2 * count + 1] = pos, pos + (told & 255)
                _tally(state, told >> 8, memo[at + 4])
                pos += told & 255
                count, p = count + 1, q
                continue
        state[POS], state[COUNT], state[FLAG] = pos, count, 0
        became = _raw(t, words, w, data, p, q, repair, thousand, out, exact, plain, spans, state)
        if became == _ROUGH:
            return False
        length = state[POS] - pos
        if became == _ALONE and low != _ZERO and repair == 0 and length <= _KEY_BYTES and not thousand:
            _remember(memo, low, high, out, pos, length, exact[count], plain[count], state[FLAG])
        pos, count, p = state[POS], state[COUNT], q
    state[POS], state[COUNT] = pos, count
    return True


@numba.njit
def _repair(words: Any, exact: Any, plain: Any, first: int, state: Any) -> int:
    """Which keystrokes of the text just read, from its first word on, are to be read as such.

    Strong ones always, and weak VNI beside two strong ones. Weak Telex where at most half of the words are neither
    Vietnamese nor keys: beside two strong ones; beside one, if nothing has an accent; and if two words differ, but
    in a text without accents only if such strangers are half as many.
    """
    weak, strong = state[TALLY], state[TALLY + 1]
    vni_weak, vni_strong = state[TALLY + 2], state[TALLY + 3]
    repair = VNI_STRONG if vni_strong else 0
    repair |= VNI_WEAK if vni_weak and vni_strong >= 2 else 0
    repair |= TELEX_STRONG if strong else 0
    if weak == 0 or weak + strong < 2:
        return repair
    accents, strange = False, -weak - strong
    for i in range(first, state[COUNT]):
        number = plain[i] == NUMBER
        accents |= exact[i] != plain[i] and not number
        strange += not number and not find(words, plain[i]) & PLAIN
    if 2 * strange > state[COUNT] - first:
        return repair
    differ = state[_FIRST + 1] and (accents or 2 * strange <= weak)
    return repair | (TELEX_WEAK if strong >= 2 or differ or (strong and not accents) else 0)


@numba.njit
def _text(t: Any, words: Any, desk: Any, data: Any, start: int, end: int) -> None:
    """Clean one text."""
    out, exact, plain, spans, w, rewritten, memo, state = desk
    pos, count = state[POS], state[COUNT]
    state[TALLY:] = 0
    if not _words(t, words, w, data, start, end, 0, out, exact, plain, spans, memo, state):
        end = rewrite(t, data, start, end, w, rewritten)
        data, start = rewritten, 0
        state[POS], state[COUNT] = pos, count
        state[TALLY:] = 0
        _words(t, words, w, data, start, end, 0, out, exact, plain, spans, memo, state)
    if state[TALLY] | state[TALLY + 1] | state[TALLY + 2] | state[TALLY + 3]:
        repair = _repair(words, exact, plain, count, state)
        if repair:
            state[POS], state[COUNT] = pos, count
            _words(t, words, w, data, start, end, repair, out, exact, plain, spans, memo, state)


def _compiled() -> Any:
    """The kernel, compiled once for each state of the sources that it is made of."""
    sources = sum(zlib.crc32(path.read_bytes()) for path in sorted(Path(__file__).parent.glob("*.py")))
    bytes_, words, places = numba.uint8[::1], numba.uint64[::1], numba.int64[::1]
    points = numba.int32[::1]
    tables = types.NamedTuple((points, words), Tables)
    desk = types.NamedTuple((bytes_, words, words, places, points, bytes_, words, places), Desk)
    signature = numba.int64(tables, desk, bytes_, places, bytes_, numba.int64, numba.boolean, places, places)

    @numba.njit(signature, cache=True, nogil=True)
    def run(
        tables: Any,
        desk: Any,
        data: Any,
        offsets: Any,
        valid: Any,
        first: int,
        keep: bool,
        ends: Any,
        word_ends: Any,
    ) -> int:
        """Clean the texts from ``first`` on while there is room on the desk; the next that is not done.

        ``offsets`` int64 [n + 1] into ``data``; ``valid`` uint8 [n], or empty where all texts are; ``ends`` and ``word_ends``
        int64 [n + 1] get where each text ends in ``desk.out`` and among the words. Without ``keep`` each text is written over
        the last: only the words are wanted.
        """
        state = desk.state
        if sources == 0:  # always false: it makes the sources part of what numba's cache is keyed by
            return 0
        for i in range(first, offsets.size - 1):
            if not keep:
                state[POS] = 0
            size = offsets[i + 1] - offsets[i]
            if (
                desk.out.size - state[POS] < GROWTH * size + SLACK
                or desk.exact.size - state[COUNT] < size + SLACK
            ):
                return i
            if valid.size == 0 or valid[i]:
                _text(tables.ints, tables.words, desk, data, offsets[i], offsets[i + 1])
            ends[i + 1], word_ends[i + 1] = state[POS], state[COUNT]
        return offsets.size - 1

    return run


run = _compiled()
