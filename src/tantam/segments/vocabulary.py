"""The phrases a rule is said with, Vietnamese beside English: what is said of each column, and of each value
it holds.
"""

from __future__ import annotations

from typing import NamedTuple

from tantam.money import Language


class Said(NamedTuple):
    """A phrase in both languages."""

    vi: str
    en: str

    def __getitem__(self, lang: Language) -> str:  # type: ignore[override]
        return self.vi if lang == "vi" else self.en


class Pair(NamedTuple):
    """A phrase and its opposite."""

    yes: Said
    no: Said


class Amount(NamedTuple):
    """A phrase around a quantity, and the unit: singular and plural in English."""

    phrase: Said
    unit: Said
    one: str = ""


def _pair(vi: str, no_vi: str, en: str, no_en: str) -> Pair:
    return Pair(Said(vi, en), Said(no_vi, no_en))


QUANTITY = {
    ">": Said("trên {}", "over {}"),
    ">=": Said("từ {} trở lên", "{} or more"),
    "<": Said("dưới {}", "under {}"),
    "<=": Said("không quá {}", "at most {}"),
    "=": Said("đúng {}", "exactly {}"),
    "!=": Said("khác {}", "other than {}"),
    "between": Said("từ {} đến {}", "{} to {}"),
    "in": Said("đúng {}", "exactly {}"),
    "not in": Said("khác {}", "other than {}"),
}
WHEN = {
    ">": Said("sau ngày {}", "after {}"),
    ">=": Said("từ ngày {}", "on or after {}"),
    "<": Said("trước ngày {}", "before {}"),
    "<=": Said("đến hết ngày {}", "on or before {}"),
    "=": Said("đúng ngày {}", "on {}"),
    "!=": Said("khác ngày {}", "on another day than {}"),
    "between": Said("từ {} đến {}", "from {} to {}"),
    "in": Said("vào ngày {}", "on {}"),
    "not in": Said("khác ngày {}", "on another day than {}"),
}
BESIDE = {
    ">": Said("lớn hơn", "is greater than"),
    ">=": Said("không nhỏ hơn", "is at least"),
    "<": Said("nhỏ hơn", "is less than"),
    "<=": Said("không lớn hơn", "is at most"),
    "=": Said("bằng", "equals"),
    "!=": Said("khác", "differs from"),
}
"""Between two reckonings, or two columns."""

_MONEY = Said("đồng", "")
_DAYS, _YEARS, _TIMES = Said("ngày", "days"), Said("năm", "years"), Said("lần", "times")

AMOUNTS = {
    "tenure_years": Amount(Said("dùng {}", "{} of use"), _YEARS, "year"),
    "tenure_days": Amount(Said("dùng {}", "{} of use"), _DAYS, "day"),
    "age_years": Amount(Said("{}", "aged {}"), Said("tuổi", ""), ""),
    "days_since_active": Amount(Said("lần dùng gần nhất cách đây {}", "last active {} ago"), _DAYS, "day"),
    "days_since_contact": Amount(
        Said("lần liên lạc gần nhất cách đây {}", "last contacted {} ago"), _DAYS, "day"
    ),
    "days_since_promotion": Amount(Said("hết ưu đãi cách đây {}", "promotion ended {} ago"), _DAYS, "day"),
    "spend_1": Amount(Said("chi {} trong tháng gần nhất", "spent {} in the latest month"), _MONEY),
    **{
        f"spend_{i}": Amount(
            Said(f"chi {{}} vào tháng thứ {i} tính lùi", f"spent {{}} {i - 1} months earlier"), _MONEY
        )
        for i in range(2, 7)
    },
    "spend_6m": Amount(Said("chi {} trong sáu tháng", "spent {} in six months"), _MONEY),
    "topups_90d": Amount(Said("nạp tiền {} trong 90 ngày", "topped up {} in 90 days"), _TIMES, "time"),
    "data_mb_30d": Amount(
        Said("dùng {} dữ liệu trong 30 ngày", "used {} of data in 30 days"), Said("MB", "MB"), "MB"
    ),
    "complaints_180d": Amount(
        Said("khiếu nại {} trong 180 ngày", "{} in 180 days"), Said("lần", "complaints"), "complaint"
    ),
}
RECENT = {
    "days_since_active": _pair(
        "có dùng trong {} qua",
        "không dùng trong {} qua",
        "active in the last {}",
        "not active in the last {}",
    ),
    "days_since_contact": _pair(
        "được liên lạc trong {} qua",
        "không được liên lạc trong {} qua",
        "contacted in the last {}",
        "not contacted in the last {}",
    ),
    "days_since_promotion": _pair(
        "hết ưu đãi chưa quá {}",
        "không phải mới hết ưu đãi trong {} qua",
        "promotion ended in the last {}",
        "no promotion ended in the last {}",
    ),
}
"""How ``<=`` is said of spans that look back."""

