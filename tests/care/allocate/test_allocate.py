"""What the solver promises, on random small allocations."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tantam.care.allocate import NEVER, Allocation, Instance, Limit, allocate, dong, margin, take, warm
from tantam.errors import Fault, Refused
from tests.care.allocate.some import around, instance, keeps, optimum

COMPILED = settings(deadline=None, max_examples=40, derandomize=True)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    warm()


def tried(asked: Instance) -> Allocation | None:
    """The allocation, or None where it was refused."""
    try:
        return allocate(asked)
    except Refused as refused:
        assert refused.code == "floor_unreachable"
        return None


@COMPILED
@given(st.integers(1, 200), st.integers(1, 8), st.integers(0, 10**6), st.integers(0, 4))
def test_keeps_every_rule_or_refuses_what_cannot_be(rows: int, offers: int, seed: int, most: int) -> None:
    asked = instance(rows, offers, seed, most=most)
    best = optimum(asked)
    done = tried(asked)
    if done is None:
        steepest = np.array([np.abs(limit.coefficient).max() for limit in asked.limits])
        assert best is None or optimum(asked, steepest * (len(asked.limits) + 1)) is None
        return
    keeps(asked, done)
    assert best is not None
    assert done.bound >= best - 1e-6 * max(1.0, best)
    assert (done.multipliers >= 0).all()


@COMPILED
@given(st.integers(2, 120), st.integers(1, 6), st.integers(0, 10**6))
def test_order_of_rows_decides_nothing(rows: int, offers: int, seed: int) -> None:
    asked = instance(rows, offers, seed)
    order = np.random.default_rng(seed).permutation(rows)
    shuffled = replace(asked, value=asked.value[:, order], cell=asked.cell[order], key=asked.key[order])
    one, two = tried(asked), tried(shuffled)
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        for name in ("chosen", "moved", "floor", "dropped"):
            assert (getattr(one, name)[order] == getattr(two, name)).all()
        assert one.objective == two.objective
        assert (one.prices == two.prices).all()


@COMPILED
@given(st.integers(1, 120), st.integers(1, 6), st.integers(0, 10**6))
def test_the_price_table_alone_gives_what_repair_started_from(rows: int, offers: int, seed: int) -> None:
    asked = instance(rows, offers, seed)
    done = tried(asked)
    if done is None:
        return
    order = np.random.default_rng(seed).permutation(rows)
    given_back = take(
        asked.value[:, order], asked.cell[order], asked.key[order], done.prices, asked.group, asked.most
    )
    assert (given_back == ((done.chosen & ~done.moved) | done.dropped)[order]).all()
    worth = margin(asked.value, asked.cell, asked.key, done.prices)
    assert ((worth == NEVER) == (asked.value <= 0)).all()
    bits = given_back[np.argsort(order)][None, :] >> np.arange(offers, dtype=np.uint64)[:, None] & np.uint64(
        1
    )
    assert (worth[bits == 1] > 0).all()
    gross = (
        asked.value.astype(np.int64)
        - np.array([[dong(int(p)) for p in row] for row in done.prices])[asked.cell].T
    )
    assert (gross[bits == 1] >= 0).all()


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5])
def test_close_to_the_optimum_on_two_thousand(seed: int) -> None:
    asked = instance(2000, 8, seed, floors=0.2, tightness=0.6)
    best, done = optimum(asked), tried(asked)
    assert (best is None) == (done is None)
    if best is None or done is None:
        return
    keeps(asked, done)
    decisions = int(np.bitwise_count(done.chosen).sum())
    assert done.bound <= best * 1.001 + decisions / 16 + 1
    assert done.objective >= best * 0.995 - decisions / 16 - int(asked.value.max()) * 2


@COMPILED
@given(st.integers(4, 150), st.integers(2, 8), st.integers(0, 10**6), st.integers(1, 3))
def test_limits_drawn_closely_around_some_allocation_are_never_refused(
    rows: int, offers: int, seed: int, most: int
) -> None:
    asked = around(instance(rows, offers, seed, most=most), seed)
    keeps(asked, allocate(asked))


def simple(
    value: list[list[int]], limits: tuple[Limit, ...], *, most: int = 1, group: list[int] | None = None
) -> Instance:
    """One cell, costs of one, keys in order."""
    table = np.array(value, np.int32).reshape(len(value), -1)
    offers, rows = table.shape
    return Instance(
        table, np.zeros(rows, np.int32), np.arange(rows, dtype=np.int64), np.ones(offers, np.int64),
        np.array(group if group is not None else range(offers), np.int32), most,
        limits, tuple(f"o{j}" for j in range(offers)),
    )  # fmt: skip


def ones(offers: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    return np.ones((1, offers), np.int64)


def test_the_smallest_ones() -> None:
    assert allocate(simple([[5]], ())).chosen.tolist() == [1]
    assert allocate(simple([[0]], ())).objective == 0
    assert allocate(simple([[]], (Limit("budget", "<=", 0, ones(1)),))).chosen.size == 0
    assert allocate(simple([[5, 7]], (Limit("budget", "<=", 0, ones(1)),))).objective == 0
    assert allocate(simple([[5, 7]], (Limit("budget", "<=", 1, ones(1)),))).chosen.tolist() == [0, 1]
    assert allocate(simple([[5], [7]], (), most=0)).objective == 0
    assert allocate(simple([[5], [7]], (), most=9)).objective == 12
    assert allocate(simple([[5], [7]], (), most=9, group=[4, 4])).objective == 7
    assert allocate(simple([[3]], (Limit("nothing", ">=", 0, ones(1) * 0),))).gap < 1e-6


def test_a_floor_lifts_a_value_that_would_not_be_given() -> None:
    floor = Limit("seats", ">=", 2, np.array([[0, 1]], np.int64))
    done = allocate(simple([[9, 9, 9], [1, 2, 3]], (floor,)))
    assert done.objective == 9 + 2 + 3
    assert done.usage.tolist() == [2]


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ((Limit("seats", ">=", 4, ones(1)),), "1 missing"),
        ((Limit("seats", ">=", 3, ones(1)), Limit("budget", "<=", 1, ones(1))), "2 missing"),
        ((Limit("debt", "<=", -1, ones(1)),), "debt"),
        ((Limit("seats", ">=", 1, ones(1) * 0),), "1 missing"),
    ],
)
def test_refuses_what_cannot_be_and_says_how_much_is_missing(limits: tuple[Limit, ...], said: str) -> None:
    with pytest.raises(Refused) as refused:
        allocate(simple([[5, 5, 5, 0]], limits))
    assert refused.value.code == "floor_unreachable"
    assert limits[0].name in refused.value.what
    assert said in refused.value.what
    assert refused.value.do


def test_refuses_what_does_not_fit_the_grid() -> None:
    wide = replace(simple([[5]], ()), value=np.array([[2**31]], np.int64))
    with pytest.raises(Refused, match="value_too_large"):
        allocate(wide)
    with pytest.raises(Refused, match="value_too_large"):
        allocate(simple([[5]], (Limit("sum", "<=", 1, ones(1) * 2**62),)))
    with pytest.raises(Refused, match="too_many_offers"):
        allocate(simple([[1]] * 65, ()))
    assert allocate(simple([[2**31 - 1]] * 64, (), most=64)).objective == 64 * (2**31 - 1)


def test_a_key_twice_and_tables_that_do_not_fit_are_faults() -> None:
    with pytest.raises(Fault, match="key_twice"):
        allocate(replace(simple([[5, 6]], ()), key=np.zeros(2, np.int64)))
    with pytest.raises(Fault, match="bad_instance"):
        take([[5]], [7], [1], np.zeros((2, 1), np.int64), [0], 1)
    with pytest.raises(Fault, match="bad_instance"):
        margin([[5], [6]], [0], [1], np.zeros((2, 1), np.int64))
    with pytest.raises(Fault, match="bad_instance"):
        allocate(replace(simple([[5, 6]], ()), cell=np.zeros(3, np.int32)))


def test_ties_do_not_move_as_one_block() -> None:
    """A thousand equal values and money for a third: a third is given, picked by key and not by place."""
    rows = 1000
    asked = simple([[50] * rows], (Limit("budget", "<=", 333, ones(1)),))
    asked = replace(asked, key=np.sort(np.random.default_rng(1).integers(0, 2**62, rows)))
    done = allocate(asked)
    assert done.usage.tolist() == [333]
    assert 100 < int(done.chosen[: rows // 2].sum()) < 233
    assert int(np.bitwise_count(done.moved | done.dropped).sum()) <= 20


def test_money_left_over_buys_nothing_more() -> None:
    for seed in range(20):
        asked = instance(150, 5, seed, floors=0.0)
        done = allocate(asked)
        counts = np.bitwise_count(done.chosen)
        free = counts < asked.most
        for j in range(5):
            rivals = np.bitwise_or.reduce(
                np.where(asked.group == asked.group[j], 1 << np.arange(5), 0)
            ).astype(np.uint64)
            for row in np.flatnonzero(free & (asked.value[j] > 0) & ((done.chosen & rivals) == 0)):
                assert any(
                    use + limit.coefficient[asked.cell[row], j] > limit.bound
                    for limit, use in zip(asked.limits, done.usage, strict=True)
                ), (seed, j, row)


def test_greedy_is_never_above_the_bound() -> None:
    for seed in range(10):
        done = tried(instance(200, 6, seed, floors=0.0))
        assert done is not None
        assert 0 <= done.greedy_objective <= done.bound


def test_progress_is_told_in_order(tmp_path: Path) -> None:
    heard: list[tuple[str, float]] = []
    done = allocate(instance(50, 3, 1, floors=0.0), progress=lambda name, share: heard.append((name, share)))
    shares = [share for _, share in heard]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert {"prepare", "prices", "repair", "greedy", "certificate"} == set(done.stages)
