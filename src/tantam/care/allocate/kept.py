"""What a solve has found out so far, on the disk, so that one that was stopped goes on where it was.

The multipliers from the samples, and after each turn over the rows near the threshold: each is found from those before
it alone, so who goes on from the last ends where he would have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tantam.base.writing import whole
from tantam.care.allocate.problem import Problem

Multipliers = NDArray[np.float64]


class Kept:
    """The turns of one problem in a folder; without a folder nothing is kept."""

    def __init__(self, problem: Problem, folder: Path | None) -> None:
        self.name = None if folder is None else folder / _digest(problem)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def turn(self, number: int, find: Callable[[], Multipliers]) -> Multipliers:
        """What a turn found before, else what it finds now; -1 is the samples'."""
        if self.name is None:
            return find()
        file = self.name.with_suffix(f".{number + 1}.f8")
        if not file.exists():
            found = find()
            with whole(file) as half:
                found.tofile(half)
        return np.fromfile(file)


def _digest(problem: Problem) -> str:
    """A name for everything that the multipliers depend on, the values by their sums."""
    said = hashlib.sha256()
    survey, offers = problem.survey, problem.offers
    tables = (survey.people, survey.eligible, survey.total, problem.table, problem.bound, offers.order)
    for table in (*tables, offers.group_start):
        said.update(np.ascontiguousarray(table, np.int64).tobytes())
    said.update(f"{problem.size} {survey.largest} {offers.most}".encode())
    return "multipliers-" + said.hexdigest()[:16]
