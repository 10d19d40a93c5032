"""The first half of a load, in pieces: each piece of the files becomes packed rows in buckets, on any machine.

A bucket is a province and a range of keys. Of each stretch of a piece two files are written into the load's private
folder: ``rows-N`` (packed rows, :mod:`tantam.base.rows`, bucket after bucket) and ``numbers-N.npy`` (key, number, row
as int64 [3, n], by key); beside them ``words-DIGEST.arrow``, the words that packed rows speak of, and
``strange-N.parquet``, what cannot be kept or was not readable.
"""

# ruff: noqa: S608 (the SQL is made of our own column names, numbers, and quoted paths)

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import numba
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam import engines
from tantam.base import reading, rejects, sources
from tantam.base.columns import STORED
from tantam.base.hashing import Hasher
from tantam.base.rejects import FILE_BITS
from tantam.base.rows import OPEN, WIDTH, Columns, Ints, Words, table, unpacked
from tantam.base.sources import Source, quoted
from tantam.base.values import Reader
from tantam.errors import BadInput

STRETCH_ROWS = 122_880
"""So many rows are held by one worker at once: few enough that memory is used again instead of asked for anew."""
PIECE_ROWS = 250_000
"""A piece has at least about so many, and where there are many rows eight times as many: what a piece begins with takes
as long as some ten thousand rows."""
STRANGE_ROWS = 100_000
"""So many rows with something wrong are looked at together."""
BUCKET_ROWS = 4_000_000
"""A bucket holds at most about so many, even if everybody lived in one province."""
KEPT = [c.name for c in STORED]
_STRANGE = pa.schema(
    {
        "row": pa.int64(),
        "code": pa.string(),
        "written": pa.string(),
        "unreadable": pa.int64(),
        "raw": pa.string(),
    }
)


