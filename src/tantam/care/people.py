"""The subscribers of a round as arrays: some rows of the base at a time, in cells, ready for the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.base.columns import BASES
from tantam.care import allocate, holdout, relief, worth
from tantam.care.learned import Scores
from tantam.care.limits import CODES
from tantam.care.offers import Offers
from tantam.care.reasons import number
from tantam.segments import cube
from tantam.segments.shipped import Segment


class Part(NamedTuple):
    """``n`` subscribers sorted by cell and key, with what is settled before value.

    key int64; cell int32 (:data:`tantam.care.limits.CELLS`); value int32 [commercial offers, n], the table of worth
    with what is held out hidden (:mod:`tantam.care.holdout`); basis int8 (place in BASES, −1 none); groups int64 mask
    of the segments; granted bool [relief and notices, n].
    """

    key: NDArray[np.int64]
    cell: NDArray[np.int32]
    value: NDArray[np.int32]
    basis: NDArray[np.int8]
    groups: NDArray[np.int64]
    granted: NDArray[np.bool_]

    @property
    def block(self) -> allocate.Block:
        """What the solver sees of them."""
        return allocate.Block(self.key, self.cell, self.value)


@dataclass(frozen=True)
class Plan:
    """What is asked of every subscriber before anything is decided; ``edges`` as of :class:`relief.Need`."""

    offers: Offers
    asked: worth.Asked
    segments: tuple[Segment, ...]
    salt: str
    most: int
    edges: tuple[relief.Edge, ...]


def frame(base: nw.LazyFrame[Any], plan: Plan) -> nw.LazyFrame[Any]:
    """What a round needs of everybody, in one pass over a base or a stretch of it."""
    needs = relief.needs(plan.offers)
    on, thresholds = plan.asked.on, plan.asked.thresholds
    groups = cube.mask(plan.segments, on, thresholds) if plan.segments else nw.lit(0)
    return worth.table(
        base,
        plan.offers,
        plan.asked,
        *(nw.col(name) for name in worth.WHO),
        *(worth.who(offer, plan.asked).alias(f"n{i}") for i, offer in enumerate(needs)),
        groups.alias("groups"),
    )


def part(table: pa.Table, plan: Plan, scores: Scores | None) -> Part:
    """The rows of :func:`frame` as arrays, relief, contacts and lots settled. ``scores`` of learned worth, if any is
    asked."""
    key, cell = _array(table, "key", np.int64), relief.cells(table)
    value = np.empty((len(plan.offers.commercial), key.size), np.int32)
    order = _order(cell, key)
    for j in range(len(value)):
        np.take(_array(table, f"w{j}", np.int32), order, out=value[j])
    if scores is not None:
        _learn(value, scores, plan.offers, key, cell, order)
    key, cell = key[order], cell[order]
    basis = relief.coded(table.column("hardship_basis"), BASES)[order]
    asked_on = relief.asked_days(table.column("hardship_on"))[order]
    needs = relief.needs(plan.offers)
    members = np.empty((len(needs), key.size), bool)
    for i in range(len(needs)):
        members[i] = _array(table, f"n{i}", np.bool_)[order]
    granted = relief.granted(plan.edges, members, basis, asked_on, key)
    full = relief.contacts(plan.offers, granted) + plan.most > plan.offers.most_contacts
    holdout.settle(value, key, full, plan.offers, plan.salt)
    return Part(key, cell, value, basis, _array(table, "groups", np.int64)[order], granted)


def _order(cell: NDArray[np.int32], key: NDArray[np.int64]) -> NDArray[np.intp]:
    """By cell and key. A base is sorted by province and key, so that its cells need only be parted."""
    province = cell >> 1
    ahead = province[1:] > province[:-1]
    if bool(np.all(ahead | ((province[1:] == province[:-1]) & (key[1:] > key[:-1])))):
        return np.argsort(cell.astype(np.int16), kind="stable")
    return np.lexsort((key, cell))


def _learn(
    value: NDArray[np.int32],
    scores: Scores,
    offers: Offers,
    key: NDArray[np.int64],
    cell: NDArray[np.int32],
    order: NDArray[np.intp],
) -> None:
    """Put the learned worth where an eligible pair stands in ``value`` (already in ``order``)."""
    names = worth.learned(offers)
    places = [j for j, offer in enumerate(offers.commercial) if offer.learned]
    found = np.empty((len(places), key.size), np.int32)
    for province in np.unique(cell >> 1):
        mine = np.flatnonzero(cell >> 1 == province)
        found[:, mine] = scores.of(names, key[mine], CODES[province])
    for j, learned in zip(places, found[:, order], strict=True):
        worth_of = np.where(learned > 0, learned, np.int32(number("no_value")))
        value[j] = np.where(value[j] > 0, worth_of, value[j])


def _array(table: pa.Table, name: str, kind: type[Any]) -> Any:
    return table.column(name).to_numpy().astype(kind, copy=False)
