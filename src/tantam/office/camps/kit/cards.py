"""What a card's QR says: the citizen's card (CCCD, căn cước) and the health insurance card (BHYT). Text from a camera
is anybody's text: lengths and letters are checked, and of the card's number only its salted hash and its last four
digits leave this module.

Citizen: ``number|old number|name|ddmmyyyy|sex|address|issued`` and since 2024 more parts. Insurance: ``code|name in
hexadecimal UTF-8|dd/mm/yyyy or yyyy|1 or 2|address in hexadecimal|…``; the code's first letters are its group.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from tantam.errors import BadInput
from tantam.office.camps import locks, queue

LONGEST = 2_000
_CITIZEN = re.compile(r"[0-9]{12}|[0-9]{9}")
_INSURANCE = re.compile(r"([A-Z]{2})[0-9]{13}|[0-9]{10}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){2,240}")
MERIT_GROUPS = frozenset({"CC", "CK", "KC"})  # people of merit, by the letters of an insurance card


@dataclass(frozen=True)
class Card:
    """Who a card is of. ``card``: salted SHA-256 of its number, ``card_end`` its last four digits; ``group``: letters
    of an insurance card; ``priority``: what age and group hint at, for the registrar to look at."""

    name: str
    born_on: date | None
    born_year: int | None
    sex: str
    card: str
    card_end: str
    group: str
    priority: tuple[str, ...]
    address: str


def read(text: str, key: bytes, *, on: date) -> Card:
    """A card from the text of its QR, on the camp's day; BadInput ``bad_card``."""
    if len(text) > LONGEST:
        raise _unread()
    parts = [_clean(part) for part in text.strip().split("|")]
    if len(parts) >= 6 and _CITIZEN.fullmatch(parts[0]):
        name, born, sex, address = parts[2], parts[3], parts[4], parts[5]
        return _card(parts[0], key, on, name=name, born=born, sex=sex, address=address)
    found = _INSURANCE.fullmatch(parts[0])
    if len(parts) >= 4 and found:
        name, address = _from_hex(parts[1]), _from_hex(parts[4]) if len(parts) > 4 else ""
        return _card(
            parts[0], key, on, name=name, born=parts[2], sex=parts[3], address=address, group=found[1] or ""
        )
    raise _unread()


def _card(
    number: str, key: bytes, on: date, *, name: str, born: str, sex: str, address: str, group: str = ""
) -> Card:
    if not 2 <= len(name) <= 120 or not any(letter.isalpha() for letter in name):
        raise _unread()
    born_on, year = _born(born, on)
    return Card(
        name=_as_written(name),
        born_on=born_on,
        born_year=year,
        sex={"nam": "male", "1": "male", "nữ": "female", "2": "female"}.get(sex.lower(), "unknown"),
        card=locks.salted(key, number),
        card_end=number[-4:],
        group=group,
        priority=_priority(year, born_on, group, on),
        address=address[:300],
    )


def _born(text: str, on: date) -> tuple[date | None, int | None]:
    digits = re.sub(r"\D", "", text)
    try:
        day = date(int(digits[4:8]), int(digits[2:4]), int(digits[:2])) if len(digits) == 8 else None
        year = day.year if day else int(digits) if len(digits) == 4 else None
    except ValueError:
        return None, None
    if year is None or not 1890 <= year <= on.year or (day and day > on):
        return None, None
    return day, year


def _priority(year: int | None, born_on: date | None, group: str, on: date) -> tuple[str, ...]:
    hints = []
    if year is not None:
        before = bool(born_on and (on.month, on.day) < (born_on.month, born_on.day))
        age = on.year - year - before
        child, elder = queue.ages(on)
        if age < child:
            hints.append("child")
        if age >= elder:
            hints.append("elder")
    if group in MERIT_GROUPS:
        hints.append("merit")
    return tuple(hints)


def _clean(part: str) -> str:
    """Composed, without control letters (a QR may hold any), spaces once."""
    letters = unicodedata.normalize("NFC", part)
    return " ".join("".join(one for one in letters if unicodedata.category(one)[0] != "C").split())


def _from_hex(part: str) -> str:
    if not _HEX.fullmatch(part):
        return part
    try:
        return _clean(bytes.fromhex(part).decode())
    except UnicodeDecodeError:
        return ""


def _as_written(name: str) -> str:
    """``LÝ A SÁNG`` as people write it; a name in both cases stays."""
    return " ".join(word.capitalize() for word in name.split()) if name.isupper() else name


def _unread() -> BadInput:
    return BadInput(
        "bad_card",
        "This is no card that we can read.",
        "Type the name and the year of birth; no card is needed.",
        vi="Không đọc được thẻ này. Gõ tên và năm sinh; không cần giấy tờ.",
    )
