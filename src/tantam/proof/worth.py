"""Learned worth from rounds that have passed: what giving each offer brought, to whom, in đồng.

A round's decisions hold who was given an offer and who would have been but for the lot, with the chance of that lot;
an outcomes file says what became of them; ``before.parquet`` of the round, what was known of them on its day. The
estimate is of giving the offer against what the lot left instead: mostly the next best offer, sometimes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam.base.home import Home
from tantam.base.store import forgotten
from tantam.care import offers as offer_files
from tantam.care.learned import features
from tantam.care.learned.model import Learned, Model
from tantam.care.round import read_decisions
from tantam.engines.engine import in_threads
from tantam.errors import BadInput, Refused
from tantam.keys import PPM, bucket, once
from tantam.proof import history, outcomes, uplift, worth_gain, worth_learn
from tantam.proof.worth_learn import Trial

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Row = dict[str, Any]
Progress = Callable[[str, float], None]

MOST_PEOPLE = 4_000_000
"""People of a round that are learned from; of a larger round, a share by a hash of the key."""
_SHOWN = ("given_n", "control_n", "enough")


@dataclass(frozen=True)
class Asked:
    """Which outcome, at which horizon in days (None: the longest that every file reaches), what one of it is worth in
    đồng, and the seed.
    """

    outcome: str = "spend"
    horizon: int | None = None
    dong: int = 1
    seed: int = 1


@dataclass(frozen=True)
class Past:
    """A round that has passed: its facts and offers file, people (sorted keys), features by name, outcome in đồng
    float64 [n] (NaN where not known), and decisions as arrays: person, offer's name, given, chance.
    """

    facts: dict[str, Any]
    offers: offer_files.Offers
    key: Ints
    known: dict[str, Floats]
    outcome: Floats
    person: Ints
    offer: pa.Array
    given: NDArray[np.bool_]
    chance: Floats


def read(home: Home, rounds: Sequence[tuple[Path, Path]], asked: Asked) -> tuple[list[Past], int]:
    """Past rounds with their outcomes files, and the horizon.

    Refuses the codes of :func:`tantam.proof.outcomes.read`, ``no_round``, ``round_twice``, ``horizon_not_reached`` and
    ``no_history`` (what was known of the people before the round is gone).
    """
    if len({directory.resolve() for directory, _ in rounds}) < len(rounds):
        raise BadInput("round_twice", "A round is named twice.", "Name each round once, with its outcomes.")
    gone = pa.array(forgotten(home), pa.int64())
    drawn = [(directory, file, *_decisions(directory, gone)) for directory, file in rounds]
    seen = [
        outcomes.read(file, once(np.sort(t.column("key").to_numpy())), int(f["on"]), count_unknown=False)
        for _, file, f, t in drawn
    ]
    horizon = _horizon(asked, min(s.reach for s in seen))
    made = []
    for (directory, _, facts, table), found in zip(drawn, seen, strict=True):
        past = history.read(directory, home, found.people)
        if not past.known:
            what = f"What was known of the people of {directory.name} before the round is not there any more."
            raise Refused("no_history", what, "Learn from a round that keeps before.parquet.")
        text = (directory / "offers.toml").read_text(encoding="utf-8")
        made.append(
            Past(
                facts,
                offer_files.parse(text),
                found.people,
                {name: past.known[name] for name in features.FEATURES},
                found.at(horizon, past.postpaid)[asked.outcome] * asked.dong,
                np.searchsorted(found.people, table.column("key").to_numpy()),
                table.column("offer").combine_chunks(),
                np.asarray(table.column("given").to_numpy(), bool),
                table.column("propensity").to_numpy(),
            )
        )
    return made, horizon


def fit(
    home: Home,
    rounds: Sequence[tuple[Path, Path]],
    asked: Asked,
    progress: Progress = lambda stage, share: None,
) -> Model:
    """Learn the worth of every offer of these rounds; each offer's ``facts`` say how many people it was learned from
    and how it did for people that its trees had not seen. Refuses as :func:`read`.
    """
    pasts, horizon = read(home, rounds, asked)
    progress("read", 1.0)
    limits = [_bounds(pasts, name) for name in features.FEATURES]
    facts = {
        "outcome": asked.outcome,
        "horizon_days": horizon,
        "dong": asked.dong,
        "seed": asked.seed,
        "rounds": [
            {"fingerprint": _name(p.facts), "on": int(p.facts["on"]), "people": int(p.key.size)}
            for p in pasts
        ],
    }
    empty = Model(features.FEATURES, tuple(tuple(b.tolist()) for b in limits), (), facts)
    offers = list({o.name: o for p in _by_day(pasts) for o in p.offers.commercial}.values())
    made: list[Learned] = []
    for learned in in_threads(lambda o: _learn(o, trial(pasts, o.name, empty), asked.seed), offers):
        made.append(learned)
        progress("learn", len(made) / len(offers))
    return Model(empty.names, empty.bounds, tuple(made), facts)


def check(home: Home, model: Model, rounds: Sequence[tuple[Path, Path]]) -> list[Row]:
    """How a model does on rounds that it did not learn from: a row an offer (:func:`tantam.proof.worth_gain.measure`).

    Refuses as :func:`read`, and ``round_seen`` for a round that it learned from.
    """
    asked = Asked(*(model.facts[name] for name in ("outcome", "horizon_days", "dong", "seed")))
    pasts, _ = read(home, rounds, asked)
    learned_from = {r["fingerprint"] for r in model.facts["rounds"]}
    for (directory, _), past in zip(rounds, pasts, strict=True):
        if _name(past.facts) in learned_from:
            what = f"The model learned from {directory.name}: what it says of it proves nothing."
            raise Refused(
                "round_seen", what, "Check it on another round, or without ROUND on its own held-out people."
            )
    rows = []
    for offer in model.offers:
        arms = trial(pasts, offer.name, model)
        trees = offer.forest(len(model.names))
        row = _head(offer, arms)
        row["enough"] = arms.enough and trees is not None
        if row["enough"] and trees is not None:
            said = offer.mean + offer.slope * (trees.score(arms.codes) - offer.mean)
            robust = worth_learn.target(arms, asked.seed)
            seen = worth_learn.HeldOut(said, robust, np.zeros(said.size, np.int64), arms.key)
            row |= worth_gain.measure(seen, offer.name)
        rows.append(row)
    return rows


def told(model: Model) -> list[Row]:
    """The check that was made while fitting: people as seen by trees that had not seen them."""
    return [{"offer": o.name, "vi": o.vi, "en": o.en, **o.facts} for o in model.offers]


def trial(pasts: Sequence[Past], offer: str, model: Model) -> Trial:
    """The arms of one offer over all rounds, where the outcome is known."""
    parts = []
    for past in pasts:
        mine = np.asarray(pc.equal(past.offer, offer).to_numpy(zero_copy_only=False), bool)
        mine &= ~np.isnan(past.outcome[past.person])
        who = past.person[mine]
        known = {name: past.known[name][who] for name in model.names}
        real = np.stack([uplift.filled(value) for value in known.values()], axis=1)
        parts.append(
            (model.codes(known), real, past.outcome[who], past.given[mine], past.chance[mine], past.key[who])
        )
    return Trial(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _learn(offer: offer_files.Offer, arms: Trial, seed: int) -> Learned:
    made = Learned(offer.name, offer.vi, offer.en, offer.who, offer.needs, offer.contact, 0.0, 0.0, None)
    row = {name: value for name, value in _head(made, arms).items() if name in _SHOWN}
    if not arms.enough:
        return Learned(**{**made.__dict__, "facts": row})
    seen = worth_learn.held_out(arms, seed)
    row |= worth_gain.measure(seen, offer.name)
    robust = worth_learn.target(arms, seed)
    grown = {
        "mean": float(robust.mean()),
        "slope": worth_gain.steady(*worth_gain.slope(seen)),
        "trees": worth_learn.effect(arms.codes, robust, seed),
        "facts": row,
    }
    return Learned(**{**made.__dict__, **grown})


def _head(offer: Learned, arms: Trial) -> Row:
    given, control = arms.arms
    named = {"offer": offer.name, "vi": offer.vi, "en": offer.en}
    return {**named, "given_n": given, "control_n": control, "enough": arms.enough}


def _decisions(directory: Path, gone: pa.Array) -> tuple[dict[str, Any], pa.Table]:
    """A round's facts, and its decisions that repair did not touch, without the forgotten."""
    facts, table = read_decisions(directory, ["key", "offer", "given", "repaired", "propensity"])
    left_out = pc.or_(table.column("repaired"), pc.is_in(table.column("key"), gone))
    table = table.filter(pc.invert(left_out)).drop_columns("repaired")
    people = pc.count_distinct(table.column("key")).as_py()
    if people > MOST_PEOPLE:
        lot = bucket(table.column("key").to_numpy(), "worth people")
        table = table.filter(pa.array(lot < PPM * MOST_PEOPLE // people))
    return facts, table


def _horizon(asked: Asked, reach: int) -> int:
    reached = [h for h in outcomes.HORIZONS if h <= reach]
    if not reached or (asked.horizon or 0) > reach:
        what = f"The outcomes reach day {reach}, not day {asked.horizon or outcomes.HORIZONS[0]}."
        raise BadInput("horizon_not_reached", what, "Wait, or name an earlier --horizon.")
    return asked.horizon or reached[-1]


def _bounds(pasts: Sequence[Past], name: str) -> Floats:
    return features.bounds(np.concatenate([p.known[name] for p in pasts]))


def _by_day(pasts: Sequence[Past]) -> list[Past]:
    return sorted(pasts, key=lambda p: (int(p.facts["on"]), _name(p.facts)))


def _name(facts: dict[str, Any]) -> str:
    return str(facts["fingerprint"])
