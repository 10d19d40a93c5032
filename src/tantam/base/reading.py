"""From a source to normalised rows, each with the reason why it cannot be kept, if there is one.

All of it is one SQL statement per source, so that DuckDB reads and normalises in one stream.
"""

# ruff: noqa: S608 (the SQL is made of our own column names, numbers, and quoted paths)

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType
from duckdb.sqltypes import INTEGER, VARCHAR

from tantam.base import cells
from tantam.base.columns import INPUT, LOW_INCOME, SPEND, STORED, Column
from tantam.base.sources import Given, Source, quoted
from tantam.letters import fold
from tantam.places import spellings

OPTIONAL = tuple(c for c in INPUT if not c.required and (c.kind != "word" or c.values))
"""Columns whose value may be unreadable without costing the row, in the order of their bits."""

_BLOCK = 64
_SQL_TYPES = {"day": "INTEGER", "word": "VARCHAR", "money": "BIGINT", "count": "BIGINT", "yes": "BOOLEAN"}

ENUMS = {c.name: c.name for c in INPUT if c.values} | {
    "province": "province_code",
    "province_old": "province_old",
}
"""Stored column → the ENUM that holds it on its way: a byte a row instead of a string."""

PROVINCES = tuple(sorted({code for _, code, _ in spellings()}))
"""The codes of the provinces in the order of the base."""

DIGEST = "substr(sha256(getvariable('inner_pad') || encode({text})), 1, 16)"
"""What stands for a row outside ``secret``: keyed, so that nobody can guess a number and compare."""


def prepare(con: duckdb.DuckDBPyConnection, secret: bytes) -> None:
    """Give the connection the pad of a secret of at most 64 bytes, and the spellings of provinces."""
    block = secret.ljust(_BLOCK, b"\0")
    con.execute("SET VARIABLE inner_pad = ?", [bytes(b ^ 0x36 for b in block)])
    for statement, values in _types():
        con.execute(statement, values)
    con.create_function(
        "place_of", _place_of, [VARCHAR], INTEGER, type=PythonUDFType.ARROW, null_handling="special"
    )


def _place_of(written: pa.Array) -> pa.Array:
    """Which of the known spellings each text is, counted from 1, or null: each different text is folded once."""
    array = written.combine_chunks() if isinstance(written, pa.ChunkedArray) else written
    coded = array.dictionary_encode()
    return pa.array([_place(text) for text in coded.dictionary.to_pylist()], pa.int32()).take(coded.indices)


@lru_cache(100_000)
def _place(text: str) -> int | None:
    bare = fold(text)
    return _places().get(f"0{bare}" if len(bare) == 1 else bare)


@cache
def _places() -> dict[str, int]:
    """Folded spelling → its number, from 1."""
    return {spelling: at for at, spelling in enumerate(dict.fromkeys(s for s, _, _ in spellings()), 1)}


@cache
def _types() -> tuple[tuple[str, list[list[str | None]]], ...]:
    """The statements that make the ENUMs, and the two lists that a place's number leads into."""
    places = {spelling: (code, old) for spelling, code, old in spellings()}
    codes, olds = (list(values) for values in zip(*(places[name] for name in _places()), strict=True))
    enums: dict[str, Iterable[str]] = {"province_code": PROVINCES}
    enums |= {"province_old": sorted({old for old in olds if old})}
    enums |= {column.name: column.values for column in INPUT if column.values}
    return (
        *(
            (f"CREATE TYPE {name} AS ENUM ({', '.join(map(quoted, words))})", [])
            for name, words in enums.items()
        ),
        ("SET VARIABLE place_code = ?::province_code[]", [codes]),
        ("SET VARIABLE place_old = ?::province_old[]", [olds]),
    )


def rows_of(source: Source, today: int) -> str:
    """SELECT of a source's rows in their order.

    ``number`` (nine digits as int64), the stored columns but ``key``, ``code`` (why the row is rejected, or NULL),
    ``written`` (the value that is wrong), ``unreadable`` (a bit for each of :data:`OPTIONAL`), ``raw``
    (the row as it came, where something is wrong with it).
    """
    given = source.given
    raws = ", ".join(f"{held.sql} AS r_{name}" for name, held in given.items())
    read = ", ".join(_value(c, given) for c in INPUT if c.kind not in ("phone", "province"))
    stored = ", ".join(f"{_stored(c.name, c.usage)} AS {c.name}" for c in STORED if c.name != "key")
    refuses = ", ".join(f"{_refusal(c, given)} AS s_{c.name}" for c in INPUT if c.kind == "yes")
    return f"""
        WITH given AS (SELECT {raws} FROM {source.scan}),
        worded AS (
            SELECT *, {cells.phone("r_phone", given["phone"].family)} AS phone, {read},
                {cells.place("r_province", given["province"].family)} AS place
            FROM given
        ),
        placed AS (
            SELECT worded.* REPLACE (CASE WHEN v_born_on <= {today} THEN v_born_on END AS v_born_on), {refuses},
                getvariable('place_code')[place] AS v_province, getvariable('place_old')[place] AS v_province_old
            FROM worded
        ),
        judged AS (SELECT *, {_code(given, today)} AS code, {_unreadable(given)} AS unreadable FROM placed)
        SELECT CAST(substr(phone, 4) AS BIGINT) AS number, {stored}, code,
            {_written(given)} AS written, unreadable,
            CASE WHEN code IS NOT NULL OR unreadable > 0 THEN {_raw(given)} END AS raw
        FROM judged"""


