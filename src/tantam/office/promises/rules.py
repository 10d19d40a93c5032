"""What a promise may become, and the kept-promise rate. Pure.

``rate = kept on or before the first due date ÷ all whose first due date fell in the period``. Broken and open-late
promises stay in the denominator; one whose date was moved counts by its first date; released ones stand apart.
"""

from __future__ import annotations

from dataclasses import asdict, astuple, dataclass
from datetime import date

from tantam.errors import BadInput, Refused

BY_DEED = {
    "forward": ("chuyển hết ý kiến của buổi gặp", "all that was said there is forwarded"),
    "call_back": ("gọi lại đủ khách đã đến", "every guest who came is called back"),
    "data_right": ("yêu cầu dữ liệu được trả lời", "the data request is answered"),
    "complaint": ("việc ấy được ghi ở trang khiếu nại", "the deed is written down where the complaint is"),
}
"""Kinds that keep themselves when their deed is done: nobody may only say so. (Where they came from something.)"""

FOLLOWED = {
    "theme": ("việc đã làm hay câu trả lời mới được ghi ở chủ đề", "the theme says what was done, or more"),
    "camp": ("trại khám mở xong và khép lại", "the camp was held and is closed"),
    "camp_fact": ("giấy chuyển tuyến được theo đến cùng", "the referral is followed to its end"),
}
"""What a promise may have come from that changes with it → the deed that keeps it. Whoever settles such a promise
changes both in one transaction: the room of what it came from."""

PROOFS = {
    "confirmed": ("Người được hứa xác nhận", "Whoever we owed said so"),
    "document": ("Văn bản, tin nhắn có số", "A document or message with a number"),
    "receipt": ("Biên nhận, chứng từ", "A receipt"),
    "other": ("Cách khác", "Something else"),
}

MOST_PEOPLE = 100_000_000
LONGEST = 300
"""Characters of what is owed, a proof or a reason: a sentence or two."""

FEW = 30
"""Below so many due promises no percentage is shown: “27 in 28”."""

KINDS = {
    "forward": ("Chuyển ý kiến", "Forward opinions"),
    "call_back": ("Gọi lại báo kết quả", "Call back with the outcome"),
    "gathering": ("Buổi gặp", "A gathering"),
    "reply": ("Trả lời", "A reply"),
    "commitment": ("Cam kết", "A commitment"),
    "gift": ("Quà, thưởng", "A gift or reward"),
    "refund": ("Hoàn tiền", "A refund"),
    "camp_day": ("Ngày khám", "A camp day"),
    "referral": ("Theo giấy chuyển tuyến", "Following a referral"),
    "data_right": ("Quyền dữ liệu", "A data right"),
    "remedy": ("Bù đắp chất lượng", "Making quality right"),
    "complaint": ("Khiếu nại, câu hỏi", "A complaint or question"),
    "other": ("Việc khác", "Something else"),
}


