"""What staff see of the call centre: how soon people were answered, by hour of the day; and the form for a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from tantam import clock
from tantam.errors import TantamError
from tantam.office import door
from tantam.office.people.models import Request
from tantam.office.quality import boards, call_rows, calls, load_pages, rules, shown
from tantam.office.quality.call_rows import Slot
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import Pledge
from tantam.office.quality.rules import Figure
from tantam.office.watch import status
from tantam.office.words import number, percent, say

MOST_MONTHS = 13
MOST_SHORT = 6


@door.page("quality.see")
@require_http_methods(["GET", "POST"])
def index(request: Request) -> HttpResponse:
    """One month by hour of the day, and the form for a file of calls."""
    error = None
    if request.method == "POST":
        try:
            return _take_in(request)
        except TantamError as no:
            error = no
    there = calls.months()
    asked = shown.read_month(request.GET.get("month", ""))
    month = asked if asked in there else there[0] if there else None
    context: dict[str, Any] = {
        "error": error,
        "months": [
            {"href": f"?month={on:%Y-%m}", "word": shown.month(on), "on": on == month}
            for on in reversed(there[:MOST_MONTHS])
        ],
        "columns": [(ours, ", ".join(more)) for ours, more in call_rows.COLUMNS.items()],
        "renames": request.POST.get("renames", ""),
        "may_load": door.may(request.user, "quality.load"),
        "most_mb": load_pages.MOST_BYTES // 1_000_000,
    }
    if month is not None:
        context |= _month(month)
    return render(request, "quality/calls.html", context, status=status(error) if error else 200)


def _month(month: date) -> dict[str, Any]:
    """A month's figures: the whole, and each hour that had calls."""
    indicator = INDICATORS[calls.INDICATOR]
    pledge = boards.in_force(Pledge.objects.filter(indicator=indicator.code), month).first()
    level = float(pledge.level) if pledge else None
    slots = calls.by_half_hour(month)
    hours = [_row([slot for slot in slots if slot.minute // 60 == hour], hour, level) for hour in range(24)]
    whole = _row(slots, 0, level)
    short = [row for row in hours if row and row["state"] and row["state"]["code"] == rules.BROKEN]
    return {
        "month": shown.month(month),
        "days": calls.days(month),
        "whole": whole,
        "hours": [row for row in hours if row],
        "answer": _answer(whole),
        "short": ", ".join(row["hours"] for row in short[:MOST_SHORT]),
        "level": shown.level(indicator, pledge.level) if pledge else "",
    }


def _row(slots: Sequence[Slot], hour: int, level: float | None) -> dict[str, Any] | None:
    """Some half hours together; None where nobody called."""
    offered = sum(slot.offered for slot in slots)
    if not offered:
        return None
    in_60s, answered = sum(slot.in_60s for slot in slots), sum(slot.answered for slot in slots)
    hung_up = sum(slot.hung_up for slot in slots)
    low, high = rules.wilson(in_60s, offered)
    found = Figure(100 * in_60s / offered, offered, 100 * low, 100 * high)
    indicator = INDICATORS[calls.INDICATOR]
    state = rules.stands(indicator, level, found) if level is not None else ""
    return {
        "hours": f"{hour}\u2060–\u2060{hour + 1}\u00a0h",
        "offered": offered,
        "in_60s": in_60s,
        "late": answered - in_60s,
        "lost": offered - answered,
        "share": percent(in_60s / offered),
        "between": shown.between(indicator, found.low, found.high),
        "hung_up": percent(hung_up / offered),
        "state": shown.state(state) if state else None,
    }


def _answer(whole: dict[str, Any] | None) -> str:
    if whole is None:
        return say("Tháng này không có cuộc gọi nào.", "Nobody called in this month.")
    return say(
        "{share} trong {n} cuộc gọi được trả lời trong 60 giây; {lost} bỏ máy.",
        "{share} of {n} calls were answered within 60 seconds; {lost} hung up.",
        share=whole["share"], n=number(whole["offered"]), lost=whole["hung_up"],
    )  # fmt: skip


def _take_in(request: Request) -> HttpResponse:
    name, content = load_pages.chosen(request)
    found = calls.take_in(
        content, name=name, actor=request.user, at=clock.now(),
        renames=load_pages.renames(request.POST.get("renames", ""), call_rows.COLUMNS),
    )  # fmt: skip
    return HttpResponseRedirect(reverse("quality-load", args=[found.load]), status=303)


urlpatterns: list[Any] = [path("calls/", index, name="calls")]
