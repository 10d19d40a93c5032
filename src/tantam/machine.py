"""What this machine lets us use, and what we used of it."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_MMAP_THRESHOLD, _LARGE = -3, 4 << 20
"""M_MMAP_THRESHOLD of malloc.h: blocks of so many bytes are mapped each for itself."""


def memory_mb() -> int:
    """The megabytes that large work should keep to: ``TANTAM_MEMORY_MB``, or 4,000."""
    return int(os.environ.get("TANTAM_MEMORY_MB", "4000"))


def peak_mb() -> int:
    """The most memory this process and those it started that still run have held, in megabytes.

    Each one's own peak is counted, so the sum is never less than the truth. Where there is no ``/proc``, of this
    process alone.
    """
    if not (_PROC / "self").exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (
            1024 if sys.platform == "linux" else 2**20
        )
    return sum(_peak_kb(pid) for pid in _tree(os.getpid())) // 1024


def return_arrays() -> None:
    """Let what large arrays of this process held go back to the system as soon as they are gone.

    Left to itself glibc keeps it in a heap for each thread, more and more of it: linking opinions on two threads held
    twice what it needs, and after it three times. Without glibc nothing is done.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)


def _tree(root: int) -> set[int]:
    parents: dict[int, int] = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int(
                    (folder / "stat").read_text("latin-1").rpartition(")")[2].split()[1]
                )
            except OSError:  # it has ended
                continue
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _peak_kb(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "status").read_text("latin-1").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
