"""What a learned worth may look at: how the service is used, nothing else.

Nine numbers of a subscriber, all of columns that are empty for whoever refuses profiling, beside how long and how he
pays. Not among them, on purpose: name, number, key, sex, age, province, occupation, tier, hardship and what it rests
on, consents. Where a person lives, who he is and how poor he is shall not make care worth less: floors and relief
answer need.

Trees see each number as one of 64 codes: 0 where it is missing, else one more than the bounds that it reaches.
"""

from __future__ import annotations

import numba
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.base.columns import SPEND
from tantam.keys import once

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]

VERSION = 1
"""Of the names and of how each is reckoned: a model of another version is refused."""
FEATURES = (
    "tenure",
    "postpaid",
    "spend_recent",
    "spend_older",
    "idle",
    "after_promotion",
    "complaints",
    "data",
    "topups",
)
NEEDS = (
    "plan_kind",
    "joined_on",
    *SPEND,
    "topups_90d",
    "data_mb_30d",
    "complaints_180d",
    "promotion_ended_on",
    "last_active_on",
)
"""The stored columns that they are reckoned from."""
CODES = 64
_BOUNDS = CODES - 2


def of(table: pa.Table, on: int) -> dict[str, Floats]:
    """The features of stored subscribers (columns :data:`NEEDS`) as of day ``on``: name → float64 [n], NaN where
    missing. Spend in đồng a month, ``data`` in logs of MB, spans in logs of days (``tenure``: of years).
    """
    real = {name: reals(table.column(name)) for name in NEEDS[1:]}
    ended = np.nan_to_num(on - real["promotion_ended_on"], nan=-1.0)
    return {
        "tenure": np.log1p(np.maximum(on - real["joined_on"], 0) / 365.25),
        "postpaid": (table.column("plan_kind").to_numpy() == "postpaid").astype(np.float64),
        "spend_recent": _mean_known([real[name] for name in SPEND[:3]]),
        "spend_older": _mean_known([real[name] for name in SPEND[3:]]),
        "idle": np.log1p(np.maximum(on - real["last_active_on"], 0)),
        "after_promotion": np.where(ended >= 0, np.exp(-np.maximum(ended, 0) / 30), 0.0),
        "complaints": np.minimum(real["complaints_180d"], 10),
        "data": np.log1p(np.maximum(real["data_mb_30d"], 0)),
        "topups": real["topups_90d"],
    }


def reals(column: pa.ChunkedArray) -> Floats:
    """A column of numbers, days or yes and no as float64, NaN where missing."""
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    return np.asarray(column.cast(pa.float64()).to_numpy(), np.float64)


def bounds(values: Floats) -> Floats:
    """At most 62 bounds between the values of a feature (NaN left out), evenly many values between two: rising.

    Each lies halfway between two values that occur, so that the last bit of a logarithm decides nothing.
    """
    known = np.sort(values[~np.isnan(values)])
    there = once(known)
    at = np.arange(1, there.size)
    if at.size > _BOUNDS:
        marks = known[np.arange(1, _BOUNDS + 1) * known.size // (_BOUNDS + 1)]
        at = np.unique(np.searchsorted(there, marks))
        at = at[at > 0]
    return (there[at - 1] + there[at]) / 2


def coded(values: list[Floats], limits: list[Floats]) -> Codes:
    """Features [n] by their bounds, as codes: uint8 [n, features]."""
    table = np.full((len(limits), CODES - 1), np.inf)
    for row, limit in zip(table, limits, strict=True):
        row[: limit.size] = limit
    out = np.empty((values[0].size if values else 0, len(values)), np.uint8)
    for column, value in enumerate(values):
        _code(np.ascontiguousarray(value, np.float64), table[column], out, column)
    return out


@numba.njit(
    numba.void(numba.float64[::1], numba.float64[::1], numba.uint8[:, ::1], numba.int64),
    cache=True,
    nogil=True,
)
def _code(value: Floats, bound: Floats, out: Codes, column: int) -> None:
    """Halving without branches: 63 bounds, the unused ones infinite."""
    for i in range(value.size):
        x = value[i]
        if np.isnan(x):
            out[i, column] = 0
            continue
        place = 0
        for step in (32, 16, 8, 4, 2, 1):
            if bound[place + step - 1] <= x:
                place += step
        out[i, column] = place + 1


def _mean_known(months: list[Floats]) -> Floats:
    stacked = np.stack(months)
    known = ~np.isnan(stacked)
    mean = np.nansum(stacked, axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.where(known.any(axis=0), mean, np.nan)
