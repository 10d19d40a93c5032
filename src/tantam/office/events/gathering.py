"""What may happen to a large gathering besides its door: somebody signs up, or says something, which a person may let
onto the board; it is closed. The rest is as at any gathering (:mod:`tantam.office.events.actions`).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from tantam.clock import day_of
from tantam.office.door import enter
from tantam.office.events import checkin, large, rules
from tantam.office.events.keeping import keep_rhythm, locked, owe_forward, said_at, tell
from tantam.office.events.models import Event, Guest, Screened
from tantam.office.opinions import actions as opinions
from tantam.office.opinions.models import Opinion
from tantam.office.opinions.rules import GONE, digest
from tantam.office.parties import actions as parties
from tantam.office.people.models import Staff


def sign_up(
    event: Event,
    *,
    actor: Staff | None,
    at: datetime,
    form: UUID,
    name: str = "",
    title: str = "",
    key: int | None = None,
) -> Guest:
    """Somebody asks to come: he gets a seat and a code for the door. The same ``form``, or the same subscriber, is the
    same guest; one who was drawn and asks has accepted.

    Refuses ``full``, ``nobody`` (neither a name nor a key), ``not_large``, ``event_sealed``, ``event_cancelled``.
    """
    enter(actor, "event.sign_up", event.office)
    with transaction.atomic():
        fresh = locked(event)
        large.check_kind(fresh.kind, large=True)
        rules.check_open(fresh.state)
        rows = Guest.objects.filter(event=fresh).select_related("event__office", "party")
        same = rows.filter(Q(form=form) | Q(key=key) if key is not None else Q(form=form)).first()
        if same is not None and (same.answer == "accepted" or same.came):
            return same
        large.check_room(rows.filter(answer="accepted").count(), fresh.seats)
        party = parties.meet(
            actor=actor, at=at, kind="guest", office=fresh.office, key=key, name=name, title=title
        )
        guest = same or Guest(event=fresh, order=checkin.next_order(fresh), way="asked", form=form, key=key)
        if not guest.code:
            taken = set(rows.exclude(code="").values_list("code", flat=True))
            (guest.code,) = checkin.new_codes(fresh, 1, taken)
        guest.party, guest.answer, guest.called_at = party, "accepted", at
        guest.save()
        if fresh.state == "planned":
            fresh.state = "invited"
            fresh.save(update_fields=["state"])
        tell(fresh, "event.signed_up", actor, at, guest=guest.pk, known=key is not None)
    return guest


def hear(
    event: Event,
    *,
    actor: Staff | None,
    at: datetime,
    id: UUID,
    text: str,
    tone: str | None = None,
    guest: Guest | None = None,
) -> Opinion:
    """Write down what somebody says to a volunteer at a gathering, whom we know or not; the same ``id`` is the same
    opinion.

    Refuses ``too_early``, ``not_large``, ``event_sealed``, ``event_cancelled``, and what any opinion is refused for.
    """
    enter(actor, "event.write", event.office)
    with transaction.atomic():
        fresh = locked(event)
        large.check_kind(fresh.kind, large=True)
        rules.check_open(fresh.state)
        rules.check_begun(fresh.on, day_of(at))
        return opinions.register(
            actor=actor,
            at=at,
            id=id,
            text=text,
            tone=tone,
            channel="helper",
            said_at=at,
            office=fresh.office,
            party=guest.party if guest else None,
            key=guest.key if guest else None,
            source=("event", fresh.pk),
        )


def screen(event: Event, *, actor: Staff | None, at: datetime, opinion: UUID, shown: bool) -> Screened:
    """Let the board show an opinion, or not. The same again changes nothing. Refuses ``not_said_here``."""
    enter(actor, "event.screen", event.office)
    with transaction.atomic():
        fresh = locked(event)
        large.check_opinion_of(said_at(fresh).filter(pk=opinion).exists())
        row = Screened.objects.filter(opinion=opinion).first() or Screened(event=fresh, opinion=opinion)
        if row.pk is not None and row.shown == shown:
            return row
        row.shown, row.at = shown, at
        row.save()
        tell(fresh, "event.opinion_shown" if shown else "event.opinion_hidden", actor, at, opinion=opinion)
    return row


def close(event: Event, *, actor: Staff | None, at: datetime) -> Event:
    """Close a large gathering: its counts are sealed, whoever was expected and did not come is written down so, and
    the host promises to forward every opinion within three days. Closed twice, it was closed the first time.

    Refuses ``too_early``, ``nobody_let_in``, ``not_large``, ``event_cancelled``.
    """
    enter(actor, "event.seal", event.office)
    with transaction.atomic():
        fresh = locked(event)
        large.check_kind(fresh.kind, large=True)
        if fresh.state == "sealed":
            return fresh
        rules.check_open(fresh.state)
        rules.check_begun(fresh.on, day_of(at))
        counts = counted(fresh)
        large.check_somebody_came(counts["came"])
        ids = list(said_at(fresh).values_list("pk", flat=True))
        Guest.objects.filter(event=fresh, came=None).update(came=False)
        fresh.counts = {**counts, "opinions": len(ids)}
        fresh.seal_code = large.attendance_code(fresh.pk, fresh.counts, digest(ids))
        fresh.state, fresh.sealed_at = "sealed", at
        fresh.save(update_fields=["counts", "seal_code", "state", "sealed_at"])
        tell(fresh, "event.closed", actor, at, digest=fresh.seal_code, **fresh.counts)
        if ids:
            owe_forward(fresh, len(ids), counts["came"], actor, at)
        keep_rhythm(fresh, counts["came"], actor, at)
    return fresh


def counted(event: Event) -> dict[str, int]:
    """How many were invited by lot and signed up, how many said they come, how many came, and of these walked in."""
    which = {
        "drawn": Q(way="drawn"),
        "asked": Q(way="asked"),
        "accepted": Q(answer="accepted"),
        "came": Q(came=True),
        "walked_in": Q(way="walk_in", came=True),
    }
    counts = {f"{name}_count": Count("id", filter=those) for name, those in which.items()}
    found = Guest.objects.filter(event=event).aggregate(**counts)
    return {name: found[f"{name}_count"] for name in which}


def on_board(event: Event, count: int) -> list[Opinion]:
    """The opinions that a person let through to the board, the latest first; none that was forgotten since."""
    ids = (
        Screened.objects.filter(event=event, shown=True)
        .order_by("-at", "-id")
        .values_list("opinion", flat=True)
    )
    latest = list(ids[: 2 * count])
    found = {row.pk: row for row in said_at(event).filter(pk__in=latest).exclude(text=GONE)}
    return [found[number] for number in latest if number in found][:count]
