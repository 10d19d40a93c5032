"""Who speaks: a bounded sample of the base, and what of each person decides what he speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam import engines, keys, letters, places
from tantam.base.store import Base
from tantam.clock import parse_day
from tantam.errors import BadInput

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

MOST = 2_000_000
"""Speakers held in memory, about 30 bytes each; of a larger base this many are drawn."""

TRAITS = (
    *("far", "sea", "storm", "city", "industry"),
    *("prepaid", "postpaid", "old", "young", "worker", "farmer", "student", "trader"),
    *("tier", "complained", "low", "new", "loyal"),
    *("ended", "promoted", "stormy", "hot"),
)
"""What an opinion may need or lean to; the last four hang on the day too. Bit ``i`` of a profile is trait ``i``."""
BIT = {name: 1 << i for i, name in enumerate(TRAITS)}

TERRAINS = ("far", "sea", "city", "industry", "plain")
REGIONS = ("north", "central", "south")

_NEEDS = (
    *("key", "province", "plan_kind", "born_on", "joined_on", "occupation", "tier"),
    *("complaints_180d", "low_income", "promotion_ended_on"),
)
_OLD, _YOUNG, _NEW, _LOYAL = 60, 25, 1, 8
_YEAR = 365.25
_NEVER = -(10**6)
AFTER_PROMOTION = 60
"""For so many days after its end a promotion is missed."""
STORM = (40, 31)
"""A storm came over the central coast so many days before the base's day, and left so many before it."""

_LANDS = """
01 ci n | 04 f n | 08 f n | 11 f n | 12 f n | 14 f n | 15 f n | 19 fi n | 20 f n | 22 fsi n | 24 i n | 25 fi n
31 sci n | 33 i n | 37 s n | 38 fst n | 40 fst c | 42 st c | 44 fst c | 46 sct c | 48 fsct c | 51 fst c | 52 fst c
56 st c | 66 fst s | 68 fs s | 75 i s | 79 sci s | 80 i s | 82 - s | 86 s s | 91 s s | 92 c s | 96 s s
"""
"""Highlands f, sea s, city c, industrial parks i, storms t of each province; its speech: north, central, south."""
_LETTERS = {"f": "far", "s": "sea", "c": "city", "i": "industry", "t": "storm"}
_BEFORE_2025 = parse_day("2025-06-30")


@dataclass(frozen=True)
class Lands:
    """One array entry a province, in the order of ``codes``: traits as bits, the terrains it has, and its speech."""

    codes: tuple[str, ...]
    bits: Ints
    terrains: tuple[tuple[int, ...], ...]
    region: Ints


def lands() -> Lands:
    """The table above."""
    rows = [row.split() for row in _LANDS.replace("|", "\n").strip().splitlines()]
    names = [[_LETTERS[letter] for letter in row[1] if letter in _LETTERS] for row in rows]
    plain = TERRAINS.index("plain")
    return Lands(
        codes=tuple(row[0] for row in rows),
        bits=np.array([sum(BIT[name] for name in some) for some in names]),
        terrains=tuple((*(TERRAINS.index(t) for t in some if t in TERRAINS), plain) for some in names),
        region=np.array(["ncs".index(row[2]) for row in rows]),
    )


def spellings(code: str) -> list[str]:
    """How people write a province, each as often as it stands here: today's name, old ones, without accents, a slip."""
    today = places.today(code).name
    old = _before(code)
    plain = letters.fold(today).title()
    slip = today[:-1]
    return (
        [today] * 12 + old * 2 + [plain, plain, plain.lower(), plain.upper(), *map(letters.fold, old), slip]
    )


def spoken(code: str) -> list[str]:
    """What a province is called in speech: mostly today's name."""
    return [places.today(code).name] * 3 + _before(code)


def _before(code: str) -> list[str]:
    return [unit.name for unit in places.provinces(_BEFORE_2025) if (unit.into or unit.code) == code]


