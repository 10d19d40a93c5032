"""What hands a message to the world, behind one small interface. Only :mod:`tantam.office.channels.sending` calls it:
no way out goes round the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from tantam import keys


@dataclass(frozen=True)
class Out:
    """One message that the gate let through, and why it may go. ``to`` is a number or an address, only for gateways
    that ask for one; a copy for the authority has no ``key``."""

    id: UUID
    key: int | None
    channel: str
    text: str
    because: str
    to: str = field(default="", repr=False)


@dataclass(frozen=True)
class Answer:
    """What the other side said of a message: what it calls each part (``refs``), or its ``error``. ``again``: nothing
    of it left, so that it may be asked for again."""

    id: UUID
    refs: tuple[str, ...] = ()
    error: str = ""
    again: bool = False


class Gateway(Protocol):
    """Hands messages of some channels over, one after the other."""

    name: str
    channels: frozenset[str]
    dials: bool
    """Whether it needs ``Out.to``."""
    window: int
    """How many parts it has on their way at once: more are not taken before those are settled."""

    def submit(self, messages: Iterable[Out]) -> Iterator[Answer]:
        """Hand messages over; gives what the other side says of each. What it never speaks of may have gone out or
        not: it is not handed over again."""


class Console:
    """Prints what would go out, and why: for the demo, and to try things. No number is looked up."""

    name = "console"
    dials = False
    window = 50

    def __init__(
        self, show: Callable[[str], object] = print, *, channels: Iterable[str] = ("sms", "mail")
    ) -> None:
        self.show, self.channels = show, frozenset(channels)

    def submit(self, messages: Iterable[Out]) -> Iterator[Answer]:
        """Every message as one line."""
        for one in messages:
            to = keys.show(one.key) if one.key is not None else one.to
            self.show(f"→ {to} ({one.channel}): {one.text}\n  {one.because}")
            yield Answer(one.id, (str(one.id),))
