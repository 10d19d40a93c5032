"""Rows as a page of a station sends them: closed with the key of one device and one member."""

from __future__ import annotations

import base64
import json
import os
from typing import Any

from uuid_utils.compat import uuid7

from tantam.office.camps import locks


def sealed(
    key: bytes,
    kind: str,
    body: dict[str, Any],
    *,
    member: str = "k1-triage-1",
    device: str = "",
    number: str = "",
    at: str = "2026-11-21T01:30:00.000Z",
    **more: Any,
) -> dict[str, Any]:
    """A row; ``more``: ``corrects``, ``paper``, or anything hostile. ``key``: the camp's."""
    number, device = number or str(uuid7()), device or member
    said = json.dumps({"kind": kind, "body": body, "device_at": at, **more}).encode()
    own = locks.derived(key, f"outbox:{device}:{member}")
    box = locks.seal(own, said, about=number.encode(), random=os.urandom)
    return {"id": number, "device": device, "member": member, "sealed": base64.b64encode(box).decode()}
