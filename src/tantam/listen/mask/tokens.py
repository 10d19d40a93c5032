"""The words of a text, one pass over its UTF-8 bytes. Compiled.

A word becomes its key (a 64-bit hash of its letters and tone, the same for every spelling), its flags in the
vocabulary, how it is written, and what lies before it. On the way digits are counted (:mod:`counts`). A raw word is
nearly always one that was seen before and comes out of the memo; only others are read letter by letter.
"""

from __future__ import annotations

from typing import Any

from numba import int64

from tantam.listen.mask.alphabet import (
    AFTER_DIGIT,
    AT,
    BREAK,
    DIGIT,
    IGNORED,
    LETTER,
    MARK,
    OTHER,
    SPACED,
    TOP,
)
from tantam.listen.mask.counts import (
    CANDIDATES,
    COUNT,
    HANDLE,
    HELD,
    JOINED,
    LAST_KNOWN,
    LIVE,
    NUMBER,
    RARE,
    SAID,
    count,
    count_digit,
    count_gap,
    under_way,
)
from tantam.listen.mask.flags import (
    CALLERS,
    CANDIDATE,
    DIGIT_WORD,
    FAMILY,
    FAMILY_WEAK,
    FILLER,
    GIVEN,
    KIN,
    KIN_FULL,
    KIN_UNSURE,
    TOUCHES,
)
from tantam.listen.mask.memo import recall, remember, seen
from tantam.listen.mask.raw import WIDTH, compiled, peek, raw, small

KEY, FLAGS, SHAPE, GAP, START, END = range(6)
"""Columns of the words: key, flags, how it is written, what lies before it, and its bytes."""

SMALL, TITLE, CAPITALS, INITIAL = range(4)
"""How a word is written: hùng, Hùng, HÙNG, H."""

ROOM = 512
"""Words looked at together; a longer text is read on from where its last words begin."""

_SEED = -0x340D631B7BDDDCDB
_PRIME = 0x100000001B3
_O = 15
_SPACE = 0x20

Array = Any


@small
def mix(key: int, more: int) -> int:
    """One step of FNV-1a over nine bits at a time."""
    return (key ^ more) * _PRIME


@small
def look_up(table: Array, key: int) -> int:
    """The flags of a key in an open table of pairs (key, flags), 0 where it is not known."""
    last = table.size // 2 - 1
    slot = (key ^ (key >> 32)) & last
    while table[2 * slot + 1] != 0 and table[2 * slot] != key:
        slot = (slot + 1) & last
    return table[2 * slot + 1]


@small
def join(before: int, key: int) -> int:
    """The key of words that stand together, one more word at a time; one word alone has its own key."""
    return (before * 31 ^ key) * _PRIME


@compiled
def decode(data: Array, at: int, end: int) -> tuple[int, int]:
    """The character at a byte ≥ 0x80 and its width; (-1, 1) where no valid UTF-8 begins, as Python has it."""
    first = int64(data[at])
    width = 2 if 0xC2 <= first < 0xE0 else 3 if 0xE0 <= first < 0xF0 else 4 if 0xF0 <= first < 0xF5 else 0
    if width == 0 or at + width > end:
        return -1, 1
    point = first & (0xFF >> (width + 1))
    for i in range(at + 1, at + width):
        more = int64(data[i])
        if more & 0xC0 != 0x80:
            return -1, 1
        point = point << 6 | (more & 0x3F)
    least = 0x80 if width == 2 else 0x800 if width == 3 else 0x10000
    if point < least or point > 0x10FFFF or 0xD800 <= point < 0xE000:
        return -1, 1
    return point, width


@compiled
def _beyond(point: int) -> int:
    """The class of a character that the table does not reach, or of a byte that is none (−1)."""
    invisible = 0xE0000 <= point < 0xE0080 or 0xE0100 <= point < 0xE01F0
    return IGNORED if invisible else OTHER | BREAK << 3


