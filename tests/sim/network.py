"""A made-up network between the office and its people: it loses answers, doubles messages, is slow, and remembers all
that it was handed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from tantam.office.channels import actions as channels
from tantam.office.channels.gateways import Answer, Out
from tantam.office.channels.receipts import Report
from tantam.office.channels.receiving import Arrived
from tantam.office.channels.sms.parts import messages, plan, read

NAME = "net"


class Broken(Exception):
    """The line broke: what was not answered for, nobody knows."""


@dataclass
class Network:
    """A gateway, and the people behind it. ``handed``: every message that went out, when and to whom."""

    chance: random.Random
    now: datetime
    handed: list[tuple[datetime, UUID, int, str]] = field(default_factory=list)
    session: UUID = field(default_factory=uuid4)
    _receipts: list[Report] = field(default_factory=list)
    _unread: list[list[Arrived]] = field(default_factory=list)
    _last: list[Arrived] = field(default_factory=list)
    _numbered: int = 0

    name = NAME
    channels = frozenset({"sms"})
    dials = False
    window = 5

    def submit(self, messages: Iterable[Out]) -> Iterator[Answer]:
        """Takes most; cannot take some now, turns some away, loses the answer to some, and breaks off now and then."""
        for one in messages:
            lot = self.chance.random()
            if lot < 0.03:
                yield Answer(one.id, again=True)
                continue
            if lot < 0.05:
                yield Answer(one.id, error="net_full")
                continue
            assert one.key is not None
            self.handed.append((self.now, one.id, one.key, one.text))
            self._numbered += 1
            ref = f"{self._numbered:x}"
            self._receipts.append(Report(ref, one.key, "DELIVRD" if lot < 0.95 else "UNDELIV"))
            if lot > 0.99:
                raise Broken
            if lot < 0.97:
                yield Answer(one.id, (ref,))

    def tell_receipts(self) -> None:
        """Some of the receipts that are due, in any order, some twice."""
        self.chance.shuffle(self._receipts)
        some = [self._receipts.pop() for _ in range(len(self._receipts) * 2 // 3)]
        channels.note(NAME, some + some[: len(some) // 5], at=self.now)

    def say(self, number: str, text: str) -> None:
        """Somebody texts; a long text goes in parts."""
        planned = plan(text)
        octets = messages(planned, self.chance.randrange(256))
        header = len(octets) > 1
        self._unread.append([Arrived(number, read(one, planned.coding, header=header)) for one in octets])

    def deliver(self) -> None:
        """Hand over what people texted, messages in any order and their parts too; sometimes the line breaks before the
        office's acknowledgement is read, and the last batch comes again."""
        if self.chance.random() < 0.2:
            self.session = uuid4()
            self._take(self._last)
        came = [part for message in self._unread for part in message]
        self._unread = []
        self.chance.shuffle(came)
        self._take(came)

    def _take(self, came: list[Arrived]) -> None:
        self._last = came
        if not came:
            return
        mark = channels.receive_many(came, at=self.now, gateway=NAME, session=self.session)
        if self.chance.random() < 0.7:
            channels.confirm(gateway=NAME, session=self.session, mark=mark)
            self._last = []
