"""What people see of gatherings: the list, one gathering and its next step, why these guests."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path

from tantam import clock
from tantam.clock import day_of
from tantam.errors import TantamError
from tantam.office import paging, words
from tantam.office.door import enter, may, offices, page
from tantam.office.events import (
    actions,
    board_pages,
    checkin_pages,
    choice,
    inviting_pages,
    large,
    notebook,
    plan_pages,
    reading_pages,
    rules,
    seals,
    shown,
    table_pages,
)
from tantam.office.events.gathering_pages import gathering_page
from tantam.office.events.models import Event, Guest, Line
from tantam.office.people.models import Office, Request
from tantam.office.promises.models import Promise
from tantam.office.watch import status
from tantam.office.words import say

SEATS_SHOWN = 100


@page("event.see")
def events(request: Request) -> HttpResponse:
    """What waits for somebody, or with ``?when=done`` what is sealed or called off; one office with ``?office=``."""
    today = day_of(clock.now())
    done = request.GET.get("when") == "done"
    mine = offices(request.user, "event.see")
    rows = Event.objects.select_related("office")
    if mine is not None:
        rows = rows.filter(office__in=mine)
    chosen = request.GET.get("office", "")
    chosen = chosen if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else ""
    if chosen:
        rows = rows.filter(office=int(chosen))
    over = ["sealed", "cancelled"]
    coming = rows.filter(on__gte=today).exclude(state__in=over).order_by("on", "id").first()
    # One that took place and is not sealed yet still waits for somebody, so it stands above those to come.
    rows = rows.filter(state__in=over) if done else rows.exclude(state__in=over)
    by = ("-on", "-id") if done else ("on", "id")
    shown_page = paging.page(rows, request.GET.get("after", ""), *by)
    counts = _counts([event.pk for event in shown_page.rows])
    for event in shown_page.rows:
        event.title = say(*large.KINDS[event.kind])
        event.said, event.tone = say(*shown.STATES[event.state][:2]), shown.STATES[event.state][2]
        event.counts = counts.get(event.pk, {})
    view = {
        "page": shown_page,
        "events": shown_page.rows,
        "coming": coming,
        "done": done,
        "filters": _filters(done, chosen, mine),
        "may_plan": may(request.user, "event.plan"),
        "today": today,
    }
    return render(request, "events/list.html", view)


@page("event.see")
def event(request: Request, number: int) -> HttpResponse:
    """One gathering: how far it has come, who is invited, what is promised; and its one next step."""
    now = clock.now()
    found = _event(request, number)
    if large.is_large(found.kind):
        return gathering_page(request, found)
    error = None
    if request.method == "POST":
        try:
            return _do(request, found)
        except TantamError as no:
            error = no
            found = _event(request, number)
    guests = [shown.dressed(g) for g in _guests(found)]
    lines = Line.objects.filter(event=found).aggregate(n=Count("id"), old=Count("replaces"))
    count = lines["n"] - lines["old"]
    owed = {p.kind: p for p in Promise.objects.filter(about_kind="event", about_id=str(found.pk))}
    step = _next(found, guests, day_of(now))
    if step.get("act") and not may(request.user, f"event.{step['act']}", found.office):
        step["locked"] = "yes"
    view = {
        "event": found,
        "error": error,
        "seated": [g for g in guests if g.in_play],
        "waiting": [g for g in guests if not g.in_play],
        "lines": count,
        "steps": shown.steps(found, guests, count, owed, day_of(now)),
        "promises": list(owed.values()),
        "today": day_of(now),
        "groups": seals.groups(found.seal_code),
        "state": say(*shown.STATES[found.state][:2]),
        "answer": _answer(found, guests, count, day_of(now)),
        "next": step,
        "may": {act: may(request.user, f"event.{act}", found.office) for act in ("plan", "cancel")},
        **plan_pages.otherwise(request, found, error),
        "because": say(*rules.CANCELLED[found.cancelled_because]) if found.cancelled_because else "",
        "texts": inviting_pages.standing(found, guests, request) if guests else {},
    }
    return render(request, "events/event.html", view, status=status(error) if error else 200)


@page("event.see")
def guests(request: Request, number: int) -> HttpResponse:
    """Why these guests: each with his reason, the conditions with who fell out, and why not somebody else."""
    found = _event(request, number)
    drawn = [shown.dressed(g) for g in _guests(found) if g.way == "drawn"]
    if not drawn:
        return redirect("event", number)
    error, asked = None, ""
    if request.method == "POST":
        try:
            key = shown.key_of(request.POST.get("key", ""))
            reason = actions.ask_why(found, actor=request.user, at=clock.now(), key=key)
            asked = shown.why(reason.code, reason.facts)
        except TantamError as no:
            error = no
    view = {
        "event": found,
        "title": shown.title(found),
        "large": large.is_large(found.kind),
        "drawn": len(drawn) if large.is_large(found.kind) else sum(not g.reserve for g in drawn),
        "more": len(drawn) - SEATS_SHOWN,
        "seats": [g for g in drawn if not g.reserve][:SEATS_SHOWN],
        "reserves": [g for g in drawn if g.reserve],
        "choice": found.choice,
        "funnel": shown.funnel(found.choice),
        "quotas": shown.quotas(found.choice),
        "moved": choice.moved(found),
        "may_ask": may(request.user, "event.choose", found.office),
        "typed": request.POST.get("key", ""),
        "asked": asked,
        "error": error,
    }
    return render(request, "events/guests.html", view, status=status(error) if error else 200)


def _event(request: Request, number: int) -> Event:
    found = get_object_or_404(Event.objects.select_related("office", "host", "programme"), pk=number)
    enter(request.user, "event.see", found.office)
    return found


def _guests(event: Event) -> list[Guest]:
    return list(Guest.objects.filter(event=event).select_related("party").order_by("order"))


def _counts(ids: list[int]) -> dict[int, Any]:
    rows = Guest.objects.filter(event__in=ids).values("event")
    rows = rows.annotate(
        accepted=Count("id", filter=Q(answer="accepted")),
        came=Count("id", filter=Q(came=True)),
        open=Count("id", filter=Q(answer="none") & (Q(reserve=False) | Q(called_in=True))),
    )
    return {row["event"]: row for row in rows}


def _filters(done: bool, chosen: str, mine: list[int] | None) -> list[dict[str, Any]]:
    tail = f"&office={chosen}" if chosen else ""
    made: list[dict[str, Any]] = [
        {"href": f"?when=open{tail}", "word": say("Đang chờ", "Open"), "on": not done},
        {"href": f"?when=done{tail}", "word": say("Đã xong", "Done"), "on": done},
    ]
    rows = Office.objects.filter(level="branch", closed_on__isnull=True).order_by("name")
    branches = list(rows if mine is None else rows.filter(pk__in=mine))
    if len(branches) < 2:
        return made
    when = "done" if done else "open"
    made.append({"href": f"?when={when}", "word": say("Mọi chi nhánh", "Every branch"), "on": not chosen})
    for office in branches[:8]:
        href = f"?when={when}&office={office.pk}"
        made.append({"href": href, "word": office.name, "on": chosen == str(office.pk)})
    return made


def _do(request: Request, found: Event) -> HttpResponse:
    by: dict[str, Any] = {"actor": request.user, "at": clock.now()}
    act = request.POST.get("act", "")
    if act == "choose":
        actions.choose_guests(found, **by)
        return redirect("event-guests", found.pk)
    if act == "forward":
        actions.forward(found, **by)
        messages.success(
            request, say("Đã chuyển nguyên vẹn. Lời hứa đã giữ.", "Forwarded whole. The promise is kept.")
        )
    elif act == "cancel":
        actions.cancel(found, because=request.POST.get("because", ""), **by)
    elif act == "move":
        plan_pages.move(request, found)
    return redirect("event", found.pk)


def _answer(event: Event, guests: list[Guest], lines: int, today: date) -> str:
    seated = [g for g in guests if g.in_play]
    accepted = sum(g.answer == "accepted" for g in seated)
    came = sum(g.came is True for g in guests)
    if event.state == "cancelled":
        return say("Buổi này đã hủy.", "This gathering was called off.")
    if event.state == "planned":
        return say("Đã có ngày và chỗ, chưa có khách.", "There is a day and a place, and no guests yet.")
    if event.state == "invited":
        to_call = sum(g.call.open for g in seated)
        if to_call:
            return say(
                "{a} trong {n} khách đã nhận lời, còn {c} người phải gọi.",
                "{a} of {n} guests accepted, {c} still to call.",
                a=accepted, n=len(seated), c=to_call,
            )  # fmt: skip
        return say(
            "{a} trong {n} khách đã nhận lời.", "{a} of {n} guests accepted.", a=accepted, n=len(seated)
        )
    if event.state in ("held", "reading"):
        return say(
            "{c} khách đến, {n} dòng đã ghi, chưa niêm phong.",
            "{c guest|guests} came, {n line|lines} written, not sealed yet.",
            c=came, n=lines,
        )  # fmt: skip
    if event.called_back_at:
        return say(
            "{c} khách đã nghe lời mình đi tới đâu.", "All {c} guests heard how far their words went.", c=came
        )
    if event.forwarded_at:
        return say(
            "{n} ý kiến đã chuyển. Còn gọi lại cho khách.",
            "{n} forwarded. The guests wait for a call.",
            n=lines,
        )
    return say("{n} ý kiến đã niêm phong, chưa chuyển đi.", "{n} sealed, not forwarded yet.", n=lines)


def _next(event: Event, guests: list[Guest], today: date) -> dict[str, str]:
    """The one thing to do now: an act of this page, or a page to go to; with ``wait`` the reason it is too early."""
    seated = [g for g in guests if g.in_play]
    to_call = sum(g.call.open for g in seated)
    free = rules.free_seats(event.seats, [g.call for g in seated]) and any(not g.in_play for g in guests)
    if event.state == "planned":
        return {"act": "choose", "word": say("Chọn {n} khách", "Choose {n} guests", n=event.seats)}
    if event.state == "invited" and (to_call or free) and today <= event.on:
        word = (
            say("Gọi {n} khách", "Call {n guest|guests}", n=to_call)
            if to_call
            else say("Gọi dự bị", "Call a reserve")
        )
        made = {"page": "event-calls", "word": word}
        if not rules.may_call(event.state, event.on, today):
            opens = event.on - rules.CALL_BEFORE
            made["wait"] = say("Mở từ {on}.", "Opens on {on}.", on=words.day(opens))
        return made
    if event.state == "invited":
        made = {"page": "event-attend", "word": say("Ghi ai đến", "Write who came")}
        if today < event.on:
            made["wait"] = say("Ghi vào hôm gặp, {on}.", "On the day, {on}.", on=words.day(event.on))
        return made
    if event.state in ("held", "reading"):
        return {"page": "notebook", "word": say("Mở sổ ghi", "Open the notebook")}
    if event.state == "sealed" and not event.forwarded_at:
        return {"act": "forward", "word": say("Chuyển về Trụ sở", "Forward to headquarters")}
    if event.state == "sealed" and not event.called_back_at:
        return {"page": "event-calls", "word": say("Gọi lại cho khách", "Call the guests back")}
    return {}


urlpatterns: list[Any] = [
    path("", events, name="events"),
    path("<int:number>/", event, name="event"),
    path("<int:number>/guests/", guests, name="event-guests"),
    *plan_pages.urlpatterns,
    *inviting_pages.urlpatterns,
    *table_pages.urlpatterns,
    *reading_pages.urlpatterns,
    *notebook.urlpatterns,
    *checkin_pages.urlpatterns,
    *board_pages.urlpatterns,
]
