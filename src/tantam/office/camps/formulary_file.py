"""A formulary file: one line a medicine, or several where its bounds differ by age or weight; CSV or a spreadsheet.

Nothing is guessed: a cell is whole digits or the row is refused, an empty bound stays empty, and one wrong row refuses
the file, so that nobody signs half of what he filled in. Pure.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from tantam.base.headings import listed, placed, shown
from tantam.base.tables import cell_text, table
from tantam.errors import BadInput
from tantam.letters import fold
from tantam.office.camps import kinds

_HEADINGS = {
    "code": ("mã", "mã thuốc"),
    "name": ("tên thuốc", "tên", "medicine"),
    "ingredient": ("hoạt chất", "tên hoạt chất", "active ingredient"),
    "strength": ("hàm lượng", "nồng độ"),
    "form": ("dạng", "dạng bào chế"),
    "unit": ("đơn vị", "đơn vị tính"),
    "groups": ("nhóm dị ứng", "allergy groups"),
    "how": ("cách dùng",),
    "pregnancy": ("thai kỳ", "phụ nữ có thai", "not in pregnancy"),
    "warning": ("cảnh báo", "lưu ý"),
    "from_age": ("từ tuổi",),
    "to_age": ("đến dưới tuổi", "dưới tuổi"),
    "from_kg": ("từ kg", "từ cân nặng"),
    "most_a_day": ("nhiều nhất một ngày", "tối đa một ngày"),
    "most_in_all": ("nhiều nhất cả đợt", "tối đa cả đợt"),
    "refused": ("không dùng", "không dùng vì"),
    "source": ("nguồn", "nguồn tài liệu"),
}
COLUMNS = {name: (*more, f"{more[0]} {name}") for name, more in _HEADINGS.items()}
"""Our column → other headings that mean it; the template's has both languages."""
REQUIRED = ("code", "name", "ingredient", "unit", "source")
OF_THE_BOUND = ("from_age", "to_age", "from_kg", "most_a_day", "most_in_all", "refused")
OF_THE_MEDICINE = tuple(name for name in COLUMNS if name not in (*OF_THE_BOUND, "source"))

WRONG = {
    "wrong_field_count": ("số ô khác dòng tiêu đề", "more or fewer fields than the header"),
    "missing": ("thiếu", "missing"),
    "no_source": ("thiếu nguồn tài liệu", "no source"),
    "bad_code": (
        "mã chỉ gồm chữ không dấu, số và . _ : -",
        "a code has only plain letters, digits and . _ : -",
    ),
    "not_whole": ("phải là số nguyên từ 1 viết bằng chữ số", "no whole number from 1, in plain digits"),
    "bad_age": (
        "tuổi ghi như 6 tháng, 12 tuổi; từ phải nhỏ hơn đến",
        "an age is written 6 months or 12 years; from is less than to",
    ),
    "bad_weight": ("cân nặng phải là số kg nguyên", "a weight is a whole number of kg"),
    "day_over_all": ("một ngày nhiều hơn cả đợt", "more a day than in all"),
    "two_lines_meet": (
        "hai dòng của một thuốc trùng tuổi và cân nặng",
        "two lines of a medicine share an age and weight",
    ),
    "says_otherwise": (
        "khác với dòng trước của cùng mã thuốc",
        "differs from an earlier line of the same medicine",
    ),
    "too_long": ("chữ dài quá", "the words are too long"),
}
"""Why a row is not right: code → in Vietnamese, in English."""

UNSIGNED = "chưa ký"
_MADE_UP = ("mau-", "thuoc mau", "bia de tap")
_MOST_SHOWN = 12
_AGE = re.compile(r"(\d{1,4}) ?(thang|months?|m|tuoi|years?|y)?(?: tuoi)?")


@dataclass(frozen=True)
class Wrong:
    """A row that is not right: its line in the file, a column, a code of :data:`WRONG`."""

    line: int
    column: str
    code: str


