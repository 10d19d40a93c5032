"""A round worked out again over its base: what somebody would have got with one offer taken away."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tantam import engines
from tantam.base.home import Home
from tantam.base.store import open_base
from tantam.care import allocate, people, relief, values
from tantam.care.reasons import number
from tantam.care.round import Round
from tantam.errors import BadInput


class Again:
    """The table of worth of a round in memory, for counterfactuals by the same prices.

    Refuses ``other_base`` when the home's base is not the one the round was decided on.
    """

    def __init__(self, home: Home, round_: Round) -> None:
        base = open_base(home, engines.start())
        if base.digest != round_.facts["base_digest"]:
            what = "The base has changed since the round was decided."
            raise BadInput("other_base", what, "Use the home as it was, or decide again.")
        self.round = round_
        edges = relief.settle(base.frame, round_.offers, round_.asked).edges
        salt, most = str(round_.facts["salt"]), int(round_.facts["most"])
        plan = people.Plan(round_.offers, round_.asked, (), salt, most, edges)
        made = values.held(values.source(home, plan), base.engine)
        self.parts = [part for part in made.parts or () if part.key.size]
        self.by_key = [np.argsort(part.key) for part in self.parts]

    def without(self, keys: NDArray[np.int64], offer: str) -> NDArray[np.int64]:
        """What each of these subscribers would have got by the prices had the offer not been there: masks int64 [n],
        bit ``j`` for the j-th commercial offer; nothing for a key that is not of the base."""
        j = [o.name for o in self.round.offers.commercial].index(offer)
        bits = np.zeros(keys.size, np.int64)
        for part, by_key in zip(self.parts, self.by_key, strict=True):
            rows = by_key[np.searchsorted(part.key, keys, sorter=by_key).clip(max=part.key.size - 1)]
            mine = np.flatnonzero(part.key[rows] == keys)
            rows = rows[mine]
            value = part.value[:, rows]
            value[j] = number("held_out_offer")
            bits[mine] = allocate.take(
                value,
                part.cell[rows],
                part.key[rows],
                self.round.prices,
                self.round.group,
                int(self.round.facts["most"]),
            )
        return bits
