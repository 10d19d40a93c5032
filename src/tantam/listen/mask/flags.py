"""What masking knows of a word, as bits; the words themselves stand in ``data/words.txt`` and ``data/names.txt``."""

from __future__ import annotations

WORDS = (
    "kin",
    "kin_unsure",
    "kin_full",
    "kin_short",
    "role",
    "named",
    "is",
    "self",
    "rank",
    "middle",
    "sure",
    "maybe",
    "follow",
    "place_before",
    "stop",
    "digit",
    "filler",
    "account",
    "passport",
    "at_sign",
    "at_word",
    "tld",
    "social",
    "host",
    "role_end",
    "family",
    "family_weak",
    "family_sure",
    "part",
    "touches",
    "candidate",
)
"""Headings of the files, in the order of their bits. ``role_end`` and ``family_sure`` are made by the vocabulary;
``touches`` (a digit) and ``candidate`` (to begin a name) are made by the text.
"""

(
    KIN,
    KIN_UNSURE,
    KIN_FULL,
    KIN_SHORT,
    ROLE,
    NAMED,
    IS,
    SELF,
    RANK,
    MIDDLE,
    SURE,
    MAYBE,
    FOLLOW,
    PLACE_BEFORE,
    STOP,
    DIGIT_WORD,
    FILLER,
    ACCOUNT,
    PASSPORT,
    AT_SIGN,
    AT_WORD,
    TLD,
    SOCIAL,
    HOST,
    ROLE_END,
    FAMILY,
    FAMILY_WEAK,
    FAMILY_SURE,
    PART,
    TOUCHES,
    CANDIDATE,
) = (1 << i for i in range(len(WORDS)))

FAMILIES = FAMILY | FAMILY_WEAK
GIVEN = PART | SURE | MAYBE | FAMILIES
CALLERS = KIN | KIN_UNSURE | KIN_FULL | KIN_SHORT | ROLE | ROLE_END | NAMED | IS | RANK
"""What a name begins with, and what stands before one."""

PHRASES = ("role", "compound", "always", "history")
ROLE_PHRASE, COMPOUND, ALWAYS, HISTORY = (1 << i for i in range(len(PHRASES)))
"""What masking knows of words that stand together, from ``data/phrases.txt``."""
