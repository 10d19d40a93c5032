"""From a source to rows as they came, what their values mean, and why a row cannot be kept: the SQL of a load."""

# ruff: noqa: S608 (the SQL is made of our own column names, numbers, and quoted paths)

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType
from duckdb.sqltypes import INTEGER, VARCHAR

from tantam.base import cells
from tantam.base.columns import INPUT, Column
from tantam.base.sources import Given, Source, quoted
from tantam.letters import fold
from tantam.places import spellings

OPTIONAL = tuple(c for c in INPUT if not c.required and (c.kind != "word" or c.values))
"""Columns whose value may be unreadable without costing the row, in the order of their bits."""

_BLOCK = 64
_SQL_TYPES = {"day": "INTEGER", "word": "VARCHAR", "money": "BIGINT", "count": "BIGINT", "yes": "BOOLEAN"}

PROVINCES = tuple(sorted({code for _, code, _ in spellings()}))
"""The codes of the provinces in the order of the base."""
OLD_PROVINCES = tuple(sorted({old for _, _, old in spellings() if old}))

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
    return (
        *(
            (f"CREATE TYPE {column.name} AS ENUM ({', '.join(map(quoted, column.values))})", [])
            for column in INPUT
            if column.values
        ),
        ("SET VARIABLE place_code = ?", [codes]),
        ("SET VARIABLE place_old = ?", [olds]),
    )


def raw_of(source: Source, some: str = "") -> str:
    """SELECT of a source's rows as they came, in their order: ``r_NAME`` for each column given."""
    given = ", ".join(f"{held.sql} AS r_{name}" for name, held in source.given.items())
    return f"SELECT {given} FROM {source.scan} {some}"


def faults_of(given: Mapping[str, Given], rows: str, today: int) -> str:
    """SELECT of what is wrong with rows as they came (:func:`raw_of`, ``row``, and ``gone``: of somebody forgotten).

    ``row``, ``code`` (why it is rejected, or NULL), ``written`` (the value that is wrong), ``unreadable`` (a bit for
    each of :data:`OPTIONAL`), ``raw`` (the row as it came).
    """
    read = ", ".join(_value(c, given) for c in INPUT if c.kind not in ("phone", "province"))
    return f"""
        WITH worded AS (
            SELECT *, {cells.phone("r_phone", given["phone"].family)} AS phone, {read},
                {cells.place("r_province", given["province"].family)} AS v_province
            FROM {rows}
        ),
        known AS (SELECT * REPLACE (CASE WHEN v_born_on <= {today} THEN v_born_on END AS v_born_on) FROM worded),
        judged AS (SELECT *, {_code(given, today)} AS code, {_unreadable(given)} AS unreadable FROM known)
        SELECT row, CASE WHEN gone THEN 'forgotten' ELSE code END AS code, {_written(given)} AS written,
            unreadable, {_raw(given)} AS raw
        FROM judged"""


def values_of(column: Column, held: Given, values: str) -> str:
    """SELECT of what each of some values of a column (``r_NAME``) means, in their order: one column, or of a province
    two, and last whether it is something that we cannot read."""
    given = {column.name: held}
    if column.kind == "phone":
        return f"SELECT CAST(substr({cells.phone('r_phone', held.family)}, 4) AS BIGINT), false FROM {values}"
    if column.kind == "province":
        place = f"(SELECT {cells.place('r_province', held.family)} AS place FROM {values})"
        return f"SELECT getvariable('place_code')[place], getvariable('place_old')[place], false FROM {place}"
    read = f"(SELECT *, {_value(column, given)} FROM {values})"
    return f"SELECT v_{column.name}, {_astray(column, given)} FROM {read}"


def _value(column: Column, given: Mapping[str, Given]) -> str:
    held = given.get(column.name)
    if held is None:
        return f"CAST(NULL AS {column.name if column.values else _SQL_TYPES[column.kind]}) AS v_{column.name}"
    return f"{cells.read(column, f'r_{column.name}', held.family)} AS v_{column.name}"


def _astray(column: Column, given: Mapping[str, Given]) -> str:
    """Does an optional column hold something that we cannot read."""
    held = given.get(column.name)
    if held is None:
        return "false"
    words = cells.text(f"r_{column.name}", held.family)
    blank = f"v_{column.name} IS NOT NULL OR r_{column.name} IS NULL"
    return f"CASE WHEN {blank} THEN false ELSE {words} IS NOT NULL END"


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
