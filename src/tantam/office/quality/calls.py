"""Calls to the call centre come in from a file: half hours are kept, and each month's share answered within 60 seconds
becomes a measurement like any other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Count, Sum

from tantam.base.headings import shown
from tantam.base.tables import table
from tantam.clock import day_of
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.paging import parts
from tantam.office.people.models import Staff
from tantam.office.quality import cells, rules
from tantam.office.quality.call_rows import Slot, slots
from tantam.office.quality.loading import TakenIn, told
from tantam.office.quality.models import SELF, CallSlot, Load, Measurement, Reject

INDICATOR = "calls_answered"
METHOD = "đếm từng cuộc gọi"


def take_in(
    content: bytes, *, name: str, actor: Staff | None, at: datetime, renames: Mapping[str, str] | None = None
) -> TakenIn:
    """Take in a file (CSV or a spreadsheet) of calls or of half hours of them. Stopped on the way it begins anew when
    it is given again; the same file a second time is nothing new. A later file counts for the half hours it has.

    Refuses what :func:`tantam.office.quality.call_rows.slots` refuses, ``encoding_broken``, ``unreadable_file``.
    """
    enter(actor, "quality.load")
    found, rejected, count = slots(table(content), day_of(at), renames)
    digest = hashlib.sha256(content).hexdigest()
    facts = {"name": shown(name, 120), "measured_by": SELF, "at": at, "by": actor}
    load, _ = Load.objects.get_or_create(digest=digest, defaults=facts)
    if load.done_at is not None:
        return told(load, months=0, new=False)
    for some in parts(found):
        rows = [CallSlot(load=load, **vars(slot)) for slot in some]
        with transaction.atomic():
            CallSlot.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["on", "minute"],
                update_fields=["load", "offered", "answered", "in_60s", "hung_up"],
            )
    months = sorted({slot.on.replace(day=1) for slot in found})
    with transaction.atomic():
        Reject.objects.filter(load=load).delete()
        Reject.objects.bulk_create(
            [Reject(load=load, line=line, **wrong._asdict()) for line, wrong in rejected]
        )
        Measurement.objects.filter(load=load).delete()
        Measurement.objects.bulk_create(_measured(load, found))
        load.rows_count, load.rejected_count = count, len(rejected)
        load.kept_count, load.read_at, load.done_at = count - len(rejected), at, at
        load.save()
        write(
            actor=actor, act="quality.calls_taken_in", at=at, on=("load", load.pk), count=load.kept_count,
            digest=digest, rejected=len(rejected), months=len(months),
        )  # fmt: skip
        for month in months:
            cells.make_month(SELF, month)
    return told(load, months=len(months), new=True)


def months() -> list[date]:
    """The months of which there are calls, the newest first."""
    return sorted(
        {on.replace(day=1) for on in CallSlot.objects.values_list("on", flat=True).distinct()}, reverse=True
    )


def by_half_hour(month: date) -> list[Slot]:
    """The calls of a month added up by half hour of the day; ``on`` is the month. One query."""
    mine = CallSlot.objects.filter(on__gte=month, on__lt=rules.next_month(month))
    sums = {name: Sum(name) for name in ("offered", "answered", "in_60s", "hung_up")}
    return [Slot(month, **row) for row in mine.values("minute").annotate(**sums).order_by("minute")]


def days(month: date) -> int:
    """On how many days of a month there were calls."""
    mine = CallSlot.objects.filter(on__gte=month, on__lt=rules.next_month(month))
    return int(mine.aggregate(n=Count("on", distinct=True))["n"])


def _measured(load: Load, found: list[Slot]) -> list[Measurement]:
    """One measurement a month, of the days that the file has of it."""
    made: list[Measurement] = []
    for _, group in groupby(found, key=lambda slot: slot.on.replace(day=1)):
        month = list(group)
        offered, in_60s = sum(slot.offered for slot in month), sum(slot.in_60s for slot in month)
        if offered:
            made.append(
                Measurement(
                    load=load,
                    line=len(made) + 1,
                    indicator=INDICATOR,
                    measured_by=SELF,
                    from_on=month[0].on,
                    to_on=month[-1].on,
                    value=100 * in_60s / offered,
                    n=offered,
                    good_count=in_60s,
                    method=METHOD,
                )
            )
    return made