@dataclass
class _Line:
    """The lines of one medicine so far."""

    said: dict[str, str]
    bounds: list[kinds.Bound] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    first: int = 0


def read(source: bytes | Path) -> kinds.Formulary:
    """A file's formulary, unsigned (``signed_by`` is :data:`UNSIGNED`), with the file's SHA-256 to sign.

    BadInput ``missing_column``, ``column_twice``, ``no_rows``, ``formulary_rows`` (which rows, and why), and those of
    :func:`tantam.base.tables.table`. A file that still holds lines of the shipped sample is a ``demo``.
    """
    content = source.read_bytes() if isinstance(source, Path) else source
    medicines, wrong = rows(content)
    if wrong:
        raise _refused(wrong)
    if not medicines:
        raise BadInput("no_rows", "The file has no rows.", "Choose another one.", vi="Tệp không có dòng nào.")
    if len(medicines) > 500:
        raise BadInput(
            "formulary_too_long",
            f"The file has {len(medicines)} medicines; 500 is the most.",
            "Keep what the camp carries.",
            vi=f"Tệp có {len(medicines)} thuốc; nhiều nhất là 500. Chỉ giữ thuốc mang theo trại.",
        )
    return kinds.Formulary(
        demo=any(_made_up(one) for one in medicines),
        medicines=medicines,
        signed_by=UNSIGNED,
        signed_on=date(1, 1, 1),
        digest=hashlib.sha256(content).hexdigest(),
    )


def rows(content: bytes) -> tuple[list[kinds.Medicine], list[Wrong]]:
    """The medicines of a file whose every row is right, and the rows that are not."""
    lines = table(content)
    header = next(lines, None)
    if header is None:
        return [], []
    at = _columns(header[1])
    found: dict[str, _Line] = {}
    wrong: list[Wrong] = []
    for number, cells in lines:
        if len(cells) != len(header[1]):
            wrong.append(Wrong(number, "", "wrong_field_count"))
            continue
        said = {name: " ".join(cell_text(cells[place]).split()) for name, place in at.items()}
        if any(said.values()):
            wrong += [Wrong(number, column, code) for column, code in _take(found, number, said)]
    medicines = []
    for code, line in found.items():
        try:
            medicines.append(_medicine(code, line))
        except ValidationError as error:
            column = str(error.errors()[0]["loc"][0])
            wrong.append(
                Wrong(line.first, column, "bad_code" if column in ("code", "groups") else "too_long")
            )
    bad = sorted(wrong, key=lambda one: one.line)
    return medicines, bad


def _columns(header: Sequence[object]) -> dict[str, int]:
    at = placed(header, COLUMNS, {})
    missing = [name for name in REQUIRED if name not in at]
    if missing:
        there = listed(shown(cell_text(heading)) for heading in header)
        raise BadInput(
            "missing_column",
            f"The file has no column {', '.join(missing)}. It has {there}.",
            "Start from the template.",
            vi=f"Tệp thiếu cột {', '.join(COLUMNS[name][0] for name in missing)}. Tệp có: {there}. "
            "Nên điền vào tệp mẫu.",
        )
    return at


def _take(found: dict[str, _Line], number: int, said: dict[str, str]) -> list[tuple[str, str]]:
    """One row into what was found; gives what is wrong with it (column, code)."""
    code = said["code"]
    if not code:
        return [("code", "missing")]
    if not said["source"]:
        return [("source", "no_source")]
    known = found.get(code)
    if known is None:
        empty = [name for name in REQUIRED if not said[name]]
        if empty:
            return [(name, "missing") for name in empty]
    else:
        for name in OF_THE_MEDICINE:
            if said.get(name) and said[name] != known.said.get(name, ""):
                return [(name, "says_otherwise")]
    bound, bad = _bound(said)
    if bad:
        return bad
    line = known or _Line(said, first=number)
    if bound is not None:
        if any(_meet(bound, other) for other in line.bounds):
            return [("from_age", "two_lines_meet")]
        line.bounds.append(bound)
    if said["source"] not in line.sources:
        line.sources.append(said["source"])
    found[code] = line
    return []


