"""A file that is no table of subscribers gets one clear sentence, and the home is as it was."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tantam.base.headings import check_renames
from tantam.base.home import Home
from tantam.errors import BadInput, TantamError
from tests.base.a_file import load, one, rows, snapshot, written

HEADER = "phone,joined_on,plan_kind,province\n"


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("xl/workbook.xml", "<x/>")


def cut(path: Path) -> None:
    pq.write_table(rows(500), path)
    path.write_bytes(path.read_bytes()[:-500])


def hollow(path: Path) -> None:
    """A Parquet file with a good footer and rubbish for data."""
    pq.write_table(rows(5000), path, compression="zstd")
    data = bytearray(path.read_bytes())
    data[100:60_000] = b"\x07" * (60_000 - 100)
    path.write_bytes(bytes(data))


def nested(path: Path) -> None:
    table = pa.table(
        {"phone": [["0912345678"]], "joined_on": ["2020-01-01"], "plan_kind": ["prepaid"], "province": ["01"]}
    )
    pq.write_table(table, path)


BAD: dict[str, tuple[str, str, Callable[[Path], object], str]] = {
    "empty": ("a.csv", "empty_file", lambda p: p.write_bytes(b""), "is empty"),
    "blank": ("a.csv", "empty_file", lambda p: p.write_bytes(b" \n\n"), "is empty"),
    "header only": ("a.csv", "no_rows", lambda p: p.write_text(HEADER), "no rows"),
    "workbook": ("a.xlsx", "not_a_table", zipped, "Excel workbook"),
    "compressed": ("a.csv.gz", "not_a_table", lambda p: p.write_bytes(gzip.compress(b"x" * 99)), "gzip"),
    "binary": ("a.csv", "not_a_table", lambda p: p.write_bytes(bytes(range(256)) * 9), "not a text file"),
    "cut Parquet": ("a.parquet", "parquet_broken", cut, "not a whole Parquet"),
    "hollow Parquet": ("a.parquet", "unreadable_file", hollow, "cannot be read to its end"),
    "text as Parquet": ("a.parquet", "parquet_broken", lambda p: p.write_text(HEADER), "not a whole Parquet"),
    "nested Parquet": ("a.parquet", "column_type", nested, "neither text, a number"),
    "open quote": (
        "a.csv",
        "open_quote",
        lambda p: p.write_text(HEADER + '"0912345678,x\n' * 9),
        "never closes",
    ),
    "one line": (
        "a.csv",
        "enormous_line",
        lambda p: p.write_text(HEADER + "1,2,3," + "x" * 3_000_000),
        "longer than",
    ),
    "one line, first": ("a.csv", "enormous_line", lambda p: p.write_text("x" * 3_000_000), "Line 1"),
    "many lines, quoted": (
        "a.csv",
        "open_quote",
        lambda p: p.write_text(HEADER + '"' + "x\n" * 2_000_000),
        "in line 2",
    ),
    "missing column": (
        "a.csv",
        "missing_column",
        lambda p: p.write_text("so_dien_thoa,joined_on,plan_kind,province\n1,2,3,4\n"),
        "--map 'so_dien_thoa=phone'",
    ),
    "no header": (
        "a.csv",
        "missing_column",
        lambda p: p.write_text("0912345678,2020-01-01,prepaid,01\n"),
        "##########",
    ),
    "twice": (
        "a.csv",
        "column_twice",
        lambda p: p.write_text("phone,SĐT,joined_on,plan_kind,province\n1,2,3,4,5\n"),
        "SĐT",
    ),
    "folder": ("a", "no_parquet", lambda p: (p.mkdir(), (p / "b.csv").write_text(HEADER)), "b.csv"),
    "absent": (
        "subscribers.csv",
        "no_file",
        lambda p: (p.parent / "subscriber.csv").write_text(""),
        "subscriber.csv?",
    ),
    "pattern": ("x*.parquet", "no_file", lambda p: (p.parent / "y.parquet").write_text(""), "y.parquet"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_clear_sentence(name: str, tmp_path: Path) -> None:
    file_name, code, make, says = BAD[name]
    folder = tmp_path / "given"
    folder.mkdir()
    make(folder / file_name)
    home = Home(tmp_path / "home")
    with pytest.raises(BadInput) as caught:
        load(home, folder / file_name)
    assert caught.value.code == code and says in str(caught.value) and caught.value.exit_code == 3
    assert len(str(caught.value)) < 700
    assert not home.root.exists(), "a home that was not there is not there now"


@pytest.mark.parametrize("name", [name for name in BAD if name != "header only"])
def test_a_home_that_stands_stays_as_it_was(name: str, tmp_path: Path) -> None:
    file_name, _, make, _ = BAD[name]
    folder = tmp_path / "given"
    folder.mkdir()
    home = Home(tmp_path / "home")
    good = written(tmp_path / "good.csv", one(), one(phone="12"))
    load(home, good)
    before = snapshot(home.root)
    make(folder / file_name)
    with pytest.raises(BadInput):
        load(home, good, folder / file_name)
    assert snapshot(home.root) == before


def test_a_file_that_opens_and_cannot_be_read(tmp_path: Path) -> None:
    """The first page of a process's memory is nobody's to read, not even the administrator's."""
    with pytest.raises(BadInput, match=r"/proc/self/mem cannot be read.*unreadable_file"):
        load(Home(tmp_path / "home"), Path("/proc/self/mem"))


