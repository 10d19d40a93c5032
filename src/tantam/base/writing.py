# ruff: noqa: S608 (the SQL is made of our own column names, numbers, and quoted paths)
"""Writing Parquet so that equal content gives equal bytes."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tantam.base.sources import quoted

ROW_GROUP = 122_880
"""Rows of a row group: large enough to compress, small enough that one key is found in a few of them."""


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
