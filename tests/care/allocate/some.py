"""Random allocations for tests, and the LP that knows their optimum."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from tantam.care.allocate import Allocation, Block, Blocks, Decisions, Instance, Limit, resident

CELLS = 4
"""Two provinces by low income; odd cells are low-income."""


def instance(
    rows: int, offers: int, seed: int, *, most: int = 2, tightness: float = 0.4, floors: float = 0.3
) -> Instance:
    """Ties, ineligible pairs, groups, a budget, caps, seats per province, a floor and a share."""
    rng = np.random.default_rng(seed)
    cell = np.sort(rng.integers(0, CELLS, rows)).astype(np.int32)
    key = rng.choice(2**62, rows, replace=False).astype(np.int64)
    order = np.lexsort((key, cell))
    cost = rng.integers(0, 50, offers).astype(np.int64) * 1000
    high = int(rng.choice([3, 50, 20_000, 2_000_000_000]))
    value = rng.integers(1, high + 1, (offers, rows))
    tied = rng.random((offers, rows)) < 0.3
    value = np.where(tied, rng.integers(1, high + 1, offers)[:, None], value)
    value = np.where(rng.random((offers, rows)) < 0.4, -3, value).astype(np.int32)
    group = rng.integers(0, offers, offers).astype(np.int32)
    return Instance(
        resident(value, cell[order], key[order]), cost, group, most,
        _limits(rng, value, cell, cost, tightness, floors), tuple(f"o{j}" for j in range(offers)),
    )  # fmt: skip


def whole(rows: Blocks) -> Block:
    """All blocks as one."""
    key, cell, value = zip(*rows.map(_same), strict=True)
    return Block(np.concatenate(key), np.concatenate(cell), np.concatenate(value, axis=1))


def _same(block: Block) -> Block:
    return block


def decisions(instance: Instance, allocation: Allocation) -> Decisions:
    """The decisions of all rows, in the order of :func:`whole`."""
    return allocation.of(whole(instance.rows))


def _limits(
    rng: np.random.Generator,
    value: NDArray[Any],
    cell: NDArray[Any],
    cost: NDArray[Any],
    tightness: float,
    floors: float,
) -> tuple[Limit, ...]:
    offers, eligible = cost.size, np.zeros((CELLS, cost.size), np.int64)
    for c in range(CELLS):
        eligible[c] = (value[:, cell == c] > 0).sum(axis=1)
    spend = np.tile(cost, (CELLS, 1))
    limits = [Limit("budget", "<=", int((eligible * spend).sum() * tightness * rng.random()), spend)]
    for j in range(offers):
        one = np.zeros((CELLS, offers), np.int64)
        one[:, j] = 1
        if rng.random() < 0.4:
            limits.append(Limit(f"cap {j}", "<=", int(eligible[:, j].sum() * rng.random()), one))
        if rng.random() < floors:
            here = one.copy()
            here[2:] = 0
            limits.append(Limit(f"floor {j}", ">=", int(eligible[:2, j].sum() * rng.random() * 0.3), here))
    if rng.random() < floors:
        low = np.arange(CELLS)[:, None] % 2 == 1
        limits.append(Limit("share", ">=", 0, np.where(low, 70 * spend, -30 * spend)))
    return tuple(limits)


def around(asked: Instance, seed: int) -> Instance:
    """The instance with limits that a random allocation just keeps: budget, caps, floors, a share."""
    rng = np.random.default_rng(seed)
    offers, rows = len(asked.offers), whole(asked.rows)
    chosen = np.zeros(rows.value.shape, bool)
    for row in range(rows.key.size):
        for j in rng.permutation(offers):
            free = chosen[:, row].sum() < asked.most and not chosen[asked.group == asked.group[j], row].any()
            chosen[j, row] = rows.value[j, row] > 0 and free and rng.random() < 0.5
    counts = np.array([chosen[:, rows.cell == c].sum(axis=1) for c in range(CELLS)])
    spend, province = np.tile(asked.cost, (CELLS, 1)), np.arange(CELLS)[:, None] // 2
    limits = [Limit("budget", "<=", int((counts * spend).sum()), spend)]
    for j in np.flatnonzero(rng.random(offers) < 0.5):
        one = (np.arange(offers)[None, :] == j) * np.ones((CELLS, 1), np.int64)
        limits.append(Limit(f"cap {j}", "<=", int(counts[:, j].sum()), one))
        for p in range(2):
            here = one * (province == p)
            limits.append(Limit(f"floor {j} in {p}", ">=", int((counts * here).sum()), here))
    low = np.arange(CELLS)[:, None] % 2 == 1
    paid = counts * spend
    share = int(1000 * paid[1::2].sum() // max(1, paid.sum()))
    limits.append(Limit("share", ">=", 0, np.where(low, (1000 - share) * spend, -share * spend)))
    return replace(asked, limits=tuple(limits))


def programme(instance: Instance) -> tuple[Any, Any, Any, Any, Any]:
    """The LP over eligible pairs: objective, A, b, and the pairs' offers and rows (all limits as <=)."""
    rows = whole(instance.rows)
    offer, row = np.nonzero(rows.value > 0)
    pairs, size = np.arange(offer.size), rows.key.size
    table = [
        (1 if limit.sense == "<=" else -1) * limit.coefficient[rows.cell[row], offer]
        for limit in instance.limits
    ]
    bound = [(1 if limit.sense == "<=" else -1) * limit.bound for limit in instance.limits]
    one = np.ones(offer.size)
    by_row = csr_array((one, (row, pairs)), shape=(size, offer.size))
    set_of = np.unique(instance.group, return_inverse=True)[1][offer] + row * len(instance.offers)
    by_group = csr_array((one, (set_of, pairs)), shape=(size * len(instance.offers), offer.size))
    a = vstack([csr_array(np.array(table, float).reshape(len(table), offer.size)), by_row, by_group]).tocsr()
    b = np.concatenate([bound, np.full(size, instance.most), np.ones(by_group.shape[0])])
    return rows.value[offer, row].astype(float), a, b.astype(float), offer, row


