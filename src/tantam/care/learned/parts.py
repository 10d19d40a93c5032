"""One stretch of the base, scored: a part of the scores, made from paths alone on any machine that sees the home.

A row's digest says what its scores are read from (its codes, the offers it is eligible for); a part's digest, the model
and all its rows. Where the part that stands has the same, it stays as it is; else a row whose digest the old scores
hold keeps what it had, and only the others are scored.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import narwhals as nw
import numba
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam.base.writing import ROW_GROUP, whole, write_json
from tantam.care.learned import features, forest
from tantam.care.learned.features import Codes
from tantam.care.learned.model import Learned, Model
from tantam.care.learned.scores import NONE, NOTE, Ints, Scores, part_name
from tantam.care.stretches import Reader, Stretch, of_thread
from tantam.keys import splitmix64
from tantam.segments import compile as compiled
from tantam.segments.tree import Node

Bools = NDArray[np.bool_]
_MASK = "eligible"


@dataclass(frozen=True)
class Done:
    """``rows`` of the base; ``pairs`` that have a score; of them ``scored`` by this run, of ``changed`` subscribers."""

    rows: int = 0
    pairs: int = 0
    scored: int = 0
    changed: int = 0

    def __add__(self, other: Done) -> Done:
        return Done(*(self.figures()[name] + count for name, count in other.figures().items()))

    def figures(self) -> dict[str, int]:
        """As JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Work:
    """What every part is made by: ``nodes`` say who is eligible for each of ``offers`` on day ``on``; ``of`` is the
    model's digest; ``gone`` are the keys that are left out; ``old`` are scores that the same model made for the same
    offers; files are made in ``aside``.
    """

    model: Model
    of: str
    offers: tuple[Learned, ...]
    forests: tuple[forest.Forest, ...]
    nodes: tuple[Node, ...]
    thresholds: compiled.Thresholds
    on: int
    stretches: tuple[Stretch, ...]
    gone: tuple[int, ...]
    old: Scores | None
    aside: Path

    @property
    def names(self) -> list[str]:
        return [offer.name for offer in self.offers]

    def told(self, number: int) -> Path:
        """What is told of a part, written last: once it is there, the part is made, or was found to stand."""
        return self.aside / part_name(number, "json")

    def made(self, number: int) -> tuple[str, Done]:
        """The digest of a part that is made, and what was done for it."""
        facts = json.loads(self.told(number).read_text(encoding="utf-8"))
        return facts.pop("digest"), Done(**facts)


def make(work: Work, number: int) -> None:
    """Score one stretch into its file, if it has changed, and tell of it. Needs the memory of one stretch."""
    table = of_thread(work, partial(_reader, work)).read(work.stretches[number]).combine_chunks()
    codes = work.model.codes(features.of(table, work.on))
    mask = table.column(_MASK).to_numpy()
    mask = np.require(mask, np.int64, ["C", "W"])  # the kernel takes no read-only array
    key, row, runs = table.column("key").to_numpy(), _digests(codes, mask), _runs(table)
    digest = _digest(work, runs, key, row)
    done = Done(key.size, int(np.bitwise_count(mask).sum()))
    if work.old is None or not work.old.holds(number, digest):
        worth = [np.full(key.size, NONE, np.int32) for _ in work.offers]
        fresh = (
            np.ones(key.size, bool)
            if work.old is None
            else ~_keep(work.old, work.names, key, row, runs, worth)
        )
        done += Done(scored=_score(work, codes, mask, fresh, worth), changed=int((fresh & (mask != 0)).sum()))
        columns = [table.column("key"), table.column("province"), *map(pa.array, (row, *worth))]
        made = pa.table(columns, ["key", "province", "row", *work.names])
        with whole(work.aside / part_name(number)) as half:
            _write(made.replace_schema_metadata({NOTE: digest}), runs, half)
    write_json(work.told(number), {"digest": digest, **done.figures()})


def _keep(
    old: Scores, names: list[str], key: Ints, row: Ints, runs: list[tuple[str, int, int]], worth: list[Any]
) -> Bools:
    """Put into ``worth`` what the old scores hold for rows that have not changed; gives which."""
    kept = np.zeros(key.size, bool)
    for province, first, end in runs:
        mine = slice(first, end)
        (before,) = old.columns(["row"], key[mine], province)
        kept[mine] = same = before == row[mine]
        if same.any():
            for column, value in zip(worth, old.columns(names, key[mine], province), strict=True):
                column[mine][same] = value[same]
    return kept


def _score(work: Work, codes: Codes, mask: Ints, fresh: Bools, worth: list[Any]) -> int:
    """Score the eligible pairs of ``fresh`` rows; gives how many."""
    scored = 0
    for j, (offer, trees) in enumerate(zip(work.offers, work.forests, strict=True)):
        rows = np.flatnonzero(fresh & (mask >> j & 1).astype(bool))
        worth[j][rows] = offer.dong(trees.score(codes[rows]))
        scored += rows.size
    return scored


def _runs(table: pa.Table) -> list[tuple[str, int, int]]:
    """Each province of a sorted stretch: its code, its first row, and the row after its last."""
    if not table.num_rows:
        return []
    province = table.column("province").combine_chunks().dictionary_encode()
    codes = province.indices.to_numpy()
    edges = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), table.num_rows]
    words = province.dictionary.to_pylist()
    return [(words[codes[first]], first, end) for first, end in itertools.pairwise(edges)]


def _digest(work: Work, runs: list[tuple[str, int, int]], key: Ints, row: Ints) -> str:
    """Of all that a part's bytes follow from."""
    told = hashlib.sha256(json.dumps([work.of, work.names, runs]).encode())
    told.update(key.tobytes())
    told.update(row.tobytes())
    return told.hexdigest()


def _write(table: pa.Table, runs: list[tuple[str, int, int]], file: Path) -> None:
    """No row group crosses a province; keys and digests are random, so nothing is gained by packing them."""
    with pq.ParquetWriter(
        file, table.schema, compression="zstd", compression_level=1, use_dictionary=["province"]
    ) as out:
        for _, first, end in runs:
            out.write_table(table.slice(first, end - first), row_group_size=ROW_GROUP)


@numba.njit(numba.int64[::1](numba.uint8[:, ::1], numba.int64[::1]), cache=True, nogil=True)
def _digests(codes: Codes, mask: Ints) -> NDArray[np.int64]:
    """A digest of each row's codes and eligible offers, never below zero."""
    out = np.empty(mask.size, np.int64)
    for i in range(mask.size):
        word, digest = np.uint64(0), splitmix64(np.uint64(mask[i]))
        for f in range(codes.shape[1]):
            word = (word << np.uint64(8)) ^ np.uint64(codes[i, f])
            if f % 8 == 7:
                digest = splitmix64(digest ^ word)
        out[i] = np.int64(splitmix64(digest ^ word) >> np.uint64(1))
    return out


def _reader(work: Work) -> Reader:
    """Reads what is looked at, and a bit for each offer that a row is eligible for."""
    bits = (compiled.amount(node, work.on, work.thresholds, 1 << j) for j, node in enumerate(work.nodes))
    mask = sum(bits, nw.lit(0)).alias(_MASK)
    looked_at = ("key", "province", *features.NEEDS)
    return Reader(work.stretches[0].file, work.gone, lambda rows: rows.select(*looked_at, mask))
