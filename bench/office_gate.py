"""The contact gate over a list of people: decisions a second, alone and with everything that the office writes down.

Alone: the pure decision, for people with three words of consent and two earlier contacts each. In the office: messages
that wait on a list, judged, written down with their verdicts, and handed to a gateway that does nothing, on SQLite and
on PostgreSQL, every commit on the disk; half of the people have refused. Without a base, so that no file is read. A
limit of 2,000 decisions a second was set, on a list of 100,000.

python -m bench office_gate
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bench.an_office import on_both, ready, settled, tell

LIST = int(os.environ.get("TANTAM_BENCH_LIST", "100_000"))
ALONE = 20_000
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def run() -> dict[str, Any]:
    """Decisions a second, alone and in the office on both databases, and what became of the list."""
    return {"target": 2_000, "list": LIST, "alone_a_second": _alone(), **on_both("bench.office_gate")}


def _alone() -> int:
    from tantam.office.channels.rules import Ask, Consented, Contact, Known, decide

    ask = Ask("advertising", "sms", AT)
    known = Known(
        consents=tuple(
            Consented("advertising", "", granted, AT - timedelta(days=days))
            for days, granted in ((90, True), (60, False), (30, True))
        ),
        contacts=tuple(Contact(AT - timedelta(hours=h), "advertising", "sms") for h in (3, 9)),
    )
    start = time.process_time()
    for _ in range(ALONE):
        decide(ask, known)
    return round(ALONE / (time.process_time() - start))


def office() -> dict[str, Any]:
    """The list through the gate, in this process's office."""
    ready()
    from tantam.office.channels import actions
    from tantam.office.channels.gateways import Answer, Out
    from tantam.office.channels.models import Consent, Message

    class Nowhere:
        name = "nowhere"
        channels = frozenset({"sms"})
        dials = False
        window = 50

        def submit(self, messages: Iterable[Out]) -> Iterator[Answer]:
            for one in messages:
                yield Answer(one.id, ("x",))

    for first in range(0, LIST, 1_000):
        part = range(first, min(first + 1_000, LIST))
        Message.objects.bulk_create(
            Message(
                id=UUID(int=i), key=i, purpose="invitation", channel="sms", text="Mời bác cà phê.", parts=1,
                asked_at=AT, due_at=AT,
            )
            for i in part
        )  # fmt: skip
        Consent.objects.bulk_create(
            Consent(
                id=UUID(int=i), key=i, purpose="invitation", granted=i % 2 == 0, said_at=AT, how="form",
                proof="x", written_at=AT,
            )
            for i in part
        )  # fmt: skip
    settled()
    outcomes: Counter[str] = Counter()
    start = time.perf_counter()
    ahead = actions.look_ahead(Nowhere(), at=AT)
    while counted := actions.send_due(Nowhere(), at=AT, ahead=ahead):
        outcomes += counted
    seconds = time.perf_counter() - start
    return {"a_second": round(LIST / seconds), "outcomes": dict(outcomes)}


if __name__ == "__main__":
    tell(office())
