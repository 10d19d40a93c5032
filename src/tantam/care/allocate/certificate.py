"""What can be sworn to: a bound no allocation can pass, and decisions read afresh against every rule."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from math import inf, nextafter

import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate import kernel
from tantam.care.allocate.blocks import Block
from tantam.care.allocate.changes import Changes, decide
from tantam.care.allocate.problem import Problem
from tantam.care.allocate.rows import Offers, rows_of, tally
from tantam.errors import Fault


def upper_bound(problem: Problem, multipliers: NDArray[np.float64], keep: int = -1) -> float:
    """The Lagrangian bound at multipliers [limits] on true values (no tie-break), exact and rounded upwards.

    No allocation within the limits is worth more. With ``keep`` 0 every value counts as zero: a bound below
    zero then proves that no allocation keeps the limits at all. One pass.
    """
    prices = problem.prices(multipliers)
    plain = problem.offers._replace(twist=np.zeros_like(problem.offers.twist))
    counts, worth, ties = tally(problem.everyone, plain, prices, keep)
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


def read(problem: Problem, prices: NDArray[np.int64], changed: Changes) -> tuple[int, NDArray[np.int64]]:
    """The value of decisions and the turned limits' left sides, in one pass over the instance's own blocks.

    Fault ``not_kept`` if a limit or a row's own rule breaks, or if a changed row is not there.
    """
    counts, worth, broken, met = np.zeros_like(prices), 0, 0, 0
    for part in problem.instance.rows.map(partial(_read, prices, problem.offers, changed)):
        counts += part[0]
        worth, broken, met = worth + part[1], broken + part[2], met + part[3]
    usage = problem.usage(counts)
    passed = [problem.instance.limits[at].name for at in np.flatnonzero(usage > problem.bound)]
    if broken or passed or met != changed.key.size:
        raise Fault(
            "not_kept", f"The allocation broke a rule: {', '.join(passed) or f'{broken} subscribers'}."
        )
    return worth, usage


def _read(
    prices: NDArray[np.int64], offers: Offers, changed: Changes, block: Block
) -> tuple[NDArray[np.int64], int, int, int]:
    done = decide(prices, offers, changed, block)
    rows = rows_of(block.value, block.cell, block.key)
    counts, worth, broken = kernel.recount(rows, offers, done.chosen, prices.shape[0])
    return counts, int(worth), int(broken), int(np.count_nonzero(done.moved | done.dropped))
