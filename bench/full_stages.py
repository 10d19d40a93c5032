"""The stages of `make bench-full`, each of which runs as a process of its own:
``python -m bench.full_stages NAME FOLDER OUT``.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import machine

SUBSCRIBERS, OPINIONS = "TANTAM_BENCH_SUBSCRIBERS", "TANTAM_BENCH_OPINIONS"
NEAR = 4
"""Near-duplicates are looked for among one in so many of the opinions."""
BUDGET_A_HEAD = 8_000
FLOOR = "low_income spend >= 30%"
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
    shutil.rmtree(folder / "home" / "rounds", ignore_errors=True)  # of a run that was stopped here
    _, offers = _tantam(folder, "sample", "offers")
    (folder / "home" / "offers.toml").write_text(offers, encoding="utf-8")
    words = ["--budget", str(BUDGET_A_HEAD * Sizes.asked().subscribers), "--floor", FLOOR, "--out", "first"]
    used, said = _tantam(
        folder,
        "decide",
        str(folder / "home" / "offers.toml"),
        *words,
        "--home",
        str(folder / "home"),
        "--json",
    )
    told = json.loads(said[said.index("{") :])
    return {
        "subscribers": told["subscribers"],
        **used.figures(),
        "stages_s": told["stages"],
        "gap_percent": round(100 * told["gap"], 5),
        "limits": len(told["constraints"]),
        "tight": told["tight"],
        "violated": len(told["violated"]),
        "greedy_loss_percent": round(100 * (1 - told["greedy_objective"] / told["objective"]), 2),
        "fingerprint": told["fingerprint"],
    }


def _explain(folder: Path) -> Figures:
    from bench.decide import _explain as explained

    return {"explain_ms": explained(folder / "home")}


def _script(module: str) -> Callable[[Path], Figures]:
    """What the bench of that name measures, in the stage's own temporary folder."""

    def work(folder: Path) -> Figures:
        return importlib.import_module(f"bench.{module}").run()

    return work


STAGES = (
    Stage("base", "making up subscribers", _base, makes=("made",)),
    Stage("load", "loading them, beside DuckDB's COPY", _load, makes=("home",), needs=("made",)),
    Stage("decide", "the whole decide", _decide, needs=("home",)),
    Stage("explain", "explaining single subscribers", _explain, needs=("home",)),
    Stage("solve", "the solver, in memory and from the disk", _script("solve_large")),
)


def main(name: str, folder: str, out: str) -> None:
    """Run one stage and write its figures to ``out``."""
    stage = next(stage for stage in STAGES if stage.name == name)
    figures = stage.work(Path(folder))
    Path(out).write_text(json.dumps(figures, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
