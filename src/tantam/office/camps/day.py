"""What the facts of a camp come to: the plan, the visits, the stock. A fold without a memory of its own: the same
facts in any order give the same day. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from tantam.office.camps import kinds
from tantam.office.camps.facts import Fact, current, merge


@dataclass
class Plan:
    """What headquarters decided. ``lots`` hold what came in; later ones of a kind hold where only one can."""

    planned: kinds.Planned | None = None
    permit: tuple[Fact, kinds.Permit] | None = None
    opened: kinds.Opened | None = None
    formulary: kinds.Formulary | None = None
    weighed: list[kinds.Place] = field(default_factory=list)
    partners: dict[str, kinds.Partner] = field(default_factory=dict)
    members: dict[str, kinds.Member] = field(default_factory=dict)
    desks: dict[str, kinds.Desk] = field(default_factory=dict)
    kits: dict[int, kinds.Kit] = field(default_factory=dict)
    devices: dict[str, kinds.Device] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    expected: dict[str, kinds.Person] = field(default_factory=dict)
    budget_dong: int = 0
    spent_dong: int = 0
    notices: list[kinds.Noticed] = field(default_factory=list)
    lessons: list[kinds.Lesson] = field(default_factory=list)

    @property
    def medicines(self) -> dict[str, kinds.Medicine]:
        """The formulary by code."""
        return {one.code: one for one in self.formulary.medicines} if self.formulary else {}


@dataclass
class Lot:
    """One lot: what came in, was given and was written off, in whole units; ``counted`` by hand, if it was."""

    id: str
    medicine: str
    number: str
    expires_on: date
    came: int = 0
    given: int = 0
    lost: int = 0
    counted: int | None = None

    @property
    def held(self) -> int:
        """What should lie there; below zero where more was given than came, which is a difference for a person."""
        return self.came - self.given - self.lost


@dataclass
class Visit:
    """One person's way through the day; the facts that hold, corrections applied."""

    id: UUID
    registered: Fact | None = None
    measured: Fact | None = None
    examined: list[Fact] = field(default_factory=list)
    dispensed: list[Fact] = field(default_factory=list)
    calls: list[Fact] = field(default_factory=list)
    left: Fact | None = None
    voices: list[Fact] = field(default_factory=list)

    @property
    def person(self) -> kinds.Registered:
        """Who it is."""
        assert self.registered is not None and isinstance(self.registered.body, kinds.Registered)
        return self.registered.body

    @property
    def vitals(self) -> kinds.Measured | None:
        """What triage measured, if it did."""
        return (
            self.measured.body if self.measured and isinstance(self.measured.body, kinds.Measured) else None
        )

    @property
    def examinations(self) -> list[tuple[Fact, kinds.Examined]]:
        """What doctors found, first to last."""
        return [(fact, fact.body) for fact in self.examined if isinstance(fact.body, kinds.Examined)]

    @property
    def to_dispense(self) -> list[tuple[Fact, kinds.Examined]]:
        """Examinations with medicine that no pharmacist has answered yet."""
        answered = {fact.body.examined for fact in self.dispensed if isinstance(fact.body, kinds.Dispensed)}
        return [
            (fact, body) for fact, body in self.examinations if body.prescribed and fact.id not in answered
        ]

    @property
    def waits_for(self) -> str:
        """The station that this visit waits for; empty once they left."""
        if self.left is not None:
            return ""
        if self.examined:
            return "pharmacist" if self.to_dispense else "exit"
        return "doctor" if self.measured else "triage"

    @property
    def since(self) -> datetime:
        """When the step before this wait was stored."""
        done = [self.registered, self.measured, *self.examined, *self.dispensed]
        return max(fact.kit_at for fact in done if fact)


