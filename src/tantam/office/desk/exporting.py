"""Everything we hold on a person as a file: the right to see and to carry away."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse

from tantam import keys


def export(key: int, rooms: dict[str, list[dict[str, Any]]], *, at: datetime) -> HttpResponse:
    """What the rooms hold on a person, as JSON to be kept as a file. The look is written down before."""
    told = {"key": keys.show(key), "at": at.isoformat(), "held": rooms}
    body = json.dumps(told, ensure_ascii=False, indent=1, default=str)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{keys.show(key)}.json"'
    return response
