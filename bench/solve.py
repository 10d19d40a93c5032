"""The allocation solver on one made-up instance family: speed, certified gap, greedy's loss, and PuLP/CBC
beside it.

Twenty offers, 34 provinces by low income, 180 limits: a budget, eight national caps, four offers' seats in
every province, one offer's floor of seats in every province, and a share of the money for low income. 40 % of
the pairs are not eligible; of the others one in five has a value shared by thousands. Values come from
splitmix64, so that any size is the same for the same seed.
"""

from __future__ import annotations

import resource
from collections import defaultdict
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numba
import numpy as np
import pulp
from numpy.typing import NDArray

from tantam.care.allocate import Allocation, Block, Instance, Limit, Resident, allocate, resident, take, warm
from tantam.care.allocate.blocks import in_order
from tantam.keys import splitmix64

OFFERS = 20
PROVINCES = 34
SEATS = (3, 7, 11, 15)
FLOOR = 3
CAPPED = (0, 2, 5, 8, 9, 13, 16, 19)
COST = (
    np.array([2, 3, 5, 8, 10, 12, 15, 18, 20, 25, 30, 35, 40, 50, 60, 75, 90, 100, 120, 150], np.int64) * 1000
)
GROUP = np.array([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2], np.int32)


@numba.njit(cache=True, nogil=True)
def unit(row: int, offer: int, draw: int, seed: int) -> float:
    """A number in (0, 1) from a row, an offer and the number of the draw."""
    mixed = splitmix64(
        splitmix64(np.uint64(row)) ^ splitmix64(np.uint64(seed * 1_000_003 + offer * 101 + draw))
    )
    return (float(mixed >> np.uint64(11)) + 0.5) / 9007199254740992.0


@numba.njit(cache=True, nogil=True)
def values(
    key: NDArray[np.int64], low: NDArray[np.bool_], cost: NDArray[np.int64], seed: int
) -> NDArray[np.int32]:
    """What each offer is worth to each key: [offers, keys]."""
    out = np.zeros((cost.size, key.size), np.int32)
    for j in range(cost.size):
        base = float(cost[j]) ** 0.8
        for i in range(key.size):
            if unit(key[i], j, 0, seed) < 0.4:
                continue
            near = np.sqrt(-2.0 * np.log(unit(key[i], j, 1, seed))) * np.cos(
                6.283185307179586 * unit(key[i], j, 2, seed)
            )
            taste = 2.2 * unit(key[i], j, 3, seed) ** 2 + 0.05
            worth = base * np.exp(0.7 * near) * taste * (np.exp(-0.35) if low[i] else 1.0)
            if unit(key[i], j, 4, seed) < 0.2:
                step = 0.25 * base
                worth = np.ceil(worth / step) * step
            out[j, i] = np.int32(max(1.0, worth))
    return out


def instance(rows: int, seed: int = 1) -> Instance:
    """``rows`` made-up subscribers and the 180 limits; the same for the same seed."""
    rng = np.random.default_rng(seed)
    share = rng.lognormal(0.0, 0.6, PROVINCES)
    province = np.sort(rng.choice(PROVINCES, rows, p=share / share.sum()))
    key = rng.permutation(np.arange(rows, dtype=np.int64) * 1_000_003 + seed)
    low = rng.random(rows) < 0.3
    cell = (2 * province + low).astype(np.int32)
    order = np.lexsort((key, cell))
    cell, key, low = cell[order], key[order], low[order]
    value = values(key, low, COST, seed)
    free = np.zeros((2 * PROVINCES, OFFERS), np.int64)
    wanted = counts_of(take(value, cell, key, free, GROUP, 2), cell)
    return Instance(
        rows=resident(value, cell, key), cost=COST, group=GROUP, most=2,
        limits=limits_of(wanted, np.bincount(cell, minlength=2 * PROVINCES), rng),
        offers=tuple(f"offer_{j:02d}" for j in range(OFFERS)),
    )  # fmt: skip


def _all(asked: Instance) -> Block:
    assert isinstance(asked.rows, Resident)
    return in_order(list(asked.rows.blocks))


