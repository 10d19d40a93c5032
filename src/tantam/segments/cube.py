"""All segments in one pass: a bit mask for each subscriber, and one count by province and mask.

Any segment, union or overlap is then read from the cube, a few thousand rows, without touching the base.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam import engines
from tantam.base.store import Base
from tantam.errors import BadInput
from tantam.segments import compile as compiled
from tantam.segments.shipped import MOST_SEGMENTS, Segment, definition, too_many
from tantam.segments.thresholds import Thresholds

Ints = NDArray[np.int64]
Cells = NDArray[np.bool_]

MEASURES = ("low_income", "spend_known", "spend_6m")
"""Summed beside the count of subscribers: low-income subscribers, those whose spend is known, their đồng in
six months.
"""


@dataclass(frozen=True)
class Cube:
    """One cell for each province and combination of segments that occurs: ``province`` (codes), ``mask``,
    ``n`` and the sums of :data:`MEASURES`, all of one length; bit ``i`` of a mask is ``names[i]``."""

    names: tuple[str, ...]
    definition: str
    on: int
    province: NDArray[np.str_]
    mask: Ints
    n: Ints
    sums: Mapping[str, Ints]

    @property
    def subscribers(self) -> int:
        return int(self.n.sum())

    def bit(self, name: str) -> int:
        """The mask of one segment; refuses (``unknown_segment``) a name the cube does not hold."""
        if name not in self.names:
            raise BadInput(
                "unknown_segment", f"“{name}” is not among the groups.", f"There are {', '.join(self.names)}."
            )
        return 1 << self.names.index(name)

    def inside(self, name: str) -> Cells:
        """The cells of one segment."""
        return (self.mask & self.bit(name)) != 0

    def count(self, name: str) -> int:
        """Subscribers in one segment."""
        return int(self.n[self.inside(name)].sum())

    def union(self, names: Sequence[str]) -> int:
        """Subscribers in at least one of the segments, each counted once."""
        wanted = reduce(lambda mask, name: mask | self.bit(name), names, 0)
        return int(self.n[(self.mask & wanted) != 0].sum())

    def both(self, names: Sequence[str]) -> int:
        """Subscribers in every one of the segments."""
        wanted = reduce(lambda mask, name: mask | self.bit(name), names, 0)
        return int(self.n[(self.mask & wanted) == wanted].sum())

    def overlap(self) -> Ints:
        """Subscribers in both of each two segments: int64 [k, k], symmetric, the counts on the diagonal."""
        inside = ((self.mask[:, None] >> np.arange(len(self.names), dtype=np.int64)) & 1).astype(np.int64)
        return np.asarray(inside.T @ (inside * self.n[:, None]), np.int64)

    def total(self, measure: str, cells: Cells | None = None) -> int:
        """A measure over some cells, by default all: ``n`` or one of :data:`MEASURES`."""
        column = self.n if measure == "n" else self.sums[measure]
        return int(column.sum() if cells is None else column[cells].sum())

    def by_province(self, name: str | None = None) -> dict[str, dict[str, int]]:
        """Province → ``n`` and each measure, of one segment or of everybody."""
        cells = np.ones(self.n.size, bool) if name is None else self.inside(name)
        codes, place = np.unique(self.province, return_inverse=True)
        columns = {"n": self.n, **self.sums}
        sums = {
            measure: _grouped(place, np.where(cells, column, 0), codes.size)
            for measure, column in columns.items()
        }
        return {
            str(code): {measure: int(column[i]) for measure, column in sums.items()}
            for i, code in enumerate(codes)
        }


def _grouped(place: NDArray[np.intp], column: Ints, size: int) -> Ints:
    """Sums by group in int64: weights of ``bincount`` would be floats."""
    sums = np.zeros(size, np.int64)
    np.add.at(sums, place, column)
    return sums


def mask(segments: Sequence[Segment], day: int, thresholds: Thresholds) -> nw.Expr:
    """Bit ``i`` is set where segment ``i`` holds: int64, never null; refuses (``too_many_segments``) more
    than 62.
    """
    if len(segments) > MOST_SEGMENTS:
        raise too_many(len(segments))
    return reduce(add, (compiled.amount(s.node, day, thresholds, 1 << i) for i, s in enumerate(segments)))


def find_thresholds(base: Base, segments: Sequence[Segment]) -> Thresholds:
    """The thresholds of all segments on the day of the base."""
    return compiled.thresholds(base.frame, base.on, [segment.node for segment in segments])


def count(base: Base, segments: Sequence[Segment], thresholds: Thresholds | None = None) -> Cube:
    """The cube of the segments: one pass over the columns their rules read, after the thresholds."""
    found = find_thresholds(base, segments) if thresholds is None else thresholds
    spend = nw.col("spend_6m")
    rows = base.frame.select(
        "province",
        mask(segments, base.on, found).alias("mask"),
        nw.col("low_income").cast(nw.Int64),
        (~spend.is_null()).cast(nw.Int64).alias("spend_known"),
        spend.fill_null(0).cast(nw.Int64),
    )
    cells = rows.group_by("province", "mask").agg(nw.len().alias("n"), *(nw.col(m).sum() for m in MEASURES))
    table = cells.sort("province", "mask").collect("pyarrow").to_native()
    return Cube(
        tuple(segment.name for segment in segments),
        definition(segments),
        base.on,
        np.array(table["province"].to_pylist(), str),
        _ints(table, "mask"),
        _ints(table, "n"),
        {measure: _ints(table, measure) for measure in MEASURES},
    )


def _ints(table: pa.Table, name: str) -> Ints:
    return np.asarray(table[name].cast(pa.int64()).to_numpy(), np.int64)


def mask_table(base: Base, segments: Sequence[Segment], path: Path) -> int:
    """Write who is in which segment as Parquet: ``key``, ``mask`` int64; gives the rows written.

    The file says in its metadata what the bits mean: ``segments`` (names in order), ``on``, ``definition``.
    """
    frame = base.frame.select("key", mask(segments, base.on, find_thresholds(base, segments)).alias("mask"))
    says = {
        "segments": json.dumps([segment.name for segment in segments]),
        "on": str(base.on),
        "definition": definition(segments),
    }
    schema = pa.schema([("key", pa.int64()), ("mask", pa.int64())], metadata=says)
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in engines.batches(frame):
            writer.write_batch(batch.cast(schema))
            rows += batch.num_rows
    return rows
