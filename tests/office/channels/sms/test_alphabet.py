"""The GSM alphabet against published vectors and the rules of a receiver."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.office.channels.sms import alphabet, parts, receipts

DATA = Path(__file__).parent / "data"
VECTORS: list[dict[str, Any]] = json.loads((DATA / "gsm7_vectors.json").read_text(encoding="utf-8"))
MESSAGES = json.loads((DATA / "smpp_messages.json").read_text(encoding="utf-8"))["messages"]
GSM_TEXT = st.text(sorted(set(alphabet.BASIC) - {alphabet.ESCAPE} | alphabet.EXTENSION.keys()))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["text"][:20])
def test_the_published_vectors(vector: dict[str, Any]) -> None:
    septets = alphabet.encode(vector["text"])
    assert septets.hex() == vector["septets_hex"]
    assert len(septets) == vector["septets"]
    assert alphabet.pack(septets).hex() == vector["packed_hex"]
    assert alphabet.unpack(bytes.fromhex(vector["packed_hex"]), vector["septets"]) == septets
    assert alphabet.decode(septets) == vector["text"]
    assert (len(parts.plan(vector["text"]).parts) == 1) == vector["fits_one_sms"]


def test_the_table_is_whole() -> None:
    assert len(alphabet.BASIC) == len(set(alphabet.BASIC)) == 128
    assert alphabet.BASIC.index("A") == 0x41
    assert alphabet.BASIC.index(alphabet.ESCAPE) == 0x1B
    assert alphabet.BASIC[0x7F] == "à"
    letters = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
    accented = [x for x in letters + letters.upper() if ord(x) > 127]
    assert [x for x in accented if alphabet.fits(x)] == list("àèéìòùÉ")


@given(GSM_TEXT)
def test_what_is_encoded_is_read_again(text: str) -> None:
    septets = alphabet.encode(text)
    assert alphabet.fits(text)
    assert max(septets, default=0) < 128
    assert alphabet.decode(septets) == text


@given(st.binary(max_size=200).map(lambda b: bytes(x & 127 for x in b)))
def test_what_is_packed_is_unpacked(septets: bytes) -> None:
    octets = alphabet.pack(septets)
    assert len(octets) == -(-len(septets) * 7 // 8)
    assert alphabet.unpack(octets, len(septets)) == septets
    assert (
        alphabet.unpack(octets, 10_000)[: len(septets)] == septets
    )  # never more than there is, never an error


@given(st.binary(max_size=300), st.integers(0, 255))
def test_nothing_received_is_refused(octets: bytes, data_coding: int) -> None:
    assert isinstance(alphabet.text_of(octets, alphabet.coding_of(data_coding)), str)


def test_what_cannot_be_read_is_replaced() -> None:
    assert alphabet.decode(b"\x1b\x65") == "€"
    assert alphabet.decode(b"\x1bA") == "A"  # no such extension: the character itself (TS 23.038, 6.2.1.1)
    assert alphabet.decode(b"\x1b\x1ba") == " a"  # reserved for another table: a space
    assert alphabet.decode(b"a\x1b") == "a\ufffd"
    assert alphabet.decode(b"\x80a\xff\x1b\x90") == "\ufffda\ufffd\ufffd"
    assert alphabet.text_of(b"\x00a\xd8\x3d\x00b\x00", "ucs2") == "a\ufffdb\ufffd"


def test_a_strange_letter_is_refused_by_name() -> None:
    for text in ("chào bạn", "`", "\x1b", "😀"):
        assert not alphabet.fits(text)
        with pytest.raises(BadInput) as refused:
            alphabet.encode(text)
        assert (refused.value.code, bool(refused.value.vi)) == ("sms_not_gsm", True)


def test_the_codings_of_smpp() -> None:
    assert [alphabet.coding_of(c) for c in (0, 1, 3, 8, 0x18, 0x19, 0xF0)] == [
        "gsm", "latin1", "latin1", "ucs2", "ucs2", "ucs2", "gsm",
    ]  # fmt: skip
    assert alphabet.octets_of("a\ud800b", "ucs2") == "a?b".encode("utf-16-be")


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m["test"])
def test_the_short_messages_of_published_pdus(message: dict[str, Any]) -> None:
    octets, coding = (
        bytes.fromhex(message["short_message_hex"]),
        alphabet.coding_of(message["data_coding"]),
    )
    text = alphabet.text_of(octets, coding)
    assert alphabet.octets_of(text, coding) == octets
    if message["esm_class"] & 0x04:
        receipt = receipts.parse(text)
        assert receipt.state in {"DELIVRD", "ACCEPTD"}
        assert receipt.id
        assert receipt.done_at
        assert receipt.error in {"000", "107"}
    else:
        assert text == "¡¤#!%&/:"
