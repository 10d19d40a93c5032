"""Learned worth, read back: the scores of a home by key, in any order, and who has none."""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import sys
from pathlib import Path

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
    facts = {"version": 2, "offers": ["gift", "call"], "digest": digest, "parts": [digest, digest]}
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


def a_model(seed: int = 1) -> Model:
    """Two offers over the nine features, their trees grown on made-up effects."""
    rng = np.random.default_rng(seed)
    base = features.of(stored(3000, seed=9), ON)
    bounds = [features.bounds(base[name]) for name in features.FEATURES]
    codes = features.coded([base[name] for name in features.FEATURES], bounds)
    offered = []
    for name, who, contact in (("gift", "tenure_years > 2", True), ("call", "true", False)):
        text = worth_learn.effect(codes, 900.0 * codes[:, 2] - 200 + rng.normal(size=3000), 1)
        offered.append(Learned(name, name, name, who, "consent_care", contact, 5000.0, 1.0, text))
    return Model(features.FEATURES, tuple(tuple(b.tolist()) for b in bounds), tuple(offered), {})


def test_only_eligible_pairs_are_scored_as_lightgbm_would(tmp_path: Path) -> None:
    import lightgbm

    table = stored(4000)
    home = home_with(tmp_path, table)
    model = a_model()
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


def _richer(home: Home, table: pa.Table, rows: np.ndarray, digest: str) -> pa.Table:
    """Put a base into the home in which some of the table's rows have spent much more."""
    spend = table.column("spend_1").to_numpy().copy()
    spend[rows] += 5_000_000
    moved = table.set_column(table.column_names.index("spend_1"), "spend_1", pa.array(spend))
    pq.write_table(moved, home.base / "part-0.parquet")
    home.facts.write_text(json.dumps({"on": ON, "rows": table.num_rows, "digest": digest}))
    return moved


def _bytes(home: Home) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder(home).glob("part-*")}


def _written(home: Home) -> dict[str, tuple[int, int]]:
    stats = {file.name: file.stat() for file in folder(home).iterdir()}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in stats.items()}


def test_a_second_run_scores_only_what_changed(tmp_path: Path) -> None:
    table = stored(4000, nulls=0)
    home, fresh = home_with(tmp_path / "a", table), home_with(tmp_path / "b", table)
    model = a_model()
    scoring.score(home, model, part_rows=700)
    stood = _written(home)
    some = np.flatnonzero(~table.column("refuses_profiling").to_numpy())[:50]
    for other in (home, fresh):
        _richer(other, table, some, "other")
    third = scoring.score(home, model, part_rows=700)
    assert 40 <= third.changed <= 50
    whole = scoring.score(fresh, model, part_rows=700)
    assert (whole.pairs, whole.rows) == (third.pairs, third.rows)
    assert _bytes(home) == _bytes(fresh)
    assert (
        json.loads((folder(home) / "scores.json").read_text())["parts"] == Scores.open(fresh).facts["parts"]
    )
    left = {name for name, written in _written(home).items() if written == stood[name]}
    assert left == stood.keys() - {"part-00000.parquet", "scores.json"}, (
        "the parts of nobody who changed stand"
    )


def test_rows_that_moved_within_the_base_keep_their_scores(tmp_path: Path) -> None:
    table = stored(4000, nulls=0)
    home, fresh = home_with(tmp_path / "a", table), home_with(tmp_path / "b", table.slice(3))
    model = a_model()
    first = scoring.score(home, model, part_rows=700)
    pq.write_table(table.slice(3), home.base / "part-0.parquet")
    home.facts.write_text(json.dumps({"on": ON, "rows": 3997, "digest": "fewer"}))
    again = scoring.score(home, model, part_rows=700)
    assert again.scored == again.changed == 0 < again.pairs < first.pairs
    scoring.score(fresh, model, part_rows=700)
    assert _bytes(home) == _bytes(fresh)


def test_what_stands_for_the_same_base_model_and_rules_is_left(tmp_path: Path) -> None:
    home = home_with(tmp_path, stored(2000))
    model = a_model()
    first = scoring.score(home, model, part_rows=700)
    stood = _written(home)
    again = scoring.score(home, model, part_rows=700)
    assert (again.rows, again.pairs, again.scored, again.changed) == (2000, first.pairs, 0, 0)
    assert _written(home) == stood
    assert scoring.score(home, a_model(seed=2), part_rows=700).scored == first.scored, "another model"


