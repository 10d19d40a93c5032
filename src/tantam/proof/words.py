"""One honest sentence for each answer, in Vietnamese and English: how much, how sure, how many, against
what.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor, log10

from tantam import clock, money
from tantam.money import Language

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
AGAINST = {
    "against nothing": ("so với khi không nhận món nào", "against getting nothing"),
    "against the next best offer": (
        "so với món tốt kế tiếp mà họ vẫn được nhận",
        "against the next best offer they would still get",
    ),
}
_OF_100 = {
    "active": ("ở lại mạng", "still with us"),
    "became_postpaid": ("chuyển sang trả sau", "on postpaid"),
}
_ABOUT = {
    "active": ("số người ở lại mạng", "people staying"),
    "spend": ("chi tiêu", "spend"),
    "became_postpaid": ("số người chuyển sang trả sau", "people moving to postpaid"),
}


@dataclass(frozen=True)
class Asked:
    """What a sentence is about: who was given what (in both languages), which outcome, when, against
    what.
    """

    vi: str
    en: str
    outcome: str
    horizon: int
    estimand: str
    treated_n: int
    control_n: int


@dataclass(frozen=True)
class Found:
    """An answer: effect and its 95 % interval, and whether it stands after multiplicity (``p`` adjusted <
    5 %).
    """

    effect: float
    low: float
    high: float
    stands: bool


Pair = tuple[str, str]


def both(say: Callable[[Language], str]) -> Pair:
    """A sentence in Vietnamese and in English."""
    return say("vi"), say("en")


def answer(asked: Asked, found: Found) -> Pair:
    """What was found: more, fewer, no difference, or one that many questions at once make unsure."""
    return both(lambda lang: _answer(asked, found, lang))


def _answer(asked: Asked, found: Found, lang: Language) -> str:
    alone = found.low > 0 or found.high < 0
    if not found.stands:
        return _unsure(asked, found, lang) if alone else _no_difference(asked, found, lang)
    more = found.effect > 0
    size = Size(asked.outcome, found.low, found.high, lang)
    amount, seen = size.amount(abs(found.effect)), _seen(asked, found, lang)
    name, against = _name(asked, lang), _against(asked, lang)
    if asked.outcome == "spend":
        if lang == "vi":
            side = "thêm" if more else "ít đi"
            return (
                f"{name}: sau {asked.horizon} ngày, mỗi người được tặng chi {side} {amount}, "
                f"{against} ({seen})."
            )
        side = "more" if more else "less"
        return (
            f"{name}: after {asked.horizon} days each person given it spent {amount} {side}, "
            f"{against} ({seen})."
        )
    vi, en = _OF_100[asked.outcome]
    if lang == "vi":
        side = "có thêm" if more else "bớt đi"
        return (
            f"{name}: sau {asked.horizon} ngày, trong 100 người được tặng {side} {amount} người {vi}, "
            f"{against} ({seen})."
        )
    side = "more" if more else "fewer"
    return (
        f"{name}: after {asked.horizon} days, of every 100 people given it {amount} {side} are {en}, "
        f"{against} ({seen})."
    )


def _no_difference(asked: Asked, found: Found, lang: Language) -> str:
    size = Size(asked.outcome, found.low, found.high, lang)
    shown = f"{size.value(found.effect)}; {_seen(asked, found, lang)}"
    vi, en = _ABOUT[asked.outcome]
    name, against = _name(asked, lang), _against(asked, lang)
    if lang == "vi":
        return f"{name}: sau {asked.horizon} ngày chưa thấy khác biệt về {vi}, {against} ({shown})."
    return f"{name}: after {asked.horizon} days no difference seen in {en}, {against} ({shown})."


def _unsure(asked: Asked, found: Found, lang: Language) -> str:
    size = Size(asked.outcome, found.low, found.high, lang)
    shown = f"{size.value(found.effect)}; {_seen(asked, found, lang)}"
    vi, en = _ABOUT[asked.outcome]
    name, against = _name(asked, lang), _against(asked, lang)
    if lang == "vi":
        return (
            f"{name}: sau {asked.horizon} ngày {vi} có vẻ khác, {against} ({shown}), "
            "nhưng so nhiều món cùng lúc thì chưa chắc."
        )
    return (
        f"{name}: after {asked.horizon} days {en} looks different, {against} ({shown}), "
        "but with so many compared at once it is not sure."
    )


def too_early(asked: Asked, reached: int, on: int) -> Pair:
    """The outcomes file does not reach the horizon; ``on`` is the day it can be read."""

    def say(lang: Language) -> str:
        reach, day = max(0, reached), said_day(on, lang)
        if lang == "vi":
            return (
                f"{_name(asked, lang)}: chưa đủ dữ liệu. Mới tới ngày {reach} trên {asked.horizon}, "
                f"đọc được từ {day}."
            )
        return (
            f"{_name(asked, lang)}: not enough data yet. Day {reach} of {asked.horizon}; readable from {day}."
        )

    return both(say)


def too_few(asked: Asked, least: int) -> Pair:
    """An arm has fewer people than anything can be said of: how many more are needed, and where."""

    def say(lang: Language) -> str:
        arms = ((asked.treated_n, "được chăm sóc", "cared for"), (asked.control_n, "đối chứng", "held out"))
        short = [(n, vi, en) for n, vi, en in arms if n < least]
        if lang == "vi":
            missing = " và ".join(
                f"{_n(n, lang)} người {vi}, cần thêm {_n(least - n, lang)}" for n, vi, _ in short
            )
            return f"{_name(asked, lang)}: chưa đủ dữ liệu về {_ABOUT[asked.outcome][0]}. Mới có {missing}."
        missing = " and ".join(f"{_n(n, lang)} {en}, {_n(least - n, lang)} more needed" for n, _, en in short)
        return f"{_name(asked, lang)}: not enough data yet on {_ABOUT[asked.outcome][1]}. Only {missing}."

    return both(say)


def all_alike(asked: Asked) -> Pair:
    """The outcome does not vary: the same for everybody in both arms."""

    def say(lang: Language) -> str:
        if lang == "vi":
            return (
                f"{_name(asked, lang)}: chưa đủ dữ liệu. Sau {asked.horizon} ngày, "
                f"{_ABOUT[asked.outcome][0]} chưa khác nhau ở bất cứ ai, nên chưa so được."
            )
        return (
            f"{_name(asked, lang)}: not enough data yet. After {asked.horizon} days everybody is alike in "
            f"{_ABOUT[asked.outcome][1]}, so there is nothing to compare."
        )

    return both(say)


@dataclass(frozen=True)
class Size:
    """How an effect and its bounds are written together: points of a share, or đồng to three significant
    digits.
    """

    outcome: str
    low: float
    high: float
    lang: Language

    @property
    def _places(self) -> int:
        """Decimals enough that a bound beside zero does not look like zero."""
        bounds = [100 * abs(b) for b in (self.low, self.high)]
        fine = 100 * (self.high - self.low) < 0.5 or any(0 < b < 0.05 for b in bounds)
        return 2 if fine else 1

    def amount(self, value: float) -> str:
        """The number alone; a count of people in 100, or đồng with its unit."""
        if self.outcome == "spend":
            return self._dong(value)
        return money.decimal(100 * value, self._places, self.lang)

    def value(self, value: float) -> str:
        """With its sign and unit."""
        if self.outcome == "spend":
            return ("+" if value > 0 else "") + self._dong(value)
        number = money.decimal(100 * value, self._places, self.lang, plus=True)
        return f"{number} {'điểm %' if self.lang == 'vi' else 'pp'}"

    def between(self) -> str:
        """The interval."""
        if self.outcome == "spend":
            low, high = (money.digits(three(b), self.lang) for b in (self.low, self.high))
            return f"{low} – {high} đồng" if self.lang == "vi" else f"VND {low} – {high}"
        low, high = (money.decimal(100 * b, self._places, self.lang) for b in (self.low, self.high))
        return f"{low} – {high}"

    def _dong(self, value: float) -> str:
        number = money.digits(three(value), self.lang)
        return f"{number} đồng" if self.lang == "vi" else f"VND {number}"


def three(value: float) -> int:
    """A whole number to three significant digits."""
    return round(value) if abs(value) < 1000 else round(round(value, 2 - floor(log10(abs(value)))))


def said_day(day: int, lang: Language) -> str:
    """03/12/2026 (vi), 3 Dec 2026 (en)."""
    date = clock.to_date(day)
    return f"{date:%d/%m/%Y}" if lang == "vi" else f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def _seen(asked: Asked, found: Found, lang: Language) -> str:
    between = Size(asked.outcome, found.low, found.high, lang).between()
    given, held = _n(asked.treated_n, lang), _n(asked.control_n, lang)
    if lang == "vi":
        return f"khoảng tin cậy 95 %: {between}; {given} được chăm sóc, {held} để đối chứng"
    return f"95% interval: {between}; {given} cared for, {held} held out"


def _name(asked: Asked, lang: Language) -> str:
    return asked.vi if lang == "vi" else asked.en


def _against(asked: Asked, lang: Language) -> str:
    vi, en = AGAINST[asked.estimand]
    return vi if lang == "vi" else en


def _n(number: int, lang: Language) -> str:
    return money.digits(number, lang)
