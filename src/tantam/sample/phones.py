"""Phone numbers that are valid in form and plainly made up: no two alike, without keeping any list.

The first four prefixes are valid Vietnamese mobile prefixes that none of today's operators is known to use;
the others are needed only above 40 million subscribers.
"""

from __future__ import annotations

from math import gcd

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_PREFIXES = (95, 51, 30, 31, 58, 59, 99, 92, 56, 87)
_LINES = 10_000_000
MOST = len(_PREFIXES) * _LINES


def numbers(first: int, n: int, total: int, seed: int) -> NDArray[np.int64]:
    """The national numbers (nine digits, no 0 before) of subscribers ``first`` … of ``total``: int64 [n].

    An affine step modulo all numbers in use, so that everybody has his own.
    """
    size = max(2, -(-total // _LINES)) * _LINES
    step = 6_180_339 + 2 * (seed % 1_000_000)
    while gcd(step, size) != 1:
        step += 2
    at = (np.arange(first, first + n, dtype=np.int64) * step + seed % size) % size
    return np.array(_PREFIXES)[at // _LINES] * _LINES + at % _LINES


def written(rng: np.random.Generator, national: NDArray[np.int64]) -> pa.Array:
    """The numbers as exports write them: mostly 0951234567, some +84951234567, some 84951234567."""
    heads = pa.array(["0", "+84", "84"]).take(pa.array(rng.choice(3, national.size, p=[0.88, 0.07, 0.05])))
    return pc.binary_join_element_wise(heads, pa.array(national).cast(pa.string()), "")