def optimum(instance: Instance, tighten: NDArray[Any] | float = 0.0) -> float | None:
    """The LP's optimum with every limit tightened by so much; None where it is infeasible."""
    value, a, b, _, _ = programme(instance)
    if not value.size:
        return 0.0 if (b[: len(instance.limits)] >= tighten).all() else None
    b[: len(instance.limits)] -= tighten
    found = linprog(-value, A_ub=a, b_ub=b, bounds=(0, 1), method="highs")
    return float(-found.fun) if found.status == 0 else None


def keeps(instance: Instance, allocation: Allocation) -> None:
    """Assert, in plain numpy and from the masks alone, that every rule is kept and every figure is right."""
    offers, rows, done = len(instance.offers), whole(instance.rows), decisions(instance, allocation)
    given = (done.chosen[None, :] >> np.arange(offers, dtype=np.uint64)[:, None] & np.uint64(1)).astype(bool)
    assert not (done.chosen >> np.uint64(offers)).any() if offers < 64 else True
    assert (rows.value[given] > 0).all()
    assert (given.sum(axis=0) <= instance.most).all()
    for group in np.unique(instance.group):
        assert (given[instance.group == group].sum(axis=0) <= 1).all()
    assert allocation.objective == int(rows.value[given].sum(dtype=np.int64))
    assert allocation.objective <= allocation.bound
    for limit, use in zip(instance.limits, allocation.usage, strict=True):
        left = sum(int(limit.coefficient[rows.cell, j][given[j]].sum()) for j in range(offers))
        assert left == use
        assert left <= limit.bound if limit.sense == "<=" else left >= limit.bound
    assert not (done.floor & ~done.moved).any()
    assert not (done.moved & ~done.chosen).any()
    assert not (done.dropped & done.chosen).any()
