"""Referrals followed until treated or declined. The name and the reason stay here; the promise says only that a
referral is followed, by whom and by when.

A referral is known by the first fact of its examination: a doctor's correction changes what it says, never that it is
owed once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from tantam.clock import day_of
from tantam.errors import BadInput, Refused
from tantam.office.camps import actions, kinds, ledger
from tantam.office.camps.day import Visit
from tantam.office.camps.facts import Fact, roots
from tantam.office.camps.models import Camp, StoredFact
from tantam.office.door import enter
from tantam.office.people.models import Office, Staff
from tantam.office.promises import actions as promises
from tantam.office.promises.models import KEPT, OPEN, Promise

WHAT = "Theo đến cùng một giấy chuyển tuyến"
DONE = "Đã ghi kết quả ở phòng trại khám"
WITHDRAWN = "Giấy đã được sửa tại trại: không còn chuyển tuyến"
LOST = "Đã tìm, không gặp lại được người ấy"
ABOUT = "camp_fact"
OUTCOMES = {
    "treated": ("Đã được chữa", "Treated"),
    "declined": ("Không đi, tự quyết định", "Chose not to go"),
    "lost": ("Không tìm lại được", "Could not be found again"),
}
"""How following ends: the first two keep the promise, the last owns up to it."""


@dataclass(frozen=True)
class Referred:
    """One referral as it stands: ``root``, the first fact of its examination; ``fact``, the one that holds now."""

    root: UUID
    fact: Fact
    visit: Visit
    referral: kinds.Referral
    due: date
    followed: kinds.Followed | None
    promise: Promise | None = None

    @property
    def open(self) -> bool:
        """Whether it is still to be followed."""
        settled = self.promise is not None and self.promise.state != OPEN
        return self.followed is None and not settled


def all_of(camp: Camp) -> list[Referred]:
    """Every referral of a camp, those still open first, then by due day and ticket."""
    found = list(_referred(camp))
    onces = {once_of(camp, one.root): one for one in found}
    made = {p.once: p for p in Promise.objects.filter(once__in=onces).select_related("owner", "office")}
    rows = [Referred(**{**vars(one), "promise": made.get(once)}) for once, one in onces.items()]
    return sorted(rows, key=lambda one: (not one.open, one.due, one.visit.id.bytes, one.root.bytes))


def once_of(camp: Camp, root: UUID) -> UUID:
    """What makes the promise of a referral once."""
    return uuid5(camp.id, f"referral:{root}")


def camp_of(fact: UUID) -> Camp | None:
    """The camp that a fact is of; needs no key."""
    row = StoredFact.objects.filter(fact=fact).select_related("camp").first()
    return row.camp if row else None


def promise_all(camp: Camp, *, at: datetime) -> int:
    """Make the promise of each referral that has none, and keep those whose referral a doctor took back; gives how
    many were made. The clock runs from when the doctor wrote it, not from when the file came home."""
    office = Office.objects.filter(pk=camp.office).first()
    owner = Staff.objects.filter(pk=camp.owner).first()
    if office is None or owner is None:
        return 0
    referred = {once_of(camp, one.root): one for one in _referred(camp)}
    known = set(Promise.objects.filter(once__in=referred).values_list("once", flat=True))
    for once, one in referred.items():
        if once not in known:
            promises.make(
                actor=None,
                at=min(one.fact.kit_at, at),
                kind="referral",
                what=WHAT,
                owner=owner,
                office=office,
                first_due=one.due,
                to=("public", ""),
                about=(ABOUT, one.root.hex),
                once=once,
            )
    _keep_withdrawn(camp, set(referred), at)
    for one in all_of(camp):  # killed between the fact and its promise
        if one.followed and one.promise and one.promise.state == OPEN:
            _settle(one, None, at)
    return len(referred.keys() - known)


def follow(
    camp: Camp,
    root: UUID,
    *,
    actor: Staff | None,
    at: datetime,
    outcome: str,
    on: date | None,
    words: str = "",
) -> Promise | None:
    """Write down what became of a referral; keeps its promise, or owns up to it (``lost``). The second time changes
    nothing. Refuses ``referral_unknown``, ``referral_followed`` (with another outcome), ``bad_outcome``,
    ``bad_follow_day``, ``camp_deleted``."""
    actions.check_there(camp)
    one = next((row for row in all_of(camp) if row.root == root), None)
    if one is None:
        raise Refused(
            "referral_unknown",
            "There is no such referral at this camp.",
            "Choose one from the list.",
            vi="Trại này không có giấy chuyển tuyến ấy. Chọn một giấy trong danh sách.",
        )
    _check(camp, outcome, on, day_of(at))
    if not one.open:
        if one.followed and one.followed.outcome == outcome:
            return _settle(one, actor, at)
        raise Refused(
            "referral_followed",
            "What became of this referral is written down already.",
            "Read what is there; a mistake is put right with the head of camps.",
            vi="Giấy chuyển tuyến này đã ghi kết quả. Đọc lại kết quả; ghi nhầm thì báo phụ trách khám bệnh.",
        )
    if outcome == "lost":
        return _own_up(camp, one, actor, at)
    assert on is not None
    said = kinds.Followed(examined=one.root, outcome=outcome, on=on, words=words.strip())  # type: ignore[arg-type]
    actions.say(camp, said, act="camp.follow", actor=actor, at=at)
    return _settle(one, actor, at)


def _referred(camp: Camp) -> Iterator[Referred]:
    day, before = ledger.day_of(camp), roots(ledger.facts_of(camp))
    for visit in day.visits.values():
        for fact, body in visit.examinations:
            root = before.get(fact.id, fact.id)
            if body.referral:
                due = day_of(fact.kit_at) + timedelta(days=body.referral.within_days)
                followed = day.followed.get(root) or day.followed.get(fact.id)
                yield Referred(root, fact, visit, body.referral, due, followed)


def _keep_withdrawn(camp: Camp, referred: set[UUID], at: datetime) -> None:
    facts = ledger.facts_of(camp)
    firsts = {fact.id for fact in facts if fact.kind == "examined" and not fact.corrects}
    gone = {once_of(camp, root) for root in firsts} - referred
    listed = sorted(gone, key=lambda once: once.bytes)
    for start in range(0, len(listed), 500):
        for promise in Promise.objects.filter(once__in=listed[start : start + 500], state=OPEN):
            promises.keep(promise, actor=None, at=at, proof_kind="document", proof=WITHDRAWN, followed=True)


def _check(camp: Camp, outcome: str, on: date | None, today: date) -> None:
    if outcome not in OUTCOMES:
        raise BadInput(
            "bad_outcome",
            "What became of it was not chosen.",
            "Choose one of the list.",
            vi="Chưa chọn kết quả. Chọn một trong danh sách.",
        )
    if outcome != "lost" and (on is None or not camp.on <= on <= today):
        raise BadInput(
            "bad_follow_day",
            "The day lies before the camp, or ahead.",
            "Give the day it happened.",
            vi="Ngày ở trước ngày khám hoặc chưa tới. Ghi ngày việc ấy xảy ra.",
        )


def _settle(one: Referred, actor: Staff | None, at: datetime) -> Promise | None:
    if one.promise is None or one.promise.state == KEPT:
        return one.promise
    return promises.keep(one.promise, actor=actor, at=at, proof_kind="document", proof=DONE, followed=True)


def _own_up(camp: Camp, one: Referred, actor: Staff | None, at: datetime) -> Promise | None:
    enter(actor, "camp.follow", Office.objects.filter(pk=camp.office).first())
    if one.promise is None:
        return None
    with transaction.atomic():
        return promises.break_(one.promise, actor=actor, at=at, reason=LOST, followed=True)
