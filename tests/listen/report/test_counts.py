"""What the page counts is what the readings hold, however they are cut into files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam.listen.columns import SCHEMA
from tantam.listen.report import words
from tantam.listen.report.counts import Counts, counts
from tantam.listen.themes import Readings
from tantam.look.words import Words
from tantam.places import PROVINCES
from tests.listen.report import a_listening
from tests.listen.report.a_listening import Made, Row, people


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return a_listening.write(tmp_path_factory.mktemp("made"), 3_000)


@pytest.fixture(scope="module")
def found(made: Made) -> Counts:
    return counted(made.folder)


def counted(folder: Path, merged: dict[str, str] | None = None) -> Counts:
    with Readings.of(folder) as readings:
        return counts(readings, merged or {})


def test_totals(made: Made, found: Counts) -> None:
    rows = made.rows
    days = [r["when"] for r in rows if r["when"] is not None]
    assert found.rows == len(rows) and found.people == people(rows)
    assert found.keyed == sum(r["key"] is not None for r in rows) and found.dated == len(days)
    assert (found.first, found.last) == (min(days), max(days))
    assert dict(found.channels) == Counter(r["channel"] for r in rows)


def test_cells_hold_every_reading_once(made: Made, found: Counts) -> None:
    assert sum(c.count for c in found.cells) == len(made.rows)
    assert found.count(complaint=True) == sum(r["complaint"] for r in made.rows)
    assert found.last is not None
    lately = [r for r in made.rows if r["when"] is None or r["when"] > found.last - 7]
    assert found.count(recent=True, feeling="negative") == sum(r["feeling"] == "negative" for r in lately)
    unsure = Counter(head for r in made.rows for head in filter(None, r["unsure"].split("|")))
    assert Counter({h: sum(c.count for c in found.cells if h in c.unsure) for h in unsure}) == unsure


def test_places_are_provinces_others_and_none(made: Made, found: Counts) -> None:
    names = {p.name for p in PROVINCES}

    def place(row: Row) -> str | None:
        return row["where"] if row["where"] is None or row["where"] in names else ""

    assert {k: t.count for k, t in found.places.items()} == Counter(map(place, made.rows))
    for name, tally in found.places.items():
        here = [r for r in made.rows if place(r) == name]
        assert tally.complaints == sum(r["complaint"] for r in here)
        assert tally.negative == sum(r["feeling"] == "negative" for r in here)


def test_groups_are_those_that_most_people_sent(made: Made, found: Counts) -> None:
    assert [g.count for g in found.groups] == [204, 41, 9, 3] and found.folded == 4
    for group, times in zip(found.groups, (204, 41, 9, 3), strict=True):
        mine = [r for r in made.rows if r["hash"] == -times]
        days = [r["when"] for r in mine if r["when"] is not None]
        assert group.text == mine[0]["text"] and group.people == people(mine)
        assert (group.first, group.last) == (min(days), max(days))
        assert dict(group.channels) == Counter(r["channel"] for r in mine)


def test_a_group_of_an_earlier_run_is_told_by_the_first_text_of_this_one(made: Made, tmp_path: Path) -> None:
    """The head of the second largest group is not among the readings any more: it was said before them."""
    (tmp_path / "readings").mkdir()
    mine = [r for r in made.rows if r["hash"] == -41]
    head = mine[0]["copy_of"]
    rest = [r | {"text": f"{r['text']} {r['id']}"} for r in made.rows if r["id"] != head]
    pq.write_table(pa.Table.from_pylist(rest, schema=SCHEMA), tmp_path / "readings" / "a.parquet")
    groups = counted(tmp_path).groups
    assert [(g.count, g.earlier) for g in groups] == [(204, False), (40, True), (9, False), (3, False)]
    copies = [r for r in mine if r["id"] != head]
    first = min(copies, key=lambda r: (r["when"] is None, r["when"], r["id"]))
    assert groups[1].text == f"{first['text']} {first['id']}" and groups[1].people == people(copies)
    assert groups[1].first == first["when"]
    assert dict(groups[1].channels) == Counter(r["channel"] for r in copies)
    assert "said in earlier listenings too" in words.sent(groups[1], Words("en"))


def test_urgent_ones_are_the_newest_each_group_once(made: Made, found: Counts) -> None:
    assert len(found.urgent) == 10 and found.last is not None
    days = [u.day for u in found.urgent if u.day is not None]
    assert days == sorted(days, reverse=True) and min(days) > found.last - 7
    held = {(r["text"], r["topic"]) for r in made.rows if r["complaint"] and r["urgency"] == "high"}
    assert all((u.text, "|".join(u.topics)) in held for u in found.urgent)


def test_weeks_are_people_and_end_on_the_last_day(made: Made) -> None:
    found = counted(made.folder, {"T02": "T01"})
    assert "T02" not in found.weeks and found.last is not None
    for theme, weeks in found.weeks.items():
        mine = [r for r in made.rows if r["theme"] in ({"T01", "T02"} if theme == "T01" else {theme})]
        for back, n in enumerate(reversed(weeks)):
            week = [r for r in mine if r["when"] is not None and (found.last - r["when"]) // 7 == back]
            assert n == people(week), (theme, back)


def test_a_week_that_is_not_whole_is_not_drawn(tmp_path: Path) -> None:
    made = a_listening.write(tmp_path, 400)
    days = [r["when"] for r in made.rows if r["when"] is not None]
    assert {len(w) for w in counted(tmp_path).weeks.values()} == {(max(days) - min(days) + 1) // 7}


def test_files_in_any_cut_give_the_same(made: Made, found: Counts, tmp_path: Path) -> None:
    (tmp_path / "readings").mkdir()
    table = pa.Table.from_pylist(made.rows[::-1], schema=SCHEMA)
    for i in range(7):
        pq.write_table(table.slice(i * 500, 500), tmp_path / "readings" / f"p{9 - i}.parquet")
    assert counted(tmp_path) == found


@pytest.mark.parametrize("files", [0, 1])
def test_nothing_at_all(tmp_path: Path, files: int) -> None:
    (tmp_path / "readings").mkdir()
    if files:
        pq.write_table(SCHEMA.empty_table(), tmp_path / "readings" / "part-00000.parquet")
    assert counted(tmp_path) == Counts()


def test_a_folder_s_name_is_no_pattern(tmp_path: Path) -> None:
    made = a_listening.write(tmp_path / "a[1]*? 'x'", 20)
    assert counted(made.folder).rows == 20


def test_a_long_text_is_not_carried_whole(tmp_path: Path) -> None:
    made = a_listening.write(tmp_path, 0)
    row = a_listening.write(tmp_path / "one", 1).rows[0] | {
        "text": "dài " * 1_000_000, "complaint": True, "urgency": "high", "when": None
    }  # fmt: skip
    pq.write_table(pa.Table.from_pylist([row], schema=SCHEMA), made.folder / "readings" / "a.parquet")
    assert [len(u.text) for u in counted(made.folder).urgent] == [1_200]
