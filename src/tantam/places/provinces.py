"""The provinces and centrally-run cities of Vietnam by date: 63 until 2025-06-30, 34 since.

The table begins on 2008-08-01, when Hà Tây joined Hà Nội. A unit whose name or kind changed has one row per
stretch of time: Thừa Thiên Huế became the city of Huế on 2025-01-01, Đồng Nai a city on 2026-04-30.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from tantam.errors import BadInput

Kind = Literal["province", "city"]
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Province:
    """One unit over one stretch of time: from day ``since`` up to, not including, day ``until`` (None:
    still).

    ``code`` is two characters of text. The same code may name different units before and after 2025-07-01 (24
    was Bắc Giang and is Bắc Ninh). ``into`` is the code of its successor among the 34, None for the 34
    themselves. ``lon`` and ``lat`` are the centre in degrees. ``aliases`` are other names people write.
    """

    code: str
    name: str
    name_en: str
    kind: Kind
    since: int
    until: int | None
    into: str | None
    lon: float
    lat: float
    aliases: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """``Tỉnh Cao Bằng``, ``Thành phố Hà Nội``."""
        return f"{'Tỉnh' if self.kind == 'province' else 'Thành phố'} {self.name.removeprefix('TP. ')}"

    def holds(self, on: int) -> bool:
        """Whether this row describes the unit on a day."""
        return self.since <= on and (self.until is None or on < self.until)


def _day(text: str) -> int:
    return (date.fromisoformat(text) - _EPOCH).days


def _read() -> tuple[Province, ...]:
    table = (files("tantam.places") / "provinces.csv").read_text(encoding="utf-8")
    return tuple(_province(row) for row in csv.DictReader(table.splitlines()))


def _province(row: dict[str, str]) -> Province:
    return Province(
        row["code"],
        row["name"],
        row["name_en"],
        "city" if row["kind"] == "city" else "province",
        _day(row["since"]),
        _day(row["until"]) if row["until"] else None,
        row["into"] or None,
        float(row["lon"]),
        float(row["lat"]),
        tuple(filter(None, row["aliases"].split(";"))),
    )


EVERY: tuple[Province, ...] = _read()
"""Every row of the table, the old ones first, each list by code."""

PROVINCES: tuple[Province, ...] = tuple(p for p in EVERY if p.until is None)
"""The 34 of today, by code."""

FIRST_DAY = min(p.since for p in EVERY)
MERGED_ON = _day("2025-07-01")
"""The first day of the 34."""


@cache
def provinces(on: int) -> tuple[Province, ...]:
    """The units of a day by code, 63 or 34; refuses (``no_provinces_then``) days before 2008-08-01."""
    if on < FIRST_DAY:
        raise BadInput(
            "no_provinces_then",
            "The provinces before 01/08/2008 are not on file.",
            "The table begins on the day Hà Tây joined Hà Nội.",
        )
    return tuple(p for p in EVERY if p.holds(on))
