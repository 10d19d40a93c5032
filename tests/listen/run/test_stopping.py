"""Stopped dead at every stage, the same call goes on and ends with the very same bytes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tantam.base import room
from tantam.base.home import Home
from tantam.errors import Refused
from tantam.listen.run.listening import listen
from tantam.listen.run.sources import Asked
from tests.listen.run.a_file import opinions

RUN = """
import os, signal, sys
from pathlib import Path
from tantam.base.home import Home
from tantam.listen import report
from tantam.listen.alike import disk
from tantam.listen.run import copies, listening, marks, writing
from tantam.listen.run.sources import Asked

folder, stage, share = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
disk.ROWS, marks.RANGE = 500, 700


def die(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)


def progress(now, done):
    if now == stage and done >= share:
        die()


if stage == "report":
    report.render = die
if stage == "unwritten":
    copies._Linking.tell = die
if stage == "half":
    writing.pq.write_table = lambda rows, file, **named: (Path(file).write_bytes(b"half"), die())
listening.listen(
    Home(folder / "home"),
    sorted(folder.glob("in-*.parquet")),
    Asked("text", id="id", key="key", when="when", where="where", channel="channel"),
    folder / "out",
    index=True,
    progress=progress,
)
"""
STOPS = [
    ("read", 0.4), ("link", 0), ("link", 0.5), ("unwritten", 0), ("themes", 0), ("half", 0), ("write", 0.5),
    ("report", 0),
]  # fmt: skip


def _run(folder: Path, stage: str, share: float) -> int:
    made = subprocess.run([sys.executable, "-c", RUN, str(folder), stage, str(share)], check=False)
    return made.returncode


def _bytes(folder: Path) -> dict[str, bytes]:
    held = {p.relative_to(folder): p for p in folder.rglob("*") if p.is_file() and p.name != "run.json"}
    return {str(name): path.read_bytes() for name, path in sorted(held.items())}


@pytest.mark.slow
def test_killed_at_every_stage(tmp_path: Path) -> None:
    rows = opinions(2_000, seed=9)
    for name in ("stopped", "whole"):
        (tmp_path / name).mkdir()
        for at in range(0, len(rows), 500):
            pq.write_table(rows.slice(at, 500), tmp_path / name / f"in-{at:04}.parquet")
    assert _run(tmp_path / "whole", "", 0) == 0
    for stage, share in STOPS:
        assert _run(tmp_path / "stopped", stage, share) == -9, stage
        assert (tmp_path / "stopped" / "out" / "work").exists()
    assert _run(tmp_path / "stopped", "", 0) == 0
    assert not (tmp_path / "stopped" / "out" / "work").exists()
    assert _bytes(tmp_path / "stopped" / "out") == _bytes(tmp_path / "whole" / "out")
    assert len(_bytes(tmp_path / "whole" / "out")) > 15


def test_a_disk_too_small_is_refused_before_a_row_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq.write_table(opinions(1_000, seed=9), tmp_path / "a.parquet")
    monkeypatch.setattr(room, "free", lambda folder: room.SPARE + 500_000)
    with pytest.raises(Refused, match="1,000 opinions") as no:
        listen(Home(tmp_path / "home"), [tmp_path / "a.parquet"], Asked("text"), tmp_path / "out")
    assert no.value.code == "disk_short"
    assert not list((tmp_path / "out").rglob("part-*"))
    monkeypatch.undo()
    assert listen(Home(tmp_path / "home"), [tmp_path / "a.parquet"], Asked("text"), tmp_path / "out").kept
