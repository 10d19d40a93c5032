"""What the network says became of what we handed over: written down in batches, also where it comes before our own note
of the message, or where that note was lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tantam.office.channels.models import ARRIVED, FAILED, SENT, UNKNOWN, Handed, Message, Stray
from tantam.office.channels.sms.receipts import candidates
from tantam.office.journal.actions import write
from tantam.office.paging import parts

ARRIVED_WORD = "DELIVRD"
NO_END = {"ACCEPTD", "UNKNOWN", ""}
"""States of a receipt after which another one may come."""

STRAYS_KEPT = timedelta(days=3)
"""For so long a centre may still try to deliver, and a receipt may find its message."""


@dataclass(frozen=True)
class Report:
    """One receipt: what the centre calls the part, whose phone it was for (None: unknown), how it ended."""

    ref: str
    key: int | None
    state: str
    error: str = ""


def note(gateway: str, reports: Iterable[Report], *, at: datetime) -> int:
    """Write down how messages ended, all in one transaction; gives how many ends were new. The same receipt twice
    changes nothing; one that fits no message is kept, in case the message becomes known."""
    ends = [one for one in reports if one.state not in NO_END]
    with transaction.atomic():
        new, strays = _apply(gateway, ends, at)
        if strays:
            _keep(gateway, strays, at)
        if new:
            write(actor=None, act="message.reported", at=at, on=("message", "many"), count=new)
    return new


def catch_up(gateway: str, refs: Sequence[str], *, at: datetime) -> None:
    """Receipts that came before these references were written down count now. Inside the caller's transaction."""
    for part in parts(refs):
        waiting = list(Stray.objects.filter(gateway=gateway, ref__in=part))
        if waiting:
            _apply(gateway, [Report(one.ref, one.key, one.ended, one.error) for one in waiting], at)
            Stray.objects.filter(pk__in=[one.pk for one in waiting]).delete()


def adopt(keys: Iterable[int | None], *, at: datetime) -> None:
    """Messages of which nobody knew whether they went, and a receipt for something to the same person that we know
    nothing of: where there is one such message of one part, that is it."""
    wanted = sorted({key for key in keys if key is not None})
    for part in parts(wanted):
        lost: dict[int, list[Message]] = defaultdict(list)
        for row in Message.objects.filter(
            key__in=part, state=UNKNOWN, channel="sms", carrier__isnull=True, parts=1
        ):
            if row.key is not None:
                lost[row.key].append(row)
        for stray in Stray.objects.filter(key__in=list(lost)).order_by("ended_at", "id"):
            assert stray.key is not None
            match lost.get(stray.key, []):
                case [row] if row.taken_at is not None and row.taken_at <= stray.ended_at:
                    both = [row, *Message.objects.filter(carrier=row)]
                    Handed.objects.bulk_create(
                        Handed(message=one, gateway=stray.gateway, ref=stray.ref) for one in both
                    )
                    lost[stray.key] = []
                    catch_up(stray.gateway, [stray.ref], at=at)


def _keep(gateway: str, strays: Iterable[Report], at: datetime) -> None:
    Stray.objects.filter(ended_at__lt=at - STRAYS_KEPT).delete()
    Stray.objects.bulk_create(
        Stray(
            gateway=gateway, ref=named[0][:80], key=one.key, ended=one.state, error=one.error[:8], ended_at=at
        )
        for one in strays
        if (named := candidates(one.ref))
    )
    adopt({one.key for one in strays}, at=at)


def _apply(gateway: str, reports: Sequence[Report], at: datetime) -> tuple[int, list[Report]]:
    """Note the ends of parts and of their messages; gives how many were new, and what fits nothing that we know."""
    written = {ref for one in reports for ref in candidates(one.ref)}
    rows: dict[str, list[Handed]] = defaultdict(list)
    for part in parts(sorted(written)):
        for row in Handed.objects.filter(gateway=gateway, ref__in=part).select_related("message"):
            rows[row.ref].append(row)
    strays: list[Report] = []
    ends: dict[tuple[str, str], list[int]] = defaultdict(list)
    touched: set[UUID] = set()
    for one in reports:
        mine = _rows_of(one, rows)
        if not mine:
            strays.append(one)
        ends[one.state, one.error[:8]] += [row.pk for row in mine]
        touched |= {row.message_id for row in mine}
    new = 0
    for (state, error), ids in ends.items():
        for some in parts(ids):
            open_ = Handed.objects.filter(pk__in=some, ended="")
            new += open_.update(ended=state, error=error, ended_at=at)
    for messages in parts(sorted(touched)):
        _end(messages)
    return new, strays


def _rows_of(report: Report, rows: dict[str, list[Handed]]) -> list[Handed]:
    """The parts that a receipt speaks of. Digits alone may be read as decimal or hexadecimal: a second reading counts
    only for the same person."""
    first, *others = candidates(report.ref) or [""]
    if found := rows.get(first):
        return found
    return [
        row
        for ref in others
        for row in rows.get(ref, ())
        if report.key is not None and row.message.key == report.key
    ]


def _end(messages: Sequence[UUID]) -> None:
    """A message has ended when all its parts have: it arrived if every one did."""
    ends: dict[UUID, set[str]] = defaultdict(set)
    for id, ended in Handed.objects.filter(message__in=messages).values_list("message", "ended"):
        ends[id].add(ended)
    over = {id: found for id, found in ends.items() if "" not in found}
    arrived = [id for id, found in over.items() if found == {ARRIVED_WORD}]
    failed = over.keys() - set(arrived)
    for state, ids in ((ARRIVED, arrived), (FAILED, failed)):
        if ids:
            Message.objects.filter(pk__in=ids, state__in=[SENT, UNKNOWN]).update(state=state)
