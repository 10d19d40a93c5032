"""One round of care: who gets what within what we can afford, and who is left out so that we learn from it.

The order is a promise: relief and notices first, by need; then consent, contact and caps; then the hold-outs by lot;
only then value. Would-have-been decisions of the held-out come from the same price table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tantam import __version__, engines
from tantam.base.home import Home
from tantam.base.store import Base, open_base
from tantam.care import allocate, limits, people, relief, values, worth
from tantam.care.learned import Scores
from tantam.care.offers import Offer, Offers
from tantam.clock import stage
from tantam.errors import BadInput, Refused
from tantam.segments.shipped import Segment, definition, shipped

Progress = Callable[[str, float], None]
"""Hears a stage's name and the share done of the whole round, up to its writing."""
_READ, _VALUES, _SOLVE, WRITE = 0.0, 0.05, 0.45, 0.9
"""Where each stage begins in the time of a large round."""


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
class Decided:
    """Everything one round came to: what was settled before value, the values, and by what prices they are given.

    Who gets what is worked out from these block by block, when the round is written.
    """

    terms: Terms
    base: Base
    segments: tuple[Segment, ...]
    asked: worth.Asked
    scores_digest: str | None
    need: relief.Need
    values: values.Values
    instance: allocate.Instance
    allocation: allocate.Allocation
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


def decide(
    home: Home,
    asked_terms: Terms,
    progress: Progress = lambda name, done: None,
    *,
    engine: engines.Engine | None = None,
    work: Path | None = None,
    block_rows: int = values.BLOCK_ROWS,
    memory_mb: int | None = None,
) -> Decided:
    """Decide a round.

    ``engine`` reads the base, by default that of this machine, where values stay in memory if they fit into half of
    ``memory_mb`` (default :func:`tantam.machine.memory_mb`). Else, and on a cluster, they lie in the folder ``work``,
    where a run that was ended goes on; neither that nor ``block_rows`` changes any decision.

    Refuses ``floor_unreachable`` (with the row and what is missing), ``notice_budget_short``, ``disk_short``, and a
    home without a base. Cost: see docs/reference/benchmarks.md.
    """
    stages: dict[str, float] = {}
    offers = asked_terms.offers
    segments = shipped()
    with stage(stages, "read"):
        progress("read", _READ)
        base = open_base(home, engine or engines.start())
        scores_digest = _scores_digest(home, offers)
        asked = worth.ask(offers, base.frame, asked_terms.on, segments)
        need = relief.settle(base.frame, offers, asked)
    plan = people.Plan(offers, asked, segments, asked_terms.salt, asked_terms.most, need.edges)
    source = values.source(home, plan, block_rows)
    tell = partial(within(progress, _VALUES, _SOLVE), "values")
    with stage(stages, "values"):
        tell(0.0)
        if base.engine.name != "spark" and values.fits(source, memory_mb):
            made = values.held(source, base.engine, tell)
        else:
            digest = _digest(asked_terms, base, scores_digest, segments, block_rows)
            made = values.stored(source, base.engine, work or home.rounds / ".work", digest, tell)
        if open_base(home, base.engine).digest != base.digest:
            what = "The base was loaded anew while the round was being decided."
            raise BadInput("other_base", what, "Decide again.")
    instance = _instance(asked_terms, need.subscribers, made)
    with stage(stages, "solve"):
        allocate.warm()  # here and not in two threads at once, in which Python's own parser may trip over itself
        try:
            allocation = allocate.allocate(instance, progress=within(progress, _SOLVE, WRITE), kept=made.kept)
        except Refused:  # nobody goes on with a round that cannot be
            made.drop()
            raise
    return Decided(
        asked_terms, base, segments, asked, scores_digest, need, made, instance, allocation, stages
    )


def within(progress: Progress, first: float, last: float) -> Progress:
    """Progress of a stage whose own shares, 0 to 1, are those from ``first`` to ``last`` of the whole."""
    return lambda name, share: progress(name, first + (last - first) * share)


def _scores_digest(home: Home, offers: Offers) -> str | None:
    """Which scores of learned worth a round is decided by; None where none is asked."""
    names = worth.learned(offers)
    if not names:
        return None
    scores = Scores.open(home)
    scores.need(names)
    return scores.digest


def _digest(
    asked: Terms, base: Base, scores_digest: str | None, segments: tuple[Segment, ...], block_rows: int
) -> str:
    """All that a work folder's blocks and prices depend on."""
    floors = [floor.text for floor in asked.floors]
    round_ = [asked.offers.text, asked.budget, floors, asked.most, asked.on, asked.salt]
    said = [__version__, base.digest, scores_digest, definition(segments), block_rows, *round_]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def numbering(offers: tuple[Offer, ...]) -> NDArray[np.int32]:
    """The exclusive group of each offer as a number; an offer without a group is alone in its own."""
    names: dict[str, int] = {}
    return np.array([names.setdefault(o.group or f"\x00{o.name}", len(names)) for o in offers], np.int32)


def _instance(asked: Terms, subscribers: NDArray[np.int64], made: values.Values) -> allocate.Instance:
    commercial = asked.offers.commercial
    return allocate.Instance(
        rows=made.blocks,
        cost=np.array([o.cost for o in commercial], np.int64),
        group=numbering(commercial),
        most=asked.most,
        limits=limits.build(asked.offers, asked.budget, asked.floors, subscribers),
        offers=tuple(o.name for o in commercial),
    )


def export(decided: Decided, directory: Path) -> None:
    """Write the instance the solver saw, for anybody's own solver (contracts.md, ``--instance``)."""
    cells = np.arange(limits.CELLS)
    provinces = [limits.CODES[c // 2] for c in cells]
    allocate.export_instance(decided.instance, provinces, [bool(c % 2) for c in cells], directory)
