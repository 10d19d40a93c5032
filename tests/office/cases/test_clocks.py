"""The clocks against an independent calendar: raw days of a press-checked file, counted one by one."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tantam.clock import HANOI
from tantam.errors import BadInput
from tantam.law import Row
from tantam.law.calendar import Kind
from tantam.office.cases import clocks

DATA = Path(os.environ.get("TANTAM_DATA", "/nowhere")) / "vn-holidays"
needs_days = pytest.mark.skipif(not DATA.is_dir(), reason="the days of TANTAM_DATA are not here")
DAY = timedelta(days=1)


def _rule(value: int, unit: str) -> Row:
    return Row("a_rule", value, unit, 0, None, "x", "x", False, "x", "x")


class Naive:
    """Working days as somebody with the list of days off and a pencil counts them."""

    def __init__(self) -> None:
        with (DATA / "days_2009_2027.csv").open(encoding="utf-8") as file:
            days = [(date.fromisoformat(r["date"]), r["kind"]) for r in csv.DictReader(file)]
        with (DATA / "swaps.csv").open(encoding="utf-8") as file:
            made_up = {date.fromisoformat(r["makeup_workday"]) for r in csv.DictReader(file)}
        self.off = {
            "enterprise": {day for day, kind in days if kind != "swapped_day_off"},
            "public": {day for day, _ in days},
        }
        self.made_up: dict[str, set[date]] = {"enterprise": set(), "public": made_up}

    def works(self, day: date, kind: str) -> bool:
        return day in self.made_up[kind] or (day.weekday() < 5 and day not in self.off[kind])

    def term(self, start: date, n: int, kind: str, stands: tuple[date, date] | None = None) -> date:
        """The n-th working day after ``start``; days after the first of ``stands`` up to its last do not count."""
        day = start
        while n:
            day += DAY
            still = stands is not None and stands[0] < day <= stands[1]
            n -= self.works(day, kind) and not still
        return day


@pytest.fixture(scope="module")
def naive() -> Naive:
    return Naive()


def _starts() -> Iterator[date]:
    """A day every seven weeks, all weekdays over the years; and those around Tết and the ends of each year."""
    yield from (date(2009, 1, 5) + timedelta(days=48 * n) for n in range(142))
    for year in range(2009, 2028):
        yield from (date(year, 1, 20), date(year, 2, 10), date(year, 4, 24), date(year, 8, 21))
        if year < 2027:
            yield date(year, 12, 18)


def _at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 30, tzinfo=HANOI)


def _end(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=HANOI)


@needs_days
@pytest.mark.parametrize("kind", ["enterprise", "public"])
@pytest.mark.parametrize("n", [3, 5, 20])
def test_terms_of_working_days_from_2009_to_2027(naive: Naive, kind: Kind, n: int) -> None:
    starts = [day for day in _starts() if day < date(2027, 11, 20)]
    assert len(starts) > 200
    for start in starts:
        right = _end(naive.term(start, n, kind))
        assert clocks.ends(_rule(n, "working_days"), _at(start), kind) == right, (start, n, kind)


@needs_days
def test_a_swap_moves_the_clock_of_civil_servants_and_not_ours(naive: Naive) -> None:
    with (DATA / "swaps.csv").open(encoding="utf-8") as file:
        swaps = [
            (date.fromisoformat(r["day_off"]), date.fromisoformat(r["makeup_workday"]))
            for r in csv.DictReader(file)
        ]
    assert len(swaps) == 18
    for off, made_up in swaps:
        for day in (off, made_up):
            for kind in ("enterprise", "public"):
                got = clocks.ends(_rule(1, "working_days"), _at(day - DAY), kind)  # type: ignore[arg-type]
                assert got == _end(naive.term(day - DAY, 1, kind))
        ours = clocks.ends(_rule(1, "working_days"), _at(off - DAY))
        theirs = clocks.ends(_rule(1, "working_days"), _at(off - DAY), "public")
        assert ours < theirs


LACKING = {date(2012, 12, 31), date(2013, 2, 15), date(2014, 1, 28), date(2014, 1, 29), date(2026, 1, 2)}
"""Days off of swaps that the library ``holidays`` 0.109 lacks, or takes for days in lieu of everybody."""


@needs_days
def test_what_the_library_lacks_is_named(naive: Naive) -> None:
    with (DATA / "swaps.csv").open(encoding="utf-8") as file:
        lacking = {
            date.fromisoformat(r["day_off"]) for r in csv.DictReader(file) if r["in_holidays_0_109"] == "no"
        }
    assert lacking == LACKING
    for day in LACKING:
        assert clocks.ends(_rule(1, "working_days"), _at(day - DAY)) == _end(day)
        assert clocks.ends(_rule(1, "working_days"), _at(day - DAY), "public") > _end(day)


@needs_days
@pytest.mark.parametrize("kind", ["enterprise", "public"])
def test_a_pause_moves_a_clock_by_the_working_days_it_stood(naive: Naive, kind: Kind) -> None:
    rule, tried = _rule(20, "working_days"), 0
    for number, start in enumerate(day for day in _starts() if day < date(2027, 9, 1)):
        due = clocks.ends(rule, _at(start), kind)
        paused, stood = start + timedelta(days=number % 15), timedelta(days=number % 23)
        again = clocks.moved(rule, due, _at(paused), _at(paused + stood, 16), kind)
        assert again == _end(naive.term(start, 20, kind, (paused, paused + stood))), (start, paused, stood)
        tried += 1
    assert tried > 200


def test_a_pause_to_the_last_day_leaves_the_day_it_goes_on() -> None:
    rule = _rule(3, "working_days")
    due = clocks.ends(rule, _at(date(2026, 11, 18)))
    assert due == _end(date(2026, 11, 23))
    for resumed, last in [
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 25), date(2026, 11, 25)),
        (date(2026, 11, 28), date(2026, 11, 30)),  # a Saturday
    ]:
        assert clocks.moved(rule, due, _at(date(2026, 11, 23)), _at(resumed)) == _end(last)


def test_hours_run_by_the_clock_and_days_by_the_calendar() -> None:
    friday = datetime(2026, 2, 13, 22, 15, tzinfo=HANOI)  # before Tết
    assert clocks.ends(_rule(24, "hours"), friday) == friday + timedelta(hours=24)
    assert clocks.ends(_rule(24, "hours"), friday.astimezone(UTC)) == friday + timedelta(hours=24)
    assert clocks.ends(_rule(3, "days"), friday) == _end(date(2026, 2, 16))
    assert clocks.ends(_rule(0, "days"), friday) == _end(date(2026, 2, 13))
    late = datetime(2026, 2, 13, 17, 30, tzinfo=UTC)  # 0:30 of the 14th in Vietnam
    assert clocks.ends(_rule(0, "days"), late) == _end(date(2026, 2, 14))
    hours = clocks.moved(_rule(24, "hours"), friday + DAY, friday, friday + timedelta(hours=5))
    assert hours == friday + timedelta(hours=29)
    days = clocks.moved(_rule(3, "days"), _end(date(2026, 2, 16)), friday, friday + 2 * DAY)
    assert days == _end(date(2026, 2, 18))


def test_what_is_left_is_counted_in_the_unit_of_the_rule() -> None:
    working = _rule(20, "working_days")
    due = clocks.ends(working, _at(date(2026, 11, 20)))
    assert clocks.left(working, due, _at(date(2026, 11, 20))) == 20
    assert clocks.left(working, due, due) == 0
    assert clocks.left(working, due, due + timedelta(seconds=1)) == -1
    assert clocks.left(_rule(3, "days"), due, due - 2 * DAY) == 2
    assert clocks.left(_rule(24, "hours"), due, due - timedelta(minutes=90)) == 1
    assert clocks.left(_rule(24, "hours"), due, due + timedelta(minutes=1)) == -1


def test_which_clocks_run_depends_on_the_kind_and_the_day() -> None:
    def codes(kind: str, about: str, on: date) -> list[str]:
        return [row.code for row in clocks.starting(kind, about, on)]

    now = date(2026, 11, 22)
    assert codes("question", "content", now) == [clocks.ACKNOWLEDGE]
    assert codes("complaint", "fee", now) == [clocks.RECEIPT, clocks.ACKNOWLEDGE, clocks.SOLVE]
    assert codes("complaint", "content", now) == [
        clocks.RECEIPT, clocks.ACKNOWLEDGE, clocks.HAND_OVER, clocks.SOLVE,
    ]  # fmt: skip
    assert codes("complaint", "content", date(2024, 6, 30)) == [
        clocks.RECEIPT,
        clocks.HAND_OVER,
        clocks.SOLVE,
    ]
    assert codes("complaint", "content", date(2016, 8, 11)) == [clocks.RECEIPT, clocks.SOLVE]
    assert codes("complaint", "fee", date(2009, 6, 1)) == []
    assert clocks.in_force(clocks.REASON, date(2026, 6, 30)) is None
    assert clocks.in_force(clocks.REASON, date(2026, 7, 1)) is not None


def test_what_a_lost_clock_costs_is_the_highest_fine_of_that_day() -> None:
    assert clocks.cost(clocks.SOLVE, date(2026, 12, 18)) == 1_000_000
    assert clocks.cost(clocks.REFUND, date(2026, 12, 18)) == 5_000_000
    assert clocks.cost(clocks.SOLVE, date(2026, 6, 30)) == 0
    assert clocks.cost(clocks.RECEIPT, date(2026, 12, 18)) == 0


def test_a_term_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(BadInput, match="calendar_unknown"):
        clocks.ends(_rule(20, "working_days"), _at(date(2027, 12, 20)))


@pytest.mark.parametrize(
    ("bill", "received", "late"),
    [
        (date(2026, 10, 22), date(2026, 11, 22), False),
        (date(2026, 10, 22), date(2026, 11, 23), True),
        (date(2026, 1, 31), date(2026, 2, 28), False),
        (date(2026, 1, 31), date(2026, 3, 1), True),
        (date(2026, 12, 5), date(2027, 1, 5), False),
        (date(2009, 1, 1), date(2009, 12, 1), False),  # before there was that rule
    ],
)
def test_a_month_from_the_bill(bill: date, received: date, late: bool) -> None:
    assert clocks.over_a_month(bill, received) is late
