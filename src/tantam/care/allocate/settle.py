"""From multipliers to decisions that keep every limit: on all rows where they are held, else on those near the
threshold, which is where anything can be won or mended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate import dual, kernel, near, repair, swap, unreachable
from tantam.care.allocate.changes import Changes, changes
from tantam.care.allocate.exact import exact
from tantam.care.allocate.moves import Board
from tantam.care.allocate.problem import Problem
from tantam.care.allocate.rows import Held, choose, tally

MARGINS = (1e-3, 1e-2)
"""Where repair fails at the true limits, prices are found again for limits tighter by these shares."""
ENOUGH = 1e-4
"""The share of the value that room left over may be worth before more rows are gathered."""
DEEP = (4.0, 16.0, 64.0)
"""How many times the moves that the limits are off by are gathered; the next where these do not do."""


@dataclass(frozen=True)
class Settled:
    """Decisions at some multipliers: the price table, and what repair changed of what it gives."""

    multipliers: NDArray[np.float64]
    prices: NDArray[np.int64]
    changes: Changes
    edge: NDArray[np.int64]
    """[cells, offers] the greatest margin at which a pair was taken back; -1 where none was."""
    slack: NDArray[np.int64]
    """[limits] what is left of each."""

    @property
    def kept(self) -> bool:
        return not (self.slack < 0).any()


def settle(problem: Problem, first: NDArray[np.float64]) -> Settled:
    """Decisions that keep every limit, from these multipliers, those of tighter limits, or a refusal."""
    attempts = [_attempt(problem, first)]
    if not attempts[0].kept:
        unreachable.prove(problem, attempts[0].slack)
    for share in MARGINS:
        if attempts[-1].kept:
            return attempts[-1]
        reach = np.maximum(np.abs(problem.bound), np.abs(problem.bound - attempts[0].slack))
        tighter = problem.bound - np.ceil(share * reach).astype(np.int64)
        attempts.append(_attempt(problem, dual.solve(problem, tighter, first)))
    if attempts[-1].kept:
        return attempts[-1]
    chosen = exact(problem)
    if chosen is None:
        raise unreachable.give_up(
            problem, max((a.slack for a in attempts), key=lambda slack: float(slack.min()))
        )
    prices = attempts[0].prices
    table = choose(problem.held, problem.offers, prices)
    board = repair.board_of(problem, problem.held, prices, chosen, np.zeros_like(problem.bound))
    return _settled(problem.held, first, board, table)


def _attempt(problem: Problem, multipliers: NDArray[np.float64]) -> Settled:
    """Repair at these multipliers: on all rows, or on more and more of those near the threshold until it is enough."""
    prices = problem.prices(multipliers)
    if problem.few:
        counts, worth, _ = tally(problem.everyone, problem.offers, prices)
        return _repaired(problem, problem.held, multipliers, prices, counts, int(worth.sum()))
    spread = near.spread(problem, prices)
    for deep in DEEP:
        held = near.pool(problem, prices, spread, multipliers, deep)
        done = _repaired(problem, held, multipliers, prices, spread.counts, int(spread.worth[0]))
        if done.kept and float(multipliers @ done.slack) <= ENOUGH * int(spread.worth[0]):
            break
    return done


def _repaired(
    problem: Problem,
    held: Held,
    multipliers: NDArray[np.float64],
    prices: NDArray[np.int64],
    counts: NDArray[np.int64],
    worth: int,
) -> Settled:
    """Repair on held rows, where the table gives all rows these counts [cells, offers] of this worth."""
    table = choose(held, problem.offers, prices)
    board = repair.board_of(problem, held, prices, table.copy(), problem.bound - problem.usage(counts))
    before = kernel.recount(held.rows, problem.offers, table, problem.cells)[1]
    if repair.mend(problem, board, multipliers):
        repair.fill(problem, board, prices)
        after = kernel.recount(held.rows, problem.offers, board.chosen, problem.cells)[1]
        if swap.swap(problem, board, multipliers, worth + int(after) - int(before)):
            repair.fill(problem, board, prices, (np.inf,))
    return _settled(held, multipliers, board, table)


def _settled(
    held: Held, multipliers: NDArray[np.float64], board: Board, table: NDArray[np.uint64]
) -> Settled:
    dropped = table & ~board.chosen
    edge = np.full(board.prices.shape, -1, np.int64)
    kernel.edges(held.rows, board.twist, board.prices, dropped, edge)
    changed = changes(held.block.key, board.chosen, table, board.floor)
    return Settled(multipliers, board.prices, changed, edge, board.slack)
