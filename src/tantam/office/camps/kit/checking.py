"""What a device finds out about itself on ``/check/``, kept in the kit's folder for ``tantam camp device`` to read:
whether the line is closed, the clock, the camera, the storage. Nothing of anybody."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpRequest

from tantam.office.camps.kit.door import device_of
from tantam.office.camps.kit.holding import held

FOLDER = "checks"
FINDINGS = ("secure", "storage", "persistent", "camera", "service_worker", "wake_lock")
"""What a page may report, each as yes or no; and ``skew_s``, its clock against the kit's, in seconds."""


def note(request: HttpRequest, body: Any, at: datetime) -> None:
    """Keep what a device of the camp reports; others are heard and forgotten."""
    known = device_of(request)
    if known is None or not isinstance(body, dict):
        return
    said: dict[str, Any] = {name: bool(body[name]) for name in FINDINGS if isinstance(body.get(name), bool)}
    skew = body.get("skew_s")
    if isinstance(skew, int | float) and abs(skew) < 10**9:
        said["skew_s"] = round(skew, 1)
    said |= {"tls": request.is_secure(), "at": at.isoformat()}
    folder = held().folder / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    half = folder / f".{known.id}.part"
    half.write_text(json.dumps(said))
    half.replace(folder / f"{known.id}.json")


def last(folder: Path, device: str) -> dict[str, Any]:
    """What a device reported last; nothing where it did not."""
    try:
        return dict(json.loads((folder / FOLDER / f"{device}.json").read_text()))
    except (FileNotFoundError, ValueError):
        return {}
