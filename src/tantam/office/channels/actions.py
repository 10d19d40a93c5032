"""What may happen in the channels: to consent (:mod:`tantam.office.channels.consents`), to what goes out
(:mod:`tantam.office.channels.asking`, :mod:`tantam.office.channels.sending`) and to what comes in
(:mod:`tantam.office.channels.receiving`). The only writers of the room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from tantam.office.channels import addresses, asking, consents, receiving
from tantam.office.channels.asking import ask, ask_many, asked_last, known, products, refusing, take_back
from tantam.office.channels.consents import record
from tantam.office.channels.receipts import note
from tantam.office.channels.receiving import confirm, handled, join_rest, receive, receive_many
from tantam.office.channels.sending import give_up, look_ahead, send_due
from tantam.office.people.models import Staff

__all__ = [
    "ask",
    "ask_many",
    "asked_last",
    "confirm",
    "forget",
    "give_up",
    "handled",
    "held_on",
    "join_rest",
    "known",
    "look_ahead",
    "note",
    "products",
    "receive",
    "receive_many",
    "record",
    "refusing",
    "send_due",
    "take_back",
]


def held_on(key: int) -> list[dict[str, Any]]:
    """What one subscriber said yes and no to, his mail address, what we sent him and what he sent us."""
    return [*consents.held_on(key), *addresses.held_on(key), *asking.held_on(key), *receiving.held_on(key)]


def forget(key: int, *, actor: Staff | None, at: datetime) -> int:
    """The ties to him and all words go; that somebody said yes or no, and what the gate said, stays counted."""
    with transaction.atomic():
        rooms = (consents.forget, addresses.forget, asking.forget, receiving.forget)
        return sum(forget_in(key, actor=actor, at=at) for forget_in in rooms)
