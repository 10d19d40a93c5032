"""Whose opinions led to the most in a year: found by one question over everyone who spoke, and explained line by line.

Only those who can be thanked: known by key, not thanked for that year yet, and not a subscription of our own staff.
Whoever was heard in the files of a listening counts like anybody, where he agreed to be answered: no other key is kept.
"""

# ruff: noqa: S608 (the SQL is made of our own column names and numbers)

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pyarrow as pa
from django.db import connection

from tantam.clock import HANOI
from tantam.office.opinions.heard import File, hearing
from tantam.office.opinions.score import (
    A_THOUSAND,
    ANSWERED,
    CHANGED,
    COMMITTED,
    MOST_HELPED,
    Led,
    Line,
    lines,
)

SHOWN = 20
_KEY = pa.schema([("key", pa.int64())])
_VOICE = pa.schema([(name, pa.int64()) for name in ("key", "root", "first")])
_PLACE = pa.schema([(name, pa.int64()) for name in ("root", "people", "answered", "committed", "changed")])

_PLACES = """
WITH RECURSIVE under(theme, root) AS (
  SELECT id, id FROM opinions_theme WHERE into_id IS NULL
  UNION ALL SELECT t.id, u.root FROM opinions_theme t JOIN under u ON t.into_id = u.theme
), deed(theme, answered, committed, changed) AS (
  SELECT theme_id, at, CASE WHEN kind = 'accept' THEN at END, NULL FROM opinions_answer WHERE at >= %s AND at < %s
  UNION ALL
  SELECT theme_id, NULL, NULL, published_at FROM opinions_change WHERE published_at >= %s AND published_at < %s
), fact(root, answered, committed, changed) AS (
  SELECT u.root, MAX(d.answered), MAX(d.committed), MAX(d.changed)
  FROM deed d JOIN under u ON u.theme = d.theme GROUP BY u.root
), place(theme, root, joined, name, people, answered, committed, changed) AS (
  SELECT u.theme, u.root, EXISTS (SELECT 1 FROM opinions_theme t WHERE t.into_id = u.root),
    r.name, r.people_count, f.answered, f.committed, f.changed
  FROM under u JOIN fact f ON f.root = u.root JOIN opinions_theme r ON r.id = u.root
)
"""
"""Each theme of which something became in a year: what it counts as, and when the last of each kind of deed was."""

_EACH = """
SELECT v."key", p.root, p.name, COALESCE(MIN(v.first_at) <= p.answered, FALSE),
  COALESCE(MIN(v.first_at) <= p.committed, FALSE), COALESCE(MIN(v.first_at) <= p.changed, FALSE), p.people
FROM opinions_voice v JOIN place p ON p.theme = v.theme_id WHERE v."key" IN ({keys})
GROUP BY v."key", p.root, p.name, p.people, p.answered, p.committed, p.changed
"""
"""A deed counts for whoever had spoken before it; who spoke on themes that were joined spoke once, the first time."""

_POINTS = f"""
  CASE WHEN {{first}} <= p.answered THEN {ANSWERED} ELSE 0 END
  + CASE WHEN {{first}} <= p.committed THEN {COMMITTED} ELSE 0 END
  + CASE WHEN {{first}} <= p.changed THEN {CHANGED} + CASE WHEN p.people >= {MOST_HELPED * A_THOUSAND}
    THEN {MOST_HELPED} ELSE p.people / {A_THOUSAND} END ELSE 0 END
"""
# Most themes are joined with none: their voices need not be put together by person and theme. (The plus keeps SQLite
# from reading a million rows in the order of an index of theirs.)
_BEST = f"""
SELECT "key", SUM(points) AS points FROM (
  SELECT v."key" AS "key", {_POINTS.format(first="v.first_at")} AS points
  FROM opinions_voice v JOIN place p ON p.theme = v.theme_id WHERE +v."key" IS NOT NULL AND NOT p.joined
  UNION ALL
  SELECT v."key", {_POINTS.format(first="MIN(v.first_at)")}
  FROM opinions_voice v JOIN place p ON p.theme = v.theme_id WHERE +v."key" IS NOT NULL AND p.joined
  GROUP BY v."key", p.root, p.people, p.answered, p.committed, p.changed
) led
WHERE "key" NOT IN (SELECT w."key" FROM opinions_reward w WHERE w."key" IS NOT NULL AND w.year = %s)
  AND "key" NOT IN (SELECT s.subscriber FROM people_staff s WHERE s.subscriber IS NOT NULL)
GROUP BY "key" HAVING SUM(points) > 0 ORDER BY points DESC, "key" LIMIT %s
"""

