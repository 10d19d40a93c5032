"""Small files as rows of cells: CSV in UTF-8 or UTF-16 with any usual separator, or the first sheet of a spreadsheet.

For the office, where a file has up to a million rows; the base and listening read more in their own way."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO, TextIOWrapper

from tantam.errors import BadInput

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def table(content: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    """The rows of a file with their lines, the header first, blank ones left out. Refuses ``encoding_broken``,
    ``unreadable_file``."""
    if content.startswith((_ZIP, _OLE)):
        yield from _sheet(content)
        return
    coding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    head = _checked(content, coding)
    reader = csv.reader(_lines(content, coding), delimiter=max(",;\t|", key=head.count))
    try:
        before = 0
        for cells in reader:
            if any(cells):
                yield before + 1, cells
            before = reader.line_num
    except csv.Error as error:
        raise _unreadable() from error


def cell_text(cell: object) -> str:
    """A cell as text; a spreadsheet's 79.0 is 79."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


@lru_cache(maxsize=10_000)
def day(cell: object) -> date | None:
    """A day as files write it: a date of a spreadsheet, ``2026-11-22`` or ``22/11/2026``."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(cell_text(cell), form).date()
        except ValueError:
            continue
    return None


def _lines(content: bytes, coding: str) -> TextIOWrapper:
    """The lines of a text, decoded as they are read: a large file is not held twice."""
    return TextIOWrapper(BytesIO(content), encoding=coding, newline="")


def _checked(content: bytes, coding: str) -> str:
    """The first line, once all of them were seen to be in this encoding: half a file is never taken in."""
    number, head = 0, ""
    try:
        for line in _lines(content, coding):
            number += 1
            head = head or line
    except UnicodeError as error:
        raise BadInput(
            "encoding_broken",
            f"The file is not UTF-8 after line {number}.",
            "Export it again as UTF-8.",
            vi=f"Từ sau dòng {number}, tệp không phải UTF-8. Xuất lại bằng UTF-8, hoặc gửi tệp Excel.",
        ) from error
    return head


def _sheet(content: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        first = sheet.start[0] if sheet.start else 0
        for line, cells in enumerate(sheet.iter_rows(), 1):
            if any(cell != "" for cell in cells):
                yield first + line, cells
    except (CalamineError, ValueError, IndexError, OSError) as error:
        raise _unreadable() from error


def _unreadable() -> BadInput:
    return BadInput(
        "unreadable_file",
        "The file cannot be read to its end.",
        "It may be damaged or cut off: export it again.",
        vi="Không đọc được hết tệp. Tệp có thể bị hỏng hoặc bị cắt: xuất lại.",
    )
