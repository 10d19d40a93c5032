"""What may happen to consent: a yes or a no to being contacted is written down, looked up, forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tantam.errors import BadInput, Refused
from tantam.office.channels.models import Consent
from tantam.office.channels.rules import EVERYTHING, PURPOSES, Consented, Known
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.paging import parts
from tantam.office.people.models import Staff

LIST = "list"
HOW = {
    "sms": ("tin nhắn", "by text message"),
    "form": ("phiếu hay trang mạng", "by a form"),
    "call": ("cuộc gọi", "by a call"),
    "app": ("ứng dụng", "in the app"),
    "counter": ("ở quầy", "at a counter"),
    LIST: ("Danh sách không quảng cáo", "on the do-not-call list"),
}
"""How somebody said it: the four ways of the law (Decree 91/2020, article 11.2), a counter, and the national list."""


def record(
    *,
    actor: Staff | None,
    at: datetime,
    id: UUID,
    key: int,
    purpose: str,
    granted: bool,
    how: str,
    said_at: datetime,
    product: str = "",
    proof: str = "",
) -> Consent:
    """Write down a yes or a no of a person. ``id`` comes from the sender: the same one twice is the same word.

    ``purpose`` may be ``everything`` for a no; ``product`` narrows it to one. With ``how`` "list" a no says that the
    number stands on the national list, and a yes that it no longer does. A no counts from the moment it was said, also
    where it is written down later. Refuses ``bad_purpose``, ``bad_how``, ``no_proof`` (a yes needs one),
    ``said_in_the_future``, ``yes_to_everything``.
    """
    enter(actor, "consent.record")
    _check(purpose, granted, how, proof.strip())
    check_said(said_at, at)
    row = {
        "key": key,
        "purpose": purpose,
        "product": product.strip()[:40],
        "granted": granted,
        "said_at": said_at,
        "how": how,
        "proof": proof.strip()[:120],
        "written_at": at,
    }
    with transaction.atomic():
        consent, new = Consent.objects.get_or_create(id=id, defaults=row)
        if new:
            act = "consent.given" if granted else "consent.refused"
            write(actor=actor, act=act, at=at, on=("consent", id), purpose=purpose, how=how)
    return consent


def known(keys: Iterable[int]) -> dict[int, Known]:
    """What the gate is told of each of these people: every yes and no, and whether the number is on the list."""
    found: dict[int, Known] = {}
    for part in parts(sorted(set(keys))):
        found |= dict.fromkeys(part, Known())
        for row in Consent.objects.filter(key__in=part).order_by("said_at", "written_at", "id"):
            assert row.key is not None
            before = found[row.key]
            if row.how == LIST:
                found[row.key] = replace(before, listed=not row.granted)
            else:
                one = Consented(row.purpose, row.product, row.granted, row.said_at, row.how, row.proof)
                found[row.key] = replace(before, consents=(*before.consents, one))
    return found


def held_on(key: int) -> list[dict[str, Any]]:
    """What one subscriber said yes and no to: he may look it up (Decree 91/2020, article 11.3)."""
    return [
        {
            "what": "consent",
            "kind": row.purpose,
            "answer": "yes" if row.granted else "no",
            "product": row.product,
            "said": row.said_at,
            "channel": row.how,
            "proof": row.proof,
        }
        for row in Consent.objects.filter(key=key).order_by("said_at", "written_at", "id")
    ]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """The ties to him go; that somebody said yes or no on that day stays, as the law asks for a year."""
    with transaction.atomic():
        changed = Consent.objects.filter(key=key).update(key=None, proof="")
        if changed:
            write(actor=actor, act="consent.forgotten", at=at, on=("consent", "many"), count=changed)
    return changed


def check_said(said_at: datetime, at: datetime) -> None:
    """Refuses ``said_in_the_future``."""
    if said_at > at:
        raise BadInput(
            "said_in_the_future",
            "It cannot have been said after now.",
            "Give the moment it was said.",
            vi="Lúc khách nói không thể ở sau bây giờ. Ghi lại cho đúng.",
        )


def _check(purpose: str, granted: bool, how: str, proof: str) -> None:
    if purpose not in (*PURPOSES, EVERYTHING):
        raise BadInput(
            "bad_purpose",
            f"“{purpose}” is nothing that people are contacted for.",
            f"One of: {', '.join(PURPOSES)}.",
            vi=f"Không có mục đích liên lạc “{purpose}”. Chọn một trong: {', '.join(PURPOSES)}.",
        )
    if how not in HOW:
        raise BadInput(
            "bad_how",
            f"“{how}” is no way to say yes or no.",
            f"One of: {', '.join(HOW)}.",
            vi=f"Không có cách trả lời “{how}”. Chọn một trong: {', '.join(HOW)}.",
        )
    if granted and purpose == EVERYTHING:
        raise Refused(
            "yes_to_everything",
            "Nobody says yes to everything: consent is to one purpose.",
            "Write one yes for each purpose that was agreed to.",
            vi="Không ai đồng ý với mọi thứ: đồng ý là cho từng mục đích. Ghi riêng từng mục đích khách đã đồng ý.",
        )
    if granted and not proof:
        raise Refused(
            "no_proof",
            "A yes without a proof does not hold.",
            "Say where it can be looked up: the message, the form, the recording.",
            vi="Đồng ý mà không có bằng chứng thì không có giá trị. Ghi nơi tra được: tin nhắn, phiếu, bản ghi âm.",
        )
