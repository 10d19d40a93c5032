"""The listening day of 15/10 at Nha Trang, played from the plan to the forwarding through the acts of the events."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from tantam.errors import Refused
from tantam.office.events import actions as events
from tantam.office.events.models import Event, Guest
from tantam.sample import office_words as words
from tantam.sample.office_agenda import Lots, moment, working
from tantam.sample.office_table import name_of
from tantam.sample.office_year import Year

_FORMS = UUID("7d0c9be1-54b6-5c6f-8b0e-15101510f0a1")
BRANCH, PLACE = "Nha Trang", "Nhà văn hóa Thanh niên, Nha Trang"
SEATS, DRAWN, ASKED, WALKED_IN, HEARD = 400, 160, 40, 110, 48


class Hall:
    """Puts one listening day on the year's agenda; its lots are its own, so that nothing else of the year changes."""

    def __init__(self, year: Year, seed: int) -> None:
        self.branch, self.agenda, self.year = year.operator.branches[BRANCH], year.agenda, year
        self.lots = Lots(seed + 1510)

    def put(self, first: date, today: date) -> None:
        """The last 15/10 that was, if the year played reaches back to its plan."""
        on = date(today.year if (today.month, today.day) > (10, 15) else today.year - 1, 10, 15)
        planned = working(on - timedelta(days=24))
        if planned >= first:
            self.agenda.put(moment(planned, 9, 10), lambda at: self._plan(on, at))

    def _plan(self, on: date, at: datetime) -> None:
        event = events.plan(
            kind="listening_day", actor=self.branch.director, at=at, office=self.branch.office, on=on,
            starts_at=time(8), ends_at=time(17), place=PLACE, host=self.branch.director, seats=SEATS,
            programme=self.year.programme("ngay-lang-nghe", on.year),
        )  # fmt: skip
        self.agenda.put(at + timedelta(hours=1), lambda at: self._draw(event, at))
        for n in range(ASKED):
            day = on - timedelta(days=2 + n % 14)
            when = moment(day, 8 + n % 9, self.lots.between(0, 59))
            self.agenda.put(when, lambda at, n=n: self._sign_up(event, n, at))  # type: ignore[misc]
        self.agenda.put(moment(on, 7, 55), lambda at: self._open(event, at))
        for n in range(HEARD):
            when = moment(on, 8, 20) + timedelta(minutes=10 * n)
            self.agenda.put(when, lambda at, n=n: self._hear(event, n, at))  # type: ignore[misc]
        self.agenda.put(moment(on, 17, 20), lambda at: self._close(event, at))
        self.agenda.put(moment(working(on + timedelta(days=2)), 9, 40), lambda at: self._forward(event, at))

    def _draw(self, event: Event, at: datetime) -> None:
        try:
            events.choose_guests(event, actor=self.branch.director, at=at, count=DRAWN)
        except Refused:  # a small base has provinces where nobody can be asked
            return

    def _sign_up(self, event: Event, n: int, at: datetime) -> None:
        sex = self.lots.pick(("female", "male"))
        name = name_of(sex, self.lots.between(0, 999), self.lots.between(0, 999))
        events.sign_up(
            event, actor=self.branch.officer, at=at, form=uuid5(_FORMS, f"asks {event.pk} {n}"), name=name,
            title="chị" if sex == "female" else "anh",
        )  # fmt: skip

    def _open(self, event: Event, at: datetime) -> None:
        """Four of five on the list come, most of them in the morning; others walk in."""
        listed = Guest.objects.filter(event=event).select_related("event__office").order_by("order")
        for guest in listed:
            if self.lots.share() < 0.8:
                self.agenda.put(self._moment(event), lambda at, g=guest: self._let_in(g, at))  # type: ignore[misc]
        for n in range(WALKED_IN):
            self.agenda.put(self._moment(event), lambda at, n=n: self._walk_in(event, n, at))  # type: ignore[misc]

    def _moment(self, event: Event) -> datetime:
        minutes = int(440 * self.lots.share() ** 1.7)
        return moment(event.on, 8, 1) + timedelta(minutes=minutes, seconds=self.lots.between(0, 59))

    def _let_in(self, guest: Guest, at: datetime) -> None:
        events.check_in(guest, actor=self.branch.officer, at=at)

    def _walk_in(self, event: Event, n: int, at: datetime) -> None:
        events.walk_in(event, actor=self.branch.officer, at=at, form=uuid5(_FORMS, f"walks {event.pk} {n}"))

    def _hear(self, event: Event, n: int, at: datetime) -> None:
        tone, text, _ = self.lots.pick(words.SAID)
        number = uuid5(_FORMS, f"says {event.pk} {n}")
        events.hear(event, actor=self.branch.officer, at=at, id=number, text=text, tone=tone)
        if n % 3:
            later = at + timedelta(minutes=4)
            self.agenda.put(later, lambda at: self._screen(event, number, at))

    def _screen(self, event: Event, opinion: UUID, at: datetime) -> None:
        events.screen(event, actor=self.branch.director, at=at, opinion=opinion, shown=True)

    def _close(self, event: Event, at: datetime) -> None:
        events.close(event, actor=self.branch.director, at=at)

    def _forward(self, event: Event, at: datetime) -> None:
        events.forward(event, actor=self.branch.director, at=at)
