"""What is still won after repair: two moves together where neither may be made, or pays, alone.

A move takes an offer from a row, gives it one, or both. All moves of a kind (cell, offer that comes, offer
that leaves) change the limits alike, so the best of a kind is the one of least regret, and only kinds need to
be tried against each other. The true value gained is the price of the room used less the regrets: so one
of the two must use room that has a price and stands empty, and moves whose regrets together pass the price of
all empty room gain nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate import kernel
from tantam.care.allocate.kernel import net
from tantam.care.allocate.moves import Board, given, put
from tantam.care.allocate.problem import Problem

TURNS = 16
WORTH = 5e-6
"""The share of the value that empty room, and the last turn's gain, must pass for another turn."""
HELD = 1 << 18
"""Moves held at once, spread over the kinds."""
DEEP = 256
"""Moves held of one kind, at most."""
FIRST, SECOND = 128, 2048
"""Kinds tried as the move that uses empty room, and as the one that makes place for it."""
WIDE = 30_000
"""Rows looked at up to which a regret as large as the mean value is; with more rows, less."""

NEVER = -(1 << 61)
"""The gain of a move that is not there: two of them still fit int64."""

_BIT = np.uint64(1)


class Kinds(NamedTuple):
    """The kinds of moves to try, the first of them "no move"."""

    comes: NDArray[np.int64]
    """[kinds] the offer that comes, -1 none."""
    leaves: NDArray[np.int64]
    column: NDArray[np.int64]
    """[kinds + 1] where a kind's limits start in the next two."""
    limit: NDArray[np.int64]
    change: NDArray[np.int64]
    """What one move adds to a left side."""
    regret: NDArray[np.int64]
    """[kinds] the least."""
    row: NDArray[np.int32]
    """[kinds, deep + 1] whose move it is, least regret first; -1 no more, -2 nobody's."""
    gain: NDArray[np.int64]
    """[kinds, deep + 1] the value won; :data:`NEVER` where there is no more."""


