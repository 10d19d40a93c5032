"""What people see of machines: which other systems use the API, where, for what and until when; a token, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tantam import clock
from tantam.errors import TantamError
from tantam.office import door
from tantam.office.people import machines, rules
from tantam.office.people.models import Machine, Office, Request
from tantam.office.people.pages import places, see
from tantam.office.typed import whole
from tantam.office.watch import status
from tantam.office.words import say

SOON_DAYS = 30
"""A token that ends within these is coloured: somebody must see to it."""


@never_cache
@door.page("machine.see")
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request) -> HttpResponse:
    """The machines of the offices that one sees; a form for a new one, whose token this answer alone shows."""
    typed = {name: request.POST.get(name, "").strip() for name in ("name", "office", "ends_on")}
    typed["office"] = typed["office"] or str(request.user.office_id)
    if request.method != "POST":
        typed["ends_on"] = _in_a_year().isoformat()
        return _list(request, typed)
    duties = request.POST.getlist("duty")
    office = get_object_or_404(Office, pk=whole(typed["office"]))
    return _with_token(
        request,
        lambda **by: machines.add(typed["name"], office, duties, ends_on=_day(typed["ends_on"]), **by),
        typed | {"duties": duties},
    )


@never_cache
@door.page("machine.add")
@require_POST
def rotate(request: Request, number: int) -> HttpResponse:
    """A new token in place of one that ends now."""
    old = _of_number(number)
    return _with_token(request, lambda **by: machines.rotate(old, ends_on=_in_a_year(), **by), {})


@door.page("machine.end")
@require_POST
def end(request: Request, number: int) -> HttpResponse:
    """A machine is let in no longer."""
    try:
        machines.end(_of_number(number), actor=request.user, at=clock.now())
    except TantamError as no:
        return _list(request, {}, no)
    messages.success(request, say("Hệ thống ấy không vào được nữa.", "That system is let in no longer."))
    return see(reverse("machines"))


def _with_token(
    request: Request, make: Callable[..., tuple[Machine, str]], typed: dict[str, Any]
) -> HttpResponse:
    try:
        made, token = make(actor=request.user, at=clock.now())
    except TantamError as no:
        return _list(request, typed, no)
    return _list(request, {"ends_on": _in_a_year().isoformat()}, made=made, token=token)


def _list(
    request: Request,
    typed: dict[str, Any],
    error: TantamError | None = None,
    made: Machine | None = None,
    token: str = "",
) -> HttpResponse:
    seen = door.offices(request.user, "machine.see")
    kept = Machine.objects.select_related("staff__office", "made_by").order_by("ends_on", "pk")
    if seen is not None:
        kept = kept.filter(staff__office__in=seen)
    at, duties = clock.now(), machines.duties_of(kept)
    rows = [_row(request, one, duties[one.pk], at) for one in kept]
    context = {
        "open": [row for row in rows if row["open"]],
        "over": [row for row in rows if not row["open"]],
        "soon": sum(row["soon"] for row in rows if row["open"]),
        "may_add": door.may(request.user, "machine.add"),
        "offices": places(request, "machine.add"),
        "duties": [
            (code, say(*names), code in typed.get("duties", []))
            for code, names in rules.MACHINE_DUTIES.items()
        ],
        "typed": typed,
        "last_day": _in_a_year().isoformat(),
        "error": error,
        "made": made,
        "token": token,
    }
    return render(request, "people/machines.html", context, status=status(error) if error else 200)


def _row(request: Request, one: Machine, duties: list[str], at: datetime) -> dict[str, Any]:
    left = (one.ends_on - clock.day_of(at)).days
    return {
        "machine": one,
        "open": machines.is_open(one, at),
        "soon": left <= SOON_DAYS,
        "duties": [say(*rules.DUTIES[code]) for code in duties],
        "by": one.made_by.name if one.made_by else say("từ dòng lệnh", "the terminal"),
        "may_end": door.may(request.user, "machine.end", one.staff.office),
    }


def _of_number(number: int) -> Machine:
    return get_object_or_404(Machine.objects.select_related("staff__office"), pk=number)


def _day(text: str) -> date:
    return clock.to_date(clock.parse_day(text))


def _in_a_year() -> date:
    return clock.to_date(clock.today()) + rules.MACHINE_LASTS


urlpatterns: list[Any] = [
    path("", index, name="machines"),
    path("<int:number>/rotate/", rotate, name="machine-rotate"),
    path("<int:number>/end/", end, name="machine-end"),
]
