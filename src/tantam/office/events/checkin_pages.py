"""What volunteers see at the door of a large gathering: one field and one tap, on an old phone and without scripts; and
the forms for whoever signs up beforehand or says something there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from tantam import clock
from tantam.errors import TantamError
from tantam.office.door import enter, page
from tantam.office.events import actions, checkin, large, shown, wall
from tantam.office.events.models import Event, Guest
from tantam.office.opinions.rules import MOST_TEXT
from tantam.office.opinions.rules import TONES as SAID_AS
from tantam.office.parties.rules import TITLES
from tantam.office.people.models import Request
from tantam.office.typed import whole
from tantam.office.watch import status
from tantam.office.words import say


@page("event.check_in")
def door(request: Request, number: int) -> HttpResponse:
    """Type a code and he is in; or a name or a key, and tap. Whoever is on no list comes in with one tap too.

    A tap is answered by the page itself: one way there and back on a slow network. Sent again it changes nothing.
    """
    event, error, just = found(request, number, "event.check_in"), None, None
    now = clock.now()
    typed = (request.POST.get("q") or request.GET.get("q") or "")[:100]
    guests: list[Guest] = []
    try:
        if request.method == "POST" and request.POST.get("act") in _TAPS:
            just = _tapped(request, event, now)
        elif typed:
            guests = checkin.find(event, typed)
            if request.method == "POST":
                just = _typed(request, event, typed, guests, now)
    except TantamError as no:
        error = no
    view = {
        **_head(event),
        "error": error,
        "typed": typed,
        "found": [_dressed(guest) for guest in guests],
        "just": _dressed(just) if just is not None else None,
        "again": just is not None and just.came_at not in (None, now),
        "form": uuid4(),
        "titles": _titles(),
        "came": Guest.objects.filter(event=event, came=True).count(),
    }
    return render(request, "events/checkin.html", view, status=status(error) if error else 200)


@page("event.sign_up")
def sign_up(request: Request, number: int) -> HttpResponse:
    """Somebody asks to come: his name, how he wishes to be addressed, his key if known; then his code to take along."""
    event, error = found(request, number, "event.sign_up"), None
    typed = request.POST
    if request.method == "POST":
        try:
            key = shown.key_of(typed["key"]) if typed.get("key", "").strip() else None
            name, title = typed.get("name", ""), typed.get("title", "")
            guest = actions.sign_up(
                event,
                actor=request.user,
                at=clock.now(),
                form=form_of(request),
                name=name,
                title=title,
                key=key,
            )
            return redirect(f"{request.path}?done={guest.pk}")
        except TantamError as no:
            error = no
    just = _just(request, event)
    view = {
        **_head(event),
        "error": error,
        "typed": typed,
        "just": just,
        "qr": wall.qr(_scanned(request, event, just)) if just is not None else "",
        "form": typed.get("form") or uuid4(),
        "titles": _titles(),
        "taken": Guest.objects.filter(event=event, answer="accepted").count(),
    }
    return render(request, "events/sign_up.html", view, status=status(error) if error else 200)


@page("event.write")
def hear(request: Request, number: int) -> HttpResponse:
    """A volunteer writes down what somebody says; the guest's code ties it to him, without one nobody is named."""
    event, error = found(request, number, "event.write"), None
    typed = request.POST
    if request.method == "POST":
        try:
            guest = _speaker(event, typed.get("code", ""))
            actions.hear(
                event,
                actor=request.user,
                at=clock.now(),
                id=form_of(request),
                text=typed.get("text", ""),
                tone=typed.get("tone") or None,
                guest=guest,
            )
            messages.success(request, say("Đã ghi nguyên lời.", "Written down word for word."))
            return redirect(request.path)
        except TantamError as no:
            error = no
    view = {
        **_head(event),
        "error": error,
        "typed": typed,
        "most": MOST_TEXT,
        "form": typed.get("form") or uuid4(),
        "tones": [(code, say(vi, en)) for code, (vi, en, _) in SAID_AS.items()],
    }
    return render(request, "events/hear.html", view, status=status(error) if error else 200)


def found(request: Request, number: int, act: str) -> Event:
    """A large gathering where this person may do an act; a café is not found."""
    event = get_object_or_404(Event.objects.select_related("office"), pk=number)
    enter(request.user, act, event.office)
    if not large.is_large(event.kind):
        raise Http404
    return event


def form_of(request: Request) -> UUID:
    """The id that a form brought along, so that sent twice it counts once; a new one for a form without."""
    try:
        return UUID(request.POST.get("form", ""))
    except ValueError:
        return uuid4()


_TAPS = ("walk_in", "in", "back")


def _tapped(request: Request, event: Event, now: datetime) -> Guest:
    by: dict[str, Any] = {"actor": request.user, "at": now}
    act = request.POST["act"]
    if act == "walk_in":
        name, title = request.POST.get("name", ""), request.POST.get("title", "")
        return actions.walk_in(event, form=form_of(request), name=name, title=title, **by)
    guest = get_object_or_404(Guest, event=event, pk=whole(request.POST.get("guest", "")))
    guest.event = event
    return (actions.check_in if act == "in" else actions.take_back)(guest, **by)


def _typed(request: Request, event: Event, typed: str, guests: list[Guest], now: datetime) -> Guest | None:
    """Let in whoever a code means; nobody for a name, which is a list to tap at."""
    if not guests:
        checkin.count_wrong(request, event, typed)
    elif guests[0].code and guests[0].code == large.read_code(typed):
        return actions.check_in(guests[0], actor=request.user, at=now)
    return None


def _head(event: Event) -> dict[str, Any]:
    return {"event": event, "title": shown.title(event)}


def _just(request: Request, event: Event) -> Guest | None:
    """The guest who was written down last."""
    number = whole(request.GET.get("done", ""))
    guest = (
        Guest.objects.select_related("party", "event").filter(event=event, pk=number).first()
        if number
        else None
    )
    return _dressed(guest) if guest is not None else None


def _dressed(guest: Guest) -> Guest:
    made: Any = guest
    made.shown = shown.name(guest)
    made.by = say(*large.WAYS[guest.way])
    return guest


def _speaker(event: Event, typed: str) -> Guest | None:
    if not typed.strip():
        return None
    guests = checkin.find(event, typed)
    large.check_speaker(len(guests))
    return guests[0]


def _scanned(request: Request, event: Event, guest: Guest) -> str:
    """What a guest's QR code says: the door's page, with his code typed in."""
    door_ = reverse("event-door", args=[event.pk])
    return request.build_absolute_uri(f"{door_}?q={guest.code}")


def _titles() -> list[tuple[str, str]]:
    return [(title, title or "–") for title in TITLES]


urlpatterns = [
    path("<int:number>/checkin/", door, name="event-door"),
    path("<int:number>/sign-up/", sign_up, name="event-sign-up"),
    path("<int:number>/hear/", hear, name="event-hear"),
]
