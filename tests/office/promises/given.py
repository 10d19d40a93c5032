"""Promises for the tests of this room: one made in Nha Trang ten days before the world's moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tantam.clock import HANOI
from tantam.office.journal.models import Entry
from tantam.office.promises import actions
from tantam.office.promises.models import Promise

EARLIER = timedelta(days=10)
HELD = {"proof_kind": "confirmed", "proof": "Chị Hạnh nhận được, 20/11"}


def promise(world: Any, due: date | None = None, **changes: Any) -> Promise:
    """A reply owed to one guest, by chị Dung, due on ``due`` (the world's own day)."""
    told: dict[str, Any] = {
        "actor": world.lam,
        "at": world.at - EARLIER,
        "kind": "reply",
        "what": "Trả lời chị Hạnh về sóng yếu ở Vĩnh Hải",
        "owner": world.dung,
        "office": world.nha_trang,
        "first_due": due or today(world),
        "to": ("party", 7),
    }
    return actions.make(**{**told, **changes})


def today(world: Any) -> date:
    """The world's day in Vietnam."""
    at: datetime = world.at
    return at.astimezone(HANOI).date()


def entries(made: Promise) -> list[str]:
    """The acts that the journal tells of a promise, in order."""
    return list(
        Entry.objects.filter(on_kind="promise", on_id=str(made.pk))
        .order_by("id")
        .values_list("act", flat=True)
    )
