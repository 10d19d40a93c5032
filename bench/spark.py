"""Segments and a whole decide on Spark beside DuckDB, both on this machine and the same base: seconds, memory, plans.

Spark runs as ``local[2]``: what a cluster adds in cores it takes in network, and neither is measured here. Seconds of
segments are of a session that stands, the first beside the later ones; its start is told apart. ``exchanges`` and
``scans`` count what the plan of the cube moves between workers and reads. Memory is of all processes together.
``TANTAM_BENCH_SUBSCRIBERS`` says how many subscribers (5 million), made and loaded here.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import narwhals as nw

from bench import machine
from tantam import engines
from tantam.base.home import Home
from tantam.base.store import open_base
from tantam.segments import cube, shipped

ENGINES = ("duckdb", "spark")
TIMES = 3
CUT_A_HEAD = 8_000


def run() -> dict[str, Any]:
    """Make a base, ask both engines the same, and give their figures; ends where their answers differ."""
    folder = Path(tempfile.mkdtemp(prefix="spark-", dir=os.environ.get("TANTAM_BENCH_DIR")))
    try:
        return _figures(folder)
    finally:
        shutil.rmtree(folder)


def _figures(folder: Path) -> dict[str, Any]:
    rows = os.environ.get("TANTAM_BENCH_SUBSCRIBERS", "5_000_000")
    made, home = folder / "made", folder / "home"
    _tantam(folder, "sample", "base", "--subscribers", rows, "--seed", "1", "--out", str(made))
    _tantam(folder, "base", "load", *map(str, sorted(made.glob("*.parquet"))), "--home", str(home))
    shutil.rmtree(made)
    offers = folder / "offers.toml"
    offers.write_text(_tantam(folder, "sample", "offers")[0], encoding="utf-8")
    _tantam(folder, "warm")
    count = json.loads((home / "base.json").read_text("utf-8"))["rows"]
    figures: dict[str, Any] = {"subscribers": count, "driver_mb": os.environ.get("TANTAM_MEMORY_MB", "4000")}
    prints = set()
    for name in ENGINES:
        asked, used = _run(folder, "-m", "bench.spark", name, str(home))
        told = json.loads(asked)
        prints.add(told.pop("answer"))
        figures[f"segments_{name}"] = {**told, **_used(used)}
    for name in ENGINES:
        words = [str(offers), "--budget", str(CUT_A_HEAD * count), "--floor", "low_income spend >= 30%"]
        words += ["--out", name, "--home", str(home), "--engine", name, "--json"]
        said, used = _tantam(folder, "decide", *words)
        told = json.loads(said[said.index("{") :])
        prints.add(told["fingerprint"])
        figures[f"decide_{name}"] = {
            **_used(used),
            "disk_mb": told["disk_mb"],
            "gap_percent": round(100 * told["gap"], 5),
            "stages_s": told["stages"],
        }
    if len(prints) != 2:
        raise SystemExit("The engines differ in their answers.")
    return figures


def _tantam(folder: Path, *words: str) -> tuple[str, machine.Used]:
    return _run(folder, "-c", "from tantam.cli import main; main()", *words)


def _used(used: machine.Used) -> dict[str, float]:
    return {"wall_s": round(used.wall_s, 1), "peak_mb": used.peak_mb}


def _run(folder: Path, *words: str) -> tuple[str, machine.Used]:
    """A process of its own: what it said and what it needed; ends the bench if it failed."""
    out = folder / "said"
    out.unlink(missing_ok=True)
    used = machine.process([sys.executable, *words], out=out)
    said = out.read_text("utf-8", "replace") if out.exists() else ""
    if used.status:
        raise SystemExit(f"{' '.join(words)[:200]}\n{said}")
    return said, used


def segments(name: str, home: Home) -> dict[str, Any]:
    """In a process of its own: the cube of the shipped groups by one engine."""
    seconds = [perf_counter()]
    base = open_base(home, engines.start(name))
    seconds.append(perf_counter())
    groups, answer = shipped.shipped(), None
    for _ in range(1 + TIMES):
        found = cube.find_thresholds(base, groups)
        seconds.append(perf_counter())
        answer = cube.count(base, groups, found)
        seconds.append(perf_counter())
    spent = [late - early for early, late in pairwise(seconds)]
    figures: dict[str, Any] = {
        "start_s": spent[0],
        "first_thresholds_s": spent[1],
        "first_cube_s": spent[2],
        "thresholds_s": median(spent[3::2]),
        "cube_s": median(spent[4::2]),
    }
    figures = {key: round(value, 2) for key, value in figures.items()}
    if name == "spark":
        figures |= _plan(base.frame, cube.mask(groups, base.on, found))
    assert answer is not None
    return {**figures, "answer": json.dumps([answer.overlap().tolist(), answer.subscribers])}


def _plan(frame: nw.LazyFrame[Any], mask: nw.Expr) -> dict[str, Any]:
    """What Spark does for the cube, the last step first: how often it reads files and moves rows between workers."""
    rows = frame.select("province", mask.alias("mask"), nw.col("spend_6m").fill_null(0).cast(nw.Int64))
    cells: Any = rows.group_by("province", "mask").agg(nw.len().alias("n"), nw.col("spend_6m").sum())
    plan = cells.to_native()._jdf.queryExecution().executedPlan().toString()
    lines = [line.lstrip(" +-:*").split("(")[0].split(" ")[0] for line in plan.splitlines()]
    steps = [line for line in lines if line]
    return {
        "plan": " ← ".join(steps),
        "exchanges": steps.count("Exchange"),
        "scans": steps.count("FileScan"),
    }


if __name__ == "__main__":
    print(json.dumps(segments(sys.argv[1], Home(Path(sys.argv[2])))))
