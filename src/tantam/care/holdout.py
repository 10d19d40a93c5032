"""Who is left out on purpose, so that the proof is honest: two layers, fixed before anything is decided.

A round hold-out gets nothing commercial; a per-offer hold-out lacks one offer. Both are buckets of the key under the
round's salt, so they depend on nothing that decides worth, and the same salt gives the same people.

What a held-out pair would have been worth stays in the one table of worth, where the solver does not see it: numbers
above zero are seen; −1 to −99 are reasons; below −100 stands a held-out worth ``w`` as ``−100 − w``.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types
from numpy.typing import NDArray

from tantam import keys
from tantam.care.offers import Offers
from tantam.care.reasons import number

ROUND = "\x00round"
"""The round layer's name among offers' names: no offer can be called this."""
HIDDEN = -100
"""Below this a number of the table is a held-out worth."""


def round_layer(key: NDArray[np.int64], offers: Offers, salt: str) -> NDArray[np.bool_]:
    """Who is held out of the whole round: bool [n]."""
    return keys.bucket(key, salt, ROUND) < offers.holdout_ppm


def offer_layer(key: NDArray[np.int64], offers: Offers, salt: str) -> NDArray[np.bool_]:
    """Who is held out of each commercial offer: bool [offers, n]."""
    held = np.zeros((len(offers.commercial), key.size), bool)
    for j, offer in enumerate(offers.commercial):
        if offer.holdout_ppm:
            held[j] = keys.bucket(key, salt, offer.name) < offer.holdout_ppm
    return held


def settle(
    worth: NDArray[np.int32],
    key: NDArray[np.int64],
    full: NDArray[np.bool_],
    offers: Offers,
    salt: str,
) -> None:
    """Turn worth [offers, n] in place into what the solver may see: nothing for whoever's contacts are ``full``
    (bool [n]), and what the lots hold out hidden."""
    commercial = offers.commercial
    seeds = np.array([keys.seed_of(salt, name) for name in (ROUND, *(o.name for o in commercial))], np.uint64)
    shares = np.array([offers.holdout_ppm, *(o.holdout_ppm for o in commercial)], np.uint64)
    _settle(worth, np.require(key, np.int64, ["C"]), full, seeds, shares, number("contact_limit"))


@numba.njit(
    types.void(
        types.int32[:, ::1],
        types.int64[::1],
        types.bool_[::1],
        types.uint64[::1],
        types.uint64[::1],
        types.int32,
    ),
    cache=True,
    nogil=True,
)
def _settle(worth: Any, key: Any, full: Any, seeds: Any, shares: Any, contact_limit: int) -> None:
    size = np.uint64(keys.PPM)
    held = np.zeros(1 << 10, np.bool_)
    mixed = np.zeros(1 << 10, np.uint64)
    for low in range(0, key.size, held.size):
        n = min(held.size, key.size - low)
        for r in range(n):
            mixed[r] = keys.splitmix64(np.uint64(key[low + r]))
            held[r] = keys.splitmix64(mixed[r] ^ seeds[0]) % size < shares[0]
        for j in range(worth.shape[0]):
            row = worth[j, low : low + n]
            for r in range(n):
                if row[r] > 0:
                    if full[low + r]:
                        row[r] = contact_limit
                    elif held[r] or keys.splitmix64(mixed[r] ^ seeds[j + 1]) % size < shares[j + 1]:
                        row[r] = HIDDEN - row[r]


def worth(table: NDArray[np.int32]) -> NDArray[np.int32]:
    """The worth in any part of the table, held out or not: numbers above zero, or reasons. A copy."""
    return np.where(table < HIDDEN, HIDDEN - table, table)
