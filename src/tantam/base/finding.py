"""One subscriber's rows in large Parquet files: only the row groups are read that may hold the key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Footer:
    """A file's footer, and the first row of each row group (int64 [groups + 1], the rows of the file last)."""

    path: Path
    meta: pq.FileMetaData
    begin: Ints

    def groups(self, **wanted: int | str) -> Ints:
        """The row groups that may hold rows with these values, by their statistics."""
        inside = np.ones(self.begin.size - 1, bool)
        for column, value in wanted.items():
            inside &= [low is None or low <= value <= high for low, high in _ends(self, column)]
        return np.flatnonzero(inside)

    def read(self, group: int, columns: Sequence[str]) -> pa.Table:
        """Some columns of one row group; a reader of its own, for readers are not shared between threads."""
        with pq.ParquetFile(self.path, metadata=self.meta) as file:
            return file.read_row_group(group, columns=list(columns))


def footer(path: Path) -> Footer:
    """The footer of a file, read once for as long as the file stays what it is."""
    state = path.stat()
    return _footer(path, state.st_ino, state.st_mtime_ns, state.st_size)


@lru_cache(32)
def _footer(path: Path, inode: int, changed: int, size: int) -> Footer:
    meta = pq.read_metadata(path)
    rows = [meta.row_group(group).num_rows for group in range(meta.num_row_groups)]
    return Footer(path, meta, np.concatenate([[0], np.cumsum(np.array(rows, np.int64))]))


@lru_cache(128)
def _ends(footer: Footer, column: str) -> list[tuple[Any, Any]]:
    """The least and the greatest value of a column in each row group; None where the file does not say."""
    at = footer.meta.schema.names.index(column)
    told = [footer.meta.row_group(g).column(at).statistics for g in range(footer.meta.num_row_groups)]
    return [(s.min, s.max) if s is not None and s.has_min_max else (None, None) for s in told]


def at_rows(path: Path, rows: Iterable[int], key: int, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Those of some rows of a file that have the key."""
    here, found = footer(path), list[dict[str, Any]]()
    for row in rows:
        group = int(np.searchsorted(here.begin, row, side="right")) - 1
        one = here.read(group, columns).slice(row - int(here.begin[group]), 1)
        found += one.to_pylist() if one["key"][0].as_py() == key else []
    return found


def with_key(path: Path, key: int, columns: Sequence[str], **wanted: int | str) -> list[dict[str, Any]]:
    """Every row of a file with the key; ``wanted`` are other columns' values that all rows with it have, so that
    fewer row groups are looked at. Quick where rows are sorted by those and then by key."""
    here, found = footer(path), list[dict[str, Any]]()
    for group in here.groups(key=key, **wanted).tolist():
        places = np.flatnonzero(np.asarray(here.read(group, ["key"])["key"]) == key)
        if places.size:
            found += here.read(group, columns).take(places).to_pylist()
    return found
