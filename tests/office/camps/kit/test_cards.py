"""The text of a card's QR is anybody's text; of its number only a salted hash and four digits leave."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.office.camps import locks
from tantam.office.camps.kit import cards

KEY, ON = bytes(range(32)), date(2026, 11, 21)


def read(text: str) -> cards.Card:
    return cards.read(text, KEY, on=ON)


@pytest.mark.parametrize(
    ("text", "name", "born_on", "sex", "priority"),
    [
        ("099048000123|012345678|SÙNG THỊ MẢY|05031948|Nữ|Thôn Tả Sính|01012022", "Sùng Thị Mảy",
         date(1948, 3, 5), "female", ("elder",)),
        ("099222000124||Vàng A Pao|30052022|Nam|Lũng Sương|01012024||Vàng A Dế|Lý Thị Xay|", "Vàng A Pao",
         date(2022, 5, 30), "male", ("child",)),
        ("012345678||Lý A Sáng|01011990|Nam|Lũng Sương|", "Lý A Sáng", date(1990, 1, 1), "male", ()),
    ],
)  # fmt: skip
def test_reading_a_citizens_card(text: str, name: str, born_on: date, sex: str, priority: Any) -> None:
    card = read(text)
    assert (card.name, card.born_on, card.sex, card.priority) == (name, born_on, sex, priority)
    number = text.split("|", maxsplit=1)[0]
    assert (card.card, card.card_end) == (locks.salted(KEY, number), number[-4:])
    assert number not in repr(card)


def test_reading_a_health_insurance_card() -> None:
    name, place = "Giàng Thị Dợ".encode().hex(), "Xã Lũng Sương".encode().hex()
    card = read(f"CK2999900112233|{name}|1949|2|{place}|99 - 001|01/01/2026|-|01/01/2026|1")
    assert (card.name, card.born_year, card.born_on, card.sex) == ("Giàng Thị Dợ", 1949, None, "female")
    assert (card.group, card.priority, card.address) == ("CK", ("elder", "merit"), "Xã Lũng Sương")
    small = read(f"TE1999900112299|{name}|12/02/2023|1|{place}|")
    assert (small.born_on, small.priority) == (date(2023, 2, 12), ("child",))


@pytest.mark.parametrize(
    "text",
    [
        "", "|", "||||||", "099048000123", "https://example.org", "abc|x|Lý A|01011990|Nam|x|y",
        "099048000123||<|01011990|Nam|x|y", "099048000123||12345|01011990|Nam|x|y",
        "099048000123||" + "A" * 121 + "|01011990|Nam|x|y", "9" * 3000, "\x00" * 10,
        "TE1999900112299|ffff|2020|1|x|", "０９９０４８０００１２３||Lý A|01011990|Nam|x|y",
    ],
)  # fmt: skip
def test_what_is_no_card_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput) as no:
        read(text)
    assert no.value.code == "bad_card"


@pytest.mark.parametrize("born", ["", "99999999", "31022000", "01011700", "01012099", "22112026", "năm nay"])
def test_a_day_that_cannot_be_is_left_empty(born: str) -> None:
    card = read(f"099048000123||Lý A Sáng|{born}|Nam|x|y")
    assert (card.born_on, card.born_year, card.priority) == (None, None, ())


def test_control_letters_and_decomposed_names_are_put_right() -> None:
    assert read("099048000123||Ly\u0301\u0000  A\u202e Sa\u0301ng|01011990|Nam|x|y").name == "Lý A Sáng"


@given(st.text(max_size=300) | st.lists(st.text(max_size=30), max_size=9).map("|".join))
def test_no_text_breaks_it(text: str) -> None:
    try:
        card = read(text)
    except BadInput:
        return
    assert len(card.name) <= 120 and len(card.card) == 64 and len(card.card_end) == 4
