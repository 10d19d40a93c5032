"""Which promises a list shows, by its address: the state, where, whose, of what kind, due when, and words sought."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet

from tantam.clock import parse_day, to_date
from tantam.errors import BadInput
from tantam.letters import fold
from tantam.office import door
from tantam.office.people.models import Office, Staff
from tantam.office.promises import models
from tantam.office.promises.models import BROKEN, KEPT, OPEN, RELEASED, Promise
from tantam.office.promises.rules import KINDS

STATES = {
    "open": ("Còn nợ", "Owed"),
    "late": ("Đang trễ", "Late"),
    "due": ("Chưa đến hạn", "Not yet due"),
    "kept": ("Đã giữ", "Kept"),
    "kept_on_time": ("Giữ đúng ngày", "Kept on time"),
    "kept_late": ("Giữ muộn", "Kept late"),
    "broken": ("Không giữ được", "Broken"),
    "released": ("Đã miễn", "Released"),
    "counted": ("Đã đến hạn", "Come due"),
}
SHOWN = ("open", "late", "due", "kept", "kept_late", "broken", "released")
"""The states that always stand in the row of filters; the others are reached from a figure."""

FALLING = ("kept", "kept_on_time", "kept_late", "broken", "released", "counted")
"""What is settled is read from the latest back; what is owed from the oldest on, so that the late come first."""


@dataclass(frozen=True)
class Wanted:
    """What an address asks for; everything in it was checked against what this reader may see."""

    state: str = "open"
    office: Office | None = None
    owner: Staff | None = None
    kind: str = ""
    first: date | None = None
    last: date | None = None
    q: str = ""
    offices: list[int] | None = field(default=None, repr=False)

    @property
    def order(self) -> tuple[str, ...]:
        return ("-first_due", "-id") if self.state in FALLING else ("first_due", "id")

    @property
    def narrow(self) -> bool:
        """Whether anything but the state is chosen."""
        return bool(self.office or self.owner or self.kind or self.first or self.last or self.q)

    def address(self, **changes: Any) -> str:
        """The address of this list with something else; None leaves a part out."""
        parts = {
            "state": self.state,
            "office": self.office and self.office.pk,
            "owner": self.owner and self.owner.pk,
            "kind": self.kind,
            "from": self.first,
            "to": self.last,
            "q": self.q,
            **changes,
        }
        return "/promises/?" + urlencode({name: str(part) for name, part in parts.items() if part})


def wanted(asked: Any, reader: Staff) -> Wanted:
    """Read an address. Refuses ``not_your_office``; BadInput ``bad_filter``, ``bad_day`` for what no page offers."""
    state, kind = asked.get("state") or "open", asked.get("kind", "")
    if state not in STATES or (kind and kind not in KINDS):
        raise _bad()
    office = _found(Office, asked.get("office"))
    offices = door.offices(reader, "promise.see")
    if office is not None:
        door.enter(reader, "promise.see", office)
        below = Office.objects.filter(path__startswith=office.path).values_list("pk", flat=True)
        offices = [pk for pk in below if offices is None or pk in offices]
    return Wanted(
        state=state,
        office=office,
        owner=_found(Staff, asked.get("owner")),
        kind=kind,
        first=_day(asked.get("from")),
        last=_day(asked.get("to")),
        q=asked.get("q", "").strip()[:100],
        offices=offices,
    )


MANY = 2000
"""From so many rows on, those of several offices are picked out of all in order, rather than put in order."""


def rows(want: Wanted, today: date, count: int = 0) -> QuerySet[Promise]:
    """The promises of a list, not yet in order; ``count``: how many there are, where that is known."""
    found = Promise.objects.select_related("owner", "office")
    if count > MANY and want.offices is not None and len(want.offices) > 1:
        # A sum serves no index: the database reads in order and stops at the end of the page.
        found = found.annotate(at_office=F("office_id") + 0).filter(at_office__in=want.offices)
    else:
        found = models.within(found, want.offices)
    found = found.filter(_state(want.state, today))
    if want.owner is not None:
        found = found.filter(owner=want.owner)
    if want.kind:
        found = found.filter(kind=want.kind)
    if want.first:
        found = found.filter(first_due__gte=want.first)
    if want.last:
        found = found.filter(first_due__lte=want.last)
    return found.filter(spoken(want.q)) if want.q else found


def spoken(q: str) -> Q:
    """Promises whose words begin with the words sought, accents or not."""
    sought = Q()
    for word in fold(q).split():
        sought &= Q(plain__startswith=word) | Q(plain__contains=f" {word}")
    return sought


def counts(want: Wanted, today: date) -> dict[str, int]:
    """How many of each state, where the tally knows: not by owner and not by words, which are counted on paper."""
    if want.owner is not None or want.q:
        return {}
    if want.first or want.last:
        due = models.rate(today=today, first=want.first, last=want.last, offices=want.offices, kind=want.kind)
        found = {**due.figures(), "late": due.open_late, "counted": due.due}
        return {
            state: int(found[state] or 0) for state in ("late", "kept_late", "broken", "released", "counted")
        }
    stand = models.standing(today=today, offices=want.offices, kind=want.kind)
    return {
        "open": stand.open,
        "late": stand.late,
        "due": stand.waiting,
        "kept": stand.kept_on_time + stand.kept_late,
        "kept_on_time": stand.kept_on_time,
        "kept_late": stand.kept_late,
        "broken": stand.broken,
        "released": stand.released,
    }


def _state(state: str, today: date) -> Q:
    on_time = Q(settled_on__lte=F("first_due"))
    return {
        "open": Q(state=OPEN),
        "late": Q(state=OPEN, first_due__lt=today),
        "due": Q(state=OPEN, first_due__gte=today),
        "kept": Q(state=KEPT),
        "kept_on_time": Q(state=KEPT) & on_time,
        "kept_late": Q(state=KEPT) & ~on_time,
        "broken": Q(state=BROKEN),
        "released": Q(state=RELEASED),
        "counted": ~Q(state=RELEASED)
        & Q(first_due__lte=today)
        & ~Q(state=OPEN, first_due=today),  # due today and open is not late yet
    }[state]


def _found(model: Any, number: str | None) -> Any:
    if not number:
        return None
    row = model.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if row is None:
        raise _bad()
    return row


def _day(text: str | None) -> date | None:
    return to_date(parse_day(text)) if text else None


def _bad() -> BadInput:
    return BadInput(
        "bad_filter",
        "No list is kept by what this address asks for.",
        "Open the list again and choose from it.",
        vi="Địa chỉ này không ra danh sách nào. Mở lại danh sách rồi chọn từ đó.",
    )
