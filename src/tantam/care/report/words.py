"""Numbers, dates and sentences in both languages; each sentence is built from the figures shown under it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from tantam import money
from tantam.money import Language

FEW = 30
"""Below this many cases a share is said as "7 in 11", never as a percentage."""
ALONE = 5
"""Fewer people in a row of a breakdown could point at somebody: they are merged, or said to be few."""
_HARD = "\u00a0"


class Words:
    """How one language says a number, whose unit never parts from it at a line's end."""

    def __init__(self, lang: Language) -> None:
        self.lang = lang

    def t(self, vi: str, en: str) -> str:
        """The text of this language."""
        return vi if self.lang == "vi" else en

    def name(self, thing: Mapping[str, Any]) -> str:
        """What a purse, an offer, a group or a reason is called."""
        return kept_together(str(thing.get(self.lang) or thing.get("name") or thing.get("code") or ""))

    def n(self, number: float | None) -> str:
        """All digits; a fraction keeps up to six decimals."""
        if number is None:
            return "–"
        if float(number).is_integer():
            return money.digits(int(number), self.lang)
        places = next((k for k in range(1, 6) if round(number, k) == round(number, 6)), 6)
        return money.decimal(number, places, self.lang)

    def dong(self, amount: int | None) -> str:
        """Three significant digits with the unit, as in a sentence."""
        return "–" if amount is None else money.words(amount, self.lang).replace(" ", _HARD)

    def dong_all(self, amount: int) -> str:
        """All digits with the unit."""
        text = money.digits(amount, self.lang)
        return f"{text}{_HARD}đồng" if self.lang == "vi" else f"VND{_HARD}{text}"

    def pct(self, share: float | None, places: int = 1) -> str:
        """A share of one as a percentage: 94,2 % (vi), 94.2% (en)."""
        if share is None:
            return "–"
        text = money.decimal(100 * share, places, self.lang)
        return f"{text}{_HARD}%" if self.lang == "vi" else f"{text}%"

    def limit_pct(self, share: float) -> str:
        """A round figure somebody set: 30 %, or 0,3 % where a decimal is needed."""
        return self.pct(share, 0 if float(100 * share).is_integer() else 1)

    def of(self, part: int, whole: int) -> str:
        """A share of people; "7 trong 11" below :data:`FEW` cases."""
        if whole >= FEW:
            return self.pct(part / whole)
        return self.t(f"{self.n(part)} trong {self.n(whole)}", f"{self.n(part)} in {self.n(whole)}").replace(
            " ", _HARD
        )

    def people(self, count: int) -> str:
        """A count of people in a breakdown; fewer than :data:`ALONE` are not counted out."""
        return (
            self.n(count)
            if not 0 < count < ALONE
            else self.t(f"dưới {ALONE}", f"under {ALONE}").replace(" ", _HARD)
        )

    def change(self, effect: float | None, outcome: str, *, plus: bool = True) -> str:
        """An effect in its unit's number: points of a share, or đồng a head."""
        if effect is None:
            return "–"
        if outcome == "spend":
            return money.decimal(round(effect), 0, self.lang, plus=plus)
        return money.decimal(100 * effect, 1, self.lang, plus=plus)

    def between(self, low: float | None, high: float | None, outcome: str) -> str:
        """An interval in the unit of :meth:`change`; a bound near zero never looks like zero."""
        return f"{self._bound(low, outcome)} – {self._bound(high, outcome)}".replace(" ", _HARD)

    def _bound(self, bound: float | None, outcome: str) -> str:
        if bound is None or outcome == "spend" or round(100 * bound, 1):
            return self.change(bound, outcome, plus=False)
        return money.decimal(100 * bound, 2 if round(100 * bound, 2) else 3, self.lang)

    def unit(self, outcome: str) -> str:
        """The unit of :meth:`change`."""
        if outcome == "spend":
            return self.t("đồng một người", "đồng a head")
        return self.t("điểm %", "pp").replace(" ", _HARD)

    def day(self, day: date | str) -> str:
        """21/11/2026 (vi), 21 Nov 2026 (en)."""
        day = date.fromisoformat(day) if isinstance(day, str) else day
        return (
            f"{day:%d/%m/%Y}"
            if self.lang == "vi"
            else f"{day.day}{_HARD}{_MONTHS[day.month - 1]}{_HARD}{day.year}"
        )

    def listed(self, texts: list[str]) -> str:
        """a, b và c."""
        if len(texts) < 2:
            return "".join(texts)
        return ", ".join(texts[:-1]) + self.t(" và ", " and ") + texts[-1]


def kept_together(sentence: str) -> str:
    """A sentence whose numbers cannot be parted from their units at a line's end."""
    return re.sub(
        r"(?<=\d) (?=%|nghìn|triệu|tỷ|đồng)|(?<=VND) |(?<=nghìn|triệu) (?=đồng|tỷ)|(?<=tỷ) (?=đồng)",
        "\u00a0",
        sentence,
    )


def parted(sentence: str) -> tuple[str, str]:
    """A limit's sentence as its name and what it costs, which stands after the last colon."""
    title, _, cost = sentence.rpartition(": ")
    return title, cost


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

