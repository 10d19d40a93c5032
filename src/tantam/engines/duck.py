"""DuckDB, set up one way for everybody: bounded memory, UTC, never fetching anything from outside."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw

from tantam import machine
from tantam.engines.engine import Answer, Task, in_threads
from tantam.errors import Fault

BATCH_ROWS = 131_072


def connect(*, memory_mb: int | None = None, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A private in-memory connection; spills to a temporary folder, downloads no extension.

    ``memory_mb`` defaults to ``TANTAM_MEMORY_MB`` or 4,000; ``threads`` to the machine's cores.
    """
    memory = memory_mb or machine.memory_mb()
    config: dict[str, Any] = {
        "memory_limit": f"{memory}MB",
        "threads": threads or os.cpu_count() or 1,
        "temp_directory": str(Path(tempfile.gettempdir()) / f"tantam-duck-{os.getpid()}"),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    con = duckdb.connect(":memory:", config=config)
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_progress_bar = false")  # else it writes one of its own between our lines
    return con


@dataclass(frozen=True)
class Duck:
    """The engine of one machine: DuckDB for table steps, this process's threads for the rest."""

    con: duckdb.DuckDBPyConnection
    threads: int | None = None

    @property
    def name(self) -> str:
        return "duckdb"

    def scan(self, files: Sequence[Path]) -> nw.LazyFrame[Any]:
        return nw.from_native(self.con.read_parquet([str(f) for f in files]))

    def map(self, work: Callable[[Task], Answer], tasks: Iterable[Task]) -> Iterator[Answer]:
        return in_threads(work, tasks, self.threads)


def explain_fault(error: duckdb.Error) -> Fault:
    """An engine's failure in our words; the engine's own text may hold values, so only its kind is kept."""
    return Fault(
        "engine_failed", f"The engine stopped: {type(error).__name__}.", "Try again; if it stays, report it."
    )
