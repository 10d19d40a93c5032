"""``kill -9`` in the middle of writing: what was acknowledged is there, nothing is half there, the journal is whole."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from tests.office.operations.commands import all_done, environment

WRITER = """
import sys
from datetime import timedelta
from pathlib import Path
from tantam.cli.office_home import open_office
open_office(Path(sys.argv[1]))
from tantam import clock
from tantam.office.people.models import Staff
from tantam.office.promises import actions
lam = Staff.objects.select_related("office").get(username="lam")
while True:
    now = clock.now()
    made = actions.make(
        actor=lam, at=now, kind="reply", what="Gọi lại", owner=lam, office=lam.office,
        first_due=(now + timedelta(days=3)).date(), to=("public", ""),
    )
    print(made.pk, flush=True)
"""
LEAST_ACKNOWLEDGED = 40


def test_a_killed_writer_loses_nothing_it_acknowledged(home: Path) -> None:
    acknowledged: set[int] = set()
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(home)], stdout=subprocess.PIPE, text=True, env=environment()
        )
        assert writer.stdout is not None
        for _ in range(LEAST_ACKNOWLEDGED):
            acknowledged.add(int(writer.stdout.readline()))
        time.sleep(0.02)  # so that it dies anywhere in its next acts, and not at the print
        writer.kill()
        rest = writer.stdout.read().splitlines()
        acknowledged |= {int(line) for line in rest if line}
        writer.wait()
    with sqlite3.connect(home / "office.sqlite3") as db:
        there = {row[0] for row in db.execute("SELECT id FROM promises_promise")}
        told = {
            int(row[0]) for row in db.execute("SELECT on_id FROM journal_entry WHERE act = 'promise.made'")
        }
        ours = "span = 'd' AND office_id IS NOT NULL"
        (tallied,) = db.execute(f"SELECT sum(open_count) FROM promises_tally WHERE {ours}").fetchone()
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(acknowledged) >= 3 * LEAST_ACKNOWLEDGED
    assert acknowledged <= there
    assert there == told and tallied == len(there)
    assert "The journal is whole" in all_done(home, ("work", "--once"), ("prove",))[-1]
