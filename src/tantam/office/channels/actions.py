"""What may happen in the channels: to consent (:mod:`tantam.office.channels.consents`) and to messages
(:mod:`tantam.office.channels.sending`). The only writers of the room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tantam.office.channels import consents, sending
from tantam.office.channels.consents import record
from tantam.office.channels.sending import ask, give_up, known, send_due
from tantam.office.people.models import Staff

__all__ = ["ask", "forget", "give_up", "held_on", "known", "record", "send_due"]


def held_on(key: int) -> list[dict[str, Any]]:
    """What one subscriber said yes and no to, and what we sent him."""
    return [*consents.held_on(key), *sending.held_on(key)]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """The ties to him and all words go; that somebody said yes or no, and what the gate said, stays counted."""
    with transaction.atomic():
        return consents.forget(key, actor=actor, at=at) + sending.forget(key, actor=actor, at=at)
