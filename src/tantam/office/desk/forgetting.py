"""Forgetting a person everywhere: every room of the office in order, then the base through the phone book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from tantam.office.cases import actions as cases
from tantam.office.channels import actions as channels
from tantam.office.channels import phonebook
from tantam.office.desk import rules, voice
from tantam.office.desk.actions import lock, tell
from tantam.office.desk.models import DataRequest
from tantam.office.door import enter
from tantam.office.events import actions as events
from tantam.office.opinions import actions as opinions
from tantam.office.parties import actions as parties
from tantam.office.people import actions as people
from tantam.office.people.models import Staff
from tantam.office.programmes import actions as programmes
from tantam.office.promises import actions as promises
from tantam.office.quality import actions as quality

ROOMS: dict[str, Callable[..., int]] = {
    "desk": voice.forget,
    "quality": quality.forget,
    "events": events.forget,
    "opinions": opinions.forget,
    "cases": cases.forget,
    "channels": channels.forget,
    "programmes": programmes.forget,
    "promises": promises.forget,
    "parties": parties.forget,
    "people": people.forget,
}
"""Every room that holds anything on a person, the highest first; a test holds that none is missing."""


def forget_everywhere(request: DataRequest, *, actor: Staff | None, at: datetime) -> dict[str, int]:
    """Forget the person of a deletion request; gives room → rows cleaned, the base's last.

    The rooms are cleaned in one transaction, then the base; if that one fails (``home_busy``) do it again: what is
    done is done, and the second time changes nothing. Refuses ``not_a_deletion``.
    """
    enter(actor, "request.forget", request.office)
    rules.check_deletion(request.kind)
    key = request.key
    with transaction.atomic():
        cleaned = {room: forget(key, actor=actor, at=at) for room, forget in ROOMS.items()}
    # Outside the transaction: a large table of numbers takes a while to rewrite, and nobody should wait for it.
    cleaned["base"] = phonebook.forget(key, actor=actor, at=at)
    with transaction.atomic():
        fresh = lock(request)
        if fresh.forgotten_at is None or any(cleaned.values()):
            before = fresh.forgotten_rows
            fresh.forgotten_rows = {room: rows + before.get(room, 0) for room, rows in cleaned.items()}
            fresh.forgotten_at = fresh.forgotten_at or at
            fresh.save(update_fields=["forgotten_rows", "forgotten_at"])
            tell(fresh, "request.forgotten", actor, at, **cleaned)
    return cleaned


def held_on(key: int) -> dict[str, list[dict[str, Any]]]:
    """Everything the office holds on a person, room by room, and his requests; the look is written down first
    (:func:`tantam.office.desk.actions.look`)."""
    return {room: rows for room, ask in HELD.items() if (rows := ask(key))}


def _held_here(key: int) -> list[dict[str, Any]]:
    asked = [
        {
            "what": "request",
            "kind": r.kind,
            "received": r.received_on,
            "answered": r.answered_at,
            "outcome": r.outcome,
        }
        for r in DataRequest.objects.filter(key=key).order_by("id")
    ]
    return [*asked, *voice.held_on(key)]


HELD: dict[str, Callable[[int], list[dict[str, Any]]]] = {
    "parties": parties.held_on,
    "people": people.held_on,
    "promises": promises.held_on,
    "programmes": programmes.held_on,
    "channels": channels.held_on,
    "opinions": opinions.held_on,
    "cases": cases.held_on,
    "events": events.held_on,
    "quality": quality.held_on,
    "desk": _held_here,
}
"""What each room holds on a person."""
