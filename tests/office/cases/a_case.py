"""A complaint to begin with."""

from __future__ import annotations

from typing import Any

from tantam.office.cases import actions
from tantam.office.cases.models import Case, Term

KEY = 5


def a_case(world: Any, **changed: Any) -> Case:
    """Mai Thùy Dung writes down a complaint about a fee at the counter of Nha Trang, 22/11/2026 at 10:00 (a Sunday)."""
    row: dict[str, Any] = {
        "actor": world.dung,
        "at": world.at,
        "kind": "complaint",
        "about": "fee",
        "said_by": "counter",
        "text": "Tháng này tôi không dùng mạng mà vẫn bị trừ 50 nghìn.",
        "office": world.nha_trang,
        "key": KEY,
    }
    return actions.receive(**{**row, **changed})


def terms(case: Case) -> dict[str, Term]:
    """Its clocks by their rule."""
    return {term.rule: term for term in case.terms.select_related("promise")}
