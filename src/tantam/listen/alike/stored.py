"""Arrays and records that lie in files, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

HELD = 1 << 26
"""Bytes of records that a :class:`Spill` holds in memory before it writes them."""


class Column:
    """``count`` values of a file, or rows of ``width`` values: read and written by stretches, or mapped."""

    def __init__(self, file: Path, dtype: DTypeLike, count: int, width: int = 1) -> None:
        self.file, self.dtype, self.count, self.width = file, np.dtype(dtype), count, width

    @property
    def _row(self) -> int:
        return self.dtype.itemsize * self.width

    def make(self) -> Column:
        """The file, of nought and as yet without room on the disk."""
        with self.file.open("wb") as made:
            made.truncate(self.count * self._row)
        return self

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """A copy of a stretch; past the end it is shorter."""
        rows = max(0, min(stop, self.count) - start)
        held = np.fromfile(self.file, self.dtype, rows * self.width, offset=start * self._row)
        return held if self.width == 1 else held.reshape(-1, self.width)

    def view(self, start: int, stop: int) -> NDArray[Any]:
        """A stretch, mapped to be read: nothing is copied."""
        rows = max(0, min(stop, self.count) - start)
        shape = (rows,) if self.width == 1 else (rows, self.width)
        if not rows:
            return np.empty(shape, self.dtype)
        return np.asarray(np.memmap(self.file, self.dtype, "r", start * self._row, shape))

    def write(self, start: int, values: NDArray[Any]) -> None:
        """Put a stretch in its place."""
        with self.file.open("r+b") as into:
            into.seek(start * self._row)
            into.write(np.ascontiguousarray(values, self.dtype).data)

    def mapped(self) -> NDArray[Any]:
        """The whole, mapped: what is touched is in memory until the array is let go, and may leave it before."""
        shape = (self.count,) if self.width == 1 else (self.count, self.width)
        if not self.count:
            return np.empty(shape, self.dtype)
        return np.asarray(np.memmap(self.file, self.dtype, "r+", shape=shape))


class Spill:
    """Records of ``width`` uint64, put into ``count`` buckets and taken out once, bucket by bucket.

    Few are held in memory, more in one file a bucket. What :meth:`take` gives is in the order in which it was put.
    """

    def __init__(self, folder: Path, name: str, count: int, width: int = 1) -> None:
        self.count, self.width = count, width
        self._folder, self._name = folder, name
        self._held: list[list[NDArray[np.uint64]]] = [[] for _ in range(count)]
        self._runs: list[list[int]] = [[] for _ in range(count)]
        self._bytes = 0
        for stale in folder.glob(f"{name}-*"):
            stale.unlink()  # of a run that was stopped

    def put(self, bucket: NDArray[Any], records: NDArray[np.uint64]) -> None:
        """``records`` [n, width] (or [n]) with the bucket of each."""
        records = records.reshape(-1, self.width)
        if self.count == 1:
            self._keep(0, records)
        else:
            small = bucket.astype(np.uint16 if self.count <= 1 << 16 else np.uint32)
            order = np.argsort(small, kind="stable")
            records = records[order]
            ends = np.cumsum(np.bincount(small, minlength=self.count))
            for at, (start, stop) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
                self._keep(at, records[start:stop])
        if self._bytes > HELD:
            self._flush()

    def _keep(self, bucket: int, records: NDArray[np.uint64]) -> None:
        if len(records):
            self._held[bucket].append(records)
            self._runs[bucket].append(len(records))
            self._bytes += records.nbytes

    def _flush(self) -> None:
        for bucket, held in enumerate(self._held):
            if held:
                with self._file(bucket).open("ab") as to:
                    for records in held:
                        to.write(np.ascontiguousarray(records).data)
                held.clear()
        self._bytes = 0

    def _file(self, bucket: int) -> Path:
        return self._folder / f"{self._name}-{bucket}"

    def take(self, bucket: int) -> NDArray[np.uint64]:
        """Everything of a bucket, [n, width]; it is gone then."""
        taken = list(self.runs(bucket, 1 << 62))
        return taken[0] if taken else np.empty((0, self.width), np.uint64)

    def runs(self, bucket: int, rows: int) -> Iterator[NDArray[np.uint64]]:
        """A bucket in stretches of about ``rows`` records; what was put together stays together. Gone at the end."""
        held, self._held[bucket] = self._held[bucket], []
        runs, self._runs[bucket] = self._runs[bucket], []
        file = self._file(bucket)
        written = sum(runs) - sum(map(len, held))
        at = 0
        wanted: list[int] = []
        for number, run in enumerate(runs):
            wanted.append(run)
            if sum(wanted) < rows and number + 1 < len(runs):
                continue
            pieces: list[NDArray[np.uint64]] = []
            if at < written:
                size = min(sum(wanted), written - at)
                pieces.append(
                    np.fromfile(file, np.uint64, size * self.width, offset=at * self.width * 8).reshape(
                        -1, self.width
                    )
                )
            while sum(map(len, pieces)) < sum(wanted):
                pieces.append(held.pop(0))
            at += sum(wanted)
            wanted = []
            yield pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
        file.unlink(missing_ok=True)
