"""How a subscriber's next months go: when he leaves, what he spends, whether he becomes postpaid.

Every person has a daily hazard of leaving that his columns give, higher and decaying after a promotion's end,
and a daily rate of becoming postpaid; whoever became postpaid has signed for the term and stays. The lots are
drawn from his key, so that his outcomes under any set of offers are defined together (common random numbers),
and the expectation over the lots is exact, day by day.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numba
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import ndtri

from tantam import keys
from tantam.sample.effects import Shift

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MONTH = 30
NEEDS = (
    "key",
    "plan_kind",
    "joined_on",
    "born_on",
    "spend_1",
    "spend_2",
    "spend_3",
    "complaints_180d",
    "promotion_ended_on",
    "last_active_on",
)
"""The stored columns that a life depends on; a missing one counts as usual."""

_DAILY = 0.00045
"""The hazard of a usual prepaid subscriber: about 1.3 % a month."""
_AFTER_PROMOTION = 0.010
_DECAY_DAYS = 30.0
"""A promotion's end adds 0.010 a day, decaying with 30 days: a quarter leave because of it."""
_TO_POSTPAID = 0.004 / MONTH
_USUAL_SPEND = 60_000.0
_NOISE = 0.35
_LASTING = 0.5
"""The share of the log spend's variance that is a person's own and the same in every month."""


@dataclass(frozen=True)
class Lives:
    """``n`` people at the round's day: hazards a day, đồng a month, and traits between −1 and 1."""

    key: Ints
    postpaid: NDArray[np.bool_]
    leave: Floats
    after: Floats
    since: Floats
    become: Floats
    spend: Floats
    traits: dict[str, Floats]

    def take(self, rows: NDArray[np.intp]) -> Lives:
        """The same for some of them."""
        return Lives(
            self.key[rows],
            self.postpaid[rows],
            self.leave[rows],
            self.after[rows],
            self.since[rows],
            self.become[rows],
            self.spend[rows],
            {trait: value[rows] for trait, value in self.traits.items()},
        )

    def hazard(self, day: int | Ints) -> Floats:
        """The cumulative hazard of leaving by the end of ``day``, without any offer."""
        start, end = np.maximum(self.since, 0.0), np.maximum(self.since + day, 0.0)
        faded = np.exp(-start / _DECAY_DAYS) - np.exp(-end / _DECAY_DAYS)
        return self.leave * day + self.after * _DECAY_DAYS * faded


def read(batch: pa.RecordBatch | pa.Table, on: int) -> Lives:
    """The lives of stored subscribers (columns :data:`NEEDS`) seen from day ``on``."""
    postpaid = batch.column("plan_kind").to_numpy(zero_copy_only=False) == "postpaid"
    months = np.stack([_numbers(batch, f"spend_{i}") for i in (1, 2, 3)])
    known = ~np.isnan(months)
    usual = np.where(postpaid, 2.0 * _USUAL_SPEND, _USUAL_SPEND)
    spend = np.where(known.any(0), np.nansum(months, axis=0) / np.maximum(known.sum(0), 1), usual)
    years = np.maximum(on - _numbers(batch, "joined_on"), 0) / 365.25
    complaints = np.minimum(np.nan_to_num(_numbers(batch, "complaints_180d")), 3.0)
    ended = on - _numbers(batch, "promotion_ended_on")
    idle = np.nan_to_num(on - _numbers(batch, "last_active_on")) > MONTH
    age = np.nan_to_num((on - _numbers(batch, "born_on")) / 365.25, nan=38.0)
    rich = np.clip(np.log((spend + 5_000) / _USUAL_SPEND), -2.0, 3.0)
    log_leave = 0.35 * complaints - 0.40 * np.log1p(years) - 0.25 * rich + 1.6 * idle - 0.9 * postpaid + 0.6
    in_promotion = ~np.isnan(ended)
    return Lives(
        key=batch.column("key").to_numpy().copy(),  # the kernel takes no read-only array
        postpaid=postpaid,
        leave=_DAILY * np.exp(log_leave),
        after=np.where(in_promotion, _AFTER_PROMOTION * np.exp(-0.2 * rich - 0.7 * postpaid), 0.0),
        since=np.where(in_promotion, ended, 0.0),
        become=np.where(postpaid, 0.0, _TO_POSTPAID * np.exp(0.6 * rich)),
        spend=spend,
        traits={
            "promotion": np.where(
                in_promotion & (ended >= 0), 2 * np.exp(-np.maximum(ended, 0) / 60) - 1, -1.0
            ),
            "complaints": np.clip(complaints - 1.0, -1.0, 1.0),
            "tenure": np.clip(years / 5.0 - 1.0, -1.0, 1.0),
            "spend": np.clip(rich / 2.0, -1.0, 1.0),
            "young": np.clip((40.0 - age) / 20.0, -1.0, 1.0),
        },
    )


