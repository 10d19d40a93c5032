"""The last resort of a small allocation with almost no room: a mixed-integer programme (HiGHS, in scipy)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from tantam.care.allocate.problem import Problem

MOST_PAIRS = 4_000
NODES = 2_000
"""Branches looked at; a count and not a time, so that every machine finds the same."""


def exact(problem: Problem) -> NDArray[np.uint64] | None:
    """Decisions of the held rows, which must be all, that keep every limit, near the best; None if there are none, or
    too many pairs."""
    instance, block = problem.instance, problem.held.block
    if not problem.all_held:
        return None
    offer, row = np.nonzero(block.value > 0)
    if not 0 < offer.size <= MOST_PAIRS:
        return None
    column = block.cell[row].astype(np.int64) * len(instance.offers) + offer
    group = np.unique(instance.group, return_inverse=True)[1][offer]
    constraints = [
        LinearConstraint(csr_array(problem.table[:, column].astype(np.float64)), -np.inf, problem.bound),
        LinearConstraint(_members(row), -np.inf, instance.most),
        LinearConstraint(_members(row * len(instance.offers) + group), -np.inf, 1.0),
    ]
    found = milp(
        -block.value[offer, row].astype(np.float64),
        integrality=np.ones(offer.size, np.int64),
        bounds=Bounds(0, 1),
        constraints=constraints,
        options={"node_limit": NODES, "mip_rel_gap": 1e-4},
    )
    if found.x is None:
        return None
    yes = found.x > 0.5
    chosen = np.zeros(problem.size, np.uint64)
    np.bitwise_or.at(chosen, row[yes], np.left_shift(np.uint64(1), offer[yes].astype(np.uint64)))
    counts = np.bincount(column[yes], minlength=problem.table.shape[1]).astype(np.int64)
    return chosen if (problem.usage(counts) <= problem.bound).all() else None


def _members(name: NDArray[np.intp]) -> Any:
    """Which pairs stand in each set: one row per name that occurs."""
    names, which = np.unique(name, return_inverse=True)
    return csr_array((np.ones(name.size), (which, np.arange(name.size))), shape=(names.size, name.size))