@small
def _parted(before: int, more: int) -> int:
    """What lies between two words after one more character: the strongest, but a number and spaces are AFTER_DIGIT."""
    if before == AFTER_DIGIT and more > 1 and more != AFTER_DIGIT:
        return max(BREAK, more)
    return more if more == AFTER_DIGIT and before < BREAK + 2 else max(before, more)


@compiled
def _short(first: int, second: int, third: int) -> tuple[int, int]:
    """A character of two or three bytes and its width, of those that Vietnamese is written with; else (−1, 0)."""
    if 0xC2 <= first < 0xE0 and second & 0xC0 == 0x80:
        return (first & 0x1F) << 6 | second & 0x3F, 2
    if 0xE1 <= first < 0xED and second & 0xC0 == 0x80 and third & 0xC0 == 0x80:
        return (first & 0xF) << 12 | (second & 0x3F) << 6 | third & 0x3F, 3
    return -1, 0


@small
def _shape(first: int, capitals: int, size: int) -> int:
    if capitals == size:
        return INITIAL if size == 1 else CAPITALS
    return TITLE if first else SMALL


@small
def _begins(flags: int, shape: int) -> int:
    """Whether a word may begin a name: 1 if it is called, 2 always."""
    called = int64(flags & GIVEN != 0) | int64(shape == INITIAL)
    return (
        called | (int64(flags & FAMILY != 0) | int64(flags & FAMILY_WEAK != 0) & int64(shape == TITLE)) << 1
    )


@small
def _candidate(begins: int, before: int) -> int:
    """CANDIDATE for a word that may begin a name after the word before it, or 0."""
    return CANDIDATE * (begins >> 1 | begins & int64(before & CALLERS != 0))


@compiled
def _drawn_out(vocabulary: Array, key: int, short: int) -> tuple[int, int]:
    """A word whose last letter stands three times or more, and its key with that letter once: anhhh is anh, but only of
    words of address."""
    known = look_up(vocabulary, short)
    return (short, known) if known & (KIN | KIN_UNSURE | KIN_FULL) else (key, int64(0))


@compiled
def _keep(
    data: Array,
    start: int,
    at: int,
    end: int,
    memo: Array,
    key: int,
    known: int,
    shape: int,
    size: int,
    oes: int,
    last: int,
) -> None:
    """Remember a word that was read up to byte ``at``, if it is a raw word as a whole and short enough."""
    if memo.size and at - start < WIDTH and start + WIDTH <= data.size:
        length, low, high = raw(data, start, end)
        if length == at - start:
            remember(memo, low, high, key, known, shape, _begins(known, shape), size, oes, last - start)


@small
def _skim(
    data: Array, at: int, end: int, n: int, held: int, classes: Array, memo: Array, state: Array, words: Array
) -> tuple[int, int, int]:
    """Words that the memo knows and signs between them, from a byte on: where anything else comes, how many words there
    are then, and what was read behind the last."""
    before, said, known = words[n - 1, FLAGS] if n else int64(0), state[SAID], state[LAST_KNOWN]
    flagged, busy, telling = int64(0), under_way(state), False
    flags = letters = oes = int64(0)
    last = min(end, data.size - WIDTH + 1)
    while at < last and n < words.shape[0]:
        size, low, high = raw(data, at, end)
        if size == 0:
            cls = int64(classes[peek(data, at)])
            if cls & 7 in (IGNORED, DIGIT) or cls >> 3 & AT == AT:
                break
            at, held = at + 1, max(held, cls >> 3 & 15)
            continue
        stop = at + size
        sign = peek(data, stop) if stop < end else int64(_SPACE)
        if sign != _SPACE and (size == WIDTH or classes[sign] & 7 in (IGNORED, DIGIT)):
            break
        place = seen(memo, low, high)
        if place < 0:
            break
        key, flags, shape, begins, letters, oes, width = recall(memo, place)
        before = flags | _candidate(begins, before)
        flagged |= before
        words[n, KEY], words[n, FLAGS], words[n, SHAPE] = key, before, shape
        words[n, GAP], words[n, START], words[n, END] = held, at, at + width
        n, at, held = n + 1, stop, int64(0)
        telling = flags & RARE | busy != 0
        if telling:
            break
        number_word = flags & (DIGIT_WORD | FILLER)
        said = (said + int64(number_word == DIGIT_WORD)) * int64(number_word != 0)
        if said >= 8:
            state[NUMBER] = 1
        known = flags
        held = int64(SPACED)
        if sign != _SPACE:
            held = int64(classes[sign]) >> 3
            if held & AT == AT:
                held = int64(0)
                break
            held &= 15
        at = stop + 1
    state[CANDIDATES] |= flagged & CANDIDATE
    state[SAID], state[LAST_KNOWN] = said, known
    if telling:
        count(state, flags, letters, oes)
        state[LAST_KNOWN] = flags
    return at, n, held


