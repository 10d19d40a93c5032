"""Why a message waits, is not sent or did not arrive, in a few words: for lists, where a sentence each is too long.
Pure."""

from __future__ import annotations

from tantam.office.words import say

WENT = {"service_notice", "consented", "first_registration", "allowed"}
"""Codes of verdicts that let a message go."""

WHY = {
    "hours": ("ngoài giờ được gửi", "outside the hours for it"),
    "frequency": ("đã đủ số tin trong ngày", "enough were sent for now"),
    "refused": ("người ấy đã từ chối", "the person refused"),
    "listed": ("có trong Danh sách không quảng cáo", "on the do-not-call list"),
    "no_consent": ("chưa đồng ý nhận", "has not consented"),
    "silence": ("đã hỏi mà im lặng, coi như từ chối", "was asked and kept silent: a refusal"),
    "registered_once": ("đã hỏi một lần, không hỏi lại", "was asked once, never again"),
    "not_asked": ("chưa xin tin về sức khỏe", "has not asked for health messages"),
    "too_late": ("đã quá lúc còn đúng", "its time had passed"),
    "no_number": ("không có số hay địa chỉ", "no number or address"),
    "forgotten": ("đã xin xóa dữ liệu", "asked to be forgotten"),
    "missed": ("gọi mà không ai nhấc máy", "called, and nobody answered"),
    "taken_back": ("người gửi đã rút lại", "taken back by whoever asked"),
}
"""Code → in Vietnamese, in English."""

CENTRE = {
    "smpp_0x08": ("trung tâm đang lỗi", "the centre has a fault"),
    "smpp_0x0a": ("trung tâm không nhận tên người gửi", "the centre does not take the sender's name"),
    "smpp_0x0b": ("trung tâm bảo số này sai", "the centre calls the number wrong"),
    "smpp_0x14": ("hàng đợi của trung tâm đầy", "the centre's queue is full"),
    "smpp_0x45": ("trung tâm không gửi được", "the centre could not send it"),
    "smpp_0x58": ("gửi nhanh hơn trung tâm cho phép", "faster than the centre allows"),
    "smpp_cut": ("đường nối đứt khi mới giao được một phần", "the link broke when only some parts had gone"),
}
"""What an SMS centre says when it turns a message away (command status of SMPP 3.4), and what the link says → in
Vietnamese, in English. Other codes are shown as they are."""

ENDS = {
    "EXPIRED": (
        "máy tắt hoặc ngoài vùng sóng tới khi hết hạn",
        "the phone was off or out of reach until it expired",
    ),
    "DELETED": ("trung tâm đã xóa", "deleted by the centre"),
    "UNDELIV": ("mạng không giao được", "the network could not deliver it"),
    "REJECTD": ("mạng không nhận", "the network rejected it"),
}
"""How a receipt says that a part did not arrive → in Vietnamese, in English."""


def why(code: str) -> str:
    """The reason behind a code of the gate, of ours or, if it is none of these, of the other side."""
    if code in WHY:
        return say(*WHY[code])
    if not code:
        return say("chưa tới lượt", "its turn has not come")
    if code in WENT:
        return say("đã giao mà không tới máy", "handed over, and did not reach the phone")
    kind, _, number = code.rpartition("_")
    if code in CENTRE:
        return _with_code(say(*CENTRE[code]), number if number != "cut" else "")
    if kind == "smtp":
        return _with_code(say("máy chủ thư không nhận", "turned away by the mail server"), number)
    return _with_code(say("trung tâm không nhận", "turned away by the centre"), number)


def ended(state: str, error: str) -> str:
    """How a receipt says that a part ended, with the centre's own code where it gave one that says something."""
    return _with_code(say(*ENDS[state]) if state in ENDS else state, error if error.strip("0") else "")


def _with_code(words: str, code: str) -> str:
    return say("{words}, mã {code}", "{words}, code {code}", words=words, code=code) if code else words
