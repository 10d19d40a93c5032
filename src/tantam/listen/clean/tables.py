"""What the kernel knows: the kinds of characters, and the tables that ``make`` has made."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

OTHER, SPACE, LATIN, DIGIT, LETTER, EMOJI, MARK, DROP = range(8)
"""Kinds of characters. OTHER stays in the text and is in no word; LETTER is one of a script that is not Latin; DROP is
what nobody sees."""

KIND, ROUGH, SECOND = 15, 16, 32
"""Bits of ``Tables.info``: the kind; a text that holds it must be rewritten before it is cut into words; it may compose
with what stands before it. Above them: the combining class << 8, the script << 16."""

HAN = 1
"""The script whose letters are words each."""

SYLLABLE, PLAIN, ENGLISH, TEEN = 1, 2, 4, 8
"""Values of ``Tables.words``: a syllable; one without its accents; English, never to be read as keys; and the number of
a teen-code (from 1) times TEEN."""

PAGE_BITS = 7
PAGE = 1 << PAGE_BITS
FOLDS = DECOMPOSES = 1 << 30
"""Marks a value of ``fold`` or ``apart`` that is a run of ``sequences``: its start << 4, its length."""

GROWTH = 8
"""No text grows more than so many times in bytes: ``mn`` becomes ``mọi người``."""


(INFO, FOLD, APART, SEQUENCES, PAIRS, LETTERS, OF_LETTER, MEANINGS, MEANING_ENDS, PAGES) = range(10)
"""Places in ``Tables.ints`` that hold where each part of it begins.

PAGES: for each page of code points where its row lies in the next three. INFO: the bits above. FOLD: what to add to a
code point for its composed small letter, or a run of SEQUENCES. APART: its canonical decomposition as such a run, or 0.
PAIRS: slots of three, two code points and what they compose to. LETTERS and OF_LETTER: see ``vietnamese.letters``.
MEANINGS: what teen-codes mean, one after the other; MEANING_ENDS: where each ends.
"""

PAIR_SLOTS = 1 << 11


class Tables(NamedTuple):
    """All that the kernel knows: few arrays, because each is many arguments to compiled code."""

    ints: NDArray[np.int32]
    words: NDArray[np.uint64]
    """Slots of two: the hash of a word, and what it is."""


@cache
def load() -> Tables:
    """The tables of this package; a few milliseconds, once."""
    with np.load(Path(__file__).parent / "data" / "tables.npz") as held:
        return Tables(held["ints"], held["words"])
