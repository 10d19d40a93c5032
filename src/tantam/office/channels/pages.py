"""What people see of messages: what was to go out, to whom, and why it went, waits or was refused."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from tantam.office import paging
from tantam.office.channels.models import Message
from tantam.office.channels.person_pages import contacting
from tantam.office.channels.shown import STATES, shown
from tantam.office.door import offices, page
from tantam.office.people.models import Request
from tantam.office.words import say


@page("message.see")
@require_GET
def index(request: Request) -> HttpResponse:
    """The newest first, each with the last verdict of the gate."""
    asked = request.GET.get("state", "")
    seen = offices(request.user, "message.see")
    mine = Message.objects.all() if seen is None else Message.objects.filter(office__in=seen)
    rows = mine.filter(state=asked) if asked in STATES else mine
    listed = paging.page(rows, request.GET.get("after", ""), "-asked_at", "-id")
    waiting = paging.some(mine.filter(due_at__isnull=False))
    context = {
        "page": listed,
        "rows": shown(listed.rows),
        "waiting": min(waiting, paging.COUNTED),
        "many": waiting > paging.COUNTED,
        "states": [
            {
                "href": "?" + urlencode({"state": code} if code else {}),
                "word": say(vi, en),
                "on": asked == code,
            }
            for code, (vi, en, *_) in {"": ("Tất cả", "All"), **STATES}.items()
        ],
        "narrowed": asked in STATES,
    }
    return render(request, "channels/index.html", context)


urlpatterns: list[Any] = [
    path("", index, name="messages"),
    path("person/", contacting, name="contacting"),
]
