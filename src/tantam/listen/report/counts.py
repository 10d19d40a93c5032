# ruff: noqa: S608 (the SQL is made of our own column names and numbers)
"""What the readings add up to: counted by DuckDB in bounded memory, one pass a question, ties by id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tantam import engines
from tantam.listen.columns import SCHEMA
from tantam.listen.themes.telling import SPEAKERS
from tantam.places import PROVINCES

WEEK = 7
MOST_GROUPS = 10
MOST_URGENT = 10
_CUT = 1_200
"""Letters of a text that leave the engine: more than any page shows."""
MOST_WEEKS = 52


@dataclass(frozen=True)
class Cell:
    """How many readings share one set of answers; ``recent`` are those of the last seven days, or without a day."""

    topics: tuple[str, ...]
    feeling: str
    complaint: bool
    urgency: str
    unsure: tuple[str, ...]
    recent: bool
    count: int


@dataclass(frozen=True)
class Tally:
    """Readings of one place or channel."""

    count: int
    complaints: int
    negative: int


@dataclass(frozen=True)
class Group:
    """One text that several people sent, each in its own way: the head's text, and who, how, when."""

    text: str
    count: int
    people: int
    first: int | None
    last: int | None
    channels: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Urgent:
    """A complaint that cannot wait, once however often it was sent."""

    text: str
    topics: tuple[str, ...]
    day: int | None


@dataclass(frozen=True)
class Counts:
    """Everything the page says of the readings. ``keyed`` and ``dated`` are readings with a speaker and with a day;
    ``places`` has the provinces of today by name, None for no place, the empty name for any other place; ``weeks`` by
    theme the people of each whole week, the last seven days at the end."""

    rows: int = 0
    people: int = 0
    keyed: int = 0
    dated: int = 0
    first: int | None = None
    last: int | None = None
    cells: tuple[Cell, ...] = ()
    places: dict[str | None, Tally] = field(default_factory=dict)
    channels: tuple[tuple[str | None, int], ...] = ()
    groups: tuple[Group, ...] = ()
    folded: int = 0
    urgent: tuple[Urgent, ...] = ()
    weeks: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def count(self, **same: Any) -> int:
        """Readings whose answers are these: ``count(complaint=True, recent=True)``."""
        return sum(c.count for c in self.cells if all(getattr(c, k) == v for k, v in same.items()))


def counts(files: Sequence[Path], merged: Mapping[str, str]) -> Counts:
    """Count the readings in ``files``; the same files in any order give the same counts. ``merged`` says which themes
    count as which others."""
    with engines.connect() as con:
        if files:
            con.read_parquet([_literal(f) for f in files]).create_view("readings")
        else:
            con.register("readings", SCHEMA.empty_table())
        rows, people, keyed, dated, first, last = _one(
            con,
            f"SELECT coalesce(sum(n), 0)::BIGINT, coalesce({SPEAKERS}, 0), coalesce(sum(n) FILTER (key IS NOT NULL), 0)"
            "::BIGINT, coalesce(sum(dated), 0)::BIGINT, min(first), max(last) FROM (SELECT key, count(*) AS n, "
            'count("when") AS dated, min("when") AS first, max("when") AS last FROM readings GROUP BY key)',
        )
        since = -(2**31) if last is None else last - WEEK + 1
        heads = _groups(con)
        return Counts(
            rows, people, keyed, dated, first, last,
            cells=_cells(con, since),
            places=_places(con),
            channels=_channels(con),
            groups=heads,
            folded=_one(con, "SELECT count(DISTINCT copy_of) FROM readings WHERE copy_of <> id")[0],
            urgent=_urgent(con, since),
            weeks=_weeks(con, merged, first, last) if last is not None else {},
        )  # fmt: skip


