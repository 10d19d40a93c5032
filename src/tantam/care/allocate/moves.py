"""The compiled steps of repair: find the cheapest moves near the threshold, make them with exact counters.

A move gives a row an offer (perhaps taking another from it) or takes one (perhaps giving the next best). What
it loses is its regret: the reduced profit that goes less the one that comes, both at the same prices. Only
the slack of each limit is kept; every move changes it by whole numbers.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate.kernel import net

RAISE, LOWER, FILL = 0, 1, 2
"""Give to lift a floor; take to mend a cap; give what still fits."""

_BIT = np.uint64(1)


class Board(NamedTuple):
    """The state of a repair, flat: the compiled code counts a reference for every array that it takes out."""

    value: NDArray[np.int32]
    hash: NDArray[np.uint32]
    most: int
    cell: NDArray[np.int64]
    start: NDArray[np.int64]
    """[cells + 1] where a cell's rows start."""
    conflict: NDArray[np.uint64]
    twist: NDArray[np.uint32]
    prices: NDArray[np.int64]
    chosen: NDArray[np.uint64]
    floor: NDArray[np.uint64]
    """[rows] bits given to lift a floor."""
    slack: NDArray[np.int64]
    """[limits] bound less use; below zero is violated."""
    column: NDArray[np.int64]
    """[cells * offers + 1] where a column's limits start in the next two."""
    limit: NDArray[np.int64]
    coefficient: NDArray[np.int64]


@numba.njit(cache=True, inline="always")
def reduced(board: Board, i: int, j: int) -> Any:
    """What is left of a pair's value once its price is paid, tie broken, on the fine grid."""
    value, price = np.int64(board.value[j, i]), board.prices[board.cell[i], j]
    return net(value, board.hash[i], board.twist[j], price)


@numba.njit(cache=True, inline="always")
def given(mask: Any) -> int:
    """How many offers a mask holds."""
    count = 0
    while mask:
        mask &= mask - _BIT
        count += 1
    return count


@numba.njit(cache=True, inline="always")
def _gives_way(board: Board, i: int, j: int) -> int:
    """The offer that must leave row i for j to come: -1 none, -2 j cannot come."""
    mask, leaves, least = board.chosen[i], -1, np.int64(0)
    full = given(mask) >= board.most
    rivals = mask & board.conflict[j]
    if rivals == 0 and not full:
        return -1
    among = rivals if rivals else mask
    for k in range(board.value.shape[0]):
        if among >> np.uint64(k) & _BIT:
            profit = reduced(board, i, k)
            if leaves < 0 or profit < least:
                leaves, least = k, profit
    return leaves if leaves >= 0 else -2


@numba.njit(cache=True, inline="always")
def _next_best(board: Board, i: int, j: int) -> int:
    """The offer with the best reduced profit above zero that may come to row i when j leaves; -1 none."""
    rest = board.chosen[i] & ~(_BIT << np.uint64(j))
    found, most = -1, np.int64(0)
    for k in range(board.value.shape[0]):
        if k != j and board.value[k, i] > 0 and rest & board.conflict[k] == 0:
            profit = reduced(board, i, k)
            if profit > most:
                found, most = k, profit
    return found


@numba.njit(cache=True, inline="always")
def _step(board: Board, add: int, remove: int, target: int, loose: NDArray[np.bool_], apply: bool) -> bool:
    """Whether adding and removing these columns (-1 none) breaks or worsens none but the loose limits and
    lowers the target's left side (-1 no target); if so and ``apply``, the slacks move."""
    a = board.column[add] if add >= 0 else 0
    a_end = board.column[add + 1] if add >= 0 else 0
    r = board.column[remove] if remove >= 0 else 0
    r_end = board.column[remove + 1] if remove >= 0 else 0
    a_first, r_first, helps = a, r, target < 0
    while a < a_end or r < r_end:
        if r >= r_end or (a < a_end and board.limit[a] < board.limit[r]):
            which, change = board.limit[a], board.coefficient[a]
            a += 1
        elif a >= a_end or board.limit[r] < board.limit[a]:
            which, change = board.limit[r], -board.coefficient[r]
            r += 1
        else:
            which, change = board.limit[a], board.coefficient[a] - board.coefficient[r]
            a += 1
            r += 1
        if change > board.slack[which] and change > 0 and not loose[which]:
            return False
        if which == target and change < 0:
            helps = True
    if helps and apply:
        for at in range(a_first, a_end):
            board.slack[board.limit[at]] -= board.coefficient[at]
        for at in range(r_first, r_end):
            board.slack[board.limit[at]] += board.coefficient[at]
    return helps


