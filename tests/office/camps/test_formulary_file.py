"""Reading a formulary file: whole digits or refused, a source on every line, half a file never."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tantam.errors import BadInput
from tantam.office.camps import formulary, kinds
from tantam.office.camps.formulary_file import COLUMNS, UNSIGNED, WRONG, read, rows

HEAD = list(COLUMNS)
LINE = {
    "code": "amo", "name": "Thuốc thử 500", "ingredient": "chất thử", "unit": "viên", "source": "Tài liệu, trang 3",
}  # fmt: skip


def file(*lines: dict[str, Any], head: list[str] | None = None, delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(head or HEAD)
    for line in lines:
        writer.writerow([line.get(name, "") for name in HEAD])
    return out.getvalue().encode()


def wrong(*lines: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.code) for one in rows(file(*lines))[1]]


def test_a_file_is_read_unsigned_with_the_digest_of_its_bytes() -> None:
    content = file(LINE)
    made = read(content)
    assert made.signed_by == UNSIGNED and not made.demo
    assert made.medicines == [kinds.Medicine(**{**LINE})]
    assert made.digest == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_headings_are_found_in_both_languages_and_any_order(delimiter: str) -> None:
    head = ["Mã thuốc", "TÊN THUỐC", "hoat chat", "Hàm lượng / strength", *HEAD[4:]]
    assert read(file(LINE, head=head, delimiter=delimiter)).medicines[0].name == LINE["name"]
    assert read(b"\xef\xbb\xbf" + file(LINE, head=head, delimiter=delimiter)).medicines[0].code == "amo"


def test_the_template_takes_a_line_and_has_none() -> None:
    with pytest.raises(BadInput) as empty:
        read(formulary.template())
    assert empty.value.code == "no_rows"
    line = ",".join(LINE.get(name, "").replace(",", " ") for name in HEAD)
    assert read(formulary.template() + line.encode()).medicines[0].code == "amo"


def sheet(*lines: list[object]) -> bytes:
    """A spreadsheet as small as one can be: words in their cells, numbers as numbers."""
    cells = "".join(
        "<row>"
        + "".join(
            f"<c><v>{one}</v></c>"
            if isinstance(one, int | float)
            else f'<c t="inlineStr"><is><t>{one}</t></is></c>'
            for one in line
        )
        + "</row>"
        for line in lines
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}relationships"><Relationship Id="r1" '
        f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}relationships"><Relationship Id="r1" '
        f'Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return out.getvalue()


def test_a_spreadsheet_reads_as_a_text_does() -> None:
    line: dict[str, object] = {**LINE, "from_age": "12 tuổi", "most_a_day": 3, "most_in_all": 21.0}
    bounds = read(sheet(list(HEAD), [line.get(name, "") for name in HEAD])).medicines[0].bounds
    assert bounds == [kinds.Bound(from_months=144, most_a_day=3, most_in_all=21)]
    half = {**line, "most_a_day": 2.5}
    assert rows(sheet(list(HEAD), [half.get(name, "") for name in HEAD]))[1][0].code == "not_whole"


def test_lines_of_one_medicine_are_its_bounds_and_a_missing_bound_stays_missing() -> None:
    more = {
        "code": "amo",
        "source": "Tài liệu, trang 4",
        "to_age": "12 tuổi",
        "from_kg": "10",
        "most_a_day": "2",
    }
    made = read(file({**LINE, "from_age": "12 tuổi", "most_in_all": "21"}, more)).medicines
    assert [(one.from_months, one.to_months, one.from_kg, one.most_a_day, one.most_in_all) for one in made[0].bounds] \
        == [(144, None, 0, None, 21), (0, 144, 10, 2, None)]  # fmt: skip
    assert made[0].source == "Tài liệu, trang 3; Tài liệu, trang 4"
    assert read(file(LINE)).medicines[0].bounds == []


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"source": ""}, "source", "no_source"),
        ({"code": ""}, "code", "missing"),
        ({"unit": ""}, "unit", "missing"),
        ({"code": "mã có dấu"}, "code", "bad_code"),
        ({"most_a_day": "2,5"}, "most_a_day", "not_whole"),
        ({"most_a_day": "1.000"}, "most_a_day", "not_whole"),
        ({"most_a_day": "0"}, "most_a_day", "not_whole"),
        ({"most_a_day": "-1"}, "most_a_day", "not_whole"),
        ({"most_a_day": "2-3"}, "most_a_day", "not_whole"),
        ({"most_a_day": "½"}, "most_a_day", "not_whole"),
        ({"most_a_day": "٣"}, "most_a_day", "not_whole"),
        ({"most_a_day": "hai"}, "most_a_day", "not_whole"),
        ({"most_in_all": "9999999"}, "most_in_all", "not_whole"),
        ({"most_a_day": "4", "most_in_all": "3"}, "most_a_day", "day_over_all"),
        ({"from_age": "12"}, "from_age", "bad_age"),
        ({"from_age": "trẻ em"}, "from_age", "bad_age"),
        ({"from_age": "12 tuổi", "to_age": "6 tuổi"}, "to_age", "bad_age"),
        ({"from_age": "12 tuổi", "to_age": "144 tháng"}, "to_age", "bad_age"),
        ({"from_kg": "8,5"}, "from_kg", "bad_weight"),
        ({"refused": "k" * 301}, "refused", "too_long"),
        ({"name": "t" * 121}, "name", "too_long"),
        ({"how": "t" * 301}, "how", "too_long"),
    ],
)
def test_what_is_not_right_is_refused_with_its_line(change: dict[str, str], column: str, code: str) -> None:
    assert wrong({**LINE, **change}) == [(2, column, code)]
    with pytest.raises(BadInput) as refused:
        read(file({**LINE, "code": "ok"}, {**LINE, **change}))
    assert refused.value.code == "formulary_rows"
    assert "line 3" in refused.value.what and "dòng 3" in refused.value.vi


def test_two_lines_of_a_medicine_do_not_contradict_each_other() -> None:
    again = {"code": "amo", "source": "s"}
    assert wrong({**LINE, "most_a_day": "3"}, {**again, "most_a_day": "4"}) == [
        (3, "from_age", "two_lines_meet")
    ]
    assert wrong({**LINE, "most_a_day": "3"}, {**again, "from_kg": "20 kg", "most_a_day": "4"}) == []
    assert wrong(LINE, {**again, "name": "Thuốc khác"}) == [(3, "name", "says_otherwise")]
    assert wrong(LINE, {**again, "groups": "penicillin"}) == [(3, "groups", "says_otherwise")]


def test_allergy_groups_are_one_form_of_the_word() -> None:
    said = {**LINE, "groups": "Nhóm Penicillin; sulfamid , Penicillin"}
    assert read(file(said)).medicines[0].groups == ["nhom-penicillin", "sulfamid", "penicillin"]


def test_a_row_of_another_width_is_not_guessed() -> None:
    assert rows(file(LINE) + b"amo,too,short\n")[1][0].code == "wrong_field_count"


def test_a_file_without_its_columns_says_what_it_has() -> None:
    with pytest.raises(BadInput) as refused:
        read(b"ma,ten\n1,2\n")
    assert refused.value.code == "missing_column"
    assert "nguồn" in refused.value.vi


@pytest.mark.parametrize(
    "change", [{"code": "mau-a"}, {"name": "Thuốc Mẫu A"}, {"source": "Bịa để tập, không dùng để chữa bệnh"}]
)
def test_one_line_of_the_sample_makes_the_whole_file_a_demo(change: dict[str, str]) -> None:
    assert read(file({**LINE, "code": "that"}, {**LINE, **change})).demo


def test_every_reason_is_said_in_both_languages() -> None:
    assert all(vi and en for vi, en in WRONG.values())


@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.integers(1, 60), st.integers(1, 9), st.integers(0, 50)),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_is_what_is_read(given_bounds: list[tuple[int, int, int, int]]) -> None:
    lines, month = [], 0
    for gap, span, a_day, more in given_bounds:
        first, last = month + gap, month + gap + span
        lines.append({
            **LINE, "from_age": f"{first} tháng", "to_age": f"{last} tháng", "most_a_day": str(a_day),
            "most_in_all": str(a_day + more),
        })  # fmt: skip
        month = last
    bounds = read(file(*lines)).medicines[0].bounds
    assert [(one.from_months, one.to_months) for one in bounds] == [
        (int(line["from_age"].split()[0]), int(line["to_age"].split()[0])) for line in lines
    ]
    assert [one.most_a_day for one in bounds] == [a_day for _, _, a_day, _ in given_bounds]


@given(st.binary(max_size=400))
def test_no_bytes_are_more_than_refused(content: bytes) -> None:
    try:
        read(content)
    except BadInput as refused:
        assert refused.vi
