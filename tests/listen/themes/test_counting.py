"""Everything that is counted of readings, against a plain Python count of random rows."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from tantam.listen.columns import SCHEMA
from tantam.listen.report.counts import MOST_GROUPS, MOST_URGENT, Counts, counts
from tantam.listen.themes import Readings, Themes, tell
from tantam.listen.themes.quotes import Said, choose
from tantam.listen.themes.rising import rises, whole_weeks
from tantam.places import PROVINCES
from tests.listen.themes.test_telling import by_id, people, themes

Row = dict[str, Any]

DAYS = st.none() | st.integers(20_500, 20_600)


@st.composite
def readings(draw: st.DrawFn) -> list[Row]:
    """Rows of which some are copies, with few different values, so that everything comes more than once; columns
    without any value at times."""
    keys = draw(st.sampled_from([st.none(), st.none() | st.integers(1, 6)]))
    days = draw(st.sampled_from([st.none(), DAYS]))
    names = draw(st.sampled_from([st.none(), st.sampled_from([None, "sms", "café", "Ạ"])]))
    rows: list[Row] = []
    for i in range(draw(st.integers(0, 60))):
        head = draw(st.none() | st.sampled_from(rows)) if rows else None
        id_ = f"{draw(st.integers(0, 99))}-{i}"
        rows.append(
            {
                "id": id_,
                "key": draw(keys),
                "when": draw(days),
                "where": draw(st.sampled_from([None, "Huế", "Cà Mau", "Viêng Chăn"])),
                "channel": draw(names),
                "text": f"{id_} mất sóng trong nhà"
                + draw(st.sampled_from(["", " cả buổi tối", " rất lâu" * 200])),
                "topic": draw(st.sampled_from(["network", "network|data", "other"])),
                "topic_p": 0.5,
                "feeling": draw(st.sampled_from(["negative", "neutral"])),
                "feeling_p": 0.5,
                "complaint": draw(st.booleans()),
                "complaint_p": draw(st.sampled_from([0.25, 0.5, 0.75])),
                "urgency": draw(st.sampled_from(["high", "low"])),
                "unsure": draw(st.sampled_from(["", "topic", "feeling|topic"])),
                "theme": draw(st.sampled_from([None, "T01", "T02", "T03"])),
                "hash": draw(st.integers(-3, 3)),
                "copy_of": head["copy_of"] if head else id_,
            }
        )
    return rows


def counted(rows: list[Row], parts: int, known: Themes, on: int | None) -> tuple[list[Row], Counts]:
    merged = {one: into for one, into in zip(known.ids, known.merged_into, strict=True) if into}
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{part}.parquet" for part in range(parts)]
        for part, file in enumerate(files):
            table = pa.Table.from_pylist(rows[part::parts], schema=SCHEMA)
            pq.write_table(table, file, row_group_size=7)
        with Readings(files) as opened:
            return tell(opened, known, on=on), counts(opened, merged)


def week_by_week(rows: list[Row], on: int, weeks: int) -> list[int]:
    return [
        people([r for r in rows if r["when"] is not None and r["when"] <= on and (on - r["when"]) // 7 == k])
        for k in range(weeks)
    ]


def quotes(rows: list[Row], said: list[Row], known: Themes, theme: str) -> list[Said]:
    """Of the heads that most people said, then by hash and id."""
    heads = [
        (people([r for r in rows if r["copy_of"] == h["id"] and r["theme"]]), h["hash"], h["id"], h["text"])
        for h in said
        if h["copy_of"] == h["id"] and len(h["text"]) <= 1_000
    ]
    members = [i for i, one in enumerate(known.ids) if known.counts_as(one) == theme]
    weights = known.vectors.unit[members].sum(axis=0)
    return choose([Said(text, n) for n, *_, text in sorted(heads, reverse=True)], known.vectors.keys, weights)


def first_last(rows: list[Row]) -> tuple[int | None, int | None]:
    days = [r["when"] for r in rows if r["when"] is not None]
    return min(days, default=None), max(days, default=None)


@settings(max_examples=40, deadline=None)
@given(readings(), st.integers(1, 3), st.booleans(), st.none() | st.integers(20_560, 20_610))
def test_themes_are_counted_as_in_python(rows: list[Row], parts: int, put: bool, on: int | None) -> None:
    known = themes().edited("T02", into="T01") if put else themes()
    told, _ = counted(rows, parts, known, on)
    first, last = first_last(rows)
    day = last if on is None else on
    mine = {one: [r for r in rows if r["theme"] and known.counts_as(r["theme"]) == one] for one in known.ids}
    for theme, row in by_id(told).items():
        said = mine[theme]
        assert (row["count"], row["people"]) == (len(said), people(said))
        assert row["share_complaint"] == (np.mean([r["complaint"] for r in said]) if said else None)
        for name, column in (("by_province", "where"), ("by_channel", "channel")):
            expected = Counter(r[column] for r in said).items()
            assert row[name] == [
                [k, n] for k, n in sorted(expected, key=lambda p: (-p[1], p[0] is None, str(p[0])))
            ]
        weeks = Counter(r["when"] - (r["when"] + 3) % 7 for r in said if r["when"] is not None)
        assert row["by_week"] == sorted([week, n] for week, n in weeks.items())
        assert row["quotes"] == [asdict(quote) for quote in quotes(rows, said, known, theme)]
    if first is None or day is None:
        return
    n = whole_weeks(first, day) + 1
    spoke = np.array(week_by_week(rows, day, n), np.int64)
    risen = rises(np.array([week_by_week(mine[one], day, n) for one in known.ids], np.int64), spoke)
    for theme, rise in zip(known.ids, risen, strict=True):
        assert by_id(told)[theme]["rising"] == (None if rise is None else rise.rising)


@settings(max_examples=40, deadline=None)
@given(readings(), st.integers(1, 3), st.booleans())
def test_the_page_is_counted_as_in_python(rows: list[Row], parts: int, put: bool) -> None:
    known = themes().edited("T02", into="T01") if put else themes()
    _, found = counted(rows, parts, known, None)
    first, last = first_last(rows)
    assert (found.rows, found.people) == (len(rows), people(rows))
    assert (found.first, found.last) == (first, last)
    assert found.keyed == sum(r["key"] is not None for r in rows)
    assert found.dated == sum(r["when"] is not None for r in rows)

    def recent(row: Row) -> bool:
        return row["when"] is None or last is None or bool(row["when"] > last - 7)

    answers = ("topic", "feeling", "complaint", "urgency", "unsure")
    cells = Counter((*(r[a] for a in answers), recent(r)) for r in rows)
    assert {
        ("|".join(c.topics), c.feeling, c.complaint, c.urgency, "|".join(c.unsure), c.recent): c.count
        for c in found.cells
    } == cells
    names = {None, *(p.name for p in PROVINCES)}
    places = defaultdict(list)
    for r in rows:
        places[r["where"] if r["where"] in names else ""].append(r)
    assert {k: (t.count, t.complaints, t.negative) for k, t in found.places.items()} == {
        k: (len(p), sum(r["complaint"] for r in p), sum(r["feeling"] == "negative" for r in p))
        for k, p in places.items()
    }
    assert dict(found.channels) == Counter(r["channel"] for r in rows)
    groups = defaultdict(list)
    for r in rows:
        groups[r["copy_of"]].append(r)
    copied = {head: group for head, group in groups.items() if len(group) > 1}
    assert found.folded == len(copied)
    order = sorted(copied, key=lambda head: (-people(copied[head]), -len(copied[head]), head))[:MOST_GROUPS]
    texts = {r["id"]: r["text"][:1_200] for r in rows}
    assert [(g.text, g.count, g.people, (g.first, g.last), g.channels) for g in found.groups] == [
        (
            texts[head],
            len(copied[head]),
            people(copied[head]),
            first_last(copied[head]),
            tuple(
                sorted(
                    Counter(r["channel"] for r in copied[head] if r["channel"]).items(),
                    key=lambda p: (-p[1], p[0]),
                )
            ),
        )
        for head in order
    ]
    pressing = [r for r in rows if r["complaint"] and r["urgency"] == "high" and recent(r)]
    newest: dict[str, Row] = {}
    for r in sorted(pressing, key=lambda r: (-(r["when"] or 0), r["id"])):
        newest.setdefault(r["copy_of"], r)
    shown = sorted(newest.values(), key=lambda r: (-(r["when"] or 0), -r["complaint_p"], r["id"]))
    assert [(u.text, "|".join(u.topics), u.day) for u in found.urgent] == [
        (r["text"][:1_200], r["topic"], r["when"]) for r in shown[:MOST_URGENT]
    ]
    if first is not None and last is not None:
        whole = (last - first + 1) // 7
        weeks = {
            one: week_by_week(
                [r for r in rows if r["theme"] and known.counts_as(r["theme"]) == one], last, whole
            )
            for one in known.ids
        }
        assert found.weeks == {one: tuple(w[::-1]) for one, w in weeks.items() if any(w)}


def test_a_theme_of_long_texts_still_finds_its_short_ones() -> None:
    long = "mất sóng " * 200
    theme = next(i for i, label in zip(themes().ids, themes().labels, strict=True) if "sóng" in label)
    rows = [
        dict.fromkeys(SCHEMA.names)
        | {"id": str(i), "copy_of": str(i), "text": long, "theme": theme, "hash": i, "complaint": True}
        for i in range(1_000)
    ]
    rows[0]["text"] = "vào nhà là mất sóng cả buổi"  # the last of all, by its hash
    told, _ = counted(rows, 2, themes(), None)
    assert [quote["text"] for quote in by_id(told)[theme]["quotes"]] == [rows[0]["text"]]


def test_texts_come_from_where_they_are_at_hand(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    rows = [dict.fromkeys(SCHEMA.names) | {"id": str(i), "text": f"text {i}"} for i in range(5)]
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), file)
    with Readings([file, file], lambda number, at: [f"{number}: {row}" for row in at]) as opened:
        places = [place for (place,) in opened.rows("SELECT place FROM readings ORDER BY place DESC LIMIT 2")]
        assert opened.texts(places) == ["1: 4", "1: 3"]
    with Readings([file, file]) as opened:
        assert opened.texts([*places, 0]) == ["text 4", "text 3", "text 0"]
