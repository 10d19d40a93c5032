"""Prices: the multipliers that make what everybody wants fit what there is.

For multipliers m >= 0 of limits A n <= b the Lagrangian bound is b.m + sum over rows of the best offers at
prices A'm; it is convex, its slope is b - A n, and one pass over the values gives both. L-BFGS-B (Byrd, Lu,
Nocedal, Zhu 1995) lowers it, first on prefixes of every cell (random samples: keys are hashes), then on all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from tantam.care.allocate import kernel
from tantam.care.allocate.problem import Problem

SAMPLES = (40_000, 320_000, 2_560_000)
"""Rows in the samples; one is used where it is less than a third of all."""
SAMPLE_PASSES = 120
FULL_PASSES = 60
COLD_PASSES = 400
SAMPLE_TOLERANCE = 1e-8
FULL_TOLERANCE = 1e-10
"""Relative gain of a pass below which the search ends; a sample is no better than its noise."""
STEEPEST = 64.0
"""A multiplier stops where its weakest coefficient costs this many times the largest value."""

_NO_ROWS = np.empty(0, np.uint64)


class Dual:
    """The Lagrangian bound over a sample of a problem, scaled so that each multiplier bends it alike."""

    def __init__(
        self, problem: Problem, size: int, bound: NDArray[np.int64], *, worthless: bool = False
    ) -> None:
        """About ``size`` rows, the limits at ``bound`` [limits]; ``worthless`` takes every value as zero."""
        rows = problem.rows
        length = rows.run_end - rows.run_start
        sample = np.minimum(length, np.ceil(length * (size / max(1, problem.size))).astype(np.int64))
        self.problem, self.bound, self.keep = problem, bound, 0 if worthless else -1
        self.end = rows.run_start + sample
        self.weight = np.ones(problem.cells)
        self.weight[rows.run_cell] = length / np.maximum(sample, 1)
        count, mean = problem.survey
        used = problem.by_limit.astype(np.float64)
        value = np.ones_like(mean) if worthless else np.maximum(mean, 1.0)
        bend = used.power(2) @ (count / value).ravel()
        self.height = max(1.0, float((count * value).sum()))
        self.unit = np.sqrt(self.height / np.maximum(bend, 1e-30))
        least = np.where(problem.table == 0, np.inf, np.abs(problem.table)).min(axis=1, initial=np.inf)
        dearest = 1 if worthless else max(1, int(problem.all.value.max(initial=1)))
        self.ceiling = np.where(bend > 0, STEEPEST * dearest / least, 0.0)

    def __call__(self, multipliers: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """The bound at multipliers [limits], ties broken, and its slope."""
        problem = self.problem
        prices = problem.prices(multipliers)
        counts, worth, ties = kernel.tally(
            problem.rows, problem.offers, self.end, prices, self.keep, _NO_ROWS
        )
        weighed = counts * self.weight[:, None]
        profit = self.weight @ (worth + ties / kernel.ONE) - float((prices / kernel.ONE * weighed).sum())
        return float(self.bound @ multipliers) + profit, self.bound - problem.by_limit @ weighed.ravel()

    def lower(
        self, start: NDArray[np.float64], passes: int, tolerance: float = FULL_TOLERANCE
    ) -> NDArray[np.float64]:
        """Better multipliers, from ``start`` in at most about ``passes`` passes."""

        def scaled(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            bound, slope = self(at * self.unit)
            return bound / self.height, slope * self.unit / self.height

        top: Any = self.ceiling / self.unit
        options: Any = {"maxfun": passes, "maxiter": passes, "maxcor": 20, "ftol": tolerance, "gtol": 1e-9}
        begin = np.minimum(start / self.unit, top)
        found = minimize(
            scaled,
            begin,
            jac=True,
            method="L-BFGS-B",
            bounds=list(zip(top * 0, top, strict=True)),
            options=options,
        )
        return np.asarray(found.x * self.unit, np.float64)


def solve(
    problem: Problem,
    bound: NDArray[np.int64],
    start: NDArray[np.float64] | None,
    progress: Callable[[float], None],
) -> NDArray[np.float64]:
    """Multipliers [limits] of the limits with these bounds, from ``start`` or, without one, from samples."""
    if not bound.size:
        return np.zeros(0)
    sizes = [] if start is not None else [s for s in SAMPLES if 3 * s < problem.size]
    at = np.zeros(bound.size) if start is None else start
    for step, size in enumerate(sizes):
        progress(step / (len(sizes) + 1))
        at = Dual(problem, size, bound).lower(at, SAMPLE_PASSES, SAMPLE_TOLERANCE)
    progress(len(sizes) / (len(sizes) + 1))
    return Dual(problem, problem.size, bound).lower(at, FULL_PASSES if at.any() else COLD_PASSES)
