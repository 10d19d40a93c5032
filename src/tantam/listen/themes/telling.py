# ruff: noqa: S608 (the SQL is made of our own column names and numbers)
"""The rows of ``themes.json``: what the readings say of each theme."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa

from tantam.listen.themes.counting import NOBODY, Readings, Spoke
from tantam.listen.themes.kept import Themes
from tantam.listen.themes.quotes import Said, choose
from tantam.listen.themes.rising import Rise, rises, whole_weeks

_READ_FOR_QUOTES = 400
"""Texts of a theme that its quotes are chosen from: those that most people said."""

_LONGEST = 1_000
"""A longer text is no quote."""


def tell(readings: Readings, themes: Themes, *, on: int | None) -> list[dict[str, Any]]:
    """The rows of ``themes.json``, by people, the most first. ``on`` is the last of the seven days that ``rising`` is
    about, in days since 1970; None takes the latest day of the readings.

    ``id``, ``label`` (the name that people gave, else the phrases found), ``count`` of opinions with their copies,
    ``people``, ``quotes`` (list of ``text``, ``people``), ``share_complaint``, ``rising`` (true, false, or null where
    there is not enough), ``rising_test`` (its numbers, or null); ``by_province`` and ``by_channel`` (lists of a name or
    null, and a count, the most first), ``by_week`` (lists of the Monday in days since 1970, and a count); ``hidden``,
    ``proposed``, ``pinned``, ``merged_into`` (an id or null: such a theme counts nothing of its own).

    Themes that nobody says are told too, with 0. Reads each column in one pass, in bounded memory.
    """
    merged = {one: into for one, into in zip(themes.ids, themes.merged_into, strict=True) if into is not None}
    first, last = readings.totals.first, readings.totals.last
    day = last if on is None else on
    people = readings.people(merged, day)
    parts = _parts(readings, themes)
    quotes = _quotes(readings, themes)
    risen = {} if first is None or day is None else _risen(people, themes, whole_weeks(first, day))
    rows = [
        _row(
            themes,
            i,
            people.get(theme, NOBODY).people,
            {name: by.get(theme, Counter()) for name, by in parts.items()},
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
    "complaint": "complaint",
}


def _parts(readings: Readings, themes: Themes) -> dict[str, dict[str, Counter[Any]]]:
    """Opinions by each of :data:`_PARTS` of each theme, in one pass."""
    count = len(_PARTS)
    columns = ", ".join(f"{column} AS p{i}" for i, column in enumerate(_PARTS.values()))
    sets = ", ".join(f"(theme, p{i})" for i in range(count))
    values = ", ".join(f"p{i}" for i in range(count))
    found: dict[str, dict[str, Counter[Any]]] = {name: {} for name in _PARTS}
    for which, theme, n, *row in readings.rows(
        f"SELECT grouping({values}), theme, count(*), {values} "
        f"FROM (SELECT theme, {columns} FROM readings WHERE theme IS NOT NULL) GROUP BY GROUPING SETS ({sets})"
    ):
        if theme in themes.ids:
            at = next(i for i in range(count) if not which >> (count - 1 - i) & 1)
            by = found[list(_PARTS)[at]].setdefault(themes.counts_as(theme), Counter())
            by[row[at]] += n
    return found


def _row(
    themes: Themes, at: int, people: int, by: dict[str, Counter[Any]], quotes: list[Said], rise: Rise | None
) -> dict[str, Any]:
    test = None if rise is None else {k: v for k, v in asdict(rise).items() if k != "rising"}
    complaints = by["complaint"]
    answered = complaints[True] + complaints[False]
    return {
        "id": themes.ids[at],
        "label": themes.names[at],
        "count": complaints.total(),
        "people": people,
        "quotes": [asdict(quote) for quote in quotes],
        "share_complaint": complaints[True] / answered if answered else None,
        "rising": None if rise is None else rise.rising,
        "rising_test": test,
        "by_province": _most_first(by["by_province"]),
        "by_channel": _most_first(by["by_channel"]),
        "by_week": sorted([week, n] for week, n in by["by_week"].items() if week is not None),
        "hidden": themes.hidden[at],
        "proposed": themes.proposed[at],
        "pinned": themes.pinned[at],
        "merged_into": themes.merged_into[at],
    }


def _most_first(by: Counter[str | None]) -> list[list[Any]]:
    """By count, then by name, what has none last."""
    return [[name, n] for name, n in sorted(by.items(), key=lambda p: (-p[1], p[0] is None, p[0] or ""))]


def _quotes(readings: Readings, themes: Themes) -> dict[str, list[Said]]:
    """The quotes of each theme, out of the heads of groups that most people said."""
    goes = {one: themes.counts_as(one) for one in themes.ids}
    members: dict[str, list[int]] = {}
    for i, one in enumerate(themes.ids):
        members.setdefault(goes[one], []).append(i)
    return {
        theme: choose(said, themes.vectors.keys, themes.vectors.unit[members[theme]].sum(axis=0))
        for theme, said in _said(readings, goes).items()
    }


def _said(readings: Readings, goes: dict[str, str]) -> dict[str, list[Said]]:
    """Of each theme the first :data:`_READ_FOR_QUOTES` heads that are no longer than :data:`_LONGEST`, those that most
    people said first. The text column is read for these alone; where long ones are among them, for more."""
    readings.con.register("goes", pa.table([list(goes), list(goes.values())], schema=_GOES))
    readings.con.execute(
        "CREATE OR REPLACE TEMP TABLE heads AS SELECT copy_of, id, key, hash, place, goes, 1 AS uncounted "
        "FROM readings JOIN goes USING (theme) WHERE id = copy_of"
    )
    if readings.goes_on:
        # the first that was said in this run stands for its head, and is counted in the group
        first = "'id': id, 'key': key, 'hash': hash, 'place': place, 'goes': goes"
        readings.con.execute(
            "INSERT INTO heads SELECT copy_of, h.id, h.key, h.hash, h.place, h.goes, 0 FROM (SELECT copy_of, "
            f"min({{'day': coalesce(\"when\", 2147483647), {first}}}) AS h FROM readings JOIN goes USING (theme) "
            "SEMI JOIN elsewhere USING (copy_of) GROUP BY copy_of)"
        )
    # the head is one more of the people, but where its speaker has sent a copy of it too
    people = (
        "SELECT h.*, uncounted + coalesce(g.said, 0) - (uncounted = 1 AND s.copy_of IS NOT NULL)::INT AS people "
        f"FROM heads h LEFT JOIN {readings.groups} g USING (copy_of) LEFT JOIN (SELECT copy_of FROM spoke s "
        "SEMI JOIN heads h ON h.copy_of = s.copy_of AND h.key = s.key WHERE said > 0) s USING (copy_of)"
    )
    said: dict[str, list[Said]] = {theme: [] for theme in goes.values()}
    begin, end = 0, _READ_FOR_QUOTES
    wanting = set(said)
    while wanting:
        found = [
            (theme, head)
            for theme, ranked in readings.rows(
                f"SELECT goes, max({{'people': people, 'hash': hash, 'id': id, 'place': place}}, {end}) "
                f"FROM ({people}) GROUP BY goes"
            )
            if theme in wanting
            for head in ranked[begin:]
        ]
        texts = readings.texts([head["place"] for _, head in found])
        for (theme, head), text in zip(found, texts, strict=True):
            if len(text) <= _LONGEST and len(said[theme]) < _READ_FOR_QUOTES:
                said[theme].append(Said(text, head["people"]))
        read = Counter(theme for theme, _ in found)
        wanting = {t for t in wanting if read[t] == end - begin and len(said[t]) < _READ_FOR_QUOTES}
        begin, end = end, 2 * end
    readings.con.execute("DROP TABLE heads")
    return said


_GOES = pa.schema([("theme", pa.string()), ("goes", pa.string())])


def _risen(people: dict[str, Spoke], themes: Themes, weeks: int) -> dict[str, Rise]:
    """The rise of each theme that has enough people in whole weeks up to the last day."""
    spoke = np.array(people.get("", NOBODY).weeks[: weeks + 1], np.int64)
    said = np.array([people.get(one, NOBODY).weeks[: weeks + 1] for one in themes.ids], np.int64)
    return {
        theme: rise
        for theme, rise in zip(themes.ids, rises(said.reshape(-1, weeks + 1), spoke), strict=True)
        if rise is not None
    }
