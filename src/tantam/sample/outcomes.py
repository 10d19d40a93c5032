"""Three months after a round, played: what every subscriber of the base did, and the true effect of each
offer.

An outcomes file has a row for each month's end (day 30, 60, … after the round's day), and for whoever left a
row on the day he left with ``active`` = false, then only inactive rows. Spend is what was spent since the row
before, so that the sum up to a horizon is what was spent up to it. Whoever left keeps the kind of plan he
had.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tantam import engines
from tantam.base.home import Home
from tantam.base.store import Base, open_base
from tantam.base.writing import whole
from tantam.care.round import read_decisions
from tantam.errors import BadInput
from tantam.sample import effects, life
from tantam.sample.life import MONTH, Floats, Ints, Lives

SCHEMA = pa.schema(
    [
        ("key", pa.int64()),
        ("on", pa.int32()),
        ("active", pa.bool_()),
        ("spend_dong", pa.int64()),
        ("plan_kind", pa.string()),
    ]
)
AGAINST_NOTHING = "against nothing"
AGAINST_NEXT = "against the next best offer"
MOST_MONTHS = 24

Progress = Callable[[str, float], None]
NextSet = Callable[[Ints, str], Ints]
"""The commercial offers that given subscribers would have had with one offer taken away: keys int64 [n]
and the offer's name → masks int64 [n], bit ``j`` for the round's ``j``-th commercial offer.
"""
Truth = dict[str, dict[str, dict[str, dict[str, float]]]]
"""Offer → estimand → outcome → horizon in days as text → true average effect."""


@dataclass(frozen=True)
class Given:
    """What a round gave: commercial offers by key. ``fair`` leaves out what repair moved, which no proof
    counts.
    """

    on: int
    offers: tuple[str, ...]
    key: Ints
    sets: Ints
    fair: Ints

    def of(self, key: Ints, which: Ints) -> Ints:
        """The masks (``sets`` or ``fair``) of some keys; 0 for who got nothing: int64 [n]."""
        if not self.key.size:
            return np.zeros(key.size, np.int64)
        at = np.minimum(np.searchsorted(self.key, key), self.key.size - 1)
        return np.where(self.key[at] == key, which[at], 0)


def read_given(directory: Path) -> Given:
    """What the round in a folder gave; refuses (``no_round``) a folder without one."""
    facts, table = read_decisions(directory, ["key", "offer", "given", "repaired"])
    offers = tuple(o["name"] for o in facts["offers"] if o["class"] == "commercial")
    table = table.filter(table.column("given"))
    bit = np.int64(1) << pc.index_in(table.column("offer"), pa.array(offers)).to_numpy().astype(np.int64)
    fair = np.where(table.column("repaired").to_numpy(), 0, bit)
    key, place = np.unique(table.column("key").to_numpy(), return_inverse=True)
    masks = np.zeros((2, key.size), np.int64)
    np.bitwise_or.at(masks[0], place, bit)
    np.bitwise_or.at(masks[1], place, fair)
    return Given(int(facts["on"]), offers, key, masks[0], masks[1])


def write(
    home: Home,
    given: Given,
    *,
    seed: int,
    months: int,
    out: Path,
    progress: Progress = lambda stage, share: None,
) -> int:
    """Play the outcomes of the whole base into ``out`` (CSV or Parquet by its suffix); the rows written.

    Refuses ``bad_months`` (1 to 24) and ``bad_suffix``. ``progress`` hears the share done.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise BadInput("bad_months", f"{months} months cannot be played.", f"Ask for 1 to {MOST_MONTHS}.")
    if out.suffix not in (".csv", ".parquet"):
        raise BadInput(
            "bad_suffix", f"{out.name} is neither CSV nor Parquet.", "Name it outcomes.parquet, say."
        )
    hidden = [effects.hidden(seed, offer) for offer in given.offers]
    base = open_base(home, engines.start())
    out.parent.mkdir(parents=True, exist_ok=True)
    rows = people = 0
    with whole(out) as half, _writer(half, out.suffix) as writer:
        for lives in _lives(base, given.on):
            shift = effects.shift(lives.traits, given.of(lives.key, given.sets), hidden)
            table = _rows(lives, life.play(lives, shift, seed, months), given.on, months)
            writer.write_table(table if out.suffix == ".parquet" else _dated(table))
            rows += table.num_rows
            people += lives.key.size
            progress("play", people / max(base.rows, 1))
    return rows


