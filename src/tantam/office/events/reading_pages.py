"""What people see of the notebook once it is written: the reading back, in large type, and the sealed list."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from tantam import clock
from tantam.clock import day_of
from tantam.errors import TantamError
from tantam.office import words
from tantam.office.door import enter, may, page
from tantam.office.events import actions, notes, rules, seals, shown
from tantam.office.events.keeping import current_lines
from tantam.office.events.models import Event, Guest, Line
from tantam.office.people.models import Request
from tantam.office.promises.models import Promise
from tantam.office.watch import status
from tantam.office.words import say

COLOURS = {"praise": "la", "idea": "cham", "grievance": "nghe"}


@page("event.write")
def read_back(request: Request, number: int) -> HttpResponse:
    """Each guest's words, large enough to be read to him; he agrees, corrects, or said nothing. Then the seal."""
    event = _event(request, number, "event.write")
    error, at = None, ""
    if request.method == "POST":
        at = request.POST.get("line") or request.POST.get("guest", "")
        try:
            return _read(request, event)
        except TantamError as no:
            error = no
    if event.state == "sealed" and not error:
        return redirect("event-sealed", number)
    guests: list[Any] = _came(event)
    lines = [_dressed(line) for line in current_lines(event)]
    for guest in guests:
        guest.lines = [line for line in lines if line.guest_id == guest.pk]
    seats = [_seat(g) for g in Guest.objects.filter(event=event) if g.in_play]
    view = {
        "event": event,
        "guests": guests,
        "nobody": [line for line in lines if line.guest_id is None],
        "count": len(lines),
        "unread": sum(g.read_back == "none" for g in guests),
        "missing": _missing(seats, len(lines)),
        "may_seal": may(request.user, "event.seal", event.office),
        "today": day_of(clock.now()),
        "owed": _to_promise(len(lines), len(guests), day_of(clock.now())),
        "error": error,
        "error_at": at,
        "typed": request.POST,
        "fresh": str(uuid4()),
    }
    return render(request, "events/read_back.html", view, status=status(error) if error else 200)


@page("event.see")
def sealed(request: Request, number: int) -> HttpResponse:
    """The sealed list: every line, what was corrected since, the promises made, the code; one page on paper."""
    event = _event(request, number, "event.see")
    error = None
    if request.method == "POST":
        try:
            line = get_object_or_404(
                Line.objects.select_related("event__office"), event=event, pk=_uuid(request)
            )
            _correct(request, line)
            return redirect(request.path)
        except TantamError as no:
            error = no
    if event.state != "sealed":
        return redirect("event", number)
    guests: dict[int, Any] = {g.pk: g for g in _came(event)}
    lines = [_dressed(line) for line in current_lines(event)]
    older = _older(event)
    for line in lines:
        line.who = guests[line.guest_id].shown if line.guest_id in guests else ""
        line.before = _chain(line, older)
    owed = Promise.objects.filter(about_kind="event", about_id=str(event.pk)).select_related("owner")
    view = {
        "event": event,
        "lines": lines,
        "silent": [g.shown for g in guests.values() if g.read_back == "silent"],
        "spoke": len({line.guest_id for line in lines if line.guest_id}),
        "promises": list(owed.order_by("first_due")),
        "groups": seals.groups(event.seal_code),
        "unbroken": notes.unbroken(event),
        "may_write": may(request.user, "event.write", event.office),
        "may_forward": may(request.user, "event.forward", event.office),
        "today": day_of(clock.now()),
        "error": error,
        "error_at": request.POST.get("line", ""),
        "typed": request.POST,
        "fresh": str(uuid4()),
    }
    return render(request, "events/sealed.html", view, status=status(error) if error else 200)


def _event(request: Request, number: int, act: str) -> Event:
    event = get_object_or_404(Event.objects.select_related("office", "host"), pk=number, kind="cafe")
    enter(request.user, act, event.office)
    return event


def _came(event: Event) -> list[Guest]:
    rows = Guest.objects.filter(event=event, came=True).select_related("party").order_by("order")
    return [shown.dressed(g) for g in rows]


def _dressed(line: Line) -> Any:
    made: Any = line
    made.word, made.colour = say(*rules.TONES[line.tone]), COLOURS[line.tone]
    return made


def _older(event: Event) -> dict[UUID, Line]:
    return {line.pk: line for line in Line.objects.filter(event=event)}


def _chain(line: Line, every: dict[UUID, Line]) -> list[Line]:
    """The words before a line was corrected, newest first."""
    made = []
    at = line.replaces_id
    while at is not None:
        made.append(every[at])
        at = every[at].replaces_id
    return made


def _seat(guest: Guest) -> seals.Seat:
    return seals.Seat(guest.answer, guest.came, guest.read_back)


def _to_promise(lines: int, people: int, today: date) -> list[dict[str, str]]:
    """The two promises that sealing would make, with their dates."""
    forward, call = (words.day(today + d) for d in (rules.FORWARD_WITHIN, rules.CALL_BACK_WITHIN))
    said = say("Chuyển nguyên vẹn {n} ý kiến", "Forward {n opinion|opinions} whole", n=lines)
    back = say("Gọi lại {n} khách", "Call {n guest|guests} back", n=people)
    return [
        {"state": "due", "title": said, "facts": say("hạn {on}", "due {on}", on=forward)},
        {"state": "due", "title": back, "facts": say("hạn {on}", "due {on}", on=call)},
    ]


def _missing(seats: list[seals.Seat], lines: int) -> str:
    code = seals.missing(seats, lines)
    if not code:
        return ""
    vi, what, do = seals.MISSING[code]
    return say(vi, f"{what} {do}")


def _read(request: Request, event: Event) -> HttpResponse:
    by: dict[str, Any] = {"actor": request.user, "at": clock.now()}
    act = request.POST.get("act", "")
    if act == "seal":
        actions.seal(event, **by)
        return redirect("event-sealed", event.pk)
    if act == "correct":
        line = get_object_or_404(Line.objects.select_related("event__office"), event=event, pk=_uuid(request))
        fresh = _correct(request, line)
        return redirect(f"{request.path}#g{fresh.guest_id or 0}")
    number = request.POST.get("guest", "")
    rows = Guest.objects.select_related("event__office")
    guest = get_object_or_404(
        rows, event=event, pk=int(number) if number.isascii() and number.isdigit() else 0
    )
    actions.read_back(guest, answer=request.POST.get("answer", ""), **by)
    return redirect(f"{request.path}#g{guest.pk}")


def _correct(request: Request, line: Line) -> Line:
    # The page gives each form an id, so that a form sent twice makes one correction.
    fresh = request.POST.get("fresh", "")
    return actions.correct_line(
        line,
        actor=request.user,
        at=clock.now(),
        line_id=uuid5(line.pk, fresh) if fresh else uuid4(),
        text=request.POST.get("text", ""),
        reason=request.POST.get("reason", ""),
    )


def _uuid(request: Request) -> UUID | None:
    try:
        return UUID(request.POST.get("line", ""))
    except ValueError:
        return None


urlpatterns = [
    path("<int:number>/read-back/", read_back, name="event-read"),
    path("<int:number>/sealed/", sealed, name="event-sealed"),
]
