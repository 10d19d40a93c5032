"""The compiled entries of masking, kept on disk by numba.

Numba keeps a kernel for as long as its own file stays as it is, and does not look at the files of what it calls. So
the entries carry a stamp of all files that they are made of, which is part of the key they are kept under; what they
call is compiled with them and never kept alone.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from numba import int64, types, uint8, uint16, uint64

from tantam.listen.mask.counts import CANDIDATES, COUNT, NUMBER
from tantam.listen.mask.names import AHEAD, find
from tantam.listen.mask.raw import compiled
from tantam.listen.mask.tokens import KEY, fill, join

MAY_HOLD_NUMBER, HOLDS_NAME = 1, 2

_BEHIND = 4
"""Words that stay in the room when it is full, because those after them look back at them."""

_BYTES = types.Array(uint8, 1, "C", readonly=True)
_ONE, _TWO = int64[::1], int64[:, ::1]

Array = Any


@compiled
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
            for column in range(words.shape[1]):
                words[i - gone, column] = words[i, column]
        state[COUNT] = n - gone
        word -= gone
    return word, count


def _entries(stamp: int) -> tuple[Any, Any, Any]:
    known, desk = (uint16[::1], _ONE, _ONE), (uint64[::1], _ONE, _TWO, _TWO)

    @compiled(types.void(_BYTES, _ONE, uint8[::1], *known, *desk), cache=True, nogil=True)
    def flag(
        data: Array,
        offsets: Array,
        made: Array,
        classes: Array,
        vocabulary: Array,
        phrases: Array,
        memo: Array,
        state: Array,
        words: Array,
        spans: Array,
    ) -> None:
        _ = stamp
        for text in range(made.size):
            state[:] = 0
            at, end, word, named = offsets[text], offsets[text + 1], int64(0), int64(0)
            while at < end and not state[NUMBER]:
                at = fill(data, at, end, classes, vocabulary, memo, state, words)
                if state[CANDIDATES] or at < end:
                    word, count = _find(word, at < end, phrases, state, words, spans)
                    named += count
            made[text] = (MAY_HOLD_NUMBER if state[NUMBER] else 0) | (HOLDS_NAME if named else 0)

    @compiled(types.UniTuple(int64, 3)(_BYTES, int64, int64, *known, *desk), cache=True)
    def step(
        data: Array,
        at: int,
        word: int,
        classes: Array,
        vocabulary: Array,
        phrases: Array,
        memo: Array,
        state: Array,
        words: Array,
        spans: Array,
    ) -> tuple[int, int, int]:
        _ = stamp
        at = fill(data, at, data.size, classes, vocabulary, memo, state, words)
        word, count = _find(word, at < data.size, phrases, state, words, spans)
        return at, word, count

    @compiled(int64(_BYTES, *known[:2], *desk), cache=True)
    def key(
        data: Array,
        classes: Array,
        vocabulary: Array,
        memo: Array,
        state: Array,
        words: Array,
        spans: Array,
    ) -> int:
        _ = stamp
        fill(data, 0, data.size, classes, vocabulary, memo, state, words)
        made = words[0, KEY]
        for i in range(1, state[COUNT]):
            made = join(made, words[i, KEY])
        return made

    return flag, step, key


def _stamp() -> int:
    sources = ("alphabet", "counts", "flags", "kernels", "memo", "names", "raw", "tokens")
    texts = [Path(__file__).with_name(f"{name}.py").read_bytes() for name in sources]
    return int.from_bytes(hashlib.sha256(b"".join(texts)).digest()[:7], "big")


flag, step, key = _entries(_stamp())
"""What each text may hold, as bits; one room of a text read on, and its names; the key of a word or a phrase."""
