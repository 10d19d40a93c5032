"""What is to be decided, and the same thing made ready for the solver.

Rows (subscribers) meet each other only through limits, and a limit knows a row only by its cell. So every
limit is linear in the table counts[cell, offer], and multipliers of the limits collapse to one price per cell
and offer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from tantam.care.allocate import kernel
from tantam.care.allocate.blocks import Block, Blocks, resident
from tantam.errors import Fault, Refused

MOST_OFFERS = 1 << kernel.OFFER_BITS
MOST_SUM = 2**62


@dataclass(frozen=True)
class Limit:
    """One linear row over counts[cell, offer]: ``sum(coefficient * counts) sense bound``."""

    name: str
    sense: Literal["<=", ">="]
    bound: int
    coefficient: NDArray[np.int64]
    """[cells, offers]: what one decision of that offer in that cell adds."""


@dataclass(frozen=True)
class Instance:
    """One allocation: each row may get offers of some value to it, within limits over all rows."""

    rows: Blocks
    """Keys, which are unique; places in the limits' tables; values in whole units."""
    cost: NDArray[np.int64]
    """[offers] whole đồng; ranks offers in the greedy comparison."""
    group: NDArray[np.int32]
    """[offers] at most one offer of a group for a row; an offer alone has a number of its own."""
    most: int
    """At most this many offers for a row."""
    limits: tuple[Limit, ...]
    offers: tuple[str, ...]


class Rows(NamedTuple):
    """The rows as the compiled code takes them; runs of one cell stand together."""

    value: NDArray[np.int32]
    hash: NDArray[np.uint32]
    run_cell: NDArray[np.int64]
    run_start: NDArray[np.int64]
    run_end: NDArray[np.int64]


class Offers(NamedTuple):
    """The offers as the compiled code takes them: sorted by exclusive group."""

    order: NDArray[np.int64]
    group_start: NDArray[np.int64]
    conflict: NDArray[np.uint64]
    """[offers] the offers that cannot stand beside this one, itself included, as bits."""
    twist: NDArray[np.uint32]
    """[offers] the multiplier of the tie-break."""
    most: int


def rows_of(value: Any, cell: Any, key: Any) -> Rows:
    """Any rows, in any order, for the kernels."""
    cells = np.asarray(cell, np.int64)
    first = np.flatnonzero(np.diff(cells, prepend=cells[:1] - 1))
    return Rows(
        value=np.require(value, np.int32, ["C", "W"]),
        hash=kernel.hashes(np.require(key, np.int64, ["C", "W"])),
        run_cell=cells[first],
        run_start=first.astype(np.int64),
        run_end=np.append(first[1:], cells.size).astype(np.int64)[: first.size],
    )


def offers_of(group: Any, most: int) -> Offers:
    """The exclusive groups ``group`` [offers] and the number ``most`` for the kernels."""
    groups = np.asarray(group, np.int64)
    order = np.argsort(groups, kind="stable").astype(np.int64)
    first = np.flatnonzero(np.diff(groups[order], prepend=groups[order][:1] - 1))
    bits = np.left_shift(np.uint64(1), np.arange(groups.size, dtype=np.uint64))
    same = groups[:, None] == groups[None, :]
    conflict = np.bitwise_or.reduce(np.where(same, bits[None, :], np.uint64(0)), axis=1, initial=np.uint64(0))
    return Offers(
        order=order,
        group_start=np.append(first, groups.size).astype(np.int64),
        conflict=conflict.astype(np.uint64),
        twist=(kernel.hashes(np.arange(groups.size, dtype=np.int64)) | np.uint32(1)).astype(np.uint32),
        most=max(0, min(int(most), first.size)),
    )


