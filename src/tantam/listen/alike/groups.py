"""Groups of texts that say the same, out of fingerprints alone.

Equal texts are collapsed first and counted. The distinct texts are then taken by rank: the most repeated wording
first, ties by hash, so that neither the order of the texts nor their split into batches changes any group. Band by
band the heads of texts that share a band key are checked against each other, and a head joins a lower one only if
every text that follows it agrees with the new head too, be it a little less. So a group is a star around its most
repeated wording, and a chain of small changes is never glued end to end, as plain union-find over such pairs does.

:func:`edges` needs one band of one range of keys at a time, so a billion texts can be linked partition by partition;
:func:`link` runs the same kernels over everything in memory.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tantam.errors import BadInput
from tantam.listen.alike import kernels
from tantam.listen.alike.signature import BANDS, SIGNATURE_BYTES, VALUE_BITS, VALUES

AT_LEAST = 0.47
"""The resemblance from which two texts are copies, chosen by bench/listen_alike.py."""

FOLLOWERS = 0.85
"""The share of it from which a text follows its head to a lower one, chosen by the same bench. What is asked of all of
many texts is asked of the least alike of them: with the whole, wordings of one opinion would fall into the more groups
the more there are."""

STEPS = ((0.8, 4), (0.6, 6), (0.0, BANDS))
"""Near copies find each other before looser ones: least resemblance and bands of each step. Without the first two,
the original of a text may follow a stranger before its copies follow it."""


class Pass(NamedTuple):
    """One band gone through once: how many values must be equal for heads to join, and for texts to follow them."""

    band: int
    join: int
    follow: int


@dataclass(frozen=True)
class Distinct:
    """The texts of n rows that differ, d of them, in the order of their first rows.

    ``place`` uint32 [n] is which of them each row has, ``rows`` uint32 [d] the first row of each; ``rank`` uint32 [d]
    is its rank, the most repeated first, and ``ranked`` uint32 [d] the text of each rank. Texts without words (hash 0)
    are none of them.
    """

    place: NDArray[np.uint32]
    rows: NDArray[np.uint32]
    rank: NDArray[np.uint32]
    ranked: NDArray[np.uint32]

    @classmethod
    def of(cls, hashes: NDArray[np.int64]) -> Distinct:
        """Of ``hashes`` int64 [n]. Refuses ``too_many_texts``."""
        if hashes.size >= kernels.NONE:
            raise BadInput(
                "too_many_texts", f"{hashes.size} texts are too many at once.", "Link them in parts."
            )
        hashes = np.require(hashes, np.int64, ["C", "A"])
        place = np.empty(hashes.size, np.uint32)
        packed = np.empty(hashes.size, np.uint64)
        packed = packed[: kernels.runs(hashes, np.argsort(hashes), place, packed)].copy()
        packed.sort()
        rows, rank, ranked = (np.empty(packed.size, np.uint32) for _ in range(3))
        kernels.places(packed, place, rows, ranked, rank)
        return cls(place, rows, rank, ranked)

    def link(self, signatures: NDArray[np.uint8], *, at_least: float = AT_LEAST) -> NDArray[np.int64]:
        """:func:`link`, with the signatures of ``rows`` alone: uint8 [d, SIGNATURE_BYTES]."""
        table = _table(self.rows.size, signatures)
        heads = self.rank.copy()
        for band, join, follow in passes(at_least):
            packed = np.empty(heads.size, np.uint64)
            kernels.pack(table.view(np.uint8), band, heads, packed)
            kernels.settle(_checked(packed, self.ranked, table, join), self.ranked, heads, table, follow)
        out = np.empty(self.place.size, np.int64)
        kernels.lowest(self.place, heads, out)
        return out


def link(
    hashes: NDArray[np.int64], signatures: NDArray[np.uint8], *, at_least: float = AT_LEAST
) -> NDArray[np.int64]:
    """The lowest index of each text's group: int64 [n], its own index where a text has no copy.

    ``hashes`` int64 [n] and ``signatures`` uint8 [n, SIGNATURE_BYTES] are those of ``fingerprint``; texts without
    words (hash 0) stay apart. Texts are copies that agree in at least ``at_least`` of their words and pairs of words,
    as the signatures tell it; every text of a group agrees with the group's most repeated wording in at least FOLLOWERS
    of that. The groups are the same in any order of the texts. Refuses ``bad_resemblance``, ``bad_signatures`` and
    ``too_many_texts``. Cost: about 1 µs and, beside hashes and signatures, 37 bytes a distinct text.
    """
    _table(hashes.size, signatures)
    found = Distinct.of(hashes)
    return found.link(signatures[found.rows], at_least=at_least)


def band_keys(signatures: NDArray[np.uint8], band: int) -> NDArray[np.uint32]:
    """One band's key of each text: uint32 [n]. Texts of resemblance J share that of a band with probability J³."""
    keys = np.empty(len(signatures), np.uint32)
    kernels.keys(np.ascontiguousarray(signatures), band, keys)
    return keys


def edges(
    keys: NDArray[np.uint32],
    heads: NDArray[np.int64],
    signatures: NDArray[np.uint8],
    *,
    at_least: float = AT_LEAST,
) -> NDArray[np.int64]:
    """Pairs of heads, lower first, that share a key and agree: int64 [m, 2], for one band and one range of keys.

    ``keys`` uint32 [n] are those of texts, ``heads`` [n] the ids of their groups' heads by rank, ``signatures``
    [n, SIGNATURE_BYTES] those of these heads. A range must hold all texts of its keys; then all ranges together give
    the same pairs as one.
    """
    known, rows, local = np.unique(heads, return_index=True, return_inverse=True)
    packed = (keys.astype(np.uint64) << np.uint64(32)) | local.astype(np.uint64)
    found = _checked(packed, rows.astype(np.uint32), _table(heads.size, signatures), need_of(at_least))
    return known[np.stack([found >> np.uint64(32), found & np.uint64(kernels.NONE)], axis=1).astype(np.int64)]


def passes(at_least: float) -> list[Pass]:
    """Every pass of a linking, in order. Refuses ``bad_resemblance``."""
    need_of(at_least)
    follow = need_of(FOLLOWERS * at_least)
    return [
        Pass(band, need_of(max(least, at_least)), follow) for least, bands in STEPS for band in range(bands)
    ]


def need_of(at_least: float) -> int:
    """How many values must be equal: those of the shared words, and those equal by the chance of few bits."""
    if not 0 < at_least <= 1:
        raise BadInput(
            "bad_resemblance",
            f"{at_least} is no resemblance that copies can be asked for.",
            "Give a number over 0 and up to 1, for example 0.5.",
        )
    return math.ceil(VALUES * (at_least + (1 - at_least) / 2**VALUE_BITS))


def _table(count: int, signatures: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The signatures as words, not copied."""
    if signatures.shape != (count, SIGNATURE_BYTES) or signatures.dtype != np.uint8:
        raise BadInput(
            "bad_signatures",
            f"There are {count} texts and signatures of shape {signatures.shape}, {signatures.dtype}.",
            f"Hand in {SIGNATURE_BYTES} bytes for each text, as `fingerprint` gives them.",
        )
    return np.require(signatures, requirements=["C", "A"]).view(np.uint64)


def _checked(
    packed: NDArray[np.uint64], rows: NDArray[np.uint32], table: NDArray[np.uint64], need: int
) -> NDArray[np.uint64]:
    """Sorted edges of packed keys and heads, which are sorted in place."""
    packed.sort()
    found = np.empty(packed.size, np.uint64)
    found = found[: kernels.edges(packed, rows, table, need, found)].copy()
    found.sort()
    return found
