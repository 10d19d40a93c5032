"""Files of every shape come in, and what cannot be read is told."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tantam.errors import BadInput
from tantam.listen.run import sources
from tantam.listen.run.sources import Asked, Given

SAID = ["Mạng ở Cà Mau yếu quá", 'Chị nói: "chưa ai gọi lại"\nmong được hồi âm', "", "sóng tốt"]


def read(file: Path, asked: Asked, scratch: Path) -> list[Given]:
    sources.check([file], asked)
    return list(sources.read([file], asked, scratch))


def texts(given: list[Given]) -> list[object]:
    return [v for g in given for v in g.rows.column("text").to_pylist()]


def csv(encoding: str, delimiter: str = ",") -> bytes:
    rows = ['"' + text.replace('"', '""') + '"' for text in SAID]
    lines = [f"ma{delimiter}noi_dung", *(f"{i}{delimiter}{row}" for i, row in enumerate(rows))]
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv(tmp_path: Path, encoding: str, delimiter: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv(encoding, delimiter))
    given = read(file, Asked("noi_dung", id="ma"), tmp_path)
    assert [str(t).replace("\r", "") for t in texts(given)] == SAID
    assert given[0].rows.column("id").to_pylist() == ["0", "1", "2", "3"]
    assert not [g for g in given if g.rejects]


def test_lines_that_do_not_fit_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id,text\n1,một\n2,hai,thừa\n3,ba\n4\n5,năm\n", encoding="utf-8")
    given = read(file, Asked("text", id="id"), tmp_path)
    assert texts(given) == ["một", "ba", "năm"]
    told = [r for g in given for r in g.rejects]
    assert [(code, name) for name, _, _, code in told] == [("line_broken", "a.csv")] * 2
    assert [row for _, row, _, _ in told] == [2, 4]


def test_a_quotation_mark_never_closed_is_refused_or_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('id,text\n1,"không đóng\n2,hai\n', encoding="utf-8")
    try:
        given = read(file, Asked("text"), tmp_path)
    except BadInput as error:
        assert error.code == "csv_broken"
    else:
        assert "hai" in " ".join(map(str, texts(given))) or [r for g in given for r in g.rejects]


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string()), pa.binary()]
)
def test_parquet(tmp_path: Path, kind: pa.DataType) -> None:
    file = tmp_path / "a.parquet"
    values = pa.array([*SAID, None], pa.string())
    table = pa.table(
        {"noi dung": values.dictionary_encode() if "dictionary" in str(kind) else values.cast(kind)}
    )
    pq.write_table(table, file, row_group_size=2)
    assert sources.count([file]) == 5
    given = read(file, Asked("noi dung"), tmp_path)
    assert [t.decode() if isinstance(t, bytes) else t for t in texts(given)] == [*SAID, None]
    assert [g.first for g in given] == sorted({g.first for g in given})


def test_plain_text_is_a_line_an_opinion(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("một\n\nhai\nba", encoding="utf-8")
    assert texts(read(file, Asked(None), tmp_path)) == ["một".encode(), b"hai", b"ba"]


def test_the_wrong_column_is_named_with_the_right_one(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv("utf-8"))
    with pytest.raises(BadInput, match="Did you mean noi_dung") as wrong:
        sources.check([file], Asked("noidung"))
    assert wrong.value.code == "missing_column"
    with pytest.raises(BadInput, match="noi_dung") as wrong:
        sources.check([file], Asked(None))
    assert wrong.value.code == "no_text_column"


def test_a_zip_in_a_zip_a_workbook_and_half_a_parquet_are_refused(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", "text\nmột\n" * 1000)
    outer = tmp_path / "a.csv"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("b.zip", inner.getvalue())
    for name in ("a.csv", "b.txt"):
        (tmp_path / name).write_bytes(outer.read_bytes())
        with pytest.raises(BadInput) as wrong:
            sources.check([tmp_path / name], Asked("text"))
        assert wrong.value.code == "not_a_table"
    whole = tmp_path / "c.parquet"
    pq.write_table(pa.table({"text": SAID}), whole)
    whole.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(BadInput) as wrong:
        sources.check([whole], Asked("text"))
    assert wrong.value.code == "parquet_broken"


def test_no_clean_copy_stays_behind(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv("utf-16"))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    assert texts(read(file, Asked("noi_dung"), scratch))
    assert not list(scratch.iterdir())
