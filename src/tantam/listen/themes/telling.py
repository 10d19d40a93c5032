"""The rows of ``themes.json``: what the readings say of each theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from tantam import engines
from tantam.listen.themes.kept import Themes
from tantam.listen.themes.quotes import Said, choose
from tantam.listen.themes.rising import Rise, rises, whole_weeks

_READ_FOR_QUOTES = 400
"""Texts of a theme that its quotes are chosen from: those that most people said."""

_LONGEST = 1_000
"""A longer text is no quote."""


def tell(readings: Sequence[Path], themes: Themes, *, on: int | None) -> list[dict[str, Any]]:
    """The rows of ``themes.json``, by people, the most first. ``on`` is the last of the seven days that ``rising`` is
    about, in days since 1970; None takes the latest day of the readings.

    ``id``, ``label`` (the name that people gave, else the phrases found), ``count`` of opinions with their copies,
    ``people``, ``quotes`` (list of ``text``, ``people``), ``share_complaint``, ``rising`` (true, false, or null where
    there is not enough), ``rising_test`` (its numbers, or null); ``by_province`` and ``by_channel`` (lists of a name or
    null, and a count, the most first), ``by_week`` (lists of the Monday in days since 1970, and a count); ``hidden``,
    ``proposed``, ``pinned``, ``merged_into`` (an id or null: such a theme counts nothing of its own).

    Themes that nobody says are told too, with 0. Reads each column in one pass, in bounded memory.
    """
    con = engines.connect()
    counts_as = pa.table({"id": list(themes.ids), "goes": [themes.counts_as(i) for i in themes.ids]})
    con.register("counts_as", counts_as.cast(pa.schema([("id", pa.string()), ("goes", pa.string())])))
    if not readings:
        return [_row(themes, i, None, {}, [], None) for i in range(len(themes.ids))]
    con.read_parquet([str(file) for file in readings]).create_view("readings")
    con.execute(
        "CREATE TEMP VIEW said AS SELECT goes, r.* FROM readings r JOIN counts_as c ON r.theme = c.id"
    )
    shares = dict(con.execute("SELECT goes, avg(complaint::INT) FROM said GROUP BY goes").fetchall())
    counts = {goes: (count, people, shares[goes]) for goes, count, people in _people(con, "said", "goes")}
    parts = {name: _by(con, column) for name, column in _PARTS.items()}
    quotes, risen = _quotes(con, themes), _risen(con, themes, on)
    rows = [
        _row(
            themes,
            i,
            counts.get(theme),
            {name: by.get(theme, []) for name, by in parts.items()},
            quotes.get(theme, []),
            risen.get(theme),
        )
        for i, theme in enumerate(themes.ids)
    ]
    return sorted(rows, key=lambda row: (-row["people"], row["id"]))


_PARTS = {
    "by_province": '"where"',
    "by_channel": "channel",
    "by_week": '"when" - (("when" + 3) % 7 + 7) % 7',  # day 0 was a Thursday
}


def _row(
    themes: Themes,
    at: int,
    counted: tuple[int, int, float | None] | None,
    parts: dict[str, list[list[Any]]],
    quotes: list[Said],
    rise: Rise | None,
) -> dict[str, Any]:
    count, people, share = counted or (0, 0, None)
    test = None if rise is None else {k: v for k, v in asdict(rise).items() if k != "rising"}
    return {
        "id": themes.ids[at],
        "label": themes.names[at],
        "count": count,
        "people": people,
        "quotes": [asdict(quote) for quote in quotes],
        "share_complaint": share,
        "rising": None if rise is None else rise.rising,
        "rising_test": test,
        **{name: parts.get(name, []) for name in _PARTS},
        "hidden": themes.hidden[at],
        "proposed": themes.proposed[at],
        "pinned": themes.pinned[at],
        "merged_into": themes.merged_into[at],
    }


def _by(con: duckdb.DuckDBPyConnection, column: str) -> dict[str, list[list[Any]]]:
    """Counts of each theme by a column; weeks in their order and without those that have no day, else the most
    first."""
    is_week = "when" in column
    found: dict[str, list[list[Any]]] = {}
    for theme, value, count in con.execute(
        f"SELECT goes, {column} AS part, count(*) AS n FROM said GROUP BY ALL "  # noqa: S608
        f"ORDER BY goes, {'part' if is_week else 'n DESC, part NULLS LAST'}"
    ).fetchall():
        if not (is_week and value is None):
            found.setdefault(theme, []).append([value, count])
    return found


def _quotes(con: duckdb.DuckDBPyConnection, themes: Themes) -> dict[str, list[Said]]:
    """The quotes of each theme, out of the heads of groups that most people said."""
    rows = con.execute(
        f"""
        WITH groups AS ({PEOPLE.format(columns="copy_of", rows="said")})
        SELECT goes, max({{'people': people, 'hash': hash, 'id': id, 'text': text}}, {_READ_FOR_QUOTES})
        FROM said JOIN groups USING (copy_of) WHERE id = copy_of AND length(text) <= {_LONGEST} GROUP BY goes
        """  # noqa: S608
    ).fetchall()
    found = {}
    for theme, heads in rows:
        members = [i for i, one in enumerate(themes.ids) if themes.counts_as(one) == theme]
        weights = themes.vectors.unit[members].sum(axis=0)
        said = [Said(head["text"], head["people"]) for head in heads]
        found[theme] = choose(said, themes.vectors.keys, weights)
    return found


def _risen(con: duckdb.DuckDBPyConnection, themes: Themes, on: int | None) -> dict[str, Rise]:
    """The rise of each theme that has enough people in whole weeks up to ``on``."""
    first, latest = con.execute('SELECT min("when"), max("when") FROM readings').fetchone() or (None, None)
    if first is None or latest is None:
        return {}
    day = latest if on is None else on
    weeks = whole_weeks(first, day)
    since = day - 7 * (weeks + 1)
    within = f'(SELECT *, ({day} - "when") // 7 AS back FROM {{}} WHERE "when" > {since} AND "when" <= {day})'  # noqa: S608
    spoke, said = np.zeros(weeks + 1, np.int64), np.zeros((len(themes.ids), weeks + 1), np.int64)
    for back, _, people in _people(con, within.format("readings"), "back"):
        spoke[back] = people
    for theme, back, _, people in _people(con, within.format("said"), "goes, back"):
        said[themes.ids.index(theme), back] = people
    return {
        theme: rise for theme, rise in zip(themes.ids, rises(said, spoke), strict=True) if rise is not None
    }


def _people(con: duckdb.DuckDBPyConnection, rows: str, columns: str) -> list[tuple[Any, ...]]:
    """By some columns: how many opinions, and of how many people."""
    return con.execute(PEOPLE.format(columns=columns, rows=rows)).fetchall()


SPEAKERS = "sum(CASE WHEN key IS NULL THEN n ELSE 1 END)::BIGINT"
"""How many people, of rows grouped by key with ``n`` in each group; a row without a key is somebody of its own."""

PEOPLE = f"""
    SELECT {{columns}}, sum(n)::BIGINT AS opinions, {SPEAKERS} AS people
    FROM (SELECT {{columns}}, key, count(*) AS n FROM {{rows}} GROUP BY {{columns}}, key) GROUP BY {{columns}}
"""  # noqa: S608
"""Somebody who says a thing twice is one of the people; a row without a key is somebody of its own. (Grouped twice,
because that spills to disk and a count of distinct keys does not.)"""