@small
def fill(  # noqa: PLR0915 (one loop: a call for every letter would halve the speed)
    data: Array, at: int, end: int, classes: Array, vocabulary: Array, memo: Array, state: Array, words: Array
) -> int:
    """Read on from a byte until the text ends or the room is full, and say where the next word begins."""
    n, held, joined, inside, zero = state[COUNT], state[HELD], state[JOINED] == 1, False, int64(0)
    key = stem = letter = same = tone = size = capitals = oes = first = zero
    touched, last = False, at
    while at < end or inside:
        if memo.size and not inside and not joined and (data[at] >= 0x80 or 97 <= data[at] | 32 < 123):
            at, n, held = _skim(data, at, end, n, held, classes, memo, state, words)
            if at >= end:
                break
        point, width = int64(data[at]) if at < end else int64(0x0A), int64(1)
        if point >= 0x80:
            second = int64(data[at + 1]) if at + 1 < end else zero
            third = int64(data[at + 2]) if at + 2 < end else zero
            wide, width = _short(point, second, third)
            point, width = (wide, width) if width else decode(data, at, end)
        cls = int64(classes[point]) if 0 <= point < TOP else _beyond(point)
        kind = cls & 7
        if kind == LETTER:
            capital = cls >> 15 & 1
            if not inside:
                if n == words.shape[0]:
                    break
                words[n, START] = at
                inside, touched, joined = True, joined, False
                key, letter, tone, size, capitals, first = _SEED, zero, zero, zero, zero, capital
            key = mix(key, letter)
            same = same + 1 if letter == cls >> 3 & 511 else zero
            letter = cls >> 3 & 511
            stem = stem if same else key
            tone = max(tone, cls >> 12 & 7)
            size += 1
            capitals += capital
            last = at + width
        elif kind == MARK:
            if inside:
                letter |= cls >> 3 & 15
                tone = max(tone, cls >> 12 & 7)
                last = at + width
        elif kind != IGNORED:
            if inside:
                inside = False
                key = mix(mix(key, letter), tone)
                known, shape = look_up(vocabulary, key), _shape(first, capitals, size)
                if known == 0 and same >= 2:
                    key, known = _drawn_out(vocabulary, key, mix(mix(stem, letter), tone))
                oes = size if letter >> 4 == _O else zero
                _keep(data, words[n, START], at, end, memo, key, known, shape, size, oes, last)
                count(state, known, size, oes)
                state[LAST_KNOWN] = known
                known = int64(TOUCHES) if touched or kind == DIGIT else known
                known |= _candidate(_begins(known, shape), words[n - 1, FLAGS] if n else zero)
                state[CANDIDATES] |= known & CANDIDATE
                words[n, KEY], words[n, FLAGS], words[n, SHAPE] = key, known, shape
                words[n, GAP], words[n, END] = held, last
                n, held = n + 1, zero
            if kind == DIGIT:
                count_digit(state, joined, oes)
                held = _parted(held, AFTER_DIGIT)
            else:
                if state[LIVE] or state[HANDLE] or cls >> 3 & AT:
                    count_gap(state, kind, cls >> 3)
                held = _parted(held, cls >> 3 & 15)
            joined, oes = kind == DIGIT, zero
        at += width
    state[COUNT], state[HELD], state[JOINED] = n, held, joined
    return at
