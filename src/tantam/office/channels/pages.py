"""What people see of messages: what was to go out, to whom, and why it went, waits or was refused."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from tantam import keys
from tantam.office import paging
from tantam.office.channels.models import FAILED, REFUSED, SENT, TAKEN, UNKNOWN, WAITING, Judgement, Message
from tantam.office.channels.rules import CHANNELS, PURPOSES
from tantam.office.door import offices, page
from tantam.office.people.models import Request
from tantam.office.words import say

STATES = {
    WAITING: ("Đang chờ", "Waiting", "nghe"),
    SENT: ("Đã giao", "Handed over", "la"),
    REFUSED: ("Không gửi", "Not sent", "line"),
    FAILED: ("Cổng không nhận", "Turned away", "son"),
    UNKNOWN: ("Không rõ đã đi chưa", "Nobody knows", "son"),
    TAKEN: ("Đang giao", "Being handed over", "cham"),
}
"""State → in Vietnamese, in English, and its colour."""


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
        "rows": _shown(listed.rows),
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


def _shown(rows: list[Message]) -> list[dict[str, Any]]:
    """What a row of the list needs, in the reader's language."""
    last = {j.message_id: j for j in Judgement.objects.filter(message__in=rows).order_by("at", "id")}
    return [
        {
            "who": keys.show(row.key) if row.key is not None else "",
            "text": row.text,
            "purpose": say(*PURPOSES[row.purpose]),
            "channel": say(*CHANNELS[row.channel]),
            "parts": row.parts if row.channel == "sms" else 0,
            "state": say(*STATES[row.state][:2]),
            "colour": STATES[row.state][2],
            "asked": row.asked_at,
            "due": row.due_at if row.code else None,
            "why": say(last[row.pk].vi, last[row.pk].en) if row.pk in last else "",
            "rule": last[row.pk].rule if row.pk in last else "",
        }
        for row in rows
    ]


urlpatterns: list[Any] = [path("", index, name="messages")]
