"""Why somebody is asked to coffee, or is not, in one plain sentence a language."""

from __future__ import annotations

from tantam import places
from tantam.care.guests import Reason
from tantam.money import Language, digits

Both = tuple[str, str]
"""Vietnamese and English."""

AGES: dict[str, Both] = {
    "18_29": ("18–29 tuổi", "aged 18–29"),
    "30_44": ("30–44 tuổi", "aged 30–44"),
    "45_59": ("45–59 tuổi", "aged 45–59"),
    "60_up": ("từ 60 tuổi", "aged 60 or more"),
}
PLAN_KINDS: dict[str, Both] = {"prepaid": ("trả trước", "prepaid"), "postpaid": ("trả sau", "postpaid")}

_SAID: dict[str, Both] = {
    "drawn": (
        "Được mời ghế {number}: đã {years} năm là khách{who}; rút thăm số {lot}.",
        "Seat {number}: with us for {years} years{who}; lot {lot}.",
    ),
    "reserve": (
        "Dự bị thứ {number}: đã {years} năm là khách{who}; rút thăm số {lot}.",
        "Reserve {number}: with us for {years} years{who}; lot {lot}.",
    ),
    "not_drawn": (
        "Đủ điều kiện nhưng chưa trúng thăm lần này: số {lot}, {seats} ghế cho {pool} người.",
        "Could have been asked, but the lot fell to others: lot {lot}, {seats} seats for {pool} people.",
    ),
    "other_province": ("Ở tỉnh khác.", "Lives in another province."),
    "other_place": ("Ở nơi khác trong tỉnh.", "Lives elsewhere in the province."),
    "too_new": (
        "Mới {years} năm là khách; lần này mời khách hơn {asked} năm.",
        "With us for {years} years; this time guests of more than {asked} years are asked.",
    ),
    "under_age": ("Chưa đủ 18 tuổi.", "Is under 18."),
    "no_consent": ("Chưa đồng ý nhận chăm sóc.", "Has not consented to care."),
    "refuses_ads": ("Đã từ chối được liên lạc quảng cáo.", "Has refused to be contacted with advertising."),
    "staff": ("Là nhân viên.", "Is on the staff."),
    "invited_recently": ("Mới được mời gần đây.", "Was invited recently."),
    "unknown": (
        "Không có trong tệp thuê bao; có thể đã yêu cầu xóa.",
        "Not in the base; may have asked to be forgotten.",
    ),
}

SPREAD: dict[str, Both] = {
    "place": ("nơi ở (tỉnh cũ)", "place (old province)"),
    "age": ("tuổi", "age"),
    "plan_kind": ("trả trước, trả sau", "prepaid, postpaid"),
    "plan": ("gói cước", "plan"),
}
"""What the seats are spread over."""


def sentence(reason: Reason, language: Language = "vi") -> str:
    """A reason as one plain sentence, of the facts it carries and nothing else."""
    facts = {
        name: digits(value, language) if isinstance(value, int) else value
        for name, value in reason.facts.items()
    }
    who = _who(reason, language)
    return _SAID[reason.code][language == "en"].format(**{**facts, "who": "".join(f", {w}" for w in who)})


def level(by: str, name: str, language: Language = "vi") -> str:
    """One level of what guests are spread over: ``trả trước``, ``aged 30–44``; "" is what the base does not know."""
    en = language == "en"
    if not name:
        return "not known" if en else "chưa rõ"
    if by == "place":
        return _place(name, language)
    if by == "plan":
        return f"plan {name}" if en else f"gói {name}"
    return {**AGES, **PLAN_KINDS}[name][en]


def _who(reason: Reason, language: Language) -> list[str]:
    return [
        level(by, str(reason.facts[by]), language)
        for by in SPREAD
        if reason.facts.get(by) and "lot" in reason.facts
    ]


def _place(code: str, language: Language) -> str:
    """The old province's name; the code itself where no old province has it."""
    before = places.find(code, places.MERGED_ON - 1)
    if before is None:
        return code
    return before.name_en if language == "en" else before.name
