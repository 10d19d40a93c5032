"""The files somebody wants to load: what they are, which of their columns are ours, and how DuckDB reads them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from glob import glob
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from tantam.base.cells import Family
from tantam.base.encodings import MOST_LINE, Text, at_sight, cleaned, enormous
from tantam.base.headings import is_known, listed, matched
from tantam.base.stage import Stage
from tantam.clock import parse_day
from tantam.errors import BadInput

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_DELIMITERS = ",;\t|"
_PARQUET_MAGIC = b"PAR1"


@dataclass(frozen=True)
class Given:
    """One of our columns as a file holds it: its name in SQL and what kind of values it has."""

    sql: str
    family: Family


@dataclass(frozen=True)
class Source:
    """One CSV file, or Parquet files of one shape, ready to be read."""

    files: tuple[Path, ...]
    scan: str
    given: Mapping[str, Given]
    headings: tuple[str, ...]
    unused: tuple[str, ...]
    rows: tuple[int, ...] = ()
    text: Text | None = None
    delimiter: str = ","
    broken: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)


def resolve(paths: Sequence[Path]) -> list[Path]:
    """The files that arguments mean: files, folders of Parquet part files, patterns with ``*``.

    Refuses ``no_file`` and ``no_parquet`` (a folder without any), saying what is there.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            parts = sorted(p for p in path.glob("*.parquet") if p.is_file())
            if not parts:
                raise BadInput(
                    "no_parquet",
                    f"The folder {path} holds no Parquet file ({listed(p.name for p in sorted(path.iterdir()))}).",
                    "Name the CSV files themselves, or a folder of *.parquet.",
                )
            found += parts
        elif path.exists():
            found.append(path)
        else:
            matches = sorted(Path(p) for p in glob(str(path)))  # noqa: PTH207 (the pattern may be absolute)
            if not matches:
                raise _missing_file(path)
            found += matches
    return list(dict.fromkeys(found))


def _missing_file(path: Path) -> BadInput:
    near = path.parent.iterdir() if path.parent.is_dir() else iter(())
    names = [p.name for p in near if p.suffix.lower() in (".csv", ".parquet", ".txt", ".tsv") or p.is_dir()]
    close = get_close_matches(path.name, names, n=1, cutoff=0.5)
    hint = (
        f"Did you mean {path.parent / close[0]}?"
        if close
        else f"{path.parent} holds {listed(sorted(names))}."
    )
    return BadInput("no_file", f"There is no file {path}.", hint)


def open_all(files: Sequence[Path], renames: Mapping[str, str], stage: Stage) -> list[Source]:
    """Every file looked at before any is loaded; refuses whatever cannot be a table of subscribers.

    Codes: those of :func:`tantam.base.encodings.as_utf8`, ``parquet_broken``, ``missing_column``,
    ``column_twice``, ``map_unknown``, ``unreadable_file``.
    """
    try:
        kinds = [(is_parquet(file), file) for file in files]
        sources = [
            csv_source(file, renames, stage.scratch(f"text-{i}.csv"), careful=False)
            for i, (parquet, file) in enumerate(kinds)
            if not parquet
        ]
        shaped = [(footer(file), file) for parquet, file in kinds if parquet]
    except OSError as error:
        raise BadInput(
            "unreadable_file",
            f"{error.filename or ', '.join(map(str, files))} cannot be read: {error.strerror}.",
            "Check the disk and who may read it.",
        ) from error
    for _, group in groupby(shaped, key=lambda pair: pair[0].schema.to_arrow_schema().remove_metadata()):
        sources.append(_parquet([(meta, file) for meta, file in group], renames))
    order = {file: i for i, file in enumerate(files)}
    sources.sort(key=lambda source: order[source.files[0]])
    return sources


def is_parquet(file: Path) -> bool:
    """Whether a file is Parquet, by its first bytes or else by its name."""
    with file.open("rb") as opened:
        return opened.read(4) == _PARQUET_MAGIC or file.suffix.lower() == ".parquet"


