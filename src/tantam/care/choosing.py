"""From prices to decisions, some subscribers at a time: what they are given, and what the held-out would have been."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tantam.care import allocate, holdout
from tantam.care.offers import Offers
from tantam.care.people import Part
from tantam.care.reasons import number

REASONS = ("price", "floor", "fill", "held_out_round", "held_out_offer")


class Chosen(NamedTuple):
    """Decisions as parallel arrays, sorted by cell, key and offer: row int64 (place in the part), key int64, cell
    int32, offer int8, given bool, repaired bool, reason int8 (place in :data:`REASONS`), value int32 đồng."""

    row: NDArray[np.int64]
    key: NDArray[np.int64]
    cell: NDArray[np.int32]
    offer: NDArray[np.int8]
    given: NDArray[np.bool_]
    repaired: NDArray[np.bool_]
    reason: NDArray[np.int8]
    value: NDArray[np.int32]


class _Pairs(NamedTuple):
    row: NDArray[np.int64]
    offer: NDArray[np.int8]
    repaired: NDArray[np.bool_]
    reason: NDArray[np.int8]


@dataclass(frozen=True)
class Round:
    """By what a round decides: its offers and lots, and the allocation."""

    offers: Offers
    salt: str
    allocation: allocate.Allocation

    def choose(self, part: Part) -> Chosen:
        """Decisions given and, by the same prices, those that would have been given but for a hold-out.

        A control of an offer is somebody held out of it who, his other hold-outs kept, would have been given it: so
        the lot for this offer is all that sets him apart from those who were. Where repair took pairs back, everybody
        in that cell at or under the same margin is marked as repaired on both sides, for the control knows no repair.
        """
        rows = np.flatnonzero(holdout.round_layer(part.key, self.offers, self.salt))
        lots = holdout.offer_layer(part.key[rows], self.offers, self.salt)
        kept = np.where(lots, np.int32(number("held_out_offer")), holdout.worth(part.value[:, rows]))
        pairs = [*self._given(part), *self._would(part, rows, kept, range(len(kept)), "held_out_round")]
        out = np.zeros(part.key.size, bool)
        out[rows] = True
        for j in range(len(part.value)):
            rows = np.flatnonzero((part.value[j] < holdout.HIDDEN) & ~out)
            lifted = part.value[:, rows]
            lifted[j] = holdout.worth(lifted[j])
            pairs += self._would(part, rows, lifted, range(j, j + 1), "held_out_offer")
        return _sorted(part, pairs)

    def _given(self, part: Part) -> list[_Pairs]:
        decisions = self.allocation.of(part.block)
        made = []
        for j in range(len(part.value)):
            rows = np.flatnonzero(_bit(decisions.chosen, j))
            moved, floor = _bit(decisions.moved[rows], j), _bit(decisions.floor[rows], j)
            near = self._near(part, rows, part.value[:, rows] if self._repaired(j) else None, j)
            reason = np.where(floor, 1, np.where(moved, 2, 0)).astype(np.int8)
            made.append(_Pairs(rows, np.full(rows.size, j, np.int8), moved | near, reason))
        return made

    def _would(
        self, part: Part, rows: NDArray[np.int64], value: NDArray[np.int32], of: range, reason: str
    ) -> list[_Pairs]:
        """Who of ``rows`` would have been given an offer of ``of``, were their worth ``value``."""
        if not rows.size:
            return []
        to = self.allocation
        bits = allocate.take(value, part.cell[rows], part.key[rows], to.prices, to.group, to.most)
        made = []
        for j in of:
            would = np.flatnonzero(_bit(bits, j))
            at = rows[would]
            near = self._near(part, at, value[:, would] if self._repaired(j) else None, j)
            code = np.full(at.size, REASONS.index(reason), np.int8)
            made.append(_Pairs(at, np.full(at.size, j, np.int8), near, code))
        return made

    def _repaired(self, j: int) -> bool:
        """Whether repair took back any pair of an offer."""
        return bool((self.allocation.edge[:, j] >= 0).any())

    def _near(
        self, part: Part, rows: NDArray[np.int64], value: NDArray[np.int32] | None, j: int
    ) -> NDArray[np.bool_]:
        """Whether each pair lies at or under the margin where repair worked in its cell."""
        if value is None:
            return np.zeros(rows.size, bool)
        cell, to = part.cell[rows], self.allocation
        margin = allocate.margin(value, cell, part.key[rows], to.prices)[j]
        return np.asarray(margin <= to.edge[cell, j])


def _bit(masks: NDArray[np.uint64], j: int) -> NDArray[np.bool_]:
    return (masks >> np.uint64(j) & np.uint64(1)).astype(bool)


def _sorted(part: Part, pairs: list[_Pairs]) -> Chosen:
    row, offer, repaired, reason = (np.concatenate(column) for column in zip(*pairs, strict=True))
    order = np.argsort(row * len(part.value) + offer, kind="stable")
    row, offer, reason = row[order], offer[order], reason[order]
    given = reason < REASONS.index("held_out_round")
    value = holdout.worth(part.value[offer.astype(np.int64), row])
    return Chosen(row, part.key[row], part.cell[row], offer, given, repaired[order], reason, value)
