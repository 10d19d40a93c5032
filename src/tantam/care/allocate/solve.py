"""The allocation, from an instance to decisions with a certificate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate import certificate, dual, kernel, settle, unreachable
from tantam.care.allocate.blocks import Block, Counted
from tantam.care.allocate.changes import Changes, Decisions, decide
from tantam.care.allocate.greedy import greedy
from tantam.care.allocate.kept import Kept
from tantam.care.allocate.problem import Instance, prepare
from tantam.care.allocate.rows import Held, choose, offers_of, rows_of
from tantam.clock import stage
from tantam.errors import Fault

NEVER = -(1 << 62)
"""The margin of a pair that is not eligible."""


@dataclass(frozen=True)
class Allocation:
    """Who gets what, at what prices, and how good that surely is."""

    prices: NDArray[np.int64]
    """[cells, offers] on the fine grid: ``kernel.ONE`` steps to one unit of value."""
    multipliers: NDArray[np.float64]
    """[limits] value per unit of the limit at the margin, 0 or more."""
    changes: Changes
    """What repair changed of what the prices give."""
    edge: NDArray[np.int64]
    """[cells, offers] the greatest margin at which repair took a pair back; -1 where it took none."""
    group: NDArray[np.int32]
    most: int
    objective: int
    bound: float
    """No allocation within the limits is worth more."""
    gap: float
    """(bound - objective) / bound."""
    usage: NDArray[np.int64]
    """[limits] the left sides."""
    greedy_objective: int
    greedy_rows: int
    """How many rows greedy was tried on; where fewer than all, its objective is in proportion."""
    passes: int
    """How often the instance's blocks were read."""
    stages: dict[str, float]

    def of(self, block: Block) -> Decisions:
        """The decisions of any rows of the instance, in any order: the price table's, and what repair changed."""
        _fits(block, self.prices)
        return decide(self.prices, offers_of(self.group, self.most), self.changes, block)


def allocate(
    instance: Instance,
    *,
    progress: Callable[[str, float], None] | None = None,
    kept: Path | None = None,
) -> Allocation:
    """The offers each row gets: nearly the most value within every limit, with a bound that proves it.

    Never passes a limit, ``most`` or a group. The same rows in any order and blocks of any size give the same
    decisions. ``progress`` hears a stage and the share done. ``kept``: a folder for what is found on the way, from
    which a second try with the same instance goes on to the same decisions. Refuses ``floor_unreachable`` (a limit that
    cannot be kept, with what is missing), ``too_many_offers`` and ``value_too_large``. Cost and memory:
    docs/reference/benchmarks.md.
    """
    stages: dict[str, float] = {}
    rows = Counted(instance.rows)
    tell = progress or (lambda name, share: None)
    tell("prepare", 0.0)
    with stage(stages, "prepare"):
        problem = prepare(replace(instance, rows=rows), lambda share: tell("prepare", 0.05 * share))
        unreachable.check(problem)
        memory = Kept(problem, kept)
    with stage(stages, "samples"):
        start = memory.turn(
            -1, lambda: dual.from_samples(problem, lambda share: tell("prices", 0.05 + 0.15 * share))
        )
    tell("greedy", 0.2)
    with stage(stages, "greedy"):
        plain, greedy_rows = greedy(problem), problem.held.size
    problem = problem.let_go()
    with stage(stages, "prices"):
        first = dual.solve(
            problem, problem.bound, start, memory, lambda share: tell("prices", 0.3 + 0.5 * share)
        )
    tell("repair", 0.8)
    with stage(stages, "repair"):
        done = settle.settle(problem, first)
    tell("certificate", 0.95)
    with stage(stages, "certificate"):
        objective, left = certificate.read(problem, done.prices, done.changes)
        bound = min(certificate.upper_bound(problem, at) for at in _distinct(first, done.multipliers))
    tell("certificate", 1.0)
    return Allocation(
        prices=done.prices,
        multipliers=done.multipliers,
        changes=done.changes,
        edge=done.edge,
        group=instance.group,
        most=instance.most,
        objective=objective,
        bound=bound,
        gap=(bound - objective) / max(bound, 1.0),
        usage=left * problem.sign,
        greedy_objective=plain,
        greedy_rows=greedy_rows,
        passes=rows.passes,
        stages=stages,
    )


def _distinct(first: NDArray[np.float64], last: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    return [first] if first is last else [first, last]


def take(
    value: Any, cell: Any, key: Any, prices: NDArray[np.int64], group: Any, most: int
) -> NDArray[np.uint64]:
    """What a price table [cells, offers] gives any rows: masks [rows], before any repair.

    ``value`` [offers, rows], ``cell`` and ``key`` [rows] in any order; ``group`` [offers] and ``most`` as in
    the instance. For the solver's own rows and prices this is what repair started from.
    """
    block = _fits(
        Block(np.asarray(key, np.int64), np.asarray(cell, np.int32), np.asarray(value, np.int32)), prices
    )
    return choose(Held(block), offers_of(group, most), np.require(prices, np.int64, ["C", "W"]))


def margin(value: Any, cell: Any, key: Any, prices: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each pair's value less price on the fine grid [offers, rows], ties broken; else :data:`NEVER`."""
    block = _fits(
        Block(np.asarray(key, np.int64), np.asarray(cell, np.int32), np.asarray(value, np.int32)), prices
    )
    twist = offers_of(np.arange(prices.shape[1]), 1).twist
    rows = rows_of(block.value, block.cell, block.key)
    return np.asarray(kernel.margins(rows, twist, np.require(prices, np.int64, ["C", "W"]), NEVER))


def _fits(block: Block, prices: NDArray[np.int64]) -> Block:
    """Rows that the kernels, which check no bounds, can price; Fault ``bad_instance`` if they do not fit."""
    cells, offers = prices.shape
    inside = not block.cell.size or 0 <= int(block.cell.min()) <= int(block.cell.max()) < cells
    n = block.key.size
    if not inside or block.value.shape != (offers, n) or block.cell.shape != (n,):
        raise Fault("bad_instance", "The rows do not fit the price table.")
    return block


def dong(price: int) -> int:
    """A price of the fine grid in whole units of value: a value at or below it is not worth the price."""
    return price >> kernel.FINE_BITS
