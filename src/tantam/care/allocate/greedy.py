"""What the obvious way would have reached: floors first, then the best value per đồng while it fits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate import kernel, repair
from tantam.care.allocate.problem import Problem

BANDS = (0.02, 0.05, 0.1, 0.2, 0.4)
"""The shares of all pairs, best value per đồng first, that are sorted and given together."""
SAMPLE = 20_000
"""Rows from which the bands' edges are read."""


def greedy(problem: Problem) -> int:
    """The value that greedy by value over cost reaches within the same limits; for comparison only.

    Where only a sample of the rows is held: on the sample, within limits in proportion, and the value in proportion.
    Repair's own steps from an empty start, with the cost as the price: the loss per price is then
    1 - value / cost. A floor that greedy misses is left missed.
    """
    held, size = problem.held, problem.size
    cost = np.clip(problem.instance.cost, 0, kernel.MOST_PRICE >> kernel.FINE_BITS).astype(np.int64)
    prices = np.tile(cost << kernel.FINE_BITS, (problem.cells, 1))
    room = np.array([int(bound) * held.size // max(1, size) for bound in problem.bound], np.int64)
    board = repair.board_of(problem, held, prices, np.zeros(held.size, np.uint64), room)
    repair.lift(problem, board, np.zeros(problem.bound.size), np.zeros(problem.bound.size, np.bool_))
    repair.fill(problem, board, prices, (*_edges(held.block.value, cost), np.inf))
    _, worth, _ = kernel.recount(held.rows, problem.offers, board.chosen, problem.cells)
    return int(worth) * size // max(1, held.size)


def _edges(value: NDArray[np.int32], cost: NDArray[np.int64]) -> tuple[float, ...]:
    """The loss per price at which each band ends."""
    some = value[:, :: max(1, value.shape[1] // SAMPLE)]
    ratio = (some / np.maximum(cost, 1)[:, None])[some > 0]
    return tuple(1 - np.quantile(ratio, [1 - band for band in BANDS])) if ratio.size else ()
