"""What a doctor may say was found: a code file that the camp loads, or our own short list in plain words. The doctor's
page searches it (``camp-findings.js``). Pure.

We ship no list of anybody else's: our own (``urn:tantam:plain``) is worded for a slip that a villager takes home.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from tantam.base.headings import listed, placed, shown
from tantam.base.tables import cell_text, table
from tantam.errors import BadInput
from tantam.office.camps import kinds

PLAIN = "urn:tantam:plain"
COLUMNS = {
    "code": ("mã", "mã bệnh", "mã icd", "icd", "icd10", "icd 10", "ma icd 10", "mã icd10"),
    "name": ("tên", "tên bệnh", "tên tiếng việt", "name vi", "bệnh", "diễn giải", "ten benh tieng viet"),
    "other": ("name en", "tên tiếng anh", "english"),
}
"""Our column → other headings that mean it; ``other``: said where a row has no Vietnamese name."""
AT_ONCE = 1000
MOST_ROWS = 100_000
_CODE: TypeAdapter[str] = TypeAdapter(kinds.Code)


def plain_list() -> list[kinds.Codes]:
    """Our own short list of everyday findings."""
    return _in_parts([(code, name) for code, name, _ in _plain()], PLAIN)


def in_english() -> dict[str, str]:
    """Our own list in English, by code."""
    return {code: english for code, _, english in _plain()}


def read_codes(source: bytes | Path, system: str) -> list[kinds.Codes]:
    """The list of a code file (CSV or spreadsheet) with a column of codes and one of names, in the file's order.

    ``system``: which list and which version it is, in words or as an address; the people who load it answer for its
    licence. The same code with the same name twice is one row. BadInput ``missing_column``, ``column_twice``,
    ``code_rows`` (which lines, and why), ``no_rows``, ``too_many_codes``, ``no_system``.
    """
    if not system.strip():
        raise BadInput(
            "no_system",
            "Nobody said which list of codes this is.",
            "Name it with its version, as in: ICD-10, 4469/QĐ-BYT 2020.",
            vi="Chưa ghi đây là bảng mã nào. Ghi tên và bản, như: ICD-10, 4469/QĐ-BYT năm 2020.",
        )
    content = source.read_bytes() if isinstance(source, Path) else source
    lines = table(content)
    header = next(lines, None)
    at = placed(header[1], COLUMNS, {}) if header else {}
    if header and not {"code", "name"} <= set(at):
        there = listed(shown(cell_text(heading)) for heading in header[1])
        raise BadInput(
            "missing_column",
            f"The file has no column of codes, or none of names. It has {there}.",
            "Name its columns code and name.",
            vi=f"Tệp thiếu cột mã hoặc cột tên. Tệp có: {there}. Đặt tên cột là code và name.",
        )
    found: dict[str, str] = {}
    wrong: list[tuple[int, str, str]] = []
    for number, cells in lines:
        said = {name: _text(cells[place]) if place < len(cells) else "" for name, place in at.items()}
        if any(said.values()):
            wrong += [(number, vi, en) for vi, en in _take(found, said)]
    if wrong:
        raise _refused(wrong)
    if not found:
        raise BadInput("no_rows", "The file has no rows.", "Choose another one.", vi="Tệp không có dòng nào.")
    if len(found) > MOST_ROWS:
        raise BadInput(
            "too_many_codes",
            f"The list has {len(found):,} codes; {MOST_ROWS:,} is the most.",
            "Load the part that the camp needs.",
            vi=f"Bảng có {len(found)} mã; nhiều nhất là {MOST_ROWS}. Chỉ nạp phần trại cần.",
        )
    return _in_parts(list(found.items()), system.strip())


def _text(cell: object) -> str:
    return " ".join(unicodedata.normalize("NFC", cell_text(cell)).split())


def _take(found: dict[str, str], said: dict[str, str]) -> Iterator[tuple[str, str]]:
    """One row into what was found; gives why it cannot be, in Vietnamese and English."""
    code, name = said["code"].rstrip("*†+"), said["name"] or said.get("other", "")
    try:
        _CODE.validate_python(code)
    except ValidationError:
        yield "mã trống hoặc có ký tự lạ", "the code is empty or has strange letters"
        return
    if not name:
        yield "thiếu tên", "no name"
    elif len(name) > 300:
        yield "tên dài quá 300 chữ", "the name is longer than 300 letters"
    elif found.setdefault(code, name) != name:
        yield "mã đã có ở trên với tên khác", "the code stands above with another name"


def _in_parts(rows: list[tuple[str, str]], system: str) -> list[kinds.Codes]:
    return [
        kinds.Codes(system=system, part=number, rows=rows[start : start + AT_ONCE])
        for number, start in enumerate(range(0, len(rows), AT_ONCE))
    ]


@cache
def _plain() -> tuple[tuple[str, str, str], ...]:
    written = (files("tantam.office.camps") / "data" / "plain-findings.csv").read_text(encoding="utf-8")
    return tuple((code, vi, en) for code, vi, en in list(csv.reader(written.splitlines()))[1:])


def _refused(wrong: list[tuple[int, str, str]]) -> BadInput:
    def told(language: int) -> str:
        word = ("dòng", "line")[language]
        lines = [f"{word} {one[0]}: {one[1 + language]}" for one in wrong[:12]]
        return "; ".join(lines) + (f"; … +{len(wrong) - 12}" if len(wrong) > 12 else "")

    return BadInput(
        "code_rows",
        f"{len(wrong)} rows of the list are not right: {told(1)}.",
        "Correct these rows and load the file again; nothing was taken in.",
        vi=f"Bảng mã có {len(wrong)} dòng chưa đúng: {told(0)}. Sửa rồi nạp lại; chưa ghi gì cả.",
    )
