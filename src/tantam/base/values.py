"""Rows as they came, to the columns of the base: what every value means, and which rows something is wrong with.

Kernels read the commonest spellings (:mod:`tantam.base.quick`). Any other value, and every word, goes through the SQL
of :mod:`tantam.base.cells`, each different one once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tantam.base import quick, reading
from tantam.base.cells import FIRST_DAY, LAST_DAY
from tantam.base.columns import INPUT, STORED, Column
from tantam.base.rows import LISTED, OPEN, Columns, Ints, null
from tantam.base.sources import Given

_REMEMBERED = 10_000
"""So many different texts of a column are remembered from one stretch to the next."""
_KNOWN: dict[str, dict[str, tuple[Any, ...]]] = {}
"""Column → text → what it means, where columns hold text."""
_PLACES = {name: {word: at for at, word in enumerate(words)} for name, words in LISTED.items()}
_USAGE = [c.name for c in STORED if c.usage and c.name != "spend_6m"]


class Reader:
    """Reads the rows of one source. ``con`` is prepared by :func:`tantam.base.reading.prepare` and has one thread."""

    def __init__(self, con: duckdb.DuckDBPyConnection, given: Mapping[str, Given], today: int) -> None:
        self._con, self._given, self._today = con, given, today

    def read(self, raw: pa.Table) -> tuple[Columns, Ints, NDArray[np.bool_], NDArray[np.bool_]]:
        """The columns of rows as they came (but ``row`` and ``key``), their numbers (int64 [n], 0 for none), which rows
        lack something required, and which have anything wrong with them (bool [n])."""
        words: dict[str, pa.Array] = {}
        out = Columns.empty(raw.num_rows, words)
        number, wrong = np.zeros(raw.num_rows, np.int64), np.zeros(raw.num_rows, bool)
        out["province_old"][:] = null(out.short)
        for column in INPUT:
            to = number if column.kind == "phone" else out[column.name]
            if column.name not in self._given:
                to[:] = null(to)
                words |= {column.name: pa.array([], pa.string())} if column.name in OPEN else {}
                continue
            values = raw[f"r_{column.name}"].combine_chunks()
            if column.kind in ("word", "province"):
                self._words(column, values, out, words, wrong)
            else:
                self._numbers(column, values, to, wrong)
        lacking = (number <= 0) | (out["joined_on"] > self._today)
        for name in ("joined_on", "plan_kind", "province"):
            lacking |= out[name] == null(out[name])
        refuses = np.flatnonzero(out["refuses_profiling"] == 1)
        for name in _USAGE:
            out[name][refuses] = null(out[name])
        return out, np.maximum(number, 0), lacking, wrong | lacking

    def _numbers(self, column: Column, values: pa.Array, to: NDArray[Any], wrong: NDArray[np.bool_]) -> None:
        """Fill ``to`` with a column of days, whole numbers, or yes and no, or with the numbers of phones."""
        left = np.zeros(len(values), bool)
        family = self._given[column.name].family
        if column.kind == "phone" and family == "text":
            count = quick.phones(values, to, left)
        elif column.kind in ("money", "count") and family in ("text", "whole"):
            count = quick.wholes(values, to, left)
        elif column.kind == "day" and (family == "text" or pa.types.is_date32(values.type)):
            count = quick.days(values, FIRST_DAY, LAST_DAY, to, left)
        elif column.kind == "yes" and family == "yes":
            to[:], count = np.asarray(pc.fill_null(values.cast(pa.int8()), null(to))), 0
        else:
            to[:], left = null(to), np.asarray(values.is_valid())
            count = int(left.sum())
        if count:
            here = np.flatnonzero(left)
            each = values.take(pa.array(here)).dictionary_encode()
            meant, unread = self._meanings(column, each.dictionary)
            found = np.array([null(to) if value is None else value for value in meant], to.dtype)
            astray = np.array(unread, bool)
            if column.kind == "yes":
                found = np.where(astray, 1, found)  # a refusal that cannot be read is a refusal
            at = np.asarray(each.indices)
            to[here] = found[at]
            wrong[here] |= astray[at]
        if column.name == "born_on":
            future = to > self._today
            to[future] = null(to)
            wrong |= future

    def _words(
        self,
        column: Column,
        values: pa.Array,
        out: Columns,
        words: dict[str, pa.Array],
        wrong: NDArray[np.bool_],
    ) -> None:
        """Fill the numbers of a column of words; a province has two."""
        coded = values.dictionary_encode()
        at = np.asarray(pc.fill_null(coded.indices, len(coded.dictionary)))
        *meanings, astray = self._meanings(column, coded.dictionary)
        for name, meant in zip((column.name, "province_old"), meanings, strict=False):
            if name in OPEN:
                known = sorted({word for word in meant if word is not None})
                places, words[name] = {word: i for i, word in enumerate(known)}, pa.array(known, pa.string())
            else:
                places = _PLACES[name]
            to = out[name]
            numbers = np.array([*(places.get(word, null(to)) for word in meant), null(to)], to.dtype)
            np.take(numbers, at, out=to)
        if any(astray):
            wrong |= np.append(astray, False)[at]

    def _meanings(self, column: Column, each: pa.Array) -> list[Sequence[Any]]:
        """What each different value means, and last whether it cannot be read; few texts are remembered, no phones."""
        if self._given[column.name].family != "text" or column.kind == "phone" or len(each) > _REMEMBERED:
            return self._asked(column, each)
        before, texts = _KNOWN.get(column.name, {}), each.to_pylist()
        new = [text for text in texts if text not in before]
        if not new:
            return list(zip(*(before[text] for text in texts), strict=True)) or self._asked(column, each)
        known = before | dict(
            zip(new, zip(*self._asked(column, pa.array(new, pa.string())), strict=True), strict=True)
        )
        _KNOWN[column.name] = known if len(known) <= _REMEMBERED else {}
        return list(zip(*(known[text] for text in texts), strict=True))

    def _asked(self, column: Column, each: pa.Array) -> list[Sequence[Any]]:
        self._con.register("each_value", pa.table({f"r_{column.name}": each}))
        query = reading.values_of(column, self._given[column.name], "each_value")
        return [some.to_pylist() for some in self._con.sql(query).to_arrow_table().columns]
