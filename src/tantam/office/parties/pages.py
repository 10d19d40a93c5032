"""What people see of parties: who they are, found with or without accents, and how they wish to be addressed."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from tantam import clock
from tantam.errors import TantamError
from tantam.office import paging
from tantam.office.door import may, offices, page
from tantam.office.parties import actions, rules
from tantam.office.parties.models import Party
from tantam.office.people.models import Office, Request
from tantam.office.watch import status
from tantam.office.words import say


@page("party.see")
@require_GET
def index(request: Request) -> HttpResponse:
    """Everybody known, in the order of Vietnamese names; a search shows exact accents first."""
    sought, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    rows = _seen(request).select_related("office")
    if kind in rules.KINDS:
        rows = rows.filter(kind=kind)
    order, counts = ["sort", "id"], {}
    if sought:
        rows = _found(rows, sought)
        counts = rows.aggregate(
            exact=Count("id", filter=Q(inexact=0)), other=Count("id", filter=Q(inexact=1))
        )
        order = ["inexact", *order]
    shown = paging.page(rows, request.GET.get("after", ""), *order)
    for party in shown.rows:
        party.called = say(*rules.KINDS[party.kind])
    context = {
        "page": shown,
        "q": sought,
        "kind": kind,
        "counts": counts,
        "filters": _filters(kind, sought),
        "clear": reverse("parties") if sought or kind in rules.KINDS else "",
        "may_meet": may(request.user, "party.meet"),
    }
    return render(request, "parties/index.html", context)


@page("party.meet")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Write down somebody without a subscription, or whose key is known."""
    typed = {name: request.POST.get(name, "") for name in ("kind", "name", "title", "office", "note")}
    places = _places(request)
    error = None
    if request.method == "POST":
        office = next((o for o in places if str(o.pk) == typed["office"]), None)
        try:
            party = actions.meet(
                actor=request.user,
                at=clock.now(),
                kind=typed["kind"],
                office=office or places[0],
                name=typed["name"],
                title=typed["title"],
                note=typed["note"],
            )
        except TantamError as refused:
            error = refused
        else:
            messages.success(request, say("Đã ghi tên {name}.", "{name} was written down.", name=party.name))
            return _go(reverse("party", args=[party.pk]))
    context = {"typed": typed, "error": error, **_choices(), "places": [(o.pk, o.name) for o in places]}
    return render(request, "parties/new.html", context, status=status(error) if error else 200)


@page("party.see")
@require_http_methods(["GET", "POST"])
def one(request: Request, number: int) -> HttpResponse:
    """One party; a POST puts the name right."""
    party = get_object_or_404(_seen(request).select_related("office"), pk=number)
    typed = {"name": party.name, "title": party.title}
    error = None
    if request.method == "POST":
        typed = {"name": request.POST.get("name", ""), "title": request.POST.get("title", "")}
        try:
            actions.rename(party, actor=request.user, at=clock.now(), **typed)
        except TantamError as refused:
            error = refused
        else:
            messages.success(request, say("Đã sửa cách gọi.", "The name was put right."))
            return _go(reverse("party", args=[party.pk]))
    context = {
        "party": party,
        "kind": say(*rules.KINDS[party.kind]),
        "typed": typed,
        "error": error,
        "may_rename": may(request.user, "party.rename", party.office),
        **_choices(),
    }
    return render(request, "parties/one.html", context, status=status(error) if error else 200)


def _seen(request: Request) -> QuerySet[Party]:
    ids = offices(request.user, "party.see")
    return Party.objects.all() if ids is None else Party.objects.filter(office__in=ids)


def _found(rows: QuerySet[Party], sought: str) -> QuerySet[Party]:
    exact = Q()
    for word in rules.exact_words(sought):
        exact &= Q(lower__contains=word)
    words = rules.words(sought)
    for word in words:
        rows = rows.filter(plain__contains=word)
    if not words:  # marks alone
        rows = rows.none()
    return rows.annotate(inexact=Case(When(exact, then=Value(0)), default=Value(1)))


def _filters(kind: str, sought: str) -> list[dict[str, Any]]:
    tail = f"&q={quote(sought)}" if sought else ""
    every = [("", ("Tất cả", "Everybody")), *((k, words) for k, words in rules.KINDS.items())]
    return [{"href": f"?kind={k}{tail}", "word": say(*words), "on": k == kind} for k, words in every]


def _choices() -> dict[str, Any]:
    return {
        "kinds": [("", say("Chọn…", "Choose…")), *((k, say(*words)) for k, words in rules.KINDS.items())],
        "titles": [(t, t or say("không rõ", "not known")) for t in rules.TITLES],
    }


def _places(request: Request) -> list[Office]:
    ids = offices(request.user, "party.meet")
    rows = Office.objects.filter(closed_on__isnull=True)
    return list((rows if ids is None else rows.filter(pk__in=ids)).order_by("-level", "name"))


def _go(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)


urlpatterns = [
    path("", index, name="parties"),
    path("new/", new, name="party-new"),
    path("<int:number>/", one, name="party"),
]
