"""One subscriber's rows in large Parquet files: only the row groups are read that may hold the key."""

# ruff: noqa: S608 (the SQL is made of our own column names)

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from tantam import engines

_SPARED = "join_order, statistics_propagation"
"""What there is to plan in one row: nothing. Both would look at every column of every row group first."""


class _Reader:
    """One reader for as long as the process lives: it keeps the footers of files. It is made anew once a file that
    it knows has changed, for DuckDB itself takes what is as long and of the same second for the same file."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Path, tuple[int, ...]] = {}
        self._con: duckdb.DuckDBPyConnection | None = None

    def of(self, path: Path) -> duckdb.DuckDBPyConnection:
        """A cursor that knows the file as it is now, or not yet."""
        state = path.stat()
        now = (state.st_ino, state.st_mtime_ns, state.st_size)
        with self._lock:
            if self._con is None or self._known.get(path, now) != now:
                self._con, self._known = _connect(), {}
            self._known[path] = now
            return self._con.cursor()


def _connect() -> duckdb.DuckDBPyConnection:
    con = engines.connect(threads=1, memory_mb=500)
    con.execute("SET GLOBAL parquet_metadata_cache = true")  # not global, no cursor would have it
    con.execute(f"SET GLOBAL disabled_optimizers = '{_SPARED}'")
    return con


_reader = _Reader()


def with_key(path: Path, key: int, columns: Sequence[str], **wanted: int | str) -> list[dict[str, Any]]:
    """Every row of a file with the key; ``wanted`` are other columns' values that all rows with it have, or its place
    in the file as ``file_row_number``, so that fewer row groups are looked at. Quick where rows are sorted by those
    and then by key."""
    where = " AND ".join(f"{name} = ?" for name in ("key", *wanted))
    query = f"SELECT {', '.join(columns)} FROM read_parquet(?, file_row_number = true) WHERE {where}"
    with _reader.of(path) as con:
        rows = con.execute(query, [str(path), key, *wanted.values()]).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]
