"""The whole `tantam decide` over tens of millions of subscribers: seconds by stage, memory of all its processes, disk.

``TANTAM_BENCH_SUBSCRIBERS`` says how many (50 million), made and loaded here; ``TANTAM_BENCH_HOME`` names a home that
has its base already; ``TANTAM_BENCH_DIR`` where all of it lies meanwhile. What is left of the seconds beside the stages
is starting, and after the round its power and report.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import machine

BUDGET_A_HEAD = 8_000
FLOOR = "low_income spend >= 30%"
ROUND = "bench-large"


def run() -> dict[str, Any]:
    """Make the base unless there is one, decide once, and give its figures."""
    folder = Path(tempfile.mkdtemp(prefix="decide-large-", dir=os.environ.get("TANTAM_BENCH_DIR")))
    try:
        given = os.environ.get("TANTAM_BENCH_HOME")
        home = Path(given) if given else _made(folder)
        figures = _decide(home, folder)
        shutil.rmtree(home / "rounds" / ROUND)
    finally:
        shutil.rmtree(folder)
    return figures


def _tantam(out: Path, watched: Path, *words: str) -> machine.Used:
    """One command as a process of its own, its words in ``out``; ends the bench if it failed."""
    out.unlink(missing_ok=True)
    code = "from tantam.cli import main; main()"
    used = machine.process([sys.executable, "-c", code, *words], folder=watched, out=out)
    if used.status:
        raise SystemExit(f"tantam {' '.join(words)[:200]}\n{out.read_text('utf-8', 'replace')}")
    return used


def _made(folder: Path) -> Path:
    rows = os.environ.get("TANTAM_BENCH_SUBSCRIBERS", "50_000_000")
    made, home, out = folder / "made", folder / "home", folder / "said"
    _tantam(out, folder, "sample", "base", "--subscribers", rows, "--seed", "1", "--out", str(made))
    _tantam(out, folder, "base", "load", *map(str, sorted(made.glob("*.parquet"))), "--home", str(home))
    shutil.rmtree(made)
    return home


def _decide(home: Path, folder: Path) -> dict[str, Any]:
    out, offers = folder / "said", folder / "offers.toml"
    _tantam(out, folder, "sample", "offers")
    out.rename(offers)
    _tantam(out, folder, "warm")
    rows = json.loads((home / "base.json").read_text("utf-8"))["rows"]
    asked = ["--budget", str(BUDGET_A_HEAD * rows), "--floor", FLOOR, "--out", ROUND, "--home", str(home)]
    used = _tantam(out, home, "decide", str(offers), *asked, "--json")
    said = out.read_text("utf-8")
    told = json.loads(said[said.index("{") :])
    stages = told["stages"]
    whole = sum(seconds for name, seconds in stages.items() if not name.startswith("solve_"))
    return {
        "subscribers": told["subscribers"],
        "minutes": round(used.wall_s / 60, 2),
        **used.figures(),
        "stages_s": {**stages, "around": round(used.wall_s - whole, 2)},
        "certificate_peak_mb": told["peak_mb"],
        "certificate_disk_mb": told["disk_mb"],
        "gap_percent": round(100 * told["gap"], 5),
        "limits": len(told["constraints"]),
        "tight": told["tight"],
        "violated": len(told["violated"]),
        "greedy_loss_percent": round(100 * (1 - told["greedy_objective"] / told["objective"]), 2),
        "greedy_rows": told["greedy_rows"],
        "fingerprint": told["fingerprint"],
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
