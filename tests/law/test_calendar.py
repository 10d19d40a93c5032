"""Working days: whom a holiday binds, how a term is counted, and where the calendar ends."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.law import calendar
from tantam.law.calendar import Kind, add_working_days, is_working, working_days_between, working_on_or_after

FIRST, LAST = calendar.known()
IN_TABLE = st.dates(FIRST + timedelta(days=60), LAST - timedelta(days=90))
KINDS = st.sampled_from(["enterprise", "public"])


@pytest.mark.parametrize(
    ("day", "enterprise", "public"),
    [
        (date(2026, 11, 20), True, True),  # a Friday
        (date(2026, 11, 21), False, False),  # a Saturday
        (date(2026, 11, 24), False, False),  # Vietnam Cultural Day
        (date(2026, 1, 1), False, False),
        (date(2026, 1, 2), True, False),  # swapped off
        (date(2026, 1, 10), False, True),  # and paid back by this Saturday
        (date(2026, 4, 26), False, False),  # a holiday on a Sunday
        (date(2026, 4, 27), False, False),  # in lieu of it
        (date(2026, 8, 31), True, False),
        (date(2026, 8, 22), False, True),
        (date(2012, 12, 31), True, False),  # swapped off, and paid back in the year after
        (date(2013, 1, 5), False, True),
        (date(2010, 2, 27), False, True),
    ],
)
def test_a_day_is_worked_by_those_it_binds(day: date, enterprise: bool, public: bool) -> None:
    assert (is_working(day), is_working(day, "public")) == (enterprise, public)


@pytest.mark.parametrize(
    ("start", "n", "kind", "due"),
    [
        (date(2026, 11, 18), 2, "enterprise", date(2026, 11, 20)),
        (date(2026, 11, 20), 2, "enterprise", date(2026, 11, 25)),  # over a weekend and 24/11
        (date(2026, 11, 22), 1, "enterprise", date(2026, 11, 23)),  # from a Sunday
        (date(2026, 2, 13), 2, "enterprise", date(2026, 2, 24)),  # over Tết
        (date(2026, 1, 1), 1, "enterprise", date(2026, 1, 2)),
        (date(2026, 1, 1), 1, "public", date(2026, 1, 5)),
        (date(2026, 1, 9), 1, "public", date(2026, 1, 10)),
        (date(2026, 11, 25), -3, "enterprise", date(2026, 11, 19)),
        (date(2026, 11, 21), 0, "enterprise", date(2026, 11, 21)),
    ],
)
def test_a_term_ends(start: date, n: int, kind: Kind, due: date) -> None:
    assert add_working_days(start, n, kind) == due


def test_a_term_of_calendar_days_does_not_end_on_a_day_off() -> None:
    assert working_on_or_after(date(2026, 2, 14)) == date(2026, 2, 23)
    assert working_on_or_after(date(2026, 2, 23)) == date(2026, 2, 23)
    assert working_on_or_after(FIRST) == date(2009, 1, 2)


@given(IN_TABLE, st.integers(1, 40), KINDS)
def test_adding_and_counting_agree(start: date, n: int, kind: Kind) -> None:
    due = add_working_days(start, n, kind)
    assert due > start
    assert is_working(due, kind)
    assert working_days_between(start, due, kind) == n == -working_days_between(due, start, kind)
    assert add_working_days(due, -n, kind) <= working_on_or_after(start, kind)


@given(IN_TABLE, st.integers(0, 60), KINDS)
def test_counting_is_looking_at_every_day(a: date, length: int, kind: Kind) -> None:
    b = a + timedelta(days=length)
    one_by_one = sum(is_working(a + timedelta(days=d), kind) for d in range(1, length + 1))
    assert working_days_between(a, b, kind) == one_by_one


@pytest.mark.parametrize("day", [date(2008, 12, 31), date(2028, 1, 1)])
def test_other_years_are_refused(day: date) -> None:
    for ask in (
        lambda: is_working(day),
        lambda: add_working_days(day, 1),
        lambda: working_days_between(day, date(2026, 1, 1)),
        lambda: working_days_between(date(2026, 1, 1), day),
        lambda: working_on_or_after(day),
    ):
        with pytest.raises(BadInput) as refused:
            ask()
        assert refused.value.code == "calendar_unknown"
        assert refused.value.vi


def test_a_term_that_leaves_the_table_is_refused() -> None:
    for start, n in ((date(2027, 12, 30), 2), (date(2009, 1, 3), -2)):
        with pytest.raises(BadInput) as refused:
            add_working_days(start, n)
        assert refused.value.code == "calendar_unknown"


def test_what_no_notice_settles_is_named() -> None:
    (culture,) = calendar.doubtful(date(2026, 11, 1), date(2026, 12, 31))
    assert culture.date == date(2026, 11, 24)
    assert calendar.doubtful(date(2009, 1, 1), date(2026, 10, 31)) == ()
    assert all(d.verify for d in calendar.days() if d.date.year == 2027)


def test_the_table_is_whole() -> None:
    text = (files("tantam.law") / "calendar.csv").read_text(encoding="utf-8")
    assert len(list(csv.DictReader(text.splitlines()))) == len(calendar.days())
    dates = [d.date for d in calendar.days()]
    assert dates == sorted(set(dates))
    assert {d.year for d in dates} == set(range(FIRST.year, LAST.year + 1))
    for day in calendar.days():
        assert day.kind in calendar.KINDS
        assert day.binds == ("all" if day.kind in ("statutory", "in_lieu") else "public")
        assert day.source
        assert day.name_vi
        if day.kind in ("in_lieu", "swapped_off"):
            assert day.date.weekday() < 5
        if day.kind == "makeup_work":
            assert day.date.weekday() == 5


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2012, 12, 29), date(2013, 1, 1)),
        (date(2013, 2, 9), date(2013, 2, 17)),
        (date(2014, 1, 28), date(2014, 2, 5)),
        (date(2014, 4, 30), date(2014, 5, 4)),
        (date(2015, 1, 1), date(2015, 1, 4)),
        (date(2026, 1, 1), date(2026, 1, 4)),
        (date(2026, 2, 14), date(2026, 2, 22)),
    ],
)
def test_the_breaks_of_official_notices_are_free(first: date, last: date) -> None:
    assert working_days_between(first - timedelta(days=1), last, "public") == 0
    assert is_working(last + timedelta(days=1), "public")
    assert is_working(first - timedelta(days=1), "public") == ((first - timedelta(days=1)).weekday() < 5)
