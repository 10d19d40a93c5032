"""Requests about a person's data, and their clocks, from the dated table of the law. Pure.

The terms were read in secondary pages only (``verify`` in the table): the clocks run by them all the same, since
nobody is harmed by an early answer, and the screens say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID, uuid5

from tantam import clock
from tantam.errors import BadInput, Refused
from tantam.law import Row, ask
from tantam.law.calendar import add_working_days

T = TypeVar("T")
FIRST_ANSWER = "request_first_answer"
EXTENSION = "data_deletion_extension"

KINDS = {
    "access": ("Xem dữ liệu", "See the data", "data_access"),
    "correct": ("Sửa dữ liệu", "Correct the data", "data_access"),
    "delete": ("Xóa dữ liệu", "Delete the data", "data_deletion"),
    "withdraw": ("Rút đồng ý", "Withdraw consent", "consent_withdrawal"),
    "restrict": ("Hạn chế xử lý", "Restrict processing", "consent_withdrawal"),
    "object": ("Phản đối xử lý", "Object to processing", "consent_withdrawal"),
}
"""Code → in Vietnamese, in English, and the rule that sets its term."""

SAID_BY = {
    "phone": ("điện thoại", "phone"),
    "counter": ("tại quầy", "at a counter"),
    "letter": ("thư", "letter"),
    "mail": ("thư điện tử", "e-mail"),
    "web": ("trang Lời của tôi", "the page My voice"),
}
"""How somebody may ask us; the last one is the person's own, and nobody types it at a desk."""
OUTCOMES = {
    "done": ("đã làm theo yêu cầu", "done as asked"),
    "declined": ("không làm được, đã nói lý do", "could not be done, and the reason was told"),
}
REASONS = {
    "request": ("Người này yêu cầu xem hoặc xóa", "This person asked to see or delete"),
    "call": ("Đang trả lời người này", "Answering this person now"),
    "complaint": ("Giải quyết khiếu nại", "Settling a complaint"),
    "audit": ("Kiểm tra", "An audit"),
}
"""Why somebody looks at what we hold on a person: the codes that go to the journal."""

MOST_TEXT = 300
_NUMBERS = UUID("6f2f2c1e-2a0b-5d47-9d5e-1f7a0c54b1d3")


@dataclass(frozen=True)
class Clock:
    """Two terms of one request: the first answer, and the thing itself, each with the law's row."""

    first_due: date
    first_rule: Row
    due: date
    rule: Row

    @property
    def unsure(self) -> bool:
        """Whether either term was read only in a secondary page."""
        return self.first_rule.verify or self.rule.verify


def clock_of(kind: str, received: date) -> Clock:
    """The clock of a request received on a day; refuses ``bad_request_kind``, and ``no_rule_then`` before there was
    a law. A term of days ends on its last day even if that is a day off: never later than the law allows."""
    check_kind(kind)
    on = clock.to_days(received)
    first, whole = ask(FIRST_ANSWER, on), ask(KINDS[kind][2], on)
    return Clock(ends(first, received), first, ends(whole, received), whole)


def terms(on: date) -> dict[str, int]:
    """How many days each kind has on a day, with ``first`` (working days) and ``more`` (an extension's most)."""
    day = clock.to_days(on)
    coded = {"first": FIRST_ANSWER, "more": EXTENSION, **{kind: row[2] for kind, row in KINDS.items()}}
    return {name: int(ask(code, day).value) for name, code in coded.items()}


