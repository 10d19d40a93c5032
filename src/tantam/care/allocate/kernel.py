"""The compiled inner loops: one read of the values per pass.

The grid. A value of v whole units is ``v << 20`` on the fine grid, prices are whole steps of that grid, and a
tie-break of less than one sixteenth of a unit (16 bits hashed from key and offer) is added, so that
subscribers whose values tie never move as one block and the order of rows decides nothing. The offer's number
goes into six more low bits, so that "the best of a group" is one integer maximum. The largest value takes 31
+ 20 + 6 bits, the largest price 54 + 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numba
import numpy as np
from numpy.typing import NDArray

from tantam.keys import splitmix64

if TYPE_CHECKING:
    from tantam.care.allocate.rows import Offers, Rows

FINE_BITS = 20
TIE_BITS = 16
OFFER_BITS = 6
ONE = 1 << FINE_BITS
"""Fine steps in one unit of value."""
MOST_PRICE = 1 << 54
BLOCK = 1024
"""Rows ranked together: their registers stay in the first-level cache."""

_HALF = np.uint64(32)
_TIE_SHIFT = np.uint64(TIE_BITS)
_TIE_MASK = np.uint64((1 << TIE_BITS) - 1)
_BIT = np.uint64(1)


@numba.njit(cache=True, nogil=True)
def hashes(key: NDArray[np.int64]) -> NDArray[np.uint32]:
    """The upper half of splitmix64 of each key: what ties are broken by."""
    out = np.empty(key.size, np.uint32)
    for i in range(key.size):
        out[i] = np.uint32(splitmix64(np.uint64(key[i])) >> _HALF)
    return out


@numba.njit(cache=True, inline="always")
def net(value: Any, hashed: Any, twist: Any, price: Any) -> Any:
    """Value less price on the fine grid, tie broken: the reduced profit."""
    tie = np.int64(((np.uint64(hashed) * np.uint64(twist)) >> _TIE_SHIFT) & _TIE_MASK)
    return (np.int64(value) << FINE_BITS) - price + tie


@numba.njit(cache=True, nogil=True)
def rank(
    rows: Rows,
    offers: Offers,
    low: int,
    size: int,
    price: NDArray[np.int64],
    keep: int,
    best: NDArray[np.int64],
    current: NDArray[np.int64],
) -> None:
    """Fill best [most, BLOCK] with each row's best reduced profits, one a group, offer in the low bits.

    ``keep`` is -1, or 0 to take every eligible value as zero. Zero stands for "nothing worth its price".
    """
    best[:] = 0
    hashed = rows.hash[low : low + size]
    now = current[:size]
    for g in range(offers.group_start.size - 1):
        now[:] = 0
        for t in range(offers.group_start[g], offers.group_start[g + 1]):
            j = offers.order[t]
            value, at, twist = rows.value[j, low : low + size], price[j], offers.twist[j]
            for r in range(size):
                packed = (net(np.int64(value[r]) & keep, hashed[r], twist, at) << OFFER_BITS) | j
                now[r] = max(now[r], packed if value[r] > 0 else 0)
        for k in range(best.shape[0]):
            register = best[k, :size]
            for r in range(size):
                above, below = register[r], now[r]
                register[r] = max(above, below)
                now[r] = min(above, below)


@numba.njit(cache=True, nogil=True)
def tally(
    rows: Rows,
    offers: Offers,
    prices: NDArray[np.int64],
    keep: int,
    chosen: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """What the price table gives the rows of each run.

    Returns counts [cells, offers], whole units of value [cells] and fine steps of tie-break [cells]:
    integers, so their order of summing changes nothing. Writes the offers' bits to ``chosen`` unless that is
    empty.
    """
    counts = np.zeros(prices.shape, np.int64)
    worth = np.zeros(prices.shape[0], np.int64)
    ties = np.zeros(prices.shape[0], np.int64)
    best = np.empty((offers.most, BLOCK), np.int64)
    current = np.empty(BLOCK, np.int64)
    for run in range(rows.run_cell.size):
        c = rows.run_cell[run]
        price, count = prices[c], counts[c]
        for low in range(rows.run_start[run], rows.run_end[run], BLOCK):
            size = min(BLOCK, rows.run_end[run] - low)
            rank(rows, offers, low, size, price, keep, best, current)
            for r in range(size):
                mask = np.uint64(0)
                for k in range(offers.most):
                    packed = best[k, r]
                    if packed < (1 << OFFER_BITS):
                        break
                    j = packed & ((1 << OFFER_BITS) - 1)
                    gross = (packed >> OFFER_BITS) + price[j]
                    count[j] += 1
                    worth[c] += gross >> FINE_BITS
                    ties[c] += gross & (ONE - 1)
                    mask |= _BIT << np.uint64(j)
                if chosen.size:
                    chosen[low + r] = mask
    return counts, worth, ties


@numba.njit(cache=True, nogil=True)
def survey(rows: Rows, cells: int) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Eligible rows and the sum of their values, both [cells, offers]; the largest value."""
    count = np.zeros((cells, rows.value.shape[0]), np.int64)
    total = np.zeros((cells, rows.value.shape[0]), np.int64)
    largest = np.int32(0)
    for run in range(rows.run_cell.size):
        c = rows.run_cell[run]
        for j in range(rows.value.shape[0]):
            value = rows.value[j, rows.run_start[run] : rows.run_end[run]]
            eligible, worth = 0, np.int64(0)
            for i in range(value.size):
                own = max(value[i], np.int32(0))
                eligible += int(own > 0)
                worth += np.int64(own)
                largest = max(largest, own)
            count[c, j] += eligible
            total[c, j] += worth
    return count, total, int(largest)


