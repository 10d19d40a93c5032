"""Relief and notices: settled first, from budgets of their own, by need and for everyone.

Relief goes to people whose hardship stands on a document or an authority's list, in order of the day they asked,
until its own budget ends. A notice goes to everyone in its place. Neither knows what anybody is worth, and neither
is ever held out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam import engines, money
from tantam.base.columns import BASES, DOCUMENTED
from tantam.care import worth
from tantam.care.limits import CELLS, CODES
from tantam.care.offers import Offer, Offers
from tantam.errors import Refused

LATEST = 2**31 - 1
"""The day of a request without a day: after every day."""


class Edge(NamedTuple):
    """Up to whom an offer of need reaches among those in its group: of relief, the last (day asked, key) that its
    budget grants; a notice reaches everyone."""

    everyone: bool
    asked_on: int = -1
    key: int = -1


@dataclass(frozen=True)
class Settled:
    """One offer of need: how many get it and how many still wait for want of money. Of relief also who, in the order
    given: key int64, cell int32, basis int8 (place in BASES, −1 none)."""

    offer: Offer
    edge: Edge
    persons: int
    waiting: int
    budget_dong: int
    key: NDArray[np.int64]
    cell: NDArray[np.int32]
    basis: NDArray[np.int8]

    @property
    def spend_dong(self) -> int:
        return self.offer.cost * self.persons


@dataclass(frozen=True)
class Need:
    """What is settled before value: ``subscribers`` int64 [CELLS], and each relief and notice in the file's order."""

    subscribers: NDArray[np.int64]
    settled: tuple[Settled, ...]

    @property
    def edges(self) -> tuple[Edge, ...]:
        return tuple(one.edge for one in self.settled)


def needs(offers: Offers) -> list[Offer]:
    """The relief and notices of a file, in its order."""
    return [o for o in offers.offers if o.kind != "commercial"]


def settle(frame: nw.LazyFrame[Any], offers: Offers, asked: worth.Asked) -> Need:
    """Settle every relief and notice of a file over a base, holding only those who might get relief.

    Refuses ``notice_budget_short`` when a notice's budget does not reach everyone in its place.
    """
    asking = needs(offers)
    members = {f"n{i}": worth.who(offer, asked) for i, offer in enumerate(asking)}
    subscribers, sizes = _counts(frame, members)
    relief = {name: who for (name, who), o in zip(members.items(), asking, strict=True) if o.kind == "relief"}
    candidates = _candidates(frame, relief) if relief else None
    made = []
    for name, offer in zip(members, asking, strict=True):
        budget = _budget(offer, int(subscribers.sum()))
        if offer.kind == "notice":
            made.append(_notice(offer, sizes[name], budget))
        else:
            assert candidates is not None
            made.append(_relief(offer, candidates.filter(candidates.column(name)), budget))
    return Need(subscribers, tuple(made))


def granted(
    edges: Sequence[Edge],
    members: NDArray[np.bool_],
    basis: NDArray[np.int8],
    asked_on: NDArray[np.int32],
    key: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Who of some people gets each offer of need: bool [offers, n], as ``members``."""
    got = members.copy()
    documented = np.isin(basis, _DOCUMENTED)
    for i, edge in enumerate(edges):
        if not edge.everyone:
            in_time = (asked_on < edge.asked_on) | ((asked_on == edge.asked_on) & (key <= edge.key))
            got[i] &= documented & in_time
    return got


def contacts(offers: Offers, granted: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many times each of some people is written to by relief and notices: int64 [n]."""
    written = np.array([o.contact for o in needs(offers)], bool)
    return np.asarray(granted[written].sum(axis=0, dtype=np.int64))


def asked_days(hardship_on: pa.ChunkedArray) -> NDArray[np.int32]:
    """Days of request as int32; no day on file comes after every day."""
    return np.asarray(hardship_on.fill_null(LATEST).to_numpy(), np.int32)


def coded(column: pa.ChunkedArray, words: Sequence[str]) -> NDArray[np.int8]:
    """Short words as their place in a fixed list, −1 where null or unknown; int8 [n]."""
    if not len(column):
        return np.empty(0, np.int8)
    place = {word: i for i, word in enumerate(words)}
    coded = column.combine_chunks().dictionary_encode()
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    codes = np.array([place.get(word, -1) for word in coded.dictionary.to_pylist()] + [-1], np.int8)
    return codes[coded.indices.fill_null(len(codes) - 1).to_numpy(zero_copy_only=False)]


def cells(table: pa.Table) -> NDArray[np.int32]:
    """The cell of each row by its ``province`` and ``low_income``: int32 [n]."""
    low = table.column("low_income").to_numpy().astype(np.int32)
    return 2 * coded(table.column("province"), CODES).astype(np.int32) + low


_DOCUMENTED = [BASES.index(basis) for basis in DOCUMENTED]


def _counts(
    frame: nw.LazyFrame[Any], members: dict[str, nw.Expr]
) -> tuple[NDArray[np.int64], dict[str, int]]:
    """Subscribers of each cell, and how many are in each group."""
    ones = [nw.when(who).then(nw.lit(1)).otherwise(nw.lit(0)).alias(name) for name, who in members.items()]
    rows = frame.select("province", "low_income", *ones)
    sums = rows.group_by("province", "low_income").agg(
        nw.len().alias("n"), *(nw.col(m).sum() for m in members)
    )
    table = engines.collect(sums)
    subscribers = np.zeros(CELLS, np.int64)
    np.add.at(subscribers, cells(table), table.column("n").to_numpy().astype(np.int64))
    return subscribers, {name: int(sum(table.column(name).to_pylist())) for name in members}


def _candidates(frame: nw.LazyFrame[Any], relief: dict[str, nw.Expr]) -> pa.Table:
    """Whoever might get any relief: documented, and in its group."""
    columns = [nw.col(name) for name in ("key", "province", "low_income", "hardship_basis", "hardship_on")]
    rows = frame.filter(nw.col("hardship_basis").is_in(list(DOCUMENTED))).select(
        *columns, *(who.alias(name) for name, who in relief.items())
    )
    return pa.table(engines.collect(rows.filter(nw.any_horizontal(*relief, ignore_nulls=True))))


def _budget(offer: Offer, subscribers: int) -> int:
    return (
        offer.budget.number if offer.budget is not None else (offer.budget_per_subscriber or 0) * subscribers
    )


def _notice(offer: Offer, persons: int, budget: int) -> Settled:
    needed = offer.cost * persons
    if needed > budget:
        what = (
            f"Notice {offer.name} reaches {money.digits(persons, 'en')} people for "
            f"{money.digits(needed, 'en')} đồng, and its budget is {money.digits(budget, 'en')}."
        )
        raise Refused(
            "notice_budget_short", what, "A notice leaves nobody out: raise its budget or narrow its place."
        )
    nobody = np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int8)
    return Settled(offer, Edge(everyone=True), persons, 0, budget, *nobody)


def _relief(offer: Offer, members: pa.Table, budget: int) -> Settled:
    """The earliest request first; the same day by key, so that no file order matters."""
    key = members.column("key").to_numpy()
    asked_on = asked_days(members.column("hardship_on"))
    order = np.lexsort((key, asked_on))
    affordable = budget // offer.cost if offer.cost else order.size
    given = order[:affordable]
    edge = Edge(False, int(asked_on[given[-1]]), int(key[given[-1]])) if given.size else Edge(False)
    basis = coded(members.column("hardship_basis"), BASES)[given]
    waiting = order.size - given.size
    return Settled(offer, edge, given.size, waiting, budget, key[given], cells(members)[given], basis)
