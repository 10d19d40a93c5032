"""What each group is like: persons, share, spend in the middle and on average, low-income share, and by
province.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.base.store import Base
from tantam.segments import cube
from tantam.segments.shipped import Segment
from tantam.segments.thresholds import BUCKET, Thresholds, near


@dataclass(frozen=True)
class Line:
    """One group, or everybody. Spends are whole đồng in six months among those whose spend is known, else
    None.
    """

    segment: Segment | None
    persons: int
    median_dong: int | None
    mean_dong: int | None
    low_income: int
    by_province: dict[str, dict[str, int]]


@dataclass(frozen=True)
class Profile:
    """Everybody first, then a line a group."""

    cube: cube.Cube
    everybody: Line
    groups: tuple[Line, ...]


def profile(base: Base, segments: Sequence[Segment]) -> Profile:
    """The cube of the segments and the middle spend of each: three passes after the thresholds."""
    found = cube.find_thresholds(base, segments)
    cells = cube.count(base, segments, found)
    medians = _medians(base, segments, found)
    groups = tuple(_line(cells, segment, medians[i + 1]) for i, segment in enumerate(segments))
    return Profile(cells, _line(cells, None, medians[0]), groups)


def _line(cells: cube.Cube, segment: Segment | None, median: int | None) -> Line:
    name = segment.name if segment else None
    inside = cells.inside(name) if name else None
    known = cells.total("spend_known", inside)
    mean = round(cells.total("spend_6m", inside) / known) if known else None
    return Line(
        segment,
        cells.total("n", inside),
        median,
        mean,
        cells.total("low_income", inside),
        cells.by_province(name),
    )


def _medians(base: Base, segments: Sequence[Segment], thresholds: Thresholds) -> list[int | None]:
    """The middle ``spend_6m`` of everybody and of each segment, exact; the lower one of an even number.

    The same two passes as the thresholds: counts by bucket, then by value in the buckets where the middles
    lie.
    """
    spend = nw.col("spend_6m")
    rows = base.frame.select(cube.mask(segments, base.on, thresholds).alias("mask"), spend.cast(nw.Int64))
    rows = rows.filter(~spend.is_null()).with_columns((spend / BUCKET).floor().cast(nw.Int64).alias("bucket"))
    masks = [0, *(1 << i for i in range(len(segments)))]
    buckets = _Counts.of(rows, "bucket")
    places = [buckets.find(mask, None) for mask in masks]
    wanted = sorted({place[0] for place in places if place})
    if not wanted:
        return [None for _ in masks]
    values = _Counts.of(rows.filter(near(spend, wanted)), "spend_6m")
    return [_within(values, mask, place) for mask, place in zip(masks, places, strict=True)]


def _within(values: _Counts, mask: int, place: tuple[int, int] | None) -> int | None:
    if place is None:
        return None
    bucket, rank = place
    found = values.only(values.at // BUCKET == bucket).find(mask, rank)
    assert found is not None, "the rank lies within its bucket"
    return found[0]


@dataclass(frozen=True)
class _Counts:
    """How many rows of each mask lie at each place, by place upwards."""

    mask: NDArray[np.int64]
    at: NDArray[np.int64]
    n: NDArray[np.int64]

    @classmethod
    def of(cls, rows: nw.LazyFrame, column: str) -> _Counts:  # type: ignore[type-arg]
        counted = (
            rows.group_by("mask", column).agg(nw.len().alias("n")).sort(column).collect("pyarrow").to_native()
        )
        mask, at, n = (
            np.asarray(counted[name].cast(pa.int64()).to_numpy()) for name in ("mask", column, "n")
        )
        return cls(mask, at, n)

    def only(self, keep: NDArray[np.bool_]) -> _Counts:
        return _Counts(self.mask[keep], self.at[keep], self.n[keep])

    def find(self, mask: int, rank: int | None) -> tuple[int, int] | None:
        """Where the ``rank``-th lowest row of a mask lies (by default the middle one), and its rank at that
        place.
        """
        inside = self.only((self.mask & mask) == mask)
        upto = np.cumsum(inside.n)
        if not upto.size:
            return None
        rank = (int(upto[-1]) + 1) // 2 if rank is None else rank
        i = int(np.searchsorted(upto, rank))
        at = inside.at[i]
        before = inside.n[inside.at < at].sum()
        return int(at), rank - int(before)
