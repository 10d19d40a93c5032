"""Reading the base: always through here, so that whoever asked to be forgotten is left out everywhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import duckdb
import narwhals as nw

from tantam import engines
from tantam.base.home import Home


@dataclass(frozen=True)
class Base:
    """The subscribers as a lazy frame of :data:`tantam.base.columns.STORED`, and what the base is."""

    frame: nw.LazyFrame[Any]
    on: int
    rows: int
    digest: str
    operator: str | None
    con: duckdb.DuckDBPyConnection


def forgotten(home: Home) -> list[int]:
    """The keys that asked to be forgotten, sorted; honoured at every read."""
    if not home.forgotten.exists():
        return []
    return sorted(int(row["key"]) for row in json.loads(home.forgotten.read_text()))


def open_base(home: Home, con: duckdb.DuckDBPyConnection) -> Base:
    """The base of a home; refuses (``no_base``) a home without one."""
    files = home.files()
    facts = json.loads(home.facts.read_text())
    frame = engines.scan(con, files)
    gone = forgotten(home)
    if gone:
        frame = frame.filter(~nw.col("key").is_in(gone))
    return Base(frame, int(facts["on"]), int(facts["rows"]), str(facts["digest"]), facts.get("operator"), con)


def read_one(home: Home, key: int) -> dict[str, Any] | None:
    """One subscriber's row by key, or None; reads only the row groups whose keys may hold it."""
    con = engines.connect(threads=1)
    base = open_base(home, con)
    rows = engines.collect(base.frame.filter(nw.col("key") == key)).to_pylist()
    return rows[0] if rows else None
