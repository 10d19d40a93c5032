"""Who gets what: what the price table gives anybody, and the few rows that repair changed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate.blocks import Block
from tantam.care.allocate.rows import Held, Offers, choose


class Changes(NamedTuple):
    """The rows whose decisions repair touched, sorted by key. Masks hold bit j for offer j."""

    key: NDArray[np.int64]
    chosen: NDArray[np.uint64]
    table: NDArray[np.uint64]
    """What the price table gave."""
    floor: NDArray[np.uint64]
    """Given to lift a floor."""


class Decisions(NamedTuple):
    """Who of some rows gets what. Masks [rows] hold bit j for offer j."""

    chosen: NDArray[np.uint64]
    moved: NDArray[np.uint64]
    """Given by repair and not by the price table."""
    floor: NDArray[np.uint64]
    """Of the moved, those given to lift a floor."""
    dropped: NDArray[np.uint64]
    """Given by the price table and taken away by repair."""


def changes(
    key: NDArray[np.int64], chosen: NDArray[np.uint64], table: NDArray[np.uint64], floor: NDArray[np.uint64]
) -> Changes:
    """The changes among rows whose decisions were repaired: keys and masks [rows], in any order."""
    at = np.flatnonzero(chosen != table)
    at = at[np.argsort(key[at])]
    return Changes(key[at], chosen[at], table[at], floor[at])


def decide(prices: NDArray[np.int64], offers: Offers, changed: Changes, block: Block) -> Decisions:
    """The decisions of any rows, in any order."""
    table = choose(Held(block), offers, prices)
    chosen, floor = table.copy(), np.zeros_like(table)
    if changed.key.size:
        at = np.searchsorted(changed.key, block.key).clip(max=changed.key.size - 1)
        mine = np.flatnonzero(changed.key[at] == block.key)
        chosen[mine], floor[mine] = changed.chosen[at[mine]], changed.floor[at[mine]]
    return Decisions(chosen, chosen & ~table, floor & ~table, table & ~chosen)
