"""What the facts of a camp come to: the plan, the visits, the stock. :mod:`tantam.office.camps.folding` makes it: the
same facts in any order give the same day. Pure; nothing here is changed once it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from tantam.office.camps import formulary, kinds
from tantam.office.camps.facts import Fact


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
    """One lot in the box of one ``kit`` (0: of any): what came in, was given and was written off, in whole units.
    ``counted``: by hand, if it was, and ``since``: how many units went out after that."""

    id: str
    medicine: str
    number: str
    expires_on: date
    came: int = 0
    given: int = 0
    lost: int = 0
    counted: int | None = None
    since: int = 0
    kit: int = 0

    @property
    def held(self) -> int:
        """What should lie there; below zero where more was given than came, which is a difference for a person."""
        return self.came - self.given - self.lost

    @property
    def difference(self) -> int | None:
        """What was counted less what should have lain there then; None where nobody counted. What was copied from
        paper later was done before the count."""
        return None if self.counted is None else self.counted - self.held - self.since


@dataclass
class Visit:
    """One person's way through the day; the facts that hold, corrections applied. ``answered``: examinations that the
    pharmacist has answered; ``begun``: when the first wording of a corrected fact was stored, by the fact that holds;
    ``first_at``: when the first of all was stored.
    """

    id: UUID
    registered: Fact | None = None
    measured: Fact | None = None
    examined: list[Fact] = field(default_factory=list)
    dispensed: list[Fact] = field(default_factory=list)
    calls: list[Fact] = field(default_factory=list)
    left: Fact | None = None
    voices: list[Fact] = field(default_factory=list)
    answered: set[UUID] = field(default_factory=set)
    begun: dict[UUID, datetime] = field(default_factory=dict)
    first_at: datetime = datetime.min

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
        return [
            (fact, body)
            for fact, body in self.examinations
            if body.prescribed and fact.id not in self.answered
        ]

    @cached_property
    def waits_for(self) -> str:
        """The station that this visit waits for; empty once they left."""
        if self.left is not None:
            return ""
        if self.examined:
            return "pharmacist" if self.to_dispense else "exit"
        return "doctor" if self.measured else "triage"

    @cached_property
    def since(self) -> datetime:
        """When the step before this wait was stored; a correction costs nobody his place."""
        return max(self.at(fact) for fact in self.steps)

    @property
    def steps(self) -> list[Fact]:
        """What stations did, in the order of the stations."""
        done = [self.registered, self.measured, *self.examined, *self.dispensed]
        return [fact for fact in done if fact]

    @cached_property
    def served_at(self) -> dict[str, list[datetime]]:
        """When each station did what it did."""
        done: dict[str, Sequence[Fact | None]] = {
            "registrar": [self.registered],
            "triage": [self.measured],
            "doctor": self.examined,
            "pharmacist": self.dispensed,
            "exit": [self.left],
        }
        return {station: [self.at(fact) for fact in facts if fact] for station, facts in done.items()}

    @cached_property
    def called_at(self) -> list[tuple[str, datetime]]:
        """Which desks called, and when, first to last."""
        return [(fact.body.desk, fact.kit_at) for fact in self.calls if isinstance(fact.body, kinds.Called)]

    def at(self, fact: Fact) -> datetime:
        """When a fact of this visit, or the one it corrects, was stored."""
        return self.begun.get(fact.id, fact.kit_at) if self.begun else fact.kit_at


@dataclass
class Day:
    """All of it. ``visits`` stand in the order in which they began; ``followed`` by the examination that holds now;
    ``stray``: facts of visits that nobody registered (their other half is on another kit)."""

    plan: Plan = field(default_factory=Plan)
    visits: dict[UUID, Visit] = field(default_factory=dict)
    lots: dict[str, Lot] = field(default_factory=dict)
    closed: list[Fact] = field(default_factory=list)
    settled: dict[str, kinds.Settled] = field(default_factory=dict)
    followed: dict[UUID, kinds.Followed] = field(default_factory=dict)
    stories: dict[UUID, kinds.Story] = field(default_factory=dict)
    voices: list[Fact] = field(default_factory=list)
    stray: list[Fact] = field(default_factory=list)

    @cached_property
    def came(self) -> list[Visit]:
        """Visits of people who were registered, first to last."""
        return [visit for visit in self.visits.values() if visit.registered]

    @cached_property
    def prescribed(self) -> dict[str, tuple[int, int]]:
        """How often each medicine was prescribed, and how many units in all."""
        found: dict[str, tuple[int, int]] = {}
        for visit in self.came:
            for _, examined in visit.examinations:
                for one in examined.prescribed:
                    times, units = found.get(one.medicine, (0, 0))
                    found[one.medicine] = (times + 1, units + one.units)
        return found

    def unexplained(self, visit: Visit, on: date) -> list[tuple[Fact, str, formulary.Warning]]:
        """What the signed formulary says against medicine that is not handed out yet and no doctor gave a reason for:
        the examination, the medicine, the warning. Judged by what is known of the person now, so that a weight that
        was corrected counts. Such a prescription is kept as it came; a pharmacist waits for the doctor's word."""
        open_ = {fact.id for fact, _ in visit.to_dispense} if visit.registered else set()
        medicines = self.plan.medicines if open_ else {}
        found: list[tuple[Fact, str, formulary.Warning]] = []
        before: list[kinds.Prescribed] = []
        for fact, body in visit.examinations if open_ else ():
            for one in body.prescribed:
                if fact.id in open_ and one.medicine in medicines:
                    limit = formulary.limits(medicines[one.medicine], visit.person, visit.vitals, on)
                    found += [(fact, one.medicine, no) for no in formulary.check(one, limit, before)]
                before.append(one)
        return found


def fold(facts: Iterable[Fact]) -> Day:
    """The day that these facts come to; they may be of several kits, in any order, some twice."""
    from tantam.office.camps.folding import Folding

    return Folding().take(facts)
