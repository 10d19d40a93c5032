"""Prices: the multipliers that make what everybody wants fit what there is.

For multipliers m >= 0 of limits A n <= b the Lagrangian bound is b.m + sum over rows of the best offers at
prices A'm; it is convex, its slope is b - A n, and one pass over the values gives both. L-BFGS-B (Byrd, Lu,
Nocedal, Zhu 1995) lowers it, first on samples by a hash of the key, each holding the one before, then on all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from tantam.care.allocate import kernel
from tantam.care.allocate.problem import Problem
from tantam.care.allocate.rows import Held, Source, tally

SAMPLES = (40_000, 320_000)
"""Rows in the samples; one is used where it is less than a third of all, then what is held."""
SAMPLE_PASSES = 120
FULL_PASSES = 60
LARGE_PASSES = 16
"""Passes over more rows than are held: after such a sample they take away what the sample's noise breaks."""
COLD_PASSES = 400
SAMPLE_TOLERANCE = 1e-8
FULL_TOLERANCE = 1e-10
"""Relative gain of a pass below which the search ends; a sample is no better than its noise."""
STEEPEST = 64.0
"""A multiplier stops where its weakest coefficient costs this many times the largest value."""

Slope = tuple[float, NDArray[np.float64]]
Memory = Callable[[NDArray[np.float64], Callable[[], Slope]], Slope]
"""What answers for multipliers: what was found before, or what it is given to call."""


class Dual:
    """The Lagrangian bound over all rows or a sample, scaled so that each multiplier bends it alike."""

    def __init__(
        self, problem: Problem, sample: Held | None, bound: NDArray[np.int64], *, worthless: bool = False
    ) -> None:
        """The limits at ``bound`` [limits], over a ``sample`` or all rows; ``worthless`` takes every value as zero."""
        self.problem, self.bound, self.keep = problem, bound, 0 if worthless else -1
        self.source: Source = sample or problem.everyone
        people = problem.survey.people
        seen = np.bincount(sample.block.cell, minlength=people.size) if sample else people
        self.weight = np.where(seen > 0, people / np.maximum(seen, 1), 0.0)
        count, mean = problem.survey.eligible, problem.mean
        used = problem.by_limit.astype(np.float64)
        value = np.ones_like(mean) if worthless else np.maximum(mean, 1.0)
        bend = used.power(2) @ (count / value).ravel()
        self.height = max(1.0, float((count * value).sum()))
        self.unit = np.sqrt(self.height / np.maximum(bend, 1e-30))
        least = np.where(problem.table == 0, np.inf, np.abs(problem.table)).min(axis=1, initial=np.inf)
        dearest = 1 if worthless else max(1, problem.survey.largest)
        self.ceiling = np.where(bend > 0, STEEPEST * dearest / least, 0.0)

    def __call__(self, multipliers: NDArray[np.float64]) -> Slope:
        """The bound at multipliers [limits], ties broken, and its slope."""
        problem = self.problem
        prices = problem.prices(multipliers)
        counts, worth, ties = tally(self.source, problem.offers, prices, self.keep)
        weighed = counts * self.weight[:, None]
        profit = float(self.weight @ (worth + ties / kernel.ONE) - (prices / kernel.ONE * weighed).sum())
        return float(self.bound @ multipliers) + profit, self.bound - problem.by_limit @ weighed.ravel()

    def lower(
        self,
        start: NDArray[np.float64],
        passes: int,
        tolerance: float = FULL_TOLERANCE,
        memory: Memory = lambda at, find: find(),
    ) -> NDArray[np.float64]:
        """Better multipliers, from ``start`` in at most about ``passes`` passes; ``memory`` answers for each."""

        def scaled(at: NDArray[np.float64]) -> Slope:
            here = at * self.unit
            bound, slope = memory(here, lambda: self(here))
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


def from_samples(problem: Problem, told: Callable[[float], None] = lambda share: None) -> NDArray[np.float64]:
    """Multipliers [limits] to start from: those of samples, each larger than the one before; zeros if all are few."""
    at = np.zeros(problem.bound.size)
    if not at.size:
        return at
    samples = [problem.held.below(size / problem.size) for size in SAMPLES if 3 * size < problem.size]
    samples += [] if problem.all_held else [problem.held]
    for step, sample in enumerate(samples):
        told(step / len(samples))
        at = Dual(problem, sample, problem.bound).lower(at, SAMPLE_PASSES, SAMPLE_TOLERANCE)
    return at


def solve(
    problem: Problem,
    bound: NDArray[np.int64],
    start: NDArray[np.float64],
    memory: Memory = lambda at, find: find(),
    told: Callable[[float], None] = lambda share: None,
) -> NDArray[np.float64]:
    """Multipliers [limits] of the limits with these bounds over all rows, from ``start``."""
    if not bound.size:
        return np.zeros(0)
    passes = FULL_PASSES if start.any() else COLD_PASSES
    passes = passes if problem.all_held else LARGE_PASSES
    done = 0

    def heard(at: NDArray[np.float64], find: Callable[[], Slope]) -> Slope:
        nonlocal done
        told(min(1.0, done / passes))
        done += 1
        return memory(at, find)

    return Dual(problem, None, bound).lower(start, passes, memory=heard)
