"""The rows of an instance in blocks: all in memory, or on the disk and read again at every pass.

Every step of the solver is a function of one block whose answers are added up (whole numbers, so that their order
changes nothing) or put together and sorted. So the same code solves ten rows, fifty million that do not fit into
memory, and those of a cluster, and decides the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tantam.base.writing import whole
from tantam.engines import Engine
from tantam.engines.engine import in_threads
from tantam.errors import Fault, Refused

BLOCK_ROWS = 1 << 18
"""Rows of a block: 21 MB of values at twenty offers, so that a few of them at once stay small."""

Answer = TypeVar("Answer")


class Block(NamedTuple):
    """Some rows of an instance, sorted by cell and key: key int64 [n], cell int32 [n], value int32 [offers, n]
    (0 or less: not eligible)."""

    key: NDArray[np.int64]
    cell: NDArray[np.int32]
    value: NDArray[np.int32]

    def only(self, at: NDArray[np.intp]) -> Block:
        """Some of the rows, in this order, as arrays of their own."""
        return Block(self.key[at], self.cell[at], np.take(self.value, at, axis=1))


class Blocks(Protocol):
    """All rows of an instance: each in one block, blocks in any order of cells and keys."""

    @property
    def rows(self) -> int:
        """How many rows in all."""

    @property
    def offers(self) -> int:
        """How many offers each row has a value for."""

    def map(self, work: Callable[[Block], Answer]) -> Iterator[Answer]:
        """``work`` of every block, in order. ``work`` must be what :meth:`tantam.engines.Engine.map` can send."""


@dataclass(frozen=True)
class Resident:
    """Blocks in memory, one at least, each with arrays of its own."""

    blocks: tuple[Block, ...]

    @property
    def rows(self) -> int:
        return sum(block.key.size for block in self.blocks)

    @property
    def offers(self) -> int:
        return int(self.blocks[0].value.shape[0])

    def map(self, work: Callable[[Block], Answer]) -> Iterator[Answer]:
        return in_threads(work, self.blocks)


class Counted:
    """Blocks that know how often all of them were asked for."""

    def __init__(self, blocks: Blocks) -> None:
        self.blocks, self.passes = blocks, 0

    @property
    def rows(self) -> int:
        return self.blocks.rows

    @property
    def offers(self) -> int:
        return self.blocks.offers

    def map(self, work: Callable[[Block], Answer]) -> Iterator[Answer]:
        self.passes += 1
        return self.blocks.map(work)


def resident(value: Any, cell: Any, key: Any, size: int = BLOCK_ROWS) -> Resident:
    """Rows in any order as blocks of ``size`` rows in memory: value [offers, n] (0 or less: not eligible), cell and
    key [n].

    Fault ``bad_instance`` where the shapes do not fit, ``key_twice`` where a key stands twice in a cell; Refused
    ``value_too_large`` where a value does not fit int32.
    """
    value, cell, key = np.asarray(value), np.asarray(cell, np.int32), np.asarray(key, np.int64)
    if value.ndim != 2 or not value.shape[1:] == cell.shape == key.shape:
        raise Fault("bad_instance", "The allocation's tables do not fit each other.")
    largest = int(value.max(initial=0))
    if largest > np.iinfo(np.int32).max:
        raise Refused(
            "value_too_large",
            f"An offer's value is {largest}; at most {np.iinfo(np.int32).max} fits the solver's grid.",
            "Count values in a larger unit (thousands of đồng, say).",
        )
    if value.dtype != np.int32:
        value = np.maximum(value, 0).astype(np.int32)
    rows = in_order([Block(key, cell, value)])
    cuts = [slice(first, first + size) for first in range(0, max(1, key.size), size)]
    return Resident(
        tuple(Block(rows.key[c], rows.cell[c], np.ascontiguousarray(rows.value[:, c])) for c in cuts)
    )


def in_order(parts: list[Block]) -> Block:
    """Blocks as one, sorted by cell and key, so that arrival decides nothing; Fault ``key_twice``."""
    if len(parts) == 1 and _ascending(parts[0].key, parts[0].cell):
        return parts[0]
    key, cell = (np.concatenate([part[at] for part in parts]) for at in (0, 1))
    order = np.lexsort((key, cell))
    key, cell = key[order], cell[order]
    if not _ascending(key, cell):
        raise Fault("key_twice", "A subscriber stands in the allocation twice.")
    value = np.empty((parts[0].value.shape[0], key.size), np.int32)
    for j, row in enumerate(value):
        np.take(np.concatenate([part.value[j] for part in parts]), order, out=row)
    return Block(key, cell, value)


def _ascending(key: NDArray[np.int64], cell: NDArray[np.int32]) -> bool:
    return bool(np.all((cell[1:] > cell[:-1]) | ((cell[1:] == cell[:-1]) & (key[1:] > key[:-1]))))


@dataclass(frozen=True)
class Stored:
    """Blocks on the disk, as :func:`put` writes them; ``engine`` says who reads them."""

    folder: Path
    count: int
    rows: int
    offers: int
    engine: Engine

    def map(self, work: Callable[[Block], Answer]) -> Iterator[Answer]:
        return self.engine.map(partial(_read, work, self.folder), range(self.count))


def _read(work: Callable[[Block], Answer], folder: Path, number: int) -> Answer:
    return work(load(folder, number))


def put(folder: Path, number: int, block: Block) -> None:
    """Write one block, whole or not at all; a block is there once its values are."""
    for name in ("key", "cell", "value"):
        save(folder, number, name, getattr(block, name))


def save(folder: Path, number: int, name: str, array: NDArray[Any]) -> None:
    """Write one array of a block, whole or not at all."""
    with whole(file(folder, number, name)) as half, half.open("wb") as sink:
        np.save(sink, array)


def load(folder: Path, number: int) -> Block:
    """Read one block into memory."""
    return Block(*(np.load(file(folder, number, name)) for name in ("key", "cell", "value")))


def file(folder: Path, number: int, name: str) -> Path:
    """Where one array of a block lies."""
    return folder / f"{number:05}.{name}.npy"