@dataclass(frozen=True)
class Buckets:
    """How the base is cut: each province into ``splits`` equal ranges of keys."""

    splits: int

    @classmethod
    def of(cls, rows: int) -> Buckets:
        """Cut finely enough for so many rows."""
        return cls(-(-rows // BUCKET_ROWS) or 1)

    @property
    def width(self) -> int:
        """How many keys a range spans."""
        return -(-(2**63) // self.splits)

    @property
    def count(self) -> int:
        return len(reading.PROVINCES) * self.splits

    def ends(self, part: int) -> tuple[int, int]:
        """The first and the last key of a range."""
        return part * self.width, min((part + 1) * self.width, 2**63) - 1


@dataclass(frozen=True)
class Piece:
    """Whole files of one source, or a stretch of the rows of one; ``number`` is that of its first file."""

    source: Source
    number: int
    first: int = 0
    rows: int | None = None


@dataclass(frozen=True)
class Terms:
    """What every piece is cleaned by. ``secret`` and ``into`` are paths that every worker sees; ``gone`` are the keys
    that asked to be forgotten, sorted."""

    today: int
    secret: Path
    into: Path
    gone: tuple[int, ...]
    buckets: Buckets
    renames: Mapping[str, str] = field(default_factory=dict)
    threads: int = 1
    memory_mb: int = 1_000


@dataclass(frozen=True)
class Stretch:
    """What was written of some rows that are to be kept: files ``rows-NAME`` and so on, where in it each bucket ends,
    and the digest of their words."""

    name: str
    ends: tuple[int, ...]
    words: str

    def rows(self, into: Path) -> Path:
        return into / f"rows-{self.name}"

    def numbers(self, into: Path) -> Path:
        return into / f"numbers-{self.name}.npy"

    def bucket(self, into: Path, bucket: int) -> tuple[Ints, Words]:
        """The packed rows of a bucket, and their words."""
        begin, end = self.ends[bucket - 1] if bucket else 0, self.ends[bucket]
        packed = np.empty((end - begin, WIDTH), np.int64)
        if packed.size:
            with self.rows(into).open("rb", buffering=0) as file:
                file.seek(begin * WIDTH * 8)
                file.readinto(packed.data)
        return packed, _words(into / f"words-{self.words}.arrow")


@dataclass(frozen=True)
class Cleaned:
    """A piece as it was read: its source (a clean copy, where the file as it stood could not be read), its rows, the
    lines that are no rows (line → code and text), its stretches, and the files of what was strange."""

    number: int
    source: Source
    rows: int
    broken: Mapping[int, tuple[str, str]]
    stretches: tuple[Stretch, ...]
    strange: tuple[Path, ...]


def cut(opened: Sequence[Source]) -> list[Piece]:
    """The sources in pieces, see :data:`PIECE_ROWS`: small Parquet files together, large ones in stretches; a
    CSV file is one piece, for only who reads it from its start knows where its rows begin."""
    pieces: list[Piece] = []
    number, every = 0, sum(sum(source.rows) for source in opened)
    size = min(max(PIECE_ROWS, every // 16), 8 * PIECE_ROWS)
    for source in opened:
        if source.text is not None:
            pieces.append(Piece(source, number))
            number += 1
            continue
        for files, rows in _together(source, size):
            for first in range(0, max(sum(rows), 1), size if len(files) == 1 else sum(rows) or 1):
                most = min(size, sum(rows) - first)
                pieces.append(Piece(_some(source, files, rows), number, first, most))
            number += len(files)
    return pieces


def _together(source: Source, size: int) -> Iterator[tuple[tuple[Path, ...], tuple[int, ...]]]:
    """Consecutive files of a source that make up a piece together."""
    begin, held = 0, 0
    for at, rows in enumerate(source.rows):
        if at > begin and held + rows > size:
            yield source.files[begin:at], source.rows[begin:at]
            begin, held = at, 0
        held += rows
    yield source.files[begin:], source.rows[begin:]


def _some(source: Source, files: tuple[Path, ...], rows: tuple[int, ...]) -> Source:
    scan = f"read_parquet([{', '.join(map(quoted, files))}])"
    return replace(source, files=files, rows=rows, scan=scan)


def clean(terms: Terms, piece: Piece) -> Cleaned:
    """Read, normalise and hash one piece; see the module. Refuses what no table of subscribers can hold.

    A text file that cannot be read as it stands is read again from a clean copy of it.
    """
    try:
        return _clean(terms, piece)
    except BadInput:
        if piece.source.text is None or piece.source.text.clean:
            raise
    copy = terms.into / f"text-{piece.number}.csv"
    again = sources.csv_source(piece.source.files[0], terms.renames, copy, careful=True)
    return _clean(terms, replace(piece, source=again))


def _clean(terms: Terms, piece: Piece) -> Cleaned:
    source, secret = piece.source, terms.secret.read_bytes()
    con = engines.connect(threads=terms.threads, memory_mb=terms.memory_mb)
    beside = engines.connect(threads=1, memory_mb=terms.memory_mb)
    try:
        con.execute(f"SET temp_directory = {quoted(terms.into / f'spill-{os.getpid()}-{piece.number}')}")
        beside.execute(f"SET temp_directory = {quoted(terms.into / f'beside-{os.getpid()}-{piece.number}')}")
        reading.prepare(beside, secret)
        strange = _Strange(beside, source, terms, f"{piece.number:06}-{piece.first:012}")
        reader = Reader(beside, source.given, terms.today)
        hasher, stretches, at = Hasher(secret), list[Stretch](), 0
        for part, raw in enumerate(_tables(con, piece)):
            rows = _row_numbers(piece, at, raw.num_rows)
            name = f"{piece.number:06}-{piece.first:012}-{part:06}"
            stretches.append(_stretch(terms, hasher, reader, strange, name, raw, rows))
            at += raw.num_rows
        strange.write()
        broken = rejects.broken_lines(con, source)
    except duckdb.Error as error:
        if isinstance(error, duckdb.OutOfMemoryException | duckdb.BinderException | duckdb.ParserException):
            raise
        raise BadInput(
            "unreadable_file",
            f"{source.files[0]} cannot be read to its end ({type(error).__name__}).",
            "It may be damaged or cut off: export it again.",
        ) from error
    finally:
        con.close()
        beside.close()
    return Cleaned(piece.number, source, at, broken, tuple(stretches), tuple(strange.files))


def _tables(con: duckdb.DuckDBPyConnection, piece: Piece) -> Iterator[pa.Table]:
    """The rows of a piece as they came, in their order, a stretch at a time."""
    source, some = piece.source, ""
    if piece.rows is not None and piece.rows < sum(source.rows):
        some = f"WHERE file_row_number BETWEEN {piece.first} AND {piece.first + piece.rows - 1}"
        source = replace(source, scan=f"read_parquet({quoted(source.files[0])}, file_row_number = true)")
    con.execute("SET streaming_buffer_size = '64MB'")
    for batch in con.sql(reading.raw_of(source, some)).to_arrow_reader(STRETCH_ROWS):
        if batch.num_rows:
            yield pa.Table.from_batches([batch])


def _row_numbers(piece: Piece, at: int, n: int) -> Ints:
    """The numbers of rows ``at`` … of a piece: int64 [n]."""
    place = np.arange(at, at + n, dtype=np.int64)
    if len(piece.source.files) == 1:
        return (piece.number << FILE_BITS) + piece.first + place
    ends = np.cumsum(piece.source.rows)
    file = np.searchsorted(ends, place, side="right")
    return ((piece.number + file) << FILE_BITS) + place - (ends - np.asarray(piece.source.rows))[file]


class _Strange:
    """Rows of a piece that cannot be kept, those of the forgotten whole, and rows with a value that cannot be read."""

    def __init__(self, con: duckdb.DuckDBPyConnection, source: Source, terms: Terms, name: str) -> None:
        self.files: list[Path] = []
        self._con, self._source, self._terms, self._name = con, source, terms, name
        self._wrong, self._told = list[pa.Table](), list[pa.Table]()

    def add(self, wrong: pa.Table, forgotten: pa.Table | None) -> None:
        """``wrong``: rows as they came, with ``row`` and ``gone``; ``forgotten``: others of the forgotten, with the
        stored columns, ``number`` and ``row``."""
        self._wrong.append(wrong)
        if forgotten is not None:
            codes, zeros = ["forgotten"] * forgotten.num_rows, np.zeros(forgotten.num_rows, np.int64)
            raw, nothing = told(self._con, forgotten), pa.nulls(forgotten.num_rows, pa.string())
            self._told.append(
                pa.table([forgotten["row"], pa.array(codes), nothing, pa.array(zeros), raw], schema=_STRANGE)
            )
        if sum(some.num_rows for some in (*self._wrong, *self._told)) >= STRANGE_ROWS:
            self.write()

    def write(self) -> None:
        """What has been added goes to a file."""
        wrong = pa.concat_tables(self._wrong) if self._wrong else None
        if wrong is not None and wrong.num_rows:
            self._con.register("wrong_rows", wrong)
            query = reading.faults_of(self._source.given, "wrong_rows", self._terms.today)
            faults = self._con.sql(query).to_arrow_table()
            self._told.append(faults.select(_STRANGE.names).cast(_STRANGE))
        if self._told:
            self.files.append(self._terms.into / f"strange-{self._name}-{len(self.files):06}.parquet")
            pq.write_table(pa.concat_tables(self._told), self.files[-1], compression="zstd")
        self._wrong, self._told = [], []


def _stretch(
    terms: Terms, hasher: Hasher, reader: Reader, strange: _Strange, name: str, raw: pa.Table, rows: Ints
) -> Stretch:
    """Read and hash some rows and write their files."""
    columns, number, lacking, wrong = reader.read(raw)
    columns["row"][:] = rows
    key = columns["key"]
    key[:] = hasher.keys(number)
    gone = ~lacking & np.isin(key, np.array(terms.gone, np.int64))
    keep = ~(lacking | gone)
    at = pa.array(np.flatnonzero(wrong))
    whole = raw.append_column("row", pa.array(rows)).append_column("gone", pa.array(gone))
    strange.add(whole.take(at), _forgotten(columns, number, gone & ~wrong) if gone.any() else None)
    done = put(terms, name, columns, keep)
    kept = np.flatnonzero(keep)
    by_key = kept[np.argsort(key[kept], kind="stable")]
    np.save(done.numbers(terms.into), np.stack([key[by_key], number[by_key], rows[by_key]]))
    return done


def _forgotten(columns: Columns, number: Ints, gone: NDArray[np.bool_]) -> pa.Table:
    """The stored columns, ``number`` and ``row`` of some rows."""
    at = np.flatnonzero(gone)
    packed = columns.packed(np.where(gone, np.cumsum(gone) - 1, -1), at.size)
    here = unpacked(packed, np.arange(at.size), columns.words)
    return (
        table(here).append_column("number", pa.array(number[at])).append_column("row", pa.array(here["row"]))
    )


def put(terms: Terms, name: str, columns: Columns, keep: NDArray[np.bool_]) -> Stretch:
    """Write the rows to keep, bucket after bucket, and the words they speak of."""
    ends = np.zeros(terms.buckets.count, np.int64)
    splits, width = terms.buckets.splits, np.uint64(terms.buckets.width)
    at = _places(columns["province"], columns["key"], keep, splits, width, ends)
    packed = columns.packed(at, int(ends[-1]))
    done = Stretch(name, tuple(ends.tolist()), _put_words(terms.into, columns.words))
    packed.tofile(done.rows(terms.into))
    return done


@numba.njit(cache=True, nogil=True)
def _places(province: Any, key: Any, keep: Any, splits: int, width: Any, ends: Any) -> Any:
    """Each row's place among those to keep, bucket after bucket, -1 for the others: int64 [n]; fills the buckets'
    ``ends``."""
    at = np.empty(keep.size, np.int64)
    for i in range(keep.size):
        at[i] = -1
        if keep[i]:
            at[i] = province[i] * splits + np.int64(np.uint64(key[i]) // width)
            ends[at[i]] += 1
    begin = 0
    for bucket in range(ends.size):
        begin, ends[bucket] = begin + ends[bucket], begin
    for i in range(keep.size):
        if at[i] >= 0:
            bucket = at[i]
            at[i] = ends[bucket]
            ends[bucket] += 1
    return at


def _put_words(into: Path, words: Words) -> str:
    """Write lists of words once, whoever comes first; gives their digest."""
    lists = pa.table({name: pa.ListArray.from_arrays([0, len(words[name])], words[name]) for name in OPEN})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, lists.schema) as out:
        out.write_table(lists)
    content = sink.getvalue()
    digest = hashlib.sha256(content).hexdigest()
    path = into / f"words-{digest}.arrow"
    if not path.exists():
        half = path.with_suffix(f".{os.getpid()}-{id(content)}")
        half.write_bytes(content)
        half.rename(path)
    return digest


@lru_cache(1024)
def _words(path: Path) -> Words:
    lists = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    return {name: lists[name].chunk(0).values for name in OPEN}


def told(con: duckdb.DuckDBPyConnection, stored: pa.Table) -> pa.Array:
    """Each row of a table with the stored columns and ``number`` as JSON, its number with it."""
    fields = ", ".join(f"{name} := {name}" for name in KEPT if name != "key")
    query = (
        "SELECT CAST(to_json(struct_pack(key := key, phone := '+84' || CAST(number AS VARCHAR), "
        f"{fields})) AS VARCHAR) AS raw FROM told_rows"
    )
    con.register("told_rows", stored.select(["number", *KEPT]))
    return con.sql(query).to_arrow_table()["raw"].combine_chunks()
