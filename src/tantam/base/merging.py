"""The new base and the new phone table: what stays of the old, and the rows that were read."""

# ruff: noqa: S608 (the SQL is made of our own column names, numbers, and quoted paths)

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import duckdb

from tantam.base import reading
from tantam.base.columns import STORED
from tantam.base.home import Home
from tantam.base.sources import quoted
from tantam.base.stage import Stage
from tantam.base.writing import write

_STORED = ", ".join(column.name for column in STORED)
_OLD = ", ".join(
    f"CAST({c.name} AS {reading.ENUMS[c.name]}) AS {c.name}" if c.name in reading.ENUMS else c.name
    for c in STORED
)
"""The columns of a base that lies there, in the types of ``rows``."""
_WORDED = ", ".join(
    f"CAST({c.name} AS VARCHAR) AS {c.name}" if c.name in reading.ENUMS else c.name for c in STORED
)
"""The columns of ``rows`` as they are stored: the engine writes an ENUM's dictionary in no fixed order."""

_OTHERS = "ANTI JOIN kept USING (key) ANTI JOIN gone USING (key)"
"""What stays of a table that lies there: all but the keys that come anew and those that were forgotten."""


@dataclass(frozen=True)
class Merged:
    """The new base: its rows, its latest day that is not to come, and the SHA-256 of its bytes."""

    rows: int
    latest: int
    digest: str


def merge_phones(con: duckdb.DuckDBPyConnection, home: Home, stage: Stage) -> None:
    """Write the phone table; makes the view ``kept``, the rows that :mod:`tantam.base.rejects` let through."""
    some = con.execute("SELECT count(*) FROM out").fetchall()[0][0]
    where = "WHERE rowid NOT IN (SELECT row FROM out)" if some else ""
    con.execute(f"CREATE TEMP VIEW kept AS SELECT * FROM rows {where}")
    old = ""
    if home.phones.exists():
        old = f"UNION ALL SELECT key, phone FROM read_parquet({quoted(home.phones)}) {_OTHERS}"
    write(con, f"SELECT key, phone FROM kept {old}", "key", stage.put(home.phones))


def merge_base(con: duckdb.DuckDBPyConnection, home: Home, stage: Stage, today: int) -> Merged:
    """Write the base as one file, sorted by province and key."""
    target = home.base / "part-0.parquet"
    path = stage.put(target)
    old, others = sorted(home.base.glob("*.parquet")), ""
    if old:
        others = f"UNION ALL SELECT {_OLD} FROM read_parquet([{', '.join(map(quoted, old))}]) {_OTHERS}"
    write(con, f"SELECT {_STORED} FROM kept {others}", "province, key", path, _WORDED)
    for file in old:
        if file != target:
            stage.remove(file)
    past = ", ".join(
        f"max({day}) FILTER ({day} <= {today})" for day in ("last_active_on", "last_contact_on", "joined_on")
    )
    query = f"SELECT count(*), greatest({past}) FROM read_parquet({quoted(path)})"
    rows, latest = con.execute(query).fetchall()[0]
    with path.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    return Merged(rows, today if latest is None else latest, digest)
