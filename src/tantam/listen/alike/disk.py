"""Linking of any number of texts: the groups of :func:`tantam.listen.alike.link`, with everything but two numbers a
text on disk.

A band goes through in four steps, none of which holds more than a partition: keys with their heads by ranges of keys,
of which those that several heads share are kept; these by ranges of heads, to fetch the signatures as they lie; back
by ranges of keys, where heads are checked against each other; and the edges by ranges of their lower heads. Whatever
the partitions, the sorted edges are those of the whole band.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tantam.engines.engine import in_threads
from tantam.listen.alike import kernels
from tantam.listen.alike.groups import AT_LEAST, Pass, passes
from tantam.listen.alike.signature import BANDS, CHECK_WORDS
from tantam.listen.alike.stored import Column, Spill

ROWS = 1 << 20
"""Texts of a partition."""

Codes = NDArray[np.uint64]


class Texts:
    """``count`` texts that differ, by rank, in a folder: the first ``fixed`` are heads already and join nobody.

    ``check`` uint64 [count, CHECK_WORDS] and ``keys`` uint32 [count] a band are their signatures; ``heads`` uint32
    [count] is by rank the head of each.
    """

    def __init__(self, folder: Path, count: int, fixed: int = 0, rows: int | None = None) -> None:
        self.folder, self.count, self.fixed, self.rows = folder, count, fixed, rows or ROWS
        self.parts = max(1, -(-count // self.rows))
        self.check = Column(folder / "check", np.uint64, count, CHECK_WORDS)
        self.keys = [Column(folder / f"keys-{band}", np.uint32, count) for band in range(BANDS)]
        self.heads = Column(folder / "heads", np.uint32, count)

    def make(self) -> Texts:
        """The columns, still empty."""
        for column in (self.check, *self.keys, self.heads):
            column.make()
        return self

    def put(self, ranks: NDArray[np.uint32], signatures: NDArray[np.uint8]) -> None:
        """The signatures, uint8 [n, SIGNATURE_BYTES], of the texts of these ranks."""
        self.check.mapped()[ranks] = signatures.view(np.uint64)[:, :CHECK_WORDS]
        found = np.empty(len(signatures), np.uint32)
        for band, column in enumerate(self.keys):
            kernels.keys(signatures, band, found)
            column.mapped()[ranks] = found

    def link(
        self,
        *,
        at_least: float = AT_LEAST,
        threads: int = 1,
        progress: Callable[[float], None] = lambda share: None,
    ) -> None:
        """Fill ``heads``. Memory: eight bytes a text, mapped, and some partitions a thread."""
        todo = passes(at_least)
        heads, to = self.heads.mapped(), Column(self.folder / "to", np.uint32, self.count).make().mapped()
        for first in self._starts():
            stop = min(first + self.rows, self.count)
            heads[first:stop] = to[first:stop] = np.arange(first, stop, dtype=np.uint32)
        for done, one in enumerate(todo):
            _Band(self, one, heads, to, threads).settle()
            progress((done + 1) / len(todo))
        (self.folder / "to").unlink()

    def _starts(self) -> range:
        return range(0, self.count, self.rows)


class _Band:
    """One pass of one band."""

    def __init__(
        self, texts: Texts, one: Pass, heads: NDArray[np.uint32], to: NDArray[np.uint32], threads: int
    ) -> None:
        self.texts, self.one, self.heads, self.to = texts, one, heads, to
        self.threads, self.parts, self.rows = threads, texts.parts, texts.rows

    def settle(self) -> None:
        """Let heads join that agree, each with all who follow it."""
        found = self._edges(self._met(self._asked()))
        joined = 0
        for at in range(self.parts):
            edges = found.take(at).ravel()
            edges.sort()
            joined += kernels.join(edges, self.to)
        if joined:
            self._part()
            for first in self.texts._starts():
                here = self.heads[first : first + self.rows]
                here[:] = self.to[here]

    def _asked(self) -> Spill:
        """Keys that several heads share, by ranges of heads."""
        pairs = self._spill("pairs")
        keys = self.texts.keys[self.one.band]
        for first in self.texts._starts():
            packed = keys.read(first, first + self.rows).astype(np.uint64) << np.uint64(32)
            packed |= self.heads[first : first + self.rows]
            pairs.put(self._by_key(packed), packed)
        asked = self._spill("asked")

        def shared(at: int) -> Codes:
            packed = pairs.take(at).ravel()
            packed.sort()
            return packed[: kernels.shared(packed)].copy()

        for packed in in_threads(shared, range(self.parts), self.threads):
            asked.put((packed & np.uint64(kernels.NONE)) // np.uint64(self.rows), packed)
        return asked

    def _met(self, asked: Spill) -> Spill:
        """The same with the signatures of the heads, by ranges of keys."""
        met = self._spill("met", CHECK_WORDS + 1)

        def fetched(at: int) -> Codes:
            packed = asked.take(at).ravel()
            records = np.empty((packed.size, CHECK_WORDS + 1), np.uint64)
            first = at * self.rows
            kernels.fetch(packed, self.texts.check.view(first, first + self.rows), first, records)
            return records

        for records in in_threads(fetched, range(self.parts), self.threads):
            met.put(self._by_key(records[:, CHECK_WORDS]), records)
        return met

    def _edges(self, met: Spill) -> Spill:
        """Checked edges, by ranges of their lower heads."""
        found = self._spill("edges")

        def checked(at: int) -> Codes:
            return np.concatenate([np.empty(0, np.uint64), *self._checked(met.runs(at, self.rows))])

        for edges in in_threads(checked, range(self.parts), self.threads):
            found.put((edges >> np.uint64(32)) // np.uint64(self.rows), edges)
        return found

    def _checked(self, runs: Iterator[Codes]) -> Iterator[Codes]:
        """Of a range of keys, whose heads come lowest first: those that lead a key go on into the next stretch, so
        that a key that millions share is never in memory as a whole."""
        leading = np.empty((0, CHECK_WORDS + 1), np.uint64)
        for run in runs:
            records = np.concatenate([leading, run]) if len(leading) else run
            leads = np.zeros(len(records), np.bool_)
            out = np.empty(len(records), np.uint64)
            order = np.argsort(records[:, CHECK_WORDS])
            count = kernels.meet(records, order, self.one.join, self.texts.fixed, out, leads)
            yield out[:count].copy()
            leading = records[leads]

    def _part(self) -> None:
        """Take back what a follower does not agree with."""
        asked = self._spill("followers", CHECK_WORDS + 1)
        for first in self.texts._starts():
            old = np.asarray(self.heads[first : first + self.rows])
            new = self.to[old]
            rows = np.flatnonzero((new != old) & (old != np.arange(first, first + old.size)))
            if rows.size:
                records = np.empty((rows.size, CHECK_WORDS + 1), np.uint64)
                records[:, :CHECK_WORDS] = self.texts.check.view(first, first + self.rows)[rows]
                records[:, CHECK_WORDS] = (new[rows].astype(np.uint64) << np.uint64(32)) | old[rows]
                asked.put(new[rows] // self.rows, records)
        for at in range(self.parts):
            for followers in asked.runs(at, self.rows):
                first = at * self.rows
                signatures = self.texts.check.view(first, first + self.rows)
                kernels.part(followers, signatures, first, self.one.follow, self.to)

    def _by_key(self, packed: Codes) -> Codes:
        return ((packed >> np.uint64(32)) * np.uint64(self.parts)) >> np.uint64(32)

    def _spill(self, name: str, width: int = 1) -> Spill:
        return Spill(self.texts.folder, name, self.parts, width)
