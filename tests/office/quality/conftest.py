"""A spreadsheet for the tests of loading."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
    "</Relationships>"
)
_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="T10" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
ROWS: list[list[str | float]] = [
    ["Chỉ tiêu", "Tháng", "Tỉnh", "Giá trị", "Số mẫu", "Số đếm"],
    ["call_drop", "2026-10", "Khánh Hòa", 0.4, 100000, 400],
    ["call_drop", "2026-10", 79, "0,7", 1000, 7],
    ["call_setup", "2026-10", "Cà Mau", 0.9985, 100000, 99850],  # a cell formatted as a percentage
]


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'
    return f"<c><v>{value}</v></c>"


@pytest.fixture
def sheet() -> bytes:
    """A small XLSX file: two good rows, and one whose percentage comes as a fraction."""
    rows = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in ROWS)
    into = BytesIO()
    with zipfile.ZipFile(into, "w") as parts:
        parts.writestr("[Content_Types].xml", _TYPES)
        parts.writestr("_rels/.rels", _RELS.format(kind="officeDocument", target="xl/workbook.xml"))
        parts.writestr(
            "xl/_rels/workbook.xml.rels", _RELS.format(kind="worksheet", target="worksheets/sheet1.xml")
        )
        parts.writestr("xl/workbook.xml", _BOOK)
        parts.writestr("xl/worksheets/sheet1.xml", _SHEET.format(rows))
    return into.getvalue()