def truth(base: Base, given: Given, *, seed: int, months: int, next_set: NextSet | None = None) -> Truth:
    """The true average effect of each offer on those given it (repaired pairs left out), from exact
    expectations.

    active and became_postpaid as fractions, spend in đồng summed up to the horizon. ``against nothing``
    compares with no commercial offer at all; ``against the next best offer`` with what ``next_set`` says, and
    is absent without it.
    """
    hidden = [effects.hidden(seed, offer) for offer in given.offers]
    sums = {e: np.zeros((len(given.offers), months, 3)) for e in (AGAINST_NOTHING, AGAINST_NEXT)}
    count = np.zeros(len(given.offers), np.int64)
    for everybody in _lives(base, given.on):
        lives = everybody.take(np.flatnonzero(given.of(everybody.key, given.fair)))
        fair = given.of(lives.key, given.fair)
        with_all = _outlook(lives, given.of(lives.key, given.sets), hidden, months)
        gain = with_all - _outlook(lives, np.zeros_like(fair), hidden, months)
        for j, offer in enumerate(given.offers):
            rows = np.flatnonzero(fair >> j & 1)
            count[j] += rows.size
            sums[AGAINST_NOTHING][j] += gain[:, :, rows].sum(axis=2)
            if next_set is not None and rows.size:
                few = lives.take(rows)
                instead = _outlook(few, next_set(few.key, offer), hidden, months)
                sums[AGAINST_NEXT][j] += (with_all[:, :, rows] - instead).sum(axis=2)
    estimands = [AGAINST_NOTHING] if next_set is None else [AGAINST_NOTHING, AGAINST_NEXT]
    return {
        offer: {e: _by_outcome(sums[e][j] / count[j]) for e in estimands}
        for j, offer in enumerate(given.offers)
        if count[j]
    }


OUTCOMES = ("active", "spend", "became_postpaid")


def _by_outcome(mean: Floats) -> dict[str, dict[str, float]]:
    return {
        outcome: {str((m + 1) * MONTH): float(mean[m, o]) for m in range(len(mean))}
        for o, outcome in enumerate(OUTCOMES)
    }


def _outlook(lives: Lives, sets: Ints, hidden: list[effects.Effect], months: int) -> Floats:
    """Expected outcomes under sets of offers: float64 [months, outcomes, n]."""
    shift = effects.shift(lives.traits, sets, hidden)
    return np.array([[by[o] for o in OUTCOMES] for _, by in life.expected(lives, shift, months)])


def _lives(base: Base, on: int) -> Iterator[Lives]:
    for batch in engines.batches(base.frame.select(*(nw.col(name) for name in life.NEEDS))):
        yield life.read(batch, on)


def _rows(lives: Lives, played: life.Played, on: int, months: int) -> pa.Table:
    """The outcome rows of some people, in their order and then by day."""
    end = months * MONTH
    leaver = np.flatnonzero((played.left <= end) & (played.left % MONTH != 0))
    people = np.arange(lives.key.size)
    person = np.concatenate([np.tile(people, months), leaver])
    day = np.concatenate([np.repeat(np.arange(1, months + 1) * MONTH, people.size), played.left[leaver]])
    left = played.left[person]
    month = (day - 1) // MONTH
    spent = np.where(day <= left, np.rint(played.spend[month, person]), 0).astype(np.int64)
    postpaid = lives.postpaid[person] | (played.became[person] <= day)
    order = np.lexsort((day, person))
    plan = pa.array(["prepaid", "postpaid"]).take(pa.array(postpaid[order].astype(np.int8)))
    columns = [
        lives.key[person[order]],
        (on + day[order]).astype(np.int32),
        (left > day)[order],
        spent[order],
        plan,
    ]
    return pa.table([pa.array(c) for c in columns], schema=SCHEMA)


def _dated(table: pa.Table) -> pa.Table:
    return table.set_column(1, "on", table.column("on").cast(pa.date32()))


def _writer(file: Path, suffix: str) -> Any:
    if suffix == ".parquet":
        return pq.ParquetWriter(file, SCHEMA, compression="zstd", compression_level=1)
    return pacsv.CSVWriter(file, SCHEMA.set(1, pa.field("on", pa.date32())))