@numba.njit(cache=True, nogil=True)
def recount(
    rows: Rows, offers: Offers, chosen: NDArray[np.uint64], cells: int
) -> tuple[NDArray[np.int64], int, int]:
    """Read decisions afresh: counts [cells, offers], their value, and how many break a row's own rules."""
    counts = np.zeros((cells, rows.value.shape[0]), np.int64)
    worth, broken = 0, 0
    for run in range(rows.run_cell.size):
        c = rows.run_cell[run]
        for i in range(rows.run_start[run], rows.run_end[run]):
            given = 0
            for j in range(rows.value.shape[0]):
                if chosen[i] >> np.uint64(j) & _BIT:
                    given += 1
                    counts[c, j] += 1
                    worth += int(rows.value[j, i])
                    alone = (chosen[i] & offers.conflict[j]) == (_BIT << np.uint64(j))
                    broken += int(not (alone and rows.value[j, i] > 0))
            broken += int(given > offers.most)
    return counts, worth, broken


@numba.njit(cache=True, nogil=True)
def margins(
    rows: Rows, twist: NDArray[np.uint32], prices: NDArray[np.int64], never: int
) -> NDArray[np.int64]:
    """The reduced profit of every pair [offers, rows]; ``never`` where the pair is not eligible."""
    out = np.full(rows.value.shape, never, np.int64)
    for run in range(rows.run_cell.size):
        for j in range(rows.value.shape[0]):
            price = prices[rows.run_cell[run], j]
            for i in range(rows.run_start[run], rows.run_end[run]):
                if rows.value[j, i] > 0:
                    out[j, i] = net(np.int64(rows.value[j, i]), rows.hash[i], twist[j], price)
    return out


@numba.njit(cache=True, nogil=True)
def edges(
    rows: Rows,
    twist: NDArray[np.uint32],
    prices: NDArray[np.int64],
    masks: NDArray[np.uint64],
    out: NDArray[np.int64],
) -> None:
    """Raise out [cells, offers] to the greatest reduced profit of the pairs in these masks [rows]."""
    for run in range(rows.run_cell.size):
        c = rows.run_cell[run]
        for i in range(rows.run_start[run], rows.run_end[run]):
            for j in range(rows.value.shape[0] if masks[i] else 0):
                if masks[i] >> np.uint64(j) & _BIT:
                    profit = net(np.int64(rows.value[j, i]), rows.hash[i], twist[j], prices[c, j])
                    out[c, j] = max(out[c, j], profit)
