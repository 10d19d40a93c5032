"""Tables from outside, CSV or Parquet: the named columns, or one plain sentence that says what is wrong."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from tantam.errors import BadInput

_BLOCK = 8 << 20
PIECE_ROWS = 1 << 18
_MISSING = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"]
_MARKS = ",;\t|"


def read(file: Path, columns: Sequence[str]) -> pa.Table:
    """The named columns of a CSV (also gzipped) or Parquet file; those of a CSV as text, blanks as null.

    Refuses ``no_file``, ``unreadable_file`` (not CSV or Parquet, cut short, not UTF-8) and
    ``missing_column``, with what the file has instead.
    """
    return pa.concat_tables(list(pieces(file, columns)))


def pieces(file: Path, columns: Sequence[str]) -> Iterator[pa.Table]:
    """As :func:`read`, rows after rows, in the memory of a few of them: at least one table, which may be without any.

    What cannot be read further on is refused when it is come to.
    """
    if not file.is_file():
        raise BadInput("no_file", f"There is no file {file}.", "Check the name.")
    wanted = list(dict.fromkeys(columns))
    try:
        yield from _parquet(file, wanted) if file.suffix == ".parquet" else _csv(file, wanted)
    except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError) as error:
        kind = "Parquet" if file.suffix == ".parquet" else "CSV"
        what = f"{file} cannot be read as {kind} ({type(error).__name__})."
        raise BadInput("unreadable_file", what, "Write it again as UTF-8 CSV or as Parquet.") from None


def numbers(table: pa.Table, name: str, file: Path, first: int = 0) -> pa.Array:
    """A column as float64, null where missing or not a number that is finite; refuses ``not_a_number``
    with the line. ``first`` is the number of the table's first row in the file.
    """
    column = table.column(name).combine_chunks()
    if _wordy(column.type):
        column = _truths(words(table, name, file))
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    try:
        real = column.cast(pa.float64(), safe=False)
    except pa.ArrowException:
        row, text = _first_bad(column)
        what = f"Column {name} of {file.name} is not all numbers: “{text}” in line {line(first + row)}."
        raise BadInput("not_a_number", what, "Give a column of numbers, or of true and false.") from None
    return pc.if_else(pc.is_finite(real), real, pa.scalar(None, pa.float64()))


def words(table: pa.Table, name: str, file: Path) -> pa.Array:
    """A column as trimmed text; refuses ``not_words`` (lists, bytes that are no text)."""
    try:
        return pc.utf8_trim_whitespace(table.column(name).combine_chunks().cast(pa.string()))
    except pa.ArrowException:
        what = f"Column {name} of {file.name} is {table.column(name).type}, not words."
        raise BadInput("not_words", what, "Give plain text or numbers.") from None


def _wordy(kind: pa.DataType) -> bool:
    return any(
        of(kind.value_type if pa.types.is_dictionary(kind) else kind)
        for of in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    )


def line(row: int) -> int:
    """The line of a CSV that a row (from 0) stands in, with one line of names above."""
    return row + 2


def _parquet(file: Path, wanted: list[str]) -> Iterator[pa.Table]:
    with pq.ParquetFile(file) as opened:
        _all_there(file, opened.schema_arrow.names, wanted)
        yield opened.schema_arrow.empty_table().select(wanted)
        for batch in opened.iter_batches(PIECE_ROWS, columns=wanted):
            yield pa.Table.from_batches([batch]).select(wanted)


def _csv(file: Path, wanted: list[str]) -> Iterator[pa.Table]:
    opener = gzip.open if file.suffix == ".gz" else Path.open
    with opener(file, "rb") as stream:
        head = stream.readline(_BLOCK)
        text = head.decode("utf-8-sig").strip("\r\n")
        more = bool(stream.read(1))
    mark = max(_MARKS, key=text.count)
    names = [name.strip().strip('"') for name in text.split(mark)]
    _all_there(file, names, wanted)
    yield pa.schema([(name, pa.string()) for name in wanted]).empty_table()
    if not more:
        return
    with pacsv.open_csv(
        str(file),
        read_options=pacsv.ReadOptions(block_size=_BLOCK, column_names=names, skip_rows=1),
        parse_options=pacsv.ParseOptions(delimiter=mark, newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(
            include_columns=wanted,
            column_types={name: pa.string() for name in wanted},
            null_values=_MISSING,
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    ) as opened:
        for batch in opened:
            yield pa.Table.from_batches([batch])


def _all_there(file: Path, there: list[str], wanted: list[str]) -> None:
    for name in wanted:
        if name not in there:
            near = get_close_matches(name, there, 1)
            hint = f"Did you mean {near[0]}?" if near else f"It has {', '.join(there[:12])}."
            raise BadInput("missing_column", f"{file.name} has no column {name}.", hint)
        if there.count(name) > 1:
            raise BadInput(
                "missing_column", f"{file.name} has {there.count(name)} columns {name}.", "Keep one."
            )


_TRUE, _FALSE = ("true", "yes", "t", "y", "có"), ("false", "no", "f", "n", "không")


def _truths(column: pa.Array) -> pa.Array:
    """Words for yes and no as 1 and 0; anything else as it is."""
    low = pc.utf8_lower(column)
    one = pc.if_else(pc.is_in(low, pa.array(_TRUE)), "1", column)
    return pc.if_else(pc.is_in(low, pa.array(_FALSE)), "0", one)


def _first_bad(column: pa.Array) -> tuple[int, str]:
    for row, text in enumerate(column.to_pylist()):
        try:
            float("0" if text is None else text)
        except (ValueError, TypeError):
            return row, str(text)[:40]
    return 0, "?"
