"""Outcome files: read at a horizon, in any order, twice, with gaps; and refused in one plain sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tantam import keys
from tantam.clock import to_date
from tantam.errors import BadInput, TantamError
from tantam.proof import files, outcomes
from tests.a_base import ON

HEAD = "key,on,active,spend_dong,plan_kind\n"
PEOPLE = np.array([5, 7, 9, 11])
PREPAID = np.zeros(4, np.int8)
GOOD = f"""{HEAD}5,{ON + 30},true,100,prepaid
5,{ON + 60},true,50,postpaid
7,{ON + 12},false,30,prepaid
7,{ON + 30},false,0,prepaid
9,{ON + 30},1,7,prepaid
9,{ON + 60},0,,
8,{ON + 60},yes,1,prepaid
"""


def read(tmp_path: Path, text: str | bytes, name: str = "o.csv") -> outcomes.Outcomes:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return outcomes.read(file, PEOPLE, ON)


def code_of(tmp_path: Path, text: str | bytes, name: str = "o.csv") -> str:
    with pytest.raises(BadInput) as caught:
        read(tmp_path, text, name)
    assert caught.value.what and caught.value.do and "\n" not in str(caught.value)
    return caught.value.code


def test_each_horizon_reads_the_last_row_up_to_it(tmp_path: Path) -> None:
    seen = read(tmp_path, GOOD)
    nan = np.nan
    day30, day60 = seen.at(30, PREPAID), seen.at(60, PREPAID)
    np.testing.assert_array_equal(day30["active"], [1, 0, 1, nan])
    np.testing.assert_array_equal(day30["spend"], [100, 30, 7, nan])
    np.testing.assert_array_equal(day30["became_postpaid"], [0, 0, 0, nan])
    np.testing.assert_array_equal(day60["active"], [1, 0, 0, nan])
    np.testing.assert_array_equal(day60["spend"], [150, 30, 7, nan])
    np.testing.assert_array_equal(day60["became_postpaid"], [1, 0, 0, nan])
    np.testing.assert_array_equal(seen.at(11, PREPAID)["active"], [nan, nan, nan, nan])
    assert (seen.reach, seen.unknown, seen.twice) == (60, 1, 0)


def test_only_the_prepaid_can_become_postpaid(tmp_path: Path) -> None:
    became = read(tmp_path, GOOD).at(60, np.array([1, 0, -1, 0], np.int8))["became_postpaid"]
    np.testing.assert_array_equal(became, [0, 0, np.nan, np.nan])


def test_leaving_days(tmp_path: Path) -> None:
    day, left = read(tmp_path, GOOD).leaving()
    np.testing.assert_array_equal(day, [60, 12, 60, 0])
    np.testing.assert_array_equal(left, [False, True, True, False])


def test_rows_before_the_round_say_nothing(tmp_path: Path) -> None:
    seen = read(
        tmp_path, f"{HEAD}5,{ON},true,999,prepaid\n5,{ON - 9},true,9,prepaid\n7,{ON + 30},1,1,prepaid\n"
    )
    at = seen.at(30, PREPAID)
    np.testing.assert_array_equal(at["active"], [np.nan, 1, np.nan, np.nan])
    np.testing.assert_array_equal(at["spend"], [np.nan, 1, np.nan, np.nan])


def test_order_and_repetition_change_nothing(tmp_path: Path) -> None:
    rows = GOOD.removeprefix(HEAD).splitlines()
    once, again = read(tmp_path, GOOD), read(tmp_path, HEAD + "\n".join(rows[::-1] + rows[2:4]) + "\n")
    assert again.twice == 2
    for name, values in once.at(60, PREPAID).items():
        np.testing.assert_array_equal(values, again.at(60, PREPAID)[name])


def test_every_way_of_writing_it_reads_the_same(tmp_path: Path) -> None:
    import gzip

    want = read(tmp_path, GOOD).at(60, PREPAID)
    shown = GOOD
    for key in (5, 7, 9, 8):
        shown = shown.replace(f"\n{key},", f"\n{keys.show(key)},")
    for day in (12, 30, 60):
        shown = shown.replace(f",{ON + day},", f",{to_date(ON + day).isoformat()},")
    forms = {
        "tb.csv": shown.encode(),
        "bom.csv": b"\xef\xbb\xbf" + GOOD.encode(),
        "crlf.csv": GOOD.replace("\n", "\r\n").encode(),
        "semicolon.csv": GOOD.replace(",", ";").encode(),
        "small.csv.gz": gzip.compress(GOOD.encode()),
        "more.csv": GOOD.replace("\n", ",x\n").replace("plan_kind,x", "plan_kind,else").encode(),
    }
    for name, text in forms.items():
        for outcome, values in read(tmp_path, text, name).at(60, PREPAID).items():
            np.testing.assert_array_equal(values, want[outcome], err_msg=name)
    table = pa.table(
        {
            "key": [5, 5, 7, 7, 9, 9],
            "on": pa.array([ON + d for d in (30, 60, 12, 30, 30, 60)], pa.int32()).cast(pa.date32()),
            "active": [True, True, False, False, True, False],
            "spend_dong": pa.array([100, 50, 30, 0, 7, None], pa.int64()),
            "plan_kind": ["prepaid", "postpaid", "prepaid", "prepaid", "prepaid", None],
        }
    )
    pq.write_table(table, tmp_path / "o.parquet")
    for outcome, values in outcomes.read(tmp_path / "o.parquet", PEOPLE, ON).at(60, PREPAID).items():
        np.testing.assert_array_equal(values, want[outcome])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "missing_column"),
        ("key,on,active,spend_dong\n5,1,1,1\n", "missing_column"),
        ("key,on,active,spend,plan_kind\n", "missing_column"),
        (HEAD.replace("key", "key,key", 1) + f"5,5,{ON},1,1,prepaid\n", "missing_column"),
        (f"{HEAD}5,{ON + 30},maybe,1,prepaid\n", "not_a_number"),
        (f"{HEAD}5,{ON + 30},2,1,prepaid\n", "bad_outcomes"),
        (f"{HEAD}5,{ON + 30},,1,prepaid\n", "bad_outcomes"),
        (f"{HEAD}5,yesterday,1,1,prepaid\n", "bad_outcomes"),
        (f"{HEAD}5,99999999999999,1,1,prepaid\n", "bad_outcomes"),
        (f"{HEAD}5,2026-02-30,1,1,prepaid\n", "bad_outcomes"),
        (f"{HEAD}5,,1,1,prepaid\n", "bad_outcomes"),
        (f"{HEAD},{ON + 30},1,1,prepaid\n", "bad_outcomes"),
        (f"{HEAD}TB-XX,{ON + 30},1,1,prepaid\n", "bad_outcomes"),
        (f"{HEAD}-5,{ON + 30},1,1,prepaid\n", "bad_outcomes"),
        (f"{HEAD}99999999999999999999,{ON + 30},1,1,prepaid\n", "bad_outcomes"),
        (f"{HEAD}5,{ON + 30},1,1.5,prepaid\n", "bad_outcomes"),
        (f"{HEAD}5,{ON + 30},1,1e30,prepaid\n", "bad_outcomes"),
        (f"{HEAD}5,{ON + 30},1,,prepaid\n", "bad_outcomes"),
        (f"{HEAD}5,{ON + 30},1,1,landline\n", "bad_outcomes"),
        (f"{HEAD}5,{ON + 30},1,1,\n", "bad_outcomes"),
        (f"{HEAD}5,{ON + 30},0,1,none\n", "bad_outcomes"),
        (f"{HEAD}5,{ON + 30},1,1\n", "unreadable_file"),
        (f"{HEAD}6,{ON + 30},1,1,prepaid\n", "other_outcomes"),
        (f"{HEAD}5,{ON + 30},1,1,prepaid\n5,{ON + 30},0,1,prepaid\n", "conflicting_rows"),
    ],
)
def test_refuses_with_a_reason(tmp_path: Path, text: str, code: str) -> None:
    assert code_of(tmp_path, text) == code


def test_a_refusal_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"line 4 of o.csv is “2027-13-01”"):
        read(tmp_path, f"{HEAD}5,{ON + 30},1,1,prepaid\n7,{ON + 30},1,1,prepaid\n9,2027-13-01,1,1,prepaid\n")
    with pytest.raises(BadInput, match=f"first {keys.show(7)} on {to_date(ON + 30)}"):
        read(tmp_path, f"{HEAD}7,{ON + 30},1,1,prepaid\n7,{ON + 30},1,2,prepaid\n")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a few rows."""
    monkeypatch.setattr(files, "PIECE_ROWS", 3)
    monkeypatch.setattr(files, "_BLOCK", 64)


