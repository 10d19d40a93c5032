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

BLOCK = 2048
"""Signatures fetched at a time, 64 kB."""


@numba.njit(
    types.int64(readonly(types.uint64, 2), types.int64, readonly(types.uint64, 2), types.int64),
    cache=True,
    nogil=True,
    inline="always",
)
def _agreeing(ones: Any, a: Any, others: Any, b: Any) -> Any:
    """How many of the VALUES of two signatures are equal."""
    differing = np.uint64(0)  # sixteen counts of 0 to 4
    for w in range(CHECK_WORDS):
        x = ones[a, w] ^ others[b, w]
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
    found, at = 0, 0
    while at < order.size:
        start, own = at, hashes[order[at]]
        while at < order.size and hashes[order[at]] == own:
            run[order[at]] = found if own != 0 else NONE
            at += 1
        if own != 0:
            turned = np.uint64(NONE) - np.uint64(min(at - start, NONE))
            packed[found] = (turned << np.uint64(32)) | np.uint64(found)
            found += 1
    return found


@numba.njit(
    types.void(types.uint64[::1], types.uint32[::1], types.uint32[::1], types.uint32[::1], types.uint32[::1]),
    cache=True,
    nogil=True,
)
def places(packed: Any, run: Any, own: Any, ranked: Any, rank: Any) -> None:
    """Turn the numbers in ``run`` into places of distinct texts in the order of rows.

    ``own`` gets the first row by place, ``rank`` the rank by place, ``ranked`` the place by rank.
    """
    ranks = np.empty(packed.size, np.uint32)
    for i in range(packed.size):
        ranks[np.uint32(packed[i])] = i
    place_of = np.full(packed.size, NONE, np.uint32)
    found = 0
    for i in range(run.size):
        number = run[i]
        if number != NONE:
            if place_of[number] == NONE:
                place_of[number] = found
                own[found] = i
                rank[found] = ranks[number]
                ranked[ranks[number]] = found
                found += 1
            run[i] = place_of[number]


@numba.njit(types.uint32(readonly(types.uint8, 2), types.int64, types.int64), cache=True, nogil=True)
def _key(signatures: Any, row: Any, band: Any) -> Any:
    """One band's key: its 24 bits, and the two values of the band that the check keeps in one byte."""
    key = np.uint32(signatures[row, band])
    for j in range(KEY_BYTES):
        key = (key << np.uint32(8)) | np.uint32(signatures[row, KEYS_AT + KEY_BYTES * band + j])
    return key


@numba.njit(types.void(readonly(types.uint8, 2), types.int64, types.uint32[::1]), cache=True, nogil=True)
def keys(signatures: Any, band: Any, out: Any) -> None:
    """One band's key of every row."""
    for i in range(out.size):
        out[i] = _key(signatures, i, band)


@numba.njit(
    types.void(readonly(types.uint8, 2), types.int64, types.uint32[::1], types.uint64[::1]),
    cache=True,
    nogil=True,
)
def pack(signatures: Any, band: Any, heads: Any, out: Any) -> None:
    """Band key and head of every distinct text."""
    for i in range(heads.size):
        key = np.uint64(_key(signatures, i, band))
        out[i] = (key << np.uint64(32)) | np.uint64(heads[i])


@numba.njit(
    types.void(
        readonly(types.uint64, 1),
        types.int64,
        readonly(types.uint32, 1),
        readonly(types.uint64, 2),
        types.uint64[:, ::1],
    ),
    cache=True,
    nogil=True,
)
def _gather(packed: Any, at: Any, rows: Any, signatures: Any, block: Any) -> None:
    """Fetch what the next heads are checked by, if they share a key: loads that wait for memory together."""
    for i in range(at, min(at + BLOCK, packed.size)):
        key = packed[i] >> np.uint64(32)
        if (i > 0 and packed[i - 1] >> np.uint64(32) == key) or (
            i + 1 < packed.size and packed[i + 1] >> np.uint64(32) == key
        ):
            row = rows[np.uint32(packed[i])]
            for w in range(CHECK_WORDS):
                block[i - at, w] = signatures[row, w]


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
    leaders = np.empty(LEADERS, np.uint64)
    leading = np.empty((LEADERS, CHECK_WORDS), np.uint64)
    block = np.empty((BLOCK, CHECK_WORDS), np.uint64)
    found, known = 0, 0
    for at in range(packed.size):
        if at % BLOCK == 0:
            _gather(packed, at, rows, signatures, block)
        if at == 0 or packed[at] >> np.uint64(32) != packed[at - 1] >> np.uint64(32):
            known = 0
        elif packed[at] == packed[at - 1]:
            continue
        agreed = False
        for k in range(known):
            if _agreeing(leading, k, block, at % BLOCK) >= need:
                out[found] = (leaders[k] << np.uint64(32)) | (packed[at] & np.uint64(NONE))
                found += 1
                agreed = True
                break
        if not agreed and known < LEADERS:
            leaders[known] = packed[at] & np.uint64(NONE)
            leading[known] = block[at % BLOCK]
            known += 1
    return found


