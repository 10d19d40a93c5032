"""Which texts of a column may hold anything, and where the names of one text stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tantam.listen.mask import alphabet, kernels, vocabulary
from tantam.listen.mask.kernels import HOLDS_NAME, MAY_HOLD_NUMBER
from tantam.listen.mask.tokens import ROOM, STATE

__all__ = ["HOLDS_NAME", "MAY_HOLD_NUMBER", "flag", "names"]


def flag(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.uint8]:
    """For each text, bytes ``offsets[i]`` to ``offsets[i + 1]`` of ``data``, what it may hold: bits of
    MAY_HOLD_NUMBER and HOLDS_NAME. 0 means that masking would leave it as it is. Invalid bytes part words."""
    return np.asarray(kernels.flag(data, offsets, alphabet.CLASSES, *vocabulary.tables()))


def names(data: bytes) -> list[tuple[int, int]]:
    """Where in a text's UTF-8 bytes the names stand."""
    text = np.frombuffer(data, np.uint8)
    known = (alphabet.CLASSES, *vocabulary.tables())
    state = np.zeros(STATE, np.int64)
    words, spans = np.empty((ROOM, 6), np.int64), np.empty((ROOM, 2), np.int64)
    made: list[tuple[int, int]] = []
    at, word = 0, 0
    while at < text.size:
        at, word, count = kernels.step(text, at, word, *known, state, words, spans)
        made += [(int(a), int(b)) for a, b in spans[:count]]
    return made
