"""What people see first, and pages over many rooms. Nothing is written here but through the desk's acts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from tantam import clock
from tantam.errors import BadInput
from tantam.office import door
from tantam.office.door import page
from tantam.office.events.models import Event
from tantam.office.front import changes, held, home, public, quality, rules, search
from tantam.office.people.models import Office, Request
from tantam.office.words import say


@page("front.see")
@require_GET
def front(request: Request) -> HttpResponse:
    """The front page: do we keep our word, what is late and whose, what comes next."""
    today = clock.to_date(clock.today())
    scope = _scope(request)
    kept = home.kept(scope, today, rules.read(request.GET.get("quarter", ""), today))
    waiting = home.waiting(scope, today)
    return render(
        request,
        "front/home.html",
        {
            **kept,
            **waiting,
            "scope": scope,
            "today": today,
            "now": clock.now(),
            "coming": home.coming(scope, today),
            "places": home.offices(scope, today, kept["quarter"]),
            "rhythm": home.rhythm(scope, today),
            **_cafe(scope, today),
            "nothing": not kept["rate"].due and not waiting["late_count"],
            "may_plan": door.may(request.user, "event.plan"),
            "may_make": door.may(request.user, "promise.make"),
        },
    )


def _scope(request: Request) -> home.Scope:
    """All that this reader sees, or the office (and what lies below it) that the address names."""
    seen = door.offices(request.user, "promise.see")
    asked = request.GET.get("office", "")
    if not asked:
        return home.Scope(seen, say("toàn công ty", "the whole company") if seen is None else _name(seen))
    office = Office.objects.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
    if office is None:
        raise BadInput(
            "bad_filter",
            "There is no such office.",
            "Open the front page again.",
            vi="Không có văn phòng này. Mở lại trang nhất.",
        )
    door.enter(request.user, "promise.see", office)
    below = list(Office.objects.filter(path__startswith=office.path).values_list("pk", flat=True))
    return home.Scope(below, office.name, office)


def _name(offices: list[int]) -> str:
    if not offices:
        return ""
    top = Office.objects.filter(pk__in=offices).order_by("path").values_list("name", flat=True).first()
    return top or ""


def _cafe(scope: home.Scope, today: date) -> dict[str, Any]:
    """The next gathering and the last one sealed."""
    events = Event.objects.exclude(state="cancelled")
    if scope.offices is not None:
        events = events.filter(office__in=scope.offices)
    return {
        "next_event": events.filter(on__gte=today, sealed_at__isnull=True).order_by("on", "id").first(),
        "last_event": events.filter(on__lte=today, sealed_at__isnull=False).order_by("-on", "-id").first(),
    }


urlpatterns: list[Any] = [
    path("", front, name="home"),
    path("search/", search.page_, name="search"),
    *held.urlpatterns,
    *public.urlpatterns,
    *changes.urlpatterns,
    *quality.urlpatterns,
]
