"""Blocks of any size, in any order, in memory or on the disk, and a solve gone on with: the same decisions."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tantam import engines
from tantam.care.allocate import (
    Allocation,
    Block,
    Blocks,
    Instance,
    Resident,
    Stored,
    allocate,
    dual,
    margin,
    near,
    problem,
    put,
    take,
)
from tantam.care.allocate.blocks import load
from tantam.errors import Fault, Refused
from tests.care.allocate.some import around, instance, keeps, optimum, whole

COMPILED = settings(deadline=None, max_examples=25, derandomize=True)
SIZES = st.sampled_from([(10_000, 10_000), (10_000, 40), (60, 40)])
"""How many rows are held, and how many are few: all at once; those near the threshold; these of a sample."""
ENGINE = engines.start(threads=2)


def cut(rows: Block, size: int, seed: int) -> Resident:
    """Rows in random blocks of about ``size``, each sorted by cell and key."""
    order = np.random.default_rng(seed).permutation(rows.key.size)
    parts = np.array_split(order, max(1, order.size // size))
    return Resident(tuple(rows.only(p[np.lexsort((rows.key[p], rows.cell[p]))]) for p in parts))


def stored(rows: Resident, folder: Path) -> Stored:
    """The same blocks on the disk."""
    for number, block in enumerate(rows.blocks):
        put(folder, number, block)
    return Stored(folder, len(rows.blocks), rows.rows, rows.offers, ENGINE)


def solved(asked: Instance, rows: Blocks, kept: Path | None = None) -> Allocation | str:
    """The allocation over these blocks, or what the refusal says."""
    try:
        return allocate(replace(asked, rows=rows), kept=kept)
    except Refused as refused:
        return str(refused)


def same(one: Allocation | str, two: Allocation | str, rows: Block) -> None:
    """Assert that nobody can tell them apart."""
    if isinstance(one, str) or isinstance(two, str):
        assert one == two
        return
    for mine, theirs in zip((*one.of(rows), *one.changes), (*two.of(rows), *two.changes), strict=True):
        assert np.array_equal(mine, theirs)
    for name in ("prices", "multipliers", "edge", "usage"):
        assert np.array_equal(getattr(one, name), getattr(two, name))
    for name in ("objective", "bound", "gap", "greedy_objective", "greedy_rows"):
        assert getattr(one, name) == getattr(two, name)


@COMPILED
@given(st.integers(1, 400), st.integers(1, 6), st.integers(0, 10**6), st.integers(10, 300), SIZES)
def test_blocks_decide_nothing(rows: int, offers: int, seed: int, size: int, sizes: tuple[int, int]) -> None:
    asked = instance(rows, offers, seed)
    every = whole(asked.rows)
    with TemporaryDirectory() as name, patch.multiple(problem, HELD=sizes[0], FEW=sizes[1]):
        one = solved(asked, cut(every, rows, seed))
        blocks = cut(every, size, seed + 1)
        same(one, solved(asked, blocks), every)
        same(one, solved(asked, stored(blocks, Path(name))), every)


@COMPILED
@given(st.integers(60, 300), st.integers(1, 6), st.integers(0, 10**6), SIZES)
def test_a_solve_that_was_stopped_goes_on_to_the_same_decisions(
    rows: int, offers: int, seed: int, sizes: tuple[int, int]
) -> None:
    asked = instance(rows, offers, seed, floors=0.1)
    every = whole(asked.rows)
    with TemporaryDirectory() as name, patch.multiple(problem, HELD=sizes[0], FEW=sizes[1]):
        folder = Path(name)
        one = solved(asked, asked.rows)
        same(one, solved(asked, asked.rows, folder), every)
        if isinstance(one, str):
            return
        turns = sorted(folder.iterdir())
        assert len(turns) == (1 + dual.TURNS if rows > sizes[1] and asked.limits else 1)
        for turn in turns[seed % len(turns) :]:
            turn.unlink()
        again = solved(asked, asked.rows, folder)
        same(one, again, every)
        assert isinstance(again, Allocation)
        assert again.passes <= one.passes
        third = solved(asked, asked.rows, folder)
        same(one, third, every)
        assert isinstance(third, Allocation)
        assert third.passes < one.passes or len(turns) == 1
        other = replace(asked, most=asked.most + 1)
        same(solved(other, asked.rows), solved(other, asked.rows, folder), every)


@COMPILED
@given(st.integers(150, 600), st.integers(1, 8), st.integers(0, 10**6), st.integers(0, 4))
def test_rows_near_the_threshold_are_enough(rows: int, offers: int, seed: int, most: int) -> None:
    asked = instance(rows, offers, seed, most=most)
    best = optimum(asked)
    with patch.multiple(problem, HELD=100, FEW=100):
        done = solved(asked, asked.rows)
    if isinstance(done, str):
        steepest = np.array([np.abs(limit.coefficient).max() for limit in asked.limits])
        assert best is None or optimum(asked, steepest * (len(asked.limits) + 1)) is None
        return
    keeps(asked, done)
    assert best is not None
    assert done.bound >= best - 1e-6 * max(1.0, best)
    assert done.greedy_rows < rows


@pytest.mark.parametrize("seed", range(6))
def test_close_to_the_optimum_on_the_rows_near_the_threshold(seed: int) -> None:
    asked = instance(3000, 8, seed, floors=0.2, tightness=0.6)
    best = optimum(asked)
    with patch.object(problem, "HELD", 500):
        done = solved(asked, asked.rows)
    assert (best is None) == isinstance(done, str)
    if best is None or isinstance(done, str):
        return
    keeps(asked, done)
    given_out = int(np.bitwise_count(done.of(whole(asked.rows)).chosen).sum())
    assert done.bound <= best * 1.001 + given_out / 16 + 1
    assert done.objective >= best * 0.995 - given_out / 16 - int(whole(asked.rows).value.max()) * 2


def test_limits_drawn_closely_are_kept_near_the_threshold() -> None:
    for seed in range(8):
        asked = around(instance(400, 5, seed), seed)
        with patch.object(problem, "HELD", 150):
            keeps(asked, allocate(asked))


@COMPILED
@given(st.integers(1, 120), st.integers(1, 6), st.integers(0, 10**6), st.integers(1, 3))
def test_regrets_are_counted_as_anybody_would(rows: int, offers: int, seed: int, most: int) -> None:
    asked = instance(rows, offers, seed, most=most)
    ready = problem.prepare(asked)
    drawn = np.random.default_rng(seed).random((ready.cells, offers))
    prices = (drawn * ready.survey.largest * 0.8 * 2**20).astype(np.int64)
    block, found = ready.held.block, near.spread(ready, prices)
    chosen = take(block.value, block.cell, block.key, prices, asked.group, most)
    profit = margin(block.value, block.cell, block.key, prices)
    expected = np.zeros_like(found.regrets)
    for i, j in zip(*np.nonzero(block.value.T > 0), strict=True):
        has = [k for k in range(offers) if int(chosen[i]) >> k & 1]
        rivals = [k for k in has if asked.group[k] == asked.group[j]]
        if j in has:
            others = {int(asked.group[k]) for k in has if k != j}
            free = [k for k in range(offers) if k not in has and int(asked.group[k]) not in others]
            regret = profit[j, i] - max(0, *profit[free, i], 0)
        else:
            full = len(has) == min(most, np.unique(asked.group).size)
            leaves = profit[rivals[0], i] if rivals else profit[has, i].min() if full else 0
            regret = leaves - profit[j, i]
        place = np.searchsorted(near.EDGES, regret, side="right")
        if place < near.EDGES.size:
            expected[block.cell[i], j, int(j in has), place] += 1
    assert np.array_equal(found.regrets, expected)
    assert found.counts.sum() == np.bitwise_count(chosen).sum()


def test_what_is_put_is_loaded(tmp_path: Path) -> None:
    block = whole(instance(20, 3, 1).rows)
    put(tmp_path, 7, block)
    assert all(np.array_equal(a, b) for a, b in zip(block, load(tmp_path, 7), strict=True))
    assert sorted(f.name for f in tmp_path.iterdir()) == [
        "00007.cell.npy",
        "00007.key.npy",
        "00007.value.npy",
    ]
    shutil.rmtree(tmp_path)


def test_blocks_that_do_not_fit_are_faults() -> None:
    asked = instance(30, 3, 1)
    rows = whole(asked.rows)
    for wrong in (
        rows._replace(value=rows.value[:2]),
        rows._replace(value=rows.value.astype(np.int64)),
        rows._replace(cell=rows.cell - 5),
        rows._replace(cell=rows.cell + 50),
    ):
        with pytest.raises(Fault, match="bad_instance"):
            allocate(replace(asked, rows=Resident((rows, wrong))))
    with pytest.raises(Fault, match="key_twice"):
        allocate(replace(asked, rows=Resident((rows, rows))))
