"""The words of a text, one pass over its UTF-8 bytes, and whether it may hold a number. Compiled.

A word becomes its key (a 64-bit hash of its letters and tone, the same for every spelling), its flags in the
vocabulary, how it is written, and what lies before it. On the way digits are counted as :mod:`numbers` would join
them: a text that holds a number always says so; one that says so may hold none.
"""

from __future__ import annotations

from typing import Any

import numba
from numba import int64

from tantam.listen.mask.alphabet import (
    AFTER_DIGIT,
    AT,
    BREAK,
    DIGIT,
    EQUALS,
    IGNORED,
    LETTER,
    MARK,
    OTHER,
    SLASH,
    SPACE,
    TOP,
)
from tantam.listen.mask.flags import (
    ACCOUNT,
    AT_SIGN,
    AT_WORD,
    CALLERS,
    CANDIDATE,
    DIGIT_WORD,
    FAMILY,
    FAMILY_WEAK,
    FILLER,
    GIVEN,
    HOST,
    KIN_SHORT,
    PASSPORT,
    SOCIAL,
    TLD,
    TOUCHES,
)

KEY, FLAGS, SHAPE, GAP, START, END = range(6)
"""Columns of the words: key, flags, how it is written, what lies before it, and its bytes."""

SMALL, TITLE, CAPITALS, INITIAL = range(4)
"""How a word is written: hùng, Hùng, HÙNG, H."""

ROOM = 512
"""Words looked at together; a longer text is read on from where its last words begin."""

COUNT, HELD, NUMBER = range(3)
"""State of a text: words in the room, what lies before the next, whether it may hold a number."""
LIVE, CHAIN, CHAIN_GAP, RUN, RUN_GAP, PLATE, PLATE_SIZE, PLATE_GAP = range(3, 11)
SAID, SAID_DIGITS, ACCOUNT_SEEN, PASSPORT_SEEN, HANDLE, JOINED = range(11, 17)
CANDIDATES, LAST_KNOWN = 17, 18
STATE = 19

_SEED = -0x340D631B7BDDDCDB
_PRIME = 0x100000001B3
_O = 15
_WATCHED = ACCOUNT | AT_SIGN | AT_WORD | DIGIT_WORD | FILLER | PASSPORT | SOCIAL | TLD

Array = Any


@numba.njit(inline="always")
def mix(key: int, more: int) -> int:
    """One step of FNV-1a over nine bits at a time."""
    return (key ^ more) * _PRIME


@numba.njit(inline="always")
def look_up(table: Array, key: int) -> int:
    """The flags of a key in an open table of pairs (key, flags), 0 where it is not known."""
    last = table.size // 2 - 1
    slot = (key ^ (key >> 32)) & last
    while table[2 * slot + 1] != 0 and table[2 * slot] != key:
        slot = (slot + 1) & last
    return table[2 * slot + 1]


@numba.njit(inline="always")
def join(before: int, key: int) -> int:
    """The key of words that stand together, one more word at a time; one word alone has its own key."""
    return (before * 31 ^ key) * _PRIME


@numba.njit
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


@numba.njit
def _beyond(point: int) -> int:
    """The class of a character that the table does not reach, or of a byte that is none (−1)."""
    invisible = 0xE0000 <= point < 0xE0080 or 0xE0100 <= point < 0xE01F0
    return IGNORED if invisible else OTHER | BREAK << 3


@numba.njit(inline="always")
def _parted(before: int, more: int) -> int:
    """What lies between two words after one more character: the strongest, but a number and spaces are AFTER_DIGIT."""
    if before == AFTER_DIGIT and more > 1 and more != AFTER_DIGIT:
        return max(BREAK, more)
    return more if more == AFTER_DIGIT and before < BREAK + 2 else max(before, more)


@numba.njit
def _is_long(state: Array) -> bool:
    """Whether the digits joined so far are enough for a number: fewer where an account or a passport was named."""
    return state[CHAIN] >= (6 if state[ACCOUNT_SEEN] else 7 if state[PASSPORT_SEEN] else 9)


@numba.njit
def _count_digit(state: Array, joined: int, oes: int) -> None:
    """One more digit: of a chain of groups (which the letters o just before it join), of a plate, of a number said."""
    state[LIVE] = 1
    state[CHAIN] = state[CHAIN] + 1 if state[CHAIN] and state[CHAIN_GAP] <= 4 else 1 + oes
    state[CHAIN_GAP] = 0
    state[RUN] = state[RUN] + 1 if joined else 1
    state[RUN_GAP] = 0
    if state[PLATE]:
        state[PLATE] = 2
        state[PLATE_SIZE] += 1
        state[PLATE_GAP] = 0
    state[SAID_DIGITS] += 1
    state[HANDLE] = 0
    said = state[SAID] >= 4 and state[SAID] + state[SAID_DIGITS] >= 8
    if _is_long(state) or said or (state[PLATE] and state[PLATE_SIZE] >= 4):
        state[NUMBER] = 1


