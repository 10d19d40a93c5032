"""The stages of `make bench-full`, each of which runs as a process of its own:
``python -m bench.full_stages NAME FOLDER OUT``.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import machine

SUBSCRIBERS, OPINIONS = "TANTAM_BENCH_SUBSCRIBERS", "TANTAM_BENCH_OPINIONS"
NEAR = 4
"""Near-duplicates are looked for among one in so many of the opinions."""
TURNS = 3
COPY = (
    "import duckdb, sys; duckdb.sql(f\"COPY (FROM '{sys.argv[1]}') TO '{sys.argv[2]}' (COMPRESSION zstd)\")"
)
Figures = dict[str, Any]


@dataclass(frozen=True)
class Sizes:
    """How many subscribers and opinions a run is of."""

    subscribers: int = 50_000_000
    opinions: int = 20_000_000

    @classmethod
    def asked(cls) -> Sizes:
        """As the environment says."""
        full = cls()
        return cls(
            int(os.environ.get(SUBSCRIBERS, full.subscribers)), int(os.environ.get(OPINIONS, full.opinions))
        )

    def env(self) -> dict[str, str]:
        """What tells a process of them."""
        rows = str(self.subscribers)
        return {SUBSCRIBERS: rows, "TANTAM_BENCH_ROWS": rows, OPINIONS: str(self.opinions)}

    def within(self, other: Sizes) -> bool:
        """Is neither of them larger than the other's?"""
        return self.subscribers <= other.subscribers and self.opinions <= other.opinions

    def __str__(self) -> str:
        return f"{self.subscribers:,} subscribers and {self.opinions:,} opinions"


@dataclass(frozen=True)
class Stage:
    """One step. ``makes`` and ``needs`` are folders in the working folder; ``of`` is what its time grows with."""

    name: str
    what: str
    work: Callable[[Path], Figures]
    makes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    of: str = "subscribers"


def _tantam(folder: Path, *words: str) -> tuple[machine.Used, str]:
    """One command as a process of its own: what it needed, and what it printed. Ends the stage if it failed."""
    out = folder / "tmp" / "said"
    out.unlink(missing_ok=True)
    code = "from tantam.cli import main; main()"
    used = machine.process([sys.executable, "-c", code, *words], folder=folder, out=out)
    said = out.read_text("utf-8", "replace")
    if used.status:
        raise SystemExit(f"tantam {' '.join(words)[:200]}\n{said}")
    return used, said


def _base(folder: Path) -> Figures:
    rows = Sizes.asked().subscribers
    used, _ = _tantam(
        folder, "sample", "base", "--subscribers", str(rows), "--seed", "1", "--out", str(folder / "made")
    )
    return {"rows": rows, **used.figures(), "file_mb": machine.held(folder / "made") // 2**20}


def _load(folder: Path) -> Figures:
    """DuckDB's own COPY first, then the load: what is in the page cache serves the COPY no less."""
    copied = folder / "tmp" / "copy.parquet"
    theirs = machine.process([sys.executable, "-c", COPY, str(folder / "made" / "*.parquet"), str(copied)])
    if theirs.status:
        raise SystemExit("DuckDB's COPY failed")
    copied.unlink()
    files = [str(file) for file in sorted((folder / "made").glob("*.parquet"))]
    ours, _ = _tantam(folder, "base", "load", *files, "--home", str(folder / "home"))
    return {
        "load": ours.figures(),
        "copy": theirs.figures(),
        "wall_ratio": round(ours.wall_s / theirs.wall_s, 2),
        "cpu_ratio": round(ours.cpu_s / theirs.cpu_s, 2),
        "base_mb": machine.held(folder / "home" / "base") // 2**20,
    }


def _decide(folder: Path) -> Figures:
    """The round is left, for the stage that explains it."""
    from bench import decide_large

    home = folder / "home"
    shutil.rmtree(home / "rounds", ignore_errors=True)  # of a run that was stopped here
    figures = decide_large._decide(home, folder / "tmp")
    (home / "rounds" / decide_large.ROUND).rename(home / "rounds" / "first")
    return figures


def _explain(folder: Path) -> Figures:
    from bench.decide import _explain as explained

    return {"explain_ms": explained(folder / "home")}


def _worth(folder: Path) -> Figures:
    from bench import worth_large

    return worth_large.run(Sizes.asked().subscribers)


def _near(folder: Path) -> Figures:
    """One in four of the opinions: the edited copies are made of real ones."""
    from bench import listen_alike

    data = os.environ.get("TANTAM_DATA")
    if not data:
        return {"skipped": "TANTAM_DATA is unset"}
    return listen_alike.many_near_copies([*listen_alike.opinions(Path(data))], Sizes.asked().opinions // NEAR)


def _segments(folder: Path) -> Figures:
    """Medians of a real scan of the columns that the rules read, and of the cube, in turn."""
    from bench.segments import LEFT_OUT
    from tantam import engines
    from tantam.base.home import Home
    from tantam.base.store import open_base
    from tantam.segments import cube
    from tantam.segments.rule import columns
    from tantam.segments.shipped import shipped

    segments = tuple(segment for segment in shipped() if segment.name not in LEFT_OUT)
    home, engine = Home(folder / "home"), engines.start()
    base = open_base(home, engine)
    asked = {"province", *cube.MEASURES} - {"spend_known"} | set().union(*(columns(s.node) for s in segments))
    hashed = ", ".join(f"bit_xor(hash({name}))" for name in sorted(asked))
    con = engines.connect()
    taken: dict[str, list[float]] = {"scan": [], "cube": []}
    for _ in range(TURNS):
        start = time.perf_counter()
        con.sql(f"SELECT {hashed} FROM read_parquet({[str(file) for file in home.files()]})").fetchall()
        middle = time.perf_counter()
        cells = cube.count(base, segments)
        taken["scan"].append(middle - start)
        taken["cube"].append(time.perf_counter() - middle)
    scan, whole = (statistics.median(seconds) for seconds in taken.values())
    return {
        "segments": len(segments),
        "columns": len(asked),
        "scan_s": round(scan, 2),
        "cube_s": round(whole, 2),
        "ratio": round(whole / scan, 2),
        "cells": int(cells.n.size),
    }


def _script(module: str) -> Callable[[Path], Figures]:
    """What the bench of that name measures, in the stage's own temporary folder."""

    def work(folder: Path) -> Figures:
        return importlib.import_module(f"bench.{module}").run()

    return work


STAGES = (
    Stage("base", "making up subscribers", _base, makes=("made",)),
    Stage("load", "loading them, beside DuckDB's COPY", _load, makes=("home",), needs=("made",)),
    Stage("segments", "twelve segments and their cube, beside a scan", _segments, needs=("home",)),
    Stage("decide", "the whole decide", _decide, needs=("home",)),
    Stage("explain", "explaining single subscribers", _explain, needs=("home",)),
    Stage("worth", "learned worth of everybody for twenty offers", _worth),
    Stage("solve", "the solver, in memory and from the disk", _script("solve_large")),
    Stage("listen", "listening, linking included", _script("listen_scale"), of="opinions"),
    Stage("near", "near-duplicates", _near, of="opinions"),
)


def main(name: str, folder: str, out: str) -> None:
    """Run one stage and write its figures to ``out``."""
    stage = next(stage for stage in STAGES if stage.name == name)
    figures = stage.work(Path(folder))
    Path(out).write_text(json.dumps(figures, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
