"""Communes in the order of their need: the arithmetic stands in the reason, and nobody is passed over in silence."""

from __future__ import annotations

from datetime import date

import pytest

from tantam.errors import BadInput
from tantam.office.camps import need
from tests import a_sheet

ON = date(2026, 12, 5)
HEAD = "mã,xã,tỉnh,cách bệnh viện (km),hộ nghèo,bác sĩ,lần khám trước,số dân\n"
FILE = HEAD + (
    "A,Gần Chợ,Tuyên Quang,5,120,80,2026-06-01,9000\n"
    "B,Lũng Phìn,Hà Giang,62,710,9,,4000\n"
    "C,Tả Chải,08,48,640,11,20/10/2024,3500\n"
)


def test_the_arithmetic_is_written_out() -> None:
    (one,) = [one for one in need.read(FILE.encode())[0] if one.code == "B"]
    got = need.points(one, ON)
    assert got == (25, 25, 22, 25) and got.all == 97
    assert need.why(one, got) == (
        "97 điểm: cách bệnh viện 62 km (25), 710 hộ nghèo trên 1.000 (25), 9 bác sĩ trên 100.000 dân (22), "
        "chưa có trại nào (25)"
    )


def test_the_greatest_need_comes_first_and_an_old_province_is_its_heir() -> None:
    found, rejects = need.read(FILE.encode())
    assert rejects == []
    assert [one.code for one, _ in need.ordered(found, ON)] == ["B", "C", "A"]
    assert {one.province for one in found} == {"08"}


def test_equal_need_goes_to_the_larger_commune_then_by_code() -> None:
    same = [
        need.Candidate(code, code, "08", 10, 10, 10, None, people)
        for code, people in (("X", 1), ("B", 2), ("A", 2))
    ]
    assert [one.code for one, _ in need.ordered(same, ON)] == ["A", "B", "X"]


def test_who_is_passed_over_is_told_why() -> None:
    found, _ = need.read(FILE.encode())
    with pytest.raises(BadInput) as no:
        need.weighed(found, ON, "C")
    assert no.value.code == "no_reason"
    rows = need.weighed(found, ON, "C", "đường vào Lũng Phìn sạt lở")
    assert [(row.code, row.chosen) for row in rows] == [("B", False), ("C", True), ("A", False)]
    assert rows[0].reason.endswith("bỏ qua lần này: đường vào Lũng Phìn sạt lở")
    assert rows[2].reason.endswith("để lần sau: xã được chọn cần hơn")
    assert [one.code for one, _ in need.ordered([need.candidate_of(row) for row in rows], ON)] == [
        "B",
        "C",
        "A",
    ]


def test_a_place_that_was_not_weighed_is_refused() -> None:
    with pytest.raises(BadInput) as no:
        need.weighed(need.read(FILE.encode())[0], ON, "Z")
    assert no.value.code == "no_such_place"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("D,,08,1,1,1,,", "no_name"),
        ("D,X,Atlantis,1,1,1,,", "unknown_province"),
        ("D,X,08,xa lắm,1,1,,", "bad_distance"),
        ("D,X,08,,1,1,,", "bad_distance"),
        ("D,X,08,1,1001,1,,", "bad_poor"),
        ("D,X,08,1,1,-1,,", "bad_doctors"),
        ("D,X,08,1,1,1,hôm qua,", "bad_day"),
        ("D,X,08,1,1,1,,đông", "bad_people"),
        ("B,Lũng Phìn,08,1,1,1,,", "twice"),
    ],
)
def test_a_row_is_not_taken_for_a_reason(row: str, code: str) -> None:
    found, rejects = need.read((FILE + row + "\n").encode())
    assert len(found) == 3 and [one.code for one in rejects] == [code]
    assert rejects[0].line == 5 and code in need.REJECTS


def test_a_file_without_its_columns_is_refused() -> None:
    with pytest.raises(BadInput) as no:
        need.read(b"name,province\nX,08\n")
    assert no.value.code == "missing_column"
    with pytest.raises(BadInput) as no:
        need.read(b"")
    assert no.value.code == "no_rows"


def test_more_than_can_be_weighed_are_refused() -> None:
    rows = "".join(f"C{n},Xã {n},08,1,1,1,,\n" for n in range(need.MOST + 1))
    with pytest.raises(BadInput) as no:
        need.read((HEAD + rows).encode())
    assert no.value.code == "too_many_rows"


def test_a_spreadsheet_is_read_too() -> None:
    heads = ["xã", "tỉnh", "cách bệnh viện", "hộ nghèo", "bác sĩ", "lần khám trước"]
    book = a_sheet.sheet([heads, ["Lũng Phìn", "Tuyên Quang", 62.0, 710, 9, "2024-10-20"]])
    found, rejects = need.read(book)
    assert rejects == [] and found[0].code == "08-lung-phin" and found[0].last_camp_on == date(2024, 10, 20)


def test_figures_as_people_write_them() -> None:
    found, _ = need.read(
        (HEAD + 'A,X,08,"42,5",1.000,1,,1.234.567\n' + "B,Y,08,42.5,10,1,,12.500\n").encode()
    )
    assert [(one.code, one.distance_km, one.people) for one in found] == [("B", 42, 12_500)]
