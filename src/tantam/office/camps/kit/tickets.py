"""Numbers for those who come. Each registrar's device has the next one of each class kept for it until it is used, so
that nobody waits for a number; what is kept is written down, so that a kit that was switched off gives none twice."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from tantam.office.camps.day import Day
from tantam.office.camps.on_disk import private

CLASSES = ("", "E", "U")
FILE = "tickets.json"
_lock = threading.Lock()


def reserved(folder: Path, day: Day, device: str, first: int) -> dict[str, str]:
    """Class → the ticket kept for this device; a new one where the last was used. ``first``: the kit's first number."""
    with _lock:
        kept = _read(folder)
        used = {visit.person.ticket for visit in day.came}
        mine = kept.setdefault(device, {})
        changed = False
        for cls in CLASSES:
            if cls not in mine or written(cls, mine[cls]) in used:
                mine[cls] = _next(kept, used, cls, first)
                changed = True
        if changed:
            _write(folder, kept)
        return {cls: written(cls, mine[cls]) for cls in CLASSES}


def written(cls: str, number: int) -> str:
    """``215``, ``E 12``."""
    return f"{cls} {number}".strip()


def _next(kept: dict[str, dict[str, int]], used: set[str], cls: str, first: int) -> int:
    taken = {mine[cls] for mine in kept.values() if cls in mine}
    number = first
    while number in taken or written(cls, number) in used:
        number += 1
    return number


def _read(folder: Path) -> dict[str, dict[str, int]]:
    try:
        return dict(json.loads((folder / FILE).read_text()))
    except (FileNotFoundError, ValueError):
        return {}


def _write(folder: Path, kept: dict[str, dict[str, int]]) -> None:
    with private(folder / FILE) as out:
        out.write(json.dumps(kept).encode())
