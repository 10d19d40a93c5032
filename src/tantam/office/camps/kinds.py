"""The kinds of facts, and what each says. Whole units, whole đồng, tenths where a thermometer has them; no floats.

A body refuses what its kind does not know, so that a fact written by a newer program is never half-read.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

KINDS: dict[str, type[Body]] = {}
"""Kind → what its body holds."""

Code = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._:-]+$")]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Line = Annotated[str, Field(max_length=300)]
Text = Annotated[str, Field(max_length=4000)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Units = Annotated[int, Field(ge=1, le=1_000_000)]
Dong = Annotated[int, Field(ge=0, le=10**12)]
Sex = Literal["female", "male", "other", "unknown"]
Station = Literal["registrar", "triage", "doctor", "pharmacist", "exit"]
STATIONS: tuple[Station, ...] = get_args(Station)
Role = Literal["registrar", "triage", "doctor", "pharmacist", "exit", "lead", "chief_pharmacist"]
Channel = Literal["poster", "loudspeaker", "sms"]
Tone = Literal["thanks", "complaint", "story"]
Priority = Literal["child", "elder", "pregnant", "disabled", "merit"]


class Part(BaseModel):
    """A part of a body."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Body(Part):
    """What a fact of one kind says."""

    kind: ClassVar[str] = ""

    def __init_subclass__(cls, kind: str = "") -> None:
        super().__init_subclass__()
        if kind:
            cls.kind = kind
            KINDS[kind] = cls


# --- planned at headquarters ---------------------------------------------------------------------------------------


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


# --- the day -------------------------------------------------------------------------------------------------------


class Registered(Body, kind="registered"):
    """Somebody came. ``visit``: the visit's id; ``expected``: whom of the commune's list it is; ``card``: salted
    SHA-256 of a card's number, ``card_end`` its last four digits for people to compare; ``born_about``: the year is a
    guess. ``consent``: heard in a language they understand, by whom witnessed. ``know_me``: they agree that the
    operator may know that they came, with their number (general camps only)."""

    visit: UUID
    ticket: Annotated[str, Field(pattern=r"^(?:[EU] )?[A-Z]{0,2}\d{1,5}$")]
    name: Name
    born_on: date | None = None
    born_year: Annotated[int, Field(ge=1890, le=2100)] | None = None
    born_about: bool = False
    sex: Sex = "unknown"
    village: Line = ""
    expected: Annotated[str, Field(max_length=40)] = ""
    card: Annotated[str, Field(max_length=64)] = ""
    card_end: Annotated[str, Field(max_length=4)] = ""
    scanned: bool = False
    priority: Annotated[list[Priority], Field(max_length=5)] = []
    guardian: Line = ""
    helper: Line = ""
    consent: Literal["heard", "by_guardian"]
    witness: Line = ""
    know_me: Annotated[str, Field(max_length=20)] = ""


class Called(Body, kind="called"):
    """A desk asked for somebody."""

    visit: UUID
    desk: Code


class Measured(Body, kind="measured"):
    """What triage found: mmHg, beats a minute, tenths of °C, % oxygen, tenths of kg, cm; allergies by group, and as
    told; what hurts, in their words."""

    visit: UUID
    systolic: Annotated[int, Field(ge=40, le=300)] | None = None
    diastolic: Annotated[int, Field(ge=20, le=200)] | None = None
    pulse: Annotated[int, Field(ge=20, le=260)] | None = None
    temperature_tenths: Annotated[int, Field(ge=300, le=440)] | None = None
    oxygen: Annotated[int, Field(ge=40, le=100)] | None = None
    weight_tenths: Annotated[int, Field(ge=5, le=3000)] | None = None
    height_cm: Annotated[int, Field(ge=20, le=230)] | None = None
    pregnant: bool = False
    allergy_groups: Annotated[list[Code], Field(max_length=10)] = []
    allergy_told: Line = ""
    complaint: Line = ""


class Finding(Part):
    """What the doctor found: a code of the camp's list, or words alone."""

    code: Annotated[str, Field(max_length=40)] = ""
    words: Name


class Overruled(Part):
    """A warning that the doctor went past, and why."""

    warning: Code
    reason: Annotated[str, Field(min_length=3, max_length=300)]