def _literal(file: Path) -> str:
    """A path whose brackets and stars are letters, not a pattern."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(file))


def _one(con: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    row = con.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def _cells(con: duckdb.DuckDBPyConnection, since: int) -> tuple[Cell, ...]:
    rows = con.execute(
        'SELECT topic, feeling, complaint, urgency, unsure, coalesce("when" >= ?, true), count(*) '
        "FROM readings GROUP BY ALL ORDER BY ALL",
        [since],
    ).fetchall()
    return tuple(
        Cell(_parts(topic), feeling, complaint, urgency, _parts(unsure), recent, n)
        for topic, feeling, complaint, urgency, unsure, recent, n in rows
    )


def _parts(joined: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (joined or "").split("|")))


def _places(con: duckdb.DuckDBPyConnection) -> dict[str | None, Tally]:
    rows = con.execute(
        'SELECT CASE WHEN "where" IS NULL OR list_contains(?, "where") THEN "where" ELSE \'\' END, '
        "count(*), count(*) FILTER (complaint), count(*) FILTER (feeling = 'negative') "
        "FROM readings GROUP BY 1 ORDER BY 1",
        [[p.name for p in PROVINCES]],
    ).fetchall()
    return {place: Tally(*numbers) for place, *numbers in rows}


def _channels(con: duckdb.DuckDBPyConnection) -> tuple[tuple[str | None, int], ...]:
    return _pairs(
        con.execute("SELECT channel, count(*) FROM readings GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50")
    )


def _pairs(rows: duckdb.DuckDBPyConnection) -> tuple[tuple[str | None, int], ...]:
    return tuple((name, int(n)) for name, n in rows.fetchall())


def _groups(con: duckdb.DuckDBPyConnection) -> tuple[Group, ...]:
    """The texts that most people sent."""
    con.execute(
        f"CREATE TEMP TABLE said AS SELECT copy_of, {SPEAKERS} AS people, sum(n)::BIGINT AS n, min(first) AS first, "
        'max(last) AS last FROM (SELECT copy_of, key, count(*) AS n, min("when") AS first, max("when") AS last '
        "FROM readings WHERE copy_of IN (SELECT copy_of FROM readings WHERE copy_of <> id) GROUP BY copy_of, key) "
        f"GROUP BY copy_of ORDER BY people DESC, n DESC, copy_of LIMIT {MOST_GROUPS}"
    )
    channels: dict[str, list[tuple[str, int]]] = {}
    for head, channel, n in con.execute(
        "SELECT copy_of, channel, count(*) FROM readings SEMI JOIN said USING (copy_of) "
        "WHERE channel IS NOT NULL GROUP BY ALL ORDER BY 3 DESC, 2"
    ).fetchall():
        channels.setdefault(head, []).append((channel, n))
    rows = con.execute(
        f"SELECT said.copy_of, left(readings.text, {_CUT}), n, people, first, last "
        "FROM said JOIN readings ON readings.id = said.copy_of ORDER BY people DESC, n DESC, said.copy_of"
    ).fetchall()
    return tuple(
        Group(text, n, people, first, last, tuple(channels.get(head, ())))
        for head, text, n, people, first, last in rows
    )


def _urgent(con: duckdb.DuckDBPyConnection, since: int) -> tuple[Urgent, ...]:
    """The newest, each group of copies once."""
    con.execute(
        'CREATE TEMP TABLE pressing AS SELECT id, "when", complaint_p FROM readings '
        "WHERE complaint AND urgency = 'high' AND coalesce(\"when\" >= ?, true) "
        'QUALIFY row_number() OVER (PARTITION BY copy_of ORDER BY "when" DESC NULLS LAST, id) = 1 '
        f'ORDER BY "when" DESC NULLS LAST, complaint_p DESC, id LIMIT {MOST_URGENT}',
        [since],
    )
    rows = con.execute(
        f'SELECT left(r.text, {_CUT}), r.topic, r."when" FROM pressing p JOIN readings r USING (id) '
        'ORDER BY p."when" DESC NULLS LAST, p.complaint_p DESC, id'
    ).fetchall()
    return tuple(Urgent(text, _parts(topic), day) for text, topic, day in rows)


def _weeks(
    con: duckdb.DuckDBPyConnection, merged: Mapping[str, str], first: int, last: int
) -> dict[str, tuple[int, ...]]:
    """People by theme and week. Weeks end on the last day of the readings; one that began before the first is none."""
    whole = min(MOST_WEEKS, (last - first + 1) // WEEK)
    con.register("merged", pa.table({"theme": list(merged), "goes": list(merged.values())}, schema=_MERGED))
    rows = con.execute(
        f"SELECT theme, back, {SPEAKERS} "
        f'FROM (SELECT coalesce(goes, r.theme) AS theme, (? - "when") // {WEEK} AS back, '
        "key, count(*) AS n FROM readings r LEFT JOIN merged m ON r.theme = m.theme "
        'WHERE r.theme IS NOT NULL AND "when" > ? GROUP BY ALL) GROUP BY theme, back',
        [last, last - WEEK * whole],
    ).fetchall()
    made: dict[str, list[int]] = {}
    for theme, back, people in rows:
        made.setdefault(theme, [0] * whole)[whole - 1 - back] = people
    return {theme: tuple(weeks) for theme, weeks in sorted(made.items())}


_MERGED = pa.schema([("theme", pa.string()), ("goes", pa.string())])
