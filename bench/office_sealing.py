"""Sealing 1,000,000 journal entries while somebody writes: seconds, and how long the writer ever waited.

The writer is a process of its own that writes one entry in one transaction fifty times a second, as acts do, on the
same SQLite file (WAL, IMMEDIATE, FULL). Its longest waits while nobody seals, measured first, are given beside them:
what the machine and the disk cost anyway. Then the whole journal is proved. A limit of 60 s and of 100 ms was set.

python -m bench office_sealing
"""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ENTRIES = int(os.environ.get("TANTAM_BENCH_ENTRIES", "1_000_000"))
PAUSE_SECONDS = 0.02
ALONE_SECONDS = 10
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def run() -> dict[str, Any]:
    """Seconds to seal, the writer's waits with and without, seconds to prove, and peak memory of both."""
    with tempfile.TemporaryDirectory() as folder:
        return _run(Path(folder))


def _run(home: Path) -> dict[str, Any]:
    _office(home)
    from django.core.management import call_command

    from tantam.office.journal import actions, proving

    call_command("migrate", "journal", verbosity=0)
    _fill()
    alone = _waits_during(home, lambda: time.sleep(ALONE_SECONDS))
    took: dict[str, float] = {}

    def seal() -> None:
        start = time.perf_counter()
        took["entries"] = actions.seal(at=AT)
        took["seconds"] = time.perf_counter() - start

    beside = _waits_during(home, seal)
    start = time.perf_counter()
    proof = proving.prove()
    if not proof.ok:
        raise RuntimeError(proof.sentence)
    return {
        "entries_sealed": int(took["entries"]),
        "seal_seconds": round(took["seconds"], 1),
        "writer_longest_ms": {"alone": _ms(max(alone)), "while_sealing": _ms(max(beside))},
        "writer_median_ms": {
            "alone": _ms(statistics.median(alone)),
            "while_sealing": _ms(statistics.median(beside)),
        },
        "writes": {"alone": len(alone), "while_sealing": len(beside)},
        "prove_seconds": round(time.perf_counter() - start, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _office(home: Path) -> None:
    os.environ.update(
        TANTAM_HOME=str(home), DJANGO_SETTINGS_MODULE="tantam.office.settings", TANTAM_LOG="error"
    )
    import django

    django.setup()


def _fill() -> None:
    """Entries as acts write them, but many a transaction."""
    from tantam.office.journal.models import Entry

    for start in range(0, ENTRIES, 20_000):
        Entry.objects.bulk_create(
            Entry(
                at=AT + timedelta(seconds=n),
                actor=n % 40,
                act="promise.kept",
                on_kind="promise",
                on_id=str(n),
                office=n % 90,
                facts={"late": n % 3, "due": "2026-11-30"},
            )
            for n in range(start, min(start + 20_000, ENTRIES))
        )


def _waits_during(home: Path, work: Any) -> list[float]:
    """How long each write of the other process took while this one did its work."""
    context = multiprocessing.get_context("spawn")
    stop, ready, waits = context.Event(), context.Event(), context.Queue()
    writer = context.Process(target=_writes, args=(home, ready, stop, waits))
    writer.start()
    ready.wait()
    work()
    stop.set()
    found: list[float] = json.loads(waits.get())
    writer.join()
    return found


def _writes(home: Path, ready: Any, stop: Any, waits: Any) -> None:
    _office(home)
    from django.db import transaction

    from tantam.office.journal.actions import write

    took, n = [], 0
    while not stop.is_set():
        start = time.perf_counter()
        with transaction.atomic():
            write(actor=None, act="promise.made", at=AT, on=("promise", n), office=1, people=1)
        took.append(time.perf_counter() - start)
        n += 1
        if n == 3:  # connecting and loading are no wait for a sealer
            took.clear()
            ready.set()
        time.sleep(PAUSE_SECONDS)
    waits.put(json.dumps(took))


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