def ends(rule: Row, start: date) -> date:
    """The last day of a rule's term that began on a day; the day itself is not counted."""
    amount = int(rule.value)
    if rule.unit == "working_days":
        return add_working_days(start, amount)
    return start + timedelta(days=-(-amount // 24) if rule.unit == "hours" else amount)


def number_of(key: int, kind: str, before: int) -> UUID:
    """The id of a request: made of whose it is, what it is, and how many like it came before. Two clicks make one."""
    return uuid5(_NUMBERS, f"{key}|{kind}|{before}")


def owner(found: T | None) -> T:
    """Whoever owes the answer; refuses (``nobody_owes``) where there is nobody, rather than let a clock run unseen."""
    if found is None:
        raise Refused(
            "nobody_owes",
            "Nobody here answers such requests yet.",
            "Call us, or come to a counter.",
            vi="Chưa có người nhận trả lời yêu cầu này. Gọi tổng đài hoặc ra quầy giúp chúng tôi.",
        )
    return found


def check_kind(kind: str) -> None:
    """Refuse (``bad_request_kind``) what is no right of the law."""
    if kind not in KINDS:
        raise BadInput(
            "bad_request_kind",
            f"“{kind}” is no kind of request.",
            f"One of: {', '.join(KINDS)}.",
            vi="Chưa chọn người này muốn gì: xem, sửa, xóa, rút đồng ý, hạn chế hay phản đối. Chọn một.",
        )


def check_said_by(said_by: str) -> None:
    """Refuse (``bad_said_by``) a way that nobody speaks to us by."""
    if said_by not in SAID_BY:
        raise BadInput(
            "bad_said_by",
            f"“{said_by}” is no way to ask us.",
            f"One of: {', '.join(SAID_BY)}.",
            vi="Chưa chọn người này yêu cầu bằng cách nào. Chọn một.",
        )


def check_outcome(outcome: str) -> None:
    """Refuse (``bad_outcome``) an answer that is neither of :data:`OUTCOMES`."""
    if outcome not in OUTCOMES:
        raise BadInput(
            "bad_outcome",
            f"“{outcome}” is no outcome.",
            f"One of: {', '.join(OUTCOMES)}.",
            vi="Chưa chọn đã làm theo yêu cầu hay không làm được. Chọn một.",
        )


def check_received(received: date, today: date) -> None:
    """Refuse (``received_in_the_future``) a request that has not arrived yet."""
    if received > today:
        raise BadInput(
            "received_in_the_future",
            "A request cannot have arrived after today.",
            "Give the day it arrived.",
            vi="Ngày nhận không thể ở sau hôm nay. Chọn lại ngày nhận.",
        )


def check_open(closed: bool) -> None:
    """Refuse (``request_closed``) an act on an answered request."""
    if closed:
        raise Refused(
            "request_closed",
            "This request has been answered.",
            "Start a new one if the person asks for more.",
            vi="Yêu cầu này đã trả lời xong. Nếu người ấy cần thêm, hãy ghi yêu cầu mới.",
        )


def check_forgotten(kind: str, outcome: str, forgotten: bool) -> None:
    """Refuse (``not_forgotten_yet``) to tell somebody that he was deleted before he was."""
    if kind == "delete" and outcome == "done" and not forgotten:
        raise Refused(
            "not_forgotten_yet",
            "The person's data have not been deleted yet.",
            "Delete them first, then tell the person.",
            vi="Dữ liệu của người này chưa xóa. Xóa trước, rồi mới báo cho người ấy.",
        )


def check_deletion(kind: str) -> None:
    """Refuse (``not_a_deletion``) to forget somebody who asked for something else."""
    if kind != "delete":
        raise Refused(
            "not_a_deletion",
            "This person did not ask to be deleted.",
            "Start a request to delete, if that is what the person wants.",
            vi="Người này không yêu cầu xóa. Nếu người ấy muốn xóa, hãy ghi một yêu cầu xóa.",
        )


def check_extension(kind: str, extended: bool, days: int, received: date) -> None:
    """Refuse a second extension (``extended_already``), one for another kind than deletion (``no_extension``), and
    more days than the table allows (``extension_too_long``)."""
    most = int(ask(EXTENSION, clock.to_days(received)).value)
    if kind != "delete":
        raise Refused(
            "no_extension",
            "Only a deletion may be extended.",
            "Answer within the term.",
            vi="Chỉ yêu cầu xóa mới được gia hạn. Việc này phải xong đúng hạn.",
        )
    if extended:
        raise Refused(
            "extended_already",
            "This request was extended once; there is no second time.",
            "Answer it.",
            vi="Yêu cầu này đã gia hạn một lần, không có lần thứ hai. Hãy trả lời.",
        )
    if not 1 <= days <= most:
        raise Refused(
            "extension_too_long",
            f"{days} more days were asked for; at most {most} may be.",
            f"Give 1 to {most} days.",
            vi=f"Xin thêm {days} ngày, mà chỉ được tối đa {most} ngày. Chọn từ 1 đến {most} ngày.",
        )


def check_text(text: str, code: str, en: str, vi: str) -> str:
    """An answer or a reason must be in words, not too many; gives it trimmed."""
    words = text.strip()
    if not words:
        raise BadInput(code, en, "Write it in a sentence.", vi=f"{vi} Viết một câu.")
    if len(words) > MOST_TEXT:
        raise BadInput(
            "text_too_long",
            f"At most {MOST_TEXT} letters fit here.",
            "Shorten it.",
            vi=f"Chỗ này tối đa {MOST_TEXT} chữ. Viết ngắn lại.",
        )
    return words


def check_reason(because: str) -> None:
    """Refuse (``no_reason_code``) to open a person without one of :data:`REASONS`."""
    if because not in REASONS:
        raise BadInput(
            "no_reason_code",
            "The reason for looking was not said.",
            f"One of: {', '.join(REASONS)}.",
            vi="Chưa nói vì sao cần xem. Chọn một lý do.",
        )
