"""What a figure says and what it does not: its interval, and how a pledge stands by it. Pure.

By the 95 % interval of the figure a pledge is *kept* when the whole of it is as good as the level, *broken* when the
whole of it is worse, *at risk* when the level lies inside, *too few* below the indicator's stated sample, *missing*
when nothing was measured. Where quality is exactly at its level, a month is wrongly called broken about once in forty
(2.5 %); the better it is, the more rarely. A figure without an interval, and a level at the end of the scale (“every
complaint is answered”), is judged by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from math import sqrt

from tantam.office.quality.indicators import Indicator

KEPT, AT_RISK, BROKEN, TOO_FEW, MISSING = "kept", "at_risk", "broken", "too_few", "missing"
STANDINGS = (KEPT, AT_RISK, BROKEN, TOO_FEW, MISSING)
SELF, MINISTRY, THIRD = "self", "ministry", "third"
MEASURERS = (MINISTRY, SELF, THIRD)
"""Whose figure a pledge is judged by, if there are several: the Ministry's before our own, ours before others'."""

_Z = 1.959963984540054
"""Two-sided 95 % of the normal distribution."""

Interval = tuple[float, float]


@dataclass(frozen=True)
class Sums:
    """What rows of one month, place and measurer come to; sums of two sets of rows are the sums of their sums.

    Of the rows that say of how many (``with_n`` rows, ``n`` in all): ``counted`` events, ``weighted`` = Σ n·value,
    ``squares`` = Σ n·value², ``within`` = Σ (n − 1)·spread² over the ``with_spread`` rows that know a spread. Of the
    others ``plain`` = Σ value.
    """

    rows: int = 0
    with_n: int = 0
    n: int = 0
    counted: float = 0.0
    weighted: float = 0.0
    squares: float = 0.0
    within: float = 0.0
    with_spread: int = 0
    plain: float = 0.0

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Sums)))


@dataclass(frozen=True)
class Figure:
    """A figure in its indicator's unit, of how many samples (None: not known), with its 95 % interval (None: none)."""

    value: float
    n: int | None = None
    low: float | None = None
    high: float | None = None


def wilson(counted: float, n: float) -> Interval:
    """The 95 % Wilson score interval of a share ``counted`` of ``n`` > 0, from 0 to 1 (E. B. Wilson, 1927)."""
    share, z2 = counted / n, _Z * _Z
    middle, half = share + z2 / (2 * n), _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    # Exact at the ends: rounding must not leave a hair's breadth below 1 or above 0.
    low = 0.0 if counted <= 0 else (middle - half) / (1 + z2 / n)
    high = 1.0 if counted >= n else (middle + half) / (1 + z2 / n)
    return low, high


def poisson(events: float, exposure: float) -> Interval:
    """The exact 95 % interval of a rate, ``events`` in ``exposure`` > 0 (F. Garwood, 1936)."""
    from scipy.special import gammaincinv

    low = float(gammaincinv(events, 0.025)) if events > 0 else 0.0
    return low / exposure, float(gammaincinv(events + 1, 0.975)) / exposure


def student(mean: float, variance: float, n: int) -> Interval:
    """The 95 % t interval of a mean of ``n`` > 1 samples with a variance."""
    from scipy.special import stdtrit

    half = float(stdtrit(n - 1, 0.975)) * sqrt(variance / n)
    return mean - half, mean + half


def figure(indicator: Indicator, sums: Sums) -> Figure | None:
    """The figure of some rows. Rows that say of how many are weighed by it; only where none does, the plain mean of the
    others, which has no interval. None where there are no rows."""
    if not sums.with_n:
        return Figure(sums.plain / sums.rows) if sums.rows else None
    n = sums.n
    if indicator.kind == "mean":
        mean = sums.weighted / n
        if sums.with_spread < sums.with_n or n < 2:
            return Figure(mean, n)
        variance = max(0.0, sums.within + sums.squares - n * mean * mean) / (n - 1)
        low, high = student(mean, variance, n)
        return Figure(mean, n, max(0.0, low), min(indicator.most, high))
    low, high = (wilson if indicator.kind == "share" else poisson)(sums.counted, n)
    return Figure(100 * sums.counted / n, n, 100 * low, 100 * high)


def together(indicator: Indicator, provinces: Iterable[Sums]) -> Figure | None:
    """The country's figure out of its provinces' rows; None where they do not say of how many, so cannot be weighed."""
    whole = sum(provinces, Sums())
    return figure(indicator, whole) if whole.with_n else None


def stands(indicator: Indicator, level: float, found: Figure | None) -> str:
    """How a pledge of ``level`` stands by a figure: see the head of this module."""
    if found is None:
        return MISSING
    if found.n is not None and found.n < indicator.least:
        return TOO_FEW
    if by_itself(indicator, level, found):
        return KEPT if indicator.stricter(found.value, level) else BROKEN
    assert found.low is not None
    assert found.high is not None
    worst, best = (found.low, found.high) if indicator.direction == "higher" else (found.high, found.low)
    if indicator.stricter(worst, level):
        return KEPT
    return AT_RISK if indicator.stricter(best, level) else BROKEN


def by_itself(indicator: Indicator, level: float, found: Figure) -> bool:
    """Whether a figure is judged without its interval: it has none, or the level is the end of the scale."""
    end = indicator.most if indicator.direction == "higher" else 0.0
    return found.low is None or indicator.stricter(level, end)


def judged(indicator: Indicator, level: float, figures: Mapping[str, Figure]) -> tuple[str, str | None]:
    """How a pledge of ``level`` stands by the figures of several measurers, and by whose: the first in
    :data:`MEASURERS` whose sample is large enough, else the first; missing and None without any."""
    states = {by: stands(indicator, level, figures[by]) for by in MEASURERS if by in figures}
    by = next((by for by, state in states.items() if state != TOO_FEW), next(iter(states), None))
    return (MISSING, None) if by is None else (states[by], by)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
