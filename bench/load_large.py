"""`tantam base load` of tens of millions of subscribers against DuckDB's own COPY of the same files to zstd Parquet.

Both are whole processes, one after the other: seconds, memory of all their processes, disk. Then one subscriber's row
from the loaded base, in a process that has read one (medians of 50). ``TANTAM_BENCH_SUBSCRIBERS`` says how many (50
million); ``TANTAM_BENCH_KIND`` parquet (default) or csv; ``TANTAM_BENCH_DIR`` where all of it lies meanwhile.

python -m bench.load_large
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from bench import machine
from bench.load import COPY, LOAD
from tantam.base.home import Home
from tantam.base.store import read_one

ASKED = 50


def run() -> dict[str, Any]:
    """Make the files, copy them, load them; both as measured, and the ratios."""
    rows = os.environ.get("TANTAM_BENCH_SUBSCRIBERS", "50_000_000")
    kind = os.environ.get("TANTAM_BENCH_KIND", "parquet")
    folder = Path(tempfile.mkdtemp(prefix="load-large-", dir=os.environ.get("TANTAM_BENCH_DIR")))
    try:
        made, copy, home = folder / "made", folder / "copy.parquet", folder / "home"
        flags = ["--csv"] if kind == "csv" else []
        sample = _ran(
            LOAD, folder, "sample", "base", "--subscribers", rows, "--seed", "1", "--out", str(made), *flags
        )
        theirs = _ran(COPY, folder, str(made / f"*.{kind}"), str(copy))
        copy.unlink()
        files = [str(file) for file in sorted(made.glob(f"*.{kind}"))]
        ours = _ran(LOAD, folder, "base", "load", *files, "--home", str(home))
        return {
            "rows": int(rows),
            "kind": kind,
            "sample": sample.figures(),
            "copy": theirs.figures(),
            "load": ours.figures(),
            "wall_ratio": round(ours.wall_s / theirs.wall_s, 2),
            "cpu_ratio": round(ours.cpu_s / theirs.cpu_s, 2),
            "home_mb": sum(f.stat().st_size for f in home.rglob("*") if f.is_file()) // 10**6,
            "read_one_ms": _read_one(Home(home)),
        }
    finally:
        shutil.rmtree(folder)


def _ran(code: str, folder: Path, *words: str) -> machine.Used:
    """One process of its own; ends the bench if it failed."""
    said = folder / "said"
    used = machine.process([sys.executable, "-c", code, *words], folder=folder, out=said)
    if used.status:
        raise SystemExit(said.read_text("utf-8", "replace"))
    return used


def _read_one(home: Home) -> float:
    """Median milliseconds of one subscriber's row."""
    file = pq.ParquetFile(home.files()[0])
    draw = np.random.default_rng(7)
    taken = []
    for group in [0, *draw.integers(0, file.num_row_groups, ASKED).tolist()]:
        keys = file.read_row_group(group, columns=["key"])["key"]
        key = keys[int(draw.integers(len(keys)))].as_py()
        start = time.perf_counter()
        assert read_one(home, key) is not None
        taken.append(1000 * (time.perf_counter() - start))
    return round(statistics.median(taken[1:]), 1)


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
