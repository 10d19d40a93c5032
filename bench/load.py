"""`tantam base load` against DuckDB's own COPY of the same file to zstd Parquet, both as whole processes, 1 M rows.

The load also checks every value, makes the keys, finds duplicates, sorts by province and key, and keeps rejects.

python -m bench load
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 1_000_000
RUNS = 3
COPY = (
    "import duckdb, sys; duckdb.sql(f\"COPY (FROM '{sys.argv[1]}') TO '{sys.argv[2]}' (COMPRESSION zstd)\")"
)
LOAD = "from tantam.cli import main; main()"


def run() -> dict[str, object]:
    """Medians of interleaved runs: wall and CPU seconds of both, and the ratio of each pair's."""
    with tempfile.TemporaryDirectory() as folder:
        return {kind: _compared(Path(folder), kind) for kind in ("csv", "parquet")}


def _compared(root: Path, kind: str) -> dict[str, float]:
    made = root / kind
    flags = ["--csv"] if kind == "csv" else []
    _timed(LOAD, "sample", "base", "--subscribers", str(ROWS), "--seed", "1", "--out", str(made), *flags)
    files = [str(file) for file in sorted(made.glob(f"*.{kind}"))]
    ours, theirs = [], []
    for number in range(RUNS):
        theirs.append(_timed(COPY, str(made / f"*.{kind}"), str(root / "copy.parquet")))
        ours.append(_timed(LOAD, "base", "load", *files, "--home", str(root / f"{kind}-{number}")))
    return {
        "load_wall_s": statistics.median(wall for wall, _ in ours),
        "copy_wall_s": statistics.median(wall for wall, _ in theirs),
        "wall_ratio": statistics.median(a[0] / b[0] for a, b in zip(ours, theirs, strict=True)),
        "cpu_ratio": statistics.median(a[1] / b[1] for a, b in zip(ours, theirs, strict=True)),
    }


def _timed(code: str, *words: str) -> tuple[float, float]:
    """Wall and CPU seconds of one process of its own."""
    before, start = _cpu(), time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *words], check=True, capture_output=True)
    return time.perf_counter() - start, _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
