"""The chain of levels: what the regulation asks ≤ what was declared ≤ what is pledged, in strictness, on every day on
which two of them hold. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from tantam import law
from tantam.clock import to_date
from tantam.errors import BadInput, Refused
from tantam.office.quality.indicators import INDICATORS, Indicator

LONGEST = {
    "code": 16,
    "document": 120,
    "text_vi": 300,
    "text_en": 300,
    "remedy_vi": 300,
    "remedy_en": 300,
    "why": 300,
}
MOST_REMEDY_DAYS = 250


@dataclass(frozen=True)
class Warned:
    """What an act let pass and still should be seen."""

    code: str
    vi: str
    en: str


class Dated(Protocol):
    """A level that holds from a day until, not including, another (None: still)."""

    @property
    def level(self) -> Decimal: ...
    @property
    def from_on(self) -> date: ...
    @property
    def to_on(self) -> date | None: ...


def written(indicator: Indicator, level: float | Decimal) -> tuple[str, str]:
    """A level with its unit, in Vietnamese and in English: ``0,25 trên 100 khách hàng``."""
    vi, en = _UNITS[indicator.unit]
    return f"{float(level):g}".replace(".", ",") + vi, f"{float(level):g}{en}"


_UNITS = {
    "percent": (" %", "%"),
    "mos": (" điểm", " points"),
    "mbit_s": (" Mbit/s", " Mbit/s"),
    "second": (" giây", " seconds"),
    "per_100": (" trên 100 khách hàng", " per 100 customers"),
}


def overlap(a: Dated, b: Dated) -> date | None:
    """The first day on which both hold; None where there is none."""
    first = max(a.from_on, b.from_on)
    return first if all(one.to_on is None or first < one.to_on for one in (a, b)) else None


def indicator_of(code: str) -> Indicator:
    """The indicator of a code; refuses (``no_indicator``)."""
    if code not in INDICATORS:
        raise BadInput(
            "no_indicator",
            f"There is no indicator “{code[:40]}”.",
            f"One of: {', '.join(INDICATORS)}.",
            vi="Không có chỉ tiêu này. Chọn một chỉ tiêu trong danh sách.",
        )
    return INDICATORS[code]


def check_level(indicator: Indicator, level: Decimal) -> Decimal:
    """Refuse (``bad_level``) a level that the indicator's scale does not have, or finer than a ten-thousandth."""
    exact = level.is_finite() and level == round(level, 4)
    if not exact or not 0 <= level <= Decimal(min(indicator.most, 99_999_999)):
        raise BadInput(
            "bad_level",
            "The level is not a number on this indicator's scale.",
            "From 0 to 100 for a percentage, to 5 for a score; at most four decimals.",
            vi="Mức chưa đúng. Tỉ lệ từ 0 đến 100, điểm thoại đến 5, nhiều nhất bốn số lẻ.",
        )
    return level


def check_days(from_on: date, to_on: date | None) -> None:
    """Refuse (``bad_period``) what ends before it begins."""
    if to_on is not None and to_on <= from_on:
        raise BadInput(
            "bad_period",
            "It would end before it begins.",
            "The end lies after the beginning.",
            vi="Ngày hết hiệu lực phải sau ngày bắt đầu.",
        )


def check_text(code: str, what: str, needed: dict[str, str], **optional: str) -> dict[str, str]:
    """Texts trimmed; refuses an empty one that is needed (``code``) and one that is too long (``too_long``)."""
    said = {name: text.strip() for name, text in (needed | optional).items()}
    if not all(said[name] for name in needed):
        raise BadInput(code, f"{what} lacks words.", "Write them.", vi="Còn chỗ chưa viết. Viết cho đủ.")
    if long := [name for name, text in said.items() if len(text) > LONGEST[name]]:
        raise BadInput(
            "too_long",
            f"This is longer than {LONGEST[long[0]]} characters.",
            "Say it shorter.",
            vi=f"Dài quá {LONGEST[long[0]]} chữ. Viết ngắn lại.",
        )
    return said


def regulations(indicator: Indicator) -> list[Regulation]:
    """What the dated law table says that this indicator has to reach, oldest first."""
    return [Regulation(row) for row in law.of(indicator.rule)] if indicator.rule else []


@dataclass(frozen=True)
class Regulation:
    """A row of the law table as a link of the chain."""

    row: law.Row

    @property
    def level(self) -> Decimal:
        assert not isinstance(self.row.value, str)
        return Decimal(str(self.row.value))

    @property
    def from_on(self) -> date:
        return to_date(self.row.since)

    @property
    def to_on(self) -> date | None:
        return None if self.row.until is None else to_date(self.row.until)


def check_regulation(indicator: Indicator, ours: Dated) -> list[Warned]:
    """Refuse (``looser_than_regulation``) a level looser than the regulation's on a day; one that nobody has verified
    warns and never refuses."""
    warned = []
    for rule in regulations(indicator):
        day = overlap(ours, rule)
        if day is None or indicator.stricter(float(ours.level), float(rule.level)):
            continue
        vi, en = _both(indicator, ours.level, rule.level, day)
        vi, en = f"{vi} mà {rule.row.source} đòi hỏi.", f"{en} that {rule.row.source} asks for."
        if not rule.row.verify:
            raise Refused(
                "looser_than_regulation", en, "Give a stricter level.", vi=f"{vi} Ghi mức chặt hơn."
            )
        vi, en = f"{vi} Quy định này chưa ai đối chiếu.", f"{en} Nobody has verified this rule yet."
        warned.append(Warned("looser_than_unverified", vi, en))
    return warned


def check_declared(
    indicator: Indicator, pledge: Dated, declared: Iterable[Dated], name: str = ""
) -> list[Warned]:
    """Refuse (``looser_than_declared``) a pledge looser than what was declared on a day; where nothing was declared, it
    may stand, and says so. ``name``: the pledge's, where it is not the one being made."""
    beside = [(day, one) for one in declared if (day := overlap(pledge, one))]
    for day, one in beside:
        if not indicator.stricter(float(pledge.level), float(one.level)):
            vi, en = _both(indicator, pledge.level, one.level, day)
            raise Refused(
                "looser_than_declared",
                f"{f'Pledge {name}: ' if name else ''}{en} that was declared.",
                "What is pledged is at least as strict as what was declared.",
                vi=f"{f'Cam kết {name}: ' if name else ''}{vi} đã công bố. Cam kết phải chặt bằng hoặc hơn.",
            )
    if beside:
        return []
    vi = "Chưa công bố mức nào cho chỉ tiêu này, nên không có gì để so."
    return [
        Warned(
            "nothing_declared", vi, "No level was declared for this indicator, so nothing to compare with."
        )
    ]


def _both(indicator: Indicator, ours: Decimal, theirs: Decimal, day: date) -> tuple[str, str]:
    (a_vi, a_en), (b_vi, b_en) = written(indicator, ours), written(indicator, theirs)
    return (
        f"Từ {day:%d/%m/%Y}, mức {a_vi} lỏng hơn mức {b_vi}",
        f"From {day:%d/%m/%Y} on, {a_en} is looser than the {b_en}",
    )
