"""A spreadsheet for the tests of loading."""

from __future__ import annotations

import pytest

from tests import a_sheet

ROWS: list[list[str | float]] = [
    ["Chỉ tiêu", "Tháng", "Tỉnh", "Giá trị", "Số mẫu", "Số đếm"],
    ["call_drop", "2026-10", "Khánh Hòa", 0.4, 100000, 400],
    ["call_drop", "2026-10", 79, "0,7", 1000, 7],
    ["call_setup", "2026-10", "Cà Mau", 0.9985, 100000, 99850],  # a cell formatted as a percentage
]


@pytest.fixture
def sheet() -> bytes:
    """A small XLSX file: two good rows, and one whose percentage comes as a fraction."""
    return a_sheet.sheet(ROWS)
