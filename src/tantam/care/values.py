"""What every subscriber is worth to every offer, in blocks: in memory where it fits, else in a work folder.

A block is a stretch of the base's rows. It is read, settled (relief, contacts, lots) and kept on its own, so that a
round of any size needs the memory of a few blocks, a killed run goes on with the blocks that are there, and blocks can
be made and read on any machine that sees the folder. How large they are and where they lie decides nothing.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from tantam import engines, machine
from tantam.base import room
from tantam.base.home import Home
from tantam.base.store import forgotten
from tantam.base.writing import ROW_GROUP, write_json
from tantam.care import allocate, people, relief, worth
from tantam.care.allocate.blocks import file, save
from tantam.care.learned import Scores
from tantam.care.people import Part
from tantam.care.stretches import Reader, Stretch, cut, of_thread
from tantam.engines.engine import in_threads
from tantam.errors import BadInput

BLOCK_ROWS = 2 * ROW_GROUP
"""Rows of a block: whole row groups of the base, so that none is read for two."""
PLAN = "plan.json"
_FACTS = "facts"
"""Written last: a block is there once its facts are."""
_BESIDE = ("basis", "groups", "granted")
"""The columns of a :class:`Part` beside those of the solver, stored in files of their own."""

Answer = TypeVar("Answer")
Progress = Callable[[float], None]


class Seen(NamedTuple):
    """How many rows a block has, and the cell and key of its first; without rows both are past all others."""

    rows: int
    cell: int
    key: int


_NOBODY = Seen(0, np.iinfo(np.int32).max, 0)


@dataclass(frozen=True)
class Source:
    """What a block is made from: stretches of the base of ``home``, without the forgotten ``gone``."""

    home: Home
    plan: people.Plan
    stretches: tuple[Stretch, ...]
    gone: tuple[int, ...]

    @property
    def rows(self) -> int:
        return sum(stretch.rows for stretch in self.stretches)

    @property
    def row_bytes(self) -> int:
        """Bytes that one subscriber takes in a block."""
        needs = relief.needs(self.plan.offers)
        return 8 + 4 + 1 + 8 + len(needs) + 4 * len(self.plan.offers.commercial)

    @property
    def bytes(self) -> int:
        return self.rows * self.row_bytes


@dataclass(frozen=True)
class Values:
    """All blocks of a round: ``parts`` in memory, or ``folder`` of files read by ``engine``; ``seen`` of each."""

    offers: int
    seen: tuple[Seen, ...]
    engine: engines.Engine
    parts: tuple[Part, ...] | None = None
    folder: Path | None = None

    @property
    def rows(self) -> int:
        return sum(seen.rows for seen in self.seen)

    def map(self, work: Callable[[Part], Answer]) -> Iterator[Answer]:
        """``work`` of every block, in order. ``work`` must be what :meth:`tantam.engines.Engine.map` can send."""
        if self.parts is not None:
            return in_threads(work, self.parts)
        assert self.folder is not None
        return self.engine.map(partial(_stored, work, self.folder), range(len(self.seen)))

    @property
    def blocks(self) -> allocate.Blocks:
        """The same for the solver, which sees nothing but keys, cells and values."""
        if self.parts is not None:
            return _Held(self.parts, self.offers)
        assert self.folder is not None
        return allocate.Stored(self.folder, len(self.seen), self.rows, self.offers, self.engine)

    @property
    def kept(self) -> Path | None:
        """Where the solver may keep what it has reached, for a run that goes on; None in memory."""
        return None if self.folder is None else self.folder / "solver"

    @property
    def disk_bytes(self) -> int:
        """Bytes on the disk."""
        files = self.folder.rglob("*") if self.folder is not None else ()
        return sum(path.stat().st_size for path in files if path.is_file())

    def drop(self) -> None:
        """Remove the work folder, if there is one."""
        if self.folder is not None:
            clear(self.folder)


@dataclass(frozen=True)
class _Held:
    """Blocks in memory, as the solver reads them."""

    parts: tuple[Part, ...]
    offers: int

    @property
    def rows(self) -> int:
        return sum(part.key.size for part in self.parts)

    def map(self, work: Callable[[allocate.Block], Answer]) -> Iterator[Answer]:
        return in_threads(partial(_block, work), self.parts)


def _block(work: Callable[[allocate.Block], Answer], part: Part) -> Answer:
    return work(part.block)


def source(home: Home, plan: people.Plan, block_rows: int = BLOCK_ROWS) -> Source:
    """What a home's base gives, at most ``block_rows`` rows of a file at a time."""
    return Source(home, plan, cut(home, block_rows), tuple(forgotten(home)))


