"""The promise of a camp's day: made when the camp is opened, moved and broken with it. Its words
name the place and the day, never what a camp is for: a theme would tell of an illness.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid5

from tantam.errors import Refused
from tantam.office.camps import kinds, ledger
from tantam.office.camps.facts import Fact, current, ordered
from tantam.office.camps.models import Camp
from tantam.office.channels import actions as channels
from tantam.office.people.models import Office, Staff
from tantam.office.promises import actions as promises
from tantam.office.promises.models import Promise

CHANGES = {"opened", "planned", "called_off"}
"""Kinds of facts that change what is promised."""
ABOUT = "camp"
TOLD = "camp_notice"
"""What the messages of a notice belong to."""


def of(camp: Camp) -> Promise | None:
    """The promise of a camp's day, if it was opened."""
    mine = Promise.objects.filter(about_kind=ABOUT, about_id=str(camp.pk), kind="camp_day")
    return mine.select_related("owner", "office").first()


def follow(camp: Camp, *, actor: Staff | None, at: datetime) -> Promise | None:
    """Bring the promise to what the camp's facts say; done twice, it changes nothing. What still waits to tell people
    of a day that is another now is taken back."""
    fresh = Camp.objects.get(pk=camp.pk)
    facts = list(current(ordered(ledger.facts_of(fresh))))
    opened, off, planned = (_last(facts, kind) for kind in ("opened", "called_off", "planned"))
    found = of(fresh)
    by: dict[str, Any] = {"actor": actor, "at": at}
    if isinstance(planned, Fact) and isinstance(planned.body, kinds.Planned):
        moved = planned.body.moved_because
        for fact in facts:
            if fact.kind == "noticed" and (off is not None or (moved and fact.kit_at < planned.kit_at)):
                channels.take_back(about=(TOLD, str(fact.corrects or fact.id)), **by)
        if found and found.state == "open" and off is None and found.due < fresh.on and moved:
            found = promises.redate(found, due=fresh.on, reason=moved, **by)
    if found is None and opened is not None and off is None:
        found = _make(fresh, actor=actor, at=min(at, opened.device_at))
    if found and found.state == "open" and off is not None and isinstance(off.body, kinds.CalledOff):
        found = promises.break_(found, reason=off.body.reason, followed=True, **by)
    return found


def check_owner(camp: Camp) -> None:
    """Refuse (``owner_left``) a camp of whoever no longer works here: somebody must owe its day."""
    if not Staff.objects.filter(pk=camp.owner, is_active=True).exists():
        raise Refused(
            "owner_left",
            "Whoever leads this camp no longer works here.",
            "Plan it anew under somebody who does.",
            vi="Người phụ trách trại này đã nghỉ việc. Lập lại trại dưới tên người đang làm.",
        )


def _make(camp: Camp, *, actor: Staff | None, at: datetime) -> Promise:
    return promises.make(
        actor=actor,
        at=at,
        kind="camp_day",
        what=f"Khám bệnh miễn phí cho mọi người ở {camp.place}, ngày {camp.on:%d/%m/%Y}",
        owner=Staff.objects.get(pk=camp.owner),
        office=Office.objects.get(pk=camp.office),
        first_due=camp.on,
        to=("public", ""),
        people=max(len(ledger.day_of(camp).plan.expected), 1),
        about=(ABOUT, camp.pk),
        once=uuid5(camp.pk, "day"),
    )


def _last(facts: list[Fact], kind: str) -> Fact | None:
    return next((fact for fact in reversed(facts) if fact.kind == kind), None)
