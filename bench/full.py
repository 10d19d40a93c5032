"""Fifty million subscribers and twenty million opinions on one machine: every stage a process of its own.

Seconds are of one run by the clock. Memory is of the whole tree of processes (`bench/machine.py`): `peak_mb` counts
once what processes share, `peak_own_mb` is without pages of mapped files, which the system may take back; `disk_mb` is
how much the working folder grew while the stage ran. A row that was run at less than its size is not judged.

make bench-full; TANTAM_BENCH_SUBSCRIBERS=100000 TANTAM_BENCH_OPINIONS=100000 python -m bench.full for a look
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import full_table, machine
from bench.full_stages import STAGES, Sizes, Stage
from tantam.base import room
from tantam.errors import Refused

REHEARSED = (Sizes(50_000, 50_000), Sizes(200_000, 200_000))
MARGIN = 1.25
"""Beyond what two small runs say, of time and of disk."""
TELL_EVERY_S = 60
Kept = dict[str, dict[str, Any]]
table = full_table.lines


def run() -> dict[str, Any]:
    """Every stage that is not kept from a run that was stopped (``TANTAM_BENCH_AGAIN=yes``: every stage anew)."""
    sizes, folder = Sizes.asked(), _folder()
    own = folder / "kept" / str(sizes)
    if os.environ.get("TANTAM_BENCH_AGAIN") == "yes":
        shutil.rmtree(folder, ignore_errors=True)
    own.mkdir(parents=True, exist_ok=True)
    before = machine.described()
    kept = _read(own / "stages.json")
    todo = wanted(STAGES, kept, folder)
    print(_told(before, folder, sizes, kept, todo), flush=True)
    print("compiling the kernels, so that no figure holds it", flush=True)
    machine.process([sys.executable, "-c", "from tantam.cli import main; main()", "warm"])
    foreseen = rehearse(folder / "rehearsal", todo, sizes)
    todo = [stage for stage in todo if not foreseen or stage.name in foreseen]
    need = disk_mb(foreseen, todo)
    print(_foretold(foreseen, need, room.free(folder)), flush=True)
    room.need(folder, need * 2**20, "What is still to be measured")
    clock = Clock(foreseen, [stage.name for stage in todo])
    failed = go(folder, sizes, todo, kept, clock, own / "stages.json")
    if not failed:
        shutil.rmtree(folder)
    return {"ran_on": before, "sizes": asdict(sizes), "stages": kept, "failed": failed}


def _folder() -> Path:
    """Where everything is written, and nothing else lies."""
    asked = os.environ.get("TANTAM_BENCH_FOLDER")
    return Path(asked or tempfile.gettempdir()).absolute() / "tantam-bench-full"


def wanted(stages: Sequence[Stage], kept: Kept, folder: Path) -> list[Stage]:
    """The stages to run: those without figures, and those that must make anew what a later one of them needs."""
    todo: list[Stage] = []
    for stage in reversed(stages):
        asked = {need for later in todo for need in later.needs}
        gone = [made for made in stage.makes if made in asked and not (folder / made).exists()]
        if stage.name not in kept or gone:
            todo.insert(0, stage)
    return todo


def go(
    folder: Path, sizes: Sizes, todo: Sequence[Stage], kept: Kept, clock: Clock, record: Path | None = None
) -> list[str]:
    """Run the stages in order, keep the figures of each as it ends, and remove what no later one needs. Gives those
    that failed, or whose needs an earlier one did not make.
    """
    failed = []
    for number, stage in enumerate(todo):
        if all((folder / need).exists() for need in stage.needs) and (
            found := _one(stage, folder, sizes, clock)
        ):
            kept[stage.name] = found
            clock.ended(stage.name, found["used"]["wall_s"])
        else:
            failed.append(stage.name)
        if record:
            record.write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")
        still = {need for later in todo[number + 1 :] for need in later.needs}
        for made in (made for earlier in STAGES for made in earlier.makes if made not in still):
            shutil.rmtree(folder / made, ignore_errors=True)
    return failed


def _one(stage: Stage, folder: Path, sizes: Sizes, clock: Clock) -> dict[str, Any]:
    """Figures of one stage: its own, and what its process needed; none, and its last words told, if it failed."""
    for made in ("tmp", *stage.makes):
        shutil.rmtree(folder / made, ignore_errors=True)
    (folder / "tmp").mkdir(parents=True)
    said, out = folder / f"{stage.name}.json", folder / f"{stage.name}.log"
    out.unlink(missing_ok=True)
    words = [sys.executable, "-m", "bench.full_stages", stage.name, str(folder), str(said)]
    env = {**sizes.env(), **{name: str(folder / "tmp") for name in ("TMPDIR", "TANTAM_BENCH_DIR")}}
    if "home" in stage.needs:
        env["TANTAM_BENCH_HOME"] = str(folder / "home")
    before = machine.held(folder)
    used = machine.process(words, folder=folder, env=env, out=out, tick=lambda s: clock.tick(stage, s))
    shutil.rmtree(folder / "tmp", ignore_errors=True)
    if used.status:
        last = "\n".join(out.read_text("utf-8", "replace").splitlines()[-12:])
        print(f"\n{stage.name} failed ({used.status}):\n{last}", flush=True)
        return {}
    figures = json.loads(said.read_text(encoding="utf-8"))
    left_mb = (machine.held(folder) - before) // 2**20
    return {
        "figures": figures,
        "used": {**used.figures(), "left_mb": left_mb},
        "at": time.strftime("%Y-%m-%d %H:%M"),
    }


def rehearse(folder: Path, todo: Sequence[Stage], sizes: Sizes) -> dict[str, dict[str, float]]:
    """For each stage the seconds, megabytes of disk at most and megabytes left that this run will need: a line through
    two small runs of everything, and a margin. Nothing where the run itself is no larger.
    """
    if not todo or sizes.within(REHEARSED[-1]):
        return {}
    record = folder.parent / "kept" / "rehearsal.json"
    runs = json.loads(record.read_text(encoding="utf-8")) if record.exists() else []
    for small in REHEARSED[len(runs) :]:
        kept: Kept = {}
        print(f"a rehearsal of every stage at {small}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if failed := go(folder, small, STAGES, kept, Clock({}, [stage.name for stage in STAGES])):
            print(f"left out, since they failed in the rehearsal: {', '.join(failed)}", flush=True)
        runs.append({name: one["used"] for name, one in kept.items()})
        shutil.rmtree(folder)
        if not failed:
            record.write_text(json.dumps(runs), encoding="utf-8")
    return {stage.name: _line(stage, runs, sizes) for stage in todo if all(stage.name in run for run in runs)}


def _line(stage: Stage, runs: list[dict[str, Any]], sizes: Sizes) -> dict[str, float]:
    low, high, asked = (getattr(size, stage.of) for size in (*REHEARSED, sizes))
    first, second = (run[stage.name] for run in runs)
    found = {}
    for name in ("wall_s", "disk_mb", "left_mb"):
        slope = max(0.0, (second[name] - first[name]) / (high - low))
        found[name] = second[name] + slope * max(0, asked - high) * MARGIN
    return found


def disk_mb(foreseen: dict[str, dict[str, float]], todo: Sequence[Stage]) -> int:
    """The most that is added to the folder at once from here on: what stages leave for later ones, and the growth of
    the one that runs.
    """
    lies: dict[str, float] = {}
    most = 0.0
    for number, stage in enumerate(todo if foreseen else ()):
        most = max(most, sum(lies.values()) + foreseen[stage.name]["disk_mb"])
        still = {need for later in todo[number + 1 :] for need in later.needs}
        lies[stage.name] = foreseen[stage.name]["left_mb"]
        lies = {
            one.name: lies[one.name]
            for one in todo[: number + 1]
            if one.name in lies and still & {*one.makes}
        }
    return round(most)


class Clock:
    """Says where the run stands and how long it will still take, as far as a rehearsal knows."""

    def __init__(self, foreseen: dict[str, dict[str, float]], names: Sequence[str]) -> None:
        self.foreseen, self.names, self._told = foreseen, names, 0.0
        self._done: list[tuple[float, float]] = []

    def tick(self, stage: Stage, seconds: float) -> None:
        """Where somebody watches, each second; else a line a minute."""
        watched = sys.stderr.isatty()
        if not watched and (seconds < TELL_EVERY_S or time.monotonic() - self._told < TELL_EVERY_S):
            return
        self._told = time.monotonic()
        left = f", about {told(self.left(stage.name, seconds))} left" if self.foreseen else ""
        at = f"{self.names.index(stage.name) + 1} of {len(self.names)}: {stage.what}, {told(seconds)}{left}"
        print(f"\r{at:<100}" if watched else at, end="" if watched else "\n", file=sys.stderr, flush=True)

    def left(self, name: str, seconds: float) -> float:
        """Seconds: of this stage and of those after it, corrected by how the earlier ones kept to what was foreseen."""
        expected = sum(was for was, _ in self._done)
        pace = sum(took for _, took in self._done) / expected if expected else 1.0
        here, *later = (self.foreseen[n]["wall_s"] * pace for n in self.names[self.names.index(name) :])
        return max(here - seconds, 0.05 * here) + sum(later)

    def ended(self, name: str, seconds: float) -> None:
        """A stage is done."""
        if name in self.foreseen:
            self._done.append((self.foreseen[name]["wall_s"], seconds))
        print(
            f"\r{name}: {told(seconds):<90}" if sys.stderr.isatty() else f"{name}: {told(seconds)}",
            flush=True,
        )


def told(seconds: float) -> str:
    """Hours, minutes and seconds."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def _told(before: dict[str, Any], folder: Path, sizes: Sizes, kept: Kept, todo: Sequence[Stage]) -> str:
    lines = [f"At {sizes}, in {folder}:"]
    for stage in STAGES:
        done = "" if stage in todo else f" (kept, measured {kept[stage.name]['at']})"
        lines.append(f"  {stage.name:<10} {stage.what}{done}")
    lines.append(f"{before['cores']} cores, {before['processor']}, {before['memory_gb']} GB of memory")
    if not before["quiet"]:
        lines.append(
            f"Something else runs here (load {before['load_before']}): times will be longer than they are."
        )
    return "\n".join(lines)


def _foretold(foreseen: dict[str, dict[str, float]], need_mb: int, free: int) -> str:
    if not foreseen:
        return "So small that it is not foretold how long it takes."
    seconds = sum(one["wall_s"] for one in foreseen.values())
    rows = [f"  {name:<10} {told(one['wall_s']):>8}" for name, one in foreseen.items()]
    disk = f"{need_mb / 1024:.1f} GB of disk at most at once; {free / 2**30:.1f} GB are free"
    return "\n".join([*rows, f"About {told(seconds)} in all, as two small runs foretell it. {disk}."])


def _read(file: Path) -> Kept:
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def main(words: Sequence[str]) -> None:
    """Print the table, and write no page."""
    if "--again" in words:
        os.environ["TANTAM_BENCH_AGAIN"] = "yes"
    try:
        print("\n".join(table(run())))
    except Refused as refused:
        raise SystemExit(f"{refused.what} {refused.do}") from None
    except KeyboardInterrupt:
        raise SystemExit("\nStopped. The next run goes on after the stages that are done.") from None


if __name__ == "__main__":
    main(sys.argv[1:])