def swap(problem: Problem, board: Board, multipliers: NDArray[np.float64], worth: int) -> bool:
    """Exchange on a board that keeps every limit until little of ``worth`` is left to gain; whether anything was."""
    wide = problem.typical * min(1e3, WIDE / max(1, board.hash.size))
    deep = min(DEEP, max(4, HELD // (problem.cells * (len(problem.instance.offers) + 1) ** 2)))
    done = False
    for _ in range(TURNS):
        empty = float(multipliers @ board.slack)
        if empty <= WORTH * worth:
            break
        found = nearest(board, int(min(wide, empty) * kernel.ONE), deep)
        most = int(min(2 * wide, empty) * kernel.ONE)
        gained = exchange(board, *_kinds(problem, board, multipliers, *found), most)
        done |= gained > 0
        if gained <= WORTH * worth:
            break
    return done


def _kinds(
    problem: Problem,
    board: Board,
    multipliers: NDArray[np.float64],
    regret: NDArray[np.int64],
    row: NDArray[np.int32],
) -> tuple[Kinds, NDArray[np.int64], NDArray[np.int64]]:
    """The kinds worth a try; which to try first, by what they may gain from empty room, and which second,
    by regret: "no move" before all.
    """
    offers = len(problem.instance.offers)
    used = np.pad(_used(board, multipliers).reshape(problem.cells, offers), ((0, 0), (1, 0)))
    hope = (used[:, :, None] - used[:, None, :]).ravel() - regret[:, 0]
    found = np.flatnonzero(row[:, 0] >= 0)
    first = found[hope[found] > 0]
    first = first[np.argsort(-hope[first], kind="stable")[:FIRST]]
    second = np.append(0, found[np.argsort(regret[found, 0], kind="stable")[:SECOND]])
    tried = np.union1d(first, second)
    cell, comes, leaves = np.unravel_index(tried, (problem.cells, offers + 1, offers + 1))
    row = np.pad(row[tried], ((0, 0), (0, 1)), constant_values=-1)
    row[0] = -2
    gain = np.where(row == -1, NEVER, _value(board, row, comes) - _value(board, row, leaves))
    column, limit, change = effects(board, cell, comes - 1, leaves - 1)
    least = np.append(0, regret[tried[1:], 0])
    kinds = Kinds(comes - 1, leaves - 1, column, limit, change, least, row, gain)
    return kinds, np.searchsorted(tried, first), np.searchsorted(tried, second)


def _value(board: Board, row: NDArray[np.int32], offer: NDArray[np.int64]) -> NDArray[np.int64]:
    """The values of offers [kinds], counted from 1 and 0 none, to rows [kinds, deep]."""
    value = board.value[offer[:, None] - 1, row.clip(0)].astype(np.int64)
    return np.where(offer[:, None] > 0, value, 0)


@numba.njit(cache=True, nogil=True)
def _used(board: Board, multipliers: NDArray[np.float64]) -> NDArray[np.float64]:
    """The price of the empty room that one decision of each column [cells * offers] fits into, on the fine grid."""
    out = np.zeros(board.column.size - 1)
    for column in range(out.size):
        for at in range(board.column[column], board.column[column + 1]):
            if 0 < board.coefficient[at] <= board.slack[board.limit[at]]:
                out[column] += multipliers[board.limit[at]] * board.coefficient[at]
    return out * kernel.ONE


@numba.njit(cache=True, nogil=True)
def effects(
    board: Board, cell: NDArray[np.int64], comes: NDArray[np.int64], leaves: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """What moves of these kinds [kinds] add to the limits: the fields of :class:`Kinds`."""
    most = np.diff(board.column).max() if cell.size else 0
    column = np.zeros(cell.size + 1, np.int64)
    limit, change = np.empty(2 * most * cell.size, np.int64), np.empty(2 * most * cell.size, np.int64)
    end = 0
    for kind in range(cell.size):
        first = end
        for offer, sign in ((comes[kind], 1), (leaves[kind], -1)):
            if offer < 0:
                continue
            place = cell[kind] * board.value.shape[0] + offer
            for at in range(board.column[place], board.column[place + 1]):
                same = first
                while same < end and limit[same] != board.limit[at]:
                    same += 1
                if same == end:
                    limit[end], change[end] = board.limit[at], 0
                    end += 1
                change[same] += sign * board.coefficient[at]
        column[kind + 1] = end
    return column, limit[:end], change[:end]


@numba.njit(cache=True, nogil=True)
def nearest(board: Board, near: int, deep: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The ``deep`` moves of least regret, at most ``near``, of every kind: regrets and rows [kinds, deep].

    A kind is (cell, offer that comes + 1, offer that leaves + 1); row -1 where there are no more.
    """
    offers, rows = board.value.shape
    value, chosen, cell, prices = board.value, board.chosen, board.cell, board.prices
    hashed, twist, conflict = board.hash, board.twist, board.conflict
    kinds = (board.start.size - 1) * (offers + 1) ** 2
    regret, found = np.zeros((kinds, deep), np.int64), np.zeros(kinds, np.int32)
    row = np.full((kinds, deep), np.int32(-1))
    held, worth = np.empty(board.most + 1, np.int64), np.empty(board.most + 1, np.int64)
    stays = np.empty(board.most + 1, np.uint64)
    for i in range(rows):
        first, size, mask = cell[i] * (offers + 1) ** 2, 1, chosen[i]
        held[0], worth[0], stays[0] = -1, 0, mask
        for k in range(offers):
            if mask >> np.uint64(k) & _BIT:
                own = net(value[k, i], hashed[i], twist[k], prices[cell[i], k])
                held[size], worth[size], stays[size] = k, own, mask & ~(_BIT << np.uint64(k))
                if own <= near:
                    _keep(regret, row, found, first + k + 1, own, i)
                size += 1
        least, full = worth[:size].min(), size > board.most
        for j in range(offers):
            if value[j, i] <= 0 or mask >> np.uint64(j) & _BIT:
                continue
            comes = net(value[j, i], hashed[i], twist[j], prices[cell[i], j])
            if least - comes > near:
                continue
            for s in range(full, size):
                if worth[s] - comes <= near and stays[s] & conflict[j] == 0:
                    kind = first + (j + 1) * (offers + 1) + held[s] + 1
                    _keep(regret, row, found, kind, worth[s] - comes, i)
    return regret, row


@numba.njit(cache=True, inline="always")
def _keep(
    regret: NDArray[np.int64], row: NDArray[np.int32], found: NDArray[np.int32], kind: int, loss: int, i: int
) -> None:
    """Put a move in its place among the least regrets of its kind; of equal ones the earlier row stays before."""
    deep = regret.shape[1]
    at = found[kind]
    if at == deep and loss >= regret[kind, deep - 1]:
        return
    at = min(at, deep - 1)
    found[kind] = at + 1
    while at > 0 and loss < regret[kind, at - 1]:
        regret[kind, at], row[kind, at] = regret[kind, at - 1], row[kind, at - 1]
        at -= 1
    regret[kind, at], row[kind, at] = loss, i


@numba.njit(cache=True, inline="always")
def _possible(board: Board, i: int, j: int, k: int) -> bool:
    """Whether row i's own rules let j come (-1 nothing) as k leaves (-1 nothing)."""
    mask = board.chosen[i] if i >= 0 else np.uint64(0)
    if k >= 0:
        if not mask >> np.uint64(k) & _BIT:
            return False
        mask &= ~(_BIT << np.uint64(k))
    return j < 0 or (mask & board.conflict[j] == 0 and given(mask) < board.most)


@numba.njit(cache=True, nogil=True)
def exchange(
    board: Board, kinds: Kinds, first: NDArray[np.int64], second: NDArray[np.int64], most: int
) -> int:
    """Make moves of the kinds ``first``, each with one of ``second``, where no limit breaks and the value
    rises; returns by how much. ``most``: the regrets that two moves may have together.
    """
    at = np.zeros(kinds.comes.size, np.int64)
    column, limit, change, regret = kinds.column, kinds.limit, kinds.change, kinds.regret
    row, gain = kinds.row[:, 0].copy(), kinds.gain[:, 0].copy()
    gained = 0
    for a in first:
        room = _room(board, kinds, a)
        short = (room < 0).sum()
        for b in second:
            if regret[a] + regret[b] > most:
                break
            while gain[a] + gain[b] > 0 and row[a] != row[b]:
                if not _fits(
                    room, short, limit[column[b] : column[b + 1]], change[column[b] : column[b + 1]]
                ):
                    break
                spent = -1  # a kind whose next row has changed since; where there is none, the move is made
                if not _possible(board, row[a], kinds.comes[a], kinds.leaves[a]):
                    spent = a
                elif not _possible(board, row[b], kinds.comes[b], kinds.leaves[b]):
                    spent = b
                if spent < 0:
                    gained += gain[a] + gain[b]
                    for kind in (a, b):
                        put(board, row[kind], kinds.comes[kind], kinds.leaves[kind])
                        board.slack[:] = _room(board, kinds, kind)
                    room = _room(board, kinds, a)
                    short = (room < 0).sum()
                for kind in (a, b):
                    if kind > 0 and spent in (-1, kind):
                        at[kind] += 1
                        row[kind], gain[kind] = kinds.row[kind, at[kind]], kinds.gain[kind, at[kind]]
    return gained


@numba.njit(cache=True, nogil=True)
def _room(board: Board, kinds: Kinds, kind: int) -> NDArray[np.int64]:
    """What one more move of a kind leaves of the limits [limits]."""
    room = board.slack.copy()
    for e in range(kinds.column[kind], kinds.column[kind + 1]):
        room[kinds.limit[e]] -= kinds.change[e]
    return room


@numba.njit(cache=True, inline="always")
def _fits(room: NDArray[np.int64], short: int, limit: NDArray[np.int64], change: NDArray[np.int64]) -> bool:
    """Whether changes of some limits stay within the room [limits] and mend the ``short`` that have less than none."""
    for e in range(limit.size):
        if change[e] > room[limit[e]]:
            return False
        short -= room[limit[e]] < 0
    return short == 0
