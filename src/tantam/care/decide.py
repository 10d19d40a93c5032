"""One round of care: who gets what within what we can afford, and who is left out so that we learn from it.

The order is a promise: relief and notices first, by need; then consent, contact and caps; then the hold-outs by lot;
only then value. Would-have-been decisions of the held-out come from the same price table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tantam import engines
from tantam.base.home import Home
from tantam.base.store import Base, open_base
from tantam.care import allocate, holdout, limits, people, relief, worth
from tantam.care.offers import Offer, Offers
from tantam.care.reasons import number
from tantam.clock import stage
from tantam.errors import Refused
from tantam.segments.shipped import Segment, shipped

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Terms:
    """What a manager asks of a round: money in whole đồng, floors, at most ``most`` offers a subscriber."""

    offers: Offers
    budget: int
    floors: tuple[limits.Floor, ...]
    most: int
    on: int
    salt: str


@dataclass(frozen=True)
class Chosen:
    """Decisions as parallel arrays, sorted by row and offer: row int64, offer int8, given bool, repaired bool, reason
    (place in :data:`REASONS`) int8."""

    row: NDArray[np.int64]
    offer: NDArray[np.int8]
    given: NDArray[np.bool_]
    repaired: NDArray[np.bool_]
    reason: NDArray[np.int8]


REASONS = ("price", "floor", "fill", "held_out_round", "held_out_offer")


@dataclass(frozen=True)
class Table:
    """What is settled before value: relief; worth int32 [offers, n] once contacts are used up; the lots of the round
    bool [n] and of each offer bool [offers, n]; and the worth that the solver may see.
    """

    settled: tuple[relief.Settled, ...]
    worth: NDArray[np.int32]
    whole: NDArray[np.bool_]
    pairs: NDArray[np.bool_]
    seen: NDArray[np.int32]


@dataclass(frozen=True)
class Decided:
    """Everything one round came to."""

    terms: Terms
    base: Base
    who: people.People
    segments: tuple[Segment, ...]
    asked: worth.Asked
    table: Table
    instance: allocate.Instance
    allocation: allocate.Allocation
    chosen: Chosen
    stages: dict[str, float]


def terms(
    home: Home,
    offers: Offers,
    *,
    budget: int,
    floors: tuple[str, ...] = (),
    most: int | None = None,
    salt: str | None = None,
    on: int | None = None,
) -> Terms:
    """The terms of a round, with the defaults of the offers file and the base.

    ``on`` defaults to the day the base describes; ``salt`` to a digest of base, offers and limits, so that the same
    round draws the same hold-outs and another one draws anew.
    """
    base = open_base(home, engines.start(threads=1))
    if not offers.commercial:
        raise Refused(
            "no_commercial_offer",
            "The offers file has no commercial offer.",
            "Add one, or send relief alone.",
        )
    texts = (*offers.floors, *floors)
    read = tuple(limits.parse_floor(text, offers) for text in texts)
    most = min(offers.most if most is None else most, offers.most_contacts)
    said = "\x1f".join([base.digest, offers.text, str(budget), str(most), *sorted(texts)])
    drawn = hashlib.sha256(said.encode()).hexdigest()[:16]
    return Terms(offers, budget, read, most, base.on if on is None else on, salt or drawn)


def decide(home: Home, asked_terms: Terms, progress: Progress = lambda name, done: None) -> Decided:
    """Decide a round, in memory.

    Refuses ``floor_unreachable`` (with the row and what is missing), ``notice_budget_short``, and a home without a
    base. Cost at 1 M subscribers and 20 offers: see docs/reference/benchmarks.md.
    """
    stages: dict[str, float] = {}
    offers = asked_terms.offers
    segments = shipped()
    with stage(stages, "read"):
        progress("read", 0.0)
        base = open_base(home, engines.start())
        asked = worth.ask(offers, base.frame, asked_terms.on, segments)
        who = people.gather(base, offers, asked, segments)
    with stage(stages, "settle"):
        table = settle(offers, asked_terms.salt, asked_terms.most, who)
    instance = _instance(asked_terms, who, table)
    with stage(stages, "solve"):
        allocation = allocate.allocate(instance, progress=progress)
    with stage(stages, "control"):
        chosen = _chosen(who, allocation, table)
    return Decided(asked_terms, base, who, segments, asked, table, instance, allocation, chosen, stages)


def settle(offers: Offers, salt: str, most: int, who: people.People) -> Table:
    """Relief and notices, the contacts they use, and the lots: all that is settled before any value is looked at."""
    settled = relief.settle(offers, who.needs, who.key, who.documented, who.asked_on)
    full = relief.contacts(settled, who.n) + most > offers.most_contacts
    worth_open = np.where(full[None, :] & (who.worth > 0), np.int32(number("contact_limit")), who.worth)
    whole = holdout.round_layer(who.key, offers, salt)
    pairs = holdout.offer_layer(who.key, offers, salt)
    seen = holdout.hide(worth_open, whole, pairs)
    return Table(settled, worth_open, whole, pairs, seen)


def numbering(offers: tuple[Offer, ...]) -> NDArray[np.int32]:
    """The exclusive group of each offer as a number; an offer without a group is alone in its own."""
    names: dict[str, int] = {}
    return np.array([names.setdefault(o.group or f"\x00{o.name}", len(names)) for o in offers], np.int32)


def _instance(asked: Terms, who: people.People, table: Table) -> allocate.Instance:
    commercial = asked.offers.commercial
    subscribers = np.bincount(who.cell, minlength=limits.CELLS).astype(np.int64)
    return allocate.Instance(
        rows=allocate.resident(table.seen, who.cell, who.key),
        cost=np.array([o.cost for o in commercial], np.int64),
        group=numbering(commercial),
        most=asked.most,
        limits=limits.build(asked.offers, asked.budget, asked.floors, subscribers),
        offers=tuple(o.name for o in commercial),
    )


def _chosen(who: people.People, allocation: allocate.Allocation, table: Table) -> Chosen:
    """Decisions given and, by the same prices, those that would have been given but for a hold-out.

    A control of an offer is somebody held out of it who, his other hold-outs kept, would have been given it: so the
    lot for this offer is all that sets him apart from those who were. Where repair took pairs back, everybody in that
    cell at or under the same margin is marked as repaired on both sides, for the control knows no repair.
    """
    edge = allocation.edge
    seen = allocate.Block(who.key, who.cell, table.seen)
    parts = [_given(seen, allocation, edge)]
    rows = np.flatnonzero(table.whole)
    kept = np.where(table.pairs[:, rows], np.int32(number("held_out_offer")), table.worth[:, rows])
    parts += _control(seen, allocation, edge, rows, kept, range(table.seen.shape[0]), "held_out_round")
    for j in range(table.seen.shape[0]):
        rows = np.flatnonzero(table.pairs[j] & ~table.whole & (table.worth[j] > 0))
        lifted = table.seen[:, rows]
        lifted[j] = table.worth[j, rows]
        parts += _control(seen, allocation, edge, rows, lifted, [j], "held_out_offer")
    merged = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((merged[4], merged[1], merged[0]))
    return Chosen(*(column[order] for column in merged))


_Part = tuple[NDArray[np.int64], NDArray[np.int8], NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int8]]


def _given(seen: allocate.Block, allocation: allocate.Allocation, edge: NDArray[np.int64]) -> _Part:
    rows_of, offers_of, moved_of, reason_of = [], [], [], []
    decisions = allocation.of(seen)
    for j in range(seen.value.shape[0]):
        bit = np.uint64(1) << np.uint64(j)
        rows = np.flatnonzero(decisions.chosen & bit)
        moved = (decisions.moved[rows] & bit) != 0
        floor = (decisions.floor[rows] & bit) != 0
        near = _near(seen.value[:, rows], seen, allocation, edge, rows, j)
        rows_of.append(rows)
        offers_of.append(np.full(rows.size, j, np.int8))
        moved_of.append(moved | near)
        reason_of.append(np.where(floor, 1, np.where(moved, 2, 0)).astype(np.int8))
    rows = np.concatenate(rows_of).astype(np.int64)
    return (
        rows,
        np.concatenate(offers_of),
        np.ones(rows.size, bool),
        np.concatenate(moved_of),
        np.concatenate(reason_of),
    )


def _control(
    seen: allocate.Block,
    allocation: allocate.Allocation,
    edge: NDArray[np.int64],
    rows: NDArray[np.intp],
    value: NDArray[np.int32],
    of: range | list[int],
    reason: str,
) -> list[_Part]:
    """Who of ``rows`` would have been given an offer of ``of``, were their worth ``value``: given = false."""
    if not rows.size:
        return []
    bits = allocate.take(
        value,
        seen.cell[rows],
        seen.key[rows],
        allocation.prices,
        allocation.group,
        allocation.most,
    )
    made: list[_Part] = []
    for j in of:
        would = np.flatnonzero(bits & (np.uint64(1) << np.uint64(j)))
        at = rows[would].astype(np.int64)
        near = _near(value[:, would], seen, allocation, edge, at, j)
        code = np.full(at.size, REASONS.index(reason), np.int8)
        made.append((at, np.full(at.size, j, np.int8), np.zeros(at.size, bool), near, code))
    return made


def _near(
    value: NDArray[np.int32],
    seen: allocate.Block,
    allocation: allocate.Allocation,
    edge: NDArray[np.int64],
    rows: NDArray[np.int64] | NDArray[np.intp],
    j: int,
) -> NDArray[np.bool_]:
    """Whether each pair lies at or under the margin where repair worked in its cell."""
    if not (edge[:, j] >= 0).any():
        return np.zeros(rows.size, bool)
    margin = allocate.margin(value, seen.cell[rows], seen.key[rows], allocation.prices)[j]
    return np.asarray(margin <= edge[seen.cell[rows], j])


def export(decided: Decided, directory: Path) -> None:
    """Write the instance the solver saw, for anybody's own solver (contracts.md, ``--instance``)."""
    cells = np.arange(limits.CELLS)
    provinces = [limits.CODES[c // 2] for c in cells]
    allocate.export_instance(decided.instance, provinces, [bool(c % 2) for c in cells], directory)
