"""What was known before, read a piece at a time: the same of whoever is asked for, and nothing of strangers."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest

from tantam.proof import history, uplift
from tests.a_base import stored
from tests.proof.a_round import Made, make


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    done = make(tmp_path_factory.mktemp("home") / "h", stored(3_000, 7))
    history.keep(done.directory, done.home)
    return done


def test_pieces_say_what_the_file_says(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_PIECE_ROWS", 7)
    table = pq.read_table(made.directory / history.FILE)
    kept = table.column("key").to_numpy()
    strangers = np.setdiff1d(np.r_[kept - 1, 0, np.iinfo(np.int64).max], kept)
    key = np.sort(np.r_[kept[::3], strangers])
    past = history.read(made.directory, made.home, key)
    row = np.searchsorted(kept, key)
    ours = np.isin(key, kept)
    for name, column in past.known.items():
        said = table.column(name).cast("float64").to_numpy()
        assert np.array_equal(column[ours], said[row[ours]], equal_nan=True) and np.isnan(column[~ours]).all()
    for name, inside in past.groups.items():
        said = np.asarray(table.column(f"group_{name}").to_numpy(), bool)
        assert np.array_equal(inside[ours], said[row[ours]]) and not inside[~ours].any()
    ended = table.column("promotion_ended_on").cast("int64").fill_null(history.NEVER).to_numpy()
    assert np.array_equal(past.promotion_end[ours], ended[row[ours]])
    assert (past.promotion_end[~ours] == history.NEVER).all() and (past.postpaid[~ours] == -1).all()
    assert len(past.known) == 11 and any(inside.any() for inside in past.groups.values())


def test_nobody_is_asked_for(made: Made) -> None:
    past = history.read(made.directory, made.home, np.empty(0, np.int64))
    assert past.known and all(column.size == 0 for column in past.known.values())


def test_columns_are_made_as_they_are_asked_for(made: Made) -> None:
    """The most telling first, a missing value at the mean of all others, and once who lacks it."""
    kept = pq.read_table(made.directory / history.FILE, columns=["key"]).column("key").to_numpy()
    past = history.read(made.directory, made.home, kept)
    fourth = np.arange(kept.size) % 4 == 0
    for name in ("topups", "complaints"):
        past.known[name][:] = np.where(fourth, np.nan, 1.0)
    rows = np.array([4, 1, 8, 2])
    columns = past.before("active", rows)
    assert columns.names[:2] == ("idle", "after_promotion") and set(columns.names) == set(past.known)
    for i, name in enumerate(columns.names):
        assert np.array_equal(columns[i], uplift.filled(past.known[name])[rows])
    assert sum(np.array_equal(gone, fourth) for gone in past.missing) == 1
    there = [columns[i].tolist() for i in range(len(columns.names), len(columns))]
    assert there == [gone[rows].astype(float).tolist() for gone in past.missing]
