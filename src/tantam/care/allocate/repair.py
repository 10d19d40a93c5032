"""From prices to decisions that keep every limit: floors first, then caps, then what is left.

The price table alone gives nearly the right counts. What remains is a few rows near the threshold: give the
floor's offer where it costs least, take the least reduced profit where a cap is passed unless a floor would
break, and give what still fits to the best reduced profit. The certificate reads the end state afresh.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate import kernel, moves
from tantam.care.allocate.moves import FILL, LOWER, RAISE, Board
from tantam.care.allocate.problem import Problem
from tantam.care.allocate.rows import Held

ROUNDS = 8
ROOM = 16_000_000
"""Moves held at once; more are found in the next round."""
NEAR = (1 / 64, 1 / 4, 4.0, np.inf)
"""Regrets looked at, as multiples of the limit's own price: nearly always the first is enough."""
LEFT_OVER = (1 / 256, 1 / 64, 1 / 16, 1 / 4, np.inf)
"""Losses looked at when filling, as shares of the price."""


def board_of(
    problem: Problem,
    held: Held,
    prices: NDArray[np.int64],
    chosen: NDArray[np.uint64],
    slack: NDArray[np.int64],
) -> Board:
    """The state from which decisions ``chosen`` of held rows at ``prices`` [cells, offers] are repaired.

    ``slack`` [limits] is what all decisions leave of the limits, those of rows that are not held too.
    """
    columns = problem.by_column
    return Board(
        value=held.rows.value,
        hash=held.rows.hash,
        most=problem.offers.most,
        cell=held.block.cell.astype(np.int64),
        start=np.searchsorted(held.block.cell, np.arange(problem.cells + 1)).astype(np.int64),
        conflict=problem.offers.conflict,
        twist=problem.offers.twist,
        prices=prices,
        chosen=chosen,
        floor=np.zeros(held.size, np.uint64),
        slack=slack.copy(),
        column=columns.indptr.astype(np.int64),
        limit=columns.indices.astype(np.int64),
        coefficient=columns.data.astype(np.int64),
    )


def mend(problem: Problem, board: Board, multipliers: NDArray[np.float64]) -> bool:
    """Move until no limit is violated; False where some still are after :data:`ROUNDS` rounds.

    To lift a floor, caps may be passed at first, and from the second round anything; taking breaks nothing.
    """
    cap: NDArray[np.bool_] = np.all(problem.table >= 0, axis=1)
    none = np.zeros_like(cap)
    for turn in range(ROUNDS):
        lift(problem, board, multipliers, cap if turn == 0 else np.ones_like(cap))
        for limit in np.flatnonzero(board.slack < 0):
            _meet(problem, board, LOWER, int(limit), multipliers, none)
        if not (board.slack < 0).any():
            return True
    return False


def lift(problem: Problem, board: Board, multipliers: NDArray[np.float64], loose: NDArray[np.bool_]) -> None:
    """Give what the missed floors ask for, least regret first; only ``loose`` [limits] may break by it."""
    for limit in np.flatnonzero((board.slack < 0) & (problem.table < 0).any(axis=1)):
        _meet(problem, board, RAISE, int(limit), multipliers, loose)


def _meet(
    problem: Problem,
    board: Board,
    kind: int,
    limit: int,
    multipliers: NDArray[np.float64],
    loose: NDArray[np.bool_],
) -> None:
    """Make the cheapest moves of one kind until one limit is met or they run out."""
    helps = -problem.table[limit] if kind == RAISE else problem.table[limit]
    weight = np.maximum(helps, 0).astype(np.float64)
    if not weight.any():
        return
    typical = problem.typical / float(weight[weight > 0].mean())
    scale = max(float(multipliers[limit]), typical / 64) * kernel.ONE
    for near in NEAR:
        ratio, row, offer = moves.gather(board, kind, weight, near * scale, _room(problem, board, weight))
        found = weight[board.cell[row] * problem.offers.twist.size + offer].sum()
        if np.isfinite(near) and found < -2 * board.slack[limit]:
            continue
        first = np.argsort(ratio, kind="stable")
        moves.make(board, kind, row[first], offer[first], limit, loose)
        if board.slack[limit] >= 0:
            return


def fill(
    problem: Problem, board: Board, prices: NDArray[np.int64], shares: tuple[float, ...] = LEFT_OVER
) -> None:
    """Give what still fits, least loss per price first, until nobody can be given anything more."""
    waits: NDArray[np.bool_] = np.any(problem.table < 0, axis=1)
    price = np.maximum(prices, 1).ravel().astype(np.float64)
    made, turn = 1, 0
    while made or turn < len(shares):
        weight = np.where(moves.open_columns(board, waits), price, 0.0)
        if not weight.any():
            return
        share = shares[min(turn, len(shares) - 1)]
        ratio, row, offer = moves.gather(board, FILL, weight, share, _room(problem, board, weight))
        first = np.argsort(ratio, kind="stable")
        made = moves.fill(board, row[first], offer[first], waits)
        turn += 1


def _room(problem: Problem, board: Board, weight: NDArray[np.float64]) -> int:
    most = int(problem.survey.eligible.ravel()[weight > 0].sum())
    return min(ROOM, most, board.value.size)
