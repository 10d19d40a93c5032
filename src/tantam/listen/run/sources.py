"""Files of opinions as one stream of Arrow batches: Parquet, CSV in any encoding the base reads, and plain text, where
each line is one opinion.

What cannot be read is told, never guessed: each batch comes with its rejects.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from tantam.base.encodings import MOST_LINE, at_sight
from tantam.base.headings import listed
from tantam.base.sources import footer, is_parquet
from tantam.errors import BadInput

_DELIMITERS = ",;\t|"
_BLOCK = 1 << 24

Reject = tuple[str, int, str, str]
"""File, row (from 1), column, code."""


@dataclass(frozen=True)
class Asked:
    """Which columns hold what: the options of ``tantam listen run``. ``text`` may be None for plain text alone."""

    text: str | None
    id: str | None = None
    key: str | None = None
    when: str | None = None
    where: str | None = None
    channel: str | None = None

    def columns(self) -> dict[str, str]:
        """Our name → theirs, of what was asked for."""
        named = ("text", "id", "key", "when", "where", "channel")
        return {ours: theirs for ours in named if (theirs := getattr(self, ours)) is not None}


@dataclass
class Given:
    """One stretch of a file: ``rows`` has our names as columns, ``first`` is the number of its first row (from 0)."""

    file: Path
    first: int
    rows: pa.Table
    rejects: list[Reject] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.rows)


def count(files: Sequence[Path]) -> int | None:
    """How many rows there are, where the files say so; None where only reading tells."""
    if not all(is_parquet(f) for f in files):
        return None
    return sum(footer(f).num_rows for f in files)


def check(files: Sequence[Path], asked: Asked) -> None:
    """Look at every file before any is read. Refuses ``missing_column``, ``no_text_column``, ``parquet_broken``, and
    what is no table (a workbook, a zip, a PDF: ``not_a_table``)."""
    for file in files:
        if is_parquet(file):
            _found(file, footer(file).schema.to_arrow_schema().names, asked)
        elif file.suffix.lower() != ".txt":
            with _Scratch(file) as text:
                _found(file, _header(text.path)[1], asked)
        else:
            with _Scratch(file):
                pass


def read(files: Sequence[Path], asked: Asked, scratch: Path) -> Iterator[Given]:
    """The rows of all files in their order, a few megabytes at a time. ``scratch`` is a folder for clean copies of
    files in old encodings."""
    for number, file in enumerate(files):
        if is_parquet(file):
            yield from _from_parquet(file, asked)
            continue
        copy = scratch / f"clean-{number}.txt"
        text = at_sight(file, copy)
        try:
            if file.suffix.lower() == ".txt":
                yield from _from_lines(file, text.path)
            else:
                yield from _from_csv(file, text.path, asked)
        finally:
            copy.unlink(missing_ok=True)


class _Scratch:
    """A look at a text file; its clean copy, where one had to be made, is gone afterwards."""

    def __init__(self, file: Path) -> None:
        import tempfile

        self._folder = tempfile.TemporaryDirectory()
        try:
            self.text = at_sight(file, Path(self._folder.name) / "clean.txt")
        except BaseException:
            self._folder.cleanup()
            raise

    def __enter__(self) -> Any:
        return self.text

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _found(file: Path, names: Sequence[str], asked: Asked) -> dict[str, str]:
    """Our name → the column of this file; refuses what was asked for and is not there."""
    if asked.text is None:
        raise BadInput(
            "no_text_column",
            f"Which column of {file} holds what was said? It has {listed(names)}.",
            "Say it: --text COLUMN.",
        )
    for theirs in asked.columns().values():
        if theirs not in names:
            close = get_close_matches(theirs, names, n=1, cutoff=0.4)
            hint = f"Did you mean {close[0]}?" if close else f"It has {listed(names)}."
            raise BadInput("missing_column", f"{file} has no column {theirs}.", hint)
    return asked.columns()


def _from_parquet(file: Path, asked: Asked) -> Iterator[Given]:
    wanted = _found(file, footer(file).schema.to_arrow_schema().names, asked)
    first = 0
    opened = pq.ParquetFile(file)
    for batch in opened.iter_batches(batch_size=65_536, columns=list(dict.fromkeys(wanted.values()))):
        rows = pa.table({ours: batch.column(theirs) for ours, theirs in wanted.items()})
        yield Given(file, first, rows)
        first += len(rows)


def _header(path: Path) -> tuple[str, list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as opened:
        line = opened.readline(MOST_LINE).rstrip("\r\n")
    splits = {mark: next(csv.reader([line], delimiter=mark), []) for mark in _DELIMITERS}
    delimiter = max(splits, key=lambda mark: len(splits[mark]))
    return delimiter, [name.strip() for name in splits[delimiter]]


def _from_csv(file: Path, path: Path, asked: Asked) -> Iterator[Given]:
    delimiter, names = _header(path)
    wanted = _found(file, names, asked)
    broken: list[Reject] = []

    def skip(row: pa_csv.InvalidRow) -> str:
        broken.append((file.name, row.number - 1 if row.number else 0, "", "line_broken"))
        return "skip"

    places = [f"c{i}" for i in range(len(names))]
    at = {ours: places[names.index(theirs)] for ours, theirs in wanted.items()}
    try:
        reader = pa_csv.open_csv(
            path,
            pa_csv.ReadOptions(block_size=_BLOCK, column_names=places, skip_rows=1, use_threads=False),
            pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(places, pa.string()),
                include_columns=list(dict.fromkeys(at.values())),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
        first = 0
        for batch in reader:
            rows = pa.table({ours: batch.column(place) for ours, place in at.items()})
            yield Given(file, first, rows, broken[:])
            first += len(rows) + len(broken)
            broken.clear()
    except pa.ArrowInvalid as error:
        raise BadInput(
            "csv_broken",
            f"{file} cannot be read as CSV: {str(error).split('.')[0][:120]}.",
            "Look for a quotation mark that is never closed, or export it again.",
        ) from error
    if broken:
        yield Given(file, first, pa.table({ours: pa.array([], pa.string()) for ours in at}), broken)


def _from_lines(file: Path, path: Path) -> Iterator[Given]:
    """Every line that is not blank is one opinion; its row is the number of the line."""
    lines: list[bytes] = []
    first = size = 0
    with path.open("rb") as opened:
        for line in opened:
            lines.append(line.rstrip(b"\r\n").removeprefix(b"\xef\xbb\xbf"))
            size += len(line)
            if size >= _BLOCK or len(lines) >= 65_536:
                yield _lines(file, first, lines)
                first, size, lines = first + len(lines), 0, []
    if lines:
        yield _lines(file, first, lines)


def _lines(file: Path, first: int, lines: list[bytes]) -> Given:
    said = pa.array(lines, pa.large_binary())
    return Given(file, first, pa.table({"text": said}).filter(pc.greater(pc.binary_length(said), 0)))
