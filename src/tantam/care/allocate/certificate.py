"""What can be sworn to: a bound no allocation can pass, and decisions read afresh against every rule."""

from __future__ import annotations

from fractions import Fraction
from math import inf, nextafter

import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate import kernel
from tantam.care.allocate.problem import Problem
from tantam.errors import Fault


def upper_bound(problem: Problem, multipliers: NDArray[np.float64], keep: int = -1) -> float:
    """The Lagrangian bound at multipliers [limits] on true values (no tie-break), exact and rounded upwards.

    No allocation within the limits is worth more. With ``keep`` 0 every value counts as zero: a bound below
    zero then proves that no allocation keeps the limits at all.
    """
    prices = problem.prices(multipliers)
    plain = problem.offers._replace(twist=np.zeros_like(problem.offers.twist))
    end, nothing = problem.rows.run_end, np.empty(0, np.uint64)
    counts, worth, ties = kernel.tally(problem.rows, plain, end, prices, keep, nothing)
    paid = sum(int(p) * int(n) for p, n in zip(prices.ravel(), counts.ravel(), strict=True))
    total = sum(int(w) for w in worth) * kernel.ONE + sum(int(t) for t in ties) - paid
    places = problem.size * problem.offers.most
    bound = (total + Fraction(_rounded(problem, multipliers, prices)) * places) / kernel.ONE
    for multiplier, limit in zip(multipliers, problem.bound, strict=True):
        bound += Fraction(float(multiplier)) * int(limit)
    return nextafter(float(bound), inf)


def _rounded(problem: Problem, multipliers: NDArray[np.float64], prices: NDArray[np.int64]) -> float:
    """By how many fine steps a price may stand above what the multipliers mean: its rounding, float64's."""
    meant = problem.priced_by @ multipliers
    noise = (abs(problem.priced_by) @ multipliers) * 2.0**-45
    return max(0.0, float((prices.ravel() - (meant - noise) * kernel.ONE).max(initial=0.0)))


def read(problem: Problem, chosen: NDArray[np.uint64]) -> tuple[int, NDArray[np.int64]]:
    """The value of decisions [rows] and the turned limits' left sides; Fault ``not_kept`` if one breaks."""
    counts, worth, broken = kernel.recount(problem.rows, problem.offers, chosen, problem.cells)
    usage = problem.usage(counts)
    passed = [problem.instance.limits[at].name for at in np.flatnonzero(usage > problem.bound)]
    if broken or passed:
        raise Fault(
            "not_kept", f"The allocation broke a rule: {', '.join(passed) or f'{broken} subscribers'}."
        )
    return int(worth), usage
