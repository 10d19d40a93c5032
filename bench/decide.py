"""The whole `tantam decide` at 1 M subscribers by stage, and one subscriber's explanation after start.

python -m bench decide
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tantam.base.home import Home
from tantam.care import explain
from tantam.care import round as rounds

SUBSCRIBERS = 1_000_000
RUNS = 3
FLOOR = "low_income spend >= 30%"


def _tantam(*words: str) -> tuple[float, str]:
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", "from tantam.cli import main; main()", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"tantam {' '.join(words)}: {done.stderr}")
    return time.perf_counter() - start, done.stdout


def run() -> dict[str, object]:
    """Medians over whole processes; stages as the certificate says; explain in one warm process, 50 keys."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        home = str(root / "home")
        _tantam(
            "sample", "base", "--subscribers", str(SUBSCRIBERS), "--seed", "1", "--out", str(root / "made")
        )
        _tantam("base", "load", *map(str, sorted((root / "made").glob("*.parquet"))), "--home", home)
        offers = root / "offers.toml"
        offers.write_text(_tantam("sample", "offers")[1], encoding="utf-8")
        asked = (
            "--budget",
            str(8_000 * SUBSCRIBERS),
            "--floor",
            FLOOR,
            "--out",
            "first",
            "--home",
            home,
            "--json",
        )
        walls, certificates = [], []
        for _ in range(RUNS):
            wall, printed = _tantam("decide", str(offers), *asked)
            walls.append(wall)
            certificates.append(json.loads(printed))
        last = certificates[-1]
        stages = {k: statistics.median(c["stages"][k] for c in certificates) for k in last["stages"]}
        return {
            "subscribers": last["subscribers"],
            "decide_wall_s": round(statistics.median(walls), 2),
            "stages_s": stages,
            "peak_mb": last["peak_mb"],
            "gap_percent": round(100 * last["gap"], 5),
            "limits": len(last["constraints"]),
            "tight": last["tight"],
            "violated": len(last["violated"]),
            "greedy_loss_percent": round(100 * (1 - last["greedy_objective"] / last["objective"]), 2),
            "same_fingerprint": len({c["fingerprint"] for c in certificates}) == 1,
            "explain_ms": _explain(Path(home)),
        }


def _explain(home: Path) -> float:
    """Median milliseconds of one explanation, in a process that has explained once."""
    import duckdb

    opened = rounds.open_round(Home(home).round("first"))
    rows = duckdb.sql(
        f"SELECT key FROM read_parquet('{home}/base/*.parquet') USING SAMPLE 50 (reservoir, 7)"
    ).fetchall()
    taken = []
    for (key,) in [rows[0], *rows]:
        start = time.perf_counter()
        explain.explain(Home(home), opened, key)
        taken.append(time.perf_counter() - start)
    return round(1000 * statistics.median(taken[1:]), 1)


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
