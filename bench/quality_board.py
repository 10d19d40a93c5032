"""The board of quality over ten years: 17 indicators, 34 provinces and the country, 120 months, measured by ourselves
and by the Ministry, with eight pledges judged every month; on SQLite and PostgreSQL.

`read_ms` is what the board asks the database for and puts in order; `page_ms` the whole page on the server, for staff
and for everybody. Medians of 15, by the clock and (`_cpu_`) of the process alone; the month is another each time.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from statistics import median
from time import perf_counter, process_time
from typing import Any

from bench import an_office

YEARS = int(os.environ.get("TANTAM_BENCH_LIST", "10"))
FIRST, TURNS = 2016, 15
TARGETS = {"read_ms": 50}


def run() -> dict[str, Any]:
    """Medians in milliseconds on each database."""
    return {"years": YEARS, **an_office.on_both("bench.quality_board"), "targets": TARGETS}


def _filled(months: list[date]) -> None:
    from tantam import clock, places
    from tantam.office.people import actions as people
    from tantam.office.quality import actions, judging
    from tantam.office.quality.indicators import INDICATORS
    from tantam.office.quality.models import Cell

    draw, at = random.Random(5), clock.now()
    who: dict[str, Any] = {"actor": None, "at": at}
    hq = people.open_office("hq", "Trụ sở", "headquarters", **who)
    yen = people.hire("yen", "Đỗ Hải Yến", hq, **who)
    people.give_duty(yen, "policy", hq, from_on=date(2015, 1, 1), **who)
    given: dict[str, Any] = {"actor": yen, "at": at, "from_on": date(FIRST, 1, 1)}
    chosen = [one for one in INDICATORS.values() if one.kind == "share"][:8]
    for number, one in enumerate(chosen, 1):
        level = Decimal("97" if one.direction == "higher" else "2")
        actions.declare(indicator=one.code, level=level, document="1/CB", **given)
        actions.pledge(
            code=str(number), indicator=one.code, level=level, text_vi="…", remedy_vi="…", remedy_days=20, owner=yen,
            office=hq, **given,
        )  # fmt: skip
    for month in months:
        cells = []
        for one in INDICATORS.values():
            good = 98.5 if one.direction == "higher" else 0.9
            for place in ("", *(p.code for p in places.PROVINCES)):
                for by in ("self", "ministry"):
                    value = min(one.most, (good if one.unit == "percent" else 3.0) + draw.uniform(-0.5, 0.5))
                    cells.append(
                        Cell(
                            indicator=one.code,
                            place=place,
                            month=month,
                            measured_by=by,
                            rows_count=30,
                            n=5000,
                            value=value,
                            low=value - 0.3,
                            high=min(one.most, value + 0.3),
                        )
                    )
        Cell.objects.bulk_create(cells)
        judging.judge(month, actor=None, at=at)


def _median(act: Callable[[date], Any], months: list[date]) -> tuple[float, float]:
    taken, cpu = [], []
    for turn in range(TURNS):
        start, busy = perf_counter(), process_time()
        act(months[-1 - turn])
        taken.append(1000 * (perf_counter() - start))
        cpu.append(1000 * (process_time() - busy))
    return round(median(taken), 1), round(median(cpu), 1)


def _measured() -> dict[str, Any]:
    an_office.ready()
    months = [date(FIRST + n // 12, n % 12 + 1, 1) for n in range(12 * YEARS)]
    _filled(months)
    an_office.settled()
    from django.test import Client

    from tantam.office.people.models import Staff
    from tantam.office.quality import boards
    from tantam.office.quality.models import Cell, Standing

    def read(month: date) -> None:
        lines, said = boards.lines(month)
        boards.country(lines[0], month, said)

    staff, anybody = Client(), Client()
    staff.force_login(Staff.objects.get(), backend="allauth.account.auth_backends.AuthenticationBackend")

    def page(client: Client, address: str) -> Callable[[date], None]:
        def get(month: date) -> None:
            answer = client.get(f"{address}?month={month:%Y-%m}")
            assert answer.status_code == 200, answer.status_code

        return get

    figures: dict[str, Any] = {"cells": Cell.objects.count(), "standings": Standing.objects.count()}
    acts = {"read": read, "page": page(staff, "/quality/"), "public_page": page(anybody, "/public/quality/")}
    for name, act in acts.items():
        act(months[-TURNS - 1])  # the first time templates are compiled
        figures[f"{name}_ms"], figures[f"{name}_cpu_ms"] = _median(act, months)
    return figures


if __name__ == "__main__":
    assert sys.argv[1] in an_office.ON
    os.environ |= {"TANTAM_SECOND_FACTOR": "no", "TANTAM_HOSTS": "testserver"}
    an_office.tell(_measured())