OUTCOMES = {
    "active": ("còn ở lại mạng", "still with us"),
    "spend": ("chi tiêu", "spend"),
    "became_postpaid": ("chuyển sang trả sau", "moved to postpaid"),
}
ESTIMANDS = {
    "against nothing": ("so với không nhận gì", "against getting nothing"),
    "against the next best offer": (
        "so với món tốt kế tiếp mà họ vẫn được nhận",
        "against the next best offer they still got",
    ),
}
BASES = {
    "document": ("có giấy tờ", "by document"),
    "authority_list": ("theo danh sách của xã", "on the commune's list"),
    "declared": ("tự khai", "declared"),
    "estimate": ("ước đoán", "estimated"),
}


def said(pairs: Mapping[str, tuple[str, str]], code: str, w: Words) -> str:
    """The words for a code, or the code itself when it is none of ours."""
    return w.t(*pairs.get(code, (code, code)))


def answer(s: Mapping[str, Any], w: Words) -> str:
    """The page's one sentence: how much money, how many gifts and people, how much of it to the poor."""
    if not s["decisions"]:
        return w.t("Đợt này chưa trao được suất nào.", "This round gives nobody anything.")
    low = s["low_income"]
    vi = f"{w.dong(s['spend_dong'])} cho {w.n(s['decisions'])} suất, tới {w.n(s['reached'])} người"
    en = f"{w.dong(s['spend_dong'])} for {w.n(s['decisions'])} gifts to {w.n(s['reached'])} people"
    if low["subscribers"]:
        vi += f"; {w.pct(low['share_of_spend'])} số tiền tới người thu nhập thấp"
        en += f"; {w.pct(low['share_of_spend'])} of the money to people on low incomes"
    return w.t(vi, en) + "."


def note(s: Mapping[str, Any], w: Words) -> str:
    """Under the answer: who was looked at, what is left, how many provinces."""
    left = s["budget_dong"] - s["spend_dong"]
    rows = [p for p in s["provinces"] if p["subscribers"]]
    served = sum(1 for p in rows if p["reached"])
    places = (
        w.t(
            f"cả {len(rows)} tỉnh, thành đều có người nhận",
            f"all {len(rows)} provinces have somebody who got something",
        )
        if served == len(rows)
        else w.t(
            f"{served} trong {len(rows)} tỉnh, thành có người nhận",
            f"{served} of {len(rows)} provinces got something",
        )
    )
    return w.t(
        f"Xét {w.n(s['subscribers'])} thuê bao, {places}. "
        f"Ngân sách {w.dong_all(s['budget_dong'])}, còn {w.dong_all(left)}.",
        f"{w.n(s['subscribers'])} subscribers were looked at, {places}. "
        f"The budget was {w.dong_all(s['budget_dong'])}; {w.dong_all(left)} is left.",
    )


def poor(s: Mapping[str, Any], w: Words) -> str:
    """Whether a floor of money also reached persons: how many, and the median beside everybody else's."""
    low = s["low_income"]
    head = w.t(
        f"{w.people(low['reached'])} trong {w.n(low['subscribers'])} người thu nhập thấp nhận được món",
        f"{w.people(low['reached'])} of {w.n(low['subscribers'])} people on low incomes got something",
    )
    mine, others = low.get("median_dong"), low.get("others_median_dong")
    if mine is None or others is None:
        return head + "."
    if mine <= 2 * others:
        tail = w.t("Tiền không dồn vào vài suất lớn.", "The money is not heaped into a few large gifts.")
    elif low["reached"] * s["subscribers"] < s["reached"] * low["subscribers"]:
        tail = w.t(
            "Ít người nhận mà mỗi người nhận nhiều: nên xem lại sàn.",
            "Few of them got much each: look at the floor again.",
        )
    else:
        tail = w.t(
            "Họ được những suất lớn hơn, mà không ít người hơn.",
            "They got larger gifts, and no fewer of them.",
        )
    return head + w.t(
        f"; trung vị {w.dong(mine)} một người, những người khác {w.dong(others)}. {tail}",
        f"; median {w.dong(mine)} a head, everybody else {w.dong(others)}. {tail}",
    )


def greedy(s: Mapping[str, Any], w: Words) -> str:
    """What the usual way, best value for money first, would have lost under the same limits."""
    if s["greedy_loss"] < 0.0005:
        return w.t(
            "Chọn dần món lời nhất trước cũng ra ngang vậy: đợt này giới hạn chưa tranh nhau.",
            "Taking the best value for money first does as well here: the limits hardly compete.",
        )
    return w.t(
        f"Nếu cứ chọn dần món lời nhất trên mỗi đồng cho đến hết tiền, cùng các giới hạn này, đợt mất "
        f"{w.pct(s['greedy_loss'])} giá trị.",
        "Taking the best value for money first until the money is gone, under the same limits, would have "
        f"lost {w.pct(s['greedy_loss'])} of the value.",
    )


def holdout(s: Mapping[str, Any], w: Words) -> str:
    """Who was held out by lot, and what for."""
    held = s["holdout"]
    if not held["control"] and not held["round_persons"]:
        return w.t(
            "Đợt này không để ai đối chứng, nên sau này không đo được chăm sóc có ích hay không.",
            "Nobody was held out, so nobody will be able to tell later whether this care helped.",
        )
    share = held["control"] / max(1, held["control"] + s["decisions"])
    return w.t(
        f"{w.n(held['control'])} suất lẽ ra được trao thì để đối chứng ({w.pct(share)}): rút thăm từ trước "
        "khi chọn, không phải vì người đó. Nhờ họ mà biết chăm sóc có ích hay không.",
        f"{w.n(held['control'])} gifts that would have been given were held out ({w.pct(share)}), drawn by "
        "lot before anybody was chosen, whoever they are. Thanks to them we will know whether care helps.",
    )
