"""The clocks of the law."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.law.calendar import is_working
from tantam.office.desk.rules import KINDS, clock_of


@pytest.mark.parametrize(
    ("kind", "days"),
    [("access", 10), ("correct", 10), ("withdraw", 15), ("restrict", 15), ("object", 15), ("delete", 20)],
)
def test_each_kind_has_its_term(kind: str, days: int) -> None:
    clock = clock_of(kind, date(2026, 11, 20))
    assert clock.first_due == date(2026, 11, 25)  # a Friday; 24 November is a holiday, Culture Day
    assert clock.due == date(2026, 11, 20) + timedelta(days=days)
    assert clock.unsure


def test_the_first_answer_waits_for_tet() -> None:
    assert clock_of("access", date(2026, 2, 13)).first_due > date(2026, 2, 20)


def test_the_old_rule_counted_hours() -> None:
    with pytest.raises(BadInput, match="no_rule_then"):
        clock_of("access", date(2025, 6, 2))  # no term for the thing itself is known for then


@given(st.sampled_from(sorted(KINDS)), st.dates(date(2026, 1, 1), date(2027, 11, 1)))
def test_a_first_answer_is_due_on_a_working_day_and_before_the_end(kind: str, on: date) -> None:
    clock = clock_of(kind, on)
    assert is_working(clock.first_due)
    assert on < clock.first_due and on < clock.due
