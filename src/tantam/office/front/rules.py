"""Quarters: the periods of the front page. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from tantam.errors import BadInput

_ROMAN = ("", "I", "II", "III", "IV")
_WRITTEN = re.compile(r"(20\d\d)-([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year, ``n`` from 1 to 4."""

    year: int
    n: int

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.n - 2, 1)

    @property
    def last(self) -> date:
        return self.after().first - timedelta(days=1)

    @property
    def code(self) -> str:
        """As an address has it: ``2026-4``."""
        return f"{self.year}-{self.n}"

    @property
    def roman(self) -> str:
        return _ROMAN[self.n]

    def before(self, steps: int = 1) -> Quarter:
        return _nth(4 * self.year + self.n - 1 - steps)

    def after(self) -> Quarter:
        return self.before(-1)


def quarter_of(on: date) -> Quarter:
    """The quarter that a day falls in."""
    return Quarter(on.year, (on.month + 2) // 3)


def read(text: str, today: date) -> Quarter | None:
    """The quarter an address asks for; None when it asks for none. BadInput ``bad_quarter``, also for one to come."""
    if not text:
        return None
    written = _WRITTEN.fullmatch(text)
    found = Quarter(int(written[1]), int(written[2])) if written else None
    if found is None or found > quarter_of(today):
        raise BadInput(
            "bad_quarter",
            "There are no figures of such a quarter.",
            "Write it like 2026-3.",
            vi="Không có số liệu của quý ấy. Viết như 2026-3.",
        )
    return found


def _nth(count: int) -> Quarter:
    return Quarter(count // 4, count % 4 + 1)
