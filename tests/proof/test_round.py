"""A round's proof: the truth covered, the naive answer biased, files as promised, and honest silences."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from tantam.care import tables
from tantam.care.round import pieces
from tantam.errors import BadInput
from tantam.proof import history, outcomes, uplift
from tantam.proof import round as rounds
from tantam.proof.round import NEXT, NOTHING, draw, prove_round
from tests.a_base import ON, stored
from tests.proof.a_round import OFFERS, Made, make, outcomes_file

N = 20_000
STAY, MORE = 0.06, 30_000
BASE = stored(N, 3, nulls=0.02)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("home") / "h", BASE)


@pytest.fixture(scope="module")
def file(made: Made) -> Path:
    return outcomes_file(made, made.home.root / "o.parquet", seed=1, stay=STAY, more=MORE)


@pytest.fixture(scope="module")
def proof(made: Made, file: Path) -> rounds.Proof:
    return prove_round(made.home, made.directory, file)


def row(rows: list[rounds.Row], **asked: object) -> rounds.Row:
    (found,) = [r for r in rows if all(r[k] == v for k, v in asked.items())]
    return found


def test_one_row_for_each_question_and_all_promised_fields(made: Made, proof: rounds.Proof) -> None:
    asked = {(r["offer"], r["outcome"], r["horizon_days"], r["estimand"]) for r in proof.rows}
    assert len(asked) == len(proof.rows) == 2 * 3 * 3 * 2
    assert {r["offer"] for r in proof.rows} == set(OFFERS), "relief and notices are never proved"
    promised = {
        "offer", "outcome", "horizon_days", "estimand", "treated_n", "control_n", "effect", "low", "high",
        "enough", "sentence_vi", "sentence_en", "adjusted_low", "adjusted_high", "p_adjusted",
    }  # fmt: skip
    assert json.loads((made.directory / "proof.json").read_text()) == proof.rows
    assert json.loads((made.directory / "proof-pooled.json").read_text()) == proof.pooled
    assert json.loads((made.directory / "afterlife.json").read_text()) == proof.afterlife
    for r in proof.rows:
        assert promised <= set(r) and all(r["enough"] or r[k] is None for k in ("effect", "low", "high"))
    assert not list(made.directory.glob(".*"))


def test_arms_are_the_given_and_the_would_have_been(made: Made, proof: rounds.Proof) -> None:
    table = pq.read_table(made.directory / "decisions.parquet")
    fair = table.filter(pc.invert(table.column("repaired")))
    assert fair.num_rows < table.num_rows
    for estimand, reason in rounds.REASONS.items():
        for offer in OFFERS:
            mine = fair.filter(pc.equal(fair.column("offer"), offer))
            r = row(proof.rows, offer=offer, outcome="active", horizon_days=90, estimand=estimand)
            assert r["treated_n"] == pc.sum(mine.column("given")).as_py()
            assert r["control_n"] == pc.sum(pc.equal(mine.column("reason"), reason)).as_py()


def test_decisions_are_read_a_piece_at_a_time(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = draw(made.directory)
    monkeypatch.setattr(tables, "GROUP_ROWS", 997)
    sizes = [piece.num_rows for piece in pieces(made.directory, ["key"])]
    assert len(sizes) > 10 and max(sizes) == 997
    cut = draw(made.directory)
    assert np.array_equal(cut.people, whole.people)
    for one, other in zip(cut.comparisons, whole.comparisons, strict=True):
        assert (one.offer, one.estimand) == (other.offer, other.estimand)
        assert np.array_equal(one.treated, other.treated) and np.array_equal(one.control, other.control)


def test_the_truth_is_found(proof: rounds.Proof) -> None:
    """Everybody given the first offer stays 6 points more often; the second brings 30,000 đ a month."""
    for estimand in (NOTHING, NEXT):
        stays = row(proof.rows, offer="bonus", outcome="active", horizon_days=90, estimand=estimand)
        assert stays["low"] < STAY < stays["high"] and stays["p_adjusted"] < 0.05
        alike = row(proof.rows, offer="bonus", outcome="became_postpaid", horizon_days=90, estimand=estimand)
        assert alike["low"] < 0 < alike["high"]
        more = row(proof.rows, offer="points", outcome="spend", horizon_days=30, estimand=estimand)
        assert more["low"] > 0 and more["covariates"] >= 3
        assert more["adjusted_low"] <= more["low"] < more["effect"] < more["high"] <= more["adjusted_high"]


def test_ours_covers_and_the_naive_answer_never_does(tmp_path: Path) -> None:
    """Ten rounds of offers that do nothing: those given spend more anyway, which only the lot evens out."""
    covered, naive, asked = 0, 0, 0
    for seed in range(1000, 1010):
        made = make(tmp_path / str(seed), BASE, salt=f"s{seed}")
        file = outcomes_file(made, tmp_path / f"{seed}.parquet", seed=seed, stay=0.0, more=0)
        drawn = draw(made.directory)
        place = np.searchsorted(made.key, drawn.people)
        never = np.full(place.size, history.NEVER)
        known = {"spend_recent": made.spend[place] / 6}
        past = history.History(drawn.people, made.postpaid[place].astype(np.int8), never, known, {})
        for r in rounds.rows_of(drawn.comparisons, outcomes.read(file, drawn.people, ON), past, ON):
            if r["outcome"] == "spend" and r["horizon_days"] == 90:
                covered += r["low"] <= 0 <= r["high"]
                asked += 1
        everybody = outcomes.read(file, made.key, ON).at(90, made.postpaid.astype(np.int8))["spend"]
        found = uplift.difference(everybody, made.sets[:, 0])
        assert found is not None
        naive += found.interval()[0] <= 0 <= found.interval()[1]
    assert asked == 40 and covered >= 34
    assert naive == 0


def test_row_order_changes_nothing(made: Made, proof: rounds.Proof, file: Path, tmp_path: Path) -> None:
    table = pq.read_table(file)
    mixed = table.take(np.random.default_rng(1).permutation(table.num_rows))
    pq.write_table(pa.concat_tables([mixed, mixed.slice(0, 50)]), tmp_path / "o.parquet")
    again = prove_round(made.home, made.directory, tmp_path / "o.parquet")
    ours = pc.is_in(mixed.slice(0, 50).column("key"), pa.array(draw(made.directory).people))
    assert again.rows == proof.rows and again.rows_twice == pc.sum(ours).as_py() > 0


def test_csv_says_the_same(made: Made, proof: rounds.Proof, file: Path, tmp_path: Path) -> None:
    table = pq.read_table(file)
    dated = table.set_column(1, "on", table.column("on").cast(pa.date32()))
    pacsv.write_csv(dated, tmp_path / "o.csv")
    assert prove_round(made.home, made.directory, tmp_path / "o.csv").rows == proof.rows


def test_an_unfinished_horizon_is_not_looked_at(made: Made, file: Path, tmp_path: Path) -> None:
    table = pq.read_table(file)
    early = table.filter(pc.less_equal(table.column("on"), ON + 78))
    pq.write_table(early, tmp_path / "o.parquet")
    proof = prove_round(made.home, made.directory, tmp_path / "o.parquet")
    assert proof.reach == 78
    for r in proof.rows:
        assert r["enough"] == (r["horizon_days"] <= 60)
    late = row(proof.rows, offer="bonus", outcome="active", horizon_days=90, estimand=NOTHING)
    assert late["treated_n"] > 100 and late["effect"] is None
    assert late["sentence_vi"] == (
        "“Món bonus”: chưa đủ dữ liệu. Mới tới ngày 78 trên 90, đọc được từ 19/02/2027."
    )
    assert "Day 78 of 90; readable from 19 Feb 2027." in late["sentence_en"]


def test_too_few_people_says_how_many_more(tmp_path: Path) -> None:
    made = make(tmp_path / "h", stored(2_000, 4))
    file = outcomes_file(made, tmp_path / "o.parquet", seed=2)
    rows = prove_round(made.home, made.directory, file).rows
    r = row(rows, offer="bonus", outcome="active", horizon_days=30, estimand=NOTHING)
    n = r["control_n"]
    assert 0 < n < 100 and not r["enough"] and r["effect"] is None
    assert f"Mới có {n} người đối chứng, cần thêm {100 - n}." in r["sentence_vi"]
    assert f"Only {n} held out, {100 - n} more needed." in r["sentence_en"]


def test_an_outcome_that_does_not_vary_is_no_answer(made: Made, file: Path, tmp_path: Path) -> None:
    table = pq.read_table(file)
    table = table.set_column(2, "active", pa.array(np.ones(table.num_rows, bool)))
    pq.write_table(table, tmp_path / "o.parquet")
    proof = prove_round(made.home, made.directory, tmp_path / "o.parquet")
    r = row(proof.rows, offer="bonus", outcome="active", horizon_days=90, estimand=NEXT)
    assert not r["enough"] and "chưa so được" in r["sentence_vi"] and "nothing to compare" in r["sentence_en"]
    assert row(proof.rows, offer="bonus", outcome="spend", horizon_days=90, estimand=NEXT)["enough"]


def test_strangers_and_the_unseen_are_counted(
    made: Made, file: Path, proof: rounds.Proof, tmp_path: Path
) -> None:
    drawn = draw(made.directory)
    assert proof.unknown_keys == N - drawn.people.size and proof.people_unseen == 0
    table = pq.read_table(file)
    gone = drawn.people[:40]
    kept = table.filter(pc.invert(pc.is_in(table.column("key"), pa.array(gone))))
    pq.write_table(kept, tmp_path / "o.parquet")
    assert prove_round(made.home, made.directory, tmp_path / "o.parquet").people_unseen == 40


def test_history_is_kept_with_the_round(made: Made, proof: rounds.Proof, file: Path) -> None:
    """The base of months later already holds what the care has done: the proof rests on the round's own."""
    assert proof.with_history and (made.directory / history.FILE).exists()
    facts = json.loads(made.home.facts.read_text())
    made.home.facts.write_text(json.dumps({**facts, "digest": "later"}))
    try:
        assert prove_round(made.home, made.directory, file).rows == proof.rows
        kept = (made.directory / history.FILE).rename(made.directory / "aside")
        bare = prove_round(made.home, made.directory, file)
        assert not bare.with_history
        plain = row(bare.rows, offer="points", outcome="spend", horizon_days=30, estimand=NEXT)
        sharp = row(proof.rows, offer="points", outcome="spend", horizon_days=30, estimand=NEXT)
        assert plain["covariates"] == 0
        assert sharp["high"] - sharp["low"] < 0.8 * (plain["high"] - plain["low"])
        moved = row(bare.rows, offer="points", outcome="became_postpaid", horizon_days=90, estimand=NEXT)
        assert not moved["enough"]
        kept.rename(made.directory / history.FILE)
    finally:
        made.home.facts.write_text(json.dumps(facts))


