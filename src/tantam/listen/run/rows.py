"""Rows as they came → rows as a listener takes them: ids as text, keys and days as numbers, places as provinces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tantam import clock, keys, places
from tantam.errors import BadInput
from tantam.listen.mask import mask
from tantam.listen.reading import CARRIED, READ
from tantam.listen.run.sources import Given, Reject

TAKEN = pa.schema([*(READ.field(name) for name in CARRIED), pa.field("text", pa.large_binary())])
"""What a listener takes."""

_PHONE = r"^(?:\+?84|0)?[35789][0-9]{8}$"
"""A mobile number of Vietnam and nothing else: 0912345678, +84912345678, and 912345678 as a number without its zero."""
_EPOCH_UNITS = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_HANOI = {unit: size // 24 * 7 for unit, size in _EPOCH_UNITS.items()}


@dataclass(frozen=True)
class Taken:
    """A batch of :data:`TAKEN` and what was left out of it, or could not be read in it."""

    rows: pa.RecordBatch
    rejects: list[Reject]


def take(given: Given, first_id: int) -> Taken:
    """The rows of one stretch of a file, all of them; rows without an id are numbered from ``first_id``."""
    rows, rejects = given.rows, list(given.rejects)
    made = {
        "id": _ids(rows, first_id, given, rejects),
        "key": _keys(rows, given, rejects),
        "when": _when(rows, given, rejects),
        "where": _words(rows, "where", _place),
        "channel": _words(rows, "channel", lambda said: mask(said)[:60]),
        "text": _text(rows.column("text").combine_chunks()),
    }
    batch = pa.RecordBatch.from_arrays([made[name] for name in TAKEN.names], schema=TAKEN)
    return Taken(batch, rejects)


def _tell(wrong: pa.Array, column: str, code: str, given: Given, rejects: list[Reject]) -> None:
    """One reject for every row that is wrong."""
    at = np.flatnonzero(pc.fill_null(wrong, False).to_numpy(zero_copy_only=False))
    rejects += [(given.file.name, given.first + i + 1, column, code) for i in at.tolist()]


def _ids(rows: pa.Table, first: int, given: Given, rejects: list[Reject]) -> pa.Array:
    """The sender's ids; a row without one, or with somebody's number for one, gets the number of the row."""
    numbered = pa.array(np.arange(first, first + len(rows)), pa.int64()).cast(pa.string())
    if "id" not in rows.column_names:
        return numbered
    named = rows.column("id").combine_chunks().cast(pa.string())
    phones = pc.match_substring_regex(named, _PHONE)
    _tell(phones, "id", "id_is_a_number", given, rejects)
    return pc.if_else(pc.fill_null(pc.or_(pc.equal(named, ""), phones), True), numbered, named)


def _keys(rows: pa.Table, given: Given, rejects: list[Reject]) -> pa.Array:
    """Keys as int64. Somebody's number is no key, whatever type it came in."""
    read = _told(rows, "key", pa.int64(), _key, "key_unreadable", given, rejects)
    phones = pc.match_substring_regex(read.cast(pa.string()), _PHONE)
    _tell(phones, "key", "key_unreadable", given, rejects)
    return pc.if_else(pc.fill_null(phones, False), pa.scalar(None, pa.int64()), read)


def _text(said: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(said.type):
        said = said.dictionary_decode()
    kind = said.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind)):
        said = said if pa.types.is_large_binary(kind) else said.cast(pa.string())
    return said.cast(pa.large_binary())


def _when(rows: pa.Table, given: Given, rejects: list[Reject]) -> pa.Array:
    """Days since 1970 in Vietnam, of a day, a moment (with a zone, or taken as Vietnam's), or words."""
    if "when" not in rows.column_names:
        return pa.nulls(len(rows), pa.int32())
    said = rows.column("when").combine_chunks()
    kind = said.type
    if pa.types.is_timestamp(kind):
        size, shift = _EPOCH_UNITS[kind.unit], _HANOI[kind.unit] if kind.tz else 0
        ticks = said.cast(pa.int64())
        known = ticks.is_valid().to_numpy(zero_copy_only=False)
        days = (pc.fill_null(ticks, 0).to_numpy() + shift) // size
        return pa.array(days.astype(np.int32), mask=~known)
    if pa.types.is_date(kind):
        return said.cast(pa.date32()).cast(pa.int32())
    if pa.types.is_integer(kind):
        return said.cast(pa.int32(), safe=False)
    return _told(rows, "when", pa.int32(), _day, "when_unreadable", given, rejects)


def _day(said: str) -> int | None:
    """A day at the beginning of what was written: 2026-11-21, 21/11/2026 08:30, 2026-11-21T08:30:00+07:00."""
    words = said.strip().replace("T", " ").split(" ")[0].replace(".", "/")
    try:
        return clock.parse_day(words)
    except BadInput:
        return None


def _key(said: str) -> int | None:
    try:
        return keys.parse(said)
    except BadInput:
        return None


def _place(said: str) -> str | None:
    """The province of today; else the place as it was written, without anybody's numbers."""
    province = places.find(said)
    return places.today(province.code).name if province else mask(said.strip())[:120] or None


def _distinct(rows: pa.Table, name: str) -> pa.DictionaryArray:
    """A column as words, each distinct one once."""
    column = rows.column(name).combine_chunks()
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    return column.cast(pa.string()).dictionary_encode()


def _words(rows: pa.Table, name: str, read: Callable[[str], str | None]) -> pa.Array:
    if name not in rows.column_names:
        return pa.nulls(len(rows), pa.string())
    coded = _distinct(rows, name)
    said = pa.array([read(v) if v.strip() else None for v in coded.dictionary.to_pylist()], pa.string())
    return said.take(coded.indices)


def _told(
    rows: pa.Table,
    name: str,
    kind: pa.DataType,
    read: Callable[[str], Any],
    code: str,
    given: Given,
    rejects: list[Reject],
) -> pa.Array:
    """A column read value by value, each distinct one once; what cannot be read is empty and told."""
    if name not in rows.column_names:
        return pa.nulls(len(rows), kind)
    if rows.column(name).type == kind:
        return rows.column(name).combine_chunks()
    coded = _distinct(rows, name)
    words = coded.dictionary.to_pylist()
    values = pa.array([read(v) for v in words], kind).take(coded.indices)
    blank = pa.array([not v.strip() for v in words], pa.bool_()).take(coded.indices)
    _tell(pc.and_(values.is_null(), pc.invert(pc.fill_null(blank, True))), name, code, given, rejects)
    return values
