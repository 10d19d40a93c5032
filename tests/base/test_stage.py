"""A home changes whole or not at all: stopped by kill -9 at any moment, and with two writers at once."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tantam.base import stage
from tantam.base.home import Home
from tantam.base.stage import change, settle
from tantam.base.store import open_base
from tantam.engines import start
from tantam.errors import Fault, Refused
from tests.base.a_file import TODAY, as_csv, load, rows, snapshot

LOADER = """
import sys
from pathlib import Path
from tantam.base import intake
from tantam.base.home import Home
print("ready", flush=True)
sys.stdin.readline()
intake.load(Home(Path(sys.argv[1])), [Path(sys.argv[2])], today=int(sys.argv[3]))
print("done", flush=True)
"""


def public(root: Path) -> dict[str, bytes]:
    """Everything in a home but what a stopped load may have left in its stage."""
    return {name: data for name, data in snapshot(root).items() if not name.startswith("secret/load/")}


def loader(home: Home, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", LOADER, str(home.root), str(file), str(TODAY)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def started(process: subprocess.Popen[str]) -> None:
    assert process.stdin and process.stdout
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("\n")
    process.stdin.flush()


States = tuple[Home, Path, dict[str, bytes], dict[str, bytes]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> States:
    """The states of which each test has its own; nobody changes these."""
    root = tmp_path_factory.mktemp("states")
    first, second = as_csv(rows(3000, 1), root / "a.csv"), as_csv(rows(20_000, 2), root / "b.csv")
    home, other = Home(root / "home"), Home(root / "other")
    load(home, first)
    other.secret.mkdir(parents=True)
    other.key_secret.write_bytes(home.key_secret.read_bytes())
    load(other, first)
    before = public(home.root)
    load(other, second)
    return home, second, before, public(other.root)


@pytest.fixture
def states(made: States, tmp_path: Path) -> States:
    """A home, a second file for it, and the home's files before and after that file is loaded."""
    home, second, before, after = made
    return Home(Path(shutil.copytree(home.root, tmp_path / "home"))), second, before, after


def test_kill_9_at_any_moment(states: States) -> None:
    """Killed when this or that file is there, or at a random moment: the old state or the new one, nothing else."""
    home, file, before, after = states
    draw = random.Random(7)
    marks = [
        "secret/load/new/secret/phones.parquet",
        "secret/load/new/base/part-0.parquet",
        "secret/load/READY",
    ]
    marks += ["", "", ""]
    seen = []
    for mark in marks:
        process = loader(home, file)
        started(process)
        end = time.monotonic() + (draw.uniform(0.05, 0.6) if not mark else 20)
        while (
            time.monotonic() < end and process.poll() is None and not (mark and (home.root / mark).exists())
        ):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        unsettled = public(home.root)
        ready = (home.stage / "READY").exists()
        assert ready or unsettled in (before, after)
        base = open_base(home, start())
        settled = public(home.root)
        assert settled == snapshot(home.root), "whoever opens the home leaves no stage behind"
        assert settled == (after if ready else unsettled)
        assert base.rows in (3000, 23_000) and pq.read_table(home.base).num_rows == base.rows
        seen.append(settled == after)
        if settled == after:
            for name in after.keys() - before.keys():
                (home.root / name).unlink()
            for name, data in before.items():
                (home.root / name).write_bytes(data)
    assert not all(seen), "some were stopped in time"


def test_killed_at_the_first_load_leaves_no_base(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), as_csv(rows(20_000), tmp_path / "a.csv")
    process = loader(home, file)
    started(process)
    while process.poll() is None and not (home.stage / "new" / "secret" / "phones.parquet").exists():
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not home.base.exists() and not home.key_secret.exists()
    assert load(home, file).kept == 20_000


@pytest.mark.parametrize("moved", range(5))
def test_a_ready_change_is_finished_from_wherever_it_stopped(
    states: States, moved: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails after so many moves and goes on failing; the next reader finishes the change."""
    home, file, before, after = states
    count, whole = 0, Path.replace

    def replace(self: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count > moved:
            raise OSError(5, "Input/output error", str(self))
        return whole(self, target)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", replace)
        with pytest.raises(Fault, match="disk_failed"):
            load(home, file)
    assert (home.stage / "READY").exists() and public(home.root) not in (after, {})
    settle(home)
    assert snapshot(home.root) == after != before


def test_two_writers(tmp_path: Path) -> None:
    home, file = Home(tmp_path / "home"), as_csv(rows(50), tmp_path / "a.csv")
    load(home, file)
    before = snapshot(home.root)
    with change(home):
        with pytest.raises(Refused, match="home_busy"):
            load(home, file)
        assert open_base(home, start()).rows == 50, "readers read the old state meanwhile"
        assert home.stage.exists(), "and do not touch the writer's stage"
    assert snapshot(home.root) == before


def test_nothing_committed_nothing_changed(tmp_path: Path) -> None:
    home = Home(tmp_path / "deep" / "home")
    with pytest.raises(ZeroDivisionError), change(home) as at:
        at.put(home.facts).write_text("half")
        raise ZeroDivisionError
    assert not (tmp_path / "deep").exists()


def test_removals_and_moves(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.base.mkdir(parents=True)
    old = home.base / "part-9.parquet"
    old.write_text("old")
    with change(home) as at:
        at.put(home.base / "part-0.parquet").write_text("new")
        at.remove(old)
        at.commit()
    assert snapshot(home.root) == {"base/part-0.parquet": b"new"}
    assert stage.Stage(home).folder == home.stage
