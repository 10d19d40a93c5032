"""What a round's report counts, some subscribers at a time: whole numbers only, so that how they are added up
changes nothing, and no subscriber in them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from functools import partial
from typing import Any, Self

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

from tantam.base.columns import BASES
from tantam.care import holdout
from tantam.care.choosing import Chosen, Round
from tantam.care.limits import CELLS
from tantam.care.people import Part
from tantam.care.reasons import number
from tantam.care.relief import needs

Ints = NDArray[np.int64]
_CODES, _HIDDEN = -holdout.HIDDEN, holdout.HIDDEN
_BELOW_PRICE = -number("below_price")


@dataclass(frozen=True)
class Counts:
    """Of some subscribers. Groups are those of the segments, then low-income, others, and low-income by basis (as
    BASES, then none)."""

    subscribers: Ints
    """[CELLS]"""
    reached: Ints
    """[CELLS] who got anything commercial."""
    seats: Ints
    """[CELLS, offers] decisions given."""
    control: Ints
    """[offers] decisions that would have been given."""
    why: Ints
    """[offers, 100]: who could have the offer, held out or not, at 0; at i who could not for reason −i."""
    nothing: Ints
    """[CELLS, 100]: who got nothing commercial, by the reason that was nearest."""
    held_out: Ints
    """[1] of the whole round."""
    needs: Ints
    """[2] persons of relief and of notices, each once."""
    members: Ints
    """[groups]"""
    money: tuple[Counter[int], ...]
    """[groups] đồng got → how many of those reached got just so much."""

    def __add__(self, other: Self) -> Self:
        both = {f.name: (getattr(self, f.name), getattr(other, f.name)) for f in fields(self)}
        money = tuple(mine + theirs for mine, theirs in zip(*both.pop("money"), strict=True))
        return type(self)(**{name: mine + theirs for name, (mine, theirs) in both.items()}, money=money)


@dataclass(frozen=True)
class Figures:
    """One group: persons, reached, money, and the median money among the reached (int, None when there is none)."""

    subscribers: int
    reached: int
    spend_dong: int
    median_dong: int | None


def figures(counts: Counts, group: int) -> Figures:
    """The figures of one group; an even number's median lies between the two in the middle, rounded down."""
    money = sorted(counts.money[group].items())
    reached = sum(n for _, n in money)
    upto = np.cumsum([n for _, n in money])
    middle = [int(np.searchsorted(upto, rank, side="right")) for rank in ((reached - 1) // 2, reached // 2)]
    median = sum(money[m][0] for m in middle) // 2 if reached else None
    spent = sum(dong * n for dong, n in money)
    return Figures(int(counts.members[group]), reached, spent, median)


def choose_and_count(round_: Round, segments: int, part: Part) -> tuple[Chosen, Counts]:
    """The decisions of one block and their counts; ``segments`` is how many groups the mask holds."""
    chosen = round_.choose(part)
    return chosen, count(round_, segments, part, chosen)


def count(round_: Round, segments: int, part: Part, chosen: Chosen) -> Counts:
    """The counts of one block."""
    offers = round_.offers
    row, offer = chosen.row[chosen.given], chosen.offer[chosen.given].astype(np.int64)
    cost = np.array([o.cost for o in offers.commercial], np.int64)
    persons = np.zeros(part.key.size, bool)
    persons[row] = True
    money = np.zeros(part.key.size, np.int64)
    np.add.at(money, row, cost[offer])
    why, nearest = _why(part.value)
    whole = holdout.round_layer(part.key, offers, round_.salt)
    nearest[(nearest == -number("below_price")) & whole] = -number("held_out_round")
    kinds = [[o.kind == kind for o in needs(offers)] for kind in ("relief", "notice")]
    groups = _groups(part, segments)
    out = ~persons
    width = len(offers.commercial)
    return Counts(
        subscribers=_bins(part.cell, CELLS),
        reached=_bins(part.cell[persons], CELLS),
        seats=_bins(part.cell[row] * width + offer, CELLS * width).reshape(CELLS, width),
        control=_bins(chosen.offer[~chosen.given], width),
        why=why,
        nothing=_bins(part.cell[out] * _CODES + nearest[out], CELLS * _CODES).reshape(CELLS, _CODES),
        held_out=np.array([whole.sum()], np.int64),
        needs=np.array([part.granted[np.array(k, bool)].any(axis=0).sum() for k in kinds], np.int64),
        members=np.array([members.sum() for members in groups], np.int64),
        money=_money(groups, persons, money),
    )


def _groups(part: Part, segments: int) -> list[NDArray[np.bool_]]:
    """Members of each group of :class:`Counts`: bool [n]."""
    low = (part.cell & 1).astype(bool)
    by_basis = [low & (part.basis == basis) for basis in (*range(len(BASES)), -1)]
    return [*((part.groups >> i & 1).astype(bool) for i in range(segments)), low, ~low, *by_basis]


def _money(
    groups: list[NDArray[np.bool_]], persons: NDArray[np.bool_], money: Ints
) -> tuple[Counter[int], ...]:
    """Money got by those reached in each group."""
    got = np.flatnonzero(persons)
    sums, place = np.unique(money[got], return_inverse=True)
    bins = partial(np.bincount, minlength=sums.size)
    counted = [bins(place[members[got]]) for members in groups]
    return tuple(Counter({int(sums[i]): int(n[i]) for i in np.flatnonzero(n)}) for n in counted)


def _bins(places: NDArray[Any], size: int) -> Ints:
    return np.bincount(places, minlength=size).astype(np.int64)


@numba.njit(types.Tuple((types.int64[:, ::1], types.int64[::1]))(types.int32[:, ::1]), cache=True, nogil=True)
def _why(value: Any) -> Any:
    """``why`` of :class:`Counts`, and of each row the nearest reason, turned over: that of whoever could have
    something is ``below_price``."""
    offers, n = value.shape
    why = np.zeros((offers, _CODES), np.int64)
    nearest = np.zeros(n, np.int64)
    could = np.zeros(n, np.bool_)
    for j in range(offers):
        row = value[j]
        for i in range(n):
            v = row[i]
            if v > 0 or v < _HIDDEN:
                why[j, 0] += 1
                could[i] = True
            else:
                why[j, -v] += 1
                nearest[i] = max(nearest[i], -v)
    for i in range(n):
        if could[i]:
            nearest[i] = _BELOW_PRICE
    return why, nearest
