"""A camp of a few facts, for tests of rules alone: no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from tantam.office.camps import kinds
from tantam.office.camps.day import Day, Visit, fold
from tantam.office.camps.facts import Fact

ON = date(2026, 11, 21)
DAWN = datetime(2026, 11, 21, tzinfo=UTC)  # 7:00 in Vietnam


@dataclass
class Camp:
    """Facts as they are said; each a minute after the one before unless ``at`` (minutes after dawn) is given."""

    id: UUID = field(default_factory=uuid7)
    facts: list[Fact] = field(default_factory=list)
    minute: float = 0

    def say(
        self,
        body: kinds.Body,
        *,
        kit: int = 1,
        at: float | None = None,
        corrects: Fact | None = None,
        paper: str = "",
    ) -> Fact:
        """One fact of a kit."""
        self.minute = self.minute + 1 if at is None else at
        when = DAWN + timedelta(minutes=self.minute)
        number = corrects.id if corrects else None
        fact = Fact(uuid7(), self.id, body, f"D{kit}", "hoa", when, kit, when, number, paper)
        self.facts.append(fact)
        return fact

    def comes(self, ticket: str = "1", **other: Any) -> UUID:
        """Somebody registers; gives the visit. ``kit`` and ``at`` as in :meth:`say`."""
        visit = uuid7()
        where = {name: other.pop(name) for name in ("kit", "at") if name in other}
        name = other.pop("name", f"Người số {ticket}")
        body = kinds.Registered(visit=visit, ticket=ticket, name=name, consent="heard", **other)
        self.say(body, **where)
        return visit

    def desk(self, station: kinds.Station, number: int = 1) -> kinds.Desk:
        """A desk of a station."""
        desk = kinds.Desk(id=f"{station}-{number}", station=station, name=f"{station} {number}")
        self.say(desk, at=self.minute)
        return desk

    def prescribes(self, visit: UUID, medicine: str = "M", units: int = 10, **other: Any) -> Fact:
        """A doctor examines and prescribes."""
        one = kinds.Prescribed(medicine=medicine, units=units, how="sau ăn")
        return self.say(kinds.Examined(visit=visit, prescribed=[one]), **other)

    def gives(self, examined: Fact, lot: str = "A", units: int = 10, **other: Any) -> Fact:
        """The pharmacist answers an examination."""
        assert isinstance(examined.body, kinds.Examined)
        given = [kinds.Given(lot=lot, units=units)]
        return self.say(
            kinds.Dispensed(visit=examined.body.visit, examined=examined.id, given=given), **other
        )

    def gets(
        self, lot: str = "A", units: int = 100, days: int = 300, medicine: str = "M", kit: int = 0
    ) -> Fact:
        """Medicine comes in, to expire ``days`` after the day of the camp."""
        expires = ON + timedelta(days=days)
        return self.say(
            kinds.Stocked(lot=lot, medicine=medicine, number=lot, expires_on=expires, units=units, kit=kit)
        )

    @property
    def day(self) -> Day:
        """What it all comes to."""
        return fold(self.facts)

    def visit(self, number: UUID) -> Visit:
        """One visit as it stands."""
        return self.day.visits[number]
