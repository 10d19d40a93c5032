# ruff: noqa: S608 (the SQL is made of our own column names and numbers)
"""Readings opened for counting: what both the themes and the page ask of all readings is counted once, in DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from tantam import engines
from tantam.base.sources import quoted
from tantam.listen.columns import SCHEMA

WEEK = 7
MOST_WEEKS = 52
"""Weeks back from the last day in which people are counted apart."""

MEMORY_MB, THREADS = 256, 2
"""What counting may hold, enough for so many threads on any machine; groups beyond it are spilled to disk."""

SPEAKERS = "sum(CASE WHEN key IS NULL THEN n ELSE 1 END)::BIGINT"
"""How many people, of rows grouped by key with ``n`` in each group; a row without a key is somebody of its own."""

PEOPLE = f"""
    SELECT {{columns}}, sum(n)::BIGINT AS opinions, {SPEAKERS} AS people
    FROM (SELECT {{columns}}, key, count(*) AS n FROM {{rows}} GROUP BY {{columns}}, key) GROUP BY {{columns}}
"""
"""Somebody who says a thing twice is one of the people; a row without a key is somebody of its own. (Grouped twice,
because that spills to disk and a count of distinct keys does not.)"""

_FILE = 32
"""A place of a reading is its file's number shifted by so many bits, and its row in the file."""


Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Totals:
    """Readings in all, those with a speaker and those with a day; the first and the last day."""

    rows: int
    keyed: int
    dated: int
    first: int | None
    last: int | None


@dataclass(frozen=True)
class Spoke:
    """Different people in all, and in each of the last :data:`MOST_WEEKS` weeks, the latest first."""

    people: int
    weeks: tuple[int, ...]


NOBODY = Spoke(0, (0,) * MOST_WEEKS)


