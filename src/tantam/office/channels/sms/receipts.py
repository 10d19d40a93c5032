"""Delivery receipts as text (SMPP 3.4, appendix B), read as centres really write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from tantam import clock

STATES = ("DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD")
"""ACCEPTD and UNKNOWN are no end: the message may still arrive."""

_STATE = {
    word[:5]: word for word in STATES
}  # five letters also tell DELIVERED, UNDELIVERABLE, ACCEPTED, REJECTED
_FIELD = re.compile(
    r"\b(id|sub?|dlvrd?|submit[ _]?date|done[ _]?date|stat|err)\s*:\s*", re.IGNORECASE | re.ASCII
)
_TEXT = re.compile(r"\bte?xt\s*:", re.IGNORECASE | re.ASCII)
_DATE = re.compile(r"[\d/:.\-]+(?: \d[\d:]+)?", re.ASCII)
_FORMS = {10: ("%y%m%d%H%M",), 12: ("%y%m%d%H%M%S", "%Y%m%d%H%M"), 14: ("%Y%m%d%H%M%S",)}
_LONGEST_ID = 64


@dataclass(frozen=True)
class Receipt:
    """What became of a message: the centre's ``id`` as written ("" if it gave none), one of ``STATES``, the centre's
    error code as written ("" if none; some are hexadecimal), and when it ended (None if unknown)."""

    id: str
    state: str
    error: str
    done_at: datetime | None


def parse(text: str, zone: tzinfo = clock.HANOI) -> Receipt:
    """Read a receipt; never fails. Fields may be missing, misspelled (``su``, ``dlvr``), in any order and case.

    ``zone`` is the centre's, since its dates name none. A state that is no state of a receipt (ENROUTE, BADSTAT) is
    UNKNOWN. What stands behind ``text:`` is the message's own words, read only where no id or state was given before.
    """
    head, *tail = _TEXT.split(text, maxsplit=1)
    found = _fields(head)
    if tail and not {"id", "stat"} <= found.keys():
        found = _fields(tail[0]) | found
    state = _STATE.get(_word(found, "stat").upper()[:5], "UNKNOWN")
    return Receipt(_word(found, "id"), state, _word(found, "err"), _moment(found.get("donedate", ""), zone))


def candidates(id_: str) -> tuple[str, ...]:
    """The ways one id may be written, the likeliest first, in small letters without leading zeros: as it is, its
    decimals as hexadecimal, its hexadecimals as decimal. "" gives none.

    Some centres answer ``38601fa`` and send the receipt for ``0059113978``. Keep ``candidates(answered)[0]``, and take
    a match with a later candidate only for a message to the same number: digits alone may be read both ways.
    """
    plain = id_.strip().lower()
    if not plain:
        return ()
    plain = plain.lstrip("0") or "0"
    ways = [plain]
    if len(plain) <= _LONGEST_ID and plain.isascii():
        if plain.isdecimal():
            ways.append(f"{int(plain):x}")
        if re.fullmatch("[0-9a-f]+", plain):
            ways.append(str(int(plain, 16)))
    return tuple(dict.fromkeys(ways))


def _fields(text: str) -> dict[str, str]:
    """By small name without spaces, what stands up to the next field; the first of two counts."""
    marks = list(_FIELD.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    found: dict[str, str] = {}
    for mark, end in zip(marks, ends, strict=False):
        found.setdefault(re.sub("[ _]", "", mark[1].lower()), text[mark.end() : end])
    return found


def _word(found: dict[str, str], name: str) -> str:
    return next(iter(found.get(name, "").split()), "")


def _moment(written: str, zone: tzinfo) -> datetime | None:
    """A date in any of its lengths; zeros, nonsense and the year 1970 (a centre's "never") are None."""
    date = _DATE.match(written)
    digits = re.sub("[^0-9]", "", date[0]) if date else ""
    for form in _FORMS.get(len(digits), ()):
        try:
            moment = datetime.strptime(digits, form)
        except ValueError:
            continue
        return moment.replace(tzinfo=zone) if moment.year >= 2000 else None
    return None