def _many(tmp_path: Path) -> tuple[Path, Path]:
    """Rows of 4 people and of 150 others, some twice, in no order: as CSV and as Parquet."""
    rng = np.random.default_rng(1)
    people = np.concatenate([np.repeat(PEOPLE, 40), rng.integers(100, 250, 600)])
    day = np.concatenate([np.tile(np.arange(40), 4), rng.integers(-5, 90, 600)])
    order = rng.permutation(np.concatenate([np.arange(people.size), np.arange(50)]))
    table = pa.table(
        {
            "key": people[order],
            "on": ON + day[order],
            "active": np.ones(order.size, bool),
            "spend_dong": 1000 * people[order] + day[order],
            "plan_kind": ["prepaid"] * order.size,
        }
    )
    pq.write_table(table, tmp_path / "o.parquet")
    pacsv.write_csv(table, tmp_path / "o.csv")
    return tmp_path / "o.csv", tmp_path / "o.parquet"


def test_pieces_of_any_size_tell_the_same(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    both = _many(tmp_path)
    whole = outcomes.read(both[1], PEOPLE, ON)
    assert whole.twice > 0 and 100 < whole.unknown <= 150
    request.getfixturevalue("small")
    for file in both:
        assert len(list(files.pieces(file, outcomes.COLUMNS))) > 50
        seen = outcomes.read(file, PEOPLE, ON)
        assert (seen.reach, seen.unknown, seen.twice) == (whole.reach, whole.unknown, whole.twice)
        for name in ("person", "day", "active", "spend", "plan"):
            np.testing.assert_array_equal(getattr(seen, name), getattr(whole, name))
        assert outcomes.read(file, PEOPLE, ON, count_unknown=False).unknown == 0


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (f"9,{ON + 30},2,1,prepaid", "active in line 32 "),
        (f"9,{ON + 30},1,many,prepaid", "“many” in line 32"),
        (f"9,{ON + 30},1,1,landline", "plan_kind in line 32 "),
        (f",{ON + 30},1,1,prepaid", "key in line 32 "),
    ],
)
def test_a_refusal_further_on_names_the_line(tmp_path: Path, bad: str, says: str) -> None:
    good = "".join(f"5,{ON + day},1,1,prepaid\n" for day in range(30))
    with pytest.raises(BadInput, match=says):
        read(tmp_path, f"{HEAD}{good}{bad}\n")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("o.parquet", b"PAR1 cut short"),
        ("o.parquet", b""),
        ("o.csv.gz", b"\x1f\x8b not gzip"),
        ("o.csv", HEAD.encode() + b"5,\xff\xfe,1,1,prepaid\n"),
        ("o.csv", b"\x00\x01\x02"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, name: str, body: bytes) -> None:
    assert code_of(tmp_path, body, name) in {"unreadable_file", "missing_column", "bad_outcomes"}


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        outcomes.read(tmp_path / "nothing.csv", PEOPLE, ON)
    assert caught.value.code == "no_file"


