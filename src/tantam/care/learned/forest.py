"""LightGBM's trees, read as a table that a whole block of subscribers is scored from at once.

A tree of up to 32 leaves is a word of 32 bits, one a leaf from left to right. Each node that says no to a code bars
the leaves at its left; what every code of a feature bars in every tree is looked up, and the words of all features
are put together by *and*: the lowest bit left is the leaf (QuickScorer, Lucchese and others, SIGIR 2015). The leaves'
values are added in the order of the trees, so that the sum is LightGBM's own to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from tantam.care.learned.features import CODES, Codes

LEAVES = 32
_ALL = 0xFFFFFFFF
_SPREAD = 0x077CB531
"""De Bruijn's: a power of two times this tells its exponent in the top five bits."""


@dataclass(frozen=True)
class Forest:
    """``barred`` uint32 [features, codes, trees]: which leaves a code leaves open; ``value`` float64 [trees, 32]."""

    barred: NDArray[np.uint32]
    value: NDArray[np.float64]

    def score(self, codes: Codes) -> NDArray[np.float64]:
        """What the trees say of codes uint8 [n, features]: float64 [n], equal to LightGBM's ``predict``."""
        out = np.zeros(codes.shape[0])
        if self.value.shape[0]:
            _score(np.ascontiguousarray(codes), self.barred, self.value, out)
        return out


def read(text: str, features: int) -> Forest:
    """The forest of a LightGBM model text over codes; numerical splits of trees of at most 32 leaves."""
    trees = [_tree(block) for block in text.split("\nTree=")[1:]]
    barred = np.full((features, CODES, len(trees)), _ALL, np.uint32)
    value = np.zeros((len(trees), LEAVES))
    for t, tree in enumerate(trees):
        _lay(tree, barred[:, :, t], value[t])
    return Forest(barred, value)


def _tree(block: str) -> dict[str, NDArray[Any]]:
    lines = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
    kinds = {"split_feature": np.int64, "left_child": np.int64, "right_child": np.int64}
    kinds |= {"threshold": np.float64, "leaf_value": np.float64}  # type: ignore[dict-item]
    return {name: np.array(lines.get(name, "").split(), kind) for name, kind in kinds.items()}


def _lay(tree: dict[str, NDArray[Any]], barred: NDArray[np.uint32], value: NDArray[np.float64]) -> None:
    """Write one tree's words and leaves; a tree without a split is one leaf."""
    leaves = 0

    def walk(node: int) -> int:
        nonlocal leaves
        if node < 0:
            bit = 1 << leaves
            leaves += 1
            value[(bit * _SPREAD & _ALL) >> 27] = tree["leaf_value"][~node]
            return bit
        left = walk(int(tree["left_child"][node]))
        first = int(tree["threshold"][node]) + 1
        barred[tree["split_feature"][node], first:] &= np.uint32(~left & _ALL)
        return left | walk(int(tree["right_child"][node]))

    walk(0 if tree["split_feature"].size else -1)


@numba.njit(
    numba.void(numba.uint8[:, ::1], numba.uint32[:, :, ::1], numba.float64[:, ::1], numba.float64[::1]),
    cache=True,
    nogil=True,
)
def _score(
    codes: Codes, barred: NDArray[np.uint32], value: NDArray[np.float64], out: NDArray[np.float64]
) -> None:
    trees = value.shape[0]
    open_ = np.empty(trees, np.uint32)
    for i in range(codes.shape[0]):
        words = barred[0, codes[i, 0]]
        for t in range(trees):
            open_[t] = words[t]
        for f in range(1, codes.shape[1]):
            words = barred[f, codes[i, f]]
            for t in range(trees):
                open_[t] &= words[t]
        total = 0.0
        for t in range(trees):
            lowest = np.uint32(open_[t] & np.uint32(-np.int64(open_[t])))
            total += value[t, np.uint32(lowest * np.uint32(_SPREAD)) >> np.uint32(27)]
        out[i] = total
