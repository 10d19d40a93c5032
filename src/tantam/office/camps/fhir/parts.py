"""The small parts that every resource is made of: ids, references, moments, concepts, whose code systems are ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid5

from tantam.letters import fold
from tantam.office.camps import kinds
from tantam.office.camps.day import Day, Visit
from tantam.office.camps.facts import Fact

Resource = dict[str, Any]
ALLERGY_GROUP = "urn:tantam:camp:allergy-group"
MEASURE = "urn:tantam:camp:measure"
VISIT = "urn:tantam:camp:visit"
LICENCE = "urn:tantam:camp:licence"
MADE_UP = "urn:tantam:camp:made-up"
DIGEST = "urn:tantam:camp:facts-digest"
_ADDRESS = re.compile(r"(?:urn|https?):[^\s]+")


@dataclass(frozen=True)
class Context:
    """What every resource of one camp needs: its day, its number, the operator's name, code → its system."""

    camp: UUID
    day: Day
    operator: str
    systems: Mapping[str, str]
    roots: Mapping[UUID, UUID]
    """An examination → the first fact that its chain of corrections began with."""
    firsts: Mapping[UUID, UUID]
    """A visit → the first visit of the same person, where somebody decided that two are one's."""

    @cached_property
    def planned(self) -> kinds.Planned:
        """What was planned; a camp without a plan is none."""
        assert self.day.plan.planned is not None
        return self.day.plan.planned

    def id(self, kind: str, *names: object) -> str:
        """The id of a resource: the same for the same thing of the same camp, each time."""
        return str(uuid5(self.camp, "/".join([kind, *map(str, names)])))

    def to(self, kind: str, *names: object) -> Resource:
        """A reference to a resource of this bundle."""
        return {"reference": f"urn:uuid:{self.id(kind, *names)}"}

    def patient(self, visit: Visit) -> Resource:
        """A reference to whoever came."""
        return self.to("Patient", self.firsts[visit.id])

    def by(self, fact: Fact) -> Resource | None:
        """A reference to whoever wrote a fact, if he is of the team."""
        return self.to("Practitioner", fact.author) if fact.author in self.day.plan.members else None

    def when(self, fact: Fact) -> str:
        """When it happened by the kit's clock; of what was entered late from paper, the day alone is known."""
        if fact.entered_late:
            return str(self.planned.on)
        return moment(fact.kit_at)

    def medicine(self, code: str) -> Resource:
        """A medicine by its line of the signed formulary."""
        known = self.day.plan.medicines.get(code)
        words = known.name if known else code
        if known and known.strength not in known.name:
            words = f"{known.name} {known.strength}"
        return concept(words, f"urn:tantam:camp:{self.camp}:formulary", code)


def moment(at: datetime) -> str:
    """A moment in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def concept(text: str, system: str = "", code: str = "") -> Resource:
    """A concept in words, with a code where it has one."""
    said: Resource = {"coding": [{"system": system, "code": code, "display": text}]} if code else {}
    return {**said, "text": text}


def bound(system: str, code: str) -> Resource:
    """A concept of a code system of FHIR."""
    return {"coding": [{"system": f"http://terminology.hl7.org/CodeSystem/{system}", "code": code}]}


def address_of(system: str) -> str:
    """A list of codes as an address: itself if it is one, else ours, made of its name."""
    return system if _ADDRESS.fullmatch(system) else f"urn:tantam:codes:{fold(system).replace(' ', '-')}"


def filled(resource: Resource) -> Resource:
    """Without what is empty: FHIR knows no empty element."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}
