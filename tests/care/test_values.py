"""However the values are cut, kept or interrupted, the same round comes out."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tantam import machine
from tantam.base import room
from tantam.base.home import Home
from tantam.care import decide, holdout, offers, tables, values
from tantam.care import round as rounds
from tantam.care.reasons import number
from tantam.care.values import Seen
from tantam.errors import BadInput, Refused
from tests.a_base import home_with, stored
from tests.care.offers_for_tests import TEXT

OFFERS = offers.parse(TEXT)
ROWS = 6_000
ASKED = {"budget": 20_000_000, "floors": ("low_income spend >= 35%", "seats cafe per province >= 1")}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return home_with(tmp_path_factory.mktemp("values") / "home", stored(ROWS, 5))


def _fingerprint(directory: Path) -> str:
    return str(json.loads((directory / "certificate.json").read_text())["fingerprint"])


def _decided(home: Home, name: str, block_rows: int, memory_mb: int | None) -> Path:
    directory = home.round(name)
    terms = decide.terms(home, OFFERS, **ASKED)  # type: ignore[arg-type]
    made = decide.decide(home, terms, work=rounds.work(directory), block_rows=block_rows, memory_mb=memory_mb)
    return rounds.write(made, directory)


@pytest.fixture(scope="module")
def plain(home: Home) -> Path:
    return _decided(home, "plain", values.BLOCK_ROWS, None)


@pytest.mark.parametrize(("block_rows", "memory_mb"), [(977, None), (1_000, 0), (values.BLOCK_ROWS, 0)])
def test_blocks_and_where_they_lie_decide_nothing(
    home: Home, plain: Path, block_rows: int, memory_mb: int | None
) -> None:
    other = _decided(home, f"by-{block_rows}-{memory_mb}", block_rows, memory_mb)
    assert _fingerprint(other) == _fingerprint(plain)
    for name in ("decisions.parquet", "relief.parquet", "prices.parquet"):
        assert pq.read_table(other / name).equals(pq.read_table(plain / name))
    mine, theirs = (json.loads((d / "summary.json").read_text()) for d in (other, plain))
    for one in (mine, theirs):
        del one["certificate"]
    assert mine == theirs
    assert not rounds.work(other).exists()


def test_a_base_that_is_not_sorted_gives_the_same(home: Home, plain: Path, tmp_path: Path) -> None:
    shuffled = stored(ROWS, 5).take(pa.array(np.random.default_rng(0).permutation(ROWS)))
    other = _decided(home_with(tmp_path / "other", shuffled), "first", 700, 0)
    assert _fingerprint(other) == _fingerprint(plain)
    assert pq.read_table(other / "decisions.parquet").equals(pq.read_table(plain / "decisions.parquet"))


KILLED = """
import os, signal, sys
from pathlib import Path
from tantam.base.home import Home
from tantam.care import decide, offers
from tantam.care import round as rounds
from tests.care.test_values import ASKED, OFFERS

home, wanted, share = Home(Path(sys.argv[1])), sys.argv[2], float(sys.argv[3])

def progress(name, done):
    if name == wanted and done >= share:
        os.kill(os.getpid(), signal.SIGKILL)

