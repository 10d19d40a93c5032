"""What an agent sees of calls: the list, and one call at a time with its number, what to say, and how it ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tantam import clock
from tantam.errors import TantamError
from tantam.office.channels import calling, phonebook
from tantam.office.channels.models import Message
from tantam.office.channels.rules import PURPOSES
from tantam.office.door import page
from tantam.office.people.models import Request
from tantam.office.watch import status
from tantam.office.words import say


@page(calling.ACT)
@sensitive_post_parameters("note")
@require_http_methods(["GET", "POST"])
def calls(request: Request) -> HttpResponse:
    """Take a call, tell how it ended, put away those that may not be made."""
    error: TantamError | None = None
    number = ""
    if request.method == "POST":
        try:
            number = _act(request)
        except TantamError as no:
            error = no
        else:
            if not number:
                return redirect("calls")
    view = _view(request, number) | {"error": error, "typed": request.POST}
    response = render(request, "channels/calls.html", view, status=status(error) if error else 200)
    response["Cache-Control"] = "no-store"
    return response


def _act(request: Request) -> str:
    """Do what was pressed; gives the number of a call that was taken."""
    now, act, by = clock.now(), request.POST.get("act", ""), request.user
    if act == "clear":
        count = calling.clear(actor=by, at=now)
        messages.success(request, say("Đã cất {n} cuộc.", "{n call is|calls are} put away.", n=count))
        return ""
    message = _message(request)
    if act == "take":
        return calling.take_call(message, actor=by, at=now)
    calling.called(message, outcome=act, actor=by, at=now, note=request.POST.get("note", ""))
    messages.success(request, say("Đã ghi kết quả.", "It is written down."))
    return ""


def _message(request: Request) -> Message:
    rows = Message.objects.filter(channel="call").select_related("office")
    try:
        return get_object_or_404(rows, pk=UUID(request.POST.get("call", "")))
    except ValueError as no:
        raise Http404 from no


def _view(request: Request, number: str) -> dict[str, Any]:
    now = clock.now()
    mine = calling.open_call(request.user)
    if mine is not None:
        return {"mine": _shown(mine), "number": number or _again(request, mine)}
    listed = calling.calls(request.user, at=now)
    rows = [
        _shown(call.message)
        | {
            "may": call.verdict.outcome == "send",
            "until": call.verdict.until,
            "why": say(call.verdict.vi, call.verdict.en),
            "rule": call.verdict.rule,
        }
        for call in listed
    ]
    may = sum(row["may"] for row in rows)
    return {
        "mine": None,
        "calls": rows,
        "may": may,
        "against": len(rows) - may,
        "more": len(rows) == calling.MOST_LISTED,
    }


def _again(request: Request, mine: Message) -> str:
    """The number of a call that was taken, when its page is opened again: one more look at the phone book."""
    if mine.key is None:
        return ""
    found = phonebook.numbers(
        [mine.key], actor=request.user, at=clock.now(), purpose="call", office=mine.office
    )
    return found.get(mine.key, "")


def _shown(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.pk),
        "purpose": say(*PURPOSES[message.purpose]),
        "ad": message.purpose in ("advertising", "registration"),
        "text": message.text,
        "key": message.key,
        "office": message.office.name if message.office else "",
        "asked": message.asked_at,
        "missed": message.code == "missed",
    }
