"""What is to be decided, and the same thing made ready for the solver.

Rows (subscribers) meet each other only through limits, and a limit knows a row only by its cell. So every
limit is linear in the table counts[cell, offer], and multipliers of the limits collapse to one price per cell
and offer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from tantam.care.allocate import kernel
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
    """One allocation: each row may get offers of value ``value[offer, row]``, within limits over all rows."""

    value: NDArray[np.int32]
    """[offers, rows] whole units; 0 or less means not eligible."""
    cell: NDArray[np.int32]
    """[rows] the row's place in the limits' tables."""
    key: NDArray[np.int64]
    """[rows] unique; ties are broken by a hash of it."""
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
    order: NDArray[np.intp] | None
    """Sorted row → the caller's row; None where the caller's rows were sorted."""
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

    def outwards(self, sorted_rows: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Masks of sorted rows, in the caller's order."""
        if self.order is None:
            return sorted_rows
        out = np.empty_like(sorted_rows)
        out[self.order] = sorted_rows
        return out


def prepare(instance: Instance) -> Problem:
    """Check an instance and make it ready.

    Refuses ``too_many_offers`` (more than 64) and ``value_too_large`` (a value past int32, or a limit whose
    sum could pass int64); a shape that does not fit is a Fault ``bad_instance``.
    """
    _check_shapes(instance)
    instance = _within_int32(instance)
    order = _order(instance)
    if order is not None:
        instance = replace(
            instance, value=instance.value[:, order], cell=instance.cell[order], key=instance.key[order]
        )
    cells = _cells(instance)
    sign = np.array([1 if limit.sense == "<=" else -1 for limit in instance.limits], np.int64)
    width = cells * len(instance.offers)
    table = np.array([limit.coefficient.ravel() for limit in instance.limits], np.int64).reshape(
        sign.size, width
    )
    return Problem(
        instance=instance,
        order=order,
        rows=rows_of(instance.value, instance.cell, instance.key),
        offers=offers_of(instance.group, instance.most),
        cells=cells,
        table=table * sign[:, None],
        bound=np.array([limit.bound for limit in instance.limits], np.int64) * sign,
        sign=sign,
    )


def _cells(instance: Instance) -> int:
    if instance.limits:
        return int(instance.limits[0].coefficient.shape[0])
    return int(instance.cell[-1]) + 1 if instance.cell.size else 1


def _check_shapes(instance: Instance) -> None:
    offers, rows = instance.value.shape
    fits = (
        all(a.shape == (rows,) for a in (instance.cell, instance.key))
        and all(len(a) == offers for a in (instance.cost, instance.group, instance.offers))
        and len({limit.coefficient.shape for limit in instance.limits}) <= 1
        and all(limit.coefficient.shape[1:] == (offers,) for limit in instance.limits)
        and instance.most >= 0
    )
    if fits and rows:
        inside = instance.limits[0].coefficient.shape[0] if instance.limits else int(instance.cell.max()) + 1
        fits = int(instance.cell.min()) >= 0 and int(instance.cell.max()) < inside
    if not fits:
        raise Fault("bad_instance", "The allocation's tables do not fit each other.")
    if offers > MOST_OFFERS:
        raise Refused(
            "too_many_offers",
            f"A round decides at most {MOST_OFFERS} commercial offers; this one has {offers}.",
            "Split it into two rounds.",
        )


def _within_int32(instance: Instance) -> Instance:
    """The instance with int32 values; its limits' sums fit int64."""
    largest = int(instance.value.max(initial=0))
    pairs = max(1, instance.key.size * len(instance.offers))
    for limit in instance.limits:
        steepest = max(abs(int(limit.coefficient.max(initial=0))), abs(int(limit.coefficient.min(initial=0))))
        if steepest * pairs >= MOST_SUM or abs(limit.bound) >= MOST_SUM:
            raise Refused(
                "value_too_large",
                f"The sums of “{limit.name}” may grow past what a 64-bit number holds.",
                "Count it in a larger unit.",
            )
    if largest > np.iinfo(np.int32).max:
        raise Refused(
            "value_too_large",
            f"An offer's value is {largest}; at most {np.iinfo(np.int32).max} fits the solver's grid.",
            "Count values in a larger unit (thousands of đồng, say).",
        )
    if instance.value.dtype == np.int32:
        return instance
    return replace(instance, value=np.maximum(instance.value, 0).astype(np.int32))


def _order(instance: Instance) -> NDArray[np.intp] | None:
    """The order by cell and key, so that arrival decides nothing; a key twice is a Fault ``key_twice``."""
    cell, key, order = instance.cell, instance.key, None
    if not _ascending(cell, key):
        order = np.lexsort((key, cell))
        if not _ascending(cell[order], key[order]):
            raise Fault("key_twice", "A subscriber stands in the allocation twice.")
    return order


def _ascending(cell: NDArray[np.int32], key: NDArray[np.int64]) -> bool:
    return bool(np.all((cell[1:] > cell[:-1]) | ((cell[1:] == cell[:-1]) & (key[1:] > key[:-1]))))
