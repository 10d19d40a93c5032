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
from numba import types

from tantam.listen.clean.bits import store
from tantam.listen.clean.desk import COUNT, FIRST, FLAG, POS, SLACK, TALLY, Desk, emit, remember, seen, tally
from tantam.listen.clean.fold import about, encode, fold, rewrite
from tantam.listen.clean.keystrokes import TELEX_LIKELY, TELEX_STRONG, TELEX_WEAK, VNI_STRONG, VNI_WEAK
from tantam.listen.clean.link import link_end, link_start
from tantam.listen.clean.scan import BYTES, CONTROL, KEY_BYTES, SPACE, WORD, after_number, key
from tantam.listen.clean.syllable import NUMBER, find
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

_K, _STOP, _COLON = (ord(c) for c in "k.:")
_LATIN = 1 << LATIN | 1 << DIGIT
_ROUGH, _SEVERAL, _ALONE = -1, 0, 1
_NONE = np.uint64(0)


@numba.njit
def _raw(
    t: Any, words: Any, w: Any, data: Any, p: int, q: int, repair: int, thousand: bool,
    out: Any, exact: Any, plain: Any, spans: Any, state: Any,
) -> int:  # fmt: skip
    """Read the raw word p to q letter by letter and write what it is: _ALONE if it is one word and nothing else, _ROUGH
    if the text must be rewritten first. ``thousand``: a ``k`` there is one."""
    n = fold(t, data, p, q, False, w)
    if n < 0:
        return _ROUGH
    i, count, bare = 0, state[COUNT], True
    while i < n:
        bits = about(t, INFO, w[i])
        kind, script = bits & KIND, bits >> 16
        j, a, m, evidence = i + 1, i, 1, 0
        if 1 << kind & _LATIN:
            while j < n and 1 << (about(t, INFO, w[j]) & KIND) & (_LATIN | 1 << MARK):
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
        if 1 << kind & (_LATIN | 1 << LETTER | 1 << EMOJI):
            emit(t, w, a, m, out, exact, plain, spans, state)
            tally(state, evidence, exact[state[COUNT] - 1])
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
    emit(t, w, 0, n, out, exact, plain, spans, state)
    return True


@numba.njit
def _words(
    t: Any, words: Any, w: Any, data: Any, start: int, end: int, repair: int,
    out: Any, exact: Any, plain: Any, spans: Any, memo: Any, state: Any,
) -> bool:  # fmt: skip
    """Clean the text from start to end; False if it must be rewritten first."""
    pos, count = state[POS], state[COUNT]
    begin, space, p = pos, False, start
    while p < end:
        kind = BYTES[data[p]]
        if kind == SPACE:
            space = True
            p += 1
            continue
        out[pos] = 32
        pos += space and pos > begin
        space = False
        if kind != WORD:
            if kind == CONTROL:
                return False
            out[pos] = data[p]
            pos, p = pos + 1, p + 1
            continue
        q, low, high = key(data, p, end)
        if q < end and (data[q] == _STOP or data[q] == _COLON):
            at = link_start(t, data, p, q, end)
            if at == p:
                q = link_end(t, data, q, end)
                state[POS], state[COUNT] = pos, count
                if not _link(t, w, data, p, q, out, exact, plain, spans, state):
                    return False
                pos, count, p = state[POS], state[COUNT], q
                continue
            q, low = (at, _NONE) if at > p else (q, low)
        thousand = data[p] | 32 == _K and (q == p + 1 or data[p + 1] >= 0x80) and after_number(data, start, p)
        at = -1 if thousand or low == _NONE else seen(memo, low, high)
        if at >= 0:
            told = int(np.int64(memo[at + 6]))
            if repair >> (told >> 8) & 1 == 0:
                store(out, pos, memo[at + 2])
                store(out, pos + 8, memo[at + 3])
                exact[count], plain[count] = memo[at + 4], memo[at + 5]
                if spans.size:
                    spans[2 * count], spans[2 * count + 1] = pos, pos + (told & 255)
                tally(state, told >> 8, memo[at + 4])
                pos += told & 255
                count, p = count + 1, q
                continue
        state[POS], state[COUNT], state[FLAG] = pos, count, 0
        became = _raw(t, words, w, data, p, q, repair, thousand, out, exact, plain, spans, state)
        if became == _ROUGH:
            return False
        length = state[POS] - pos
        if became == _ALONE and low != _NONE and repair == 0 and length <= KEY_BYTES and not thousand:
            remember(memo, low, high, out, pos, length, exact[count], plain[count], state[FLAG])
        pos, count, p = state[POS], state[COUNT], q
    state[POS], state[COUNT] = pos, count
    return True


@numba.njit
def _repair(words: Any, exact: Any, plain: Any, first: int, state: Any) -> int:
    """Which kinds of keystrokes of the text just read, from its first word on, are to be read as such: a bit each.

    Strong ones always, and weak VNI beside two strong ones. Weak and likely Telex where at most half of the words are
    neither Vietnamese nor keys: beside two strong ones; beside one, if nothing has an accent; and if two differ, one of
    them likely, but in a text without accents only if such strangers are half as many.
    """
    weak, strong = state[TALLY + TELEX_WEAK] + state[TALLY + TELEX_LIKELY], state[TALLY + TELEX_STRONG]
    repair, sure = 0, state[TALLY + VNI_STRONG]
    if sure:
        repair |= 1 << VNI_STRONG
    if sure >= 2:
        repair |= 1 << VNI_WEAK
        sure += state[TALLY + VNI_WEAK]
    if strong:
        repair |= 1 << TELEX_STRONG
    if weak == 0 or weak + strong < 2:
        return repair
    accents, strange = sure > 0, -weak - strong - sure
    for i in range(first, state[COUNT]):
        number = plain[i] == NUMBER
        accents |= exact[i] != plain[i] and not number
        strange += not number and not find(words, plain[i]) & PLAIN
    if 2 * strange > state[COUNT] - first:
        return repair
    differ = state[TALLY + TELEX_LIKELY] and state[FIRST + 1] and (accents or 2 * strange <= weak + strong)
    if strong >= 2 or differ or (strong and not accents):
        repair |= 1 << TELEX_WEAK | 1 << TELEX_LIKELY
    return repair


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

        ``offsets`` int64 [n + 1] into ``data``; ``valid`` uint8 [n], or empty where all texts are; ``ends`` and
        ``word_ends`` int64 [n + 1] get where each text ends in ``desk.out`` and among the words. Without ``keep`` each
        text is written over the last: only the words are wanted.
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
