"""Secret links in messages: their words go out whole, and are kept and shown without the secret."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tantam.office.channels.models import Message

LINK = "/toi/"
"""How the address of a page begins that opens to whoever holds the rest of it."""
_SECRET = re.compile(rf"(?<={LINK})[\w-]+")


def without(text: str) -> str:
    """The words of a message as people see them."""
    return _SECRET.sub("…", text)


def blot(rows: Iterable[Message]) -> None:
    """Keep these messages without their secrets, inside the transaction that settles them: they go out no more."""
    for row in rows:
        if LINK in row.text:
            Message.objects.filter(pk=row.pk).update(text=without(row.text))