def test_the_whole_round_and_its_groups(made: Made, proof: rounds.Proof) -> None:
    pooled = draw(made.directory).pooled()
    assert not np.intersect1d(pooled.treated, pooled.control).size
    whole = [r for r in proof.pooled if r["group"] is None]
    assert len(whole) == 9 and {r["offer"] for r in proof.pooled} == {"*"}
    groups = {r["group"] for r in proof.pooled} - {None}
    assert {"prepaid", "postpaid", "low_income"} <= groups
    parts = [row(proof.pooled, group=g, outcome="active", horizon_days=90) for g in ("prepaid", "postpaid")]
    both = row(proof.pooled, group=None, outcome="active", horizon_days=90)
    assert sum(p["treated_n"] for p in parts) == both["treated_n"]
    for r in proof.pooled:
        if r["enough"] and r["group"] is not None:
            assert r["adjusted_low"] <= r["low"] and r["high"] <= r["adjusted_high"]
            assert r["p_adjusted"] >= r["p"]


def test_sentences_hold_their_figures_and_no_other_words_mark(proof: rounds.Proof) -> None:
    for r in proof.rows + proof.pooled:
        for text in (r["sentence_vi"], r["sentence_en"]):
            assert text.endswith(".") and "None" not in text and "nan" not in text
        if r["enough"]:
            assert "khoảng tin cậy 95 %: " in r["sentence_vi"] and "95% interval: " in r["sentence_en"]
            assert ("so với" in r["sentence_vi"]) and ("against" in r["sentence_en"])
            assert not re.search(r"\d\.\d{1,2}\b(?!\d)", r["sentence_vi"]), "decimals have a comma"


def test_what_is_no_round_is_refused(made: Made, tmp_path: Path, file: Path) -> None:
    with pytest.raises(BadInput) as caught:
        prove_round(made.home, tmp_path, file)
    assert caught.value.code == "no_round"


def test_whoever_asked_to_be_forgotten_is_in_no_proof(
    made: Made, proof: rounds.Proof, file: Path, tmp_path: Path
) -> None:
    table = pq.read_table(made.directory / "decisions.parquet")
    fair = table.filter(pc.invert(table.column("repaired")))
    fair = fair.filter(pc.and_(pc.equal(fair.column("offer"), "bonus"), fair.column("given")))
    gone = fair.column("key").slice(0, 7).to_pylist()
    made.home.forgotten.write_text(json.dumps([{"key": k, "on": ON} for k in gone]))
    try:
        again = prove_round(made.home, made.directory, file)
    finally:
        made.home.forgotten.unlink()
    asked = {"offer": "bonus", "outcome": "active", "horizon_days": 90, "estimand": NOTHING}
    assert row(again.rows, **asked)["treated_n"] == row(proof.rows, **asked)["treated_n"] - 7
