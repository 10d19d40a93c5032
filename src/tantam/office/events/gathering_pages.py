"""What people see of one large gathering: how far it has come, its guests by the way they come, and what is to do."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tantam import clock
from tantam.clock import day_of
from tantam.errors import TantamError
from tantam.office.door import may
from tantam.office.events import (
    actions,
    board_pages,
    gathering,
    inviting_pages,
    keeping,
    large,
    plan_pages,
    rules,
    seals,
    shown,
)
from tantam.office.events.models import Event, Guest
from tantam.office.opinions.models import Reward
from tantam.office.opinions.rules import CHANNELS
from tantam.office.people.models import Request
from tantam.office.promises.models import Promise
from tantam.office.typed import whole
from tantam.office.watch import status
from tantam.office.words import say

ACTS = ("choose", "sign_up", "check_in", "write", "screen", "seal", "forward", "plan", "cancel")


def gathering_page(request: Request, event: Event) -> HttpResponse:
    """One large gathering; whoever may see it has been let in already."""
    today, error = day_of(clock.now()), None
    if request.method == "POST":
        try:
            _do(request, event)
            return redirect("event", event.pk)
        except TantamError as no:
            error = no
            event.refresh_from_db()
    counts = gathering.counted(event)
    said = keeping.said_at(event).count()
    owed = {p.kind: p for p in Promise.objects.filter(about_kind="event", about_id=str(event.pk))}
    guests = list(Guest.objects.filter(event=event, key__isnull=False).order_by("order"))
    over = event.state in ("sealed", "cancelled")
    view = {
        "event": event,
        "title": shown.title(event),
        "error": error,
        "answer": _answer(event, counts, said),
        "steps": shown.large_steps(event, counts, said, owed, today),
        "counts": counts,
        "said": said,
        "ways": _ways(event),
        "tallies": [
            (say("Lời đến bằng cách nào", "How words came to us"), _heard(event)),
            (say("Mọi người nói về", "What people spoke of"), board_pages.bars(event)),
        ],
        "thanked": _thanked(event) if over else {},
        "sees_thanks": may(request.user, "reward.see"),
        "promises": list(owed.values()),
        "today": today,
        "state": say(*shown.STATES[event.state][:2]),
        "over": over,
        "begun": today >= event.on,
        "most": min(event.seats, large.MOST_DRAWN),
        "may": {act: may(request.user, f"event.{act}", event.office) for act in ACTS},
        "groups": seals.groups(event.seal_code),
        **plan_pages.otherwise(request, event, error),
        "because": say(*rules.CANCELLED[event.cancelled_because]) if event.cancelled_because else "",
        "texts": inviting_pages.standing(event, guests, request),
    }
    return render(request, "events/gathering.html", view, status=status(error) if error else 200)


def _do(request: Request, event: Event) -> None:
    by: dict[str, Any] = {"actor": request.user, "at": clock.now()}
    act = request.POST.get("act", "")
    if act == "choose":
        drawn = actions.choose_guests(event, count=whole(request.POST.get("count", ""), digits=6), **by)
        messages.success(request, say("Đã rút thăm {n} người.", "{n} were drawn by lot.", n=len(drawn)))
    elif act == "close":
        actions.close(event, **by)
    elif act == "forward":
        actions.forward(event, **by)
        messages.success(
            request, say("Đã chuyển nguyên vẹn. Lời hứa đã giữ.", "Forwarded whole. The promise is kept.")
        )
    elif act == "cancel":
        actions.cancel(event, because=request.POST.get("because", ""), **by)
    elif act == "move":
        plan_pages.move(request, event)


def _answer(event: Event, counts: dict[str, int], said: int) -> str:
    if event.state == "cancelled":
        return say("Buổi này đã hủy.", "This gathering was called off.")
    if event.state == "planned":
        return say(
            "Đã có ngày và chỗ, chưa mời ai.", "There is a day and a place, and nobody is invited yet."
        )
    if event.state == "invited":
        return say(
            "{a} người hẹn đến, chỗ cho {n} người.",
            "{a} will come, of {n} seats.",
            a=counts["accepted"],
            n=event.seats,
        )
    if event.state == "held":
        return say(
            "{c} người đã đến, {n} ý kiến.",
            "{c} came, {n opinion|opinions} so far.",
            c=counts["came"],
            n=said,
        )
    if event.forwarded_at:
        return say("{n} ý kiến đã chuyển nguyên vẹn.", "{n opinion|opinions} forwarded whole.", n=said)
    return say(
        "{c} người đã đến, {n} ý kiến chờ chuyển đi.",
        "{c} came, {n opinion waits|opinions wait} to be forwarded.",
        c=counts["came"], n=said,
    )  # fmt: skip


def _heard(event: Event) -> list[dict[str, Any]]:
    """How what was said came to us, the most first: word, how often, and how wide its bar is, of a thousand."""
    rows = list(keeping.said_at(event).values("channel").annotate(n=Count("id")).order_by("-n", "channel"))
    words = {**CHANNELS, "web": ("khách quét mã QR, tự viết", "by the QR code, written by themselves")}
    most = rows[0]["n"] if rows else 1
    return [
        {"word": say(*words[row["channel"]]), "n": row["n"], "width": round(row["n"] / most * 1000)}
        for row in rows
    ]


def _thanked(event: Event) -> dict[str, Any]:
    """How many were promised thanks on its day, for what their opinions led to, and what all of it costs."""
    begin = rules.start_of(event.on, time())
    rows = Reward.objects.filter(at__gte=begin, at__lt=begin + timedelta(days=1))
    return rows.aggregate(n=Count("id"), dong=Sum("amount_dong"))


def _ways(event: Event) -> list[dict[str, Any]]:
    rows = Guest.objects.filter(event=event).values("way")
    counted = {
        row["way"]: row
        for row in rows.annotate(
            n=Count("id"),
            yes=Count("id", filter=Q(answer="accepted")),
            there=Count("id", filter=Q(came=True)),
        )
    }
    return [
        {"way": way, "word": say(*words), **counted[way]}
        for way, words in large.WAYS.items()
        if way in counted
    ]
