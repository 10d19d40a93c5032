"""The same work on whichever machine fits: table steps are narwhals expressions over lazy frames, the rest are
functions over files and Arrow record batches. DuckDB is the engine of one machine."""

from tantam.engines.duck import Duck, batches, collect, connect, explain_fault
from tantam.engines.engine import Engine

__all__ = ["Duck", "Engine", "batches", "collect", "connect", "explain_fault", "start"]


def start(*, memory_mb: int | None = None, threads: int | None = None) -> Duck:
    """The engine of this machine; ``memory_mb`` and ``threads`` as in :func:`connect`."""
    return Duck(connect(memory_mb=memory_mb, threads=threads), threads)
