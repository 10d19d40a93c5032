"""Which readings are copies of which, over all parts: the group's head is the lowest id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam.listen import alike
from tantam.listen.run.parts import open_part

_NOBODY = -1

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Copies:
    """``head`` is the row of each row's head, counted over all parts; ``people`` is by head how many different
    speakers a group has (a row without a key is a speaker of its own). Rows that are left out, because their id came
    before (``twice``) or because their speaker asked to be ``forgotten``, are in no group. ``names`` are the ids of the
    heads that have copies, and ``place`` by head where each stands there."""

    head: Ints
    people: Ints
    twice: NDArray[np.bool_]
    forgotten: NDArray[np.bool_]
    place: NDArray[np.int32]
    names: pa.Array

    @property
    def kept(self) -> NDArray[np.bool_]:
        """The rows that become readings."""
        return ~(self.twice | self.forgotten)

    def head_ids(self, start: int, own: pa.Array) -> pa.Array:
        """``copy_of`` of a stretch of rows, whose ids are ``own``."""
        head = self.head[start : start + len(own)]
        at = np.arange(len(own))
        is_copy = head != at + start
        at[is_copy] = len(own) + self.place[head[is_copy]]
        return pa.concat_arrays([own, self.names]).take(pa.array(at))


def find(files: Sequence[Path], *, named: bool, forgotten: Sequence[int] = ()) -> Copies:
    """Group the readings of all parts. ``named``: the rows brought ids of their own, so one may come twice, and the
    lowest is found by number where all are numbers, else by letters; without, rows are in the order of their ids.

    Goes through the parts column by column, one part at a time, so that no more of them is in memory than the hashes,
    the speakers and the signatures of texts that differ."""
    hashes, keys = _numbers(files, "hash"), _numbers(files, "key")
    count = len(hashes)
    order, twice = np.arange(count), np.zeros(count, np.bool_)
    if named:
        ids = pa.chunked_array([c for f in files for c in open_part(f).column("id").chunks], pa.string())
        order, twice = _order(ids), _twice(ids)
        del ids
    gone = np.isin(keys, np.asarray(forgotten, np.int64)) & ~twice
    if named or gone.any():
        order = order[~(twice | gone)[order]]
        hashes = hashes[order]
    distinct = alike.Distinct.of(hashes)
    del hashes
    linked = distinct.link(_signatures(files, order[distinct.rows]))
    del distinct
    head = np.arange(count)
    head[order] = order[linked]
    del linked
    repeated = np.unique(head[head != np.arange(count)])
    place = np.zeros(count, np.int32)
    place[repeated] = np.arange(len(repeated))
    return Copies(head, _people(keys, head, order), twice, gone, place, _at(files, "id", repeated))


def _numbers(files: Sequence[Path], name: str) -> Ints:
    """A column of all parts, -1 where it is empty."""
    none = np.empty(0, np.int64)
    return np.concatenate(
        [none, *(pc.fill_null(open_part(f).column(name), _NOBODY).to_numpy() for f in files)]
    )


def _at(files: Sequence[Path], name: str, rows: Ints) -> pa.Array:
    """The values of a column in some rows, rising and counted over all parts."""
    pieces, start = [], 0
    for file in files:
        column = open_part(file).column(name)
        first, last = np.searchsorted(rows, (start, start + len(column)))
        pieces += column.take(pa.array(rows[first:last] - start)).chunks
        start += len(column)
    return pa.concat_arrays(pieces) if pieces else pa.array([], pa.string())


def _signatures(files: Sequence[Path], rows: Ints) -> NDArray[np.uint8]:
    """The signatures of some rows, uint8 [n, SIGNATURE_BYTES]."""
    by_row = np.argsort(rows, kind="stable")
    width = alike.SIGNATURE_BYTES
    if not rows.size:
        return np.empty((0, width), np.uint8)
    taken = _at(files, "signature", rows[by_row])
    raw = np.frombuffer(taken.buffers()[1], np.uint8)[taken.offset * width :]
    signatures = raw[: rows.size * width].reshape(-1, width)
    if np.array_equal(rows, rows[by_row]):  # as they lie: nothing to put in order, nothing to copy
        return signatures
    back = np.empty_like(by_row)
    back[by_row] = np.arange(rows.size)
    return signatures[back]


def _twice(ids: pa.ChunkedArray) -> NDArray[np.bool_]:
    """The rows whose id an earlier row has."""
    coded = ids.combine_chunks().dictionary_encode()
    twice = np.ones(len(ids), np.bool_)
    twice[np.unique(coded.indices.to_numpy(), return_index=True)[1]] = False
    return twice


def _order(ids: pa.ChunkedArray) -> Ints:
    if pc.all(pc.match_substring_regex(ids, "^[0-9]{1,18}$")).as_py():
        return np.argsort(ids.cast(pa.int64()).to_numpy(), kind="stable")
    return np.asarray(pc.sort_indices(ids), np.int64)


def _people(keys: Ints, head: Ints, rows: Ints) -> Ints:
    if not (keys[rows] != _NOBODY).any():
        return np.bincount(head[rows], minlength=len(head))
    order = rows[np.lexsort((keys[rows], head[rows]))]
    heads, said = head[order], keys[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (heads[1:] != heads[:-1]) | (said[1:] != said[:-1]) | (said[1:] == _NOBODY)
    return np.bincount(heads, weights=new, minlength=len(head)).astype(np.int64)
