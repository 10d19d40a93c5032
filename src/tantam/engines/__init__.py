"""The same work on whichever machine fits: table steps are narwhals expressions over lazy frames, the rest are
functions over files and Arrow record batches. DuckDB is the engine of one machine, Spark that of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import narwhals as nw
import pyarrow as pa

from tantam.engines.duck import BATCH_ROWS, Duck, connect, explain_fault
from tantam.engines.engine import Engine

__all__ = ["Duck", "Engine", "batches", "collect", "connect", "explain_fault", "start"]


def start(
    name: str = "duckdb",
    *,
    master: str | None = None,
    memory_mb: int | None = None,
    threads: int | None = None,
) -> Engine:
    """The engine of a name: DuckDB of this machine (``memory_mb`` and ``threads`` as in :func:`connect`), or Spark on
    ``master``. Refuses ``spark_missing``."""
    if name == "spark":
        from tantam.engines.spark import Spark

        return Spark.start(master, memory_mb)
    return Duck(connect(memory_mb=memory_mb, threads=threads), threads)


def collect(frame: nw.LazyFrame[Any]) -> pa.Table:
    """Run the plan and give one Arrow table; on Spark for small tables only."""
    if frame.implementation.is_duckdb():
        return frame.to_native().to_arrow_table()
    from tantam.engines import spark

    return spark.collect(frame.to_native())


def batches(frame: nw.LazyFrame[Any], rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
    """Run the plan and give Arrow record batches of at most ``rows`` rows, without holding the whole result."""
    if frame.implementation.is_duckdb():
        yield from frame.to_native().to_arrow_reader(rows)
        return
    from tantam.engines import spark

    yield from spark.batches(frame.to_native(), rows)
