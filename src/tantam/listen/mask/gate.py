"""The kernels over whole columns: which texts may hold anything, and where the names of one text stand."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import int64, types, uint8, uint16
from numpy.typing import NDArray

from tantam.listen.mask import alphabet, vocabulary
from tantam.listen.mask.names import AHEAD, find
from tantam.listen.mask.tokens import BYTES, CANDIDATES, COUNT, NUMBER, ROOM, STATE, fill

MAY_HOLD_NUMBER, HOLDS_NAME = 1, 2

_BEHIND = 4
"""Words that stay in the room when it is full, because those after them look back at them."""

Array = Any


@numba.njit(
    types.UniTuple(int64, 2)(int64, int64, int64[::1], int64[::1], int64[:, ::1], int64[:, ::1]), cache=True
)
def _find(word: int, more: int, phrases: Array, state: Array, words: Array, spans: Array) -> tuple[int, int]:
    """The names among the words read, from ``word`` on: the next word, how many names. If more text is to come, the
    last words stay in the room."""
    n, count = state[COUNT], int64(0)
    if state[CANDIDATES]:
        word, count = find(words, n, word, n - AHEAD if more else n, phrases, spans, 0)
    elif more:
        word = n - AHEAD
    if more:
        gone = max(0, word - _BEHIND)
        for i in range(gone, n):
            words[i - gone] = words[i]
        state[COUNT] = n - gone
        word -= gone
    return word, count


@numba.njit(uint8[::1](BYTES, int64[::1], uint16[::1], int64[::1], int64[::1]), cache=True, nogil=True)
def _flag(data: Array, offsets: Array, classes: Array, vocabulary: Array, phrases: Array) -> Array:
    """What each text may hold, as bits."""
    made = np.zeros(offsets.size - 1, np.uint8)
    state = np.zeros(STATE, np.int64)
    words, spans = np.empty((ROOM, 6), np.int64), np.empty((ROOM, 2), np.int64)
    for text in range(made.size):
        state[:] = 0
        at, end, word, named = offsets[text], offsets[text + 1], int64(0), int64(0)
        while at < end and not state[NUMBER]:
            at = fill(data, at, end, classes, vocabulary, state, words)
            if state[CANDIDATES] or at < end:
                word, count = _find(word, at < end, phrases, state, words, spans)
                named += count
        made[text] = (MAY_HOLD_NUMBER if state[NUMBER] else 0) | (HOLDS_NAME if named else 0)
    return made


def flag(data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> NDArray[np.uint8]:
    """For each text, bytes ``offsets[i]`` to ``offsets[i + 1]`` of ``data``, what it may hold: bits of
    MAY_HOLD_NUMBER and HOLDS_NAME. 0 means that masking would leave it as it is. Invalid bytes part words."""
    return np.asarray(_flag(data, offsets, alphabet.CLASSES, *vocabulary.tables()))


def names(data: bytes) -> list[tuple[int, int]]:
    """Where in a text's UTF-8 bytes the names stand."""
    text = np.frombuffer(data, np.uint8)
    known, phrases = vocabulary.tables()
    state = np.zeros(STATE, np.int64)
    words, spans = np.empty((ROOM, 6), np.int64), np.empty((ROOM, 2), np.int64)
    made: list[tuple[int, int]] = []
    at, word = 0, 0
    while at < text.size:
        at = fill(text, at, text.size, alphabet.CLASSES, known, state, words)
        word, count = _find(word, at < text.size, phrases, state, words, spans)
        made += [(int(a), int(b)) for a, b in spans[:count]]
    return made
