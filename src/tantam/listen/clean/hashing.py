"""The hash of a word, defined in plain Python: what models, signatures and readings are made of.

A word is hashed twice: as it is written when cleaned, and without its accents. Both are FNV-1a of the UTF-8 bytes
(Fowler, Noll, Vo) mixed by one step of splitmix64, so that every bit of them is fit for use.
"""

from __future__ import annotations

import unicodedata

HASH_VERSION = 1
"""Changed whenever any word of any text would be hashed otherwise; models and signatures carry it."""

OFFSET = 0xCBF29CE484222325
PRIME = 0x100000001B3
_MASK = 2**64 - 1


def hash_word(word: str) -> tuple[int, int]:
    """The two hashes of one cleaned word: ``exact``, as written, and ``plain``, without accents; both in [0, 2**64).

    Words that differ in their accents alone share ``plain``; a word without accents has one hash twice; every word of
    digits alone shares the ``plain`` of ``0``.
    """
    return _hash(word), _hash("0" if word.isascii() and word.isdigit() else bare(word))


def bare(word: str) -> str:
    """A cleaned word without its accents: ``đường`` gives ``duong``. Marks that no Latin letter bears (``が``) stay."""
    kept = []
    for char in word:
        apart = unicodedata.normalize("NFD", char)
        base = "".join(c for c in apart if not "\u0300" <= c <= "\u036f")
        kept.append(char if base == apart else base)
    return "".join(kept).replace("đ", "d")


def _hash(word: str) -> int:
    state = OFFSET
    for byte in word.encode():
        state = ((state ^ byte) * PRIME) & _MASK
    state = (state + 0x9E3779B97F4A7C15) & _MASK
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
    return state ^ (state >> 31)
