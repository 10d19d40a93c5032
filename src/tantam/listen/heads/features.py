"""The features of a text: its words and pairs of neighbours, with accents and without, hashed into rows.

The hashing trick (Weinberger et al. 2009) on hashes that are already made: every word gives two features, every pair
of neighbours two more. Each kind has its own multipliers, so that ``mang`` as written and ``mạng`` without its
accents are two features and not one.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from tantam.listen.clean import Tokens

MOST_BITS = 20
"""A table of more rows leaves every cache, and brought nothing."""

# Odd multipliers of splitmix64, xxHash64 and PCG: the words' hashes are well mixed, so their top bits stay so.
_PLAIN = np.uint64(0x9E3779B97F4A7C15)
_EXACT_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_EXACT_NEXT = np.uint64(0x94D049BB133111EB)
_PLAIN_FIRST = np.uint64(0xC2B2AE3D27D4EB4F)
_PLAIN_NEXT = np.uint64(0x5851F42D4C957F2D)


def given(kind: Any, dimensions: int = 1) -> Any:
    """The type of an array that a kernel is given, and may be read-only."""
    return numba.types.Array(kind, dimensions, "C", readonly=True)


@numba.njit(inline="always")
def word_rows(exact: Any, plain: Any, shift: Any) -> Any:
    """The rows of one word."""
    return exact >> shift, (plain * _PLAIN) >> shift


@numba.njit(inline="always")
def pair_rows(exact: Any, next_exact: Any, plain: Any, next_plain: Any, shift: Any) -> Any:
    """The rows of a word and the next one."""
    return (
        (exact * _EXACT_FIRST + next_exact * _EXACT_NEXT) >> shift,
        (plain * _PLAIN_FIRST + next_plain * _PLAIN_NEXT) >> shift,
    )


@numba.njit(
    numba.types.Tuple((numba.int64[::1], numba.int32[::1]))(
        given(numba.int64), given(numba.uint64), given(numba.uint64), numba.int64
    ),
    cache=True,
    nogil=True,
)
def _rows(
    offsets: NDArray[np.int64], exact: NDArray[np.uint64], plain: NDArray[np.uint64], bits: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    shift = np.uint64(64 - bits)
    starts = np.empty(offsets.size, np.int64)
    rows = np.empty(4 * exact.size, np.int32)
    at = 0
    for text in range(offsets.size - 1):
        starts[text] = at
        last = offsets[text + 1] - 1
        for i in range(offsets[text], offsets[text + 1]):
            a, b = word_rows(exact[i], plain[i], shift)
            rows[at], rows[at + 1] = np.int32(a), np.int32(b)
            at += 2
            if i < last:
                a, b = pair_rows(exact[i], exact[i + 1], plain[i], plain[i + 1], shift)
                rows[at], rows[at + 1] = np.int32(a), np.int32(b)
                at += 2
    starts[offsets.size - 1] = at
    return starts, rows[:at].copy()


def rows_of(tokens: Tokens, bits: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The rows of the features of every text in a table of ``2**bits`` rows, as often as each occurs.

    Those of text i are ``rows[starts[i]:starts[i + 1]]``: int64 [n + 1] and int32 [t]; a text of w words has 4 w - 2.
    """
    offsets = np.ascontiguousarray(tokens.offsets, np.int64)
    exact = np.ascontiguousarray(tokens.exact, np.uint64)
    plain = np.ascontiguousarray(tokens.plain, np.uint64)
    return _rows(offsets, exact, plain, bits)
