"""Money is whole đồng, read and written as people do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam import money
from tantam.errors import BadInput


@pytest.mark.parametrize("text", ["2000000000", "2e9", "2_000_000_000", " 2E9 ", 2_000_000_000])
def test_amounts_are_read_as_people_write_them(text: str | int) -> None:
    assert money.parse(text) == 2_000_000_000


@pytest.mark.parametrize("text", ["", "2.5", "-1", "nan", "inf", "1e30", "hai tỷ", "1e999999999", "0x10"])
def test_what_is_no_whole_amount_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="bad_number"):
        money.parse(text)


@pytest.mark.parametrize(
    ("dong", "vi", "en"),
    [
        (19_980_000_000, "20,0 tỷ đồng", "VND 20.0 bn"),
        (1_400_000, "1,40 triệu đồng", "VND 1.40 m"),
        (999, "999 đồng", "VND 999"),
        (-1_400_000, "−1,40 triệu đồng", "VND −1.40 m"),
        (150_000, "150 nghìn đồng", "VND 150 k"),
        (999_999, "1,00 triệu đồng", "VND 1.00 m"),
    ],
)
def test_sentences_have_three_significant_digits(dong: int, vi: str, en: str) -> None:
    assert (money.words(dong), money.words(dong, "en")) == (vi, en)


@given(st.integers(-(10**18), 10**18))
def test_full_digits_read_back(dong: int) -> None:
    text = money.digits(dong)
    assert int(text.replace(".", "").replace("−", "-")) == dong


def test_signs_and_zero() -> None:
    assert money.decimal(-0.04, 1) == "0,0"
    assert money.decimal(0.6, 1, plus=True) == "+0,6"
    assert money.decimal(-0.7, 1, "en") == "−0.7"
