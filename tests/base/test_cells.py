"""Each value is read as a careful person would read it: against plain Python, and against libphonenumber."""

from __future__ import annotations

import datetime as dt

import duckdb
import numpy as np
import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tantam import keys
from tantam.base import cells, reading
from tantam.base.columns import INPUT, Column
from tantam.base.hashing import Hasher
from tantam.clock import to_days

COLUMNS = {column.name: column for column in INPUT}


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    reading.prepare(con, bytes(range(32)))
    return con


def ask(con: duckdb.DuckDBPyConnection, sql: str, *values: object, kind: str = "VARCHAR") -> list[object]:
    """The SQL's value for each x."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE xs (i INTEGER, x {kind})")
    con.executemany("INSERT INTO xs VALUES (?, ?)", [(i, value) for i, value in enumerate(values)])
    return [row[0] for row in con.execute(f"SELECT {sql} FROM xs ORDER BY i").fetchall()]


def read(con: duckdb.DuckDBPyConnection, column: Column, *values: object) -> list[object]:
    return ask(con, cells.read(column, "x", "text"), *values)


@given(st.binary(max_size=64), st.lists(st.integers(300_000_000, 999_999_999), max_size=70))
def test_the_kernel_makes_the_keys_of_keys(secret: bytes, numbers: list[int]) -> None:
    wanted = [keys.of_phone(secret, f"+84{number}") for number in numbers]
    assert Hasher(secret).keys(np.array(numbers, np.int64)).tolist() == wanted


@pytest.mark.parametrize(
    "text",
    [
        "0912345678",
        "912345678",
        "84912345678",
        "+84912345678",
        "0084912345678",
        "+84 912 345 678",
        "0912.345.678",
        "0912-345-678",
        " (091) 234 5678 ",
        "+84 (0)912345678",
        "'0912345678",
        "0912\u00a0345\u00a0678",
        "+840912345678",
    ],
)
def test_ways_to_write_one_number(con: duckdb.DuckDBPyConnection, text: str) -> None:
    assert ask(con, cells.phone("x", "text"), text) == ["+84912345678"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "phone_missing"),
        ("   ", "phone_missing"),
        ("01234567890", "phone_old_11_digits"),
        ("+84 168 234 5678", "phone_old_11_digits"),
        ("02438255555", "phone_landline"),
        ("+84 28 3829 5555", "phone_landline"),
        ("0212345678", "phone_landline"),
        ("0412345678", "phone_invalid"),
        ("+1 912 345 6789", "phone_invalid"),
        ("09123456789", "phone_invalid"),
        ("091234567", "phone_invalid"),
        ("1900 1234", "phone_invalid"),
        ("không có", "phone_invalid"),
        ("٠٩١٢٣٤٥٦٧٨", "phone_invalid"),
    ],
)
def test_what_is_no_number_has_a_code(con: duckdb.DuckDBPyConnection, text: str, code: str) -> None:
    assert ask(con, cells.phone("x", "text"), text) == [None]
    assert ask(con, cells.phone_code("x", "text"), text) == [code]


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.from_regex(r"(\+84|84|0084|0|)[ .-]?[1-9][0-9 .-]{7,10}", fullmatch=True), min_size=20, max_size=60
    )
)
def test_numbers_agree_with_libphonenumber(texts: list[str]) -> None:
    con = duckdb.connect()
    for text, ours in zip(texts, ask(con, cells.phone("x", "text"), *texts), strict=True):
        try:
            parsed = phonenumbers.parse("+" + text[2:] if text.startswith("00") else text, "VN")
        except phonenumbers.NumberParseException:
            assert ours is None, text
            continue
        national = str(parsed.national_number)
        kind = phonenumbers.number_type(parsed)
        if (
            kind == phonenumbers.PhoneNumberType.MOBILE
            and parsed.country_code == 84
            and len(national) == 9
            and national[0] in "35789"
        ):
            assert ours == f"+84{national}", text
        if ours is not None:
            assert phonenumbers.is_possible_number(parsed) and ours == f"+84{national}", text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2020-01-31", dt.date(2020, 1, 31)),
        ("31/01/2020", dt.date(2020, 1, 31)),
        ("1/2/2020", dt.date(2020, 2, 1)),
        ("31-01-2020", dt.date(2020, 1, 31)),
        ("31.01.2020", dt.date(2020, 1, 31)),
        ("2020/01/31", dt.date(2020, 1, 31)),
        (" 2020-01-31 ", dt.date(2020, 1, 31)),
        ("2020-01-31 08:00:00", dt.date(2020, 1, 31)),
        ("2020-01-31T08:00:00.000+07:00", dt.date(2020, 1, 31)),
        ("31/01/2020 08:00", dt.date(2020, 1, 31)),
        ("2020-02-29", dt.date(2020, 2, 29)),
        ("1900-01-01", dt.date(1900, 1, 1)),
        ("2099-12-31", dt.date(2099, 12, 31)),
        ("2019-02-29", None),
        ("31/02/2020", None),
        ("01/31/2020", None),
        ("1899-12-31", None),
        ("2100-01-01", None),
        ("01/01/0001", None),
        ("2020-13-01", None),
        ("20200131", None),
        ("infinity", None),
        ("epoch", None),
        ("31/01/20", None),
        ("hôm qua", None),
        ("", None),
    ],
)
def test_days(con: duckdb.DuckDBPyConnection, text: str, wanted: dt.date | None) -> None:
    assert read(con, COLUMNS["joined_on"], text) == [None if wanted is None else to_days(wanted)]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), min_size=1, max_size=50))
def test_every_day_both_ways(days: list[dt.date]) -> None:
    con = duckdb.connect()
    wanted = [to_days(day) for day in days]
    assert read(con, COLUMNS["born_on"], *(day.isoformat() for day in days)) == wanted
    assert read(con, COLUMNS["born_on"], *(f"{day:%d/%m/%Y}" for day in days)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1200000", 1_200_000),
        ("1.200.000", 1_200_000),
        ("1,200,000", 1_200_000),
        ("1 200 000", 1_200_000),
        ("1200000.0", 1_200_000),
        ("1200000,00", 1_200_000),
        ("1.200.000,00", 1_200_000),
        ("1,200,000.0", 1_200_000),
        ("1.200", 1200),
        (" 5000 ", 5000),
        ("5.000đ", 5000),
        ("5.000 đồng", 5000),
        ("5000 VND", 5000),
        ("0", 0),
        ("007", 7),
        ("12,5", None),
        ("12.5", None),
        ("-5000", None),
        ("1e6", None),
        ("1.20.000", None),
        ("1.200,000", None),
        ("1_000", None),
        ("0x10", None),
        ("999999999999999", 999_999_999_999_999),
        ("1000000000000000", None),
        ("99999999999999999999", None),
        ("NaN", None),
        ("nhiều", None),
        ("", None),
    ],
)
def test_money(con: duckdb.DuckDBPyConnection, text: str, wanted: int | None) -> None:
    assert read(con, COLUMNS["spend_1"], text) == [wanted]
    assert read(con, COLUMNS["data_mb_30d"], text) == [wanted]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 10**15 - 1), min_size=1, max_size=50))
def test_every_amount_every_way(amounts: list[int]) -> None:
    con = duckdb.connect()
    for form in ("{}", "{:,}", "{}.0", "{:,}.00"):
        assert read(con, COLUMNS["spend_1"], *(form.format(n) for n in amounts)) == amounts
    assert read(con, COLUMNS["spend_1"], *(f"{n:,}".replace(",", ".") for n in amounts)) == amounts


def test_yes_and_no(con: duckdb.DuckDBPyConnection) -> None:
    yes, no = (
        ("true", "True", "1", "x", "Có", "CO", "đúng", "Yes"),
        ("false", "0", "không", "Khong", "N", "Chưa"),
    )
    assert read(con, COLUMNS["refuses_ads"], *yes) == [True] * len(yes)
    assert read(con, COLUMNS["refuses_ads"], *no) == [False] * len(no)
    assert read(con, COLUMNS["refuses_ads"], "", "2", "hình như") == [None] * 3


def test_words_with_values(con: duckdb.DuckDBPyConnection) -> None:
    assert read(
        con, COLUMNS["plan_kind"], "prepaid", "PREPAID", "Trả trước", "pre-paid", "tra_sau", "?", ""
    ) == [
        *["prepaid"] * 4,
        "postpaid",
        None,
        None,
    ]
    assert read(con, COLUMNS["hardship"], "Hộ nghèo", "Cận nghèo", "near_poor", "Near poor", "Có công") == [
        "poor",
        "near_poor",
        "near_poor",
        "near_poor",
        "merit",
    ]
    for column in (each for each in INPUT if each.values):
        assert read(con, column, *column.values) == list(column.values)
        written = [("?", None), *column.spellings]
        assert read(con, column, *(spelling for spelling, _ in written)) == [value for _, value in written]


def test_free_words_are_trimmed_and_composed(con: duckdb.DuckDBPyConnection) -> None:
    decomposed = "Co\u0302ng nha\u0302n"
    assert read(con, COLUMNS["plan"], f"  {decomposed} ", "", "  ", "V120") == [
        "Công nhân",
        None,
        None,
        "V120",
    ]


def test_a_province_is_found_as_places_finds_it(con: duckdb.DuckDBPyConnection) -> None:
    from tantam.places import spellings

    every = spellings()
    texts = [spelling for spelling, _, _ in every]
    at = cells.place("x", "text")
    found = ask(
        con, f"getvariable('place_code')[{at}]", *texts, "TP Đà Nẵng", "THỪA THIÊN - HUẾ", "Atlantis", ""
    )
    assert found == [*(code for _, code, _ in every), "48", "46", None, None]
    old = ask(con, f"getvariable('place_old')[{at}]", *texts)
    assert old == [old for _, _, old in every]
