"""What devices send: sealed rows, each kept for good or refused with a reason. Nothing is said to be stored before it
lies on the disk, and a row that comes again is the same row.

A row is closed with the key of one device and one member, which only whoever signed in there as that member was
given; so the row's author is who could close it, whatever cookie brought it.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tantam.errors import BadInput, Refused, TantamError
from tantam.office.camps import facts, kinds, ledger, locks
from tantam.office.camps.day import Day
from tantam.office.camps.facts import Fact
from tantam.office.camps.kit import late
from tantam.office.camps.kit.door import stations_of
from tantam.office.camps.kit.holding import held
from tantam.office.camps.models import Camp, StoredFact, Unread

MOST_ROWS = 100
LARGEST_SEALED = 64_000  # letters of base64; the longest thing a person writes has 4,000
MOST_UNREAD = 500  # of one device; what comes after is refused all the same, and no longer kept
EVERYBODY = frozenset({"voiced", "left"})
KINDS_OF = {
    "registrar": frozenset({"registered", "called"}),
    "triage": frozenset({"measured", "called"}),
    "doctor": frozenset({"examined", "called"}),
    "pharmacist": frozenset({"dispensed", "called", "written_off", "counted"}),
    "exit": frozenset({"left", "voiced", "called"}),
    "lead": frozenset({"stocked", "settled"}),
}
"""What is written at a station; a lead works at each. ``closed`` needs two signatures (:mod:`.closing`)."""


@dataclass(frozen=True)
class Answer:
    """``stored``: ids of rows that lie on the disk; ``refused``: id, code and the sentence in both languages."""

    stored: list[str]
    refused: list[dict[str, str]]


def key_of(device: str, member: str) -> bytes:
    """The key (32 bytes) with which a member closes his rows on a device."""
    return held().derived(f"outbox:{device}:{member}")


def take(camp: Camp, body: Any, *, device: str, at: datetime) -> Answer:
    """Store the rows of one post, all in one transaction; BadInput ``bad_rows`` where it is no list of rows."""
    rows = _rows(body)
    day, good, refused = ledger.day_of(camp), [], []
    known = {one.id: one for one in ledger.facts_of(camp)}
    for row in rows:
        try:
            fact = _read(camp, row, day, device=device, at=at)
            _check(fact, known, day)
            known[fact.id] = fact
            good.append(fact)
        except TantamError as no:
            _keep(camp, row, no.code, device=device, at=at)
            refused.append({"id": _shown_id(row), "code": no.code, "vi": no.vi, "en": f"{no.what} {no.do}"})
    with transaction.atomic(using="health"):
        ledger.append(camp, good)
    return Answer([str(fact.id) for fact in good], refused)


def may_write(who: kinds.Member) -> frozenset[str]:
    """The kinds of facts that somebody may write."""
    return EVERYBODY.union(*(KINDS_OF[station] for station in stations_of(who)))


def _rows(body: Any) -> list[dict[str, Any]]:
    rows = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(isinstance(row, dict) for row in rows):
        raise BadInput(
            "bad_rows",
            "This is no list of rows.",
            f"Send at most {MOST_ROWS} rows, each with id, device, member and sealed.",
            vi=f"Không đọc được danh sách. Mỗi lần gửi tối đa {MOST_ROWS} lượt ghi.",
        )
    return rows


def _read(camp: Camp, row: dict[str, Any], day: Day, *, device: str, at: datetime) -> Fact:
    if row.get("device") != device:
        raise Refused(
            "row_of_another_device",
            "This row was written on another device.",
            "Send it from there.",
            vi="Lượt ghi này của máy khác. Gửi từ máy đó.",
        )
    who = day.plan.members.get(str(row.get("member", "")))
    said = _opened(row, key_of(device, who.id)) if who else None
    if who is None or said is None:
        raise Refused(
            "row_unreadable",
            "This row cannot be opened: it was closed with another key, or changed on the way.",
            "It is kept as it came. Write it again; show this line to the lead.",
            vi="Không mở được lượt ghi này; bản đã gửi vẫn được giữ. Ghi lại, và báo trưởng đoàn.",
        )
    said |= {"id": row["id"], "camp": str(camp.id), "device": device, "author": who.id}
    fact = facts.read(said, kit=held().number, kit_at=at.isoformat())
    if fact.kind not in may_write(who):
        raise Refused(
            "not_your_kind",
            f"{fact.kind} is not written by somebody with this duty.",
            "Ask who works at that station to write it.",
            vi="Việc này thuộc bàn khác. Nhờ người làm ở bàn đó ghi.",
        )
    return fact


def _opened(row: dict[str, Any], key: bytes) -> dict[str, Any] | None:
    """What a row says, or None where this key does not open it."""
    sealed, number = row.get("sealed"), row.get("id")
    if not isinstance(sealed, str) or not isinstance(number, str) or len(sealed) > LARGEST_SEALED:
        return None
    try:
        plain = locks.unseal(key, base64.b64decode(sealed, validate=True), about=number.encode())
        said = json.loads(plain)
        well = isinstance(said, dict) and str(UUID(number)) == number
    except (Refused, ValueError, binascii.Error, RecursionError):
        return None
    return said if well else None


def _check(fact: Fact, known: dict[UUID, Fact], day: Day) -> None:
    """That the fact is new or the same again, corrects what is there, and names things of this camp."""
    there = known.get(fact.id)
    if there is not None and there.mark != fact.mark:
        raise Refused(
            "id_taken",
            "Another row has this id.",
            "Write it again; it gets an id of its own.",
            vi="Mã của lượt ghi này đã dùng. Ghi lại, máy sẽ cấp mã mới.",
        )
    corrected = known.get(fact.corrects) if fact.corrects else fact
    if corrected is None or corrected.kind != fact.kind:
        raise Refused(
            "wrong_correction",
            "It corrects something that is not here, or of another kind.",
            "Look at the last state, then correct that.",
            vi="Lượt ghi cần sửa không có ở đây, hoặc là loại khác. Tải lại rồi sửa lượt đang hiện.",
        )
    late.check(fact)
    _check_names(fact, day)


def _check_names(fact: Fact, day: Day) -> None:
    """Refuse ``not_of_this_camp`` where a desk, a lot or a medicine is unknown here."""
    body, there = fact.body, True
    match body:
        case kinds.Called():
            there = body.desk in day.plan.desks
        case kinds.Stocked():
            there = body.medicine in day.plan.medicines
        case kinds.WrittenOff() | kinds.Counted():
            there = body.lot in day.lots
        case kinds.Dispensed():
            there = all(one.lot in day.lots for one in body.given)
        case kinds.Examined():
            there = all(one.medicine in day.plan.medicines for one in body.prescribed)
        case _:
            pass
    if not there:
        raise Refused(
            "not_of_this_camp",
            "It names a desk, a lot or a medicine that this camp does not have.",
            "Choose from the list.",
            vi="Bàn, lô hoặc thuốc này không có trong trại. Chọn lại trong danh sách.",
        )


def _keep(camp: Camp, row: dict[str, Any], code: str, *, device: str, at: datetime) -> None:
    if Unread.objects.filter(camp=camp, device=device).count() >= MOST_UNREAD:
        return
    sent = json.dumps(row, sort_keys=True).encode()[: 2 * LARGEST_SEALED]
    ledger.keep_unread(camp, sent, code=code, device=device, kit=held().number, at=at)


def _shown_id(row: dict[str, Any]) -> str:
    return str(row.get("id", ""))[:64]


def stored_last(camp: Camp) -> int:
    """The number of the last row stored: it grows with each fact, so that a page knows whether to look again."""
    last = StoredFact.objects.filter(camp=camp).order_by("-id").values_list("id", flat=True).first()
    return last or 0
