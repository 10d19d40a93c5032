"""Search over the rooms: offices, staff, people met, promises, opinions, gatherings. Never health.

Accents need not be typed; what carries the very accents comes first, and both are counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tantam.letters import fold, match
from tantam.office import door
from tantam.office.door import page
from tantam.office.events.models import Event
from tantam.office.opinions.models import Opinion
from tantam.office.parties.models import Party
from tantam.office.people.models import Office, Request, Staff
from tantam.office.promises import sentences
from tantam.office.promises.lists import spoken
from tantam.office.promises.models import Promise
from tantam.office.words import day, number, say

LOOKED = 400
"""At most so many rows of a room are weighed, the newest first; the page says when there are more."""
SCANNED = 100_000
"""So many of the newest promises are read through for a word, a tenth of a second; the list of promises reads all."""
SHOWN = 8


class Hit(NamedTuple):
    """One thing found: where it is, its words, and what it is."""

    href: str
    title: str
    facts: str


class Room(NamedTuple):
    """One room's rows: what may be read, how a row reads, and what a row is called."""

    act: str
    word: tuple[str, str]
    rows: Callable[[str, Any], Any]
    hit: Callable[[Any], Hit]


def _here(rows: QuerySet[Any], reader: Staff, act: str, field: str = "office") -> QuerySet[Any]:
    seen = door.offices(reader, act)
    return rows if seen is None else rows.filter(**{f"{field}__in": seen})


def _offices(q: str, reader: Staff) -> Any:
    return _here(Office.objects.order_by("path"), reader, "promise.see", "pk")


def _staff(q: str, reader: Staff) -> Any:
    return Staff.objects.filter(is_active=True).select_related("office").order_by("name")


def _parties(q: str, reader: Staff) -> Any:
    rows = Party.objects.exclude(name="").filter(_begins("plain", q)).select_related("office").order_by("-id")
    return _here(rows, reader, "party.see")


def _promises(q: str, reader: Staff) -> Any:
    newest = Promise.objects.order_by("-id").values_list("pk", flat=True).first() or 0
    rows = Promise.objects.filter(spoken(q), pk__gt=newest - SCANNED).select_related("owner").order_by("-id")
    return _here(rows, reader, "promise.see")


def _opinions(q: str, reader: Staff) -> Any:
    rows = Opinion.objects.filter(current=True).select_related("office").order_by("-said_at", "-id")
    return _here(rows, reader, "opinion.see")


def _events(q: str, reader: Staff) -> Any:
    return _here(Event.objects.select_related("office").order_by("-on", "-id"), reader, "event.see")


def _begins(column: str, q: str) -> Q:
    sought = Q()
    for word in fold(q).split():
        sought &= Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"})
    return sought


ROOMS = [
    Room(
        "promise.see",
        ("Lời hứa", "Promises"),
        _promises,
        lambda p: Hit(
            f"/promises/{p.pk}/", p.what, f"{p.owner.name} · {sentences.kind(p.kind)} · {day(p.first_due)}"
        ),
    ),
    Room(
        "people.see",
        ("Người làm", "Staff"),
        _staff,
        lambda s: Hit(f"/promises/?owner={s.pk}", s.name, s.office.name),
    ),
    Room(
        "party.see",
        ("Khách và đối tác", "Guests and partners"),
        _parties,
        lambda p: Hit(f"/parties/{p.pk}/", f"{p.title} {p.name}".strip(), p.office.name),
    ),
    Room(
        "opinion.see",
        ("Ý kiến", "Opinions"),
        _opinions,
        lambda o: Hit(f"/opinions/{o.pk}/", o.text, f"{o.office.name} · {day(o.said_at)}"),
    ),
    Room(
        "event.see",
        ("Buổi gặp", "Gatherings"),
        _events,
        lambda e: Hit(f"/events/{e.pk}/", e.place, f"{e.office.name} · {day(e.on)}"),
    ),
    Room("front.see", ("Văn phòng", "Offices"), _offices, lambda o: Hit(f"/?office={o.pk}", o.name, "")),
]


@page("front.see")
@require_GET
def page_(request: Request) -> HttpResponse:
    """What was sought, room by room."""
    q = request.GET.get("q", "").strip()[:100]
    found = [
        group
        for room in ROOMS
        if door.may(request.user, room.act) and (group := _group(room, q, request.user))
    ]
    exact, rest = sum(g["exact"] for g in found), sum(g["rest"] for g in found)
    may_look = door.may(request.user, "person.look")
    context = {"q": q, "groups": found, "answer": _answer(q, exact, rest), "may_look": may_look}
    return render(request, "front/search.html", context)


def _group(room: Room, q: str, reader: Staff) -> dict[str, Any] | None:
    if not fold(q):
        return None
    rows = list(room.rows(q, reader)[: LOOKED + 1])
    hits = [room.hit(row) for row in rows[:LOOKED]]
    ranked = sorted(((match(q, hit.title), -n) for n, hit in enumerate(hits)), reverse=True)
    good = [(rank, hits[-n]) for rank, n in ranked if rank]
    if not good:
        return None
    exact = sum(rank == 2 for rank, _ in good)
    return {
        "word": say(*room.word),
        "exact": exact,
        "rest": len(good) - exact,
        "more": len(rows) > LOOKED,
        "hits": [{"exact": rank == 2, **hit._asdict()} for rank, hit in good[:SHOWN]],
        "hidden": max(0, len(good) - SHOWN),
    }


def _answer(q: str, exact: int, rest: int) -> str:
    if not fold(q):
        return say("Gõ một từ, có dấu hay không cũng được.", "Type a word, with accents or without.")
    if not exact + rest:
        return say("Không thấy gì.", "Nothing found.")
    return say(
        "{n} khớp đúng dấu, {m} khớp khi bỏ dấu.",
        "{n} with the very accents, {m} without regard to them.",
        n=number(exact),
        m=number(rest),
    )
