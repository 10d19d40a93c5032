"""What kernels read at once is what the SQL of cells reads, in every family and spelling; the rest they leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tantam.base import quick, reading
from tantam.base.cells import FIRST_DAY, LAST_DAY
from tantam.base.columns import INPUT
from tantam.base.sources import Given

COLUMNS = {column.name: column for column in INPUT}
Kernel = Callable[[pa.Array, NDArray[Any], NDArray[np.bool_]], int]


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    reading.prepare(con, bytes(range(32)))
    return con


def days(array: pa.Array, out: NDArray[np.int32], left: NDArray[np.bool_]) -> int:
    return quick.days(array, FIRST_DAY, LAST_DAY, out, left)


def agree(con: duckdb.DuckDBPyConnection, name: str, family: Any, array: pa.Array, kernel: Kernel) -> int:
    """Compare a kernel with the SQL, also in the middle of an array; how many values it read."""
    padded = pa.concat_arrays([array, array])
    out = np.empty(len(array), np.int32 if COLUMNS[name].kind == "day" else np.int64)
    left = np.zeros(len(array), bool)
    count = kernel(padded.slice(len(array)), out, left)
    con.register("each_value", pa.table({f"r_{name}": array}))
    meant = (
        con.sql(reading.values_of(COLUMNS[name], Given("", family), "each_value")).to_arrow_table().column(0)
    )
    null = 0 if name == "phone" else np.iinfo(out.dtype).min
    wanted = [null if value is None else value for value in meant.to_pylist()]
    there = np.asarray(array.is_valid())
    assert count == left.sum() and not left[~there].any()
    assert out[~left].tolist() == [value for value, no in zip(wanted, left, strict=True) if not no]
    return int((there & ~left).sum())


DIGITS = st.text("0123456789", max_size=17)
TEXTS = {
    "phone": st.one_of(
        st.from_regex(r"(0|84|\+84|\+|)[0-9]{8,10}", fullmatch=True), st.text("+084 .3579", max_size=14)
    ),
    "spend_1": st.one_of(DIGITS, st.text("0123456789., -+e_đ", max_size=18)),
    "joined_on": st.one_of(
        st.from_regex(r"(18|19|20|21)[0-9]{2}-[01][0-9]-[0-3][0-9]", fullmatch=True),
        st.from_regex(r"(19|20)[0-9]{2}[-/][0-9]{1,2}[-/ ][0-9]{1,3}", fullmatch=True),
        st.dates().map(str),
    ),
}
KERNELS: dict[str, Kernel] = {"phone": quick.phones, "spend_1": quick.wholes, "joined_on": days}


@pytest.mark.parametrize("name", TEXTS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_text(con: duckdb.DuckDBPyConnection, name: str, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.none() | TEXTS[name], max_size=40))
    agree(con, name, "text", pa.array(values, pa.string()), KERNELS[name])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("phone", "0912345678"),
        ("phone", "84912345678"),
        ("phone", "+84912345678"),
        ("spend_1", "0"),
        ("spend_1", "999999999999999"),
        ("joined_on", "2000-02-29"),
        ("joined_on", "1900-01-01"),
    ],
)
def test_the_commonest_spellings_are_read(con: duckdb.DuckDBPyConnection, name: str, text: str) -> None:
    assert agree(con, name, "text", pa.array([text, None]), KERNELS[name]) == 1


def test_every_day(con: duckdb.DuckDBPyConnection) -> None:
    every = pa.array(np.arange(FIRST_DAY - 500, LAST_DAY + 500, dtype=np.int32)).cast(pa.date32())
    read = agree(con, "joined_on", "date", every, days)
    assert read == LAST_DAY - FIRST_DAY + 1 == agree(con, "joined_on", "text", every.cast(pa.string()), days)


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint16(), pa.int32(), pa.int64(), pa.uint64()])
def test_whole_numbers_of_every_width(con: duckdb.DuckDBPyConnection, kind: pa.DataType) -> None:
    ends = np.iinfo(kind.to_pandas_dtype())
    values = {
        int(ends.min),
        int(ends.max),
        0,
        1,
        100,
        min(10**15, int(ends.max)),
        min(10**15 - 1, int(ends.max)),
    }
    array = pa.array([*sorted(values), None], kind)
    assert agree(con, "spend_1", "whole", array, quick.wholes) == sum(0 <= v < 10**15 for v in values)
