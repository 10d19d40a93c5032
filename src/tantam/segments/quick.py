"""How many a rule means: at once from a sample, with its interval, then exactly.

Keys are hashes, so whoever has a small key is a random sample, the same every time; and because the base lies
sorted by province and key, the sample is read from few places. Percentile thresholds are found over everybody
even for a sample: only the count is estimated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import narwhals as nw

from tantam.base.store import Base
from tantam.keys import MOST_KEY
from tantam.segments import compile as compiled
from tantam.segments.thresholds import Thresholds
from tantam.segments.tree import All, Node, Truth

SAMPLE_ROWS = 200_000
_Z = 1.959963984540054
"""The 97.5 % point of the standard normal."""


@dataclass(frozen=True)
class Count:
    """Subscribers who fit a rule, with the 95 % interval; ``looked_at`` are those asked. Exact: low = count =
    high.
    """

    count: int
    low: int
    high: int
    exact: bool
    looked_at: int


def exactly(base: Base, node: Node, thresholds: Thresholds | None = None) -> Count:
    """Count everybody."""
    hits, rows = _ask(base, base.frame, node, thresholds)
    return Count(hits, hits, hits, True, rows)


def sampled(base: Base, node: Node, thresholds: Thresholds | None = None, rows: int = SAMPLE_ROWS) -> Count:
    """Count a sample of about ``rows`` and scale it up; exact where the base is hardly larger."""
    if base.rows <= 2 * rows:
        return exactly(base, node, thresholds)
    few = base.frame.filter(nw.col("key") < MOST_KEY // base.rows * rows)
    hits, asked = _ask(base, few, node, thresholds)
    if asked == 0:
        return exactly(base, node, thresholds)
    low, high = interval(hits, asked, base.rows)
    return Count(round(hits * base.rows / asked), low, high, False, asked)


def interval(hits: int, asked: int, of: int) -> tuple[int, int]:
    """The 95 % interval of how many of ``of`` fit, when ``hits`` of ``asked`` do.

    Wilson's score interval (1927) with the sample's size raised by the finite population correction; never
    less than those seen to fit, never more than all but those seen not to.
    """
    if asked >= of:
        return hits, hits
    size = asked * (of - 1) / (of - asked)
    share = hits / asked
    middle = (share + _Z**2 / (2 * size)) / (1 + _Z**2 / size)
    half = _Z / (1 + _Z**2 / size) * math.sqrt(share * (1 - share) / size + _Z**2 / (4 * size**2))
    low, high = math.floor((middle - half) * of), math.ceil((middle + half) * of)
    return max(low, hits), min(high, of - (asked - hits))


def _ask(base: Base, frame: nw.LazyFrame, node: Node, thresholds: Thresholds | None) -> tuple[int, int]:  # type: ignore[type-arg]
    found = compiled.thresholds(base.frame, base.on, [node]) if thresholds is None else thresholds
    holds = compiled.amount(node, base.on, found, 1)
    row = (
        frame.select(holds.alias("holds"))
        .select(nw.col("holds").sum(), nw.len().alias("n"))
        .collect("pyarrow")
    )
    return int(row["holds"][0] or 0), int(row["n"][0])


def funnel(base: Base, node: Node) -> list[tuple[Node, int]]:
    """Who falls out where: each condition of a rule, with those left after it and all before it, in one
    pass.
    """
    parts: tuple[Node, ...] = node.items if isinstance(node, All) else (node,)
    found = compiled.thresholds(base.frame, base.on, [node])
    steps: list[Node] = [Truth(True), *(All(parts[: i + 1]) for i in range(len(parts)))]
    left = [compiled.amount(step, base.on, found, 1).alias(f"s{i}") for i, step in enumerate(steps)]
    row = (
        base.frame.select(*left)
        .select(*(nw.col(f"s{i}").sum() for i in range(len(steps))))
        .collect("pyarrow")
    )
    return [(part, int(row[f"s{i}"][0] or 0)) for i, part in enumerate((Truth(True), *parts))]
