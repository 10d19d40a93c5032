"""Played outcomes: consistent for each person, the same for a seed, and true to their own truth."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from tantam import engines
from tantam.base.home import Home
from tantam.base.store import open_base
from tantam.errors import BadInput
from tantam.sample import effects, life, outcomes
from tests.a_base import ON, home_with, stored
from tests.sample.a_round import OFFERS, round_of

N = 20_000


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return stored(N, 5)


@pytest.fixture(scope="module")
def home(table: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return home_with(tmp_path_factory.mktemp("home"), table)


@pytest.fixture(scope="module")
def given(table: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> outcomes.Given:
    return outcomes.read_given(round_of(tmp_path_factory.mktemp("r") / "round", table))


@pytest.fixture(scope="module")
def played(home: Home, given: outcomes.Given, tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    file = tmp_path_factory.mktemp("out") / "outcomes.parquet"
    rows = outcomes.write(home, given, seed=9, months=3, out=file)
    table = pq.read_table(file)
    assert table.num_rows == rows
    return table


def nothing(given: outcomes.Given) -> outcomes.Given:
    none = np.empty(0, np.int64)
    return outcomes.Given(given.on, given.offers, none, none, none)


def wide(home: Home, given: outcomes.Given, seed: int, out: Path) -> dict[str, np.ndarray]:
    """Outcomes at day 90 by key: active, spend so far, plan kind; sorted by key."""
    outcomes.write(home, given, seed=seed, months=3, out=out)
    rows = pq.read_table(out)
    spend = rows.group_by("key").aggregate([("spend_dong", "sum")]).sort_by("key")
    last = rows.filter(pc.equal(rows.column("on"), ON + 90)).sort_by("key")
    return {
        "key": last.column("key").to_numpy(),
        "active": last.column("active").to_numpy(),
        "spend": spend.column("spend_dong_sum").to_numpy(),
        "postpaid": last.column("plan_kind").to_numpy(zero_copy_only=False) == "postpaid",
    }


def test_everybody_has_each_month_and_each_day_once(played: pa.Table, table: pa.Table) -> None:
    for day in (30, 60, 90):
        there = played.filter(pc.equal(played.column("on"), ON + day)).column("key")
        assert sorted(there.to_pylist()) == sorted(table.column("key").to_pylist())
    pairs = played.group_by(["key", "on"]).aggregate([])
    assert pairs.num_rows == played.num_rows


def test_nobody_is_active_or_spends_after_leaving(played: pa.Table) -> None:
    rows = played.sort_by([("key", "ascending"), ("on", "ascending")])
    key, active = rows.column("key").to_numpy(), rows.column("active").to_numpy()
    spend, day = rows.column("spend_dong").to_numpy(), rows.column("on").to_numpy() - ON
    same = key[1:] == key[:-1]
    assert not (same & ~active[:-1] & active[1:]).any()
    assert not (spend[1:][same & ~active[:-1]]).any()
    assert (spend >= 0).all() and day.min() >= 1 and day.max() == 90
    off_month = day % 30 != 0
    assert not active[off_month].any(), "a row off the month's end is a leaving"
    first_off = ~active & np.concatenate([[True], ~same | active[:-1]])
    assert first_off.sum() == np.unique(key[~active]).size
    assert 0.02 < np.unique(key[~active]).size / N < 0.5, "some leave, most stay"


def test_plan_kind_only_ever_becomes_postpaid(played: pa.Table, table: pa.Table) -> None:
    before = dict(zip(table.column("key").to_pylist(), table.column("plan_kind").to_pylist(), strict=True))
    rows = played.sort_by([("key", "ascending"), ("on", "ascending")])
    kind = rows.column("plan_kind").to_numpy(zero_copy_only=False)
    key = rows.column("key").to_numpy()
    same = key[1:] == key[:-1]
    assert not (same & (kind[:-1] == "postpaid") & (kind[1:] == "prepaid")).any()
    was = np.array([before[k] for k in key.tolist()])
    assert ((was == "prepaid") | (kind == "postpaid")).all()
    moved = (was == "prepaid") & (kind == "postpaid")
    assert moved.any() and rows.column("active").to_numpy()[moved].all(), "who signs for the term stays"


def test_same_seed_same_bytes_another_seed_another_story(
    home: Home, given: outcomes.Given, tmp_path: Path
) -> None:
    seen = []
    for name, seed in (("a.parquet", 1), ("b.parquet", 1), ("c.parquet", 2), ("a.csv", 1), ("b.csv", 1)):
        outcomes.write(home, given, seed=seed, months=2, out=tmp_path / name)
        seen.append(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert seen[0] == seen[1] != seen[2] and seen[3] == seen[4]
    assert not list(tmp_path.glob(".*")), "nothing half-done is left"


def test_csv_and_parquet_say_the_same(home: Home, given: outcomes.Given, tmp_path: Path) -> None:
    for name in ("o.csv", "o.parquet"):
        outcomes.write(home, given, seed=1, months=1, out=tmp_path / name)
    text = pacsv.read_csv(tmp_path / "o.csv")
    assert pa.types.is_date(text.column("on").type)
    assert (
        text.set_column(1, "on", text.column("on").cast(pa.int32()))
        .cast(outcomes.SCHEMA)
        .equals(pq.read_table(tmp_path / "o.parquet").replace_schema_metadata(None))
    )


def test_a_person_without_offers_lives_the_same_whatever_others_get(
    home: Home, given: outcomes.Given, tmp_path: Path
) -> None:
    with_offers = wide(home, given, 4, tmp_path / "a.parquet")
    without = wide(home, nothing(given), 4, tmp_path / "b.parquet")
    alone = given.of(with_offers["key"], given.sets) == 0
    for name in ("active", "spend", "postpaid"):
        assert (with_offers[name][alone] == without[name][alone]).all()
        assert (with_offers[name] != without[name]).any()


def test_truth_is_what_is_played(home: Home, given: outcomes.Given, tmp_path: Path) -> None:
    """Both lives played with the same lots, over several seeds of lots: within four standard errors."""
    base = open_base(home, engines.start())
    lives = life.read(engines.collect(base.frame), ON)
    sets = given.of(lives.key, given.sets)
    hidden = [effects.hidden(9, offer) for offer in given.offers]
    none = effects.shift(lives.traits, np.zeros_like(sets), hidden)
    some = effects.shift(lives.traits, sets, hidden)
    true = outcomes.truth(base, given, seed=9, months=3)
    gains: dict[str, list[np.ndarray]] = {o: [] for o in outcomes.OUTCOMES}
    for lots in range(12):
        one, other = (life.play(lives, shift, lots, 3) for shift in (some, none))
        gains["active"].append((one.left > 90) * 1.0 - (other.left > 90))
        gains["spend"].append((one.spend - other.spend).sum(0))
        gains["became_postpaid"].append((one.became <= 90) * 1.0 - (other.became <= 90))
    for j, offer in enumerate(given.offers):
        rows = given.of(lives.key, given.fair) >> j & 1 == 1
        for outcome, each in gains.items():
            values = np.mean([g[rows] for g in each], axis=0)
            error = values.std() / np.sqrt(rows.sum())
            said = true[offer][outcomes.AGAINST_NOTHING][outcome]["90"]
            assert abs(values.mean() - said) < 4 * error + 1e-9, (offer, outcome, values.mean(), said, error)


def test_expectation_is_the_mean_of_play_for_one_person_many_times() -> None:
    one = stored(200, 3).slice(0, 1)
    many = pa.concat_tables([one] * 60_000).set_column(0, "key", pa.array(np.arange(60_000)))
    lives = life.read(many, ON)
    shift = effects.shift(
        lives.traits, np.full(60_000, 2, np.int64), [effects.Effect(), effects.Effect(-0.2, 9e3, 2.0)]
    )
    played = life.play(lives, shift, 1, 3)
    for day, mean in life.expected(lives, shift, 3):
        assert (played.left > day).mean() == pytest.approx(mean["active"][0], abs=0.008)
        assert (played.became <= day).mean() == pytest.approx(mean["became_postpaid"][0], abs=0.004)
        so_far = played.spend[: day // 30].sum(0)
        assert so_far.mean() == pytest.approx(mean["spend"][0], abs=4 * so_far.std() / np.sqrt(60_000))


def test_some_offers_help_one_does_nothing_and_one_harms(home: Home, table: pa.Table, tmp_path: Path) -> None:
    base = open_base(home, engines.start())
    key = table.column("key").to_numpy()
    order = np.argsort(key)
    true = {}
    for j, offer in enumerate(OFFERS):
        everybody = outcomes.Given(ON, OFFERS, key[order], np.full(N, 1 << j), np.full(N, 1 << j))
        true |= {offer: outcomes.truth(base, everybody, seed=2, months=3)[offer][outcomes.AGAINST_NOTHING]}
    assert true["retention_bonus"]["active"]["90"] > 0.01
    assert true["move_to_postpaid"]["became_postpaid"]["90"] > 0.005
    assert true["expiry_reminder"]["active"]["90"] < -0.005
    assert all(v == 0 for by_day in true["birthday_choice"].values() for v in by_day.values())
    assert set(true["something_else"]["spend"]) == {"30", "60", "90"}


def test_the_naive_comparison_is_biased(home: Home, table: pa.Table, tmp_path: Path) -> None:
    """Chosen by value against not chosen: far from the truth, for value follows what people spend."""
    given = outcomes.read_given(round_of(tmp_path / "r", table, by_spend=True))
    base = open_base(home, engines.start())
    true = outcomes.truth(base, given, seed=3, months=3)["birthday_choice"][outcomes.AGAINST_NOTHING][
        "spend"
    ]["90"]
    seen = wide(home, given, 3, tmp_path / "o.parquet")
    chosen = given.of(seen["key"], given.sets) != 0
    naive = seen["spend"][chosen].mean() - seen["spend"][~chosen].mean()
    error = np.sqrt(sum(seen["spend"][c].var() / c.sum() for c in (chosen, ~chosen)))
    assert naive - true > 10 * error


def test_spend_follows_history_so_that_it_sharpens_a_proof(
    home: Home, given: outcomes.Given, tmp_path: Path
) -> None:
    seen = wide(home, nothing(given), 3, tmp_path / "o.parquet")
    base = engines.collect(open_base(home, engines.start()).frame).sort_by("key")
    before = np.nan_to_num(base.column("spend_6m").cast(pa.float64()).to_numpy())
    known = base.column("spend_6m").is_valid().to_numpy()
    assert np.corrcoef(before[known], seen["spend"][known])[0, 1] > 0.3


def test_against_the_next_best_asks_what_they_would_have_had(home: Home, given: outcomes.Given) -> None:
    base = open_base(home, engines.start())
    asked: dict[str, int] = {}

    def next_set(key: np.ndarray, offer: str) -> np.ndarray:
        asked[offer] = asked.get(offer, 0) + key.size
        return given.of(key, given.sets) & ~np.int64(1 << given.offers.index(offer))

    true = outcomes.truth(base, given, seed=3, months=1, next_set=next_set)
    same = outcomes.truth(
        base, given, seed=3, months=1, next_set=lambda key, offer: given.of(key, given.sets)
    )
    bits = np.arange(len(OFFERS))
    assert asked == dict(zip(OFFERS, (given.fair[:, None] >> bits & 1).sum(0).tolist(), strict=True))
    for offer in OFFERS:
        assert same[offer][outcomes.AGAINST_NEXT]["active"]["30"] == 0
        assert set(true[offer]) == {outcomes.AGAINST_NOTHING, outcomes.AGAINST_NEXT}
    assert true["expiry_reminder"][outcomes.AGAINST_NEXT]["active"]["30"] < 0


def test_outcomes_hold_no_number_and_no_name(played: pa.Table) -> None:
    assert played.schema.names == ["key", "on", "active", "spend_dong", "plan_kind"]
    assert set(pc.unique(played.column("plan_kind")).to_pylist()) == {"prepaid", "postpaid"}


@pytest.mark.parametrize(
    ("months", "name", "code"),
    [(0, "o.csv", "bad_months"), (25, "o.csv", "bad_months"), (3, "o.xlsx", "bad_suffix")],
)
def test_refuses(
    home: Home, given: outcomes.Given, tmp_path: Path, months: int, name: str, code: str
) -> None:
    with pytest.raises(BadInput) as caught:
        outcomes.write(home, given, seed=1, months=months, out=tmp_path / name)
    assert caught.value.code == code and not list(tmp_path.iterdir())


def test_a_folder_without_a_round_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        outcomes.read_given(tmp_path)
    assert caught.value.code == "no_round"
