"""Quarters."""

from __future__ import annotations

from datetime import date

import pytest

from tantam.errors import BadInput
from tantam.office.front.rules import Quarter, quarter_of, read


@pytest.mark.parametrize(
    ("on", "code", "first", "last"),
    [
        (date(2026, 11, 22), "2026-4", date(2026, 10, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), "2027-1", date(2027, 1, 1), date(2027, 3, 31)),
        (date(2024, 6, 30), "2024-2", date(2024, 4, 1), date(2024, 6, 30)),
    ],
)
def test_a_day_has_its_quarter(on: date, code: str, first: date, last: date) -> None:
    found = quarter_of(on)
    assert (found.code, found.first, found.last) == (code, first, last)


def test_before_and_after_cross_the_year() -> None:
    assert Quarter(2026, 1).before() == Quarter(2025, 4)
    assert Quarter(2026, 4).after() == Quarter(2027, 1)
    assert Quarter(2026, 2).before(5) == Quarter(2025, 1)


def test_an_address_is_read_or_refused() -> None:
    today = date(2026, 11, 22)
    assert read("", today) is None
    assert read("2026-3", today) == Quarter(2026, 3)
    for bad in ("2027-1", "2026-5", "x", "2026-3x"):
        with pytest.raises(BadInput, match="bad_quarter"):
            read(bad, today)
