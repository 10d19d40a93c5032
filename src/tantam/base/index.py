"""Where a key lies in the base: the upper half of every key, uint32, in the order of the base.

Within a province keys are sorted, so a search of each province finds the few rows that can hold a key without
reading the base; its row is then read to be sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

_LOW_BITS = 31


class Writer:
    """Writes an index as the base is written."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, key: NDArray[np.int64]) -> None:
        """The keys of the next rows."""
        (key >> _LOW_BITS).astype(np.uint32).tofile(self._file)


def rows(path: Path, starts: Sequence[int], key: int) -> list[int]:
    """The rows of the base that may hold a key; ``starts`` says where each province begins."""
    if not path.stat().st_size:
        return []
    upper = np.memmap(path, np.uint32, "r")
    wanted, found = np.uint32(key >> _LOW_BITS), list[int]()
    for begin, end in zip(starts, [*starts[1:], upper.size], strict=True):
        here = upper[begin:end]
        low, high = np.searchsorted(here, wanted), np.searchsorted(here, wanted, side="right")
        found += range(begin + int(low), begin + int(high))
    return found
