"""A file of measurements, row by row: what each row says, or why it cannot be taken. Pure.

Columns: ``indicator``; ``month``, or ``from`` and ``to``; ``place``; ``value``, ``n``, ``good``, ``spread``,
``method``, ``source``.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from tantam import places
from tantam.base.headings import bad_header, listed, placed, shown
from tantam.base.tables import cell_text, day
from tantam.clock import to_days
from tantam.letters import fold
from tantam.office.quality import indicators
from tantam.office.quality.indicators import Indicator
from tantam.office.quality.numbers import number, whole
from tantam.places.provinces import EVERY

COLUMNS = {
    "indicator": ("chỉ tiêu", "metric"),
    "month": ("tháng", "period", "kỳ"),
    "from": ("từ ngày", "từ", "from_on"),
    "to": ("đến ngày", "đến", "to_on"),
    "place": ("tỉnh", "tỉnh thành", "địa bàn", "province"),
    "value": ("giá trị", "kết quả", "kết quả đo"),
    "n": ("số mẫu", "cỡ mẫu", "samples", "sample size"),
    "good": ("số đếm", "số đếm được", "count", "counted"),
    "spread": ("độ lệch chuẩn", "sd", "standard deviation"),
    "method": ("cách đo", "phương pháp"),
    "source": ("nguồn",),
}
"""Our column → other headings that mean it."""

REJECTS = {
    "wrong_field_count": ("số ô khác dòng tiêu đề", "more or fewer fields than the header"),
    "unknown_indicator": ("không có chỉ tiêu này", "there is no such indicator"),
    "bad_period": (
        "không đọc được thời gian đo, hoặc dài quá một năm",
        "the period cannot be read, or exceeds a year",
    ),
    "wrong_period": ("chỉ tiêu này tính trọn quý", "this indicator is of whole quarters"),
    "not_over_yet": ("thời gian đo chưa qua hết", "the period is not over yet"),
    "unknown_place": ("không có tỉnh này", "there is no such province"),
    "no_value": ("thiếu giá trị", "no value"),
    "bad_value": ("giá trị không phải là số", "the value is no number"),
    "out_of_scale": ("giá trị ngoài thang của chỉ tiêu", "the value is off the indicator's scale"),
    "bad_n": ("số mẫu phải là số nguyên dương", "the sample size is no whole number above nought"),
    "bad_good": (
        "số đếm phải là số nguyên, không quá số mẫu, và chỉ dùng cho tỉ lệ",
        "the count is no whole number up to n, or the indicator is no share",
    ),
    "value_against_count": (
        "giá trị không khớp số đếm trên số mẫu",
        "the value does not fit the count and n",
    ),
    "bad_spread": (
        "độ lệch chuẩn phải là số không âm, và chỉ dùng cho trung bình",
        "the spread is no number from nought up, or the indicator is no mean",
    ),
    "too_long": ("chữ dài quá", "the words are too long"),
    "twice": ("trùng hẳn với một dòng trước", "the same as an earlier row"),
}
"""Why a row was not taken: code → in Vietnamese, in English."""

WHOLE_COUNTRY = {"", "ca nuoc", "toan quoc", "toan mang", "viet nam", "vn", "nationwide", "all", "country"}
LONGEST = {"place": 60, "method": 80, "source": 200}
MOST_DAYS = 366
MOST_SAMPLES = 10**15


class Row(NamedTuple):
    """One measurement, in the order of the table's columns."""

    indicator: str
    from_on: date
    to_on: date
    place: str
    place_written: str
    value: float
    n: int | None
    good_count: int | None
    spread: float | None
    method: str
    source: str


class Wrong(NamedTuple):
    """Why a row is not taken: a column, a code of :data:`REJECTS`, and what stands there, without what could be a
    phone number."""

    column: str
    code: str
    value: str


@dataclass
class Reader:
    """Reads rows by their header; ``today`` is the day after which nothing can have been measured.

    Refuses, when made, ``missing_column`` and ``column_twice``; ``renames`` maps headings of theirs to our columns, and
    ``map_unused`` is refused.
    """

    header: Sequence[object]
    today: date
    renames: Mapping[str, str] = field(default_factory=dict)
    _at: dict[str, int] = field(init=False, default_factory=dict)
    _seen: set[int] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._at = placed(self.header, COLUMNS, self.renames)
        dated = "month" in self._at or {"from", "to"} <= set(self._at)
        valued = "value" in self._at or {"n", "good"} <= set(self._at)
        if "indicator" not in self._at or not dated or not valued:
            there = listed(shown(cell_text(heading)) for heading in self.header)
            raise bad_header(
                "missing_column",
                f"not all of: indicator; month, or from and to; value, or n and good. It has {there}",
                "thiếu cột: cần indicator (chỉ tiêu); month (tháng) hoặc from và to; value (giá trị) hoặc n và good. "
                f"Tệp có: {there}",
            )

    def pass_over(self, cells: Sequence[object]) -> bool:
        """Note a row that needs no reading; gives whether the same stood there before."""
        same = hash(tuple(cells))
        before = len(self._seen)
        self._seen.add(same)
        return len(self._seen) == before

    def read(self, cells: Sequence[object]) -> Row | Wrong:
        """What a row says, or why it cannot be taken."""
        if len(cells) != len(self.header):
            return Wrong("", "wrong_field_count", str(len(cells)))
        if self.pass_over(cells):
            return Wrong("", "twice", "")
        get = {name: cells[at] for name, at in self._at.items()}
        of = _indicator(cell_text(get["indicator"]))
        if of is None:
            return _wrong("indicator", "unknown_indicator", get["indicator"])
        days = self._days(get)
        if days is None:
            return _wrong(
                "month" if "month" in get else "from", "bad_period", get.get("month", get.get("from", ""))
            )
        if of.kind == "rate" and not _whole_months(*days, of.months):
            return _wrong("month" if get.get("month") else "from", "wrong_period", f"{days[0]} – {days[1]}")
        if days[1] > self.today:
            return _wrong("month" if get.get("month") else "to", "not_over_yet", str(days[1]))
        said = {name: cell_text(get.get(name, "")) for name in LONGEST}
        for name, words in said.items():
            if len(words) > LONGEST[name]:
                return _wrong(name, "too_long", words)
        place = _place(said["place"], days[1])
        if place is None:
            return _wrong("place", "unknown_place", said["place"])
        figures = _figures(of, get)
        if isinstance(figures, Wrong):
            return figures
        value, n, good, spread = figures
        return Row(
            of.code, *days, place, said["place"], value, n, good, spread, said["method"], said["source"]
        )

    def _days(self, get: Mapping[str, object]) -> tuple[date, date] | None:
        month = get.get("month", "")
        if month not in ("", None):
            return _period(month if isinstance(month, date) else cell_text(month))
        first, last = day(get.get("from", "")), day(get.get("to", ""))
        if first is None or last is None or not 0 <= (last - first).days < MOST_DAYS:
            return None
        return first, last


