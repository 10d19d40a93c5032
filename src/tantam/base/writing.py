# ruff: noqa: S608 (the SQL is made of our own column names, numbers, and quoted paths)
"""Writing files that are there whole or not at all, and Parquet whose equal content gives equal bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from tantam.base.sources import quoted
from tantam.base.stage import to_disk

ROW_GROUP = 122_880
"""Rows of a row group: large enough to compress, small enough that one key is found in a few of them."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A hidden neighbour to write to; it takes the place of ``path`` once it is written and on the disk."""
    half = path.with_name(f".{path.name}.part")
    yield half
    to_disk(half)
    half.replace(path)


def write_json(path: Path, data: Any) -> None:
    """Data as readable JSON, whole or not at all."""
    with whole(path) as half:
        half.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write(con: duckdb.DuckDBPyConnection, query: str, order: str, path: Path, select: str = "*") -> None:
    """Write a query's rows to a Parquet file in an order that leaves no ties; ``select`` says them after sorting.

    A row of nulls is put in and left out again: else a column that happens to hold none would be written as one
    that can hold none, and the bytes would tell how the rows came in.
    """
    con.execute(f"CREATE OR REPLACE TEMP TABLE nothing AS FROM ({query}) LIMIT 0")
    first = con.execute("DESCRIBE nothing").fetchall()[0][0]
    con.execute(f"INSERT INTO nothing ({first}) VALUES (NULL)")
    rows = f"{query} UNION ALL FROM nothing WHERE {first} IS NOT NULL ORDER BY {order}"
    con.execute(
        f"COPY (SELECT {select} FROM ({rows})) TO {quoted(path)} "
        f"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP})"
    )
