"""Many keys at once: HMAC-SHA-256 of phone numbers by a kernel of our own, the same keys as ``keys.of_phone``.

A number is twelve characters, so that inner and outer hash are one block each; the pads' own blocks are hashed once.
Thirty-two numbers go side by side, which the compiler turns into vector instructions.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
_BLOCK = 64
_LANES = 32


def _fractions(root: str, count: int) -> Words:
    """The first 32 bits of the fractions of roots of the first primes: SHA-256's constants (FIPS 180-4)."""
    primes = [n for n in range(2, 312) if all(n % p for p in range(2, n))][:count]
    with localcontext() as context:
        context.prec = 40
        power = Decimal(1) / {"square": 2, "cube": 3}[root]
        return np.array([int(Decimal(p) ** power % 1 * 2**32) for p in primes], np.uint32)


_ROUNDS, _START = _fractions("cube", 64), _fractions("square", 8)


class Hasher:
    """The keys of one secret, at most 64 bytes."""

    def __init__(self, secret: bytes) -> None:
        block = secret.ljust(_BLOCK, b"\0")
        self._inner = _after(bytes(b ^ 0x36 for b in block))
        self._outer = _after(bytes(b ^ 0x5C for b in block))

    def keys(self, number: NDArray[np.int64]) -> NDArray[np.int64]:
        """The key of each number, given by its nine digits behind +84: int64 [n]."""
        return np.asarray(_keys(np.require(number, np.int64, "C"), self._inner, self._outer), np.int64)


def _after(block: bytes) -> Words:
    """The state of SHA-256 after one block: uint32 [8]."""
    words = np.repeat(np.frombuffer(block, ">u4").astype(np.uint32)[:, None], _LANES, 1)
    state = np.repeat(_START[:, None], _LANES, 1)
    _compress(state, words)
    return np.ascontiguousarray(state[:, 0])


@numba.njit(inline="always")
def _turned(x: Any, n: Any) -> Any:
    return (x >> np.uint32(n)) | (x << np.uint32(32 - n))


@numba.njit(cache=True, nogil=True)
def _compress(state: Words, words: Words) -> None:
    """One block of each lane: ``state`` uint32 [8, lanes], in place, ``words`` uint32 [16, lanes]."""
    v, w = state.copy(), np.empty((64, _LANES), np.uint32)
    for i in range(16):
        for at in range(_LANES):
            w[i, at] = words[i, at]
    for i in range(16, 64):
        for at in range(_LANES):
            a, b = w[i - 15, at], w[i - 2, at]
            first = _turned(a, 7) ^ _turned(a, 18) ^ (a >> np.uint32(3))
            second = _turned(b, 17) ^ _turned(b, 19) ^ (b >> np.uint32(10))
            w[i, at] = w[i - 16, at] + first + w[i - 7, at] + second
    for i in range(64):
        # The eight variables stay where they are; their names move round.
        ia, ib, ic, id_ = (0 - i) & 7, (1 - i) & 7, (2 - i) & 7, (3 - i) & 7
        ie, if_, ig, ih = (4 - i) & 7, (5 - i) & 7, (6 - i) & 7, (7 - i) & 7
        constant = _ROUNDS[i]
        for at in range(_LANES):
            a, b, c, e = v[ia, at], v[ib, at], v[ic, at], v[ie, at]
            one = v[ih, at] + (_turned(e, 6) ^ _turned(e, 11) ^ _turned(e, 25)) + constant + w[i, at]
            one += (e & v[if_, at]) ^ (~e & v[ig, at])
            v[id_, at] = v[id_, at] + one
            v[ih, at] = (
                one + (_turned(a, 2) ^ _turned(a, 13) ^ _turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
            )
    for i in range(8):
        for at in range(_LANES):
            state[i, at] = state[i, at] + v[i, at]


@numba.njit(cache=True, nogil=True)
def _keys(number: NDArray[np.int64], inner: Words, outer: Words) -> NDArray[np.int64]:
    out = np.empty(number.size, np.int64)
    words, state = np.zeros((16, _LANES), np.uint32), np.empty((8, _LANES), np.uint32)
    for begin in range(0, number.size, _LANES):
        here = min(_LANES, number.size - begin)
        for at in range(_LANES):
            for i in range(16):
                words[i, at] = np.uint32(0)
            for i in range(8):
                state[i, at] = inner[i]
            # "+84" and nine digits, a bit behind them, and the length of pad and text in bits.
            words[0, at], words[3, at] = np.uint32(0x2B383400), np.uint32(0x80000000)
            words[15, at] = np.uint32(8 * (64 + 12))
            rest = number[begin + at] if at < here else 0
            for place in range(11, 2, -1):
                words[place >> 2, at] |= np.uint32(48 + rest % 10) << np.uint32(24 - 8 * (place & 3))
                rest //= 10
        _compress(state, words)
        for at in range(_LANES):
            for i in range(8):
                words[i, at], state[i, at] = state[i, at], outer[i]
            words[3 + 5, at], words[15, at] = np.uint32(0x80000000), np.uint32(8 * (64 + 32))
        _compress(state, words)
        for at in range(here):
            both = np.uint64(state[0, at]) << np.uint64(32) | np.uint64(state[1, at])
            out[begin + at] = np.int64(both >> np.uint64(1))
    return out
