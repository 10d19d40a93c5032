"""A whole office on a link to a centre of its own, in processes of their own, so that they can be killed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.smsc.peer import PASSWORD, Peer

_BEGIN = """
import django, sys
django.setup()
import pyarrow as pa, pyarrow.parquet as pq
from uuid import UUID
from django.conf import settings
from django.core.management import call_command
from tantam import clock, keys
from tantam.base.home import Home
from tantam.office.channels.models import Message
for alias in ("default", "health"):
    call_command("migrate", database=alias, verbosity=0)
home, at = Home(settings.HOME), clock.now()
home.key_secret.parent.mkdir(parents=True, exist_ok=True)
home.key_secret.write_bytes(b"k" * 32)
rows = sorted((keys.of_phone(b"k" * 32, p), p) for p in (f"+849{n:08d}" for n in range(int(sys.argv[1]))))
home.phones.parent.mkdir(parents=True, exist_ok=True)
pq.write_table(pa.table({"key": [k for k, _ in rows], "phone": [p for _, p in rows]}), home.phones)
for first in range(0, len(rows), 1000):
    Message.objects.bulk_create(
        Message(
            id=UUID(int=first + n), key=key, purpose="service", channel="sms", text="Mạng tối nay bảo dưỡng.", parts=1,
            asked_at=at, due_at=at,
        )
        for n, (key, _) in enumerate(rows[first : first + 1000])
    )
"""

_LATER = """
import django
django.setup()
from datetime import timedelta
from tantam import clock
from tantam.office.channels import actions
actions.give_up(at=clock.now() + timedelta(hours=1))
"""


class OfficeOnALink:
    """An office on SQLite in ``folder`` with so many ``people``, to each of whom one message waits; and its centre."""

    def __init__(self, folder: Path, centre: Peer, people: int) -> None:
        self.centre = centre
        self.database = folder / "office.sqlite3"
        self._around = os.environ | {
            "TANTAM_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "tantam.office.settings", "TANTAM_LOG": "error",
            "TANTAM_SMS": centre.url(), "TANTAM_SMS_PASSWORD": PASSWORD,
        }  # fmt: skip
        for name in ("TANTAM_DATABASE_URL", "TANTAM_HEALTH_DATABASE_URL"):
            self._around.pop(name, None)
        self._run(_BEGIN, str(people))

    def asked(self, query: str) -> list[Any]:
        """Rows of the office's database."""
        with closing(sqlite3.connect(self.database, timeout=30)) as base:
            return base.execute(query).fetchall()

    @contextmanager
    def working(self) -> Iterator[subprocess.Popen[bytes]]:
        """``tantam office sms``, ended in the end if nobody killed it. The lease of a killed one is taken to have run
        out."""
        with closing(sqlite3.connect(self.database, timeout=30)) as base, base:
            base.execute("update worker_chore set lease_until = null")
        with self.another() as link:
            yield link

    @contextmanager
    def another(self) -> Iterator[subprocess.Popen[bytes]]:
        """The same beside one that works, which holds its lease."""
        link = subprocess.Popen([sys.executable, "-m", "tantam.cli", "office", "sms"], env=self._around)
        try:
            yield link
        finally:
            link.send_signal(signal.SIGTERM)
            link.wait(60)

    def later(self) -> None:
        """An hour later: whatever nobody heard of is given up."""
        self._run(_LATER)

    def _run(self, script: str, *words: str) -> None:
        subprocess.run([sys.executable, "-c", script, *words], env=self._around, check=True)
