"""The law's clocks of a case: which ones run, when they end, and where a pause moves them. Pure.

An operator is an enterprise: swaps of days off announced for civil servants never move its clocks
(:mod:`tantam.law.calendar`). Rules read only in secondary pages (``verify``) run all the same, since nobody is harmed
by an early answer, and the screens say so.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from tantam.clock import HANOI, day_of, to_days
from tantam.law import Row, of
from tantam.law.calendar import (
    Kind,
    add_working_days,
    working_days_between,
    working_on_or_after,
)

RECEIPT, ACKNOWLEDGE, HAND_OVER = "complaint_receipt", "complaint_acknowledge", "content_hand_over"
SOLVE, REASON, REFUND = "complaint_solve", "complaint_reason", "wrong_fee_refund"

TERMS = {
    RECEIPT: ("Đưa biên nhận", "Give the receipt"),
    ACKNOWLEDGE: ("Báo đã tiếp nhận", "Acknowledge"),
    HAND_OVER: ("Chuyển cho bên cung cấp dịch vụ", "Hand over to the provider"),
    SOLVE: ("Giải quyết khiếu nại", "Settle the complaint"),
    REASON: ("Gửi lý do bằng văn bản", "Send the reason in writing"),
    REFUND: ("Hoàn tiền", "Pay back"),
}
"""Rule of the law → what is owed by it, in Vietnamese and in English."""

PAUSABLE = (SOLVE, REFUND)
"""Clocks that may stand still while we wait for the person's papers or account; the others wait for nobody."""

FINES = {
    SOLVE: "complaint_fine_late_most",
    REASON: "complaint_fine_late_most",
    REFUND: "complaint_fine_refund_most",
}
"""Rule → the rule of the highest fine where it is not kept."""

_LAST_SECOND = time(23, 59, 59)


def starting(kind: str, about: str, on: date) -> list[Row]:
    """The rules in force on a day whose clocks run from the receipt of a case."""
    if kind == "question":
        codes: tuple[str, ...] = (ACKNOWLEDGE,)
    else:
        codes = (RECEIPT, ACKNOWLEDGE, *((HAND_OVER,) if about == "content" else ()), SOLVE)
    return [row for code in codes if (row := in_force(code, on)) is not None]


def in_force(code: str, on: date) -> Row | None:
    """The row of a rule in force on a day; None before there was one."""
    return next((row for row in of(code) if row.holds(to_days(on))), None)


def ends(rule: Row, start: datetime, kind: Kind = "enterprise") -> datetime:
    """The moment a rule's term that began at a moment ends. Hours run by the clock; the day itself is not counted, and
    the last day lasts to its last second (Civil Code 2015, articles 147 and 148). A term of days ends on its last day
    even if that is a day off: never later than the law allows. Refuses ``calendar_unknown``."""
    amount, first = int(rule.value), day_of(start)
    if rule.unit == "hours":
        return start + timedelta(hours=amount)
    if rule.unit == "working_days":
        return _end_of(add_working_days(first, amount, kind))
    return _end_of(first + timedelta(days=amount))


def moved(
    rule: Row, due: datetime, paused_at: datetime, resumed_at: datetime, kind: Kind = "enterprise"
) -> datetime:
    """When a term that was due at a moment ends after it stood still: what was left of it, from the resuming on. Never
    earlier than it was. Refuses ``calendar_unknown``."""
    if rule.unit == "hours":
        return due + (resumed_at - paused_at)
    before, after, last = day_of(paused_at), day_of(resumed_at), day_of(due)
    if rule.unit == "working_days":
        left = working_days_between(before, last, kind)
        again = add_working_days(after, left, kind) if left else working_on_or_after(after, kind)
    else:
        again = after + (last - before)
    return max(due, _end_of(again))


def left(rule: Row, due: datetime, now: datetime, kind: Kind = "enterprise") -> int:
    """What is left of a term in the rule's own unit, whole; negative: by how much it is late. A day that is not over
    is not lost, so that a term which ends today has 0 left."""
    if rule.unit == "hours":
        return (due - now) // timedelta(hours=1)
    today, last = day_of(now), day_of(due)
    if rule.unit == "working_days":
        return working_days_between(today, last, kind)
    return (last - today).days


def cost(code: str, on: date) -> int:
    """The highest fine, in đồng, where a clock that ends on a day is not kept; 0 where the table knows none."""
    fine = in_force(FINES[code], on) if code in FINES else None
    return int(fine.value) if fine else 0


def over_a_month(bill_on: date, received: date) -> bool:
    """Whether a complaint about a fee came later than the window for it: a calendar month from the bill."""
    rule = in_force("complaint_fee_window", received)
    if rule is None:
        return False
    months = bill_on.year * 12 + bill_on.month - 1 + int(rule.value)
    first = date(months // 12, months % 12 + 1, 1)
    following = (first + timedelta(days=31)).replace(day=1)
    return received > min(first + timedelta(days=bill_on.day - 1), following - timedelta(days=1))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, _LAST_SECOND, HANOI)
