"""What kits bring home becomes one camp: facts joined as sets, in any order, any number of times.

A file is taken in batches, each a transaction: killed in between, the same file again goes on where it was. That a
file came, and whether it is the whole day of its kit as closed by its lead, is itself a fact (``received``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from uuid_utils.compat import uuid7

from tantam.errors import BadInput, Refused
from tantam.office.camps import container, keys, kinds, ledger, referrals, unread
from tantam.office.camps.actions import check_there, tell
from tantam.office.camps.facts import HEADQUARTERS, Fact, current, digest, merge
from tantam.office.camps.models import Camp
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.journal.models import Entry
from tantam.office.people.models import Office, Staff
from tantam.office.promises import actions as promises
from tantam.office.promises.models import OPEN, Promise

AT_ONCE = 500
Progress = Callable[[str, float], None]
"""What is being done, and the share of it that is."""


@dataclass(frozen=True)
class Merged:
    """What came of one file: facts that were new here, known already, all of the camp now with their digest; refused
    rows that came along; whether the file is its kit's whole, closed day."""

    camp: Camp
    kit: int
    new: int
    known: int
    total: int
    digest: str
    unread: int
    closed: bool


@dataclass(frozen=True)
class KitHome:
    """How far a kit's day is home. ``facts``: of its last file; ``closed``: the whole, closed day came."""

    number: int
    name: str
    facts: int = 0
    at: datetime | None = None
    closed: bool = False


def take_in(
    file: Path,
    *,
    actor: Staff | None,
    at: datetime,
    camp: Camp | None = None,
    progress: Progress | None = None,
) -> Merged:
    """Join a ``.camp`` file to what headquarters has; with ``camp``, only a file of that camp.

    The second time nothing is new and nothing is told. Refuses ``camp_unknown``, ``another_camp``, ``camp_deleted``,
    ``camp_key_gone``, ``camp_key_wrong``; BadInput ``not_a_camp``, ``camp_cut_off``, ``bad_fact``.
    """
    header = container.header_of(file)
    mine = _camp_of(header, camp)
    enter(actor, "camp.merge", Office.objects.filter(pk=mine.office).first())
    check_there(mine)
    opened = container.read(file, lambda told: keys.of_camp(settings.HOME, told.camp))
    if any(fact.camp != mine.id for fact in opened.facts):
        raise _another_camp()
    new = _append(mine, opened.facts, progress)
    strange = unread.take(mine, opened.secrets.get("unread", []))
    closed = is_whole(opened.facts, header.kit)
    _receive(mine, header.kit, opened.facts, closed, actor=actor, at=at, new=new)
    referrals.promise_all(mine, at=at)
    _close_when_home(mine, at=at)
    count, whole = ledger.digest(mine)
    return Merged(mine, header.kit, new, len(opened.facts) - new, count, whole, strange, closed)


def is_whole(facts: list[Fact], kit: int) -> bool:
    """Whether these facts hold the kit's own ``closed`` fact and everything that it counted, with the same digest.

    What was written after the closing (a paper form copied late, another closing) may be there besides.
    """
    work = [fact for fact in merge(facts) if fact.kind != "closed"]
    for fact in current(merge(facts)):
        body = fact.body
        if isinstance(body, kinds.Closed) and body.kit == kit:
            counted = work[: body.facts]
            if (len(counted), digest(counted)) == (body.facts, body.digest):
                return True
    return False


def kits_of(camp: Camp) -> list[KitHome]:
    """Each planned kit and how far its day is home, by number."""
    found = {kit.number: KitHome(kit.number, kit.name) for kit in ledger.day_of(camp).plan.kits.values()}
    for fact in ledger.facts_of(camp):
        body = fact.body
        if isinstance(body, kinds.Received) and body.kit != HEADQUARTERS:
            known = found.get(body.kit, KitHome(body.kit, f"{body.kit}"))
            later = known.at is None or fact.kit_at >= known.at
            found[body.kit] = KitHome(
                body.kit,
                known.name,
                body.facts if later else known.facts,
                fact.kit_at if later else known.at,
                known.closed or body.closed,
            )
    return [found[number] for number in sorted(found)]


def _camp_of(header: container.Header, expected: Camp | None) -> Camp:
    if expected is not None and header.camp != expected.id:
        raise _another_camp()
    camp = Camp.objects.filter(pk=header.camp).first()
    if camp is None:
        raise Refused(
            "camp_unknown",
            "This file is of a camp that headquarters does not know.",
            "Look whether it is another office's; else put back the database in which the camp was planned.",
            vi="Tệp này của một trại mà trụ sở không có. Xem có phải của nơi khác không; "
            "nếu không, khôi phục bản sao lưu có trại ấy.",
        )
    return camp


def _another_camp() -> BadInput:
    return BadInput(
        "another_camp",
        "This file is of another camp.",
        "Open that camp's page, or choose the file of this camp.",
        vi="Tệp này của một trại khác. Mở trang của trại ấy, hoặc chọn đúng tệp của trại này.",
    )


def _append(camp: Camp, facts: list[Fact], progress: Progress | None) -> int:
    new = 0
    for start in range(0, len(facts), AT_ONCE):
        new += len(ledger.append(camp, facts[start : start + AT_ONCE]))
        if progress:
            progress("facts", min(start + AT_ONCE, len(facts)) / len(facts))
    return new


def _receive(
    camp: Camp, kit: int, facts: list[Fact], closed: bool, *, actor: Staff | None, at: datetime, new: int
) -> None:
    """Say that the file came, once for what it holds, with one line of the journal."""
    said = kinds.Received(kit=kit, facts=len(facts), digest=digest(facts), closed=closed)
    before = [fact for fact in ledger.facts_of(camp) if fact.body == said]
    if not before:
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        author = f"staff:{actor.pk}" if actor else "machine"
        before = [Fact(uuid7(), camp.id, said, "hq", author, at, HEADQUARTERS, at)]
        ledger.append(camp, before)
    on = ("camp_fact", before[0].id.hex)
    with transaction.atomic():
        if not Entry.objects.filter(on_kind=on[0], on_id=on[1]).exists():
            write(actor=actor, act="camp.merged", at=at, on=on, office=camp.office or None,
                  count=new, digest=said.digest, camp=camp.id, kit=kit, closed=closed, facts=len(facts))  # fmt: skip
    tell(camp, actor=actor, at=at)


def _close_when_home(camp: Camp, *, at: datetime) -> None:
    """An open camp is closed once every kit's whole day is home; that keeps its promise of a camp day, from when the
    last kit was signed: the day was held then, however late its file came."""
    kits = kits_of(camp)
    if not kits or not all(kit.closed for kit in kits):
        return
    changed = Camp.objects.filter(pk=camp.pk, state="open").update(state="closed")
    camp.refresh_from_db(fields=["state"])
    if camp.state != "closed":
        return
    held_at = min(max(fact.kit_at for fact in ledger.day_of(camp).closed), at)
    with transaction.atomic():
        owed = Promise.objects.filter(about_kind="camp", about_id=str(camp.id), state=OPEN)
        for promise in owed:
            promises.keep(
                promise,
                actor=None,
                at=held_at,
                proof_kind="document",
                proof="Trại khám đã mở và đã đóng sổ",
                followed=True,
            )
        if changed:
            write(actor=None, act="camp.closed", at=at, on=("camp", camp.id), office=camp.office or None)