def _numbers(batch: pa.RecordBatch | pa.Table, name: str) -> Floats:
    column = batch.column(name).cast(pa.float64())
    return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)


@dataclass(frozen=True)
class Played:
    """What happened to ``n`` people: the day each left and the day each became postpaid (past the end:
    never).
    """

    left: Ints
    became: Ints
    spend: Floats
    """[months, n], đồng in each month, before rounding."""


def play(lives: Lives, shift: Shift, seed: int, months: int) -> Played:
    """One draw of everybody's months under their sets of offers; the lots come from key and seed alone."""
    end = months * MONTH
    left = _first_day(lives, -np.log(_lots(lives.key, seed, "leave")) / shift.leave, end)
    rate = lives.become * shift.postpaid
    wait = -np.log(_lots(lives.key, seed, "become"))
    became = np.where(rate * end >= wait, np.ceil(wait / np.maximum(rate, 1e-300)), end + 1).astype(np.int64)
    became = np.where(became < left, np.maximum(became, 1), end + 1)
    left = np.where(became <= end, end + 1, left)
    own = ndtri(_lots(lives.key, seed, "spend"))
    level = np.maximum(lives.spend + shift.spend, 0.0)
    spend = np.empty((months, lives.key.size))
    for month in range(months):
        active_days = np.clip(left - 1 - month * MONTH, 0, MONTH)
        passing = ndtri(_lots(lives.key, seed, f"spend {month}"))
        noise = _NOISE * (np.sqrt(_LASTING) * own + np.sqrt(1 - _LASTING) * passing)
        spend[month] = level * np.exp(noise - _NOISE**2 / 2) * active_days / MONTH
    return Played(left, became, spend)


def _first_day(lives: Lives, enough: Floats, end: int) -> Ints:
    """The first day by whose end the cumulative hazard reaches ``enough``; ``end`` + 1 if none does. By
    halving.
    """
    low, high = np.zeros(enough.size, np.int64), np.full(enough.size, end + 1)
    for _ in range(int(end).bit_length()):
        middle = (low + high) // 2
        reached = (lives.hazard(middle) >= enough) & (middle > 0)
        high = np.where(reached, middle, high)
        low = np.where(reached, low, middle)
    return high


def expected(lives: Lives, shift: Shift, months: int) -> Iterator[tuple[int, dict[str, Floats]]]:
    """The exact expectation of what :func:`play` draws, by horizon in days: active, spend so far,
    became_postpaid.
    """
    level = np.maximum(lives.spend + shift.spend, 0.0)
    rate = lives.become * shift.postpaid
    waiting, moved, active_days = np.ones(rate.size), np.zeros(rate.size), np.zeros(rate.size)
    for day in range(1, months * MONTH + 1):
        stayed = np.exp(-shift.leave * lives.hazard(day))
        still = np.exp(-rate * day)
        moved += (waiting - still) * stayed
        waiting = still
        active = stayed * still + moved
        active_days += active
        if day % MONTH == 0:
            yield (
                day,
                {"active": active, "spend": level * active_days / MONTH, "became_postpaid": moved.copy()},
            )


def _lots(key: Ints, seed: int, what: str) -> Floats:
    """A uniform lot in (0, 1) for each key: float64 [n]."""
    return np.asarray(
        _uniform(np.ascontiguousarray(key), np.uint64(keys.seed_of(f"sample lots {seed}", what)))
    )


@numba.njit(numba.float64[::1](numba.int64[::1], numba.uint64), cache=True)
def _uniform(key: Ints, seed: int) -> Floats:
    out = np.empty(key.size, np.float64)
    for i in range(key.size):
        bits = keys.splitmix64(keys.splitmix64(np.uint64(key[i])) ^ seed) >> np.uint64(11)
        out[i] = (np.float64(bits) + 0.5) / 9007199254740992.0
    return out
