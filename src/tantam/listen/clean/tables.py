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
"""Values of ``Tables.words``: a syllable; one without its accents; English, never to be read as keys; and the number of a
teen-code (from 1) times TEEN."""

PAGE = 128
FOLDS = DECOMPOSES = 1 << 30
"""Marks a value of ``fold`` or ``apart`` that is a run of ``sequences``: its start << 4, its length."""

GROWTH = 8
"""No text grows more than so many times in bytes: ``mn`` becomes ``mọi người``."""


class Tables(NamedTuple):
    """All tables, as the kernel takes them."""

    page: NDArray[np.uint16]
    """[0x110000 / PAGE] the row of the next three for each page of code points."""
    info: NDArray[np.int32]
    fold: NDArray[np.int32]
    """What to add to a code point for the composed small letter, or a sequence."""
    apart: NDArray[np.int32]
    """The canonical decomposition as a sequence, or 0."""
    sequences: NDArray[np.int32]
    pairs: NDArray[np.uint64]
    """[slots, 2] first << 21 | second, and what they compose to."""
    letters: NDArray[np.int32]
    of_letter: NDArray[np.int32]
    words: NDArray[np.uint64]
    """[slots, 2] the hash of a word, and what it is."""
    meanings: NDArray[np.int32]
    meaning_ends: NDArray[np.int32]


@cache
def load() -> Tables:
    """The tables of this package; a few milliseconds, once."""
    with np.load(Path(__file__).parent / "data" / "tables.npz") as held:
        return Tables(*(held[name] for name in Tables._fields))
