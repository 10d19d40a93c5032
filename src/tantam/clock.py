"""The only module that asks what time it is. Everything else is handed a day or a moment.

Days are int32 counted from 1970-01-01, so that no engine's own date habits matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from time import perf_counter

from tantam.errors import BadInput

EPOCH = date(1970, 1, 1)
HANOI = timezone(timedelta(hours=7))
"""Vietnam keeps UTC+7 all year."""


def today() -> int:
    """Today in Vietnam, as days since 1970."""
    return to_days(datetime.now(HANOI).date())


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def day_of(at: datetime) -> date:
    """The day in Vietnam at a moment."""
    return at.astimezone(HANOI).date()


def to_days(day: date) -> int:
    """Days since 1970; negative before."""
    return (day - EPOCH).days


def to_date(days: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=int(days))


def parse_day(text: str) -> int:
    """Read ``2026-11-21`` or ``21/11/2026``; refuses (``bad_day``) anything else."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return to_days(datetime.strptime(text.strip(), form).date())
        except ValueError:
            continue
    raise BadInput("bad_day", f"“{text}” is not a day.", "Write it as 2026-11-21 or 21/11/2026.")


@contextmanager
def stage(stages: dict[str, float], name: str) -> Iterator[None]:
    """Add the seconds that the block took to ``stages[name]``."""
    start = perf_counter()
    try:
        yield
    finally:
        stages[name] = round(stages.get(name, 0.0) + perf_counter() - start, 4)
