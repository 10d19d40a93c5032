from __future__ import annotations

from pathlib import Path

import pytest

from tantam.errors import BadInput
from tantam.listen.heads.labels import read, truths

ROWS = [("mạng chậm, không vào được", "data"), ('anh nói "chờ"', "hotline|calls"), ("hai\ndòng", "other")]
CSV = 'text,label\n"mạng chậm, không vào được",data\n"anh nói ""chờ""",hotline|calls\n"hai\ndòng",other\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_bytes(CSV.encode(encoding))
    texts, labels = read(tmp_path / "l.csv")
    assert list(zip(texts, labels, strict=True)) == ROWS


def test_other_marks_more_columns_and_another_order(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("id;label;text\n1;a|b;tốt lắm\n2;c;tệ, quá\n", encoding="utf-8")
    assert read(tmp_path / "l.csv") == (["tốt lắm", "tệ, quá"], ["a|b", "c"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("text,nhãn\na,b\n", "missing_column"),
        ("nội dung,label\na,b\n", "missing_column"),
        ("text,label\na,b\nc,\n", "empty_label"),
        ("text,label\na,b|\n", "empty_label"),
        ("text,label\na,b,c\n", "line_broken"),
        ("", "empty_file"),
    ],
)
def test_what_is_no_table_of_labels(content: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read(tmp_path / "l.csv")
    assert refused.value.code == code


def test_a_missing_file_and_a_workbook(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no_file"):
        read(tmp_path / "none.csv")
    (tmp_path / "l.csv").write_bytes(b"PK\x03\x04" + b"\0" * 50)
    with pytest.raises(BadInput, match="not_a_table"):
        read(tmp_path / "l.csv")


def test_labels_known_come_first() -> None:
    names, truth = truths(["b|a", "c"], ("z", "b"))
    assert names == ("z", "b", "a", "c")
    assert truth.tolist() == [[False, True, True, False], [False, False, False, True]]
