"""What is to be decided, and the same thing made ready for the solver.

Rows (subscribers) meet each other only through limits, and a limit knows a row only by its cell. So every
limit is linear in the table counts[cell, offer], and multipliers of the limits collapse to one price per cell
and offer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from tantam.care.allocate import kernel
from tantam.care.allocate.blocks import Block, Blocks, in_order
from tantam.care.allocate.rows import Everyone, Held, Offers, Source, offers_of, rows_of
from tantam.errors import Fault, Refused

MOST_OFFERS = 1 << kernel.OFFER_BITS
MOST_SUM = 2**62
HELD = 2_560_000
"""Rows held in memory: all where there are no more, else a sample of them by a hash of the key."""
FEW = 200_000
"""Rows up to which every step looks at all of them; of more, only at those near the threshold."""


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


class Survey(NamedTuple):
    """What is known of all rows beside their values."""

    people: NDArray[np.int64]
    """[cells] rows."""
    eligible: NDArray[np.int64]
    """[cells, offers] eligible rows."""
    total: NDArray[np.int64]
    """[cells, offers] the sum of their values."""
    largest: int


@dataclass(frozen=True)
class Problem:
    """An instance made ready: its rows surveyed, every limit turned to ``<=``."""

    instance: Instance
    held: Held
    """All rows, or a sample of them; sorted by cell and key."""
    everyone: Source
    """All rows, to be read in passes."""
    offers: Offers
    survey: Survey
    table: NDArray[np.int64]
    """[limits, cells * offers] coefficients of the turned limits."""
    bound: NDArray[np.int64]
    """[limits] of the turned limits."""
    sign: NDArray[np.int64]
    """[limits] 1, or -1 where ``>=`` was turned."""

    @property
    def size(self) -> int:
        """How many rows."""
        return self.instance.rows.rows

    def let_go(self) -> Problem:
        """The same without a sample that is done with."""
        if self.all_held:
            return self
        nobody = np.zeros(0, np.intp)
        return replace(self, held=Held(self.held.block.only(nobody)))

    @property
    def cells(self) -> int:
        return int(self.survey.people.size)

    @property
    def few(self) -> bool:
        """Whether every step looks at every row."""
        return self.all_held and self.size <= FEW

    @property
    def all_held(self) -> bool:
        """Whether every row is held in memory."""
        return self.held.size == self.size

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
    def mean(self) -> NDArray[np.float64]:
        """[cells, offers] the mean value of eligible rows."""
        return np.asarray(self.survey.total / np.maximum(self.survey.eligible, 1))

    @cached_property
    def typical(self) -> float:
        """The mean of the means; 0 where nobody is eligible."""
        some = self.survey.eligible > 0
        return float(self.mean[some].mean()) if some.any() else 0.0

    def usage(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """The left sides of the turned limits for counts [cells, offers]."""
        return np.asarray(self.by_limit @ counts.ravel(), np.int64)

    def prices(self, multipliers: NDArray[np.float64]) -> NDArray[np.int64]:
        """The price table [cells, offers] on the fine grid that multipliers [limits] mean."""
        exact = (self.priced_by @ multipliers) * kernel.ONE
        clipped = np.clip(exact, -kernel.MOST_PRICE, kernel.MOST_PRICE)
        return np.rint(clipped).astype(np.int64).reshape(self.cells, len(self.instance.offers))


def prepare(instance: Instance, told: Callable[[float], None] = lambda share: None) -> Problem:
    """Check an instance and make it ready, in one pass; ``told`` hears the share done.

    Refuses ``too_many_offers`` (more than 64) and ``value_too_large`` (a limit whose sum could pass int64); a shape
    that does not fit is a Fault ``bad_instance``.
    """
    _check(instance)
    share = min(1.0, HELD / max(1, instance.rows.rows))
    parts, surveys, done = [], [], 0
    for part, survey in instance.rows.map(partial(_survey, len(instance.offers), round(share * 2**32))):
        parts.append(part)
        surveys.append(survey)
        done += int(survey.people.sum())
        told(done / max(1, instance.rows.rows))
    seen = instance.limits[0].coefficient.shape[0] if instance.limits else 0
    cells = seen or max(survey.people.size for survey in surveys)
    if done != instance.rows.rows or max(survey.people.size for survey in surveys) > max(cells, 1):
        raise _misfit()
    sign = np.array([1 if limit.sense == "<=" else -1 for limit in instance.limits], np.int64)
    width = cells * len(instance.offers)
    table = np.array([limit.coefficient.ravel() for limit in instance.limits], np.int64).reshape(
        sign.size, width
    )
    held = Held(in_order(parts))
    return Problem(
        instance=instance,
        held=held,
        everyone=held if held.size == instance.rows.rows else Everyone(instance.rows),
        offers=offers_of(instance.group, instance.most),
        survey=_merged(surveys, cells, len(instance.offers)),
        table=table * sign[:, None],
        bound=np.array([limit.bound for limit in instance.limits], np.int64) * sign,
        sign=sign,
    )


def _survey(offers: int, below: int, block: Block) -> tuple[Block, Survey]:
    """The rows of a block whose hash lies ``below``, and what there is in all of it."""
    n = block.key.size
    fits = block.cell.shape == (n,) and block.value.shape == (offers, n) and block.value.dtype == np.int32
    if not fits or int(block.cell.min(initial=0)) < 0:
        raise _misfit()
    rows = rows_of(block.value, block.cell, block.key)
    cells = int(block.cell.max(initial=0)) + 1
    people = np.bincount(block.cell, minlength=cells).astype(np.int64)
    survey = Survey(people, *kernel.survey(rows, cells))
    return block if below >= 2**32 else block.only(np.flatnonzero(rows.hash < below)), survey


def _merged(parts: list[Survey], cells: int, offers: int) -> Survey:
    people, count = np.zeros(cells, np.int64), np.zeros((cells, offers), np.int64)
    total = np.zeros_like(count)
    for part in parts:
        people[: part.people.size] += part.people
        count[: part.people.size] += part.eligible
        total[: part.people.size] += part.total
    return Survey(people, count, total, max(int(part.largest) for part in parts))


def _misfit() -> Fault:
    return Fault("bad_instance", "The allocation's tables do not fit each other.")


def _check(instance: Instance) -> None:
    offers = instance.rows.offers
    fits = (
        all(len(a) == offers for a in (instance.cost, instance.group, instance.offers))
        and len({limit.coefficient.shape for limit in instance.limits}) <= 1
        and all(limit.coefficient.shape[1:] == (offers,) for limit in instance.limits)
        and instance.most >= 0
    )
    if not fits:
        raise _misfit()
    if offers > MOST_OFFERS:
        raise Refused(
            "too_many_offers",
            f"A round decides at most {MOST_OFFERS} commercial offers; this one has {offers}.",
            "Split it into two rounds.",
        )
    pairs = max(1, instance.rows.rows * offers)
    for limit in instance.limits:
        steepest = max(abs(int(limit.coefficient.max(initial=0))), abs(int(limit.coefficient.min(initial=0))))
        if steepest * pairs >= MOST_SUM or abs(limit.bound) >= MOST_SUM:
            raise Refused(
                "value_too_large",
                f"The sums of “{limit.name}” may grow past what a 64-bit number holds.",
                "Count it in a larger unit.",
            )
