"""Rows and offers as the compiled code takes them, and where a pass finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tantam.care.allocate import kernel
from tantam.care.allocate.blocks import Block, Blocks
from tantam.engines.engine import in_threads

PIECE = 1 << 17
"""Rows that one thread takes at a time; so few that their threads would cost more than they win are one piece."""

Answer = TypeVar("Answer")


class Rows(NamedTuple):
    """The rows as the compiled code takes them; runs of one cell stand together."""

    value: NDArray[np.int32]
    hash: NDArray[np.uint32]
    run_cell: NDArray[np.int64]
    run_start: NDArray[np.int64]
    run_end: NDArray[np.int64]


class Offers(NamedTuple):
    """The offers as the compiled code takes them: sorted by exclusive group."""

    order: NDArray[np.int64]
    group_start: NDArray[np.int64]
    conflict: NDArray[np.uint64]
    """[offers] the offers that cannot stand beside this one, itself included, as bits."""
    twist: NDArray[np.uint32]
    """[offers] the multiplier of the tie-break."""
    most: int


def rows_of(value: Any, cell: Any, key: Any) -> Rows:
    """Any rows, in any order, for the kernels."""
    cells = np.asarray(cell, np.int64)
    first = np.flatnonzero(np.diff(cells, prepend=cells[:1] - 1))
    return Rows(
        value=np.require(value, np.int32, ["C", "W"]),
        hash=kernel.hashes(np.require(key, np.int64, ["C", "W"])),
        run_cell=cells[first],
        run_start=first.astype(np.int64),
        run_end=np.append(first[1:], cells.size).astype(np.int64)[: first.size],
    )


def offers_of(group: Any, most: int) -> Offers:
    """The exclusive groups ``group`` [offers] and the number ``most`` for the kernels."""
    groups = np.asarray(group, np.int64)
    order = np.argsort(groups, kind="stable").astype(np.int64)
    first = np.flatnonzero(np.diff(groups[order], prepend=groups[order][:1] - 1))
    bits = np.left_shift(np.uint64(1), np.arange(groups.size, dtype=np.uint64))
    same = groups[:, None] == groups[None, :]
    conflict = np.bitwise_or.reduce(np.where(same, bits[None, :], np.uint64(0)), axis=1, initial=np.uint64(0))
    return Offers(
        order=order,
        group_start=np.append(first, groups.size).astype(np.int64),
        conflict=conflict.astype(np.uint64),
        twist=(kernel.hashes(np.arange(groups.size, dtype=np.int64)) | np.uint32(1)).astype(np.uint32),
        most=max(0, min(int(most), first.size)),
    )


class Source(Protocol):
    """Rows to be read in passes."""

    def map(self, work: Callable[[Rows], Answer]) -> Iterator[Answer]:
        """``work`` of all rows, some at a time."""


@dataclass(frozen=True)
class Held:
    """Rows held in memory, sorted by cell and key."""

    block: Block

    @property
    def size(self) -> int:
        """How many rows."""
        return int(self.block.key.size)

    @cached_property
    def rows(self) -> Rows:
        return rows_of(self.block.value, self.block.cell, self.block.key)

    @cached_property
    def pieces(self) -> list[Rows]:
        """The same rows, as many at a time as a thread takes: runs cut, and no array copied."""
        rows = self.rows
        if self.size <= 2 * PIECE:
            return [rows]
        cuts = np.union1d(rows.run_start, np.arange(0, self.size, PIECE))
        end = np.append(cuts[1:], self.size)
        cell, piece = self.block.cell[cuts].astype(np.int64), cuts // PIECE
        return [
            rows._replace(run_cell=cell[mine], run_start=cuts[mine], run_end=end[mine])
            for mine in (piece == number for number in range(int(piece[-1]) + 1))
        ]

    def map(self, work: Callable[[Rows], Answer]) -> Iterator[Answer]:
        return map(work, self.pieces) if len(self.pieces) == 1 else in_threads(work, self.pieces)

    def below(self, share: float) -> Held:
        """The rows whose hash lies within a share of all hashes: samples of growing share hold each other."""
        return Held(self.block.only(np.flatnonzero(self.rows.hash < round(share * 2**32))))


@dataclass(frozen=True)
class Everyone:
    """All rows, wherever their blocks are."""

    blocks: Blocks

    def map(self, work: Callable[[Rows], Answer]) -> Iterator[Answer]:
        return self.blocks.map(partial(_rows_of_block, work))


def _rows_of_block(work: Callable[[Rows], Answer], block: Block) -> Answer:
    return work(rows_of(block.value, block.cell, block.key))


class Tally(NamedTuple):
    """What a price table gives, summed."""

    counts: NDArray[np.int64]
    """[cells, offers]."""
    worth: NDArray[np.int64]
    """[cells] whole units of value."""
    ties: NDArray[np.int64]
    """[cells] fine steps of tie-break."""


def tally(source: Source, offers: Offers, prices: NDArray[np.int64], keep: int = -1) -> Tally:
    """One pass: what a price table [cells, offers] gives all rows; with ``keep`` 0 every value counts as zero."""
    cells = prices.shape[0]
    found = Tally(np.zeros_like(prices), np.zeros(cells, np.int64), np.zeros(cells, np.int64))
    for part in source.map(partial(_tally, offers, prices, keep)):
        for summed, some in zip(found, part, strict=True):
            summed[...] += some
    return found


def _tally(offers: Offers, prices: NDArray[np.int64], keep: int, rows: Rows) -> Any:
    return kernel.tally(rows, offers, prices, keep, np.empty(0, np.uint64))


def choose(held: Held, offers: Offers, prices: NDArray[np.int64]) -> NDArray[np.uint64]:
    """What a price table gives each of some rows: masks [rows]."""
    chosen = np.zeros(held.size, np.uint64)
    kernel.tally(held.rows, offers, prices, -1, chosen)
    return chosen
