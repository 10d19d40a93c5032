"""Who is asked what they think of us: everybody who may be asked has the same lot, so that few speak for all."""

from __future__ import annotations

from dataclasses import dataclass

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from tantam import engines, keys, places
from tantam.base.home import Home
from tantam.base.store import open_base
from tantam.care.guests import ADULT_YEARS
from tantam.segments.dates import latest_start

_LOT = "\x00asked"
_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Asked:
    """Who was drawn, by lot: ``key`` int64 [n] and the code of each one's province; out of ``pool`` people.
    ``base_digest`` says over which base it can be drawn again."""

    key: NDArray[np.int64]
    province: tuple[str, ...]
    pool: int
    base_digest: str


def draw(home: Home, *, on: int, seed: str, count: int, province: str | None = None) -> Asked:
    """Draw at most ``count`` people by lot, of one province (a name or a code) or of all, for a day since 1970.

    In the pool is every adult (or whose age we do not know) who agreed to be cared for and refused no messages; nothing
    of usage or spend is read. The same base and seed give the same people in any order of the rows. Holds no more than
    a million rows beside those drawn. Refuses ``no_province``, ``no_base``.
    """
    base = open_base(home, engines.start())
    old_enough = nw.col("born_on").is_null() | (nw.col("born_on") <= latest_start(on, 12 * ADULT_YEARS))
    may = (nw.col("consent_care_on") <= on) & ~nw.col("refuses_ads").fill_null(False) & old_enough
    if province is not None:
        may = may & (nw.col("province") == places.today(province).code)
    key, where, pool = np.empty(0, np.int64), np.empty(0, "U2"), 0
    for batch in engines.batches(base.frame.filter(may).select("key", "province"), _AT_ONCE):
        pool += batch.num_rows
        key = np.concatenate([key, batch.column("key").to_numpy().astype(np.int64, copy=False)])
        where = np.concatenate([where, np.asarray(batch.column("province").to_pylist(), "U2")])
        first = np.lexsort((key, keys.bucket(key, seed, _LOT)))[:count]
        key, where = key[first], where[first]
    return Asked(key, tuple(where.tolist()), pool, base.digest)
