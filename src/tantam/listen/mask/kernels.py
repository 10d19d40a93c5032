"""The compiled entries of masking, kept on disk by numba.

Numba keeps a kernel for as long as its own file stays as it is, and does not look at the files of what it calls. So
the entries carry a stamp of all files that they are made of, which is part of the key they are kept under; what they
call is compiled with them and never kept alone.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import int64, types, uint8, uint16

from tantam.listen.mask.names import AHEAD, find
from tantam.listen.mask.tokens import CANDIDATES, COUNT, KEY, NUMBER, ROOM, STATE, fill, join

MAY_HOLD_NUMBER, HOLDS_NAME = 1, 2

_BEHIND = 4
"""Words that stay in the room when it is full, because those after them look back at them."""

_BYTES = types.Array(uint8, 1, "C", readonly=True)
_ONE, _TWO = int64[::1], int64[:, ::1]

Array = Any


@numba.njit
def _find(word: int, more: bool, phrases: Array, state: Array, words: Array, spans: Array) -> tuple[int, int]:
    """The names among the words read, from ``word`` on: the next word, how many names. If more text is to come, the
    last words stay in the room."""
    n, count = state[COUNT], int64(0)
    if state[CANDIDATES]:
        word, count = find(words, n, word, n - AHEAD if more else n, phrases, spans, int64(0))
    elif more:
        word = n - AHEAD
    if more:
        gone = max(0, word - _BEHIND)
        for i in range(gone, n):
            words[i - gone] = words[i]
        state[COUNT] = n - gone
        word -= gone
    return word, count


def _entries(stamp: int) -> tuple[Any, Any, Any]:
    @numba.njit(uint8[::1](_BYTES, _ONE, uint16[::1], _ONE, _ONE), cache=True, nogil=True)
    def flag(data: Array, offsets: Array, classes: Array, vocabulary: Array, phrases: Array) -> Array:
        _ = stamp
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

    @numba.njit(
        types.UniTuple(int64, 3)(_BYTES, int64, int64, uint16[::1], _ONE, _ONE, _ONE, _TWO, _TWO), cache=True
    )
    def step(
        data: Array,
        at: int,
        word: int,
        classes: Array,
        vocabulary: Array,
        phrases: Array,
        state: Array,
        words: Array,
        spans: Array,
    ) -> tuple[int, int, int]:
        _ = stamp
        at = fill(data, at, data.size, classes, vocabulary, state, words)
        word, count = _find(word, at < data.size, phrases, state, words, spans)
        return at, word, count

    @numba.njit(int64(_BYTES, uint16[::1]), cache=True)
    def key(data: Array, classes: Array) -> int:
        _ = stamp
        state, words = np.zeros(STATE, np.int64), np.empty((ROOM, 6), np.int64)
        fill(data, 0, data.size, classes, np.zeros(2, np.int64), state, words)
        made = words[0, KEY]
        for i in range(1, state[COUNT]):
            made = join(made, words[i, KEY])
        return made

    return flag, step, key


def _stamp() -> int:
    sources = ("alphabet", "flags", "kernels", "names", "tokens")
    texts = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in sources]
    return int.from_bytes(hashlib.sha256(b"".join(texts)).digest()[:7], "big")


flag, step, key = _entries(_stamp())
"""What each text may hold, as bits; one room of a text read on, and its names; the key of a word or a phrase."""
