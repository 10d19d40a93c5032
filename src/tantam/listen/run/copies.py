"""Which readings are copies of which, over all parts: the group's head is the lowest id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam.listen import alike

_NOBODY = -1


@dataclass(frozen=True)
class Copies:
    """``head`` is the row of each row's head, counted over all parts; ``people`` is by head how many different
    speakers a group has (a row without a key is a speaker of its own). Rows that are left out, because their id came
    before (``twice``) or because their speaker asked to be ``forgotten``, are in no group."""

    head: NDArray[np.int64]
    people: NDArray[np.int64]
    twice: NDArray[np.bool_]
    forgotten: NDArray[np.bool_]
    ids: pa.ChunkedArray

    @property
    def kept(self) -> NDArray[np.bool_]:
        """The rows that become readings."""
        return ~(self.twice | self.forgotten)

    def head_ids(self, start: int, stop: int) -> pa.Array:
        """``copy_of`` of a stretch of rows."""
        own = self.ids.slice(start, stop - start)
        copies = np.flatnonzero(self.head[start:stop] != np.arange(start, stop))
        heads, which = np.unique(self.head[start:stop][copies], return_inverse=True)
        named = self.ids.take(pa.array(heads)).combine_chunks().take(pa.array(which))
        mask = np.zeros(stop - start, bool)
        mask[copies] = True
        return pc.replace_with_mask(own.combine_chunks(), pa.array(mask), named)


def find(parts: Sequence[pa.Table], *, named: bool, forgotten: Sequence[int] = ()) -> Copies:
    """Group the readings of all parts. ``named``: the rows brought ids of their own, so one may come twice, and the
    lowest is found by number where all are numbers, else by letters; without, rows are in the order of their ids."""
    ids = pa.chunked_array([chunk for p in parts for chunk in p.column("id").chunks], pa.string())
    hashes = np.concatenate([p.column("hash").to_numpy() for p in parts])
    signatures = np.concatenate([_bytes(p.column("signature").combine_chunks()) for p in parts])
    keys = np.concatenate([pc.fill_null(p.column("key"), _NOBODY).to_numpy() for p in parts])
    head = np.arange(len(hashes))
    order = _order(ids) if named else head.copy()
    twice = _twice(ids) if named else np.zeros(len(head), np.bool_)
    gone = np.isin(keys, np.asarray(forgotten, np.int64)) & ~twice
    order = order[~(twice | gone)[order]]
    if np.array_equal(order, head):  # nothing to put in order, nothing to copy
        head = alike.link(hashes, signatures)
    else:
        head[order] = order[alike.link(hashes[order], signatures[order])]
    return Copies(head, _people(keys, head, order), twice, gone, ids)


def _twice(ids: pa.ChunkedArray) -> NDArray[np.bool_]:
    """The rows whose id an earlier row has."""
    coded = ids.combine_chunks().dictionary_encode()
    twice = np.ones(len(ids), np.bool_)
    twice[np.unique(coded.indices.to_numpy(), return_index=True)[1]] = False
    return twice


def _order(ids: pa.ChunkedArray) -> NDArray[np.int64]:
    if pc.all(pc.match_substring_regex(ids, "^[0-9]{1,18}$")).as_py():
        return np.argsort(ids.cast(pa.int64()).to_numpy(), kind="stable")
    return np.asarray(pc.sort_indices(ids), np.int64)


def _bytes(signatures: pa.FixedSizeBinaryArray) -> NDArray[np.uint8]:
    width = alike.SIGNATURE_BYTES
    raw = np.frombuffer(signatures.buffers()[1], np.uint8)
    return raw[signatures.offset * width :][: len(signatures) * width].reshape(-1, width)


def _people(keys: NDArray[np.int64], head: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    order = rows[np.lexsort((keys[rows], head[rows]))]
    heads, said = head[order], keys[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (heads[1:] != heads[:-1]) | (said[1:] != said[:-1]) | (said[1:] == _NOBODY)
    return np.bincount(heads, weights=new, minlength=len(head)).astype(np.int64)
