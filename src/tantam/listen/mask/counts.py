"""What the digits and the words of a text may add up to: whether it may hold a number. Compiled.

They are counted as :mod:`numbers`, :mod:`spoken` and the others would join them: a text that holds a number always says
so; one that says so may hold none.
"""

from __future__ import annotations

from typing import Any

from tantam.listen.mask.alphabet import AT, EQUALS, OTHER, SLASH, SPACE
from tantam.listen.mask.flags import (
    ACCOUNT,
    AT_SIGN,
    AT_WORD,
    DIGIT_WORD,
    FILLER,
    HOST,
    KIN_SHORT,
    PASSPORT,
    SOCIAL,
    TLD,
)
from tantam.listen.mask.raw import compiled, small

COUNT, HELD, NUMBER = range(3)
"""State of a text: words in the room, what lies before the next, whether it may hold a number."""
LIVE, CHAIN, CHAIN_GAP, RUN, RUN_GAP, PLATE, PLATE_SIZE, PLATE_GAP = range(3, 11)
SAID, SAID_DIGITS, ACCOUNT_SEEN, PASSPORT_SEEN, HANDLE, JOINED = range(11, 17)
CANDIDATES, LAST_KNOWN = 17, 18
STATE = 19

RARE = ACCOUNT | AT_SIGN | AT_WORD | PASSPORT | SOCIAL | TLD
"""Words that do more than say a digit."""

_WATCHED = RARE | DIGIT_WORD | FILLER

Array = Any


@compiled
def _is_long(state: Array) -> bool:
    """Whether the digits joined so far are enough for a number: fewer where an account or a passport was named."""
    return state[CHAIN] >= (6 if state[ACCOUNT_SEEN] else 7 if state[PASSPORT_SEEN] else 9)


@compiled
def count_digit(state: Array, joined: int, oes: int) -> None:
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


@compiled
def count_letters(state: Array, size: int, oes: int) -> None:
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


@compiled
def count_gap(state: Array, kind: int, parts: int) -> None:
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


@compiled
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


@small
def under_way(state: Array) -> int:
    """Whether numbers, or words around them, go on at this place: not 0."""
    return state[LIVE] | state[SAID_DIGITS] | state[HANDLE]


@small
def count(state: Array, known: int, size: int, oes: int) -> None:
    """What a whole word is to the numbers around it."""
    if state[LIVE]:
        count_letters(state, size, oes)
    if known & _WATCHED or state[SAID] or under_way(state):
        _count_word(state, known)
