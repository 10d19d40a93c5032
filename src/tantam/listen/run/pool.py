"""Parts read by as many processes as there are cores; with one, in this process.

A worker is built once (tables, compiled kernels) and then handed stretches of rows; it writes its part itself, so
nothing but the rows goes through the pipe.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa

from tantam.errors import Fault
from tantam.listen.run.parts import Work
from tantam.listen.run.rows import take
from tantam.listen.run.sources import Given

BATCH_ROWS = 32_768
"""Rows that go through the kernels together: so many that each of them, once its tables are in the cache of a core, is
used for a while."""


@dataclass(frozen=True)
class Task:
    """One part to be made: a stretch of a file, and the number of its first row over all files."""

    number: int
    first_id: int
    given: Given


class Maker:
    """Makes parts in one process."""

    def __init__(self, out: Path, model: Path | None) -> None:
        from tantam.listen import heads
        from tantam.listen.reading import Listener

        self.work = Work(out)
        self.listener = Listener(heads.Model.load(model) if model else None)

    def __call__(self, task: Task) -> int:
        """Make the part and give how many rows came in."""
        given = task.given
        taken = take(given, task.first_id)
        starts = range(0, max(1, taken.rows.num_rows), BATCH_ROWS)
        read = self.listener(taken.rows.slice(at, BATCH_ROWS) for at in starts)
        self.work.put(task.number, (given.file.name, given.first), read, taken.rejects)
        return len(given.rows)


_maker: Maker | None = None


def _build(out: Path, model: Path | None) -> None:
    global _maker  # noqa: PLW0603 (one listener a process, built before its first part)
    pa.set_cpu_count(1)
    _maker = Maker(out, model)


def _make(task: Task) -> int:
    assert _maker is not None
    return _maker(task)


def make(tasks: Iterable[Task], out: Path, model: Path | None, workers: int) -> Iterator[int]:
    """Make every part; gives the rows of each as it is done. Refuses (``worker_died``) when a process is killed: what
    it had finished stays."""
    if workers == 1:
        maker: Callable[[Task], int] = Maker(out, model)
        yield from map(maker, tasks)
        return
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # the children's: each of them is one core's work
    with ProcessPoolExecutor(
        workers, get_context("spawn"), initializer=_build, initargs=(out, model)
    ) as pool:
        running: set[Future[Any]] = set()
        try:
            for one in tasks:
                running.add(pool.submit(_make, one))
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
