"""Which words of a text are the name of a person. Compiled; the rules look at flags, never at letters.

A name is known by what calls it (anh Hùng, nhân viên Hoa, tên là Lan) or by its family name (Nguyễn Thị Hoa). Written
with a capital it is believed at once; in small letters or all in capitals only where the word is hardly anything else,
or where the sentence goes on as it does after a name. Ranks among siblings (chị Tư, bác Năm) are left: every
family has one. So are streets, places, firms, and the persons of history whose names streets bear, unless somebody is
called by them.
"""

from __future__ import annotations

from typing import Any

from tantam.listen.mask.alphabet import AFTER_DIGIT, APOSTROPHE, BRACKET, BREAK, COLON, DOT, SPACED
from tantam.listen.mask.flags import (
    ALWAYS,
    CANDIDATE,
    COMPOUND,
    FAMILIES,
    FAMILY,
    FAMILY_SURE,
    FAMILY_WEAK,
    FOLLOW,
    HISTORY,
    IS,
    KIN,
    KIN_FULL,
    KIN_SHORT,
    KIN_UNSURE,
    MAYBE,
    MIDDLE,
    NAMED,
    PART,
    PLACE_BEFORE,
    RANK,
    ROLE,
    ROLE_PHRASE,
    SELF,
    STOP,
    SURE,
    TOUCHES,
)
from tantam.listen.mask.raw import compiled
from tantam.listen.mask.tokens import (
    END,
    FLAGS,
    GAP,
    INITIAL,
    KEY,
    SHAPE,
    START,
    TITLE,
    join,
    look_up,
)

AHEAD = 12
"""Words that a decision may look ahead."""

NOBODY, CALLED, CALLED_SHORT, CALLED_FULL, BY_ROLE, NAMED_BY, NAMED_AS, SELF_AS = range(8)
"""What calls a name, from nothing to "tôi là"."""

_ANY_PART = PART | RANK | MIDDLE | FAMILIES
_LONGEST = 5
_LONGEST_SYLLABLE = 12  # bytes: seven letters, some of them of two or three

Array = Any


@compiled
def _flags(words: Array, n: int, i: int) -> int:
    return words[i, FLAGS] if 0 <= i < n else 0


@compiled
def _gap(words: Array, n: int, i: int) -> int:
    return words[i, GAP] if 0 <= i < n else BREAK


@compiled
def _goes_on_alike(words: Array, n: int, i: int, shape: int) -> bool:
    """Whether a word follows the one before it closely, and is written like the whole name."""
    return 0 < i < n and words[i, GAP] == SPACED and words[i, SHAPE] == shape


@compiled
def _pair(words: Array, n: int, i: int, phrases: Array) -> int:
    """What is known of word ``i`` and the one after it."""
    if i < 0 or i + 1 >= n or words[i + 1, GAP] != SPACED:
        return 0
    return look_up(phrases, join(words[i, KEY], words[i + 1, KEY]))


@compiled
def _after_name(words: Array, n: int, i: int) -> bool:
    """Whether the sentence goes on at ``i`` as it does after a name, or ends."""
    if i >= n:
        return True
    gap = words[i, GAP]
    if gap == SPACED:
        return (words[i, FLAGS] & FOLLOW) != 0
    if (
        gap == BRACKET
    ):  # a number was there; a name that was there is no sign, so that masking twice is masking once
        return (words[i, FLAGS] & NAMED) == 0
    return gap != APOSTROPHE


@compiled
def _caller(words: Array, n: int, i: int, phrases: Array) -> int:
    """What stands before word ``i`` and calls somebody by it."""
    gap, before, second = words[i, GAP], _flags(words, n, i - 1), _flags(words, n, i - 2)
    linked = _gap(words, n, i - 1) == SPACED
    if i == 0 or gap not in (SPACED, DOT, COLON) or (linked and _pair(words, n, i - 2, phrases) & COMPOUND):
        return NOBODY
    if before & NAMED and gap != DOT:
        return NAMED_AS if gap == COLON else NAMED_BY
    if before & IS and linked and gap != DOT:
        if second & NAMED or (_flags(words, n, i - 3) & NAMED and _gap(words, n, i - 2) == SPACED):
            return NAMED_AS
        if second & (SELF | KIN) or _pair(words, n, i - 3, phrases) & ROLE_PHRASE:
            return SELF_AS
    if gap != DOT and (before & ROLE or (linked and _pair(words, n, i - 2, phrases) & ROLE_PHRASE)):
        return BY_ROLE
    if gap != COLON and before & KIN_SHORT:
        return CALLED_SHORT
    if gap != SPACED:
        return NOBODY
    if before & KIN:
        return CALLED
    if before & RANK and linked and second & (KIN | KIN_UNSURE | KIN_FULL) and not second & PLACE_BEFORE:
        return CALLED_SHORT
    if before & KIN_UNSURE:
        return CALLED_SHORT
    return CALLED_FULL if before & KIN_FULL and not (linked and second & PLACE_BEFORE) else NOBODY


