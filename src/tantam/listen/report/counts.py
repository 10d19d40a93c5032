# ruff: noqa: S608 (the SQL is made of our own column names and numbers)
"""What the readings add up to: counted by DuckDB in bounded memory, ties by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tantam.listen.themes.counting import NOBODY, WEEK, Readings
from tantam.places import PROVINCES

MOST_GROUPS = 10
MOST_URGENT = 10
_CUT = 1_200
"""Letters of a text that are kept: more than any page shows."""


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
    """One text that several people sent, each in its own way: the head's text, and who, how, when. Of a group that
    goes on from an ``earlier`` run the head is not among the readings: the first that was said in this one stands for
    it, and all counts are of this one."""

    text: str
    count: int
    people: int
    first: int | None
    last: int | None
    channels: tuple[tuple[str, int], ...]
    earlier: bool


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


def counts(readings: Readings, merged: Mapping[str, str]) -> Counts:
    """Count the readings; the same ones in files of any order give the same counts. ``merged`` says which themes count
    as which others."""
    t = readings.totals
    people, channels = readings.people(merged, t.last), _channels(readings)
    since = -(2**31) if t.last is None else t.last - WEEK + 1
    folded = readings.rows(f"SELECT count(*) FROM {readings.groups}")[0][0]
    return Counts(
        t.rows, people.get("", NOBODY).people, t.keyed, t.dated, t.first, t.last,
        cells=_cells(readings, since),
        places=_places(readings),
        channels=channels,
        groups=_groups(readings, any(name is not None for name, _ in channels)),
        folded=folded,
        urgent=_urgent(readings, since),
        weeks={} if t.first is None or t.last is None else {
            theme: tuple(reversed(weeks))
            for theme, spoke in sorted(people.items())
            if theme and any(weeks := spoke.weeks[: (t.last - t.first + 1) // WEEK])
        },
    )  # fmt: skip


def _cells(readings: Readings, since: int) -> tuple[Cell, ...]:
    rows = readings.rows(
        'SELECT topic, feeling, complaint, urgency, unsure, coalesce("when" >= ?, true), count(*) '
        "FROM readings GROUP BY ALL ORDER BY ALL",
        [since],
    )
    return tuple(
        Cell(_parts(topic), feeling, complaint, urgency, _parts(unsure), recent, n)
        for topic, feeling, complaint, urgency, unsure, recent, n in rows
    )


def _parts(joined: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (joined or "").split("|")))


def _places(readings: Readings) -> dict[str | None, Tally]:
    known = {None, *(p.name for p in PROVINCES)}
    held: dict[str | None, list[int]] = {}
    for place, complaint, feeling, n in readings.rows(
        'SELECT "where", complaint, feeling, count(*) FROM readings GROUP BY ALL ORDER BY ALL'
    ):
        tally = held.setdefault(place if place in known else "", [0, 0, 0])
        tally[0] += n
        tally[1] += n * bool(complaint)
        tally[2] += n * (feeling == "negative")
    return {place: Tally(*numbers) for place, numbers in held.items()}


def _channels(readings: Readings) -> tuple[tuple[str | None, int], ...]:
    return tuple(
        readings.rows("SELECT channel, count(*) FROM readings GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50")
    )


def _groups(readings: Readings, channelled: bool) -> tuple[Group, ...]:
    """The texts that most people sent. Only those that may be among the first are looked at with their head, which is
    at most one more of the people; their days and channels are looked up where readings have any."""
    least = f"SELECT people FROM {readings.groups} ORDER BY people DESC LIMIT 1 OFFSET {MOST_GROUPS - 1}"
    most = f"(SELECT * FROM groups WHERE people >= coalesce(({least}), 0) - 1) g"
    readings.con.execute(
        "CREATE OR REPLACE TEMP TABLE first AS SELECT g.*, key, place, false AS earlier "
        f"FROM readings JOIN {most} ON g.copy_of = id"
    )
    if readings.goes_on:
        readings.con.execute(
            "INSERT INTO first SELECT g.*, head.key, head.place, true FROM (SELECT copy_of, "
            "min({'day': coalesce(\"when\", 2147483647), 'id': id, 'place': place, 'key': key}) AS head "
            f"FROM readings SEMI JOIN elsewhere USING (copy_of) GROUP BY copy_of) JOIN {most} USING (copy_of)"
        )
    rows = readings.rows(
        "SELECT copy_of, place, n + (NOT earlier)::INT AS n, "
        "people + (NOT earlier AND s.copy_of IS NULL)::INT AS people, earlier FROM first LEFT JOIN "
        "(SELECT copy_of FROM spoke s SEMI JOIN first f ON f.copy_of = s.copy_of AND f.key = s.key) s "
        f"USING (copy_of) ORDER BY people DESC, n DESC, copy_of LIMIT {MOST_GROUPS}"
    )
    days: dict[str, list[int]] = {head: [] for head, *_ in rows}
    channels: dict[str, Counter[str]] = {head: Counter() for head in days}
    if readings.totals.dated or channelled:
        for head, channel, n, first, last in readings.rows(
            'SELECT copy_of, channel, count(*), min("when"), max("when") FROM readings '
            "SEMI JOIN (SELECT unnest(?) AS copy_of) USING (copy_of) GROUP BY copy_of, channel",
            [list(days)],
        ):
            days[head] += [day for day in (first, last) if day is not None]
            channels[head].update({} if channel is None else {channel: n})
    texts = readings.texts([place for _, place, *_ in rows])
    return tuple(
        Group(
            text[:_CUT],
            n,
            people,
            min(days[head], default=None),
            max(days[head], default=None),
            tuple(sorted(channels[head].items(), key=lambda pair: (-pair[1], pair[0]))),
            earlier,
        )
        for text, (head, _, n, people, earlier) in zip(texts, rows, strict=True)
    )


def _urgent(readings: Readings, since: int) -> tuple[Urgent, ...]:
    """The newest, each group of copies once."""
    rows = readings.rows(
        'SELECT place, topic, "when" FROM readings '
        "WHERE complaint AND urgency = 'high' AND coalesce(\"when\" >= ?, true) "
        'QUALIFY row_number() OVER (PARTITION BY copy_of ORDER BY "when" DESC NULLS LAST, id) = 1 '
        f'ORDER BY "when" DESC NULLS LAST, complaint_p DESC, id LIMIT {MOST_URGENT}',
        [since],
    )
    texts = readings.texts([place for place, *_ in rows])
    return tuple(
        Urgent(text[:_CUT], _parts(topic), day) for text, (_, topic, day) in zip(texts, rows, strict=True)
    )
