"""The date doctor: what it finds in columns that are right, the other way round, swapped, or cannot be told."""

from __future__ import annotations

import csv
import os
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from tantam.errors import BadInput
from tantam.office.cases.dates import Order, Parts, examine, hour, parts, read, told

FCC = Path(os.environ.get("TANTAM_DATA", "/nowhere")) / "comcast-fcc-complaints"


def _days(first: date, count: int, step: int = 1) -> list[date]:
    return [first + timedelta(days=step * n) for n in range(count)]


def _written(days: list[date], how: str) -> list[str]:
    swapped = [d if d.day > 12 else date(d.year, d.day, d.month) for d in days]
    return {
        "dmy": [f"{d:%d/%m/%Y}" for d in days],
        "mdy": [f"{d:%m/%d/%Y}" for d in days],
        "swapped": [f"{d:%d-%m-%y}" for d in swapped],
        "worded": [f"{d:%d-%b-%y}" for d in swapped],
        "iso": [f"{d:%Y-%m-%d}" for d in days],
        "iso_swapped": [f"{d:%Y-%m-%d}" for d in swapped],
    }[how]


def _shuffled(days: list[date]) -> list[date]:
    return sorted(days, key=lambda d: (d.toordinal() * 7919) % 10_007)


@pytest.mark.parametrize(
    ("how", "order"),
    [
        ("dmy", "dmy"),
        ("mdy", "mdy"),
        ("swapped", "swapped"),
        ("worded", "swapped"),
        ("iso", "dmy"),
        ("iso_swapped", "swapped"),
    ],
)
@pytest.mark.parametrize("shuffle", [True, False])
def test_a_quarter_says_how_it_is_written(how: str, order: Order, shuffle: bool) -> None:
    days = _days(date(2025, 4, 1), 91) * 3
    days = _shuffled(days) if shuffle else sorted(days)
    column = _written(days, how)
    found = examine("Date", column)
    assert (found.order, found.plain) == (order, "mdy" if order == "mdy" else "dmy")
    assert [read(p, found.order, found.plain) for c in column if (p := parts(c))] == days
    assert found.certain > 100
    assert "Cột “Date”" in found.sentence()


@pytest.mark.parametrize(("how", "order"), [("dmy", "dmy"), ("swapped", "swapped"), ("mdy", "mdy")])
def test_a_whole_year_is_told_by_the_order_of_the_tickets(how: str, order: Order) -> None:
    days = _days(date(2024, 1, 1), 366)
    refs = {day: str(1000 + n) for n, day in enumerate(days)}
    mixed = _shuffled(days)
    column = _written(mixed, how)
    found = examine("Date", column, [refs[d] for d in mixed])
    assert (found.order, found.why) == (order, "order")
    assert examine("Date", column).order == ""  # in no order, and as many on every day of the week


@pytest.mark.parametrize(("how", "order"), [("dmy", "dmy"), ("swapped", "swapped")])
def test_a_whole_year_without_order_is_told_by_its_weekends(how: str, order: Order) -> None:
    days = [d for d in _days(date(2024, 1, 1), 366) for _ in range(1 if d.weekday() > 4 else 5)]
    found = examine("Date", _written(_shuffled(days), how))
    assert (found.order, found.why) == (order, "weekend")


def test_what_cannot_be_told_is_not_guessed() -> None:
    few = examine("Date", ["03/04/2025", "05/06/2025", "02/01/2025"])
    assert (few.order, few.why) == ("", "either")
    mixed = examine("Date", ["22/04/2025", "04/23/2025"])
    assert (mixed.order, mixed.why) == ("", "mixed")
    assert examine("Date", ["", "x", "99/99/2025"]).why == "nothing"
    told_so = told("Date", "mdy", few)
    assert (told_so.order, told_so.why) == ("mdy", "told")
    with pytest.raises(BadInput, match="bad_order"):
        told("Date", "ymd", few)


def test_what_is_written_plainly_is_believed() -> None:
    found = examine("Date", ["2025-04-03", "2025-05-01", date(2025, 6, 2)])
    assert (found.order, found.why) == ("dmy", "written")
    assert examine("Date", ["25/12/2025", "13/11/2025"]).why == "clear"


@pytest.mark.parametrize(
    ("cell", "got"),
    [
        ("22-04-15", Parts(2015, 22, 4, False)),
        ("04/23/2015 3:53 PM", Parts(2015, 4, 23, False, time(15, 53))),
        ("2015-04-22T09:10:11Z", Parts(2015, 22, 4, True, time(9, 10, 11))),
        ("22-Apr-15", Parts(2015, 22, 4, True)),
        ("22 April 2015", Parts(2015, 22, 4, True)),
        (datetime(2015, 4, 22, 8, 30), Parts(2015, 22, 4, True, time(8, 30))),
        (date(2015, 4, 22), Parts(2015, 22, 4, True)),
        ("22.13.2015", None),
        ("13/13/2015", None),
        ("00/01/2015", None),
        ("hôm qua", None),
        ("", None),
        (12.5, None),
    ],
)
def test_cells_are_read(cell: object, got: Parts | None) -> None:
    assert parts(cell) == got


def test_hours_are_read() -> None:
    assert [hour(t) for t in ("3:53:50 PM", "12:05 am", "15:53", time(8), "25:00", "x", "")] == [
        time(15, 53, 50), time(0, 5), time(15, 53), time(8), None, None, None,
    ]  # fmt: skip
    assert read(Parts(2015, 31, 2, False), "dmy") is None


@pytest.mark.skipif(not FCC.is_dir(), reason="the tickets of TANTAM_DATA are not here")
@pytest.mark.parametrize("column", ["Date", "Date_month_year"])
def test_both_columns_of_the_real_tickets_are_swapped(column: str) -> None:
    with next(FCC.glob("*.csv")).open(encoding="utf-8-sig") as file:
        cells = [row[column] for row in csv.DictReader(file)]
    found = examine(column, cells)
    assert (found.order, found.why, found.outside_plain, found.outside_swapped) == ("swapped", "span", 486, 0)
    days = Counter(d for c in cells if (p := parts(c)) and (d := read(p, found.order, found.plain)))
    assert (min(days), max(days)) == (date(2015, 4, 1), date(2015, 6, 30))
    assert [days[date(2015, 6, d)] for d in (23, 24, 25)] == [190, 218, 98]
