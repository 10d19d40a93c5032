"""What a solve has found out so far, on the disk, so that one that was stopped goes on where it was.

Every full pass is a function of the multipliers alone and the search between passes is the same every time: so it is
run again, and passes made before are answered from the file instead of from the rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate import dual
from tantam.care.allocate.problem import Problem


class Kept:
    """The passes of one problem in a folder (none: nothing is kept), and how many were made now."""

    def __init__(self, problem: Problem, folder: Path | None) -> None:
        self.passes = 0
        self.file: Path | None = None
        self.known: dict[bytes, NDArray[np.float64]] = {}
        if folder is None or not problem.bound.size:
            return
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / f"passes-{_digest(problem)}.f8"
        width = 2 * problem.bound.size + 1
        if self.file.exists():
            found = np.fromfile(self.file)
            found = found[: found.size // width * width].reshape(-1, width)
            found.tofile(self.file)
            self.known = {row[: problem.bound.size].tobytes(): row[problem.bound.size :] for row in found}

    def start(self, find: Callable[[], NDArray[np.float64]]) -> NDArray[np.float64]:
        """The multipliers that the samples led to."""
        if self.file is None:
            return find()
        samples = self.file.with_suffix(".start.f8")
        if not samples.exists():
            half = samples.with_suffix(".part")
            find().tofile(half)
            half.replace(samples)
        return np.fromfile(samples)

    def answer(self, at: NDArray[np.float64], find: Callable[[], dual.Slope]) -> dual.Slope:
        """The bound and its slope at these multipliers: known, or found by a pass and kept."""
        known = self.known.get(at.tobytes())
        if known is not None:
            return float(known[0]), known[1:].copy()
        self.passes += 1
        bound, slope = find()
        if self.file is not None:
            with self.file.open("ab") as out:
                out.write(np.concatenate([at, [bound], slope]).tobytes())
        return bound, slope


def _digest(problem: Problem) -> str:
    """A name for everything that the passes depend on, the values by their sums."""
    said = hashlib.sha256()
    survey, offers = problem.survey, problem.offers
    tables = (
        survey.people,
        survey.eligible,
        survey.total,
        problem.table,
        problem.bound,
        offers.order,
        offers.group_start,
    )
    for table in tables:
        said.update(np.ascontiguousarray(table, np.int64).tobytes())
    said.update(f"{problem.size} {survey.largest} {offers.most}".encode())
    return said.hexdigest()[:16]
