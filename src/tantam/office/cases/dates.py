"""The date doctor: does a column of a file say the day first or the month first, or are they swapped where both could
be either? Found out from the column itself, with its evidence in plain words; where it cannot tell, it says so. Pure.

A program that reads 04/05 the other way round, and cannot read 22/05 so, leaves a column where exactly the dates with a
day up to 12 are swapped (``swapped``). Those with a later day are right; what they span, the order of the tickets, and
how few come at weekends show how the others are meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from itertools import pairwise
from math import sqrt
from typing import Any, Literal, NamedTuple

from tantam.errors import BadInput
from tantam.office.words import day, number, say

Order = Literal["dmy", "mdy", "swapped", ""]
ORDERS = ("dmy", "mdy", "swapped")

FEW = 10
"""With fewer dates that can be read one way only, what they span says little."""
ALL, MUCH_LESS = 0.99, 0.9
"""A reading fits where nearly all of its dates lie in the span, and the other one where clearly fewer do."""
NEAR, FAR = 2.5, 4.5
"""Standard errors within which a share of weekends is the same, and beyond which it is not."""
ENOUGH = 100

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERIC = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[ t,]+(\S.*))?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ t,]+(\S.*))?")
_WORDED = re.compile(r"(\d{1,2})[-/. ]([a-z]{3})[a-z]*[-/. ,]+(\d{4}|\d{2})(?:[ t,]+(\S.*))?")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap])?\.?(?:m\.?)?z?")


class Parts(NamedTuple):
    """A date as it is written: two numbers of which ``first`` is the day and ``second`` the month, or the other way
    round; ``known``: the writing itself says that the first is the day (a year first, a month in letters, a cell)."""

    year: int
    first: int
    second: int
    known: bool
    at: time | None = None


@dataclass(frozen=True)
class Finding:
    """What was found out about one column. ``order`` is empty where nobody can tell; ``plain`` is the order of the
    dates that can be read one way only. Counts are of rows: ``certain`` of those, ``loose`` of those that could be
    either; of the loose ones ``outside_plain`` and ``outside_swapped`` lie outside what the certain ones span."""

    column: str
    order: Order
    why: str
    plain: str = "dmy"
    certain: int = 0
    loose: int = 0
    outside_plain: int = 0
    outside_swapped: int = 0
    first: date | None = None
    last: date | None = None

    def facts(self) -> dict[str, Any]:
        """As it is kept and printed."""
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(self).items()}

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Finding:
        """A finding from its :meth:`facts`."""
        days = {name: date.fromisoformat(facts[name]) if facts[name] else None for name in ("first", "last")}
        return cls(**{**facts, **days})

    def sentence(self) -> str:
        """What was found, with its evidence, in plain words."""
        figures = {
            "c": self.column, "n": number(self.certain), "m": number(self.loose),
            "a": day(self.first) if self.first else "", "b": day(self.last) if self.last else "",
            "x": number(self.outside_plain), "y": number(self.outside_swapped),
        }  # fmt: skip
        return " ".join(say(*text, **figures) for text in (*_FOUND[self.order], *_WHY[self.why]))


_FOUND = {
    "dmy": [("Cột “{c}”: ngày đứng trước tháng.", "Column “{c}”: the day comes before the month.")],
    "mdy": [("Cột “{c}”: tháng đứng trước ngày.", "Column “{c}”: the month comes before the day.")],
    "swapped": [("Cột “{c}”: ngày và tháng bị đảo ở mọi dòng có ngày từ 1 đến 12; các dòng khác đúng.",
                 "Column “{c}”: day and month are swapped wherever the day is 1 to 12; the others are right.")],
    "": [("Cột “{c}”: không đoán chắc được ngày hay tháng đứng trước.",
          "Column “{c}”: whether the day or the month comes first cannot be told.")],
}  # fmt: skip
_SPAN = (
    "{n} dòng chỉ đọc được một cách, từ {a} đến {b}. {m} dòng kia đọc xuôi thì {x} dòng rơi ra ngoài các tháng ấy, "
    "đảo lại thì {y} dòng.",
    "{n} rows can be read one way only, from {a} to {b}. Of the other {m}, {x} fall outside those months as they are "
    "written, and {y} the other way round.",
)
_EITHER = (
    "{n} dòng chỉ đọc được một cách; {m} dòng kia đọc cách nào cũng hợp.",
    "{n} rows can be read one way only; the other {m} fit either way.",
)
_WHY: dict[str, list[tuple[str, str]]] = {
    "clear": [("Dòng nào cũng chỉ đọc được một cách.", "Every row can be read one way only.")],
    "written": [("Cách ghi đã nói rõ đâu là ngày, đâu là tháng.", "The writing itself says which is which.")],
    "span": [_SPAN],
    "order": [_SPAN, ("Xếp theo số phiếu thì cách đọc này thuận ngày.",
                      "By the tickets' order this reading goes forward in time.")],
    "weekend": [_SPAN, ("Cách đọc này có cuối tuần vắng như các dòng chắc chắn.",
                        "This reading has as few weekends as the rows that are certain.")],
    "mixed": [("Có dòng chỉ đọc được ngày trước, có dòng chỉ đọc được tháng trước.",
               "Some rows can only be read with the day first, some only with the month first.")],
    "either": [_EITHER],
    "told": [("Đọc như người nhập đã bảo.", "Read as whoever took it in said.")],
    "nothing": [("Cột không có ngày nào đọc được.", "No date in it can be read.")],
}  # fmt: skip


def parts(cell: object) -> Parts | None:
    """A cell as a date of either reading; None where it is none."""
    if isinstance(cell, datetime):
        return Parts(cell.year, cell.day, cell.month, True, cell.time() if cell.time() != time() else None)
    if isinstance(cell, date):
        return Parts(cell.year, cell.day, cell.month, True)
    text = str(cell).strip().lower()
    if found := _YEAR_FIRST.fullmatch(text):
        year, second, first, rest = found.groups()
        return _parts(year, first, int(second), True, rest)
    if found := _NUMERIC.fullmatch(text):
        first, second, year, rest = found.groups()
        return _parts(year, first, int(second), False, rest)
    if (found := _WORDED.fullmatch(text)) and found[2] in _MONTHS:
        return _parts(found[3], found[1], _MONTHS.index(found[2]) + 1, True, found[4])
    return None


def hour(cell: object) -> time | None:
    """A time of day: ``15:53``, ``3:53:50 PM``, or a cell that is one; None where it is none."""
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    found = _TIME.fullmatch(str(cell).strip().lower())
    if found is None:
        return None
    hours, minutes, half = int(found[1]), int(found[2]), found[4]
    if half:
        hours = hours % 12 + (12 if half == "p" else 0)
    return time(hours, minutes, int(found[3] or 0)) if hours < 24 and minutes < 60 else None


def read(written: Parts, order: Order, plain: str = "dmy") -> date | None:
    """The date by an order; None where there is no such day."""
    day_first = (plain if order == "swapped" else order) == "dmy"
    if order == "swapped" and _loose(written):
        day_first = not day_first
    number_of_day, month = (written.first, written.second) if day_first else (written.second, written.first)
    try:
        return date(written.year, month, number_of_day)
    except ValueError:
        return None


def examine(column: str, cells: Sequence[object], refs: Sequence[object] = ()) -> Finding:
    """What the cells of a column say about their own order; ``refs`` are the numbers of the same rows, by which tickets
    follow each other in time."""
    found = [(written, at) for at, cell in enumerate(cells) if (written := parts(cell)) is not None]
    if not found:
        return Finding(column, "", "nothing")
    day_first = sum(w.first > 12 >= w.second for w, _ in found)
    month_first = sum(w.second > 12 >= w.first for w, _ in found)
    if day_first and month_first:
        return Finding(column, "", "mixed", certain=day_first + month_first)
    known = sum(w.known for w, _ in found) * 2 > len(found)
    plain = "mdy" if month_first else "dmy"
    certain = [d for w, _ in found if not _loose(w) and (d := read(w, _order(plain), plain))]
    loose = [w for w, _ in found if _loose(w) and w.first != w.second]
    given: dict[str, Any] = {"plain": plain, "certain": len(certain), "loose": len(loose)}
    given |= {"first": min(certain, default=None), "last": max(certain, default=None)}
    given["outside_plain"] = _outside(loose, certain, _order(plain), plain)
    given["outside_swapped"] = _outside(loose, certain, "swapped", plain)
    order, why = _judged(given, loose, certain, plain)
    if not order:
        order, why = _by_order(found, _numbers(refs), plain)
    if not order:
        order, why = _by_weekend(loose, certain, plain)
    if not order and known:  # nothing speaks against what is written
        order, why = "dmy", "written"
    return Finding(column, order, why, **given)


def told(column: str, order: str, found: Finding) -> Finding:
    """A finding as whoever takes the file in wants it; refuses ``bad_order``."""
    if order not in ORDERS:
        raise BadInput(
            "bad_order",
            f"“{order}” is no order of day and month.",
            f"One of: {', '.join(ORDERS)}.",
            vi="Thứ tự ngày tháng phải là dmy, mdy hoặc swapped.",
        )
    return Finding(**{**asdict(found), "column": column, "order": order, "why": "told"})


def _order(plain: str) -> Order:
    return "mdy" if plain == "mdy" else "dmy"


def _readings(plain: str) -> tuple[Order, Order]:
    return _order(plain), "swapped"


def _loose(written: Parts) -> bool:
    return written.first <= 12 and written.second <= 12


def _outside(loose: Sequence[Parts], certain: Sequence[date], order: Order, plain: str) -> int:
    """How many lie outside the months that the certain ones span."""
    if not certain:
        return 0
    first, last = (d.year * 12 + d.month for d in (min(certain), max(certain)))
    got = (read(w, order, plain) for w in loose)
    return sum(d is None or not first <= d.year * 12 + d.month <= last for d in got)


def _judged(
    given: dict[str, Any], loose: Sequence[Parts], certain: Sequence[date], plain: str
) -> tuple[Order, str]:
    """By the months that the certain dates span."""
    if not loose:
        return (_order(plain), "clear") if certain else ("", "either")
    if len(certain) < FEW:
        return "", "either"
    as_written, other = (1 - given[f"outside_{name}"] / len(loose) for name in ("plain", "swapped"))
    if as_written >= ALL and other < MUCH_LESS:
        return _order(plain), "span"
    if other >= ALL and as_written < MUCH_LESS:
        return "swapped", "span"
    return "", "either"


def _by_order(found: Sequence[tuple[Parts, int]], refs: Sequence[int], plain: str) -> tuple[Order, str]:
    """By the order of the tickets: the right reading jumps about far less than the other."""
    rows = sorted(found, key=lambda pair: refs[pair[1]]) if refs else list(found)
    readings = _readings(plain)
    jumps = {}
    for order in readings:
        days = [d.toordinal() for w, _ in rows if (d := read(w, order, plain))]
        jumps[order] = sum(abs(b - a) for a, b in pairwise(days)) or 1
    best, other = sorted(readings, key=lambda order: jumps[order])
    return (best, "order") if len(rows) >= FEW and jumps[best] * 2 < jumps[other] else ("", "either")


def _by_weekend(loose: Sequence[Parts], certain: Sequence[date], plain: str) -> tuple[Order, str]:
    """By how few come at weekends."""
    if min(len(loose), len(certain)) < ENOUGH:
        return "", "either"
    usual = sum(d.weekday() > 4 for d in certain) / len(certain)
    error = sqrt(max(usual * (1 - usual), 0.01) * (1 / len(loose) + 1 / len(certain)))
    readings = _readings(plain)
    off = {}
    for order in readings:
        days = [d for w in loose if (d := read(w, order, plain))]
        off[order] = abs(sum(d.weekday() > 4 for d in days) / max(len(days), 1) - usual) / error
    best, other = sorted(readings, key=lambda order: off[order])
    return (best, "weekend") if off[best] < NEAR and off[other] > FAR else ("", "either")


def _numbers(refs: Sequence[object]) -> list[int]:
    """The tickets' numbers, if they all are numbers; a cell of a spreadsheet may hold them as 250635.0."""
    texts = [str(ref).strip().removesuffix(".0") for ref in refs]
    return [int(t) for t in texts] if texts and all(t.isascii() and t.isdigit() for t in texts) else []


def _parts(year: str, first: str, second: int, known: bool, rest: str | None) -> Parts | None:
    whole = int(year) + (2000 if len(year) == 2 else 0)
    one = int(first)
    if not (1 <= one <= 31 and 1 <= second <= 31 and (one <= 12 or second <= 12)):
        return None
    return Parts(whole, one, second, known, hour(rest) if rest else None)