def test_map_that_means_nothing(tmp_path: Path) -> None:
    for text, says in (
        ("a=fone", "did you mean phone"),
        ("phone", "does not name"),
        ("=phone", "does not name"),
    ):
        with pytest.raises(BadInput, match=says):
            check_renames([text])
    assert check_renames(["a=b=phone", " x = plan "]) == {"a=b": "phone", "x": "plan"}
    with pytest.raises(BadInput, match="map_unused"):
        load(Home(tmp_path / "home"), written(tmp_path / "a.csv", one()), renames={"nowhere": "plan"})


def test_names_with_signs_of_a_pattern(tmp_path: Path) -> None:
    folder = tmp_path / "it's [1] {a,b}"
    folder.mkdir()
    assert load(Home(tmp_path / "h1"), written(folder / "a?*[0].csv", one())).kept == 1
    pq.write_table(rows(20), folder / "a[0].parquet")
    assert load(Home(tmp_path / "h2"), folder / "a[0].parquet").kept == 20
    assert load(Home(tmp_path / "h3"), folder).kept == 20


def test_columns_with_odd_names(tmp_path: Path) -> None:
    table = rows(20).rename_columns([f"we\"ird '{name}' ; --" for name in rows(20).column_names])
    pq.write_table(table, tmp_path / "a.parquet")
    renames = {f"we\"ird '{name}' ; --": name for name in rows(20).column_names}
    assert load(Home(tmp_path / "home"), tmp_path / "a.parquet", renames=renames).kept == 20


FIELD = st.one_of(
    st.sampled_from(
        [
            "0912345678",
            "+84 912 345 679",
            "2020-01-31",
            "31/01/2020",
            "prepaid",
            "Hà Nội",
            "56",
            "12,5",
            "true",
        ]
    ),
    st.text(max_size=12),
    st.from_regex(r"[0-9.,\"'; \t\r\n-]{0,8}", fullmatch=True),
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(FIELD, max_size=7), max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_any_text_is_loaded_or_refused(lines: list[list[str]], mark: str, ending: str) -> None:
    body = ending.join(mark.join(line) for line in lines)
    header = mark.join(["phone", "joined_on", "plan_kind", "province", "plan", "spend_1"])
    attempt((header + ending + body).encode("utf-8", "surrogatepass"))


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", HEADER.encode(), b"\xff\xfe", b"\xef\xbb\xbf", b"PAR1", HEADER.encode("utf-16")]),
)
def test_any_bytes_are_loaded_or_refused(data: bytes, start: bytes) -> None:
    attempt(start + data)


def attempt(data: bytes) -> None:
    """Load the bytes: either every row is accounted for, or a TantamError says why not."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        home, file = Home(Path(folder) / "home"), Path(folder) / "a.csv"
        file.write_bytes(data)
        try:
            done = load(home, file)
        except TantamError as error:
            assert error.code != "engine_failed" and not home.root.exists(), error
        else:
            assert done.rows_in == done.kept + done.rejected > 0
            assert pq.read_table(home.base).num_rows == done.kept
            assert pq.read_table(home.rejects).num_rows == done.rejected