def fits(source: Source, memory_mb: int | None = None) -> bool:
    """Whether all values fit into half of the memory that large work should keep to."""
    allowed = machine.memory_mb() if memory_mb is None else memory_mb
    return source.bytes <= allowed * 2**20 // 2


def held(source: Source, engine: engines.Engine, progress: Progress = lambda share: None) -> Values:
    """Make all blocks in memory."""
    parts = []
    for made in in_threads(partial(_made, source), range(len(source.stretches))):
        parts.append(made)
        progress(len(parts) / len(source.stretches))
    seen = tuple(map(_seen, parts))
    return Values(len(source.plan.offers.commercial), seen, engine, parts=tuple(parts))


def stored(
    source: Source,
    engine: engines.Engine,
    folder: Path,
    digest: str,
    progress: Progress = lambda share: None,
) -> Values:
    """Make in ``folder`` the blocks that are not there yet; ``digest`` says of what round they are.

    Blocks of another round are removed. Refuses (``disk_short``) a disk without room for the rest, and
    (``not_a_round``) a folder that holds anything else.
    """
    _open(folder, digest)
    count = len(source.stretches)
    wanted = [number for number in range(count) if not file(folder, number, _FACTS).exists()]
    rows = sum(source.stretches[number].rows for number in wanted)
    room.need(folder, rows * source.row_bytes, f"The round of {source.rows:,} subscribers")
    for done, _ in enumerate(engine.map(partial(_put, source, folder), wanted), count - len(wanted) + 1):
        progress(done / count)
    seen = tuple(Seen(*np.load(file(folder, number, _FACTS)).tolist()) for number in range(count))
    return Values(len(source.plan.offers.commercial), seen, engine, folder=folder)


def clear(folder: Path) -> None:
    """Remove a work folder, and nothing else."""
    if (folder / PLAN).exists():
        shutil.rmtree(folder)


def _open(folder: Path, digest: str) -> None:
    plan = folder / PLAN
    if plan.exists() and json.loads(plan.read_text("utf-8")).get("digest") == digest:
        return
    clear(folder)
    if folder.exists() and any(folder.iterdir()):
        what = f"{folder} holds something else than a round's work."
        raise BadInput("not_a_round", what, "Move it away, or name another round.")
    folder.mkdir(parents=True, exist_ok=True)
    write_json(plan, {"digest": digest})


def _put(source: Source, folder: Path, number: int) -> None:
    made = _made(source, number)
    allocate.put(folder, number, made.block)
    for name in _BESIDE:
        save(folder, number, name, getattr(made, name))
    save(folder, number, _FACTS, np.array(_seen(made), np.int64))


def _stored(work: Callable[[Part], Answer], folder: Path, number: int) -> Answer:
    return work(Part(*(np.load(file(folder, number, name)) for name in Part._fields)))


def _seen(part: Part) -> Seen:
    return Seen(part.key.size, int(part.cell[0]), int(part.key[0])) if part.key.size else _NOBODY


def _made(source: Source, number: int) -> Part:
    """Read and settle one block."""
    tools = of_thread(source, partial(_tools, source))
    return people.part(tools.reader.read(source.stretches[number]), source.plan, tools.scores)


class _Tools(NamedTuple):
    """What one thread makes the blocks of one source with."""

    reader: Reader
    scores: Scores | None


def _tools(source: Source) -> _Tools:
    reader = Reader(source.stretches[0].file, source.gone, partial(people.frame, plan=source.plan))
    return _Tools(reader, Scores.open(source.home) if worth.learned(source.plan.offers) else None)
