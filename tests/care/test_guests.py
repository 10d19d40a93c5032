"""Guests for a coffee: nobody who may not be asked, the same for everybody who looks, and spread like the pool."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tantam.base.columns import SCHEMA, STORED
from tantam.base.home import Home
from tantam.care import guests, seating
from tantam.care.guest_words import level, sentence
from tantam.care.guests import Guests, choose, why
from tantam.clock import to_days
from tantam.errors import BadInput
from tantam.segments.dates import latest_start
from tests.a_base import ON, home_with, stored

PROVINCE = "56"


def _local(n: int, seed: int) -> pa.Table:
    """A base of which most live in one province, and which knows their old one."""
    table = stored(n, seed)
    rng = np.random.default_rng(seed)
    here = rng.random(n) < 0.8
    province = np.where(here, PROVINCE, table["province"].to_pylist())
    old = np.where(here, np.where(rng.random(n) < 0.7, "56", "58"), None)
    for name, values in (("province", province), ("province_old", old)):
        at = SCHEMA.get_field_index(name)
        table = table.set_column(at, SCHEMA.field(at), pa.array(values.tolist(), pa.string()))
    return table.sort_by([("province", "ascending"), ("key", "ascending")])


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return _local(6_000, 5)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, table: pa.Table) -> Home:
    return home_with(tmp_path_factory.mktemp("guests") / "home", table)


@pytest.fixture(scope="module")
def made(home: Home) -> Guests:
    return choose(home, province=PROVINCE, on=ON, seed="cafe-1")


def _keys(made: Guests) -> list[int]:
    return [g.key for g in (*made.seats, *made.reserves)]


def _may_be_asked(row: dict[str, object], barred: frozenset[int] = frozenset()) -> bool:
    born, consent, joined = row["born_on"], row["consent_care_on"], row["joined_on"]
    assert isinstance(joined, int)
    return (
        row["province"] == PROVINCE
        and joined < latest_start(ON, 36)
        and (born is None or int(str(born)) <= latest_start(ON, 216))
        and consent is not None
        and int(str(consent)) <= ON
        and not row["refuses_ads"]
        and row["key"] not in barred
    )


def test_six_guests_and_six_reserves_all_of_whom_may_be_asked(table: pa.Table, made: Guests) -> None:
    rows = {r["key"]: r for r in table.to_pylist()}
    assert (len(made.seats), len(made.reserves), made.missing) == (6, 6, 0)
    assert len(set(_keys(made))) == 12
    assert all(_may_be_asked(rows[key]) for key in _keys(made))
    assert [g.number for g in made.seats] == [1, 2, 3, 4, 5, 6] == [g.number for g in made.reserves]


def test_the_funnel_counts_everybody(table: pa.Table, made: Guests) -> None:
    assert [s.code for s in made.funnel] == list(guests.CONDITIONS)
    left = table.num_rows
    for step in made.funnel:
        left -= step.out
        assert step.left == left
    assert made.pool == sum(_may_be_asked(r) for r in table.to_pylist())
    assert made.passed_over == made.pool - 12


def test_whoever_was_invited_or_is_staff_is_left_out(home: Home, made: Guests) -> None:
    invited, staff = frozenset(_keys(made)[:6]), frozenset(_keys(made)[6:])
    again = choose(home, province=PROVINCE, on=ON, seed="cafe-1", not_keys=invited, staff=staff)
    assert not set(_keys(again)) & (invited | staff)
    assert again.pool == made.pool - 12
    assert why(home, _keys(made)[0], again).code == "invited_recently"
    assert why(home, _keys(made)[9], again).code == "staff"


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.text(max_size=8))
def test_the_same_guests_in_any_order_of_rows(
    tmp_path_factory: pytest.TempPathFactory, shuffle: int, seed: str
) -> None:
    table = _local(400, 11)
    order = np.random.default_rng(shuffle).permutation(table.num_rows)
    root = tmp_path_factory.mktemp("order")
    one, two = home_with(root / "a", table), home_with(root / "b", table.take(pa.array(order)))
    first = choose(one, province=PROVINCE, on=ON, seed=seed)
    assert first == choose(two, province=PROVINCE, on=ON, seed=seed)
    assert len(first.seats) == 6


def test_another_seed_draws_others(home: Home, made: Guests) -> None:
    other = choose(home, province="Khánh Hòa", on=ON, seed="cafe-2")
    assert set(_keys(other)) != set(_keys(made))
    assert other.pool == made.pool


def test_usage_and_spend_change_nothing(home: Home, tmp_path: Path, table: pa.Table, made: Guests) -> None:
    for at, column in enumerate(STORED):
        if column.usage or column.name in ("refuses_profiling", "tier", "hardship", "low_income"):
            table = table.set_column(at, SCHEMA.field(at), pa.nulls(table.num_rows, column.type))
    assert choose(home_with(tmp_path / "h", table), province=PROVINCE, on=ON, seed="cafe-1") == made
    assert not {c.name for c in STORED if c.usage} & set(guests.READ)


def test_the_forgotten_are_never_drawn(tmp_path: Path, table: pa.Table, made: Guests) -> None:
    home = home_with(tmp_path / "h", table)
    gone = made.seats[0].key
    home.forgotten.write_text(f'[{{"key": {gone}, "on": {ON}, "held": 1}}]')
    again = choose(home, province=PROVINCE, on=ON, seed="cafe-1")
    assert gone not in _keys(again)
    assert again.pool == made.pool - 1
    assert why(home, gone, again).code == "unknown"


def test_one_old_province_may_be_asked_for(home: Home, table: pa.Table) -> None:
    made = choose(home, province=PROVINCE, on=ON, seed="s", place="58")
    rows = {r["key"]: r for r in table.to_pylist()}
    assert {rows[k]["province_old"] for k in _keys(made)} == {"58"}
    inside = [r["key"] for r in table.to_pylist() if r["province_old"] == "56"]
    assert why(home, inside[0], made).code == "other_place"


def test_too_few_people_fill_what_they_can(tmp_path: Path, table: pa.Table) -> None:
    here = table.filter(pc.equal(table["province"], PROVINCE)).slice(0, 12)
    home = home_with(tmp_path / "h", here)
    made = choose(home, province=PROVINCE, on=ON, seed="s")
    assert 0 < made.pool < 6
    assert (len(made.seats), len(made.reserves)) == (made.pool, 0)
    assert made.missing == 6 - made.pool
    nobody = choose(home, province="01", on=ON, seed="s")
    assert (nobody.seats, nobody.pool, nobody.missing, nobody.quotas) == ((), 0, 6, {})


@pytest.mark.parametrize(
    ("seats", "reserves"), [(0, 6), (guests.MOST_SEATS + 1, 6), (6, -1), (6, guests.MOST_SEATS + 1)]
)
def test_odd_numbers_of_seats_are_refused(home: Home, seats: int, reserves: int) -> None:
    with pytest.raises(BadInput) as refused:
        choose(home, province=PROVINCE, on=ON, seed="s", seats=seats, reserves=reserves)
    assert refused.value.code == "bad_seats"


def test_everybody_can_be_told_why(home: Home, table: pa.Table, made: Guests) -> None:
    codes: dict[str, int] = {}
    for key in sorted({*table["key"].to_pylist()[::40], *_keys(made)}):
        reason = why(home, key, made)
        codes[reason.code] = codes.get(reason.code, 0) + 1
        for language in ("vi", "en"):
            said = sentence(reason, language)  # type: ignore[arg-type]
            assert said.endswith(".")
            assert "{" not in said
            assert "None" not in said
    assert (codes["drawn"], codes["reserve"]) == (6, 6)
    assert {"not_drawn", "too_new", "no_consent", "refuses_ads"} <= set(codes)
    assert why(home, 7, made).code == "unknown"


def test_sentences() -> None:
    facts: dict[str, guests.Fact] = {"number": 3, "lot": 4217, "years": 7, "place": "56", "age": "30_44"}
    drawn = guests.Reason("drawn", {**facts, "plan_kind": "prepaid", "plan": None})
    assert (
        sentence(drawn)
        == "Được mời ghế 3: đã 7 năm là khách, Khánh Hòa, 30–44 tuổi, trả trước; rút thăm số 4.217."
    )
    assert "aged 30–44, prepaid; lot 4,217." in sentence(drawn, "en")
    assert (level("plan", "V120"), level("age", "", "en"), level("place", "zz")) == (
        "gói V120",
        "not known",
        "zz",
    )


def _unevenness(pool: np.ndarray, rows: np.ndarray) -> float:
    """How far the seats lie from the pool's shares, over everything that is spread."""
    off = 0.0
    for levels in pool:
        share = np.bincount(levels) / levels.size
        got = np.bincount(levels[rows], minlength=share.size)
        off += float(((got - share * rows.size) ** 2).sum())
    return off