@compiled
def _titled_family(words: Array, n: int, i: int, called: int) -> int:
    """The length of a full name with capitals: a family name and up to four words, Nguyễn Văn A among them."""
    k = 1
    while k < _LONGEST and _goes_on_alike(words, n, i + k, TITLE):
        flags = words[i + k, FLAGS]
        unknown = words[i + k - 1, FLAGS] & MIDDLE or (called and (k == 1 or words[i, FLAGS] & FAMILY_WEAK))
        if flags & STOP or not (flags & _ANY_PART or unknown):
            break
        k += 1
    letter = _goes_on_alike(words, n, i + k, INITIAL) and not words[i + k, FLAGS] & TOUCHES
    if letter and (k > 1 or called) and k < _LONGEST:
        k += 1
        if called and _goes_on_alike(words, n, i + k, TITLE) and not words[i + k, FLAGS] & STOP:
            k += 1
    least = 2 if called or (words[i, FLAGS] & FAMILY and _flags(words, n, i + 1) & PART) else 3
    return k if k >= least else 0


@compiled
def _family(words: Array, n: int, i: int, called: int, phrases: Array) -> int:
    """The length of a full name that begins with a family name at ``i``, or 0."""
    family, shape = words[i, FLAGS], words[i, SHAPE]
    if not family & FAMILIES or family & STOP:
        return 0
    if shape == TITLE:
        return _titled_family(words, n, i, called)
    if not _goes_on_alike(words, n, i + 1, shape) or _pair(words, n, i, phrases) & COMPOUND:
        return 0
    middle, given = words[i + 1, FLAGS], _flags(words, n, i + 2)
    close = _goes_on_alike(words, n, i + 2, shape) or (
        middle & MIDDLE and _gap(words, n, i + 2) == SPACED and words[i + 2, END] - words[i + 2, START] == 1
    )
    compound = _pair(words, n, i + 1, phrases) & COMPOUND
    if close and not given & STOP and not compound:
        short = words[i + 2, END] - words[i + 2, START] <= _LONGEST_SYLLABLE
        by_middle = (
            middle & MIDDLE
            and (called or family & FAMILY)
            and (given & (PART | RANK) or (family & FAMILY_SURE and short))
        )
        by_parts = (
            middle & PART
            and given & (SURE | MAYBE)
            and (family & FAMILY_SURE or (family & FAMILY and called > 1))
        )
        if (by_middle or by_parts) and (
            (given & PART) == 0 or not _pair(words, n, i + 2, phrases) & COMPOUND
        ):
            more = _flags(words, n, i + 3)
            longer = _goes_on_alike(words, n, i + 3, shape) and given & PART and more & PART
            plain = more & FOLLOW or _pair(words, n, i + 3, phrases) & COMPOUND
            return 4 if longer and not plain and (more & SURE or _after_name(words, n, i + 4)) else 3
    if family & FAMILY_SURE and not middle & KIN and _after_name(words, n, i + 2):
        return 2 if middle & SURE or (called and middle & (MAYBE | PART)) else 0
    return 0


@compiled
def _known(words: Array, n: int, i: int, k: int, phrases: Array, sought: int) -> int:
    """How many of the ``k`` words from ``i`` are a place, a firm or a person of history; 0 where they go on as another
    name does (Trần Phú Quý)."""
    key = words[i, KEY]
    for size in range(2, min(k, 4) + 1):
        key = join(key, words[i + size - 1, KEY])
        if look_up(phrases, key) & sought and (size == k or words[i + size, FLAGS] & FAMILY):
            return size
    return 0


