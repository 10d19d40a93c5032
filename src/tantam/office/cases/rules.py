"""What a case may be, and what may be said of it. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from tantam.errors import BadInput, Refused

T = TypeVar("T")

KINDS = {
    "complaint": ("khiếu nại", "complaint", "KN"),
    "question": ("câu hỏi", "question", "CH"),
}
"""Code → in Vietnamese, in English, and how its number begins."""

ABOUT = {
    "fee": ("cước, hóa đơn", "fees and bills"),
    "content": ("dịch vụ nội dung", "content services"),
    "network": ("chất lượng mạng", "network quality"),
    "service": ("cách phục vụ", "how people were served"),
    "sim": ("SIM, giấy tờ thuê bao", "SIM and papers"),
    "unwanted": ("tin rác, cuộc gọi rác", "unwanted messages and calls"),
    "other": ("việc khác", "something else"),
}
"""What a case is about. A content service that somebody else provides has a clock of its own."""

SAID_BY = {
    "phone": ("điện thoại", "phone"),
    "counter": ("tại quầy", "at a counter"),
    "letter": ("thư", "letter"),
    "mail": ("thư điện tử", "e-mail"),
    "sms": ("tin nhắn", "text message"),
    "web": ("trang mạng", "web"),
    "other": ("cách khác", "another way"),
}

OUTCOMES = {
    "accepted": ("khiếu nại đúng, đã nhận", "accepted"),
    "partly": ("đúng một phần", "accepted in part"),
    "refused": ("không chấp nhận, đã nói lý do", "not accepted, and the reason was given"),
    "answered": ("đã trả lời", "answered"),
    "withdrawn": ("người gửi rút lại", "withdrawn by the person"),
}
OUTCOMES_OF = {
    "complaint": ("accepted", "partly", "refused", "withdrawn"),
    "question": ("answered", "withdrawn"),
}
"""Kind → how it may end."""

MOST_TEXT = 4_000
MOST_PROOF = 300
LEAST_REASON = 20
"""Letters of the shortest reason that anybody could understand."""
MOST_REFUND = 10**12
GONE = "—"
"""What stands where words were forgotten."""


def number(kind: str, pk: int) -> str:
    """The number on the receipt: ``KN-000123``."""
    return f"{KINDS[kind][2]}-{pk:06}"


def numbered(text: str) -> int | None:
    """The id behind a receipt's number as somebody typed it (``kn 123``); None for anything else."""
    letters = "".join(text.upper().split()).replace("-", "")
    if letters[:2] in {begins for _, _, begins in KINDS.values()} and letters[2:].isascii():
        return int(letters[2:]) if letters[2:].isdigit() and len(letters) < 20 else None
    return None


def check(kind: str, about: str, said_by: str, text: str) -> str:
    """The words of a case, without blanks around them; refuses ``bad_case_kind``, ``bad_about``, ``bad_said_by``,
    ``empty_case``, ``case_too_long``."""
    if kind not in KINDS:
        raise BadInput(
            "bad_case_kind",
            f"“{kind}” is neither a question nor a complaint.",
            f"One of: {', '.join(KINDS)}.",
            vi="Chưa chọn câu hỏi hay khiếu nại. Chọn một.",
        )
    if about not in ABOUT:
        raise BadInput(
            "bad_about",
            f"“{about}” is nothing that a case is about.",
            f"One of: {', '.join(ABOUT)}.",
            vi="Chưa chọn về việc gì. Chọn một việc trong danh sách.",
        )
    if said_by not in SAID_BY:
        raise BadInput(
            "bad_said_by",
            f"“{said_by}” is no way to reach us.",
            f"One of: {', '.join(SAID_BY)}.",
            vi="Chưa chọn người này nói với ta bằng cách nào. Chọn một.",
        )
    words = text.strip()
    if not words:
        raise BadInput(
            "empty_case",
            "No words were written down.",
            "Write what was said, as it was said.",
            vi="Chưa ghi lời nào. Khách nói sao, ghi vậy.",
        )
    if len(words) > MOST_TEXT:
        raise BadInput(
            "case_too_long",
            f"At most {MOST_TEXT:,} letters fit here; this has {len(words):,}.",
            "Write the heart of it, and keep the letter itself with the papers.",
            vi=f"Tối đa {MOST_TEXT} chữ, đây có {len(words)}. Ghi phần chính, thư gốc để trong hồ sơ.",
        )
    return words


def check_received(received_at: datetime, now: datetime) -> None:
    """Refuse (``received_in_the_future``) what has not arrived yet."""
    if received_at > now:
        raise BadInput(
            "received_in_the_future",
            "It cannot have arrived after this moment.",
            "Give the day it arrived.",
            vi="Ngày nhận không thể ở sau hôm nay. Chọn lại ngày nhận.",
        )


def check_text(text: str, code: str, en: str, vi: str, most: int = MOST_PROOF) -> str:
    """A proof, a reason or an answer must be in words, not too many (``text_too_long``); gives it trimmed."""
    words = text.strip()
    if not words:
        raise BadInput(code, en, "Write it in a sentence.", vi=f"{vi} Viết một câu.")
    if len(words) > most:
        raise BadInput(
            "text_too_long",
            f"At most {most:,} letters fit here.",
            "Shorten it.",
            vi=f"Chỗ này tối đa {most} chữ. Viết ngắn lại.",
        )
    return words