def _wrong(column: str, code: str, value: object) -> Wrong:
    return Wrong(column, code, shown(cell_text(value), 80))


_indicator = lru_cache(maxsize=1000)(indicators.find)


_CHANGES = sorted({day for one in EVERY for day in (one.since, one.until) if day is not None})
"""The days on which some province began or ended: between two of them every name means the same."""


def _place(written: str, on: date) -> str | None:
    """A code of today's 34, "" for the whole country, None for what is no place. A name is read by its day; one that
    nobody had then, by all there ever were."""
    return _place_since(written, bisect_right(_CHANGES, to_days(on)))


@lru_cache(maxsize=10_000)
def _place_since(written: str, changes: int) -> str | None:
    if fold(written) in WHOLE_COUNTRY:
        return ""
    code = written.zfill(2) if written.isdecimal() else written
    found = (places.find(code, _CHANGES[changes - 1]) if changes else None) or places.find(code)
    return None if found is None else found.into or found.code


_MONTH = re.compile(r"(?P<y>[0-9]{4})-?(?P<m>[0-9]{1,2})|(?P<m2>[0-9]{1,2})/(?P<y2>[0-9]{4})")
_YEAR = re.compile(r"(?P<y>[0-9]{4})(?:-?[Hh](?P<h>[12]))?")
_QUARTER = re.compile(r"(?P<y>[0-9]{4})-?[Qq](?P<q>[1-4])|[Qq](?P<q2>[1-4])[/-](?P<y2>[0-9]{4})")


@lru_cache(maxsize=10_000)
def _period(cell: object) -> tuple[date, date] | None:
    """``2026-10``, ``10/2026``, ``2026Q3``, ``Q3/2026``, ``2026H1``, ``2026``, or any day of a month."""
    whole_month = day(cell)
    if whole_month is not None:
        return _months(whole_month.year, whole_month.month, 1)
    words = cell_text(cell)
    if found := _QUARTER.fullmatch(words):
        return _months(int(found["y"] or found["y2"]), int(found["q"] or found["q2"]) * 3 - 2, 3)
    if found := _YEAR.fullmatch(words):
        half = int(found["h"] or 0)
        return _months(int(found["y"]), 7 if half == 2 else 1, 6 if half else 12)
    if found := _MONTH.fullmatch(words):
        return _months(int(found["y"] or found["y2"]), int(found["m"] or found["m2"]), 1)
    return None


def _months(year: int, month: int, count: int) -> tuple[date, date] | None:
    if not (1900 <= year <= 2100 and 1 <= month <= 12):
        return None
    last = month + count - 1
    return date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1])


@lru_cache(maxsize=10_000)
def _whole_months(first: date, last: date, count: int) -> bool:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    ends = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    return ends and months == count and last.month % count == 0


def _figures(
    of: Indicator, get: Mapping[str, object]
) -> tuple[float, int | None, int | None, float | None] | Wrong:
    """Value, n, count and spread of a row."""
    n = good = spread = None
    if get.get("n", "") not in ("", None) and ((n := whole(get["n"])) is None or not 0 < n <= MOST_SAMPLES):
        return _wrong("n", "bad_n", get["n"])
    if get.get("good", "") not in ("", None):
        good = whole(get["good"])
        if good is None or n is None or not 0 <= good <= n or of.kind == "mean":
            return _wrong("good", "bad_good", get["good"])
    if get.get("spread", "") not in ("", None):
        spread = number(get["spread"])
        if spread is None or not 0 <= spread < MOST_SAMPLES or of.kind != "mean":
            return _wrong("spread", "bad_spread", get["spread"])
    cell = get.get("value", "")
    if cell in ("", None):
        if good is None or n is None:
            return Wrong("value", "no_value", "")
        return 100 * good / n, n, good, spread
    value = number(cell)
    if value is None:
        return _wrong("value", "bad_value", cell)
    if not 0 <= value <= min(of.most, MOST_SAMPLES):
        return _wrong("value", "out_of_scale", cell)
    if good is not None and n is not None and abs(100 * good / n - value) > _rounding(cell):
        return _wrong("value", "value_against_count", cell)
    return value, n, good, spread


def _rounding(cell: object) -> float:
    """How far a figure may lie from its exact value for the digits it was written with."""
    digits = cell_text(cell).removesuffix("%").rstrip().replace(",", ".").partition(".")[2]
    return 0.505 * 10.0 ** -len(digits)
