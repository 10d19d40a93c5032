"""Words that were read before, found again by their raw bytes. Compiled.

What became of a raw word (:mod:`raw`) is a pure function of its bytes, and the memo compares all of them, so answers
never depend on what lies in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tantam.listen.mask.raw import small

_SETS, _WORD = 13, 4
SIZE = 2 * _WORD << _SETS
"""Length of the memo: 2 to the power of _SETS places for two words each, _WORD numbers a word: its raw bytes (2), its
key, and all else that is known of it."""

_U = np.uint64
_MIX, _STIR = _U(0x9E3779B97F4A7C15), _U(0xC2B2AE3D27D4EB4F)
_TOP = _U(64 - _SETS)
_FLAGS, _LENGTH = (1 << 32) - 1, 31

Array = Any


@small
def _place(low: Any, high: Any) -> int:
    return int(np.int64((low * _MIX ^ high * _STIR) >> _TOP)) * 2 * _WORD


@small
def seen(memo: Array, low: Any, high: Any) -> int:
    """Where a raw word lies in the memo, -1 if it does not."""
    at = _place(low, high)
    second = (memo[at + _WORD] == low) & (memo[at + _WORD + 1] == high)
    return at if (memo[at] == low) & (memo[at + 1] == high) else at + _WORD if second else -1


@small
def recall(memo: Array, at: int) -> tuple[int, int, int, int, int, int, int]:
    """The key, the flags, the shape, how it may begin a name, and as lengths: its letters, those that are all the
    letter o, its bytes up to the last that is seen."""
    key, told = int(np.int64(memo[at + 2])), int(np.int64(memo[at + 3]))
    shape, begins = told >> 32 & 3, told >> 34 & 3
    return key, told & _FLAGS, shape, begins, told >> 40 & _LENGTH, told >> 48 & _LENGTH, told >> 56


@small
def remember(
    memo: Array,
    low: Any,
    high: Any,
    key: int,
    flags: int,
    shape: int,
    begins: int,
    letters: int,
    oes: int,
    seen_bytes: int,
) -> None:
    """Keep what :func:`recall` shall tell of a raw word; of its place, what was kept first gives way."""
    at = _place(low, high)
    for i in range(at, at + _WORD):
        memo[i + _WORD] = memo[i]
    memo[at], memo[at + 1], memo[at + 2] = low, high, _U(key)
    memo[at + 3] = _U(seen_bytes << 56 | oes << 48 | letters << 40 | begins << 34 | shape << 32 | flags)
