"""What hands a message to the world, behind one small interface. Only :mod:`tantam.office.channels.sending` calls it:
no way out goes round the gate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from tantam import keys


@dataclass(frozen=True)
class Out:
    """One message that the gate let through, and why it may go."""

    id: UUID
    key: int
    channel: str
    text: str
    because: str


class Gateway(Protocol):
    """Hands messages over, one after the other."""

    name: str

    def submit(self, messages: Iterable[Out]) -> Iterator[tuple[UUID, str | None]]:
        """Hand messages over; gives for each what the other side calls it, or None where it was turned away. What it
        never speaks of may have gone out or not: it is not handed over again."""


class Console:
    """Prints what would go out, and why: for the demo, and to try things. No number is looked up."""

    name = "console"

    def __init__(self, show: Callable[[str], object] = print) -> None:
        self.show = show

    def submit(self, messages: Iterable[Out]) -> Iterator[tuple[UUID, str | None]]:
        """Every message as one line."""
        for one in messages:
            self.show(f"→ {keys.show(one.key)} ({one.channel}): {one.text}\n  {one.because}")
            yield one.id, str(one.id)
