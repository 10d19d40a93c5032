"""What people see when they plan a gathering: its kind, a day, an hour, a place; a café's guests are drawn at once."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from tantam import clock
from tantam.clock import day_of
from tantam.errors import BadInput, TantamError
from tantam.office import words
from tantam.office.door import offices, page
from tantam.office.events import actions, large, rules
from tantam.office.events.models import Event
from tantam.office.people.models import Duty, Office, Request, Staff
from tantam.office.programmes.models import Programme
from tantam.office.typed import whole
from tantam.office.watch import status
from tantam.office.words import say

USUAL: dict[str, dict[str, Any]] = {
    "quarterly": {"starts_at": "08:00", "ends_at": "11:00", "seats": 300},
    "listening_day": {"starts_at": "08:00", "ends_at": "17:00", "seats": 1000},
}
"""What the form of a large gathering begins with."""


@page("event.plan")
def plan(request: Request) -> HttpResponse:
    """When and where; one button plans it, and draws the guests of a café."""
    mine = offices(request.user, "event.plan")
    kind = request.POST.get("kind") or request.GET.get("kind") or "cafe"
    kind = kind if kind in large.KINDS else "cafe"
    where = Office.objects.filter(closed_on__isnull=True).order_by("level", "name")
    where = where if mine is None else where.filter(pk__in=mine)
    where = where if large.is_large(kind) else where.exclude(province="")  # a café's guests are drawn nearby
    error = None
    if request.method == "POST":
        try:
            event = _plan(request, where)
            if large.is_large(event.kind):
                return redirect("event", event.pk)
            try:
                actions.choose_guests(event, actor=request.user, at=clock.now())
                return redirect("event-guests", event.pk)
            except TantamError as no:  # planned all the same: the guests can be drawn again from its page
                messages.warning(request, words.of(no))
                return redirect("event", event.pk)
        except TantamError as no:
            error = no
    typed = request.POST or _usual(mine, kind)
    view = {
        "kind": kind,
        "large": large.is_large(kind),
        "most": large.MOST_SEATS[kind],
        "filters": [
            {"href": f"?kind={code}", "word": say(*said), "on": code == kind}
            for code, said in large.KINDS.items()
        ],
        "error": error,
        "typed": typed,
        "offices": [(o.pk, o.name) for o in where],
        "programmes": [("", say("không thuộc chương trình nào", "no programme")), *_programmes(kind)],
    }
    return render(request, "events/plan.html", view, status=status(error) if error else 200)


def _usual(mine: list[int] | None, kind: str) -> dict[str, Any]:
    """What the form begins with: a week from today, and the hour and café of the last meeting here."""
    week = day_of(clock.now()) + timedelta(days=7)
    typed: dict[str, Any] = {"on": week.isoformat(), "starts_at": "14:00", "ends_at": "15:15"}
    typed |= {"seats": rules.SEATS, "reserves": rules.RESERVES, "years": rules.YEARS}
    typed |= USUAL.get(kind, {})
    rows = Event.objects.filter(kind=kind).exclude(state="cancelled").order_by("-on", "-id")
    last = (rows if mine is None else rows.filter(office__in=mine)).first()
    if last is not None:
        typed |= {"office": last.office_id, "place": last.place, "programme": last.programme_id or ""}
        typed |= {"starts_at": f"{last.starts_at:%H:%M}", "ends_at": f"{last.ends_at:%H:%M}"}
    return typed


def _programmes(kind: str) -> list[tuple[int, str]]:
    rows = Programme.objects.filter(event_kind=kind, closed_on__isnull=True).order_by("-year", "name")
    return [(p.pk, str(p)) for p in rows[:20]]


def _plan(request: Request, where: Any) -> Event:
    typed = request.POST
    office = where.filter(pk=whole(typed.get("office", ""), digits=9)).first()
    if office is None:
        raise BadInput(
            "no_office",
            "It is not said which office invites.",
            "Choose one.",
            vi="Chưa chọn chi nhánh nào mời. Chọn một chi nhánh.",
        )
    return actions.plan(
        actor=request.user,
        at=clock.now(),
        office=office,
        on=_day(typed.get("on", "")),
        starts_at=_time(typed.get("starts_at", "")),
        ends_at=_time(typed.get("ends_at", "")),
        place=typed.get("place", ""),
        host=_host(request.user, office),
        kind=typed.get("kind", "cafe"),
        programme=Programme.objects.filter(pk=whole(typed.get("programme", ""), digits=9)).first(),
        seats=whole(typed.get("seats", ""), digits=9),
        reserves=whole(typed.get("reserves", ""), digits=9),
        years=whole(typed.get("years", ""), digits=9) or rules.YEARS,
    )


def move(request: Request, event: Event) -> Event:
    """Move a gathering as its form says, and say so."""
    typed = request.POST
    moved = actions.move(
        event,
        actor=request.user,
        at=clock.now(),
        on=_day(typed.get("on", "")),
        starts_at=_time(typed.get("starts_at", "")),
        ends_at=_time(typed.get("ends_at", "")),
        place=typed.get("place", ""),
    )
    messages.success(
        request,
        say("Đã đổi. Khách được báo qua cổng liên lạc.", "Changed. The guests are told through the gate."),
    )
    return moved


def otherwise(request: Request, event: Event, error: TantamError | None) -> dict[str, Any]:
    """What the forms need that move a gathering or call it off."""
    failed = request.POST.get("act", "") if error else ""
    now = {"on": event.on.isoformat(), "place": event.place}
    now |= {name: f"{getattr(event, name):%H:%M}" for name in ("starts_at", "ends_at")}
    return {
        "failed": failed,
        "typed": request.POST if failed == "move" else now,
        "reasons": [(code, say(*said)) for code, said in rules.CANCELLED.items()],
    }


def _host(staff: Any, office: Office) -> Staff:
    """Who meets the guests and owes the promises: the office's own director, or whoever plans it."""
    held = Duty.objects.filter(office=office, code="director", to_on__isnull=True).select_related("staff")
    duty = held.order_by("from_on").first()
    return duty.staff if duty else staff


def _day(text: str) -> date:
    try:
        return clock.to_date(clock.parse_day(text))
    except BadInput as no:
        vi = "Chưa chọn ngày, hoặc ngày viết sai. Viết như 21/11/2026."
        raise BadInput(no.code, no.what, no.do, vi=vi) from None


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise BadInput(
            "bad_time", "That is no time.", "Write it as 14:00.", vi="Giờ viết sai. Viết như 14:00."
        ) from None


urlpatterns = [path("plan/", plan, name="event-plan")]
