"""What may happen to a camp at headquarters: it is planned, then things are said of it. Each is a fact in ``health``
and one line of the journal in ``default``.

Two databases have no common transaction: the fact is stored first, and :func:`tell` writes the line; killed between
the two, the worker writes it later, once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from uuid_utils.compat import uuid7

from tantam.clock import day_of
from tantam.errors import Refused
from tantam.office.camps import keys, kinds, ledger, promised, rules
from tantam.office.camps.facts import HEADQUARTERS, Fact
from tantam.office.camps.models import Camp, StoredFact
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.journal.models import Entry
from tantam.office.people.models import Office, Staff

AT_ONCE = 500


def plan(body: kinds.Planned, *, actor: Staff | None, at: datetime, office: Office, owner: Staff) -> Camp:
    """Begin a camp: its key, its row, its first fact. The same office's camp of that name, place and day is the one
    already there."""
    enter(actor, "camp.plan", office)
    same = {"office": office.pk, "name": body.name, "place_code": body.place_code, "on": body.on}
    known = Camp.objects.filter(**same).exclude(state="deleted").first()
    if known is not None:
        return known
    number = uuid7()
    keys.make(settings.HOME, number)
    with transaction.atomic(using="health"):
        camp = Camp.objects.create(
            id=number,
            office=office.pk,
            owner=owner.pk,
            name=body.name,
            place=body.place,
            place_code=body.place_code,
            province=body.province,
            on=body.on,
            general=body.general,
            made_up=body.made_up,
            made_at=at,
        )
        ledger.append(camp, [_fact(camp, body, actor, at, None)])
    tell(camp, actor=actor, at=at)
    return camp


def say(
    camp: Camp,
    body: kinds.Body,
    *,
    act: str,
    actor: Staff | None,
    at: datetime,
    corrects: UUID | None = None,
    row: Mapping[str, Any] | None = None,
) -> Fact:
    """Say one more thing of a camp, for which ``act`` must be one's duty; ``row`` changes the camp's own columns with
    it. Refuses ``camp_deleted``."""
    enter(actor, act, Office.objects.filter(pk=camp.office).first())
    check_there(camp)
    fact = _fact(camp, body, actor, at, corrects)
    with transaction.atomic(using="health"):
        ledger.append(camp, [fact])
        if row:
            Camp.objects.filter(pk=camp.pk).update(**row)
    tell(camp, actor=actor, at=at)
    return fact


def open_camp(camp: Camp, *, actor: Staff | None, at: datetime) -> Camp:
    """Open a camp that has all it needs: from here on its kits may be packed, and its day is promised to the public.
    Opened twice, it was opened the first time.

    Refuses what :func:`check_ready` refuses, ``camp_day_past``, ``camp_over``, ``owner_left``.
    """
    enter(actor, "camp.open", Office.objects.filter(pk=camp.office).first())
    fresh = check_going(camp)
    if fresh.state == "open":
        tell(fresh, actor=actor, at=at)
        return fresh
    rules.check_day(fresh.on, day_of(at))
    promised.check_owner(fresh)
    permit = check_ready(fresh)
    with transaction.atomic(using="health"):
        if Camp.objects.filter(pk=fresh.pk, state="planned").update(state="open"):
            ledger.append(fresh, [_fact(fresh, kinds.Opened(permit=permit), actor, at, None)])
    tell(fresh, actor=actor, at=at)
    fresh.refresh_from_db()
    return fresh


def check_ready(camp: Camp) -> UUID:
    """Refuse a camp that may not open, by the first thing it lacks (:func:`tantam.office.camps.rules.missing`); gives
    the id of its permit's fact."""
    day = ledger.day_of(camp)
    for no in rules.missing(day):
        raise no
    assert day.plan.permit is not None
    return day.plan.permit[0].id


def check_going(camp: Camp) -> Camp:
    """The camp as it stands now; refuses ``camp_deleted``, ``camp_over`` (closed, or called off)."""
    check_there(camp)
    fresh = Camp.objects.get(pk=camp.pk)
    if fresh.state == "closed":
        raise Refused(
            "camp_over",
            "This camp is closed.",
            "Plan another one; its lessons are carried over.",
            vi="Trại này đã khép. Lập trại mới, bài học của trại này được mang theo.",
        )
    return fresh


def check_there(camp: Camp) -> None:
    """Refuse ``camp_deleted``."""
    if Camp.objects.filter(pk=camp.pk, state="deleted").exists():
        raise Refused(
            "camp_deleted",
            "This camp's data was deleted.",
            "Only the proof of its deletion is left.",
            vi="Dữ liệu của trại này đã xoá. Chỉ còn biên bản xoá.",
        )


def tell(camp: Camp, *, actor: Staff | None, at: datetime) -> int:
    """Write the journal's lines for what headquarters said of a camp and no line tells of yet, and bring the promise of
    its day to what was said; gives how many lines.

    A line names the fact's id and kind, never what it says.
    """
    rows = list(StoredFact.objects.filter(camp=camp, kit=HEADQUARTERS, told=False).order_by("id")[:AT_ONCE])
    with transaction.atomic():
        if any(row.kind in promised.CHANGES for row in rows):
            promised.follow(camp, actor=actor, at=at)
        there = Entry.objects.filter(on_kind="camp_fact", on_id__in=[row.fact.hex for row in rows])
        known = set(there.values_list("on_id", flat=True))
        for row in rows:
            if row.fact.hex not in known:
                on = ("camp_fact", row.fact.hex)
                write(actor=actor, act="camp.said", at=at, on=on, office=camp.office or None, kind=row.kind)
    StoredFact.objects.filter(pk__in=[row.pk for row in rows]).update(told=True)
    return len(rows)


def tell_waiting(*, at: datetime) -> int:
    """Write the lines that an office killed between its two databases left out, in the name of whoever said it; gives
    how many. A camp whose key is gone is told of by the machine."""
    waiting = StoredFact.objects.filter(kit=HEADQUARTERS, told=False).values("camp").distinct()
    done = 0
    for camp in Camp.objects.filter(pk__in=waiting).order_by("pk"):
        while made := tell(camp, actor=_said_last(camp), at=at):
            done += made
    return done


def _said_last(camp: Camp) -> Staff | None:
    """Who said the first thing that no line tells of."""
    row = StoredFact.objects.filter(camp=camp, kit=HEADQUARTERS, told=False).order_by("id").first()
    try:
        author = next((f.author for f in ledger.facts_of(camp) if row and f.mark == row.mark), "")
    except Refused:
        return None
    kind, _, number = author.partition(":")
    return Staff.objects.filter(pk=int(number)).first() if kind == "staff" else None


def _fact(camp: Camp, body: kinds.Body, actor: Staff | None, at: datetime, corrects: UUID | None) -> Fact:
    author = f"staff:{actor.pk}" if actor else "machine"
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return Fact(uuid7(), camp.id, body, "hq", author, at, HEADQUARTERS, at, corrects)
