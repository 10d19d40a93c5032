"""The second half of a load: from the pieces' buckets and from what lies there, the new phone table and the new base.

First all numbers in the order of their keys: they make the phone table and tell which rows come too late. Then
bucket after bucket makes the base, one file sorted by province and key, with an index of its keys beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam.base import index
from tantam.base.columns import SCHEMA
from tantam.base.home import Home
from tantam.base.pieces import KEPT, Buckets, Ints, Stretch, Terms, put, told
from tantam.base.reading import PROVINCES
from tantam.base.stage import Stage
from tantam.base.writing import ROW_GROUP
from tantam.engines.engine import in_threads

PHONES = pa.schema([("key", pa.int64()), ("phone", pa.string())])
_TOLD = pa.schema([("row", pa.int64()), ("code", pa.string()), ("raw", pa.string())])
_OLD = 1 << 62
"""Rows of the base that lies there are numbered from here, after all that come in."""
_DAYS = ("last_active_on", "last_contact_on", "joined_on")


@dataclass(frozen=True)
class Merged:
    """The new base: its rows, its latest day that is not to come, the SHA-256 of its bytes, and where in it each
    province begins."""

    rows: int
    latest: int
    digest: str
    starts: list[int]


@dataclass(frozen=True)
class Late:
    """Rows that come after another with the same key: ``row`` (sorted), the ``number`` and whether it is the same
    number (``same``) or another with the same key; arrays of one length."""

    row: Ints
    number: Ints
    same: NDArray[np.bool_]


class _Parquet:
    """One Parquet file from tables of any size: row groups are full, so equal rows give equal bytes."""

    def __init__(self, path: Path, schema: pa.Schema, words: Sequence[str]) -> None:
        self.rows = 0
        self._schema, self._held, self._waiting = schema, 0, list[pa.Table]()
        self._out = pq.ParquetWriter(
            path,
            schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=list(words),
            data_page_size=8 << 20,
            dictionary_pagesize_limit=4 << 20,
            store_schema=False,
        )

    def write(self, table: pa.Table) -> None:
        self._waiting.append(table)
        self._held += table.num_rows
        self.rows += table.num_rows
        if self._held >= ROW_GROUP:
            self._flush(self._held // ROW_GROUP * ROW_GROUP)

    def _flush(self, rows: int) -> None:
        table = pa.concat_tables(self._waiting)
        self._out.write_table(table.slice(0, rows), row_group_size=ROW_GROUP)
        self._waiting, self._held = [table.slice(rows)], table.num_rows - rows

    def close(self) -> None:
        if self._held or not self.rows:
            self._waiting.append(self._schema.empty_table())
            self._flush(self._held)
        self._out.close()


def merge_phones(home: Home, stage: Stage, terms: Terms, stretches: Sequence[Stretch]) -> Late:
    """Write the phone table, sorted by key, and tell which rows come too late.

    The first row with a number is kept, later ones are duplicates; so is the first of two numbers with one key,
    and a number whose key another number has already. Beside it ``kept.npy`` in the stage: the keys that come in.
    """
    ends = [np.load(stretch.numbers(terms.into), mmap_mode="r") for stretch in stretches]
    out = _Parquet(stage.put(home.phones), PHONES, ())
    late: list[Late] = []
    with (terms.into / "kept.keys").open("wb") as kept_keys:
        for part in range(terms.buckets.splits):
            new = _numbers(ends, terms.buckets, part)
            old = _phones(home, terms, part)
            astray, same = _astray(new, old)
            late.append(Late(new[2][astray], new[1][astray], same))
            key, number = new[0][~astray], new[1][~astray]
            key.tofile(kept_keys)
            stay = ~_within(old[0], key)
            if len(old[0]):
                key, number = np.concatenate([key, old[0][stay]]), np.concatenate([number, old[1][stay]])
                order = np.argsort(key, kind="stable")
                key, number = key[order], number[order]
            for begin in range(0, key.size, ROW_GROUP):
                some = slice(begin, begin + ROW_GROUP)
                phone = pc.binary_join_element_wise("+84", pa.array(number[some]).cast(pa.string()), "")
                out.write(pa.table([pa.array(key[some]), phone], schema=PHONES))
    out.close()
    row, number, same = (
        np.concatenate([getattr(part, name) for part in late]) for name in ("row", "number", "same")
    )
    order = np.argsort(row)
    return Late(row[order], number[order], same[order])


def _numbers(files: Sequence[Ints], buckets: Buckets, part: int) -> Ints:
    """Key, number and row of one range of keys, by key and then by row: int64 [3, n]."""
    low, high = buckets.ends(part)
    some = [f[:, np.searchsorted(f[0], low) : np.searchsorted(f[0], high, side="right")] for f in files]
    every = np.concatenate([np.empty((3, 0), np.int64), *some], axis=1)
    return np.ascontiguousarray(every[:, np.argsort(every[0], kind="stable")])


def _phones(home: Home, terms: Terms, part: int) -> Ints:
    """Key and number of what lies there in one range of keys, by key, without the forgotten: int64 [2, n]."""
    if not home.phones.exists():
        return np.empty((2, 0), np.int64)
    low, high = terms.buckets.ends(part)
    table = pq.read_table(home.phones, filters=(pc.field("key") >= low) & (pc.field("key") <= high))
    number = pc.utf8_slice_codeunits(table["phone"], 3).cast(pa.int64())
    both = np.stack([np.asarray(table["key"]), np.asarray(number)])
    return np.asarray(both[:, ~_within(both[0], np.array(terms.gone, np.int64))])


def _astray(new: Ints, old: Ints) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which of the new rows cannot be kept, and of these, which repeat the very number of an earlier row."""
    key, number, _ = new
    opens = np.ones(key.size, bool)
    opens[1:] = key[1:] != key[:-1]
    first = np.flatnonzero(opens)[np.cumsum(opens) - 1]
    same = ~opens & (number == number[first])
    at = np.searchsorted(old[0], key)
    known = _within(key, old[0])
    other = np.zeros(key.size, bool)
    other[known] = old[1][at[known]] != number[known]
    astray = ~opens | other
    return astray, same[astray]


