"""Whom we ask to coffee: a fair, repeatable choice of a few guests among all who may be invited.

Everybody in the place who has been with us long enough and consented to care stands in one pool with one lot. Seats
are first shared out over old places, ages, kinds of plan and plans in proportion to the pool (systematic sampling:
every level gets its share rounded down or up, the rounding drawn from the seed), then filled by lot. Nothing of usage,
spend or any score is read, so a guest is never chosen for what he is worth, and refusing profiling shuts nobody out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam import engines, keys, places
from tantam.base.home import Home
from tantam.base.store import Base, open_base, read_one
from tantam.care import seating
from tantam.errors import BadInput
from tantam.segments.dates import completed_years, latest_start

READ = (
    "key",
    "province_old",
    "joined_on",
    "born_on",
    "plan_kind",
    "plan",
    "consent_care_on",
    "refuses_ads",
)
"""All that the choice ever sees of a subscriber, beside the province."""

CONDITIONS = (
    "other_province",
    "other_place",
    "too_new",
    "under_age",
    "no_consent",
    "refuses_ads",
    "staff",
    "invited_recently",
)
"""Why somebody is not in the pool, in the order asked; the first that holds is the one said."""

AGE_BANDS = (("18_29", 18), ("30_44", 30), ("45_59", 45), ("60_up", 60))
ADULT_YEARS = 18
MOST_SEATS = 5_000
SPREAD = ("place", "age", "plan_kind", "plan")
_LOT = "\x00guests"

Fact = int | str | None


@dataclass(frozen=True)
class Ask:
    """What a choice was asked, all that is needed to repeat it over the same base.

    ``province`` is one of the 34; ``place`` the code of one of the old 63 within it, or None; ``on`` the day since
    1970; ``years`` must lie behind the guest, and a day more. ``not_keys`` were invited lately; ``staff`` are ours.
    """

    province: str
    place: str | None
    on: int
    years: int
    seats: int
    reserves: int
    seed: str
    not_keys: frozenset[int]
    staff: frozenset[int]


@dataclass(frozen=True)
class Reason:
    """Why somebody is, or is not, a guest: a code and the values it speaks of; never a name, a number or a spend."""

    code: str
    facts: dict[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True)
class Guest:
    """One drawn subscriber: ``number`` in the order of seats or of reserves, from 1, and why."""

    key: int
    number: int
    reserve: bool
    reason: Reason


@dataclass(frozen=True)
class Step:
    """One condition of the funnel: how many it left out, and how many were then still in."""

    code: str
    out: int
    left: int


@dataclass(frozen=True)
class Guests:
    """A whole choice. ``quotas`` are the seats each level was given, by what is spread; ``passed_over`` are in the
    pool and were not drawn; ``base_digest`` says over which base the choice can be repeated."""

    ask: Ask
    seats: tuple[Guest, ...]
    reserves: tuple[Guest, ...]
    funnel: tuple[Step, ...]
    quotas: dict[str, dict[str, int]]
    base_digest: str

    @property
    def pool(self) -> int:
        """How many could have been drawn."""
        return self.funnel[-1].left

    @property
    def passed_over(self) -> int:
        """How many had a lot and were not drawn."""
        return self.pool - len(self.seats) - len(self.reserves)

    @property
    def missing(self) -> int:
        """Seats that nobody could be found for."""
        return self.ask.seats - len(self.seats)


@dataclass(frozen=True)
class _Pool:
    """Who may be drawn, by lot: key int64 [n], lot int32 [n], levels int32 [SPREAD, n], names of each level."""

    table: pa.Table
    key: NDArray[np.int64]
    lot: NDArray[np.int32]
    levels: NDArray[np.int32]
    names: tuple[tuple[str, ...], ...]


def choose(
    home: Home,
    *,
    province: str,
    on: int,
    seed: str,
    seats: int = 6,
    reserves: int = 6,
    years: int = 3,
    place: str | None = None,
    not_keys: frozenset[int] = frozenset(),
    staff: frozenset[int] = frozenset(),
) -> Guests:
    """Choose guests of one province (a name or a code) for a day, with reserves in the order they are to be called.

    The same base, seed and question give the same guests in any order of the rows. Fewer than ``seats`` are given
    when the pool is too small. Refuses ``bad_seats``, ``no_province`` and ``no_base``.
    Under half a second for a million.
    """
    if not 1 <= seats <= MOST_SEATS or not 0 <= reserves <= MOST_SEATS:
        raise BadInput(
            "bad_seats",
            f"{seats} seats with {reserves} reserves cannot be filled.",
            f"Ask for 1 to {MOST_SEATS} seats and at most as many reserves.",
            vi=f"Số ghế phải từ 1 đến {MOST_SEATS}, số dự bị từ 0 đến {MOST_SEATS}.",
        )
    code = places.today(province).code
    ask = Ask(code, place, on, years, seats, reserves, seed, not_keys, staff)
    base = open_base(home, engines.start())
    funnel, pool = _pool(base, ask)
    free = np.ones(pool.key.size, bool)
    drawn, quotas = seating.draw(pool.levels, pool.names, free, seats, f"{seed}\x1fseats")
    free[drawn] = False
    more, _ = seating.draw(pool.levels, pool.names, free, reserves, f"{seed}\x1freserves")
    return Guests(
        ask,
        tuple(_guest(pool, ask, i, n, reserve=False) for n, i in enumerate(drawn, 1)),
        tuple(_guest(pool, ask, i, n, reserve=True) for n, i in enumerate(more, 1)),
        funnel,
        {by: named for by, named in zip(SPREAD, quotas, strict=True) if named},
        base.digest,
    )


def why(home: Home, key: int, guests: Guests) -> Reason:
    """Why this subscriber is a guest, a reserve, was passed over by lot, or could not be asked at all.

    ``unknown`` when the base does not hold the key: it may have asked to be forgotten.
    """
    for guest in (*guests.seats, *guests.reserves):
        if guest.key == key:
            return guest.reason
    ask = guests.ask
    row = read_one(home, key)
    if row is None:
        return Reason("unknown")
    if row["province"] != ask.province:
        return Reason("other_province", {"province": row["province"], "asked": ask.province})
    table = pa.table({name: pa.array([row[name]], _TYPES[name]) for name in READ})
    for code, barred in _bars(table, ask):
        if barred[0]:
            return Reason(code, _facts_of(code, row["joined_on"], ask))
    lot = int(keys.bucket(np.array([key], np.int64), ask.seed, _LOT)[0])
    return Reason("not_drawn", {"lot": lot, "pool": guests.pool, "seats": len(guests.seats)})


_TYPES = {name: pa.int32() for name in ("joined_on", "born_on", "consent_care_on")} | {
    "key": pa.int64(),
    "province_old": pa.string(),
    "plan_kind": pa.string(),
    "plan": pa.string(),
    "refuses_ads": pa.bool_(),
}


def _facts_of(code: str, joined_on: int, ask: Ask) -> dict[str, Fact]:
    if code == "too_new":
        return {"years": completed_years(joined_on, ask.on), "asked": ask.years}
    return {"place": ask.place} if code == "other_place" else {}


def _pool(base: Base, ask: Ask) -> tuple[tuple[Step, ...], _Pool]:
    """The funnel, condition by condition, and whoever is left, sorted by lot and key."""
    table = engines.collect(base.frame.filter(nw.col("province") == ask.province).select(*READ))
    steps = [Step("other_province", base.rows - table.num_rows, table.num_rows)]
    free = np.ones(table.num_rows, bool)
    for code, barred in _bars(table, ask):
        out = int((free & barred).sum())
        free &= ~barred
        steps.append(Step(code, out, steps[-1].left - out))
    table = table.filter(pa.array(free))
    key = table.column("key").to_numpy().astype(np.int64, copy=False)
    lot = keys.bucket(key, ask.seed, _LOT)
    order = np.lexsort((key, lot))
    coded = [_coded(column) for column in _spread_columns(table, ask.on)]
    levels = np.array([codes[order] for codes, _ in coded], np.int32).reshape(len(SPREAD), key.size)
    names = tuple(names for _, names in coded)
    return tuple(steps), _Pool(table.take(pa.array(order)), key[order], lot[order], levels, names)


def _bars(table: pa.Table, ask: Ask) -> list[tuple[str, NDArray[np.bool_]]]:
    """Each condition after the province, and whom it leaves out: bool [n]."""
    key = table.column("key").to_numpy()
    consent = pc.greater(table.column("consent_care_on"), ask.on)
    child = pc.greater(table.column("born_on"), latest_start(ask.on, 12 * ADULT_YEARS))
    new = pc.greater_equal(table.column("joined_on"), latest_start(ask.on, 12 * ask.years))
    elsewhere = (
        _yes(pc.not_equal(table.column("province_old"), ask.place), null=True)
        if ask.place
        else np.zeros(key.size, bool)
    )
    found = (
        elsewhere,
        _yes(new, null=True),
        _yes(child, null=False),
        _yes(consent, null=True),
        _yes(table.column("refuses_ads"), null=False),
        np.isin(key, np.array(sorted(ask.staff), np.int64)),
        np.isin(key, np.array(sorted(ask.not_keys), np.int64)),
    )
    return list(zip(CONDITIONS[1:], found, strict=True))


def _yes(column: pa.ChunkedArray, *, null: bool) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(column, null).to_numpy()).astype(bool, copy=False)


def _spread_columns(table: pa.Table, on: int) -> tuple[pa.ChunkedArray, ...]:
    """What guests are spread over, in the order of SPREAD, as words; null where the base does not know."""
    return (
        table.column("province_old"),
        _age(table.column("born_on"), on),
        table.column("plan_kind"),
        table.column("plan"),
    )


def _age(born: pa.ChunkedArray, on: int) -> pa.ChunkedArray:
    """The band of an age in completed years, null where the day of birth is not known."""
    band = pa.chunked_array([pa.nulls(len(born), pa.string())])
    for name, least in AGE_BANDS:
        band = pc.if_else(pc.less_equal(born, latest_start(on, 12 * least)), name, band)
    return band


def _coded(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], tuple[str, ...]]:
    """A column of words as places in a sorted list of names; what is not known is the name ""."""
    plain = pc.fill_null(column, "")
    names = sorted(pc.unique(plain).to_pylist())
    codes = pc.index_in(plain, value_set=pa.array(names, pa.string())).to_numpy()
    return np.asarray(codes).astype(np.int32, copy=False), tuple(names)


def _guest(pool: _Pool, ask: Ask, row: int, number: int, *, reserve: bool) -> Guest:
    levels = {
        by: names[at] or None
        for by, names, at in zip(SPREAD, pool.names, pool.levels[:, row].tolist(), strict=True)
    }
    facts: dict[str, Fact] = {
        "number": number,
        "lot": int(pool.lot[row]),
        "years": completed_years(int(pool.table.column("joined_on")[int(row)].as_py()), ask.on),
        **levels,
    }
    return Guest(int(pool.key[row]), number, reserve, Reason("reserve" if reserve else "drawn", facts))
