"""The loops of linking, compiled: see :mod:`tantam.listen.alike.groups` for what they are for.

Texts are counted by rank (see there); an edge, and a band key with its head, are two uint32 packed in a uint64,
so that one plain sort puts keys together, lowest head first.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types

from tantam.listen.alike.signature import CHECK_WORDS, KEY_BYTES, KEYS_AT, VALUES, readonly

NONE = 2**32 - 1
"""The rank of a text without words."""

LEADERS = 8
"""Heads of one band key that the others are checked against: the work on a key that millions share stays linear."""


@numba.njit(
    types.int64(readonly(types.uint64, 2), types.int64, types.int64), cache=True, nogil=True, inline="always"
)
def _agreeing(signatures: Any, a: Any, b: Any) -> Any:
    """How many of the VALUES of two signatures are equal."""
    differing = np.uint64(0)  # sixteen counts of 0 to 4
    for w in range(CHECK_WORDS):
        x = signatures[a, w] ^ signatures[b, w]
        x |= x >> np.uint64(1)
        x |= x >> np.uint64(2)
        differing += x & np.uint64(0x1111111111111111)
    low = np.uint64(0x0F0F0F0F0F0F0F0F)
    eight = np.uint64((differing & low) + ((differing >> np.uint64(4)) & low))
    return VALUES - np.int64(np.uint64(eight * np.uint64(0x0101010101010101)) >> np.uint64(56))


@numba.njit(
    types.int64(readonly(types.int64, 1), types.int64[::1], types.uint32[::1], types.uint64[::1]),
    cache=True,
    nogil=True,
)
def runs(hashes: Any, order: Any, run: Any, packed: Any) -> Any:
    """Number the distinct hashes in ``run``; ``packed`` holds each one's count, turned for sorting, and number."""
    runs, at = 0, 0
    while at < order.size:
        first, own = at, hashes[order[at]]
        while at < order.size and hashes[order[at]] == own:
            run[order[at]] = runs if own != 0 else NONE
            at += 1
        if own != 0:
            turned = np.uint64(NONE) - np.uint64(min(at - first, NONE))
            packed[runs] = (turned << np.uint64(32)) | np.uint64(runs)
            runs += 1
    return runs


@numba.njit(
    types.void(types.uint64[::1], types.uint32[::1], types.uint32[::1], types.uint32[::1]),
    cache=True,
    nogil=True,
)
def rank(packed: Any, work: Any, rank: Any, first: Any) -> None:
    """Turn the numbers of distinct hashes in ``rank`` into ranks, and find the first row of each."""
    for place in range(packed.size):
        work[np.uint32(packed[place])] = place
    for i in range(rank.size - 1, -1, -1):
        if rank[i] != NONE:
            rank[i] = work[rank[i]]
            first[rank[i]] = i


@numba.njit(types.uint32(readonly(types.uint8, 2), types.int64, types.int64), cache=True, nogil=True)
def _key(signatures: Any, row: Any, band: Any) -> Any:
    """One band's key: its 24 bits, and the two values of the band that the check keeps in one byte."""
    key = np.uint32(signatures[row, band])
    for j in range(KEY_BYTES):
        key = (key << np.uint32(8)) | np.uint32(signatures[row, KEYS_AT + KEY_BYTES * band + j])
    return key


@numba.njit(
    types.int64(
        readonly(types.uint8, 2),
        types.uint32[::1],
        types.uint32[::1],
        types.uint32[::1],
        types.int64,
        types.uint64[::1],
    ),
    cache=True,
    nogil=True,
)
def pack(signatures: Any, rank: Any, first: Any, heads: Any, band: Any, out: Any) -> Any:
    """Band key and head of every distinct text, in the order of rows."""
    found = 0
    for i in range(rank.size):
        if rank[i] != NONE and first[rank[i]] == i:
            out[found] = (np.uint64(_key(signatures, i, band)) << np.uint64(32)) | np.uint64(heads[rank[i]])
            found += 1
    return found


@numba.njit(types.void(readonly(types.uint8, 2), types.int64, types.uint32[::1]), cache=True, nogil=True)
def keys(signatures: Any, band: Any, out: Any) -> None:
    for i in range(out.size):
        out[i] = _key(signatures, i, band)


@numba.njit(
    types.int64(
        readonly(types.uint64, 1),
        readonly(types.uint32, 1),
        readonly(types.uint64, 2),
        types.int64,
        types.uint64[::1],
    ),
    cache=True,
    nogil=True,
)
def edges(packed: Any, rows: Any, signatures: Any, need: Any, out: Any) -> Any:
    """Check the heads that share a key: each against the first few that agree with none before them."""
    leaders = np.empty(LEADERS, np.int64)
    found, at = 0, 0
    low = np.uint64(NONE)
    while at < packed.size:
        key, known, last = packed[at] >> np.uint64(32), 0, np.int64(-1)
        while at < packed.size and packed[at] >> np.uint64(32) == key:
            head = np.int64(packed[at] & low)
            at += 1
            if head == last:
                continue
            last, leader = head, np.int64(-1)
            for k in range(known):
                if _agreeing(signatures, np.int64(rows[leaders[k]]), np.int64(rows[head])) >= need:
                    leader = leaders[k]
                    break
            if leader >= 0:
                out[found] = (np.uint64(leader) << np.uint64(32)) | np.uint64(head)
                found += 1
            elif known < LEADERS:
                leaders[known] = head
                known += 1
    return found


@numba.njit(
    types.void(
        types.uint64[::1],
        types.uint32[::1],
        types.uint32[::1],
        readonly(types.uint64, 2),
        types.int64,
        types.uint32[::1],
        types.boolean[::1],
    ),
    cache=True,
    nogil=True,
)
def settle(found: Any, rows: Any, heads: Any, signatures: Any, need: Any, to: Any, refused: Any) -> None:
    """Let heads join lower ones, where both are heads still and all who follow agree with the new head."""
    for i in range(to.size):
        to[i] = i
        refused[i] = False
    for edge in found:
        low, high = np.int64(edge >> np.uint64(32)), np.int64(edge & np.uint64(NONE))
        if to[low] == low and to[high] == high:
            to[high] = low
    for i in range(heads.size):
        head = np.int64(heads[i])
        new = np.int64(to[head])
        if new != head and not refused[head]:
            refused[head] = _agreeing(signatures, np.int64(rows[i]), np.int64(rows[new])) < need
    for i in range(heads.size):
        if not refused[heads[i]]:
            heads[i] = to[heads[i]]


@numba.njit(
    types.void(types.uint32[::1], types.uint32[::1], types.uint32[::1], types.int64[::1]),
    cache=True,
    nogil=True,
)
def lowest(rank: Any, heads: Any, lowest: Any, out: Any) -> None:
    """The lowest row of each row's group."""
    for i in range(out.size):
        if rank[i] == NONE:
            out[i] = i
            continue
        head = heads[rank[i]]
        if lowest[head] == NONE:
            lowest[head] = i
        out[i] = lowest[head]
