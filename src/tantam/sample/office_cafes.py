"""Café meetings played from the plan to the last call back, through the acts of the events room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from tantam.clock import day_of
from tantam.errors import Refused
from tantam.office.events import actions as events
from tantam.office.events.models import Event, Guest
from tantam.office.promises import actions as promises
from tantam.sample import office_words as words
from tantam.sample.office_agenda import moment, working, working_before
from tantam.sample.office_people import Branch
from tantam.sample.office_table import name_of
from tantam.sample.office_year import Year

_LINES = UUID("0b5e6a3c-6d2f-5e0a-9a52-5f1f0c1d7a11")
DEVICE = "may-mau"


@dataclass(frozen=True)
class Cafe:
    """How one meeting goes: on which day; how far it comes by itself; after how many days it is forwarded."""

    branch: str
    on: date
    ends: str = "called_back"  # invited, reading, sealed, forwarded, called_back, cancelled
    forward_days: int = 2


def of_the_story(today: date) -> list[Cafe]:
    """The meetings that the demo tells of: Nha Trang today, Cà Mau late, Pleiku kept; and others of this autumn."""

    def back(days: int) -> date:
        day = today - timedelta(days=days)
        return working_before(day) if days > 0 else working(day)

    last, before = today.replace(day=1) - timedelta(days=9), today.replace(day=1) - timedelta(days=40)
    story = [
        Cafe("Nha Trang", today, "invited"),
        Cafe("Nha Trang", working(last), "called_back", 1),
        Cafe("Nha Trang", working(before), "called_back", 2),
        Cafe("Pleiku", back(12), "forwarded", 2),
        Cafe("Cà Mau", working(before), "called_back", 8),
    ]
    others = (
        "Hoàn Kiếm",
        "Vinh",
        "Hải Châu",
        "Đà Lạt",
        "Ninh Kiều",
        "Bến Thành",
        "Điện Biên Phủ",
        "Thuận Hóa",
    )
    ends = ("forwarded", "forwarded", "sealed", "reading", "forwarded", "cancelled", "forwarded", "invited")
    days = (16, 11, 1, 2, 9, 6, 14, -4)
    return story + [Cafe(name, back(d), end) for name, end, d in zip(others, ends, days, strict=True)]


class Cafes:
    """Puts meetings on the year's agenda."""

    def __init__(self, year: Year) -> None:
        self.year, self.lots, self.agenda = year, year.lots, year.agenda

    def put(self, cafe: Cafe) -> None:
        """One meeting: planned ten days before, drawn and called in the days after, held, and what follows."""
        branch = self.year.operator.branches[cafe.branch]
        self.year.own.add((cafe.branch, cafe.on.year, cafe.on.month))
        self.agenda.put(moment(cafe.on - timedelta(days=10), 9, 20), lambda at: self._plan(cafe, branch, at))

    def _plan(self, cafe: Cafe, branch: Branch, at: datetime) -> None:
        event = events.plan(
            actor=branch.director,
            at=at,
            office=branch.office,
            on=cafe.on,
            starts_at=time(15, 0),
            ends_at=time(16, 30),
            place=f"{self.lots.pick(words.CAFES)}, {branch.name}",
            host=branch.director,
            programme=self.year.programme("ca-phe", cafe.on.year),
        )
        self.agenda.put(at + timedelta(days=1), lambda at: self._choose(cafe, branch, event, at))

    def _choose(self, cafe: Cafe, branch: Branch, event: Event, at: datetime) -> None:
        try:
            guests = events.choose_guests(event, actor=branch.director, at=at)
        except Refused:  # a small base has provinces where nobody can be asked
            events.cancel(event, actor=branch.director, at=at, because="too_few")
            return
        seats = [g for g in guests if not g.reserve]
        for number, guest in enumerate(seats):
            answers = ANSWERS[number % len(ANSWERS)]
            for day, answer in enumerate(answers):
                when = moment(cafe.on - timedelta(days=6 - day), 9 + number, self.lots.between(0, 59))
                self.agenda.put(when, lambda at, g=guest, a=answer: self._call(branch, g, a, at))  # type: ignore[misc]
        after = moment(cafe.on - timedelta(days=3), 16)
        self.agenda.put(after, lambda at: self._fill(branch, event, at))
        if cafe.ends == "cancelled":
            why = moment(cafe.on - timedelta(days=1), 17)
            self.agenda.put(why, lambda at: _cancel(branch, event, at))
        elif cafe.ends == "invited":
            evening = moment(cafe.on - timedelta(days=1), 18)
            self.agenda.put(evening, lambda at: _remind(branch, event, at))
        else:
            self.agenda.put(moment(cafe.on, 17, 10), lambda at: self._held(cafe, branch, event, at))

    def _call(self, branch: Branch, guest: Guest, answer: str, at: datetime) -> None:
        """Answers are codes; ``explained:…`` is the one given after hearing why we ask."""
        explained, said = answer.startswith("explained:"), answer.rpartition(":")[2]
        name, title = ("", "") if said == "unreachable" else self._name(guest)
        known = guest.first_answer or (guest.party and guest.party.name)
        events.record_call(
            guest, actor=branch.officer, at=at, answer=said, explained=explained,
            name="" if known else name, title="" if known else title,
        )  # fmt: skip
        guest.refresh_from_db()

    def _name(self, guest: Guest) -> tuple[str, str]:
        """A made-up name, and how one addresses somebody of that age."""
        sex = self.lots.pick(("female", "male"))
        old = guest.reason.get("facts", {}).get("age") == "60_up"
        title = {("female", True): "bà", ("male", True): "ông", ("female", False): "chị"}.get(
            (sex, old), "anh"
        )
        return name_of(sex, self.lots.between(0, 999), self.lots.between(0, 999)), title

    def _fill(self, branch: Branch, event: Event, at: datetime) -> None:
        """Seats that stayed empty go to the next reserves, one after the other, who come if they can."""
        try:
            guest = events.next_reserve(event, actor=branch.officer, at=at)
        except Refused:  # every seat is given, or nobody is left
            return
        self.agenda.put(at + timedelta(minutes=6), lambda at: self._call(branch, guest, "accepted", at))
        self.agenda.put(at + timedelta(minutes=12), lambda at: self._fill(branch, event, at))

    def _held(self, cafe: Cafe, branch: Branch, event: Event, at: datetime) -> None:
        accepted = list(
            Guest.objects.filter(event=event, answer="accepted").select_related("party").order_by("order")
        )
        if not accepted:
            return
        there = accepted[:-1] if len(accepted) > 4 and self.lots.share() < 0.5 else accepted
        events.attend(event, actor=branch.director, at=at, came=[g.pk for g in there])
        own = words.LOCAL.get(cafe.branch, ())[cafe.on.month % 2 :: 2]  # not the same words at every meeting
        said = [*own, *self.lots.some(words.SAID, len(there) + self.lots.between(1, 4))]
        for number, what in enumerate(said):
            speaker, later = there[number % len(there)], at + timedelta(minutes=2 + 3 * number)
            self.agenda.put(later, lambda at, n=number, g=speaker, w=what: _write(branch, event, n, g, w, at))  # type: ignore[misc]
        after = at + timedelta(hours=1, minutes=10)
        heard = there[:2] if cafe.ends == "reading" else there
        for number, guest in enumerate(heard):
            self.agenda.put(after + timedelta(minutes=number), lambda at, g=guest: _read(branch, g, at))  # type: ignore[misc]
        if cafe.ends != "reading":
            self.agenda.put(after + timedelta(minutes=15), lambda at: self._seal(cafe, branch, event, at))

    def _seal(self, cafe: Cafe, branch: Branch, event: Event, at: datetime) -> None:
        sealed = events.seal(event, actor=branch.director, at=at)
        owed = self.year.gatherings.get((cafe.branch, cafe.on.year, cafe.on.month))
        if owed is not None:
            proof = f"Buổi cà phê {cafe.on:%d/%m/%Y}, niêm phong {sealed.seal_code[:8]}"
            promises.keep(owed, actor=branch.director, at=at, proof_kind="document", proof=proof)
        if cafe.ends in ("forwarded", "called_back"):
            when = moment(day_of(at) + timedelta(days=cafe.forward_days), 10, 15)
            self.agenda.put(when, lambda at: _forward(branch, event, at))
        came = list(Guest.objects.filter(event=event, came=True).order_by("order"))
        called = came if cafe.ends == "called_back" else came[:2] if cafe.ends == "forwarded" else []
        for number, guest in enumerate(called):
            when = moment(cafe.on + timedelta(days=7 + number * 2), 9 + number, 30)
            self.agenda.put(when, lambda at, g=guest: self._call_back(branch, g, at))  # type: ignore[misc]

    def _call_back(self, branch: Branch, guest: Guest, at: datetime) -> None:
        events.call_back(guest, actor=branch.officer, at=at, note=self.lots.pick(words.CALLED_BACK))


