"""What people see around the table: whom to call and what to say, and who came. Made for a phone."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from tantam import clock
from tantam.clock import day_of
from tantam.errors import TantamError
from tantam.office import words
from tantam.office.channels import phonebook
from tantam.office.channels.models import FAILED, Message
from tantam.office.door import enter, may, page
from tantam.office.events import actions, inviting, rules, shown
from tantam.office.events.keeping import current_lines
from tantam.office.events.models import Event, Guest
from tantam.office.parties.rules import TITLES
from tantam.office.people.models import Request
from tantam.office.typed import whole
from tantam.office.watch import status
from tantam.office.words import say


@page("event.call")
def calls(request: Request, number: int) -> HttpResponse:
    """The call list of the day: whom, which number, what to say, what was answered. After the seal, the calls back."""
    now = clock.now()
    event = _event(request, number, "event.call")
    error, at = None, 0
    if request.method == "POST":
        at = whole(request.POST.get("guest", ""))
        try:
            at = _called(request, event, at)
            return redirect(f"{request.path}#g{at}")
        except TantamError as no:
            error = no
    event = _event(request, number, "event.call")
    rows = Guest.objects.filter(event=event).select_related("party").order_by("order")
    guests: list[Any] = [shown.dressed(g) for g in rows]
    back = event.state == "sealed"
    listed = [g for g in guests if (g.came if back else g.in_play)]
    to_call = [g for g in listed if (g.called_back_at is None if back else g.call.open) and g.key is not None]
    window = rules.may_call(event.state, event.on, day_of(now), called_back=event.called_back_at is not None)
    held = _judge(to_call, "reply" if back else "invitation", now) if window else None
    may_go = [g for g in to_call if window and g.verdict.outcome == "send"]
    _number(request, event, may_go, "call_back" if back else "invite")
    _texted(event, listed)
    if back:
        _what_they_said(event, listed)
    free = rules.free_seats(event.seats, [g.call for g in guests if g.in_play])
    view = {
        "event": event,
        "guests": listed,
        "back": back,
        "to_call": to_call,
        "window": window,
        "held": held,
        "now": len(may_go),
        "opens": event.on - rules.CALL_BEFORE,
        "today": day_of(now),
        "free": free if not back and window else 0,
        "reserves": sum(not g.in_play and g.key is not None for g in guests),
        "titles": [(t, t or "…") for t in TITLES],
        "answers": {"yes": "accepted", "no": "refused"},
        "rate": _rate(event, now),
        "error": error,
        "error_at": at,
        "typed": request.POST,
        "host": event.host,
    }
    return render(request, "events/calls.html", view, status=status(error) if error else 200)


@page("event.attend")
def attend(request: Request, number: int) -> HttpResponse:
    """Who came, of those who accepted."""
    event = _event(request, number, "event.attend")
    error = None
    if request.method == "POST":
        try:
            came = [whole(value) for value in request.POST.getlist("came")]
            actions.attend(event, actor=request.user, at=clock.now(), came=came)
            return redirect("event", number)
        except TantamError as no:
            error = no
    rows = Guest.objects.filter(event=event, answer="accepted").select_related("party").order_by("order")
    guests: list[Any] = [shown.dressed(g) for g in rows]
    for guest in guests:
        guest.ticked = guest.came is not False
    view = {"event": event, "guests": guests, "error": error, "today": day_of(clock.now())}
    return render(request, "events/attend.html", view, status=status(error) if error else 200)


def _event(request: Request, number: int, act: str) -> Event:
    event = get_object_or_404(Event.objects.select_related("office", "host"), pk=number, kind="cafe")
    enter(request.user, act, event.office)
    return event


def _called(request: Request, event: Event, number: int) -> int:
    by: dict[str, Any] = {"actor": request.user, "at": clock.now()}
    typed = request.POST
    if typed.get("act") == "reserve":
        return actions.next_reserve(event, **by).pk
    guest = get_object_or_404(Guest.objects.select_related("event__office", "party"), event=event, pk=number)
    if typed.get("act") == "back":
        return actions.call_back(guest, note=typed.get("note", ""), **by).pk
    return actions.record_call(
        guest,
        answer=typed.get("answer", ""),
        explained=typed.get("explained") == "yes",
        name=typed.get("name", ""),
        title=typed.get("title", ""),
        **by,
    ).pk


def _judge(guests: list[Any], purpose: str, now: datetime) -> Any:
    """Ask the gate about a call to each guest now. Gives one of those that it holds up alike, to say so once."""
    verdicts = inviting.judged([g.key for g in guests], now, "call", purpose)
    alike: dict[str, list[Any]] = defaultdict(list)
    for guest in guests:
        guest.verdict = verdicts[guest.key]
        guest.gate = say(guest.verdict.vi, guest.verdict.en)
        if guest.verdict.outcome == "hold":
            alike[guest.gate].append(guest)
    return next((held[0] for held in alike.values() if len(held) > 1), None)


def _texted(event: Event, guests: list[Any]) -> None:
    """When each guest's invitation by text went out."""
    rows = Message.objects.filter(about_kind="event", about_id=str(event.pk), taken_at__isnull=False)
    went = dict(rows.exclude(state=FAILED).values_list("pk", "taken_at"))
    for guest in guests:
        guest.texted_at = went.get(inviting.asked_id(guest, "invite"))


def _number(request: Request, event: Event, guests: list[Any], purpose: str) -> None:
    """Give each guest who may be called now his number; one look at the phone book, one entry of the journal."""
    asked = [g.key for g in guests]
    if not asked or not may(request.user, "phonebook.call_list", event.office):
        return
    found = phonebook.numbers(asked, actor=request.user, at=clock.now(), purpose=purpose, office=event.office)
    for guest in guests:
        guest.number = found.get(guest.key, "")
        guest.dial = guest.number.replace(" ", "")


def _what_they_said(event: Event, guests: list[Any]) -> None:
    lines = current_lines(event)
    for guest in guests:
        guest.lines = [line for line in lines if line.guest_id == guest.pk]


def _rate(event: Event, now: Any) -> dict[str, Any]:
    """Of those who first said no at this office within a year: how many were told why, and how many then came round."""
    since = day_of(now) - timedelta(days=365)
    first = Guest.objects.filter(event__office=event.office_id, event__on__gt=since, first_answer="refused")
    counts = first.aggregate(
        refused=Count("id"),
        accepted=Count("id", filter=Q(explained=True, second_answer="accepted")),
        explained=Count("id", filter=Q(explained=True)),
    )
    enough = counts["explained"] >= 30
    share = words.percent(counts["accepted"] / counts["explained"]) if enough else ""
    said = say("{a} trong {n}", "{a} of {n}", a=counts["accepted"], n=counts["explained"])
    return {**counts, "said": share or said}


urlpatterns = [
    path("<int:number>/calls/", calls, name="event-calls"),
    path("<int:number>/attend/", attend, name="event-attend"),
]
