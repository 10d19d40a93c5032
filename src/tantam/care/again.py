"""A round worked out again over its base: what somebody would have got with one offer taken away."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tantam import engines
from tantam.base.home import Home
from tantam.base.store import open_base
from tantam.care import allocate, decide, people
from tantam.care.reasons import number
from tantam.care.round import Round
from tantam.errors import BadInput


class Again:
    """The table of worth of a round, for counterfactuals by the same prices.

    Refuses ``other_base`` when the home's base is not the one the round was decided on.
    """

    def __init__(self, home: Home, round_: Round) -> None:
        base = open_base(home, engines.start())
        if base.digest != round_.facts["base_digest"]:
            what = "The base has changed since the round was decided."
            raise BadInput("other_base", what, "Use the home as it was, or decide again.")
        self.round = round_
        self.who = people.gather(base, round_.offers, round_.asked, ())
        self.table = decide.settle(
            round_.offers, str(round_.facts["salt"]), int(round_.facts["most"]), self.who
        )
        self.by_key = np.argsort(self.who.key)

    def without(self, keys: NDArray[np.int64], offer: str) -> NDArray[np.int64]:
        """What each of these subscribers would have got by the prices had the offer not been there: masks int64 [n],
        bit ``j`` for the j-th commercial offer. Every key must be of the base."""
        rows = self.by_key[np.searchsorted(self.who.key, keys, sorter=self.by_key)]
        j = [o.name for o in self.round.offers.commercial].index(offer)
        value = self.table.seen[:, rows]
        value[j] = number("held_out_offer")
        bits = allocate.take(
            value,
            self.who.cell[rows],
            self.who.key[rows],
            self.round.prices,
            self.round.group,
            int(self.round.facts["most"]),
        )
        return bits.astype(np.int64)
