"""Why somebody did not get something: one stable code and one plain sentence in each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Reason:
    """``number`` is what the table of worth holds in place of a value: negative, so that the solver passes it over."""

    number: int
    code: str
    vi: str
    en: str


_ALL = (
    Reason(-1, "not_in_group", "không thuộc nhóm của món này", "is not in this offer's group"),
    Reason(-2, "refuses_profiling", "đã từ chối chấm điểm tự động", "has refused profiling"),
    Reason(-3, "no_consent", "chưa đồng ý nhận loại tin này", "has not consented to this kind of message"),
    Reason(-4, "refuses_ads", "đã từ chối quảng cáo", "has refused advertising"),
    Reason(-5, "contacted_recently", "vừa được liên lạc gần đây", "was contacted too recently"),
    Reason(
        -6, "over_promotion_cap", "món vượt trần khuyến mại so với giá gói", "would exceed the promotion cap"
    ),
    Reason(-7, "outside_window", "món đã hết thời hạn", "the offer's window has passed"),
    Reason(
        -8,
        "no_value",
        "món không đem lại giá trị ước tính",
        "the offer has no expected worth for this person",
    ),
    Reason(-9, "held_out_round", "ở nhóm đối chứng của đợt, do rút thăm", "is held out of the round, by lot"),
    Reason(
        -10, "held_out_offer", "ở nhóm đối chứng của món, do rút thăm", "is held out of this offer, by lot"
    ),
    Reason(-11, "contact_limit", "đã đủ số lần liên lạc của đợt", "has reached this round's contact limit"),
    Reason(
        -12,
        "below_price",
        "giá trị chưa bù được giá của giới hạn",
        "worth less than what the limits charge for it",
    ),
    Reason(-13, "better_chosen", "đã được món khác hợp hơn", "got something that fits better"),
    Reason(
        -15,
        "budget_ended",
        "chưa có giấy tờ, hoặc ngân sách của món đã hết",
        "no document, or its budget ended",
    ),
    Reason(-14, "repaired", "bớt đi để giữ đúng giới hạn", "taken back so that every limit holds"),
)

BY_CODE = {r.code: r for r in _ALL}
BY_NUMBER = {r.number: r for r in _ALL}

GIVEN: dict[str, tuple[str, str]] = {
    "price": ("giá trị hơn giá của giới hạn", "worth more than what the limits charge for it"),
    "floor": ("thêm để đạt mức sàn", "added to meet a floor"),
    "fill": ("thêm vì còn tiền", "added because money was left"),
    "held_out_round": (
        "lẽ ra được, nhưng ở nhóm đối chứng của đợt",
        "would have got it; held out of the round",
    ),
    "held_out_offer": (
        "lẽ ra được, nhưng ở nhóm đối chứng của món",
        "would have got it; held out of this offer",
    ),
    "by_need": ("theo giấy tờ và ngày xin", "by document and day of request"),
    "everyone_in_place": ("mọi người ở nơi đó", "everyone in the place"),
}
"""The ``reason`` column of decisions.parquet and relief.parquet, in words."""


def number(code: str) -> int:
    """The number the table of worth holds for a reason."""
    return BY_CODE[code].number


def say(code: str, lang: Literal["vi", "en"]) -> str:
    """One plain clause for a reason or for how something was given."""
    if code in GIVEN:
        return GIVEN[code][0 if lang == "vi" else 1]
    return BY_CODE[code].vi if lang == "vi" else BY_CODE[code].en