@dataclass(frozen=True)
class Rate:
    """The counts behind the one number; ``due`` is their sum, ``rate`` a fraction or None when nothing was due."""

    kept_on_time: int = 0
    kept_late: int = 0
    broken: int = 0
    open_late: int = 0
    released: int = 0

    def __add__(self, other: Rate) -> Rate:
        return Rate(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    @property
    def due(self) -> int:
        return self.kept_on_time + self.kept_late + self.broken + self.open_late

    @property
    def rate(self) -> float | None:
        return self.kept_on_time / self.due if self.due else None

    def figures(self) -> dict[str, int | float | None]:
        """As the contract names them."""
        return {"due": self.due, **asdict(self), "rate": self.rate}


@dataclass(frozen=True)
class Standing:
    """How many promises stand where today; of those ``open``, ``late`` are past their first due date."""

    kept_on_time: int
    kept_late: int
    broken: int
    released: int
    late: int
    open: int

    @property
    def waiting(self) -> int:
        return self.open - self.late


def month_of(on: date) -> date:
    """The first day of a day's month."""
    return on.replace(day=1)


def days_late(due: date, today: date) -> int:
    """Whole days past the due date; 0 on the day itself and before."""
    return max(0, (today - due).days)


def outcome(state: str, first_due: date, settled_on: date | None) -> str:
    """Which column of the tally a promise stands in."""
    if state == "kept":
        assert settled_on is not None
        return "kept_on_time" if settled_on <= first_due else "kept_late"
    return state


def check_new(kind: str, what: str, first_due: date, today: date, people: int) -> None:
    """Refuse a promise that says nothing (``empty_promise``), is of no kind, or is due before it is made."""
    if kind not in KINDS:
        raise BadInput(
            "bad_promise_kind",
            f"“{kind}” is no kind of promise.",
            f"One of: {', '.join(KINDS)}.",
            vi="Chưa chọn loại lời hứa. Chọn một loại trong danh sách.",
        )
    if not what.strip() or not 1 <= people <= MOST_PEOPLE:
        raise BadInput(
            "empty_promise",
            "The promise does not say what is owed, or to nobody.",
            "Write what we owe, in a sentence.",
            vi="Chưa viết ta hứa điều gì, hoặc không hứa với ai. Viết một câu cho rõ.",
        )
    check_length(what)
    if first_due < today:
        raise BadInput(
            "due_in_the_past",
            "A promise cannot be due before the day it is made.",
            "Give today or a later day.",
            vi="Hạn không thể ở trước ngày hứa. Chọn hôm nay hoặc ngày sau.",
        )


def check_owner(is_active: bool) -> None:
    """Refuse an owner who no longer works here (``owner_left``)."""
    if not is_active:
        raise Refused(
            "owner_left",
            "The owner no longer works here.",
            "Choose somebody who does.",
            vi="Người giữ lời đã nghỉ việc. Chọn người đang làm.",
        )


def check_open(state: str) -> None:
    """Refuse an act on a promise that is settled (``promise_settled``)."""
    if state != "open":
        raise Refused(
            "promise_settled",
            "This promise is settled already.",
            "Make a new one if more is owed.",
            vi="Lời hứa này đã khép lại. Nếu còn nợ, hãy lập lời hứa mới.",
        )


def by_deed(kind: str, about_kind: str) -> bool:
    """Whether a promise is kept by a deed elsewhere, so that nobody keeps it by hand."""
    return about_kind in FOLLOWED or (kind in BY_DEED and about_kind != "")


def check_by_hand(kind: str, about_kind: str) -> None:
    """Refuse (``kept_by_deed``) to only say that such a promise is kept."""
    if by_deed(kind, about_kind):
        vi, en = FOLLOWED.get(about_kind) or BY_DEED[kind]
        raise Refused(
            "kept_by_deed",
            f"This promise keeps itself when {en}.",
            "Do that, and it is kept.",
            vi=f"Lời hứa này tự được giữ khi {vi}. Làm việc ấy là giữ lời.",
        )


def check_followed(about_kind: str, followed: bool) -> None:
    """Refuse (``settled_alone``) to settle a promise without what it came from."""
    if about_kind in FOLLOWED and not followed:
        raise Refused(
            "settled_alone",
            "What this promise came from changes with it.",
            "Settle it from its own page, or from there.",
            vi="Lời hứa này đi cùng việc đã sinh ra nó. Khép nó ở trang của lời hứa, hoặc ở việc ấy.",
        )


def check_text(text: str, code: str, en: str, vi: str) -> str:
    """A proof, a reason or a yes must be in words; gives it trimmed."""
    if not text.strip():
        raise BadInput(code, en, "Write it in a sentence.", vi=f"{vi} Viết một câu.")
    check_length(text)
    return text.strip()


def check_length(text: str) -> None:
    """Refuse more than a promise has room for (``too_long``)."""
    if len(text.strip()) > LONGEST:
        raise BadInput(
            "too_long",
            f"This is longer than {LONGEST} characters.",
            "Say it shorter, and put the rest in a document that you refer to.",
            vi=f"Dài quá {LONGEST} chữ. Viết ngắn lại, phần còn lại để trong văn bản rồi ghi số.",
        )
