"""Who stands near the threshold: the rows that repair may need, of too many to hold.

A pair's regret is what a row loses, at the prices, when the pair is given or taken against the table. One pass
counts the pairs of every cell and offer by their regret, coarsely; from that and from how far each limit is off comes
a regret up to which there are several times more moves than needed; a second pass gathers the rows that have such a
pair. Both are sums and sorted rows, so the blocks' size and order change nothing.
"""

from __future__ import annotations

from functools import partial
from math import frexp
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

_NONE = np.int64(-(1 << 61))
_BIT = np.uint64(1)


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
    return block.only(np.flatnonzero(_select(rows, offers, _group_of(offers), prices, limits)))


def _spread(offers: Offers, prices: NDArray[np.int64], rows: Rows) -> Spread:
    return Spread(*_count(rows, offers, _group_of(offers), prices, EDGES.size))


def _group_of(offers: Offers) -> NDArray[np.int64]:
    """[offers] the place of each offer's group."""
    out = np.empty(offers.order.size, np.int64)
    out[offers.order] = np.repeat(np.arange(offers.group_start.size - 1), np.diff(offers.group_start))
    return out


@numba.njit(cache=True, nogil=True, inline="always")
def _regrets(
    rows: Rows,
    offers: Offers,
    group: NDArray[np.int64],
    price: NDArray[np.int64],
    best: NDArray[np.int64],
    r: int,
    i: int,
    out: NDArray[np.int64],
    rest: NDArray[np.int64],
    has: NDArray[np.int64],
) -> np.uint64:
    """Fill out [offers] with the regrets of row i (-1: not eligible), whose best stand in best[:, r]; its mask.

    ``rest`` and ``has`` [groups] are scratch: the best that is not given, and what is.
    """
    most, mask = best.shape[0], np.uint64(0)
    rest[:] = _NONE
    has[:] = -1
    for k in range(most):
        packed = best[k, r]
        if packed < (1 << OFFER_BITS):
            break
        j = packed & ((1 << OFFER_BITS) - 1)
        mask |= _BIT << np.uint64(j)
        has[group[j]] = packed >> OFFER_BITS
    full = best[most - 1, r] >= (1 << OFFER_BITS)
    least = best[most - 1, r] >> OFFER_BITS
    for j in range(out.size):
        if rows.value[j, i] <= 0:
            out[j] = _NONE
            continue
        out[j] = net(np.int64(rows.value[j, i]), rows.hash[i], offers.twist[j], price[j])
        if not mask >> np.uint64(j) & _BIT:
            rest[group[j]] = max(rest[group[j]], out[j])
    free = np.int64(0)
    for g in range(rest.size):
        if has[g] < 0:
            free = max(free, rest[g])
    for j in range(out.size):
        own = has[group[j]]
        if out[j] == _NONE:
            out[j] = -1
        elif mask >> np.uint64(j) & _BIT:
            out[j] = max(np.int64(0), out[j] - max(free, rest[group[j]]))
        else:
            out[j] = max(np.int64(0), (own if own >= 0 else least if full else np.int64(0)) - out[j])
    return mask


@numba.njit(cache=True, nogil=True)
def _count(
    rows: Rows, offers: Offers, group: NDArray[np.int64], prices: NDArray[np.int64], bins: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    cells, width = prices.shape
    counts, worth = np.zeros((cells, width), np.int64), np.zeros(1, np.int64)
    found = np.zeros((cells, width, 2, bins), np.int64)
    best, current = np.empty((offers.most, BLOCK), np.int64), np.empty(BLOCK, np.int64)
    regret = np.empty(width, np.int64)
    rest, has = (
        np.empty(offers.group_start.size - 1, np.int64),
        np.empty(offers.group_start.size - 1, np.int64),
    )
    for run in range(rows.run_cell.size if offers.most else 0):
        c = rows.run_cell[run]
        for low in range(rows.run_start[run], rows.run_end[run], BLOCK):
            size = min(BLOCK, rows.run_end[run] - low)
            kernel.rank(rows, offers, low, size, prices[c], -1, best, current)
            for r in range(size):
                mask = _regrets(rows, offers, group, prices[c], best, r, low + r, regret, rest, has)
                for j in range(width):
                    given = int(mask >> np.uint64(j) & _BIT)
                    counts[c, j] += given
                    worth[0] += given * np.int64(rows.value[j, low + r])
                    if regret[j] >= 0:
                        part, power = frexp(float(regret[j]))
                        place = 0 if power <= LOW else 2 * (power - LOW) - (1 if part < 0.75 else 0)
                        if place < bins:
                            found[c, j, given, place] += 1
    return counts, worth, found


@numba.njit(cache=True, nogil=True)
def _select(
    rows: Rows,
    offers: Offers,
    group: NDArray[np.int64],
    prices: NDArray[np.int64],
    limits: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Which rows have a pair whose regret is at most its limit [cells, offers, 2]."""
    out = np.zeros(rows.hash.size, np.bool_)
    best, current = np.empty((offers.most, BLOCK), np.int64), np.empty(BLOCK, np.int64)
    regret = np.empty(prices.shape[1], np.int64)
    rest, has = (
        np.empty(offers.group_start.size - 1, np.int64),
        np.empty(offers.group_start.size - 1, np.int64),
    )
    for run in range(rows.run_cell.size if offers.most else 0):
        c = rows.run_cell[run]
        for low in range(rows.run_start[run], rows.run_end[run], BLOCK):
            size = min(BLOCK, rows.run_end[run] - low)
            kernel.rank(rows, offers, low, size, prices[c], -1, best, current)
            for r in range(size):
                mask = _regrets(rows, offers, group, prices[c], best, r, low + r, regret, rest, has)
                for j in range(regret.size):
                    given = int(mask >> np.uint64(j) & _BIT)
                    if regret[j] >= 0 and regret[j] <= limits[c, j, given]:
                        out[low + r] = True
                        break
    return out
