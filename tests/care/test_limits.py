"""Limits over cells say exactly what the words said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.care import limits, offers
from tantam.errors import BadInput
from tests.care.offers_for_tests import TEXT

OFFERS = offers.parse(TEXT)
PEOPLE = np.arange(limits.CELLS, dtype=np.int64) * 10
COUNTS = np.random.default_rng(1).integers(0, 50, (limits.CELLS, len(OFFERS.commercial)))
COST = np.array([o.cost for o in OFFERS.commercial])
LOW = np.arange(limits.CELLS) % 2 == 1


def _row(text: str, at: int = 0) -> limits.Limit:
    floor = limits.parse_floor(text, OFFERS)
    return limits.build(OFFERS, 10**9, (floor,), PEOPLE)[-1 - at]


def _holds(row: limits.Limit, counts: np.ndarray) -> bool:
    use = int((row.coefficient * counts).sum())
    return use <= row.bound if row.sense == "<=" else use >= row.bound


@pytest.mark.parametrize("percent", ["30", "0", "100", "12.5", "33.3333"])
def test_a_share_of_spend_is_exact(percent: str) -> None:
    from fractions import Fraction

    row = _row(f"low_income spend >= {percent}%")
    low, total = int((COUNTS[LOW] * COST).sum()), int((COUNTS * COST).sum())
    assert _holds(row, COUNTS) == (Fraction(low) >= Fraction(percent) / 100 * total)


def test_money_of_one_offer() -> None:
    row = _row("offer cafe spend <= 2e8")
    assert (row.sense, row.bound) == ("<=", 200_000_000)
    assert int((row.coefficient * COUNTS).sum()) == int((COUNTS[:, 2] * 60_000).sum())


def test_seats_per_province_make_one_row_each() -> None:
    floor = limits.parse_floor("seats cafe per province >= 6", OFFERS)
    rows = [r for r in limits.build(OFFERS, 10**9, (floor,), PEOPLE) if r.name.startswith("floor:")]
    assert len(rows) == 34
    assert all(r.bound == 6 and r.coefficient.sum() == 2 for r in rows)
    assert {r.name.rpartition("@")[2] for r in rows} == set(limits.CODES)


def test_a_floor_share_rounds_up_and_a_cap_rounds_down() -> None:
    up = limits.build(OFFERS, 10**9, (limits.parse_floor("seats cafe per province >= 1%", OFFERS),), PEOPLE)
    caps = [r for r in up if r.name.startswith("seats:cafe@")]
    floors = [r for r in up if r.name.startswith("floor:")]
    assert all(f.bound >= c.bound for f, c in zip(floors, caps, strict=True))
    assert any(f.bound > c.bound for f, c in zip(floors, caps, strict=True))


def test_purses_stay_within_the_budget_and_apart() -> None:
    rows = {r.name: r for r in limits.build(OFFERS, 10**9, (), PEOPLE)}
    assert rows["budget"].bound == 10**9
    assert rows["purse:privilege"].bound == 400_000_000
    assert (rows["purse:privilege"].coefficient * rows["purse:mass"].coefficient).sum() == 0


@pytest.mark.parametrize(
    "text",
    ["", "spend", "low_income spend >= lots", "seats X >= 3", "seats cafe >= 5%", "low_income spend >= 130%", "a" * 500,
     'province "Atlantis" spend >= 5', "offer Y spend <= 2e8", "low_income spend = 5"],
)  # fmt: skip
def test_what_is_no_floor_is_told(text: str) -> None:
    with pytest.raises(BadInput, match="bad_floor"):
        limits.parse_floor(text, OFFERS)


@given(
    st.text() | st.from_regex(r"(low_income )?(spend|seats)( cafe)?( per province)? [<>]= [0-9.e_]{1,9}%?")
)
def test_no_text_gives_anything_but_our_errors(text: str) -> None:
    try:
        limits.parse_floor(text, OFFERS)
    except BadInput as error:
        assert error.do


def test_a_province_by_name_without_accents() -> None:
    row = _row('province "khanh hoa" spend >= 1e6')
    assert int(row.coefficient.any(axis=1).sum()) == 2
