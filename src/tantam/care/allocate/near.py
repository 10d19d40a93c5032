"""Who stands near the threshold: the rows that repair may need, of too many to hold.

A pair's regret is what a row loses, at the prices, when the pair is given or taken against the table. One pass
counts the pairs of every cell and offer by their regret, coarsely; from that and from how far each limit is off comes
a regret up to which there are several times more moves than needed; a second pass gathers the rows that have such a
pair. Both are sums and sorted rows, so the blocks' size and order change nothing.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate import kernel
from tantam.care.allocate.blocks import Block, in_order
from tantam.care.allocate.kernel import BLOCK, OFFER_BITS, net
from tantam.care.allocate.problem import Problem
from tantam.care.allocate.rows import Held, Offers, Rows, rows_of

GIVE, TAKE = 0, 1
MOST = 2_000_000
"""Moves that the rows gathered should hold at most; fewer times what is needed are taken where it would be more."""
ASIDE = 1_000
"""Beside what a limit is off, one part in so many of its use is looked at, for what other limits' moves upset."""
FEW = 64
"""... and at least so many typical moves."""
LOW, HIGH = 12, 58
"""Regrets are told apart from 2 ** LOW to 2 ** HIGH fine steps, two to a doubling."""
EDGES = np.array([1 << LOW] + [x << e for e in range(LOW - 1, HIGH - 1) for x in (3, 4)], np.int64)
"""A bin holds the regrets below its edge and not below the one before."""

_NONE = np.int64(-(1 << 62))
_FIRST = ((1023 + LOW) << 1) - 1
"""The exponent and the first bit of a float64 say the bin: this is where the first after the lowest begins."""


class Spread(NamedTuple):
    """What a price table gives all rows, and how near the threshold the rest stands."""

    counts: NDArray[np.int64]
    """[cells, offers] given."""
    worth: NDArray[np.int64]
    """[1] whole units of value."""
    regrets: NDArray[np.int64]
    """[cells, offers, 2, bins] pairs that might be given, or taken, by their regret."""


def spread(problem: Problem, prices: NDArray[np.int64]) -> Spread:
    """One pass over all rows at these prices."""
    shape = (*prices.shape, 2, EDGES.size)
    found = Spread(np.zeros_like(prices), np.zeros(1, np.int64), np.zeros(shape, np.int64))
    for part in problem.everyone.map(partial(_spread, problem.offers, prices)):
        for summed, some in zip(found, part, strict=True):
            summed[...] += some
    return found


def thresholds(
    problem: Problem, found: Spread, multipliers: NDArray[np.float64], deep: float
) -> NDArray[np.int64]:
    """The regret up to which pairs are looked at, [cells, offers, 2]; -1 for none.

    For every limit that has a price or is off: so many pairs that their moves add up to ``deep`` times what it is off.
    """
    below = found.regrets.cumsum(axis=-1).reshape(-1, 2, EDGES.size)
    usage = problem.usage(found.counts)
    off = problem.bound - usage
    out = np.full(below.shape[:2], -1, np.int64)
    for limit in np.flatnonzero((multipliers > 0) | (off < 0)):
        table = problem.table[limit]
        aside = (
            abs(int(usage[limit])) / ASIDE + FEW * float(np.abs(table[table != 0]).mean())
            if table.any()
            else 0
        )
        short, left = deep * max(0, -int(off[limit])), deep * max(0, int(off[limit]))
        for way, helps, need in ((TAKE, table, short), (GIVE, table, left), (GIVE, -table, short)):
            at = np.flatnonzero(helps > 0)
            reach = _reach(below[at, way], helps[at].astype(np.float64), need + aside)
            out[at, way] = np.maximum(out[at, way], reach)
    return out.reshape(*found.counts.shape, 2)


def _reach(below: NDArray[np.int64], weight: NDArray[np.float64], need: float) -> NDArray[np.int64]:
    """The least regrets [columns], in proportion to the weights, below which pairs of enough weight stand.

    ``below`` [columns, bins] counts the pairs below each edge.
    """
    if not weight.size:
        return np.zeros(0, np.int64)
    low, high = -2 * HIGH, 2 * HIGH
    while low < high:
        middle = (low + high) // 2
        place = np.searchsorted(EDGES, weight * 2.0 ** (middle / 2), side="right") - 1
        enough = weight @ np.where(place >= 0, below[np.arange(place.size), place], 0) >= need
        low, high = (low, middle) if enough else (middle + 1, high)
    return np.minimum(weight * 2.0 ** (low / 2), float(EDGES[-1])).astype(np.int64)


def pool(
    problem: Problem, prices: NDArray[np.int64], found: Spread, multipliers: NDArray[np.float64], deep: float
) -> Held:
    """The rows that have a pair at most :func:`thresholds` off, in one pass."""
    for times in (deep, deep / 2, deep / 4):
        limits = thresholds(problem, found, multipliers, max(times, 1.25))
        place = np.searchsorted(EDGES, limits, side="right") - 1
        moves = np.take_along_axis(found.regrets.cumsum(axis=-1), place[..., None].clip(0), axis=-1)
        if moves[place >= 0].sum() <= MOST:
            break
    return Held(in_order(list(problem.instance.rows.map(partial(_near, problem.offers, prices, limits)))))


def _near(offers: Offers, prices: NDArray[np.int64], limits: NDArray[np.int64], block: Block) -> Block:
    rows = rows_of(block.value, block.cell, block.key)
    return block.only(np.flatnonzero(_select(rows, offers, prices, limits)))


