"""What the base is, in figures; and everything that is held on one subscriber."""

# ruff: noqa: S608 (the SQL is made of our own column names, numbers, and quoted paths)

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tantam import engines
from tantam.base.columns import LOW_INCOME, STORED
from tantam.base.forget import keyed
from tantam.base.home import Home
from tantam.base.sources import quoted
from tantam.base.store import open_base, tombstones
from tantam.clock import to_date
from tantam.errors import BadInput

_HARDSHIP = ("hardship", "hardship_basis", "hardship_on", "low_income", "basis")
"""What is left unsaid beside a person when it rests on an estimate."""


def describe(home: Home) -> dict[str, Any]:
    """The base in figures: ``rows``, ``on``, ``by_province``, ``by_plan_kind``, ``low_income_by_basis``,
    ``consents``, ``nulls`` (per column) and ``rejects`` (per code). Refuses ``no_base``."""
    con = engines.connect()
    base = open_base(home, engines.Duck(con))
    people = base.frame.to_native()

    def count(what: str, where: str = "true") -> dict[str, int]:
        counted = f"SELECT coalesce({what}, '') AS name, count(*) AS n FROM people"
        query = f"{counted} WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1"
        return dict(people.query("people", query).fetchall())

    poor = f"hardship IN ({', '.join(map(quoted, LOW_INCOME))})"
    sums = [f"count(*) - count({c.name}) AS {c.name}" for c in STORED]
    nulls = people.query("people", f"SELECT {', '.join(sums)} FROM people").to_arrow_table().to_pylist()[0]
    consents = {
        "care": "consent_care_on IS NOT NULL",
        "advertising": "consent_ads_on IS NOT NULL AND NOT coalesce(refuses_ads, false)",
        "refuses_ads": "refuses_ads",
        "refuses_profiling": "refuses_profiling",
    }
    said = ", ".join(f"count(*) FILTER ({rule}) AS {name}" for name, rule in consents.items())
    return {
        "operator": base.operator,
        "on": str(to_date(base.on)),
        "rows": base.rows,
        "digest": base.digest,
        "by_province": count("province"),
        "by_plan_kind": count("plan_kind"),
        "low_income_by_basis": count("hardship_basis", poor),
        "consents": people.query("people", f"SELECT {said} FROM people").to_arrow_table().to_pylist()[0],
        "nulls": nulls,
        "rejects": _rejects(home, con),
        "forgotten": len(tombstones(home)),
    }


def _rejects(home: Home, con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    if not home.rejects.exists():
        return {}
    query = f"SELECT code, count(*) FROM read_parquet({quoted(home.rejects)}) GROUP BY 1 ORDER BY 2 DESC, 1"
    return dict(con.execute(query).fetchall())


def held_on(home: Home, key: int) -> dict[str, Any]:
    """Everything held on one subscriber: the row of the base, whether a number is held, and every row of rounds
    and of what was listened to. An estimate of hardship is not shown beside a person, and no number ever is.

    Refuses ``no_subscriber`` for a key that nobody has, or that was forgotten.
    """
    con = engines.connect(threads=1)
    base = open_base(home, engines.Duck(con))
    row = next(iter(_rows(con, home.files(), key)), None)
    if row is None or key in [stone["key"] for stone in tombstones(home)]:
        raise BadInput(
            "no_subscriber", "Nobody in the base has this key.", "Copy it from a round, or from a list."
        )
    estimate = row["hardship_basis"] == "estimate"
    elsewhere = {
        str(file.relative_to(home.root)): rows
        for file in keyed(home)
        if (rows := list(_rows(con, [file], key)))
    }
    phone = bool(list(_rows(con, [home.phones], key))) if home.phones.exists() else False
    return {
        "on": str(to_date(base.on)),
        "base": _said(row, estimate),
        "phone_held": phone,
        "elsewhere": {name: [_said(each, estimate) for each in rows] for name, rows in elsewhere.items()},
    }


def _rows(con: duckdb.DuckDBPyConnection, files: list[Path], key: int) -> Iterator[dict[str, Any]]:
    listed = ", ".join(map(quoted, files))
    table: pa.Table = con.sql(f"SELECT * FROM read_parquet([{listed}]) WHERE key = {key}").to_arrow_table()
    yield from table.to_pylist()


def _said(row: dict[str, Any], estimate: bool) -> dict[str, Any]:
    """A row as a person may see it: days as dates, and nothing that is only estimated."""
    hidden = _HARDSHIP if estimate else ()
    return {
        name: str(to_date(value)) if name.endswith("_on") and isinstance(value, int) else value
        for name, value in row.items()
        if name not in ("key", "phone", *hidden) and value is not None
    }
