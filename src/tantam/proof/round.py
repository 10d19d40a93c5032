"""The proof of a round: each offer, over 30, 60 and 90 days, against those left out by lot who would have
had it.

Why the comparison is fair. Whether somebody is a would-have-been of an offer depends on his columns, the
prices and his *other* hold-outs, and on nothing that the lot for this offer knows; the lot is a bucket of
his key, drawn apart for each offer and for the round. So among all who would get the offer, being held
out of it (or of the round) is a coin with one known chance, independent of what each would do with it or
without it, and the plain difference in means is the average effect on those given. A person with two
offers is in both comparisons, each with its own coin. Rows moved by repair, or as near the margin as rows
that were, are left out on both sides by a rule that does not know the coin.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam.base.home import Home
from tantam.base.store import forgotten
from tantam.base.writing import write_json
from tantam.care.round import pieces, read_facts
from tantam.engines import Engine
from tantam.keys import once
from tantam.proof import afterlife, history, outcomes, uplift, words
from tantam.proof.holm import FIGURES, Step, figures, holm
from tantam.segments.shipped import shipped

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Row = dict[str, Any]
Progress = Callable[[str, float], None]

NOTHING, NEXT = "against nothing", "against the next best offer"
REASONS = {NOTHING: "held_out_round", NEXT: "held_out_offer"}
"""What is estimated → the reason of the rows that are its control."""
EVERY = "*"
"""The offer's name of a row about everybody who was given anything."""


@dataclass(frozen=True)
class Comparison:
    """Two arms as places among the round's people, each person once in one arm: ``offer`` and, in a
    breakdown, the ``group`` they are of.
    """

    offer: str
    vi: str
    en: str
    estimand: str
    treated: Ints
    control: Ints
    group: str | None = None


@dataclass(frozen=True)
class Drawn:
    """A round as proof needs it: its facts, the people of its decisions (sorted keys) and all comparisons
    of offers.
    """

    facts: dict[str, Any]
    people: Ints
    comparisons: tuple[Comparison, ...]

    @property
    def on(self) -> int:
        return int(self.facts["on"])

    def pooled(self) -> Comparison:
        """Everybody given anything against everybody held out of the round who would have been, each
        once.
        """
        mine = [c for c in self.comparisons if c.estimand == NOTHING]
        arms = ([c.treated for c in mine], [c.control for c in mine])
        treated, control = (once(_sorted(arm)) for arm in arms)
        return Comparison(EVERY, "Cả đợt", "The whole round", NOTHING, treated, control)


@dataclass(frozen=True)
class Proof:
    """What a round proved: the rows of proof.json, of proof-pooled.json (everybody, and by group),
    afterlife.json, and what to know of the outcomes file: ``reach`` in days, keys of nobody in the round,
    equal rows that came again, people of the round without a row, and whether history was at hand.
    """

    rows: list[Row]
    pooled: list[Row]
    afterlife: dict[str, Any]
    reach: int
    unknown_keys: int
    rows_twice: int
    people_unseen: int
    with_history: bool


def draw(directory: Path, gone: Sequence[int] = ()) -> Drawn:
    """The comparisons of a round's folder, without the forgotten keys; refuses (``no_round``) a folder that is none."""
    facts = read_facts(directory)
    offers = [offer for offer in facts["offers"] if offer["class"] == "commercial"]
    people, arms = _arms(directory, [offer["name"] for offer in offers], gone)
    made = []
    for offer, (treated, *controls) in zip(offers, arms, strict=True):
        vi, en = (f"“{offer.get(lang) or offer['name']}”" for lang in ("vi", "en"))
        for estimand, control in zip(REASONS, controls, strict=True):
            made.append(Comparison(offer["name"], vi, en, estimand, treated, control))
    return Drawn(facts, people, tuple(made))


