"""Cutting and joining, as properties over any text."""

from __future__ import annotations

import random
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.office.channels.sms import alphabet, parts
from tantam.office.channels.sms.parts import Piece, Plan
from tests.office.channels.sms.test_alphabet import GSM_TEXT

LETTER = st.one_of(
    st.sampled_from([*"aăâ đếớ€[]{}|^\\", "😀", "👍🏽", "👩‍👩‍👧", "e\u0302\u0301", "\u0301", "❤️", "\u200d"]),
    st.characters(),
)
TEXT = st.lists(st.tuples(LETTER, st.integers(1, 90)), max_size=8).map(
    lambda runs: "".join(x * n for x, n in runs)
)


def received(plan: Plan, reference: int) -> list[Piece]:
    sent = parts.messages(plan, reference)
    return [parts.read(message, plan.coding, header=len(sent) > 1) for message in sent]


@given(TEXT | GSM_TEXT, st.booleans(), st.integers(0, 65_535), st.randoms(use_true_random=False))
@example("a" * 152 + "€" * 10, False, 7, random.Random(1))
@example("đ" * 66 + "😀" * 40, True, 65_535, random.Random(1))
@example("e" + "\u0301" * 300, False, 0, random.Random(1))
@example("\ud800", False, 0, random.Random(1))
@example("đ" * 69 + "\udc00\ud83d" * 40, True, 9, random.Random(1))
def test_any_text_is_whole_again(text: str, wide: bool, reference: int, order: random.Random) -> None:
    plan = parts.plan(text, wide=wide)
    assert "".join(plan.parts) == text
    assert plan.coding == ("gsm" if alphabet.fits(text) else "ucs2")
    pieces = received(plan, reference)
    for message in parts.messages(plan, reference):
        limit = 160 if plan.coding == "gsm" else 140
        units = (
            len(message)
            if plan.coding == "ucs2"
            else len(message) - (message[0] + 1 if len(pieces) > 1 else 0)
        )
        assert units <= limit
    doubled = pieces + pieces[: len(pieces) // 2]
    order.shuffle(doubled)
    assert parts.join(doubled) == re.sub("[\ud800-\udfff]", "?", text)  # half a pair is no character
    for missing in pieces if len(pieces) < 8 else pieces[:1]:
        assert parts.join([p for p in doubled if p.number != missing.number]) is None


@given(TEXT | GSM_TEXT, st.booleans())
def test_each_part_stands_by_itself(text: str, wide: bool) -> None:
    """No part is too long, and each is read alone: nothing was cut inside."""
    plan = parts.plan(text, wide=wide)
    room = parts.room_of(plan.coding, wide=wide) if len(plan.parts) > 1 else parts.WHOLE[plan.coding]
    for part, units in zip(plan.parts, plan.units_each, strict=True):
        octets = alphabet.octets_of(part, plan.coding)
        assert units == (len(octets) if plan.coding == "gsm" else len(octets) // 2) <= room
        assert alphabet.text_of(octets, plan.coding) == part
    for after, units in zip(plan.parts[1:], plan.units_each, strict=False):
        if unicodedata.category(after[0]).startswith("M"):
            assert units >= room - 1  # only a sequence longer than a part is cut


@pytest.mark.parametrize(
    ("text", "coding", "units"),
    [
        ("", "gsm", (0,)),
        ("a" * 160, "gsm", (160,)),
        ("a" * 161, "gsm", (153, 8)),
        ("a" * 306, "gsm", (153, 153)),
        ("a" * 159 + "€", "gsm", (153, 8)),
        ("a" * 152 + "€" * 5, "gsm", (152, 10)),
        ("đ" * 70, "ucs2", (70,)),
        ("đ" * 71, "ucs2", (67, 4)),
        ("đ" * 66 + "😀" * 3, "ucs2", (66, 6)),
        ("😀" * 35, "ucs2", (70,)),
        ("ế" * 66 + "e\u0302\u0301" + "ế", "ucs2", (70,)),
        ("ế" * 66 + "e\u0302\u0301" + "ế" * 2, "ucs2", (66, 5)),
        ("x" * 66 + "👍🏽👍🏽", "ucs2", (66, 8)),
        ("e" + "\u0301" * 99, "ucs2", (67, 33)),
    ],
)
def test_the_figures(text: str, coding: str, units: tuple[int, ...]) -> None:
    plan = parts.plan(text)
    assert (plan.coding, plan.units_each) == (coding, units)


def test_a_wide_reference_leaves_room_for_one_less() -> None:
    assert [parts.room_of(c, wide=w) for w in (False, True) for c in ("gsm", "ucs2")] == [153, 67, 152, 66]
    assert parts.plan("a" * 161, wide=True).units_each == (152, 9)
    assert all(len(m) <= 140 for m in parts.messages(parts.plan("đ" * 500, wide=True), 300))


def test_at_most_255_parts() -> None:
    for letter, room in (("a", 153), ("đ", 67)):
        plan = parts.plan(letter * room * 255)
        assert len(plan.parts) == 255
        assert parts.join(received(plan, 9)) == letter * room * 255
        with pytest.raises(BadInput, match="sms_too_long") as refused:
            parts.plan(letter * (room * 255 + 1))
        assert "256" in refused.value.vi


def test_the_headers() -> None:
    assert parts.udh(0x1234, 3, 2).hex() == "050003340302"
    assert parts.udh(0x1234, 3, 2, wide=True).hex() == "06080412340302"
    last, seen = 65_533, []
    for _ in range(4):
        last = parts.next_reference(last)
        seen.append(last)
    assert seen == [65_534, 65_535, 0, 1]


def test_headers_are_read_as_phones_write_them() -> None:
    body = "chào".encode("utf-16-be")

    def read(header: str) -> Piece:
        return parts.read(bytes.fromhex(header) + body, "ucs2", header=True)

    assert read("050003ff0201") == Piece(body, "ucs2", 255, 2, 1)
    assert read("060804abcd0202") == Piece(body, "ucs2", 0xABCD, 2, 2, wide=True)
    assert read("0824010100030c0302") == Piece(body, "ucs2", 12, 3, 2)  # beside another element
    assert read("0a00030102010003020202") == Piece(body, "ucs2", 2, 2, 2)  # of two the last counts
    for ignored in ("050003ff0200", "050003ff0203", "050003ff0000", "00", "0424020000"):
        assert (read(ignored).total, read(ignored).number) == (1, 1)
    assert parts.join([read("050003ff0200")]) == "chào"
    assert parts.read(b"\xff", "gsm", header=True).octets == b"\xff"
    assert parts.read(b"", "gsm", header=True) == Piece(b"", "gsm")


@given(st.binary(max_size=160), st.booleans())
def test_no_header_is_an_error(message: bytes, header: bool) -> None:
    piece = parts.read(message, "gsm", header=header)
    assert 1 <= piece.number <= piece.total <= 255
    assert message.endswith(piece.octets)


def test_a_pair_or_escape_that_others_cut_is_healed() -> None:
    smile = "Tốt 😀!".encode("utf-16-be")
    assert parts.join([Piece(smile[10:], "ucs2", 5, 2, 2), Piece(smile[:10], "ucs2", 5, 2, 1)]) == "Tốt 😀!"
    assert parts.join([Piece(b"a\x1b", "gsm", 5, 2, 1), Piece(b"\x65b", "gsm", 5, 2, 2)]) == "a€b"
    mixed = [Piece(b"Ok ", "gsm", 5, 2, 1), Piece("ạ".encode("utf-16-be"), "ucs2", 5, 2, 2)]
    assert parts.join(mixed) == "Ok ạ"


@pytest.mark.parametrize(
    "other",
    [
        Piece(b"B", "gsm", 7, 3, 1),  # the same part with another text
        Piece(b"b", "gsm", 7, 4, 2),  # another total
        Piece(b"b", "gsm", 8, 3, 2),  # another reference
        Piece(b"b", "gsm", 7, 3, 2, wide=True),  # 7 of 8 bits is not 7 of 16
        Piece(b"a", "latin1", 7, 3, 1),
    ],
)
def test_what_does_not_belong_together_is_told(other: Piece) -> None:
    with pytest.raises(BadInput, match="sms_parts_conflict"):
        parts.join([Piece(b"a", "gsm", 7, 3, 1), other])


def test_nothing_received_is_nothing() -> None:
    assert parts.join([]) is None
    assert parts.join([Piece(b"", "gsm")]) == ""


def test_without_accents() -> None:
    assert parts.accentless("Kính gửi bà con: Đường “dây” nóng – 18001091…") == (
        'Kinh gui ba con: Duong "day" nong - 18001091...'
    )
    composed = "Ưu đãi ẶẪ Ðặng\u00a0₫"
    for form in ("NFC", "NFD"):
        assert parts.accentless(unicodedata.normalize(form, composed)) == "Uu dai AA Dang d"
    assert parts.accentless("한국 👍🏽 \u200b!") == "한국 👍🏽 !"


@given(TEXT)
def test_without_accents_twice_is_once(text: str) -> None:
    assert parts.accentless(parts.accentless(text)) == parts.accentless(text)


def test_both_ways_are_offered() -> None:
    text = "Kính gửi bà con xã Vĩnh Lương, trạm phát sóng đã sửa xong. " * 2
    offer = parts.offer(text)
    assert (offer.plan.coding, offer.plain.coding) == ("ucs2", "gsm")
    assert (len(offer.plan.parts), len(offer.plain.parts), offer.saved) == (2, 1, 1)
    assert offer.plain_text == parts.accentless(text)
    assert parts.offer("ok").saved == 0
    assert parts.offer("Đã xong 👍").plain.coding == "ucs2"
