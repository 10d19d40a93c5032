"""What a deliver_sm carries, from octets put together here; and what a submit_sm looks like in other alphabets."""

from __future__ import annotations

import struct
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.office.channels.smpp import pdus
from tantam.office.channels.smpp.pdus import Came, Receipted, Short
from tantam.office.channels.sms import parts
from tests.office.channels.smpp.a_link import DELIVER, PLACE, deliver, optional, pdu

RECEIPT = (
    b"id:0059113978 sub:001 dlvrd:001 submit date:1002101730 done date:1002101731 stat:DELIVRD err:000 text:x"
)
PAYLOAD, STATE, RECEIPTED = 0x0424, 0x0427, 0x001E


def read(body: bytes, alphabet: str = "gsm") -> Came | Receipted:
    return pdus.delivered(pdu(DELIVER, 7, body), 1, replace(PLACE, alphabet=alphabet))


def test_a_message_whole() -> None:
    came = read(deliver("Mạng yếu".encode("utf-16-be"), coding=8))
    assert came == Came(1, "+84912345678", "Mạng yếu".encode("utf-16-be"), "ucs2", header=False)


def test_a_message_in_the_payload() -> None:
    body = deliver(b"", coding=8) + optional(PAYLOAD, "Mạng yếu ".encode("utf-16-be") * 40)
    assert read(body) == Came(1, "+84912345678", "Mạng yếu ".encode("utf-16-be") * 40, "ucs2", header=False)


def test_parts_by_header_and_by_optional_parameters_join() -> None:
    header = parts.udh(7, 2, 1) + b"Mot "
    first = read(deliver(header, esm=0x40))
    assert isinstance(first, Came)
    assert parts.read(first.octets, first.coding, header=first.header).number == 1
    numbered = [
        read(
            deliver(text)
            + optional(0x020C, b"\1\2")
            + optional(0x020E, b"\2")
            + optional(0x020F, bytes([number]))
        )
        for number, text in ((2, b"hai"), (1, b"Mot "))
    ]
    pieces = [parts.read(c.octets, c.coding, header=c.header) for c in numbered if isinstance(c, Came)]
    assert [piece.reference for piece in pieces] == [0x0102, 0x0102]
    assert parts.join(pieces) == "Mot hai"


@pytest.mark.parametrize(("alphabet", "coding"), [("gsm", "gsm"), ("ascii", "latin1"), ("latin1", "latin1")])
def test_data_coding_0_is_what_the_centre_means_by_it(alphabet: str, coding: str) -> None:
    came = read(deliver(b"a@b"), alphabet)
    assert isinstance(came, Came)
    assert came.coding == coding


@pytest.mark.parametrize(
    ("source", "ton", "number"),
    [
        (b"84912345678", 1, "+84912345678"),
        (b"+84912345678", 0, "+84912345678"),
        (b"0912345678", 0, "+84912345678"),
        (b"0912345678", 1, "+84912345678"),
        (b"912345678", 2, "+84912345678"),
        (b"4915112345678", 1, "+4915112345678"),
        (b"33912345678", 1, "+33912345678"),
        (b"8888", 3, "8888"),
        (b"VIETTEL", 5, "VIETTEL"),
    ],
)
def test_numbers_as_centres_write_them(source: bytes, ton: int, number: str) -> None:
    assert read(deliver(b"x", source=source, ton=ton)).number == number


def test_a_receipt_by_its_text() -> None:
    came = read(deliver(RECEIPT, esm=4))
    assert isinstance(came, Receipted)
    assert (came.ref, came.state, came.number) == ("0059113978", "DELIVRD", "+84912345678")


def test_optional_parameters_of_a_receipt_count_before_its_text() -> None:
    came = read(deliver(RECEIPT, esm=4) + optional(RECEIPTED, b"38601fa\0") + optional(STATE, b"\5"))
    assert isinstance(came, Receipted)
    assert (came.ref, came.state, came.receipt.id) == ("38601fa", "UNDELIV", "0059113978")


def test_a_state_on_the_way_does_not_hide_what_the_text_says() -> None:
    came = read(deliver(RECEIPT, esm=0x20) + optional(STATE, b"\1"))
    assert isinstance(came, Receipted)
    assert came.state == "DELIVRD"


def test_parameters_that_smpplib_does_not_expect_or_know_are_passed_over() -> None:
    strange = (
        optional(0x0005, b"\1")
        + optional(0x001D, b"hello\0")
        + optional(0x1500, b"?")
        + optional(0x130C, b"")
    )
    wrong_length = optional(0x0204, b"\1") + optional(0x020A, b"\1\2\3\4")
    came = read(deliver(b"xin chao") + strange + wrong_length)
    assert isinstance(came, Came)
    assert came.octets == b"xin chao"


def test_words_are_kept_when_a_parameter_after_them_is_broken() -> None:
    came = read(deliver(b"xin chao") + struct.pack(">HH", PAYLOAD, 500) + b"x")
    assert isinstance(came, Came)
    assert came.octets == b"xin chao"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0",
        b"no end of a string",
        deliver(b"xin chao")[:-1],
        deliver(b"xin chao")[:20],
        deliver(b"") + struct.pack(">HH", PAYLOAD, 500) + b"x",
    ],
)
def test_what_cannot_be_read_is_one_error(body: bytes) -> None:
    with pytest.raises(ValueError):
        read(body)


@given(st.binary(max_size=300) | st.binary(max_size=40).map(lambda end: deliver(b"xin chao") + end))
def test_any_body_is_read_or_one_error(body: bytes) -> None:
    try:
        came = read(body)
    except ValueError:
        return
    assert isinstance(came, Came | Receipted)


def sent(text: str, alphabet: str) -> bytes:
    plan = parts.plan(text)
    first = parts.messages(plan, 1)[0]
    short = Short(0, "+84912345678", first, plan.coding == "ucs2", len(plan.parts) > 1)
    return pdus.submit(replace(PLACE, alphabet=alphabet), short, 1)


@pytest.mark.parametrize(
    ("alphabet", "octets"),
    [("gsm", b"\x00\x11\x1b\x65 \x7f"), ("latin1", b"@_? \xe0"), ("ascii", b"@_? a")],
)
def test_septets_go_out_as_the_centre_reads_them(alphabet: str, octets: bytes) -> None:
    assert sent("@_€ à", alphabet).endswith(bytes([0, 0, len(octets)]) + octets)


def test_a_header_is_no_text_and_ucs2_has_one_form() -> None:
    long = "@" * 200
    assert sent(long, "ascii").endswith(b"\5\0\3\1\2\1" + b"@" * 153)
    assert sent("Mạng", "ascii") == sent("Mạng", "gsm")


@pytest.mark.parametrize(
    ("to", "octets"), [("+84912345678", b"\1\x0184912345678\0"), ("5656", b"\3\x005656\0")]
)
def test_a_number_and_a_short_code_are_written_to_each_in_its_way(to: str, octets: bytes) -> None:
    made = pdus.submit(PLACE, Short(None, to, b"[QC] Xin chao", ucs2=False), 1)
    assert b"TANTAM\0" + octets in made