def _arms(directory: Path, offers: list[str], gone: Sequence[int]) -> tuple[Ints, list[list[Ints]]]:
    """The people of a round's decisions, and of each offer the places of those given it and of those held out for
    each of :data:`REASONS`: read a piece at a time, so that no more is held than keys."""
    names, left_out = pa.array(offers, pa.string()), pa.array(gone, pa.int64())
    people = list[Ints]()
    arms: list[list[list[Ints]]] = [[[] for _ in (None, *REASONS)] for _ in offers]
    for piece in pieces(directory, ["key", "offer", "given", "repaired", "reason"]):
        here = piece.filter(pc.invert(pc.is_in(piece["key"], left_out)))
        people.append(once(np.sort(here["key"].to_numpy())))
        fair = here.filter(pc.invert(here["repaired"]))
        key, given = fair["key"].to_numpy(), _bools(fair["given"])
        held = [~given & _bools(pc.equal(fair["reason"], reason)) for reason in REASONS.values()]
        offer = pc.index_in(fair["offer"], names).fill_null(-1).to_numpy()
        for j, mine in enumerate(arms):
            for arm, keys in zip((given, *held), mine, strict=True):
                keys.append(key[arm & (offer == j)])
    everybody = once(_sorted(people))
    return everybody, [[np.searchsorted(everybody, _sorted(keys)) for keys in mine] for mine in arms]


def _sorted(parts: list[Ints]) -> Ints:
    """All values of some arrays, which are given up."""
    values = np.concatenate([np.empty(0, np.int64), *parts])
    parts.clear()
    values.sort()
    return values


def _bools(column: pa.BooleanArray) -> NDArray[np.bool_]:
    return np.asarray(column.to_numpy(zero_copy_only=False), bool)


def prove_round(
    home: Home,
    directory: Path,
    outcomes_file: Path,
    engine: Engine | None = None,
    progress: Progress = lambda stage, share: None,
) -> Proof:
    """Prove a round from an outcomes file, and write proof.json, proof-pooled.json and afterlife.json
    into it.

    Refuses ``no_round``, the codes of :func:`tantam.proof.outcomes.read`, and ``no_base`` where the round
    keeps no history of its own; then ``engine`` reads the base, by default that of this machine. ``progress``
    hears of the stages read, history and compare. Memory: some 500 bytes for each of the round's people.
    """
    progress("read", 0)
    drawn = draw(directory, forgotten(home))
    seen = outcomes.read(outcomes_file, drawn.people, drawn.on)
    progress("history", 0)
    past = history.read(directory, home, drawn.people, engine)
    pa.default_memory_pool().release_unused()  # what reading took is wanted for the covariates
    pooled = drawn.pooled()
    groups = by_group(pooled, past)
    families: tuple[Sequence[Comparison], ...] = (drawn.comparisons, [pooled], groups)
    asked = sum(map(len, families)) * len(outcomes.HORIZONS) * len(outcomes.OUTCOMES)
    answered = itertools.count(1)
    rows, everybody, inside = (
        rows_of(family, seen, past, drawn.on, lambda: progress("compare", next(answered) / asked))
        for family in families
    )
    whole = [*everybody, *inside]
    after = afterlife.compare(pooled.treated, pooled.control, seen, past, drawn.on)
    for name, data in (("proof", rows), ("proof-pooled", whole), ("afterlife", after)):
        write_json(directory / f"{name}.json", data)
    unseen = np.ones(drawn.people.size, bool)
    unseen[seen.person] = False
    return Proof(
        rows, whole, after, seen.reach, seen.unknown, seen.twice, int(unseen.sum()), bool(past.known)
    )


def by_group(pooled: Comparison, past: history.History) -> list[Comparison]:
    """The pooled comparison within each of the shipped groups that anybody of the round is in."""
    made = []
    for segment in shipped():
        inside = past.groups.get(segment.name)
        if inside is not None and inside.any():
            arms = (pooled.treated[inside[pooled.treated]], pooled.control[inside[pooled.control]])
            vi, en = f"Nhóm “{segment.vi}”", f"Among “{segment.en}”"
            made.append(Comparison(EVERY, vi, en, NOTHING, *arms, segment.name))
    return made


