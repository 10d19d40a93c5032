"""Receipts as centres write them: twenty of a library's tests, and more that are broken."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.clock import HANOI
from tantam.office.channels.sms.receipts import STATES, Receipt, candidates, parse

TEXTS: list[str] = json.loads(
    (Path(__file__).parent / "data" / "delivery_receipt_texts.json").read_text(encoding="utf-8")
)
DONE = datetime(2010, 5, 24, 23, 39, tzinfo=HANOI)
UUID = "74e02ee1-4e2f-4a6e-a78b-4b247d756a22"
EXPECTED = (
    [Receipt("0000000001", "UNKNOWN", "000", None)]
    + [Receipt("0123456789", "DELIVRD", "012", DONE)]
    + [Receipt("0123456789", "UNKNOWN", "000", None)]
    + [Receipt("0123456789", "DELIVRD", "012", DONE)] * 3
    + [Receipt("0123456789", "DELIVRD", "010", DONE)]
    + [Receipt("0123456789", "DELIVRD", "012", DONE)] * 2
    + [Receipt("0123456789", "DELIVRD", "21b", DONE)]
    + [Receipt("0123456789", "DELIVRD", "", DONE)]
    + [Receipt("0123456789", "DELIVRD", "012", None)]
    + [Receipt("12345", "UNKNOWN", "000", None)]
    + [Receipt("1234567890", "UNKNOWN", "000", None)]
    + [Receipt("12345678901", "UNKNOWN", "000", None)]
    + [
        Receipt(
            "2E179B310EDE971B2760C72B7F026E1B",
            "DELIVRD",
            "0",
            datetime(2011, 3, 14, 18, 17, 41, tzinfo=HANOI),
        )
    ]
    + [Receipt("4", "DELIVRD", "000", datetime(2010, 6, 2, 0, 51, tzinfo=HANOI))]
    + [Receipt(UUID, "DELIVRD", "000", datetime(2011, 2, 6, 19, 31, 10, tzinfo=HANOI))]
    + [Receipt("98765432101", "UNKNOWN", "000", datetime(2010, 1, 1, tzinfo=HANOI))]
    + [Receipt(UUID, "DELIVRD", "000", datetime(2011, 2, 6, 19, 31, 10, tzinfo=HANOI))]
)


@pytest.mark.parametrize(("text", "receipt"), list(zip(TEXTS, EXPECTED, strict=True)))
def test_twenty_published_receipts(text: str, receipt: Receipt) -> None:
    assert parse(text) == receipt
    assert parse(text.replace("stat:", "Stat: ").replace("id:", " ID : ")) == receipt


@pytest.mark.parametrize(
    ("text", "receipt"),
    [
        ("", Receipt("", "UNKNOWN", "", None)),
        ("Mạng yếu quá", Receipt("", "UNKNOWN", "", None)),
        ("stat:undeliv err:001 id:ab", Receipt("ab", "UNDELIV", "001", None)),
        ("id:1 stat:UNDELIVERABLE", Receipt("1", "UNDELIV", "", None)),
        ("ID:1 STAT:Rejected ERR:", Receipt("1", "REJECTD", "", None)),
        ("id:1 stat:EXPIRED text:id:2 stat:DELIVRD", Receipt("1", "EXPIRED", "", None)),
        ("id:1 stat:DELIVRD id:2 stat:EXPIRED", Receipt("1", "DELIVRD", "", None)),
        ("id:1 done date:2605242339 stat:DELETED", Receipt("1", "DELETED", "", DONE.replace(year=2026))),
        ("id:1 done_date:202605242339 stat:x", Receipt("1", "UNKNOWN", "", DONE.replace(year=2026))),
        ("id:1 DoneDate: 2026-05-24 23:39:00 stat:ACCEPTD", Receipt("1", "ACCEPTD", "", DONE.replace(year=2026))),
        ("id:1 done date:9913992599 stat:DELIVRD", Receipt("1", "DELIVRD", "", None)),
        ("id:1 done date:x1005242339", Receipt("1", "UNKNOWN", "", None)),
        ("id:1 done date:٢٦٠٥٢٤٢٣٣٩", Receipt("1", "UNKNOWN", "", None)),
        ("paid:5 void:6", Receipt("", "UNKNOWN", "", None)),
    ],
)  # fmt: skip
def test_broken_ones(text: str, receipt: Receipt) -> None:
    assert parse(text) == receipt


def test_the_centre_may_keep_another_time() -> None:
    assert parse(TEXTS[6], UTC).done_at == DONE.replace(tzinfo=UTC)


@given(
    st.text()
    | st.lists(st.sampled_from([*TEXTS[1].split(), "done date:", "text:", "٣:", "stat:"])).map(" ".join)
)
def test_no_receipt_is_an_error(text: str) -> None:
    assert parse(text).state in STATES


def test_the_ways_an_id_is_written() -> None:
    assert candidates("0059113978") == ("59113978", "38601fa", "1494301048")
    assert candidates("38601FA") == ("38601fa", "59113978")
    assert candidates(UUID.upper()) == (UUID,)
    assert candidates("2E179B310EDE971B2760C72B7F026E1B")[1].isdecimal()
    assert [candidates(x) for x in ("", " ", "0", "000", "5", "Ａ")] == [
        (),
        (),
        ("0",),
        ("0",),
        ("5",),
        ("ａ",),
    ]
    assert candidates("9" * 5000) == ("9" * 5000,)


@given(st.integers(0, 2**64))
def test_hexadecimal_and_decimal_find_each_other(number: int) -> None:
    for answered in (f"{number:x}", f"{number:08X}", f"{number}"):
        for told in (f"{number:010}", f"{number:x}"):
            assert set(candidates(answered)) & set(candidates(told))