def test_guests_are_spread_more_evenly_than_a_random_draw() -> None:
    rng = np.random.default_rng(3)
    n = 3_000
    pool = np.array(
        [
            rng.choice(len(p), n, p=p)
            for p in ([0.7, 0.3], [0.35, 0.3, 0.2, 0.15], [0.9, 0.1], [0.5, 0.3, 0.15, 0.05])
        ],
        np.int32,
    )
    names = [tuple("abcd"[: levels.max() + 1]) for levels in pool]
    ours, random = [], []
    for seed in range(60):
        lots = rng.permutation(n)
        rows, _ = seating.draw(pool[:, lots], names, np.ones(n, bool), 6, str(seed))
        ours.append(_unevenness(pool, lots[rows]))
        random.append(_unevenness(pool, rng.choice(n, 6, replace=False)))
    assert np.mean(ours) < 0.6 * np.mean(random)


def test_nobody_s_chance_is_far_from_anybody_else_s() -> None:
    rng = np.random.default_rng(4)
    n, times = 60, 4_000
    pool = np.array([rng.choice(2, n, p=[0.85, 0.15]), rng.choice(4, n), rng.choice(5, n)], np.int32)
    names = [("a", "b"), tuple("abcd"), tuple("abcde")]
    hits = np.zeros(n)
    for seed in range(times):
        lots = rng.permutation(n)
        rows, _ = seating.draw(pool[:, lots], names, np.ones(n, bool), 6, str(seed))
        hits[lots[rows]] += 1
    chance = hits / times / (6 / n)
    assert chance.min() > 0.4
    assert chance.max() < 2.5


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60), st.integers(1, 12), st.text(max_size=5))
def test_quotas_are_the_share_rounded_down_or_up(levels: list[int], seats: int, seed: str) -> None:
    made = seating.quotas(np.array(levels, np.int32), tuple("abcde"), seats, seed)
    assert made.sum() == seats
    for at, quota in enumerate(made.tolist()):
        exact = levels.count(at) * seats
        assert exact // len(levels) <= quota <= -(-exact // len(levels))