def test_an_empty_file_reaches_no_horizon(tmp_path: Path) -> None:
    seen = read(tmp_path, HEAD)
    assert seen.reach == 0 and np.isnan(seen.at(30, PREPAID)["active"]).all()
    assert not seen.leaving()[1].any()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode), st.booleans())
def test_rubbish_never_gives_a_traceback(tmp_path: Path, rubbish: bytes, headed: bool) -> None:
    file = tmp_path / "o.csv"
    file.write_bytes((HEAD.encode() if headed else b"") + rubbish)
    try:
        outcomes.read(file, PEOPLE, ON)
    except TantamError as error:
        assert error.code


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("key", pa.array([[5]])),
        ("key", pa.array([5.5])),
        ("key", pa.array([-5])),
        ("key", pa.array([b"\xff"])),
        ("on", pa.array([[1]])),
        ("on", pa.array([20_000.5])),
        ("on", pa.array([1], pa.time32("s"))),
        ("active", pa.array([[True]])),
        ("active", pa.array(["perhaps"])),
        ("spend_dong", pa.array([{"a": 1}])),
        ("spend_dong", pa.array([float("inf")])),
        ("plan_kind", pa.array([b"\xff"])),
        ("plan_kind", pa.array([1])),
    ],
)
def test_strange_types_are_refused(tmp_path: Path, name: str, column: pa.Array) -> None:
    good = {
        "key": pa.array([5]),
        "on": pa.array([ON + 30]),
        "active": pa.array([True]),
        "spend_dong": pa.array([1]),
        "plan_kind": pa.array(["prepaid"]),
    }
    pq.write_table(pa.table({**good, name: column}), tmp_path / "o.parquet")
    with pytest.raises(BadInput) as caught:
        outcomes.read(tmp_path / "o.parquet", PEOPLE, ON)
    assert caught.value.code in {"bad_outcomes", "not_a_number", "not_words", "other_outcomes"}


def test_words_may_be_dictionaries_and_moments_may_be_days(tmp_path: Path) -> None:
    table = pa.table(
        {
            "key": pa.array([keys.show(5)]).dictionary_encode(),
            "on": pa.array([to_date(ON + 30)]).cast(pa.timestamp("us")),
            "active": pa.array(["true"]).dictionary_encode(),
            "spend_dong": pa.array([7.0]),
            "plan_kind": pa.array(["postpaid"]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "o.parquet")
    at = outcomes.read(tmp_path / "o.parquet", PEOPLE, ON).at(30, PREPAID)
    assert [at[o][0] for o in outcomes.OUTCOMES] == [1, 7, 1]