DAYS = {
    "joined_on": Said("hòa mạng {}", "joined {}"),
    "born_on": Said("sinh {}", "born {}"),
    "promotion_ended_on": Said("hết ưu đãi {}", "promotion ended {}"),
    "last_active_on": Said("dùng lần cuối {}", "last active {}"),
    "hardship_on": Said("giấy tờ hoặc đơn về hoàn cảnh {}", "hardship paper or request {}"),
    "consent_care_on": Said("đồng ý nhận chăm sóc {}", "consented to care {}"),
    "consent_ads_on": Said("đồng ý nhận quảng cáo {}", "consented to advertising {}"),
    "last_contact_on": Said("được liên lạc lần cuối {}", "last contacted {}"),
}
WORDS = {
    "province": _pair("ở {}", "không ở {}", "in {}", "not in {}"),
    "province_old": _pair(
        "tệp ghi tỉnh cũ {}", "tệp không ghi tỉnh cũ {}", "old province {}", "old province not {}"
    ),
    "plan_kind": _pair("{}", "không phải {}", "{}", "not {}"),
    "plan": _pair("dùng gói {}", "không dùng gói {}", "on plan {}", "not on plan {}"),
    "sex": _pair("{}", "không phải {}", "{}", "not {}"),
    "promotion": _pair(
        "hưởng ưu đãi {}", "không hưởng ưu đãi {}", "with promotion {}", "not with promotion {}"
    ),
    "tier": _pair("hạng {}", "không phải hạng {}", "tier {}", "not tier {}"),
    "occupation": _pair("là {}", "không phải {}", "{} by occupation", "not {} by occupation"),
    "hardship": _pair("thuộc diện {}", "không thuộc diện {}", "{}", "not {}"),
    "hardship_basis": _pair("hoàn cảnh {}", "hoàn cảnh không phải {}", "hardship {}", "hardship not {}"),
}
FLAGS = {
    "low_income": _pair(
        "thuộc nhóm thu nhập thấp", "không thuộc nhóm thu nhập thấp", "low-income", "not low-income"
    ),
    "refuses_ads": _pair(
        "từ chối quảng cáo", "không từ chối quảng cáo", "refusing advertising", "not refusing advertising"
    ),
    "refuses_profiling": _pair(
        "từ chối chấm điểm tự động",
        "không từ chối chấm điểm tự động",
        "refusing profiling",
        "not refusing profiling",
    ),
}
UNKNOWN = {
    "consent_care_on": _pair(
        "chưa đồng ý nhận chăm sóc", "đã đồng ý nhận chăm sóc", "no consent to care", "consent to care given"
    ),
    "consent_ads_on": _pair(
        "chưa đồng ý nhận quảng cáo",
        "đã đồng ý nhận quảng cáo",
        "no consent to advertising",
        "consent to advertising given",
    ),
    "last_contact_on": _pair(
        "chưa từng được liên lạc", "đã từng được liên lạc", "never contacted", "contacted before"
    ),
    "promotion": _pair("không có ưu đãi nào", "có ưu đãi", "without a promotion", "with a promotion"),
    "tier": _pair("chưa xếp hạng", "đã xếp hạng", "without a tier", "with a tier"),
}
"""How ``is null`` and ``is not null`` are said where *not known* would mislead."""

NOUNS = {
    "province": Said("tỉnh", "province"),
    "spend_1": Said("chi tiêu tháng gần nhất", "spend of the latest month"),
    **{
        f"spend_{i}": Said(f"chi tiêu tháng thứ {i} tính lùi", f"spend {i - 1} months earlier")
        for i in range(2, 7)
    },
}
"""Where a column's own name does not read well within a sentence."""

NO_HARDSHIP = _pair("không thuộc diện khó khăn", "có hoàn cảnh khó khăn", "no hardship", "some hardship")
VALUES: dict[str, dict[str, Said]] = {
    "plan_kind": {"prepaid": Said("trả trước", "prepaid"), "postpaid": Said("trả sau", "postpaid")},
    "sex": {
        "female": Said("nữ", "female"),
        "male": Said("nam", "male"),
        "other": Said("giới tính khác", "other sex"),
    },
    "occupation": {
        "worker": Said("công nhân", "worker"),
        "farmer": Said("nông dân", "farmer"),
        "student": Said("sinh viên", "student"),
        "office": Said("nhân viên văn phòng", "office worker"),
    },
    "hardship": {
        "none": Said("không khó khăn", "no hardship"),
        "poor": Said("hộ nghèo", "poor household"),
        "near_poor": Said("hộ cận nghèo", "near-poor household"),
        "policy": Said("gia đình chính sách", "policy family"),
        "merit": Said("gia đình có công với cách mạng", "family with merit"),
        "disabled": Said("người khuyết tật", "disabled"),
        "elderly_alone": Said("người già neo đơn", "elderly living alone"),
        "other": Said("khó khăn khác", "other hardship"),
    },
    "hardship_basis": {
        "document": Said("có giấy tờ", "by document"),
        "authority_list": Said("theo danh sách của địa phương", "on the authorities' list"),
        "declared": Said("do tự khai", "self-declared"),
        "estimate": Said("theo ước lượng", "by estimate"),
    },
}

NO_PROFILING = Said("không từ chối chấm điểm tự động", "not refusing profiling")
REFUSES = Said("đã từ chối, nên không xét theo cách dùng", "has refused, so use is not looked at")
NOT_SHOWN = Said("không nêu", "not shown")
NOT_KNOWN = Said("chưa có dữ liệu", "not known")
YES_NO = {True: Said("có", "yes"), False: Said("không", "no")}
EVERYBODY = _pair("tất cả thuê bao", "không ai", "every subscriber", "nobody")
EXCEPT = Said("trừ ai {}", "except those {}")
OR, AND = Said(" hoặc ", " or "), Said(" và ", " and ")