@numba.njit(
    types.void(
        types.uint64[::1],
        types.uint32[::1],
        types.uint32[::1],
        readonly(types.uint64, 2),
        types.int64,
    ),
    cache=True,
    nogil=True,
)
def settle(found: Any, ranked: Any, heads: Any, signatures: Any, need: Any) -> None:
    """Let heads join lower ones, where both are heads still and all who follow agree with the new head."""
    to = np.arange(heads.size).astype(np.uint32)
    for edge in found:
        low, high = np.int64(edge >> np.uint64(32)), np.int64(edge & np.uint64(NONE))
        if to[low] == low and to[high] == high:
            to[high] = low
    refused = np.zeros(heads.size, np.bool_)
    for i in range(heads.size):
        head = np.int64(heads[i])
        new = np.int64(to[head])
        if new != head and not refused[head]:
            refused[head] = _agreeing(signatures, i, signatures, np.int64(ranked[new])) < need
    for i in range(heads.size):
        if not refused[heads[i]]:
            heads[i] = to[heads[i]]


@numba.njit(types.void(types.uint32[::1], types.uint32[::1], types.int64[::1]), cache=True, nogil=True)
def lowest(place: Any, heads: Any, out: Any) -> None:
    """The lowest row of each row's group; its own where it has no words."""
    low = np.full(heads.size, NONE, np.uint32)
    for i in range(out.size):
        if place[i] == NONE:
            out[i] = i
            continue
        head = heads[place[i]]
        if low[head] == NONE:
            low[head] = i
        out[i] = low[head]


@numba.njit(types.int64(types.uint64[::1]), cache=True, nogil=True)
def shared(packed: Any) -> Any:
    """Of sorted keys and heads those whose key several heads have, each once, brought to the beginning."""
    kept, at = 0, 0
    while at < packed.size:
        key, start = packed[at] >> np.uint64(32), kept
        while at < packed.size and packed[at] >> np.uint64(32) == key:
            if kept == start or packed[at] != packed[kept - 1]:
                packed[kept] = packed[at]
                kept += 1
            at += 1
        if kept == start + 1:
            kept = start
    return kept


@numba.njit(
    types.void(readonly(types.uint64, 1), readonly(types.uint64, 2), types.int64, types.uint64[:, ::1]),
    cache=True,
    nogil=True,
)
def fetch(packed: Any, signatures: Any, first: Any, out: Any) -> None:
    """Each key and head behind the head's CHECK_WORDS; ``signatures`` are those of the ranks from ``first``."""
    for i in range(packed.size):
        row = np.int64(packed[i] & np.uint64(NONE)) - first
        for w in range(CHECK_WORDS):
            out[i, w] = signatures[row, w]
        out[i, CHECK_WORDS] = packed[i]


@numba.njit(
    types.int64(
        readonly(types.uint64, 2),
        types.int64[::1],
        types.int64,
        types.int64,
        types.uint64[::1],
        types.bool_[::1],
    ),
    cache=True,
    nogil=True,
)
def meet(records: Any, order: Any, need: Any, fixed: Any, out: Any, leads: Any) -> Any:
    """:func:`edges` of records that carry their signatures, and which of them the later ones are checked against.

    A record is a head's CHECK_WORDS and then its key and rank; ``order`` sorts by the last. Heads of ranks below
    ``fixed`` join nobody.
    """
    leaders = np.empty(LEADERS, np.int64)
    found, known = 0, 0
    for at in range(order.size):
        row = order[at]
        packed = records[row, CHECK_WORDS]
        if at == 0 or packed >> np.uint64(32) != records[order[at - 1], CHECK_WORDS] >> np.uint64(32):
            known = 0
        agreed = False
        head = packed & np.uint64(NONE)
        if np.int64(head) >= fixed:
            for k in range(known):
                if _agreeing(records, leaders[k], records, row) >= need:
                    low = records[leaders[k], CHECK_WORDS] & np.uint64(NONE)
                    out[found] = (low << np.uint64(32)) | head
                    found += 1
                    agreed = True
                    break
        if not agreed and known < LEADERS:
            leaders[known] = row
            leads[row] = True
            known += 1
    return found


@numba.njit(types.int64(types.uint64[::1], types.uint32[::1]), cache=True, nogil=True)
def join(found: Any, to: Any) -> Any:
    """Let heads join lower ones, where both are heads still; gives how many did. ``found`` are sorted edges."""
    joined = 0
    for edge in found:
        low, high = np.int64(edge >> np.uint64(32)), np.int64(edge & np.uint64(NONE))
        if to[low] == low and to[high] == high:
            to[high] = low
            joined += 1
    return joined


@numba.njit(
    types.void(
        readonly(types.uint64, 2), readonly(types.uint64, 2), types.int64, types.int64, types.uint32[::1]
    ),
    cache=True,
    nogil=True,
)
def part(followers: Any, signatures: Any, first: Any, need: Any, to: Any) -> None:
    """Take back the joining of a head where one of its followers does not agree with the new head.

    A follower is its CHECK_WORDS and then new and old head; ``signatures`` are those of the ranks from ``first``.
    """
    for i in range(followers.shape[0]):
        new = np.int64(followers[i, CHECK_WORDS] >> np.uint64(32))
        if _agreeing(followers, i, signatures, new - first) < need:
            head = np.uint32(followers[i, CHECK_WORDS] & np.uint64(NONE))
            to[head] = head


@numba.njit(
    types.void(types.int64, readonly(types.uint32, 1), types.uint64[::1], types.int64), cache=True, nogil=True
)
def lower(first: Any, heads: Any, low: Any, fixed: Any) -> None:
    """Bring what is lowest of each text, from the rank ``first`` on, to its head; not to heads below ``fixed``."""
    for i in range(heads.size):
        head = np.int64(heads[i])
        if head >= fixed:
            low[head] = min(low[head], low[first + i])
