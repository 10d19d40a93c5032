"""The people that a commune expects at its camp, out of its file. Pure: the card's numbers are salted as they are read
and never leave this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from tantam.base.headings import shown
from tantam.base.tables import cell_text, day, table
from tantam.errors import BadInput
from tantam.letters import fold
from tantam.office.camps.kinds import Expected, Person, Sex
from tantam.office.camps.need import found_columns

COLUMNS = {
    "name": ("họ tên", "họ và tên", "tên", "full name"),
    "born": ("năm sinh", "ngày sinh", "sinh", "born", "birth year"),
    "sex": ("giới tính", "giới", "nam nữ"),
    "village": ("thôn", "bản", "thôn bản", "xóm"),
    "card": ("số căn cước", "căn cước", "cccd", "cmnd", "số thẻ", "bhyt", "số thẻ bhyt"),
}
"""Our column → other headings that mean it; only ``name`` is needed."""
REJECTS = {
    "no_name": ("thiếu họ tên", "no name"),
    "bad_born": ("năm sinh không đọc được", "the year of birth cannot be read"),
    "twice": ("trùng hẳn với một dòng trước", "the same as an earlier row"),
}
"""Why a row was not taken: code → in Vietnamese, in English."""
SEXES: dict[str, Sex] = {
    **dict.fromkeys(("nu", "female", "f"), "female"),
    **dict.fromkeys(("nam", "male", "m"), "male"),
}
A_FACT = 1000
MOST = 50_000


class Reject(NamedTuple):
    """A row that was not taken: its line and a code of :data:`REJECTS`; never what stands there."""

    line: int
    code: str


def read(content: bytes, salted: Callable[[str], str]) -> tuple[list[Person], list[Reject]]:
    """The people of a file (CSV or a spreadsheet), and the rows that were not taken. ``salted``: a card's number as
    its salted hash (:func:`tantam.office.camps.locks.salted` with the camp's key).

    Refuses ``no_rows``, ``missing_column``, ``column_twice``, ``too_many_rows``, and what
    :func:`tantam.base.tables.table` refuses.
    """
    lines = table(content)
    head = next(lines, None)
    if head is None:
        raise BadInput(
            "no_rows", "The file has no rows.", "Choose another one.", vi="Tệp trống. Chọn tệp khác."
        )
    at = found_columns(head[1], COLUMNS, set(COLUMNS) - {"name"})
    people: dict[str, Person] = {}
    rejects: list[Reject] = []
    for line, cells in lines:
        found = _person({name: cells[n] if n < len(cells) else "" for name, n in at.items()}, salted)
        if isinstance(found, str):
            rejects.append(Reject(line, found))
        elif found.id in people:
            rejects.append(Reject(line, "twice"))
        else:
            people[found.id] = found
        if len(people) > MOST:
            raise BadInput(
                "too_many_rows",
                f"More than {MOST:,} people.",
                "One camp of one day examines some hundreds: bring the list of one commune.",
                vi="Tệp quá 50.000 người. Một trại một ngày khám vài trăm người: nạp danh sách của một xã.",
            )
    return list(people.values()), rejects


def facts(people: list[Person]) -> Iterator[Expected]:
    """The same people as bodies of facts, a thousand in each."""
    for start in range(0, len(people), A_FACT):
        yield Expected(people=people[start : start + A_FACT])


def card_text(cell: object) -> str:
    """A card's number as it is salted: letters and digits, capitals. A spreadsheet that took a citizen's number for a
    figure dropped its noughts; they are put back."""
    text = re.sub(r"[^0-9A-Za-z]", "", cell_text(cell)).upper()
    return text.zfill(12) if isinstance(cell, int | float) and 9 < len(text) < 12 else text


def _person(row: Mapping[str, object], salted: Callable[[str], str]) -> Person | str:
    name = " ".join(cell_text(row["name"]).split())[:120]
    if not name:
        return "no_name"
    born, year = cell_text(row.get("born", "")), None
    if born:
        on = day(row["born"])
        year = on.year if on else int(born) if re.fullmatch(r"\d{4}", born) else None
        if year is None or not 1890 <= year <= 2100:
            return "bad_born"
    village = shown(cell_text(row.get("village", "")), 120)
    card = card_text(row.get("card", ""))
    who = card or f"{fold(name)}|{year}|{fold(village)}"
    return Person(
        id=f"p{salted(f'expected {who}')[:20]}",
        name=name,
        born_year=year,
        sex=SEXES.get(fold(cell_text(row.get("sex", ""))), "unknown"),
        village=village,
        card=salted(card) if card else "",
    )
