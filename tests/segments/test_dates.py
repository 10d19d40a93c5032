"""Years and birthdays by the calendar, day by day."""

from __future__ import annotations

from calendar import isleap, monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.clock import parse_day, to_date, to_days
from tantam.segments import dates

days_of_century = st.integers(to_days(date(1920, 1, 1)), to_days(date(2099, 12, 31)))


@pytest.mark.parametrize(
    ("begun", "months", "complete"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2023-11-21", 36, "2026-11-21"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
        ("1960-12-31", 780, "2025-12-31"),
    ],
)
def test_a_term_ends_on_the_same_day_or_the_month_s_last(begun: str, months: int, complete: str) -> None:
    assert to_date(dates.add_months(parse_day(begun), months)).isoformat() == complete


@given(days_of_century, st.integers(0, 1200), st.integers(-40, 40))
def test_a_beginning_is_old_enough_exactly_up_to_the_latest_start(day: int, months: int, off: int) -> None:
    start = dates.latest_start(day, months)
    begun = start + off
    assert (dates.add_months(begun, months) <= day) == (begun <= start)


@given(days_of_century, st.integers(0, 90), st.integers(-1, 1))
def test_completed_years_change_on_the_anniversary(begun: int, years: int, off: int) -> None:
    day = dates.add_months(begun, 12 * years) + off
    if day < to_days(date(2100, 2, 28)):
        assert dates.completed_years(begun, day) == years - (off < 0)


@given(days_of_century, st.integers(-2000, 36_000))
def test_completed_years_count_anniversaries(day: int, back: int) -> None:
    begun = day - back
    if begun < to_days(date(1900, 3, 1)) or begun > to_days(date(2100, 1, 1)):
        return
    years = dates.completed_years(begun, day)
    assert dates.add_months(begun, 12 * years) <= day < dates.add_months(begun, 12 * (years + 1))


@pytest.mark.parametrize("year", [2027, 2028])
@pytest.mark.parametrize("days", [0, 1, 7, 60, 364, 365, 366])
def test_birthdays_of_a_window_are_those_a_calendar_shows(year: int, days: int) -> None:
    mmdds = [month * 100 + day for month in range(1, 13) for day in range(1, monthrange(2024, month)[1] + 1)]
    for first in range(to_days(date(year, 1, 1)), to_days(date(year, 12, 31)) + 1):
        seen = {_mmdd(to_date(day)) for day in range(first, first + days + 1)}
        if any(
            _mmdd(to_date(d)) == 228 and not isleap(to_date(d).year) for d in range(first, first + days + 1)
        ):
            seen.add(229)
        window = dates.birthdays(first, days)
        if window is None:
            assert len(seen - {229}) == 365
            continue
        low, high = window
        inside = {m for m in mmdds if (low <= m <= high if low <= high else m >= low or m <= high)}
        assert inside == seen


def _mmdd(day: date) -> int:
    return day.month * 100 + day.day
