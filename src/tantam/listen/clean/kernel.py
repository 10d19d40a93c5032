"""The one pass over a column of texts: words found, cleaned, written and hashed.

A raw word is nearly always one that was seen before, so what became of it lies in a memo of one cache line a word: its
bytes, the cleaned bytes, the two hashes. The memo holds a pure function of the bytes, so answers never depend on it.
Only words that are not there are read letter by letter.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numba
import numpy as np

from tantam.listen.clean import tables
from tantam.listen.clean.bits import first_bit, load, store
from tantam.listen.clean.fold import encode, find, fold, info, rewrite
from tantam.listen.clean.keystrokes import TELEX_STRONG, TELEX_WEAK, VNI_STRONG, VNI_WEAK
from tantam.listen.clean.link import link_end, link_start
from tantam.listen.clean.syllable import NUMBER, hashed, is_digit
from tantam.listen.clean.tables import DIGIT, EMOJI, GROWTH, HAN, KIND, LATIN, LETTER, MARK, PLAIN
from tantam.listen.clean.word import COUNT, FLAG, POS, Desk, emit, latin

SLACK = 64
"""Free bytes and words beyond what a text can grow to."""

STATE = FLAG + 5
"""Length of the state: after the evidence of the last word, how many words gave evidence of each kind."""

_MEMO_BITS = 12
MEMO = 1 << _MEMO_BITS, 8
"""Words in the memo, and 64-bit numbers a word: its raw bytes (2), its cleaned bytes (2), both hashes, the length and the
evidence."""

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
_SHIFT = _U(64 - _MEMO_BITS)


@numba.njit
def _others(x: Any) -> Any:
    """The top bit of each of eight bytes that is in no word: below 0x80, and no letter or digit."""
    low = x | _TOP
    small = low | _ONES * _U(0x20)
    digit = (low - _ONES * _U(48)) & ~(low - _ONES * _U(58))
    letter = (small - _ONES * _U(97)) & ~(small - _ONES * _U(123))
    return ~(digit | letter | x) & _TOP


@numba.njit
def _cut(x: Any, length: int) -> Any:
    """The first bytes of eight, 0 to 8 of them."""
    if length >= 8:
        return x
    return x & ((_ONE << _U(8 * length)) - _ONE)


@numba.njit
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


@numba.njit
def _raw(t: Any, desk: Any, data: Any, p: int, q: int, repair: int) -> int:
    """Read the raw word p to q letter by letter and write what it is: _ALONE if it is one word and nothing else, _ROUGH if
    the text must be rewritten first."""
    points, state = desk.points, desk.state
    n = fold(t, data, p, q, False, points)
    if n < 0:
        return _ROUGH
    i, count, bare = 0, state[COUNT], True
    while i < n:
        bits = info(t, points[i])
        kind = bits & KIND
        j = i + 1
        if kind == LATIN or kind == DIGIT:
            while j < n and (1 << (info(t, points[j]) & KIND)) & (1 << LATIN | 1 << DIGIT | 1 << MARK):
                j += 1
            latin(t, desk, i, j - i, repair)
        elif kind == LETTER:
            script = bits >> 16
            while j < n:
                bits = info(t, points[j])
                if bits & KIND != MARK and (bits >> 16 != script or script == HAN):
                    break
                j += 1
            emit(t, desk, points, i, j - i)
        elif kind == EMOJI:
            emit(t, desk, points, i, 1)
        else:
            bare = False
            state[POS] = encode(points[i], desk.out, state[POS])
        i = j
    return _ALONE if bare and state[COUNT] == count + 1 else _SEVERAL


@numba.njit
def _link(desk: Any, data: Any, p: int, q: int) -> None:
    """Write a link, as one word."""
    state, out = desk.state, desk.out
    pos, count = state[POS], state[COUNT]
    for i in range(p, q):
        out[pos + i - p] = data[i] | (32 if 65 <= data[i] <= 90 else 0)
    desk.exact[count] = desk.plain[count] = hashed(out, pos, q - p)
    if desk.spans.shape[0]:
        desk.spans[count, 0], desk.spans[count, 1] = pos, pos + q - p
    state[POS], state[COUNT] = pos + q - p, count + 1


@numba.njit
def _words(t: Any, desk: Any, data: Any, start: int, end: int, repair: int) -> bool:
    """Clean the text from start to end; False if it must be rewritten first."""
    out, exact, plain, spans, memo, state = (
        desk.out,
        desk.exact,
        desk.plain,
        desk.spans,
        desk.memo,
        desk.state,
    )
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
                q = link_end(data, q, end)
                state[POS], state[COUNT] = pos, count
                _link(desk, data, p, q)
                pos, count, p = state[POS], state[COUNT], q
                continue
            if at > p:
                q, low = at, _ZERO
        slot = np.int64((low * _MIX ^ high * _STIR) >> _SHIFT)
        thousand = low | _U(32) == _U(_K) and _after_number(data, start, p)
        if low != _ZERO and memo[slot, 0] == low and memo[slot, 1] == high and not thousand:
            told = np.int64(memo[slot, 6])
            if told >> 8 & repair == 0:
                store(out, pos, memo[slot, 2])
                store(out, pos + 8, memo[slot, 3])
                exact[count], plain[count] = memo[slot, 4], memo[slot, 5]
                if spans.shape[0]:
                    spans[count, 0], spans[count, 1] = pos, pos + (told & 255)
                if told > 255:
                    state[FLAG + 1 + (told >> 9) - (told >> 11)] += 1
                pos += told & 255
                count, p = count + 1, q
                continue
        state[POS], state[COUNT], state[FLAG] = pos, count, 0
        if thousand:
            desk.spare[0] = _K
            emit(t, desk, desk.spare, 0, 1)
        else:
            became = _raw(t, desk, data, p, q, repair)
            if became == _ROUGH:
                return False
            length, told = state[POS] - pos, state[FLAG]
            if told:
                state[FLAG + 1 + (told >> 1) - (told >> 3)] += 1
            if became == _ALONE and low != _ZERO and repair == 0 and length <= _KEY_BYTES:
                memo[slot, 0], memo[slot, 1] = low, high
                memo[slot, 2], memo[slot, 3] = load(out, pos), load(out, pos + 8)
                memo[slot, 4], memo[slot, 5] = exact[count], plain[count]
                memo[slot, 6] = length | told << 8
        pos, count, p = state[POS], state[COUNT], q
    state[POS], state[COUNT] = pos, count
    return True


@numba.njit
def _repair(t: Any, desk: Any, first: int) -> int:
    """Which keystrokes of the text just read, from its first word on, are to be read as such.

    Strong ones always; weak ones beside two strong ones; weak Telex also in a text without any accent: beside a strong
    one, or if there are two, and at most half as many words are neither Vietnamese nor keys.
    """
    state = desk.state
    weak, strong, vni_weak, vni_strong = state[FLAG + 1], state[FLAG + 2], state[FLAG + 3], state[FLAG + 4]
    repair = 0
    if vni_strong:
        repair |= VNI_STRONG | (VNI_WEAK if vni_weak and vni_strong >= 2 else 0)
    if strong:
        repair |= TELEX_STRONG
    if weak and strong >= 2:
        repair |= TELEX_WEAK
    elif weak + strong >= 2:
        accents, strange = 0, -weak - strong
        for i in range(first, state[COUNT]):
            number = desk.plain[i] == NUMBER
            accents += desk.exact[i] != desk.plain[i] and not number
            strange += not number and not find(t.words, desk.plain[i]) & PLAIN
        if accents == 0 and (strong or 2 * strange <= weak):
            repair |= TELEX_WEAK
    return repair


@numba.njit
def _text(t: Any, desk: Any, data: Any, start: int, end: int) -> None:
    """Clean one text."""
    state = desk.state
    pos, count = state[POS], state[COUNT]
    state[FLAG + 1 :] = 0
    smooth = _words(t, desk, data, start, end, 0)
    if not smooth:
        end = rewrite(t, data, start, end, desk.points, desk.rewritten)
        data, start = desk.rewritten, 0
        state[POS], state[COUNT] = pos, count
        state[FLAG + 1 :] = 0
        _words(t, desk, data, start, end, 0)
    if state[FLAG + 1] | state[FLAG + 2] | state[FLAG + 3] | state[FLAG + 4]:
        repair = _repair(t, desk, count)
        if repair:
            state[POS], state[COUNT] = pos, count
            _words(t, desk, data, start, end, repair)


def _compiled() -> Any:
    """The kernel for the tables of this package, compiled once for each state of the sources that it is made of."""
    folder = Path(__file__).parent
    sources = sum(zlib.crc32(path.read_bytes()) for path in sorted(folder.glob("*.py")))
    desk = Desk(
        *(np.empty(0, d) for d in (np.uint8, np.uint64, np.uint64)),
        np.empty((0, 2), np.int64),
        *(np.empty(0, d) for d in (np.int32, np.int32, np.uint8)),
        np.empty((0, 8), np.uint64),
        np.empty(0, np.int64),
    )
    places = numba.int64[::1]
    signature = numba.int64(
        numba.typeof(tables.load()), numba.typeof(desk), numba.uint8[::1], places, numba.uint8[::1], numba.int64,
        numba.boolean, places, places,
    )  # fmt: skip

    @numba.njit(signature, cache=True, nogil=True)
    def run(
        t: Any,
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
        if sources == 0:  # not a condition: it makes the sources part of what numba's cache is keyed by
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
                _text(t, desk, data, offsets[i], offsets[i + 1])
            ends[i + 1], word_ends[i + 1] = state[POS], state[COUNT]
        return offsets.size - 1

    return run


run = _compiled()
