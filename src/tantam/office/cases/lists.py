"""Which cases a list shows, by its address: how they stand, whose, what about, or the number on a receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from tantam.office import paging
from tantam.office.cases.models import CLOSED, OPEN, Case
from tantam.office.cases.rules import ABOUT, numbered
from tantam.office.door import offices
from tantam.office.people.models import Staff
from tantam.office.words import say

STATES = {
    "waiting": ("Đang chờ", "Waiting"),
    "late": ("Đã trễ", "Late"),
    "paused": ("Đang dừng", "Standing still"),
    "done": ("Đã xong", "Done"),
}
WHOSE = {
    "all": ("Mọi nơi tôi xem được", "All I may see"),
    "office": ("Nơi tôi làm", "My office"),
    "mine": ("Của tôi", "Mine"),
}


@dataclass(frozen=True)
class Wanted:
    """What an address asks for; anything that is not known there is left out."""

    state: str = "waiting"
    whose: str = "all"
    about: str = ""
    q: str = ""

    def address(self, **changed: str) -> str:
        """The address of this list with something changed."""
        asked = {"state": self.state, "whose": self.whose, "about": self.about} | changed
        usual = {"state": "waiting", "whose": "all", "about": ""}
        return "?" + urlencode({name: value for name, value in asked.items() if value != usual[name]})


def wanted(asked: Any) -> Wanted:
    """What ``asked`` (the parameters of an address) means."""
    state, whose, about = asked.get("state"), asked.get("whose"), asked.get("about")
    return Wanted(
        state if state in STATES else "waiting",
        whose if whose in WHOSE else "all",
        about if about in ABOUT else "",
        asked.get("q", "").strip()[:40],
    )


def seen(reader: Staff) -> QuerySet[Case]:
    """Every case of the offices whose cases somebody may see."""
    ids = offices(reader, "case.see")
    return Case.objects.all() if ids is None else Case.objects.filter(office__in=ids)


def rows(want: Wanted, reader: Staff, now: datetime) -> tuple[QuerySet[Case], tuple[str, ...]]:
    """The cases of a list and their order: what is lost first comes first, at the same moment the higher fine."""
    found = _whose(want, reader)
    if want.about:
        found = found.filter(about=want.about)
    return _standing(found, want.state, now)


def by_number(text: str, reader: Staff) -> Case | None:
    """The case whose receipt has a number, as somebody typed it."""
    pk = numbered(text)
    return None if pk is None else seen(reader).filter(pk=pk).first()


def filters(want: Wanted, reader: Staff, now: datetime) -> list[dict[str, Any]]:
    """The row of states with how many there are of each, counted up to a thousand."""
    mine = _whose(want, reader)
    return [
        {
            "href": want.address(state=state),
            "word": say(*words),
            "on": want.state == state,
            "count": None if state == "done" else paging.some(_standing(mine, state, now)[0]),
        }
        for state, words in STATES.items()
    ]


def _whose(want: Wanted, reader: Staff) -> QuerySet[Case]:
    found = seen(reader)
    if want.whose == "mine":
        return found.filter(owner=reader)
    return found.filter(office=reader.office_id) if want.whose == "office" else found


def _standing(found: QuerySet[Case], state: str, now: datetime) -> tuple[QuerySet[Case], tuple[str, ...]]:
    if state == "done":
        return found.filter(state=CLOSED), ("-received_at", "-id")
    found = found.filter(state=OPEN)
    if state == "paused":
        return found.filter(next_due__isnull=True), ("received_at", "id")
    late = {"next_due__lt": now} if state == "late" else {"next_due__isnull": False}
    return found.filter(**late), ("next_due", "-next_cost_dong", "id")
