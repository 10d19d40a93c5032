"""When a rhythm is due: whole days in Vietnam, every month and quarter once, nothing before the beginning."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.office.programmes import rules

days = st.dates(date(2001, 1, 1), date(2060, 12, 31))
spans = st.tuples(days, st.integers(0, 1500)).map(lambda p: (p[0], p[0] + timedelta(days=p[1])))


@given(spans)
def test_one_a_month_on_its_last_day(span):
    first, until = span
    found = rules.dues("monthly_per_branch", "", first, until)
    every = (first + timedelta(days=n) for n in range((until - first).days + 1))
    assert found == [day for day in every if (day + timedelta(days=1)).day == 1]


@given(spans)
def test_one_a_quarter_is_every_third_month(span):
    monthly = rules.dues("monthly_per_branch", "", *span)
    assert rules.dues("quarterly_per_branch", "", *span) == [
        day for day in monthly if day.month in (3, 6, 9, 12)
    ]


@given(spans, st.integers(1, 12), st.integers(1, 28))
def test_one_day_every_year(span, month, day):
    first, until = span
    found = rules.dues("yearly_on", f"{month}-{day}", first, until)
    every = [date(year, month, day) for year in range(first.year, until.year + 1)]
    assert found == [on for on in every if first <= on <= until]


@given(spans, st.sampled_from(sorted(rules.RHYTHMS)), st.integers(0, 1500))
def test_asking_in_two_parts_is_asking_once(span, rhythm, cut):
    first, until = span
    middle = min(first + timedelta(days=cut), until)
    parts = rules.dues(rhythm, "2-29", first, middle) + rules.dues(
        rhythm, "2-29", middle + timedelta(days=1), until
    )
    assert parts == rules.dues(rhythm, "2-29", first, until)


def test_the_29th_of_february_is_the_28th_in_other_years():
    found = rules.dues("yearly_on", "02-29", date(2023, 1, 1), date(2025, 12, 31))
    assert found == [date(2023, 2, 28), date(2024, 2, 29), date(2025, 2, 28)]


def test_without_a_rhythm_or_backwards_nothing_is_due():
    assert rules.dues("none", "", date(2026, 1, 1), date(2026, 12, 31)) == []
    assert rules.dues("yearly_on", "10-15", date(2026, 12, 31), date(2026, 1, 1)) == []


@given(st.text(max_size=6))
def test_a_day_of_the_year_or_refused(text):
    try:
        month, day = rules.parse_day(text)
    except BadInput as no:
        assert no.code == "bad_rhythm_day"
    else:
        assert date(2024, month, day)


@pytest.mark.parametrize("text", ["", "15/10", "13-1", "0-1", "2-30", "1-1-1", "²-1", "٣-1"])
def test_no_day(text):
    with pytest.raises(BadInput):
        rules.parse_day(text)


@given(st.integers(1, 99), st.integers(1, 99), days, days)
def test_one_promise_has_one_id(programme, office, one, other):
    same = rules.promise_id(programme, office, one) == rules.promise_id(programme, office, other)
    assert same is (one == other)