@compiled
def _loud(words: Array, n: int, i: int, caller: int, phrases: Array) -> int:
    """The length of a name that stands out by its capitals, after what calls it; 0 if it is none, −2 for a place."""
    shape = words[i, SHAPE]
    if shape == INITIAL:  # Y Phôn, H'Hen, K'Brếu
        gap = _gap(words, n, i + 1)
        named = (
            gap in (SPACED, APOSTROPHE) and words[i + 1, SHAPE] == TITLE and not words[i + 1, FLAGS] & STOP
        )
        if not named or caller in (CALLED_SHORT, CALLED_FULL, NAMED_BY):
            return 0
        return 3 if _goes_on_alike(words, n, i + 2, TITLE) and words[i + 2, FLAGS] & PART else 2
    k = 0
    while k < _LONGEST - 1 and (k == 0 or _goes_on_alike(words, n, i + k, shape)):
        flags = words[i + k, FLAGS]
        if flags & STOP or not flags & (PART | FAMILIES | (MIDDLE if k else 0)):
            break
        k += 1
    if k == 0 or words[i, FLAGS] & RANK or _pair(words, n, i - 1, phrases) & ALWAYS:
        return 0
    pair = _pair(words, n, i, phrases)
    alike = _goes_on_alike(words, n, i + 1, shape)
    if pair & ALWAYS:
        return -2
    only = k == 1 and not words[i, FLAGS] & PART
    strict = only or caller in (CALLED_FULL, BY_ROLE, NAMED_BY, NAMED_AS, SELF_AS)
    if (only and caller != CALLED) or (pair & COMPOUND and k == 1 and (alike or strict)):
        return 0
    return k


@compiled
def _quiet(words: Array, n: int, i: int, caller: int, phrases: Array) -> int:
    """The length of a name in small letters, or in a text of capitals, after what calls it; 0 if it is none."""
    flags, shape = words[i, FLAGS], words[i, SHAPE]
    if flags & (KIN | STOP | RANK | TOUCHES) or caller == CALLED_FULL:
        return 0
    if (_pair(words, n, i - 1, phrases) | _pair(words, n, i, phrases)) & (COMPOUND | ALWAYS):
        return 0
    more = _flags(words, n, i + 1)
    second = (
        flags & (SURE | MAYBE)
        and _goes_on_alike(words, n, i + 1, shape)
        and not more & (FOLLOW | STOP)
        and not _pair(words, n, i + 1, phrases) & COMPOUND
        and (more & SURE or (more & MAYBE and _after_name(words, n, i + 2)))
    )
    ends = second or _after_name(words, n, i + 1)
    sure, given = (flags & SURE) != 0, (flags & (SURE | MAYBE)) != 0
    if caller == CALLED:
        named = sure or (given and ends)
    elif caller in (CALLED_SHORT, BY_ROLE):
        named = given and ends
    elif caller == NAMED_BY:
        named = sure or ((flags & (MAYBE | PART)) != 0 and ends)
    elif caller == NAMED_AS:
        named = (flags & (SURE | MAYBE | PART)) != 0
    else:
        named = sure and ends
    return (2 if second else 1) if named else 0


@compiled
def _name(words: Array, n: int, i: int, phrases: Array) -> int:
    """The length of the name that begins at word ``i``; 0 for none, −k where the k words from it are no person's."""
    shape = words[i, SHAPE]
    before = _pair(words, n, i - 1, phrases)
    if before & ROLE_PHRASE or words[i, FLAGS] & IS:
        return 0
    caller = _caller(words, n, i, phrases)
    if caller:
        k = _family(words, n, i, 1 if caller == CALLED_FULL else 2, phrases)
        if k and not _known(words, n, i, k, phrases, ALWAYS):
            return k
        if not k:
            loud = shape in (TITLE, INITIAL)
            k = _loud(words, n, i, caller, phrases) if loud else _quiet(words, n, i, caller, phrases)
            if k:
                return k
    k = _family(words, n, i, 0, phrases)
    if not k or before & COMPOUND:
        return 0
    near = words[i, GAP] in (SPACED, DOT)
    if words[i, GAP] == AFTER_DIGIT or (near and _flags(words, n, i - 1) & (PLACE_BEFORE | TOUCHES)):
        return -k
    known = _known(words, n, i, k, phrases, ALWAYS | HISTORY)
    return -known if known else k


@compiled
def find(
    words: Array, n: int, i: int, stop: int, phrases: Array, spans: Array, count: int
) -> tuple[int, int]:
    """Write the bytes of the names that begin before word ``stop`` into ``spans`` [room, 2] from ``count``; give where
    to go on and how many there are now."""
    while i < stop:
        k = _name(words, n, i, phrases) if words[i, FLAGS] & CANDIDATE else 0
        if k > 0:
            spans[count, 0], spans[count, 1] = words[i, START], words[i + k - 1, END]
            count += 1
            if i + k < n:
                words[i + k, GAP] = BREAK
        i += max(1, abs(k))
    return i, count
