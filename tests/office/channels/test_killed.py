"""Killed while it hands messages over, ten times at seeded points: none goes out twice, none is forgotten."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

MESSAGES = 4_000
KILLS = 10

OFFICE = """
import os, sys, django
django.setup()
from datetime import datetime, UTC, timedelta
from uuid import UUID
from tantam.office.channels import actions
from tantam.office.channels.models import Message
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
"""
BEGIN = (
    OFFICE
    + """
from django.core.management import call_command
call_command("migrate", verbosity=0)
Message.objects.bulk_create(
    Message(
        id=UUID(int=i), key=i, purpose="invitation", channel="sms", text="Mời bác cà phê.", parts=1,
        asked_at=AT, due_at=AT,
    )
    for i in range(int(sys.argv[1]))
)
"""
)
WORK = (
    OFFICE
    + """
from tantam.office.channels.gateways import Answer
class Peer:
    name, channels, dials = "peer", frozenset({"sms"}), False
    def submit(self, messages):
        for one in messages:
            os.write(wire, f"{one.key}\\n".encode())
            yield Answer(one.id, (str(one.key),))
wire = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
while actions.send_due(Peer(), at=AT):
    pass
print(actions.give_up(at=AT + timedelta(hours=1)))
"""
)


@pytest.mark.slow
def test_none_twice_and_none_forgotten(tmp_path: Path) -> None:
    rng = random.Random(7)
    env = {**os.environ, "TANTAM_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tantam.office.settings"}
    env = {name: value for name, value in env.items() if "DATABASE_URL" not in name}
    peer = tmp_path / "peer.txt"
    subprocess.run([sys.executable, "-c", BEGIN, str(MESSAGES)], env=env, check=True)
    for _ in range(KILLS):
        seen = _lines(peer)
        until = seen + rng.randrange(1, MESSAGES // KILLS)  # also between two batches
        worker = subprocess.Popen([sys.executable, "-c", WORK, str(peer)], env=env, stdout=subprocess.DEVNULL)
        while worker.poll() is None and _lines(peer) < until:
            time.sleep(0.001)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(peer)], env=env, check=True, capture_output=True, text=True
    )
    handed = Counter(peer.read_text().split())
    assert max(handed.values()) == 1
    with sqlite3.connect(tmp_path / "office.sqlite3") as office:
        states = dict(office.execute("SELECT state, count(*) FROM channels_message GROUP BY state"))
        sent = {
            str(key) for (key,) in office.execute("SELECT key FROM channels_message WHERE state = 'sent'")
        }
    assert set(states) <= {"sent", "unknown"}
    assert sum(states.values()) == MESSAGES
    assert sent <= set(handed)
    assert states.get("unknown", 0) == int(done.stdout.split()[-1]) <= KILLS * 200
    assert len(handed) > states["sent"]


def _lines(peer: Path) -> int:
    return peer.read_bytes().count(b"\n") if peer.exists() else 0