directory = home.round(sys.argv[2])
terms = decide.terms(home, OFFERS, **ASKED)
made = decide.decide(home, terms, progress, work=rounds.work(directory), block_rows=500, memory_mb=0)
rounds.write(made, directory, progress)
"""


@pytest.mark.parametrize(("stage", "share"), [("values", 0.25), ("repair", 0.0), ("write", 0.93)])
def test_a_round_killed_goes_on_where_it_was(home: Home, plain: Path, stage: str, share: float) -> None:
    words = [sys.executable, "-c", KILLED, str(home.root), stage, str(share)]
    killed = subprocess.run(words, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    work = rounds.work(home.round(stage))
    blocks = {path: path.stat().st_mtime_ns for path in work.glob("*.facts.npy")}
    assert len(blocks) == 12 if stage != "values" else 0 < len(blocks) < 12
    assert not home.round(stage).exists()
    terms = decide.terms(home, OFFERS, **ASKED)  # type: ignore[arg-type]
    made = decide.decide(home, terms, work=work, block_rows=500, memory_mb=0)
    assert all(path.stat().st_mtime_ns == at for path, at in blocks.items()), "blocks were made again"
    assert _fingerprint(rounds.write(made, home.round(stage))) == _fingerprint(plain)
    assert not work.exists()


def test_work_of_another_round_is_not_gone_on_with(home: Home, plain: Path) -> None:
    directory = home.round("changed")
    terms = decide.terms(home, OFFERS, budget=10_000_000)
    decide.decide(home, terms, work=rounds.work(directory), block_rows=500, memory_mb=0)
    assert _fingerprint(_decided(home, "changed", 500, 0)) == _fingerprint(plain)


def test_nothing_is_left_of_a_round_that_cannot_be(home: Home) -> None:
    work = rounds.work(home.round("impossible"))
    terms = decide.terms(home, OFFERS, budget=20_000_000, floors=("seats cafe per province >= 500",))
    with pytest.raises(Refused, match="floor_unreachable"):
        decide.decide(home, terms, work=work, block_rows=1_000, memory_mb=0)
    assert not work.exists()


def test_a_disk_without_room_is_refused_with_figures(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free", lambda folder: 0)
    with pytest.raises(Refused, match="disk_short") as refused:
        _decided(home, "large", 500, 0)
    assert "6,000" in refused.value.what and "GB" in refused.value.what


def test_a_work_folder_of_something_else_is_left_alone(home: Home) -> None:
    work = rounds.work(home.round("photos"))
    work.mkdir(parents=True)
    (work / "one.jpg").write_text("x")
    with pytest.raises(BadInput, match="not_a_round"):
        _decided(home, "photos", 500, 0)
    assert (work / "one.jpg").exists()


def test_a_base_loaded_anew_meanwhile_is_seen(tmp_path: Path) -> None:
    home = home_with(tmp_path / "home", stored(500, 6))
    terms = decide.terms(home, OFFERS, budget=1_000_000)

    def load(name: str, done: float) -> None:
        if name == "values" and done > 0.4:
            home.facts.write_text(home.facts.read_text().replace("test-", "other-"))

    with pytest.raises(BadInput, match="other_base"):
        decide.decide(home, terms, load)


@given(
    st.lists(st.one_of(st.integers(1, 2_000_000_000), st.integers(-99, -1)), min_size=4 * 5, max_size=4 * 5),
    st.lists(st.integers(0, 2**62), min_size=5, max_size=5, unique=True),
    st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_what_is_hidden_is_found_again(worth: list[int], key: list[int], full: list[bool]) -> None:
    table, keys = np.array(worth, np.int32).reshape(4, 5), np.array(key, np.int64)
    contacts, seen = np.array(full), table.copy()
    holdout.settle(seen, keys, contacts, OFFERS, "salt")
    could = (table > 0) & ~contacts
    wanted = np.where((table > 0) & contacts, number("contact_limit"), table)
    assert (holdout.worth(seen) == wanted).all()
    held = holdout.round_layer(keys, OFFERS, "salt") | holdout.offer_layer(keys, OFFERS, "salt")
    assert ((seen > 0) == (could & ~held)).all() and ((seen < holdout.HIDDEN) == (could & held)).all()


@given(
    st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40)), max_size=12), min_size=1, max_size=6)
)
def test_rows_come_in_order_whatever_the_blocks(blocks: list[list[tuple[int, int]]]) -> None:
    parts = [_columns(sorted(block)) for block in blocks]
    seen = [Seen(len(b), *min(b)) if b else Seen(0, 2**31 - 1, 0) for b in blocks]
    out = [row for key, cell in tables.in_order(iter(parts), seen) for row in zip(cell, key, strict=True)]
    assert out == sorted(row for block in blocks for row in block)


def _columns(rows: list[tuple[int, int]]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    return np.array([k for _, k in rows], np.int64), np.array([c for c, _ in rows], np.int32)


def test_the_peak_is_that_of_the_whole_tree() -> None:
    hold = "b = bytearray(80 << 20); print(flush=True); input()"
    before = machine.peak_mb()
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        assert machine.peak_mb() >= before + 80
        child.communicate(b"\n")
