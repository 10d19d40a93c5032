"""How each language says numbers, money, shares, days and lists: the same on every page."""

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
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
        return self.pct(share, 0 if round(100 * share, 6).is_integer() else 1)

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
