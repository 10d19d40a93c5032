"""What a hall sees of its gathering: a board that keeps itself in step, and the paper with the code on the wall; and
where somebody reads what was said before the board may show it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from tantam import clock
from tantam.errors import TantamError
from tantam.listen.columns import WORDS
from tantam.office.door import page
from tantam.office.events import actions, gathering, keeping, shown, wall
from tantam.office.events.checkin_pages import found
from tantam.office.events.models import Event, Guest, Screened
from tantam.office.opinions.rules import GONE
from tantam.office.opinions.rules import TONES as SAID_AS
from tantam.office.people.models import Request
from tantam.office.watch import status
from tantam.office.words import say

WORDS_SHOWN = 3
BARS = 7
TO_READ = 40
"""So many opinions are shown at once to whoever screens them, the oldest first."""


@page("event.see")
def board(request: Request, number: int) -> HttpResponse:
    """How many came, how much was said and about what, and the latest words that somebody let through."""
    event = found(request, number, "event.see")
    address = wall.address(request, event)
    view = {
        "event": event,
        "title": shown.title(event),
        "came": Guest.objects.filter(event=event, came=True).count(),
        "said": keeping.said_at(event).count(),
        "bars": bars(event),
        "words": gathering.on_board(event, WORDS_SHOWN),
        "now": clock.now(),
        "address": address.partition("://")[2],
        "qr": wall.qr(address) if event.state not in ("sealed", "cancelled") else "",
    }
    return render(request, "events/board.html", view)


@page("event.see")
def poster(request: Request, number: int) -> HttpResponse:
    """One sheet of paper for the wall: the code, the address under it, and what becomes of what is said."""
    event = found(request, number, "event.see")
    address = wall.address(request, event)
    view = {
        "event": event,
        "title": shown.title(event),
        "address": address.partition("://")[2],
        "qr": wall.qr(address),
    }
    return render(request, "events/poster.html", view)


@page("event.screen")
def screening(request: Request, number: int) -> HttpResponse:
    """What nobody has looked at yet, and what the board shows; each with one tap."""
    event, error = found(request, number, "event.screen"), None
    if request.method == "POST":
        try:
            shown_now = request.POST.get("act") == "show"
            opinion = _uuid(request.POST.get("opinion", ""))
            actions.screen(event, actor=request.user, at=clock.now(), opinion=opinion, shown=shown_now)
            return redirect(request.path)
        except TantamError as no:
            error = no
    seen = Screened.objects.filter(event=event).values("opinion")
    waiting = keeping.said_at(event).exclude(pk__in=seen).exclude(text=GONE).order_by("said_at", "id")
    left = waiting.count()
    view = {
        "event": event,
        "title": shown.title(event),
        "error": error,
        "left": left,
        "waiting": [_dressed(row) for row in waiting[:TO_READ]],
        "on_board": [_dressed(row) for row in gathering.on_board(event, 10)],
    }
    return render(request, "events/screening.html", view, status=status(error) if error else 200)


def bars(event: Event) -> list[dict[str, Any]]:
    """What was spoken of, the most first: word, how often, and how wide its bar is, of a thousand."""
    rows = keeping.said_at(event).exclude(topic="").values("topic").annotate(n=Count("id"))
    counted = sorted(((row["n"], row["topic"]) for row in rows), key=lambda row: (-row[0], row[1]))[:BARS]
    most = counted[0][0] if counted else 1
    return [{"word": say(*WORDS[topic]), "n": n, "width": round(n / most * 1000)} for n, topic in counted]


def _dressed(opinion: Any) -> Any:
    vi, en, opinion.colour = SAID_AS[opinion.tone]
    opinion.word = say(vi, en)
    return opinion


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


urlpatterns = [
    path("<int:number>/board/", board, name="event-board"),
    path("<int:number>/wall/", poster, name="event-wall"),
    path("<int:number>/screening/", screening, name="event-screening"),
]
