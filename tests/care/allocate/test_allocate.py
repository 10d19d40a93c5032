"""What the solver promises, on random small allocations."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tantam.care.allocate import (
    NEVER,
    Allocation,
    Block,
    Instance,
    Limit,
    allocate,
    dong,
    margin,
    resident,
    take,
    warm,
)
from tantam.errors import Fault, Refused
from tests.care.allocate.some import around, decisions, instance, keeps, optimum, whole

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
    order, all_rows = np.random.default_rng(seed).permutation(rows), whole(asked.rows)
    moved = Block(all_rows.key[order], all_rows.cell[order], all_rows.value[:, order])
    shuffled = replace(asked, rows=resident(moved.value, moved.cell, moved.key))
    one, two = tried(asked), tried(shuffled)
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        for mine, theirs in zip(one.of(all_rows), two.of(moved), strict=True):
            assert (mine[order] == theirs).all()
        assert one.objective == two.objective
        assert (one.prices == two.prices).all()


@COMPILED
@given(st.integers(1, 120), st.integers(1, 6), st.integers(0, 10**6))
def test_the_price_table_alone_gives_what_repair_started_from(rows: int, offers: int, seed: int) -> None:
    asked = instance(rows, offers, seed)
    done = tried(asked)
    if done is None:
        return
    order, block, got = (
        np.random.default_rng(seed).permutation(rows),
        whole(asked.rows),
        decisions(asked, done),
    )
    given_back = take(
        block.value[:, order], block.cell[order], block.key[order], done.prices, asked.group, asked.most
    )
    assert (given_back == ((got.chosen & ~got.moved) | got.dropped)[order]).all()
    worth = margin(block.value, block.cell, block.key, done.prices)
    assert ((worth == NEVER) == (block.value <= 0)).all()
    bits = given_back[np.argsort(order)][None, :] >> np.arange(offers, dtype=np.uint64)[:, None] & np.uint64(
        1
    )
    assert (worth[bits == 1] > 0).all()
    gross = (
        block.value.astype(np.int64)
        - np.array([[dong(int(p)) for p in row] for row in done.prices])[block.cell].T
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
    given_out = int(np.bitwise_count(decisions(asked, done).chosen).sum())
    assert done.bound <= best * 1.001 + given_out / 16 + 1
    assert done.objective >= best * 0.995 - given_out / 16 - int(whole(asked.rows).value.max()) * 2


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
        resident(table, np.zeros(rows), np.arange(rows)), np.ones(offers, np.int64),
        np.array(group if group is not None else range(offers), np.int32), most,
        limits, tuple(f"o{j}" for j in range(offers)),
    )  # fmt: skip


def ones(offers: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    return np.ones((1, offers), np.int64)


def given_by(asked: Instance) -> list[int]:
    """The masks of all rows."""
    return decisions(asked, allocate(asked)).chosen.tolist()


def test_the_smallest_ones() -> None:
    assert given_by(simple([[5]], ())) == [1]
    assert allocate(simple([[0]], ())).objective == 0
    assert given_by(simple([[]], (Limit("budget", "<=", 0, ones(1)),))) == []
    assert allocate(simple([[5, 7]], (Limit("budget", "<=", 0, ones(1)),))).objective == 0
    assert given_by(simple([[5, 7]], (Limit("budget", "<=", 1, ones(1)),))) == [0, 1]
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
    with pytest.raises(Refused, match="value_too_large"):
        resident([[2**31]], [0], [1])
    with pytest.raises(Refused, match="value_too_large"):
        allocate(simple([[5]], (Limit("sum", "<=", 1, ones(1) * 2**62),)))
    with pytest.raises(Refused, match="too_many_offers"):
        allocate(simple([[1]] * 65, ()))
    assert allocate(simple([[2**31 - 1]] * 64, (), most=64)).objective == 64 * (2**31 - 1)


def test_a_key_twice_and_tables_that_do_not_fit_are_faults() -> None:
    with pytest.raises(Fault, match="key_twice"):
        resident([[5, 6]], [0, 0], [3, 3])
    with pytest.raises(Fault, match="bad_instance"):
        take([[5]], [7], [1], np.zeros((2, 1), np.int64), [0], 1)
    with pytest.raises(Fault, match="bad_instance"):
        margin([[5], [6]], [0], [1], np.zeros((2, 1), np.int64))
    with pytest.raises(Fault, match="bad_instance"):
        resident([[5, 6]], [0, 0, 0], [1, 2])
    with pytest.raises(Fault, match="bad_instance"):
        allocate(replace(simple([[5, 6]], ()), cost=np.ones(3, np.int64)))


def test_ties_do_not_move_as_one_block() -> None:
    """A thousand equal values and money for a third: a third is given, picked by key and not by place."""
    rows = 1000
    asked = simple([[50] * rows], (Limit("budget", "<=", 333, ones(1)),))
    key = np.sort(np.random.default_rng(1).integers(0, 2**62, rows))
    asked = replace(asked, rows=resident(np.full((1, rows), 50), np.zeros(rows), key))
    done = allocate(asked)
    got = decisions(asked, done)
    assert done.usage.tolist() == [333]
    assert 100 < int(got.chosen[: rows // 2].sum()) < 233
    assert int(np.bitwise_count(got.moved | got.dropped).sum()) <= 20


def test_money_left_over_buys_nothing_more() -> None:
    for seed in range(20):
        asked = instance(150, 5, seed, floors=0.0)
        done = allocate(asked)
        block, chosen = whole(asked.rows), decisions(asked, done).chosen
        counts = np.bitwise_count(chosen)
        free = counts < asked.most
        for j in range(5):
            rivals = np.bitwise_or.reduce(
                np.where(asked.group == asked.group[j], 1 << np.arange(5), 0)
            ).astype(np.uint64)
            for row in np.flatnonzero(free & (block.value[j] > 0) & ((chosen & rivals) == 0)):
                assert any(
                    use + limit.coefficient[block.cell[row], j] > limit.bound
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
    assert {"prepare", "samples", "prices", "repair", "greedy", "certificate"} == set(done.stages)
