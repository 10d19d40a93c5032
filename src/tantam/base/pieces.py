"""The first half of a load, in pieces: each piece of the files becomes normalised rows in buckets, on any machine.

A bucket is a province and a range of keys. Of each stretch of a piece three files are written into the load's
private folder: ``rows-N.arrow`` (the stored columns and ``row``, one record batch a bucket), ``numbers-N.npy``
(key, number, row as int64 [3, n], by key) and ``strange-N.parquet`` (what cannot be kept or was not readable).
"""

# ruff: noqa: S608 (the SQL is made of our own column names, numbers, and quoted paths)

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam import engines
from tantam.base import reading, rejects, sources
from tantam.base.columns import STORED
from tantam.base.hashing import Hasher
from tantam.base.rejects import FILE_BITS
from tantam.base.sources import Source, quoted
from tantam.errors import BadInput

Ints = NDArray[np.int64]

STRETCH_ROWS = 500_000
"""So many rows are held by one worker, some 200 MB."""
BUCKET_ROWS = 4_000_000
"""A bucket holds at most about so many, even if everybody lived in one province."""
KEPT = [c.name for c in STORED]
_STRANGE = ("row", "code", "written", "unreadable", "raw")


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

    def part(self, key: Ints) -> Ints:
        """Which range of keys each key lies in: int64 [n]."""
        return key // self.width if self.splits > 1 else np.zeros(key.size, np.int64)

    def ends(self, part: int) -> tuple[int, int]:
        """The first and the last key of a range."""
        return part * self.width, min((part + 1) * self.width, 2**63) - 1

    def at(self, province: Ints, key: Ints) -> Ints:
        """Each row's bucket: int64 [n]; in the order of the base."""
        return province * self.splits + self.part(key)


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
    """What was written of some rows: files ``rows-NAME.arrow`` and so on, and how many rows are to be kept."""

    name: str
    kept: int

    def rows(self, into: Path) -> Path:
        return into / f"rows-{self.name}.arrow"

    def numbers(self, into: Path) -> Path:
        return into / f"numbers-{self.name}.npy"

    def strange(self, into: Path) -> Path:
        return into / f"strange-{self.name}.parquet"


@dataclass(frozen=True)
class Cleaned:
    """A piece as it was read: its source (a clean copy, where the file as it stood could not be read), its rows, the
    lines that are no rows (line → code and text), and its stretches."""

    number: int
    source: Source
    rows: int
    broken: Mapping[int, tuple[str, str]]
    stretches: tuple[Stretch, ...]


def cut(opened: Sequence[Source]) -> list[Piece]:
    """The sources in pieces of about :data:`STRETCH_ROWS`: small Parquet files together, large ones in stretches; a
    CSV file is one piece, for only who reads it from its start knows where its rows begin."""
    pieces: list[Piece] = []
    number = 0
    for source in opened:
        if source.text is not None:
            pieces.append(Piece(source, number))
            number += 1
            continue
        for files, rows in _together(source):
            for first in range(0, max(sum(rows), 1), 2 * STRETCH_ROWS if len(files) == 1 else sum(rows) or 1):
                most = min(2 * STRETCH_ROWS, sum(rows) - first)
                pieces.append(Piece(_some(source, files, rows), number, first, most))
            number += len(files)
    return pieces


def _together(source: Source) -> Iterator[tuple[tuple[Path, ...], tuple[int, ...]]]:
    """Consecutive files of a source that make up a piece together."""
    begin, held = 0, 0
    for at, rows in enumerate(source.rows):
        if at > begin and held + rows > STRETCH_ROWS:
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
    source = piece.source
    con = engines.connect(threads=terms.threads, memory_mb=terms.memory_mb)
    try:
        con.execute(f"SET temp_directory = {quoted(terms.into / f'spill-{os.getpid()}-{piece.number}')}")
        secret = terms.secret.read_bytes()
        reading.prepare(con, secret)
        hasher, stretches, at = Hasher(secret), list[Stretch](), 0
        for part, table in enumerate(_tables(con, terms, piece)):
            rows = _row_numbers(piece, at, table.num_rows)
            name = f"{piece.number:06}-{piece.first:012}-{part:06}"
            stretches.append(_stretch(terms, hasher, con, name, table, rows))
            at += table.num_rows
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
    return Cleaned(piece.number, source, at, broken, tuple(stretches))


