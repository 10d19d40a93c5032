"""A text in parts, and parts as a text again (3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8).

A message carries 140 octets: 160 septets or 70 UTF-16 units. In parts, a header of 6 octets with an 8-bit reference
leaves 153 or 67; one of 7 octets with a 16-bit reference (``wide``) leaves 152 or 66. References are counted for each
number apart, so that 8 bits come round only after 256 long messages to one phone.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, groupby
from typing import Literal

from tantam.errors import BadInput
from tantam.office.channels.sms import alphabet

Sent = Literal["gsm", "ucs2"]

WHOLE = {"gsm": 160, "ucs2": 70}
"""Septets or UTF-16 units of a message in one part."""
MOST_PARTS = 255

_NARROW, _WIDE = 0x00, 0x08  # information elements: concatenation with an 8-bit and a 16-bit reference
_JOINER = "\u200d"
_SKINS = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_PLAIN = str.maketrans("đĐðÐɖƉ₫–—−‐‑“”„‘’‚`´•\u00a0\u202f", "dDdDdDd-----\"\"\"'''''-  ", "\u200b\ufeff") | {
    ord("…"): "..."
}


@dataclass(frozen=True)
class Plan:
    """How a text goes out: ``units_each`` counts each part's septets (gsm) or UTF-16 units (ucs2); ``wide`` says that
    room was left for a 16-bit reference."""

    coding: Sent
    parts: tuple[str, ...]
    units_each: tuple[int, ...]
    wide: bool = False


@dataclass(frozen=True)
class Offer:
    """A text as written and without accents, side by side, and the parts saved (below 0 where ``…`` written as
    three dots made a text longer that is UCS-2 all the same)."""

    text: str
    plan: Plan
    plain_text: str
    plain: Plan
    saved: int


@dataclass(frozen=True)
class Piece:
    """One received part: its octets without the header, and which of how many it is (1 of 1 without a header)."""

    octets: bytes
    coding: alphabet.Coding
    reference: int = 0
    total: int = 1
    number: int = 1
    wide: bool = False


def plan(text: str, *, wide: bool = False) -> Plan:
    """The parts of a text, GSM if every character fits, else UCS-2; put together they are the text again.

    No part ends inside an escape or a surrogate pair, nor between a letter and its marks unless these alone are longer
    than a part. Composed letters (NFC) cost less; the text is taken as it is. Refuses ``sms_too_long`` over 255 parts.
    """
    coding: Sent = "gsm" if alphabet.fits(text) else "ucs2"
    if coding == "gsm":
        ends = list(accumulate(2 if letter in alphabet.EXTENSION else 1 for letter in text))
    else:
        ends = list(accumulate(2 if letter > "\uffff" else 1 for letter in text))
    units = ends[-1] if ends else 0
    if units <= WHOLE[coding]:
        return Plan(coding, (text,), (units,), wide)
    room, parts, sizes, start, used = room_of(coding, wide=wide), [], [], 0, 0
    while start < len(text):
        end = _cut(text, start, bisect_right(ends, used + room, start))
        parts.append(text[start:end])
        sizes.append(ends[end - 1] - used)
        start, used = end, ends[end - 1]
    if len(parts) > MOST_PARTS:
        raise BadInput(
            "sms_too_long",
            f"The text needs {len(parts)} parts; a message has at most {MOST_PARTS}.",
            "Shorten it.",
            vi=f"Tin cần {len(parts)} phần; một tin có nhiều nhất {MOST_PARTS} phần. Hãy viết ngắn lại.",
        )
    return Plan(coding, tuple(parts), tuple(sizes), wide)


def room_of(coding: Sent, *, wide: bool = False) -> int:
    """Septets or UTF-16 units in each part of several."""
    free = 140 - len(udh(0, 2, 1, wide=wide))
    return free * 8 // 7 if coding == "gsm" else free // 2


def accentless(text: str) -> str:
    """The text as typed without accents, in the same case: marks of Latin letters, đ, and the dashes, quotes and spaces
    of a word processor become what GSM has. Emoji and other scripts stay, and the text is then UCS-2 all the same."""
    marks = unicodedata.normalize("NFD", text.translate(_PLAIN))
    bare = "".join(letter for letter in marks if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFC", bare)


def offer(text: str, *, wide: bool = False) -> Offer:
    """Both ways to send a text, and the parts saved without accents; refuses ``sms_too_long`` the text as written."""
    written, plain_text = plan(text, wide=wide), accentless(text)
    plain = plan(plain_text, wide=wide)
    return Offer(text, written, plain_text, plain, len(written.parts) - len(plain.parts))


def next_reference(last: int) -> int:
    """The reference of the next long message to a number: 0 to 65535, then 0 again."""
    return (last + 1) % 65_536


def udh(reference: int, total: int, number: int, *, wide: bool = False) -> bytes:
    """The header of part ``number`` (from 1) of ``total`` (to 255): 6 octets with the lowest 8 bits of the reference,
    or 7 with 16."""
    if wide:
        return bytes([6, _WIDE, 4]) + reference.to_bytes(2, "big") + bytes([total, number])
    return bytes([5, _NARROW, 3, reference % 256, total, number])


def messages(planned: Plan, reference: int) -> tuple[bytes, ...]:
    """The short messages of a plan, header first where there are several (then SMPP's ``esm_class`` is 0x40); septets
    lie one a byte, as SMPP wants."""
    bodies = [alphabet.octets_of(part, planned.coding) for part in planned.parts]
    if len(bodies) == 1:
        return (bodies[0],)
    headers = (udh(reference, len(bodies), number, wide=planned.wide) for number in range(1, len(bodies) + 1))
    return tuple(header + body for header, body in zip(headers, bodies, strict=True))


def read(message: bytes, coding: alphabet.Coding, *, header: bool) -> Piece:
    """A received short message as a piece; ``header`` is the header bit of its ``esm_class``.

    Of several concatenation elements the last counts; one with part 0 or a part over the total is ignored, and a header
    longer than the message is read as text: as TS 23.040 has it, nothing is lost and nothing refused.
    """
    if not header or not message or message[0] >= len(message):
        return Piece(message, coding)
    end, at = 1 + message[0], 1
    piece = Piece(message[end:], coding)
    while at + 2 <= end:
        element, body = message[at], message[at + 2 : min(at + 2 + message[at + 1], end)]
        at += 2 + message[at + 1]
        if (element, len(body)) not in {(_NARROW, 3), (_WIDE, 4)}:
            continue
        *high, total, number = body
        if 1 <= number <= total:
            reference = int.from_bytes(bytes(high), "big")
            piece = Piece(piece.octets, coding, reference, total, number, element == _WIDE)
    return piece


def join(pieces: Iterable[Piece]) -> str | None:
    """The text of the pieces of one message, in any order and however often each came; None while one is missing.

    Octets are joined before they are read, so that a pair or an escape that the sender cut is whole again. Refuses
    ``sms_parts_conflict`` pieces of different references or totals, and one number with two bodies: never mixed.
    """
    held: dict[int, Piece] = {}
    for piece in pieces:
        known = held.setdefault(piece.number, piece)
        one = next(iter(held.values()))
        if known != piece or _message(one) != _message(piece):
            raise BadInput(
                "sms_parts_conflict",
                f"Part {piece.number} of {piece.total} does not belong to the other parts.",
                "Keep the parts apart, and have somebody read them.",
                vi=f"Phần {piece.number}/{piece.total} không khớp với các phần kia. Hãy để riêng và nhờ người đọc.",
            )
    if not held or len(held) < next(iter(held.values())).total:
        return None
    ordered = [held[number] for number in sorted(held)]
    runs = groupby(ordered, key=lambda piece: piece.coding)
    return "".join(alphabet.text_of(b"".join(p.octets for p in run), coding) for coding, run in runs)


def _message(piece: Piece) -> tuple[int, int, bool]:
    return piece.reference, piece.total, piece.wide


def _cut(text: str, start: int, end: int) -> int:
    """The last place up to ``end`` where a part may stop; ``end`` itself if there is none after ``start``."""
    at = end
    while start < at < len(text) and _belongs(text[at], text[at - 1]):
        at -= 1
    return at if at > start else end


def _belongs(letter: str, before: str) -> bool:
    """Whether a character is one with that before it: a mark, a skin colour, or what a joiner joins."""
    if _JOINER in (letter, before) or letter in _SKINS:
        return True
    return unicodedata.category(letter).startswith("M")
