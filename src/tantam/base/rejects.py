"""Rows that were not kept, and values that could not be read: told without naming anybody, kept apart raw.

``rejects.parquet`` shows where each rejected row stands and why, with a keyed hash of the row and the wrong value
without its digits. The rows themselves lie in ``secret`` for 30 days, so that they can be mended and loaded.
"""

# ruff: noqa: S608 (the SQL is made of our own column names, numbers, and quoted paths)

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tantam.base.headings import shown
from tantam.base.home import Home
from tantam.base.reading import DIGEST, OPTIONAL
from tantam.base.sources import Source, quoted
from tantam.base.stage import Stage
from tantam.base.writing import write
from tantam.errors import BadInput

KEPT_DAYS = 30
_LONGEST = 60
_ORDER = "file, line, code, row_hash"
_PHONE_CODES = ("duplicate_phone", "key_collision", "forgotten")

SAID = {
    "phone_missing": ("thiếu số điện thoại", "no phone number"),
    "phone_invalid": ("số điện thoại sai", "not a Vietnamese mobile number"),
    "phone_old_11_digits": ("số cũ 11 chữ số, bỏ từ năm 2018", "an old number of 11 digits, ended in 2018"),
    "phone_landline": ("số cố định", "a landline"),
    "joined_on_missing": ("thiếu ngày hòa mạng", "no day of joining"),
    "joined_on_invalid": ("ngày hòa mạng sai", "the day of joining cannot be read"),
    "joined_on_future": ("ngày hòa mạng ở tương lai", "the day of joining is yet to come"),
    "plan_kind_missing": ("thiếu loại thuê bao", "prepaid or postpaid is not said"),
    "plan_kind_unknown": ("loại thuê bao không rõ", "neither prepaid nor postpaid"),
    "province_missing": ("thiếu tỉnh", "no province"),
    "province_unknown": ("tỉnh không rõ", "an unknown province"),
    "duplicate_phone": ("số đã có ở dòng trước", "the number stands in an earlier row"),
    "key_collision": ("mã trùng với số khác", "another number has this key"),
    "forgotten": ("người này đã yêu cầu quên", "this person asked to be forgotten"),
    "wrong_field_count": ("số ô khác dòng tiêu đề", "more or fewer fields than the header"),
    "broken_quotes": ("dấu ngoặc kép hỏng", "broken quotation marks"),
}
"""Code → what it means, in Vietnamese and English."""


@dataclass(frozen=True)
class Part:
    """A source in the table ``rows``: rows ``first`` to ``first + rows - 1``, and the lines that are no rows."""

    source: Source
    first: int
    rows: int
    broken: dict[int, tuple[str, str]]


def broken_lines(con: duckdb.DuckDBPyConnection, source: Source) -> dict[int, tuple[str, str]]:
    """Line → (code, text) of the lines that DuckDB could not split into the header's fields.

    Refuses ``enormous_line`` and ``open_quote`` (a quotation mark that never closes): those are no table; and
    ``encoding_broken``, which sends the reader back for a clean copy.
    """
    if source.text is None:
        return {}
    found: dict[int, tuple[str, str]] = {}
    query = f"SELECT line, error_type, left(csv_line, 100000) FROM {source.broken} ORDER BY line"
    for line, kind, text in con.execute(query).fetchall():
        words = (text or "").strip("\r\n")
        if kind == "LINE SIZE OVER MAXIMUM":
            raise BadInput(
                "enormous_line",
                f"Line {line} of {source.files[0]} is longer than 2 MB, so this is not a table of subscribers.",
                "Look for a quotation mark that never closes, or for missing line ends, and export again.",
            )
        if kind == "INVALID ENCODING":
            raise BadInput(
                "encoding_broken", f"Line {line} of {source.files[0]} is not UTF-8.", "Export it again."
            )
        if kind == "UNQUOTED VALUE" and "\n" in words:
            raise BadInput(
                "open_quote",
                f"A quotation mark in line {line} of {source.files[0]} never closes.",
                "Close it, or export the file again with quotation marks doubled.",
            )
        code = "wrong_field_count" if kind in ("MISSING COLUMNS", "TOO MANY COLUMNS") else "broken_quotes"
        found.setdefault(line, (code, words))
    return found


