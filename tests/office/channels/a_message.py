"""Messages to ask for, and a gateway that remembers what it was handed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID, uuid5

from tantam.office.channels import actions
from tantam.office.channels.gateways import Answer, Out
from tantam.office.channels.models import Message

SPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def number(name: object) -> UUID:
    """An id that hangs on a name alone."""
    return uuid5(SPACE, str(name))


def a_yes(world: Any, key: int = 5, **changed: Any) -> Any:
    """Somebody says yes to advertising, on paper."""
    row = {
        "actor": world.dung,
        "at": world.at,
        "id": number(("yes", key, *changed.values())),
        "key": key,
        "purpose": "advertising",
        "granted": True,
        "how": "form",
        "said_at": world.at,
        "proof": "phiếu 12/2026",
    }
    return actions.record(**{**row, **changed})


def a_no(world: Any, key: int = 5, **changed: Any) -> Any:
    """Somebody says no."""
    return a_yes(world, key, **{"granted": False, "how": "sms", "proof": "", **changed})


def a_message(world: Any, name: object = 1, **changed: Any) -> Message:
    """An invitation to a café."""
    row = {
        "actor": world.dung,
        "at": world.at,
        "id": number(("message", name)),
        "key": 5,
        "purpose": "invitation",
        "text": "Mời bác cà phê sáng thứ bảy, 8 giờ, quán Cội.",
    }
    return actions.ask(**{**row, **changed})


class Wire:
    """A gateway that keeps what it is handed, in ``parts``, and calls a message as ``names`` says of its
    key; turns away keys in ``bad``, cannot
    take those in ``again`` now, and dies before the message ``dies_at``, or when all of ``dies_after`` are out and it
    has said nothing of them."""

    name = "wire"
    channels = frozenset({"sms", "mail"})
    dials = False
    window = 50

    def __init__(
        self,
        bad: Iterable[int] = (),
        dies_at: int | None = None,
        *,
        again: Iterable[int] = (),
        parts: int = 1,
        names: Mapping[int, str] | None = None,
        dies_after: int | None = None,
    ) -> None:
        self.out: list[Out] = []
        self.bad, self.again = set(bad), set(again)
        self.dies_at, self.dies_after = dies_at, dies_after
        self.parts = parts
        self.names = names or {}

    def submit(self, messages: Iterable[Out]) -> Iterator[Answer]:
        for one in messages:
            if self.dies_at == len(self.out):
                raise ConnectionError
            if one.key in self.again:
                yield Answer(one.id, again=True)
                continue
            self.out.append(one)
            if one.key in self.bad:
                yield Answer(one.id, error="0x0b")
            elif self.dies_after is None:
                refs = [f"ref-{len(self.out)}.{part}" for part in range(1, self.parts + 1)]
                yield Answer(one.id, (self.names[one.key],) if one.key in self.names else tuple(refs))
        if self.dies_after == len(self.out):
            raise ConnectionError
