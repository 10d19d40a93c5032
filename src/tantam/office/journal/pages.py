"""What people see: who did what, and whether the journal is what it was. Nothing here can be changed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path

from tantam import clock
from tantam.errors import BadInput
from tantam.office import door, words
from tantam.office.journal import proving, telling
from tantam.office.journal.actions import head
from tantam.office.journal.models import Entry, Seal
from tantam.office.journal.told import TOLD
from tantam.office.paging import page
from tantam.office.people.models import Office, Request, Staff
from tantam.office.typed import whole

ACT = "journal.see"


@door.page(ACT)
def entries(request: Request) -> HttpResponse:
    """The newest first; by act, person, office and day."""
    asked = {name: request.GET.get(name, "").strip() for name in ("act", "who", "office", "day")}
    error = None
    rows = _seen(request)
    try:
        rows = _asked(rows, asked)
    except BadInput as no:
        error = no
    shown = page(rows, request.GET.get("after", ""), "-id")
    names = _Names(shown.rows)
    return render(
        request,
        "journal/list.html",
        {
            "page": shown,
            "lines": [names.line(entry) for entry in shown.rows],
            "sealed": Seal.objects.aggregate(n=Sum("count"))["n"] or 0,
            "asked": asked,
            "person": names.person(int(asked["who"])) if asked["who"].isdigit() else "",
            "acts": [("", words.say("mọi việc", "everything")), *_acts()],
            "offices": [("", words.say("mọi nơi", "everywhere")), *_offices(request)],
            "narrowed": any(asked.values()),
            "error": error,
        },
        status=422 if error else 200,
    )


@door.page(ACT)
def seals(request: Request) -> HttpResponse:
    """The chain, the newest seal first, and its head."""
    shown = page(Seal.objects.all(), request.GET.get("after", ""), "-sequence")
    sums = Seal.objects.aggregate(entries=Sum("count"), seals=Count("pk"))
    waiting = Entry.objects.filter(seal__isnull=True).count()
    context = {"page": shown, "head": head(), "waiting": waiting, **sums}
    return render(request, "journal/seals.html", context)


@door.page(ACT)
def entry(request: Request, number: int) -> HttpResponse:
    """One entry as it is kept, and whether its seal still holds."""
    found = _seen(request).filter(pk=number).first()
    if found is None:
        raise Http404
    seal = Seal.objects.filter(pk=found.seal).first() if found.seal else None
    context = {
        "line": _Names([found]).line(found),
        "entry": found,
        "facts": sorted(found.facts.items()),
        "seal": seal,
        "amiss": proving.prove_one(found) if found.seal else None,
    }
    return render(request, "journal/entry.html", context)


def _seen(request: Request) -> QuerySet[Entry]:
    """What this person may see: the entries of his offices; those of no office only with headquarters' eyes."""
    ids = door.offices(request.user, ACT)
    return Entry.objects.all() if ids is None else Entry.objects.filter(office__in=ids)


def _asked(rows: QuerySet[Entry], asked: dict[str, str]) -> QuerySet[Entry]:
    if asked["act"]:
        rows = rows.filter(act=asked["act"])
    if asked["who"]:
        rows = (
            rows.filter(actor=whole(asked["who"], wrong=-1))
            if asked["who"] != "0"
            else rows.filter(actor__isnull=True)
        )
    if asked["office"]:
        rows = rows.filter(office=whole(asked["office"], wrong=-1))
    if asked["day"]:
        rows = rows.filter(at__gte=_midnight(asked["day"], 0), at__lt=_midnight(asked["day"], 1))
    return rows


def _midnight(text: str, days: int) -> datetime:
    day: date = clock.to_date(clock.parse_day(text)) + timedelta(days=days)
    return datetime.combine(day, time.min, clock.HANOI)


def _acts() -> list[tuple[str, str]]:
    return sorted(((code, telling.told(code)) for code in TOLD), key=lambda pair: pair[1])


def _offices(request: Request) -> list[tuple[str, str]]:
    ids = door.offices(request.user, ACT)
    rows = Office.objects.all() if ids is None else Office.objects.filter(pk__in=ids)
    return [(str(pk), name) for pk, name in rows.order_by("path").values_list("pk", "name")]


class _Names:
    """The names behind the ids of some entries: one query for the staff, one for the offices."""

    def __init__(self, rows: list[Entry]) -> None:
        staff = {entry.actor for entry in rows} | {
            whole(e.on_id, wrong=-1) for e in rows if e.on_kind == "staff"
        }
        self._staff = dict(
            Staff.everybody.filter(pk__in=[pk for pk in staff if pk]).values_list("pk", "name")
        )
        offices = {entry.office for entry in rows} | {
            whole(e.on_id, wrong=-1) for e in rows if e.on_kind == "office"
        }
        self._offices = dict(
            Office.objects.filter(pk__in=[pk for pk in offices if pk]).values_list("pk", "name")
        )

    def person(self, number: int) -> str:
        """Who it was; the machine is number 0."""
        if not number:
            return words.say("máy", "the machine")
        if number not in self._staff:
            self._staff |= dict(Staff.everybody.filter(pk=number).values_list("pk", "name"))
        return self._staff.get(number, f"{number}")

    def line(self, entry: Entry) -> dict[str, Any]:
        """One entry in words."""
        on = telling.what(entry.on_kind, entry.on_id)
        known = {"staff": self._staff, "office": self._offices}.get(entry.on_kind, {})
        return {
            "id": entry.pk,
            "at": entry.at,
            "who": self.person(entry.actor or 0),
            "who_id": entry.actor or 0,
            "act": telling.told(entry.act),
            "code": entry.act,
            "on": on,
            "name": known.get(whole(entry.on_id, wrong=-1), ""),
            "office": self._offices.get(entry.office or 0, ""),
            "count": entry.count,
            "sealed": entry.seal,
        }


urlpatterns: list[Any] = [
    path("", entries, name="journal"),
    path("seals/", seals, name="journal-seals"),
    path("<int:number>/", entry, name="journal-entry"),
]
