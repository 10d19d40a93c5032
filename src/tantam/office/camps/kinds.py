"""The kinds of facts, and what each says: planned at headquarters, said during the day, decided afterwards."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from tantam.office.camps.bodies import (
    KINDS,
    STATIONS,
    Body,
    Channel,
    Code,
    Count,
    Dong,
    Line,
    Name,
    Part,
    Priority,
    Role,
    Sex,
    Station,
    Text,
    Tone,
    Units,
)
from tantam.office.camps.kinds_day import (
    Called,
    Closed,
    Counted,
    Dispensed,
    Examined,
    Explained,
    Finding,
    Given,
    Left,
    Measured,
    NotGiven,
    Overruled,
    Prescribed,
    Referral,
    Registered,
    Signature,
    Voiced,
    WrittenOff,
)
from tantam.office.camps.kinds_planned import (
    Bound,
    Budget,
    CalledOff,
    Codes,
    Desk,
    Device,
    Expected,
    Formulary,
    Kit,
    Lesson,
    Medicine,
    Member,
    Noticed,
    Opened,
    Partner,
    Permit,
    Person,
    Place,
    Planned,
    Spent,
    Stocked,
    Weighed,
)

__all__ = [
    "KINDS",
    "STATIONS",
    "Body",
    "Bound",
    "Budget",
    "Called",
    "CalledOff",
    "Channel",
    "Closed",
    "Code",
    "Codes",
    "Count",
    "Counted",
    "DeletionAsked",
    "Desk",
    "Device",
    "Dispensed",
    "Dong",
    "Examined",
    "Expected",
    "Explained",
    "Finding",
    "Followed",
    "Formulary",
    "Given",
    "Kit",
    "Left",
    "Lesson",
    "Line",
    "Measured",
    "Medicine",
    "Member",
    "Name",
    "NotGiven",
    "Noticed",
    "Opened",
    "Overruled",
    "Part",
    "Partner",
    "Permit",
    "Person",
    "Place",
    "Planned",
    "Prescribed",
    "Priority",
    "Received",
    "Referral",
    "Registered",
    "Role",
    "Settled",
    "Sex",
    "Signature",
    "Spent",
    "Station",
    "Stocked",
    "Story",
    "Text",
    "Tone",
    "Units",
    "Voiced",
    "Weighed",
    "WrittenOff",
]


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