def check_proof(text: str) -> str:
    """How the person was told; refuses ``no_proof``, ``text_too_long``."""
    return check_text(text, "no_proof", "Say how the person was told.", "Phải ghi đã báo người ấy thế nào.")


def check_answer(kind: str, outcome: str, answer: str) -> str:
    """The written result, trimmed; refuses ``bad_outcome``, ``no_answer``, ``text_too_long``, and a complaint refused
    without a reason that anybody could understand (``reason_too_short``)."""
    if outcome not in OUTCOMES_OF[kind]:
        raise BadInput(
            "bad_outcome",
            f"A {kind} does not end as “{outcome}”.",
            f"One of: {', '.join(OUTCOMES_OF[kind])}.",
            vi="Chưa chọn kết quả. Chọn một.",
        )
    words = check_text(
        answer,
        "no_answer",
        "The result is given in words that the person can read.",
        "Kết quả phải bằng lời, người ấy đọc hiểu được.",
        MOST_TEXT,
    )
    if outcome == "refused" and len(words) < LEAST_REASON:
        raise BadInput(
            "reason_too_short",
            "A complaint is not turned away with a word.",
            "Say why, so that the person can understand it.",
            vi="Không chấp nhận thì phải nói rõ vì sao. Viết lý do để người ấy đọc hiểu được.",
        )
    return words


def check_refund(outcome: str, refund_dong: int | None) -> None:
    """Refuse money where nothing was accepted (``refund_without_yes``), or that is no sum in whole đồng
    (``bad_refund``)."""
    if refund_dong is None:
        return
    if not 0 < refund_dong <= MOST_REFUND:
        raise BadInput(
            "bad_refund",
            "That is no sum of money.",
            "Give whole đồng, more than nothing.",
            vi="Số tiền chưa đúng. Ghi số đồng chẵn, lớn hơn không.",
        )
    if outcome not in ("accepted", "partly"):
        raise Refused(
            "refund_without_yes",
            "Money is given back only where the complaint was right, at least in part.",
            "Choose another outcome, or leave the sum out.",
            vi="Chỉ hoàn tiền khi khiếu nại đúng, ít nhất một phần. Đổi kết quả, hoặc bỏ số tiền.",
        )


def check_paid(owed_dong: int | None, paid_dong: int) -> None:
    """Refuse to call a refund done that nobody owes (``no_refund_owed``) or that is not the sum owed
    (``refund_differs``)."""
    if owed_dong is None:
        raise Refused(
            "no_refund_owed",
            "No refund is owed here.",
            "Answer the case first.",
            vi="Ở đây không nợ khoản hoàn nào. Ghi kết quả trước đã.",
        )
    if owed_dong != paid_dong:
        raise Refused(
            "refund_differs",
            f"{owed_dong:,} đồng are owed, not {paid_dong:,}.",
            "Pay the whole sum back, then write it down.",
            vi="Số tiền đã hoàn khác số đã hứa. Hoàn đủ rồi mới ghi.",
        )


def check_open(answered: bool) -> None:
    """Refuse (``case_answered``) an act on a case that has its result."""
    if answered:
        raise Refused(
            "case_answered",
            "This case has its result already.",
            "Write down a new one if the person asks for more.",
            vi="Việc này đã có kết quả. Nếu người ấy nói thêm điều khác, hãy ghi việc mới.",
        )


def running(found: T | None) -> T:
    """The clock that an act is about; refuses (``no_such_clock``) where none runs."""
    if found is None:
        raise Refused(
            "no_such_clock",
            "No such clock runs here.",
            "Look at the clocks on the page of the case.",
            vi="Ở đây không có đồng hồ nào như vậy đang chạy. Xem các đồng hồ trên trang này.",
        )
    return found


def check_in_time(due_at: datetime, now: datetime) -> None:
    """Refuse (``clock_ran_out``) to stop a clock that is late already."""
    if now > due_at:
        raise Refused(
            "clock_ran_out",
            "This clock has run out; pausing it would hide that.",
            "Do what is owed, and tell the person why it is late.",
            vi="Đồng hồ này đã quá hạn, dừng lại là giấu việc trễ. Hãy làm việc còn nợ và xin lỗi vì trễ.",
        )


def check_owner(can: bool) -> None:
    """Refuse (``cannot_answer_here``) to give a case to somebody who could not answer it."""
    if not can:
        raise Refused(
            "cannot_answer_here",
            "Whoever is to keep it cannot answer cases of this office.",
            "Choose somebody with that duty here.",
            vi="Người này không trả lời được việc của nơi đây. Chọn người có việc ấy.",
        )


def owner(found: T | None) -> T:
    """Whoever owes the answer; refuses (``nobody_owes``) where there is nobody, rather than let a clock run unseen."""
    if found is None:
        raise Refused(
            "nobody_owes",
            "Nobody at this office answers questions and complaints yet.",
            "Give the duty to somebody, or choose another office.",
            vi="Ở đây chưa ai nhận trả lời khiếu nại. Giao việc cho một người, hoặc chọn nơi khác.",
        )
    return found
