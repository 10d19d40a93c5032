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
    "taken_back": ("người gửi đã rút lại", "taken back by whoever asked"),
}
"""Code → in Vietnamese, in English."""

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
    """The reason behind a code of the gate, of ours or, if it is none of these, of the SMS centre."""
    if code in WHY:
        return say(*WHY[code])
    if not code:
        return say("chưa tới lượt", "its turn has not come")
    if code in WENT:
        return say("đã giao mà không tới máy", "handed over, and did not reach the phone")
    return say("trung tâm không nhận, mã {code}", "turned away by the centre, code {code}", code=code)


def ended(state: str, error: str) -> str:
    """How a receipt says that a part ended, with the centre's own code where it gave one that says something."""
    words = say(*ENDS[state]) if state in ENDS else state
    return (
        say("{words}, mã {error}", "{words}, code {error}", words=words, error=error)
        if error.strip("0")
        else words
    )
