"""The second half of a load: from the pieces' buckets and from what lies there, the new phone table and the new base.

First all numbers in the order of their keys: they make the phone table and tell which rows come too late. Then
bucket after bucket makes the base, one file sorted by province and key, with an index of its keys beside it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam.base import index
from tantam.base.columns import SCHEMA
from tantam.base.home import Home
from tantam.base.pieces import KEPT, Buckets, Stretch, Terms, put, told
from tantam.base.rows import KEY, ROW, WIDTH, Columns, Ints, columns_of, joined, one_list, table, unpacked
from tantam.base.stage import Stage
from tantam.base.writing import ROW_GROUP
from tantam.engines.engine import in_threads

PHONES = pa.schema([("key", pa.int64()), ("phone", pa.string())])
_TOLD = pa.schema([("row", pa.int64()), ("code", pa.string()), ("raw", pa.string())])
_OLD = 1 << 62
"""Rows of the base that lies there are numbered from here, after all that come in."""
BASE = pa.schema(
    [pa.field(f.name, pa.dictionary(pa.int32(), f.type) if f.type == pa.string() else f.type) for f in SCHEMA]
)
"""The base as it is written: a reader gets plain words."""
_NEVER = -(2**31)
_DAYS = ("last_active_on", "last_contact_on", "joined_on")

Some = TypeVar("Some")


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


class _Digested(io.RawIOBase):
    """A file that is written from its start to its end, and the SHA-256 of what was written."""

    def __init__(self, path: Path) -> None:
        self._file, self.sha256 = path.open("wb"), hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.sha256.update(content)
        return self._file.write(content)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
        super().close()


def _write(
    path: Path, schema: pa.Schema, tables: Iterable[pa.Table], words: Sequence[str], told: Sequence[str]
) -> str:
    """One Parquet file, a row group from each table; gives the SHA-256 of its bytes.

    ``words`` are the columns that are worth a dictionary, ``told`` those whose least and most are kept.
    """
    with _Digested(path) as file:
        out = pq.ParquetWriter(
            file,
            schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=list(words),
            write_statistics=list(told),
            data_page_size=8 << 20,
            dictionary_pagesize_limit=4 << 20,
            store_schema=False,
        )
        empty = True
        for table in tables:
            out.write_table(table, row_group_size=ROW_GROUP)
            empty = False
        if empty:
            out.write_table(schema.empty_table())
        out.close()
        return file.sha256.hexdigest()


def merge_phones(home: Home, stage: Stage, terms: Terms, stretches: Sequence[Stretch]) -> Late:
    """Write the phone table, sorted by key, and tell which rows come too late.

    The first row with a number is kept, later ones are duplicates; so is the first of two numbers with one key,
    and a number whose key another number has already. Beside it ``kept.keys`` in the stage: the keys that come in.
    """
    files = [stretch.numbers(terms.into) for stretch in stretches]
    late: list[Late] = []

    def parts() -> Iterator[Ints]:
        work = partial(_phones_of, home, terms, files)
        with (terms.into / "kept.keys").open("wb") as kept_keys:
            for both, here, kept in in_threads(work, range(terms.buckets.splits)):
                late.append(here)
                kept.tofile(kept_keys)
                yield both

    cut = _full(
        parts(), lambda some: int(some.shape[1]), _slice_of_numbers, lambda some: np.concatenate(some, 1)
    )
    _write(stage.put(home.phones), PHONES, in_threads(_phone_table, cut), (), ("key",))
    row, number, same = (
        np.concatenate([getattr(part, name) for part in late]) for name in ("row", "number", "same")
    )
    order = np.argsort(row)
    return Late(row[order], number[order], same[order])


def _phones_of(home: Home, terms: Terms, files: Sequence[Path], part: int) -> tuple[Ints, Late, Ints]:
    """One range of keys: key and number of the new phone table, by key (int64 [2, n]); which rows come too late; and
    the keys that come in."""
    new, old = _numbers(files, terms.buckets, part), _phones(home, terms, part)
    astray, same = _astray(new, old)
    late = Late(new[2][astray], new[1][astray], same)
    both = new[:2, ~astray]
    key = both[0]
    if old.size:
        both = np.concatenate([both, old[:, ~_within(old[0], key)]], axis=1)
        both = both[:, np.argsort(both[0], kind="stable")]
    return both, late, key


def _slice_of_numbers(some: Ints, begin: int, end: int) -> Ints:
    return some[:, begin:end]


def _phone_table(both: Ints) -> pa.Table:
    """Keys and numbers as the phone table has them."""
    count = both.shape[1]
    text, ends = np.empty((count, 12), np.uint8), 12 * np.arange(count + 1, dtype=np.int32)
    text[:, :3] = np.frombuffer(b"+84", np.uint8)
    _write_digits(both[1], text)
    phone = pa.StringArray.from_buffers(count, pa.py_buffer(ends), pa.py_buffer(text))
    return pa.table([pa.array(both[0]), phone], schema=PHONES)


@numba.njit(cache=True, nogil=True)
def _write_digits(number: Ints, text: NDArray[np.uint8]) -> None:
    """The nine digits of each number, behind what stands there."""
    for i in range(number.size):
        rest = number[i]
        for place in range(11, 2, -1):
            text[i, place] = 48 + rest % 10
            rest //= 10


def _numbers(files: Sequence[Path], buckets: Buckets, part: int) -> Ints:
    """Key, number and row of one range of keys, by key and then by row: int64 [3, n]."""
    low, high = buckets.ends(part)
    some = [np.empty((3, 0), np.int64)]
    for file in files:
        held = np.load(file, mmap_mode="r")
        begin, end = np.searchsorted(held[0], low), np.searchsorted(held[0], high, side="right")
        some.append(np.array(held[:, begin:end]))
    every = np.concatenate(some, axis=1)
    return every[:, np.argsort(every[0], kind="stable")]


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
    for file in sorted(home.base.glob("*.parquet")):
        source = pq.ParquetFile(file)
        for group in range(0, source.num_row_groups, 4):
            columns = columns_of(
                source.read_row_groups(
                    list(range(group, min(group + 4, source.num_row_groups))), columns=KEPT
                )
            )
            columns["row"][:] = np.arange(begin, begin + columns.rows)
            name = f"old-{begin - _OLD:015}"
            done.append(put(terms, name, columns, ~_within(columns["key"], gone)))
            begin += columns.rows
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
    path, latest, starts, rows = stage.put(target), _NEVER, list[int](), 0
    work = partial(_bucket, terms, tuple(stretches), late.row)

    def buckets() -> Iterator[Columns]:
        nonlocal rows, latest
        with index.Writer(stage.put(home.keys)) as keys:
            for bucket, columns in enumerate(in_threads(work, range(terms.buckets.count))):
                if bucket % terms.buckets.splits == 0:
                    starts.append(rows)
                keys.write(columns["key"])
                rows += columns.rows
                for name in _DAYS:
                    days = columns[name]
                    latest = max(latest, int(np.max(days, where=days <= terms.today, initial=_NEVER)))
                yield columns
                progress((bucket + 1) / terms.buckets.count)

    words = [f.name for f in SCHEMA if f.name != "key"]
    told = [f.name for f in SCHEMA if f.type != pa.string() or f.name == "province"]
    cut = _full(buckets(), lambda some: some.rows, Columns.slice, joined)
    digest = _write(path, BASE, in_threads(table, cut), words, told)
    for file in sorted(home.base.glob("*.parquet")):
        if file != target:
            stage.remove(file)
    return Merged(rows, terms.today if latest == _NEVER else latest, digest, starts)


def _full(
    parts: Iterable[Some],
    rows: Callable[[Some], int],
    cut: Callable[[Some, int, int], Some],
    join: Callable[[Sequence[Some]], Some],
) -> Iterator[Some]:
    """The same rows in parts of :data:`ROW_GROUP`, but for the last: so equal rows give equal bytes."""
    waiting, held = list[Some](), 0
    for part in parts:
        begin, size = 0, rows(part)
        while held + size - begin >= ROW_GROUP:
            end = begin + ROW_GROUP - held
            yield join([*waiting, cut(part, begin, end)])
            waiting, held, begin = [], 0, end
        if begin < size:
            waiting.append(cut(part, begin, size))
            held += size - begin
    if waiting:
        yield join(waiting)


def _bucket(terms: Terms, stretches: tuple[Stretch, ...], late: Ints, bucket: int) -> Columns:
    """One bucket of the base in its order."""
    parts = [stretch.bucket(terms.into, bucket) for stretch in stretches]
    parts = [(packed, words) for packed, words in parts if len(packed)]
    words = one_list(parts)
    packed = np.concatenate([np.empty((0, WIDTH), np.int64), *(packed for packed, _ in parts)])
    key, row = np.ascontiguousarray(packed[:, KEY]), np.ascontiguousarray(packed[:, ROW])
    keep = ~_within(row, late)
    if not keep.all():
        columns = unpacked(packed, np.flatnonzero(~keep), words)
        told = table(columns).append_column("row", pa.array(columns["row"]))
        put_late(told, terms.into / f"late-{bucket:05}.arrow")
    old = row >= _OLD
    if old.any():
        keep &= ~(old & _within(key, _kept(terms)))
    order = np.flatnonzero(keep)
    return unpacked(packed, order[np.argsort(key[order])], words)


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
