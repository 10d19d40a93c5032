"""In a made-up camp a visitor of the demo is let in by a link: the device and the member that were planned for that."""

from __future__ import annotations

import hmac
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from tantam.office.camps.kit import door
from tantam.office.camps.kit.holding import held

VISITOR, DEVICE = "khach", "k1-lead"


def secret() -> str:
    """What the link holds: out of the camp's key, so that only who opened the kit can say it."""
    return held().derived("demo").hex()[:32]


@require_GET
@door.visitor
def enter(request: Any, secret_: str, station: str) -> HttpResponse:
    """Let the visitor in and go to a station; a real camp knows no such address."""
    plan = door.day().plan
    device, visitor = plan.devices.get(DEVICE), plan.members.get(VISITOR)
    right = hmac.compare_digest(secret_.encode(), secret().encode())
    if not (right and device and visitor and door.camp().made_up):
        raise Http404
    answer = redirect("station", station) if station in door.stations_of(visitor) else redirect("stations")
    request.device = device
    door.let_device_in(request, answer, device)
    door.let_member_in(request, answer, visitor)
    return answer