class Prescribed(Part):
    """A medicine of the formulary, whole units, how to take it in plain words."""

    medicine: Code
    units: Units
    a_day: Units | None = None
    how: Line
    overruled: Annotated[list[Overruled], Field(max_length=10)] = []


class Referral(Part):
    """Where to go next, why in plain words, within how many days; followed as a promise."""

    to: Name
    why: Line
    within_days: Annotated[int, Field(ge=0, le=365)]


class Examined(Body, kind="examined"):
    """What the doctor found, prescribed and said; ``advice`` goes on the slip to take home."""

    visit: UUID
    findings: Annotated[list[Finding], Field(max_length=20)] = []
    prescribed: Annotated[list[Prescribed], Field(max_length=20)] = []
    referral: Referral | None = None
    advice: Line = ""


class Given(Part):
    """Whole units out of one lot."""

    lot: Code
    units: Units
    scanned: bool = False


class NotGiven(Part):
    """A medicine that was prescribed and not handed out, and why."""

    medicine: Code
    reason: Annotated[str, Field(min_length=3, max_length=300)]


class Dispensed(Body, kind="dispensed"):
    """What the pharmacist handed out for one examination (the ``examined`` fact it answers)."""

    visit: UUID
    examined: UUID
    given: Annotated[list[Given], Field(max_length=40)] = []
    not_given: Annotated[list[NotGiven], Field(max_length=20)] = []


class Left(Body, kind="left"):
    """They went home, with their slip or without; ``early``: before the last station, and why."""

    visit: UUID
    slip: bool = False
    early: Line = ""


class Voiced(Body, kind="voiced"):
    """Thanks, a complaint or a story, spoken or written. It stays in this room; ``publish``: they agreed that a
    redacted story may leave it."""

    id: UUID
    visit: UUID | None = None
    tone: Tone
    words: Annotated[str, Field(min_length=1, max_length=4000)]
    spoken: bool = False
    publish: bool = False


class WrittenOff(Body, kind="written_off"):
    """Medicine that was lost, broken or too old."""

    lot: Code
    units: Units
    reason: Annotated[str, Field(min_length=3, max_length=300)]


class Counted(Body, kind="counted"):
    """What really lies there of a lot, counted by hand."""

    lot: Code
    units: Count


class Signature(Part):
    """Who signed the day, as a member of the team with his PIN."""

    member: Code
    role: Role


class Explained(Part):
    """Why a lot's count differs from what should be there."""

    lot: Code
    difference: int
    reason: Annotated[str, Field(min_length=3, max_length=300)]


class Closed(Body, kind="closed"):
    """The kit's day ended: how many facts it holds and their digest, differences explained, two signatures."""

    kit: Annotated[int, Field(ge=1, le=99)]
    facts: Count
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    explained: Annotated[list[Explained], Field(max_length=500)] = []
    signatures: Annotated[list[Signature], Field(min_length=2, max_length=10)]


# --- afterwards ----------------------------------------------------------------------------------------------------


class Settled(Body, kind="settled"):
    """A person decided on two facts that differ. ``about``: the difference's own code (:mod:`…camps.differing`);
    ``holds``: the mark of the fact that holds, or empty where both do; ``aside``: the marks of those that do not."""

    about: Annotated[str, Field(max_length=200)]
    choice: Literal["same", "apart", "first", "second", "both"]
    holds: Annotated[str, Field(max_length=64)] = ""
    aside: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=50)] = []
    reason: Annotated[str, Field(min_length=3, max_length=300)]


class Followed(Body, kind="followed"):
    """What became of a referral (the ``examined`` fact that made it)."""

    examined: UUID
    outcome: Literal["treated", "declined"]
    on: date
    words: Line = ""


class Received(Body, kind="received"):
    """A kit's file came to headquarters: how many facts it held and their digest. ``closed``: it is the whole day of
    that kit, as its lead closed it."""

    kit: Annotated[int, Field(ge=0, le=99)]
    facts: Count
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    closed: bool = False


class DeletionAsked(Body, kind="deletion_asked"):
    """Somebody asks that this camp's health data be deleted, and why; another person confirms it."""

    reason: Annotated[str, Field(min_length=3, max_length=300)]


class Story(Body, kind="story"):
    """A voice made fit to leave the room: redacted by a person, with the speaker's recorded consent, keyless."""

    voice: UUID
    words: Annotated[str, Field(min_length=1, max_length=2000)]
