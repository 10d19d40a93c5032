"""The link to the SMS centre, kept up by one process at a time: what is due goes out, and what comes in is written down
before it is acknowledged."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from django.db import Error, close_old_connections

from tantam.errors import TantamError
from tantam.office.channels import actions as channels
from tantam.office.channels import phonebook
from tantam.office.channels.ahead import Ahead
from tantam.office.channels.receipts import Report
from tantam.office.channels.receiving import Arrived
from tantam.office.channels.smpp.gateway import Smpp
from tantam.office.channels.smpp.link import Link
from tantam.office.channels.smpp.pdus import Came, Receipted
from tantam.office.channels.smpp.place import Place
from tantam.office.channels.sms.parts import read
from tantam.office.worker.actions import Now, Spec, Turn, begin, claim, let_go
from tantam.office.worker.rules import wait

log = structlog.get_logger("tantam")

NAME = "channels.link"
SPEC = Spec(timedelta(seconds=1), timedelta(minutes=1), lambda turn: None)
"""Held for a minute at a time: where the machine that has the link dies, another takes it over."""

NAP_S = 0.25
"""For so long it listens when nothing is due; what is asked for waits no longer than this."""

BEAT = timedelta(seconds=5)
"""How often it says that it lives, and asks the centre what it has read."""

FRESH = timedelta(minutes=1)
"""For so long what files say of the people on a list holds."""

Wanted = Callable[[float], bool]
"""Waits for so many seconds at most; whether to go on."""


def keep(place: Place, *, holder: str, wanted: Wanted, now: Now) -> None:
    """Hold the link until ``wanted`` says no: take it when nobody has it, bind, work, and bind again after a break,
    later each time it fails."""
    failures = 0
    begin([NAME], now=now)
    while wanted(0):
        close_old_connections()
        turn = None
        try:
            turn = claim(NAME, SPEC, holder=holder, now=now)
            if turn is not None:
                _Work(place, turn, now).go(wanted)
                failures = 0
        except (TantamError, Error, OSError) as error:
            failures += 1
            code = getattr(error, "code", type(error).__name__)
            log.error(
                "sms_link", code=code, failures=failures, again_in_s=round(wait(failures).total_seconds())
            )
        finally:
            if turn is not None:
                let_go(turn, due_at=now(), failures=failures)
        wanted(min(wait(failures).total_seconds(), 60) if failures else 1.0)


@dataclass
class _Work:
    """One session over one connection."""

    place: Place
    turn: Turn
    now: Now
    session: UUID = field(default_factory=uuid4)
    counted: Counter[str] = field(default_factory=Counter)
    unproven: deque[tuple[int, int]] = field(
        default_factory=deque
    )  # last token acknowledged, mark to confirm then
    told_at: datetime | None = None
    looked_at: datetime | None = None
    ahead: Ahead | None = None

    def go(self, wanted: Wanted) -> None:
        """Work until told to stop or the link breaks."""
        link = Link(self.place)
        link.bind()
        gateway = Smpp(link)
        look_at = 0.0
        log.info("sms_link", code="bound")
        try:
            while wanted(0) and link.alive:
                self._beat(link, gateway)
                self._take_in(link, link.read(max(look_at - time.monotonic(), 0)))
                if time.monotonic() < look_at:
                    continue  # more comes in than goes out
                sent = channels.send_due(gateway, at=self.now(), ahead=self.ahead)
                self.counted["sent"] += sent["send"]
                look_at = 0.0 if sent else time.monotonic() + NAP_S
        finally:
            link.unbind()
            log.info("sms_link", code="unbound")

    def _take_in(self, link: Link, came: Sequence[Came | Receipted]) -> None:
        """Written down in one commit, and only then acknowledged."""
        if not came:
            return
        at = self.now()
        receipts = [one for one in came if isinstance(one, Receipted)]
        arrived = [
            Arrived(one.number, read(one.octets, one.coding, header=one.header))
            for one in came
            if isinstance(one, Came)
        ]
        if receipts:
            keys = phonebook.keys_of(one.number for one in receipts)
            reports = [
                Report(one.ref, key, one.state, one.receipt.error)
                for one, key in zip(receipts, keys, strict=True)
            ]
            channels.note(Smpp.name, reports, at=at)
        if arrived:
            mark = channels.receive_many(arrived, at=at, gateway=Smpp.name, session=self.session)
            self.unproven.append((max(one.token for one in came), mark))
        link.acknowledge([one.token for one in came])
        self.counted["receipts"] += len(receipts)
        self.counted["received"] += len(arrived)

    def _beat(self, link: Link, gateway: Smpp) -> None:
        """Now and then: say that we live, and settle what the centre is known to have read."""
        at = self.now()
        mark = 0
        while self.unproven and self.unproven[0][0] <= link.confirmed:
            mark = self.unproven.popleft()[1]
        if mark:
            channels.confirm(gateway=Smpp.name, session=self.session, mark=mark)
        if self.looked_at is None or at - self.looked_at >= FRESH:
            self.looked_at, self.ahead = at, channels.look_ahead(gateway, at=at)
        if self.told_at is None:
            self.turn.save(bound=at.isoformat())
        elif at - self.told_at < BEAT:
            return
        self.told_at = at
        if self.unproven:
            link.prove()
        self.turn.save(**{**self.turn.checkpoint, **self.counted, "seen": at.isoformat()})
