"""How every pledge stood in a month, province by province; where one was broken, a promise to make it right."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tantam import places
from tantam.clock import day_of
from tantam.errors import Refused
from tantam.law.calendar import add_working_days
from tantam.office.door import enter
from tantam.office.journal.actions import write
from tantam.office.people.models import Office, Staff
from tantam.office.promises import actions as promises
from tantam.office.promises.models import Promise
from tantam.office.promises.rules import LONGEST
from tantam.office.quality import rules
from tantam.office.quality.actions import in_force
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import STANDINGS, Cell, Pledge, Standing
from tantam.office.quality.rules import BROKEN

MONTHS_BACK = 12
"""How many closed months the worker judges every day, so that figures that come late, or corrected, count too."""


@dataclass(frozen=True)
class Judged:
    """How many standings of a month there are by state, how many of them changed, and how many promises were made.
    ``unowned``: broken ones whose pledge's owner has left, so that nobody promises anything yet."""

    month: date
    states: Mapping[str, int]
    changed: int
    promises: int
    unowned: int


def judge(month: date, *, actor: Staff | None, at: datetime) -> Judged:
    """Judge every pledge that held through the whole of a month, in each place it speaks of. Where one was broken, one
    promise of its remedy is made, due so many working days from today; judged again, nothing changes.

    A later file may change a standing, and never takes back a promise. Refuses ``month_not_over``.
    """
    enter(actor, "quality.judge")
    month = month.replace(day=1)
    after = rules.next_month(month)
    if after > day_of(at):
        raise Refused(
            "month_not_over",
            f"{month:%m/%Y} is not over yet.",
            "Judge it when it is.",
            vi=f"Tháng {month:%m/%Y} chưa hết. Hết tháng hãy xét.",
        )
    with transaction.atomic():
        pledges = list(_pledges(month, after))
        standings = _standings(pledges, month, at)
        known = {
            (one.pledge_id, one.place): one
            for one in Standing.objects.select_for_update(of=("self",)).filter(
                pledge__in=pledges, month=month
            )
        }
        new = [one for where, one in standings.items() if where not in known]
        Standing.objects.bulk_create(new)
        changed = [_moved(known[where], one) for where, one in standings.items() if where in known]
        moved = [one for one in changed if one is not None]
        Standing.objects.bulk_update(moved, ["state", "cell", "at"], batch_size=200)
        broken = [one for one in (*new, *known.values()) if one.state == BROKEN and one.promise_id is None]
        owed = _promise_all(broken, actor, at)
        if new or moved or owed:
            write(
                actor=actor, act="quality.judged", at=at, on=("month", f"{month:%Y-%m}"),
                count=len(new) + len(moved), broken=len(broken), promises=owed,
            )  # fmt: skip
    rows = [(known.get(where) or one).state for where, one in standings.items()]
    states = {state: rows.count(state) for state in STANDINGS}
    return Judged(month, states, len(new) + len(moved), owed, len(broken) - owed)


def closed_months(at: datetime) -> list[date]:
    """The closed months that are looked at again every day, oldest first; none before the first pledge."""
    first = Pledge.objects.order_by("from_on").values_list("from_on", flat=True).first()
    month = day_of(at).replace(day=1)
    found: list[date] = []
    while first is not None and len(found) < MONTHS_BACK:
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
        if month < first:
            break
        found.append(month)
    return found[::-1]


def _pledges(month: date, after: date) -> Iterator[Pledge]:
    """Those that held through the whole of the period that ends with the month: the month itself, or its quarter."""
    for pledge in in_force(Pledge.objects.select_related("office", "owner"), month, month).order_by(
        "code", "pk"
    ):
        months = INDICATORS[pledge.indicator].months
        begun = pledge.from_on <= month.replace(month=month.month - (month.month - 1) % months)
        whole = pledge.to_on is None or pledge.to_on >= after
        if begun and whole and month.month % months == 0:
            yield pledge


def _standings(pledges: list[Pledge], month: date, at: datetime) -> dict[tuple[int, str], Standing]:
    """(pledge, place) → how it stands by the figures there are, not kept yet."""
    cells: dict[tuple[str, str], dict[str, Cell]] = {}
    codes = {pledge.indicator for pledge in pledges}
    for cell in Cell.objects.filter(month=month, indicator__in=codes):
        cells.setdefault((cell.indicator, cell.place), {})[cell.measured_by] = cell
    provinces = [one.code for one in places.PROVINCES]
    found = {}
    for pledge in pledges:
        for place in provinces if pledge.each_province else [""]:
            here = cells.get((pledge.indicator, place), {})
            figures = {by: cell.figure for by, cell in here.items()}
            state, by = rules.judged(INDICATORS[pledge.indicator], float(pledge.level), figures)
            found[pledge.pk, place] = Standing(
                pledge=pledge, place=place, month=month, state=state, cell=here.get(by or ""), at=at
            )
    return found


def _moved(known: Standing, now: Standing) -> Standing | None:
    """The standing that is kept, changed to what it is now; None where it is that already."""
    if (known.state, known.cell_id) == (now.state, now.cell_id):
        return None
    known.state, known.cell, known.at = now.state, now.cell, now.at
    return known


def _promise_all(broken: list[Standing], actor: Staff | None, at: datetime) -> int:
    """Make what is owed; gives how many promises."""
    offices = {
        office.province: office for office in Office.objects.filter(level="province", closed_on__isnull=True)
    }
    owed = [one for one in broken if one.pledge.owner.is_active]
    for standing in owed:
        office = offices.get(standing.place, standing.pledge.office)
        promise = _promise(standing, office, actor, at)
        standing.promise = promise
        standing.save(update_fields=["promise"])
        write(
            actor=actor, act="quality.broken", at=at, on=("standing", standing.pk), office=office,
            pledge=standing.pledge_id, place=standing.place or None, month=standing.month, promise=promise.pk,
        )  # fmt: skip
    return len(owed)


def _promise(standing: Standing, office: Office, actor: Staff | None, at: datetime) -> Promise:
    pledge, month = standing.pledge, standing.month
    where = next((one.name for one in places.PROVINCES if one.code == standing.place), "cả nước")
    head = f"Cam kết {pledge.code} không giữ được ở {where} tháng {month:%m/%Y}: "
    return promises.make(
        actor=actor,
        at=at,
        kind="remedy",
        what=head + _short(pledge.remedy_vi, LONGEST - len(head)),
        owner=pledge.owner,
        office=office,
        first_due=add_working_days(day_of(at), pledge.remedy_days),
        to=("public", ""),
        about=("pledge", pledge.pk),
        once=uuid.uuid5(uuid.NAMESPACE_URL, f"tantam:standing:{pledge.pk}:{standing.place}:{month}"),
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
