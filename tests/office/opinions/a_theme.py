"""Themes, and opinions on them by people with and without a key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from tantam.office.opinions import actions, themes
from tantam.office.opinions.models import Opinion, Theme

SPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def a_theme(world: Any, code: str = "T01", name: str = "mất sóng ở bản") -> Theme:
    """A theme that the machine found."""
    return themes.of_code(code, name, at=world.at)


def said(
    world: Any,
    theme: Theme | None,
    name: object,
    key: int | None = None,
    *,
    complaint: bool = True,
    **changed: Any,
) -> Opinion:
    """Somebody said something on a theme; the id hangs on the name alone."""
    row = {
        "actor": world.dung, "at": world.at, "id": uuid5(SPACE, str(name)), "text": f"Mất sóng cả ngày {name}",
        "tone": None, "channel": "phone", "said_at": world.at - timedelta(days=1), "office": world.nha_trang,
        "key": key,
    }  # fmt: skip
    opinion = actions.register(**{**row, **changed})
    # the machine's own reading is tested elsewhere: here each theme and complaint is given
    Opinion.objects.filter(pk=opinion.pk).update(theme=theme, complaint=complaint)
    fresh = Opinion.objects.select_related("theme").get(pk=opinion.pk)
    themes.count(fresh)
    return fresh


def stands(theme: Theme) -> tuple[int, int, int]:
    """Its opinions, people and people who complained."""
    fresh = Theme.objects.get(pk=theme.pk)
    assert fresh.weight == fresh.people_count + fresh.complaints_count
    return fresh.opinions_count, fresh.people_count, fresh.complaints_count
