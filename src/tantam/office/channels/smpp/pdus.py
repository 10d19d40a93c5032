"""What goes over the wire, and its octets: smpplib makes every PDU and reads those that carry messages.

Its parser takes an optional parameter that it knows but does not expect for an error, and fixed lengths for granted, so
optional parameters are read here.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Any

from smpplib import consts, smpp
from smpplib.command import DeliverSM

from tantam.office.channels.smpp.place import Place, address
from tantam.office.channels.sms import alphabet, parts, receipts

HEADER = 16
MOST_OCTETS = 65_536
"""A longer PDU is no PDU: the longest that SMPP 3.4 can mean carries one ``message_payload`` of 64 KB."""

_STATES = {2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 7: "UNKNOWN", 8: "REJECTD"}
_PAYLOAD, _STATE, _RECEIPTED, _SAR = 0x0424, 0x0427, 0x001E, (0x020C, 0x020E, 0x020F)
_UDH, _TYPE, _RECEIPTS = 0x40, 0x3C, {0x04, 0x20}  # of esm_class; 0x20 tells of a state on the way
_INTERNATIONAL = 1  # type of number
_MOBILE = re.compile("(84|0)?([35789][0-9]{8})")


@dataclass(frozen=True)
class Short:
    """One short message to send: the caller's ``mark``, the number as +84… or a short code, and the octets as
    ``sms.parts.messages`` makes them (septets one a byte, or UTF-16); ``header``: a user data header comes first."""

    mark: Any
    to: str
    octets: bytes
    ucs2: bool
    header: bool = False


@dataclass(frozen=True)
class Answered:
    """What became of a ``Short``: the centre's ``ref`` ("" if turned away) and its command status (``error``, 0 is
    taken). ``again``: it was certainly not taken and may be tried later."""

    mark: Any
    ref: str = ""
    error: int = 0
    again: bool = False


@dataclass(frozen=True)
class Came:
    """A message or a part of one, for ``sms.parts.read``; ``number`` is +84… for a Vietnamese mobile number, else as
    the centre wrote it. It comes again on the next connection unless its ``token`` is acknowledged."""

    token: int
    number: str
    octets: bytes
    coding: alphabet.Coding
    header: bool


@dataclass(frozen=True)
class Receipted:
    """A delivery receipt: whose phone, the centre's ``ref`` of the message ("" if it gave none) and its ``state``, one
    of ``receipts.STATES``; optional parameters count before the text. It comes again like a message."""

    token: int
    number: str
    ref: str
    state: str
    receipt: receipts.Receipt


@dataclass(frozen=True)
class Head:
    """The first 16 octets of a PDU."""

    length: int
    command: int
    status: int
    sequence: int


def head(octets: bytes | bytearray) -> Head:
    """The header of a PDU, of at least 16 octets."""
    return Head(*struct.unpack_from(">LLLL", octets))


def plain(command: str, sequence: int, *, status: int = 0, **fields: Any) -> bytes:
    """The octets of a PDU by smpplib's name of it."""
    made = smpp.make_pdu(command, sequence=sequence, status=status, **fields)
    made.sequence = sequence
    return bytes(made.generate())


def bind(place: Place, sequence: int) -> bytes:
    """A ``bind_transceiver``."""
    return plain(
        "bind_transceiver",
        sequence,
        system_id=place.system_id,
        password=place.password,
        system_type=place.system_type,
    )


def submit(place: Place, short: Short, sequence: int) -> bytes:
    """A ``submit_sm`` that asks for a receipt of the end, good or bad."""
    from_ton, from_npi, sender = address(place.sender)
    ton, npi, to = address(short.to)
    return plain(
        "submit_sm",
        sequence,
        source_addr_ton=from_ton,
        source_addr_npi=from_npi,
        source_addr=sender,
        dest_addr_ton=ton,
        dest_addr_npi=npi,
        destination_addr=to,
        esm_class=_UDH if short.header else 0,
        registered_delivery=1,
        data_coding=consts.SMPP_ENCODING_ISO10646 if short.ucs2 else 0,
        short_message=short.octets if short.ucs2 or place.alphabet == "gsm" else _in_letters(short, place),
    )