@numba.njit(cache=True, nogil=True)
def open_columns(board: Board, loose: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The columns [cells * offers] of which one more would break no limit."""
    out = np.empty(board.column.size - 1, np.bool_)
    for column in range(out.size):
        out[column] = _step(board, column, -1, -1, loose, False)
    return out


@numba.njit(cache=True, nogil=True)
def gather(
    board: Board, kind: int, weight: NDArray[np.float64], most: float, room: int
) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int8]]:
    """The moves whose regret per weight is at most ``most``: the ratio, the row and the offer of each.

    ``weight`` [cells * offers] is what a move of that column is worth; zero leaves the column out. Stops at
    ``room``.
    """
    ratio, row, offer = np.empty(room, np.float64), np.empty(room, np.int32), np.empty(room, np.int8)
    width, count = board.value.shape[0], 0
    for c in range(board.start.size - 1):
        for j in range(width):
            per = weight[c * width + j]
            if per == 0.0:
                continue
            bit = _BIT << np.uint64(j)
            for i in range(board.start[c], board.start[c + 1]):
                has = (board.chosen[i] & bit) != 0
                if board.value[j, i] <= 0 or has != (kind == LOWER):
                    continue
                loss = reduced(board, i, j)
                if kind == LOWER:
                    if loss > most * per:
                        continue
                    instead = _next_best(board, i, j)
                    loss -= reduced(board, i, instead) if instead >= 0 else 0
                else:
                    loss = -loss
                    if kind == FILL and loss > most * per:
                        continue
                    leaves = _gives_way(board, i, j)
                    if leaves == -2 or (kind == FILL and leaves >= 0):
                        continue
                    loss += reduced(board, i, leaves) if leaves >= 0 else 0
                if loss <= most * per and count < room:
                    ratio[count], row[count], offer[count] = loss / per, i, j
                    count += 1
    return ratio[:count], row[:count], offer[:count]


@numba.njit(cache=True, inline="always")
def put(board: Board, i: int, comes: int, leaves: int) -> None:
    """Give row i the offer that comes and take the one that leaves; -1 is none."""
    if leaves >= 0:
        board.chosen[i] &= ~(_BIT << np.uint64(leaves))
        board.floor[i] &= ~(_BIT << np.uint64(leaves))
    if comes >= 0:
        board.chosen[i] |= _BIT << np.uint64(comes)


@numba.njit(cache=True, inline="always")
def _move(board: Board, kind: int, i: int, j: int, target: int, loose: NDArray[np.bool_]) -> int:
    """Make one move if it is still possible and breaks only loose limits: 1 made, 0 forbidden, -1 gone."""
    first = board.cell[i] * board.value.shape[0]
    if (board.chosen[i] >> np.uint64(j) & _BIT) != (kind == LOWER):
        return -1
    if kind == LOWER:
        comes, leaves = _next_best(board, i, j), j
        if comes >= 0 and not _step(board, first + comes, first + j, target, loose, True):
            comes = -1
        if comes < 0 and not _step(board, -1, first + j, target, loose, True):
            return 0
    else:
        comes, leaves = j, _gives_way(board, i, j)
        if leaves == -2 or (kind == FILL and leaves >= 0):
            return -1
        if not _step(board, first + j, first + leaves if leaves >= 0 else -1, target, loose, True):
            return 0
    put(board, i, comes, leaves)
    if kind == RAISE and comes >= 0:
        board.floor[i] |= _BIT << np.uint64(comes)
    return 1


@numba.njit(cache=True, nogil=True)
def make(
    board: Board,
    kind: int,
    row: NDArray[np.int32],
    offer: NDArray[np.int8],
    target: int,
    loose: NDArray[np.bool_],
) -> None:
    """Make the moves that are still possible, in this order, until the target's limit is kept."""
    for t in range(row.size):
        if board.slack[target] >= 0:
            return
        _move(board, kind, np.int64(row[t]), np.int64(offer[t]), target, loose)


@numba.njit(cache=True, nogil=True)
def fill(board: Board, row: NDArray[np.int32], offer: NDArray[np.int8], shares: NDArray[np.bool_]) -> int:
    """Give what fits, in this order; returns how many were given.

    What only a limit of ``shares`` [limits] forbids (one that other gifts make room in) waits and comes as
    soon as there is room, before what stands behind it.
    """
    none, width = np.zeros_like(shares), board.value.shape[0]
    closed, roomy = np.zeros(board.column.size - 1, np.bool_), np.empty(board.column.size - 1, np.bool_)
    for column in range(roomy.size):
        roomy[column] = (board.coefficient[board.column[column] : board.column[column + 1]] < 0).any()
    waiting = np.empty(row.size, np.int64)
    head, tail, made = 0, 0, 0
    for t in range(row.size):
        column = board.cell[row[t]] * width + offer[t]
        if closed[column]:
            continue
        done = _move(board, FILL, np.int64(row[t]), np.int64(offer[t]), -1, none)
        if done == 0:
            closed[column] = not _step(board, column, -1, -1, shares, False)
            waiting[tail] = t
            tail += 1
        made += done == 1
        makes_room = done == 1 and roomy[column]
        while makes_room and head < tail:
            column = board.cell[row[waiting[head]]] * width + offer[waiting[head]]
            if not closed[column]:
                again = _move(
                    board, FILL, np.int64(row[waiting[head]]), np.int64(offer[waiting[head]]), -1, none
                )
                closed[column] = again == 0 and not _step(board, column, -1, -1, shares, False)
                made += again == 1
                if again == 0 and not closed[column]:
                    break
            head += 1
    return made
