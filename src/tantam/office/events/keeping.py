"""What the acts of this room share: an event as it stands now, the day in Vietnam, the journal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tantam.clock import HANOI
from tantam.office.events.models import Event, Line
from tantam.office.journal.actions import write
from tantam.office.people.models import Staff


def day(at: datetime) -> date:
    """The day in Vietnam at a moment."""
    return at.astimezone(HANOI).date()


def locked(event: Event) -> Event:
    """The event as it stands now, held until the act ends (on SQLite the transaction itself holds everything)."""
    rows = Event.objects.select_for_update(of=("self",)).select_related("office", "host")
    return rows.get(pk=event.pk)


def current_lines(event: Event) -> list[Line]:
    """The lines that count, in the order said: every line that no other replaces."""
    lines = list(Line.objects.filter(event=event).order_by("said_at", "id"))
    replaced = {line.replaces_id for line in lines}
    return [line for line in lines if line.pk not in replaced]


def tell(event: Event, act: str, actor: Staff | None, at: datetime, **facts: Any) -> None:
    """One entry of the journal about an event."""
    write(actor=actor, act=act, at=at, on=("event", event.pk), office=event.office_id, **facts)
