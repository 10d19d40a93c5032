"""Rows that were not kept, and values that could not be read: told without naming anybody, kept apart raw.

``rejects.parquet`` shows where each rejected row stands and why, with a keyed hash of the row and the wrong value
without its digits. The rows themselves lie in ``secret`` for 30 days, so that they can be mended and loaded.
"""

# ruff: noqa: S608 (the SQL is made of our own column names, numbers, and quoted paths)

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from tantam.base.pieces import Cleaned, Terms

FILE_BITS = 40
"""A row's number is the number of its file, and in the low bits its place in the file, from 0."""
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


def write_both(
    con: duckdb.DuckDBPyConnection,
    parts: Sequence[Cleaned],
    late: pa.Table,
    terms: Terms,
    home: Home,
    stage: Stage,
) -> tuple[dict[str, int], dict[str, int]]:
    """Write both tables of rejects; gives how many by code, and how many unreadable values by column.

    ``late``: row, code and raw of the rows that came too late. What earlier loads of files with other names left is
    kept; the same row in the same line is never told twice.
    """
    files = [quoted(file) for part in parts for file in part.strange]
    nobody = "(SELECT 0 AS row, '' AS code, '' AS written, 0 AS unreadable, '' AS raw WHERE false)"
    strange = f"read_parquet([{', '.join(files)}])" if files else nobody
    con.register("late", late)
    con.execute(f"""
        CREATE TEMP TABLE out AS
        SELECT row, code, written, raw, 0 AS unreadable FROM {strange} WHERE code IS NOT NULL
        UNION ALL SELECT l.row, l.code, NULL, coalesce(s.raw, l.raw), 0
            FROM late l LEFT JOIN (SELECT row, raw FROM {strange}) s USING (row)
        UNION ALL SELECT row, 'unreadable_value', NULL, raw, unreadable FROM {strange}
            WHERE code IS NULL AND row NOT IN (SELECT row FROM late)""")
    _places(con, parts)
    _broken(con, parts)
    con.execute(f"""
        CREATE TEMP TABLE told AS
        SELECT {DIGEST.format(text="o.raw")} AS row_hash, p.file, p.line, o.code, o.written,
            CASE WHEN o.code <> 'forgotten' THEN o.raw END AS raw
        FROM out o JOIN place p USING (row)
        UNION ALL SELECT {DIGEST.format(text="text")}, file, line, code, NULL, text FROM broken""")
    names = pa.table({"name": sorted({shown_file(f) for each in parts for f in each.source.files})})
    con.register("loaded_names", names)
    _write_told(con, home, stage)
    _write_raw(con, home, stage, terms.today)
    codes = con.execute(
        "SELECT code, count(*) FROM told WHERE code <> 'unreadable_value' GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    return dict(codes.fetchall()), _unreadable(con)


def _unreadable(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    sums = ", ".join(f"count(*) FILTER (unreadable & {1 << bit} > 0)" for bit in range(len(OPTIONAL)))
    counts = con.execute(f"SELECT {sums} FROM out").fetchone()
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


def _broken(con: duckdb.DuckDBPyConnection, parts: Sequence[Cleaned]) -> None:
    lines = [
        (shown_file(each.source.files[0]), n, *what) for each in parts for n, what in each.broken.items()
    ]
    file, line, code, text = zip(*lines, strict=True) if lines else ((), (), (), ())
    schema = pa.schema({"file": pa.string(), "line": pa.int64(), "code": pa.string(), "text": pa.string()})
    con.register("broken", pa.table([list(file), list(line), list(code), list(text)], schema=schema))


def _places(con: duckdb.DuckDBPyConnection, parts: Sequence[Cleaned]) -> None:
    """The table ``place``: file and line of every row that is told of; a Parquet file's rows count from 1."""
    rows = con.execute("SELECT row FROM out ORDER BY 1").fetchnumpy()["row"].astype(np.int64)
    file, line = rows >> FILE_BITS, (rows & ((1 << FILE_BITS) - 1)) + 1
    names: dict[int, str] = {}
    for each in parts:
        names |= {each.number + at: shown_file(path) for at, path in enumerate(each.source.files)}
        if each.source.text is not None:
            here = slice(*np.searchsorted(file, [each.number, each.number + 1]))
            line[here] = _lines(each, line[here] - 1)
    known = sorted(names)
    at = np.searchsorted(np.array(known, np.int64), file)
    words = pa.array([names[number] for number in known], pa.string()).take(pa.array(at))
    con.register("place", pa.table({"row": rows, "file": words, "line": line}))


def _lines(each: Cleaned, here: NDArray[np.int64]) -> NDArray[np.int64]:
    """The lines of rows of a CSV file; its header is line 1."""
    assert each.source.text is not None
    if not len(here):
        return here
    lines, broken = each.source.text.lines(), np.array(sorted(each.broken), np.int64)
    if lines == 1 + each.rows + len(broken) and max(each.broken, default=0) <= lines:
        return np.delete(np.arange(2, lines + 1), broken - 2)[here]
    return _walked(each, here)


def _walked(each: Cleaned, here: NDArray[np.int64]) -> NDArray[np.int64]:
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