def _value(column: Column, given: Mapping[str, Given]) -> str:
    held = given.get(column.name)
    if held is None:
        return f"CAST(NULL AS {column.name if column.values else _SQL_TYPES[column.kind]}) AS v_{column.name}"
    return f"{cells.read(column, f'r_{column.name}', held.family)} AS v_{column.name}"


def _refusal(column: Column, given: Mapping[str, Given]) -> str:
    """A refusal that cannot be read is a refusal."""
    return f"CASE WHEN {_astray(column, given)} THEN true ELSE v_{column.name} END"


def _astray(column: Column, given: Mapping[str, Given]) -> str:
    """Does an optional column hold something that we cannot read."""
    held = given.get(column.name)
    if held is None:
        return "false"
    words = cells.text(f"r_{column.name}", held.family)
    blank = f"v_{column.name} IS NOT NULL OR r_{column.name} IS NULL"
    return f"CASE WHEN {blank} THEN false ELSE {words} IS NOT NULL END"


def _stored(name: str, usage: bool) -> str:
    """One stored column; whoever refuses profiling has none that tells how a service is used."""
    if name == "low_income":
        return f"coalesce(v_hardship IN ({', '.join(map(quoted, LOW_INCOME))}), false)"
    if name == "birth_mmdd":
        born = "(DATE '1970-01-01' + v_born_on)"
        return f"CAST(month({born}) * 100 + day({born}) AS SMALLINT)"
    value = f"s_{name}" if name.startswith("refuses") else f"v_{name}"
    if name == "spend_6m":
        months = [f"v_{month}" for month in SPEND]
        total = " + ".join(f"coalesce({month}, 0)" for month in months)
        value = f"CASE WHEN coalesce({', '.join(months)}) IS NOT NULL THEN {total} END"
    return f"CASE WHEN s_refuses_profiling THEN NULL ELSE {value} END" if usage else value


def _code(given: Mapping[str, Given], today: int) -> str:
    """The first thing wrong with a required column, or NULL."""

    def lacking(name: str, otherwise: str) -> str:
        blank = f"{cells.text(f'r_{name}', given[name].family)} IS NULL"
        return f"WHEN v_{name} IS NULL THEN CASE WHEN {blank} THEN '{name}_missing' ELSE '{otherwise}' END"

    return (
        f"CASE WHEN phone IS NULL THEN {cells.phone_code('r_phone', given['phone'].family)} "
        f"{lacking('joined_on', 'joined_on_invalid')} WHEN v_joined_on > {today} THEN 'joined_on_future' "
        f"{lacking('plan_kind', 'plan_kind_unknown')} {lacking('province', 'province_unknown')} END"
    )


def _written(given: Mapping[str, Given]) -> str:
    """The value that costs a row its place; only rejected rows have one."""
    whens = " ".join(
        f"WHEN starts_with(code, '{name}') THEN {cells.text(f'r_{name}', given[name].family)}"
        for name in ("phone", "joined_on", "plan_kind", "province")
    )
    return f"CASE WHEN code IS NULL THEN NULL {whens} END"


def _unreadable(given: Mapping[str, Given]) -> str:
    """A bit for each optional column that holds something we cannot read."""
    columns = [(bit, column) for bit, column in enumerate(OPTIONAL) if column.name in given]
    strange = " OR ".join(f"(v_{c.name} IS NULL AND r_{c.name} IS NOT NULL)" for _, c in columns)
    bits = " + ".join(f"CASE WHEN {_astray(c, given)} THEN {1 << bit} ELSE 0 END" for bit, c in columns)
    return f"CAST(CASE WHEN {strange or 'false'} THEN {bits or 0} ELSE 0 END AS BIGINT)"


def _raw(given: Mapping[str, Given]) -> str:
    values = ", ".join(f"{name} := CAST(r_{name} AS VARCHAR)" for name in given)
    return f"CAST(to_json(struct_pack({values})) AS VARCHAR)"
