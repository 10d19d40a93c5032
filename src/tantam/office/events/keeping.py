"""What the acts of this room share: an event as it stands now, the day in Vietnam, the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tantam.clock import day_of
from tantam.office import words
from tantam.office.events import large, rules
from tantam.office.events.models import Event, Line
from tantam.office.journal.actions import write
from tantam.office.opinions.models import Opinion
from tantam.office.people.models import Office, Staff
from tantam.office.promises import actions as promises
from tantam.office.promises.models import Promise


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


def begin(event: Event, at: datetime) -> None:
    """The first of those who came is there: the gathering is being held."""
    if event.held_at is None:
        event.held_at, event.state = at, "held"
        event.save(update_fields=["held_at", "state"])


def headquarters(office: Office) -> Office:
    """The root of an office's tree, where opinions are answered."""
    return Office.objects.get(path=office.path.split("/", 1)[0] + "/")


def said_at(event: Event) -> QuerySet[Opinion]:
    """The opinions said at a gathering as they stand, those that were forgotten counted too."""
    return Opinion.objects.filter(source_kind="event", source_id=str(event.pk), current=True)


def owe_forward(event: Event, opinions: int, people: int, actor: Staff | None, at: datetime) -> None:
    """The host promises to forward every opinion of a gathering to headquarters within three days."""
    hq = headquarters(event.office)
    what = f"{large.KINDS[event.kind][0].lower()} {words.day(event.on)}"
    promises.make(
        actor=actor,
        at=at,
        kind="forward",
        what=f"Chuyển nguyên vẹn {opinions} ý kiến của {what} về {hq.name}",
        owner=event.host,
        office=event.office,
        first_due=day_of(at) + rules.FORWARD_WITHIN,
        to=("office", hq.pk),
        about=("event", event.pk),
        people=people,
    )


def keep(event: Event, kind: str, proof: str, actor: Staff | None, at: datetime) -> None:
    """Keep the promise of a kind that this event made, if it is still open."""
    owed = Promise.objects.filter(about_kind="event", about_id=str(event.pk), kind=kind, state="open")
    for promise in owed.select_related("office"):
        promises.keep(promise, actor=actor, at=at, proof_kind="event", proof=proof)


def keep_rhythm(event: Event, came: int, actor: Staff | None, at: datetime) -> None:
    """Keep the promise of the programme's rhythm that this gathering was for: the first one due on its day or later.

    One that was due before stays late, and a second gathering in the same month keeps nothing ahead of time.
    """
    if event.programme_id is None or not came:
        return
    asked = Promise.objects.filter(about_kind="programme", about_id=str(event.programme_id), kind="gathering")
    asked = asked.filter(office=event.office_id, first_due__gte=event.on).select_related("office")
    promise = asked.order_by("first_due", "id").first()
    if promise is not None and promise.state == "open":
        proof = f"Buổi {event.on:%d/%m/%Y}, {came} khách đến"
        promises.keep(promise, actor=actor, at=at, proof_kind="event", proof=proof)