def counts_of(chosen: NDArray[np.uint64], cell: NDArray[np.int32]) -> NDArray[np.int64]:
    """Masks [rows] as counts [cells, offers]."""
    given = [
        np.bincount(cell[(chosen >> np.uint64(j) & np.uint64(1)) == 1], minlength=2 * PROVINCES)
        for j in range(OFFERS)
    ]
    return np.array(given, np.int64).T


def limits_of(
    wanted: NDArray[np.int64], people: NDArray[np.int64], rng: np.random.Generator
) -> tuple[Limit, ...]:
    """The 180 limits for what everybody wants [cells, offers] and how many live in each cell."""
    spend = np.tile(COST, (2 * PROVINCES, 1))
    limits = [Limit("budget", "<=", int((wanted * spend).sum()) // 4, spend)]
    everywhere = np.arange(2 * PROVINCES) >= 0
    for j in CAPPED:
        limits.append(Limit(f"cap {j}", "<=", int(wanted[:, j].sum() * 0.35), _one(everywhere, j)))
    for p in range(PROVINCES):
        here = np.arange(2 * PROVINCES) // 2 == p
        size = int(people[here].sum())
        for j in SEATS:
            limits.append(
                Limit(f"seats {j} in {p}", "<=", int(size * rng.uniform(0.004, 0.008)), _one(here, j))
            )
        limits.append(Limit(f"floor {FLOOR} in {p}", ">=", int(size * 0.003), _one(here, FLOOR)))
    low = (np.arange(2 * PROVINCES) % 2 == 1)[:, None]
    limits.append(Limit("low_income spend", ">=", 0, np.where(low, 70 * spend, -30 * spend)))
    return tuple(limits)


def _one(cells: NDArray[np.bool_], offer: int) -> NDArray[np.int64]:
    out = np.zeros((2 * PROVINCES, OFFERS), np.int64)
    out[cells, offer] = 1
    return out


def run() -> dict[str, object]:
    """Solve 10 thousand, 100 thousand and a million; PuLP/CBC beside the first two. Medians of three to
    five.
    """
    warm()
    figures: dict[str, object] = {}
    for name, rows, times in (("10k", 10_000, 5), ("100k", 100_000, 5), ("1M", 1_000_000, 3)):
        asked = instance(rows)
        figures[name] = ours = _solved(asked, times)
        if rows <= 100_000:
            ours["cbc"] = cbc = _cbc(asked)
            total = cbc["cbc_cpu_seconds"] + cbc["build_cpu_seconds"]
            ours["times_less_cpu_than_cbc"] = round(cbc["cbc_cpu_seconds"] / ours["cpu_seconds"], 1)
            ours["times_less_cpu_than_pulp_and_cbc"] = round(total / ours["cpu_seconds"], 1)
    _print(figures)
    return figures


def _solved(asked: Instance, times: int) -> dict[str, Any]:
    """Our own figures: medians over ``times`` runs. CPU seconds are those of everything but the greedy
    comparison.
    """
    walls, cpus, greedy = [], [], []
    for _ in range(times):
        wall, cpu = perf_counter(), process_time()
        done = allocate(asked)
        wall, cpu = perf_counter() - wall, process_time() - cpu
        aside = done.stages["greedy"]
        walls.append(wall - aside)
        cpus.append(cpu * (wall - aside) / wall)
        greedy.append(aside)
    return {
        "rows": asked.rows.rows,
        "limits": len(asked.limits),
        "tight": tight(asked, done),
        "tied_share": _tied(asked),
        "solve_seconds": round(median(walls), 3),
        "cpu_seconds": round(median(cpus), 3),
        "greedy_seconds": round(median(greedy), 3),
        "objective": done.objective,
        "bound": done.bound,
        "gap_percent": round(100 * done.gap, 5),
        "violated": _violated(asked, done),
        "greedy_loss_percent": round(100 * (1 - done.greedy_objective / done.objective), 3),
        "stages": done.stages,
    }


def tight(asked: Instance, done: Allocation) -> int:
    """Limits that bind: one more typical decision would pass them."""
    near = [
        abs(limit.bound - int(use)) <= int(np.abs(limit.coefficient).max())
        for limit, use in zip(asked.limits, done.usage, strict=True)
    ]
    return sum(close and float(price) > 0 for close, price in zip(near, done.multipliers, strict=True))


def _violated(asked: Instance, done: Allocation) -> int:
    """Limits passed, counted from the decisions alone."""
    counts = counts_of(done.of(_all(asked)).chosen, _all(asked).cell)
    left = [int((limit.coefficient * counts).sum()) for limit in asked.limits]
    passed = [
        use > limit.bound if limit.sense == "<=" else use < limit.bound
        for use, limit in zip(left, asked.limits, strict=True)
    ]
    return passed.count(True)


def _tied(asked: Instance) -> float:
    """The share of eligible pairs whose value at least a hundredth of a percent of their offer's pairs have
    too.
    """
    tied = eligible = 0
    for row in _all(asked).value:
        _, count = np.unique(row[row > 0], return_counts=True)
        tied += int(count[count > max(1, count.sum() // 1000)].sum())
        eligible += int(count.sum())
    return round(tied / eligible, 3)


def _cbc(asked: Instance, limit_seconds: int = 400) -> dict[str, Any]:
    """The same instance as an LP by PuLP and CBC: CPU seconds of building it, of CBC, and what CBC found."""
    start = process_time()
    model = _model(asked)
    built = process_time() - start
    before, wall, own = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter(), process_time()
    model.solve(pulp.PULP_CBC_CMD(mip=False, msg=False, timeLimit=limit_seconds, threads=1))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "status": pulp.LpStatus[model.status],
        "objective": pulp.value(model.objective),
        "wall_seconds": round(perf_counter() - wall, 2),
        "cbc_cpu_seconds": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        "build_cpu_seconds": round(built + process_time() - own, 2),
        "time_limit_seconds": limit_seconds,
    }


def _model(asked: Instance) -> pulp.LpProblem:
    """The LP over eligible pairs; rows that cannot bind are left out."""
    model = pulp.LpProblem("care", pulp.LpMaximize)
    rows = _all(asked)
    offer, row = np.nonzero(rows.value > 0)
    pairs = [pulp.LpVariable(f"x{at}", 0, 1) for at in range(offer.size)]
    model += pulp.LpAffineExpression(zip(pairs, rows.value[offer, row].tolist(), strict=True))
    for limit in asked.limits:
        weight = limit.coefficient[rows.cell[row], offer]
        at = np.flatnonzero(weight)
        left = pulp.LpAffineExpression((pairs[k], int(weight[k])) for k in at)
        model += (left <= limit.bound) if limit.sense == "<=" else (left >= limit.bound)
    sets: defaultdict[tuple[int, int], list[pulp.LpVariable]] = defaultdict(list)
    for pair, j, i in zip(pairs, offer.tolist(), row.tolist(), strict=True):
        sets[i, -1].append(pair)
        sets[i, int(asked.group[j])].append(pair)
    for (_, group), members in sets.items():
        most = 1 if group >= 0 else asked.most
        if len(members) > most:
            model += pulp.LpAffineExpression((pair, 1) for pair in members) <= most
    return model


def _print(figures: dict[str, Any]) -> None:
    heads = ("rows", "seconds", "CPU s", "gap %", "tight", "greedy -%", "CBC CPU s", "times", "CBC says")
    print(" ".join(f"{head:>10}" for head in heads))
    for name, f in figures.items():
        cbc, times = f.get("cbc", {}), f.get("times_less_cpu_than_cbc", "")
        ours = (
            name,
            f["solve_seconds"],
            f["cpu_seconds"],
            f["gap_percent"],
            f["tight"],
            f["greedy_loss_percent"],
        )
        theirs = (cbc.get("cbc_cpu_seconds", ""), times, cbc.get("status", ""))
        print(" ".join(f"{cell:>10}" for cell in (*ours, *theirs)))


if __name__ == "__main__":
    run()
