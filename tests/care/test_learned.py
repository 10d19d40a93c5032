"""Learned worth, read back: the scores of a home by key, in any order, and who has none."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam.base.home import Home
from tantam.care import offers
from tantam.care.learned import Scores, features, scoring
from tantam.care.learned.model import Learned, Model
from tantam.care.learned.scores import NOTE, folder
from tantam.errors import Fault, Refused
from tantam.proof import worth_learn
from tests.a_base import ON, home_with, stored


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


def _model(**other: Any) -> Model:
    """Two offers over the nine features, their trees grown on made-up effects."""
    rng = np.random.default_rng(1)
    base = features.of(stored(3000, seed=9), ON)
    bounds = [features.bounds(base[name]) for name in features.FEATURES]
    codes = features.coded([base[name] for name in features.FEATURES], bounds)
    offered = []
    for name, who, contact in (("gift", "tenure_years > 2", True), ("call", "true", False)):
        text = worth_learn.effect(codes, 900.0 * codes[:, 2] - 200 + rng.normal(size=3000), 1)
        offered.append(Learned(name, name, name, who, "consent_care", contact, 5000.0, 1.0, text))
    return Model(features.FEATURES, tuple(tuple(b.tolist()) for b in bounds), tuple(offered), other)


def test_only_eligible_pairs_are_scored_as_lightgbm_would(tmp_path: Path) -> None:
    import lightgbm

    table = stored(4000)
    home = home_with(tmp_path, table)
    model = _model()
    done = scoring.score(home, model)
    found = Scores.open(home).of(["gift", "call"], table.column("key").to_numpy())
    refuses = table.column("refuses_profiling").to_numpy()
    assert (found[:, refuses] == -1).all(), "who refuses profiling has no score"
    assert (found[1, ~refuses] >= 0).all()
    consents = table.column("consent_care_on").is_valid().to_numpy()
    ads = table.column("refuses_ads").fill_null(False).to_numpy(zero_copy_only=False)
    assert (found[0, ~consents | ads] == -1).all()
    assert 0 < (found[0] >= 0).sum() < (~refuses).sum()
    assert done.figures() == {
        "rows": 4000,
        "pairs": int((found >= 0).sum()),
        "scored": int((found >= 0).sum()),
        "changed": int((found >= 0).any(axis=0).sum()),
    }
    codes = model.codes(features.of(table, ON)).astype(np.float32)
    for row, offer in zip(found, model.offers, strict=True):
        assert offer.trees is not None
        said = offer.dong(lightgbm.Booster(model_str=offer.trees).predict(codes))
        assert (row[row >= 0] == said[row >= 0]).all()


def test_a_second_run_scores_only_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "PART_ROWS", 700)
    table = stored(4000, nulls=0)
    home = home_with(tmp_path, table)
    model = _model()
    first = scoring.score(home, model)
    again = scoring.score(home, model)
    assert (again.pairs, again.scored, again.changed) == (first.pairs, 0, 0)
    spend = table.column("spend_1").to_numpy().copy()
    some = np.flatnonzero(~table.column("refuses_profiling").to_numpy())[:50]
    spend[some] += 5_000_000
    place = table.column_names.index("spend_1")
    moved = table.set_column(place, "spend_1", pa.array(spend))
    pq.write_table(moved, home.base / "part-0.parquet")
    home.facts.write_text(json.dumps({"on": ON, "rows": 4000, "digest": "other"}))
    third = scoring.score(home, model)
    assert 40 <= third.changed <= 50
    fresh = home_with(tmp_path / "fresh", moved)
    scoring.score(fresh, model)
    key = moved.column("key").to_numpy()
    names = ["gift", "call"]
    assert (Scores.open(home).of(names, key) == Scores.open(fresh).of(names, key)).all()


def test_a_run_that_was_killed_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "PART_ROWS", 500)
    table = stored(4000)
    home, other = home_with(tmp_path / "a", table), home_with(tmp_path / "b", table)
    model = _model()
    scoring.score(other, model)
    made: list[int] = []
    real = scoring._part

    def part(work: Any, number: int, rows: pa.Table) -> scoring.Done:
        if number == 5 and len(made) < 20:
            raise KeyboardInterrupt
        made.append(number)
        return real(work, number, rows)

    monkeypatch.setattr(scoring, "_part", part)
    with pytest.raises(KeyboardInterrupt):
        scoring.score(home, model)
    with pytest.raises(Refused, match="no_scores"):
        Scores.open(home)
    there = {file.name for file in (folder(home).with_name(".scores.work")).glob("part-*.parquet")}
    assert len(there) >= 4
    monkeypatch.setattr(scoring, "_part", real)
    done = scoring.score(home, model)
    assert done.rows == 4000
    key = table.column("key").to_numpy()
    assert (Scores.open(home).of(["gift"], key) == Scores.open(other).of(["gift"], key)).all()
    assert not folder(home).with_name(".scores.work").exists()
    for left, right in zip(*(sorted(folder(h).glob("part-*")) for h in (home, other)), strict=True):
        assert left.read_bytes() == right.read_bytes()


def test_a_smaller_base_leaves_no_old_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "PART_ROWS", 500)
    table = stored(2000)
    home = home_with(tmp_path, table)
    scoring.score(home, _model())
    pq.write_table(table.slice(0, 600), home.base / "part-0.parquet")
    home.facts.write_text(json.dumps({"on": ON, "rows": 600, "digest": "less"}))
    scoring.score(home, _model())
    assert [f.name for f in sorted(folder(home).glob("part-*"))] == [
        "part-00000.parquet",
        "part-00001.parquet",
    ]
    left = Scores.open(home).of(["call"], table.column("key").to_numpy())[0]
    assert (left[600:] == -1).all()


def test_a_base_that_changes_meanwhile_is_not_scored(tmp_path: Path) -> None:
    home = home_with(tmp_path, stored(600))

    def meanwhile(stage: str, share: float) -> None:
        home.facts.write_text(json.dumps({"on": ON, "rows": 600, "digest": "another"}))

    with pytest.raises(Refused, match="base_changed"):
        scoring.score(home, _model(), progress=meanwhile)


def test_offers_that_nothing_was_learned_of_are_refused(tmp_path: Path) -> None:
    home = home_with(tmp_path, stored(600))
    rules = '[offers.{}]\nclass = "commercial"\nwho = "tenure_years > 5"\ncost = 1000\nvalue = "learned"\n'
    with pytest.raises(Refused, match="nothing_learned"):
        scoring.score(home, _model(), offers.parse(rules.format("concert")))
    some = scoring.score(home, _model(), offers.parse(rules.format("gift")))
    assert Scores.open(home).offers == ("gift",)
    assert some.pairs < scoring.score(home, _model()).pairs