class Readings:
    """``readings/*.parquet`` as the view ``readings`` of ``con``, with the place of each row as ``place``.

    Memory is bounded by :data:`MEMORY_MB` for any number of rows. To be closed, or used in a ``with``.
    """

    def __init__(self, files: Sequence[Path], texts: Callable[[int, Rows], list[str]] | None = None) -> None:
        """``texts`` gives the texts of some rows, rising, of the file of a number, where they are at hand faster than
        in the file."""
        self.files = tuple(files)
        self._texts = texts or self._read
        self.con = engines.connect(memory_mb=MEMORY_MB, threads=THREADS)
        if files:
            named = ", ".join(_literal(file) for file in files)
            self.con.execute(
                f"CREATE VIEW readings AS SELECT *, (file_index::BIGINT << {_FILE}) + file_row_number AS place "
                f"FROM read_parquet([{named}])"
            )
        else:
            self.con.register("readings", SCHEMA.append(pa.field("place", pa.int64())).empty_table())
        self._people: dict[Any, dict[str, Spoke]] = {}

    @classmethod
    def of(cls, folder: Path) -> Readings:
        """All readings of a listened folder."""
        return cls(sorted((folder / "readings").glob("*.parquet")))

    def __enter__(self) -> Readings:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.con.close()

    def rows(self, query: str, given: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows that a query gives."""
        return self.con.execute(query, given).fetchall()

    @cached_property
    def totals(self) -> Totals:
        """Counted from few columns."""
        counted = 'count(*), count(key), count("when"), min("when"), max("when")'
        return Totals(*self.rows(f"SELECT {counted} FROM readings")[0])

    @cached_property
    def groups(self) -> str:
        """The name of a table of the groups that have copies, without their heads: ``copy_of``, ``n`` rows, different
        ``people``, and ``said``, people of the rows that have a theme. Beside it stands the table ``spoke``, the same
        by ``key``."""
        # most texts were copied by nobody: those are not grouped, so that memory hangs on the copies alone
        self.con.execute(
            "CREATE TEMP TABLE spoke AS SELECT copy_of, key, count(*) AS n, count(theme) AS said "
            "FROM readings WHERE copy_of <> id GROUP BY copy_of, key"
        )
        self.con.execute(
            f"CREATE TEMP TABLE groups AS SELECT copy_of, sum(n)::BIGINT AS n, {SPEAKERS} AS people, "
            "sum(CASE WHEN key IS NULL THEN said ELSE (said > 0)::INT END)::BIGINT AS said "
            "FROM spoke GROUP BY copy_of"
        )
        return "groups"

    @cached_property
    def goes_on(self) -> bool:
        """Whether groups go on from an earlier run, so that their heads are not among the readings; the table
        ``elsewhere`` has the ``copy_of`` of these."""
        self.con.execute(
            f"CREATE TEMP TABLE elsewhere AS SELECT copy_of FROM {self.groups} g "
            "ANTI JOIN (SELECT id FROM readings WHERE copy_of = id) h ON h.id = g.copy_of"
        )
        return bool(self.rows("SELECT count(*) FROM elsewhere")[0][0])

    def people(self, merged: Mapping[str, str], on: int | None) -> dict[str, Spoke]:
        """People by theme, and of all readings under the empty name. ``merged`` says which themes count as which
        others; weeks end with the day ``on`` (None: none are counted)."""
        asked = (tuple(sorted(merged.items())), on)
        if asked not in self._people:
            self.con.register("merged", pa.table([list(merged), list(merged.values())], schema=_MERGED))
            of_theme = (
                "SELECT coalesce(goes, theme) AS what, * FROM readings LEFT JOIN merged ON theme = merged.id"
            )
            found = self._spoke(f"({of_theme} WHERE theme IS NOT NULL)", on)
            found |= self._spoke("(SELECT '' AS what, * FROM readings)", on)
            self._people[asked] = found
        return self._people[asked]

    def _spoke(self, rows: str, on: int | None) -> dict[str, Spoke]:
        # the weeks in which somebody spoke are the bits of one number, so that keys are grouped once for all weeks;
        # a row without a key is somebody of its own, so those are grouped by their week
        bits = "0::UBIGINT"
        if on is not None:
            within = f'"when" <= {on} AND "when" > {on - WEEK * MOST_WEEKS}'
            bits = f'CASE WHEN {within} THEN 1::UBIGINT << (({on} - "when") // {WEEK}) ELSE 0 END'
        weeks = ", ".join(f"sum(n * (weeks >> {i} & 1))::BIGINT" for i in range(MOST_WEEKS))
        found = self.rows(
            "WITH spoke AS (SELECT what, bit_or(bits) AS weeks, CASE WHEN key IS NULL THEN count(*) ELSE 1 END AS n "
            f"FROM (SELECT what, key, {bits} AS bits FROM {rows}) "
            "GROUP BY what, key, CASE WHEN key IS NULL THEN bits END) "
            f"SELECT what, sum(n)::BIGINT, {weeks} "
            "FROM (SELECT what, weeks, sum(n)::BIGINT AS n FROM spoke GROUP BY what, weeks) GROUP BY what"
        )
        return {what: Spoke(people, tuple(by_week)) for what, people, *by_week in found}

    def texts(self, places: Sequence[int]) -> list[str]:
        """The texts at these places. Reads the text column only where one lies."""
        found: dict[int, str] = {}
        wanted = np.unique(np.array(places, np.int64))
        for number in np.unique(wanted >> _FILE).tolist():
            here = wanted[wanted >> _FILE == number]
            texts = self._texts(number, here - (number << _FILE))
            found |= zip(here.tolist(), texts, strict=True)
        return [found[place] for place in places]

    def _read(self, number: int, rows: Rows) -> list[str]:
        """The texts of some rows of a file, rising; a row group at a time is in memory."""
        file = pq.ParquetFile(self.files[number])
        texts: list[str] = []
        start = 0
        for group in range(file.num_row_groups):
            stop = start + file.metadata.row_group(group).num_rows
            here = rows[(rows >= start) & (rows < stop)]
            if len(here):
                column = file.read_row_group(group, columns=["text"], use_threads=False).column(0)
                texts += column.take(pa.array(here - start)).to_pylist()
            start = stop
        return texts


_MERGED = pa.schema([("id", pa.string()), ("goes", pa.string())])


def _literal(file: Path) -> str:
    """A path as SQL has it: its brackets and stars are letters, not a pattern."""
    plain = "".join(f"[{c}]" if c in "*?[" else c for c in str(file))
    return quoted(plain)