def _tables(con: duckdb.DuckDBPyConnection, terms: Terms, piece: Piece) -> Iterator[pa.Table]:
    """The normalised rows of a piece in their order, a stretch at a time."""
    source = piece.source
    if piece.rows is not None and piece.rows < sum(source.rows):
        inside = f"file_row_number BETWEEN {piece.first} AND {piece.first + piece.rows - 1}"
        scan = f"read_parquet({quoted(source.files[0])}, file_row_number = true) WHERE {inside}"
        source = replace(source, scan=scan)
    con.execute("SET streaming_buffer_size = '64MB'")
    for batch in con.sql(reading.rows_of(source, terms.today)).to_arrow_reader(STRETCH_ROWS):
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


def _stretch(
    terms: Terms, hasher: Hasher, con: duckdb.DuckDBPyConnection, name: str, table: pa.Table, rows: Ints
) -> Stretch:
    """Hash some rows and write their three files."""
    table = table.append_column("row", pa.array(rows))
    number = np.asarray(pc.fill_null(table["number"], 0).combine_chunks())
    key = hasher.keys(number)
    table = table.append_column("key", pa.array(key))
    gone = np.isin(key, np.array(terms.gone, np.int64)) if terms.gone else np.zeros(key.size, bool)
    sound = np.asarray(pc.is_null(table["code"]).combine_chunks())
    gone &= sound
    keep = np.flatnonzero(sound & ~gone)
    strange = np.flatnonzero(~sound | gone | (np.asarray(table["unreadable"]) > 0))
    done = Stretch(name, keep.size)
    _write_strange(con, table.take(strange), gone[strange], done.strange(terms.into))
    put(terms, done, table.select([*KEPT, "row"]), keep)
    by_key = keep[np.argsort(key[keep], kind="stable")]
    np.save(done.numbers(terms.into), np.stack([key[by_key], number[by_key], rows[by_key]]))
    return done


def put(terms: Terms, done: Stretch, table: pa.Table, keep: Ints) -> None:
    """Write the rows ``keep`` of a table with the stored columns and ``row``, a record batch a bucket."""
    province = np.asarray(
        table["province"].combine_chunks().indices.to_numpy(zero_copy_only=False)[keep], np.int64
    )
    bucket = terms.buckets.at(province, np.asarray(table["key"])[keep])
    order = keep[np.argsort(bucket.astype(np.uint16), kind="stable")]
    ends = np.concatenate([[0], np.cumsum(np.bincount(bucket, minlength=terms.buckets.count))])
    taken = coded(table).take(order)
    whole = pa.record_batch([column.combine_chunks() for column in taken.columns], schema=taken.schema)
    with pa.OSFile(str(done.rows(terms.into)), "wb") as file, pa.ipc.new_file(file, whole.schema) as out:
        for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
            out.write_batch(whole.slice(begin, end - begin))


def coded(table: pa.Table) -> pa.Table:
    """Words as int32 indexes into a dictionary, whatever held them: light to move about, and of one type."""
    for at, column in enumerate(table.schema):
        words = table.column(at).combine_chunks()
        if pa.types.is_string(column.type):
            table = table.set_column(at, column.name, words.dictionary_encode())
        elif pa.types.is_dictionary(column.type):
            whole = pa.DictionaryArray.from_arrays(words.indices.cast(pa.int32()), words.dictionary)
            table = table.set_column(at, column.name, whole)
    return table


def _write_strange(
    con: duckdb.DuckDBPyConnection, table: pa.Table, gone: NDArray[np.bool_], path: Path
) -> None:
    """Rows that cannot be kept, those of the forgotten whole, and rows with a value that could not be read."""
    table = table.set_column(
        table.column_names.index("code"), "code", pc.if_else(pa.array(gone), "forgotten", table["code"])
    )
    if gone.any():
        raw = pc.if_else(pa.array(gone), pc.coalesce(table["raw"], told(con, table)), table["raw"])
        table = table.set_column(table.column_names.index("raw"), "raw", raw)
    pq.write_table(table.select(_STRANGE), path, compression="zstd")


def told(con: duckdb.DuckDBPyConnection, table: pa.Table) -> pa.Array:
    """Each row of a table with the stored columns and ``number`` as JSON, its number with it."""
    fields = ", ".join(f"{name} := {name}" for name in KEPT if name != "key")
    query = (
        "SELECT CAST(to_json(struct_pack(key := key, phone := '+84' || CAST(number AS VARCHAR), "
        f"{fields})) AS VARCHAR) AS raw FROM told_rows"
    )
    with con.cursor() as beside:  # the connection itself may be in the middle of a stream
        beside.register("told_rows", table.select(["number", *KEPT]))
        return beside.sql(query).to_arrow_table()["raw"].combine_chunks()