@dataclass(frozen=True)
class Problem:
    """An instance made ready: rows sorted by cell and key, every limit turned to ``<=``."""

    instance: Instance
    all: Block
    rows: Rows
    offers: Offers
    cells: int
    table: NDArray[np.int64]
    """[limits, cells * offers] coefficients of the turned limits."""
    bound: NDArray[np.int64]
    """[limits] of the turned limits."""
    sign: NDArray[np.int64]
    """[limits] 1, or -1 where ``>=`` was turned."""

    @property
    def size(self) -> int:
        """How many rows."""
        return int(self.rows.hash.size)

    @cached_property
    def by_limit(self) -> csr_array[Any]:
        """The table, whole numbers, to sum a limit's use."""
        return csr_array(self.table)

    @cached_property
    def by_column(self) -> csc_array[Any]:
        """The table, whole numbers, to see which limits one decision touches."""
        return csc_array(self.table)

    @cached_property
    def priced_by(self) -> csr_array[Any]:
        """The table turned over, float64, to price a decision."""
        return csr_array(self.table.T.astype(np.float64))

    @cached_property
    def survey(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """How many rows are eligible, and their mean value: both [cells, offers]."""
        count, total = kernel.survey(self.rows, self.cells)
        return count, total / np.maximum(count, 1)

    def usage(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """The left sides of the turned limits for counts [cells, offers]."""
        return np.asarray(self.by_limit @ counts.ravel(), np.int64)

    def prices(self, multipliers: NDArray[np.float64]) -> NDArray[np.int64]:
        """The price table [cells, offers] on the fine grid that multipliers [limits] mean."""
        exact = (self.priced_by @ multipliers) * kernel.ONE
        clipped = np.clip(exact, -kernel.MOST_PRICE, kernel.MOST_PRICE)
        return np.rint(clipped).astype(np.int64).reshape(self.cells, len(self.instance.offers))


def prepare(instance: Instance) -> Problem:
    """Check an instance and make it ready.

    Refuses ``too_many_offers`` (more than 64) and ``value_too_large`` (a value past int32, or a limit whose
    sum could pass int64); a shape that does not fit is a Fault ``bad_instance``.
    """
    parts = list(instance.rows.map(_same))
    every = resident(
        np.concatenate([part.value for part in parts], axis=1),
        np.concatenate([part.cell for part in parts]),
        np.concatenate([part.key for part in parts]),
    ).all
    _check(instance, every)
    cells = _cells(instance, every)
    sign = np.array([1 if limit.sense == "<=" else -1 for limit in instance.limits], np.int64)
    width = cells * len(instance.offers)
    table = np.array([limit.coefficient.ravel() for limit in instance.limits], np.int64).reshape(
        sign.size, width
    )
    return Problem(
        instance=instance,
        all=every,
        rows=rows_of(every.value, every.cell, every.key),
        offers=offers_of(instance.group, instance.most),
        cells=cells,
        table=table * sign[:, None],
        bound=np.array([limit.bound for limit in instance.limits], np.int64) * sign,
        sign=sign,
    )


def _same(block: Block) -> Block:
    return block


def _cells(instance: Instance, every: Block) -> int:
    if instance.limits:
        return int(instance.limits[0].coefficient.shape[0])
    return int(every.cell[-1]) + 1 if every.cell.size else 1


def _check(instance: Instance, every: Block) -> None:
    offers, rows = every.value.shape
    fits = (
        all(len(a) == offers for a in (instance.cost, instance.group, instance.offers))
        and len({limit.coefficient.shape for limit in instance.limits}) <= 1
        and all(limit.coefficient.shape[1:] == (offers,) for limit in instance.limits)
        and instance.most >= 0
    )
    if fits and rows:
        fits = int(every.cell.min()) >= 0 and int(every.cell.max()) < _cells(instance, every)
    if not fits:
        raise Fault("bad_instance", "The allocation's tables do not fit each other.")
    if offers > MOST_OFFERS:
        raise Refused(
            "too_many_offers",
            f"A round decides at most {MOST_OFFERS} commercial offers; this one has {offers}.",
            "Split it into two rounds.",
        )
    pairs = max(1, rows * offers)
    for limit in instance.limits:
        steepest = max(abs(int(limit.coefficient.max(initial=0))), abs(int(limit.coefficient.min(initial=0))))
        if steepest * pairs >= MOST_SUM or abs(limit.bound) >= MOST_SUM:
            raise Refused(
                "value_too_large",
                f"The sums of “{limit.name}” may grow past what a 64-bit number holds.",
                "Count it in a larger unit.",
            )
