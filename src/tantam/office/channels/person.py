"""All that bears on contacting one person: may we, for each purpose and channel; each yes and no; what went back and
forth. A look is written down with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from typing import Any

from django.db import transaction

from tantam.office.channels import asking, phonebook
from tantam.office.channels.models import Address, Incoming, Message
from tantam.office.channels.rules import CHANNELS, PURPOSES, Ask, Consented, Verdict, decide
from tantam.office.channels.sending import NOWHERE
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.people.models import Staff

LATEST = 20
"""Messages to and from one person that are shown."""


@dataclass(frozen=True)
class Standing:
    """What holds at a moment: purpose → channel → the gate's verdict; each yes and no, the latest first; whether the
    number is on the national list; the mail address."""

    verdicts: dict[str, dict[str, Verdict]]
    consents: list[Consented]
    listed: bool
    address: Address | None


def look(key: int, *, actor: Staff, at: datetime, because: str) -> None:
    """Write down who is about to look at how one person may be contacted, and why. Refuses ``no_reason``."""
    enter(actor, "contact.see")
    phonebook.check_reason(because)
    with transaction.atomic():
        write(
            actor=actor, act="contact.seen", at=at, on=("subscriber", key), office=actor.office_id, because=because
        )  # fmt: skip


def standing(key: int, *, at: datetime) -> Standing:
    """Whether and how somebody may be contacted at a moment. A mail that may go has nowhere to go without an
    address."""
    known = asking.known([key], at=at)[key]
    verdicts = {
        purpose: {channel: decide(Ask(purpose, channel, at), known) for channel in CHANNELS}
        for purpose in PURPOSES
    }
    address = Address.objects.filter(key=key).first()
    if address is None:
        for of_purpose in verdicts.values():
            if of_purpose["mail"].outcome == "send":
                of_purpose["mail"] = NOWHERE
    said = sorted(known.consents, key=lambda one: one.at, reverse=True)
    return Standing(verdicts, said, known.listed, address)


def latest(key: int) -> list[Message | Incoming]:
    """The last messages to and from somebody, the latest first."""
    to: Iterable[Any] = Message.objects.filter(key=key).order_by("-asked_at", "-id")[:LATEST]
    back: Iterable[Any] = Incoming.objects.filter(key=key).order_by("-received_at", "-id")[:LATEST]
    return nlargest(LATEST, [*to, *back], key=moment_of)


def moment_of(one: Message | Incoming) -> datetime:
    """When a message was asked for, or came."""
    return one.asked_at if isinstance(one, Message) else one.received_at
