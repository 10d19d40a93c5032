"""Parts read by as many processes as there are cores, in this process with one, or by the workers of a cluster.

A worker is built once (tables, compiled kernels) and then handed stretches of rows; it writes its part itself, so
nothing but the rows goes through the pipe. To a cluster no row is sent: its workers see the folder of the run and the
files, and are told where to read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tantam.base.sources import footer, is_parquet
from tantam.base.writing import whole
from tantam.engines import Engine
from tantam.errors import Fault
from tantam.listen.run import sources
from tantam.listen.run.parts import Work, digest
from tantam.listen.run.rows import take
from tantam.listen.run.sources import Asked, Given, Reject

BATCH_ROWS = 32_768
"""Rows that go through the kernels together: so many that each of them, once its tables are in the cache of a core, is
used for a while."""


STRETCH_ROWS = 65_536
"""Rows of a stretch of a Parquet file."""


@dataclass(frozen=True)
class Stretch:
    """Rows of a Parquet file that are read where they are taken: ``wanted`` is our name → the file's column."""

    file: Path
    first: int
    count: int
    wanted: dict[str, str]

    def read(self) -> Given:
        """The rows; whatever of their row groups lies before them is read and left."""
        opened = pq.ParquetFile(self.file)
        groups, start = [], 0
        for number in range(opened.num_row_groups):
            rows = opened.metadata.row_group(number).num_rows
            if start < self.first + self.count and start + rows > self.first:
                groups.append((start, number))
            start += rows
        at, last, kept = groups[0][0], self.first + self.count, []
        batches = opened.iter_batches(
            batch_size=STRETCH_ROWS,
            row_groups=[number for _, number in groups],
            columns=list(dict.fromkeys(self.wanted.values())),
        )
        for batch in batches:
            if at + batch.num_rows > self.first:
                low = max(0, self.first - at)
                kept.append(batch.slice(low, last - at - low))
            at += batch.num_rows
            if at >= last:
                break
        rows = pa.Table.from_batches(kept)
        return Given(
            self.file,
            self.first,
            pa.table({ours: rows.column(theirs) for ours, theirs in self.wanted.items()}),
        )


@dataclass(frozen=True)
class Laid:
    """Rows of a text that were laid beside the parts by whoever read it, for a worker to fetch."""

    file: Path
    first: int
    count: int
    at: Path
    rejects: list[Reject]

    def read(self) -> Given:
        """The rows, as they were laid."""
        with pa.memory_map(str(self.at)) as source:
            return Given(self.file, self.first, pa.ipc.open_file(source).read_all(), self.rejects)


@dataclass(frozen=True)
class Task:
    """One part to be made: a stretch of a file, and the number of its first row over all files."""

    number: int
    first_id: int
    given: Given | Stretch | Laid


def stretches(files: Sequence[Path], asked: Asked, scratch: Path) -> Iterator[Given | Stretch]:
    """As :func:`sources.read`, stretch for stretch, but rows of Parquet are not read here."""
    for file in files:
        if not is_parquet(file):
            yield from sources.read([file], asked, scratch)
            continue
        rows = footer(file).num_rows
        for first in range(0, rows, STRETCH_ROWS):
            yield Stretch(file.absolute(), first, min(STRETCH_ROWS, rows - first), asked.columns())


class Maker:
    """Makes parts in one process."""

    def __init__(self, out: Path, model: Path | None) -> None:
        from tantam.listen import heads
        from tantam.listen.reading import Listener

        self.work = Work(out)
        self.listener = Listener(heads.Model.load(model) if model else None)

    def __call__(self, task: Task) -> int:
        """Make the part and give how many rows came in."""
        given = task.given if isinstance(task.given, Given) else task.given.read()
        taken = take(given, task.first_id)
        starts = range(0, max(1, taken.rows.num_rows), BATCH_ROWS)
        read = self.listener(taken.rows.slice(at, BATCH_ROWS) for at in starts)
        self.work.put(task.number, (given.file.name, given.first), read, taken.rejects)
        return len(given.rows)


@lru_cache(maxsize=1)
def _maker(out: Path, model: Path | None, version: str) -> Maker:
    """One listener a process, built before its first part; ``version`` tells models of one name apart."""
    return Maker(out, model)


def _make(out: Path, model: Path | None, task: Task, version: str = "") -> int:
    return _maker(out, model, version)(task)


def _make_there(out: Path, model: Path | None, version: str, task: Task) -> int:
    """On a worker of a cluster, where a task may be run again after it was done."""
    given = task.given
    assert not isinstance(given, Given)
    if not Work(out).part(task.number).exists():
        _make(out, model, task, version)
    if isinstance(given, Laid):
        given.at.unlink(missing_ok=True)
    return given.count


def _sent(out: Path, task: Task) -> Task:
    """A task as it travels to a cluster: without rows."""
    given = task.given
    if not isinstance(given, Given):
        return task
    at = Work(out).folder.absolute() / f"given-{task.number:05}.arrow"
    with (
        whole(at) as half,
        pa.OSFile(str(half), "wb") as sink,
        pa.ipc.new_file(sink, given.rows.schema) as to,
    ):
        to.write_table(given.rows)
    return replace(task, given=Laid(given.file, given.first, len(given.rows), at, given.rejects))


def make(
    tasks: Iterable[Task], out: Path, model: Path | None, workers: int, engine: Engine | None = None
) -> Iterator[int]:
    """Make every part; gives the rows of each as it is done. With ``engine`` a cluster makes them, else ``workers``
    processes. Refuses (``worker_died``) when a process is killed: what it had finished stays."""
    if engine is not None:
        version = digest(model.read_bytes()) if model else ""
        there = partial(_make_there, out.absolute(), model and model.absolute(), version)
        yield from engine.map(there, map(partial(_sent, out), tasks))
        return
    if workers == 1:
        yield from map(Maker(out, model), tasks)
        return
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # the children's: each of them is one core's work
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=pa.set_cpu_count, initargs=(1,)
    ) as pool:
        running: set[Future[Any]] = set()
        try:
            for one in tasks:
                running.add(pool.submit(_make, out, model, one))
                if len(running) >= 2 * workers:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield sum(f.result() for f in done)
            for future in running:
                yield future.result()
        except BrokenProcessPool as error:
            raise Fault(
                "worker_died",
                "A process that was reading was stopped, perhaps for want of memory.",
                "Run the same again: it goes on where it stopped. With little memory add --workers 1.",
            ) from error