def _within(values: Ints, among: Ints) -> NDArray[np.bool_]:
    """Which of the values stand in a sorted array: bool [n]."""
    if not among.size:
        return np.zeros(values.size, bool)
    at = np.minimum(np.searchsorted(among, values), among.size - 1)
    return np.asarray(among[at] == values)


def put_old(home: Home, terms: Terms) -> list[Stretch]:
    """The base that lies there, without the forgotten, in the same buckets as what comes in."""
    done: list[Stretch] = []
    begin, gone = _OLD, np.array(terms.gone, np.int64)
    provinces = pa.array(PROVINCES)
    for file in sorted(home.base.glob("*.parquet")):
        source = pq.ParquetFile(file)
        for group in range(0, source.num_row_groups, 4):
            table = source.read_row_groups(
                list(range(group, min(group + 4, source.num_row_groups))), columns=KEPT
            )
            rows = np.arange(begin, begin + table.num_rows, dtype=np.int64)
            keep = np.flatnonzero(~_within(np.asarray(table["key"]), gone))
            at = table.column_names.index("province")
            codes = pc.index_in(table["province"].combine_chunks(), provinces)
            table = table.set_column(at, "province", pa.DictionaryArray.from_arrays(codes, provinces))
            done.append(Stretch(f"old-{begin - _OLD:015}", keep.size))
            put(terms, done[-1], table.append_column("row", pa.array(rows)), keep)
            begin += table.num_rows
    return done


def merge_base(
    home: Home,
    stage: Stage,
    terms: Terms,
    stretches: Sequence[Stretch],
    late: Late,
    progress: Callable[[float], None],
) -> Merged:
    """Write the base as one file, sorted by province and key, and the index of its keys; rows that came too late are
    left beside, as ``late-N.arrow`` in the stage."""
    target = home.base / "part-0.parquet"
    path = stage.put(target)
    words = [f.name for f in SCHEMA if f.name != "key"]
    out, latest, starts = _Parquet(path, SCHEMA, words), None, list[int]()
    work = partial(_bucket, terms, tuple(stretches), late.row)
    with index.Writer(stage.put(home.keys)) as keys:
        for bucket, (table, day) in enumerate(in_threads(work, range(terms.buckets.count))):
            if bucket % terms.buckets.splits == 0:
                starts.append(out.rows)
            out.write(table)
            keys.write(np.asarray(table["key"]))
            progress((bucket + 1) / terms.buckets.count)
            latest = max((d for d in (latest, day) if d is not None), default=None)
    out.close()
    for file in sorted(home.base.glob("*.parquet")):
        if file != target:
            stage.remove(file)
    with path.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    return Merged(out.rows, terms.today if latest is None else latest, digest, starts)


def _bucket(
    terms: Terms, stretches: tuple[Stretch, ...], late: Ints, bucket: int
) -> tuple[pa.Table, int | None]:
    """One bucket of the base in its order, and its latest day that is not to come."""
    tables = [table for stretch in stretches if (table := _read(stretch.rows(terms.into), bucket)).num_rows]
    if not tables:
        return SCHEMA.empty_table(), None
    table = pa.concat_tables(tables, promote_options="default").unify_dictionaries().combine_chunks()
    key, row = np.asarray(table["key"]), np.asarray(table["row"])
    keep = ~_within(row, late)
    if not keep.all():
        put_late(table.filter(pa.array(~keep)), terms.into / f"late-{bucket:05}.arrow")
    old = row >= _OLD
    if old.any():
        keep &= ~(old & _within(key, _kept(terms)))
    order = np.flatnonzero(keep)
    order = order[np.argsort(key[order])]
    table = table.select(KEPT).take(order).cast(SCHEMA)
    days = [pc.max(table[day].filter(pc.less_equal(table[day], terms.today))).as_py() for day in _DAYS]
    return table, max((day for day in days if day is not None), default=None)


def _kept(terms: Terms) -> Ints:
    """The sorted keys that come in."""
    path = terms.into / "kept.keys"
    return np.memmap(path, np.int64, "r") if path.stat().st_size else np.empty(0, np.int64)


def put_late(table: pa.Table, path: Path) -> None:
    """Keep the rows that came too late for the rejects."""
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def told_late(con: duckdb.DuckDBPyConnection, terms: Terms, late: Late) -> pa.Table:
    """The rows that came too late, for the rejects: ``row``, ``code``, and ``raw``, the row as JSON."""
    parts = [pa.table([pa.array([], f.type) for f in _TOLD], schema=_TOLD)]
    for path in sorted(terms.into.glob("late-*.arrow")):
        with pa.OSFile(str(path)) as file:
            table = pa.ipc.open_file(file).read_all()
        at = np.searchsorted(late.row, np.asarray(table["row"]))
        code = np.where(late.same[at], "duplicate_phone", "key_collision").tolist()
        table = table.append_column("number", pa.array(late.number[at]))
        parts.append(pa.table([table["row"], pa.array(code, pa.string()), told(con, table)], schema=_TOLD))
    return pa.concat_tables(parts)


def _read(path: Path, bucket: int) -> pa.Table:
    with pa.OSFile(str(path)) as file:
        return pa.Table.from_batches([pa.ipc.open_file(file).get_batch(bucket)])
