"""One subscriber's rows in large Parquet files: only the row groups are read that may hold the key."""

# ruff: noqa: S608 (the SQL is made of our own column names)

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from tantam import engines


@cache
def _reader() -> duckdb.DuckDBPyConnection:
    """One reader for as long as the process lives: it keeps the footers of files that have not changed."""
    con = engines.connect(threads=1, memory_mb=500)
    con.execute("SET parquet_metadata_cache = true")
    return con


def with_key(path: Path, key: int, columns: Sequence[str], **wanted: int | str) -> list[dict[str, Any]]:
    """Every row of a file with the key; ``wanted`` are other columns' values that all rows with it have, so that
    fewer row groups are looked at. Quick where rows are sorted by those and then by key."""
    where = " AND ".join(f"{name} = ?" for name in ("key", *wanted))
    query = f"SELECT {', '.join(columns)} FROM read_parquet(?) WHERE {where}"
    with _reader().cursor() as con:
        rows = con.execute(query, [str(path), key, *wanted.values()]).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]
