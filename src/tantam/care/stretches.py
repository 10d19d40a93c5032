"""Stretches of the base, read one at a time by any process that sees its files: what large work is cut into.

Each thread asks for the columns it wants once, for such a plan may be long, and then reads stretch after stretch by it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq

from tantam import engines
from tantam.base.home import Home
from tantam.base.sources import quoted

Tool = TypeVar("Tool")


class Stretch(NamedTuple):
    """Rows of one file of the base."""

    file: str
    first: int
    rows: int


class Reader:
    """Reads ``columns`` of stretches by a connection of its own; those who are ``gone`` are left out."""

    def __init__(
        self,
        file: str,
        gone: Sequence[int],
        columns: Callable[[nw.LazyFrame[Any]], nw.LazyFrame[Any]],
    ) -> None:
        self.con = engines.connect(threads=1)
        self._show(Stretch(file, 0, 0))
        rows: nw.LazyFrame[Any] = nw.from_native(self.con.view("stretch"))
        if gone:
            rows = rows.filter(~nw.col("key").is_in(gone))
        self.frame = columns(rows)

    def read(self, stretch: Stretch) -> pa.Table:
        """The columns of one stretch, its rows in the order of the file."""
        self._show(stretch)
        return engines.collect(self.frame)

    def _show(self, stretch: Stretch) -> None:
        self.con.execute(
            "CREATE OR REPLACE TEMP VIEW stretch AS SELECT * EXCLUDE (file_row_number) FROM "  # noqa: S608
            f"read_parquet({quoted(Path(stretch.file))}, file_row_number = true) "
            f"WHERE file_row_number >= {stretch.first} AND file_row_number < {stretch.first + stretch.rows}"
        )


def cut(home: Home, rows: int) -> tuple[Stretch, ...]:
    """The files of a home's base, at most ``rows`` rows of one at a time; a file without rows is one stretch."""
    made: list[Stretch] = []
    for path in home.files():
        count = pq.read_metadata(path).num_rows
        made += [Stretch(str(path), low, min(rows, count - low)) for low in range(0, max(count, 1), rows)]
    return tuple(made)


_here = threading.local()


def of_thread(work: object, make: Callable[[], Tool]) -> Tool:
    """What ``make`` made for ``work`` in this thread; made once, and let go of when another work begins."""
    kept: tuple[object, Tool] | None = getattr(_here, "kept", None)
    if kept is None or kept[0] is not work:
        _here.kept = kept = (work, make())
    return kept[1]