def _bound(said: dict[str, str]) -> tuple[kinds.Bound | None, list[tuple[str, str]]]:
    """The bound that a row gives, None where it gives none; and what is wrong."""
    cells = {name: said.get(name, "") for name in OF_THE_BOUND}
    if not any(cells.values()):
        return None, []
    bad: list[tuple[str, str]] = []
    first, last = _age(cells["from_age"] or "0"), _age(cells["to_age"])
    if first is None or (cells["to_age"] and (last is None or last <= first)):
        bad.append(("from_age" if first is None else "to_age", "bad_age"))
    weight = cells["from_kg"].removesuffix("kg").strip() or "0"
    if not _digits(weight) or int(weight) > 300:
        bad.append(("from_kg", "bad_weight"))
    for name in ("most_a_day", "most_in_all"):
        if cells[name] and (not _digits(cells[name]) or not 1 <= int(cells[name]) <= 1_000_000):
            bad.append((name, "not_whole"))
    if len(cells["refused"]) > 300:
        bad.append(("refused", "too_long"))
    if bad:
        return None, bad
    a_day, in_all = (int(cells[name]) if cells[name] else None for name in ("most_a_day", "most_in_all"))
    if a_day is not None and in_all is not None and a_day > in_all:
        return None, [("most_a_day", "day_over_all")]
    bound = kinds.Bound(
        from_months=first or 0,
        to_months=last,
        from_kg=int(weight),
        most_a_day=a_day,
        most_in_all=in_all,
        refused=cells["refused"],
    )
    return bound, []


def _age(written: str) -> int | None:
    """An age in months: ``6 tháng``, ``12 tuổi``, ``2 years``; a bare number is years only where it says so, so
    anything but 0 without a word is None."""
    found = _AGE.fullmatch(fold(written))
    if found is None or (found[2] is None and found[1] != "0"):
        return None
    return int(found[1]) * (1 if found[2] is None or found[2].startswith(("th", "m")) else 12)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _meet(one: kinds.Bound, other: kinds.Bound) -> bool:
    before = one.to_months is not None and one.to_months <= other.from_months
    after = other.to_months is not None and other.to_months <= one.from_months
    return one.from_kg == other.from_kg and not before and not after


def _medicine(code: str, line: _Line) -> kinds.Medicine:
    said = line.said
    groups = [fold(part).replace(" ", "-") for part in re.split("[,;/+|]", said.get("groups", ""))]
    return kinds.Medicine(
        code=code,
        name=said["name"],
        ingredient=said["ingredient"],
        strength=said.get("strength", ""),
        form=said.get("form", ""),
        unit=said["unit"],
        groups=list(dict.fromkeys(filter(None, groups))),
        how=said.get("how", ""),
        not_in_pregnancy=said.get("pregnancy", ""),
        warning=said.get("warning", ""),
        bounds=line.bounds,
        source="; ".join(line.sources),
    )


def _made_up(medicine: kinds.Medicine) -> bool:
    said = (medicine.code.lower(), fold(medicine.name), fold(medicine.source))
    return any(mark in words for mark, words in zip(_MADE_UP, said, strict=True))


def _refused(wrong: Sequence[Wrong]) -> BadInput:
    def told(language: int) -> str:
        lines = [
            f"{'dòng' if language == 0 else 'line'} {one.line}"
            f"{f' ({one.column})' if one.column else ''}: {WRONG[one.code][language]}"
            for one in wrong[:_MOST_SHOWN]
        ]
        more = len(wrong) - _MOST_SHOWN
        return "; ".join(lines) + (f"; … +{more}" if more > 0 else "")

    return BadInput(
        "formulary_rows",
        f"{len(wrong)} rows of the formulary are not right: {told(1)}.",
        "Correct these rows and load the file again; nothing was taken in.",
        vi=f"Danh mục thuốc có {len(wrong)} chỗ chưa đúng: {told(0)}. Sửa rồi nạp lại; chưa ghi gì cả.",
    )