def rows_of(
    comparisons: Sequence[Comparison],
    seen: outcomes.Outcomes,
    past: history.History,
    on: int,
    tick: Callable[[], None] = lambda: None,
) -> list[Row]:
    """Every comparison at every horizon and outcome, with multiplicity controlled among the comparisons
    of one outcome, horizon and estimand (Holm). ``tick`` hears of each.
    """
    found: dict[tuple[int, str], list[_Answer]] = {}
    for outcome in outcomes.OUTCOMES:
        values = [_values(seen, past, outcome, horizon) for horizon in outcomes.HORIZONS]
        for comparison in comparisons:
            answers = _answers(comparison, values, past, outcome)
            for horizon, answer in zip(outcomes.HORIZONS, answers, strict=True):
                found.setdefault((horizon, outcome), []).append(answer)
                tick()
    rows: list[Row] = []
    for horizon in outcomes.HORIZONS:
        for outcome in outcomes.OUTCOMES:
            family = found.get((horizon, outcome), [])
            rows += _family(family, outcome, horizon, lambda a: _why_not(a, seen.reach, on))
    return rows


class _Answer(NamedTuple):
    """What a comparison says, and how many of each arm it is about."""

    arms: Comparison
    treated_n: int
    control_n: int
    difference: uplift.Difference | None


def _values(seen: outcomes.Outcomes, past: history.History, outcome: str, horizon: int) -> Floats | None:
    """An outcome of everybody, None where the file does not reach so far."""
    return seen.at(horizon, past.postpaid)[outcome] if seen.reach >= horizon else None


def _answers(
    comparison: Comparison, values: Sequence[Floats | None], past: history.History, outcome: str
) -> Iterator[_Answer]:
    """What a comparison says of one outcome at each horizon, of those of whom it is known. They are mostly the same
    people at each, whose covariates are then made ready but once."""
    both, arms = np.empty(0, np.int64), None
    for value in values:
        if value is None:
            yield _Answer(comparison, comparison.treated.size, comparison.control.size, None)
            continue
        treated, control = (arm[~np.isnan(value[arm])] for arm in (comparison.treated, comparison.control))
        here = np.concatenate([treated, control])
        if arms is None or not np.array_equal(here, both):
            both, arms = here, None  # what was ready goes before the next is made
            arms = uplift.Arms(np.arange(both.size) < treated.size, past.before(outcome, both))
        yield _Answer(comparison, treated.size, control.size, arms.difference(value[both]))


def _family(
    family: Sequence[_Answer],
    outcome: str,
    horizon: int,
    why_not: Callable[[words.Asked], words.Pair],
) -> Iterable[Row]:
    """The rows of one outcome and horizon, corrected within each estimand."""
    steps: dict[int, Step] = {}
    for estimand in REASONS:
        told = [
            (i, found)
            for i, (arms, *_, found) in enumerate(family)
            if found is not None and arms.estimand == estimand
        ]
        steps |= dict(zip((i for i, _ in told), holm([d.p for _, d in told]), strict=True))
    for i, (arms, treated_n, control_n, found) in enumerate(family):
        asked = words.Asked(arms.vi, arms.en, outcome, horizon, arms.estimand, treated_n, control_n)
        row: Row = {
            "offer": arms.offer,
            **({"group": arms.group} if arms.offer == EVERY else {}),
            "outcome": outcome,
            "horizon_days": horizon,
            "estimand": arms.estimand,
            "treated_n": asked.treated_n,
            "control_n": asked.control_n,
        }
        step = steps.get(i)
        if found is None or step is None:
            row |= dict.fromkeys(FIGURES) | {"enough": False}
            sentences = why_not(asked)
        else:
            row |= figures(found, step) | {"enough": True}
            stands = step.p <= uplift.ALPHA
            sentences = words.answer(asked, words.Found(row["effect"], row["low"], row["high"], stands))
        row["sentence_vi"], row["sentence_en"] = sentences
        yield row


def _why_not(asked: words.Asked, reach: int, on: int) -> words.Pair:
    if reach < asked.horizon:
        return words.too_early(asked, reach, on + asked.horizon)
    if min(asked.treated_n, asked.control_n) < uplift.LEAST:
        return words.too_few(asked, uplift.LEAST)
    return words.all_alike(asked)
