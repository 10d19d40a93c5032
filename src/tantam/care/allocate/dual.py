"""Prices: the multipliers that make what everybody wants fit what there is.

For multipliers m >= 0 of limits A n <= b the Lagrangian bound is b.m + sum over rows of the best offers at
prices A'm; it is convex, its slope is b - A n, and one pass over the values gives both. L-BFGS-B (Byrd, Lu,
Nocedal, Zhu 1995) lowers it, first on samples by a hash of the key, each holding the one before, then on all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from tantam.care.allocate import kernel, near
from tantam.care.allocate.kept import Kept
from tantam.care.allocate.problem import Problem
from tantam.care.allocate.rows import Held, tally

SAMPLES = (40_000, 320_000)
"""Rows in the samples; one is used where it is less than a third of all, then what is held."""
SAMPLE_PASSES = 120
FULL_PASSES = 60
NEAR_PASSES = 120
DEEP = 4.0
"""How many times the moves that the limits are off by are gathered then."""
TURNS = 2
"""Of many rows: how often those near the threshold are gathered and the rest is held to what it gets."""
COLD_PASSES = 400
SAMPLE_TOLERANCE = 1e-8
FEW_TOLERANCE = 1e-9
TOLERANCE = 1e-10
"""Relative gain of a pass below which the search ends; a sample is no better than its noise, and what few rows win by
one more pass is less than repair wins."""
STEEPEST = 64.0
"""A multiplier stops where its weakest coefficient costs this many times the largest value."""


class Rest(NamedTuple):
    """What rows that are not held get, whatever the prices."""

    counts: NDArray[np.int64]
    """[cells, offers]."""
    worth: int


class Dual:
    """The Lagrangian bound over all held rows, scaled so that each multiplier bends it alike."""

    def __init__(
        self,
        problem: Problem,
        held: Held,
        bound: NDArray[np.int64],
        *,
        rest: Rest | None = None,
        worthless: bool = False,
    ) -> None:
        """The limits at ``bound`` [limits]. Where the held rows are few they stand for all of their cells, or for
        themselves beside a ``rest``; ``worthless`` takes every value as zero."""
        self.problem, self.bound, self.keep = problem, bound, 0 if worthless else -1
        self.held, self.rest = held, rest or Rest(np.zeros_like(problem.survey.eligible), 0)
        people = problem.survey.people
        seen = np.bincount(held.block.cell, minlength=people.size)
        self.weight = np.where(seen > 0, 1.0 if rest else people / np.maximum(seen, 1), 0.0)
        count, mean = problem.survey.eligible, problem.mean
        used = problem.by_limit.astype(np.float64)
        value = np.ones_like(mean) if worthless else np.maximum(mean, 1.0)
        bend = used.power(2) @ (count / value).ravel()
        self.height = max(1.0, float((count * value).sum()))
        self.unit = np.sqrt(self.height / np.maximum(bend, 1e-30))
        least = np.where(problem.table == 0, np.inf, np.abs(problem.table)).min(axis=1, initial=np.inf)
        dearest = 1 if worthless else max(1, problem.survey.largest)
        self.ceiling = np.where(bend > 0, STEEPEST * dearest / least, 0.0)

    def __call__(self, multipliers: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """The bound at multipliers [limits], ties broken, and its slope."""
        problem = self.problem
        prices = problem.prices(multipliers)
        counts, worth, ties = tally(self.held, problem.offers, prices, self.keep)
        weighed = counts * self.weight[:, None] + self.rest.counts
        profit = float(self.weight @ (worth + ties / kernel.ONE) - (prices / kernel.ONE * weighed).sum())
        profit += float(self.rest.worth)
        return float(self.bound @ multipliers) + profit, self.bound - problem.by_limit @ weighed.ravel()

    def lower(
        self, start: NDArray[np.float64], passes: int, tolerance: float = TOLERANCE
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
    kept: Kept | None = None,
    told: Callable[[float], None] = lambda share: None,
) -> NDArray[np.float64]:
    """Multipliers [limits] of the limits with these bounds over all rows, from ``start``.

    Of many rows: in turns, over those near the threshold of the multipliers so far. Two passes over all
    rows a turn; ``kept`` knows of turns made before.
    """
    if not bound.size:
        return np.zeros(0)
    if problem.few:
        passes = FULL_PASSES if start.any() else COLD_PASSES
        return Dual(problem, problem.held, bound).lower(start, passes, FEW_TOLERANCE)
    for turn in range(TURNS):
        told(turn / TURNS)
        at = start
        start = kept.turn(turn, partial(_turn, problem, bound, at)) if kept else _turn(problem, bound, at)
    return start


def _turn(problem: Problem, bound: NDArray[np.int64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    prices = problem.prices(at)
    found = near.spread(problem, prices)
    held = near.pool(problem, prices, found, at, DEEP)
    own = tally(held, problem.offers, prices)
    rest = Rest(found.counts - own.counts, int(found.worth[0] - own.worth.sum()))
    return Dual(problem, held, bound, rest=rest).lower(at, NEAR_PASSES)
