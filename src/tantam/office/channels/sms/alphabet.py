"""The alphabets of an SMS: GSM 7-bit (3GPP TS 23.038, 6.2.1 and 6.2.1.1), UCS-2, and Latin-1 where a centre sends it.

Septets are bytes below 128, one a septet, as SMPP carries them; ``pack`` sets eight of them in seven octets. There is
no national table for Vietnamese: of its accented letters the alphabet holds à è é ì ò ù É alone.
"""

from __future__ import annotations

import codecs
import re
from typing import Literal

from tantam.errors import BadInput

Coding = Literal["gsm", "ucs2", "latin1"]
"""``latin1`` is only ever received."""

ESCAPE = "\x1b"
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The 128 characters by septet; the escape stands for itself."""
EXTENSION = {
    "\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F,
    "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40, "€": 0x65,
}  # fmt: skip
"""Characters that cost two septets: the escape, then this one."""

_CHARACTERS = frozenset(BASIC) - {ESCAPE} | EXTENSION.keys()
_SEPTETS = {ord(letter): chr(septet) for septet, letter in enumerate(BASIC)} | {
    ord(letter): ESCAPE + chr(septet) for letter, septet in EXTENSION.items()
}
_LETTERS = BASIC + "\ufffe" * 128  # what a charmap takes for "no such character"
_ESCAPED = re.compile(ESCAPE + "(.?)", re.DOTALL)
_AFTER_ESCAPE = {BASIC[septet]: letter for letter, septet in EXTENSION.items()} | {ESCAPE: " ", "": "\ufffd"}


def fits(text: str) -> bool:
    """Whether every character is in the GSM alphabet or its extension."""
    return _CHARACTERS.issuperset(text)


def encode(text: str) -> bytes:
    """The septets of a text, one a byte; refuses ``sms_not_gsm`` a character outside the alphabet."""
    if not fits(text):
        strange = next(letter for letter in text if letter not in _CHARACTERS)
        raise BadInput(
            "sms_not_gsm",
            f"The GSM alphabet has no “{strange}”.",
            "Send the text in UCS-2, or without accents.",
            vi=f"Bảng chữ GSM không có “{strange}”. Hãy gửi có dấu (UCS-2), hoặc bỏ dấu.",
        )
    return text.translate(_SEPTETS).encode("ascii")


def decode(septets: bytes) -> str:
    """The text of septets, one a byte. Never fails, as TS 23.038 asks of a receiver: an unknown character after an
    escape is read without it, two escapes are a space; a byte over 127 and an escape at the end are U+FFFD."""
    text, _ = codecs.charmap_decode(septets, "replace", _LETTERS)
    return _ESCAPED.sub(lambda found: _AFTER_ESCAPE.get(found[1], found[1]), text)


def pack(septets: bytes) -> bytes:
    """Eight septets in seven octets, the first in the lowest bits; the last octet is filled with zeros."""
    bits = sum(septet << 7 * at for at, septet in enumerate(septets))
    return bits.to_bytes((7 * len(septets) + 7) // 8, "little")


def unpack(octets: bytes, count: int) -> bytes:
    """So many septets of packed octets, or as many as there are: the count alone tells a last ``@`` from filling."""
    bits = int.from_bytes(octets, "little")
    return bytes(bits >> 7 * at & 0x7F for at in range(min(count, 8 * len(octets) // 7)))


def octets_of(text: str, coding: Coding) -> bytes:
    """A text as an SMPP short message carries it: septets one a byte, UTF-16-BE, or Latin-1. Half a surrogate pair is
    sent as ``?``; refuses ``sms_not_gsm`` what GSM has not."""
    if coding == "gsm":
        return encode(text)
    return text.encode("utf-16-be" if coding == "ucs2" else "latin-1", "replace")


def text_of(octets: bytes, coding: Coding) -> str:
    """The text of a short message; what cannot be read is U+FFFD, never an error."""
    if coding == "gsm":
        return decode(octets)
    return octets.decode("utf-16-be" if coding == "ucs2" else "latin-1", "replace")


def coding_of(data_coding: int) -> Coding:
    """The coding that SMPP's ``data_coding`` means (SMPP 3.4, 5.2.19; TS 23.038, 4): 8 and its classes UCS-2, 1 and 3
    Latin-1, all else the alphabet of the centre, taken as GSM."""
    if data_coding & 0xCC == 0x08:
        return "ucs2"
    return "latin1" if data_coding in {1, 3} else "gsm"
