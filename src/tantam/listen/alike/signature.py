"""What a text is known by: one hash of its words in order, and a signature that shows how much two texts share.

The signature is MinHash (Broder 1997) over the accent-free words and pairs of neighbouring words of a text, kept to a
few bits a value (Li and König, "b-bit minwise hashing", 2010): at the same size, more values of fewer bits tell
resemblance better than few values of many. Band keys (Indyk and Motwani 1998) are made here from the whole values,
because keys of the few bits kept would meet by chance among millions of texts.

A signature is 64 bytes, one line of cache: 32 bytes to check two texts against each other (64 values of 4 bits), ten
band keys of 24 bits, and two bytes of nought.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

from tantam.keys import splitmix64
from tantam.listen.clean import Tokens

SIGNATURE_BYTES = 64
CHECK_WORDS = 4
"""The first words (uint64) of a signature, which :func:`resemblance` compares."""

VALUES = 64
VALUE_BITS = 4
BANDS = 10
FEWEST_WORDS = 5
"""A shorter text has its exact copies alone: one word more or less turns its sense ("tốt", "không tốt")."""

KEYS_AT = 8 * CHECK_WORDS
KEY_BYTES = 3


def _constants() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Odd factors and summands of the values' hash functions, the same for ever."""
    drawn = np.array([splitmix64(np.uint64(i)) >> np.uint64(32) for i in range(2 * VALUES)], np.uint32)
    return drawn[:VALUES] | np.uint32(1), drawn[VALUES:]


_FACTOR, _SUMMAND = _constants()


def readonly(dtype: Any, dimensions: int) -> Any:
    """The numba type of an array that a kernel only reads, so that memory-mapped columns need no copy."""
    return types.Array(dtype, dimensions, "C", readonly=True)


@numba.njit(types.void(types.uint32[::1], types.uint32), cache=True, nogil=True, inline="always")
def _lower(least: Any, feature: Any) -> None:
    """Bring one feature of the text into every value."""
    for k in range(VALUES):
        value = np.uint32(_FACTOR[k] * feature + _SUMMAND[k])
        least[k] = min(least[k], value)


@numba.njit(types.void(types.uint32[::1], types.uint8[::1]), cache=True, nogil=True)
def _write(least: Any, row: Any) -> None:
    """The signature of a text from its least values: band b is made of values 2b, 2b + 1 and 20 + b."""
    for k in range(0, VALUES, 2):
        low = np.uint32(least[k] * np.uint32(0x9E3779B1)) >> np.uint32(28)
        high = np.uint32(least[k + 1] * np.uint32(0x9E3779B1)) >> np.uint32(28)
        row[k >> 1] = np.uint8(low | (high << np.uint32(4)))
    for b in range(BANDS):
        pair = (np.uint64(least[2 * b]) << np.uint64(32)) | np.uint64(least[2 * b + 1])
        key = splitmix64(splitmix64(pair) ^ np.uint64(least[2 * BANDS + b]))
        for j in range(KEY_BYTES):
            row[KEYS_AT + KEY_BYTES * b + j] = np.uint8(key >> np.uint64(8 * j))


@numba.njit(
    types.void(readonly(types.int64, 1), readonly(types.uint64, 1), types.int64[::1], types.uint8[:, ::1]),
    cache=True,
    nogil=True,
)
def _fingerprint(offsets: Any, words: Any, hashes: Any, signatures: Any) -> None:
    least = np.empty(VALUES, np.uint32)
    for i in range(hashes.size):
        first, end = offsets[i], offsets[i + 1]
        if first == end:
            continue
        state = np.uint64(end - first)
        for t in range(first, end):
            state = np.uint64((state ^ words[t]) * np.uint64(0x9FB21C651E98DF25))
            state ^= state >> np.uint64(32)
        state = splitmix64(state)
        hashes[i] = np.int64(max(state, np.uint64(1)))
        least[:] = np.uint32(0xFFFFFFFF)
        if end - first < FEWEST_WORDS:
            _lower(least, np.uint32(state))
        else:
            _lower(least, np.uint32(words[first]))
            for t in range(first + 1, end):
                _lower(least, np.uint32(words[t]))
                pair = np.uint64((words[t - 1] * np.uint64(0x9E3779B97F4A7C15)) ^ words[t])
                _lower(least, np.uint32((pair * np.uint64(0xBF58476D1CE4E5B9)) >> np.uint64(32)))
        _write(least, signatures[i])


def fingerprint(tokens: Tokens) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """The exact hash int64 [n] and the signature uint8 [n, SIGNATURE_BYTES] of each text.

    Both see the accent-free words alone. Texts of equal words in equal order share their hash; a text without words
    has the hash 0 and an empty signature. They hang on the hash of words: ``clean.HASH_VERSION`` belongs beside them.
    Cost: about 0.2 µs a text of 20 words.
    """
    count = tokens.offsets.size - 1
    hashes = np.zeros(count, np.int64)
    signatures = np.zeros((count, SIGNATURE_BYTES), np.uint8)
    _fingerprint(tokens.offsets, tokens.plain, hashes, signatures)
    return hashes, signatures
