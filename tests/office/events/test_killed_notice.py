"""Killed while it tells the guests of a gathering that is off, a worker's successor goes on: everyone once."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

GUESTS, KILLS, BATCH = 3_000, 5, 25
FAR = 300
"""It is killed before so many more have been asked for."""

_BEGIN = f"""
from bench.an_office import ready
ready()
from datetime import UTC, date, datetime, time
from tantam.office.events import actions
from tantam.office.events.models import Event, Guest
from tests.office.world import World
world = World()
by = {{"actor": world.lam, "at": datetime(2026, 11, 22, 3, tzinfo=UTC)}}
event = actions.plan(
    office=world.nha_trang, on=date(2026, 11, 28), starts_at=time(8), ends_at=time(17), place="Nhà văn hóa",
    host=world.lam, kind="listening_day", seats=5_000, **by,
)
Guest.objects.bulk_create(
    Guest(event=event, key=n, order=n, way="asked", answer="accepted" if n % 3 else "refused") for n in range({GUESTS})
)
Event.objects.update(state="invited")
actions.cancel(event, because="weather", **by)
"""
_GO_ON = f"""
import django
django.setup()
from datetime import UTC, datetime
from tantam.office.events import notices
notices.BATCH = {BATCH}
(notice,) = notices.going()
while notices.go_on(notice, at=datetime(2026, 11, 22, 4, tzinfo=UTC)):
    pass
"""

pytestmark = pytest.mark.slow


def test_everyone_once(tmp_path: Path) -> None:
    around = os.environ | {
        "TANTAM_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tantam.office.settings", "TANTAM_LOG": "error",
    }  # fmt: skip
    for name in ("TANTAM_DATABASE_URL", "TANTAM_HEALTH_DATABASE_URL"):
        around.pop(name, None)
    subprocess.run([sys.executable, "-c", _BEGIN], env=around, check=True)

    def told(query: str) -> list[Any]:
        with closing(sqlite3.connect(tmp_path / "office.sqlite3", timeout=30)) as base:
            return base.execute(query).fetchall()

    def count() -> int:
        return int(told("select count(*) from channels_message")[0][0])

    chance, yes = random.Random(1), sum(n % 3 > 0 for n in range(GUESTS))
    for _ in range(KILLS):
        point = count() + chance.randrange(1, FAR)
        with subprocess.Popen([sys.executable, "-c", _GO_ON], env=around) as worker:
            while count() < point:
                assert worker.poll() is None
            time.sleep(chance.random() * 0.02)  # so that it dies anywhere in a batch, and not only after one
            worker.kill()
    assert 0 < count() < yes
    subprocess.run([sys.executable, "-c", _GO_ON], env=around, check=True, timeout=120)
    assert told("select count(*), count(distinct key), count(distinct id) from channels_message") == [
        (yes,) * 3
    ]
    assert told("select asked_count, done_at is not null from events_notice") == [(yes, 1)]
    asked = "select sum(count), sum(act = 'event.told') from journal_entry where act in ('message.asked', 'event.told')"
    assert told(asked) == [(2 * yes, 1)]
