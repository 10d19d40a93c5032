"""Spark, where one machine is not enough: the same narwhals steps, and the same functions over pieces of work.

Workers need this very environment (the same Python and packages at the same path) and see the home and the files
under the same paths: a shared folder. See docs/how-to/run-on-spark.md.
"""

from __future__ import annotations

import os
import pickle
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from itertools import islice
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow as pa

from tantam import machine
from tantam.engines import session
from tantam.engines.engine import Answer, Task, in_threads
from tantam.errors import Fault, TantamError, place

_A_SLOT = 4
"""Tasks that a slot is given at a time: Spark's own work for a round is some tenths of a second."""
_AT_ONCE = 2
"""Rounds under way: the next fills the slots that the last one leaves."""


@dataclass(frozen=True)
class Spark:
    """The engine of a cluster, or of one machine that plays one."""

    session: Any

    @classmethod
    def start(cls, master: str | None = None, memory_mb: int | None = None) -> Spark:
        """The engine on ``master``, by default two cores of this machine; as :func:`session.open_session`."""
        return cls(session.open_session(master or session.MASTER, memory_mb or machine.memory_mb()))

    @property
    def name(self) -> str:
        return "spark"

    def scan(self, files: Sequence[Path]) -> nw.LazyFrame[Any]:
        """As :meth:`Engine.scan`. Each file is a branch of its own: Spark would read several in the order of their
        sizes."""
        first, *others = [_address(file) for file in files]
        frames = [self.session.read.parquet(first)]
        frames += [self.session.read.schema(frames[0].schema).parquet(file) for file in others]
        return nw.from_native(reduce(lambda one, other: one.unionByName(other), frames))

    def map(self, work: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Answer]:
        """As :meth:`Engine.map`, in rounds of a few tasks a core; answers come through the driver.

        A task may be run again after a worker was lost, so it must not mind. A worker's error is raised here: ours as
        it was, any other as ``engine_failed``.
        """
        from pyspark import cloudpickle

        slots = int(self.session.sparkContext.defaultParallelism)
        run = partial(_run, cloudpickle.dumps(work))
        rounds = _rounds(tasks, _A_SLOT * slots)
        for answers in in_threads(partial(self._round, run), rounds, _AT_ONCE, ahead=_AT_ONCE):
            for done, answer in map(pickle.loads, answers):
                if not done:
                    raise answer
                yield answer

    def _round(self, run: Callable[[Iterator[pa.RecordBatch]], Any], tasks: list[bytes]) -> list[bytes]:
        """The answers of one round, in order; they end with the first error."""
        rows = pa.table({"task": pa.array(tasks, pa.binary())})
        sent = self.session.createDataFrame(rows)
        with _faults():
            answers = sent.mapInArrow(run, "answer binary").toArrow()
        return list(answers.column("answer").to_pylist())


def collect(frame: Any) -> pa.Table:
    """A Spark frame as one Arrow table: for small ones."""
    with _faults():
        return frame.toArrow()


def batches(frame: Any, rows: int) -> Iterator[pa.RecordBatch]:
    """A Spark frame as Arrow record batches of at most ``rows`` rows, in the frame's order: a driver holds two
    partitions of it at a time."""
    packed = frame.mapInArrow(_pack, "batch binary")
    with _faults():
        for row in packed.toLocalIterator(prefetchPartitions=True):
            for batch in pa.ipc.open_stream(row[0]):
                for first in range(0, batch.num_rows, rows):
                    yield batch.slice(first, rows)


def _pack(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Each record batch as one value: Spark streams values, not batches."""
    for batch in batches:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as stream:
            stream.write_batch(batch)
        yield pa.record_batch({"batch": pa.array([sink.getvalue().to_pybytes()], pa.binary())})


_unpacked = lru_cache(maxsize=1)(pickle.loads)
"""A worker holds on to the work, so that what it keeps with it lasts for all its tasks."""


def _run(work: bytes, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """On a worker: (done, answer or error) of each task, until one fails."""
    pa.set_cpu_count(1)
    for batch in batches:
        for task in batch.column("task"):
            answer: tuple[bool, Any]
            try:
                answer = True, _unpacked(work)(pickle.loads(task.as_buffer()))  # noqa: S301 (our own driver's)
            except Exception as error:
                answer = False, _told(error)
            packed = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
            yield pa.record_batch({"answer": pa.array([packed], pa.binary())})
            if not answer[0]:
                return


def _told(error: Exception) -> TantamError:
    """An error as the driver may know it: another's text may hold values, so only its kind and place are told."""
    if isinstance(error, TantamError):
        return error
    if os.environ.get("TANTAM_TRACEBACK"):
        traceback.print_exception(error)
    return _broke(f"A worker stopped: {type(error).__name__} at {place(error)}.")


def _broke(what: str) -> Fault:
    return Fault("engine_failed", what, "With TANTAM_TRACEBACK=1 the workers' logs say more.")


class _faults:  # noqa: N801 (reads as what it is: with _faults())
    """Spark's own failures in our words."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        if isinstance(error, Py4JError | PySparkException):
            raise _broke(f"Spark stopped: {type(error).__name__}.") from error


def _rounds(tasks: Iterable[Any], size: int) -> Iterator[list[bytes]]:
    waiting = iter(tasks)
    while chunk := [pickle.dumps(task) for task in islice(waiting, size)]:
        yield chunk


def _address(file: Path) -> str:
    """A file's address; letters that Spark would read as a pattern are escaped."""
    return "file://" + re.sub(r"([\\{}\[\]*?])", r"\\\1", str(file.absolute()))
