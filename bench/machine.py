"""What a measured process needed: time, memory of its whole tree, disk; and what machine it ran on.

Memory is read from outside, of the process and everything it started. Every 50 ms the resident pages are summed
(``peak_rss_mb``: pages that processes share count in each, so it is never less than the truth). ``peak_mb`` counts a
page once that processes of the tree share, by its proportional share (PSS); of files, as libraries, at least as many
pages as the one process that maps most, so that nobody else on the machine who maps them too makes it less. A reading
of PSS walks every page, so it is taken only where the resident pages say that the peak may have risen, and for at most
a tenth of the time. ``peak_own_mb`` is without pages of files, which the system may take back whenever it likes.
"""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EVERY_S, TREE_EVERY_S, DISK_EVERY_S = 0.05, 0.25, 0.25
REST = 10
"""A reading that took t seconds is followed by ``REST`` · t without one."""
BUSY = 0.5
"""A load average above this, before anything of ours runs, is somebody else's work."""
PATIENCE_S = 5
PROC = Path("/proc")


@dataclass(frozen=True)
class Used:
    """What one process and its descendants needed; ``status`` 0 is well, as of :mod:`subprocess`."""

    status: int
    wall_s: float
    cpu_s: float
    peak_mb: int
    peak_own_mb: int
    peak_rss_mb: int
    largest_mb: int
    """The most that any one process had resident, as the kernel counted it (ru_maxrss)."""
    disk_mb: int
    """The most by which the watched folder grew."""
    pss: bool
    """False: PSS may not be read here, and ``peak_mb`` is of resident pages."""

    def figures(self) -> dict[str, float | int]:
        """For the page of figures."""
        seconds = {"wall_s": round(self.wall_s, 2), "cpu_s": round(self.cpu_s, 2)}
        memory = {"peak_mb": self.peak_mb, "peak_own_mb": self.peak_own_mb, "peak_rss_mb": self.peak_rss_mb}
        return {**seconds, **memory, "largest_process_mb": self.largest_mb, "disk_mb": self.disk_mb}


