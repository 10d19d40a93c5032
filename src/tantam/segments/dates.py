"""Years, months and birthdays by the calendar, in whole days: nothing here is divided by 365.25.

A term of months ends on the same day of the month, or on the month's last day where it has no such day (Civil
Code 2015, article 148.2), so whoever began on 29 February is counted on the 28th in common years.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from datetime import date

from tantam.clock import to_date, to_days

FOUR_YEARS = 1461
"""Days in four years. Dates repeat after them from March 1900 to February 2100; outside, completed years may
be off.
"""


def add_months(day: int, months: int) -> int:
    """The day a term of ``months`` that began on ``day`` is complete; months may be negative."""
    begun = to_date(day)
    year, month = divmod(begun.year * 12 + begun.month - 1 + months, 12)
    return to_days(date(year, month + 1, min(begun.day, monthrange(year, month + 1)[1])))


def latest_start(day: int, months: int) -> int:
    """The latest beginning whose term of ``months`` is complete on ``day``: a beginning is old enough if not
    later.
    """
    ends = to_date(day)
    if ends.day < monthrange(ends.year, ends.month)[1]:
        return add_months(day, -months)
    year, month = divmod(ends.year * 12 + ends.month - 1 - months, 12)
    return to_days(date(year, month + 1, monthrange(year, month + 1)[1]))


def year_steps(day: int) -> tuple[int, int, int]:
    """How many days back from ``day`` one, two and three completed years begin."""
    one, two, three = (day - latest_start(day, 12 * years) for years in (1, 2, 3))
    return one, two, three


def completed_years(begun: int, day: int) -> int:
    """Whole years completed on ``day``; negative when it begins later."""
    fours, rest = divmod(day - begun, FOUR_YEARS)
    return 4 * fours + sum(rest >= step for step in year_steps(day))


def birthdays(day: int, days: int) -> tuple[int, int] | None:
    """First and last birthday, as month × 100 + day, from ``day`` to ``days`` later; None when that is every
    day.

    The first is greater than the last where the new year lies between. A window that ends on 28 February of a
    common year takes the 29th in.
    """
    if days >= 365:
        return None
    first, last = to_date(day), to_date(day + days)
    end = last.month * 100 + last.day
    return first.month * 100 + first.day, 229 if end == 228 and not isleap(last.year) else end
