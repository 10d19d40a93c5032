"""Where the kernels of masking work: no kernel makes an array, each is given these."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tantam.listen.mask.counts import STATE
from tantam.listen.mask.memo import SIZE
from tantam.listen.mask.tokens import ROOM

_LINE = 8
"""Numbers in a line of the processor's cache; a place of the memo is one."""


class Desk(NamedTuple):
    """What no two threads may work at together."""

    memo: NDArray[np.uint64]
    """Words that were read before; may be kept from text to text, or be empty."""
    state: NDArray[np.int64]
    words: NDArray[np.int64]
    """The words of a text, [ROOM, 6]: the columns of :mod:`tokens`."""
    spans: NDArray[np.int64]
    """The bytes of its names, [ROOM, 2]."""


def desk(memo: NDArray[np.uint64]) -> Desk:
    """A desk at the beginning of a text."""
    return Desk(memo, np.zeros(STATE, np.int64), np.empty((ROOM, 6), np.int64), np.empty((ROOM, 2), np.int64))


def new_memo() -> NDArray[np.uint64]:
    """A memo in which nothing is kept yet."""
    room = np.zeros(SIZE + _LINE, np.uint64)
    at = -room.ctypes.data % (8 * _LINE) // 8
    return room[at : at + SIZE]


NO_MEMO = np.zeros(0, np.uint64)
"""With this every word is read letter by letter."""
