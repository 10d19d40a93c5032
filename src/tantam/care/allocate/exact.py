"""The last resort of a small allocation whose limits leave almost no room: a mixed-integer programme (HiGHS, in scipy)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from tantam.care.allocate.problem import Problem

MOST_PAIRS = 4_000
NODES = 2_000
"""Branches looked at; a count and not a time, so that every machine finds the same."""


def exact(problem: Problem) -> NDArray[np.uint64] | None:
    """Decisions [rows] that keep every limit, near the best; None where there are none or the instance is too large."""
    instance, rows = problem.instance, problem.rows
    offer, row = np.nonzero((instance.value > 0) & (rows.capacity > 0))
    if not 0 < offer.size <= MOST_PAIRS:
        return None
    column = instance.cell[row].astype(np.int64) * len(instance.offers) + offer
    one = np.ones(offer.size)
    alone = np.unique(instance.group, return_inverse=True)[1]
    parts = [
        (problem.table[:, column].astype(np.float64), problem.bound.astype(np.float64)),
        (_members(row, one, problem.size), np.minimum(rows.capacity, instance.most).astype(np.float64)),
        (_members(row * len(instance.offers) + alone[offer], one, problem.size * len(instance.offers)), 1.0),
    ]
    found = milp(
        -instance.value[offer, row].astype(np.float64),
        integrality=one,
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(csr_array(a), -np.inf, b) for a, b in parts],
        options={"node_limit": NODES, "mip_rel_gap": 1e-4},
    )
    if found.x is None:
        return None
    yes = found.x > 0.5
    chosen = np.zeros(problem.size, np.uint64)
    np.bitwise_or.at(chosen, row[yes], np.left_shift(np.uint64(1), offer[yes].astype(np.uint64)))
    counts = np.bincount(column[yes], minlength=problem.table.shape[1]).astype(np.int64)
    return chosen if (problem.usage(counts) <= problem.bound).all() else None


def _members(of: NDArray[np.intp], one: NDArray[np.float64], size: int) -> csr_array:
    """Which pairs stand in each set: one row per set that has any."""
    table = csr_array((one, (of, np.arange(of.size))), shape=(size, of.size))
    return table
