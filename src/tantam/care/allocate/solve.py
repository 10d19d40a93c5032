"""The allocation, from an instance to decisions with a certificate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate import certificate, dual, kernel, repair, swap, unreachable
from tantam.care.allocate.blocks import Block, resident
from tantam.care.allocate.exact import exact
from tantam.care.allocate.greedy import greedy
from tantam.care.allocate.problem import Instance, Limit, Problem, Rows, offers_of, prepare, rows_of
from tantam.clock import stage
from tantam.errors import Fault

MARGINS = (0.0, 1e-3, 1e-2)
"""Where repair fails at the true limits, prices are found again for limits tighter by these shares."""
NEVER = -(1 << 62)
"""The margin of a pair that is not eligible."""


class Changes(NamedTuple):
    """The rows whose decisions are not what the price table gives, sorted by key. Masks hold bit j for offer j."""

    key: NDArray[np.int64]
    chosen: NDArray[np.uint64]
    table: NDArray[np.uint64]
    """What the price table gave."""
    floor: NDArray[np.uint64]
    """Of the chosen, those given to lift a floor."""


class Decisions(NamedTuple):
    """Who of some rows gets what. Masks [rows] hold bit j for offer j."""

    chosen: NDArray[np.uint64]
    moved: NDArray[np.uint64]
    """Given by repair and not by the price table."""
    floor: NDArray[np.uint64]
    """Of the moved, those given to lift a floor."""
    dropped: NDArray[np.uint64]
    """Given by the price table and taken away by repair."""


@dataclass(frozen=True)
class Allocation:
    """Who gets what, at what prices, and how good that surely is."""

    prices: NDArray[np.int64]
    """[cells, offers] on the fine grid: ``kernel.ONE`` steps to one unit of value."""
    multipliers: NDArray[np.float64]
    """[limits] value per unit of the limit at the margin, 0 or more."""
    changes: Changes
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
    """On how many rows greedy was tried: above some millions on a sample, its worth then in proportion."""
    passes: int
    """How often all rows were read."""
    stages: dict[str, float]

    def of(self, block: Block) -> Decisions:
        """The decisions of any rows of the instance, in any order: the price table's, and what repair changed."""
        table = take(block.value, block.cell, block.key, self.prices, self.group, self.most)
        chosen, floor = table.copy(), np.zeros_like(table)
        if self.changes.key.size:
            at = np.searchsorted(self.changes.key, block.key).clip(max=self.changes.key.size - 1)
            mine = np.flatnonzero(self.changes.key[at] == block.key)
            chosen[mine], floor[mine] = self.changes.chosen[at[mine]], self.changes.floor[at[mine]]
        return Decisions(chosen, chosen & ~table, floor & ~table, table & ~chosen)


@dataclass(frozen=True)
class _Attempt:
    """Decisions at some multipliers: what the price table gave, and what repair made of it."""

    multipliers: NDArray[np.float64]
    prices: NDArray[np.int64]
    table: NDArray[np.uint64]
    chosen: NDArray[np.uint64]
    floor: NDArray[np.uint64]
    slack: NDArray[np.int64]

    @property
    def kept(self) -> bool:
        return not (self.slack < 0).any()


def allocate(
    instance: Instance, *, progress: Callable[[str, float], None] | None = None, kept: Path | None = None
) -> Allocation:
    """The offers each row gets: nearly the most value within every limit, with a bound that proves it.

    Never passes a limit, ``most`` or a group. The same rows in any order give the same decisions.
    About one second and 90 bytes a row for a million rows and twenty offers. ``progress`` hears a stage and
    the share done. Refuses ``floor_unreachable`` (a limit that cannot be kept, with what is missing),
    ``too_many_offers`` and ``value_too_large``.
    """
    stages: dict[str, float] = {}
    tell = progress or (lambda name, share: None)
    tell("prepare", 0.0)
    with stage(stages, "prepare"):
        problem = prepare(instance)
        unreachable.check(problem)
    with stage(stages, "prices"):
        first = dual.solve(problem, problem.bound, None, lambda share: tell("prices", 0.05 + 0.65 * share))
    tell("repair", 0.7)
    with stage(stages, "repair"):
        done = _settle(problem, first)
    tell("greedy", 0.85)
    with stage(stages, "greedy"):
        plain = greedy(problem)
    tell("certificate", 0.95)
    with stage(stages, "certificate"):
        objective, left = certificate.read(problem, done.chosen)
        bound = min(certificate.upper_bound(problem, at) for at in _distinct(first, done.multipliers))
    tell("certificate", 1.0)
    touched = np.flatnonzero((done.chosen != done.table) | (done.floor != 0))
    touched = touched[np.argsort(problem.all.key[touched])]
    changes = Changes(problem.all.key[touched], *(m[touched] for m in (done.chosen, done.table, done.floor)))
    return Allocation(
        prices=done.prices,
        multipliers=done.multipliers,
        changes=changes,
        edge=_edge(problem, done),
        group=instance.group,
        most=instance.most,
        objective=objective,
        bound=bound,
        gap=(bound - objective) / max(bound, 1.0),
        usage=left * problem.sign,
        greedy_objective=plain,
        greedy_rows=problem.size,
        passes=0,
        stages=stages,
    )


