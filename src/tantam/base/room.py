"""Room on the disk: looked at before a long work begins, not found wanting in the middle of it."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

from tantam.errors import Refused
from tantam.money import decimal

GB = 10**9
SPARE = GB // 4
"""Always left free, so that nobody else on the machine is stopped by us."""


def free(folder: Path) -> int:
    """Bytes free on the disk that ``folder`` lies on, or will lie on once it is made."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    return shutil.disk_usage(there).free


def need(folder: Path, bytes: int, what: str) -> None:
    """Refuse (``disk_short``) where ``folder``'s disk has fewer than ``bytes`` free, beside :data:`SPARE`.

    ``what`` needs them, as the beginning of a sentence: ``The load of 50,000,000 rows``.
    """
    here, wanted = free(folder), bytes + SPARE
    if here >= wanted:
        return
    asked, left = math.ceil(wanted / GB * 10) / 10, math.floor(here / GB * 10) / 10
    raise Refused(
        "disk_short",
        f"{what} needs {asked:,.1f} GB free on the disk of {folder}; {left:,.1f} GB are.",
        "Free some room, or work in a folder on a larger disk.",
        vi=f"Đĩa chứa {folder} cần còn trống {decimal(asked, 1)} GB, nay còn {decimal(left, 1)} GB. "
        "Dọn bớt, hoặc làm trong một thư mục ở đĩa lớn hơn.",
    )
