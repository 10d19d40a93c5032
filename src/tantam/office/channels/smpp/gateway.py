"""Messages over a link to an SMS centre: each in its parts, and one answer when all its parts have theirs."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from tantam.office.channels.gateways import Answer, Out
from tantam.office.channels.smpp.link import Link
from tantam.office.channels.smpp.pdus import Answered, Short
from tantam.office.channels.sms.parts import messages, next_reference, plan

NUMBERS = 100_000
"""Numbers of which the reference of the last long message is kept."""


@dataclass
class _Open:
    """What is still to be said of one message."""

    waiting: int
    refs: list[str] = field(default_factory=list)
    error: int = 0
    again: int = 0


class Smpp:
    """The gateway of one link."""

    name = "smpp"
    channels = frozenset({"sms"})
    dials = True

    def __init__(self, link: Link) -> None:
        self.link = link
        self.window = link.place.window
        self._references: OrderedDict[str, int] = OrderedDict()

    def submit(self, messages: Iterable[Out]) -> Iterator[Answer]:
        """Hand messages over in parts, many at a time. A message of which one part was answered and another never left
        is in error; one with a part that nobody answered is never spoken of."""
        open_: dict[UUID, _Open] = {}
        for answered in self.link.submit(self._shorts(messages, open_)):
            id: UUID = answered.mark
            if (answer := _add(open_[id], answered, id)) is not None:
                del open_[id]
                yield answer

    def _shorts(self, out: Iterable[Out], open_: dict[UUID, _Open]) -> Iterator[Short]:
        for one in out:
            planned = plan(one.text)
            octets = messages(planned, self._reference(one.to) if len(planned.parts) > 1 else 0)
            open_[one.id] = _Open(len(octets))
            for part in octets:
                yield Short(one.id, one.to, part, planned.coding == "ucs2", header=len(octets) > 1)

    def _reference(self, number: str) -> int:
        """The next for this number: two long messages to one phone must differ while their parts arrive."""
        found = next_reference(self._references.pop(number, secrets.randbelow(256)))
        self._references[number] = found
        if len(self._references) > NUMBERS:
            self._references.popitem(last=False)
        return found


def _add(one: _Open, answered: Answered, id: UUID) -> Answer | None:
    """One more answer; the whole one when it was the last."""
    one.waiting -= 1
    if answered.again:
        one.again += 1
    elif answered.error:
        one.error = answered.error
    else:
        one.refs.append(answered.ref)
    if one.waiting:
        return None
    if one.again and not one.refs and not one.error:
        return Answer(id, again=True)
    error = f"smpp_{one.error:#04x}" if one.error else "smpp_cut" if one.again else ""
    return Answer(id, tuple(one.refs), error)
