"""An opinion to begin with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from tantam.office.opinions.actions import register
from tantam.office.opinions.models import Opinion

ONE = UUID("00000000-0000-4000-8000-000000000001")
SAID = "Sóng ở chợ Đầm yếu quá, gọi lại 0912 345 678 nhé"


def number(n: int) -> UUID:
    """The id of the n-th opinion."""
    return UUID(int=n + 1)


def an_opinion(world: Any, **changed: Any) -> Opinion:
    """Mai Thùy Dung writes down what somebody said at the counter of Nha Trang."""
    row: dict[str, Any] = {
        "actor": world.dung,
        "at": world.at,
        "id": ONE,
        "text": SAID,
        "tone": "idea",
        "channel": "counter",
        "said_at": world.at - timedelta(hours=2),
        "office": world.nha_trang,
    }
    return register(**{**row, **changed})
