"""Where an SMS centre is and how it wants to be spoken to, from one address:
``smpp://system_id@host:port?sender=TANTAM&window=50&alphabet=gsm&rate=100``, or ``smpps://`` for TLS."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, cast, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

from tantam.errors import BadInput

Alphabet = Literal["gsm", "ascii", "latin1"]
"""What a centre means by ``data_coding`` 0, "its default alphabet"."""

PORTS = {"smpp": 2775, "smpps": 3550}
MOST_SYSTEM_ID, MOST_PASSWORD, MOST_SYSTEM_TYPE = 15, 8, 12
"""Characters that SMPP 3.4 has room for (4.1.1)."""

_BRAND = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ._&-]{1,11}")
_NUMBER = re.compile(r"\+?[0-9]{3,15}")
_MOST_SHORT_CODE = 8


@dataclass(frozen=True)
class Place:
    """One centre. ``sender`` is a brand name, a number, a short code, or "" (the centre sets it); ``rate`` is messages
    a second at most, 0 for no limit; ``system_type`` is "" for all but a few centres."""

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    sender: str = ""
    tls: bool = False
    window: int = 50
    alphabet: Alphabet = "gsm"
    rate: int = 0
    system_type: str = ""


def address(written: str) -> tuple[int, int, str]:
    """Type of number, numbering plan and digits of an address (SMPP 3.4, 5.2.5 and 5.2.6): a number as +84… or 0…, a
    short code, a brand name, or "" where the centre sets it."""
    if not written:
        return 0, 0, ""
    if not _NUMBER.fullmatch(written):
        return 5, 0, written
    digits = written.removeprefix("+")
    if len(digits) <= _MOST_SHORT_CODE:
        return 3, 0, digits
    return (2 if digits.startswith("0") else 1), 1, digits


def place(url: str, password: str) -> Place:
    """The place that an address names; BadInput ``bad_setting`` says what is wrong with it, without any password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _wrong("it is no address") from None
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    system_id = unquote(parts.username or "")
    if parts.scheme not in PORTS:
        raise _wrong("it begins with neither smpp:// nor smpps://")
    if parts.password is not None:
        raise _wrong("it holds a password, which belongs in TANTAM_SMS_PASSWORD")
    if not parts.hostname or not _fits(system_id, MOST_SYSTEM_ID) or parts.path not in {"", "/"}:
        raise _wrong(
            f"it names no host, or no system id of 1 to {MOST_SYSTEM_ID} plain characters before the @"
        )
    if not _fits(password, MOST_PASSWORD):
        raise BadInput(
            "bad_setting",
            f"TANTAM_SMS_PASSWORD has not 1 to {MOST_PASSWORD} plain characters, all that SMPP 3.4 has room for.",
            "Ask the operator of the SMS centre for one.",
            vi=f"TANTAM_SMS_PASSWORD phải có 1 đến {MOST_PASSWORD} ký tự không dấu. Hãy hỏi bên cấp.",
        )
    if strange := asked.keys() - {"sender", "window", "alphabet", "rate", "system_type"}:
        raise _wrong(f"it has “{min(strange)}”, which is no setting of an SMS centre")
    sender, alphabet = asked.get("sender", ""), asked.get("alphabet", "gsm")
    if sender and not (_BRAND.fullmatch(sender) or _NUMBER.fullmatch(sender)):
        raise _wrong("its sender is neither a name of at most 11 plain characters nor a number")
    system_type = asked.get("system_type", "")
    if system_type and not _fits(system_type, MOST_SYSTEM_TYPE):
        raise _wrong(f"its system_type is longer than {MOST_SYSTEM_TYPE} plain characters")
    if alphabet not in get_args(Alphabet):
        raise _wrong(f"its alphabet is none of {', '.join(get_args(Alphabet))}")
    return Place(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        system_id=system_id,
        password=password,
        sender=sender,
        tls=parts.scheme == "smpps",
        window=_whole(asked, "window", 50, 1, 1000),
        alphabet=cast(Alphabet, alphabet),
        rate=_whole(asked, "rate", 0, 0, 10_000),
        system_type=system_type,
    )


def _fits(text: str, most: int) -> bool:
    return 1 <= len(text) <= most and text.isascii() and text.isprintable()


def _whole(asked: dict[str, str], name: str, default: int, low: int, high: int) -> int:
    text = asked.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 9 and low <= int(text) <= high):
        raise _wrong(f"its {name} is no whole number from {low} to {high}")
    return int(text)


def _wrong(what: str) -> BadInput:
    return BadInput(
        "bad_setting",
        f"TANTAM_SMS cannot be used: {what}.",
        "Write smpp://system_id@host:port?sender=NAME, with smpps:// for TLS.",
        vi="TANTAM_SMS chưa đúng. Hãy ghi smpp://system_id@máy:cổng?sender=TÊN, với TLS thì smpps://.",
    )
