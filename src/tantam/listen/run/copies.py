"""Which readings are copies of which, over all parts: the group's head is the lowest id.

Equal texts are found by ranges of hashes and counted, so that every different text has its rank; these are linked by
their bands (:mod:`tantam.listen.alike.disk`); and every row is told its group's head. Nothing of it needs memory that
grows with the rows but what is mapped: four bytes a row and twenty a different text, on disk.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.errors import BadInput
from tantam.listen.alike import disk, kernels
from tantam.listen.alike.stored import Column
from tantam.listen.run import names
from tantam.listen.run.index import FOLDER, Earlier, Making
from tantam.listen.run.marks import LEFT, Marks
from tantam.listen.run.order import places
from tantam.listen.run.parts import open_part

Ints = NDArray[np.int64]
_ROW = np.uint64(kernels.NONE)
_OF, _PLACE = "of", "place"


@dataclass(frozen=True)
class Copies:
    """What was found, in ``folder``, of ``rows`` rows. Rows that are left out, because their id came before or because
    their speaker asked to be forgotten, are in no group. ``first`` is the number that a first row without an id has,
    None where rows brought ids of their own; ``index`` is the folder in which one is kept, or None."""

    folder: Path
    rows: int
    first: int | None
    earlier: Earlier = field(default_factory=Earlier)
    index: Path | None = None

    def of(self, start: int, count: int) -> Ints:
        """The row of the head of each of some rows, over all parts: ``rows`` and more are heads of earlier runs, from
        :data:`LEFT` on rows are left out."""
        return Column(self.folder / _OF, np.uint32, self.rows).read(start, start + count).astype(np.int64)

    def head_ids(self, start: int, own: pa.Array) -> pa.Array:
        """``copy_of`` of a stretch of rows, whose ids are ``own``."""
        head = self.of(start, len(own))
        at = np.arange(len(own))
        copies = np.flatnonzero((head != at + start) & (head < LEFT))
        here = copies[head[copies] < self.rows]
        before = copies[head[copies] >= self.rows]
        at[here] = len(own) + np.arange(len(here))
        at[before] = len(own) + len(here) + np.arange(len(before))
        said = [own, self._ids(head[here]), self.earlier.ids(head[before] - self.rows)]
        return pa.concat_arrays(said).take(pa.array(at))

    def _ids(self, rows: Ints) -> pa.Array:
        if self.first is not None:
            return pa.array(rows + self.first).cast(pa.string())
        place = Column(self.folder / _PLACE, np.uint32, self.rows).mapped()
        kept = self.folder if self.index is None else self.index / FOLDER
        return names.take(kept, place[rows].astype(np.int64))


def find(
    files: Sequence[Path],
    folder: Path,
    *,
    first: int | None,
    forgotten: Sequence[int] = (),
    earlier: Earlier | None = None,
    index: Path | None = None,
    threads: int = 1,
    progress: Callable[[float], None] = lambda share: None,
) -> Copies:
    """Group the readings of all parts, within ``folder``. ``first`` as in :class:`Copies`: where rows brought ids, one
    may come twice, and the lowest is found by number where all are numbers, else by letters; without, rows are in the
    order of their ids. What ``earlier`` runs held joins their groups; with ``index`` one is kept in that folder.

    Refuses ``too_many_texts``.
    """
    shutil.rmtree(folder, ignore_errors=True)  # a stop may have left half of it
    folder.mkdir()
    earlier = earlier or Earlier()
    starts = np.cumsum([0, *(open_part(file).num_rows for file in files)])
    found = Copies(folder, int(starts[-1]), first, earlier, index)
    if found.rows + earlier.heads >= LEFT:
        raise BadInput(
            "too_many_texts", f"{found.rows} opinions are too many at once.", "Listen to them in parts."
        )
    by_id = places(files, starts, folder, named=first is None, forgotten=forgotten)
    linking = _Linking(found, Marks(files, starts, by_id), by_id)
    linking.rank()
    linking.texts.link(threads=threads, progress=progress)
    linking.tell()
    if first is None or index is not None:
        linking.name()
    for file in folder.iterdir():
        if file.name not in (_OF, _PLACE, "names", "names.ends"):
            file.unlink()
    return found


class _Linking:
    """One linking, step by step."""

    def __init__(self, found: Copies, marks: Marks, by_id: NDArray[np.uint32] | None) -> None:
        self.found, self.marks, self.by_id = found, marks, by_id
        self.folder, self.known = found.folder, found.earlier.heads

    def rank(self) -> None:
        """Give every different text its rank: heads of earlier runs first, then the most repeated, ties by hash."""
        tally: dict[int, int] = {}
        for one in self.marks.ranges:
            texts = self.marks.texts(one)
            new = self.found.earlier.find(texts.hashes) < 0
            for count, times in zip(*np.unique(texts.counts[new], return_counts=True), strict=True):
                tally[int(count)] = tally.get(int(count), 0) + int(times)
        next_of, total = {}, self.known
        for count in sorted(tally, reverse=True):
            next_of[count] = total
            total += tally[count]
        self.texts = disk.Texts(self.folder, total, self.known).make()
        self.found.earlier.put(self.texts)
        self.low = Column(self.folder / "low", np.uint64, total).make()
        for one in self.marks.ranges:
            self._rank(one, next_of)

    def _rank(self, one: int, next_of: dict[int, int]) -> None:
        texts = self.marks.texts(one)
        ranks = self.found.earlier.find(texts.hashes)
        new = np.flatnonzero(ranks < 0)
        order = np.argsort(-texts.counts[new], kind="stable")
        counts, firsts = np.unique(-texts.counts[new][order], return_index=True)
        ends = [*firsts.tolist(), len(new)][1:]
        for count, start, end in zip((-counts).tolist(), firsts.tolist(), ends, strict=True):
            ranks[new[order[start:end]]] = np.arange(next_of[count], next_of[count] + end - start)
            next_of[count] += end - start
        np.save(self.folder / f"ranks-{one}.npy", ranks.astype(np.uint32))
        np.save(self.folder / f"hashes-{one}.npy", texts.hashes)
        chosen = type(texts)(*(getattr(texts, name)[new] for name in texts.__dataclass_fields__))
        mine = ranks[new].astype(np.uint32)
        self.texts.put(mine, self.marks.signatures(chosen))
        self.low.mapped()[mine] = chosen.lowest

    def tell(self) -> None:
        """Tell every row its group's head."""
        rows, heads, low = self.found.rows, self.texts.heads.mapped(), self.low.mapped()
        for start in range(0, self.texts.count, self.texts.rows):
            kernels.lower(start, heads[start : start + self.texts.rows], low, self.known)
        of = Column(self.folder / _OF, np.uint32, rows).make().mapped()
        for start in range(0, rows, self.texts.rows):
            here = of[start : start + self.texts.rows]
            here[:] = np.arange(start, start + len(here), dtype=np.uint32)
            if self.by_id is not None:
                place = self.by_id[start : start + len(here)]
                np.copyto(here, place, where=place >= LEFT)
        for one in self.marks.ranges:
            head = heads[np.load(self.folder / f"ranks-{one}.npy")].astype(np.int64)
            goes = np.where(head < self.known, rows + head, (low[head] & _ROW).astype(np.int64))
            known = np.load(self.folder / f"hashes-{one}.npy")
            for _, hashes, row, _ in self.marks.rows(one):
                of[(row & _ROW).astype(np.int64)] = goes[np.searchsorted(known, hashes)].astype(np.uint32)

    def name(self) -> None:
        """Keep the ids of heads: of those with copies, or of all in an index."""
        rows, index = self.found.rows, self.found.index
        flags = Column(self.folder / "flags", np.bool_, rows).make().mapped()
        if index is None:
            for start in range(0, rows, self.texts.rows):
                of = self.found.of(start, self.texts.rows)
                copies = of[(of != np.arange(start, start + len(of))) & (of < rows)]
                flags[copies] = True
        else:
            for _, _, row in self._heads():
                flags[row] = True
        place = Column(self.folder / _PLACE, np.uint32, rows).make().mapped()
        total = 0
        for start in range(0, rows, self.texts.rows):
            flagged = flags[start : start + self.texts.rows]
            place[start : start + len(flagged)] = np.cumsum(flagged) - flagged + total
            total += int(flagged.sum())
        if index is None:
            names.write(self.folder, self._named(flags))
        else:
            self._index(index, place, total, self._named(flags))

    def _heads(self) -> Iterator[tuple[int, Ints, Ints]]:
        """New heads by stretches of ranks: the first rank, where they stand, the row of each."""
        heads, low = self.texts.heads.mapped(), self.low.mapped()
        for first in range(0, self.texts.count, self.texts.rows):
            here = heads[first : first + self.texts.rows]
            ranks = np.arange(first, first + len(here))
            at = np.flatnonzero((here == ranks) & (ranks >= self.known))
            yield first, at, (low[first + at] & _ROW).astype(np.int64)

    def _named(self, flags: NDArray[np.bool_]) -> Iterator[pa.Array]:
        start = 0
        for file in self.marks.files:
            column = open_part(file).column("id")
            flagged = np.flatnonzero(flags[start : start + len(column)])
            yield from column.take(pa.array(flagged)).chunks
            start += len(column)

    def _index(self, out: Path, place: NDArray[np.uint32], heads: int, ids: Iterator[pa.Array]) -> None:
        made = Making(self.folder / "index", self.found.earlier, heads, self.found.rows)
        made.put_heads(self.texts, ((first, at, place[row]) for first, at, row in self._heads()))
        head_of, low = self.texts.heads.mapped(), self.low.mapped()
        for one in self.marks.ranges:
            ranks = np.load(self.folder / f"ranks-{one}.npy")
            new = ranks >= self.known
            head = head_of[ranks[new]].astype(np.int64)
            mine = self.known + place[(low[head] & _ROW).astype(np.int64)].astype(np.int64)
            numbers = np.where(head < self.known, head, mine)
            made.put_texts(np.load(self.folder / f"hashes-{one}.npy")[new], numbers.astype(np.uint32))
        made.close(ids, out)
