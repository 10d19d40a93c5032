"""What an engine is: lazy frames over Parquet files, and one function over many pieces of work, wherever they run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TypeVar

import narwhals as nw

Task = TypeVar("Task")
Answer = TypeVar("Answer")


class Engine(Protocol):
    """Where table steps and functions over pieces of work run."""

    @property
    def name(self) -> str:
        """``duckdb`` or ``spark``: what ``--engine`` takes and a certificate says."""

    def scan(self, files: Sequence[Path]) -> nw.LazyFrame[Any]:
        """A lazy frame over Parquet files of one shape, in the order of the files and of their rows."""

    def map(self, work: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Answer]:
        """``work`` of every task, answers in the tasks' order; at any time only a few answers are held.

        A task names what to read (a file, a stretch of it) and does not carry it: on a cluster it travels. So ``work``
        is a function of a module, or a ``functools.partial`` of one, and tasks and answers can be pickled.
        """


def in_threads(
    work: Callable[[Task], Answer],
    tasks: Iterable[Task],
    threads: int | None = None,
    *,
    ahead: int | None = None,
) -> Iterator[Answer]:
    """:meth:`Engine.map` in the threads of this process: for work that lets go of the interpreter's lock (compiled
    kernels, reading files). A task's error is raised in its turn; tasks not yet begun are then never begun. At most
    ``ahead`` tasks, by default two a thread, are begun before their answers are asked for."""
    count = threads or os.cpu_count() or 1
    if count == 1:
        yield from map(work, tasks)
        return
    waiting = iter(tasks)
    with ThreadPoolExecutor(count) as pool:
        running: list[Future[Answer]] = [
            pool.submit(work, task) for task in islice(waiting, ahead or 2 * count)
        ]
        try:
            while running:
                done = running.pop(0).result()
                running += [pool.submit(work, task) for task in islice(waiting, 1)]
                yield done
        finally:
            for late in running:
                late.cancel()
