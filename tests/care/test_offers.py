"""The offers file: what a manager writes is read, and what cannot be is said plainly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.care import offers
from tantam.errors import BadInput, Refused, TantamError
from tests.care.offers_for_tests import TEXT


def test_a_whole_file_is_read() -> None:
    read = offers.parse(TEXT)
    assert [o.name for o in read.commercial] == ["concert", "points", "cafe", "bonus"]
    assert [o.name for o in read.of("relief")] == ["hardship"]
    concert = read.commercial[0]
    assert concert.seats is not None and concert.seats.of(1_000) == 20
    assert (concert.holdout_ppm, read.holdout_ppm) == (100_000, 50_000)
    assert read.purses[0].sum.of(999) == 399


@pytest.mark.parametrize("kind", ["relief", "notice"])
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('holdout = "10%"', "holdout_on_need"),
        ('value = "spend_6m"', "value_on_need"),
        ("seats = 5", "value_on_need"),
    ],
)
def test_need_is_never_held_out_nor_chosen(kind: str, line: str, code: str) -> None:
    text = f'[offers.gift]\nclass = "{kind}"\nwho = "low_income"\ncost = 1\nbudget = 1\n{line}'
    with pytest.raises(Refused, match=code):
        offers.parse(text)


def _one(line: str) -> str:
    return f'[offers.a]\nclass = "commercial"\nwho = "low_income"\ncost = 1\nvalue = "1"\n{line}'


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (_one('sats = "1%"'), "seats"),
        (_one('seats = "lots"'), "seats"),
        (_one('holdout = "60%"'), "more than half"),
        (_one('holdout = "0.00001%"'), "not a share"),
        (_one('window = ["2026-12-31", "2026-12-01"]'), "ends before"),
        (_one('purse = "vip"'), "vip"),
        (_one('needs = "nothing"'), "consent_care"),
        ('[offers.a]\nclass = "commercial"\nwho = "low_incom"\ncost = 1\nvalue = "1"', "low_income"),
        ('[offers.a]\nclass = "commercial"\nwho = "low_income"\ncost = 1.5\nvalue = "1"', "cost"),
        ('[offers.a]\nclass = "commercial"\nwho = "low_income"\ncost = true\nvalue = "1"', "cost"),
        ('[offers.a]\nclass = "gift"\nwho = "low_income"', "commercial, relief or notice"),
        ('[offers."a b"]\nclass = "commercial"', "name"),
        ("offers = 3", "not a table"),
        ("[offers]\na = 3", "not a table"),
        ("= =", "not TOML"),
        ("", "no offer"),
    ],
)
def test_mistakes_are_told_with_the_way_out(text: str, hint: str) -> None:
    with pytest.raises(BadInput, match=hint):
        offers.parse(text)


def test_a_file_that_is_not_there(tmp_path: object) -> None:
    from pathlib import Path

    with pytest.raises(BadInput, match="no_offers"):
        offers.read(Path(str(tmp_path)) / "none.toml")


WORDS = st.sampled_from(
    [*TEXT.replace("=", " = ").split(), "[", "]", '"', "\x00", "9" * 40, "-1", "{}", "'''"]
)


@given(st.lists(WORDS, max_size=30).map(" ".join) | st.lists(WORDS, max_size=30).map("\n".join) | st.text())
def test_no_text_gives_anything_but_our_errors(text: str) -> None:
    try:
        offers.parse(text)
    except TantamError as error:
        assert error.code and error.what
