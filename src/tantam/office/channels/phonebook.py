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
from tantam.errors import BadInput, Refused
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.journal.models import Entry
from tantam.office.people.models import Office, Staff

_MOBILE = re.compile(r"(?:\+84|0084|84|0|\+840|00840|840)?([35789]\d{8})")
_FILLERS = re.compile(r"[\s.()\u00a0-]+")

REASONS = {
    "call": ("Đang trả lời người này", "Answering this person now"),
    "call_back": ("Người này xin gọi lại", "This person asked to be called back"),
    "promise": ("Giữ một lời đã hứa", "Keeping a promise"),
    "complaint": ("Giải quyết khiếu nại", "Settling a complaint"),
    "request": ("Người này yêu cầu về dữ liệu của mình", "A request about the person's own data"),
    "emergency": ("Việc khẩn cấp", "An emergency"),
}
"""Why somebody looks at one person's contacts or number: the codes that go to the journal."""

MOST_SHOWN = 60
"""Numbers that one member of staff may see one by one on a day: more than a day of calls, less than a street."""


def numbers(
    wanted: Iterable[int], *, actor: Staff | None, at: datetime, purpose: str, office: Office | None = None
) -> dict[int, str]:
    """The numbers of some subscribers, ``0912 345 678`` by key; those we have no number of are left out.

    For the call list of the day only. ``purpose`` is a code. Each look is one entry of the journal: how many were
    asked for, and the digest of their keys.
    """
    enter(actor, "phonebook.call_list", office)
    asked = sorted(set(wanted))
    with transaction.atomic():
        write(
            actor=actor,
            act="phonebook.call_list",
            at=at,
            on=("phonebook", purpose),
            office=office,
            count=len(asked),
            digest=_digest(asked),
        )
    return {key: _spaced(number) for key, number in _read(asked)}


def show_number(
    key: int, *, actor: Staff | None, at: datetime, because: str, office: Office | None = None
) -> str:
    """The number of one person, ``0912 345 678``, with a reason. A key hangs on no office, so anybody with the duty
    may ask; each look is an entry of the journal with its reason and the digest of the key, also where we have no
    number.

    Refuses ``no_reason``, ``too_many_numbers`` (:data:`MOST_SHOWN` on one day of Vietnam), ``no_number``.
    """
    enter(actor, "phonebook.show", office)
    check_reason(because)
    with transaction.atomic():
        if actor is not None:
            Staff.everybody.select_for_update().get(
                pk=actor.pk
            )  # two looks at once are counted one after the other
            _check_shown_today(actor, at)
        write(
            actor=actor,
            act="phonebook.shown",
            at=at,
            on=("phonebook", "one"),
            office=office or (actor and actor.office_id),
            because=because,
            digest=_digest([key]),
        )
    found = _read([key])
    if not found:
        raise Refused(
            "no_number",
            "We have no number of this person.",
            "Ask the person how to be reached.",
            vi="Ta không có số điện thoại của người này. Hỏi chính người ấy cách liên lạc.",
        )
    return _spaced(found[0][1])


def shown_to(key: int) -> list[Entry]:
    """Who saw this person's number by itself, the last first: entries of the journal, found by digest."""
    return list(Entry.objects.filter(act="phonebook.shown", digest=_digest([key])).order_by("-id")[:20])


def check_reason(because: str) -> None:
    """Refuses ``no_reason`` where it is none of :data:`REASONS`."""
    if because not in REASONS:
        raise BadInput(
            "no_reason",
            "Nobody looks at how to reach a person without a reason.",
            f"One of: {', '.join(REASONS)}.",
            vi="Phải nói vì sao cần xem. Chọn một lý do.",
        )


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


def meant(text: str) -> int:
    """The key that :func:`whose` gives; refuses ``nobody_known`` where it gives none."""
    key = whose(text)
    if key is None:
        raise BadInput(
            "nobody_known",
            "No subscriber of this base is meant by that.",
            "Give a key (TB-…) or the whole phone number.",
            vi="Không có thuê bao nào như vậy. Ghi mã TB-… hoặc đủ số điện thoại.",
        )
    return key


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


def _check_shown_today(actor: Staff, at: datetime) -> None:
    midnight = at.astimezone(clock.HANOI).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Entry.objects.filter(actor=actor.pk, act="phonebook.shown", at__gte=midnight)
    if mine.count() >= MOST_SHOWN:
        raise Refused(
            "too_many_numbers",
            f"You have seen {MOST_SHOWN} numbers today.",
            "Go on tomorrow, or ask a colleague.",
            vi=f"Hôm nay bạn đã xem {MOST_SHOWN} số. Mai làm tiếp, hoặc nhờ đồng nghiệp.",
        )


def _digest(keys_: list[int]) -> str:
    return hashlib.sha256(" ".join(map(str, keys_)).encode()).hexdigest()


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
