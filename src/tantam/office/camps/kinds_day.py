"""What the stations say during the day, until it is signed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from tantam.office.camps.bodies import Body, Code, Count, Line, Name, Part, Priority, Role, Sex, Tone, Units


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