@numba.njit
def _count_letters(state: Array, size: int, oes: int) -> None:
    """A word after digits ends their chain, but not if it may end in o written for 0; it may be the letters of a
    plate."""
    state[CHAIN] = state[CHAIN] + oes if state[CHAIN] and oes else 0
    state[CHAIN_GAP] = 0
    if _is_long(state):
        state[NUMBER] = 1
    state[PLATE] = 1 if state[RUN] == 2 and state[RUN_GAP] <= 1 and size <= 2 else 0
    state[PLATE_SIZE] = 1 - size
    state[PLATE_GAP] = 0
    state[RUN] = 0
    state[LIVE] = 1 if state[CHAIN] or state[PLATE] else 0


@numba.njit
def _count_gap(state: Array, kind: int, parts: int) -> None:
    """A character that is neither letter nor digit: how far numbers go on across it, and the signs @, / and colon."""
    if kind == OTHER:
        state[CHAIN] = 0
        state[PLATE] = 0
        state[RUN] = 0
    state[CHAIN_GAP] += 1
    state[RUN_GAP] += 1
    state[PLATE_GAP] += 1
    if state[CHAIN_GAP] > 4:
        state[CHAIN] = 0
    if state[PLATE_GAP] > 3:
        state[PLATE] = 0
    sign = parts & 0x30
    if sign == AT or (sign == EQUALS and state[HANDLE] == 1) or (sign == SLASH and state[HANDLE] == 2):
        state[NUMBER] = 1
    if kind != SPACE or state[HANDLE] == 2:
        state[HANDLE] = 0


@numba.njit
def _count_word(state: Array, flags: int) -> None:
    """A whole word: digits that are said, accounts and passports that are named, the sign @ in words, hosts."""
    before = state[LAST_KNOWN]
    if flags & (DIGIT_WORD | FILLER):
        state[SAID] += 0 if flags & FILLER else 1
        if state[SAID] >= 4 and state[SAID] + state[SAID_DIGITS] >= 8:
            state[NUMBER] = 1
    else:
        state[SAID], state[SAID_DIGITS] = 0, 0
    if flags & ACCOUNT:
        state[ACCOUNT_SEEN] = 1
    if flags & PASSPORT:
        state[PASSPORT_SEEN] = 1
    if flags & AT_WORD or (flags & AT_SIGN and before & KIN_SHORT):
        state[NUMBER] = 1
    state[HANDLE] = 1 if flags & SOCIAL else 2 if flags & TLD and before & HOST else 0


@numba.njit
def _short(first: int, second: int, third: int) -> tuple[int, int]:
    """A character of two or three bytes and its width, of those that Vietnamese is written with; else (−1, 0)."""
    if 0xC2 <= first < 0xE0 and second & 0xC0 == 0x80:
        return (first & 0x1F) << 6 | second & 0x3F, 2
    if 0xE1 <= first < 0xED and second & 0xC0 == 0x80 and third & 0xC0 == 0x80:
        return (first & 0xF) << 12 | (second & 0x3F) << 6 | third & 0x3F, 3
    return -1, 0


@numba.njit
def _shape(first: int, capitals: int, size: int) -> int:
    if capitals == size:
        return INITIAL if size == 1 else CAPITALS
    return TITLE if first else SMALL


@numba.njit
def _candidate(flags: int, before: int, shape: int) -> int:
    """Whether a word may begin a name: CANDIDATE or 0."""
    called = before & CALLERS and (flags & GIVEN or shape == INITIAL)
    return CANDIDATE if called or flags & FAMILY or (flags & FAMILY_WEAK and shape == TITLE) else 0


@numba.njit
def fill(  # noqa: PLR0915 (one loop: a call for every letter would halve the speed)
    data: Array, at: int, end: int, classes: Array, vocabulary: Array, state: Array, words: Array
) -> int:
    """Read on from a byte until the text ends or the room is full, and say where the next word begins."""
    n, held, joined, inside, zero = state[COUNT], state[HELD], state[JOINED] == 1, False, int64(0)
    key = letter = tone = size = capitals = oes = first = zero
    touched, last = False, at
    while at < end or inside:
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
            letter = cls >> 3 & 511
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
                known = look_up(vocabulary, key)
                flags = int64(TOUCHES) if touched or kind == DIGIT else known
                shape = _shape(first, capitals, size)
                flags |= _candidate(flags, words[n - 1, FLAGS] if n else zero, shape)
                state[CANDIDATES] |= flags & CANDIDATE
                words[n, KEY], words[n, FLAGS], words[n, SHAPE] = key, flags, shape
                words[n, GAP], words[n, END] = held, last
                oes = size if letter >> 4 == _O else zero
                if state[LIVE]:
                    _count_letters(state, size, oes)
                if known & _WATCHED or state[SAID] or state[SAID_DIGITS] or state[HANDLE]:
                    _count_word(state, known)
                state[LAST_KNOWN] = known
                n, held = n + 1, zero
            if kind == DIGIT:
                _count_digit(state, joined, oes)
                held = _parted(held, AFTER_DIGIT)
            else:
                if state[LIVE] or state[HANDLE] or cls >> 3 & AT:
                    _count_gap(state, kind, cls >> 3)
                held = _parted(held, cls >> 3 & 15)
            joined, oes = kind == DIGIT, zero
        at += width
    state[COUNT], state[HELD], state[JOINED] = n, held, joined
    return at
