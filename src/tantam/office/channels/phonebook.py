"""The phone book: the only place in the office where a key meets a number. Nothing here is kept or logged.

A test holds that no other module of the office opens ``home/secret``'s table of numbers or the secret that keys are
made with.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime

import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction

from tantam import clock, keys
from tantam.base import forget as base
from tantam.base.home import Home
from tantam.errors import BadInput
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.people.models import Office, Staff

_MOBILE = re.compile(r"(?:\+84|0084|84|0|\+840|00840|840)?([35789]\d{8})")
_FILLERS = re.compile(r"[\s.()\u00a0-]+")


def numbers(
    wanted: Iterable[int], *, actor: Staff | None, at: datetime, purpose: str, office: Office | None = None
) -> dict[int, str]:
    """The numbers of some subscribers, ``0912 345 678`` by key; those we have no number of are left out.

    For the call list of the day only. ``purpose`` is a code. Each look is one entry of the journal: how many were
    asked for, and the digest of their keys.
    """
    enter(actor, "phonebook.call_list", office)
    asked = sorted(set(wanted))
    digest = hashlib.sha256(" ".join(map(str, asked)).encode()).hexdigest()
    with transaction.atomic():
        write(
            actor=actor,
            act="phonebook.call_list",
            at=at,
            on=("phonebook", purpose),
            office=office,
            count=len(asked),
            digest=digest,
        )
    return {key: _spaced(number) for key, number in _read(asked)}


def dialled(wanted: Iterable[int]) -> dict[int, str]:
    """The numbers of some subscribers, ``+84912345678`` by key, for what hands messages over and for nothing else: a
    test holds that. What was sent to how many is the journal's entry of that act."""
    return dict(_read(sorted(set(wanted))))


def key_of(text: str) -> int | None:
    """The key of whoever calls from a number, in any spelling; None where it is no mobile number, or keys were never
    made here. The number is not kept, and the answer does not tell whether he is a subscriber of ours."""
    return keys_of([text])[0]


def keys_of(texts: Iterable[str]) -> list[int | None]:
    """The key of each of these numbers, as :func:`key_of` gives it."""
    found = [_MOBILE.fullmatch(_FILLERS.sub("", text)) for text in texts]
    path = _home().key_secret
    secret = path.read_bytes() if path.exists() else None
    return [
        keys.of_phone(secret, f"+84{match[1]}") if match is not None and secret is not None else None
        for match in found
    ]


def digest_key() -> bytes:
    """What digests of numbers and words are keyed with, so that nobody can try them out: made from the secret of keys,
    but not that."""
    path = _home().key_secret
    secret = path.read_bytes() if path.exists() else b""
    return hashlib.sha256(b"tantam digests" + secret).digest()


LONGEST_NUMBER = 12
"""Digits of the longest number written here: 84 and at most ten more."""


def whose(text: str) -> int | None:
    """The key that somebody at a desk typed (TB-… or its decimals, longer than any number), or of the number he
    typed; None where it is neither."""
    text = text.strip()
    if not text.upper().startswith("TB") and not (text.isdecimal() and len(text) > LONGEST_NUMBER):
        return key_of(text)
    try:
        return keys.parse(text)
    except BadInput:
        return None


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """Forget a subscriber in the base: his number at once, everything else of the base from every read.

    Gives how many rows were removed at once. The second time changes nothing. Without a base there is nothing to
    forget. Refuses ``home_busy`` while a load runs.
    """
    enter(actor, "phonebook.forget")
    home = _home()
    if not any(home.base.glob("*.parquet")):
        return 0
    traces = base.forget(home, [key], today=clock.to_days(at.astimezone(clock.HANOI).date()))
    removed = sum(trace.before - trace.after for trace in traces)
    if removed:
        with transaction.atomic():
            write(actor=actor, act="phonebook.forgotten", at=at, on=("phonebook", "base"), count=removed)
    return removed


def _read(asked: list[int]) -> list[tuple[int, str]]:
    table = _home().phones
    if not asked or not table.exists():
        return []
    # The table is sorted by key, so that only the row groups that hold one of them are read.
    rows = pq.read_table(table, columns=["key", "phone"], filters=[("key", "in", asked)])
    return [(row["key"], row["phone"]) for row in rows.to_pylist()]


def _spaced(e164: str) -> str:
    national = "0" + e164.removeprefix("+84")
    return f"{national[:4]} {national[4:7]} {national[7:]}"


def _home() -> Home:
    return Home(settings.HOME)
