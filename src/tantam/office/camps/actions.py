"""What may happen to a camp at headquarters: it is planned, then things are said of it. Each is a fact in ``health``
and one line of the journal in ``default``.

Two databases have no common transaction: the fact is stored first, and :func:`tell` writes the line; killed between
the two, the worker writes it later, once.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from uuid_utils.compat import uuid7

from tantam.errors import Refused
from tantam.office.camps import keys, kinds, ledger
from tantam.office.camps.facts import HEADQUARTERS, Fact
from tantam.office.camps.models import Camp, StoredFact
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.journal.models import Entry
from tantam.office.people.models import Office, Staff

AT_ONCE = 500


def plan(body: kinds.Planned, *, actor: Staff | None, at: datetime, office: Office, owner: Staff) -> Camp:
    """Begin a camp: its key, its row, its first fact."""
    enter(actor, "camp.plan", office)
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
    camp: Camp, body: kinds.Body, *, act: str, actor: Staff | None, at: datetime, corrects: UUID | None = None
) -> Fact:
    """Say one more thing of a camp, for which ``act`` must be one's duty. Refuses ``camp_deleted``."""
    enter(actor, act, Office.objects.filter(pk=camp.office).first())
    check_there(camp)
    fact = _fact(camp, body, actor, at, corrects)
    ledger.append(camp, [fact])
    tell(camp, actor=actor, at=at)
    return fact


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
    """Write the journal's lines for what headquarters said of a camp and no line tells of yet; gives how many.

    A line names the fact's id and kind, never what it says.
    """
    rows = list(StoredFact.objects.filter(camp=camp, kit=HEADQUARTERS, told=False).order_by("id")[:AT_ONCE])
    with transaction.atomic():
        there = Entry.objects.filter(on_kind="camp_fact", on_id__in=[row.fact.hex for row in rows])
        known = set(there.values_list("on_id", flat=True))
        for row in rows:
            if row.fact.hex not in known:
                on = ("camp_fact", row.fact.hex)
                write(actor=actor, act="camp.said", at=at, on=on, office=camp.office or None, kind=row.kind)
    StoredFact.objects.filter(pk__in=[row.pk for row in rows]).update(told=True)
    return len(rows)


def _fact(camp: Camp, body: kinds.Body, actor: Staff | None, at: datetime, corrects: UUID | None) -> Fact:
    author = f"staff:{actor.pk}" if actor else "machine"
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return Fact(uuid7(), camp.id, body, "hq", author, at, HEADQUARTERS, at, corrects)
