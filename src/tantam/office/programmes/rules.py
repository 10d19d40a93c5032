"""What a programme's rhythm asks for, day by day. Pure.

Days are days in Vietnam. “Each branch a gathering a month” is due on the last day of each month, “a quarter” on the
last day of each quarter, “15/10 every year” on that day; what was due before a programme began is not owed.
"""

from __future__ import annotations

import calendar
import re
import uuid
from collections.abc import Iterator
from datetime import date, timedelta

from tantam.errors import BadInput, Refused

RHYTHMS = {
    "none": ("không định kỳ", "no rhythm"),
    "monthly_per_branch": ("mỗi chi nhánh mỗi tháng một buổi", "each branch one a month"),
    "quarterly_per_branch": ("mỗi chi nhánh mỗi quý một buổi", "each branch one a quarter"),
    "yearly_on": ("mỗi năm một ngày", "one day every year"),
}
EVENT_KINDS = {
    "cafe": ("cà phê sáu khách", "a café meeting of six"),
    "quarterly": ("gặp mặt quý", "a quarterly gathering"),
    "listening_day": ("ngày lắng nghe", "a listening day"),
    "vip": ("tối tri ân", "an evening of thanks"),
    "camp": ("khám bệnh", "a medical camp"),
    "gift": ("tặng quà", "gifts"),
    "other": ("việc khác", "something else"),
}
LESSONS = {"got": ("Được", "Came off"), "not_yet": ("Chưa được", "Not yet")}
PER_BRANCH = frozenset({"monthly_per_branch", "quarterly_per_branch"})
LONGEST = {"name": 120, "purpose": 400, "theme": 200, "lesson": 400}
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_PEOPLE = 1_000_000


def dues(rhythm: str, rhythm_day: str, first: date, until: date) -> list[date]:
    """The due days of a rhythm from ``first`` to ``until``, both included, in order."""
    if first > until or rhythm == "none":
        return []
    if rhythm == "yearly_on":
        month, day = parse_day(rhythm_day)
        years = range(first.year, until.year + 1)
        days = [_in_year(year, month, day) for year in years]
    else:
        step = 1 if rhythm == "monthly_per_branch" else 3
        days = [end for end in _month_ends(first, until) if end.month % step == 0]
    return [day for day in days if first <= day <= until]


def promise_id(programme: int, office: int, due: date) -> uuid.UUID:
    """The same promise of the rhythm always has the same id, so that asking twice makes it once."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"tantam:programme:{programme}:{office}:{due.isoformat()}")


def parse_day(text: str) -> tuple[int, int]:
    """``10-15`` as (10, 15); BadInput ``bad_rhythm_day`` when no year has that day."""
    found = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})", text)
    month, day = (int(part) for part in found.groups()) if found else (0, 0)
    # 2024 has a 29th of February: in other years that programme meets on the 28th.
    if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2024, month)[1]:
        return month, day
    raise BadInput(
        "bad_rhythm_day",
        f"“{text}” is no day of the year.",
        "Write month and day, as 10-15.",
        vi="Ngày trong năm chưa đúng. Chọn ngày và tháng, như 15/10.",
    )


def check(
    *,
    code: str,
    name: str,
    purpose: str,
    theme: str,
    year: int,
    event_kind: str,
    rhythm: str,
    rhythm_day: str,
    people: int,
) -> None:
    """Refuse a programme that says nothing (``empty_programme``), too much (``too_long``), of no kind or year."""
    if not name.strip() or not purpose.strip() or not code:
        raise BadInput(
            "empty_programme",
            "The programme has no name, or does not say what it is for.",
            "Write both.",
            vi="Chương trình chưa có tên, hoặc chưa nói để làm gì. Viết cả hai.",
        )
    for field, text in (("name", name), ("purpose", purpose), ("theme", theme)):
        check_length(field, text)
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= people <= MOST_PEOPLE):
        raise BadInput(
            "bad_number",
            "The year, or how many people, is out of bounds.",
            f"A year from {FIRST_YEAR} to {LAST_YEAR}; at least one person.",
            vi=f"Năm hoặc số người chưa đúng. Năm từ {FIRST_YEAR} đến {LAST_YEAR}, ít nhất một người.",
        )
    if rhythm not in RHYTHMS or event_kind not in EVENT_KINDS:
        raise BadInput(
            "bad_rhythm",
            "There is no such rhythm or kind of gathering.",
            "Choose from the list.",
            vi="Chưa chọn nhịp hoặc loại buổi gặp. Chọn trong danh sách.",
        )
    if rhythm == "yearly_on":
        parse_day(rhythm_day)


def check_length(field: str, text: str) -> None:
    """Refuse more than there is room for (``too_long``)."""
    if len(text.strip()) > LONGEST[field]:
        raise BadInput(
            "too_long",
            f"This is longer than {LONGEST[field]} characters.",
            "Say it shorter.",
            vi=f"Dài quá {LONGEST[field]} chữ. Viết ngắn lại.",
        )


def check_going(closed_on: date | None) -> None:
    """Refuse an act on a closed programme (``programme_closed``)."""
    if closed_on is not None:
        raise Refused(
            "programme_closed",
            "This programme is closed.",
            "Copy it to a new year to go on.",
            vi="Chương trình này đã khép. Muốn làm tiếp, chép sang năm mới.",
        )


def _month_ends(first: date, until: date) -> Iterator[date]:
    end = _month_end(first.year, first.month)
    while end <= until:
        yield end
        following = end + timedelta(days=1)
        end = _month_end(following.year, following.month)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _in_year(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
