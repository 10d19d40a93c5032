"""A file of calls to the call centre, row by row: calls, or half hours of them, added up by half hour. Pure.

A row is one call (``on``, ``at``, ``answered``, ``wait_s``) or a span of time with its counts (``on``, ``at``,
``offered``, ``answered``, ``in_60s``, ``hung_up``). A call counts in time if a person answered within 60 seconds; who
hung up before is not answered, however soon.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta

from tantam.base.headings import bad_header, listed, placed, shown
from tantam.base.tables import day
from tantam.errors import BadInput
from tantam.letters import fold
from tantam.office.quality.numbers import number, whole
from tantam.office.quality.rows import Wrong

IN_TIME_S = 60
SLOT_MINUTES = 30
MOST_CALLS = 10**9
MOST_WAIT_S = 86_400

COLUMNS = {
    "on": ("ngày", "date", "day"),
    "at": ("giờ", "giờ bắt đầu", "start", "time"),
    "second": ("giây trong ngày", "entry_s"),
    "offered": ("cuộc gọi đến", "gọi đến"),
    "answered": ("trả lời", "được trả lời", "answered (y/n)", "outcome"),
    "in_60s": ("trong 60 giây", "answered_60s"),
    "hung_up": ("bỏ máy", "abandoned"),
    "wait_s": ("chờ (giây)", "thời gian chờ", "speed of answer in seconds", "wait"),
}
"""Our column → other headings that mean it; ``second`` is the time of the day in seconds after midnight."""

YES = {"y", "yes", "1", "true", "co", "agent", "answered", "tra loi"}
NO = {"n", "no", "0", "false", "khong", "hang", "hung up", "abandoned", "bo may", "nho"}

REJECTS = {
    "bad_day": ("không đọc được ngày", "the day cannot be read"),
    "not_over_yet": ("ngày chưa qua", "the day is not over yet"),
    "bad_time": ("không đọc được giờ", "the time cannot be read"),
    "bad_count": ("số cuộc gọi phải là số nguyên từ 0", "a count is no whole number from nought up"),
    "more_than_offered": (
        "số trả lời hay bỏ máy nhiều hơn số gọi đến, hoặc số trong 60 giây nhiều hơn số trả lời",
        "more were answered or hung up than called, or more in 60 seconds than were answered",
    ),
    "no_call": ("không rõ có người trả lời hay không", "whether anybody answered is not said"),
    "bad_wait": ("thời gian chờ phải là số giây trong một ngày", "the wait is no number of seconds in a day"),
}
"""Why a row was not taken: code → in Vietnamese, in English."""


@dataclass(frozen=True)
class Slot:
    """Half an hour: its day and first minute after midnight, and its calls."""

    on: date
    minute: int
    offered: int = 0
    answered: int = 0
    in_60s: int = 0
    hung_up: int = 0


def slots(
    lines: Iterable[tuple[int, Sequence[object]]], today: date, renames: Mapping[str, str] | None = None
) -> tuple[list[Slot], list[tuple[int, Wrong]], int]:
    """The half hours of a file in their order, its rejected rows by line, and how many rows there were.

    The header comes first. Refuses ``no_rows``, ``missing_column``, ``column_twice``, ``map_unused``.
    """
    rows = iter(lines)
    header = next(rows, None)
    if header is None:
        raise BadInput(
            "no_rows", "The file has no rows.", "Choose another one.", vi="Tệp không có dòng nào. Chọn tệp khác."
        )  # fmt: skip
    at = _columns(header[1], renames or {})
    sums: dict[tuple[date, int], list[int]] = {}
    rejected: list[tuple[int, Wrong]] = []
    count = 0
    for line, cells in rows:
        count += 1
        get = {name: cells[place] if place < len(cells) else "" for name, place in at.items()}
        found = _slot(get, today)
        if isinstance(found, Wrong):
            rejected.append((line, found))
            continue
        total = sums.setdefault((found.on, found.minute), [0, 0, 0, 0])
        for place, more in enumerate(astuple(found)[2:]):
            total[place] += more
    return [Slot(*key, *total) for key, total in sorted(sums.items())], rejected, count


def _columns(header: Sequence[object], renames: Mapping[str, str]) -> dict[str, int]:
    found = placed(header, COLUMNS, renames)
    spans, calls = {"offered", "answered", "in_60s"}, {"answered", "wait_s"}
    have = set(found)
    if "on" not in have or not have & {"at", "second"} or not (spans <= have or calls <= have):
        there = listed(shown(str(heading)) for heading in header)
        raise bad_header(
            "missing_column",
            "not all of: on; at or second; offered, answered and in_60s, or answered and wait_s of each call. "
            f"It has {there}",
            f"thiếu cột: cần on (ngày); at (giờ); offered, answered và in_60s, hoặc answered và wait_s của từng cuộc. "
            f"Tệp có: {there}",
        )
    return found


def _slot(get: Mapping[str, object], today: date) -> Slot | Wrong:
    """What one row adds to its half hour."""
    on = day(get["on"])
    if on is None or not on.year >= 1900:
        return _wrong("on", "bad_day", get)
    if on >= today:
        return _wrong("on", "not_over_yet", get)
    minute = _minute(get)
    if minute is None:
        return _wrong("at" if "at" in get else "second", "bad_time", get)
    start = minute // SLOT_MINUTES * SLOT_MINUTES
    if "offered" in get:
        return _span(get, on, start)
    said = fold(str(get["answered"]).removesuffix(".0"))
    if said not in YES | NO:
        return _wrong("answered", "no_call", get)
    if said in NO:
        return Slot(on, start, 1, 0, 0, 1)
    wait = number(get["wait_s"])
    if wait is None or not 0 <= wait <= MOST_WAIT_S:
        return _wrong("wait_s", "bad_wait", get)
    return Slot(on, start, 1, 1, int(wait <= IN_TIME_S), 0)


def _span(get: Mapping[str, object], on: date, start: int) -> Slot | Wrong:
    counts: dict[str, int] = {}
    for name in ("offered", "answered", "in_60s", "hung_up"):
        cell = get.get(name, "")
        one = 0 if name == "hung_up" and cell in ("", None) else whole(cell)
        if one is None or not 0 <= one <= MOST_CALLS:
            return _wrong(name, "bad_count", get)
        counts[name] = one
    fits = (
        counts["in_60s"] <= counts["answered"] and counts["answered"] + counts["hung_up"] <= counts["offered"]
    )
    return Slot(on, start, **counts) if fits else _wrong("offered", "more_than_offered", get)


def _minute(get: Mapping[str, object]) -> int | None:
    """Minutes after midnight, of a clock time or of seconds."""
    if "second" in get:
        seconds = whole(get["second"])
        return seconds // 60 if seconds is not None and 0 <= seconds < 86_400 else None
    cell = get["at"]
    if isinstance(cell, timedelta):
        cell = (datetime.min + cell).time() if timedelta() <= cell < timedelta(days=1) else None
    if isinstance(cell, datetime | time):
        return cell.hour * 60 + cell.minute
    for form in ("%H:%M", "%H:%M:%S", "%Hh%M"):
        try:
            found = datetime.strptime(str(cell).strip(), form)
        except ValueError:
            continue
        return found.hour * 60 + found.minute
    return None


def _wrong(column: str, code: str, get: Mapping[str, object]) -> Wrong:
    return Wrong(column, code, shown(str(get.get(column, "")), 80))
