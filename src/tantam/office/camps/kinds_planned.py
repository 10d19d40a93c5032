"""What headquarters says of a camp before its day, and its lessons."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from tantam.office.camps.bodies import (
    Body,
    Channel,
    Code,
    Count,
    Dong,
    Line,
    Name,
    Part,
    Role,
    Sex,
    Station,
    Text,
    Units,
)


class Planned(Body, kind="planned"):
    """A camp of one day in one commune. ``general``: a general examination; a themed camp (heart, children, women)
    lets nothing of who came pass, since the theme alone would tell of an illness. ``made_up``: a demo or rehearsal.
    ``programme``: the programme's number at headquarters, 0 for none; ``moved_because``: why the day is another now."""

    name: Name
    theme: Name
    general: bool
    place_code: Code
    place: Name
    province: Code
    on: date
    aim: Line = ""
    made_up: bool = False
    programme: Annotated[int, Field(ge=0)] = 0
    moved_because: Line = ""


class Place(Part):
    """One commune that was weighed: ``distance_km`` to the nearest hospital, ``poor_per_1000`` households,
    ``doctors_per_100k`` people, the last camp there; ``reason`` in words, also for one that was passed over."""

    code: Code
    name: Name
    province: Code
    distance_km: Count
    poor_per_1000: Annotated[int, Field(ge=0, le=1000)]
    doctors_per_100k: Count
    last_camp_on: date | None = None
    people: Count = 0
    chosen: bool
    reason: Line


class Weighed(Body, kind="weighed"):
    """The places that were looked at for this camp, the chosen one among them."""

    places: Annotated[list[Place], Field(min_length=1, max_length=500)]


class Permit(Body, kind="permit"):
    """The approval of the health authority, without which a camp does not open. ``real``: false in a rehearsal."""

    authority: Name
    number: Name
    issued_on: date
    valid_to: date
    dossier: Line
    real: bool


class Partner(Body, kind="partner"):
    """Who stands beside us: a hospital, a donor, the commune."""

    id: Code
    name: Name
    role: Literal["hospital", "donor", "authority", "commune"]
    gives: Line = ""


class Member(Body, kind="member"):
    """Somebody of the team; doctors and pharmacists have the number of their licence. ``pin``: scrypt of the PIN."""

    id: Code
    name: Name
    title: Annotated[str, Field(max_length=20)] = ""
    roles: Annotated[list[Role], Field(min_length=1, max_length=7)]
    licence: Line = ""
    pin: Annotated[str, Field(max_length=200)] = ""


class Desk(Body, kind="desk"):
    """A desk of a station: “Bác sĩ bàn 2”."""

    id: Code
    station: Station
    name: Name


class Bound(Part):
    """A bound of a medicine for those from ``from_months`` to under ``to_months`` old (null: no end) and from
    ``from_kg``: the most units a day and in all; ``null``: no bound given."""

    from_months: Count = 0
    to_months: Count | None = None
    from_kg: Count = 0
    most_a_day: Units | None = None
    most_in_all: Units | None = None
    refused: Line = ""


class Medicine(Part):
    """A line of the formulary. ``groups``: what an allergy may name (penicillin); ``not_in_pregnancy``: a sentence of
    the chief pharmacist, or empty where none was given; ``source``: where its bounds and warnings come from."""

    code: Code
    name: Name
    ingredient: Name
    strength: Line = ""
    form: Line = ""
    unit: Name
    groups: Annotated[list[Code], Field(max_length=10)] = []
    how: Line = ""
    not_in_pregnancy: Line = ""
    warning: Line = ""
    bounds: Annotated[list[Bound], Field(max_length=20)] = []
    source: Line


class Formulary(Body, kind="formulary"):
    """The medicines of this camp, filled in and signed by its chief pharmacist. ``demo``: obviously made up, refused
    for a camp with a real permit. ``digest``: of the file that was signed."""

    demo: bool
    medicines: Annotated[list[Medicine], Field(min_length=1, max_length=500)]
    signed_by: Name
    signed_on: date
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Codes(Body, kind="codes"):
    """A part of the list of findings that the camp loaded: rows of code and Vietnamese name."""

    system: Line
    part: Count
    rows: Annotated[list[tuple[Code, Line]], Field(max_length=1000)]


class Person(Part):
    """Somebody the commune expects; ``card``: SHA-256 of the card's number with the camp's salt, or empty."""

    id: Code
    name: Name
    born_year: Annotated[int, Field(ge=1890, le=2100)] | None = None
    sex: Sex = "unknown"
    village: Line = ""
    card: Annotated[str, Field(max_length=64)] = ""
    seen: Annotated[str, Field(max_length=40)] = ""


class Expected(Body, kind="expected"):
    """Some of the people that the commune expects; everybody else who comes is registered too."""

    people: Annotated[list[Person], Field(max_length=1000)]


class Stocked(Body, kind="stocked"):
    """Medicine that came in: ``units`` of one lot, into the box of one ``kit`` (0: of any)."""

    lot: Code
    medicine: Code
    number: Name
    expires_on: date
    units: Units
    giver: Line = ""
    kit: Annotated[int, Field(ge=0, le=99)] = 0


class Budget(Body, kind="budget"):
    """Money set aside for the camp, and whose."""

    dong: Dong
    source: Line


class Spent(Body, kind="spent"):
    """Money that went out."""

    what: Line
    dong: Dong


class Noticed(Body, kind="noticed"):
    """People were told: by poster, loudspeaker or text. ``reached``: how many, where one can count, and ``done`` once
    everybody was asked for. ``where``, ``times`` (a line a village) and ``bring`` are what a poster says."""

    channel: Channel
    words: Text
    reached: Annotated[int, Field(ge=0)] = 0
    done: bool = False
    where: Line = ""
    times: Annotated[list[Line], Field(max_length=60)] = []
    bring: Line = ""


class Kit(Body, kind="kit"):
    """A laptop of the camp: its address on its own Wi-Fi, and the first ticket it gives."""

    number: Annotated[int, Field(ge=1, le=99)]
    name: Name
    address: Line
    first_ticket: Units


class Device(Body, kind="device"):
    """A phone or tablet of the camp. ``letter`` marks the tickets it gives without network; ``entry``: SHA-256 of the
    secret in the link that lets it in."""

    id: Code
    name: Name
    letter: Annotated[str, Field(pattern=r"^[A-Z]{1,2}$")]
    entry: Annotated[str, Field(max_length=64)] = ""


class Opened(Body, kind="opened"):
    """Headquarters opened the camp: the permit was there, the team had licences, the formulary was signed."""

    permit: UUID


class CalledOff(Body, kind="called_off"):
    """The camp does not take place, and why."""

    reason: Annotated[str, Field(min_length=3, max_length=300)]


class Lesson(Body, kind="lesson"):
    """What came off and what did not yet, carried into the next plan."""

    came_off: bool
    words: Line