def _in_letters(short: Short, place: Place) -> bytes:
    """Septets as ASCII or Latin-1, never longer; letters that these lack lose their accents, or become ``?``."""
    end = 1 + short.octets[0] if short.header else 0
    text = alphabet.decode(short.octets[end:])
    if place.alphabet == "ascii":
        text = parts.accentless(text)
    return short.octets[:end] + text.encode("ascii" if place.alphabet == "ascii" else "latin-1", "replace")


def ref_of(answer: bytes) -> str:
    """The message id of a ``submit_sm_resp``, as written; "" if it has none."""
    return answer[HEADER : HEADER + 65].partition(b"\0")[0].decode("latin-1")


class _Delivered(DeliverSM):  # type: ignore[misc]
    """A ``deliver_sm`` whose strings must end; the whole ones of its optional parameters are kept as octets."""

    optional: dict[int, bytes]

    def _parse_string(
        self, field: str, data: bytes, pos: int, length: int | None = None
    ) -> tuple[bytes, int]:
        end = data.index(b"\0", pos)
        setattr(self, field, data[pos:end])
        return data, end + 1

    def parse_optional_params(self, data: bytes) -> None:
        at = 0
        while at + 4 <= len(data):
            tag, length = struct.unpack_from(">HH", data, at)
            at += 4 + length
            if at <= len(data):
                self.optional[tag] = data[at - length : at]
        if at != len(data) and not self.short_message and _PAYLOAD not in self.optional:
            raise ValueError("a deliver_sm whose words may be in a parameter that runs over its end")


def delivered(octets: bytes, token: int, place: Place) -> Came | Receipted:
    """What a ``deliver_sm`` carries; ValueError if it cannot be read."""
    pdu = _Delivered("deliver_sm", need_sequence=False)
    pdu.optional = {}
    try:
        pdu.parse(octets)
    except struct.error:
        raise ValueError("a deliver_sm that ends too soon") from None
    body = pdu.short_message or b""
    if pdu.source_addr is None or pdu.esm_class is None or len(body) != pdu.sm_length:
        raise ValueError("a deliver_sm that ends too soon")
    body = body or pdu.optional.get(_PAYLOAD, b"")
    number = _number(pdu.source_addr.decode("latin-1"), pdu.source_addr_ton)
    if pdu.esm_class & _TYPE in _RECEIPTS or _RECEIPTED in pdu.optional:
        return _receipted(token, number, body, pdu)
    coding: alphabet.Coding = alphabet.coding_of(pdu.data_coding or 0)
    if not pdu.data_coding and place.alphabet != "gsm":
        coding = "latin1"  # of which ASCII is a part
    header = bool(pdu.esm_class & _UDH)
    sar = [int.from_bytes(pdu.optional.get(tag, b""), "big") for tag in _SAR]
    if not header and sar[1] > 1:
        body, header = parts.udh(sar[0], sar[1] % 256, sar[2] % 256, wide=True) + body, True
    return Came(token, number, body, coding, header)


def _receipted(token: int, number: str, body: bytes, pdu: _Delivered) -> Receipted:
    # The text of a receipt is ASCII in whatever alphabet, but for those few centres that send it in UCS-2.
    ucs2 = alphabet.coding_of(pdu.data_coding or 0) == "ucs2"
    receipt = receipts.parse(alphabet.text_of(body, "ucs2" if ucs2 else "latin1"))
    ref = pdu.optional.get(_RECEIPTED, b"").partition(b"\0")[0].decode("latin-1")
    state = _STATES.get(int.from_bytes(pdu.optional.get(_STATE, b""), "big"), "UNKNOWN")
    return Receipted(
        token, number, ref or receipt.id, receipt.state if state == "UNKNOWN" else state, receipt
    )


def _number(written: str, ton: int | None) -> str:
    digits = written.removeprefix("+")
    mobile = _MOBILE.fullmatch(digits)
    if mobile and (mobile[1] or ton != _INTERNATIONAL):
        return f"+84{mobile[2]}"
    return f"+{digits}" if ton == _INTERNATIONAL and digits.isdecimal() else written