_HEARD_OF = """
SELECT h.speakers, p.root, {taken}, p.name, p.people, {answered}, {committed}, {changed}
FROM opinions_heap h JOIN place p ON p.theme = h.theme_id WHERE h.speakers <> ''
"""
_VOICES = """
SELECT v."key", p.root, {first} FROM opinions_voice v JOIN place p ON p.theme = v.theme_id WHERE +v."key" IS NOT NULL
"""
_PLACE_OF = "SELECT p.root, p.people, {answered}, {committed}, {changed} FROM place p WHERE p.theme = p.root"
_LEFT_OUT = """
SELECT w."key" FROM opinions_reward w WHERE w."key" IS NOT NULL AND w.year = %s
UNION SELECT s.subscriber FROM people_staff s WHERE s.subscriber IS NOT NULL
"""
_OF_BOTH = f"""
SELECT key, SUM({_POINTS.format(first="s.first")})::BIGINT AS points
FROM (SELECT key, root, MIN(first) AS first FROM (FROM heard UNION ALL FROM voice) GROUP BY key, root) s
JOIN place p USING (root) ANTI JOIN left_out USING (key)
GROUP BY key HAVING points > 0 ORDER BY points DESC, key LIMIT ?
"""
_SECONDS = {
    "sqlite": "CAST(strftime('%%s', {0}) AS INTEGER)",
    "postgresql": "FLOOR(EXTRACT(EPOCH FROM {0}))::bigint",
}
"""A moment of the database in seconds since 1970."""
_BATCH = 100_000


def best(year: int, count: int = SHOWN) -> list[tuple[int, int]]:
    """(key, points) of those whose opinions led to the most, ties by key. One query; where files of speakers count too,
    everyone is put together by an engine (for 600,000 voices and 3,000,000 speakers under 4 s of a processor)."""
    files = _files(year)
    if files:
        return _best_of_both([one for one, *_ in files], year, count)
    with connection.cursor() as cursor:
        cursor.execute(_PLACES + _BEST, [*_within(year), year, count])
        return [(int(key), int(points)) for key, points in cursor.fetchall()]


def _best_of_both(files: list[File], year: int, count: int) -> list[tuple[int, int]]:
    with hearing(files) as con, connection.cursor() as cursor:
        con.execute("SET integer_division = true")
        cursor.execute(_LEFT_OUT, [year])
        con.register("left_out", pa.table([[key for (key,) in cursor.fetchall()]], schema=_KEY))
        cursor.execute(_PLACES + _in_seconds(_PLACE_OF), _within(year))
        con.register("place", _columns(cursor.fetchall(), _PLACE))
        cursor.execute(_PLACES + _in_seconds(_VOICES), _within(year))
        batches = [_columns(rows, _VOICE) for rows in iter(lambda: cursor.fetchmany(_BATCH), [])]
        con.register("voice", pa.concat_tables([_VOICE.empty_table(), *batches]))
        return [(int(key), int(points)) for key, points in con.execute(_OF_BOTH, [count]).fetchall()]


def _hear(found: dict[int, list[Led]], files: list[tuple[Any, ...]]) -> None:
    """What came of the words of these people that stand in files of speakers."""
    place = {one.root: more for one, *more in files}
    with hearing([one for one, *_ in files]) as con:
        con.register("asked", pa.table([list(found)], schema=_KEY))
        first = "SELECT key, root, MIN(first) FROM heard SEMI JOIN asked USING (key) GROUP BY key, root"
        for key, root, spoke in con.execute(first).fetchall():
            name, people, *deeds = place[root]
            answered, committed, changed = (at is not None and spoke <= at for at in deeds)
            found[key].append(Led(root, name, answered, committed, changed, people))


def _files(year: int) -> list[tuple[Any, ...]]:
    """The files of speakers of themes of which something became in a year; of each the name of what it counts as, its
    people, and when it was answered, committed to, changed (seconds, or None)."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACES + _in_seconds(_HEARD_OF), _within(year))
        return [(File(path, root, taken), *more) for path, root, taken, *more in cursor.fetchall()]


def _in_seconds(sql: str) -> str:
    moments = {"taken": "h.taken_at", "first": "v.first_at"}
    moments |= {deed: f"p.{deed}" for deed in ("answered", "committed", "changed")}
    return sql.format(**{name: _SECONDS[connection.vendor].format(at) for name, at in moments.items()})


def _columns(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pa.table([pa.array(column, pa.int64()) for column in columns], schema=schema)


def explained(keys: Iterable[int], year: int) -> dict[int, list[Line]]:
    """The arithmetic of each of these (some hundreds at most), nothing for whom no word led anywhere. One query."""
    found: dict[int, list[Led]] = {key: [] for key in keys}
    if not found:
        return {}
    files = _files(year)
    if files:
        _hear(found, files)
    holes = ", ".join(["%s"] * len(found))
    with connection.cursor() as cursor:
        cursor.execute(_PLACES + _EACH.format(keys=holes), [*_within(year), *found])
        for key, theme, name, answered, committed, changed, people in cursor.fetchall():
            led = Led(theme, name, bool(answered), bool(committed), bool(changed), people)
            found[key].append(led)
    return {key: lines(each) for key, each in found.items()}


def _within(year: int) -> list[Any]:
    """The bounds of a year in Vietnam, for answers and for changes."""
    ends = [datetime(at, 1, 1, tzinfo=HANOI) for at in (year, year + 1)]
    return [connection.ops.adapt_datetimefield_value(end) for end in ends] * 2
