"""The dated rule table: read from ``rules.toml``, checked row by row, asked by code and day.

A row with ``verify`` was read only in a secondary page, was inferred, or may no longer hold. It warns and
asks for a named person's yes; it never refuses by itself and is never called the law.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal

from tantam.errors import BadInput

Value = int | float | str | bool

UNITS: dict[str, tuple[type, str, str]] = {
    "yes_no": (bool, "", ""),
    "time": (str, "", ""),
    "text": (str, "", ""),
    "percent": (int, " %", "%"),
    "exact_percent": (float, " %", "%"),
    "mos": (float, " điểm MOS", " MOS"),
    "per_100": (float, " trên 100 khách hàng", " per 100 customers"),
    "seconds": (float, " giây", " seconds"),
    "dong": (int, " đồng", " đồng"),
    "persons": (int, " người", " persons"),
    "messages": (int, " tin", " messages"),
    "mails": (int, " thư", " mails"),
    "calls": (int, " cuộc gọi", " calls"),
    "characters": (int, " ký tự", " characters"),
    "hours": (int, " giờ", " hours"),
    "sliding_hours": (int, " giờ trượt", " sliding hours"),
    "days": (int, " ngày", " days"),
    "working_days": (int, " ngày làm việc", " working days"),
    "days_a_year": (int, " ngày một năm", " days a year"),
    "months": (int, " tháng", " months"),
    "years": (int, " năm", " years"),
}
"""Unit → type of its value, and what follows the number in Vietnamese and in English."""

_VIETNAMESE = str.maketrans(",.", ".,")
_EPOCH = date(1970, 1, 1)
_NEEDED = {"code", "value", "unit", "from", "source", "article", "verify", "vi", "en"}


@dataclass(frozen=True)
class Row:
    """One rule over one stretch of time: from day ``since`` up to but not including ``until`` (None: still).

    ``value`` is in ``unit`` (see :data:`UNITS`); percent is whole percent, exact_percent has a fraction. ``source``
    and ``article`` say where it is written; ``vi`` and ``en`` say it in one plain sentence.
    """

    code: str
    value: Value
    unit: str
    since: int
    until: int | None
    source: str
    article: str
    verify: bool
    vi: str
    en: str

    def holds(self, on: int) -> bool:
        """Whether the rule is in force on a day."""
        return self.since <= on and (self.until is None or on < self.until)

    def written(self, lang: Literal["vi", "en"] = "vi") -> str:
        """The value with its unit as people read it: ``100.000.000 đồng``, ``2 working days``, ``có``."""
        if isinstance(self.value, bool):
            return {"vi": ("không", "có"), "en": ("no", "yes")}[lang][self.value]
        if isinstance(self.value, str):
            return self.value
        kind, vi, en = UNITS[self.unit]
        number = f"{self.value:,}" if kind is int else f"{self.value:,g}"
        return number.translate(_VIETNAMESE) + vi if lang == "vi" else number + en


def day_of(days: int) -> date:
    """The date of a day number."""
    return _EPOCH + timedelta(days=days)


@cache
def rows() -> tuple[Row, ...]:
    """Every row of the table, past ones too, in the order of the file."""
    return read((files("tantam.law") / "rules.toml").read_text(encoding="utf-8"))


def ask(code: str, on: int) -> Row:
    """The row of a rule in force on a day.

    Refuses (``no_rule``) an unknown code, with the nearest one as a hint, and (``no_rule_then``) a day on
    which no row of that rule is in force.
    """
    dated = of(code)
    for row in dated:
        if row.holds(on):
            return row
    raise BadInput(
        "no_rule_then",
        f"The rule “{code}” has no row in force on {day_of(on):%d/%m/%Y}.",
        f"Its first day is {day_of(dated[0].since):%d/%m/%Y}; see `tantam law show {code}`.",
    )


def of(code: str) -> tuple[Row, ...]:
    """All rows of one rule, oldest first; refuses (``no_rule``) an unknown code, naming the nearest."""
    found = tuple(sorted((row for row in rows() if row.code == code), key=lambda row: row.since))
    if not found:
        near = get_close_matches(code, {row.code for row in rows()}, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]}?" if near else "See `tantam law show`."
        raise BadInput("no_rule", f"There is no rule “{code}”.", hint)
    return found


def read(text: str) -> tuple[Row, ...]:
    """The rows of a table written as ``rules.toml`` is.

    Refuses (``bad_law_table``) text that is not TOML, a missing or unknown column, a value that does not fit
    its unit, a row that ends before it begins, and two rows of one rule in force on one day; each time naming
    the row.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad("The file", f"is not TOML: {error}") from None
    listed = tables.get("rule")
    if (
        set(tables) != {"rule"}
        or not isinstance(listed, list)
        or not all(isinstance(t, dict) for t in listed)
    ):
        raise _bad("The file", "holds something beside [[rule]] tables, or none of them")
    found = tuple(_row(number, table) for number, table in enumerate(listed, 1))
    _one_at_a_time(found)
    return found


def _row(number: int, table: dict[str, Any]) -> Row:
    name = f"Row {number} ({table.get('code', 'no code')})"
    odd = sorted(_NEEDED - set(table)) + sorted(set(table) - _NEEDED - {"to"})
    if odd:
        raise _bad(name, f"has missing or unknown columns: {', '.join(odd)}")
    for key in ("code", "unit", "source", "article", "vi", "en"):
        if not isinstance(table[key], str) or not table[key].strip():
            raise _bad(name, f"has no text in “{key}”")
    if not re.fullmatch("[a-z][a-z0-9_]*", table["code"]):
        raise _bad(name, "has a code that is not lower_snake_case")
    if not isinstance(table["verify"], bool):
        raise _bad(name, "has a “verify” that is neither true nor false")
    _check_value(name, table["value"], table["unit"])
    since, until = _day(name, "from", table["from"]), _day(name, "to", table["to"]) if "to" in table else None
    if until is not None and until <= since:
        raise _bad(name, "ends before it begins")
    said = (table[key] for key in ("source", "article", "verify", "vi", "en"))
    return Row(table["code"], table["value"], table["unit"], since, until, *said)


def _check_value(name: str, value: object, unit: str) -> None:
    if unit not in UNITS:
        raise _bad(name, f"has an unknown unit “{unit}”")
    kind = UNITS[unit][0]
    fits = type(value) is kind
    if fits and unit == "time":
        fits = bool(re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", str(value)))
    if fits and isinstance(value, int | float) and kind in (int, float):
        fits = 0 <= value <= (100 if unit.endswith("percent") else 2**62)
    if not fits:
        raise _bad(name, f"has a value that does not fit the unit “{unit}”")


def _day(name: str, key: str, value: object) -> int:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _bad(name, f"has a “{key}” that is not a date like 2026-01-01")
    return (value - _EPOCH).days


def _one_at_a_time(found: Iterable[Row]) -> None:
    """Two rows of one rule may follow one another, never hold on the same day."""
    for before, after in pairwise(sorted(found, key=lambda row: (row.code, row.since))):
        if before.code == after.code and (before.until is None or before.until > after.since):
            raise _bad(
                f"The rule “{before.code}”", f"has two rows in force on {day_of(after.since):%d/%m/%Y}"
            )


def _bad(which: str, what: str) -> BadInput:
    return BadInput("bad_law_table", f"{which} of the rule table {what}.", "Correct rules.toml.")
