"""What parts keep to find copies by, beside them: hashes sorted, with the row of each, and signatures in their order.

All parts' hashes are gone through by ranges of hashes, so that memory does not grow with the opinions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tantam.base.writing import whole
from tantam.listen.alike import SIGNATURE_BYTES

RANGE = 3_000_000
"""Rows of a range of hashes."""

LEFT = 2**32 - 2
"""From this number on a row is left out: because its speaker asked to be forgotten, or …"""
TWICE = 2**32 - 1
"""… because its id came before."""

_HASH, _ROW = 8, 4
_SIGN = np.uint64(1 << 63)

Hashes = NDArray[np.uint64]


def write(part: Path, hashes: NDArray[np.int64], signatures: NDArray[np.uint8]) -> None:
    """The marks of a part's rows; those without words (hash 0) have none."""
    order = np.argsort(hashes, kind="stable")
    order = order[hashes[order] != 0]
    for name, columns in (
        (".hashes", (hashes[order].view(np.uint64) ^ _SIGN, order.astype(np.uint32))),
        (".signatures", (signatures[order],)),
    ):
        with whole(part.with_suffix(name)) as half, half.open("wb") as to:
            for column in columns:
                to.write(np.ascontiguousarray(column).data)


@dataclass(frozen=True)
class Texts:
    """Texts that differ, by hash (rising, as unsigned numbers in the order of the signed ones): how many rows have
    each, and the lowest of them, as its place by id shifted by 32 bits and its row. ``part`` and ``at`` say where one
    of their signatures lies."""

    hashes: Hashes
    counts: NDArray[np.int64]
    lowest: NDArray[np.uint64]
    part: NDArray[np.int64]
    at: NDArray[np.int64]


class Marks:
    """The marks of all parts; ``starts`` [parts + 1] are the first rows over all parts, ``places`` uint32 by row where
    each stands in the order of ids (:data:`LEFT` and more: nowhere), None if the rows lie in it already."""

    def __init__(
        self,
        files: Sequence[Path],
        starts: NDArray[np.int64],
        places: NDArray[np.uint32] | None,
    ) -> None:
        self.files, self.starts, self._places = files, starts, places
        count = max(1, -(-int(starts[-1]) // RANGE))
        bounds = np.array([(i << 64) // count for i in range(1, count)], np.uint64)
        self._cuts = np.zeros((len(files), count + 1), np.int64)
        for i, file in enumerate(files):
            hashes = self._hashes(i, 0, self._size(file))
            self._cuts[i, 1:-1] = np.searchsorted(hashes, bounds)
            self._cuts[i, -1] = len(hashes)
        self.ranges = range(count)

    @staticmethod
    def _size(part: Path) -> int:
        return part.with_suffix(".hashes").stat().st_size // (_HASH + _ROW)

    def _hashes(self, part: int, first: int, stop: int) -> Hashes:
        file = self.files[part].with_suffix(".hashes")
        return np.fromfile(file, np.uint64, stop - first, offset=_HASH * first)

    def rows(self, of: int) -> Iterator[tuple[int, Hashes, NDArray[np.uint64], NDArray[np.int64]]]:
        """Of a range, part by part: its number; the hashes, rising; the row of each with its place before it in the
        higher 32 bits; and where each lies in the part's marks."""
        for number, file in enumerate(self.files):
            first, stop = self._cuts[number, of : of + 2].tolist()
            if first == stop:
                continue
            hashes = self._hashes(number, first, stop)
            offset = _HASH * int(self._cuts[number, -1]) + _ROW * first
            row = np.fromfile(file.with_suffix(".hashes"), np.uint32, stop - first, offset=offset)
            row += np.uint32(self.starts[number])
            at = np.arange(first, stop)
            place = row if self._places is None else self._places[row]
            if self._places is not None and (place >= LEFT).any():
                kept = place < LEFT
                hashes, row, place, at = hashes[kept], row[kept], place[kept], at[kept]
            yield number, hashes, (place.astype(np.uint64) << np.uint64(32)) | row, at

    def texts(self, of: int) -> Texts:
        """The texts of a range, each once."""
        found: list[tuple[NDArray[np.generic], ...]] = []
        for number, hashes, rows, at in self.rows(of):
            first = _firsts(hashes)
            counts = np.diff(first, append=len(hashes))
            lowest = np.minimum.reduceat(rows, first) if len(first) else rows
            found.append((hashes[first], counts, lowest, np.full(len(first), number), at[first]))
        if not found:
            none = np.empty(0, np.int64)
            return Texts(none.view(np.uint64), none, none.view(np.uint64), none, none)
        hashes, counts, lowest, part, at = (np.concatenate(c) for c in zip(*found, strict=True))
        order = np.argsort(hashes, kind="stable")
        hashes = hashes[order]
        first = _firsts(hashes)
        if not len(first):
            return Texts(hashes, counts, lowest, part, at)
        return Texts(
            hashes[first],
            np.add.reduceat(counts[order], first),
            np.minimum.reduceat(lowest[order], first),
            part[order[first]],
            at[order[first]],
        )

    def signatures(self, texts: Texts) -> NDArray[np.uint8]:
        """Of some texts of a range: uint8 [n, SIGNATURE_BYTES]."""
        found = np.empty((len(texts.hashes), SIGNATURE_BYTES), np.uint8)
        order = np.argsort(texts.part, kind="stable")
        ends = np.searchsorted(texts.part[order], np.arange(len(self.files) + 1))
        for number in np.flatnonzero(np.diff(ends)).tolist():
            here = order[ends[number] : ends[number + 1]]
            at = texts.at[here]
            first, stop = int(at.min()), int(at.max()) + 1
            held = np.fromfile(
                self.files[number].with_suffix(".signatures"),
                np.uint8,
                (stop - first) * SIGNATURE_BYTES,
                offset=first * SIGNATURE_BYTES,
            )
            found[here] = held.reshape(-1, SIGNATURE_BYTES)[at - first]
        return found


def _firsts(hashes: Hashes) -> NDArray[np.int64]:
    """Where each hash stands first."""
    if not len(hashes):
        return np.empty(0, np.int64)
    return np.concatenate([[0], np.flatnonzero(hashes[1:] != hashes[:-1]) + 1])
