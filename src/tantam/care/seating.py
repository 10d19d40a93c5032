"""A few seats shared out over a pool so that they look like the pool: by proportion, then by lot, all in integers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tantam import keys


def draw(
    levels: NDArray[np.int32],
    names: Sequence[tuple[str, ...]],
    free: NDArray[np.bool_],
    seats: int,
    seed: str,
) -> tuple[NDArray[np.int64], list[dict[str, int]]]:
    """The rows that get a seat, in the order drawn, and the seats each named level was given.

    ``levels``: int32 [things spread over, n], places in ``names``, rows in the order of their lots; ``free``: bool
    [n], who may still be drawn. Each seat goes to the lowest lot among those who fill the most quotas still open, so
    quotas are met as far as the pool has such people. Fewer rows come back when fewer are free.
    """
    shared = [
        quotas(mine[free], named, seats, f"{seed}\x1f{number}")
        for number, (mine, named) in enumerate(zip(levels, names, strict=True))
    ]
    said = [
        {name: int(quota) for name, quota in zip(named, mine, strict=True) if quota}
        for named, mine in zip(names, shared, strict=True)
    ]
    left, rows = free.copy(), []
    for _ in range(min(seats, int(free.sum()))):
        fills = np.zeros(left.size, np.int8)
        for quota, mine in zip(shared, levels, strict=True):
            fills += (quota > 0)[mine]
        row = int(np.argmax(np.where(left, fills, -1)))
        left[row] = False
        for quota, mine in zip(shared, levels, strict=True):
            quota[mine[row]] -= 1
        rows.append(row)
    return np.array(rows, np.int64), said


def quotas(levels: NDArray[np.int32], names: tuple[str, ...], seats: int, seed: str) -> NDArray[np.int64]:
    """The seats of each level: its share of the pool, rounded down or up by the seed, int64 [names], ``seats`` in all.

    Systematic sampling: the levels lie one after another on a line, in an order drawn from the seed, each as long as
    its people; a comb of ``seats`` teeth is laid on it at a place drawn from the seed. So a level of a tenth of the
    pool gets one of six seats in six choices of ten.
    """
    made = np.zeros(len(names), np.int64)
    n = levels.size
    if not n:
        return made
    count = np.bincount(levels, minlength=len(names)).astype(np.int64)
    order = sorted(range(len(names)), key=lambda i: keys.seed_of(seed, names[i]))
    first = keys.seed_of(seed) % n
    edges = np.cumsum(count[order]) * seats
    teeth = np.maximum(0, -((first - edges) // n))
    made[order] = np.diff(teeth, prepend=0)
    return made
