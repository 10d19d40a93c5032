"""Who was heard on a theme in the files of a listening, from the files of speakers that were kept of it: those who
agreed to be answered, each with the day of his first word."""

# ruff: noqa: S608 (the SQL is made of our own column names and numbers)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from django.conf import settings

from tantam import engines
from tantam.base.home import Home
from tantam.base.store import forgotten

DAY_S, HANOI_S = 86_400, 7 * 3_600
_FILE = pa.schema([("file", pa.string()), ("root", pa.int64()), ("taken", pa.int64())])
_SPEAKER = pa.schema([("key", pa.int64()), ("first", pa.int32())])
_KEY = pa.schema([("key", pa.int64())])

_HEARD = f"""
CREATE VIEW heard AS
SELECT s.key, f.root, COALESCE(s.first * {DAY_S}::BIGINT - {HANOI_S}, f.taken) AS first
FROM (FROM speaker UNION ALL BY NAME FROM read_parquet({{files}}, filename = 'file', union_by_name = true)) s
JOIN file f USING (file) ANTI JOIN forgotten USING (key)
"""
"""key, root, first (seconds since 1970). A speaker without a day had spoken when the listening was taken in."""


@dataclass(frozen=True)
class File:
    """A file of speakers (``path`` from the home) of what counts as the theme ``root``, and when it was taken in
    (seconds since 1970)."""

    path: str
    root: int
    taken: int


@contextmanager
def hearing(files: Sequence[File]) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine in which ``heard`` (key, root, first in seconds) is everyone in these files, a row a file he is in, but
    whoever was forgotten since."""
    home = Home(Path(settings.HOME))
    here = [one for one in files if (home.root / one.path).exists()]
    rows = {
        "file": [str(home.root / one.path) for one in here],
        "root": [one.root for one in here],
        "taken": [one.taken for one in here],
    }
    con = engines.connect()
    try:
        con.register("file", pa.table(rows, schema=_FILE))
        con.register("speaker", _SPEAKER.empty_table())
        con.register("forgotten", pa.table([forgotten(home)], schema=_KEY))
        if here:
            con.execute(_HEARD.format(files=rows["file"]))
        else:
            con.execute("CREATE VIEW heard AS SELECT key, 0::BIGINT AS root, 0::BIGINT AS first FROM speaker")
        yield con
    except duckdb.Error as error:
        raise engines.explain_fault(error) from error
    finally:
        con.close()
