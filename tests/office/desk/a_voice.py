"""Somebody who spoke, was answered and told, and a link to his own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tantam import keys
from tantam.office.channels.models import Message
from tantam.office.desk import voice
from tantam.office.opinions import answering
from tests.office.opinions.a_theme import a_theme, said
from tests.office.opinions.test_answering import answered, done

KEY, OTHER = 41, 42


def a_link(world: Any, key: int = KEY, **changed: Any) -> str:
    """Mai Thùy Dung gives somebody a link; its secret."""
    return voice.give(key, **{"actor": world.dung, "at": world.at, "because": "asked", **changed})


def at(secret: str) -> str:
    """Where the link leads."""
    return f"/toi/{secret}/"


def spoken(world: Any) -> None:
    """KEY and OTHER each said one thing on a theme and one alone; the theme was answered, done, and they were told."""
    theme = a_theme(world)
    for key in (KEY, OTHER, 43, 44):
        said(world, theme, f"of {key}", key=key, text=f"Mất sóng ở nhà người {keys.show(key)[-4:]} suốt.")
        said(world, None, f"alone {key}", key=key, text=f"Riêng của {keys.show(key)[-4:]}: cho quầy mở sớm.")
    answered(world, theme)
    telling = answering.tell(done(world, theme), actor=world.policy, at=world.at)
    answering.go_on(telling, at=world.at)
    Message.objects.update(state="arrived", code="allowed", due_at=None, taken_at=world.at)


class Clock:
    """A moment that goes on when told."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def pass_by(self, **some: float) -> None:
        self.now += timedelta(**some)
