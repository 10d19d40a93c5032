"""What was known of each person before the round, kept with it: months later the base has moved on, and
what it says then already holds what the care has done.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam import engines
from tantam.base.home import Home
from tantam.base.store import open_base
from tantam.base.writing import whole
from tantam.care.learned import features
from tantam.segments import compile as compiled
from tantam.segments.shipped import shipped

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FILE = "before.parquet"
_GROUP = "group_"
_PIECE_ROWS = 1 << 18
_RAW = ("key", *features.NEEDS, "low_income")
_TELLING = {
    "active": ("idle", "after_promotion", "complaints", "tenure", "log_spend", "postpaid"),
    "spend": ("spend_recent", "spend_older", "idle", "log_spend", "postpaid", "after_promotion"),
    "became_postpaid": ("log_spend", "data", "tenure", "topups"),
}
"""Outcome → what tells most of it, first things first: fixed here, before any outcome is seen."""


@dataclass(frozen=True)
class History:
    """``n`` people by key (sorted): postpaid int8 (1, 0 prepaid, −1 not known), promotion_end int64 (day,
    or :data:`NEVER`), covariates by name float64 (NaN where missing), groups by name bool.
    """

    key: Ints
    postpaid: NDArray[np.int8]
    promotion_end: Ints
    known: dict[str, Floats]
    groups: dict[str, NDArray[np.bool_]]

    def before(self, outcome: str, rows: Ints) -> Covariates:
        """What was known of the people of these places, to be used for an outcome."""
        first = _TELLING.get(outcome, ())
        names = [*first, *(name for name in self.known if name not in first)]
        return Covariates(self, tuple(name for name in names if name in self.known), rows)

    @cached_property
    def missing(self) -> tuple[NDArray[np.bool_], ...]:
        """Of whom something is missing: each set of people once, in the order of ``known``."""
        made = list[NDArray[np.bool_]]()
        for gone in map(np.isnan, self.known.values()):
            if gone.any() and not any(np.array_equal(gone, other) for other in made):
                made.append(gone)
        return tuple(made)

    @cached_property
    def means(self) -> dict[str, float]:
        """Of what is known; 0 where nothing is."""
        there = ((name, column[~np.isnan(column)]) for name, column in self.known.items())
        return {name: float(column.mean()) if column.size else 0.0 for name, column in there}


@dataclass(frozen=True)
class Covariates:
    """Columns float64 [rows], the most telling first, then what is missing of whom. A missing value stands at the mean
    of all others, beside a column that says that it is missing.

    Each is made when it is asked for: all of them together would be some twenty times the outcome.
    """

    past: History
    names: tuple[str, ...]
    rows: Ints

    def __len__(self) -> int:
        return len(self.names) + len(self.past.missing)

    def __getitem__(self, at: int) -> Floats:
        if at >= len(self.names):
            return self.past.missing[at - len(self.names)][self.rows].astype(np.float64)
        column = self.past.known[self.names[at]][self.rows]
        column[np.isnan(column)] = self.past.means[self.names[at]]
        return column


NEVER = np.iinfo(np.int64).min // 2
"""No promotion, or none that is known."""


def keep(directory: Path, home: Home, engine: engines.Engine | None = None) -> None:
    """Write what is known of everybody in a round's decisions into ``ROUND/before.parquet``, as of the
    round's day.

    Does nothing where it stands already, or where the base is no longer the one that the round was
    decided on. ``engine`` reads the base, by default that of this machine.
    """
    if (directory / FILE).exists():
        return
    facts: dict[str, Any] = json.loads((directory / "round.json").read_text(encoding="utf-8"))
    base = open_base(home, engine or engines.start())
    if base.digest != facts["base_digest"]:
        return
    on, segments = int(facts["on"]), shipped()
    found = compiled.thresholds(base.frame, on, [s.node for s in segments])
    groups = [compiled.predicate(s.node, on, found).alias(_GROUP + s.name) for s in segments]
    people = base.engine.scan([directory / "decisions.parquet"]).select("key")
    frame = base.frame.join(people, on="key", how="semi").select(*(nw.col(name) for name in _RAW), *groups)
    schema = _of(engines.collect(frame.head(0)), on).schema
    with (
        whole(directory / FILE) as half,
        pq.ParquetWriter(half, schema, compression="zstd") as out,
    ):
        for batch in engines.batches(frame.sort("key")):
            out.write_table(_of(pa.Table.from_batches([batch]), on))


def read(directory: Path, home: Home, key: Ints, engine: engines.Engine | None = None) -> History:
    """The history of some people (sorted keys); all missing for whoever is not in it.

    Taken from ``ROUND/before.parquet``, which is made where it is missing and the base is still the
    round's own.
    """
    if not (directory / FILE).exists():
        keep(directory, home, engine)
    if not (directory / FILE).exists():
        return History(key, np.full(key.size, -1, np.int8), np.full(key.size, NEVER), {}, {})
    ended = np.full(key.size, NEVER)
    with pq.ParquetFile(directory / FILE) as file:
        names = [name for name in file.schema_arrow.names if name not in ("key", "promotion_ended_on")]
        known = {name: np.full(key.size, np.nan) for name in names if not name.startswith(_GROUP)}
        groups = {name: np.zeros(key.size, bool) for name in names if name.startswith(_GROUP)}
        for batch in file.iter_batches(_PIECE_ROWS):
            mine = batch["key"].to_numpy()
            at = np.searchsorted(key, mine)
            there = at < key.size
            there[there] = key[at[there]] == mine[there]
            at, piece = at[there], pa.Table.from_batches([batch.filter(pa.array(there))])
            ended[at] = piece["promotion_ended_on"].cast(pa.int64()).fill_null(NEVER).to_numpy()
            for name, column in known.items():
                column[at] = features.reals(piece[name])
            for name, inside in groups.items():
                inside[at] = piece[name].fill_null(False).to_numpy()
    postpaid = np.where(np.isnan(known["postpaid"]), -1, known["postpaid"]).astype(np.int8)
    groups = {name.removeprefix(_GROUP): inside for name, inside in groups.items()}
    return History(key, postpaid, ended, known, groups)


def _of(table: pa.Table, on: int) -> pa.Table:
    """Some rows of the base as covariates."""
    ended = table.column("promotion_ended_on")
    made: dict[str, Any] = {"key": table.column("key"), "promotion_ended_on": ended}
    made |= {name: pa.array(column, from_pandas=True) for name, column in _covariates(table, on).items()}
    made |= {name: table.column(name) for name in table.column_names if name.startswith(_GROUP)}
    return pa.table(made)


def _covariates(table: pa.Table, on: int) -> dict[str, Floats]:
    used = features.of(table, on)
    first = {name: used.pop(name) for name in ("spend_recent", "spend_older")}
    return {
        **first,
        "log_spend": np.log1p(np.maximum(first["spend_recent"], 0)),
        **{name: used[name] for name in ("idle", "after_promotion", "complaints", "tenure", "postpaid")},
        **{name: used[name] for name in ("data", "topups")},
        "low_income": features.reals(table.column("low_income")),
    }
