"""Every kernel compiled ahead, so that nobody's first run waits for the compiler."""

from __future__ import annotations

import numpy as np

from tantam.care.allocate import near, repair, swap
from tantam.care.allocate.blocks import resident
from tantam.care.allocate.problem import Instance, Limit, prepare
from tantam.care.allocate.solve import allocate, margin


def warm() -> None:
    """Compile every kernel now, on tiny instances."""
    value = np.array([[5, 4, 3, 2], [4, 9, 1, 0]], np.int32)
    cell, key = np.array([0, 0, 1, 1], np.int32), np.arange(4, dtype=np.int64)
    one = np.ones((2, 2), np.int64)
    limits = (Limit("cap", "<=", 2, one), Limit("floor", ">=", 1, np.diag([0, 1])))
    costs, groups = np.array([3, 2], np.int64), np.arange(2, dtype=np.int32)
    asked = Instance(resident(value, cell, key), costs, groups, 1, limits, ("a", "b"))
    prices, problem = allocate(asked).prices, prepare(asked)
    margin(value, cell, key, prices)
    multipliers = np.ones(problem.bound.size)
    held = near.pool(problem, prices, near.spread(problem, prices), multipliers, 4.0)
    board = repair.board_of(problem, held, prices, np.zeros(held.size, np.uint64), problem.bound)
    swap.swap(problem, board, multipliers, 1)
