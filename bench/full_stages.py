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

import pyarrow.parquet as pq

from bench import load_large, machine
from bench.load import COPY, LOAD
from tantam.base.home import Home

SUBSCRIBERS, OPINIONS = "TANTAM_BENCH_SUBSCRIBERS", "TANTAM_BENCH_OPINIONS"
NEAR = 4
"""Near-duplicates are looked for among one in so many of the opinions."""
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


def _base(folder: Path) -> Figures:
    rows = Sizes.asked().subscribers
    words = ("sample", "base", "--subscribers", str(rows), "--seed", "1", "--out", str(folder / "made"))
    used = load_large._ran(LOAD, folder, *words)
    return {"rows": rows, **used.figures(), "files_mb": machine.held(folder / "made") // 2**20}


def _load(folder: Path) -> Figures:
    """As `load_large`, and the base is left: DuckDB's COPY first, so that it has no colder files than the load."""
    home, copied = folder / "home", folder / "tmp" / "copy.parquet"
    theirs = load_large._ran(COPY, folder, str(folder / "made" / "*.parquet"), str(copied))
    copied.unlink()
    files = [str(file) for file in sorted((folder / "made").glob("*.parquet"))]
    ours = load_large._ran(LOAD, folder, "base", "load", *files, "--home", str(home))
    return {
        "load": ours.figures(),
        "copy": theirs.figures(),
        "wall_ratio": round(ours.wall_s / theirs.wall_s, 2),
        "cpu_ratio": round(ours.cpu_s / theirs.cpu_s, 2),
        "home_mb": machine.held(home) // 2**20,
        "read_one_ms": load_large._read_one(Home(home)),
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


def _prove(folder: Path) -> Figures:
    """Ninety days of everybody, made up first; then the proof of the round that was decided."""
    home, file = folder / "home", folder / "tmp" / "outcomes.parquet"
    of = ("--home", str(home))
    played = load_large._ran(
        LOAD, folder, "sample", "outcomes", "--round", "first", "--seed", "1", "--out", str(file), *of
    )
    used = load_large._ran(LOAD, folder, "prove", "first", "--outcomes", str(file), *of)
    proof = json.loads((home / "rounds" / "first" / "proof-pooled.json").read_text("utf-8"))
    whole = [row for row in proof if row["group"] is None and row["horizon_days"] == 90]
    rows = pq.read_metadata(file).num_rows
    file.unlink()
    return {
        "outcome_rows": rows,
        "played": played.figures(),
        **used.figures(),
        "treated": max(row["treated_n"] for row in whole),
        "control": max(row["control_n"] for row in whole),
        "answers": sum(row["enough"] for row in proof),
    }


def _near(folder: Path) -> Figures:
    """One in four of the opinions: the edited copies are made of real ones."""
    from bench import listen_alike

    data = os.environ.get("TANTAM_DATA")
    if not data:
        return {"skipped": "TANTAM_DATA is unset"}
    return listen_alike.many_near_copies([*listen_alike.opinions(Path(data))], Sizes.asked().opinions // NEAR)


def _script(module: str) -> Callable[[Path], Figures]:
    """What the bench of that name measures, in the stage's own temporary folder."""

    def work(folder: Path) -> Figures:
        return importlib.import_module(f"bench.{module}").run()

    return work


STAGES = (
    Stage("base", "making up subscribers", _base, makes=("made",)),
    Stage("load", "loading them, beside DuckDB's COPY", _load, makes=("home",), needs=("made",)),
    Stage(
        "segments",
        "twelve segments and their cube, beside a scan",
        _script("segments_large"),
        needs=("home",),
    ),
    Stage("decide", "the whole decide", _decide, needs=("home",)),
    Stage("explain", "explaining single subscribers", _explain, needs=("home",)),
    Stage("prove", "ninety days of everybody, and the proof", _prove, needs=("home",)),
    Stage("worth", "learned worth of everybody for twenty offers", _script("worth_large"), needs=("home",)),
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
