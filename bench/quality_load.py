"""A million measurements taken in, from the bytes of the file to the figures of every month, on SQLite and PostgreSQL
(what was acknowledged is on the disk). Ten years, 16 indicators, the provinces of each day, 63 before July 2025 and 34
since. Then the same file again, and one that corrects a month.

`load_seconds` is by the clock, `load_cpu_seconds` of this process alone.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from time import perf_counter, process_time
from typing import Any

from bench import an_office

ROWS = int(os.environ.get("TANTAM_BENCH_LIST", "1000000"))
TARGETS = {"load_seconds": 60}
FIRST, DAYS = date(2016, 1, 1), 3_653
HEAD = "indicator,from,to,place,value,n,good,spread,method,source\n"


def run() -> dict[str, Any]:
    """Seconds and rows a second on each database."""
    return {"rows": ROWS, **an_office.on_both("bench.quality_load"), "targets": TARGETS}


def lines(draw: random.Random) -> Iterator[str]:
    """The rows in the order of their days, as a measuring system writes them."""
    from tantam import places
    from tantam.clock import to_days
    from tantam.office.quality.indicators import INDICATORS

    listed = [one for one in INDICATORS.values() if one.kind != "rate"]
    for number in range(ROWS):
        day = FIRST + timedelta(days=number * DAYS // ROWS)
        of, province = draw.choice(listed), draw.choice(places.provinces(to_days(day))).name
        n = draw.randrange(300, 5000)
        if of.kind == "share":
            counted = draw.randrange(n)
            share = f"{100 * counted / n:.2f}".replace(".", ",")
            figures = f'"{share}",{n},{counted},'
        else:
            figures = f"{draw.uniform(1, min(of.most, 90)):.2f},{n},,{draw.uniform(0.1, 2):.3f}"
        yield f"{of.code},{day},{day},{province},{figures},auto {number % 97},"


def _measured() -> dict[str, Any]:
    an_office.ready()
    from tantam import clock
    from tantam.office.quality import loading
    from tantam.office.quality.models import Cell

    draw = random.Random(7)
    content = (HEAD + "\n".join(lines(draw)) + "\n").encode()
    given: dict[str, Any] = {"name": "bench.csv", "measured_by": "self", "actor": None, "at": clock.now()}
    seconds, cpu = perf_counter(), process_time()
    done = loading.take_in(content, **given)
    seconds, cpu = perf_counter() - seconds, process_time() - cpu
    assert done.kept == ROWS, done
    again = perf_counter()
    assert not loading.take_in(content, **given).new
    again = perf_counter() - again
    body = content.decode().splitlines()
    corrected = (HEAD + "\n".join(body[1 : ROWS // 120]) + "\n").encode()
    correction = perf_counter()
    loading.take_in(corrected, **given)
    correction = perf_counter() - correction
    return {
        "file_mb": round(len(content) / 1e6, 1),
        "load_seconds": round(seconds, 1),
        "load_cpu_seconds": round(cpu, 1),
        "rows_a_second": round(ROWS / seconds),
        "cells": Cell.objects.count(),
        "same_file_again_ms": round(1000 * again),
        "one_month_corrected_seconds": round(correction, 2),
    }


if __name__ == "__main__":
    assert sys.argv[1] in an_office.ON
    an_office.tell(_measured())
