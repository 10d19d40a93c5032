"""A year of figures for tests of pages: a pledge for each province, one breach, one province without figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from tantam.office.promises import actions as promises
from tantam.office.quality import actions, rules
from tantam.office.quality.indicators import INDICATORS
from tantam.office.quality.models import Cell, Load, Measurement, Pledge, Standing
from tantam.places import PROVINCES

LAST = date(2026, 10, 1)
BROKEN_IN, BROKEN_AT = date(2026, 8, 1), "96"
UNMEASURED = "04"
SAMPLES = 4_000


def declared(world: Any, indicator: str, level: str, **other: Any) -> Any:
    """A level declared since 2025."""
    given = {
        "actor": world.policy,
        "at": world.at,
        "from_on": date(2025, 1, 1),
        "document": "18/CB-SM, 02/01/2025",
    }
    return actions.declare(**{**given, "indicator": indicator, "level": Decimal(level), **other}).row


def pledged(world: Any, code: str, indicator: str, level: str, **other: Any) -> Pledge:
    """A level pledged since November 2025."""
    given = {
        "actor": world.policy, "at": world.at, "owner": world.dung, "office": world.hq, "remedy_days": 20,
        "text_vi": f"Lời hứa {code}: đúng mức đã nói, ở mọi tỉnh.", "remedy_vi": "Tăng trạm, tặng lại 20 % cước tháng.",
        "from_on": date(2025, 11, 1), "invented": True,
    }  # fmt: skip
    return actions.pledge(
        **{**given, "code": code, "indicator": indicator, "level": Decimal(level), **other}
    ).row


def a_load(world: Any, name: str = "do-2026.csv", measured_by: str = "self") -> Load:
    """A file that was taken in whole."""
    digest = f"{abs(hash(name)):064x}"[:64]
    return Load.objects.create(
        name=name, digest=digest, measured_by=measured_by, at=world.at, by=world.policy, read_at=world.at,
        done_at=world.at,
    )  # fmt: skip


def a_cell(
    load: Load, lines: Any, indicator: str, place: str, month: date, good: int, n: int = SAMPLES
) -> Cell:
    """A month with the row behind it, of a share."""
    one = INDICATORS[indicator]
    found = rules.figure(one, rules.Sums(rows=1, with_n=1, n=n, counted=good))
    assert found is not None
    Measurement.objects.create(
        load=load, line=next(lines), indicator=indicator, measured_by=load.measured_by, from_on=month,
        to_on=month.replace(day=28), place=place, place_written=place, value=found.value, n=n, good_count=good,
    )  # fmt: skip
    return Cell.objects.create(
        indicator=indicator, place=place, month=month, measured_by=load.measured_by, rows_count=1, n=n,
        value=found.value, low=found.low, high=found.high,
    )  # fmt: skip


def a_year(world: Any, months: int = 12) -> Pledge:
    """Calls that connect, pledged at 97 % in each province: 98.5 % everywhere, but in Cà Mau of August."""
    declared(world, "call_setup", "95")
    pledge = pledged(world, "1", "call_setup", "97")
    load, lines = a_load(world), count(2)
    for nth in range(months):
        month = _back(LAST, months - 1 - nth)
        for province in PROVINCES:
            if province.code == UNMEASURED:
                Standing.objects.create(
                    pledge=pledge, place=UNMEASURED, month=month, state="missing", at=world.at
                )
                continue
            broken = (month, province.code) == (BROKEN_IN, BROKEN_AT)
            cell = a_cell(load, lines, "call_setup", province.code, month, 3_760 if broken else 3_940)
            state = rules.stands(
                INDICATORS["call_setup"], 97, rules.Figure(cell.value, cell.n, cell.low, cell.high)
            )
            _stand(world, pledge, cell, state)
        a_cell(load, lines, "call_setup", "", month, 130_000, 132_000)
    return pledge


def _stand(world: Any, pledge: Pledge, cell: Cell, state: str) -> None:
    promise = None
    if state == "broken":
        promise = promises.make(
            actor=world.policy, at=world.at, kind="other", what="Tăng trạm, tặng lại 20 % cước tháng.",
            owner=world.dung, office=world.nha_trang, first_due=date(2026, 12, 1), to=("public", ""),
        )  # fmt: skip
    Standing.objects.create(
        pledge=pledge,
        place=cell.place,
        month=cell.month,
        state=state,
        cell=cell,
        promise=promise,
        at=world.at,
    )


def _back(month: date, count: int) -> date:
    nth = month.year * 12 + month.month - 1 - count
    return date(nth // 12, nth % 12 + 1, 1)
