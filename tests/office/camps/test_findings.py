"""The list of findings: our own words, and a camp's own file."""

from __future__ import annotations

import csv
import os
import unicodedata
from pathlib import Path

import pytest

from tantam.errors import BadInput
from tantam.letters import fold
from tantam.office.camps import findings

LIST = Path(os.environ.get("TANTAM_DATA", "")) / "icd10-vi" / "icd10_vi.csv"
real = pytest.mark.skipif(
    not os.environ.get("TANTAM_DATA") or not LIST.is_file(),
    reason="LOUD: no TANTAM_DATA with icd10-vi, so that no real list of codes was read",
)


def codes_of(content: bytes, system: str = "urn:test") -> dict[str, str]:
    return {code: name for part in findings.read_codes(content, system) for code, name in part.rows}


def plain() -> dict[str, str]:
    return {code: name for part in findings.plain_list() for code, name in part.rows}


def test_our_own_list_is_short_plain_and_in_both_languages() -> None:
    ours = plain()
    assert 80 <= len(ours) <= 150
    assert len({fold(name) for name in ours.values()}) == len(ours)
    assert set(findings.in_english()) == set(ours)
    assert all(unicodedata.is_normalized("NFC", name) and len(name) <= 40 for name in ours.values())
    assert {part.system for part in findings.plain_list()} == {"urn:tantam:plain"}


def test_a_file_is_read_by_its_headings_in_nfc_and_once() -> None:
    name = unicodedata.normalize("NFD", "Bệnh tả")
    content = f"STT;Mã bệnh;Tên bệnh\n1;A00;{name}\n2;A00;Bệnh tả\n3;A01 ;  Thương   hàn\n".encode()
    assert codes_of(content) == {"A00": "Bệnh tả", "A01": "Thương hàn"}


def test_a_long_list_comes_in_parts_with_its_version() -> None:
    content = "code,name\n" + "".join(f"C{number},Tên {number}\n" for number in range(2_500))
    parts = findings.read_codes(content.encode(), " Bảng thử, bản 3 ")
    assert [len(part.rows) for part in parts] == [1000, 1000, 500]
    assert [part.part for part in parts] == [0, 1, 2]
    assert {part.system for part in parts} == {"Bảng thử, bản 3"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "no_rows"), ("code,name\n", "no_rows"), ("a,b\n1,2\n", "missing_column"),
        ("code,name\nA1,\n", "code_rows"), ("code,name\n,Tả\n", "code_rows"), ("code,name\nA 1,Tả\n", "code_rows"),
        ("code,name\nA1,Tả\nA1,Lỵ\n", "code_rows"), ("code,name\nA1," + "x" * 301 + "\n", "code_rows"),
        ("code,mã\nA,B\n", "column_twice"),
    ],
)  # fmt: skip
def test_a_list_that_is_not_right_is_refused_whole(content: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        findings.read_codes(content.encode(), "urn:test")
    assert refused.value.code == code and refused.value.vi


def test_a_list_has_a_name() -> None:
    with pytest.raises(BadInput) as refused:
        findings.read_codes(b"code,name\nA,B\n", " ")
    assert refused.value.code == "no_system"


@real
def test_a_real_list_of_14_416_codes_is_read_whole() -> None:
    with LIST.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    codes = codes_of(LIST.read_bytes())
    assert len(lines) == len(codes) == 14_416
    assert all(codes[line["code"]] == (line["name_vi"] or line["name_en"]).strip() for line in lines[::97])
    assert all(unicodedata.is_normalized("NFC", name) for name in codes.values())
