"""Warnings before a pledge breaks: a month unlike those before it, and a trend that leads over the level. Pure.

A month is *unlike* those before it when it is worse than they lead to expect: beyond the prediction interval made of
the 12 to 24 months before. As on a p′-chart (D. B. Laney, 2002) the spread between months counts, not only that of
their samples; means, and figures without n, are an individuals chart. It knows no seasons.

A *trend* is a straight line through the last twelve months that leads over the level within half a year, if so steep a
slope comes by chance once in a hundred.

Where nothing has changed, a month is wrongly called unlike at most about once in two hundred (measured by simulation:
0.2 to 0.6 %, by how much months differ of themselves), so in ten years two to five pledges of ten are once. Tests hold
that. Neither makes a promise; they say where to look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import exp, log, sqrt

from tantam.office.quality.indicators import Indicator

FEWEST, MOST = 12, 24
"""Of how many months before it a month's band is made."""
RARE = 0.005
"""How often a month that is like those before it is called worse: once in two hundred."""
STEEP = 0.01
"""How often so steep a slope towards the level comes by chance."""
TREND_MONTHS, TREND_FEWEST, AHEAD = 12, 9, 6
"""A trend is of so many months, of which so many were measured, and is followed so many months ahead."""


@dataclass(frozen=True)
class Month:
    """What was measured in one month: its first day, the figure in the indicator's unit, of how many samples."""

    on: date
    value: float
    n: int | None = None


@dataclass(frozen=True)
class Band:
    """What the months before one led to expect of it; ``worse`` and ``better`` where it lies outside."""

    on: date
    expected: float
    low: float
    high: float
    worse: bool
    better: bool


@dataclass(frozen=True)
class Trend:
    """A line that leads over the level: by how much a month, when it probably crosses, and when at the earliest (the
    worse end of the 95 % prediction interval)."""

    slope: float
    crosses: date
    earliest: date
    months: int


def bands(of: Indicator, months: Sequence[Month]) -> list[Band | None]:
    """For each month, oldest first, its band; None for the first twelve, and after months that were all the same."""
    return [_band(of, months[max(0, at - MOST) : at], month) for at, month in enumerate(months)]


def trend(of: Indicator, level: float, months: Sequence[Month]) -> Trend | None:
    """The line through the last twelve months (oldest first), if it leads over the level within half a year; None where
    it does not, where the level is crossed already, and where too few months were measured."""
    if not months:
        return None
    now = _count(months[-1].on)
    recent = [m for m in months if now - _count(m.on) < TREND_MONTHS]
    if len(recent) < TREND_FEWEST or not of.stricter(recent[-1].value, level):
        return None
    xs, ys = [_count(m.on) - now for m in recent], [m.value for m in recent]
    count = len(recent)
    x0, y0 = sum(xs) / count, sum(ys) / count
    spread = sum((x - x0) ** 2 for x in xs)
    slope = sum((x - x0) * (y - y0) for x, y in zip(xs, ys, strict=True)) / spread
    rest = sum((y - y0 - slope * (x - x0)) ** 2 for x, y in zip(xs, ys, strict=True)) / (count - 2)
    if (slope if of.direction == "lower" else -slope) <= _student(count - 2, STEEP) * sqrt(rest / spread):
        return None

    def at(ahead: int, width: float = 0.0) -> float:
        line = y0 + slope * (ahead - x0)
        far = width * sqrt(rest * (1 + 1 / count + (ahead - x0) ** 2 / spread))
        return line + far if of.direction == "lower" else line - far

    wide = _student(count - 2, 0.025)
    crossing = next((h for h in range(1, AHEAD + 1) if not of.stricter(at(h), level)), None)
    if crossing is None:
        return None
    earliest = next(h for h in range(1, AHEAD + 1) if not of.stricter(at(h, wide), level))
    return Trend(slope, _month(now + crossing), _month(now + earliest), count)


def _band(of: Indicator, before: Sequence[Month], month: Month) -> Band | None:
    if len(before) < FEWEST:
        return None
    weighed = of.kind != "mean" and all(m.n for m in (*before, month))
    seen = [_seen(of, m, weighed) for m in before]
    expected, between, middle = _random_effects(seen)
    variance = between + _seen(of, month, weighed)[1] + middle
    if variance <= 0:
        return None
    far = _student(len(before) - (2 if weighed else 1), RARE) * sqrt(variance)
    low, mid, high = (_back(of, y, weighed) for y in (expected - far, expected, expected + far))
    above, below = month.value > high, month.value < low
    worse, better = (above, below) if of.direction == "lower" else (below, above)
    return Band(month.on, mid, max(0.0, low), min(of.most, high), worse, better)


def _seen(of: Indicator, month: Month, weighed: bool) -> tuple[float, float]:
    """A figure on the scale on which it varies evenly, and its variance there by its samples alone: log odds of a
    share, the log of a rate; a mean as it is, since how far months differ says it all."""
    if not weighed or not month.n:
        return month.value, 0.0
    counted = month.value * month.n / 100 + 0.5
    if of.kind == "rate":
        return log(counted / month.n), 1 / counted
    other = max(month.n + 1 - counted, 0.5)
    return log(counted / other), 1 / counted + 1 / other


def _back(of: Indicator, y: float, weighed: bool) -> float:
    if not weighed:
        return y
    return 100 * exp(min(y, 50)) if of.kind == "rate" else 100 / (1 + exp(-y))


def _random_effects(seen: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """The mean of what months vary about, the variance between months beside that of their samples, and the variance
    of the mean (R. DerSimonian and N. Laird, 1986)."""
    count = len(seen)
    if all(own == 0 for _, own in seen):
        mean = sum(y for y, _ in seen) / count
        between = sum((y - mean) ** 2 for y, _ in seen) / (count - 1)
        return mean, between, between / count
    weights = [1 / own for _, own in seen]
    whole = sum(weights)
    mean = sum(w * y for w, (y, _) in zip(weights, seen, strict=True)) / whole
    excess = sum(w * (y - mean) ** 2 for w, (y, _) in zip(weights, seen, strict=True)) - (count - 1)
    between = max(0.0, excess / (whole - sum(w * w for w in weights) / whole))
    weights = [1 / (own + between) for _, own in seen]
    mean = sum(w * y for w, (y, _) in zip(weights, seen, strict=True)) / sum(weights)
    return mean, between, 1 / sum(weights)


def _student(freedom: int, tail: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 1 - tail))


def _count(month: date) -> int:
    return month.year * 12 + month.month - 1


def _month(count: int) -> date:
    return date(count // 12, count % 12 + 1, 1)
