"""What may happen to a message that comes in: received, handled, forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from tantam.office.channels import phonebook
from tantam.office.channels.models import Incoming
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.people.models import Staff

_SPACE = UUID("0b5d3f7e-6f0e-5c53-9f0a-3f6f1d1f8a11")

MOST_TEXT = 4_000
"""Letters that are kept of one message: more than 25 parts hold."""


def receive(*, at: datetime, gateway: str, ref: str, number: str, text: str) -> Incoming:
    """Write a message down, in one commit; only then may it be acknowledged. The same ``ref`` of a gateway twice is one
    message. The number is not kept: only its key, or none where it is no mobile number."""
    enter(None, "message.receive")
    row: dict[str, Any] = {
        "key": phonebook.key_of(number),
        "text": text.replace("\0", "")[:MOST_TEXT],
        "gateway": gateway,
        "received_at": at,
    }
    with transaction.atomic():
        message, new = Incoming.objects.get_or_create(id=uuid5(_SPACE, f"{gateway} {ref}"), defaults=row)
        if new:
            write(actor=None, act="message.received", at=at, on=("incoming", message.pk))
    return message


def handled(message: Incoming, *, at: datetime, became: str) -> None:
    """Note what a message became, inside the act that made it so; its words are let go."""
    Incoming.objects.filter(pk=message.pk).update(handled_at=at, became=became, text="")


def held_on(key: int) -> list[dict[str, Any]]:
    """What one subscriber sent us."""
    return [
        {"what": "incoming", "text": row.text, "kind": row.became, "received": row.received_at}
        for row in Incoming.objects.filter(key=key).order_by("received_at", "id")
    ]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """The words and the tie to him go; that something came in stays counted."""
    with transaction.atomic():
        changed = Incoming.objects.filter(key=key).update(key=None, text="", handled_at=at)
        if changed:
            write(actor=actor, act="incoming.forgotten", at=at, on=("incoming", "many"), count=changed)
    return changed
