"""The list of findings: our own words, a camp's own file, and a search that needs no accents."""

from __future__ import annotations

import csv
import os
import time
import unicodedata
from collections import Counter
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


def test_everything_of_our_own_list_is_found_by_its_name_without_accents() -> None:
    for code, name in plain().items():
        assert (code, name) in findings.search(plain(), fold(name), 3)


@pytest.mark.parametrize(
    ("text", "first"),
    [("huyet ap", "Huyết áp cao"), ("HA", ""), ("dau bung", "Đau bụng chưa rõ vì sao"), ("ĐAU LƯNG", "Đau lưng"),
     ("giun", "Nghi nhiễm giun"), ("mat do", "Mắt đỏ, viêm kết mạc"), ("tm01", "Huyết áp cao"), ("", ""), ("…", ""),
     ("zzz", "")],
)  # fmt: skip
def test_the_first_that_is_found(text: str, first: str) -> None:
    found = findings.search(plain(), text)
    if first:
        assert found[0][1] == first
    elif text != "HA":
        assert found == []


def test_the_very_accents_come_first() -> None:
    codes = {"A": "Ho", "B": "Hồ", "C": "Hò", "D": "Họ"}
    for code, name in codes.items():
        found = findings.search(codes, name)
        assert found[0] == (code, name) and len(found) == 4
    decomposed = unicodedata.normalize("NFD", "Hồ")
    assert findings.search(codes, decomposed)[0] == ("B", "Hồ")


def test_a_code_is_found_with_or_without_its_dot() -> None:
    codes = {"I10": "Một", "I10.9": "Hai", "I1": "Ba"}
    assert [code for code, _ in findings.search(codes, "i10")] == ["I10", "I10.9"]
    assert findings.search(codes, "I109")[0][0] == "I10.9"


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


@real
def test_names_that_several_codes_share_are_all_shown_with_their_codes() -> None:
    codes = codes_of(LIST.read_bytes())
    shared = [name for name, count in Counter(codes.values()).items() if count > 1]
    with LIST.open(encoding="utf-8") as file:
        given = Counter(line["name_vi"] for line in csv.DictReader(file) if line["name_vi"])
    assert sum(count > 1 for count in given.values()) == 70
    for name in shared:
        wanted = {code for code, other in codes.items() if other == name}
        assert wanted <= {code for code, _ in findings.search(codes, name, 20)}


@real
def test_a_real_list_is_found_without_accents() -> None:
    """Of every 29th name, typed whole without accents, the code is among the first 20; of its first three words, in
    any order, it is found at all."""
    codes = codes_of(LIST.read_bytes())
    sample = list(codes.items())[::29]
    assert all((code, name) in findings.search(codes, fold(name)) for code, name in sample)
    for code, name in sample[::5]:
        words = " ".join(reversed(fold(name).split()[:3]))
        assert (code, name) in findings.search(codes, words, len(codes))


@real
def test_a_search_in_a_real_list_is_quick() -> None:
    codes = codes_of(LIST.read_bytes())
    findings.search(codes, "viem")
    took = []
    for text in ("viem phoi", "tăng huyết áp", "v", "i10", "dau that lung", "benh"):
        begun = time.process_time()
        findings.search(codes, text)
        took.append(time.process_time() - begun)
    assert (
        sorted(took)[len(took) // 2] < 0.06
    )  # 10 to 20 ms on a quiet machine; bench/findings.py measures it