def footer(file: Path) -> pq.FileMetaData:
    """A Parquet file's footer; refuses (``parquet_broken``) a file that was cut off or is something else."""
    import pyarrow.parquet as pq

    try:
        return pq.read_metadata(file)
    except (pa.ArrowException, OSError) as error:
        raise BadInput(
            "parquet_broken",
            f"{file} is not a whole Parquet file: {file.stat().st_size:,} bytes, and no footer that can be read.",
            "It was probably cut off on the way: copy or export it again.",
        ) from error


def csv_source(file: Path, renames: Mapping[str, str], copy: Path, *, careful: bool) -> Source:
    """A CSV file as it stands, or (``careful``) a clean ``copy`` of it where reading it as it stands stumbled."""
    text = (cleaned if careful else at_sight)(file, copy)
    with text.path.open(encoding="utf-8-sig", newline="") as opened:
        line = opened.readline(MOST_LINE + 1)
    if len(line) > MOST_LINE:
        raise enormous(file, 1)
    splits = {mark: _split(line, mark) for mark in _DELIMITERS}
    delimiter = max(splits, key=lambda mark: (sum(is_known(h) for h in splits[mark]), len(splits[mark])))
    names = splits[delimiter]
    ours, unused = matched(file, names, renames)
    broken = "broken_careful" if careful else "broken"
    types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(names)))
    scan = (
        f"read_csv({quoted(text.path)}, auto_detect = false, all_varchar = true, header = true, "
        f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', columns = {{{types}}}, "
        f"max_line_size = {MOST_LINE}, store_rejects = true, rejects_limit = 0, "
        f"rejects_table = '{broken}', rejects_scan = '{broken}_scan')"
    )
    given = {our: Given(f"c{at}", "text") for our, at in ours.items()}
    return Source((file,), scan, given, tuple(names), unused, text=text, delimiter=delimiter, broken=broken)


def _split(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=mark), [])
    except csv.Error:
        return []


def _parquet(parts: Sequence[tuple[pq.FileMetaData, Path]], renames: Mapping[str, str]) -> Source:
    schema = parts[0][0].schema.to_arrow_schema()
    files = tuple(file for _, file in parts)
    ours, unused = matched(files[0], schema.names, renames)
    given = {}
    for our, at in ours.items():
        sql, family = _typed(schema.field(at), files[0])
        given[our] = Given(sql, family)
    listed = ", ".join(quoted(str(file)) for file in files)
    rows = tuple(meta.num_rows for meta, _ in parts)
    return Source(
        files, f"read_parquet([{listed}])", given, tuple(schema.names), unused, rows, notes=_notes(parts)
    )


def _notes(parts: Sequence[tuple[pq.FileMetaData, Path]]) -> dict[str, str]:
    """``tantam.on``, ``tantam.operator`` and ``tantam.made_up`` of the files' own metadata; the latest day counts."""
    notes: dict[str, str] = {}
    for meta, _ in parts:
        for key, value in (meta.metadata or {}).items():
            name = key.decode("utf-8", "replace")
            if name == "tantam.on":
                parse_day(value.decode("utf-8", "replace"))
                notes["on"] = max(notes.get("on", ""), value.decode())
            elif name in ("tantam.operator", "tantam.made_up"):
                notes[name.removeprefix("tantam.")] = value.decode("utf-8", "replace")
    return notes


def _typed(column: pa.Field, file: Path) -> tuple[str, Family]:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    name = '"' + column.name.replace('"', '""') + '"'
    families: tuple[tuple[bool, Family], ...] = (
        (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind), "text"),
        (pa.types.is_boolean(kind), "yes"),
        (pa.types.is_integer(kind), "whole"),
        (pa.types.is_floating(kind) or pa.types.is_decimal(kind), "real"),
        (pa.types.is_date(kind), "date"),
        (pa.types.is_timestamp(kind), "zoned" if getattr(kind, "tz", None) else "moment"),
    )
    for fits, family in families:
        if fits:
            return (f"CAST({name} AS VARCHAR)" if family == "text" else name), family
    raise BadInput(
        "column_type",
        f"The column {column.name} of {file} holds {kind}, which is neither text, a number, a day nor yes and no.",
        "Export it as text or as a number.",
    )


def quoted(text: str | Path) -> str:
    """A literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"