def gather(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Make the table ``out``: the rows of ``rows`` that cannot be kept, each once, with ``code`` and ``written``.

    The first row with a number is kept, later ones are duplicates; so is the first of two numbers with one key.
    """
    phones = (
        f"UNION ALL SELECT r.row, 'key_collision' FROM kept r JOIN read_parquet({quoted(home.phones)}) p "
        "ON r.key = p.key WHERE p.phone <> r.phone"
        if home.phones.exists()
        else ""
    )
    con.execute(f"""
        CREATE TEMP TABLE out AS
        WITH kept AS (
            SELECT rowid AS row, key, phone FROM rows WHERE code IS NULL AND key NOT IN (SELECT key FROM gone)
        ),
        twice AS (SELECT key, min(row) AS row FROM kept GROUP BY key HAVING count(*) > 1),
        late AS (
            SELECT k.row, CASE WHEN k.phone = f.phone THEN 'duplicate_phone' ELSE 'key_collision' END AS code
            FROM kept k JOIN twice t ON k.key = t.key JOIN kept f ON f.row = t.row WHERE k.row <> t.row
            {phones}
        )
        SELECT rowid AS row, code, written FROM rows WHERE code IS NOT NULL
        UNION ALL SELECT rowid, 'forgotten', NULL FROM rows
            WHERE code IS NULL AND key IN (SELECT key FROM gone)
        UNION ALL SELECT row, min(code), NULL FROM late GROUP BY row""")


def write_both(
    con: duckdb.DuckDBPyConnection, parts: Sequence[Part], home: Home, stage: Stage, today: int
) -> tuple[dict[str, int], dict[str, int]]:
    """Write both tables of rejects; gives how many by code, and how many unreadable values by column.

    What earlier loads of files with other names left is kept; the same row in the same line is never told twice.
    """
    _places(con, parts)
    _broken(con, parts)
    row = "coalesce(r.raw, CAST(to_json(r) AS VARCHAR))"
    con.execute("CREATE TEMP TABLE strange AS SELECT row FROM place ANTI JOIN out USING (row)")
    con.execute(f"""
        CREATE TEMP TABLE told AS
        SELECT {DIGEST.format(text=row)} AS row_hash, p.file, p.line, o.code, o.written,
            CASE WHEN o.code <> 'forgotten' THEN {row} END AS raw
        FROM out o JOIN rows r ON r.rowid = o.row JOIN place p ON p.row = o.row
        UNION ALL SELECT {DIGEST.format(text="text")}, file, line, code, NULL, text FROM broken
        UNION ALL SELECT {DIGEST.format(text="r.raw")}, p.file, p.line, 'unreadable_value', NULL, r.raw
        FROM rows r JOIN place p ON p.row = r.rowid JOIN strange s ON s.row = r.rowid""")
    names = pa.table({"name": sorted({shown_file(f) for each in parts for f in each.source.files})})
    con.register("loaded_names", names)
    _write_told(con, home, stage)
    _write_raw(con, home, stage, today)
    codes = con.execute(
        "SELECT code, count(*) FROM told WHERE code <> 'unreadable_value' GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return dict(codes.fetchall()), _unreadable(con)


def _unreadable(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    sums = ", ".join(f"count(*) FILTER (unreadable & {1 << bit} > 0)" for bit in range(len(OPTIONAL)))
    counts = con.execute(f"SELECT {sums} FROM rows r JOIN strange s ON s.row = r.rowid").fetchone()
    return {c.name: n for c, n in zip(OPTIONAL, counts or (), strict=True) if n}


def _write_told(con: duckdb.DuckDBPyConnection, home: Home, stage: Stage) -> None:
    column = (
        f"CASE WHEN code IN ({', '.join(map(quoted, _PHONE_CODES))}) OR starts_with(code, 'phone') THEN 'phone' "
        "WHEN starts_with(code, 'joined_on') THEN 'joined_on' WHEN starts_with(code, 'plan_kind') THEN 'plan_kind' "
        "WHEN starts_with(code, 'province') THEN 'province' END"
    )
    value = f"left(regexp_replace(written, '\\d', '#', 'g'), {_LONGEST})"
    new = (
        f'SELECT row_hash, file, line, {column} AS "column", code, {value} AS value '
        "FROM told WHERE code <> 'unreadable_value'"
    )
    old = _before(home.rejects) if home.rejects.exists() else ""
    write(con, f"{new} {old}", _ORDER, stage.put(home.rejects))


def _write_raw(con: duckdb.DuckDBPyConnection, home: Home, stage: Stage, today: int) -> None:
    """Raw rows keep the day on which they were first seen, and go when 30 days are over."""
    path = home.raw_rejects
    if path.exists():
        seen = (
            "(SELECT row_hash, line, code, min(seen) AS seen "
            f"FROM read_parquet({quoted(path)}) WHERE seen >= {today - KEPT_DAYS} GROUP BY ALL)"
        )
        new = (
            f"SELECT coalesce(s.seen, {today}) AS seen, t.row_hash, t.file, t.line, t.code, t.raw "
            f"FROM told t LEFT JOIN {seen} s USING (row_hash, line, code)"
        )
        old = _before(path) + f" AND seen >= {today - KEPT_DAYS}"
    else:
        new, old = f"SELECT CAST({today} AS INTEGER) AS seen, row_hash, file, line, code, raw FROM told", ""
    write(con, f"{new} {old}", _ORDER, stage.put(path))


def _before(path: Path) -> str:
    """What earlier loads told of files with other names."""
    return (
        f"UNION ALL SELECT * FROM read_parquet({quoted(path)}) o WHERE file NOT IN (FROM loaded_names) "
        "AND NOT EXISTS (FROM told t WHERE (t.row_hash, t.line, t.code) = (o.row_hash, o.line, o.code))"
    )


def _broken(con: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    lines = [
        (shown_file(each.source.files[0]), n, *what) for each in parts for n, what in each.broken.items()
    ]
    file, line, code, text = zip(*lines, strict=True) if lines else ((), (), (), ())
    schema = pa.schema({"file": pa.string(), "line": pa.int64(), "code": pa.string(), "text": pa.string()})
    con.register("broken", pa.table([list(file), list(line), list(code), list(text)], schema=schema))


def _places(con: duckdb.DuckDBPyConnection, parts: Sequence[Part]) -> None:
    """The table ``place``: file and line of every row that is told of."""
    query = "SELECT row FROM out UNION SELECT rowid FROM rows WHERE unreadable > 0 ORDER BY 1"
    rows = con.execute(query).fetchnumpy()["row"]
    told = []
    for each in parts:
        here = rows[(rows >= each.first) & (rows < each.first + each.rows)] - each.first
        files, lines = _lines(each, here)
        told.append(pa.table({"row": here + each.first, "file": files, "line": lines}))
    con.register("place", pa.concat_tables(told))


def _lines(each: Part, here: NDArray[np.int64]) -> tuple[pa.Array, NDArray[np.int64]]:
    """File and line of rows of one source; a Parquet file's rows count from 1, a CSV's header is line 1."""
    if each.source.text is None:
        ends = np.cumsum(each.source.rows)
        at = np.searchsorted(ends, here, side="right")
        names = pa.array([shown_file(file) for file in each.source.files]).take(pa.array(at))
        return names, here - (ends - np.asarray(each.source.rows))[at] + 1
    names = pa.array([shown_file(each.source.files[0])] * len(here), pa.string())
    if not len(here):
        return names, here
    lines, broken = each.source.text.lines(), np.array(sorted(each.broken), np.int64)
    if lines == 1 + each.rows + len(broken) and max(each.broken, default=0) <= lines:
        return names, np.delete(np.arange(2, lines + 1), broken - 2)[here]
    return names, _walked(each, here)


def _walked(each: Part, here: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each row begins in a file whose values hold line ends or which has blank lines."""
    assert each.source.text is not None
    begins: list[int] = []
    with each.source.text.path.open(encoding="utf-8-sig", newline="") as opened:
        reader = csv.reader(opened, delimiter=each.source.delimiter)
        next(reader)
        before = reader.line_num
        for fields in reader:
            if len(fields) == len(each.source.headings) and before + 1 not in each.broken:
                begins.append(before + 1)
            before = reader.line_num
    begins += [before] * (each.rows - len(begins))
    return np.asarray(begins, np.int64)[here]


def shown_file(file: Path) -> str:
    """A file's own name, without what could be a phone number."""
    return shown(file.name, 200)
