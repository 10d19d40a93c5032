"""Which texts of a column may hold anything, and where the names of one text stand."""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray

from tantam.listen.mask import alphabet, kernels, vocabulary
from tantam.listen.mask.desk import Desk, desk, new_memo
from tantam.listen.mask.kernels import HOLDS_NAME, MAY_HOLD_NUMBER

__all__ = ["HOLDS_NAME", "MAY_HOLD_NUMBER", "flag", "names"]

_OF_THREAD = threading.local()


def flag(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.uint8]:
    """For each text, bytes ``offsets[i]`` to ``offsets[i + 1]`` of ``data``, what it may hold: bits of
    MAY_HOLD_NUMBER and HOLDS_NAME. 0 means that masking would leave it as it is. Invalid bytes part words."""
    made = np.zeros(offsets.size - 1, np.uint8)
    kernels.flag(data, offsets, made, alphabet.CLASSES, *vocabulary.tables(), *_own())
    return made


def names(data: bytes) -> list[tuple[int, int]]:
    """Where in a text's UTF-8 bytes the names stand."""
    text = np.frombuffer(data, np.uint8)
    known, at_desk = (alphabet.CLASSES, *vocabulary.tables()), _own()
    at_desk.state[:] = 0
    made: list[tuple[int, int]] = []
    at, word = 0, 0
    while at < text.size:
        at, word, count = kernels.step(text, at, word, *known, *at_desk)
        made += [(int(a), int(b)) for a, b in at_desk.spans[:count]]
    return made


def _own() -> Desk:
    """The desk of this thread, kept for the words in its memo."""
    if not hasattr(_OF_THREAD, "desk"):
        _OF_THREAD.desk = desk(new_memo())
    own: Desk = _OF_THREAD.desk
    return own
