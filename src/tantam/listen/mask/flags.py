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
    "family",
    "family_weak",
    "family_sure",
    "part",
    "touches",
)
"""Headings of the files, in the order of their bits; ``family_sure`` is said by the vocabulary and ``touches`` by the
text: the word stands beside a digit.
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
    FAMILY,
    FAMILY_WEAK,
    FAMILY_SURE,
    PART,
    TOUCHES,
) = (1 << i for i in range(len(WORDS)))

PHRASES = ("role", "compound", "always", "history")
ROLE_PHRASE, COMPOUND, ALWAYS, HISTORY = (1 << i for i in range(len(PHRASES)))
"""What masking knows of words that stand together, from ``data/phrases.txt``."""
