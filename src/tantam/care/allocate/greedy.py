"""What the obvious way would have reached: floors first, then the best value per đồng while it fits."""

from __future__ import annotations

import numpy as np

from tantam.care.allocate import kernel, repair
from tantam.care.allocate.problem import Problem

BANDS = 14
"""Value per đồng is halved this often before everything that is left is looked at."""


def greedy(problem: Problem) -> int:
    """The value that greedy by value over cost reaches within the same limits; for comparison only.

    Repair's own steps from an empty start, with the cost as the price: the loss per price is then 1 - value / cost.
    A floor that greedy misses is left missed.
    """
    cost = np.clip(problem.instance.cost, 0, kernel.MOST_PRICE >> kernel.FINE_BITS)
    prices = np.tile(cost.astype(np.int64) << kernel.FINE_BITS, (problem.cells, 1))
    board = repair.board_of(problem, prices, np.zeros(problem.size, np.uint64))
    none = np.zeros(problem.bound.size)
    repair.lift(problem, board, none, loose=none > 0)
    highest = problem.instance.value.max(axis=1, initial=1) / np.maximum(cost, 1)
    best = float(highest[cost > 0].max(initial=1.0))
    repair.fill(problem, board, prices, (*(1 - best / 2**t for t in range(1, BANDS)), np.inf))
    _, worth, _ = kernel.recount(problem.rows, problem.offers, board.chosen, problem.cells)
    return int(worth)
