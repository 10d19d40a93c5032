"""`tantam listen run` on many opinions, linking included: rate, memory of all its processes, disk; and on half as many.

``TANTAM_BENCH_OPINIONS`` says how many (20 million), ``TANTAM_BENCH_DIR`` where they lie meanwhile, and
``TANTAM_BENCH_HOME`` whose base they are made of. Half of them are made by one process, half by another of another
seed; the first run listens to one half, the second to both, each as a whole process with two workers. Memory is flat
where the second needs no more than the first. What a billion would take is each stage's slope between the two; a
projection, not a run.

python -m bench listen_scale
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import machine

OPINIONS = 20_000_000
WORKERS = 2
BILLION = 1_000_000_000
TARGET_HOURS = 3
STAGES = ("start", "read", "link", "themes", "write", "close")

TANTAM = "from tantam.cli import main; main()"
TIMED = """
import json, sys, time
from tantam.listen.run import listening
real, begun, told = listening.listen, [("start", time.perf_counter())], sys.argv.pop(1)

def listen(*given, progress, **named):
    def heard(stage, share):
        if begun[-1][0] != stage:
            begun.append((stage, time.perf_counter()))
        if stage == "write" and share >= 1:
            begun.append(("close", time.perf_counter()))
        progress(stage, share)
    done = real(*given, progress=heard, **named)
    ends = [at for _, at in begun[1:]] + [time.perf_counter()]
    with open(told, "w") as file:
        json.dump({name: end - at for (name, at), end in zip(begun, ends)}, file)
    return done

listening.listen = listen
from tantam.cli import main
main()
"""


def run() -> dict[str, Any]:
    """Figures of both runs, and the projection with its arithmetic."""
    count = int(os.environ.get("TANTAM_BENCH_OPINIONS", OPINIONS))
    folder = Path(tempfile.mkdtemp(prefix="listen-scale-", dir=os.environ.get("TANTAM_BENCH_DIR")))
    try:
        start = time.perf_counter()
        files = _made(folder, count // 2)
        made = time.perf_counter() - start
        half = _listened(folder, files[:1], count // 2)
        whole = _listened(folder, files, 2 * (count // 2))
    finally:
        shutil.rmtree(folder)
    return {
        "opinions": whole["opinions"],
        "made_in_s": round(made, 1),
        "half": half,
        "whole": whole,
        "memory_as_input_doubles": round(whole["peak_mb"] / half["peak_mb"], 3),
        "own_memory_as_input_doubles": round(whole["peak_own_mb"] / half["peak_own_mb"], 3),
        **_projected(half, whole),
    }


def _made(folder: Path, each: int) -> list[Path]:
    """Two files of opinions, made at the same time by a process each."""
    given = os.environ.get("TANTAM_BENCH_HOME")
    home = Path(given) if given else folder / "home"
    if not given:
        _tantam("sample", "base", "--subscribers", "200_000", "--seed", "1", "--out", str(folder / "base"))
        tables = map(str, sorted((folder / "base").glob("*.parquet")))
        _tantam("base", "load", *tables, "--home", str(home))
    files = [folder / f"{seed}.parquet" for seed in (1, 2)]
    made = [sys.executable, "-c", TANTAM, "sample", "opinions", "--base", str(home), "-n", str(each)]
    making = [
        subprocess.Popen([*made, "--seed", file.stem, "--out", str(file)], stdout=subprocess.DEVNULL)
        for file in files
    ]
    ended = [one.wait() for one in making]
    if any(ended):
        raise SystemExit("The opinions could not be made.")
    return files


def _tantam(*words: str) -> None:
    subprocess.run([sys.executable, "-c", TANTAM, *words], check=True, stdout=subprocess.DEVNULL)


def _listened(folder: Path, files: list[Path], count: int) -> dict[str, Any]:
    """One run, as people type it, in a home of its own."""
    home, told, said = folder / "listening", folder / "told.json", folder / "said"
    words = ["--text", "text", "--key", "key", "--when", "when", "--where", "where", "--channel", "channel"]
    place = ["--home", str(home), "--out", "all", "--workers", str(WORKERS), "--json"]
    used = machine.process(
        [sys.executable, "-c", TIMED, str(told), "listen", "run", *map(str, files), *words, *place],
        folder=home,
        out=said,
    )
    if used.status:
        raise SystemExit(f"listen run: {said.read_text('utf-8', 'replace')[-2_000:]}")
    done = json.loads(said.read_text("utf-8").splitlines()[-1])
    seconds = json.loads(told.read_text("utf-8"))
    kept = sum(f.stat().st_size for f in (home / "listened" / "all" / "readings").iterdir())
    shutil.rmtree(home)
    said.unlink()
    return {
        "opinions": count,
        "copies": done["copies"],
        "opinions_a_second": round(count / used.wall_s),
        "opinions_a_cpu_second": round(count / used.cpu_s),
        **used.figures(),
        "disk_bytes_an_opinion": round(used.disk_mb * 2**20 / count),
        "readings_bytes_an_opinion": round(kept / count),
        "seconds": {stage: round(seconds[stage], 1) for stage in STAGES},
        "linking_share": round(seconds["link"] / used.wall_s, 3),
    }


def _projected(half: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """A billion by each stage's slope between the two runs."""
    more = whole["opinions"] - half["opinions"]
    each = {
        stage: max(0.0, whole["seconds"][stage] - half["seconds"][stage]) / more * 1e6 for stage in STAGES
    }
    hours = sum(each.values()) * BILLION / 1e6 / 3600
    sums = " + ".join(f"{stage} {seconds:.2f}" for stage, seconds in each.items())
    return {
        "projection_hours": round(hours, 2),
        "target_hours": TARGET_HOURS,
        "projection": f"({sums}) s a million more × 1,000 million ÷ 3600 = {hours:.2f} h "
        f"(from {half['opinions']:,} and {whole['opinions']:,} opinions, not a run)",
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=1, ensure_ascii=False))