def _edge(problem: Problem, done: _Attempt) -> NDArray[np.int64]:
    edge: NDArray[np.int64] = np.full_like(done.prices, -1)
    dropped = done.table & ~done.chosen
    rows = np.flatnonzero(dropped)
    every = problem.all
    worth = margin(every.value[:, rows], every.cell[rows], every.key[rows], done.prices)
    for j in range(edge.shape[1]):
        mine = (dropped[rows] >> np.uint64(j) & np.uint64(1)).astype(bool)
        np.maximum.at(edge[:, j], every.cell[rows[mine]], worth[j, mine])
    return edge


def take(
    value: Any, cell: Any, key: Any, prices: NDArray[np.int64], group: Any, most: int
) -> NDArray[np.uint64]:
    """What a price table [cells, offers] gives any rows: masks [rows], before any repair.

    ``value`` [offers, rows], ``cell`` and ``key`` [rows] in any order; ``group`` [offers] and ``most`` as in
    the instance. For the solver's own rows and prices this is what repair started from.
    """
    rows, table = _rows(value, cell, key, prices)
    chosen = np.zeros(rows.hash.size, np.uint64)
    kernel.tally(rows, offers_of(group, most), rows.run_end, table, -1, chosen)
    return chosen


def margin(value: Any, cell: Any, key: Any, prices: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each pair's value less price on the fine grid [offers, rows], ties broken; else :data:`NEVER`."""
    rows, table = _rows(value, cell, key, prices)
    twist = offers_of(np.arange(len(value)), 1).twist
    return np.asarray(kernel.margins(rows, twist, table, NEVER))


def _rows(value: Any, cell: Any, key: Any, prices: NDArray[np.int64]) -> tuple[Rows, NDArray[np.int64]]:
    """Rows and price table for the kernels, which check no bounds; Fault ``bad_instance`` if they do not
    fit.
    """
    rows = rows_of(value, cell, key)
    cells, offers = prices.shape
    inside = not rows.run_cell.size or 0 <= int(rows.run_cell.min()) <= int(rows.run_cell.max()) < cells
    if not inside or rows.value.shape != (offers, len(key)) or len(cell) != len(key):
        raise Fault("bad_instance", "The rows do not fit the price table.")
    return rows, np.require(prices, np.int64, ["C", "W"])


def dong(price: int) -> int:
    """A price of the fine grid in whole units of value: a value at or below it is not worth the price."""
    return price >> kernel.FINE_BITS


def warm() -> None:
    """Compile every kernel now, on two tiny instances, so that nobody's first run waits for the compiler."""
    value = np.array([[5, 4, 3, 2], [4, 9, 1, 0]], np.int32)
    cell, key = np.array([0, 0, 1, 1], np.int32), np.arange(4, dtype=np.int64)
    one = np.ones((2, 2), np.int64)
    limits = (Limit("cap", "<=", 2, one), Limit("floor", ">=", 1, np.diag([0, 1])))
    costs, groups = np.array([3, 2], np.int64), np.arange(2, dtype=np.int32)
    asked = Instance(resident(value, cell, key), costs, groups, 1, limits, ("a", "b"))
    allocation, problem = allocate(asked), prepare(asked)
    margin(value, cell, key, allocation.prices)
    board = repair.board_of(problem, allocation.prices, np.zeros(problem.size, np.uint64))
    swap.swap(problem, board, np.ones(problem.bound.size))


def _settle(problem: Problem, first: NDArray[np.float64]) -> _Attempt:
    """Decisions that keep every limit, from these multipliers, those of tighter limits, or a refusal."""
    attempts = [_attempt(problem, first)]
    if not attempts[0].kept:
        unreachable.prove(problem, attempts[0].slack)
    for share in MARGINS[1:]:
        if attempts[-1].kept:
            return attempts[-1]
        reach = np.maximum(np.abs(problem.bound), np.abs(problem.bound - attempts[0].slack))
        tighter = problem.bound - np.ceil(share * reach).astype(np.int64)
        attempts.append(_attempt(problem, dual.solve(problem, tighter, first, lambda _share: None)))
    if attempts[-1].kept:
        return attempts[-1]
    chosen = exact(problem)
    if chosen is None:
        raise unreachable.give_up(
            problem, max((a.slack for a in attempts), key=lambda slack: float(slack.min()))
        )
    nothing = np.zeros(problem.size, np.uint64)
    return _Attempt(
        first, attempts[0].prices, attempts[0].table, chosen, nothing, np.zeros_like(problem.bound)
    )


def _attempt(problem: Problem, multipliers: NDArray[np.float64]) -> _Attempt:
    prices = problem.prices(multipliers)
    table = np.zeros(problem.size, np.uint64)
    kernel.tally(problem.rows, problem.offers, problem.rows.run_end, prices, -1, table)
    board = repair.board_of(problem, prices, table.copy())
    if repair.mend(problem, board, multipliers):
        repair.fill(problem, board, prices)
        if swap.swap(problem, board, multipliers):
            repair.fill(problem, board, prices, (np.inf,))
    return _Attempt(multipliers, prices, table, board.chosen, board.floor, board.slack)


def _distinct(first: NDArray[np.float64], last: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    return [first] if first is last else [first, last]
