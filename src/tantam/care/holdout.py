"""Who is left out on purpose, so that the proof is honest: two layers, fixed before anything is decided.

A round hold-out gets nothing commercial; a per-offer hold-out lacks one offer. Both are buckets of the key under the
round's salt, so they depend on nothing that decides worth, and the same salt gives the same people.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tantam import keys
from tantam.care.offers import Offers
from tantam.care.reasons import number

ROUND = "\x00round"
"""The round layer's name among offers' names: no offer can be called this."""


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


def hide(worth: NDArray[np.int32], whole: NDArray[np.bool_], pairs: NDArray[np.bool_]) -> NDArray[np.int32]:
    """The table of worth as the solver may see it: held-out pairs are reasons, not values. A copy, [offers, n]."""
    seen = np.where(pairs & (worth > 0), np.int32(number("held_out_offer")), worth)
    return np.where(whole[None, :] & (worth > 0), np.int32(number("held_out_round")), seen)
