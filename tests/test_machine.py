"""What is given back to the system, seen from a process of its own."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

PLAYED = """
import os
import numpy as np
from tantam import machine

def resident() -> int:
    with open("/proc/self/statm") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20

{first}
np.ones(3 << 20)  # 24 MB, once held and freed: from here on glibc keeps what is smaller
before = resident()
arrays = [np.ones(1 << 20) for _ in range(20)]  # 8 MB each
last = np.ones(1 << 20)
del arrays
print(resident() - before)
"""


def held(first: str) -> int:
    """Megabytes that are still resident of twenty arrays of 8 MB, with one that is left."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
    said = subprocess.run(
        [sys.executable, "-c", PLAYED.format(first=first)],
        check=True,
        capture_output=True,
        text=True,
        env=env,
    )
    return int(said.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps them")
def test_arrays_go_back_as_soon_as_they_are_gone() -> None:
    assert held("machine.return_arrays()") < 20
    assert held("") > 140, "else the first says nothing"
