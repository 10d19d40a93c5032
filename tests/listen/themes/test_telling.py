"""What is told of themes, against the same counts in plain Python."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam.listen.columns import SCHEMA
from tantam.listen.themes import Readings, Themes, assign, sample
from tantam.listen.themes import tell as tell_of
from tests.listen.themes.a_sample import complaints, learnt, words_of

LAST = 20_600


@cache
def themes() -> Themes:
    return learnt(complaints()[0], parts=4)


def tell(files: list[Path], themes: Themes, *, on: int | None) -> list[dict[str, Any]]:
    with Readings(files) as opened:
        return tell_of(opened, themes, on=on)


def readings(
    folder: Path, seed: int = 0, *, parts: int = 3, **fixed: Any
) -> tuple[list[Path], list[dict[str, Any]]]:
    """Made-up readings in several files, and the same as rows."""
    lot = random.Random(seed)
    texts, _ = complaints(each=50, seed=seed)
    at = assign(themes(), words_of(texts))[0].tolist()
    rows: list[dict[str, Any]] = []
    for i, (text, k) in enumerate(zip(texts, at, strict=True)):
        head = next((row["id"] for row in rows if row["text"] == text), f"o{i:03}")
        row = dict.fromkeys(SCHEMA.names) | {
            "id": f"o{i:03}",
            "key": lot.choice([None, *range(60)]),
            "when": lot.choice([None, *range(LAST - 80, LAST + 1)]),
            "where": lot.choice([None, "Huế", "Cà Mau"]),
            "channel": lot.choice([None, "sms", "café"]),
            "text": text,
            "topic": "other",
            "feeling": "negative",
            "complaint": lot.random() < 0.7,
            "urgency": "normal",
            "unsure": "",
            "theme": themes().ids[k] if k >= 0 else None,
            "hash": crc32(text.encode()) + 1,
            "copy_of": head,
        }
        rows.append(row | fixed)
    lot.shuffle(rows)
    files = []
    for part in range(parts):
        files.append(folder / f"part-{part:05}.parquet")
        pq.write_table(pa.Table.from_pylist(rows[part::parts], schema=SCHEMA), files[-1])
    return files, rows


def people(rows: list[dict[str, Any]]) -> int:
    keys = [row["key"] for row in rows]
    return len({k for k in keys if k is not None}) + keys.count(None)


def by_id(told: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in told}


def test_the_counts_are_those_of_the_rows(tmp_path: Path) -> None:
    files, rows = readings(tmp_path)
    told = tell(files, themes(), on=LAST)
    assert [row["people"] for row in told] == sorted((row["people"] for row in told), reverse=True)
    assert set(by_id(told)) == set(themes().ids)
    for theme, row in by_id(told).items():
        mine = [r for r in rows if r["theme"] == theme]
        assert row["count"] == len(mine) > 0
        assert row["people"] == people(mine)
        assert row["share_complaint"] == pytest.approx(np.mean([r["complaint"] for r in mine]))
        for name, column in (("by_province", "where"), ("by_channel", "channel")):
            assert dict(map(tuple, row[name])) == Counter(r[column] for r in mine)
            counts = [count for _, count in row[name]]
            assert counts == sorted(counts, reverse=True)
        weeks = Counter(r["when"] - (r["when"] + 3) % 7 for r in mine if r["when"] is not None)
        assert row["by_week"] == [[week, weeks[week]] for week in sorted(weeks)]
        assert all((week + 3) % 7 == 0 for week, _ in row["by_week"])


def test_quotes_say_how_many_people_said_each_or_a_copy(tmp_path: Path) -> None:
    files, rows = readings(tmp_path)
    for theme, row in by_id(tell(files, themes(), on=LAST)).items():
        assert row["quotes"]
        for quote in row["quotes"]:
            mine = [r for r in rows if r["text"] == quote["text"]]
            assert {r["theme"] for r in mine} == {theme}
            assert quote["people"] == people(mine)


def test_rising_counts_each_person_once_a_week(tmp_path: Path) -> None:
    files, rows = readings(tmp_path)
    for theme, row in by_id(tell(files, themes(), on=LAST)).items():
        test = row["rising_test"]
        mine = [r for r in rows if r["theme"] == theme and r["when"] is not None]
        last = people([r for r in mine if r["when"] > LAST - 7])
        if test is None:
            assert row["rising"] is None
            continue
        assert test["weeks"] == 8
        assert test["last"] == last
        assert test["before"] == sum(
            people([r for r in mine if LAST - 7 * (b + 1) < r["when"] <= LAST - 7 * b]) for b in range(1, 9)
        )
    rising = [row["rising_test"] for row in tell(files, themes(), on=None)]
    assert rising == [
        row["rising_test"] for row in tell(files, themes(), on=max(r["when"] or 0 for r in rows))
    ]


def test_what_goes_on_from_an_earlier_run_is_quoted_by_its_first_text_here(tmp_path: Path) -> None:
    """Every head was said before; all that is left are copies."""
    _, rows = readings(tmp_path, parts=1)
    copies = [
        row | {"id": f"later-{i}", "text": f"{row['text']} {i}", "theme": row["theme"] and "T01"}
        for i, row in enumerate(rows)
    ]
    (tmp_path / "later").mkdir()
    pq.write_table(pa.Table.from_pylist(copies, schema=SCHEMA), tmp_path / "later" / "a.parquet")
    told = by_id(tell([tmp_path / "later" / "a.parquet"], themes(), on=LAST))
    firsts: dict[str, dict[str, Any]] = {}
    for row in sorted(copies, key=lambda r: (r["when"] is None, r["when"], r["id"])):
        if row["theme"]:
            firsts.setdefault(row["copy_of"], row)
    by_text = {row["text"]: row for row in firsts.values()}
    assert told["T01"]["quotes"]
    for quote in told["T01"]["quotes"]:
        head = by_text[quote["text"]]["copy_of"]
        assert quote["people"] == people([r for r in copies if r["copy_of"] == head and r["theme"]])


def test_a_rise_is_told(tmp_path: Path) -> None:
    files, rows = readings(tmp_path, parts=1)
    extra = [
        {**rows[0], "id": f"x{i}", "copy_of": f"x{i}", "key": 1_000 + i, "when": LAST - i % 7, "theme": "T01"}
        for i in range(60)
    ]
    # as many other people as before speak in every week, so that only the share of this theme rises
    others = [
        {**rows[0], "id": f"y{i}", "copy_of": f"y{i}", "key": 5_000 + i, "when": LAST - i % 80, "theme": None}
        for i in range(3_000)
    ]
    pq.write_table(pa.Table.from_pylist([*extra, *others], schema=SCHEMA), tmp_path / "more.parquet")
    told = by_id(tell([*files, tmp_path / "more.parquet"], themes(), on=LAST))
    assert told["T01"]["rising"] is True
    assert told["T01"]["rising_test"]["low"] > 1
    assert not any(row["rising"] for theme, row in told.items() if theme != "T01")


def test_without_days_or_with_few_weeks_nothing_is_said_of_rising(tmp_path: Path) -> None:
    for i, fixed in enumerate(({"when": None}, {"when": LAST})):
        (tmp_path / str(i)).mkdir()
        files, _ = readings(tmp_path / str(i), **fixed)
        told = tell(files, themes(), on=None)
        assert {row["rising"] for row in told} == {None}
        assert {row["rising_test"] for row in told} == {None}
        assert all(row["by_week"] == [] for row in told) == (i == 0)


def test_what_people_did_shows_at_once(tmp_path: Path) -> None:
    files, rows = readings(tmp_path)
    edited = (
        themes().edited("T01", name="Của người").edited("T02", into="T01").edited("T03", hide=True, pin=True)
    )
    told = by_id(tell(files, edited, on=LAST))
    both = [r for r in rows if r["theme"] in ("T01", "T02")]
    assert (told["T01"]["label"], told["T01"]["count"], told["T01"]["people"]) == (
        "Của người",
        len(both),
        people(both),
    )
    assert told["T02"]["count"] == 0
    assert told["T02"]["quotes"] == []
    assert told["T02"]["merged_into"] == "T01"
    assert told["T03"]["hidden"] and told["T03"]["pinned"] and told["T03"]["count"] > 0


def test_the_order_of_rows_and_files_does_not_tell(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    files, rows = readings(tmp_path / "a")
    random.Random(9).shuffle(rows)
    other = tmp_path / "b" / "one.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), other)
    assert tell(files[::-1], themes(), on=LAST) == tell([other], themes(), on=LAST)


def test_no_readings_no_themes_and_empty_files(tmp_path: Path) -> None:
    assert [row["count"] for row in tell([], themes(), on=None)] == [0] * 4
    assert tell([], Themes(), on=None) == []
    empty = tmp_path / "empty.parquet"
    pq.write_table(SCHEMA.empty_table(), empty)
    assert [row["people"] for row in tell([empty], themes(), on=None)] == [0] * 4
    assert tell([empty], Themes(), on=LAST) == []
    assert sample([empty])[0] == []


def test_a_sample_holds_each_head_that_is_a_complaint_or_negative_with_its_people(tmp_path: Path) -> None:
    files, rows = readings(tmp_path)
    texts, counted, days = sample(files)
    heads = {row["id"]: row for row in rows if row["id"] == row["copy_of"]}
    assert sorted(texts) == sorted(row["text"] for row in heads.values())
    for text, count in zip(texts, counted.tolist(), strict=True):
        assert count == people([row for row in rows if row["text"] == text])
    by_text = {row["text"]: row["when"] for row in heads.values()}
    assert days.tolist() == [-1 if by_text[text] is None else by_text[text] for text in texts]
    (tmp_path / "glad").mkdir()
    glad, _ = readings(tmp_path / "glad", feeling="positive", complaint=False)
    assert sample(glad)[0] == []