ANSWERS = (
    ("accepted",),
    ("refused", "explained:accepted"),
    ("unreachable", "accepted"),
    ("accepted",),
    ("refused", "explained:refused"),
    ("accepted",),
)
"""How the six seats answer: the second says no, is told why, and accepts; the fifth stays with no."""


def _write(
    branch: Branch, event: Event, number: int, guest: Guest, said: tuple[str, str, bool], at: datetime
) -> None:
    tone, text, competitor = said
    events.write_line(
        event, actor=branch.director, at=at, line_id=uuid5(_LINES, f"{event.pk}:{number}"), guest=guest, text=text,
        tone=tone, competitor=competitor, said_at=at, device=DEVICE,
    )  # fmt: skip


def _read(branch: Branch, guest: Guest, at: datetime) -> None:
    events.read_back(guest, actor=branch.director, at=at, answer="agreed")


def _remind(branch: Branch, event: Event, at: datetime) -> None:
    """Whoever said yes is reminded in the morning of the day, by a message that the gate judges then."""
    events.remind(event, actor=branch.officer, at=at)


def _forward(branch: Branch, event: Event, at: datetime) -> None:
    events.forward(event, actor=branch.director, at=at)


def _cancel(branch: Branch, event: Event, at: datetime) -> None:
    events.cancel(event, actor=branch.director, at=at, because="weather")
