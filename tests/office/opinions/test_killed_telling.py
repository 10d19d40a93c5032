"""Killed ten times while it asks for messages, a telling goes on where it was: everyone is told, and nobody twice."""

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

PEOPLE, KILLS, BATCH = 8_000, 10, 40
FAR = 500
"""It is killed before so many more have been asked for."""

_BEGIN = """
from bench.an_office import ready
home = ready()
from bench.office_telling import a_telling
a_telling(home)
"""
_GO_ON = f"""
import django
django.setup()
from bench.office_telling import AT
from tantam.office.opinions import answering
answering.BATCH = {BATCH}
(telling,) = answering.going()
while answering.go_on(telling, at=AT):
    pass
"""

pytestmark = pytest.mark.slow


class Office:
    """An office on SQLite in a folder, with a telling to :data:`PEOPLE` that has begun."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "office.sqlite3"
        self._around = os.environ | {
            "TANTAM_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "tantam.office.settings", "TANTAM_LOG": "error",
            "TANTAM_BENCH_PEOPLE": str(PEOPLE),
        }  # fmt: skip
        for name in ("TANTAM_DATABASE_URL", "TANTAM_HEALTH_DATABASE_URL"):
            self._around.pop(name, None)
        subprocess.run([sys.executable, "-c", _BEGIN], env=self._around, check=True)

    def going_on(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", _GO_ON], env=self._around)

    def told(self, query: str) -> list[Any]:
        with closing(sqlite3.connect(self.database, timeout=30)) as base:
            return base.execute(query).fetchall()

    def count(self) -> int:
        return int(self.told("select count(*) from channels_message")[0][0])


def test_everyone_once(tmp_path: Path) -> None:
    office, chance = Office(tmp_path), random.Random(1)
    for _ in range(KILLS):
        point = office.count() + chance.randrange(1, FAR)
        with office.going_on() as worker:
            while office.count() < point:
                assert worker.poll() is None
            time.sleep(chance.random() * 0.02)  # so that it dies anywhere in a batch, and not only after one
            worker.kill()
    assert 0 < office.count() < PEOPLE
    with office.going_on() as worker:
        assert worker.wait(120) == 0
    keys = "select count(*), count(distinct key), count(distinct id) from channels_message"
    assert office.told(keys) == [(PEOPLE,) * 3]
    assert office.told("select asked_count, done_at is not null from opinions_telling") == [(PEOPLE, 1)]
    asked = "select sum(count), sum(act = 'theme.told') from journal_entry where act in ('message.asked', 'theme.told')"
    assert office.told(asked) == [(2 * PEOPLE, 1)]
    assert office.told("pragma integrity_check") == [("ok",)]
