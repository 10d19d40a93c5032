"""The allocation solver on tens of millions of subscribers: in memory, and read from the disk at every pass.

The family of ``solve``: twenty offers, 180 limits, made block by block and sorted by province. Each of the two is
solved in a process of its own; memory is the peak of that process. Greedy is tried on a sample.
``TANTAM_BENCH_ROWS`` says how many subscribers (50 million), ``TANTAM_BENCH_DIR`` where their 92 bytes each are kept
meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import machine
from bench.solve import COST, GROUP, OFFERS, PROVINCES, counts_of, limits_of, tight, values
from tantam import engines, keys
from tantam.care.allocate import Allocation, Block, Instance, Resident, Stored, allocate, put, take, warm
from tantam.care.allocate.blocks import BLOCK_ROWS, load
from tantam.engines.engine import in_threads

SEED = 1
BYTES = 8 + 4 + 4 * OFFERS
HOW = ("memory", "disk")
FREE_CELLS = np.zeros((2 * PROVINCES, OFFERS), np.int64)


def run() -> dict[str, object]:
    """Make the subscribers, solve them both ways, and say whether both decided the same."""
    rows = int(os.environ.get("TANTAM_BENCH_ROWS", "50_000_000"))
    folder = Path(tempfile.mkdtemp(prefix="solve-large-", dir=os.environ.get("TANTAM_BENCH_DIR")))
    try:
        free, need = shutil.disk_usage(folder).free, rows * BYTES
        if free < 1.2 * need:
            print(
                f"{folder} has {free >> 20:,} MB free; {rows:,} rows need {need >> 20:,} MB and some to spare."
            )
            raise SystemExit(1)
        warm()
        start = perf_counter()
        _make(folder, rows)
        figures: dict[str, Any] = {"rows": rows, "make_seconds": round(perf_counter() - start, 1)}
        for how in HOW:
            said = folder / f"{how}.json"
            words = [sys.executable, "-m", "bench.solve_large", how, str(folder), str(rows), str(said)]
            used = machine.process(words)
            if used.status:
                raise RuntimeError(f"solve_large {how} ended with {used.status}")
            figures[how] = json.loads(said.read_text()) | used.figures()
    finally:
        shutil.rmtree(folder)
    figures["same_decisions"] = figures["memory"]["digest"] == figures["disk"]["digest"]
    return figures


def _make(folder: Path, rows: int) -> None:
    """Blocks, and what everybody would want were everything free."""
    rng = np.random.default_rng(SEED)
    share = rng.lognormal(0.0, 0.6, PROVINCES)
    last = np.cumsum(rng.multinomial(rows, share / share.sum()))
    wanted, people = np.zeros_like(FREE_CELLS), np.zeros(2 * PROVINCES, np.int64)
    for some, here in in_threads(partial(_make_block, folder, rows, last), range(_blocks(rows))):
        wanted += some
        people += here
    np.savez(folder / "wanted.npz", wanted=wanted, people=people)


def _make_block(folder: Path, rows: int, last: NDArray[np.int64], number: int) -> tuple[Any, Any]:
    at = np.arange(number * BLOCK_ROWS, min(rows, (number + 1) * BLOCK_ROWS), dtype=np.int64)
    key = at * 1_000_003 + SEED
    low = keys.bucket(key, "low income") < 0.3 * keys.PPM
    cell = (2 * np.searchsorted(last, at, side="right") + low).astype(np.int32)
    order = np.lexsort((key, cell))
    key, cell, low = key[order], cell[order], low[order]
    block = Block(key, cell, values(key, low, COST, SEED))
    put(folder, number, block)
    wanted = counts_of(take(block.value, cell, key, FREE_CELLS, GROUP, 2), cell)
    return wanted, np.bincount(cell, minlength=2 * PROVINCES)


def _blocks(rows: int) -> int:
    return -(-rows // BLOCK_ROWS)


def _instance(how: str, folder: Path, rows: int) -> Instance:
    count = _blocks(rows)
    stored = Stored(folder, count, rows, OFFERS, engines.start())
    made = np.load(folder / "wanted.npz")
    return Instance(
        rows=stored if how == "disk" else Resident(tuple(load(folder, number) for number in range(count))),
        cost=COST, group=GROUP, most=2, offers=tuple(f"offer_{j:02d}" for j in range(OFFERS)),
        limits=limits_of(made["wanted"], made["people"], np.random.default_rng(SEED)),
    )  # fmt: skip


def _solve(how: str, folder: Path, rows: int) -> dict[str, Any]:
    """One solve, with its limits counted afresh from the masks of all rows."""
    warm()
    asked = _instance(how, folder, rows)
    start, cpu = perf_counter(), process_time()
    done = allocate(asked)
    seconds, cpu = perf_counter() - start, process_time() - cpu
    counts, digest = np.zeros_like(FREE_CELLS), hashlib.sha256()
    for some, masks in asked.rows.map(partial(_given, done)):
        counts += some
        digest.update(masks)
    passed = 0
    for limit in asked.limits:
        use = int((limit.coefficient * counts).sum())
        passed += use > limit.bound if limit.sense == "<=" else use < limit.bound
    return {
        "limits": len(asked.limits),
        "tight": tight(asked, done),
        "solve_seconds": round(seconds - done.stages["greedy"], 2),
        "cpu_seconds_with_greedy": round(cpu, 2),
        "greedy_seconds": done.stages["greedy"],
        "stages": done.stages,
        "passes": done.passes,
        "changed_by_repair": int(done.changes.key.size),
        "objective": done.objective,
        "bound": done.bound,
        "gap_percent": round(100 * done.gap, 5),
        "violated": passed,
        "greedy_loss_percent": round(100 * (1 - done.greedy_objective / done.objective), 3),
        "greedy_rows": done.greedy_rows,
        "digest": digest.hexdigest()[:16],
    }


def _given(done: Allocation, block: Block) -> tuple[Any, bytes]:
    chosen = done.of(block).chosen
    return counts_of(chosen, block.cell), hashlib.sha256(chosen.tobytes()).digest()


if __name__ == "__main__":
    if sys.argv[1:]:
        how, folder, rows, said = sys.argv[1:]
        Path(said).write_text(json.dumps(_solve(how, Path(folder), int(rows))))
    else:
        print(json.dumps(run(), indent=1))