@dataclass(frozen=True)
class Speakers:
    """``n`` people who may speak: ``bits`` their lasting traits, ``age`` in years or −1, ``ended`` the last day of
    their promotion; ``reach`` adds up how likely each is to speak: who has complained speaks more."""

    key: Ints
    province: NDArray[np.int8]
    age: NDArray[np.int16]
    bits: NDArray[np.int32]
    ended: NDArray[np.int32]
    reach: Ints

    def draw(self, rng: np.random.Generator, n: int) -> Ints:
        """``n`` of them, each as often as he speaks: positions, int64 [n]."""
        return np.searchsorted(self.reach, rng.integers(0, self.reach[-1], n), side="right")

    def profile(self, who: Ints, day: Ints, on: int) -> Ints:
        """The traits of each at the day on which he speaks, as bits: int64 [n]."""
        since = day - self.ended[who]
        bits = self.bits[who].astype(np.int64)
        bits |= np.where((since > 0) & (since <= AFTER_PROMOTION), BIT["ended"], 0)
        bits |= np.where((since <= 0) & (self.ended[who] != _NEVER), BIT["promoted"], 0)
        ago = on - day
        stormy = (ago <= STORM[0]) & (ago >= STORM[1])
        return bits | np.where(stormy & (bits & BIT["storm"] > 0), BIT["stormy"], 0)


def read(base: Base, seed: int) -> Speakers:
    """The speakers of a base, at most :data:`MOST`, the same for a seed in any order of its files."""
    land = lands()
    share = int(min(1.0, MOST / max(base.rows, 1)) * keys.PPM)
    parts: list[tuple[NDArray[Any], ...]] = []
    for batch in engines.batches(base.frame.select(*(nw.col(name) for name in _NEEDS))):
        key = batch.column("key").to_numpy()
        chosen = np.flatnonzero(keys.bucket(key, f"sample opinions {seed}") < share)
        if chosen.size:
            parts.append(_people(batch.take(pa.array(chosen)), land, base.on))
    if not parts:
        raise BadInput(
            "no_base", "The base has nobody who could speak.", "Load one: tantam base load FILE --home DIR."
        )
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    key, province, age, bits, ended, voice = (column[order] for column in columns)
    return Speakers(key, province, age, bits, ended, np.cumsum(voice.astype(np.int64)))


def _people(batch: pa.RecordBatch, land: Lands, on: int) -> tuple[NDArray[Any], ...]:
    province = _index(batch, "province", land.codes)
    age = (on - _numbers(batch, "born_on")) / _YEAR
    years = (on - _numbers(batch, "joined_on")) / _YEAR
    complaints = np.nan_to_num(_numbers(batch, "complaints_180d"))
    postpaid = _index(batch, "plan_kind", ("prepaid", "postpaid")) == 1
    job = _index(batch, "occupation", ("worker", "farmer", "student", "trader"))
    has: dict[str, Bools] = {
        "prepaid": ~postpaid,
        "postpaid": postpaid,
        "old": age >= _OLD,
        "young": age < _YOUNG,
        **{name: job == i for i, name in enumerate(("worker", "farmer", "student", "trader"))},
        "tier": batch.column("tier").is_valid().to_numpy(zero_copy_only=False),
        "complained": complaints > 0,
        "low": batch.column("low_income").to_numpy(zero_copy_only=False).astype(bool),
        "new": years < _NEW,
        "loyal": years >= _LOYAL,
    }
    bits = land.bits[province] | sum(np.where(yes, BIT[name], 0) for name, yes in has.items())
    return (
        batch.column("key").to_numpy(),
        province.astype(np.int8),
        np.nan_to_num(age, nan=-1).astype(np.int16),
        np.asarray(bits, np.int32),
        np.nan_to_num(_numbers(batch, "promotion_ended_on"), nan=_NEVER).astype(np.int32),
        (2 + 3 * np.minimum(complaints, 3) + (has["tier"] | has["young"])).astype(np.int8),
    )


def _numbers(batch: pa.RecordBatch, name: str) -> NDArray[np.float64]:
    return np.asarray(batch.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False))


def _index(batch: pa.RecordBatch, name: str, options: tuple[str, ...]) -> Ints:
    """The place of each value among the options, −1 for any other."""
    found = pc.fill_null(pc.index_in(batch.column(name), pa.array(options)), -1)
    return np.asarray(found.to_numpy(zero_copy_only=False), np.int64)
