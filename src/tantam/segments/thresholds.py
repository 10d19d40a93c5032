"""The thresholds of ``top_percent``, found before the main pass as a small table: exact, and the same on
every engine.

A portable two-pass histogram: first the count of each bucket of 4096 values, then the count of each distinct
value in the one bucket where the threshold lies. Quantile functions differ from engine to engine; counts do
not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.errors import BadInput
from tantam.segments.tree import PPM, Field, TopPercent, text

BUCKET = 4096
"""A power of two: dividing by it is exact, so that buckets keep the order of the values."""
MOST_GROUPS = 1_000
_CLOSE = 16
"""A few cells more to count are cheaper than one range more to compare every row with."""

Number = Callable[[Field], nw.Expr]


@dataclass(frozen=True)
class Thresholds:
    """``tables``: rule text of a percentile → group → the least value that is in; the group is "" where there
    is no ``by``. A group without anyone whose value is known has none."""

    tables: Mapping[str, Mapping[str, int]]

    def of(self, node: TopPercent) -> dict[str, int]:
        """The thresholds of one percentile by group."""
        return dict(self.tables[text(node)])

    def to_json(self) -> dict[str, dict[str, int]]:
        """As kept with a round, so that one subscriber can be explained later as he was decided."""
        return {name: dict(table) for name, table in self.tables.items()}

    @classmethod
    def from_json(cls, facts: Mapping[str, Mapping[str, int]]) -> Thresholds:
        """Back from :meth:`to_json`."""
        return cls(
            {name: {group: int(least) for group, least in table.items()} for name, table in facts.items()}
        )


def find(frame: nw.LazyFrame[Any], tops: Iterable[TopPercent], number: Number) -> Thresholds:
    """The thresholds of each percentile; refuses (``too_many_groups``) a ``by`` of more than 1,000 values."""
    together: dict[tuple[Field, Field | None], list[TopPercent]] = defaultdict(list)
    for top in tops:
        together[top.field, top.by].append(top)
    tables: dict[str, Mapping[str, int]] = {}
    for (field, by), same in together.items():
        found = _least(_placed(frame, number(field), by), [top.ppm for top in same])
        tables |= {text(top): least for top, least in zip(same, found, strict=True)}
    return Thresholds(tables)


def _placed(frame: nw.LazyFrame[Any], value: nw.Expr, by: Field | None) -> nw.LazyFrame[Any]:
    """``group`` and ``value`` of every row, null where not known."""
    everyone = nw.when(~nw.col("key").is_null()).then(nw.lit(""))
    group = everyone if by is None else nw.col(by.name)
    return frame.select(group.alias("group"), value.cast(nw.Int64).alias("value"))


def near(value: nw.Expr, buckets: Sequence[int]) -> nw.Expr:
    """Whether a value lies in one of the buckets (in order), or between two that lie close: a few ranges, no list."""
    ends: list[list[int]] = []
    for bucket in buckets:
        if ends and bucket - ends[-1][1] <= _CLOSE:
            ends[-1][1] = bucket
        else:
            ends.append([bucket, bucket])
    return reduce(or_, ((value >= low * BUCKET) & (value < (high + 1) * BUCKET) for low, high in ends))


@dataclass(frozen=True)
class _Place:
    """Where a group's threshold lies: in ``bucket``, at the ``rank``-th greatest value of it."""

    group: str
    bucket: int
    rank: int


@dataclass(frozen=True)
class _Counts:
    """How many rows of one group lie at each place, from the greatest place down."""

    at: NDArray[np.int64]
    n: NDArray[np.int64]

    def find(self, rank: int) -> tuple[int, int]:
        """The place of the ``rank``-th greatest row, and its rank there."""
        upto = np.cumsum(self.n)
        i = int(np.searchsorted(upto, rank))
        return int(self.at[i]), rank - int(upto[i] - self.n[i])


def _least(rows: nw.LazyFrame[Any], shares: list[int]) -> list[dict[str, int]]:
    """For each share, the least value that is in by group: the k-th greatest, k the share rounded up."""
    buckets = _counts(rows, (nw.col("value") / BUCKET).floor())
    if len(buckets) > MOST_GROUPS:
        raise BadInput(
            "too_many_groups",
            f"top_percent is asked by {len(buckets):,} groups.",
            f"At most {MOST_GROUPS:,} are.",
        )
    places = [[_place(group, counts, ppm) for group, counts in buckets.items()] for ppm in shares]
    wanted = sorted({place.bucket for row in places for place in row})
    if not wanted:
        return [{} for _ in shares]
    values = _counts(rows, nw.when(near(nw.col("value"), wanted)).then(nw.col("value")))
    return [{place.group: _at_rank(place, values[place.group]) for place in row} for row in places]


def _counts(rows: nw.LazyFrame[Any], place: nw.Expr) -> dict[str, _Counts]:
    """Group → its counts by place (a bucket, a value), of the rows whose group and place are not null.

    Those that are go when all is counted, for there are few cells: a filter of the rows costs DuckDB more than the
    count.
    """
    cells = rows.select("group", place.alias("at")).group_by("group", "at").agg(nw.len().alias("n"))
    table = cells.collect("pyarrow").to_native().drop_null()
    groups = table["group"].combine_chunks().dictionary_encode()
    code = np.asarray(groups.indices.to_numpy())
    at, n = (np.asarray(table[name].cast(pa.int64()).to_numpy()) for name in ("at", "n"))
    order = np.lexsort((-at, code))
    ends = np.searchsorted(code[order], np.arange(len(groups.dictionary) + 1))
    rows_of = [order[low:high] for low, high in pairwise(ends)]
    return {
        name: _Counts(at[i], n[i]) for name, i in zip(groups.dictionary.to_pylist(), rows_of, strict=True)
    }


def _place(group: str, counts: _Counts, ppm: int) -> _Place:
    return _Place(group, *counts.find(-(-int(counts.n.sum()) * ppm // PPM)))


def _at_rank(place: _Place, values: _Counts) -> int:
    inside = values.at // BUCKET == place.bucket
    return _Counts(values.at[inside], values.n[inside]).find(place.rank)[0]
