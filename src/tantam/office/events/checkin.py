"""The door of a large gathering: a code or a name becomes a guest, one tap lets him in; others walk in.

Several people stand there at once. Each act holds the gathering's row until it ends, so none is counted twice and none
comes in after the close.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.core.internal.ratelimit import consume
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from tantam import keys
from tantam.clock import day_of
from tantam.errors import BadInput, Refused
from tantam.office.door import enter
from tantam.office.events import large, rules
from tantam.office.events.keeping import begin, tell
from tantam.office.events.models import Event, Guest
from tantam.office.parties import actions as parties
from tantam.office.parties.rules import words
from tantam.office.people.models import Staff

MOST_FOUND = 20
WRONG_CODES, WRONG_WITHIN = 20, timedelta(minutes=5)
"""So many codes that fit nobody may one volunteer type at one gathering, then wait."""


def check_in(guest: Guest, *, actor: Staff | None, at: datetime) -> Guest:
    """Let a guest in: he came, at this moment. Let in twice, he came the first time.

    Refuses ``too_early``, ``not_large``, ``event_sealed``, ``event_cancelled``.
    """
    enter(actor, "event.check_in", guest.event.office)
    with transaction.atomic():
        event = _open(guest.event, at)
        if not Guest.objects.filter(pk=guest.pk).exclude(came=True).update(came=True, came_at=at):
            return _as_it_stands(guest, event)
        guest.came, guest.came_at, guest.event = True, at, event
        begin(event, at)
        tell(event, "event.let_in", actor, at, guest=guest.pk)
    return guest


def take_back(guest: Guest, *, actor: Staff | None, at: datetime) -> Guest:
    """The wrong one was let in: he has not come. Taken back twice changes nothing. Refuses as :func:`check_in`."""
    enter(actor, "event.check_in", guest.event.office)
    with transaction.atomic():
        event = _open(guest.event, at)
        fresh = _as_it_stands(guest, event)
        if not fresh.came:
            return fresh
        fresh.came, fresh.came_at = None, None
        fresh.save(update_fields=["came", "came_at"])
        tell(event, "event.let_in_taken_back", actor, at, guest=fresh.pk)
    return fresh


def walk_in(
    event: Event, *, actor: Staff | None, at: datetime, form: UUID, name: str = "", title: str = ""
) -> Guest:
    """Somebody who was on no list comes in; with a name only where he gives one. The same ``form`` is the same guest.

    Refuses as :func:`check_in`, and a name as any party's.
    """
    enter(actor, "event.check_in", event.office)
    with transaction.atomic():
        fresh = _open(event, at)
        if known := Guest.objects.filter(form=form).select_related("event__office", "party").first():
            return known
        party = None
        if name.strip():
            party = parties.meet(
                actor=actor, at=at, kind="guest", office=fresh.office, name=name, title=title
            )
        guest = Guest.objects.create(
            event=fresh, party=party, order=next_order(fresh), way="walk_in", form=form, came=True, came_at=at
        )
        begin(fresh, at)
        tell(fresh, "event.walked_in", actor, at, guest=guest.pk)
    return guest


def find(event: Event, text: str) -> list[Guest]:
    """The guests whom a code, a subscriber's key or the beginnings of a name's words mean, in their order."""
    rows = Guest.objects.filter(event=event).select_related("party").order_by("order")
    code = large.read_code(text)
    guests = list(rows.filter(code=code).exclude(code="")) if code else []  # as the index of codes says it
    if not guests and text.strip().upper().startswith("TB-"):
        guests = _by_key(rows, text)
    elif not guests and (asked := words(text)):
        guests = list(rows.filter(*(Q(party__plain__contains=word) for word in asked))[:MOST_FOUND])
    for guest in guests:
        guest.event = event  # known already: no join for it
    return guests


def count_wrong(request: HttpRequest, event: Event, text: str) -> None:
    """Count a code that fits nobody; refuses ``too_many_wrong_codes`` to whoever types one after the other."""
    if not large.read_code(text):
        return
    rate = f"{WRONG_CODES}/{WRONG_WITHIN.seconds}s/key"
    counted: dict[str, Any] = {"app": "tantam", "action": "code", "key": f"{event.pk}:{request.user.pk}"}
    if not consume(request, config={"code": rate}, **counted):
        raise Refused(
            "too_many_wrong_codes",
            "Too many codes that fit nobody.",
            f"Wait {WRONG_WITHIN.seconds // 60} minutes, or find the guest by name.",
            vi=f"Gõ sai mã quá nhiều lần. Chờ {WRONG_WITHIN.seconds // 60} phút, hoặc tìm khách bằng tên.",
        )


def new_codes(event: Event, count: int, taken: set[str]) -> list[str]:
    """So many codes that nobody can guess without the office's key, none of them ``taken``; the same every time."""
    made: list[str] = []
    used, number = set(taken), len(taken)
    while len(made) < count:
        code = large.code_of(salted_hmac("tantam.events.code", f"{event.pk}:{number}").digest())
        number += 1
        if code not in used:
            used.add(code)
            made.append(code)
    return made


def next_order(event: Event) -> int:
    """Where the next guest of a gathering stands; its row must be held."""
    last: int | None = Guest.objects.filter(event=event).aggregate(last=Max("order"))["last"]
    return (last or 0) + 1


def _by_key(rows: QuerySet[Guest], text: str) -> list[Guest]:
    try:
        return list(rows.filter(key=keys.parse(text)))
    except BadInput:
        return []


def _as_it_stands(guest: Guest, event: Event) -> Guest:
    fresh = Guest.objects.select_related("party").get(pk=guest.pk)
    fresh.event = event
    return fresh


def _open(event: Event, at: datetime) -> Event:
    """The gathering as it stands, held until the act ends. No more of it is asked for than may have changed: all who
    stand at the doors wait for this row."""
    changing = ["kind", "state", "on", "held_at"]
    event.refresh_from_db(fields=changing, from_queryset=Event.objects.select_for_update())
    large.check_kind(event.kind, large=True)
    rules.check_open(event.state)
    rules.check_begun(event.on, day_of(at))
    return event
