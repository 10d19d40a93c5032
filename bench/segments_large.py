"""Twelve segments and their cube against real scans of the same columns, over a loaded base of tens of millions.

As `bench segments`, by turns on one file in one process; and once more alone in a process of its own, for the memory it
takes. ``TANTAM_BENCH_HOME`` names a home that has its base; without it one of ``TANTAM_BENCH_SUBSCRIBERS`` (50 million)
is made and loaded in ``TANTAM_BENCH_DIR``.

python -m bench.segments_large
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import machine, segments
from bench.load import LOAD
from tantam import engines
from tantam.base.home import Home
from tantam.base.store import open_base
from tantam.segments import cube
from tantam.segments.shipped import shipped

TURNS = 3
ALONE = (
    "import sys; from pathlib import Path; from bench import segments_large as s; s.alone(Path(sys.argv[1]))"
)


def run() -> dict[str, Any]:
    """The ratios to a scan, and the most memory of the cube alone."""
    folder = Path(tempfile.mkdtemp(prefix="segments-large-", dir=os.environ.get("TANTAM_BENCH_DIR")))
    try:
        given = os.environ.get("TANTAM_BENCH_HOME")
        home = Path(given) if given else _made(folder)
        figures = segments.measured(open_base(Home(home), engines.start()), Home(home).files()[0], TURNS)
        used = machine.process([sys.executable, "-c", ALONE, str(home)], folder=folder)
        return {**figures, "alone": used.figures(), "targets": {"ratio_to_decode": 2.5, "peak_mb": 1000}}
    finally:
        shutil.rmtree(folder)


def alone(home: Path) -> None:
    """The cube of the twelve, and nothing else."""
    chosen = [segment for segment in shipped() if segment.name not in segments.LEFT_OUT]
    cube.count(open_base(Home(home), engines.start()), chosen)


def _made(folder: Path) -> Path:
    made, home = folder / "made", folder / "home"
    rows = os.environ.get("TANTAM_BENCH_SUBSCRIBERS", "50_000_000")
    for words in (
        ["sample", "base", "--subscribers", rows, "--seed", "1", "--out", str(made)],
        ["base", "load", str(made), "--home", str(home)],
    ):
        if machine.process([sys.executable, "-c", LOAD, *words], folder=folder).status:
            raise SystemExit(f"tantam {' '.join(words)} failed")
    shutil.rmtree(made)
    return home


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
