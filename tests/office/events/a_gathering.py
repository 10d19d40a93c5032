"""A listening day at Nha Trang, brought as far as a test needs it."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID, uuid5

from tantam.office.events import actions
from tantam.office.events.models import Event, Guest
from tantam.office.opinions.models import Opinion

SPACE = UUID("a2f1f0b4-0f6a-4d61-8a53-52a4b1b8c1f7")


class Day:
    """One listening day of ``world``, today from 8 to 17, with 300 seats."""

    def __init__(self, world: Any) -> None:
        self.world, self.at = world, world.at
        self.by: dict[str, Any] = {"actor": world.lam, "at": world.at}

    def plan(self, **other: Any) -> Event:
        """Planned for today."""
        asked = {
            "kind": "listening_day",
            "office": self.world.nha_trang,
            "on": date(2026, 11, 22),
            "starts_at": time(8),
            "ends_at": time(17),
            "place": "Nhà văn hóa Thanh niên, 11 Yersin",
            "host": self.world.lam,
            "seats": 300,
            **self.by,
        }
        self.event = actions.plan(**{**asked, **other})
        return self.event

    def draw(self, count: int = 30) -> list[Guest]:
        """Planned, and so many invited by lot."""
        self.plan()
        self.guests = actions.choose_guests(self.event, count=count, **self.by)
        self.event = Event.objects.select_related("office").get(pk=self.event.pk)
        return self.guests

    def sign_up(self, name: str = "Nguyễn Thị Hạnh", **other: Any) -> Guest:
        """Somebody signs up; the same name is the same form."""
        asked = {"form": uuid5(SPACE, name), "name": name, "title": "", **self.by, **other}
        return actions.sign_up(self.event, **asked)

    def walk_in(self, n: int = 0, **other: Any) -> Guest:
        """The nth who walks in."""
        return actions.walk_in(self.event, **{"form": uuid5(SPACE, f"walk {n}"), **self.by, **other})

    def hear(self, text: str, **other: Any) -> Opinion:
        """Somebody says something to a volunteer."""
        return actions.hear(self.event, **{"id": uuid5(SPACE, text), "text": text, **self.by, **other})
