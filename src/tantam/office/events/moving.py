"""A gathering gets another day, hour or place: its guests stay, and are told."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction

from tantam.clock import day_of
from tantam.errors import Refused
from tantam.office.door import enter
from tantam.office.events import large, notices, rules
from tantam.office.events.keeping import locked, tell
from tantam.office.events.models import Event
from tantam.office.people.models import Office, Staff


def move(
    event: Event, *, actor: Staff | None, at: datetime, on: date, starts_at: time, ends_at: time, place: str
) -> Event:
    """Give a gathering another day, hour or place before it was held. What waits to go out about it is taken back,
    since it says the old ones; whoever was invited or said yes is told the new ones. The same again changes nothing.

    Refuses ``already_planned`` (another one has that hour), ``begun_already`` (that hour has come), and what a plan is
    refused for; ``already_held``, ``event_sealed``, ``event_cancelled``.
    """
    enter(actor, "event.plan", event.office)
    place = rules.check_place(place)
    with transaction.atomic():
        Office.objects.select_for_update(of=("self",)).get(pk=event.office_id)  # as when one is planned
        fresh = locked(event)
        rules.check_open(fresh.state)
        rules.check_not_held(fresh.state)
        before = (fresh.on, fresh.starts_at, fresh.place)
        if (*before, fresh.ends_at) == (on, starts_at, place, ends_at):
            return fresh
        most = large.MOST_SEATS[fresh.kind]
        rules.check_plan(on, day_of(at), fresh.seats, fresh.reserves, starts_at, ends_at, most)
        rules.check_to_come(rules.start_of(on, starts_at), at)
        _check_free(fresh, on, starts_at)
        fresh.on, fresh.starts_at, fresh.ends_at, fresh.place = on, starts_at, ends_at, place
        told = before != (on, starts_at, place)
        fresh.moves += told
        fresh.save(update_fields=["on", "starts_at", "ends_at", "place", "moves"])
        tell(fresh, "event.moved", actor, at, before=before[0], day=on)
        if told:
            text = notices.words_moved(fresh, before[0], before[1])
            notices.begin(fresh, "moved", text, actor=actor, at=at)
    return fresh


def _check_free(event: Event, on: date, starts_at: time) -> None:
    rows = Event.objects.filter(office=event.office, kind=event.kind, on=on, starts_at=starts_at)
    if rows.exclude(state="cancelled").exclude(pk=event.pk).exists():
        raise Refused(
            "already_planned",
            "Another gathering of this office has that day and hour.",
            "Choose another hour.",
            vi="Văn phòng này đã có một buổi vào ngày giờ ấy. Chọn giờ khác.",
        )
