"""A request to begin with."""

from __future__ import annotations

from typing import Any

from tantam.office.desk.actions import start_request
from tantam.office.desk.models import DataRequest

KEY = 5


def a_request(world: Any, **changed: Any) -> DataRequest:
    """Mai Thùy Dung takes a request at the counter of Nha Trang."""
    row: dict[str, Any] = {
        "actor": world.dung,
        "at": world.at,
        "kind": "access",
        "key": KEY,
        "said_by": "counter",
        "office": world.nha_trang,
    }
    return start_request(**{**row, **changed})
