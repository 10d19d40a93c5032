"""What is still won after repair: two moves together where neither may be made, or pays, alone.

A move takes an offer from a row, gives it one, or both. All moves of a kind (cell, offer that comes, offer
that leaves) change the limits alike, so the best of a kind is the one of least regret, and only kinds need to
be tried against each other. The true value gained is the price of the room used less the regret: so one
of the two must use room that has a price and stands empty.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate import kernel
from tantam.care.allocate.moves import Board, given, put, reduced
from tantam.care.allocate.problem import Problem

TURNS = 16
WORTH = 5e-6
"""The share of the value that empty room, and the last turn's gain, must pass for another turn."""
HELD = 1 << 20
"""Moves held at once, spread over the kinds."""
DEEP = 256
"""Moves held of one kind, at most."""
FIRST, SECOND = 256, 4096
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
    effect: NDArray[np.int64]
    """[kinds, limits] what one move adds to each left side."""
    row: NDArray[np.int32]
    """[kinds, deep + 1] whose move it is, least regret first; -1 no more, -2 nobody's."""
    gain: NDArray[np.int64]
    """[kinds, deep + 1] the value won; :data:`NEVER` where there is no more."""


def swap(problem: Problem, board: Board, multipliers: NDArray[np.float64], worth: int) -> bool:
    """Exchange on a board that keeps every limit until little of ``worth`` is left to gain; whether anything was."""
    near = int(problem.typical * kernel.ONE * min(1e3, WIDE / max(1, board.hash.size)))
    kinds = problem.cells * (len(problem.instance.offers) + 1) ** 2
    deep = min(DEEP, max(4, HELD // kinds))
    done = False
    for _ in range(TURNS):
        if float(multipliers @ board.slack) <= WORTH * worth:
            break
        gained = exchange(board, *_kinds(problem, board, multipliers, *nearest(board, near, deep)))
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
    room = (problem.table > 0) & (problem.table <= board.slack[:, None])
    used = (multipliers @ np.where(room, problem.table, 0)).reshape(problem.cells, offers) * kernel.ONE
    used = np.pad(used, ((0, 0), (1, 0)))
    hope = (used[:, :, None] - used[:, None, :]).ravel() - regret[:, 0]
    found = np.flatnonzero(row[:, 0] >= 0)
    first = found[np.argsort(-hope[found], kind="stable")[:FIRST]]
    first = first[hope[first] > 0]
    second = np.append(0, found[np.argsort(regret[found, 0], kind="stable")[:SECOND]])
    tried = np.union1d(first, second)
    cell, comes, leaves = np.unravel_index(tried, (problem.cells, offers + 1, offers + 1))
    row = np.pad(row[tried], ((0, 0), (0, 1)), constant_values=-1)
    row[0] = -2
    gain = np.where(row == -1, NEVER, _value(board, row, comes) - _value(board, row, leaves))
    table = np.pad(problem.table.reshape(-1, problem.cells, offers), ((0, 0), (0, 0), (1, 0)))
    kinds = Kinds(
        comes=comes - 1,
        leaves=leaves - 1,
        effect=np.ascontiguousarray((table[:, cell, comes] - table[:, cell, leaves]).T),
        row=row,
        gain=gain,
    )
    return kinds, np.searchsorted(tried, first), np.searchsorted(tried, second)


def _value(board: Board, row: NDArray[np.int32], offer: NDArray[np.int64]) -> NDArray[np.int64]:
    """The values of offers [kinds], counted from 1 and 0 none, to rows [kinds, deep]."""
    value = board.value[offer[:, None] - 1, row.clip(0)].astype(np.int64)
    return np.where(offer[:, None] > 0, value, 0)


@numba.njit(cache=True, nogil=True)
def nearest(board: Board, near: int, deep: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The ``deep`` moves of least regret, at most ``near``, of every kind: regrets and rows [kinds, deep].

    A kind is (cell, offer that comes + 1, offer that leaves + 1); row -1 where there are no more.
    """
    offers = board.value.shape[0]
    kinds = (board.start.size - 1) * (offers + 1) ** 2
    regret = np.full((kinds, deep), np.int64(1) << 62)
    row = np.full((kinds, deep), np.int32(-1))
    held, worth = np.empty(board.most + 1, np.int64), np.empty(board.most + 1, np.int64)
    for i in range(board.hash.size):
        first, size = board.cell[i] * (offers + 1) ** 2, 1
        mask = board.chosen[i]
        held[0], worth[0] = -1, 0
        for k in range(offers):
            if mask >> np.uint64(k) & _BIT:
                held[size], worth[size] = k, reduced(board, i, k)
                if worth[size] <= near:
                    _keep(regret[first + k + 1], row[first + k + 1], worth[size], i)
                size += 1
        least = worth[:size].min()
        for j in range(offers):
            if board.value[j, i] <= 0 or mask >> np.uint64(j) & _BIT:
                continue
            comes = reduced(board, i, j)
            if least - comes > near:
                continue
            for s in range(size):
                if worth[s] - comes <= near and _possible(board, i, j, held[s]):
                    kind = first + (j + 1) * (offers + 1) + held[s] + 1
                    _keep(regret[kind], row[kind], worth[s] - comes, i)
    return regret, row


@numba.njit(cache=True, inline="always")
def _keep(regret: NDArray[np.int64], row: NDArray[np.int32], loss: int, i: int) -> None:
    """Put a move in its place among the least regrets; of equal ones the earlier row stays before."""
    at = regret.size
    while at > 0 and loss < regret[at - 1]:
        at -= 1
        if at + 1 < regret.size:
            regret[at + 1], row[at + 1] = regret[at], row[at]
    if at < regret.size:
        regret[at], row[at] = loss, i


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
def exchange(board: Board, kinds: Kinds, first: NDArray[np.int64], second: NDArray[np.int64]) -> int:
    """Make moves of the kinds ``first``, each with one of ``second``, where no limit breaks and the value
    rises; returns by how much.
    """
    at = np.zeros(kinds.comes.size, np.int64)
    gained = 0
    for a in first:
        tight = 0
        for b in second:
            while kinds.effect[a, tight] + kinds.effect[b, tight] <= board.slack[tight]:
                gain = kinds.gain[a, at[a]] + kinds.gain[b, at[b]]
                if gain <= 0 or kinds.row[a, at[a]] == kinds.row[b, at[b]]:
                    break
                if not _possible(board, kinds.row[a, at[a]], kinds.comes[a], kinds.leaves[a]):
                    at[a] += 1
                    continue
                if not _possible(board, kinds.row[b, at[b]], kinds.comes[b], kinds.leaves[b]):
                    at[b] += 1
                    continue
                broken = _broken(kinds.effect[a], kinds.effect[b], board.slack)
                if broken >= 0:
                    tight = broken
                    break
                board.slack[:] -= kinds.effect[a] + kinds.effect[b]
                for kind in (a, b):
                    put(board, kinds.row[kind, at[kind]], kinds.comes[kind], kinds.leaves[kind])
                    at[kind] += kind > 0
                gained += gain
    return gained


@numba.njit(cache=True, nogil=True)
def _broken(one: NDArray[np.int64], other: NDArray[np.int64], slack: NDArray[np.int64]) -> int:
    """The first limit that these two effects together would break; -1 none."""
    for limit in range(slack.size):
        if one[limit] + other[limit] > slack[limit]:
            return limit
    return -1