def test_a_part_that_is_gone_is_made_again(tmp_path: Path) -> None:
    home = home_with(tmp_path, stored(2000))
    model = a_model()
    scoring.score(home, model, part_rows=700)
    made = _bytes(home)
    (folder(home) / "part-00001.parquet").unlink()
    with pytest.raises(Fault, match="scores_changed"):
        Scores.open(home)
    scoring.score(home, model, part_rows=700)
    assert _bytes(home) == made


KILLED = """
import os, signal, sys
from pathlib import Path
from tantam.base.home import Home
from tantam.care.learned import model, scoring

def progress(stage, share):
    if share >= 0.25:
        os.kill(os.getpid(), signal.SIGKILL)

home, learned = Home(Path(sys.argv[1])), model.read(Path(sys.argv[2]))
scoring.score(home, learned, progress=progress, part_rows=200)
"""


@pytest.mark.parametrize("again", [False, True])
def test_a_run_that_was_killed_goes_on(tmp_path: Path, again: bool) -> None:
    table = stored(4000, nulls=0)
    home, other = home_with(tmp_path / "a", table), home_with(tmp_path / "b", table)
    model = a_model()
    file = tmp_path / "model.json"
    file.write_text(model.text())
    if again:  # over scores that stand, of which the first part stays
        for old in (home, other):
            scoring.score(old, model, part_rows=200)
            _richer(old, table, np.arange(200, 4000), "richer")
    before = _bytes(home)
    words = [sys.executable, "-c", KILLED, str(home.root), str(file)]
    killed = subprocess.run(words, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert _bytes(home) == before, "what stood stands"
    work = folder(home).with_name(".scores.work")
    told = {path: path.stat().st_mtime_ns for path in work.glob("part-*.json")}
    assert 5 <= len(told) < 20
    seen: list[float] = []
    done = scoring.score(home, model, None, lambda stage, share: seen.append(share), part_rows=200)
    assert len(seen) == 20 - len(told), "what was there is not made again"
    assert done == scoring.score(other, model, part_rows=200)
    assert _bytes(home) == _bytes(other) != before
    assert not work.exists()


def test_a_stretch_of_which_everybody_was_forgotten_is_an_empty_part(tmp_path: Path) -> None:
    table = stored(900)
    home = home_with(tmp_path, table)
    key = table.column("key").to_numpy()
    home.forgotten.write_text(json.dumps([{"key": int(k), "on": 1, "held": 1} for k in key[:300]]))
    assert scoring.score(home, a_model(), part_rows=150).rows == 600
    found = Scores.open(home).of(["call"], key)[0]
    assert (found[:300] == -1).all()
    assert (found[300:] >= 0).any()


def test_what_is_left_of_another_run_is_thrown_away(tmp_path: Path) -> None:
    home, other = home_with(tmp_path / "a", stored(900)), home_with(tmp_path / "b", stored(900))

    def stop(stage: str, share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scoring.score(home, a_model(), progress=stop, part_rows=100)
    model = a_model(seed=2)
    for one in (home, other):
        scoring.score(one, model, part_rows=300)
    assert _bytes(home) == _bytes(other)


def test_a_smaller_base_leaves_no_old_part(tmp_path: Path) -> None:
    table = stored(2000)
    home = home_with(tmp_path, table)
    scoring.score(home, a_model(), part_rows=500)
    pq.write_table(table.slice(0, 600), home.base / "part-0.parquet")
    home.facts.write_text(json.dumps({"on": ON, "rows": 600, "digest": "less"}))
    scoring.score(home, a_model(), part_rows=500)
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
        scoring.score(home, a_model(), progress=meanwhile)


def test_offers_that_nothing_was_learned_of_are_refused(tmp_path: Path) -> None:
    home = home_with(tmp_path, stored(600))
    rules = '[offers.{}]\nclass = "commercial"\nwho = "tenure_years > 5"\ncost = 1000\nvalue = "learned"\n'
    with pytest.raises(Refused, match="nothing_learned"):
        scoring.score(home, a_model(), offers.parse(rules.format("concert")))
    some = scoring.score(home, a_model(), offers.parse(rules.format("gift")))
    assert Scores.open(home).offers == ("gift",)
    assert some.pairs < scoring.score(home, a_model()).pairs
