"""Everyone who spoke on a theme is told: people a second for whom a message is asked for.

A hundred thousand people who spoke on one theme: a fifth of them known by what they said in the office, the others from
the file of a listening, a fiftieth of them in both. On SQLite and on PostgreSQL, every commit on the disk, a batch a
transaction as the worker does it. A limit of 100 seconds was set for all of them.

python -m bench office_telling
"""

from __future__ import annotations

import os
import resource
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bench.an_office import on_both, ready, tell

PEOPLE = int(os.environ.get("TANTAM_BENCH_PEOPLE", "100_000"))
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SPREAD = 7_919
"""Between one key and the next."""


def run() -> dict[str, Any]:
    """Seconds, processor seconds and people a second on both databases."""
    return {"target_seconds": 100, "people": PEOPLE, **on_both("bench.office_telling")}


def office() -> dict[str, Any]:
    """Tell them all, in this process's office."""
    home = ready()
    from tantam.office.channels.models import Message
    from tantam.office.opinions import answering

    telling = a_telling(home)
    start, busy = time.perf_counter(), time.process_time()
    while answering.go_on(telling, at=AT):
        pass
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    telling.refresh_from_db()
    if not PEOPLE == telling.asked_count == Message.objects.count():
        raise AssertionError("somebody was told twice, or not at all")
    return {
        "seconds": round(seconds, 1),
        "processor_seconds": round(busy, 1),
        "a_second": round(PEOPLE / seconds),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def a_telling(home: Path) -> Any:
    """A theme on which all of them spoke, answered, and the telling of it begun."""
    from tantam.office.opinions import answering, themes
    from tantam.office.opinions.models import Answer, Heap, Voice
    from tantam.office.people import actions as people

    hq = people.open_office("hq", "Trụ sở", "headquarters", actor=None, at=AT)
    staff = people.hire("yen", "Đỗ Hải Yến", hq, actor=None, at=AT)
    people.give_duty(staff, "policy", hq, actor=None, at=AT, from_on=date(2020, 1, 1))
    theme = themes.of_code("T01", "mất sóng khi mưa lớn", at=AT)
    known = PEOPLE // 5
    Voice.objects.bulk_create(
        (Voice(theme=theme, key=n * SPREAD, first_at=AT) for n in range(known)), batch_size=1_000
    )
    keys = [n * SPREAD for n in range(known * 9 // 10, PEOPLE)]
    pq.write_table(pa.table({"key": pa.array(keys, pa.int64())}), home / "T01.parquet")
    Heap.objects.create(
        theme=theme, run="bench", digest="bench", taken_at=AT, opinions_count=len(keys), people_count=len(keys),
        complaints_count=0, speakers="T01.parquet", speakers_count=len(keys),
    )  # fmt: skip
    answer = Answer.objects.create(
        theme=theme,
        kind="no",
        words="Chưa làm được, vì chưa kéo được điện.",
        people_count=PEOPLE,
        by=staff,
        at=AT,
    )
    return answering.tell(answer, actor=staff, at=AT)


if __name__ == "__main__":
    tell(office())
