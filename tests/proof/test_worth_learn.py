"""Learning an effect: target, trees and measures where the truth is known; real experiments; plain churn."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tantam.care.learned import features, forest
from tantam.errors import BadInput
from tantam.proof import experiment, worth_experiment, worth_gain, worth_learn
from tantam.proof.worth_learn import HeldOut, Trial


def _trial(n: int, seed: int, *, effect: float = 100.0, chance: float = 0.8) -> tuple[Trial, np.ndarray]:
    """Spend that leans on the first column, and an effect that the second column alone decides."""
    rng = np.random.default_rng(seed)
    real = rng.normal(size=(n, 4))
    given = rng.random(n) < chance
    true = effect * (real[:, 1] > 0)
    outcome = 1000 + 300 * real[:, 0] + true * given + 100 * rng.normal(size=n)
    columns = [np.ascontiguousarray(c) for c in real.T]
    codes = features.coded(columns, [features.bounds(c) for c in columns])
    return Trial(codes, real, outcome, given, np.full(n, chance), np.arange(n) + 10**9 * seed), true


def test_codes_keep_order_and_set_what_is_missing_apart() -> None:
    value = np.array([3.0, np.nan, 1.0, 2.0, 2.0])
    bounds = features.bounds(value)
    assert bounds.tolist() == [1.5, 2.5]
    assert features.coded([value], [bounds])[:, 0].tolist() == [3, 0, 1, 2, 2]
    many = np.random.default_rng(1).lognormal(size=10_000)
    codes = features.coded([many], [features.bounds(many)])[:, 0]
    assert codes.min() == 1
    assert codes.max() == 63
    assert (np.diff(codes[np.argsort(many)].astype(int)) >= 0).all()
    assert np.bincount(codes)[1:].min() > 100
    assert features.bounds(np.full(3, np.nan)).size == 0


@pytest.mark.parametrize(("leaves", "trees"), [(2, 1), (8, 20), (31, 60)])
def test_the_table_of_bits_says_what_lightgbm_says(leaves: int, trees: int) -> None:
    import lightgbm

    rng = np.random.default_rng(leaves)
    codes = rng.integers(0, 64, (5000, 7)).astype(np.uint8)
    value = codes[:, 0] * (codes[:, 3] > 20) + rng.normal(size=5000)
    settings = {"num_leaves": leaves, "verbose": -1, "min_data_in_leaf": 5, "num_threads": 1}
    grown = lightgbm.train(settings, lightgbm.Dataset(codes.astype(np.float32), value), trees)
    said = forest.read(grown.model_to_string(), 7).score(codes)
    assert said.tolist() == grown.predict(codes.astype(np.float32)).tolist()


def test_trees_that_never_split_say_one_number() -> None:
    codes = np.ones((100, 3), np.uint8)
    text = worth_learn.effect(codes, np.full(100, 7.0), 1)
    assert forest.read(text, 3).score(codes) == pytest.approx(np.full(100, 7.0))


def test_the_target_has_the_average_effect_and_the_trees_find_who() -> None:
    trial, true = _trial(20_000, 1)
    target = worth_learn.target(trial, 1)
    assert target.mean() == pytest.approx(true.mean(), abs=4 * target.std() / 20_000**0.5)
    text = worth_learn.effect(trial.codes, target, 1)
    assert text == worth_learn.effect(trial.codes, target, 1), "the same rows give the same trees"
    said = forest.read(text, 4).score(trial.codes)
    assert np.corrcoef(said, true)[0, 1] > 0.95


def test_the_check_finds_what_is_there_and_a_random_column_does_not() -> None:
    trial, _ = _trial(8000, 2)
    row = worth_gain.measure(worth_learn.held_out(trial, 1), "offer")
    assert row["qini_low"] > 0
    assert row["qini"] == pytest.approx(12.5, rel=0.25), "half get 100: the area of that order is 100 / 8"
    assert row["random_qini_low"] <= 0 <= row["random_qini_high"]
    assert row["slope_low"] <= 1.1
    assert row["slope_high"] >= 0.8
    assert [t["n"] > 0 for t in row["tenths"]] == [True] * 10
    assert row["tenths"][0]["effect"] > row["tenths"][9]["effect"] + 50
    assert row["top"][0]["effect"] == pytest.approx(100, abs=25)


def test_intervals_cover_zero_where_nobody_differs() -> None:
    """Twenty trials without any difference in effect: 95 % intervals of an order learned on other folds."""
    covered = random = 0
    for seed in range(20):
        trial, _ = _trial(2500, seed, effect=0.0)
        row = worth_gain.measure(worth_learn.held_out(trial, 1), "offer")
        covered += row["qini_low"] <= 0 <= row["qini_high"]
        random += row["random_qini_low"] <= 0 <= row["random_qini_high"]
    assert covered >= 17
    assert random >= 17


def test_the_error_of_qini_is_that_of_its_draws() -> None:
    rng = np.random.default_rng(5)
    drawn, errors = [], []
    for _ in range(300):
        said = np.round(rng.normal(size=400), 1)  # with ties
        seen = HeldOut(said, 3 * said + rng.normal(size=400) * 5, np.zeros(400, np.int64), np.arange(400))
        value, error = worth_gain.qini(seen)
        drawn.append(value)
        errors.append(error)
    assert np.mean(errors) == pytest.approx(np.std(drawn), rel=0.12)


def test_a_slope_that_may_be_noise_counts_for_little() -> None:
    assert worth_gain.steady(-0.5, 0.1) == 0
    assert worth_gain.steady(0.2, 0.3) == 0
    assert worth_gain.steady(0.5, 0.25) == pytest.approx(0.375)
    assert worth_gain.steady(3.0, 0.1) == 1


def test_too_few_is_an_answer() -> None:
    trial, _ = _trial(1000, 3, chance=0.9)
    assert not trial.enough
    assert not replace(trial, outcome=np.ones(1000)).enough


def _real(name: str) -> Path:
    folder = os.environ.get("TANTAM_DATA")
    if not folder or not (Path(folder) / name).exists():
        pytest.skip(f"TANTAM_DATA is unset or has no {name}: real sets are not looked at")
    return Path(folder) / name


HILLSTROM = ("recency", "history", "mens", "womens", "zip_code", "newbie", "channel")


def test_hillstrom_women_are_told_apart() -> None:
    file = _real("hillstrom-email/hillstrom-half.csv")
    read = experiment.read(file, "segment", ["visit"], HILLSTROM)
    rows = {row["offer"]: row for row in worth_experiment.check(read, "No E-Mail")}
    women = rows["Womens E-Mail"]
    assert women["qini_low"] > 0
    assert women["qini"] > 0.005
    assert rows["Mens E-Mail"]["enough"]
    for row in rows.values():
        assert row["random_qini_low"] <= 0 <= row["random_qini_high"]


def test_an_average_of_nothing_hides_who_is_helped() -> None:
    """The information experiment: no effect on average, a strong one on some and a harmful one on others."""
    file = _real("information-rct/train.csv.gz")
    names = [
        n.strip('"') for n in _heading(file) if n.strip('"') not in ("TREATMENT", "PURCHASE", "UNIQUE_ID", "")
    ]
    read = experiment.read(file, "TREATMENT", ["PURCHASE"], names)
    (row,) = worth_experiment.check(read, "0")
    assert row["effect_low"] < 0.01
    assert row["qini_low"] > 0.005
    assert row["top"][0]["effect_low"] > 0
    assert row["random_qini_low"] <= 0 <= row["random_qini_high"]


def _heading(file: Path) -> list[str]:
    import gzip

    with gzip.open(file, "rt") as stream:
        return stream.readline().strip().split(",")


@pytest.mark.parametrize(
    ("file", "label", "least"),
    [("iranian-churn/Customer_Churn.csv", "Churn", 0.97), ("mlc-churn/mlc_churn.csv", "churn", 0.90)],
)
def test_who_leaves_is_predicted_as_well_as_elsewhere(file: str, label: str, least: float) -> None:
    """The same trees on a plain outcome, in fifths; equal rows stand in one fifth, so that none is known before."""
    from bench.worth import churn

    assert churn(_real(file), label) > least


def test_an_experiment_needs_something_known_before(tmp_path: Path) -> None:
    file = tmp_path / "e.csv"
    file.write_text("arm,y\n" + "a,1\nb,0\n" * 10)
    with pytest.raises(BadInput, match="no_before"):
        worth_experiment.check(experiment.read(file, "arm", ["y"], []), "a")
