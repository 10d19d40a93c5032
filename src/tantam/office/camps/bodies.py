"""What the bodies of all kinds of facts share: whole units, whole đồng, tenths where a thermometer has them; no floats.

A body refuses what its kind does not know, so that a fact written by a newer program is never half-read.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, get_args

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
