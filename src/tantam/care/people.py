"""The subscribers of a round as arrays: read once from the base, in cells, ready for the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam import engines
from tantam.base.columns import BASES, DOCUMENTED
from tantam.base.store import Base
from tantam.care import relief, worth
from tantam.care.limits import CODES
from tantam.care.offers import Offers
from tantam.segments import cube
from tantam.segments.shipped import Segment


@dataclass(frozen=True)
class People:
    """``n`` subscribers sorted by cell and key.

    key int64; cell int32 (:data:`tantam.care.limits.CELLS`); basis int8 (place in BASES, −1 none); documented bool;
    asked_on int64 days; worth int32 [commercial offers, n]; needs bool [relief and notices, n]; groups int64 mask of
    the segments handed in.
    """

    key: NDArray[np.int64]
    cell: NDArray[np.int32]
    basis: NDArray[np.int8]
    documented: NDArray[np.bool_]
    asked_on: NDArray[np.int64]
    worth: NDArray[np.int32]
    needs: NDArray[np.bool_]
    groups: NDArray[np.int64]

    @property
    def n(self) -> int:
        return int(self.key.size)

    @property
    def low_income(self) -> NDArray[np.bool_]:
        return (self.cell & 1).astype(bool)

    @property
    def province(self) -> NDArray[np.int32]:
        """The place in CODES."""
        return self.cell >> 1


def gather(base: Base, offers: Offers, asked: worth.Asked, segments: tuple[Segment, ...]) -> People:
    """Read what a round needs of everybody, in one pass over the base."""
    needs = [o for o in offers.offers if o.kind != "commercial"]
    groups = cube.mask(segments, asked.on, asked.thresholds) if segments else nw.lit(0)
    frame = worth.table(
        base.frame,
        offers,
        asked,
        *(nw.col(name) for name in worth.WHO),
        *(worth.who(offer, asked).alias(f"n{i}") for i, offer in enumerate(needs)),
        groups.alias("groups"),
    )
    return _people(engines.collect(frame), len(offers.commercial), len(needs))


def _people(table: pa.Table, offers: int, needs: int) -> People:
    key = _array(table, "key", np.int64)
    place = {code: p for p, code in enumerate(CODES)}
    cell = 2 * _coded(table, "province", place).astype(np.int32) + _array(table, "low_income", np.int32)
    order = np.lexsort((key, cell))
    basis = _coded(table, "hardship_basis", {b: i for i, b in enumerate(BASES)})[order]
    days = table.column("hardship_on").cast(pa.float64()).to_numpy()
    matrix = np.empty((offers, key.size), np.int32)
    for j in range(offers):
        matrix[j] = _array(table, f"w{j}", np.int32)[order]
    return People(
        key=key[order],
        cell=cell[order],
        basis=basis,
        documented=np.isin(basis, [BASES.index(b) for b in DOCUMENTED]),
        asked_on=relief.asked_days(days)[order],
        worth=matrix,
        needs=np.array([_array(table, f"n{i}", np.bool_)[order] for i in range(needs)], bool).reshape(
            needs, key.size
        ),
        groups=_array(table, "groups", np.int64)[order],
    )


def _array(table: pa.Table, name: str, kind: type[Any]) -> Any:
    return table.column(name).to_numpy().astype(kind, copy=False)


def _coded(table: pa.Table, name: str, places: dict[str, int]) -> NDArray[np.int8]:
    """A short word as its place in a fixed list, −1 where null or unknown; int8 [n]."""
    column = table.column(name).combine_chunks().dictionary_encode()
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    codes = np.array([places.get(word, -1) for word in column.dictionary.to_pylist()] + [-1], np.int8)
    return codes[column.indices.fill_null(len(codes) - 1).to_numpy(zero_copy_only=False)]