def test_two_hundred_thousand_take_little(tmp_path: Path) -> None:
    from time import perf_counter

    home = home_with(tmp_path / "h", stored(10, 1))
    big = _local(200_000, 2)
    pq.write_table(big, home.base / "part-0.parquet", row_group_size=50_000)
    start = perf_counter()
    made = choose(home, province=PROVINCE, on=ON, seed="s")
    assert len(made.seats) == 6
    assert perf_counter() - start < 2


def test_the_third_year_must_be_over(tmp_path: Path, table: pa.Table) -> None:
    from datetime import date

    on = to_days(date(2026, 11, 22))
    one = table.filter(pc.equal(table["province"], PROVINCE)).slice(0, 2)
    joined = [to_days(date(2023, 11, 22)), to_days(date(2023, 11, 21))]
    for name, values in (
        ("joined_on", joined),
        ("consent_care_on", [0, 0]),
        ("born_on", [0, 0]),
        ("refuses_ads", [False, False]),
    ):
        at = SCHEMA.get_field_index(name)
        one = one.set_column(at, SCHEMA.field(at), pa.array(values, SCHEMA.field(at).type))
    home = home_with(tmp_path / "h", one)
    made = choose(home, province=PROVINCE, on=on, seed="s")
    assert [g.key for g in made.seats] == [one["key"][1].as_py()]
    assert why(home, one["key"][0].as_py(), made).facts == {"years": 3, "asked": 3}
