"""Ids, keys, days and places as they come, and nobody's number among them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given as draw
from hypothesis import strategies as st

from tantam import clock, keys
from tantam.listen.run.rows import TAKEN, take
from tantam.listen.run.sources import Given

KEY = keys.of_phone(b"x" * 32, "+84912345678")
DAY = clock.to_days(date(2026, 11, 21))


def taken(first_id: int = 0, **columns: Any) -> tuple[dict[str, list[Any]], list[tuple[int, str, str]]]:
    length = len(next(iter(columns.values())))
    rows = pa.table({"text": ["lời"] * length, **columns})
    found = take(Given(Path("a.csv"), 10, rows), first_id)
    assert found.rows.schema == TAKEN
    return found.rows.to_pydict(), [(row, column, code) for _, row, column, code in found.rejects]


def test_rows_are_numbered_where_they_have_no_id() -> None:
    assert taken(5, channel=["sms", None])[0]["id"] == ["5", "6"]
    assert taken(5, id=["a", ""])[0]["id"] == ["a", "6"]
    assert taken(5, id=pa.array([7, None]))[0]["id"] == ["7", "6"]


@pytest.mark.parametrize("number", ["0912345678", "+84912345678", "84912345678", "912345678"])
def test_a_phone_number_is_no_id_and_no_key(number: str) -> None:
    rows, told = taken(0, id=[number], key=[number])
    assert rows["id"] == ["0"] and rows["key"] == [None]
    assert told == [(11, "id", "id_is_a_number"), (11, "key", "key_unreadable")]
    rows, _ = taken(0, id=[int(number)], key=[int(number)])
    assert rows["id"] == ["0"] and rows["key"] == [None]


def test_keys_in_every_form() -> None:
    rows, told = taken(0, key=[keys.show(KEY), str(KEY), "", None, "TB-nothing"])
    assert rows["key"] == [KEY, KEY, None, None, None]
    assert told == [(15, "key", "key_unreadable")]
    assert taken(0, key=pa.array([KEY, None]))[0]["key"] == [KEY, None]


def test_days_in_every_form() -> None:
    said = ["2026-11-21", "21/11/2026", "21/11/2026 08:30", "2026-11-21T23:59:00+07:00", "", None, "hôm qua"]
    rows, told = taken(0, when=said)
    assert rows["when"] == [DAY] * 4 + [None] * 3
    assert told == [(17, "when", "when_unreadable")]
    assert taken(0, when=pa.array([date(2026, 11, 21), None]))[0]["when"] == [DAY, None]
    late = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # midnight in Vietnam
    for unit in ("s", "ms", "us", "ns"):
        assert taken(0, when=pa.array([late], pa.timestamp(unit, "UTC")))[0]["when"] == [DAY]
        naive = pa.array([late.replace(tzinfo=None)], pa.timestamp(unit))
        assert taken(0, when=naive)[0]["when"] == [DAY - 1]


def test_places_become_the_provinces_of_today() -> None:
    rows, _ = taken(0, where=["Nha Trang", "khanh hoa", "Ninh Thuận", "", None, "gọi 0912345678"])
    assert rows["where"][1] == rows["where"][2] == "Khánh Hòa"
    assert rows["where"][0] == "Nha Trang"
    assert rows["where"][3:5] == [None, None]
    assert "0912345678" not in rows["where"][5]


@draw(st.lists(st.one_of(st.none(), st.text()), min_size=1))
def test_nothing_that_is_written_breaks_it(said: list[str | None]) -> None:
    said = [None if s is None else s.encode("utf-8", "ignore").decode() for s in said]
    rows, _ = taken(0, id=pa.array(said), key=pa.array(said), when=pa.array(said), where=pa.array(said))
    assert len(rows["id"]) == len(said)
    assert all(rows["id"])


def test_texts_of_any_type() -> None:
    for values in (pa.array([1, None]), pa.array([b"\xff", None]), pa.array(["a", None]).dictionary_encode()):
        found = take(Given(Path("a"), 0, pa.table({"text": values})), 0)
        assert found.rows.column("text").null_count == 1
