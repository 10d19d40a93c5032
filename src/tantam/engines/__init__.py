"""The same work on whichever machine fits: table steps are narwhals expressions over lazy frames, the rest are
functions over Arrow record batches. DuckDB is the engine of one machine."""

from tantam.engines.duck import batches, collect, connect, explain_fault, scan

__all__ = ["batches", "collect", "connect", "explain_fault", "scan"]
