"""Working days by a dated calendar: which days an office is open, and when a term of working days ends.

Two kinds of organisation keep two calendars. Public holidays and days in lieu bind everybody. A swap (a working day
off, paid back by a Saturday) is announced for civil servants with a Saturday and Sunday weekend; enterprises are only
encouraged to follow (Tờ trình 89/TTr-LĐTBXH of 20/11/2014), so it never moves an enterprise's clock.

``calendar.csv`` holds single facts, each with its source: the open library holidays 0.109 (MIT), and press copies of
official notices where that library lacks a swap. For 2009, 2011, 2016, 2017 and 2020 to 2023 no swap was found.
"""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

from tantam.errors import BadInput

Kind = Literal["enterprise", "public"]

KINDS = ("statutory", "in_lieu", "swapped_off", "makeup_work")
_OFF = KINDS[:3]
_SATURDAY = 5


@dataclass(frozen=True)
class Day:
    """One day that is not as its weekday says.

    ``kind`` is one of :data:`KINDS`; ``binds`` is ``all`` or ``public``; ``verify`` marks a day that was computed or
    for which no decree was seen: a term that crosses it should say so.
    """

    date: date
    kind: str
    binds: str
    verify: bool
    name_vi: str
    source: str


@cache
def days() -> tuple[Day, ...]:
    """Every row of ``calendar.csv``, oldest first."""
    text = (files("tantam.law") / "calendar.csv").read_text(encoding="utf-8")
    return tuple(
        Day(
            date.fromisoformat(r["date"]),
            r["kind"],
            r["binds"],
            r["verify"] == "yes",
            r["name_vi"],
            r["source"],
        )
        for r in csv.DictReader(text.splitlines())
    )


def known() -> tuple[date, date]:
    """The first and the last day the calendar speaks of: whole years."""
    return date(days()[0].date.year, 1, 1), date(days()[-1].date.year, 12, 31)


def is_working(day: date, kind: Kind = "enterprise") -> bool:
    """Whether a day is a working day; refuses (``calendar_unknown``) a year the calendar does not hold."""
    _in_table(day)
    open_days = _open(kind)
    at = bisect_left(open_days, day)
    return at < len(open_days) and open_days[at] == day


def add_working_days(start: date, n: int, kind: Kind = "enterprise") -> date:
    """The last day of a term of ``n`` working days: the first working day after ``start`` is day 1.

    The day itself is not counted (Civil Code 2015, article 147.2). A negative ``n`` counts back, so that something
    owed three working days before a day is due on ``add_working_days(day, -3)``; 0 gives ``start``. Refuses
    (``calendar_unknown``) where the term leaves the calendar.
    """
    _in_table(start)
    if n == 0:
        return start
    open_days = _open(kind)
    at = bisect_right(open_days, start) + n - 1 if n > 0 else bisect_left(open_days, start) + n
    if not 0 <= at < len(open_days):
        raise _unknown(f"A term of {n} working days from {start:%d/%m/%Y}")
    return open_days[at]


def working_days_between(a: date, b: date, kind: Kind = "enterprise") -> int:
    """How many working days lie after ``a`` up to and including ``b``; negative when ``b`` comes first.

    ``add_working_days(a, n)`` is a day with exactly ``n`` of them. Refuses (``calendar_unknown``).
    """
    if b < a:
        return -working_days_between(b, a, kind)
    _in_table(a)
    _in_table(b)
    return bisect_right(_open(kind), b) - bisect_right(_open(kind), a)


def working_on_or_after(day: date, kind: Kind = "enterprise") -> date:
    """The day itself if it is a working day, else the next: where a term of calendar days ends when its last day is
    a day off (Civil Code 2015, article 148.5). Refuses (``calendar_unknown``)."""
    _in_table(day)
    open_days, at = _open(kind), bisect_left(_open(kind), day)
    if at == len(open_days):
        raise _unknown(f"The first working day from {day:%d/%m/%Y}")
    return open_days[at]


def doubtful(first: date, last: date, kind: Kind = "enterprise") -> tuple[Day, ...]:
    """The days from ``first`` to ``last`` that are not settled by any notice seen: a term over them is a best guess."""
    return tuple(d for d in days() if d.verify and first <= d.date <= last and d.binds in ("all", kind))


@cache
def _open(kind: Kind) -> tuple[date, ...]:
    """Every working day of the calendar, sorted."""
    bound = {d.date: d.kind for d in days() if d.binds in ("all", kind)}
    first, last = known()
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(
        day
        for day in every
        if bound.get(day) == "makeup_work" or (day.weekday() < _SATURDAY and bound.get(day) not in _OFF)
    )


def _in_table(day: date) -> None:
    first, last = known()
    if not first <= day <= last:
        raise _unknown(f"The day {day:%d/%m/%Y}")


def _unknown(what: str) -> BadInput:
    first, last = known()
    return BadInput(
        "calendar_unknown",
        f"{what} leaves the calendar of working days, which holds {first.year} to {last.year}.",
        "Add the year's holidays to src/tantam/law/calendar.csv.",
        vi=f"Lịch ngày làm việc chỉ có từ năm {first.year} đến {last.year}. Hãy bổ sung ngày nghỉ của năm cần tính.",
    )
