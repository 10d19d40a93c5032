"""What this process holds while a kit is open: the camp's key in memory alone, the folder, the number.

Set once before Django starts (:func:`hold`), and gone with the process. Keys that a library wants in a file are
given as files of memory (``memfd``), which no disk ever sees and which end with the process, also when it is killed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from tantam.errors import Fault
from tantam.office.camps import locks


@dataclass(frozen=True)
class Held:
    """``folder``: where the kit lives; ``hosts``: names and addresses it answers to; ``authority``: the certificate
    (PEM) that devices install; ``usb``: where copies go; ``header`` of the pack for those copies."""

    camp: UUID
    key: bytes
    number: int
    folder: Path
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    authority: str = ""
    usb: Path | None = None
    under_words: bytes = b""

    def derived(self, purpose: str) -> bytes:
        """A key of this camp for one purpose."""
        return locks.derived(self.key, purpose)


_now: list[Held] = []


def hold(one: Held | None) -> None:
    """Hold this kit, or none."""
    _now[:] = [one] if one else []


def held() -> Held:
    """The kit that is open here; ``no_kit`` is our own fault."""
    if not _now:
        raise Fault("no_kit", "No kit is open in this process.", "Open one with `tantam camp open`.")
    return _now[0]


def in_memory(name: str, content: bytes) -> str:
    """A path to these bytes that no disk holds; only this user may read it, only while this process lives."""
    number = os.memfd_create(name)
    os.fchmod(number, 0o600)
    os.write(number, content)
    return f"/proc/self/fd/{number}"  # "self": a forked server reads its own