@dataclass
class Day:
    """All of it. ``stray``: facts of visits that nobody registered (their other half is on another kit)."""

    plan: Plan = field(default_factory=Plan)
    visits: dict[UUID, Visit] = field(default_factory=dict)
    lots: dict[str, Lot] = field(default_factory=dict)
    closed: list[Fact] = field(default_factory=list)
    settled: dict[str, kinds.Settled] = field(default_factory=dict)
    followed: dict[UUID, kinds.Followed] = field(default_factory=dict)
    stories: dict[UUID, kinds.Story] = field(default_factory=dict)
    voices: list[Fact] = field(default_factory=list)
    stray: list[Fact] = field(default_factory=list)

    @property
    def came(self) -> list[Visit]:
        """Visits of people who were registered, first to last."""
        return [visit for visit in self.visits.values() if visit.registered]


def fold(facts: Iterable[Fact]) -> Day:
    """The day that these facts come to; they may be of several kits, in any order, some twice."""
    day = Day()
    for fact in current(merge(facts)):
        _take(day, fact)
    for visit in day.visits.values():
        if visit.registered is None:
            halves = [visit.measured, *visit.examined, *visit.dispensed, visit.left]
            day.stray += [fact for fact in halves if fact]
    return day


def _take(day: Day, fact: Fact) -> None:
    """One fact into the day; a kind that changes nothing here (a lesson's words, say) is only kept."""
    body, plan = fact.body, day.plan
    match body:
        case kinds.Planned():
            plan.planned = body
        case kinds.Permit():
            plan.permit = (fact, body)
        case kinds.Opened():
            plan.opened = body
        case kinds.Formulary():
            plan.formulary = body
        case kinds.Weighed():
            plan.weighed = body.places
        case kinds.Partner():
            plan.partners[body.id] = body
        case kinds.Member():
            plan.members[body.id] = body
        case kinds.Desk():
            plan.desks[body.id] = body
        case kinds.Kit():
            plan.kits[body.number] = body
        case kinds.Device():
            plan.devices[body.id] = body
        case kinds.Codes():
            plan.codes.update(body.rows)
        case kinds.Expected():
            plan.expected.update((one.id, one) for one in body.people)
        case kinds.Budget():
            plan.budget_dong += body.dong
        case kinds.Spent():
            plan.spent_dong += body.dong
        case kinds.Noticed():
            plan.notices.append(body)
        case kinds.Lesson():
            plan.lessons.append(body)
        case _:
            _take_of_the_day(day, fact)


def _take_of_the_day(day: Day, fact: Fact) -> None:
    body = fact.body
    match body:
        case kinds.Stocked():
            lot = day.lots.setdefault(body.lot, Lot(body.lot, body.medicine, body.number, body.expires_on))
            lot.medicine, lot.number, lot.expires_on = body.medicine, body.number, body.expires_on
            lot.came += body.units
        case kinds.WrittenOff():
            _lot(day, body.lot).lost += body.units
        case kinds.Counted():
            _lot(day, body.lot).counted = body.units
        case kinds.Closed():
            day.closed.append(fact)
        case kinds.Settled():
            day.settled[body.about] = body
        case kinds.Followed():
            day.followed[body.examined] = body
        case kinds.Story():
            day.stories[body.voice] = body
        case kinds.Voiced():
            day.voices.append(fact)
            if body.visit:
                _visit(day, body.visit).voices.append(fact)
        case kinds.Registered():
            _visit(day, body.visit).registered = fact
        case kinds.Called():
            _visit(day, body.visit).calls.append(fact)
        case kinds.Measured():
            _visit(day, body.visit).measured = fact
        case kinds.Examined():
            _visit(day, body.visit).examined.append(fact)
        case kinds.Dispensed():
            _visit(day, body.visit).dispensed.append(fact)
            for one in body.given:
                _lot(day, one.lot).given += one.units
        case kinds.Left():
            _visit(day, body.visit).left = fact


def _visit(day: Day, number: UUID) -> Visit:
    return day.visits.setdefault(number, Visit(number))


def _lot(day: Day, number: str) -> Lot:
    return day.lots.setdefault(number, Lot(number, "", number, date.max))
