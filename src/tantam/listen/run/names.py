"""The ids of many rows in two files: appended in order, taken by number."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.listen.alike.stored import Column


def write(folder: Path, ids: Iterable[pa.Array]) -> int:
    """Write ids into ``folder`` and give how many there are."""
    count, end = 0, 0
    with (folder / "names.ends").open("wb") as ends, (folder / "names").open("wb") as data:
        for some in ids:
            large = some.cast(pa.large_string())
            offsets = np.frombuffer(large.buffers()[1], np.int64)[large.offset :][: len(large) + 1]
            if not len(large):
                continue
            held = large.buffers()[2]
            if held is not None:
                data.write(memoryview(held)[int(offsets[0]) : int(offsets[-1])])
            ends.write((offsets[1:] - offsets[0] + end).data)
            end += int(offsets[-1] - offsets[0])
            count += len(large)
    return count


def take(folder: Path, numbers: NDArray[np.int64]) -> pa.Array:
    """The ids of these numbers, ``pa.string()``: only the pages they lie on are read."""
    file = folder / "names.ends"
    ends = Column(file, np.int64, file.stat().st_size // 8).mapped()
    data = Column(folder / "names", np.uint8, (folder / "names").stat().st_size).mapped()
    stop = ends[numbers]
    start = np.where(numbers > 0, ends[numbers - 1], 0)
    sizes = stop - start
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    at = np.arange(offsets[-1]) + np.repeat(start - offsets[:-1], sizes)
    held = pa.LargeStringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(data[at]))
    return held.cast(pa.string())
