"""The texts that a run's themes are learnt from: one of each group, with the people behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam.keys import once
from tantam.listen.alike.stored import Column, Spill
from tantam.listen.reading import is_for_themes
from tantam.listen.run.copies import Copies
from tantam.listen.run.marks import LEFT
from tantam.listen.run.parts import Work, open_part
from tantam.listen.themes.sampling import MOST

_BITS = 48
_ROWS = 4_000_000
"""Rows whose speakers are in memory together."""

Ints = NDArray[np.int64]


def sample(work: Work, found: Copies) -> tuple[list[str], NDArray[np.float64], Ints]:
    """Of the groups whose head is a complaint or negative at most :data:`MOST`, the same in whatever order they came;
    the people behind each, and the day (-1 where there is none). Of a group with an earlier run's head, the first row
    stands for it. Memory does not grow with the rows."""
    rows = _chosen(work, found)
    texts: list[str] = []
    days, groups = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for start, table in _tables(work.parts()):
        here = rows[(rows >= start) & (rows < start + len(table))] - start
        texts += table.column("text").take(pa.array(here)).to_pylist()
        days.append(pc.fill_null(table.column("when"), -1).to_numpy()[here].astype(np.int64))
        groups.append(found.of(start, len(table))[here])
    return texts, _people(work, found, np.concatenate(groups)), np.concatenate(days)


def _tables(files: list[Path]) -> Iterator[tuple[int, pa.Table]]:
    """Each part and the number of its first row over all parts."""
    start = 0
    for file in files:
        table = open_part(file)
        yield start, table
        start += len(table)


def _chosen(work: Work, found: Copies) -> Ints:
    """The rows taken, rising: those of the lowest hashes."""
    seen = Column(work.folder / "seen", np.bool_, found.earlier.heads).make().mapped()
    rows, hashes = np.empty(0, np.int64), np.empty(0, np.int64)
    for start, table in _tables(work.parts()):
        of = found.of(start, len(table))
        stands = of == np.arange(start, start + len(of))
        stands[_firsts(of, found.rows, seen)] = True
        negative = pc.equal(table.column("feeling"), "negative").to_numpy()
        here = np.flatnonzero(stands & is_for_themes(table.column("complaint").to_numpy(), negative))
        rows = np.concatenate([rows, here + start])
        hashes = np.concatenate([hashes, table.column("hash").to_numpy()[here]])
        least = np.argsort(hashes, kind="stable")[:MOST]
        rows, hashes = rows[least], hashes[least]
    (work.folder / "seen").unlink()
    return np.sort(rows)


def _firsts(of: Ints, rows: int, seen: NDArray[np.bool_]) -> Ints:
    """Where a head of an earlier run is met for the first time."""
    before = np.flatnonzero((of >= rows) & (of < LEFT))
    heads, first = np.unique(of[before] - rows, return_index=True)
    new = ~seen[heads]
    seen[heads] = True
    return before[first[new]]


def _people(work: Work, found: Copies, groups: Ints) -> NDArray[np.float64]:
    """Different speakers of each group; a row without a key is a speaker of its own.

    Speakers are told apart by 48 bits of their keys' hashes, by ranges of which they go through the disk.
    """
    order = np.argsort(groups)
    known = groups[order]
    people = np.zeros(len(groups), np.int64)
    spill = Spill(work.folder, "speakers", max(1, -(-found.rows // _ROWS)))
    for start, table in _tables(work.parts() if len(groups) else []):
        of = found.of(start, len(table))
        at = np.minimum(np.searchsorted(known, of), len(known) - 1)
        inside = known[at] == of
        keys = table.column("key").combine_chunks()
        keyed = keys.is_valid().to_numpy(zero_copy_only=False)
        people += np.bincount(at[inside & ~keyed], minlength=len(groups))
        said = pc.fill_null(keys, 0).to_numpy().view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        said = (said ^ (said >> np.uint64(32))) * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(64 - _BITS)
        said |= at.astype(np.uint64) << np.uint64(_BITS)
        said = once(np.sort(said[inside & keyed]))
        spill.put(said % np.uint64(spill.count), said)
    for bucket in range(spill.count):
        said = once(np.sort(spill.take(bucket).ravel()))
        people += np.bincount((said >> np.uint64(_BITS)).astype(np.int64), minlength=len(groups))
    back = np.empty(len(groups), np.float64)
    back[order] = people
    return back
