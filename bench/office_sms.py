"""Messages over SMPP against the npm `smpp` server, in both directions, on SQLite and on PostgreSQL, every commit on
the disk.

Out: 20,000 messages that wait on a list, from the first look of the gate until the receipt of the last is written
down; a limit of 1,000 a second was set. In: 20,000 messages of people that the centre sends with a window of 50, from
the first until the last is written down and acknowledged, as a share of a bare insert and commit a message on the same
database in the same run; a limit of 0.5 was set. Both sides share one machine of two cores. `asked_again` counts the
messages of which the office was sent or sent more than one, which is none.

python -m bench office_sms
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from bench.an_office import on_both, ready, settled, tell

LIST = int(os.environ.get("TANTAM_BENCH_LIST", "20_000"))
BARE = 500
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CENTRE = Path(__file__).parents[1] / "tests" / "smsc"
PATIENCE_S = 600


def run() -> dict[str, Any]:
    """Messages a second in both directions, on both databases."""
    return {"messages": LIST, "target_out": 1_000, "target_in_share": 0.5, **on_both("bench.office_sms")}


def office() -> dict[str, Any]:
    """Both directions, in this process's office."""
    home = ready()
    keys = _phones(home)
    log = home / "centre.jsonl"
    centre = subprocess.Popen(
        ["node", "server.js", "--port", "0", "--log", str(log)],
        cwd=CENTRE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert centre.stdout is not None
        port = int(centre.stdout.readline().split()[1])
        return {**_out(keys, port), **_in(centre, port), **_counted(log)}
    finally:
        centre.kill()
        centre.wait()


def _phones(home: Path) -> list[int]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from tantam import keys
    from tantam.base.home import Home

    at = Home(home)
    at.key_secret.parent.mkdir(parents=True, exist_ok=True)
    at.key_secret.write_bytes(b"k" * 32)
    phones = [f"+849{n:08d}" for n in range(LIST)]
    rows = sorted((keys.of_phone(b"k" * 32, phone), phone) for phone in phones)
    at.phones.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"key": [k for k, _ in rows], "phone": [p for _, p in rows]}), at.phones)
    return [key for key, _ in rows]


def _link(port: int, until: Callable[[], bool]) -> float:
    """Keep the link until something is so; seconds from the bind."""
    from tantam.office.channels.smpp.place import place
    from tantam.office.worker import link

    start = looked = time.perf_counter()
    done = False

    def wanted(seconds: float) -> bool:
        nonlocal looked, done
        time.sleep(min(seconds, 0.01))
        if not done and time.perf_counter() - looked > 0.2:
            looked = time.perf_counter()
            done = until() or looked - start > PATIENCE_S
        return not done

    link.keep(
        place(f"smpp://tantam@127.0.0.1:{port}", "tantam"), holder="bench", wanted=wanted, now=lambda: AT
    )
    return time.perf_counter() - start


def _out(keys: list[int], port: int) -> dict[str, Any]:
    from tantam.office.channels.models import Message

    for first in range(0, LIST, 1_000):
        Message.objects.bulk_create(
            Message(
                id=UUID(int=first + n), key=key, purpose="invitation", channel="sms", parts=1, asked_at=AT, due_at=AT,
                text="Moi bac ca phe sang thu bay, 8 gio, quan Coi.",
            )
            for n, key in enumerate(keys[first : first + 1_000])
        )  # fmt: skip
    settled()
    left = Message.objects.exclude(state="arrived")
    seconds = _link(port, lambda: not left.exists())
    return {"out_a_second": round((LIST - left.count()) / seconds), "not_arrived": left.count()}


def _in(centre: subprocess.Popen[str], port: int) -> dict[str, Any]:
    from tantam.office.channels.models import Incoming
    from tantam.office.worker.models import Chore

    def bare() -> float:
        start = time.perf_counter()
        for _ in range(BARE):
            Incoming.objects.create(
                id=uuid4(), text="Mạng yếu", gateway="bare", received_at=AT, handled_at=AT
            )
        return BARE / (time.perf_counter() - start)

    Chore.objects.update(due_at=AT)
    before = bare()
    assert centre.stdin is not None
    told = {"flood": {"count": LIST, "from": "+84912345678", "window": 50}}
    print(json.dumps(told), file=centre.stdin, flush=True)
    came = Incoming.objects.filter(gateway="smpp")
    seconds = _link(port, lambda: came.count() >= LIST)
    commits = (before + bare()) / 2
    return {
        "in_a_second": round(came.count() / seconds),
        "bare_commits_a_second": round(commits),
        "in_share": round(came.count() / seconds / commits, 2),
    }


def _counted(log: Path) -> dict[str, Any]:
    """By the centre's own log: what it was sent twice, and what it had to send twice."""
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    submitted = [event["to"] for event in events if event["event"] == "submit"]
    again = sum(event["event"] == "deliver" and event["times"] > 1 for event in events)
    return {"asked_again": len(submitted) - len(set(submitted)) + again}


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    tell(office())
