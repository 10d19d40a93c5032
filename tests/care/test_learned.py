"""Learned worth, read back: the scores of a home by key, in any order, and who has none."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam.base.home import Home
from tantam.care import offers
from tantam.care.learned import Scores
from tantam.care.learned.scores import NOTE, folder
from tantam.errors import Fault, Refused
from tests.a_base import home_with, stored


def _put(home: Home, table: pa.Table, digest: str = "d") -> np.ndarray:
    """Scores 0, 1, 2, … in the base's order for “gift”, ten times that for “call”; row groups by province."""
    folder(home).mkdir(parents=True, exist_ok=True)
    facts = {"version": 1, "offers": ["gift", "call"], "digest": digest}
    (folder(home) / "scores.json").write_text(json.dumps(facts))
    worth = np.arange(table.num_rows, dtype=np.int32)
    made = pa.table(
        {
            "key": table.column("key"),
            "province": table.column("province"),
            "row": worth.astype(np.int64),
            "gift": worth,
            "call": 10 * worth,
        }
    ).replace_schema_metadata({NOTE: digest})
    province = table.column("province").to_numpy()
    edges = [0, *(np.flatnonzero(province[1:] != province[:-1]) + 1), table.num_rows]
    half = edges[len(edges) // 2]
    for number, (low, high) in enumerate(((0, half), (half, table.num_rows))):
        with pq.ParquetWriter(folder(home) / f"part-{number:05d}.parquet", made.schema) as out:
            for start, end in itertools.pairwise(edges):
                if low <= start < high:
                    out.write_table(made.slice(start, end - start))
    return worth


def test_scores_are_found_by_key_in_any_order(tmp_path: Path) -> None:
    table = stored(4000, nulls=0)
    home = home_with(tmp_path, table)
    worth = _put(home, table)
    key = table.column("key").to_numpy()
    scores = Scores.open(home)
    assert scores.of(["call", "gift"], key).tolist() == [(10 * worth).tolist(), worth.tolist()]
    some = np.random.default_rng(3).permutation(4000)[:500]
    assert scores.of(["gift"], key[some])[0].tolist() == worth[some].tolist()
    province = table.column("province").to_pylist()
    for row in some[:20]:
        assert scores.of(["gift"], key[row : row + 1], province[row])[0, 0] == worth[row]
    assert scores.of(["gift"], np.array([5, 6])).tolist() == [[-1, -1]]
    assert scores.of([], key).shape == (0, 4000)
    assert scores.of(["gift"], key[:0]).shape == (1, 0)


def test_who_was_forgotten_has_no_score_at_once(tmp_path: Path) -> None:
    table = stored(300, nulls=0)
    home = home_with(tmp_path, table)
    _put(home, table)
    key = table.column("key").to_numpy()
    home.forgotten.write_text(json.dumps([{"key": int(key[7]), "on": 1, "held": 1}]))
    found = Scores.open(home).of(["gift"], key)[0]
    assert found[7] == -1
    assert (found >= 0).sum() == 299


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    table = stored(300, nulls=0)
    home = home_with(tmp_path, table)
    with pytest.raises(Refused, match="no_scores"):
        Scores.open(home)
    _put(home, table)
    scores = Scores.open(home)
    with pytest.raises(Refused, match="no_learned_worth"):
        scores.of(["concert"], np.array([1]))
    _put(home, table, "another")
    with pytest.raises(Fault, match="scores_changed"):
        scores.of(["gift"], table.column("key").to_numpy())


def test_an_offers_file_may_say_that_worth_is_learned() -> None:
    text = '[offers.gift]\nclass = "commercial"\nwho = "true"\ncost = 1000\nvalue = "{}"\n'
    assert offers.parse(text.format("learned")).commercial[0].learned
    assert not offers.parse(text.format("2_000")).commercial[0].learned