def process(
    words: Sequence[str],
    *,
    folder: Path | None = None,
    env: Mapping[str, str] | None = None,
    out: Path | None = None,
    tick: Callable[[float], None] = lambda seconds: None,
) -> Used:
    """Run ``words`` and watch it. Its streams go to the end of ``out`` (else nowhere); ``tick`` hears the seconds since
    the start about once a second. Whatever ends this call ends the process and its own too.
    """
    disk, memory, heard = _Disk(folder), _Memory(), 0.0
    with (out or Path(os.devnull)).open("ab") as stream:
        start = time.perf_counter()
        ran = subprocess.Popen(
            words, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=stream,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            while not (ended := os.wait4(ran.pid, os.WNOHANG))[0]:
                memory.look(ran.pid)
                disk.look()
                if (now := time.perf_counter() - start) - heard > 1:
                    tick(now)
                    heard = now
                time.sleep(EVERY_S)
        except BaseException:
            _end(ran)
            raise
    wall, used = time.perf_counter() - start, ended[2]
    disk.look(now=True)
    ran.returncode = os.waitstatus_to_exitcode(ended[1])
    largest = used.ru_maxrss // 1024
    rss = max(memory.rss_kb // 1024, largest)
    own = memory.own_kb // 1024 if memory.pss else rss
    return Used(
        ran.returncode, wall, used.ru_utime + used.ru_stime, memory.pss_kb // 1024 if memory.pss else rss, own, rss,
        largest, disk.grown // 2**20, memory.pss,
    )  # fmt: skip


def _end(ran: subprocess.Popen[bytes]) -> None:
    """Ask the process and all it started to end, also what has a session of its own; insist after a while."""
    started = tree(ran.pid)
    for said in (signal.SIGTERM, signal.SIGKILL):
        for pid in started:
            with suppress(ProcessLookupError):
                os.kill(pid, said)
        with suppress(subprocess.TimeoutExpired):
            ran.wait(PATIENCE_S)
            started = [pid for pid in started if pid != ran.pid]


class _Memory:
    """Peaks of a tree of processes, in KB."""

    def __init__(self) -> None:
        self.pss, self.pss_kb, self.own_kb, self.rss_kb = True, 0, 0, 0
        self._tree: list[int] = []
        self._tree_at = self._rest_until = 0.0

    def look(self, root: int) -> None:
        """Read what the tree of ``root`` holds now."""
        now = time.perf_counter()
        if now - self._tree_at > TREE_EVERY_S or not self._tree:
            self._tree, self._tree_at = tree(root), now
        said = [_lines(pid, "status") for pid in self._tree]
        rss = sum(one.get("VmRSS", 0) for one in said)
        of_files = sum(one.get("RssFile", 0) for one in said)
        self.rss_kb = max(self.rss_kb, rss)
        risen = rss > self.pss_kb or rss - of_files > self.own_kb
        if not self.pss or now < self._rest_until or not risen:
            return
        try:
            read = [_rollup(pid) for pid in self._tree]
        except PermissionError:
            self.pss = False
            return
        own, shared, mapped = (list(kind) for kind in zip(*read, strict=True))
        self.pss_kb = max(self.pss_kb, sum(own) + max(sum(shared), *mapped))
        self.own_kb = max(self.own_kb, sum(own))
        done = time.perf_counter()
        self._rest_until = done + REST * (done - now)


def tree(root: int) -> list[int]:
    """``root`` and everything that it started, directly or not, or that is of its session."""
    parents: dict[int, tuple[int, int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                after_name = (folder / "stat").read_text("latin-1").rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(folder.name)] = int(after_name[1]), int(after_name[3])
    found = {root}
    while more := {
        pid for pid, (parent, session) in parents.items()
        if pid not in found and (parent in found or session == root)
    }:  # fmt: skip
        found |= more
    return sorted(found)


def _lines(pid: int, file: str) -> dict[str, int]:
    """The KB of a process by name; none if it has ended."""
    try:
        text = (PROC / str(pid) / file).read_text("latin-1")
    except (FileNotFoundError, ProcessLookupError):
        return {}
    said = (line.partition(":")[::2] for line in text.splitlines() if line.endswith(" kB"))
    return {name: int(value.split()[0]) for name, value in said}


def _rollup(pid: int) -> tuple[int, int, int]:
    """Its share of pages of no file, of pages of files, and all pages of files that it maps."""
    read = _lines(pid, "smaps_rollup")
    own = read.get("Pss_Anon", 0) + read.get("Pss_Shmem", 0)
    return own, read.get("Pss", 0) - own, _lines(pid, "status").get("RssFile", 0)


class _Disk:
    """By how much a folder grew at most, in bytes."""

    def __init__(self, folder: Path | None) -> None:
        self.folder, self.grown = folder, 0
        self._first = held(folder) if folder else 0
        self._rest_until = 0.0

    def look(self, now: bool = False) -> None:
        """Walk the folder, if it is time or ``now``."""
        start = time.perf_counter()
        if self.folder and (now or start >= self._rest_until):
            self.grown = max(self.grown, held(self.folder) - self._first)
            done = time.perf_counter()
            self._rest_until = done + max(DISK_EVERY_S, REST * (done - start))


def held(folder: Path) -> int:
    """Bytes on the disk of everything in ``folder``; files that vanish meanwhile count as nothing."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(Path(root, name)).st_blocks * 512
            except OSError:
                continue
    return total


def memory_mb() -> int:
    """Megabytes of memory in this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20


def described() -> dict[str, Any]:
    """Cores, processor, memory, system, and whether anything else ran when it was asked."""
    processor = next(
        (line.partition(":")[2].strip() for line in _text(PROC / "cpuinfo") if line.startswith("model name")),
        platform.processor() or "unknown",
    )
    load = os.getloadavg()[0]
    return {
        "cores": os.cpu_count(),
        "processor": processor,
        "memory_gb": round(memory_mb() / 1024, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_before": round(load, 2),
        "quiet": load <= BUSY,
    }


def _text(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8").splitlines()
    except OSError:
        return []
