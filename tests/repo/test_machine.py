"""What the benches say of a process's memory and disk is of its whole tree, counted once, and gone files too."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from bench import machine

SHARED, OWN, FILE = 120, 60, 40
WORK = f"""
import multiprocessing, os, sys, time
def touched(mb):
    held = bytearray(mb << 20)
    for at in range(0, len(held), 4096): held[at] = 1
    return held
def work(number):
    kept = touched({OWN})
    with open(sys.argv[1] + "/half", "wb") as half: half.write(bytes({FILE} << 20))
    time.sleep(1.2)
shared = touched({SHARED})
workers = [multiprocessing.get_context("fork").Process(target=work, args=(n,)) for n in range(2)]
[worker.start() for worker in workers]
[worker.join() for worker in workers]
os.unlink(sys.argv[1] + "/half")
sys.exit(3)
"""

NESTED = """
import subprocess, sys
subprocess.run([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
"""


def test_a_tree_is_measured_once_and_whole(tmp_path: Path) -> None:
    used = machine.process([sys.executable, "-c", WORK, str(tmp_path)], folder=tmp_path)
    least = SHARED + 2 * OWN
    assert used.status == 3 and used.wall_s >= 1.2
    assert least <= used.peak_own_mb <= used.peak_mb <= used.peak_rss_mb
    if used.pss:
        assert used.peak_mb < least + SHARED, "what workers share counts once"
    assert FILE <= used.disk_mb < 2 * FILE and not list(tmp_path.iterdir())


def test_whatever_ends_the_measuring_ends_the_measured(tmp_path: Path) -> None:
    seen: list[int] = []
    before = machine.tree(os.getpid())

    def stopped(seconds: float) -> None:
        seen.extend(pid for pid in machine.tree(os.getpid()) if pid not in before)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        machine.process([sys.executable, "-c", NESTED], tick=stopped)
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in seen) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(seen) == 2 and not [pid for pid in seen if Path(f"/proc/{pid}").exists()]
