"""Tickets that another system has kept come in from a file, some hundred rows a transaction, each whole.

What was stopped at any moment goes on where it was when the same file is given again; the same file a second time is
nothing new, and a ticket that an earlier file had is known by its number. An open ticket gets the clocks of the law
from the day it was received; a closed one is history: it has no clocks, and nobody makes up how it ended.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count
from django.utils import translation

from tantam.base.tables import table
from tantam.clock import day_of
from tantam.errors import BadInput, Refused
from tantam.listen.mask import mask
from tantam.money import digits
from tantam.office.cases import actions, dates, rules
from tantam.office.cases.models import CLOSED, Case, Import, Reject
from tantam.office.cases.ticket_rows import REJECTS, Reader, Ticket, Wrong, masked
from tantam.office.channels import phonebook
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.paging import parts
from tantam.office.people.models import Office, Staff

MOSTLY = 0.9
"""A column of so many dates is one of dates, also where nothing of it is kept: the doctor looks at all of them."""

_TICKETS = UUID("7d0c3c52-0d0b-5a2e-9c39-6f4a1b7e2d18")

Progress = Callable[[str, float], None]
Read = tuple[int, Ticket | Wrong]


@dataclass(frozen=True)
class TakenIn:
    """What came of a file: how many rows, how many were kept (of those ``open``), how many an earlier file had, why the
    others were not taken, what the date doctor says; ``new`` is false where it was taken in before."""

    file: int
    rows: int
    kept: int
    known: int
    rejected: int
    open: int = 0
    codes: Mapping[str, int] = field(default_factory=dict)
    dates: Sequence[Mapping[str, Any]] = ()
    new: bool = True


def take_in(
    content: bytes,
    *,
    name: str,
    system: str,
    office: Office,
    owner: Staff | None = None,
    actor: Staff | None,
    at: datetime,
    renames: Mapping[str, str] | None = None,
    order: str = "",
    progress: Progress = lambda stage, share: None,
) -> TakenIn:
    """Take in a file (CSV or a spreadsheet) of another ``system``'s tickets, for an office; ``owner`` answers the open
    ones, else whoever has that duty nearest. ``order`` of day and month (:data:`tantam.office.cases.dates.ORDERS`) is
    for columns that cannot be told.

    Refuses ``encoding_broken``, ``unreadable_file``, ``no_rows``, ``missing_column``, ``column_twice``, ``map_unused``,
    ``dates_unsure``, ``bad_order``, ``nobody_owes``, ``import_busy``.
    """
    enter(actor, "case.take_in", office)
    owes = rules.owner(owner or next(iter(actions.who_answers(office, day_of(at))), None))
    digest = hashlib.sha256(content).hexdigest()
    before = Import.objects.filter(digest=digest).first()
    if before is not None and before.finished_at is not None:
        return _done(before, new=False)
    lines = list(table(content))
    if len(lines) < 2:
        raise BadInput(
            "no_rows",
            "The file has no rows.",
            "Choose another one.",
            vi="Tệp không có dòng nào. Chọn tệp khác.",
        )
    reader = Reader(lines[0][1], at, renames or {})
    said = _examined(reader, [row for _, row in lines[1:]], order, before)
    file = before or Import.objects.create(
        name=masked(name), digest=digest, at=at, by=actor, said=[found.facts() for found in said]
    )
    rows: list[Read] = [(line, reader.ticket(row)) for line, row in lines[1:]]
    waiting = [pair for pair in rows if pair[0] > file.line]
    for number, batch in enumerate(parts(waiting), 1):
        file = _batch(file, batch, system, office, owes, at)
        progress("tickets", min(number * len(batch) / len(waiting), 1.0))
    return _finish(file, actor, at)


def _examined(
    reader: Reader, rows: Sequence[Sequence[object]], order: str, before: Import | None
) -> list[dates.Finding]:
    """What the doctor says of every column of dates, those we read first; an import that goes on reads them as it
    began. Refuses ``dates_unsure`` where he cannot tell one that we read, and nobody has said."""
    refs = reader.column("ref", rows)
    ours = {reader.at[name]: name for name in reader.dated()}
    found: dict[int, dates.Finding] = {}
    for place in (*ours, *(n for n in range(len(reader.header)) if n not in ours)):
        cells = [row[place] if place < len(row) else "" for row in rows]
        if place in ours or sum(dates.parts(cell) is not None for cell in cells) > MOSTLY * len(cells):
            found[place] = dates.examine(masked(reader.header[place]), cells, refs)
    if before is not None:
        order = str(before.said[0]["order"])
    for place, name in ours.items():
        one = found[place]
        if order and (one.order != order):
            one = found[place] = dates.told(one.column, order, one)
        if not one.order and one.why != "nothing":
            raise BadInput(
                "dates_unsure",
                one.sentence(),
                "Look at a few tickets, then say --dates dmy, mdy or swapped.",
                vi=f"{one.sentence()} Xem vài phiếu rồi nói: --dates dmy (ngày trước), mdy (tháng trước) hay swapped "
                "(đảo ở ngày 1 đến 12).",
            )
        reader.found[name] = one
    return list(found.values())


def _batch(
    file: Import, batch: Sequence[Read], system: str, office: Office, owner: Staff, at: datetime
) -> Import:
    with transaction.atomic():
        fresh = Import.objects.select_for_update().get(pk=file.pk)
        if fresh.line != file.line:
            raise Refused(
                "import_busy",
                "Somebody else is taking in this file.",
                "Wait until that is done.",
                vi="Có người khác đang nhận tệp này. Chờ xong rồi xem lại.",
            )
        refs = [read.ref for _, read in batch if isinstance(read, Ticket)]
        onces = {ref: uuid5(_TICKETS, f"{system}|{ref}") for ref in refs}
        known = set(Case.objects.filter(once__in=onces.values()).values_list("once", flat=True))
        rejects: list[tuple[int, Wrong]] = []
        history: list[Case] = []
        for line, read in batch:
            if isinstance(read, Wrong):
                rejects.append((line, read))
            elif onces[read.ref] not in known:
                made = _kept(read, onces[read.ref], fresh, office, owner, at)
                if isinstance(made, Wrong):
                    rejects.append((line, made))
                elif made is not None:
                    history.append(made)
        Case.objects.bulk_create(history)
        Reject.objects.bulk_create(
            Reject(file=fresh, line=line, **wrong._asdict()) for line, wrong in rejects
        )
        fresh.line, fresh.rows_count = batch[-1][0], fresh.rows_count + len(batch)
        fresh.known_count += len(known)
        fresh.rejected_count += len(rejects)
        fresh.kept_count += len(batch) - len(known) - len(rejects)
        fresh.save()
    return fresh


def _kept(
    ticket: Ticket, once: UUID, file: Import, office: Office, owner: Staff, at: datetime
) -> Case | Wrong | None:
    """A closed ticket as the case to keep; None where an open one was received; or why it cannot be taken."""
    key = phonebook.whose(ticket.who) if ticket.who else None
    if ticket.who and key is None:
        return Wrong("who", "unknown_who", masked(ticket.who))
    row: dict[str, Any] = {
        "kind": ticket.kind,
        "about": ticket.about,
        "said_by": ticket.said_by,
        "key": key,
        "office": office,
        "owner": owner,
        "received_at": ticket.received_at,
        "once": once,
        "file": file,
        "ref": mask(ticket.ref)[:64],
    }
    if ticket.done:
        history = {"state": CLOSED, "closed_at": ticket.closed_at, "province": office.province}
        return Case(text=mask(ticket.text)[: rules.MOST_TEXT], **row, **history)
    try:
        actions.receive(actor=None, at=at, text=ticket.text, **row)
    except BadInput as refused:
        if refused.code != "calendar_unknown":
            raise
        return Wrong("received", "no_calendar", f"{day_of(ticket.received_at)}")
    return None


def _finish(file: Import, actor: Staff | None, at: datetime) -> TakenIn:
    with transaction.atomic():
        fresh = Import.objects.select_for_update().get(pk=file.pk)
        if fresh.finished_at is None:
            fresh.finished_at = at
            fresh.save(update_fields=["finished_at"])
            write(
                actor=actor, act="case.taken_in", at=at, on=("tickets", fresh.pk), count=fresh.kept_count,
                digest=fresh.digest, rows=fresh.rows_count, rejected=fresh.rejected_count, known=fresh.known_count,
                order=fresh.said[0]["order"] or None,
            )  # fmt: skip
    return _done(fresh)


def _done(file: Import, *, new: bool = True) -> TakenIn:
    codes = file.rejects.values_list("code").annotate(n=Count("id"))
    return TakenIn(
        file.pk, file.rows_count, file.kept_count, file.known_count, file.rejected_count,
        Case.objects.filter(file=file).exclude(state=CLOSED).count(),
        dict(Counter(dict(codes)).most_common()), file.said, new,
    )  # fmt: skip


def sentences(done: TakenIn) -> list[str]:
    """What came of a file, for a terminal: the dates first, then the counts, then why rows were not taken."""
    if not done.new:
        return ["Đã nhận từ trước · taken in before."]
    lines = [line for facts in done.dates for line in _both(dates.Finding.of(facts))]
    lines.append(
        f"{digits(done.kept)} phiếu · tickets, {digits(done.open)} còn mở · open, {digits(done.known)} đã có · known, "
        f"{digits(done.rejected)} dòng bỏ lại · rows left out"
    )
    return lines + [f"  {digits(n)} × {' · '.join(REJECTS[code])}" for code, n in done.codes.items()]


def _both(found: dates.Finding) -> list[str]:
    said = []
    for language in ("vi", "en"):
        with translation.override(language):
            said.append(found.sentence())
    return said