def _spread(offers: Offers, prices: NDArray[np.int64], rows: Rows) -> Spread:
    return Spread(*_count(rows, offers, prices, EDGES.size))


class Scratch(NamedTuple):
    """Room for the regrets of some rows."""

    best: NDArray[np.int64]
    """[most + 1, BLOCK] the rows' best groups, and the one after them."""
    current: NDArray[np.int64]
    top: NDArray[np.int64]
    second: NDArray[np.int64]
    pair: NDArray[np.int64]
    """[offers, BLOCK]."""
    regret: NDArray[np.int64]
    """[offers, BLOCK] the regret, one bit up, and whether the table gives the pair in the lowest; -1: not eligible."""


@numba.njit(cache=True, nogil=True)
def _scratch(offers: Offers) -> Scratch:
    width = offers.order.size
    return Scratch(
        np.empty((offers.most + 1, BLOCK), np.int64),
        np.empty(BLOCK, np.int64),
        np.empty(BLOCK, np.int64),
        np.empty(BLOCK, np.int64),
        np.empty((width, BLOCK), np.int64),
        np.empty((width, BLOCK), np.int64),
    )


@numba.njit(cache=True, nogil=True)
def _regrets(
    rows: Rows, offers: Offers, low: int, size: int, price: NDArray[np.int64], room: Scratch
) -> None:
    """Fill room.regret for rows from ``low`` on.

    What a row gives up for a pair is the best of its group if that is given, else the least that it is given (or
    nothing); what it gets for one that is taken is the next of the group, or the best group that is not given.
    """
    kernel.rank(rows, offers, low, size, price, -1, room.best, room.current)
    hashed = rows.hash[low : low + size]
    least, after = room.best[offers.most - 1, :size], room.best[offers.most, :size]
    top, second = room.top[:size], room.second[:size]
    for g in range(offers.group_start.size - 1):
        top[:] = 0
        second[:] = 0
        for t in range(offers.group_start[g], offers.group_start[g + 1]):
            j = offers.order[t]
            value, at, twist, pair = (
                rows.value[j, low : low + size],
                price[j],
                offers.twist[j],
                room.pair[j, :size],
            )
            for r in range(size):
                packed = (net(np.int64(value[r]), hashed[r], twist, at) << OFFER_BITS) | j
                pair[r] = packed if value[r] > 0 else _NONE
                over = max(pair[r], 0)
                second[r] = max(second[r], min(top[r], over))
                top[r] = max(top[r], over)
        for t in range(offers.group_start[g], offers.group_start[g + 1]):
            pair, regret = room.pair[offers.order[t], :size], room.regret[offers.order[t], :size]
            for r in range(size):
                own = pair[r] >> OFFER_BITS
                held = (pair[r] == top[r]) & (pair[r] >= least[r]) & (own > 0)
                loss = max(top[r], least[r]) >> OFFER_BITS
                loss = own - (max(second[r], after[r]) >> OFFER_BITS) if held else loss - own
                regret[r] = (loss << 1) | np.int64(held) if pair[r] != _NONE else -1


@numba.njit(cache=True, nogil=True)
def _count(
    rows: Rows, offers: Offers, prices: NDArray[np.int64], bins: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The fields of a :class:`Spread`."""
    cells, width = prices.shape
    counts, worth = np.zeros((cells, width), np.int64), np.zeros(1, np.int64)
    found = np.zeros((cells, width, 2, bins), np.int64)
    room = _scratch(offers)
    real = np.empty(BLOCK, np.float64)
    bits = real.view(np.int64)
    for run in range(rows.run_cell.size if offers.most else 0):
        c = rows.run_cell[run]
        for low in range(rows.run_start[run], rows.run_end[run], BLOCK):
            size = min(BLOCK, rows.run_end[run] - low)
            _regrets(rows, offers, low, size, prices[c], room)
            for j in range(width):
                regret, bin_of = room.regret[j], found[c, j]
                for r in range(size):
                    real[r] = float(regret[r] >> 1)
                for r in range(size):
                    if regret[r] >= 0:
                        place = max((bits[r] >> 51) - _FIRST, 0)
                        given = regret[r] & 1
                        bin_of[given, min(place, bins - 1)] += place < bins
                        counts[c, j] += given
                        worth[0] += given * np.int64(rows.value[j, low + r])
    return counts, worth, found


@numba.njit(cache=True, nogil=True)
def _select(
    rows: Rows, offers: Offers, prices: NDArray[np.int64], limits: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Which rows have a pair whose regret is at most its limit [cells, offers, 2]."""
    out = np.zeros(rows.hash.size, np.bool_)
    room = _scratch(offers)
    for run in range(rows.run_cell.size if offers.most else 0):
        c = rows.run_cell[run]
        for low in range(rows.run_start[run], rows.run_end[run], BLOCK):
            size = min(BLOCK, rows.run_end[run] - low)
            _regrets(rows, offers, low, size, prices[c], room)
            near = out[low : low + size]
            for j in range(prices.shape[1]):
                give, take, regret = limits[c, j, GIVE], limits[c, j, TAKE], room.regret[j, :size]
                for r in range(size):
                    most = take if regret[r] & 1 else give
                    near[r] |= (regret[r] >= 0) & (regret[r] >> 1 <= most)
    return out
