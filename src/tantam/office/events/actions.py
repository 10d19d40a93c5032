"""What may happen to a gathering up to the day itself: planned, guests chosen and called, who came; and to the notebook
afterwards (:mod:`tantam.office.events.notes`); and to its messages (:mod:`tantam.office.events.inviting`). The only
writers of the room.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import transaction

from tantam.care import guests
from tantam.clock import day_of
from tantam.errors import Refused
from tantam.office.door import enter
from tantam.office.events import checkin, choice, inviting, large, notices, rules
from tantam.office.events.checkin import check_in, take_back, walk_in
from tantam.office.events.gathering import close, hear, screen, sign_up
from tantam.office.events.inviting import answer, invite, let_go, remind
from tantam.office.events.keeping import keep_rhythm, locked, tell
from tantam.office.events.models import Event, Guest, Line
from tantam.office.events.moving import move
from tantam.office.events.notes import (
    call_back,
    correct_line,
    forget,
    forward,
    held_on,
    read_back,
    seal,
    write_line,
)
from tantam.office.paging import parts
from tantam.office.parties import actions as parties
from tantam.office.parties.models import Party
from tantam.office.people.models import Office, Staff
from tantam.office.programmes.models import Programme

__all__ = [
    "answer",
    "ask_why",
    "attend",
    "call_back",
    "cancel",
    "check_in",
    "choose_guests",
    "close",
    "correct_line",
    "forget",
    "forward",
    "hear",
    "held_on",
    "invite",
    "let_go",
    "move",
    "next_reserve",
    "plan",
    "read_back",
    "record_call",
    "remind",
    "screen",
    "seal",
    "sign_up",
    "take_back",
    "walk_in",
    "write_line",
]


def plan(
    *,
    actor: Staff | None,
    at: datetime,
    office: Office,
    on: date,
    starts_at: time,
    ends_at: time,
    place: str,
    host: Staff,
    kind: str = "cafe",
    programme: Programme | None = None,
    seats: int = rules.SEATS,
    reserves: int = rules.RESERVES,
    years: int = rules.YEARS,
    seed: str = "",
) -> Event:
    """Plan a café meeting, or with a ``kind`` of :data:`tantam.office.events.large.KINDS` a large gathering, which has
    no reserves. The same office, kind, day and hour is the same one, unchanged.

    The seed of the draw follows from office, day and hour unless one is given, so that nobody draws again until he
    likes the guests. Refuses ``event_in_the_past``, ``bad_seats``, ``ends_before_start``, ``no_place``, ``bad_kind``.
    """
    enter(actor, "event.plan", office)
    large.check_kind(kind, large=large.is_large(kind))
    reserves = 0 if large.is_large(kind) else reserves
    with transaction.atomic():
        Office.objects.select_for_update(of=("self",)).get(
            pk=office.pk
        )  # two clicks at once plan one meeting
        same = Event.objects.filter(office=office, kind=kind, on=on, starts_at=starts_at)
        if found := same.exclude(state="cancelled").first():
            return found
        place = rules.check_place(place)
        rules.check_plan(on, day_of(at), seats, reserves, starts_at, ends_at, large.MOST_SEATS[kind])
        event = Event.objects.create(
            kind=kind,
            office=office,
            on=on,
            starts_at=starts_at,
            ends_at=ends_at,
            place=place,
            host=host,
            programme=programme,
            seats=seats,
            reserves=reserves,
            years=years,
            seed=seed or f"{kind}:{office.code}:{on.isoformat()}:{starts_at:%H%M}",
            planned_at=at,
        )
        tell(event, "event.planned", actor, at, day=on, seats=seats, years=years)
    return event


def choose_guests(event: Event, *, actor: Staff | None, at: datetime, count: int = 0) -> list[Guest]:
    """Draw the guests and the reserves from the base, by lot and in proportion. Chosen once, they stay.

    ``count``: how many of a large gathering's seats are filled so, each with a code for the door; every seat of a café.

    Left out: who was invited within a year before or after, and our own staff. Refuses ``event_sealed``,
    ``event_cancelled``, ``no_guests`` (nobody can be asked), ``no_province``, ``bad_seats``; and what the base refuses.
    """
    enter(actor, "event.choose", event.office)
    seats = large.check_count(count, event.seats) if large.is_large(event.kind) else event.seats
    drawn: guests.Guests | None = None
    while True:
        with transaction.atomic():
            fresh = locked(event)
            rules.check_open(fresh.state)
            if fresh.chosen_at is not None:
                return list(Guest.objects.filter(event=fresh).select_related("party").order_by("order"))
            rules.check_not_held(fresh.state)
            # One draw at a time in a province, so that two meetings never invite the same person.
            near = Office.objects.select_for_update(of=("self",)).filter(province=fresh.office.province)
            list(near.order_by("pk").values_list("pk"))
            if drawn is not None and drawn.ask.not_keys == choice.invited_lately(fresh):
                return _seat(fresh, drawn, actor, at)
        # The base is read outside the transaction: millions of rows must not keep other writers waiting.
        drawn = choice.draw(fresh, seats)
        if not drawn.seats:
            raise Refused(
                "no_guests",
                "Nobody in this province can be asked.",
                "Look at the conditions: one of them leaves nobody.",
                vi="Không còn ai ở tỉnh này mời được. Xem lại từng điều kiện: có điều kiện loại hết mọi người.",
            )


def ask_why(event: Event, *, actor: Staff | None, at: datetime, key: int) -> guests.Reason:
    """Why a subscriber is or is not among the guests. The look is journalled, by a digest of the key.

    Refuses ``not_chosen``; a base that has gone is ``no_base``.
    """
    enter(actor, "event.choose", event.office)
    rules.check_chosen(event.chosen_at is not None)
    reason = choice.why(event, key)
    with transaction.atomic():
        digest = hashlib.sha256(str(key).encode()).hexdigest()
        tell(event, "event.asked_why", actor, at, digest=digest, found=reason.code)
    return reason


def record_call(
    guest: Guest,
    *,
    actor: Staff | None,
    at: datetime,
    answer: str,
    explained: bool = False,
    name: str = "",
    title: str = "",
) -> Guest:
    """Write down how a guest answered: accepted, refused, unreachable, withdrew, or no_contact (he refuses every
    contact, which is recorded as that); ``explained`` for the second answer. What waited to go out to him does not.

    His name and how he wishes to be addressed are asked in the same call. The same answer again changes nothing.
    Refuses ``bad_answer``, ``not_explained``, ``already_answered``, ``not_in_play`` (a reserve nobody called in),
    ``event_sealed``, ``event_cancelled``.
    """
    enter(actor, "event.call", guest.event.office)
    with transaction.atomic():
        event = locked(guest.event)
        rules.check_open(event.state)
        fresh = _guest(guest)
        if not fresh.in_play:
            raise Refused(
                "not_in_play",
                "No seat was given to this reserve yet.",
                "Call reserves in their order when a seat is free.",
                vi="Người dự bị này chưa được xếp ghế. Có ghế trống thì gọi theo thứ tự.",
            )
        before = fresh.call
        after = rules.answered(before, answer, explained)
        if name.strip() and fresh.party:
            parties.rename(fresh.party, actor=actor, at=at, name=name, title=title)
        if after == before and answer != "unreachable":
            return fresh
        fresh.answer, fresh.first_answer = after.answer, after.first
        fresh.explained, fresh.second_answer = after.explained, after.second
        fresh.called_at, fresh.tries = at, fresh.tries + 1
        fresh.save()
        if answer == "no_contact":
            inviting.refuse_contact(event, fresh, actor=actor, at=at)
        if answer != "unreachable" and fresh.key is not None:
            inviting.settle(event, fresh.key, actor=actor, at=at)
        facts = {"guest": fresh.pk, "answer": answer, "explained": after.explained}
        tell(event, "event.called", actor, at, **facts)
    return fresh


def next_reserve(event: Event, *, actor: Staff | None, at: datetime) -> Guest:
    """Give a free seat to the next reserve in the order drawn, and invite him by text.

    Refuses ``seats_full``, ``no_reserves``, ``not_chosen``, ``event_sealed``, ``event_cancelled``.
    """
    enter(actor, "event.call", event.office)
    with transaction.atomic():
        fresh = locked(event)
        large.check_kind(fresh.kind, large=False)
        rules.check_open(fresh.state)
        rows = list(Guest.objects.filter(event=fresh).select_related("party").order_by("order"))
        rules.check_chosen(len(rows))
        free = rules.free_seats(fresh.seats, [g.call for g in rows if g.in_play])
        waiting = [g for g in rows if not g.in_play and g.key is not None]
        rules.check_reserve(free, len(waiting))
        guest = waiting[0]
        assert guest.key is not None
        guest.called_in = True
        guest.party = parties.meet(actor=actor, at=at, kind="guest", office=fresh.office, key=guest.key)
        guest.save(update_fields=["called_in", "party"])
        tell(fresh, "event.reserve_called_in", actor, at, guest=guest.pk)
        inviting.invite_reserve(fresh, guest, at=at)
    return guest


def attend(event: Event, *, actor: Staff | None, at: datetime, came: Iterable[int]) -> Event:
    """Write down which guests came (their ids); whoever accepted and is not among them did not.

    Can be put right until the seal. Refuses ``too_early``, ``not_chosen``, ``not_accepted`` (or no guest of this
    gathering), ``guest_spoke`` (a guest with lines did come), ``event_sealed``, ``event_cancelled``.
    """
    enter(actor, "event.attend", event.office)
    there = set(came)
    with transaction.atomic():
        fresh = locked(event)
        large.check_kind(fresh.kind, large=False)
        rules.check_open(fresh.state)
        rules.check_begun(fresh.on, day_of(at))
        accepted = list(Guest.objects.filter(event=fresh, answer="accepted").order_by("order"))
        rules.check_chosen(fresh.chosen_at is not None)
        rules.check_accepted(there, {g.pk for g in accepted})
        spoke = set(Line.objects.filter(event=fresh, guest__isnull=False).values_list("guest", flat=True))
        rules.check_spoke(spoke - there)
        changed = [g for g in accepted if g.came is not (g.pk in there)]
        if not changed and fresh.held_at:
            return fresh
        for guest in changed:
            guest.came = guest.pk in there
            guest.save(update_fields=["came"])
        if fresh.held_at is None:
            fresh.held_at, fresh.state = at, "held"
            fresh.save(update_fields=["held_at", "state"])
        tell(fresh, "event.attended", actor, at, count=len(there), accepted=len(accepted))
        keep_rhythm(fresh, len(there), actor, at)
    return fresh


def cancel(event: Event, *, actor: Staff | None, at: datetime, because: str) -> Event:
    """Call a gathering off before it was held, with a reason's code; what waits to go out about it is taken back, and
    whoever was invited or said yes is told (:mod:`tantam.office.events.notices`).

    Refuses ``bad_reason``, ``already_held``, ``event_sealed``.
    """
    enter(actor, "event.cancel", event.office)
    rules.check_cancel(because)
    with transaction.atomic():
        fresh = locked(event)
        if fresh.state == "cancelled":
            return fresh
        rules.check_open(fresh.state)
        rules.check_not_held(fresh.state)
        fresh.state, fresh.cancelled_because = "cancelled", because
        fresh.save(update_fields=["state", "cancelled_because"])
        tell(fresh, "event.cancelled", actor, at, because=because)
        notices.begin(fresh, "off", notices.words_off(fresh), actor=actor, at=at)
    return fresh


def _seat(event: Event, drawn: guests.Guests, actor: Staff | None, at: datetime) -> list[Guest]:
    there = {g.key: g for g in Guest.objects.filter(event=event)}  # whoever signed up before the lot
    asked = [g for g in (*drawn.seats, *drawn.reserves) if g.key not in there]
    first = checkin.next_order(event)
    rows = [
        Guest(
            event=event,
            key=guest.key,
            order=order,
            reserve=guest.reserve,
            reason={"code": guest.reason.code, "facts": guest.reason.facts},
        )
        for order, guest in enumerate(asked, first)
    ]
    if large.is_large(event.kind):
        _give_codes(event, rows, {g.code for g in there.values() if g.code})
    else:
        for row in rows:
            if not row.reserve:  # a reserve is nobody to us until a seat is free
                row.party = parties.meet(actor=actor, at=at, kind="guest", office=event.office, key=row.key)
    Guest.objects.bulk_create(rows)
    event.choice, event.chosen_at, event.state = choice.summary(drawn), at, "invited"
    event.save(update_fields=["choice", "chosen_at", "state"])
    digest = choice.digest(drawn)
    tell(event, "event.chosen", actor, at, count=len(rows), digest=digest, pool=drawn.pool)
    return list(Guest.objects.filter(event=event).select_related("party").order_by("order"))


def _guest(guest: Guest) -> Guest:
    return Guest.objects.select_related("event__office", "party").get(pk=guest.pk)


def _give_codes(event: Event, rows: list[Guest], taken: set[str]) -> None:
    """A code for the door to each; whom we met before comes with his name, anybody else is nobody to us until then."""
    keys = [row.key for row in rows if row.key is not None]
    met = {p.key: p for part in parts(keys) for p in Party.objects.filter(kind="guest", key__in=part)}
    for row, code in zip(rows, checkin.new_codes(event, len(rows), taken), strict=True):
        row.code, row.party = code, met.get(row.key)
