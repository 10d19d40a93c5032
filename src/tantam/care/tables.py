"""The files of a round's decisions, written block by block in the order of cell, key and offer, with a digest of what
was decided that no block shows in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam.base.columns import BASES
from tantam.care import choosing, limits, offers, relief
from tantam.care.people import Part
from tantam.care.values import Seen, Values

DECISIONS = pa.schema(
    [
        ("key", pa.int64()),
        ("offer", pa.string()),
        ("given", pa.bool_()),
        ("repaired", pa.bool_()),
        ("cost_dong", pa.int64()),
        ("value", pa.int64()),
        ("propensity", pa.float64()),
        ("province", pa.string()),
        ("low_income", pa.bool_()),
        ("reason", pa.string()),
    ]
)
RELIEF = pa.schema(
    [
        ("key", pa.int64()),
        ("offer", pa.string()),
        ("cost_dong", pa.int64()),
        ("province", pa.string()),
        ("low_income", pa.bool_()),
        ("basis", pa.string()),
        ("reason", pa.string()),
    ]
)
GROUP_ROWS = 100_000

Columns = tuple[NDArray[Any], ...]
"""Parallel arrays, the first two key int64 and cell int32, sorted by cell and key."""


def in_order(blocks: Iterator[Columns], seen: Sequence[Seen]) -> Iterator[Columns]:
    """The rows of all blocks by cell and key, as soon as no later block can have an earlier one. Where blocks follow
    each other in the base's order (province, key), little waits: what is of low-income people in one province.
    """
    waiting: list[Columns] = []
    for number, block in enumerate(blocks):
        later = min(((s.cell, s.key) for s in seen[number + 1 :]), default=None)
        waiting.append(block)
        split = [(rows, _before(rows, later)) for rows in waiting]
        ready = [tuple(column[:at] for column in rows) for rows, at in split if at]
        waiting = [tuple(column[at:] for column in rows) for rows, at in split if at < rows[0].size]
        if ready:
            key, cell, *rest = (np.concatenate(column) for column in zip(*ready, strict=True))
            order = np.lexsort((key, cell))
            yield tuple(column[order] for column in (key, cell, *rest))


def _before(rows: Columns, later: tuple[int, int] | None) -> int:
    """How many of some rows stand before a cell and key."""
    key, cell = rows[:2]
    if later is None:
        return key.size
    low, high = (int(np.searchsorted(cell, later[0], side=side)) for side in ("left", "right"))
    return low + int(np.searchsorted(key[low:high], later[1]))


class Sheet:
    """A Parquet file written a piece at a time; ``digest`` runs over each column, however it was cut."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._schema = schema
        self._waiting = schema.empty_table()
        self._digests: list[Any] = []

    def write(self, columns: list[Any], decided: Columns) -> None:
        """Add rows: all columns of the file, and those that were decided, for the digest."""
        self._waiting = pa.concat_tables([self._waiting, pa.table(columns, schema=self._schema)])
        self._digests = self._digests or [hashlib.sha256() for _ in decided]
        for digest, column in zip(self._digests, decided, strict=True):
            digest.update(np.ascontiguousarray(column).tobytes())
        self._flush(self._waiting.num_rows // GROUP_ROWS * GROUP_ROWS)

    def _flush(self, rows: int) -> None:
        if rows:
            self._writer.write_table(self._waiting.slice(0, rows), row_group_size=GROUP_ROWS)
            self._waiting = self._waiting.slice(rows)

    @property
    def digest(self) -> str:
        """Of everything that was decided so far."""
        return hashlib.sha256("".join(d.hexdigest() for d in self._digests).encode()).hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._flush(self._waiting.num_rows)
        self._writer.close()


def write_decisions(sheet: Sheet, read: offers.Offers, rows: Columns) -> None:
    """Add decisions: key, cell, offer, given, repaired, reason, value as of :class:`tantam.care.choosing.Chosen`."""
    key, cell, offer, given, repaired, reason, value = rows
    commercial = read.commercial
    rest = 1.0 - read.holdout_ppm / offers.PPM
    drawn = np.array([rest * (1.0 - o.holdout_ppm / offers.PPM) for o in commercial])
    cost = np.array([o.cost for o in commercial], np.int64)
    j = offer.astype(np.int64)
    columns = [
        pa.array(key),
        _words([o.name for o in commercial], offer),
        pa.array(given),
        pa.array(repaired),
        pa.array(cost[j]),
        pa.array(value.astype(np.int64)),
        pa.array(drawn[j]),
        _words(limits.CODES, cell >> 1),
        pa.array((cell & 1).astype(bool)),
        _words(choosing.REASONS, reason),
    ]
    sheet.write(columns, rows)


def write_relief(sheet: Sheet, settled: Sequence[relief.Settled], values: Values) -> None:
    """Add relief and notices, in the order of the offers file and then in the order they were granted."""
    for i, one in enumerate(settled):
        if one.edge.everyone:
            blocks = values.map(partial(_noticed, i))
            for key, cell, basis in in_order(blocks, values.seen):
                _write_need(sheet, one.offer, i, "everyone_in_place", key, cell, basis)
        else:
            _write_need(sheet, one.offer, i, "by_need", one.key, one.cell, one.basis)


def _noticed(i: int, part: Part) -> Columns:
    rows = np.flatnonzero(part.granted[i])
    return part.key[rows], part.cell[rows], part.basis[rows]


def _write_need(
    sheet: Sheet,
    offer: offers.Offer,
    number: int,
    reason: str,
    key: NDArray[np.int64],
    cell: NDArray[np.int32],
    basis: NDArray[np.int8],
) -> None:
    columns = [
        pa.array(key),
        pa.repeat(offer.name, key.size),
        pa.array(np.full(key.size, offer.cost, np.int64)),
        _words(limits.CODES, cell >> 1),
        pa.array((cell & 1).astype(bool)),
        _words((*BASES, None), np.where(basis < 0, len(BASES), basis)),
        pa.repeat(reason, key.size),
    ]
    sheet.write(columns, (key, np.full(key.size, number, np.int32), cell, basis))


def _words(words: Sequence[str | None], codes: NDArray[Any]) -> pa.Array:
    """Small codes as text."""
    return pa.array(words, pa.string()).take(pa.array(codes))
