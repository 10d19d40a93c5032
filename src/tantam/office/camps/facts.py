"""A fact: one thing that somebody said happened at a camp, never changed. Everything of a camp is its facts.

What was *said* (who, where, when, what) is what a fact is; the *stamp* (which kit stored it, when) is not: the same
fact sent to two kits is one fact. So facts of one camp merge as sets do, in any order and any number of times, and
:func:`digest` is equal for equal facts. A correction is a new fact that names the old one. Pure: no database, no
clock.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from tantam.errors import BadInput
from tantam.office.camps.kinds import KINDS, Body

HEADQUARTERS = 0
"""The number of the kit that a fact written at headquarters names."""
LARGEST_BYTES = 1_000_000


@dataclass(frozen=True)
class Fact:
    """``id``: UUIDv7 made where it was written; ``device``: a device of the camp, or ``hq``; ``author``: the id of a
    member of the team, or ``staff:7`` at headquarters; ``device_at``: the device's own clock, which may be wrong;
    ``corrects``: the fact that this one replaces; ``paper``: number of the paper form it was copied from (entered
    late). The stamp: ``kit`` (0: headquarters) and ``kit_at``, when that kit stored it.
    """

    id: UUID
    camp: UUID
    body: Body
    device: str
    author: str
    device_at: datetime
    kit: int
    kit_at: datetime
    corrects: UUID | None = None
    paper: str = ""

    @property
    def kind(self) -> str:
        """Which kind: a key of :data:`tantam.office.camps.kinds.KINDS`."""
        return self.body.kind

    @property
    def entered_late(self) -> bool:
        """Whether it was copied from a paper form."""
        return bool(self.paper)

    @cached_property
    def said(self) -> bytes:
        """What was said, as the same bytes everywhere: sorted JSON in NFC, without the stamp."""
        return _canonical(
            {
                "id": str(self.id),
                "camp": str(self.camp),
                "kind": self.kind,
                "body": self.body.model_dump(mode="json", exclude_defaults=True),
                "device": self.device,
                "author": self.author,
                "device_at": _moment(self.device_at),
                "corrects": str(self.corrects) if self.corrects else "",
                "paper": self.paper,
            }
        )

    @cached_property
    def mark(self) -> str:
        """SHA-256 of what was said, in hexadecimal: two facts are one if their marks are."""
        return hashlib.sha256(self.said).hexdigest()

    @property
    def stamp(self) -> tuple[datetime, int]:
        """Of two stamps of one fact the smaller holds, whoever merges."""
        return (self.kit_at, self.kit)


def to_line(fact: Fact) -> bytes:
    """A fact with its stamp as one line of JSON, without the line's end."""
    return _canonical({"said": json.loads(fact.said), "kit": fact.kit, "kit_at": _moment(fact.kit_at)})


def from_line(line: bytes) -> Fact:
    """A fact back from :func:`to_line`; BadInput as :func:`read`."""
    row = _json(line)
    said = row.get("said")
    if not isinstance(said, dict):
        raise _unread("it has no words")
    return read(said, kit=row.get("kit"), kit_at=row.get("kit_at"))


def read(said: Mapping[str, Any], *, kit: Any, kit_at: Any) -> Fact:
    """A fact from what a device or a file says.

    BadInput ``bad_fact`` (no id, no moment, unknown kind, a body that does not fit its kind; where is said, never
    what), ``fact_too_large``.
    """
    try:
        kind = KINDS[str(said["kind"])]
        body = kind.model_validate_json(_canonical(said["body"]))
        fact = Fact(
            id=UUID(str(said["id"])),
            camp=UUID(str(said["camp"])),
            body=body,
            device=_short(said["device"]),
            author=_short(said["author"]),
            device_at=_read_moment(said["device_at"]),
            kit=_kit(kit),
            kit_at=_read_moment(kit_at),
            corrects=UUID(str(said["corrects"])) if said.get("corrects") else None,
            paper=_short(said.get("paper", "")),
        )
        size = len(fact.said)
    except ValidationError as wrong:
        places = sorted({".".join(str(part) for part in one["loc"]) for one in wrong.errors()})
        raise _unread(f"its {', '.join(places)[:200]} does not fit {said['kind']}") from None
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise _unread("its id, kind, author or a moment is missing or unreadable") from None
    if fact.id.version != 7:
        raise _unread("its id is no UUIDv7")
    if fact.corrects == fact.id:
        raise _unread("it corrects itself")
    if size > LARGEST_BYTES:
        raise BadInput(
            "fact_too_large",
            f"A fact has {size:,} bytes; {LARGEST_BYTES:,} is the most.",
            "Split it.",
            vi="Một lượt ghi quá dài. Tách ra làm nhiều lượt.",
        )
    return fact


def merge(*sets: Iterable[Fact]) -> list[Fact]:
    """The union, in the order of :func:`ordered`: what was said once stands once, with its smallest stamp."""
    kept: dict[str, Fact] = {}
    for facts in sets:
        for fact in facts:
            known = kept.get(fact.mark)
            if known is None or fact.stamp < known.stamp:
                kept[fact.mark] = fact
    return ordered(kept.values())


def ordered(facts: Iterable[Fact]) -> list[Fact]:
    """Facts in the order in which they are read: by when a kit stored them, then by id and mark."""
    return sorted(facts, key=lambda fact: (fact.kit_at, fact.id.bytes, fact.mark))


def digest(facts: Iterable[Fact]) -> str:
    """SHA-256 over the sorted marks: equal for equal facts in any order, any number of times, whatever the stamps."""
    return digest_of_marks(fact.mark for fact in facts)


def digest_of_marks(marks: Iterable[str]) -> str:
    """The same from marks alone, as a database holds them."""
    whole = hashlib.sha256()
    for mark in sorted(set(marks)):
        whole.update(bytes.fromhex(mark))
    return whole.hexdigest()


def current(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Those that no other fact corrects, in their order; of corrections of one fact all stand (a person decides)."""
    listed = list(facts)
    corrected = {fact.corrects for fact in listed if fact.corrects}
    return (fact for fact in listed if fact.id not in corrected)


def roots(facts: Iterable[Fact]) -> dict[UUID, UUID]:
    """Each correction → the first fact that its chain of corrections began with."""
    step = {fact.id: fact.corrects for fact in facts if fact.corrects}
    found = {}
    for fact in step:
        root, seen = fact, {fact}
        while (before := step.get(root)) and before not in seen:
            root = before
            seen.add(root)
        found[fact] = root
    return found


def _canonical(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return unicodedata.normalize("NFC", text).encode()


def _json(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise _unread("it is no JSON") from None
    if not isinstance(row, dict):
        raise _unread("it is no JSON object")
    return row


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read_moment(text: Any) -> datetime:
    at = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    if at.tzinfo is None:
        raise ValueError
    at = at.astimezone(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _short(text: Any) -> str:
    if not isinstance(text, str) or len(text) > 64:
        raise ValueError
    return text


def _kit(number: Any) -> int:
    if type(number) is not int or not 0 <= number <= 99:
        raise ValueError
    return number


def _unread(why: str) -> BadInput:
    return BadInput(
        "bad_fact",
        f"A fact cannot be read: {why}.",
        "Write it again; what was sent is kept beside the others.",
        vi="Có một lượt ghi không đọc được. Ghi lại lượt ấy; bản đã gửi vẫn được giữ.",
    )
