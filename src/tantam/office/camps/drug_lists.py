"""A list of medicines as others keep it (a circular, a hospital's stock list), made into a formulary file to fill in.

Only what a line says is taken: name, ingredient, strength, form. No bound, no warning and no source is made up, so that
the file is refused until a pharmacist has filled in the source of each line. What cannot be read is handed back. Pure.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tantam.base.headings import listed, placed, shown
from tantam.base.tables import cell_text, table
from tantam.errors import BadInput
from tantam.letters import fold
from tantam.office.camps.formulary_file import COLUMNS

HEADINGS = {
    "name": ("tên thuốc", "trade name", "tên biệt dược", "biệt dược"),
    "ingredient": ("hoạt chất", "active ingredient", "active component", "tên hoạt chất"),
    "strength": ("hàm lượng", "nồng độ hàm lượng", "nồng độ, hàm lượng"),
    "form": ("dosage form", "dạng bào chế", "dạng"),
    "forms": ("forms and strengths", "dạng và hàm lượng"),
    "unit": ("đơn vị", "đơn vị tính"),
}
"""Our column → other headings that mean it; ``forms``: form and strengths in one cell, ``Tablet: 5 mg; 10 mg``."""

LEFT = {
    "no_ingredient": ("thiếu hoạt chất", "no ingredient"),
    "no_form": ("thiếu dạng bào chế", "no form"),
    "no_strength": ("không đọc được hàm lượng", "the strength cannot be read"),
    "another_strength": ("tên ghi một hàm lượng, cột hàm lượng ghi khác", "the name has another strength"),
}
"""Why a line is handed back: code → in Vietnamese, in English."""

_TO_MG = {
    "mcg": Decimal("0.001"),
    "µg": Decimal("0.001"),
    "ug": Decimal("0.001"),
    "mg": Decimal(1),
    "g": Decimal(1000),
}
_AMOUNT = re.compile(
    r"(?<![\w.,])(\d+(?:[.,]\d+)?)\s*(micrograms?|mcg|µg|ug|mg|g|ml|%|IU|UI|U|MBq|mmol|mEq|(?:triệu )?đơn vị)(?!\w)",
    re.IGNORECASE,
)
_PER = re.compile(r"/\s*\d*(?:[.,]\d+)?\s*(?:ml|g|mg|liều|nhát|dose|metered)", re.IGNORECASE)
_RANGE = re.compile(r"\bto\b|\bđến\b|–|\d\s*-\s*\d")
_NOTE = re.compile(r"^[*>•\[]|^$")


@dataclass(frozen=True)
class Line:
    """One medicine of a list."""

    name: str
    ingredient: str
    strength: str
    form: str
    unit: str


@dataclass(frozen=True)
class Draft:
    """A formulary file to fill in; what was taken, and what was not: (line in the file, code of :data:`LEFT`)."""

    content: bytes
    taken: list[Line]
    left: list[tuple[int, str]]


def draft(content: bytes) -> Draft:
    """A list's file as a formulary file without bounds and sources. BadInput ``missing_column``, ``no_rows``, and those
    of :func:`tantam.base.tables.table`."""
    lines = table(content)
    header = next(lines, None)
    if header is None:
        raise BadInput("no_rows", "The file has no rows.", "Choose another one.", vi="Tệp không có dòng nào.")
    at = placed(header[1], HEADINGS, {})
    if "ingredient" not in at or not {"strength", "forms"} & set(at):
        there = listed(shown(cell_text(heading)) for heading in header[1])
        raise BadInput(
            "missing_column",
            f"The list has no column of ingredients, or none of strengths. It has {there}.",
            "Name its columns name, ingredient, strength and form.",
            vi=f"Danh sách thiếu cột hoạt chất hoặc hàm lượng. Tệp có: {there}.",
        )
    taken: dict[Line, None] = {}
    left: list[tuple[int, str]] = []
    for number, cells in lines:
        said = {
            name: " ".join(cell_text(cells[place]).split()) if place < len(cells) else ""
            for name, place in at.items()
        }
        found = list(_read(said))
        taken.update((one, None) for one in found if isinstance(one, Line))
        left += [(number, one) for one in found if isinstance(one, str)]
    return Draft(_as_file(taken), list(taken), left)


def amounts(text: str) -> list[str]:
    """The amounts that a strength names, in its order: ``500mg;125mg`` is two, ``5mg/5ml`` is one with its volume."""
    return [found[0] for found in _AMOUNT.finditer(_PER.sub("", text))]


def milligrams(text: str) -> Decimal | None:
    """All amounts of a text together in mg; None where one of them is no weight, or there is none."""
    total = Decimal(0)
    found = _AMOUNT.findall(_PER.sub("", text))
    for value, unit in found:
        one = _TO_MG.get(re.sub("micrograms?", "mcg", unit.lower()))
        if one is None:
            return None
        total += Decimal(value.replace(",", ".")) * one
    return total if found else None


def _read(said: dict[str, str]) -> Iterator[Line | str]:
    """The medicines of one row, or why it has none."""
    ingredient = said.get("ingredient", "")
    if not ingredient:
        yield "no_ingredient"
        return
    unit = said.get("unit", "")
    if said.get("forms"):
        found = list(_forms(said["forms"]))
        for form, strength in found:
            yield Line(said.get("name") or ingredient, ingredient, strength, form, unit)
        if not found:
            yield "no_strength"
        return
    strength, form = said.get("strength", ""), said.get("form", "")
    if not amounts(strength):
        yield "no_strength"
    elif not form:
        yield "no_form"
    elif not _fits(said.get("name", ""), strength):
        yield "another_strength"
    else:
        yield Line(said.get("name") or ingredient, ingredient, strength, form, unit)


def _fits(name: str, strength: str) -> bool:
    """Whether the strength in a name is one that the line has: its whole (625 mg of 500 mg and 125 mg) or a part."""
    named = milligrams(name)
    if named is None or _PER.search(name):
        return True
    parts = [milligrams(part) for part in amounts(strength)]
    return None in parts or named == sum(filter(None, parts)) or named in parts


def _forms(cell: str) -> Iterator[tuple[str, str]]:
    """Form and strength of each medicine in a cell of several; notes and ranges of strengths are no medicine."""
    for piece in cell.split(" | "):
        form, colon, rest = piece.strip().partition(":")
        if not colon or _NOTE.match(form):
            continue
        for one in re.split(r";|\bor\b", re.sub(r"\([^)]*\)|\[[^]]*\]", " ", rest)):
            strength = " ".join(one.split()).rstrip(".* ")
            if amounts(strength) and not _RANGE.search(strength):
                yield form.strip(), strength


def _as_file(lines: Iterable[Line]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([headings[-1] for headings in COLUMNS.values()])
    used: set[str] = set()
    for one in lines:
        code = _code(one, used)
        said = {"code": code, "name": one.name, "ingredient": one.ingredient, "strength": one.strength}
        said |= {"form": one.form, "unit": one.unit}
        writer.writerow([said.get(name, "") for name in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _code(one: Line, used: set[str]) -> str:
    begun = fold(f"{one.name} {one.strength if fold(one.strength) not in fold(one.name) else ''}")
    begun = begun.replace(" ", "-")[:36].rstrip("-") or "thuoc"
    code, number = begun, 2
    while code in used:
        code, number = f"{begun}-{number}", number + 1
    used.add(code)
    return code
