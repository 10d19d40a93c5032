"""What people see of messages: what was to go out, to whom, and why it went, waits or was refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from tantam import clock
from tantam.errors import BadInput
from tantam.office import paging
from tantam.office.channels import lists_pages
from tantam.office.channels.calls_pages import calls
from tantam.office.channels.models import Message
from tantam.office.channels.person_pages import contacting
from tantam.office.channels.shown import STATES, shown
from tantam.office.door import enter, offices, page
from tantam.office.people.models import Office, Request
from tantam.office.typed import whole
from tantam.office.words import say


@page("message.see")
@require_GET
def index(request: Request) -> HttpResponse:
    """How each list stands that is at work, and the messages, the newest first, each with the last verdict of the gate;
    or only those of one state, one office, one list (``?about=event:12``), or that went out as one."""
    at = clock.now()
    want = _wanted(request)
    seen = want.below if want.below is not None else offices(request.user, "message.see")
    mine = Message.objects.all() if seen is None else Message.objects.filter(office__in=seen)
    listed = paging.page(_narrowed(mine, want), request.GET.get("after", ""), "-asked_at", "-id")
    waiting = paging.some(mine.filter(due_at__isnull=False))
    lists = lists_pages.standing(_lists(want, mine, seen, at) if listed.first else [], mine, at=at)
    context = {
        "page": listed,
        "rows": shown(listed.rows),
        "at": at,
        "want": want,
        "one": lists[0] if want.about and lists else None,
        "lists": lists,
        "moving": waiting > 0 or any(one["moving"] for one in lists),
        "waiting": min(waiting, paging.COUNTED),
        "many": waiting > paging.COUNTED,
        "states": [
            {"href": want.address(state=code), "word": say(vi, en), "on": want.state == code}
            for code, (vi, en, *_) in {"": ("Tất cả", "All"), **STATES}.items()
        ],
        "clear": Wanted().address() if want != Wanted() else "",
    }
    return render(request, "channels/index.html", context)


class Wanted(NamedTuple):
    """What an address asks for: a state, a list, an office with all below it, a message and what went out with it."""

    state: str = ""
    about: tuple[str, str] | None = None
    office: Office | None = None
    below: list[int] | None = None
    together: UUID | None = None

    def address(self, *, state: str = "") -> str:
        """The same with another state."""
        asked = {
            "state": state,
            "about": ":".join(self.about) if self.about else "",
            "office": str(self.office.pk) if self.office else "",
            "with": str(self.together or ""),
        }
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    @property
    def list_name(self) -> str:
        """What the list belongs to, in words."""
        return lists_pages.name(self.about) if self.about else ""


def _wanted(request: Request) -> Wanted:
    """Read from the address; what makes no sense is not asked for. Refuses ``bad_filter`` (no such office) and offices
    that are not the reader's."""
    asked = {
        name: request.GET.get(name, "").replace("\0", "") for name in ("state", "about", "office", "with")
    }
    kind, _, id = asked["about"].partition(":")
    below = office = None
    if asked["office"]:
        office = Office.objects.filter(pk=whole(asked["office"])).first()
        if office is None:
            raise BadInput(
                "bad_filter",
                "There is no such office.",
                "Open the messages again.",
                vi="Không có văn phòng này. Mở lại trang tin gửi.",
            )
        enter(request.user, "message.see", office)
        below = list(Office.objects.filter(path__startswith=office.path).values_list("pk", flat=True))
    try:
        together = UUID(asked["with"])
    except ValueError:
        together = None
    state = asked["state"] if asked["state"] in STATES else ""
    return Wanted(state, (kind, id) if kind and id else None, office, below, together)


def _lists(
    want: Wanted, mine: QuerySet[Message], seen: list[int] | None, at: datetime
) -> list[tuple[str, str]]:
    """The lists that the page speaks of: the one that was asked for, or on the whole page those at work."""
    if want.about:
        return [want.about]
    return [] if want.together or want.state else lists_pages.going(mine, seen, at=at)


def _narrowed(mine: QuerySet[Message], want: Wanted) -> QuerySet[Message]:
    if want.state:
        mine = mine.filter(state=want.state)
    if want.about:
        mine = mine.filter(about_kind=want.about[0], about_id=want.about[1])
    if want.together:
        mine = mine.filter(Q(pk=want.together) | Q(carrier=want.together))
    return mine


urlpatterns: list[Any] = [
    path("", index, name="messages"),
    path("calls/", calls, name="calls"),
    path("person/", contacting, name="contacting"),
]
